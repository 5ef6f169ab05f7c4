/*-------------------------------------------------------------------------
 * reading_values.c
 *		A talk's evidence for a value, by its kind.
 *
 * Pure.
 */
#include "pure/phrases/verify/reading_internal.h"

#include <ctype.h>

#define TEXT_WORDS_MAX 400
/* The words of a longer text count where they were said last. */
#define FEW_WORDS 16
/* Digits of a code, which may be dictated. */
#define CODE_DIGITS_MIN 4

/* ---- words ---- */

/* A report's word on anybody. */
static bool
says_nothing(const VaUnits *units, size_t at)
{
	static const char *const words[] = { "customer", "caller", "client", "cliente", "lead", "person", "persona",
		"personne", "kunde", "kundin", "wants", "wanted", "asked", "asks", "said", "says", "prefers", "quiere", "pide",
		"dice", "veut", "demande", "souhaite", "moechte", "mochte", "will", "wunscht" };
	const VaUnit *unit = &units->items[at];

	if (unit->key[0] == '\0' || unit->key[1] == '\0' ||
		va_unit_is(units, at, VA_COMMON | VA_ARTICLE | VA_AND | VA_WITH | VA_AS | VA_LEAD))
		return true;
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
	{
		if (strcmp(unit->key, words[i]) == 0)
			return true;
	}
	return false;
}

/* Where the words of a value were said last, each. */
typedef struct Hits
{
	size_t count;
	const VaSaidWord *said[TEXT_WORDS_MAX];
} Hits;

static void
hit(Hits *hits, const VaSaidWord *word)
{
	hits->said[hits->count++] = word;
}

/* How many of the words stand in one turn: "one" may have been said again in the next question. */
static size_t
hits_in(VaReader *reader, const Hits *hits, uint32_t turn)
{
	size_t count = 0;

	for (size_t i = 0; i < hits->count; i++)
		count += hits->said[i]->turn == turn ||
				 (hits->count <= FEW_WORDS && va_reading_says(reader, turn, hits->said[i]->hash));
	return count;
}

/* The sentence of the turn that has most of the words; of two the person's, then the newer. */
static VaWords
most_hit(VaReader *reader, const Hits *hits)
{
	const VaSaidWord *best = hits->said[0];
	size_t most = 0;
	const VaUnit *unit;

	for (size_t i = 0; i < hits->count; i++)
	{
		const VaSaidWord *said = hits->said[i];
		size_t rank = 2 * hits_in(reader, hits, said->turn) + reader->talk.turns[said->turn].person;

		if (rank > most || (rank == most && said->turn >= best->turn))
		{
			most = rank;
			best = said;
		}
	}
	unit = &va_reading_units(reader, best->turn)->items[best->unit];
	return va_reading_sentence(reader, best->turn, unit->offset, unit->end);
}

/* How many words of a text are in the words of the talk; false: one that must be there is not. */
static bool
count_words(VaReader *reader, const VaUnits *units, bool all, Hits *hits, size_t *words, size_t *found)
{
	*words = *found = hits->count = 0;
	for (size_t i = 0; i < units->count && i < TEXT_WORDS_MAX; i++)
	{
		const VaUnit *unit = &units->items[i];
		bool number = unit->number >= 0 && va_unit_is(units, i, VA_NUMBERS);
		const VaSaidWord *said;

		if (unit->key[0] == '\0' && !number)
			continue;
		if (!number && !all && says_nothing(units, i))
			continue;
		said = number ? va_reading_find_number(reader, unit->number * VA_MICRO)
					  : va_reading_find(reader, va_reading_stem(unit->key));
		++*words;
		if (said != NULL)
		{
			++*found;
			hit(hits, said);
		}
		/* In German every noun has a capital. */
		else if (all || number || (unit->capital && !va_unit_begins(units, i) && !reader->lexicon->table->compounds))
			return false;
	}
	return true;
}

/* Signs of code, which no person speaks: a model has written it. */
static bool
is_code(const char *text)
{
	static const char *const signs[] = { "';", "\";", ";--", "; --", "/*", "${", "{{", "</", "<script", "`" };
	size_t len = strlen(text);

	for (size_t i = 0; i < sizeof(signs) / sizeof(signs[0]); i++)
	{
		if (strstr(text, signs[i]) != NULL)
			return true;
	}
	return len > 2 && strcmp(text + len - 2, "--") == 0;
}

/*
 * A free text: its numbers, and its names, must all be in the words, and two
 * thirds of the words that say something; of a text of small words all.
 */
VaSupport
va_judge_text(VaReader *reader, VaReadValue *value)
{
	VaUnits units;
	Hits hits = { 0 };
	size_t words = 0;
	size_t found = 0;

	if (is_code(value->text) || !va_units(reader->arena, reader->lexicon, value->text, value->len, &units) ||
		units.count == 0)
		return VA_SUPPORT_FORM;
	if (!count_words(reader, &units, false, &hits, &words, &found) ||
		(words == 0 && !count_words(reader, &units, true, &hits, &words, &found)) || words == 0 ||
		found * 3 < words * 2)
		return VA_SUPPORT_MISSING;
	value->words = most_hit(reader, &hits);
	return VA_SUPPORT_SUPPORTED;
}

/* ---- numbers ---- */

static bool
number_in(VaReader *reader, const VaReadValue *value, int64_t *micros, bool *negative)
{
	VaUnits units;

	if (!va_units(reader->arena, reader->lexicon, value->text, value->len, &units))
		return false;
	*negative = value->text[0] == '-';
	for (size_t i = 0; i < units.count; i++)
	{
		if (va_unit_is(&units, i, VA_NUMBERS) && va_read_number(reader->lexicon, &units, i, micros) > 0)
			return true;
	}
	return false;
}

/* Digits with a point before decimals, as JSON writes them; no exponent. */
static bool
plain_number(const char *text, int64_t *micros, bool *negative)
{
	int64_t whole = 0;
	int64_t part = 0;
	size_t digits = 0;
	size_t decimals = 0;

	*negative = *text == '-';
	text += *negative;
	for (; isdigit((unsigned char) *text) && digits < 13; text++, digits++)
		whole = whole * 10 + (*text - '0');
	if (*text == '.')
	{
		for (text++; isdigit((unsigned char) *text); text++)
		{
			if (decimals++ < 6)
				part = part * 10 + (*text - '0');
			else if (*text != '0')
				return false;
		}
		for (; decimals < 6; decimals++)
			part *= 10;
	}
	*micros = whole * VA_MICRO + part;
	return digits > 0 && digits < 13 && *text == '\0';
}

static bool
has_number(const VaUnits *units, size_t from)
{
	for (size_t i = from; i < units->count; i++)
	{
		if (va_unit_is(units, i, VA_NUMBERS))
			return true;
	}
	return false;
}

/* Whether another number took its place: "fifty, no, sixty", or a no with another in the next words. */
static bool
number_mended(VaReader *reader, const VaSaidWord *said)
{
	const VaUnits *units = va_reading_units(reader, said->turn);

	for (size_t i = said->unit + 1; i < units->count; i++)
	{
		/* "fifty, not fifteen" */
		if (va_unit_is(units, i, VA_MEND | VA_NO) && va_unit_begins(units, i) && has_number(units, i + 1) &&
			!(va_unit_is(units, i, VA_NO) && va_unit_follows(units, i + 1, VA_NUMBERS)))
			return true;
	}
	for (size_t i = said->turn + 1; i < reader->talk.count; i++)
	{
		if (!reader->talk.turns[i].person)
			continue;
		units = va_reading_units(reader, i);
		return va_units_answer(units) == VA_ANSWER_NO && has_number(units, 0);
	}
	return false;
}

static bool
said_negative(VaReader *reader, const VaSaidWord *said)
{
	static const char *const words[] = { "minus", "negative", "moins", "menos", "below", "unter" };
	const VaUnits *units = va_reading_units(reader, said->turn);

	for (size_t i = 0; said->unit > 0 && i < sizeof(words) / sizeof(words[0]); i++)
	{
		if (strcmp(units->items[said->unit - 1].key, words[i]) == 0)
			return true;
	}
	return false;
}

bool
va_reading_number(VaReader *reader, const VaReadValue *value, int64_t *micros, bool *negative)
{
	return plain_number(value->text, micros, negative) ||
		   (value->type != VA_VALUE_NUMBER && number_in(reader, value, micros, negative));
}

/* A year is said by its last two digits: "ninety eight". */
static const VaSaidWord *
find_year(VaReader *reader, int64_t micros)
{
	int64_t year = micros / VA_MICRO;

	return micros % VA_MICRO == 0 && year >= 1900 && year < 2100 ? va_reading_find_number(reader, year % 100 * VA_MICRO)
																 : NULL;
}

/* Whether the person answered the question for a field with a number. */
static bool
answered_by_number(VaReader *reader, const VaAskedField *field)
{
	size_t turn = 0;

	if (field == NULL || !va_reading_question(reader, field, &turn))
		return false;
	for (turn++; turn < reader->talk.count; turn++)
	{
		if (reader->talk.turns[turn].person)
			return has_number(va_reading_units(reader, turn), 0);
	}
	return false;
}

static VaSupport
judge_number(VaReader *reader, const VaAskedField *field, VaReadValue *value)
{
	int64_t micros = 0;
	bool negative = false;
	const VaSaidWord *said;
	const VaUnit *unit;

	if (!va_reading_number(reader, value, &micros, &negative))
		return VA_SUPPORT_FORM;
	said = va_reading_find_number(reader, micros);
	if (said == NULL)
		said = find_year(reader, micros);
	/* A code, with pauses, and digits said twice. */
	if (said == NULL && value->len >= CODE_DIGITS_MIN && strspn(value->text, "0123456789") == value->len &&
		va_judge_claim(reader, "code", value) == VA_SUPPORT_SUPPORTED)
		return VA_SUPPORT_SUPPORTED;
	/* Numbers that were said of something else deny nothing. */
	if (said == NULL)
		return answered_by_number(reader, field) ? VA_SUPPORT_OTHER : VA_SUPPORT_MISSING;
	if (number_mended(reader, said) || (negative && !said_negative(reader, said)))
		return VA_SUPPORT_OTHER;
	unit = &va_reading_units(reader, said->turn)->items[said->unit];
	value->words = va_reading_sentence(reader, said->turn, unit->offset, unit->end);
	return VA_SUPPORT_SUPPORTED;
}

/* ---- kinds ---- */

VaSupport
va_judge_kind(VaReader *reader, const VaAskedField *field, const char *kind, VaReadValue *value)
{
	if (value->type == VA_VALUE_WHOLE)
		return VA_SUPPORT_FORM;
	if (strcmp(kind, "choice") == 0)
		return va_judge_choice(reader, field, value);
	if (strcmp(kind, "text") == 0)
		kind = va_reading_looks(value);
	if (strcmp(kind, "boolean") == 0)
		return va_reading_word(value) == 0 ? VA_SUPPORT_FORM
										   : va_judge_boolean(reader, field, va_reading_word(value) > 0, value);
	if (strcmp(kind, "date") == 0 || strcmp(kind, "time") == 0 || strcmp(kind, "phrase") == 0)
		return va_judge_time(reader, kind, NULL, value);
	if (strcmp(kind, "number") == 0)
		return judge_number(reader, field, value);
	if (value->type == VA_VALUE_BOOLEAN)
		return VA_SUPPORT_FORM;
	return strcmp(kind, "text") == 0 ? va_judge_text(reader, value) : va_judge_claim(reader, kind, value);
}
