/*-------------------------------------------------------------------------
 * reading.c
 *		Reading a talk together with the analysis of it.
 *
 * Pure.
 */
#include "pure/phrases/verify/reading_internal.h"

#include <strings.h>

const char *
va_support_name(VaSupport support)
{
	static const char *const names[VA_SUPPORTS] = { "supported", "unchecked", "missing", "other", "denied", "form",
		"unknown", "empty", "unread" };

	return names[support];
}

/* ---- the turns ---- */

bool
va_reading_take_turns(VaReader *reader)
{
	const VaReadingOrder *order = reader->order;
	size_t skipped = order->count > VA_TALK_TURNS_MAX ? order->count - VA_TALK_TURNS_MAX : 0;
	size_t count = order->count - skipped;
	VaTalkTurn *turns = va_arena_alloc(reader->arena, (count + 1) * sizeof(VaTalkTurn));

	if (turns == NULL)
		return false;
	for (size_t i = 0; i < count; i++)
	{
		turns[i] = order->turns[skipped + i];
		if (turns[i].person)
			turns[i].len = va_speaks_to_model(turns[i].text, turns[i].len, order->language);
		reader->tainted = reader->tainted || turns[i].len < order->turns[skipped + i].len;
	}
	if (!va_talk_read(reader->arena, turns, count, order->language, order->reference, &reader->talk))
		return false;
	reader->talk.doubt = order->doubt == NULL ? VA_DOUBT_UNASKED : *order->doubt;
	return true;
}

/* An opt-out needs no proof: it counts in words that are meant for the model, too. */
static void
hear_opt_out(VaReader *reader)
{
	size_t skipped = reader->order->count - reader->talk.count;

	for (size_t i = 0; i < reader->talk.count && !reader->outcome.opt_out_sure; i++)
	{
		const VaTalkTurn *turn = &reader->order->turns[skipped + i];
		VaFindings findings;

		if (turn->len == reader->talk.turns[i].len ||
			!va_read_intents(reader->talk.language, turn->text, turn->len, &findings))
			continue;
		for (size_t j = 0; j < findings.count; j++)
		{
			if (findings.items[j].intent != VA_INTENT_OPT_OUT || findings.items[j].sense != VA_SENSE_PLAIN)
				continue;
			reader->outcome.opt_out = reader->outcome.opt_out_sure = true;
			reader->outcome.opt_out_words = (VaWords){
				.turn = i, .offset = findings.items[j].offset, .len = findings.items[j].len
			};
		}
	}
}

bool
va_reading_open_turns(VaReader *reader)
{
	size_t count;

	reader->first = reader->talk.count > VA_READING_TURNS_MAX ? reader->talk.count - VA_READING_TURNS_MAX : 0;
	count = reader->talk.count - reader->first;
	reader->units = va_arena_alloc(reader->arena, (count + 1) * sizeof(VaUnits));
	reader->made = va_arena_alloc(reader->arena, (count + 1) * sizeof(bool));
	reader->vouched = va_arena_alloc(reader->arena, count + 1);
	return reader->units != NULL && reader->made != NULL && reader->vouched != NULL;
}

/* ---- the values ---- */

/* A path without the places of lists. */
static const VaAskedField *
asked_for(VaReader *reader, const char *name)
{
	char path[VA_READING_NAME_MAX + 1];
	size_t used = 0;

	while (*name != '\0' && used < VA_READING_NAME_MAX)
	{
		size_t len = strcspn(name, ".");

		if (strspn(name, "0123456789") != len && used + len + 1 <= VA_READING_NAME_MAX)
		{
			if (used > 0)
				path[used++] = '.';
			memcpy(path + used, name, len);
			used += len;
		}
		name += len + (name[len] == '.');
	}
	path[used] = '\0';
	for (size_t i = 0; i < reader->order->nfields; i++)
	{
		if (strcmp(reader->order->fields[i].name, path) == 0)
			return &reader->order->fields[i];
	}
	return NULL;
}

static bool
says_nothing(const VaReadValue *value)
{
	static const char *const words[] = { "unknown", "n/a", "na", "none", "null", "nil", "-", "--", "?", "undefined",
		"not provided", "not specified", "not mentioned", "not given", "not stated", "not available", "not applicable",
		"no answer", "tbd", "desconocido", "inconnu", "unbekannt", "keine angabe", "no indicado",
		"non pr\303\251cis\303\251" };

	if (value->type == VA_VALUE_NULL)
		return true;
	for (size_t i = 0; value->type == VA_VALUE_TEXT && i < sizeof(words) / sizeof(words[0]); i++)
	{
		if (strcasecmp(value->text, words[i]) == 0)
			return true;
	}
	return false;
}

/* Names of ours that nothing acts upon: an assistant's own field may say what kind they are. */
static bool
is_described(const char *name)
{
	static const char *const names[] = { "name", "email", "phone", "preferred_time", "preferred_times" };

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
	{
		if (strcmp(name, names[i]) == 0)
			return true;
	}
	return false;
}

bool
va_reading_stands(const VaReadValue *value)
{
	bool acted_upon = strcmp(value->kind, "email") == 0 || strcmp(value->kind, "phone") == 0 ||
					  strncmp(value->name, "callback.", 9) == 0 ||
					  (strncmp(value->name, "appointment.", 12) == 0 && strcmp(value->name, "appointment.notes") != 0);

	return value->support == VA_SUPPORT_SUPPORTED || value->support == VA_SUPPORT_UNCHECKED ||
		   (value->support == VA_SUPPORT_MISSING && !acted_upon);
}

static void
judge_value(VaReader *reader, VaReadValue *value)
{
	const VaAskedField *field = asked_for(reader, value->name);

	value->shown = true;
	value->counts = false;
	value->words = (VaWords){ 0 };
	value->kind = field != NULL ? va_reading_kind(field) : va_reading_our_kind(value->name);
	/* Nothing is said, and nothing is shown; it stays as it is. */
	if (value->support != VA_SUPPORT_UNREAD &&
		(value->type == VA_VALUE_NULL || (value->type == VA_VALUE_TEXT && value->len == 0)))
	{
		value->support = VA_SUPPORT_EMPTY;
		value->shown = false;
		value->counts = true;
		return;
	}
	if (value->support == VA_SUPPORT_UNREAD || strlen(value->name) > VA_READING_NAME_MAX ||
		value->len > VA_READING_VALUE_MAX)
		value->support = VA_SUPPORT_UNREAD;
	else if (va_reading_our_kind(value->name) != NULL && (field == NULL || !is_described(value->name)))
		va_judge_ours(reader, value);
	else if (value->kind == NULL)
	{
		value->support = reader->order->fields_known ? VA_SUPPORT_UNKNOWN : VA_SUPPORT_UNCHECKED;
		value->counts = true;
		va_judge_owned(reader, field, value);
	}
	else
	{
		value->support = va_judge_kind(reader, field, value->kind, value);
		value->counts = va_reading_stands(value);
		va_judge_owned(reader, field, value);
	}
	/* Where a person speaks to the model, what the model makes of it is no judgement. */
	if (reader->tainted && value->counts && value->support != VA_SUPPORT_SUPPORTED && va_reading_effect(value))
	{
		value->support = value->support == VA_SUPPORT_UNCHECKED ? VA_SUPPORT_MISSING : value->support;
		value->counts = false;
	}
	if ((!value->counts || value->support == VA_SUPPORT_MISSING || value->support == VA_SUPPORT_UNKNOWN) &&
		value->support != VA_SUPPORT_UNREAD && says_nothing(value))
	{
		value->support = VA_SUPPORT_EMPTY;
		value->counts = false;
	}
}

/* The parts of a booking or a callback that does not count do not count either. */
static void
drop(VaReader *reader, const char *object)
{
	size_t len = strlen(object);

	for (size_t i = 0; i < reader->given; i++)
	{
		const char *name = reader->values[i].name;

		if (strncmp(name, object, len) == 0 && (name[len] == '.' || name[len] == '\0'))
			reader->values[i].counts = false;
	}
}

/* Whether the analysis says yes to a name; refused: of a value that does not count. */
static bool
claims(const VaReader *reader, const char *name, bool refused)
{
	for (size_t i = 0; i < reader->given; i++)
	{
		const VaReadValue *value = &reader->values[i];

		if (strcmp(value->name, name) == 0 && va_reading_word(value) > 0 && !(refused && value->counts))
			return true;
	}
	return false;
}

/* A day or an hour of the analysis that is another than the words', whose phrase it does not know: many a model errs in the year. */
static const VaReadValue *
other_time(const VaReader *reader, const char *object)
{
	size_t len = strlen(object);
	const VaReadValue *other = NULL;

	for (size_t i = 0; i < reader->given; i++)
	{
		const VaReadValue *value = &reader->values[i];

		if (strncmp(value->name, object, len) == 0 && value->support == VA_SUPPORT_OTHER &&
			(strcmp(value->name + len, ".date") == 0 || strcmp(value->name + len, ".time") == 0))
			other = value;
		if (strncmp(value->name, object, len) == 0 && strcmp(value->name + len, ".phrase") == 0 &&
			value->support == VA_SUPPORT_SUPPORTED)
			return NULL;
	}
	return other;
}

/*
 * Where the analysis and the words speak of two times, or one of a visit and
 * the other of a call, neither is acted upon.
 */
static void
settle(VaReader *reader)
{
	bool visit = claims(reader, "appointment.booked", false) || claims(reader, "slot_booked", false);
	bool call = claims(reader, "callback.requested", false) || claims(reader, "callback", false);
	VaTalkOutcome *outcome = &reader->outcome;
	const VaReadValue *other = visit ? other_time(reader, "appointment") : NULL;

	if (claims(reader, "appointment.booked", true))
		drop(reader, "appointment");
	if (claims(reader, "callback.requested", true))
		drop(reader, "callback");
	if (other == NULL && call)
		other = other_time(reader, "callback");
	if (outcome->agreed && outcome->outcome == VA_OUTCOME_SCHEDULED && call && !visit)
		reader->conflict = "callback";
	else if (outcome->agreed && outcome->outcome == VA_OUTCOME_CALLBACK && visit && !call)
		reader->conflict = "appointment";
	else if (other != NULL && (outcome->outcome == VA_OUTCOME_SCHEDULED || outcome->outcome == VA_OUTCOME_CALLBACK))
	{
		reader->conflict = other->name;
		reader->conflict_value = other->text;
	}
	/* A value that an author and the words agree on is certain. */
	if (reader->conflict == NULL)
	{
		outcome->certain = outcome->certain ||
						   (outcome->outcome == VA_OUTCOME_SCHEDULED && visit &&
							   !claims(reader, "appointment.booked", true) && !claims(reader, "slot_booked", true)) ||
						   (outcome->outcome == VA_OUTCOME_CALLBACK && call &&
							   !claims(reader, "callback.requested", true) && !claims(reader, "callback", true));
		return;
	}
	drop(reader, "appointment");
	drop(reader, "slot_booked");
	drop(reader, "callback");
}

bool
va_read_conversation(VaArena *arena, const VaReadingOrder *order, const VaReadValue *values, size_t count,
	size_t unread, VaReading *reading)
{
	VaReader reader = { .arena = arena, .order = order, .lexicon = va_lexicon(order->language) };

	*reading = (VaReading){ 0 };
	if (reader.lexicon == NULL || order->count == 0 || !va_reading_take_turns(&reader))
		return false;
	va_reading_mute_mentions(&reader);
	va_read_outcome(&reader.talk, &reader.outcome);
	hear_opt_out(&reader);
	if (count > VA_READING_VALUES_MAX)
	{
		unread += count - VA_READING_VALUES_MAX;
		count = VA_READING_VALUES_MAX;
	}
	reader.values = va_arena_alloc(arena, (count + VA_READING_ADDED_MAX) * sizeof(VaReadValue));
	if (reader.values == NULL || !va_reading_open_turns(&reader))
		return false;
	if (count > 0)
		memcpy(reader.values, values, count * sizeof(VaReadValue));
	reader.count = reader.given = count;
	for (size_t i = 0; i < count; i++)
		judge_value(&reader, &reader.values[i]);
	settle(&reader);
	va_add_by_rules(&reader);
	reading->values = reader.values;
	reading->count = reader.count;
	reading->given = count;
	reading->json = va_reading_json(&reader, unread);
	return reading->json != NULL && !arena->oom;
}
