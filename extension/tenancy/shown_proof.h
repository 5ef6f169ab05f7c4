/*-------------------------------------------------------------------------
 * shown_proof.h
 *		Proofs that come as texts: the token in a setting, and the claims of
 *		PostgREST's request.
 *
 * A text is judged when it, the keys or the sessions of members have changed;
 * what was found holds for as long as the bytes stay the same, a refusal until
 * the statement ends.  A statement that ends its own session goes on to its end.
 * Nothing here raises.
 *-------------------------------------------------------------------------
 */
#ifndef VOICEAGENT_TENANCY_SHOWN_PROOF_H
#define VOICEAGENT_TENANCY_SHOWN_PROOF_H

#include "postgres.h"

#include "identity.h"

/* Why what was shown is no proof. */
typedef enum VaRefusalKind
{
	VA_NOT_REFUSED,
	VA_REFUSED_TOKEN,  /* with the reason */
	VA_REFUSED_KEYS,   /* there is no key to verify by */
	VA_REFUSED_TENANT, /* two proofs of two tenants */
	VA_REFUSED_MEMBER, /* its member is not active, or there is none */
	VA_REFUSED_CELL	   /* another cell serves the tenant */
} VaRefusalKind;

typedef struct VaProofRefusal
{
	VaRefusalKind kind;
	const char *reason;
	int cell;
} VaProofRefusal;

/* The caller that the token proves; NULL with a refusal. */
extern const VaIdentity *va_token_caller(const char *text, VaProofRefusal *refusal);

/* The caller that the claims of PostgREST's request prove; NULL without a refusal when they are missing or name no tenant. */
extern const VaIdentity *va_claims_caller(VaProofRefusal *refusal);

#endif /* VOICEAGENT_TENANCY_SHOWN_PROOF_H */
