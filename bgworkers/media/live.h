/*-------------------------------------------------------------------------
 * live.h
 *		What is seen of calls while they last: words that are no turns yet, and
 *		how long answers take.
 */
#ifndef VOICEAGENT_MEDIA_LIVE_H
#define VOICEAGENT_MEDIA_LIVE_H

#include "call.h"

/* What its answers took, in metrics(); each once. */
extern void va_media_count_times(VaMediaCall *call);
/* Tells live_words() and metrics(), at most four times a second. */
extern void va_media_show(VaMediaCall *calls, int64_t now_ms);

#endif /* VOICEAGENT_MEDIA_LIVE_H */
