/*-------------------------------------------------------------------------
 * numbers.h
 *		The telephone numbers of a row: the lead's first, and its further ones.
 *-------------------------------------------------------------------------
 */
#ifndef VOICEAGENT_IMPORT_NUMBERS_H
#define VOICEAGENT_IMPORT_NUMBERS_H

#include "field.h"
#include "run.h"

/* A further number of a row, 2 to 5. */
typedef struct VaNumber
{
	int number;
	VaPhone phone;
} VaNumber;

typedef VaPhoneVerdict (*VaNumberReader)(const char *text, size_t len, const char *default_region, VaPhone *out);

/*
 * Reads the next number of a cell, which moves on.  Returns what is wrong with it, with both that it may be in *phone where it is
 * ambiguous; NULL: it is in *phone.
 */
extern const char *va_import_read_number(
	VaImport *import, VaImportField *cell, const char *country, VaNumberReader parse, VaPhone *phone);

/*
 * The first number of a row that can be dialled, and its column; false when
 * there is none, and the row was rejected.  ambiguous (room for
 * VA_LEAD_NUMBERS) gets those before it that may be either of two.
 */
extern bool va_import_first_number(VaImport *import, const VaCsvRow *row, const char *country, VaPhone *phone,
	int *column, VaPhone *ambiguous, int *ambiguous_count);

/*
 * The numbers in the other columns: returns how many; used[column] is set for
 * those, the others stay context, with a warning.
 */
extern int va_import_further_numbers(VaImport *import, const VaCsvRow *row, const char *country, const VaPhone *first,
	int first_column, VaNumber *numbers, bool *used);

#endif /* VOICEAGENT_IMPORT_NUMBERS_H */
