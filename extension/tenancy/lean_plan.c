/*-------------------------------------------------------------------------
 * lean_plan.c
 *		Plans of the platform's own code that are set up with less work.
 *
 * A statement of a call meets a row or two, so it costs what its plan costs
 * to set up, by its nodes and their columns.  The planner thinks of many rows.
 *
 *	Columns		a scan hands on all columns of its table where nothing above
 *				it minds.  It takes out those that are wanted if they are few.
 *	Nodes		"tenant_id = $1" beside the policy's "tenant_id =
 *				policy_tenant()" becomes a node above the scan that compares $1
 *				with policy_tenant().  The scan does so itself.
 *	Predicates	an index with "WHERE call_id IS NOT NULL", which call_id never
 *				is, serves a query that names call_id.  19 leaves such a
 *				predicate out, and of indexes that look alike on an empty table
 *				takes the newest, whose scan then reads all of a tenant.
 *
 * A scan that compares first reads what has the key, and then gives nothing of
 * it.  By how long that takes a stranger would learn how many rows another
 * tenant has.  So both hold only for what is planned while the platform's own
 * code acts for a tenant: that names no other one.
 */
#include "postgres.h"

#include "access/genam.h"
#include "miscadmin.h"
#include "nodes/nodeFuncs.h"
#include "nodes/pathnodes.h"
#include "optimizer/pathnode.h"
#include "optimizer/paths.h"
#include "rewrite/rewriteManip.h"
#include "utils/rel.h"

#include "core/compat.h"
#include "core/voiceagent.h"
#include "policy.h"

static set_rel_pathlist_hook_type previous_paths = NULL;

/* ----- columns ----- */

static void
want_few_columns(PlannerInfo *root, RelOptInfo *rel, Index relation, RangeTblEntry *entry)
{
	if (previous_paths)
		previous_paths(root, rel, relation, entry);
	if (va_context_tenant() == 0 || rel->reloptkind != RELOPT_BASEREL ||
		(entry->rtekind != RTE_RELATION && entry->rtekind != RTE_FUNCTION && entry->rtekind != RTE_CTE))
		return;
	/* Nothing asks from here on but use_physical_tlist(), whether the row as a whole is wanted. */
	if (2 * list_length(rel->reltarget->exprs) < rel->max_attr)
		rel->attr_needed[0 - rel->min_attr] = bms_add_member(rel->attr_needed[0 - rel->min_attr], 0);
}

/* ----- predicates ----- */

#ifdef VA_FOLDS_PREDICATES
static build_simple_rel_hook_type previous_rel = NULL;

static void
keep_predicates(PlannerInfo *root, RelOptInfo *rel, RangeTblEntry *entry)
{
	ListCell *cell;

	foreach (cell, rel->indexlist)
	{
		IndexOptInfo *info = lfirst(cell);
		Relation index = index_open(info->indexoid, NoLock);

		info->indpred = RelationGetIndexPredicate(index);
		ChangeVarNodes((Node *) info->indpred, 1, rel->relid, 0);
		index_close(index, NoLock);
	}
	if (previous_rel)
		previous_rel(root, rel, entry);
}
#endif

/* ----- nodes ----- */

static bool
compares_tenant(const List *filter, Oid function)
{
	OpExpr *op = list_length(filter) == 1 ? linitial(filter) : NULL;
	bool called = false;
	ListCell *cell;

	if (op == NULL || !IsA(op, OpExpr) || list_length(op->args) != 2)
		return false;
	foreach (cell, op->args)
	{
		Node *side = lfirst(cell);

		if (IsA(side, FuncExpr) && ((FuncExpr *) side)->funcid == function)
			called = true;
		else if (!IsA(side, Param) && !IsA(side, Const))
			return false;
	}
	return called;
}

/* A node's conditions on columns below, as conditions on the table. */
static Node *
say_of_table(Node *node, void *below)
{
	if (node != NULL && IsA(node, Var) && ((Var *) node)->varno == OUTER_VAR)
		return copyObject(
			(Node *) list_nth_node(TargetEntry, ((Plan *) below)->targetlist, ((Var *) node)->varattno - 1)->expr);
	return expression_tree_mutator(node, say_of_table, below);
}

static Plan *
without_gate(Plan *plan, Oid function)
{
	Plan *scan;

	if (plan == NULL || !IsA(plan, Result) || plan->lefttree == NULL || plan->qual != NIL ||
		!compares_tenant((List *) ((Result *) plan)->resconstantqual, function))
		return plan;
	scan = plan->lefttree;
	if (!IsA(scan, SeqScan) && !IsA(scan, IndexScan) && !IsA(scan, IndexOnlyScan) && !IsA(scan, BitmapHeapScan) &&
		!IsA(scan, TidScan))
		return plan;
	scan->targetlist = (List *) say_of_table((Node *) plan->targetlist, scan);
	scan->qual = list_concat((List *) ((Result *) plan)->resconstantqual, scan->qual);
	scan->initPlan = list_concat(plan->initPlan, scan->initPlan);
	scan->extParam = bms_union(plan->extParam, scan->extParam);
	scan->allParam = bms_union(plan->allParam, scan->allParam);
	return scan;
}

static Plan *open_gate(Plan *plan, Oid function);

static void
open_gates(List *plans, Oid function)
{
	ListCell *cell;

	foreach (cell, plans)
		lfirst(cell) = open_gate(lfirst(cell), function);
}

static Plan *
open_gate(Plan *plan, Oid function)
{
	if (plan == NULL)
		return NULL;
	check_stack_depth();
	if (IsA(plan, SubqueryScan))
		((SubqueryScan *) plan)->subplan = open_gate(((SubqueryScan *) plan)->subplan, function);
	else if (IsA(plan, Append))
		open_gates(((Append *) plan)->appendplans, function);
	else if (IsA(plan, MergeAppend))
		open_gates(((MergeAppend *) plan)->mergeplans, function);
	plan->lefttree = open_gate(plan->lefttree, function);
	plan->righttree = open_gate(plan->righttree, function);
	return without_gate(plan, function);
}

void
va_make_lean(PlannedStmt *statement, Oid policy_function)
{
	if (va_context_tenant() == 0)
		return;
	statement->planTree = open_gate(statement->planTree, policy_function);
	open_gates(statement->subplans, policy_function);
}

void
va_lean_plan_init(void)
{
	previous_paths = set_rel_pathlist_hook;
	set_rel_pathlist_hook = want_few_columns;
#ifdef VA_FOLDS_PREDICATES
	previous_rel = build_simple_rel_hook;
	build_simple_rel_hook = keep_predicates;
#endif
}
