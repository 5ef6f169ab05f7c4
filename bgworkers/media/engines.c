/*-------------------------------------------------------------------------
 * engines.c
 *		Which engine is asked, and what becomes of one that does not answer.
 */
#include "engines.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <sodium.h>

#include "call.h"
#include "call_internal.h"
#include "places.h"
#include "pure/engines/spoken.h"
#include "pure/providers/common/requests.h"

#define DRIVER(name) &va_engine_##name,
static const VaEngineDriver *const drivers[] = { VA_ENGINES(DRIVER) };

static struct
{
	uv_loop_t *loop;
	VaHttp *http;
	void (*note)(void *arg);
	void *arg;
} shared;

void
va_engines_open(uv_loop_t *loop, VaHttp *http, void (*note)(void *arg), void *arg)
{
	shared.loop = loop;
	shared.http = http;
	shared.note = note;
	shared.arg = arg;
}

uv_loop_t *
va_engines_loop(void)
{
	return shared.loop;
}

VaHttp *
va_engines_http(void)
{
	return shared.http;
}

void
va_engines_note(void)
{
	if (shared.note != NULL)
		shared.note(shared.arg);
}

/* ---- the list ---- */

static const VaEngineDriver *
driver_of(const char *provider)
{
	for (size_t i = 0; provider != NULL && i < sizeof(drivers) / sizeof(drivers[0]); i++)
		if (strcmp(drivers[i]->provider, provider) == 0)
			return drivers[i];
	return NULL;
}

static bool
add_engine(VaMediaCall *call, const VaEngineDriver *driver, const json_t *account)
{
	VaEngine **last = &call->engines.first;
	VaEngine *engine = calloc(1, sizeof(*engine));

	if (engine == NULL)
		return false;
	engine->driver = driver;
	engine->call = call;
	engine->account = account;
	engine->account_id = (int64_t) json_integer_value(json_object_get(account, "account"));
	while (*last != NULL)
		last = &(*last)->next;
	*last = engine;
	return true;
}

bool
va_engines_begin(VaMediaCall *call, json_t *setup)
{
	const json_t *accounts = va_json_array(setup, "engines");

	call->engines.setup = setup;
	for (size_t i = 0; i < json_array_size(accounts); i++)
	{
		const json_t *account = json_array_get(accounts, i);
		const VaEngineDriver *driver = driver_of(va_json_string(account, "provider"));

		if (driver != NULL && !add_engine(call, driver, account))
			return false;
	}
	return add_engine(call, &va_engine_embedded, NULL);
}

static void
wipe(char *key)
{
	if (key != NULL)
		sodium_memzero(key, strlen(key));
	free(key);
}

static void
close_engine(VaEngine *engine)
{
	if (engine->opened && engine->driver->close != NULL)
		engine->driver->close(engine);
	va_place_give(engine->place);
	engine->place = 0;
	engine->opened = false;
}

void
va_engines_end(VaMediaCall *call)
{
	VaEngine *next;

	for (VaEngine *engine = call->engines.first; engine != NULL; engine = next)
	{
		next = engine->next;
		close_engine(engine);
		wipe(engine->key);
		free(engine);
	}
	json_decref(call->engines.setup);
	json_decref(call->engines.exchange);
	free(call->engines.utterance);
	memset(&call->engines, 0, sizeof(call->engines));
}

static bool
is_last(const VaEngine *engine)
{
	return engine->driver == &va_engine_embedded;
}

/*
 * A vendor takes so many requests at a time, and no more.  A socket that is open has its place; a voice that has spoken in the call
 * goes on, and its sentences wait for theirs.
 */
static bool
may_be_asked(const VaEngine *engine, int kind)
{
	return va_places_left(engine) || (engine->opened && kind != VA_ENGINE_MIND) || engine->place != 0;
}

/* The first of its kind that is well and has room, made ready; NULL: the call has ended, or there is no memory. */
static VaEngine *
current(VaMediaCall *call, int kind)
{
	VaEngine *ear = kind == VA_ENGINE_MIND ? current(call, VA_ENGINE_EAR) : NULL;

	if (ear != NULL && ear->driver->whole)
		return ear;
	for (VaEngine *engine = call->engines.first; engine != NULL; engine = engine->next)
	{
		if (engine->failed || (engine->driver->kinds & kind) == 0)
			continue;
		if (!may_be_asked(engine, kind))
			continue;
		if (!engine->opened)
		{
			engine->opened = true;
			engine->place = (engine->driver->kinds & VA_ENGINE_EAR) != 0 ? va_place_take(engine) : 0;
			if (engine->driver->open != NULL && !engine->driver->open(engine))
			{
				engine->failed = true;
				continue;
			}
		}
		return engine;
	}
	return NULL;
}

/* ---- the ear ---- */

void
va_engines_hear(VaMediaCall *call, const int16_t *frame)
{
	VaEngine *engine = current(call, VA_ENGINE_EAR);

	if (engine != NULL && engine->driver->hear != NULL)
		engine->driver->hear(engine, frame);
}

static void
ask_ear(VaMediaCall *call)
{
	VaEngines *engines = &call->engines;

	engines->ear = current(call, VA_ENGINE_EAR);
	engines->ear_ms = engines->now_ms;
	if (engines->ear != NULL)
		engines->ear->driver->listen(engines->ear, engines->utterance, engines->nutterance);
}

void
va_engines_listen(VaMediaCall *call, const int16_t *samples, size_t n, int64_t now_ms)
{
	VaEngines *engines = &call->engines;
	int16_t *kept = realloc(engines->utterance, (n + 1) * sizeof(*samples));

	if (kept == NULL)
		return;
	memcpy(kept, samples, n * sizeof(*samples));
	engines->utterance = kept;
	engines->nutterance = n;
	engines->now_ms = engines->sounds_ms = now_ms;
	ask_ear(call);
}

void
va_engine_hears(VaEngine *engine, const char *words)
{
	snprintf(engine->call->partial, sizeof(engine->call->partial), "%s", words);
}

void
va_engine_heard(VaEngine *engine, const char *words, double confidence, bool understood)
{
	VaEngines *engines = &engine->call->engines;

	engine->call->partial[0] = '\0';
	engine->call->confidence = confidence;
	/* Another was asked meanwhile; or nobody has asked, and there was nothing. */
	if (engines->ear != engine && (engines->ear != NULL || words[0] == '\0'))
		return;
	if (engines->ear == NULL)
		engine->call->spoke_ms = engines->sounds_ms = engines->now_ms;
	engines->ear = NULL;
	engines->heard_by = engine->driver->provider;
	/* No word is an answer, too, where it decides whether we go on. */
	if (words[0] != '\0' || !understood || engine->call->verdict_due)
		va_call_heard(engine->call, words, understood && words[0] != '\0', engines->now_ms);
	else
		engine->call->quiet_since = engines->now_ms;
}

bool
va_engines_listening(const VaMediaCall *call)
{
	return call->engines.ear != NULL;
}

/* ---- the mind ---- */

static void
ask_mind(VaMediaCall *call)
{
	VaEngines *engines = &call->engines;

	engines->mind = current(call, VA_ENGINE_MIND);
	engines->mind_ms = engines->mind_asked_ms = engines->now_ms;
	engines->mind_began = engines->mind != NULL && engines->mind->driver->whole;
	if (engines->mind != NULL)
		engines->mind->driver->think(engines->mind);
}

void
va_engines_think(VaMediaCall *call, int64_t now_ms)
{
	call->engines.now_ms = now_ms;
	va_engines_stop(call, VA_ENGINE_MIND);
	json_decref(call->engines.exchange);
	call->engines.exchange = NULL;
	call->engines.tools_due = call->engines.rounds = 0;
	ask_mind(call);
}

void
va_engine_begins(VaEngine *engine)
{
	VaEngines *engines = &engine->call->engines;

	if (engines->token_at == 0)
	{
		engines->token_at = engines->now_ms;
		engines->thought_by = engine->driver->provider;
	}
	if (engines->mind == engine)
		engines->mind_ms = engines->now_ms;
}

void
va_engine_says(VaEngine *engine, const char *text)
{
	VaEngines *engines = &engine->call->engines;

	if (engines->mind != engine)
		return;
	va_engine_begins(engine);
	engines->mind_began = true;
	va_call_says(engine->call, text, engines->now_ms);
}

void
va_engine_thought(VaEngine *engine, bool ends)
{
	VaEngines *engines = &engine->call->engines;
	bool said = engines->mind_began;

	if (engines->mind != engine)
		return;
	engines->mind = NULL;
	va_call_thought(engine->call, said, ends, engines->now_ms);
}

void
va_engines_tool_answered(VaMediaCall *call, const char *id, const char *words, bool failed)
{
	VaEngine *mind = call->engines.mind;

	if (mind != NULL && mind->driver->tool_answered != NULL)
		mind->driver->tool_answered(mind, id, words, failed);
}

void
va_engines_stop(VaMediaCall *call, int kinds)
{
	call->engines.mind = NULL;
	for (VaEngine *engine = call->engines.first; engine != NULL; engine = engine->next)
		if (engine->opened && !engine->failed && engine->driver->stop != NULL &&
			((engine->driver->kinds & kinds) != 0 || (engine->driver->whole && (kinds & VA_ENGINE_VOICE) != 0)))
			engine->driver->stop(engine);
}

bool
va_engines_thinking(const VaMediaCall *call)
{
	return call->engines.mind != NULL;
}

bool
va_engines_whole(const VaMediaCall *call)
{
	for (const VaEngine *engine = call->engines.first; engine != NULL; engine = engine->next)
		if (!engine->failed && (engine->driver->kinds & VA_ENGINE_EAR) != 0)
			return engine->driver->whole;
	return false;
}

bool
va_engines_busy(const VaMediaCall *call)
{
	return call->engines.ear != NULL || call->engines.mind != NULL;
}

/* ---- the voice ---- */

/* What decides how it sounds: the engine with its settings, the assistant's voice, and the words as they are spoken. */
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
	const int16_t *samples;
	size_t n;

	free(sentence->sound);
	sentence->sound = NULL;
	sentence->nsound = 0;
	if (!sentence->same || !set_key(sentence) || (samples = va_kept_find(&sentence->key, &n)) == NULL)
		return false;
	sentence->same = false;
	call->figures.kept++;
	va_call_sounds(sentence, samples, n, true);
	return true;
}

/* All of it has come: the next call has it at once. */
static void
keep_sound(VaSentence *sentence, const int16_t *samples, size_t n, bool last)
{
	int16_t *more = n == 0 ? NULL : realloc(sentence->sound, (sentence->nsound + n) * sizeof(*samples));

	if (n > 0 && more == NULL)
	{
		sentence->same = false;
		return;
	}
	if (more != NULL)
	{
		memcpy(more + sentence->nsound, samples, n * sizeof(*samples));
		sentence->sound = more;
		sentence->nsound += n;
	}
	if (last)
		va_kept_add(&sentence->key, sentence->sound, sentence->nsound);
}

void
va_engines_say(VaMediaCall *call, VaSentence *sentence, int64_t now_ms)
{
	call->engines.now_ms = now_ms;
	sentence->voice = current(call, VA_ENGINE_VOICE);
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

/* ---- what does not come ---- */

/* The sentences that it has not begun to say are said by another; one that it has begun ends where it is. */
static void
say_anew(VaMediaCall *call, VaEngine *engine)
{
	for (int i = 0; i < call->nsentences; i++)
	{
		VaSentence *sentence = &call->sentences[i];

		if (sentence->voice != engine || sentence->asked == 0)
			continue;
		if (is_last(engine) || sentence->n > 0 || sentence->ms > 0)
			va_call_sounds(sentence, NULL, 0, true);
		else
			va_engines_say(call, sentence, call->engines.now_ms);
	}
}

static VaEngineError
error_of(const VaEngine *engine, const char *kind)
{
	const VaEngines *engines = &engine->call->engines;

	if (engines->late != 0)
		return engines->late == VA_ENGINE_EAR	 ? VA_STT_TIMEOUT
			   : engines->late == VA_ENGINE_MIND ? VA_LLM_TIMEOUT
												 : VA_TTS_TIMEOUT;
	if (engines->ear == engine || engine->driver->kinds == VA_ENGINE_EAR)
		return VA_STT_FAILURE;
	return engine->driver->kinds == VA_ENGINE_VOICE ? VA_TTS_FAILURE
		   : strcmp(kind, "limited") == 0			? VA_LLM_RATE_LIMIT
													: VA_LLM_FAILURE;
}

static void
fail_late(VaEngine *engine, int kind, const char *why)
{
	VaEngines *engines = &engine->call->engines;

	engines->late = kind;
	va_engine_fail(engine, "server", why);
	engines->late = 0;
}

/* The last of its kind has not failed for good: what it was asked remains without an answer. */
void
va_engine_fail(VaEngine *engine, const char *kind, const char *why)
{
	VaMediaCall *call = engine->call;
	VaEngines *engines = &call->engines;

	if (engine->failed)
		return;
	engine->failed = !is_last(engine);
	engine->report.kind = kind;
	engine->report.error = error_of(engine, kind);
	engine->report.counted = false;
	engines->late = 0; /* what fails in consequence does so of itself */
	snprintf(engine->report.why, sizeof(engine->report.why), "%s", why);
	if (engines->ear == engine && is_last(engine))
		va_engine_heard(engine, "", -1, false);
	else if (engines->ear == engine)
		ask_ear(call);
	if (engines->mind == engine &&
		(is_last(engine) || (engine->driver->whole ? call->nsentences > 0 && !call->filler : engines->mind_began)))
		va_engine_thought(engine, false);
	else if (engines->mind == engine)
		ask_mind(call);
	say_anew(call, engine);
}

static void
keep_deadlines(VaMediaCall *call, int64_t now_ms)
{
	VaEngines *engines = &call->engines;

	/* While a tool is used, the mind is not to answer. */
	if (va_call_awaits_tool(call))
		engines->mind_ms = engines->mind_asked_ms = now_ms;
	/* One whose answer is heard has understood. */
	if (engines->ear != NULL && (!engines->ear->driver->whole || call->nsentences == 0) &&
		now_ms - engines->ear_ms > (is_last(engines->ear) ? VA_EMBEDDED_MS : VA_EAR_MS))
		fail_late(engines->ear, VA_ENGINE_EAR, "it did not say in time what it had heard");
	if (engines->mind != NULL && now_ms - engines->mind_ms > (is_last(engines->mind) ? VA_EMBEDDED_MS : VA_MIND_MS))
		fail_late(engines->mind, VA_ENGINE_MIND, "it did not answer in time");
	if (engines->mind != NULL && !engines->mind_began && !is_last(engines->mind) &&
		now_ms - engines->mind_asked_ms > 2 * VA_MIND_MS)
		fail_late(engines->mind, VA_ENGINE_MIND, "it did not say a sentence in time");
	for (int i = 0; i < call->nsentences; i++)
	{
		VaSentence *sentence = &call->sentences[i];
		int64_t since = sentence->asked_ms > engines->sounds_ms ? sentence->asked_ms : engines->sounds_ms;

		if (sentence->appended)
			continue;
		/* Only the sentence whose turn it is keeps the person waiting. */
		if (sentence->asked != 0 && sentence->voice != NULL &&
			now_ms - since > (is_last(sentence->voice) ? VA_EMBEDDED_MS : VA_VOICE_MS))
			fail_late(sentence->voice, VA_ENGINE_VOICE, "it did not speak in time");
		break;
	}
}

bool
va_engines_answered(VaMediaCall *call, const struct VaSpeechAnswer *answer, int64_t now_ms)
{
	call->engines.now_ms = now_ms;
	for (VaEngine *engine = call->engines.first; engine != NULL; engine = engine->next)
		if (engine->opened && is_last(engine))
			return va_engine_embedded_answered(engine, answer);
	return false;
}

void
va_engines_turn(VaMediaCall *call, int64_t now_ms)
{
	call->engines.now_ms = now_ms;
	if (va_playout_waiting(&call->playout) > 0 || va_playout_unheard(&call->playout, now_ms) > 0)
		call->engines.sounds_ms = now_ms;
	for (VaEngine *engine = call->engines.first; engine != NULL; engine = engine->next)
		if (engine->opened && engine->failed)
			close_engine(engine);
		else if (engine->opened && engine->driver->turn != NULL)
			engine->driver->turn(engine, now_ms);
	keep_deadlines(call, now_ms);
	if ((va_engines_busy(call) || call->answer_due) && now_ms - call->engines.sounds_ms > VA_FILLER_MS)
		va_call_fills(call, now_ms);
}
