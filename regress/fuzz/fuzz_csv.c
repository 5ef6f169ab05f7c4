/*
 * fuzz_csv.c
 *		Any bytes as a CSV file: header, columns and rows; and the same rows
 *		whether the file comes in one piece or is cut where its first byte says.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "pure/csv/csv_header.h"
#include "pure/csv/csv_reader.h"

/* A sum over everything that a reader says about the file; every byte of a row is looked at. */
static uint64_t
digest(char delimiter, const char *const pieces[2], const size_t sizes[2])
{
	uint64_t	sum = 14695981039346656037u;
	VaCsvReader *reader = va_csv_open(delimiter);
	VaCsvRow	row;
	VaCsvStatus status = VA_CSV_MORE;

	for (int i = 0; i < 3; i++)
	{
		const char *data = i < 2 ? pieces[i] : NULL;
		const char *end = i < 2 ? data + sizes[i] : NULL;

		do
		{
			status = i < 2 ? va_csv_next(reader, &data, end, &row) : va_csv_end(reader, &row);
			if (status == VA_CSV_ROW || status == VA_CSV_UNCLOSED)
			{
				for (int k = 0; k < row.count; k++)
				{
					for (size_t b = 0; b < row.fields[k].len; b++)
						sum = (sum ^ (unsigned char) row.text[row.fields[k].start + b]) * 1099511628211u;
					sum = (sum ^ 256) * 1099511628211u;
				}
				sum = (sum ^ 257) * 1099511628211u;
			}
		} while (status == VA_CSV_ROW && i < 2);
		if (status != VA_CSV_MORE)
			break;
	}
	va_csv_close(reader);
	return (sum ^ status) * 1099511628211u;
}

/* Where the header's row ends, and its columns. */
static const char *
map_header(const char *text, const char *end, char delimiter)
{
	VaCsvReader *reader = va_csv_open(delimiter);
	const char *at = text;
	VaCsvRow	row;
	VaCsvStatus status = va_csv_next(reader, &at, end, &row);

	if (status == VA_CSV_MORE)
		status = va_csv_end(reader, &row);
	if (status == VA_CSV_ROW && row.count > 0)
	{
		char	  **headers = calloc(row.count, sizeof(char *));
		int			column[VA_LEAD_FIELDS];

		for (int i = 0; i < row.count; i++)
			headers[i] = strndup(row.text + row.fields[i].start, row.fields[i].len);
		for (int i = 0; i < VA_LEAD_FIELDS; i++)
			column[i] = VA_CSV_UNMAPPED;
		va_csv_map_columns((const char *const *) headers, row.count, column);
		for (int i = 0; i < VA_LEAD_FIELDS; i++)
		{
			if (column[i] < -1 || column[i] >= row.count)
				abort();
		}
		if (va_csv_find_column((const char *const *) headers, row.count, headers[row.count - 1]) < 0)
			abort();
		(void) va_lead_field_by_name(headers[0]);
		for (int i = 0; i < row.count; i++)
			free(headers[i]);
		free(headers);
	}
	va_csv_close(reader);
	return at;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	VaCsvHeader header;
	VaCsvHeader first;			/* as the bytes up to the cut have it */
	bool		early;
	const char *file;
	size_t		cut;

	if (size < 1)
		return 0;
	file = (const char *) bytes + 1;
	size--;
	cut = size > 0 ? bytes[0] % (size + 1) : 0;
	early = va_csv_find_header(file, cut, false, &first) == VA_CSV_HEADER_FOUND;
	if (va_csv_find_header(file, size, true, &header) == VA_CSV_HEADER_FOUND)
	{
		const char *rows = map_header(file + header.start, file + size, header.delimiter);
		size_t		rows_size = file + size - rows;
		const char *whole[2] = {rows, file + size};
		size_t		whole_sizes[2] = {rows_size, 0};
		const char *parts[2] = {rows, rows};
		size_t		part_sizes[2] = {0, rows_size};

		if (header.start > size || (early && header.delimiter != first.delimiter))
			abort();
		if (file + cut > rows)
		{
			parts[1] = file + cut;
			part_sizes[0] = file + cut - rows;
			part_sizes[1] = size - cut;
		}
		if (digest(header.delimiter, whole, whole_sizes) != digest(header.delimiter, parts, part_sizes))
			abort();
	}
	return 0;
}
