/*-------------------------------------------------------------------------
 * identity.h
 *		The tenant that is calling, by one of the proofs.
 *
 * Proofs, strongest first:
 *
 *	acting	the platform's own code acts for a tenant (voiceagent.h)
 *	token	voiceagent.token holds a JWT that verifies under a key of
 *			voiceagent.jwt_secret_file; anybody may set it
 *	claims	the session's login role is voiceagent.authenticator (PostgREST),
 *			so request.jwt.claims was verified by it
 *	role	the session's login role is mapped to a tenant (map_role())
 *
 * Always the login role counts (session_user), never SET ROLE.  A token of
 * another tenant than that of the claims or the mapped role is refused.  All
 * state lies in settings, so subtransactions, parallel workers and poolers
 * follow by the server's own rules; what is cached here is judged by the bytes
 * of those settings at each call.
 */
#ifndef VOICEAGENT_IDENTITY_H
#define VOICEAGENT_IDENTITY_H

#include "postgres.h"

typedef enum VaCallerProof
{
	VA_PROOF_ACTING,
	VA_PROOF_TOKEN,
	VA_PROOF_CLAIMS,
	VA_PROOF_ROLE
} VaCallerProof;

typedef struct VaIdentity
{
	VaCallerProof proof;
	int64 tenant;
	int64 member_id;	  /* 0: not a member, the tenant as a whole */
	char member_role[32]; /* '' likewise */
	char subject[128];	  /* for the audit trail */
	bool of_tenant;		  /* proved by a key that speaks for this tenant alone */
} VaIdentity;

/* The proven tenant; raises PT401 without a proof, PT403 when two proofs differ. */
extern int64 va_current_tenant(void);

/* The same, 0 without a proof. */
extern int64 va_tenant_or_none(void);

/* The proof itself, NULL without one; valid until the next call. */
extern const VaIdentity *va_caller(void);

/* va_is_platform(), or a member of pg_monitor: sees the platform's figures, and no tenant's rows. */
extern bool va_is_monitor(void);

/*
 * This database as tokens name it in "aud": system identifier and oid, which a
 * standby shares and a restored or copied database does not.  A static text.
 */
extern const char *va_token_audience(void);

/* True for superusers, members of voiceagent_admin, staff whose right was judged, and our own workers, by the outer user. */
extern bool va_is_platform(void);

/* member_session.c: which tokens of a member are of its present session. */

/*
 * members.session_version, as it was committed last or changed here; 0 where
 * there is no such member, who is not active then.  SQL of a version that has
 * no such column knows of no sessions: every member has version 1 there.
 */
extern int64 va_member_session(int64 tenant, int64 member, bool *active);

/* The same for a token that is to be signed; 0 = none. */
extern int64 va_session_version(int64 tenant, int64 member);

/* Changes when a session may have ended. */
extern uint32 va_sessions_generation(void);

/*
 * elsewhere.c: tenants that another cell serves (tenant_moves), in one place.  A look-up of a tenant by a table
 * finds none of these: the rows by which work and callers are found lie in parked_rows.  A proof that needs no
 * table, such as a token, is judged here.
 */

/* The cell that serves the tenant, 0 for this one.  A statement sees one answer from its start to its end. */
extern int va_cell_elsewhere(int64 tenant);

/* The tenant that left this signpost and is served elsewhere, 0 for none. */
extern int64 va_signpost_tenant(const char *what);

/* Whether there are such tenants at all. */
extern bool va_any_elsewhere(void);

/*
 * tenant_context.c: the identity in which a worker, or a function of the platform, acts for one tenant.  The calls
 * themselves are declared in voiceagent.h.
 */

/* Defines voiceagent.context_tenant; called once by _PG_init. */
extern void va_tenant_context_init(void);

/* Whether somebody of the platform's staff, who had the right to it, began what this transaction does. */
extern bool va_staff_acts(void);
/* A mailed link makes a tenant (confirm_signup()), until that function ends. */
extern bool va_signup_acts(void);

/*
 * shown_proof.c: proofs that come as texts: the token in a setting, and the claims of PostgREST's request.  A text is
 * judged when it, the keys or the sessions of members have changed; what was found holds for as long as the bytes stay
 * the same, a refusal until the statement ends.  A statement that ends its own session goes on to its end. Nothing
 * here raises.
 */

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

#endif /* VOICEAGENT_IDENTITY_H */
