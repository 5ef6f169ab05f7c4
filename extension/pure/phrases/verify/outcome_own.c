/*-------------------------------------------------------------------------
 * outcome_own.c
 *		Times that the person tells of something else it has: "I have a doctor's
 *		appointment on Friday at nine" is agreed on by nobody.
 *
 * Pure: the words around a time once.
 */
#include "pure/phrases/verify/outcome_internal.h"

#include <string.h>
#include <strings.h>

#include "pure/phrases/words/units.h"

/* Words between "have" and what one has: "I already have another dental appointment". */
#define BETWEEN_MAX 5

typedef struct OwnWords
{
	const char *language;
	const char *has; /* folded, '|' before and behind each */
	const char *things;
	const char *wants; /* before them: it is wanted yet */
	const char *parts; /* between them, or before the time: another matter */
} OwnWords;

static const OwnWords tables[] = {
	{ "en", "|have|i've|we've|had|has|got|", "|appointment|meeting|surgery|class|shift|flight|",
		"|can|could|may|might|like|want|need|do|should|let's|will|i'll|to|", "|but|so|for|then|instead|" },
	{ "es", "|tengo|tenemos|tenia|tiene|", "|cita|reunion|medico|clase|vuelo|turno|",
		"|puedo|podria|quiero|quisiera|necesito|gustaria|", "|pero|asi|para|entonces|mejor|" },
	{ "fr", "|ai|avons|avais|", "|rendez|rendezvous|rdv|reunion|cours|vol|medecin|",
		"|puis|peux|pourrais|voudrais|veux|aimerais|faut|", "|mais|donc|pour|alors|plutot|" },
	{ "de", "|habe|hab|haben|hatte|hat|",
		"|termin|arzttermin|zahnarzttermin|besprechung|meeting|sitzung|schicht|flug|unterricht|",
		"|kann|konnte|konnen|konnten|mochte|mochten|will|wollen|brauche|wurde|wurden|",
		"|aber|also|fur|dann|sondern|lieber|" },
};

static bool
is_among(const char *list, const char *word)
{
	size_t len = strlen(word);

	for (const char *at = strstr(list, word); len > 0 && at != NULL; at = strstr(at + 1, word))
	{
		if (at > list && at[-1] == '|' && at[len] == '|')
			return true;
	}
	return false;
}

bool
va_tells_own_time(VaTalk *talk, VaWords words)
{
	const VaTalkTurn *turn = &talk->turns[words.turn];
	const OwnWords *table = NULL;
	const VaLexicon *lexicon = va_lexicon(talk->language);
	size_t from = words.offset;
	size_t to = from + words.len;
	size_t has = SIZE_MAX;
	bool own = false;
	VaUnits units;

	for (size_t i = 0; i < sizeof(tables) / sizeof(tables[0]); i++)
	{
		if (strncasecmp(tables[i].language, talk->language, 2) == 0)
			table = &tables[i];
	}
	va_talk_widen(turn, ".?!;", &from, &to);
	if (table == NULL || lexicon == NULL || (to < turn->len && turn->text[to] == '?') ||
		!va_units(talk->arena, lexicon, turn->text + from, to - from, &units))
		return false;
	for (size_t i = 0; i < units.count && !(own && from + units.items[i].offset >= words.offset); i++)
	{
		const char *word = units.items[i].key;

		if (is_among(table->wants, word))
			return false;
		if (is_among(table->parts, word))
		{
			has = SIZE_MAX;
			own = false;
		}
		else if (is_among(table->has, word))
			has = i;
		else if (has != SIZE_MAX && i - has <= BETWEEN_MAX && is_among(table->things, word))
			own = true;
	}
	return own;
}
