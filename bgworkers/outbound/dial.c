/*-------------------------------------------------------------------------
 * dial.c
 *		Records what carriers answer to dials, many answers in one commit.
 *
 * It waits for no lock of a call: an answer whose call is locked by the applier
 * or a client is kept and tried again after 5 ms, then later each time. Answers
 * of a tenant whose other rows are locked are kept until they are free. An
 * answer that cannot be recorded at all is left to the lease of its call. Other
 * tenants' answers are recorded meanwhile.
 */
#include "postgres.h"

#include "utils/timestamp.h"

#include "core/counters.h"
#include "dialer.h"
#include "tenancy/log_redaction.h"
#include "runtime/tenant_backoff.h"
#include "core/statement.h"

/* First wait for a tenant for whose locks we waited in vain. */
#define HELD_WAIT_MS 1000
/*
 * While requests are under way an answer waits for others, so that one commit
 * takes many: this long, or as long as the last commit took.
 */
#define RECORD_AFTER_US 2000
#define RECORD_AFTER_MAX_US 20000
#define RECORD_MANY 100
/* When an answer whose call is locked is tried again: the first and the longest wait. */
#define HELD_CALL_MS 5
#define HELD_CALL_DOUBLINGS 6

VaDials va_dials = { .answer_us = VA_ANSWER_US };

static dlist_head under_way = DLIST_STATIC_INIT(under_way);
static int64 record_after = RECORD_AFTER_US;
static VaDial *kept = NULL;				/* answered, and to be tried again */
static VaTenantBackoff answers_put_off; /* of these tenants */

static VaStatement record_statement = {
	"SELECT a FROM unnest((voiceagent_private.record_answers($1, $2, $3, $4, $5, $6, $7)).put_off) AS a", 7,
	{ INT8ARRAYOID, TEXTARRAYOID, TEXTARRAYOID, TEXTARRAYOID, INT4ARRAYOID, TEXTARRAYOID, INT4ARRAYOID }, NULL
};

void
va_dial_done(void *ctx, VaHttpResult *result)
{
	VaDial *dial = ctx;

	dial->result = result;
	dlist_delete(&dial->under_way);
	if (va_dials.answered == NULL)
		va_dials.answered_since = GetCurrentTimestamp();
	if (result != NULL && dial->sent && !result->late)
	{
		dial->answered_us = result->elapsed_us;
		va_dials.answer_us += (dial->answered_us - va_dials.answer_us) / 64;
	}
	dial->next = va_dials.answered;
	va_dials.answered = dial;
	va_dials.n_answered++;
	if (result != NULL && result->late)
		dial->result = va_retry_unsent(dial->retry, result);
}

void
va_dial_begun(VaDial *dial)
{
	dlist_push_tail(&under_way, &dial->under_way);
}

int
va_dials_left(int64 tenant_id, int weight, int max)
{
	dlist_iter iter;
	int own = 0;
	int n = 0;

	dlist_foreach(iter, &under_way)
	{
		own += dlist_container(VaDial, under_way, iter.cur)->tenant_id == tenant_id;
		n++;
	}
	return va_weighted_share_left(max, own, n - own, weight);
}

/* ---- what the carriers answered ---- */

void
va_dial_read(const VaDial *dial, VaArena *arena, VaDialOutcome *outcome)
{
	VaHttpResponse response;

	if (dial->unstored)
	{
		outcome->kind = VA_DIAL_REFUSED_RETRY;
		outcome->cause = "not-sent-in-time";
		outcome->message = "no standby had stored the claim";
		return;
	}
	if (dial->result == NULL)
	{
		outcome->kind = dial->bad_account ? VA_DIAL_BAD_ACCOUNT : VA_DIAL_REFUSED_PERMANENT;
		outcome->cause = dial->bad_account ? "account-unusable" : "request-refused";
		outcome->message = dial->error;
		return;
	}
	if (dial->result->late)
	{
		VA_SOMETIMES("dial_too_late");
		outcome->kind = VA_DIAL_REFUSED_RETRY;
		outcome->cause = "not-sent-in-time";
		return;
	}
	va_account_response(dial->result, &response);
	dial->driver->read_call_response(&response, arena, outcome);
	if (outcome->kind == VA_DIAL_ACCEPTED && outcome->provider_call_id == NULL && dial->driver->refs_are_ids)
		outcome->provider_call_id = dial->reference;
}

static int
compare_dials(const void *a, const void *b)
{
	const VaDial *one = *(VaDial *const *) a;
	const VaDial *two = *(VaDial *const *) b;

	if (one->tenant_id != two->tenant_id)
		return one->tenant_id < two->tenant_id ? -1 : 1;
	return one->attempt_id < two->attempt_id ? -1 : one->attempt_id > two->attempt_id;
}

/* The call of this attempt is locked: its answer is tried again. */
static void
put_off(VaDial **dials, int n, int64 attempt_id)
{
	for (int i = 0; i < n; i++)
	{
		VaDial *dial = dials[i];

		if (dial->attempt_id != attempt_id)
			continue;
		VA_SOMETIMES("answer_waits_for_call");
		dial->put_off = true;
		dial->again_at = TimestampTzPlusMilliseconds(
			GetCurrentTimestamp(), HELD_CALL_MS << Min(dial->tries, HELD_CALL_DOUBLINGS));
		dial->tries++;
	}
}

/* The answers of one tenant, in the order of attempts: locks are taken in that order. */
static void
record_tenant(VaDial **dials, int n, VaArena *arena)
{
	int64 *attempts = palloc(sizeof(int64) * n);
	const char **kinds = palloc(sizeof(char *) * n);
	const char **calls = palloc(sizeof(char *) * n);
	const char **controls = palloc(sizeof(char *) * n);
	const char **errors = palloc(sizeof(char *) * n);
	int32 *statuses = palloc(sizeof(int32) * n);
	int32 *waits = palloc(sizeof(int32) * n);
	bool *no_status = palloc(sizeof(bool) * n);
	Datum values[7];
	int n_put_off;

	for (int i = 0; i < n; i++)
	{
		VaDialOutcome outcome = { 0 };

		va_dial_read(dials[i], arena, &outcome);
		/*
		 * The request whose answer was lost may have placed the call, whatever
		 * the carrier answers to the next one.
		 */
		if (outcome.kind != VA_DIAL_ACCEPTED && va_retry_was_sent(dials[i]->retry))
			outcome.kind = VA_DIAL_UNKNOWN;
		attempts[i] = dials[i]->attempt_id;
		dials[i]->kind = outcome.kind;
		kinds[i] = va_dial_kind_name(outcome.kind);
		calls[i] = outcome.provider_call_id;
		controls[i] = outcome.control_url;
		errors[i] = outcome.kind == VA_DIAL_ACCEPTED
						? NULL
						: psprintf("%s%s%s", outcome.cause ? outcome.cause : "", outcome.message ? ": " : "",
							  outcome.message ? outcome.message : "");
		statuses[i] = dials[i]->result ? dials[i]->result->status : 0;
		no_status[i] = statuses[i] == 0;
		waits[i] = (int32) Min(outcome.retry_after_s, 86400);
	}
	va_set_tenant(dials[0]->tenant_id);
	values[0] = va_array_of_int8(attempts, n);
	values[1] = va_array_of_text(kinds, n);
	values[2] = va_array_of_text(calls, n);
	values[3] = va_array_of_text(controls, n);
	values[4] = va_array_of_int4(statuses, no_status, n);
	values[5] = va_array_of_text(errors, n);
	values[6] = va_array_of_int4(waits, NULL, n);
	n_put_off = (int) va_execute(&record_statement, values, NULL);
	for (int i = 0; i < n_put_off; i++)
		put_off(dials, n, va_column_int(i, "a", 0));
}

typedef struct Answers
{
	VaDial **dials;
	int n;
	VaArena *arena;
} Answers;

static void
record_unit(void *arg)
{
	Answers *answers = arg;

	record_tenant(answers->dials, answers->n, answers->arena);
}

/* The outcome of an answer. */
typedef enum Noting
{
	ANSWER_KEPT, /* its call or its tenant's rows are locked: it is recorded later */
	ANSWER_NOTED,
	ANSWER_LEFT /* it cannot be recorded: the carrier is asked when its lease ends */
} Noting;

static Noting
try_record(Answers *answers)
{
	int64 tenant = answers->dials[0]->tenant_id;
	char sqlstate[6];
	char *message;

	if (va_backoff_active(&answers_put_off, tenant))
		return ANSWER_KEPT;
	if (va_try(record_unit, answers, sqlstate, &message))
	{
		va_backoff_reset(&answers_put_off, tenant);
		return ANSWER_NOTED;
	}
	if (va_may_pass(sqlstate))
	{
		if (va_backoff_start(&answers_put_off, tenant, HELD_WAIT_MS))
			ereport(
				LOG, (errmsg("answers to calls of tenant " INT64_FORMAT " wait for a transaction that holds its rows",
						 tenant)));
		return ANSWER_KEPT;
	}
	if (answers->n == 1)
		ereport(
			LOG, (errmsg("could not record the answer to attempt " INT64_FORMAT " of tenant " INT64_FORMAT ": %s: %s",
					 answers->dials[0]->attempt_id, tenant, sqlstate, va_mask_caught(message, sqlstate))));
	return ANSWER_LEFT;
}

/* One tenant's answers: together, or, when that fails for one of them, each alone. */
static void
record_answers(Answers *answers, Noting *notings)
{
	Noting noting = try_record(answers);

	for (int i = 0; i < answers->n; i++)
	{
		Answers one = { answers->dials + i, 1, answers->arena };

		notings[i] = noting == ANSWER_LEFT && answers->n > 1 ? try_record(&one) : noting;
		if (notings[i] == ANSWER_NOTED && answers->dials[i]->put_off)
			notings[i] = ANSWER_KEPT;
	}
}

/* The first behind `from` that is another tenant's. */
static int
end_of_tenant(VaDial **dials, int from, int n)
{
	int to = from;

	while (to < n && dials[to]->tenant_id == dials[from]->tenant_id)
		to++;
	return to;
}

static void
free_dial(VaDial *dial)
{
	if (dial->result != NULL)
		va_http_result_free(dial->result);
	va_retry_free(dial->retry);
	free(dial);
}

static void
count_dial(const VaDial *dial)
{
	va_count(VA_COUNT_DIALS + dial->kind, 1);
	if (dial->answered_us > 0)
		va_time(VA_TIME_DIAL, dial->answered_us);
}

/* Every answer that is to be recorded now, grouped by tenant. */
static VaDial **
collect_answers(TimestampTz now, int *n)
{
	VaDial **dials;
	int size = 0;

	for (VaDial *dial = va_dials.answered; dial != NULL; dial = dial->next)
		size++;
	for (VaDial *dial = kept; dial != NULL; dial = dial->next)
		size++;
	dials = palloc(sizeof(VaDial *) * Max(size, 1));
	*n = 0;
	for (VaDial *dial = va_dials.answered; dial != NULL; dial = dial->next)
		dials[(*n)++] = dial;
	for (VaDial *dial = kept; dial != NULL; dial = dial->next)
	{
		dial->collected = dial->again_at <= now;
		if (dial->collected)
			dials[(*n)++] = dial;
	}
	qsort(dials, *n, sizeof(VaDial *), compare_dials);
	for (int i = 0; i < *n; i++)
		dials[i]->put_off = false;
	return dials;
}

/*
 * Drop the answers that were recorded or are left to their lease; keep the
 * others, and those that are not due yet.
 */
static void
sort_out(VaDial **dials, const Noting *notings, int n)
{
	VaDial *later = NULL;
	VaDial *next;

	for (VaDial *dial = kept; dial != NULL; dial = next)
	{
		next = dial->next;
		if (dial->collected)
			continue; /* is one of these, and may have been put off since */
		dial->next = later;
		later = dial;
	}
	for (int i = 0; i < n; i++)
	{
		if (notings[i] == ANSWER_NOTED)
			count_dial(dials[i]);
		if (notings[i] != ANSWER_KEPT)
		{
			free_dial(dials[i]);
			continue;
		}
		dials[i]->next = later;
		later = dials[i];
	}
	kept = later;
}

/* Answers of tenants, in their order, in one commit; false when that fails: then nothing is recorded. */
static bool
record_in_one_commit(VaDial **dials, Noting *notings, int n, VaArena *arena, char sqlstate[6], char **message)
{
	va_begin("record answers of carriers");
	for (int from = 0, to; from < n; from = to)
	{
		to = end_of_tenant(dials, from, n);
		record_answers(&(Answers){ dials + from, to - from, arena }, notings + from);
	}
	return va_try_commit(sqlstate, message);
}

/* A commit's error is some tenant's: each has one of its own, and the others are recorded. */
static void
record_one_by_one(VaDial **dials, Noting *notings, int n, VaArena *arena)
{
	char sqlstate[6];
	char *message;

	for (int from = 0, to; from < n; from = to)
	{
		int64 tenant = dials[from]->tenant_id;
		bool may_pass;

		to = end_of_tenant(dials, from, n);
		if (record_in_one_commit(dials + from, notings + from, to - from, arena, sqlstate, &message))
			continue;
		may_pass = va_may_pass(sqlstate);
		for (int i = from; i < to; i++)
			notings[i] = may_pass ? ANSWER_KEPT : ANSWER_LEFT;
		if (may_pass)
			(void) va_backoff_start(&answers_put_off, tenant, HELD_WAIT_MS);
		else
			ereport(LOG, (errmsg("could not record answers to calls of tenant " INT64_FORMAT ": %s: %s", tenant,
							 sqlstate, va_mask_caught(message, sqlstate))));
	}
}

void
va_dials_record(void)
{
	TimestampTz now = GetCurrentTimestamp();
	int n;
	VaDial **dials = collect_answers(now, &n);
	Noting *notings = palloc(sizeof(Noting) * Max(n, 1));
	VaArena *arena = va_arena_here();
	char sqlstate[6];
	char *message;

	if (n == 0)
		return;

	VA_CRASH_POINT("before_record");
	if (!record_in_one_commit(dials, notings, n, arena, sqlstate, &message))
		record_one_by_one(dials, notings, n, arena);
	record_after = Max(RECORD_AFTER_US, Min(GetCurrentTimestamp() - now, RECORD_AFTER_MAX_US));

	va_dials.in_flight -= va_dials.n_answered;
	va_dials.answered = NULL;
	va_dials.n_answered = 0;
	sort_out(dials, notings, n);
}

/* When the first of those that are kept is to be tried again. */
static TimestampTz
kept_due(void)
{
	TimestampTz due = DT_NOEND;

	for (VaDial *dial = kept; dial != NULL; dial = dial->next)
	{
		TimestampTz tenant_at = va_backoff_until(&answers_put_off, dial->tenant_id);

		due = Min(due, Max(dial->again_at, tenant_at));
	}
	return due;
}

TimestampTz
va_dials_due(void)
{
	TimestampTz due = kept_due();

	if (va_dials.answered == NULL)
		return due;
	if (va_dials.n_answered >= va_dials.in_flight || va_dials.n_answered >= RECORD_MANY)
		return Min(due, va_dials.answered_since);
	return Min(due, va_dials.answered_since + record_after);
}
