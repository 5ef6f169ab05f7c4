/*-------------------------------------------------------------------------
 * outcome_time.c
 *		The time that the assistant and the person agree on.
 *
 * One side offers and the other accepts: by saying it again, by a yes, by a
 * confirmation.  What is said of a moment in several turns ("Thursday",
 * "at three") is put together.  The last agreement counts.
 *
 * Pure: each turn once.
 */
#include "pure/phrases/outcome_internal.h"

#include <string.h>

#define OFFERS_MAX 4

#define AGREES (VA_BIT(VA_INTENT_YES) | VA_BIT(VA_INTENT_ACCEPT) | VA_BIT(VA_INTENT_INTEREST))
#define CONFIRMS (VA_BIT(VA_ACT_NOTED) | VA_BIT(VA_ACT_CALL) | VA_BIT(VA_ACT_VISIT))

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
	Mention offers[OFFERS_MAX]; /* of the assistant */
	size_t noffers;
	Mention named; /* by the person */
	bool has_named;
	size_t named_turn;
	bool settled;	   /* the offer is what is agreed on */
	size_t other_turn; /* a moment was taken back here that is not agreed on; from 1 on */
} State;

/* ---- moments ---- */

static const VaTimePoint *
point_of(const VaPhraseTime *time)
{
	return time->from.grain != VA_GRAIN_NONE ? &time->from : &time->to;
}

static bool
has_day(const VaPhraseTime *time)
{
	const VaTimePoint *point = point_of(time);

	return point->dated && !point->implied && point->grain <= VA_GRAIN_DAY;
}

static bool
has_clock(const VaPhraseTime *time)
{
	return point_of(time)->grain <= VA_GRAIN_HOUR;
}

static bool
is_vague(const VaPhraseTime *time)
{
	return point_of(time)->grain > VA_GRAIN_DAY;
}

/* A day with its hour: enough to come. */
static bool
is_whole(const VaPhraseTime *time)
{
	return has_day(time) && has_clock(time);
}

static bool
is_part(const VaPhraseTime *time)
{
	return point_of(time)->grain == VA_GRAIN_PART && !point_of(time)->dated;
}

/* An hour of no day. */
static bool
is_loose(const VaPhraseTime *time)
{
	return has_clock(time) && !has_day(time);
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
		return false;
	if (has_day(one) && has_day(other) && a->day != b->day)
		return false;
	if (has_clock(one) && has_clock(other) && !one->range && !other->range && !same_hour(a, b))
		return false;
	return true;
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

/* What is said now, with what it leaves out of what was said before. */
static VaPhraseTime
join(const VaPhraseTime *before, const VaPhraseTime *now)
{
	VaPhraseTime time = *now;
	const VaTimePoint *old = point_of(before);

	if (is_vague(before) || is_vague(now))
		return time;
	if (!has_day(now) && has_day(before))
	{
		int32_t first = time.from.day;

		put_day(&time.from, old->day);
		put_day(
			&time.to, old->day + (time.from.grain != VA_GRAIN_NONE && time.to.day > first ? time.to.day - first : 0));
	}
	if (!has_clock(now) && has_clock(before) && (!has_day(now) || !has_day(before) || point_of(now)->day == old->day))
	{
		VaDayPart part = point_of(now)->part;
		int32_t day = has_day(now) ? point_of(now)->day : old->day;

		time = *before;
		time.from.minutes = in_part(time.from.minutes, part);
		if (has_day(now) || has_day(before))
			put_day(&time.from, day);
		if (time.to.grain != VA_GRAIN_NONE && (has_day(now) || has_day(before)))
			put_day(&time.to, day);
	}
	else if (has_clock(now) && old->grain == VA_GRAIN_PART && !now->range)
		time.from.minutes = in_part(time.from.minutes, old->part);
	else if (has_clock(now) && has_clock(before) && !now->range && !before->range &&
			 same_hour(&now->from, &before->from) && before->from.minutes >= 720)
		time.from.minutes = before->from.minutes;
	return time;
}

/* ---- what a turn names ---- */

static bool
is_meant(const VaTalk *talk, const VaPhraseTime *time)
{
	const VaTimePoint *point = point_of(time);

	/* "I can't right now", "you called yesterday" */
	if (point->dated && point->day < talk->reference.day && point->grain <= VA_GRAIN_DAY)
		return false;
	return !(point->grain == VA_GRAIN_MINUTE && !time->range && point->day == talk->reference.day &&
			 point->minutes == talk->reference.minutes && !point->implied);
}

/* Whether the words at a place stand in a part of a sentence that takes back: "we forget Monday". */
static bool
is_taken_back(const State *state, size_t turn, size_t from, size_t to)
{
	const VaTalkTurn *words = &state->talk->turns[turn];
	const VaFound *findings = &state->talk->acts[turn];

	while (from > 0 && strchr(",.?!;", words->text[from - 1]) == NULL)
		from--;
	while (to < words->len && strchr(",.?!;", words->text[to]) == NULL)
		to++;
	for (size_t i = 0; i < findings->count; i++)
	{
		const VaFinding *finding = &findings->items[i];

		if ((finding->intent == VA_INTENT_WITHDRAWAL || finding->intent == VA_ACT_CANCEL) && finding->offset >= from &&
			finding->offset + finding->len <= to)
			return true;
	}
	return false;
}

/* Whether a turn takes back what was agreed on, and not another moment ("we forget Monday", said of Tuesday). */
static bool
takes_back(State *state, size_t turn, VaIntent intent, const VaPhraseTime *kept)
{
	const VaTalkTurn *words = &state->talk->turns[turn];
	const VaPhraseLanguage *language = va_phrase_language(state->talk->language);
	const VaFound *findings = &state->talk->acts[turn];
	bool other = state->other_turn == turn + 1;
	bool found = false;

	for (size_t i = 0; i < findings->count; i++)
	{
		size_t from = findings->items[i].offset;
		size_t to = from + findings->items[i].len;
		VaPhraseTimes times;

		if (findings->items[i].intent != intent || findings->items[i].sense != VA_SENSE_PLAIN)
			continue;
		while (from > 0 && strchr(",.?!;", words->text[from - 1]) == NULL)
			from--;
		while (to < words->len && strchr(",.?!;", words->text[to]) == NULL)
			to++;
		va_phrase_times(words->text + from, to - from, language, state->talk->reference, &times);
		if (times.count > 0 && (kept == NULL || !fit(kept, &times.items[0])))
			other = true;
		else
			found = true;
	}
	if (other)
		state->other_turn = turn + 1;
	return found && !other;
}

static bool
asks_at(const VaTalkTurn *turn, size_t at)
{
	for (; at < turn->len; at++)
	{
		if (turn->text[at] == '?')
			return true;
		if (turn->text[at] == '.' || turn->text[at] == '!')
			return false;
	}
	return false;
}

static size_t
add_mentions(State *state, size_t turn, const VaPhraseTimes *times, size_t base, Mention *mentions, size_t count)
{
	for (size_t i = 0; i < times->count && times->items[i].alternative == 1; i++)
	{
		Mention *mention;

		if (!is_meant(state->talk, &times->items[i]) || is_taken_back(state, turn, base + times->items[i].offset,
															base + times->items[i].offset + times->items[i].len))
			continue;
		if (count == OFFERS_MAX)
		{
			memmove(mentions, mentions + 1, (OFFERS_MAX - 1) * sizeof(Mention));
			count--;
		}
		mention = &mentions[count++];
		mention->time = times->items[i];
		mention->time.offset += base;
		if (mention->time.zone == times->zone)
			mention->time.zone = va_arena_strdup(state->talk->arena, times->zone);
		mention->words = (VaWords){ .turn = turn, .offset = mention->time.offset, .len = mention->time.len };
		mention->first = turn;
		mention->offered = !state->talk->turns[turn].person;
		mention->asked = asks_at(&state->talk->turns[turn], mention->time.offset + mention->time.len);
	}
	return count;
}

/* The moments of the parts of a turn that end with some marks, the last ones. */
static size_t
parts_of(State *state, size_t turn, const char *marks, Mention *mentions)
{
	const VaTalkTurn *words = &state->talk->turns[turn];
	const VaPhraseLanguage *language = va_phrase_language(state->talk->language);
	size_t count = 0;
	size_t start = 0;

	for (size_t at = 0; at < words->len; at++)
	{
		bool ends = words->text[at] != '\0' && strchr(marks, words->text[at]) != NULL;
		VaPhraseTimes times;

		if ((!ends && at + 1 < words->len) || (start == 0 && at + 1 >= words->len))
			continue;
		va_phrase_times(words->text + start, at + 1 - start, language, state->talk->reference, &times);
		count = add_mentions(state, turn, &times, start, mentions, count);
		start = at + 1;
	}
	return count;
}

/* The moments of a turn; where nobody can tell which of several is meant, those of its sentences, or of their parts. */
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
agree(State *state, const Mention *mention, bool sure, size_t turn)
{
	VaAgreement *agreement = state->agreement;

	state->has_named = false;
	/* Another day by itself, of something else: the hour was agreed on. */
	if (agreement->agreed && is_whole(&agreement->time) && !is_whole(&mention->time))
		return;
	sure = sure || (agreement->agreed && agreement->sure && fit(&agreement->time, &mention->time));
	*agreement = (VaAgreement){ .timed = true,
		.agreed = true,
		.sure = sure,
		.offered = mention->offered,
		.vague = !has_clock(&mention->time),
		.time = mention->time,
		.words = mention->words,
		.turn = turn,
		.first = mention->first };
	state->offers[0] = *mention;
	state->noffers = 1;
	state->settled = true;
}

/* The time that is agreed on, as it was named. */
static Mention
agreed_mention(const State *state)
{
	const VaAgreement *agreement = state->agreement;

	return (Mention){
		.time = agreement->time, .words = agreement->words, .first = agreement->first, .offered = agreement->offered
	};
}

static void
drop(State *state)
{
	if (state->agreement->agreed)
		*state->agreement = (VaAgreement){ .dropped = true };
	state->noffers = 0;
	state->has_named = false;
}

static Mention
joined(const Mention *before, const Mention *now)
{
	Mention mention = *now;

	mention.time = join(&before->time, &now->time);
	mention.time.offset = now->time.offset;
	mention.time.len = now->time.len;
	mention.first = before->first;
	mention.offered = before->offered;
	return mention;
}

/* What was spoken of last, for what a moment leaves out. */
static Mention
in_context(const State *state, const Mention *mention)
{
	Mention agreed = agreed_mention(state);

	if (is_whole(&mention->time) && !(state->has_named && fit(&state->named.time, &mention->time)))
		return *mention;
	if (state->has_named && fit(&state->named.time, &mention->time))
		return joined(&state->named, mention);
	if (state->noffers == 1 && (fit(&state->offers[0].time, &mention->time) || !has_day(&mention->time)))
		return joined(&state->offers[0], mention);
	if (state->has_named && !has_day(&mention->time))
		return joined(&state->named, mention);
	if (state->agreement->agreed && !has_day(&mention->time))
		return joined(&agreed, mention);
	return *mention;
}

static void
assistant_turn(State *state, size_t turn)
{
	const VaDeeds *deeds = &state->deeds[turn];
	Mention mentions[OFFERS_MAX];
	size_t count = mentions_of(state, turn, mentions);
	bool answers = state->has_named && turn == state->named_turn + 1;
	Mention one;

	/* "Have a nice evening", "about the two-bed" */
	if (count == 1 && !mentions[0].asked &&
		(is_part(&mentions[0].time) || (is_loose(&mentions[0].time) && !state->has_named && state->noffers == 0)))
		count = 0;
	if (count == 0)
	{
		if (answers && (deeds->said & CONFIRMS) != 0 && (deeds->said & VA_BIT(VA_ACT_CANCEL)) == 0)
			agree(state, &state->named, true, turn);
		else if ((deeds->said & VA_BIT(VA_ACT_CANCEL)) != 0 && (deeds->said & CONFIRMS) == 0 &&
				 (state->other_turn == 0 || state->other_turn != turn) &&
				 takes_back(state, turn, VA_ACT_CANCEL, state->agreement->agreed ? &state->agreement->time : NULL))
			drop(state);
		return;
	}
	if (count > 1)
	{
		memcpy(state->offers, mentions, count * sizeof(Mention));
		state->noffers = count;
		state->settled = false;
		return;
	}
	one = in_context(state, &mentions[0]);
	if (!mentions[0].asked && state->has_named && fit(&state->named.time, &mentions[0].time) &&
		(has_clock(&mentions[0].time) || !is_loose(&state->named.time)))
	{
		one = joined(&state->named, &mentions[0]);
		agree(state, &one, true, turn);
		return;
	}
	if (!mentions[0].asked && state->agreement->agreed && fit(&state->agreement->time, &mentions[0].time))
	{
		Mention agreed = agreed_mention(state);

		one = joined(&agreed, &mentions[0]);
		agree(state, &one, true, turn);
		return;
	}
	state->offers[0] = one;
	state->noffers = 1;
	state->settled = false;
}

/* The offer that a moment may be; -1: none. */
static int
offer_of(const State *state, const Mention *mention)
{
	for (size_t i = 0; i < state->noffers; i++)
	{
		const VaPhraseTime *offer = &state->offers[i].time;

		if (fit(offer, &mention->time) && (has_day(offer) || !has_day(&mention->time)))
			return (int) i;
	}
	return -1;
}

/* What the person does in the sentence in which it names a moment. */
static uint64_t
said_beside(const State *state, size_t turn, const Mention *mention)
{
	const VaTalkTurn *words = &state->talk->turns[turn];
	const VaFound *findings = &state->talk->acts[turn];
	size_t from = mention->words.offset;
	size_t to = from + mention->words.len;
	uint64_t bits = 0;

	while (from > 0 && strchr(".?!", words->text[from - 1]) == NULL)
		from--;
	while (to < words->len && strchr(".?!", words->text[to]) == NULL)
		to++;
	for (size_t i = 0; i < findings->count; i++)
	{
		const VaFinding *finding = &findings->items[i];

		if (finding->sense == VA_SENSE_PLAIN && finding->offset >= from && finding->offset < to)
			bits |= VA_BIT(finding->intent);
	}
	return bits;
}

static void
person_names(State *state, size_t turn, const Mention *mention)
{
	const VaDeeds *deeds = &state->deeds[turn];
	bool yes = (deeds->said & AGREES) != 0;
	bool withdrawn = (deeds->said & VA_BIT(VA_INTENT_WITHDRAWAL)) != 0 &&
					 takes_back(state, turn, VA_INTENT_WITHDRAWAL, &mention->time);
	bool no = withdrawn || (deeds->said & (VA_BIT(VA_INTENT_REFUSAL) | VA_BIT(VA_INTENT_OPT_OUT))) != 0 ||
			  (said_beside(state, turn, mention) & (VA_BIT(VA_INTENT_NO) | VA_BIT(VA_INTENT_BUSY))) != 0;
	int offer = offer_of(state, mention);

	if (offer < 0 && state->agreement->agreed && fit(&state->agreement->time, &mention->time))
	{
		state->offers[0] = agreed_mention(state);
		state->noffers = 1;
		offer = 0;
	}

	if (offer >= 0)
	{
		Mention one = joined(&state->offers[offer], mention);

		if (!mention->asked && (has_clock(&mention->time) || yes) && (!no || yes) && !withdrawn && !is_vague(&one.time))
		{
			agree(state, &one, true, turn);
			return;
		}
		if (no && !yes && !has_clock(&mention->time))
			return;
		/* "Wednesday, yes": as long as nothing else is offered. */
		if (!mention->asked && !no && is_whole(&one.time))
			agree(state, &one, false, turn);
		state->named = one;
	}
	else if ((said_beside(state, turn, mention) & AGREES) == 0 && va_tells_own_time(state->talk, mention->words))
		return;
	else
		state->named = in_context(state, mention);
	if (withdrawn && state->agreement->agreed && !fit(&state->agreement->time, &mention->time))
		*state->agreement = (VaAgreement){ .dropped = true };
	state->has_named = true;
	state->named_turn = turn;
}

static void
person_turn(State *state, size_t turn)
{
	const VaDeeds *deeds = &state->deeds[turn];
	Mention mentions[OFFERS_MAX];
	size_t count = mentions_of(state, turn, mentions);

	if (count > 0 && is_part(&mentions[count - 1].time) && state->noffers == 0 && !state->has_named)
		count = 0;
	if (count > 0)
	{
		person_names(state, turn, &mentions[count - 1]);
		return;
	}
	if ((deeds->said & (VA_BIT(VA_INTENT_WITHDRAWAL) | VA_BIT(VA_INTENT_OPT_OUT))) != 0 &&
		state->other_turn != turn + 1)
	{
		drop(state);
		return;
	}
	if (state->noffers != 1 || state->settled)
		return;
	if ((deeds->said & (VA_BIT(VA_INTENT_NO) | VA_BIT(VA_INTENT_REFUSAL))) != 0 && (deeds->said & AGREES) == 0)
	{
		state->noffers = 0;
		return;
	}
	if (!is_whole(&state->offers[0].time))
		return;
	if ((deeds->said & AGREES) != 0)
		agree(state, &state->offers[0], true, turn);
	else if (!state->agreement->agreed && deeds->other == 0 && !deeds->question)
		agree(state, &state->offers[0], false, turn);
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
	{
		bool dropped = agreement->dropped;

		*agreement = (VaAgreement){ .timed = true,
			.vague = !has_clock(&state.named.time),
			.dropped = dropped,
			.time = state.named.time,
			.words = state.named.words,
			.turn = state.named_turn,
			.first = state.named.first,
			.offered = state.named.offered };
	}
}
