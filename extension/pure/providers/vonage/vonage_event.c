/*-------------------------------------------------------------------------
 * vonage_event.c
 *		Vonage's webhooks and calls, read into events.
 *
 * Our reference comes back in the query, which is not signed: see
 * vonage_token.c.  Nobody sends an id of the event, so what it says is its
 * key.  A member that decides something (id, status, time) and has the wrong
 * type makes the event malformed; others that have the wrong type are as if
 * they were not there.
 *-------------------------------------------------------------------------
 */
#include "vonage_internal.h"

#include <stdlib.h>
#include <string.h>

#include "pure/providers/common/events.h"
#include "pure/text/form.h"

typedef struct Source
{
	const json_t *json;
	const char *about; /* the query's "as" */
	const char
		*call; /* the query's: of another leg's event, the call that waits for what comes next; NULL: none does */
	VaArena *arena;
} Source;

typedef struct StatusLine
{
	const char *status;
	const char *detail; /* NULL = any */
	const char *ours;
	const char *cause_class; /* NULL = the call is live */
} StatusLine;

/* The first that matches counts.  A route that is missing (cannot_route) may be so for the account alone. */
static const StatusLine lines[] = {
	{ "started", NULL, "initiated", NULL },
	{ "ringing", NULL, "ringing", NULL },
	{ "answered", NULL, "in_progress", NULL },
	{ "completed", NULL, "completed", "ok" },
	{ "busy", NULL, "busy", "busy" },
	{ "timeout", NULL, "no_answer", "no_answer" },
	{ "unanswered", NULL, "no_answer", "no_answer" },
	{ "cancelled", NULL, "failed", "canceled" },
	{ "failed", "number_out_of_service", "failed", "bad_number" },
	{ "failed", "internal_error", "failed", "retry" },
	{ "failed", NULL, "failed", "unknown" },
	{ "rejected", "invalid_number", "failed", "bad_number" },
	{ "rejected", "declined", "no_answer", "no_answer" },
	{ "rejected", NULL, "failed", "unknown" },
};

/* ---- members ---- */

static bool
is_about(const Source *source, const char *about)
{
	return source->about != NULL && strcmp(source->about, about) == 0;
}

static const char *
copy(const Source *source, const char *key)
{
	return va_arena_strdup(source->arena, va_json_string(source->json, key));
}

/* Some of their times have no zone: they are UTC. */
static bool
read_time(const char *text, VaArena *arena, int64_t *ms)
{
	return va_time_parse(text, ms) || (strlen(text) < 30 && va_time_parse(va_arena_printf(arena, "%sZ", text), ms));
}

/* An instant; absent, null and empty are 0. */
static bool
instant(const json_t *object, const char *key, VaArena *arena, int64_t *ms, const char **why)
{
	const json_t *value = json_object_get(object, key);

	*ms = 0;
	if (value == NULL || json_is_null(value) || (json_is_string(value) && json_string_length(value) == 0) ||
		(json_is_string(value) && read_time(json_string_value(value), arena, ms)))
		return true;
	*why = va_arena_printf(arena, "%s is not a time", key);
	return false;
}

/* A number, or a text of one, that is no less than 0. */
static bool
amount(const json_t *object, const char *key, VaArena *arena, const char **text)
{
	*text = va_amount_text(arena, json_object_get(object, key));
	return *text != NULL && (*text)[0] != '-';
}

/* A number: a text, {"number": text} or a list of these. */
static const char *
number_of(const json_t *object, const char *key, VaArena *arena)
{
	const json_t *value = json_object_get(object, key);

	if (json_is_array(value))
		value = json_array_get(value, 0);
	if (json_is_object(value))
		return va_with_plus(arena, va_arena_strdup(arena, va_json_string(value, "number")));
	return json_is_string(value) ? va_with_plus(arena, va_arena_strdup(arena, json_string_value(value))) : NULL;
}

static void
set_details(const Source *source, VaEvent *event)
{
	static const char *const told[] = { "uuid", "call_uuid", "from", "to", "timestamp", "api_key", "api_secret", NULL };

	event->details = va_event_details(source->arena, va_json_new_object(), source->json, told);
}

/* ---- the end of a call ---- */

static const StatusLine *
find_line(const char *status, const char *detail)
{
	for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++)
		if (strcmp(lines[i].status, status) == 0 &&
			(lines[i].detail == NULL || (detail != NULL && strcmp(lines[i].detail, detail) == 0)))
			return &lines[i];
	return NULL;
}

/* Price, duration and times; the start is that of the talk, which the end tells with the duration more exactly. */
static bool
read_end(const Source *source, const StatusLine *line, VaEvent *event, const char **why)
{
	const char *detail = va_json_string(source->json, "detail");
	const char *text;
	int64_t start;

	event->kind = VA_EVENT_REPORT;
	event->cause_class = line->cause_class;
	event->cause = detail != NULL
					   ? va_utf8_cut(source->arena, va_arena_printf(source->arena, "%s-%s", line->status, detail), 100)
					   : line->status;
	if (!instant(source->json, "start_time", source->arena, &start, why) ||
		!instant(source->json, "end_time", source->arena, &event->ended_at, why))
		return false;
	if (event->ended_at == 0)
		event->ended_at = event->occurred_at;
	if (amount(source->json, "price", source->arena, &text))
	{
		event->cost = text;
		event->cost_currency = "EUR";
	}
	if (strcmp(line->ours, "completed") != 0)
	{
		event->has_duration = true;
		return true;
	}
	if (amount(source->json, "duration", source->arena, &text) && strtod(text, NULL) < 1e7)
	{
		event->has_duration = true;
		event->duration_seconds = strtod(text, NULL);
	}
	/* Over without a start: we took it back before anybody answered. */
	if (event->has_duration && event->duration_seconds == 0 &&
		json_is_null(json_object_get(source->json, "start_time")))
	{
		event->status = "failed";
		event->cause_class = "canceled";
		return true;
	}
	event->answered_at = start;
	if (event->has_duration && event->ended_at != 0)
		event->answered_at = event->ended_at - (int64_t) (event->duration_seconds * 1000);
	if (!va_time_in_range(event->answered_at))
		event->answered_at = 0;
	return true;
}

/* ---- events ---- */

/*
 * A person or a machine answered; these events wait for no reply.  A call that
 * is to leave a message acts on a machine when its beep has come, or has not
 * come in time: before that the machine is only a fact.
 */
static void
read_machine(const Source *source, const char *status, VaEvent *event)
{
	const char *sub_state = va_json_string(source->json, "sub_state");
	bool human = strcmp(status, "human") == 0;
	bool too_early = !human && sub_state == NULL && is_about(source, "message");

	event->kind = too_early ? VA_EVENT_STATUS : VA_EVENT_MACHINE;
	event->machine = human ? "human" : "voicemail";
	event->machine_raw = sub_state != NULL ? va_utf8_cut(source->arena,
												 va_arena_printf(source->arena, "%s-%s", status, sub_state), 100)
										   : va_arena_strdup(source->arena, status);
}

static bool
is_socket(const Source *source)
{
	const char *to = va_json_string(source->json, "to");

	return to != NULL && (strncmp(to, "ws:", 3) == 0 || strncmp(to, "wss:", 4) == 0);
}

static bool
is_other_leg(const Source *source)
{
	return is_about(source, "leg") || is_socket(source);
}

/*
 * One thing counts about the leg that a connect began: that nobody took it, be
 * it a socket, which has refused then, or a telephone.  It has an id of its own,
 * so the call is known by our reference alone, or, one that came in, by the query.
 */
static void
read_other_leg(const Source *source, const char *status, VaEvent *event)
{
	static const char *const refused[] = { "failed", "rejected", "unanswered", "timeout", "busy" };
	const char *to = va_json_string(source->json, "to");
	bool ours = is_socket(source) && strstr(to, "/media/vonage/") != NULL;

	/* Ours was taken, and has gone: the call may be there still. */
	if (ours && strcmp(status, "disconnected") == 0)
	{
		event->kind = VA_EVENT_STREAM;
		event->provider_call_id = va_arena_strdup(source->arena, source->call);
	}
	for (size_t i = 0; i < sizeof(refused) / sizeof(refused[0]); i++)
		if ((event->attempt_ref != NULL || source->call != NULL) && strcmp(status, refused[i]) == 0)
		{
			event->kind = ours ? VA_EVENT_STREAM : is_socket(source) ? VA_EVENT_SILENT : VA_EVENT_UNTAKEN;
			if (is_socket(source))
				event->cause = va_stream_cause(source->arena, status, va_json_string(source->json, "detail"));
			event->provider_call_id = va_arena_strdup(source->arena, source->call);
			event->wants_answer = source->call != NULL && !ours;
		}
}

static bool
read_status(const Source *source, const char *status, VaEvent *event, const char **why)
{
	const StatusLine *line = find_line(status, va_json_string(source->json, "detail"));

	event->kind = VA_EVENT_OTHER;
	if (is_other_leg(source))
	{
		read_other_leg(source, status, event);
		return true;
	}
	if (strcmp(status, "human") == 0 || strcmp(status, "machine") == 0)
		read_machine(source, status, event);
	else if (line != NULL)
	{
		event->kind = VA_EVENT_STATUS;
		event->status = line->ours;
		if (strcmp(status, "started") == 0)
			event->created_at = event->occurred_at;
		if (strcmp(status, "answered") == 0)
			event->answered_at = event->occurred_at;
		if (line->cause_class != NULL)
			return read_end(source, line, event, why);
	}
	return true;
}

/* Without a status: a recording, a call that asks what to do, an error of theirs. */
static void
read_rest(const Source *source, VaEvent *event)
{
	event->kind = VA_EVENT_OTHER;
	if (va_json_string(source->json, "recording_url") != NULL)
	{
		event->kind = VA_EVENT_RECORDING;
		event->recording_url = copy(source, "recording_url");
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
read_identity(const Source *source, VaEvent *event, const char **why)
{
	const json_t *id = json_object_get(source->json, "uuid");

	if (id == NULL)
		id = json_object_get(source->json, "call_uuid");
	if (id == NULL && event->attempt_ref != NULL)
		return true;
	if (id == NULL)
		id = json_object_get(source->json, "conversation_uuid");
	if (!json_is_string(id) || !va_id_valid(json_string_value(id)))
	{
		*why = id == NULL ? "the call's id is missing" : "the call's id is not valid";
		return false;
	}
	event->provider_call_id = va_arena_strdup(source->arena, json_string_value(id));
	return true;
}

static void
set_key(const Source *source, const char *what, VaEvent *event)
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
read_key(const Source *source, VaEvent *event, const char **why)
{
	const json_t *dtmf = json_object_get(source->json, "dtmf");
	const json_t *digits = json_is_string(dtmf) ? dtmf : json_object_get(dtmf, "digits");

	if (event->provider_call_id == NULL)
	{
		*why = "the call's id is missing";
		return false;
	}
	if (digits != NULL && !json_is_null(digits) && !json_is_string(digits))
	{
		*why = "the digits are not valid";
		return false;
	}
	event->wants_answer = true;
	if (json_string_length(digits) > 0)
		return va_event_key(event, json_string_value(digits), source->arena, why);
	event->kind = VA_EVENT_KEY;
	set_key(source, "input", event);
	return true;
}

static bool
read_event(const Source *source, VaEvent *event, const char **why)
{
	const json_t *member = json_object_get(source->json, "status");
	const char *status = va_json_string(source->json, "status");

	if (!read_identity(source, event, why) ||
		!instant(source->json, "timestamp", source->arena, &event->occurred_at, why))
		return false;
	event->from_number = number_of(source->json, "from", source->arena);
	event->to_number = number_of(source->json, "to", source->arena);
	if (member != NULL && !json_is_null(member) && (!va_id_valid(status) || strlen(status) > 40))
	{
		*why = "the status is not valid";
		return false;
	}
	set_details(source, event);
	if (is_about(source, "key") && json_object_get(source->json, "dtmf") != NULL)
		return read_key(source, event, why);
	if (status == NULL)
		read_rest(source, event);
	else if (!read_status(source, status, event, why))
		return false;
	set_key(source, status != NULL ? status : va_event_kind_name(event->kind), event);
	return true;
}

bool
vonage_read_webhook(const VaSignedMessage *message, VaArena *arena, VaEvents *events, const char **why)
{
	Source source = { .arena = arena };
	const char *query = message->query != NULL ? message->query : "";
	const char *attempt;
	VaForm form;
	json_t *root;
	bool good = false;

	memset(events, 0, sizeof(*events));
	*why = NULL;
	if (!va_form_read(query, strlen(query), false, arena, &form, why))
		return false;
	if (vonage_is_get(message) && message->body_len == 0)
	{
		const char *text = vonage_query_json(message, arena);

		root = text == NULL ? NULL : va_json_load(arena, text, strlen(text), why);
	}
	else
		root = va_json_load(arena, message->body, message->body_len, why);
	if (root == NULL)
	{
		if (*why == NULL)
			*why = "the query cannot be read";
		return false;
	}
	attempt = va_form_value(&form, "attempt");
	source.about = va_form_value(&form, "as");
	source.call = va_id_valid(va_form_value(&form, "call")) ? va_form_value(&form, "call") : NULL;
	source.json = root;
	events->items = va_arena_alloc(arena, sizeof(VaEvent));
	if (!json_is_object(root))
		*why = "the body is not a JSON object";
	else if (events->items != NULL)
	{
		if (va_printable(attempt) && strlen(attempt) <= VA_ATTEMPT_REF_MAX)
			events->items->attempt_ref = va_arena_strdup(arena, attempt);
		events->items->account_ref = vonage_token_account(message, arena);
		good = read_event(&source, events->items, why);
		events->count = 1;
	}
	json_decref(root);
	return va_events_end(events, arena, good, why);
}

bool
vonage_read_call(const json_t *call, VaArena *arena, VaEvent *event, const char **why)
{
	Source source = { .json = json_is_object(call) ? call : NULL, .arena = arena };
	const char *id = va_json_string(call, "uuid");
	const char *status = va_json_string(call, "status");
	int64_t end;

	memset(event, 0, sizeof(*event));
	if (!va_id_valid(id))
		*why = "the call's id is missing or not valid";
	else if (!va_id_valid(status) || strlen(status) > 40)
		*why = "the call's status is missing or not valid";
	else if (instant(call, "start_time", arena, &event->created_at, why) && instant(call, "end_time", arena, &end, why))
	{
		event->provider_call_id = va_arena_strdup(arena, id);
		event->occurred_at = end != 0 ? end : event->created_at;
		event->from_number = number_of(call, "from", arena);
		event->to_number = number_of(call, "to", arena);
		event->event_key = va_arena_printf(arena, "lookup:%s:%s", id, status);
		/* A machine that talks is somebody who answered. */
		if (strcmp(status, "machine") == 0 || strcmp(status, "human") == 0)
		{
			read_machine(&source, status, event);
			event->kind = VA_EVENT_STATUS;
			event->status = "in_progress";
		}
		else if (!read_status(&source, status, event, why))
			return false;
		if (event->kind == VA_EVENT_STATUS && strcmp(status, "answered") == 0)
			event->answered_at = event->created_at;
		set_details(&source, event);
		return true;
	}
	return false;
}
