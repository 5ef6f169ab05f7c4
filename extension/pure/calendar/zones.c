/*-------------------------------------------------------------------------
 * zones.c
 *		The time zones of an iCalendar file, by names that libical knows.
 */
#include "zones.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

#include <unicode/ucal.h>
#include <unicode/ustring.h>

#include "pure/text/zone_name.h"

/* Drops zones without rules, whose names libical or ICU may know. */
static void
drop_empty_zones(icalcomponent *calendar)
{
	icalcomponent *zone = icalcomponent_get_first_component(calendar, ICAL_VTIMEZONE_COMPONENT);

	while (zone != NULL)
	{
		icalcomponent *next = icalcomponent_get_next_component(calendar, ICAL_VTIMEZONE_COMPONENT);

		if (icalcomponent_count_components(zone, ICAL_ANY_COMPONENT) == 0)
		{
			icalcomponent_remove_component(calendar, zone);
			icalcomponent_free(zone);
			next = icalcomponent_get_first_component(calendar, ICAL_VTIMEZONE_COMPONENT);
		}
		zone = next;
	}
}

/* The name of a zone that libical has, however its letters are written, behind whatever else a path has before it. */
static const char *
built_in_name(const char *name)
{
	icalarray *zones = icaltimezone_get_builtin_timezones();

	for (; name != NULL; name = strchr(name, '/'))
	{
		name += strspn(name, "/");
		if (strcasecmp(name, "UTC") == 0)
			return "UTC";
		for (size_t i = 0; i < zones->num_elements; i++)
		{
			const char *one = icaltimezone_get_location(icalarray_element_at(zones, i));

			if (one != NULL && strcasecmp(one, name) == 0)
				return one;
		}
	}
	return NULL;
}

static bool
is_built_in(const char *name)
{
	return built_in_name(name) != NULL;
}

/* Sets iana to "" if Windows has no zone of this name. */
static void
windows_name(const char *name, char *iana)
{
	UChar windows[VA_ZONE_NAME_MAX + 1], found[VA_ZONE_NAME_MAX + 1];
	UErrorCode status = U_ZERO_ERROR;
	int32_t len;

	u_charsToUChars(name, windows, (int32_t) strlen(name) + 1);
	len = ucal_getTimeZoneIDForWindowsID(windows, -1, NULL, found, VA_ZONE_NAME_MAX, &status);
	len = U_SUCCESS(status) ? len : 0;
	u_UCharsToChars(found, iana, len);
	iana[len] = '\0';
}

/* Exchange also writes what Windows shows to people: "(UTC-08:00) Pacific Time (US & Canada)" is Pacific Standard Time. */
static void
iana_name(const char *name, char *iana)
{
	const char *known = built_in_name(name);
	const char *shown = name[0] == '(' && strchr(name, ')') != NULL ? strchr(name, ')') + 1 : name;
	const char *time;
	char standard[2 * VA_ZONE_NAME_MAX];

	shown += strspn(shown, " ");
	time = strstr(shown, " Time (");
	iana[0] = '\0';
	if (known != NULL && strlen(known) <= VA_ZONE_NAME_MAX)
		strcpy(iana, known);
	else
		windows_name(shown, iana);
	if (iana[0] == '\0' && time != NULL)
	{
		snprintf(standard, sizeof(standard), "%.*s Standard Time", (int) (time - shown), shown);
		standard[VA_ZONE_NAME_MAX] = '\0';
		windows_name(standard, iana);
	}
	(void) va_zone_known_as(iana[0] != '\0' ? iana : name, is_built_in, iana);
}

/* Outlook writes the zone names of Windows, without rules; ICU has CLDR's table of these names. */
static void
name_windows_zones(icalcomponent *calendar, icalcomponent *event)
{
	icalproperty *property = icalcomponent_get_first_property(event, ICAL_ANY_PROPERTY);
	char asked[VA_ZONE_NAME_MAX + 1] = "", iana[VA_ZONE_NAME_MAX + 1] = "";

	for (; property != NULL; property = icalcomponent_get_next_property(event, ICAL_ANY_PROPERTY))
	{
		icalparameter *parameter = icalproperty_get_first_parameter(property, ICAL_TZID_PARAMETER);
		const char *name = parameter != NULL ? icalparameter_get_tzid(parameter) : NULL;

		if (name == NULL || strlen(name) > VA_ZONE_NAME_MAX || icalcomponent_get_timezone(calendar, name) != NULL)
			continue;
		if (strcmp(name, asked) != 0)
			iana_name(strcpy(asked, name), iana);
		if (iana[0] != '\0')
			icalparameter_set_tzid(parameter, iana);
	}
}

void
va_name_zones(icalcomponent *calendar)
{
	icalcompiter events = icalcomponent_begin_component(calendar, ICAL_VEVENT_COMPONENT);
	icalcomponent *event;

	drop_empty_zones(calendar);
	for (; (event = icalcompiter_deref(&events)) != NULL; icalcompiter_next(&events))
		name_windows_zones(calendar, event);
}
