/*-------------------------------------------------------------------------
 * text_signature.h
 *		Signatures with keys of our own, except tokens (jwt.h).
 *
 * A signature is good in the database that made it, for one purpose, until
 * one moment, and by one key: all of that is signed together with the text.
 */
#ifndef VOICEAGENT_TEXT_SIGNATURE_H
#define VOICEAGENT_TEXT_SIGNATURE_H

#include "postgres.h"

/* Hexadecimal digits and a NUL. */
#define VA_SIGNATURE_SIZE 65

typedef struct VaSigned
{
	const char *purpose;
	const char *generation; /* of the key */
	int64 until;			/* seconds since 1970; 0 = until the key ends */
	const char *text;
} VaSigned;

/* Raises nothing, asks no catalog. */
extern void va_sign_ours(const VaSigned *what, const void *key, size_t key_len, char hex[VA_SIGNATURE_SIZE]);

#endif /* VOICEAGENT_TEXT_SIGNATURE_H */
