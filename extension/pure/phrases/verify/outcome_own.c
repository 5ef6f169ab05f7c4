/*-------------------------------------------------------------------------
 * outcome_own.c
 *		Times that the person tells of something else it has: "I have a doctor's
 *		appointment on Friday at nine" is agreed on by nobody.
 *
 * Pure: the words around a time once.
 */
#include "pure/phrases/verify/outcome_internal.h"

#include "pure/phrases/words/units.h"

/* Words between "have" and what one has: "I already have another dental appointment". */
#define BETWEEN_MAX 5

bool
va_tells_own_time(VaTalk *talk, VaWords words)
{
	const VaTalkTurn *turn = &talk->turns[words.turn];
	const VaLanguage *table = va_language(talk->language);
	const VaLexicon *lexicon = va_lexicon(talk->language);
	size_t from = words.offset;
	size_t to = from + words.len;
	size_t has = SIZE_MAX;
	bool own = false;
	VaUnits units;

	va_talk_widen(turn, ".?!;", &from, &to);
	if (table == NULL || lexicon == NULL || (to < turn->len && turn->text[to] == '?') ||
		!va_units(talk->arena, lexicon, turn->text + from, to - from, &units))
		return false;
	for (size_t i = 0; i < units.count && !(own && from + units.items[i].offset >= words.offset); i++)
	{
		const char *word = units.items[i].key;

		if (va_lists_word(table->wants, word))
			return false;
		if (va_lists_word(table->parts, word))
		{
			has = SIZE_MAX;
			own = false;
		}
		else if (va_lists_word(table->has, word))
			has = i;
		else if (has != SIZE_MAX && i - has <= BETWEEN_MAX && va_lists_word(table->own, word))
			own = true;
	}
	return own;
}
