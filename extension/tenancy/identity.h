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
 *-------------------------------------------------------------------------
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

#endif /* VOICEAGENT_IDENTITY_H */
