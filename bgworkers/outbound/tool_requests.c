/*-------------------------------------------------------------------------
 * tool_requests.c
 *		Tools of tenants' own, asked at their servers.
 *
 * What is posted, where to, and what an answer means is decided by SQL
 * (49_tool/30_send.sql); here it is signed.  Somebody on the telephone waits, so
 * an ask has one try, and no longer than until nobody waits any more.
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "utils/builtins.h"

#include "core/compat.h"
#include "signing.h"
#include "tenancy/vault.h"

/* Asks on their way at a time, of all tenants; claim_tool_asks() bounds those of one. */
#define ASKS_IN_FLIGHT_MAX 64
/* A longer answer is refused: read_tool_answer() has the same bound. */
#define ANSWER_MAX_BYTES 8192
#define POKE_REST_MS 0

/* Row of claim_tool_asks(), in the claim's memory. */
typedef struct ToolAsk
{
	VaSending sending;
	char *url;
	char *body;
	char *secret; /* opened, not its name; so is the next */
	char *previous_secret;
	bool private_host;
	int timeout_ms;
} ToolAsk;

static VaStatement recover_statement = { "SELECT voiceagent_private.recover_tool_asks()", 0, { 0 }, NULL };
static VaStatement ready_statement = {
	"SELECT t.tenant_id, r.next_at, cardinality(r.tenants) AS n FROM voiceagent_private.ready_tool_asks($1, $2) r"
	" LEFT JOIN LATERAL unnest(r.tenants) AS t(tenant_id) ON true",
	2, { INT8OID, INT4OID }, NULL
};
static VaStatement claim_statement = { "SELECT * FROM voiceagent_private.claim_tool_asks($1, $2)", 2,
	{ INT4OID, BOOLOID }, NULL };
static VaStatement record_statement = { "SELECT voiceagent_private.record_tool_ask($1, $2, nullif($3, ''), $4)", 4,
	{ INT8OID, BOOLOID, TEXTOID, BYTEAOID }, NULL };

/* ---- claim ---- */

static void
claim_asks(VaSenderClaim *claim)
{
	Datum values[2] = { Int32GetDatum(claim->limit), BoolGetDatum(claim->armed) };
	int n = (int) va_execute(&claim_statement, values, NULL);
	char **names = palloc0(sizeof(char *) * 2 * Max(n, 1));

	for (int i = 0; i < n; i++)
	{
		ToolAsk *ask = (ToolAsk *) va_sending_add(claim, va_column_int(i, "ask_id", 0));
		char *problem = va_column_text(i, "problem");

		ask->url = va_column_text(i, "url");
		ask->body = va_column_text(i, "body");
		ask->private_host = va_column_bool(i, "private_host");
		ask->timeout_ms = (int) va_column_int(i, "timeout_ms", 0);
		names[2 * i] = va_column_text(i, "secret");
		names[2 * i + 1] = va_column_text(i, "previous_secret");
		if (problem != NULL)
			strlcpy(ask->sending.error, problem, sizeof(ask->sending.error));
	}
	/* The rows have been read, so the next statement may replace SPI's results. */
	for (int i = 0; i < n; i++)
	{
		ToolAsk *ask = (ToolAsk *) claim->sendings[i];

		if (ask->sending.error[0] != '\0')
			continue;
		ask->secret = va_signing_secret(&ask->sending, names[2 * i]);
		ask->previous_secret = va_signing_secret(&ask->sending, names[2 * i + 1]);
	}
}

/* ---- send ---- */

static bool
build_ask(VaSending *sending, VaArena *arena, VaHttpClientRequest *call)
{
	ToolAsk *ask = (ToolAsk *) sending;
	const char **lines = va_arena_alloc(arena, sizeof(char *) * 5);
	const char *id = va_arena_printf(arena, "tool-" INT64_FORMAT, sending->id);

	if (lines == NULL || id == NULL || !va_sign(id, ask->body, ask->secret, ask->previous_secret, arena, lines + 2))
	{
		strlcpy(sending->error, "the signing secret cannot be used", sizeof(sending->error));
		return false;
	}
	lines[0] = "content-type: application/json";
	lines[1] = "accept: application/json, text/plain";
	call->method = "POST";
	call->url = ask->url;
	call->headers = lines;
	call->nheaders = 5;
	call->body = ask->body;
	call->body_len = strlen(ask->body);
	call->timeout_ms = ask->timeout_ms;
	call->allow_loopback = call->allow_private = ask->private_host;
	return true;
}

static void
wipe_secrets(VaSending *sending)
{
	ToolAsk *ask = (ToolAsk *) sending;

	va_wipe(ask->secret);
	va_wipe(ask->previous_secret);
}

/* ---- record ---- */

static void
record_ask(VaSending **sendings, int n)
{
	const VaHttpResult *result = sendings[0]->result;
	const char *problem = va_sending_problem(sendings[0]);
	size_t len = problem == NULL ? result->body_len : 0;
	bytea *body = palloc(VARHDRSZ + len);
	Datum values[4];

	SET_VARSIZE(body, VARHDRSZ + len);
	if (len > 0)
		memcpy(VARDATA(body), result->body, len);
	values[0] = Int64GetDatum(sendings[0]->id);
	values[1] = BoolGetDatum(result != NULL);
	values[2] = CStringGetTextDatum(problem != NULL ? problem : "");
	values[3] = PointerGetDatum(body);
	va_execute(&record_statement, values, NULL);
}

static VaSender tool_requests = { VA_SENDER_WORDS("tool_requests", "tools of tenants"),
	.recording = "record the answer of a tool", .recover = &recover_statement, .ready = &ready_statement,
	.claim = claim_asks, .build = build_ask, .record = record_ask, .wipe = wipe_secrets, .size = sizeof(ToolAsk),
	.record_max = 1, .in_flight_max = ASKS_IN_FLIGHT_MAX, .answer_max = ANSWER_MAX_BYTES };

VA_SENDER_TASK(va_tool_requests_task, tool_requests, POKE_REST_MS);
