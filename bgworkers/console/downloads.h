/*-------------------------------------------------------------------------
 * downloads.h
 *		GET /exports/LINK/NAME: the file of an export, to whoever has the signed
 *		link (export_link()), whole or a range of it.
 */
#ifndef VOICEAGENT_CONSOLE_DOWNLOADS_H
#define VOICEAGENT_CONSOLE_DOWNLOADS_H

#include "caller.h"

#define VA_DOWNLOADS "/exports/"

/* Asks a process api where the link leads; it is answered when that is known. */
extern void va_download(VaHttpdRequest *request, const VaCaller *caller);

/* Answers with an open file, whole or the range that is asked for; it is closed in any case. */
extern void va_send_file(VaHttpdRequest *request, int file, uint64 size, const char *type, const char *disposition);

#endif /* VOICEAGENT_CONSOLE_DOWNLOADS_H */
