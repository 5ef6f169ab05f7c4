/*-------------------------------------------------------------------------
 * rs256.h
 *		Tokens that an RSA key signs (JWT, RS256), for carriers that want
 *		them.  Nothing here verifies: whoever gets the tokens does.
 */
#ifndef VOICEAGENT_PURE_RS256_H
#define VOICEAGENT_PURE_RS256_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "pure/memory.h"

#define VA_RS256_MIN_BITS 2048
#define VA_RS256_REUSE_S 300 /* for how long a token is given out again */

/* A private RSA key in PEM, without a passphrase and large enough; *why is a static text. */
extern bool va_rs256_key_valid(const char *pem, const char **why);

/* claims (JSON text) signed, in the arena; NULL with *why, a static text. */
extern const char *va_rs256_sign(VaArena *arena, const char *pem, const char *claims, const char **why);

/*
 * The token of an application: claims application_id, iat = now, exp = now +
 * valid_s, jti from nonce (32 hex digits as a UUID; NULL: of chance).
 *
 * To sign takes about a millisecond, a hundred times what the rest of a
 * request does, so a token is given out again while it is younger than
 * VA_RS256_REUSE_S: few are remembered, by a hash of key and application, each
 * wiped when it is replaced or found too old.  The key itself is never kept.
 */
extern const char *va_rs256_application_token(VaArena *arena, const char *pem, const char *application_id, int64_t now,
	int valid_s, const char *nonce, const char **why);

/* Wipes what is remembered. */
extern void va_rs256_forget(void);

#endif /* VOICEAGENT_PURE_RS256_H */
