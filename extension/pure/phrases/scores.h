/*-------------------------------------------------------------------------
 * scores.h
 *		What a talk is worth: what the person is there for, its interest and
 *		mood, a mark it gives, objections and whether the answer worked, the
 *		step at which the talk ended, next steps, a summary.
 *
 * Pure: a talk and its outcome in, scores out; linear in the talk's turns.
 * Each stands with the words that show it.  Words of others, denied ones and
 * sarcasm do not count, and where signs speak against each other nothing is
 * said: no mood is better than a wrong one.
 */
#ifndef VOICEAGENT_PHRASES_SCORES_H
#define VOICEAGENT_PHRASES_SCORES_H

#include "pure/phrases/outcome.h"

typedef enum VaTalkIntent
{
	VA_TALK_NONE = 0, /* not known */
	VA_TALK_INFORMATION,
	VA_TALK_SCHEDULE, /* an appointment, a visit, a viewing */
	VA_TALK_OFFER,	  /* a price, buying, selling */
	VA_TALK_CALLBACK,
	VA_TALK_SPEAK_AGENT, /* wants a human */
	VA_TALK_COMPLAINT,
	VA_TALK_OBJECTION,
	VA_TALK_INTEREST,
	VA_TALK_NOT_INTERESTED,
	VA_TALK_OPT_OUT,
	VA_TALK_WRONG_NUMBER,
	VA_TALK_GENERAL,
	VA_TALK_INTENTS
} VaTalkIntent;

typedef enum VaInterest
{
	VA_INTEREST_UNKNOWN = 0,
	VA_INTEREST_NONE,
	VA_INTEREST_LOW,
	VA_INTEREST_MEDIUM,
	VA_INTEREST_HIGH
} VaInterest;

typedef enum VaEmotion
{
	VA_EMOTION_NONE = 0, /* not known */
	VA_EMOTION_NEUTRAL,
	VA_EMOTION_POSITIVE,
	VA_EMOTION_HESITANT,
	VA_EMOTION_CONFUSED,
	VA_EMOTION_SAD,
	VA_EMOTION_ANNOYED,
	VA_EMOTION_ANGRY,
	VA_EMOTIONS
} VaEmotion;

/* In the order of their signs (signs.h). */
typedef enum VaObjectionKind
{
	VA_OBJECTION_ROBOT = 0,
	VA_OBJECTION_SOURCE,
	VA_OBJECTION_TRUST,
	VA_OBJECTION_PRICE,
	VA_OBJECTION_HAVE_ONE,
	VA_OBJECTION_PARTNER,
	VA_OBJECTION_THINK,
	VA_OBJECTION_SEND,
	VA_OBJECTION_NO_TIME,
	VA_OBJECTION_NOT_NOW,
	VA_OBJECTION_NO_NEED,
	VA_OBJECTION_NOT_INTERESTED,
	VA_OBJECTIONS
} VaObjectionKind;

typedef enum VaWorked
{
	VA_WORKED_UNKNOWN = 0,
	VA_WORKED_YES, /* behind the assistant's answer the person went on */
	VA_WORKED_NO   /* it refused, or ended the talk */
} VaWorked;

typedef enum VaTalkStep
{
	VA_STEP_NONE = 0, /* no person spoke */
	VA_STEP_GREETING,
	VA_STEP_PITCH,
	VA_STEP_QUALIFYING,
	VA_STEP_OBJECTION,
	VA_STEP_CLOSING, /* a time was offered */
	VA_STEP_AGREED,	 /* behind the agreement, without a goodbye */
	VA_STEP_FAREWELL /* a result and a goodbye */
} VaTalkStep;

typedef enum VaTalkEnder
{
	VA_ENDER_UNKNOWN = 0,
	VA_ENDER_PERSON,
	VA_ENDER_ASSISTANT
} VaTalkEnder;

typedef enum VaNextStepKind
{
	VA_NEXT_CALL_BACK = 0,
	VA_NEXT_SEND_INFORMATION,
	VA_NEXT_MEET,
	VA_NEXT_REMOVE_FROM_LIST,
	VA_NEXT_CORRECT_NUMBER,
	VA_NEXT_ESCALATE_TO_PERSON,
	VA_NEXT_CONFIRM_APPOINTMENT, /* one was spoken of, and nobody knows whether it stands */
	VA_NEXT_KINDS
} VaNextStepKind;

typedef struct VaTurnEmotion
{
	VaEmotion emotion;
	VaWords words; /* of a neutral turn none; its turn is set */
} VaTurnEmotion;

typedef struct VaObjection
{
	VaObjectionKind kind;
	VaWorked worked; /* of the last time that it came */
	VaWords words;	 /* of the first */
} VaObjection;

typedef struct VaNextStep
{
	VaNextStepKind kind;
	const char *value; /* a time as times.h writes it, an e-mail address; NULL: none was given */
	VaWords words;
} VaNextStep;

typedef struct VaTalkScores
{
	VaTalkIntent intent;
	double intent_score; /* 0 to 1: how sure it is */
	VaWords intent_words;
	VaInterest interest;
	VaWords interest_words;
	int csat; /* 1 to 5; 0: the person gave no mark */
	VaWords csat_words;
	VaEmotion emotion; /* of the talk; later turns weigh more */
	VaWords emotion_words;
	const VaTurnEmotion *emotions; /* of the person's turns whose mood is known */
	size_t nemotions;
	VaObjection objections[VA_OBJECTIONS]; /* each kind once, in the order in which they came */
	size_t nobjections;
	VaTalkStep step;
	VaTalkEnder ended_by;
	VaNextStep next_steps[VA_NEXT_KINDS]; /* each kind once */
	size_t nnext_steps;
	const char *summary; /* one to three sentences in the talk's language; NULL: nothing to say */
} VaTalkScores;

/* false: no memory (the arena's oom). */
extern bool va_read_scores(VaTalk *talk, const VaTalkOutcome *outcome, VaTalkScores *scores);

/* Bytes of a quote, and moods of turns, as they are shown. */
#define VA_SCORES_QUOTE_MAX 160
#define VA_SCORES_EMOTIONS_MAX 100

typedef struct VaScoresShown
{
	const int32_t *places; /* the number of each turn that was given; NULL: from 1 on */
	size_t skipped;		   /* turns that were given before the talk's first */
	bool emotions;		   /* moods are shown */
} VaScoresShown;

/* Members of an object, each with a comma before it. */
extern void va_scores_json(
	VaBuffer *buffer, const VaTalk *talk, const VaTalkScores *scores, const VaScoresShown *shown);
extern const char *va_talk_intent_name(VaTalkIntent intent);
extern const char *va_interest_name(VaInterest interest);
extern const char *va_emotion_name(VaEmotion emotion);
extern const char *va_objection_name(VaObjectionKind kind);
extern const char *va_talk_step_name(VaTalkStep step);
extern const char *va_talk_ender_name(VaTalkEnder ender);
extern const char *va_next_step_name(VaNextStepKind kind);

#endif /* VOICEAGENT_PHRASES_SCORES_H */
