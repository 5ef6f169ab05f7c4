/*-------------------------------------------------------------------------
 * mask_internal.h
 *		Shared by mask.c and mask_talk.c.
 *
 * Pure.
 */
#ifndef VOICEAGENT_PHRASES_MASK_INTERNAL_H
#define VOICEAGENT_PHRASES_MASK_INTERNAL_H

#include "pure/phrases/words/mask.h"

/* The input read at once: less than the tokenizer takes. */
#define VA_MASK_PIECE 1500

typedef struct VaMaskLook
{
	size_t digits; /* figures, and words that may be some */
	bool told;	   /* two of them at least follow each other */
	bool spoken;   /* words do */
	bool codes;	   /* a word may name a code */
} VaMaskLook;

/* ---- mask_plain.c: other scripts ---- */

/* The text, or a copy of the same length whose digits, blanks and few signs between digits are those of ASCII. */
extern const char *va_mask_plain(VaArena *arena, const char *text, size_t len);
/* May a digit or a blank of another script begin with this byte?  Is it a sign that va_mask_plain() may make a blank? */
extern bool va_mask_is_foreign(unsigned char lead);
extern bool va_mask_is_sign(char c);
/* How long the sign is that HTML names at a place ("&nbsp;"), or a colon with digits on both sides; 0: none. */
extern size_t va_mask_named_sign(const char *text, size_t len, size_t at);

/* Whether a close look at a text by itself can find anything. */
extern bool va_mask_look(const char *text, size_t len, VaMaskLook *look);
/* Marks the bytes of a text of at most VA_MASK_PIECE that must not be kept. */
extern void va_mask_read(const char *text, size_t len, bool spoken, bool *hidden);
extern char *va_mask_hidden(VaArena *arena, const char *text, size_t len, const bool *hidden);

/* ---- mask_talk.c: what one side tells over several turns ---- */

/* Lines that begin with a name and a colon are turns. */
extern void va_mask_lines(VaArena *arena, const char *text, size_t len, bool *hidden);
/* An array of objects with a role or speaker, and a text; true: it was changed. */
extern bool va_mask_turns(VaArena *arena, struct json_t *turns);
extern char *va_mask_form(VaArena *arena, const VaMaskOwn *own, const char *body, size_t len, size_t *masked_len);

/* ---- mask_own.c: what a tenant names ---- */

/* Marks what its shapes find in a text. */
extern void va_mask_shapes(VaArena *arena, const VaMaskOwn *own, const char *text, size_t len, bool *hidden);
/* The shapes by which a member of JSON is judged; NULL: it is a sign of the carrier's. */
extern const VaMaskOwn *va_mask_own_of(const VaMaskOwn *own, const char *key, const struct json_t *value);
/* Those of what lies within a member. */
extern const VaMaskOwn *va_mask_own_below(const VaMaskOwn *own, const char *key, VaMaskOwn *data);

#endif /* VOICEAGENT_PHRASES_MASK_INTERNAL_H */
