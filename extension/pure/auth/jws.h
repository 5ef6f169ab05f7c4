/*-------------------------------------------------------------------------
 * jws.h
 *		Tokens that an identity provider signs (JWS, RFC 7515): RS256 and ES256
 *		and nothing else, by the keys that it publishes (JWK set, RFC 7517).
 *
 * The algorithm is the key's: a token of any other, "none" and HMACs among
 * them, is refused before its signature is looked at.
 */
#ifndef VOICEAGENT_PURE_JWS_H
#define VOICEAGENT_PURE_JWS_H

#include <stdbool.h>
#include <stddef.h>

#include "pure/text/json.h"

#define VA_JWS_MAX_LEN 32768 /* characters of a token */
#define VA_JWS_KEYS_MAX 64	 /* of a set; those behind are not looked at */
#define VA_JWS_RSA_MIN_BITS 2048
#define VA_JWS_RSA_MAX_BITS 8192

typedef enum VaJwsVerdict
{
	VA_JWS_GOOD,
	VA_JWS_UNKNOWN_KEY, /* none of the set: the provider may have a new one */
	VA_JWS_BAD
} VaJwsVerdict;

/* *claims: the object that was signed, the caller's, where it is good; *why: a static text, where it is not. */
extern VaJwsVerdict va_jws_verify(const char *token, size_t len, const json_t *keys, json_t **claims, const char **why);

#endif /* VOICEAGENT_PURE_JWS_H */
