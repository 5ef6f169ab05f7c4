/*-------------------------------------------------------------------------
 * voice.c
 *		Speech by energy, with a hangover.
 *-------------------------------------------------------------------------
 */
#include "voice.h"

/* How much louder than the line, and how loud at all: below that it is the hiss of a good line. */
#define MARGIN_DB 10
#define LEAST_DB (-46)
/* The floor falls at once and rises by this a frame, 1 dB a second: speech does not become noise. */
#define RISE_DB 0.02
/* What goes on without a breath for so many frames is no speech, and is learnt ten times as fast. */
#define BREATHLESS 250
/* Nobody is so loud a line: who speaks at once is heard. */
#define FIRST_FLOOR_DB (-50)
#define LOUDEST_FLOOR_DB (-30)
#define QUIETEST_FLOOR_DB (-75)

static void
learn_floor(VaVoice *voice)
{
	if (voice->floor == 0)
		voice->floor = FIRST_FLOOR_DB;
	if (voice->level < voice->floor)
		voice->floor = voice->level;
	else
		voice->floor += voice->loud > BREATHLESS ? 10 * RISE_DB : RISE_DB;
	if (voice->floor > LOUDEST_FLOOR_DB)
		voice->floor = LOUDEST_FLOOR_DB;
	else if (voice->floor < QUIETEST_FLOOR_DB)
		voice->floor = QUIETEST_FLOOR_DB;
}

VaVoiceChange
va_voice_frame(VaVoice *voice, const int16_t *samples)
{
	int hangover = voice->hangover_frames > 0 ? voice->hangover_frames : VA_VOICE_HANGOVER_MS / VA_FRAME_MS;
	double floor;

	voice->level = va_audio_level(samples, VA_FRAME_SAMPLES);
	learn_floor(voice);
	floor = voice->floor + MARGIN_DB;
	if (voice->level > (floor > LEAST_DB ? floor : LEAST_DB))
	{
		voice->loud++;
		voice->quiet = 0;
	}
	else if (++voice->quiet > 1)
		voice->loud = 0;
	if (!voice->speaks && voice->loud >= VA_VOICE_ONSET_MS / VA_FRAME_MS)
	{
		voice->speaks = true;
		return VA_VOICE_BEGAN;
	}
	if (voice->speaks && voice->quiet >= hangover)
	{
		voice->speaks = false;
		return VA_VOICE_ENDED;
	}
	return VA_VOICE_SAME;
}
