/*-------------------------------------------------------------------------
 * realtime.c
 *		The whole of a talk: OpenAI's Realtime hears the person, thinks, and
 *		speaks.
 *
 * The law's words, the greeting and what we say of our own accord are said by
 * the voice of the chain.  Where this engine fails the chain goes on, with the
 * turns that both have said.
 */
#include "engines.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "media/call/said.h"
#include "pure/audio/g711.h"
#include "pure/engines/realtime.h"
#include "vendor.h"

#define PIECE_BYTES 320
#define ITEM_MAX 120

typedef struct Whole
{
	VaSocket *socket;
	bool asked; /* for a session */
	bool ready;
	VaBuffer waiting;
	bool told;			 /* the person's words, since we asked last */
	bool responds;		 /* a response is being made */
	bool responded;		 /* ... or has been made, since the person's last words */
	bool ends;			 /* it is the last */
	int tools_due;		 /* tools that it waits for */
	bool used;			 /* one has answered, and it has not gone on */
	bool dropped;		 /* what still comes of it is not wanted */
	uint32_t sentence;	 /* that its sound belongs to; 0: none yet */
	char item[ITEM_MAX]; /* the same, at the vendor */
} Whole;

static void
close_whole(VaEngine *engine)
{
	Whole *whole = engine->state;

	engine->state = NULL;
	if (whole == NULL)
		return;
	if (whole->socket != NULL)
		va_socket_close(whole->socket);
	free(whole->waiting.text);
	free(whole);
}

static bool
open_whole(VaEngine *engine)
{
	Whole *whole = calloc(1, sizeof(*whole));
	VaArena arena = { 0 };
	const char *url = va_realtime_url(
		&arena, va_json_string(engine->account, "base_url"), va_json_string(engine->account, "model"));
	VaSocket *socket;

	engine->state = whole;
	socket = va_vendor_connect(engine, whole != NULL && !arena.oom ? url : NULL, "Bearer ");
	if (whole != NULL)
		whole->socket = socket;
	va_arena_free(&arena);
	return socket != NULL;
}

/* ---- up ---- */

static void
send_text(Whole *whole, const char *text)
{
	if (text != NULL)
		(void) va_socket_send(whole->socket, text, strlen(text), false);
}

static void
ask_session(VaEngine *engine, Whole *whole)
{
	const VaMediaCall *call = engine->call;
	json_t *tools = va_engine_tools(call);
	VaArena arena = { 0 };
	const char *prompt = call->script.system_prompt;
	const char *instructions = va_arena_join(&arena, prompt != NULL ? prompt : "", "\n\n", VA_ENGINE_RULES,
		" You have greeted the person already: ", call->script.first_message != NULL ? call->script.first_message : "",
		NULL);

	send_text(whole, va_realtime_session(&arena, instructions, call->script.language,
						 va_json_string(va_json_object(engine->account, "settings"), "voice"), tools));
	json_decref(tools);
	va_arena_free(&arena);
	whole->asked = true;
}

static void
send_waiting(Whole *whole)
{
	size_t sent = 0;

	while (whole->ready && whole->waiting.used - sent >= PIECE_BYTES)
	{
		VaArena arena = { 0 };

		send_text(whole, va_realtime_append(&arena, (unsigned char *) whole->waiting.text + sent, PIECE_BYTES));
		va_arena_free(&arena);
		sent += PIECE_BYTES;
	}
	va_unsent_drop(&whole->waiting, sent);
}

/* While the legal words are spoken, no question is answered. */
static void
hear_frame(VaEngine *engine, const int16_t *frame)
{
	Whole *whole = engine->state;

	va_unsent_add(&whole->waiting, va_call_law_is_said(engine->call) ? frame : NULL, VA_FRAME_SAMPLES);
	send_waiting(whole);
}

static void
listen_on(VaEngine *engine, const int16_t *samples, size_t n)
{
	Whole *whole = engine->state;

	if (whole->told)
	{
		whole->told = false;
		va_engine_heard(engine, "", -1, true);
	}
}

/* It thinks by itself as soon as the person has ended. */
static void
think(VaEngine *engine)
{
	Whole *whole = engine->state;

	if (whole->responded && !whole->responds && whole->tools_due == 0 && !whole->used)
		va_engine_thought(engine, whole->ends);
}

/* The heard part of the sentence, in milliseconds. */
static int64_t
heard_of(const VaMediaCall *call, uint32_t number)
{
	int64_t heard = call->turn_sent_ms - va_playout_unheard(&call->playout, call->heard_ms);

	for (int i = 0; i < call->nsentences && call->sentences[i].number != number; i++)
		heard -= call->sentences[i].ms;
	return heard > 0 ? heard : 0;
}

static void
stop(VaEngine *engine)
{
	Whole *whole = engine->state;
	VaArena arena = { 0 };

	if (whole->responds)
		send_text(whole, "{\"type\":\"response.cancel\"}");
	if (whole->sentence != 0 && whole->item[0] != '\0')
		send_text(whole, va_realtime_truncate(&arena, whole->item, heard_of(engine->call, whole->sentence)));
	va_arena_free(&arena);
	whole->dropped = whole->responds;
	whole->sentence = 0;
	whole->tools_due = 0;
	whole->used = false;
}

/* ---- down ---- */

/* Its words may come before its sound. */
static void
begin_sentence(VaEngine *engine, const VaRealtimeEvent *event)
{
	Whole *whole = engine->state;

	if (whole->sentence != 0)
		return;
	whole->sentence = va_engine_speaks(engine);
	snprintf(whole->item, sizeof(whole->item), "%s", event->item);
}

static void
take_sound(VaEngine *engine, const VaRealtimeEvent *event)
{
	Whole *whole = engine->state;
	int16_t *samples;

	if (whole->dropped || event->naudio == 0)
		return;
	begin_sentence(engine, event);
	samples = malloc(event->naudio * sizeof(*samples));
	if (samples == NULL)
		return;
	for (size_t i = 0; i < event->naudio; i++)
		samples[i] = va_mulaw_sample(event->audio[i]);
	va_engine_begins(engine);
	va_engine_sounds(engine, whole->sentence, samples, event->naudio, false);
	free(samples);
}

static void
take_tool(VaEngine *engine, const VaRealtimeEvent *event)
{
	Whole *whole = engine->state;

	if (strcmp(event->tool, VA_ENGINE_END_CALL) == 0)
		whole->ends = true;
	else if (!whole->dropped)
	{
		whole->tools_due++;
		va_call_wants_tool(engine->call, event->call, event->tool, event->text[0] != '\0' ? event->text : "{}",
			engine->call->engines.now_ms);
	}
}

/* One response at a time: the next one when the tools have answered and the last one has ended. */
static void
go_on(Whole *whole)
{
	if (whole->tools_due == 0 && whole->used && !whole->responds)
	{
		whole->used = false;
		send_text(whole, "{\"type\":\"response.create\"}");
	}
}

static void
tool_answered(VaEngine *engine, const char *id, const char *words, bool failed)
{
	Whole *whole = engine->state;
	VaArena arena = { 0 };

	send_text(
		whole, va_realtime_tool_output(&arena, id, words[0] != '\0' ? words : "That does not work at the moment."));
	va_arena_free(&arena);
	whole->used = true;
	if (whole->tools_due > 0)
		whole->tools_due--;
	go_on(whole);
}

static void
end_response(VaEngine *engine, const VaRealtimeEvent *event)
{
	Whole *whole = engine->state;
	VaEngineReport *report = &engine->report;

	report->tokens_in += event->tokens_in;
	report->tokens_cached += event->tokens_cached;
	report->tokens_out += event->tokens_out;
	report->kind = "answered";
	if (whole->sentence != 0)
		va_engine_sounds(engine, whole->sentence, NULL, 0, true);
	whole->sentence = 0;
	whole->responds = false;
	whole->responded = !whole->dropped;
	if (whole->dropped)
		return;
	if (event->failed)
		va_engine_fail(engine, "server", "a response has failed");
	else if (whole->tools_due == 0 && !whole->used)
		va_engine_thought(engine, whole->ends);
	else
		go_on(whole);
}

static void
take_event(VaEngine *engine, const VaRealtimeEvent *event)
{
	Whole *whole = engine->state;

	switch (event->kind)
	{
		case VA_REALTIME_READY:
			whole->ready = true;
			break;
		case VA_REALTIME_HEARD:
			whole->told = engine->call->engines.ear == NULL;
			va_engine_heard(engine, event->text, -1, true);
			break;
		case VA_REALTIME_BEGINS:
			whole->responds = true;
			whole->responded = whole->dropped = whole->ends = false;
			break;
		case VA_REALTIME_SOUND:
			take_sound(engine, event);
			break;
		case VA_REALTIME_WORDS:
			if (whole->dropped)
				break;
			begin_sentence(engine, event);
			va_call_words(engine->call, whole->sentence, event->text);
			break;
		case VA_REALTIME_TOOL:
			take_tool(engine, event);
			break;
		case VA_REALTIME_DONE:
			end_response(engine, event);
			break;
		case VA_REALTIME_ERROR:
			if (!whole->ready)
				va_engine_fail(engine, "bad_request", event->text);
			break;
		default:
			break;
	}
}

static void
turn_whole(VaEngine *engine, int64_t now_ms)
{
	Whole *whole = engine->state;
	const VaFrame *message;

	if (!whole->asked && va_socket_state(whole->socket) == VA_SOCKET_OPEN)
		ask_session(engine, whole);
	while (!engine->failed && (message = va_socket_first(whole->socket)) != NULL)
	{
		VaArena arena = { 0 };
		VaRealtimeEvent event;

		if (va_realtime_read(&arena, message->data, message->len, &event))
			take_event(engine, &event);
		else
			va_engine_fail(engine, "server", "a message cannot be read");
		va_arena_free(&arena);
		va_socket_drop_first(whole->socket);
	}
	va_vendor_closed(engine, whole->socket);
}

const VaEngineDriver va_engine_realtime = { .provider = "openai_realtime",
	.kinds = VA_ENGINE_EAR,
	.whole = true,
	.open = open_whole,
	.hear = hear_frame,
	.listen = listen_on,
	.think = think,
	.tool_answered = tool_answered,
	.turn = turn_whole,
	.stop = stop,
	.close = close_whole };
