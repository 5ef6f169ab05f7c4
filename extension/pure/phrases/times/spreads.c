/*-------------------------------------------------------------------------
 * spreads.c
 *		Holidays by name.
 */
#include "pure/phrases/times/times_internal.h"

/* The next such holiday, or the last one that is behind. */
static int32_t
holiday_seen(const VaScan *scan, int holiday, bool last)
{
	int year = va_civil_day(scan->now.day).year;
	int32_t day;

	day = va_holiday(holiday, year);
	if (last)
		return day < scan->now.day ? day : va_holiday(holiday, year - 1);
	return day < scan->now.day ? va_holiday(holiday, year + 1) : day;
}

/* A holiday, of a year that is said or the next such: its first day.  *used: lexemes; 0: there is none. */
static int32_t
named_holiday(const VaScan *scan, size_t from, int *holiday, VaDayPart *part, size_t *used)
{
	size_t at = from;
	size_t taken = 0;
	int year;
	bool last;
	int32_t day;

	*used = 0;
	at = va_skip_articles(scan, at);
	last = va_is_last(scan, at);
	/* "the week after Easter" is not Easter. */
	if (last || (va_lexeme_is(scan, at, VA_WORD_NEXT) && va_lexeme(scan, at)->value < 6) ||
		va_lexeme_is(scan, at, VA_WORD_THIS))
		at++;
	if (!va_lexeme_is(scan, at, VA_WORD_HOLIDAY))
		return VA_NO_DAY;
	*holiday = va_value_and_part(scan, at, part);
	at++;
	year = va_scan_year(scan, va_lexeme_is(scan, at, VA_WORD_IN) ? va_skip_of(scan, at + 1) : at, &taken);
	if (year != 0)
	{
		*used = at + taken - from;
		return va_holiday(*holiday, year);
	}
	day = holiday_seen(scan, *holiday, last);
	*used = at - from;
	return day;
}

VaAtom
va_scan_holiday(const VaScan *scan, size_t from)
{
	int holiday;
	VaDayPart part = VA_PART_NONE;
	size_t used;
	int32_t day = named_holiday(scan, from, &holiday, &part, &used);
	VaAtom atom;

	if (day == VA_NO_DAY)
		return VA_NOTHING;
	atom = va_day_atom(day, used);
	atom.part = part;
	return atom;
}
