/*-------------------------------------------------------------------------
 * log_bound.c
 *		No tenant's session fills the disk of the server's log.
 *
 * RAISE LOG reaches it whatever log_min_messages says.  A tenant's messages at
 * LOG and below are dropped; warnings, errors, refusals and what anybody may
 * have traced are bounded a session and second.  Those that the operator asks
 * for (log_statement, auto_explain) are not, nor the platform's.
 */
#include "postgres.h"

#include "access/xact.h"
#include "tcop/tcopprot.h"
#include "utils/elog.h"
#include "utils/timestamp.h"

#include "session.h"

#define LOG_LINES_S 50
#define LOG_BYTES_S (64 * 1024)
/* The prefix of a line, and the words before its parts. */
#define LOG_LINE_OVERHEAD 256

static emit_log_hook_type previous_log = NULL;

/* An error of PostgreSQL's own, or of the system, may still hold locks that reading the catalog needs. */
static bool
may_ask_catalog(const ErrorData *error)
{
	int category = ERRCODE_TO_CATEGORY(error->sqlerrcode);

	return IsTransactionState() &&
		   (error->elevel < ERROR ||
			   (category != ERRCODE_TO_CATEGORY(ERRCODE_INTERNAL_ERROR) && category != ERRCODE_INSUFFICIENT_RESOURCES &&
				   category != ERRCODE_TO_CATEGORY(ERRCODE_QUERY_CANCELED) && category != ERRCODE_SYSTEM_ERROR));
}

/* As it was last known: a change of any role has it judged anew. */
static bool
is_tenants(const ErrorData *error)
{
	static VaGuarded last = VA_GUARD_UNKNOWN;

	if (va_guarded == VA_GUARD_UNKNOWN && last == VA_GUARD_UNKNOWN && may_ask_catalog(error))
		(void) va_find_guarded();
	if (va_guarded != VA_GUARD_UNKNOWN)
		last = va_guarded;
	return last == VA_GUARD_TENANT || last == VA_GUARD_DOOR;
}

static bool
is_raised(const ErrorData *error)
{
	return error->funcname != NULL && strcmp(error->funcname, "exec_stmt_raise") == 0;
}

/* The output of trace_sort, debug_print_plan and the like, and our refusals: LOG, and at the session's will. */
static bool
is_sessions_will(const ErrorData *error)
{
	static const char *const files[] = { "print.c", "tuplesort", "logtape.c", "varlena.c", "numeric.c", "network.c",
		"uuid.c", "log_redaction.c" };

	for (int i = 0; error->filename != NULL && i < (int) lengthof(files); i++)
		if (strncmp(error->filename, files[i], strlen(files[i])) == 0)
			return true;
	return false;
}

/* The log indents a line that follows a line break by a tab. */
static Size
written(const char *text)
{
	Size size = 0;

	for (const char *p = text; p != NULL && *p != '\0'; p++)
		size += *p == '\n' ? 2 : 1;
	return size;
}

static bool
has_room(ErrorData *error)
{
	static TimestampTz since = 0;
	static Size lines = 0;
	static Size bytes = 0;
	TimestampTz now = GetCurrentTimestamp();
	Size size = LOG_LINE_OVERHEAD + written(error->message) + written(error->hint) + written(error->internalquery) +
				written(error->detail_log != NULL ? error->detail_log : error->detail) +
				(error->hide_ctx ? 0 : written(error->context));
	Size statement = error->hide_stmt ? 0 : written(debug_query_string);

	if (now < since || now - since >= USECS_PER_SEC)
	{
		since = now;
		lines = bytes = 0;
	}
	if (lines >= LOG_LINES_S || bytes + size > LOG_BYTES_S)
		return false;
	/* An error is worth more than the long statement that it is about. */
	if (bytes + size + statement > LOG_BYTES_S)
		error->hide_stmt = true;
	else
		size += statement;
	lines++;
	bytes += size;
	return true;
}

static bool
is_too_much(ErrorData *error)
{
	if (error->elevel >= FATAL || !is_tenants(error))
		return false;
	if (error->elevel < WARNING)
	{
		if (is_raised(error) && !va_in_platform_function())
			return true;
		if (!is_raised(error) && (error->elevel < LOG || !is_sessions_will(error)))
			return false;
	}
	return !has_room(error);
}

static void
bound_log(ErrorData *error)
{
	if (error->output_to_server && is_too_much(error))
	{
		error->output_to_server = false;
		va_count_dropped();
	}
	if (previous_log)
		previous_log(error);
}

void
va_log_bound_init(void)
{
	previous_log = emit_log_hook;
	emit_log_hook = bound_log;
}
