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

#include "sender.h"
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
	char *secret; /* its name, until it is opened; so is the next */
	char *previous_secret;
} ToolAsk;

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

	for (int i = 0; i < n; i++)
	{
		ToolAsk *ask = (ToolAsk *) va_sending_read(claim, i, "ask_id");

		ask->url = va_column_text(i, "url");
		ask->body = va_column_text(i, "body");
		ask->secret = va_column_text(i, "secret");
		ask->previous_secret = va_column_text(i, "previous_secret");
	}
	/* The rows have been read, so the next statement may replace SPI's results. */
	for (int i = 0; i < n; i++)
	{
		ToolAsk *ask = (ToolAsk *) claim->sendings[i];

		if (ask->sending.error[0] != '\0')
			continue;
		ask->secret = va_signing_secret(&ask->sending, ask->secret);
		ask->previous_secret = va_signing_secret(&ask->sending, ask->previous_secret);
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
	Datum values[4];

	values[0] = Int64GetDatum(sendings[0]->id);
	values[1] = BoolGetDatum(result != NULL);
	values[2] = CStringGetTextDatum(problem != NULL ? problem : "");
	values[3] = va_sending_body(sendings[0], problem == NULL);
	va_execute(&record_statement, values, NULL);
}

static VaSender tool_requests = { VA_SENDER_WORDS("tool_requests", "tools of tenants", "tool_asks"),
	.recording = "record the answer of a tool", .claim = claim_asks, .build = build_ask, .record = record_ask,
	.wipe = wipe_secrets, .size = sizeof(ToolAsk), .record_max = 1, .in_flight_max = ASKS_IN_FLIGHT_MAX,
	.answer_max = ANSWER_MAX_BYTES };

VA_SENDER_TASK(va_tool_requests_task, tool_requests, POKE_REST_MS);
