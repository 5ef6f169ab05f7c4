/*-------------------------------------------------------------------------
 * join.h
 *		The pass over the words of a phrase, as far as it has gone: what said.c,
 *		place.c, atoms.c and denials.c share.
 *-------------------------------------------------------------------------
 */
#ifndef VOICEAGENT_PHRASE_JOIN_H
#define VOICEAGENT_PHRASE_JOIN_H

#include "pure/phrases/times/times_internal.h"

/* Between a denied word and what denies it, no more words than these. */
#define VA_DENIAL_REACH 12

typedef struct Join
{
	VaScan *scan;
	VaSaid *said;
	VaMeant *current;
	size_t end;		  /* behind the last atom */
	VaAtomKind last;  /* the last atom's kind */
	const char *zone; /* named before any time */
	int clause;
	int open; /* AFTER, BEFORE, ... stands before what comes */
	bool by;  /* UNTIL: at the latest */
	int link; /* AND, OR, COMMA */
	bool to;  /* the end of a range follows */
	bool between;
	bool from;
	bool from_on;
	bool withdraw;
	bool lost;		 /* "after", "before" and an unknown word */
	bool lone;		 /* a number by itself stands behind it, which no hour has followed */
	bool takes_back; /* by "no" itself */
	bool concludes;	 /* "so" stands before it */
	bool asks;		 /* "call me" stands before it */
	bool move;
	bool happened;
	size_t happened_at; /* where a word tells what happened, in this clause */
	bool but;			/* "but" stands since the last atom */
	bool so;			/* a conclusion follows */
	bool rather;		/* the one is preferred to the other */
	bool not ;
	int not_value; /* of the word that denies: 1, a person is away; 2, what stands right behind it */
	bool except;   /* don't call me after eight: nothing is left */
	size_t not_at;
	size_t opened; /* where "after", "between" and the like stand */
	size_t others; /* words that say nothing since the last atom */
} Join;

/* What begins at a lexeme, seen from what was said before it; kind VA_ATOM_NONE: nothing does. */
extern VaAtom va_join_atom(Join *join, size_t at);

/* Whether the words end here, or a sentence or clause of them. */
extern bool va_join_ends_clause(const Join *join, size_t at);
/* "this week or the next", "not this Friday, the one after": one further than what was said, at the same hour. */
extern void va_join_read_next(Join *join, int value, size_t at);
/* "the week before that", "the week after". */
extern void va_join_read_week_beside(Join *join, int value, size_t at);

/* An atom into the moment that it says more of, or a new one. */
extern void va_join_place(Join *join, const VaAtom *atom, size_t at);
/* What a word that denies makes of a moment. */
extern void va_join_deny(Join *join, VaMeant *meant);
/* What was said before is not meant; what it says beyond the new words is ("at three, no, four"). */
extern void va_join_withdraw(Join *join, VaMeant *meant, const VaAtom *atom);
/* A word that denied and found nothing behind it denies what stands before it. */
extern void va_join_deny_before(Join *join);
/* "on Monday you called": what was said of a day lies behind. */
extern void va_join_read_happened(Join *join, size_t at);
/* Whether a day is said with a word that tells what happened: the last such day, which is not meant. */
extern bool va_join_has_happened(const Join *join, const VaAtom *atom, size_t at);
/* A word that denies; adjacent: right behind a moment. */
extern void va_join_read_denial(Join *join, const VaLexeme *word, size_t at, bool adjacent);
/* "the same time": the hour that was said. */
extern void va_join_read_same(Join *join, size_t at);
/* "after that": value 1; "before that": -1. */
extern void va_join_read_then(Join *join, int value, size_t at);
/* "call me on Monday", "Monday is fine": of all that is said, that is meant. */
extern void va_join_read_asking(Join *join, const VaLexeme *word, size_t at);

#endif /* VOICEAGENT_PHRASE_JOIN_H */
