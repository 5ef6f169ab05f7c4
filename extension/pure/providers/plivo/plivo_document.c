/*-------------------------------------------------------------------------
 * plivo_document.c
 *		Plivo XML: what a call is to do.
 *
 * Pure: no backend, no locks, no global state.
 */
#include "plivo_internal.h"

#include <string.h>

#include "pure/providers/common/documents.h"
#include "pure/providers/common/events.h"

#define SPEAK "Speak"
#define RECORD_MAX_S 14400
/* How long a machine's greeting may take, and the silence that ends it. */
#define GREETING_MAX_S "60"
#define GREETING_END_MS "2000"

/* A # is a key like any other, and ends no input. */
static const VaListening listening = {
	"GetInput",
	"executionTimeout",
	"action",
	(const VaNamedText[]){
		{ "inputType", "dtmf" }, { "numDigits", "1" }, { "finishOnKey", "none" }, { "method", "POST" }, { 0 } },
};

static const char *
callback(const VaAnswer *answer, const char *as, VaArena *arena)
{
	return va_url_with(arena, va_url_with(arena, answer->status_url, "attempt", answer->attempt_ref), "as", as);
}

/* In the background, from now to the end of the call. */
static void
add_recording(VaXml *xml, const VaAnswer *answer, VaArena *arena)
{
	int seconds = answer->max_duration_s > 0 ? answer->max_duration_s : RECORD_MAX_S;

	va_xml_open(xml, "Record");
	va_xml_attribute(xml, "recordSession", "true");
	va_xml_attribute(xml, "redirect", "false");
	va_xml_attribute(xml, "fileFormat", "mp3");
	va_xml_attribute(xml, "maxLength", va_integer_text(arena, va_clamp(seconds, 1, 86400)));
	va_xml_attribute(xml, "callbackUrl", callback(answer, "recording", arena));
	va_xml_attribute(xml, "callbackMethod", answer->status_url == NULL ? NULL : "POST");
	va_xml_close(xml);
}

static bool
add_stream(VaXml *xml, const VaAnswer *answer, VaArena *arena, const char **why)
{
	if (answer->stream_url == NULL || strncmp(answer->stream_url, "wss://", 6) != 0)
		return va_refuse(why, "stream_url must be a wss:// URL");
	va_xml_open(xml, "Stream");
	va_xml_attribute(xml, "bidirectional", "true");
	va_xml_attribute(xml, "keepCallAlive", "true");
	va_xml_attribute(xml, "contentType", "audio/x-mulaw;rate=8000");
	if (answer->attempt_ref != NULL)
		va_xml_attribute(xml, "extraHeaders", va_arena_printf(arena, "attempt=%s", answer->attempt_ref));
	va_xml_attribute(xml, "statusCallbackUrl", callback(answer, "stream", arena));
	va_xml_attribute(xml, "statusCallbackMethod", answer->status_url == NULL ? NULL : "POST");
	va_xml_text(xml, answer->stream_url);
	va_xml_close(xml);
	va_document_return(xml, "Wait", answer, arena);
	return true;
}

static bool
add_dial(VaXml *xml, const VaAnswer *answer, VaArena *arena, const char **why)
{
	if (!va_document_open_dial(xml, answer, va_without_plus(answer->caller_id), arena, why))
		return false;
	va_xml_attribute(xml, "callbackUrl", callback(answer, "leg", arena));
	va_xml_attribute(xml, "callbackMethod", answer->status_url == NULL ? NULL : "POST");
	/* How it ended is reported only there; unless the call goes on, what is replied is no document, and it ends. */
	if (answer->status_url != NULL)
	{
		va_xml_attribute(xml, "action", callback(answer, answer->goes_on ? "next" : "leg", arena));
		va_xml_attribute(xml, "method", "POST");
		va_xml_attribute(xml, "redirect", answer->goes_on ? "true" : "false");
	}
	va_xml_element(xml, "Number", va_without_plus(answer->forward_to));
	va_xml_close(xml);
	return true;
}

static bool
add_words(VaXml *xml, const VaAnswer *answer, VaArena *arena, const char **why)
{
	return answer->kind == VA_ANSWER_SAY ? va_document_say(xml, SPEAK, &listening, answer, arena, why)
										 : va_document_play(xml, SPEAK, answer, why);
}

static const VaDocumentParts parts = { SPEAK, add_words, add_stream, add_dial, "Hangup", { "reason", "rejected" } };

/* The detection tells of a machine while that still speaks: what is said then is not recorded. */
static void
add_wait(VaXml *xml)
{
	va_xml_open(xml, "Wait");
	va_xml_attribute(xml, "length", GREETING_MAX_S);
	va_xml_attribute(xml, "silence", "true");
	va_xml_attribute(xml, "minSilence", GREETING_END_MS);
	va_xml_close(xml);
}

static const char *
document_for(const char *machine, const VaAnswer *answer, VaArena *arena, const char **why)
{
	VaXml xml = { 0 };

	va_xml_open(&xml, "Response");
	if (machine != NULL && strcmp(machine, "voicemail") == 0 && answer->kind == VA_ANSWER_SAY)
		add_wait(&xml);
	if (answer->record && answer->kind != VA_ANSWER_REJECT)
		add_recording(&xml, answer, arena);
	return va_xml_document(&xml, arena, va_document_answer(&xml, &parts, answer, arena, why), why);
}

const char *
plivo_document(const VaAnswer *answer, VaArena *arena, const char **why)
{
	return document_for(NULL, answer, arena, why);
}

/*
 * A live call that a provider request redirected brings with it what it is to do (see
 * plivo_provider_requests.c): that counts, and not the plan for the call.
 */
static bool
read_brought(const VaEvent *event, VaArena *arena, VaAnswer *answer, const char **why)
{
	json_t *details = event->details == NULL ? NULL : va_json_load(arena, event->details, strlen(event->details), why);
	const json_t *member = va_json_object(details, "answer");
	const char *text = va_json_text(arena, member);

	json_decref(details);
	if (member == NULL)
		return true;
	if (text == NULL || !va_answer_read(text, strlen(text), arena, answer, why))
		return false;
	if (answer->attempt_ref == NULL)
		answer->attempt_ref = event->attempt_ref;
	return true;
}

bool
plivo_build_answer(const VaEvent *event, const VaAnswer *answer, VaArena *arena, VaDocument *document, const char **why)
{
	VaAnswer told = *answer;

	if (!read_brought(event, arena, &told, why))
		return false;
	if (told.returns > 0)
		told.returns += va_event_times(event);
	/* It is being recorded since the first answer. */
	if (event->kind == VA_EVENT_KEY || event->kind == VA_EVENT_STREAM)
		told.record = false;
	return va_document_end(document, document_for(event->machine, &told, arena, why));
}
