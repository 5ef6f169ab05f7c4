/*-------------------------------------------------------------------------
 * columns.h
 *		Which column of a file is which field of a lead, and which are context.
 *
 * A mapping is {"our field": "their header"}, null for "no column is this
 * field"; fields that it does not name are found by their headers.
 *-------------------------------------------------------------------------
 */
#ifndef VOICEAGENT_IMPORT_COLUMNS_H
#define VOICEAGENT_IMPORT_COLUMNS_H

#include "run.h"

/*
 * Sets column[], context and pairs, in the current memory context, from
 * headers.  Raises PT422 when the mapping is none, names a column that the
 * file has not, or no column is the phone number.
 */
extern void va_import_choose_columns(VaImport *import, Jsonb *mapping);

/* The same, but no column need be the phone number. */
extern void va_import_guess_columns(VaImport *import, Jsonb *mapping);

#endif /* VOICEAGENT_IMPORT_COLUMNS_H */
