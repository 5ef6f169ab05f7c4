/*-------------------------------------------------------------------------
 * answer_mask.h
 *		An answer says none of the secrets that its request carried.
 *
 * Servers quote what they were sent: "invalid key KEY01...".  More people read
 * a kept answer than may know the key, so it is blotted out before anybody
 * reads the answer: as it is, in base64, and as JSON, a URL or a mixture of
 * them write it.  JSON stays JSON.
 *
 * Pure: memory of its own from malloc(), wiped when it is freed.
 */
#ifndef VOICEAGENT_ANSWER_MASK_H
#define VOICEAGENT_ANSWER_MASK_H

#include <stdbool.h>
#include <stddef.h>

/* A shorter one is no secret, and would blot out words. */
#define VA_MASK_SECRET_MIN 6

typedef struct VaAnswerMask VaAnswerMask;

/* NULL: no memory. */
extern VaAnswerMask *va_mask_make(void);
/* False: no memory. NULL and what is too short are passed over. */
extern bool va_mask_secret(VaAnswerMask *mask, const char *secret);
/* "Name: value"; what it carries of secrets, if its name says that it does: the token, a password in base64. */
extern bool va_mask_header(VaAnswerMask *mask, const char *line);
/* Whether there is anything to blot out. */
extern bool va_mask_needed(const VaAnswerMask *mask);
/* In place; returns the new length, which is not longer. */
extern size_t va_mask_apply(const VaAnswerMask *mask, char *text, size_t length);
extern void va_mask_free(VaAnswerMask *mask);

/* Does a credential of this name have to stay secret? Ids, names of users and public keys do not. */
extern bool va_mask_is_secret(const char *name);

/* In place: control characters become blanks, as bytes and as \u00XX of JSON; tabs and line breaks stay. */
extern void va_mask_controls(char *text, size_t length);

#endif /* VOICEAGENT_ANSWER_MASK_H */
