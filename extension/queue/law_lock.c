/*-------------------------------------------------------------------------
 * law_lock.c
 *		One lock per database that keeps lanes from being made by a law that
 *		is just changing.
 *
 * A transaction that makes lanes holds it shared from before it reads the law
 * until it commits; one that changes the law holds it exclusively, so that all
 * lanes made by the old one can be seen and closed.  And one per jurisdiction
 * for whoever keeps its terms: no session waits for it, as it can resolve the
 * terms itself.  They are advisory locks in a class of their own, which no SQL
 * function can reach, and end with the transaction.
 */
#include "postgres.h"

#include "common/hashfn.h"
#include "fmgr.h"
#include "miscadmin.h"
#include "storage/lock.h"

#include "core/compat.h"
#include "core/simulation.h"

/* 1 and 2 are those of pg_advisory_lock(), 0x5641 and 0x5642 are lead_lock.c's. */
#define LAW_LOCK_CLASS 0x5643

/* The first number of a lock of this class. */
#define WHOLE_LAW 0
#define TERMS 1

PG_FUNCTION_INFO_V1(va_sql_lock_law);
PG_FUNCTION_INFO_V1(va_sql_try_lock_terms);

Datum
va_sql_lock_law(PG_FUNCTION_ARGS)
{
	LOCKTAG tag;

	/* Its rows will never be seen, and it is slow. */
	if (va_simulating())
		PG_RETURN_VOID();
	SET_LOCKTAG_ADVISORY(tag, MyDatabaseId, WHOLE_LAW, 0, LAW_LOCK_CLASS);
	(void) LockAcquire(&tag, PG_GETARG_BOOL(0) ? ExclusiveLock : ShareLock, false, false);
	PG_RETURN_VOID();
}

/* Two jurisdictions of one hash keep each other waiting for their next chance. */
Datum
va_sql_try_lock_terms(PG_FUNCTION_ARGS)
{
	text *jurisdiction = PG_GETARG_TEXT_PP(0);
	uint32 key = hash_bytes((unsigned char *) VARDATA_ANY(jurisdiction), VARSIZE_ANY_EXHDR(jurisdiction));
	LOCKTAG tag;

	SET_LOCKTAG_ADVISORY(tag, MyDatabaseId, TERMS, key, LAW_LOCK_CLASS);
	PG_RETURN_BOOL(LockAcquire(&tag, ExclusiveLock, false, true) != LOCKACQUIRE_NOT_AVAIL);
}
