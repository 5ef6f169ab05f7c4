/*-------------------------------------------------------------------------
 * twilio_event.c
 *		Twilio's callbacks and Call resources, read into events.
 *
 * Callbacks are forms.  Which one it is, our own query says: no "as" or
 * "status" is a call's progress, "amd" the detection of machines, "recording"
 * a recording, "answer" the question what an answered call shall do, "key" a
 * key that was pressed, "stream" the socket that talks, "leg" the other side of
 * a forwarded call, "next" that it is over in a call that goes on.  A call that somebody else began is known by its direction.
 *-------------------------------------------------------------------------
 */
#include "twilio_internal.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "pure/providers/common/events.h"
#include "pure/text/form.h"

/* What both sources tell, as text. */
typedef struct Told
{
	const char *sid;
	const char *status;
	const char *from;
	const char *to;
	const char *answered_by;
	const char *duration; /* seconds */
	const char *error_code;
	const char *sip_code;
	int64_t at;
} Told;

/* ---- meaning ---- */

static const VaWord statuses[] = {
	{ "queued", { "initiated", NULL } },
	{ "initiated", { "initiated", NULL } },
	{ "ringing", { "ringing", NULL } },
	{ "in-progress", { "in_progress", NULL } },
	{ "completed", { "completed", "ok" } },
	{ "busy", { "busy", "busy" } },
	{ "no-answer", { "no_answer", "no_answer" } },
	{ "canceled", { "failed", "canceled" } },
	{ "failed", { "failed", "unknown" } },
	{ 0 },
};

/* Why a call failed: Twilio's own code first, then the other network's answer. */
static const VaReason error_codes[] = {
	{ 13223, 13225, { "failed", "bad_number" } },
	{ 21211, 21211, { "failed", "bad_number" } },
	{ 21214, 21214, { "failed", "bad_number" } },
	{ 21217, 21217, { "failed", "bad_number" } },
	{ 21401, 21401, { "failed", "bad_number" } },
	{ 13227, 13227, { "failed", "refused" } },
	{ 21215, 21215, { "failed", "refused" } },
	{ 21210, 21213, { "failed", "account" } },
	{ 20003, 20006, { "failed", "account" } },
	{ 10001, 10002, { "failed", "account" } },
	{ 10004, 10004, { "failed", "retry" } },
	{ 20429, 20429, { "failed", "retry" } },
	{ 0 },
};

static const VaReason sip_codes[] = {
	{ 404, 404, { "failed", "bad_number" } },
	{ 410, 410, { "failed", "bad_number" } },
	{ 484, 484, { "failed", "bad_number" } },
	{ 604, 604, { "failed", "bad_number" } },
	{ 408, 408, { "no_answer", "no_answer" } },
	{ 480, 480, { "no_answer", "no_answer" } },
	{ 487, 487, { "no_answer", "no_answer" } },
	{ 603, 603, { "no_answer", "no_answer" } },
	{ 607, 607, { "failed", "bad_number" } }, /* unwanted: the person asks for no more calls */
	{ 486, 486, { "busy", "busy" } },
	{ 600, 600, { "busy", "busy" } },
	{ 401, 402, { "failed", "account" } },
	{ 407, 407, { "failed", "account" } },
	{ 429, 429, { "failed", "retry" } },
	{ 500, 599, { "failed", "retry" } },
	{ 0 },
};

static VaMeaning
failure_of(const Told *told, VaMeaning otherwise)
{
	const VaReason *reason = va_reason_of(error_codes, told->error_code);

	if (reason == NULL)
		reason = va_reason_of(sip_codes, told->sip_code);
	return reason == NULL ? otherwise : reason->meaning;
}

static VaMeaning
meaning_of(const Told *told)
{
	const VaWord *status = va_word_of(statuses, told->status);

	if (status == NULL)
		return (VaMeaning){ NULL, NULL };
	return strcmp(status->word, "failed") == 0 ? failure_of(told, status->meaning) : status->meaning;
}

/* human; machine_start; machine_end_beep, _silence, _other; fax; unknown */
static const char *
machine_of(const char *answered_by)
{
	if (answered_by == NULL)
		return NULL;
	if (strcmp(answered_by, "human") == 0)
		return "human";
	if (strncmp(answered_by, "machine", 7) == 0)
		return "voicemail";
	return strcmp(answered_by, "fax") == 0 ? "unavailable" : "uncertain";
}

/* ---- members ---- */

/* "Mon, 15 Aug 2005 15:52:01 +0000", or 0. */
static int64_t
instant(const char *text)
{
	static const char months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
	char month[4];
	char sign;
	int day, year, hour, minute, second, zone;
	const char *comma = text == NULL ? NULL : strchr(text, ',');
	const char *found;
	char iso[64];
	int64_t ms;

	if (text == NULL)
		return 0;
	if (va_time_parse(text, &ms))
		return ms;
	if (sscanf(comma == NULL ? text : comma + 1, " %2d %3[A-Za-z] %4d %2d:%2d:%2d %c%4d", &day, month, &year, &hour,
			&minute, &second, &sign, &zone) != 8 ||
		strlen(month) != 3)
		return 0;
	found = strstr(months, month);
	if (found == NULL || (found - months) % 3 != 0 || (sign != '+' && sign != '-'))
		return 0;
	snprintf(iso, sizeof(iso), "%04d-%02d-%02dT%02d:%02d:%02d%c%02d:%02d", year, (int) (found - months) / 3 + 1, day,
		hour, minute, second, sign, zone / 100 % 100, zone % 100);
	return va_time_parse(iso, &ms) ? ms : 0;
}

static const char *
reference_of(const VaForm *query, VaArena *arena)
{
	const char *reference = va_form_value(query, "attempt");

	return reference != NULL && strlen(reference) <= VA_ATTEMPT_REF_MAX ? va_arena_strdup(arena, reference) : NULL;
}

/* What a status says about the call's course. */
static void
set_progress(const Told *told, VaEvent *event, VaArena *arena)
{
	VaMeaning meaning = meaning_of(told);
	int64_t seconds = va_seconds_of(told->duration);

	event->status = meaning.status;
	event->machine = machine_of(told->answered_by);
	event->machine_raw = va_utf8_cut(arena, told->answered_by, 60);
	event->from_number = va_utf8_cut(arena, told->from, 60);
	event->to_number = va_utf8_cut(arena, told->to, 60);
	event->cause_class = meaning.cause_class;
	event->kind = meaning.cause_class == NULL ? VA_EVENT_STATUS : VA_EVENT_REPORT;
	if (meaning.cause_class == NULL)
	{
		if (meaning.status != NULL && strcmp(meaning.status, "in_progress") == 0)
			event->answered_at = told->at;
		return;
	}
	event->ended_at = told->at;
	event->has_duration = true;
	event->cause = va_arena_strdup(arena, told->status);
	if (strcmp(meaning.status, "completed") == 0)
	{
		event->duration_seconds = seconds > 0 ? (double) seconds : 0;
		event->has_duration = seconds >= 0;
		if (event->ended_at != 0 && seconds >= 0)
			event->answered_at = event->ended_at - seconds * 1000;
		/* A call that talked to a machine has reached nobody. */
		if (event->machine != NULL &&
			(strcmp(event->machine, "voicemail") == 0 || strcmp(event->machine, "unavailable") == 0))
			event->cause_class = "machine";
	}
	else if (told->error_code != NULL && atoi(told->error_code) > 0)
		event->cause = va_arena_printf(arena, "%s-%d", told->status, atoi(told->error_code));
	else if (told->sip_code != NULL && atoi(told->sip_code) > 0)
		event->cause = va_arena_printf(arena, "%s-sip-%d", told->status, atoi(told->sip_code));
}

/* ---- callbacks ---- */

typedef struct Callback
{
	const VaForm *form;
	const VaForm *query;
	VaArena *arena;
} Callback;

static const char *
details_of(const Callback *callback, const char *status)
{
	static const char *const kept[][2] = {
		{ "Direction", "direction" },
		{ "SipResponseCode", "sipResponseCode" },
		{ "ErrorCode", "errorCode" },
		{ "ErrorMessage", "errorMessage" },
		{ "Duration", "billedMinutes" },
		{ "RecordingSid", "recordingSid" },
		{ "RecordingDuration", "recordingSeconds" },
		{ "RecordingStatus", "recordingStatus" },
		{ "MachineDetectionDuration", "machineDetectionMs" },
		{ "StirVerstat", "stirVerstat" },
		{ "ForwardedFrom", "forwardedFrom" },
		{ "ParentCallSid", "parentCallSid" },
		{ "CallerName", "callerName" },
	};
	json_t *details = va_json_new_object();
	const char *text;

	if (status != NULL)
		json_object_set_new(details, "providerStatus", json_string(va_utf8_cut(callback->arena, status, 60)));
	for (size_t i = 0; i < sizeof(kept) / sizeof(kept[0]); i++)
	{
		const char *value = va_form_value(callback->form, kept[i][0]);

		if (value != NULL)
			json_object_set_new(details, kept[i][1], json_string(va_utf8_cut(callback->arena, value, 500)));
	}
	text = va_json_text(callback->arena, details);
	json_decref(details);
	return text;
}

static bool
read_progress(const Callback *callback, const Told *told, const char *as, VaEvent *event, const char **why)
{
	const char *direction = va_form_value(callback->form, "Direction");
	const char *sequence = va_form_value(callback->form, "SequenceNumber");
	bool inbound = direction != NULL && strcmp(direction, "inbound") == 0;
	bool asks = as != NULL ? strcmp(as, "answer") == 0 || strcmp(as, "incoming") == 0
						   : inbound && va_form_value(callback->form, "CallbackSource") == NULL && sequence == NULL;

	if (told->status == NULL)
	{
		*why = "CallStatus is missing";
		return false;
	}
	set_progress(told, event, callback->arena);
	event->recording_url = va_link_of(callback->arena, va_form_value(callback->form, "RecordingUrl"), ".mp3");
	event->details = details_of(callback, told->status);
	event->event_key = va_arena_printf(callback->arena, "%s:%s%s:%s", event->provider_call_id, asks ? "answer:" : "",
		va_key_part(callback->arena, told->status), va_key_part(callback->arena, sequence));
	if (!asks || event->kind == VA_EVENT_REPORT)
		return true;
	event->wants_answer = true;
	if (inbound)
		event->kind = VA_EVENT_INCOMING;
	return true;
}

static bool
read_machine(const Callback *callback, const Told *told, VaEvent *event, const char **why)
{
	event->kind = VA_EVENT_MACHINE;
	event->machine = machine_of(told->answered_by);
	event->machine_raw = va_utf8_cut(callback->arena, told->answered_by, 60);
	event->details = details_of(callback, told->status);
	event->event_key = va_arena_printf(
		callback->arena, "%s:amd:%s", event->provider_call_id, va_key_part(callback->arena, told->answered_by));
	if (event->machine == NULL)
		*why = "AnsweredBy is missing";
	return event->machine != NULL;
}

static bool
read_recording(const Callback *callback, VaEvent *event)
{
	const char *status = va_form_value(callback->form, "RecordingStatus");

	event->recording_url = va_link_of(callback->arena, va_form_value(callback->form, "RecordingUrl"), ".mp3");
	event->kind = event->recording_url != NULL && (status == NULL || strcmp(status, "completed") == 0)
					  ? VA_EVENT_RECORDING
					  : VA_EVENT_OTHER;
	event->details = details_of(callback, NULL);
	event->event_key = va_arena_printf(callback->arena, "%s:recording:%s:%s", event->provider_call_id,
		va_key_part(callback->arena, va_form_value(callback->form, "RecordingSid")),
		va_key_part(callback->arena, status));
	return true;
}

static bool
read_key(const Callback *callback, const Told *told, VaEvent *event, const char **why)
{
	event->wants_answer = true;
	event->details = details_of(callback, told->status);
	return va_event_key(event, va_form_value(callback->form, "Digits"), callback->arena, why);
}

/* The socket that talks: one that never began has refused. */
static bool
read_stream(const Callback *callback, VaEvent *event)
{
	const char *what = va_form_value(callback->form, "StreamEvent");
	const char *why = va_form_value(callback->form, "StreamError");
	bool begun = what != NULL && strcmp(what, "stream-started") == 0;

	event->kind = VA_EVENT_OTHER;
	if (what != NULL && strcmp(what, "stream-error") == 0)
	{
		event->kind = VA_EVENT_SILENT;
		event->cause = va_stream_cause(callback->arena, what, why);
	}
	event->details = details_of(callback, NULL);
	event->event_key = begun ? va_arena_printf(callback->arena, VA_STREAM_BEGUN_KEY, event->provider_call_id)
							 : va_arena_printf(callback->arena, "%s:stream:%s:%s", event->provider_call_id,
								   va_key_part(callback->arena, va_form_value(callback->form, "StreamSid")),
								   va_key_part(callback->arena, what));
	return true;
}

/* How a <Number> that nobody took ends (TwiML's statusCallback); "canceled": whoever was to be put through has gone. */
static bool
was_untaken(const char *status)
{
	return status != NULL &&
		   (strcmp(status, "no-answer") == 0 || strcmp(status, "busy") == 0 || strcmp(status, "failed") == 0);
}

/* The other side of a forwarded call is a call of its own there, but not here, where only counts that nobody took it. */
static bool
read_leg(const Callback *callback, const Told *told, VaEvent *event)
{
	const char *parent = va_form_value(callback->form, "ParentCallSid");

	event->kind = va_id_valid(parent) && was_untaken(told->status) ? VA_EVENT_UNTAKEN : VA_EVENT_OTHER;
	event->event_key = va_arena_printf(callback->arena, "%s:leg:%s:%s:%s",
		va_id_valid(parent) ? parent : event->provider_call_id, va_key_part(callback->arena, event->provider_call_id),
		va_key_part(callback->arena, told->status),
		va_key_part(callback->arena, va_form_value(callback->form, "SequenceNumber")));
	if (va_id_valid(parent))
		event->provider_call_id = va_arena_strdup(callback->arena, parent);
	event->details = details_of(callback, told->status);
	return true;
}

/* The <Dial> of a call that goes on is over: taken or not, the call waits for what comes next. */
static bool
read_next(const Callback *callback, VaEvent *event, const char **why)
{
	const char *status = va_form_value(callback->form, "DialCallStatus");

	if (status == NULL)
	{
		*why = "DialCallStatus is missing";
		return false;
	}
	event->kind = was_untaken(status) ? VA_EVENT_UNTAKEN : VA_EVENT_OTHER;
	event->wants_answer = true;
	event->event_key = va_arena_printf(
		callback->arena, "%s:next:%s", event->provider_call_id, va_key_part(callback->arena, status));
	event->details = details_of(callback, status);
	return true;
}

static bool
read_callback(const Callback *callback, VaEvent *event, const char **why)
{
	const VaForm *form = callback->form;
	const char *as = va_form_value(callback->query, "as");
	const char *parent = va_form_value(form, "ParentCallSid");
	Told told = { .sid = va_form_value(form, "CallSid"),
		.status = va_form_value(form, "CallStatus"),
		.from = va_form_value(form, "From"),
		.to = va_form_value(form, "To"),
		.answered_by = va_form_value(form, "AnsweredBy"),
		.duration = va_form_value(form, "CallDuration"),
		.error_code = va_form_value(form, "ErrorCode"),
		.sip_code = va_form_value(form, "SipResponseCode"),
		.at = instant(va_form_value(form, "Timestamp")) };

	if (!va_id_valid(told.sid))
	{
		*why = told.sid == NULL ? "CallSid is missing" : "CallSid is not valid";
		return false;
	}
	event->provider_call_id = va_arena_strdup(callback->arena, told.sid);
	event->attempt_ref = reference_of(callback->query, callback->arena);
	event->account_ref = va_utf8_cut(callback->arena, va_form_value(form, "AccountSid"), 64);
	event->occurred_at = told.at;
	if (as != NULL && strcmp(as, "amd") == 0)
		return read_machine(callback, &told, event, why);
	if (as != NULL && strcmp(as, "recording") == 0)
		return read_recording(callback, event);
	if (as != NULL && strcmp(as, "key") == 0)
		return read_key(callback, &told, event, why);
	if (as != NULL && strcmp(as, "stream") == 0)
		return read_stream(callback, event);
	if (as != NULL && strcmp(as, "again") == 0)
	{
		va_event_returns(event, va_form_value(callback->query, "times"), callback->arena);
		return true;
	}
	if (as != NULL && strcmp(as, "next") == 0)
		return read_next(callback, event, why);
	if ((as != NULL && strcmp(as, "leg") == 0) || parent != NULL)
		return read_leg(callback, &told, event);
	return read_progress(callback, &told, as, event, why);
}

bool
twilio_read_webhook(const VaSignedMessage *message, VaArena *arena, VaEvents *events, const char **why)
{
	bool by_get = message->method != NULL && strcmp(message->method, "GET") == 0;
	const char *text = message->query == NULL ? "" : message->query;
	VaForm query;
	VaForm form;
	Callback callback = { by_get ? &query : &form, &query, arena };
	VaEvent *event = va_arena_alloc(arena, sizeof(VaEvent));

	memset(events, 0, sizeof(*events));
	*why = "out of memory";
	if (event == NULL || !va_form_read(text, strlen(text), false, arena, &query, why) ||
		!va_form_read(message->body, message->body_len, false, arena, &form, why) ||
		!read_callback(&callback, event, why))
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

/* ---- Call resources ---- */

static void
set_price(const json_t *call, VaEvent *event, VaArena *arena)
{
	const char *unit = va_json_string(call, "price_unit");

	event->cost = va_reply_money(arena, json_object_get(call, "price"), true);
	if (event->cost != NULL)
		event->cost_currency = unit != NULL && strlen(unit) == 3 ? va_arena_strdup(arena, unit) : "USD";
}

bool
twilio_read_call(const json_t *call, VaArena *arena, VaEvent *event, const char **why)
{
	const char *account = va_json_string(call, "account_sid");
	const char *direction = va_json_string(call, "direction");
	Told told = { .sid = va_json_string(call, "sid"),
		.status = va_json_string(call, "status"),
		.from = va_json_string(call, "from"),
		.to = va_json_string(call, "to"),
		.answered_by = va_json_string(call, "answered_by"),
		.duration = va_json_string(call, "duration"),
		.at = instant(va_json_string(call, "end_time")) };
	json_t *details;

	memset(event, 0, sizeof(*event));
	if (!va_id_valid(told.sid) || told.status == NULL)
	{
		*why = told.status == NULL ? "the call's status is missing" : "the call's sid is missing or not valid";
		return false;
	}
	event->provider_call_id = va_arena_strdup(arena, told.sid);
	event->account_ref = va_utf8_cut(arena, account, 64);
	event->created_at = instant(va_json_string(call, "date_created"));
	if (told.at == 0)
		told.at = instant(va_json_string(call, "date_updated"));
	event->occurred_at = told.at != 0 ? told.at : event->created_at;
	set_progress(&told, event, arena);
	/* When a live call was answered it does not say. */
	if (event->kind == VA_EVENT_STATUS)
		event->answered_at = event->status != NULL && strcmp(event->status, "in_progress") == 0
								 ? instant(va_json_string(call, "start_time"))
								 : 0;
	set_price(call, event, arena);
	event->event_key = va_arena_printf(arena, "lookup:%s:%s%s", event->provider_call_id,
		va_key_part(arena, told.status), event->cost != NULL ? ":priced" : "");
	details = va_json_new_object();
	json_object_set_new(details, "providerStatus", json_string(va_utf8_cut(arena, told.status, 60)));
	if (direction != NULL)
		json_object_set_new(details, "direction", json_string(va_utf8_cut(arena, direction, 60)));
	event->details = va_json_text(arena, details);
	json_decref(details);
	if (arena->oom)
		*why = "out of memory";
	return !arena->oom;
}
