/*-------------------------------------------------------------------------
 * transaction.c
 *		The transactions of a worker, and the units in them.
 *
 * No locks of its own.
 */
#include "postgres.h"

#include "access/xact.h"
#include "executor/spi.h"
#include "miscadmin.h"
#include "pgstat.h"
#include "utils/guc.h"
#include "utils/resowner.h"
#include "utils/snapmgr.h"
#include "utils/timestamp.h"

#include "core/compat.h"
#include "core/counters.h"
#include "runtime.h"
#include "tenant_backoff.h"
#include "transaction.h"
#include "core/voiceagent.h"

static TimestampTz stats_due = DT_NOEND;
static bool commits_locally = false;
static const char *current_activity = ""; /* of the transaction that is open */

/* Where va_begin() was called; statements may leave us in memory that goes with the transaction. */
static MemoryContext begun_in = NULL;

void
va_set_local(const char *name, const char *value)
{
	(void) set_config_option(name, value, PGC_SUSET, PGC_S_SESSION, GUC_ACTION_LOCAL, true, 0, false);
}

void
va_commit_locally(bool locally)
{
	commits_locally = locally;
}

void
va_begin(const char *activity)
{
	begun_in = CurrentMemoryContext;
	SetCurrentStatementStartTimestamp();
	pgstat_report_activity(STATE_RUNNING, activity);
	current_activity = activity;
	StartTransactionCommand();
	if (commits_locally)
		va_set_local("synchronous_commit", "local");
	if (SPI_connect() != SPI_OK_CONNECT)
		ereport(ERROR, (errcode(ERRCODE_INTERNAL_ERROR), errmsg("could not connect to the SPI manager")));
	PushActiveSnapshot(GetTransactionSnapshot());
	va_plans_look();
	(void) MemoryContextSwitchTo(begun_in);
}

static void
flush_statistics(bool force)
{
	long left = pgstat_report_stat(force);

	/* Flushing is limited to once a second; the rest must not wait for the next work. */
	stats_due = left > 0 ? TimestampTzPlusMilliseconds(GetCurrentTimestamp(), left) : DT_NOEND;
}

TimestampTz
va_statistics_due(void)
{
	return stats_due;
}

void
va_flush_statistics(void)
{
	flush_statistics(true);
}

void
va_commit(void)
{
	PopActiveSnapshot();
	SPI_finish();
	(void) MemoryContextSwitchTo(begun_in);
	VA_CRASH_POINT(psprintf("before commit of %s", current_activity));
	CommitTransactionCommand();
	(void) MemoryContextSwitchTo(begun_in);
	VA_CRASH_POINT(psprintf("after commit of %s", current_activity));
	flush_statistics(false);
	pgstat_report_activity(STATE_IDLE, NULL);
	va_slot_count_commit();
	va_time(VA_TIME_TRANSACTION, GetCurrentTimestamp() - GetCurrentStatementStartTimestamp());
	va_plans_worked();
}

void
va_abort(void)
{
	MemoryContext scratch = CurrentMemoryContext;

	AbortCurrentTransaction();
	(void) MemoryContextSwitchTo(scratch);
	flush_statistics(false);
	pgstat_report_activity(STATE_IDLE, NULL);
}

/*
 * Errors that concern this process, not the unit. Lack of memory is the unit's
 * own error: it gives back what it took.
 */
static bool
is_about_process(const ErrorData *error)
{
	return error->sqlerrcode == ERRCODE_QUERY_CANCELED || error->sqlerrcode == ERRCODE_ADMIN_SHUTDOWN ||
		   error->sqlerrcode == ERRCODE_CRASH_SHUTDOWN || error->sqlerrcode == ERRCODE_DISK_FULL;
}

/* In a PG_CATCH: what has been caught, in this memory; an error that concerns the process goes on. */
static void
take_error(MemoryContext memory, char sqlstate[6], char **message)
{
	ErrorData *error;

	(void) MemoryContextSwitchTo(memory);
	error = CopyErrorData();
	if (is_about_process(error))
		PG_RE_THROW();
	FlushErrorState();
	strlcpy(sqlstate, unpack_sql_state(error->sqlerrcode), 6);
	*message = error->message ? error->message : pstrdup("");
}

bool
va_try_commit(char sqlstate[6], char **message)
{
	MemoryContext scratch = begun_in;
	volatile bool done = false;

	PG_TRY();
	{
		va_commit();
		done = true;
	}
	PG_CATCH();
	{
		take_error(scratch, sqlstate, message);
		va_abort();
	}
	PG_END_TRY();
	(void) MemoryContextSwitchTo(scratch);
	return done;
}

bool
va_try(void (*unit)(void *arg), void *arg, char sqlstate[6], char **message)
{
	MemoryContext scratch = CurrentMemoryContext;
	ResourceOwner owner = CurrentResourceOwner;
	int64 acting = va_context_tenant();
	volatile bool done = false;

	BeginInternalSubTransaction(NULL);
	(void) MemoryContextSwitchTo(scratch);
	PG_TRY();
	{
		unit(arg);
		ReleaseCurrentSubTransaction();
		done = true;
	}
	PG_CATCH();
	{
		take_error(scratch, sqlstate, message);
		RollbackAndReleaseCurrentSubTransaction();
		va_count(va_is_lock_error(sqlstate) ? VA_COUNT_ERROR_LOCK : VA_COUNT_ERROR_DATABASE, 1);
	}
	PG_END_TRY();
	(void) MemoryContextSwitchTo(scratch);
	CurrentResourceOwner = owner;
	/* A subtransaction that commits passes its local settings up, and the next unit must not inherit a tenant. */
	if (va_context_tenant() != acting)
		va_set_tenant(acting);
	return done;
}

bool
va_try_outside(void (*unit)(void *arg), void *arg, char sqlstate[6], char **message)
{
	MemoryContext scratch = CurrentMemoryContext;
	volatile bool done = false;

	PG_TRY();
	{
		unit(arg);
		done = true;
	}
	PG_CATCH();
	{
		take_error(scratch, sqlstate, message);
	}
	PG_END_TRY();
	(void) MemoryContextSwitchTo(scratch);
	return done;
}
