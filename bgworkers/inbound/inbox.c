/*-------------------------------------------------------------------------
 * inbox.c
 *		The task that gives stored webhooks their effect.
 *
 * All of the work is done by voiceagent_private.apply_inbox(); here it is
 * called, tenant by tenant. In a process of its own: a carrier that wants its
 * answer waits neither for this work nor for the locks that it meets.
 *
 * Two appliers cannot deadlock (rows are locked in the order of ids), but an
 * applier and a client's own transaction may: such a batch is simply tried
 * again. A tenant that keeps its rows locked waits alone (see tenant_backoff.h).
 */
#include "postgres.h"

#include "access/xlog.h"
#include "miscadmin.h"
#include "utils/timestamp.h"

#include "core/clock.h"
#include "tenancy/log_redaction.h"
#include "runtime/tenant_backoff.h"
#include "core/statement.h"
#include "runtime/worker.h"

/*
 * Webhooks of one tenant in one commit: so many, or as many as took so long lately.  Where that is less than
 * BATCH_MANY, as many as took APPLY_LONG_US: to make a batch smaller saves little of its time then, and on a machine
 * that is busy the rest of them would wait behind ever smaller ones.
 */
#define APPLY_MAX 128
#define APPLY_US 50000
#define APPLY_LONG_US 250000
/* ... and of their bodies, since a batch is held in memory at once, several times over. */
#define APPLY_MAX_BYTES 33554432
#define ROUND_TENANTS 100
/*
 * A batch of one costs as much as one of thirty but for the webhooks' own part:
 * after a round of smaller ones the next begins so long after it had begun. A
 * lone webhook never waits for that, since the gateway gives it its effect.
 */
#define BATCH_MANY 32
#define ROUND_US 10000
/* After this many tenants in a row that have to wait, the round waits. */
#define WAITING_MAX VA_TENANT_BACKOFF_MAX
/* Tries of one batch that lost a deadlock. */
#define DEADLOCK_TRIES 5
/* First and longest wait for a tenant whose leads another transaction is changing; it pokes us when it is done. */
#define BUSY_WAIT_MS 20
#define BUSY_WAIT_MAX_MS 200
/* How long a batch waits for a lock, and with it every other tenant, which is longer than any work of ours holds one. */
#define LOCK_TIMEOUT_TEXT "250ms"
/* First wait for a tenant for whose locks we waited in vain, or whose work failed. */
#define HELD_WAIT_MS 250
/* Tenants whose size of a batch is remembered. */
#define SIZES_MAX 256

static TimestampTz look_again = DT_NOEND;
static int64 last_tenant = 0;		 /* whose turn it was last */
static int64 tenants[ROUND_TENANTS]; /* of this round */
static int n_tenants = 0;
static int n_served = 0;				   /* of them */
static int n_applied = 0;				   /* of those */
static TimestampTz round_again = DT_NOEND; /* when the first tenant of this round that had to wait comes up */
static int64 n_webhooks = 0;			   /* applied in it */
static TimestampTz round_began = 0;
static int n_waiting = 0;	   /* tenants in a row that had to wait */
static bool unflushed = false; /* a commit of this round may not be on disk yet */
static VaTenantBackoff held;   /* tenants whose rows are locked, or whose webhooks cannot be applied */
static VaTenantBackoff busy = {
	.longest_ms = BUSY_WAIT_MAX_MS
}; /* tenants whose leads another transaction is changing */

static VaStatement tenants_statement = { "SELECT t FROM voiceagent_private.inbox_tenants($1, $2) AS t", 2,
	{ INT8OID, INT4OID }, NULL };
static VaStatement apply_statement = { "SELECT voiceagent_private.apply_inbox($1, $2)", 2, { INT4OID, INT4OID }, NULL };
static VaStatement deadline_statement = { "SELECT voiceagent_private.next_inbox_at()", 0, { 0 }, NULL };

/* How many webhooks of a tenant make a batch; long ones make no other tenant's batch smaller. */
typedef struct BatchSize
{
	int64 tenant_id;
	double webhooks;
} BatchSize;

static BatchSize sizes[SIZES_MAX];

typedef struct Application
{
	int64 tenant_id;
	double *size;
	bool busy; /* another transaction is changing many of the tenant's leads */
	int64 applied;
} Application;

static double *
size_of(int64 tenant_id)
{
	BatchSize *size = &sizes[tenant_id % SIZES_MAX];

	if (size->tenant_id != tenant_id)
		*size = (BatchSize){ tenant_id, BATCH_MANY };
	return &size->webhooks;
}

/*
 * Sessions wait for the rows of this transaction, and other tenants wait for
 * its end, so it must not take long. The time of a batch has a part that does
 * not grow with its size: a slow small batch is no reason to make the next one
 * smaller, but a batch that took too long is. The size grows in steps, and only
 * after full batches.
 */
static void
learn(double *size, int64 applied, int64 elapsed_us)
{
	double many = (double) applied * APPLY_US / Max(elapsed_us, 1);
	double few = (double) applied * APPLY_LONG_US / Max(elapsed_us, 1);
	double fitting = Max(many, Min(few, BATCH_MANY));

	if (fitting < applied)
		*size = Max(1, Min(*size, fitting));
	else if (applied >= (int) *size)
		*size = Min(APPLY_MAX, Max(*size, Min(fitting, 2 * *size)));
}

static void
apply_tenant(void *arg)
{
	Application *application = arg;
	Datum values[2] = { Int32GetDatum((int) *application->size), Int32GetDatum(APPLY_MAX_BYTES) };

	va_set_tenant(application->tenant_id);
	va_execute(&apply_statement, values, NULL);
	application->applied = va_single_int();
	application->busy = application->applied < 0;
}

/*
 * False: the tenant's webhooks wait, for a transaction that holds its rows, or
 * because not even the error of one of them could be recorded. Those of other
 * tenants are applied meanwhile.
 */
static bool
apply_with_retries(int64 tenant_id)
{
	bool more = n_served < n_tenants;
	Application application = { .tenant_id = tenant_id, .size = size_of(tenant_id) };
	char sqlstate[6];
	char *message;

	for (int i = 1; i <= DEADLOCK_TRIES; i++)
	{
		bool done;

		TimestampTz from = GetCurrentTimestamp();

		CHECK_FOR_INTERRUPTS();
		va_begin("apply webhooks");
		va_set_local("lock_timeout", LOCK_TIMEOUT_TEXT);
		/*
		 * A round's commits are flushed together.  One that a crash takes back lies in the inbox again, since its
		 * webhooks were stored durably before their carriers were answered; and whoever sends anything for it has
		 * committed behind it first, which flushes it.
		 */
		if (more)
			va_set_local("synchronous_commit", "off");
		done = va_try(apply_tenant, &application, sqlstate, &message);
		VA_CRASH_POINT("mid_apply");
		if (done)
			done = va_try_commit(sqlstate, &message);
		else
			va_commit();
		if (done && application.applied > 0)
		{
			n_webhooks += application.applied;
			learn(application.size, application.applied, GetCurrentTimestamp() - from);
		}
		unflushed = unflushed || (more && done);
		if (done && application.busy)
		{
			VA_SOMETIMES("webhooks_wait_for_call");
			(void) va_backoff_start(&busy, tenant_id, BUSY_WAIT_MS);
			return false;
		}
		if (done)
		{
			va_backoff_reset(&busy, tenant_id);
			va_backoff_reset(&held, tenant_id);
			return true;
		}
		if (strcmp(sqlstate, "40P01") != 0 && strcmp(sqlstate, "40001") != 0)
			break;
		VA_SOMETIMES("webhooks_after_deadlock");
	}
	if (!va_backoff_start(&held, tenant_id, HELD_WAIT_MS))
		return false;
	if (va_is_lock_error(sqlstate))
		ereport(
			LOG, (errmsg("webhooks of tenant " INT64_FORMAT " wait for a transaction that holds its rows", tenant_id)));
	else
		ereport(LOG, (errmsg("could not apply webhooks of tenant " INT64_FORMAT ": %s: %s", tenant_id, sqlstate,
						 va_mask_caught(message, sqlstate))));
	return false;
}

/* True: it has to wait, until then. */
static bool
has_to_wait(int64 tenant_id, TimestampTz *until)
{
	*until = Max(va_backoff_until(&held, tenant_id), va_backoff_until(&busy, tenant_id));
	return *until > GetCurrentTimestamp();
}

static void
inbox_start(VaWorker *worker)
{
}

/* More come meanwhile, and are applied together. */
static bool
round_rests(void)
{
	TimestampTz now = GetCurrentTimestamp();

	if (n_webhooks == 0 || n_webhooks >= (int64) BATCH_MANY * n_applied || now < round_began ||
		now >= round_began + ROUND_US)
		return false;
	look_again = round_began + ROUND_US;
	return true;
}

/* The tenants of the next round. */
static void
begin_round(void)
{
	Datum values[2] = { Int64GetDatum(last_tenant), Int32GetDatum(ROUND_TENANTS) };
	int n;

	n_tenants = n_served = n_applied = 0;
	n_webhooks = 0;
	round_began = GetCurrentTimestamp();
	round_again = DT_NOEND;
	va_begin("look for webhooks");
	n = (int) va_execute(&tenants_statement, values, NULL);
	for (int i = 0; i < n; i++)
		tenants[i] = va_column_int(i, "t", 0);
	if (n == 0)
	{
		va_execute(&deadline_statement, NULL, NULL);
		look_again = va_clock_to_real(va_single_time());
	}
	va_commit();
	n_tenants = n;
}

/* The last commit of a round has flushed the others, unless it wrote nothing. */
static void
flush_round(void)
{
	if (!unflushed)
		return;
	XLogFlush(XactLastCommitEnd);
	unflushed = false;
}

/* A tenant a turn: settings, signals and an end are seen between two of them. */
static TimestampTz
inbox_turn(VaWorker *worker, VaWake why)
{
	TimestampTz until;

	/* The poke may come from a transaction that changed leads and is done. */
	if (why & VA_WAKE_POKE)
		va_backoff_reset_all(&busy);
	if (n_served == n_tenants)
	{
		flush_round();
		if ((why & ~VA_WAKE_IO) == 0)
			return look_again;
		if (round_rests())
			return look_again;
		/* Mark us busy before looking, so that the gateway does not apply the same webhooks. */
		va_slot_set_busy(true);
		begin_round();
		va_slot_set_busy(n_tenants > 0);
		if (n_tenants == 0)
			return look_again;
	}
	/* Moved on first: if this tenant fails, the others are served before its next try. */
	last_tenant = tenants[n_served++];
	if (has_to_wait(last_tenant, &until) || !apply_with_retries(last_tenant))
	{
		n_waiting++;
		(void) has_to_wait(last_tenant, &until);
		round_again = Min(round_again, until);
	}
	else
	{
		n_waiting = 0;
		n_applied++;
	}
	/* Behind a full round there may be tenants that need not wait. */
	if (n_served < n_tenants || n_applied > 0 || (n_tenants == ROUND_TENANTS && n_waiting < WAITING_MAX))
		return GetCurrentTimestamp();
	/* All of them have to wait. */
	n_waiting = 0;
	va_slot_set_busy(false);
	look_again = round_again;
	return look_again;
}

const VaTask va_inbox_task = { "inbox", inbox_start, inbox_turn, NULL, 0 };
