/*-------------------------------------------------------------------------
 * export_file.h
 *		The file of an export while it is written: CSV, lines of JSON, an array of JSON, or a workbook.
 *
 * It is written below the directory "new" of the exports and moved beside it
 * when it is whole, so that what a crash leaves is known by its place.  Memory
 * is that of a page of rows; a workbook's rows lie in temporary files there.
 */
#ifndef VOICEAGENT_EXPORT_FILE_H
#define VOICEAGENT_EXPORT_FILE_H

#include "postgres.h"

#include "access/htup.h"
#include "access/tupdesc.h"

typedef struct VaExportFile VaExportFile;

typedef struct VaExportForm
{
	const char *what;	/* the name of a workbook's sheets */
	const char *format; /* csv, ndjson, json, xlsx */
	char separator;
	bool bom;
	const char *name; /* of the file, when it is done */
	int64 most_bytes; /* more is an error */
} VaExportForm;

/* Empties the place of unfinished files, and makes the directories where they are not. */
extern void va_export_files_start(void);

/* The names of the finished files, palloc'd. */
extern char **va_export_files(int *n);
extern void va_export_remove(const char *name);

/* Raises where it cannot be made.  It lives until va_export_finish() or va_export_abandon(). */
extern VaExportFile *va_export_open(const VaExportForm *form, MemoryContext context);

/* Appends rows of a query: of json and ndjson the second column is the line. */
extern void va_export_rows(VaExportFile *file, TupleDesc columns, HeapTuple *rows, uint64 n);
extern int64 va_export_bytes(const VaExportFile *file);

/* The whole file is on disk under its name when this returns; its bytes. */
extern int64 va_export_finish(VaExportFile *file);
extern void va_export_abandon(VaExportFile *file);

#endif /* VOICEAGENT_EXPORT_FILE_H */
