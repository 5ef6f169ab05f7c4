/*-------------------------------------------------------------------------
 * twilio_request.c
 *		Twilio's requests about calls: place, look up, list.
 *
 * A call carries what it is to do with it (Twiml).  Twilio keeps no data of
 * ours with a call, so the attempt's reference goes into the query of every
 * URL that we give it, which its signature covers.
 */
#include "twilio_internal.h"

#include <string.h>

/* The longest document that Twilio takes as Twiml; a longer one it fetches from us. */
#define TWIML_MAX 4000
#define FIELDS_MAX 32
/* Repeat a failed callback up to 5 times, within the 15 seconds that Twilio gives all tries together. */
#define CALLBACK_RETRIES "#rc=5&rp=5xx,ct,rt"

bool
twilio_start(const VaProviderAccount *carrier, VaArena *arena, VaHttpRequest *request, const char *method,
	const char *path, const char **why)
{
	const char *account = va_carrier_credential(carrier, "account_sid");
	const char *key = va_carrier_credential(carrier, "api_key");
	const char *secret = va_carrier_credential(carrier, key != NULL ? "api_secret" : "auth_token");

	if (path != NULL && account == NULL)
		*why = "the account has no account_sid";
	if (path == NULL || account == NULL)
		return false;
	return va_request_start(request, arena, method, carrier->base_url, TWILIO_BASE_URL,
			   va_arena_printf(arena, TWILIO_API "%s%s", va_escaped(arena, account), path), why) &&
		   va_request_basic(request, arena, key != NULL ? key : account, secret, why);
}

/* ---- a call ---- */

typedef struct Fields
{
	VaNamedText items[FIELDS_MAX];
	int count;
} Fields;

static void
add(Fields *fields, const char *name, const char *value)
{
	if (value != NULL && value[0] != '\0' && fields->count < FIELDS_MAX)
		fields->items[fields->count++] = (VaNamedText){ name, value };
}

/* Our URL for one kind of callback; NULL when none are wanted. */
static const char *
callback(const VaCallOrder *order, const char *as, bool repeated, VaArena *arena)
{
	const char *url = va_url_with(arena, order->server_url, "attempt", order->attempt_ref);

	url = va_url_with(arena, url, "as", as);
	return url != NULL && repeated ? va_arena_printf(arena, "%s" CALLBACK_RETRIES, url) : url;
}

/*
 * A call that announces itself and then ends is over before a machine's
 * greeting is.  Where that is to get a message, the call waits for the
 * detection, and asks what to say then; a person waits some seconds.
 */
static bool
waits_for_detection(const VaCallOrder *order)
{
	return order->machine_detection == VA_MACHINE_MESSAGE && order->answer.kind == VA_ANSWER_SAY &&
		   order->server_url != NULL;
}

static bool
add_document(Fields *fields, const VaCallOrder *order, VaArena *arena, const char **why)
{
	VaAnswer answer;
	const char *document;

	if (!va_call_answer(order, arena, &answer, why))
		return false;
	document = twilio_document(&answer, arena, why);
	if (document == NULL)
		return false;
	if (strlen(document) <= TWIML_MAX && !waits_for_detection(order))
		add(fields, "Twiml", document);
	else if (order->server_url == NULL)
		return va_refuse(why, "what is to be said is longer than Twilio takes with a call");
	else
	{
		add(fields, "Url", callback(order, "answer", true, arena));
		add(fields, "Method", "POST");
	}
	return true;
}

static void
add_callbacks(Fields *fields, const VaCallOrder *order, VaArena *arena)
{
	static const char *const events[] = { "initiated", "ringing", "answered", "completed" };

	if (order->server_url == NULL)
		return;
	add(fields, "StatusCallback", callback(order, NULL, true, arena));
	add(fields, "StatusCallbackMethod", "POST");
	for (size_t i = 0; i < sizeof(events) / sizeof(events[0]); i++)
		add(fields, "StatusCallbackEvent", events[i]);
}

/* In the background, unless the call waits for it: a person who answers hears us at once. */
static void
add_detection(Fields *fields, const VaCallOrder *order, VaArena *arena)
{
	if (order->machine_detection == VA_MACHINE_OFF)
		return;
	add(fields, "MachineDetection", order->machine_detection == VA_MACHINE_MESSAGE ? "DetectMessageEnd" : "Enable");
	if (waits_for_detection(order))
		return;
	add(fields, "AsyncAmd", "true");
	add(fields, "AsyncAmdStatusCallback", callback(order, "amd", true, arena));
	add(fields, "AsyncAmdStatusCallbackMethod", order->server_url == NULL ? NULL : "POST");
}

static void
add_recording(Fields *fields, const VaCallOrder *order, VaArena *arena)
{
	if (!order->record)
		return;
	add(fields, "Record", "true");
	add(fields, "RecordingChannels", "dual");
	if (order->server_url == NULL)
		return;
	add(fields, "RecordingStatusCallback", callback(order, "recording", true, arena));
	add(fields, "RecordingStatusCallbackMethod", "POST");
	add(fields, "RecordingStatusCallbackEvent", "completed");
	add(fields, "RecordingStatusCallbackEvent", "absent");
}

bool
twilio_build_call(const VaCallOrder *order, VaArena *arena, VaHttpRequest *request, const char **why)
{
	const char *from = va_from_number(order);
	Fields fields = { 0 };

	if (from == NULL || order->to_number == NULL)
		return va_refuse(
			why, from == NULL ? "the account has no number to call from (from_number)" : "there is no number to call");
	if (!twilio_start(order->carrier, arena, request, "POST", "/Calls.json", why))
		return false;
	add(&fields, "To", order->to_number);
	add(&fields, "From", from);
	if (!add_document(&fields, order, arena, why))
		return false;
	add_callbacks(&fields, order, arena);
	if (order->ring_timeout_s > 0)
		add(&fields, "Timeout", va_integer_text(arena, va_clamp(order->ring_timeout_s, 5, 600)));
	if (order->max_duration_s > 0)
		add(&fields, "TimeLimit", va_integer_text(arena, va_clamp(order->max_duration_s, 1, 86400)));
	if (order->to_extension != NULL && order->to_extension[0] != '\0')
		add(&fields, "SendDigits", va_arena_printf(arena, "ww%s", order->to_extension));
	add_detection(&fields, order, arena);
	add_recording(&fields, order, arena);
	return va_request_form(request, arena, fields.items, fields.count, why);
}

/* ---- look up, list ---- */

bool
twilio_build_lookup(const VaLookupOrder *order, VaArena *arena, VaHttpRequest *request, const char **why)
{
	return twilio_start(order->carrier, arena, request, "GET",
		va_call_path(arena, "/Calls/", order->provider_call_id, ".json", why), why);
}

/* Midnight (UTC) of an instant's day, and so many days later. */
static const char *
midnight(VaArena *arena, int64_t ms, int days)
{
	const int64_t day = INT64_C(86400000);

	return va_arena_printf(arena, "%.10sT00:00:00Z", va_time_text(arena, (ms / day + days) * day));
}

/*
 * With the number called there is no filter by time: StartTime is that of the
 * first ring, and leaves out a call that still waits in Twilio's queue, which
 * is just what is looked for after a dial that was not answered.  The calls of
 * one pair of numbers are few and come newest first; the window of creation
 * is compared by whoever asks (created_at).  Without that number it is a list of
 * what was dialled in whole days, which proves nothing about a queued call.
 * The account's own from_number is no filter: it may have been another one
 * when the call was placed.
 */
bool
twilio_build_list(const VaLookupOrder *order, VaArena *arena, VaHttpRequest *request, const char **why)
{
	const char *path = "/Calls.json";
	int limit = order->limit > 0 && order->limit < TWILIO_LIST_MAX ? order->limit : TWILIO_LIST_MAX;

	path = va_url_with(arena, path, "To", order->to_number);
	path = va_url_with(arena, path, "From", order->from_number);
	if (order->to_number == NULL && order->created_from > 0)
		path = va_url_with(arena, path, "StartTime%3E", midnight(arena, order->created_from, 0));
	if (order->to_number == NULL && order->created_to > 0)
		path = va_url_with(arena, path, "StartTime%3C", midnight(arena, order->created_to, 1));
	path = va_url_with(arena, path, "PageSize", va_integer_text(arena, limit));
	return twilio_start(order->carrier, arena, request, "GET", path, why);
}
