/*
 * fuzz_engines.c
 *		Any bytes as what the vendors of calls answer: what an ear has heard,
 *		events of an engine that is all of them, a stream of a model in two
 *		pieces; and as a text that is to be spoken.
 */
#include "drivers.h"

#include "pure/engines/deepgram.h"
#include "pure/engines/mind.h"
#include "pure/engines/realtime.h"
#include "pure/engines/spoken.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
fuzz_ear(const char *bytes, size_t len)
{
	VaArena arena = { 0 };
	VaDeepgramHeard heard;

	if (va_deepgram_read(&arena, bytes, len, &heard))
	{
		check(heard.text != NULL);
		check_text(heard.text);
		check_text(heard.error);
	}
	va_arena_free(&arena);
}

static void
fuzz_whole(const char *bytes, size_t len)
{
	VaArena arena = { 0 };
	VaRealtimeEvent event;

	if (va_realtime_read(&arena, bytes, len, &event))
	{
		check((event.kind == VA_REALTIME_SOUND) || event.naudio == 0);
		check_text(event.item);
		check_text(event.text);
		check_text(event.tool);
		check_text(event.call);
		check(event.tokens_in >= 0 && event.tokens_cached >= 0 && event.tokens_out >= 0);
		/* What it has named comes back in what we write. */
		if (event.item != NULL)
			check_json(va_realtime_truncate(&arena, event.item, 20));
		if (event.call != NULL)
			check_json(va_realtime_tool_output(&arena, event.call, event.text != NULL ? event.text : ""));
	}
	va_arena_free(&arena);
}

static void
hear_sentence(void *ctx, const char *sentence)
{
	size_t *told = ctx;

	check(sentence[0] != '\0');
	check_text(sentence);
	*told += strlen(sentence);
}

static void
fuzz_mind(bool anthropic, const char *bytes, size_t len, size_t first)
{
	size_t told = 0;
	VaMindStream stream = { .anthropic = anthropic, .say = hear_sentence, .ctx = &told };

	if (va_mind_feed(&stream, bytes, first) && va_mind_feed(&stream, bytes + first, len - first))
		va_mind_finish(&stream);
	else
		check(stream.error[0] != '\0');
	check(told <= VA_MIND_TEXT_MAX && stream.ntools <= VA_MIND_TOOLS_MAX);
	check(stream.tokens_in >= 0 && stream.tokens_cached >= 0 && stream.tokens_out >= 0);
	va_mind_free(&stream);
}

static void
fuzz_text(const char *text)
{
	static const char *const languages[] = { "en", "de", "es", "fr", "pl" };

	for (size_t i = 0; i < sizeof(languages) / sizeof(languages[0]); i++)
	{
		VaArena arena = { 0 };

		check_text(va_spoken_text(&arena, text, languages[i]));
		check_text(va_plain_text(&arena, text, strlen(text)));
		va_arena_free(&arena);
	}
}

/* The first byte says where the stream is broken into two. */
int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const char *bytes = (const char *) data + 1;
	size_t len = size - 1;
	json_t *text;

	if (size < 2)
		return 0;
	fuzz_ear(bytes, len);
	fuzz_whole(bytes, len);
	fuzz_mind(false, bytes, len, data[0] % (len + 1));
	fuzz_mind(true, bytes, len, data[0] % (len + 1));
	text = json_stringn(bytes, len);
	if (text != NULL)
		fuzz_text(json_string_value(text));
	json_decref(text);
	return 0;
}
