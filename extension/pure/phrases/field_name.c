/*-------------------------------------------------------------------------
 * field_name.c
 *		Names of people: said, spelled, mended.
 *
 * A turn gives words that could be names, where a part of a sentence consists
 * of them, and runs of letters.  Letters take the place of the word that they
 * could spell, of the turn before all others; those that are like no word are
 * a name themselves.  A first name alone is no value.
 *
 * Pure: the state is the words of the name so far.
 */
#include "pure/phrases/fields_internal.h"

#include <string.h>
#include <strings.h>

#include "pure/text/utf8.h"

#define NAMES_MAX 6
#define CANDIDATES_MAX 24

typedef struct Name
{
	const char *words[NAMES_MAX]; /* as they are written */
	size_t count;
} Name;

typedef struct State
{
	Name said;
	Name offered; /* what the assistant has called the person */
	bool asked_first;
	bool asked_last;
} State;

/* One turn. */
typedef struct Hearing
{
	VaFieldReader *reader;
	const VaUnits *units;
	Name name;
	Name fresh; /* words of this turn that could not be placed yet */
	size_t from;
	size_t to;
	bool cased;
	bool whole; /* a part of a sentence gave more than one word */
	bool swap;	/* the last name came first */
} Hearing;

static const char *
written_word(const Hearing *hearing, size_t from, size_t to)
{
	const VaUnits *units = hearing->units;
	size_t start = units->items[from].offset;
	const char *text = va_arena_strndup(hearing->reader->arena, units->turn + start, units->items[to - 1].end - start);

	if (text == NULL)
		return "";
	return hearing->cased ? text
						  : va_capitalised(hearing->reader->arena, text, hearing->reader->lexicon->table->month_first);
}

/* A particle counts inside a name: "von der Heyde", and as a part that is written with a capital: "Le Goff". */
static bool
is_particle(const Hearing *hearing, size_t at)
{
	const VaUnits *units = hearing->units;

	if (!va_unit_is(units, at, VA_PARTICLE))
		return false;
	while (va_unit_is(units, at + 1, VA_PARTICLE) && !va_unit_begins(units, at + 1))
		at++;
	return at + 1 < units->count && !va_unit_begins(units, at + 1) && units->items[at + 1].kinds == 0 &&
		   units->items[at + 1].joint != '\'' && (!hearing->cased || units->items[at + 1].capital);
}

/* Could a unit be a name, or a part of one? */
static bool
could_be_name(const Hearing *hearing, size_t at)
{
	const VaUnit *unit;
	const int64_t none = ~(int64_t) (VA_ALPHABET | VA_MONTH | VA_STREET | VA_REGION | VA_ENDING | VA_PARTICLE |
									 VA_LETTER | VA_TENS | VA_MONEY);

	if (at >= hearing->units->count)
		return false;
	unit = &hearing->units->items[at];
	if (is_particle(hearing, at))
		return true;
	if ((unit->kinds & none) != 0 || unit->end - unit->offset < 2 || (unit->kinds & VA_NUMERAL) != 0)
		return false;
	/* two Ps */
	if (at > 0 && va_unit_is(hearing->units, at - 1, VA_DIGIT) && unit->end - unit->offset == 2 && unit->key[1] == 's')
		return false;
	return !hearing->cased || unit->capital || (unit->kinds & VA_PARTICLE) != 0;
}

/* "De Esteban Ayala", "con la": no name begins with it. */
static bool
is_loose_particle(const Hearing *hearing, size_t at)
{
	return va_unit_is(hearing->units, at, VA_PARTICLE) &&
		   (!hearing->units->items[at].capital || va_unit_begins(hearing->units, at));
}

/* The units of one word of a name: "Mary hyphen Jo", "O'Brien", "Garcia-Lopez". */
static size_t
end_of_word(const Hearing *hearing, size_t at)
{
	const VaUnits *units = hearing->units;

	for (at++; at < units->count; at++)
	{
		char joint = units->items[at].joint;

		if (units->items[at].tight && (joint == '-' || joint == '\'') && !va_unit_is(units, at, VA_LETTER))
			continue;
		if (va_unit_is(units, at, VA_SYMBOL) && units->items[at].text[0] == '-' && !va_unit_begins(units, at) &&
			could_be_name(hearing, at + 1))
		{
			at++;
			continue;
		}
		break;
	}
	return at;
}

/* The word with the hyphens that were said. */
static const char *
whole_word(const Hearing *hearing, size_t from, size_t to)
{
	VaArena *arena = hearing->reader->arena;
	const char *word = "";
	size_t part = from;

	for (size_t i = from; i <= to; i++)
	{
		bool hyphen = i < to && va_unit_is(hearing->units, i, VA_SYMBOL);

		if (i < to && !hyphen)
			continue;
		if (i > part)
			word = va_arena_join(arena, word, written_word(hearing, part, i), hyphen ? "-" : "", NULL);
		part = i + 1;
		if (word == NULL)
			return "";
	}
	return word;
}

/* ---- placing ---- */

static size_t
find_alike(const Name *name, const char *word)
{
	for (size_t i = 0; i < name->count; i++)
	{
		if (va_words_alike(name->words[i], word))
			return i;
	}
	return name->count;
}

static void
add_name(Name *name, const char *word)
{
	if (name->count < NAMES_MAX)
		name->words[name->count++] = word;
}

/* Letters as a word; the one that they spell keeps its capitals. */
static const char *
spelled_as(const Hearing *hearing, const char *letters, const char *word)
{
	/* Accents are often left out where letters are said. */
	bool same = va_same_word(word, letters);

	/* The first letter was heard as another word: "e, t, x" of Etxeberria. */
	for (size_t i = 1; !same && i <= 3 && strlen(word) > i + 2; i++)
		same = ((unsigned char) word[i] & 0xC0) != 0x80 && va_same_word(word + i, letters);

	return same ? word : va_capitalised(hearing->reader->arena, letters, hearing->reader->lexicon->table->month_first);
}

/* A part of a word behind or before a hyphen, where letters spell that part. */
static const char *
spell_part(const Hearing *hearing, const char *word, const char *letters)
{
	const char *hyphen = strchr(word, '-');
	VaArena *arena = hearing->reader->arena;
	const char *before;

	if (hyphen == NULL || strchr(letters, '-') != NULL)
		return NULL;
	before = va_arena_strndup(arena, word, (size_t) (hyphen - word));
	if (before == NULL)
		return NULL;
	if (va_words_alike(hyphen + 1, letters))
		return va_arena_join(arena, before, "-", spelled_as(hearing, letters, hyphen + 1), NULL);
	if (va_words_alike(before, letters))
		return va_arena_join(arena, spelled_as(hearing, letters, before), "-", hyphen + 1, NULL);
	return NULL;
}

static bool
place_in(const Hearing *hearing, Name *name, const char *letters)
{
	for (size_t i = 0; i < name->count; i++)
	{
		const char *part = spell_part(hearing, name->words[i], letters);

		if (part != NULL)
		{
			name->words[i] = part;
			return true;
		}
	}
	for (size_t i = name->count; i-- > 0;)
	{
		if (va_words_alike(name->words[i], letters))
		{
			name->words[i] = spelled_as(hearing, letters, name->words[i]);
			return true;
		}
	}
	return false;
}

static bool
is_together(const char *one, const char *two, const char *whole)
{
	size_t len = strlen(one);

	return strlen(whole) == len + strlen(two) && strncasecmp(whole, one, len) == 0 && strcasecmp(whole + len, two) == 0;
}

static void
drop_word(Name *name, size_t at)
{
	memmove(&name->words[at], &name->words[at + 1], (name->count - at - 1) * sizeof(name->words[0]));
	name->count--;
}

/* "mc allister is one word": two that are one in what is known or spelled are that one. */
static void
join_words(Name *name, const char *whole)
{
	for (size_t i = 0; i + 1 < name->count; i++)
	{
		if (is_together(name->words[i], name->words[i + 1], whole))
		{
			name->words[i] = whole;
			drop_word(name, i + 1);
		}
	}
}

/* Whether a word is one side of a hyphen in a name that is known. */
static bool
is_part(const Name *name, const char *word)
{
	size_t len = strlen(word);

	for (size_t i = 0; i < name->count; i++)
	{
		const char *hyphen = strchr(name->words[i], '-');

		if (hyphen != NULL && (strcasecmp(hyphen + 1, word) == 0 || ((size_t) (hyphen - name->words[i]) == len &&
																		strncasecmp(name->words[i], word, len) == 0)))
			return true;
	}
	return false;
}

/* A few letters of a word: "it's q v". */
static bool
is_within(const Name *name, const char *letters)
{
	size_t len = strlen(letters);

	for (size_t i = 0; i < name->count && len < 4; i++)
	{
		for (const char *c = name->words[i]; strlen(c) > len; c++)
		{
			if (strncasecmp(c, letters, len) == 0)
				return true;
		}
	}
	return false;
}

/* ---- hearing a turn ---- */

/*
 * What one part of a sentence names, beside what others have named: "Pye.
 * Graham Pye" is one name, "Katherine Doyle, Katherine with a K" as well.
 */
static void
take_words(Name *fresh, const Name *found)
{
	size_t alike = 0;

	for (size_t i = 0; i < fresh->count; i++)
		alike += find_alike(found, fresh->words[i]) < found->count;
	if (found->count > 1 && alike == fresh->count)
	{
		*fresh = *found;
		return;
	}
	for (size_t i = 0; i < found->count; i++)
	{
		size_t at = find_alike(fresh, found->words[i]);

		if (at == fresh->count || fresh->count < 2)
			add_name(fresh, found->words[i]);
		else if (!is_part(fresh, found->words[i]))
			fresh->words[at] = found->words[i];
	}
}

/* Candidates between marks: words that could be names up to the first that could not, behind what leads to them. */
static size_t
hear_words(Hearing *hearing, size_t at)
{
	const VaUnits *units = hearing->units;
	size_t start = at;
	size_t words = 0;
	size_t end;
	Name found = { .count = 0 };
	bool led = false;
	bool first = false;

	while (start < units->count && (start == at || !va_unit_begins(units, start)) &&
		   (!could_be_name(hearing, start) || is_loose_particle(hearing, start)))
	{
		if (!va_unit_is(units, start,
				VA_LEAD | VA_COMMON | VA_YES | VA_NO | VA_MEND | VA_AND | VA_FIRST | VA_LAST | VA_ARTICLE |
					VA_PARTICLE) ||
			va_unit_is(units, start, VA_NUMERAL))
			return start > at ? start : at + 1;
		led = led || va_unit_is(units, start, VA_LEAD | VA_AND | VA_FIRST | VA_LAST);
		first = first || (va_unit_is(units, start, VA_FIRST) && !va_unit_is(units, start, VA_ORDINAL));
		start++;
	}
	if (start >= units->count || (start > at && va_unit_begins(units, start)))
		return start > at ? start : at + 1;
	/* "I have a quote": words lead to a name only where they say so. */
	if (start > at && !led && !va_unit_is(units, start - 1, VA_YES | VA_NO | VA_MEND) &&
		!(hearing->cased && va_unit_is(units, start - 1, VA_COMMON)))
		return start + 1;
	end = start;
	while (end < units->count && words < NAMES_MAX && could_be_name(hearing, end) &&
		   (end == start || !va_unit_begins(units, end)))
	{
		size_t next = end_of_word(hearing, end);

		add_name(&found, whole_word(hearing, end, next));
		end = next;
		words++;
	}
	/* Another word goes on: a sentence, not a name, unless capitals say that it is one. */
	if (end < units->count && !va_unit_begins(units, end) &&
		!va_unit_is(
			units, end, VA_WITH | VA_AS | VA_LETTER | VA_LEAD | VA_TIMES | VA_YES | VA_AND | VA_COMMON | VA_LAST) &&
		!(hearing->cased && start > at))
		return end;
	if (end < units->count && !va_unit_begins(units, end) &&
		!va_unit_is(units, end, VA_WITH | VA_AS | VA_LETTER | VA_TIMES | VA_AND | VA_LEAD) && !led && !hearing->cased &&
		words < 2)
		return end;
	take_words(&hearing->fresh, &found);
	if (found.count > 1)
		hearing->whole = true;
	if (first && found.count == 1 && hearing->fresh.count == 2)
		hearing->swap = true;
	if (hearing->to == 0)
		hearing->from = start;
	hearing->to = end;
	return end;
}

/* The words of a turn take the places of those that are known. */
static void
place_words(Hearing *hearing, State *state)
{
	Name *fresh = &hearing->fresh;
	Name *name = &hearing->name;
	bool mends = name->count > 0;
	size_t placed = 0;

	if (fresh->count == 0)
		return;
	if (fresh->count == 1 && mends)
	{
		size_t at = find_alike(name, fresh->words[0]);

		if (at < name->count)
			name->words[at] = fresh->words[0];
		else if (state->asked_first && name->count < NAMES_MAX)
		{
			memmove(&name->words[1], &name->words[0], name->count * sizeof(name->words[0]));
			name->words[0] = fresh->words[0];
			name->count++;
		}
		else
			add_name(name, fresh->words[0]);
		return;
	}
	for (size_t i = 0; mends && i < fresh->count; i++)
		placed += find_alike(name, fresh->words[i]) < name->count;
	if (!mends || placed == 0)
	{
		*name = *fresh;
		return;
	}
	for (size_t i = 0; i < fresh->count; i++)
	{
		size_t at = find_alike(name, fresh->words[i]);

		if (at < name->count)
			name->words[at] = fresh->words[i];
		else
			add_name(name, fresh->words[i]);
	}
}

/* "Pye. Graham Pye": one word twice is one. */
static void
unite_words(Name *name)
{
	if (name->count > 1 && is_part(name, name->words[name->count - 1]))
		drop_word(name, name->count - 1);
	for (size_t i = 0; i + 1 < name->count;)
	{
		bool twice = false;

		for (size_t j = i + 1; j < name->count; j++)
			twice = twice || (va_words_alike(name->words[i], name->words[j]) &&
								 (name->words[i][0] | 0x20) == (name->words[j][0] | 0x20) && name->count > 2);
		if (!twice && !is_part(name, name->words[i]))
		{
			i++;
			continue;
		}
		drop_word(name, i);
	}
}

/* ---- a letter of a word ---- */

static const char *
letter_after(const VaUnits *units, size_t at, VaArena *arena)
{
	size_t more = va_spelling_remark(units, at);
	const char *letters = "";

	for (size_t i = at + 1; more > 0 && i <= at + more; i++)
	{
		if (va_unit_is(units, i, VA_LETTER) && !(i == at + 1 && more > 1 && va_unit_is(units, i, VA_ARTICLE)))
			letters = va_arena_join(arena, letters, units->items[i].text, NULL);
	}
	return letters == NULL ? "" : letters;
}

/* "With a K?" "No, with a C": the first K of the name becomes a C. */
static void
change_letter(Hearing *hearing, Name *name)
{
	const VaUnits *asked = &hearing->reader->asked;
	VaArena *arena = hearing->reader->arena;
	const char *old = "";
	const char *new = "";

	for (size_t i = 0; i < asked->count; i++)
	{
		if (va_unit_is(asked, i, VA_WITH) && letter_after(asked, i, arena)[0] != '\0')
			old = letter_after(asked, i, arena);
	}
	for (size_t i = 0; i < hearing->units->count; i++)
	{
		if (va_unit_is(hearing->units, i, VA_WITH) && letter_after(hearing->units, i, arena)[0] != '\0')
			new = letter_after(hearing->units, i, arena);
	}
	if (old[0] == '\0' || new[0] == '\0' || strcmp(old, new) == 0)
		return;
	for (size_t i = 0; i < name->count; i++)
	{
		const char *word = name->words[i];
		size_t at = 0;

		while (word[at] != '\0' && strncasecmp(word + at, old, strlen(old)) != 0)
			at++;
		if (word[at] == '\0')
			continue;
		word = va_arena_join(arena, va_arena_strndup(arena, word, at), new, name->words[i] + at + strlen(old), NULL);
		name->words[i] = word == NULL ? "" : at == 0 ? va_capitalised(arena, word, false) : word;
		if (hearing->to == 0)
			hearing->to = hearing->units->count;
		return;
	}
}

/* ---- a turn ---- */

static void
hear(Hearing *hearing, State *state)
{
	const VaUnits *units = hearing->units;
	const char *letters[CANDIDATES_MAX];
	size_t nletters = 0;

	for (size_t i = 0; i < units->count;)
	{
		char spelled[VA_SPELLED_MAX];
		size_t count;
		size_t remark = va_spelling_remark(units, i);
		size_t used = remark > 0 ? 0 : va_read_spelled(hearing->reader->lexicon, units, i, spelled, &count);

		if (remark > 0)
		{
			i += remark + 1;
			continue;
		}
		if (used > 0 && count > 1)
		{
			if (nletters < CANDIDATES_MAX)
				letters[nletters++] = va_arena_strdup(hearing->reader->arena, spelled);
			if (hearing->to == 0)
				hearing->from = i;
			hearing->to = i + used;
			i += used;
			continue;
		}
		/* Where a part between marks begins, or letters end. */
		if (used == 0)
			i = hear_words(hearing, i);
		else
			i += used;
	}
	for (size_t i = 0; i < hearing->name.count; i++)
		join_words(&hearing->fresh, hearing->name.words[i]);
	unite_words(&hearing->fresh);
	for (size_t i = 0; i < nletters; i++)
	{
		if (letters[i] == NULL || is_within(&hearing->fresh, letters[i]) || is_within(&hearing->name, letters[i]) ||
			place_in(hearing, &hearing->fresh, letters[i]) || place_in(hearing, &hearing->name, letters[i]))
			continue;
		/* Where the name is known, letters that are like none of it are remarks: "un R, deux N". */
		if (hearing->fresh.count + hearing->name.count == 0 ||
			(strlen(letters[i]) > 2 && hearing->fresh.count < 2 && hearing->name.count < 2))
			add_name(&hearing->fresh, spelled_as(hearing, letters[i], ""));
	}
	if (hearing->fresh.count == 2 && hearing->name.count == 0 && !hearing->whole &&
		(hearing->swap || (state->asked_last && !state->asked_first)))
	{
		const char *last = hearing->fresh.words[0];

		hearing->fresh.words[0] = hearing->fresh.words[1];
		hearing->fresh.words[1] = last;
	}
	place_words(hearing, state);
	change_letter(hearing, &hearing->name);
}

static const char *
joined(VaArena *arena, const Name *name)
{
	const char *text = name->words[0];

	for (size_t i = 1; i < name->count && text != NULL; i++)
		text = va_arena_join(arena, text, " ", name->words[i], NULL);
	return text;
}

/* A word twice was not understood. */
static bool
has_twins(const Name *name)
{
	for (size_t i = 0; i + 1 < name->count; i++)
	{
		if (va_same_word(name->words[i], name->words[i + 1]))
			return true;
	}
	return false;
}

/* What the assistant calls the person: words with capitals that stand together, or what it asks for. */
static void
hear_assistant(VaFieldReader *reader, State *state)
{
	Hearing hearing = { .reader = reader, .units = &reader->said, .cased = true };
	size_t best = 0;

	state->asked_first = va_units_have(&reader->said, VA_FIRST);
	state->asked_last = va_units_have(&reader->said, VA_LAST);
	if (state->asked_last)
		state->asked_first = false;
	state->offered.count = 0;
	for (size_t i = 0; i < reader->said.count; i++)
	{
		Name name = { .count = 0 };
		size_t end = i;

		if (i > 0 && va_unit_begins(&reader->said, i) && reader->said.items[i].joint != ',')
			continue;
		while (
			could_be_name(&hearing, end) && name.count < NAMES_MAX && (end == i || !va_unit_begins(&reader->said, end)))
		{
			size_t next = end_of_word(&hearing, end);

			add_name(&name, whole_word(&hearing, end, next));
			end = next;
		}
		if (name.count > best)
		{
			best = name.count;
			state->offered = name;
		}
	}
}

void
va_read_name(VaFieldReader *reader, bool person)
{
	State *state = reader->state;
	Hearing hearing = { .reader = reader, .units = &reader->said, .cased = reader->said.capitals };
	VaAnswer answer = va_field_answer(&reader->said);
	bool from_offered;

	if (state == NULL)
		reader->state = state = va_arena_alloc(reader->arena, sizeof(State));
	if (state == NULL)
		return;
	if (!person)
	{
		hear_assistant(reader, state);
		return;
	}
	from_offered = state->said.count == 0 &&
				   (state->offered.count >= 2 || (state->offered.count == 1 && state->asked_last));
	hearing.name = from_offered ? state->offered : state->said;
	hear(&hearing, state);
	if (hearing.to == 0 && answer == VA_ANSWER_NO && state->offered.count > 0 && state->said.count == 0)
		return;
	if (hearing.to == 0 && !(answer == VA_ANSWER_YES && from_offered))
		return;
	if (hearing.to == 0)
		hearing.to = reader->said.count;
	state->said = hearing.name;
	state->asked_first = false;
	if (state->said.count >= 2 && !has_twins(&state->said))
		va_field_take(reader, joined(reader->arena, &state->said), hearing.from, hearing.to);
}
