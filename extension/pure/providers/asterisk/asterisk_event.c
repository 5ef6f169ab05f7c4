/*-------------------------------------------------------------------------
 * asterisk_event.c
 *		Asterisk's events and Channel objects, read into our events.
 *
 * Frames of a socket that tell nothing of a call's progress (variables that
 * were set, steps of a dialplan, the far half of a Local channel) are read
 * well and give no event.  Only type, id and timestamp must be there; what
 * else is of the wrong type is as if it were not, and "leftOut" names it.
 */
#include "asterisk_internal.h"

#include "pure/providers/common/events.h"

#define TYPE_MAX 64

typedef struct Frame
{
	const json_t *root;
	const char *type;
	VaArena *arena;
	int64_t at; /* its timestamp */
	const char **why;
	json_t *details; /* of the event, if there is one */
} Frame;

/* The status of the call that a channel's state means, or NULL. */
static const char *
channel_status(const char *state)
{
	static const struct
	{
		const char *state;
		const char *status;
	} lines[] = {
		{ "Down", "initiated" },
		{ "Rsrvd", "initiated" },
		{ "OffHook", "initiated" },
		{ "Dialing", "initiated" },
		{ "Ring", "ringing" },
		{ "Ringing", "ringing" },
		{ "Pre-ring", "ringing" },
		{ "Up", "in_progress" },
	};

	for (size_t i = 0; state != NULL && i < sizeof(lines) / sizeof(lines[0]); i++)
		if (strcmp(state, lines[i].state) == 0)
			return lines[i].status;
	return NULL;
}

/* The far half of a Local channel; its own half has the same id without this. */
static bool
is_far_half(const char *id)
{
	return strchr(id, ';') != NULL;
}

/* The length of the call's id in a channel to our socket; 0 for any other channel. */
static size_t
heard_id_len(const char *id)
{
	return asterisk_is_media(id) ? (size_t) (strstr(id, ASTERISK_MEDIA "-") - id) : 0;
}

/* A channel that records another: the length of the other's id; 0: it records none. */
static size_t
recorded_id_len(const char *id)
{
	size_t len = id == NULL ? 0 : strlen(id);
	size_t tail = strlen(ASTERISK_RECORDER);

	return len > tail && strcmp(id + len - tail, ASTERISK_RECORDER) == 0 ? len - tail : 0;
}

/*
 * Asterisk's own ids are made of times and hold a dot; ours, which are attempts' references, never do.
 * A recorder's reports belong to its call, as do the events of a channel to our socket.
 */
static void
set_identity(VaEvent *event, const char *id, VaArena *arena)
{
	size_t len = recorded_id_len(id) + heard_id_len(id);

	event->provider_call_id = len > 0 ? va_arena_printf(arena, "%.*s", (int) len, id) : va_arena_strdup(arena, id);
	if (event->provider_call_id != NULL && strchr(event->provider_call_id, '.') == NULL &&
		strlen(event->provider_call_id) <= VA_ATTEMPT_REF_MAX)
		event->attempt_ref = event->provider_call_id;
}

static void
creation_time(const json_t *channel, VaEvent *event, json_t *details, VaArena *arena)
{
	event->created_at = va_told_time(&(VaSource){ arena, channel, .details = details }, "creationtime");
}

/* ---- a channel by itself ---- */

static void
set_live(VaEvent *event, const char *state, int64_t at)
{
	event->kind = VA_EVENT_STATUS;
	event->status = channel_status(state);
	if (is_text(event->status, "in_progress"))
		event->answered_at = at;
}

/* ---- what a channel came into our application with ---- */

/* "voiceagent,inbound,+12125550100", as the channel's place in the dialplan tells it: the nth of it, NULL = none. */
const char *
asterisk_application_word(const json_t *channel, int n, VaArena *arena)
{
	const json_t *dialplan = va_json_object(channel, "dialplan");
	const char *at = va_json_string(dialplan, "app_data");

	if (at == NULL || !is_text(va_json_string(dialplan, "app_name"), "Stasis"))
		return NULL;
	for (; n > 0 && at != NULL; n--)
	{
		at = strchr(at, ',');
		if (at != NULL)
			at++;
	}
	return at == NULL ? NULL : va_arena_printf(arena, "%.*s", (int) strcspn(at, ","), at);
}

bool
asterisk_read_channel(const json_t *channel, VaArena *arena, VaEvent *event, const char **why)
{
	const char *id = va_json_string(channel, "id");
	const char *state = va_json_string(channel, "state");
	const char *application = va_json_string(va_json_object(channel, "dialplan"), "app_name");
	json_t *details;

	memset(event, 0, sizeof(*event));
	if (!va_id_valid(id) || state == NULL || strlen(state) > TYPE_MAX)
		return va_refuse(why, "the channel's id or state is missing or not valid");
	set_identity(event, id, arena);
	details = json_pack("{s:s}", "channelState", state);
	creation_time(channel, event, details, arena);
	/* The channel does not say since when it is up. */
	set_live(event, state, 0);
	event->occurred_at = event->created_at;
	/* Answered while no connection listened: the call still waits for us in the application. */
	event->wants_answer = is_text(state, "Up") && is_text(application, "Stasis");
	event->event_key = va_arena_printf(arena, "lookup:%s:%s", id, state);
	event->details = va_json_text(arena, details);
	json_decref(details);
	return !arena->oom;
}

/* ---- frames ---- */

/* Makes the frame's only event so far, for the channel with this id.  Returns NULL if it cannot. */
static VaEvent *
new_event(const Frame *frame, VaEvents *events, const char *id)
{
	VaEvent *event;

	if (!va_id_valid(id))
	{
		*frame->why = "the channel's id is missing or not valid";
		return NULL;
	}
	event = va_arena_alloc(frame->arena, sizeof(VaEvent));
	if (event == NULL)
		return NULL;
	set_identity(event, id, frame->arena);
	event->occurred_at = frame->at;
	event->account_ref = va_arena_strdup(frame->arena, va_json_string(frame->root, "application"));
	event->event_key = va_arena_printf(frame->arena, "%s:%s:%lld", id, frame->type, (long long) frame->at);
	events->items = event;
	events->count = 1;
	return event;
}

static VaEvent *
channel_event(const Frame *frame, VaEvents *events, const json_t *channel)
{
	VaEvent *event = new_event(frame, events, va_json_string(channel, "id"));

	if (event != NULL)
		creation_time(channel, event, frame->details, frame->arena);
	return event;
}

static bool
nothing(VaEvents *events)
{
	memset(events, 0, sizeof(*events));
	return true;
}

static bool
read_state(const Frame *frame, const json_t *channel, VaEvents *events)
{
	const char *state = va_json_string(channel, "state");
	VaEvent *event = channel_event(frame, events, channel);

	if (event == NULL)
		return false;
	set_live(event, state, frame->at);
	/* Two changes may share an instant. */
	if (state != NULL && strcmp(frame->type, "ChannelStateChange") == 0 && strlen(state) <= TYPE_MAX)
		event->event_key = va_arena_printf(
			frame->arena, "%s:%s:%s:%lld", event->provider_call_id, frame->type, state, (long long) frame->at);
	return event->status != NULL || nothing(events);
}

/* The beginning of a dial, and its ringing; how it ends the channel's end says. */
static bool
read_dial(const Frame *frame, VaEvents *events)
{
	const json_t *peer = va_json_object(frame->root, "peer");
	const char *status = va_json_string(frame->root, "dialstatus");
	VaEvent *event;

	if (peer == NULL)
	{
		*frame->why = "the channel is missing";
		return false;
	}
	/* Whom the dialplan calls, to put somebody through, is no call of ours. */
	if (strpbrk(va_json_string(peer, "id") != NULL ? va_json_string(peer, "id") : "", ".;") != NULL ||
		(status != NULL && strcmp(status, "RINGING") != 0 && strcmp(status, "PROGRESS") != 0))
		return nothing(events);
	event = channel_event(frame, events, peer);
	if (event == NULL)
		return false;
	event->kind = VA_EVENT_STATUS;
	event->status = status == NULL ? "initiated" : "ringing";
	event->event_key = va_arena_printf(
		frame->arena, "%s:%s:%s:%lld", event->provider_call_id, frame->type, event->status, (long long) frame->at);
	return true;
}

/* The called number: the application's second argument ("inbound,NUMBER"), else where the dialplan is. */
static const char *
called_number(const Frame *frame, const json_t *channel)
{
	const json_t *args = va_json_array(frame->root, "args");
	const char *number = json_string_value(json_array_get(args, 1));

	if (number == NULL)
		number = asterisk_application_word(channel, 2, frame->arena);
	if (number == NULL || number[0] == '\0')
		number = va_json_string(va_json_object(channel, "dialplan"), "exten");
	return number == NULL ? NULL : va_with_plus(frame->arena, va_arena_strdup(frame->arena, number));
}

static const char *
calling_number(const Frame *frame, const json_t *channel)
{
	const char *number = va_json_string(va_json_object(channel, "caller"), "number");

	return number == NULL ? NULL : va_with_plus(frame->arena, va_arena_strdup(frame->arena, number));
}

/* The event is of somebody who calls, and waits to be spoken to: no attempt of ours. */
static void
set_caller(const Frame *frame, const json_t *channel, VaEvent *event)
{
	event->attempt_ref = NULL;
	event->from_number = calling_number(frame, channel);
	event->to_number = called_number(frame, channel);
	event->wants_answer = true;
}

/* Somebody calls; the dialplan may have answered already. */
static bool
read_incoming(const Frame *frame, const json_t *channel, VaEvents *events)
{
	VaEvent *event = channel_event(frame, events, channel);

	if (event == NULL)
		return false;
	set_live(event, va_json_string(channel, "state"), frame->at);
	if (!is_text(event->status, "in_progress"))
		event->status = "ringing";
	event->kind = VA_EVENT_INCOMING;
	set_caller(frame, channel, event);
	return true;
}

/* The channel that is to record another is there. */
static bool
read_recorder(const Frame *frame, const json_t *channel, VaEvents *events)
{
	const char *id = va_json_string(channel, "id");
	VaEvent *event = new_event(frame, events, id);

	if (event == NULL)
		return false;
	event->kind = VA_EVENT_RECORDING;
	event->wants_answer = true;
	event->control_url = va_arena_strdup(frame->arena, id);
	return true;
}

/* A channel to our socket is there, or has gone. */
static bool
read_socket(const Frame *frame, const char *id, bool there, VaEvents *events)
{
	VaEvent *event = new_event(frame, events, id);

	if (event == NULL)
		return false;
	event->kind = VA_EVENT_STREAM;
	event->wants_answer = there;
	event->control_url = va_arena_strdup(frame->arena, id);
	return true;
}

/* A channel has come into our application: one of ours was answered, or somebody calls. */
static bool
read_start(const Frame *frame, const json_t *channel, VaEvents *events)
{
	const char *first = json_string_value(json_array_get(va_json_array(frame->root, "args"), 0));

	if (recorded_id_len(va_json_string(channel, "id")) > 0)
		return is_text(first, ASTERISK_RECORD) ? read_recorder(frame, channel, events) : nothing(events);
	if (is_text(first, ASTERISK_INBOUND))
		return read_incoming(frame, channel, events);
	if (!read_state(frame, channel, events))
		return false;
	if (events->count > 0)
		events->items[0].wants_answer = is_text(events->items[0].status, "in_progress");
	return true;
}

/* A call that came in has been taken: now it can be spoken to. */
static bool
read_change(const Frame *frame, const json_t *channel, VaEvents *events)
{
	VaEvent *event;

	if (!read_state(frame, channel, events))
		return false;
	event = events->count > 0 ? &events->items[0] : NULL;
	if (event != NULL && is_text(event->status, "in_progress") &&
		is_text(asterisk_application_word(channel, 1, frame->arena), ASTERISK_INBOUND))
		set_caller(frame, channel, event);
	return true;
}

/* 0: none that can be read. */
static int
cause_of(const Frame *frame, const char *key)
{
	double cause = va_told_seconds(&(VaSource){ frame->arena, frame->root, .details = frame->details }, key);

	return cause > 0 ? (int) cause : 0;
}

static bool
read_end(const Frame *frame, const json_t *channel, VaEvents *events)
{
	VaEvent *event = channel_event(frame, events, channel);
	const char *words = va_json_string(frame->root, "cause_txt");
	bool answered = is_text(va_json_string(channel, "state"), "Up");
	AsteriskEnd end;
	int cause = cause_of(frame, "cause");
	int tech_cause = cause_of(frame, "tech_cause");

	if (event == NULL)
		return false;
	/* Asterisk gives up on a telephone that rings with no cause at all. */
	if (cause == 0 && is_text(va_json_string(channel, "state"), "Ringing"))
		cause = 19;
	end = asterisk_end(cause, tech_cause, answered);
	event->kind = VA_EVENT_REPORT;
	event->status = end.status;
	event->cause_class = end.cause_class;
	event->cause = tech_cause == 0 ? va_arena_printf(frame->arena, "q850-%d", cause)
								   : va_arena_printf(frame->arena, "q850-%d sip-%d", cause, tech_cause);
	event->ended_at = frame->at;
	/* The event has no duration: it runs from StasisStart to now. */
	event->has_duration = !answered;
	json_object_set_new(frame->details, "cause", json_integer(cause));
	if (tech_cause != 0)
		json_object_set_new(frame->details, "techCause", json_integer(tech_cause));
	/*
	 * Asterisk also gives this cause when ringing times out, as when we hang up: the age distinguishes the two.  So it does where
	 * nothing was heard of the call: a telephone that is switched off is reported at once, a dead trunk is waited for.
	 */
	if (event->created_at > 0 && event->created_at < frame->at &&
		is_text(va_json_string(channel, "state"), is_text(end.cause_class, "canceled") ? "Ringing" : "Down") &&
		(is_text(end.cause_class, "canceled") || is_text(end.cause_class, "no_answer")))
		json_object_set_new(frame->details, is_text(end.cause_class, "canceled") ? "rang" : "unheard",
			json_real((double) (frame->at - event->created_at) / 1e3));
	if (words != NULL)
		json_object_set_new(frame->details, "causeText", json_string(va_reply_words(frame->arena, words)));
	return true;
}

/*
 * A caller hangs up, is hung up, or goes on in the dialplan, which puts the
 * call through: a channel that the dialplan gave us tells only that it has
 * left.  Our own channels tell their end.
 */
static bool
read_leave(const Frame *frame, const json_t *channel, VaEvents *events)
{
	bool answered = is_text(va_json_string(channel, "state"), "Up");
	VaEvent *event;

	if (!is_text(asterisk_application_word(channel, 1, frame->arena), ASTERISK_INBOUND))
		return nothing(events);
	event = channel_event(frame, events, channel);
	if (event == NULL)
		return false;
	event->kind = VA_EVENT_REPORT;
	event->attempt_ref = NULL;
	event->status = answered ? "completed" : "no_answer";
	event->cause_class = answered ? "ok" : "no_answer";
	event->cause = "left";
	event->ended_at = frame->at;
	event->has_duration = !answered;
	return true;
}

/* "channel:ID" of a playback or a recording; NULL: it is of a bridge, or nothing. */
static const char *
target_channel(const json_t *object)
{
	const char *target = va_json_string(object, "target_uri");

	if (target == NULL || strncmp(target, "channel:", 8) != 0 || !va_id_valid(target + 8))
		return NULL;
	return target + 8;
}

static bool
read_playback(const Frame *frame, VaEvents *events)
{
	const json_t *playback = va_json_object(frame->root, "playback");
	const char *id = va_json_string(playback, "id");
	const char *state = va_json_string(playback, "state");
	VaEvent *event;

	if (target_channel(playback) == NULL)
		return nothing(events);
	event = new_event(frame, events, target_channel(playback));
	if (event == NULL)
		return false;
	event->kind = VA_EVENT_SPOKEN;
	event->event_key = va_arena_printf(frame->arena, "%s:%s:%.128s:%lld", event->provider_call_id, frame->type,
		va_id_valid(id) ? id : "", (long long) frame->at);
	if (state != NULL)
		json_object_set_new(frame->details, "playbackState", json_string(state));
	return true;
}

static bool
read_recording(const Frame *frame, VaEvents *events)
{
	const json_t *recording = va_json_object(frame->root, "recording");
	const char *name = va_json_string(recording, "name");
	VaEvent *event;

	if (target_channel(recording) == NULL || !va_id_valid(name))
		return nothing(events);
	event = new_event(frame, events, target_channel(recording));
	if (event == NULL)
		return false;
	event->kind = VA_EVENT_RECORDING;
	/* As Asterisk itself calls what it has stored. */
	event->recording_url = va_arena_printf(frame->arena, "recording:%s", name);
	event->event_key = va_arena_printf(frame->arena, "%s:%s:%.128s", event->provider_call_id, frame->type, name);
	return true;
}

static bool
read_key(const Frame *frame, const json_t *channel, VaEvents *events)
{
	const char *digit = va_json_string(frame->root, "digit");
	VaEvent *event = new_event(frame, events, va_json_string(channel, "id"));

	if (event == NULL || digit == NULL || strlen(digit) != 1)
		return event != NULL && nothing(events);
	event->kind = VA_EVENT_KEY;
	event->key = va_arena_strdup(frame->arena, digit);
	return true;
}

static bool
read_frame(const Frame *frame, VaEvents *events)
{
	static const struct
	{
		const char *type;
		bool (*read)(const Frame *frame, const json_t *channel, VaEvents *events);
	} readers[] = {
		{ "ChannelCreated", read_state },
		{ "ChannelStateChange", read_change },
		{ "StasisStart", read_start },
		{ "ChannelDestroyed", read_end },
		{ "ChannelDtmfReceived", read_key },
		{ "StasisEnd", read_leave },
	};
	const json_t *channel = va_json_object(frame->root, "channel");
	const char *id = va_json_string(channel, "id");

	/* A later connection replaces ours: we get no more events, not even that our connection is useless. */
	if (strcmp(frame->type, "ApplicationReplaced") == 0)
	{
		(void) nothing(events);
		events->silenced = "another listener has taken over its application";
		return true;
	}
	if (strcmp(frame->type, "Dial") == 0)
		return read_dial(frame, events);
	if (strcmp(frame->type, "PlaybackFinished") == 0)
		return read_playback(frame, events);
	if (strcmp(frame->type, "RecordingFinished") == 0)
		return read_recording(frame, events);
	for (size_t i = 0; i < sizeof(readers) / sizeof(readers[0]); i++)
	{
		if (strcmp(frame->type, readers[i].type) != 0)
			continue;
		if (asterisk_is_media(id) && (readers[i].read == read_start || readers[i].read == read_end))
			return read_socket(frame, id, readers[i].read == read_start, events);
		if (id != NULL &&
			(is_far_half(id) || asterisk_is_media(id) || (recorded_id_len(id) > 0 && readers[i].read != read_start)))
			return nothing(events);
		return readers[i].read(frame, channel, events);
	}
	return nothing(events);
}

/* The type becomes part of keys. */
static bool
type_valid(const char *type)
{
	return type != NULL && strlen(type) <= TYPE_MAX && va_printable(type) && strchr(type, ' ') == NULL;
}

static bool
read_root(const json_t *root, VaArena *arena, VaEvents *events, const char **why)
{
	Frame frame = { root, va_json_string(root, "type"), arena, 0, why, va_json_new_object() };
	bool good = false;

	if (!json_is_object(root))
		*why = "the event is not a JSON object";
	else if (!type_valid(frame.type))
		*why = "the event's type is missing or not valid";
	else if (!va_time_parse(va_json_string(root, "timestamp"), &frame.at))
		*why = "the event's timestamp is missing or not a time";
	else
		good = read_frame(&frame, events);
	if (good && events->count > 0 && json_object_size(frame.details) > 0)
		events->items[0].details = va_json_text(arena, frame.details);
	json_decref(frame.details);
	return good;
}

bool
asterisk_read_webhook(const VaSignedMessage *message, VaArena *arena, VaEvents *events, const char **why)
{
	json_t *root;
	bool good;

	memset(events, 0, sizeof(*events));
	*why = NULL;
	root = va_json_load(arena, message->body, message->body_len, why);
	if (root == NULL)
		return false;
	good = read_root(root, arena, events, why);
	json_decref(root);
	return va_events_end(events, arena, good, why);
}
