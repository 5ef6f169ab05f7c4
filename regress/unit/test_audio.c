/*
 * test_audio.c
 *		Audio of telephones: G.711 by its vectors, rates, speech, keys, and what
 *		is sent when.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "pure/audio/g711.h"
#include "pure/audio/kept_speech.h"
#include "pure/audio/playout.h"
#include "pure/audio/voice.h"
#include "tap.h"

/* ---- G.711 ---- */

static void
test_g711(void)
{
	static const struct { uint8_t byte; int sample; } mulaw[] = {
		{ 0xff, 0 }, { 0x7f, 0 }, { 0x00, -32124 }, { 0x80, 32124 }, { 0xaa, 5372 }, { 0x55, -716 },
	};
	static const struct { int sample; uint8_t byte; } to_mulaw[] = {
		{ 0, 0xff }, { 1, 0xff }, { -1, 0x7f }, { 100, 0xf2 }, { -100, 0x72 }, { 1000, 0xce }, { -1000, 0x4e },
		{ 32767, 0x80 }, { -32768, 0x00 },
	};
	static const struct { uint8_t byte; int sample; } alaw[] = {
		{ 0xd5, 8 }, { 0x55, -8 }, { 0x80, 5504 }, { 0x00, -5504 }, { 0xaa, 32256 }, { 0x2a, -32256 },
	};
	bool same = true;

	for (size_t i = 0; i < sizeof(mulaw) / sizeof(mulaw[0]); i++)
		ok(va_mulaw_sample(mulaw[i].byte) == mulaw[i].sample, "mu-law %02x is %d", mulaw[i].byte, mulaw[i].sample);
	for (size_t i = 0; i < sizeof(to_mulaw) / sizeof(to_mulaw[0]); i++)
		ok(va_mulaw_byte((int16_t) to_mulaw[i].sample) == to_mulaw[i].byte, "%d is mu-law %02x", to_mulaw[i].sample, to_mulaw[i].byte);
	for (size_t i = 0; i < sizeof(alaw) / sizeof(alaw[0]); i++)
	{
		ok(va_alaw_sample(alaw[i].byte) == alaw[i].sample, "A-law %02x is %d", alaw[i].byte, alaw[i].sample);
		ok(va_alaw_byte((int16_t) alaw[i].sample) == alaw[i].byte, "%d is A-law %02x", alaw[i].sample, alaw[i].byte);
	}
	for (int byte = 0; byte < 256; byte++)
		same = same && va_alaw_byte(va_alaw_sample((uint8_t) byte)) == byte &&
			   (byte == 0x7f || va_mulaw_byte(va_mulaw_sample((uint8_t) byte)) == byte);
	ok(same, "each byte becomes its sample and that again the byte, but for the second zero of mu-law");
	same = true;
	for (int sample = -32768; sample < 32767; sample++)
		same = same && va_mulaw_sample(va_mulaw_byte((int16_t) sample)) <= va_mulaw_sample(va_mulaw_byte((int16_t) (sample + 1))) &&
			   va_alaw_sample(va_alaw_byte((int16_t) sample)) <= va_alaw_sample(va_alaw_byte((int16_t) (sample + 1)));
	ok(same, "a louder sample is never a quieter byte");
}

/* ---- formats ---- */

static void
test_formats(void)
{
	VaAudioFormat format;
	int16_t samples[2] = { 258, -2 };
	uint8_t bytes[4];

	ok(va_audio_format("audio/x-mulaw", 8000, &format) && format.encoding == VA_AUDIO_MULAW && format.rate == 8000, "Twilio's");
	ok(va_audio_format("audio/x-raw", 24000, &format) && format.encoding == VA_AUDIO_PCM16 && format.rate == 24000, "Exotel's");
	ok(va_audio_format("slin16", 0, &format) && format.rate == 16000, "Asterisk's, whose name says the rate");
	ok(!va_audio_format("audio/x-raw", 48000, &format), "48 kHz is refused");
	ok(!va_audio_format("audio/x-raw", 0, &format), "... and so is a rate that nobody tells");
	ok(!va_audio_format("opus", 8000, &format) && !va_audio_format(NULL, 8000, &format), "... and what we cannot read");
	format = (VaAudioFormat){ VA_AUDIO_PCM16, 8000 };
	ok(va_audio_encode(&format, samples, 2, bytes) == 4 && memcmp(bytes, "\x02\x01\xfe\xff", 4) == 0, "PCM is little-endian");
	ok(va_audio_decode(&format, bytes, 3, samples) == 1, "half a sample is not read");
	format.encoding = VA_AUDIO_ALAW;
	samples[0] = 8;
	ok(va_audio_encode(&format, samples, 1, bytes) == 1 && bytes[0] == 0xd5, "A-law");
}

static void
fill_tone(int16_t *samples, int n, int rate, double frequency, double amplitude)
{
	for (int i = 0; i < n; i++)
		samples[i] = (int16_t) lrint(amplitude * sin(2 * M_PI * frequency * i / rate));
}

/* How much of the tone's energy comes back at half and twice its rate. */
static void
test_rates(void)
{
	static int16_t wide[48000];
	static int16_t narrow[8000 + 100];
	static const int rates[] = { 8000, 16000, 24000 };

	for (int r = 0; r < 3; r++)
	{
		VaResampler *down = va_resampler_new(rates[r], VA_AUDIO_RATE);
		VaResampler *up = va_resampler_new(VA_AUDIO_RATE, rates[r]);
		size_t n = 0;
		size_t back = 0;
		size_t piece = (size_t) rates[r] / 50;

		fill_tone(wide, rates[r], rates[r], 1000, 10000);
		for (int f = 0; f < 50; f++)
			n += va_resample(down, wide + (size_t) f * piece, piece, narrow + n);
		ok(n > 7900 && n <= 8000, "a second at %d is a second at 8000 (%zu)", rates[r], n);
		ok(fabs(va_audio_level(narrow + 1000, 6000) - va_audio_level(wide + rates[r] / 8, (size_t) rates[r] / 2)) < 0.5,
		   "... and as loud");
		for (size_t at = 0; at + VA_FRAME_SAMPLES <= n; at += VA_FRAME_SAMPLES)
			back += va_resample(up, narrow + at, VA_FRAME_SAMPLES, wide + back);
		ok(back > (size_t) rates[r] * 96 / 100 && back <= (size_t) rates[r], "... and back (%zu)", back);
		if (rates[r] > VA_AUDIO_RATE)
		{
			/* A resampler without a filter makes a tone of 1 kHz of one of 7. */
			fill_tone(wide, rates[r], rates[r], 7000, 10000);
			n = 0;
			for (int f = 0; f < 50; f++)
				n += va_resample(down, wide + (size_t) f * piece, piece, narrow + n);
			ok(va_audio_level(narrow + 1000, 6000) < -50, "... what a telephone cannot carry is gone (%.0f dB)",
			   va_audio_level(narrow + 1000, 6000));
		}
		va_resampler_free(down);
		va_resampler_free(up);
	}
	ok(va_resampler_new(0, 8000) == NULL, "no rate, no resampler");
	ok(va_audio_level(narrow, 0) == -96, "nothing is silent");
}

/* ---- speech ---- */

static uint32_t seed = 1;

static int
noise(int amplitude)
{
	seed = seed * 1664525 + 1013904223;
	return (int) (seed >> 16) % (2 * amplitude + 1) - amplitude;
}

/* Frames of it; returns how many changes there were, the last in *change, its frame in *at. */
static int
hear(VaVoice *voice, int frames, int amplitude, VaVoiceChange *change, int *at)
{
	int16_t frame[VA_FRAME_SAMPLES];
	int changes = 0;

	for (int f = 0; f < frames; f++)
	{
		VaVoiceChange now;

		for (int i = 0; i < VA_FRAME_SAMPLES; i++)
			frame[i] = (int16_t) noise(amplitude);
		now = va_voice_frame(voice, frame);
		if (now != VA_VOICE_SAME)
		{
			changes++;
			*change = now;
			*at = f;
		}
	}
	return changes;
}

static void
test_voice(void)
{
	VaVoice voice = { 0 };
	VaVoiceChange change = VA_VOICE_SAME;
	int at = -1;

	ok(hear(&voice, 50, 60, &change, &at) == 0, "a line that hisses says nothing");
	ok(hear(&voice, 50, 3000, &change, &at) == 1 && change == VA_VOICE_BEGAN && at == 2, "speech has begun after 60 ms");
	ok(hear(&voice, 20, 60, &change, &at) == 0, "a breath does not end it");
	ok(hear(&voice, 10, 3000, &change, &at) == 0, "... and it goes on");
	ok(hear(&voice, 60, 60, &change, &at) == 1 && change == VA_VOICE_ENDED && at == 24, "a silence of 500 ms ends it");
	ok(hear(&voice, 2, 3000, &change, &at) == 0 && hear(&voice, 20, 60, &change, &at) == 0, "a click of 40 ms is no speech");
	memset(&voice, 0, sizeof(voice));
	ok(hear(&voice, 5, 3000, &change, &at) == 1 && change == VA_VOICE_BEGAN, "who speaks at once is heard");
	memset(&voice, 0, sizeof(voice));
	ok(hear(&voice, 50, 0, &change, &at) == 0, "digital silence is silence");
	ok(hear(&voice, 1500, 700, &change, &at) == 2 && change == VA_VOICE_ENDED, "noise that begins and stays becomes the line's");
	ok(hear(&voice, 50, 6000, &change, &at) == 1 && change == VA_VOICE_BEGAN, "... above which speech is heard");
	voice = (VaVoice){ .hangover_frames = 10 };
	(void) hear(&voice, 10, 3000, &change, &at);
	ok(hear(&voice, 20, 0, &change, &at) == 1 && at == 9, "the hangover can be set");
}

/* ---- keys ---- */

static char pressed[40];

static void
listen_keys(VaKeys *keys, int frames, double low, double high, double amplitude, double second)
{
	int16_t frame[VA_FRAME_SAMPLES];

	for (int f = 0; f < frames; f++)
	{
		char key;

		for (int i = 0; i < VA_FRAME_SAMPLES; i++)
		{
			int t = f * VA_FRAME_SAMPLES + i;

			frame[i] = (int16_t) lrint(amplitude * sin(2 * M_PI * low * t / 8000) + second * sin(2 * M_PI * high * t / 8000) + noise(30));
		}
		key = va_keys_frame(keys, frame);
		if (key != '\0')
			strncat(pressed, &key, 1);
	}
}

static void
test_keys(void)
{
	static const double low[] = { 697, 770, 852, 941 };
	static const double high[] = { 1209, 1336, 1477, 1633 };
	VaKeys keys = { 0 };
	int16_t frame[VA_FRAME_SAMPLES];
	bool silent = true;

	for (int r = 0; r < 4; r++)
		for (int c = 0; c < 4; c++)
		{
			listen_keys(&keys, 4, low[r] * 1.01, high[c] * 0.99, 4000, 3000);
			listen_keys(&keys, 3, 0, 0, 0, 0);
		}
	is_str(pressed, "123A456B789C*0#D", "sixteen keys, each a percent beside its tones");
	pressed[0] = '\0';
	listen_keys(&keys, 50, 697, 1209, 4000, 4000);
	is_str(pressed, "1", "a key that is held is one");
	listen_keys(&keys, 3, 0, 0, 0, 0);
	listen_keys(&keys, 3, 697, 1209, 4000, 4000);
	is_str(pressed, "11", "... and pressed again it is two");
	pressed[0] = '\0';
	listen_keys(&keys, 3, 0, 0, 0, 0);
	listen_keys(&keys, 1, 697, 1209, 4000, 4000);
	listen_keys(&keys, 3, 0, 0, 0, 0);
	is_str(pressed, "", "20 ms are no key");
	listen_keys(&keys, 10, 697, 1209, 6000, 600);
	listen_keys(&keys, 10, 440, 1209, 4000, 4000);
	listen_keys(&keys, 10, 697, 0, 6000, 0);
	listen_keys(&keys, 10, 697, 1209, 60, 60);
	is_str(pressed, "", "one tone, other tones, tones of different loudness, and a whisper are none");
	for (int f = 0; f < 5000; f++)
	{
		for (int i = 0; i < VA_FRAME_SAMPLES; i++)
			frame[i] = (int16_t) noise(8000);
		silent = silent && va_keys_frame(&keys, frame) == '\0';
	}
	ok(silent, "nor is noise");
}

/* ---- what is sent when ---- */

static void
test_playout(void)
{
	static int16_t second[8000];
	VaPlayout playout = { 0 };
	int16_t frame[VA_FRAME_SAMPLES];
	int frames = 0;
	int64_t now = 1000000;

	ok(!va_playout_frame(&playout, now, frame) && va_playout_due(&playout) == -1, "nothing to say");
	fill_tone(second, 8000, 8000, 400, 1000);
	ok(va_playout_add(&playout, second, 8000) && va_playout_waiting(&playout) == 1000, "a second waits");
	while (va_playout_frame(&playout, now, frame))
		frames++;
	ok(frames == VA_AHEAD_MS / VA_FRAME_MS + 1, "200 ms ahead are sent at once (%d)", frames);
	ok(va_playout_due(&playout) == now + 20, "the next is due 20 ms later");
	ok(!va_playout_frame(&playout, now + 19, frame) && va_playout_frame(&playout, now + 20, frame), "... and not before");
	ok(va_playout_unheard(&playout, now + 20) == 220, "what is ahead was not heard");
	va_playout_clear(&playout);
	ok(va_playout_waiting(&playout) == 0 && va_playout_unheard(&playout, now + 20) == 0, "cut short, nothing is left");
	(void) va_playout_add(&playout, second, 100);
	ok(va_playout_frame(&playout, now + 40, frame) && frame[99] == second[99] && frame[100] == 0 && !va_playout_frame(&playout, now + 5000, frame),
	   "the last frame is filled up with silence");
	(void) va_playout_add(&playout, second, 8000);
	frames = 0;
	while (va_playout_frame(&playout, now + 60000, frame))
		frames++;
	ok(frames == VA_AHEAD_MS / VA_FRAME_MS + 1, "after a stall of a minute nothing is hurried out (%d)", frames);
	while (va_playout_add(&playout, second, 8000))
		;
	ok(va_playout_waiting(&playout) <= 120000, "no more than two minutes wait");
	va_playout_clear(&playout);
	for (int i = 0; i < 8000; i++)
		second[i] = (int16_t) i;
	(void) va_playout_add(&playout, second, 8000);
	while (va_playout_frame(&playout, now + 70000, frame))
		continue;
	ok(va_playout_hold(&playout, now + 70050) == 170 && va_playout_waiting(&playout) == 950, "held, what was not heard waits again");
	ok(va_playout_frame(&playout, now + 71000, frame) && frame[0] == 400 && va_playout_unheard(&playout, now + 71000) == 20,
	   "... and is said first, from where it was heard, when it goes on");
	va_playout_free(&playout);
}

/* ---- sentences that are the same in every call ---- */

static VaKeptKey
kept_key(int64_t tenant_id, const char *voice, const char *text)
{
	const char *parts[2] = { voice, text };
	VaKeptKey key;

	va_kept_key(&key, tenant_id, parts, 2);
	return key;
}

static bool
is_kept(int64_t tenant_id, const char *voice, const char *text)
{
	VaKeptKey key = kept_key(tenant_id, voice, text);
	VaKeptSound *sound = va_kept_hold(&key);
	bool is = sound != NULL && sound->n > 0;

	va_kept_release(sound);
	return is;
}

static void
keep(int64_t tenant_id, const char *voice, const char *text, size_t n)
{
	VaKeptKey key = kept_key(tenant_id, voice, text);
	int16_t *samples = calloc(n + 1, sizeof(*samples));

	va_kept_add(&key, samples, n);
	free(samples);
}

static void
test_kept(void)
{
	char text[24];
	int there = 0;

	keep(1, "ann", "Goodbye.", 8000);
	ok(is_kept(1, "ann", "Goodbye."), "the sound of a sentence is kept");
	ok(!is_kept(2, "ann", "Goodbye.") && !is_kept(1, "bob", "Goodbye.") && !is_kept(1, "annGood", "bye."),
	   "... for its tenant, its voice and its words");
	for (int i = 0; i < 20; i++)
	{
		snprintf(text, sizeof(text), "sentence %d", i);
		keep(2, "ann", text, VA_KEPT_SAMPLES_TENANT / 10);
		(void) is_kept(2, "ann", "sentence 0");
	}
	for (int i = 0; i < 20; i++)
	{
		snprintf(text, sizeof(text), "sentence %d", i);
		there += is_kept(2, "ann", text);
	}
	ok(there == 10 && is_kept(2, "ann", "sentence 0") && is_kept(2, "ann", "sentence 19") && !is_kept(2, "ann", "sentence 1"),
	   "a tenant's share is bounded: what was used least recently goes");
	ok(is_kept(1, "ann", "Goodbye."), "... of its own");
	keep(3, "ann", "long", VA_KEPT_SAMPLES_TENANT + 1);
	keep(3, "ann", "silent", 0);
	ok(!is_kept(3, "ann", "long") && !is_kept(3, "ann", "silent"), "what is longer than that, or is none, is not kept");
	for (int64_t tenant = 10; tenant < 90; tenant++)
		keep(tenant, "ann", "all", VA_KEPT_SAMPLES_TENANT);
	ok(!is_kept(1, "ann", "Goodbye.") && !is_kept(29, "ann", "all") && is_kept(30, "ann", "all") && is_kept(89, "ann", "all"),
	   "all of them together are bounded, too");
	va_kept_forget_all();
	ok(!is_kept(89, "ann", "all"), "and forgotten");
}

int
main(void)
{
	test_g711();
	test_formats();
	test_rates();
	test_voice();
	test_keys();
	test_playout();
	test_kept();
	return done_testing();
}
