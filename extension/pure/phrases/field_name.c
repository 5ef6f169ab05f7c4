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
#include "pure/phrases/name_internal.h"

/* ---- the assistant ---- */

/* Whether the sentence that begins here asks. */
static bool
is_question(const VaUnits *units, size_t at)
{
	size_t end = at + 1;

	while (end < units->count && !(va_unit_begins(units, end) && strchr(".!?", units->items[end].joint) != NULL))
		end++;
	if (end < units->count)
		return units->items[end].joint == '?';
	return memchr(units->turn + units->items[end - 1].end, '?', units->len - units->items[end - 1].end) != NULL;
}

/* The words that the assistant calls the person by: those that stand together with capitals, not its own. */
static void
hear_assistant(VaFieldReader *reader, VaNameState *state)
{
	const VaUnits *units = &reader->said;
	VaNameHearing hearing = { .reader = reader,
		.units = units,
		.arena = reader->arena,
		.cased = true,
		.assistant = true,
		.strict = reader->lexicon->table->compounds };
	size_t best = 0;
	bool introduced = false;
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
		bool self = i > 0 && va_unit_is(units, i - 1, VA_SELF) && !is_question(units, i);

		if (used > 0)
		{
			state->old = va_arena_strdup(reader->arena, remark.letters);
			state->of = word;
			if (state->old == NULL)
				state->old = "";
		}
		else if ((used = va_read_spelled(units, i, true, remark.letters, &count)) > 0 && count > 1)
		{
			if (state->nspelled_back < VA_SPELLED_BACK_MAX)
				state->spelled_back[state->nspelled_back++] = va_arena_strdup(reader->arena, remark.letters);
		}
		else
			used = 0;
		if (used > 0)
		{
			i += used;
			continue;
		}
		/* "This is Anna from Bright Dental. Am I speaking to ...?" */
		if (introduced && i > 0 && va_unit_begins(units, i) && strchr(".!", units->items[i].joint) != NULL &&
			is_question(units, i))
			introduced = false;
		used = va_name_read_words(&hearing, i, &name);
		/* It names itself, and perhaps its business. */
		if (self && name.count > 0)
		{
			introduced = true;
			state->offered.count = best = 0;
		}
		if (name.count > 0)
			word = name.words[name.count - 1];
		if (name.count > best && !introduced &&
			!(i == 0 && name.count == 1 && used < units->count && !va_unit_begins(units, used) &&
				!va_unit_is(units, used, VA_WITH)))
		{
			best = name.count;
			state->offered = name;
			state->titled = name.count == 1 && i > 0 && va_unit_is(units, i - 1, VA_TITLE);
		}
		i = used > i ? used : i + 1;
	}
	if (introduced && best == 0)
		state->offered.count = 0;
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
	bool could_be = false;

	for (size_t i = 0; i < 2 && name->count == 2; i++)
	{
		VaUnits word;

		given[i] = va_units(reader->arena, reader->lexicon, name->words[i], strcspn(name->words[i], "-"), &word) &&
				   word.count == 1 && va_unit_is(&word, 0, VA_GIVEN);
		could_be = could_be || (i == 0 && word.count == 1 && va_unit_is(&word, 0, VA_FORENAME));
	}
	if (!given[0] && given[1] && !could_be)
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

/* What the assistant has read back is right: its accents, and what it has spelled. */
static bool
agree(VaFieldReader *reader, VaNameState *state)
{
	VaName *said = &state->said;
	bool changed = false;

	for (size_t i = 0; i < state->offered.count; i++)
	{
		const char *word = state->offered.words[i];
		size_t at = va_name_find(said, word);

		if (at < said->count && va_same_word(said->words[at], word) &&
			va_name_accents(word) > va_name_accents(said->words[at]))
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
	VaNameState *state = reader->state;
	VaNameHearing hearing = { .reader = reader,
		.units = &reader->said,
		.arena = reader->arena,
		.single = SIZE_MAX,
		.cased = reader->said.capitals,
		.strict = reader->lexicon->table->compounds,
		.irish = reader->lexicon->table->month_first,
		.replaced_at = SIZE_MAX,
		.asked = SIZE_MAX };
	VaYesNo answer = va_field_answer(&reader->said);
	bool agreed;

	if (state == NULL)
	{
		reader->state = state = va_arena_alloc(reader->arena, sizeof(VaNameState));
		if (state == NULL)
			return;
		*state = (VaNameState){ .old = "", .of = "" };
	}
	if (!person)
	{
		hear_assistant(reader, state);
		return;
	}
	agreed = answer == VA_ANSWER_YES && state->said.count > 0 && agree(reader, state);
	hearing.offered = (state->said.count == 0 ||
						  (state->said.count == 1 && answer == VA_ANSWER_YES && state->offered.count > 1)) &&
					  (state->offered.count >= 2 ||
						  (state->offered.count == 1 && (state->asked_last || state->titled || state->of[0] != '\0')));
	hearing.name = hearing.offered ? state->offered : state->said;
	hearing.mended = answer == VA_ANSWER_NO;
	if (state->of[0] != '\0')
		hearing.asked = va_name_find(&hearing.name, state->of);
	else if (state->nspelled_back == 1 && state->spelled_back[0] != NULL)
		hearing.asked = va_name_find(&hearing.name, state->spelled_back[0]);
	va_name_hear(&hearing, state);
	for (size_t i = 0; i + 1 < hearing.name.count;)
	{
		if (va_name_has_part(&hearing.name, hearing.name.words[i]))
			va_name_drop(&hearing.name, i);
		else
			i++;
	}
	if (hearing.to == 0 && !agreed && !(answer == VA_ANSWER_YES && hearing.offered))
		return;
	state->said = hearing.name;
	if (hearing.whole || (hearing.spoken && !state->asked_first && !state->asked_last))
		order_given(reader, &state->said);
	state->asked_first = false;
	if (state->said.count < 2 || has_twins(&state->said))
		return;
	if (hearing.to == 0)
		va_field_agree(reader, joined(reader->arena, &state->said));
	else
		va_field_take(reader, joined(reader->arena, &state->said), hearing.from, hearing.to);
}
