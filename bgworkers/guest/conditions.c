/*-------------------------------------------------------------------------
 * conditions.c
 *		The task that evaluates the conditions of audiences.
 *
 * A condition is a tenant's own text. It is checked before it is taken and bounded while it runs
 * (extension/queue/condition_bounds.c); should it find a way past both, it is alone in this process, with a
 * role that reads leads of the session's tenant and writes nothing, with little memory and little time
 * (runtime/guest_limits.h). Its finds are recorded, and the process keeper adds those leads to the campaign.
 *
 * An evaluation is claimed in a commit of its own, which counts the try, so that a try that ends the process is
 * known when the next process starts. After three tries the condition is switched off, with a notice.
 *
 * The audience that has been due longest is next, so a tenant's many conditions
 * wait for one piece of each other tenant's.  No lock is held across two
 * transactions.
 */
#include "postgres.h"

#include "utils/builtins.h"
#include "utils/timestamp.h"

#include "core/clock.h"
#include "tenancy/log_redaction.h"
#include "runtime/guest_limits.h"
#include "core/statement.h"
#include "runtime/worker.h"

/* After a piece of work it rests for as long as that took: half a processor at most. */
#define REST_FACTOR 1

static VaStatement recall_statement = { "SELECT voiceagent_private.recall_evaluations()", 0, { 0 }, NULL };
static VaStatement claim_statement = { "SELECT c.tenant_id, c.audience_id, c.spent::integer AS spent, c.next_at FROM "
									   "voiceagent_private.claim_evaluation($1) AS c",
	1, { INT8OID }, NULL };
static VaStatement evaluate_statement = { "SELECT voiceagent_private.evaluate_audience($1)", 1, { INT8OID }, NULL };
static VaStatement failed_statement = { "SELECT voiceagent_private.evaluation_failed($1, $2, $3)", 3,
	{ INT8OID, TEXTOID, TEXTOID }, NULL };

typedef struct Evaluation
{
	int64 tenant_id; /* 0: none is due */
	int64 audience_id;
	bool spent;			  /* its tries have ended the process */
	const char *sqlstate; /* of a failure */
	const char *message;
} Evaluation;

static TimestampTz look_again = DT_NOEND;
static TimestampTz rest_until = 0;
static int64 rest_us = 0; /* how long that rest is */

static Evaluation
claim(void)
{
	static int64 last_tenant = 0; /* whose turn it was */
	Evaluation found = { 0 };
	Datum values[1] = { Int64GetDatum(last_tenant) };

	va_begin("claim an evaluation");
	va_execute(&claim_statement, values, NULL);
	found.tenant_id = va_column_int(0, "tenant_id", 0);
	found.audience_id = va_column_int(0, "audience_id", 0);
	found.spent = va_column_int(0, "spent", 0) != 0;
	look_again = va_clock_to_real(va_column_time(0, "next_at"));
	va_commit();
	last_tenant = found.tenant_id;
	return found;
}

static void
evaluate(void *arg)
{
	Evaluation *evaluation = arg;
	Datum values[1] = { Int64GetDatum(evaluation->audience_id) };

	va_set_tenant(evaluation->tenant_id);
	va_execute(&evaluate_statement, values, NULL);
}

static void
fail(void *arg)
{
	Evaluation *evaluation = arg;
	Datum values[3] = { Int64GetDatum(evaluation->audience_id), CStringGetTextDatum(evaluation->sqlstate),
		CStringGetTextDatum(evaluation->message) };

	va_set_tenant(evaluation->tenant_id);
	va_execute(&failed_statement, values, NULL);
}

/* If that fails, too, the claim expires, and other audiences go on. */
static void
note_failure(Evaluation *evaluation, char *sqlstate, char *message)
{
	char again[6];
	char *why;

	evaluation->sqlstate = sqlstate;
	evaluation->message = message;
	if (!va_try(fail, evaluation, again, &why))
		ereport(LOG, (errmsg("could not note that: %s: %s", again, va_mask_caught(why, again))));
	ereport(LOG, (errmsg("could not evaluate audience " INT64_FORMAT " of tenant " INT64_FORMAT ": %s: %s",
					 evaluation->audience_id, evaluation->tenant_id, sqlstate, va_mask_caught(message, sqlstate))));
}

static void
evaluate_claimed(Evaluation *evaluation)
{
	char sqlstate[6];
	char *message;
	size_t used_before = va_guest_memory_used();

	va_begin("evaluate a condition");
	if (evaluation->spent)
		note_failure(evaluation, pstrdup("54000"), pstrdup("its evaluation does not come to an end"));
	/* A neighbour's leftovers are not its fault: the claim stays, and the next process tries it again. */
	else if (!va_guest_try(evaluate, evaluation, sqlstate, &message) && !va_guest_starved(used_before, sqlstate))
		note_failure(evaluation, sqlstate, message);
	va_commit();
}

static void
conditions_start(VaWorker *worker)
{
	va_begin("recall evaluations");
	va_execute(&recall_statement, NULL, NULL);
	va_commit();
}

static TimestampTz
conditions_turn(VaWorker *worker, VaWake why)
{
	TimestampTz began = GetCurrentTimestamp();
	Evaluation evaluation;

	rest_until = va_until(rest_until, rest_us);
	if (began < rest_until)
		return rest_until;
	if ((why & ~VA_WAKE_IO) == 0 && look_again > began)
		return look_again;
	evaluation = claim();
	if (evaluation.tenant_id == 0)
		return look_again;
	evaluate_claimed(&evaluation);
	look_again = GetCurrentTimestamp();
	rest_us = REST_FACTOR * Max(look_again - began, 0);
	rest_until = look_again + rest_us;
	return rest_until;
}

const VaTask va_conditions_task = { "conditions", conditions_start, conditions_turn, NULL, 0 };
