/*-------------------------------------------------------------------------
 * identity.c
 *		Who is calling: the tenant, by one of the proofs (see identity.h).
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "fmgr.h"
#include "identity.h"
#include "miscadmin.h"
#include "utils/acl.h"
#include "voiceagent.h"

PG_FUNCTION_INFO_V1(va_sql_current_tenant);
PG_FUNCTION_INFO_V1(va_sql_act_for);
PG_FUNCTION_INFO_V1(va_sql_is_platform);

bool
va_is_platform(void)
{
	Oid			outer = GetOuterUserId();
	Oid			admin = get_role_oid("voiceagent_admin", true);
	Oid			worker = get_role_oid("voiceagent_worker", true);

	if (superuser_arg(outer))
		return true;
	if (OidIsValid(admin) && is_member_of_role(outer, admin))
		return true;
	return MyBackendType == B_BG_WORKER && outer == worker;
}

int64
va_current_tenant(void)
{
	int64		tenant = va_acting_tenant();

	if (tenant != 0)
		return tenant;
	ereport(ERROR,
			(errcode(MAKE_SQLSTATE('P', 'T', '4', '0', '1')),
			 errmsg("no proof of a tenant"),
			 errhint("Log in as a role mapped by map_role(), or call voiceagent.authenticate() with a token.")));
	return 0;
}

Datum
va_sql_current_tenant(PG_FUNCTION_ARGS)
{
	PG_RETURN_INT64(va_current_tenant());
}

Datum
va_sql_act_for(PG_FUNCTION_ARGS)
{
	int64		before = va_acting_tenant();

	if (!va_is_platform())
		ereport(ERROR,
				(errcode(ERRCODE_INSUFFICIENT_PRIVILEGE),
				 errmsg("permission denied to act for a tenant")));
	va_act_for(PG_GETARG_INT64(0));
	PG_RETURN_INT64(before);
}

Datum
va_sql_is_platform(PG_FUNCTION_ARGS)
{
	PG_RETURN_BOOL(va_is_platform());
}
