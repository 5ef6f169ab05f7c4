/*-------------------------------------------------------------------------
 * twilio_event.c
 *		Twilio's callbacks and Call resources, read into events.
 *
 * Callbacks are forms.  Which one it is, our own query says: no "as" or
 * "status" is a call's progress, "amd" the detection of machines, "recording"
 * a recording, "answer" the question what an answered call shall do, "key" a
 * key that was pressed, "stream" the socket that talks, "leg" the other side of
 * a forwarded call, "next" that it is over in a call that goes on.  A call that somebody else began is known by its direction.
 */
#include "twilio_internal.h"

#include <stdlib.h>
#include <string.h>

#include "pure/providers/common/events.h"

/* How the two sources call what both tell; "" where one does not. */
typedef struct Names
{
	const char *status;
	const char *from;
	const char *to;
	const char *answered_by;
	const char *duration; /* seconds */
	const char *error_code;
	const char *sip_code;
} Names;

static const Names in_callback = { "CallStatus", "From", "To", "AnsweredBy", "CallDuration", "ErrorCode",
	"SipResponseCode" };
static const Names in_call = { "status", "from", "to", "answered_by", "duration", "", "" };

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

/* ... beyond va_sip_codes */
static const VaReason sip_codes[] = {
	{ 487, 487, { "no_answer", "no_answer" } },
	{ 401, 402, { "failed", "account" } },
	{ 407, 407, { "failed", "account" } },
	{ 429, 429, { "failed", "retry" } },
	{ 0 },
};

static VaMeaning
meaning_of(const char *status, const char *error_code, const char *sip_code)
{
	const VaWord *word = va_word_of(statuses, status);
	const VaReason *reason = va_reason_of(error_codes, error_code);

	if (word == NULL)
		return (VaMeaning){ NULL, NULL };
	if (reason == NULL)
		reason = va_reason_of(sip_codes, sip_code);
	if (reason == NULL)
		reason = va_reason_of(va_sip_codes, sip_code);
	return reason != NULL && va_is(status, "failed") ? reason->meaning : word->meaning;
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

/* The meaning of a status for the call's course, at an instant. */
static void
set_progress(VaSource *source, const Names *names, int64_t at, VaEvent *event)
{
	const char *status = va_told(source, names->status);
	const char *answered_by = va_told(source, names->answered_by);
	const char *error_code = va_told(source, names->error_code);
	const char *sip_code = va_told(source, names->sip_code);
	VaMeaning meaning = meaning_of(status, error_code, sip_code);

	event->kind = VA_EVENT_STATUS;
	event->status = meaning.status;
	event->machine = machine_of(answered_by);
	event->machine_raw = va_utf8_cut(source->arena, answered_by, 60);
	event->from_number = va_utf8_cut(source->arena, va_told(source, names->from), 60);
	event->to_number = va_utf8_cut(source->arena, va_told(source, names->to), 60);
	event->cause_class = meaning.cause_class;
	if (meaning.cause_class == NULL)
	{
		if (va_is(meaning.status, "in_progress"))
			event->answered_at = at;
		return;
	}
	event->ended_at = at;
	event->cause = status;
	va_event_end(event, va_told_seconds(source, names->duration));
	/* A call that talked to a machine reached no person. */
	if (va_is(event->status, "completed"))
	{
		if (va_is(event->machine, "voicemail") || va_is(event->machine, "unavailable"))
			event->cause_class = "machine";
	}
	else if (error_code != NULL && atoi(error_code) > 0 && !va_sip_unwanted(sip_code))
		event->cause = va_arena_printf(source->arena, "%s-%d", status, atoi(error_code));
	else if (sip_code != NULL && atoi(sip_code) > 0)
		event->cause = va_arena_printf(source->arena, "%s-sip-%d", status, atoi(sip_code));
}

/* ---- callbacks ---- */

static const VaNamedText kept[] = {
	{ "CallStatus", "providerStatus" },
	{ "DialCallStatus", "providerStatus" },
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
	{ "StirStatus", "stirStatus" },
	{ "ForwardedFrom", "forwardedFrom" },
	{ "ParentCallSid", "parentCallSid" },
	{ "CallerName", "callerName" },
	{ 0 },
};

static bool
read_progress(VaSource *source, VaEvent *event, const char **why)
{
	const char *status = va_told(source, "CallStatus");
	const char *sequence = va_told(source, "SequenceNumber");
	bool inbound = va_is(va_told(source, "Direction"), "inbound");
	bool asks = va_form_value(&source->query, "as") != NULL
					? va_about(source, "answer") || va_about(source, "incoming")
					: inbound && va_told(source, "CallbackSource") == NULL && sequence == NULL;

	if (status == NULL)
		return va_refuse(why, "CallStatus is missing");
	set_progress(source, &in_callback, event->occurred_at, event);
	event->recording_url = va_link_of(source->arena, va_told(source, "RecordingUrl"), ".mp3");
	event->event_key = asks ? VA_KEY(source->arena, event->provider_call_id, "answer", status, sequence)
							: VA_KEY(source->arena, event->provider_call_id, status, sequence);
	event->wants_answer = asks && event->kind != VA_EVENT_REPORT;
	if (event->wants_answer && inbound)
		event->kind = VA_EVENT_INCOMING;
	return true;
}

/* Without a verdict nothing is known of who answered. */
static bool
read_machine(VaSource *source, VaEvent *event, const char **why)
{
	const char *answered_by = va_told(source, "AnsweredBy");

	event->kind = answered_by != NULL ? VA_EVENT_MACHINE : VA_EVENT_OTHER;
	event->machine = machine_of(answered_by);
	event->machine_raw = va_utf8_cut(source->arena, answered_by, 60);
	event->event_key = VA_KEY(source->arena, event->provider_call_id, "amd", answered_by);
	if (answered_by == NULL)
		va_leave_out(source->details, "AnsweredBy");
	return true;
}

static bool
read_recording(VaSource *source, VaEvent *event, const char **why)
{
	const char *status = va_told(source, "RecordingStatus");

	event->recording_url = va_link_of(source->arena, va_told(source, "RecordingUrl"), ".mp3");
	event->kind = event->recording_url != NULL && (status == NULL || va_is(status, "completed")) ? VA_EVENT_RECORDING
																								 : VA_EVENT_OTHER;
	event->event_key = VA_KEY(
		source->arena, event->provider_call_id, "recording", va_told(source, "RecordingSid"), status);
	return true;
}

static bool
read_stream(VaSource *source, VaEvent *event, const char **why)
{
	va_event_stream(source, event, va_told(source, "StreamEvent"), "stream-started", "stream-error",
		va_told(source, "StreamError"), va_told(source, "StreamSid"));
	return true;
}

/* The other side of a forwarded call is a call of its own there, but not here, where only counts that nobody took it. */
static bool
read_leg(VaSource *source, VaEvent *event, const char **why)
{
	const char *parent = va_told(source, "ParentCallSid");
	const char *leg = event->provider_call_id;
	const char *status = va_told(source, "CallStatus");

	if (va_id_valid(parent))
		event->provider_call_id = parent;
	event->kind = va_id_valid(parent) && va_was_untaken(status) ? VA_EVENT_UNTAKEN : VA_EVENT_OTHER;
	event->event_key = VA_KEY(
		source->arena, event->provider_call_id, "leg", leg, status, va_told(source, "SequenceNumber"));
	return true;
}

/* The <Dial> of a call that goes on is over: taken or not, the call waits for what comes next. */
static bool
read_next(VaSource *source, VaEvent *event, const char **why)
{
	const char *status = va_told(source, "DialCallStatus");

	event->kind = va_was_untaken(status) ? VA_EVENT_UNTAKEN : VA_EVENT_OTHER;
	event->wants_answer = true;
	/* The person that took it has talked to the caller: there is nothing left to say. */
	if (event->kind == VA_EVENT_OTHER)
		event->attempt_ref = NULL;
	event->event_key = VA_KEY(source->arena, event->provider_call_id, "next", status);
	if (status == NULL)
		*why = "DialCallStatus is missing";
	return status != NULL;
}

/* A text that somebody wrote, or what came of one of ours.  Twilio answers by its own verdict (OptOutType). */
static bool
read_text(VaSource *source, VaEvent *event, const char **why)
{
	const char *status = va_told(source, "MessageStatus");

	if (status == NULL)
		status = va_told(source, "SmsStatus");
	event->provider_call_id = va_told(source, "MessageSid");
	if (!va_id_valid(event->provider_call_id) || status == NULL)
		return va_refuse(why, status == NULL ? "the text's status is missing" : "MessageSid is not valid");
	event->kind = VA_EVENT_TEXT;
	event->status = va_utf8_cut(source->arena, status, 40);
	event->from_number = va_utf8_cut(source->arena, va_told(source, "From"), 60);
	event->to_number = va_utf8_cut(source->arena, va_told(source, "To"), 60);
	if (va_is(status, "received"))
		event->transcript = va_utf8_cut(source->arena, va_told(source, "Body"), VA_TEXT_MAX);
	event->cause = va_told(source, va_is(status, "received") ? "OptOutType" : "ErrorCode");
	if (va_is(event->cause, TWILIO_TEXT_BLOCKED))
		event->cause = "blocked";
	event->account_ref = va_utf8_cut(source->arena, va_told(source, "AccountSid"), 64);
	event->event_key = VA_KEY(source->arena, event->provider_call_id, "text", status);
	return true;
}

static bool
read_callback(VaSource *source, VaEvent *event, const char **why)
{
	static const VaAbout abouts[] = {
		{ "amd", read_machine },
		{ "recording", read_recording },
		{ "key", va_read_digits },
		{ "stream", read_stream },
		{ "again", va_read_return },
		{ "next", read_next },
		{ "leg", read_leg },
		{ 0 },
	};
	VaSourceReader read = va_about_reader(abouts, source);

	if (va_told(source, "MessageSid") != NULL && va_told(source, "CallSid") == NULL)
		return read_text(source, event, why);
	event->provider_call_id = va_told(source, "CallSid");
	if (!va_id_valid(event->provider_call_id))
		return va_refuse(why, event->provider_call_id == NULL ? "CallSid is missing" : "CallSid is not valid");
	event->account_ref = va_utf8_cut(source->arena, va_told(source, "AccountSid"), 64);
	event->occurred_at = va_told_time(source, "Timestamp");
	if (read == NULL)
		read = va_told(source, "ParentCallSid") != NULL ? read_leg : read_progress;
	return read(source, event, why);
}

bool
twilio_read_webhook(const VaSignedMessage *message, VaArena *arena, VaEvents *events, const char **why)
{
	static const VaEventReader reader = { read_callback, kept, NULL };

	return va_webhook_read(&reader, message, NULL, arena, events, why);
}

/* ---- Call resources ---- */

static bool
read_call(VaSource *source, VaEvent *event, const char **why)
{
	const char *status = va_told(source, "status");
	const char *unit = va_told(source, "price_unit");

	event->provider_call_id = va_told(source, "sid");
	if (!va_id_valid(event->provider_call_id) || status == NULL)
		return va_refuse(
			why, status == NULL ? "the call's status is missing" : "the call's sid is missing or not valid");
	event->account_ref = va_utf8_cut(source->arena, va_told(source, "account_sid"), 64);
	event->created_at = va_told_time(source, "date_created");
	event->occurred_at = va_told_time(source, "end_time");
	if (event->occurred_at == 0)
		event->occurred_at = va_told_time(source, "date_updated");
	set_progress(source, &in_call, event->occurred_at, event);
	if (event->occurred_at == 0)
		event->occurred_at = event->created_at;
	/* When a live call was answered it does not say. */
	if (event->kind == VA_EVENT_STATUS)
		event->answered_at = va_is(event->status, "in_progress") ? va_told_time(source, "start_time") : 0;
	event->cost = va_told_cost(source, "price", true);
	if (event->cost != NULL)
		event->cost_currency = unit != NULL && strlen(unit) == 3 ? unit : "USD";
	event->event_key = VA_KEY(
		source->arena, va_arena_join(source->arena, "lookup:", event->provider_call_id, NULL), status);
	if (event->cost != NULL)
		event->event_key = va_arena_join(source->arena, event->event_key, ":priced", NULL);
	return true;
}

bool
twilio_read_call(const json_t *call, VaArena *arena, VaEvent *event, const char **why)
{
	static const VaNamedText told[] = { { "status", "providerStatus" }, { "direction", "direction" }, { 0 } };
	static const VaEventReader reader = { read_call, told, NULL };

	return va_call_read(&reader, call, arena, event, why);
}
