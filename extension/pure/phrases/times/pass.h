/*-------------------------------------------------------------------------
 * pass.h
 *		The state of the pass over the words of a phrase, shared by moments.c
 *		and atoms.c.
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
	size_t end;		 /* after the last atom */
	VaAtomKind last; /* the kind of the last atom */
	int clause;
	int open; /* AFTER, BEFORE, UNTIL, NOT_BEFORE, FROM or BETWEEN, for the next atom; 0 without */
	int open_value;
	size_t opened; /* its position */
	int link;	   /* TO, AND, OR, COMMA */
	int denial;	   /* the value of the word that denies, or VA_NO_DENIAL */
	size_t denied_at;
	bool except;	/* "don't call me after nine": leaves no time */
	bool instead;	/* the next moment replaces the earlier ones */
	bool concludes; /* instead was set by "so" */
	size_t gap;		/* words unrelated to times since the last atom */
	const char *zone;
} VaPass;

/* The atom that begins at a word; its kind is VA_ATOM_NONE if no atom does. */
extern VaAtom va_atom_at(const VaPass *pass, size_t at);

#endif /* VOICEAGENT_PHRASE_PASS_H */
