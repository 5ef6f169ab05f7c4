/*-------------------------------------------------------------------------
 * spellout.h
 *		Numbers in the words of German, Spanish and French, as these write
 *		them: by ICU's rules.
 */
#ifndef VOICEAGENT_PURE_SPELLOUT_H
#define VOICEAGENT_PURE_SPELLOUT_H

#include <stddef.h>

#include "pure/memory.h"

/*
 * The time, telephone number or number that begins a text, in words; returns the bytes that it took, 0: none.  Dates, ranges and
 * numbers with letters behind them are taken as they are.  euro, dollar: names of sums; language: two letters.
 */
extern size_t va_spell_number(
	VaBuffer *out, const char *text, const char *language, const char *euro, const char *dollar);

#endif /* VOICEAGENT_PURE_SPELLOUT_H */
