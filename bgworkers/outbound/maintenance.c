/*-------------------------------------------------------------------------
 * maintenance.c
 *		The room for work that can wait a moment: expiry, retention, audiences,
 *		and whatever else is registered in voiceagent_private.maintenance jobs.
 *
 * Each step of a maintenance job is a short transaction; between two steps the other rooms
 * have their turns, and after a step it rests for a multiple of what the step
 * took, so that a million rows to delete delay no call. What a maintenance job does is
 * written in SQL, in its own room.
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "utils/builtins.h"
#include "utils/timestamp.h"

#include "core/clock.h"
#include "tenancy/log_redaction.h"
#include "core/statement.h"
#include "runtime/worker.h"

static VaStatement recall_statement = { "SELECT voiceagent_private.requeue_jobs()", 0, { 0 }, NULL };
static VaStatement claim_statement = { "SELECT voiceagent_private.claim_job() AS job", 0, { 0 }, NULL };
static VaStatement perform_statement = { "SELECT voiceagent_private.run_job($1)", 1, { TEXTOID }, NULL };
static VaStatement failed_statement = { "SELECT voiceagent_private.job_failed($1, $2)", 2, { TEXTOID, TEXTOID }, NULL };
static VaStatement deadline_statement = { "SELECT voiceagent_private.next_job_at()", 0, { 0 }, NULL };

/* A step is followed by a rest of this many times its own duration: a fifth of the worker's time at most. */
#define REST_FACTOR 4
/* Work that can wait need not be looked for at every dial. */
#define POKE_REST_MS 200

static TimestampTz look_again = DT_NOEND;
static TimestampTz rest_until = 0;
static int64 rest_us = 0; /* how long that rest is */

static void
perform(void *arg)
{
	Datum values[1] = { CStringGetTextDatum((char *) arg) };

	va_execute(&perform_statement, values, NULL);
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
	look_again = GetCurrentTimestamp();
	rest_us = REST_FACTOR * Max(look_again - began, 0);
	rest_until = look_again + rest_us;
	return rest_until;
}

const VaTask va_maintenance_task = { "maintenance_jobs", maintenance_start, maintenance_turn, NULL, POKE_REST_MS };
