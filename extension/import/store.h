/*-------------------------------------------------------------------------
 * store.h
 *		A chunk of candidates -> do-not-call hits, duplicates, new leads.
 *
 * Open (import->leads is open and prepared), flush whenever the chunk is
 * full and at the end, close.
 *-------------------------------------------------------------------------
 */
#ifndef VOICEAGENT_IMPORT_STORE_H
#define VOICEAGENT_IMPORT_STORE_H

#include "run.h"

extern void va_import_open_store(VaImport *import);
extern void va_import_close_store(VaImport *import);

/* Stores the chunk, with its reports, and leaves it empty. */
extern void va_import_flush(VaImport *import);

#endif /* VOICEAGENT_IMPORT_STORE_H */
