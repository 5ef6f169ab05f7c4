/*-------------------------------------------------------------------------
 * dnc_list_file.c
 *		Lines of a do-not-call list.  See dnc_list_file.h.
 */
#include "dnc_list_file.h"

#include <string.h>

#include "phone.h"

bool
va_dnc_list_is_utf16(const char *bytes, size_t len)
{
	const unsigned char *b = (const unsigned char *) bytes;

	if (len < 2)
		return false;
	if ((b[0] == 0xff && b[1] == 0xfe) || (b[0] == 0xfe && b[1] == 0xff))
		return true;
	/* Without a mark: ASCII in every second byte. */
	return len >= 4 &&
		   ((b[0] == 0 && b[2] == 0 && b[1] != 0 && b[3] != 0) || (b[1] == 0 && b[3] == 0 && b[0] != 0 && b[2] != 0));
}

static bool
is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '"' || c == '\'' || c == '\v' || c == '\f';
}

/* The field that begins at *at, without blanks and quotes around it; *at moves to the next one, or to end. */
static size_t
next_field(const char **at, const char *end, const char **field)
{
	const char *stop = *at;
	const char *last;

	while (stop < end && *stop != ',' && *stop != ';' && *stop != '\t')
		stop++;
	last = stop;
	while (*at < last && is_blank(**at))
		(*at)++;
	while (last > *at && is_blank(last[-1]))
		last--;
	*field = *at;
	*at = stop < end ? stop + 1 : end;
	return last - *field;
}

/* The digits as a number; -1 if there is anything else, or not so many. */
static int64_t
digits_of(const char *text, size_t len, size_t least, size_t most)
{
	int64_t value = 0;

	if (len < least || len > most)
		return -1;
	for (size_t i = 0; i < len; i++)
	{
		if (text[i] < '0' || text[i] > '9')
			return -1;
		value = value * 10 + (text[i] - '0');
	}
	return value;
}

static bool
is_nanp(const char *country)
{
	return strcmp(country, "US") == 0 || strcmp(country, "CA") == 0;
}

/* Ten digits of North America, of the usual form; else 0. */
static int64_t
nanp_number(int64_t national)
{
	if (national < INT64_C(2000000000) || national / 1000000 % 10 == 0 || national / 1000000 % 10 == 1)
		return 0;
	return INT64_C(10000000000) + national;
}

static VaDncListVerdict
judge_number(const char *text, size_t len, const char *country, int64_t numbers[2], const char **reason)
{
	int64_t value;
	VaPhone phone, twin;
	VaPhoneVerdict verdict;

	/* The form of lists of millions, before people's spellings. */
	numbers[0] = 0;
	if (is_nanp(country))
	{
		if ((value = digits_of(text, len, 10, 10)) >= 0)
			numbers[0] = nanp_number(value);
		else if (((value = digits_of(text, len, 11, 11)) >= 0 ||
					 (len == 12 && text[0] == '+' && (value = digits_of(text + 1, 11, 11, 11)) >= 0)) &&
				 value / INT64_C(10000000000) == 1)
			numbers[0] = nanp_number(value % INT64_C(10000000000));
	}
	if (numbers[0] > 0)
		return VA_DNC_LIST_NUMBER;
	verdict = va_phone_parse_stop(text, len, country, &phone);
	if (verdict == VA_PHONE_OK)
	{
		numbers[0] = (int64_t) phone.digits;
		numbers[1] = (int64_t) (phone.other_digits == 0 && va_phone_twin(&phone, &twin) ? twin.digits
																						: phone.other_digits);
		return VA_DNC_LIST_NUMBER;
	}
	*reason = va_phone_verdict_text(verdict);
	return VA_DNC_LIST_REJECTED;
}

static bool
is_heading(const char *text, size_t len)
{
	bool letters = false;

	for (size_t i = 0; i < len; i++)
	{
		letters = letters || (text[i] >= 'A' && text[i] <= 'Z') || (text[i] >= 'a' && text[i] <= 'z');
		if (text[i] == '\0')
			return false;
	}
	return letters;
}

/* state->line is complete. */
static VaDncListVerdict
judge_line(const VaDncListState *state, const char *country, int64_t numbers[2], const char **reason)
{
	const char *at = state->line;
	const char *end = state->line + state->len;
	const char *field;
	const char *second;
	const char *rest;
	char number[10];
	size_t len;
	VaDncListVerdict verdict;

	numbers[1] = 0;
	if (state->line_number == 1 && state->len >= 3 && memcmp(at, "\xef\xbb\xbf", 3) == 0)
		at += 3;
	if (state->too_long)
	{
		*reason = "the line is too long";
		return VA_DNC_LIST_REJECTED;
	}
	if (memchr(at, '\0', end - at) != NULL)
	{
		*reason = "the line has a NUL byte";
		return VA_DNC_LIST_REJECTED;
	}
	while (at < end && is_blank(*at))
		at++;
	if (at == end)
		return VA_DNC_LIST_PASSED;
	len = next_field(&at, end, &field);
	rest = at;
	if (len == 3 && is_nanp(country) && next_field(&rest, end, &second) == 7 && digits_of(field, 3, 3, 3) >= 0 &&
		digits_of(second, 7, 7, 7) >= 0)
	{
		memcpy(number, field, 3);
		memcpy(number + 3, second, 7);
		return judge_number(number, sizeof(number), country, numbers, reason);
	}
	verdict = judge_number(field, len, country, numbers, reason);
	if (verdict == VA_DNC_LIST_REJECTED && state->line_number == 1 && is_heading(state->line, state->len))
		return VA_DNC_LIST_PASSED;
	return verdict;
}

static VaDncListVerdict
finish_line(VaDncListState *state, const char *country, int64_t numbers[2], const char **reason)
{
	VaDncListVerdict verdict = judge_line(state, country, numbers, reason);

	/* The line stays for whoever reports it; the next byte begins another. */
	state->begun = false;
	return verdict;
}

VaDncListVerdict
va_dnc_list_next(VaDncListState *state, const char **data, const char *end, const char *country, int64_t numbers[2],
	const char **reason)
{
	while (*data < end)
	{
		char c = *(*data)++;

		if (c == '\n' && state->after_cr)
		{
			state->after_cr = false;
			continue;
		}
		if (!state->begun)
		{
			state->begun = true;
			state->line_number++;
			state->len = 0;
			state->too_long = false;
		}
		state->after_cr = c == '\r';
		if (c == '\n' || c == '\r')
			return finish_line(state, country, numbers, reason);
		if (state->len < VA_DNC_LIST_LINE)
			state->line[state->len++] = c;
		else
			state->too_long = true;
	}
	return VA_DNC_LIST_MORE;
}

VaDncListVerdict
va_dnc_list_end(VaDncListState *state, const char *country, int64_t numbers[2], const char **reason)
{
	if (!state->begun)
		return VA_DNC_LIST_MORE;
	return finish_line(state, country, numbers, reason);
}
