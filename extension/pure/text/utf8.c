/*-------------------------------------------------------------------------
 * utf8.c
 *		Bytes that claim to be UTF-8, character by character.
 *
 * Pure: no backend, no locks, no global state.
 */
#include "utf8.h"

#include <string.h>

#include <unicode/utf8.h>

size_t
va_utf8_next(const unsigned char *bytes, size_t len, int32_t *code)
{
	unsigned char lead = bytes[0];
	unsigned char low = 0x80; /* of the second byte: it is narrower behind some leads */
	unsigned char high = 0xBF;
	size_t length;
	int32_t value;

	*code = -1;
	if (lead < 0x80)
	{
		*code = lead;
		return 1;
	}
	if (lead < 0xC2 || lead > 0xF4)
		return 1;
	length = lead < 0xE0 ? 2 : (lead < 0xF0 ? 3 : 4);
	value = lead & (0xFF >> (length + 1));
	if (lead == 0xE0)
		low = 0xA0;
	else if (lead == 0xED)
		high = 0x9F;
	else if (lead == 0xF0)
		low = 0x90;
	else if (lead == 0xF4)
		high = 0x8F;
	for (size_t i = 1; i < length; i++)
	{
		if (i == len || bytes[i] < low || bytes[i] > high)
			return i;
		value = value << 6 | (bytes[i] & 0x3F);
		low = 0x80;
		high = 0xBF;
	}
	*code = value;
	return length;
}

const char *
va_utf8_text(VaArena *arena, const void *bytes, size_t len, bool nuls, size_t *out_len)
{
	const unsigned char *in = bytes;
	size_t broken = 0;
	size_t n = 0;
	size_t step;
	int32_t code;
	char *out;

	for (size_t i = 0; i < len; i += step)
	{
		step = va_utf8_next(in + i, len - i, &code);
		broken += code < 0 || (code == 0 && !nuls);
	}
	if (out_len != NULL)
		*out_len = 0;
	out = va_arena_alloc(arena, len + broken * 3 + 1);
	if (out == NULL)
		return NULL;
	n = broken == 0 ? len : 0;
	if (n > 0)
		memcpy(out, in, n);
	for (size_t i = n; i < len; i += step)
	{
		step = va_utf8_next(in + i, len - i, &code);
		if (code < 0 || (code == 0 && !nuls))
		{
			memcpy(out + n, VA_REPLACEMENT, 3);
			n += 3;
			continue;
		}
		memcpy(out + n, in + i, step);
		n += step;
	}
	if (out_len != NULL)
		*out_len = n;
	return out;
}

char *
va_utf8_cut(VaArena *arena, const char *text, size_t max_chars)
{
	size_t chars = 0;
	size_t i = 0;

	if (text == NULL)
		return NULL;
	for (; text[i] != '\0'; i++)
	{
		if (((unsigned char) text[i] & 0xC0) == 0x80)
			continue;
		if (chars == max_chars)
			break;
		chars++;
	}
	return va_arena_strndup(arena, text, i);
}

size_t
va_utf8_write(int32_t code, char *out)
{
	size_t n = 0;

	U8_APPEND_UNSAFE(out, n, code);
	return n;
}
