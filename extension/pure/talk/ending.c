/*-------------------------------------------------------------------------
 * ending.c
 *		The end of a turn, read by the units in which values are dictated.
 */
#include "ending.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "pure/phone/phone.h"
#include "pure/phrases/times/times.h"
#include "pure/phrases/words/digits.h"
#include "pure/phrases/words/intents.h"
#include "pure/phrases/words/units.h"

#define OPENS (VA_OPENS | VA_AND | VA_AS | VA_WITH | VA_ARTICLE | VA_LEAD | VA_TIMES | VA_TITLE | VA_SYMBOL | VA_MEND)
#define NUMBERS (VA_NUMERAL | VA_DIGIT | VA_TEEN | VA_TENS | VA_HUNDREDS | VA_SCALE | VA_COUNTED)
/* An answer of so many words is short: a number in it is what was asked for. */
#define SHORT_UNITS 3
/* Spelled alone, a word of so many letters may be whole. */
#define LONG_WORD 6
/* Digits that are said one by one are a telephone number from so many on. */
#define DICTATED_DIGITS 3
/* Where the country is unknown, it may be one from so many on. */
#define PHONE_DIGITS 7

typedef struct Said
{
	const char *tag;
	const char *words;
	size_t len; /* without the marks and blanks behind them */
	VaUnits units;
	bool dictates; /* a value was asked for, or named before it: a number, an address */
	bool two;	   /* two things were asked for: which day, and what time */
} Said;

static bool
has(const VaUnits *units, int64_t kinds)
{
	for (size_t i = 0; i < units->count; i++)
		if (va_unit_is(units, i, kinds))
			return true;
	return false;
}

static bool
is_letter(const VaUnit *unit)
{
	return (unit->kinds & (VA_LETTER | VA_ALPHABET | VA_ARTICLE)) != 0 ||
		   (strlen(unit->word) == 1 && isalpha((unsigned char) unit->word[0]));
}

/* Letters are a whole word when they spell one that was said before them. */
static VaEnding
of_letters(const Said *said)
{
	const VaUnits *units = &said->units;
	char letters[64];
	size_t n = 0, at = units->count;

	while (at > 0 && is_letter(&units->items[at - 1]))
		at--;
	for (size_t i = at; i < units->count && n + 1 < sizeof(letters); i++)
		letters[n++] = units->items[i].text[0] != '\0' ? units->items[i].text[0] : units->items[i].word[0];
	letters[n] = '\0';
	for (size_t i = 0; i < at && n > 1; i++)
		if (strcmp(units->items[i].word, letters) == 0)
			return VA_ENDING_COMPLETE;
	return at > 0 ? VA_ENDING_PART : n < LONG_WORD ? VA_ENDING_OPEN : VA_ENDING_UNKNOWN;
}

/* The digits at the end, as they are dialled; how many units say them. */
static size_t
last_digits(const VaUnits *units, char *digits, size_t room)
{
	size_t at = units->count;

	while (at > 0 && ((units->items[at - 1].kinds & NUMBERS) != 0 || va_unit_is(units, at - 1, VA_TIMES)))
		at--;
	digits[0] = '\0';
	if (at > 0 && va_unit_is(units, at - 1, VA_SYMBOL) && units->items[at - 1].text[0] == '+')
		(void) va_append_times(digits, room, "+", 1);
	for (size_t i = at; i < units->count; i++)
	{
		const VaUnit *unit = &units->items[i];
		int64_t times = i > at && va_unit_is(units, i - 1, VA_TIMES) ? units->items[i - 1].number : 1;
		char number[24];

		if ((unit->kinds & VA_TIMES) != 0)
			continue;
		snprintf(number, sizeof(number), "%lld", (long long) unit->number);
		(void) va_append_times(digits, room, (unit->kinds & VA_NUMERAL) != 0 ? unit->text : number, times);
	}
	return units->count - at;
}

/* A telephone number of the speaker's country that no digit makes a longer one. */
static VaEnding
of_phone(const Said *said, const char *digits)
{
	const char *country = strchr(said->tag, '-');
	char longer[VA_DIGITS_MAX + 2];
	VaPhone phone;
	VaPhoneVerdict verdict;

	if (country == NULL && digits[0] != '+')
		return strlen(digits) < PHONE_DIGITS ? VA_ENDING_PART : VA_ENDING_UNKNOWN;
	country = country == NULL ? NULL : country + 1;
	verdict = va_phone_parse(digits, strlen(digits), country, &phone);
	if (verdict != VA_PHONE_OK && verdict != VA_PHONE_TOO_LONG)
		return VA_ENDING_PART;
	snprintf(longer, sizeof(longer), "%s5", digits);
	return verdict == VA_PHONE_OK && va_phone_parse(longer, strlen(longer), country, &phone) != VA_PHONE_OK
			   ? VA_ENDING_COMPLETE
			   : VA_ENDING_UNKNOWN;
}

/* An hour at the end is a time; a day may have one yet.  VA_GRAIN_NONE: no time is at the end. */
static VaTimeGrain
last_grain(const Said *said)
{
	char code[3] = { said->tag[0], said->tag[1], '\0' };
	VaPhraseTimes times;

	va_phrase_times(said->words, said->len, va_phrase_language(code), (VaTimeReference){ 20000, 1 }, &times);
	for (size_t i = 0; i < times.count; i++)
	{
		const VaPhraseTime *time = &times.items[i];

		if (time->offset + time->len >= said->len)
			return time->to.grain != VA_GRAIN_NONE ? time->to.grain : time->from.grain;
	}
	return VA_GRAIN_NONE;
}

static bool
ends_with_hour(const Said *said)
{
	VaTimeGrain grain = last_grain(said);

	return grain >= VA_GRAIN_SECOND && grain <= VA_GRAIN_HOUR;
}

static VaEnding
of_digits(const Said *said)
{
	char digits[VA_DIGITS_MAX + 1];
	size_t units = last_digits(&said->units, digits, sizeof(digits));

	if (!said->dictates && ends_with_hour(said))
		return VA_ENDING_COMPLETE;
	if ((said->dictates && (strlen(digits) > 1 || said->units.count == 1)) ||
		(strlen(digits) >= DICTATED_DIGITS && (units > 1 || strlen(digits) >= PHONE_DIGITS)))
		return of_phone(said, digits);
	return said->units.count <= SHORT_UNITS && !said->dictates ? VA_ENDING_COMPLETE : VA_ENDING_UNKNOWN;
}

/* The last words do something: they agree, refuse, take leave. When to call again may still be said. */
static bool
ends_with_deed(const Said *said)
{
	VaFindings findings;

	if (!va_read_intents(said->tag, said->words, said->len, &findings))
		return false;
	for (size_t i = 0; i < findings.count; i++)
		if (findings.items[i].offset + findings.items[i].len >= said->len &&
			findings.items[i].sense == VA_SENSE_PLAIN && findings.items[i].intent != VA_INTENT_NONE &&
			findings.items[i].intent != VA_INTENT_CALLBACK)
			return true;
	return false;
}

/* "Yes", "no, thank you": with nothing else but words that say nothing of their own. */
static bool
only_agrees(const VaUnits *units)
{
	for (size_t i = 0; i < units->count; i++)
		if ((units->items[i].kinds & (VA_YES | VA_NO | VA_COMMON)) == 0 || va_unit_is(units, i, VA_LEAD))
			return false;
	return va_units_answer(units) != VA_ANSWER_NONE;
}

static VaEnding
of_words(const Said *said)
{
	const VaUnits *units = &said->units;
	const VaUnit *last = units->count == 0 ? NULL : &units->items[units->count - 1];

	/* Behind the last unit only a filler has letters: "um". */
	if (last == NULL || last->end < said->len || said->words[said->len] == ',')
		return VA_ENDING_OPEN;
	/* The O of "J O" and of "O W" is no zero. */
	if (units->count > 1 && is_letter(last) && is_letter(last - 1) && (last[-1].kinds & last->kinds & NUMBERS) == 0)
		return of_letters(said);
	if ((last->kinds & NUMBERS) != 0)
		return of_digits(said);
	if ((last->kinds & OPENS) != 0 && (last->kinds & VA_YES) == 0)
		return VA_ENDING_OPEN;
	if (said->two && last_grain(said) == VA_GRAIN_DAY)
		return VA_ENDING_OPEN;
	/* One word that no table has is a name, say, and its spelling or the rest of it follows. */
	if (units->count == 1 && last->kinds == 0)
		return VA_ENDING_OPEN;
	return only_agrees(units) || ends_with_hour(said) || ends_with_deed(said) ||
				   strchr(said->words + said->len, '?') != NULL
			   ? VA_ENDING_COMPLETE
			   : VA_ENDING_UNKNOWN;
}

VaEnding
va_ending(const char *tag, const char *asked, const char *words)
{
	const VaLexicon *lexicon = va_lexicon(tag);
	Said said = { .tag = tag, .words = words, .len = strlen(words) };
	VaEnding ending = VA_ENDING_UNKNOWN;
	VaArena arena = { 0 };
	VaUnits question;

	while (said.len > 0 && strchr(" .,!?", words[said.len - 1]) != NULL)
		said.len--;
	if (lexicon != NULL && va_units(&arena, lexicon, asked, strlen(asked), &question) &&
		va_units(&arena, lexicon, words, strlen(words), &said.units))
	{
		said.dictates = has(&question, VA_NAMES) || has(&said.units, VA_NAMES);
		said.two = has(&question, VA_AND);
		ending = words[0] != '\0' ? of_words(&said) : said.dictates ? VA_ENDING_OPEN : VA_ENDING_UNKNOWN;
	}
	va_arena_free(&arena);
	return ending;
}
