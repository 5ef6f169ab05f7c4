/*
 * fuzz_phrases_fields.c
 *		Any bytes as a talk: values whose proof lies in a turn of the person,
 *		findings within their turn, verdicts.
 */
#include "pure/phrases/fields.h"
#include "pure/phrases/fields.h"
#include "pure/phrases/intents.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#define TURNS_MAX 64

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
check(bool condition)
{
	if (!condition)
		abort();
}

/* Turns end at a line's end; every other one is the assistant's. */
static size_t
cut_turns(const char *text, size_t size, VaTalkTurn *turns)
{
	size_t count = 0;

	while (size > 0 && count < TURNS_MAX)
	{
		const char *end = memchr(text, '\n', size);
		size_t len = end == NULL ? size : (size_t) (end - text);

		turns[count] = (VaTalkTurn){ .text = text, .len = len, .person = count % 2 == 1 };
		count++;
		text += len + (end != NULL);
		size -= len + (end != NULL);
	}
	return count;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char *const languages[] = { "en", "es", "fr", "de" };
	VaTalkTurn turns[TURNS_MAX];
	const char *language = size == 0 ? "en" : languages[data[0] % 4];
	size_t count = size == 0 ? 0 : cut_turns((const char *) data + 1, size - 1, turns);

	for (VaFieldKind kind = 0; kind < VA_FIELD_KINDS; kind++)
	{
		VaArena arena = { 0 };
		VaFieldValue value;

		check(va_read_field(&arena, va_lexicon(language), turns, count, kind, &value));
		if (value.value != NULL)
		{
			check(value.turn < count && turns[value.turn].person && value.len > 0);
			check(value.offset + value.len <= turns[value.turn].len);
		}
		va_arena_free(&arena);
	}
	for (size_t i = 0; i < count; i++)
	{
		VaFindings findings;

		va_read_intents(language, turns[i].text, turns[i].len, &findings);
		for (size_t j = 0; j < findings.count; j++)
			check(findings.items[j].len > 0 && findings.items[j].offset + findings.items[j].len <= turns[i].len);
	}
	return 0;
}
