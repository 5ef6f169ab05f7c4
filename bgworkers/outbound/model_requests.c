/*-------------------------------------------------------------------------
 * model_requests.c
 *		Requests to language models.
 *
 * What is asked, through which account, and what an answer means for the
 * request, the account and the ledger is decided by SQL (38_model); here a
 * driver puts it into the vendor's words, and the answer is read and held
 * against its schema and language (model_answers.c).  A request whose answer is
 * lost is asked again when its lease ends: that costs money, and SQL counts it.
 */
#include "postgres.h"

#include "model_answers.h"
#include "tenancy/vault.h"

/* Requests on their way at a time, for all tenants. */
#define IN_FLIGHT_MAX 64
/* A longer answer is not read. */
#define ANSWER_MAX_BYTES (1024 * 1024)
#define POKE_REST_MS 20

static VaStatement recover_statement = { "SELECT voiceagent_private.recover_model_requests()", 0, { 0 }, NULL };
static VaStatement ready_statement = { "SELECT t.tenant_id, r.next_at, cardinality(r.tenants) AS n FROM "
									   "voiceagent_private.ready_model_requests($1, $2) r"
									   " LEFT JOIN LATERAL unnest(r.tenants) AS t(tenant_id) ON true",
	2, { INT8OID, INT4OID }, NULL };
static VaStatement claim_statement = { "SELECT * FROM voiceagent_private.claim_model_requests($1, $2, $3)", 3,
	{ INT4OID, BOOLOID, BOOLOID }, NULL };

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
	VaSending *sending = &ask->sending;
	Opening opening = { ask, NULL };
	char sqlstate[6];
	char *message = NULL;

	if (!va_try(open_key, &opening, sqlstate, &message))
		strlcpy(sending->error, message, sizeof(sending->error));
	else if (opening.key == NULL && ask->driver->needs_key)
		strlcpy(sending->error, "the account has no key", sizeof(sending->error));
	ask->key = va_arena_strdup(&sending->kept, opening.key);
	va_wipe(opening.key);
	if (sending->kept.oom)
		ereport(ERROR, (errcode(ERRCODE_OUT_OF_MEMORY), errmsg("out of memory")));
}

static void
claim_asks(VaSenderClaim *claim)
{
	Datum values[3] = { Int32GetDatum(claim->limit), BoolGetDatum(claim->real_time), BoolGetDatum(claim->armed) };
	int n = (int) va_execute(&claim_statement, values, NULL);

	for (int i = 0; i < n; i++)
		va_model_ask_read(claim, i);
	/* The rows have been read, so the next statement may replace SPI's results. */
	for (int i = 0; i < n; i++)
		fetch_key((VaModelAsk *) claim->sendings[i]);
}

/* ---- send and record ---- */

static bool
build_ask(VaSending *sending, VaArena *arena, VaHttpClientRequest *call)
{
	VaModelAsk *ask = (VaModelAsk *) sending;
	VaHttpRequest request = { 0 };
	const char **lines;

	if (!va_model_build(ask, arena, &request))
		return false;
	lines = va_arena_alloc(arena, sizeof(char *) * Max(request.nheaders, 1));
	for (int i = 0; lines != NULL && i < request.nheaders; i++)
		lines[i] = va_arena_join(arena, request.headers[i].name, ": ", request.headers[i].value, NULL);
	call->method = request.method;
	call->url = request.url;
	call->headers = lines;
	call->nheaders = request.nheaders;
	call->body = request.body;
	call->body_len = request.body_len;
	call->timeout_ms = ask->timeout_ms;
	call->keep_limits = true;
	call->allow_loopback = call->allow_private = ask->private_host;
	return true;
}

static void
record_ask(VaSending **sendings, int n)
{
	va_model_record((VaModelAsk *) sendings[0]);
}

static VaSender model_requests = { VA_SENDER_WORDS("model_requests", "model requests"),
	.recording = "record answers of language models", .recover = &recover_statement, .ready = &ready_statement,
	.claim = claim_asks, .build = build_ask, .record = record_ask, .size = sizeof(VaModelAsk), .record_max = 1,
	.in_flight_max = IN_FLIGHT_MAX, .answer_max = ANSWER_MAX_BYTES };

VA_SENDER_TASK(va_model_requests_task, model_requests, POKE_REST_MS);
