/*-------------------------------------------------------------------------
 * model.c
 *		Requests to the embedded talker, and its completions.
 *
 * Pure: no backend, no locks, no state.  The id of a completion is a hash of
 * its request, and its time is 0: this code has no clock.
 *-------------------------------------------------------------------------
 */
#include "model.h"

#include <string.h>

#include "pure/net/backoff.h"
#include "pure/phrases/verify/spoken.h"
#include "pure/text/template.h"
#include "talker.h"

#define TOKEN_BYTES 4
#define TOOLS_MAX 128

/* A request as it is read. */
typedef struct Asked
{
	VaArena *arena;
	const json_t *messages;
	const json_t *schema; /* NULL = text is wanted, unless json */
	bool json;
	uint64_t seed;
	const char *all; /* system and user texts, one after the other */
	Assistant assistant;
	long prompt_tokens;
} Asked;

/* ---- tokens ---- */

static long
count_tokens(const char *text)
{
	return text == NULL ? 0 : (long) (strlen(text) + TOKEN_BYTES - 1) / TOKEN_BYTES;
}

/* ---- the assistant ---- */

json_t *
va_talker_filled(const json_t *value, const json_t *variables, VaArena *arena)
{
	json_t *copy = json_is_array(value) ? json_array() : va_json_new_object();
	const char *why = NULL;
	const char *key;
	json_t *member;
	size_t i;

	if (json_is_string(value))
	{
		const char *text = va_template_fill(
			arena, json_string_value(value), json_string_length(value), variables, NULL, &why);

		json_decref(copy);
		return text == NULL ? json_deep_copy(value) : json_string(text);
	}
	if (value != NULL && !json_is_object(value) && !json_is_array(value))
	{
		json_decref(copy);
		return json_deep_copy(value);
	}
	json_array_foreach(value, i, member) json_array_append_new(copy, va_talker_filled(member, variables, arena));
	json_object_foreach((json_t *) value, key, member)
		json_object_set_new(copy, key, va_talker_filled(member, variables, arena));
	return copy;
}

static void
add_question(Assistant *assistant, const char *text, const char *field)
{
	for (int i = 0; text != NULL && i < assistant->nquestions; i++)
		if (strcmp(assistant->questions[i].text, text) == 0)
		{
			/* The question of a field may stand among those of the assistant. */
			if (assistant->questions[i].field == NULL)
				assistant->questions[i].field = field;
			return;
		}
	if (text != NULL && text[0] != '\0' && assistant->nquestions < QUESTIONS_MAX)
		assistant->questions[assistant->nquestions++] = (Question){ text, field };
}

static void
read_questions(Assistant *assistant, const json_t *questions, const json_t *fields)
{
	const char *name;
	json_t *one;
	size_t i;

	json_array_foreach(questions, i, one)
		add_question(assistant, va_json_string(one, "text"), va_json_string(one, "field"));
	json_object_foreach((json_t *) fields, name, one)
	{
		const char *title = va_json_string(one, "title");

		/* A name alone is no question. */
		if (title != NULL && title[0] != '\0' && title[strlen(title) - 1] == '?')
			add_question(assistant, title, name);
	}
}

static void
read_objections(Assistant *assistant, const json_t *objections, VaArena *arena)
{
	json_t *one;
	size_t i;

	json_array_foreach(objections, i, one)
	{
		const char *objection = va_json_string(one, "objection");
		const char *answer = va_json_string(one, "answer");

		if (objection == NULL || answer == NULL || assistant->nobjections == OBJECTIONS_MAX)
			continue;
		assistant->objections[assistant->nobjections] = va_talker_fold(objection, strlen(objection), arena);
		assistant->answers[assistant->nobjections++] = answer;
	}
}

void
va_talker_read_assistant(Assistant *assistant, const json_t *told, const json_t *fields, VaArena *arena)
{
	static const char *const objectives[] = { "appointment", "lead", "information", "callback" };
	const char *direction = va_json_string(told, "direction");
	const char *objective = va_json_string(told, "objective");

	assistant->language = va_talker_language(va_json_string(told, "language"));
	assistant->inbound = direction != NULL && strcmp(direction, "inbound") == 0;
	assistant->name = va_json_string(told, "name");
	assistant->business = va_json_string(told, "business");
	assistant->offer = va_json_string(told, "offer");
	assistant->price = va_json_string(told, "price");
	assistant->hours = va_json_string(told, "hours");
	assistant->asks_email = json_is_true(json_object_get(told, "asks_email"));
	assistant->objective = assistant->offer == NULL ? OBJECTIVE_CALLBACK : OBJECTIVE_CUSTOM;
	for (size_t i = 0; objective != NULL && i < sizeof(objectives) / sizeof(objectives[0]); i++)
		if (strcmp(objective, objectives[i]) == 0)
			assistant->objective = (Objective) i;
	read_questions(assistant, va_json_array(told, "questions"), fields);
	read_objections(assistant, va_json_array(told, "objections"), arena);
}

static void
read_assistant(Asked *asked, const json_t *request)
{
	const json_t *told = va_json_object(request, "assistant");
	VaTalkTurn turn = { .text = asked->all, .len = strlen(asked->all) };

	va_talker_read_assistant(&asked->assistant, told, NULL, asked->arena);
	if (va_json_string(told, "language") == NULL)
		asked->assistant.language = va_talker_language(va_spoken_language(&turn, 1, "en"));
	asked->assistant.tools = va_json_array(request, "tools");
}

/* ---- reading a request ---- */

/* A message's text: a string, or parts of which the texts count; "" for none. */
static const char *
content_of(const json_t *message, VaArena *arena)
{
	const json_t *content = json_object_get(message, "content");
	VaBuffer out = { 0 };
	json_t *part;
	size_t i;

	if (json_is_string(content))
		return json_string_value(content);
	json_array_foreach(content, i, part)
	{
		const char *text = va_json_string(part, "text");

		if (text != NULL)
			va_buffer_add(&out, text, strlen(text));
	}
	return va_buffer_finish(&out, arena);
}

static bool
is_role(const json_t *message, const char *role)
{
	const char *given = va_json_string(message, "role");

	return given != NULL && strcmp(given, role) == 0;
}

static bool
read_messages(Asked *asked, const char **why)
{
	VaBuffer all = { 0 };
	json_t *message;
	size_t i;

	json_array_foreach(asked->messages, i, message)
	{
		const char *text = content_of(message, asked->arena);
		bool system = is_role(message, "system") || is_role(message, "developer");

		if (text == NULL || va_json_string(message, "role") == NULL)
			*why = "each of messages needs a role and its content";
		else if (!system && !is_role(message, "user") && !is_role(message, "assistant") && !is_role(message, "tool"))
			*why = "a role is system, developer, user, assistant or tool";
		if (*why != NULL)
			break;
		asked->prompt_tokens += count_tokens(text) + 3;
		if (system || is_role(message, "user"))
			va_buffer_printf(&all, "%s\n", text);
	}
	asked->all = va_buffer_finish(&all, asked->arena);
	if (*why == NULL && asked->all == NULL)
		*why = "out of memory";
	return *why == NULL;
}

static bool
read_format(Asked *asked, const json_t *request, const char **why)
{
	const json_t *format = va_json_object(request, "response_format");
	const char *type = va_json_string(format, "type");

	if (format == NULL || (type != NULL && strcmp(type, "text") == 0))
		return true;
	asked->json = true;
	if (type != NULL && strcmp(type, "json_object") == 0)
		return true;
	asked->schema = va_json_object(va_json_object(format, "json_schema"), "schema");
	if (type == NULL || strcmp(type, "json_schema") != 0 || asked->schema == NULL)
		*why = "response_format is text, json_object or json_schema with a schema";
	return *why == NULL;
}

static bool
read_request(Asked *asked, const json_t *request, const char **why)
{
	double number;

	asked->messages = va_json_array(request, "messages");
	if (json_array_size(asked->messages) == 0 || json_array_size(asked->messages) > VA_MODEL_MAX_MESSAGES)
		return va_refuse(
			why, va_arena_printf(asked->arena, "messages must be an array of 1 to %d", VA_MODEL_MAX_MESSAGES));
	if (json_array_size(va_json_array(request, "tools")) > TOOLS_MAX)
		*why = va_arena_printf(asked->arena, "tools must be at most %d", TOOLS_MAX);
	if (json_is_true(json_object_get(request, "stream")))
		*why = "this model does not stream";
	if (va_json_number(request, "seed", &number) && number > -9e15 && number < 9e15)
		asked->seed = (uint64_t) (int64_t) number;
	return *why == NULL && read_format(asked, request, why) && read_messages(asked, why);
}

/* ---- the talk so far ---- */

/* The name of the tool that a message answers, by the call's id in the messages before it. */
static const char *
tool_of(const Asked *asked, size_t at)
{
	const char *id = va_json_string(json_array_get(asked->messages, at), "tool_call_id");

	while (id != NULL && at-- > 0)
	{
		json_t *call;
		size_t i;

		json_array_foreach(json_object_get(json_array_get(asked->messages, at), "tool_calls"), i, call)
		{
			const char *called = va_json_string(call, "id");
			const char *name = va_json_string(va_json_object(call, "function"), "name");

			if (called != NULL && name != NULL && strcmp(called, id) == 0)
				return name;
		}
	}
	return NULL;
}

/* The number of messages that belong to the talk: the last one of a request for JSON is an order. */
static size_t
talk_size(const Asked *asked)
{
	size_t n = json_array_size(asked->messages);

	return asked->json && n > 0 && is_role(json_array_get(asked->messages, n - 1), "user") ? n - 1 : n;
}

/* Whether both sides have spoken. */
static bool
is_talk(const Asked *asked)
{
	bool assistant = false;

	for (size_t i = 0; i < talk_size(asked); i++)
	{
		const json_t *message = json_array_get(asked->messages, i);

		if (assistant && is_role(message, "user"))
			return true;
		assistant = assistant || is_role(message, "assistant");
	}
	return false;
}

static void
follow_talk(const Asked *asked, Talk *talk)
{
	size_t n = talk_size(asked);
	size_t heard = 0;

	va_embedded_begin(talk, &asked->assistant, asked->seed, asked->arena);
	for (size_t i = 0; i < n; i++)
		heard += is_role(json_array_get(asked->messages, i), "user");
	for (size_t i = 0; i < n; i++)
	{
		const json_t *message = json_array_get(asked->messages, i);
		const char *tool = is_role(message, "tool") ? tool_of(asked, i) : NULL;

		/* Only the last turns count. */
		if (is_role(message, "user") && heard-- <= VA_MODEL_HEARD_TURNS)
			va_embedded_hear(talk, content_of(message, asked->arena));
		else if (tool != NULL)
			va_embedded_tool(talk, tool, va_json_object(message, "data"));
	}
}

/* Reads turns from the lines "User: ..." and "3 person: ..." of a transcript.  Returns false without such lines. */
static bool
follow_transcript(const Asked *asked, Talk *talk)
{
	static const char *const marks[] = { "User: ", "Customer: ", "Callee: ", "person: " };
	int heard = 0;

	va_embedded_begin(talk, &asked->assistant, asked->seed, asked->arena);
	for (const char *text = asked->all; *text != '\0' && heard < VA_MODEL_HEARD_TURNS;)
	{
		size_t number = strspn(text, "0123456789");
		size_t len;

		text += text[number] == ' ' ? number + 1 : 0;
		len = strcspn(text, "\n");
		for (size_t i = 0; i < sizeof(marks) / sizeof(marks[0]); i++)
		{
			size_t mark = strlen(marks[i]);
			const char *said = strncmp(text, marks[i], mark) != 0
								   ? NULL
								   : va_arena_strndup(asked->arena, text + mark, len - mark);

			if (said != NULL)
			{
				va_embedded_hear(talk, said);
				heard++;
				break;
			}
		}
		text += len;
		text += *text == '\n';
	}
	return heard > 0;
}

/* ---- the answer ---- */

static void
add_call(json_t *calls, const char *name, json_t *arguments, VaArena *arena)
{
	const char *text = va_json_text(arena, arguments);

	if (text != NULL)
		json_array_append_new(calls, json_pack("{s:s+,s:s,s:{s:s,s:s}}", "id", "call_", name, "type", "function",
										 "function", "name", name, "arguments", text));
}

/* Calls the tool that the talk wants, or the one that ends the call, by its name in the request. */
static json_t *
calls_of(const Asked *asked, const Talk *talk)
{
	static const char *const ends[] = { "end_call", "endCall", "hang_up" };
	json_t *calls = json_array();
	json_t *none = va_json_new_object();

	if (talk->wants != NULL)
		add_call(calls, talk->wants, talk->arguments, asked->arena);
	else if (va_embedded_over(talk))
		for (size_t i = 0; i < sizeof(ends) / sizeof(ends[0]); i++)
			if (va_talker_may_use(&asked->assistant, ends[i]))
				add_call(calls, ends[i], none, asked->arena);
	json_decref(none);
	return calls;
}

static json_t *
complete(const Asked *asked, const char *content, json_t *calls)
{
	const char *finish = json_array_size(calls) > 0 ? "tool_calls" : "stop";
	const char *calls_text = json_array_size(calls) > 0 ? va_json_text(asked->arena, calls) : NULL;
	long tokens = count_tokens(content) + count_tokens(calls_text);
	uint64_t hash = 0xcbf29ce484222325ULL ^ asked->seed;
	json_t *message = json_pack("{s:s,s:s,s:n}", "role", "assistant", "content", content, "refusal");

	for (const char *c = asked->all; *c != '\0'; c++)
		hash = (hash ^ (unsigned char) *c) * 0x100000001b3ULL;
	for (const char *c = content; *c != '\0'; c++)
		hash = (hash ^ (unsigned char) *c) * 0x100000001b3ULL;
	if (json_array_size(calls) > 0)
		json_object_set(message, "tool_calls", calls);
	json_decref(calls);
	return json_pack("{s:o,s:s,s:i,s:s,s:[{s:i,s:o,s:n,s:s}],s:{s:i,s:i,s:i}}", "id",
		json_sprintf("chatcmpl-%016llx", (unsigned long long) va_mix64(hash)), "object", "chat.completion", "created",
		0, "model", VA_MODEL_NAME, "choices", "index", 0, "message", message, "logprobs", "finish_reason", finish,
		"usage", "prompt_tokens", (int) asked->prompt_tokens, "completion_tokens", (int) tokens, "total_tokens",
		(int) (asked->prompt_tokens + tokens));
}

static json_t *
answer_structured(const Asked *asked, const Talk *talk, const char **why)
{
	static const char *const any = "{\"type\":\"object\",\"properties\":{\"answer\":{\"type\":\"string\"}}}";
	Material material = { .talk = talk, .text = asked->all, .arena = asked->arena };
	json_t *own = asked->schema != NULL ? NULL : va_json_load(asked->arena, any, strlen(any), why);
	json_t *value = va_talker_fill_schema(asked->schema != NULL ? asked->schema : own, &material, why);
	const char *text = va_json_text(asked->arena, value);

	json_decref(own);
	json_decref(value);
	return text == NULL ? NULL : complete(asked, text, json_array());
}

static json_t *
answer_talk(const Asked *asked, Talk *talk, bool reads_back)
{
	const char *said = talk->wants != NULL ? "" : va_embedded_say(talk);
	json_t *answer = said == NULL ? NULL : complete(asked, said, calls_of(asked, talk));

	if (reads_back && va_embedded_read_back(talk) != NULL)
		va_json_set_text(json_object_get(json_array_get(json_object_get(answer, "choices"), 0), "message"),
			"reads_back", va_embedded_read_back(talk));
	return answer;
}

json_t *
va_sandbox_model_answer(const json_t *request, VaArena *arena, const char **why)
{
	Asked asked = { .arena = arena };
	Talk talk = { 0 };
	json_t *answer;
	bool talked;

	*why = NULL;
	if (!read_request(&asked, request, why))
		return NULL;
	read_assistant(&asked, request);
	talked = !asked.json || is_talk(&asked);
	if (talked)
		follow_talk(&asked, &talk);
	else
		talked = follow_transcript(&asked, &talk);
	answer = asked.json ? answer_structured(&asked, talked ? &talk : NULL, why)
						: answer_talk(&asked, &talk, json_is_true(json_object_get(request, "reads_back")));
	va_embedded_end(&talk);
	if (answer == NULL && *why == NULL)
		*why = "out of memory";
	return answer;
}

const char *
va_sandbox_say_answer(const json_t *data, const char *language, VaArena *arena)
{
	Assistant assistant = { .language = va_talker_language(language), .inbound = true };
	Talk talk;

	va_embedded_begin(&talk, &assistant, 0, arena);
	va_embedded_say_tool(&talk, data);
	return va_embedded_say(&talk);
}
