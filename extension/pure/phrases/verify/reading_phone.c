/*-------------------------------------------------------------------------
 * reading_phone.c
 *		Telephone numbers that the person gives.
 *
 * A talk has many numbers: one is read from the question for it
 * on, up to the next question for something else.  Where nobody asked, a turn
 * may say it by itself.
 *
 * Pure.
 */
#include "pure/phrases/verify/reading_internal.h"

#include <ctype.h>

/* Digits of a telephone number by which two forms of it are one. */
#define PHONE_DIGITS_MIN 6
/* Digits of a telephone number that an assistant reads back, or a part of it. */
#define READ_BACK_DIGITS_MIN 3
/* Turns, the newest, in which a value is looked for. */
#define NAMED_TURNS_MAX 60
#define LONE_TURNS_MAX 20
/* Turns from a question on. */
#define ANSWER_TURNS_MAX 10

/* By their beginnings, folded: what an assistant asks with. */
static const char asks[] =
	"phone|number|telephone|mobile|cell|numero|telefono|movil|portable|nummer|telefon|telefonnummer"
	"|handy|handynummer|rufnummer|ruckrufnummer|reach";

static bool
begins_with(const char *words, const char *list)
{
	while (*list != '\0')
	{
		size_t len = 0;

		while (list[len] != '|' && list[len] != '\0' && list[len] == words[len])
			len++;
		if ((list[len] == '|' || list[len] == '\0') && (words[len] == '\0' || strchr(" -", words[len]) != NULL))
			return true;
		list = strchrnul(list + len, '|');
		list += *list == '|';
	}
	return false;
}

/* A unit may be several words, of which the key is the first: "adresse e-mail". */
static bool
is_among(const VaUnit *unit, const char *list)
{
	if (begins_with(unit->key, list))
		return true;
	for (const char *words = unit->word; words != NULL && *words != '\0'; words = strpbrk(words, " -"))
	{
		words += *words == ' ' || *words == '-';
		if (begins_with(words, list))
			return true;
	}
	return false;
}

static bool
asks_for(VaReader *reader, size_t turn)
{
	const VaUnits *units = va_reading_units(reader, turn);

	for (size_t i = 0; i < units->count; i++)
	{
		if (is_among(&units->items[i], asks))
			return true;
	}
	return false;
}

/* "at 3" is read back of no telephone number. */
static bool
has_digits(VaReader *reader, size_t turn)
{
	const VaUnits *units = va_reading_units(reader, turn);
	char digits[VA_DIGITS_MAX];

	for (size_t i = 0; i < units->count; i++)
	{
		if (va_read_digits(reader->lexicon, units, i, true, digits) > 0 && strlen(digits) >= READ_BACK_DIGITS_MIN)
			return true;
	}
	return false;
}

/* Whether an assistant's turn goes on with the same matter: it reads back, or asks nothing. */
static bool
goes_on(VaReader *reader, size_t turn)
{
	const VaTalkTurn *said = &reader->talk.turns[turn];

	return asks_for(reader, turn) || has_digits(reader, turn) || memchr(said->text, '?', said->len) == NULL;
}

/* Reads turns from one up to another; false: there is nothing. */
static bool
read_turns(VaReader *reader, size_t from, size_t to, VaSaidPhone *value)
{
	for (size_t i = from; i < to; i++)
		va_reading_units(reader, i);
	if (!va_read_phone(reader->arena, reader->lexicon, reader->talk.turns + from,
			reader->units + (from - reader->first), to - from, value) ||
		value->digits == NULL)
		return false;
	value->turn += from;
	value->agreed += value->agreed > 0 ? from : 0;
	/* A turn that speaks to the model gives no value. */
	return va_reading_vouched(reader, value->turn);
}

const VaSaidPhone *
va_reading_phone(VaReader *reader)
{
	VaSaidPhone *found = &reader->phone;

	if (reader->looked_for_phone)
		return found;
	reader->looked_for_phone = true;
	for (size_t i = reader->talk.count, looked = 0; i-- > reader->first && looked < NAMED_TURNS_MAX; looked++)
	{
		size_t to = i + 1;

		if (reader->talk.turns[i].person || !asks_for(reader, i))
			continue;
		while (to < reader->talk.count && to - i < ANSWER_TURNS_MAX &&
			   (reader->talk.turns[to].person || goes_on(reader, to)))
			to++;
		if (read_turns(reader, i, to, found))
			return found;
	}
	*found = (VaSaidPhone){ 0 };
	return found;
}

VaWords
va_words_of_phone(VaReader *reader, const VaSaidPhone *found)
{
	if (found->agreed > 0)
		return (VaWords){ .turn = found->agreed - 1, .len = reader->talk.turns[found->agreed - 1].len };
	return (VaWords){ .turn = found->turn, .offset = found->offset, .len = found->len };
}

/* A number with its country, or without: +1 (212) 555-0134 and 212 555 0134; 0171 ... and +49 171 ... */
static bool
same_phone(const char *one, const char *other)
{
	char digits[2][VA_DIGITS_MAX];
	const char *texts[2] = { one, other };
	size_t len[2] = { 0, 0 };
	size_t less;

	for (int i = 0; i < 2; i++)
	{
		for (const char *c = texts[i]; *c != '\0' && len[i] < VA_DIGITS_MAX - 1; c++)
		{
			if (isdigit((unsigned char) *c) && (len[i] > 0 || *c != '0'))
				digits[i][len[i]++] = *c;
		}
	}
	less = len[0] < len[1] ? len[0] : len[1];
	return less >= PHONE_DIGITS_MIN && len[0] - less <= 3 && len[1] - less <= 3 &&
		   memcmp(digits[0] + len[0] - less, digits[1] + len[1] - less, less) == 0;
}

/* In answer to the question for it, in the whole talk, or in one turn by itself. */
VaSupport
va_judge_phone(VaReader *reader, VaReadValue *value)
{
	const VaSaidPhone *found = va_reading_phone(reader);
	VaSaidPhone other = { 0 };
	bool any = found->digits != NULL;

	if (any && same_phone(found->digits, value->text))
	{
		value->words = va_words_of_phone(reader, found);
		return VA_SUPPORT_SUPPORTED;
	}
	for (size_t i = reader->talk.count, looked = 0; i-- > reader->first && looked < LONE_TURNS_MAX;)
	{
		size_t from = i > reader->first && !reader->talk.turns[i - 1].person ? i - 1 : i;

		if (!reader->talk.turns[i].person)
			continue;
		looked++;
		if (read_turns(reader, from, i + 1, &other) && same_phone(other.digits, value->text))
		{
			value->words = va_words_of_phone(reader, &other);
			return VA_SUPPORT_SUPPORTED;
		}
	}
	if (!any && read_turns(reader, reader->first, reader->talk.count, &other) && same_phone(other.digits, value->text))
	{
		value->words = va_words_of_phone(reader, &other);
		return VA_SUPPORT_SUPPORTED;
	}
	if (any)
		value->words = va_words_of_phone(reader, found);
	return any ? VA_SUPPORT_OTHER : VA_SUPPORT_MISSING;
}
