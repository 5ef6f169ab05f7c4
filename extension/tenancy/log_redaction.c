/*-------------------------------------------------------------------------
 * log_redaction.c
 *		No personal data in the log (contract in log_redaction.h).
 *
 * The failing row of a constraint, the key of a duplicate, the text that is no
 * number: PostgreSQL shows them to help, and a log is read by people whom the
 * leads have never heard of.  The row itself is found by the ids in the
 * message.  Nothing is locked.
 */
#include "postgres.h"

#include <ctype.h>

#include "access/xact.h"
#include "fmgr.h"
#include "mb/pg_wchar.h"
#include "miscadmin.h"
#include "tcop/tcopprot.h"
#include "utils/builtins.h"
#include "utils/elog.h"

#include "core/voiceagent.h"
#include "log_redaction.h"
#include "vault.h"

#define PHONE_DIGITS 7

#define REFUSAL_MAX 512

/* A refusal quotes what it refuses; its reader needs the beginning. */
#define TEXT_MAX 1024

/* A longer word is no key. */
#define KEY_MAX 40

/* A shorter text is no secret. */
#define SECRET_MIN 6

PG_FUNCTION_INFO_V1(va_sql_mask_message);

static emit_log_hook_type previous_hook = NULL;
static bool in_worker = false;

static bool
is_about_data(int sqlerrcode)
{
	return ERRCODE_TO_CATEGORY(sqlerrcode) == ERRCODE_DATA_EXCEPTION ||
		   ERRCODE_TO_CATEGORY(sqlerrcode) == ERRCODE_INTEGRITY_CONSTRAINT_VIOLATION;
}

/* Class PT: what we tell a client that it cannot have. */
static bool
is_refusal(int sqlerrcode)
{
	return ERRCODE_TO_CATEGORY(sqlerrcode) == MAKE_SQLSTATE('P', 'T', '0', '0', '0');
}

/* The length of a key that there is not, as a person has written it, which is no data; 0: it is none. */
static size_t
key_length(const char *text, const char *quote)
{
	static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_";
	static const char *const before[] = { "setting ", " have no ", " has no ", " need " };
	size_t length = strspn(quote + 1, letters);

	for (int i = 0; i < (int) lengthof(before) && length <= KEY_MAX && quote[1 + length] == '"'; i++)
		if ((size_t) (quote - text) >= strlen(before[i]) &&
			strncmp(quote - strlen(before[i]), before[i], strlen(before[i])) == 0)
			return length;
	return 0;
}

static void
mask_quoted(char *text, bool refusal)
{
	bool quoted = false;

	for (char *p = text; *p != '\0'; p++)
	{
		if (*p == '"')
		{
			quoted = !quoted;
			if (quoted && refusal)
				p += key_length(text, p);
		}
		else if (quoted)
			*p = '.';
	}
}

static void
mask_numbers(char *text)
{
	for (char *p = strchr(text, '+'); p != NULL; p = strchr(p + 1, '+'))
	{
		size_t digits = 0;

		while (isdigit((unsigned char) p[1 + digits]))
			digits++;
		if (digits >= PHONE_DIGITS)
			memset(p + 1, 'x', digits);
	}
}

void
va_mask_text(char *text, int sqlerrcode)
{
	if (text == NULL)
		return;
	if (is_about_data(sqlerrcode) || is_refusal(sqlerrcode))
		mask_quoted(text, is_refusal(sqlerrcode));
	mask_numbers(text);
}

char *
va_mask_caught(char *message, const char *sqlstate)
{
	va_mask_text(message, MAKE_SQLSTATE(sqlstate[0], sqlstate[1], sqlstate[2], sqlstate[3], sqlstate[4]));
	return message;
}

Datum
va_sql_mask_message(PG_FUNCTION_ARGS)
{
	PG_RETURN_TEXT_P(
		cstring_to_text(va_mask_caught(text_to_cstring(PG_GETARG_TEXT_PP(0)), text_to_cstring(PG_GETARG_TEXT_PP(1)))));
}

/* ----- refusals are printable ----- */

/* Bytes of a control character, a line or paragraph separator at p; 0: it is none. */
static int
control_length(const unsigned char *p)
{
	if (*p < 0x20 || *p == 0x7f)
		return 1;
	if (GetDatabaseEncoding() != PG_UTF8)
		return 0;
	if (p[0] == 0xc2 && p[1] >= 0x80 && p[1] <= 0x9f)
		return 2;
	return p[0] == 0xe2 && p[1] == 0x80 && (p[2] == 0xa8 || p[2] == 0xa9) ? 3 : 0;
}

/* Whether it had to be changed. */
static bool
make_printable(char *text)
{
	bool changed = false;
	int length = text != NULL ? (int) strlen(text) : 0;

	for (char *p = text; p != NULL && *p != '\0'; p++)
	{
		int control = control_length((unsigned char *) p);

		if (control > 0)
		{
			memset(p, ' ', control);
			changed = true;
		}
	}
	if (length <= TEXT_MAX)
		return changed;
	text[pg_mbcliplen(text, length, TEXT_MAX)] = '\0';
	return true;
}

/*
 * PostgREST writes the message of a refusal into the status line of its
 * answer: a line break in it would end that line.  As a callback of the
 * error's context this sees each refusal, whoever raises it and whether or not
 * the server logs it; the hook of the log sees what is logged alone.
 */
static void
print_refusal(void *arg)
{
	MemoryContext caller;
	ErrorData *error;

	if (!is_refusal(geterrcode()))
		return;
	caller = MemoryContextSwitchTo(arg);
	error = CopyErrorData();
	MemoryContextSwitchTo(caller);
	if (make_printable(error->message))
		errmsg_internal("%s", error->message);
	if (make_printable(error->detail))
		errdetail_internal("%s", error->detail);
	if (make_printable(error->hint))
		errhint("%s", error->hint);
	FreeErrorData(error);
}

void
va_refusals_watch(ErrorContextCallback *callback)
{
	callback->previous = error_context_stack;
	callback->callback = print_refusal;
	callback->arg = CurrentMemoryContext;
	error_context_stack = callback;
}

void
va_refusals_unwatch(const ErrorContextCallback *callback)
{
	error_context_stack = callback->previous;
}

/* ----- the log ----- */

static void
mask_workers_log(ErrorData *error)
{
	va_mask_text(error->message, error->sqlerrcode);
	if (is_about_data(error->sqlerrcode))
	{
		error->detail = NULL;
		error->detail_log = NULL;
	}
	va_mask_text(error->detail, error->sqlerrcode);
	va_mask_text(error->detail_log, error->sqlerrcode);
	va_mask_text(error->hint, error->sqlerrcode);
	va_mask_text(error->context, 0);
}

/*
 * The log gets a line of its own, with what is said to the log alone.  The client gets message, detail and hint,
 * which say everything that it can act on, without CONTEXT: that quotes our
 * private functions, at length.
 */
static void
log_refusal(ErrorData *error)
{
	char text[REFUSAL_MAX];

	error->context = NULL;

	strlcpy(text, error->message, sizeof(text));
	text[pg_mbcliplen(text, (int) strlen(text), (int) strlen(text))] = '\0';
	va_mask_text(text, error->sqlerrcode);
	error->output_to_server = false;
	ereport(LOG_SERVER_ONLY,
		(errcode(error->sqlerrcode), errmsg_internal("refused (%s): %s", unpack_sql_state(error->sqlerrcode), text),
			error->detail_log != NULL ? errdetail_log("%s", error->detail_log) : 0, errhidestmt(true),
			errhidecontext(true)));
}

/* ----- statements that give a secret ----- */

/*
 * Functions that take or make a secret, among them all that call hide_query(),
 * which t/102 compares; and what has none to hide it from.
 */
static const char *const secret_takers[] = {
	"add_workspace",
	"authenticate",
	"change_password",
	"check_calendar_connection",
	"choose_plan",
	"confirm_address",
	"confirm_notice_phone",
	"confirm_signup",
	"connect_calendar",
	"create_api_key",
	"create_coupon",
	"create_member",
	"create_model_account",
	"create_platform_model_account",
	"create_provider_account",
	"create_tool",
	"create_webhook_subscription",
	"finish_google",
	"follow_calendar",
	"login",
	"oauth_answer",
	"open_appointment_link",
	"open_calendar_link",
	"open_export_link",
	"open_recording_link",
	"password",
	"read_webhook",
	"receive_json_webhook",
	"receive_webhook",
	"rotate_credential",
	"rotate_webhook_secret",
	"seal_secret",
	"set_config",
	"set_google_client",
	"set_mail_account",
	"set_password",
	"set_payment_account",
	"set_platform_mail_account",
	"set_sign_on",
	"set_staff_sign_on",
	"sign_on_answer",
	"sign_up",
	"subscribe_to_plan",
	"unsubscribe",
	"update_member",
	"update_model_account",
	"update_platform_model_account",
	"update_provider_account",
	"update_tool",
	"update_webhook_subscription",
	"voiceagent.token",
};

/* A whole file of leads is a statement, too. */
#define LOOKED_AT (1024 * 1024)

static bool
begins_with_taker(const char *word)
{
	for (int i = 0; i < (int) lengthof(secret_takers); i++)
		if (pg_strncasecmp(word, secret_takers[i], strlen(secret_takers[i])) == 0)
			return true;
	return false;
}

static bool
names_secret_taker(const char *text)
{
	bool in_word = false;

	for (size_t i = 0; text != NULL && i < LOOKED_AT && text[i] != '\0'; i++)
	{
		bool letter = isalnum((unsigned char) text[i]);

		if (letter && !in_word && begins_with_taker(text + i))
			return true;
		in_word = letter;
	}
	return false;
}

/* From the first text on that is long enough for a secret, nothing is shown. */
static void
cut_literals(char *text)
{
	static const char hidden[] = "...";

	for (char *p = text; p != NULL && *p != '\0'; p++)
	{
		const char *end = *p == '\'' ? strchr(p + 1, '\'') : NULL;

		if (end != NULL && end - p - 1 < SECRET_MIN)
			p += end - p;
		else if (*p == '\'' || (*p == '$' && !isdigit((unsigned char) p[1])))
		{
			strlcpy(p, hidden, strlen(p) + 1);
			return;
		}
	}
}

/*
 * "$1 = " says values of parameters in each language of messages. Those of
 * CONTEXT stand in lines of their own, one of which a value may break.
 */
static void
cut_parameters(char *text)
{
	for (char *p = text != NULL ? strchr(text, '$') : NULL; p != NULL; p = strchr(p + 1, '$'))
	{
		size_t digits = strspn(p + 1, "0123456789");

		if (digits == 0 || strncmp(p + 1 + digits, " = ", 3) != 0)
			continue;
		while (p > text && *p != '\n')
			p--;
		*p = '\0';
		return;
	}
}

/* auto_explain shows the values of parameters as constants of plans. */
static bool
cut_plan(char *message)
{
	static const char hidden[] = " hidden";
	char *plan = strncmp(message, "duration: ", 10) == 0 ? strstr(message, "plan:\n") : NULL;

	if (plan != NULL && strlen(plan) >= strlen("plan:") + sizeof(hidden))
		strcpy(plan + strlen("plan:"), hidden);
	return plan != NULL;
}

static void
forget_empty(char **text)
{
	if (*text != NULL && **text == '\0')
		*text = NULL;
}

/* EXECUTE gives values to a statement that only those who prepared it know. */
static bool
runs_prepared(const char *statement)
{
	return statement != NULL && pg_strncasecmp(statement + strspn(statement, " \t\r\n"), "execute", 7) == 0;
}

static bool
gives_secret(const ErrorData *error)
{
	return va_query_is_hidden() || names_secret_taker(debug_query_string) || names_secret_taker(error->message) ||
		   names_secret_taker(error->detail) || names_secret_taker(error->context) ||
		   (error->elevel >= ERROR && runs_prepared(debug_query_string));
}

/*
 * Whatever is logged while a statement runs that gives a secret, or of such a
 * statement after it: the statement itself, its parameters beside it and in
 * CONTEXT, the plans of those that our functions run meanwhile.
 */
static void
hide_secrets(ErrorData *error)
{
	if (!va_query_is_hidden())
		error->hide_stmt = true;
	cut_parameters(error->context);
	cut_literals(error->context);
	forget_empty(&error->context);
	cut_literals(error->internalquery);
	if (error->elevel >= ERROR)
		return;
	cut_parameters(error->detail);
	cut_literals(error->detail);
	forget_empty(&error->detail);
	if (!cut_plan(error->message) && error->elevel == LOG)
		cut_literals(error->message);
}

/*
 * debug_print_plan and its like are anybody's to set, and client_min_messages
 * brings to the client what they print: of our SECURITY DEFINER functions, too,
 * each plan with what it is estimated at and the values that it is made for.
 * Those stay in the server's log.
 */
static void
keep_from_client(ErrorData *error)
{
	Oid user;
	int context;

	if (!error->output_to_client || error->elevel >= INFO || !IsTransactionState())
		return;
	GetUserIdAndSecContext(&user, &context);
	if ((context & SECURITY_LOCAL_USERID_CHANGE) != 0 && user != GetOuterUserId())
		error->output_to_client = false;
}

/*
 * A missing set-up, such as the vault's key, stops a function of ours
 * somewhere inside.  Where, the log alone says: the client gets no names of
 * private functions.
 */
static void
keep_place_from_client(ErrorData *error)
{
	const char *said = error->detail_log != NULL ? error->detail_log : error->detail;

	if (error->sqlerrcode != ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE || error->context == NULL ||
		strstr(error->context, VA_PRIVATE_SCHEMA) == NULL)
		return;
	error->detail_log = psprintf("%s%s%s", said != NULL ? said : "", said != NULL ? "\n" : "", error->context);
	error->context = NULL;
}

static void
mask_clients_log(ErrorData *error)
{
	static bool busy = false;
	bool secret;

	/* The line that is written below. */
	if (busy || error->message == NULL)
		return;
	secret = gives_secret(error);
	if (runs_prepared(debug_query_string))
		error->hide_stmt = true;
	if (secret)
		hide_secrets(error);
	if (error->elevel != ERROR || !error->output_to_server)
		return;
	keep_place_from_client(error);
	if (is_refusal(error->sqlerrcode))
	{
		/* Raised outside of any query: by CALL, say. */
		(void) make_printable(error->message);
		(void) make_printable(error->detail);
		(void) make_printable(error->hint);
	}
	/* An error's quoted data may be a secret in a place where it does not belong. */
	else if (!secret || !is_about_data(error->sqlerrcode))
		return;
	busy = true;
	log_refusal(error);
	busy = false;
}

static void
mask_log(ErrorData *error)
{
	keep_from_client(error);
	if (in_worker)
		mask_workers_log(error);
	else
		mask_clients_log(error);
	if (previous_hook)
		previous_hook(error);
}

void
va_log_redaction_init(void)
{
	previous_hook = emit_log_hook;
	emit_log_hook = mask_log;
}

void
va_log_redaction_worker(void)
{
	in_worker = true;
}
