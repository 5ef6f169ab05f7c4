/*-------------------------------------------------------------------------
 * fractions.c
 *		Parts and packs in numbers: halves, quarters, dozens.
 *
 * Pure: no state.  Every function looks at each unit a bounded number of times.
 */
#include "pure/phrases/words/digits.h"

#include <string.h>

#define MULTIPLIED_MAX (9000 * VA_MICRO)

/* A million behind a part: "half a million", "two and a half thousand"; how many units. */
static size_t
read_scale(const VaUnits *units, size_t at, int64_t *micros)
{
	if (!va_unit_follows(units, at, VA_SCALE | VA_DOZEN | VA_HUNDREDS) || units->items[at].number < 0 ||
		*micros > MULTIPLIED_MAX)
		return 0;
	*micros *= units->items[at].number;
	return 1;
}

/* How many quarters, or packs: a, three; units. */
static size_t
read_count(const VaLexicon *lexicon, const VaUnits *units, size_t at, int64_t *count)
{
	size_t used = va_read_small(lexicon, units, at, count);

	if (used == 0 && va_unit_is(units, at, VA_ARTICLE))
	{
		*count = 1;
		used = 1;
	}
	return used;
}

size_t
va_read_pack(const VaLexicon *lexicon, const VaUnits *units, size_t at, int64_t *micros)
{
	int64_t count = 1;
	size_t used;

	if (va_unit_is(units, at, VA_HALF))
	{
		*micros = VA_MICRO / 2;
		used = 1 + (va_unit_follows(units, at + 1, VA_ARTICLE) ? 1 : 0);
		return used + read_scale(units, at + used, micros);
	}
	used = va_unit_is(units, at, VA_DOZEN | VA_QUARTER) ? 0 : read_count(lexicon, units, at, &count);
	if (used > 0 && !va_unit_goes_on(units, at + used))
		return 0;
	if (va_unit_is(units, at + used, VA_QUARTER) && units->items[at + used].number > 0)
	{
		/* A quarter alone is none, but for "dreiviertel". */
		if (count > 99 || (used == 0 && units->items[at].number == 1))
			return 0;
		*micros = count * units->items[at + used].number * (VA_MICRO / 4);
		return used + 1;
	}
	if (!va_unit_is(units, at + used, VA_DOZEN) || count > 999)
		return 0;
	*micros = count * units->items[at + used].number * VA_MICRO;
	used++;
	return used + read_scale(units, at + used, micros);
}

/* "a million and a half": of what the number's last word counts. */
static int64_t
counted(const VaUnits *units, size_t last)
{
	return va_unit_is(units, last, VA_SCALE) && units->items[last].number >= 1000000 ? units->items[last].number : 1;
}

size_t
va_read_part(const VaLexicon *lexicon, const VaUnits *units, size_t at, int64_t *micros)
{
	size_t from = at;
	int64_t unit = counted(units, at - 1);
	int64_t quarters = 1;

	/* dos hectáreas y media */
	if (!va_unit_follows(units, at, VA_AND) && va_unit_goes_on(units, at) &&
		(units->items[at].kinds & ~(int64_t) (VA_SPAN | VA_METRE)) == 0 && va_unit_follows(units, at + 1, VA_AND) &&
		va_unit_is(units, at + 2, VA_HALF))
		at++;
	if (lexicon->table->compounds && va_unit_goes_on(units, at) && strcmp(units->items[at].key, "einhalb") == 0)
	{
		*micros += VA_MICRO / 2;
		return 1 + read_scale(units, at + 1, micros);
	}
	if (!va_unit_follows(units, at, VA_AND) || *micros > INT64_C(1000000) * 1000000 * VA_MICRO)
		return 0;
	at++;
	if (va_unit_goes_on(units, at) && va_unit_is(units, at + 1, VA_QUARTER) && va_unit_goes_on(units, at + 1) &&
		read_count(lexicon, units, at, &quarters) == 1 && quarters < 4)
		at++;
	else if (va_unit_follows(units, at, VA_ARTICLE))
		at++;
	if (va_unit_follows(units, at, VA_HALF))
		*micros += unit * (VA_MICRO / 2);
	else if (va_unit_follows(units, at, VA_QUARTER) && units->items[at].number > 0)
		*micros += quarters * units->items[at].number * (VA_MICRO / 4) * unit;
	else
		return 0;
	at++;
	return at + (unit == 1 ? read_scale(units, at, micros) : 0) - from;
}
