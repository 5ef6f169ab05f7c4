/*-------------------------------------------------------------------------
 * asterisk_stream.c
 *		Asterisk's chan_websocket: audio in binary messages, in the channel's
 *		codec; events and commands in text.
 *
 * The text is JSON where the channel was made with f(json), which versions
 * before 20.18, 22.8 and 23.2 do not know: what the first event is written in
 * is what our commands are written in.  A command of more than 128 bytes is
 * dropped there without a word.
 *
 * Without buffering, Asterisk loses what is not a multiple of a frame, so the
 * stream begins with START_MEDIA_BUFFERING. FLUSH_MEDIA ends the buffering and
 * forgets marks; after it buffering is asked for again.
 */
#include "dialect_internal.h"

#include <string.h>

#include "pure/text/json.h"
#include "pure/text/utf8.h"

/* The channel of the audio is called as the call's own, with this and digits behind it (asterisk_internal.h). */
#define VA_ASTERISK_MEDIA ".media"

/* The value behind NAME: in "EVENT name:value name:value"; NULL: there is none. */
static const char *
plain_value(VaArena *arena, const char *text, const char *name)
{
	size_t len = strlen(name);

	for (const char *at = strchr(text, ' '); at != NULL; at = strchr(at, ' '))
	{
		at += strspn(at, " ");
		if (strncmp(at, name, len) == 0 && at[len] == ':')
			return va_arena_strndup(arena, at + len + 1, strcspn(at + len + 1, " "));
	}
	return NULL;
}

/* An event's value by a name, in either writing. */
typedef struct Source
{
	const json_t *json; /* NULL: text */
	const char *text;
	VaArena *arena;
} Source;

static const char *
said(const Source *source, const char *name)
{
	const char *value;

	if (source->json == NULL)
		return plain_value(source->arena, source->text, name);
	value = va_json_string(source->json, name);
	return value == NULL ? NULL : va_arena_strdup(source->arena, value);
}

static bool
read_start(VaStream *stream, const Source *source, VaMediaEvent *event, const char **why)
{
	const char *id = said(source, "channel_id");
	const char *tail = id == NULL ? NULL : strstr(id, VA_ASTERISK_MEDIA);

	event->kind = VA_MEDIA_START;
	event->call_id = tail != NULL ? va_arena_strndup(source->arena, id, (size_t) (tail - id)) : id;
	stream->plain = source->json == NULL;
	return va_media_start(stream, id, said(source, "format"), 0, why);
}

static bool
read_named(VaStream *stream, const char *name, const Source *source, VaMediaEvent *event, const char **why)
{
	if (strcmp(name, "MEDIA_START") == 0)
		return read_start(stream, source, event, why);
	if (strcmp(name, "DTMF_END") == 0)
		(void) va_media_key(said(source, "digit"), event);
	else if (strcmp(name, "MEDIA_XOFF") == 0)
		event->kind = VA_MEDIA_FULL;
	else if (strcmp(name, "MEDIA_XON") == 0)
		event->kind = VA_MEDIA_ROOM;
	return true;
}

static bool
read_text(VaStream *stream, const char *bytes, size_t len, VaArena *arena, VaMediaEvent *event, const char **why)
{
	Source source = { .text = va_utf8_text(arena, bytes, len, false, NULL), .arena = arena };
	json_t *root;
	const char *name;
	bool good;

	name = source.text == NULL ? NULL : va_arena_strndup(arena, source.text, strcspn(source.text, " \r\n"));
	if (name == NULL)
		return va_refuse(why, "out of memory");
	if (len == 0 || bytes[0] != '{')
		return read_named(stream, name, &source, event, why);
	source.json = root = va_json_load(arena, bytes, len, why);
	if (root == NULL)
		return false;
	name = va_json_string(root, "event");
	good = name == NULL || read_named(stream, name, &source, event, why);
	json_decref(root);
	return good;
}

static bool
read_message(
	VaStream *stream, bool binary, const void *bytes, size_t len, VaArena *arena, VaMediaEvent *event, const char **why)
{
	if (!binary)
		return read_text(stream, bytes, len, arena, event, why);
	event->kind = VA_MEDIA_AUDIO;
	event->audio = bytes;
	event->audio_len = len;
	return true;
}

/* ---- writing ---- */

static bool
command(const VaStream *stream, const char *name, VaArena *arena, VaMediaMessages *messages)
{
	VaBuffer text = { 0 };

	va_buffer_printf(&text, stream->plain ? "%s" : "{\"command\":\"%s\"}", name);
	return va_media_text(messages, arena, &text);
}

static bool
write_open(const VaStream *stream, VaArena *arena, VaMediaMessages *messages)
{
	return command(stream, "START_MEDIA_BUFFERING", arena, messages);
}

static bool
write_audio(const VaStream *stream, const uint8_t *audio, size_t len, VaArena *arena, VaMediaMessages *messages)
{
	messages->items[messages->count++] = (VaMediaMessage){ audio, len, true };
	return true;
}

static bool
write_clear(const VaStream *stream, VaArena *arena, VaMediaMessages *messages)
{
	return command(stream, "FLUSH_MEDIA", arena, messages) && write_open(stream, arena, messages);
}

static bool
write_hang_up(const VaStream *stream, VaArena *arena, VaMediaMessages *messages)
{
	return command(stream, "HANGUP", arena, messages);
}

const VaDialect va_asterisk_dialect = {
	.name = "asterisk",
	.piece_ms = VA_FRAME_MS,
	.ahead_ms = 200,
	.read = read_message,
	.open = write_open,
	.audio = write_audio,
	.clear = write_clear,
	.hang_up = write_hang_up,
};
