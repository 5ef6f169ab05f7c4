/*-------------------------------------------------------------------------
 * outcome_internal.h
 *		Shared by the files that read an outcome: who does what in which turn,
 *		and the time that both agree on.
 */
#ifndef VOICEAGENT_PHRASES_OUTCOME_INTERNAL_H
#define VOICEAGENT_PHRASES_OUTCOME_INTERNAL_H

#include <stdint.h>

#include "pure/phrases/verify/outcome.h"

#define VA_BIT(intent) (UINT64_C(1) << (intent))

#define VA_AGREES (VA_BIT(VA_INTENT_YES) | VA_BIT(VA_INTENT_ACCEPT))

/* The deeds of a turn, a bit for each intent. */
typedef struct VaDeeds
{
	uint64_t said;	  /* plainly, in a sentence that asks nothing */
	uint64_t asked;	  /* plainly, in a question */
	uint64_t strict;  /* of these, by words that cannot mean another thing */
	uint64_t other;	  /* denied, quoted, under a condition; of an assistant what it offers on terms */
	uint64_t quoted;  /* of these, what another says */
	size_t agrees;	  /* behind the person's last yes, in bytes; 0: there is none */
	size_t refuses;	  /* behind its last refusal */
	size_t announces; /* how many words of a machine there are */
	size_t screens;	  /* ... of one that asks who calls */
	bool question;	  /* the turn ends with one */
	bool lawful;	  /* it demands, as the law names it, to be called no more */
	bool cut;		  /* it ends within a sentence */
	bool person;
} VaDeeds;

/* The time that is spoken of. */
typedef struct VaAgreement
{
	bool timed;	  /* one is agreed, or the person named it last */
	bool agreed;  /* both have said so */
	bool sure;	  /* plainly */
	bool offered; /* the assistant named it first */
	bool vague;	  /* no day or hour: next week */
	bool dropped; /* one was agreed and taken back */
	VaPhraseTime time;
	VaWords words;
	size_t turn;  /* in which it was agreed or named */
	size_t since; /* in which it was agreed at first */
	size_t first; /* in which it was named at first */
} VaAgreement;

/* ---- outcome_deeds.c ---- */

/* The deeds of each turn; NULL: no memory. */
extern VaDeeds *va_read_deeds(VaTalk *talk);
/* Whether the sentence that holds a byte of a turn ends with a question mark. */
extern bool va_asks_at(const VaTalkTurn *turn, size_t at);
/*
 * Whether a turn is one of some words of plain letters ('|' between them), or
 * begins with it and one of those marks: "Stop", "None."
 */
extern bool va_begins(const VaTalkTurn *turn, const char *words, const char *marks);

/* ---- agreement.c ---- */

extern void va_read_agreement(VaTalk *talk, const VaDeeds *deeds, VaAgreement *agreement);

/* ---- outcome_stops.c ---- */

typedef enum VaStop
{
	VA_STOP_NONE = 0,
	VA_STOP_DOUBTFUL, /* held */
	VA_STOP_CERTAIN	  /* listed */
} VaStop;

/* Whether the person asks in a turn to be called no more, by its words or in answer to the assistant's. */
extern VaStop va_asks_for_end(VaTalk *talk, const VaDeeds *deeds, const VaAgreement *agreement, size_t turn);
#define VA_NO_TURN SIZE_MAX
/* The person's turn before the assistant promises to call no more; VA_NO_TURN: it does not. */
extern size_t va_promised_end(const VaTalk *talk, const VaDeeds *deeds);
/* Whether a time was dropped, or the person took back what it had said, and no yes to a question came behind it. */
extern bool va_ends_withdrawn(const VaTalk *talk, const VaDeeds *deeds, const VaAgreement *agreement);

static inline bool
va_does(const VaDeeds *deeds, uint64_t bits)
{
	return ((deeds->said | deeds->asked) & bits) != 0;
}

#endif /* VOICEAGENT_PHRASES_OUTCOME_INTERNAL_H */
