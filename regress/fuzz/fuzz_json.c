/*
 * fuzz_json.c
 *		Any bytes as JSON, as a text that goes into JSON, as an instant, as a
 *		number, as the secret of an outgoing webhook: no crash, and what comes out reads
 *		back as what went in.
 */
#include "pure/text/instant.h"
#include "pure/text/json.h"
#include "pure/auth/standard_webhook.h"
#include "pure/text/utf8.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
check(bool condition)
{
	if (!condition)
		abort();
}

/* A document that is taken is one that its own text gives again. */
static void
fuzz_document(VaArena *arena, const uint8_t *data, size_t size)
{
	const char *why = NULL;
	json_t *json = va_json_load(arena, data, size, &why);
	json_t *again;
	char *text;

	if (json == NULL)
	{
		check(why != NULL && why[0] != '\0');
		return;
	}
	text = va_json_text(arena, json);
	check(text != NULL);
	again = va_json_load(arena, text, strlen(text), &why);
	/* Numbers keep 15 digits, so the texts are compared and not the documents. */
	check(again != NULL && strcmp(va_json_text(arena, again), text) == 0);
	va_json_string(json, "a");
	va_json_object(json, "a");
	va_json_array(json, "a");
	json_decref(again);
	json_decref(json);
}

/* UTF-8 written by our own writer is JSON, and jansson reads the same text in it. */
static void
fuzz_text(VaArena *arena, const char *text, size_t size)
{
	VaBuffer buffer = { 0 };
	json_t *expected = json_stringn(text, size);
	const char *why = NULL;
	json_t *read;
	char *written;

	if (expected == NULL || memchr(text, '\0', size) != NULL)
	{
		json_decref(expected);
		return;
	}
	va_buffer_add(&buffer, "[", 1);
	va_buffer_json_string(&buffer, text, size);
	va_buffer_add(&buffer, "]", 1);
	written = va_buffer_finish(&buffer, arena);
	read = va_json_load(arena, written, strlen(written), &why);
	check(read != NULL && json_equal(json_array_get(read, 0), expected));
	json_decref(read);

	/* A cut is a beginning, and whole characters. */
	written = va_utf8_cut(arena, text, size / 2);
	check(strncmp(text, written, strlen(written)) == 0);
	read = json_string(written);
	check(read != NULL);
	json_decref(read);
	json_decref(expected);
}

static void
fuzz_scalars(VaArena *arena, const char *text, size_t size)
{
	int64_t ms;
	int64_t again;
	double value;
	char signature[VA_STANDARD_SIGNATURE_SIZE];

	if (va_time_parse(text, &ms))
	{
		check(va_time_in_range(ms));
		check(va_time_parse(va_time_text(arena, ms), &again) && again == ms);
	}
	if (size >= sizeof(value))
	{
		memcpy(&value, text, sizeof(value));
		if (isfinite(value) && fabs(value) < 1e15)
			check(fabs(strtod(va_decimal_text(arena, value), NULL) - value) <= 6e-13 + fabs(value) * 1e-15);
	}
	if (va_standard_webhook_sign(text, "msg_1", 1700000000, text, size, signature))
		check(strncmp(signature, "v1,", 3) == 0 && strlen(signature) == VA_STANDARD_SIGNATURE_SIZE - 1);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	VaArena arena = { 0 };
	char *text = va_arena_strndup(&arena, (const char *) data, size);

	fuzz_document(&arena, data, size);
	fuzz_text(&arena, text, size);
	fuzz_scalars(&arena, text, size);
	va_arena_free(&arena);
	return 0;
}
