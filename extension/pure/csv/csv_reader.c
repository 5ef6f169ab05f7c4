/*-------------------------------------------------------------------------
 * csv_reader.c
 *		Rows out of a CSV file: libcsv behind an interface that can be left
 *		between two rows.
 *
 * libcsv calls back and does not say at which byte a row ended.  It is
 * therefore fed one line at a time: a row can only end where a line does.
 * Nothing here is shared; a reader belongs to its caller.
 */
#include "csv_reader.h"

#include <csv.h>
#include <stdlib.h>
#include <string.h>

/* Steps in which libcsv's field buffer grows (its own are 128 bytes). */
#define FIELD_STEP 32768
#define FIELD_SEPARATOR 0x1F
/* A line's end is looked for in so many bytes first. */
#define FIRST_WINDOW 256

struct VaCsvReader
{
	struct csv_parser parser;
	VaCsvField *fields;
	int count;
	int fields_max;
	char *text;
	size_t len;
	size_t text_max;
	bool row_done;
	VaCsvStatus trouble; /* VA_CSV_MORE: none */
};

/* libcsv takes the refusal for a lack of memory and stops: that is the limit of a field. */
static void *
limited_realloc(void *old, size_t size)
{
	if (size > VA_CSV_MAX_FIELD + FIELD_STEP)
		return NULL;
	return realloc(old, size);
}

static bool
grow_text(VaCsvReader *reader, size_t needed)
{
	size_t size = reader->text_max;
	char *text;

	if (needed <= size)
		return true;
	while (size < needed)
		size *= 2;
	text = realloc(reader->text, size);
	if (text == NULL)
		return false;
	reader->text = text;
	reader->text_max = size;
	return true;
}

static bool
grow_fields(VaCsvReader *reader)
{
	int max = reader->fields_max * 2;
	VaCsvField *fields = realloc(reader->fields, max * sizeof(VaCsvField));

	if (fields == NULL)
		return false;
	reader->fields = fields;
	reader->fields_max = max;
	return true;
}

/* libcsv: a field has ended. */
static void
take_field(void *bytes, size_t len, void *data)
{
	VaCsvReader *reader = data;
	VaCsvField *field;

	if (reader->trouble != VA_CSV_MORE)
		return;
	if (len > VA_CSV_MAX_FIELD)
		reader->trouble = VA_CSV_FIELD_TOO_LONG;
	else if (reader->count >= VA_CSV_MAX_COLUMNS)
		reader->trouble = VA_CSV_TOO_MANY_COLUMNS;
	else if (reader->len + len > VA_CSV_MAX_ROW)
		reader->trouble = VA_CSV_ROW_TOO_LONG;
	else if ((reader->count >= reader->fields_max && !grow_fields(reader)) || !grow_text(reader, reader->len + len + 1))
		reader->trouble = VA_CSV_NO_MEMORY;
	if (reader->trouble != VA_CSV_MORE)
		return;

	field = &reader->fields[reader->count++];
	field->start = reader->len;
	field->len = len;
	if (len > 0)
		memcpy(reader->text + reader->len, bytes, len);
	reader->len += len;
	reader->text[reader->len++] = FIELD_SEPARATOR;
}

/* libcsv: a row has ended. */
static void
take_row(int end, void *data)
{
	(void) end;
	((VaCsvReader *) data)->row_done = true;
}

char
va_csv_sniff(const char *text, const char *end)
{
	static const char delimiters[] = ",;\t|";
	size_t counts[sizeof(delimiters) - 1] = { 0 };
	char best = ',';
	size_t most = 0;

	for (; text < end && *text != '\n'; text++)
		for (size_t d = 0; d < sizeof(counts) / sizeof(counts[0]); d++)
			counts[d] += *text == delimiters[d];
	for (size_t d = 0; d < sizeof(counts) / sizeof(counts[0]); d++)
		if (counts[d] > most)
		{
			most = counts[d];
			best = delimiters[d];
		}
	return best;
}

VaCsvReader *
va_csv_open(char delimiter)
{
	VaCsvReader *reader = calloc(1, sizeof(VaCsvReader));

	if (reader == NULL)
		return NULL;
	reader->fields_max = 32;
	reader->text_max = 4096;
	reader->fields = malloc(reader->fields_max * sizeof(VaCsvField));
	reader->text = malloc(reader->text_max);
	if (reader->fields == NULL || reader->text == NULL || csv_init(&reader->parser, 0) != 0)
	{
		free(reader->fields);
		free(reader->text);
		free(reader);
		return NULL;
	}
	csv_set_delim(&reader->parser, (unsigned char) delimiter);
	csv_set_realloc_func(&reader->parser, limited_realloc);
	csv_set_blk_size(&reader->parser, FIELD_STEP);
	return reader;
}

void
va_csv_close(VaCsvReader *reader)
{
	if (reader == NULL)
		return;
	csv_free(&reader->parser);
	free(reader->fields);
	free(reader->text);
	free(reader);
}

/* Hands one line, or a piece of one, to libcsv. */
static VaCsvStatus
feed(VaCsvReader *reader, const char *bytes, size_t len, VaCsvRow *row)
{
	if (csv_parse(&reader->parser, bytes, len, take_field, take_row, reader) != len && reader->trouble == VA_CSV_MORE)
		reader->trouble = csv_get_buffer_size(&reader->parser) >= VA_CSV_MAX_FIELD ? VA_CSV_FIELD_TOO_LONG
																				   : VA_CSV_NO_MEMORY;
	if (reader->trouble != VA_CSV_MORE)
		return reader->trouble;
	if (!reader->row_done)
		return VA_CSV_MORE;
	row->text = reader->text;
	row->len = reader->len;
	row->count = reader->count;
	row->fields = reader->fields;
	reader->row_done = false;
	reader->count = 0;
	reader->len = 0;
	return VA_CSV_ROW;
}

/*
 * After the first CR or LF, end if there is none.  By windows that grow: a file
 * that has but one of the two must not be searched to its end for the other
 * with every row.
 */
static const char *
after_line(const char *start, const char *end)
{
	for (size_t window = FIRST_WINDOW; start < end; window *= 2)
	{
		size_t len = (size_t) (end - start) < window ? (size_t) (end - start) : window;
		const char *found = memchr(start, '\n', len);
		const char *carriage = memchr(start, '\r', found != NULL ? (size_t) (found - start) : len);

		if (carriage != NULL)
			found = carriage;
		if (found != NULL)
			return found + 1;
		start += len;
	}
	return end;
}

VaCsvStatus
va_csv_next(VaCsvReader *reader, const char **data, const char *end, VaCsvRow *row)
{
	while (*data < end)
	{
		const char *start = *data;
		VaCsvStatus status;

		*data = after_line(start, end);
		status = feed(reader, start, *data - start, row);
		if (status != VA_CSV_MORE)
			return status;
	}
	return VA_CSV_MORE;
}

VaCsvStatus
va_csv_end(VaCsvReader *reader, VaCsvRow *row)
{
	VaCsvStatus status = feed(reader, "\n", 1, row);

	if (status != VA_CSV_MORE)
		return status;
	/* Either nothing has begun, and this opens a quoted field, or one is open, and this closes it. */
	status = feed(reader, "\"\n", 2, row);
	return status == VA_CSV_ROW ? VA_CSV_UNCLOSED : status;
}
