/*-------------------------------------------------------------------------
 * scores_objections.c
 *		What the person objects, and whether the assistant's answer worked.
 *
 * Pure.
 */
#include "pure/phrases/scores_internal.h"

#define REFUSES \
	(VA_INTENT_BIT(VA_INTENT_REFUSAL) | VA_INTENT_BIT(VA_INTENT_OPT_OUT) | VA_INTENT_BIT(VA_INTENT_WITHDRAWAL))
#define WANTS                                                                                        \
	(VA_SIGN_BIT(VA_SIGN_SCHEDULE) | VA_SIGN_BIT(VA_SIGN_OFFER) | VA_SIGN_BIT(VA_SIGN_INFORMATION) | \
		VA_SIGN_BIT(VA_SIGN_SEND))
#define REJECTS (VA_SIGN_BIT(VA_SIGN_NOT_INTERESTED) | VA_SIGN_BIT(VA_SIGN_ANGRY) | VA_SIGN_BIT(VA_SIGN_ANNOYED))
#define LEAVES (VA_SIGN_BIT(VA_SIGN_BYE) | VA_SIGN_BIT(VA_SIGN_LEAVES))
/* A person is busy at the beginning; later "at work" is where it will be on Friday. */
#define BUSY_TURNS 3

static VaSign
sign_of(VaObjectionKind kind)
{
	return (VaSign) (VA_SIGN_ROBOT + (int) kind);
}

static bool
is_refusal(VaOutcome outcome)
{
	return outcome == VA_OUTCOME_NOT_INTERESTED || outcome == VA_OUTCOME_DO_NOT_CALL;
}

static bool
is_success(VaOutcome outcome)
{
	return outcome == VA_OUTCOME_SCHEDULED || outcome == VA_OUTCOME_INTERESTED || outcome == VA_OUTCOME_CALLBACK;
}

/* Whether a sign is an objection in this turn, the nth of the person. */
static bool
objects(const VaScoring *scoring, VaObjectionKind kind, size_t turn, size_t nth)
{
	const VaTurnSigns *signs = &scoring->turns[turn];
	VaOutcome outcome = scoring->outcome->outcome;

	switch (kind)
	{
		case VA_OBJECTION_SEND:
			return outcome != VA_OUTCOME_SCHEDULED && outcome != VA_OUTCOME_INTERESTED;
		case VA_OBJECTION_NO_TIME:
			return nth <= BUSY_TURNS;
		case VA_OBJECTION_NO_NEED:
		case VA_OBJECTION_NOT_INTERESTED:
			/* "No, I don't need directions", said behind the agreement. */
			return !is_success(outcome) || turn < scoring->outcome->words.turn;
		case VA_OBJECTION_HAVE_ONE:
			return (signs->intents & VA_INTENT_BIT(VA_INTENT_INTEREST)) == 0 || !is_success(outcome);
		default:
			return true;
	}
}

static uint32_t
objections_of(const VaScoring *scoring, size_t turn, size_t nth)
{
	const VaTurnSigns *signs = &scoring->turns[turn];
	uint32_t kinds = 0;

	for (VaObjectionKind kind = 0; kind < VA_OBJECTIONS; kind++)
	{
		bool shown = (signs->signs & VA_SIGN_BIT(sign_of(kind))) != 0;

		if (shown && objects(scoring, kind, turn, nth))
			kinds |= 1u << kind;
	}
	return kinds;
}

/* A yes alone answers "are you happy with it?", "is it the price?". */
static bool
yes_is_positive(VaObjectionKind kind)
{
	return kind != VA_OBJECTION_PRICE && kind != VA_OBJECTION_HAVE_ONE && kind != VA_OBJECTION_NO_NEED &&
		   kind != VA_OBJECTION_NOT_INTERESTED && kind != VA_OBJECTION_NOT_NOW;
}

static VaWorked
reaction(const VaTurnSigns *signs, VaObjectionKind kind)
{
	bool yes = (signs->intents & VA_INTENT_BIT(VA_INTENT_YES)) != 0 && yes_is_positive(kind);
	bool leaves = (signs->signs & LEAVES) != 0;

	if ((signs->intents & REFUSES) != 0 || (signs->signs & REJECTS) != 0 ||
		(kind == VA_OBJECTION_ROBOT && (signs->signs & VA_SIGN_BIT(VA_SIGN_AGENT)) != 0))
		return VA_WORKED_NO;
	if ((signs->intents & VA_INTENT_BIT(VA_INTENT_SARCASM)) != 0)
		return VA_WORKED_UNKNOWN;
	if ((signs->intents & VA_INTENT_BIT(VA_INTENT_INTEREST)) != 0 || (signs->signs & WANTS) != 0)
		return VA_WORKED_YES;
	if ((signs->intents & VA_INTENT_BIT(VA_INTENT_NO)) != 0)
		return yes ? VA_WORKED_UNKNOWN : VA_WORKED_NO;
	return yes && !leaves ? VA_WORKED_YES : VA_WORKED_UNKNOWN;
}

/* Behind the turn that brought the objection: the assistant answers, then the person goes on or does not. */
static VaWorked
worked(const VaScoring *scoring, VaObjectionKind kind, size_t first, size_t last)
{
	const VaTalk *talk = scoring->talk;
	const VaTalkOutcome *outcome = scoring->outcome;
	bool answered = false;

	for (size_t i = last + 1; i < talk->count; i++)
	{
		VaWorked now;

		if (!talk->turns[i].person)
		{
			answered = true;
			continue;
		}
		if (!answered)
			continue;
		now = reaction(&scoring->turns[i], kind);
		if (now != VA_WORKED_UNKNOWN)
			return now;
		/* Another objection is another answer's matter. */
		if (scoring->turns[i].objections != 0)
			break;
	}
	/* It came again and was not answered any more, or the person left with it. */
	if (is_refusal(outcome->outcome) || (!answered && first < last) || (scoring->turns[last].signs & LEAVES) != 0)
		return VA_WORKED_NO;
	if (answered && is_success(outcome->outcome) && outcome->certain && outcome->words.turn >= last)
		return VA_WORKED_YES;
	return VA_WORKED_UNKNOWN;
}

static void
mark_turns(VaScoring *scoring, size_t lasts[VA_OBJECTIONS])
{
	const VaTalk *talk = scoring->talk;
	VaTalkScores *scores = scoring->scores;
	uint32_t known = 0;
	size_t nth = 0;

	for (size_t i = 0; i < talk->count; i++)
	{
		VaTurnSigns *signs = &scoring->turns[i];

		if (!talk->turns[i].person)
			continue;
		signs->objections = objections_of(scoring, i, ++nth);
		for (VaObjectionKind kind = 0; kind < VA_OBJECTIONS; kind++)
		{
			if ((signs->objections & (1u << kind)) == 0)
				continue;
			/* To ask again for what was promised is no second objection. */
			if (kind != VA_OBJECTION_SEND || (known & (1u << kind)) == 0)
				lasts[kind] = i;
			if ((known & (1u << kind)) == 0)
				scores->objections[scores->nobjections++] = (VaObjection){ .kind = kind };
			known |= 1u << kind;
		}
	}
}

void
va_score_objections(VaScoring *scoring)
{
	VaTalkScores *scores = scoring->scores;
	VaOutcome outcome = scoring->outcome->outcome;
	size_t lasts[VA_OBJECTIONS] = { 0 };

	if (outcome == VA_OUTCOME_VOICEMAIL || outcome == VA_OUTCOME_WRONG_NUMBER)
		return;
	mark_turns(scoring, lasts);
	for (size_t i = 0; i < scores->nobjections; i++)
	{
		VaObjection *objection = &scores->objections[i];

		objection->words = va_counted(scoring, sign_of(objection->kind))->first;
		objection->worked = worked(scoring, objection->kind, objection->words.turn, lasts[objection->kind]);
	}
}
