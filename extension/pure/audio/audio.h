/*-------------------------------------------------------------------------
 * audio.h
 *		Audio of a carrier's socket, as samples: formats, and a change of
 *		rate.
 *
 * Within the loop all audio is 16-bit samples at 8,000 a second, in frames of
 * 20 ms.  Only the edges know other formats and rates.
 */
#ifndef VOICEAGENT_AUDIO_H
#define VOICEAGENT_AUDIO_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define VA_AUDIO_RATE 8000
#define VA_FRAME_MS 20
#define VA_FRAME_SAMPLES (VA_AUDIO_RATE / 1000 * VA_FRAME_MS)
/* The highest rate of a carrier that we take. */
#define VA_AUDIO_RATE_MAX 24000

typedef enum VaEncoding
{
	VA_AUDIO_MULAW,
	VA_AUDIO_ALAW,
	VA_AUDIO_PCM16 /* little-endian */
} VaEncoding;

typedef struct VaAudioFormat
{
	VaEncoding encoding;
	int rate; /* samples a second: 8000, 16000 or 24000 */
} VaAudioFormat;

/* By the name that carriers use (audio/x-mulaw, PCMU, ulaw, audio/x-raw, slin16, ...); false: we do not have it. */
extern bool va_audio_format(const char *encoding, int rate, VaAudioFormat *format);

extern int va_sample_bytes(const VaAudioFormat *format);

/* Whole samples only: what is left over of the last one is not looked at. Return how many there are. */
extern size_t va_audio_decode(const VaAudioFormat *format, const uint8_t *bytes, size_t len, int16_t *samples);
/* Room for va_sample_bytes() of each; returns the bytes. */
extern size_t va_audio_encode(const VaAudioFormat *format, const int16_t *samples, size_t n, uint8_t *bytes);

/* Loudness of a frame, in decibels below full scale: 0 and less; -96 of silence. */
extern double va_audio_level(const int16_t *samples, size_t n);

/* ----- another rate; keeps what the next samples need of the last ones ----- */

typedef struct VaResampler VaResampler;

/* NULL without memory, or for rates that are not above 0. */
extern VaResampler *va_resampler_new(int from_rate, int to_rate);
extern void va_resampler_free(VaResampler *resampler);
/* Room for va_resampled_max() samples; returns how many were written. */
extern size_t va_resample(VaResampler *resampler, const int16_t *in, size_t n, int16_t *out);
extern size_t va_resampled_max(const VaResampler *resampler, size_t n);

#endif /* VOICEAGENT_AUDIO_H */
