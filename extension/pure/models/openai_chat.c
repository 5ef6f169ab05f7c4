/*-------------------------------------------------------------------------
 * openai_chat.c
 *		OpenAI's chat completions, and every server that speaks them: a
 *		compatible one by its base URL, and the sandbox.
 *
 * Compatible servers differ in how they take a schema (setting
 * structured_output: json_schema, json_object, prompt) and in the name of the
 * bound on the answer (max_tokens_field).
 */
#include "models_internal.h"

#include <string.h>

#include "schema.h"

/* The embedded model knows the bounds that strict schemas leave out. */
static void
add_schema(const VaModelOrder *order, const VaModelDriver *driver, json_t *body, json_t *messages, VaArena *arena)
{
	const json_t *schema = va_model_schema(order);
	const char *way = va_model_setting(order, "structured_output");

	if (schema == NULL)
		return;
	if (way == NULL || strcmp(way, "json_schema") == 0)
	{
		json_object_set_new(body, "response_format",
			json_pack("{s:s,s:{s:s,s:o,s:b}}", "type", "json_schema", "json_schema", "name",
				va_model_schema_name(order), "schema",
				driver == &va_model_sandbox ? json_incref((json_t *) schema) : va_schema_strict(schema), "strict",
				driver != &va_model_sandbox));
		return;
	}
	(void) va_model_add_schema_words(messages, schema, arena);
	if (strcmp(way, "json_object") == 0)
		json_object_set_new(body, "response_format", json_pack("{s:s}", "type", "json_object"));
}

/* Tools are as chat completions have them. */
static void
add_talk(const VaModelOrder *order, json_t *body)
{
	json_t *tools = va_json_array(order->request, "tools");

	if (json_array_size(tools) > 0)
		json_object_set(body, "tools", tools);
	if (!va_model_streams(order))
		return;
	json_object_set_new(body, "stream", json_true());
	if (!va_model_omits(order, "stream_options"))
		json_object_set_new(body, "stream_options", json_pack("{s:b}", "include_usage", true));
}

static bool
build_chat(const VaModelOrder *order, const VaModelDriver *driver, const char *max_tokens_field, VaArena *arena,
	VaHttpRequest *request, const char **why)
{
	json_t *body = va_json_new_object();
	json_t *messages = va_model_messages(order, arena);
	json_t *temperature = va_model_temperature(order, 2);
	const json_t *seed = json_object_get(order->request, "seed");
	const char *field = va_model_setting(order, "max_tokens_field");

	if (field == NULL)
		field = max_tokens_field;
	if (va_model_omits(order, field))
		field = strcmp(field, "max_tokens") == 0 ? "max_completion_tokens" : "max_tokens";
	memset(request, 0, sizeof(*request));
	json_object_set_new(body, "model", json_string(order->model));
	add_schema(order, driver, body, messages, arena);
	json_object_set_new(body, "messages", messages);
	json_object_set_new(body, field, json_integer(va_model_max_tokens(order)));
	if (temperature != NULL)
		json_object_set_new(body, "temperature", temperature);
	add_talk(order, body);
	if (seed != NULL && !va_model_omits(order, "seed"))
		json_object_set_new(body, "seed", json_integer(json_integer_value(seed)));
	request->url = va_model_url(order, driver, "/chat/completions", arena);
	if (!va_model_bearer(order, arena, request))
	{
		json_decref(body);
		return va_refuse(why, "out of memory");
	}
	return va_model_body(body, arena, request, why);
}

static bool
build_openai(const VaModelOrder *order, VaArena *arena, VaHttpRequest *request, const char **why)
{
	return build_chat(order, &va_model_openai, "max_completion_tokens", arena, request, why);
}

static bool
build_compatible(const VaModelOrder *order, VaArena *arena, VaHttpRequest *request, const char **why)
{
	return build_chat(order, &va_model_compatible, "max_tokens", arena, request, why);
}

static bool
build_check(const VaModelOrder *order, bool all, VaArena *arena, VaHttpRequest *request, const char **why)
{
	memset(request, 0, sizeof(*request));
	request->method = "GET";
	request->url = va_model_url(order, &va_model_openai, va_model_check_path(order, "/models", all, arena), arena);
	if (va_model_bearer(order, arena, request))
		return true;
	return va_refuse(why, "out of memory");
}

static bool
build_sandbox(const VaModelOrder *order, VaArena *arena, VaHttpRequest *request, const char **why)
{
	return build_chat(order, &va_model_sandbox, "max_tokens", arena, request, why);
}

/* ---- the reply ---- */

static void
read_usage(const json_t *usage, VaModelReply *reply)
{
	if (usage == NULL)
		return;
	reply->counted = true;
	reply->tokens_in = va_model_count(usage, "prompt_tokens");
	reply->tokens_cached = va_model_count(va_json_object(usage, "prompt_tokens_details"), "cached_tokens");
	reply->tokens_out = va_model_count(usage, "completion_tokens");
}

static void
read_choice(const json_t *choice, VaArena *arena, VaModelReply *reply)
{
	const json_t *message = va_json_object(choice, "message");
	const char *refusal = va_json_string(message, "refusal");
	const char *content = va_json_string(message, "content");
	const char *reason = va_json_string(choice, "finish_reason");

	reply->text = content != NULL ? va_arena_strdup(arena, content) : NULL;
	if (refusal != NULL)
		va_model_end(reply, VA_MODEL_REFUSED, va_model_words(refusal, arena));
	else if (reason != NULL && strcmp(reason, "content_filter") == 0)
		va_model_end(reply, VA_MODEL_REFUSED, "the vendor's filter withheld the answer");
	else if (reason != NULL && strcmp(reason, "length") == 0)
		va_model_end(reply, VA_MODEL_INCOMPLETE, "the answer was cut off at max_tokens");
	else if (content == NULL)
		va_model_end(reply, VA_MODEL_UNREADABLE, "the answer has no content");
	else
		reply->kind = VA_MODEL_ANSWERED;
}

static void
read_chat(const VaModelOrder *order, const VaHttpResponse *response, VaArena *arena, VaModelReply *reply)
{
	json_t *root = va_model_reply_json(order, response, arena, reply);

	if (root == NULL)
		return;
	read_usage(va_json_object(root, "usage"), reply);
	if (json_array_size(va_json_array(root, "choices")) == 0)
		va_model_end(reply, VA_MODEL_UNREADABLE, "the answer has no choices");
	else
		read_choice(json_array_get(va_json_array(root, "choices"), 0), arena, reply);
	json_decref(root);
}

const VaModelDriver va_model_openai = { "openai", "OpenAI (chat completions)", "https://api.openai.com/v1", true,
	"mind", "structured_output,temperature,in_calls", build_openai, read_chat, build_check };
const VaModelDriver va_model_compatible = { "compatible", "a server that speaks OpenAI's chat completions", "", false,
	"mind", "structured_output,max_tokens_field,temperature,in_calls", build_compatible, read_chat, build_check };
const VaModelDriver va_model_sandbox = { "sandbox", "the embedded model", "", false, NULL, NULL, build_sandbox,
	read_chat, build_check };
