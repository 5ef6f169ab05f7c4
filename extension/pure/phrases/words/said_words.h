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

#endif /* VOICEAGENT_PHRASES_SAID_WORDS_H */
