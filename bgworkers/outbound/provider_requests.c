/*-------------------------------------------------------------------------
 * provider_requests.c
 *		The task for every request to a carrier that is no dial and no lookup.
 *
 * A turn has three parts, and no network inside a transaction: record the
 * replies (commit), claim what is due (commit), send. Between the claim's
 * commit and the reply's the provider request is `sending`; after a crash there SQL
 * (35_provider/70_provider_requests.sql) decides whether it may be sent again.
 *
 * A reply is read together with its order. The order is kept as text, and the
 * account is loaded anew for it, so that no secret waits in memory for an
 * answer.
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "utils/builtins.h"
#include "utils/memutils.h"
#include "utils/timestamp.h"

#include "runtime/account.h"
#include "core/arena.h"
#include "core/clock.h"
#include "tenancy/log_redaction.h"
#include "runtime/fair_share.h"
#include "runtime/tenant_backoff.h"
#include "pure/net/url.h"
#include "core/statement.h"
#include "runtime/worker.h"

/*
 * Requests under way at a time, for all tenants: provider requests must not crowd out the
 * dialer, whose client they use. A tenant has its share of them
 * (va_fair_share_left()). Requests that end a call have lanes of their own.
 */
#define IN_FLIGHT_MAX 64
#define HANGUPS_MAX 64
#define TENANT_HANGUPS_MAX 16
/* The wait after a claim that failed, or found everything locked. */
#define HELD_UP_US USECS_PER_SEC
#define HELD_WAIT_MS 1000
/*
 * Longer than any request can take, its wait for the wire included, so that a
 * provider request that is under way is not claimed again.
 */
#define LEASE_LEAST_S 900
#define LEASE_TIMEOUTS 20
/*
 * Every dial pokes us, so a look waits this long for more pokes; a person who
 * gives a live call a command does not notice.
 */
#define POKE_REST_MS 20

/* One request on its way; malloc'ed, because it outlives turns and is touched in callbacks. */
typedef struct PendingRequest
{
	struct PendingRequest *next;
	struct PendingRequest *next_out;
	int64 tenant_id;
	int64 provider_request_id;
	int64 provider_account_id;
	int64 other_account_id; /* 0 = none */
	VaProviderRequestKind kind;
	char *order;		  /* JSON */
	VaHttpResult *result; /* NULL when nothing could be sent */
	char error[200];	  /* why */
} PendingRequest;

/* What is claimed for one tenant in one commit. */
typedef struct ClaimBatch
{
	int64 tenant_id;
	int limit;
	int hangups; /* as many more */
	bool may_ask;
	bool may_act;
	PendingRequest **provider_requests;
	VaOpenAccount **accounts;
	VaOpenAccount **others;
	int n;
} ClaimBatch;

static PendingRequest *answered = NULL; /* filled by callbacks, newest first */
static PendingRequest *out = NULL;		/* claimed and not recorded yet */
static VaTenantBackoff tenant_backoff;
static int in_flight = 0;

static VaStatement recover_statement = { "SELECT voiceagent_private.recover_provider_requests()", 0, { 0 }, NULL };
static VaStatement ready_statement = { "SELECT t.tenant_id, r.next_at, cardinality(r.tenants) AS n FROM "
									   "voiceagent_private.ready_provider_requests($1, $2) r"
									   " LEFT JOIN LATERAL unnest(r.tenants) AS t(tenant_id) ON true",
	2, { INT8OID, INT4OID }, NULL };
static VaStatement claim_statement = {
	"SELECT * FROM voiceagent_private.claim_provider_requests($1, $2, $3, $4 * interval '1 second', $5)", 5,
	{ INT4OID, BOOLOID, BOOLOID, INT4OID, INT4OID }, NULL
};
static VaStatement record_statement = { "SELECT voiceagent_private.record_provider_request($1, $2, $3::jsonb, $4, $5)",
	5, { INT8OID, TEXTOID, TEXTOID, TEXTOID, INT4OID }, NULL };

static void
on_provider_request_done(void *ctx, VaHttpResult *result)
{
	PendingRequest *provider_request = ctx;

	provider_request->result = result;
	provider_request->next = answered;
	answered = provider_request;
}

static void
free_provider_request(PendingRequest *provider_request)
{
	if (provider_request->result != NULL)
		va_http_result_free(provider_request->result);
	free(provider_request->order);
	free(provider_request);
}

/* ---- the order ---- */

/*
 * The driver's input: the row's order, the account, and where the carrier is
 * to send its webhooks.
 */
static bool
read_order(const PendingRequest *provider_request, const VaOpenAccount *account, const VaOpenAccount *other,
	VaArena *arena, VaProviderRequest *order, const char **why)
{
	if (!va_provider_request_order_read(provider_request->order, strlen(provider_request->order), arena, order, why))
		return false;
	order->carrier = &account->carrier;
	if (order->server_url == NULL)
		order->server_url = account->webhook_url;
	order->webhook_headers = account->webhook_headers;
	if (order->answer.status_url == NULL)
		order->answer.status_url = account->webhook_url;
	if (other != NULL)
	{
		order->other = &other->carrier;
		order->other_provider = other->driver->name;
	}
	return true;
}

/* ---- replies ---- */

/* A key that opens another account than the one that was named would dial at another customer's cost. */
static void
check_account_ref(const VaOpenAccount *account, VaProviderReply *reply)
{
	const char *name = account->driver->account_name;
	const char *named = NULL;

	if (name != NULL)
		named = va_carrier_credential(&account->carrier, name);
	if (name != NULL && named == NULL)
		named = va_carrier_setting(&account->carrier, name);
	if (reply->kind != VA_DIAL_ACCEPTED || reply->account_ref == NULL || named == NULL ||
		strcmp(named, reply->account_ref) == 0)
		return;
	reply->kind = VA_DIAL_BAD_ACCOUNT;
	reply->cause = "other-account";
	reply->message = "the carrier answers for another account than this one is said to be";
}

static void
read_reply(const PendingRequest *provider_request, VaArena *arena, VaProviderReply *reply)
{
	VaOpenAccount *account = va_account_load(provider_request->tenant_id, provider_request->provider_account_id);
	VaOpenAccount *other = provider_request->other_account_id != 0
							   ? va_account_load(provider_request->tenant_id, provider_request->other_account_id)
							   : NULL;
	VaHttpResponse response;
	VaProviderRequest order;
	const char *why = NULL;

	va_account_response(provider_request->result, &response);
	if (account->driver->provider_requests[provider_request->kind].read == NULL ||
		!read_order(provider_request, account, other, arena, &order, &why))
	{
		reply->kind = VA_DIAL_UNKNOWN;
		reply->message = why;
		return;
	}
	account->driver->provider_requests[provider_request->kind].read(&order, &response, arena, reply);
	if (provider_request->kind == VA_REQUEST_CHECK_ACCOUNT)
		check_account_ref(account, reply);
	va_account_wipe(account);
	if (other != NULL)
		va_account_wipe(other);
}

static void
record_provider_request(void *arg)
{
	PendingRequest *provider_request = arg;
	VaArena *arena = va_arena_here();
	VaProviderReply reply = { 0 };
	const char *error;
	const char *result;
	Datum values[5];
	char nulls[] = "     ";

	va_set_tenant(provider_request->tenant_id);
	if (provider_request->result != NULL)
		read_reply(provider_request, arena, &reply);
	else
	{
		reply.kind = VA_DIAL_REFUSED_PERMANENT;
		reply.cause = "request-refused";
		reply.message = provider_request->error;
	}
	error = psprintf("%s%s%s", reply.cause ? reply.cause : "", reply.cause && reply.message ? ": " : "",
		reply.message ? reply.message : "");
	result = provider_request->result != NULL ? va_provider_reply_text(&reply, arena) : NULL;
	values[0] = Int64GetDatum(provider_request->provider_request_id);
	values[1] = CStringGetTextDatum(va_dial_kind_name(reply.kind));
	values[2] = result != NULL ? CStringGetTextDatum(result) : (Datum) 0;
	if (result == NULL)
		nulls[2] = 'n';
	values[3] = CStringGetTextDatum(error);
	values[4] = Int32GetDatum((int32) Min(Max(reply.retry_after_s, 0), 86400));
	va_execute(&record_statement, values, nulls);
}

/*
 * Each reply in a commit of its own. False: its rows are locked, and it is
 * kept. A reply that cannot be recorded for another reason is left to its
 * lease, so that it does not keep others from being recorded.
 */
static bool
try_record(PendingRequest *provider_request)
{
	char sqlstate[6];
	char *message;
	bool noted;

	if (va_backoff_active(&tenant_backoff, provider_request->tenant_id))
		return false;
	va_begin("record what carriers say of provider requests");
	noted = va_try(record_provider_request, provider_request, sqlstate, &message);
	VA_CRASH_POINT("provider_requests_mid_record");
	va_commit();
	VA_CRASH_POINT("provider_requests_after_record");
	if (noted)
	{
		va_backoff_reset(&tenant_backoff, provider_request->tenant_id);
		return true;
	}
	if (va_is_lock_error(sqlstate))
	{
		(void) va_backoff_start(&tenant_backoff, provider_request->tenant_id, HELD_WAIT_MS);
		return false;
	}
	ereport(LOG,
		(errmsg("could not record the reply to provider request " INT64_FORMAT " of tenant " INT64_FORMAT ": %s: %s",
			provider_request->provider_request_id, provider_request->tenant_id, sqlstate,
			va_mask_caught(message, sqlstate))));
	return true;
}

static void
record_replies(void)
{
	PendingRequest *list = answered;

	if (list == NULL)
		return;
	VA_CRASH_POINT("provider_requests_before_record");
	/* Replies that a later error leaves unrecorded stay listed. */
	while (list != NULL)
	{
		PendingRequest *provider_request = list;
		PendingRequest **link = &answered;

		list = provider_request->next;
		if (!try_record(provider_request))
			continue;
		while (*link != provider_request)
			link = &(*link)->next;
		*link = provider_request->next;
		for (link = &out; *link != provider_request; link = &(*link)->next_out)
			;
		*link = provider_request->next_out;
		in_flight--;
		free_provider_request(provider_request);
	}
}

/* ---- claim ---- */

static PendingRequest *
new_provider_request(const ClaimBatch *batch, int row)
{
	PendingRequest *provider_request = calloc(1, sizeof(PendingRequest));
	char *order = va_column_text(row, "request_data");

	if (provider_request != NULL)
		provider_request->order = strdup(order);
	if (provider_request == NULL || provider_request->order == NULL)
		ereport(ERROR, (errcode(ERRCODE_OUT_OF_MEMORY), errmsg("out of memory")));
	provider_request->tenant_id = batch->tenant_id;
	provider_request->provider_request_id = va_column_int(row, "provider_request_id", 0);
	provider_request->provider_account_id = va_column_int(row, "provider_account_id", 0);
	provider_request->other_account_id = va_column_int(row, "other_account_id", 0);
	provider_request->kind = va_provider_request_kind(va_column_text(row, "kind"));
	return provider_request;
}

static void
claim_tenant(void *arg)
{
	ClaimBatch *batch = arg;
	int lease_s = Max(LEASE_LEAST_S, va_guc_http_timeout_ms / 1000 * LEASE_TIMEOUTS);
	Datum values[5] = { Int32GetDatum(batch->limit), BoolGetDatum(batch->may_ask), BoolGetDatum(batch->may_act),
		Int32GetDatum(lease_s), Int32GetDatum(batch->hangups) };
	int n;
	MemoryContext old;

	va_set_tenant(batch->tenant_id);
	n = (int) va_execute(&claim_statement, values, NULL);
	/* The accounts outlive the commit. */
	old = MemoryContextSwitchTo(va_this_worker()->scratch);
	batch->provider_requests = palloc0(sizeof(PendingRequest *) * Max(n, 1));
	batch->accounts = palloc0(sizeof(VaOpenAccount *) * Max(n, 1));
	batch->others = palloc0(sizeof(VaOpenAccount *) * Max(n, 1));
	for (batch->n = 0; batch->n < n; batch->n++)
		batch->provider_requests[batch->n] = new_provider_request(batch, batch->n);
	/* The rows have been read, so the next statement may replace SPI's results. */
	for (int i = 0; i < n; i++)
	{
		batch->accounts[i] = va_account_load(batch->tenant_id, batch->provider_requests[i]->provider_account_id);
		if (batch->provider_requests[i]->other_account_id != 0)
			batch->others[i] = va_account_load(batch->tenant_id, batch->provider_requests[i]->other_account_id);
	}
	MemoryContextSwitchTo(old);
}

/* False: the claim failed. The tenant is skipped; its provider requests come up later. */
static bool
fill_batch(ClaimBatch *batch)
{
	char sqlstate[6];
	char *message;
	bool done;

	va_begin("claim provider requests");
	done = va_try(claim_tenant, batch, sqlstate, &message);
	if (!done)
	{
		/* An account could not be read: what was made for it is not freed with the transaction. */
		while (batch->n > 0)
			free_provider_request(batch->provider_requests[--batch->n]);
		if (va_backoff_start(&tenant_backoff, batch->tenant_id, HELD_WAIT_MS) && !va_is_lock_error(sqlstate))
			ereport(LOG, (errmsg("could not claim provider requests of tenant " INT64_FORMAT ": %s: %s",
							 batch->tenant_id, sqlstate, va_mask_caught(message, sqlstate))));
	}
	else
		va_backoff_reset(&tenant_backoff, batch->tenant_id);
	VA_CRASH_POINT("provider_requests_mid_claim");
	va_commit();
	return done;
}

/* ---- send ---- */

/* The platform allows private addresses for the account's host, not for a URL that a reply has named. */
static bool
goes_to_base_url(const VaOpenAccount *account, const VaHttpRequest *request)
{
	VaUrl base;
	VaUrl target;
	const char *why;

	return account->carrier.base_url != NULL &&
		   va_url_parse(account->carrier.base_url, strlen(account->carrier.base_url), &base, &why) &&
		   va_url_parse(request->url, strlen(request->url), &target, &why) && strcmp(base.host, target.host) == 0 &&
		   base.port == target.port;
}

static bool
submit(VaWorker *worker, PendingRequest *provider_request, VaOpenAccount *account, const VaOpenAccount *other)
{
	VaArena *arena = va_arena_here();
	const VaProviderRequestDriver *way = &account->driver->provider_requests[provider_request->kind];
	VaHttpRequest request = { 0 };
	VaProviderRequest order;
	const char *why = NULL;
	bool built;

	if (account->problem != NULL || (other != NULL && other->problem != NULL))
		why = account->problem != NULL ? account->problem : other->problem;
	else if (way->build == NULL)
		why = "the carrier does not offer this";
	built = why == NULL && read_order(provider_request, account, other, arena, &order, &why) &&
			way->build(&order, arena, &request, &why);
	if (built)
	{
		account->private_host = account->private_host && goes_to_base_url(account, &request);
		built = provider_request->kind == VA_REQUEST_HANGUP
					? va_account_send_urgent(worker, account, &request, on_provider_request_done, provider_request,
						  provider_request->error, sizeof(provider_request->error))
					: va_account_send(worker, account, &request, 0, on_provider_request_done, provider_request,
						  provider_request->error, sizeof(provider_request->error));
	}
	else
		strlcpy(provider_request->error, why != NULL ? why : "the request cannot be built",
			sizeof(provider_request->error));
	va_arena_free(arena);
	return built;
}

static void
send_batch(VaWorker *worker, ClaimBatch *batch)
{
	VA_CRASH_POINT("provider_requests_before_send");
	for (int i = 0; i < batch->n; i++)
	{
		bool sent = submit(worker, batch->provider_requests[i], batch->accounts[i], batch->others[i]);

		/* Counted only now: an error before this must not leave it counted for ever. */
		in_flight++;
		batch->provider_requests[i]->next_out = out;
		out = batch->provider_requests[i];
		if (!sent)
			on_provider_request_done(batch->provider_requests[i], NULL);
	}
	for (int i = 0; i < batch->n; i++)
	{
		va_account_wipe(batch->accounts[i]);
		if (batch->others[i] != NULL)
			va_account_wipe(batch->others[i]);
	}
	/* The next tenant's claim takes time: let these requests leave first. */
	va_loop_run(worker->loop);
	VA_CRASH_POINT("provider_requests_after_send");
}

/* ---- the task ---- */

/* Requests under way: hang-ups or others, of one tenant or (0) of all. */
static int
count_out(int64 tenant_id, bool hangups)
{
	int n = 0;

	for (PendingRequest *provider_request = out; provider_request != NULL;
		 provider_request = provider_request->next_out)
		n += (tenant_id == 0 || provider_request->tenant_id == tenant_id) &&
			 (provider_request->kind == VA_REQUEST_HANGUP) == hangups;
	return n;
}

/* How many more of a tenant may leave, of at most limit. */
static void
share_out(ClaimBatch *batch, int limit)
{
	int own = count_out(batch->tenant_id, false);
	int others = count_out(0, false) - own;

	batch->limit = Min(limit, va_fair_share_left(IN_FLIGHT_MAX, own, others));
	batch->hangups = Max(
		Min(HANGUPS_MAX - count_out(0, true), TENANT_HANGUPS_MAX - count_out(batch->tenant_id, true)), 0);
}

static int
serve_tenant(VaWorker *worker, int64 tenant_id, int limit, TimestampTz *again)
{
	bool real_time = va_clock_offset_us() == 0;
	ClaimBatch batch = { .tenant_id = tenant_id, .may_ask = real_time, .may_act = real_time && worker->real_carriers };

	share_out(&batch, limit);
	/* Due, and not sent: its account has enough under way, or its rows are locked. */
	if (batch.limit + batch.hangups == 0 || va_backoff_active(&tenant_backoff, tenant_id) || !fill_batch(&batch) ||
		batch.n == 0)
		*again = Min(*again, GetCurrentTimestamp() + HELD_UP_US);
	if (batch.n > 0)
		send_batch(worker, &batch);
	return batch.n;
}

static VaFairShare fair_share = { .file = __FILE__,
	.recovering = "recover provider requests",
	.recover = &recover_statement,
	.looking = "look for provider requests",
	.ready = &ready_statement,
	.serve = serve_tenant,
	.in_flight = &in_flight,
	.in_flight_max = IN_FLIGHT_MAX + HANGUPS_MAX,
	.look_again = DT_NOEND };

static void
provider_requests_start(VaWorker *worker)
{
	va_fair_share_start(&fair_share);
}

/*
 * A request that could not be sent has its reply already, and nothing else
 * would wake us; locked ones wait.
 */
static TimestampTz
replies_due(void)
{
	TimestampTz due = fair_share.look_again;

	for (PendingRequest *provider_request = answered; provider_request != NULL;
		 provider_request = provider_request->next)
		due = Min(due, va_backoff_until(&tenant_backoff, provider_request->tenant_id));
	return due;
}

static TimestampTz
provider_requests_turn(VaWorker *worker, VaWake why)
{
	bool freed = answered != NULL;

	record_replies();
	va_fair_share_round(&fair_share, worker, why, freed);
	return replies_due();
}

const VaTask va_provider_requests_task = { "provider_requests", provider_requests_start, provider_requests_turn, NULL,
	POKE_REST_MS };
