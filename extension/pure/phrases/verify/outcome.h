/*-------------------------------------------------------------------------
 * outcome.h
 *		The outcome of the assistant's talk with a person, with the words that
 *		show it.
 *
 * Pure: a talk in, an outcome out; linear in the talk's turns.  The end
 * decides: what is said later overrides what was said before.  An agreement on
 * a time has two sides: one offers and the other accepts.  Where the words are
 * not clear, the outcome is not certain.
 */
#ifndef VOICEAGENT_PHRASES_OUTCOME_H
#define VOICEAGENT_PHRASES_OUTCOME_H

#include "pure/phrases/verify/talk.h"

typedef enum VaOutcome
{
	VA_OUTCOME_UNFINISHED = 0, /* broke off before a result */
	VA_OUTCOME_SCHEDULED,	   /* a time was agreed by both */
	VA_OUTCOME_CALLBACK,	   /* the person asked to be called again */
	VA_OUTCOME_NOT_INTERESTED,
	VA_OUTCOME_COMPLETED, /* talked, without a clear result */
	VA_OUTCOME_VOICEMAIL,
	VA_OUTCOME_WRONG_NUMBER,
	VA_OUTCOME_DO_NOT_CALL,
	VA_OUTCOMES
} VaOutcome;

/* Bytes of a turn. */
typedef struct VaWords
{
	size_t turn;
	size_t offset;
	size_t len; /* 0: none */
} VaWords;

typedef struct VaTalkOutcome
{
	VaOutcome outcome;
	bool certain;	   /* false: the words are not clear */
	VaWords words;	   /* that show it */
	bool timed;		   /* a time was agreed, or asked for; never in a talk without a reference */
	VaPhraseTime time; /* its offset and len are of time_words.turn */
	VaWords time_words;
	bool agreed;	   /* plainly, by both, be it on a visit or a call */
	bool aimless;	   /* nothing shows that the time is one of a visit, and the person says yes to nothing */
	bool screened;	   /* the machine is a screener: it asked who calls, and no person took the call */
	bool withdrawn;	   /* a time was agreed, or spoken of, and the person would have none of it in the end */
	bool opt_out;	   /* the person asked not to be called again */
	bool opt_out_sure; /* plainly; else it may have */
	VaWords opt_out_words;
} VaTalkOutcome;

/* The assistant's promise, for itself or somebody else, the last of a kind. */
typedef struct VaPromise
{
	VaWords words;			  /* the sentence; len 0: none of this kind */
	const VaPhraseTime *time; /* NULL: none is named */
} VaPromise;

#define VA_PROMISES (VA_PROMISE_CONNECT - VA_PROMISE_CALL + 1)

extern void va_read_outcome(VaTalk *talk, VaTalkOutcome *outcome);
/* Each behind the last that was of its kind, from VA_PROMISE_CALL on; those that the person would not have are none. */
extern void va_read_promises(VaTalk *talk, VaPromise promises[VA_PROMISES]);
extern const char *va_promise_name(size_t kind);
extern const char *va_outcome_name(VaOutcome outcome);

#endif /* VOICEAGENT_PHRASES_OUTCOME_H */
