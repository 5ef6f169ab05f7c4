/*-------------------------------------------------------------------------
 * traces.c
 *		Traces of ended calls, sent to the platform's OpenTelemetry collector.
 *
 * SQL (95_ops/46_traces.sql) derives the spans and decides what an answer
 * means.  A request whose answer is lost is sent again with the same ids.
 */
#include "postgres.h"

#include "utils/builtins.h"

#include "sender.h"

/* Requests on their way at a time, of all tenants; each has the spans of twenty calls at most. */
#define TRACES_IN_FLIGHT_MAX 8
/* Only the status of an answer counts. */
#define TRACE_ANSWER_MAX_BYTES 65536
/* Every call that ends pokes us, and what waits is not due before five seconds. */
#define POKE_REST_MS 500

/* Row of claim_traces(), in the claim's memory. */
typedef struct Traces
{
	VaSending sending;
	char *url;
	char *body;
} Traces;

static VaStatement claim_statement = { "SELECT * FROM voiceagent_private.claim_traces($1)", 1, { INT4OID }, NULL };
static VaStatement record_statement = {
	"SELECT voiceagent_private.record_traces($1, nullif($2, 0), nullif($3, ''), nullif($4, -1))", 4,
	{ INT8OID, INT4OID, TEXTOID, INT4OID }, NULL
};

static void
read_row(VaSending *sending, int row)
{
	((Traces *) sending)->url = va_column_text(row, "url");
	((Traces *) sending)->body = va_column_text(row, "body");
}

static bool
build_traces(VaSending *sending, VaArena *arena, VaHttpClientRequest *call)
{
	static const char *const lines[] = { "content-type: application/json" };
	const Traces *it = (Traces *) sending;

	call->method = "POST";
	call->url = it->url;
	call->body = it->body;
	call->body_len = strlen(it->body);
	call->headers = lines;
	call->nheaders = lengthof(lines);
	call->status_only = true;
	return true;
}

static void
record_answer(VaSending **sendings, int n)
{
	const VaHttpResult *result = sendings[0]->result;
	const char *problem = va_sending_problem(sendings[0]);
	Datum values[4];

	values[0] = Int64GetDatum(sendings[0]->id);
	values[1] = Int32GetDatum(result != NULL && result->outcome == VA_HTTP_OK ? result->status : 0);
	values[2] = CStringGetTextDatum(problem != NULL ? problem : "");
	values[3] = Int32GetDatum(result != NULL ? result->retry_after_s : -1);
	va_execute(&record_statement, values, NULL);
}

static VaSender traces = { VA_SENDER_WORDS("traces", "traces", "traces"), .recording = "record an answer to traces",
	VA_CLAIMS(claim_statement), .id = "batch", .read = read_row, .build = build_traces, .record = record_answer,
	.size = sizeof(Traces), .record_max = 1, .in_flight_max = TRACES_IN_FLIGHT_MAX,
	.answer_max = TRACE_ANSWER_MAX_BYTES };

VA_SENDER_TASK(va_traces_task, traces, POKE_REST_MS);
