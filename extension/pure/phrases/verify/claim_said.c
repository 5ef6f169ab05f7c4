/*-------------------------------------------------------------------------
 * claim_said.c
 *		The words, as the characters that they may stand for.
 *
 * Every unit of a turn offers spellings: "bravo" is a word, or a b; "double l"
 * is ll; "nineteen" is 19; "dot" is a point.  A claim is looked for along them,
 * from one unit to the next.
 *
 * Pure: no state; the newest turns, and SAID_UNITS_MAX of their units.
 */
#include "pure/phrases/verify/claim.h"

#include <ctype.h>
#include <inttypes.h>
#include <stdio.h>

#include "pure/text/utf8.h"

#define SAID_UNITS_MAX 3000
#define SAID_TURNS_MAX 60
/* Spellings that one unit offers. */
#define SPELLINGS_MAX 8

size_t
va_claim_fold(const char *text, size_t len, bool umlauts, char *out, size_t room)
{
	size_t used = 0;

	for (size_t i = 0; i < len && used + 2 < room;)
	{
		int32_t code = 0;
		size_t step = va_utf8_next((const unsigned char *) text + i, len - i, &code);
		int32_t small = code > 0 ? va_small_letter(code) : 0;
		int32_t plain = va_plain_letter(small);

		i += step;
		if (small == 0xDF || small == 0xE6 || small == 0x153)
		{
			memcpy(out + used, small == 0xDF ? "ss" : small == 0xE6 ? "ae" : "oe", 2);
			used += 2;
		}
		else if (plain < 0x80 && plain > 0 && (isalnum(plain) || strchr("@._+-", plain) != NULL))
		{
			out[used++] = (char) plain;
			if (umlauts && (small == 0xE4 || small == 0xF6 || small == 0xFC))
				out[used++] = 'e';
		}
	}
	out[used] = '\0';
	return used;
}

static void
offer(VaSpellings *said, size_t from, size_t to, VaSpellingSort sort, const char *text)
{
	VaSpelling *spelling = &said->spellings[said->nspellings];

	if (text[0] == '\0' || to - from >= VA_SAID_REACH || said->nspellings - said->first[from] >= SPELLINGS_MAX)
		return;
	for (size_t i = said->first[from]; i < said->nspellings; i++)
	{
		if (said->spellings[i].to == to && strcmp(said->spellings[i].text, text) == 0)
			return;
	}
	*spelling = (VaSpelling){
		.to = (uint32_t) to, .sort = sort, .text = va_arena_strdup(said->arena, text), .len = (uint32_t) strlen(text)
	};
	if (spelling->text != NULL)
		said->nspellings++;
}

/* A number in digits, of which there may be several: "two hundred five" is 205, or 200 and 5. */
static void
offer_numbers(VaSpellings *said, const VaLexicon *lexicon, const VaUnits *units, size_t at, size_t from)
{
	char digits[VA_DIGITS_MAX];
	const VaUnit *unit = &units->items[at];

	if (unit->kinds & VA_NUMERAL)
	{
		offer(said, from, from + 1, VA_SPELLING_DIGITS, unit->text);
		return;
	}
	if ((unit->kinds & VA_TENS) != 0 && va_unit_is(units, at + 1, VA_ORDINAL) && units->items[at + 1].number < 10)
	{
		snprintf(digits, sizeof(digits), "%" PRId64, unit->number + units->items[at + 1].number);
		offer(said, from, from + 2, VA_SPELLING_DIGITS, digits);
	}
	for (int adds = 0; adds < 3; adds++)
	{
		int64_t value = 0;
		size_t used = adds == 2 ? va_read_small(lexicon, units, at, &value)
								: va_read_cardinal(lexicon, units, at, adds == 1, &value);

		if (used == 0 && (unit->kinds & (VA_ORDINAL | VA_DIGIT | VA_MONTH)) != 0 && unit->number >= 0)
		{
			value = unit->number;
			used = 1;
		}
		snprintf(digits, sizeof(digits), "%" PRId64, value);
		if (used > 0)
			offer(said, from, from + used, VA_SPELLING_DIGITS, digits);
	}
}

/* "double l", "zwei t", "two Ls": what comes behind it, so many times. */
static void
offer_times(VaSpellings *said, const VaUnits *units, size_t at, size_t from)
{
	const VaUnit *unit = &units->items[at];
	size_t behind = at + 1;
	char one[VA_DIGITS_MAX] = "";
	char text[VA_CLAIM_MAX] = "";
	const VaUnit *letter;
	size_t len;

	if ((unit->kinds & (VA_TIMES | VA_DIGIT | VA_NUMERAL)) == 0 || unit->number < 2 || unit->number > 4)
		return;
	if (va_unit_is(units, behind, VA_SYMBOL) && units->items[behind].text[0] == '-')
		behind++;
	if (behind >= units->count)
		return;
	letter = &units->items[behind];
	len = strlen(letter->key);
	if ((letter->kinds & (VA_DIGIT | VA_NUMERAL)) != 0 && (unit->kinds & VA_TIMES) != 0 && letter->number < 10)
		snprintf(one, sizeof(one), "%d", (int) letter->number);
	else if ((letter->kinds & (VA_LETTER | VA_ALPHABET)) != 0)
		va_claim_fold(letter->text, strlen(letter->text), false, one, sizeof(one));
	else if (len == 2 && letter->key[1] == 's')
		snprintf(one, sizeof(one), "%c", letter->key[0]);
	if (!va_append_times(text, sizeof(text), one, unit->number))
		return;
	offer(said, from, from + (behind + 1 - at), VA_SPELLING_LETTERS, text);
}

static void
offer_unit(VaSpellings *said, const VaLexicon *lexicon, const VaUnits *units, size_t at, size_t from)
{
	const VaUnit *unit = &units->items[at];
	char text[VA_CLAIM_MAX];
	size_t len;

	if ((unit->kinds & (VA_LETTER | VA_ALPHABET)) != 0 && (unit->kinds & VA_DIGIT) == 0)
	{
		va_claim_fold(unit->text, strlen(unit->text), false, text, sizeof(text));
		offer(said, from, from + 1, VA_SPELLING_LETTERS, text);
	}
	if (unit->kinds & VA_SYMBOL)
		offer(said, from, from + 1, VA_SPELLING_SYMBOL, unit->text);
	offer_numbers(said, lexicon, units, at, from);
	offer_times(said, units, at, from);
	for (int umlauts = 0; umlauts < 2 && (unit->kinds & VA_NUMERAL) == 0; umlauts++)
	{
		text[0] = unit->joint;
		len = va_claim_fold(
			units->turn + unit->offset, unit->end - unit->offset, umlauts == 1, text + 1, sizeof(text) - 1);
		offer(said, from, from + 1, len == 1 ? VA_SPELLING_LETTERS : VA_SPELLING_WORD, text + 1);
		if (unit->tight && (unit->joint == '.' || unit->joint == '-') && len > 0)
			offer(said, from, from + 1, VA_SPELLING_WORD, text);
	}
	/* "new york" is one unit, and two words of a claim. */
	for (const char *word = unit->word; strpbrk(unit->word, " -'") != NULL && *word != '\0'; word += len)
	{
		len = strcspn(word, " -'");
		va_claim_fold(word, len, false, text, sizeof(text));
		offer(said, from, from + 1, VA_SPELLING_WORD, text);
		len += word[len] != '\0';
	}
	if (unit->tight && (unit->joint == '.' || unit->joint == '-') && (unit->kinds & VA_NUMERAL) != 0)
		offer(said, from, from + 1, VA_SPELLING_DIGITS, va_arena_printf(said->arena, "%c%s", unit->joint, unit->text));
}

VaSpellings *
va_spellings_of(VaReader *reader)
{
	VaSpellings *said = va_arena_alloc(reader->arena, sizeof(VaSpellings));
	size_t first = reader->talk.count;
	size_t count = 0;

	while (first > reader->first && reader->talk.count - first < SAID_TURNS_MAX &&
		   count + va_reading_units(reader, first - 1)->count <= SAID_UNITS_MAX)
		count += va_reading_units(reader, --first)->count;
	if (said == NULL)
		return NULL;
	*said = (VaSpellings){ .arena = reader->arena, .count = count };
	said->units = va_arena_alloc(reader->arena, (count + 1) * sizeof(VaUnit *));
	said->turns = va_arena_alloc(reader->arena, (count + 1) * sizeof(uint32_t));
	said->first = va_arena_alloc(reader->arena, (count + 2) * sizeof(uint32_t));
	said->spellings = va_arena_alloc(reader->arena, (count + 1) * SPELLINGS_MAX * sizeof(VaSpelling));
	if (said->spellings == NULL || said->first == NULL || said->turns == NULL || said->units == NULL)
		return NULL;
	for (size_t turn = first, at = 0; turn < reader->talk.count; turn++)
	{
		const VaUnits *units = va_reading_units(reader, turn);

		for (size_t i = 0; i < units->count; i++, at++)
		{
			said->units[at] = &units->items[i];
			said->turns[at] = (uint32_t) turn;
			said->first[at] = (uint32_t) said->nspellings;
			offer_unit(said, reader->lexicon, units, i, at);
		}
	}
	said->first[count] = said->first[count + 1] = (uint32_t) said->nspellings;
	return reader->arena->oom ? NULL : said;
}
