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
		reader->asked_turn = reader->turn;
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
	reader->value->agreed = 0;
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

void
va_field_agree(VaFieldReader *reader, const char *value)
{
	/* What the person has said itself is the better proof. */
	if (reader->value->value != NULL && value != NULL && strcmp(reader->value->value, value) == 0)
		return;
	va_field_take(reader, value, 0, reader->said.count);
	reader->value->agreed = reader->asked_turn + 1;
}

VaYesNo
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

/* ---- words ---- */

static size_t
next_letter(const char *word, int32_t *code)
{
	size_t used = va_utf8_next((const unsigned char *) word, strlen(word), code);

	*code = va_small_letter(*code);
	return used;
}

/* Letters that both words have, in their order. */
static size_t
letters_in_common(const char *one, size_t one_len, const char *other, size_t other_len)
{
	unsigned char row[2][64] = { { 0 } };

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
	return row[one_len & 1][other_len];
}

/* The consonants of a word as they sound, at most 15 of them. */
static void
sounds_of(const char *word, char sounds[16])
{
	static const char sound[] = ".bkt.fk..kklmn.pkrst.ffs.s";
	size_t used = 0;
	int32_t code = 0;

	while (*word != '\0' && used < 15)
	{
		char c;

		word += next_letter(word, &code);
		code = va_plain_letter(code);
		c = code >= 'a' && code <= 'z' ? sound[code - 'a'] : code == 0xDF ? 's' : '.';
		if (c != '.' && (used == 0 || sounds[used - 1] != c))
			sounds[used++] = c;
	}
	sounds[used] = '\0';
}

static bool
sound_alike(const char *one, const char *other)
{
	char first[16];
	char second[16];

	sounds_of(one, first);
	sounds_of(other, second);
	return strlen(first) > 1 && strcmp(first, second) == 0;
}

int
va_likeness(const char *one, const char *other)
{
	size_t one_len = strlen(one);
	size_t other_len = strlen(other);
	size_t longer = one_len > other_len ? one_len : other_len;
	size_t common;

	if (one_len == 0 || other_len == 0 || one_len > 62 || other_len > 62)
		return 0;
	if (va_same_word(one, other))
		return 1000;
	common = letters_in_common(one, one_len, other, other_len);
	return common * 5 >= longer * 3 || (common * 2 >= longer && (one[0] | 0x20) == (other[0] | 0x20))
			   ? (int) (common * 999 / longer)
		   : sound_alike(one, other) ? 400
									 : 0;
}

bool
va_words_alike(const char *one, const char *other)
{
	return va_likeness(one, other) > 0;
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
