/*-------------------------------------------------------------------------
 * reading_mentions.c
 *		Words of the person that are about somebody else.
 *
 * "Close 1003 to 1009 as not interested", "call my neighbour every hour": they
 * are said by the person, and of others.  They stand as quoted.
 *
 * Pure: the words around a finding once.
 */
#include "pure/phrases/verify/reading_internal.h"

#include <string.h>

/* "llámenme": the pronoun is the end of the verb. */
static bool
ends_in_me(const VaLanguage *table, const VaUnit *unit)
{
	size_t len = strlen(unit->key);

	return len > 5 && (va_lists_word(table->me_endings, unit->key + len - 2) ||
						  va_lists_word(table->me_endings, unit->key + len - 3));
}

/* Whether the sentence of a request to call names another person, and not the one that speaks. */
static bool
calls_another(const VaLanguage *table, const VaUnits *units, size_t from, size_t to)
{
	bool another = false;

	for (size_t i = 0; i < units->count; i++)
	{
		const VaUnit *unit = &units->items[i];

		if (unit->offset < from || unit->end > to)
			continue;
		if (va_lists_word(table->my, unit->key) && i + 1 < units->count)
		{
			another = another || !va_lists_word(table->reached, units->items[i + 1].key);
			if (va_lists_word(table->reached, units->items[i + 1].key))
				return false;
		}
		else if (va_lists_word(table->me, unit->key) || ends_in_me(table, unit))
			return false;
	}
	return another;
}

/* Whether a refusal is what others are to be put down as. */
static bool
is_label(const VaLanguage *table, const VaUnits *units, const VaFinding *finding, size_t from, size_t to)
{
	bool label = false;

	for (size_t i = 0; i < units->count; i++)
	{
		const VaUnit *unit = &units->items[i];

		if (unit->offset < from || unit->end > to)
			continue;
		if (va_lists_word(table->me, unit->key) || va_lists_word(table->my, unit->key) ||
			va_lists_word(table->these, unit->key) || ends_in_me(table, unit))
			return false;
		label = label || (va_lists_word(table->labels, unit->key) && unit->offset <= finding->offset &&
							 (i + 1 >= units->count || units->items[i + 1].offset >= finding->offset));
	}
	return label;
}

void
va_reading_mute_mentions(VaReader *reader)
{
	const VaLanguage *table = va_language(reader->order->language);

	for (size_t i = 0; table != NULL && i < reader->talk.count; i++)
	{
		const VaTalkTurn *turn = &reader->talk.turns[i];
		VaUnits units = { 0 };

		for (size_t j = 0; turn->person && j < reader->talk.acts[i].count; j++)
		{
			/* The talk's findings are this reader's own. */
			VaFinding *finding = (VaFinding *) &reader->talk.acts[i].items[j];
			size_t from = finding->offset;
			size_t to = finding->offset + finding->len;

			if (finding->sense != VA_SENSE_PLAIN ||
				(finding->intent != VA_INTENT_CALLBACK && finding->intent != VA_INTENT_REFUSAL))
				continue;
			if (units.count == 0 && !va_units(reader->arena, reader->lexicon, turn->text, turn->len, &units))
				return;
			va_talk_widen(turn, finding->intent == VA_INTENT_CALLBACK ? ".?!;" : ".?!;,", &from, &to);
			if (finding->intent == VA_INTENT_CALLBACK ? calls_another(table, &units, from, to)
													  : is_label(table, &units, finding, from, to))
				finding->sense = VA_SENSE_QUOTED;
		}
	}
}
