/*-------------------------------------------------------------------------
 * spreads.c
 *		Holidays by name, and days that belong together: their long weekends,
 *		Holy Week, halves of a month and of a year.
 *-------------------------------------------------------------------------
 */
#include "pure/phrases/times/times_internal.h"

#define NOTHING ((VaAtom){ .kind = VA_ATOM_NONE })

static VaAtom
spread(VaTimeGrain grain, int32_t first, int32_t last, size_t used)
{
	VaAtom atom = va_period_atom(grain, first, used);

	atom.spread = true;
	atom.last = last;
	return atom;
}

static size_t
skip_small(const VaScan *scan, size_t at)
{
	while (va_lexeme_is(scan, at, VA_WORD_THE) || va_lexeme_is(scan, at, VA_WORD_ON) ||
		   va_lexeme_is(scan, at, VA_WORD_IN) || va_lexeme_is(scan, at, VA_WORD_OF) ||
		   va_lexeme_is(scan, at, VA_WORD_AT))
		at++;
	return at;
}

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

/* Whether a year follows soon; no other holiday before it, so that periods and
 * holidays look no deeper into one another. */
static bool
says_year(const VaScan *scan, size_t at)
{
	for (size_t i = at; i < at + 4; i++)
	{
		if (va_lexeme_is(scan, i, VA_WORD_HOLIDAY) || va_lexeme_is(scan, i, VA_WORD_BRIDGE))
			return false;
		if (va_lexeme_is(scan, i, VA_WORD_YEAR) || va_lexeme_is(scan, i, VA_WORD_NUMBER) ||
			(va_lexeme_is(scan, i, VA_WORD_UNIT) && va_lexeme(scan, i)->value == VA_UNIT_YEAR))
			return true;
	}
	return false;
}

/* "in three years", "a year ago", behind a holiday: the day from which the next
 * such counts; VA_NO_DAY: none. */
static int32_t
counted_years(const VaScan *scan, size_t from, size_t *used)
{
	bool in = va_lexeme_is(scan, from, VA_WORD_IN) && !va_is_within(scan, from);
	bool ago = va_is_ago(scan, from);
	size_t at = in || ago ? from + 1 : from;
	const VaLexeme *count = va_lexeme(scan, at);
	const VaLexeme *unit = va_lexeme(scan, at + 1);
	int months = unit->class == VA_WORD_YEAR	? 12
				 : unit->class != VA_WORD_UNIT	? 0
				 : unit->value == VA_UNIT_YEAR	? 12
				 : unit->value == VA_UNIT_MONTH ? 1
												: 0;

	if ((count->class != VA_WORD_NUMBER && count->class != VA_WORD_ARTICLE) || count->value < 1 || count->value > 60 ||
		months == 0)
		return VA_NO_DAY;
	at += 2;
	if (!in && !ago)
	{
		ago = va_lexeme_is(scan, at, VA_WORD_AGO);
		if (!ago && !va_lexeme_is(scan, at, VA_WORD_FROM_NOW))
			return VA_NO_DAY;
		at++;
	}
	*used = at - from;
	return va_add_months(scan->now.day, (ago ? -months : months) * count->value);
}

/* A holiday, of a year that is said or the next such: its first day.  *used: lexemes; 0: there is none. */
static int32_t
named_holiday(const VaScan *scan, size_t from, int *holiday, VaDayPart *part, size_t *used)
{
	size_t at = from;
	size_t taken = 0;
	int year;
	bool last;
	VaAtom behind;
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
	if (*holiday == VA_HOLIDAY_BETWEEN_YEARS)
		return VA_NO_DAY;
	at++;
	year = va_scan_year(scan, va_lexeme_is(scan, at, VA_WORD_IN) ? va_skip_of(scan, at + 1) : at, &taken);
	if (year != 0)
	{
		if (va_lexeme_is(scan, at, VA_WORD_IN))
			at = va_skip_of(scan, at + 1);
		*used = at + taken - from;
		return va_holiday(*holiday, year);
	}
	day = counted_years(scan, at, &taken);
	if (day != VA_NO_DAY)
	{
		*used = at + taken - from;
		year = va_civil_day(day).year;
		return va_holiday(*holiday, va_holiday(*holiday, year) >= day ? year : year + 1);
	}
	behind = says_year(scan, va_skip_of(scan, at)) ? va_scan_period(scan, va_skip_of(scan, at)) : NOTHING;
	if (behind.kind == VA_ATOM_PERIOD && behind.grain == VA_GRAIN_YEAR)
	{
		*used = va_skip_of(scan, at) + behind.used - from;
		return va_holiday(*holiday, va_civil_day(behind.day).year);
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

/* The free days around a holiday, with the weekend; a holiday within the week or at a weekend has none. */
static VaAtom
bridge_around(int32_t day, size_t used)
{
	static const int before[] = { 0, 2, 3, 0, 0, 0, 0, 0 };
	static const int behind[] = { 0, 0, 0, 0, 3, 2, 0, 0 };
	int weekday = va_weekday(day);

	return spread(VA_GRAIN_DAY, day - before[weekday], day + behind[weekday], used);
}

/* "el puente del Pilar", "le pont du premier mai", "el puente de mayo" (its first), "de diciembre" (6 to 8). */
static VaAtom
bridge(const VaScan *scan, size_t from)
{
	size_t at = skip_small(scan, from);
	VaAtom day;
	int month;
	int32_t first;

	if (!va_lexeme_is(scan, at, VA_WORD_BRIDGE))
		return NOTHING;
	at = skip_small(scan, at + 1);
	month = va_lexeme(scan, at)->value;
	if (va_lexeme_is(scan, at, VA_WORD_MONTH) && month == 12 && (scan->traits & VA_LANGUAGE_AND_UNIT))
	{
		VaAtom last;

		first = va_next_date(scan, 0, 12, 8) - 2;
		last = bridge_around(first + 2, at + 1 - from);
		if (va_weekday(first) == 1)
			first -= 2;
		last.day = last.day < first ? last.day : first;
		return last;
	}
	if (va_lexeme_is(scan, at, VA_WORD_MONTH_WEAK) && month == 5)
		return bridge_around(va_next_date(scan, 0, 5, 1), at + 1 - from);
	if (va_lexeme_is(scan, at, VA_WORD_MONTH) && (month == 11 || month == 8))
		return bridge_around(va_next_date(scan, 0, month, month == 8 ? 15 : 1), at + 1 - from);
	day = va_scan_simple_day(scan, at);
	if (day.kind != VA_ATOM_DAY)
		return va_period_atom(VA_GRAIN_NONE, scan->now.day, at - from);
	return bridge_around(day.day, at + day.used - from);
}

/* Palm Sunday to Easter. */
static VaAtom
holy_week(const VaScan *scan, size_t from)
{
	size_t at = skip_small(scan, from);
	int year = va_civil_day(scan->now.day).year;

	if (!va_lexeme_is(scan, at, VA_WORD_HOLY_WEEK))
		return NOTHING;
	if (va_easter(year) < scan->now.day)
		year++;
	/* "Karwoche" */
	if (va_lexeme(scan, at)->value == 1)
		return va_period_atom(VA_GRAIN_WEEK, va_monday_of(va_easter(year)), at + 1 - from);
	return spread(VA_GRAIN_DAY, va_easter(year) - 7, va_easter(year), at + 1 - from);
}

/* "this summer": the one that has begun, or the next. */
static VaAtom
season(const VaScan *scan, size_t from)
{
	static const int begins[] = { 320, 621, 924, 1221 };
	static const int ends[] = { 620, 923, 1220, 320 };
	int year = va_civil_day(scan->now.day).year - 1;
	int nth;
	int32_t first;
	int32_t last;

	if (!va_is_this(scan, from) || !va_lexeme_is(scan, from + 1, VA_WORD_SEASON))
		return NOTHING;
	nth = va_lexeme(scan, from + 1)->value % 8 - 1;
	do
	{
		first = va_day_number(year, begins[nth] / 100, begins[nth] % 100);
		last = va_day_number(nth == 3 ? year + 1 : year, ends[nth] / 100, ends[nth] % 100);
		year++;
	} while (last < scan->now.day);
	return spread(VA_GRAIN_DAY, first, last, 2);
}

static VaAtom
half(int32_t month, int nth, size_t used)
{
	VaCivilDay civil = va_civil_day(month);

	if (nth == 1)
		return spread(VA_GRAIN_DAY, month, month + 14, used);
	return spread(VA_GRAIN_DAY, month + 15, month + va_days_in_month(civil.year, civil.month) - 1, used);
}

/* "la primera quincena de julio": to the 15th, or from the 16th on. */
static VaAtom
half_of_month(const VaScan *scan, size_t from)
{
	size_t at = skip_small(scan, from);
	int nth = va_lexeme_is(scan, at, VA_WORD_LAST) ? 2 : va_lexeme(scan, at)->value;
	size_t used = 0;
	int32_t month;

	/* "in der ersten Junihälfte" */
	if (va_lexeme_is(scan, at, VA_WORD_ORDINAL) && nth >= 1 && nth <= 2 && va_lexeme_is(scan, at + 2, VA_WORD_UNIT) &&
		va_lexeme(scan, at + 2)->value == VA_UNIT_FORTNIGHT)
	{
		month = va_scan_named_month(scan, at + 1, true, &used);
		if (month == VA_NO_DAY || used != 1)
			return NOTHING;
		return half(month, nth, at + 3 - from);
	}
	if ((!va_lexeme_is(scan, at, VA_WORD_ORDINAL) && !va_lexeme_is(scan, at, VA_WORD_LAST)) || nth < 1 || nth > 2 ||
		!va_lexeme_is(scan, at + 1, VA_WORD_UNIT) || va_lexeme(scan, at + 1)->value != VA_UNIT_FORTNIGHT)
		return NOTHING;
	at = skip_small(scan, at + 2);
	month = va_scan_named_month(scan, at, true, &used);
	if (month == VA_NO_DAY)
		return NOTHING;
	return half(month, nth, at + used - from);
}

/* "el segundo semestre": two quarters. */
static VaAtom
half_of_year(const VaScan *scan, size_t from)
{
	size_t at = skip_small(scan, from);
	VaCivilDay now = va_civil_day(scan->now.day);
	int nth = va_lexeme(scan, at)->value;
	size_t used = 0;
	int year;

	if (!va_lexeme_is(scan, at, VA_WORD_ORDINAL) || nth < 1 || nth > 2 ||
		!va_lexeme_is(scan, at + 1, VA_WORD_QUARTER) || va_lexeme(scan, at + 1)->value != VA_QUARTER_HALF)
		return NOTHING;
	at += 2;
	year = va_scan_year(scan, skip_small(scan, at), &used);
	if (year != 0)
		at = skip_small(scan, at) + used;
	else
		year = now.year + (nth == 1 && now.month > 6 ? 1 : 0);
	return spread(VA_GRAIN_QUARTER, va_day_number(year, nth == 1 ? 1 : 7, 1), va_day_number(year, nth == 1 ? 4 : 10, 1),
		at - from);
}

VaAtom
va_scan_spread(const VaScan *scan, size_t at)
{
	VaAtom atom = bridge(scan, at);

	if (atom.kind == VA_ATOM_NONE)
		atom = holy_week(scan, at);
	if (atom.kind == VA_ATOM_NONE)
		atom = season(scan, at);
	if (atom.kind == VA_ATOM_NONE)
		atom = half_of_month(scan, at);
	if (atom.kind == VA_ATOM_NONE)
		atom = half_of_year(scan, at);
	return atom;
}
