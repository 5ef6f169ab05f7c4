/*-------------------------------------------------------------------------
 * zones.h
 *		The time zones of an iCalendar file, by names that libical knows.
 */
#ifndef VA_CALENDAR_ZONES_H
#define VA_CALENDAR_ZONES_H

#include <libical/ical.h>

/*
 * Drops zones without rules, and replaces names that only Windows knows by IANA
 * names.  A name that neither knows stays as it is: libical finds no zone for it.
 */
extern void va_name_zones(icalcomponent *calendar);

#endif
