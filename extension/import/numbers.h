/*-------------------------------------------------------------------------
 * numbers.h
 *		The telephone numbers of a row: the lead's first, and its further ones.
 *-------------------------------------------------------------------------
 */
#ifndef VOICEAGENT_IMPORT_NUMBERS_H
#define VOICEAGENT_IMPORT_NUMBERS_H

#include "run.h"

/* A further number of a row, 2 to 5. */
typedef struct VaNumber
{
	int number;
	VaPhone phone;
} VaNumber;

/*
 * All numbers of a row, as texts, by their shape alone: both that an ambiguous one may be, of several in a cell each.
 * ambiguous: only those that may be two.
 */
extern List *va_import_numbers_of(VaImport *import, const VaCsvRow *row, const char *country, bool ambiguous);

/* The first number of a row that can be dialled, and its column; false when there is none, and the row was rejected. */
extern bool va_import_first_number(
	VaImport *import, const VaCsvRow *row, const char *country, VaPhone *phone, int *column);

/*
 * The numbers in the other columns: returns how many; used[column] is set for
 * those, the others stay context, with a warning.
 */
extern int va_import_further_numbers(VaImport *import, const VaCsvRow *row, const char *country, const VaPhone *first,
	int first_column, VaNumber *numbers, bool *used);

#endif /* VOICEAGENT_IMPORT_NUMBERS_H */
