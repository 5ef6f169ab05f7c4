/*-------------------------------------------------------------------------
 * fields.c
 *		Reading a field turn by turn, and what its kinds share.
 *
 * Pure: no state.
 */
#include "pure/phrases/fields_internal.h"

#include <string.h>

#include "pure/text/utf8.h"

typedef struct Kind
{
	const char *name;
	void (*read)(VaFieldReader *reader, bool person);
} Kind;

static const Kind kinds[VA_FIELD_KINDS] = {
	[VA_FIELD_NAME] = { "name", va_read_name },
	[VA_FIELD_EMAIL] = { "email", va_read_email },
	[VA_FIELD_PHONE] = { "phone", va_read_phone },
	[VA_FIELD_NUMBER] = { "number", va_read_number_field },
	[VA_FIELD_DATE] = { "date", va_read_date },
	[VA_FIELD_ADDRESS] = { "address", va_read_address },
};

VaFieldKind
va_field_kind(const char *name)
{
	VaFieldKind kind = 0;

	while (kind < VA_FIELD_KINDS && strcmp(kinds[kind].name, name) != 0)
		kind++;
	return kind;
}

const char *
va_field_kind_name(VaFieldKind kind)
{
	return kind < VA_FIELD_KINDS ? kinds[kind].name : NULL;
}

/* One turn of a talk, whose units the reader has. */
static bool
read_turn(VaFieldReader *reader, const VaTalkTurn *turn, VaFieldKind kind)
{
	if (!turn->person)
	{
		reader->asked = reader->said;
		reader->offered = NULL;
	}
	if (reader->said.count > 0)
		kinds[kind].read(reader, turn->person);
	if (turn->person)
		reader->offered = NULL;
	return !reader->arena->oom;
}

bool
va_read_field(VaArena *arena, const VaLexicon *lexicon, const VaTalkTurn *turns, size_t nturns, VaFieldKind kind,
	VaFieldValue *value)
{
	VaFieldReader reader = { .arena = arena, .lexicon = lexicon, .value = value };

	*value = (VaFieldValue){ 0 };
	for (size_t i = 0; i < nturns && i < VA_FIELD_TURNS_MAX; i++)
	{
		reader.turn = i;
		if (!va_units(arena, lexicon, turns[i].text, turns[i].len, &reader.said) ||
			!read_turn(&reader, &turns[i], kind))
			return false;
	}
	return true;
}

bool
va_read_field_units(VaArena *arena, const VaLexicon *lexicon, const VaTalkTurn *turns, const VaUnits *units,
	size_t nturns, VaFieldKind kind, VaFieldValue *value)
{
	VaFieldReader reader = { .arena = arena, .lexicon = lexicon, .value = value };

	*value = (VaFieldValue){ 0 };
	for (size_t i = 0; i < nturns && i < VA_FIELD_TURNS_MAX; i++)
	{
		reader.turn = i;
		reader.said = units[i];
		if (!read_turn(&reader, &turns[i], kind))
			return false;
	}
	return true;
}

void
va_field_take(VaFieldReader *reader, const char *value, size_t from, size_t to)
{
	const VaUnits *units = &reader->said;

	reader->value->value = value;
	reader->value->turn = reader->turn;
	if (to == 0 || to > units->count)
		to = units->count;
	reader->value->offset = units->items[from].offset;
	reader->value->len = units->items[to - 1].end - units->items[from].offset;
}

void
va_field_drop(VaFieldReader *reader)
{
	*reader->value = (VaFieldValue){ 0 };
}

VaAnswer
va_field_answer(const VaUnits *units)
{
	for (size_t i = 0; i < units->count && i < 4; i++)
	{
		if (va_unit_is(units, i, VA_NO))
			return VA_ANSWER_NO;
		if (va_unit_is(units, i, VA_YES))
			return VA_ANSWER_YES;
		if (!va_unit_is(units, i, VA_COMMON | VA_LEAD))
			break;
	}
	return VA_ANSWER_NONE;
}

bool
va_units_have(const VaUnits *units, int64_t kinds_wanted)
{
	for (size_t i = 0; i < units->count; i++)
	{
		if ((units->items[i].kinds & kinds_wanted) != 0)
			return true;
	}
	return false;
}

/* ---- letters ---- */

static bool
add_letters(char letters[VA_SPELLED_MAX], const char *more, int64_t times)
{
	size_t len = strlen(letters);
	size_t added = strlen(more);

	for (int64_t i = 0; i < times; i++)
	{
		if (len + added >= VA_SPELLED_MAX)
			return false;
		memcpy(letters + len, more, added + 1);
		len += added;
	}
	return true;
}

/* S as in sugar: the units behind the letter; the word must begin with it. */
static size_t
read_example(const VaUnits *units, size_t at, const char *letter)
{
	size_t word = at + 1;

	if (!va_unit_is(units, at, VA_AS) || word >= units->count)
		return 0;
	if (va_unit_is(units, word, VA_ARTICLE) && !va_unit_is(units, word, VA_ALPHABET))
		word++;
	if (word >= units->count || va_unit_begins(units, word))
		return 0;
	return units->items[word].key[0] == letter[0] || (unsigned char) letter[0] >= 0x80 ||
				   (va_unit_is(units, word, VA_ALPHABET) && strcmp(units->items[word].text, letter) == 0)
			   ? word + 1 - at
			   : 0;
}

/* The points of initials: J.R. */
static bool
is_initials(const VaUnit *unit)
{
	return unit->text[0] != '\0' && unit->text[1] == '.' && unit->text[2] != '\0' && unit->kinds == 0;
}

static bool
is_letter(const VaUnits *units, size_t at)
{
	const VaUnit *unit = at < units->count ? &units->items[at] : NULL;

	return unit != NULL && ((unit->kinds & (VA_LETTER | VA_ALPHABET)) != 0 || is_initials(unit));
}

/* A letter that is a word as well: not where words stand around it. */
static bool
is_lone_word(const VaUnits *units, size_t at, size_t count)
{
	const VaUnit *unit = &units->items[at];
	size_t next = at + 1;

	if ((unit->kinds & (VA_COMMON | VA_ARTICLE | VA_AND)) == 0 || (unit->kinds & VA_LETTER) == 0)
		return false;
	if (next < units->count && !va_unit_begins(units, next))
		return !is_letter(units, next) && !va_unit_is(units, next, VA_TIMES | VA_AS | VA_SYMBOL | VA_TURNED) &&
			   !(count > 0 && va_unit_is(units, next, VA_DIGIT | VA_NUMERAL));
	return count == 0;
}

/* One letter, or one said twice, or initials; how many units. */
static size_t
read_letter(const VaUnits *units, size_t at, size_t count, char letters[VA_SPELLED_MAX])
{
	int64_t times = 1;
	size_t used = 0;
	const VaUnit *unit;

	/* "deux f": not where a code could be meant. */
	if (count > 0 && va_unit_is(units, at, VA_DIGIT) && units->items[at].number == 2 &&
		strcmp(units->items[at].key, "two") != 0 && va_unit_is(units, at + 1, VA_LETTER) &&
		!va_unit_begins(units, at + 1))
	{
		times = 2;
		used = 1;
	}
	else if (va_unit_is(units, at, VA_TIMES) && at + 1 < units->count)
	{
		times = units->items[at].number;
		used = va_unit_is(units, at + 1, VA_SYMBOL) && units->items[at + 1].text[0] == '-' ? 2 : 1;
	}
	unit = &units->items[at + used];
	if (!is_letter(units, at + used) || (used == 0 && is_lone_word(units, at, count)))
		return 0;
	if (is_initials(unit))
	{
		for (const char *c = unit->text; *c != '\0'; c++)
		{
			char one[2] = { *c, '\0' };

			if (*c != '.' && !add_letters(letters, one, 1))
				return 0;
		}
		return used + 1;
	}
	if (!add_letters(letters, unit->text, times))
		return 0;
	used++;
	return used + read_example(units, at + used, unit->text);
}

/* e accent aigu: changes the last letter. */
static size_t
read_turned(const VaUnits *units, size_t at, char letters[VA_SPELLED_MAX])
{
	static const char *const turned[] = { "aigu", "e\303\251a\303\241i\303\255o\303\263u\303\272y\303\275", "grave",
		"a\303\240e\303\250i\303\254o\303\262u\303\271", "circonflexe", "a\303\242e\303\252i\303\256o\303\264u\303\273",
		"trema", "a\303\244e\303\253i\303\257o\303\266u\303\274", "cedille", "c\303\247", "tilde",
		"n\303\261a\303\243o\303\265", NULL };
	size_t len = strlen(letters);

	if (!va_unit_is(units, at, VA_TURNED) || len == 0 || len + 2 >= VA_SPELLED_MAX)
		return 0;
	for (size_t i = 0; turned[i] != NULL; i += 2)
	{
		const char *found;

		if (strcmp(turned[i], units->items[at].text) != 0)
			continue;
		for (found = turned[i + 1]; *found != '\0'; found += 3)
		{
			if (*found == letters[len - 1])
			{
				memcpy(letters + len - 1, found + 1, 2);
				letters[len + 1] = '\0';
				return 1;
			}
		}
	}
	return 1;
}

size_t
va_read_spelled(const VaLexicon *lexicon, const VaUnits *units, size_t at, char letters[VA_SPELLED_MAX], size_t *count)
{
	size_t from = at;
	bool words_only = true; /* of a spelling alphabet */

	(void) lexicon;
	letters[0] = '\0';
	*count = 0;
	while (at < units->count)
	{
		size_t used;
		char joint = units->items[at].joint;

		if (at > from && (joint == '?' || joint == '!' || joint == ';' || (joint == '.' && !is_letter(units, at))))
			break;
		if (*count > 0 && joint == '.' && !units->items[at].tight)
			break;
		/* "Otto Wilhelm, W I": the words are a name. */
		if (words_only && *count > 0 && *count < 3 && !va_unit_is(units, at, VA_ALPHABET))
			break;
		used = read_turned(units, at, letters);
		if (used == 0)
		{
			used = read_letter(units, at, *count, letters);
			if (used == 0)
				break;
			words_only = words_only && va_unit_is(units, at, VA_ALPHABET) && !va_unit_is(units, at, VA_LETTER);
			++*count;
		}
		at += used;
	}
	/* A word or two of the alphabet alone are words, or a name: Otto Wilhelm. */
	return *count == 0 || (words_only && *count < 3) ? 0 : at - from;
}

/* A short word that is letters: "mit tz". */
static bool
is_pair(const VaUnit *unit)
{
	return unit->kinds == 0 && unit->end - unit->offset <= 2;
}

size_t
va_spelling_remark(const VaUnits *units, size_t at)
{
	size_t next = at + 1;
	size_t last = at;

	if (!va_unit_is(units, at, VA_WITH))
		return 0;
	while (next < units->count && !va_unit_begins(units, next))
	{
		if (is_letter(units, next) || is_pair(&units->items[next]))
		{
			last = next;
			if (va_unit_is(units, next + 1, VA_AS) && next + 2 < units->count && !va_unit_begins(units, next + 1) &&
				!va_unit_begins(units, next + 2))
				last = next = next + 2;
		}
		else if (!va_unit_is(units, next, VA_ARTICLE | VA_DIGIT | VA_TIMES | VA_AND | VA_WITH | VA_TURNED))
			break;
		next++;
	}
	return last - at;
}

/* ---- words ---- */

static size_t
next_letter(const char *word, int32_t *code)
{
	size_t used = va_utf8_next((const unsigned char *) word, strlen(word), code);

	*code = va_small_letter(*code);
	return used;
}

/* Letters that one word has and the other has not, in either order, counted by letter. */
bool
va_words_alike(const char *one, const char *other)
{
	size_t common = 0;
	size_t one_len = strlen(one);
	size_t other_len = strlen(other);
	size_t longer = one_len > other_len ? one_len : other_len;
	unsigned char row[2][64] = { { 0 } };

	if (one_len == 0 || other_len == 0 || one_len > 62 || other_len > 62)
		return false;
	for (size_t i = 1; i <= one_len; i++)
	{
		for (size_t j = 1; j <= other_len; j++)
		{
			unsigned char *here = &row[i & 1][j];

			if ((one[i - 1] | 0x20) == (other[j - 1] | 0x20))
				*here = (unsigned char) (row[(i - 1) & 1][j - 1] + 1);
			else
				*here = row[(i - 1) & 1][j] > row[i & 1][j - 1] ? row[(i - 1) & 1][j] : row[i & 1][j - 1];
		}
	}
	common = row[one_len & 1][other_len];
	return common * 5 >= longer * 3 || (common * 2 >= longer && (one[0] | 0x20) == (other[0] | 0x20));
}

bool
va_same_word(const char *one, const char *other)
{
	while (*one != '\0' && *other != '\0')
	{
		int32_t a = 0;
		int32_t b = 0;

		one += next_letter(one, &a);
		other += next_letter(other, &b);
		if (va_plain_letter(a) != va_plain_letter(b))
			return false;
	}
	return *one == *other;
}

const char *
va_capitalised(VaArena *arena, const char *word, bool irish)
{
	char *out = va_arena_alloc(arena, 2 * strlen(word) + 8);
	size_t used = 0;
	bool first = true;

	for (size_t i = 0; out != NULL && word[i] != '\0';)
	{
		int32_t code = 0;
		size_t step = next_letter(word + i, &code);

		if (code <= 0)
			break;
		used += va_utf8_write(first ? va_great_letter(code) : code, out + used);
		i += step;
		first = code == '-' || code == '\'' || code == ' ' || (irish && i == 2 && strncmp(word, "mc", 2) == 0);
	}
	return out == NULL ? "" : out;
}
