/*-------------------------------------------------------------------------
 * voice.c
 *		Speech by a network or by energy, with a hangover.
 */
#include "voice.h"

#include <string.h>

/* How much louder than the line, and how loud at all: below that it is the hiss of a good line, or an echo. */
#define MARGIN_DB 10
#define LEAST_DB (-46)
/* The floor falls at once and rises by this a frame, 1 dB a second: speech does not become noise. */
#define RISE_DB 0.02
/* A sound without a breath for so many frames is no speech, and is learnt ten times as fast. */
#define BREATHLESS 250
/* Line noise is never this loud: a person who speaks at once is heard. */
#define FIRST_FLOOR_DB (-50)
#define LOUDEST_FLOOR_DB (-30)
#define QUIETEST_FLOOR_DB (-75)
/* As the network's makers have it: what is speech, and what goes on being it. */
#define SPEECH_LIKELY 0.5F
#define SPEECH_STAYS 0.35F

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

static bool
louder_than_line(VaVoice *voice)
{
	double floor;

	learn_floor(voice);
	floor = voice->floor + MARGIN_DB;
	return voice->level > (floor > LEAST_DB ? floor : LEAST_DB);
}

/* A window is more than a frame: some frames are judged by the window before. */
static bool
sounds_like_speech(VaVoice *voice, const int16_t *samples)
{
	int room = VA_WINDOW_SAMPLES - voice->nwindow;
	int taken = room < VA_FRAME_SAMPLES ? room : VA_FRAME_SAMPLES;

	memcpy(voice->window + voice->nwindow, samples, (size_t) taken * sizeof(*samples));
	voice->nwindow += taken;
	if (voice->nwindow == VA_WINDOW_SAMPLES)
	{
		voice->likely = va_voice_network_window(voice->network, &voice->state, voice->window);
		voice->nwindow = VA_FRAME_SAMPLES - taken;
		memcpy(voice->window, samples + taken, (size_t) voice->nwindow * sizeof(*samples));
	}
	/* It knows a voice however low it is, and for a moment after: an echo, and the end of a word. */
	return voice->level > LEAST_DB && voice->likely > (voice->loud > 0 ? SPEECH_STAYS : SPEECH_LIKELY);
}

/* The network says what begins; what has begun also goes on while it is loud, for the network's doubts lie inside words, too. */
static bool
is_speech(VaVoice *voice, const int16_t *samples)
{
	bool louder = louder_than_line(voice);

	if (voice->network == NULL)
		return louder;
	return sounds_like_speech(voice, samples) || (louder && (voice->speaks || voice->loud > 0));
}

VaVoiceChange
va_voice_frame(VaVoice *voice, const int16_t *samples)
{
	int hangover = voice->hangover_frames > 0 ? voice->hangover_frames : VA_VOICE_HANGOVER_MS / VA_FRAME_MS;

	voice->level = va_audio_level(samples, VA_FRAME_SAMPLES);
	if (is_speech(voice, samples))
	{
		/* The network judges a window, which is more than a frame. */
		voice->loud += voice->network != NULL && voice->loud == 0 ? 2 : 1;
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
