/*-------------------------------------------------------------------------
 * voice.h
 *		Speech and keys in the frames of a caller: when they begin and end.
 *
 * Speech has begun after some frames of it, and has ended after a silence (the
 * hangover).  A neural network judges each frame; without one speech is louder
 * than the line by a margin, whose own noise is learnt from its quietest
 * frames.
 *
 * Keys are pairs of tones in the band (DTMF), for carriers that do not tell
 * of them by messages.
 */
#ifndef VOICEAGENT_VOICE_H
#define VOICEAGENT_VOICE_H

#include <stdbool.h>
#include <stdint.h>

#include "audio.h"
#include "voice_network.h"

typedef enum VaVoiceChange
{
	VA_VOICE_SAME,
	VA_VOICE_BEGAN,
	VA_VOICE_ENDED
} VaVoiceChange;

/* Zero-initialised is ready. */
typedef struct VaVoice
{
	double floor; /* the line's noise, dB; 0: nothing was heard yet */
	double level; /* of the last frame */
	bool speaks;
	int loud;			 /* frames of it in a row, gaps of one forgiven */
	int quiet;			 /* frames since the last loud one */
	int hangover_frames; /* 0: VA_VOICE_HANGOVER_MS */
	/* NULL: judged by energy */
	const VaVoiceNetwork *network;
	VaNetworkState state;
	int16_t window[VA_WINDOW_SAMPLES]; /* what has come of the next one */
	int nwindow;
	float likely; /* that the last window was speech */
} VaVoice;

/* Speech has begun after this long; a cough is shorter. */
#define VA_VOICE_ONSET_MS 60
#define VA_VOICE_HANGOVER_MS 500

/* VA_FRAME_SAMPLES of them. */
extern VaVoiceChange va_voice_frame(VaVoice *voice, const int16_t *samples);

/* Zero-initialised is ready. */
typedef struct VaKeys
{
	char seen; /* in the last frame */
	int times; /* frames in a row */
	char held; /* the key that is down, as far as reported */
	int gone;  /* frames without it */
} VaKeys;

/* The key that was pressed, reported once after two frames; '\0': none. */
extern char va_keys_frame(VaKeys *keys, const int16_t *samples);

#endif /* VOICEAGENT_VOICE_H */
