/*-------------------------------------------------------------------------
 * spreads.c
 *		Holidays by name.
 *-------------------------------------------------------------------------
 */
#include "pure/phrases/times/times_internal.h"

#define NOTHING ((VaAtom){ .kind = VA_ATOM_NONE })

/* "August bank holiday Monday", "l'Action de grâce, le lundi": lexemes that say the holiday's weekday once more. */
static size_t
its_weekday(const VaScan *scan, size_t at, int32_t day)
{
	size_t behind = at;

	while (va_lexeme_is(scan, behind, VA_LEXEME_COMMA) || va_lexeme_is(scan, behind, VA_WORD_THE) ||
		   va_lexeme_is(scan, behind, VA_WORD_ON))
		behind++;
	if (!va_lexeme_is(scan, behind, VA_WORD_WEEKDAY) || va_lexeme(scan, behind)->value != va_weekday(day))
		return 0;
	switch (va_lexeme(scan, behind + 1)->class)
	{
		case VA_WORD_NUMBER:
		case VA_WORD_ORDINAL:
		case VA_WORD_AFTER:
		case VA_WORD_BEFORE:
		case VA_WORD_NEXT:
		case VA_WORD_THE:
		case VA_WORD_ON:
			return 0;
		default:
			return behind + 1 - at;
	}
}

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
	while (va_lexeme_is(scan, at, VA_WORD_THE) || va_lexeme_is(scan, at, VA_WORD_ON))
		at++;
	last = va_lexeme_is(scan, at, VA_WORD_LAST) ||
		   (va_lexeme_is(scan, at, VA_WORD_ORDINAL) && va_lexeme(scan, at)->value == -1);
	if (last || va_lexeme_is(scan, at, VA_WORD_NEXT) || va_lexeme_is(scan, at, VA_WORD_THIS))
		at++;
	if (!va_lexeme_is(scan, at, VA_WORD_HOLIDAY))
		return VA_NO_DAY;
	*holiday = va_value_and_part(scan, at, part);
	at++;
	year = va_scan_year(scan, va_lexeme_is(scan, at, VA_WORD_IN) ? va_skip_of(scan, at + 1) : at, &taken);
	if (year != 0)
	{
		if (va_lexeme_is(scan, at, VA_WORD_IN))
			at = va_skip_of(scan, at + 1);
		*used = at + taken - from;
		return va_holiday(*holiday, year);
	}
	day = holiday_seen(scan, *holiday, last);
	*used = at + its_weekday(scan, at, day) - from;
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
		return NOTHING;
	atom = va_day_atom(day, used);
	atom.part = part;
	return atom;
}
