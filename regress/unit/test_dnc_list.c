/*
 * test_dnc_list.c
 *		Do-not-call lists: their files, cut anywhere, and the blocks that keep them.
 */
#include "tap.h"

#include "pure/phone/dnc_list.h"
#include "pure/phone/dnc_list_file.h"
#include "block_count.h"

/* What becomes of each line: a number, "-" (passed over) or the reason; the file comes in pieces of step bytes. */
static const char *
read_file(const char *file, size_t len, const char *country, size_t step)
{
	static char out[8192];
	size_t		n = 0;
	VaDncListState state;
	VaDncListVerdict verdict;
	int64_t		numbers[2] = {0};
	const char *reason = "";

	memset(&state, 0, sizeof(state));
	for (size_t at = 0; at <= len; at += step)
	{
		const char *data = file + at;
		const char *end = file + (at + step < len ? at + step : len);
		VaDncListState kept = state;

		state = kept;
		for (;;)
		{
			verdict = at < len ? va_dnc_list_next(&state, &data, end, country, numbers, &reason)
				: va_dnc_list_end(&state, country, numbers, &reason);
			if (verdict == VA_DNC_LIST_MORE)
				break;
			n += snprintf(out + n, sizeof(out) - n, "%d:", (int) state.line_number);
			if (verdict == VA_DNC_LIST_NUMBER)
			{
				n += snprintf(out + n, sizeof(out) - n, "%lld", (long long) numbers[0]);
				if (numbers[1] != 0)
					n += snprintf(out + n, sizeof(out) - n, "|%lld", (long long) numbers[1]);
				n += snprintf(out + n, sizeof(out) - n, " ");
			}
			else
				n += snprintf(out + n, sizeof(out) - n, "%s ", verdict == VA_DNC_LIST_PASSED ? "-" : reason);
		}
		if (at == len)
			break;
		if (at + step > len)
			at = len - step;
	}
	out[n] = '\0';
	return out;
}

static void
reads(const char *file, size_t len, const char *country, const char *expected, const char *name)
{
	is_str(read_file(file, len, country, len > 0 ? len : 1), expected, "%s", name);
	is_str(read_file(file, len, country, 1), expected, "%s, byte by byte", name);
	is_str(read_file(file, len, country, 7), expected, "%s, in sevens", name);
}

#define READS(file, country, expected, name) reads(file, sizeof(file) - 1, country, expected, name)

static void
test_files(void)
{
	char		line[1000];

	READS("+12025550143\n12025550144\n2025550145\n", "US", "1:12025550143 2:12025550144 3:12025550145 ", "E.164 and national numbers");
	READS("202,5550143\r\n907,5550144\r\n", "US", "1:12025550143 2:19075550144 ", "the FTC's form with CR LF");
	READS("Area Code,Phone\n202,5550143,2024-01-02,A\n", "US", "1:- 2:12025550143 ", "a heading, and columns behind");
	READS("\xef\xbb\xbf\"2025550143\";\"x\"\n\n \t \n2025550144", "US", "1:12025550143 2:- 3:- 4:12025550144 ", "BOM, quotes, empty lines, no last LF");
	READS("2025550143\r2025550144\r\r2025550145", "US", "1:12025550143 2:12025550144 3:- 4:12025550145 ", "CR alone");
	READS("0205550143\n2021550143\n1202555014\n+44 20 7946 0018\n+12\nabc\n", "US",
		  "1:10205550143 2:12021550143 3:11202555014 4:442079460018 5:not a phone number 6:not a phone number ",
		  "the shape of a number is enough; what is no number");
	READS("202,1550143\n202,155014\n+12021550143\n12021550143\n", "US", "1:12021550143 2:too short for a phone number of its country 3:12021550143 4:12021550143 ", "however it is written");
	READS("020 7946 0018\n+447911123456\n", "GB", "1:442079460018 2:447911123456 ", "another country");
	READS("491711234567\n0171 1234567\n+491711234567\n4930901820\n", "DE", "1:49491711234567|491711234567 2:491711234567 3:491711234567 4:4930901820 ",
		  "both numbers that a line may be");
	READS("2025550143\0\n\0\n", "US", "1:the line has a NUL byte 2:the line has a NUL byte ", "NUL bytes");
	READS("", "US", "", "an empty file");
	READS("phone1\nphone2\n", "US", "1:- 2:not a phone number ", "one heading only");
	memset(line, '7', sizeof(line));
	line[990] = '\n';
	is_str(read_file(line, sizeof(line), "US", 64), "1:the line is too long 2:too short for a phone number of its country ", "a line that is too long");
	ok(va_dnc_list_is_utf16("\xff\xfe" "2", 3) && va_dnc_list_is_utf16("\xfe\xff\0", 3) && va_dnc_list_is_utf16("2\0" "0", 4) &&
	   va_dnc_list_is_utf16("\0" "2\0" "0", 4), "UTF-16 is told");
	ok(!va_dnc_list_is_utf16("2025", 4) && !va_dnc_list_is_utf16("\xef\xbb\xbf" "2", 4) && !va_dnc_list_is_utf16("2", 1), "and nothing else");
}

static void
test_blocks(void)
{
	static uint16_t values[VA_BLOCK_NUMBERS];
	uint8_t		bits[VA_BLOCK_BITMAP];
	static const int counts[] = {0, 1, 2, 624, 625, 626, 5000, 10000};

	for (size_t k = 0; k < sizeof(counts) / sizeof(counts[0]); k++)
	{
		int			n = counts[k];
		size_t		len;
		int			right = 0;

		for (int i = 0; i < n; i++)
			values[i] = (uint16_t) ((int64_t) i * VA_BLOCK_NUMBERS / n);
		len = va_block_pack(values, n, bits);
		for (int v = 0, i = 0; v < VA_BLOCK_NUMBERS; v++)
		{
			bool		listed = i < n && values[i] == v;

			i += listed;
			right += va_block_has(bits, len, v) == listed;
		}
		ok(right == VA_BLOCK_NUMBERS && block_count(bits, len) == n, "a block of %d numbers in %d bytes", n, (int) len);
	}
	ok(!va_block_has(bits, 1250, -1) && !va_block_has(bits, 1250, 10000) && !va_block_has(bits, 1, 0), "nothing else is in it");
	ok(block_count((const uint8_t *) "\0\2\0\1", 4) == -1 && block_count((const uint8_t *) "\0\1\0\1", 4) == -1 &&
	   block_count((const uint8_t *) "\47\20", 2) == -1 && block_count((const uint8_t *) "\0", 1) == -1, "what nobody packed is told");
	ok(va_dnc_list_number("+12025550143", 12) == INT64_C(12025550143) && va_dnc_list_number("+9223372036854775807", 20) == INT64_MAX, "numbers");
	ok(va_dnc_list_number("+9223372036854775808", 20) == 0 && va_dnc_list_number("+0202555", 8) == 0 && va_dnc_list_number("12025550143", 11) == 0 &&
	   va_dnc_list_number("+12025", 6) == 0 && va_dnc_list_number("+1202555014x", 12) == 0, "and no numbers");
}

int
main(void)
{
	test_files();
	test_blocks();
	return done_testing();
}
