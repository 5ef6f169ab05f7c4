/*-------------------------------------------------------------------------
 * zone_name.h
 *		A time zone by the name that a table has for it.
 */
#ifndef VOICEAGENT_ZONE_NAME_H
#define VOICEAGENT_ZONE_NAME_H

#include <stdbool.h>

/* Longer is no name. */
#define VA_ZONE_NAME_MAX 63

/*
 * Sets found[VA_ZONE_NAME_MAX + 1] to the name, or to one that ICU (CLDR) has for the same zone, whichever is known first;
 * false: none is, or the name is longer.  Of "IST" and the like, which are several zones', no other name is looked for.
 * Browsers, Java and ICU itself still write older ones, such as Asia/Calcutta and Europe/Kiev, which Debian's tzdata have
 * no more since version 13 (they are in tzdata-legacy).
 */
extern bool va_zone_known_as(const char *name, bool (*is_known)(const char *name), char *found);

#endif
