/*-------------------------------------------------------------------------
 * sender.c
 *		How requests of tenants go out, of whatever kind (contract in sender.h).
 *
 * A round serves every tenant with something due once, an equal part of what is
 * free each; the next one goes on behind the last tenant. However often a
 * sender is poked, rounds have a minimum interval and take a tenth of the time
 * at most. An answer, which frees a place, does not wait.
 *
 * While a tenant's transaction holds the rows that an answer belongs to, its
 * answers are kept, and no more is sent for it.  No locks beyond those of the
 * kinds' statements.
 */
#include "postgres.h"

#include "miscadmin.h"
#include "utils/memutils.h"
#include "utils/timestamp.h"

#include "core/clock.h"
#include "sender.h"
#include "tenancy/log_redaction.h"
#include "tenancy/vault.h"

/* Tenants served in one round. */
#define ROUND_TENANTS 100
#define LOOK_EVERY_US (20 * 1000)
/* The rest after a round, as a multiple of the time that the round took. */
#define LOOK_SHARE 10
/* A record that takes longer than this is long, and the longest rest after one. */
#define LONG_RECORD_MS 100
#define LONGEST_REST_MS (60 * 1000)

/* Tests make a worker die at any of these, named after its sender. */
static void
crash_point(const VaSender *sender, const char *where)
{
	VA_CRASH_POINT(psprintf("%s_%s", sender->name, where));
}

/* ---- the client ---- */

static VaHttp *
client_of(VaSender *sender, VaWorker *worker)
{
	char reason[200];
	VaHttpOptions options = va_worker_http_options(worker);

	if (sender->answer_max == 0)
		return va_worker_http(worker);
	options.max_in_flight = sender->in_flight_max;
	options.max_response_bytes = sender->answer_max;
	if (sender->http == NULL)
	{
		sender->http = va_http_create(va_loop_uv(worker->loop), &options, reason, sizeof(reason));
		if (sender->http == NULL)
			ereport(ERROR, (errcode(ERRCODE_SYSTEM_ERROR), errmsg("could not make an HTTP client: %s", reason)));
	}
	return sender->http;
}

/* ---- requests ---- */

VaSending *
va_sending_add(VaSenderClaim *claim, int64 id)
{
	VaSending *sending = calloc(1, claim->sender->size);

	if (sending == NULL)
		ereport(ERROR, (errcode(ERRCODE_OUT_OF_MEMORY), errmsg("out of memory")));
	if (claim->n == 0)
		claim->sendings = palloc(sizeof(VaSending *) * Max(claim->limit + claim->urgent, 1));
	else if (claim->n >= claim->limit + claim->urgent)
		claim->sendings = repalloc(claim->sendings, sizeof(VaSending *) * (claim->n + 1));
	sending->sender = claim->sender;
	sending->tenant_id = claim->tenant_id;
	sending->id = id;
	claim->sendings[claim->n++] = sending;
	return sending;
}

VaSending *
va_sending_read(VaSenderClaim *claim, int row, const char *id)
{
	VaSending *sending = va_sending_add(claim, va_column_int(row, id, 0));
	bool judged = SPI_fnumber(SPI_tuptable->tupdesc, "problem") > 0;
	char *problem = judged ? va_column_text(row, "problem") : NULL;

	sending->private_host = va_column_bool(row, "private_host");
	sending->timeout_ms = (int) va_column_int(row, "timeout_ms", 0);
	if (problem != NULL)
		strlcpy(sending->error, problem, sizeof(sending->error));
	return sending;
}

typedef struct Opening
{
	int64 tenant_id; /* 0: the platform's */
	const char *name;
	char *secret;
} Opening;

static void
open_secret(void *arg)
{
	Opening *opening = arg;

	opening->secret = opening->tenant_id == 0 ? va_open_platform_secret(opening->name)
											  : va_open_secret(opening->tenant_id, opening->name);
}

char *
va_sending_secret(VaSending *sending, bool of_platform, const char *name, const char *missing)
{
	Opening opening = { of_platform ? 0 : sending->tenant_id, name, NULL };
	char sqlstate[6];
	char *message = NULL;

	if (name != NULL && !va_try(open_secret, &opening, sqlstate, &message))
		missing = message;
	if (name != NULL && opening.secret == NULL && missing != NULL && sending->error[0] == '\0')
		strlcpy(sending->error, missing, sizeof(sending->error));
	return opening.secret;
}

char *
va_sending_kept_secret(VaSending *sending, bool of_platform, const char *name, const char *missing)
{
	char *secret = va_sending_secret(sending, of_platform, name, missing);
	char *kept = va_arena_strdup(&sending->kept, secret);

	va_wipe(secret);
	if (sending->kept.oom)
		ereport(ERROR, (errcode(ERRCODE_OUT_OF_MEMORY), errmsg("out of memory")));
	return kept;
}

static void
free_sending(VaSending *sending)
{
	if (sending->result != NULL)
		va_http_result_free(sending->result);
	va_arena_free(&sending->kept);
	free(sending);
}

/* A VaHttpDone; with NULL when nothing could be sent. */
static void
on_answer(void *ctx, VaHttpResult *result)
{
	VaSending *sending = ctx;

	sending->result = result;
	sending->answered = true;
	sending->sender->in_flight--;
}

/* Requests on their way: urgent ones or others, of one tenant or (0) of all. */
static int
count_sent(VaSender *sender, int64 tenant_id, bool urgent)
{
	dlist_iter iter;
	int n = 0;

	dlist_foreach(iter, &sender->sendings)
	{
		VaSending *sending = dlist_container(VaSending, node, iter.cur);

		n += !sending->answered && sending->urgent == urgent && (tenant_id == 0 || sending->tenant_id == tenant_id);
	}
	return n;
}

/* ---- tenants that are put off ---- */

static TimestampTz
put_off_until(const VaSender *sender, int64 tenant_id)
{
	return Max(va_backoff_until(&sender->held, tenant_id), va_backoff_until(&sender->rests, tenant_id));
}

static bool
is_put_off(const VaSender *sender, int64 tenant_id)
{
	return va_backoff_active(&sender->held, tenant_id) || va_backoff_active(&sender->rests, tenant_id);
}

/* However much of its answers there is to record, most of the time is the others'. */
static void
rest_after(VaSender *sender, int64 tenant_id, TimestampTz began)
{
	long took_ms = TimestampDifferenceMilliseconds(began, GetCurrentTimestamp());

	va_backoff_reset(&sender->rests, tenant_id);
	if (sender->rest_factor == 0 || took_ms <= LONG_RECORD_MS)
		return;
	sender->rests.longest_ms = LONGEST_REST_MS;
	(void) va_backoff_start(&sender->rests, tenant_id, (int) Min(took_ms * sender->rest_factor, LONGEST_REST_MS));
}

/* ---- answers ---- */

const char *
va_sending_problem(const VaSending *sending)
{
	const VaHttpResult *result = sending->result;

	if (result == NULL)
		return sending->error;
	if (result->outcome != VA_HTTP_OK)
		return result->error;
	if (result->status >= 300 && result->status < 400)
		return psprintf("HTTP status %d: redirects are not followed", result->status);
	if (result->status < 200 || result->status >= 300)
		return psprintf("HTTP status %d", result->status);
	return NULL;
}

Datum
va_sending_body(const VaSending *sending, bool wanted)
{
	return wanted ? va_bytea(sending->result->body, sending->result->body_len) : va_bytea(NULL, 0);
}

/* Answers of one tenant. */
typedef struct Answers
{
	VaSender *sender;
	VaSending **sendings;
	int n;
} Answers;

static void
record_answers(void *arg)
{
	Answers *answers = arg;

	va_set_tenant(answers->sendings[0]->tenant_id);
	answers->sender->record(answers->sendings, answers->n);
}

/*
 * A commit of their own. False: their rows are locked, and they are kept.
 * Answers that cannot be recorded for another reason (a tenant's rows are
 * damaged) are left to their lease: they must not keep others from being
 * recorded.
 */
static bool
try_record(VaSender *sender, Answers *answers)
{
	int64 tenant_id = answers->sendings[0]->tenant_id;
	TimestampTz began = GetCurrentTimestamp();
	char sqlstate[6];
	char *message;
	bool noted;

	if (is_put_off(sender, tenant_id))
		return false;
	va_begin(sender->recording);
	noted = va_try(record_answers, answers, sqlstate, &message);
	crash_point(sender, "mid_record");
	va_commit();
	crash_point(sender, "after_record");
	if (!noted && va_is_lock_error(sqlstate))
	{
		crash_point(sender, "answer_waits");
		if (va_backoff_start(&sender->held, tenant_id, VA_HELD_WAIT_MS))
			ereport(
				LOG, (errmsg("answers to %s of tenant " INT64_FORMAT " wait for a transaction that holds their rows",
						 sender->what, tenant_id)));
		return false;
	}
	va_backoff_reset(&sender->held, tenant_id);
	if (noted)
		rest_after(sender, tenant_id, began);
	else
		ereport(LOG, (errmsg("could not record answers to %s of tenant " INT64_FORMAT ": %s: %s", sender->what,
						 tenant_id, sqlstate, va_mask_caught(message, sqlstate))));
	return true;
}

static int
compare_sendings(const ListCell *a, const ListCell *b)
{
	const VaSending *one = lfirst(a);
	const VaSending *two = lfirst(b);

	if (one->tenant_id != two->tenant_id)
		return one->tenant_id < two->tenant_id ? -1 : 1;
	return one->id < two->id ? -1 : one->id > two->id;
}

/* Those that are to be recorded now, tenant by tenant, in the order of their ids. */
static List *
answered_sendings(VaSender *sender)
{
	List *answered = NIL;
	dlist_iter iter;

	dlist_foreach(iter, &sender->sendings)
	{
		VaSending *sending = dlist_container(VaSending, node, iter.cur);

		if (sending->answered && !is_put_off(sender, sending->tenant_id))
			answered = lappend(answered, sending);
	}
	list_sort(answered, compare_sendings);
	return answered;
}

/* The first answers of the list that are recorded together. */
static Answers
take_answers(VaSender *sender, List *answered, int from)
{
	Answers answers = { sender, palloc(sizeof(VaSending *) * list_length(answered)), 0 };

	for (int i = from; i < list_length(answered); i++)
	{
		VaSending *sending = list_nth(answered, i);

		if (answers.n > 0 && (sending->tenant_id != answers.sendings[0]->tenant_id || answers.n == sender->record_max))
			break;
		answers.sendings[answers.n++] = sending;
	}
	return answers;
}

/* False: there was none, or only answers of tenants that are put off. Answers that a later error leaves unrecorded stay listed. */
static bool
record_all(VaSender *sender)
{
	List *answered = answered_sendings(sender);

	if (answered == NIL)
		return false;
	crash_point(sender, "before_record");
	for (int from = 0; from < list_length(answered);)
	{
		Answers answers = take_answers(sender, answered, from);

		from += answers.n;
		if (!try_record(sender, &answers))
			continue;
		for (int i = 0; i < answers.n; i++)
		{
			dlist_delete(&answers.sendings[i]->node);
			free_sending(answers.sendings[i]);
		}
	}
	return true;
}

/* A request that could not be sent has ended already, and nothing else would wake us; locked ones wait. */
static TimestampTz
answers_due(VaSender *sender)
{
	TimestampTz due = DT_NOEND;
	dlist_iter iter;

	dlist_foreach(iter, &sender->sendings)
	{
		VaSending *sending = dlist_container(VaSending, node, iter.cur);

		if (sending->answered)
			due = Min(due, put_off_until(sender, sending->tenant_id));
	}
	return due;
}

/* ---- claim ---- */

static void
claim_rows(VaSenderClaim *claim)
{
	const VaSender *sender = claim->sender;
	Datum values[3] = { Int32GetDatum(claim->limit), BoolGetDatum(sender->timed ? claim->real_time : claim->armed),
		BoolGetDatum(claim->armed) };
	int n = (int) va_execute_at(sender->claims, values, NULL, &sender->claims_at);

	for (int i = 0; i < n; i++)
		sender->read(va_sending_read(claim, i, sender->id), i);
	/* The rows have been read, so the next statement may replace SPI's results. */
	for (int i = 0; i < n && sender->open != NULL; i++)
		if (claim->sendings[i]->error[0] == '\0')
			sender->open(claim->sendings[i]);
}

static void
claim_tenant(void *arg)
{
	VaSenderClaim *claim = arg;

	va_set_tenant(claim->tenant_id);
	if (claim->sender->claim != NULL)
		claim->sender->claim(claim);
	else
		claim_rows(claim);
}

/* The requests are not freed with the transaction, nor are their secrets. */
static void
forget_claim(VaSenderClaim *claim)
{
	for (int i = 0; i < claim->n; i++)
	{
		if (claim->sender->wipe != NULL)
			claim->sender->wipe(claim->sendings[i]);
		free_sending(claim->sendings[i]);
	}
	claim->n = 0;
}

/* False: the claim failed. The tenant is skipped; its requests come up later. */
static bool
fill_claim(VaSenderClaim *claim)
{
	VaSender *sender = claim->sender;
	char sqlstate[6];
	char *message;
	bool done;

	va_begin(sender->claiming);
	done = va_try(claim_tenant, claim, sqlstate, &message);
	if (!done)
	{
		forget_claim(claim);
		if (va_backoff_start(&sender->held, claim->tenant_id, VA_HELD_WAIT_MS) && !va_is_lock_error(sqlstate))
			ereport(LOG, (errmsg("could not claim %s of tenant " INT64_FORMAT ": %s: %s", sender->what,
							 claim->tenant_id, sqlstate, va_mask_caught(message, sqlstate))));
	}
	else
		va_backoff_reset(&sender->held, claim->tenant_id);
	crash_point(sender, "mid_claim");
	va_commit();
	return done;
}

/* ---- send ---- */

typedef struct Submission
{
	VaSending *sending;
	VaWorker *worker;
	VaArena *arena;
	bool sent;
} Submission;

static void
submit(void *arg)
{
	Submission *submission = arg;
	VaSending *sending = submission->sending;
	VaHttpClientRequest call = { .timeout_ms = sending->timeout_ms,
		.allow_loopback = sending->private_host,
		.allow_private = sending->private_host };

	if (sending->error[0] != '\0' || !sending->sender->build(sending, submission->arena, &call))
		return;
	if (submission->arena->oom)
		ereport(ERROR, (errcode(ERRCODE_OUT_OF_MEMORY), errmsg("out of memory")));
	call.urgent = sending->urgent;
	call.lane = sending->tenant_id;
	submission->sent = va_http_submit(client_of(sending->sender, submission->worker), &call, on_answer, sending,
		sending->error, sizeof(sending->error));
}

/* One that cannot be sent, whatever the reason, is recorded as such and keeps no other from being sent. */
static void
send_one(VaWorker *worker, VaSending *sending)
{
	VaSender *sender = sending->sender;
	Submission submission = { sending, worker, va_arena_here(), false };
	char sqlstate[6];
	char *message;

	if (!va_try_outside(submit, &submission, sqlstate, &message))
	{
		strlcpy(sending->error, message, sizeof(sending->error));
		ereport(LOG, (errmsg("could not send one of the %s of tenant " INT64_FORMAT ": %s: %s", sender->what,
						 sending->tenant_id, sqlstate, va_mask_caught(message, sqlstate))));
	}
	va_arena_free(submission.arena);
	if (sender->wipe != NULL)
		sender->wipe(sending);
	sender->in_flight++;
	dlist_push_tail(&sender->sendings, &sending->node);
	if (!submission.sent)
		on_answer(sending, NULL);
}

static void
send_claim(VaWorker *worker, VaSenderClaim *claim)
{
	crash_point(claim->sender, "before_send");
	for (int i = 0; i < claim->n; i++)
		send_one(worker, claim->sendings[i]);
	/* The next tenant's claim takes time: let these requests leave first. */
	va_loop_run(worker->loop);
	crash_point(claim->sender, "after_send");
}

/* ---- rounds ---- */

/* How many more of a tenant may leave, of at most limit. */
static void
share_out(VaSenderClaim *claim, int limit)
{
	VaSender *sender = claim->sender;
	int own = count_sent(sender, claim->tenant_id, false);
	int own_urgent = count_sent(sender, claim->tenant_id, true);
	int others_urgent = count_sent(sender, 0, true) - own_urgent;

	claim->limit = Min(limit, va_share_left(sender->in_flight_max, own, count_sent(sender, 0, false) - own));
	claim->urgent = Min(
		Max(sender->tenant_urgent - own_urgent, 0), va_share_left(sender->urgent_max, own_urgent, others_urgent));
}

/* Claims for a tenant and sends; how many. If something of it may go later by itself, *again is set to that if it is earlier. */
static int
serve_tenant(VaSender *sender, VaWorker *worker, int64 tenant_id, int limit, TimestampTz *again)
{
	bool real_time = va_clock_offset_us() == 0;
	VaSenderClaim claim = {
		.sender = sender, .tenant_id = tenant_id, .real_time = real_time, .armed = worker->real_carriers
	};
	MemoryContext memory;
	MemoryContext old;
	int wait_ms = VA_HELD_WAIT_MS;

	share_out(&claim, limit);
	/* Its answers first; or it has enough on its way, whose answers wake us. */
	if (is_put_off(sender, tenant_id) || claim.limit + claim.urgent == 0)
	{
		*again = Min(*again,
			Max(put_off_until(sender, tenant_id), TimestampTzPlusMilliseconds(GetCurrentTimestamp(), VA_HELD_WAIT_MS)));
		return 0;
	}
	memory = AllocSetContextCreate(worker->scratch, "claimed requests", ALLOCSET_DEFAULT_SIZES);
	old = MemoryContextSwitchTo(memory);
	/* Due, and not sent: its target has enough under way, or its rows are locked. */
	if (fill_claim(&claim) && claim.n == 0 && sender->in_flight == 0 && sender->next_part_ms > 0)
		wait_ms = sender->next_part_ms;
	if (claim.n > 0)
		send_claim(worker, &claim);
	else
		*again = Min(*again, TimestampTzPlusMilliseconds(GetCurrentTimestamp(), wait_ms));
	MemoryContextSwitchTo(old);
	MemoryContextDelete(memory);
	return claim.n;
}

static int
ready_tenants(VaSender *sender, int64 *tenants, TimestampTz *next)
{
	Datum values[2] = { Int64GetDatum(sender->last_tenant), Int32GetDatum(ROUND_TENANTS) };
	int n;

	va_begin(sender->looking);
	va_execute_at(&sender->ready, values, NULL, &(const VaPlace){ sender->file, __func__, "ready_statement" });
	n = (int) va_column_int(0, "n", 0);
	*next = va_column_time(0, "next_at");
	for (int i = 0; i < n; i++)
		tenants[i] = va_column_int(i, "tenant_id", 0);
	va_commit();
	return n;
}

static TimestampTz
serve_tenants(VaSender *sender, VaWorker *worker)
{
	int64 tenants[ROUND_TENANTS];
	bool from_start = sender->last_tenant == 0;
	TimestampTz again = DT_NOEND;
	TimestampTz next;
	int n = ready_tenants(sender, tenants, &next);
	int sent = 0;

	for (int i = 0; i < n; i++)
	{
		int room = sender->in_flight_max + sender->urgent_max - sender->in_flight;

		CHECK_FOR_INTERRUPTS();
		if (room <= 0)
			return DT_NOEND; /* the next answer wakes us */
		sender->last_tenant = tenants[i];
		sent += serve_tenant(sender, worker, tenants[i], Max(1, room / (n - i)), &again);
	}
	/* Up to the last tenant: the next round begins with the first one. */
	if (n < ROUND_TENANTS)
		sender->last_tenant = 0;
	if (sent > 0 || n == ROUND_TENANTS || !from_start)
		return GetCurrentTimestamp();
	return Min(again, va_clock_to_real(next));
}

/* freed: there were answers. */
static void
look_round(VaSender *sender, VaWorker *worker, VaWake why, bool freed)
{
	TimestampTz began = GetCurrentTimestamp();
	TimestampTz ended;

	if (!freed && (why & ~VA_WAKE_IO) == 0)
		return;
	/* A poke can wait a moment for more; but not for a clock that was set back. */
	if (!freed && began < sender->no_look_before && began > sender->no_look_before - USECS_PER_MINUTE)
	{
		sender->look_again = sender->no_look_before;
		return;
	}
	sender->look_again = serve_tenants(sender, worker);
	ended = GetCurrentTimestamp();
	/* A round that sent something may go on at once. */
	sender->no_look_before = sender->look_again <= ended ? ended
														 : ended + Max(LOOK_EVERY_US, (ended - began) * LOOK_SHARE);
}

/* ---- the task ---- */

void
va_sender_start(VaSender *sender)
{
	if (sender->size < sizeof(VaSending))
		elog(ERROR, "a request of sender \"%s\" is too small", sender->name);
	if (sender->sendings.head.next == NULL)
		dlist_init(&sender->sendings);
	sender->last_tenant = 0;
	sender->look_again = DT_NOEND;
	va_begin(sender->recovering);
	va_execute_at(&sender->recover, NULL, NULL, &(const VaPlace){ sender->file, __func__, "recover_statement" });
	va_commit();
}

TimestampTz
va_sender_turn(VaSender *sender, VaWorker *worker, VaWake why)
{
	bool freed = record_all(sender);

	look_round(sender, worker, why, freed);
	return Min(sender->look_again, answers_due(sender));
}

/* Answers that come no more are counted no more. */
void
va_sender_stop(VaSender *sender)
{
	dlist_mutable_iter iter;

	if (sender->http == NULL)
		return;
	va_http_destroy(sender->http);
	sender->http = NULL;
	dlist_foreach_modify(iter, &sender->sendings)
	{
		VaSending *sending = dlist_container(VaSending, node, iter.cur);

		sender->in_flight -= !sending->answered;
		dlist_delete(&sending->node);
		free_sending(sending);
	}
}
