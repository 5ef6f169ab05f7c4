/*-------------------------------------------------------------------------
 * progress.h
 *		How far the imports are that run at this moment, for others to see.
 *
 * What a statement has written nobody else sees before its commit; its counts
 * stand in shared memory.  An import without a free slot, or without shared
 * memory, runs unseen.
 *-------------------------------------------------------------------------
 */
#ifndef VOICEAGENT_IMPORT_PROGRESS_H
#define VOICEAGENT_IMPORT_PROGRESS_H

#include "run.h"

/* Once, in the postmaster. */
extern void va_import_progress_init(void);

/* From here on the import is seen, until import->run is deleted. */
extern void va_import_progress_start(VaImport *import, size_t bytes);

/* done: of the bytes. */
extern void va_import_progress_set(VaImport *import, size_t done);

#endif /* VOICEAGENT_IMPORT_PROGRESS_H */
