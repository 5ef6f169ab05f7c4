/*-------------------------------------------------------------------------
 * probe.h
 *		Is there a row for (tenant, phone)?
 *
 * Asked in ascending order, so the index is walked along with the questions;
 * a long way is jumped over.  Reads with SnapshotSelf: what is committed, and
 * what this very statement has inserted.  A probe lives in the memory context
 * in which it was opened; the caller holds a lock on the table.
 */
#ifndef VOICEAGENT_IMPORT_PROBE_H
#define VOICEAGENT_IMPORT_PROBE_H

#include "access/genam.h"
#include "access/relscan.h"
#include "executor/tuptable.h"
#include "utils/rel.h"

typedef struct VaPhoneProbe
{
	MemoryContext context; /* the scan's; see va_probe_find */
	Relation heap;
	Relation index;
	IndexScanDesc scan;
	TupleTableSlot *slot;
	ScanKeyData keys[2];
	bool positioned;	 /* current is the first entry not yet passed */
	bool at_end;		 /* there is no further entry */
	ItemPointerData tid; /* of the current entry, as the index has it */
	char phone[VARHDRSZ + 24] pg_attribute_aligned(MAXIMUM_ALIGNOF);
	char current[32];
} VaPhoneProbe;

/* heap has a unique index on (tenant_id, phone). */
extern void va_probe_open(VaPhoneProbe *probe, Relation heap, int64 tenant);
extern void va_probe_close(VaPhoneProbe *probe);

/* Has the tenant any row at all? */
extern bool va_probe_any(VaPhoneProbe *probe);

/* True when there is such a row; probe->slot holds it.  Never asked for a smaller number than before. */
extern bool va_probe_find(VaPhoneProbe *probe, const char *e164);

/* The next question may be any; also lets go of the page. */
extern void va_probe_restart(VaPhoneProbe *probe);

#endif /* VOICEAGENT_IMPORT_PROBE_H */
