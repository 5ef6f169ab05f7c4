/*-------------------------------------------------------------------------
 * realtime.c
 *		OpenAI's Realtime, as it is generally available: no beta header, audio
 *		in mu-law both ways.
 */
#include "realtime.h"

#include <math.h>
#include <string.h>

#include "deepgram.h"
#include "pure/auth/mac.h"
#include "pure/net/url.h"

#define BASE_URL "https://api.openai.com/v1"
#define TRANSCRIBER "gpt-transcribe"
#define VOICE "marin"

char *
va_realtime_url(VaArena *arena, const char *base_url, const char *model)
{
	char name[3 * 200 + 1];
	size_t len = strlen(model);

	if (len > 200)
		return NULL;
	name[va_percent_encode(model, len, name)] = '\0';
	return va_socket_address(
		arena, base_url != NULL ? base_url : BASE_URL, va_arena_join(arena, "/realtime?model=", name, NULL));
}

/* Flat, where those of chat completions lie in "function". */
static json_t *
flat_tools(const json_t *tools)
{
	json_t *flat = json_array();

	for (size_t i = 0; i < json_array_size(tools); i++)
	{
		json_t *tool = json_copy(va_json_object(json_array_get(tools, i), "function"));

		json_object_set_new(tool, "type", json_string("function"));
		json_array_append_new(flat, tool);
	}
	return flat;
}

char *
va_realtime_session(
	VaArena *arena, const char *instructions, const char *language, const char *voice, const json_t *tools)
{
	json_t *transcription = json_pack("{s:s}", "model", TRANSCRIBER);
	json_t *input;
	json_t *event;
	char *text;

	/* "en-US" is "en" there. */
	if (language != NULL)
		json_object_set_new(transcription, "language", json_stringn(language, strcspn(language, "-")));
	/* We stop our own speech, as we know how much was heard. */
	input = json_pack("{s:{s:s},s:o,s:{s:s,s:s,s:b,s:b}}", "format", "type", "audio/pcmu", "transcription",
		transcription, "turn_detection", "type", "semantic_vad", "eagerness", "high", "create_response", true,
		"interrupt_response", false);
	event = json_pack("{s:s,s:{s:s,s:[s],s:{s:o,s:{s:{s:s},s:s}},s:o,s:s}}", "type", "session.update", "session",
		"type", "realtime", "output_modalities", "audio", "audio", "input", input, "output", "format", "type",
		"audio/pcmu", "voice", voice != NULL ? voice : VOICE, "tools", flat_tools(tools), "tool_choice", "auto");
	va_json_set_text(va_json_object(event, "session"), "instructions", instructions);
	text = event != NULL ? va_json_text(arena, event) : NULL;
	json_decref(event);
	return text;
}

char *
va_realtime_append(VaArena *arena, const unsigned char *mulaw, size_t n)
{
	VaBuffer out = { 0 };

	va_buffer_printf(&out, "{\"type\":\"input_audio_buffer.append\",\"audio\":\"");
	if (va_buffer_reserve(&out, n / 3 * 4 + 8))
		out.used += va_base64_encode(mulaw, n, out.text + out.used);
	va_buffer_add(&out, "\"}", 2);
	return va_buffer_finish(&out, arena);
}

char *
va_realtime_truncate(VaArena *arena, const char *item, int64_t heard_ms)
{
	json_t *event = json_pack("{s:s,s:s,s:i,s:I}", "type", "conversation.item.truncate", "item_id", item,
		"content_index", 0, "audio_end_ms", (json_int_t) heard_ms);
	char *text = va_json_text(arena, event);

	json_decref(event);
	return text;
}

char *
va_realtime_tool_output(VaArena *arena, const char *call, const char *words)
{
	json_t *event = json_pack("{s:s,s:{s:s,s:s,s:s}}", "type", "conversation.item.create", "item", "type",
		"function_call_output", "call_id", call, "output", words);
	char *text = va_json_text(arena, event);

	json_decref(event);
	return text;
}

/* ---- events ---- */

static VaRealtimeKind
kind_of(const char *type)
{
	static const struct
	{
		const char *type;
		VaRealtimeKind kind;
	} kinds[] = { { "session.updated", VA_REALTIME_READY },
		{ "conversation.item.input_audio_transcription.completed", VA_REALTIME_HEARD },
		{ "response.created", VA_REALTIME_BEGINS }, { "response.output_audio.delta", VA_REALTIME_SOUND },
		{ "response.output_audio_transcript.delta", VA_REALTIME_WORDS },
		{ "response.output_item.done", VA_REALTIME_TOOL }, { "response.done", VA_REALTIME_DONE },
		{ "error", VA_REALTIME_ERROR } };

	for (size_t i = 0; type != NULL && i < sizeof(kinds) / sizeof(kinds[0]); i++)
		if (strcmp(kinds[i].type, type) == 0)
			return kinds[i].kind;
	return VA_REALTIME_OTHER;
}

static const char *
copied(VaArena *arena, const json_t *object, const char *key)
{
	const char *text = va_json_string(object, key);

	return text != NULL ? va_arena_strdup(arena, text) : "";
}

static int64_t
count(const json_t *object, const char *key)
{
	double value;

	return va_json_number(object, key, &value) && value > 0 ? (int64_t) fmin(value, 1e9) : 0;
}

static bool
read_sound(VaArena *arena, const json_t *message, VaRealtimeEvent *event)
{
	const char *delta = va_json_string(message, "delta");
	size_t len = delta != NULL ? strlen(delta) : 0;

	event->audio = va_arena_alloc(arena, len + 1);
	return event->audio != NULL &&
		   va_base64_decode(delta != NULL ? delta : "", len, event->audio, len + 1, &event->naudio);
}

static void
read_done(const json_t *response, VaRealtimeEvent *event)
{
	const json_t *usage = va_json_object(response, "usage");
	const char *status = va_json_string(response, "status");

	event->failed = status != NULL && strcmp(status, "failed") == 0;
	event->tokens_in = count(usage, "input_tokens");
	event->tokens_cached = count(va_json_object(usage, "input_token_details"), "cached_tokens");
	event->tokens_out = count(usage, "output_tokens");
}

static bool
read_members(VaArena *arena, const json_t *message, VaRealtimeEvent *event)
{
	const json_t *item = va_json_object(message, "item");
	const char *type = va_json_string(item, "type");

	switch (event->kind)
	{
		case VA_REALTIME_HEARD:
			event->text = copied(arena, message, "transcript");
			break;
		case VA_REALTIME_SOUND:
			return read_sound(arena, message, event);
		case VA_REALTIME_WORDS:
			event->text = copied(arena, message, "delta");
			break;
		case VA_REALTIME_TOOL:
			event->tool = copied(arena, item, "name");
			event->call = copied(arena, item, "call_id");
			event->text = copied(arena, item, "arguments");
			if (type == NULL || strcmp(type, "function_call") != 0)
				event->kind = VA_REALTIME_OTHER;
			break;
		case VA_REALTIME_DONE:
			read_done(va_json_object(message, "response"), event);
			break;
		case VA_REALTIME_ERROR:
			event->text = copied(arena, va_json_object(message, "error"), "message");
			break;
		default:
			break;
	}
	return true;
}

bool
va_realtime_read(VaArena *arena, const char *bytes, size_t len, VaRealtimeEvent *event)
{
	const char *why = NULL;
	json_t *message = va_json_load(arena, bytes, len, &why);
	bool read = json_is_object(message);

	memset(event, 0, sizeof(*event));
	event->text = event->tool = event->call = "";
	event->kind = kind_of(va_json_string(message, "type"));
	event->item = copied(arena, message, "item_id");
	read = read && read_members(arena, message, event);
	json_decref(message);
	return read && !arena->oom;
}
