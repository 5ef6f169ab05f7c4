/*-------------------------------------------------------------------------
 * units.h
 *		A turn as the units by which values are dictated: words of the lexicon,
 *		digits, letters, with what stands between them.
 *
 * Pure: linear in the turn's bytes; a turn is read as far as the tokenizer
 * reads it.  Fillers ("uh") are left out.
 */
#ifndef VOICEAGENT_PHRASES_UNITS_H
#define VOICEAGENT_PHRASES_UNITS_H

#include <string.h>

#include "pure/phrases/words/lexicon.h"
#include "pure/phrases/words/tokens.h"

typedef struct VaUnit
{
	const char *key;  /* the lexeme's or the word's folded letters; "" of digits */
	int64_t kinds;	  /* 0: a word that is in no table */
	int64_t number;	  /* -1: none */
	const char *text; /* of letters and symbols what they stand for, else the word */
	const char *word; /* as it is written, in small letters */
	size_t offset;	  /* bytes of the turn */
	size_t end;
	char joint;	  /* what stands before it: ' ' - ' (apostrophe) , . ? ! : / ~ (points that hesitate); 0: nothing */
	bool tight;	  /* no blank stands before it */
	bool capital; /* its first letter is one */
} VaUnit;

typedef struct VaUnits
{
	VaUnit *items;
	size_t count;
	const char *turn; /* the text that offsets count in; no NUL ends it */
	size_t len;		  /* its bytes */
	bool capitals;	  /* it has a capital letter that stands in no sentence's beginning, nor alone */
} VaUnits;

/* How a turn begins. */
typedef enum VaYesNo
{
	VA_ANSWER_NONE = 0,
	VA_ANSWER_YES,
	VA_ANSWER_NO
} VaYesNo;

extern VaYesNo va_units_answer(const VaUnits *units);
/* false: no memory. */
extern bool va_units(VaArena *arena, const VaLexicon *lexicon, const char *turn, size_t len, VaUnits *units);

static inline bool
va_unit_is(const VaUnits *units, size_t at, int64_t kinds)
{
	return at < units->count && (units->items[at].kinds & kinds) != 0;
}

/* Whether a unit goes on with the word before it. */
static inline bool
va_unit_goes_on(const VaUnits *units, size_t at)
{
	return at < units->count && (units->items[at].joint == ' ' || units->items[at].joint == '-');
}

static inline bool
va_unit_follows(const VaUnits *units, size_t at, int64_t kinds)
{
	return va_unit_goes_on(units, at) && va_unit_is(units, at, kinds);
}

/* Whether a sentence, or a part of one, begins here. */
static inline bool
va_unit_begins(const VaUnits *units, size_t at)
{
	return at == 0 || (units->items[at].joint != '\0' && strchr(",.?!:;~", units->items[at].joint) != NULL &&
						  !units->items[at].tight);
}

#endif /* VOICEAGENT_PHRASES_UNITS_H */
