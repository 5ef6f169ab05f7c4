/*-------------------------------------------------------------------------
 * stages.c
 *		The beginning, the middle and the end of weeks, months and years.
 */
#include "pure/phrases/times/times_internal.h"

/* A stage's value may hold its unit as well ("Monatsende", "year end"): the stage, plus four times one of these. */
enum
{
	UNIT_BEHIND = 0,
	UNIT_MONTH,
	UNIT_YEAR,
	UNIT_WEEK = 4
};

/* "dans le courant de": some time in it. */
#define STAGE_COURSE 3

static VaAtom
stage_of_month(int32_t month, int stage, size_t used)
{
	if (stage == STAGE_COURSE)
		return va_period_atom(VA_GRAIN_MONTH, month, used);
	VaAtom atom = va_period_atom(VA_GRAIN_STAGE, month, used);

	atom.stage = stage;
	return atom;
}

/* Monday to Wednesday, Tuesday to Thursday, Friday to Sunday; in its course, the week. */
static VaAtom
stage_of_week(int32_t monday, int stage, size_t used)
{
	static const int first[] = { 0, 1, 4, 0 };
	static const int last[] = { 2, 3, 6, 6 };
	VaAtom atom = va_period_atom(stage == STAGE_COURSE ? VA_GRAIN_WEEK : VA_GRAIN_DAY, monday + first[stage], used);

	atom.spread = stage != STAGE_COURSE;
	atom.last = monday + last[stage];
	return atom;
}

/* So many units from now. */
static VaAtom
stage_of_unit(const VaScan *scan, int unit, int ahead, int stage, size_t used)
{
	VaCivilDay now = va_civil_day(scan->now.day);
	int32_t month = va_first_of_month(scan->now.day);

	switch (unit)
	{
		case UNIT_WEEK:
			return stage_of_week(va_monday_of(scan->now.day) + 7 * ahead, stage, used);
		case UNIT_YEAR:
			/* "a principios de año" lies ahead. */
			if (ahead == 0 && stage == 0 && now.month > 3)
				ahead = 1;
			if (stage < 2)
				return va_period_atom(
					stage == 1 ? VA_GRAIN_NONE : VA_GRAIN_QUARTER, va_day_number(now.year + ahead, 1, 1), used);
			return stage_of_month(va_day_number(now.year + ahead, 12, 1), stage, used);
		default:
			month = va_add_months(month, ahead);
			/* Past days are not meant: the middle of the month is the next one's. */
			if (ahead == 0 && stage < 2 && now.day > 10 + 10 * stage)
				month = va_add_months(month, 1);
			return stage_of_month(month, stage, used);
	}
}

static int
unit_at(const VaScan *scan, size_t at)
{
	const VaLexeme *lexeme = va_lexeme(scan, at);

	if (lexeme->class == VA_WORD_YEAR && lexeme->value == 0)
		return UNIT_YEAR;
	if (lexeme->class != VA_WORD_UNIT)
		return UNIT_BEHIND;
	return lexeme->value == VA_UNIT_WEEK ? UNIT_WEEK : lexeme->value == VA_UNIT_MONTH ? UNIT_MONTH : UNIT_BEHIND;
}

/* early March, mid July, the end of the month, the end of next year, Monatsende. */
static VaAtom
stage_at(const VaScan *scan, size_t from)
{
	size_t at = from;
	size_t used = 0;
	bool said;
	int ahead;
	int stage;
	int unit;
	int32_t month;

	ahead = va_scan_modifier(scan, &at, &said);
	if (!va_lexeme_is(scan, at, VA_WORD_STAGE))
		return VA_NOTHING;
	stage = va_lexeme(scan, at)->value % 4;
	unit = va_lexeme(scan, at)->value / 4;
	at++;
	if (unit == UNIT_BEHIND && ahead != 0)
		return VA_NOTHING;
	while (va_lexeme_is(scan, at, VA_WORD_OF))
		at++;
	/* "by the end of today" */
	if (unit == UNIT_BEHIND && stage == 2 && va_lexeme_is(scan, at, VA_WORD_DAY) && va_lexeme(scan, at)->value >= 0)
		return va_day_atom(scan->now.day + va_lexeme(scan, at)->value, at + 1 - from);
	month = unit == UNIT_BEHIND || unit == UNIT_MONTH ? va_scan_named_month(scan, at, true, &used) : VA_NO_DAY;
	if (month != VA_NO_DAY)
		return stage_of_month(month, stage, at + used - from);
	if (unit == UNIT_BEHIND)
	{
		ahead = va_scan_modifier(scan, &at, &said);
		unit = unit_at(scan, at);
		if (unit == UNIT_BEHIND)
			return VA_NOTHING;
		at++;
	}
	ahead = va_scan_modifier_behind(scan, &at, ahead, &said);
	return stage_of_unit(scan, unit, ahead, stage, at - from);
}

VaAtom
va_scan_stage(const VaScan *scan, size_t from)
{
	VaAtom atom = stage_at(scan, from);

	/* "d'ici la fin de la semaine" */
	atom.until = va_lexeme_is(scan, from, VA_WORD_IN) && va_lexeme(scan, from)->value > 0;
	return atom;
}
