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

#include <strings.h>

typedef struct Pronouns
{
	const char *language;
	const char *me;		/* '|' before and behind each */
	const char *these;	/* of the person, where no other is named */
	const char *my;		/* before somebody or something of the person */
	const char *things; /* behind these: the person itself is reached by them */
	const char *labels; /* before what somebody is to be put down as */
} Pronouns;

static const Pronouns tables[] = {
	{ "en", "|me|us|myself|mine|i|", "|this|that|it|", "|my|our|",
		"|phone|cell|mobile|number|office|work|home|house|line|desk|landline|extension|", "|as|" },
	{ "es", "|me|mi|nos|nosotros|yo|", "|esto|eso|este|esta|", "|mi|mis|nuestro|nuestra|",
		"|movil|celular|telefono|numero|oficina|casa|trabajo|fijo|", "|como|sin|" },
	{ "fr", "|me|m|moi|nous|je|j|", "|ce|cette|ceci|cela|ca|", "|mon|ma|mes|notre|",
		"|portable|mobile|telephone|numero|bureau|domicile|fixe|travail|", "|comme|" },
	{ "de", "|mich|mir|uns|ich|", "|dies|diese|diesen|dieser|das|es|",
		"|mein|meine|meinen|meinem|meiner|unser|unsere|unseren|",
		"|handy|telefon|nummer|buro|festnetz|arbeit|hause|mobilnummer|handynummer|", "|als|auf|unter|" },
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

/* "llámenme": the pronoun is the end of the verb. */
static bool
ends_in_me(const Pronouns *table, const VaUnit *unit)
{
	size_t len = strlen(unit->key);

	return strcmp(table->language, "es") == 0 && len > 5 &&
		   (strcmp(unit->key + len - 2, "me") == 0 || strcmp(unit->key + len - 3, "nos") == 0);
}

/* Whether the sentence of a request to call names another person, and not the one that speaks. */
static bool
calls_another(const Pronouns *table, const VaUnits *units, size_t from, size_t to)
{
	bool another = false;

	for (size_t i = 0; i < units->count; i++)
	{
		const VaUnit *unit = &units->items[i];

		if (unit->offset < from || unit->end > to)
			continue;
		if (is_among(table->my, unit->key) && i + 1 < units->count)
		{
			another = another || !is_among(table->things, units->items[i + 1].key);
			if (is_among(table->things, units->items[i + 1].key))
				return false;
		}
		else if (is_among(table->me, unit->key) || ends_in_me(table, unit))
			return false;
	}
	return another;
}

/* Whether a refusal is what others are to be put down as. */
static bool
is_label(const Pronouns *table, const VaUnits *units, const VaFinding *finding, size_t from, size_t to)
{
	bool label = false;

	for (size_t i = 0; i < units->count; i++)
	{
		const VaUnit *unit = &units->items[i];

		if (unit->offset < from || unit->end > to)
			continue;
		if (is_among(table->me, unit->key) || is_among(table->my, unit->key) || is_among(table->these, unit->key) ||
			ends_in_me(table, unit))
			return false;
		label = label || (is_among(table->labels, unit->key) && unit->offset <= finding->offset &&
							 (i + 1 >= units->count || units->items[i + 1].offset >= finding->offset));
	}
	return label;
}

void
va_reading_mute_mentions(VaReader *reader)
{
	const Pronouns *table = NULL;

	for (size_t i = 0; i < sizeof(tables) / sizeof(tables[0]); i++)
	{
		if (strncasecmp(tables[i].language, reader->order->language, 2) == 0)
			table = &tables[i];
	}
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
