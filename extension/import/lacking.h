/*-------------------------------------------------------------------------
 * lacking.h
 *		Which rows of a file lack what an assistant's prompt needs.
 *-------------------------------------------------------------------------
 */
#ifndef VOICEAGENT_IMPORT_LACKING_H
#define VOICEAGENT_IMPORT_LACKING_H

#include "run.h"

/* Rows of one call that are named; more are counted by nobody. */
#define VA_IMPORT_LACKING_MAX 1000

/* A warning each for these leads, n of them, that lack a variable of the assistant that the batch names, if it names one. */
extern void va_import_warn_lacking(VaImport *import, Datum *lead_ids, int n);

/* A NOTICE that says how many such rows there were in this call; none if there were none. */
extern void va_import_tell_lacking(VaImport *import);

#endif /* VOICEAGENT_IMPORT_LACKING_H */
