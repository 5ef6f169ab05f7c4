/*-------------------------------------------------------------------------
 * identity.c
 *		The tenant that is calling, by one of the proofs (see identity.h).
 *
 * Policies call this for every row of a sequential scan, so whatever was
 * verified once is kept until the bytes that it was judged by change: the
 * settings' texts are compared, which takes nanoseconds.  Nothing is locked.
 * They call policy_tenant(), which never raises; the errors come from
 * current_tenant(), and from tenancy/policy.c before a statement reads a row.
 */
#include "postgres.h"

#include "access/genam.h"
#include "access/htup_details.h"
#include "access/table.h"
#include "access/xact.h"
#include "catalog/pg_authid.h"
#include "catalog/namespace.h"
#include "commands/trigger.h"
#include "fmgr.h"
#include "miscadmin.h"
#include "utils/acl.h"
#include "utils/builtins.h"
#include "utils/fmgroids.h"
#include "utils/guc.h"
#include "utils/inval.h"
#include "utils/lsyscache.h"
#include "utils/rel.h"
#include "utils/timestamp.h"

#include "core/errors.h"
#include "identity.h"
#include "keys.h"
#include "core/shmem.h"
#include "core/simulation.h"
#include "core/statement.h"
#include "core/version.h"
#include "core/voiceagent.h"

#define ROLE_MAP_TABLE "role_map"
#define ROLE_MAP_INDEX "role_map_pkey"

PG_FUNCTION_INFO_V1(va_sql_current_tenant);
PG_FUNCTION_INFO_V1(va_sql_policy_tenant);
PG_FUNCTION_INFO_V1(va_sql_caller);
PG_FUNCTION_INFO_V1(va_sql_speaks_for_tenant);
PG_FUNCTION_INFO_V1(va_sql_act_for);
PG_FUNCTION_INFO_V1(va_sql_is_platform);
PG_FUNCTION_INFO_V1(va_sql_is_monitor);
PG_FUNCTION_INFO_V1(va_sql_count_for);
PG_FUNCTION_INFO_V1(va_sql_role_map_changed);

/* The tenant that the session's login role is mapped to. */
static struct
{
	bool valid;
	Oid user;
	Oid relation; /* role_map's own oid, whose invalidation ends this */
	bool found;
	VaIdentity caller;
} mapped;

/* Whether the session's login role is voiceagent.authenticator, or this is a process api. */
static struct
{
	Oid user;
	char name[NAMEDATALEN];
	bool is_authenticator;
} authenticator;

static VaIdentity context_caller;

/* ----- mapped login roles ----- */

static void
forget_mapped(Datum arg, Oid relation)
{
	if (relation == InvalidOid || relation == mapped.relation || !OidIsValid(mapped.relation))
		mapped.valid = false;
}

/*
 * Read the row directly: a caller has no right to the table, and its policy
 * must not ask for the very identity that is being established.  A catalog
 * snapshot sees the latest commit, so that unmapping takes effect at once.
 */
static int64
read_role_map(const char *role_name, Oid role)
{
	Oid schema = get_namespace_oid(VA_PRIVATE_SCHEMA, true);
	Oid index = OidIsValid(schema) ? get_relname_relid(ROLE_MAP_INDEX, schema) : InvalidOid;
	AttrNumber name_column, tenant_column, oid_column;
	int64 tenant = 0;
	NameData name;
	Relation relation;
	SysScanDesc scan;
	ScanKeyData key;
	HeapTuple tuple;

	mapped.relation = OidIsValid(schema) ? get_relname_relid(ROLE_MAP_TABLE, schema) : InvalidOid;
	if (!OidIsValid(mapped.relation) || !OidIsValid(index))
		return 0;
	name_column = get_attnum(mapped.relation, "role_name");
	tenant_column = get_attnum(mapped.relation, "tenant_id");
	oid_column = get_attnum(mapped.relation, "role_oid");
	/* Version 0.1 did not keep the oid; until it is updated its roles stand for no tenant. */
	if (name_column <= 0 || tenant_column <= 0 || oid_column <= 0)
		return 0;
	namestrcpy(&name, role_name);
	relation = table_open(mapped.relation, AccessShareLock);
	ScanKeyInit(&key, name_column, BTEqualStrategyNumber, F_NAMEEQ, NameGetDatum(&name));
	scan = systable_beginscan(relation, index, true, NULL, 1, &key);
	tuple = systable_getnext(scan);
	if (HeapTupleIsValid(tuple))
	{
		bool isnull;
		Datum value = heap_getattr(tuple, tenant_column, RelationGetDescr(relation), &isnull);
		bool no_oid;
		Datum mapped_oid = heap_getattr(tuple, oid_column, RelationGetDescr(relation), &no_oid);

		/* A role that was dropped and made again has the name only. */
		if (!isnull && !no_oid && DatumGetObjectId(mapped_oid) == role)
			tenant = DatumGetInt64(value);
	}
	systable_endscan(scan);
	table_close(relation, AccessShareLock);
	/* As seal_move() writes it: it learns where its tenant went. */
	return tenant != 0 ? tenant : va_signpost_tenant(psprintf("role %s %u", role_name, role));
}

static void
refresh_mapped(Oid user)
{
	static bool registered = false;
	char *name;

	if (!registered)
	{
		CacheRegisterRelcacheCallback(forget_mapped, (Datum) 0);
		registered = true;
	}
	/* Valid first: an invalidation that arrives while we read must stick. */
	mapped.user = user;
	mapped.valid = true;
	memset(&mapped.caller, 0, sizeof(mapped.caller));
	name = GetUserNameFromId(user, true);
	PG_TRY();
	{
		mapped.caller.tenant = (name == NULL) ? 0 : read_role_map(name, user);
	}
	PG_CATCH();
	{
		mapped.valid = false;
		PG_RE_THROW();
	}
	PG_END_TRY();
	mapped.found = mapped.caller.tenant != 0;
	mapped.caller.proof = VA_PROOF_ROLE;
	if (mapped.found)
		snprintf(mapped.caller.subject, sizeof(mapped.caller.subject), "role %s", name);
}

static const VaIdentity *
mapped_caller(Oid user)
{
	if (unlikely(!mapped.valid || mapped.user != user))
		refresh_mapped(user);
	return mapped.found ? &mapped.caller : NULL;
}

/* ----- the login role of PostgREST, and its like among our processes ----- */

static bool
is_authenticator(Oid user)
{
	const char *name = va_guc_authenticator != NULL ? va_guc_authenticator : "";

	if (unlikely(authenticator.user != user || strcmp(authenticator.name, name) != 0))
	{
		char *user_name = GetUserNameFromId(user, true);

		/* The role of our processes cannot log in, and has no members. */
		authenticator.is_authenticator = user_name != NULL &&
										 (strcmp(user_name, name) == 0 || strcmp(user_name, VA_ROLE_API) == 0);
		authenticator.user = user;
		strlcpy(authenticator.name, name, sizeof(authenticator.name));
	}
	return authenticator.is_authenticator;
}

/* ----- all of them ----- */

/* A proof of a tenant that another cell serves is none here. */
static const VaIdentity *
served_here(const VaIdentity *caller, VaProofRefusal *refusal)
{
	if (caller == NULL)
		return NULL;
	refusal->cell = va_cell_elsewhere(caller->tenant);
	if (likely(refusal->cell == 0))
		return caller;
	refusal->kind = VA_REFUSED_CELL;
	return NULL;
}

/* Raises for no proof; NULL without one, and with a refusal for one that does not count. */
static const VaIdentity *
find_caller(VaProofRefusal *refusal)
{
	Oid user = GetSessionUserId();
	const VaIdentity *caller;
	const VaIdentity *by_token;

	if (va_context_tenant() != 0)
	{
		context_caller.proof = VA_PROOF_ACTING;
		context_caller.tenant = va_context_tenant();
		return &context_caller;
	}
	caller = is_authenticator(user) ? va_claims_caller(refusal) : mapped_caller(user);
	if (va_guc_token == NULL || va_guc_token[0] == '\0' || refusal->kind != VA_NOT_REFUSED)
		return served_here(caller, refusal);
	by_token = va_token_caller(va_guc_token, refusal);
	if (by_token != NULL && caller != NULL && caller->tenant != by_token->tenant)
	{
		refusal->kind = VA_REFUSED_TENANT;
		return NULL;
	}
	return served_here(by_token, refusal);
}

static void
raise_refusal(const VaProofRefusal *refusal)
{
	VaJwtKeys keys;

	switch (refusal->kind)
	{
		case VA_NOT_REFUSED:
			return;
		case VA_REFUSED_KEYS:
			/* Says which file, and what is wrong with it; should it be there by now, then the next statement is served. */
			(void) va_jwt_keys(&keys);
			va_forget_key(&keys, sizeof(keys));
			__attribute__((fallthrough));
		case VA_REFUSED_TOKEN:
			ereport(ERROR,
				(errcode(VA_ERRCODE_NO_PROOF), errmsg("the token is not valid"),
					errdetail("Reason: %s.", refusal->reason), errhint("Get a new token from voiceagent.login().")));
			break;
		case VA_REFUSED_MEMBER:
			ereport(ERROR, (errcode(VA_ERRCODE_FORBIDDEN), errmsg("this member is not active"),
							   errhint("Ask an owner of the tenant.")));
			break;
		case VA_REFUSED_TENANT:
			ereport(ERROR, (errcode(VA_ERRCODE_FORBIDDEN), errmsg("the token is of another tenant than the login"),
							   errhint("Log in as a role of the token's tenant, or reset voiceagent.token.")));
			break;
		case VA_REFUSED_CELL:
			ereport(ERROR, (errcode(VA_ERRCODE_MISDIRECTED), errmsg("this tenant is served by cell %d", refusal->cell),
							   errhint("Ask there; while it moves, in a moment."),
							   err_generic_string(PG_DIAG_CONSTRAINT_NAME, psprintf("cell_%d", refusal->cell))));
			break;
	}
}

static bool
shows_proof(void)
{
	const char *claims = GetConfigOption("request.jwt.claims", true, false);

	return (va_guc_token != NULL && va_guc_token[0] != '\0') || (claims != NULL && claims[0] != '\0');
}

const VaIdentity *
va_caller(void)
{
	VaProofRefusal refusal = { .kind = VA_NOT_REFUSED };
	const VaIdentity *caller;

	/* With SQL of another version a proof cannot be looked at; staff without one asks status() what is wrong. */
	if (unlikely(!va_version_is_served()))
	{
		if (va_is_monitor() && !shows_proof())
			return NULL;
		va_require_version();
	}
	caller = find_caller(&refusal);
	if (unlikely(refusal.kind != VA_NOT_REFUSED))
		raise_refusal(&refusal);
	return caller;
}

int64
va_current_tenant(void)
{
	int64 acting = va_context_tenant();
	const VaIdentity *caller;

	if (acting != 0)
		return acting;
	caller = va_caller();
	if (unlikely(caller == NULL))
		ereport(ERROR,
			(errcode(VA_ERRCODE_NO_PROOF), errmsg("no proof of a tenant"),
				errhint("Log in as a role mapped by map_role(), or call voiceagent.authenticate() with a token.")));
	return caller->tenant;
}

int64
va_tenant_or_none(void)
{
	int64 acting = va_context_tenant();
	const VaIdentity *caller = acting != 0 ? NULL : va_caller();

	return caller != NULL ? caller->tenant : acting;
}

static bool
is_staff(void)
{
	Oid outer = GetOuterUserId();
	Oid admin = get_role_oid(VA_ROLE_ADMIN, true);
	Oid worker = get_role_oid(VA_ROLE_WORKER, true);

	if (superuser_arg(outer))
		return true;
	if (OidIsValid(admin) && has_privs_of_role(outer, admin))
		return true;
	/* A signup's right is the link that was mailed, whoever shows it. */
	if (va_signup_acts() || (va_staff_acts() && outer == get_role_oid(VA_ROLE_STAFF, true)))
		return true;
	return MyBackendType == B_BG_WORKER && outer == worker;
}

bool
va_is_platform(void)
{
	va_require_version();
	return is_staff();
}

/* Whatever version the SQL has: status() is to say that it is another. */
bool
va_is_monitor(void)
{
	return is_staff() || has_privs_of_role(GetOuterUserId(), ROLE_PG_MONITOR);
}

/* ----- SQL ----- */

Datum
va_sql_current_tenant(PG_FUNCTION_ARGS)
{
	PG_RETURN_INT64(va_current_tenant());
}

/* For policies: called for rows of all tenants, so it raises for none of them, nor for what the caller has shown. */
Datum
va_sql_policy_tenant(PG_FUNCTION_ARGS)
{
	int64 acting = va_context_tenant();
	VaProofRefusal refusal = { .kind = VA_NOT_REFUSED };
	const VaIdentity *caller;

	if (acting != 0)
		PG_RETURN_INT64(acting);
	/* Without the library's hooks nothing orders a scan's conditions. */
	if (unlikely(va_shmem_or_null() == NULL))
		PG_RETURN_NULL();
	caller = find_caller(&refusal);
	if (caller == NULL)
		PG_RETURN_NULL();
	PG_RETURN_INT64(caller->tenant);
}

static const char *
proof_name(VaCallerProof proof)
{
	switch (proof)
	{
		case VA_PROOF_ACTING:
			return "acting";
		case VA_PROOF_TOKEN:
			return "token";
		case VA_PROOF_CLAIMS:
			return "claims";
		case VA_PROOF_ROLE:
			return "role";
	}
	return NULL;
}

/* (proof, tenant_id, member_id, member_role, subject); all NULL without a proof */
Datum
va_sql_caller(PG_FUNCTION_ARGS)
{
	const VaIdentity *caller = va_caller();
	Datum values[5] = { 0 };
	bool nulls[5] = { true, true, true, true, true };

	if (caller != NULL)
	{
		values[0] = CStringGetTextDatum(proof_name(caller->proof));
		values[1] = Int64GetDatum(caller->tenant);
		values[2] = Int64GetDatum(caller->member_id);
		values[3] = CStringGetTextDatum(caller->member_role);
		values[4] = CStringGetTextDatum(caller->subject);
		nulls[0] = nulls[1] = false;
		nulls[2] = caller->member_id == 0;
		nulls[3] = caller->member_role[0] == '\0';
		nulls[4] = caller->subject[0] == '\0';
	}
	PG_RETURN_DATUM(va_row_of_result(fcinfo, values, nulls));
}

/* As issue_session() writes it. */
static bool
is_here_alone(const VaIdentity *caller)
{
	static const char end[] = " here alone";
	size_t len = strlen(caller->subject);

	return len >= strlen(end) && strcmp(caller->subject + len - strlen(end), end) == 0;
}

Datum
va_sql_speaks_for_tenant(PG_FUNCTION_ARGS)
{
	const VaIdentity *caller = va_caller();

	PG_RETURN_BOOL(caller != NULL && (caller->of_tenant || is_here_alone(caller)));
}

Datum
va_sql_act_for(PG_FUNCTION_ARGS)
{
	int64 before = va_context_tenant();

	int64 tenant_id = PG_GETARG_INT64(0);

	if (!va_is_platform() && !(va_simulating() && (tenant_id == 0 || va_simulation_owns(tenant_id))))
		ereport(ERROR, (errcode(ERRCODE_INSUFFICIENT_PRIVILEGE), errmsg("permission denied to act for a tenant")));
	va_set_tenant(tenant_id);
	PG_RETURN_INT64(before);
}

/* The same for reports that only count, which pg_monitor may ask for as well. */
Datum
va_sql_count_for(PG_FUNCTION_ARGS)
{
	int64 before = va_context_tenant();

	if (!va_is_monitor())
		ereport(ERROR, (errcode(ERRCODE_INSUFFICIENT_PRIVILEGE), errmsg("permission denied to count for a tenant")));
	va_set_tenant(PG_GETARG_INT64(0));
	PG_RETURN_INT64(before);
}

Datum
va_sql_is_monitor(PG_FUNCTION_ARGS)
{
	PG_RETURN_BOOL(va_is_monitor());
}

Datum
va_sql_is_platform(PG_FUNCTION_ARGS)
{
	PG_RETURN_BOOL(va_is_platform());
}

/* A statement trigger of role_map: every session looks again, at the commit. */
Datum
va_sql_role_map_changed(PG_FUNCTION_ARGS)
{
	if (!CALLED_AS_TRIGGER(fcinfo))
		elog(ERROR, "not called by the trigger manager");
	CacheInvalidateRelcache(((TriggerData *) fcinfo->context)->tg_relation);
	PG_RETURN_POINTER(NULL);
}
