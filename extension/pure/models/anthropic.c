/*-------------------------------------------------------------------------
 * anthropic.c
 *		Anthropic's messages.
 *
 * The version of the API is pinned and sent with every request: from
 * 2026-10-21 on the API refuses a temperature, so none is sent with that, and
 * the key goes as a bearer's, as in the vendor's own library.
 * System messages go apart from the conversation, which begins with the user.
 */
#include "models_internal.h"

#include <string.h>

#include "schema.h"

#define VERSION "2023-06-01"
#define NEWER "2026-10-21"

static const char *
version(const VaModelOrder *order)
{
	const char *own = va_model_setting(order, "anthropic_version");

	return own != NULL ? own : VERSION;
}

/* A turn with tools, which chat completions have as texts beside the content, in blocks. */
static json_t *
blocks_of(const json_t *message, VaArena *arena)
{
	const json_t *calls = va_json_array(message, "tool_calls");
	const char *content = va_json_string(message, "content");
	json_t *blocks = json_array();

	if (content != NULL)
		json_array_append_new(blocks, json_pack("{s:s,s:s}", "type", "text", "text", content));
	for (size_t i = 0; i < json_array_size(calls); i++)
	{
		const json_t *call = json_array_get(calls, i);
		const json_t *function = va_json_object(call, "function");
		const char *arguments = va_json_string(function, "arguments");
		const char *why;
		json_t *input = arguments != NULL ? va_json_load(arena, arguments, strlen(arguments), &why) : NULL;

		if (!json_is_object(input))
		{
			json_decref(input);
			input = va_json_new_object();
		}
		json_array_append_new(
			blocks, json_pack("{s:s,s:s,s:s,s:o}", "type", "tool_use", "id", va_json_string(call, "id"), "name",
						va_json_string(function, "name"), "input", input));
	}
	return blocks;
}

/* Tools' answers are a turn of the user's; all of a turn are one message. */
static void
add_result(json_t *messages, const json_t *message)
{
	json_t *last = json_array_get(messages, json_array_size(messages) - 1);
	json_t *content = va_json_array(last, "content");
	const char *text = va_json_string(message, "content");
	json_t *result = json_pack("{s:s,s:s,s:s}", "type", "tool_result", "tool_use_id",
		va_json_string(message, "tool_call_id"), "content", text != NULL ? text : "");

	if (content != NULL && strcmp(json_string_value(json_object_get(last, "role")), "user") == 0)
		json_array_append_new(content, result);
	else
		json_array_append_new(messages, json_pack("{s:s,s:[o]}", "role", "user", "content", result));
}

static void
add_message(json_t *messages, json_t *message, VaArena *arena)
{
	const char *role = json_string_value(json_object_get(message, "role"));

	if (strcmp(role, "tool") == 0)
		add_result(messages, message);
	else if (va_json_array(message, "tool_calls") != NULL)
		json_array_append_new(
			messages, json_pack("{s:s,s:o}", "role", "assistant", "content", blocks_of(message, arena)));
	else
		json_array_append(messages, message);
}

static void
set_messages(const VaModelOrder *order, json_t *body, VaArena *arena)
{
	json_t *given = va_model_messages(order, arena);
	json_t *messages = json_array();
	VaBuffer system = { 0 };
	const char *text;

	for (size_t i = 0; i < json_array_size(given); i++)
	{
		json_t *message = json_array_get(given, i);
		const char *content = json_string_value(json_object_get(message, "content"));

		if (strcmp(json_string_value(json_object_get(message, "role")), "system") != 0)
			add_message(messages, message, arena);
		else
			va_buffer_printf(&system, "%s%s", system.used > 0 ? "\n\n" : "", content);
	}
	text = va_buffer_finish(&system, arena);
	/* A conversation begins with the user, who has said nothing yet. */
	if (strcmp(json_array_size(messages) > 0 ? json_string_value(json_object_get(json_array_get(messages, 0), "role"))
											 : "",
			"user") != 0)
		json_array_insert_new(messages, 0, json_pack("{s:s,s:s}", "role", "user", "content", "Begin."));
	if (text != NULL && text[0] != '\0')
		json_object_set_new(body, "system", json_string(text));
	json_object_set_new(body, "messages", messages);
	json_decref(given);
}

static void
set_tools(const VaModelOrder *order, json_t *body)
{
	const json_t *given = va_json_array(order->request, "tools");
	json_t *tools = json_array();

	for (size_t i = 0; i < json_array_size(given); i++)
	{
		const json_t *function = va_json_object(json_array_get(given, i), "function");
		json_t *schema = va_json_object(function, "parameters");
		json_t *tool = json_pack("{s:s,s:o}", "name", va_json_string(function, "name"), "input_schema",
			schema != NULL ? json_incref(schema) : json_pack("{s:s}", "type", "object"));

		va_json_set_text(tool, "description", va_json_string(function, "description"));
		json_array_append_new(tools, tool);
	}
	if (json_array_size(tools) > 0)
		json_object_set(body, "tools", tools);
	json_decref(tools);
}

static void
set_headers(const VaModelOrder *order, VaArena *arena, VaHttpRequest *request)
{
	if (strcmp(version(order), NEWER) >= 0)
		(void) va_model_bearer(order, arena, request);
	else if (order->key != NULL)
		va_model_header(request, "x-api-key", order->key);
	va_model_header(request, "anthropic-version", version(order));
}

static bool
build(const VaModelOrder *order, VaArena *arena, VaHttpRequest *request, const char **why)
{
	json_t *body = va_json_new_object();
	json_t *temperature = va_model_temperature(order, 1);
	const json_t *schema = va_model_schema(order);

	memset(request, 0, sizeof(*request));
	json_object_set_new(body, "model", json_string(order->model));
	json_object_set_new(body, "max_tokens", json_integer(va_model_max_tokens(order)));
	set_messages(order, body, arena);
	if (temperature != NULL && strcmp(version(order), NEWER) < 0)
		json_object_set(body, "temperature", temperature);
	json_decref(temperature);
	if (schema != NULL)
		json_object_set_new(body, "output_config",
			json_pack("{s:{s:s,s:o}}", "format", "type", "json_schema", "schema", va_schema_strict(schema)));
	if (va_model_streams(order))
		json_object_set_new(body, "stream", json_true());
	set_tools(order, body);
	request->url = va_model_url(order, &va_model_anthropic, "/v1/messages", arena);
	set_headers(order, arena, request);
	return va_model_body(body, arena, request, why);
}

static bool
build_check(const VaModelOrder *order, bool all, VaArena *arena, VaHttpRequest *request, const char **why)
{
	memset(request, 0, sizeof(*request));
	request->method = "GET";
	request->url = va_model_url(
		order, &va_model_anthropic, va_model_check_path(order, "/v1/models", all, arena), arena);
	set_headers(order, arena, request);
	if (!arena->oom)
		return true;
	return va_refuse(why, "out of memory");
}

/* ---- the reply ---- */

static void
read_content(const json_t *content, VaArena *arena, VaModelReply *reply)
{
	VaBuffer text = { 0 };
	bool any = false;

	for (size_t i = 0; i < json_array_size(content); i++)
	{
		const char *words = va_json_string(json_array_get(content, i), "text");
		const char *type = va_json_string(json_array_get(content, i), "type");

		/* Other blocks, such as thoughts, are no part of the answer. */
		if (type == NULL || strcmp(type, "text") != 0 || words == NULL)
			continue;
		va_buffer_add(&text, words, strlen(words));
		any = true;
	}
	reply->text = va_buffer_finish(&text, arena);
	if (!any)
		reply->text = NULL;
}

static void
read_stop(const char *reason, VaModelReply *reply)
{
	if (reason != NULL && strcmp(reason, "refusal") == 0)
		va_model_end(reply, VA_MODEL_REFUSED, "the model would not answer");
	else if (reason != NULL && strcmp(reason, "max_tokens") == 0)
		va_model_end(reply, VA_MODEL_INCOMPLETE, "the answer was cut off at max_tokens");
	else if (reason != NULL && strcmp(reason, "model_context_window_exceeded") == 0)
		va_model_end(reply, VA_MODEL_INCOMPLETE, "the messages fill all that the model can hold");
	else if (reply->text == NULL)
		va_model_end(reply, VA_MODEL_UNREADABLE, "the answer has no text");
	else
		reply->kind = VA_MODEL_ANSWERED;
}

static void
read_reply(const VaModelOrder *order, const VaHttpResponse *response, VaArena *arena, VaModelReply *reply)
{
	json_t *root = va_model_reply_json(order, response, arena, reply);
	const json_t *usage = va_json_object(root, "usage");

	if (root == NULL)
		return;
	reply->counted = usage != NULL;
	reply->tokens_cached = va_model_count(usage, "cache_read_input_tokens");
	/* input_tokens leaves out what the cache gave or took. */
	reply->tokens_in = va_model_count(usage, "input_tokens") + reply->tokens_cached +
					   va_model_count(usage, "cache_creation_input_tokens");
	reply->tokens_out = va_model_count(usage, "output_tokens");
	read_content(va_json_array(root, "content"), arena, reply);
	read_stop(va_json_string(root, "stop_reason"), reply);
	json_decref(root);
}

const VaModelDriver va_model_anthropic = { "anthropic", "Anthropic (messages)", "https://api.anthropic.com", true,
	"mind", "anthropic_version,temperature,in_calls", build, read_reply, build_check };
