/*-------------------------------------------------------------------------
 * name_hearing.c
 *		A turn of the person, clause by clause: what it makes of a name.
 *
 * The first whole name of a turn counts; what follows spells it, mends it, or
 * is no name.
 *
 * Pure: no state.
 *-------------------------------------------------------------------------
 */
#include "pure/phrases/name_internal.h"

/* What a name may follow in its clause. */
#define LEADING_KINDS (VA_LEAD | VA_AND | VA_FIRST | VA_LAST | VA_WITH)
#define EMPTY_KINDS \
	(VA_COMMON | VA_YES | VA_NO | VA_MEND | VA_ARTICLE | VA_PARTICLE | VA_HELLO | VA_TITLE | VA_WITHOUT | VA_PLACE)
/* What may follow a name in its clause. */
#define TRAILING_KINDS                                                                                       \
	(VA_WITH | VA_AS | VA_LETTER | VA_LEAD | VA_TIMES | VA_YES | VA_AND | VA_COMMON | VA_LAST | VA_WITHOUT | \
		VA_DIGIT | VA_TURNED)

/* ---- placing ---- */

static void
touch(VaNameHearing *hearing, size_t from, size_t to)
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

/* How many words of the name, its last, are the first of these; not its first. */
static size_t
count_known(const VaName *name, const VaName *found)
{
	for (size_t i = 1; i < name->count; i++)
	{
		if (name->count - i <= found->count && va_same_word(name->words[i], found->words[0]))
			return name->count - i;
	}
	return 0;
}

/* Several words: a name, unless this turn has given one, or the talk has and this is like none of it. */
static bool
take_several(VaNameHearing *hearing, const VaNameState *state, const VaName *found)
{
	VaName *name = &hearing->name;
	size_t alike = count_alike(name, found);

	if (hearing->whole && !hearing->mended && alike < name->count)
		return false;
	/* "Apellidos?" "Ruiz Gomez." behind the first name, which the turn before has given. */
	if (state->asked_last && !hearing->spoken && !hearing->clause.self && name->count > 0 &&
		name->count + found->count <= VA_NAME_WORDS_MAX &&
		(alike == 0 ? name->count == 1 : count_known(name, found) > 0))
	{
		name->count -= alike == 0 ? 0 : count_known(name, found);
		for (size_t i = 0; i < found->count; i++)
			va_name_add(name, found->words[i], false);
		hearing->whole = true;
		return true;
	}
	if (!hearing->whole && alike == 0 && state->said.count > 1 && !hearing->mended && !hearing->clause.self)
		return false;
	if (name->count > found->count && alike >= found->count && !hearing->mended)
	{
		for (size_t i = 0; i < found->count; i++)
		{
			size_t at = va_name_find(name, found->words[i]);

			/* Two words of the name may be like one of these, and none like another. */
			if (at < name->count)
				name->words[at] = found->words[i];
		}
	}
	else
		*name = *found;
	hearing->whole = true;
	hearing->asked = SIZE_MAX;
	return true;
}

static bool
take_single(VaNameHearing *hearing, const VaNameState *state, const char *word, bool remarked)
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

		if (name->count == 1 && !hearing->clause.led)
			hearing->single = hearing->clause.begin;
		if (va_same_word(name->words[at], word)
				? (!hearing->spoken && hearing->cased) || va_name_accents(word) > va_name_accents(name->words[at])
				: hearing->mended || remarked || hearing->cased || !hearing->spoken ||
					  va_name_has_part(&one, name->words[at]))
			name->words[at] = word;
		hearing->clause.word = at;
		return true;
	}
	if (hearing->offered && (hearing->clause.self || (hearing->mended && state->titled)))
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
			(state->asked_first && !hearing->spoken) ||
			(state->asked_last && hearing->spoken &&
				(hearing->clause.led || hearing->units->items[hearing->clause.begin].joint != ',')) ||
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
may_begin(const VaNameHearing *hearing, size_t at)
{
	const VaNameClause *clause = &hearing->clause;

	if (clause->dirty)
		return false;
	if (clause->led || at == clause->begin || !clause->common)
		return true;
	return va_unit_is(hearing->units, at - 1, VA_YES | VA_NO | VA_MEND | VA_HELLO | VA_TITLE) ||
		   (hearing->cased && !hearing->strict && va_unit_is(hearing->units, at - 1, VA_COMMON));
}

static bool
may_end(const VaNameHearing *hearing, size_t end, size_t words)
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
asked_word(const VaNameHearing *hearing, const VaNameState *state)
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

/* It is of the word of its clause; else of the one that was asked about; else of the last that can be so, if none is. */
static bool
hear_remark(VaNameHearing *hearing, const VaNameState *state, const VaLetterRemark *remark)
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
		return true;
	}
	for (size_t i = 0; i < name->count; i++)
	{
		if (va_name_holds(name->words[i], remark))
			return true;
	}
	for (at = name->count; at > 0 && made == NULL && !remark->without;)
		made = va_name_remarked(hearing->arena, name->words[--at], remark, state->old);
	if (made != NULL)
		name->words[at] = made;
	return made != NULL;
}

static size_t
hear_words(VaNameHearing *hearing, const VaNameState *state, size_t at)
{
	const VaUnits *units = hearing->units;
	VaName found;
	VaLetterRemark remark;
	size_t end = va_name_read_words(hearing, at, &found);
	bool known = count_alike(&found, &hearing->name) > 0;
	bool remarked;
	bool taken;

	if (found.count == 0)
		return at;
	/* "not Smith, Smyth" */
	if (at > hearing->clause.begin && va_unit_is(units, at - 1, VA_NOT) && found.count == 1)
		return end;
	unite_words(&found, &hearing->name);
	va_name_unite_particles(hearing->arena, &found);
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
join_runs(VaNameHearing *hearing, const char *letters)
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
hear_letters(VaNameHearing *hearing, const VaNameState *state, const char *letters)
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
	/* "K R I S H N A, that's the first half, then M U R T H Y" */
	if (name->count == 1 && hearing->letters != NULL && (state->asked_first || state->asked_last) &&
		!hearing->clause.first && !hearing->clause.last && !va_words_alike(name->words[0], letters) &&
		strlen(hearing->letters) + strlen(letters) < VA_SPELLED_MAX && !hearing->whole)
	{
		hearing->letters = va_arena_join(hearing->arena, hearing->letters, letters, NULL);
		name->words[0] = va_capitalised(
			hearing->arena, hearing->letters == NULL ? letters : hearing->letters, hearing->irish);
		return true;
	}
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
name_place(VaNameHearing *hearing)
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
hear_other(VaNameHearing *hearing, size_t at)
{
	const VaUnits *units = hearing->units;
	VaNameClause *clause = &hearing->clause;
	int64_t kinds = units->items[at].kinds;

	/* "her name is" is no introduction */
	if ((kinds & VA_SELF) != 0 && !(at > clause->begin && va_unit_is(units, at - 1, VA_OTHER)))
	{
		clause->dirty = clause->other = false;
		clause->self = clause->led = true;
		return;
	}
	if ((kinds & (VA_NO | VA_MEND)) != 0)
		hearing->mended = true;
	/* "Pascal comme le prénom" tells how it is written. */
	if ((kinds & (VA_FIRST | VA_LAST)) != 0 &&
		!(at > clause->begin + 1 && (va_unit_is(units, at - 1, VA_AS) || va_unit_is(units, at - 2, VA_AS))))
	{
		/* "Bryce is the first" */
		clause->first = (kinds & VA_LAST) == 0 &&
						((kinds & VA_ORDINAL) == 0 ||
							(at > clause->begin + 1 && va_unit_is(units, at - 1, VA_ARTICLE) &&
								(at + 1 >= units->count || va_unit_begins(units, at + 1))));
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

void
va_name_hear(VaNameHearing *hearing, const VaNameState *state)
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
			hearing->clause = (VaNameClause){ .begin = i, .word = SIZE_MAX };
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
				if (!hear_remark(hearing, state, &remark))
				{
					pending = remark;
					hearing->clause.remark = &pending;
				}
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
		count = va_name_characters(&units->items[i]) > 2 ? va_name_find(&hearing->name, units->items[i].word)
														 : hearing->name.count;
		if (count < hearing->name.count && va_same_word(hearing->name.words[count], units->items[i].word))
			hearing->clause.word = count;
		used = i;
		if (va_name_is_elided(hearing, i) || va_name_could_be(hearing, i, false))
			i = hear_words(hearing, state, i);
		if (i == used)
			hear_other(hearing, i++);
	}
}
