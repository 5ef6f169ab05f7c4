/*-------------------------------------------------------------------------
 * keys.c
 *		Keys by their two tones (DTMF), found by Goertzel's filter.
 *
 * A frame holds a key when one low and one high tone stand out from the
 * others of their group, carry most of the frame's energy, and are about
 * equally loud.  Speech has such moments, but not two frames of them.
 */
#include "voice.h"

#include <math.h>

#define TONES 4
/* How much of the frame's energy is in the two tones. */
#define SHARE 0.7
/* How far the other tones of a group stay below, and the two tones from each other; as ratios of energy. */
#define ABOVE_OTHERS 6.0
#define TWIST 10.0
#define LEAST_DB (-40)
/* Frames without the key until it counts as released. */
#define RELEASED 2
#define PRESSED 2

static const double low_tones[TONES] = { 697, 770, 852, 941 };
static const double high_tones[TONES] = { 1209, 1336, 1477, 1633 };
static const char keypad[TONES][TONES + 1] = { "123A", "456B", "789C", "*0#D" };

/* The energy at a frequency, as a share of n * the sum of squares / 2. */
static double
tone_energy(const int16_t *samples, double frequency)
{
	double coefficient = 2 * cos(2 * M_PI * frequency / VA_AUDIO_RATE);
	double last = 0;
	double before = 0;

	for (int i = 0; i < VA_FRAME_SAMPLES; i++)
	{
		double now = samples[i] + coefficient * last - before;

		before = last;
		last = now;
	}
	return last * last + before * before - coefficient * last * before;
}

/* The strongest of a group, if it stands out; -1: none does. */
static int
strongest(const int16_t *samples, const double *tones, double *energy)
{
	double energies[TONES];
	int best = 0;

	for (int i = 0; i < TONES; i++)
	{
		energies[i] = tone_energy(samples, tones[i]);
		if (energies[i] > energies[best])
			best = i;
	}
	*energy = energies[best];
	for (int i = 0; i < TONES; i++)
		if (i != best && energies[i] * ABOVE_OTHERS > energies[best])
			return -1;
	return best;
}

static char
key_in(const int16_t *samples)
{
	double sum = 0;
	double low;
	double high;
	int row;
	int column;

	/* Most frames hold no loud tone: they cost no filter. */
	if (va_audio_level(samples, VA_FRAME_SAMPLES) < LEAST_DB)
		return '\0';
	row = strongest(samples, low_tones, &low);
	if (row < 0)
		return '\0';
	column = strongest(samples, high_tones, &high);
	if (column < 0 || low > high * TWIST || high > low * TWIST)
		return '\0';
	for (int i = 0; i < VA_FRAME_SAMPLES; i++)
		sum += (double) samples[i] * samples[i];
	/* A pure tone of energy sum over n samples has sum * n / 2 at its frequency. */
	if (low + high < SHARE * sum * VA_FRAME_SAMPLES / 2)
		return '\0';
	return keypad[row][column];
}

char
va_keys_frame(VaKeys *keys, const int16_t *samples)
{
	char seen = key_in(samples);

	keys->times = seen == keys->seen ? keys->times + 1 : 1;
	keys->seen = seen;
	if (keys->held != '\0' && seen == keys->held)
		keys->gone = 0;
	else if (keys->held != '\0' && ++keys->gone >= RELEASED)
		keys->held = '\0';
	if (seen == '\0' || keys->times != PRESSED || seen == keys->held)
		return '\0';
	keys->held = seen;
	keys->gone = 0;
	return seen;
}
