/*-------------------------------------------------------------------------
 * returns.h
 *		The process media, and what outlives a socket of it: a talk that goes
 *		on, and a call that is over though its socket is there.
 */
#ifndef VOICEAGENT_MEDIA_RETURNS_H
#define VOICEAGENT_MEDIA_RETURNS_H

#include "call.h"

/* The turns that were kept of the call before, as open_media_session() gives them (NULL: none): the talk goes on behind them. */
extern void va_media_recall(VaMediaCall *call, const char *turns);

/* Ends those whose end the carrier has told. */
extern void va_media_end_over(VaMediaCall *calls, int64_t now_ms, int64_t unix_ms);

#endif /* VOICEAGENT_MEDIA_RETURNS_H */
