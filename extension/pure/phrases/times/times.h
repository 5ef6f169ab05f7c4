/*-------------------------------------------------------------------------
 * times.h
 *		Which moment words name, seen from a moment of the same clock.
 *
 * Pure: words and civil fields in, civil fields out; no time zone but by name.
 * Linear in the length of the words, which are read up to the limits of
 * tokens.h.  An unclear word, or one with too many meanings, is none.
 */
#ifndef VOICEAGENT_PHRASE_TIMES_H
#define VOICEAGENT_PHRASE_TIMES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "pure/phrases/times/calendar.h"
#include "pure/phrases/words/language.h"

/* Readings of one phrase: moments of a list, times the alternatives; the rest is not read. */
#define VA_PHRASE_TIMES_MAX 16
#define VA_PHRASE_LIST_MAX 8
#define VA_PHRASE_TIME_TEXT_MAX 96

typedef enum VaTimeGrain
{
	VA_GRAIN_NONE = 0,
	VA_GRAIN_SECOND,
	VA_GRAIN_MINUTE,
	VA_GRAIN_HOUR, /* an hour or so */
	VA_GRAIN_PART, /* of the day */
	VA_GRAIN_DAY,
	VA_GRAIN_WEEK,
	VA_GRAIN_WEEKEND,
	VA_GRAIN_MONTH,
	VA_GRAIN_STAGE, /* early, mid or late in a month */
	VA_GRAIN_QUARTER,
	VA_GRAIN_YEAR
} VaTimeGrain;

/* The fixed and the open parts of a point in the words. */
#define VA_SAID_DAY 1		 /* its day, or its period; otherwise the next such hour is meant */
#define VA_SAID_WEEKDAY 2	 /* a weekday of no week: any such may be meant */
#define VA_SAID_ANY_MONTH 4	 /* a day of no month */
#define VA_SAID_COUNTED 8	 /* months or years from now: about that day */
#define VA_SAID_HALF_OPEN 16 /* an hour of either half of the day */
#define VA_SAID_MOMENT 64	 /* so many hours or minutes from now */
#define VA_SAID_BY 32		 /* an end that is a deadline: by Friday, before five */

typedef struct VaTimePoint
{
	VaTimeGrain grain; /* VA_GRAIN_NONE: open */
	bool dated;		   /* false: a time of day of any day */
	bool implied;	   /* dated, but by no word: the next such time of day */
	int32_t day;	   /* the day, or the first of its week, weekend, month, quarter or year */
	int minutes;	   /* after midnight, 0 to 1439, of grains up to an hour */
	int seconds;
	VaDayPart part;
	int stage; /* 0 early, 1 mid, 2 late; of a week, too */
	int said;  /* VA_SAID_... */
} VaTimePoint;

typedef struct VaPhraseTime
{
	int alternative; /* from 1 on; all moments of one alternative are meant together */
	bool range;		 /* from .. to, each of which may be open */
	VaTimePoint from;
	VaTimePoint to;
	const char *zone; /* the IANA zone that the words name; NULL: none */
	size_t offset;	  /* the words that say so, in bytes */
	size_t len;
} VaPhraseTime;

typedef struct VaPhraseTimes
{
	VaPhraseTime items[VA_PHRASE_TIMES_MAX];
	size_t count;
	bool cut;	   /* there was more than is read */
	bool doubt;	   /* words name moments, which is meant is unclear: count is 0 */
	char zone[24]; /* of a zone that is an offset; items point to it */
} VaPhraseTimes;

/* The clock of the person that speaks. */
typedef struct VaTimeReference
{
	int32_t day;
	int minutes; /* after midnight */
} VaTimeReference;

extern void va_phrase_times(
	const char *text, size_t len, const VaPhraseLanguage *language, VaTimeReference reference, VaPhraseTimes *times);

/* A moment as text: 2026-03-18T15:00, 2026-03-18+morning, 2026-W13, T15:00..; at most VA_PHRASE_TIME_TEXT_MAX bytes. */
extern void va_phrase_time_text(const VaPhraseTime *time, char *text);

/* The name of a grain: minute, part, month, ... */
extern const char *va_grain_name(VaTimeGrain grain);
/* When a point begins and ends (exclusive): days and minutes after midnight.  false: it has no date. */
extern bool va_time_bounds(const VaTimePoint *point, int32_t *day, int *minutes, int32_t *end_day, int *end_minutes);

#endif /* VOICEAGENT_PHRASE_TIMES_H */
