/*-------------------------------------------------------------------------
 * law_lock.c
 *		One lock per database that keeps lanes from being made by a law that
 *		is just changing.
 *
 * Who makes lanes holds it shared from before the law is read until the
 * lanes are committed; who changes the law holds it exclusively, so that all
 * lanes made by the old one can be seen and closed.  It is an advisory lock
 * in a class of its own, which no SQL function can reach, and it ends with
 * the transaction.
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "fmgr.h"
#include "miscadmin.h"
#include "storage/lock.h"

/* 1 and 2 are those of pg_advisory_lock(), 0x5641 is lead_lock.c's. */
#define LAW_LOCK_CLASS 0x5642

PG_FUNCTION_INFO_V1(va_sql_lock_law);

Datum
va_sql_lock_law(PG_FUNCTION_ARGS)
{
	LOCKTAG		tag;

	SET_LOCKTAG_ADVISORY(tag, MyDatabaseId, 0, 0, LAW_LOCK_CLASS);
	(void) LockAcquire(&tag, PG_GETARG_BOOL(0) ? ExclusiveLock : ShareLock, false, false);
	PG_RETURN_VOID();
}
