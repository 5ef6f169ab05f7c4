/*-------------------------------------------------------------------------
 * instant.c
 *		Instants in RFC 3339's words, and days of the calendar.
 *
 * Pure: no backend, no locks, no global state.
 */
#include "instant.h"

int64_t
va_days_from_civil(int64_t year, int month, int day)
{
	/* Years begin in March here, so that the leap day is a year's last. */
	int64_t y = month <= 2 ? year - 1 : year;
	int64_t era = (y >= 0 ? y : y - 399) / 400;
	int64_t of_era = y - era * 400;
	int64_t of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;

	return era * 146097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719468;
}

static void
civil_from_days(int64_t days, int *year, int *month, int *day)
{
	int64_t z = days + 719468;
	int64_t era = (z >= 0 ? z : z - 146096) / 146097;
	int64_t of_era = z - era * 146097;
	int64_t y = (of_era - of_era / 1460 + of_era / 36524 - of_era / 146096) / 365;
	int64_t of_year = of_era - (365 * y + y / 4 - y / 100);
	int64_t m = (5 * of_year + 2) / 153;

	*day = (int) (of_year - (153 * m + 2) / 5 + 1);
	*month = (int) (m < 10 ? m + 3 : m - 9);
	*year = (int) (y + era * 400 + (*month <= 2));
}

/* Exactly count digits at *text, which moves past them; or -1. */
static int
digits(const char **text, int count)
{
	int value = 0;

	for (int i = 0; i < count; i++, (*text)++)
	{
		if (**text < '0' || **text > '9')
			return -1;
		value = value * 10 + (**text - '0');
	}
	return value;
}

static bool
skip(const char **text, char c)
{
	if (**text != c)
		return false;
	(*text)++;
	return true;
}

bool
va_time_in_range(int64_t ms)
{
	/* 2200-01-01 */
	return ms >= 0 && ms < INT64_C(7258118400000);
}

/* "Z", "+hh:mm", "+hhmm" or nothing (UTC) up to the end of the text. */
static bool
parse_zone(const char *p, int *minutes)
{
	int sign;
	int h;
	int m;

	*minutes = 0;
	if (*p == '\0' || (*p == 'Z' && p[1] == '\0') || (*p == 'z' && p[1] == '\0'))
		return true;
	if (*p != '+' && *p != '-')
		return false;
	sign = *p++ == '-' ? -1 : 1;
	h = digits(&p, 2);
	skip(&p, ':');
	m = h < 0 ? -1 : digits(&p, 2);
	if (h < 0 || h > 18 || m < 0 || m > 59 || *p != '\0')
		return false;
	*minutes = sign * (h * 60 + m);
	return true;
}

bool
va_time_parse(const char *text, int64_t *ms)
{
	static const int month_days[] = { 31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
	const char *p = text;
	int year, month, day, hour, minute, second, zone;
	int milli = 0;
	int64_t value;

	if (text == NULL)
		return false;
	year = digits(&p, 4);
	if (year < 0 || !skip(&p, '-') || (month = digits(&p, 2)) < 1 || month > 12 || !skip(&p, '-') ||
		(day = digits(&p, 2)) < 1 || day > month_days[month - 1])
		return false;
	if (month == 2 && day == 29 && (year % 4 != 0 || (year % 100 == 0 && year % 400 != 0)))
		return false;
	if (!skip(&p, 'T') && !skip(&p, 't') && !skip(&p, ' '))
		return false;
	if ((hour = digits(&p, 2)) < 0 || hour > 23 || !skip(&p, ':') || (minute = digits(&p, 2)) < 0 || minute > 59 ||
		!skip(&p, ':') || (second = digits(&p, 2)) < 0 || second > 60)
		return false;
	if (skip(&p, '.'))
	{
		int scale = 100;

		if (*p < '0' || *p > '9')
			return false;
		for (; *p >= '0' && *p <= '9'; p++, scale /= 10)
			milli += scale * (*p - '0');
	}
	if (!parse_zone(p, &zone))
		return false;
	value = (va_days_from_civil(year, month, day) * 86400 + hour * 3600 + minute * 60 + second - zone * 60) * 1000 +
			milli;
	if (!va_time_in_range(value))
		return false;
	*ms = value;
	return true;
}

char *
va_time_text(VaArena *arena, int64_t ms)
{
	int64_t days;
	int rest;
	int year, month, day;

	if (!va_time_in_range(ms))
		return NULL;
	days = ms / 86400000;
	rest = (int) (ms % 86400000);
	civil_from_days(days, &year, &month, &day);
	return va_arena_printf(arena, "%04d-%02d-%02dT%02d:%02d:%02d.%03dZ", year, month, day, rest / 3600000,
		rest / 60000 % 60, rest / 1000 % 60, rest % 1000);
}
