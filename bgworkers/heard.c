/*-------------------------------------------------------------------------
 * heard.c
 *		What stored webhooks say (contract in heard.h).
 *
 * Kept by tenant in memory of its own, whole webhooks only: of one that were
 * here in part the rest would have no effect.  When too much waits all of it
 * is forgotten, which costs a second reading and nothing else.  No locks.
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "utils/datum.h"
#include "utils/hsearch.h"
#include "utils/memutils.h"

#include "heard.h"
#include "take.h"

#define HEARD_MAX_BYTES ((Size) 32 * 1024 * 1024)

typedef struct Heard
{
	struct Heard *next;
	int			n;
	Datum		rows[FLEXIBLE_ARRAY_MEMBER];
} Heard;

typedef struct HeardTenant
{
	int64		tenant_id;		/* hash key */
	Heard	   *first;
	Heard	   *last;
} HeardTenant;

static MemoryContext memory = NULL;
static HTAB *tenants = NULL;

static void
forget_all(void)
{
	HASHCTL		info = {.keysize = sizeof(int64), .entrysize = sizeof(HeardTenant)};

	/* The table lives in there, too. */
	tenants = NULL;
	if (memory == NULL)
		memory = AllocSetContextCreate(TopMemoryContext, "what webhooks say", ALLOCSET_DEFAULT_SIZES);
	MemoryContextReset(memory);
	info.hcxt = memory;
	tenants = hash_create("what webhooks say", 64, &info, HASH_ELEM | HASH_BLOBS | HASH_CONTEXT);
}

void
va_heard_keep(int64 tenant_id, const Datum *rows, int n)
{
	MemoryContext caller = CurrentMemoryContext;
	HeardTenant *tenant;
	Heard	   *heard;
	bool		found;

	if (tenants == NULL || MemoryContextMemAllocated(memory, true) > HEARD_MAX_BYTES)
		forget_all();
	(void) MemoryContextSwitchTo(memory);
	heard = palloc(offsetof(Heard, rows) + sizeof(Datum) * n);
	heard->next = NULL;
	heard->n = n;
	for (int i = 0; i < n; i++)
		heard->rows[i] = datumCopy(rows[i], false, -1);
	(void) MemoryContextSwitchTo(caller);
	tenant = hash_search(tenants, &tenant_id, HASH_ENTER, &found);
	if (found)
		tenant->last->next = heard;
	else
		tenant->first = heard;
	tenant->last = heard;
}

static void
forget(Heard *heard)
{
	for (int i = 0; i < heard->n; i++)
		pfree(DatumGetPointer(heard->rows[i]));
	pfree(heard);
}

Datum
va_heard_take(int64 tenant_id, int max)
{
	HeardTenant *tenant = tenants == NULL ? NULL : hash_search(tenants, &tenant_id, HASH_FIND, NULL);
	Heard	   *rest = tenant == NULL ? NULL : tenant->first;
	Datum	   *rows;
	Datum		array;
	int			webhooks = 0;
	int			n = 0;

	for (; rest != NULL && webhooks < max; rest = rest->next, webhooks++)
		n += rest->n;
	rows = palloc(sizeof(Datum) * Max(n, 1));
	n = 0;
	for (Heard *heard = tenant == NULL ? NULL : tenant->first; heard != rest; heard = heard->next)
		for (int i = 0; i < heard->n; i++)
			rows[n++] = heard->rows[i];
	array = va_array_of_read_events(rows, n);
	if (tenant == NULL)
		return array;
	while (tenant->first != rest)
	{
		Heard	   *heard = tenant->first;

		tenant->first = heard->next;
		forget(heard);
	}
	if (rest == NULL)
		(void) hash_search(tenants, &tenant_id, HASH_REMOVE, NULL);
	return array;
}
