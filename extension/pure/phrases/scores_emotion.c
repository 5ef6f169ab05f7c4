/*-------------------------------------------------------------------------
 * scores_emotion.c
 *		The mood of each of the person's turns, and of the talk.
 *
 * A mood needs words that show it.  Where good and bad ones stand side by
 * side, where the person jokes, or refuses what it praises, it is not known.
 *
 * Pure.
 */
#include "pure/phrases/scores_internal.h"

#define MOODS                                                                               \
	(VA_SIGN_BIT(VA_SIGN_ANGRY) | VA_SIGN_BIT(VA_SIGN_ANNOYED) | VA_SIGN_BIT(VA_SIGN_SAD) | \
		VA_SIGN_BIT(VA_SIGN_CONFUSED) | VA_SIGN_BIT(VA_SIGN_HESITANT) | VA_SIGN_BIT(VA_SIGN_POSITIVE))
#define REFUSES                                                                                                    \
	(VA_INTENT_BIT(VA_INTENT_REFUSAL) | VA_INTENT_BIT(VA_INTENT_OPT_OUT) | VA_INTENT_BIT(VA_INTENT_WRONG_NUMBER) | \
		VA_INTENT_BIT(VA_INTENT_WITHDRAWAL))

/* The worst first: who is angry is annoyed as well. */
static const struct
{
	VaSign sign;
	VaEmotion emotion;
} moods[] = { { VA_SIGN_ANGRY, VA_EMOTION_ANGRY }, { VA_SIGN_ANNOYED, VA_EMOTION_ANNOYED },
	{ VA_SIGN_SAD, VA_EMOTION_SAD }, { VA_SIGN_CONFUSED, VA_EMOTION_CONFUSED },
	{ VA_SIGN_HESITANT, VA_EMOTION_HESITANT } };

#define NMOODS (sizeof(moods) / sizeof(moods[0]))

/* Whether what the talk came to, or the way the person speaks, lets praise be praise. */
static bool
praise_counts(const VaScoring *scoring, const VaTurnSigns *signs)
{
	VaOutcome outcome = scoring->outcome->outcome;

	return scoring->sarcasm.count == 0 && (signs->intents & REFUSES) == 0 && outcome != VA_OUTCOME_NOT_INTERESTED &&
		   outcome != VA_OUTCOME_DO_NOT_CALL && outcome != VA_OUTCOME_WRONG_NUMBER;
}

static VaEmotion
emotion_of(const VaScoring *scoring, const VaTurnSigns *signs)
{
	bool praise = (signs->signs & VA_SIGN_BIT(VA_SIGN_POSITIVE)) != 0 ||
				  ((signs->signs & VA_SIGN_BIT(VA_SIGN_PLEASED)) != 0 && signs->exclamation);
	bool jokes = (signs->intents & VA_INTENT_BIT(VA_INTENT_SARCASM)) != 0;

	for (size_t i = 0; i < NMOODS; i++)
	{
		if ((signs->signs & VA_SIGN_BIT(moods[i].sign)) == 0)
			continue;
		/* "I'm furious, thank you so much": what is meant cannot be told. */
		if (praise && i > 1)
			return VA_EMOTION_NONE;
		return moods[i].emotion;
	}
	if (praise)
		return !jokes && praise_counts(scoring, signs) ? VA_EMOTION_POSITIVE : VA_EMOTION_NONE;
	/* Nobody asks for that in a neutral mood, but in which? */
	if (jokes || signs->exclamation || (signs->doubtful & MOODS) != 0 ||
		(signs->intents & VA_INTENT_BIT(VA_INTENT_OPT_OUT)) != 0)
		return VA_EMOTION_NONE;
	return VA_EMOTION_NEUTRAL;
}

/* The words that show a turn's mood are looked for only where there is one. */
static VaWords
words_of(const VaScoring *scoring, size_t turn, VaEmotion emotion)
{
	VaWords words = { .turn = turn };
	const VaFound *findings = &scoring->talk->signs[turn];

	if (emotion == VA_EMOTION_NEUTRAL)
		return words;
	for (size_t i = 0; i < findings->count; i++)
	{
		const VaFinding *finding = &findings->items[i];
		VaSign shown = (VaSign) finding->intent;
		bool shows = emotion == VA_EMOTION_POSITIVE && (shown == VA_SIGN_POSITIVE || shown == VA_SIGN_PLEASED);

		for (size_t j = 0; j < NMOODS; j++)
			shows = shows || (moods[j].emotion == emotion && moods[j].sign == shown);
		if (!shows || finding->sense != VA_SENSE_PLAIN)
			continue;
		words.offset = finding->offset;
		words.len = finding->len;
		break;
	}
	return words;
}

/* A mood of the last turn weighs three times as much as one of the first, and four neutral turns as much as one with a mood. */
static void
weigh(VaScoring *scoring, const VaTurnEmotion *emotions, size_t count)
{
	VaTalkScores *scores = scoring->scores;
	double weights[VA_EMOTIONS] = { 0 };
	VaEmotion most = VA_EMOTION_NONE;

	for (size_t i = 0; i < count; i++)
	{
		double weight = 1 + 2 * (double) (i + 1) / (double) count;

		weights[emotions[i].emotion] += emotions[i].emotion == VA_EMOTION_NEUTRAL ? weight / 4 : weight;
	}
	/* Annoyed and angry are one mood, of two strengths. */
	if (weights[VA_EMOTION_ANGRY] > 0 && weights[VA_EMOTION_ANGRY] * 2 >= weights[VA_EMOTION_ANNOYED])
	{
		weights[VA_EMOTION_ANGRY] += weights[VA_EMOTION_ANNOYED];
		weights[VA_EMOTION_ANNOYED] = 0;
	}
	for (VaEmotion e = VA_EMOTION_NEUTRAL; e < VA_EMOTIONS; e++)
	{
		if (weights[e] > weights[most])
			most = e;
	}
	/* A single turn without a mood says nothing about the talk. */
	if (most == VA_EMOTION_NEUTRAL && count < 2)
		return;
	scores->emotion = most;
	for (size_t i = count; i-- > 0;)
	{
		if (emotions[i].emotion == most)
		{
			scores->emotion_words = emotions[i].words;
			break;
		}
	}
}

bool
va_score_emotions(VaScoring *scoring)
{
	VaTalk *talk = scoring->talk;
	VaTurnEmotion *emotions;
	size_t count = 0;

	if (scoring->outcome->outcome == VA_OUTCOME_VOICEMAIL || scoring->persons == 0)
		return true;
	emotions = va_arena_alloc(talk->arena, scoring->persons * sizeof(VaTurnEmotion));
	if (emotions == NULL)
		return false;
	for (size_t i = 0; i < talk->count; i++)
	{
		VaEmotion emotion = talk->turns[i].person ? emotion_of(scoring, &scoring->turns[i]) : VA_EMOTION_NONE;

		if (emotion != VA_EMOTION_NONE)
			emotions[count++] = (VaTurnEmotion){ .emotion = emotion, .words = words_of(scoring, i, emotion) };
	}
	scoring->scores->emotions = emotions;
	scoring->scores->nemotions = count;
	if (count > 0)
		weigh(scoring, emotions, count);
	return true;
}
