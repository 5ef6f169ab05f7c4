/*-------------------------------------------------------------------------
 * vonage_ncco.c
 *		Vonage's call control objects: what a call does, one action after the
 *		other.  After the last one it is hung up.
 *
 * Pure: no backend, no locks, no global state.
 */
#include "vonage_internal.h"

#include <stdlib.h>
#include <string.h>

#include "pure/net/url.h"

const char *
vonage_event_url(VaArena *arena, const char *url, const char *attempt_ref, const char *about)
{
	return va_url_with(arena, va_url_with(arena, url, "attempt", attempt_ref), "as", about);
}

static void
set_event_url(json_t *action, const VaAnswer *answer, const char *about, VaArena *arena)
{
	if (answer->status_url == NULL)
		return;
	json_object_set_new(
		action, "eventUrl", json_pack("[s]", vonage_event_url(arena, answer->status_url, answer->attempt_ref, about)));
	va_json_set_text(action, "eventMethod", "POST");
}

void
vonage_set_voice(json_t *talk, const VaAnswer *answer)
{
	const char *style = answer->voice;

	if (answer->language != NULL && strlen(answer->language) >= 5)
		va_json_set_text(talk, "language", answer->language);
	if (style != NULL && style[0] != '\0' && strspn(style, "0123456789") == strlen(style) && strlen(style) < 4)
		json_object_set_new(talk, "style", json_integer(atoi(style)));
}

static bool
listens(const VaAnswer *answer)
{
	return answer->kind == VA_ANSWER_SAY && answer->opt_out_key != NULL;
}

/* The beginning of a text, no longer than one talk may be: to the end of a word, where it has words. */
static char *
talk_piece(const char *text, VaArena *arena)
{
	char *piece = va_utf8_cut(arena, text, VONAGE_TALK_MAX_CHARS);
	char *space = piece == NULL || strlen(piece) == strlen(text) ? NULL : strrchr(piece, ' ');

	if (space != NULL)
		space[1] = '\0';
	return piece;
}

/* A long text takes several talks, one after the other; a key ends them all where one is listened for after them. */
static void
add_talks(json_t *ncco, const VaAnswer *answer, VaArena *arena)
{
	const char *rest = answer->text;
	const char *piece;

	while (rest != NULL && rest[0] != '\0' && (piece = talk_piece(rest, arena)) != NULL)
	{
		json_t *talk = json_pack("{s:s}", "action", "talk");

		va_json_set_text(talk, "text", piece);
		vonage_set_voice(talk, answer);
		if (listens(answer))
			json_object_set_new(talk, "bargeIn", json_true());
		json_array_append_new(ncco, talk);
		rest += strlen(piece);
	}
}

/*
 * Behind the talks, which it lets a key end, and some seconds more: so the
 * reference of call control objects has it.  A # is a key like any other.
 * Its event wants to know how the call goes on, also when no key was pressed.
 */
static bool
add_listening(json_t *ncco, const VaAnswer *answer, VaArena *arena, const char **why)
{
	json_t *input;

	if (answer->status_url == NULL)
		return va_refuse(why, "there is no URL of ours at which the carrier could tell which key was pressed");
	input = json_pack("{s:s,s:[s],s:{s:i,s:i,s:b}}", "action", "input", "type", "dtmf", "dtmf", "timeOut",
		VA_KEY_WAIT_S, "maxDigits", 1, "submitOnHash", 0);
	set_event_url(input, answer, "key", arena);
	json_array_append_new(ncco, input);
	return true;
}

/* Beside what follows, to the end of the call. */
static void
add_record(json_t *ncco, const VaAnswer *answer, VaArena *arena)
{
	json_t *record = json_pack(
		"{s:s,s:s,s:s,s:i}", "action", "record", "format", "mp3", "split", "conversation", "channels", 2);

	set_event_url(record, answer, "recording", arena);
	json_array_append_new(ncco, record);
}

/* The leg that this begins has events of its own, which are not the call's. */
static bool
add_stream(json_t *ncco, const VaAnswer *answer, VaArena *arena, const char **why)
{
	json_t *action;
	json_t *endpoint;

	if (answer->stream_url == NULL || strncmp(answer->stream_url, "wss://", 6) != 0)
		return va_refuse(why, "stream_url must be a wss URL");
	endpoint = json_pack(
		"{s:s,s:s,s:s}", "type", "websocket", "uri", answer->stream_url, "content-type", "audio/l16;rate=8000");
	if (answer->attempt_ref != NULL)
		json_object_set_new(endpoint, "headers", json_pack("{s:s}", "attempt", answer->attempt_ref));
	action = json_pack("{s:s,s:[o]}", "action", "connect", "endpoint", endpoint);
	set_event_url(action, answer, "leg", arena);
	json_array_append_new(ncco, action);
	return true;
}

static bool
add_forward(json_t *ncco, const VaAnswer *answer, VaArena *arena, const char **why)
{
	json_t *action;

	if (answer->forward_to == NULL || answer->forward_to[0] != '+')
		return va_refuse(why, "forward_to must be an E.164 number");
	action = json_pack("{s:s,s:[{s:s,s:s}]}", "action", "connect", "endpoint", "type", "phone", "number",
		va_without_plus(answer->forward_to));
	va_json_set_text(action, "from", va_without_plus(answer->caller_id));
	if (answer->ring_timeout_s > 0)
		json_object_set_new(action, "timeout", json_integer(va_clamp(answer->ring_timeout_s, 1, 120)));
	if (answer->max_duration_s > 0)
		json_object_set_new(action, "limit", json_integer(va_clamp(answer->max_duration_s, 1, 7200)));
	set_event_url(action, answer, "leg", arena);
	/* The reply to the event that it was not taken is done instead. */
	if (answer->goes_on)
		va_json_set_text(action, "eventType", "synchronous");
	json_array_append_new(ncco, action);
	return true;
}

static bool
add_play(json_t *ncco, const VaAnswer *answer, const char **why)
{
	VaUrl url;

	*why = "there is no media_url to play";
	if (answer->media_url == NULL || !va_url_parse(answer->media_url, strlen(answer->media_url), &url, why))
		return false;
	json_array_append_new(ncco, json_pack("{s:s,s:[s]}", "action", "stream", "streamUrl", answer->media_url));
	return true;
}

json_t *
vonage_ncco(const VaAnswer *answer, VaArena *arena, const char **why)
{
	json_t *ncco = json_array();
	bool good = true;

	if (answer->kind == VA_ANSWER_REJECT) /* nothing to do: the call ends */
		return ncco;
	if (answer->kind == VA_ANSWER_CONVERSE)
	{
		*why = "the carrier holds no conversation itself";
		json_decref(ncco);
		return NULL;
	}
	if (answer->record)
		add_record(ncco, answer, arena);
	add_talks(ncco, answer, arena);
	if (answer->kind == VA_ANSWER_STREAM)
		good = add_stream(ncco, answer, arena, why);
	else if (answer->kind == VA_ANSWER_FORWARD)
		good = add_forward(ncco, answer, arena, why);
	else if (answer->kind == VA_ANSWER_PLAY)
		good = add_play(ncco, answer, why);
	else if (answer->text == NULL || answer->text[0] == '\0')
	{
		*why = "there is nothing to say";
		good = false;
	}
	else if (listens(answer))
		good = add_listening(ncco, answer, arena, why);
	if (good)
		return ncco;
	json_decref(ncco);
	return NULL;
}

bool
vonage_build_answer(
	const VaEvent *event, const VaAnswer *answer, VaArena *arena, VaDocument *document, const char **why)
{
	VaAnswer told = *answer;
	json_t *ncco;

	/* It is being recorded since the dial. */
	if (event->kind == VA_EVENT_KEY)
		told.record = false;
	/* The other leg's events name the call that waits by this alone. */
	if (told.kind == VA_ANSWER_FORWARD && told.goes_on)
		told.status_url = va_url_with(arena, told.status_url, "call", event->provider_call_id);
	ncco = vonage_ncco(&told, arena, why);
	if (ncco == NULL)
		return false;
	document->content_type = "application/json";
	document->body = va_json_text(arena, ncco);
	document->len = document->body == NULL ? 0 : strlen(document->body);
	json_decref(ncco);
	if (document->body == NULL)
		*why = "out of memory, or a text that is not UTF-8";
	return document->body != NULL;
}
