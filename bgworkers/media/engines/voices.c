/*-------------------------------------------------------------------------
 * voices.c
 *		A sentence is said by the first voice that is well; what is the same in
 *		every call is kept.
 */
#include "engines.h"

#include <stdlib.h>

#include "media/call/said.h"
#include "pure/engines/spoken.h"
#include "pure/providers/common/requests.h"

/* Its sound depends on: the engine with its settings, the assistant's voice, and the words as they are spoken. */
static bool
set_key(VaSentence *sentence)
{
	VaEngine *voice = sentence->voice;
	const json_t *setup = voice->call->engines.setup;
	const VaCallScript *script = &voice->call->script;
	VaArena arena = { 0 };
	double speed = 0;
	const char *parts[6] = { va_json_text(&arena, voice->account), va_json_string(setup, "voice"), script->voice,
		script->language };

	(void) va_json_number(va_json_object(setup, "settings"), "voice_speed", &speed);
	parts[4] = va_arena_printf(&arena, "%g", speed);
	parts[5] = va_engine_spoken(voice, sentence, &arena);
	if (!arena.oom && parts[5] != NULL)
		va_kept_key(&sentence->key, voice->call->tenant_id, parts, 6);
	sentence->same = !arena.oom && parts[5] != NULL;
	va_arena_free(&arena);
	return sentence->same;
}

static bool
say_kept(VaMediaCall *call, VaSentence *sentence)
{
	sentence->kept.n = 0;
	if (!sentence->same || !set_key(sentence) || (sentence->shared = va_kept_hold(&sentence->key)) == NULL)
		return false;
	sentence->same = false;
	call->figures.kept++;
	va_call_sounds(sentence, NULL, 0, true);
	return true;
}

/* All of it has come: the next call has it at once. */
static void
keep_sound(VaSentence *sentence, const int16_t *samples, size_t n, bool last)
{
	sentence->same = va_sound_add(&sentence->kept, samples, n);
	if (!sentence->same || !last)
		return;
	va_kept_add(&sentence->key, sentence->kept.samples, sentence->kept.n);
	free(sentence->kept.samples);
	sentence->kept = (VaSound){ 0 };
}

void
va_engines_say(VaMediaCall *call, VaSentence *sentence, int64_t now_ms)
{
	call->engines.now_ms = now_ms;
	sentence->voice = va_engines_current(call, VA_ENGINE_VOICE);
	sentence->asked_ms = now_ms;
	if (sentence->voice != NULL && say_kept(call, sentence))
		return;
	if (sentence->voice != NULL)
		sentence->voice->driver->say(sentence->voice, sentence);
	else
		sentence->asked = 0;
}

const char *
va_engine_spoken(VaEngine *engine, const VaSentence *sentence, VaArena *arena)
{
	const char *settings = va_json_text(arena, va_json_object(engine->call->engines.setup, "settings"));
	const char *text = settings != NULL ? va_pronounce(arena, sentence->text, settings) : sentence->text;

	return text == NULL ? NULL : va_spoken_text(arena, text, engine->call->script.language);
}

void
va_engine_sounds(VaEngine *engine, uint32_t asked, const int16_t *samples, size_t n, bool last)
{
	VaMediaCall *call = engine->call;

	for (int i = 0; i < call->nsentences; i++)
	{
		VaSentence *sentence = &call->sentences[i];

		if (sentence->asked == asked && sentence->voice == engine)
		{
			if (sentence->same)
				keep_sound(sentence, samples, n, last);
			va_call_sounds(sentence, samples, n, last);
			return;
		}
	}
}
