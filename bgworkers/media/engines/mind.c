/*-------------------------------------------------------------------------
 * mind.c
 *		Minds: language models at their vendors, asked turn by turn, whose
 *		answers are said sentence by sentence while they come.
 *
 * A request that is not wanted any more lets its answer go by: it is freed
 * when the HTTP client has done with it.
 */
#include "engines.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "media/call/places.h"
#include "media/call/said.h"
#include "pure/engines/mind.h"
#include "pure/models/models.h"
#include "vendor.h"

/* Times that a model may use tools before it answers. */
#define ROUNDS_MAX 4
/* A whole answer takes no longer. */
#define ANSWER_MS 20000
/* Tokens of an answer, unless the assistant says otherwise. */
#define ANSWER_TOKENS 300
/* Bytes that have come and were not read: who sends more at once sends rubbish. */
#define PENDING_MAX (512 * 1024)
/* Turns that the model receives. */
#define TURNS_TOLD 60

typedef struct Asking
{
	VaEngine *engine; /* NULL: the answer is no longer wanted */
	VaMindStream stream;
	VaBuffer pending; /* bytes that have come */
	bool too_much;
	VaHttpResult *result; /* it has ended */
	size_t asked_bytes;
	int64_t place;
} Asking;

static void
free_asking(Asking *asking)
{
	va_mind_free(&asking->stream);
	free(asking->pending.text);
	va_http_result_free(asking->result);
	va_place_give(asking->place);
	free(asking);
}

/* ---- from the loop ---- */

static bool
on_piece(void *ctx, const char *bytes, size_t len)
{
	Asking *asking = ctx;

	if (asking->engine == NULL)
		return false;
	asking->too_much = asking->too_much || asking->pending.used + len > PENDING_MAX;
	if (!asking->too_much)
		va_buffer_add(&asking->pending, bytes, len);
	va_engines_note();
	return !asking->too_much && !asking->pending.failed;
}

static void
on_done(void *ctx, VaHttpResult *result)
{
	Asking *asking = ctx;

	asking->result = result;
	if (asking->engine == NULL)
		free_asking(asking);
}

/* ---- the question ---- */

static void
add_message(json_t *messages, const char *role, const char *text)
{
	json_array_append_new(messages, json_pack("{s:s,s:s}", "role", role, "content", text));
}

static json_t *
messages_of(const VaMediaCall *call)
{
	json_t *messages = json_array();
	int before = call->nturns - TURNS_TOLD > call->anew ? call->nturns - TURNS_TOLD : call->anew;

	if (call->script.system_prompt != NULL)
		add_message(messages, "system", call->script.system_prompt);
	add_message(messages, "system", VA_ENGINE_RULES);
	for (const VaTurn *turn = call->turns; turn != NULL; turn = turn->next)
		if (turn->number > before && !turn->filler)
			add_message(messages, turn->is_customer ? "user" : "assistant", turn->text);
	if (call->engines.thinks_ahead)
		add_message(messages, "user", call->engines.so_far);
	if (call->engines.exchange != NULL)
		json_array_extend(messages, call->engines.exchange);
	return messages;
}

json_t *
va_engine_tools(const VaMediaCall *call)
{
	json_t *tools = call->script.tools == NULL ? NULL : json_loads(call->script.tools, 0, NULL);

	if (!json_is_array(tools))
	{
		json_decref(tools);
		tools = json_array();
	}
	json_array_append_new(
		tools, json_pack("{s:s,s:{s:s,s:s,s:{s:s,s:{}}}}", "type", "function", "function", "name", VA_ENGINE_END_CALL,
				   "description", "Ends the call.", "parameters", "type", "object", "properties"));
	return tools;
}

static json_t *
request_of(const VaMediaCall *call)
{
	const json_t *settings = va_json_object(call->engines.setup, "settings");
	json_t *request = va_json_new_object();
	double number;

	json_object_set_new(request, "messages", messages_of(call));
	json_object_set_new(request, "tools", va_engine_tools(call));
	json_object_set_new(request, "stream", json_true());
	json_object_set_new(request, "max_tokens",
		json_integer(va_json_number(settings, "max_tokens", &number) ? (json_int_t) number : ANSWER_TOKENS));
	if (va_json_number(settings, "temperature", &number))
		json_object_set_new(request, "temperature", json_real(number));
	return request;
}

static bool
submit(Asking *asking, const VaModelOrder *order, VaArena *arena, const char **why)
{
	const VaEngine *engine = asking->engine;
	const VaModelDriver *driver = va_model_driver(engine->driver->provider);
	bool private_host = json_is_true(json_object_get(engine->account, "private_host"));
	static char err[160];
	VaHttpRequest request = { 0 };
	VaHttpClientRequest call = { 0 };
	const char *lines[8];

	if (!driver->build(order, arena, &request, why))
		return false;
	for (int i = 0; i < request.nheaders; i++)
		lines[i] = va_arena_join(arena, request.headers[i].name, ": ", request.headers[i].value, NULL);
	call.method = request.method;
	call.url = request.url;
	call.headers = lines;
	call.nheaders = request.nheaders;
	call.body = request.body;
	call.body_len = request.body_len;
	call.timeout_ms = ANSWER_MS;
	call.piece = on_piece;
	call.lane = engine->call->owner;
	call.allow_loopback = call.allow_private = private_host;
	asking->asked_bytes = request.body_len;
	*why = "out of memory";
	if (arena->oom)
		return false;
	*why = err;
	return va_http_submit(va_engines_http(), &call, on_done, asking, err, sizeof(err));
}

static void
say(void *ctx, const char *sentence)
{
	Asking *asking = ctx;

	if (asking->engine != NULL)
		va_engine_says(asking->engine, sentence);
}

/* They were the model's thoughts: what was not heard yet is not said, and the next answer waits for the end of its own. */
static void
unsay(void *ctx)
{
	Asking *asking = ctx;
	VaEngine *engine = asking->engine;

	if (engine == NULL || !va_call_law_is_said(engine->call))
		return;
	engine->state = NULL;
	va_engine_unsays(engine);
	engine->state = asking;
}

static void
think_model(VaEngine *engine)
{
	VaArena arena = { 0 };
	Asking *asking = calloc(1, sizeof(*asking));
	json_t *request = request_of(engine->call);
	const char *why = "out of memory";
	VaModelOrder order = { .base_url = va_json_string(engine->account, "base_url"),
		.key = engine->key,
		.model = va_json_string(engine->account, "model"),
		.request = request,
		.settings = va_json_object(engine->account, "settings") };

	engine->state = asking;
	if (asking != NULL)
	{
		asking->engine = engine;
		asking->place = va_place_take(engine);
		asking->stream.anthropic = strcmp(engine->driver->provider, "anthropic") == 0;
		asking->stream.say = say;
		asking->stream.unsay = unsay;
		asking->stream.waits = engine->thinks_first;
		asking->stream.ctx = asking;
	}
	if (asking == NULL || !submit(asking, &order, &arena, &why))
	{
		engine->state = NULL;
		if (asking != NULL)
			free_asking(asking);
		va_engine_fail(engine, "not_sent", why);
	}
	json_decref(request);
	va_arena_free(&arena);
}

/* ---- the answer ---- */

/* Its cost, by the vendor's own count or by the bytes. */
static void
report(VaEngine *engine, const Asking *asking)
{
	const VaMindStream *stream = &asking->stream;
	VaEngineReport *report = &engine->report;

	report->tries++;
	report->tokens_in += stream->counted ? stream->tokens_in : (int64_t) asking->asked_bytes / 3;
	report->tokens_cached += stream->counted ? stream->tokens_cached : 0;
	report->tokens_out += stream->counted ? stream->tokens_out : (int64_t) stream->told / 3;
}

static void
drop_asking(VaEngine *engine)
{
	Asking *asking = engine->state;

	engine->state = NULL;
	if (asking == NULL)
		return;
	report(engine, asking);
	asking->engine = NULL;
	if (asking->result != NULL)
		free_asking(asking);
}

/* A parameter that the model refused is left out from now on, also in other calls that have the account from the same setup. */
static void
leave_out(VaEngine *engine, const char *parameter)
{
	const char *model = va_json_string(engine->account, "model");
	json_t *settings = va_json_object(engine->account, "settings");

	json_object_update_missing_new(settings, json_pack("{s:{}}", "without"));
	settings = va_json_object(settings, "without");
	json_object_update_missing_new(settings, json_pack("{s:[]}", model));
	json_array_append_new(va_json_array(settings, model), json_string(parameter));
	engine->report.without = parameter;
}

static void
fail_answer(VaEngine *engine, Asking *asking)
{
	char why[200];
	const char *parameter;
	const char *kind = va_vendor_refusal(engine, asking->result, why, sizeof(why), &parameter);

	asking->engine = NULL;
	engine->state = NULL;
	free_asking(asking);
	if (parameter == NULL)
		va_engine_fail(engine, kind, why);
	else
	{
		leave_out(engine, parameter);
		think_model(engine);
	}
}

static bool
wanted(const json_t *calls, const char *id)
{
	for (size_t i = 0; i < json_array_size(calls); i++)
	{
		const char *one = va_json_string(json_array_get(calls, i), "id");

		if (one != NULL && strcmp(one, id) == 0)
			return true;
	}
	return false;
}

/* The calls of an answer; those whose id is missing, or another's, get one of ours. */
static json_t *
calls_of(const VaMindStream *stream, VaArena *arena)
{
	static uint32_t last = 0;
	json_t *calls = json_array();

	for (int n = 0; n < stream->ntools; n++)
	{
		const VaMindTool *tool = &stream->tools[n];
		const char *id = tool->id;
		const char *arguments;

		if (strcmp(tool->name, VA_ENGINE_END_CALL) == 0 || tool->name[0] == '\0')
			continue;
		if (id[0] == '\0' || wanted(calls, id))
			id = va_arena_printf(arena, "va%07u", (unsigned) (++last % 10000000));
		json_array_append_new(
			calls, json_pack("{s:s,s:s,s:{s:s,s:s?}}", "id", id, "type", "function", "function", "name", tool->name,
					   "arguments", va_mind_arguments(tool, arena, &arguments) ? arguments : NULL));
	}
	return calls;
}

/* Tools that it wants, whose results it gets before it goes on; false: none, or too often. */
static bool
want_tools(VaEngine *engine, const VaMindStream *stream)
{
	VaMediaCall *call = engine->call;
	VaEngines *engines = &call->engines;
	VaArena arena = { 0 };
	json_t *calls = engines->rounds < ROUNDS_MAX ? calls_of(stream, &arena) : NULL;
	json_t *one;
	size_t i;

	va_arena_free(&arena);
	if (json_array_size(calls) == 0)
	{
		json_decref(calls);
		return false;
	}
	if (engines->exchange == NULL)
		engines->exchange = json_array();
	json_array_append_new(
		engines->exchange, json_pack("{s:s,s:s,s:O}", "role", "assistant", "content", "", "tool_calls", calls));
	engines->rounds++;
	engines->tools_due = (int) json_array_size(calls);
	drop_asking(engine);
	json_array_foreach(calls, i, one)
	{
		json_t *function = va_json_object(one, "function");
		const char *id = va_json_string(one, "id"), *arguments = va_json_string(function, "arguments");

		if (arguments != NULL)
			va_call_wants_tool(call, id, va_json_string(function, "name"), arguments, engines->now_ms);
		else
		{
			json_object_set_new(function, "arguments", json_string("{}"));
			va_engines_tool_answered(call, id, "The arguments were no JSON object: nothing was done.", true);
		}
	}
	json_decref(calls);
	return true;
}

/* Those that were wanted last. */
static const json_t *
last_calls(const json_t *exchange)
{
	const json_t *calls = NULL;

	for (size_t i = 0; i < json_array_size(exchange); i++)
		if (va_json_array(json_array_get(exchange, i), "tool_calls") != NULL)
			calls = va_json_array(json_array_get(exchange, i), "tool_calls");
	return calls;
}

static void
tool_answered(VaEngine *engine, const char *id, const char *words, bool failed)
{
	VaEngines *engines = &engine->call->engines;

	/* Results wanted before the person spoke again are dropped. */
	if (engine->state != NULL || engines->tools_due == 0 || !wanted(last_calls(engines->exchange), id))
		return;
	json_array_append_new(engines->exchange, json_pack("{s:s,s:s,s:s}", "role", "tool", "tool_call_id", id, "content",
												 words[0] != '\0' ? words : "That does not work at the moment."));
	if (--engines->tools_due > 0)
		return;
	engines->mind_ms = engines->mind_asked_ms = engines->now_ms;
	think_model(engine);
}

static void
end_answer(VaEngine *engine, Asking *asking)
{
	bool ends = false;

	va_mind_finish(&asking->stream);
	engine->thinks_first = engine->thinks_first || asking->stream.thinks_first;
	for (int i = 0; i < asking->stream.ntools; i++)
		ends = ends || strcmp(asking->stream.tools[i].name, VA_ENGINE_END_CALL) == 0;
	engine->report.kind = "answered";
	if (!ends && want_tools(engine, &asking->stream))
		return;
	drop_asking(engine);
	/* Thoughts alone, or tools without a name, are no answer. */
	if (!ends && !engine->call->engines.mind_began)
		va_engine_fail(engine, "server", "its answer is empty");
	else
		va_engine_thought(engine, ends);
}

static void
turn_model(VaEngine *engine, int64_t now_ms)
{
	Asking *asking = engine->state;
	VaMindStream *stream;
	char why[200];

	if (asking == NULL)
		return;
	stream = &asking->stream;
	if (asking->pending.used > 0)
		(void) va_mind_feed(stream, asking->pending.text, asking->pending.used);
	if (asking->result != NULL)
		(void) va_mind_feed(stream, "\n", 1); /* its last line may have no end */
	if (asking->pending.used > 0 && stream->began)
		va_engine_begins(engine);
	asking->pending.used = 0;
	/* A sentence may have ended the call. */
	if (engine->state != asking)
		return;
	if (asking->too_much || stream->error[0] != '\0' || (stream->done && !stream->began))
	{
		snprintf(why, sizeof(why), "%s",
			asking->too_much		   ? "it sends too much at once"
			: stream->error[0] != '\0' ? stream->error
									   : "its answer is empty");
		drop_asking(engine);
		va_engine_fail(engine, "server", why);
	}
	else if (stream->done)
		end_answer(engine, asking);
	else if (asking->result != NULL && (asking->result->status != 200 || !stream->began))
		fail_answer(engine, asking);
	else if (asking->result != NULL)
		end_answer(engine, asking);
}

#define MIND(name)                                                                                       \
	{                                                                                                    \
		.provider = name, .kinds = VA_ENGINE_MIND, .think = think_model, .tool_answered = tool_answered, \
		.turn = turn_model, .stop = drop_asking, .close = drop_asking                                    \
	}

const VaEngineDriver va_engine_openai = MIND("openai");
const VaEngineDriver va_engine_compatible = MIND("compatible");
const VaEngineDriver va_engine_anthropic = MIND("anthropic");
