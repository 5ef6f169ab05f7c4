/*-------------------------------------------------------------------------
 * agreement.c
 *		The time that the assistant and the person spoke of, and whether both
 *		took it up.
 *
 * One side names a moment and the other takes it up: by saying it again, by a
 * yes, by a confirmation.  Words for a moment in several turns ("Thursday",
 * "at three") are put together.  The last moment counts.
 *
 * Pure: each turn once.
 */
#include "pure/phrases/verify/outcome_internal.h"

#include <string.h>

#define B(name) VA_BIT(VA_INTENT_##name)
#define ACT(name) VA_BIT(VA_ACT_##name)

#define OFFERS_MAX 4

typedef struct Mention
{
	VaPhraseTime time; /* its offset is of the turn */
	VaWords words;
	size_t first; /* the turn in which it was named at first */
	bool offered; /* by the assistant */
	bool asked;
} Mention;

typedef struct State
{
	VaTalk *talk;
	const VaDeeds *deeds;
	VaAgreement *agreement;
	Mention offers[OFFERS_MAX]; /* of the assistant's newest turn that names any, or what is agreed on */
	size_t noffers;
	Mention named; /* by the person, and not agreed on */
	size_t named_turn;
	bool has_named;
	bool refused; /* it said no after it */
} State;

/* ---- moments ---- */

static const VaTimePoint *
point_of(const VaPhraseTime *time)
{
	return time->from.grain != VA_GRAIN_NONE ? &time->from : &time->to;
}

static bool
is_dated(const VaPhraseTime *time)
{
	const VaTimePoint *point = point_of(time);

	return point->dated && !point->implied && point->grain <= VA_GRAIN_DAY;
}

static bool
has_hour(const VaPhraseTime *time)
{
	return point_of(time)->grain <= VA_GRAIN_HOUR;
}

/* More than a day: a week, a month. */
static bool
is_vague(const VaPhraseTime *time)
{
	return point_of(time)->grain > VA_GRAIN_DAY;
}

/* A day with its hour: enough to come. */
static bool
is_whole(const VaPhraseTime *time)
{
	return is_dated(time) && has_hour(time);
}

static bool
same_hour(const VaTimePoint *one, const VaTimePoint *other)
{
	return one->minutes % 720 == other->minutes % 720;
}

/* Whether two may be one moment, of which each says a part. */
static bool
fit(const VaPhraseTime *one, const VaPhraseTime *other)
{
	const VaTimePoint *a = point_of(one);
	const VaTimePoint *b = point_of(other);

	if (is_vague(one) || is_vague(other))
		return a->grain == b->grain && a->day == b->day && a->stage == b->stage && !one->range && !other->range;
	if (is_dated(one) && is_dated(other) && a->day != b->day)
		return false;
	return !has_hour(one) || !has_hour(other) || one->range || other->range || same_hour(a, b);
}

static int
in_part(int minutes, VaDayPart part)
{
	return (part == VA_PART_AFTERNOON || part == VA_PART_EVENING) && minutes < 720 ? minutes + 720 : minutes;
}

static void
put_day(VaTimePoint *point, int32_t day)
{
	if (point->grain == VA_GRAIN_NONE)
		return;
	point->day = day;
	point->dated = true;
	point->implied = false;
}

/* The present words, completed from the earlier ones. */
static VaPhraseTime
join(const VaPhraseTime *before, const VaPhraseTime *now)
{
	VaPhraseTime time = *now;
	const VaTimePoint *old = point_of(before);
	const VaTimePoint *new = point_of(now);

	if (is_vague(before) || is_vague(now))
		return time;
	/* "Bis Donnerstag um sieben", "hasta el jueves": of what was named it is a farewell, and no limit. */
	if (now->range && now->from.grain == VA_GRAIN_NONE && !before->range)
		time = *before;
	else if (!has_hour(now) && has_hour(before) && (!is_dated(now) || !is_dated(before) || new->day == old->day))
	{
		time = *before;
		time.from.minutes = in_part(time.from.minutes, new->part);
	}
	else if (has_hour(now) && !now->range && old->grain == VA_GRAIN_PART)
		time.from.minutes = in_part(time.from.minutes, old->part);
	else if (has_hour(now) && has_hour(before) && !now->range && !before->range && same_hour(new, old))
		time.from.minutes = before->from.minutes >= 720 ? before->from.minutes : time.from.minutes;
	if (is_dated(now) || is_dated(before))
	{
		put_day(&time.from, is_dated(now) ? new->day : old->day);
		put_day(&time.to, is_dated(now) ? new->day : old->day);
	}
	time.offset = now->offset;
	time.len = now->len;
	return time;
}

/* ---- what a turn names ---- */

/* "I can't right now", "you called yesterday" name no time to come. */
static bool
is_meant(const VaTalk *talk, const VaPhraseTime *time)
{
	const VaTimePoint *point = point_of(time);

	if (point->dated && point->day < talk->reference.day && point->grain <= VA_GRAIN_DAY)
		return false;
	return !(point->grain == VA_GRAIN_MINUTE && point->day == talk->reference.day &&
			 point->minutes == talk->reference.minutes && !point->implied);
}

/* Whether words stand in a part of a sentence that takes back: "we forget Monday". */
static bool
is_taken_back(const State *state, size_t turn, size_t from, size_t to)
{
	const VaFound *findings = &state->talk->acts[turn];
	bool taken = false;

	va_talk_widen(&state->talk->turns[turn], ",.?!;", &from, &to);
	for (size_t i = 0; i < findings->count; i++)
	{
		const VaFinding *finding = &findings->items[i];

		taken = taken || (finding->offset >= from && finding->offset + finding->len <= to &&
							 finding->intent == VA_INTENT_WITHDRAWAL);
	}
	return taken;
}

static size_t
add_mentions(State *state, size_t turn, const VaPhraseTimes *times, size_t base, Mention *mentions, size_t count)
{
	for (size_t i = 0; i < times->count && times->items[i].alternative == 1; i++)
	{
		VaPhraseTime time = times->items[i];

		time.offset += base;
		if (!is_meant(state->talk, &time) || is_taken_back(state, turn, time.offset, time.offset + time.len))
			continue;
		if (count == OFFERS_MAX)
			memmove(mentions, mentions + 1, --count * sizeof(Mention));
		if (time.zone == times->zone)
			time.zone = va_arena_strdup(state->talk->arena, times->zone);
		mentions[count++] = (Mention){ .time = time,
			.words = { .turn = turn, .offset = time.offset, .len = time.len },
			.first = turn,
			.offered = !state->talk->turns[turn].person,
			.asked = va_asks_at(&state->talk->turns[turn], time.offset + time.len) };
	}
	return count;
}

/* The moments of the parts of a turn that end with some marks. */
static size_t
parts_of(State *state, size_t turn, const char *marks, Mention *mentions)
{
	const VaTalkTurn *words = &state->talk->turns[turn];
	size_t count = 0;
	size_t start = 0;

	for (size_t at = 0; at < words->len; at++)
	{
		VaPhraseTimes times;

		if (strchr(marks, words->text[at]) == NULL && at + 1 < words->len)
			continue;
		va_phrase_times(words->text + start, at + 1 - start, va_phrase_language(state->talk->language),
			state->talk->reference, &times);
		count = add_mentions(state, turn, &times, start, mentions, count);
		start = at + 1;
	}
	return count;
}

/* The moments of a turn; if which of several is meant is unclear, those of its sentences, or of their parts. */
static size_t
mentions_of(State *state, size_t turn, Mention *mentions)
{
	const VaPhraseTimes *times = va_talk_times(state->talk, turn);
	size_t count = times == NULL ? 0 : add_mentions(state, turn, times, 0, mentions, 0);

	if (count == 0 && times != NULL && times->doubt)
		count = parts_of(state, turn, ".?!", mentions);
	if (count == 0 && times != NULL && times->doubt)
		count = parts_of(state, turn, ",.?!", mentions);
	return count;
}

/* ---- the two sides ---- */

static void
drop(State *state)
{
	if (state->agreement->agreed)
		*state->agreement = (VaAgreement){ .dropped = true };
	state->noffers = 0;
	state->has_named = false;
}

static void
agree(State *state, const Mention *mention, bool sure, size_t turn)
{
	VaAgreement *agreement = state->agreement;
	bool again = agreement->agreed && fit(&agreement->time, &mention->time);

	state->has_named = false;
	/* Another day by itself, of something else: the hour was agreed on. */
	if (agreement->agreed && is_whole(&agreement->time) && !is_whole(&mention->time))
		return;
	*agreement = (VaAgreement){ .timed = true,
		.agreed = true,
		.sure = sure || (again && agreement->sure),
		.offered = mention->offered,
		.vague = !has_hour(&mention->time),
		.time = mention->time,
		.words = mention->words,
		.since = again ? agreement->since : turn,
		.turn = turn,
		.first = mention->first };
	state->offers[0] = *mention;
	state->offers[0].asked = false;
	state->noffers = 1;
}

/* The earlier topic, for the omitted part of a moment; NULL: nothing. */
static const Mention *
context_of(const State *state, const VaPhraseTime *time)
{
	const Mention *found = NULL;

	for (size_t i = state->noffers; i-- > 0;)
	{
		if (fit(&state->offers[i].time, time) && (is_dated(&state->offers[i].time) || !is_dated(time)))
			found = &state->offers[i];
	}
	if (state->has_named && (fit(&state->named.time, time) || (found == NULL && !is_dated(time))))
		return &state->named;
	return found != NULL || is_dated(time) || state->noffers != 1 ? found : &state->offers[0];
}

static Mention
in_context(const Mention *mention, const Mention *context)
{
	Mention one = *mention;

	if (context != NULL)
	{
		one.time = join(&context->time, &mention->time);
		one.first = context->first;
		one.offered = context->offered;
	}
	return one;
}

static void
assistant_turn(State *state, size_t turn)
{
	const VaDeeds *deeds = &state->deeds[turn];
	Mention mentions[OFFERS_MAX];
	size_t count = mentions_of(state, turn, mentions);
	const VaTimePoint *point = count == 1 ? point_of(&mentions[0].time) : NULL;
	const Mention *context;

	/* "Have a nice evening", "about the two-bed" */
	if (count == 1 && !mentions[0].asked && !point->dated &&
		(point->grain == VA_GRAIN_PART || (has_hour(&mentions[0].time) && !state->has_named && state->noffers == 0)))
		count = 0;
	if (count == 0)
	{
		if ((deeds->said & ACT(CANCEL)) != 0 && (deeds->said & (ACT(CALL) | ACT(VISIT))) == 0)
			drop(state);
		/* "I'll put you down.", and whatever asks for nothing more. */
		else if (state->has_named && !state->refused && state->named_turn + 1 == turn &&
				 (!deeds->question || (deeds->said & (ACT(CALL) | ACT(VISIT))) != 0))
			agree(state, &state->named, true, turn);
		return;
	}
	context = context_of(state, &mentions[0].time);
	if (count == 1)
		mentions[0] = in_context(&mentions[0], context);
	if (count == 1 && !mentions[0].asked && context != NULL &&
		(context == &state->named ? !state->refused : state->agreement->agreed) &&
		fit(&context->time, &mentions[0].time))
	{
		agree(state, &mentions[0], true, turn);
		return;
	}
	memcpy(state->offers, mentions, count * sizeof(Mention));
	state->noffers = count;
}

/* "Sure, Tuesday, right after my yacht lesson. It's a no.": what stands last is meant. */
static bool
refuses_in_the_end(const VaDeeds *deeds, size_t named)
{
	return deeds->refuses > deeds->agrees && deeds->refuses > named;
}

/* Whether the person does any of some things in the sentence in which it names a moment. */
static bool
does_beside(const State *state, const Mention *mention, uint64_t bits)
{
	const VaFound *findings = &state->talk->acts[mention->words.turn];
	size_t from = mention->words.offset;
	size_t to = from + mention->words.len;
	bool done = false;

	va_talk_widen(&state->talk->turns[mention->words.turn], ".?!", &from, &to);
	for (size_t i = 0; i < findings->count; i++)
	{
		const VaFinding *finding = &findings->items[i];

		done = done || (finding->sense == VA_SENSE_PLAIN && finding->offset >= from && finding->offset < to &&
						   (VA_BIT(finding->intent) & bits) != 0);
	}
	return done;
}

static void
person_names(State *state, size_t turn, const Mention *mention)
{
	const VaDeeds *deeds = &state->deeds[turn];
	const Mention *context = context_of(state, &mention->time);
	bool offered = context != NULL && context != &state->named && fit(&context->time, &mention->time);
	Mention one = in_context(mention, context);
	bool refused = refuses_in_the_end(deeds, mention->words.offset + mention->words.len);
	bool yes = (deeds->said & VA_AGREES) != 0 && !refused;
	bool no = !yes && ((deeds->said & (B(REFUSAL) | B(OPT_OUT))) != 0 || does_beside(state, mention, B(NO) | B(BUSY)));

	if ((deeds->said & B(WITHDRAWAL)) != 0)
		drop(state);
	/* "Not on Tuesday": said of what was offered it is none of its own. */
	if (offered && no && !has_hour(&mention->time))
		return;
	if (offered && !mention->asked && !no && is_whole(&one.time))
		agree(state, &one, has_hour(&mention->time) || yes, turn);
	else
	{
		state->named = one;
		state->named_turn = turn;
		state->has_named = true;
		state->refused = refused;
	}
}

/* "Shall I call again in two weeks?": a day is enough. */
static bool
offers_call(const State *state, size_t turn)
{
	return turn > 0 && state->offers[0].words.turn + 1 == turn && state->offers[0].asked &&
		   (state->deeds[turn - 1].asked & (ACT(CALL) | ACT(VISIT))) == ACT(CALL) &&
		   (state->deeds[turn].said & VA_AGREES) != 0;
}

static void
person_turn(State *state, size_t turn)
{
	const VaDeeds *deeds = &state->deeds[turn];
	Mention mentions[OFFERS_MAX];
	size_t count = mentions_of(state, turn, mentions);
	bool yes = (deeds->said & VA_AGREES) != 0 && !refuses_in_the_end(deeds, 0);
	bool no = !yes && (deeds->said & (B(NO) | B(REFUSAL))) != 0;
	bool asked = turn > 0 && !state->talk->turns[turn - 1].person && state->deeds[turn - 1].question;

	if (count > 0)
		person_names(state, turn, &mentions[count - 1]);
	else if ((deeds->said & (B(WITHDRAWAL) | B(OPT_OUT))) != 0 || ((deeds->said & B(REFUSAL)) != 0 && no && !asked))
		drop(state);
	else if (state->noffers == 1 && no && (state->offers[0].asked || !state->agreement->agreed))
		drop(state);
	else if (state->noffers == 1 && (is_whole(&state->offers[0].time) || offers_call(state, turn)) &&
			 (yes || (!state->agreement->agreed && deeds->other == 0 && !deeds->question && !no)))
		agree(state, &state->offers[0], yes, turn);
}

void
va_read_agreement(VaTalk *talk, const VaDeeds *deeds, VaAgreement *agreement)
{
	State state = { .talk = talk, .deeds = deeds, .agreement = agreement };

	*agreement = (VaAgreement){ .timed = false };
	for (size_t i = 0; i < talk->count; i++)
	{
		if (talk->turns[i].person)
			person_turn(&state, i);
		else
			assistant_turn(&state, i);
	}
	if (!agreement->agreed && state.has_named)
		*agreement = (VaAgreement){ .timed = true,
			.vague = !has_hour(&state.named.time),
			.dropped = agreement->dropped,
			.time = state.named.time,
			.words = state.named.words,
			.turn = state.named_turn,
			.first = state.named.first,
			.offered = state.named.offered };
}
