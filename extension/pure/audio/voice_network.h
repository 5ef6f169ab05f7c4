/*-------------------------------------------------------------------------
 * voice_network.h
 *		Silero's network of neurons that tells speech from other sounds, at
 *		8,000 samples a second.
 *
 * A window of 32 ms, with the end of the one before, becomes four spectra;
 * four convolutions make one vector of them, a recurrent layer (LSTM)
 * remembers, and what comes out is how likely the window is speech.  The
 * weights are Silero's (version 5 or 6), from its file of ONNX; it has others
 * for 16,000 samples, which are not needed here.
 */
#ifndef VOICEAGENT_VOICE_NETWORK_H
#define VOICEAGENT_VOICE_NETWORK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define VA_WINDOW_SAMPLES 256
/* The end of the window before. */
#define VA_WINDOW_CONTEXT 32
#define VA_NETWORK_CELLS 128

typedef struct VaVoiceNetwork VaVoiceNetwork;

/* The state of a call's line; zero-initialised is ready. */
typedef struct VaNetworkState
{
	float context[VA_WINDOW_CONTEXT];
	float hidden[VA_NETWORK_CELLS];
	float cells[VA_NETWORK_CELLS];
} VaNetworkState;

/* From the bytes of the file, which are needed no longer; NULL: they are no such network, or there is no memory. */
extern VaVoiceNetwork *va_voice_network_new(const uint8_t *bytes, size_t len);
extern void va_voice_network_free(VaVoiceNetwork *network);

/* As on a processor that is not so good; for tests. */
extern void va_voice_network_without_avx2(VaVoiceNetwork *network);

/* How likely the next VA_WINDOW_SAMPLES are speech, from 0 to 1. */
extern float va_voice_network_window(const VaVoiceNetwork *network, VaNetworkState *state, const int16_t *samples);

#endif /* VOICEAGENT_VOICE_NETWORK_H */
