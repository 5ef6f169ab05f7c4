/*-------------------------------------------------------------------------
 * field.h
 *		The fields of a row as its readers look at them, and what they say of them.
 */
#ifndef VOICEAGENT_IMPORT_FIELD_H
#define VOICEAGENT_IMPORT_FIELD_H

#include "core/csv_line.h"
#include "run.h"

/* A field without the white space around it. */
typedef struct VaImportField
{
	const char *bytes;
	size_t len;
} VaImportField;

static inline bool
va_is_blank(char c)
{
	return c == ' ' || (c >= '\t' && c <= '\r');
}

static inline VaImportField
va_trimmed(const char *bytes, size_t len)
{
	VaImportField field = { bytes, len };

	while (field.len > 0 && va_is_blank(field.bytes[0]))
		field.bytes++, field.len--;
	while (field.len > 0 && va_is_blank(field.bytes[field.len - 1]))
		field.len--;
	return field;
}

/* Empty for a column that is not there; without the apostrophe that has a spreadsheet show it as it is. */
static inline VaImportField
va_field(const VaCsvRow *row, int column)
{
	VaImportField field = { "", 0 };

	if (column >= 0 && column < row->count)
		field = va_trimmed(row->text + row->fields[column].start, row->fields[column].len);
	if (unlikely(field.len > 1 && field.bytes[0] == '\'') && va_csv_is_computed(field.bytes + 1, field.len - 1))
		field.bytes++, field.len--;
	return field;
}

/* A fault in a field of the current row; the row is imported all the same. */
static inline void
va_warn(VaImport *import, int column, VaImportField value, const char *reason)
{
	const char *name = column >= 0 && column < import->header_count ? import->headers[column] : NULL;

	va_import_report(import, import->rows_before + import->rows_read, ++import->errors_of_row, name, value.bytes,
		value.len, reason, "warning", NULL);
}

/* Why the current row is not imported; counts it. */
static inline void
va_reject(VaImport *import, const VaCsvRow *row, int column, VaImportField value, const char *reason)
{
	const char *name = column >= 0 && column < import->header_count ? import->headers[column] : NULL;

	va_import_report(import, import->rows_before + import->rows_read, ++import->errors_of_row, name, value.bytes,
		value.len, reason, "rejected", va_import_row_line(row));
	import->rows_rejected++;
}

#endif /* VOICEAGENT_IMPORT_FIELD_H */
