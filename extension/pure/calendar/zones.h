/*-------------------------------------------------------------------------
 * zones.h
 *		The time zones of an iCalendar file, by names that libical knows.
 *-------------------------------------------------------------------------
 */
#ifndef VA_CALENDAR_ZONES_H
#define VA_CALENDAR_ZONES_H

#include <libical/ical.h>

/*
 * Drops zones without rules, and names by IANA those that only Windows names.
 * What is known by neither stays as it is, and has no zone for libical.
 */
extern void va_name_zones(icalcomponent *calendar);

#endif
