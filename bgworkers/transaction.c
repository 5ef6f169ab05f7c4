/*-------------------------------------------------------------------------
 * transaction.c
 *		The transactions of a worker, and the units in them.
 *
 * No locks of its own.
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "access/relation.h"
#include "access/xact.h"
#include "catalog/namespace.h"
#include "executor/spi.h"
#include "miscadmin.h"
#include "pgstat.h"
#include "storage/bufmgr.h"
#include "storage/lmgr.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"
#include "utils/plancache.h"
#include "utils/rel.h"
#include "utils/resowner.h"
#include "utils/snapmgr.h"
#include "utils/timestamp.h"

#include "acting.h"
#include "compat.h"
#include "slot.h"
#include "transaction.h"
#include "voiceagent.h"

/* How often a worker that works looks whether its plans are still right, and how old they get at most. */
#define PLANS_LOOK_US (2 * USECS_PER_SEC)
#define PLANS_TTL_US (60 * USECS_PER_SEC)
/* Pages that a small table may have more than twice of what it had. */
#define SMALL_PAGES 4

static TimestampTz stats_due = DT_NOEND;
static const char *current_activity = ""; /* of the transaction that is open */

/* The tables that grow, and that plans choose a way into. */
static const struct
{
	const char *schema;
	const char *table;
}			growing[] = {
	{"voiceagent", "calls"}, {"voiceagent", "attempts"}, {"voiceagent", "leads"}, {"voiceagent", "lead_numbers"},
	{"voiceagent", "campaign_leads"}, {"voiceagent", "campaigns"}, {"voiceagent", "consents"},
	{"voiceagent", "do_not_call_list"}, {"voiceagent", "credit_holds"}, {"voiceagent", "credit_transfers"},
	{"voiceagent", "campaign_spending"}, {"voiceagent", "errands"}, {"voiceagent_private", "call_queue"},
	{"voiceagent_private", "live_calls"}, {"voiceagent_private", "lanes"}, {"voiceagent_private", "pacing"},
	{"voiceagent_private", "inbox"}, {"voiceagent_private", "webhook_keys"}, {"voiceagent_private", "endpoint_routes"},
};

/* Without waiting for anybody: a table that somebody has for himself is as large as it was. */
static BlockNumber
table_pages(const char *schema, const char *table, BlockNumber was)
{
	Oid			namespace = get_namespace_oid(schema, true);
	Oid			oid = OidIsValid(namespace) ? get_relname_relid(table, namespace) : InvalidOid;
	Relation	rel;
	BlockNumber pages;

	if (!OidIsValid(oid) || !ConditionalLockRelationOid(oid, AccessShareLock))
		return was;
	rel = try_relation_open(oid, NoLock);
	if (rel == NULL)
	{
		UnlockRelationOid(oid, AccessShareLock);
		return was;
	}
	pages = RelationGetNumberOfBlocks(rel);
	relation_close(rel, AccessShareLock);
	return pages;
}

/*
 * Plans are kept, and a plan from a table's youth reads the whole of it when
 * it has grown.  PostgreSQL plans again when statistics are taken, which may
 * be a minute and a hundred thousand rows later; we do when a table is twice
 * as large as it was.  To make all plans of a worker takes tens of
 * milliseconds, for which every call and every webhook waits: so not more
 * often than that, but for once a minute.
 */
static void
renew_plans(void)
{
	static TimestampTz looked_at = 0;
	static TimestampTz made_at = 0;
	static BlockNumber pages_then[lengthof(growing)];
	BlockNumber pages[lengthof(growing)];
	TimestampTz now = GetCurrentTimestamp();
	bool		stale = now < made_at || now >= made_at + PLANS_TTL_US;

	if (now >= looked_at && now < looked_at + PLANS_LOOK_US)
		return;
	looked_at = now;
	for (int i = 0; i < (int) lengthof(growing); i++)
	{
		pages[i] = table_pages(growing[i].schema, growing[i].table, pages_then[i]);
		stale = stale || pages[i] > 2 * pages_then[i] + SMALL_PAGES;
	}
	if (!stale)
		return;
	ResetPlanCache();
	made_at = now;
	memcpy(pages_then, pages, sizeof(pages_then));
}

/* Where va_begin() was called; statements may leave us in memory that goes with the transaction. */
static MemoryContext begun_in = NULL;

void
va_begin(const char *activity)
{
	begun_in = CurrentMemoryContext;
	SetCurrentStatementStartTimestamp();
	pgstat_report_activity(STATE_RUNNING, activity);
	current_activity = activity;
	StartTransactionCommand();
	if (SPI_connect() != SPI_OK_CONNECT)
		ereport(ERROR, (errcode(ERRCODE_INTERNAL_ERROR), errmsg("could not connect to the SPI manager")));
	PushActiveSnapshot(GetTransactionSnapshot());
	renew_plans();
	(void) MemoryContextSwitchTo(begun_in);
}

static void
flush_statistics(bool force)
{
	long left = pgstat_report_stat(force);

	/* Flushing is limited to once a second; what is left must not wait for the next work. */
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

/* Every commit of a worker is a place at which tests have it die. */
static void
crash_beside_commit(const char *when)
{
	if (unlikely(va_guc_crash_points))
		va_crash_point(psprintf("%s commit of %s", when, current_activity));
}

void
va_commit(void)
{
	PopActiveSnapshot();
	SPI_finish();
	(void) MemoryContextSwitchTo(begun_in);
	crash_beside_commit("before");
	CommitTransactionCommand();
	(void) MemoryContextSwitchTo(begun_in);
	crash_beside_commit("after");
	flush_statistics(false);
	pgstat_report_activity(STATE_IDLE, NULL);
	va_slot_count_commit();
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

/* Errors that are about this process, not about the unit.  Memory that was not to be had the unit has asked for: it gives back what it took. */
static bool
is_about_process(const ErrorData *error)
{
	return error->sqlerrcode == ERRCODE_QUERY_CANCELED || error->sqlerrcode == ERRCODE_ADMIN_SHUTDOWN ||
		   error->sqlerrcode == ERRCODE_CRASH_SHUTDOWN || error->sqlerrcode == ERRCODE_DISK_FULL;
}

bool
va_try(void (*unit)(void *arg), void *arg, char sqlstate[6], char **message)
{
	MemoryContext scratch = CurrentMemoryContext;
	ResourceOwner owner = CurrentResourceOwner;
	int64 acting = va_acting_tenant();
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
		ErrorData *error;

		(void) MemoryContextSwitchTo(scratch);
		error = CopyErrorData();
		if (is_about_process(error))
			PG_RE_THROW();
		FlushErrorState();
		RollbackAndReleaseCurrentSubTransaction();
		strlcpy(sqlstate, unpack_sql_state(error->sqlerrcode), 6);
		*message = error->message ? error->message : pstrdup("");
	}
	PG_END_TRY();
	(void) MemoryContextSwitchTo(scratch);
	CurrentResourceOwner = owner;
	/* A subtransaction that commits hands its local settings up: the next unit must not inherit a tenant. */
	if (va_acting_tenant() != acting)
		va_act_for(acting);
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
		ErrorData *error;

		(void) MemoryContextSwitchTo(scratch);
		error = CopyErrorData();
		if (is_about_process(error))
			PG_RE_THROW();
		FlushErrorState();
		strlcpy(sqlstate, unpack_sql_state(error->sqlerrcode), 6);
		*message = error->message ? error->message : pstrdup("");
	}
	PG_END_TRY();
	(void) MemoryContextSwitchTo(scratch);
	return done;
}
