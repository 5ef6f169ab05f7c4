/*-------------------------------------------------------------------------
 * field_date.c
 *		Dates with a year that a person gives: of birth, of a contract.
 *
 * Pure: the state is the day, the month and the year known so far; what is
 * said later takes the place of what was said before.
 */
#include "pure/phrases/fields_internal.h"

#include <stdio.h>
#include <string.h>

#define YEAR_MIN 1880
#define YEAR_MAX 2099
/* Two digits: from 30 on they are of the last century. */
#define CENTURY_FROM 30

typedef struct Date
{
	int day;
	int month;
	int year;
} Date;

/* One piece that is read of a turn, and what of it is known. */
typedef struct Piece
{
	Date date;
	size_t used;
} Piece;

static bool
is_date(const Date *date)
{
	static const int days[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
	bool leap = date->year % 4 == 0 && (date->year % 100 != 0 || date->year % 400 == 0);

	return date->year >= YEAR_MIN && date->year <= YEAR_MAX && date->month >= 1 && date->month <= 12 &&
		   date->day >= 1 && date->day <= days[date->month - 1] + (leap && date->month == 2 ? 1 : 0);
}

static int
whole_year(int64_t year, size_t digits)
{
	if (digits == 4 && year >= YEAR_MIN && year <= YEAR_MAX)
		return (int) year;
	if (digits == 2)
		return (int) (year >= CENTURY_FROM ? 1900 + year : 2000 + year);
	return 0;
}

static size_t
skip_words(const VaUnits *units, size_t at)
{
	while (at < units->count &&
		   (va_unit_is(units, at, VA_ARTICLE) || strcmp(units->items[at].key, "of") == 0 ||
			   strcmp(units->items[at].key, "in") == 0 || va_unit_is(units, at, VA_PARTICLE)) &&
		   !va_unit_is(units, at, VA_DIGIT | VA_NUMERAL))
		at++;
	return at;
}

/* 1985, nineteen eighty-five, two thousand and three, eighty-five, oh one; how many units. */
static size_t
read_year(const VaFieldReader *reader, const VaUnits *units, size_t at, int *year)
{
	char digits[VA_DIGITS_MAX];
	int64_t value = 0;
	size_t used = va_read_digits(reader->lexicon, units, at, false, digits);
	size_t cardinal;

	*year = 0;
	if (used > 0 && (strlen(digits) == 4 || strlen(digits) == 2))
	{
		for (const char *c = digits; *c != '\0'; c++)
			value = value * 10 + (*c - '0');
		*year = whole_year(value, strlen(digits));
		if (strlen(digits) == 2 && va_unit_is(units, at, VA_TEEN) && used == 1 && value < 10)
			*year = 0;
	}
	cardinal = va_read_cardinal(reader->lexicon, units, at, true, &value);
	if (cardinal > 0 && value >= YEAR_MIN && value <= YEAR_MAX && (*year == 0 || cardinal >= used))
	{
		*year = (int) value;
		return cardinal;
	}
	return *year == 0 ? 0 : used;
}

/* The twelfth, 12th, 12, twelve; how many units. */
static size_t
read_day(const VaFieldReader *reader, const VaUnits *units, size_t at, int *day, bool *ordinal)
{
	int64_t value = 0;
	size_t used;

	*ordinal = false;
	if (va_unit_is(units, at, VA_ORDINAL))
	{
		*day = (int) units->items[at].number;
		*ordinal = true;
		return *day >= 1 && *day <= 31 ? 1 : 0;
	}
	if (va_unit_is(units, at, VA_TENS) && va_unit_is(units, at + 1, VA_ORDINAL) && !va_unit_begins(units, at + 1) &&
		units->items[at + 1].number < 10)
	{
		*day = (int) (units->items[at].number + units->items[at + 1].number);
		*ordinal = true;
		return *day <= 31 ? 2 : 0;
	}
	if (va_unit_is(units, at, VA_NUMERAL))
	{
		if (units->items[at].number < 1 || units->items[at].number > 31 ||
			units->items[at].end - units->items[at].offset > 2)
			return 0;
		*day = (int) units->items[at].number;
		if (at + 1 < units->count && units->items[at + 1].joint == '\0' && units->items[at + 1].tight)
		{
			*ordinal = true;
			return 2;
		}
		return 1;
	}
	used = va_read_small(reader->lexicon, units, at, &value);
	/* zéro deux */
	if (used == 1 && value == 0 && va_unit_is(units, at + 1, VA_DIGIT) && !va_unit_begins(units, at + 1))
	{
		value = units->items[at + 1].number;
		used = 2;
	}
	if (used == 0 || value < 1 || value > 31)
		return 0;
	*day = (int) value;
	return used;
}

static size_t
read_month_name(const VaUnits *units, size_t at, int *month)
{
	if (!va_unit_is(units, at, VA_MONTH))
		return 0;
	*month = (int) units->items[at].number;
	return 1;
}

/* A year behind the rest of a date, where one is said. */
static size_t
with_year(const VaFieldReader *reader, const VaUnits *units, size_t at, Date *date)
{
	size_t from = at;
	size_t used;
	int year;

	if (at >= units->count || (units->items[at].joint == '.' && !units->items[at].tight))
		return 0;
	at = skip_words(units, at);
	used = read_year(reader, units, at, &year);
	if (used == 0)
		return 0;
	date->year = year;
	return at + used - from;
}

/* 12 March, the twelfth of March; March the twelfth, March 12; March of 1985. */
static Piece
read_named(const VaFieldReader *reader, const VaUnits *units, size_t at)
{
	Piece piece = { 0 };
	bool ordinal;
	size_t from = at;
	size_t used = read_day(reader, units, at, &piece.date.day, &ordinal);
	size_t next;

	if (used > 0)
	{
		next = skip_words(units, at + used);
		used = next < units->count && !(units->items[next].joint == '.' && !units->items[next].tight && !ordinal &&
										  !reader->lexicon->table->compounds)
				   ? read_month_name(units, next, &piece.date.month)
				   : 0;
		if (used == 0)
			return (Piece){ 0 };
		at = next + used;
	}
	else
	{
		used = read_month_name(units, at, &piece.date.month);
		if (used == 0)
			return piece;
		next = skip_words(units, at + 1);
		/* "May of 2019", "march 1985": no day */
		used = with_year(reader, units, at + 1, &piece.date);
		if (used > 0 && piece.date.year != 0 && !va_unit_is(units, next, VA_ORDINAL))
		{
			char digits[VA_DIGITS_MAX];

			va_read_digits(reader->lexicon, units, next, false, digits);
			if (strlen(digits) == 4 || va_unit_is(units, next, VA_COUNTED))
			{
				piece.used = 1 + used;
				return piece;
			}
		}
		piece.date.year = 0;
		used = next < units->count && !(units->items[next].joint == '.' && !units->items[next].tight)
				   ? read_day(reader, units, next, &piece.date.day, &ordinal)
				   : 0;
		if (used == 0 && va_unit_is(units, at, VA_COMMON))
			return (Piece){ 0 }; /* may */
		at = used == 0 ? at + 1 : next + used;
	}
	at += with_year(reader, units, at, &piece.date);
	piece.used = at - from;
	return piece;
}

static void
order_numbers(const VaFieldReader *reader, int one, int two, Date *date)
{
	bool month_first = reader->lexicon->table->month_first ? one <= 12 : false;

	if (two > 12)
		month_first = true;
	date->month = month_first ? one : two;
	date->day = month_first ? two : one;
}

/* 3/4/1985, 1985-04-03; two twenty-eight ninety-one; the seventeenth of the fourth, nineteen seventy-nine. */
static Piece
read_numbers(const VaFieldReader *reader, const VaUnits *units, size_t at)
{
	Piece piece = { 0 };
	size_t from = at;
	size_t used;
	int one = 0;
	int two = 0;
	bool ordinal;
	bool other;
	const VaUnit *first = &units->items[at];

	if (va_unit_is(units, at, VA_NUMERAL) && first->end - first->offset == 4 && va_unit_is(units, at + 2, VA_NUMERAL) &&
		va_unit_is(units, at + 1, VA_NUMERAL) && units->items[at + 1].tight && units->items[at + 2].tight)
	{
		piece.date = (Date){ .year = (int) first->number,
			.month = (int) units->items[at + 1].number,
			.day = (int) units->items[at + 2].number };
		piece.used = is_date(&piece.date) ? 3 : 0;
		return piece;
	}
	used = read_day(reader, units, at, &one, &ordinal);
	if (used == 0)
		return piece;
	at = skip_words(units, at + used);
	used = read_day(reader, units, at, &two, &other);
	if (used == 0 || (one > 12 && two > 12))
		return piece;
	at += used;
	order_numbers(reader, one, two, &piece.date);
	if (ordinal && other)
		piece.date = (Date){ .day = one, .month = two };
	used = with_year(reader, units, at, &piece.date);
	if (used == 0 && !(ordinal && other))
		return (Piece){ 0 };
	piece.used = at + used - from;
	return piece.date.month > 12 ? (Piece){ 0 } : piece;
}

/* What stands alone: a year; the nineteenth, where the rest is known. */
static Piece
read_alone(const VaFieldReader *reader, const VaUnits *units, size_t at, const Date *known)
{
	Piece piece = { 0 };
	bool ordinal = false;
	size_t used = read_day(reader, units, at, &piece.date.day, &ordinal);
	int year;

	if (used > 0 && ordinal && known->month != 0)
	{
		piece.used = used;
		return piece;
	}
	piece.date.day = 0;
	used = read_year(reader, units, at, &year);
	if (used == 0)
		return piece;
	/* Two digits count only where nothing but the year is lacking. */
	if (used == 1 && va_unit_is(units, at, VA_DIGIT))
		return piece;
	if (known->day != 0 && known->month != 0
			? true
			: year > 0 && va_unit_is(units, at, VA_NUMERAL | VA_COUNTED | VA_TEEN | VA_DIGIT | VA_SCALE) &&
				  (used > 1 || units->items[at].end - units->items[at].offset >= 4))
	{
		piece.date.year = year;
		piece.used = used;
	}
	return piece;
}

static void
merge(Date *date, const Date *piece)
{
	if (piece->day != 0)
		date->day = piece->day;
	if (piece->month != 0)
		date->month = piece->month;
	/* "ninety-nine, nineteen hundred" */
	if (piece->year != 0 && piece->year % 100 == 0 && piece->day == 0 && piece->month == 0 && date->year % 100 != 0)
		date->year = piece->year + date->year % 100;
	else if (piece->year != 0)
		date->year = piece->year;
}

/* Reads a turn into date; how many units its pieces end at, 0: it names none. */
static size_t
read_dates(const VaFieldReader *reader, const VaUnits *units, Date *date, size_t *from)
{
	size_t end = 0;

	for (size_t i = 0; i < units->count;)
	{
		Piece piece = read_named(reader, units, i);

		if (piece.used == 0)
			piece = read_numbers(reader, units, i);
		if (piece.used == 0)
			piece = read_alone(reader, units, i, date);
		if (piece.used == 0)
		{
			i++;
			continue;
		}
		if (end == 0)
			*from = i;
		/* Another day of another month: its year counts no more. */
		merge(date, &piece.date);
		i += piece.used;
		end = i;
	}
	return end;
}

static const char *
written(VaArena *arena, const Date *date)
{
	return va_arena_printf(arena, "%04d-%02d-%02d", date->year, date->month, date->day);
}

void
va_read_date(VaFieldReader *reader, bool person)
{
	Date *dates = reader->state; /* what the person has said; what the assistant last read back */
	VaYesNo answer = va_field_answer(&reader->said);
	size_t from = 0;
	size_t end;
	Date date;

	if (dates == NULL)
		reader->state = dates = va_arena_alloc(reader->arena, 2 * sizeof(Date));
	if (dates == NULL)
		return;
	if (!person)
	{
		dates[1] = (Date){ 0 };
		read_dates(reader, &reader->said, &dates[1], &from);
		return;
	}
	date = is_date(&dates[1]) ? dates[1] : dates[0];
	end = read_dates(reader, &reader->said, &date, &from);
	if (end > 0)
	{
		dates[0] = date;
		if (is_date(&date))
			va_field_take(reader, written(reader->arena, &date), from, end);
	}
	else if (answer == VA_ANSWER_YES && is_date(&dates[1]))
		va_field_agree(reader, written(reader->arena, &dates[1]));
	else if (answer == VA_ANSWER_NO && is_date(&dates[1]))
		va_field_drop(reader);
}
