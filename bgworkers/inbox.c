/*-------------------------------------------------------------------------
 * inbox.c
 *		The room that gives stored webhooks their effect.
 *
 * All of the work is voiceagent_private.apply_inbox(): here it is only asked
 * for, tenant by tenant.  In a process of its own: a carrier that wants its
 * answer waits neither for this work nor for the locks that it meets.
 *
 * Two who apply cannot deadlock (rows are locked in the order of ids), but one
 * of them and a client's own transaction may: such a batch is simply tried
 * again.  A tenant that keeps its rows locked waits alone (see patience.h).
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "miscadmin.h"
#include "utils/timestamp.h"

#include "clock.h"
#include "patience.h"
#include "statement.h"
#include "worker.h"

/* Webhooks of one tenant in one commit. */
#define APPLY_MAX 1000
/* ... and of their bodies, since a batch is held in memory at once, several times over. */
#define APPLY_MAX_BYTES 33554432
#define ROUND_TENANTS 100
/* Tries of one batch that lost a deadlock. */
#define DEADLOCK_TRIES 5
/* First wait for a tenant whose leads somebody changes, and for one whose locks took us our time. */
#define BUSY_WAIT_MS 20
#define HELD_WAIT_MS 1000

static TimestampTz look_again = DT_NOEND;
static int64 last_tenant = 0;	/* whose turn it was last */
static int64 tenants[ROUND_TENANTS];	/* of this round */
static int	n_tenants = 0;
static int	n_served = 0;			/* of them */
static int	n_applied = 0;			/* of those */
static VaPatience patience;

static VaStatement tenants_statement = {
	"SELECT t FROM voiceagent_private.inbox_tenants($1, $2) AS t", 2, {INT8OID, INT4OID}, NULL
};
static VaStatement apply_statement = {
	"SELECT voiceagent_private.apply_inbox($1, $2)", 2, {INT4OID, INT4OID}, NULL
};
static VaStatement deadline_statement = {"SELECT voiceagent_private.next_inbox_at()", 0, {0}, NULL};

typedef struct Application
{
	int64		tenant_id;
	bool		busy;			/* somebody changes many of the tenant's leads at this moment */
} Application;

static void
apply_tenant(void *arg)
{
	Application *application = arg;
	Datum		values[2] = {Int32GetDatum(APPLY_MAX), Int32GetDatum(APPLY_MAX_BYTES)};

	va_act_for(application->tenant_id);
	va_execute(&apply_statement, values, NULL);
	application->busy = va_single_int() < 0;
}

/* False: the tenant's webhooks wait for a transaction that holds its rows. */
static bool
apply_with_retries(int64 tenant_id)
{
	Application application = {.tenant_id = tenant_id};

	for (int i = 1;; i++)
	{
		char		sqlstate[6];
		char	   *message;
		bool		done;

		CHECK_FOR_INTERRUPTS();
		va_begin("apply webhooks");
		done = va_try(apply_tenant, &application, sqlstate, &message);
		VA_CRASH_POINT("mid_apply");
		va_commit();
		if (done && application.busy)
			(void) va_put_off(&patience, tenant_id, BUSY_WAIT_MS);
		else if (done)
			va_served(&patience, tenant_id);
		if (done)
			return !application.busy;
		if (strcmp(sqlstate, "55P03") == 0)
		{
			if (va_put_off(&patience, tenant_id, HELD_WAIT_MS))
				ereport(LOG, (errmsg("webhooks of tenant " INT64_FORMAT " wait for a transaction that holds its rows", tenant_id)));
			return false;
		}
		if (i >= DEADLOCK_TRIES || (strcmp(sqlstate, "40P01") != 0 && strcmp(sqlstate, "40001") != 0))
			ereport(ERROR,
					(errcode(MAKE_SQLSTATE(sqlstate[0], sqlstate[1], sqlstate[2], sqlstate[3], sqlstate[4])),
					 errmsg("could not apply webhooks of tenant " INT64_FORMAT ": %s", tenant_id, message)));
	}
}

static void
inbox_start(VaWorker *worker)
{
}

/* Whose turn it is in the next round. */
static void
begin_round(void)
{
	Datum		values[2] = {Int64GetDatum(last_tenant), Int32GetDatum(ROUND_TENANTS)};
	int			n;

	n_tenants = n_served = n_applied = 0;
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

/* A tenant a turn: settings, signals and an end are seen between two of them. */
static TimestampTz
inbox_turn(VaWorker *worker, VaWake why)
{
	if (n_served == n_tenants)
	{
		if ((why & ~VA_WAKE_IO) == 0)
			return look_again;
		/* Before it looks: what it finds the gateway must not take in the meantime. */
		va_slot_set_busy(true);
		begin_round();
		va_slot_set_busy(n_tenants > 0);
		if (n_tenants == 0)
			return look_again;
	}
	/* First: should this one fail, the others are served before its next try. */
	last_tenant = tenants[n_served++];
	if (!va_is_put_off(&patience, last_tenant) && apply_with_retries(last_tenant))
		n_applied++;
	if (n_served < n_tenants || n_applied > 0)
		return GetCurrentTimestamp();
	/* All of them are waited for. */
	va_slot_set_busy(false);
	look_again = va_put_off_until(&patience);
	return look_again;
}

const VaRoom va_inbox_room = {"inbox", inbox_start, inbox_turn, NULL, 0};
