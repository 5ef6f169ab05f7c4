/*-------------------------------------------------------------------------
 * zones.c
 *		The time zones of a row as text[]: its own, or those of its place.
 *		No locks, no table is read.
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "utils/array.h"
#include "utils/builtins.h"

#include "field.h"
#include "run.h"
#include "lead/phone.h"
#include "lead/zone.h"

/* A file of other names than these is read without their help. */
#define ZONE_CACHE_MAX 1000
/* A longer text is no zone. */
#define ZONE_TEXT_MAX 60

typedef struct ZoneEntry
{
	char name[ZONE_TEXT_MAX + 4]; /* the number's country, and the zone as the file writes it; the hash key */
	Datum zones;				  /* text[] of the one zone; 0: there is no such zone */
} ZoneEntry;

Datum
va_import_own_zone(VaImport *import, const VaCsvRow *row, const VaPhone *phone, bool *is_read)
{
	int column = import->column[VA_LEAD_TIMEZONE];
	VaImportField text = va_field(row, column);
	ZoneEntry *entry;
	char name[ZONE_TEXT_MAX] = "";
	char key[ZONE_TEXT_MAX + sizeof(phone->region)];
	bool found;
	Datum zones = (Datum) 0;

	*is_read = false;
	if (text.len == 0)
		return (Datum) 0;
	if (text.len < sizeof(name))
	{
		memcpy(name, text.bytes, text.len);
		snprintf(key, sizeof(key), "%s%s", phone->region, name);
		entry = hash_search(import->zone_names, key, HASH_FIND, NULL);
		if (entry != NULL)
			zones = entry->zones;
		else
		{
			pg_tz *zone = va_read_zone(name, phone);

			if (zone != NULL)
			{
				MemoryContext old = MemoryContextSwitchTo(import->run);
				Datum element = CStringGetTextDatum(pg_get_timezone_name(zone));

				zones = PointerGetDatum(construct_array(&element, 1, TEXTOID, -1, false, TYPALIGN_INT));
				MemoryContextSwitchTo(old);
			}
			if (hash_get_num_entries(import->zone_names) < ZONE_CACHE_MAX)
			{
				entry = hash_search(import->zone_names, key, HASH_ENTER, &found);
				entry->zones = zones;
			}
		}
	}
	*is_read = zones != (Datum) 0;
	if (*is_read)
		return zones;
	va_warn(import, column, text,
		"unknown time zone: all of the country's must allow a call (IANA names such as America/New_York are known)");
	return va_import_zone_set(import, va_zone_set_of_region(phone->region, ""));
}

Datum
va_import_zone_set(VaImport *import, int set)
{
	if (unlikely(import->zone_arrays[set] == (Datum) 0))
	{
		MemoryContext old = MemoryContextSwitchTo(import->run);

		import->zone_arrays[set] = va_zone_set_array(set);
		MemoryContextSwitchTo(old);
	}
	return import->zone_arrays[set];
}
