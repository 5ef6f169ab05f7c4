/*-------------------------------------------------------------------------
 * elevenlabs.c
 *		A voice: ElevenLabs, a request a sentence, whose sound is said while it
 *		comes, as mu-law at 8,000.
 *
 * Two sentences at most are on their way at a time: the one that is said and
 * the next.
 */
#include "engines.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "media/call/places.h"
#include "pure/audio/g711.h"
#include "vendor.h"

#define BASE_URL "https://api.elevenlabs.io"
#define AT_ONCE 2
#define SENTENCE_MS 20000
/* Sound that has come and was not taken: a minute. */
#define PENDING_MAX (60 * 8000)

typedef struct Saying
{
	struct Saying *next;
	VaEngine *engine; /* NULL: no longer wanted */
	uint32_t sentence;
	char *text;
	bool sent;
	bool sounds;
	VaBuffer pending; /* mu-law */
	int64_t place;
	VaHttpResult *result;
} Saying;

static void
free_saying(Saying *saying)
{
	free(saying->text);
	free(saying->pending.text);
	va_http_result_free(saying->result);
	va_place_give(saying->place);
	free(saying);
}

/* Those that are on their way are freed when the client has done with them. */
static void
drop_sayings(VaEngine *engine)
{
	Saying *next;

	for (Saying *saying = engine->state; saying != NULL; saying = next)
	{
		next = saying->next;
		saying->engine = NULL;
		if (!saying->sent || saying->result != NULL)
			free_saying(saying);
	}
	engine->state = NULL;
}

static bool
on_piece(void *ctx, const char *bytes, size_t len)
{
	Saying *saying = ctx;

	if (saying->engine == NULL || saying->pending.used + len > PENDING_MAX)
		return false;
	va_buffer_add(&saying->pending, bytes, len);
	va_engines_note();
	return !saying->pending.failed;
}

static void
on_done(void *ctx, VaHttpResult *result)
{
	Saying *saying = ctx;

	saying->result = result;
	if (saying->engine == NULL)
		free_saying(saying);
}

/* "11labs/ID" of the assistant, else the account's own. */
static const char *
voice_of(const VaEngine *engine)
{
	const char *voice = va_json_string(engine->call->engines.setup, "voice");

	if (voice != NULL && (strncmp(voice, "11labs/", 7) == 0 || strncmp(voice, "elevenlabs/", 11) == 0))
		return strchr(voice, '/') + 1;
	return va_json_string(va_json_object(engine->account, "settings"), "voice");
}

static json_t *
body_of(const VaEngine *engine, const char *text)
{
	const char *model = va_json_string(engine->account, "model");
	double speed;
	json_t *body = json_pack("{s:s,s:s}", "text", text, "model_id", model != NULL ? model : "");

	if (va_json_number(va_json_object(engine->call->engines.setup, "settings"), "voice_speed", &speed))
		json_object_set_new(body, "voice_settings", json_pack("{s:f}", "speed", speed));
	return body;
}

static bool
submit(Saying *saying, VaArena *arena, char *err, size_t errlen)
{
	const VaEngine *engine = saying->engine;
	const char *base = va_json_string(engine->account, "base_url");
	const char *voice = voice_of(engine);
	json_t *body = body_of(engine, saying->text);
	const char *lines[2] = { "Content-Type: application/json",
		va_arena_join(arena, "xi-api-key: ", engine->key != NULL ? engine->key : "", NULL) };
	VaHttpClientRequest call = { .method = "POST", .headers = lines, .nheaders = 2, .timeout_ms = SENTENCE_MS };

	call.body = va_json_text(arena, body);
	json_decref(body);
	call.url = va_arena_join(arena, base != NULL ? base : BASE_URL, "/v1/text-to-speech/", voice != NULL ? voice : "",
		"/stream?output_format=ulaw_8000", NULL);
	call.piece = on_piece;
	call.lane = engine->call->owner;
	call.allow_loopback = call.allow_private = json_is_true(json_object_get(engine->account, "private_host"));
	snprintf(err, errlen, "%s", voice == NULL ? "the account has no voice" : "out of memory");
	if (voice == NULL || arena->oom || call.body == NULL)
		return false;
	call.body_len = strlen(call.body);
	saying->sent = true;
	if (va_http_submit(va_engines_http(), &call, on_done, saying, err, errlen))
		return true;
	saying->sent = false;
	return false;
}

static void
send_next(VaEngine *engine)
{
	char err[160];
	int sent = 0;

	for (Saying *saying = engine->state; saying != NULL && sent < AT_ONCE; saying = saying->next)
	{
		VaArena arena = { 0 };
		bool failed;

		/* It waits, until another sentence has been said or its time is over. */
		if (!saying->sent && !va_places_left(engine))
			return;
		if (!saying->sent)
			saying->place = va_place_take(engine);
		failed = !saying->sent && !submit(saying, &arena, err, sizeof(err));

		va_arena_free(&arena);
		sent++;
		if (!failed)
			continue;
		drop_sayings(engine);
		va_engine_fail(engine, "not_sent", err);
		return;
	}
}

static void
say_sentence(VaEngine *engine, VaSentence *sentence)
{
	VaArena arena = { 0 };
	const char *text = va_engine_spoken(engine, sentence, &arena);
	Saying *saying = calloc(1, sizeof(*saying));
	Saying **last = (Saying **) &engine->state;

	if (saying != NULL && text != NULL)
		saying->text = strdup(text);
	va_arena_free(&arena);
	if (saying == NULL || saying->text == NULL)
	{
		free(saying);
		va_engine_fail(engine, "not_sent", "out of memory");
		return;
	}
	saying->engine = engine;
	saying->sentence = sentence->asked;
	engine->report.tokens_in += (int64_t) strlen(saying->text);
	engine->report.tries++;
	while (*last != NULL)
		last = &(*last)->next;
	*last = saying;
	send_next(engine);
}

/* ---- what has come ---- */

static void
take_sound(VaEngine *engine, Saying *saying)
{
	size_t n = saying->pending.used;
	int16_t *samples = n == 0 ? NULL : malloc(n * sizeof(*samples));

	if (samples == NULL)
		return;
	for (size_t i = 0; i < n; i++)
		samples[i] = va_mulaw_sample((uint8_t) saying->pending.text[i]);
	saying->pending.used = 0;
	saying->sounds = true;
	va_engine_sounds(engine, saying->sentence, samples, n, false);
	free(samples);
}

static void
fail_saying(VaEngine *engine, const Saying *saying)
{
	char why[200];
	const char *kind = va_vendor_refusal(engine, saying->result, why, sizeof(why), NULL);
	bool silent = saying->result->outcome == VA_HTTP_OK && saying->result->status == 200;

	drop_sayings(engine);
	va_engine_fail(engine, kind, silent ? "it has sent no sound" : why);
}

static void
turn_voice(VaEngine *engine, int64_t now_ms)
{
	Saying *saying;

	send_next(engine);
	while ((saying = engine->state) != NULL)
	{
		for (Saying *one = saying; one != NULL; one = one->next)
			take_sound(engine, one);
		if (saying->result == NULL)
			return;
		if (saying->result->outcome != VA_HTTP_OK || saying->result->status != 200 || !saying->sounds)
		{
			fail_saying(engine, saying);
			return;
		}
		engine->report.kind = "answered";
		engine->state = saying->next;
		va_engine_sounds(engine, saying->sentence, NULL, 0, true);
		free_saying(saying);
		send_next(engine);
	}
}

const VaEngineDriver va_engine_elevenlabs = { .provider = "elevenlabs",
	.kinds = VA_ENGINE_VOICE,
	.say = say_sentence,
	.turn = turn_voice,
	.stop = drop_sayings,
	.close = drop_sayings };
