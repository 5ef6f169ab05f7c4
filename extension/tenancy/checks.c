/*-------------------------------------------------------------------------
 * checks.c
 *		The CHECK constraints of our tables, read once a session (contract in
 *		checks.h).
 *
 * The relation cache has them as text, which the executor reads, plans and
 * sets up anew for each statement that writes a row.  The set-up serves the
 * next statement as well, as long as the same role may call its functions.
 * (One that writes to the same table while a constraint of it is evaluated
 * would disturb that; but a constraint writes nothing.)
 *
 * A statement runs the constraints that it began with, so these stay until
 * its transaction ends, whatever becomes of the table.
 */
#include "postgres.h"

#include "executor/executor.h"
#include "miscadmin.h"
#include "nodes/nodes.h"
#include "optimizer/optimizer.h"
#include "utils/inval.h"
#include "utils/memutils.h"
#include "utils/rel.h"
#include "utils/syscache.h"

#include "checks.h"
#include "core/compat.h"

typedef struct TableChecks
{
	Oid relation; /* the key */
	bool valid;
	bool unchanged; /* since it began to be read */
	Oid role;		/* who may call their functions */
	int n;
	ExprState **states;
	MemoryContext memory; /* NULL: not read yet */
} TableChecks;

static HTAB *tables = NULL;

static void
forget_table(Datum unused, Oid relation)
{
	HASH_SEQ_STATUS each;
	TableChecks *table;

	if (OidIsValid(relation))
	{
		table = hash_search(tables, &relation, HASH_FIND, NULL);
		if (table != NULL)
			table->valid = table->unchanged = false;
		return;
	}
	hash_seq_init(&each, tables);
	while ((table = hash_seq_search(&each)) != NULL)
		table->valid = table->unchanged = false;
}

/* A function that a constraint calls may be dissolved in it, a domain is set up with what it demands. */
static void
forget_all(Datum unused, int cache, uint32 hash)
{
	forget_table(unused, InvalidOid);
}

static void
begin(void)
{
	HASHCTL control = { .keysize = sizeof(Oid), .entrysize = sizeof(TableChecks), .hcxt = CacheMemoryContext };

	tables = hash_create("CHECK constraints", 64, &control, HASH_ELEM | HASH_BLOBS | HASH_CONTEXT);
	CacheRegisterRelcacheCallback(forget_table, (Datum) 0);
	CacheRegisterSyscacheCallback(PROCOID, forget_all, (Datum) 0);
	CacheRegisterSyscacheCallback(CONSTROID, forget_all, (Datum) 0);
}

/* An invalidation that comes meanwhile leaves it invalid: this statement has what it would have read by itself. */
static void
read_checks(TableChecks *table, Relation rel)
{
	MemoryContext memory = AllocSetContextCreate(CurTransactionContext, "CHECK constraints", ALLOCSET_SMALL_SIZES);
	MemoryContext before = MemoryContextSwitchTo(memory);
	const TupleConstr *constr = rel->rd_att->constr;
	int n = constr->num_check;
	ExprState **states = palloc(n * sizeof(ExprState *));

	table->unchanged = true;
	for (int i = 0; i < n; i++)
		states[i] = ExecInitExpr(expression_planner(stringToNode(constr->check[i].ccbin)), NULL);
	(void) MemoryContextSwitchTo(before);
	if (table->memory != NULL)
		MemoryContextSetParent(table->memory, TopTransactionContext);
	MemoryContextSetParent(memory, CacheMemoryContext);
	table->memory = memory;
	table->states = states;
	table->n = n;
	table->role = GetUserId();
	table->valid = table->unchanged;
}

/* NULL: the executor is to read them itself, and to say what is wrong with them. */
static const TableChecks *
checks_of(Relation rel)
{
	const TupleConstr *constr = rel->rd_att->constr;
	Oid relation = RelationGetRelid(rel);
	TableChecks *table;
	bool found;

	if (constr == NULL || constr->num_check == 0 || constr->num_check != rel->rd_rel->relchecks ||
		!VA_CHECKS_AS_WRITTEN(constr))
		return NULL;
	if (tables == NULL)
		begin();
	table = hash_search(tables, &relation, HASH_ENTER, &found);
	if (!found)
		*table = (TableChecks){ .relation = relation };
	if (!table->valid || table->role != GetUserId())
		read_checks(table, rel);
	return table->n == constr->num_check ? table : NULL;
}

void
va_prepare_table_checks(ResultRelInfo *info)
{
	const TableChecks *table = VA_CHECK_STATES(info) == NULL ? checks_of(info->ri_RelationDesc) : NULL;

	if (table != NULL)
		VA_CHECK_STATES(info) = table->states;
}

void
va_prepare_checks(EState *state)
{
	for (int i = 0; i < list_length(state->es_opened_result_relations); i++)
		va_prepare_table_checks(list_nth(state->es_opened_result_relations, i));
}
