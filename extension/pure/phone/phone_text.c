/*-------------------------------------------------------------------------
 * phone_text.c
 *		Numbers that are more than plain ASCII digits and punctuation: other
 *		scripts, words around them, extensions, keypad letters, RFC 3966.
 *
 * Works on code points in a buffer on the stack; the tables of letters and digits
 * are generated.  Punctuation, labels of extensions and viable numbers follow
 * libphonenumber's Parse().
 */
#include "phone_plan.h"

#include <string.h>

#include "phone_data/unicode.inc"

#define lengthof(array) ((int) (sizeof(array) / sizeof((array)[0])))

#define PLUS_WIDE 0xff0b
#define NO_BREAK_SPACE 0xa0

/* A stretch of code points. */
typedef struct Points
{
	uint32_t at[VA_PHONE_TEXT_MAX];
	int len;
} Points;

/* Strict UTF-8: no overlong forms, no surrogates, nothing past U+10FFFF. */
static bool
decode(const char *text, size_t len, Points *out)
{
	const unsigned char *s = (const unsigned char *) text;

	out->len = 0;
	for (size_t i = 0; i < len;)
	{
		uint32_t point = s[i];
		int more = point < 0x80 ? 0 : point >= 0xf0 ? 3 : point >= 0xe0 ? 2 : 1;
		static const uint32_t least[] = { 0, 0x80, 0x800, 0x10000 };

		if ((point >= 0x80 && point < 0xc2) || point > 0xf4 || i + more >= len)
			return false;
		if (more > 0)
			point &= 0x3f >> more;
		for (int k = 1; k <= more; k++)
		{
			if ((s[i + k] & 0xc0) != 0x80)
				return false;
			point = point << 6 | (s[i + k] & 0x3f);
		}
		if (point < least[more] || point > 0x10ffff || (point >= 0xd800 && point < 0xe000))
			return false;
		out->at[out->len++] = point;
		i += more + 1;
	}
	return true;
}

/* 0 to 9, or -1; any script. */
static int
digit_value(uint32_t point)
{
	int low = 0, high = lengthof(unicode_zeros) - 1;

	if (point < 0x80)
		return point >= '0' && point <= '9' ? (int) point - '0' : -1;
	while (low <= high)
	{
		int middle = (low + high) / 2;

		if (point < unicode_zeros[middle])
			high = middle - 1;
		else if (point > unicode_zeros[middle] + 9)
			low = middle + 1;
		else
			return (int) (point - unicode_zeros[middle]);
	}
	return -1;
}

static bool
is_ascii_letter(uint32_t point)
{
	return (point | 0x20) >= 'a' && (point | 0x20) <= 'z';
}

static bool
is_letter_or_number(uint32_t point)
{
	int low = 0, high = lengthof(unicode_letters) - 1;

	if (point < 0x80)
		return is_ascii_letter(point) || (point >= '0' && point <= '9');
	while (low <= high)
	{
		int middle = (low + high) / 2;

		if (point < unicode_letters[middle][0])
			high = middle - 1;
		else if (point > unicode_letters[middle][1])
			low = middle + 1;
		else
			return true;
	}
	return false;
}

static bool
is_plus(uint32_t point)
{
	return point == '+' || point == PLUS_WIDE;
}

/* Characters allowed between the digits; metadata write x for a carrier code. */
static bool
is_punctuation(uint32_t point)
{
	if (point < 0x80)
		return point != 0 && strchr("-xX ().[]/~*", (int) point) != NULL;
	return (point >= 0x2010 && point <= 0x2015) || (point >= 0xff0d && point <= 0xff0f) || point == NO_BREAK_SPACE ||
		   point == 0xad || point == 0x200b || point == 0x2060 || point == 0x2212 || point == 0x30fc ||
		   point == 0x3000 || point == 0xff08 || point == 0xff09 || point == 0xff3b || point == 0xff3d ||
		   point == 0x2053 || point == 0x223c;
}

static bool
starts_with(const Points *text, int at, const char *word)
{
	for (; *word != '\0'; word++, at++)
	{
		if (at >= text->len || text->at[at] != (unsigned char) *word)
			return false;
	}
	return true;
}

static int
find(const Points *text, const char *word)
{
	for (int i = 0; i < text->len; i++)
	{
		if (starts_with(text, i, word))
			return i;
	}
	return -1;
}

/* Does one of two spellings (each a list of code points ending in 0) stand here?  Returns its length. */
static int
skip_word(const Points *text, int at, const uint32_t *lower, const uint32_t *upper)
{
	int k = 0;

	for (; lower[k] != 0; k++)
	{
		if (at + k >= text->len || (text->at[at + k] != lower[k] && text->at[at + k] != upper[k]))
			return 0;
	}
	return k;
}

static const uint32_t wide_xt[] = { 0xff58, 0xff54, 0 }, wide_XT[] = { 0xff38, 0xff34, 0 };
static const uint32_t wide_int[] = { 0xff49, 0xff4e, 0xff54, 0 }, wide_INT[] = { 0xff29, 0xff2e, 0xff34, 0 };
static const uint32_t dob[] = { 0x434, 0x43e, 0x431, 0 }, DOB[] = { 0x414, 0x41e, 0x411, 0 };
static const uint32_t anexo[] = { 'a', 'n', 'e', 'x', 'o', 0 }, ANEXO[] = { 'A', 'N', 'E', 'X', 'O', 0 };
static const uint32_t xt[] = { 'x', 't', 0 }, XT[] = { 'X', 'T', 0 };
static const uint32_t ensi[] = { 'e', 'n', 's', 'i', 0 }, ENSI[] = { 'E', 'N', 'S', 'I', 0 };
static const uint32_t word_int[] = { 'i', 'n', 't', 0 }, word_INT[] = { 'I', 'N', 'T', 0 };

static bool
is_one_of(const Points *text, int at, uint32_t a, uint32_t b)
{
	return at < text->len && (text->at[at] == a || text->at[at] == b);
}

/* "ext", "xtn", "extension", "extensión", their wide forms, "доб", "anexo": its length, 0 = none. */
static int
skip_clear_label(const Points *text, int at)
{
	int begin = at;
	int len;

	if ((len = skip_word(text, at, dob, DOB)) > 0 || (len = skip_word(text, at, anexo, ANEXO)) > 0)
		return len;
	if (is_one_of(text, at, 0xff45, 0xff25) || is_one_of(text, at, 0xff58, 0xff38))
	{
		if (is_one_of(text, at, 0xff45, 0xff25))
			at++;
		if ((len = skip_word(text, at, wide_xt, wide_XT)) == 0)
			return 0;
		at += len;
		return at - begin + is_one_of(text, at, 0xff4e, 0xff2e);
	}
	if (is_one_of(text, at, 'e', 'E'))
		at++;
	if ((len = skip_word(text, at, xt, XT)) == 0)
		return 0;
	at += len;
	if ((len = skip_word(text, at, ensi, ENSI)) > 0)
	{
		if (is_one_of(text, at + len, 'o', 'O'))
			at += len + 1 + is_one_of(text, at + len + 1, 0x301, 0x301);
		else if (is_one_of(text, at + len, 0xf3, 0xd3))
			at += len + 1;
	}
	return at - begin + is_one_of(text, at, 'n', 'N');
}

/* "x", "#", "~", "int" and their wide forms. */
static int
skip_vague_label(const Points *text, int at)
{
	int len;

	if (is_one_of(text, at, 'x', 'X') || is_one_of(text, at, 0xff58, 0xff38) || is_one_of(text, at, '#', 0xff03) ||
		is_one_of(text, at, '~', 0xff5e))
		return 1;
	if ((len = skip_word(text, at, word_int, word_INT)) > 0)
		return len;
	return skip_word(text, at, wide_int, wide_INT);
}

static int
skip_blanks(const Points *text, int at, bool commas, bool hyphens)
{
	while (at < text->len && (text->at[at] == ' ' || text->at[at] == NO_BREAK_SPACE || text->at[at] == '\t' ||
								 (commas && text->at[at] == ',') || (hyphens && text->at[at] == '-')))
		at++;
	return at;
}

/*
 * The digits of an extension up to the text's end, at most max of them.  hash: 0 = no "#" behind them,
 * 1 = may be, 2 = must be.
 */
static bool
read_extension_digits(const Points *text, int at, int max, int hash, char *extension)
{
	int n = 0;

	while (at < text->len && n < max && digit_value(text->at[at]) >= 0)
		extension[n++] = (char) ('0' + digit_value(text->at[at++]));
	extension[n] = '\0';
	if (hash > 0 && at < text->len && text->at[at] == '#')
		at++;
	else if (hash == 2)
		return false;
	return n > 0 && at == text->len;
}

/* Behind a label: a colon or full stop, blanks, then the digits. */
static bool
read_labelled(const Points *text, int at, int max, char *extension)
{
	if (at < text->len && (text->at[at] == ':' || text->at[at] == '.' || text->at[at] == 0xff0e))
		at++;
	return read_extension_digits(text, skip_blanks(text, at, true, true), max, 1, extension);
}

/* Is all from here to the end an extension?  The surer its label, the more digits it may have. */
static bool
extension_at(const Points *text, int at, char *extension)
{
	int label;
	int len;

	if (starts_with(text, at, ";ext=") && read_extension_digits(text, at + 5, 20, 0, extension))
		return true;
	label = skip_blanks(text, at, true, false);
	if ((len = skip_clear_label(text, label)) > 0 && read_labelled(text, label + len, 20, extension))
		return true;
	if ((len = skip_vague_label(text, label)) > 0 && read_labelled(text, label + len, 9, extension))
		return true;

	/* "- 503#" */
	label = at;
	while (label < text->len && (text->at[label] == '-' || text->at[label] == ' '))
		label++;
	if (label > at && read_extension_digits(text, label, 6, 2, extension))
		return true;

	/* A dialler's pauses. */
	label = skip_blanks(text, at, false, false);
	if (label < text->len && text->at[label] == ';')
		return read_labelled(text, label + 1, 15, extension);
	if (label < text->len && text->at[label] == ',')
	{
		if (label + 1 < text->len && text->at[label + 1] == ',' && read_labelled(text, label + 2, 15, extension))
			return true;
		while (label < text->len && text->at[label] == ',')
			label++;
		return read_labelled(text, label, 9, extension);
	}
	return false;
}

/*
 * Could it be a number?  Two digits and nothing else, or plus signs, three digits with
 * punctuation, then digits, punctuation and letters, and perhaps an extension.
 */
static bool
is_viable(const Points *text)
{
	char extension[24];
	int at = 0, digits = 0, from;

	if (text->len == 2 && digit_value(text->at[0]) >= 0 && digit_value(text->at[1]) >= 0)
		return true;
	while (at < text->len && is_plus(text->at[at]))
		at++;
	for (; at < text->len && digits < 3; at++)
	{
		if (digit_value(text->at[at]) >= 0)
			digits++;
		else if (!is_punctuation(text->at[at]))
			return false;
	}
	if (digits < 3)
		return false;
	from = at;
	while (at < text->len &&
		   (is_punctuation(text->at[at]) || is_ascii_letter(text->at[at]) || digit_value(text->at[at]) >= 0))
		at++;
	if (at == text->len)
		return true;
	for (; from <= at; from++)
	{
		if (extension_at(text, from, extension))
			return true;
	}
	return false;
}

/* Take an extension from the end, if a number is left before it. */
static void
strip_extension(Points *text, char *extension)
{
	int len = text->len;

	for (int at = 0; at < len; at++)
	{
		if (!extension_at(text, at, extension))
			continue;
		text->len = at;
		if (is_viable(text))
			return;
		text->len = len;
		break;
	}
	extension[0] = '\0';
}

/* "+1-650" or a domain's name. */
static bool
is_context(const uint32_t *at, int len)
{
	bool digit = false;
	int label = 0;

	if (len == 0)
		return false;
	if (at[0] == '+')
	{
		for (int i = 1; i < len; i++)
		{
			if (digit_value(at[i]) >= 0)
				digit = true;
			else if (at[i] != '-' && at[i] != '.' && at[i] != '(' && at[i] != ')')
				return false;
		}
		return digit;
	}
	if (at[len - 1] == '.')
		len--;
	for (int i = 0; i <= len; i++)
	{
		if (i < len && at[i] != '.')
		{
			if (!is_ascii_letter(at[i]) && digit_value(at[i]) < 0 && at[i] != '-')
				return false;
			continue;
		}
		if (i == label || at[label] == '-' || at[i - 1] == '-')
			return false;
		if (i == len)
			return is_ascii_letter(at[label]);
		label = i + 1;
	}
	return false;
}

/* "tel:253-0000;phone-context=+1-650": the context before the number, a domain dropped. */
static bool
apply_context(Points *text, int context)
{
	Points joined;
	int begin = context + (int) strlen(";phone-context=");
	int end = begin;
	int from = find(text, "tel:");

	while (end < text->len && text->at[end] != ';')
		end++;
	if (!is_context(text->at + begin, end - begin))
		return false;
	joined.len = 0;
	if (text->at[begin] == '+')
	{
		memcpy(joined.at, text->at + begin, (end - begin) * sizeof(uint32_t));
		joined.len = end - begin;
	}
	from = from >= 0 && from + 4 <= context ? from + 4 : 0;
	memcpy(joined.at + joined.len, text->at + from, (context - from) * sizeof(uint32_t));
	joined.len += context - from;
	*text = joined;
	return true;
}

/* Cut what stands before and behind a number, and a second number: "(530) 583-6985 x302/x2303". */
static void
cut_to_number(Points *text)
{
	int from = 0;

	while (from < text->len && !is_plus(text->at[from]) && digit_value(text->at[from]) < 0)
		from++;
	text->len -= from;
	memmove(text->at, text->at + from, text->len * sizeof(uint32_t));
	while (text->len > 0 && text->at[text->len - 1] != '#' && !is_letter_or_number(text->at[text->len - 1]))
		text->len--;
	for (int i = 0; i < text->len; i++)
	{
		int next = i + 1;

		if (text->at[i] != '/' && text->at[i] != '\\')
			continue;
		while (next < text->len && text->at[next] == ' ')
			next++;
		if (next < text->len && text->at[next] == 'x')
		{
			text->len = i;
			break;
		}
	}
}

/* Digits only; letters are a keypad's if there are three or more, else noise. */
static void
normalize(const Points *text, PhoneText *out)
{
	static const char keypad[] = "22233344455566677778889999";
	int letters = 0;
	int from = 0;

	while (from < text->len && is_plus(text->at[from]))
		from++;
	out->has_plus = from > 0;
	out->len = 0;
	out->letters_at = -1;
	out->small_letters = out->digits_behind = false;
	for (int i = from; i < text->len; i++)
		letters += is_ascii_letter(text->at[i]);
	for (int i = from; i < text->len; i++)
	{
		uint32_t point = text->at[i];
		int digit = digit_value(point);

		/* In a number with letters other scripts' digits are dropped, as the original does. */
		if (digit >= 0 && (letters < 3 || point < 0x80))
		{
			out->digits[out->len++] = (char) ('0' + digit);
			out->digits_behind = out->letters_at >= 0;
		}
		else if (letters >= 3 && is_ascii_letter(point))
		{
			if (out->letters_at < 0)
				out->letters_at = out->len;
			out->small_letters = out->small_letters || (point & 0x20);
			out->digits[out->len++] = keypad[(point | 0x20) - 'a'];
		}
	}
}

bool
va_phone_read_text(const char *text, size_t len, PhoneText *out)
{
	Points points;
	int place;

	if (len > VA_PHONE_TEXT_MAX || !decode(text, len, &points))
		return false;
	place = find(&points, ";phone-context=");
	if (place >= 0)
	{
		if (!apply_context(&points, place))
			return false;
	}
	else
		cut_to_number(&points);
	place = find(&points, ";isub=");
	if (place >= 0)
		points.len = place;
	if (!is_viable(&points))
		return false;
	strip_extension(&points, out->extension);
	normalize(&points, out);
	return true;
}
