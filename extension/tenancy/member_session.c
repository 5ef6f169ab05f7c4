/*-------------------------------------------------------------------------
 * member_session.c
 *		Which tokens of a member are of its present session (contract in
 *		identity.h).
 *
 * The row is read directly, as role_map's is: its policy must not ask for the
 * identity that is being established.  A catalog snapshot sees the latest
 * commit, and a trigger of the table sends an invalidation of it, so every
 * session learns that a password was changed when its next statement begins.
 */
#include "postgres.h"

#include "access/genam.h"
#include "access/htup_details.h"
#include "access/table.h"
#include "catalog/namespace.h"
#include "commands/trigger.h"
#include "fmgr.h"
#include "utils/fmgroids.h"
#include "utils/inval.h"
#include "utils/lsyscache.h"
#include "utils/rel.h"

#include "core/shmem.h"
#include "core/voiceagent.h"
#include "core/wake.h"
#include "identity.h"

#define MEMBERS_TABLE "members"
#define MEMBERS_INDEX "members_pkey"

PG_FUNCTION_INFO_V1(va_sql_sessions_changed);

static uint32 generation = 0;
static Oid members_table = InvalidOid; /* whose invalidation counts */

static void
forget_sessions(Datum arg, Oid relation)
{
	if (relation == InvalidOid || relation == members_table)
		generation++;
}

uint32
va_sessions_generation(void)
{
	return generation;
}

typedef struct MemberColumns
{
	AttrNumber tenant;
	AttrNumber member;
	AttrNumber active;
	AttrNumber version;
} MemberColumns;

static bool
find_columns(Oid table, MemberColumns *columns)
{
	columns->tenant = get_attnum(table, "tenant_id");
	columns->member = get_attnum(table, "member_id");
	columns->active = get_attnum(table, "active");
	columns->version = get_attnum(table, "session_version");
	return columns->tenant > 0 && columns->member > 0 && columns->active > 0 && columns->version > 0;
}

static int64
read_member(Oid table, Oid index, const MemberColumns *columns, int64 tenant, int64 member, bool *active)
{
	Relation relation = table_open(table, AccessShareLock);
	int64 version = 0;
	ScanKeyData keys[2];
	SysScanDesc scan;
	HeapTuple tuple;

	ScanKeyInit(&keys[0], columns->tenant, BTEqualStrategyNumber, F_INT8EQ, Int64GetDatum(tenant));
	ScanKeyInit(&keys[1], columns->member, BTEqualStrategyNumber, F_INT8EQ, Int64GetDatum(member));
	scan = systable_beginscan(relation, index, true, NULL, 2, keys);
	tuple = systable_getnext(scan);
	if (HeapTupleIsValid(tuple))
	{
		bool isnull;

		*active = DatumGetBool(heap_getattr(tuple, columns->active, RelationGetDescr(relation), &isnull));
		version = DatumGetInt32(heap_getattr(tuple, columns->version, RelationGetDescr(relation), &isnull));
	}
	systable_endscan(scan);
	table_close(relation, AccessShareLock);
	return version;
}

int64
va_member_session(int64 tenant, int64 member, bool *active)
{
	static bool registered = false;
	Oid schema = get_namespace_oid(VA_SCHEMA, true);
	Oid index = OidIsValid(schema) ? get_relname_relid(MEMBERS_INDEX, schema) : InvalidOid;
	MemberColumns columns;

	if (!registered)
	{
		CacheRegisterRelcacheCallback(forget_sessions, (Datum) 0);
		registered = true;
	}
	*active = false;
	members_table = OidIsValid(schema) ? get_relname_relid(MEMBERS_TABLE, schema) : InvalidOid;
	if (!OidIsValid(members_table) || !OidIsValid(index))
		return 0;
	if (!find_columns(members_table, &columns))
	{
		*active = true;
		return 1;
	}
	return read_member(members_table, index, &columns, tenant, member, active);
}

int64
va_session_version(int64 tenant, int64 member)
{
	bool active;

	return va_member_session(tenant, member, &active);
}

/* A statement trigger of members: every session judges members' tokens again, at the commit. */
Datum
va_sql_sessions_changed(PG_FUNCTION_ARGS)
{
	if (!CALLED_AS_TRIGGER(fcinfo))
		elog(ERROR, "not called by the trigger manager");
	CacheInvalidateRelcache(((TriggerData *) fcinfo->context)->tg_relation);
	/* A listener to events is looked at again, and may be a member no more. */
	if (va_shmem_or_null() != NULL && va_tenant_or_none() != 0)
		va_tell_news(va_tenant_or_none());
	PG_RETURN_POINTER(NULL);
}
