/*-------------------------------------------------------------------------
 * encoding.c
 *		Which encoding a file is in, and its text as UTF-8.  See encoding.h.
 *		No memory, no state, no locks.
 */
#include "encoding.h"

#include <stdint.h>
#include <string.h>

#include "utf8.h"

#define NAME_MAX_BYTES 24

/* 0x80 to 0x9F of Windows-1252; 0: not used.  Everything else is what Latin-1, and so Unicode, has there. */
static const uint16_t windows_1252[32] = { 0x20AC, 0, 0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021, 0x02C6, 0x2030,
	0x0160, 0x2039, 0x0152, 0, 0x017D, 0, 0, 0x2018, 0x2019, 0x201C, 0x201D, 0x2022, 0x2013, 0x2014, 0x02DC, 0x2122,
	0x0161, 0x203A, 0x0153, 0, 0x017E, 0x0178 };

const char *
va_encoding_name(VaTextEncoding encoding)
{
	switch (encoding)
	{
		case VA_ENCODING_OPEN: /* nothing but ASCII: either name is right */
		case VA_ENCODING_UTF8:
			return "UTF-8";
		case VA_ENCODING_UTF16LE:
			return "UTF-16LE";
		case VA_ENCODING_UTF16BE:
			return "UTF-16BE";
		case VA_ENCODING_WINDOWS_1252:
			return "WINDOWS-1252";
		default:
			return NULL;
	}
}

VaTextEncoding
va_encoding_by_name(const char *name)
{
	static const struct
	{
		const char *name;
		VaTextEncoding encoding;
	} names[] = { { "utf8", VA_ENCODING_UTF8 }, { "utf8sig", VA_ENCODING_UTF8 }, { "unicode", VA_ENCODING_UTF16LE },
		{ "utf16le", VA_ENCODING_UTF16LE }, { "utf16be", VA_ENCODING_UTF16BE },
		{ "windows1252", VA_ENCODING_WINDOWS_1252 }, { "win1252", VA_ENCODING_WINDOWS_1252 },
		{ "cp1252", VA_ENCODING_WINDOWS_1252 }, { "1252", VA_ENCODING_WINDOWS_1252 },
		{ "ansi", VA_ENCODING_WINDOWS_1252 }, { "latin1", VA_ENCODING_WINDOWS_1252 },
		{ "iso88591", VA_ENCODING_WINDOWS_1252 } };
	char reduced[NAME_MAX_BYTES];
	size_t n = 0;

	for (; *name != '\0'; name++)
	{
		char c = *name;

		if (c >= 'A' && c <= 'Z')
			c |= 0x20;
		if (!((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9')))
			continue;
		if (n == sizeof(reduced) - 1)
			return VA_ENCODING_NONE;
		reduced[n++] = c;
	}
	reduced[n] = '\0';
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
	{
		if (strcmp(names[i].name, reduced) == 0)
			return names[i].encoding;
	}
	return VA_ENCODING_NONE;
}

VaTextEncoding
va_encoding_sniff(const char *bytes, size_t len, bool last)
{
	if (len < 4 && !last)
		return VA_ENCODING_MORE;
	if (len >= 4 && (memcmp(bytes, "\xFF\xFE\0\0", 4) == 0 || memcmp(bytes, "\0\0\xFE\xFF", 4) == 0))
		return VA_ENCODING_UTF32;
	if (len >= 3 && memcmp(bytes, "\xEF\xBB\xBF", 3) == 0)
		return VA_ENCODING_UTF8;
	if (len >= 2 && memcmp(bytes, "\xFF\xFE", 2) == 0)
		return VA_ENCODING_UTF16LE;
	if (len >= 2 && memcmp(bytes, "\xFE\xFF", 2) == 0)
		return VA_ENCODING_UTF16BE;
	/* Without a mark: a header begins with two letters that are ASCII. */
	if (len >= 4 && bytes[0] != '\0' && bytes[1] == '\0' && bytes[2] != '\0' && bytes[3] == '\0')
		return VA_ENCODING_UTF16LE;
	if (len >= 4 && bytes[0] == '\0' && bytes[1] != '\0' && bytes[2] == '\0' && bytes[3] != '\0')
		return VA_ENCODING_UTF16BE;
	return VA_ENCODING_OPEN;
}

static inline uint32_t
unit_at(VaTextEncoding encoding, const char *bytes)
{
	const unsigned char *at = (const unsigned char *) bytes;

	return encoding == VA_ENCODING_UTF16LE ? at[0] | (uint32_t) at[1] << 8 : at[1] | (uint32_t) at[0] << 8;
}

size_t
va_utf16_to_utf8(VaTextEncoding encoding, const char *bytes, size_t len, bool last, char *out, size_t *used)
{
	size_t n = 0;
	size_t i = 0;

	while (i + 2 <= len)
	{
		uint32_t code = unit_at(encoding, bytes + i);

		if (code >= 0xD800 && code < 0xDC00)
		{
			uint32_t low;

			if (i + 4 > len && !last)
				break;
			low = i + 4 <= len ? unit_at(encoding, bytes + i + 2) : 0;
			if (low >= 0xDC00 && low < 0xE000)
			{
				code = 0x10000 + ((code - 0xD800) << 10) + (low - 0xDC00);
				i += 2;
			}
		}
		/* Half a pair is written as it stands: three bytes that no UTF-8 has. */
		n += va_utf8_write(code, out + n);
		i += 2;
	}
	if (last && i < len)
	{
		out[n++] = (char) 0xFF;
		i = len;
	}
	*used = i;
	return n;
}

size_t
va_1252_to_utf8(const char *bytes, size_t len, char *out, bool *clean)
{
	size_t n = 0;

	*clean = true;
	for (size_t i = 0; i < len; i++)
	{
		uint32_t code = (unsigned char) bytes[i];

		if (code >= 0x80 && code < 0xA0)
		{
			code = windows_1252[code - 0x80];
			if (code == 0)
			{
				code = 0xFFFD;
				*clean = false;
			}
		}
		n += va_utf8_write(code, out + n);
	}
	return n;
}
