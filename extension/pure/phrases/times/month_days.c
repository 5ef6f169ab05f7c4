/*-------------------------------------------------------------------------
 * month_days.c
 *		Days of a month that is said once for several of them, or by words.
 */
#include "pure/phrases/times/times_internal.h"

/* Days that one month is said for. */
#define SHARED_MAX 5

/* A day in the month of a date; kind VA_ATOM_NONE: the month has none such. */
static VaAtom
in_month_of(const VaAtom *date, int day, size_t used)
{
	VaCivilDay civil = va_civil_day(date->day);
	VaAtom atom;

	if (date->kind != VA_ATOM_DAY || !date->in_month || date->or_day != VA_NO_DAY ||
		!va_is_civil_day(civil.year, civil.month, day))
		return VA_NOTHING;
	atom = va_day_atom(va_day_number(civil.year, civil.month, day), used);
	atom.in_month = true;
	return atom;
}

VaAtom
va_scan_shared_month(const VaScan *scan, size_t from)
{
	size_t at = va_skip_articles(scan, from);
	int day = va_scan_day_number(scan, at, false);
	size_t used = at + 1 - from;

	if (day == 0)
		return VA_NOTHING;
	for (int i = 1; i < SHARED_MAX; i++)
	{
		int link = va_lexeme(scan, at + 1)->class;
		bool to = link == VA_WORD_TO || link == VA_LEXEME_DASH || link == VA_WORD_UNTIL;
		bool ordinal = va_lexeme_is(scan, at, VA_WORD_ORDINAL);
		/* "le 3, le 4 ou le 7 juillet" */
		bool ordinals = ordinal ||
						(at > 0 && va_lexeme_is(scan, at - 1, VA_WORD_ON) && va_lexeme(scan, at - 1)->value == 1);
		size_t next = va_skip_articles(scan, at + 2);
		VaAtom date;
		if (!to && link != VA_WORD_OR && link != VA_WORD_AND && link != VA_LEXEME_COMMA)
			return VA_NOTHING;
		if (!to && !ordinals && va_lexeme(scan, at)->digits == 0)
			return VA_NOTHING;
		date = va_scan_date(scan, next);
		if (date.kind == VA_ATOM_DAY)
		{
			VaAtom atom = in_month_of(&date, day, used);

			return to && atom.kind == VA_ATOM_DAY && atom.day >= date.day ? VA_NOTHING : atom;
		}
		if (to || date.kind != VA_ATOM_NONE || !ordinals || va_scan_day_number(scan, next, ordinal) == 0)
			return VA_NOTHING;
		at = next;
	}
	return VA_NOTHING;
}

/* The month that is said behind a day: its first day, VA_NO_DAY: none.  *used: lexemes. */
static int32_t
month_behind(const VaScan *scan, size_t from, size_t *used)
{
	size_t at = va_skip_of(scan, va_lexeme_is(scan, from, VA_WORD_IN) ? from + 1 : from);
	int32_t named = va_scan_named_month(scan, at, true, used);
	VaAtom month;

	if (named != VA_NO_DAY)
	{
		*used += at - from;
		return named;
	}
	month = va_scan_period(scan, at);
	*used = at + month.used - from;
	return month.kind == VA_ATOM_PERIOD && month.grain == VA_GRAIN_MONTH ? month.day : VA_NO_DAY;
}

VaAtom
va_scan_day_of_period(const VaScan *scan, size_t from)
{
	size_t at = va_skip_articles(scan, from);
	bool last = va_is_last(scan, at);
	int day = last ? 1 : va_scan_day_number(scan, at, false);
	bool from_end = last;
	size_t used;
	int32_t first;
	VaCivilDay civil;

	if (day == 0)
		return VA_NOTHING;
	at++;
	if (va_is_unit(scan, at, VA_UNIT_DAY))
		at++;
	/* "el último día de" */
	else if (from_end)
		return VA_NOTHING;
	if (!va_lexeme_is(scan, at, VA_WORD_OF) && !va_lexeme_is(scan, at, VA_WORD_IN) &&
		!va_lexeme_is(scan, at, VA_WORD_ON))
		return VA_NOTHING;
	first = month_behind(scan, at, &used);
	if (first == VA_NO_DAY)
		return VA_NOTHING;
	civil = va_civil_day(first);
	if (from_end)
		day = va_days_in_month(civil.year, civil.month) - day + 1;
	if (!va_is_civil_day(civil.year, civil.month, day))
		return VA_NOTHING;
	return va_day_atom(first + day - 1, at + used - from);
}
