/*-------------------------------------------------------------------------
 * elsewhere.c
 *		Tenants that another cell serves (contract in identity.h).
 *
 * The few rows are read directly, as role_map's are, by a catalog snapshot, and kept until a trigger of the table sends
 * an invalidation of it.  The tenant found holds for the rest of the statement: one that has begun goes on, and who
 * moves the tenant waits for its transaction to end.  Nothing is locked.
 */
#include "postgres.h"

#include "access/genam.h"
#include "access/htup_details.h"
#include "access/table.h"
#include "access/xact.h"
#include "catalog/namespace.h"
#include "utils/builtins.h"
#include "utils/fmgroids.h"
#include "utils/inval.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"
#include "utils/rel.h"

#include "core/voiceagent.h"
#include "identity.h"

#define MOVES_TABLE "tenant_moves"
#define SIGNPOSTS_TABLE "signposts"
#define SIGNPOSTS_INDEX "signposts_pkey"

typedef struct MovedTenant
{
	int64 tenant;
	int cell;
} MovedTenant;

static struct
{
	bool valid;
	TimestampTz judged_at; /* start of the statement that asked last */
	Oid relation;		   /* whose invalidation ends this */
	int n;
	int size;
	MovedTenant *items; /* by tenant */
} moved;

static void
forget_moved(Datum arg, Oid relation)
{
	if (relation == InvalidOid || relation == moved.relation || !OidIsValid(moved.relation))
		moved.valid = false;
}

static int
compare(const void *a, const void *b)
{
	int64 left = ((const MovedTenant *) a)->tenant;
	int64 right = ((const MovedTenant *) b)->tenant;

	return (left > right) - (left < right);
}

static void
add_moved(int64 tenant, int cell)
{
	if (moved.n == moved.size)
	{
		int size = Max(2 * moved.size, 16);

		moved.items = moved.items == NULL ? MemoryContextAlloc(TopMemoryContext, size * sizeof(MovedTenant))
										  : repalloc(moved.items, size * sizeof(MovedTenant));
		moved.size = size;
	}
	moved.items[moved.n++] = (MovedTenant){ tenant, cell };
}

static void
read_moved(void)
{
	AttrNumber tenant_column = get_attnum(moved.relation, "tenant_id");
	AttrNumber cell_column = get_attnum(moved.relation, "cell");
	AttrNumber served_column = get_attnum(moved.relation, "served");
	Relation relation;
	SysScanDesc scan;
	HeapTuple tuple;

	if (tenant_column <= 0 || cell_column <= 0 || served_column <= 0)
		return;
	relation = table_open(moved.relation, AccessShareLock);
	scan = systable_beginscan(relation, InvalidOid, false, NULL, 0, NULL);
	while (HeapTupleIsValid(tuple = systable_getnext(scan)))
	{
		TupleDesc row = RelationGetDescr(relation);
		bool isnull;

		if (!DatumGetBool(heap_getattr(tuple, served_column, row, &isnull)))
			add_moved(DatumGetInt64(heap_getattr(tuple, tenant_column, row, &isnull)),
				DatumGetInt32(heap_getattr(tuple, cell_column, row, &isnull)));
	}
	systable_endscan(scan);
	table_close(relation, AccessShareLock);
	qsort(moved.items, moved.n, sizeof(MovedTenant), compare);
}

/* An error on the way leaves it unknown. */
static void
refresh(void)
{
	static bool registered = false;
	Oid schema = get_namespace_oid(VA_PRIVATE_SCHEMA, true);

	if (!registered)
	{
		CacheRegisterRelcacheCallback(forget_moved, (Datum) 0);
		registered = true;
	}
	/* Valid first: an invalidation that arrives while we read must stick. */
	moved.valid = true;
	moved.n = 0;
	moved.relation = OidIsValid(schema) ? get_relname_relid(MOVES_TABLE, schema) : InvalidOid;
	if (!OidIsValid(moved.relation))
		return;
	PG_TRY();
	{
		read_moved();
	}
	PG_CATCH();
	{
		moved.valid = false;
		moved.judged_at = 0;
		PG_RE_THROW();
	}
	PG_END_TRY();
}

bool
va_any_elsewhere(void)
{
	TimestampTz now = GetCurrentStatementStartTimestamp();

	if (unlikely(!moved.valid) && moved.judged_at != now)
		refresh();
	moved.judged_at = now;
	return moved.n > 0;
}

int
va_cell_elsewhere(int64 tenant)
{
	MovedTenant key = { .tenant = tenant };
	const MovedTenant *found;

	if (likely(!va_any_elsewhere()))
		return 0;
	found = bsearch(&key, moved.items, moved.n, sizeof(MovedTenant), compare);
	return found == NULL ? 0 : found->cell;
}

/* Asked about who has proved nothing; by a catalog snapshot, as above. */
int64
va_signpost_tenant(const char *what)
{
	Oid schema = va_any_elsewhere() ? get_namespace_oid(VA_PRIVATE_SCHEMA, true) : InvalidOid;
	Oid table = OidIsValid(schema) ? get_relname_relid(SIGNPOSTS_TABLE, schema) : InvalidOid;
	Oid index = OidIsValid(schema) ? get_relname_relid(SIGNPOSTS_INDEX, schema) : InvalidOid;
	int64 tenant = 0;
	Relation relation;
	SysScanDesc scan;
	ScanKeyData key;
	HeapTuple tuple;

	if (!OidIsValid(table) || !OidIsValid(index))
		return 0;
	relation = table_open(table, AccessShareLock);
	ScanKeyInit(&key, get_attnum(table, "digest"), BTEqualStrategyNumber, F_BYTEAEQ, CStringGetTextDatum(what));
	scan = systable_beginscan(relation, index, true, NULL, 1, &key);
	tuple = systable_getnext(scan);
	if (HeapTupleIsValid(tuple))
	{
		bool isnull;

		tenant = DatumGetInt64(
			heap_getattr(tuple, get_attnum(table, "tenant_id"), RelationGetDescr(relation), &isnull));
	}
	systable_endscan(scan);
	table_close(relation, AccessShareLock);
	return va_cell_elsewhere(tenant) != 0 ? tenant : 0;
}
