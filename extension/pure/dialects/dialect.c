/*-------------------------------------------------------------------------
 * dialect.c
 *		Dialects by name, and what is the same in all of them.
 */
#include "dialect_internal.h"

#include <string.h>

static const VaDialect *const dialects[] = { &va_asterisk_dialect, &va_exotel_dialect, &va_plivo_dialect,
	&va_telnyx_dialect, &va_twilio_dialect, &va_vonage_dialect };

const VaDialect *
va_dialect(const char *name)
{
	for (size_t i = 0; i < sizeof(dialects) / sizeof(dialects[0]); i++)
		if (strcmp(name, dialects[i]->name) == 0)
			return dialects[i];
	return NULL;
}

const char *
va_dialect_name(const VaDialect *dialect)
{
	return dialect->name;
}

int
va_dialect_piece_ms(const VaDialect *dialect)
{
	return dialect->piece_ms;
}

int
va_dialect_ahead_ms(const VaDialect *dialect)
{
	return dialect->ahead_ms;
}

/* ---- reading ---- */

void
va_stream_begin(VaStream *stream, const VaDialect *dialect)
{
	memset(stream, 0, sizeof(*stream));
	stream->dialect = dialect;
	stream->format = stream->out = (VaAudioFormat){ VA_AUDIO_MULAW, VA_AUDIO_RATE };
}

bool
va_media_start(VaStream *stream, const char *id, const char *encoding, int rate, const char **why)
{
	if (stream->started)
		*why = "the stream was started twice";
	else if (id == NULL || strlen(id) > VA_STREAM_ID_MAX)
		*why = "the stream has no id, or one that is too long";
	else if (!va_audio_format(encoding, rate, &stream->format))
		*why = "the audio is neither mu-law nor A-law of 8000 samples a second, nor 16-bit samples at 8000, 16000 or "
			   "24000";
	else
	{
		memcpy(stream->stream_id, id, strlen(id) + 1);
		stream->out = stream->format;
		return stream->started = true;
	}
	return false;
}

bool
va_media_key(const char *text, VaMediaEvent *event)
{
	if (text == NULL || text[0] == '\0' || text[1] != '\0' || strchr("0123456789*#ABCD", text[0]) == NULL)
		return false;
	event->kind = VA_MEDIA_KEY;
	event->key = text[0];
	return true;
}

bool
va_stream_read(
	VaStream *stream, bool binary, const void *bytes, size_t len, VaArena *arena, VaMediaEvent *event, const char **why)
{
	size_t second;

	memset(event, 0, sizeof(*event));
	if (!stream->dialect->read(stream, binary, bytes, len, arena, event, why))
		return false;
	if (arena->oom)
		return va_refuse(why, "out of memory");
	if (event->kind == VA_MEDIA_NOTHING || event->kind == VA_MEDIA_START)
		return true;
	second = (size_t) stream->format.rate * (size_t) va_sample_bytes(&stream->format);
	if (!stream->started)
		*why = "there was a message before the stream was started";
	else if (event->kind == VA_MEDIA_AUDIO && event->audio_len > VA_MEDIA_SECONDS_MAX * second)
		*why = "a message has more than two seconds of audio";
	else
		return true;
	return false;
}

/* ---- writing ---- */

bool
va_media_text(VaMediaMessages *messages, VaArena *arena, VaBuffer *text)
{
	size_t len = text->used;
	const char *bytes = va_buffer_finish(text, arena);

	if (bytes == NULL || messages->count == VA_MEDIA_MESSAGES_MAX)
		return false;
	messages->items[messages->count++] = (VaMediaMessage){ bytes, len, false };
	return true;
}

bool
va_stream_open(const VaStream *stream, VaArena *arena, VaMediaMessages *messages)
{
	messages->count = 0;
	return stream->dialect->open == NULL || stream->dialect->open(stream, arena, messages);
}

/* A piece is filled up with silence to what the carrier takes. */
bool
va_stream_audio(const VaStream *stream, const int16_t *samples, size_t n, VaArena *arena, VaMediaMessages *messages)
{
	static const int16_t silence = 0;
	size_t unit = (size_t) stream->dialect->unit_bytes;
	size_t bytes = n * (size_t) va_sample_bytes(&stream->out);
	size_t whole = unit > 0 ? (bytes + unit - 1) / unit * unit : bytes;
	uint8_t *audio = va_arena_alloc(arena, whole + 1);

	messages->count = 0;
	if (audio == NULL)
		return false;
	(void) va_audio_encode(&stream->out, samples, n, audio);
	while (bytes < whole)
		bytes += va_audio_encode(&stream->out, &silence, 1, audio + bytes);
	return stream->dialect->audio(stream, audio, whole, arena, messages);
}

bool
va_stream_clear(const VaStream *stream, VaArena *arena, VaMediaMessages *messages)
{
	messages->count = 0;
	return stream->dialect->clear(stream, arena, messages);
}

bool
va_stream_hang_up(const VaStream *stream, VaArena *arena, VaMediaMessages *messages)
{
	messages->count = 0;
	return stream->dialect->hang_up == NULL || stream->dialect->hang_up(stream, arena, messages);
}
