/*-------------------------------------------------------------------------
 * name_found.c
 *		Words of a turn that could be a name.
 *
 * A word is one where no table knows it, or where capitals say so: in the
 * writing of a person that uses them, or behind another word of a name.
 *
 * Pure: no state.
 *-------------------------------------------------------------------------
 */
#include "pure/phrases/name_internal.h"

#include "pure/text/utf8.h"

/* Kinds that a word of a name may have by chance. */
#define NAME_KINDS                                                                                               \
	(VA_ALPHABET | VA_MONTH | VA_STREET | VA_REGION | VA_ENDING | VA_PARTICLE | VA_LETTER | VA_TENS | VA_MONEY | \
		VA_GIVEN | VA_FORENAME)
size_t
va_name_characters(const VaUnit *unit)
{
	size_t count = 0;

	for (const char *c = unit->word; *c != '\0'; c++)
		count += ((unsigned char) *c & 0xC0) != 0x80;
	return count;
}

/* A whole word in capitals. */
static bool
is_shouted(const char *text)
{
	size_t count = 0;

	for (const char *next = text; *next != '\0'; count++)
	{
		int32_t code = 0;

		next += va_utf8_next((const unsigned char *) next, strlen(next), &code);
		if (code <= 0 || va_great_letter(code) != code)
			return false;
	}
	return count > 2;
}

static const char *
written_word(const VaNameHearing *hearing, size_t from, size_t to)
{
	const VaUnits *units = hearing->units;
	size_t start = units->items[from].offset;
	const char *text = va_arena_strndup(hearing->arena, units->turn + start, units->items[to - 1].end - start);

	if (text == NULL)
		return "";
	/* "von", "de", but "Le" */
	if (!hearing->cased && to == from + 1 && va_unit_is(units, from, VA_PARTICLE | VA_ARTICLE) &&
		!(units->items[from].word[0] == 'l' && strchr("ae", units->items[from].word[1]) != NULL) &&
		strcmp(units->items[from].word, "du") != 0 && strcmp(units->items[from].word, "san") != 0)
		return text;
	return hearing->cased && !is_shouted(text) ? text : va_capitalised(hearing->arena, text, hearing->irish);
}

/* A particle counts inside a name: "von der Heyde", "de la Torre", and as a part with a capital: "Le Goff". */
static bool
is_particle(const VaNameHearing *hearing, size_t at)
{
	const VaUnits *units = hearing->units;
	const VaUnit *next;

	if (!va_unit_is(units, at, VA_PARTICLE))
		return false;
	while (va_unit_is(units, at + 1, VA_PARTICLE | VA_ARTICLE) && !va_unit_begins(units, at + 1))
		at++;
	next = at + 1 < units->count ? &units->items[at + 1] : NULL;
	return next != NULL && !va_unit_begins(units, at + 1) && (next->kinds & ~NAME_KINDS) == 0 &&
		   va_name_characters(next) > 1 && (!hearing->cased || next->capital);
}

/* Could a unit be a name, or a part of one?  inside: a word of a name stands before it. */
bool
va_name_could_be(const VaNameHearing *hearing, size_t at, bool inside)
{
	const VaUnit *unit;

	if (at >= hearing->units->count)
		return false;
	unit = &hearing->units->items[at];
	/* "De la Cruz, Manuel" */
	if (!inside && hearing->cased && unit->capital && is_particle(hearing, at) && va_unit_begins(hearing->units, at) &&
		va_unit_is(hearing->units, at + 1, VA_ARTICLE))
		return true;
	if (is_particle(hearing, at) &&
		(inside || ((unit->kinds & (VA_AND | VA_AS | VA_ARTICLE)) == 0 && (unit->capital || !hearing->cased)) ||
			(unit->capital && (unit->kinds & VA_ARTICLE) != 0 && hearing->cased && va_unit_begins(hearing->units, at))))
		return true;
	/* "de la Torre" */
	if (inside && at > 0 && va_unit_is(hearing->units, at, VA_ARTICLE) &&
		va_unit_is(hearing->units, at - 1, VA_PARTICLE) && at + 1 < hearing->units->count &&
		va_name_could_be(hearing, at + 1, false))
		return true;
	if (va_name_characters(unit) < 2 || (unit->kinds & VA_NUMERAL) != 0)
		return false;
	/* two Ps */
	if (at > 0 && va_unit_is(hearing->units, at - 1, VA_DIGIT) && unit->end - unit->offset == 2 && unit->key[1] == 's')
		return false;
	/* "Elena Mas", "Hannelore Gross": a capital behind a name goes on with it. */
	if (inside && hearing->cased && !(hearing->assistant && hearing->strict) && unit->capital &&
		!va_unit_begins(hearing->units, at) &&
		(unit->kinds & (VA_LEAD | VA_YES | VA_NO | VA_TIMES | VA_FIRST | VA_LAST)) == 0)
		return true;
	if ((unit->kinds & ~NAME_KINDS) != 0)
		return false;
	return !hearing->cased || unit->capital;
}

/* The units of one word of a name: "Mary hyphen Jo", "O'Brien", "Garcia-Lopez". */
static size_t
end_of_word(const VaNameHearing *hearing, size_t at)
{
	const VaUnits *units = hearing->units;

	for (at++; at < units->count; at++)
	{
		char joint = units->items[at].joint;

		/* "Donnelly's the last name" */
		if (joint == '\'' && strcmp(units->items[at].key, "s") == 0)
			break;
		if (units->items[at].tight && (joint == '-' || joint == '\'') && !va_unit_is(units, at, VA_LETTER))
			continue;
		if (va_unit_is(units, at, VA_SYMBOL) && units->items[at].text[0] == '-' && !va_unit_begins(units, at) &&
			va_name_could_be(hearing, at + 1, false))
		{
			at++;
			continue;
		}
		break;
	}
	return at;
}

/* The word with the hyphens that were said. */
static const char *
whole_word(const VaNameHearing *hearing, size_t from, size_t to)
{
	const char *word = "";
	size_t part = from;

	for (size_t i = from; i <= to; i++)
	{
		bool hyphen = i < to && va_unit_is(hearing->units, i, VA_SYMBOL) && hearing->units->items[i].text[0] == '-' &&
					  i > from;

		if (i < to && !hyphen)
			continue;
		if (i > part)
			word = va_arena_join(hearing->arena, word, written_word(hearing, part, i), hyphen ? "-" : "", NULL);
		part = i + 1;
		if (word == NULL)
			return "";
	}
	return word;
}

/* The first letter of an apostrophe's name: "O'Brien", "D'Angelo". */
bool
va_name_is_elided(const VaNameHearing *hearing, size_t at)
{
	const VaUnits *units = hearing->units;

	return at + 1 < units->count && va_name_characters(&units->items[at]) == 1 && units->items[at + 1].tight &&
		   units->items[at + 1].joint == '\'' && va_name_characters(&units->items[at + 1]) > 2 &&
		   (!hearing->cased || (units->items[at].capital && units->items[at + 1].capital));
}

/* "Joseph K. Ward", "Peter St. John": what has a point in a name. */
static bool
has_point(const VaNameHearing *hearing, size_t at, bool inside)
{
	const VaUnits *units = hearing->units;
	const VaUnit *unit = &units->items[at];
	bool point = at + 1 < units->count && units->items[at + 1].joint == '.';

	if (!inside || at + 1 >= units->count || !va_name_could_be(hearing, at + 1, false))
		return false;
	if (strcmp(unit->key, "st") == 0)
		return point;
	return va_name_characters(unit) == 1 && (unit->kinds & (VA_AND | VA_ARTICLE | VA_PARTICLE)) == 0 &&
		   (point || !va_unit_begins(units, at + 1)) && (!hearing->cased || unit->capital);
}

/* The words of a name from a unit on; where they end. */
size_t
va_name_read_words(const VaNameHearing *hearing, size_t at, VaName *found)
{
	const VaUnits *units = hearing->units;
	bool point = false;
	size_t end = at;

	found->count = 0;
	while (end < units->count && found->count < VA_NAME_WORDS_MAX)
	{
		size_t next;

		if (end > at && va_unit_begins(units, end) && !point)
			break;
		point = !va_name_is_elided(hearing, end) && has_point(hearing, end, found->count > 0);
		if (point)
		{
			va_name_add(found, va_arena_join(hearing->arena, written_word(hearing, end, end + 1), ".", NULL), false);
			end++;
			continue;
		}
		if (!va_name_is_elided(hearing, end) && !va_name_could_be(hearing, end, found->count > 0))
			break;
		next = end_of_word(hearing, va_name_is_elided(hearing, end) ? end + 1 : end);
		va_name_add(found, whole_word(hearing, end, next), false);
		end = next;
	}
	return end;
}

size_t
va_name_accents(const char *word)
{
	size_t count = 0;

	for (; *word != '\0'; word++)
		count += ((unsigned char) *word & 0x80) != 0;
	return count;
}

/* The particles that may stand before a surname that is said alone. */
static bool
is_name_particle(const char *word)
{
	static const char *const particles[] = { "de", "del", "de la", "la", "le", "du", "des", "van", "von", "der", "den",
		"zu", "zum", "zur", "da", "dos", "di", "las", "los", "ten", "ter", NULL };

	for (size_t i = 0; particles[i] != NULL; i++)
	{
		if (strcasecmp(particles[i], word) == 0)
			return true;
	}
	return false;
}

void
va_name_unite_particles(VaArena *arena, VaName *name)
{
	const char *text;
	bool capital = strcasecmp(name->words[0], "le") == 0 || strcasecmp(name->words[0], "la") == 0;

	for (size_t i = 0; i + 1 < name->count; i++)
	{
		if (!is_name_particle(name->words[i]))
			return;
	}
	if (name->count < 2)
		return;
	/* It began a sentence: "De la Cruz, Manuel". */
	text = capital ? name->words[0] : va_arena_strdup(arena, name->words[0]);
	if (text == NULL)
		return;
	if (!capital)
		*(char *) text |= 0x20;
	for (size_t i = 1; i < name->count && text != NULL; i++)
		text = va_arena_join(arena, text, " ", name->words[i], NULL);
	if (text == NULL)
		return;
	name->words[0] = text;
	name->count = 1;
}
