/*-------------------------------------------------------------------------
 * jwt.h
 *		Signed tokens: JWT with HS256 or EdDSA (Ed25519) and nothing else.
 *
 * A key has one algorithm, and a token is judged by that: one whose "alg" is
 * another than its key's is refused, so that none can sign with the bytes of
 * a public key as if they were a secret.  The header is read first, because
 * it names the key; the claims only when the signature holds.
 */
#ifndef VOICEAGENT_PURE_JWT_H
#define VOICEAGENT_PURE_JWT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define VA_JWT_MAX_LEN 4096 /* characters of a whole token */
#define VA_JWT_MIN_KEY 32	/* bytes: shorter keys are refused */
#define VA_JWT_LEEWAY 60	/* seconds that nbf and iat may lie ahead */

/* Why a token is refused whose time is over: the one reason that clients must recognise. */
#define VA_JWT_EXPIRED "the token has expired"

#define VA_JWT_KEYS_MAX 16
#define VA_JWT_KEY_MAX 1024 /* bytes of an HS256 secret */
#define VA_JWT_KID_SIZE 64	/* with its NUL */
#define VA_JWT_PUBLIC_LEN 32
#define VA_JWT_AUD_SIZE 64				/* with its NUL */
#define VA_JWT_AUD_PREFIX "voiceagent:" /* begins the name of every database of ours in "aud" */

typedef enum VaJwtAlgorithm
{
	VA_JWT_HS256 = 1,
	VA_JWT_EDDSA
} VaJwtAlgorithm;

typedef struct VaJwtKey
{
	VaJwtAlgorithm algorithm;
	bool can_sign;								 /* false: others sign with it, we only verify */
	int64_t tenant_id;							 /* the only tenant that its tokens may name; 0 = any */
	char aud[VA_JWT_AUD_SIZE];					 /* the only database that its tokens are for; "" = any */
	char kid[VA_JWT_KID_SIZE];					 /* "" = it has none */
	unsigned char public_key[VA_JWT_PUBLIC_LEN]; /* EdDSA */
	size_t len; /* of secret: the HMAC's, or what Ed25519 signs with (0 = public key alone) */
	unsigned char secret[VA_JWT_KEY_MAX];
} VaJwtKey;

typedef struct VaJwtKeys
{
	int n;
	VaJwtKey key[VA_JWT_KEYS_MAX];
} VaJwtKeys;

typedef struct VaJwtClaims
{
	bool has_tenant;
	int64_t tenant_id;		   /* claim "tenant_id", > 0 when present */
	int64_t member_id;		   /* claim "member_id", 0 when absent */
	int64_t session_version;   /* claim "session_version", 0 when absent */
	char member_role[32];	   /* "" when absent */
	char role[64];			   /* "" when absent */
	char sub[128];			   /* "" when absent */
	char jti[64];			   /* "" when absent */
	char aud[VA_JWT_AUD_SIZE]; /* the database that it names, "" when none */
	bool has_exp;
	int64_t exp; /* seconds since 1970; each 0 when absent */
	int64_t nbf;
	int64_t iat;
	int64_t auth_time; /* when the password was given */
	bool of_tenant;	   /* a key verified it whose holder speaks for this tenant alone; no claim */
} VaJwtClaims;

/*
 * The keys of a file: a JWK set (RFC 7517; it begins with a brace) of "oct"
 * keys for HS256 and "OKP" keys of Ed25519, or else the bytes of one HS256
 * secret, of which one newline at the end is no part.  A key may carry
 * "tenant_id" or "aud": whoever holds it speaks for that tenant, in that
 * database alone, and we do not sign with it.  False with the reason, which repeats nothing of a key but its
 * number; out is wiped then.
 */
extern bool va_jwt_read_keys(const unsigned char *bytes, size_t len, VaJwtKeys *out, char *why, size_t why_size);

/* The first key that can sign, NULL without one. */
extern const VaJwtKey *va_jwt_signing_key(const VaJwtKeys *keys);

/* Whether one of them is bound to a tenant or a database. */
extern bool va_jwt_has_bound_key(const VaJwtKeys *keys);

/* One HS256 secret as a key; false when it is too short or too long. */
extern bool va_jwt_key_hs256(VaJwtKey *key, const unsigned char *secret, size_t len);

/*
 * By the key that the token's kid names; a token without one, or with one that
 * no key has, by any key that has none or (no kid) has the token's algorithm.
 * now in seconds; *why is a static text that names no secret.  out is zeroed
 * first and filled only on success.
 *
 * here: this database as "aud" (RFC 7519, 4.1.3; a text, or a list of them)
 * names it; NULL = do not judge it.  A token that names another database of
 * ours and not this one is refused, and so is one that names none under a key
 * that we could sign with: tenants of two databases have the same numbers.
 * Whatever else "aud" names is other issuers' business.
 */
extern bool va_jwt_verify(const char *token, size_t len, const VaJwtKeys *keys, int64_t now, const char *here,
	VaJwtClaims *out, const char **why);

/*
 * Claims that somebody trusted has verified already: the JSON object itself.
 * Times are read, but not judged; "aud" is, as under a key of another issuer.
 */
extern bool va_jwt_read_claims(const char *json, size_t len, const char *here, VaJwtClaims *out, const char **why);

/*
 * The token of a request: headers is a JSON object of their names in lower
 * case, of which "authorization" says "Bearer TOKEN".  False when there is
 * none, the token is too long, or a name stands there twice.
 */
extern bool va_jwt_read_bearer(const char *headers, size_t len, char out[VA_JWT_MAX_LEN + 1]);

/*
 * A signed token, malloc'ed (free() it); NULL with *why when a claim is
 * invalid, the key cannot sign or memory out.  Empty and zero claims are left
 * out.
 */
extern char *va_jwt_sign(const VaJwtClaims *claims, const VaJwtKey *key, const char **why);

#endif /* VOICEAGENT_PURE_JWT_H */
