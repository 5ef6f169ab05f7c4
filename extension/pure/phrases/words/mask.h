/*-------------------------------------------------------------------------
 * mask.h
 *		Spoken words that must not be kept: numbers of payment cards, and
 *		codes.
 *
 * Pure.  Digits count as they are written, in any groups, and as they are
 * spoken in each language that there is a table of.  A card is 13 to 19 digits
 * that begin as an issuer's and pass Luhn's sum; a code is 3 to 8 digits soon
 * behind a word such as PIN.
 */
#ifndef VOICEAGENT_PHRASES_MASK_H
#define VOICEAGENT_PHRASES_MASK_H

#include <stdbool.h>
#include <stddef.h>

#include "pure/memory.h"

/* jansson's, whose header not everybody can include. */
struct json_t;

#define VA_MASKED "****"

/* A tenant's own list: words and shapes. */
typedef struct VaMaskOwn
{
	const struct VaMaskShape *shapes;
	size_t count;
	bool raw; /* for a body as a carrier sent it, whose own signs stay */
} VaMaskOwn;

/* The shapes of lines such as "policy ######": # a digit, @ a letter.  NULL: there is none, or no memory (arena->oom). */
extern VaMaskOwn *va_mask_own(VaArena *arena, const char *lines, bool raw);
/* The lines as they are kept; NULL: they cannot be, *why. */
extern const char *va_mask_check_own(VaArena *arena, const char *lines, const char **why);

/* The words with VA_MASKED in place of what must not be kept; NULL: there is none, or no memory (arena->oom). */
extern char *va_mask_words(VaArena *arena, const VaMaskOwn *own, const char *text, size_t len);
/* The same in every text of a JSON value but those of ids, numbers to call and times; true: it was changed. */
extern bool va_mask_json(VaArena *arena, const VaMaskOwn *own, struct json_t *json);
/* The same in a body that is JSON or a form; NULL: as it is. */
extern char *va_mask_body(VaArena *arena, const VaMaskOwn *own, const char *body, size_t len, size_t *masked_len);

#endif /* VOICEAGENT_PHRASES_MASK_H */
