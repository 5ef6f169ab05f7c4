/*-------------------------------------------------------------------------
 * scores.c
 *		Weighing the signs of a talk: what the person is there for, its
 *		interest.  The other parts stand in scores_*.c.
 *
 * Each turn is read once for its signs; what follows looks at sets of bits.
 *
 * Pure.
 */
#include "pure/phrases/scores.h"

#include <string.h>

#include "pure/phrases/scores_internal.h"
#include "pure/phrases/tokens.h"

/* ---- signs ---- */

static void
count_sign(VaSignCount *counted, size_t turn, const VaFinding *finding)
{
	VaWords words = { .turn = turn, .offset = finding->offset, .len = finding->len };

	if (counted->count++ == 0)
		counted->first = words;
	counted->last = words;
}

static void
read_marks(VaTurnSigns *signs, const VaTalkTurn *turn)
{
	bool between = true;

	for (size_t i = 0; i < turn->len && i < VA_PHRASE_BYTES_MAX; i++)
	{
		char c = turn->text[i];

		signs->question = signs->question || c == '?';
		signs->exclamation = signs->exclamation || c == '!';
		if (between && c != ' ')
			signs->words++;
		between = c == ' ';
	}
}

static void
read_turn(VaScoring *scoring, size_t turn)
{
	const VaTalk *talk = scoring->talk;
	const VaFound *intents = &talk->findings[turn];
	bool person = talk->turns[turn].person;
	const VaFound *shown = &talk->signs[turn];
	VaTurnSigns *signs = &scoring->turns[turn];

	read_marks(signs, &talk->turns[turn]);
	for (size_t i = 0; i < shown->count; i++)
	{
		const VaFinding *finding = &shown->items[i];

		if (finding->sense != VA_SENSE_PLAIN)
		{
			signs->doubtful |= VA_SIGN_BIT((VaSign) finding->intent);
			continue;
		}
		signs->signs |= VA_SIGN_BIT((VaSign) finding->intent);
		if (person)
			count_sign(va_counted(scoring, (VaSign) finding->intent), turn, finding);
	}
	for (size_t i = 0; i < intents->count; i++)
	{
		if (intents->items[i].sense != VA_SENSE_PLAIN)
			continue;
		signs->intents |= VA_INTENT_BIT(intents->items[i].intent);
		if (intents->items[i].intent == VA_INTENT_INTEREST)
			count_sign(&scoring->interest, turn, &intents->items[i]);
		if (intents->items[i].intent == VA_INTENT_SARCASM)
			count_sign(&scoring->sarcasm, turn, &intents->items[i]);
	}
	if (!person)
		return;
	scoring->persons++;
	if (signs->question && signs->words >= 4)
	{
		scoring->questions++;
		scoring->question = (VaWords){ .turn = turn, .len = talk->turns[turn].len };
	}
}

/* ---- what for ---- */

static double
clamp(double score)
{
	return score > 0.95 ? 0.95 : score;
}

static void
say_intent(VaScoring *scoring, VaTalkIntent intent, double score, VaWords words)
{
	scoring->scores->intent = intent;
	scoring->scores->intent_score = clamp(score);
	scoring->scores->intent_words = words;
}

/* The want of most signs; a price goes before an appointment, which goes before information. */
static bool
say_want(VaScoring *scoring, double base)
{
	static const struct
	{
		VaSign sign;
		VaTalkIntent intent;
	} wants[] = { { VA_SIGN_OFFER, VA_TALK_OFFER }, { VA_SIGN_SCHEDULE, VA_TALK_SCHEDULE },
		{ VA_SIGN_INFORMATION, VA_TALK_INFORMATION }, { VA_SIGN_SEND, VA_TALK_INFORMATION } };
	bool asks = scoring->questions >= 2 && scoring->outcome->outcome != VA_OUTCOME_UNFINISHED;
	size_t most = 0;

	for (size_t i = 0; i < sizeof(wants) / sizeof(wants[0]); i++)
	{
		VaSignCount *counted = va_counted(scoring, wants[i].sign);

		if (counted->count <= most)
			continue;
		most = counted->count;
		say_intent(scoring, wants[i].intent, base + 0.1 * (double) (most > 3 ? 3 : most), counted->first);
	}
	/* "Hello? Can you hear me?" asks for nothing. */
	if (most == 0 && asks)
		say_intent(scoring, VA_TALK_INFORMATION, base, scoring->question);
	return most > 0 || asks;
}

/* What the signs say of a talk whose outcome does not decide it. */
static void
say_open_intent(VaScoring *scoring)
{
	VaTalkScores *scores = scoring->scores;

	if (say_want(scoring, 0.5))
		return;
	if (scores->nobjections > 0)
		say_intent(scoring, VA_TALK_OBJECTION, 0.6, scores->objections[0].words);
	else if (scoring->interest.count > 1)
		say_intent(scoring, VA_TALK_INTEREST, 0.5, scoring->interest.last);
	else if (scoring->outcome->outcome == VA_OUTCOME_COMPLETED && scoring->persons >= 2)
		say_intent(scoring, VA_TALK_GENERAL, 0.5, (VaWords){ 0 });
}

static void
score_intent(VaScoring *scoring)
{
	const VaTalkOutcome *outcome = scoring->outcome;
	double sure = va_is_certain(outcome) ? 0.9 : 0.6;
	VaSignCount *agent = va_counted(scoring, VA_SIGN_AGENT);
	VaSignCount *complaint = va_counted(scoring, VA_SIGN_COMPLAINT);
	bool agreed = outcome->outcome == VA_OUTCOME_SCHEDULED;

	if (outcome->outcome == VA_OUTCOME_VOICEMAIL)
		return;
	if (outcome->opt_out || outcome->outcome == VA_OUTCOME_DO_NOT_CALL)
		say_intent(scoring, VA_TALK_OPT_OUT, sure + 0.05, outcome->opt_out ? outcome->opt_out_words : outcome->words);
	else if (outcome->outcome == VA_OUTCOME_WRONG_NUMBER)
		say_intent(scoring, VA_TALK_WRONG_NUMBER, sure + 0.05, outcome->words);
	else if (agent->count > 0 && !agreed)
		say_intent(scoring, VA_TALK_SPEAK_AGENT, 0.8 + 0.05 * (double) agent->count, agent->first);
	else if (complaint->count > (agreed ? 1u : 0u))
		say_intent(scoring, VA_TALK_COMPLAINT, 0.6 + 0.1 * (double) complaint->count, complaint->first);
	else if (agreed)
		say_intent(scoring, VA_TALK_SCHEDULE, sure, outcome->words);
	else if (outcome->outcome == VA_OUTCOME_CALLBACK)
		say_intent(scoring, VA_TALK_CALLBACK, sure, outcome->words);
	else if (outcome->outcome == VA_OUTCOME_NOT_INTERESTED)
		say_intent(scoring, VA_TALK_NOT_INTERESTED, sure, outcome->words);
	else if (outcome->outcome != VA_OUTCOME_INTERESTED)
		say_open_intent(scoring);
	else if (!say_want(scoring, sure - 0.2))
		say_intent(scoring, VA_TALK_INTEREST, sure, outcome->words);
}

/* ---- interest ---- */

static void
say_interest(VaScoring *scoring, VaInterest interest, VaWords words)
{
	scoring->scores->interest = interest;
	scoring->scores->interest_words = words;
}

/* What puts the person off, but not away. */
static const VaSignCount *
reserve_of(VaScoring *scoring)
{
	static const VaSign reserves[] = { VA_SIGN_THINK, VA_SIGN_PARTNER, VA_SIGN_NOT_NOW };

	for (size_t i = 0; i < sizeof(reserves) / sizeof(reserves[0]); i++)
	{
		if (va_counted(scoring, reserves[i])->count > 0)
			return va_counted(scoring, reserves[i]);
	}
	return NULL;
}

static void
score_interest(VaScoring *scoring)
{
	const VaTalkOutcome *outcome = scoring->outcome;
	const VaSignCount *reserve = reserve_of(scoring);
	size_t wants = va_counted(scoring, VA_SIGN_OFFER)->count + va_counted(scoring, VA_SIGN_SCHEDULE)->count +
				   va_counted(scoring, VA_SIGN_INFORMATION)->count;
	bool interested = scoring->interest.count > 0 && scoring->interest.count + wants >= 3 &&
					  scoring->sarcasm.count == 0 && scoring->scores->emotion < VA_EMOTION_CONFUSED;

	switch (outcome->outcome)
	{
		case VA_OUTCOME_DO_NOT_CALL:
		case VA_OUTCOME_NOT_INTERESTED:
			say_interest(scoring, va_is_certain(outcome) ? VA_INTEREST_NONE : VA_INTEREST_LOW, outcome->words);
			break;
		case VA_OUTCOME_SCHEDULED:
			say_interest(scoring, outcome->certain ? VA_INTEREST_HIGH : VA_INTEREST_MEDIUM, outcome->words);
			break;
		case VA_OUTCOME_INTERESTED:
			say_interest(scoring,
				outcome->certain && reserve == NULL && scoring->interest.count + wants >= 2 ? VA_INTEREST_HIGH
																							: VA_INTEREST_MEDIUM,
				outcome->words);
			break;
		case VA_OUTCOME_CALLBACK:
		case VA_OUTCOME_COMPLETED:
		case VA_OUTCOME_UNFINISHED:
			if (interested && wants > 0 && reserve == NULL)
				say_interest(scoring, VA_INTEREST_MEDIUM, scoring->interest.last);
			else if (reserve != NULL && scoring->sarcasm.count == 0)
				say_interest(scoring, VA_INTEREST_LOW, reserve->last);
			break;
		default:
			break;
	}
}

bool
va_read_scores(VaTalk *talk, const VaTalkOutcome *outcome, VaTalkScores *scores)
{
	VaScoring scoring = { .talk = talk, .outcome = outcome, .scores = scores };

	*scores = (VaTalkScores){ 0 };
	scoring.turns = va_arena_alloc(talk->arena, (talk->count + 1) * sizeof(VaTurnSigns));
	if (scoring.turns == NULL)
		return false;
	for (size_t i = 0; i < talk->count; i++)
		read_turn(&scoring, i);
	if (!va_score_emotions(&scoring))
		return false;
	va_score_mark(&scoring);
	va_score_objections(&scoring);
	score_intent(&scoring);
	score_interest(&scoring);
	va_score_step(&scoring);
	va_score_next_steps(&scoring);
	va_score_summary(&scoring);
	return !talk->arena->oom;
}

/* ---- names ---- */

const char *
va_talk_intent_name(VaTalkIntent intent)
{
	static const char *const names[VA_TALK_INTENTS] = { "none", "information", "schedule", "offer", "callback",
		"speak_agent", "complaint", "objection", "interest", "not_interested", "opt_out", "wrong_number", "general" };

	return names[intent];
}

const char *
va_interest_name(VaInterest interest)
{
	static const char *const names[] = { "unknown", "none", "low", "medium", "high" };

	return names[interest];
}

const char *
va_emotion_name(VaEmotion emotion)
{
	static const char *const names[VA_EMOTIONS] = { "none", "neutral", "positive", "hesitant", "confused", "sad",
		"annoyed", "angry" };

	return names[emotion];
}

const char *
va_objection_name(VaObjectionKind kind)
{
	static const char *const names[VA_OBJECTIONS] = { "robot", "source", "trust", "price", "have_one", "partner",
		"think", "send", "no_time", "not_now", "no_need", "not_interested" };

	return names[kind];
}

const char *
va_talk_step_name(VaTalkStep step)
{
	static const char *const names[] = { "none", "greeting", "pitch", "qualifying", "objection", "closing", "agreed",
		"farewell" };

	return names[step];
}

const char *
va_talk_ender_name(VaTalkEnder ender)
{
	static const char *const names[] = { "unknown", "person", "assistant" };

	return names[ender];
}

const char *
va_next_step_name(VaNextStepKind kind)
{
	static const char *const names[VA_NEXT_KINDS] = { "call_back", "send_information", "meet", "remove_from_list",
		"correct_number", "escalate_to_person", "confirm_appointment" };

	return names[kind];
}
