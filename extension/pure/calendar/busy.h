/*-------------------------------------------------------------------------
 * busy.h
 *		When the events of an iCalendar file (RFC 5545) take their owner's time.
 *
 * The file is a stranger's.  libical reads it; what could keep it busy for long
 * is refused before it is asked: rules that repeat within a day, too many time
 * zones, and work beyond what go_on() grants.
 */
#ifndef VOICEAGENT_PURE_CALENDAR_BUSY_H
#define VOICEAGENT_PURE_CALENDAR_BUSY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * Rules of time zones of one file, how deep its parts lie in each other, rules and dates of one event that libical
 * refuses and that are looked at one by one, and spans that are found in it.
 */
#define VA_BUSY_ZONE_RULES_MAX 500
#define VA_BUSY_DEPTH_MAX 5
#define VA_BUSY_REFUSED_MAX 100
#define VA_BUSY_SPANS_MAX 20000

/* Seconds since 1970 (UTC), the end not in it. */
typedef struct VaBusySpan
{
	int64_t starts;
	int64_t ends;
} VaBusySpan;

typedef struct VaBusy
{
	VaBusySpan *spans; /* malloc'ed: va_busy_free() */
	size_t count;
	int events; /* that take time, whenever */
	int skipped; /* that could not be read, or not as they were meant: without a start or a known zone, of a rule within a day */
	const char *problem; /* why nothing was read; NULL: it was */
} VaBusy;

/*
 * The busy times of text (len bytes, ended by a NUL; spoilt) that touch [from,
 * until).  Cancelled and transparent events take no time; one whose UID ends
 * with own (NULL: none) is ours.  Times without a zone, and whole days, are
 * those of zone, an IANA name.  False, and problem says why: nothing was read.
 */
extern bool va_busy_read(char *text, size_t len, const char *zone, const char *own, int64_t from, int64_t until,
	bool (*go_on)(void *), void *arg, VaBusy *busy);
extern void va_busy_free(VaBusy *busy);

#endif /* VOICEAGENT_PURE_CALENDAR_BUSY_H */
