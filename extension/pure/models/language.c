/*-------------------------------------------------------------------------
 * language.c
 *		The language of a text, found by its small words.
 *
 * Words that two of the languages share are in no list.  Only a clear case
 * counts: short texts, names and figures are in any language.
 */
#include "models.h"

#include <string.h>

#define LANGUAGES 4
#define WORD_MAX 24
/* So many words of another language, and so many times those of the wanted one. */
#define LEAST_WORDS 5
#define TIMES 3

static const struct
{
	const char *tag;
	const char *words; /* each between blanks */
} languages[LANGUAGES] = {
	{ "en", " the and you your is are with for this that we our have can what how would not from it's i'm they " },
	{ "es", " el los las una y usted su para por con está esta este qué cómo pero más muy nosotros puede tiene gracias "
			"del al hola " },
	{ "fr", " le les une et vous votre pour avec est cette ce que pas dans sur nous mais très bonjour merci du au qui "
			"êtes avez " },
	{ "de", " der das und ist sie ihr ihre mit für nicht ein eine wir uns auf zu den dem auch haben können wie guten "
			"danke oder " },
};

static bool
is_letter(unsigned char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c >= 0x80 || c == '\'';
}

static void
count_word(const char *word, size_t len, int *counts)
{
	char between[WORD_MAX + 3];

	if (len > WORD_MAX)
		return;
	between[0] = ' ';
	for (size_t i = 0; i < len; i++)
		between[i + 1] = (char) (word[i] >= 'A' && word[i] <= 'Z' ? word[i] - 'A' + 'a' : word[i]);
	between[len + 1] = ' ';
	between[len + 2] = '\0';
	for (int i = 0; i < LANGUAGES; i++)
		counts[i] += strstr(languages[i].words, between) != NULL;
}

const char *
va_model_other_language(const char *text, const char *wanted)
{
	int counts[LANGUAGES] = { 0 };
	int own = 0;
	int best = 0;

	for (const char *from = text; *from != '\0';)
	{
		size_t len = 0;

		while (is_letter((unsigned char) from[len]))
			len++;
		if (len > 0)
			count_word(from, len, counts);
		from += len > 0 ? len : 1;
	}
	for (int i = 0; i < LANGUAGES; i++)
	{
		if (strncmp(languages[i].tag, wanted, 2) == 0)
			own = counts[i];
		if (counts[i] > counts[best])
			best = i;
	}
	if (strncmp(languages[best].tag, wanted, 2) == 0 || counts[best] < LEAST_WORDS || counts[best] < TIMES * own)
		return NULL;
	return languages[best].tag;
}
