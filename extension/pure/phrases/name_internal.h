/*-------------------------------------------------------------------------
 * name_internal.h
 *		What the parts of the reader of names share.
 *
 * Pure: no state.
 *-------------------------------------------------------------------------
 */
#ifndef VOICEAGENT_PHRASES_NAME_INTERNAL_H
#define VOICEAGENT_PHRASES_NAME_INTERNAL_H

#include <string.h>
#include <strings.h>

#include "pure/phrases/fields_internal.h"

#define VA_SPELLED_BACK_MAX 4

typedef struct VaNameState
{
	VaName said;
	VaName offered; /* what the assistant has called the person */
	const char *spelled_back[VA_SPELLED_BACK_MAX];
	size_t nspelled_back;
	const char *old; /* the letter of the assistant's "with a K?"; "" */
	const char *of;	 /* ... and the word that it is said of; "" */
	bool titled;	 /* by a last name: Mr Miller */
	bool asked_first;
	bool asked_last;
	bool asked_else; /* for something that is no name */
} VaNameState;

typedef struct VaNameClause
{
	size_t begin;
	bool led;	 /* words that lead to a name */
	bool self;	 /* my name is */
	bool common; /* words that say nothing, beyond a greeting */
	bool dirty;	 /* words that are in no name's clause */
	bool other;	 /* ... somebody else's */
	bool first;
	bool last;
	size_t word;				  /* the only word of the name that it speaks of; SIZE_MAX: none */
	const VaLetterRemark *remark; /* of no word yet: "two Ts in Patterson" */
} VaNameClause;

/* One turn. */
typedef struct VaNameHearing
{
	VaFieldReader *reader;
	const VaUnits *units;
	VaArena *arena;
	VaNameClause clause;
	VaName name;
	size_t asked; /* the word of it that the assistant asked about; SIZE_MAX: none */
	size_t from;  /* units that say it; to 0: none */
	size_t to;
	size_t single; /* where the clause of its only word begins, unless something leads there; SIZE_MAX: nowhere */
	bool cased;
	bool assistant;		 /* it speaks */
	bool strict;		 /* nouns have capitals */
	bool irish;			 /* McKenna */
	bool offered;		 /* the name is what the assistant said */
	bool spoken;		 /* a word of it comes from this turn */
	bool whole;			 /* it was said whole in this turn */
	bool mended;		 /* no, sorry */
	const char *letters; /* the run before, and the word that it took the place of */
	const char *replaced;
	size_t replaced_at;
} VaNameHearing;

extern size_t va_name_characters(const VaUnit *unit);
/* Could a unit be a name, or a part of one?  inside: a word of a name stands before it. */
extern bool va_name_could_be(const VaNameHearing *hearing, size_t at, bool inside);
/* The first letter of "O'Brien". */
extern bool va_name_is_elided(const VaNameHearing *hearing, size_t at);
/* The words of a name from a unit on; where they end. */
extern size_t va_name_read_words(const VaNameHearing *hearing, size_t at, VaName *found);
/* "de la Cruz", "Le Goff": one word of a name, where nothing but particles stands before it. */
extern void va_name_unite_particles(VaArena *arena, VaName *name);
/* Its bytes that are no plain letters. */
extern size_t va_name_accents(const char *word);
/* A turn of the person: what it makes of the name. */
extern void va_name_hear(VaNameHearing *hearing, const VaNameState *state);

#endif /* VOICEAGENT_PHRASES_NAME_INTERNAL_H */
