/*-------------------------------------------------------------------------
 * outbox_sender.c
 *		Outgoing webhooks: what is in the outbox, sent to tenants' servers.
 *
 * The SQL of its kind (93_webhook_out) decides what a request says, where it
 * goes, and what an answer means; here it is signed.  A request whose answer
 * is lost is sent again when its lease ends: at least once, with the same
 * id.
 */
#include "postgres.h"

#include "sender.h"

/* Requests on their way at a time, to all targets. */
#define OUTBOX_IN_FLIGHT_MAX 64
/* Only the status of an answer counts; a longer body is cut off. */
#define OUTBOX_ANSWER_MAX_BYTES 65536
/* Pause between two commits that give up deliveries to a disabled target. */
#define GIVE_UP_EVERY_MS 100
/* Every dial pokes us. */
#define POKE_REST_MS 50

/* Row of claim_requests(), in the claim's memory. */
typedef struct Delivery
{
	VaSignedSending request;
	char *headers;
	char *message_id;
} Delivery;

static VaStatement claim_statement = { "SELECT * FROM voiceagent_private.claim_requests($1, $2)", 2,
	{ INT4OID, BOOLOID }, NULL };
static VaStatement record_statement = { "SELECT voiceagent_private.record_requests($1, $2, $3, $4)", 4,
	{ INT8ARRAYOID, INT4ARRAYOID, TEXTARRAYOID, INT4ARRAYOID }, NULL };

/* ---- claim ---- */

static void
read_row(VaSending *sending, int row)
{
	va_signed_read(sending, row);
	((Delivery *) sending)->headers = va_column_text(row, "headers");
	((Delivery *) sending)->message_id = va_column_text(row, "message_id");
}

/* ---- send ---- */

static bool
build_delivery(VaSending *sending, VaArena *arena, VaHttpClientRequest *call)
{
	Delivery *delivery = (Delivery *) sending;
	const char **lines = va_arena_alloc(arena, sizeof(char *) * 4);

	if (lines == NULL || !va_signed_build(sending, delivery->message_id, lines + 1, arena, call))
		return false;
	lines[0] = delivery->headers;
	call->headers = lines;
	call->nheaders = 4;
	call->status_only = true;
	return true;
}

/* ---- record ---- */

static void
record_deliveries(VaSending **sendings, int n)
{
	int64 *ids = palloc(sizeof(int64) * n);
	int32 *statuses = palloc(sizeof(int32) * n);
	bool *no_status = palloc(sizeof(bool) * n);
	const char **errors = palloc(sizeof(char *) * n);
	int32 *waits = palloc(sizeof(int32) * n);
	bool *no_wait = palloc(sizeof(bool) * n);
	Datum values[4];

	for (int i = 0; i < n; i++)
	{
		const VaHttpResult *result = sendings[i]->result;

		ids[i] = sendings[i]->id;
		statuses[i] = result != NULL && result->outcome == VA_HTTP_OK ? result->status : 0;
		no_status[i] = statuses[i] == 0;
		errors[i] = va_sending_problem(sendings[i]);
		waits[i] = result != NULL ? result->retry_after_s : -1;
		no_wait[i] = waits[i] < 0;
	}
	values[0] = va_array_of_int8(ids, n);
	values[1] = va_array_of_int4(statuses, no_status, n);
	values[2] = va_array_of_text(errors, n);
	values[3] = va_array_of_int4(waits, no_wait, n);
	va_execute(&record_statement, values, NULL);
}

static VaSender outbox_sender = { VA_SENDER_WORDS("outbox_sender", "outgoing webhooks", "requests"),
	.recording = "record answers of webhook subscriptions", VA_CLAIMS(claim_statement), .id = "request_id",
	.read = read_row, .open = va_signed_open, .build = build_delivery, .record = record_deliveries,
	.wipe = va_signed_wipe, .size = sizeof(Delivery), .in_flight_max = OUTBOX_IN_FLIGHT_MAX,
	.answer_max = OUTBOX_ANSWER_MAX_BYTES, .next_part_ms = GIVE_UP_EVERY_MS };

VA_SENDER_TASK(va_outbox_sender_task, outbox_sender, POKE_REST_MS);
