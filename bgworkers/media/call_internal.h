/*-------------------------------------------------------------------------
 * call_internal.h
 *		What call.c (the socket) and talk.c (the talk) ask of each other.
 */
#ifndef VOICEAGENT_MEDIA_CALL_INTERNAL_H
#define VOICEAGENT_MEDIA_CALL_INTERNAL_H

#include "call.h"

/* ----- talk.c ----- */

/* Speech of the person begins, goes on or ends with the frame that was heard last. */
extern void va_call_voice(VaMediaCall *call, VaVoiceChange change, int64_t now_ms, int64_t unix_ms);
extern void va_call_key(VaMediaCall *call, char key, int64_t now_ms, int64_t unix_ms);

/* The first frame of a turn of ours goes out. */
extern void va_call_begins_to_speak(VaMediaCall *call, int64_t now_ms, int64_t unix_ms);

/* What we are saying is said no further; its turn is what was heard of it. */
extern void va_call_cut_short(VaMediaCall *call, int64_t unix_ms);
extern void va_call_forget_sentences(VaMediaCall *call);

/* ----- call.c ----- */

/* Messages to the carrier, unless they could not be made. */
extern void va_call_send(VaMediaCall *call, bool made, const VaMediaMessages *messages);
extern void va_call_send_due(VaMediaCall *call, int64_t now_ms, int64_t unix_ms);
/* Nothing of what was sent and not been heard is to be heard. */
extern void va_call_clear(VaMediaCall *call);

#endif /* VOICEAGENT_MEDIA_CALL_INTERNAL_H */
