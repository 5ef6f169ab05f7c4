/*-------------------------------------------------------------------------
 * outcome.c
 *		The outcome of a talk.
 *
 * The turns of both sides are read for what is done in them.  Words alone are
 * certain of stops only: an opt-out, a machine, a wrong number, a talk that
 * broke off, a refusal.  Their other evidence is for the claims of an author.
 *
 * Pure.
 */
#include "pure/phrases/verify/outcome_internal.h"

#include <string.h>

/* Bytes of a no with its comma and blank, and of an answer that says no more. */
#define NO_LONGEST 6
#define NO_TURN_LONGEST 48

#define B(name) VA_BIT(VA_INTENT_##name)
#define ACT(name) VA_BIT(VA_ACT_##name)

typedef struct Judge
{
	VaTalk *talk;
	VaDeeds *deeds;
	VaTalkOutcome *outcome;
	VaAgreement agreement;
	bool stop; /* the words of an opt-out are there, which nothing bears out: no time is certain beside them */
} Judge;

/* ---- helpers ---- */

#define NO_TURN VA_NO_TURN

/* The person's turn before, or behind, one; NO_TURN: there is none. */
static size_t
person_before(const Judge *judge, size_t turn)
{
	while (turn-- > 0)
	{
		if (judge->deeds[turn].person)
			return turn;
	}
	return NO_TURN;
}

static size_t
last_person(const Judge *judge)
{
	return person_before(judge, judge->talk->count);
}

/* The last plain finding of some intents in a turn. */
static VaWords
words_of(const Judge *judge, size_t turn, uint64_t bits)
{
	const VaFound *findings = &judge->talk->findings[turn];

	for (size_t i = findings->count; i-- > 0;)
	{
		const VaFinding *finding = &findings->items[i];

		if (finding->sense == VA_SENSE_PLAIN && (VA_BIT(finding->intent) & bits) != 0)
			return (VaWords){ .turn = turn, .offset = finding->offset, .len = finding->len };
	}
	return (VaWords){ .turn = turn, .len = judge->talk->turns[turn].len };
}

static bool
give(Judge *judge, VaOutcome outcome, bool certain, VaWords words)
{
	judge->outcome->outcome = outcome;
	judge->outcome->certain = certain;
	judge->outcome->words = words;
	return true;
}

static VaWords
whole_turn(const Judge *judge, size_t turn)
{
	if (turn >= judge->talk->count)
		return (VaWords){ .len = 0 };
	return (VaWords){ .turn = turn, .len = judge->talk->turns[turn].len };
}

/* ---- the outcomes, from the strictest on ---- */

static bool
give_opt_out(Judge *judge, size_t turn, bool certain)
{
	judge->outcome->opt_out = true;
	judge->outcome->opt_out_sure = certain;
	judge->outcome->opt_out_words = words_of(judge, turn, B(OPT_OUT) | B(HALT));
	return give(judge, VA_OUTCOME_DO_NOT_CALL, certain, judge->outcome->opt_out_words);
}

static bool
judge_opt_out(Judge *judge)
{
	size_t promised;
	size_t doubtful = NO_TURN;
	bool spoken_of = false;

	for (size_t i = judge->talk->count; i-- > 0;)
	{
		const VaDeeds *deeds = &judge->deeds[i];
		VaStop stop;

		if (!deeds->person)
			continue;
		stop = va_asks_for_end(judge->talk, judge->deeds, &judge->agreement, i);
		if (stop == VA_STOP_CERTAIN)
			return give_opt_out(judge, i, true);
		if (stop == VA_STOP_DOUBTFUL && doubtful == NO_TURN)
			doubtful = i;
		judge->stop = judge->stop || va_does(deeds, B(OPT_OUT));
		spoken_of = spoken_of || ((deeds->said | deeds->asked | deeds->other) & B(OPT_OUT)) != 0;
	}
	promised = va_promised_end(judge->talk, judge->deeds);
	if (promised != NO_TURN)
		return give_opt_out(judge, promised, spoken_of);
	return doubtful != NO_TURN && give_opt_out(judge, doubtful, false);
}

/* Never a machine's deeds. */
#define HUMAN (VA_AGREES | B(CALLBACK) | B(BUSY) | B(OTHER) | B(REFUSAL) | B(OPT_OUT) | B(WRONG_NUMBER) | B(NO))

/*
 * A machine that answers speaks to the end, and nothing that is said to it is
 * agreed; a person may still take the call, or may only speak of a machine.
 */
static bool
judge_voicemail(Judge *judge)
{
	size_t turns = 0;
	size_t plain = 0;
	size_t last = NO_TURN;
	size_t opens = NO_TURN;
	bool first = judge->deeds[0].person;
	bool taken = false;
	bool certain;

	for (size_t i = 0; i < judge->talk->count; i++)
	{
		const VaDeeds *deeds = &judge->deeds[i];

		if (!deeds->person)
			continue;
		if (opens == NO_TURN)
			opens = i;
		if (deeds->announces > 0)
		{
			turns++;
			plain += deeds->announces > 1 || (deeds->strict & B(VOICEMAIL)) != 0;
			last = i;
		}
		else if (turns > 0 && va_does(deeds, HUMAN))
			taken = true;
	}
	if (turns == 0)
		return false;
	certain = !taken && plain > 0 && (judge->deeds[opens].announces > 0 || plain > 1);
	if (!certain && ((judge->agreement.agreed && judge->agreement.offered) || (turns == 1 && !first)))
		return false;
	return give(judge, VA_OUTCOME_VOICEMAIL, certain || first, words_of(judge, last, B(VOICEMAIL)));
}

/*
 * A screener asks who calls, and whatever is said after that is its own or a
 * mailbox's: a person who takes the call says something else.
 */
static bool
judge_screener(Judge *judge)
{
	size_t asks = NO_TURN;

	for (size_t i = 0; i < judge->talk->count; i++)
	{
		const VaDeeds *deeds = &judge->deeds[i];

		if (!deeds->person)
			continue;
		if (asks == NO_TURN && (deeds->strict & B(SCREENER)) != 0)
			asks = i;
		if ((asks != NO_TURN && deeds->screens + deeds->announces == 0) || va_does(deeds, B(OPT_OUT) | B(REFUSAL)))
			return false;
	}
	if (asks == NO_TURN)
		return false;
	judge->outcome->screened = true;
	return give(judge, VA_OUTCOME_VOICEMAIL, true, words_of(judge, asks, B(SCREENER)));
}

/* sure: the assistant has understood it, or the person says so twice, or in so many words. */
static bool
judge_wrong_number(Judge *judge, bool sure)
{
	size_t said = NO_TURN;
	size_t times = 0;
	bool heard = false;
	bool sorry = false;
	bool strict = false;

	for (size_t i = 0; i < judge->talk->count; i++)
	{
		const VaDeeds *deeds = &judge->deeds[i];

		if (deeds->person && (deeds->said & B(WRONG_NUMBER)) != 0)
		{
			said = i;
			times++;
			strict = strict || (deeds->strict & B(WRONG_NUMBER)) != 0;
		}
		if (!deeds->person && i > 0 && va_does(deeds, B(WRONG_NUMBER)))
			heard = true;
		if (!deeds->person && i > 1 && (deeds->said & ACT(SORRY)) != 0)
			sorry = true;
	}
	/* "It has moved out." "So you need no windows?" "No, we don't.": not another that was meant. */
	for (size_t i = said; !strict && !heard && times < 2 && said != NO_TURN && i + 1 < judge->talk->count; i++)
	{
		if (judge->deeds[i + 1].person && (judge->deeds[i + 1].said & B(REFUSAL)) != 0)
			return false;
	}
	if (judge->agreement.agreed || (said == NO_TURN && !(heard && sorry)) ||
		(sure && !heard && !sorry && !strict && times < 2))
		return false;
	if (said == NO_TURN)
		said = last_person(judge);
	if (said == NO_TURN)
		return false;
	return give(judge, VA_OUTCOME_WRONG_NUMBER, sure, words_of(judge, said, B(WRONG_NUMBER)));
}

/* "Your man came an hour ago": what has been is no time for a visit or a call. */
static bool
lies_behind(const VaTalk *talk, const VaPhraseTime *time)
{
	const VaTimePoint *point = time->range ? &time->to : &time->from; /* open: it goes on */
	int32_t day;
	int32_t end_day;
	int minutes;
	int end_minutes;

	return talk->referenced && va_time_bounds(point, &day, &minutes, &end_day, &end_minutes) &&
		   (end_day < talk->reference.day || (end_day == talk->reference.day && end_minutes < talk->reference.minutes));
}

/* A time that both spoke of, or at which the person wants a call: never certain by words alone, an author claims it. */
static bool
judge_time(Judge *judge)
{
	const VaAgreement *agreement = &judge->agreement;
	uint64_t person = 0;
	uint64_t assistant = 0;
	int call;
	int visit;
	bool called;

	for (size_t i = agreement->first > 3 ? agreement->first - 3 : 0; i < judge->talk->count; i++)
	{
		const VaDeeds *deeds = &judge->deeds[i];

		/* Once a time is agreed, another call is another matter. */
		if (deeds->person)
			person |= ((deeds->said | deeds->asked) &
						  (agreement->agreed && i > agreement->since ? ~B(CALLBACK) : ~UINT64_C(0))) |
					  (i == agreement->words.turn || i == agreement->first ? deeds->quoted & B(CALLBACK) : 0);
		else
			assistant |= (deeds->said | (deeds->asked & (ACT(CALL) | ACT(VISIT)))) &
						 (i == 0 || (agreement->agreed && agreement->offered && i > agreement->since + 1)
								 ? ~ACT(CALL)
								 : ~UINT64_C(0));
	}
	call = ((person & B(CALLBACK)) != 0 ? 3 : 0) + ((assistant & ACT(CALL)) != 0 ? 4 : 0) +
		   ((person & B(BUSY)) != 0 ? 2 : 0) + ((person & B(OTHER)) != 0 ? 1 : 0);
	visit = (agreement->offered ? 3 : 0) + ((assistant & ACT(VISIT)) != 0 ? 1 : 0) +
			((person & B(ACCEPT)) != 0 ? 1 : 0);
	called = call > visit;
	if (!agreement->timed || (!agreement->agreed && call < 3) || (agreement->vague && !called) ||
		lies_behind(judge->talk, &agreement->time))
		return false;
	judge->outcome->timed = judge->talk->referenced;
	judge->outcome->time = agreement->time;
	judge->outcome->time_words = agreement->words;
	judge->outcome->aimless = !agreement->offered && (person & VA_AGREES) == 0 && (assistant & ACT(VISIT)) == 0;
	judge->outcome->agreed = agreement->agreed && agreement->sure && !judge->stop;
	return give(judge, called ? VA_OUTCOME_CALLBACK : VA_OUTCOME_SCHEDULED, false, agreement->words);
}

/* Whether the last words break off, and no time stands by then. */
static bool
judge_cut(Judge *judge)
{
	size_t count = judge->talk->count;

	if (!judge->deeds[count - 1].cut || !judge->deeds[count - 1].person ||
		(judge->agreement.agreed && judge->agreement.turn + 1 < count))
		return false;
	return give(judge, VA_OUTCOME_UNFINISHED, true, whole_turn(judge, count - 1));
}

/* Whether the person never spoke, or said nothing to the assistant's last two turns. */
static bool
judge_silent(Judge *judge)
{
	size_t count = judge->talk->count;
	size_t last = last_person(judge);

	if (last != NO_TURN && (count < 2 || judge->deeds[count - 1].person || judge->deeds[count - 2].person))
		return false;
	return give(judge, VA_OUTCOME_UNFINISHED, true, whole_turn(judge, last));
}

/* Whether the person says more, in at least two turns, than goodbye. */
static bool
goes_on(const Judge *judge, size_t turn)
{
	size_t turns = 0;

	for (turn++; turn < judge->talk->count; turn++)
		turns += judge->deeds[turn].person && !va_does(&judge->deeds[turn], B(GOODBYE));
	return turns > 1;
}

/* A short no at the beginning of an answer. */
static bool
is_short(const Judge *judge, size_t turn, size_t offset)
{
	return turn > 0 && !judge->deeds[turn - 1].person && offset <= NO_LONGEST &&
		   judge->talk->turns[turn].len <= NO_TURN_LONGEST;
}

/* "Is there anything else?" "No thanks.": it refuses nothing. */
static bool
wants_no_more(const Judge *judge, size_t turn, size_t offset)
{
	return is_short(judge, turn, offset) && va_does(&judge->deeds[turn - 1], ACT(MORE));
}

/* "Anything else, or shall I book it?" "No thanks.": which of the two is refused is unclear. */
static bool
asks_two(const Judge *judge, size_t turn)
{
	static const char *const ors[] = { " or ", "Or ", " oder ", "Oder ", " ou ", "Ou ", " o ", "O " };
	const VaTalkTurn *asked = &judge->talk->turns[turn - 1];

	for (size_t i = 0; i < sizeof(ors) / sizeof(ors[0]); i++)
		if (memmem(asked->text, asked->len, ors[i], strlen(ors[i])) != NULL)
			return true;
	return false;
}

/* The person's last words on its wish.  A refusal is certain unless a yes follows it, or the talk goes on. */
static void
judge_stance(Judge *judge)
{
	bool agrees = false;

	for (size_t i = judge->talk->count; i-- > 0;)
	{
		const VaFound *findings = &judge->talk->findings[i];

		for (size_t j = findings->count; j-- > 0;)
		{
			const VaFinding *finding = &findings->items[j];
			VaWords words = { .turn = i, .offset = finding->offset, .len = finding->len };
			bool refuses = finding->intent == VA_INTENT_REFUSAL;
			bool twofold = refuses && is_short(judge, i, finding->offset) && asks_two(judge, i);

			if (finding->sense != VA_SENSE_PLAIN)
				continue;
			agrees = agrees || (VA_BIT(finding->intent) & VA_AGREES) != 0;
			if ((!refuses && finding->intent != VA_INTENT_CALLBACK) ||
				(refuses && !twofold && wants_no_more(judge, i, finding->offset)))
				continue;
			give(judge, refuses ? VA_OUTCOME_NOT_INTERESTED : VA_OUTCOME_CALLBACK,
				refuses && !twofold && !agrees && !goes_on(judge, i), words);
			return;
		}
		if (judge->deeds[i].person && va_does(&judge->deeds[i], B(NO)) && wants_no_more(judge, i, 0) &&
			asks_two(judge, i))
		{
			give(judge, VA_OUTCOME_NOT_INTERESTED, false, whole_turn(judge, i));
			return;
		}
	}
	give(judge, VA_OUTCOME_COMPLETED, false, whole_turn(judge, last_person(judge)));
}

void
va_read_outcome(VaTalk *talk, VaTalkOutcome *outcome)
{
	Judge judge = { .talk = talk, .outcome = outcome };

	*outcome = (VaTalkOutcome){ .outcome = VA_OUTCOME_UNFINISHED };
	judge.deeds = talk->count == 0 ? NULL : va_read_deeds(talk);
	if (judge.deeds == NULL)
		return;
	va_read_agreement(talk, judge.deeds, &judge.agreement);
	outcome->withdrawn = !judge.agreement.agreed && va_ends_withdrawn(talk, judge.deeds, &judge.agreement);
	if (judge_screener(&judge) || judge_opt_out(&judge) || judge_voicemail(&judge) ||
		judge_wrong_number(&judge, true) || judge_cut(&judge) || judge_time(&judge) || judge_silent(&judge) ||
		judge_wrong_number(&judge, false))
		return;
	judge_stance(&judge);
}

const char *
va_outcome_name(VaOutcome outcome)
{
	static const char *const names[VA_OUTCOMES] = { "unfinished", "scheduled", "callback", "not_interested",
		"completed", "voicemail", "wrong_number", "do_not_call" };

	return names[outcome];
}
