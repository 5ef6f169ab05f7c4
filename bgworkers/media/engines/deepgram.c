/*-------------------------------------------------------------------------
 * deepgram.c
 *		An ear: Deepgram's live recognition, which hears all that the person
 *		sends, as it comes.
 *
 * It says itself when the person has ended; when we know that first, it is
 * asked for what it has.
 */
#include "engines.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "pure/engines/deepgram.h"
#include "vendor.h"

/* The message sent at once. */
#define PIECE_BYTES 320
#define PIECE_MAX 2000
#define FRAMES_A_SECOND 50
/* It hangs up after ten seconds without a message. */
#define KEEP_ALIVE_MS 8000

typedef struct Ear
{
	VaSocket *socket;
	VaBuffer waiting;
	size_t frames;	   /* that it was given */
	size_t fed;		   /* of these, when a message was sent last */
	int64_t told_ms;   /* ... and the time; 0: it has not opened */
	VaBuffer said;	   /* since the person's last turn */
	double confidence; /* of its least certain piece; -1: not given */
	bool hears;		   /* something that is not final yet */
	bool told;		   /* a turn, since we asked last */
	bool asked;
	bool finalize; /* is still to be sent */
} Ear;

static bool
send_text(Ear *ear, const char *text)
{
	return va_socket_send(ear->socket, text, strlen(text), false);
}

static void
close_ear(VaEngine *engine)
{
	Ear *ear = engine->state;

	engine->state = NULL;
	if (ear == NULL)
		return;
	if (ear->socket != NULL && send_text(ear, "{\"type\":\"CloseStream\"}"))
		va_socket_finish(ear->socket);
	else if (ear->socket != NULL)
		va_socket_close(ear->socket);
	free(ear->said.text);
	free(ear->waiting.text);
	free(ear);
}

static bool
open_ear(VaEngine *engine)
{
	const VaMediaCall *call = engine->call;
	Ear *ear = calloc(1, sizeof(*ear));
	VaArena arena = { 0 };
	const char *model = va_json_string(engine->account, "model");
	const char *url = va_deepgram_url(&arena, va_json_string(engine->account, "base_url"), model, call->script.language,
		va_json_object(call->engines.setup, "settings"));
	bool fits = ear != NULL && !arena.oom;
	VaSocket *socket;

	engine->state = ear;
	engine->ends = va_deepgram_is_flux(model);
	socket = va_vendor_connect(engine, fits ? url : NULL, "Token ");
	if (ear != NULL)
		ear->socket = socket;
	va_arena_free(&arena);
	return socket != NULL;
}

/* ---- up ---- */

static void
send_waiting(const VaEngine *engine, bool all)
{
	Ear *ear = engine->state;
	size_t sent = 0;

	if (ear->socket == NULL || va_socket_state(ear->socket) != VA_SOCKET_OPEN)
		return;
	while (ear->waiting.used - sent >= PIECE_BYTES || (all && ear->waiting.used > sent))
	{
		size_t piece = ear->waiting.used - sent < PIECE_MAX ? ear->waiting.used - sent : PIECE_MAX;

		if (!va_socket_send(ear->socket, ear->waiting.text + sent, piece, true))
			break;
		sent += piece;
	}
	va_unsent_drop(&ear->waiting, sent);
	if (ear->finalize && ear->waiting.used == 0)
		ear->finalize = !send_text(ear, engine->ends ? "{\"type\":\"ForceEndTurn\"}" : "{\"type\":\"Finalize\"}");
}

static void
hear_frame(VaEngine *engine, const int16_t *frame)
{
	Ear *ear = engine->state;

	va_unsent_add(&ear->waiting, frame, VA_FRAME_SAMPLES);
	if (++ear->frames % FRAMES_A_SECOND == 0)
		engine->report.tokens_in++;
	send_waiting(engine, false);
}

static void
listen_on(VaEngine *engine, const int16_t *samples, size_t n)
{
	Ear *ear = engine->state;

	/* It reported before we knew; or no turn is under way. */
	if ((ear->told || engine->ends) && ear->said.used == 0 && !ear->hears)
	{
		ear->told = false;
		va_engine_heard(engine, "", -1, true);
		return;
	}
	/* It was not there when the person spoke. */
	if (ear->frames * VA_FRAME_SAMPLES < n)
	{
		ear->waiting.used = 0;
		va_unsent_add(&ear->waiting, samples, n);
		ear->frames = n / VA_FRAME_SAMPLES;
	}
	ear->told = false;
	ear->asked = ear->finalize = true;
	send_waiting(engine, true);
}

/* ---- down ---- */

static void
tell_turn(VaEngine *engine)
{
	Ear *ear = engine->state;
	double confidence = ear->said.used > 0 ? ear->confidence : -1;
	char words[2000];

	snprintf(words, sizeof(words), "%.*s", (int) ear->said.used, ear->said.used > 0 ? ear->said.text : "");
	ear->said.used = 0;
	ear->told = !ear->asked;
	ear->asked = false;
	engine->report.kind = "answered";
	va_engine_heard(engine, words, confidence, true);
}

static void
tell_partial(VaEngine *engine, const char *rest)
{
	const Ear *ear = engine->state;
	VaArena arena = { 0 };
	const char *words = va_arena_printf(&arena, "%.*s%s%s", (int) ear->said.used,
		ear->said.used > 0 ? ear->said.text : "", ear->said.used > 0 && rest[0] != '\0' ? " " : "", rest);

	if (words != NULL)
		va_engine_hears(engine, words);
	va_arena_free(&arena);
}

static void
take_heard(VaEngine *engine, const VaDeepgramHeard *heard)
{
	Ear *ear = engine->state;
	bool final = heard->final || (heard->turn && heard->ends);

	if (heard->error != NULL)
	{
		va_engine_fail(engine, "server", heard->error);
		return;
	}
	ear->hears = !final && heard->text[0] != '\0';
	if (heard->eager || heard->resumed)
		va_engine_pauses(engine, heard->eager ? heard->text : NULL);
	if (final && heard->text[0] != '\0' && (ear->said.used == 0 || heard->confidence < ear->confidence))
		ear->confidence = heard->confidence;
	if (final && heard->text[0] != '\0')
		va_buffer_printf(&ear->said, "%s%s", ear->said.used > 0 ? " " : "", heard->text);
	if (heard->text[0] != '\0')
		tell_partial(engine, final ? "" : heard->text);
	if ((heard->ends && (ear->said.used > 0 || (heard->turn && ear->asked))) || (heard->finalized && ear->asked))
		tell_turn(engine);
}

/* A carrier may send nothing during silence. */
static void
keep_alive(const VaEngine *engine, int64_t now_ms)
{
	Ear *ear = engine->state;

	if (va_socket_state(ear->socket) != VA_SOCKET_OPEN)
		return;
	if (ear->told_ms == 0 || ear->fed != ear->frames)
	{
		ear->told_ms = now_ms;
		ear->fed = ear->frames;
	}
	else if (now_ms - ear->told_ms >= KEEP_ALIVE_MS && (engine->ends || send_text(ear, "{\"type\":\"KeepAlive\"}")))
	{
		ear->told_ms = now_ms;
		/* Flux knows no such message. */
		if (engine->ends)
			va_unsent_add(&ear->waiting, NULL, VA_FRAME_SAMPLES);
	}
}

static void
turn_ear(VaEngine *engine, int64_t now_ms)
{
	Ear *ear = engine->state;
	const VaFrame *message;

	send_waiting(engine, ear->finalize);
	keep_alive(engine, now_ms);
	while (!engine->failed && (message = va_socket_first(ear->socket)) != NULL)
	{
		VaArena arena = { 0 };
		VaDeepgramHeard heard;

		if (va_deepgram_read(&arena, message->data, message->len, &heard))
			take_heard(engine, &heard);
		va_arena_free(&arena);
		va_socket_drop_first(ear->socket);
	}
	va_vendor_closed(engine, ear->socket);
}

const VaEngineDriver va_engine_deepgram = { .provider = "deepgram",
	.kinds = VA_ENGINE_EAR,
	.open = open_ear,
	.hear = hear_frame,
	.listen = listen_on,
	.turn = turn_ear,
	.close = close_ear };
