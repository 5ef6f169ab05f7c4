/*-------------------------------------------------------------------------
 * digits.c
 *		Reading numbers in units.
 *
 * Pure: no state.  Every function looks at each unit a bounded number of times.
 */
#include "pure/phrases/words/digits.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define LARGEST INT64_C(1000000000000) /* millionths of it fit */

/* The units behind a number of tens: five, "y cinco", "et un"; how many units. */
static size_t
read_ones(const VaLexicon *lexicon, const VaUnits *units, size_t at, int64_t tens, int64_t *value)
{
	size_t from = at;
	bool teens = lexicon->table->twenties && (tens == 60 || tens == 80);
	bool needs_and = lexicon->table->needs_and;

	if (va_unit_follows(units, at, VA_AND) && (needs_and || lexicon->table->twenties))
		at++;
	else if (needs_and)
		return 0;
	if (va_unit_follows(units, at, VA_DIGIT) && units->items[at].number > 0)
		*value = units->items[at].number;
	else if (teens && va_unit_follows(units, at, VA_TEEN))
	{
		*value = units->items[at].number;
		if (*value == 10 && va_unit_follows(units, at + 1, VA_DIGIT) && units->items[at + 1].number >= 7)
			*value += units->items[++at].number;
	}
	else
		return 0;
	return at + 1 - from;
}

size_t
va_read_small(const VaLexicon *lexicon, const VaUnits *units, size_t at, int64_t *value)
{
	size_t used = 1;
	size_t ones;
	int64_t rest = 0;

	if (!va_unit_is(units, at, VA_DIGIT | VA_TEEN | VA_TENS | VA_COUNTED))
		return 0;
	*value = units->items[at].number;
	if (lexicon->table->twenties && *value == 4 && va_unit_follows(units, at + 1, VA_TENS) &&
		units->items[at + 1].number == 20)
	{
		*value = 80;
		used = 2;
	}
	else if (lexicon->table->twenties && *value == 10 && va_unit_follows(units, at + 1, VA_DIGIT) &&
			 units->items[at + 1].number >= 7)
	{
		*value += units->items[at + 1].number;
		return 2;
	}
	else if (!va_unit_is(units, at, VA_TENS) &&
			 !(lexicon->table->needs_and && (*value == 10 || *value == 20) && va_unit_is(units, at, VA_TEEN)))
		return 1;
	ones = read_ones(lexicon, units, at + used, *value, &rest);
	*value += ones > 0 ? rest : 0;
	return used + ones;
}

/* The hundreds that follow a number below 100, and what is added to them. */
static size_t
read_hundreds(const VaLexicon *lexicon, const VaUnits *units, size_t at, bool adds, int64_t *group)
{
	size_t used = 1;
	int64_t rest = 0;
	size_t small = 0;

	*group = units->items[at].number > 100 ? units->items[at].number : (*group == 0 ? 1 : *group) * 100;
	if (va_unit_follows(units, at + 1, VA_AND))
	{
		small = va_read_small(lexicon, units, at + 2, &rest);
		used += small > 0;
	}
	else if (adds && va_unit_goes_on(units, at + 1))
		small = va_read_small(lexicon, units, at + 1, &rest);
	if (small > 0 && rest > 0 && rest < 100)
	{
		*group += rest;
		return used + small;
	}
	return 1;
}

/* One group below a thousand, or such as nineteen hundred. */
static size_t
read_group(const VaLexicon *lexicon, const VaUnits *units, size_t at, bool adds, int64_t *group)
{
	size_t used = va_read_small(lexicon, units, at, group);

	if (used == 0)
		*group = 0;
	/* "dreihundert fuenfzig" */
	if (used == 1 && adds && va_unit_is(units, at, VA_COUNTED) && *group % 100 == 0 && *group < 10000 &&
		va_unit_goes_on(units, at + 1))
	{
		int64_t rest = 0;
		size_t more = va_read_small(lexicon, units, at + 1, &rest);

		if (more > 0 && rest > 0 && rest < (*group % 1000 == 0 ? 1000 : 100))
		{
			*group += rest;
			used += more;
		}
	}
	if (used == 0 && va_unit_is(units, at, VA_ARTICLE) && va_unit_follows(units, at + 1, VA_HUNDREDS | VA_SCALE))
		return 1 + (va_unit_is(units, at + 1, VA_HUNDREDS) ? read_hundreds(lexicon, units, at + 1, adds, group)
														   : (size_t) 0);
	if ((used == 0 ? va_unit_is(units, at, VA_HUNDREDS) : va_unit_follows(units, at + used, VA_HUNDREDS)) &&
		*group < 100 && (used == 0 || !lexicon->table->needs_and) &&
		(used == 0 || units->items[at + used].number == 100))
		used += read_hundreds(lexicon, units, at + used, adds, group);
	return used;
}

size_t
va_read_cardinal(const VaLexicon *lexicon, const VaUnits *units, size_t at, bool adds, int64_t *value)
{
	size_t from = at;
	int64_t last = LARGEST;

	*value = 0;
	if (va_unit_is(units, at, VA_NUMERAL))
	{
		*value = units->items[at].number;
		if (*value < 0 || *value > LARGEST)
			return 0;
		if (!va_unit_follows(units, at + 1, VA_SCALE) || *value > 1000000)
			return 1;
		*value *= units->items[at + 1].number;
		return 2;
	}
	for (;;)
	{
		int64_t group = 0;
		size_t and_too = at > from && va_unit_follows(units, at, VA_AND) ? 1 : 0;
		size_t used = at > from && !va_unit_goes_on(units, at) ? 0
															   : read_group(lexicon, units, at + and_too, adds, &group);
		size_t end = at + and_too + used;

		if (used == 0 && !(at == from ? va_unit_is(units, at, VA_SCALE) : false))
			return at - from;
		if (used > 0 ? va_unit_follows(units, end, VA_SCALE) : true)
		{
			int64_t scale = units->items[end].number;

			if (scale >= last || group > 1000000)
				return at - from;
			*value += (group == 0 ? 1 : group) * scale;
			last = scale;
			at = end + 1;
			continue;
		}
		if (group >= last || (at > from && !adds && and_too == 0))
			return at - from;
		*value += group;
		return end - from;
	}
}

/* ---- numbers as they are written ---- */

static size_t
digits_of(const VaUnit *unit)
{
	return unit->end - unit->offset;
}

/* 1,250  1.250,75  1 250  18.75 */
static size_t
read_written(const VaLexicon *lexicon, const VaUnits *units, size_t at, int64_t *micros)
{
	size_t from = at;
	int64_t whole = units->items[at].number;
	int64_t part = 0;
	bool grouped = true;

	if (whole < 0 || whole > LARGEST / 1000)
		return 0;
	for (at++; va_unit_is(units, at, VA_NUMERAL); at++)
	{
		const VaUnit *unit = &units->items[at];
		char joint = unit->joint;
		size_t len = digits_of(unit);
		bool blank = joint == ' ' && !unit->tight && lexicon->table->decimal == ',' && at == from + 1 &&
					 digits_of(&units->items[from]) <= 3;

		if (!blank && (!unit->tight || (joint != '.' && joint != ',' && joint != '\'')))
			break;
		if (len == 3 && grouped && (joint != lexicon->table->decimal || at > from + 1) && whole < LARGEST / 1000)
		{
			whole = whole * 1000 + unit->number;
			continue;
		}
		if (blank || joint == '\'' || len > 6)
			break;
		part = unit->number;
		for (size_t i = len; i < 6; i++)
			part *= 10;
		at++;
		break;
	}
	*micros = whole * VA_MICRO + part;
	if (va_unit_follows(units, at, VA_SCALE) && whole < 9000)
		*micros *= units->items[at++].number;
	return at - from;
}

/* ---- decimals ---- */

/* point nine, comma siete cinco; how many units. */
static size_t
read_decimals(const VaLexicon *lexicon, const VaUnits *units, size_t at, int64_t *micros)
{
	size_t from = at;
	int64_t unit = VA_MICRO;
	int64_t small = 0;
	size_t used;

	if (!va_unit_is(units, at, VA_POINT))
		return 0;
	for (at++; va_unit_goes_on(units, at) && unit >= 100; at += used)
	{
		used = va_read_small(lexicon, units, at, &small);
		if (used == 0 && va_unit_is(units, at, VA_NUMERAL) && digits_of(&units->items[at]) <= 2)
		{
			used = 1;
			small = units->items[at].number;
		}
		if (used == 0 || small > 99)
			break;
		unit /= small > 9 || digits_of(&units->items[at]) == 2 ? 100 : 10;
		*micros += small * unit;
	}
	return at > from + 1 ? at - from : 0;
}

/* dollars and seventy-five cents; how many units, of which the money is one. */
static size_t
read_money(const VaLexicon *lexicon, const VaUnits *units, size_t at, int64_t *micros)
{
	size_t from = at;
	size_t used;
	int64_t cents = 0;

	if (!va_unit_follows(units, at, VA_MONEY))
		return 0;
	at++;
	if (va_unit_follows(units, at, VA_AND))
		at++;
	used = va_unit_goes_on(units, at) ? va_read_small(lexicon, units, at, &cents) : 0;
	if (used == 0 && va_unit_follows(units, at, VA_NUMERAL) && digits_of(&units->items[at]) == 2)
	{
		cents = units->items[at].number;
		used = 1;
	}
	if (used == 0 || cents > 99 || (at > from + 1 && !va_unit_follows(units, at + used, VA_CENTS)))
		return 1;
	*micros += cents * 10000;
	return at + used + (va_unit_follows(units, at + used, VA_CENTS) ? 1 : 0) - from;
}

/* ---- digits ---- */

bool
va_append_times(char *text, size_t room, const char *more, int64_t times)
{
	size_t len = strlen(text);
	size_t added = strlen(more);

	for (int64_t i = 0; i < times; i++)
	{
		if (len + added >= room)
			return false;
		memcpy(text + len, more, added + 1);
		len += added;
	}
	return true;
}

/* One element: a group, a literal, a digit said twice; how many units. */
static size_t
read_element(const VaLexicon *lexicon, const VaUnits *units, size_t at, char text[VA_DIGITS_MAX], int64_t *times)
{
	size_t skip = 0;
	int64_t value = 0;
	size_t used;

	*times = 1;
	if (va_unit_is(units, at, VA_TIMES))
	{
		*times = units->items[at].number;
		skip = 1;
		if (va_unit_follows(units, at + 1, VA_SYMBOL) && units->items[at + 1].text[0] == '-')
			skip = 2;
		if (!va_unit_is(units, at + skip, VA_DIGIT | VA_NUMERAL))
			return 0;
	}
	if (va_unit_is(units, at + skip, VA_NUMERAL))
	{
		if (digits_of(&units->items[at + skip]) >= VA_DIGITS_MAX)
			return 0;
		memcpy(text, units->items[at + skip].text, digits_of(&units->items[at + skip]) + 1);
		return skip + 1;
	}
	used = skip > 0
			   ? va_unit_is(units, at + skip, VA_DIGIT)
			   : va_read_cardinal(lexicon, units, at, lexicon->table->twenties || lexicon->table->needs_and, &value);
	if (used == 0)
		return 0;
	if (skip > 0)
		value = units->items[at + skip].number;
	snprintf(text, VA_DIGITS_MAX, "%" PRId64, value);
	return skip + used;
}

/* Digits as they are dictated, from a unit on: a group counts with all of its digits, "double" counts twice. */
static size_t
read_digits(const VaLexicon *lexicon, const VaUnits *units, size_t at, char digits[VA_DIGITS_MAX])
{
	size_t from = at;

	digits[0] = '\0';
	while (at < units->count)
	{
		char text[VA_DIGITS_MAX];
		int64_t times;
		size_t used = 0;
		char joint = units->items[at].joint;
		bool near = at == from || joint == ' ' || joint == '-' || joint == '\0' ||
					(units->items[at].tight && joint != '@');

		if (near)
			used = read_element(lexicon, units, at, text, &times);
		if (used == 0 || !va_append_times(digits, VA_DIGITS_MAX, text, times))
			break;
		at += used;
	}
	return at - from;
}

/* One after the other: twelve fifty, one five, nine double oh. */
static size_t
read_series(const VaLexicon *lexicon, const VaUnits *units, size_t at, int64_t *micros)
{
	char digits[VA_DIGITS_MAX];
	size_t used = read_digits(lexicon, units, at, digits);

	if (used == 0 || strlen(digits) > 12)
		return 0;
	*micros = strtoll(digits, NULL, 10) * VA_MICRO;
	return used;
}

/* "ciento dieciocho con cuarenta" */
static size_t
read_with_cents(const VaLexicon *lexicon, const VaUnits *units, size_t at, int64_t *micros)
{
	int64_t cents = 0;
	size_t used = lexicon->table->needs_and && va_unit_follows(units, at, VA_WITH)
					  ? va_read_small(lexicon, units, at + 1, &cents)
					  : 0;

	if (used == 0 || cents < 1 || cents > 99)
		return 0;
	/* "dos con cinco" */
	*micros += cents * (cents < 10 ? 100000 : 10000);
	return used + 1;
}

size_t
va_read_number(const VaLexicon *lexicon, const VaUnits *units, size_t at, int64_t *micros)
{
	int64_t value = 0;
	size_t used;
	size_t series;
	int64_t other = 0;
	size_t decimals;

	used = va_read_pack(lexicon, units, at, micros);
	if (used > 0)
		return used;
	if (va_unit_is(units, at, VA_NUMERAL))
		used = read_written(lexicon, units, at, micros);
	else
	{
		used = va_read_cardinal(lexicon, units, at, true, &value);
		*micros = value * VA_MICRO;
	}
	series = read_series(lexicon, units, at, &other);
	/* "point seven five" */
	if (used == 0 && va_unit_is(units, at, VA_POINT))
	{
		*micros = 0;
		return read_decimals(lexicon, units, at, micros);
	}
	decimals = used > 0 && va_unit_goes_on(units, at + used) ? read_decimals(lexicon, units, at + used, micros) : 0;
	if (decimals > 0)
	{
		used += decimals;
		if (va_unit_follows(units, at + used, VA_SCALE) && *micros < 9000 * VA_MICRO)
			*micros *= units->items[at + used++].number;
		return used;
	}
	if (series > used)
	{
		*micros = other;
		return series;
	}
	if (used == 0)
		return 0;
	decimals = va_read_part(lexicon, units, at + used, micros);
	if (decimals == 0)
		decimals = read_with_cents(lexicon, units, at + used, micros);
	return used + (decimals > 0 ? decimals : read_money(lexicon, units, at + used, micros));
}

/* ---- one word ---- */

typedef struct Part
{
	const char *word;
	int64_t value;
} Part;

/* Longer words before those that they begin with. */
static const Part ones[] = { { "eins", 1 }, { "einen", 1 }, { "ein", 1 }, { "zwei", 2 }, { "zwo", 2 }, { "drei", 3 },
	{ "vier", 4 }, { "funf", 5 }, { "fuenf", 5 }, { "sechs", 6 }, { "sieben", 7 }, { "acht", 8 }, { "neun", 9 } };
static const Part teens[] = { { "zehn", 10 }, { "elf", 11 }, { "zwolf", 12 }, { "zwoelf", 12 }, { "dreizehn", 13 },
	{ "vierzehn", 14 }, { "funfzehn", 15 }, { "fuenfzehn", 15 }, { "sechzehn", 16 }, { "siebzehn", 17 },
	{ "achtzehn", 18 }, { "neunzehn", 19 } };
static const Part tens[] = { { "zwanzig", 20 }, { "dreissig", 30 }, { "dreizig", 30 }, { "vierzig", 40 },
	{ "funfzig", 50 }, { "fuenfzig", 50 }, { "sechzig", 60 }, { "siebzig", 70 }, { "achtzig", 80 }, { "neunzig", 90 } };

#define FIND(parts, word, value) find_part(parts, sizeof(parts) / sizeof(parts[0]), word, value)

static size_t
find_part(const Part *parts, size_t count, const char *word, int64_t *value)
{
	for (size_t i = 0; i < count; i++)
	{
		size_t len = strlen(parts[i].word);

		if (strncmp(word, parts[i].word, len) == 0)
		{
			*value = parts[i].value;
			return len;
		}
	}
	return 0;
}

/* Below 100, at the beginning of letters; its length. */
static size_t
compound_small(const char *word, int64_t *value)
{
	int64_t one = 0;
	int64_t ten = 0;
	size_t len = FIND(teens, word, value);
	size_t more;

	if (len > 0)
		return len;
	len = FIND(tens, word, value);
	if (len > 0)
		return len;
	len = FIND(ones, word, &one);
	if (len == 0)
		return 0;
	*value = one;
	if (strncmp(word + len, "und", 3) != 0)
		return len;
	more = FIND(tens, word + len + 3, &ten);
	if (more == 0)
		return len;
	*value = one + ten;
	return len + 3 + more;
}

/* Below 2000 in hundreds; its length. */
static size_t
compound_group(const char *word, int64_t *value)
{
	int64_t rest = 0;
	size_t len = compound_small(word, value);
	size_t more;

	if (strncmp(word + len, "hundert", 7) != 0)
		return len;
	*value = (len == 0 ? 1 : *value) * 100;
	len += 7;
	if (strncmp(word + len, "und", 3) == 0 && compound_small(word + len + 3, &rest) > 0)
		len += 3;
	more = compound_small(word + len, &rest);
	if (more > 0)
		*value += rest;
	return len + more;
}

/* The ending that makes a cardinal the number of a day: -ter up to the nineteenth, -ster from the twentieth on. */
static bool
is_ordinal_end(const char *end, int64_t value)
{
	static const char *const ends[] = { "ter", "ten", "te", "tes", "tem", NULL };

	if (value >= 20 && *end++ != 's')
		return false;
	for (size_t i = 0; ends[i] != NULL; i++)
	{
		if (strcmp(end, ends[i]) == 0)
			return value > 0 && value <= 31;
	}
	return false;
}

int64_t
va_compound_number(const char *word, bool *ordinal)
{
	int64_t value = 0;
	int64_t rest = 0;
	size_t len = compound_group(word, &value);

	*ordinal = len > 0 && is_ordinal_end(word + len, value);
	if (*ordinal)
		return value;
	if (strncmp(word + len, "tausend", 7) == 0)
	{
		value = (len == 0 ? 1 : value) * 1000;
		len += 7;
		if (strncmp(word + len, "und", 3) == 0 && strncmp(word + len, "undert", 6) != 0)
			len += 3;
		len += compound_group(word + len, &rest);
		value += rest;
	}
	return len > 0 && word[len] == '\0' ? value : -1;
}
