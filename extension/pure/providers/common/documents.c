/*-------------------------------------------------------------------------
 * documents.c
 *		Documents in XML: what the drivers that speak so have in common.
 *
 * Pure: no backend, no locks, no global state.
 */
#include "documents.h"

#include <string.h>

#include "requests.h"

void
va_document_speak(VaXml *xml, const char *element, const VaAnswer *answer)
{
	if (answer->text == NULL || answer->text[0] == '\0')
		return;
	va_xml_open(xml, element);
	va_xml_attribute(xml, "voice", answer->voice);
	/* Voices speak the language of a region: a bare "en" they do not know. */
	if (answer->language != NULL && strchr(answer->language, '-') != NULL)
		va_xml_attribute(xml, "language", answer->language);
	va_xml_text(xml, answer->text);
	va_xml_close(xml);
}

bool
va_document_open_listening(
	VaXml *xml, const VaListening *listening, const VaAnswer *answer, VaArena *arena, const char **why)
{
	const char *url = va_url_with(arena, answer->status_url, "attempt", answer->attempt_ref);

	if (url == NULL)
		return va_refuse(why, "there is no URL of ours at which the carrier could tell which key was pressed");
	va_xml_open(xml, listening->element);
	for (const VaNamedText *attribute = listening->attributes; attribute->name != NULL; attribute++)
		va_xml_attribute(xml, attribute->name, attribute->value);
	va_xml_attribute(xml, listening->wait, va_integer_text(arena, VA_KEY_WAIT_S));
	va_xml_attribute(xml, listening->action, va_url_with(arena, url, "as", "key"));
	return true;
}

bool
va_document_say(VaXml *xml, const char *element, const VaListening *listening, const VaAnswer *answer, VaArena *arena,
	const char **why)
{
	bool listens = answer->opt_out_key != NULL;

	if (answer->text == NULL || answer->text[0] == '\0')
		return va_refuse(why, "there is no text to say");
	if (listens && !va_document_open_listening(xml, listening, answer, arena, why))
		return false;
	va_document_speak(xml, element, answer);
	if (listens)
		va_xml_close(xml);
	if (!answer->goes_on)
		va_xml_element(xml, "Hangup", NULL);
	return true;
}

bool
va_document_play(VaXml *xml, const char *element, const VaAnswer *answer, const char **why)
{
	if (answer->media_url == NULL ||
		(strncmp(answer->media_url, "https://", 8) != 0 && strncmp(answer->media_url, "http://", 7) != 0))
		return va_refuse(why, "media_url must be an http(s) URL");
	va_document_speak(xml, element, answer);
	va_xml_element(xml, "Play", answer->media_url);
	if (!answer->goes_on)
		va_xml_element(xml, "Hangup", NULL);
	return true;
}

bool
va_document_open_dial(VaXml *xml, const VaAnswer *answer, const char *caller_id, VaArena *arena, const char **why)
{
	if (!va_is_e164(answer->forward_to))
		return va_refuse(why, "forward_to must be a telephone number with its country code, such as +14155550100");
	va_xml_open(xml, "Dial");
	va_xml_attribute(xml, "callerId", caller_id);
	if (answer->ring_timeout_s > 0)
		va_xml_attribute(xml, "timeout", va_integer_text(arena, va_clamp(answer->ring_timeout_s, 5, 600)));
	if (answer->max_duration_s > 0)
		va_xml_attribute(xml, "timeLimit", va_integer_text(arena, va_clamp(answer->max_duration_s, 1, 86400)));
	return true;
}

/* Where the carrier comes back to after this answer, or NULL. */
static const char *
return_url(const VaAnswer *answer, VaArena *arena)
{
	const char *url = va_url_with(arena, answer->status_url, "attempt", answer->attempt_ref);

	if (answer->returns == 0 || url == NULL)
		return NULL;
	return va_url_with(arena, va_url_with(arena, url, "as", "again"), "times", va_integer_text(arena, answer->returns));
}

void
va_document_return(VaXml *xml, const char *wait, const VaAnswer *answer, VaArena *arena)
{
	const char *url = return_url(answer, arena);

	if (url == NULL)
		return;
	if (answer->returns > 1)
	{
		va_xml_open(xml, wait);
		va_xml_attribute(xml, "length", "1");
		va_xml_close(xml);
	}
	va_xml_open(xml, "Redirect");
	va_xml_attribute(xml, "method", "POST");
	va_xml_text(xml, url);
	va_xml_close(xml);
}

bool
va_document_answer(VaXml *xml, const VaDocumentParts *parts, const VaAnswer *answer, VaArena *arena, const char **why)
{
	bool greets = answer->text != NULL && answer->text[0] != '\0';

	if (answer->kind == VA_ANSWER_SAY || answer->kind == VA_ANSWER_PLAY)
		return parts->words(xml, answer, arena, why);
	*why = "the carrier holds no conversation itself";
	if (answer->kind == VA_ANSWER_CONVERSE)
		return false;
	va_document_speak(xml, parts->speak, answer);
	if (answer->kind == VA_ANSWER_STREAM)
		return parts->stream(xml, answer, arena, why);
	if (answer->kind == VA_ANSWER_FORWARD)
		return parts->dial(xml, answer, arena, why);
	/* Only a call that was not yet taken can be rejected; a greeting takes it. */
	va_xml_open(xml, greets ? "Hangup" : parts->reject);
	if (!greets && parts->rejected[0] != NULL)
		va_xml_attribute(xml, parts->rejected[0], parts->rejected[1]);
	va_xml_close(xml);
	return true;
}

bool
va_document_end(VaDocument *document, const char *body)
{
	*document = (VaDocument){ "text/xml; charset=utf-8", body, body == NULL ? 0 : strlen(body) };
	return body != NULL;
}
