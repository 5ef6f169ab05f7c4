/*-------------------------------------------------------------------------
 * times_text.c
 *		Moments as text, and where they begin and end.
 */
#include "pure/phrases/times/times.h"

#include <stdio.h>

static const char *const part_names[] = { "", "morning", "noon", "afternoon", "evening", "night" };
static const char *const stage_names[] = { "early", "mid", "late" };

const char *
va_grain_name(VaTimeGrain grain)
{
	static const char *const names[] = { "none", "second", "minute", "hour", "part", "day", "week", "weekend", "month",
		"stage", "quarter", "year" };

	return names[grain];
}

static size_t
clock_text(const VaTimePoint *point, char *text, size_t size)
{
	int hour = point->minutes / 60;
	int minute = point->minutes % 60;

	if (point->grain == VA_GRAIN_HOUR && minute == 0)
		return (size_t) snprintf(text, size, "T%02d", hour);
	if (point->grain == VA_GRAIN_SECOND)
		return (size_t) snprintf(text, size, "T%02d:%02d:%02d", hour, minute, point->seconds);
	return (size_t) snprintf(text, size, "T%02d:%02d", hour, minute);
}

static size_t
point_text(const VaTimePoint *point, char *text, size_t size)
{
	VaCivilDay day = va_civil_day(point->dated ? point->day : 0);
	size_t used = 0;
	int year;
	int week;

	text[0] = '\0';
	if (point->grain <= VA_GRAIN_DAY && point->grain != VA_GRAIN_NONE && point->dated)
		used = (size_t) snprintf(text, size, "%04d-%02d-%02d", day.year, day.month, day.day);
	switch (point->grain)
	{
		case VA_GRAIN_SECOND:
		case VA_GRAIN_MINUTE:
		case VA_GRAIN_HOUR:
			return used + clock_text(point, text + used, size - used);
		case VA_GRAIN_PART:
			return used + (size_t) snprintf(text + used, size - used, "+%s", part_names[point->part]);
		case VA_GRAIN_WEEK:
		case VA_GRAIN_WEEKEND:
			va_iso_week(point->day, &year, &week);
			return (size_t) snprintf(
				text, size, "%04d-W%02d%s", year, week, point->grain == VA_GRAIN_WEEKEND ? "+weekend" : "");
		case VA_GRAIN_MONTH:
			return (size_t) snprintf(text, size, "%04d-%02d", day.year, day.month);
		case VA_GRAIN_STAGE:
			return (size_t) snprintf(text, size, "%04d-%02d+%s", day.year, day.month, stage_names[point->stage]);
		case VA_GRAIN_QUARTER:
			return (size_t) snprintf(text, size, "%04d-Q%d", day.year, (day.month - 1) / 3 + 1);
		case VA_GRAIN_YEAR:
			return (size_t) snprintf(text, size, "%04d", day.year);
		default:
			return used;
	}
}

void
va_phrase_time_text(const VaPhraseTime *time, char *text)
{
	size_t size = VA_PHRASE_TIME_TEXT_MAX;
	size_t used = point_text(&time->from, text, size);

	if (time->range)
	{
		used += (size_t) snprintf(text + used, size - used, "..");
		used += point_text(&time->to, text + used, size - used);
	}
	if (time->zone != NULL)
		snprintf(text + used, size - used, " @ %s", time->zone);
}

/* The hours of a part of the day: from, to. */
static const int part_hours[][2] = { { 0, 24 }, { 6, 12 }, { 12, 14 }, { 12, 18 }, { 17, 22 }, { 20, 24 } };

bool
va_time_bounds(const VaTimePoint *point, int32_t *day, int *minutes, int32_t *end_day, int *end_minutes)
{
	VaCivilDay civil;
	int last;

	if (!point->dated || point->grain == VA_GRAIN_NONE)
		return false;
	*day = point->day;
	*end_day = point->day + 1;
	*minutes = 0;
	*end_minutes = 0;
	civil = va_civil_day(point->day);
	last = va_days_in_month(civil.year, civil.month);
	switch (point->grain)
	{
		case VA_GRAIN_SECOND:
		case VA_GRAIN_MINUTE:
		case VA_GRAIN_HOUR:
			*minutes = point->minutes;
			*end_day = point->day;
			*end_minutes = point->minutes + (point->grain == VA_GRAIN_HOUR ? 60 : 0);
			break;
		case VA_GRAIN_PART:
			*minutes = part_hours[point->part][0] * 60;
			*end_day = point->day;
			*end_minutes = part_hours[point->part][1] * 60;
			break;
		case VA_GRAIN_WEEK:
			*end_day = point->day + 7;
			break;
		case VA_GRAIN_WEEKEND:
			*end_day = point->day + 2;
			break;
		case VA_GRAIN_MONTH:
			*end_day = point->day + last;
			break;
		case VA_GRAIN_STAGE:
			*day = point->day + 10 * point->stage;
			*end_day = point->stage == 2 ? point->day + last : *day + 10;
			break;
		case VA_GRAIN_QUARTER:
			*end_day = va_add_months(point->day, 3);
			break;
		case VA_GRAIN_YEAR:
			*end_day = va_add_months(point->day, 12);
			break;
		default:
			break;
	}
	return true;
}
