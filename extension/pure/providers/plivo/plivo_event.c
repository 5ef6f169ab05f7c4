/*-------------------------------------------------------------------------
 * plivo_event.c
 *		Plivo's callbacks and records of calls, read into events.
 *
 * Callbacks are forms.  Which one it is, its Event and our own query say:
 * "answer", "incoming" and "do" ask what to do, "amd" is the detection of
 * machines, "recording" a recording, "leg" the other side of a forwarded
 * call.  The others tell of the call's progress.
 */
#include "plivo_internal.h"

#include <stdlib.h>
#include <string.h>

#include "pure/providers/common/events.h"

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

/* The meaning of HangupCauseCode for a call that was not taken. */
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

/* How the two sources call what both tell; "" where one does not. */
typedef struct Names
{
	const char *cause_code;
	const char *cause_word;
	const char *machine; /* true, false */
	const char *from;
	const char *to;
	const char *duration; /* seconds */
	const char *answered_at;
	const char *ended_at;
} Names;

static const Names in_callback = { "HangupCauseCode", "HangupCause", "Machine", "From", "To", "Duration", "AnswerTime",
	"EndTime" };
static const Names in_record = { "hangup_cause_code", "hangup_cause", "", "from_number", "to_number", "call_duration",
	"answer_time", "end_time" };

/*
 * The status has the first word, and the code says more: of a failure why,
 * and of a cancelation or a completed call whether it was a fault.
 */
static VaMeaning
meaning_of(const VaSource *source, const Names *names, const char *status)
{
	const char *code = va_told(source, names->cause_code);
	const VaReason *reason = va_reason_of(reasons, code);
	const VaWord *known = va_word_of(statuses, status);
	const VaWord *word = va_word_of(words, va_told(source, names->cause_word));
	VaMeaning meaning = { NULL, NULL };

	if (known != NULL)
		meaning = known->meaning;
	if (meaning.cause_class == NULL)
		return meaning;
	if (va_is(meaning.cause_class, "unknown"))
		meaning = reason != NULL ? reason->meaning : (word != NULL ? word->meaning : meaning);
	else if (va_is(meaning.cause_class, "canceled") && reason != NULL && va_is(reason->meaning.status, "failed"))
		meaning = reason->meaning;
	else if (va_is(meaning.status, "completed") && reason != NULL && va_is(reason->meaning.cause_class, "retry"))
		meaning.cause_class = "retry";
	/* A call that talked to a machine reached no person. */
	if (va_is(meaning.status, "completed") && (va_is(va_told(source, names->machine), "true") || va_is(code, "6020")))
		meaning.cause_class = "machine";
	return meaning;
}

static void
set_machine(const char *machine, VaEvent *event, VaArena *arena)
{
	if (machine == NULL)
		return;
	event->machine = va_is(machine, "true") ? "voicemail" : (va_is(machine, "false") ? "human" : "uncertain");
	event->machine_raw = va_utf8_cut(arena, machine, 60);
}

static void
set_end(VaSource *source, const Names *names, const char *status, VaEvent *event)
{
	const char *code = va_told(source, names->cause_code);

	event->ended_at = event->occurred_at;
	event->cause = va_utf8_cut(source->arena, status, 30);
	if (code != NULL && atoi(code) > 0)
		event->cause = va_arena_printf(source->arena, "%s-%d", event->cause, atoi(code));
	if (va_is(event->status, "completed"))
		event->answered_at = va_told_time(source, names->answered_at);
	if (event->answered_at != 0 && event->ended_at >= event->answered_at)
		va_event_end(event, (double) (event->ended_at - event->answered_at) / 1000);
	else
		va_event_end(event, va_told_seconds(source, names->duration));
}

static void
set_progress(VaSource *source, const Names *names, const char *status, VaEvent *event)
{
	VaMeaning meaning = meaning_of(source, names, status);

	event->kind = VA_EVENT_STATUS;
	event->status = meaning.status;
	event->cause_class = meaning.cause_class;
	event->from_number = va_with_plus(source->arena, va_utf8_cut(source->arena, va_told(source, names->from), 60));
	event->to_number = va_with_plus(source->arena, va_utf8_cut(source->arena, va_told(source, names->to), 60));
	set_machine(va_told(source, names->machine), event, source->arena);
	if (meaning.cause_class != NULL)
		set_end(source, names, status, event);
	else if (va_is(event->status, "in_progress"))
		event->answered_at = va_told_time(source, names->answered_at);
}

/* ---- callbacks ---- */

static const VaNamedText kept[] = {
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
	{ 0 },
};

static bool
read_recording(VaSource *source, VaEvent *event, const char **why)
{
	const char *url = va_told(source, "RecordUrl");

	event->recording_url = va_link_of(source->arena, url != NULL ? url : va_told(source, "RecordFile"), "");
	event->kind = event->recording_url != NULL ? VA_EVENT_RECORDING : VA_EVENT_OTHER;
	event->event_key = VA_KEY(source->arena, event->provider_call_id, "recording", va_told(source, "RecordingID"));
	return true;
}

/* Without a verdict nothing is known of who answered. */
static bool
read_machine(VaSource *source, VaEvent *event, const char **why)
{
	set_machine(va_told(source, "Machine"), event, source->arena);
	event->kind = event->machine != NULL ? VA_EVENT_MACHINE : VA_EVENT_OTHER;
	event->event_key = VA_KEY(source->arena, event->provider_call_id, "MachineDetection", event->machine);
	if (event->machine == NULL)
		va_leave_out(source->details, "Machine");
	return true;
}

/* Only one fact matters about the other side, and the end of the Dial reports it: whether it was taken. */
static bool
read_leg(VaSource *source, VaEvent *event, const char **why)
{
	const char *dial = va_told(source, "DialStatus");

	event->kind = va_was_untaken(dial) ? VA_EVENT_UNTAKEN : VA_EVENT_OTHER;
	/* Taken or not, a call that goes on waits for what comes next. */
	event->wants_answer = va_about(source, "next");
	if (event->kind == VA_EVENT_OTHER && event->wants_answer)
		event->attempt_ref = NULL;
	event->event_key = VA_KEY(source->arena, event->provider_call_id, "leg", va_told(source, "DialBLegUUID"),
		dial != NULL ? "dial" : va_told(source, "DialAction"), dial != NULL ? dial : va_told(source, "DialBLegStatus"));
	return true;
}

static bool
read_stream(VaSource *source, VaEvent *event, const char **why)
{
	va_event_stream(
		source, event, va_told(source, "Event"), "StartStream", "DroppedStream", NULL, va_told(source, "StreamID"));
	return true;
}

/* A redirected call: what it is to do is in the URL that we gave (plivo_provider_requests.c). */
static bool
read_redirected(VaSource *source, VaEvent *event, const char **why)
{
	const char *text = va_form_value(&source->query, "do");
	json_t *answer = text == NULL ? NULL : va_json_load(source->arena, text, strlen(text), why);

	if (!json_is_object(answer))
	{
		*why = "what the call is to do cannot be read from its URL";
		json_decref(answer);
		return false;
	}
	json_object_set_new(source->details, "answer", answer);
	event->kind = VA_EVENT_STATUS;
	event->wants_answer = true;
	event->event_key = VA_KEY(
		source->arena, event->provider_call_id, "do", va_form_value(&source->query, "provider_request"));
	return true;
}

/* A machine has answered and is to get its message, which is the plan of the call then. */
static bool
read_message(VaSource *source, VaEvent *event, const char **why)
{
	event->kind = VA_EVENT_STATUS;
	event->wants_answer = true;
	event->machine = "voicemail";
	event->event_key = VA_KEY(
		source->arena, event->provider_call_id, "message", va_form_value(&source->query, "provider_request"));
	return true;
}

static bool
read_progress(VaSource *source, VaEvent *event, const char **why)
{
	const char *name = va_told(source, "Event");
	const char *status = va_told(source, "CallStatus");

	if (status == NULL)
		return va_refuse(why, "CallStatus is missing");
	event->occurred_at = va_told_time(source, in_callback.ended_at);
	set_progress(source, &in_callback, status, event);
	event->event_key = VA_KEY(source->arena, event->provider_call_id, name, status);
	if (event->kind == VA_EVENT_REPORT)
	{
		event->cost = va_told_cost(source, "TotalCost", true);
		event->cost_currency = event->cost == NULL ? NULL : PLIVO_CURRENCY;
		return true;
	}
	event->wants_answer = va_about(source, "answer") || va_about(source, "incoming") || va_is(name, "StartApp");
	if (event->wants_answer && va_is(va_told(source, "Direction"), "inbound"))
		event->kind = VA_EVENT_INCOMING;
	return true;
}

/* A text that somebody wrote, which has words, or what came of one of ours; 200: whoever wrote STOP gets none. */
static bool
read_text(VaSource *source, VaEvent *event, const char **why)
{
	const char *status = va_told(source, "Status");
	const char *code = va_told(source, "ErrorCode");
	bool written = va_told(source, "Text") != NULL && (status == NULL || va_is(status, "received"));

	event->provider_call_id = va_told(source, "MessageUUID");
	if (!va_id_valid(event->provider_call_id) || (!written && status == NULL))
		return va_refuse(
			why, va_id_valid(event->provider_call_id) ? "the text's status is missing" : "MessageUUID is not valid");
	event->kind = VA_EVENT_TEXT;
	event->status = written ? "received" : va_utf8_cut(source->arena, status, 40);
	event->from_number = va_with_plus(source->arena, va_utf8_cut(source->arena, va_told(source, "From"), 60));
	event->to_number = va_with_plus(source->arena, va_utf8_cut(source->arena, va_told(source, "To"), 60));
	if (written)
		event->transcript = va_utf8_cut(source->arena, va_told(source, "Text"), VA_TEXT_MAX);
	else if (code != NULL && !va_is(code, "000"))
		event->cause = va_is(code, "200") ? "blocked" : code;
	event->event_key = VA_KEY(source->arena, event->provider_call_id, "text", event->status);
	return true;
}

static bool
read_callback(VaSource *source, VaEvent *event, const char **why)
{
	static const VaAbout beside[] = {
		{ "recording", read_recording },
		{ "leg", read_leg },
		{ "next", read_leg },
		{ "stream", read_stream },
		{ "amd", read_machine },
		{ 0 },
	};
	/* The call waits for what it is to do, unless it has hung up. */
	static const VaAbout waiting[] = {
		{ "again", va_read_return },
		{ "key", va_read_digits },
		{ "do", read_redirected },
		{ "message", read_message },
		{ 0 },
	};
	const char *id = va_told(source, "CallUUID");
	const char *name = va_told(source, "Event");
	VaSourceReader read = va_about_reader(beside, source);

	if (id == NULL && va_told(source, "MessageUUID") != NULL)
		return read_text(source, event, why);
	/* A report of a stream need not name the call. */
	if (!va_id_valid(id) && (id != NULL || read != read_stream || event->attempt_ref == NULL))
		return va_refuse(why, id == NULL ? "CallUUID is missing" : "CallUUID is not valid");
	event->provider_call_id = id;
	if (read == NULL && va_is(name, "MachineDetection") && !va_about(source, "again") && !va_about(source, "key"))
		read = read_machine;
	if (read == NULL && !va_is(name, "Hangup"))
		read = va_about_reader(waiting, source);
	return read != NULL ? read(source, event, why) : read_progress(source, event, why);
}

bool
plivo_read_webhook(const VaSignedMessage *message, VaArena *arena, VaEvents *events, const char **why)
{
	static const VaEventReader reader = { read_callback, kept, NULL };

	return va_webhook_read(&reader, message, NULL, arena, events, why);
}

/* ---- records ---- */

/*
 * A record has no status, and older ones no code of the cause either: who was
 * billed for a time of talk was answered.
 */
static const char *
status_of(VaSource *source)
{
	const VaReason *reason = va_reason_of(reasons, va_told(source, "hangup_cause_code"));

	if (va_told_time(source, "answer_time") != 0 || va_told_seconds(source, "bill_duration") > 0)
		return "completed";
	return reason == NULL && va_told(source, "hangup_cause") == NULL ? "no-answer" : "failed";
}

static bool
read_record(VaSource *source, VaEvent *event, const char **why)
{
	event->provider_call_id = va_told(source, "call_uuid");
	if (!va_id_valid(event->provider_call_id) || va_told(source, "end_time") == NULL)
		return va_refuse(why, va_id_valid(event->provider_call_id) ? "the record's end_time is missing"
																   : "the record's call_uuid is missing or not valid");
	event->created_at = va_told_time(source, "initiation_time");
	event->occurred_at = va_told_time(source, "end_time");
	set_progress(source, &in_record, status_of(source), event);
	event->cost = va_told_cost(source, "total_amount", true);
	event->cost_currency = event->cost == NULL ? NULL : PLIVO_CURRENCY;
	event->event_key = va_arena_printf(source->arena, "lookup:%s:%s", event->provider_call_id, event->status);
	return true;
}

bool
plivo_read_record(const json_t *record, VaArena *arena, VaEvent *event, const char **why)
{
	static const VaNamedText told[] = { { "hangup_cause_name", "hangupCauseName" }, { "hangup_source", "hangupSource" },
		{ "call_direction", "direction" }, { 0 } };
	static const VaEventReader reader = { read_record, told, NULL };

	return va_call_read(&reader, record, arena, event, why);
}
