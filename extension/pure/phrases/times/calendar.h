/*-------------------------------------------------------------------------
 * calendar.h
 *		Days of the proleptic Gregorian calendar, as numbers.
 *
 * Pure arithmetic; a day is the number of days since 1970-01-01.
 */
#ifndef VOICEAGENT_PHRASE_CALENDAR_H
#define VOICEAGENT_PHRASE_CALENDAR_H

#include <stdbool.h>
#include <stdint.h>

typedef struct VaCivilDay
{
	int year;
	int month; /* 1 to 12 */
	int day;
} VaCivilDay;

extern int32_t va_day_number(int year, int month, int day);
extern VaCivilDay va_civil_day(int32_t number);
extern int va_days_in_month(int year, int month);
extern bool va_is_civil_day(int year, int month, int day);
/* 1 (Monday) to 7. */
extern int va_weekday(int32_t number);
/* The ISO 8601 week of a day, and the year that the week belongs to. */
extern void va_iso_week(int32_t number, int *year, int *week);
/* So many months later (or earlier): the same day, or the last of the month. */
extern int32_t va_add_months(int32_t number, int months);
extern int32_t va_easter(int year);
/* The nth weekday of a month, 5 or -1 = the last; -32768 where the month has no fifth. */
extern int32_t va_nth_weekday(int year, int month, int n, int weekday);

/* The day of a holiday (VA_HOLIDAY_...) in a year. */
extern int32_t va_holiday(int holiday, int year);

#endif /* VOICEAGENT_PHRASE_CALENDAR_H */
