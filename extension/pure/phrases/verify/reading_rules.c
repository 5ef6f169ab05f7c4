/*-------------------------------------------------------------------------
 * reading_rules.c
 *		Values in the words that the analysis lacks.
 *
 * Pure.
 */
#include "pure/phrases/verify/reading_internal.h"

static void
add(VaReader *reader, const char *name, const char *kind, VaValueType type, const char *text, VaWords words)
{
	if (reader->count >= reader->given + VA_READING_ADDED_MAX || text == NULL || text[0] == '\0')
		return;
	reader->values[reader->count++] = (VaReadValue){ .name = name,
		.kind = kind,
		.type = type,
		.text = text,
		.len = strlen(text),
		.support = VA_SUPPORT_SUPPORTED,
		.counts = true,
		.shown = true,
		.rules = true,
		.words = words };
}

/* A value that says something and counts. */
static const VaReadValue *
counted(VaReader *reader, const char *name)
{
	for (size_t i = 0; i < reader->given; i++)
	{
		const VaReadValue *value = &reader->values[i];

		if (value->counts && value->type != VA_VALUE_NULL && value->len > 0 && strcmp(value->name, name) == 0)
			return value;
	}
	return NULL;
}

/* A yes that rules add takes the place of a no: two values of one name, of which one counts. */
static void
add_yes(VaReader *reader, const char *name, VaWords words)
{
	const VaReadValue *value = counted(reader, name);

	if (value != NULL && va_reading_word(value) > 0)
		return;
	for (size_t i = 0; i < reader->given; i++)
	{
		if (strcmp(reader->values[i].name, name) == 0)
			reader->values[i].counts = false;
	}
	add(reader, name, "boolean", VA_VALUE_BOOLEAN, "true", words);
}

/* An author claims a time of which it tells less than the words do: their quote. */
static void
add_quote(VaReader *reader, const char *object, bool claimed)
{
	const VaTalkOutcome *outcome = &reader->outcome;
	VaWords words = outcome->time_words;
	char *clock = va_arena_printf(reader->arena, "%s.time", object);
	char *phrase = va_arena_printf(reader->arena, "%s.phrase", object);

	if (claimed && outcome->timed && !reader->arena->oom && counted(reader, clock) == NULL &&
		counted(reader, phrase) == NULL)
		add(reader, phrase, "phrase", VA_VALUE_TEXT,
			va_arena_strndup(reader->arena, reader->talk.turns[words.turn].text + words.offset, words.len), words);
}

static bool
says_yes(VaReader *reader, const char *name)
{
	const VaReadValue *value = counted(reader, name);

	return value != NULL && va_reading_word(value) > 0;
}

/* A day or an hour that the words do not bear out, and they name none: the time is unknown. */
static void
add_unproved(VaReader *reader)
{
	const char *dropped = NULL;

	for (const VaReadValue *value = reader->values; value < reader->values + reader->count; value++)
	{
		if (strncmp(value->name, "callback.", 9) != 0 || strcmp(value->name, "callback.requested") == 0 ||
			value->len == 0)
			continue;
		if (value->counts)
			return;
		dropped = value->support != VA_SUPPORT_EMPTY ? value->text : dropped;
	}
	add(reader, "callback.unproved", "text", VA_VALUE_TEXT, dropped, reader->outcome.words);
}

/* Stops alone: what else the words say, somebody has to claim. */
void
va_add_by_rules(VaReader *reader)
{
	const VaTalkOutcome *outcome = &reader->outcome;

	/* One in doubt is held: see va_reading_json(). */
	if (outcome->opt_out)
	{
		if (outcome->opt_out_sure)
			add_yes(reader, "do_not_call", outcome->opt_out_words);
	}
	else if (outcome->certain && outcome->outcome == VA_OUTCOME_WRONG_NUMBER)
		add_yes(reader, "wrong_number", outcome->words);
	else if (outcome->outcome == VA_OUTCOME_SCHEDULED)
		add_quote(reader, "appointment", says_yes(reader, "appointment.booked"));
	else if (outcome->outcome == VA_OUTCOME_CALLBACK)
	{
		add_quote(reader, "callback", says_yes(reader, "callback.requested"));
		if (says_yes(reader, "callback.requested"))
			add_unproved(reader);
	}
	else if (va_reading_refused(reader) && counted(reader, "interest") == NULL)
		add(reader, "interest", "choice", VA_VALUE_TEXT, "none", outcome->words);
}
