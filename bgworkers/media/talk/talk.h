/*-------------------------------------------------------------------------
 * talk.h
 *		The talk of a call: what it hears, says and decides.
 */
#ifndef VOICEAGENT_MEDIA_TALK_H
#define VOICEAGENT_MEDIA_TALK_H

#include "media/engines/engines.h"

/* Takes over the socket.  Returns NULL if out of memory (the socket is then closed), or if its path is not ours. */
extern VaMediaCall *va_call_new(VaSocket *socket, int64_t now_ms);
extern void va_call_free(VaMediaCall *call);

/* Reads from the socket; unix_ms is the time of day. */
extern void va_call_hear(VaMediaCall *call, int64_t now_ms, int64_t unix_ms);
/* The time at which waiting frames may be taken; now_ms + 1000 if nothing waits. */
extern int64_t va_call_hears_next(const VaMediaCall *call, int64_t now_ms);

/* The session is open: the script is the call's. It talks as soon as a frame has come. */
extern void va_call_opened(VaMediaCall *call, int64_t now_ms);

/* Says what is due, and notices silences and the longest duration; returns when it wants to be called again. */
extern int64_t va_call_speak(VaMediaCall *call, int64_t now_ms, int64_t unix_ms);

/* The turns are kept; stopped: the person wants no calls. Then the answer is thought of, or the call ends. */
extern void va_call_kept(VaMediaCall *call, bool stopped, int64_t now_ms);

/* Ends it at once, why in words. */
extern void va_call_end(VaMediaCall *call, const char *why);
/* Something was said that is not kept yet. */
extern bool va_call_has_words(const VaMediaCall *call);

/* Another socket takes the call over from this one. */
extern void va_call_take_over(VaMediaCall *call, VaMediaCall *newer, int64_t now_ms);

/* For va_engines_open(). */
extern bool va_talk_tell(VaMediaCall *call, VaTalkEvent event, const char *words);

/* ----- talk.c, for hearing.c ----- */

/* Speech of the person begins, goes on or ends with the frame that was heard last. */
extern void va_call_voice(VaMediaCall *call, VaVoiceChange change, int64_t now_ms, int64_t unix_ms);
/* A key, of which some opt out. */
extern void va_call_press(VaMediaCall *call, char key, int64_t now_ms, int64_t unix_ms);

#endif /* VOICEAGENT_MEDIA_TALK_H */
