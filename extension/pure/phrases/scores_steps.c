/*-------------------------------------------------------------------------
 * scores_steps.c
 *		The step at which a talk ended, who ended it, and what is to be done.
 *
 * Pure.
 */
#include "pure/phrases/scores_internal.h"

/* A goodbye is one of the last turns. */
#define LAST_TURNS 4

/* "Then Friday?" */
#define DAY_WORDS_MAX 5
#define HALF_DAY 720

#define WANTS (VA_SIGN_BIT(VA_SIGN_SCHEDULE) | VA_SIGN_BIT(VA_SIGN_OFFER) | VA_SIGN_BIT(VA_SIGN_INFORMATION))
#define GOODBYES (VA_SIGN_BIT(VA_SIGN_BYE) | VA_SIGN_BIT(VA_SIGN_LEAVES))

/* ---- the step ---- */

/* An hour is offered, and a day in a few words; "now" is none. */
static bool
offers_time(const VaScoring *scoring, size_t turn)
{
	const VaTurnSigns *signs = &scoring->turns[turn];
	const VaPhraseTimes *times;

	if ((signs->signs & VA_SIGN_BIT(VA_SIGN_OFFERS_TIME)) != 0)
		return true;
	if (!signs->question || (signs->signs & (VA_SIGN_BIT(VA_SIGN_ASKS_MARK) | VA_SIGN_BIT(VA_SIGN_ASKS_STARS))) != 0)
		return false;
	times = va_talk_times(scoring->talk, turn);
	for (size_t i = 0; times != NULL && i < times->count; i++)
	{
		const VaTimePoint *from = &times->items[i].from;
		bool now = from->dated && from->day == scoring->talk->reference.day &&
				   from->minutes == scoring->talk->reference.minutes;

		/* "One to one" is no afternoon. */
		if (times->items[i].range && times->items[i].to.grain == from->grain &&
			times->items[i].to.minutes % HALF_DAY == from->minutes % HALF_DAY)
			continue;
		if (now || from->grain == VA_GRAIN_NONE)
			continue;
		if (from->grain <= VA_GRAIN_HOUR || (from->grain <= VA_GRAIN_DAY && signs->words <= DAY_WORDS_MAX))
			return true;
	}
	return false;
}

static VaTalkStep
step_of_assistant(const VaScoring *scoring, size_t turn, VaTalkStep step, bool answered)
{
	if (step == VA_STEP_NONE || !answered)
		return VA_STEP_GREETING;
	if (offers_time(scoring, turn))
		return VA_STEP_CLOSING;
	if (step <= VA_STEP_QUALIFYING && scoring->turns[turn].question)
		return VA_STEP_QUALIFYING;
	return step == VA_STEP_GREETING ? VA_STEP_PITCH : step;
}

static VaTalkStep
step_of_person(const VaScoring *scoring, size_t turn, VaTalkStep step)
{
	const VaTurnSigns *signs = &scoring->turns[turn];

	if (signs->objections != 0)
		return VA_STEP_OBJECTION;
	if (step == VA_STEP_OBJECTION && (signs->signs & WANTS) != 0)
		return VA_STEP_QUALIFYING;
	return step == VA_STEP_NONE ? VA_STEP_GREETING : step;
}

static bool
ends_with_goodbye(const VaScoring *scoring)
{
	size_t count = scoring->talk->count;

	for (size_t i = count > LAST_TURNS ? count - LAST_TURNS : 0; i < count; i++)
	{
		if ((scoring->turns[i].signs & GOODBYES) != 0 ||
			(scoring->turns[i].intents & VA_INTENT_BIT(VA_INTENT_GOODBYE)) != 0)
			return true;
	}
	return false;
}

static void
score_ender(VaScoring *scoring)
{
	const VaTalk *talk = scoring->talk;
	size_t count = talk->count;

	for (size_t i = count > LAST_TURNS ? count - LAST_TURNS : 0; i < count; i++)
	{
		const VaTurnSigns *signs = &scoring->turns[i];

		if ((signs->signs & GOODBYES) == 0 && (signs->intents & VA_INTENT_BIT(VA_INTENT_GOODBYE)) == 0)
			continue;
		scoring->scores->ended_by = talk->turns[i].person ? VA_ENDER_PERSON : VA_ENDER_ASSISTANT;
		return;
	}
}

void
va_score_step(VaScoring *scoring)
{
	const VaTalk *talk = scoring->talk;
	const VaTalkOutcome *outcome = scoring->outcome;
	VaOutcome result = outcome->outcome;
	bool refused = result == VA_OUTCOME_NOT_INTERESTED || result == VA_OUTCOME_DO_NOT_CALL ||
				   result == VA_OUTCOME_WRONG_NUMBER;
	bool agreed = ((result == VA_OUTCOME_SCHEDULED && outcome->certain) || result == VA_OUTCOME_CALLBACK) &&
				  outcome->words.len > 0;
	VaTalkStep step = VA_STEP_NONE;
	bool answered = false;

	if (result == VA_OUTCOME_VOICEMAIL || scoring->persons == 0)
		return;
	for (size_t i = 0; i < talk->count; i++)
	{
		/* The refusal ends the talk; what is said behind it is courtesy. */
		if (refused && outcome->words.len > 0 && i > outcome->words.turn)
			break;
		if (agreed && i >= outcome->words.turn)
			step = VA_STEP_AGREED;
		else
			step = talk->turns[i].person ? step_of_person(scoring, i, step)
										 : step_of_assistant(scoring, i, step, answered);
		answered = answered || talk->turns[i].person;
	}
	if (!refused && result != VA_OUTCOME_UNFINISHED && ends_with_goodbye(scoring))
		step = VA_STEP_FAREWELL;
	scoring->scores->step = step;
	score_ender(scoring);
}

/* ---- next steps ---- */

static void
add_step(VaScoring *scoring, VaNextStepKind kind, const char *value, VaWords words)
{
	VaTalkScores *scores = scoring->scores;

	if (scores->nnext_steps < VA_NEXT_KINDS)
		scores->next_steps[scores->nnext_steps++] = (VaNextStep){ .kind = kind, .value = value, .words = words };
}

static const char *
time_of(const VaScoring *scoring)
{
	char text[VA_PHRASE_TIME_TEXT_MAX];

	if (!scoring->outcome->timed)
		return NULL;
	va_phrase_time_text(&scoring->outcome->time, text);
	return va_arena_strdup(scoring->talk->arena, text);
}

/* The words of the person that want something sent: its own, or its yes to an offer of the assistant. */
static VaWords
wants_sent(VaScoring *scoring)
{
	const VaTalk *talk = scoring->talk;
	const VaSignCount *send = va_counted(scoring, VA_SIGN_SEND);
	bool offered = false;

	if (send->count > 0)
		return send->first;
	for (size_t i = 0; i < talk->count; i++)
	{
		const VaTurnSigns *signs = &scoring->turns[i];

		if (!talk->turns[i].person)
			offered = (signs->signs & VA_SIGN_BIT(VA_SIGN_OFFERS_SEND)) != 0 && signs->question;
		else if (offered &&
				 (signs->intents & (VA_INTENT_BIT(VA_INTENT_YES) | VA_INTENT_BIT(VA_INTENT_INTEREST))) != 0 &&
				 (signs->intents & (VA_INTENT_BIT(VA_INTENT_NO) | VA_INTENT_BIT(VA_INTENT_REFUSAL))) == 0)
			return (VaWords){ .turn = i, .len = talk->turns[i].len };
	}
	return (VaWords){ 0 };
}

static void
add_send(VaScoring *scoring)
{
	VaTalk *talk = scoring->talk;
	VaWords words = wants_sent(scoring);
	VaFieldValue email = { 0 };

	if (words.len == 0)
		return;
	if (va_lexicon(talk->language) != NULL)
		va_read_field(talk->arena, va_lexicon(talk->language), talk->turns, talk->count, VA_FIELD_EMAIL, &email);
	add_step(scoring, VA_NEXT_SEND_INFORMATION, email.value, words);
}

void
va_score_next_steps(VaScoring *scoring)
{
	const VaTalkOutcome *outcome = scoring->outcome;
	VaTalkIntent intent = scoring->scores->intent;

	if (outcome->outcome == VA_OUTCOME_VOICEMAIL)
		return;
	if (outcome->outcome == VA_OUTCOME_WRONG_NUMBER)
		add_step(scoring, VA_NEXT_CORRECT_NUMBER, NULL, outcome->words);
	if (outcome->opt_out || outcome->outcome == VA_OUTCOME_DO_NOT_CALL)
		add_step(scoring, VA_NEXT_REMOVE_FROM_LIST, NULL, outcome->opt_out ? outcome->opt_out_words : outcome->words);
	/* A person that wants no call, or is not meant, gets nothing else. */
	if (scoring->scores->nnext_steps > 0)
		return;
	if (outcome->outcome == VA_OUTCOME_SCHEDULED)
		add_step(
			scoring, outcome->certain ? VA_NEXT_MEET : VA_NEXT_CONFIRM_APPOINTMENT, time_of(scoring), outcome->words);
	if (outcome->outcome == VA_OUTCOME_CALLBACK)
		add_step(scoring, VA_NEXT_CALL_BACK, time_of(scoring), outcome->words);
	if (intent == VA_TALK_SPEAK_AGENT || intent == VA_TALK_COMPLAINT)
		add_step(scoring, VA_NEXT_ESCALATE_TO_PERSON, NULL, scoring->scores->intent_words);
	if (outcome->outcome != VA_OUTCOME_NOT_INTERESTED)
		add_send(scoring);
}
