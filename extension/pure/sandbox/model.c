/*-------------------------------------------------------------------------
 * model.c
 *		Requests to the desk, and its completions.  The id of a completion is a
 *		hash of its request, and its time is 0: this code has no clock.
 */
#include "model.h"

#include <string.h>

#include "pure/net/backoff.h"
#include "pure/phrases/verify/spoken.h"
#include "pure/text/template.h"
#include "desk.h"

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
va_desk_filled(const json_t *value, const json_t *variables, VaArena *arena)
{
	json_t *copy = json_deep_copy(value);
	const char *why = NULL;
	const char *text;
	const char *key;
	json_t *member;
	size_t i;

	if (value == NULL)
		return va_json_new_object();
	if (json_is_string(value) && (text = va_template_fill(arena, json_string_value(value), json_string_length(value),
									  variables, NULL, &why)) != NULL)
		json_string_set(copy, text);
	json_array_foreach(value, i, member) json_array_set_new(copy, i, va_desk_filled(member, variables, arena));
	json_object_foreach((json_t *) value, key, member)
		json_object_set_new(copy, key, va_desk_filled(member, variables, arena));
	return copy;
}

static void
add_question(Assistant *assistant, const char *text, const char *field)
{
	Question *question = assistant->questions;
	const Question *end = question + assistant->nquestions;

	/* The question of a field may stand among those of the assistant. */
	while (text != NULL && question < end && strcmp(question->text, text) != 0)
		question++;
	if (text == NULL || question == assistant->questions + QUESTIONS_MAX)
		return;
	assistant->nquestions += question == end;
	question->text = text;
	question->field = question->field == NULL ? field : question->field;
}

void
va_desk_read_assistant(Assistant *assistant, const json_t *told, const json_t *fields, VaArena *arena)
{
	static const char *const objectives[] = { "appointment", "lead", "information", "callback" };
	const struct
	{
		const char *key;
		const char **text;
	} texts[] = { { "name", &assistant->name }, { "business", &assistant->business }, { "offer", &assistant->offer },
		{ "price", &assistant->price }, { "hours", &assistant->hours }, { "now", &assistant->now } };
	const char *direction = va_json_string(told, "direction");
	const char *objective = va_json_string(told, "objective");
	const char *name;
	json_t *one;
	size_t i;

	assistant->language = va_desk_language(va_json_string(told, "language"));
	assistant->inbound = direction != NULL && strcmp(direction, "inbound") == 0;
	for (i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		*texts[i].text = va_json_string(told, texts[i].key);
	assistant->objective = assistant->offer == NULL ? OBJECTIVE_CALLBACK : OBJECTIVE_CUSTOM;
	for (i = 0; objective != NULL && i < sizeof(objectives) / sizeof(objectives[0]); i++)
		if (strcmp(objective, objectives[i]) == 0)
			assistant->objective = (Objective) i;
	json_array_foreach(va_json_array(told, "questions"), i, one)
		add_question(assistant, va_json_string(one, "text"), va_json_string(one, "field"));
	json_object_foreach((json_t *) fields, name, one)
	{
		const char *title = va_json_string(one, "title");

		/* A name alone is no question. */
		if (title != NULL && title[strlen(title) - 1] == '?')
			add_question(assistant, title, name);
	}
	json_array_foreach(va_json_array(told, "objections"), i, one)
	{
		const char *said = va_json_string(one, "objection");
		const char *objection = said == NULL ? NULL : va_desk_fold(said, strlen(said), arena);
		const char *answer = va_json_string(one, "answer");

		if (objection == NULL || answer == NULL || assistant->nobjections == OBJECTIONS_MAX)
			continue;
		assistant->objections[assistant->nobjections] = objection;
		assistant->answers[assistant->nobjections++] = answer;
	}
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

static const char *
wrong_message(Asked *asked, const json_t *message, VaBuffer *all)
{
	const char *text = content_of(message, asked->arena);
	bool heard = is_role(message, "system") || is_role(message, "developer") || is_role(message, "user");

	if (text == NULL || va_json_string(message, "role") == NULL)
		return "each of messages needs a role and its content";
	if (!heard && !is_role(message, "assistant") && !is_role(message, "tool"))
		return "a role is system, developer, user, assistant or tool";
	asked->prompt_tokens += count_tokens(text) + 3;
	if (heard)
		va_buffer_printf(all, "%s\n", text);
	return NULL;
}

/* Returns what is wrong with the request, or NULL. */
static const char *
read_request(Asked *asked, const json_t *request)
{
	const json_t *format = va_json_object(request, "response_format");
	const char *type = format == NULL ? "text" : va_json_string(format, "type");
	const json_t *told = va_json_object(request, "assistant");
	VaBuffer all = { 0 };
	const char *why = NULL;
	json_t *message;
	double number;
	size_t i;

	asked->messages = va_json_array(request, "messages");
	if (json_array_size(asked->messages) == 0 || json_array_size(asked->messages) > VA_MODEL_MAX_MESSAGES)
		return va_arena_printf(asked->arena, "messages must be an array of 1 to %d", VA_MODEL_MAX_MESSAGES);
	if (json_array_size(va_json_array(request, "tools")) > TOOLS_MAX)
		return va_arena_printf(asked->arena, "tools must be at most %d", TOOLS_MAX);
	if (json_is_true(json_object_get(request, "stream")))
		return "this model does not stream";
	if (va_json_number(request, "seed", &number) && number > -9e15 && number < 9e15)
		asked->seed = (uint64_t) (int64_t) number;
	asked->json = type == NULL || strcmp(type, "text") != 0;
	asked->schema = va_json_object(va_json_object(format, "json_schema"), "schema");
	if (asked->json && (type == NULL || (strcmp(type, "json_object") != 0 &&
											(strcmp(type, "json_schema") != 0 || asked->schema == NULL))))
		return "response_format is text, json_object or json_schema with a schema";
	json_array_foreach(asked->messages, i, message) if (why == NULL) why = wrong_message(asked, message, &all);
	asked->all = va_buffer_finish(&all, asked->arena);
	if (why != NULL || asked->all == NULL)
		return why != NULL ? why : "out of memory";
	va_desk_read_assistant(&asked->assistant, told, NULL, asked->arena);
	if (va_json_string(told, "language") == NULL)
		asked->assistant.language = va_desk_language(
			va_spoken_language(&(VaTalkTurn){ .text = asked->all, .len = strlen(asked->all) }, 1, "en"));
	asked->assistant.tools = va_json_array(request, "tools");
	return NULL;
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

			if (called != NULL && strcmp(called, id) == 0)
				return va_json_string(va_json_object(call, "function"), "name");
		}
	}
	return NULL;
}

/* Follows the turns.  Returns false unless both sides have spoken, the assistant first, or have to. */
static bool
follow_talk(const Asked *asked, Desk *desk)
{
	size_t n = json_array_size(asked->messages);
	size_t turns = 0;
	bool assistant = !asked->json;
	bool talked = !asked->json;

	/* The last message of a request for JSON is an order. */
	n -= asked->json && is_role(json_array_get(asked->messages, n - 1), "user");
	for (size_t i = 0; i < n; i++)
	{
		bool user = is_role(json_array_get(asked->messages, i), "user");

		turns += user;
		talked = talked || (assistant && user);
		assistant = assistant || is_role(json_array_get(asked->messages, i), "assistant");
	}
	for (size_t i = 0; talked && i < n; i++)
	{
		const json_t *message = json_array_get(asked->messages, i);
		const char *tool = is_role(message, "tool") ? tool_of(asked, i) : NULL;

		/* Only the last turns count. */
		if (is_role(message, "user") && turns-- <= VA_MODEL_HEARD_TURNS)
			va_desk_hear(desk, content_of(message, asked->arena));
		else if (tool != NULL)
			va_desk_tool(desk, tool, va_json_object(message, "data"));
	}
	return talked;
}

/* Reads turns from the lines "User: ..." and "3 person: ..." of a transcript.  Returns false without such lines. */
static bool
follow_transcript(const Asked *asked, Desk *desk)
{
	static const char *const marks[] = { "User: ", "Customer: ", "Callee: ", "person: " };
	int heard = 0;

	for (const char *text = asked->all; *text != '\0' && heard < VA_MODEL_HEARD_TURNS; text += *text == '\n')
	{
		size_t number = strspn(text, "0123456789");

		text += text[number] == ' ' ? number + 1 : 0;
		for (size_t i = 0; i < sizeof(marks) / sizeof(marks[0]); i++)
			if (strncmp(text, marks[i], strlen(marks[i])) == 0)
			{
				text += strlen(marks[i]);
				va_desk_hear(desk, va_arena_strndup(asked->arena, text, strcspn(text, "\n")));
				heard++;
			}
		text += strcspn(text, "\n");
	}
	return heard > 0;
}

/* ---- the answer ---- */

/* Calls the tool that the talk wants, or the one that ends the call, by its name in the request. */
static json_t *
calls_of(const Asked *asked, const Desk *desk)
{
	static const char *const ends[] = { "end_call", "endCall", "hang_up", NULL };
	const char *const *end = ends;
	const char *name = desk->wants;

	while (name == NULL && va_desk_over(desk) && *end != NULL && !va_desk_may_use(&asked->assistant, *end))
		end++;
	if (name == NULL && va_desk_over(desk))
		name = *end;
	return name == NULL
			   ? json_array()
			   : json_pack("[{s:s+,s:s,s:{s:s,s:s}}]", "id", "call_", name, "type", "function", "function", "name",
					 name, "arguments", desk->wants == NULL ? "{}" : va_json_text(asked->arena, desk->arguments));
}

static json_t *
complete(const Asked *asked, const char *content, json_t *calls)
{
	bool uses = json_array_size(calls) > 0;
	long tokens = count_tokens(content) + count_tokens(uses ? va_json_text(asked->arena, calls) : NULL);
	json_t *message = json_pack("{s:s,s:s,s:n}", "role", "assistant", "content", content, "refusal");

	if (uses)
		json_object_set(message, "tool_calls", calls);
	json_decref(calls);
	return json_pack("{s:o,s:s,s:i,s:s,s:[{s:i,s:o,s:n,s:s}],s:{s:i,s:i,s:i}}", "id",
		json_sprintf(
			"chatcmpl-%016llx", (unsigned long long) va_hash_text(va_hash_text(asked->seed, asked->all), content)),
		"object", "chat.completion", "created", 0, "model", VA_MODEL_NAME, "choices", "index", 0, "message", message,
		"logprobs", "finish_reason", uses ? "tool_calls" : "stop", "usage", "prompt_tokens", (int) asked->prompt_tokens,
		"completion_tokens", (int) tokens, "total_tokens", (int) (asked->prompt_tokens + tokens));
}

static json_t *
answer_structured(const Asked *asked, const Desk *desk, const char **why)
{
	static const char *const any = "{\"type\":\"object\",\"properties\":{\"answer\":{\"type\":\"string\"}}}";
	json_t *schema = asked->schema != NULL ? json_incref((json_t *) asked->schema) : json_loads(any, 0, NULL);
	json_t *value = va_desk_fill_schema(schema, desk, asked->all, asked->arena, why);
	const char *text = va_json_text(asked->arena, value);

	json_decref(schema);
	json_decref(value);
	return text == NULL ? NULL : complete(asked, text, json_array());
}

json_t *
va_sandbox_model_answer(const json_t *request, VaArena *arena, const char **why)
{
	Asked asked = { .arena = arena };
	const char *said = NULL;
	json_t *answer;
	Desk desk;
	bool talked;

	*why = read_request(&asked, request);
	if (*why != NULL)
		return NULL;
	va_desk_begin(&desk, &asked.assistant, arena);
	talked = follow_talk(&asked, &desk) || follow_transcript(&asked, &desk);
	if (!asked.json)
		said = desk.wants != NULL ? "" : va_desk_say(&desk);
	answer = asked.json		? answer_structured(&asked, talked ? &desk : NULL, why)
			 : said != NULL ? complete(&asked, said, calls_of(&asked, &desk))
							: NULL;
	va_desk_end(&desk);
	if (answer == NULL && *why == NULL)
		*why = "out of memory";
	return answer;
}

const char *
va_sandbox_say_answer(const json_t *data, const char *language, VaArena *arena)
{
	Assistant assistant = { .language = va_desk_language(language), .inbound = true };
	Desk desk;

	va_desk_begin(&desk, &assistant, arena);
	va_desk_say_tool(&desk, data);
	return va_desk_say(&desk);
}
