/*-------------------------------------------------------------------------
 * claim.h
 *		Names, e-mail addresses, telephone numbers and postal addresses that
 *		somebody claims of a talk, held against its words.
 *
 * They are never read out of a talk: an author claims one, and it is looked for
 * along what was said, which may be words, letters, digits and signs.
 *
 * Pure: see reading_internal.h.
 */
#ifndef VOICEAGENT_PHRASES_CLAIM_H
#define VOICEAGENT_PHRASES_CLAIM_H

#include "pure/phrases/verify/reading_internal.h"

/* Characters of a claim, with its NUL; a longer one is of no form. */
#define VA_CLAIM_MAX 128
/* In a text that is looked for: no unit's spelling goes across it. */
#define VA_CLAIM_BREAK '/'
/* Units that one spelling may take, and one more. */
#define VA_SAID_REACH 8

typedef enum VaSpellingSort
{
	VA_SPELLING_WORD = 0,
	VA_SPELLING_LETTERS,
	VA_SPELLING_DIGITS,
	VA_SPELLING_SYMBOL
} VaSpellingSort;

typedef struct VaSpelling
{
	const char *text; /* plain small letters, digits, @ . _ + - */
	uint32_t len;
	uint32_t to; /* the unit behind it */
	VaSpellingSort sort;
} VaSpelling;

/* The units of the newest turns, one behind the other. */
typedef struct VaSpellings
{
	VaArena *arena;
	const VaUnit **units;
	uint32_t *turns;
	uint32_t *first; /* of each unit: its first spelling */
	size_t count;
	VaSpelling *spellings;
	size_t nspellings;
} VaSpellings;

/* A text that is looked for. */
typedef struct VaClaimPart
{
	const char *text; /* folded */
	size_t len;
	size_t edits; /* letters in which a word that was said may differ */
	bool name;	  /* it is no part of an e-mail address */
	bool whole;	  /* it is no end, and no beginning, of what was spelled */
} VaClaimPart;

typedef struct VaClaimMatch
{
	size_t from; /* units */
	size_t to;	 /* behind the last */
	size_t cost;
} VaClaimMatch;

/* Letters without accents, digits and the signs of an e-mail address; umlauts: as two letters. */
extern size_t va_claim_fold(const char *text, size_t len, bool umlauts, char *out, size_t room);
/* NULL: no memory. */
extern VaSpellings *va_spellings_of(VaReader *reader);
/* Whose words a part is looked for in. */
typedef enum VaClaimWhose
{
	VA_CLAIM_PERSONS = 0,
	VA_CLAIM_VOUCHED, /* ... and the assistant's to which the person agreed */
	VA_CLAIM_ANYBODY
} VaClaimWhose;

/* The newest place at which a part was said; false: nowhere. */
extern bool va_claim_find(VaReader *reader, const VaClaimPart *part, VaClaimWhose whose, VaClaimMatch *match);
/* The newest place of a part of a claim in words that bear it out; false: none, or it was taken back (*other). */
extern bool va_claim_stands(
	VaReader *reader, const char *claim, const VaClaimPart *part, VaClaimMatch *match, bool *other);
/* Shows the words of a match; of several the newest. */
extern void va_claim_show(VaReader *reader, const VaClaimMatch *match, VaReadValue *value);
/* ---- claim_phone.c ---- */
extern VaSupport va_claim_phone(VaReader *reader, VaReadValue *value);
/* The letters that were spelled from a unit on, three at least; how many units, 0: none. */
extern size_t va_claim_spelled(const VaSpellings *said, size_t at, char letters[VA_CLAIM_MAX]);
/* How many letters are to be changed to make one of the other; most + 1: more. */
extern size_t va_claim_distance(const char *one, size_t one_len, const char *other, size_t other_len, size_t most);

#endif /* VOICEAGENT_PHRASES_CLAIM_H */
