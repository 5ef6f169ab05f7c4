/*-------------------------------------------------------------------------
 * tool_requests.c
 *		Tools of tenants' own, asked at their servers.
 *
 * SQL (49_tool/30_send.sql) decides what is posted, where to, and what an answer
 * means; here it is signed.  Somebody on the telephone waits, so an ask has one
 * try, and ends when the caller's wait ends.
 */
#include "postgres.h"

#include "utils/builtins.h"

#include "sender.h"

/* Asks on their way at a time, of all tenants; claim_tool_asks() bounds those of one. */
#define ASKS_IN_FLIGHT_MAX 64
/* A longer answer is refused: read_tool_answer() has the same bound. */
#define ANSWER_MAX_BYTES 8192
#define POKE_REST_MS 0

static VaStatement claim_statement = { "SELECT * FROM voiceagent_private.claim_tool_asks($1, $2)", 2,
	{ INT4OID, BOOLOID }, NULL };
static VaStatement record_statement = { "SELECT voiceagent_private.record_tool_ask($1, $2, nullif($3, ''), $4)", 4,
	{ INT8OID, BOOLOID, TEXTOID, BYTEAOID }, NULL };

/* ---- send ---- */

static bool
build_ask(VaSending *sending, VaArena *arena, VaHttpClientRequest *call)
{
	const char **lines = va_arena_alloc(arena, sizeof(char *) * 5);
	const char *id = va_arena_printf(arena, "tool-" INT64_FORMAT, sending->id);

	if (lines == NULL || id == NULL || !va_signed_build(sending, id, lines + 2, arena, call))
		return false;
	lines[0] = "content-type: application/json";
	lines[1] = "accept: application/json, text/plain";
	call->headers = lines;
	call->nheaders = 5;
	return true;
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
	.recording = "record the answer of a tool", VA_CLAIMS(claim_statement), .id = "ask_id", .read = va_signed_read,
	.open = va_signed_open, .build = build_ask, .record = record_ask, .wipe = va_signed_wipe,
	.size = sizeof(VaSignedSending), .record_max = 1, .in_flight_max = ASKS_IN_FLIGHT_MAX,
	.answer_max = ANSWER_MAX_BYTES };

VA_SENDER_TASK(va_tool_requests_task, tool_requests, POKE_REST_MS);
