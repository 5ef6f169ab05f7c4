/*-------------------------------------------------------------------------
 * g711.c
 *		ITU-T G.711: eight segments a side, each twice as coarse as the one
 *		below it, sixteen steps in each.
 *
 * Mu-law adds a bias, which makes the segment of a magnitude the place of its
 * highest bit. A-law does without: its two lowest segments are equally fine.
 */
#include "g711.h"

#define MULAW_BIAS 132
#define MULAW_CLIP 32635
#define ALAW_FLIPPED 0x55 /* every other bit travels inverted */

/* The place of the highest bit; value is not 0. */
static int
highest_bit(unsigned value)
{
	return 31 - __builtin_clz(value);
}

int16_t
va_mulaw_sample(uint8_t byte)
{
	unsigned bits = (unsigned) ~byte & 0xff;
	int magnitude = (int) ((((bits & 0x0f) << 3) + MULAW_BIAS) << ((bits & 0x70) >> 4)) - MULAW_BIAS;

	return (int16_t) ((bits & 0x80) != 0 ? -magnitude : magnitude);
}

uint8_t
va_mulaw_byte(int16_t sample)
{
	int magnitude = sample < 0 ? -(int) sample : sample;
	unsigned biased = (unsigned) (magnitude > MULAW_CLIP ? MULAW_CLIP : magnitude) + MULAW_BIAS;
	unsigned segment = (unsigned) highest_bit(biased) - 7;
	unsigned bits = (sample < 0 ? 0x80U : 0U) | segment << 4 | (biased >> (segment + 3) & 0x0f);

	return (uint8_t) ~bits;
}

int16_t
va_alaw_sample(uint8_t byte)
{
	unsigned bits = byte ^ ALAW_FLIPPED;
	unsigned segment = (bits & 0x70) >> 4;
	int magnitude = (int) ((bits & 0x0f) << 4) + 8;

	if (segment > 0)
		magnitude = (magnitude + 0x100) << (segment - 1);
	return (int16_t) ((bits & 0x80) != 0 ? magnitude : -magnitude);
}

uint8_t
va_alaw_byte(int16_t sample)
{
	/* A negative sample is the complement: -1 is the first step below zero, as 0 is above it. */
	unsigned steps = (unsigned) (sample < 0 ? ~(int) sample : sample) >> 4;
	unsigned segment = steps < 32 ? steps >> 4 : (unsigned) highest_bit(steps) - 3;
	unsigned bits = segment << 4 | (segment < 2 ? steps & 0x0f : steps >> (segment - 1) & 0x0f);

	return (uint8_t) ((bits | (sample < 0 ? 0U : 0x80U)) ^ ALAW_FLIPPED);
}
