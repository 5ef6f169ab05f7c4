/*-------------------------------------------------------------------------
 * twilio_document.c
 *		TwiML: what a call is to do, in Twilio's form.
 *
 * Pure: no backend, no locks, no global state.
 */
#include "twilio_internal.h"

#include <string.h>

#include "pure/providers/common/documents.h"
#include "pure/providers/common/events.h"

#define SPEAK "Say"
/* How long a call waits after what cut in on it, for what comes next. */
#define PAUSE_S "60"
#define DIGITS_MAX 100

/* A # is a key like any other, and ends no input. */
static const VaListening listening = {
	"Gather",
	"timeout",
	"action",
	(const VaNamedText[]){
		{ "input", "dtmf" }, { "numDigits", "1" }, { "finishOnKey", "" }, { "method", "POST" }, { 0 } },
};

/* The socket's events come to status_url as well, with "as" as the mark. */
static bool
add_stream(VaXml *xml, const VaAnswer *answer, VaArena *arena, const char **why)
{
	const char *url = va_url_with(arena, answer->status_url, "attempt", answer->attempt_ref);

	if (answer->stream_url == NULL || strncmp(answer->stream_url, "wss://", 6) != 0)
		return va_refuse(why, "stream_url must be a wss:// URL");
	if (strchr(answer->stream_url, '?') != NULL)
		return va_refuse(why, "stream_url must not hold a query: Twilio takes none");
	va_xml_open(xml, "Connect");
	va_xml_open(xml, "Stream");
	va_xml_attribute(xml, "url", answer->stream_url);
	va_xml_attribute(xml, "statusCallback", va_url_with(arena, url, "as", "stream"));
	if (answer->attempt_ref != NULL)
	{
		va_xml_open(xml, "Parameter");
		va_xml_attribute(xml, "name", "attempt");
		va_xml_attribute(xml, "value", answer->attempt_ref);
		va_xml_close(xml);
	}
	va_xml_close(xml);
	va_xml_close(xml);
	va_document_return(xml, "Pause", answer, arena);
	return true;
}

/* A document takes the place of the one before, so a conversation goes on with its socket connected anew. */
static bool
add_rest(VaXml *xml, const VaAnswer *answer, VaArena *arena, const char **why)
{
	if (answer->stream_url != NULL)
		return add_stream(xml, answer, arena, why);
	va_xml_open(xml, "Pause");
	va_xml_attribute(xml, "length", PAUSE_S);
	va_xml_close(xml);
	return true;
}

/* Events of the other side come to status_url as well, with "as" as the mark. */
static bool
add_dial(VaXml *xml, const VaAnswer *answer, VaArena *arena, const char **why)
{
	const char *url = va_url_with(arena, answer->status_url, "attempt", answer->attempt_ref);

	if (!va_document_open_dial(xml, answer, answer->caller_id, arena, why))
		return false;
	if (answer->goes_on && url != NULL)
	{
		va_xml_attribute(xml, "action", va_url_with(arena, url, "as", "next"));
		va_xml_attribute(xml, "method", "POST");
	}
	if (answer->record)
	{
		va_xml_attribute(xml, "record", "record-from-answer-dual");
		va_xml_attribute(xml, "recordingStatusCallback", va_url_with(arena, url, "as", "recording"));
	}
	va_xml_open(xml, "Number");
	/* The end of a Dial that goes on tells as much. */
	if (url != NULL && !answer->goes_on)
	{
		va_xml_attribute(xml, "statusCallback", va_url_with(arena, url, "as", "leg"));
		va_xml_attribute(xml, "statusCallbackEvent", "initiated ringing answered completed");
	}
	va_xml_text(xml, answer->forward_to);
	va_xml_close(xml);
	va_xml_close(xml);
	return true;
}

/* Only we hear the key in a call that waits, and the document before, which listened for it, is gone. */
static bool
listens_on(const VaAnswer *answer)
{
	return answer->listens_for != NULL && answer->stream_url == NULL;
}

/* SAY and PLAY, and what comes after them in a call that goes on. */
static bool
add_words(VaXml *xml, const VaAnswer *answer, VaArena *arena, const char **why)
{
	bool listens = answer->goes_on && listens_on(answer);
	bool said;

	if (listens && !va_document_open_listening(xml, &listening, answer, arena, why))
		return false;
	said = answer->kind == VA_ANSWER_SAY ? va_document_say(xml, SPEAK, &listening, answer, arena, why)
										 : va_document_play(xml, SPEAK, answer, why);
	if (!said || (answer->goes_on && !add_rest(xml, answer, arena, why)))
		return false;
	if (listens)
		va_xml_close(xml);
	return true;
}

/* After digits, which are no words that somebody would cut short. */
static bool
add_rest_listening(VaXml *xml, const VaAnswer *answer, VaArena *arena, const char **why)
{
	bool listens = listens_on(answer);

	if (listens && !va_document_open_listening(xml, &listening, answer, arena, why))
		return false;
	if (!add_rest(xml, answer, arena, why))
		return false;
	if (listens)
		va_xml_close(xml);
	return true;
}

static const VaDocumentParts parts = { SPEAK, add_words, add_stream, add_dial, "Reject", { NULL, NULL } };

const char *
twilio_document(const VaAnswer *answer, VaArena *arena, const char **why)
{
	VaXml xml = { 0 };

	va_xml_open(&xml, "Response");
	return va_xml_document(&xml, arena, va_document_answer(&xml, &parts, answer, arena, why), why);
}

const char *
twilio_digits_document(const char *digits, const VaAnswer *answer, VaArena *arena, const char **why)
{
	VaXml xml = { 0 };
	size_t len = digits == NULL ? 0 : strlen(digits);

	if (len == 0 || len > DIGITS_MAX || strspn(digits, "0123456789*#wW") != len)
	{
		*why = "digits must be 0-9, *, # and w (a pause of half a second), at most 100";
		return NULL;
	}
	va_xml_open(&xml, "Response");
	va_xml_open(&xml, "Play");
	va_xml_attribute(&xml, "digits", digits);
	va_xml_close(&xml);
	return va_xml_document(&xml, arena, add_rest_listening(&xml, answer, arena, why), why);
}

/* Only who calls us can be rejected: a call of ours that asks was answered, and ends. */
static const char *
end_document(VaArena *arena, const char **why)
{
	VaXml xml = { 0 };

	va_xml_open(&xml, "Response");
	va_xml_element(&xml, "Hangup", NULL);
	return va_xml_document(&xml, arena, true, why);
}

bool
twilio_build_answer(
	const VaEvent *event, const VaAnswer *answer, VaArena *arena, VaDocument *document, const char **why)
{
	bool ends = answer->kind == VA_ANSWER_REJECT && event->kind != VA_EVENT_INCOMING;
	VaAnswer told = *answer;

	if (told.returns > 0)
		told.returns += va_event_times(event);
	return va_document_end(document, ends ? end_document(arena, why) : twilio_document(&told, arena, why));
}
