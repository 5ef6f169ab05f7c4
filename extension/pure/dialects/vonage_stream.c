/*-------------------------------------------------------------------------
 * vonage_stream.c
 *		Vonage's WebSockets: 16-bit samples in binary messages of exactly 20 ms,
 *		everything else in JSON.
 *
 * The first text is the start, which names no call: the socket's path does.
 * Marks that are pending when we drop what waits are never answered.
 */
#include "dialect_internal.h"

#include <stdlib.h>
#include <string.h>

#include "pure/text/json.h"

#define STARTED "websocket:connected"

/* "audio/l16;rate=16000" */
static bool
read_start(VaStream *stream, const json_t *root, VaMediaEvent *event, const char **why)
{
	const char *type = va_json_string(root, "content-type");
	const char *rate = type == NULL ? NULL : strstr(type, "rate=");

	event->kind = VA_MEDIA_START;
	return va_media_start(stream, "vonage", type != NULL && strncmp(type, "audio/l16", 9) == 0 ? "audio/x-raw" : type,
		rate == NULL ? VA_AUDIO_RATE : atoi(rate + strlen("rate=")), why);
}

static bool
read_text(VaStream *stream, const json_t *root, VaArena *arena, VaMediaEvent *event, const char **why)
{
	const char *name = va_json_string(root, "event");

	if (name == NULL)
		return va_refuse(why, "a message does not say which event it tells of");
	if (strcmp(name, STARTED) == 0)
		return read_start(stream, root, event, why);
	if (strcmp(name, "websocket:dtmf") == 0)
		(void) va_media_key(va_json_string(root, "digit"), event);
	return true;
}

static bool
read_message(
	VaStream *stream, bool binary, const void *bytes, size_t len, VaArena *arena, VaMediaEvent *event, const char **why)
{
	json_t *root;
	bool good;

	if (binary)
	{
		event->kind = VA_MEDIA_AUDIO;
		event->audio = bytes;
		event->audio_len = len;
		return true;
	}
	root = va_json_load(arena, bytes, len, why);
	if (root == NULL)
		return false;
	good = read_text(stream, root, arena, event, why);
	json_decref(root);
	return good;
}

/* ---- writing ---- */

static bool
write_audio(const VaStream *stream, const uint8_t *audio, size_t len, VaArena *arena, VaMediaMessages *messages)
{
	size_t whole = (size_t) stream->out.rate * VA_FRAME_MS / 1000 * sizeof(int16_t);
	uint8_t *frame;

	/* One frame: the rest of it is silence. */
	if (len != whole)
	{
		frame = va_arena_alloc(arena, whole);
		if (frame == NULL)
			return false;
		memcpy(frame, audio, len < whole ? len : whole);
		audio = frame;
	}
	messages->items[messages->count++] = (VaMediaMessage){ audio, whole, true };
	return true;
}

static bool
write_clear(const VaStream *stream, VaArena *arena, VaMediaMessages *messages)
{
	VaBuffer text = { 0 };

	va_buffer_printf(&text, "{\"action\":\"clear\"}");
	return va_media_text(messages, arena, &text);
}

const VaDialect va_vonage_dialect = {
	.name = "vonage",
	.piece_ms = VA_FRAME_MS,
	.ahead_ms = 200,
	.read = read_message,
	.audio = write_audio,
	.clear = write_clear,
};
