/*-------------------------------------------------------------------------
 * scores_internal.h
 *		The signs of a talk, shared by the parts that weigh them.
 */
#ifndef VOICEAGENT_PHRASES_SCORES_INTERNAL_H
#define VOICEAGENT_PHRASES_SCORES_INTERNAL_H

#include <stdint.h>

#include "pure/phrases/scores.h"
#include "pure/phrases/signs.h"

#define VA_SIGN_COUNT (VA_SIGNS - VA_SIGN_NONE)

/* A set of signs, or of intents. */
#define VA_SIGN_BIT(sign) (UINT64_C(1) << ((sign) -VA_SIGN_NONE))
#define VA_INTENT_BIT(intent) (UINT32_C(1) << (intent))

typedef struct VaTurnSigns
{
	uint64_t signs;	   /* said plainly */
	uint64_t doubtful; /* quoted, denied, under a condition */
	uint32_t intents;  /* said plainly */
	uint32_t objections;
	bool question;	  /* has a question mark */
	bool exclamation; /* ... or an exclamation mark */
	uint16_t words;
} VaTurnSigns;

/* The person's plain signs in the whole talk. */
typedef struct VaSignCount
{
	VaWords first;
	VaWords last;
	size_t count;
} VaSignCount;

typedef struct VaScoring
{
	VaTalk *talk;
	const VaTalkOutcome *outcome;
	VaTurnSigns *turns;
	VaSignCount counted[VA_SIGN_COUNT];
	VaSignCount interest; /* intents of interest */
	VaSignCount sarcasm;
	size_t persons;	  /* turns of the person */
	size_t questions; /* of these those that ask something */
	VaWords question;
	VaTalkScores *scores;
} VaScoring;

/* What a summary is made of, a language each. */
typedef struct VaScoreTexts
{
	const char *language;
	const char *outcomes[VA_OUTCOMES];
	const char *unsure;	   /* before the first sentence */
	const char *spoken_of; /* an appointment that is not certain */
	const char *intents[VA_TALK_INTENTS];
	const char *colon;
	const char *objection; /* before the objections */
	const char *objections[VA_OBJECTIONS];
	const char *next; /* before the next steps */
	const char *next_steps[VA_NEXT_KINDS];
	const char *open;
	const char *close; /* quotation marks */
	const char *months[12];
	const char *first_day; /* "1er"; NULL: 1 */
	const char *after_day;
	const char *before_year;
	const char *before_clock;
	const char *after_clock;
} VaScoreTexts;

extern const VaScoreTexts va_score_texts[];
extern const size_t va_score_ntexts;

static inline VaSignCount *
va_counted(VaScoring *scoring, VaSign sign)
{
	return &scoring->counted[sign - VA_SIGN_NONE];
}

/* A plain opt-out is one, whatever else the talk came to. */
static inline bool
va_is_certain(const VaTalkOutcome *outcome)
{
	return outcome->certain || outcome->opt_out;
}

/* scores_emotion.c */
extern bool va_score_emotions(VaScoring *scoring);
/* scores_mark.c */
extern void va_score_mark(VaScoring *scoring);
/* scores_objections.c: marks the turns' objections as well. */
extern void va_score_objections(VaScoring *scoring);
/* scores_steps.c */
extern void va_score_step(VaScoring *scoring);
extern void va_score_next_steps(VaScoring *scoring);
/* scores_summary.c */
extern void va_score_summary(VaScoring *scoring);

#endif /* VOICEAGENT_PHRASES_SCORES_INTERNAL_H */
