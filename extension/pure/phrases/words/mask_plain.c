/*-------------------------------------------------------------------------
 * mask_plain.c
 *		Digits and blanks as ASCII has them, each at its own place.
 *
 * A number is the same in the digits of another script, and with other signs
 * than blanks between its groups.
 */
#include <ctype.h>
#include <string.h>

#include "pure/phrases/words/mask_internal.h"
#include "pure/text/utf8.h"

/* The longest name of a sign in HTML that is looked for, such as &nbsp; or &#8209;. */
#define ENTITY_MOST 10

/* So many signs may stand between two groups of one number. */
#define SIGNS_MOST 2

/* The stand-in for a sign between groups until it is known whether it is one. */
#define SIGN '\x01'

bool
va_mask_is_foreign(unsigned char lead)
{
	return lead == 0xC2 || lead == 0xD9 || lead == 0xDB || lead == 0xDF || lead >= 0xE0;
}

bool
va_mask_is_sign(char c)
{
	return c == SIGN || (c != '\0' && strchr("_|*~;=#()[]<>{}'\n\r\t", c) != NULL);
}

static bool
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

size_t
va_mask_named_sign(const char *text, size_t len, size_t at)
{
	size_t i = at + 1;

	if (text[at] == ':')
		return at > 0 && is_digit(text[at - 1]) && i < len && is_digit(text[i]) ? 1 : 0;
	while (i < len && i < at + ENTITY_MOST && (isalnum((unsigned char) text[i]) || text[i] == '#'))
		i++;
	return text[at] == '&' && i > at + 1 && i < len && text[i] == ';' ? i + 1 - at : 0;
}

/* A digit, a sign or a blank of another script in that of ASCII; 0: it is none. */
static char
plain_of(int32_t code)
{
	/* The zeros of Unicode's decimal digits. */
	static const int32_t zeros[] = { 0x660, 0x6F0, 0x7C0, 0x966, 0x9E6, 0xA66, 0xAE6, 0xB66, 0xBE6, 0xC66, 0xCE6, 0xD66,
		0xE50, 0xED0, 0xF20, 0x1040, 0x17E0, 0x1810, 0xFF10 };

	for (size_t i = 0; i < sizeof(zeros) / sizeof(zeros[0]); i++)
		if (code >= zeros[i] && code < zeros[i] + 10)
			return (char) ('0' + code - zeros[i]);
	if (code >= 0x1D7CE && code <= 0x1D7FF)
		return (char) ('0' + (code - 0x1D7CE) % 10);
	if (code == 0xA0 || code == 0xAD || code == 0x1680 || (code >= 0x2000 && code <= 0x2015) ||
		(code >= 0x2028 && code <= 0x202F) || (code >= 0x205F && code <= 0x2064) || code == 0x3000 || code == 0xFEFF ||
		code == 0xFE0F || code == 0x20E3)
		return ' ';
	return code == 0xB7 || code == 0x2022 || code == 0x2212 ? SIGN : 0;
}

/* Few signs between two digits are a blank; others stay, but for those that had no other form. */
static void
join_groups(char *plain, const char *text, size_t len)
{
	for (size_t i = 0; i < len;)
	{
		size_t from = i;
		size_t signs = 0;

		for (; i < len && (plain[i] == ' ' || va_mask_is_sign(plain[i])); i++)
			signs += plain[i] != ' ';
		if (signs > 0 && signs <= SIGNS_MOST && from > 0 && is_digit(plain[from - 1]) && i < len && is_digit(plain[i]))
			memset(plain + from, ' ', i - from);
		for (size_t j = from; j < i; j++)
			plain[j] = plain[j] == SIGN ? (text[j] == '&' ? ' ' : text[j]) : plain[j];
		i += i == from;
	}
}

const char *
va_mask_plain(VaArena *arena, const char *text, size_t len)
{
	char *plain = NULL;

	for (size_t i = 0; i < len && plain == NULL; i++)
		if (va_mask_is_foreign((unsigned char) text[i]) || va_mask_is_sign(text[i]) || text[i] == '&' || text[i] == ':')
			plain = va_arena_alloc(arena, len + 1);
	if (plain == NULL)
		return text;
	memcpy(plain, text, len);
	plain[len] = '\0';
	for (size_t i = 0; i < len;)
	{
		int32_t code;
		size_t size = va_utf8_next((const unsigned char *) text + i, len - i, &code);
		char c = code >= 0x80 ? plain_of(code) : 0;
		size_t named = va_mask_named_sign(text, len, i);

		if (named > 0)
		{
			c = SIGN;
			size = named;
		}
		if (c != 0)
		{
			memset(plain + i, ' ', size);
			plain[i] = c;
		}
		i += size;
	}
	join_groups(plain, text, len);
	return plain;
}
