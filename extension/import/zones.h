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

/* The row's own zone; 0 if it has none or, with a warning, no valid one. */
extern Datum va_import_own_zone(VaImport *import, const VaCsvRow *row);

/* A set of zones (phone.h). */
extern Datum va_import_zone_set(VaImport *import, int set);

#endif /* VOICEAGENT_IMPORT_ZONES_H */
