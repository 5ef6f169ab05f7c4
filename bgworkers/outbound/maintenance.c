/*-------------------------------------------------------------------------
 * maintenance.c
 *		The room for work that can wait a moment: expiry, retention, audiences,
 *		and whatever else is registered in voiceagent_private.maintenance jobs.
 *
 * Each step of a maintenance job is a short transaction; between two steps the other rooms
 * have their turns, and after a step the job, or the tenant whose step it was, rests for a
 * multiple of what the step took, so that a million rows to delete delay no call, and one
 * tenant's backlog no other's notice. A maintenance job is written in SQL, in its own
 * room. In between it is looked for queues that are to be written anew (renew.c).
 */
#include "postgres.h"

#include "utils/builtins.h"
#include "utils/timestamp.h"

#include "core/clock.h"
#include "tenancy/log_redaction.h"
#include "core/statement.h"
#include "runtime/worker.h"
#include "renew.h"

static VaStatement recall_statement = { "SELECT voiceagent_private.requeue_jobs()", 0, { 0 }, NULL };
static VaStatement claim_statement = { "SELECT voiceagent_private.claim_job() AS job", 0, { 0 }, NULL };
static VaStatement perform_statement = { "SELECT voiceagent_private.run_job($1, $2) AS tenant", 2, { TEXTOID, INT4OID },
	NULL };
static VaStatement failed_statement = { "SELECT voiceagent_private.job_failed($1, $2)", 2, { TEXTOID, TEXTOID }, NULL };
static VaStatement deadline_statement = { "SELECT voiceagent_private.next_job_at()", 0, { 0 }, NULL };

/* A step is followed by a rest of this many times its own duration: a fifth of the worker's time at most. */
#define REST_FACTOR 4
/* One tenant's step delays the others no longer than this: for the rest of it see run_turn(). */
#define MAX_REST_MS 200
/* Work that can wait need not be looked for at every dial. */
#define POKE_REST_MS 200

static TimestampTz look_again = DT_NOEND;
static TimestampTz rest_until = 0;
static int64 rest_us = 0;	   /* how long that rest is */
static bool of_tenant = false; /* the last step was one tenant's */

static void
perform(void *arg)
{
	Datum values[2] = { CStringGetTextDatum((char *) arg), Int32GetDatum(REST_FACTOR) };

	va_execute(&perform_statement, values, NULL);
	of_tenant = va_column_bool(0, "tenant");
}

/*
 * The maintenance job that is due, or NULL; a commit of its own, so that a step holds no
 * lock on it. Every poke of the dialer leads here, so it only reads unless
 * something is due.
 */
static char *
claim_job(void)
{
	char *job = NULL;

	va_begin("look for a maintenance job");
	va_execute(&deadline_statement, NULL, NULL);
	look_again = va_clock_to_real(va_single_time());
	if (look_again <= GetCurrentTimestamp())
	{
		va_execute(&claim_statement, NULL, NULL);
		job = va_column_text(0, "job");
		if (job != NULL)
			job = MemoryContextStrdup(va_this_worker()->scratch, job);
	}
	va_commit();
	return job;
}

static void
do_job(char *job)
{
	char sqlstate[6];
	char *message;

	of_tenant = false;
	va_begin(job);
	if (!va_try(perform, job, sqlstate, &message))
	{
		/* status() shows it to whoever watches. */
		const char *masked = va_mask_caught(message, sqlstate);
		Datum values[2] = { CStringGetTextDatum(job), CStringGetTextDatum(psprintf("%s %s", sqlstate, masked)) };

		va_execute(&failed_statement, values, NULL);
		ereport(LOG, (errmsg("maintenance job %s failed: %s %s", job, sqlstate, masked)));
	}
	va_commit();
}

static void
maintenance_start(VaWorker *worker)
{
	va_begin("recall maintenance jobs");
	va_execute(&recall_statement, NULL, NULL);
	va_commit();
}

static TimestampTz
maintenance_turn(VaWorker *worker, VaWake why)
{
	TimestampTz began = GetCurrentTimestamp();
	char *job;

	rest_until = va_until(rest_until, rest_us);
	if (began < rest_until)
		return rest_until;
	if ((why & ~VA_WAKE_IO) == 0 && look_again > began)
		return look_again;
	job = claim_job();
	if (job == NULL)
		return look_again;
	do_job(job);
	va_renew_queues();
	look_again = GetCurrentTimestamp();
	rest_us = REST_FACTOR * Max(look_again - began, 0);
	if (of_tenant)
		rest_us = Min(rest_us, MAX_REST_MS * INT64CONST(1000));
	rest_until = look_again + rest_us;
	return rest_until;
}

const VaTask va_maintenance_task = { "maintenance_jobs", maintenance_start, maintenance_turn, NULL, POKE_REST_MS };
