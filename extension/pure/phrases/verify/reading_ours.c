/*-------------------------------------------------------------------------
 * reading_ours.c
 *		The words' evidence for the values of every analysis: opt-out,
 *		wrong number, appointment, callback, interest, qualification.
 *
 * Pure.
 */
#include "pure/phrases/verify/outcome_internal.h"
#include "pure/phrases/verify/reading_internal.h"

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

/* A no stops an effect, whatever the words say: it has a row only where they say yes. */
static void
keep_no(VaReadValue *value, bool contradicted, VaWords words)
{
	value->shown = contradicted;
	take(value, contradicted ? VA_SUPPORT_DENIED : VA_SUPPORT_UNCHECKED, true, words);
}

/* An opt-out and a wrong number only stop calls: clear words go before a no. */
static void
keep_stricter_no(VaReadValue *value, bool contradicted, VaWords words)
{
	keep_no(value, contradicted, words);
	value->counts = !contradicted;
}

/* The words say the opposite of an opt-out: something was agreed or asked for, or no person spoke. */
static bool
wants_calls(VaReader *reader)
{
	bool spoke = false;

	for (size_t i = 0; i < reader->talk.count; i++)
		spoke = spoke || reader->talk.turns[i].person;
	return !spoke || reader->outcome.agreed || certainly(reader, VA_OUTCOME_VOICEMAIL) ||
		   (reader->outcome.timed && reader->outcome.outcome == VA_OUTCOME_CALLBACK);
}

static void
judge_opt_out(VaReader *reader, VaReadValue *value)
{
	const VaTalkOutcome *outcome = &reader->outcome;
	int word = va_reading_word(value);

	if (word > 0 && !outcome->opt_out && wants_calls(reader))
		take(value, VA_SUPPORT_DENIED, false, outcome->timed ? outcome->time_words : outcome->words);
	else if (word > 0)
		take(value, outcome->opt_out ? VA_SUPPORT_SUPPORTED : VA_SUPPORT_UNCHECKED, true, outcome->opt_out_words);
	else if (word < 0)
		keep_stricter_no(value, outcome->opt_out && outcome->opt_out_sure, outcome->opt_out_words);
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
		keep_stricter_no(value, wrong && outcome->certain, outcome->words);
	else if (wrong)
		take(value, VA_SUPPORT_SUPPORTED, true, outcome->words);
	else if (outcome->agreed)
		take(value, VA_SUPPORT_DENIED, false, outcome->words);
	else
		take(value, VA_SUPPORT_UNCHECKED, true, (VaWords){ 0 });
}

/* ---- appointments and callbacks ---- */

static bool
says_any(VaReader *reader, size_t turn, uint64_t intents)
{
	const VaFound *findings = &reader->talk.findings[turn];

	for (size_t i = 0; i < findings->count; i++)
	{
		if (findings->items[i].sense == VA_SENSE_PLAIN && (VA_BIT(findings->items[i].intent) & intents) != 0)
			return true;
	}
	return false;
}

/* Whether two turns name one time. */
static bool
same_time(VaReader *reader, size_t one, size_t other)
{
	const VaPhraseTimes *times = va_talk_times(&reader->talk, one);
	const VaPhraseTimes *others = va_talk_times(&reader->talk, other);

	for (size_t i = 0; times != NULL && others != NULL && i < times->count; i++)
	{
		for (size_t j = 0; j < others->count; j++)
		{
			const VaTimePoint *a = &times->items[i].from;
			const VaTimePoint *b = &others->items[j].from;

			if (a->grain <= VA_GRAIN_HOUR && b->grain <= VA_GRAIN_HOUR
					? a->minutes == b->minutes
					: a->dated && b->dated && a->day == b->day && a->grain == b->grain)
				return true;
		}
	}
	return false;
}

/*
 * The assistant has answered a time that the person named, or has named it
 * before, or again; or the person has said yes to it.
 */
static bool
both_spoke(VaReader *reader)
{
	size_t looked = 0;
	bool answered = false;
	bool spoken = false; /* by the person, later */

	for (size_t i = reader->talk.count; i-- > reader->first && looked < BOOKING_TURNS_MAX; looked++)
	{
		const VaPhraseTimes *times = va_talk_times(&reader->talk, i);
		bool timed = times != NULL && times->count > 0;
		bool person = reader->talk.turns[i].person;

		if (timed && person && answered)
			return true;
		if (timed && !person && spoken)
		{
			if (va_reading_agreed(reader, i))
				return true;
			for (size_t j = i + 1; j < reader->talk.count && j - i < BOOKING_TURNS_MAX; j++)
			{
				if (!says_any(reader, j, VA_BIT(VA_INTENT_NO)) && same_time(reader, i, j))
					return true;
			}
		}
		answered = answered || !person;
		spoken = spoken || person;
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
	else if (outcome->outcome == VA_OUTCOME_SCHEDULED && !outcome->opt_out && !outcome->aimless && both_spoke(reader))
		take(value, VA_SUPPORT_SUPPORTED, true, outcome->timed ? outcome->time_words : outcome->words);
	else if (ended_badly(reader) || certainly(reader, VA_OUTCOME_NOT_INTERESTED))
		take(value, VA_SUPPORT_DENIED, false, outcome->opt_out ? outcome->opt_out_words : outcome->words);
	else if (outcome->agreed || !va_reading_names_time(reader) || !both_spoke(reader))
		take(value, VA_SUPPORT_MISSING, false, (VaWords){ 0 });
	else
		take(value, VA_SUPPORT_UNCHECKED, false, (VaWords){ 0 });
}

static void
judge_booked(VaReader *reader, VaReadValue *value)
{
	int word = va_reading_word(value);

	if (word > 0)
		judge_booking(reader, value);
	else if (word < 0)
		keep_no(value, reader->outcome.agreed && reader->outcome.outcome == VA_OUTCOME_SCHEDULED,
			reader->outcome.time_words);
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

/* "Not me." is no answer to "when shall we call?"; what is said of others is none either. */
static bool
may_call(VaReader *reader)
{
	size_t last = reader->talk.count - 1;

	if (!reader->talk.turns[last].person)
		return true;
	for (size_t i = 0; i < reader->talk.findings[last].count; i++)
	{
		if (reader->talk.findings[last].items[i].intent == VA_INTENT_CALLBACK)
			return false;
	}
	return va_units_answer(va_reading_units(reader, last)) != VA_ANSWER_NO &&
		   !says_any(reader, last, VA_BIT(VA_INTENT_NO));
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
			keep_no(value, outcome->agreed && outcome->outcome == VA_OUTCOME_CALLBACK, outcome->words);
		else
			no_word(value);
		return;
	}
	finding = last_finding(reader, VA_INTENT_CALLBACK, &turn);
	if (outcome->outcome == VA_OUTCOME_CALLBACK && !outcome->opt_out && (finding != NULL || may_call(reader)))
	{
		take(value, VA_SUPPORT_SUPPORTED, true, outcome->timed ? outcome->time_words : outcome->words);
		return;
	}
	if (ended_badly(reader) || certainly(reader, VA_OUTCOME_NOT_INTERESTED))
	{
		take(value, VA_SUPPORT_DENIED, false, outcome->opt_out ? outcome->opt_out_words : outcome->words);
		return;
	}
	/* "I have no time now": an author that hears a wish to be called again in that may be right. */
	if (finding != NULL || (finding = last_finding(reader, VA_INTENT_BUSY, &turn)) != NULL)
		take(value, VA_SUPPORT_SUPPORTED, true,
			(VaWords){ .turn = turn, .offset = finding->offset, .len = finding->len });
	else if (may_call(reader))
		take(value, VA_SUPPORT_UNCHECKED, false, (VaWords){ 0 });
	else
		take(value, VA_SUPPORT_MISSING, false, (VaWords){ 0 });
}

/* ---- what the person thinks of it ---- */

/* 1 it is interested, -1 it is not, 0 unknown: as decide_outcome() of SQL takes it. */
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

/* A model hears interest in more than words: they decide where they plainly say the contrary. */
static void
judge_interest(VaReader *reader, VaReadValue *value)
{
	const VaTalkOutcome *outcome = &reader->outcome;
	bool wants = outcome->outcome == VA_OUTCOME_SCHEDULED && both_spoke(reader);
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
	else if (interest < 0 && wants)
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
	value->counts = va_reading_stands(value);
}
