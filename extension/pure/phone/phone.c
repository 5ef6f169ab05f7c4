/*-------------------------------------------------------------------------
 * phone.c
 *		Telephone numbers as people write them -> digits and extension.
 *
 * Most numbers are plain ASCII and need one pass (read_plain); all others are
 * decoded into code points and go through the steps that libphonenumber takes:
 * RFC 3966 context, cutting of what stands around the number, viability,
 * extension, letters of a keypad.  No memory, no locks.
 */
#include "phone.h"
#include "phone_plan.h"

#include <string.h>
#include <unicode/uchar.h>

#include "pure/text/utf8.h"

/* Digits of a number with its calling code. */
#define E164_MIN 7
#define E164_MAX 15
/* People's separators of digits, without a blank. */
#define MIDDLE_DOT 0xB7
#define BULLET 0x2022

static const char *const verdict_texts[] = {
	[VA_PHONE_OK] = "ok",
	[VA_PHONE_EMPTY] = "no phone number",
	[VA_PHONE_NOT_A_NUMBER] = "not a phone number",
	[VA_PHONE_TOO_SHORT] = "too short for a phone number of its country",
	[VA_PHONE_TOO_LONG] = "too long for a phone number of its country",
	[VA_PHONE_UNKNOWN_COUNTRY] = "no country has this calling code",
	[VA_PHONE_INVALID_FOR_COUNTRY] = "not in the number plan of its country",
	[VA_PHONE_NO_COUNTRY] = "no calling code, and no default country was given",
	[VA_PHONE_AMBIGUOUS] = "ambiguous: write + before the calling code, or the trunk prefix (0) before the area code",
};

static const char *const type_texts[] = {
	[VA_PHONE_TYPE_UNKNOWN] = "unknown",
	[1] = "unknown",
	[VA_PHONE_PREMIUM_RATE] = "premium_rate",
	[VA_PHONE_TOLL_FREE] = "toll_free",
	[VA_PHONE_SHARED_COST] = "shared_cost",
	[VA_PHONE_VOIP] = "voip",
	[VA_PHONE_PERSONAL_NUMBER] = "personal_number",
	[VA_PHONE_PAGER] = "pager",
	[VA_PHONE_UAN] = "uan",
	[VA_PHONE_VOICEMAIL] = "voicemail",
	[VA_PHONE_FIXED_LINE] = "fixed_line",
	[VA_PHONE_MOBILE] = "mobile",
	[VA_PHONE_FIXED_LINE_OR_MOBILE] = "fixed_line_or_mobile",
};

const char *
va_phone_verdict_text(VaPhoneVerdict verdict)
{
	if ((unsigned) verdict >= sizeof(verdict_texts) / sizeof(verdict_texts[0]))
		return "not a phone number";
	return verdict_texts[verdict];
}

const char *
va_phone_type_text(VaPhoneType type)
{
	if ((unsigned) type >= sizeof(type_texts) / sizeof(type_texts[0]))
		return "unknown";
	return type_texts[type];
}

/* The class of a byte in a plain number: 'd' digit, '.' punctuation, 0 anything else. */
static const char plain_class[256] = {
	['0'] = 'd',
	['1'] = 'd',
	['2'] = 'd',
	['3'] = 'd',
	['4'] = 'd',
	['5'] = 'd',
	['6'] = 'd',
	['7'] = 'd',
	['8'] = 'd',
	['9'] = 'd',
	[' '] = '.',
	['-'] = '.',
	['.'] = '.',
	['('] = '.',
	[')'] = '.',
	['/'] = '.',
	['['] = '.',
	[']'] = '.',
};

/*
 * The usual number: an opening bracket or so, plus signs, then digits and punctuation
 * with no sign of an extension.  False if the text is anything else.
 */
static bool
read_plain(const char *text, size_t len, PhoneText *out)
{
	size_t i = 0;
	int n = 0;

	while (i < len && (text[i] == '(' || text[i] == '['))
		i++;
	out->has_plus = i < len && text[i] == '+';
	while (i < len && text[i] == '+')
		i++;
	for (; i < len; i++)
	{
		char kind = plain_class[(unsigned char) text[i]];

		if (kind == 'd')
			out->digits[n++] = text[i];
		else if (kind == 0)
			return false;
	}
	out->len = n;
	out->extension[0] = '\0';
	/* Two digits are a number only if nothing else is there: leave that to the long way. */
	return n >= 3;
}

static inline bool
is_blank(char c)
{
	return c == ' ' || (c >= '\t' && c <= '\r');
}

/* Every number begins with its calling code.  None begins with 0: two of them dial abroad, and stand for the plus sign. */
static void
read_as_codes_only(PhoneText *read)
{
	if (read->len > 2 && read->digits[0] == '0' && read->digits[1] == '0')
	{
		read->len -= 2;
		memmove(read->digits, read->digits + 2, (size_t) read->len);
	}
	read->has_plus = true;
}

/* E.164's shape: whole behind a plus sign, or as long as the numbers of the country that completes it. */
static bool
is_possible(VaPhoneVerdict verdict, bool has_plus, const VaPhone *read)
{
	size_t digits = strlen(read->e164);

	return digits >= 1 + E164_MIN && digits <= 1 + E164_MAX && (has_plus || verdict == VA_PHONE_INVALID_FOR_COUNTRY);
}

static VaPhoneVerdict
parse(const char *text, size_t len, const char *default_region, bool words, bool stop, VaPhone *out)
{
	PhoneText read = { .letters_at = -1 };
	VaPhoneVerdict verdict;

	memset(out, 0, sizeof(*out));
	while (len > 0 && is_blank(text[0]))
		text++, len--;
	while (len > 0 && is_blank(text[len - 1]))
		len--;
	if (len == 0)
		return VA_PHONE_EMPTY;
	if (len > VA_PHONE_TEXT_MAX)
		return VA_PHONE_TOO_LONG;
	if (!read_plain(text, len, &read) && !va_phone_read_text(text, len, &read))
		return VA_PHONE_NOT_A_NUMBER;
	if (words && read.letters_at >= 0 && read.small_letters && !read.digits_behind)
	{
		read.len = read.letters_at;
		read.letters_at = -1;
	}
	else if (words && read.letters_at >= 0 && (!stop || read.small_letters))
		return VA_PHONE_NOT_A_NUMBER;
	if (default_region != NULL && strcmp(default_region, VA_PHONE_CODES_ONLY) == 0)
		read_as_codes_only(&read);
	verdict = (words ? va_plan_judge_forms : va_plan_judge)(
		read.digits, read.len, read.has_plus, va_plan_region(default_region), out);
	if (stop && read.letters_at < 0 && is_possible(verdict, read.has_plus, out))
		verdict = VA_PHONE_OK;
	/* A stop for 1-800-FLOWERS lists its digits, too. */
	if (stop && verdict == VA_PHONE_OK && read.letters_at >= 0 && out->type != VA_PHONE_TOLL_FREE)
		verdict = VA_PHONE_NOT_A_NUMBER;
	if (verdict != VA_PHONE_OK)
		memset(out, 0, sizeof(*out));
	if (verdict == VA_PHONE_OK && read.extension[0] != '\0')
		memcpy(out->extension, read.extension, sizeof(out->extension));
	return verdict;
}

VaPhoneVerdict
va_phone_parse_as_library(const char *text, size_t len, const char *default_region, VaPhone *out)
{
	return parse(text, len, default_region, false, false, out);
}

static VaPhoneVerdict
parse_cell(const char *text, size_t len, const char *default_region, bool stop, VaPhone *out)
{
	char clean[VA_PHONE_TEXT_MAX];
	size_t n = 0;
	bool plain = true;

	for (size_t i = 0; i < len && plain; i++)
		plain = (unsigned char) text[i] < 0x80;
	if (plain)
		return parse(text, len, default_region, true, stop, out);
	for (size_t i = 0, used; i < len; i += used)
	{
		int32_t code;
		bool blank;

		used = va_utf8_next((const unsigned char *) text + i, len - i, &code);
		blank = code >= 0x80 && (u_isUWhiteSpace(code) || code == MIDDLE_DOT || code == BULLET);
		if (!blank && code >= 0x80 && u_hasBinaryProperty(code, UCHAR_DEFAULT_IGNORABLE_CODE_POINT))
			continue;
		if (n + used > sizeof(clean))
		{
			memset(out, 0, sizeof(*out));
			return VA_PHONE_TOO_LONG;
		}
		memcpy(clean + n, blank ? " " : text + i, blank ? 1 : used);
		n += blank ? 1 : used;
	}
	return parse(clean, n, default_region, true, stop, out);
}

VaPhoneVerdict
va_phone_parse(const char *text, size_t len, const char *default_region, VaPhone *out)
{
	return parse_cell(text, len, default_region, false, out);
}

VaPhoneVerdict
va_phone_parse_stop(const char *text, size_t len, const char *default_region, VaPhone *out)
{
	return parse_cell(text, len, default_region, true, out);
}

VaPhoneVerdict
va_phone_parse_one(const char *text, size_t len, const char *default_region, VaPhone *out)
{
	VaPhoneVerdict verdict = va_phone_parse(text, len, default_region, out);

	return out->other_digits != 0 ? VA_PHONE_AMBIGUOUS : verdict;
}
