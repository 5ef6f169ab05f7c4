/*-------------------------------------------------------------------------
 * engines.c
 *		Which engine is asked, and what becomes of one that does not answer.
 */
#include "engines.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <sodium.h>

#include "media/call/places.h"
#include "media/call/said.h"
#include "pure/phrases/words/intents.h"
#include "pure/talk/ending.h"

/* The built-in ear is asked in a pause about so much. */
#define AHEAD_SAMPLES ((size_t) 5 * VA_AUDIO_RATE)

#define DRIVER(name) &va_engine_##name,
static const VaEngineDriver *const drivers[] = { VA_ENGINES(DRIVER) };

static struct
{
	uv_loop_t *loop;
	VaHttp *http;
	VaTellTalk tell;
	void (*note)(void *arg);
	void *arg;
} shared;

void
va_engines_open(uv_loop_t *loop, VaHttp *http, VaTellTalk tell, void (*note)(void *arg), void *arg)
{
	shared.tell = tell;
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
	va_call_own_answer(call, NULL);
	free(call->engines.own);
	free(call->engines.so_far);
	free(call->engines.heard.samples);
	free(call->engines.pending.samples);
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

VaEngine *
va_engines_current(VaMediaCall *call, int kind)
{
	VaEngine *ear = kind == VA_ENGINE_MIND ? va_engines_current(call, VA_ENGINE_EAR) : NULL;

	if (ear != NULL && ear->driver->whole)
		return ear;
	for (VaEngine *engine = call->engines.first; engine != NULL; engine = engine->next)
	{
		if (engine->failed || (engine->rests && kind == VA_ENGINE_MIND) || (engine->driver->kinds & kind) == 0)
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
	VaEngine *engine = va_engines_current(call, VA_ENGINE_EAR);

	if (engine != NULL && engine->driver->hear != NULL)
		engine->driver->hear(engine, frame);
}

static void
ask_ear(VaMediaCall *call)
{
	VaEngines *engines = &call->engines;

	engines->ear = va_engines_current(call, VA_ENGINE_EAR);
	engines->ear_ms = engines->now_ms;
	if (engines->ear != NULL)
		engines->ear->driver->listen(engines->ear, engines->heard.samples, engines->heard.n);
	else
		(void) shared.tell(call, VA_TOLD_UNCLEAR, "");
}

void
va_engines_listen(VaMediaCall *call, const int16_t *samples, size_t n, int64_t began_ms, int64_t now_ms)
{
	VaEngines *engines = &call->engines;
	VaSound *sound = engines->ear != NULL && !va_engines_hear_all(call) ? &engines->pending : &engines->heard;

	engines->now_ms = engines->sounds_ms = now_ms;
	if (engines->ear == NULL)
		engines->heard.n = 0;
	sound->began_ms = sound->n == 0 ? began_ms : sound->began_ms;
	if (sound->n + n <= (size_t) VA_UTTERANCE_MS * VA_AUDIO_RATE / 1000)
		(void) va_sound_add(sound, samples, n);
	if (engines->ear == NULL)
		ask_ear(call);
}

bool
va_engines_hear_all(const VaMediaCall *call)
{
	return call->engines.ear != NULL && call->engines.ear->driver->hear != NULL;
}

/* ---- in a pause ---- */

void
va_engines_so_far(VaMediaCall *call, const char *words)
{
	char *copy = words == NULL || words[0] == '\0' ? NULL : strdup(words);

	free(call->engines.so_far);
	call->engines.so_far = copy;
}

/* The built-in ear hears all of an utterance anew each time: not a long one. */
bool
va_engines_may_listen_ahead(VaMediaCall *call)
{
	const VaEngine *ear = va_engines_current(call, VA_ENGINE_EAR);

	return ear != NULL && call->engines.ear == NULL && !ear->ends &&
		   (ear->driver->hear != NULL || call->nutterance <= AHEAD_SAMPLES);
}

bool
va_engines_ends(VaMediaCall *call)
{
	const VaEngine *ear = va_engines_current(call, VA_ENGINE_EAR);

	return ear != NULL && ear->ends;
}

void
va_engine_pauses(VaEngine *engine, const char *words)
{
	va_engines_so_far(engine->call, words);
	(void) shared.tell(engine->call, words != NULL ? VA_TOLD_SO_FAR : VA_TOLD_GOES_ON, words);
}

/* An ear that hears all tells no word twice: what it has heard stays. */
void
va_engines_forget(VaMediaCall *call)
{
	VaEngines *engines = &call->engines;

	engines->ahead_lost = engines->ahead && va_engines_hear_all(call);
	if (engines->ahead && !engines->ahead_lost)
		engines->ear = NULL;
	engines->ahead = false;
	if (!engines->so_far_stays)
		va_engines_so_far(call, NULL);
	if (engines->thinks_ahead)
		va_engines_stop(call, VA_ENGINE_MIND);
}

static const char *
asked_last(const VaMediaCall *call)
{
	const char *asked = "";

	for (const VaTurn *turn = call->turns; turn != NULL; turn = turn->next)
		asked = turn->is_customer || turn->filler ? asked : turn->text;
	return asked;
}

static void
tell_so_far(VaMediaCall *call, const char *words)
{
	static const VaTalkEvent told[] = { VA_TOLD_SO_FAR, VA_TOLD_COMPLETE, VA_TOLD_OPEN, VA_TOLD_OPEN };
	VaEnding ending = va_ending(call->script.language, asked_last(call), words);

	call->engines.dictates = ending == VA_ENDING_PART;
	if (words[0] != '\0' || ending == VA_ENDING_OPEN)
		(void) shared.tell(call, told[ending], words);
	if (words[0] == '\0')
		(void) shared.tell(call, VA_TOLD_NOTHING, words);
}

/* Words said meanwhile come next. */
static void
listen_on(VaMediaCall *call)
{
	VaEngines *engines = &call->engines;

	if (call->talk.asked == 0 || engines->ear != NULL)
		return;
	free(engines->heard.samples);
	engines->heard = engines->pending;
	engines->pending = (VaSound){ 0 };
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
	bool ahead = engines->ahead, lost = engines->ahead_lost;
	VaArena arena = { 0 };

	engine->call->partial[0] = '\0';
	engine->call->confidence = confidence;
	/* Another was asked meanwhile; or none was, and nothing came. */
	if (engines->ear != engine && (engines->ear != NULL || words[0] == '\0'))
		return;
	if (engines->ear == NULL)
	{
		engine->call->spoke_ms = engines->sounds_ms = engines->now_ms;
		engines->heard.began_ms = engine->call->began_ms;
	}
	engines->ear = NULL;
	free(engines->heard.samples);
	engines->heard.samples = NULL;
	engines->heard.n = 0;
	engines->heard_by = engine->driver->provider;
	engines->ahead = engines->ahead_lost = false;
	engines->so_far_stays = engine->driver->hear != NULL && !engine->ends;
	if (engines->so_far_stays && engines->so_far != NULL)
	{
		words = va_arena_join(&arena, engines->so_far, words[0] != '\0' ? " " : "", words, NULL);
		understood = words != NULL;
	}
	words = words == NULL ? "" : words;
	if (ahead || lost)
		va_engines_so_far(engine->call, words = understood ? words : "");
	if (ahead)
		tell_so_far(engine->call, words);
	else if (!lost)
	{
		(void) shared.tell(engine->call,
			words[0] == '\0' && understood ? VA_TOLD_NOTHING
			: understood				   ? VA_TOLD_WORDS
										   : VA_TOLD_UNCLEAR,
			words);
		va_engines_so_far(engine->call, NULL);
	}
	va_arena_free(&arena);
	listen_on(engine->call);
}

/* ---- the mind ---- */

static void
ask_mind(VaMediaCall *call)
{
	VaEngines *engines = &call->engines;

	engines->mind = va_engines_current(call, VA_ENGINE_MIND);
	engines->mind_ms = engines->mind_asked_ms = engines->now_ms;
	engines->mind_began = engines->mind != NULL && engines->mind->driver->whole;
	if (engines->mind != NULL)
		engines->mind->driver->think(engines->mind);
}

static void
begin_thought(VaMediaCall *call, int64_t now_ms)
{
	call->engines.now_ms = now_ms;
	va_engines_stop(call, VA_ENGINE_MIND);
	json_decref(call->engines.exchange);
	call->engines.exchange = NULL;
	call->engines.tools_due = call->engines.rounds = 0;
	for (VaEngine *engine = call->engines.first; engine != NULL; engine = engine->next)
		engine->rests = false;
}

/*
 * The embedded one answers at once, and needs no head start; a question that is ours to answer is asked of no model.  Who pauses often
 * in a turn has it answered when it has ended: what is thrown away is paid for, too.
 */
void
va_engines_think_ahead(VaMediaCall *call, int64_t now_ms)
{
	const char *words = call->engines.so_far != NULL ? call->engines.so_far : "";

	if (call->engines.aheads >= VA_AHEADS_MAX || is_last(va_engines_current(call, VA_ENGINE_MIND)) ||
		va_asks_to_stop(words, strlen(words)) ||
		va_read_ours(call->script.language, true, words, strlen(words)) != VA_INTENT_NONE)
		return;
	begin_thought(call, now_ms);
	call->engines.aheads++;
	call->engines.thinks_ahead = true;
	ask_mind(call);
}

void
va_engines_think(VaMediaCall *call, int64_t now_ms)
{
	VaEngines *engines = &call->engines;
	char *own = call->own_answer;

	call->own_answer = NULL;
	engines->aheads = 0;
	/* The turn is what was thought of ahead: from now on the answer counts, and its time. */
	if (engines->thinks_ahead && engines->mind != NULL && own == NULL)
	{
		engines->thinks_ahead = false;
		engines->mind_ms = engines->mind_asked_ms = now_ms;
		return;
	}
	begin_thought(call, now_ms);
	/* The embedded one says the same in its own words. */
	if (own != NULL && !va_engines_whole(call) && !is_last(va_engines_current(call, VA_ENGINE_MIND)))
		call->engines.own = own;
	else
	{
		free(own);
		ask_mind(call);
	}
}

void
va_call_own_answer(VaMediaCall *call, const char *words)
{
	free(call->own_answer);
	call->own_answer = words == NULL ? NULL : strdup(words);
}

/* In a turn of the loop, as a mind's answer comes. */
static void
say_own(VaMediaCall *call)
{
	char *own = call->engines.own;

	call->engines.own = NULL;
	call->engines.token_at = call->engines.now_ms;
	(void) shared.tell(call, VA_TOLD_SENTENCES, own);
	free(own);
	(void) shared.tell(call, VA_TOLD_THOUGHT, NULL);
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
	const VaCallScript *script = &engine->call->script;

	if (engines->mind != engine)
		return;
	va_engine_begins(engine);
	engines->mind_began = true;
	/* No model says of itself that it is a person. */
	if (!engine->driver->whole && script->machine_words != NULL &&
		va_read_ours(script->language, false, text, strlen(text)) == VA_OURS_HUMAN)
		text = script->machine_words;
	(void) shared.tell(engine->call, VA_TOLD_SENTENCES, text);
}

void
va_engine_unsays(VaEngine *engine)
{
	(void) shared.tell(engine->call, VA_TOLD_UNSAID, NULL);
	engine->call->engines.mind = engine;
	engine->call->engines.mind_began = false;
}

uint32_t
va_engine_speaks(VaEngine *engine)
{
	VaMediaCall *call = engine->call;
	VaSentence *sentence = shared.tell(call, VA_TOLD_SENTENCES, "") ? va_call_add_sentence(call, "", 0, 0) : NULL;

	if (sentence == NULL)
		return 0;
	sentence->voice = engine;
	sentence->asked_ms = call->engines.now_ms;
	return sentence->number;
}

void
va_engine_thought(VaEngine *engine, bool ends)
{
	VaEngines *engines = &engine->call->engines;
	bool said = engines->mind_began;

	if (engines->mind != engine)
		return;
	engines->mind = NULL;
	engine->failures = said && !engine->rests ? 0 : engine->failures;
	(void) shared.tell(engine->call, !said ? VA_TOLD_NO_ANSWER : ends ? VA_TOLD_LAST : VA_TOLD_THOUGHT, NULL);
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
	call->engines.thinks_ahead = false;
	free(call->engines.own);
	call->engines.own = NULL;
	for (VaEngine *engine = call->engines.first; engine != NULL; engine = engine->next)
		if (engine->opened && !engine->failed && engine->driver->stop != NULL &&
			((engine->driver->kinds & kinds) != 0 || (engine->driver->whole && (kinds & VA_ENGINE_VOICE) != 0)))
			engine->driver->stop(engine);
}

bool
va_engines_whole(const VaMediaCall *call)
{
	for (const VaEngine *engine = call->engines.first; engine != NULL; engine = engine->next)
		if (!engine->failed && (engine->driver->kinds & VA_ENGINE_EAR) != 0)
			return engine->driver->whole;
	return false;
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
		if (is_last(engine) || sentence->came.n > 0 || sentence->ms > 0)
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

/* A model that was slow, or had too much to do, is asked again at the person's next turn, once; one that refuses us is not. */
static bool
may_rest(VaEngine *engine, const char *kind)
{
	bool refused = strncmp(kind, "bad_", 4) == 0 || strcmp(kind, "quota") == 0 || strcmp(kind, "refused") == 0;

	return engine->driver->kinds == VA_ENGINE_MIND && engine->failures++ == 0 && !refused;
}

/* The last of its kind has not failed for good: what it was asked remains without an answer. */
void
va_engine_fail(VaEngine *engine, const char *kind, const char *why)
{
	VaMediaCall *call = engine->call;
	VaEngines *engines = &call->engines;

	if (engine->failed)
		return;
	engine->rests = may_rest(engine, kind);
	engine->failed = !engine->rests && !is_last(engine);
	if (engine->rests)
		engine->driver->stop(engine);
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
		(is_last(engine) || (engine->driver->whole ? call->nsentences > 0 && !call->talk.fills : engines->mind_began)))
		va_engine_thought(engine, false);
	else if (engines->mind == engine)
		ask_mind(call);
	say_anew(call, engine);
}

bool
va_call_awaits_tool(const VaMediaCall *call)
{
	for (const VaToolUse *use = call->tools; use != NULL; use = use->next)
		if (!use->answered)
			return true;
	return false;
}

static void
keep_deadlines(VaMediaCall *call, int64_t now_ms)
{
	VaEngines *engines = &call->engines;

	/* While a tool is used, or in a pause, the mind need not answer. */
	if (va_call_awaits_tool(call) || engines->thinks_ahead)
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
			return engine->driver->answered(engine, answer);
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
		else if (engine->opened && engine->driver->turn != NULL &&
				 !(call->engines.thinks_ahead && engine == call->engines.mind))
			engine->driver->turn(engine, now_ms);
	keep_deadlines(call, now_ms);
	if (call->engines.own != NULL)
		say_own(call);
	if (now_ms - call->engines.sounds_ms > VA_FILLER_MS)
		(void) shared.tell(call, VA_TOLD_LATE, NULL);
}
