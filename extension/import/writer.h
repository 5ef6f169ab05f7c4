/*-------------------------------------------------------------------------
 * writer.h
 *		The way of COPY into one table: many tuples a page and a WAL record.
 *
 * No trigger fires and no constraint is checked but by the unique indexes.  A
 * writer lives in the memory context in which it was opened.  The caller holds
 * RowExclusiveLock on the table.
 */
#ifndef VOICEAGENT_IMPORT_WRITER_H
#define VOICEAGENT_IMPORT_WRITER_H

#include "access/heapam.h"
#include "executor/executor.h"
#include "utils/rel.h"

/* Tuples that go to the heap together. */
#define VA_WRITER_BATCH 500

typedef struct VaTableWriter
{
	Relation rel;
	EState *estate;
	ResultRelInfo *all;	   /* owns the open indexes */
	ResultRelInfo *direct; /* indexes that are filled batch by batch */
	ResultRelInfo *later;  /* the one that is filled in its own order; NULL: none */
	BulkInsertState bulk;
	TupleTableSlot *slots[VA_WRITER_BATCH];
	int n;
	bool generated; /* has stored columns that others make */
} VaTableWriter;

/* A table of schema voiceagent. */
extern Relation va_open_table(const char *name, LOCKMODE lock);

/* One of its private schema. */
extern Relation va_open_private_table(const char *name, LOCKMODE lock);

/* later_index (or InvalidOid) is left to the caller, who fills it through writer->later. */
extern void va_writer_open(VaTableWriter *writer, Relation rel, Oid later_index);

/* Takes the tuple over; flush when n has become VA_WRITER_BATCH. */
extern void va_writer_add(VaTableWriter *writer, HeapTuple tuple);

/* Writes what is pending; tids (may be NULL) get the places of the tuples, in order. */
extern void va_writer_flush(VaTableWriter *writer, ItemPointer *tids);

/* After the last flush; the table stays open. */
extern void va_writer_close(VaTableWriter *writer);

#endif /* VOICEAGENT_IMPORT_WRITER_H */
