/*
 * fuzz_models.c
 *		Any bytes as what a server of language models answers, as its headers, as a schema, as an answer to a schema, as a text of
 *		some language: no crash, and what a driver takes for an answer has a text.
 */
#include <stdlib.h>
#include <string.h>

#include "pure/models/models.h"
#include "pure/models/schema.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
check(bool condition)
{
	if (!condition)
		abort();
}

static void
fuzz_replies(VaArena *arena, const char *text, size_t size)
{
	static const int statuses[] = { 200, 400, 404, 429, 500 };
	VaModelOrder order = { .model = "m-1" };

	for (const VaModelDriver *const *driver = va_model_drivers(); *driver != NULL; driver++)
		for (size_t i = 0; i < sizeof(statuses) / sizeof(statuses[0]); i++)
		{
			VaHttpResponse response = { .status = statuses[i], .sent = true, .body = text, .body_len = size };
			VaModelReply reply;
			VaModelList list;

			(*driver)->read(&order, &response, arena, &reply);
			check(reply.kind != VA_MODEL_ANSWERED || (statuses[i] == 200 && reply.text != NULL));
			check(reply.kind == VA_MODEL_ANSWERED || reply.message != NULL);
			check(reply.tokens_in >= 0 && reply.tokens_out >= 0 && reply.tokens_cached >= 0);
			va_model_read_list(&response, arena, &list);
			check(list.n >= 0 && list.n <= VA_MODEL_LIST_MAX);
		}
}

/* The bytes before a NUL are a schema, those after it an answer. */
static void
fuzz_schema(VaArena *arena, const char *text, size_t size)
{
	size_t len = strlen(text);
	const char *why = NULL;
	json_t *schema = va_json_load(arena, text, len, &why);
	json_t *value = va_schema_load(len < size ? text + len + 1 : "{}", arena, &why);

	if (schema != NULL && va_schema_check(schema, arena, &why))
	{
		json_t *strict = va_schema_strict(schema);

		check(va_schema_check(strict, arena, &why));
		json_decref(strict);
		if (value != NULL)
		{
			va_schema_prune(schema, value);
			why = NULL;
			check(va_schema_conforms(schema, value, arena, &why) || why != NULL);
		}
	}
	else if (schema != NULL)
		check(why != NULL);
	json_decref(schema);
	json_decref(value);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	VaArena arena = { 0 };
	char *text = malloc(size + 1);
	int64_t rest;

	if (text == NULL)
		return 0;
	if (size > 0)
		memcpy(text, data, size);
	text[size] = '\0';
	fuzz_replies(&arena, text, size);
	fuzz_schema(&arena, text, size);
	rest = va_model_rest_ms(text, -1, size % 2 == 0, INT64_C(1700000000000));
	check(rest >= 0 && rest <= INT64_C(3600000));
	(void) va_model_final(text);
	va_arena_free(&arena);
	free(text);
	return 0;
}
