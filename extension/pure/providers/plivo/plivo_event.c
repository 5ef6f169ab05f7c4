/*-------------------------------------------------------------------------
 * plivo_event.c
 *		Plivo's callbacks and records of calls, read into events.
 *
 * Callbacks are forms.  Which one it is, its Event and our own query say:
 * "answer", "incoming" and "do" ask what to do, "amd" is the detection of
 * machines, "recording" a recording, "leg" the other side of a forwarded
 * call.  The others tell of the call's progress.
 *-------------------------------------------------------------------------
 */
#include "plivo_internal.h"

#include <stdlib.h>
#include <string.h>

#include "pure/providers/common/events.h"
#include "pure/text/form.h"

static const VaWord statuses[] = {
	{ "queued", { "initiated", NULL } },
	{ "initiated", { "initiated", NULL } },
	{ "ringing", { "ringing", NULL } },
	{ "early media", { "ringing", NULL } },
	{ "in-progress", { "in_progress", NULL } },
	{ "answered", { "in_progress", NULL } },
	{ "completed", { "completed", "ok" } },
	{ "busy", { "busy", "busy" } },
	{ "timeout", { "no_answer", "no_answer" } },
	{ "no-answer", { "no_answer", "no_answer" } },
	{ "cancel", { "failed", "canceled" } },
	{ "canceled", { "failed", "canceled" } },
	{ "failed", { "failed", "unknown" } },
	{ 0 },
};

/* What HangupCauseCode says of a call that nobody took. */
static const VaReason reasons[] = {
	{ 1010, 1010, { "failed", "account" } }, /* out of credits */
	{ 1020, 1020, { "failed", "retry" } },	 /* too many calls to that number */
	{ 1000, 1999, { "failed", "canceled" } },
	{ 2000, 2000, { "failed", "bad_number" } }, /* invalid destination */
	{ 2010, 2029, { "failed", "unknown" } },	/* out of service, not registered: perhaps for now */
	{ 2030, 2030, { "failed", "refused" } },	/* the country is not enabled */
	{ 2040, 2040, { "failed", "bad_number" } }, /* a premium number */
	{ 2050, 2999, { "failed", "retry" } },
	{ 3000, 3000, { "no_answer", "no_answer" } },
	{ 3010, 3010, { "busy", "busy" } },
	{ 3020, 3020, { "no_answer", "no_answer" } }, /* declined */
	{ 3021, 3999, { "failed", "unknown" } },
	{ 5000, 5999, { "failed", "retry" } },		  /* networks */
	{ 6000, 6000, { "no_answer", "no_answer" } }, /* rang long enough */
	{ 6020, 6020, { "completed", "machine" } },
	{ 6000, 9999, { "failed", "retry" } }, /* our URLs and documents, their faults */
	{ 0 },
};

/* The same from the words, where there is no code. */
static const VaWord words[] = {
	{ "NO_ANSWER", { "no_answer", "no_answer" } },
	{ "NO_USER_RESPONSE", { "no_answer", "no_answer" } },
	{ "SUBSCRIBER_ABSENT", { "no_answer", "no_answer" } },
	{ "CALL_REJECTED", { "no_answer", "no_answer" } },
	{ "USER_BUSY", { "busy", "busy" } },
	{ "UNALLOCATED_NUMBER", { "failed", "bad_number" } },
	{ "INVALID_NUMBER_FORMAT", { "failed", "bad_number" } },
	{ "NUMBER_CHANGED", { "failed", "bad_number" } },
	{ "NO_ROUTE_DESTINATION", { "failed", "refused" } },
	{ "ORIGINATOR_CANCEL", { "failed", "canceled" } },
	{ "NORMAL_TEMPORARY_FAILURE", { "failed", "retry" } },
	{ "NETWORK_OUT_OF_ORDER", { "failed", "retry" } },
	{ "RECOVERY_ON_TIMER_EXPIRE", { "failed", "retry" } },
	{ 0 },
};

/* What both sources tell, as text. */
typedef struct Told
{
	const char *status;
	const char *cause_code;
	const char *cause_word;
	const char *machine; /* true, false */
	const char *from;
	const char *to;
	const char *duration; /* seconds */
	int64_t answered_at;
	int64_t ended_at;
} Told;

static bool
is(const char *text, const char *word)
{
	return text != NULL && strcmp(text, word) == 0;
}

/*
 * The status has the first word, and the code says more: of a failure why,
 * and of a cancelation or a completed call whether it was a fault.
 */
static VaMeaning
meaning_of(const Told *told)
{
	const VaReason *reason = va_reason_of(reasons, told->cause_code);
	const VaWord *status = va_word_of(statuses, told->status);
	const VaWord *word = va_word_of(words, told->cause_word);
	VaMeaning meaning = { NULL, NULL };

	if (status != NULL)
		meaning = status->meaning;
	if (meaning.cause_class == NULL)
		return meaning;
	if (is(meaning.cause_class, "unknown"))
		meaning = reason != NULL ? reason->meaning : (word != NULL ? word->meaning : meaning);
	else if (is(meaning.cause_class, "canceled") && reason != NULL && is(reason->meaning.status, "failed"))
		meaning = reason->meaning;
	else if (is(meaning.status, "completed") && reason != NULL && is(reason->meaning.cause_class, "retry"))
		meaning.cause_class = "retry";
	/* A call that talked to a machine has reached nobody. */
	if (is(meaning.status, "completed") && (is(told->machine, "true") || is(told->cause_code, "6020")))
		meaning.cause_class = "machine";
	return meaning;
}

/* ---- members ---- */

static int64_t
instant(const char *text)
{
	int64_t ms;

	return text != NULL && va_time_parse(text, &ms) ? ms : 0;
}

static void
set_machine(const char *machine, VaEvent *event, VaArena *arena)
{
	if (machine == NULL)
		return;
	event->machine = is(machine, "true") ? "voicemail" : (is(machine, "false") ? "human" : "uncertain");
	event->machine_raw = va_utf8_cut(arena, machine, 60);
}

static void
set_end(const Told *told, VaEvent *event, VaArena *arena)
{
	int code = told->cause_code == NULL ? 0 : atoi(told->cause_code);
	int64_t seconds = va_seconds_of(told->duration);

	event->ended_at = told->ended_at;
	event->cause = code > 0 ? va_arena_printf(arena, "%s-%d", va_utf8_cut(arena, told->status, 30), code)
							: va_utf8_cut(arena, told->status, 30);
	event->has_duration = true;
	if (!is(event->status, "completed"))
		return;
	event->answered_at = told->answered_at;
	if (event->answered_at != 0 && event->ended_at >= event->answered_at)
		event->duration_seconds = (double) (event->ended_at - event->answered_at) / 1000;
	else if (seconds >= 0)
	{
		event->duration_seconds = (double) seconds;
		if (event->answered_at == 0 && event->ended_at != 0)
			event->answered_at = event->ended_at - seconds * 1000;
	}
	else
		event->has_duration = false;
}

static void
set_progress(const Told *told, VaEvent *event, VaArena *arena)
{
	VaMeaning meaning = meaning_of(told);

	event->status = meaning.status;
	event->cause_class = meaning.cause_class;
	event->kind = meaning.cause_class == NULL ? VA_EVENT_STATUS : VA_EVENT_REPORT;
	event->from_number = va_with_plus(arena, va_utf8_cut(arena, told->from, 60));
	event->to_number = va_with_plus(arena, va_utf8_cut(arena, told->to, 60));
	set_machine(told->machine, event, arena);
	if (event->kind == VA_EVENT_REPORT)
		set_end(told, event, arena);
	else if (is(event->status, "in_progress"))
		event->answered_at = told->answered_at;
}

/* ---- callbacks ---- */

typedef struct Callback
{
	const VaForm *form;
	const VaForm *query;
	const char *as;
	VaArena *arena;
} Callback;

static json_t *
start_details(const Callback *callback)
{
	static const char *const kept[][2] = {
		{ "CallStatus", "providerStatus" },
		{ "Direction", "direction" },
		{ "Event", "event" },
		{ "HangupCause", "hangupCause" },
		{ "HangupCauseName", "hangupCauseName" },
		{ "HangupCauseCode", "hangupCauseCode" },
		{ "HangupSource", "hangupSource" },
		{ "ALegRequestUUID", "requestUuid" },
		{ "RequestUUID", "requestUuid" },
		{ "BillDuration", "billedSeconds" },
		{ "BillRate", "billRate" },
		{ "RecordingID", "recordingId" },
		{ "RecordingDuration", "recordingSeconds" },
		{ "DialAction", "dialAction" },
		{ "DialStatus", "dialStatus" },
		{ "DialBLegStatus", "dialLegStatus" },
		{ "DialBLegUUID", "dialLegUuid" },
		{ "ForwardedFrom", "forwardedFrom" },
		{ "STIRVerification", "stirVerification" },
	};
	json_t *details = va_json_new_object();

	for (size_t i = 0; i < sizeof(kept) / sizeof(kept[0]); i++)
	{
		const char *value = va_form_value(callback->form, kept[i][0]);

		if (value != NULL)
			json_object_set_new(details, kept[i][1], json_string(va_utf8_cut(callback->arena, value, 500)));
	}
	return details;
}

static void
set_details(const Callback *callback, VaEvent *event, json_t *details)
{
	event->details = va_json_text(callback->arena, details);
	json_decref(details);
}

static bool
read_recording(const Callback *callback, VaEvent *event)
{
	const char *url = va_form_value(callback->form, "RecordUrl");

	if (url == NULL)
		url = va_form_value(callback->form, "RecordFile");
	event->recording_url = va_link_of(callback->arena, url, "");
	event->kind = event->recording_url != NULL ? VA_EVENT_RECORDING : VA_EVENT_OTHER;
	event->event_key = va_arena_printf(callback->arena, "%s:recording:%s", event->provider_call_id,
		va_key_part(callback->arena, va_form_value(callback->form, "RecordingID")));
	set_details(callback, event, start_details(callback));
	return true;
}

static bool
read_machine(const Callback *callback, VaEvent *event, const char **why)
{
	set_machine(va_form_value(callback->form, "Machine"), event, callback->arena);
	if (event->machine == NULL)
	{
		*why = "Machine is missing";
		return false;
	}
	event->kind = VA_EVENT_MACHINE;
	event->event_key = va_arena_printf(
		callback->arena, "%s:MachineDetection:%s", event->provider_call_id, event->machine);
	set_details(callback, event, start_details(callback));
	return true;
}

/* How a Dial that nobody took ends (Plivo XML's action); "cancel": whoever was to be put through has gone. */
static bool
was_untaken(const char *status)
{
	return is(status, "no-answer") || is(status, "busy") || is(status, "failed") || is(status, "timeout");
}

/* Only one thing counts about the other side, and the end of the Dial tells it: that nobody took it. */
static bool
read_leg(const Callback *callback, VaEvent *event)
{
	const VaForm *form = callback->form;
	const char *dial = va_form_value(form, "DialStatus");
	const char *what = dial != NULL ? "dial" : va_form_value(form, "DialAction");

	event->kind = was_untaken(dial) ? VA_EVENT_UNTAKEN : VA_EVENT_OTHER;
	/* Taken or not, a call that goes on waits for what comes next. */
	event->wants_answer = is(callback->as, "next");
	event->event_key = va_arena_printf(callback->arena, "%s:leg:%s:%s:%s", event->provider_call_id,
		va_key_part(callback->arena, va_form_value(form, "DialBLegUUID")), va_key_part(callback->arena, what),
		va_key_part(callback->arena, dial != NULL ? dial : va_form_value(form, "DialBLegStatus")));
	set_details(callback, event, start_details(callback));
	return true;
}

static bool
read_key(const Callback *callback, VaEvent *event, const char **why)
{
	event->wants_answer = true;
	set_details(callback, event, start_details(callback));
	return va_event_key(event, va_form_value(callback->form, "Digits"), callback->arena, why);
}

/* The socket that talks: one that never began has refused. */
static bool
read_stream(const Callback *callback, VaEvent *event)
{
	const char *what = va_form_value(callback->form, "Event");
	const char *call = event->provider_call_id != NULL ? event->provider_call_id : event->attempt_ref;

	event->kind = VA_EVENT_OTHER;
	if (is(what, "DroppedStream"))
	{
		event->kind = VA_EVENT_SILENT;
		event->cause = va_stream_cause(callback->arena, what, NULL);
	}
	event->event_key = is(what, "StartStream")
						   ? va_arena_printf(callback->arena, VA_STREAM_BEGUN_KEY, call)
						   : va_arena_printf(callback->arena, "%s:stream:%s:%s", call,
								 va_key_part(callback->arena, va_form_value(callback->form, "StreamID")),
								 va_key_part(callback->arena, what));
	set_details(callback, event, start_details(callback));
	return true;
}

/* A redirected call: what it is to do is in the URL that we gave (plivo_provider_requests.c). */
static bool
read_redirected(const Callback *callback, VaEvent *event, const char **why)
{
	const char *text = va_form_value(callback->query, "do");
	json_t *answer = text == NULL ? NULL : va_json_load(callback->arena, text, strlen(text), why);
	json_t *details;

	if (!json_is_object(answer))
	{
		*why = "what the call is to do cannot be read from its URL";
		json_decref(answer);
		return false;
	}
	details = start_details(callback);
	json_object_set_new(details, "answer", answer);
	set_details(callback, event, details);
	event->kind = VA_EVENT_STATUS;
	event->wants_answer = true;
	event->event_key = va_arena_printf(callback->arena, "%s:do:%s", event->provider_call_id,
		va_key_part(callback->arena, va_form_value(callback->query, "provider_request")));
	return true;
}

/* A machine has answered and is to get its message, which is the plan of the call then. */
static bool
read_message(const Callback *callback, VaEvent *event)
{
	event->kind = VA_EVENT_STATUS;
	event->wants_answer = true;
	event->machine = "voicemail";
	event->event_key = va_arena_printf(callback->arena, "%s:message:%s", event->provider_call_id,
		va_key_part(callback->arena, va_form_value(callback->query, "provider_request")));
	set_details(callback, event, start_details(callback));
	return true;
}

static bool
read_progress(const Callback *callback, VaEvent *event, const char **why)
{
	const VaForm *form = callback->form;
	const char *name = va_form_value(form, "Event");
	bool inbound = is(va_form_value(form, "Direction"), "inbound");
	bool asks = is(callback->as, "answer") || is(callback->as, "incoming") || is(name, "StartApp");
	Told told = { .status = va_form_value(form, "CallStatus"),
		.cause_code = va_form_value(form, "HangupCauseCode"),
		.cause_word = va_form_value(form, "HangupCause"),
		.machine = va_form_value(form, "Machine"),
		.from = va_form_value(form, "From"),
		.to = va_form_value(form, "To"),
		.duration = va_form_value(form, "Duration"),
		.answered_at = instant(va_form_value(form, "AnswerTime")),
		.ended_at = instant(va_form_value(form, "EndTime")) };

	if (told.status == NULL)
	{
		*why = "CallStatus is missing";
		return false;
	}
	event->occurred_at = told.ended_at;
	set_progress(&told, event, callback->arena);
	if (event->kind == VA_EVENT_REPORT)
	{
		event->cost = va_money_text(callback->arena, va_form_value(form, "TotalCost"), true);
		event->cost_currency = event->cost == NULL ? NULL : PLIVO_CURRENCY;
		asks = false;
	}
	event->event_key = va_arena_printf(callback->arena, "%s:%s:%s", event->provider_call_id,
		va_key_part(callback->arena, name), va_key_part(callback->arena, told.status));
	event->wants_answer = asks;
	if (asks && inbound)
		event->kind = VA_EVENT_INCOMING;
	set_details(callback, event, start_details(callback));
	return true;
}

static bool
read_callback(const Callback *callback, VaEvent *event, const char **why)
{
	const char *id = va_form_value(callback->form, "CallUUID");
	const char *reference = va_form_value(callback->query, "attempt");

	/* What is told of a stream need not name the call. */
	if (!va_id_valid(id) && (id != NULL || !is(callback->as, "stream") || reference == NULL))
	{
		*why = id == NULL ? "CallUUID is missing" : "CallUUID is not valid";
		return false;
	}
	event->provider_call_id = va_arena_strdup(callback->arena, id);
	if (reference != NULL && strlen(reference) <= VA_ATTEMPT_REF_MAX)
		event->attempt_ref = va_arena_strdup(callback->arena, reference);
	if (is(callback->as, "recording"))
		return read_recording(callback, event);
	if (is(callback->as, "again") && !is(va_form_value(callback->form, "Event"), "Hangup"))
	{
		va_event_returns(event, va_form_value(callback->query, "times"), callback->arena);
		set_details(callback, event, start_details(callback));
		return true;
	}
	if (is(callback->as, "leg") || is(callback->as, "next"))
		return read_leg(callback, event);
	if (is(callback->as, "key") && !is(va_form_value(callback->form, "Event"), "Hangup"))
		return read_key(callback, event, why);
	if (is(callback->as, "stream"))
		return read_stream(callback, event);
	if (is(callback->as, "amd") || is(va_form_value(callback->form, "Event"), "MachineDetection"))
		return read_machine(callback, event, why);
	if (is(callback->as, "do") && !is(va_form_value(callback->form, "Event"), "Hangup"))
		return read_redirected(callback, event, why);
	if (is(callback->as, "message") && !is(va_form_value(callback->form, "Event"), "Hangup"))
		return read_message(callback, event);
	return read_progress(callback, event, why);
}

bool
plivo_read_webhook(const VaSignedMessage *message, VaArena *arena, VaEvents *events, const char **why)
{
	bool by_get = is(message->method, "GET");
	const char *text = message->query == NULL ? "" : message->query;
	VaForm query;
	VaForm form;
	Callback callback = { by_get ? &query : &form, &query, NULL, arena };
	VaEvent *event = va_arena_alloc(arena, sizeof(VaEvent));

	memset(events, 0, sizeof(*events));
	*why = "out of memory";
	if (event == NULL || !va_form_read(text, strlen(text), false, arena, &query, why) ||
		!va_form_read(message->body, message->body_len, false, arena, &form, why))
		return false;
	callback.as = va_form_value(&query, "as");
	if (!read_callback(&callback, event, why))
		return false;
	if (arena->oom)
	{
		*why = "out of memory";
		return false;
	}
	events->items = event;
	events->count = 1;
	return true;
}

/* ---- records ---- */

/* A number or a text of digits. */
static const char *
text_of(const json_t *record, const char *key, VaArena *arena)
{
	const json_t *value = json_object_get(record, key);

	if (json_is_integer(value))
		return va_integer_text(arena, json_integer_value(value));
	return va_json_string(record, key);
}

/*
 * A record has no status, and older ones no code of the cause either: who was
 * billed for a time of talk was answered.
 */
static const char *
status_of(const Told *told, const json_t *record, VaArena *arena)
{
	const VaReason *reason = va_reason_of(reasons, told->cause_code);

	if (told->answered_at != 0 || va_seconds_of(text_of(record, "bill_duration", arena)) > 0)
		return "completed";
	return reason == NULL && told->cause_word == NULL ? "no-answer" : "failed";
}

bool
plivo_read_record(const json_t *record, VaArena *arena, VaEvent *event, const char **why)
{
	const char *id = va_json_string(record, "call_uuid");
	Told told = { .cause_code = text_of(record, "hangup_cause_code", arena),
		.cause_word = va_json_string(record, "hangup_cause"),
		.from = va_json_string(record, "from_number"),
		.to = va_json_string(record, "to_number"),
		.duration = text_of(record, "call_duration", arena),
		.answered_at = instant(va_json_string(record, "answer_time")),
		.ended_at = instant(va_json_string(record, "end_time")) };
	json_t *details;

	memset(event, 0, sizeof(*event));
	if (!va_id_valid(id) || told.ended_at == 0)
	{
		*why = told.ended_at == 0 ? "the record's end_time is missing or not valid"
								  : "the record's call_uuid is missing or not valid";
		return false;
	}
	told.status = status_of(&told, record, arena);
	event->provider_call_id = va_arena_strdup(arena, id);
	event->created_at = instant(va_json_string(record, "initiation_time"));
	event->occurred_at = told.ended_at;
	set_progress(&told, event, arena);
	event->cost = va_reply_money(arena, json_object_get(record, "total_amount"), true);
	event->cost_currency = event->cost == NULL ? NULL : PLIVO_CURRENCY;
	event->event_key = va_arena_printf(arena, "lookup:%s:%s", event->provider_call_id, event->status);
	details = va_json_new_object();
	for (size_t i = 0; i < 3; i++)
	{
		static const char *const kept[][2] = { { "hangup_cause_name", "hangupCauseName" },
			{ "hangup_source", "hangupSource" }, { "call_direction", "direction" } };
		const char *value = va_json_string(record, kept[i][0]);

		if (value != NULL)
			json_object_set_new(details, kept[i][1], json_string(va_utf8_cut(arena, value, 100)));
	}
	event->details = va_json_text(arena, details);
	json_decref(details);
	if (arena->oom)
		*why = "out of memory";
	return !arena->oom;
}
