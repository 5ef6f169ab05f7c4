/*-------------------------------------------------------------------------
 * rpc.c
 *		Executes a request of the API (contract in console.h).
 *
 * Locks are those that the function takes, until the end of the request.
 */
#include "postgres.h"

#include "access/xact.h"
#include "catalog/namespace.h"
#include "catalog/pg_type.h"
#include "commands/sequence.h"
#include "miscadmin.h"
#include "pgtime.h"
#include "storage/lock.h"
#include "utils/builtins.h"
#include "utils/guc.h"
#include "utils/memutils.h"
#include "utils/timeout.h"

#include "console.h"
#include "core/statement.h"
#include "core/voiceagent.h"
#include "lead/zone.h"
#include "runtime/transaction.h"
#include "tenancy/identity.h"
#include "tenancy/log_redaction.h"

#define JSON_TYPE "application/json; charset=utf-8"

static VaStatement settings_statement = {
	"SELECT pg_catalog.set_config('request.method', $1, true), pg_catalog.set_config('request.path', $2, true),"
	" pg_catalog.set_config('request.headers', $3, true), pg_catalog.set_config('request.jwt.claims', $4, true),"
	" pg_catalog.set_config('request.cookies', '{}', true), pg_catalog.set_config('role', $5, true)",
	5, { TEXTOID, TEXTOID, TEXTOID, TEXTOID, TEXTOID }, NULL
};
static VaStatement subscribe_statement = { "SELECT voiceagent.subscribe()", 0, { 0 }, NULL };
/*
 * One message a position, with all events that were committed at it: a reader that has seen its id has seen them all.
 * An import may have very many; then the client learns only that some exist. Without a cursor a client gets the end,
 * and goes on from there. The end is quiet where nothing is behind it, not even what waits for older transactions.
 */
static VaStatement events_statement = {
	"WITH told AS MATERIALIZED (SELECT a.cursor, CASE WHEN pg_catalog.count(*) > 1000 THEN"
	" pg_catalog.format('[{\"event_type\" : \"many\", \"events\" : %s}]', pg_catalog.count(*))"
	" ELSE pg_catalog.json_agg(pg_catalog.json_build_object('at', a.at, 'event_type', a.event_type,"
	" 'campaign_id', a.campaign_id, 'call_id', a.call_id, 'lead_id', a.lead_id))::text END AS events"
	" FROM voiceagent.activity($1, 200) AS a WHERE $1 IS NOT NULL GROUP BY a.cursor"
	" UNION ALL SELECT voiceagent.activity_end(), '[]' WHERE $1 IS NULL),"
	" page AS MATERIALIZED (SELECT coalesce(pg_catalog.max(t.cursor), $1) AS last,"
	" pg_catalog.string_agg(pg_catalog.format(E'id: %s\\ndata: %s\\n\\n', t.cursor, t.events), '' ORDER BY t.cursor)"
	" AS answer FROM told AS t)"
	" SELECT p.answer, CASE WHEN NOT EXISTS (SELECT FROM voiceagent.events AS e"
	" WHERE e.tenant_id = (SELECT voiceagent.current_tenant()) AND e.xid > p.last) THEN p.last::text END AS quiet"
	" FROM page AS p",
	1, { INT8OID }, NULL
};

static VaStatement link_statement = { "SELECT pg_catalog.concat(o.file_name, E'\n', o.saved_as) AS answer, o.media_type"
									  " FROM voiceagent.open_export_link($1) AS o",
	1, { TEXTOID }, NULL };
static VaStatement recording_statement = { "SELECT o.url, o.private_host, o.provider_account_id, o.provider_call_id "
										   "FROM voiceagent.open_recording_link($1) AS o",
	1, { TEXTOID }, NULL };
static VaStatement calendar_statement = { "SELECT o.answer FROM voiceagent.open_calendar_link($1) AS o(answer)", 1,
	{ TEXTOID }, NULL };
static VaStatement appointment_statement = {
	"SELECT o.page AS answer, o.status FROM voiceagent.open_appointment_link($1, $2) AS o", 2, { TEXTOID, TEXTOID },
	NULL
};
static VaStatement end_deferred_statement = { "SELECT voiceagent_private.end_deferred($1, $2, $3) AS kept", 3,
	{ INT8OID, INT4OID, TEXTOID }, NULL };
/* ----- the session ----- */

/* As DISCARD ALL, but for objects that no function of ours makes: cursors, LISTEN, prepared statements. */
static void
begin_session(const char *session)
{
	static char last[32] = "";

	if (strcmp(last, session) == 0)
		return;
	strlcpy(last, session, sizeof(last));
	ResetAllOptions();
	LockReleaseAll(USER_LOCKMETHOD, true);
	ResetSequenceCaches();
	StartTransactionCommand();
	ResetTempTableNamespace();
	CommitTransactionCommand();
}

/*
 * Prefer: timezone=NAME; what names no place is passed over.  PostgreSQL keeps each zone that it has looked up until the
 * process ends, and of POSIX rules ("ABC-5") there is no end: a visitor could fill the memory with them.
 */
static void
prefer_timezone(const char *headers)
{
	const char *found = strstr(headers, "timezone=");
	char name[TZ_STRLEN_MAX + 1];

	if (found == NULL)
		return;
	found += strlen("timezone=");
	strlcpy(name, found, Min(sizeof(name), strcspn(found, ",; \"\\") + 1));
	if (va_find_zone(name) != NULL)
		(void) set_config_option("timezone", name, PGC_USERSET, PGC_S_SESSION, GUC_ACTION_LOCAL, true, 0, false);
}

/* ----- the request ----- */

static void
become_caller(const VaField *ask)
{
	static const VaAskField order[] = { VA_ASK_METHOD, VA_ASK_PATH, VA_ASK_HEADERS, VA_ASK_CLAIMS, VA_ASK_ROLE };
	Datum values[lengthof(order)];

	for (int i = 0; i < (int) lengthof(order); i++)
		values[i] = CStringGetTextDatum(ask[order[i]].bytes);
	va_execute(&settings_statement, values, NULL);
	prefer_timezone(ask[VA_ASK_HEADERS].bytes);
}

/* Those for whom it is asked and whose session has ended: looked at after their events were read. */
static char *
refused_of(const char *sessions, int64 tenant)
{
	StringInfoData refused;
	char *end;

	initStringInfo(&refused);
	for (int64 member; (member = strtoll(sessions, &end, 10)) != 0; sessions = end)
	{
		int64 session = strtoll(end, &end, 10);
		bool active;

		if (va_member_session(tenant, member, &active) != session || !active)
			appendStringInfo(&refused, INT64_FORMAT " " INT64_FORMAT " ", member, session);
	}
	return refused.data;
}

static void
run_events(const VaField *ask, MemoryContext context, VaRpcAnswer *answer)
{
	const char *cursor = ask[VA_ASK_FUNCTION].bytes;
	Datum values[1] = { Int64GetDatum(strtoll(cursor, NULL, 10)) };
	char *quiet;

	va_pre_request(answer);
	va_execute(&subscribe_statement, NULL, NULL);
	va_execute(&events_statement, values, cursor[0] == '\0' ? "n" : NULL);
	va_take_answer(context, answer);
	quiet = va_column_text(0, "quiet");
	answer->quiet = quiet != NULL ? MemoryContextStrdup(context, quiet) : "";
	answer->refused = MemoryContextStrdup(context, refused_of(ask[VA_ASK_BODY].bytes, va_current_tenant()));
	answer->status = answer->len > 0 ? 200 : 0;
	answer->type = "text/event-stream";
}

/*
 * Where a link leads is asked as the tenant that it names, which is not proved yet: the function that is asked here says no
 * to all but a signature, or a token, of that tenant's.
 */
static void
follow_link(const VaField *ask, VaStatement *question)
{
	/* A page of ours posts a choice; a GET has none, whatever it says. */
	bool posted = strcmp(ask[VA_ASK_METHOD].bytes, "POST") == 0;
	Datum values[2] = { CStringGetTextDatum(ask[VA_ASK_FUNCTION].bytes),
		CStringGetTextDatum(posted ? ask[VA_ASK_BODY].bytes : "") };
	int64 tenant = strtoll(ask[VA_ASK_FUNCTION].bytes, NULL, 10);

	/* No link is of tenant 0. */
	va_set_tenant(tenant > 0 ? tenant : PG_INT64_MAX);
	va_execute(question, values, posted ? NULL : " n");
}

static void
run_link(const VaField *ask, MemoryContext context, VaRpcAnswer *answer)
{
	follow_link(ask, &link_statement);
	va_take_answer(context, answer);
	answer->type = MemoryContextStrdup(context, va_column_text(0, "media_type"));
	answer->status = 200;
}

static void
run_calendar(const VaField *ask, MemoryContext context, VaRpcAnswer *answer)
{
	follow_link(ask, &calendar_statement);
	va_take_answer(context, answer);
	answer->type = "text/calendar; charset=utf-8";
	answer->status = 200;
}

static void
run_appointment(const VaField *ask, MemoryContext context, VaRpcAnswer *answer)
{
	follow_link(ask, &appointment_statement);
	va_take_answer(context, answer);
	answer->type = "text/html; charset=utf-8";
	answer->status = (int) va_column_int(0, "status", 0);
}

static void
run_recording(const VaField *ask, MemoryContext context, VaRpcAnswer *answer)
{
	VaRecording recording;
	char *lines;

	follow_link(ask, &recording_statement);
	recording = (VaRecording){ .tenant = va_current_tenant(),
		.account = va_column_int(0, "provider_account_id", 0),
		.provider_call_id = va_column_text(0, "provider_call_id"),
		.url = va_column_text(0, "url"),
		.private_host = va_column_bool(0, "private_host") };
	lines = va_recording_request(&recording);
	answer->body = MemoryContextStrdup(context, lines);
	answer->len = strlen(lines);
	answer->type = "text/plain";
	answer->status = 200;
	answer->secret = true;
	explicit_bzero(lines, answer->len);
}

/* PostgREST's table of statuses. */
static int
status_of(const char *sqlstate, bool visitor)
{
	static const struct
	{
		const char *begins;
		int status;
	} table[] = { { "08", 503 }, { "09", 500 }, { "0L", 403 }, { "0P", 403 }, { "23503", 409 }, { "23505", 409 },
		{ "25006", 405 }, { "25", 500 }, { "28", 403 }, { "2D", 500 }, { "38", 500 }, { "39", 500 }, { "3B", 500 },
		{ "40", 500 }, { "53400", 500 }, { "53", 503 }, { "54", 500 }, { "55", 500 }, { "57P01", 503 }, { "57", 500 },
		{ "58", 500 }, { "F0", 500 }, { "HV", 500 }, { "P0001", 400 }, { "P0", 500 }, { "XX", 500 }, { "42883", 404 },
		{ "42P01", 404 }, { "42P17", 500 } };

	if (strncmp(sqlstate, "PT", 2) == 0 && strspn(sqlstate + 2, "0123456789") == 3)
		return atoi(sqlstate + 2);
	if (strcmp(sqlstate, "42501") == 0)
		return visitor ? 401 : 403;
	for (int i = 0; i < (int) lengthof(table); i++)
		if (strncmp(sqlstate, table[i].begins, strlen(table[i].begins)) == 0)
			return table[i].status;
	return 400;
}

/* An error that is not the caller's is the operator's. */
static void
report(const char *sqlstate, const ErrorData *error)
{
	static const char *const ours[] = { "53", "58", "XX" };

	for (int i = 0; i < (int) lengthof(ours); i++)
		if (strncmp(sqlstate, ours[i], 2) == 0)
			ereport(LOG, (errmsg("a request of the API failed: %s: %s", sqlstate,
							 va_mask_caught(pstrdup(error->message), sqlstate))));
}

/* A request that has waited; NULL: one whose caller waits. */
typedef struct Deferred
{
	int64 tenant;
	int64 request;
	int ms;
} Deferred;

/* A lock that a deferred request did not get is the caller's to know of: PostgREST, which has no such requests, would say 500. */
static void
word_lock(ErrorData *error, VaRpcAnswer *answer)
{
	error->message = "the rows that this needs were being changed for ten seconds";
	error->detail = "Nothing was done.";
	error->hint = "Ask again when the other change is over.";
	answer->status = 409;
}

static void
word_error(const VaField *ask, const Deferred *deferred, ErrorData *error, VaRpcAnswer *answer)
{
	const char *sqlstate = unpack_sql_state(error->sqlerrcode);
	char code[6];

	strlcpy(code, sqlstate, sizeof(code));
	report(code, error);
	answer->status = status_of(code, strcmp(ask[VA_ASK_ROLE].bytes, VA_ROLE_VISITOR) == 0);
	/* For the routers: fail_elsewhere(). */
	if (answer->status == 421 && error->constraint_name != NULL && strncmp(error->constraint_name, "cell_", 5) == 0)
		answer->header = psprintf("Voiceagent-Cell: %d", atoi(error->constraint_name + 5));
	if (strcmp(ask[VA_ASK_KIND].bytes, "mcp") == 0)
	{
		va_mcp_word_error(error, code, answer->status, answer);
		return;
	}
	if (deferred != NULL && error->sqlerrcode == ERRCODE_LOCK_NOT_AVAILABLE)
		word_lock(error, answer);
	answer->type = JSON_TYPE;
	answer->body = va_denial_body(code, error->message, error->detail, error->hint);
	answer->len = strlen(answer->body);
}

/* As the session, with which no caller comes this far.  False: it was cancelled meanwhile. */
static bool
keep_answer(const Deferred *deferred, int status, const char *body)
{
	Datum values[3] = { Int64GetDatum(deferred->request), Int32GetDatum(status), CStringGetTextDatum(body) };

	va_become("none");
	va_set_tenant(deferred->tenant);
	va_execute(&end_deferred_statement, values, NULL);
	return va_column_bool(0, "kept");
}

/* The page's login outlives a reload: the token that these give is a cookie, too. */
static bool
gives_session(const char *path)
{
	static const char *const givers[] = { "renew", "login", "renew_session", "switch_workspace", "staff_login" };

	for (int i = 0; i < (int) lengthof(givers); i++)
		if (strncmp(path, "/rpc/", strlen("/rpc/")) == 0 && strcmp(path + strlen("/rpc/"), givers[i]) == 0)
			return true;
	return false;
}

static void
run(const VaField *ask, MemoryContext context, const Deferred *deferred, VaRpcAnswer *answer)
{
	bool events = strcmp(ask[VA_ASK_KIND].bytes, "events") == 0;
	bool sign_on = strcmp(ask[VA_ASK_KIND].bytes, "sign-on") == 0;

	begin_session(ask[VA_ASK_SESSION].bytes);
	va_begin("serve the API");
	/* As a GET of PostgREST does; a provider sends a browser back by GET. */
	XactReadOnly = !events && !sign_on && strcmp(ask[VA_ASK_METHOD].bytes, "POST") != 0 &&
				   strcmp(ask[VA_ASK_METHOD].bytes, "DELETE") != 0;
	become_caller(ask);
	if (deferred != NULL)
		(void) set_config_option(
			"lock_timeout", VA_RPC_DEFERRED_LOCK, PGC_USERSET, PGC_S_SESSION, GUC_ACTION_LOCAL, true, 0, false);
	if (events)
		run_events(ask, context, answer);
	else if (strcmp(ask[VA_ASK_KIND].bytes, "link") == 0)
		run_link(ask, context, answer);
	else if (strcmp(ask[VA_ASK_KIND].bytes, "recording") == 0)
		run_recording(ask, context, answer);
	else if (strcmp(ask[VA_ASK_KIND].bytes, "calendar") == 0)
		run_calendar(ask, context, answer);
	else if (strcmp(ask[VA_ASK_KIND].bytes, "appointment") == 0)
		run_appointment(ask, context, answer);
	else if (strcmp(ask[VA_ASK_KIND].bytes, "mcp") == 0)
		va_mcp_run(ask, context, answer);
	else if (strcmp(ask[VA_ASK_KIND].bytes, "oauth") == 0)
		va_oauth_run(ask, context, answer);
	else if (sign_on)
		va_sign_on_run(ask, context, answer);
	else
	{
		va_run_call(ask, context, deferred != NULL, answer);
		if (answer->status == 200 && gives_session(ask[VA_ASK_PATH].bytes) && va_admits_page(ask, true))
			answer->header = VA_OWN_PAGE;
	}
	if (deferred != NULL && !keep_answer(deferred, answer->status, answer->body))
		ereport(ERROR, (errcode(ERRCODE_QUERY_CANCELED), errmsg("the request was cancelled")));
	va_commit();
}

static bool
serve(const VaField *ask, const Deferred *deferred, VaRpcAnswer *answer)
{
	MemoryContext context = CurrentMemoryContext;
	volatile bool done = false;

	*answer = (VaRpcAnswer){ .type = JSON_TYPE, .body = "", .header = "", .quiet = "", .refused = "" };
	enable_timeout_after(STATEMENT_TIMEOUT, deferred != NULL ? deferred->ms : VA_RPC_TIMEOUT_MS);
	PG_TRY();
	{
		run(ask, context, deferred, answer);
		disable_timeout(STATEMENT_TIMEOUT, false);
		done = true;
	}
	PG_CATCH();
	{
		ErrorData *error;

		disable_timeout(STATEMENT_TIMEOUT, false);
		(void) MemoryContextSwitchTo(context);
		error = CopyErrorData();
		FlushErrorState();
		AbortOutOfAnyTransaction();
		va_abort();
		(void) MemoryContextSwitchTo(context);
		word_error(ask, deferred, error, answer);
	}
	PG_END_TRY();
	/* It may have come too late to cancel anything. */
	QueryCancelPending = false;
	return done;
}

void
va_rpc_serve(const VaField *ask, VaRpcAnswer *answer)
{
	(void) serve(ask, NULL, answer);
}

void
va_rpc_serve_deferred(const VaField *ask, int64 tenant, int64 request, int ms)
{
	Deferred deferred = { tenant, request, ms };
	VaRpcAnswer answer;

	if (!serve(ask, &deferred, &answer))
		va_rpc_end_deferred(tenant, request, answer.status, answer.body);
}

void
va_rpc_end_deferred(int64 tenant, int64 request, int status, const char *body)
{
	Deferred deferred = { tenant, request, 0 };

	va_begin("keep an answer");
	(void) keep_answer(&deferred, status, body);
	va_commit();
}
