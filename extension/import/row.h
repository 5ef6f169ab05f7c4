/*-------------------------------------------------------------------------
 * row.h
 *		One row of a CSV file -> a candidate for voiceagent.leads, or reports.
 *
 * Counts the row as read; a rejected one also as rejected.
 *-------------------------------------------------------------------------
 */
#ifndef VOICEAGENT_IMPORT_ROW_H
#define VOICEAGENT_IMPORT_ROW_H

#include "import/extras.h"
#include "import/field.h"
#include "import/run.h"

extern void va_import_row(VaImport *import, const VaCsvRow *row);

/*
 * The row in UTF-8, in the current memory context if it had to be converted;
 * NULL if it is no text.  May decide import->encoding.
 */
extern const VaCsvRow *va_import_as_text(VaImport *import, const VaCsvRow *row);

/* The row as a line of CSV, to be mended; NULL if it is longer than is worth keeping. */
extern const char *va_import_row_line(const VaCsvRow *row);

/* Reports why the current row is not imported, and counts it. */
extern void va_import_reject(VaImport *import, const VaCsvRow *row, int column, VaField value, const char *reason);

/* The first number of a row that can be dialled, and its column; false when there is none, and the row was rejected. */
extern bool va_import_first_number(VaImport *import, const VaCsvRow *row, const char *country, VaPhone *phone, int *column);

/*
 * The numbers in the other columns: returns how many; used[column] is set for
 * those, the others stay context, with a warning.
 */
extern int	va_import_further_numbers(VaImport *import, const VaCsvRow *row, const char *country, const VaPhone *first,
									  int first_column, VaNumber *numbers, bool *used);

/* text[] of a set of zones (phone.h), made once a run. */
extern Datum va_import_zone_set(VaImport *import, int set);

/* The last row of a file that ended inside of quotes: always rejected. */
extern void va_import_row_unclosed(VaImport *import, const VaCsvRow *row);

#endif							/* VOICEAGENT_IMPORT_ROW_H */
