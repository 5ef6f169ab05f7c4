/*-------------------------------------------------------------------------
 * digits.h
 *		Numbers in units: cardinals, decimals, digits said one by one or in
 *		groups.
 *
 * Pure: no state.  Counting and dictating sound alike: "twelve fifty" is
 * 1250, "two oh two" is 202.
 */
#ifndef VOICEAGENT_PHRASES_DIGITS_H
#define VOICEAGENT_PHRASES_DIGITS_H

#include "pure/phrases/words/units.h"

#define VA_MICRO INT64_C(1000000)
#define VA_DIGITS_MAX 40 /* of a run, with its NUL */

/* A number below 100 in words; how many units it takes, 0: none. */
extern size_t va_read_small(const VaLexicon *lexicon, const VaUnits *units, size_t at, int64_t *value);
/* A number in words, or digits without separators; with adds, "two hundred five" is 205, without it 200 and 5. */
extern size_t va_read_cardinal(const VaLexicon *lexicon, const VaUnits *units, size_t at, bool adds, int64_t *value);
/* A number with its decimals, in millionths. */
extern size_t va_read_number(const VaLexicon *lexicon, const VaUnits *units, size_t at, int64_t *micros);
/* Writes more behind a text, so many times; room: its bytes, with the NUL.  false: not all of it fits. */
extern bool va_append_times(char *text, size_t room, const char *more, int64_t times);

/* Behind a number, and in the place of one; how many units, 0: none.  They change, or write, the millionths. */
/* half a million, a dozen, three quarters */
extern size_t va_read_pack(const VaLexicon *lexicon, const VaUnits *units, size_t at, int64_t *micros);
/* and a half, and three quarters */
extern size_t va_read_part(const VaLexicon *lexicon, const VaUnits *units, size_t at, int64_t *micros);

/* The number that German letters write in one word, up to a million, or a day of a month; -1: none. */
extern int64_t va_compound_number(const char *word, bool *ordinal);

#endif /* VOICEAGENT_PHRASES_DIGITS_H */
