/*-------------------------------------------------------------------------
 * csv_line.h
 *		A row as a line of CSV that a spreadsheet shows and does not compute.
 *
 * A text that a spreadsheet would take for a formula (it begins with = + - @,
 * also in full width, or with a control character) gets an apostrophe before
 * it, which imports take off.  A telephone number in E.164 is none, nor is what
 * is no text: a number may be negative.  A field is quoted where RFC 4180 asks
 * for it, where it holds any of the four separators, and where it begins or
 * ends with a blank.
 */
#ifndef VOICEAGENT_CSV_LINE_H
#define VOICEAGENT_CSV_LINE_H

#include "postgres.h"

#include "access/tupdesc.h"
#include "fmgr.h"
#include "lib/stringinfo.h"

typedef enum VaCsvKind
{
	VA_CSV_TEXT, /* may be taken for a formula */
	VA_CSV_INTEGER,
	VA_CSV_BOOLEAN,
	VA_CSV_PLAIN, /* numbers and times: never in quotes */
	VA_CSV_OTHER
} VaCsvKind;

/* Facts on the columns of the rows; made in the current context. */
typedef struct VaCsvColumns
{
	int n;
	FmgrInfo *output;
	VaCsvKind *kind;
	char separator;
} VaCsvColumns;

extern void va_csv_columns(VaCsvColumns *csv, TupleDesc columns, char separator);

/* Appends a row, without the end of the line. */
extern void va_csv_append(StringInfo line, const VaCsvColumns *csv, const Datum *values, const bool *nulls);

/* Appends one field. */
extern void va_csv_append_text(StringInfo line, const char *value, size_t length);

/* Whether a spreadsheet would compute a field that begins so. */
extern bool va_csv_is_computed(const char *value, size_t length);

#endif /* VOICEAGENT_CSV_LINE_H */
