/*-------------------------------------------------------------------------
 * exports.h
 *		Where the files of exports lie: the process exporter writes them, the process web serves them.
 *
 * A directory below the data directory for each database, and one in it for
 * files that are being written, which is emptied when the process starts.
 */
#ifndef VOICEAGENT_EXPORTS_H
#define VOICEAGENT_EXPORTS_H

#include "postgres.h"

/* The directory of this database's exports, relative to the data directory. */
extern void va_exports_directory(char path[MAXPGPATH]);

/* The file of that name, which must be one of ours (digits, '-', '.', lower case letters); false: it is not. */
extern bool va_export_path(char path[MAXPGPATH], const char *name);

#endif /* VOICEAGENT_EXPORTS_H */
