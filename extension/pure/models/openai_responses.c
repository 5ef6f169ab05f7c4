/*-------------------------------------------------------------------------
 * openai_responses.c
 *		OpenAI's responses: the same models, another form.  Nothing is stored
 *		there (store: false): what a conversation was is kept here.
 */
#include "models_internal.h"

#include <string.h>

#include "schema.h"

static bool
build(const VaModelOrder *order, VaArena *arena, VaHttpRequest *request, const char **why)
{
	json_t *body = va_json_new_object();
	json_t *temperature = va_model_temperature(order, 2);
	const json_t *schema = va_model_schema(order);

	memset(request, 0, sizeof(*request));
	json_object_set_new(body, "model", json_string(order->model));
	json_object_set_new(body, "input", va_model_messages(order, arena));
	json_object_set_new(body, "max_output_tokens", json_integer(va_model_max_tokens(order)));
	json_object_set_new(body, "store", json_false());
	if (temperature != NULL)
		json_object_set_new(body, "temperature", temperature);
	if (schema != NULL)
		json_object_set_new(body, "text",
			json_pack("{s:{s:s,s:s,s:o,s:b}}", "format", "type", "json_schema", "name", va_model_schema_name(order),
				"schema", va_schema_strict(schema), "strict", 1));
	request->url = va_model_url(order, &va_model_openai_responses, "/responses", arena);
	if (!va_model_bearer(order, arena, request))
	{
		json_decref(body);
		return va_refuse(why, "out of memory");
	}
	return va_model_body(body, arena, request, why);
}

static bool
build_check(const VaModelOrder *order, bool all, VaArena *arena, VaHttpRequest *request, const char **why)
{
	return va_model_openai.build_check(order, all, arena, request, why);
}

/* ---- the reply ---- */

/* The texts of every message among the output, one behind the other; a refusal goes before them. */
static void
read_output(const json_t *output, VaArena *arena, VaModelReply *reply)
{
	VaBuffer text = { 0 };
	bool any = false;

	for (size_t i = 0; i < json_array_size(output); i++)
	{
		const json_t *content = va_json_array(json_array_get(output, i), "content");

		for (size_t k = 0; k < json_array_size(content); k++)
		{
			const json_t *part = json_array_get(content, k);
			const char *type = va_json_string(part, "type");
			const char *words = va_json_string(part, "text");

			if (type != NULL && strcmp(type, "refusal") == 0)
			{
				const char *refusal = va_json_string(part, "refusal");

				va_model_end(reply, VA_MODEL_REFUSED,
					refusal != NULL ? va_model_words(refusal, arena) : "the model refused without a reason");
			}
			else if (type != NULL && strcmp(type, "output_text") == 0 && words != NULL)
			{
				va_buffer_add(&text, words, strlen(words));
				any = true;
			}
		}
	}
	/* Also when there was none: the buffer's memory goes to the arena. */
	reply->text = va_buffer_finish(&text, arena);
	if (!any)
		reply->text = NULL;
}

static void
read_status(const json_t *root, VaArena *arena, VaModelReply *reply)
{
	const char *status = va_json_string(root, "status");
	const char *reason = va_json_string(va_json_object(root, "incomplete_details"), "reason");
	const char *words = va_json_string(va_json_object(root, "error"), "message");

	if (reply->kind == VA_MODEL_REFUSED)
		return;
	if (status != NULL && strcmp(status, "incomplete") == 0 && reason != NULL && strcmp(reason, "content_filter") == 0)
		va_model_end(reply, VA_MODEL_REFUSED, "the vendor's filter withheld the answer");
	else if (status != NULL && strcmp(status, "incomplete") == 0)
		va_model_end(reply, VA_MODEL_INCOMPLETE, "the answer was cut off at max_tokens");
	else if (status != NULL && strcmp(status, "failed") == 0)
		va_model_end(reply, VA_MODEL_SERVER,
			words != NULL ? va_model_words(words, arena) : "the vendor failed without a reason");
	else if (reply->text == NULL)
		va_model_end(reply, VA_MODEL_UNREADABLE, "the answer has no text");
}

static void
read_reply(const VaModelOrder *order, const VaHttpResponse *response, VaArena *arena, VaModelReply *reply)
{
	json_t *root = va_model_reply_json(order, response, arena, reply);
	const json_t *usage = va_json_object(root, "usage");

	if (root == NULL)
		return;
	reply->kind = VA_MODEL_ANSWERED;
	reply->counted = usage != NULL;
	reply->tokens_in = va_model_count(usage, "input_tokens");
	reply->tokens_cached = va_model_count(va_json_object(usage, "input_tokens_details"), "cached_tokens");
	reply->tokens_out = va_model_count(usage, "output_tokens");
	read_output(va_json_array(root, "output"), arena, reply);
	read_status(root, arena, reply);
	json_decref(root);
}

const VaModelDriver va_model_openai_responses = { "openai_responses", "OpenAI (responses)", "https://api.openai.com/v1",
	true, "mind", "temperature", build, read_reply, build_check };
