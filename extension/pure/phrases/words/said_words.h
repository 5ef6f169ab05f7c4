/*-------------------------------------------------------------------------
 * said_words.h
 *		A turn as words, for the patterns of intents.
 *
 * Pure: one window of what the tokenizer reads at once.
 */
#ifndef VOICEAGENT_PHRASES_SAID_WORDS_H
#define VOICEAGENT_PHRASES_SAID_WORDS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "pure/phrases/words/tokens.h"

typedef struct VaSpokenWord
{
	const char *text;
	size_t len;
	size_t offset;
	size_t end;
	bool begins; /* a sentence */
	bool clause; /* ... or a part of one, behind a comma */
	bool quoted; /* it stands between quotation marks */
	uint8_t roles;
	uint32_t hash;
} VaSpokenWord;

typedef struct VaSpokenWords
{
	VaSpokenWord items[VA_PHRASE_TOKENS_MAX + 1];
	size_t count;
	const char *turn;
	size_t next; /* where the words behind these begin, in bytes; 0: these are all */
	char room[4 * VA_PHRASE_BYTES_MAX];
} VaSpokenWords;

/* Words with the apostrophes left out ("don't" is dont), and what stands between them. */
extern void va_said_words(VaSpokenWords *words, const char *turn, size_t len);

/* intents_match.c: whether words fit a pattern of intents; see intents.h for what is in one. */

/* Where the pattern ends that fits the words from at on; 0: it does not fit.  Its first word may begin a sentence. */
extern size_t va_match_from(const VaSpokenWords *words, size_t at, const char *pattern);
/* Whether words begin one of some of a list, which may be several with '+' between them; an accent makes another word of it: si, sÃ­. */
extern bool va_is_supposed(const VaSpokenWords *words, size_t at, const char *list);

#endif /* VOICEAGENT_PHRASES_SAID_WORDS_H */
