/*
 * fuzz_dialects.c
 *		Any bytes as what a carrier says over the socket of a call's audio.
 */
#include "drivers.h"

#include "pure/dialects/dialect.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Ids that the carrier named come back in what we write. */
static void
write_back(const VaStream *stream, VaArena *arena)
{
	VaMediaMessages messages;
	int16_t samples[VA_FRAME_SAMPLES] = { 0 };

	check(va_stream_open(stream, arena, &messages));
	check(va_stream_audio(stream, samples, VA_FRAME_SAMPLES, arena, &messages) && messages.count == 1);
	if (!messages.items[0].binary)
		check_json(messages.items[0].bytes);
	check(va_stream_clear(stream, arena, &messages) && va_stream_hang_up(stream, arena, &messages));
}

/* The messages of a connection lie one behind the other, a byte that says how long each is, and if it is binary, before them. */
static void
fuzz_stream(const VaDialect *dialect, const uint8_t *data, size_t size)
{
	VaStream stream;
	VaMediaEvent event;
	bool more = true;

	va_stream_begin(&stream, dialect);
	while (size > 1 && more)
	{
		VaArena arena = { 0 };
		size_t len = (size_t) (data[0] & 0x7f) * 16;
		bool binary = (data[0] & 0x80) != 0;
		const char *why = NULL;

		data++;
		size--;
		len = len == 0 || len > size ? size : len;
		more = va_stream_read(&stream, binary, data, len, &arena, &event, &why);
		if (more)
		{
			check(event.kind == VA_MEDIA_NOTHING || stream.started);
			check((event.kind == VA_MEDIA_KEY) == (event.key != '\0'));
			check_text(event.call_id);
			check_text(event.reason);
			if (stream.started)
				write_back(&stream, &arena);
		}
		else
			check(why != NULL);
		check_text(why);
		data += len;
		size -= len;
		va_arena_free(&arena);
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char *const dialects[] = { "asterisk", "exotel", "plivo", "telnyx", "twilio", "vonage" };

	for (size_t i = 0; i < sizeof(dialects) / sizeof(dialects[0]); i++)
		fuzz_stream(va_dialect(dialects[i]), data, size);
	return 0;
}
