/*-------------------------------------------------------------------------
 * returns.h
 *		The process media, and what outlives a socket of it: a talk that goes
 *		on, and a call that is over though its socket is there.
 */
#ifndef VOICEAGENT_MEDIA_RETURNS_H
#define VOICEAGENT_MEDIA_RETURNS_H

#include "call.h"

/*
 * The turns of the call before: those that were kept, as open_media_session() gives them (NULL: none), and those that another of these
 * calls has still to keep.  The talk goes on behind them.
 */
extern void va_media_recall(VaMediaCall *call, const char *turns, VaMediaCall *calls);

/* Ends those whose end the carrier has told. */
extern void va_media_end_over(VaMediaCall *calls, int64_t now_ms, int64_t unix_ms);

/* Notes in a transaction, once, why a session has ended. */
extern void va_media_note_end(VaMediaCall *call);

/* We have hung up, and the carrier does not know it yet: it is told when that is committed, so that it is given no other socket. */
extern bool va_media_is_to_be_closed(const VaMediaCall *call, int64_t now_ms);
extern void va_media_close_calls(VaMediaCall *calls, int64_t now_ms);

#endif /* VOICEAGENT_MEDIA_RETURNS_H */
