/*-------------------------------------------------------------------------
 * compat.h
 *		Every difference between PostgreSQL 15 to 19 that our code
 *		meets, in one place.  No other file tests PG_VERSION_NUM.
 *
 * Include postgres.h first; macros and inline functions only.
 */
#ifndef VOICEAGENT_COMPAT_H
#define VOICEAGENT_COMPAT_H

#include "postgres.h"

#if PG_VERSION_NUM < 150000
#error "voiceagent needs PostgreSQL 15 or newer"
#endif

#include "access/tableam.h"
#include "access/tupdesc.h"
#include "catalog/pg_database.h"
#include "miscadmin.h"
#include "storage/latch.h"
#include "storage/proc.h"
#include "utils/acl.h"
#include "utils/guc.h"
#include "utils/jsonb.h"
#include "utils/resowner.h"

#if PG_VERSION_NUM >= 180000
#include "storage/waiteventset.h"
#endif

/* copyObject() of 19 is written for a later C than ours, whose word for it GNU C has as well. */
#if PG_VERSION_NUM >= 190000 && __STDC_VERSION__ <= 201710L
#define typeof_unqual __typeof_unqual__
#endif

/* VARSIZE_ANY_EXHDR() and the like: 16 moved them out of postgres.h. */
#if PG_VERSION_NUM >= 160000
#include "varatt.h"
#endif

/* Before the whole declaration; 18 takes it nowhere else, and its own name is not known to 15 to 17. */
#if PG_VERSION_NUM >= 180000
#define VA_NORETURN pg_noreturn
#else
#define VA_NORETURN pg_attribute_noreturn()
#endif

/* The number by which another process finds our PGPROC, and so our latch. */
#if PG_VERSION_NUM >= 170000
#define VA_MY_PROCNO MyProcNumber
#else
#define VA_MY_PROCNO (MyProc->pgprocno)
#endif

/* A number that no other backend has at the same time; a later one may get it. */
#if PG_VERSION_NUM >= 170000
#define VA_MY_BACKEND_NUMBER MyProcNumber
#else
#define VA_MY_BACKEND_NUMBER MyBackendId
#endif

/*
 * The CHECK constraints of a table that a statement evaluates, and whether that is what they say: 18 has some that are
 * not enforced, and virtual columns in them.
 */
#if PG_VERSION_NUM >= 180000
#define VA_CHECK_STATES(info) ((info)->ri_CheckConstraintExprs)
#define VA_CHECKS_AS_WRITTEN(constr) \
	(!(constr)->has_generated_virtual && va_checks_enforced((constr)->check, (constr)->num_check))
static inline bool
va_checks_enforced(const ConstrCheck *check, int n)
{
	for (int i = 0; i < n; i++)
		if (!check[i].ccenforced)
			return false;
	return true;
}
#else
#define VA_CHECK_STATES(info) ((info)->ri_ConstraintExprs)
#define VA_CHECKS_AS_WRITTEN(constr) true
#endif

/* An update that sets no column from which another one is generated has none to find out: else this is read and planned. */
#if PG_VERSION_NUM < 160000
#define VA_NOTHING_GENERATED(info, natts) ((info)->ri_GeneratedExprs = palloc0((natts) * sizeof(ExprState *)))
#else
#define VA_NOTHING_GENERATED(info, natts) ((void) 0)
#endif

/* A wait set that lives as long as the process. */
#if PG_VERSION_NUM >= 170000
#define VA_CREATE_WAIT_SET(n) CreateWaitEventSet(NULL, n)
#else
#define VA_CREATE_WAIT_SET(n) CreateWaitEventSet(TopMemoryContext, n)
#endif

#if PG_VERSION_NUM >= 160000
#define VA_OWNS_DATABASE(db, role) object_ownercheck(DatabaseRelationId, db, role)
#else
#define VA_OWNS_DATABASE(db, role) pg_database_ownercheck(db, role)
#endif

/* 17 turned the backend identity on its head; 15 and 16 know no such flag. */
#if PG_VERSION_NUM >= 170000
#define VA_BGWORKER_FLAGS BGWORKER_BYPASS_ROLELOGINCHECK
#else
#define VA_BGWORKER_FLAGS 0
#endif

/* Memory of a setting's "extra": 16 took it over from malloc. NULL when there is none. */
#if PG_VERSION_NUM >= 160000
#define va_guc_alloc(size) guc_malloc(LOG, (size))
#else
#define va_guc_alloc(size) malloc(size)
#endif

/* A new and empty file of a table, and its indexes made anew: 16 renamed the one, and 17 takes a statement to report for the other. */
#if PG_VERSION_NUM >= 160000
#define va_new_file(table) RelationSetNewRelfilenumber(table, (table)->rd_rel->relpersistence)
#else
#define va_new_file(table) RelationSetNewRelfilenode(table, (table)->rd_rel->relpersistence)
#endif
#if PG_VERSION_NUM >= 170000
#define va_reindex(oid) ((void) reindex_relation(NULL, oid, 0, &(ReindexParams){ 0 }))
#else
#define va_reindex(oid) ((void) reindex_relation(oid, 0, &(ReindexParams){ 0 }))
#endif

/* 18 counts an index scan's work for EXPLAIN, and 19 takes flags of scans. */
#if PG_VERSION_NUM >= 190000
#define va_index_beginscan(heap, index, snapshot, keys) index_beginscan(heap, index, snapshot, NULL, keys, 0, 0)
#elif PG_VERSION_NUM >= 180000
#define va_index_beginscan(heap, index, snapshot, keys) index_beginscan(heap, index, snapshot, NULL, keys, 0)
#else
#define va_index_beginscan(heap, index, snapshot, keys) index_beginscan(heap, index, snapshot, keys, 0)
#endif

#if PG_VERSION_NUM >= 190000
#define va_table_beginscan(table, snapshot) table_beginscan(table, snapshot, 0, NULL, 0)
#else
#define va_table_beginscan(table, snapshot) table_beginscan(table, snapshot, 0, NULL)
#endif

/* A row that is waited for is changed or deleted: 19 has options, of which one is whether it moves elsewhere. */
#if PG_VERSION_NUM >= 190000
#define va_update_tuple(rel, tid, slot, cid, snapshot, failure, mode, indexes) \
	table_tuple_update(rel, tid, slot, cid, 0, snapshot, InvalidSnapshot, true, failure, mode, indexes)
#define va_delete_tuple(rel, tid, cid, snapshot, failure) \
	table_tuple_delete(rel, tid, cid, 0, snapshot, InvalidSnapshot, true, failure)
#else
#define va_update_tuple(rel, tid, slot, cid, snapshot, failure, mode, indexes) \
	table_tuple_update(rel, tid, slot, cid, snapshot, InvalidSnapshot, true, failure, mode, indexes)
#define va_delete_tuple(rel, tid, cid, snapshot, failure) \
	table_tuple_delete(rel, tid, cid, snapshot, InvalidSnapshot, true, failure, false)
#endif

/* 16 lets an update touch summarizing indexes only; 19 has flags in the place of booleans. */
#if PG_VERSION_NUM >= 190000
#define va_insert_index_tuples(rri, slot, estate) ExecInsertIndexTuples(rri, estate, 0, slot, NIL, NULL)
#define va_insert_index_tuples_if_new(rri, slot, estate, raced) \
	((void) ExecInsertIndexTuples(rri, estate, EIIT_NO_DUPE_ERROR, slot, NIL, raced))
#elif PG_VERSION_NUM >= 160000
#define va_insert_index_tuples(rri, slot, estate) \
	ExecInsertIndexTuples(rri, slot, estate, false, false, NULL, NIL, false)
#define va_insert_index_tuples_if_new(rri, slot, estate, raced) \
	((void) ExecInsertIndexTuples(rri, slot, estate, false, true, raced, NIL, false))
#else
#define va_insert_index_tuples(rri, slot, estate) ExecInsertIndexTuples(rri, slot, estate, false, false, NULL, NIL)
#define va_insert_index_tuples_if_new(rri, slot, estate, raced) \
	((void) ExecInsertIndexTuples(rri, slot, estate, false, true, raced, NIL))
#endif

/* Which indexes an update has to tell, and telling them. */
#if PG_VERSION_NUM >= 160000
typedef TU_UpdateIndexes VaUpdateIndexes;
#define VA_INDEXES_CHANGE(indexes) ((indexes) != TU_None)
#if PG_VERSION_NUM >= 190000
#define va_update_index_tuples(rri, slot, estate, indexes) \
	ExecInsertIndexTuples(                                 \
		rri, estate, EIIT_IS_UPDATE | ((indexes) == TU_Summarizing ? EIIT_ONLY_SUMMARIZING : 0), slot, NIL, NULL)
#else
#define va_update_index_tuples(rri, slot, estate, indexes) \
	ExecInsertIndexTuples(rri, slot, estate, true, false, NULL, NIL, (indexes) == TU_Summarizing)
#endif
#else
typedef bool VaUpdateIndexes;
#define VA_INDEXES_CHANGE(indexes) (indexes)
#define va_update_index_tuples(rri, slot, estate, indexes) \
	ExecInsertIndexTuples(rri, slot, estate, true, false, NULL, NIL)
#endif

/* The triggers before a row that is locked is changed or deleted, so that nothing can come between. */
#if PG_VERSION_NUM >= 180000
#define VA_NO_RESULT NULL, NULL, false
#elif PG_VERSION_NUM >= 160000
#define VA_NO_RESULT NULL, NULL
#else
#define VA_NO_RESULT NULL
#endif
#define va_before_update(estate, rri, tid, slot) \
	ExecBRUpdateTriggers(estate, &(EPQState){ .parentestate = (estate) }, rri, tid, NULL, slot, VA_NO_RESULT)
#if PG_VERSION_NUM >= 160000
#define va_before_delete(estate, rri, tid) \
	ExecBRDeleteTriggers(estate, &(EPQState){ .parentestate = (estate) }, rri, tid, NULL, NULL, VA_NO_RESULT)
#else
#define va_before_delete(estate, rri, tid) \
	ExecBRDeleteTriggers(estate, &(EPQState){ .parentestate = (estate) }, rri, tid, NULL, NULL)
#endif

/* 18 may except a tuple. */
#if PG_VERSION_NUM >= 180000
#define va_check_index_constraints(rri, slot, estate, conflict) \
	ExecCheckIndexConstraints(rri, slot, estate, conflict, NULL, NIL)
#else
#define va_check_index_constraints(rri, slot, estate, conflict) \
	ExecCheckIndexConstraints(rri, slot, estate, conflict, NIL)
#endif

/* 17 limits transactions, too: a limit that an operator sets, as an entry of a list of {setting, value}. */
#if PG_VERSION_NUM >= 170000
#define VA_NO_TRANSACTION_TIMEOUT { "transaction_timeout", "0" },
#else
#define VA_NO_TRANSACTION_TIMEOUT
#endif

/* 17 wants the relation itself. */
#if PG_VERSION_NUM >= 170000
#define va_identity_sequence(rel, attr) getIdentitySequence(rel, attr, false)
#else
#define va_identity_sequence(rel, attr) getIdentitySequence(RelationGetRelid(rel), attr, false)
#endif

/* 16 asks whether the datum is copied; that of a type passed by value is none. */
#if PG_VERSION_NUM >= 160000
#define va_tuplesort_getdatum(state, val, isnull) tuplesort_getdatum(state, true, false, val, isnull, NULL)
#else
#define va_tuplesort_getdatum(state, val, isnull) tuplesort_getdatum(state, true, val, isnull, NULL)
#endif

/* The arguments of an ExecutorRun hook, and how they are passed on: 18 has dropped execute_once. */
#if PG_VERSION_NUM >= 180000
#define VA_EXECUTOR_RUN_ARGS QueryDesc *query, ScanDirection direction, uint64 count
#define VA_EXECUTOR_RUN_PASS query, direction, count
#else
#define VA_EXECUTOR_RUN_ARGS QueryDesc *query, ScanDirection direction, uint64 count, bool execute_once
#define VA_EXECUTOR_RUN_PASS query, direction, count, execute_once
#endif

/* The arguments of a planner hook, and how they are passed on: 19 adds EXPLAIN's state, and the jumble is not ours to change. */
#if PG_VERSION_NUM >= 190000
#define VA_PLANNER_ARGS \
	Query *query, const char *source, int cursor_options, ParamListInfo params, struct ExplainState *explain
#define VA_PLANNER_PASS query, source, cursor_options, params, explain
#define VA_JUMBLE_STATE const JumbleState
#else
#define VA_PLANNER_ARGS Query *query, const char *source, int cursor_options, ParamListInfo params
#define VA_PLANNER_PASS query, source, cursor_options, params
#define VA_JUMBLE_STATE JumbleState
#endif

/* 19 folds the predicates of indexes by NOT NULL. */
#if PG_VERSION_NUM >= 190000
#define VA_FOLDS_PREDICATES
#endif

/* Since 19, signal handlers learn the sender. */
#if PG_VERSION_NUM >= 190000
#define va_die() die(0, NULL)
#else
#define va_die() die(0)
#endif

/* JSON made piece by piece, zero-initialised; result: the whole, once it is closed.  19 keeps both together. */
#if PG_VERSION_NUM >= 190000
typedef JsonbInState VaJsonState;
#define va_push_json(state, token, value) pushJsonbValue(state, token, value)
#else
typedef struct VaJsonState
{
	JsonbParseState *parse;
	JsonbValue *result;
} VaJsonState;
#define va_push_json(state, token, value) ((void) ((state)->result = pushJsonbValue(&(state)->parse, token, value)))
#endif

/* The places that a process has in the lock table, a list a partition: 16 made an ordinary list of it. */
#if PG_VERSION_NUM >= 160000
static inline int
va_count_lock_list(dlist_head *list)
{
	dlist_iter iter;
	int n = 0;

	dlist_foreach(iter, list) n++;
	return n;
}
#define va_lock_list_is_empty(list) dlist_is_empty(list)
#else
static inline int
va_count_lock_list(SHM_QUEUE *list)
{
	int n = 0;

	for (SHM_QUEUE *link = list->next; link != list; link = link->next)
		n++;
	return n;
}
#define va_lock_list_is_empty(list) SHMQueueEmpty(list)
#endif

/* An entry of pg_stat_activity, from 1 on. */
#if PG_VERSION_NUM >= 160000
#define va_backend_entry(i) pgstat_get_local_beentry_by_index(i)
#else
#define va_backend_entry(i) pgstat_fetch_stat_local_beentry(i)
#endif

#endif /* VOICEAGENT_COMPAT_H */
