/*-------------------------------------------------------------------------
 * zones.h
 *		The time zones of a row as text[]: its own, or those of its place.
 *
 * Each is made once a run and shared by its rows.
 *-------------------------------------------------------------------------
 */
#ifndef VOICEAGENT_IMPORT_ZONES_H
#define VOICEAGENT_IMPORT_ZONES_H

#include "run.h"

/* The row's own zone; all of its number's country where, with a warning, it cannot be read; 0 if the row has none. */
extern Datum va_import_own_zone(VaImport *import, const VaCsvRow *row, const VaPhone *phone, bool *is_read);

/* A set of zones (phone.h). */
extern Datum va_import_zone_set(VaImport *import, int set);

#endif /* VOICEAGENT_IMPORT_ZONES_H */
