/*-------------------------------------------------------------------------
 * spoken.c
 *		In which of the languages with a table a talk is held, by its commonest
 *		words.
 *
 * Pure: no state.  A word that two of the languages have is in no list.
 */
#include "pure/phrases/verify/spoken.h"

#include <ctype.h>
#include <string.h>

#define WORD_MAX 15
#define ENOUGH 5  /* words, before they say anything */
#define PLAINLY 3 /* times as many as of the language assumed */

/* The next word from *at on, folded, between bars; false: none is left. */
static bool
word_at(const char *text, size_t len, size_t *at, char word[WORD_MAX + 3])
{
	size_t n = 1;

	while (*at < len && (unsigned char) text[*at] < 0x80 && !isalpha((unsigned char) text[*at]))
		(*at)++;
	if (*at == len)
		return false;
	word[0] = '|';
	for (; *at < len && ((unsigned char) text[*at] >= 0x80 || isalpha((unsigned char) text[*at])); (*at)++)
	{
		if (n <= WORD_MAX)
			word[n] = (char) tolower((unsigned char) text[*at]);
		n++;
	}
	/* A longer one is in no list. */
	if (n > WORD_MAX)
		n = 1;
	word[n] = '|';
	word[n + 1] = '\0';
	return true;
}

static void
count_words(const char *text, size_t len, size_t hits[VA_LANGUAGES_MAX])
{
	char word[WORD_MAX + 3];

	for (size_t at = 0; word_at(text, len, &at, word);)
		for (size_t i = 0; va_languages[i].code != NULL; i++)
			if (word[2] != '\0' && strstr(va_languages[i].common, word) != NULL)
				hits[i]++;
}

/* The language that the turns of a side (NULL: of both) plainly have; VA_LANGUAGES_MAX: none plainly. */
static size_t
plainly(const VaTalkTurn *turns, size_t count, const bool *person, size_t assumed)
{
	size_t hits[VA_LANGUAGES_MAX] = { 0 };
	size_t bytes = 0;
	size_t best = assumed;

	for (size_t i = 0; i < count && bytes < VA_SPOKEN_BYTES_MAX; i++)
	{
		size_t len = turns[i].len < VA_SPOKEN_BYTES_MAX - bytes ? turns[i].len : VA_SPOKEN_BYTES_MAX - bytes;

		if (person != NULL && turns[i].person != *person)
			continue;
		count_words(turns[i].text, len, hits);
		bytes += len;
		best = assumed;
		for (size_t j = 0; va_languages[j].code != NULL; j++)
			if (hits[j] > hits[best])
				best = j;
		if (best == assumed && hits[assumed] >= ENOUGH)
			return assumed;
	}
	if (hits[best] < ENOUGH)
		return VA_LANGUAGES_MAX;
	return hits[best] > PLAINLY * hits[assumed] ? best : assumed;
}

const char *
va_spoken_language(const VaTalkTurn *turns, size_t count, const char *assumed)
{
	const bool person = true;
	size_t known = 0;
	size_t found;

	while (va_languages[known].code != NULL &&
		   (strncmp(assumed, va_languages[known].code, 2) != 0 || isalpha((unsigned char) assumed[2])))
		known++;
	if (va_languages[known].code == NULL)
		return assumed;
	found = plainly(turns, count, &person, known);
	if (found == VA_LANGUAGES_MAX)
		found = plainly(turns, count, NULL, known);
	return found == VA_LANGUAGES_MAX || found == known ? assumed : va_languages[found].code;
}
