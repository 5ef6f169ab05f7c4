/*-------------------------------------------------------------------------
 * telnyx_event.c
 *		Telnyx's webhooks and calls, read into events.
 *
 * Each webhook is one event with an id of its own.
 *
 * The end of a call tells neither whether somebody had answered nor how long
 * it lasted: that is known from call.answered, whichever of the two comes
 * first.  So normal_clearing is `completed` here with no duration, and the
 * applier knows better.
 */
#include "telnyx_internal.h"

#include <string.h>

#include "pure/providers/common/events.h"

typedef struct Source
{
	VaSource *all;
	const json_t *payload;
	const char *type;
	VaArena *arena;
	TelnyxState state;
} Source;

/* hangup_cause */
static const VaWord causes[] = {
	{ "normal_clearing", { "completed", "ok" } },
	{ "time_limit", { "completed", "ok" } },
	{ "user_busy", { "busy", "busy" } },
	{ "timeout", { "no_answer", "no_answer" } },
	{ "no_answer", { "no_answer", "no_answer" } },
	{ "originator_cancel", { "failed", "canceled" } },
	{ "call_rejected", { "no_answer", "no_answer" } },
	{ "not_found", { "failed", "bad_number" } },
	{ 0 },
};

/* By cause and SIP code. */
static VaMeaning
meaning_of(const char *cause, const char *sip)
{
	const VaWord *word = va_word_of(causes, cause);
	const VaReason *reason = va_reason_of(va_sip_codes, sip);

	/* call_rejected by another SIP code than that of a person who declines: a trunk that may not, as with 403 */
	if (va_is(cause, "call_rejected") && sip != NULL && !va_is(sip, "unspecified") && !va_is(sip, "603") &&
		!va_sip_unwanted(sip))
		return (VaMeaning){ "failed", "retry" };
	if (word != NULL && !va_is(sip, "607"))
		return word->meaning;
	if (va_is(sip, "487"))
		return (VaMeaning){ "failed", "canceled" };
	return reason != NULL ? reason->meaning : (VaMeaning){ "failed", "unknown" };
}

/* ---- kinds of events ---- */

static void
read_hangup(const Source *source, VaEvent *event)
{
	const char *cause = va_json_string(source->payload, "hangup_cause");
	const char *sip = va_json_string(source->payload, "sip_hangup_cause");
	VaMeaning meaning = meaning_of(cause, sip);

	event->kind = VA_EVENT_REPORT;
	event->ended_at = event->occurred_at;
	event->status = meaning.status;
	event->cause_class = meaning.cause_class;
	if (cause == NULL || va_sip_unwanted(sip) ||
		(va_is(cause, "unspecified") && sip != NULL && !va_is(sip, "unspecified")))
		event->cause = va_arena_printf(
			source->arena, "%s-sip-%.20s", cause != NULL ? cause : "unspecified", sip != NULL ? sip : "unspecified");
	else
		event->cause = va_utf8_cut(source->arena, cause, 100);
	/* Those that say by themselves that it was not answered. */
	event->has_duration = !va_is(event->cause_class, "ok") && !va_is(event->cause_class, "unknown");
}

/*
 * A person or a machine answered.  A call that is to leave a message, and has met a machine,
 * waits for nothing until the greeting is over.  A socket that talks has
 * taken the call already, but is no good to a machine.
 */
static void
read_machine(const Source *source, VaEvent *event, bool greeting_over)
{
	static const struct
	{
		const char *result;
		const char *machine;
	} results[] = {
		{ "human", "human" },
		{ "human_residence", "human" },
		{ "human_business", "human" },
		{ "machine", "voicemail" },
		{ "fax_detected", "unavailable" },
		{ "silence", "uncertain" },
		{ "not_sure", "uncertain" },
	};
	const char *result = va_json_string(source->payload, "result");

	event->kind = VA_EVENT_MACHINE;
	event->machine = greeting_over ? "voicemail" : "uncertain";
	event->machine_raw = va_utf8_cut(source->arena, result, 100);
	for (size_t i = 0; !greeting_over && result != NULL && i < sizeof(results) / sizeof(results[0]); i++)
		if (strcmp(result, results[i].result) == 0)
			event->machine = results[i].machine;
	if (strcmp(event->machine, "voicemail") == 0)
		event->wants_answer = greeting_over || !source->state.leaves_message;
	else
		event->wants_answer = !source->state.streams;
}

static void
read_initiated(const Source *source, VaEvent *event)
{
	const char *direction = va_json_string(source->payload, "direction");

	event->kind = VA_EVENT_STATUS;
	event->status = "initiated";
	event->created_at = event->occurred_at;
	if (va_is(direction, "incoming"))
	{
		event->kind = VA_EVENT_INCOMING;
		event->wants_answer = true;
	}
}

static void
read_answered(const Source *source, VaEvent *event)
{
	event->kind = VA_EVENT_STATUS;
	event->status = "in_progress";
	event->answered_at = event->occurred_at;
	event->wants_answer = !source->state.streams && !source->state.detects;
}

static void
read_cost(const Source *source, VaEvent *event)
{
	const json_t *parts = va_json_array(source->payload, "cost_parts");
	const char *currency = va_json_string(json_array_get(parts, 0), "currency");

	event->kind = VA_EVENT_COST;
	event->cost = va_told_cost(source->all, "total_cost", false);
	if (event->cost == NULL)
		return;
	event->cost_currency = currency != NULL && strlen(currency) == 3 ? va_arena_strdup(source->arena, currency) : "USD";
	if (json_array_size(parts) > 0)
	{
		json_t *breakdown = va_json_new_object();

		json_object_set(breakdown, "parts", (json_t *) parts);
		event->cost_breakdown = va_json_text(source->arena, breakdown);
		json_decref(breakdown);
	}
}

static void
read_recording(const Source *source, VaEvent *event)
{
	/* The public ones stay; the others are good for ten minutes, after which they are asked for again. */
	static const char *const places[] = { "public_recording_urls", "recording_urls" };
	static const char *const formats[] = { "mp3", "wav" };
	const char *channels = va_json_string(source->payload, "channels");
	const char *url = NULL;

	event->kind = VA_EVENT_RECORDING;
	for (int i = 0; url == NULL && i < 4; i++)
		url = va_json_string(va_json_object(source->payload, places[i / 2]), formats[i % 2]);
	event->recording_url = va_arena_strdup(source->arena, url);
	if (va_is(channels, "dual"))
		event->stereo_recording_url = event->recording_url;
}

/* Speech that the detection of machines took away was not heard: it is ordered again by what was detected. */
static void
read_spoken(const Source *source, VaEvent *event)
{
	const char *status = va_json_string(source->payload, "status");

	event->kind = va_is(status, "cancelled_amd") ? VA_EVENT_OTHER : VA_EVENT_SPOKEN;
}

static bool
read_key(const Source *source, const char *member, VaEvent *event)
{
	const char *keys = va_json_string(source->payload, member);

	if (keys == NULL || keys[0] == '\0' || strchr("0123456789*#", keys[0]) == NULL)
		return false;
	event->key = va_arena_printf(source->arena, "%c", keys[0]);
	return true;
}

/*
 * A text that listened for a key is over, and the time for one: the key, or
 * that none was pressed.  The number sign ends the listening and is not
 * reported: what is `invalid` is taken for it, though it may be no more than
 * silence.  An order that cancelled the listening has an end of its own.
 */
static void
read_gathered(const Source *source, VaEvent *event)
{
	const char *status = va_json_string(source->payload, "status");

	event->kind = VA_EVENT_OTHER;
	if ((status != NULL && strncmp(status, "cancelled", 9) == 0) || va_is(status, "call_hangup"))
		return;
	event->kind = VA_EVENT_KEY;
	event->wants_answer = true;
	if (!read_key(source, "digits", event) && va_is(status, "invalid"))
		event->key = "#";
}

/*
 * The number that a call was transferred to matters only by whether it took
 * the call.  The call itself stays with us then (TransferCall), and is
 * what the event is about.  After a talk Telnyx ends both.
 */
static void
read_other_leg(const Source *source, VaEvent *event)
{
	VaEvent end = { .occurred_at = event->occurred_at };

	if (strcmp(source->type, "call.hangup") != 0 || source->state.first_leg == NULL)
		return;
	read_hangup(source, &end);
	if (strcmp(end.cause_class, "ok") == 0 || strcmp(end.cause_class, "canceled") == 0)
		return;
	event->kind = VA_EVENT_UNTAKEN;
	event->provider_call_id = source->state.first_leg;
	event->attempt_ref = source->state.attempt_ref;
}

static void
read_kind(const Source *source, VaEvent *event)
{
	const char *type = source->type;

	event->kind = VA_EVENT_OTHER;
	if (source->state.other_leg)
		read_other_leg(source, event);
	else if (strcmp(type, "call.initiated") == 0)
		read_initiated(source, event);
	else if (strcmp(type, "call.answered") == 0)
		read_answered(source, event);
	else if (strcmp(type, "call.hangup") == 0)
		read_hangup(source, event);
	else if (strcmp(type, "call.machine.detection.ended") == 0 ||
			 strcmp(type, "call.machine.premium.detection.ended") == 0)
		read_machine(source, event, false);
	else if (strcmp(type, "call.machine.greeting.ended") == 0 ||
			 strcmp(type, "call.machine.premium.greeting.ended") == 0)
		read_machine(source, event, true);
	else if (strcmp(type, "call.cost") == 0)
		read_cost(source, event);
	else if (strcmp(type, "call.recording.saved") == 0)
		read_recording(source, event);
	else if (strcmp(type, "call.speak.ended") == 0 || strcmp(type, "call.playback.ended") == 0)
		read_spoken(source, event);
	else if (strcmp(type, "call.dtmf.received") == 0)
		event->kind = read_key(source, "digit", event) ? VA_EVENT_KEY : VA_EVENT_OTHER;
	else if (strcmp(type, "call.gather.ended") == 0)
		read_gathered(source, event);
	/* The call may be there still. */
	else if (strcmp(type, "streaming.stopped") == 0)
		event->kind = VA_EVENT_STREAM;
	else if (strcmp(type, "streaming.failed") == 0)
	{
		event->kind = VA_EVENT_SILENT;
		event->cause = va_stream_cause(source->arena, type, va_json_string(source->payload, "failure_reason"));
	}
}

/* ---- entries ---- */

/*
 * The id that commands take.  An event without it (recordings) is ours by the
 * state that it echoes; the leg's id is the last resort, so that it is kept.
 */
static bool
read_identity(const Source *source, VaEvent *event, const char **why)
{
	const char *id = va_json_string(source->payload, "call_control_id");

	event->attempt_ref = source->state.other_leg ? NULL : source->state.attempt_ref;
	if (id == NULL && event->attempt_ref == NULL)
		id = va_json_string(source->payload, "call_leg_id");
	if (id == NULL && event->attempt_ref != NULL)
		return true;
	if (!va_id_valid(id))
		return va_refuse(why, id == NULL ? "the call's id is missing" : "the call's id is not valid");
	event->provider_call_id = va_arena_strdup(source->arena, id);
	return true;
}

/* By the call, as every key, so that what tells of a call can be found; their ids alone would do. */
static const char *
key_of(const Source *source, const char *id, const VaEvent *event)
{
	const char *call = event->provider_call_id != NULL ? event->provider_call_id : event->attempt_ref;

	if (strcmp(source->type, "streaming.started") == 0)
		return va_arena_printf(source->arena, VA_STREAM_BEGUN_KEY, call);
	if (!va_id_valid(id))
		id = va_arena_printf(source->arena, "%s:%lld", source->type, (long long) event->occurred_at);
	return va_arena_printf(source->arena, "%s:%s", call, id);
}

/* message.received; message.sent and message.finalized of one of ours. */
static void
read_text(const Source *source, VaEvent *event)
{
	const VaSource *all = source->all;
	const json_t *to = json_array_get(va_json_array(source->payload, "to"), 0);
	const char *status = va_json_string(to, "status");
	const json_t *error = json_array_get(va_json_array(source->payload, "errors"), 0);

	event->kind = VA_EVENT_TEXT;
	event->from_number = va_utf8_cut(
		all->arena, va_json_string(json_object_get(source->payload, "from"), "phone_number"), 60);
	event->to_number = va_utf8_cut(all->arena, va_json_string(to, "phone_number"), 60);
	event->cause = va_utf8_cut(all->arena, va_json_string(error, "code"), 40);
	if (va_is(event->cause, TELNYX_TEXT_BLOCKED))
		event->cause = "blocked";
	if (strcmp(source->type, "message.received") == 0)
	{
		event->status = "received";
		event->transcript = va_utf8_cut(all->arena, va_json_string(source->payload, "text"), VA_TEXT_MAX);
		event->cause = NULL;
	}
	else if (status == NULL)
		event->status = "other";
	else if (strcmp(status, "sending_failed") == 0)
		event->status = "failed";
	else
		event->status = strcmp(status, "delivery_failed") == 0 ? "undelivered" : va_utf8_cut(all->arena, status, 40);
	event->event_key = VA_KEY(all->arena, event->provider_call_id, "text", event->status);
}

/* An event's data lies in its payload, around which stand its type, its id and its time. */
static bool
read_event(VaSource *all, VaEvent *event, const char **why)
{
	const json_t *data = va_json_object(all->json, "data");
	Source source = { .all = all, .payload = va_json_object(data, "payload"), .arena = all->arena };
	const char *id;

	all->json = data;
	source.type = va_arena_strdup(all->arena, va_json_string(data, "event_type"));
	if (data == NULL)
		*why = "data is missing or not an object";
	else if (!va_id_valid(source.type))
		*why = "the event's type is missing or not valid";
	else if (source.payload == NULL)
		*why = "the payload is missing or not an object";
	if (data == NULL || !va_id_valid(source.type) || source.payload == NULL)
		return false;
	id = va_told(all, "id");
	event->occurred_at = va_told_time(all, "occurred_at");
	all->json = source.payload;
	json_object_set_new(all->details, "eventType", json_string(source.type));
	if (strncmp(source.type, "message.", 8) == 0)
	{
		event->provider_call_id = va_told(all, "id");
		*why = "the text's id is missing or not valid";
		if (va_id_valid(event->provider_call_id))
			read_text(&source, event);
		return event->kind == VA_EVENT_TEXT;
	}
	telnyx_state_read(va_told(all, "client_state"), all->arena, &source.state);
	if (!read_identity(&source, event, why))
		return false;
	event->account_ref = va_told(all, "connection_id");
	event->from_number = va_with_plus(all->arena, va_told(all, "from"));
	event->to_number = va_with_plus(all->arena, va_told(all, "to"));
	read_kind(&source, event);
	event->event_key = key_of(&source, id, event);
	return true;
}

bool
telnyx_read_webhook(const VaSignedMessage *message, VaArena *arena, VaEvents *events, const char **why)
{
	static const char *const known[] = { "call_control_id", "client_state", "from", "to", "connection_id", NULL };
	static const VaEventReader reader = { read_event, NULL, known };
	json_t *root = va_json_load(arena, message->body, message->body_len, why);

	*events = (VaEvents){ 0 };
	return root != NULL && va_webhook_read(&reader, message, root, arena, events, why);
}

/* Over: its duration is reported, and not why it ended. */
static bool
read_ended_call(VaSource *source, VaEvent *event)
{
	double duration = va_told_seconds(source, "call_duration");

	event->occurred_at = event->ended_at;
	event->status = duration > 0 ? "completed" : "failed";
	event->cause = duration > 0 ? "ended" : "ended-without-talk";
	event->cause_class = duration > 0 ? "ok" : "unknown";
	va_event_end(event, duration);
	event->event_key = va_arena_printf(source->arena, "lookup:%s:ended", event->provider_call_id);
	return true;
}

static bool
read_call(VaSource *source, bool live, VaEvent *event, const char **why)
{
	const json_t *alive = json_object_get(source->json, "is_alive");
	TelnyxState state;

	event->provider_call_id = va_told(source, "call_control_id");
	if (!va_id_valid(event->provider_call_id))
		return va_refuse(why, "the call's id is missing or not valid");
	if (!live && !json_is_boolean(alive))
		return va_refuse(why, "is_alive is not told");
	telnyx_state_read(va_told(source, "client_state"), source->arena, &state);
	event->attempt_ref = state.attempt_ref;
	event->created_at = va_told_time(source, "start_time");
	event->ended_at = va_told_time(source, "end_time");
	/* One that is not alive and has not ended either is being dialled. */
	if (!live && !json_is_true(alive) && va_told(source, "end_time") != NULL)
		return read_ended_call(source, event);
	event->kind = VA_EVENT_STATUS;
	event->ended_at = 0;
	event->occurred_at = event->created_at;
	event->status = "initiated";
	if ((live || json_is_true(alive)) && va_told_seconds(source, "call_duration") > 0)
		event->status = "in_progress";
	event->event_key = va_arena_printf(source->arena, "lookup:%s:%s", event->provider_call_id, event->status);
	return true;
}

static bool
read_any_call(VaSource *source, VaEvent *event, const char **why)
{
	return read_call(source, false, event, why);
}

static bool
read_live_call(VaSource *source, VaEvent *event, const char **why)
{
	return read_call(source, true, event, why);
}

bool
telnyx_read_call(const json_t *call, VaArena *arena, VaEvent *event, const char **why)
{
	static const VaEventReader reader = { read_any_call, NULL, NULL };

	return va_call_read(&reader, call, arena, event, why);
}

bool
telnyx_read_live_call(const json_t *call, VaArena *arena, VaEvent *event, const char **why)
{
	static const VaEventReader reader = { read_live_call, NULL, NULL };

	return va_call_read(&reader, call, arena, event, why);
}
