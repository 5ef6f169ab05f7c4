/*-------------------------------------------------------------------------
 * calendar.c
 *		Days of the proleptic Gregorian calendar, as numbers; Easter and the
 *		holidays that move with it.
 */
#include "pure/phrases/times/calendar.h"

#include "pure/phrases/words/times_words.h"
#include "pure/text/instant.h"

int32_t
va_day_number(int year, int month, int day)
{
	return (int32_t) va_days_from_civil(year, month, day);
}

VaCivilDay
va_civil_day(int32_t number)
{
	/* Years begin in March here, so that 29 February is the last day of one. */
	int64_t days = (int64_t) number + 719468;
	int64_t era = (days >= 0 ? days : days - 146096) / 146097;
	int64_t in_era = days - era * 146097;
	int64_t year = (in_era - in_era / 1460 + in_era / 36524 - in_era / 146096) / 365;
	int64_t in_year = in_era - (365 * year + year / 4 - year / 100);
	int64_t month = (5 * in_year + 2) / 153;
	int shown = (int) (month < 10 ? month + 3 : month - 9);

	return (VaCivilDay){ .year = (int) (year + era * 400 + (shown <= 2 ? 1 : 0)),
		.month = shown,
		.day = (int) (in_year - (153 * month + 2) / 5 + 1) };
}

int
va_days_in_month(int year, int month)
{
	static const int days[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
	bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;

	return days[month - 1] + (month == 2 && leap ? 1 : 0);
}

bool
va_is_civil_day(int year, int month, int day)
{
	return year >= 1 && year <= 9999 && month >= 1 && month <= 12 && day >= 1 && day <= va_days_in_month(year, month);
}

int
va_weekday(int32_t number)
{
	/* 1970-01-01 was a Thursday. */
	int in_week = (int) (((int64_t) number + 3) % 7);

	return (in_week < 0 ? in_week + 7 : in_week) + 1;
}

void
va_iso_week(int32_t number, int *year, int *week)
{
	/* A week belongs to the year of its Thursday. */
	int32_t thursday = number - (va_weekday(number) - 1) + 3;

	*year = va_civil_day(thursday).year;
	*week = (thursday - va_day_number(*year, 1, 1)) / 7 + 1;
}

int32_t
va_add_months(int32_t number, int months)
{
	VaCivilDay from = va_civil_day(number);
	int all = from.year * 12 + from.month - 1 + months;
	int year = all / 12;
	int month = all % 12 + 1;
	int last = va_days_in_month(year, month);

	return va_day_number(year, month, from.day > last ? last : from.day);
}

int32_t
va_easter(int year)
{
	int century = year / 100;
	int golden = year % 19;
	int epact = (century - century / 4 - (8 * century + 13) / 25 + 19 * golden + 15) % 30;
	int full = epact - (epact / 28) * (1 - (29 / (epact + 1)) * ((21 - golden) / 11));
	int weekday = (year + year / 4 + full + 2 - century + century / 4) % 7;

	return va_day_number(year, 3, 28) + full - weekday;
}

int32_t
va_nth_weekday(int year, int month, int n, int weekday)
{
	int32_t first = va_day_number(year, month, 1);
	int32_t last = first + va_days_in_month(year, month) - 1;
	int32_t day;

	if (n < 0)
		return last - (va_weekday(last) - weekday + 7) % 7;
	day = first + (weekday - va_weekday(first) + 7) % 7 + 7 * (n - 1);
	return day > last ? -32768 : day;
}

int32_t
va_holiday(int holiday, int year)
{
	int32_t day;

	if (holiday < 2000 - 400)
		return va_day_number(year, holiday / 100, holiday % 100);
	if (holiday < 3000)
		return va_easter(year) + holiday - 2000;
	if (holiday < 9000 - 400)
	{
		int n = (holiday - 3000) / 1000;

		return va_nth_weekday(year, holiday % 100, n == 5 ? -1 : n, (holiday - 3000) % 1000 / 100);
	}
	if (holiday == VA_HOLIDAY_VICTORIA)
		return va_day_number(year, 5, 24) - (va_weekday(va_day_number(year, 5, 24)) - 1);
	if (holiday == VA_HOLIDAY_CYBER_MONDAY)
		return va_nth_weekday(year, 11, 4, 4) + 4;
	if (holiday == VA_HOLIDAY_BLACK_FRIDAY)
		return va_nth_weekday(year, 11, 4, 4) + 1;
	if (holiday == VA_HOLIDAY_MOTHERS_FR)
	{
		day = va_nth_weekday(year, 5, -1, 7);
		return day == va_easter(year) + 49 ? day + 7 : day;
	}
	if (holiday == VA_HOLIDAY_SWISS_FAST)
		return va_nth_weekday(year, 9, 3, 7) + 1;
	if (holiday == VA_HOLIDAY_GENEVA_FAST)
		return va_nth_weekday(year, 9, 1, 7) + 4;
	/* The last Sunday before Christmas is the fourth of Advent. */
	day = va_day_number(year, 12, 24);
	return day - va_weekday(day) % 7 - 21 + (holiday - 9000);
}
