/*-------------------------------------------------------------------------
 * periods.c
 *		Weeks, weekends, months and their parts, quarters, years; zones.
 */
#include "pure/phrases/times/times_internal.h"

#include <stdio.h>

VaAtom
va_period_atom(VaTimeGrain grain, int32_t day, size_t used)
{
	return (VaAtom){ .kind = VA_ATOM_PERIOD, .used = used, .day = day, .or_day = VA_NO_DAY, .grain = grain };
}

int32_t
va_monday_of(int32_t day)
{
	return day - (va_weekday(day) - 1);
}

int32_t
va_first_of_month(int32_t day)
{
	return day - va_civil_day(day).day + 1;
}

int
va_scan_modifier(const VaScan *scan, size_t *at, bool *said)
{
	int ahead = 0;

	*said = false;
	while (va_lexeme_is(scan, *at, VA_WORD_THE) || va_lexeme_is(scan, *at, VA_WORD_ON) ||
		   va_lexeme_is(scan, *at, VA_WORD_IN) || va_lexeme_is(scan, *at, VA_WORD_AT) ||
		   va_lexeme_is(scan, *at, VA_WORD_OF))
	{
		*said = true;
		(*at)++;
	}
	if (va_lexeme_is(scan, *at, VA_WORD_THIS))
		*said = true;
	else if (va_lexeme_is(scan, *at, VA_WORD_NEXT))
	{
		*said = true;
		ahead = va_lexeme(scan, *at)->value == 2 ? 2 : 1;
	}
	else if (va_is_last(scan, *at))
	{
		*said = true;
		ahead = -1;
	}
	else
		return 0;
	(*at)++;
	return ahead;
}

int
va_scan_modifier_behind(const VaScan *scan, size_t *at, int ahead, bool *said)
{
	if (va_lexeme_is(scan, *at, VA_WORD_NEXT))
	{
		*said = true;
		ahead = va_lexeme(scan, *at)->value == 2 ? 2 : 1;
		(*at)++;
	}
	else if (va_lexeme_is(scan, *at, VA_WORD_LAST))
	{
		*said = true;
		ahead = -1;
		(*at)++;
	}
	return ahead;
}

/* next week, this weekend, last month, the year after next. */
static VaAtom
unit_period(const VaScan *scan, size_t from)
{
	size_t at = from;
	bool said;
	int ahead = va_scan_modifier(scan, &at, &said);
	const VaLexeme *unit = va_lexeme(scan, at);
	int32_t now = scan->now.day;
	VaCivilDay civil = va_civil_day(now);
	int kind = unit->class == VA_WORD_UNIT ? unit->value : VA_UNIT_NONE;
	int32_t saturday;

	if (unit->class == VA_WORD_YEAR)
		kind = VA_UNIT_YEAR;
	/* "in the new year", "heuer" */
	if (unit->class == VA_WORD_YEAR && unit->value > 0)
		return va_period_atom(
			VA_GRAIN_YEAR, va_day_number(civil.year + (unit->value == 1 ? 1 : 0), 1, 1), at + 1 - from);
	at++;
	ahead = va_scan_modifier_behind(scan, &at, ahead, &said);
	if (!said && kind != VA_UNIT_WEEKEND)
		return VA_NOTHING;
	switch (kind)
	{
		case VA_UNIT_WEEK:
			/* "the week" by itself is said of many things; so are "the month" and "the year". */
			if (ahead == 0 && !va_is_this(scan, from))
				return VA_NOTHING;
			return va_period_atom(VA_GRAIN_WEEK, va_monday_of(now) + 7 * ahead, at - from);
		case VA_UNIT_WEEKEND:
			/* "en dos fines de semana" */
			if (va_lexeme_is(scan, at, VA_WORD_COUNTED))
				return VA_NOTHING;
			saturday = va_monday_of(now) + 5;
			return va_period_atom(VA_GRAIN_WEEKEND, saturday + 7 * ahead, at - from);
		case VA_UNIT_MONTH:
			if (ahead == 0 && !va_is_this(scan, from))
				return VA_NOTHING;
			return va_period_atom(VA_GRAIN_MONTH, va_add_months(va_first_of_month(now), ahead), at - from);
		case VA_UNIT_YEAR:
			if (ahead == 0 && !va_is_this(scan, from))
				return VA_NOTHING;
			return va_period_atom(VA_GRAIN_YEAR, va_day_number(civil.year + ahead, 1, 1), at - from);
		default:
			return VA_NOTHING;
	}
}

/* The week after Easter, the week before the 20th. */
static VaAtom
week_beside(const VaScan *scan, size_t from)
{
	size_t at = va_skip_articles(scan, from);
	bool after = va_lexeme_is(scan, at + 1, VA_WORD_AFTER);
	VaAtom day;

	if (!va_is_unit(scan, at, VA_UNIT_WEEK) || (!after && !va_lexeme_is(scan, at + 1, VA_WORD_BEFORE)))
		return VA_NOTHING;
	day = va_scan_day(scan, at + 2);
	return day.kind != VA_ATOM_DAY
			   ? VA_NOTHING
			   : va_period_atom(VA_GRAIN_WEEK, va_monday_of(day.day) + (after ? 7 : -7), at + 2 + day.used - from);
}

/* Whether "may", "march" and the like are months here: between words that only times have, or the answer to when. */
static bool
is_weak_month(const VaScan *scan, size_t at)
{
	int before = at > 0 ? va_lexeme(scan, at - 1)->class : VA_WORD_FROM;
	int behind = va_lexeme(scan, at + 1)->class;

	if (before != VA_WORD_FROM && before != VA_WORD_UNTIL && before != VA_WORD_BEFORE && before != VA_WORD_AFTER &&
		before != VA_WORD_NOT_BEFORE)
		return false;
	if (scan->vague && at > 0 && va_lexeme(scan, at)->capital)
		return true;
	return (scan->vague || at > 0) && (va_is_end(scan, at + 1) || behind == VA_WORD_FITS || behind == VA_WORD_ISH);
}

int32_t
va_scan_named_month(const VaScan *scan, size_t from, bool sure, size_t *used)
{
	size_t at = from;
	size_t year_used = 0;
	bool said = false;
	int ahead = va_scan_modifier(scan, &at, &said);
	VaCivilDay now = va_civil_day(scan->now.day);
	int month;
	int year;

	if (!va_lexeme_is(scan, at, VA_WORD_MONTH) &&
		!(va_lexeme_is(scan, at, VA_WORD_MONTH_WEAK) &&
			(sure || is_weak_month(scan, at) || (said && va_lexeme(scan, at - 1)->class != VA_WORD_THE))))
		return VA_NO_DAY;
	month = va_lexeme(scan, at)->value;
	at++;
	ahead = va_scan_modifier_behind(scan, &at, ahead, &said);
	year = va_scan_year(scan, va_lexeme_is(scan, at, VA_WORD_OF) ? at + 1 : at, &year_used);
	if (year == 0)
	{
		year = now.year;
		if (ahead == -1)
			year -= month >= now.month ? 1 : 0;
		else if (month < now.month || (ahead == 1 && month == now.month))
			year++;
	}
	*used = at + year_used - from;
	return va_day_number(year, month, 1);
}

VaAtom
va_scan_period(const VaScan *scan, size_t from)
{
	size_t at = from;
	VaAtom atom = va_scan_stage(scan, at);
	size_t used = 0;
	int32_t month;

	if (atom.kind == VA_ATOM_NONE)
		atom = week_beside(scan, at);
	if (atom.kind == VA_ATOM_NONE)
		atom = unit_period(scan, at);
	if (atom.kind != VA_ATOM_NONE)
		return atom;
	month = va_scan_named_month(scan, at, false, &used);
	if (month != VA_NO_DAY)
		return va_period_atom(VA_GRAIN_MONTH, month, used);
	return VA_NOTHING;
}

VaAtom
va_scan_zone(VaScan *scan, size_t at, bool behind_clock)
{
	const VaLexeme *word = va_lexeme(scan, at);
	VaAtom atom = { .kind = VA_ATOM_ZONE, .used = 1 };

	/* "Dubai time", "hora de Madrid" */
	if (word->class == VA_WORD_CITY && va_lexeme_is(scan, at + 1, VA_WORD_ZONE_TIME) &&
		va_lexeme(scan, at + 1)->value == 1)
		atom.used = 2;
	else if (word->class == VA_WORD_ZONE_TIME && va_lexeme_is(scan, at + 1, VA_WORD_CITY) && word->value == 0)
	{
		word = va_lexeme(scan, at + 1);
		atom.used = 2;
	}
	if (atom.used == 2)
	{
		atom.zone = va_phrase_zones[word->value];
		return atom;
	}
	/* "a las cinco de Caracas" */
	if (behind_clock && word->class == VA_WORD_OF && va_lexeme_is(scan, at + 1, VA_WORD_CITY) &&
		va_is_end(scan, at + 2))
	{
		atom.zone = va_phrase_zones[va_lexeme(scan, at + 1)->value];
		atom.used = 2;
		return atom;
	}
	if (word->class == VA_WORD_ZONE_WEAK && !behind_clock)
		return VA_NOTHING;
	/* "à 15h est possible": other languages have the letters as words. */
	if (word->class == VA_WORD_ZONE_WEAK && !(scan->traits & VA_LANGUAGE_HOUR_MINUTES) && !word->capital &&
		word->end - word->offset <= 4)
		return VA_NOTHING;
	if (word->class != VA_WORD_ZONE && word->class != VA_WORD_ZONE_WEAK)
		return VA_NOTHING;
	atom.zone = va_phrase_zones[word->value];
	if (word->value == VA_ZONE_UTC && va_lexeme_is(scan, at + 1, VA_LEXEME_OFFSET))
	{
		int offset = va_lexeme(scan, at + 1)->value;
		int minutes = offset < 0 ? -offset : offset;

		/* The names of IANA count to the west, in whole hours. */
		if (offset % 60 == 0)
			snprintf(scan->zone, sizeof(scan->zone), "Etc/GMT%+d", -offset / 60);
		else
			snprintf(scan->zone, sizeof(scan->zone), "<%c%02d%02d>%c%02d:%02d", offset < 0 ? '-' : '+',
				minutes / 60 % 24, minutes % 60, offset < 0 ? '+' : '-', minutes / 60 % 24, minutes % 60);
		if (offset != 0)
			atom.zone = scan->zone;
		atom.used = 2;
	}
	return atom;
}
