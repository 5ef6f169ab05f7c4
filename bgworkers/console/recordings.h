/*-------------------------------------------------------------------------
 * recordings.h
 *		GET /recordings/LINK: the recording of a call, to whoever has the signed
 *		link (recording_link()), whole or a range of it.
 *
 * It is fetched from where the carrier keeps it, whole, and kept for some
 * minutes in a file without a name, so that a player that asks for its parts
 * has them.  The carrier's address, and the account's credentials with which it
 * is asked, reach nobody.
 *
 * The process web calls all of it from its turn.
 */
#ifndef VOICEAGENT_CONSOLE_RECORDINGS_H
#define VOICEAGENT_CONSOLE_RECORDINGS_H

#include "caller.h"
#include "runtime/worker.h"

#define VA_RECORDINGS "/recordings/"
/* The longest recording. */
#define VA_RECORDING_MAX (32 * 1024 * 1024)

/* Asks a process api where the link leads; it is answered when the recording is there. */
extern void va_recording(VaHttpdRequest *request, const VaCaller *caller);

extern void va_recordings_open(VaWorker *worker);
extern void va_recordings_close(void);

/* Gives out what has come, and forgets what is old; when it has to look again. */
extern TimestampTz va_recordings_turn(void);

#endif /* VOICEAGENT_CONSOLE_RECORDINGS_H */
