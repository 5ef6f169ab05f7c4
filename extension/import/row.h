/*-------------------------------------------------------------------------
 * row.h
 *		One row of a CSV file -> a candidate for voiceagent.leads, or reports.
 *
 * Counts the row as read; a rejected one also as rejected.
 *-------------------------------------------------------------------------
 */
#ifndef VOICEAGENT_IMPORT_ROW_H
#define VOICEAGENT_IMPORT_ROW_H

#include "run.h"

/* The number of the next new row of a table with this sequence; a dry run takes none from it. */
extern int64 va_import_next_id(VaImport *import, Oid sequence);

extern void va_import_row(VaImport *import, const VaCsvRow *row);

/* The last row of a file that ended inside of quotes: always rejected. */
extern void va_import_row_unclosed(VaImport *import, const VaCsvRow *row);

#endif /* VOICEAGENT_IMPORT_ROW_H */
