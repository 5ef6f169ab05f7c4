/*-------------------------------------------------------------------------
 * sheets.h
 *		A workbook (XLSX) of any number of rows, in constant memory.
 *
 * Further sheets hold what does not fit into the first.  A text is always a
 * string cell, so that nothing in it is computed; a number, a date and a truth
 * value are cells of their own types.
 */
#ifndef VOICEAGENT_SHEETS_H
#define VOICEAGENT_SHEETS_H

#include "postgres.h"

#include "access/htup.h"
#include "access/tupdesc.h"

typedef struct VaSheets VaSheets;

/* NULL without memory.  temporary: the directory of its temporary files. */
extern VaSheets *va_sheets_open(const char *path, const char *temporary, const char *name);
extern void va_sheets_row(VaSheets *sheets, TupleDesc columns, HeapTuple row);
/* About how many bytes the rows are before they are compressed. */
extern int64 va_sheets_bytes(const VaSheets *sheets);
/* Writes the file, and frees the workbook; NULL, or why it could not. */
extern const char *va_sheets_close(VaSheets *sheets);
extern void va_sheets_abandon(VaSheets *sheets);

#endif /* VOICEAGENT_SHEETS_H */
