/*-------------------------------------------------------------------------
 * json_write.c
 *		jansson's values as text, and texts as JSON strings.
 *
 * Pure: no backend, no locks, no global state.
 */
#include "json.h"

#include <stdlib.h>
#include <string.h>

/* One of JSON's own characters; va_buffer_add() of one costs as much as of a word. */
static inline void
write_sign(VaBuffer *buffer, char sign)
{
	if (buffer->size - buffer->used > 1 || va_buffer_reserve(buffer, 1))
		buffer->text[buffer->used++] = sign;
}

/* As jansson escapes, byte for byte. */
static void
write_escaped(VaBuffer *buffer, const char *text, size_t len)
{
	static const char letters[] = "btn?fr";
	size_t done = 0;

	for (size_t i = 0; i < len; i++)
	{
		unsigned char c = (unsigned char) text[i];

		if (c >= 0x20 && c != '"' && c != '\\')
			continue;
		va_buffer_add(buffer, text + done, i - done);
		done = i + 1;
		if (c >= 0x20)
			va_buffer_printf(buffer, "\\%c", c);
		else if (c >= '\b' && c <= '\r' && c != '\v')
			va_buffer_printf(buffer, "\\%c", letters[c - '\b']);
		else
			va_buffer_printf(buffer, "\\u%04X", c);
	}
	va_buffer_add(buffer, text + done, len - done);
}

/* Most texts need no escape: they are copied while that is found out. */
void
va_buffer_json_string(VaBuffer *buffer, const char *text, size_t len)
{
	char *to;
	size_t i = 0;

	if (!va_buffer_reserve(buffer, len + 2))
		return;
	to = buffer->text + buffer->used;
	*to++ = '"';
	for (; i < len && (unsigned char) text[i] >= 0x20 && text[i] != '"' && text[i] != '\\'; i++)
		*to++ = text[i];
	buffer->used += i + 1;
	if (i < len)
		write_escaped(buffer, text + i, len - i);
	write_sign(buffer, '"');
}

char *
va_json_text(VaArena *arena, const json_t *json)
{
	char *dumped = json_dumps(json, JSON_COMPACT | JSON_SORT_KEYS | JSON_ENCODE_ANY | JSON_REAL_PRECISION(15));
	char *text = dumped == NULL ? NULL : va_arena_strndup(arena, dumped, strlen(dumped));

	free(dumped);
	return text;
}
