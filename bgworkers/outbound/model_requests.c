/*-------------------------------------------------------------------------
 * model_requests.c
 *		The task that asks language models.
 *
 * A turn has three parts, and no network inside a transaction: record the
 * answers (commit), claim what is due (commit), send.  What is asked, through
 * which account, and what an answer means for the request, the account and the
 * ledger is decided by SQL (38_model); here a driver puts it into the vendor's
 * words, and the answer is read and held against its schema and language.  A
 * request whose answer is lost is asked again when its lease ends: that costs
 * money, and SQL counts it.
 *
 * It has an HTTP client of its own: however slow a model is, it takes no
 * connection from the dialer.
 */
#include "postgres.h"

#include <sodium.h>

#include "catalog/pg_type.h"
#include "utils/builtins.h"
#include "utils/memutils.h"
#include "utils/timestamp.h"

#include "core/arena.h"
#include "core/clock.h"
#include "core/statement.h"
#include "http/client.h"
#include "model_answers.h"
#include "pure/models/models.h"
#include "runtime/fair_share.h"
#include "runtime/tenant_backoff.h"
#include "runtime/worker.h"
#include "tenancy/keys.h"
#include "tenancy/log_redaction.h"
#include "tenancy/vault.h"

/* Requests on their way at a time, for all tenants; one tenant has at most half of what the others leave. */
#define IN_FLIGHT_MAX 64
/* A longer answer is not read. */
#define ANSWER_MAX_BYTES (1024 * 1024)
/* First wait after a claim that failed, and before answers whose rows are locked are recorded. */
#define HELD_WAIT_MS 1000
#define POKE_REST_MS 20

/* What is claimed for one tenant in one commit. */
typedef struct ClaimBatch
{
	int64 tenant_id;
	int limit;
	bool may_ask;
	bool armed;
	VaModelAsk **asks;
	int n;
} ClaimBatch;

static VaHttp *http = NULL;
static VaModelAsk *answered = NULL; /* filled by callbacks, newest first; those whose rows are locked stay */
static VaModelAsk *out = NULL;		/* claimed and not recorded yet */
static VaTenantBackoff tenant_backoff;
static int in_flight = 0;

static VaStatement recover_statement = { "SELECT voiceagent_private.recover_model_requests()", 0, { 0 }, NULL };
static VaStatement ready_statement = { "SELECT t.tenant_id, r.next_at, cardinality(r.tenants) AS n FROM "
									   "voiceagent_private.ready_model_requests($1, $2) r"
									   " LEFT JOIN LATERAL unnest(r.tenants) AS t(tenant_id) ON true",
	2, { INT8OID, INT4OID }, NULL };
static VaStatement claim_statement = { "SELECT * FROM voiceagent_private.claim_model_requests($1, $2, $3)", 3,
	{ INT4OID, BOOLOID, BOOLOID }, NULL };

static void
on_answer(void *ctx, VaHttpResult *result)
{
	VaModelAsk *ask = ctx;

	ask->result = result;
	ask->next = answered;
	answered = ask;
}

/* ---- the client ---- */

static void
note_io(void *arg)
{
	va_loop_note_io((VaLoop *) arg);
}

static VaHttp *
models_http(VaWorker *worker)
{
	char reason[200];
	VaHttpOptions options = {
		.max_in_flight = IN_FLIGHT_MAX,
		.max_response_bytes = ANSWER_MAX_BYTES,
		.timeout_ms = va_guc_http_timeout_ms,
		.connect_timeout_ms = va_guc_http_connect_timeout_ms,
		.user_agent = "voiceagent",
		.note_io = note_io,
		.note_io_arg = worker->loop,
	};

	if (http == NULL)
	{
		http = va_http_create(va_loop_uv(worker->loop), &options, reason, sizeof(reason));
		if (http == NULL)
			ereport(ERROR, (errcode(ERRCODE_SYSTEM_ERROR), errmsg("could not make an HTTP client: %s", reason)));
	}
	return http;
}

/* ---- answers ---- */

static void
record_ask(void *arg)
{
	VaModelAsk *ask = arg;

	va_set_tenant(ask->tenant_id);
	va_model_record(ask);
}

/*
 * Each answer in a commit of its own. False: its rows are locked, and it is
 * kept. An answer that cannot be recorded for another reason is left to its
 * lease, so that it does not keep others from being recorded.
 */
static bool
try_record(VaModelAsk *ask)
{
	char sqlstate[6];
	char *message;
	bool noted;

	if (va_backoff_active(&tenant_backoff, ask->tenant_id))
		return false;
	va_begin("record answers of language models");
	noted = va_try(record_ask, ask, sqlstate, &message);
	VA_CRASH_POINT("model_requests_mid_record");
	va_commit();
	if (noted)
	{
		va_backoff_reset(&tenant_backoff, ask->tenant_id);
		return true;
	}
	if (va_is_lock_error(sqlstate))
	{
		(void) va_backoff_start(&tenant_backoff, ask->tenant_id, HELD_WAIT_MS);
		return false;
	}
	ereport(
		LOG, (errmsg("could not record the answer to model request " INT64_FORMAT " of tenant " INT64_FORMAT ": %s: %s",
				 ask->model_request_id, ask->tenant_id, sqlstate, va_mask_caught(message, sqlstate))));
	return true;
}

static void
unlink_ask(VaModelAsk *ask)
{
	VaModelAsk **link;

	for (link = &answered; *link != ask; link = &(*link)->next)
		;
	*link = ask->next;
	for (link = &out; *link != ask; link = &(*link)->next_out)
		;
	*link = ask->next_out;
	in_flight--;
	va_model_ask_free(ask);
}

static void
record_answers(void)
{
	VaModelAsk *list = answered;

	if (list == NULL)
		return;
	VA_CRASH_POINT("model_requests_before_record");
	/* Answers that a later error leaves unrecorded stay listed. */
	while (list != NULL)
	{
		VaModelAsk *ask = list;

		list = ask->next;
		if (try_record(ask))
			unlink_ask(ask);
	}
}

/* ---- claim ---- */

typedef struct Opening
{
	VaModelAsk *ask;
	char *key;
} Opening;

static void
open_key(void *arg)
{
	Opening *opening = arg;

	opening->key = va_model_open_key(opening->ask);
}

/* The key, in memory that is wiped with the request; a key that does not open is the request's problem alone. */
static void
fetch_key(VaModelAsk *ask)
{
	Opening opening = { ask, NULL };
	char sqlstate[6];
	char *message = NULL;

	if (!va_try(open_key, &opening, sqlstate, &message))
		strlcpy(ask->error, message, sizeof(ask->error));
	else if (opening.key == NULL && ask->driver->needs_key)
		strlcpy(ask->error, "the account has no key", sizeof(ask->error));
	if (opening.key != NULL)
	{
		ask->key = strdup(opening.key);
		va_wipe(opening.key);
	}
}

static void
claim_tenant(void *arg)
{
	ClaimBatch *batch = arg;
	Datum values[3] = { Int32GetDatum(batch->limit), BoolGetDatum(batch->may_ask), BoolGetDatum(batch->armed) };
	MemoryContext old;
	int n;

	va_set_tenant(batch->tenant_id);
	n = (int) va_execute(&claim_statement, values, NULL);
	old = MemoryContextSwitchTo(va_this_worker()->scratch);
	batch->asks = palloc0(sizeof(VaModelAsk *) * Max(n, 1));
	MemoryContextSwitchTo(old);
	for (batch->n = 0; batch->n < n; batch->n++)
		batch->asks[batch->n] = va_model_ask_read(batch->tenant_id, batch->n);
	/* The rows have been read, so the next statement may replace SPI's results. */
	for (int i = 0; i < n; i++)
		fetch_key(batch->asks[i]);
}

/* False: the claim failed. The tenant is skipped; its requests come up later. */
static bool
fill_batch(ClaimBatch *batch)
{
	char sqlstate[6];
	char *message;
	bool done;

	va_begin("claim model requests");
	done = va_try(claim_tenant, batch, sqlstate, &message);
	if (!done)
	{
		/* What was made is not freed with the transaction. */
		while (batch->n > 0)
			va_model_ask_free(batch->asks[--batch->n]);
		if (va_backoff_start(&tenant_backoff, batch->tenant_id, HELD_WAIT_MS) && !va_is_lock_error(sqlstate))
			ereport(LOG, (errmsg("could not claim model requests of tenant " INT64_FORMAT ": %s: %s", batch->tenant_id,
							 sqlstate, va_mask_caught(message, sqlstate))));
	}
	else
		va_backoff_reset(&tenant_backoff, batch->tenant_id);
	VA_CRASH_POINT("model_requests_mid_claim");
	va_commit();
	return done;
}

/* ---- send ---- */

static bool
submit(VaWorker *worker, VaModelAsk *ask)
{
	VaArena *arena = va_arena_here();
	VaHttpClientRequest call = { 0 };
	VaHttpRequest request = { 0 };
	const char *lines[8];
	bool sent = false;

	if (ask->error[0] == '\0' && va_model_build(ask, arena, &request))
	{
		for (int i = 0; i < request.nheaders; i++)
			lines[i] = va_arena_join(arena, request.headers[i].name, ": ", request.headers[i].value, NULL);
		call.method = request.method;
		call.url = request.url;
		call.headers = lines;
		call.nheaders = request.nheaders;
		call.body = request.body;
		call.body_len = request.body_len;
		call.timeout_ms = ask->timeout_ms;
		call.keep_limits = true;
		call.allow_loopback = call.allow_private = ask->private_host;
		sent = !arena->oom &&
			   va_http_submit(models_http(worker), &call, on_answer, ask, ask->error, sizeof(ask->error));
	}
	/* It has held the key. */
	va_arena_free(arena);
	return sent;
}

static void
send_batch(VaWorker *worker, ClaimBatch *batch)
{
	VA_CRASH_POINT("model_requests_before_send");
	for (int i = 0; i < batch->n; i++)
	{
		VaModelAsk *ask = batch->asks[i];
		bool sent = submit(worker, ask);

		/* Counted only now: an error before this must not leave it counted for ever. */
		in_flight++;
		ask->next_out = out;
		out = ask;
		if (!sent)
			on_answer(ask, NULL);
	}
	/* The next tenant's claim takes time: let these requests leave first. */
	va_loop_run(worker->loop);
	VA_CRASH_POINT("model_requests_after_send");
}

/* ---- the task ---- */

/* How many more of a tenant may leave, of at most limit. */
static int
share_of(int64 tenant_id, int limit)
{
	int own = 0;

	for (VaModelAsk *ask = out; ask != NULL; ask = ask->next_out)
		own += ask->tenant_id == tenant_id;
	return Max(Min(limit, (IN_FLIGHT_MAX - (in_flight - own) + 1) / 2 - own), 0);
}

static int
serve_tenant(VaWorker *worker, int64 tenant_id, int limit, TimestampTz *again)
{
	ClaimBatch batch = { .tenant_id = tenant_id,
		.limit = share_of(tenant_id, limit),
		.may_ask = va_clock_offset_us() == 0,
		.armed = worker->real_carriers };

	/* Its answers first; or it has enough on its way, whose answers wake us. */
	if (va_backoff_active(&tenant_backoff, tenant_id) || batch.limit == 0 || !fill_batch(&batch) || batch.n == 0)
		*again = Min(*again,
			Max(va_backoff_until(&tenant_backoff, tenant_id), GetCurrentTimestamp() + HELD_WAIT_MS * INT64CONST(1000)));
	if (batch.n > 0)
		send_batch(worker, &batch);
	return batch.n;
}

static VaFairShare fair_share = { .file = __FILE__,
	.recovering = "recover model requests",
	.recover = &recover_statement,
	.looking = "look for model requests",
	.ready = &ready_statement,
	.serve = serve_tenant,
	.in_flight = &in_flight,
	.in_flight_max = IN_FLIGHT_MAX,
	.look_again = DT_NOEND };

static void
model_requests_start(VaWorker *worker)
{
	va_fair_share_start(&fair_share);
}

/* A request that could not be sent has its answer already, and nothing else would wake us; locked ones wait. */
static TimestampTz
answers_due(void)
{
	TimestampTz due = fair_share.look_again;

	for (VaModelAsk *ask = answered; ask != NULL; ask = ask->next)
		due = Min(due, va_backoff_until(&tenant_backoff, ask->tenant_id));
	return due;
}

static TimestampTz
model_requests_turn(VaWorker *worker, VaWake why)
{
	bool freed = answered != NULL;

	record_answers();
	va_fair_share_round(&fair_share, worker, why, freed);
	return answers_due();
}

static void
model_requests_stop(VaWorker *worker)
{
	if (http != NULL)
		va_http_destroy(http);
	http = NULL;
}

const VaTask va_model_requests_task = { "model_requests", model_requests_start, model_requests_turn,
	model_requests_stop, POKE_REST_MS };
