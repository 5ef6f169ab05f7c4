/*-------------------------------------------------------------------------
 * csv_reader.h
 *		Rows out of a CSV file that comes in pieces cut anywhere.
 *
 * libcsv judges the bytes (RFC 4180; CR, LF and CRLF in any mix; quoted
 * newlines; a quote in an unquoted field is a character).  Blank lines are no
 * rows.  The reader is given bytes row by row's end: va_csv_next() stops after
 * the newline that ends a row, so the caller always knows which bytes belong
 * to rows it has seen, and may keep the others for another reader.
 *
 * Limits have names because what is beyond them is an error for people to
 * read.  Memory: one field and one row within those limits, by malloc.
 */
#ifndef VOICEAGENT_CSV_READER_H
#define VOICEAGENT_CSV_READER_H

#include <stdbool.h>
#include <stddef.h>

#define VA_CSV_MAX_FIELD (1024 * 1024)	 /* bytes */
#define VA_CSV_MAX_ROW (4 * 1024 * 1024) /* bytes of all fields of a row */
#define VA_CSV_MAX_COLUMNS 1000

typedef enum VaCsvStatus
{
	VA_CSV_MORE,	 /* all bytes are consumed, the row goes on */
	VA_CSV_ROW,		 /* a row is complete */
	VA_CSV_UNCLOSED, /* at the end only: a row whose quoted field never ended */
	VA_CSV_FIELD_TOO_LONG,
	VA_CSV_ROW_TOO_LONG,
	VA_CSV_TOO_MANY_COLUMNS,
	VA_CSV_NO_MEMORY
} VaCsvStatus;

typedef struct VaCsvField
{
	size_t start; /* in VaCsvRow.text */
	size_t len;
} VaCsvField;

/* Valid until the next call; the fields stand apart by one byte of 0x1F, and nothing ends in NUL. */
typedef struct VaCsvRow
{
	const char *text;
	size_t len;
	int count;
	const VaCsvField *fields;
} VaCsvRow;

typedef struct VaCsvReader VaCsvReader;

/* The separator that the first line has most of: comma, semicolon, tab or bar; the comma if it has none. */
extern char va_csv_sniff(const char *text, const char *end);

/* NULL: no memory. */
extern VaCsvReader *va_csv_open(char delimiter);
extern void va_csv_close(VaCsvReader *reader);

/*
 * Reads from *data, which moves on, up to the end of a row or to end.  After
 * VA_CSV_ROW *row holds it; after an error the reader is good for nothing but
 * va_csv_close().
 */
extern VaCsvStatus va_csv_next(VaCsvReader *reader, const char **data, const char *end, VaCsvRow *row);

/* At the end of the file: the last row if no newline ended it, else VA_CSV_MORE. */
extern VaCsvStatus va_csv_end(VaCsvReader *reader, VaCsvRow *row);

#endif /* VOICEAGENT_CSV_READER_H */
