/*-------------------------------------------------------------------------
 * outcome.c
 *		What a talk came to.
 *
 * The turns of both sides are read for what is done in them, then judged from
 * the strictest outcome to the weakest: an opt-out, a machine, a wrong number,
 * a time, a talk that broke off, what the person wants in the end.
 *
 * Pure.
 */
#include "pure/phrases/verify/outcome_moments.h"

#include <string.h>

#define B(name) VA_BIT(VA_INTENT_##name)
#define ACT(name) VA_BIT(VA_ACT_##name)

typedef struct Judge
{
	VaTalk *talk;
	VaDeeds *deeds;
	VaTalkOutcome *outcome;
	VaAgreement agreement;
	size_t ends[VA_INTENTS]; /* behind the assistant's last turn that does it */
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

/* What no machine does. */
#define HUMAN                                                                                              \
	(VA_AGREES | B(CALLBACK) | B(BUSY) | B(OTHER) | B(CHILD) | B(REFUSAL) | B(OPT_OUT) | B(WRONG_NUMBER) | \
		B(DEFERRAL) | B(NO))

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

/* What speaks for another call, and what for a visit, around the time that is spoken of. */
typedef struct Purpose
{
	int call;
	int visit;
	bool asked; /* for another call, or when to call */
	bool meant; /* the person has said yes to something, or the assistant speaks of a visit, or puts one down */
} Purpose;

static Purpose
purpose_of(const Judge *judge)
{
	const VaAgreement *agreement = &judge->agreement;
	uint64_t person = 0;
	uint64_t assistant = 0;
	bool visit = false;
	bool spoken_of = false;
	bool third = false;
	bool down;

	/* "When would it suit you?" asks for a visit if one is spoken of or put down, or the person has just agreed. */
	for (size_t i = 0; i < judge->talk->count && i <= agreement->first; i++)
	{
		const VaDeeds *deeds = &judge->deeds[i];

		third = third || (deeds->person && va_does(deeds, B(OTHER)));
		spoken_of = spoken_of || (!deeds->person && va_does(deeds, ACT(VISIT)));
		if (deeds->person ? (deeds->said & (B(YES) | B(ACCEPT) | B(INTEREST))) != 0 : va_does(deeds, ACT(VISIT)))
			visit = true;
	}
	for (size_t i = agreement->first > 3 ? agreement->first - 3 : 0; i < judge->talk->count; i++)
	{
		const VaDeeds *deeds = &judge->deeds[i];

		/* Once the time is agreed, "I would say later" answers another question. */
		if (deeds->person)
			person |= (deeds->said | deeds->asked) &
					  (agreement->agreed && i > agreement->turn ? deeds->strict | ~(B(CALLBACK) | B(BUSY))
																: ~(uint64_t) 0);
		/* "It says to call on Friday": passed on by another. "Call at noon, that's my break": with the time itself. */
		if (deeds->person && (third || i == agreement->words.turn || i == agreement->first))
			person |= deeds->quoted & B(CALLBACK);
		/* "We'll call you before we come": once it is agreed, that is no other purpose. */
		else if (i > 0)
			assistant |= (deeds->said | (deeds->asked & (ACT(CALL) | ACT(WHEN)))) &
						 (agreement->agreed && (agreement->offered || visit) && i > agreement->since + 1
								 ? ~ACT(CALL)
								 : ~(uint64_t) 0);
	}
	/* Put down, it stays a visit, whatever else is called later. */
	down = (assistant & ACT(WHEN)) != 0 && (assistant & ACT(VISIT)) != 0 && (assistant & ACT(CALL)) == 0;
	if ((assistant & ACT(WHEN)) != 0 && !down &&
		(!visit || (person & (B(CALLBACK) | B(BUSY) | B(OTHER) | B(CHILD))) != 0))
		assistant |= ACT(CALL);
	return (Purpose){ .meant = spoken_of || (person & VA_AGREES) != 0 || (assistant & ACT(NOTED)) != 0,
		.asked = (person & B(CALLBACK)) != 0 || (assistant & ACT(CALL)) != 0,
		.call = ((person & B(CALLBACK)) != 0 ? 3 : 0) + ((assistant & ACT(CALL)) != 0 ? 4 : 0) +
				((person & B(BUSY)) != 0 ? 2 : 0) + ((person & (B(OTHER) | B(CHILD))) != 0 ? 1 : 0),
		.visit = (agreement->offered ? 3 : 0) + ((assistant & ACT(VISIT)) != 0 ? 1 : 0) +
				 ((person & B(ACCEPT)) != 0 ? 1 : 0) + (down ? 3 : 0) };
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

/* No business visits or calls at night: "martes diez en la tarde", where the day was taken for the hour. */
static bool
is_odd(const VaPhraseTime *time)
{
	return va_moment_clocked(time) && (time->from.minutes < 6 * 60 || time->from.minutes >= 21 * 60);
}

/* A callback is certain if more speaks for it than for a visit; one on a day alone, if a call is asked for in so many words. */
static bool
is_for_call(const Judge *judge, const Purpose *purpose)
{
	bool wanted = va_moment_clocked(&judge->agreement.time) ||
				  (judge->deeds[judge->agreement.words.turn].asked & ACT(CALL)) != 0;

	for (size_t i = 0; i < judge->talk->count; i++)
		wanted = wanted || (judge->deeds[i].person && va_does(&judge->deeds[i], B(CALLBACK)));
	return wanted && purpose->asked && purpose->call > 2 && purpose->call > purpose->visit + 1;
}

/*
 * A visit is certain if the assistant speaks of one, or offers a time, and of
 * no call: "When would it suit you?" may ask for either, until the person has
 * said yes to something.
 */
static bool
is_for_visit(const Judge *judge)
{
	const VaAgreement *agreement = &judge->agreement;
	bool visit = false;
	bool offers = agreement->offered;
	bool yes = false;
	bool when = false;

	for (size_t i = 0; i < judge->talk->count; i++)
	{
		const VaDeeds *deeds = &judge->deeds[i];
		const VaPhraseTimes *times = va_talk_times(judge->talk, i);

		/* "We'll call you before we come." */
		if (!deeds->person && i > 0 && i <= agreement->since + 1 && va_does(deeds, ACT(CALL)))
			return false;
		yes = yes || (deeds->person && (deeds->said & VA_AGREES) != 0);
		if (deeds->person)
			continue;
		visit = visit || va_does(deeds, ACT(VISIT));
		when = when || (!yes && va_does(deeds, ACT(WHEN)));
		offers = offers || (i < agreement->words.turn && deeds->question && times != NULL && times->count > 0);
		offers = offers || (yes && i < agreement->words.turn && va_does(deeds, ACT(WHEN)));
	}
	return visit || (offers && !when);
}

static bool
judge_time(Judge *judge)
{
	const VaAgreement *agreement = &judge->agreement;
	Purpose purpose = purpose_of(judge);
	bool called = purpose.call > purpose.visit;

	/* "It is on call this week" alone asks for nothing. */
	if (!agreement->timed || (!agreement->agreed && (purpose.call < 3 || !purpose.asked)) ||
		(agreement->vague && !(called && purpose.asked)) || lies_behind(judge->talk, &agreement->time))
		return false;
	judge->outcome->timed = judge->talk->referenced;
	judge->outcome->time = agreement->time;
	judge->outcome->time_words = agreement->words;
	judge->outcome->aimless = purpose.visit == 0 && !purpose.meant;
	judge->outcome->agreed = agreement->agreed && agreement->sure && !judge->stop && !is_odd(&agreement->time);
	return give(judge, called ? VA_OUTCOME_CALLBACK : VA_OUTCOME_SCHEDULED,
		judge->outcome->agreed && (called ? is_for_call(judge, &purpose) : is_for_visit(judge)), agreement->words);
}

/* Whether the line broke for the person in a turn, or it had to go, and said no more of what it wants. */
static bool
leaves(const Judge *judge, size_t turn)
{
	const VaFound *findings = &judge->talk->findings[turn];
	bool lost = false;

	for (size_t i = 0; i < findings->count; i++)
	{
		const VaFinding *finding = &findings->items[i];

		if (finding->intent == VA_INTENT_LOST && finding->sense == VA_SENSE_PLAIN)
			lost = true;
		else if (finding->sense == VA_SENSE_PLAIN &&
				 (VA_BIT(finding->intent) & (B(REFUSAL) | B(WITHDRAWAL) | B(INTEREST) | B(DEFERRAL))) != 0)
			lost = false;
	}
	return lost;
}

/* Whether the last words break off, and no time stands by then. */
static bool
judge_cut(Judge *judge)
{
	size_t count = judge->talk->count;

	if (!judge->deeds[count - 1].cut || !judge->deeds[count - 1].person ||
		(judge->agreement.agreed && judge->agreement.sure && judge->agreement.turn + 1 < count))
		return false;
	return give(judge, VA_OUTCOME_UNFINISHED, true, whole_turn(judge, count - 1));
}

/* Whether the line broke, or nobody spoke any more. */
static bool
judge_broken(Judge *judge)
{
	size_t count = judge->talk->count;
	size_t last = last_person(judge);
	bool silent = count > 1 && !judge->deeds[count - 1].person && !judge->deeds[count - 2].person;
	bool lost = count > 0 && !judge->deeds[count - 1].person && va_does(&judge->deeds[count - 1], B(LOST));
	bool child = false;

	for (size_t i = 0; i < count; i++)
		child = child || (!judge->deeds[i].person && (judge->deeds[i].asked & ACT(ADULT)) != 0);
	if (last == NO_TURN)
		return give(judge, VA_OUTCOME_UNFINISHED, true, whole_turn(judge, last));
	if (silent || lost || child || leaves(judge, last))
		return give(judge, VA_OUTCOME_UNFINISHED, true, whole_turn(judge, last));
	return false;
}

/* What is known of the end before the person's words are read for it. */
typedef struct Stance
{
	bool survey;   /* the assistant asks how it was */
	bool sends;	   /* the assistant will send something */
	bool declined; /* the assistant has heard a no */
	bool third;	   /* another speaks for the one that is meant */
	bool child;
	bool refused; /* the person has said no, be it of something else */
	size_t last;  /* the person's last turn */
	VaWords deferral;
} Stance;

/* Whether the assistant does it after a turn. */
static bool
answered_by(const Judge *judge, size_t turn, uint64_t acts)
{
	for (size_t i = VA_ACT_CALL; i < VA_INTENTS; i++)
	{
		if ((acts & VA_BIT(i)) != 0 && judge->ends[i] > turn + 1)
			return true;
	}
	return false;
}

static bool
one_word(const Judge *judge, size_t turn, const VaFinding *finding)
{
	return memchr(judge->talk->turns[turn].text + finding->offset, ' ', finding->len) == NULL;
}

/* "I'll call you again", "Shall I call again?", and nothing else. */
static bool
does_call(const VaDeeds *deeds)
{
	return va_does(deeds, ACT(CALL)) && !va_does(deeds, ACT(VISIT) | ACT(SEND) | ACT(CANCEL));
}

/* What a finding says of what the person wants; VA_OUTCOMES: nothing. */
static VaOutcome
stance_of(const Judge *judge, const Stance *stance, const VaFinding *finding, size_t turn)
{
	const VaDeeds *before = turn > 0 && !judge->deeds[turn - 1].person ? &judge->deeds[turn - 1] : NULL;
	bool survey = before != NULL && (before->asked & ACT(SURVEY)) != 0;
	bool offer = before != NULL && before->asked != 0 && !survey;

	if (finding->sense != VA_SENSE_PLAIN && !(stance->third && finding->sense == VA_SENSE_QUOTED))
		return VA_OUTCOMES;
	switch (finding->intent)
	{
		case VA_INTENT_REFUSAL:
			/* "Any questions?" "Not at the moment." */
			return survey && finding->offset < 4 ? VA_OUTCOMES : VA_OUTCOME_NOT_INTERESTED;
		case VA_INTENT_NO:
			return offer && (before->asked & (ACT(OFFER) | ACT(SEND) | ACT(VISIT) | ACT(DECLINED) | ACT(CANCEL))) != 0
					   ? VA_OUTCOME_NOT_INTERESTED
					   : VA_OUTCOMES;
		case VA_INTENT_WITHDRAWAL:
			return (judge->agreement.dropped || finding->strict || answered_by(judge, turn, ACT(CANCEL))) &&
						   !judge->agreement.agreed
					   ? VA_OUTCOME_NOT_INTERESTED
					   : VA_OUTCOMES;
		case VA_INTENT_YES:
			if (offer && (before->asked & ACT(SEND)) != 0 && (before->strict & ACT(OFFER)) != 0 && stance->sends)
				return VA_OUTCOME_INTERESTED;
			return offer && (before->asked & (ACT(DECLINED) | ACT(CANCEL))) != 0 ? VA_OUTCOME_NOT_INTERESTED
																				 : VA_OUTCOMES;
		case VA_INTENT_INTEREST:
			/* "Then I'll call you again." "Yes, please do.": to what is cancelled it is a no, to thanks a courtesy. */
			if (before != NULL && (before->said & ACT(CANCEL)) != 0 && (before->said & (ACT(VISIT) | ACT(SEND))) == 0)
				return VA_OUTCOME_NOT_INTERESTED;
			if (before != NULL && before->asked == 0 && (before->said & ACT(SURVEY)) != 0 && finding->offset < 4)
				return VA_OUTCOMES;
			if (before != NULL && does_call(before) && (judge->deeds[turn].said & B(YES)) != 0)
				return VA_OUTCOME_CALLBACK;
			return stance->survey && !stance->sends && turn + 3 < stance->last ? VA_OUTCOMES : VA_OUTCOME_INTERESTED;
		case VA_INTENT_CALLBACK:
			/* "Later." may answer any question. */
			return one_word(judge, turn, finding) && !answered_by(judge, turn, ACT(CALL)) ? VA_OUTCOMES
																						  : VA_OUTCOME_CALLBACK;
		case VA_INTENT_DEFERRAL:
			return VA_OUTCOME_COMPLETED;
		default:
			return VA_OUTCOMES;
	}
}

static Stance
read_stance(const Judge *judge)
{
	Stance stance = { .last = last_person(judge) };
	size_t count = judge->talk->count;

	for (size_t i = 0; i < count; i++)
	{
		const VaDeeds *deeds = &judge->deeds[i];

		if (deeds->person)
		{
			stance.third = stance.third || va_does(deeds, B(OTHER));
			stance.child = stance.child || va_does(deeds, B(CHILD));
			stance.refused = stance.refused || ((deeds->said | deeds->other) & (B(NO) | B(REFUSAL))) != 0;
			continue;
		}
		/* "Thank you for your time!" at the end is a farewell. */
		stance.survey = stance.survey || (deeds->asked & ACT(SURVEY)) != 0 ||
						(i + 2 < count && (deeds->said & ACT(SURVEY)) != 0);
		stance.sends = stance.sends || (i > 0 && (deeds->said & ACT(SEND)) != 0);
		if (i > 0 && i + 3 >= count)
			stance.declined = stance.declined || va_does(deeds, ACT(DECLINED));
	}
	return stance;
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

/* Whether the assistant has understood something else, or asked something else. */
static bool
contradicted(const Judge *judge, const Stance *stance, VaIntent intent, VaOutcome outcome, size_t turn)
{
	/* "Do you own your house?" "No, we rent.": of no offer. */
	if (intent == VA_INTENT_NO && !stance->declined &&
		(judge->deeds[turn - 1].strict & judge->deeds[turn - 1].asked) == 0 &&
		(judge->deeds[turn - 1].asked & (ACT(SEND) | ACT(VISIT) | ACT(DECLINED) | ACT(CANCEL))) == 0)
		return true;
	if (intent == VA_INTENT_WITHDRAWAL)
		return false;
	/* "Call me later." "I will call you later." */
	if (outcome == VA_OUTCOME_CALLBACK)
		return !answered_by(judge, turn, ACT(CALL) | ACT(NOTED)) &&
			   !(intent == VA_INTENT_INTEREST && does_call(&judge->deeds[turn - 1]));
	/* "We already have one" may be said of anything, if the talk goes on for long. */
	if (intent == VA_INTENT_REFUSAL && !stance->declined && goes_on(judge, turn))
		return true;
	if (outcome == VA_OUTCOME_NOT_INTERESTED)
		return !stance->declined && !answered_by(judge, turn, ACT(CANCEL)) &&
			   (stance->sends || (turn > 0 && (judge->deeds[turn - 1].asked & ACT(SURVEY)) != 0));
	return outcome == VA_OUTCOME_INTERESTED && stance->declined;
}

/* What the person wants in the end. */
static void
judge_stance(Judge *judge)
{
	Stance stance = read_stance(judge);
	VaOutcome open = VA_OUTCOMES; /* of words that may mean it */

	for (size_t i = judge->talk->count; i-- > 0;)
	{
		const VaFound *findings = &judge->talk->findings[i];

		for (size_t j = findings->count; j-- > 0;)
		{
			const VaFinding *finding = &findings->items[j];
			VaOutcome outcome = stance_of(judge, &stance, finding, i);
			VaWords words = { .turn = i, .offset = finding->offset, .len = finding->len };

			if (outcome == VA_OUTCOMES)
				continue;
			/* "I'm not going ahead, I'll get my brother to do it." "I'll cancel the visit." */
			if (outcome == VA_OUTCOME_COMPLETED && (judge->deeds[i].said & B(REFUSAL)) != 0 &&
				answered_by(judge, i, ACT(CANCEL) | ACT(DECLINED)))
				continue;
			/* "I'll talk to my wife, but send it" */
			if (outcome == VA_OUTCOME_COMPLETED &&
				(stance.sends || (judge->deeds[i].said & (B(INTEREST) | B(CALLBACK))) != 0))
			{
				stance.deferral = words;
				continue;
			}
			/* "Who are you with?" "No, I won't tell.": what was said before may be plainer. */
			if (contradicted(judge, &stance, finding->intent, outcome, i))
			{
				if (open == VA_OUTCOMES)
					give(judge, open = outcome, false, words);
				if (finding->intent == VA_INTENT_NO)
					continue;
				return;
			}
			if (open == VA_OUTCOMES || open == outcome)
				give(judge, outcome, true, words);
			return;
		}
	}
	if (open != VA_OUTCOMES)
		return;
	if (stance.declined)
		give(judge, VA_OUTCOME_NOT_INTERESTED, stance.refused && !stance.child, whole_turn(judge, stance.last));
	else if (stance.deferral.len > 0)
		give(judge, VA_OUTCOME_COMPLETED, true, stance.deferral);
	else if (stance.sends)
		give(judge, VA_OUTCOME_INTERESTED, false, whole_turn(judge, stance.last));
	else
		give(judge, VA_OUTCOME_COMPLETED, stance.survey, whole_turn(judge, stance.last));
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
	va_read_ends(talk, judge.deeds, judge.ends);
	outcome->withdrawn = judge.agreement.refused ||
						 (!judge.agreement.agreed && va_ends_withdrawn(talk, judge.deeds, &judge.agreement));
	if (judge_opt_out(&judge) || judge_voicemail(&judge) || judge_wrong_number(&judge, true) || judge_cut(&judge) ||
		judge_time(&judge) || judge_broken(&judge) || judge_wrong_number(&judge, false))
		return;
	judge_stance(&judge);
}

const char *
va_outcome_name(VaOutcome outcome)
{
	static const char *const names[VA_OUTCOMES] = { "unfinished", "scheduled", "callback", "interested",
		"not_interested", "completed", "voicemail", "wrong_number", "do_not_call" };

	return names[outcome];
}
