/*-------------------------------------------------------------------------
 * schedules.c
 *		The room for work that becomes due by time: lanes whose window opens or
 *		closes, campaigns that are to start.
 *
 * Steps of the clock itself are handled in clock_steps.c.
 */
#include "postgres.h"

#include "miscadmin.h"
#include "utils/timestamp.h"

#include "core/clock.h"
#include "runtime/clock_steps.h"
#include "tenancy/log_redaction.h"
#include "runtime/tenant_backoff.h"
#include "core/statement.h"
#include "runtime/worker.h"

/* Lanes of a tenant that are advanced in one commit. */
#define ROLL_MAX 1000
/* Campaigns that one turn may try and skip because they are locked. */
#define PASS_MAX 100
/* A poke announces changed times; many pokes need only one look. */
#define POKE_REST_MS 200
/* Lanes and campaigns that are due but locked were skipped; retry after this long, not at once. */
#define PASSED_OVER_US (200 * 1000)
/* First wait for a tenant whose work has failed. */
#define FAILED_WAIT_MS 1000

static TimestampTz look_again = DT_NOEND;
static TimestampTz lanes_due = DT_NOBEGIN; /* when lanes or starts are looked at */
static TimestampTz lanes_rest =
	0; /* ... but not before this: a poke must neither advance nor delay the retry of skipped work */
static VaTenantBackoff put_off; /* tenants whose lanes or starts have failed */

static VaStatement tenants_statement = { "SELECT t FROM voiceagent_private.closing_tenants($1, $2) AS t", 2,
	{ INT4OID, INT8ARRAYOID }, NULL };
static VaStatement roll_statement = { "SELECT voiceagent_private.advance_tenant_lanes($1)", 1, { INT4OID }, NULL };
static VaStatement starts_statement = {
	"SELECT s.tenant_id, s.campaign_id FROM voiceagent_private.due_start($1, $2) AS s WHERE s.tenant_id IS NOT NULL", 2,
	{ INT8ARRAYOID, INT8ARRAYOID }, NULL
};
static VaStatement start_statement = { "SELECT voiceagent_private.start_if_due($1)::integer", 1, { INT8OID }, NULL };
static VaStatement deadline_statement = {
	"SELECT voiceagent_private.next_lane_change() AS lanes, voiceagent_private.request_expiry()", 0, { 0 }, NULL
};

/* The work for one tenant in one commit. */
typedef struct Step
{
	int64 tenant_id;
	int64 campaign_id; /* to be started */
	int64 done;		   /* how many lanes, or campaigns */
} Step;

static void
advance_tenant_lanes(void *arg)
{
	Step *step = arg;
	Datum values[1] = { Int32GetDatum(ROLL_MAX) };

	va_set_tenant(step->tenant_id);
	va_execute(&roll_statement, values, NULL);
	step->done = va_single_int();
}

static void
start_campaign(void *arg)
{
	Step *step = arg;
	Datum values[1] = { Int64GetDatum(step->campaign_id) };

	va_set_tenant(step->tenant_id);
	va_execute(&start_statement, values, NULL);
	step->done = va_single_int();
}

/* A tenant for which this fails is put off, and the others have their turn. */
static bool
try_step(const char *what, void (*unit)(void *arg), Step *step)
{
	char sqlstate[6];
	char *message;
	bool done;

	va_begin(what);
	done = va_try(unit, step, sqlstate, &message);
	va_commit();
	if (done)
		va_backoff_reset(&put_off, step->tenant_id);
	else if (va_backoff_start(&put_off, step->tenant_id, FAILED_WAIT_MS))
		ereport(LOG, (errmsg("could not %s of tenant " INT64_FORMAT ": %s: %s", what, step->tenant_id, sqlstate,
						 va_mask_caught(message, sqlstate))));
	CHECK_FOR_INTERRUPTS();
	return done;
}

/* The tenants with lanes that are due, except these; how many. */
static int
closing_tenants(int64 **tenants, const int64 *passed, int n_passed)
{
	Datum values[2] = { Int32GetDatum(ROLL_MAX), va_array_of_int8(passed, n_passed) };
	int n;

	va_begin("look whose lanes open and close");
	n = (int) va_execute(&tenants_statement, values, NULL);
	*tenants = palloc(sizeof(int64) * Max(n, 1));
	for (int i = 0; i < n; i++)
		(*tenants)[i] = va_column_int(i, "t", 0);
	va_commit();
	return n;
}

/*
 * Each tenant once, and again while it has more than one commit takes. Tenants
 * whose lanes are locked do not hide others.
 */
static void
advance_lanes(void)
{
	int size = VA_TENANT_BACKOFF_MAX + ROLL_MAX;
	int64 *passed = palloc(sizeof(int64) * size);
	int n_passed = va_backoff_tenants(&put_off, passed);
	bool rolled = false;
	int64 *tenants;
	int n;

	while ((n = closing_tenants(&tenants, passed, n_passed)) > 0)
	{
		if (n_passed + n > size)
			passed = repalloc(passed, sizeof(int64) * (size = n_passed + n + ROLL_MAX));
		for (int i = 0; i < n; i++)
		{
			Step step = { .tenant_id = tenants[i] };

			if (try_step("open and close lanes", advance_tenant_lanes, &step))
				rolled = rolled || step.done > 0;
			if (step.done < ROLL_MAX)
				passed[n_passed++] = tenants[i];
		}
	}
	if (rolled)
		va_tasks_poke(VA_TASK_BIT(VA_TASK_DIALER));
}

/* False: none is due except these. */
static bool
due_start(Step *step, const int64 *tenants, int n_tenants, const int64 *campaigns, int n_campaigns)
{
	Datum values[2] = { va_array_of_int8(tenants, n_tenants), va_array_of_int8(campaigns, n_campaigns) };
	bool found;

	va_begin("look for campaigns to start");
	found = va_execute(&starts_statement, values, NULL) == 1;
	if (found)
		*step = (Step){ va_column_int(0, "tenant_id", 0), va_column_int(0, "campaign_id", 0), 0 };
	va_commit();
	return found;
}

/* One campaign per commit: a fault of one delays neither the others nor the lanes. */
static void
start_campaigns(void)
{
	int64 tenants[VA_TENANT_BACKOFF_MAX];
	int64 passed[PASS_MAX];
	int n_passed = 0;
	Step step;

	while (n_passed < PASS_MAX && due_start(&step, tenants, va_backoff_tenants(&put_off, tenants), passed, n_passed))
	{
		(void) try_step("start campaigns", start_campaign, &step);
		if (step.done == 0)
			passed[n_passed++] = step.campaign_id;
	}
}

static void
schedules_start(VaWorker *worker)
{
	va_begin("read the latest time");
	va_clock_watch_from();
	va_commit();
}

/* When lanes and starts are looked at again. */
static void
find_deadline(void)
{
	va_begin("find the next change of a lane");
	va_execute(&deadline_statement, NULL, NULL);
	lanes_due = Max(va_clock_to_real(va_column_time(0, "lanes")), lanes_rest);
	va_commit();
	look_again = Min(lanes_due, va_clock_watch_due());
}

static TimestampTz
schedules_turn(VaWorker *worker, VaWake why)
{
	bool set_back = va_clock_watch();

	if (!set_back && (why & ~VA_WAKE_IO) == 0)
		return look_again;
	if (set_back || (why & ~(VA_WAKE_IO | VA_WAKE_POKE | VA_WAKE_TIMER)) != 0 || lanes_due <= GetCurrentTimestamp())
	{
		advance_lanes();
		start_campaigns();
		lanes_rest = GetCurrentTimestamp() + PASSED_OVER_US;
	}
	find_deadline();
	return look_again;
}

const VaTask va_schedules_task = { "schedules", schedules_start, schedules_turn, NULL, POKE_REST_MS };
