/*-------------------------------------------------------------------------
 * spoken.c
 *		In which of the languages with a table a talk is held, by its commonest
 *		words.
 *
 * Pure: no state.  A word that two of the languages have is in no list.
 *-------------------------------------------------------------------------
 */
#include "pure/phrases/verify/spoken.h"

#include <ctype.h>
#include <string.h>

#define WORD_MAX 15
#define ENOUGH 5  /* words, before they say anything */
#define PLAINLY 3 /* times as many as of the language assumed */

/* Each between blanks, folded as word_at() folds. */
static const struct
{
	const char *code;
	const char *words;
} languages[] = {
	{ "en", " the and you is are that this what with would have your not my it i do of for to can we yes thank thanks "
			"please hello about call there when she he they be which could should " },
	{ "es",
		" el los las una para por está estoy usted muy pero sí gracias hola puede tengo quiero y del cómo qué cuándo "
		"bueno eso esto yo lo hay mañana señor señora favor soy llamar llame aquí también nada quién " },
	{ "fr", " les est et vous je pas dans pour avec mais oui merci bonjour nous ce qui sur très bien ça suis avez êtes "
			"votre du moi accord rappeler quoi une qu monsieur madame aussi peux être " },
	{ "de",
		" der das und ist nicht ich sie ein eine einen mit auf für wir ja danke bitte guten haben habe kann mir mich "
		"ihnen ihre wie dass den dem zu von nein aber auch noch schon wenn bin sind uhr gerne " },
};

#define LANGUAGES (sizeof(languages) / sizeof(languages[0]))

/* The next word from *at on, folded, between blanks; false: none is left. */
static bool
word_at(const char *text, size_t len, size_t *at, char word[WORD_MAX + 3])
{
	size_t n = 1;

	while (*at < len && (unsigned char) text[*at] < 0x80 && !isalpha((unsigned char) text[*at]))
		(*at)++;
	if (*at == len)
		return false;
	word[0] = ' ';
	for (; *at < len && ((unsigned char) text[*at] >= 0x80 || isalpha((unsigned char) text[*at])); (*at)++)
	{
		if (n <= WORD_MAX)
			word[n] = (char) tolower((unsigned char) text[*at]);
		n++;
	}
	/* A longer one is in no list. */
	if (n > WORD_MAX)
		n = 1;
	word[n] = ' ';
	word[n + 1] = '\0';
	return true;
}

static void
count_words(const char *text, size_t len, size_t hits[LANGUAGES])
{
	char word[WORD_MAX + 3];

	for (size_t at = 0; word_at(text, len, &at, word);)
		for (size_t i = 0; i < LANGUAGES; i++)
			if (word[2] != '\0' && strstr(languages[i].words, word) != NULL)
				hits[i]++;
}

/* The language that the turns of a side (NULL: of both) plainly have; LANGUAGES: none plainly. */
static size_t
plainly(const VaTalkTurn *turns, size_t count, const bool *person, size_t assumed)
{
	size_t hits[LANGUAGES] = { 0 };
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
		for (size_t j = 0; j < LANGUAGES; j++)
			if (hits[j] > hits[best])
				best = j;
		if (best == assumed && hits[assumed] >= ENOUGH)
			return assumed;
	}
	if (hits[best] < ENOUGH)
		return LANGUAGES;
	return hits[best] > PLAINLY * hits[assumed] ? best : assumed;
}

const char *
va_spoken_language(const VaTalkTurn *turns, size_t count, const char *assumed)
{
	const bool person = true;
	size_t known = 0;
	size_t found;

	while (
		known < LANGUAGES && (strncmp(assumed, languages[known].code, 2) != 0 || isalpha((unsigned char) assumed[2])))
		known++;
	if (known == LANGUAGES)
		return assumed;
	found = plainly(turns, count, &person, known);
	if (found == LANGUAGES)
		found = plainly(turns, count, NULL, known);
	return found == LANGUAGES || found == known ? assumed : languages[found].code;
}
