/*-------------------------------------------------------------------------
 * lexicon.h
 *		The words by which names, addresses, numbers and dates are dictated, a
 *		table a language.
 *
 * Pure.  A table is groups of words that mean the same kind of thing,
 * as a reader of the language checks them.  The index of each is made once in a
 * process and never changes.  Words are folded as the tokenizer folds them.
 */
#ifndef VOICEAGENT_PHRASES_LEXICON_H
#define VOICEAGENT_PHRASES_LEXICON_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "pure/memory.h"

/* The kinds of a word; most are one thing, "november" is two. */
enum
{
	VA_LETTER = 1 << 0,	  /* text: the letter that it names */
	VA_ALPHABET = 1 << 1, /* text: the letter that it stands for in a spelling alphabet */
	VA_DIGIT = 1 << 2,	  /* number: 0 to 9 */
	VA_TEEN = 1 << 3,	  /* number: 10 to 19, and what cannot be added to */
	VA_TENS = 1 << 4,	  /* number: 20 to 90 */
	VA_HUNDREDS = 1 << 5, /* number: 100; 200 to 900 in one word */
	VA_SCALE = 1 << 6,	  /* number: 1000, 1000000 */
	VA_ORDINAL = 1 << 7,  /* number: 1 to 31 */
	VA_MONTH = 1 << 8,	  /* number: 1 to 12 */
	VA_TIMES = 1 << 9,	  /* number: how often what follows is said: double */
	VA_SYMBOL = 1 << 10,  /* text: @ . - _ + / */
	VA_FILLER = 1 << 11,  /* uh: as if it were not there */
	VA_YES = 1 << 12,
	VA_NO = 1 << 13,
	VA_MEND = 1 << 14,	 /* what follows takes the place of what was said: sorry, actually */
	VA_COMMON = 1 << 15, /* no name, no part of an e-mail address: the, is, please */
	VA_AS = 1 << 16,	 /* S as in sugar */
	VA_WITH = 1 << 17,	 /* with a K */
	VA_AND = 1 << 18,
	VA_POINT = 1 << 19,	  /* before decimals */
	VA_HALF = 1 << 20,	  /* half a mile; three and a half */
	VA_LEAD = 1 << 21,	  /* what a value follows: it's, my name is */
	VA_LOST = 1 << 24,	  /* takes the value back: old, forgot */
	VA_ARTICLE = 1 << 26, /* a, an: may stand between */
	VA_MONEY = 1 << 27,	  /* dollars, euros */
	VA_CENTS = 1 << 28,	  /* cents */
	VA_SPAN = 1 << 29,	  /* years, minutes: a number before it counts time */
};

#define VA_NUMERAL (INT64_C(1) << 31) /* digits as they are written */
#define VA_NAMES (INT64_C(1) << 32)	  /* e-mail, phone: what is asked for, no value */
#define VA_TURNED (INT64_C(1) << 33)  /* text: what becomes of the letter before: acute */
#define VA_LAST (INT64_C(1) << 34)	  /* surname */
#define VA_FIRST (INT64_C(1) << 35)	  /* first name */
#define VA_COUNTED (INT64_C(1) << 36) /* number of many digits in one word (German) */
#define VA_PLACE (INT64_C(1) << 37)	  /* number: 1 the beginning, 2 the middle, 3 the end of a word */
#define VA_TITLE (INT64_C(1) << 42)	  /* Mr: a name follows that has it not */
#define VA_CAPITAL (INT64_C(1) << 44) /* may stand before a letter that is spelled: capital, then */
#define VA_GIVEN (INT64_C(1) << 45)	  /* a first name */
#define VA_NOTE (INT64_C(1) << 46) /* says how an address is written, no part of it; text: a symbol that is not in it */
#define VA_VAGUE (INT64_C(1) << 47)	  /* stands for what is not known: something at gmail */
#define VA_DOZEN (INT64_C(1) << 48)	  /* number: how many a pack has; what stands before it counts packs */
#define VA_QUARTER (INT64_C(1) << 49) /* number: 1; 3 of "dreiviertel" */
#define VA_METRE (INT64_C(1) << 50)	  /* hundredths may follow it: one metre eighty */
#define VA_OPENS (INT64_C(1) << 51)	  /* something follows: or, of, my */

/* Words are separated by '|'; each may be given what it means behind '='. Several words are written with blanks. */
typedef struct VaLexiconGroup
{
	int64_t kinds;
	const char *words;
} VaLexiconGroup;

typedef struct VaLexiconTable
{
	const char *language; /* en */
	const VaLexiconGroup *groups;
	size_t ngroups;
	char decimal;	/* before decimals, in writing */
	bool compounds; /* numbers are one word: fuenfundachtzig */
	bool twenties;	/* soixante-dix, quatre-vingts */
	bool needs_and; /* treinta y cinco */
} VaLexiconTable;

typedef struct VaLexiconEntry
{
	const char *key; /* words with a blank after each; NULL: none */
	int64_t kinds;
	int64_t number;	  /* -1: none */
	const char *text; /* "": none */
} VaLexiconEntry;

typedef struct VaLexicon
{
	const VaLexiconTable *table;
	VaLexiconEntry *slots;
	size_t size; /* a power of two */
} VaLexicon;

/* The tables of all languages, with a NULL behind them. */
extern const VaLexiconTable *const va_lexicons[];

/* That of a tag such as de-AT; NULL: there is none, or no memory for its index. */
extern const VaLexicon *va_lexicon(const char *tag);
/* The lexeme of most of these words, and of how many; NULL: the first begins none. */
extern const VaLexiconEntry *va_lexicon_find(
	const VaLexicon *lexicon, const char *const *words, size_t count, size_t *used);

/* A letter of Latin, with its accents, as a small one and as a capital. */
extern int32_t va_small_letter(int32_t code);
extern int32_t va_great_letter(int32_t code);
/* A small letter of Latin-1 without its accent. */
extern int32_t va_plain_letter(int32_t code);

#endif /* VOICEAGENT_PHRASES_LEXICON_H */
