/*-------------------------------------------------------------------------
 * shown_proof.c
 *		Tokens and claims: judged once, remembered (contract in identity.h).
 *
 * The settings' texts are compared at each call, which takes nanoseconds, so
 * subtransactions and poolers need no work of ours.  Nothing is locked.
 */
#include "postgres.h"

#include "access/xact.h"
#include "utils/guc.h"
#include "utils/memutils.h"

#include "pure/auth/jwt.h"
#include "keys.h"
#include "identity.h"
#include "core/voiceagent.h"

#define CLAIMS_SETTING "request.jwt.claims"
#define HEADERS_SETTING "request.headers"

/* A text's (token's or claims') proof. */
typedef struct TextProof
{
	char *text;	   /* NULL = nothing verified yet */
	char *headers; /* of the request, when they were judged as well */
	bool found;
	const char *refused;   /* why it proves nothing, a static text; NULL when it does */
	TimestampTz judged_at; /* start of the statement: a refusal holds that long */
	uint32 keys_generation;
	uint32 sessions_generation;
	TimestampTz expires_at;
	VaIdentity caller;
} TextProof;

static const char *const no_keys = "there is no key to verify it by";
static const char *const no_member = "its member is not active";

static TextProof token_proof;
static TextProof claims_proof;

static void
forget(TextProof *proof)
{
	if (proof->text != NULL)
		pfree(proof->text);
	if (proof->headers != NULL)
		pfree(proof->headers);
	proof->text = NULL;
	proof->headers = NULL;
}

/* A text's proof, or why there is none; claims are read when there is no reason. */
static void
remember(TextProof *proof, VaCallerProof kind, const char *text, const VaJwtClaims *claims, const char *refused)
{
	VaIdentity *caller = &proof->caller;
	char *copy = MemoryContextStrdup(TopMemoryContext, text);

	forget(proof);
	proof->text = copy;
	proof->refused = refused;
	proof->judged_at = GetCurrentStatementStartTimestamp();
	proof->found = false;
	memset(caller, 0, sizeof(*caller));
	if (refused != NULL)
		return;
	proof->found = claims->has_tenant;
	caller->proof = kind;
	caller->tenant = claims->tenant_id;
	caller->member_id = claims->member_id;
	strlcpy(caller->member_role, claims->member_role, sizeof(caller->member_role));
	strlcpy(caller->subject, claims->sub, sizeof(caller->subject));
	caller->of_tenant = claims->of_tenant;
}

/*
 * Is the text the one that was judged?  A refusal is kept as well: were the
 * signature verified again for each row that a condition lets through, time
 * would tell how many there are.  In the next statement it is judged anew.  A
 * statement in which a proof was good goes on with it to its end, although it
 * changes the caller's own password.
 */
static bool
is_known(TextProof *proof, const char *text)
{
	TimestampTz now = GetCurrentStatementStartTimestamp();

	if (proof->text == NULL || strcmp(proof->text, text) != 0)
		return false;
	if (proof->refused == NULL &&
		(proof->caller.member_id == 0 || proof->sessions_generation == va_sessions_generation()))
		proof->judged_at = now;
	return proof->judged_at == now;
}

/* NULL when the token of a member is one of its session's; who names no member has none. */
static const char *
judge_session(const VaJwtClaims *claims)
{
	bool active;
	int64 version;

	if (claims->member_id == 0)
		return NULL;
	version = va_member_session(claims->tenant_id, claims->member_id, &active);
	if (!active)
		return no_member;
	return version == Max(claims->session_version, 1) ? NULL : "its session was ended";
}

static const VaIdentity *
refuse(VaProofRefusal *refusal, const char *why)
{
	refusal->kind = why == no_keys ? VA_REFUSED_KEYS : why == no_member ? VA_REFUSED_MEMBER : VA_REFUSED_TOKEN;
	refusal->reason = why;
	return NULL;
}

static int64
unix_seconds(TimestampTz at)
{
	return at / USECS_PER_SEC + (int64) (POSTGRES_EPOCH_JDATE - UNIX_EPOCH_JDATE) * SECS_PER_DAY;
}

/* NULL when it is good. */
static const char *
judge_token(const char *text, VaJwtClaims *claims)
{
	VaJwtKeys keys;
	const char *why;
	bool good;

	if (!va_find_jwt_keys(&keys, &token_proof.keys_generation))
		return no_keys;
	good = va_jwt_verify(text, strlen(text), &keys, unix_seconds(GetCurrentStatementStartTimestamp()),
		va_token_audience(), claims, &why);
	va_forget_key(&keys, sizeof(keys));
	if (!good)
		return why;
	if (!claims->has_tenant)
		return "it names no tenant";
	/* Without an end it could not be taken back. */
	return claims->has_exp ? judge_session(claims) : "it has no end";
}

/*
 * A token is judged when its bytes, or the key, have changed.  Its end is
 * compared with the statement's start: a statement sees one identity.
 */
const VaIdentity *
va_token_caller(const char *text, VaProofRefusal *refusal)
{
	VaJwtClaims claims;

	if (unlikely(!is_known(&token_proof, text) || token_proof.keys_generation != va_keys_generation() ||
				 (token_proof.refused == NULL && GetCurrentStatementStartTimestamp() >= token_proof.expires_at)))
	{
		const char *why;

		token_proof.sessions_generation = va_sessions_generation();
		why = judge_token(text, &claims);

		remember(&token_proof, VA_PROOF_TOKEN, text, &claims, why);
		if (why == NULL)
			token_proof.expires_at = (claims.exp - (int64) (POSTGRES_EPOCH_JDATE - UNIX_EPOCH_JDATE) * SECS_PER_DAY) *
									 USECS_PER_SEC;
	}
	if (unlikely(token_proof.refused != NULL))
		return refuse(refusal, token_proof.refused);
	return &token_proof.caller;
}

static bool
same_claims(const VaJwtClaims *a, const VaJwtClaims *b)
{
	return a->tenant_id == b->tenant_id && a->member_id == b->member_id && a->exp == b->exp &&
		   a->session_version == b->session_version && strcmp(a->member_role, b->member_role) == 0 &&
		   strcmp(a->sub, b->sub) == 0;
}

/*
 * PostgREST verifies by the keys alone: what our file binds one of them to, it
 * does not know.  So where the file does that, the request's token is verified
 * here once more, and must be the one that the claims are of.  Returns NULL, or
 * why not; *looked says whether the headers counted.
 */
static const char *
check_bearer(VaJwtClaims *claims, const char *headers, bool *looked)
{
	char token[VA_JWT_MAX_LEN + 1];
	VaJwtClaims verified;
	VaJwtKeys keys;
	const char *why = "it is not in the request's headers";
	bool good = true;

	*looked = false;
	if (va_guc_jwt_secret_file[0] == '\0')
		return NULL;
	if (!va_find_jwt_keys(&keys, &claims_proof.keys_generation))
		return no_keys;
	*looked = va_jwt_has_bound_key(&keys);
	if (*looked)
		good = headers != NULL && va_jwt_read_bearer(headers, strlen(headers), token) &&
			   va_jwt_verify(token, strlen(token), &keys, unix_seconds(GetCurrentStatementStartTimestamp()),
				   va_token_audience(), &verified, &why);
	va_forget_key(&keys, sizeof(keys));
	if (!good)
		return why;
	if (*looked && !same_claims(claims, &verified))
		return "it is not the one that the claims are of";
	claims->of_tenant = *looked && verified.of_tenant;
	return NULL;
}

static const char *
judge_claims(const char *text, const char *headers, VaJwtClaims *claims, bool *by_headers)
{
	const char *why;

	if (!va_jwt_read_claims(text, strlen(text), va_token_audience(), claims, &why))
		return why;
	if (!claims->has_tenant)
		return NULL;
	/* Without an end it could not be taken back. */
	if (!claims->has_exp)
		return "it has no end";
	why = check_bearer(claims, headers, by_headers);
	return why == NULL ? judge_session(claims) : why;
}

static bool
claims_are_known(const char *text, const char *headers)
{
	return is_known(&claims_proof, text) &&
		   (claims_proof.headers == NULL || (headers != NULL && strcmp(claims_proof.headers, headers) == 0)) &&
		   (va_guc_jwt_secret_file[0] == '\0' || claims_proof.keys_generation == va_keys_generation());
}

/* NULL for PostgREST's anonymous requests, whose claims name no tenant. */
const VaIdentity *
va_claims_caller(VaProofRefusal *refusal)
{
	const char *text = GetConfigOption(CLAIMS_SETTING, true, false);
	const char *headers = GetConfigOption(HEADERS_SETTING, true, false);
	VaJwtClaims claims;

	if (text == NULL || text[0] == '\0')
		return NULL;
	if (unlikely(!claims_are_known(text, headers)))
	{
		bool by_headers = false;
		const char *why;

		claims_proof.keys_generation = va_keys_generation();
		claims_proof.sessions_generation = va_sessions_generation();
		why = judge_claims(text, headers, &claims, &by_headers);
		remember(&claims_proof, VA_PROOF_CLAIMS, text, &claims, why);
		if (by_headers && headers != NULL)
			claims_proof.headers = MemoryContextStrdup(TopMemoryContext, headers);
	}
	if (unlikely(claims_proof.refused != NULL))
		return refuse(refusal, claims_proof.refused);
	return claims_proof.found ? &claims_proof.caller : NULL;
}
