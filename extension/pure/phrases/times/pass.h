/*-------------------------------------------------------------------------
 * pass.h
 *		The pass over the words of a phrase, as far as it has gone: what
 *		moments.c and atoms.c share.
 *-------------------------------------------------------------------------
 */
#ifndef VOICEAGENT_PHRASE_PASS_H
#define VOICEAGENT_PHRASE_PASS_H

#include "pure/phrases/times/times_internal.h"

#define VA_NO_DENIAL (-1)

typedef struct VaPass
{
	VaScan *scan;
	VaSaid *said;
	VaMeant *current;
	size_t end;		 /* behind the last atom */
	VaAtomKind last; /* its kind */
	int clause;
	int open; /* AFTER, BEFORE, UNTIL, NOT_BEFORE, FROM, BETWEEN stands before what comes */
	int open_value;
	size_t opened; /* where */
	int link;	   /* TO, AND, OR, COMMA */
	int denial;	   /* the value of the word that denies; VA_NO_DENIAL: none does */
	size_t denied_at;
	bool except;	/* "don't call me after nine": nothing is left */
	bool instead;	/* what comes counts instead of what was said */
	bool concludes; /* by "so" */
	bool rather;	/* one is preferred to another */
	size_t gap;		/* words that say nothing since the last atom */
	const char *zone;
} VaPass;

/* What begins at a word; kind VA_ATOM_NONE: nothing does. */
extern VaAtom va_atom_at(const VaPass *pass, size_t at);

#endif /* VOICEAGENT_PHRASE_PASS_H */
