/*
 * fuzz_phrases_reading.c
 *		Any bytes as a talk and its analysis: proofs within their turns, an
 *		opt-out that counts, a reading that is JSON and small.
 */
#include "pure/phrases/verify/reading.h"
#include "pure/text/json.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#define TURNS_MAX 64
#define VALUES_MAX 120

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
check(bool condition)
{
	if (!condition)
		abort();
}

typedef struct Input
{
	VaTalkTurn turns[TURNS_MAX];
	size_t nturns;
	VaReadValue values[VALUES_MAX];
	size_t nvalues;
} Input;

/* name=value; the name's number of letters chooses the type. */
static void
take_value(VaArena *arena, Input *input, const char *line, size_t len)
{
	const char *equals = memchr(line, '=', len);
	size_t name = equals == NULL ? len : (size_t) (equals - line);
	VaReadValue *value;

	if (input->nvalues == VALUES_MAX)
		return;
	value = &input->values[input->nvalues++];
	*value = (VaReadValue){ .name = va_arena_strndup(arena, line, name),
		.type = name % 3 == 0 ? VA_VALUE_NUMBER : VA_VALUE_TEXT };
	value->text = equals == NULL ? "" : va_arena_strndup(arena, equals + 1, len - name - 1);
	if (equals == NULL)
		value->type = name % 2 == 0 ? VA_VALUE_NULL : VA_VALUE_WHOLE;
	else if (strcmp(value->text, "true") == 0 || strcmp(value->text, "false") == 0)
		value->type = VA_VALUE_BOOLEAN;
	value->len = strlen(value->text);
}

/* A line each: '>' the assistant's turn, '=' first a value, else the person's turn. */
static void
cut(VaArena *arena, const char *text, size_t size, Input *input)
{
	while (size > 0 && input->nturns < TURNS_MAX)
	{
		const char *end = memchr(text, '\n', size);
		size_t len = end == NULL ? size : (size_t) (end - text);

		if (len > 0 && text[0] == '=')
			take_value(arena, input, text + 1, len - 1);
		else
		{
			bool person = len == 0 || text[0] != '>';

			input->turns[input->nturns++] = (VaTalkTurn){
				.text = text + !person, .len = len - !person, .person = person
			};
		}
		text += len + (end != NULL);
		size -= len + (end != NULL);
	}
}

/* An analysis' yes counts, or it is a doubt that holds the number. */
static void
check_opt_out(const VaReading *reading)
{
	bool asked = false;
	bool counts = false;

	for (size_t i = 0; i < reading->count; i++)
	{
		const VaReadValue *value = &reading->values[i];

		if (strcmp(value->name, "do_not_call") != 0 || strcmp(value->text, "true") != 0)
			continue;
		check(value->counts || value->support == VA_SUPPORT_DENIED);
		asked = true;
		counts = counts || value->counts;
	}
	if (asked && !counts)
		check(strstr(reading->json, "\"opt_out_doubt\":") != NULL);
}

static void
check_reading(const Input *input, const VaReading *reading, bool valid)
{
	for (size_t i = 0; i < reading->count; i++)
	{
		const VaReadValue *value = &reading->values[i];

		check(value->words.len == 0 || value->words.turn < input->nturns);
		check(value->words.len == 0 || value->words.offset + value->words.len <= input->turns[value->words.turn].len);
		if (value->counts && (value->support == VA_SUPPORT_DENIED || value->support == VA_SUPPORT_OTHER ||
								 value->support == VA_SUPPORT_FORM || value->support == VA_SUPPORT_UNREAD))
			check(strcmp(value->name, "interest") == 0);
	}
	check_opt_out(reading);
	check(strlen(reading->json) <= VA_READING_BYTES_MAX);
	if (valid)
	{
		VaArena arena = { 0 };
		const char *why = NULL;
		json_t *json = va_json_load(&arena, reading->json, strlen(reading->json), &why);

		check(json != NULL);
		json_decref(json);
		va_arena_free(&arena);
	}
}

static bool
is_ascii(const uint8_t *data, size_t size)
{
	for (size_t i = 0; i < size; i++)
	{
		if (data[i] >= 0x80 || data[i] == 0)
			return false;
	}
	return true;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char *const languages[] = { "en", "es-MX", "fr", "de_AT" };
	static const char *choices[] = { "basic", "premium", "yes" };
	static const VaAskedField fields[] = { { .name = "plan", .type = "string", .choices = choices, .nchoices = 3 },
		{ .name = "rooms", .type = "integer", .about = "How many rooms the house has" },
		{ .name = "owner", .type = "boolean" }, { .name = "full_name" }, { .name = "email" }, { .name = "phone" },
		{ .name = "address" }, { .name = "day", .format = "date" }, { .name = "car.make", .type = "string" } };
	static const VaTimeReference reference = { .day = 20529, .minutes = 620 };
	VaArena arena = { 0 };
	Input *input = calloc(1, sizeof(Input));
	VaReading reading;
	VaReadingOrder order = { .language = languages[size == 0 ? 0 : data[0] % 4],
		.fields = fields,
		.nfields = sizeof(fields) / sizeof(fields[0]),
		.fields_known = size > 1 && data[1] % 2 == 0,
		.reference = size > 1 && data[1] % 4 < 2 ? &reference : NULL };

	check(input != NULL);
	if (size > 2)
		cut(&arena, (const char *) data + 2, size - 2, input);
	order.turns = input->turns;
	order.count = input->nturns;
	if (va_read_conversation(&arena, &order, input->values, input->nvalues, 0, &reading))
		check_reading(input, &reading, is_ascii(data, size));
	else
		check(input->nturns == 0);
	va_arena_free(&arena);
	free(input);
	return 0;
}
