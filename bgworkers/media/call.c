/*-------------------------------------------------------------------------
 * call.c
 *		What comes over a call's socket, and what goes out.
 *
 * Frames of the carrier's rate and size become frames of 20 ms of ours, and
 * ours become messages of the size that it takes.  talk.c has the talk.
 */
#include "call.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "call_internal.h"

/* Speech before it was known to be speech. */
#define LEAD_IN_SAMPLES ((size_t) 320 * VA_AUDIO_RATE / 1000)
#define UTTERANCE_SAMPLES ((size_t) VA_UTTERANCE_MS * VA_AUDIO_RATE / 1000)
/* A line is dead that brings nothing for so long. */
#define DEAD_MS 10000
/* A stream that is not started in this time is none. */
#define START_MS 5000
/* The ear has so long for what was said just before the end. */
#define LAST_WORDS_MS 5000

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

/* ---- beginning and end ---- */

static bool
copy_word(char *to, size_t size, const char *from, size_t len)
{
	if (len == 0 || len >= size)
		return false;
	memcpy(to, from, len);
	to[len] = '\0';
	return true;
}

/* What a query says of a name; "": nothing that fits. */
static void
read_parameter(const char *query, const char *name, char *value, size_t size)
{
	size_t len = strlen(name);

	value[0] = '\0';
	for (const char *at = query; at != NULL && value[0] == '\0'; at = strchr(at, '&'))
	{
		at += at[0] == '&';
		if (strncmp(at, name, len) == 0 && at[len] == '=')
			(void) copy_word(value, size, at + len + 1, strcspn(at + len + 1, "&"));
	}
}

/* /voice/stream/CALL?token=TOKEN&carrier=DIALECT */
static bool
read_stream_path(VaAddress *address, const char *rest, const char *query)
{
	char dialect[20];

	read_parameter(query, "carrier", dialect, sizeof(dialect));
	read_parameter(query, "token", address->token, sizeof(address->token));
	address->dialect = va_dialect(dialect);
	if (address->dialect == NULL || address->token[0] == '\0' || strchr(rest, '/') != NULL)
		return false;
	return copy_word(address->reference, sizeof(address->reference), rest, strlen(rest));
}

/* /media/DIALECT/TOKEN/CALL, where the call is our reference of it, or the carrier's id of one that comes in; Exotel's query has it, too. */
bool
va_address_read(VaAddress *address, const char *path, const char *query)
{
	static const char prefix[] = "/media/";
	static const char stream[] = "/voice/stream/";
	char dialect[20];
	const char *at = path;
	size_t len;

	if (strncmp(at, stream, strlen(stream)) == 0)
		return read_stream_path(address, at + strlen(stream), query);
	if (strncmp(at, prefix, strlen(prefix)) != 0)
		return false;
	at += strlen(prefix);
	len = strcspn(at, "/");
	if (!copy_word(dialect, sizeof(dialect), at, len) || at[len] != '/')
		return false;
	address->dialect = va_dialect(dialect);
	if (address->dialect == NULL)
		return false;
	at += len + 1;
	len = strcspn(at, "/");
	if (!copy_word(address->token, sizeof(address->token), at, len))
		return false;
	at += len;
	if (at[0] == '/')
		return strchr(at + 1, '/') == NULL &&
			   copy_word(address->reference, sizeof(address->reference), at + 1, strlen(at + 1));
	read_parameter(query, "attempt", address->reference, sizeof(address->reference));
	return true;
}

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

static void
free_script(VaCallScript *script)
{
	free(script->language);
	free(script->voice);
	free(script->law_words);
	free(script->first_message);
	free(script->system_prompt);
	free(script->opt_out_words);
	free(script->silence_words);
	free(script->repeat_words);
	free(script->moment_words);
	free(script->goodbye_words);
	free(script->return_words);
	free(script->tools);
}

void
va_call_free(VaMediaCall *call)
{
	VaTurn *next;

	if (call->socket != NULL)
		va_socket_finish(call->socket);
	if (call->proven)
		va_share_give(call->share, call->owner);
	if (call->share == VA_SHARE_CALLS && call->owner == VA_NEVER_ARMED)
		va_share_give(VA_SHARE_TRIALS, call->tenant_id);
	va_call_forget_sentences(call);
	va_engines_end(call);
	free(call->times);
	for (VaTurn *turn = call->turns; turn != NULL; turn = next)
	{
		next = turn->next;
		free(turn->text);
		free(turn);
	}
	free_script(&call->script);
	va_call_forget_tools(call);
	va_resampler_free(call->in);
	va_resampler_free(call->out);
	va_playout_free(&call->playout);
	free(call->utterance);
	free(call->piece);
	free(call);
}

/* A person may say that nobody may call again, and hang up: what the ear has not told yet, it may tell for a while. */
static void
await_last_words(VaMediaCall *call)
{
	if ((call->phase != VA_CALL_TALKS && call->phase != VA_CALL_LEAVES) || call->call_id == 0 || va_engines_whole(call))
		return;
	if ((call->voice.speaks || call->partial[0] != '\0') && !va_engines_listening(call))
		va_engines_listen(call, call->utterance, call->nutterance, call->engines.now_ms);
	call->last_words_ms = call->engines.now_ms + LAST_WORDS_MS;
}

bool
va_call_awaits_words(const VaMediaCall *call, int64_t now_ms)
{
	return call->phase == VA_CALL_OVER && now_ms < call->last_words_ms && va_engines_listening(call);
}

void
va_call_end(VaMediaCall *call, const char *why, int64_t unix_ms)
{
	if (call->phase == VA_CALL_OVER)
		return;
	va_call_cut_short(call, unix_ms);
	va_call_note_cut(call);
	await_last_words(call);
	snprintf(call->why, sizeof(call->why), "%s", why);
	call->phase = VA_CALL_OVER;
	if (!call->hung_up)
		va_call_close(call);
}

bool
va_call_has_words(const VaMediaCall *call)
{
	const VaTurn *last = call->last_turn;

	/* What began after the words that are being understood waits for them: it stands behind them. */
	if (call->phase == VA_CALL_TALKS && !call->opted_out && !call->answer_due && va_engines_listening(call) &&
		last != NULL && last->at_ms > call->began_ms)
		return false;
	return call->call_id != 0 && (call->opted_out || (last != NULL && !last->kept));
}

void
va_call_close(VaMediaCall *call)
{
	VaArena arena = { 0 };
	VaMediaMessages messages = { .count = 0 };

	if (call->socket == NULL)
		return;
	if (call->hung_up)
		va_call_send(call, va_stream_hang_up(&call->stream, &arena, &messages), &messages);
	va_arena_free(&arena);
	va_socket_finish(call->socket);
	call->socket = NULL;
}

/* ---- going out ---- */

void
va_call_send(VaMediaCall *call, bool made, const VaMediaMessages *messages)
{
	for (int i = 0; made && call->socket != NULL && i < messages->count; i++)
		(void) va_socket_send(
			call->socket, messages->items[i].bytes, messages->items[i].len, messages->items[i].binary);
}

static void
send_piece(VaMediaCall *call)
{
	VaArena arena = { 0 };
	VaMediaMessages messages = { .count = 0 };
	size_t n = (size_t) call->npiece * VA_FRAME_SAMPLES;
	int16_t *samples = va_arena_alloc(&arena, va_resampled_max(call->out, n) * sizeof(*samples));

	if (samples != NULL && n > 0)
		va_call_send(call,
			va_stream_audio(&call->stream, samples, va_resample(call->out, call->piece, n, samples), &arena, &messages),
			&messages);
	call->npiece = 0;
	va_arena_free(&arena);
}

/* All frames that are due; a piece that is not full waits, unless nothing follows. */
void
va_call_send_due(VaMediaCall *call, int64_t now_ms, int64_t unix_ms)
{
	int whole = va_dialect_piece_ms(call->stream.dialect) / VA_FRAME_MS;

	/* The carrier has run out of what we had: what it did not have in time was late. */
	if (call->turn_sent_ms > 0 && call->playout.began_ms != 0 && va_playout_waiting(&call->playout) > 0 &&
		va_playout_unheard(&call->playout, now_ms) == 0)
		call->figures.frames_late += 1 + (now_ms - call->playout.began_ms - call->playout.sent_ms) / VA_FRAME_MS;
	while (
		!call->full && va_playout_frame(&call->playout, now_ms, call->piece + (size_t) call->npiece * VA_FRAME_SAMPLES))
	{
		call->npiece++;
		call->figures.frames_out++;
		if (call->turn_began == 0)
			va_call_begins_to_speak(call, now_ms, unix_ms);
		call->turn_sent_ms += VA_FRAME_MS;
		va_call_note_answer(call, now_ms);
		if (call->npiece == whole)
			send_piece(call);
	}
	if (va_playout_waiting(&call->playout) == 0 && call->npiece > 0)
		send_piece(call);
}

static void
drop_sent(VaMediaCall *call)
{
	VaArena arena = { 0 };
	VaMediaMessages messages = { .count = 0 };

	call->npiece = 0;
	va_call_send(call, va_stream_clear(&call->stream, &arena, &messages), &messages);
	va_arena_free(&arena);
}

void
va_call_clear(VaMediaCall *call)
{
	va_playout_clear(&call->playout);
	drop_sent(call);
}

void
va_call_hold(VaMediaCall *call, int64_t now_ms)
{
	call->turn_sent_ms -= va_playout_hold(&call->playout, now_ms);
	call->held_ms = now_ms;
	drop_sent(call);
}

/* ---- coming in ---- */

/* The person's words are kept until they have ended; before them, a little of what was before. */
static void
gather(VaMediaCall *call, const int16_t *frame)
{
	if (call->utterance == NULL)
		call->utterance = malloc(UTTERANCE_SAMPLES * sizeof(int16_t));
	if (call->utterance == NULL)
		return;
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
	if (call->phase != VA_CALL_TALKS && call->phase != VA_CALL_LEAVES)
		return;
	gather(call, call->frame);
	va_engines_hear(call, call->frame);
	change = va_voice_frame(&call->voice, call->frame);
	if (change == VA_VOICE_SAME && call->voice.speaks && call->nutterance + VA_FRAME_SAMPLES > UTTERANCE_SAMPLES)
		change = VA_VOICE_ENDED;
	va_call_voice(call, change, now_ms, unix_ms);
	key = va_keys_frame(&call->keys, call->frame);
	if (key != '\0')
		va_keypad_press(call, key, now_ms, unix_ms);
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
	VaArena arena = { 0 };
	VaMediaMessages messages = { .count = 0 };

	va_call_send(call, va_stream_open(&call->stream, &arena, &messages), &messages);
	va_arena_free(&arena);
	if (event->call_id != NULL)
		snprintf(call->carrier_call, sizeof(call->carrier_call), "%s", event->call_id);
	call->in = va_resampler_new(call->stream.format.rate, VA_AUDIO_RATE);
	call->out = va_resampler_new(VA_AUDIO_RATE, call->stream.out.rate);
	call->piece = malloc((size_t) frames * VA_FRAME_SAMPLES * sizeof(int16_t));
	call->playout.ahead_ms = va_dialect_ahead_ms(call->stream.dialect);
	call->phase = VA_CALL_ASKED;
	return call->in != NULL && call->out != NULL && call->piece != NULL;
}

static void
take_event(VaMediaCall *call, const VaMediaEvent *event, int64_t now_ms, int64_t unix_ms)
{
	switch (event->kind)
	{
		case VA_MEDIA_START:
			if (!start(call, event))
				va_call_end(call, "out of memory", unix_ms);
			break;
		case VA_MEDIA_AUDIO:
			hear_audio(call, event, now_ms, unix_ms);
			break;
		case VA_MEDIA_KEY:
			va_keypad_press(call, event->key, now_ms, unix_ms);
			break;
		case VA_MEDIA_FULL:
		case VA_MEDIA_ROOM:
			call->full = event->kind == VA_MEDIA_FULL;
			break;
		case VA_MEDIA_STOP:
			va_call_end(call, "the carrier has ended the stream", unix_ms);
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
	return call->phase != VA_CALL_OVER && call->socket != NULL && va_socket_first(call->socket) != NULL;
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
		va_call_end(call, why, unix_ms);
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
	if (call->phase == VA_CALL_OVER)
		return;
	earn(call, now_ms);
	for (int n = 0; n < MESSAGES_A_TURN && may_take(call); n++)
		take_message(call, now_ms, unix_ms);
	if (!has_come(call))
		call->caught_up_ms = now_ms;
	if (call->socket != NULL && va_socket_state(call->socket) == VA_SOCKET_CLOSED && (!call->proven || !has_come(call)))
		va_call_end(call, va_socket_error(call->socket), unix_ms);
	else if (call->proven && now_ms - call->caught_up_ms > FAST_MS)
		va_call_end(call, VA_TOO_FAST, unix_ms);
	else if (call->phase == VA_CALL_ARRIVED && now_ms - call->arrived_ms > START_MS)
		va_call_end(call, "the stream was not started", unix_ms);
	else if (now_ms - call->heard_ms > DEAD_MS)
		va_call_end(call, "the carrier sends no audio any more", unix_ms);
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
