/*
 * fuzz_model.c
 *		Any JSON as a request to the sandbox's language model, and any bytes as
 *		its prompt and as what a person says: it answers or says why not, the
 *		same way twice.
 *
 * The first byte chooses: a whole request, a schema, or a talk in which NULs
 * part the prompt from the turns.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "pure/sandbox/model.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static json_t *
talk_request(VaArena *arena, const uint8_t *data, size_t size)
{
	json_t *messages = json_array();
	const char *role = "system";

	while (size > 0)
	{
		size_t len = strnlen((const char *) data, size);
		char *text = va_arena_strndup(arena, (const char *) data, len);
		/* What is no text of UTF-8 makes no string. */
		json_t *content = json_string(text);

		json_array_append_new(messages,
			json_pack("{s:s,s:o}", "role", role, "content", content != NULL ? content : json_string("?")));
		role = strcmp(role, "user") == 0 ? "assistant" : "user";
		data += len;
		size -= len;
		if (size > 0)
		{
			data++;
			size--;
		}
	}
	return json_pack("{s:o}", "messages", messages);
}

static json_t *
read_request(VaArena *arena, const uint8_t *data, size_t size)
{
	const char *why;
	json_t *json;

	if (data[0] % 3 == 0)
		return talk_request(arena, data + 1, size - 1);
	json = va_json_load(arena, data + 1, size - 1, &why);
	if (json == NULL || data[0] % 3 == 1)
		return json;
	return json_pack("{s:[{s:s,s:s},{s:s,s:s},{s:s,s:s}],s:{s:s,s:{s:o}}}", "messages", "role", "assistant", "content",
		"Hello", "role", "user", "content", "Yes", "role", "user", "content", "Go", "response_format", "type",
		"json_schema", "json_schema", "schema", json);
}

static char *
answer(const json_t *request)
{
	VaArena arena = { 0 };
	const char *why = NULL;
	json_t *answered = va_sandbox_model_answer(request, &arena, &why);
	char *text = answered != NULL ? json_dumps(answered, JSON_SORT_KEYS) : NULL;

	if (answered == NULL ? why == NULL : text == NULL)
		abort();
	json_decref(answered);
	va_arena_free(&arena);
	return text;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	VaArena arena = { 0 };
	json_t *request = size < 2 ? NULL : read_request(&arena, data, size);

	if (request != NULL)
	{
		char *one = answer(request);
		char *two = answer(request);

		if ((one == NULL) != (two == NULL) || (one != NULL && strcmp(one, two) != 0))
			abort();
		free(one);
		free(two);
	}
	json_decref(request);
	va_arena_free(&arena);
	return 0;
}
