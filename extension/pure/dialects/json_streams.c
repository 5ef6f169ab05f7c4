/*-------------------------------------------------------------------------
 * json_streams.c
 *		Exotel and Twilio: the audio in base64, in JSON.
 *
 * Both say the same, Twilio in camelCase and Exotel in either spelling; both
 * write most numbers as strings.  Twilio's audio is mu-law, Exotel's 16-bit
 * samples, which go out in pieces of 200 ms: it takes none below 100 ms, and
 * hangs up after a greeting that came all at once.  Both end the stream, and
 * the call with it unless something follows there, when we close the socket.
 *-------------------------------------------------------------------------
 */
#include "dialect_internal.h"

#include <stdlib.h>
#include <string.h>

#include "pure/auth/mac.h"
#include "pure/text/json.h"

/* A member in one of its two spellings. */
static const json_t *
member(const json_t *object, const char *snake, const char *camel)
{
	const json_t *value = json_object_get(object, snake);

	return value != NULL ? value : json_object_get(object, camel);
}

static const char *
member_text(const json_t *object, const char *snake, const char *camel)
{
	const char *text = json_string_value(member(object, snake, camel));

	return text != NULL && text[0] != '\0' ? text : NULL;
}

/* A number, or a string of digits; 0: neither. */
static int64_t
member_number(const json_t *object, const char *snake, const char *camel)
{
	const json_t *value = member(object, snake, camel);
	const char *text = json_string_value(value);

	if (json_is_integer(value))
		return json_integer_value(value) > 0 ? json_integer_value(value) : 0;
	if (text == NULL || text[0] == '\0' || strlen(text) > 15 || text[strspn(text, "0123456789")] != '\0')
		return 0;
	return strtoll(text, NULL, 10);
}

static const char *
kept(VaArena *arena, const char *text)
{
	return text == NULL ? NULL : va_arena_strdup(arena, text);
}

static bool
read_start(VaStream *stream, const json_t *root, VaArena *arena, VaMediaEvent *event, const char **why)
{
	const json_t *start = va_json_object(root, "start");
	const json_t *format = member(start, "media_format", "mediaFormat");
	const char *encoding = member_text(format, "encoding", "encoding");
	const char *id = member_text(start, "stream_sid", "streamSid");
	int64_t rate = member_number(format, "sample_rate", "sampleRate");

	if (start == NULL)
	{
		*why = "the start of the stream says nothing";
		return false;
	}
	event->kind = VA_MEDIA_START;
	event->call_id = kept(arena, member_text(start, "call_sid", "callSid"));
	event->account = kept(arena, member_text(start, "account_sid", "accountSid"));
	event->token = kept(arena, member_text(member(start, "custom_parameters", "customParameters"), "token", "token"));
	if (encoding == NULL)
		encoding = stream->dialect == &va_exotel_dialect ? "audio/x-raw" : "audio/x-mulaw";
	if (rate == 0)
		rate = VA_AUDIO_RATE;
	return va_media_start(stream, id != NULL ? id : member_text(root, "stream_sid", "streamSid"), encoding,
		rate > VA_AUDIO_RATE_MAX ? 0 : (int) rate, why);
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

	/* What we have said ourselves is none of ours to hear. */
	if (track != NULL && strcmp(track, "outbound") == 0)
		return true;
	if (!json_is_string(payload))
	{
		*why = "a message of audio has none";
		return false;
	}
	audio = va_arena_alloc(arena, room);
	if (audio == NULL || !va_base64_decode(json_string_value(payload), len, audio, room, &event->audio_len))
	{
		*why = "the audio is not base64";
		return false;
	}
	event->kind = VA_MEDIA_AUDIO;
	event->audio = audio;
	event->chunk = member_number(media, "chunk", "chunk");
	return true;
}

static bool
read_event(VaStream *stream, const json_t *root, VaArena *arena, VaMediaEvent *event, const char **why)
{
	const char *name = va_json_string(root, "event");
	const json_t *stop = va_json_object(root, "stop");

	if (name == NULL)
	{
		*why = "a message does not say which event it tells of";
		return false;
	}
	if (strcmp(name, "media") == 0)
		return read_media(root, arena, event, why);
	if (strcmp(name, "start") == 0)
		return read_start(stream, root, arena, event, why);
	if (strcmp(name, "dtmf") == 0)
		(void) va_media_key(va_json_string(va_json_object(root, "dtmf"), "digit"), event);
	else if (strcmp(name, "mark") == 0)
	{
		event->mark = kept(arena, va_json_string(va_json_object(root, "mark"), "name"));
		event->kind = event->mark != NULL ? VA_MEDIA_MARK : VA_MEDIA_NOTHING;
	}
	else if (strcmp(name, "stop") == 0)
	{
		event->kind = VA_MEDIA_STOP;
		event->call_id = kept(arena, member_text(stop, "call_sid", "callSid"));
		event->reason = kept(arena, va_json_string(stop, "reason"));
	}
	/* `connected`, and what is new there. */
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
		*why = "a message is binary where JSON is due";
		return false;
	}
	root = va_json_load(arena, bytes, len, why);
	if (root == NULL)
		return false;
	good = read_event(stream, root, arena, event, why);
	json_decref(root);
	return good;
}

/* ---- writing ---- */

/* {"event": name, the stream's id under the carrier's own name */
static void
begin(const VaStream *stream, const char *name, VaBuffer *text)
{
	va_buffer_printf(
		text, "{\"event\":\"%s\",\"%s\":", name, stream->dialect == &va_exotel_dialect ? "stream_sid" : "streamSid");
	va_buffer_json_string(text, stream->stream_id, strlen(stream->stream_id));
}

static bool
write_audio(const VaStream *stream, const uint8_t *audio, size_t len, VaArena *arena, VaMediaMessages *messages)
{
	VaBuffer text = { 0 };

	begin(stream, "media", &text);
	va_buffer_add(&text, ",\"media\":{\"payload\":\"", strlen(",\"media\":{\"payload\":\""));
	if (va_buffer_reserve(&text, (len + 2) / 3 * 4 + 1))
		text.used += va_base64_encode(audio, len, text.text + text.used);
	va_buffer_add(&text, "\"}}", 3);
	return va_media_text(messages, arena, &text);
}

static bool
write_mark(const VaStream *stream, const char *mark, VaArena *arena, VaMediaMessages *messages)
{
	VaBuffer text = { 0 };

	begin(stream, "mark", &text);
	va_buffer_add(&text, ",\"mark\":{\"name\":", strlen(",\"mark\":{\"name\":"));
	va_buffer_json_string(&text, mark, strlen(mark));
	va_buffer_add(&text, "}}", 2);
	return va_media_text(messages, arena, &text);
}

static bool
write_clear(const VaStream *stream, VaArena *arena, VaMediaMessages *messages)
{
	VaBuffer text = { 0 };

	begin(stream, "clear", &text);
	va_buffer_add(&text, "}", 1);
	return va_media_text(messages, arena, &text);
}

const VaDialect va_exotel_dialect = {
	.name = "exotel",
	.piece_ms = 200,
	.ahead_ms = 400,
	.unit_bytes = 3200,
	.read = read_message,
	.audio = write_audio,
	.mark = write_mark,
	.clear = write_clear,
};

const VaDialect va_twilio_dialect = {
	.name = "twilio",
	.piece_ms = VA_FRAME_MS,
	.ahead_ms = 200,
	.read = read_message,
	.audio = write_audio,
	.mark = write_mark,
	.clear = write_clear,
};
