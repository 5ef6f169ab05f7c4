/*-------------------------------------------------------------------------
 * reading_found.c
 *		Names, e-mail addresses, telephone numbers and postal addresses that the
 *		person gives.
 *
 * A talk has many numbers and names: a value is read from the question for it
 * on, up to the next question for something else.  Where nobody asked, a turn
 * may say it by itself.
 *
 * Pure.
 */
#include "pure/phrases/reading_internal.h"

#include <ctype.h>
#include <strings.h>

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
static const char *const asks[VA_FIELD_KINDS] = {
	[VA_FIELD_NAME] =
		"name|names|nombre|apellido|apellidos|llama|nom|prenom|appelez|appelle|heissen|heisst|vorname|nachname"
		"|speaking|hablo|parle|spreche",
	[VA_FIELD_EMAIL] = "e|email|mail|correo|electronico|courriel|mailadresse|mél|électronique",
	[VA_FIELD_PHONE] = "phone|number|telephone|mobile|cell|numero|telefono|movil|portable|nummer|telefon|telefonnummer"
					   "|handy|handynummer|rufnummer|ruckrufnummer|reach",
	[VA_FIELD_ADDRESS] = "address|street|direccion|calle|adresse|rue|strasse|anschrift|wohnen|wohnt|live|postal|zip",
	[VA_FIELD_DATE] = "date|birth|born|birthday|fecha|nacimiento|nacio|naissance|ne|nee|geburtsdatum|geboren|datum",
};

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
asks_for(VaReader *reader, size_t turn, VaFieldKind kind)
{
	const VaUnits *units = va_reading_units(reader, turn);

	for (size_t i = 0; asks[kind] != NULL && i < units->count; i++)
	{
		const VaUnit *unit = &units->items[i];

		/* An e-mail address is no postal one. */
		if (is_among(unit, asks[kind]) && !(kind == VA_FIELD_ADDRESS && is_among(unit, asks[VA_FIELD_EMAIL])))
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
goes_on(VaReader *reader, size_t turn, VaFieldKind kind)
{
	const VaUnits *units = va_reading_units(reader, turn);
	const VaTalkTurn *said = &reader->talk.turns[turn];

	if (asks_for(reader, turn, kind))
		return true;
	if (kind == VA_FIELD_PHONE)
		return has_digits(reader, turn) || memchr(said->text, '?', said->len) == NULL;
	for (size_t i = 0; i < units->count; i++)
	{
		if (va_unit_is(units, i, kind == VA_FIELD_EMAIL ? VA_SYMBOL : VA_NUMERAL | VA_DIGIT | VA_LETTER) &&
			kind != VA_FIELD_NAME)
			return true;
	}
	return memchr(said->text, '?', said->len) == NULL;
}

/* Reads turns from one up to another; false: there is nothing. */
static bool
read_turns(VaReader *reader, VaFieldKind kind, size_t from, size_t to, VaFieldValue *value)
{
	for (size_t i = from; i < to; i++)
		va_reading_units(reader, i);
	if (!va_read_field_units(reader->arena, reader->lexicon, reader->talk.turns + from,
			reader->units + (from - reader->first), to - from, kind, value) ||
		value->value == NULL)
		return false;
	value->turn += from;
	value->agreed += value->agreed > 0 ? from : 0;
	/* A turn that speaks to the model gives no value. */
	return va_reading_vouched(reader, value->turn);
}

const VaFieldValue *
va_reading_found(VaReader *reader, VaFieldKind kind)
{
	VaFieldValue *found = &reader->found[kind];

	if (reader->looked[kind])
		return found;
	reader->looked[kind] = true;
	for (size_t i = reader->talk.count, looked = 0; i-- > reader->first && looked < NAMED_TURNS_MAX; looked++)
	{
		size_t to = i + 1;

		if (reader->talk.turns[i].person || !asks_for(reader, i, kind))
			continue;
		while (to < reader->talk.count && to - i < ANSWER_TURNS_MAX &&
			   (reader->talk.turns[to].person || goes_on(reader, to, kind)))
			to++;
		if (read_turns(reader, kind, i, to, found))
			return found;
	}
	*found = (VaFieldValue){ 0 };
	return found;
}

VaWords
va_words_found(VaReader *reader, const VaFieldValue *found)
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

/* Where the words of a name stand one behind the other in a turn; the turn's count: nowhere. */
static size_t
find_name(const VaUnits *units, const VaUnits *name)
{
	for (size_t i = 0; i + name->count <= units->count; i++)
	{
		size_t j = 0;

		while (j < name->count && strcmp(units->items[i + j].key, name->items[j].key) == 0)
			j++;
		if (j == name->count)
			return i;
	}
	return units->count;
}

static VaSupport
judge_name_words(VaReader *reader, VaReadValue *value)
{
	VaUnits name;
	size_t looked = 0;

	if (!va_units(reader->arena, reader->lexicon, value->text, value->len, &name) || name.count == 0)
		return VA_SUPPORT_FORM;
	for (size_t i = reader->talk.count; i-- > reader->first && looked++ < NAMED_TURNS_MAX;)
	{
		const VaUnits *units = va_reading_vouched(reader, i) ? va_reading_units(reader, i) : NULL;
		size_t at = units == NULL ? 0 : find_name(units, &name);

		if (units == NULL || at == units->count)
			continue;
		value->words = va_reading_sentence(reader, i, units->items[at].offset, units->items[at + name.count - 1].end);
		for (size_t j = at > 3 ? at - 3 : 0; j < at; j++)
		{
			if (va_unit_is(units, j, VA_NO) && !va_unit_begins(units, j + 1))
				return VA_SUPPORT_DENIED;
		}
		return VA_SUPPORT_SUPPORTED;
	}
	return VA_SUPPORT_MISSING;
}

/* The same letters and digits, whatever stands between them. */
static bool
same_letters(const char *one, const char *other)
{
	for (;;)
	{
		while (*one != '\0' && (unsigned char) *one < 0x80 && !isalnum((unsigned char) *one))
			one++;
		while (*other != '\0' && (unsigned char) *other < 0x80 && !isalnum((unsigned char) *other))
			other++;
		if (*one == '\0' || *other == '\0')
			return *one == *other;
		if (tolower((unsigned char) *one) != tolower((unsigned char) *other))
			return false;
		one++;
		other++;
	}
}

static bool
same_value(VaFieldKind kind, const char *one, const char *other)
{
	return kind == VA_FIELD_EMAIL || kind == VA_FIELD_DATE ? strcasecmp(one, other) == 0
		   : kind == VA_FIELD_PHONE						   ? same_phone(one, other)
														   : same_letters(one, other);
}

/* In answer to the question for it, in the whole talk, or in one turn by itself. */
VaSupport
va_judge_found(VaReader *reader, VaFieldKind kind, VaReadValue *value)
{
	const VaFieldValue *found = va_reading_found(reader, kind);
	VaFieldValue other = { 0 };
	bool any = found->value != NULL;

	VaSupport said = kind == VA_FIELD_NAME ? judge_name_words(reader, value) : VA_SUPPORT_MISSING;

	/* "It's not Anna Boyle" */
	if (said == VA_SUPPORT_DENIED)
		return said;
	if (any && same_value(kind, found->value, value->text))
	{
		value->words = va_words_found(reader, found);
		return VA_SUPPORT_SUPPORTED;
	}
	if (said == VA_SUPPORT_SUPPORTED)
		return said;
	for (size_t i = reader->talk.count, looked = 0; i-- > reader->first && looked < LONE_TURNS_MAX;)
	{
		size_t from = i > reader->first && !reader->talk.turns[i - 1].person ? i - 1 : i;

		if (!reader->talk.turns[i].person)
			continue;
		looked++;
		if (read_turns(reader, kind, from, i + 1, &other) && same_value(kind, other.value, value->text))
		{
			value->words = va_words_found(reader, &other);
			return VA_SUPPORT_SUPPORTED;
		}
	}
	if (!any && read_turns(reader, kind, reader->first, reader->talk.count, &other) &&
		same_value(kind, other.value, value->text))
	{
		value->words = va_words_found(reader, &other);
		return VA_SUPPORT_SUPPORTED;
	}
	if (any)
		value->words = va_words_found(reader, found);
	return any ? VA_SUPPORT_OTHER : VA_SUPPORT_MISSING;
}
