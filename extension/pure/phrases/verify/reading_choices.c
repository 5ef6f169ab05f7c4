/*-------------------------------------------------------------------------
 * reading_choices.c
 *		Questions of the assistant and what the person answered: yes or no, or
 *		one of several.
 *
 * A question belongs to a field when it has words of the field's name or of
 * what the schema says about it.  Where an answer is neither yes nor no, the
 * model's judgement of a question that was asked stands, unchecked.
 *
 * Pure.
 */
#include "pure/phrases/verify/reading_internal.h"

/* Words of a field by which its question is known. */
#define FIELD_WORDS_MAX 10
/* Turns, the newest, and words of each, among which it is looked for. */
#define QUESTIONS_MAX 200
#define QUESTION_WORDS_MAX 60

typedef struct FieldWords
{
	uint32_t hashes[FIELD_WORDS_MAX];
	size_t count;
	size_t of_name; /* so many are of the name */
} FieldWords;

static bool
is_plain_word(const char *word)
{
	static const char *const words[] = { "whether", "person", "customer", "caller", "lead", "yyyy", "value", "field",
		"they", "them", "their", "which", "what", "when", "that", "this", "with", "given", "any", "has", "have", "does",
		"kunde", "cliente", "client", "persona", "personne", "que", "die", "der", "das", "les", "los", "las", "ist",
		"est", "oder", "und", "und", "para", "pour", "asked", "said", "says", "true", "false" };

	if (strlen(word) < 3)
		return true;
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
	{
		if (strcmp(words[i], word) == 0)
			return true;
	}
	return false;
}

static void
add_words(VaReader *reader, FieldWords *words, const char *text)
{
	VaUnits units;

	if (text == NULL || !va_units(reader->arena, reader->lexicon, text, strlen(text), &units))
		return;
	for (size_t i = 0; i < units.count && words->count < FIELD_WORDS_MAX; i++)
	{
		uint32_t hash;
		size_t j = 0;

		if (is_plain_word(units.items[i].key) || va_unit_is(&units, i, VA_COMMON | VA_ARTICLE | VA_AND | VA_WITH))
			continue;
		hash = va_reading_stem(units.items[i].key);
		while (j < words->count && words->hashes[j] != hash)
			j++;
		if (j == words->count)
			words->hashes[words->count++] = hash;
	}
}

/* The words of a name: parted by points, underscores and capitals. */
static void
words_of(VaReader *reader, const VaAskedField *field, FieldWords *words)
{
	char name[2 * VA_READING_NAME_MAX + 1];
	size_t used = 0;
	const char *last = strrchr(field->name, '.');

	*words = (FieldWords){ 0 };
	for (const char *c = last == NULL ? field->name : last + 1; *c != '\0' && used + 2 < sizeof(name); c++)
	{
		if (*c >= 'A' && *c <= 'Z' && used > 0)
			name[used++] = ' ';
		name[used++] = *c == '_' || *c == '-' ? ' ' : *c;
	}
	name[used] = '\0';
	add_words(reader, words, name);
	words->of_name = words->count;
	add_words(reader, words, field->about);
}

static size_t
shared(const VaUnits *units, const uint32_t *hashes, size_t count)
{
	size_t found = 0;
	bool seen[FIELD_WORDS_MAX] = { false };

	for (size_t i = 0; i < units->count && i < QUESTION_WORDS_MAX; i++)
	{
		uint32_t hash = units->items[i].key[0] == '\0' ? 0 : va_reading_stem(units->items[i].key);

		for (size_t j = 0; j < count; j++)
		{
			found += hash == hashes[j] && !seen[j];
			seen[j] = seen[j] || hash == hashes[j];
		}
	}
	return found;
}

bool
va_reading_question(VaReader *reader, const VaAskedField *field, size_t *turn)
{
	FieldWords words;
	size_t best = 0;
	size_t looked = 0;

	words_of(reader, field, &words);
	for (size_t i = reader->talk.count; words.count > 0 && i-- > reader->first && looked < QUESTIONS_MAX;)
	{
		size_t score;

		if (reader->talk.turns[i].person || i + 1 >= reader->talk.count || !reader->talk.turns[i + 1].person)
			continue;
		looked++;
		score = shared(va_reading_units(reader, i), words.hashes, words.count);
		if (score > best)
		{
			best = score;
			*turn = i;
		}
	}
	return best > 0;
}

int
va_reading_answer(VaReader *reader, size_t turn, VaWords *words)
{
	for (size_t i = turn + 1; i < reader->talk.count && reader->talk.turns[i].person; i++)
	{
		const VaFound *findings = &reader->talk.findings[i];
		VaYesNo answer = va_units_answer(va_reading_units(reader, i));

		if (words->len == 0)
			*words = va_reading_sentence(reader, i, 0, 1);
		if (answer != VA_ANSWER_NONE)
			return answer == VA_ANSWER_YES ? 1 : -1;
		for (size_t j = 0; j < findings->count; j++)
		{
			VaIntent intent = findings->items[j].intent;

			if ((intent != VA_INTENT_YES && intent != VA_INTENT_NO) || findings->items[j].sense != VA_SENSE_PLAIN)
				continue;
			*words = va_reading_sentence(reader, i, findings->items[j].offset, findings->items[j].offset + 1);
			return intent == VA_INTENT_YES ? 1 : -1;
		}
	}
	return 0;
}

/* Whether a no stands before a word in its part of the sentence. */
static bool
denied_before(const VaUnits *units, size_t at)
{
	for (size_t i = at; i-- > 0 && at - i <= 3;)
	{
		if (va_unit_begins(units, i + 1))
			return false;
		if (va_unit_is(units, i, VA_NO))
			return true;
	}
	return false;
}

/* Any question that was answered so: of a field whose question is not known by its words. */
static bool
ever_answered(VaReader *reader, bool wanted)
{
	for (size_t i = reader->first; i < reader->talk.count; i++)
	{
		VaWords words = { 0 };

		if (!reader->talk.turns[i].person && va_reading_answer(reader, i, &words) == (wanted ? 1 : -1))
			return true;
	}
	return false;
}

VaSupport
va_judge_boolean(VaReader *reader, const VaAskedField *field, bool wanted, VaReadValue *value)
{
	VaAskedField itself = { .name = value->name };
	size_t turn = 0;

	if (field == NULL)
		field = &itself;
	if (va_reading_question(reader, field, &turn))
	{
		VaWords words = { 0 };
		int answer = va_reading_answer(reader, turn, &words);

		value->words = words;
		return answer == 0 ? VA_SUPPORT_UNCHECKED : (answer > 0) == wanted ? VA_SUPPORT_SUPPORTED : VA_SUPPORT_DENIED;
	}
	else
	{
		FieldWords words;
		const VaSaidWord *said = NULL;

		words_of(reader, field, &words);
		for (size_t i = 0; i < words.of_name && said == NULL; i++)
			said = va_reading_find(reader, words.hashes[i]);
		if (said != NULL)
		{
			const VaUnits *units = va_reading_units(reader, said->turn);
			const VaUnit *unit = &units->items[said->unit];

			value->words = va_reading_sentence(reader, said->turn, unit->offset, unit->end);
			return denied_before(units, said->unit) == wanted ? VA_SUPPORT_DENIED : VA_SUPPORT_SUPPORTED;
		}
	}
	return ever_answered(reader, wanted) ? VA_SUPPORT_UNCHECKED : VA_SUPPORT_MISSING;
}

/* ---- one of several ---- */

/* Where the words of a choice stand, in the newest turn that has the first of them; NULL: nowhere. */
static const VaSaidWord *
choice_said(VaReader *reader, const char *choice)
{
	VaUnits units;
	const VaSaidWord *first = NULL;

	if (!va_units(reader->arena, reader->lexicon, choice, strlen(choice), &units))
		return NULL;
	for (size_t i = 0; i < units.count; i++)
	{
		const VaSaidWord *said;

		if (units.items[i].key[0] == '\0' || (units.count > 1 && va_unit_is(&units, i, VA_COMMON | VA_ARTICLE)))
			continue;
		said = va_reading_find(reader, va_reading_stem(units.items[i].key));
		if (said == NULL)
			return NULL;
		if (first == NULL)
			first = said;
	}
	return first;
}

static VaSupport
not_said(VaReader *reader, const VaAskedField *field)
{
	size_t turn = 0;

	return va_reading_question(reader, field, &turn) ? VA_SUPPORT_UNCHECKED : VA_SUPPORT_MISSING;
}

VaSupport
va_judge_choice(VaReader *reader, const VaAskedField *field, VaReadValue *value)
{
	const VaSaidWord *said;
	const VaUnits *units;
	bool known = false;
	bool other = false;

	for (size_t i = 0; i < field->nchoices; i++)
		known = known || strcmp(field->choices[i], value->text) == 0;
	if (!known)
		return VA_SUPPORT_FORM;
	if (va_reading_word(value) != 0)
		return va_judge_boolean(reader, field, va_reading_word(value) > 0, value);
	said = choice_said(reader, value->text);
	for (size_t i = 0; i < field->nchoices; i++)
	{
		const VaSaidWord *rival = NULL;

		if (strcmp(field->choices[i], value->text) != 0)
			rival = choice_said(reader, field->choices[i]);
		other = other || (rival != NULL && (said == NULL || rival->turn > said->turn) &&
							 !denied_before(va_reading_units(reader, rival->turn), rival->unit));
	}
	if (said != NULL)
	{
		units = va_reading_units(reader, said->turn);
		value->words = va_reading_sentence(
			reader, said->turn, units->items[said->unit].offset, units->items[said->unit].end);
		if (denied_before(units, said->unit))
			return VA_SUPPORT_DENIED;
	}
	if (other)
		return VA_SUPPORT_OTHER;
	return said != NULL ? VA_SUPPORT_SUPPORTED : not_said(reader, field);
}
