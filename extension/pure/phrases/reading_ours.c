/*-------------------------------------------------------------------------
 * reading_ours.c
 *		What the words say of the values that every analysis may have: opt-out,
 *		wrong number, appointment, callback, interest, qualification.
 *
 * Pure.
 */
#include "pure/phrases/reading_internal.h"

#include <ctype.h>
#include <strings.h>

/* How many turns from the end on are looked at for a time that both spoke of. */
#define BOOKING_TURNS_MAX 40

typedef void (*Judge)(VaReader *reader, VaReadValue *value);

static void judge_opt_out(VaReader *reader, VaReadValue *value);
static void judge_wrong_number(VaReader *reader, VaReadValue *value);
static void judge_booked(VaReader *reader, VaReadValue *value);
static void judge_slot(VaReader *reader, VaReadValue *value);
static void judge_callback(VaReader *reader, VaReadValue *value);
static void judge_interest(VaReader *reader, VaReadValue *value);
static void judge_qualified(VaReader *reader, VaReadValue *value);

typedef struct Ours
{
	const char *name;
	const char *kind;
	Judge judge; /* NULL: by its kind */
	VaOutcome of;
} Ours;

static const Ours ours[VA_READING_NAMES] = {
	{ "do_not_call", "boolean", judge_opt_out, 0 },
	{ "wrong_number", "boolean", judge_wrong_number, 0 },
	{ "appointment.booked", "boolean", judge_booked, 0 },
	{ "appointment.date", "date", NULL, VA_OUTCOME_SCHEDULED },
	{ "appointment.time", "time", NULL, VA_OUTCOME_SCHEDULED },
	{ "appointment.phrase", "phrase", NULL, VA_OUTCOME_SCHEDULED },
	{ "appointment.timezone", "zone", NULL, VA_OUTCOME_SCHEDULED },
	{ "appointment.email", "email", NULL, 0 },
	{ "appointment.notes", "text", NULL, 0 },
	{ "slot_booked", "phrase", judge_slot, 0 },
	{ "callback", "boolean", judge_callback, 0 },
	{ "callback.requested", "boolean", judge_callback, 0 },
	{ "callback.date", "date", NULL, VA_OUTCOME_CALLBACK },
	{ "callback.time", "time", NULL, VA_OUTCOME_CALLBACK },
	{ "callback.phrase", "phrase", NULL, VA_OUTCOME_CALLBACK },
	{ "callback.timezone", "zone", NULL, VA_OUTCOME_CALLBACK },
	{ "interest", "choice", judge_interest, 0 },
	{ "qualified", "boolean", judge_qualified, 0 },
	{ "name", "name", NULL, 0 },
	{ "email", "email", NULL, 0 },
	{ "phone", "phone", NULL, 0 },
	{ "preferred_time", "phrase", NULL, 0 },
	{ "preferred_times", "phrase", NULL, 0 },
};

static const Ours *
our(const char *name)
{
	for (size_t i = 0; i < sizeof(ours) / sizeof(ours[0]); i++)
	{
		if (strcmp(ours[i].name, name) == 0)
			return &ours[i];
	}
	return NULL;
}

const char *
va_reading_name(size_t n)
{
	return n < sizeof(ours) / sizeof(ours[0]) ? ours[n].name : NULL;
}

const char *
va_reading_our_kind(const char *name)
{
	const Ours *entry = our(name);

	return entry == NULL ? NULL : entry->kind;
}

static bool
in_word(char letter)
{
	return isalnum((unsigned char) letter) || letter == '_' || ((unsigned char) letter & 0x80) != 0;
}

/* As parse_word() of SQL takes it: one word alone, or before a reason. */
int
va_reading_word(const VaReadValue *value)
{
	static const char *const yes[] = { "true", "yes", "y", "1", "on" };
	static const char *const no[] = { "false", "no", "n", "0", "off" };
	const char *word = value->text;
	size_t len = 0;
	const char *rest;
	bool alone = true;

	if (value->type == VA_VALUE_WHOLE || value->type == VA_VALUE_NULL)
		return 0;
	while (*word != '\0' && (strchr("\"'(", *word) != NULL || isspace((unsigned char) *word)))
		word++;
	while (in_word(word[len]))
		len++;
	rest = word + len;
	for (const char *c = rest; *c != '\0' && alone; c++)
		alone = !in_word(*c) && *c != '?';
	if (!alone && isspace((unsigned char) *rest))
		rest++;
	if (len == 0 || (!alone && (*rest == '\0' || strchr(".,;:!", *rest) == NULL || !isspace((unsigned char) rest[1]))))
		return 0;
	for (size_t i = 0; i < sizeof(yes) / sizeof(yes[0]); i++)
	{
		if (strlen(yes[i]) == len && strncasecmp(yes[i], word, len) == 0)
			return 1;
	}
	for (size_t i = 0; i < sizeof(no) / sizeof(no[0]); i++)
	{
		if (strlen(no[i]) == len && strncasecmp(no[i], word, len) == 0)
			return -1;
	}
	return 0;
}

/* ---- what the talk came to ---- */

static bool
certainly(VaReader *reader, VaOutcome outcome)
{
	return reader->outcome.certain && reader->outcome.outcome == outcome;
}

/* The person is not to be called again, or was not the one that answered. */
static bool
ended_badly(VaReader *reader)
{
	return reader->outcome.opt_out || certainly(reader, VA_OUTCOME_DO_NOT_CALL) ||
		   certainly(reader, VA_OUTCOME_WRONG_NUMBER) || certainly(reader, VA_OUTCOME_VOICEMAIL);
}

static const VaFinding *
last_finding(VaReader *reader, VaIntent intent, size_t *turn)
{
	for (size_t i = reader->talk.count; i-- > 0;)
	{
		const VaFound *findings = &reader->talk.findings[i];

		for (size_t j = findings->count; j-- > 0;)
		{
			if (findings->items[j].intent == intent && findings->items[j].sense == VA_SENSE_PLAIN)
			{
				*turn = i;
				return &findings->items[j];
			}
		}
	}
	return NULL;
}

/* It said that it does not want it; a no to some question is not enough. */
bool
va_reading_refused(VaReader *reader)
{
	size_t turn;

	return certainly(reader, VA_OUTCOME_NOT_INTERESTED) && last_finding(reader, VA_INTENT_REFUSAL, &turn) != NULL;
}

static void
take(VaReadValue *value, VaSupport support, bool counts, VaWords words)
{
	value->support = support;
	value->counts = counts;
	value->words = words;
}

static void
no_word(VaReadValue *value)
{
	take(value, value->type == VA_VALUE_NULL ? VA_SUPPORT_EMPTY : VA_SUPPORT_FORM, false, (VaWords){ 0 });
}

/* A no of ours says nothing that was not so before: it has a row only where the words say yes. */
static void
keep_no(VaReadValue *value, bool contradicted, VaWords words)
{
	value->shown = contradicted;
	take(value, contradicted ? VA_SUPPORT_DENIED : VA_SUPPORT_UNCHECKED, !contradicted, words);
}

static void
judge_opt_out(VaReader *reader, VaReadValue *value)
{
	const VaTalkOutcome *outcome = &reader->outcome;
	int word = va_reading_word(value);

	if (word > 0)
		take(value, outcome->opt_out ? VA_SUPPORT_SUPPORTED : VA_SUPPORT_UNCHECKED, true, outcome->opt_out_words);
	else if (word < 0)
		keep_no(value, outcome->opt_out, outcome->opt_out_words);
	else
		no_word(value);
}

static void
judge_wrong_number(VaReader *reader, VaReadValue *value)
{
	const VaTalkOutcome *outcome = &reader->outcome;
	int word = va_reading_word(value);
	bool wrong = outcome->outcome == VA_OUTCOME_WRONG_NUMBER;

	if (word == 0)
		no_word(value);
	else if (word < 0)
		keep_no(value, wrong && outcome->certain, outcome->words);
	else if (wrong)
		take(value, VA_SUPPORT_SUPPORTED, true, outcome->words);
	else if (certainly(reader, VA_OUTCOME_SCHEDULED) || certainly(reader, VA_OUTCOME_INTERESTED))
		take(value, VA_SUPPORT_DENIED, false, outcome->words);
	else
		take(value, VA_SUPPORT_UNCHECKED, true, (VaWords){ 0 });
}

/* ---- appointments and callbacks ---- */

/* Both have spoken of a time: the assistant has answered one that the person named, or the person has said yes to it. */
static bool
both_spoke(VaReader *reader)
{
	size_t looked = 0;
	bool answered = false;

	for (size_t i = reader->talk.count; i-- > reader->first && looked < BOOKING_TURNS_MAX; looked++)
	{
		const VaPhraseTimes *times = va_talk_times(&reader->talk, i);
		bool timed = times != NULL && times->count > 0;
		bool person = reader->talk.turns[i].person;

		if (timed && (person ? answered : va_reading_agreed(reader, i)))
			return true;
		answered = answered || !person;
	}
	return false;
}

/* A booking that the words do not contain, or take back, is none; nor is one that the person alone speaks of. */
static void
judge_booking(VaReader *reader, VaReadValue *value)
{
	const VaTalkOutcome *outcome = &reader->outcome;

	if (outcome->withdrawn)
		take(value, VA_SUPPORT_DENIED, false, outcome->opt_out ? outcome->opt_out_words : outcome->words);
	else if (outcome->outcome == VA_OUTCOME_SCHEDULED && !outcome->opt_out && (outcome->certain || both_spoke(reader)))
		take(value, VA_SUPPORT_SUPPORTED, true, outcome->timed ? outcome->time_words : outcome->words);
	else if (ended_badly(reader) || certainly(reader, VA_OUTCOME_NOT_INTERESTED))
		take(value, VA_SUPPORT_DENIED, false, outcome->opt_out ? outcome->opt_out_words : outcome->words);
	else if (outcome->certain || !va_reading_names_time(reader) || !both_spoke(reader))
		take(value, VA_SUPPORT_MISSING, false, (VaWords){ 0 });
	else
		take(value, VA_SUPPORT_UNCHECKED, true, (VaWords){ 0 });
}

static void
judge_booked(VaReader *reader, VaReadValue *value)
{
	int word = va_reading_word(value);

	if (word > 0)
		judge_booking(reader, value);
	else if (word < 0)
		keep_no(value, certainly(reader, VA_OUTCOME_SCHEDULED) && reader->outcome.timed, reader->outcome.time_words);
	else
		no_word(value);
}

/* A yes, or words that name the day or the hour. */
static void
judge_slot(VaReader *reader, VaReadValue *value)
{
	int word = va_reading_word(value);
	VaSupport support;

	if (word != 0)
	{
		judge_booked(reader, value);
		return;
	}
	support = va_judge_time(reader, "phrase",
		reader->outcome.timed && reader->outcome.outcome == VA_OUTCOME_SCHEDULED ? &reader->outcome.time : NULL, value);
	value->support = support;
	value->counts = false;
	if (support != VA_SUPPORT_SUPPORTED && support != VA_SUPPORT_UNCHECKED)
		return;
	judge_booking(reader, value);
}

static void
judge_callback(VaReader *reader, VaReadValue *value)
{
	const VaTalkOutcome *outcome = &reader->outcome;
	int word = va_reading_word(value);
	size_t turn = 0;
	const VaFinding *finding;

	if (word <= 0)
	{
		if (word < 0)
			keep_no(value, certainly(reader, VA_OUTCOME_CALLBACK), outcome->words);
		else
			no_word(value);
		return;
	}
	if (outcome->outcome == VA_OUTCOME_CALLBACK && !outcome->opt_out)
	{
		take(value, VA_SUPPORT_SUPPORTED, true, outcome->timed ? outcome->time_words : outcome->words);
		return;
	}
	if (ended_badly(reader) || certainly(reader, VA_OUTCOME_NOT_INTERESTED))
	{
		take(value, VA_SUPPORT_DENIED, false, outcome->opt_out ? outcome->opt_out_words : outcome->words);
		return;
	}
	finding = last_finding(reader, VA_INTENT_CALLBACK, &turn);
	if (finding != NULL)
		take(value, VA_SUPPORT_SUPPORTED, true,
			(VaWords){ .turn = turn, .offset = finding->offset, .len = finding->len });
	else if (!outcome->certain || last_finding(reader, VA_INTENT_BUSY, &turn) != NULL ||
			 last_finding(reader, VA_INTENT_DEFERRAL, &turn) != NULL)
		take(value, VA_SUPPORT_UNCHECKED, true, (VaWords){ 0 });
	else
		take(value, VA_SUPPORT_MISSING, false, (VaWords){ 0 });
}

/* ---- what the person thinks of it ---- */

/* 1 it is interested, -1 it is not, 0 nobody knows: as decide_outcome() of SQL takes it. */
static int
interest_of(const VaReadValue *value)
{
	static const char *const high[] = { "medium", "high", "true", "yes" };
	static const char *const low[] = { "none", "low", "false", "no" };

	for (size_t i = 0; i < sizeof(high) / sizeof(high[0]); i++)
	{
		if (strcasecmp(high[i], value->text) == 0)
			return 1;
		if (strcasecmp(low[i], value->text) == 0)
			return -1;
	}
	return 0;
}

/* A model hears interest in more than words: they decide only where they plainly say the contrary. */
static void
judge_interest(VaReader *reader, VaReadValue *value)
{
	const VaTalkOutcome *outcome = &reader->outcome;
	bool wants = outcome->outcome == VA_OUTCOME_INTERESTED || outcome->outcome == VA_OUTCOME_SCHEDULED;
	bool wants_not = ended_badly(reader) || outcome->outcome == VA_OUTCOME_NOT_INTERESTED;
	int interest = value->type == VA_VALUE_WHOLE ? 0 : interest_of(value);

	if (interest == 0)
		take(value,
			value->type == VA_VALUE_WHOLE || value->type == VA_VALUE_NUMBER ? VA_SUPPORT_FORM : VA_SUPPORT_EMPTY, false,
			(VaWords){ 0 });
	else if (interest > 0 && (ended_badly(reader) || va_reading_refused(reader)))
		take(value, VA_SUPPORT_DENIED, false, outcome->opt_out ? outcome->opt_out_words : outcome->words);
	else if (interest > 0 ? wants : wants_not)
		take(value, VA_SUPPORT_SUPPORTED, true, outcome->words);
	else if (interest < 0 && wants && outcome->certain)
		/* Shown as a contradiction; of the two the stricter counts. */
		take(value, VA_SUPPORT_DENIED, true, outcome->words);
	else
		take(value, VA_SUPPORT_UNCHECKED, true, (VaWords){ 0 });
}

static void
judge_qualified(VaReader *reader, VaReadValue *value)
{
	int word = va_reading_word(value);

	if (word == 0)
		no_word(value);
	else if (word > 0 && (ended_badly(reader) || va_reading_refused(reader)))
		take(value, VA_SUPPORT_DENIED, false, reader->outcome.words);
	/* Where a person has spoken to the model, its own plain words have to say as much. */
	else if (word > 0 && reader->tainted && reader->outcome.certain &&
			 (reader->outcome.outcome == VA_OUTCOME_INTERESTED || reader->outcome.outcome == VA_OUTCOME_SCHEDULED))
		take(value, VA_SUPPORT_SUPPORTED, true, reader->outcome.words);
	else
		take(value, VA_SUPPORT_UNCHECKED, true, (VaWords){ 0 });
}

bool
va_reading_effect(const VaReadValue *value)
{
	if (strcmp(value->name, "do_not_call") == 0 || va_reading_word(value) < 0)
		return false;
	return strcmp(value->name, "interest") != 0 || interest_of(value) > 0;
}

void
va_judge_ours(VaReader *reader, VaReadValue *value)
{
	const Ours *entry = our(value->name);
	const VaTalkOutcome *outcome = &reader->outcome;

	value->kind = entry->kind;
	if (entry->judge != NULL)
	{
		entry->judge(reader, value);
		return;
	}
	if (strcmp(entry->kind, "date") == 0 || strcmp(entry->kind, "time") == 0 || strcmp(entry->kind, "phrase") == 0 ||
		strcmp(entry->kind, "zone") == 0)
		value->support = va_judge_time(
			reader, entry->kind, outcome->timed && outcome->outcome == entry->of ? &outcome->time : NULL, value);
	else
		value->support = va_judge_kind(reader, NULL, entry->kind, value);
	value->counts = value->support == VA_SUPPORT_SUPPORTED || value->support == VA_SUPPORT_UNCHECKED;
}
