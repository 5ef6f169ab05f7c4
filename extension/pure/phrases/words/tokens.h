/*-------------------------------------------------------------------------
 * tokens.h
 *		A person's speech, as words, numbers and marks.
 *
 * Pure: bytes in, tokens out, one pass; no memory of its own.  Words are in
 * small letters and without accents, so that "Mañana" and "manana" are one.
 * An apostrophe, and a hyphen between letters, part two words ("o'clock" is
 * "o" and "clock"); letters with points after them are one ("p.m." is "pm").
 * Digits beside letters are tokens of their own ("14h30", "3pm", "20th").
 *
 * A phrase is read up to VA_PHRASE_BYTES_MAX bytes and VA_PHRASE_TOKENS_MAX
 * tokens; cut says that there was more.
 */
#ifndef VOICEAGENT_PHRASE_TOKENS_H
#define VOICEAGENT_PHRASE_TOKENS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "pure/phrases/words/language.h"

#define VA_PHRASE_BYTES_MAX 4000
#define VA_PHRASE_TOKENS_MAX 400
/* Bytes of a word that is looked up; a longer one is unknown. */
#define VA_PHRASE_WORD_MAX 40

typedef enum VaTokenKind
{
	VA_TOKEN_WORD = 0,
	VA_TOKEN_NUMBER, /* digits */
	VA_TOKEN_MARK	 /* any other character but white space */
} VaTokenKind;

typedef struct VaPhraseToken
{
	VaTokenKind kind;
	uint16_t offset; /* bytes of the phrase */
	uint16_t len;
	bool glued;		  /* nothing but a hyphen or an apostrophe stands before it */
	bool joined;	  /* a part of one written word, of which the part before it is another */
	bool capital;	  /* its first letter is one */
	uint8_t digits;	  /* NUMBER: how many, at most 18 (more: value is -1) */
	int64_t value;	  /* NUMBER: theirs.  MARK: its code point */
	const char *word; /* WORD: small letters without accents; "" of the others */
} VaPhraseToken;

typedef struct VaPhraseTokens
{
	VaPhraseToken items[VA_PHRASE_TOKENS_MAX];
	size_t count;
	bool cut;
	size_t used;
	/* The words: a character becomes at most two plain letters, and each word has its NUL. */
	char room[2 * VA_PHRASE_BYTES_MAX + 2];
} VaPhraseTokens;

/*
 * Text of len bytes, valid UTF-8 or not, as tokens.  language may be NULL; one
 * that writes words together has them parted here ("Montagnachmittag").
 * tokens need not be initialised.
 */
extern void va_phrase_tokens(VaPhraseTokens *tokens, const char *text, size_t len, const VaPhraseLanguage *language);

/* A letter of Greek, of Cyrillic or of full width that looks like one of Latin, as that in small form; any other as it is. */
extern int32_t va_lookalike(int32_t code);

typedef struct VaPhraseNumber
{
	int64_t value;
	size_t tokens; /* how many it takes; 0: no number begins here */
	bool ordinal;  /* twenty-third, 23rd, dreiundzwanzigsten */
	bool words;	   /* said in words, not in digits */
} VaPhraseNumber;

/*
 * The number that begins at a token: one token of digits, or a run of number
 * words up to a thousand million ("three hundred and five", "dreiundzwanzig",
 * "quatre-vingt-dix").  Digits said one by one ("four two") are one each.
 */
extern VaPhraseNumber va_phrase_number(const VaPhraseTokens *tokens, size_t at, const VaPhraseLanguage *language);

#endif /* VOICEAGENT_PHRASE_TOKENS_H */
