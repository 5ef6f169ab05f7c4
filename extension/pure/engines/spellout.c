/*-------------------------------------------------------------------------
 * spellout.c
 *		Numbers in words, by ICU.
 */
#include "spellout.h"

#include <ctype.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <unicode/unum.h>
#include <unicode/ustring.h>

#define NUMBER_DIGITS 9
#define PHONE_DIGITS 7

#define ALONE "%spellout-numbering"
#define MASCULINE "%spellout-cardinal-masculine"
#define FEMININE "%spellout-cardinal-feminine"

/* A language's rules are read once in a process: that takes milliseconds. */
static UNumberFormat *
rules_of(const char *language)
{
	static const char *const names[] = { "de", "es", "fr", "it" };
	static UNumberFormat *rules[4];
	UErrorCode failed = U_ZERO_ERROR;

	for (int i = 0; i < 4; i++)
		if (strncmp(names[i], language, 2) == 0)
		{
			if (rules[i] == NULL)
				rules[i] = unum_open(UNUM_SPELLOUT, NULL, 0, names[i], NULL, &failed);
			return U_FAILURE(failed) ? NULL : rules[i];
		}
	return NULL;
}

/* kind: ICU's name of it; before what is counted it depends on that ("ein Euro", "une heure"). */
static bool
add_words(VaBuffer *out, const char *language, long number, const char *kind)
{
	UNumberFormat *rules = rules_of(language);
	UErrorCode failed = U_ZERO_ERROR;
	UChar name[40];
	UChar wide[300];
	char text[900];
	int32_t len;

	if (rules == NULL)
		return false;
	u_uastrcpy(name, kind);
	unum_setTextAttribute(rules, UNUM_DEFAULT_RULESET, name, -1, &failed);
	len = unum_formatInt64(rules, number, wide, 300, NULL, &failed);
	u_strToUTF8(text, sizeof(text), NULL, wide, len, &failed);
	if (U_FAILURE(failed))
		return false;
	/* Without the places where a line may break (U+00AD). */
	for (const char *at = text; *at != '\0'; at++)
		if (strncmp(at, "\xc2\xad", 2) == 0)
			at++;
		else
			va_buffer_add(out, at, 1);
	return true;
}

static bool
add_digits(VaBuffer *out, const char *language, const char *digits, size_t len)
{
	bool first = true;

	for (size_t i = 0; i < len; i++)
	{
		if (!isdigit((unsigned char) digits[i]))
			continue;
		if (!first)
			va_buffer_add(out, " ", 1);
		first = false;
		if (!add_words(out, language, digits[i] - '0', ALONE))
			return false;
	}
	return true;
}

static size_t
spell_time(VaBuffer *out, const char *text, const char *language)
{
	size_t hour = isdigit((unsigned char) text[1]) ? 2 : 1;
	const char *at = text + hour;
	const char *name = language[0] == 'd' ? " Uhr" : language[0] == 'f' ? " heures" : "";

	if (!isdigit((unsigned char) text[0]) || at[0] != ':' || !isdigit((unsigned char) at[1]) ||
		!isdigit((unsigned char) at[2]) || isdigit((unsigned char) at[3]) || atol(text) > 24 || atol(at + 1) > 59)
		return 0;
	if (!add_words(out, language, atol(text), language[0] == 'd' ? MASCULINE : FEMININE))
		return 0;
	va_buffer_printf(out, "%.*s", (int) strlen(name) - (language[0] == 'f' && atol(text) < 2), name);
	if (atol(at + 1) > 0)
	{
		va_buffer_add(out, " ", 1);
		(void) add_words(out, language, atol(at + 1), ALONE);
	}
	return hour + 3 + (language[0] == 'd' && strncmp(at + 3, " Uhr", 4) == 0 ? 4 : 0);
}

/* It begins as one: +49 30 123456, 030/123456. */
static size_t
spell_phone(VaBuffer *out, const char *text, const char *language)
{
	size_t len = text[0] == '+' ? 1 : 0;
	size_t digits = 0;
	size_t end = 0;

	if (text[0] != '+' && text[0] != '0')
		return 0;
	for (; isdigit((unsigned char) text[len]) || (text[len] != '\0' && strchr(" -/()", text[len]) != NULL); len++)
		if (isdigit((unsigned char) text[len]))
		{
			digits++;
			end = len + 1;
		}
	return digits >= PHONE_DIGITS && digits <= 15 && add_digits(out, language, text, end) ? end : 0;
}

/* The bytes between groups of three digits that these languages write. */
static size_t
gap(const char *text, const char *language)
{
	size_t len = language[0] != 'f'						 ? text[0] == '.'
				 : strncmp(text, "\xe2\x80\xaf", 3) == 0 ? 3
				 : strncmp(text, "\xc2\xa0", 2) == 0	 ? 2
														 : 0;

	return len > 0 && isdigit((unsigned char) text[len]) && isdigit((unsigned char) text[len + 1]) &&
				   isdigit((unsigned char) text[len + 2]) && !isdigit((unsigned char) text[len + 3])
			   ? len
			   : 0;
}

size_t
va_spell_number(VaBuffer *out, const char *text, const char *language, const char *euro, const char *dollar)
{
	size_t done = spell_time(out, text, language);
	char whole[NUMBER_DIGITS + 2] = "";
	size_t n = 0;
	size_t len = 0;
	size_t decimals = 0;
	size_t after;
	const char *sum;

	if (done == 0)
		done = spell_phone(out, text, language);
	if (done > 0 || !isdigit((unsigned char) text[0]))
		return done;
	while (isdigit((unsigned char) text[len]) || (len > 0 && gap(text + len, language) > 0))
		if (!isdigit((unsigned char) text[len]))
			len += gap(text + len, language);
		else if (n <= NUMBER_DIGITS)
			whole[n++] = text[len++];
		else
			len++;
	while (text[len] == ',' && isdigit((unsigned char) text[len + 1 + decimals]))
		decimals++;
	after = len + (decimals > 0 ? decimals + 1 : 0);
	sum = text + after + (text[after] == ' ');
	/* Dates, ranges, "2x", and what is too long or begins with zero. */
	if (n > NUMBER_DIGITS || (whole[0] == '0' && n > 1) || isalpha((unsigned char) text[after]) ||
		(text[after] != '\0' && strchr("./-:", text[after]) != NULL && text[after] != '.') ||
		(text[after] == '.' && isdigit((unsigned char) text[after + 1])))
	{
		while (isalnum((unsigned char) text[after]) ||
			   (text[after] != '\0' && strchr("./-:", text[after]) != NULL && isalnum((unsigned char) text[after + 1])))
			after++;
		va_buffer_add(out, text, after);
		return after;
	}
	sum = strncmp(sum, "€", 3) == 0 ? euro : sum[0] == '$' ? dollar : NULL;
	if (!add_words(out, language, atol(whole), sum != NULL ? MASCULINE : ALONE))
		return 0;
	if (sum != NULL && decimals <= 2)
	{
		va_buffer_printf(out, " %.*s", (int) strlen(sum) - (atol(whole) == 1 && sum[strlen(sum) - 1] == 's'), sum);
		if (decimals > 0 && atol(text + len + 1) > 0)
		{
			va_buffer_add(out, " ", 1);
			(void) add_words(out, language, atol(text + len + 1) * (decimals == 1 ? 10 : 1), ALONE);
		}
		return after + (text[after] == ' ') + (sum == euro ? 3 : 1);
	}
	if (decimals > 0)
	{
		va_buffer_printf(out, " %s ",
			language[0] == 'd'	 ? "Komma"
			: language[0] == 'f' ? "virgule"
			: language[0] == 'i' ? "virgola"
								 : "coma");
		(void) add_digits(out, language, text + len + 1, decimals);
	}
	return after;
}
