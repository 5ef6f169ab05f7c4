/*-------------------------------------------------------------------------
 * people_answers.c
 *		What the sandbox's people answer to a question of the tenant's own: the
 *		value, and the words that say it.
 *
 * Pure: no backend, no locks, no state.  The words bear the value out, as a
 * person's would: a carrier's analysis that nobody said is not believed.
 *-------------------------------------------------------------------------
 */
#include "people_answers.h"

#include <stdio.h>
#include <string.h>

#include "pure/net/backoff.h"

#define QUESTION_BYTES_MAX 200

static uint64_t
roll(uint64_t *rng, uint64_t sides)
{
	*rng = va_mix64(*rng + 0x9e3779b97f4a7c15ULL);
	return (*rng >> 11) % sides;
}

/* As much of a text as is said in one breath, in whole characters. */
static int
breath(const char *text)
{
	size_t len = strlen(text);

	if (len <= QUESTION_BYTES_MAX)
		return (int) len;
	for (len = QUESTION_BYTES_MAX; len > 0 && ((unsigned char) text[len] & 0xc0) == 0x80;)
		len--;
	return (int) len;
}

/* The field's description, else its name in words. */
static const char *
subject(VaArena *arena, const char *name, const json_t *schema)
{
	const char *description = va_json_string(schema, "description");
	char *words;

	if (description != NULL && description[0] != '\0')
	{
		words = va_arena_printf(arena, "%.*s", breath(description), description);
		/* "Whether the roof is flat." is asked as a question. */
		if (words != NULL && words[strlen(words) - 1] == '.')
			words[strlen(words) - 1] = '\0';
		return words;
	}
	words = va_arena_printf(arena, "%.*s", breath(name), name);
	for (char *c = words; c != NULL && *c != '\0'; c++)
		if (*c == '_')
			*c = ' ';
	return words;
}

void
va_people_answer(
	VaArena *arena, uint64_t *rng, const char *person, const char *name, const json_t *schema, VaPeopleAnswer *answer)
{
	const char *type = va_json_string(schema, "type");
	const json_t *choices = va_json_array(schema, "enum");
	const char *asked = subject(arena, name, schema);

	memset(answer, 0, sizeof(*answer));
	answer->question = va_arena_printf(arena, "One more question, %s?", asked == NULL ? name : asked);
	if (json_array_size(choices) > 0)
	{
		const json_t *choice = json_array_get(choices, (size_t) roll(rng, json_array_size(choices)));

		if (!json_is_string(choice) || breath(json_string_value(choice)) < (int) json_string_length(choice))
			return;
		answer->value = json_copy((json_t *) choice);
		answer->said = va_arena_printf(arena, "I would say %s.", json_string_value(choice));
	}
	else if (type != NULL && strcmp(type, "boolean") == 0)
	{
		bool yes = roll(rng, 2) == 0;

		answer->value = json_boolean(yes);
		answer->said = yes ? "Yes." : "No.";
	}
	else if (type != NULL && strcmp(type, "integer") == 0)
	{
		int number = 1 + (int) roll(rng, 100);

		answer->value = json_integer(number);
		answer->said = va_arena_printf(arena, "That is %d.", number);
	}
	else if (type != NULL && strcmp(type, "number") == 0)
	{
		int tenths = 10 + (int) roll(rng, 1000);

		answer->value = json_real((double) tenths / 10);
		answer->said = va_arena_printf(arena, "That is %d.%d.", tenths / 10, tenths % 10);
	}
	else if (type != NULL && strcmp(type, "string") == 0)
	{
		static const char *const usual[] = { "the ordinary one", "the larger one", "the older one",
			"the one next door" };
		bool named = strstr(name, "name") != NULL;
		const char *told = named ? person : usual[roll(rng, sizeof(usual) / sizeof(usual[0]))];

		answer->value = json_string(told);
		answer->said = va_arena_printf(arena, named ? "My name is %s." : "That would be %s.", told);
	}
}
