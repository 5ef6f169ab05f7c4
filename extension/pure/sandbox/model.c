/*-------------------------------------------------------------------------
 * model.c
 *		Requests to the sandbox's language model, and its completions.
 *
 * Pure: no backend, no locks, no state.  The id of a completion is a hash of
 * what it answers, and its time is 0: nobody here has a clock.
 *-------------------------------------------------------------------------
 */
#include "model_internal.h"

#include <string.h>

#include "pure/net/backoff.h"

#define TOKEN_BYTES 8
#define TOOLS_MAX 128

/* A request as it is read. */
typedef struct Asked
{
	VaArena *arena;
	const json_t *messages;
	const json_t *tools;
	const json_t *schema; /* NULL = text is wanted, unless json */
	bool json;
	uint64_t seed;
	long max_tokens; /* 0 = not bounded */
	const char *system;
	const char *all;		   /* system and user texts, one behind the other */
	const char *first_message; /* what the assistant said before anybody else; NULL = nothing */
	const char **heard;		   /* the person's turns that count */
	int nheard;
	bool talks; /* both sides have spoken */
	long prompt_tokens;
} Asked;

/* ---- tokens ---- */

/* Bytes of the token at text: a run of up to eight letters and digits, or one other character; 0 at the end. */
static size_t
token_at(const char *text, const char **from)
{
	size_t len = 0;

	text += strspn(text, " \t\r\n");
	*from = text;
	while (len < TOKEN_BYTES && ((text[len] >= '0' && text[len] <= '9') || (text[len] >= 'a' && text[len] <= 'z') ||
									(text[len] >= 'A' && text[len] <= 'Z') || ((unsigned char) text[len] & 0x80) != 0))
		len++;
	/* No character is cut in two. */
	while (len > 0 && ((unsigned char) text[len] & 0xC0) == 0x80)
		len++;
	return len > 0 ? len : *text != '\0';
}

static long
count_tokens(const char *text)
{
	long n = 0;
	size_t len;

	while (text != NULL && (len = token_at(text, &text)) > 0)
	{
		text += len;
		n++;
	}
	return n;
}

/* The first so many tokens of a text. */
static const char *
cut_tokens(const char *text, long max, VaArena *arena)
{
	const char *at = text;
	size_t len;

	while (max-- > 0 && (len = token_at(at, &at)) > 0)
		at += len;
	return va_arena_strndup(arena, text, (size_t) (at - text));
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

/* "User: ..." and "3 person: ..." lines of a transcript that somebody wrote into a message are turns as well. */
static void
hear_transcript(Asked *asked, const char *text)
{
	static const char *const marks[] = { "User: ", "Customer: ", "Callee: ", "person: " };

	while (asked->nheard < VA_MODEL_HEARD_TURNS && *text != '\0')
	{
		size_t number = strspn(text, "0123456789");
		size_t len;

		text += text[number] == ' ' ? number + 1 : 0;
		len = strcspn(text, "\n");
		for (size_t i = 0; i < sizeof(marks) / sizeof(marks[0]); i++)
			if (strncmp(text, marks[i], strlen(marks[i])) == 0)
			{
				asked->heard[asked->nheard] = va_arena_strndup(
					asked->arena, text + strlen(marks[i]), len - strlen(marks[i]));
				asked->nheard += asked->heard[asked->nheard] != NULL;
				asked->talks = true;
				break;
			}
		text += len;
		text += *text == '\n';
	}
}

static void
add_text(VaBuffer *buffer, const char *text)
{
	va_buffer_add(buffer, text, strlen(text));
	va_buffer_add(buffer, "\n", 1);
}

static bool
read_messages(Asked *asked, const char **why)
{
	VaBuffer system = { 0 };
	VaBuffer all = { 0 };
	bool assistant = false;
	json_t *message;
	size_t i;

	asked->heard = va_arena_alloc(asked->arena, sizeof(char *) * (VA_MODEL_HEARD_TURNS + 1));
	json_array_foreach(asked->messages, i, message)
	{
		const char *role = va_json_string(message, "role");
		const char *text = role == NULL ? NULL : content_of(message, asked->arena);

		if (text == NULL || asked->heard == NULL)
		{
			*why = "each of messages needs a role and its content";
			break;
		}
		asked->prompt_tokens += count_tokens(text) + 3;
		if (strcmp(role, "system") == 0 || strcmp(role, "developer") == 0)
			add_text(&system, text), add_text(&all, text);
		else if (strcmp(role, "user") == 0)
		{
			add_text(&all, text);
			/* The last ones count. */
			if (asked->nheard == VA_MODEL_HEARD_TURNS)
				memmove(asked->heard, asked->heard + 1, sizeof(char *) * (VA_MODEL_HEARD_TURNS - 1));
			else
				asked->nheard++;
			asked->heard[asked->nheard - 1] = text;
			asked->talks = asked->talks || assistant;
		}
		else if (strcmp(role, "assistant") == 0)
		{
			if (!assistant && asked->nheard == 0 && text[0] != '\0')
				asked->first_message = text;
			assistant = true;
		}
		else if (strcmp(role, "tool") != 0)
			*why = "a role is system, developer, user, assistant or tool";
	}
	asked->system = va_buffer_finish(&system, asked->arena);
	asked->all = va_buffer_finish(&all, asked->arena);
	if (*why == NULL && (asked->system == NULL || asked->all == NULL))
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
	{
		*why = va_arena_printf(asked->arena, "messages must be an array of 1 to %d", VA_MODEL_MAX_MESSAGES);
		return false;
	}
	asked->tools = va_json_array(request, "tools");
	if (json_array_size(asked->tools) > TOOLS_MAX)
		*why = va_arena_printf(asked->arena, "tools must be at most %d", TOOLS_MAX);
	if (json_is_true(json_object_get(request, "stream")))
		*why = "this model does not stream";
	if (va_json_number(request, "n", &number) && number != 1)
		*why = "n must be 1";
	if (va_json_number(request, "seed", &number) && number > -9e15 && number < 9e15)
		asked->seed = (uint64_t) (int64_t) number;
	if (va_json_number(request, "max_completion_tokens", &number) || va_json_number(request, "max_tokens", &number))
	{
		if (!(number >= 1))
			*why = "max_tokens must be 1 or more";
		else
			asked->max_tokens = number > 1000000 ? 1000000 : (long) number;
	}
	return *why == NULL && read_format(asked, request, why) && read_messages(asked, why);
}

/* ---- tools ---- */

static const char *
tool_name(const json_t *tool)
{
	return va_json_string(va_json_object(tool, "function"), "name");
}

/* Whether its result came after the person's last words. */
static bool
was_called(const Asked *asked, const char *name)
{
	for (size_t i = json_array_size(asked->messages); i-- > 0;)
	{
		const json_t *message = json_array_get(asked->messages, i);
		const char *role = va_json_string(message, "role");
		json_t *call;
		size_t j;

		if (role != NULL && strcmp(role, "user") == 0)
			return false;
		json_array_foreach(json_object_get(message, "tool_calls"), j, call)
		{
			const char *called = tool_name(call);

			if (called != NULL && strcmp(called, name) == 0)
				return true;
		}
	}
	return false;
}

static bool
ends_call(const char *name)
{
	return strcmp(name, "end_call") == 0 || strcmp(name, "endCall") == 0 || strcmp(name, "hang_up") == 0;
}

/* Whether the tool is what the conversation has come to. */
static bool
is_due(const Talk *talk, const char *name)
{
	bool books = strstr(name, "book") != NULL || strstr(name, "appointment") != NULL;

	if (ends_call(name))
		return va_model_talk_over(talk);
	if (books)
		return talk->booked && va_model_talk_over(talk);
	if (strstr(name, "callback") != NULL || strstr(name, "call_back") != NULL)
		return talk->callback && va_model_talk_over(talk);
	return (strstr(name, "opt_out") != NULL || strstr(name, "do_not_call") != NULL) && talk->opted_out;
}

static json_t *
call_tools(const Asked *asked, Material *material)
{
	json_t *calls = json_array();
	json_t *tool;
	size_t i;

	json_array_foreach(asked->tools, i, tool)
	{
		const char *name = tool_name(tool);
		const json_t *parameters = va_json_object(va_json_object(tool, "function"), "parameters");
		const char *why = NULL;
		json_t *arguments;
		const char *text;

		if (name == NULL || !is_due(material->talk, name) || was_called(asked, name))
			continue;
		arguments = parameters == NULL ? va_json_new_object() : va_model_fill_schema(parameters, material, &why);
		if (arguments == NULL)
			continue;
		text = va_json_text(asked->arena, arguments);
		json_decref(arguments);
		if (text != NULL)
			json_array_append_new(calls, json_pack("{s:s+,s:s,s:{s:s,s:s}}", "id", "call_", name, "type", "function",
											 "function", "name", name, "arguments", text));
	}
	return calls;
}

/* ---- the answer ---- */

static void
follow_talk(const Asked *asked, const Prompt *prompt, Talk *talk)
{
	va_model_talk_begin(talk, prompt, asked->seed, asked->arena);
	for (int i = 0; i < asked->nheard; i++)
		va_model_talk_hear(talk, asked->heard[i]);
}

static bool
ends_with_user(const Asked *asked)
{
	const json_t *last = json_array_get(asked->messages, json_array_size(asked->messages) - 1);

	return strcmp(va_json_string(last, "role"), "user") == 0;
}

static const char *
completion_id(const Asked *asked, const char *content)
{
	uint64_t hash = 0xcbf29ce484222325ULL ^ asked->seed;

	for (const char *c = asked->all; *c != '\0'; c++)
		hash = (hash ^ (unsigned char) *c) * 0x100000001b3ULL;
	for (const char *c = content; *c != '\0'; c++)
		hash = (hash ^ (unsigned char) *c) * 0x100000001b3ULL;
	return va_arena_printf(asked->arena, "chatcmpl-%016llx", (unsigned long long) va_mix64(hash));
}

static json_t *
complete(const Asked *asked, const char *content, json_t *calls)
{
	const char *finish = json_array_size(calls) > 0 ? "tool_calls" : "stop";
	const char *calls_text = json_array_size(calls) > 0 ? va_json_text(asked->arena, calls) : NULL;
	long tokens = count_tokens(content) + count_tokens(calls_text);
	const char *id = completion_id(asked, content);
	json_t *message;

	if (asked->max_tokens > 0 && tokens > asked->max_tokens)
	{
		content = cut_tokens(content, asked->max_tokens, asked->arena);
		tokens = asked->max_tokens;
		finish = "length";
		json_array_clear(calls);
	}
	if (content == NULL || id == NULL)
	{
		json_decref(calls);
		return NULL;
	}
	message = json_pack("{s:s,s:s,s:n}", "role", "assistant", "content", content, "refusal");
	if (json_array_size(calls) > 0)
		json_object_set(message, "tool_calls", calls);
	json_decref(calls);
	return json_pack("{s:s,s:s,s:i,s:s,s:[{s:i,s:o,s:n,s:s}],s:{s:i,s:i,s:i}}", "id", id, "object", "chat.completion",
		"created", 0, "model", VA_MODEL_NAME, "choices", "index", 0, "message", message, "logprobs", "finish_reason",
		finish, "usage", "prompt_tokens", (int) asked->prompt_tokens, "completion_tokens", (int) tokens, "total_tokens",
		(int) (asked->prompt_tokens + tokens));
}

static json_t *
answer_structured(const Asked *asked, Material *material, const char **why)
{
	static const char *const any = "{\"type\":\"object\",\"properties\":{\"answer\":{\"type\":\"string\"}}}";
	json_t *own = asked->schema != NULL ? NULL : va_json_load(asked->arena, any, strlen(any), why);
	json_t *value = va_model_fill_schema(asked->schema != NULL ? asked->schema : own, material, why);
	const char *text = va_json_text(asked->arena, value);

	json_decref(own);
	json_decref(value);
	return text == NULL ? NULL : complete(asked, text, json_array());
}

/* What the prompt of a talk wants is the same in each of its turns. */
static const Prompt *
understand(const Asked *asked, Understood *understood)
{
	bool system = asked->system[0] != '\0';

	if (!understood->read || !system)
		va_model_read_prompt(
			system ? asked->system : asked->all, asked->first_message, asked->arena, &understood->prompt);
	understood->read = system;
	return &understood->prompt;
}

json_t *
va_model_answer(const json_t *request, Understood *understood, VaArena *arena, const char **why)
{
	Asked asked = { .arena = arena };
	const Prompt *prompt;
	Talk talk;
	Material material = { .arena = arena };
	const char *said;
	json_t *answer = NULL;

	*why = NULL;
	if (!read_request(&asked, request, why))
		return NULL;
	prompt = understand(&asked, understood);
	material.prompt = prompt;
	material.text = asked.all;
	material.rng = va_mix64(asked.seed);
	if (asked.json)
	{
		/* The last message of a request for JSON is an order, and no turn. */
		if (!asked.talks)
			asked.nheard = 0;
		else if (asked.nheard > 0 && ends_with_user(&asked))
			asked.nheard--;
		if (!asked.talks)
			hear_transcript(&asked, asked.all);
	}
	follow_talk(&asked, prompt, &talk);
	if (asked.json)
	{
		material.talk = asked.talks ? &talk : NULL;
		answer = answer_structured(&asked, &material, why);
	}
	else if ((said = va_model_talk_say(&talk)) != NULL)
	{
		material.talk = &talk;
		answer = complete(&asked, said, call_tools(&asked, &material));
		if (json_is_true(json_object_get(request, "reads_back")) && va_model_read_back(&talk) != NULL)
			va_json_set_text(json_object_get(json_array_get(json_object_get(answer, "choices"), 0), "message"),
				"reads_back", va_model_read_back(&talk));
	}
	if (answer == NULL && *why == NULL)
		*why = "out of memory";
	return answer;
}

json_t *
va_sandbox_model_answer(const json_t *request, VaArena *arena, const char **why)
{
	Understood understood = { .read = false };

	return va_model_answer(request, &understood, arena, why);
}

/* ---- what is understood of a prompt ---- */

static json_t *
texts(const char *const *items, int n)
{
	json_t *array = json_array();

	for (int i = 0; i < n; i++)
		if (items[i] != NULL)
			json_array_append_new(array, json_string(items[i]));
	return array;
}

json_t *
va_sandbox_model_read(const char *text, const char *first_message, VaArena *arena)
{
	static const char *const languages[LANGUAGES] = { "en", "es", "fr", "de" };
	json_t *read = va_json_new_object();
	Prompt prompt;

	va_model_read_prompt(text, first_message, arena, &prompt);
	va_json_set_text(read, "language", languages[prompt.language]);
	va_json_set_text(read, "objective", va_model_objective_name(prompt.objective));
	va_json_set_text(read, "assistant", prompt.assistant);
	va_json_set_text(read, "business", prompt.business);
	va_json_set_text(read, "offer", prompt.offer);
	va_json_set_text(read, "price", prompt.price);
	json_object_set_new(read, "questions", texts(prompt.questions, prompt.nquestions));
	json_object_set_new(read, "objections", texts(prompt.objections, prompt.nobjections));
	json_object_set_new(read, "answers", texts(prompt.answers, prompt.nobjections));
	json_object_set_new(read, "fields", texts(prompt.fields, prompt.nfields));
	return read;
}
