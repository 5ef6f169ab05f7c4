/*-------------------------------------------------------------------------
 * phones.h
 *		The telephone number that a person gives.
 *
 * Pure: turns in, a number with the turn that proves it out; linear in the
 * turns' bytes.  The person says it in parts, mends it, takes it back; the
 * assistant reads it back, and the person agrees or not.  What stays open is no
 * number.
 *-------------------------------------------------------------------------
 */
#ifndef VOICEAGENT_PHRASES_PHONES_H
#define VOICEAGENT_PHRASES_PHONES_H

#include "pure/phrases/words/digits.h"
#include "pure/phrases/verify/talk.h"

typedef struct VaSaidPhone
{
	const char *digits; /* in the arena, with the plus that was said; NULL: none was given, or it stayed open */
	size_t turn;		/* the last that gave a part of it, from 0 on */
	size_t offset;		/* its bytes of that turn */
	size_t len;
	size_t agreed; /* these are a "yes" to the assistant's turn before this one, which said it; 0: they are not */
} VaSaidPhone;

/* units: of each turn.  false: no memory. */
extern bool va_read_phone(VaArena *arena, const VaLexicon *lexicon, const VaTalkTurn *turns, const VaUnits *units,
	size_t nturns, VaSaidPhone *value);

#endif /* VOICEAGENT_PHRASES_PHONES_H */
