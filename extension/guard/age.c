/*-------------------------------------------------------------------------
 * age.c
 *		No transaction and no statement of a tenant's session lasts for ever.
 *
 * PostgreSQL's own timeouts are the tenant's to set, and a client that never
 * sends Sync passes all of them.  So a timer of our own ticks while a
 * transaction of such a session is open, looks how old transaction and
 * statement are, and ends the session as pg_terminate_backend() would.  Idle
 * sessions have no timer.
 *
 * The handler runs in a signal: it reads the clock and variables of this
 * process, and calls die(), which is made for that.
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "access/xact.h"
#include "miscadmin.h"
#include "storage/ipc.h"
#include "tcop/tcopprot.h"
#include "utils/elog.h"
#include "utils/timeout.h"

#include "core/voiceagent.h"
#include "session.h"

#define TICKS 20
#define TICK_MIN_MS 50
#define TICK_MAX_MS 5000

static emit_log_hook_type previous_log = NULL;
static TimeoutId timer;
static bool registered = false;
static bool ticking = false;

/* The setting by which the session ends. */
static const char *volatile ended_by = NULL;

/* The statement that may last as long as its transaction, by its start. */
static TimestampTz long_statement = 0;

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

	if (ended_by != NULL)
		return;
	if (is_over(GetCurrentTransactionStartTimestamp(), va_guc_tenant_transaction_s, now))
		ended_by = "voiceagent.tenant_transaction";
	else if (debug_query_string != NULL && statement != long_statement &&
			 is_over(statement, va_guc_tenant_statement_s, now))
		ended_by = "voiceagent.tenant_statement";
	if (ended_by != NULL)
		die(0);
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
va_allow_long_statement(void)
{
	long_statement = GetCurrentStatementStartTimestamp();
}

static void
at_transaction(XactEvent event, void *arg)
{
	if (!ticking || (event != XACT_EVENT_COMMIT && event != XACT_EVENT_ABORT && event != XACT_EVENT_PREPARE))
		return;
	disable_timeout(timer, false);
	ticking = false;
	va_note_session(0, 0);
}

/* PostgreSQL would name an administrator's command. */
static void
name_setting(ErrorData *error)
{
	if (ended_by != NULL && error->elevel == FATAL && error->sqlerrcode == ERRCODE_ADMIN_SHUTDOWN)
	{
		error->message = psprintf("a tenant's session has exceeded the setting %s", ended_by);
		error->detail = pstrdup("Its transaction is rolled back and the connection is closed.");
		error->hint = pstrdup("Work in shorter transactions; what is long, such as an export, in parts.");
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
	RegisterXactCallback(at_transaction, NULL);
}
