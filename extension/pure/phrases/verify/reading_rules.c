/*-------------------------------------------------------------------------
 * reading_rules.c
 *		What the words say that the analysis lacks.
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

static const char *
quote_of(VaReader *reader, VaWords words)
{
	return va_arena_strndup(reader->arena, reader->talk.turns[words.turn].text + words.offset, words.len);
}

/* appointment.date and the like, as far as the words say it and no value of the analysis counts. */
static void
add_moment(VaReader *reader, const char *object)
{
	const VaPhraseTime *time = &reader->outcome.time;
	VaWords words = reader->outcome.time_words;
	VaArena *arena = reader->arena;
	char *date = va_arena_printf(arena, "%s.date", object);
	char *clock = va_arena_printf(arena, "%s.time", object);
	char *phrase = va_arena_printf(arena, "%s.phrase", object);
	char *zone = va_arena_printf(arena, "%s.timezone", object);
	VaCivilDay day = va_civil_day(time->from.day);

	if (arena->oom || !reader->outcome.timed)
		return;
	if (time->from.dated && time->from.grain <= VA_GRAIN_DAY && time->from.grain != VA_GRAIN_NONE &&
		counted(reader, date) == NULL)
		add(reader, date, "date", VA_VALUE_TEXT, va_arena_printf(arena, "%04d-%02d-%02d", day.year, day.month, day.day),
			words);
	if (time->from.grain >= VA_GRAIN_SECOND && time->from.grain <= VA_GRAIN_HOUR && counted(reader, clock) == NULL)
		add(reader, clock, "time", VA_VALUE_TEXT,
			va_arena_printf(arena, "%02d:%02d", time->from.minutes / 60, time->from.minutes % 60), words);
	/* Words are looked at where a date is lacking, or a part of the day. */
	if (counted(reader, phrase) == NULL &&
		(counted(reader, date) == NULL || (time->from.grain == VA_GRAIN_PART && counted(reader, clock) == NULL)))
		add(reader, phrase, "phrase", VA_VALUE_TEXT, quote_of(reader, words), words);
	if (time->zone != NULL && counted(reader, zone) == NULL)
		add(reader, zone, "zone", VA_VALUE_TEXT, time->zone, words);
}

static bool
says_yes(VaReader *reader, const char *name)
{
	const VaReadValue *value = counted(reader, name);

	return value != NULL && va_reading_word(value) > 0;
}

/* A no of the analysis stops what the words would have done. */
static bool
says_no(VaReader *reader, const char *name)
{
	for (size_t i = 0; i < reader->given; i++)
	{
		if (strcmp(reader->values[i].name, name) == 0 && va_reading_word(&reader->values[i]) < 0)
			return true;
	}
	return false;
}

/* The analysis knows the day of a callback, and the words its part: "Monday evening". */
static void
add_part(VaReader *reader)
{
	const VaTalkOutcome *outcome = &reader->outcome;

	if (outcome->outcome == VA_OUTCOME_CALLBACK && outcome->timed && outcome->time.from.grain == VA_GRAIN_PART &&
		(says_yes(reader, "callback.requested") || says_yes(reader, "callback")) &&
		!counted(reader, "callback.phrase") && !counted(reader, "callback.time"))
		add(reader, "callback.phrase", "phrase", VA_VALUE_TEXT, quote_of(reader, outcome->time_words),
			outcome->time_words);
}

static void
add_outcome(VaReader *reader)
{
	const VaTalkOutcome *outcome = &reader->outcome;

	/* One in doubt is held: see va_reading_json(). */
	if (outcome->opt_out && outcome->opt_out_sure)
	{
		add_yes(reader, "do_not_call", outcome->opt_out_words);
		return;
	}
	if (!outcome->certain)
	{
		add_part(reader);
		return;
	}
	if (outcome->outcome == VA_OUTCOME_WRONG_NUMBER)
		add_yes(reader, "wrong_number", outcome->words);
	else if (outcome->outcome == VA_OUTCOME_SCHEDULED && outcome->timed)
	{
		if (says_no(reader, "appointment.booked") || says_no(reader, "slot_booked"))
			return;
		if (counted(reader, "slot_booked") == NULL)
			add_yes(reader, "appointment.booked", outcome->time_words);
		if (counted(reader, "slot_booked") == NULL || says_yes(reader, "appointment.booked"))
			add_moment(reader, "appointment");
	}
	else if (outcome->outcome == VA_OUTCOME_CALLBACK)
	{
		if (says_no(reader, "callback.requested") || says_no(reader, "callback"))
			return;
		if (!says_yes(reader, "callback"))
			add_yes(reader, "callback.requested", outcome->timed ? outcome->time_words : outcome->words);
		add_moment(reader, "callback");
	}
	else if ((outcome->outcome == VA_OUTCOME_INTERESTED || va_reading_refused(reader)) &&
			 counted(reader, "interest") == NULL)
		add(reader, "interest", "choice", VA_VALUE_TEXT, outcome->outcome == VA_OUTCOME_INTERESTED ? "high" : "none",
			outcome->words);
}

/* ---- the assistant's own fields ---- */

static bool
has_value(VaReader *reader, const char *name)
{
	for (size_t i = 0; i < reader->given; i++)
	{
		const VaReadValue *value = &reader->values[i];
		size_t len = strlen(name);

		if (strncmp(value->name, name, len) == 0 &&
			((value->name[len] == '\0' && value->counts && value->type != VA_VALUE_NULL && value->len > 0) ||
				value->name[len] == '.'))
			return true;
	}
	return false;
}

/* A yes or a no to the question that was asked for it. */
static void
add_answer(VaReader *reader, const VaAskedField *field)
{
	VaWords words = { 0 };
	size_t turn = 0;
	int answer;

	if (!va_reading_question(reader, field, &turn))
		return;
	answer = va_reading_answer(reader, turn, &words);
	if (answer != 0)
		add(reader, field->name, "boolean", VA_VALUE_BOOLEAN, answer > 0 ? "true" : "false", words);
}

/* The one choice that the person names in answer to the question. */
static void
add_choice(VaReader *reader, const VaAskedField *field)
{
	const char *only = NULL;
	VaWords words = { 0 };
	size_t turn = 0;

	if (!va_reading_question(reader, field, &turn))
		return;
	for (size_t i = 0; i < field->nchoices; i++)
	{
		VaReadValue value = {
			.name = field->name, .type = VA_VALUE_TEXT, .text = field->choices[i], .len = strlen(field->choices[i])
		};

		if (va_reading_word(&value) != 0 || va_judge_choice(reader, field, &value) != VA_SUPPORT_SUPPORTED)
			continue;
		if (only != NULL)
			return;
		only = field->choices[i];
		words = value.words;
	}
	if (only != NULL && words.turn > turn)
		add(reader, field->name, "choice", VA_VALUE_TEXT, only, words);
}

static void
add_field(VaReader *reader, const VaAskedField *field)
{
	const char *kind = va_reading_kind(field);

	if (has_value(reader, field->name) || strchr(field->name, '.') != NULL)
		return;
	if (strcmp(kind, "boolean") == 0)
		add_answer(reader, field);
	else if (strcmp(kind, "choice") == 0)
		add_choice(reader, field);
	else if (strcmp(kind, "phone") == 0 && va_reading_phone(reader)->digits != NULL)
		add(reader, field->name, kind, VA_VALUE_TEXT, va_reading_phone(reader)->digits,
			va_words_of_phone(reader, va_reading_phone(reader)));
}

void
va_add_by_rules(VaReader *reader)
{
	add_outcome(reader);
	for (size_t i = 0; i < reader->order->nfields && !reader->outcome.opt_out; i++)
		add_field(reader, &reader->order->fields[i]);
}
