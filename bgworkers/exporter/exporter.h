/*-------------------------------------------------------------------------
 * exporter.h
 *		Shared by the files of the process exporter.
 */
#ifndef VOICEAGENT_EXPORTER_H
#define VOICEAGENT_EXPORTER_H

#include "postgres.h"

#include "access/htup.h"
#include "access/tupdesc.h"
#include "lib/stringinfo.h"
#include "utils/timestamp.h"

/* calendar_program.c: the program voiceagent-calendar, run once for a file. */

/*
 * Runs program with args (NULL ends them, the first is its name), gives it the
 * input and appends what it prints to output.  False: it is not there, did not
 * come to an end (and was ended), or failed.  Runs outside of transactions and
 * takes interrupts; no process is left behind.
 */
extern bool va_run_calendar(const char *program, char *const args[], const char *input, size_t len, StringInfo output);

/*
 * sheets.c: a workbook (XLSX) of any number of rows, in constant memory.  Further sheets hold what does not fit into
 * the first.  A text is always a string cell, so that nothing in it is computed; a number, a date and a truth value
 * are cells of their own types.
 */
typedef struct VaSheets VaSheets;

/* NULL without memory.  temporary: the directory of its temporary files. */
extern VaSheets *va_sheets_open(const char *path, const char *temporary, const char *name);
extern void va_sheets_row(VaSheets *sheets, TupleDesc columns, HeapTuple row);
/* About how many bytes the rows are before they are compressed. */
extern int64 va_sheets_bytes(const VaSheets *sheets);
/* Writes the file, and frees the workbook; NULL, or why it could not. */
extern const char *va_sheets_close(VaSheets *sheets);
extern void va_sheets_abandon(VaSheets *sheets);

/*
 * export_file.c: the file of an export while it is written: CSV, lines of JSON, an array of JSON, or a workbook.  It
 * is written below the directory "new" of the exports and moved beside it when it is whole, so that what a crash
 * leaves is known by its place.  Memory is that of a page of rows; a workbook's rows lie in temporary files there.
 */
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

/* pdf.c: a text as PDF, in a font of fixed width that is embedded in it. */
typedef struct VaPdfForm
{
	const char *title; /* of the document, in ASCII */
	const char *body;  /* UTF-8; its lines are broken where the page ends */
	const char *font;  /* a TrueType file */
	TimestampTz made_at;
} VaPdfForm;

/*
 * The document in out, and in lacks the characters, each once and in UTF-8,
 * that it cannot show: a question mark stands for each.  NULL, or why there is
 * none.
 */
extern const char *va_pdf_make(const VaPdfForm *form, StringInfo out, StringInfo lacks);

/* documents.c: invoices as PDF. */

/* Outside of a transaction: makes the next one that is wanted; false: there is none. */
extern bool va_make_document(void);

#endif /* VOICEAGENT_EXPORTER_H */
