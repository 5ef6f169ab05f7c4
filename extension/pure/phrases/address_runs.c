/*-------------------------------------------------------------------------
 * address_runs.c
 *		Addresses in the order of Spain, France and Germany: runs of digits with
 *		the words around them.
 *
 * Pure: no state.
 */
#include "pure/phrases/address_internal.h"

#include <string.h>

#include "pure/text/utf8.h"

typedef struct Run
{
	size_t from;
	size_t to;
	char digits[VA_DIGITS_MAX];
} Run;

#define RUNS_MAX 16

static size_t
find_runs(const VaAddressScan *scan, Run runs[RUNS_MAX])
{
	size_t count = 0;

	for (size_t i = 0; i < scan->units->count && count < RUNS_MAX;)
	{
		Run *run = &runs[count];
		const VaUnit *unit = &scan->units->items[i];
		size_t used = va_read_digits(scan->reader->lexicon, scan->units, i, false, run->digits);

		/* One, as an article, counts no house: "una casa". */
		if (used == 0 || ((unit->kinds & VA_LETTER) != 0 && (unit->kinds & VA_NUMERAL) == 0))
		{
			i++;
			continue;
		}
		run->from = i;
		run->to = i + used;
		count++;
		i += used;
	}
	return count;
}

/* Words of a part between marks from a unit on, as far as they are words. */
static size_t
name_end(const VaAddressScan *scan, size_t at, size_t limit)
{
	size_t from = at;

	while (at < limit && (at == from || !va_unit_begins(scan->units, at)) && va_address_is_name(scan, at) &&
		   !va_unit_is(scan->units, at, VA_TEEN | VA_TENS | VA_HUNDREDS | VA_COUNTED | VA_NUMERAL) &&
		   !(va_unit_is(scan->units, at, VA_DIGIT) && !va_unit_is(scan->units, at, VA_ARTICLE)) &&
		   !(at > from && va_unit_is(scan->units, at, VA_LEAD | VA_AS | VA_COMMON) &&
			   !va_unit_is(scan->units, at, VA_PARTICLE | VA_ARTICLE)))
		at++;
	return at;
}

/* What stands before a street's name: "es la", "wohne in der". */
static size_t
skip_lead(const VaAddressScan *scan, size_t at, size_t limit)
{
	size_t first = at;
	bool led = false;

	for (size_t i = at; i < limit && !scan->reader->lexicon->table->compounds; i++)
	{
		if (va_unit_is(scan->units, i, VA_STREET))
			return i;
	}
	while (at < limit &&
		   va_unit_is(scan->units, at, VA_LEAD | VA_COMMON | VA_YES | VA_NO | VA_MEND | VA_NAMES | VA_AND | VA_WITH))
	{
		/* "Am Markt", "An der Alster": of the name itself. */
		if (va_unit_is(scan->units, at, VA_PARTICLE) && !led && at + 1 < limit)
			return at;
		led = true;
		at++;
	}
	return at == limit ? first : at;
}

/* "Calle Larios, el cinco": nothing but an article before the number. */
static bool
is_bare(const VaUnits *units, size_t from, size_t to)
{
	while (from < to && va_unit_is(units, from, VA_ARTICLE | VA_NAMES | VA_LEAD))
		from++;
	return from == to;
}

static size_t
clause_start(const VaUnits *units, size_t at)
{
	while (at > 0 && !va_unit_begins(units, at))
		at--;
	return at;
}

static const char *
with_capital(VaArena *arena, const char *text)
{
	int32_t code = 0;
	size_t used = va_utf8_next((const unsigned char *) text, strlen(text), &code);
	char first[5] = "";

	if (text[0] == '\0' || code <= 0)
		return text;
	va_utf8_write(va_great_letter(code), first);
	return va_arena_join(arena, first, text + used, NULL);
}

/* The street's name before its number. */
static bool
street_before(VaAddressScan *scan, size_t number)
{
	const VaUnits *units = scan->units;
	size_t end = number;
	size_t from;

	/* "número doscientos quince" */
	if (end > 0 && va_unit_is(units, end - 1, VA_NAMES))
		end--;
	if (end == 0)
		return false;
	from = clause_start(units, end);
	if (is_bare(units, from, end))
	{
		end = from;
		if (end == 0 || units->items[end].joint != ',')
			return false;
		from = clause_start(units, end - 1);
	}
	from = skip_lead(scan, from, end);
	if (from >= end || name_end(scan, from, end) != end)
		return false;
	scan->place->street = with_capital(scan->reader->arena, va_address_words(scan, from, end));
	va_address_mark(scan, from, number + 1);
	return true;
}

/* 27 bis */
static bool
is_twin(const VaUnit *unit)
{
	return strcmp(unit->key, "bis") == 0 || strcmp(unit->key, "ter") == 0;
}

/* The street's name behind its number: 14 rue des Lilas. */
static bool
street_behind(VaAddressScan *scan, size_t at, size_t limit)
{
	size_t end;

	if (at < limit && is_twin(&scan->units->items[at]))
		at++;
	if (at >= limit || !va_unit_is(scan->units, at, VA_STREET))
		return false;
	end = name_end(scan, at, limit);
	scan->place->street = va_address_words(scan, at, end);
	va_address_mark(scan, at, end);
	return true;
}

static bool
town_at(VaAddressScan *scan, size_t at, size_t limit)
{
	size_t end;

	while (at < limit && va_unit_is(scan->units, at, VA_COMMON | VA_LEAD | VA_NAMES | VA_YES | VA_AND) &&
		   !va_unit_is(scan->units, at, VA_STREET) &&
		   !(scan->cased && scan->units->items[at].capital && at + 1 < limit))
		at++;
	end = name_end(scan, at, limit);
	if (end == at || va_unit_is(scan->units, at, VA_STREET))
		return false;
	scan->place->town = va_address_words(scan, at, end);
	va_address_mark(scan, at, end);
	return true;
}

static bool
is_code_run(const VaAddressScan *scan, const Run *run)
{
	size_t len = strlen(run->digits);

	return len == 5 || len == 4;
}

static const char *
house_of(VaAddressScan *scan, const Run *run)
{
	const VaUnits *units = scan->units;
	const char *letter = "";

	if (run->to < units->count && !va_unit_begins(units, run->to))
	{
		if (va_unit_is(units, run->to, VA_LETTER) && units->items[run->to].end - units->items[run->to].offset == 1)
			letter = units->items[run->to].word;
		else if (is_twin(&units->items[run->to]))
			letter = va_arena_join(scan->reader->arena, " ", units->items[run->to].word, NULL);
	}
	return va_arena_join(scan->reader->arena, run->digits, letter, NULL);
}

/* The house's number with its street, and a town behind it: "nueve, en Cádiz"; false: this run is none. */
static bool
take_house(VaAddressScan *scan, const Run *run, size_t limit, bool *town)
{
	size_t behind = run->to;

	if (strlen(run->digits) > 4)
		return false;
	if (scan->reader->lexicon->table->number_last)
	{
		if (!street_before(scan, run->from))
			return false;
	}
	else
	{
		if (!street_behind(scan, run->to, limit))
			return false;
		behind = scan->to;
	}
	scan->place->number = house_of(scan, run);
	if (behind < limit && (va_unit_begins(scan->units, behind) || va_unit_is(scan->units, behind, VA_COMMON)))
		*town = town_at(scan, behind, limit) || *town;
	return true;
}

/* "vier, nein, fünf": what stands behind another run takes its place. */
static bool
is_mended(const VaAddressScan *scan, const Run *run, const Run *before)
{
	bool mended = false;

	for (size_t i = before->to; i < run->from; i++)
	{
		if (!va_unit_is(scan->units, i, VA_NO | VA_MEND | VA_COMMON | VA_ARTICLE))
			return false;
		mended = mended || va_unit_is(scan->units, i, VA_NO | VA_MEND);
	}
	return mended;
}

/* Digits that stand beside a street's name are the house's, those of four or five the post code. */
void
va_address_scan_runs(VaAddressScan *scan)
{
	Run runs[RUNS_MAX];
	size_t count = find_runs(scan, runs);
	size_t end = scan->units->count;
	bool housed = false;
	bool town = false;

	for (size_t i = 0; i < count; i++)
	{
		size_t limit = i + 1 < count ? runs[i + 1].from : end;

		if (housed && i > 0 && strlen(runs[i].digits) < 4 && is_mended(scan, &runs[i], &runs[i - 1]))
		{
			scan->place->number = house_of(scan, &runs[i]);
			va_address_mark(scan, runs[i].from, runs[i].to);
			continue;
		}
		if (!(housed && is_code_run(scan, &runs[i])) && take_house(scan, &runs[i], limit, &town))
		{
			housed = true;
			continue;
		}
		if (is_code_run(scan, &runs[i]))
		{
			scan->place->code = va_arena_strdup(scan->reader->arena, runs[i].digits);
			va_address_mark(scan, runs[i].from, runs[i].to);
			if (!town)
				town = town_at(scan, runs[i].to, limit);
		}
		else if (!housed && scan->place->street != NULL && strlen(runs[i].digits) <= 4)
		{
			/* The number alone, which is mended. */
			scan->place->number = house_of(scan, &runs[i]);
			va_address_mark(scan, runs[i].from, runs[i].to);
			housed = true;
		}
	}
}
