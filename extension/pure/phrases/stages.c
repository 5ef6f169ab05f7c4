/*-------------------------------------------------------------------------
 * stages.c
 *		The beginning, the middle and the end of weeks, months and years.
 */
#include "pure/phrases/times_internal.h"

#define NOTHING ((VaAtom){ .kind = VA_ATOM_NONE })

/* early March, mid July, the end of the month, the end of next year. */
VaAtom
va_scan_stage(const VaScan *scan, size_t from)
{
	size_t at = from;
	size_t used = 0;
	bool said;
	int ahead;
	int stage;
	size_t extra = 0;
	bool of = false;
	int32_t month;
	VaAtom atom;

	while (va_lexeme_is(scan, at, VA_WORD_THE) || va_lexeme_is(scan, at, VA_WORD_ON) ||
		   va_lexeme_is(scan, at, VA_WORD_IN) || va_lexeme_is(scan, at, VA_WORD_AT))
		at++;
	if (!va_lexeme_is(scan, at, VA_WORD_STAGE))
		return NOTHING;
	stage = va_lexeme(scan, at)->value;
	at++;
	while (va_lexeme_is(scan, at, VA_WORD_OF))
	{
		of = true;
		at++;
	}
	/* "zu Beginn des Monats Juni" */
	if (va_lexeme_is(scan, at, VA_WORD_UNIT) && va_lexeme(scan, at)->value == VA_UNIT_MONTH &&
		(va_lexeme_is(scan, at + 1, VA_WORD_MONTH) || va_lexeme_is(scan, at + 1, VA_WORD_MONTH_WEAK)))
		at++;
	month = va_scan_named_month(scan, at, true, &used);
	if (month == VA_NO_DAY)
	{
		size_t unit = at;

		ahead = va_scan_modifier(scan, &unit, &said);
		/* Early next year is its first quarter, late its last; the middle, nobody can tell. */
		if (va_lexeme_is(scan, unit, VA_WORD_YEAR) || va_lexeme_is(scan, unit, VA_WORD_UNIT))
		{
			size_t behind = unit + 1;

			ahead = va_scan_modifier_behind(scan, &behind, ahead, &said);
			if (behind > unit + 1 &&
				!(va_lexeme_is(scan, unit, VA_WORD_UNIT) && va_lexeme(scan, unit)->value == VA_UNIT_MONTH))
				extra = 1;
		}
		if (va_lexeme_is(scan, unit, VA_WORD_YEAR) && (said || of || stage != 1))
		{
			VaCivilDay now = va_civil_day(scan->now.day);

			/* "a principios de año" lies ahead. */
			if (ahead == 0 && stage == 0 && now.month > 3)
				ahead = 1;
			return va_period_atom(stage == 1 ? VA_GRAIN_NONE : VA_GRAIN_QUARTER,
				va_day_number(now.year + ahead, stage == 0 ? 1 : 10, 1), unit + 1 + extra - from);
		}
		/* The end of a week: of that week, nobody can tell more. */
		if (va_lexeme_is(scan, unit, VA_WORD_UNIT) && va_lexeme(scan, unit)->value == VA_UNIT_WEEK)
			return va_period_atom(VA_GRAIN_WEEK, va_monday_of(scan->now.day) + 7 * ahead, unit + 1 + extra - from);
		if (!va_lexeme_is(scan, unit, VA_WORD_UNIT) || va_lexeme(scan, unit)->value != VA_UNIT_MONTH)
			return NOTHING;
		unit++;
		if (va_lexeme_is(scan, unit, VA_WORD_NEXT) || va_lexeme_is(scan, unit, VA_WORD_LAST))
			unit++;
		month = va_add_months(va_first_of_month(scan->now.day), ahead);
		/* What lies behind is not meant: the middle of the month is the next one's. */
		if (ahead == 0 && stage < 2 && va_civil_day(scan->now.day).day > 10 + 10 * stage)
			month = va_add_months(month, 1);
		used = unit - at;
	}
	atom = va_period_atom(VA_GRAIN_STAGE, month, at + used - from);
	atom.stage = stage;
	return atom;
}

/* the last week of June: its late part, the first its early one; any other, nobody can tell. */
VaAtom
va_scan_nth_week(const VaScan *scan, size_t from)
{
	size_t at = from;
	size_t used = 0;
	bool said;
	int nth;
	int32_t month;
	VaAtom atom;

	while (
		va_lexeme_is(scan, at, VA_WORD_THE) || va_lexeme_is(scan, at, VA_WORD_ON) || va_lexeme_is(scan, at, VA_WORD_IN))
		at++;
	nth = va_lexeme_is(scan, at, VA_WORD_LAST) ? -1 : va_lexeme(scan, at)->value;
	if (!va_lexeme_is(scan, at, VA_WORD_LAST) && !va_lexeme_is(scan, at, VA_WORD_ORDINAL))
		return NOTHING;
	at++;
	/* "week of" is an entry of its own. */
	if (!va_lexeme_is(scan, at, VA_WORD_WEEK_OF) &&
		!(va_lexeme_is(scan, at, VA_WORD_UNIT) && va_lexeme(scan, at)->value == VA_UNIT_WEEK &&
			(va_lexeme_is(scan, at + 1, VA_WORD_OF) || va_lexeme_is(scan, at + 1, VA_WORD_IN) ||
				va_lexeme_is(scan, at + 1, VA_WORD_NEXT) || va_lexeme_is(scan, at + 1, VA_WORD_MONTH) ||
				va_lexeme_is(scan, at + 1, VA_WORD_THIS) || va_lexeme_is(scan, at + 1, VA_WORD_THE))))
		return NOTHING;
	at++;
	month = va_scan_named_month(scan, at, true, &used);
	if (month == VA_NO_DAY)
	{
		size_t unit = at;
		int ahead = va_scan_modifier(scan, &unit, &said);

		if (!va_lexeme_is(scan, unit, VA_WORD_UNIT) || va_lexeme(scan, unit)->value != VA_UNIT_MONTH)
			return NOTHING;
		unit++;
		ahead = va_scan_modifier_behind(scan, &unit, ahead, &said);
		month = va_add_months(va_first_of_month(scan->now.day), ahead);
		used = unit - at;
	}
	atom = va_period_atom(nth == 1 || nth == -1 ? VA_GRAIN_STAGE : VA_GRAIN_NONE, month, at + used - from);
	atom.stage = nth == 1 ? 0 : 2;
	return atom;
}
