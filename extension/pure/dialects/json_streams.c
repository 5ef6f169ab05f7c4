/*-------------------------------------------------------------------------
 * json_streams.c
 *		Exotel, Plivo, Telnyx and Twilio: the audio in base64, in JSON.
 *
 * They say the same in spellings of their own, and write most numbers as
 * strings.  Exotel's audio is 16-bit samples, which go out in pieces of
 * 200 ms: it takes none below 100 ms, and hangs up after a greeting that came
 * all at once.  The others' is mu-law, unless the stream's start says
 * otherwise; Telnyx takes mu-law whatever it sends.
 *
 * Twilio and Exotel end the stream, and the call with it unless something
 * follows there, when we close the socket; the others need a request.
 */
#include "dialect_internal.h"

#include <stdlib.h>
#include <string.h>

#include "pure/auth/mac.h"
#include "pure/text/json.h"

/* A member in one of its spellings, which end with a NULL. */
static const json_t *
member(const json_t *object, const char *const *names)
{
	const json_t *value = NULL;

	for (; value == NULL && *names != NULL; names++)
		value = json_object_get(object, *names);
	return value;
}

#define MEMBER(object, ...) member(object, (const char *const[]){ __VA_ARGS__, NULL })
#define MEMBER_TEXT(object, ...) full_text(MEMBER(object, __VA_ARGS__))

/* NULL: no text, or an empty one. */
static const char *
full_text(const json_t *value)
{
	const char *text = json_string_value(value);

	return text != NULL && text[0] != '\0' ? text : NULL;
}

/* A number, or a string of digits; 0: neither. */
static int64_t
number(const json_t *value)
{
	const char *text = json_string_value(value);

	if (json_is_integer(value))
		return json_integer_value(value) > 0 ? json_integer_value(value) : 0;
	if (text == NULL || text[0] == '\0' || strlen(text) > 15 || text[strspn(text, "0123456789")] != '\0')
		return 0;
	return strtoll(text, NULL, 10);
}

static bool
read_start(VaStream *stream, const json_t *root, VaArena *arena, VaMediaEvent *event, const char **why)
{
	const json_t *start = va_json_object(root, "start");
	const json_t *format = MEMBER(start, "media_format", "mediaFormat");
	const char *encoding = MEMBER_TEXT(format, "encoding");
	const char *id = MEMBER_TEXT(start, "stream_sid", "streamSid", "streamId");
	int64_t rate = number(MEMBER(format, "sample_rate", "sampleRate"));

	if (start == NULL)
		return va_refuse(why, "the start of the stream says nothing");
	event->kind = VA_MEDIA_START;
	event->call_id = va_arena_strdup(arena, MEMBER_TEXT(start, "call_sid", "callSid", "callId", "call_control_id"));
	event->account = va_arena_strdup(arena, MEMBER_TEXT(start, "account_sid", "accountSid", "accountId", "user_id"));
	if (encoding == NULL)
		encoding = stream->dialect == &va_exotel_dialect ? "audio/x-raw" : "audio/x-mulaw";
	if (rate == 0)
		rate = VA_AUDIO_RATE;
	if (!va_media_start(stream, id != NULL ? id : MEMBER_TEXT(root, "stream_sid", "streamSid", "stream_id", "streamId"),
			encoding, rate > VA_AUDIO_RATE_MAX ? 0 : (int) rate, why))
		return false;
	/* The format it was asked for; its own audio has the other leg's. */
	if (stream->dialect == &va_telnyx_dialect)
		stream->out = (VaAudioFormat){ VA_AUDIO_MULAW, VA_AUDIO_RATE };
	return true;
}

static bool
read_media(const json_t *root, VaArena *arena, VaMediaEvent *event, const char **why)
{
	const json_t *media = va_json_object(root, "media");
	const json_t *payload = json_object_get(media, "payload");
	const char *track = va_json_string(media, "track");
	size_t len = json_string_length(payload);
	size_t room = len / 4 * 3 + 3;
	unsigned char *audio;

	/* Our own words are not to be heard. */
	if (track != NULL && strcmp(track, "outbound") == 0)
		return true;
	if (!json_is_string(payload))
		return va_refuse(why, "a message of audio has none");
	audio = va_arena_alloc(arena, room);
	if (audio == NULL || !va_base64_decode(json_string_value(payload), len, audio, room, &event->audio_len))
		return va_refuse(why, "the audio is not base64");
	event->kind = VA_MEDIA_AUDIO;
	event->audio = audio;
	event->chunk = number(MEMBER(media, "chunk"));
	return true;
}

static bool
read_event(VaStream *stream, const json_t *root, VaArena *arena, VaMediaEvent *event, const char **why)
{
	const char *name = va_json_string(root, "event");
	const json_t *stop = va_json_object(root, "stop");

	if (name == NULL)
		return va_refuse(why, "a message does not say which event it tells of");
	if (strcmp(name, "media") == 0)
		return read_media(root, arena, event, why);
	if (strcmp(name, "start") == 0)
		return read_start(stream, root, arena, event, why);
	if (strcmp(name, "dtmf") == 0)
		(void) va_media_key(va_json_string(va_json_object(root, "dtmf"), "digit"), event);
	else if (strcmp(name, "clear") == 0)
		event->kind = VA_MEDIA_CLEAR;
	else if (strcmp(name, "stop") == 0)
	{
		event->kind = VA_MEDIA_STOP;
		event->call_id = va_arena_strdup(arena, MEMBER_TEXT(stop, "call_sid", "callSid", "call_control_id"));
		event->reason = va_arena_strdup(arena, va_json_string(stop, "reason"));
	}
	/* `connected`, what was dropped (clearedAudio), complaints about what we sent, and what is new there. */
	return true;
}

static bool
read_message(
	VaStream *stream, bool binary, const void *bytes, size_t len, VaArena *arena, VaMediaEvent *event, const char **why)
{
	json_t *root;
	bool good;

	if (binary)
		return va_refuse(why, "a message is binary where JSON is due");
	root = va_json_load(arena, bytes, len, why);
	if (root == NULL)
		return false;
	good = read_event(stream, root, arena, event, why);
	json_decref(root);
	return good;
}

/* ---- writing ---- */

/* {"event": name, the stream's id under the carrier's own name, where it wants one */
static void
begin(const VaStream *stream, const char *name, VaBuffer *text)
{
	va_buffer_printf(text, "{\"event\":\"%s\"", name);
	if (stream->dialect->id_name == NULL)
		return;
	va_buffer_printf(text, ",\"%s\":", stream->dialect->id_name);
	va_buffer_json_string(text, stream->stream_id, strlen(stream->stream_id));
}

static bool
write_audio(const VaStream *stream, const uint8_t *audio, size_t len, VaArena *arena, VaMediaMessages *messages)
{
	VaBuffer text = { 0 };

	if (stream->dialect == &va_plivo_dialect)
		va_buffer_printf(&text, "{\"event\":\"playAudio\",\"media\":{\"contentType\":\"%s\",\"sampleRate\":%d,",
			stream->out.encoding == VA_AUDIO_MULAW ? "audio/x-mulaw" : "audio/x-l16", stream->out.rate);
	else
	{
		begin(stream, "media", &text);
		va_buffer_printf(&text, ",\"media\":{");
	}
	va_buffer_printf(&text, "\"payload\":\"");
	if (va_buffer_reserve(&text, (len + 2) / 3 * 4 + 1))
		text.used += va_base64_encode(audio, len, text.text + text.used);
	va_buffer_add(&text, "\"}}", 3);
	return va_media_text(messages, arena, &text);
}

static bool
write_clear(const VaStream *stream, VaArena *arena, VaMediaMessages *messages)
{
	VaBuffer text = { 0 };

	begin(stream, stream->dialect == &va_plivo_dialect ? "clearAudio" : "clear", &text);
	va_buffer_add(&text, "}", 1);
	return va_media_text(messages, arena, &text);
}

#define JSON_DIALECT .read = read_message, .audio = write_audio, .clear = write_clear

const VaDialect va_exotel_dialect = {
	.name = "exotel", .id_name = "stream_sid", .piece_ms = 200, .ahead_ms = 400, .unit_bytes = 3200, JSON_DIALECT
};
const VaDialect va_plivo_dialect = {
	.name = "plivo", .id_name = "streamId", .piece_ms = VA_FRAME_MS, .ahead_ms = 200, JSON_DIALECT
};
const VaDialect va_telnyx_dialect = { .name = "telnyx", .piece_ms = VA_FRAME_MS, .ahead_ms = 200, JSON_DIALECT };
const VaDialect va_twilio_dialect = {
	.name = "twilio", .id_name = "streamSid", .piece_ms = VA_FRAME_MS, .ahead_ms = 200, JSON_DIALECT
};
