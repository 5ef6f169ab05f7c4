/*-------------------------------------------------------------------------
 * connections.c
 *		How many connections a tenant's login role may have.
 *
 * PostgreSQL lets only a superuser, or a role that may change all roles, set
 * CONNECTION LIMIT.  map_role() may be called by neither, so this is done with
 * a superuser's rights, and only for a role that has no limit yet.
 */
#include "postgres.h"

#include "catalog/pg_authid.h"
#include "executor/spi.h"
#include "fmgr.h"
#include "miscadmin.h"
#include "utils/builtins.h"
#include "utils/syscache.h"

#include "core/voiceagent.h"

PG_FUNCTION_INFO_V1(va_sql_limit_connections);

static bool
is_unlimited(Oid role)
{
	HeapTuple tuple = SearchSysCache1(AUTHOID, ObjectIdGetDatum(role));
	bool unlimited;

	if (!HeapTupleIsValid(tuple))
		return false;
	unlimited = ((Form_pg_authid) GETSTRUCT(tuple))->rolconnlimit < 0;
	ReleaseSysCache(tuple);
	return unlimited;
}

static void
alter_role(Oid role, int limit)
{
	char *name = GetUserNameFromId(role, false);
	char *command = psprintf("ALTER ROLE %s CONNECTION LIMIT %d", quote_identifier(name), limit);
	Oid user;
	int context;

	GetUserIdAndSecContext(&user, &context);
	SetUserIdAndSecContext(BOOTSTRAP_SUPERUSERID, context | SECURITY_LOCAL_USERID_CHANGE);
	SPI_connect();
	SPI_execute(command, false, 0);
	SPI_finish();
	SetUserIdAndSecContext(user, context);
}

/* limit_connections(role): the limit that it was given; NULL: it has one, or there is none to give. */
Datum
va_sql_limit_connections(PG_FUNCTION_ARGS)
{
	Oid role = PG_GETARG_OID(0);

	if (va_guc_tenant_connections == 0 || !is_unlimited(role))
		PG_RETURN_NULL();
	alter_role(role, va_guc_tenant_connections);
	PG_RETURN_INT32(va_guc_tenant_connections);
}
