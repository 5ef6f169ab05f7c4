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

bool
va_zone_known_as(const char *name, bool (*is_known)(const char *name), char *found)
{
	UChar canonical[VA_ZONE_NAME_MAX + 1], other[VA_ZONE_NAME_MAX + 1];
	UErrorCode status = U_ZERO_ERROR;
	UEnumeration *all;
	bool area = strchr(name, '/') != NULL;
	bool known;

	if (strlen(name) > VA_ZONE_NAME_MAX)
		return false;
	known = is_known(name);
	canonical_name(name, canonical, &status);
	all = known ? NULL : ucal_openTimeZones(&status);
	while (!known && area && U_SUCCESS(status) && (name = uenum_next(all, NULL, &status)) != NULL)
	{
		canonical_name(name, other, &status);
		known = U_SUCCESS(status) && u_strcmp(other, canonical) == 0 && is_known(name);
	}
	if (known)
		memmove(found, name, strlen(name) + 1);
	uenum_close(all);
	return known;
}
