/*-------------------------------------------------------------------------
 * jwt.h
 *		Signed tokens: JWT with HS256 and nothing else.
 *
 * The algorithm is ours, never the token's: any other "alg" is refused.
 * Verification works in fixed buffers until the signature holds; only then
 * are the claims parsed.
 *-------------------------------------------------------------------------
 */
#ifndef VOICEAGENT_PURE_JWT_H
#define VOICEAGENT_PURE_JWT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define VA_JWT_MAX_LEN 4096 /* characters of a whole token */
#define VA_JWT_MIN_KEY 32	/* bytes: shorter keys are refused */
#define VA_JWT_LEEWAY 60	/* seconds that nbf and iat may lie ahead */

typedef struct VaJwtClaims
{
	bool has_tenant;
	int64_t tenant_id;	  /* claim "tenant_id", > 0 when present */
	int64_t member_id;	  /* claim "member_id", 0 when absent */
	char member_role[32]; /* "" when absent */
	char role[64];		  /* "" when absent */
	char sub[128];		  /* "" when absent */
	char jti[64];		  /* "" when absent */
	bool has_exp;
	int64_t exp; /* seconds since 1970; each 0 when absent */
	int64_t nbf;
	int64_t iat;
} VaJwtClaims;

/* now in seconds; *why is a static text that names no secret.  out is zeroed first and filled only on
 * success. */
extern bool va_jwt_verify_hs256(const char *token, size_t len, const unsigned char *key, size_t keylen,
								int64_t now, VaJwtClaims *out, const char **why);

/*
 * Claims that somebody trusted has verified already: the JSON object itself.
 * Times are read, but not judged.
 */
extern bool va_jwt_read_claims(const char *json, size_t len, VaJwtClaims *out, const char **why);

/*
 * A signed token, malloc'ed (free() it); NULL with *why when a claim is
 * invalid, the key too short or memory out.  Empty and zero claims are left
 * out.
 */
extern char *va_jwt_sign_hs256(const VaJwtClaims *claims, const unsigned char *key, size_t keylen,
							   const char **why);

#endif /* VOICEAGENT_PURE_JWT_H */
