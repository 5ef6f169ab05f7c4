/*-------------------------------------------------------------------------
 * days.c
 *		Days: relative, by name, by date, holidays, and days counted from them.
 */
#include <string.h>

#include "pure/phrases/times/times_internal.h"

/* A number right behind a weekday is its date if that is no further away. */
#define BARE_DATE_DAYS 190

VaAtom
va_day_atom(int32_t day, size_t used)
{
	if (day == VA_NO_DAY || used == 0)
		return VA_NOTHING;
	return (VaAtom){ .kind = VA_ATOM_DAY, .used = used, .day = day, .or_day = VA_NO_DAY, .grain = VA_GRAIN_DAY };
}

int32_t
va_next_weekday(const VaScan *scan, int weekday)
{
	int ahead = (weekday - va_weekday(scan->now.day) + 7) % 7;

	return scan->now.day + (ahead == 0 ? 7 : ahead);
}

int32_t
va_next_date(const VaScan *scan, int year, int month, int day)
{
	VaCivilDay now = va_civil_day(scan->now.day);

	if (day < 1 || day > 31)
		return VA_NO_DAY;
	if (year != 0)
		return month != 0 && va_is_civil_day(year, month, day) ? va_day_number(year, month, day) : VA_NO_DAY;
	/* A 29 February is at most eight years away, a 31st two months. */
	for (int i = 0; i < 9 * 12; i++)
	{
		int at_year = now.year + (now.month - 1 + i) / 12;
		int at_month = (now.month - 1 + i) % 12 + 1;

		if ((month != 0 && month != at_month) || !va_is_civil_day(at_year, at_month, day))
			continue;
		if (va_day_number(at_year, at_month, day) >= scan->now.day)
			return va_day_number(at_year, at_month, day);
	}
	return VA_NO_DAY;
}

static bool
is_month(const VaScan *scan, size_t at)
{
	return va_lexeme_is(scan, at, VA_WORD_MONTH) || va_lexeme_is(scan, at, VA_WORD_MONTH_WEAK);
}

int
va_scan_year(const VaScan *scan, size_t at, size_t *used)
{
	const VaLexeme *first = va_lexeme(scan, at);
	const VaLexeme *second = va_lexeme(scan, at + 1);
	size_t skip = 0;

	*used = 0;
	/* "del dos mil veintisiete" */
	if (first->class == VA_LEXEME_COMMA || first->class == VA_WORD_ON ||
		(first->class == VA_WORD_THE && first->value == 1) || first->class == VA_WORD_YEAR)
	{
		skip = 1;
		first = second;
		second = va_lexeme(scan, at + 2);
	}
	if (first->class != VA_WORD_NUMBER)
		return 0;
	if (first->value >= 1900 && first->value < 2200 && (first->digits == 4 || first->digits == 0))
	{
		*used = skip + 1;
		return first->value;
	}
	/* twenty twenty-six */
	if (first->digits == 0 && (first->value == 20 || first->value == 19) && second->class == VA_WORD_NUMBER &&
		second->digits == 0 && second->value >= 10 && second->value <= 99)
	{
		*used = skip + 2;
		return first->value * 100 + second->value;
	}
	return 0;
}

int
va_scan_day_number(const VaScan *scan, size_t at, bool ordinal)
{
	const VaLexeme *lexeme = va_lexeme(scan, at);

	if (lexeme->class != VA_WORD_ORDINAL && (ordinal || lexeme->class != VA_WORD_NUMBER))
		return 0;
	return lexeme->value >= 1 && lexeme->value <= 31 && lexeme->digits <= 2 ? lexeme->value : 0;
}

static size_t
skip_class(const VaScan *scan, size_t at, int class)
{
	return va_lexeme_is(scan, at, class) ? at + 1 : at;
}

size_t
va_skip_of(const VaScan *scan, size_t at)
{
	while (
		va_lexeme_is(scan, at, VA_WORD_OF) || va_lexeme_is(scan, at, VA_WORD_THE) || va_lexeme_is(scan, at, VA_WORD_ON))
		at++;
	return at;
}

/* March 3rd, 3 March, the third of March, 3. 3.; month and day are said. */
static VaAtom
month_and_day(const VaScan *scan, size_t from)
{
	size_t at = from;
	size_t year_used;
	int month = 0;
	int day;
	int year;
	int32_t date;
	VaAtom atom;

	at = va_skip_articles(scan, at);
	if (is_month(scan, at))
	{
		month = va_lexeme(scan, at)->value;
		at = skip_class(scan, at + 1, VA_WORD_THE);
		day = va_scan_day_number(scan, at, false);
		/* "March 3 pm" and "March 3 o'clock" are none. */
		if (va_lexeme_is(scan, at + 1, VA_WORD_HALF_DAY) || va_lexeme_is(scan, at + 1, VA_WORD_OCLOCK))
			day = 0;
		at++;
	}
	else
	{
		day = va_scan_day_number(scan, at, false);
		at = va_skip_of(scan, at + 1);
		if (day > 0 && is_month(scan, at))
			month = va_lexeme(scan, at)->value;
		/* am dritten Vierten, 3. 4. */
		else if ((scan->traits & VA_LANGUAGE_POINT_DATES) && va_lexeme_is(scan, at, VA_WORD_ORDINAL) &&
				 va_lexeme_is(scan, at - 1, VA_WORD_ORDINAL) && va_lexeme(scan, at)->value <= 12)
			month = va_lexeme(scan, at)->value;
		at++;
	}
	if (day == 0 || month == 0)
		return VA_NOTHING;
	year = va_scan_year(scan, va_lexeme_is(scan, at, VA_WORD_OF) ? at + 1 : at, &year_used);
	if (year != 0 && va_lexeme_is(scan, at, VA_WORD_OF))
		at++;
	date = va_next_date(scan, year, month, day);
	/* 30 February is a date, but no day: nothing else of the words is meant. */
	if (date == VA_NO_DAY)
		return (VaAtom){ .kind = VA_ATOM_PERIOD, .used = at - from, .grain = VA_GRAIN_NONE, .or_day = VA_NO_DAY };
	atom = va_day_atom(date, at + (year != 0 ? year_used : 0) - from);
	atom.in_month = true;
	atom.year_said = year != 0;
	return atom;
}

/* 02/03 and 20.03. */
static VaAtom
numeric_date(const VaScan *scan, size_t from)
{
	const VaLexeme *lexeme = va_lexeme(scan, from);
	VaAtom atom;
	int32_t day_first;
	int32_t month_first;

	if (lexeme->class == VA_LEXEME_DATE)
	{
		atom = va_day_atom(lexeme->value, 1);
		atom.in_month = atom.year_said = true;
		return atom;
	}
	if (lexeme->class == VA_LEXEME_POINT && (lexeme->sure || (scan->traits & VA_LANGUAGE_POINT_DATES)) &&
		(lexeme->sure || (from > 0 && va_lexeme_is(scan, from - 1, VA_WORD_ON))))
	{
		atom = va_day_atom(va_next_date(scan, 0, lexeme->value2, lexeme->value), 1);
		atom.in_month = atom.kind == VA_ATOM_DAY;
		return atom;
	}
	if (lexeme->class != VA_LEXEME_SLASH)
		return VA_NOTHING;
	day_first = lexeme->value2 <= 12 ? va_next_date(scan, 0, lexeme->value2, lexeme->value) : VA_NO_DAY;
	month_first = lexeme->value <= 12 && (scan->traits & VA_LANGUAGE_MONTH_FIRST)
					  ? va_next_date(scan, 0, lexeme->value, lexeme->value2)
					  : VA_NO_DAY;
	atom = va_day_atom(month_first != VA_NO_DAY ? month_first : day_first, 1);
	if (atom.kind == VA_ATOM_DAY && month_first != VA_NO_DAY && day_first != month_first)
		atom.or_day = day_first;
	return atom;
}

VaAtom
va_scan_date(const VaScan *scan, size_t at)
{
	VaAtom atom = month_and_day(scan, at);

	return atom.kind == VA_ATOM_NONE ? numeric_date(scan, at) : atom;
}

/* Whether what stands behind a bare ordinal makes it something else: "the second floor", "the first time". */
static bool
is_of_something(const VaScan *scan, size_t at, int value, bool digits)
{
	switch (va_lexeme(scan, at)->class)
	{
		case VA_WORD_COUNTED:
		case VA_WORD_COUNTING:
		case VA_WORD_UNIT:
		case VA_WORD_WEEK_OF:
		case VA_WORD_SPAN:
			return true;
		case VA_WORD_NUMBER:
			return !digits && va_lexeme_is(scan, at + 1, VA_WORD_UNIT);
		case VA_WORD_OTHER:
		case VA_WORD_OF:
			return value <= 10 && !digits;
		default:
			return false;
	}
}

/* the 20th, el 20, am zwanzigsten. */
static VaAtom
day_of_month(const VaScan *scan, size_t from)
{
	size_t at = from;
	bool the = false;
	bool strong = false;
	bool marked = false;
	bool digits;
	int day;
	VaAtom atom;

	/* "después del 20", "avant le 5", "entre el 3 y el 5" */
	if (from > 0 && va_lexeme(scan, from - 1)->value == 1 &&
		(va_lexeme_is(scan, from - 1, VA_WORD_AFTER) || va_lexeme_is(scan, from - 1, VA_WORD_BEFORE) ||
			va_lexeme_is(scan, from - 1, VA_WORD_UNTIL) || va_lexeme_is(scan, from - 1, VA_WORD_BETWEEN) ||
			va_lexeme_is(scan, from - 1, VA_WORD_TO)))
		the = strong = marked = true;
	if (from > 0 && va_lexeme_is(scan, from - 1, VA_WORD_FROM) &&
		((va_lexeme(scan, from - 1)->value & 2) || (scan->traits & VA_LANGUAGE_POINT_DATES)))
	{
		the = marked = true;
		strong = (va_lexeme(scan, from - 1)->value & 2) != 0;
	}
	while (va_lexeme_is(scan, at, VA_WORD_THE) || va_lexeme_is(scan, at, VA_WORD_ON))
	{
		the = true;
		strong = strong || va_lexeme(scan, at)->value == 1;
		at++;
	}
	digits = va_lexeme(scan, at)->digits > 0;
	day = va_scan_day_number(scan, at, !strong);
	if (day == 0 || (!the && !digits))
		return VA_NOTHING;
	/* French days are cardinals but for the first: "au deuxième" is a floor. */
	if (day > 1 && !digits && va_lexeme_is(scan, at, VA_WORD_ORDINAL) && (scan->traits & VA_LANGUAGE_SCORES))
		return VA_NOTHING;
	if (va_lexeme_is(scan, at, VA_WORD_NUMBER) &&
		(va_lexeme_is(scan, at + 1, VA_WORD_HALF_DAY) || va_lexeme_is(scan, at + 1, VA_WORD_OCLOCK) ||
			va_lexeme_is(scan, at + 1, VA_WORD_NUMBER) || va_lexeme_is(scan, at + 1, VA_WORD_COUNTED)))
		return VA_NOTHING;
	/* "ab dem zehnten bin ich frei": a noun would have a capital letter, or no such word before it. */
	if (is_of_something(scan, at + 1, day, digits) &&
		!(va_lexeme_is(scan, at + 1, VA_WORD_OTHER) && !va_lexeme(scan, at + 1)->capital && marked))
		return VA_NOTHING;
	atom = va_day_atom(va_next_date(scan, 0, 0, day), at + 1 - from);
	atom.any_month = true;
	return atom;
}

/* Friday the 20th, Monday 23 March: the date where it is that weekday, now or in a later month. */
static VaAtom
weekday_and_date(const VaScan *scan, size_t at, int weekday, size_t taken)
{
	VaAtom date;
	bool bare = false;
	size_t skip = 0;

	if (va_lexeme_is(scan, at, VA_LEXEME_COMMA))
		skip = 1;
	while (va_lexeme_is(scan, at + skip, VA_WORD_ON) && va_lexeme(scan, at + skip + 1)->class == VA_LEXEME_DATE)
		skip++;
	date = va_scan_date(scan, at + skip);
	if (date.kind == VA_ATOM_PERIOD)
		return VA_NOTHING;
	if (date.kind != VA_ATOM_NONE)
	{
		if (va_weekday(date.day) != weekday)
		{
			return (VaAtom){
				.kind = VA_ATOM_PERIOD, .used = date.used + skip + taken, .grain = VA_GRAIN_NONE, .or_day = VA_NO_DAY
			};
		}
		date.or_day = VA_NO_DAY;
		date.used += skip + taken;
		return date;
	}
	/* Spanish and French: "lunes 23", "lundi 23" */
	if (va_lexeme_is(scan, at, VA_WORD_NUMBER) && va_lexeme(scan, at)->digits != 4 &&
		!(scan->traits & (VA_LANGUAGE_HOUR_MINUTES | VA_LANGUAGE_POINT_DATES)) &&
		!va_lexeme_is(scan, at + 1, VA_WORD_OCLOCK) && !va_lexeme_is(scan, at + 1, VA_WORD_UNIT) &&
		!va_lexeme_is(scan, at + 1, VA_WORD_PART) && !va_lexeme_is(scan, at + 1, VA_WORD_MINUTES) &&
		!va_lexeme_is(scan, at + 1, VA_WORD_TO) && !va_lexeme_is(scan, at + 1, VA_LEXEME_DASH) &&
		!va_lexeme_is(scan, at + 1, VA_WORD_COUNTED) && va_scan_day_number(scan, at, false) > 0)
	{
		bare = true;
		date = va_day_atom(va_next_date(scan, 0, 0, va_lexeme(scan, at)->value), 1);
	}
	else
		date = day_of_month(scan, at + skip);
	if (date.kind == VA_ATOM_NONE)
		return VA_NOTHING;
	for (int month = 0; month < 12 && va_weekday(date.day) != weekday; month++)
	{
		int day = va_civil_day(date.day).day;
		int32_t next = va_add_months(date.day, 1);

		/* Through months that lack the day. */
		if (va_civil_day(next).day != day)
			next = va_add_months(date.day, 2);
		date.day = next;
	}
	if (va_weekday(date.day) != weekday)
		return VA_NOTHING;
	date.used += skip + taken;
	/* "jueves once", and no such day soon: the day or the hour, ambiguous. */
	if (bare && date.day - scan->now.day > BARE_DATE_DAYS)
		return (VaAtom){ .kind = VA_ATOM_PERIOD, .used = date.used, .grain = VA_GRAIN_NONE, .or_day = VA_NO_DAY };
	return date;
}

static bool
is_weekday(const VaScan *scan, size_t at)
{
	const VaLexeme *lexeme = va_lexeme(scan, at);
	const VaLexeme *next = va_lexeme(scan, at + 1);

	if (lexeme->class == VA_WORD_WEEKDAY)
		return true;
	if (lexeme->class != VA_WORD_WEEKDAY_SHORT || next->class == VA_WORD_OTHER)
		return false;
	return lexeme->capital || next->class == VA_WORD_NUMBER || next->class == VA_LEXEME_CLOCK ||
		   next->class == VA_WORD_AT || next->class == VA_WORD_PART;
}

/* Friday, next Friday, last Friday, Friday the 20th. */
static VaAtom
by_weekday(const VaScan *scan, size_t from)
{
	size_t at = from;
	int weekday;
	int modifier = 0;
	int value = 0;
	VaAtom atom;
	VaAtom dated;

	while (va_lexeme_is(scan, at, VA_WORD_THE) || va_lexeme_is(scan, at, VA_WORD_ON))
	{
		if (va_is_this(scan, at))
			modifier = VA_WORD_THIS;
		at++;
	}
	if (va_lexeme_is(scan, at, VA_WORD_NEXT) || va_lexeme_is(scan, at, VA_WORD_THIS) || va_is_last(scan, at))
	{
		modifier = va_lexeme_is(scan, at, VA_WORD_ORDINAL) ? VA_WORD_LAST : va_lexeme(scan, at)->class;
		value = va_lexeme(scan, at)->value;
		at++;
	}
	if (!is_weekday(scan, at))
		return VA_NOTHING;
	weekday = va_lexeme(scan, at)->value;
	at++;
	if ((modifier == 0 || modifier == VA_WORD_THIS) &&
		(va_lexeme_is(scan, at, VA_WORD_NEXT) || va_lexeme_is(scan, at, VA_WORD_LAST)))
	{
		size_t behind = skip_class(scan, at + 1, VA_WORD_THE);

		/* "Tuesday next week" is of the week. */
		if (!va_lexeme_is(scan, behind, VA_WORD_UNIT))
		{
			modifier = va_lexeme(scan, at)->class;
			value = va_lexeme(scan, at)->value;
			at++;
		}
	}
	dated = weekday_and_date(scan, at, weekday, at - from);
	if (dated.kind != VA_ATOM_NONE)
		return dated;
	atom = va_day_atom(va_next_weekday(scan, weekday), at - from);
	atom.weekday = weekday;
	atom.plain = modifier == 0;
	if (modifier == VA_WORD_LAST)
	{
		atom.day -= 7;
		if (atom.day == scan->now.day)
			atom.day -= 7;
	}
	else if (modifier == VA_WORD_THIS)
	{
		/* Said on that very day, it is today. */
		if (va_weekday(scan->now.day) == weekday)
			atom.day = scan->now.day;
	}
	else if (modifier == VA_WORD_NEXT && value == 2)
		atom.day += 7;
	else if (modifier == VA_WORD_NEXT && value == 0)
	{
		int32_t monday = scan->now.day - (va_weekday(scan->now.day) - 1);
		int32_t of_next_week = monday + 7 + weekday - 1;

		if (of_next_week != atom.day)
			atom.or_day = atom.day;
		atom.day = of_next_week;
	}
	return atom;
}

VaAtom
va_scan_relative_day(const VaScan *scan, size_t from)
{
	size_t at = va_skip_articles(scan, from);
	VaDayPart part;
	int32_t value;
	VaAtom atom;

	if (!va_lexeme_is(scan, at, VA_WORD_DAY) && !va_lexeme_is(scan, at, VA_WORD_MORNING))
		return VA_NOTHING;
	value = va_value_and_part(scan, at, &part);
	atom = va_day_atom(scan->now.day + value, at + 1 - from);
	atom.part = part;
	/* "tomorrow, Tuesday", "morgen, Dienstag" */
	at += va_lexeme_is(scan, at + 1, VA_LEXEME_COMMA) ? 2 : 1;
	if (va_lexeme_is(scan, at, VA_WORD_WEEKDAY) && va_lexeme(scan, at)->value == va_weekday(atom.day))
	{
		VaAtom dated = weekday_and_date(scan, at + 1, va_weekday(atom.day), 1);

		if (dated.kind == VA_ATOM_NONE || dated.day == atom.day)
			atom.used = at - from + (dated.kind == VA_ATOM_NONE ? 1 : dated.used);
	}
	return atom;
}

VaAtom
va_scan_simple_day(const VaScan *scan, size_t from)
{
	VaAtom atom = va_scan_relative_day(scan, from);

	if (atom.kind == VA_ATOM_NONE)
		atom = by_weekday(scan, from);
	if (atom.kind == VA_ATOM_NONE)
		atom = va_scan_holiday(scan, from);
	if (atom.kind == VA_ATOM_NONE)
		atom = month_and_day(scan, from);
	if (atom.kind == VA_ATOM_NONE)
		atom = va_scan_shared_month(scan, from);
	if (atom.kind == VA_ATOM_NONE)
		atom = va_scan_day_of_period(scan, from);
	if (atom.kind == VA_ATOM_NONE)
	{
		size_t at = from;

		at = va_skip_articles(scan, at);
		atom = numeric_date(scan, at);
		if (atom.kind != VA_ATOM_NONE)
			atom.used += at - from;
	}
	if (atom.kind == VA_ATOM_NONE)
		atom = day_of_month(scan, from);
	return atom;
}
