/*-------------------------------------------------------------------------
 * row.h
 *		One row of a CSV file -> a candidate for voiceagent.leads, or reports.
 *
 * Counts the row as read; a rejected one also as rejected.
 *-------------------------------------------------------------------------
 */
#ifndef VOICEAGENT_IMPORT_ROW_H
#define VOICEAGENT_IMPORT_ROW_H

#include "import/run.h"

extern void va_import_row(VaImport *import, const VaCsvRow *row);

/*
 * The row in UTF-8, in the current memory context if it had to be converted;
 * NULL if it is no text.  May decide import->encoding.
 */
extern const VaCsvRow *va_import_as_text(VaImport *import, const VaCsvRow *row);

/* text[] of a set of zones (phone.h), made once a run. */
extern Datum va_import_zone_set(VaImport *import, int set);

/* The last row of a file that ended inside of quotes: always rejected. */
extern void va_import_row_unclosed(VaImport *import, const VaCsvRow *row);

#endif							/* VOICEAGENT_IMPORT_ROW_H */
