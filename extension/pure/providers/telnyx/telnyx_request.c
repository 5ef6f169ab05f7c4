/*-------------------------------------------------------------------------
 * telnyx_request.c
 *		Telnyx's requests: place a call, look up, list.
 *
 * Pure: no backend, no locks, no global state.
 */
#include "telnyx_internal.h"

#include <string.h>

bool
telnyx_start(VaArena *arena, VaHttpRequest *request, const char *method, const VaProviderAccount *carrier,
	const char *path, const char **why)
{
	return va_request_start(request, arena, method, carrier->base_url, TELNYX_BASE_URL, path, why) &&
		   va_request_bearer(request, arena, va_carrier_credential(carrier, "api_key"), why);
}

bool
telnyx_connection(const VaProviderAccount *carrier, const char **id, const char **why)
{
	*id = va_carrier_setting(carrier, "connection_id");
	if (va_id_valid(*id))
		return true;
	return va_refuse(
		why, *id == NULL ? "the account has no connection_id" : "the account's connection_id is not valid");
}

void
telnyx_set_stream(json_t *body, const char *stream_url)
{
	json_object_set_new(body, "stream_url", json_string(stream_url));
	json_object_set_new(body, "stream_track", json_string("inbound_track"));
	/* Without this it wants MP3 files, not a voice. */
	json_object_set_new(body, "stream_bidirectional_mode", json_string("rtp"));
	json_object_set_new(body, "stream_bidirectional_codec", json_string("PCMU"));
}

/*
 * Events that must not be lost get five tries, in less than the minute that
 * they allow.  Where a person waits at the telephone for what comes next, the
 * tries come sooner: a person that has heard nothing for longer is gone.
 */
void
telnyx_set_retries(json_t *body, bool end_is_waited_for)
{
	static const char *const waited_for[] = {
		"call.answered",
		"call.machine.detection.ended",
		"call.machine.premium.detection.ended",
		"call.machine.greeting.ended",
		"call.machine.premium.greeting.ended",
		"call.speak.ended",
		"call.playback.ended",
		"call.gather.ended",
		"call.dtmf.received",
		"streaming.started",
		"streaming.failed",
		"call.hangup",
	};
	json_t *policies = va_json_new_object();

	for (size_t i = 0; i < sizeof(waited_for) / sizeof(waited_for[0]); i++)
		json_object_set_new(
			policies, waited_for[i], json_pack("{s:[iiiii]}", "retries_ms", 500, 1000, 2000, 4000, 8000));
	if (!end_is_waited_for)
		json_object_set_new(
			policies, "call.hangup", json_pack("{s:[iiiii]}", "retries_ms", 1000, 3000, 8000, 16000, 30000));
	json_object_set_new(body, "webhook_retries_policies", policies);
}

/* ---- a call ---- */

static bool
check_order(const VaCallOrder *order, const char **why)
{
	const VaAnswer *answer = &order->answer;

	if (!va_call_order_good(
			order, "0123456789*#ABCDwW", "the extension must be digits, *, #, A to D, w and W for pauses", why))
		return false;
	if (!va_printable(order->attempt_ref) || strchr(order->attempt_ref, ';') != NULL)
		*why = "the attempt has no reference";
	else if (answer->kind == VA_ANSWER_STREAM && answer->stream_url == NULL)
		*why = "the answer has no stream_url";
	else
		return true;
	return false;
}

/*
 * Person or machine: for a message the end of the greeting counts, which only
 * the plain detection always tells; the premium one tells the two apart better.
 */
static const char *
detection(const VaCallOrder *order)
{
	const char *premium = va_carrier_setting(order->carrier, "premium_detection");

	if (order->machine_detection == VA_MACHINE_OFF)
		return NULL;
	if (order->machine_detection == VA_MACHINE_MESSAGE)
		return "greeting_end";
	return premium != NULL && strcmp(premium, "true") == 0 ? "premium" : "detect";
}

/*
 * Not before what is to be said first, nor where a machine gets a message
 * rather than a socket: then it is ordered when that is said, or a human heard.
 */
static bool
streams_at_once(const VaCallOrder *order)
{
	const VaAnswer *answer = &order->answer;

	return answer->kind == VA_ANSWER_STREAM && (answer->text == NULL || answer->text[0] == '\0') &&
		   order->machine_detection != VA_MACHINE_MESSAGE;
}

static json_t *
call_body(const VaCallOrder *order, const char *connection, VaArena *arena)
{
	TelnyxState state = { .attempt_ref = order->attempt_ref,
		.streams = streams_at_once(order),
		.detects = order->machine_detection != VA_MACHINE_OFF,
		.leaves_message = order->machine_detection == VA_MACHINE_MESSAGE };
	json_t *body = va_json_new_object();

	va_json_set_text(body, "connection_id", connection);
	va_json_set_text(body, "to", order->to_number);
	va_json_set_text(body, "from", va_from_number(order));
	va_json_set_text(body, "client_state", telnyx_state_text(&state, arena));
	/* For a minute the same request dials once, however often it comes. */
	va_json_set_text(body, "command_id", order->attempt_ref);
	va_json_set_text(body, "webhook_url", order->server_url);
	telnyx_set_retries(body, false);
	va_json_set_text(body, "answering_machine_detection", detection(order));
	if (order->ring_timeout_s > 0)
		json_object_set_new(body, "timeout_secs", json_integer(va_clamp(order->ring_timeout_s, 5, 600)));
	if (order->max_duration_s > 0)
		json_object_set_new(body, "time_limit_secs", json_integer(va_clamp(order->max_duration_s, 30, 14400)));
	if (order->record)
	{
		va_json_set_text(body, "record", "record-from-answer");
		va_json_set_text(body, "record_channels", "dual");
		va_json_set_text(body, "record_format", "mp3");
	}
	if (state.streams)
		telnyx_set_stream(body, order->answer.stream_url);
	va_json_set_text(body, "send_digits_on_answer", order->to_extension);
	return body;
}

bool
telnyx_build_call(const VaCallOrder *order, VaArena *arena, VaHttpRequest *request, const char **why)
{
	const char *connection;

	return check_order(order, why) && telnyx_connection(order->carrier, &connection, why) &&
		   va_request_body(telnyx_start(arena, request, "POST", order->carrier, "/calls", why), request, arena,
			   call_body(order, connection, arena), why);
}

/* ---- what became of it ---- */

bool
telnyx_build_lookup(const VaLookupOrder *order, VaArena *arena, VaHttpRequest *request, const char **why)
{
	return telnyx_start(
		arena, request, "GET", order->carrier, va_call_path(arena, "/calls/", order->provider_call_id, "", why), why);
}

/* Live calls only, and of these it tells neither numbers nor times: our reference finds the call. */
bool
telnyx_build_list(const VaLookupOrder *order, VaArena *arena, VaHttpRequest *request, const char **why)
{
	int limit = order->limit <= 0 ? TELNYX_PAGE_MAX : va_clamp(order->limit, 1, TELNYX_PAGE_MAX);
	const char *connection;

	if (!telnyx_connection(order->carrier, &connection, why))
		return false;
	return telnyx_start(arena, request, "GET", order->carrier,
		va_arena_printf(arena, "/connections/%s/active_calls?page%%5Bnumber%%5D=%d&page%%5Bsize%%5D=%d",
			va_escaped(arena, connection), order->offset / limit + 1, limit),
		why);
}
