/*-------------------------------------------------------------------------
 * provider_requests.c
 *		Every request to a carrier that is no dial and no lookup.
 *
 * Between the claim's commit and the reply's the provider request is `sending`;
 * after a crash there SQL (35_provider/70_provider_requests.sql) decides whether
 * it may be sent again.
 *
 * A reply is read together with its order. The order is kept as text, and the
 * account is loaded anew for it, so that no secret waits in memory for an
 * answer.
 */
#include "postgres.h"

#include "utils/builtins.h"

#include "runtime/account.h"
#include "sender.h"

/*
 * Requests under way at a time, for all tenants: provider requests must not
 * crowd out the dialer, whose client they use. Requests that end a call have
 * lanes of their own.
 */
#define IN_FLIGHT_MAX 64
#define HANGUPS_MAX 64
#define TENANT_HANGUPS_MAX 16
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

typedef struct PendingRequest
{
	VaSending sending;
	int64 provider_account_id;
	int64 other_account_id; /* 0 = none */
	VaProviderRequestKind kind;
	char *order; /* JSON */
	/* Until it is sent; NULL: not loaded. */
	VaOpenAccount *account;
	VaOpenAccount *other;
} PendingRequest;

static VaStatement claim_statement = {
	"SELECT * FROM voiceagent_private.claim_provider_requests($1, $2, $3, $4 * interval '1 second', $5)", 5,
	{ INT4OID, BOOLOID, BOOLOID, INT4OID, INT4OID }, NULL
};
static VaStatement record_statement = { "SELECT voiceagent_private.record_provider_request($1, $2, $3::jsonb, $4, $5)",
	5, { INT8OID, TEXTOID, TEXTOID, TEXTOID, INT4OID }, NULL };

/* ---- the order ---- */

/* The driver's input: the row's order, the account, and where the carrier is to send its webhooks. */
static bool
read_order(const PendingRequest *pending, const VaOpenAccount *account, const VaOpenAccount *other, VaArena *arena,
	VaProviderRequest *order, const char **why)
{
	if (!va_provider_request_order_read(pending->order, strlen(pending->order), arena, order, why))
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
wipe_accounts(VaSending *sending)
{
	PendingRequest *pending = (PendingRequest *) sending;

	if (pending->account != NULL)
		va_account_wipe(pending->account);
	if (pending->other != NULL)
		va_account_wipe(pending->other);
	pending->account = pending->other = NULL;
}

static void
load_accounts(PendingRequest *pending)
{
	pending->account = va_account_load(pending->sending.tenant_id, pending->provider_account_id);
	if (pending->other_account_id != 0)
		pending->other = va_account_load(pending->sending.tenant_id, pending->other_account_id);
}

static void
read_reply(PendingRequest *pending, VaArena *arena, VaProviderReply *reply)
{
	const VaProviderRequestDriver *way;
	VaHttpResponse response;
	VaProviderRequest order;
	const char *why = NULL;

	load_accounts(pending);
	way = &pending->account->driver->provider_requests[pending->kind];
	va_account_response(pending->sending.result, &response);
	if (way->read != NULL && read_order(pending, pending->account, pending->other, arena, &order, &why))
	{
		way->read(&order, &response, arena, reply);
		if (pending->kind == VA_REQUEST_CHECK_ACCOUNT)
			check_account_ref(pending->account, reply);
	}
	else
	{
		reply->kind = VA_DIAL_UNKNOWN;
		reply->message = why;
	}
	wipe_accounts(&pending->sending);
}

static void
record_provider_request(VaSending **sendings, int n)
{
	PendingRequest *pending = (PendingRequest *) sendings[0];
	VaArena *arena = va_arena_here();
	VaProviderReply reply = { 0 };
	const char *error;
	const char *result;
	Datum values[5];
	char nulls[] = "     ";

	pending->account = pending->other = NULL;
	if (sendings[0]->result != NULL)
		read_reply(pending, arena, &reply);
	else
	{
		reply.kind = VA_DIAL_REFUSED_PERMANENT;
		reply.cause = "request-refused";
		reply.message = sendings[0]->error;
	}
	error = psprintf("%s%s%s", reply.cause ? reply.cause : "", reply.cause && reply.message ? ": " : "",
		reply.message ? reply.message : "");
	result = sendings[0]->result != NULL ? va_provider_reply_text(&reply, arena) : NULL;
	values[0] = Int64GetDatum(sendings[0]->id);
	values[1] = CStringGetTextDatum(va_dial_kind_name(reply.kind));
	values[2] = result != NULL ? CStringGetTextDatum(result) : (Datum) 0;
	if (result == NULL)
		nulls[2] = 'n';
	values[3] = CStringGetTextDatum(error);
	values[4] = Int32GetDatum((int32) Min(Max(reply.retry_after_s, 0), 86400));
	va_execute(&record_statement, values, nulls);
}

/* ---- claim ---- */

static void
read_row(VaSenderClaim *claim, int row)
{
	PendingRequest *pending = (PendingRequest *) va_sending_add(claim, va_column_int(row, "provider_request_id", 0));

	pending->provider_account_id = va_column_int(row, "provider_account_id", 0);
	pending->other_account_id = va_column_int(row, "other_account_id", 0);
	pending->kind = va_provider_request_kind(va_column_text(row, "kind"));
	pending->sending.urgent = pending->kind == VA_REQUEST_HANGUP;
	pending->order = va_arena_strdup(&pending->sending.kept, va_column_text(row, "request_data"));
	if (pending->order == NULL)
		ereport(ERROR, (errcode(ERRCODE_OUT_OF_MEMORY), errmsg("out of memory")));
}

static void
claim_provider_requests(VaSenderClaim *claim)
{
	int lease_s = Max(LEASE_LEAST_S, va_guc_http_timeout_ms / 1000 * LEASE_TIMEOUTS);
	Datum values[5] = { Int32GetDatum(claim->limit), BoolGetDatum(claim->real_time),
		BoolGetDatum(claim->real_time && claim->armed), Int32GetDatum(lease_s), Int32GetDatum(claim->urgent) };
	int n = (int) va_execute(&claim_statement, values, NULL);

	for (int i = 0; i < n; i++)
		read_row(claim, i);
	/* The rows have been read, so the next statement may replace SPI's results. */
	for (int i = 0; i < n; i++)
		load_accounts((PendingRequest *) claim->sendings[i]);
}

/* ---- send ---- */

static const char *
account_problem(const PendingRequest *pending)
{
	if (pending->account->problem != NULL)
		return pending->account->problem;
	return pending->other != NULL ? pending->other->problem : NULL;
}

static bool
build_provider_request(VaSending *sending, VaArena *arena, VaHttpClientRequest *call)
{
	PendingRequest *pending = (PendingRequest *) sending;
	VaOpenAccount *account = pending->account;
	const VaProviderRequestDriver *way = &account->driver->provider_requests[pending->kind];
	VaHttpRequest request = { 0 };
	VaProviderRequest order;
	const char *why = account_problem(pending);

	if (why == NULL && way->build == NULL)
		why = "the carrier does not offer this";
	if (why != NULL || !read_order(pending, account, pending->other, arena, &order, &why) ||
		!way->build(&order, arena, &request, &why))
	{
		strlcpy(sending->error, why != NULL ? why : "the request cannot be built", sizeof(sending->error));
		return false;
	}
	va_account_request(account, &request, arena, call);
	return true;
}

static VaSender provider_requests = { VA_SENDER_WORDS("provider_requests", "provider requests", "provider_requests"),
	.recording = "record what carriers say of provider requests", .claim = claim_provider_requests,
	.build = build_provider_request, .record = record_provider_request, .wipe = wipe_accounts,
	.size = sizeof(PendingRequest), .record_max = 1, .in_flight_max = IN_FLIGHT_MAX, .urgent_max = HANGUPS_MAX,
	.tenant_urgent = TENANT_HANGUPS_MAX };

VA_SENDER_TASK(va_provider_requests_task, provider_requests, POKE_REST_MS);
