/*-------------------------------------------------------------------------
 * age.c
 *		No transaction and no statement of a tenant's session lasts for ever.
 *
 * PostgreSQL's own timeouts are the tenant's to set, and a client that never
 * sends Sync passes all of them.  So a timer of our own ticks while a
 * transaction of such a session is open, looks how old transaction and
 * statement are, and ends the session as pg_terminate_backend() would.  Idle
 * sessions have no timer, but for those that LISTEN: what they are sent is
 * read, and written to a client that may not take it, in a transaction that
 * no statement begins.
 *
 * Imports, exports and simulations take the time that their size takes.  While
 * one of them runs, its statement has the transaction's bound; the time before
 * and after it counts, whatever else the text of the statement names.
 *
 * The handler runs in a signal: it reads the clock and variables of this
 * process, and calls die(), which is made for that.
 */
#include "postgres.h"

#include "access/xact.h"
#include "fmgr.h"
#include "storage/ipc.h"
#include "tcop/tcopprot.h"
#include "utils/elog.h"
#include "utils/lsyscache.h"
#include "utils/timeout.h"

#include "core/compat.h"
#include "core/voiceagent.h"
#include "session.h"

#define TICKS 20
#define TICK_MIN_MS 50
#define TICK_MAX_MS 5000

static emit_log_hook_type previous_log = NULL;
static needs_fmgr_hook_type previous_needs = NULL;
static fmgr_hook_type previous_fmgr = NULL;
static TimeoutId timer;
static bool registered = false;
static bool ticking = false;
static bool listening = false;

/* The setting by which the session ends. */
static const char *volatile ended_by = NULL;

/* The long function that is under way, how often it has called itself, and since when. */
static FmgrInfo *long_function = NULL;
static volatile int long_depth = 0;
static TimestampTz long_since = 0;
/* How long those took that have ended, of the statement that began at that time. */
static volatile TimestampTz long_took = 0;
static volatile TimestampTz long_statement = 0;

static bool
is_over(TimestampTz since, int limit_s, TimestampTz now)
{
	return limit_s > 0 && now - since > limit_s * USECS_PER_SEC;
}

static void
tick(void)
{
	TimestampTz now = GetCurrentTimestamp();
	TimestampTz statement = GetCurrentStatementStartTimestamp();

	if (ended_by != NULL || !IsTransactionState())
		return;
	if (is_over(GetCurrentTransactionStartTimestamp(), va_guc_tenant_transaction_s, now))
		ended_by = "voiceagent.tenant_transaction";
	else if (debug_query_string != NULL && long_depth == 0 &&
			 is_over(statement + (statement == long_statement ? long_took : 0), va_guc_tenant_statement_s, now))
		ended_by = "voiceagent.tenant_statement";
	if (ended_by != NULL)
		va_die();
}

static int
tick_ms(void)
{
	int bound = va_guc_tenant_transaction_s;

	if (bound == 0 || (va_guc_tenant_statement_s > 0 && va_guc_tenant_statement_s < bound))
		bound = va_guc_tenant_statement_s;
	return Max(TICK_MIN_MS, Min(TICK_MAX_MS, bound * (1000 / TICKS)));
}

void
va_watch_age(void)
{
	int ms;

	if (ticking || (va_guc_tenant_transaction_s == 0 && va_guc_tenant_statement_s == 0) || proc_exit_inprogress)
		return;
	if (!registered)
		timer = RegisterTimeout(USER_TIMEOUT, tick);
	registered = true;
	ms = tick_ms();
	enable_timeout_every(timer, TimestampTzPlusMilliseconds(GetCurrentTimestamp(), ms), ms);
	ticking = true;
}

void
va_watch_listener(bool listens)
{
	listening = listens;
	va_note_listener(listens);
}

/* ----- functions that may last as long as their transaction ----- */

static bool
is_long(Oid function)
{
	char *schema;
	char *name;

	if (function < FirstNormalObjectId || !va_is_guarded())
		return false;
	schema = get_namespace_name(get_func_namespace(function));
	if (schema == NULL || strcmp(schema, VA_SCHEMA) != 0)
		return false;
	name = get_func_name(function);
	return name != NULL &&
		   (strstr(name, "import") != NULL || strncmp(name, "export", 6) == 0 || strncmp(name, "simulate", 8) == 0);
}

static bool
needs_hook(Oid function)
{
	return (previous_needs && previous_needs(function)) || is_long(function);
}

static void
begin_long(FmgrInfo *function)
{
	TimestampTz statement = GetCurrentStatementStartTimestamp();

	if (statement != long_statement)
		long_took = 0;
	long_statement = statement;
	long_since = GetCurrentTimestamp();
	long_function = function;
	long_depth = 1;
}

/* Called for each function with settings or an owner's rights, at its begin and at its end, by an error too. */
static void
at_function(FmgrHookEventType event, FmgrInfo *function, Datum *arg)
{
	if (previous_fmgr)
		previous_fmgr(event, function, arg);
	if (event == FHET_START && long_depth == 0)
	{
		if (is_long(function->fn_oid))
			begin_long(function);
	}
	else if (long_depth > 0 && function == long_function)
	{
		long_depth += event == FHET_START ? 1 : -1;
		if (long_depth == 0)
			long_took += GetCurrentTimestamp() - long_since;
	}
}

/* ----- the timer's life ----- */

static void
at_transaction(XactEvent event, void *arg)
{
	if (!ticking || (event != XACT_EVENT_COMMIT && event != XACT_EVENT_ABORT && event != XACT_EVENT_PREPARE))
		return;
	va_note_session(0, 0);
	disable_timeout(timer, false);
	ticking = false;
	if (listening)
		va_watch_age();
}

/* PostgreSQL would name an administrator's command. */
static void
name_setting(ErrorData *error)
{
	if (ended_by != NULL && error->elevel == FATAL && error->sqlerrcode == ERRCODE_ADMIN_SHUTDOWN)
	{
		error->message = psprintf("a tenant's session has exceeded the setting %s", ended_by);
		error->detail = pstrdup("Its transaction is rolled back and the connection is closed.");
		error->hint = pstrdup("Work in shorter transactions, and read what is long in pieces.");
		va_count_ended();
		ended_by = NULL;
	}
	if (previous_log)
		previous_log(error);
}

void
va_age_init(void)
{
	previous_log = emit_log_hook;
	emit_log_hook = name_setting;
	previous_needs = needs_fmgr_hook;
	needs_fmgr_hook = needs_hook;
	previous_fmgr = fmgr_hook;
	fmgr_hook = at_function;
	RegisterXactCallback(at_transaction, NULL);
}
