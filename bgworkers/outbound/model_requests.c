/*-------------------------------------------------------------------------
 * model_requests.c
 *		Requests to language models.
 *
 * SQL (38_model) decides what is asked, through which account, and what an
 * answer means for the request, the account and the ledger; here a driver puts
 * it into the vendor's words, and the answer is read and held against its
 * schema and language (model_answers.c).  A request whose answer is lost is
 * asked again when its lease ends: that costs money, and SQL counts it.
 */
#include "postgres.h"

#include "model_answers.h"
#include "runtime/account.h"

/* Requests on their way at a time, for all tenants. */
#define IN_FLIGHT_MAX 64
/* A longer answer is not read. */
#define ANSWER_MAX_BYTES (1024 * 1024)
#define POKE_REST_MS 20

static VaStatement claim_statement = { "SELECT * FROM voiceagent_private.claim_model_requests($1, $2, $3)", 3,
	{ INT4OID, BOOLOID, BOOLOID }, NULL };

static bool
build_ask(VaSending *sending, VaArena *arena, VaHttpClientRequest *call)
{
	VaModelAsk *ask = (VaModelAsk *) sending;
	VaHttpRequest request = { 0 };

	if (!va_model_build(ask, arena, &request))
		return false;
	va_http_call(&request, arena, call);
	call->keep_limits = true;
	return true;
}

static void
record_ask(VaSending **sendings, int n)
{
	va_model_record((VaModelAsk *) sendings[0]);
}

static VaSender model_requests = { VA_SENDER_WORDS("model_requests", "model requests", "model_requests"),
	.recording = "record answers of language models", VA_CLAIMS(claim_statement), .timed = true,
	.id = "model_request_id", .read = va_model_ask_read, .open = va_model_fetch_key, .build = build_ask,
	.record = record_ask, .size = sizeof(VaModelAsk), .record_max = 1, .in_flight_max = IN_FLIGHT_MAX,
	.answer_max = ANSWER_MAX_BYTES };

VA_SENDER_TASK(va_model_requests_task, model_requests, POKE_REST_MS);
