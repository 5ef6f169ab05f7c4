/*-------------------------------------------------------------------------
 * outbox_sender.c
 *		The task that sends what is in the outbox.
 *
 * A turn has three parts, and no network inside a transaction: note what was
 * answered (commit), claim what is due (commit), send.  What a request says,
 * where it goes, and what an answer means is decided by the SQL of its kind
 * (93_webhook_out); here it is signed, sent and waited for.  A request whose answer
 * is lost is sent again when its lease ends: at least once, with the same id.
 *
 * While a tenant's transaction holds the rows that an answer belongs to, its
 * answers are kept, and no more is sent for it.
 *
 * It has an HTTP client of its own: however slow a tenant's server is, it
 * takes no connection from the dialer.
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include <sodium.h>

#include "catalog/pg_type.h"
#include "utils/builtins.h"
#include "utils/memutils.h"
#include "utils/timestamp.h"

#include "http/client.h"
#include "pure/auth/standard_webhook.h"
#include "tenancy/log_redaction.h"
#include "runtime/fair_share.h"
#include "runtime/tenant_backoff.h"
#include "core/statement.h"
#include "tenancy/vault.h"
#include "runtime/worker.h"

/* Requests on their way at a time, to all targets. */
#define OUTBOX_IN_FLIGHT_MAX 64
/* Only the status of an answer counts; a longer body is cut off. */
#define OUTBOX_ANSWER_MAX_BYTES 65536
/* Pause between two commits that give up deliveries to a disabled target. */
#define GIVE_UP_EVERY_US (100 * 1000)
/* First wait after a failed claim, and before answers whose rows are locked are recorded. */
#define HELD_WAIT_MS 1000
/* Every dial pokes us. */
#define POKE_REST_MS 50

/* One request on its way; malloc'ed, because it outlives turns and is touched in callbacks. */
typedef struct Delivery
{
	struct Delivery *next;
	int64 tenant_id;
	int64 request_id;
	VaHttpResult *result; /* NULL when nothing could be sent */
	char error[200];	  /* why */
	bool done_with;
} Delivery;

/* Row of claim_requests(), in the round's memory. */
typedef struct Order
{
	int64 request_id;
	char *url;
	char *headers;
	char *body;
	char *message_id;
	char *secret; /* opened, not its name */
	char *previous_secret;
	bool private_host;
	int timeout_ms;
	char *problem;
} Order;

/* What is claimed for one tenant in one commit. */
typedef struct ClaimBatch
{
	int64 tenant_id;
	int limit;
	bool armed;
	MemoryContext memory;
	Order *orders;
	int n;
} ClaimBatch;

static VaHttp *http = NULL;
static Delivery *answered = NULL;	   /* filled by callbacks, newest first; those whose rows are locked stay */
static VaTenantBackoff tenant_backoff; /* tenants of answers that stay, or whose claims fail */
static int in_flight = 0;

static VaStatement recover_statement = { "SELECT voiceagent_private.recover_requests()", 0, { 0 }, NULL };
static VaStatement ready_statement = {
	"SELECT t.tenant_id, r.next_at, cardinality(r.tenants) AS n FROM voiceagent_private.ready_requests($1, $2) r"
	" LEFT JOIN LATERAL unnest(r.tenants) AS t(tenant_id) ON true",
	2, { INT8OID, INT4OID }, NULL
};
static VaStatement claim_statement = { "SELECT * FROM voiceagent_private.claim_requests($1, $2)", 2,
	{ INT4OID, BOOLOID }, NULL };
static VaStatement record_statement = { "SELECT voiceagent_private.record_requests($1, $2, $3, $4)", 4,
	{ INT8ARRAYOID, INT4ARRAYOID, TEXTARRAYOID, INT4ARRAYOID }, NULL };

static void
delivery_done(void *ctx, VaHttpResult *result)
{
	Delivery *delivery = ctx;

	delivery->result = result;
	delivery->next = answered;
	answered = delivery;
	in_flight--;
}

/* ---- the client ---- */

static void
note_io(void *arg)
{
	va_loop_note_io((VaLoop *) arg);
}

static VaHttp *
outbox_sender_http(VaWorker *worker)
{
	char reason[200];
	VaHttpOptions options = {
		.max_in_flight = OUTBOX_IN_FLIGHT_MAX,
		.max_response_bytes = OUTBOX_ANSWER_MAX_BYTES,
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

static const char *
describe(const Delivery *delivery)
{
	const VaHttpResult *result = delivery->result;

	if (result == NULL)
		return delivery->error;
	if (result->outcome != VA_HTTP_OK)
		return result->error;
	if (result->status >= 300 && result->status < 400)
		return psprintf("HTTP status %d: redirects are not followed", result->status);
	if (result->status < 200 || result->status >= 300)
		return psprintf("HTTP status %d", result->status);
	return NULL;
}

static int
compare_provider_requests(const void *a, const void *b)
{
	const Delivery *one = *(Delivery *const *) a;
	const Delivery *two = *(Delivery *const *) b;

	if (one->tenant_id != two->tenant_id)
		return one->tenant_id < two->tenant_id ? -1 : 1;
	return one->request_id < two->request_id ? -1 : one->request_id > two->request_id;
}

typedef struct Ends
{
	Delivery **deliveries;
	int n;
} Ends;

/* The ends of one tenant's requests, in the order of their ids. */
static void
record_tenant(void *arg)
{
	Ends *ends = arg;
	int n = ends->n;
	int64 *ids = palloc(sizeof(int64) * n);
	int32 *statuses = palloc(sizeof(int32) * n);
	bool *no_status = palloc(sizeof(bool) * n);
	const char **errors = palloc(sizeof(char *) * n);
	int32 *waits = palloc(sizeof(int32) * n);
	bool *no_wait = palloc(sizeof(bool) * n);
	Datum values[4];

	for (int i = 0; i < n; i++)
	{
		const VaHttpResult *result = ends->deliveries[i]->result;

		ids[i] = ends->deliveries[i]->request_id;
		statuses[i] = result != NULL && result->outcome == VA_HTTP_OK ? result->status : 0;
		no_status[i] = statuses[i] == 0;
		errors[i] = describe(ends->deliveries[i]);
		waits[i] = result != NULL ? result->retry_after_s : -1;
		no_wait[i] = waits[i] < 0;
	}
	va_set_tenant(ends->deliveries[0]->tenant_id);
	values[0] = va_array_of_int8(ids, n);
	values[1] = va_array_of_int4(statuses, no_status, n);
	values[2] = va_array_of_text(errors, n);
	values[3] = va_array_of_int4(waits, no_wait, n);
	va_execute(&record_statement, values, NULL);
}

/*
 * One tenant's answers in a commit of their own. False: their rows are locked,
 * and they are kept. An answer that cannot be recorded for another reason (a
 * tenant's rows are damaged) is left to its lease, and the request is sent
 * again: it must not keep other answers from being recorded.
 */
static bool
try_record(Ends *ends)
{
	int64 tenant_id = ends->deliveries[0]->tenant_id;
	char sqlstate[6];
	char *message;
	bool noted;

	va_begin("record answers of webhook subscriptions");
	noted = va_try(record_tenant, ends, sqlstate, &message);
	va_commit();
	if (!noted && va_is_lock_error(sqlstate))
	{
		if (va_backoff_start(&tenant_backoff, tenant_id, HELD_WAIT_MS))
			ereport(LOG, (errmsg("answers to outgoing webhooks of tenant " INT64_FORMAT
								 " wait for a transaction that holds their rows",
							 tenant_id)));
		return false;
	}
	va_backoff_reset(&tenant_backoff, tenant_id);
	if (!noted)
		ereport(LOG, (errmsg("could not record answers to outgoing webhooks of tenant " INT64_FORMAT ": %s: %s",
						 tenant_id, sqlstate, va_mask_caught(message, sqlstate))));
	return true;
}

static void
forget_done(void)
{
	Delivery **link = &answered;

	while (*link != NULL)
	{
		Delivery *delivery = *link;

		if (!delivery->done_with)
		{
			link = &delivery->next;
			continue;
		}
		*link = delivery->next;
		va_http_result_free(delivery->result);
		free(delivery);
	}
}

/* False: there was none, or only answers of tenants that are put off. */
static bool
record_answers(void)
{
	int n = 0;
	Delivery **deliveries;

	for (Delivery *delivery = answered; delivery != NULL; delivery = delivery->next)
		n++;
	deliveries = palloc(sizeof(Delivery *) * Max(n, 1));
	n = 0;
	for (Delivery *delivery = answered; delivery != NULL; delivery = delivery->next)
		if (!va_backoff_active(&tenant_backoff, delivery->tenant_id))
			deliveries[n++] = delivery;
	if (n == 0)
		return false;
	qsort(deliveries, n, sizeof(Delivery *), compare_provider_requests);

	VA_CRASH_POINT("outbox_sender_before_record");
	for (int from = 0, to; from < n; from = to)
	{
		Ends ends = { deliveries + from, 0 };
		bool done;

		for (to = from; to < n && deliveries[to]->tenant_id == deliveries[from]->tenant_id; to++)
			;
		ends.n = to - from;
		done = try_record(&ends);
		for (int i = from; i < to; i++)
			deliveries[i]->done_with = done;
	}
	forget_done();
	return true;
}

/* ---- claim ---- */

typedef struct Opening
{
	int64 tenant_id;
	const char *name;
	char *secret;
} Opening;

static void
open_secret(void *arg)
{
	Opening *opening = arg;

	opening->secret = va_open_secret(opening->tenant_id, opening->name);
}

/* The secret of that name; NULL, with why, when it is missing or does not open. */
static char *
opened(int64 tenant_id, const char *name, char **problem)
{
	Opening opening = { tenant_id, name, NULL };
	char sqlstate[6];
	char *message = NULL;

	if (va_try(open_secret, &opening, sqlstate, &message) && opening.secret != NULL)
		return opening.secret;
	if (*problem == NULL)
		*problem = message != NULL ? message : pstrdup("the signing secret is missing");
	return NULL;
}

static void
claim_tenant(void *arg)
{
	ClaimBatch *batch = arg;
	Datum values[2] = { Int32GetDatum(batch->limit), BoolGetDatum(batch->armed) };
	MemoryContext old;
	int n;

	va_set_tenant(batch->tenant_id);
	n = (int) va_execute(&claim_statement, values, NULL);
	/* SPI_getvalue allocates in the current context, because the texts must outlive the commit. */
	old = MemoryContextSwitchTo(batch->memory);
	batch->orders = palloc0(sizeof(Order) * Max(n, 1));
	for (int i = 0; i < n; i++)
	{
		Order *order = &batch->orders[i];

		order->request_id = va_column_int(i, "request_id", 0);
		order->url = va_column_text(i, "url");
		order->headers = va_column_text(i, "headers");
		order->body = va_column_text(i, "body");
		order->message_id = va_column_text(i, "message_id");
		order->secret = va_column_text(i, "secret");
		order->previous_secret = va_column_text(i, "previous_secret");
		order->private_host = va_column_bool(i, "private_host");
		order->timeout_ms = (int) va_column_int(i, "timeout_ms", 0);
		order->problem = va_column_text(i, "problem");
	}
	/* The rows have been read, so the next statement may replace SPI's results. */
	for (int i = 0; i < n; i++)
	{
		Order *order = &batch->orders[i];

		if (order->secret != NULL)
			order->secret = opened(batch->tenant_id, order->secret, &order->problem);
		if (order->previous_secret != NULL)
			order->previous_secret = opened(batch->tenant_id, order->previous_secret, &order->problem);
	}
	batch->n = n;
	MemoryContextSwitchTo(old);
}

/* False: the claim failed. The tenant is skipped; its requests come up later. */
static bool
fill_batch(ClaimBatch *batch)
{
	char sqlstate[6];
	char *message;
	bool done;

	va_begin("claim outgoing webhooks");
	done = va_try(claim_tenant, batch, sqlstate, &message);
	if (!done)
	{
		batch->n = 0;
		if (va_backoff_start(&tenant_backoff, batch->tenant_id, HELD_WAIT_MS))
			ereport(LOG, (errmsg("could not claim outgoing webhooks of tenant " INT64_FORMAT ": %s: %s",
							 batch->tenant_id, sqlstate, va_mask_caught(message, sqlstate))));
	}
	va_commit();
	return done;
}

/* ---- send ---- */

/* The lines of webhook-id, -timestamp and -signature; false: a secret cannot be used. */
static bool
sign(const Order *order, const char *lines[3])
{
	char first[VA_STANDARD_SIGNATURE_SIZE];
	char second[VA_STANDARD_SIGNATURE_SIZE] = "";
	int64 now = timestamptz_to_time_t(GetCurrentTimestamp());
	size_t length = strlen(order->body);

	if (!va_standard_webhook_sign(order->secret, order->message_id, now, order->body, length, first))
		return false;
	if (order->previous_secret != NULL &&
		!va_standard_webhook_sign(order->previous_secret, order->message_id, now, order->body, length, second))
		return false;
	lines[0] = psprintf("webhook-id: %s", order->message_id);
	lines[1] = psprintf("webhook-timestamp: " INT64_FORMAT, now);
	lines[2] = psprintf("webhook-signature: %s%s%s", first, second[0] != '\0' ? " " : "", second);
	return true;
}

static bool
submit(VaWorker *worker, const Order *order, Delivery *delivery)
{
	const char *lines[4] = { order->headers };
	VaHttpClientRequest call = { 0 };

	if (order->problem != NULL)
	{
		strlcpy(delivery->error, order->problem, sizeof(delivery->error));
		return false;
	}
	if (!sign(order, lines + 1))
	{
		strlcpy(delivery->error, "the signing secret cannot be used", sizeof(delivery->error));
		return false;
	}
	call.method = "POST";
	call.url = order->url;
	call.headers = lines;
	call.nheaders = lengthof(lines);
	call.body = order->body;
	call.body_len = strlen(order->body);
	call.timeout_ms = order->timeout_ms;
	call.status_only = true;
	call.allow_loopback = call.allow_private = order->private_host;
	return va_http_submit(
		outbox_sender_http(worker), &call, delivery_done, delivery, delivery->error, sizeof(delivery->error));
}

static void
send_batch(VaWorker *worker, ClaimBatch *batch)
{
	VA_CRASH_POINT("outbox_sender_before_send");
	for (int i = 0; i < batch->n; i++)
	{
		Order *order = &batch->orders[i];
		Delivery *delivery = calloc(1, sizeof(Delivery));
		bool sent;

		if (delivery == NULL)
			ereport(ERROR, (errcode(ERRCODE_OUT_OF_MEMORY), errmsg("out of memory")));
		delivery->tenant_id = batch->tenant_id;
		delivery->request_id = order->request_id;
		sent = submit(worker, order, delivery);
		/* Counted only now: an error before this must not leave it counted for ever. */
		in_flight++;
		if (!sent)
			delivery_done(delivery, NULL);
		va_wipe(order->secret);
		va_wipe(order->previous_secret);
	}
	/* The next tenant's claim takes time: let these requests leave first. */
	va_loop_run(worker->loop);
}

/* ---- the task ---- */

/*
 * A request that is due but cannot go now waits for the answer of an earlier
 * request to its target, which wakes us.
 */
static int
serve_tenant(VaWorker *worker, int64 tenant_id, int limit, TimestampTz *again)
{
	ClaimBatch batch = { .tenant_id = tenant_id, .limit = limit, .armed = worker->real_carriers };

	/* Its answers first. */
	if (va_backoff_active(&tenant_backoff, tenant_id))
	{
		*again = Min(*again, va_backoff_until(&tenant_backoff, tenant_id));
		return 0;
	}
	batch.memory = AllocSetContextCreate(worker->scratch, "claimed outgoing webhooks", ALLOCSET_DEFAULT_SIZES);
	if (!fill_batch(&batch))
		*again = Min(*again, va_backoff_until(&tenant_backoff, tenant_id));
	if (batch.n > 0)
		send_batch(worker, &batch);
	/*
	 * Due, and neither sent nor under way: the rest of the deliveries that are
	 * given up for a target that is gone.
	 */
	else if (in_flight == 0)
		*again = Min(*again, GetCurrentTimestamp() + GIVE_UP_EVERY_US);
	MemoryContextDelete(batch.memory);
	return batch.n;
}

static VaFairShare fair_share = { .file = __FILE__,
	.recovering = "recover outgoing webhooks",
	.recover = &recover_statement,
	.looking = "look for outgoing webhooks",
	.ready = &ready_statement,
	.serve = serve_tenant,
	.in_flight = &in_flight,
	.in_flight_max = OUTBOX_IN_FLIGHT_MAX,
	.look_again = DT_NOEND };

static void
outbox_sender_start(VaWorker *worker)
{
	va_fair_share_start(&fair_share);
}

/* A request that could not be sent has ended already, and nothing else would wake us; locked ones wait. */
static TimestampTz
answers_due(void)
{
	TimestampTz due = fair_share.look_again;

	for (Delivery *delivery = answered; delivery != NULL; delivery = delivery->next)
		due = Min(due, va_backoff_until(&tenant_backoff, delivery->tenant_id));
	return due;
}

static TimestampTz
outbox_sender_turn(VaWorker *worker, VaWake why)
{
	bool freed = record_answers();

	va_fair_share_round(&fair_share, worker, why, freed);
	return answers_due();
}

static void
outbox_sender_stop(VaWorker *worker)
{
	if (http != NULL)
		va_http_destroy(http);
	http = NULL;
}

const VaTask va_outbox_sender_task = { "outbox_sender", outbox_sender_start, outbox_sender_turn, outbox_sender_stop,
	POKE_REST_MS };
