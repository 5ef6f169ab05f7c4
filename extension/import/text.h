/*-------------------------------------------------------------------------
 * text.h
 *		The bytes of a row as text, and a row as a line of CSV.
 *-------------------------------------------------------------------------
 */
#ifndef VOICEAGENT_IMPORT_TEXT_H
#define VOICEAGENT_IMPORT_TEXT_H

#include "run.h"

/*
 * The row in UTF-8, in the current memory context if it had to be converted;
 * NULL if it is no text.  May decide import->encoding.
 */
extern const VaCsvRow *va_import_as_text(VaImport *import, const VaCsvRow *row);

/* The row as a line of CSV, to be mended; NULL if it is longer than is worth keeping. */
extern const char *va_import_row_line(const VaCsvRow *row);

#endif /* VOICEAGENT_IMPORT_TEXT_H */
