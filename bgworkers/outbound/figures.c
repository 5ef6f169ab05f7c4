/*-------------------------------------------------------------------------
 * figures.c
 *		The task that folds what has happened into figures and words to search.
 *
 * A commit that writes events of a tenant, or changes a call that had ended,
 * leaves the tenant in shared memory (core/wake.h).  This task looks at these
 * tenants, one transaction a tenant and batch; what it does for each is
 * fold_figures() in sql/90_report.  A reader adds what is not folded yet, so
 * nothing waits for this task but the search.
 *
 * A crash, or an error, leaves the tenant's mark where the last commit put it.
 * The next worker looks at every tenant; a tenant whose fold fails is put off.
 */
#include "postgres.h"

#include "miscadmin.h"
#include "utils/timestamp.h"

#include "core/clock.h"
#include "core/counters.h"
#include "core/shmem.h"
#include "core/statement.h"
#include "core/wake.h"
#include "runtime/tenant_backoff.h"
#include "runtime/worker.h"
#include "tenancy/log_redaction.h"

/* Calls that one transaction folds at most. */
#define FOLD_MAX 500
/* How long a tenant's news waits for more: a fold of one call costs as much as that of twenty. */
#define FOLD_AFTER_US (4 * USECS_PER_SEC)
/* News is taken from shared memory this often; a search finds a call after both. */
#define POKE_REST_MS 1000
/* A batch is followed by a rest of this many times its own duration: what else the process does goes first. */
#define REST_FACTOR 2
/* First wait for a tenant whose fold has failed. */
#define FAILED_WAIT_MS 5000

static VaStatement tenants_statement = { "SELECT d.tenant_id FROM voiceagent_private.tenant_directory d WHERE "
										 "d.tenant_id > $1 ORDER BY d.tenant_id LIMIT $2",
	2, { INT8OID, INT4OID }, NULL };
static VaStatement fold_statement = { "SELECT voiceagent_private.fold_figures($1)::integer", 1, { INT4OID }, NULL };

typedef struct Due
{
	int64 tenant_id;
	TimestampTz at; /* not folded before */
} Due;

static Due due[VA_TENANTS_MAX];
static int n_due = 0;
static int64 all_after = 0; /* every tenant is looked at, from the one behind this on; -1: not asked for */
static TimestampTz rest_until = 0;
static int64 rest_us = 0;
static VaTenantBackoff put_off = { .longest_ms = 600000 };

typedef struct Fold
{
	int64 tenant_id;
	int64 more;
} Fold;

static void
fold(void *arg)
{
	Fold *of = arg;
	Datum values[1] = { Int32GetDatum(FOLD_MAX) };

	va_set_tenant(of->tenant_id);
	va_execute(&fold_statement, values, NULL);
	of->more = va_single_int();
}

/* False: there is no place for it. */
static bool
add_due(int64 tenant_id, TimestampTz at)
{
	for (int i = 0; i < n_due; i++)
		if (due[i].tenant_id == tenant_id)
			return true;
	if (n_due == VA_TENANTS_MAX)
		return false;
	due[n_due++] = (Due){ tenant_id, at };
	return true;
}

static void
take_due(void)
{
	int64 tenants[VA_TENANTS_MAX];
	bool all;
	int n = va_take_figures(tenants, &all);
	TimestampTz at = GetCurrentTimestamp() + FOLD_AFTER_US;

	for (int i = 0; i < n; i++)
		all = !add_due(tenants[i], at) || all;
	if (all)
		all_after = 0;
}

/* The next tenants of all, as many as there is place for. */
static void
take_next_of_all(void)
{
	int limit = VA_TENANTS_MAX - n_due;
	Datum values[2] = { Int64GetDatum(all_after), Int32GetDatum(limit) };
	int64 tenant_id = -1;
	int n;

	va_begin("look whose figures there are");
	n = (int) va_execute(&tenants_statement, values, NULL);
	for (int i = 0; i < n; i++)
	{
		tenant_id = va_column_int(i, "tenant_id", 0);
		(void) add_due(tenant_id, GetCurrentTimestamp());
	}
	va_commit();
	all_after = n < limit ? -1 : tenant_id;
}

/* One batch of one tenant; it stays among those that are due while there is more. */
static void
fold_one(int which)
{
	Fold of = { .tenant_id = due[which].tenant_id };
	TimestampTz began = GetCurrentTimestamp();
	char sqlstate[6];
	char *message;
	bool done;

	va_begin("fold figures");
	done = va_try(fold, &of, sqlstate, &message);
	if (!va_try_commit(sqlstate, &message))
		done = false;
	va_time(VA_TIME_FOLD, GetCurrentTimestamp() - began);
	if (done)
		va_backoff_reset(&put_off, of.tenant_id);
	else if (va_backoff_start(&put_off, of.tenant_id, FAILED_WAIT_MS))
		ereport(LOG, (errmsg("could not fold the figures of tenant " INT64_FORMAT ": %s: %s", of.tenant_id, sqlstate,
						 va_mask_caught(message, sqlstate))));
	if (done && of.more == 0)
		due[which] = due[--n_due];
	else
		due[which].at = GetCurrentTimestamp();
}

static TimestampTz
due_at(const Due *tenant)
{
	return Max(va_until(tenant->at, FOLD_AFTER_US), va_backoff_until(&put_off, tenant->tenant_id));
}

/* The place of the tenant that has been due longest; -1: none is, *until: when one is. */
static int
next_due(TimestampTz *until)
{
	int first = -1;

	*until = DT_NOEND;
	for (int i = 0; i < n_due; i++)
	{
		TimestampTz at = due_at(&due[i]);

		if (at < *until)
		{
			first = i;
			*until = at;
		}
	}
	return *until <= GetCurrentTimestamp() ? first : -1;
}

static void
figures_start(VaWorker *worker)
{
	all_after = 0;
}

static TimestampTz
figures_turn(VaWorker *worker, VaWake why)
{
	TimestampTz began = GetCurrentTimestamp();
	TimestampTz until;
	int which;

	if ((why & ~(VA_WAKE_IO | VA_WAKE_TIMER)) != 0)
		take_due();
	if (rest_until > began && rest_until <= began + rest_us)
		return rest_until;
	which = next_due(&until);
	if (which < 0 && all_after >= 0 && n_due < VA_TENANTS_MAX)
	{
		take_next_of_all();
		which = next_due(&until);
	}
	if (which < 0)
		return until;
	fold_one(which);
	CHECK_FOR_INTERRUPTS();
	rest_us = REST_FACTOR * Max(GetCurrentTimestamp() - began, 0);
	rest_until = GetCurrentTimestamp() + rest_us;
	return next_due(&until) >= 0 || all_after >= 0 ? rest_until : until;
}

const VaTask va_figures_task = { "figures", figures_start, figures_turn, NULL, POKE_REST_MS };
