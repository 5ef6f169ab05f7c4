/*-------------------------------------------------------------------------
 * lead_lock.c
 *		Two locks per tenant: who may add leads, and who may change many.
 *
 * An import holds the first exclusively, because it looks for duplicates once
 * and then inserts a whole chunk that a unique violation would abort; whoever
 * adds single leads holds it shared.
 *
 * The end of calls changes leads and lanes of several campaigns, in the order
 * in which they ended; whoever else changes many of a tenant's would sooner or
 * later wait for it crosswise.  So that one holds the second lock exclusively,
 * and who ends calls holds it shared, each before any row.
 *
 * They are advisory locks in classes of their own, which no SQL function can
 * reach, and they end with the transaction.
 */
#include "postgres.h"

#include "fmgr.h"
#include "miscadmin.h"
#include "storage/lock.h"

#include "tenancy/identity.h"
#include "core/shmem.h"
#include "core/wake.h"

/* 1 and 2 are those of pg_advisory_lock(). */
#define LEAD_LOCK_CLASS 0x5641
#define TENANT_LOCK_CLASS 0x5642

PG_FUNCTION_INFO_V1(va_sql_lock_leads);
PG_FUNCTION_INFO_V1(va_sql_try_leads_lock);
PG_FUNCTION_INFO_V1(va_sql_lock_tenant);
PG_FUNCTION_INFO_V1(va_sql_try_lock_tenant);

static bool
lock_of_tenant(uint16 class, LOCKMODE mode, bool dont_wait)
{
	uint64 tenant = (uint64) va_current_tenant();
	LOCKTAG tag;

	SET_LOCKTAG_ADVISORY(tag, MyDatabaseId, (uint32) (tenant >> 32), (uint32) tenant, class);
	return LockAcquire(&tag, mode, false, dont_wait) != LOCKACQUIRE_NOT_AVAIL;
}

Datum
va_sql_lock_leads(PG_FUNCTION_ARGS)
{
	(void) lock_of_tenant(LEAD_LOCK_CLASS, PG_GETARG_BOOL(0) ? ExclusiveLock : ShareLock, false);
	PG_RETURN_VOID();
}

Datum
va_sql_try_leads_lock(PG_FUNCTION_ARGS)
{
	PG_RETURN_BOOL(lock_of_tenant(LEAD_LOCK_CLASS, PG_GETARG_BOOL(0) ? ExclusiveLock : ShareLock, true));
}

Datum
va_sql_lock_tenant(PG_FUNCTION_ARGS)
{
	bool exclusive = PG_GETARG_BOOL(0);

	(void) lock_of_tenant(TENANT_LOCK_CLASS, exclusive ? ExclusiveLock : ShareLock, false);
	/* Webhooks that wait for the end of this (apply_inbox() gives -1 meanwhile) are applied upon the commit. */
	if (exclusive && va_shmem_or_null() != NULL)
		va_poke(VA_WORKER_APPLIER);
	PG_RETURN_VOID();
}

Datum
va_sql_try_lock_tenant(PG_FUNCTION_ARGS)
{
	PG_RETURN_BOOL(lock_of_tenant(TENANT_LOCK_CLASS, ShareLock, true));
}
