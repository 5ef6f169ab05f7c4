/*-------------------------------------------------------------------------
 * audio.c
 *		Formats of carriers, loudness, and changes of rate (by speexdsp).
 */
#include "audio.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include <speex/speex_resampler.h>

#include "g711.h"

/* speexdsp has 0 to 10: telephone speech is no better by more. */
#define RESAMPLER_QUALITY 3

bool
va_audio_format(const char *encoding, int rate, VaAudioFormat *format)
{
	/* A rate of 0: the message says it. */
	static const struct
	{
		const char *name;
		VaEncoding encoding;
		int rate;
	} names[] = {
		{ "audio/x-mulaw", VA_AUDIO_MULAW, 0 },
		{ "PCMU", VA_AUDIO_MULAW, 0 },
		{ "ulaw", VA_AUDIO_MULAW, 8000 },
		{ "audio/x-alaw", VA_AUDIO_ALAW, 0 },
		{ "PCMA", VA_AUDIO_ALAW, 0 },
		{ "alaw", VA_AUDIO_ALAW, 8000 },
		{ "audio/x-l16", VA_AUDIO_PCM16, 0 },
		{ "audio/x-raw", VA_AUDIO_PCM16, 0 },
		{ "raw/slin", VA_AUDIO_PCM16, 0 },
		{ "base64", VA_AUDIO_PCM16, 0 },
		{ "slin", VA_AUDIO_PCM16, 8000 },
		{ "slin16", VA_AUDIO_PCM16, 16000 },
		{ "slin24", VA_AUDIO_PCM16, 24000 },
	};

	for (size_t i = 0; encoding != NULL && i < sizeof(names) / sizeof(names[0]); i++)
		if (strcasecmp(encoding, names[i].name) == 0)
		{
			format->encoding = names[i].encoding;
			format->rate = names[i].rate != 0 ? names[i].rate : rate;
			if (format->encoding != VA_AUDIO_PCM16)
				return format->rate == 8000;
			return format->rate == 8000 || format->rate == 16000 || format->rate == 24000;
		}
	return false;
}

int
va_sample_bytes(const VaAudioFormat *format)
{
	return format->encoding == VA_AUDIO_PCM16 ? 2 : 1;
}

size_t
va_audio_decode(const VaAudioFormat *format, const uint8_t *bytes, size_t len, int16_t *samples)
{
	size_t n = len / (size_t) va_sample_bytes(format);

	for (size_t i = 0; i < n; i++)
		if (format->encoding == VA_AUDIO_MULAW)
			samples[i] = va_mulaw_sample(bytes[i]);
		else if (format->encoding == VA_AUDIO_ALAW)
			samples[i] = va_alaw_sample(bytes[i]);
		else
			samples[i] = (int16_t) (uint16_t) (bytes[2 * i] | bytes[2 * i + 1] << 8);
	return n;
}

size_t
va_audio_encode(const VaAudioFormat *format, const int16_t *samples, size_t n, uint8_t *bytes)
{
	for (size_t i = 0; i < n; i++)
		if (format->encoding == VA_AUDIO_MULAW)
			bytes[i] = va_mulaw_byte(samples[i]);
		else if (format->encoding == VA_AUDIO_ALAW)
			bytes[i] = va_alaw_byte(samples[i]);
		else
		{
			bytes[2 * i] = (uint8_t) ((uint16_t) samples[i] & 0xff);
			bytes[2 * i + 1] = (uint8_t) ((uint16_t) samples[i] >> 8);
		}
	return n * (size_t) va_sample_bytes(format);
}

double
va_audio_level(const int16_t *samples, size_t n)
{
	double sum = 0;

	for (size_t i = 0; i < n; i++)
		sum += (double) samples[i] * samples[i];
	if (n == 0 || sum < (double) n)
		return -96;
	return 10 * log10(sum / (double) n / (32768.0 * 32768.0));
}

/* ---- another rate ---- */

struct VaResampler
{
	SpeexResamplerState *state; /* NULL: the rates are the same */
	int from;
	int to;
};

VaResampler *
va_resampler_new(int from_rate, int to_rate)
{
	VaResampler *resampler;
	int err;

	if (from_rate <= 0 || to_rate <= 0 || (resampler = calloc(1, sizeof(*resampler))) == NULL)
		return NULL;
	resampler->from = from_rate;
	resampler->to = to_rate;
	if (from_rate == to_rate)
		return resampler;
	resampler->state = speex_resampler_init(
		1, (spx_uint32_t) from_rate, (spx_uint32_t) to_rate, RESAMPLER_QUALITY, &err);
	if (resampler->state == NULL)
	{
		free(resampler);
		return NULL;
	}
	(void) speex_resampler_skip_zeros(resampler->state);
	return resampler;
}

void
va_resampler_free(VaResampler *resampler)
{
	if (resampler == NULL)
		return;
	if (resampler->state != NULL)
		speex_resampler_destroy(resampler->state);
	free(resampler);
}

size_t
va_resampled_max(const VaResampler *resampler, size_t n)
{
	/* Two more than the ratio: what a call holds back comes out with a later one. */
	return n * (size_t) resampler->to / (size_t) resampler->from + 2;
}

size_t
va_resample(VaResampler *resampler, const int16_t *in, size_t n, int16_t *out)
{
	size_t room = va_resampled_max(resampler, n);
	size_t written = 0;

	if (resampler->state == NULL)
	{
		memcpy(out, in, n * sizeof(*in));
		return n;
	}
	while (n > 0 && written < room)
	{
		spx_uint32_t taken = (spx_uint32_t) n;
		spx_uint32_t given = (spx_uint32_t) (room - written);

		if (speex_resampler_process_int(resampler->state, 0, in, &taken, out + written, &given) !=
				RESAMPLER_ERR_SUCCESS ||
			(taken == 0 && given == 0))
			break;
		in += taken;
		n -= taken;
		written += given;
	}
	return written;
}
