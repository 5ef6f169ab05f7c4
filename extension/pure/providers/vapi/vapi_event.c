/*-------------------------------------------------------------------------
 * vapi_event.c
 *		Vapi's webhooks and Call objects, read into events.
 *
 * A webhook's message repeats some of its call's members at its own level;
 * a lookup has the call alone.  Both go through the same code, which looks
 * first in the message and then in the call, so that a lookup of an ended
 * call has the effect of the report that was lost.
 *
 * Unknown members are ignored.  Without a type, a call's id or a status there
 * is no event; every other member that is of the wrong type, or out of range,
 * is as if it were not there, and "leftOut" of the details names it.
 */
#include "vapi_internal.h"

#include <string.h>

#include "pure/providers/common/events.h"
#include "vapi_report.h"

#define TYPE_MAX 64
#define DURATION_MAX_S 86400

/* ---- members ---- */

/* ISO 8601 text or milliseconds; 0 for what is no time. */
static int64_t
instant(const json_t *value)
{
	double number = json_number_value(value);
	int64_t ms = 0;

	if (json_is_string(value))
		return va_time_parse(json_string_value(value), &ms) ? ms : 0;
	return number > 0 && number < 1e15 && va_time_in_range((int64_t) number) ? (int64_t) number : 0;
}

static bool
usable(const char *key, const json_t *value)
{
	if (strcmp(key, "endedReason") == 0)
		return json_is_string(value);
	if (strcmp(key, "artifact") == 0 || strcmp(key, "analysis") == 0)
		return json_is_object(value);
	if (strcmp(key, "durationSeconds") == 0)
		return json_is_number(value) && json_number_value(value) >= 0 && json_number_value(value) <= DURATION_MAX_S;
	return strcmp(key, "cost") == 0 ? vapi_cost_usable(value) : instant(value) != 0;
}

/* Takes what cannot be used out of the message, or the call, and puts its name into the call's "leftOut". */
static void
leave_out(json_t *object, json_t *call)
{
	static const char *const keys[] = { "createdAt", "startedAt", "endedAt", "updatedAt", "durationSeconds",
		"endedReason", "cost", "artifact", "analysis", "timestamp" };

	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++)
	{
		const json_t *value = json_object_get(object, keys[i]);

		if (value == NULL || json_is_null(value) || usable(keys[i], value))
			continue;
		json_object_del(object, keys[i]);
		va_leave_out(call, keys[i]);
	}
}

/* ---- identity ---- */

/* The numbers of both sides; most events tell ours, all tell the customer's. */
static void
read_numbers(const VapiSource *source, VaEvent *event)
{
	const char *type = va_json_string(source->call, "type");
	const char *theirs = va_json_string(va_json_object(source->call, "customer"), "number");
	const char *ours = va_json_string(va_json_object(source->call, "phoneNumber"), "number");
	bool inbound = type != NULL && strncmp(type, "inbound", 7) == 0;

	if (theirs == NULL)
		theirs = va_json_string(va_json_object(source->message, "customer"), "number");
	if (ours == NULL)
		ours = va_json_string(va_json_object(source->message, "phoneNumber"), "number");
	theirs = vapi_copy(source, va_with_plus(source->arena, theirs));
	ours = vapi_copy(source, va_with_plus(source->arena, ours));
	event->from_number = inbound ? theirs : ours;
	event->to_number = inbound ? ours : theirs;
}

static bool
read_identity(const VapiSource *source, VaEvent *event, const char **why)
{
	const json_t *id = json_object_get(source->call, "id");
	const json_t *metadata = json_object_get(va_json_object(source->call, "assistantOverrides"), "metadata");
	const json_t *attempt = json_object_get(metadata, "attempt");
	const char *reference;

	json_object_del(source->call, "leftOut");
	leave_out(source->call, source->call);
	leave_out(source->message, source->call);
	if (source->call == NULL)
		return va_refuse(why, "the call is missing");
	if (!json_is_string(id) || !va_id_valid(json_string_value(id)))
		return va_refuse(why, id == NULL ? "the call's id is missing" : "the call's id is not valid");
	event->provider_call_id = vapi_copy(source, json_string_value(id));

	reference = va_json_string(metadata, "attempt");
	if (reference == NULL && json_is_integer(attempt))
		reference = va_json_text(source->arena, attempt);
	if (reference == NULL)
		reference = va_json_string(source->call, "name");
	if (reference == NULL)
		reference = va_json_string(va_json_object(source->call, "customer"), "externalId");
	if (reference == NULL)
		reference = va_json_string(va_json_object(source->message, "customer"), "externalId");
	if (reference != NULL && strlen(reference) <= VA_ATTEMPT_REF_MAX)
		event->attempt_ref = vapi_copy(source, reference);
	event->control_url = vapi_control_url(source->call, source->arena);
	event->account_ref = vapi_copy(source, va_json_string(source->call, "orgId"));
	read_numbers(source, event);
	event->created_at = instant(json_object_get(source->call, "createdAt"));
	return true;
}

const char *
vapi_control_url(const json_t *call, VaArena *arena)
{
	return va_link_of(arena, va_json_string(va_json_object(call, "monitor"), "controlUrl"), NULL);
}

/* ---- the rest ---- */

static void
keep(json_t *details, const char *name, json_t *value)
{
	if (value != NULL && !json_is_null(value) && !(json_is_object(value) && json_object_size(value) == 0) &&
		!(json_is_array(value) && json_array_size(value) == 0))
		json_object_set(details, name, value);
}

static json_t *
start_details(const VapiSource *source, const VaEvent *event)
{
	static const char *const kept[] = { "destination", "compliance", "endedMessage", "phoneCallProvider",
		"phoneCallProviderId", "phoneCallTransport", "assistantVersion", "leftOut" };
	json_t *details = va_json_new_object();

	for (size_t i = 0; i < sizeof(kept) / sizeof(kept[0]); i++)
		keep(details, kept[i], vapi_member(source, kept[i]));
	keep(details, "callType", json_object_get(source->call, "type"));
	if (event->control_url != NULL)
		json_object_set_new(details, "controlUrl", json_string(event->control_url));
	return details;
}

static void
keep_artifact(json_t *details, const json_t *artifact)
{
	static const char *const kept[] = { "variableValues", "performanceMetrics", "structuredOutputs", "scorecards",
		"transfers", "videoRecordingUrl", "pcapUrl", "logUrl" };

	for (size_t i = 0; i < sizeof(kept) / sizeof(kept[0]); i++)
		keep(details, kept[i], json_object_get(artifact, kept[i]));
}

static void
set_details(const VapiSource *source, VaEvent *event, json_t *details)
{
	event->details = va_json_text(source->arena, details);
	json_decref(details);
}

/* ---- kinds of events ---- */

/* The one thing that Vapi says of machines is why the call ended. */
static void
set_machine(VaEvent *event)
{
	if (event->cause != NULL && strcmp(event->cause, "voicemail") == 0)
	{
		event->machine = "voicemail";
		event->machine_raw = event->cause;
	}
}

static void
read_end(const VapiSource *source, VaEvent *event)
{
	const json_t *artifact = vapi_member(source, "artifact");
	const json_t *analysis = vapi_member(source, "analysis");
	const json_t *seconds = vapi_member(source, "durationSeconds");
	const char *ended_reason = vapi_text(source, "endedReason");
	int64_t started_at = instant(vapi_member(source, "startedAt"));
	VapiReason reason;
	json_t *details;

	vapi_read_cost(source, event);
	event->kind = VA_EVENT_REPORT;
	event->ended_at = instant(vapi_member(source, "endedAt"));
	if (event->ended_at == 0)
		event->ended_at = event->occurred_at;
	if (started_at == 0 && event->ended_at != 0 && json_number_value(seconds) > 0)
		started_at = event->ended_at - (int64_t) (json_number_value(seconds) * 1000);
	reason = vapi_reason(ended_reason, started_at != 0);
	event->status = reason.status;
	event->cause_class = reason.cause_class;
	event->cause = vapi_copy(source, ended_reason);
	set_machine(event);
	/* A leg of a transfer may end a call with a reason of its own: who has spoken had answered. */
	if (vapi_read_report(source, artifact, analysis, event) || !vapi_reason_unanswered(&reason))
		event->answered_at = started_at;
	event->has_duration = event->answered_at == 0 || event->ended_at != 0 || seconds != NULL;
	/* A carrier whose clock runs fast says itself how long people talked. */
	if (event->answered_at != 0 && seconds != NULL)
		event->duration_seconds = json_number_value(seconds);
	else if (event->answered_at != 0 && event->ended_at > event->answered_at)
		event->duration_seconds = (double) (event->ended_at - event->answered_at) / 1000;

	details = start_details(source, event);
	keep_artifact(details, artifact);
	keep(details, "structuredDataMulti", json_object_get(analysis, "structuredDataMulti"));
	keep(details, "costs", vapi_member(source, "costs"));
	set_details(source, event, details);
}

/*
 * Their status in our words; NULL says nothing about the call's progress:
 * "not-found" and "deletion-failed" are of a call whose data go, which is
 * asked about as one that is silent.
 */
static const char *
live_status(const char *status)
{
	if (strcmp(status, "scheduled") == 0 || strcmp(status, "queued") == 0)
		return "initiated";
	if (strcmp(status, "ringing") == 0)
		return "ringing";
	if (strcmp(status, "in-progress") == 0 || strcmp(status, "forwarding") == 0)
		return "in_progress";
	return NULL;
}

static void
read_status(const VapiSource *source, const char *status, VaEvent *event)
{
	int64_t started_at = instant(vapi_member(source, "startedAt"));
	json_t *details;

	event->kind = VA_EVENT_STATUS;
	event->status = live_status(status);
	if (event->status != NULL && strcmp(event->status, "in_progress") == 0)
		event->answered_at = started_at != 0 ? started_at : event->occurred_at;
	if (strcmp(status, "ended") == 0)
	{
		const char *ended_reason = vapi_text(source, "endedReason");
		VapiReason reason = vapi_reason(ended_reason, started_at != 0);

		event->ended_at = instant(vapi_member(source, "endedAt"));
		event->cause = vapi_copy(source, ended_reason);
		event->cause_class = reason.cause_class;
		set_machine(event);
		/*
		 * An end whose reason is not known and whose start is missing may be
		 * a conversation: the report decides, not this.
		 */
		if (strcmp(reason.cause_class, "unknown") != 0 || started_at != 0)
			event->status = reason.status;
		if (!vapi_reason_unanswered(&reason))
			event->answered_at = started_at;
		if (event->ended_at == 0)
			event->ended_at = event->occurred_at;
	}
	details = start_details(source, event);
	json_object_set_new(details, "providerStatus", json_string(status));
	set_details(source, event, details);
}

/* The words, as the only turn; NULL for a guess, which what the transcriber settles on follows. */
static const char *
live_turn(const VapiSource *source, const char *speaker, const char *text, int64_t at_ms)
{
	const char *type = va_json_string(source->message, "transcriptType");
	VaBuffer turn = { 0 };

	if (speaker == NULL || text == NULL || text[0] == '\0' || (type != NULL && strcmp(type, "partial") == 0))
		return NULL;
	va_buffer_printf(&turn, "[{\"turn\":1,\"speaker\":\"%s\",\"text\":", speaker);
	va_buffer_json_string(&turn, text, strlen(text));
	if (at_ms != 0)
		va_buffer_printf(&turn, ",\"at_ms\":%lld", (long long) at_ms);
	va_buffer_printf(&turn, "}]");
	return va_buffer_finish(&turn, source->arena);
}

static bool
read_transcript_event(const VapiSource *source, VaEvent *event)
{
	const char *role = va_json_string(source->message, "role");
	const char *text = va_json_string(source->message, "transcript");
	json_t *details = start_details(source, event);

	event->kind = VA_EVENT_TRANSCRIPT;
	event->transcript = vapi_copy(source, text);
	event->turns = live_turn(source, vapi_speaker(role), text, event->occurred_at);
	if (vapi_speaker(role) != NULL)
		json_object_set_new(details, "speaker", json_string(vapi_speaker(role)));
	keep(details, "transcriptType", json_object_get(source->message, "transcriptType"));
	set_details(source, event, details);
	event->event_key = va_arena_printf(source->arena, "%s:transcript:%.20s:%lld", event->provider_call_id,
		vapi_speaker(role) != NULL ? vapi_speaker(role) : "", (long long) event->occurred_at);
	return true;
}

/* {id, function {name, arguments}} or {id, name, parameters}; the arguments are an object or a JSON text of
 * one. */
static void
read_tool_call(const VapiSource *source, const json_t *item, VaEvent *event)
{
	const json_t *function = va_json_object(item, "function");
	const char *id = va_json_string(item, "id");
	json_t *arguments = json_object_get(function, "arguments");
	json_t *parsed = NULL;
	json_t *details = start_details(source, event);

	event->kind = VA_EVENT_TOOL_CALLS;
	keep(details, "toolCallId", json_object_get(item, "id"));
	keep(details, "name", json_object_get(function != NULL ? function : item, "name"));
	if (arguments == NULL)
		arguments = json_object_get(item, "arguments");
	if (arguments == NULL)
		arguments = json_object_get(item, "parameters");
	if (json_is_string(arguments) && json_string_length(arguments) > 0)
	{
		const char *why;

		parsed = va_json_load(source->arena, json_string_value(arguments), json_string_length(arguments), &why);
	}
	keep(details, "arguments", parsed != NULL ? parsed : arguments);
	json_decref(parsed);
	set_details(source, event, details);
	event->event_key = va_arena_printf(source->arena, "%s:tool-calls:%s", event->provider_call_id,
		va_id_valid(id) ? id : va_arena_printf(source->arena, "%lld", (long long) event->occurred_at));
}

static bool
read_tool_calls(const VapiSource *source, const VaEvent *base, VaEvents *events)
{
	const json_t *list = va_json_array(source->message, "toolCallList");
	const json_t *item;
	size_t i;

	if (list == NULL)
		list = va_json_array(source->message, "toolCalls");
	events->items = va_arena_alloc(source->arena, sizeof(VaEvent) * (json_array_size(list) + 1));
	if (events->items == NULL)
		return false;
	json_array_foreach(list, i, item)
	{
		events->items[events->count] = *base;
		read_tool_call(source, item, &events->items[events->count++]);
	}
	if (events->count == 0)
	{
		events->items[0] = *base;
		read_tool_call(source, NULL, &events->items[0]);
		events->count = 1;
	}
	return true;
}

/* The tool to put a call through asks to whom, without an id: the same message again is the same question. */
static bool
read_destination_request(const VapiSource *source, VaEvent *event)
{
	json_t *details = start_details(source, event);
	const char *id = va_arena_printf(source->arena, "transfer-%lld", (long long) event->occurred_at);

	event->kind = VA_EVENT_TOOL_CALLS;
	event->asks_destination = true;
	event->event_key = va_arena_printf(source->arena, "%s:%s", event->provider_call_id, id);
	if (id == NULL)
		return false;
	json_object_set_new(details, "toolCallId", json_string(id));
	json_object_set_new(details, "name", json_string("transfer"));
	json_object_set_new(details, "asksDestination", json_true());
	set_details(source, event, details);
	return true;
}

/* An incoming call: Vapi waits 7.5 seconds to hear who talks to it. */
static bool
read_incoming(const VapiSource *source, VaEvent *event)
{
	event->kind = VA_EVENT_INCOMING;
	event->wants_answer = true;
	event->status = "ringing";
	event->attempt_ref = NULL;
	event->event_key = va_arena_printf(source->arena, "%s:assistant-request", event->provider_call_id);
	set_details(source, event, start_details(source, event));
	return true;
}

static bool
read_other(const VapiSource *source, const char *type, VaEvent *event)
{
	json_t *details = start_details(source, event);
	const char *key;
	json_t *value;

	event->kind = VA_EVENT_OTHER;
	json_object_foreach(source->message, key, value) if (!json_is_object(value) && !json_is_array(value))
		keep(details, key, value);
	set_details(source, event, details);
	event->event_key = va_arena_printf(
		source->arena, "%s:%s:%lld", event->provider_call_id, type, (long long) event->occurred_at);
	return true;
}

/* ---- entries ---- */

static bool
name_valid(const char *text)
{
	size_t len = text == NULL ? 0 : strlen(text);

	if (len == 0 || len > TYPE_MAX)
		return false;
	for (size_t i = 0; i < len; i++)
		if (text[i] <= 0x20 || text[i] > 0x7e)
			return false;
	return true;
}

static bool
read_message(const VapiSource *source, VaEvents *events, const char **why)
{
	const char *type = va_json_string(source->message, "type");
	const char *status;
	VaEvent event = { 0 };
	bool good = true;

	if (!name_valid(type))
		return va_refuse(why, "the message's type is missing or not valid");
	if (!read_identity(source, &event, why))
		return false;
	event.occurred_at = instant(json_object_get(source->message, "timestamp"));

	if (strcmp(type, "tool-calls") == 0 || strcmp(type, "function-call") == 0)
		return read_tool_calls(source, &event, events);
	if (strcmp(type, "status-update") == 0)
	{
		status = va_json_string(source->message, "status");
		if (!name_valid(status))
			return va_refuse(why, "the status is missing or not valid");
		event.event_key = va_arena_printf(source->arena, "%s:status-update:%s", event.provider_call_id, status);
		read_status(source, status, &event);
	}
	else if (strcmp(type, "end-of-call-report") == 0)
	{
		event.event_key = va_arena_printf(source->arena, "%s:end-of-call-report", event.provider_call_id);
		read_end(source, &event);
	}
	else if (strcmp(type, "assistant-request") == 0)
		good = read_incoming(source, &event);
	else if (strcmp(type, "transfer-destination-request") == 0)
		good = read_destination_request(source, &event);
	else if (strncmp(type, "transcript", 10) == 0)
		good = read_transcript_event(source, &event);
	else
		good = read_other(source, type, &event);
	if (!good)
		return false;
	events->items = va_arena_alloc(source->arena, sizeof(VaEvent));
	if (events->items == NULL)
		return false;
	events->items[0] = event;
	events->count = 1;
	return true;
}

bool
vapi_read_webhook(const VaSignedMessage *message, VaArena *arena, VaEvents *events, const char **why)
{
	json_t *root;
	VapiSource source = { 0 };
	bool good = false;

	memset(events, 0, sizeof(*events));
	*why = NULL;
	root = va_json_load(arena, message->body, message->body_len, why);
	if (root == NULL)
		return false;
	source.message = va_json_object(root, "message");
	source.call = va_json_object(source.message, "call");
	source.arena = arena;
	if (!json_is_object(root))
		*why = "the body is not a JSON object";
	else if (source.message == NULL)
		*why = "the message is missing or not an object";
	else
		good = read_message(&source, events, why);
	json_decref(root);
	return va_events_end(events, arena, good, why);
}

/*
 * Vapi writes endedAt when the call is over and the analysis when its models
 * have answered, up to a minute later (summaryPlan.timeoutSeconds); only the
 * report, which comes after that, is sure to have it.
 */
static void
read_looked_up_end(const VapiSource *source, VaEvent *event)
{
	read_end(source, event);
	event->unanalysed = event->duration_seconds > 0 && event->summary == NULL && event->structured_data == NULL &&
						event->success_evaluation == NULL;
	/* Another key, so that the next report is not taken for the same. */
	if (event->unanalysed)
		event->event_key = va_arena_printf(source->arena, "%s:unanalysed", event->event_key);
}

bool
vapi_read_call(json_t *call, VaArena *arena, VaEvent *event, const char **why)
{
	VapiSource source = { NULL, json_is_object(call) ? call : NULL, arena };
	const char *status;

	memset(event, 0, sizeof(*event));
	if (!read_identity(&source, event, why))
		return false;
	status = va_json_string(call, "status");
	if (!name_valid(status))
		return va_refuse(why, "the call's status is missing or not valid");
	event->event_key = va_arena_printf(arena, "lookup:%s:%s", event->provider_call_id, status);
	event->occurred_at = instant(json_object_get(call, "endedAt"));
	if (event->occurred_at == 0)
		event->occurred_at = instant(json_object_get(call, "updatedAt"));
	if (event->occurred_at == 0)
		event->occurred_at = event->created_at;
	if (strcmp(status, "ended") == 0)
		read_looked_up_end(&source, event);
	else
		read_status(&source, status, event);
	if (!arena->oom)
		return true;
	return va_refuse(why, "out of memory");
}
