/*-------------------------------------------------------------------------
 * counters.c
 *		Counters in shared memory (contract in counters.h).
 *
 * SQL counts at commit: what a rollback takes back has not happened.  A
 * subtransaction's share is taken back with it, by noting how much had been
 * counted when it began.
 */
#include "postgres.h"

#include "access/xact.h"
#include "catalog/pg_type.h"
#include "fmgr.h"
#include "funcapi.h"
#include "miscadmin.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/memutils.h"
#include "utils/tuplestore.h"

#include "counters.h"
#include "shmem.h"

PG_FUNCTION_INFO_V1(va_sql_count_outcomes);
PG_FUNCTION_INFO_V1(va_sql_counters);

static const char *const counter_metric[VA_COUNTERS] = { "dials", "dials", "dials", "dials", "dials", "dials",
	"webhooks", "webhooks", "webhooks", "webhooks", "webhooks", "socket_frames", "socket_frames", "socket_frames",
	"socket_frames", "socket_frames", "errors", "errors", "errors", "errors", "errors", "errors", "errors", "errors",
	"errors", "errors" };
static const char *const counter_label[VA_COUNTERS] = { "accepted", "refused", "refused_retry", "rate_limited",
	"bad_account", "unknown", "stored", "malformed", "refused", "unknown_endpoint", "failed", "stored", "silent",
	"unreadable", "foreign", "too_large", "database", "lock_timeout", "socket_drop", "llm_failure", "llm_rate_limit",
	"stt_timeout", "stt_failure", "llm_timeout", "tts_timeout", "tts_failure" };

/* Names that SQL counts: the values of enumeration call_outcome, which regress/t/195_metrics.pl compares. */
static const char *const outcome_label[] = { "other", "interested", "scheduled", "callback", "not_interested",
	"completed", "voicemail", "no_answer", "busy", "wrong_number", "do_not_call", "failed", "canceled", "unfinished" };

static const char *const timer_metric[VA_TIMERS] = { "dial_seconds", "webhook_seconds", "transaction_seconds",
	"fold_seconds", "turn_recognised_seconds", "turn_first_token_seconds", "turn_first_sound_seconds" };

/* From a loopback answer to a carrier that takes its time; the last bucket has no bound. */
static const int64 bucket_us[VA_TIMER_BUCKETS - 1] = { 500, 1000, 2500, 5000, 10000, 25000, 50000, 100000, 250000,
	500000, 1000000, 2500000, 10000000 };

/* Unpublished counts of a (sub)transaction; one list entry a level that counted. */
typedef struct Pending
{
	struct Pending *outer;
	SubTransactionId level;
	uint64 outcome[VA_OUTCOMES_MAX];
} Pending;

static Pending *pending = NULL;

StaticAssertDecl(lengthof(outcome_label) <= VA_OUTCOMES_MAX, "VA_OUTCOMES_MAX is too small");

/*
 * This database's counters, or NULL. The slot is looked up once per process:
 * it is given to another database only when no worker of ours lives, and a
 * client's session that outlives that counts into a slot that is no longer
 * ours, which is checked.
 */
static VaCounters *
own_counters(void)
{
	static VaDatabaseSlot *own = NULL;
	VaShared *shared = va_shmem_or_null();

	if (shared == NULL)
		return NULL;
	if (own == NULL || own->database != MyDatabaseId)
	{
		LWLockAcquire(shared->lock, LW_SHARED);
		own = va_find_database(MyDatabaseId);
		LWLockRelease(shared->lock);
	}
	return own != NULL ? &own->counters : NULL;
}

void
va_count(VaCounter counter, uint64 n)
{
	VaCounters *counters = own_counters();

	if (counters != NULL)
		pg_atomic_fetch_add_u64(&counters->counter[counter], (int64) n);
}

void
va_time(VaTimer timer, int64 microseconds)
{
	VaCounters *counters = own_counters();
	int i = 0;

	if (counters == NULL || microseconds < 0)
		return;
	while (i < VA_TIMER_BUCKETS - 1 && microseconds > bucket_us[i])
		i++;
	pg_atomic_fetch_add_u64(&counters->bucket[timer][i], 1);
	pg_atomic_fetch_add_u64(&counters->timer_us[timer], microseconds);
}

/* ----- outcomes, at commit ----- */

static Pending *
pending_here(void)
{
	SubTransactionId level = GetCurrentSubTransactionId();

	if (pending == NULL || pending->level != level)
	{
		Pending *entry = MemoryContextAllocZero(TopTransactionContext, sizeof(Pending));

		entry->outer = pending;
		entry->level = level;
		pending = entry;
	}
	return pending;
}

static int
outcome_index(const char *name)
{
	for (int i = 1; i < (int) lengthof(outcome_label); i++)
		if (strcmp(outcome_label[i], name) == 0)
			return i;
	return 0;
}

void
va_count_outcome(const char *outcome)
{
	pending_here()->outcome[outcome_index(outcome)]++;
}

Datum
va_sql_count_outcomes(PG_FUNCTION_ARGS)
{
	Datum *names;
	bool *nulls;
	int n;

	deconstruct_array(PG_GETARG_ARRAYTYPE_P(0), TEXTOID, -1, false, TYPALIGN_INT, &names, &nulls, &n);
	for (int i = 0; i < n; i++)
		if (!nulls[i])
			va_count_outcome(TextDatumGetCString(names[i]));
	PG_RETURN_VOID();
}

static void
at_transaction(XactEvent event, void *arg)
{
	VaCounters *counters;

	if (event == XACT_EVENT_COMMIT && pending != NULL && (counters = own_counters()) != NULL)
	{
		for (Pending *p = pending; p != NULL; p = p->outer)
			for (int i = 0; i < (int) lengthof(outcome_label); i++)
				if (p->outcome[i] > 0)
					pg_atomic_fetch_add_u64(&counters->outcome[i], (int64) p->outcome[i]);
	}
	/* The list lies in the transaction's memory. */
	if (event == XACT_EVENT_COMMIT || event == XACT_EVENT_ABORT || event == XACT_EVENT_PREPARE)
		pending = NULL;
}

/* A committed subtransaction's share becomes its parent's; an aborted one's is forgotten. */
static void
at_subtransaction(SubXactEvent event, SubTransactionId mine, SubTransactionId parent, void *arg)
{
	if (pending == NULL || pending->level != mine)
		return;
	if (event == SUBXACT_EVENT_ABORT_SUB)
		pending = pending->outer;
	else if (event == SUBXACT_EVENT_COMMIT_SUB)
	{
		pending->level = parent;
		if (pending->outer != NULL && pending->outer->level == parent)
		{
			for (int i = 0; i < VA_OUTCOMES_MAX; i++)
				pending->outer->outcome[i] += pending->outcome[i];
			pending = pending->outer;
		}
	}
}

void
va_counters_register(void)
{
	RegisterXactCallback(at_transaction, NULL);
	RegisterSubXactCallback(at_subtransaction, NULL);
}

/* ----- reading ----- */

static void
put(ReturnSetInfo *result, const char *metric, const char *label, double value)
{
	Datum values[3] = { CStringGetTextDatum(metric), CStringGetTextDatum(label), Float8GetDatum(value) };
	bool nulls[3] = { false };

	tuplestore_putvalues(result->setResult, result->setDesc, values, nulls);
}

static void
put_timer(ReturnSetInfo *result, VaCounters *counters, VaTimer timer)
{
	uint64 count = 0;

	/* Prometheus wants each bucket to hold all that took no longer. */
	for (int i = 0; i < VA_TIMER_BUCKETS; i++)
	{
		count += pg_atomic_read_u64(&counters->bucket[timer][i]);
		put(result, psprintf("%s_bucket", timer_metric[timer]),
			i < VA_TIMER_BUCKETS - 1 ? psprintf("%g", (double) bucket_us[i] / 1e6) : "+Inf", (double) count);
	}
	put(result, psprintf("%s_sum", timer_metric[timer]), "",
		(double) pg_atomic_read_u64(&counters->timer_us[timer]) / 1e6);
	put(result, psprintf("%s_count", timer_metric[timer]), "", (double) count);
}

Datum
va_sql_counters(PG_FUNCTION_ARGS)
{
	ReturnSetInfo *result = (ReturnSetInfo *) fcinfo->resultinfo;
	VaCounters *counters = own_counters();

	InitMaterializedSRF(fcinfo, 0);
	if (counters == NULL)
		return (Datum) 0;
	for (int i = 0; i < VA_COUNTERS; i++)
		put(result, counter_metric[i], counter_label[i], (double) pg_atomic_read_u64(&counters->counter[i]));
	for (int i = 0; i < (int) lengthof(outcome_label); i++)
		put(result, "calls_ended", outcome_label[i], (double) pg_atomic_read_u64(&counters->outcome[i]));
	for (int t = 0; t < VA_TIMERS; t++)
		put_timer(result, counters, (VaTimer) t);
	return (Datum) 0;
}
