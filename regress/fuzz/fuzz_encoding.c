/*
 * fuzz_encoding.c
 *		Any bytes as a file in UTF-16 or Windows-1252: within the room that is
 *		promised, the same text whether it comes in one piece or is cut where
 *		its first byte says.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "pure/text/encoding.h"

static void
read_utf16(VaTextEncoding encoding, const char *bytes, size_t len, size_t cut)
{
	/* Rooms of exactly the promised size, so that the sanitizer sees a byte too many. */
	char	   *whole = malloc(VA_UTF16_ROOM(len));
	size_t		used;
	size_t		n = va_utf16_to_utf8(encoding, bytes, len, true, whole, &used);
	char	   *first = malloc(VA_UTF16_ROOM(cut));
	size_t		first_used;
	size_t		first_n = va_utf16_to_utf8(encoding, bytes, cut, false, first, &first_used);
	char	   *second;
	size_t		second_n;

	if (used != len || first_used > cut || cut - first_used > 3 || n > VA_UTF16_ROOM(len))
		abort();
	second = malloc(VA_UTF16_ROOM(len - first_used));
	second_n = va_utf16_to_utf8(encoding, bytes + first_used, len - first_used, true, second, &used);
	if (used != len - first_used || first_n + second_n != n || memcmp(whole, first, first_n) != 0 ||
		memcmp(whole + first_n, second, second_n) != 0)
		abort();
	free(whole);
	free(first);
	free(second);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	const char *file;
	char	   *out;
	char	   *name;
	size_t		cut;
	bool		clean;

	if (size < 1)
		return 0;
	file = (const char *) bytes + 1;
	size--;
	cut = size > 0 ? bytes[0] % (size + 1) : 0;
	(void) va_encoding_sniff(file, cut, false);
	if (va_encoding_sniff(file, size, true) == VA_ENCODING_MORE)
		abort();
	read_utf16(VA_ENCODING_UTF16LE, file, size, cut);
	read_utf16(VA_ENCODING_UTF16BE, file, size, cut);
	out = malloc(VA_1252_ROOM(size) + 1);
	if (va_1252_to_utf8(file, size, out, &clean) < size)
		abort();
	free(out);
	name = strndup(file, size);
	(void) va_encoding_by_name(name);
	free(name);
	return 0;
}
