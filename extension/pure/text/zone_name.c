/*-------------------------------------------------------------------------
 * zone_name.c
 *		A time zone by the name that a table has for it (contract in zone_name.h).
 */
#include "zone_name.h"

#include <stdint.h>
#include <string.h>

#include <unicode/ucal.h>
#include <unicode/ustring.h>

/* Sets canonical to CLDR's name of the zone, with which all of its names agree. */
static void
canonical_name(const char *name, UChar *canonical, UErrorCode *status)
{
	UChar letters[VA_ZONE_NAME_MAX + 1];

	u_charsToUChars(name, letters, (int32_t) strlen(name) + 1);
	(void) ucal_getCanonicalTimeZoneID(letters, -1, canonical, VA_ZONE_NAME_MAX + 1, NULL, status);
}

/* Another name of the same zone that is known; false: there is none. */
static bool
find_other_name(const char *name, bool (*is_known)(const char *name), char *found)
{
	UChar canonical[VA_ZONE_NAME_MAX + 1], other[VA_ZONE_NAME_MAX + 1];
	UErrorCode status = U_ZERO_ERROR;
	UEnumeration *all;
	bool known = false;

	canonical_name(name, canonical, &status);
	all = ucal_openTimeZones(&status);
	while (!known && U_SUCCESS(status) && (name = uenum_next(all, NULL, &status)) != NULL)
	{
		canonical_name(name, other, &status);
		known = U_SUCCESS(status) && u_strcmp(other, canonical) == 0 && is_known(name);
	}
	if (known)
		strcpy(found, name);
	uenum_close(all);
	return known;
}

bool
va_zone_known_as(const char *name, bool (*is_known)(const char *name), char *found)
{
	if (strlen(name) > VA_ZONE_NAME_MAX)
		return false;
	if (!is_known(name))
		return strchr(name, '/') != NULL && find_other_name(name, is_known, found);
	memmove(found, name, strlen(name) + 1);
	return true;
}
