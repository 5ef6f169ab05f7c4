/*-------------------------------------------------------------------------
 * hearing.c
 *		Calls come, are heard, are taken over by another socket, and go.
 *
 * Frames of the carrier's rate and size become frames of 20 ms of ours for
 * the talk.
 */
#include "talk.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "media/call/line.h"
#include "media/call/said.h"

/* Speech before it was known to be speech. */
#define LEAD_IN_SAMPLES ((size_t) 320 * VA_AUDIO_RATE / 1000)
#define UTTERANCE_SAMPLES ((size_t) VA_UTTERANCE_MS * VA_AUDIO_RATE / 1000)
/* Its memory grows and shrinks by as much. */
#define UTTERANCE_STEP ((size_t) VA_AUDIO_RATE / 2)
/* A line is dead that brings nothing for so long. */
#define DEAD_MS 10000
/* A stream that is not started in this time is none. */
#define START_MS 5000

/*
 * Audio that is taken in a ms, and that is taken at once.  A stream from which something has waited all the time for so long ends:
 * what a connection kept back for 6 s is taken in that time.
 */
#define PACE_US 1200
#define BURST_US 2000000
#define FAST_MS 20000
/* A message counts as its audio, at least as so many ms; no format of ours has so many bytes a ms. */
#define MESSAGE_MS 5
#define BYTES_A_MS 64
/* A call has so many messages taken in a turn of the loop; all calls so many ms of audio, which take some 20 ms. */
#define MESSAGES_A_TURN 10
#define AUDIO_A_TURN_MS 16000

/* ---- coming and going ---- */

VaMediaCall *
va_call_new(VaSocket *socket, int64_t now_ms)
{
	VaMediaCall *call = calloc(1, sizeof(*call));

	if (call == NULL || !va_address_read(&call->address, va_socket_path(socket), va_socket_query(socket)))
	{
		free(call);
		va_socket_close(socket);
		return NULL;
	}
	va_stream_begin(&call->stream, call->address.dialect);
	call->socket = socket;
	call->confidence = -1;
	call->arrived_ms = call->heard_ms = call->earned_ms = call->caught_up_ms = now_ms;
	call->credit_us = BURST_US;
	return call;
}

void
va_call_free(VaMediaCall *call)
{
	VaTurn *next;

	if (call->socket != NULL)
		va_socket_finish(call->socket);
	va_call_leave_place(call);
	va_call_forget_sentences(call);
	va_engines_end(call);
	free(call->times);
	for (VaTurn *turn = call->turns; turn != NULL; turn = next)
	{
		next = turn->next;
		free(turn->text);
		free(turn);
	}
	va_arena_free(&call->script.texts);
	va_call_forget_tools(call);
	va_resampler_free(call->in);
	va_resampler_free(call->out);
	va_playout_free(&call->playout);
	free(call->utterance);
	free(call->piece);
	free(call);
}

void
va_call_take_over(VaMediaCall *call, VaMediaCall *newer, int64_t now_ms)
{
	VaSocket *socket = call->socket;
	VaResampler *in = call->in;
	VaResampler *out = call->out;

	call->socket = newer->socket;
	call->stream = newer->stream;
	call->in = newer->in;
	call->out = newer->out;
	newer->in = in;
	newer->out = out;
	newer->socket = socket;
	call->nframe = call->npiece = 0;
	call->chunk = newer->chunk;
	call->full = false;
	call->heard_ms = now_ms;
}

/* ---- hearing ---- */

/* The person's words are kept until they have ended; before them, a little of what was before. */
static void
gather(VaMediaCall *call, const int16_t *frame)
{
	size_t room = (call->nutterance / UTTERANCE_STEP + 1) * UTTERANCE_STEP;
	int16_t *utterance = realloc(call->utterance, (room + VA_FRAME_SAMPLES) * sizeof(int16_t));

	if (utterance == NULL)
		return;
	call->utterance = utterance;
	if (!call->voice.speaks && call->nutterance > LEAD_IN_SAMPLES)
	{
		memmove(
			call->utterance, call->utterance + call->nutterance - LEAD_IN_SAMPLES, LEAD_IN_SAMPLES * sizeof(int16_t));
		call->nutterance = LEAD_IN_SAMPLES;
	}
	if (call->nutterance + VA_FRAME_SAMPLES > UTTERANCE_SAMPLES)
		return;
	memcpy(call->utterance + call->nutterance, frame, VA_FRAME_SAMPLES * sizeof(int16_t));
	call->nutterance += VA_FRAME_SAMPLES;
}

static void
hear_frame(VaMediaCall *call, int64_t now_ms, int64_t unix_ms)
{
	VaVoiceChange change;
	char key;

	call->figures.frames_in++;
	if (!va_talk_lasts(&call->talk))
		return;
	gather(call, call->frame);
	va_engines_hear(call, call->frame);
	change = va_voice_frame(&call->voice, call->frame);
	if (change == VA_VOICE_SAME && call->voice.speaks && call->nutterance + VA_FRAME_SAMPLES > UTTERANCE_SAMPLES)
		change = VA_VOICE_ENDED;
	va_call_voice(call, change, now_ms, unix_ms);
	key = va_keys_frame(&call->keys, call->frame);
	if (key != '\0')
		va_call_press(call, key, now_ms, unix_ms);
}

static void
hear_audio(VaMediaCall *call, const VaMediaEvent *event, int64_t now_ms, int64_t unix_ms)
{
	size_t n = event->audio_len / (size_t) va_sample_bytes(&call->stream.format);
	int16_t *samples = malloc((n + va_resampled_max(call->in, n) + 2) * sizeof(int16_t));
	size_t given;

	call->heard_ms = now_ms;
	/* Where they are numbered, one that comes after a later one is of no use any more. */
	if (event->chunk != 0 && event->chunk <= call->chunk)
	{
		call->figures.frames_lost++;
		free(samples);
		return;
	}
	call->chunk = event->chunk;
	if (samples == NULL)
		return;
	n = va_audio_decode(&call->stream.format, event->audio, event->audio_len, samples);
	given = va_resample(call->in, samples, n, samples + n);
	for (size_t i = 0; i < given; i++)
	{
		call->frame[call->nframe++] = samples[n + i];
		if (call->nframe == VA_FRAME_SAMPLES)
		{
			call->nframe = 0;
			hear_frame(call, now_ms, unix_ms);
		}
	}
	free(samples);
}

/* The stream says which call it is, as the carrier calls it. */
static bool
start(VaMediaCall *call, const VaMediaEvent *event)
{
	int frames = va_dialect_piece_ms(call->stream.dialect) / VA_FRAME_MS;

	va_call_open_stream(call);
	if (event->call_id != NULL)
		snprintf(call->carrier_call, sizeof(call->carrier_call), "%s", event->call_id);
	call->in = va_resampler_new(call->stream.format.rate, VA_AUDIO_RATE);
	call->out = va_resampler_new(VA_AUDIO_RATE, call->stream.out.rate);
	call->piece = malloc((size_t) frames * VA_FRAME_SAMPLES * sizeof(int16_t));
	call->playout.ahead_ms = va_dialect_ahead_ms(call->stream.dialect);
	return call->in != NULL && call->out != NULL && call->piece != NULL;
}

static void
take_event(VaMediaCall *call, const VaMediaEvent *event, int64_t now_ms, int64_t unix_ms)
{
	switch (event->kind)
	{
		case VA_MEDIA_START:
			if (va_talk_tell(call, VA_TOLD_STARTED, NULL) && !start(call, event))
				va_call_end(call, "out of memory");
			break;
		case VA_MEDIA_AUDIO:
			hear_audio(call, event, now_ms, unix_ms);
			break;
		case VA_MEDIA_KEY:
			va_call_press(call, event->key, now_ms, unix_ms);
			break;
		case VA_MEDIA_CLEAR:
			if (!va_engines_whole(call) && va_talk_tell(call, VA_TOLD_ANEW, NULL))
				call->anew = call->nturns;
			break;
		case VA_MEDIA_FULL:
		case VA_MEDIA_ROOM:
			call->full = event->kind == VA_MEDIA_FULL;
			break;
		case VA_MEDIA_STOP:
			va_call_end(call, "the carrier has ended the stream");
			break;
		default:
			break;
	}
}

static void
earn(VaMediaCall *call, int64_t now_ms)
{
	int64_t earned_us = (now_ms - call->earned_ms) * PACE_US;
	/* A turn of ours that was late is not the stream's fault. */
	int64_t most_us = earned_us > BURST_US ? earned_us : BURST_US;

	call->credit_us = call->credit_us + earned_us < most_us ? call->credit_us + earned_us : most_us;
	call->earned_ms = now_ms;
}

static int
price_of(const VaMediaCall *call, const VaFrame *message, const VaMediaEvent *event)
{
	int64_t bytes_a_s = (int64_t) va_sample_bytes(&call->stream.format) * call->stream.format.rate;
	int64_t audio_ms = event->kind == VA_MEDIA_AUDIO && bytes_a_s > 0 ? (int64_t) event->audio_len * 1000 / bytes_a_s
																	  : 0;
	int64_t least_ms = MESSAGE_MS + (int64_t) message->len / BYTES_A_MS;

	return (int) (audio_ms > least_ms ? audio_ms : least_ms);
}

static bool
has_come(const VaMediaCall *call)
{
	return call->talk.state != VA_TALK_OVER && call->socket != NULL && va_socket_first(call->socket) != NULL;
}

static bool
may_take(const VaMediaCall *call)
{
	/* Nothing of a stranger's is read. */
	return call->proven && has_come(call) && call->credit_us > 0 &&
		   va_share_is_free(VA_SHARE_AUDIO, call->owner, AUDIO_A_TURN_MS);
}

int64_t
va_call_hears_next(const VaMediaCall *call, int64_t now_ms)
{
	return now_ms + (!has_come(call) ? 1000 : call->credit_us > 0 ? 1 : 1 - call->credit_us / PACE_US);
}

static void
take_message(VaMediaCall *call, int64_t now_ms, int64_t unix_ms)
{
	const VaFrame *message = va_socket_first(call->socket);
	VaArena arena = { 0 };
	VaMediaEvent event;
	const char *why;

	if (!va_stream_read(&call->stream, message->binary, message->data, message->len, &arena, &event, &why))
		va_call_end(call, why);
	else
	{
		int price = price_of(call, message, &event);

		call->credit_us -= (int64_t) price * 1000;
		va_share_take_many(VA_SHARE_AUDIO, call->owner, price);
		take_event(call, &event, now_ms, unix_ms);
	}
	va_arena_free(&arena);
	if (call->socket != NULL)
		va_socket_drop_first(call->socket);
}

void
va_call_hear(VaMediaCall *call, int64_t now_ms, int64_t unix_ms)
{
	if (call->talk.state == VA_TALK_OVER)
		return;
	earn(call, now_ms);
	for (int n = 0; n < MESSAGES_A_TURN && may_take(call); n++)
		take_message(call, now_ms, unix_ms);
	if (!has_come(call))
		call->caught_up_ms = now_ms;
	if (call->socket != NULL && va_socket_state(call->socket) == VA_SOCKET_CLOSED && (!call->proven || !has_come(call)))
		va_call_end(call, va_socket_error(call->socket));
	else if (call->proven && now_ms - call->caught_up_ms > FAST_MS)
		va_call_end(call, VA_TOO_FAST);
	else if (call->talk.state == VA_TALK_ARRIVED && now_ms - call->arrived_ms > START_MS)
		va_call_end(call, "the stream was not started");
	else if (now_ms - call->heard_ms > DEAD_MS)
		va_call_end(call, "the carrier sends no audio any more");
}
