/*-------------------------------------------------------------------------
 * zones.c
 *		The time zones of a row as text[]: its own, or those of its place.
 *		No locks, no table is read.
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "utils/array.h"
#include "utils/builtins.h"

#include "field.h"
#include "zones.h"
#include "lead/phone.h"
#include "lead/zone.h"

/* A file of other names than these is read without their help. */
#define ZONE_CACHE_MAX 1000

typedef struct ZoneEntry
{
	char name[64]; /* as the file writes it; the hash key */
	Datum zones;   /* text[] of the one zone; 0: there is no such zone */
} ZoneEntry;

Datum
va_import_own_zone(VaImport *import, const VaCsvRow *row)
{
	int column = import->column[VA_LEAD_TIMEZONE];
	VaImportField text = va_field(row, column);
	ZoneEntry *entry;
	char name[64] = "";
	bool found;
	Datum zones = (Datum) 0;

	if (text.len == 0)
		return (Datum) 0;
	if (text.len < sizeof(name))
	{
		memcpy(name, text.bytes, text.len);
		entry = hash_search(import->zone_names, name, HASH_FIND, NULL);
		if (entry != NULL)
			zones = entry->zones;
		else
		{
			pg_tz *zone = va_find_zone(name);

			if (zone != NULL)
			{
				MemoryContext old = MemoryContextSwitchTo(import->run);
				Datum element = CStringGetTextDatum(pg_get_timezone_name(zone));

				zones = PointerGetDatum(construct_array(&element, 1, TEXTOID, -1, false, TYPALIGN_INT));
				MemoryContextSwitchTo(old);
			}
			if (hash_get_num_entries(import->zone_names) < ZONE_CACHE_MAX)
			{
				entry = hash_search(import->zone_names, name, HASH_ENTER, &found);
				entry->zones = zones;
			}
		}
	}
	if (zones == (Datum) 0)
		va_warn(import, column, text, "unknown time zone, ignored (IANA names such as America/New_York are known)");
	return zones;
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
