/*-------------------------------------------------------------------------
 * stops.h
 *		Rows whose column do_not_call says anything but a plain no.  Nothing of
 *		such a row is imported, and all of its numbers are listed, also those
 *		of leads that are there and both that an ambiguous cell may be.
 *-------------------------------------------------------------------------
 */
#ifndef VOICEAGENT_IMPORT_STOPS_H
#define VOICEAGENT_IMPORT_STOPS_H

#include "numbers.h"

/* Before any row is written, as the order of locks wants it. */
extern void va_import_lock_stops(VaImport *import);
/* 1 + the column that says that somebody in this row must not be called; 0: none does. */
extern int va_import_stops(VaImport *import, const VaCsvRow *row);
/* Notes the numbers of a row, by their shape alone, and what va_import_stops() said; candidate: NULL where the row was refused. */
extern void va_import_stop(
	VaImport *import, const VaCsvRow *row, int stops, const char *country, VaCandidate *candidate);
/* Lists what was noted, after the chunk's leads are written. */
extern void va_import_take_stops(VaImport *import);

#endif /* VOICEAGENT_IMPORT_STOPS_H */
