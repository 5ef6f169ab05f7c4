/*-------------------------------------------------------------------------
 * embedded.c
 *		The built-in engine: the program voiceagent-speech listens and speaks,
 *		the desk thinks.
 */
#include "engines.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "speech.h"

/* Below it the ear has heard nothing; rows of digits explain anything, and want more. */
#define CONFIDENCE_LEAST 29
#define CONFIDENCE_DIGITS 60

/* Numbers under which the program answers. */
typedef struct Tickets
{
	uint32_t heard;
	bool thinks;
} Tickets;

static bool
open_embedded(VaEngine *engine)
{
	engine->state = calloc(1, sizeof(Tickets));
	return engine->state != NULL;
}

static void
listen_embedded(VaEngine *engine, const int16_t *samples, size_t n)
{
	Tickets *tickets = engine->state;

	tickets->heard = va_speech_listen(engine->call->owner, samples, n);
	if (tickets->heard == 0)
		va_engine_heard(engine, "", -1, false);
}

static void
say_embedded(VaEngine *engine, VaSentence *sentence)
{
	const char *voice = engine->call->script.voice != NULL ? engine->call->script.voice : "female";
	VaArena arena = { 0 };
	const char *spoken = va_engine_spoken(engine, sentence, &arena);

	sentence->ticket = spoken == NULL
						   ? 0
						   : va_speech_say(engine->call->owner, engine->call->script.language, voice, spoken);
	va_arena_free(&arena);
	if (sentence->ticket == 0)
		va_engine_sounds(engine, sentence->asked, NULL, 0, true);
}

static void
think_embedded(VaEngine *engine)
{
	((Tickets *) engine->state)->thinks = true;
}

/* The talker answers at once, in the turn after the question was asked. */
static void
turn_embedded(VaEngine *engine, int64_t now_ms)
{
	Tickets *tickets = engine->state;
	bool ends = false;
	bool wants = false;
	char *text;

	if (!tickets->thinks)
		return;
	tickets->thinks = false;
	text = va_call_think(engine->call, &ends, &wants, now_ms);
	if (wants)
	{
		free(text);
		return;
	}
	if (text != NULL)
		va_engine_says(engine, text);
	free(text);
	va_engine_thought(engine, ends);
}

/* The talker then says the result, or wants another tool. */
static void
tool_answered(VaEngine *engine, const char *id, const char *words, bool failed)
{
	((Tickets *) engine->state)->thinks = true;
}

static void
stop_embedded(VaEngine *engine)
{
	((Tickets *) engine->state)->thinks = false;
}

static void
close_embedded(VaEngine *engine)
{
	free(engine->state);
}

static void
hear_words(VaEngine *engine, const VaSpeechAnswer *answer)
{
	static const char digits[] = " zero one two three four five six seven eight nine ";
	int32_t confidence = 0;
	const char *words = "";
	char first_word[16];

	if (answer->head.kind == VA_SPEECH_HEARD && answer->head.len >= sizeof(confidence))
	{
		memcpy(&confidence, answer->bytes, sizeof(confidence));
		words = answer->bytes + sizeof(confidence);
	}
	snprintf(first_word, sizeof(first_word), " %.*s ", (int) strcspn(words, " "), words);
	va_engine_heard(engine, words, confidence / 100.0,
		words[0] != '\0' && confidence >= (strstr(digits, first_word) != NULL ? CONFIDENCE_DIGITS : CONFIDENCE_LEAST));
}

static bool
answered(VaEngine *engine, const VaSpeechAnswer *answer)
{
	VaMediaCall *call = engine->call;
	Tickets *tickets = engine->state;

	if (tickets->heard == answer->head.id)
	{
		tickets->heard = 0;
		hear_words(engine, answer);
		return true;
	}
	for (int i = 0; i < call->nsentences; i++)
	{
		VaSentence *sentence = &call->sentences[i];

		if (sentence->ticket != answer->head.id)
			continue;
		sentence->ticket = 0;
		va_engine_sounds(engine, sentence->asked, (const int16_t *) (const void *) answer->bytes,
			answer->head.kind == VA_SPEECH_AUDIO ? answer->head.len / sizeof(int16_t) : 0, true);
		return true;
	}
	return false;
}

const VaEngineDriver va_engine_embedded = { .provider = VA_ENGINE_EMBEDDED,
	.kinds = VA_ENGINE_EAR | VA_ENGINE_MIND | VA_ENGINE_VOICE,
	.open = open_embedded,
	.listen = listen_embedded,
	.think = think_embedded,
	.say = say_embedded,
	.tool_answered = tool_answered,
	.answered = answered,
	.turn = turn_embedded,
	.stop = stop_embedded,
	.close = close_embedded };
