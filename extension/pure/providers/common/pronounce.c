/*-------------------------------------------------------------------------
 * pronounce.c
 *		Words as they are to be spoken, for carriers that only speak: each
 *		term of the assistant's setting pronunciations by what it says.
 *
 * Pure: no backend, no locks, no global state.
 */
#include "requests.h"

#include <ctype.h>
#include <string.h>

typedef struct Pronunciation
{
	const char *term;
	size_t term_len;
	const char *say;
} Pronunciation;

/* Part of a word: letters and digits, and all that is not ASCII. */
static bool
in_word(char c)
{
	return isalnum((unsigned char) c) || ((unsigned char) c & 0x80) != 0;
}

/* The longest term that stands here, as a word of its own; NULL: none. */
static const Pronunciation *
term_at(const Pronunciation *list, int n, const char *text, const char *at)
{
	const Pronunciation *found = NULL;

	for (int i = 0; i < n; i++)
	{
		size_t len = list[i].term_len;

		if (strncmp(at, list[i].term, len) != 0 || (found != NULL && found->term_len >= len) ||
			(at > text && in_word(at[-1]) && in_word(at[0])) || (in_word(at[len - 1]) && in_word(at[len])))
			continue;
		found = &list[i];
	}
	return found;
}

static const char *
say_terms(VaArena *arena, const char *text, const Pronunciation *list, int n)
{
	VaBuffer buffer = { 0 };
	const char *from = text;
	const char *at = text;

	while (*at != '\0')
	{
		const Pronunciation *found = term_at(list, n, text, at);

		if (found == NULL)
		{
			at++;
			continue;
		}
		va_buffer_add(&buffer, from, (size_t) (at - from));
		va_buffer_add(&buffer, found->say, strlen(found->say));
		at += found->term_len;
		from = at;
	}
	va_buffer_add(&buffer, from, (size_t) (at - from));
	return va_buffer_finish(&buffer, arena);
}

const char *
va_pronounce(VaArena *arena, const char *text, const char *settings)
{
	Pronunciation *list;
	const char *ignored;
	json_t *root;
	json_t *item;
	size_t i;
	int n = 0;

	/* Most assistants have none: then nothing is read. */
	if (text == NULL || settings == NULL || strstr(settings, "\"pronunciations\"") == NULL ||
		(root = va_json_load(arena, settings, strlen(settings), &ignored)) == NULL)
		return text;
	list = va_arena_alloc(arena, sizeof(Pronunciation) * VA_PRONUNCIATIONS_MAX);
	json_array_foreach(json_object_get(root, "pronunciations"), i, item)
	{
		const char *term = va_json_string(item, "term");
		const char *say = va_json_string(item, "say");

		if (list != NULL && n < VA_PRONUNCIATIONS_MAX && term != NULL && say != NULL)
			list[n++] = (Pronunciation){ term, strlen(term), say };
	}
	if (n > 0)
		text = say_terms(arena, text, list, n);
	json_decref(root);
	return text;
}
