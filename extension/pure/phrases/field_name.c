/*-------------------------------------------------------------------------
 * field_name.c
 *		Names of people: said, spelled, mended, read back.
 *
 * A turn is read clause by clause (a clause ends with a mark): words that
 * could be a name where the clause says nothing else, runs of letters, remarks
 * about letters.  The first whole name of a turn counts; what follows spells
 * it, mends it, or is no name.  A first name alone is no value, nor is what
 * the assistant calls the person unless the person agrees.
 *
 * Pure: the state is the words of the name so far.
 *-------------------------------------------------------------------------
 */
#include "pure/phrases/fields_internal.h"

#include <string.h>
#include <strings.h>

#define SPELLED_BACK_MAX 4

/* Kinds that a word of a name may have by chance. */
#define NAME_KINDS                                                                                               \
	(VA_ALPHABET | VA_MONTH | VA_STREET | VA_REGION | VA_ENDING | VA_PARTICLE | VA_LETTER | VA_TENS | VA_MONEY | \
		VA_GIVEN)
/* What a name may follow in its clause. */
#define LEADING_KINDS (VA_LEAD | VA_AND | VA_FIRST | VA_LAST | VA_WITH)
#define EMPTY_KINDS \
	(VA_COMMON | VA_YES | VA_NO | VA_MEND | VA_ARTICLE | VA_PARTICLE | VA_HELLO | VA_TITLE | VA_WITHOUT | VA_PLACE)
/* What may follow a name in its clause. */
#define TRAILING_KINDS                                                                                       \
	(VA_WITH | VA_AS | VA_LETTER | VA_LEAD | VA_TIMES | VA_YES | VA_AND | VA_COMMON | VA_LAST | VA_WITHOUT | \
		VA_DIGIT | VA_TURNED)

typedef struct State
{
	VaName said;
	VaName offered; /* what the assistant has called the person */
	const char *spelled_back[SPELLED_BACK_MAX];
	size_t nspelled_back;
	const char *old; /* the letter of the assistant's "with a K?"; "" */
	const char *of;	 /* ... and the word that it is said of; "" */
	bool titled;	 /* by a last name: Mr Miller */
	bool asked_first;
	bool asked_last;
	bool asked_else; /* for something that is no name */
} State;

typedef struct Clause
{
	size_t begin;
	bool led;	 /* words that lead to a name */
	bool self;	 /* my name is */
	bool common; /* words that say nothing, beyond a greeting */
	bool dirty;	 /* words that are in no name's clause */
	bool other;	 /* ... somebody else's */
	bool first;
	bool last;
	size_t word;				  /* the only word of the name that it speaks of; SIZE_MAX: none */
	const VaLetterRemark *remark; /* of no word yet: "two Ts in Patterson" */
} Clause;

/* One turn. */
typedef struct Hearing
{
	VaFieldReader *reader;
	const VaUnits *units;
	VaArena *arena;
	Clause clause;
	VaName name;
	size_t asked; /* the word of it that the assistant asked about; SIZE_MAX: none */
	size_t from;  /* units that say it; to 0: none */
	size_t to;
	size_t single; /* where the clause of its only word begins, unless something leads there; SIZE_MAX: nowhere */
	bool cased;
	bool assistant;		 /* it speaks */
	bool strict;		 /* nouns have capitals */
	bool irish;			 /* McKenna */
	bool offered;		 /* the name is what the assistant said */
	bool spoken;		 /* a word of it comes from this turn */
	bool whole;			 /* it was said whole in this turn */
	bool mended;		 /* no, sorry */
	const char *letters; /* the run before, and the word that it took the place of */
	const char *replaced;
	size_t replaced_at;
} Hearing;

/* ---- words ---- */

static size_t
characters(const VaUnit *unit)
{
	size_t count = 0;

	for (const char *c = unit->word; *c != '\0'; c++)
		count += ((unsigned char) *c & 0xC0) != 0x80;
	return count;
}

static const char *
written_word(const Hearing *hearing, size_t from, size_t to)
{
	const VaUnits *units = hearing->units;
	size_t start = units->items[from].offset;
	const char *text = va_arena_strndup(hearing->arena, units->turn + start, units->items[to - 1].end - start);

	if (text == NULL)
		return "";
	/* "von", "de", but "Le" */
	if (!hearing->cased && to == from + 1 && va_unit_is(units, from, VA_PARTICLE | VA_ARTICLE) &&
		!(units->items[from].word[0] == 'l' && strchr("ae", units->items[from].word[1]) != NULL) &&
		strcmp(units->items[from].word, "du") != 0 && strcmp(units->items[from].word, "san") != 0)
		return text;
	return hearing->cased ? text : va_capitalised(hearing->arena, text, hearing->irish);
}

/* A particle counts inside a name: "von der Heyde", "de la Torre", and as a part with a capital: "Le Goff". */
static bool
is_particle(const Hearing *hearing, size_t at)
{
	const VaUnits *units = hearing->units;
	const VaUnit *next;

	if (!va_unit_is(units, at, VA_PARTICLE))
		return false;
	while (va_unit_is(units, at + 1, VA_PARTICLE | VA_ARTICLE) && !va_unit_begins(units, at + 1))
		at++;
	next = at + 1 < units->count ? &units->items[at + 1] : NULL;
	return next != NULL && !va_unit_begins(units, at + 1) && (next->kinds & ~NAME_KINDS) == 0 && characters(next) > 1 &&
		   (!hearing->cased || next->capital);
}

/* Could a unit be a name, or a part of one?  inside: a word of a name stands before it. */
static bool
could_be_name(const Hearing *hearing, size_t at, bool inside)
{
	const VaUnit *unit;

	if (at >= hearing->units->count)
		return false;
	unit = &hearing->units->items[at];
	if (is_particle(hearing, at) &&
		(inside || ((unit->kinds & (VA_AND | VA_AS | VA_ARTICLE)) == 0 && (unit->capital || !hearing->cased)) ||
			(unit->capital && (unit->kinds & VA_ARTICLE) != 0 && hearing->cased && va_unit_begins(hearing->units, at))))
		return true;
	/* "de la Torre" */
	if (inside && at > 0 && va_unit_is(hearing->units, at, VA_ARTICLE) &&
		va_unit_is(hearing->units, at - 1, VA_PARTICLE) && at + 1 < hearing->units->count &&
		could_be_name(hearing, at + 1, false))
		return true;
	if (characters(unit) < 2 || (unit->kinds & VA_NUMERAL) != 0)
		return false;
	/* two Ps */
	if (at > 0 && va_unit_is(hearing->units, at - 1, VA_DIGIT) && unit->end - unit->offset == 2 && unit->key[1] == 's')
		return false;
	/* "Elena Mas", "Hannelore Gross": a capital behind a name goes on with it. */
	if (inside && hearing->cased && !(hearing->assistant && hearing->strict) && unit->capital &&
		!va_unit_begins(hearing->units, at) &&
		(unit->kinds & (VA_LEAD | VA_YES | VA_NO | VA_TIMES | VA_FIRST | VA_LAST)) == 0)
		return true;
	if ((unit->kinds & ~NAME_KINDS) != 0)
		return false;
	return !hearing->cased || unit->capital;
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
			could_be_name(hearing, at + 1, false))
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
	const char *word = "";
	size_t part = from;

	for (size_t i = from; i <= to; i++)
	{
		bool hyphen = i < to && va_unit_is(hearing->units, i, VA_SYMBOL) && hearing->units->items[i].text[0] == '-' &&
					  i > from;

		if (i < to && !hyphen)
			continue;
		if (i > part)
			word = va_arena_join(hearing->arena, word, written_word(hearing, part, i), hyphen ? "-" : "", NULL);
		part = i + 1;
		if (word == NULL)
			return "";
	}
	return word;
}

/* The first letter of an apostrophe's name: "O'Brien", "D'Angelo". */
static bool
is_elided(const Hearing *hearing, size_t at)
{
	const VaUnits *units = hearing->units;

	return at + 1 < units->count && characters(&units->items[at]) == 1 && units->items[at + 1].tight &&
		   units->items[at + 1].joint == '\'' && characters(&units->items[at + 1]) > 2 &&
		   (!hearing->cased || (units->items[at].capital && units->items[at + 1].capital));
}

/* "Joseph K. Ward", "Peter St. John": what has a point in a name. */
static bool
has_point(const Hearing *hearing, size_t at, bool inside)
{
	const VaUnits *units = hearing->units;
	const VaUnit *unit = &units->items[at];
	bool point = at + 1 < units->count && units->items[at + 1].joint == '.';

	if (!inside || at + 1 >= units->count || !could_be_name(hearing, at + 1, false))
		return false;
	if (strcmp(unit->key, "st") == 0)
		return point;
	return characters(unit) == 1 && (unit->kinds & (VA_AND | VA_ARTICLE | VA_PARTICLE)) == 0 &&
		   (point || !va_unit_begins(units, at + 1)) && (!hearing->cased || unit->capital);
}

/* The words of a name from a unit on; where they end. */
static size_t
read_words(const Hearing *hearing, size_t at, VaName *found)
{
	const VaUnits *units = hearing->units;
	bool point = false;
	size_t end = at;

	found->count = 0;
	while (end < units->count && found->count < VA_NAME_WORDS_MAX)
	{
		size_t next;

		if (end > at && va_unit_begins(units, end) && !point)
			break;
		point = !is_elided(hearing, end) && has_point(hearing, end, found->count > 0);
		if (point)
		{
			va_name_add(found, va_arena_join(hearing->arena, written_word(hearing, end, end + 1), ".", NULL), false);
			end++;
			continue;
		}
		if (!is_elided(hearing, end) && !could_be_name(hearing, end, found->count > 0))
			break;
		next = end_of_word(hearing, is_elided(hearing, end) ? end + 1 : end);
		va_name_add(found, whole_word(hearing, end, next), false);
		end = next;
	}
	return end;
}

/* ---- placing ---- */

static void
touch(Hearing *hearing, size_t from, size_t to)
{
	if (hearing->to == 0 || from < hearing->from)
		hearing->from = from;
	if (to > hearing->to)
		hearing->to = to;
}

static size_t
count_alike(const VaName *name, const VaName *other)
{
	size_t alike = 0;

	for (size_t i = 0; i < name->count; i++)
		alike += va_name_find(other, name->words[i]) < other->count;
	return alike;
}

/* Two words that are known to be one: "mc allister is one word, m c a ...". */
static void
unite_words(VaName *name, const VaName *known)
{
	for (size_t i = 0; i + 1 < name->count; i++)
	{
		for (size_t j = 0; j < known->count; j++)
		{
			size_t len = strlen(name->words[i]);
			const char *whole = known->words[j];

			if (strlen(whole) != len + strlen(name->words[i + 1]) || strncasecmp(whole, name->words[i], len) != 0 ||
				strcasecmp(whole + len, name->words[i + 1]) != 0)
				continue;
			va_name_drop(name, i);
			name->words[i] = whole;
			break;
		}
	}
}

/* Several words: a name, unless this turn has given one, or the talk has and this is like none of it. */
static bool
take_several(Hearing *hearing, const State *state, const VaName *found)
{
	VaName *name = &hearing->name;
	size_t alike = count_alike(name, found);

	if (hearing->whole && !hearing->mended && alike < name->count)
		return false;
	if (!hearing->whole && alike == 0 && state->said.count > 1 && !hearing->mended && !hearing->clause.self)
		return false;
	if (name->count > found->count && alike >= found->count && !hearing->mended)
	{
		for (size_t i = 0; i < found->count; i++)
			name->words[va_name_find(name, found->words[i])] = found->words[i];
	}
	else
		*name = *found;
	hearing->whole = true;
	hearing->asked = SIZE_MAX;
	return true;
}

static bool
take_single(Hearing *hearing, const State *state, const char *word, bool remarked)
{
	VaName *name = &hearing->name;
	size_t at = va_name_find(name, word);
	bool front;

	if (at == name->count && va_name_has_part(name, word))
		return true;
	for (size_t i = 0; i + 1 < name->count && strchr(word, '-') != NULL; i++)
	{
		const char *both = va_arena_join(hearing->arena, name->words[i], "-", name->words[i + 1], NULL);

		if (both == NULL || !va_same_word(both, word))
			continue;
		va_name_drop(name, i);
		name->words[i] = word;
		hearing->clause.word = i;
		return true;
	}
	if (at < name->count)
	{
		VaName one = { .words = { word }, .count = 1 };

		if (va_same_word(name->words[at], word) ? !hearing->spoken && hearing->cased
												: hearing->mended || remarked || hearing->cased || !hearing->spoken ||
													  va_name_has_part(&one, name->words[at]))
			name->words[at] = word;
		hearing->clause.word = at;
		return true;
	}
	if (hearing->offered && hearing->clause.self)
		name->count = 0;
	if (name->count >= 2)
	{
		bool first = hearing->clause.first || (hearing->mended && state->asked_first);
		bool last = hearing->clause.last || (hearing->mended && state->asked_last);

		if (!first && !last)
			return false;
		hearing->clause.word = first ? 0 : name->count - 1;
		name->words[hearing->clause.word] = word;
		return true;
	}
	/* "Bürgi, Reto" */
	front = hearing->clause.first ||
			(state->titled && name->count == 1 && va_words_alike(state->offered.words[0], name->words[0])) ||
			(state->asked_first && !hearing->spoken) || (state->asked_last && hearing->spoken) ||
			(name->count == 1 && hearing->single != SIZE_MAX && !hearing->clause.led && hearing->spoken &&
				hearing->units->items[hearing->clause.begin].joint == ',');
	if (hearing->clause.last)
		front = false;
	if (name->count == 0 && !hearing->clause.led)
		hearing->single = hearing->clause.begin;
	va_name_add(name, word, front && name->count > 0);
	hearing->clause.word = front ? 0 : name->count - 1;
	return true;
}

/* ---- what a turn says ---- */

/* Whether the clause may name somebody here. */
static bool
may_begin(const Hearing *hearing, size_t at)
{
	const Clause *clause = &hearing->clause;

	if (clause->dirty)
		return false;
	if (clause->led || at == clause->begin || !clause->common)
		return true;
	return va_unit_is(hearing->units, at - 1, VA_YES | VA_NO | VA_MEND | VA_HELLO | VA_TITLE) ||
		   (hearing->cased && !hearing->strict && va_unit_is(hearing->units, at - 1, VA_COMMON));
}

static bool
may_end(const Hearing *hearing, size_t end, size_t words)
{
	const VaUnits *units = hearing->units;

	if (end >= units->count || va_unit_begins(units, end))
		return true;
	if (va_unit_is(units, end, TRAILING_KINDS))
		return words > 1 || hearing->clause.led || (hearing->cased && !hearing->strict) ||
			   !va_unit_is(units, end, VA_COMMON) || va_unit_is(units, end, VA_WITH | VA_AS | VA_LETTER | VA_LEAD);
	return hearing->cased && (words > 1 || (hearing->clause.led && !hearing->strict));
}

/* The word that the assistant asked about: "Catherine Moss with a C?" */
static size_t
asked_word(const Hearing *hearing, const State *state)
{
	const VaName *name = &hearing->name;

	if (state->old[0] == '\0' ||
		(hearing->asked < name->count && strcasestr(name->words[hearing->asked], state->old) != NULL))
		return hearing->asked;
	for (size_t i = 0; i < name->count; i++)
	{
		if (strcasestr(name->words[i], state->old) != NULL)
			return i;
	}
	return hearing->asked;
}

/* Of the word of its clause; else of the one that was asked about; else of the last that can be so, if none is. */
static void
hear_remark(Hearing *hearing, const State *state, const VaLetterRemark *remark)
{
	VaName *name = &hearing->name;
	const char *made = NULL;
	size_t at = hearing->clause.word < name->count ? hearing->clause.word : hearing->asked;

	if (name->count < 2)
		hearing->single = SIZE_MAX;
	if (at == hearing->asked)
		at = asked_word(hearing, state);
	if (at < name->count)
	{
		made = va_name_remarked(hearing->arena, name->words[at], remark, state->old);
		if (made != NULL)
			name->words[at] = made;
		return;
	}
	for (size_t i = 0; i < name->count; i++)
	{
		if (va_name_holds(name->words[i], remark))
			return;
	}
	for (at = name->count; at > 0 && made == NULL && !remark->without;)
		made = va_name_remarked(hearing->arena, name->words[--at], remark, state->old);
	if (made != NULL)
		name->words[at] = made;
}

static size_t
hear_words(Hearing *hearing, const State *state, size_t at)
{
	const VaUnits *units = hearing->units;
	VaName found;
	VaLetterRemark remark;
	size_t end = read_words(hearing, at, &found);
	bool known = count_alike(&found, &hearing->name) > 0;
	bool remarked;
	bool taken;

	if (found.count == 0)
		return at;
	/* "not Smith, Smyth" */
	if (at > hearing->clause.begin && va_unit_is(units, at - 1, VA_NOT) && found.count == 1)
		return end;
	unite_words(&found, &hearing->name);
	if (!may_begin(hearing, at) || !may_end(hearing, end, found.count) ||
		(state->asked_else && !hearing->clause.self && !known))
	{
		hearing->clause.dirty = true;
		return end;
	}
	remarked = end < units->count && !va_unit_begins(units, end) &&
			   va_letter_remark(hearing->reader->lexicon, hearing->arena, units, end, false, &remark) > 0;
	taken = found.count > 1 ? take_several(hearing, state, &found)
							: take_single(hearing, state, found.words[0], remarked);
	if (taken)
	{
		if (found.count == 1 && hearing->clause.remark != NULL && hearing->clause.word < hearing->name.count)
			hear_remark(hearing, state, hearing->clause.remark);
		touch(hearing, at, end);
		hearing->spoken = true;
		hearing->mended = false;
	}
	return end;
}

/* Letters in two runs spell one word: "W H I T, C O M B E". */
static bool
join_runs(Hearing *hearing, const char *letters)
{
	VaName *name = &hearing->name;
	const char *both;
	size_t found;

	if (hearing->letters == NULL || hearing->replaced_at >= name->count)
		return false;
	both = va_arena_join(hearing->arena, hearing->letters, letters, NULL);
	found = va_name_find(name, letters);
	if (both == NULL || strlen(both) >= VA_SPELLED_MAX || strchr(hearing->replaced, '-') != NULL ||
		va_likeness(hearing->replaced, both) <= va_likeness(hearing->replaced, hearing->letters) ||
		va_likeness(hearing->replaced, both) <= va_likeness(hearing->replaced, letters) ||
		(found < name->count && found != hearing->replaced_at &&
			va_likeness(name->words[found], letters) >= va_likeness(hearing->replaced, both)))
		return false;
	name->words[hearing->replaced_at] = va_name_spelled(hearing->arena, hearing->irish, both, hearing->replaced);
	hearing->letters = both;
	return true;
}

static bool
hear_letters(Hearing *hearing, const State *state, const char *letters)
{
	VaName *name = &hearing->name;
	VaName before = *name;
	size_t at = 0;
	const char *word;

	if (hearing->name.count < 2)
		hearing->single = SIZE_MAX;
	if (letters == NULL)
		return false;
	if (join_runs(hearing, letters))
		return true;
	hearing->letters = NULL;
	if (va_name_spell(hearing->arena, hearing->irish, name, letters, &at))
	{
		hearing->letters = letters;
		hearing->replaced = before.words[at];
		hearing->replaced_at = at;
		return true;
	}
	word = va_capitalised(hearing->arena, letters, hearing->irish);
	if (name->count >= 2 && (state->asked_first || state->asked_last) && strlen(letters) > 2 && !hearing->spoken)
	{
		name->words[state->asked_first ? 0 : name->count - 1] = word;
		return true;
	}
	if (name->count == 0 || (name->count == 1 && (strlen(letters) > 2 || hearing->clause.first ||
													 hearing->clause.last || state->asked_first || state->asked_last)))
	{
		bool front = hearing->clause.first || (state->asked_first && !hearing->spoken);

		va_name_add(name, word, front && name->count > 0);
		hearing->letters = letters;
		hearing->replaced = word;
		hearing->replaced_at = front ? 0 : name->count - 1;
		hearing->spoken = true;
		return true;
	}
	return false;
}

/* "Nguyen is the last name": of the two that are known. */
static void
name_place(Hearing *hearing)
{
	VaName *name = &hearing->name;
	size_t word = hearing->clause.word;

	if (name->count != 2 || word > 1 || (hearing->clause.first ? word == 0 : !hearing->clause.last || word == 1))
		return;
	va_name_add(name, name->words[0], false);
	va_name_drop(name, 0);
	hearing->clause.word = 1 - word;
}

static void
hear_other(Hearing *hearing, size_t at)
{
	const VaUnits *units = hearing->units;
	Clause *clause = &hearing->clause;
	int64_t kinds = units->items[at].kinds;

	if ((kinds & VA_SELF) != 0)
	{
		clause->dirty = clause->other = false;
		clause->self = clause->led = true;
		return;
	}
	if ((kinds & (VA_NO | VA_MEND)) != 0)
		hearing->mended = true;
	if ((kinds & (VA_FIRST | VA_LAST)) != 0)
	{
		clause->first = (kinds & VA_LAST) == 0 && (kinds & VA_ORDINAL) == 0;
		clause->last = (kinds & VA_LAST) != 0;
		name_place(hearing);
	}
	if ((kinds & VA_OTHER) != 0)
		clause->dirty = clause->other = true;
	else if ((kinds & VA_LEAD) != 0 && !clause->other && strlen(units->items[at].word) > 3)
	{
		clause->dirty = false;
		clause->led = true;
	}
	else if ((kinds & LEADING_KINDS) != 0 ||
			 (at == clause->begin && (kinds & VA_PARTICLE) != 0 && (kinds & VA_AS) != 0))
		clause->led = true;
	else if ((kinds & EMPTY_KINDS) != 0)
		clause->common = clause->common || (kinds & (VA_HELLO | VA_YES | VA_NO | VA_MEND | VA_TITLE)) == 0;
	else
		clause->dirty = true;
}

/* One letter is spelled only with its accent: "i tréma". */
static bool
is_accented(const char *letters)
{
	return ((unsigned char) letters[0] & 0x80) != 0;
}

static void
hear(Hearing *hearing, const State *state)
{
	const VaUnits *units = hearing->units;
	VaLetterRemark pending = { .times = 0 };
	bool remarked = false;

	for (size_t i = 0; i < units->count;)
	{
		VaLetterRemark remark;
		size_t count;
		size_t used;

		if (va_unit_begins(units, i))
			hearing->clause = (Clause){ .begin = i, .word = SIZE_MAX };
		used = va_letter_remark(hearing->reader->lexicon, hearing->arena, units, i, remarked, &remark);
		if (used == 0)
		{
			used = va_read_spelled(units, i, true, remark.letters, &count);
			if (used > 0 && count == 1 && !is_accented(remark.letters))
				used = 0;
			else if (used > 0 && count > 1)
			{
				if (hear_letters(hearing, state, va_arena_strdup(hearing->arena, remark.letters)))
					touch(hearing, i, i + used);
				remarked = false;
				i += used;
				continue;
			}
		}
		if (used > 0)
		{
			VaName before = hearing->name;

			/* "con ge, no con jota" */
			if (!(va_unit_is(units, i, VA_WITH) && i > 0 && va_unit_is(units, i - 1, VA_NO) &&
					!va_unit_begins(units, i)))
			{
				hear_remark(hearing, state, &remark);
				if (hearing->clause.word >= hearing->name.count)
					pending = remark;
				hearing->clause.remark = &pending;
				hearing->clause.led = true;
			}
			if (memcmp(&before, &hearing->name, sizeof(before)) != 0)
				touch(hearing, i, i + used);
			remarked = true;
			i += used;
			continue;
		}
		remarked = false;
		/* A word of the name that is another word as well: "Matthias Groß, Groß mit Eszett". */
		count = characters(&units->items[i]) > 2 ? va_name_find(&hearing->name, units->items[i].word)
												 : hearing->name.count;
		if (count < hearing->name.count && va_same_word(hearing->name.words[count], units->items[i].word))
			hearing->clause.word = count;
		used = i;
		if (is_elided(hearing, i) || could_be_name(hearing, i, false))
			i = hear_words(hearing, state, i);
		if (i == used)
			hear_other(hearing, i++);
	}
}

/* ---- the assistant ---- */

/* The words that the assistant calls the person by: those that stand together with capitals, not its own. */
static void
hear_assistant(VaFieldReader *reader, State *state)
{
	const VaUnits *units = &reader->said;
	Hearing hearing = { .reader = reader,
		.units = units,
		.arena = reader->arena,
		.cased = true,
		.assistant = true,
		.strict = reader->lexicon->table->compounds };
	size_t best = 0;
	const char *word = "";

	state->asked_first = va_units_have(units, VA_FIRST);
	state->asked_last = va_units_have(units, VA_LAST);
	state->asked_else = va_units_have(units, VA_NAMES) && !state->asked_first && !state->asked_last;
	if (state->asked_last)
		state->asked_first = false;
	state->offered.count = 0;
	state->titled = false;
	state->nspelled_back = 0;
	state->old = state->of = "";
	for (size_t i = 0; i < units->count;)
	{
		VaName name;
		VaLetterRemark remark;
		size_t count;
		size_t used = va_letter_remark(reader->lexicon, reader->arena, units, i, false, &remark);
		bool self = i > 0 && va_unit_is(units, i - 1, VA_SELF) &&
					strchr(units->turn + units->items[i].end, '?') == NULL;

		if (used > 0)
		{
			state->old = va_arena_strdup(reader->arena, remark.letters);
			state->of = word;
			if (state->old == NULL)
				state->old = "";
		}
		else if ((used = va_read_spelled(units, i, true, remark.letters, &count)) > 0 && count > 1)
		{
			if (state->nspelled_back < SPELLED_BACK_MAX)
				state->spelled_back[state->nspelled_back++] = va_arena_strdup(reader->arena, remark.letters);
		}
		else
			used = 0;
		if (used > 0)
		{
			i += used;
			continue;
		}
		used = read_words(&hearing, i, &name);
		if (name.count > 0)
			word = name.words[name.count - 1];
		if (name.count > best && !self &&
			!(i == 0 && name.count == 1 && used < units->count && !va_unit_begins(units, used) &&
				!va_unit_is(units, used, VA_WITH)))
		{
			best = name.count;
			state->offered = name;
			state->titled = name.count == 1 && i > 0 && va_unit_is(units, i - 1, VA_TITLE);
		}
		i = used > i ? used : i + 1;
	}
}

/* ---- a turn of the person ---- */

static const char *
joined(VaArena *arena, const VaName *name)
{
	const char *text = name->words[0];

	for (size_t i = 1; i < name->count && text != NULL; i++)
		text = va_arena_join(arena, text, " ", name->words[i], NULL);
	return text;
}

/* "Vasseur Odile": the first name stands behind. */
static void
order_given(const VaFieldReader *reader, VaName *name)
{
	bool given[2] = { false, false };

	for (size_t i = 0; i < 2 && name->count == 2; i++)
	{
		VaUnits word;

		given[i] = va_units(reader->arena, reader->lexicon, name->words[i], strcspn(name->words[i], "-"), &word) &&
				   word.count == 1 && va_unit_is(&word, 0, VA_GIVEN);
	}
	if (!given[0] && given[1])
	{
		va_name_add(name, name->words[0], false);
		va_name_drop(name, 0);
	}
}

/* A word twice was not understood. */
static bool
has_twins(const VaName *name)
{
	for (size_t i = 0; i + 1 < name->count; i++)
	{
		if (va_same_word(name->words[i], name->words[i + 1]))
			return true;
	}
	return false;
}

static size_t
accents(const char *word)
{
	size_t count = 0;

	for (; *word != '\0'; word++)
		count += ((unsigned char) *word & 0x80) != 0;
	return count;
}

/* What the assistant has read back is right: its accents, and what it has spelled. */
static bool
agree(VaFieldReader *reader, State *state)
{
	VaName *said = &state->said;
	bool changed = false;

	for (size_t i = 0; i < state->offered.count; i++)
	{
		const char *word = state->offered.words[i];
		size_t at = va_name_find(said, word);

		if (at < said->count && va_same_word(said->words[at], word) && accents(word) > accents(said->words[at]))
		{
			said->words[at] = word;
			changed = true;
		}
	}
	for (size_t i = 0; i < state->nspelled_back; i++)
	{
		size_t at;
		VaName before = *said;

		if (state->spelled_back[i] != NULL && strlen(state->spelled_back[i]) > 2 &&
			va_name_spell(reader->arena, reader->lexicon->table->month_first, said, state->spelled_back[i], &at))
			changed = changed || strcmp(before.words[at], said->words[at]) != 0;
	}
	return changed;
}

void
va_read_name(VaFieldReader *reader, bool person)
{
	State *state = reader->state;
	Hearing hearing = { .reader = reader,
		.units = &reader->said,
		.arena = reader->arena,
		.single = SIZE_MAX,
		.cased = reader->said.capitals,
		.strict = reader->lexicon->table->compounds,
		.irish = reader->lexicon->table->month_first,
		.replaced_at = SIZE_MAX,
		.asked = SIZE_MAX };
	VaAnswer answer = va_field_answer(&reader->said);
	bool agreed;

	if (state == NULL)
	{
		reader->state = state = va_arena_alloc(reader->arena, sizeof(State));
		if (state == NULL)
			return;
		*state = (State){ .old = "", .of = "" };
	}
	if (!person)
	{
		hear_assistant(reader, state);
		return;
	}
	agreed = answer == VA_ANSWER_YES && state->said.count > 0 && agree(reader, state);
	hearing.offered = state->said.count == 0 &&
					  (state->offered.count >= 2 || (state->offered.count == 1 && state->asked_last));
	hearing.name = hearing.offered ? state->offered : state->said;
	hearing.mended = answer == VA_ANSWER_NO;
	if (state->of[0] != '\0')
		hearing.asked = va_name_find(&hearing.name, state->of);
	else if (state->nspelled_back == 1 && state->spelled_back[0] != NULL)
		hearing.asked = va_name_find(&hearing.name, state->spelled_back[0]);
	hear(&hearing, state);
	for (size_t i = 0; i + 1 < hearing.name.count;)
	{
		if (va_name_has_part(&hearing.name, hearing.name.words[i]))
			va_name_drop(&hearing.name, i);
		else
			i++;
	}
	if (hearing.to == 0 && !agreed && !(answer == VA_ANSWER_YES && hearing.offered))
		return;
	if (hearing.to == 0)
		hearing.to = reader->said.count;
	state->said = hearing.name;
	if (hearing.whole || (hearing.spoken && !state->asked_first && !state->asked_last))
		order_given(reader, &state->said);
	state->asked_first = false;
	if (state->said.count >= 2 && !has_twins(&state->said))
		va_field_take(reader, joined(reader->arena, &state->said), hearing.from, hearing.to);
}
