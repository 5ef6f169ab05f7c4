/*-------------------------------------------------------------------------
 * lead_lock.c
 *		One lock per tenant that says who may add leads.
 *
 * An import holds it exclusively, because it looks for duplicates once and
 * then inserts a whole chunk that a unique violation would abort; whoever adds
 * single leads holds it shared.  It is an advisory lock in a class of its own,
 * which no SQL function can reach, and it ends with the transaction.
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "fmgr.h"
#include "miscadmin.h"
#include "storage/lock.h"

#include "identity.h"

/* 1 and 2 are those of pg_advisory_lock(). */
#define LEAD_LOCK_CLASS 0x5641

PG_FUNCTION_INFO_V1(va_sql_lock_leads);
PG_FUNCTION_INFO_V1(va_sql_try_lock_leads);

static bool
lock_leads(LOCKMODE mode, bool dont_wait)
{
	uint64		tenant = (uint64) va_current_tenant();
	LOCKTAG		tag;

	SET_LOCKTAG_ADVISORY(tag, MyDatabaseId, (uint32) (tenant >> 32), (uint32) tenant, LEAD_LOCK_CLASS);
	return LockAcquire(&tag, mode, false, dont_wait) != LOCKACQUIRE_NOT_AVAIL;
}

Datum
va_sql_lock_leads(PG_FUNCTION_ARGS)
{
	(void) lock_leads(PG_GETARG_BOOL(0) ? ExclusiveLock : ShareLock, false);
	PG_RETURN_VOID();
}

Datum
va_sql_try_lock_leads(PG_FUNCTION_ARGS)
{
	PG_RETURN_BOOL(lock_leads(ShareLock, true));
}
