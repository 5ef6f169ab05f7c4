/*
 * test_encoding.c
 *		Encodings of files: recognised by their first bytes, and read as UTF-8
 *		wherever a file is cut.
 */
#include <stdlib.h>
#include <string.h>

#include "pure/text/encoding.h"
#include "tap.h"

/* UTF-16 in two pieces, the second beginning with what the first left. */
static char *
read_cut(VaTextEncoding encoding, const char *bytes, size_t len, size_t cut)
{
	char	   *out = malloc(VA_UTF16_ROOM(len) * 2 + 1);
	size_t		used;
	size_t		n = va_utf16_to_utf8(encoding, bytes, cut, false, out, &used);

	n += va_utf16_to_utf8(encoding, bytes + used, len - used, true, out + n, &used);
	out[n] = '\0';
	return out;
}

static char *
of_1252(const char *bytes, bool *clean)
{
	char	   *out = malloc(VA_1252_ROOM(strlen(bytes)) + 1);

	out[va_1252_to_utf8(bytes, strlen(bytes), out, clean)] = '\0';
	return out;
}

static void
is_made(char *got, const char *expected, const char *what)
{
	is_str(got, expected, "%s", what);
	free(got);
}

#define SNIFF(bytes) va_encoding_sniff(bytes, sizeof(bytes) - 1, true)

int
main(void)
{
	/* a, e acute, the euro sign, a telephone (a pair), a newline */
	static const char le[] = "a\0\xE9\0\xAC\x20\x3D\xD8\xDE\xDC\n\0";
	static const char be[] = "\0a\0\xE9\x20\xAC\xD8\x3D\xDC\xDE\0\n";
	const char *text = "a\xC3\xA9\xE2\x82\xAC\xF0\x9F\x93\x9E\n";
	int			same = 0;
	bool		clean;
	char		all[255];
	int			bad = 0;

	ok(SNIFF("\xEF\xBB\xBFphone") == VA_ENCODING_UTF8, "a byte order mark says UTF-8");
	ok(SNIFF("\xFF\xFEp\0h\0") == VA_ENCODING_UTF16LE, "and UTF-16, little end first");
	ok(SNIFF("\xFE\xFF\0p\0h") == VA_ENCODING_UTF16BE, "and UTF-16, big end first");
	ok(SNIFF("p\0h\0o\0") == VA_ENCODING_UTF16LE, "little end first without a mark");
	ok(SNIFF("\0p\0h\0o") == VA_ENCODING_UTF16BE, "big end first without a mark");
	ok(SNIFF("\xFF\xFE\0\0p\0\0\0") == VA_ENCODING_UTF32, "UTF-32 is no UTF-16");
	ok(SNIFF("phone") == VA_ENCODING_OPEN, "ASCII is left open");
	ok(SNIFF("") == VA_ENCODING_OPEN, "so is an empty file");
	ok(va_encoding_sniff("\xFF\xFEp", 3, false) == VA_ENCODING_MORE, "three bytes are too few");
	ok(va_encoding_sniff("\xFF\xFE", 2, true) == VA_ENCODING_UTF16LE, "unless there are no more");

	is_str(va_encoding_name(VA_ENCODING_OPEN), "UTF-8", "what never said more than ASCII is UTF-8");
	ok(va_encoding_name(VA_ENCODING_UTF32) == NULL, "UTF-32 has no name here");
	for (VaTextEncoding e = VA_ENCODING_UTF8; e <= VA_ENCODING_WINDOWS_1252; e++)
		ok(va_encoding_by_name(va_encoding_name(e)) == e, "%s", va_encoding_name(e));
	ok(va_encoding_by_name("Cp-1252") == VA_ENCODING_WINDOWS_1252, "other names are known");
	ok(va_encoding_by_name("EBCDIC") == VA_ENCODING_NONE, "not all");
	ok(va_encoding_by_name("") == VA_ENCODING_NONE, "not none");
	ok(va_encoding_by_name("utf-8 utf-8 utf-8 utf-8 utf-8 utf-8") == VA_ENCODING_NONE, "not long ones");

	for (size_t cut = 0; cut <= sizeof(le) - 1; cut++)
	{
		char	   *a = read_cut(VA_ENCODING_UTF16LE, le, sizeof(le) - 1, cut);
		char	   *b = read_cut(VA_ENCODING_UTF16BE, be, sizeof(be) - 1, cut);

		same += strcmp(a, text) == 0 && strcmp(b, text) == 0;
		free(a);
		free(b);
	}
	ok(same == (int) sizeof(le), "UTF-16 reads the same wherever it is cut");
	is_made(read_cut(VA_ENCODING_UTF16LE, "\x3D\xD8" "a\0", 4, 2), "\xED\xA0\xBD" "a", "half a pair becomes what is no UTF-8");
	is_made(read_cut(VA_ENCODING_UTF16LE, "\x3D\xD8", 2, 1), "\xED\xA0\xBD", "also at the end");
	is_made(read_cut(VA_ENCODING_UTF16LE, "a\0b", 3, 2), "a\xFF", "and so does half a unit");

	is_made(of_1252("Jos\xE9 \x80", &clean), "Jos\xC3\xA9 \xE2\x82\xAC", "Windows-1252");
	ok(clean, "without a loss");
	is_made(of_1252("a\x81z", &clean), "a\xEF\xBF\xBDz", "a byte that means nothing is replaced");
	ok(!clean, "and that is said");
	for (int i = 0; i < 255; i++)
		all[i] = (char) (i + 1);
	{
		char		out[VA_1252_ROOM(255)];
		size_t		n = va_1252_to_utf8(all, 255, out, &clean);

		for (size_t i = 0; i + 2 < n; i++)
			bad += memcmp(out + i, "\xEF\xBF\xBD", 3) == 0;
	}
	ok(bad == 5, "five bytes mean nothing");
	return done_testing();
}
