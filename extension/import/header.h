/*-------------------------------------------------------------------------
 * header.h
 *		The first row of a file of leads, which names its columns.
 *-------------------------------------------------------------------------
 */
#ifndef VOICEAGENT_IMPORT_HEADER_H
#define VOICEAGENT_IMPORT_HEADER_H

#include "core/compat.h"
#include "run.h"

/* A reader that goes with the current memory context. */
extern VaCsvReader *va_import_open_reader(char delimiter);

/*
 * Finds the header in the bytes so far: import->headers and delimiter, in the
 * current memory context; *data moves behind it.  False when its end has not
 * come yet.  PT422 for what is no CSV file.
 */
extern bool va_import_take_header(VaImport *import, const char **data, const char *end, bool last);

/* PT422 for what a reader says of a row, or of the header. */
extern VA_NORETURN void va_import_raise_csv(VaImport *import, VaCsvStatus status);

#endif /* VOICEAGENT_IMPORT_HEADER_H */
