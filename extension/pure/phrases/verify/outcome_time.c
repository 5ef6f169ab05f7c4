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
#include "pure/phrases/verify/outcome_moments.h"

#include <string.h>

#define OFFERS_MAX 4

#define NOTED VA_BIT(VA_ACT_NOTED)
#define CONFIRMS (NOTED | VA_BIT(VA_ACT_CALL) | VA_BIT(VA_ACT_VISIT))

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

/* ---- what a turn names ---- */

static bool
is_meant(const VaTalk *talk, const VaPhraseTime *time)
{
	const VaTimePoint *point = va_moment_point(time);

	/* "I can't right now", "you called yesterday" */
	if (point->dated && point->day < talk->reference.day && point->grain <= VA_GRAIN_DAY)
		return false;
	return !(point->grain == VA_GRAIN_MINUTE && point->day == talk->reference.day &&
			 point->minutes == talk->reference.minutes && !point->implied);
}

/* Whether the words at a place stand in a part of a sentence that takes back: "we forget Monday". */
static bool
is_taken_back(const State *state, size_t turn, size_t from, size_t to)
{
	const VaTalkTurn *words = &state->talk->turns[turn];
	const VaFound *findings = &state->talk->acts[turn];
	size_t named = from;
	bool taken = false;

	va_talk_widen(words, ",.?!;", &from, &to);
	for (size_t i = 0; i < findings->count; i++)
	{
		const VaFinding *finding = &findings->items[i];

		if (finding->offset < from || finding->offset + finding->len > to)
			continue;
		if (finding->intent == VA_INTENT_WITHDRAWAL || finding->intent == VA_ACT_CANCEL)
			taken = true;
		/* "I'll cancel tomorrow and put you down for tonight": what stands nearest before a time is done with it. */
		else if ((VA_BIT(finding->intent) & (VA_BIT(VA_ACT_VISIT) | VA_BIT(VA_ACT_CALL))) != 0 &&
				 finding->offset < named && state->deeds[turn].person == false)
			taken = false;
	}
	return taken;
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
		va_talk_widen(words, ",.?!;", &from, &to);
		va_phrase_times(words->text + from, to - from, language, state->talk->reference, &times);
		if (times.count > 0 && (kept == NULL || !va_moments_fit(kept, &times.items[0])))
			other = true;
		else
			found = true;
	}
	if (other)
		state->other_turn = turn + 1;
	return found && !other;
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
		mention->asked = va_asks_at(&state->talk->turns[turn], mention->time.offset + mention->time.len);
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
	bool again;

	state->has_named = false;
	/* Another day by itself, of something else: the hour was agreed on. */
	if (agreement->agreed && va_moment_whole(&agreement->time) && !va_moment_whole(&mention->time))
		return;
	again = agreement->agreed && va_moments_fit(&agreement->time, &mention->time);
	sure = sure || (again && agreement->sure);
	*agreement = (VaAgreement){ .timed = true,
		.agreed = true,
		.sure = sure,
		.offered = mention->offered,
		.vague = !va_moment_clocked(&mention->time),
		.time = mention->time,
		.words = mention->words,
		.turn = turn,
		.since = again ? agreement->since : turn,
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

	mention.time = va_moments_join(&before->time, &now->time);
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

	if (va_moment_whole(&mention->time) && !(state->has_named && va_moments_fit(&state->named.time, &mention->time)))
		return *mention;
	if (state->has_named && va_moments_fit(&state->named.time, &mention->time))
		return joined(&state->named, mention);
	if (state->noffers == 1 &&
		(va_moments_fit(&state->offers[0].time, &mention->time) || !va_moment_dated(&mention->time)))
		return joined(&state->offers[0], mention);
	if (state->has_named && !va_moment_dated(&mention->time))
		return joined(&state->named, mention);
	if (state->agreement->agreed && !va_moment_dated(&mention->time))
		return joined(&agreed, mention);
	return *mention;
}

/* "Bis Donnerstag um sieben", "hasta el jueves": of what was named it is a farewell, and no limit. */
static void
take_farewell(const State *state, Mention *mention)
{
	const VaPhraseTime *named = state->agreement->agreed ? &state->agreement->time
								: state->has_named		 ? &state->named.time
								: state->noffers == 1	 ? &state->offers[0].time
														 : NULL;
	VaPhraseTime time = mention->time;

	if (named == NULL || mention->asked || !time.range || time.from.grain != VA_GRAIN_NONE)
		return;
	time.from = time.to;
	time.range = false;
	time.to.grain = VA_GRAIN_NONE;
	if (!named->range && va_moments_fit(named, &time))
		mention->time = time;
}

static void
assistant_turn(State *state, size_t turn)
{
	const VaDeeds *deeds = &state->deeds[turn];
	Mention mentions[OFFERS_MAX];
	size_t count = mentions_of(state, turn, mentions);
	bool answers = state->has_named && turn == state->named_turn + 1;
	Mention one;

	if (count == 1)
		take_farewell(state, &mentions[0]);
	/* "Have a nice evening", "about the two-bed" */
	if (count == 1 && !mentions[0].asked &&
		(va_moment_part(&mentions[0].time) ||
			(va_moment_loose(&mentions[0].time) && !state->has_named && state->noffers == 0)))
		count = 0;
	if (count == 0)
	{
		if (answers && (deeds->said & CONFIRMS) != 0 && (deeds->said & VA_BIT(VA_ACT_CANCEL)) == 0)
			agree(state, &state->named, true, turn);
		else if ((deeds->said & VA_BIT(VA_ACT_CANCEL)) != 0 && (deeds->said & (CONFIRMS & ~NOTED)) == 0 &&
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
	if (!mentions[0].asked && state->has_named && va_moments_fit(&state->named.time, &mentions[0].time) &&
		(va_moment_clocked(&mentions[0].time) || !va_moment_loose(&state->named.time)))
	{
		one = joined(&state->named, &mentions[0]);
		agree(state, &one, true, turn);
		return;
	}
	if (!mentions[0].asked && state->agreement->agreed && va_moments_fit(&state->agreement->time, &mentions[0].time))
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

		if (va_moments_fit(offer, &mention->time) && (va_moment_dated(offer) || !va_moment_dated(&mention->time)))
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

	va_talk_widen(words, ".?!", &from, &to);
	for (size_t i = 0; i < findings->count; i++)
	{
		const VaFinding *finding = &findings->items[i];

		if (finding->sense == VA_SENSE_PLAIN && finding->offset >= from && finding->offset < to)
			bits |= VA_BIT(finding->intent);
	}
	return bits;
}

/* "Sure, Tuesday, right after my yacht lesson. It's a no.": what stands last is meant. */
static bool
refuses_in_the_end(const VaDeeds *deeds, size_t named)
{
	return deeds->refuses > deeds->agrees && deeds->refuses > named;
}

static void
person_names(State *state, size_t turn, const Mention *mention)
{
	const VaDeeds *deeds = &state->deeds[turn];
	bool refuses = refuses_in_the_end(deeds, mention->words.offset + mention->words.len);
	bool yes = (deeds->said & VA_AGREES) != 0 && !refuses;
	bool withdrawn = (deeds->said & VA_BIT(VA_INTENT_WITHDRAWAL)) != 0 &&
					 takes_back(state, turn, VA_INTENT_WITHDRAWAL, &mention->time);
	bool no = withdrawn || (deeds->said & (VA_BIT(VA_INTENT_REFUSAL) | VA_BIT(VA_INTENT_OPT_OUT))) != 0 ||
			  (said_beside(state, turn, mention) & (VA_BIT(VA_INTENT_NO) | VA_BIT(VA_INTENT_BUSY))) != 0;
	int offer = offer_of(state, mention);

	if (offer < 0 && state->agreement->agreed && va_moments_fit(&state->agreement->time, &mention->time))
	{
		state->offers[0] = agreed_mention(state);
		state->noffers = 1;
		offer = 0;
	}

	if (offer >= 0)
	{
		Mention one = joined(&state->offers[offer], mention);

		if (!mention->asked && (va_moment_clocked(&mention->time) || yes) && (!no || yes) && !withdrawn &&
			!va_moment_vague(&one.time))
		{
			agree(state, &one, true, turn);
			return;
		}
		if (no && !yes && !va_moment_clocked(&mention->time))
			return;
		/* "Wednesday, yes": as long as nothing else is offered. */
		if (!mention->asked && !no && va_moment_whole(&one.time))
			agree(state, &one, false, turn);
		state->named = one;
	}
	else
		state->named = in_context(state, mention);
	if (withdrawn && state->agreement->agreed && !va_moments_fit(&state->agreement->time, &mention->time))
		*state->agreement = (VaAgreement){ .dropped = true };
	state->has_named = true;
	state->named_turn = turn;
}

/* "Shall I call again in two weeks?": a day is enough. */
static bool
offers_call(const State *state, size_t turn)
{
	return turn > 0 && state->offers[0].words.turn + 1 == turn && state->offers[0].asked &&
		   (state->deeds[turn - 1].asked & VA_BIT(VA_ACT_CALL)) != 0 &&
		   (state->deeds[turn - 1].asked & VA_BIT(VA_ACT_VISIT)) == 0 && (state->deeds[turn].said & VA_AGREES) != 0;
}

static void
person_turn(State *state, size_t turn)
{
	const VaDeeds *deeds = &state->deeds[turn];
	Mention mentions[OFFERS_MAX];
	size_t count = mentions_of(state, turn, mentions);

	if (count > 0 && va_moment_part(&mentions[count - 1].time) && state->noffers == 0 && !state->has_named)
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
	if ((deeds->said & (VA_BIT(VA_INTENT_NO) | VA_BIT(VA_INTENT_REFUSAL))) != 0 &&
		((deeds->said & VA_AGREES) == 0 || refuses_in_the_end(deeds, 0)))
	{
		/* Asked again whether it holds, it does not. */
		if (state->agreement->agreed && va_moments_fit(&state->agreement->time, &state->offers[0].time))
			drop(state);
		state->noffers = 0;
		return;
	}
	if (!va_moment_whole(&state->offers[0].time) && !offers_call(state, turn))
		return;
	if ((deeds->said & VA_AGREES) != 0)
		agree(state, &state->offers[0], true, turn);
	else if (!state->agreement->agreed && deeds->other == 0 && !deeds->question)
		agree(state, &state->offers[0], false, turn);
}

/* "December first at ten. I am not interested.", and the assistant repeats the time. */
static bool
refused_before(const State *state, size_t turn)
{
	const VaTalk *talk = state->talk;
	const VaPhraseTimes *times;
	const VaPhraseTime *last;

	if (turn == 0 || talk->turns[turn].person || !talk->turns[turn - 1].person)
		return false;
	times = va_talk_times(state->talk, turn - 1);
	if (times == NULL || times->count == 0)
		return false;
	last = &times->items[times->count - 1];
	return refuses_in_the_end(&state->deeds[turn - 1], last->offset + last->len);
}

/* "December first at ten works. No, I do not want that.", also to what the assistant has just put down: no yes. */
static bool
is_refused(const State *state)
{
	const VaWords *words = &state->agreement->words;
	bool refused = refused_before(state, words->turn);

	for (size_t i = words->turn; i < state->talk->count; i++)
	{
		const VaDeeds *deeds = &state->deeds[i];

		if (!state->talk->turns[i].person)
			continue;
		if (i == words->turn ? refuses_in_the_end(deeds, words->offset + words->len)
							 : refuses_in_the_end(deeds, 0) && state->deeds[i - 1].asked == 0 &&
								   (state->deeds[i - 1].said & CONFIRMS) != 0)
			refused = true;
		else if ((deeds->said & VA_AGREES) != 0)
			refused = false;
	}
	return refused;
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
	if (agreement->agreed && is_refused(&state))
		agreement->refused = true;
	if (!agreement->agreed && state.has_named)
	{
		bool dropped = agreement->dropped;

		*agreement = (VaAgreement){ .timed = true,
			.vague = !va_moment_clocked(&state.named.time),
			.dropped = dropped,
			.time = state.named.time,
			.words = state.named.words,
			.turn = state.named_turn,
			.first = state.named.first,
			.offered = state.named.offered };
	}
}
