/*-------------------------------------------------------------------------
 * instant.h
 *		Instants in RFC 3339's words, and days of the calendar.
 */
#ifndef VOICEAGENT_PURE_INSTANT_H
#define VOICEAGENT_PURE_INSTANT_H

#include <stdbool.h>
#include <stdint.h>

#include "pure/memory.h"

/* RFC 3339 / ISO 8601 instants, milliseconds since 1970. Only years 1970..2199 count as an instant of a call. */
extern bool va_time_parse(const char *text, int64_t *ms);
extern bool va_time_in_range(int64_t ms);
extern char *va_time_text(VaArena *arena, int64_t ms); /* 2026-01-02T03:04:05.678Z */

/* Days since 1970-01-01 of a proleptic Gregorian date; month 1..12. */
extern int64_t va_days_from_civil(int64_t year, int month, int day);

#endif /* VOICEAGENT_PURE_INSTANT_H */
