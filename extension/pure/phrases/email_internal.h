/*-------------------------------------------------------------------------
 * email_internal.h
 *		What the parts of the reader of e-mail addresses share.
 *
 * Pure: no state.
 *-------------------------------------------------------------------------
 */
#ifndef VOICEAGENT_PHRASES_EMAIL_INTERNAL_H
#define VOICEAGENT_PHRASES_EMAIL_INTERNAL_H

#include <string.h>

#include "pure/phrases/fields_internal.h"

#define VA_EMAIL_ATOMS_MAX 160
#define VA_EMAIL_PARTS_MAX 48

typedef enum VaEmailAtomKind
{
	VA_EMAIL_NOISE = 0,
	VA_EMAIL_WORD,
	VA_EMAIL_LETTERS,
	VA_EMAIL_DIGITS,
	VA_EMAIL_SYMBOL
} VaEmailAtomKind;

typedef struct VaEmailAtom
{
	VaEmailAtomKind kind;
	const char *text;
	size_t from; /* units */
	size_t to;
	int64_t kinds; /* of its first unit */
	bool begins;   /* behind a mark */
	bool stops;	   /* ... that ends a sentence */
	bool one;	   /* noise of one letter, which it may be: "a patel at ..." */
	bool noted;	   /* behind a remark in its clause */
	bool goes_on;  /* behind a remark, and perhaps a mark */
	bool counted;  /* ... about letters: "two Ls" */
	bool fused;	   /* before "all one word" */
} VaEmailAtom;

typedef struct VaEmailAtoms
{
	VaEmailAtom items[VA_EMAIL_ATOMS_MAX];
	size_t count;
	char without;	  /* a symbol that is said not to be there; 0: none */
	bool to_somebody; /* "a" is a preposition */
} VaEmailAtoms;

extern void va_email_atoms(VaFieldReader *reader, const VaUnits *units, VaEmailAtoms *atoms);

/* An address in the making: each part a word, letters, digits or a symbol. */
typedef struct VaEmailAddress
{
	const char *parts[VA_EMAIL_PARTS_MAX];
	size_t count;
	size_t at;	 /* the part that is the at sign; SIZE_MAX: none yet */
	size_t from; /* units of the turn */
	size_t to;
} VaEmailAddress;

extern bool va_email_is_mark(const char *part);
extern void va_email_add(VaEmailAddress *address, const char *part);
/* Letters: they spell the part before them, or follow it. */
extern void va_email_add_letters(VaEmailAddress *address, const char *letters);
extern void va_email_cut(VaEmailAddress *address, size_t count);
extern bool va_email_is_whole(const VaEmailAddress *address);
extern const char *va_email_written(VaFieldReader *reader, const VaEmailAddress *address);
extern bool va_email_is_right(const char *text);
/* Letters spell the part that they are most like; false: none. */
extern bool va_email_respell(VaFieldReader *reader, VaEmailAddress *address, const char *letters);
extern bool va_email_without(VaEmailAddress *address, char symbol);
/* The part of the address that a word is like; the count: none. */
extern size_t va_email_find_part(const VaEmailAddress *address, const char *word, int at_least);
/* What a turn without an at sign makes of an address that is known; false: nothing.  without: a symbol that it denies. */
extern bool va_email_mend(VaEmailAddress *known, const VaEmailAddress *said, char without, bool denied);
/* The point, or the ending, that a person leaves out: "at web de", "at gmail". */
extern void va_email_finish(const VaLexicon *lexicon, VaEmailAddress *address);

#endif /* VOICEAGENT_PHRASES_EMAIL_INTERNAL_H */
