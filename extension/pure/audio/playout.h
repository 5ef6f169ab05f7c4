/*-------------------------------------------------------------------------
 * playout.h
 *		Our speech, frame by frame: our own clock of 20 ms.
 *
 * Sentences are appended as samples; whoever owns the socket asks each turn
 * what is to be sent now.  It is ahead of real time by ahead_ms and no more:
 * what was sent can hardly be taken back, and no carrier's buffer overflows.
 * The heard time is counted from the first frame on by the clock, not by sent
 * frames.
 *
 * A sentence is a piece with a number of its own, so that the words heard of
 * each are known when somebody cuts it short.
 */
#ifndef VOICEAGENT_PLAYOUT_H
#define VOICEAGENT_PLAYOUT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "audio.h"

#define VA_AHEAD_MS 200
/* Two minutes of speech: more of a sentence is not kept, and not appended. */
#define VA_PLAYOUT_SAMPLES_MAX (120 * VA_AUDIO_RATE)

/* More than any carrier is ahead. */
#define VA_RECENT_SAMPLES (VA_AUDIO_RATE / 2)

/* Zero-initialised is empty. */
typedef struct VaPlayout
{
	int16_t *samples; /* that have not been sent */
	size_t first;
	size_t used; /* behind the last */
	size_t room;
	int ahead_ms;	  /* 0: VA_AHEAD_MS */
	int64_t began_ms; /* when the frame was due that is counted first; 0: nothing plays */
	int64_t sent_ms;  /* since then */
	int16_t *recent;  /* what was sent last, VA_RECENT_SAMPLES in a ring; NULL: nothing yet */
	size_t nrecent;	  /* ever */
} VaPlayout;

/* False: there is no room for it, or no memory, and none of it is appended. */
extern bool va_playout_add(VaPlayout *playout, const int16_t *samples, size_t n);

/*
 * The next frame that is due at a time (ms of a clock that does not jump), VA_FRAME_SAMPLES of them, filled up with silence at
 * the end of what there is; false: none is due.
 */
extern bool va_playout_frame(VaPlayout *playout, int64_t now_ms, int16_t *frame);

/* When va_playout_frame() has another one; -1: it has none. */
extern int64_t va_playout_due(const VaPlayout *playout);

/* Milliseconds of what was sent that the caller hears after now_ms; 0: all was heard. */
extern int64_t va_playout_unheard(const VaPlayout *playout, int64_t now_ms);

/* Milliseconds that wait to be sent. */
extern int64_t va_playout_waiting(const VaPlayout *playout);

/* Sent frames that were not heard wait again, before the rest, and the clock stands still until a frame is asked for; returns
 * how much of it there is in ms. The carrier is to drop it. */
extern int64_t va_playout_hold(VaPlayout *playout, int64_t now_ms);

/* Nothing of what waits is said; the caller tells the carrier to drop its audio. */
extern void va_playout_clear(VaPlayout *playout);

extern void va_playout_free(VaPlayout *playout);

#endif /* VOICEAGENT_PLAYOUT_H */
