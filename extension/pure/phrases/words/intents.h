/*-------------------------------------------------------------------------
 * intents.h
 *		A person's deeds with words: asks not to be called again, refuses,
 *		asks for another call, says yes; with the words that show it.
 *
 * Pure: one turn in, findings out; linear in the turn's bytes, which are read
 * in up to VA_INTENT_WINDOWS_MAX windows of what the tokenizer reads at once.
 * The patterns of each language are indexed once in a process.
 *
 * A finding stands as it was meant: words that somebody else said are quoted,
 * "I'm not saying never call me" is denied, "don't call me before nine" and
 * "if you call me again" hold under a condition.  Only a plain one counts.
 */
#ifndef VOICEAGENT_PHRASES_INTENTS_H
#define VOICEAGENT_PHRASES_INTENTS_H

#include <stdbool.h>
#include <stddef.h>

typedef enum VaIntent
{
	VA_INTENT_NONE = 0, /* of a pattern: its words do nothing, nor does what lies within them */
	VA_INTENT_OPT_OUT,
	VA_INTENT_WRONG_NUMBER,
	VA_INTENT_CALLBACK, /* asks to be called at another time */
	VA_INTENT_REFUSAL,
	VA_INTENT_VOICEMAIL, /* an announcement */
	VA_INTENT_SCREENER,	 /* a service that asks, before the call goes on, who calls and why */
	VA_INTENT_OTHER,	 /* another person speaks, or a child, or the one that is meant is not there */
	VA_INTENT_BUSY,
	VA_INTENT_WITHDRAWAL, /* takes back what was said */
	VA_INTENT_YES,
	VA_INTENT_NO,
	VA_INTENT_GOODBYE,
	VA_INTENT_ACCEPT, /* agrees to a time or an offer */
	VA_INTENT_HALT,	  /* "Stop.", in a turn that says nothing else */
	/* An assistant's deeds; never a person's. */
	VA_ACT_CALL,   /* will call again, or asks when */
	VA_ACT_VISIT,  /* books, comes, expects somebody */
	VA_ACT_CANCEL, /* takes back what was agreed */
	VA_ACT_STOP,   /* will call no more */
	VA_ACT_TERMS,  /* names what the person may say or do, such as: say stop */
	VA_ACT_SORRY,  /* is sorry */
	VA_ACT_CUE,	   /* asks for words to be spelled, or for a sign to stop at */
	VA_ACT_MORE,   /* asks whether there is anything else */
	/* Questions of a person that we answer, whoever talks; and what no assistant may say of itself. */
	VA_OURS_MACHINE,  /* whether it talks with one */
	VA_OURS_RECORDED, /* whether it is recorded */
	VA_OURS_SOURCE,	  /* where its number came from */
	VA_OURS_STOP,	  /* how the calls end */
	VA_OURS_HUMAN,	  /* the assistant: that it is one */
	/* An assistant's promise or report, for itself or somebody else: to be kept. */
	VA_PROMISE_CALL,
	VA_PROMISE_SEND,
	VA_PROMISE_NOTE,
	VA_PROMISE_BOOK,
	VA_PROMISE_ASK,
	VA_PROMISE_CONNECT,
	VA_INTENTS
} VaIntent;

typedef enum VaIntentSense
{
	VA_SENSE_PLAIN = 0,
	VA_SENSE_QUOTED,
	VA_SENSE_DENIED,
	VA_SENSE_CONDITIONAL
} VaIntentSense;

typedef struct VaFinding
{
	VaIntent intent;
	VaIntentSense sense;
	bool strict;   /* by words that cannot mean another thing */
	bool lawful;   /* by a demand that the law names */
	size_t offset; /* bytes of the turn */
	size_t len;
} VaFinding;

#define VA_FINDINGS_MAX 32
#define VA_INTENT_WINDOWS_MAX 32

typedef struct VaFindings
{
	VaFinding items[VA_FINDINGS_MAX]; /* in the order of the words; an opt-out has a place in any case */
	size_t count;
} VaFindings;

/* The same, no larger than it is. */
typedef struct VaFound
{
	const VaFinding *items;
	size_t count;
} VaFound;

/* In a pattern: a|b one of these words, ?a|b perhaps, !a|b not one of them, *3 up to three words, ^ $ a sentence's ends, a|$ the word or its end;
 * = before all: the words cannot mean another thing; no "until Monday" behind an opt-out, no "when you're done," before it changes it;
 * == a demand that the law names: it forbids calls, withdraws consent, or objects. */
typedef struct VaIntentPattern
{
	VaIntent intent;
	const char *pattern;
} VaIntentPattern;

typedef struct VaIntentTable VaIntentTable;

struct VaIntentTable
{
	const char *language;
	const VaIntentPattern *patterns;
	size_t count;
	/* The words around a pattern; NULL: none matter. */
	const char *quotes;			/* words behind which others' words come: said, told */
	const char *others;			/* he, she, my wife */
	const char *selves;			/* I, we: what they say they mean */
	const char *hearers;		/* them, him: to whom they say what asks nothing of us */
	const char *denials;		/* not, never, didn't */
	const char *halves;			/* of these those that deny together with another: ne ... pas */
	const char *conditions;		/* behind a request: until, before, today */
	const char *suppositions;	/* before it: if, when; several words with + between them */
	const VaIntentTable *halts; /* patterns of turns that say nothing else */
	const char *fillers;		/* words that say nothing beside these */
};

/* Deeds of persons and of assistants, ours, and promises, in all languages, with a NULL behind them. */
extern const VaIntentTable *const va_intents[];
extern const VaIntentTable *const va_acts[];
extern const VaIntentTable *const va_ours[];
extern const VaIntentTable *const va_promises[];

/* language: a tag such as de-AT; of one that has no table, and of NULL, no words mean anything: false. */
extern bool va_read_intents(const char *language, const char *turn, size_t len, VaFindings *findings);
/* The same, or what an assistant does, in whatever sense, and behind that what it promises. */
extern bool va_read_done(const char *language, bool person, const char *turn, size_t len, VaFindings *findings);
/* The first question in a person's turn that is ours to answer, or VA_OURS_HUMAN of an assistant's; VA_INTENT_NONE: none, or no such language. */
extern VaIntent va_read_ours(const char *language, bool person, const char *turn, size_t len);
/* A request to be called no more in so many words, and no more after it, is taken for one as it stands. */
#define VA_PLAIN_STOP_WORDS 12
/* How many words there are, up to one more than most. */
extern size_t va_count_words(const char *text, size_t len, size_t most);
/* Whether a turn asks to be called no more, in any language, in so few words or as the law names it. */
extern bool va_asks_to_stop(const char *turn, size_t len);
/* Whether a turn has a screener's words, in any language: words that cannot mean another thing, unless one has spoken before. */
extern bool va_screens(const char *turn, size_t len, bool known);

#endif /* VOICEAGENT_PHRASES_INTENTS_H */
