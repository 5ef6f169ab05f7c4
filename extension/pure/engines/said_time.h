/*-------------------------------------------------------------------------
 * said_time.h
 *		Days and hours as a person says them, in en, es, fr, de and it.
 */
#ifndef VOICEAGENT_PURE_SAID_TIME_H
#define VOICEAGENT_PURE_SAID_TIME_H

#include "pure/memory.h"
#include "pure/phrases/times/calendar.h"

typedef struct VaMoment
{
	int32_t day; /* as va_day_number() counts */
	int minutes; /* after midnight */
} VaMoment;

/* Reads a moment such as "2026-11-27T09:00" at text.  Returns false if text does not begin with one. */
extern bool va_moment_at(const char *text, VaMoment *moment);
/* Appends the moments in their order, as alternatives: "Friday, 27 November at 9 am or 10 am". */
extern void va_say_moments(VaBuffer *out, const char *language, const VaMoment *moments, size_t count);

#endif /* VOICEAGENT_PURE_SAID_TIME_H */
