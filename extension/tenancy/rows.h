/*-------------------------------------------------------------------------
 * rows.h
 *		Rows of our tables read and written without a statement, where a plan
 *		would cost more to set up than all that it does.
 *
 * No policy of row-level security is asked here.  Instead a scan and what is
 * written have the tenant of the transaction (va_current_tenant()), never one
 * that is given to them: a row of another one is not shown, and is not written.
 * Only va_open_rows_of_all() shows rows of all, to a worker that looks for
 * tenants, and those of the platform, which have no tenant.
 *
 * Writes from va_begin_writes() to va_end_writes() count as one statement:
 * constraints are checked row by row, and triggers fire as they do for INSERT and
 * UPDATE. (One for UPDATE OF columns does not: those of campaigns and
 * provider_accounts are, and nothing writes these so.) An update keeps what is
 * generated: it sets no column that one is made from.
 *
 * regress/lint/source.pl names the files that read or write so.
 */
#ifndef VOICEAGENT_ROWS_H
#define VOICEAGENT_ROWS_H

#include "postgres.h"

#include "access/genam.h"
#include "access/skey.h"
#include "commands/trigger.h"
#include "nodes/execnodes.h"
#include "nodes/lockoptions.h"
#include "utils/rel.h"

/* A column by its name, and where it was found the last time. */
typedef struct VaColumn
{
	const char *name;
	AttrNumber number;
} VaColumn;

#define VA_COLUMN(name)                       \
	({                                        \
		static VaColumn column = { name, 0 }; \
		&column;                              \
	})

#define va_row_value(slot, name, isnull) va_row_value_of(slot, VA_COLUMN(name), isnull)
#define va_row_nullable(slot, name) va_row_nullable_of(slot, VA_COLUMN(name))
#define va_row_datum(slot, name) va_row_datum_of(slot, VA_COLUMN(name)) /* never null */
#define va_row_says(slot, name, said) va_row_says_of(slot, VA_COLUMN(name), said)
#define va_row_has(slot, name) va_row_has_of(slot, VA_COLUMN(name)) /* not null */
#define va_set(target, name, value) va_set_of(target, VA_COLUMN(name), value, false)
#define va_set_or_null(target, name, value, isnull) va_set_of(target, VA_COLUMN(name), value, isnull)
#define va_set_from(target, name, row, column) va_set_from_of(target, VA_COLUMN(name), row, VA_COLUMN(column))

extern Datum va_row_value_of(TupleTableSlot *slot, VaColumn *column, bool *isnull);
extern NullableDatum va_row_nullable_of(TupleTableSlot *slot, VaColumn *column);
extern Datum va_row_datum_of(TupleTableSlot *slot, VaColumn *column);
extern bool va_row_has_of(TupleTableSlot *slot, VaColumn *column);
extern bool va_row_says_of(TupleTableSlot *slot, VaColumn *column, const char *said);
/* A composite value as a row, in a slot that the first of its type makes. */
extern void va_show_value(TupleTableSlot **slot, Datum composite);

/* ---- reading ---- */

typedef struct VaRows
{
	int64 tenant; /* 0: all */
	Relation table;
	Relation index;
	IndexScanDesc scan;
	TupleTableSlot *slot;  /* the row that was found */
	MemoryContext context; /* of its scan, as long as it is open */
	int n_keys;
	bool backward; /* the last row comes first */
	/* Ids that are looked for mostly rise, not backward: the next is read on to from the last, where few rows lie between. */
	bool in_order;
	bool walking; /* the scan goes on to later ids */
	int64 asked;
	int64 ahead; /* the id of the row in the slot */
	int credit;
} VaRows;

/* By the snapshot that is active; locks stay until the end of the transaction. */
extern void va_open_rows(
	VaRows *rows, const char *schema, const char *table, const char *index, int n_keys, LOCKMODE lock);
extern void va_open_rows_of_all(VaRows *rows, const char *schema, const char *table, const char *index, int n_keys);
extern void va_close_rows(VaRows *rows);

extern void va_find_rows(VaRows *rows, ScanKey keys);
extern bool va_next_row(VaRows *rows);
/* The first row of the tenant, and of this id if there are two keys. */
extern bool va_find_first(VaRows *rows, int64 tenant, int64 id);
#define va_find_row(rows, id) va_find_first(rows, (rows)->tenant, id)
/* The first one with these values after the tenant. */
extern bool va_find_by_two(VaRows *rows, RegProcedure second_is, Datum second, RegProcedure third_is, Datum third);

/*
 * SELECT ... FOR UPDATE and the like, of the row that was found.  The slot has its newest version then, which need not be
 * what was looked for any more.  False: it is gone, or held by others and not waited for.
 */
extern bool va_lock_row(VaRows *rows, LockTupleMode mode, LockWaitPolicy wait);

/* ---- writing ---- */

typedef struct VaWrites
{
	int64 tenant;
	EState *estate;
	List *targets;
} VaWrites;

typedef struct VaTarget
{
	VaWrites *writes;
	CmdType command;
	ResultRelInfo *info;
	TransitionCaptureState *capture;
	TupleTableSlot *slot; /* the row to write */
	TupleTableSlot *found;
} VaTarget;

extern void va_begin_writes(VaWrites *writes);
/* CMD_INSERT, CMD_UPDATE or CMD_DELETE. */
extern void va_open_target(VaTarget *target, VaWrites *writes, const char *schema, const char *name, CmdType command);
/* Triggers fire, tables are closed, and what was written is seen from here on. */
extern void va_end_writes(VaWrites *writes);

/* An empty row, all of it null; or a copy of one, whose slot is kept until the row is written. */
extern void va_begin_insert(VaTarget *target);
extern void va_begin_update(VaTarget *target, TupleTableSlot *row);
extern void va_set_of(VaTarget *target, VaColumn *column, Datum value, bool isnull);
/* As another row has it; NULL: there is none. */
extern void va_set_from_of(VaTarget *target, VaColumn *column, TupleTableSlot *row, VaColumn *its);
/* A value of a composite type, read and made as a row is: what was set from va_begin_insert() on. */
extern void va_open_value(VaTarget *target, Oid type);
extern Datum va_made_value(VaTarget *target);

/* False: a trigger of an operator's leaves the row out. */
extern bool va_insert_row(VaTarget *target);
/* The rows at these places are locked by this transaction, or a lock that it holds keeps other writers out. */
extern bool va_update_row(VaTarget *target, ItemPointer tid);
extern bool va_delete_row(VaTarget *target, ItemPointer tid);
/* The row there, until another one is asked for; NULL: the transaction itself has changed it since. */
extern TupleTableSlot *va_row_at(VaTarget *target, ItemPointer tid);

/* The two halves of va_insert_row(), for one who brings the row to the table in another way. */
extern bool va_check_insert(VaTarget *target);
extern void va_inserted(VaTarget *target, List *recheck);

#endif /* VOICEAGENT_ROWS_H */
