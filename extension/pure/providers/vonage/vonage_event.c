/*-------------------------------------------------------------------------
 * vonage_event.c
 *		Vonage's webhooks and calls, read into events.
 *
 * Our reference comes back in the query, which is not signed: see
 * vonage_token.c.  Events have no id, so what it says is its key.
 */
#include "vonage_internal.h"

#include <string.h>

#include "pure/providers/common/events.h"

/* A status, behind which may stand its detail.  A route that is missing (cannot_route) may be so for the account alone. */
static const VaWord statuses[] = {
	{ "started", { "initiated", NULL } },
	{ "ringing", { "ringing", NULL } },
	{ "answered", { "in_progress", NULL } },
	{ "completed", { "completed", "ok" } },
	{ "busy", { "busy", "busy" } },
	{ "timeout", { "no_answer", "no_answer" } },
	{ "unanswered", { "no_answer", "no_answer" } },
	{ "cancelled", { "failed", "canceled" } },
	{ "failed", { "failed", "unknown" } },
	{ "failed-number_out_of_service", { "failed", "bad_number" } },
	{ "failed-internal_error", { "failed", "retry" } },
	{ "rejected", { "failed", "unknown" } },
	{ "rejected-invalid_number", { "failed", "bad_number" } },
	{ "rejected-declined", { "no_answer", "no_answer" } },
	{ 0 },
};

/* ---- members ---- */

/* The call that waits for what comes next, named by the query of another leg's event; NULL: none does. */
static const char *
waiting_call(const VaSource *source)
{
	const char *call = va_form_value(&source->query, "call");

	return va_id_valid(call) ? call : NULL;
}

/* A number: a text, {"number": text} or a list of these. */
static const char *
number_of(const VaSource *source, const char *key)
{
	const json_t *value = json_object_get(source->json, key);

	if (json_is_array(value))
		value = json_array_get(value, 0);
	if (json_is_object(value))
		value = json_object_get(value, "number");
	return va_with_plus(source->arena, va_arena_strdup(source->arena, json_string_value(value)));
}

/* ---- the end of a call ---- */

/* Price, duration and times; the start is that of the talk, which the end tells with the duration more exactly. */
static void
read_end(VaSource *source, const char *cause, VaEvent *event)
{
	int64_t start = va_told_time(source, "start_time");
	double seconds = va_is(event->status, "completed") ? va_told_seconds(source, "duration") : -1;

	event->cause = va_utf8_cut(source->arena, cause, 100);
	event->ended_at = va_told_time(source, "end_time");
	if (event->ended_at == 0)
		event->ended_at = event->occurred_at;
	event->cost = va_told_cost(source, "price", false);
	event->cost_currency = event->cost == NULL ? NULL : "EUR";
	/* Over without a start: we took it back before anybody answered. */
	if (seconds == 0 && json_is_null(json_object_get(source->json, "start_time")))
	{
		event->status = "failed";
		event->cause_class = "canceled";
	}
	else if (va_is(event->status, "completed") && (seconds < 0 || event->ended_at == 0))
		event->answered_at = start;
	va_event_end(event, seconds);
}

/* ---- events ---- */

/*
 * A person or a machine answered; these events wait for no reply.  A call that
 * is to leave a message acts on a machine when its beep has come, or has not
 * come in time: before that the machine is only a fact.
 */
static void
read_machine(VaSource *source, const char *status, VaEvent *event)
{
	const char *sub_state = va_json_string(source->json, "sub_state");
	bool human = va_is(status, "human");
	bool too_early = !human && sub_state == NULL && va_about(source, "message");

	event->kind = too_early ? VA_EVENT_STATUS : VA_EVENT_MACHINE;
	event->machine = human ? "human" : "voicemail";
	event->machine_raw = sub_state != NULL ? va_utf8_cut(source->arena,
												 va_arena_printf(source->arena, "%s-%s", status, sub_state), 100)
										   : va_arena_strdup(source->arena, status);
}

static bool
is_socket(VaSource *source)
{
	const char *to = va_json_string(source->json, "to");

	return to != NULL && (strncmp(to, "ws:", 3) == 0 || strncmp(to, "wss:", 4) == 0);
}

static bool
is_other_leg(VaSource *source)
{
	return va_about(source, "leg") || is_socket(source);
}

/*
 * One fact matters about the leg that a connect began, to a socket or a telephone:
 * whether it was taken.  It has an id of its own, so the call is known by our
 * reference alone, or, one that came in, by the query.
 */
static void
read_other_leg(VaSource *source, const char *status, VaEvent *event)
{
	static const char *const refused[] = { "failed", "rejected", "unanswered", "timeout", "busy" };
	const char *to = va_json_string(source->json, "to");
	const char *call = waiting_call(source);
	bool known = event->attempt_ref != NULL || call != NULL;
	bool ours = is_socket(source) && strstr(to, "/media/vonage/") != NULL;

	/* Ours was taken, and has gone: the call may be there still. */
	if (known && ours && va_is(status, "disconnected"))
	{
		event->kind = VA_EVENT_STREAM;
		event->provider_call_id = call;
	}
	for (size_t i = 0; i < sizeof(refused) / sizeof(refused[0]); i++)
		if (known && strcmp(status, refused[i]) == 0)
		{
			event->kind = ours ? VA_EVENT_STREAM : is_socket(source) ? VA_EVENT_SILENT : VA_EVENT_UNTAKEN;
			if (is_socket(source))
				event->cause = va_stream_cause(source->arena, status, va_json_string(source->json, "detail"));
			event->provider_call_id = call;
			event->wants_answer = call != NULL && !ours;
		}
}

static void
read_status(VaSource *source, const char *status, VaEvent *event)
{
	const char *detail = va_told(source, "detail");
	const char *cause = detail == NULL ? status : va_arena_join(source->arena, status, "-", detail, NULL);
	const VaWord *word = va_word_of(statuses, cause);

	if (word == NULL)
		word = va_word_of(statuses, status);
	event->kind = VA_EVENT_OTHER;
	if (is_other_leg(source))
		read_other_leg(source, status, event);
	else if (va_is(status, "human") || va_is(status, "machine"))
		read_machine(source, status, event);
	else if (word != NULL)
	{
		event->kind = VA_EVENT_STATUS;
		event->status = word->meaning.status;
		event->cause_class = word->meaning.cause_class;
		if (va_is(status, "started"))
			event->created_at = event->occurred_at;
		if (va_is(status, "answered"))
			event->answered_at = event->occurred_at;
		if (event->cause_class != NULL)
			read_end(source, cause, event);
	}
}

/* Without a status: a recording, a call that asks what to do, an error of theirs. */
static void
read_rest(VaSource *source, VaEvent *event)
{
	event->kind = VA_EVENT_OTHER;
	if (va_json_string(source->json, "recording_url") != NULL)
	{
		event->kind = VA_EVENT_RECORDING;
		event->recording_url = va_told(source, "recording_url");
		event->stereo_recording_url = event->recording_url;
	}
	else if (event->provider_call_id != NULL && event->from_number != NULL && event->to_number != NULL &&
			 json_object_get(source->json, "reason") == NULL && json_object_get(source->json, "dtmf") == NULL &&
			 json_object_get(source->json, "speech") == NULL)
	{
		event->kind = event->attempt_ref == NULL ? VA_EVENT_INCOMING : VA_EVENT_OTHER;
		event->wants_answer = true;
	}
}

/* The call's id, where there is one; an event without it is ours by the query. */
static bool
read_identity(VaSource *source, VaEvent *event, const char **why)
{
	const json_t *id = json_object_get(source->json, "uuid");

	if (id == NULL)
		id = json_object_get(source->json, "call_uuid");
	if (id == NULL && event->attempt_ref != NULL)
		return true;
	if (id == NULL)
		id = json_object_get(source->json, "conversation_uuid");
	if (!json_is_string(id) || !va_id_valid(json_string_value(id)))
		return va_refuse(why, id == NULL ? "the call's id is missing" : "the call's id is not valid");
	event->provider_call_id = va_arena_strdup(source->arena, json_string_value(id));
	return true;
}

static void
set_key(VaSource *source, const char *what, VaEvent *event)
{
	const char *sub_state = va_json_string(source->json, "sub_state");
	const char *recording = va_json_string(source->json, "recording_uuid");

	/* Its key covers the whole event when the event names no time. */
	event->event_key = va_arena_printf(source->arena, "%s:%s%s%s:%s",
		event->provider_call_id != NULL ? event->provider_call_id : event->attempt_ref, what,
		sub_state != NULL ? "-" : "", sub_state != NULL ? va_utf8_cut(source->arena, sub_state, 20) : "",
		va_id_valid(recording) && strlen(recording) < 60
			? recording
			: va_arena_printf(source->arena, "%lld", (long long) event->occurred_at));
}

/*
 * A key that was pressed, or that the time for one is over.  {"dtmf":
 * {"digits", "timed_out"}}; older ones {"dtmf": digits}.
 */
static bool
read_key(VaSource *source, VaEvent *event, const char **why)
{
	const json_t *dtmf = json_object_get(source->json, "dtmf");
	const json_t *digits = json_is_string(dtmf) ? dtmf : json_object_get(dtmf, "digits");

	if (event->provider_call_id == NULL)
		return va_refuse(why, "the call's id is missing");
	if (digits != NULL && !json_is_null(digits) && !json_is_string(digits))
		return va_refuse(why, "the digits are not valid");
	event->wants_answer = true;
	if (json_string_length(digits) > 0)
		return va_event_key(event, json_string_value(digits), source->arena, why);
	event->kind = VA_EVENT_KEY;
	set_key(source, "input", event);
	return true;
}

/* The status of what tells of a call, or false where it is none. */
static bool
status_of(const VaSource *source, const char **status, const char **why)
{
	const json_t *member = json_object_get(source->json, "status");

	*status = json_string_length(member) > 0 ? va_arena_strdup(source->arena, json_string_value(member)) : NULL;
	if (member == NULL || json_is_null(member) || (va_id_valid(*status) && strlen(*status) <= 40))
		return true;
	return va_refuse(why, "the status is not valid");
}

/* A text that somebody wrote, which has no status, or what came of one of ours. */
static bool
read_text(VaSource *source, VaEvent *event, const char **why)
{
	static const VaNamedText states[] = { { "submitted", "sent" }, { "delivered", "delivered" },
		{ "rejected", "failed" }, { "undeliverable", "undelivered" }, { 0 } };
	const char *status;

	event->provider_call_id = va_told(source, "message_uuid");
	if (!va_id_valid(event->provider_call_id) || !status_of(source, &status, why))
		return va_refuse(why, "the text's id or status is not valid");
	event->kind = VA_EVENT_TEXT;
	event->status = status == NULL ? "received" : status;
	for (const VaNamedText *state = states; status != NULL && state->name != NULL; state++)
		if (va_is(status, state->name))
			event->status = state->value;
	event->from_number = number_of(source, "from");
	event->to_number = number_of(source, "to");
	if (status == NULL)
		event->transcript = va_utf8_cut(source->arena, va_json_string(source->json, "text"), VA_TEXT_MAX);
	else
		event->cause = va_utf8_cut(source->arena, va_json_string(va_json_object(source->json, "error"), "title"), 40);
	event->event_key = VA_KEY(source->arena, event->provider_call_id, "text", event->status);
	return true;
}

static bool
read_event(VaSource *source, VaEvent *event, const char **why)
{
	const char *status;

	if (json_object_get(source->json, "message_uuid") != NULL)
		return read_text(source, event, why);
	if (!read_identity(source, event, why) || !status_of(source, &status, why))
		return false;
	event->occurred_at = va_told_time(source, "timestamp");
	event->from_number = number_of(source, "from");
	event->to_number = number_of(source, "to");
	if (va_about(source, "key") && json_object_get(source->json, "dtmf") != NULL)
		return read_key(source, event, why);
	if (status == NULL)
		read_rest(source, event);
	else
		read_status(source, status, event);
	set_key(source, status != NULL ? status : va_event_kind_name(event->kind), event);
	return true;
}

static const char *const known[] = { "uuid", "call_uuid", "from", "to", "timestamp", "api_key", "api_secret", NULL };

bool
vonage_read_webhook(const VaSignedMessage *message, VaArena *arena, VaEvents *events, const char **why)
{
	static const VaEventReader reader = { read_event, NULL, known };
	bool asked = vonage_is_get(message) && message->body_len == 0;
	const char *text = asked ? vonage_query_json(message, arena) : message->body;
	json_t *root;

	*events = (VaEvents){ 0 };
	*why = "the query cannot be read";
	root = text == NULL ? NULL : va_json_load(arena, text, asked ? strlen(text) : message->body_len, why);
	if (root == NULL || !va_webhook_read(&reader, message, root, arena, events, why))
		return false;
	events->items->account_ref = vonage_token_account(message, arena);
	return va_events_end(events, arena, true, why);
}

static bool
read_call(VaSource *source, VaEvent *event, const char **why)
{
	const char *id = va_json_string(source->json, "uuid");
	int64_t end = va_told_time(source, "end_time");
	const char *status;

	if (!va_id_valid(id) || !status_of(source, &status, why) || status == NULL)
		return va_refuse(why,
			va_id_valid(id) ? "the call's status is missing or not valid" : "the call's id is missing or not valid");
	event->provider_call_id = va_arena_strdup(source->arena, id);
	event->created_at = va_told_time(source, "start_time");
	event->occurred_at = end != 0 ? end : event->created_at;
	event->from_number = number_of(source, "from");
	event->to_number = number_of(source, "to");
	event->event_key = va_arena_printf(source->arena, "lookup:%s:%s", id, status);
	/* A machine that talks is somebody who answered. */
	if (va_is(status, "machine") || va_is(status, "human"))
	{
		read_machine(source, status, event);
		event->kind = VA_EVENT_STATUS;
		event->status = "in_progress";
	}
	else
		read_status(source, status, event);
	if (event->kind == VA_EVENT_STATUS && va_is(status, "answered"))
		event->answered_at = event->created_at;
	return true;
}

bool
vonage_read_call(const json_t *call, VaArena *arena, VaEvent *event, const char **why)
{
	static const VaEventReader reader = { read_call, NULL, known };

	return va_call_read(&reader, call, arena, event, why);
}
