/*-------------------------------------------------------------------------
 * text.c
 *		The bytes of a row as text, and a row as a line of CSV.
 *		No locks, no table is read.
 */
#include "postgres.h"

#include "lib/stringinfo.h"
#include "mb/pg_wchar.h"

#include "core/csv_line.h"
#include "run.h"

/* Longer is not kept to be mended. */
#define LINE_MAX_BYTES (32 * 1024)

/*
 * The row as a line of CSV, to be mended; NULL if it is longer than is worth
 * keeping.  Invalid text is read as Windows-1252.
 */
const char *
va_import_row_line(const VaCsvRow *row)
{
	StringInfoData line;

	if (row->len > LINE_MAX_BYTES)
		return NULL;
	initStringInfo(&line);
	for (int i = 0; i < row->count; i++)
	{
		const char *bytes = row->text + row->fields[i].start;
		size_t len = row->fields[i].len;

		if (i > 0)
			appendStringInfoChar(&line, ',');
		if (!pg_verify_mbstr(PG_UTF8, bytes, (int) len, true))
		{
			char *text = palloc(VA_1252_ROOM(len));
			bool clean;

			len = va_1252_to_utf8(bytes, len, text, &clean);
			for (size_t k = 0; k < len; k++)
			{
				if (text[k] == '\0')
					text[k] = ' ';
			}
			bytes = text;
		}
		va_csv_append_text(&line, bytes, len);
	}
	return line.data;
}

static bool
has_high_bit(const char *bytes, size_t len)
{
	size_t i = 0;
	uint64 seen = 0;

	for (; i + sizeof(uint64) <= len; i += sizeof(uint64))
	{
		uint64 eight;

		memcpy(&eight, bytes + i, sizeof(eight));
		seen |= eight;
	}
	for (; i < len; i++)
		seen |= (unsigned char) bytes[i];
	return (seen & UINT64CONST(0x8080808080808080)) != 0;
}

/* A row of a file in Windows-1252, in UTF-8; NULL if it holds a byte that means nothing there. */
static const VaCsvRow *
converted_row(const VaCsvRow *row)
{
	VaCsvRow *converted = palloc(sizeof(VaCsvRow));
	VaCsvField *fields = palloc(Max(row->count, 1) * sizeof(VaCsvField));
	char *text = palloc(VA_1252_ROOM(row->len) + 1);
	size_t len = 0;
	bool clean;

	for (int i = 0; i < row->count; i++)
	{
		fields[i].start = len;
		len += va_1252_to_utf8(row->text + row->fields[i].start, row->fields[i].len, text + len, &clean);
		fields[i].len = len - fields[i].start;
		if (!clean)
			return NULL;
	}
	converted->text = text;
	converted->len = len;
	converted->count = row->count;
	converted->fields = fields;
	return converted;
}

/*
 * Rows come from anywhere: the row as text, NULL if it is none.  It is
 * verified as a whole; only a bad one is looked at field by field.  The first
 * row with more than ASCII decides whether the file is in Windows-1252, so the
 * answer is the same wherever the file was cut.
 */
const VaCsvRow *
va_import_as_text(VaImport *import, const VaCsvRow *row)
{
	bool forced = import->encoding == VA_ENCODING_WINDOWS_1252 && import->encoding_given;

	if (likely(pg_verify_mbstr(PG_UTF8, row->text, (int) row->len, true)))
	{
		if (import->encoding == VA_ENCODING_OPEN && has_high_bit(row->text, row->len))
			import->encoding = VA_ENCODING_UTF8;
		if (!forced || !has_high_bit(row->text, row->len))
			return row;
	}
	if ((import->encoding == VA_ENCODING_OPEN || import->encoding == VA_ENCODING_WINDOWS_1252) &&
		memchr(row->text, '\0', row->len) == NULL)
	{
		const VaCsvRow *converted = converted_row(row);

		if (converted != NULL)
			import->encoding = VA_ENCODING_WINDOWS_1252;
		return converted;
	}
	return NULL;
}
