/*-------------------------------------------------------------------------
 * reading_owned.c
 *		Values that the business sets: prices, discounts, balances.
 *
 * The person called may accept such a value, or tell one that it was asked for
 * ("what price did you see?"); it never sets one.  So what counts is who said
 * the number first: the assistant, or the person in answer to a question for
 * it.  Words that the assistant only repeats are still the person's.
 *
 * Pure.
 */
#include "pure/phrases/verify/reading_internal.h"

#include <ctype.h>
#include <string.h>

/* Bytes of a name's part. */
#define PART_MAX 40

enum
{
	OWNED_PRICE = 1,
	OWNED_DISCOUNT = 2,
	OWNED_BALANCE = 4,
	/* A person has such values elsewhere, too: the business's if the assistant has named one. */
	OWNED_NAMED = 8
};

typedef struct OwnedWords
{
	int class;
	const char *names;	   /* of fields, '|' between them and about them */
	const char *questions; /* in what the assistant asks, by their beginnings */
} OwnedWords;

static const OwnedWords owned[] = {
	{ OWNED_PRICE,
		"|price|pricing|cost|fee|rate|tariff|quote|quotation|surcharge|precio|coste|costo|tarifa"
		"|cuota|recargo|prix|tarif|cout|frais|devis|preis|kosten|gebuhr|gebuehr|tarife|angebot|kostenvoranschlag|",
		"price|cost|fee|rate|charge|quote|quotation|total|how much|paid|pay|precio|cuesta|coste|costo|costaba|tarifa"
		"|cuota|presupuesto|cuanto|pago|pagado|prix|tarif|cout|coutait|frais|devis|combien|paye|preis|kosten|kostet"
		"|kostete|gebuhr|angebot|kostenvoranschlag|wieviel|bezahlt|zahlen" },
	{ OWNED_DISCOUNT, "|discount|rebate|coupon|promo|descuento|rebaja|cupon|remise|rabais|reduction|rabatt|nachlass|",
		"discount|rebate|coupon|promo|off|descuento|rebaja|cupon|remise|rabais|reduction|rabatt|nachlass" },
	{ OWNED_BALANCE | OWNED_NAMED,
		"|debt|amount|deposit|sum|total|subtotal|deuda|importe|suma|dette|montant|acompte|schulden|betrag|summe|",
		"debt|owe|amount|deposit|deuda|debe|importe|dette|doit|montant|acompte|schulden|betrag|summe|much|cuanto|"
		"combien" },
	{ OWNED_BALANCE,
		"|balance|credit|refund|compensation|voucher|bonus|saldo|credito|abono|reembolso|solde|avoir|remboursement"
		"|guthaben|gutschrift|erstattung|gutschein|",
		"balance|credit|debt|refund|owe|due|voucher|bonus|points|saldo|credito|deuda|debe|abono|reembolso|bono|puntos"
		"|solde|avoir|dette|doit|remboursement|bon|guthaben|gutschrift|schulden|offen|betrag|erstattung|gutschein" },
};

/* In the name of a field, or in what its schema says: the person's own, another's, or about the matter. */
static const char persons[] =
	"|budget|paid|pay|pays|paying|spend|spent|last|previous|prior|current|currently|existing|competitor|competitors"
	"|competing|rival|elsewhere|expected|expectation|expects|desired|wanted|wish|willing|max|maximum|min|minimum|asking"
	"|target|ideal|old|score|mortgage|loan|card|salary|income|range|want|wants|need|needs|request|requested|send|sent"
	"|type|method|date|day|time|term|question|concern|objection|sensitive|sensitivity|check|rating|reason|pagado|paga|"
	"anterior|actual|ultimo|competencia|deseado"
	"|maximo|hipoteca|paye|precedent|actuel|dernier|concurrent|concurrence|souhaite|bezahlt|bisher|bisherig|bisheriger"
	"|aktuell|aktueller|letzter|konkurrenz|gewunscht|gewuenscht|wunsch|wunschpreis|maximal|";

/* An offer asks for a yes, and for no value. */
static const char offers[] = "|like|want|mochten|wollen|voulez|souhaitez|quiere|desea|gustaria|";

/* A part of a name: itself, or the end of a German word put together. */
static bool
names_owned(const char *list, const char *part)
{
	static const char *const ends[] = { "preis", "kosten", "rabatt", "gebuhr", "gebuehr", "guthaben", "nachlass" };
	char one[PART_MAX + 1];
	size_t len = strlen(part);

	if (va_lists_word(list, part))
		return true;
	if (len > 1 && part[len - 1] == 's')
	{
		memcpy(one, part, len - 1);
		one[len - 1] = '\0';
		if (va_lists_word(list, one))
			return true;
	}
	for (size_t i = 0; i < sizeof(ends) / sizeof(ends[0]); i++)
	{
		size_t end = strlen(ends[i]);

		if (len > end && strcmp(part + len - end, ends[i]) == 0 && va_lists_word(list, ends[i]))
			return true;
	}
	return false;
}

/* The next part of a name, in small letters: "listPrice", "list_price"; NULL: there are no more. */
static const char *
next_part(const char *at, char *part)
{
	size_t used = 0;

	while (*at != '\0' && !isalpha((unsigned char) *at))
		at++;
	if (*at == '\0')
		return NULL;
	for (; isalpha((unsigned char) *at); at++)
	{
		if (used > 0 && isupper((unsigned char) *at) && islower((unsigned char) at[-1]))
			break;
		if (used < PART_MAX)
			part[used++] = (char) tolower((unsigned char) *at);
	}
	part[used] = '\0';
	return at;
}

static bool
speaks_of_persons(const char *text)
{
	char part[PART_MAX + 1];

	for (const char *at = text; at != NULL && (at = next_part(at, part)) != NULL;)
	{
		if (va_lists_word(persons, part))
			return true;
	}
	return false;
}

static int
class_of(const VaAskedField *field, const char *name)
{
	char part[PART_MAX + 1];
	int class = 0;
	int strict = 0;

	for (const char *at = name; (at = next_part(at, part)) != NULL;)
	{
		for (size_t i = 0; i < sizeof(owned) / sizeof(owned[0]); i++)
		{
			int of_part = names_owned(owned[i].names, part) ? owned[i].class : 0;

			class |= of_part;
			strict |= of_part != 0 && (of_part & OWNED_NAMED) == 0;
		}
	}
	if (class == 0 || speaks_of_persons(name) || (field != NULL && speaks_of_persons(field->about)))
		return 0;
	return strict ? class & ~OWNED_NAMED : class;
}

/* ---- what the assistant asks for ---- */

static bool
begins_listed(const char *list, const char *word)
{
	for (const char *at = list; *at != '\0';)
	{
		size_t len = strcspn(at, "|");

		if (strncmp(at, word, len) == 0 && (word[len] == '\0' || len > 3))
			return true;
		at += len + (at[len] == '|');
	}
	return false;
}

/* A question for a value of a class, which does not name one itself: units from one up to another. */
static bool
asks_between(const VaUnits *units, size_t from, size_t to, int class)
{
	bool asks = false;

	for (size_t i = from; i < to; i++)
	{
		const char *key = units->items[i].key;

		if (va_unit_is(units, i, VA_NUMBERS & ~VA_HALF) && !va_unit_is(units, i, VA_ARTICLE))
			return false;
		if (va_lists_word(offers, key))
			return false;
		for (size_t j = 0; j < sizeof(owned) / sizeof(owned[0]) && !asks; j++)
			asks = (owned[j].class & class & ~OWNED_NAMED) != 0 && key[0] != '\0' &&
				   begins_listed(owned[j].questions, key);
		asks = asks || ((class & OWNED_PRICE) != 0 && i > from && strcmp(key, "much") == 0) ||
			   ((class & OWNED_PRICE) != 0 && i > from && strcmp(key, "viel") == 0);
	}
	return asks;
}

static bool
asks_owned(VaReader *reader, size_t turn, int class)
{
	const VaUnits *units = va_reading_units(reader, turn);
	const VaTalkTurn *said = &reader->talk.turns[turn];
	size_t from = 0;

	for (size_t i = 0; i < units->count; i++)
	{
		size_t end = i + 1 < units->count ? units->items[i + 1].offset : said->len;
		bool asked = memchr(said->text + units->items[i].end, '?', end - units->items[i].end) != NULL;

		if (asked && asks_between(units, from, i + 1, class))
			return true;
		if (asked || memchr(said->text + units->items[i].end, '.', end - units->items[i].end) != NULL)
			from = i + 1;
	}
	return false;
}

/* ---- who said a number ---- */

static bool
is_money(const VaUnits *units, size_t at, size_t used)
{
	static const char percent[] = "|percent|per|por|pour|prozent|";

	return va_unit_is(units, at + used, VA_MONEY | VA_CENTS) ||
		   (at + used < units->count && va_lists_word(percent, units->items[at + used].key));
}

/* The number that begins at a unit; 0: none does.  "One" of "one of two thousand" is none. */
static size_t
number_at(VaReader *reader, const VaUnits *units, size_t at, int64_t *micros)
{
	int64_t whole = 0;
	size_t used;

	if (units->items[at].number < 0 && !va_unit_is(units, at, VA_NUMBERS))
		return 0;
	used = va_read_number(reader->lexicon, units, at, micros);
	if (used == 0)
	{
		used = va_read_cardinal(reader->lexicon, units, at, true, &whole);
		*micros = whole * VA_MICRO;
	}
	if (used > 0 && units->items[at].number == 1 && !is_money(units, at, 1) && !va_unit_is(units, at, VA_NUMERAL) &&
		(va_unit_is(units, at, VA_ARTICLE) || (at + 1 < units->count && !va_unit_begins(units, at + 1))))
		return 0;
	return used;
}

/* The number by which a turn answers: the first, or what took its place. */
static bool
answers_with(VaReader *reader, size_t turn, int64_t wanted, size_t *unit)
{
	const VaUnits *units = va_reading_units(reader, turn);
	bool any = false;
	bool mended = false;
	int64_t answer = 0;

	for (size_t i = 0; i < units->count;)
	{
		int64_t micros = 0;
		size_t used = number_at(reader, units, i, &micros);

		if (used == 0)
		{
			mended = mended || (va_unit_is(units, i, VA_MEND | VA_NO) && va_unit_begins(units, i));
			i++;
			continue;
		}
		if (!any || mended)
		{
			answer = micros;
			*unit = i;
		}
		any = true;
		mended = false;
		i += used;
	}
	return any && answer == wanted;
}

/* The first unit of a turn that is a number; false: it is not in it. */
static bool
says_number(VaReader *reader, size_t turn, int64_t wanted, size_t *unit)
{
	const VaUnits *units = va_reading_units(reader, turn);

	for (size_t i = 0; i < units->count;)
	{
		int64_t micros = 0;
		size_t used = number_at(reader, units, i, &micros);

		if (used > 0 && micros == wanted)
		{
			*unit = i;
			return true;
		}
		i += used > 0 ? used : 1;
	}
	return false;
}

static bool
any_number(VaReader *reader, size_t turn)
{
	const VaUnits *units = va_reading_units(reader, turn);
	int64_t micros = 0;

	for (size_t i = 0; i < units->count; i++)
	{
		if (number_at(reader, units, i, &micros) > 0)
			return true;
	}
	return false;
}

static VaSupport
judge_number(VaReader *reader, int class, int64_t micros, VaReadValue *value)
{
	bool offered = false; /* the assistant said it before the person did */
	bool claimed = false; /* the person said it first, unasked */
	bool asked = false;
	bool others = false;
	bool named = (class & OWNED_NAMED) == 0; /* the assistant has named any */
	VaSupport support = VA_SUPPORT_MISSING;

	for (size_t i = reader->first; i < reader->talk.count; i++)
	{
		bool person = reader->talk.turns[i].person;
		size_t unit = 0;
		bool said = says_number(reader, i, micros, &unit);

		if (!person)
		{
			asked = asks_owned(reader, i, class);
			offered = offered || (said && !claimed);
			named = named || any_number(reader, i);
		}
		else if (said && !offered && named && !(asked && answers_with(reader, i, micros, &unit)))
			claimed = true;
		others = others || (!said && person && any_number(reader, i));
		if (!said || claimed || !va_reading_vouched(reader, i))
			continue;
		support = VA_SUPPORT_SUPPORTED;
		value->words = va_reading_sentence(
			reader, i, va_reading_units(reader, i)->items[unit].offset, va_reading_units(reader, i)->items[unit].end);
	}
	if (claimed)
		return VA_SUPPORT_OTHER;
	return support == VA_SUPPORT_MISSING && others ? VA_SUPPORT_OTHER : support;
}

/* Words without a number: the assistant's, or of an answer. */
static VaSupport
judge_words(VaReader *reader, int class, const VaReadValue *value)
{
	size_t turn = value->words.turn;

	if (value->words.len == 0 || !reader->talk.turns[turn].person)
		return value->support;
	while (turn > reader->first && reader->talk.turns[turn].person)
		turn--;
	return !reader->talk.turns[turn].person && asks_owned(reader, turn, class) ? value->support : VA_SUPPORT_OTHER;
}

void
va_judge_owned(VaReader *reader, const VaAskedField *field, VaReadValue *value)
{
	int class = value->counts ? class_of(field, value->name) : 0;
	bool unchecked = value->support == VA_SUPPORT_UNCHECKED;
	VaSupport support = value->support;
	int64_t micros = 0;
	bool negative = false;
	size_t turn = 0;

	if (class == 0 || strcmp(va_reading_looks(value), "date") == 0 || value->type == VA_VALUE_NULL ||
		value->type == VA_VALUE_WHOLE)
		return;
	if (va_reading_number(reader, value, &micros, &negative))
		support = judge_number(reader, class, micros, value);
	else if (va_reading_word(value) == 0)
		support = judge_words(reader, class, value);
	else if (va_reading_word(value) > 0 && field != NULL && !va_reading_question(reader, field, &turn))
		support = VA_SUPPORT_OTHER;
	/* In no schema, and of no words: nothing speaks against it. */
	if (support == VA_SUPPORT_MISSING && unchecked && field == NULL)
		return;
	value->counts = support == VA_SUPPORT_SUPPORTED || support == VA_SUPPORT_UNCHECKED || support == VA_SUPPORT_MISSING;
	value->support = support;
}
