/*-------------------------------------------------------------------------
 * xml.c
 *		Writing XML: small documents for carriers, always well-formed.
 *
 * Pure: no backend, no locks, no global state.
 */
#include "xml.h"

#include <string.h>

#include "utf8.h"

#define XML_HEAD "<?xml version=\"1.0\" encoding=\"UTF-8\"?>"

/* Characters that XML 1.0 knows. */
static bool
is_xml_character(int32_t code)
{
	return code == '\t' || code == '\n' || code == '\r' || (code >= 0x20 && code != 0xFFFE && code != 0xFFFF);
}

/* A line end in an attribute would be read as a blank, and a carriage return in a text as nothing. */
static const char *
escape_of(int32_t code, bool attribute)
{
	switch (code)
	{
		case '&':
			return "&amp;";
		case '<':
			return "&lt;";
		case '>':
			return "&gt;";
		case '"':
			return attribute ? "&quot;" : NULL;
		case '\r':
			return "&#13;";
		case '\n':
			return attribute ? "&#10;" : NULL;
		case '\t':
			return attribute ? "&#9;" : NULL;
		default:
			return is_xml_character(code) ? NULL : VA_REPLACEMENT;
	}
}

static void
add_escaped(VaXml *xml, const char *text, bool attribute)
{
	size_t len = strlen(text);
	size_t done = 0;
	size_t step;

	for (size_t i = 0; i < len; i += step)
	{
		int32_t code = (unsigned char) text[i];
		const char *escape;

		step = code < 0x80 ? 1 : va_utf8_next((const unsigned char *) text + i, len - i, &code);
		escape = escape_of(code, attribute);
		if (escape == NULL)
			continue;
		va_buffer_add(&xml->buffer, text + done, i - done);
		va_buffer_add(&xml->buffer, escape, strlen(escape));
		done = i + step;
	}
	va_buffer_add(&xml->buffer, text + done, len - done);
}

static void
end_tag(VaXml *xml)
{
	if (xml->in_tag)
		va_buffer_add(&xml->buffer, ">", 1);
	xml->in_tag = false;
}

void
va_xml_open(VaXml *xml, const char *element)
{
	if (xml->buffer.used == 0)
		va_buffer_add(&xml->buffer, XML_HEAD, strlen(XML_HEAD));
	else if (xml->depth == 0)
		xml->misused = true; /* a document has one root */
	if (xml->depth == VA_XML_DEPTH_MAX)
		xml->misused = true;
	if (xml->misused)
		return;
	end_tag(xml);
	va_buffer_add(&xml->buffer, "<", 1);
	va_buffer_add(&xml->buffer, element, strlen(element));
	xml->open[xml->depth++] = element;
	xml->in_tag = true;
}

void
va_xml_attribute(VaXml *xml, const char *name, const char *value)
{
	if (value == NULL)
		return;
	if (!xml->in_tag)
		xml->misused = true;
	if (xml->misused)
		return;
	va_buffer_add(&xml->buffer, " ", 1);
	va_buffer_add(&xml->buffer, name, strlen(name));
	va_buffer_add(&xml->buffer, "=\"", 2);
	add_escaped(xml, value, true);
	va_buffer_add(&xml->buffer, "\"", 1);
}

void
va_xml_text(VaXml *xml, const char *text)
{
	if (text == NULL || text[0] == '\0')
		return;
	if (xml->depth == 0)
		xml->misused = true;
	if (xml->misused)
		return;
	end_tag(xml);
	add_escaped(xml, text, false);
}

void
va_xml_close(VaXml *xml)
{
	if (xml->depth == 0)
		xml->misused = true;
	if (xml->misused)
		return;
	xml->depth--;
	if (xml->in_tag)
		va_buffer_add(&xml->buffer, "/>", 2);
	else
		va_buffer_printf(&xml->buffer, "</%s>", xml->open[xml->depth]);
	xml->in_tag = false;
}

void
va_xml_element(VaXml *xml, const char *element, const char *text)
{
	va_xml_open(xml, element);
	va_xml_text(xml, text);
	va_xml_close(xml);
}

const char *
va_xml_finish(VaXml *xml, VaArena *arena)
{
	const char *text;
	bool misused;

	while (xml->depth > 0 && !xml->misused)
		va_xml_close(xml);
	misused = xml->misused || xml->buffer.used == 0;
	text = va_buffer_finish(&xml->buffer, arena);
	memset(xml, 0, sizeof(*xml));
	return misused ? NULL : text;
}

const char *
va_xml_document(VaXml *xml, VaArena *arena, bool good, const char **why)
{
	const char *text = va_xml_finish(xml, arena);

	if (!good)
		return NULL;
	if (text == NULL || arena->oom)
		*why = "out of memory";
	return arena->oom ? NULL : text;
}
