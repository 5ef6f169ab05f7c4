/*-------------------------------------------------------------------------
 * policy_order.c
 *		The policy's clause comes first in every scan.
 *
 * The planner sorts a scan's conditions by security level and cost, but takes
 * a cheap leakproof condition of the user for as harmless as the policy: it
 * may run first, over the rows of all tenants.  It can tell nothing by itself,
 * yet what stands behind it can: in "phone = '...' AND email = (SELECT
 * set_config(...))" the sub-select runs when the first condition has matched
 * a row of anybody, and so does the read of a long value from disk.  So the
 * finished plan is put in order here.
 *
 * Index conditions need no order: every index of a tenant's table begins with
 * tenant_id (a rule of the catalog's lint), so the policy's clause is always
 * among them, and what they are compared with is computed before the scan
 * begins.  Conditions on ctid choose rows by their place, before the policy;
 * they see nothing of a row.  Joins, sorts and groups stand above the scans.
 */
#include "postgres.h"

#include "catalog/namespace.h"
#include "catalog/pg_opfamily.h"
#include "miscadmin.h"
#include "nodes/nodeFuncs.h"
#include "parser/parsetree.h"
#include "utils/lsyscache.h"

#include "core/compat.h"
#include "core/voiceagent.h"
#include "policy.h"

#define TENANT_COLUMN "tenant_id"

typedef struct PolicyOrder
{
	PlannedStmt *statement;
	Oid function;
	Index relation;		 /* of the scan at hand */
	AttrNumber tenant;	 /* its column, where the planner may have put another value for the function's */
	List *index_columns; /* of an index-only scan, whose conditions name those */
} PolicyOrder;

static void order_plan(PolicyOrder *order, Plan *plan);

/* ----- clauses ----- */

typedef enum Rank
{
	RANK_POLICY,  /* tenant_id = policy_tenant() */
	RANK_DERIVED, /* tenant_id = something, which the planner compares with policy_tenant() above the scan */
	RANK_OTHER
} Rank;

static bool
is_column(const PolicyOrder *order, Node *node, bool of_tenant)
{
	Var *var = (Var *) node;

	if (!IsA(node, Var))
		return false;
	if (var->varno == (int) order->relation)
		return !of_tenant || var->varattno == order->tenant;
	if (var->varno == INDEX_VAR && var->varattno > 0 && var->varattno <= list_length(order->index_columns))
	{
		TargetEntry *entry = list_nth_node(TargetEntry, order->index_columns, var->varattno - 1);

		return IsA(entry->expr, Var) && is_column(order, (Node *) entry->expr, of_tenant);
	}
	return false;
}

static bool
is_policy_call(const PolicyOrder *order, Node *node)
{
	return IsA(node, FuncExpr) && ((FuncExpr *) node)->funcid == order->function;
}

static bool
is_leaky_function(Oid function, void *context)
{
	return !get_func_leakproof(function);
}

/* Expressions that the planner would not inline: columns, sub-selects, and those that may raise or tell. */
static bool
cannot_stand_for_tenant(Node *node, void *context)
{
	if (node == NULL)
		return false;
	if (IsA(node, Var) || IsA(node, SubPlan) || IsA(node, AlternativeSubPlan) || IsA(node, CoerceToDomain) ||
		IsA(node, NextValueExpr) || check_functions_in_node(node, is_leaky_function, context))
		return true;
	return expression_tree_walker(node, cannot_stand_for_tenant, context);
}

static Rank
rank_pair(const PolicyOrder *order, Node *column, Node *value)
{
	if (is_policy_call(order, value) && is_column(order, column, false))
		return RANK_POLICY;
	if (order->tenant != InvalidAttrNumber && is_column(order, column, true) && !cannot_stand_for_tenant(value, NULL))
		return RANK_DERIVED;
	return RANK_OTHER;
}

static Rank
rank_clause(const PolicyOrder *order, Node *clause)
{
	OpExpr *op = (OpExpr *) clause;
	Node *left;
	Node *right;

	if (!IsA(clause, OpExpr) || list_length(op->args) != 2 ||
		get_op_opfamily_strategy(op->opno, INTEGER_BTREE_FAM_OID) != BTEqualStrategyNumber)
		return RANK_OTHER;
	left = linitial(op->args);
	right = lsecond(op->args);
	return Min(rank_pair(order, left, right), rank_pair(order, right, left));
}

static List *
order_clauses(const PolicyOrder *order, List *clauses)
{
	List *ranked[RANK_OTHER + 1] = { NIL };
	ListCell *cell;

	foreach (cell, clauses)
	{
		Rank rank = rank_clause(order, lfirst(cell));

		ranked[rank] = lappend(ranked[rank], lfirst(cell));
	}
	if (ranked[RANK_POLICY] == NIL && ranked[RANK_DERIVED] == NIL)
		return clauses;
	return list_concat(ranked[RANK_POLICY], list_concat(ranked[RANK_DERIVED], ranked[RANK_OTHER]));
}

/*
 * A bitmap that has become lossy gives whole pages, so its recheck begins with
 * the tenant, too.  Where the recheck is an OR, the clause comes from the
 * scan's own conditions, all of which a row must meet: a clause of one arm of
 * the OR would lose the rows of the others.
 */
static List *
order_recheck(const PolicyOrder *order, List *clauses, List *conditions)
{
	clauses = order_clauses(order, clauses);
	conditions = order_clauses(order, conditions);
	if (clauses == NIL || conditions == NIL || rank_clause(order, linitial(clauses)) != RANK_OTHER ||
		rank_clause(order, linitial(conditions)) == RANK_OTHER)
		return clauses;
	return lcons(copyObject(linitial(conditions)), clauses);
}

/* ----- scans ----- */

/* Where the table is ours and has one; a stranger's conditions stay in the order that the planner gave them. */
static AttrNumber
tenant_column(const PolicyOrder *order)
{
	const RangeTblEntry *entry = rt_fetch(order->relation, order->statement->rtable);
	Oid schema;

	if (entry->rtekind != RTE_RELATION)
		return InvalidAttrNumber;
	schema = get_rel_namespace(entry->relid);
	if (schema != get_namespace_oid(VA_SCHEMA, true) && schema != get_namespace_oid(VA_PRIVATE_SCHEMA, true))
		return InvalidAttrNumber;
	return get_attnum(entry->relid, TENANT_COLUMN);
}

static void
order_scan(PolicyOrder *order, Scan *scan)
{
	if (scan->scanrelid == 0)
		return;
	order->relation = scan->scanrelid;
	order->tenant = tenant_column(order);
	order->index_columns = NIL;
	switch (nodeTag(scan))
	{
		case T_IndexOnlyScan:
			order->index_columns = ((IndexOnlyScan *) scan)->indextlist;
			((IndexOnlyScan *) scan)->recheckqual = order_clauses(order, ((IndexOnlyScan *) scan)->recheckqual);
			break;
		case T_IndexScan:
			((IndexScan *) scan)->indexqualorig = order_clauses(order, ((IndexScan *) scan)->indexqualorig);
			break;
		case T_BitmapHeapScan:
			((BitmapHeapScan *) scan)->bitmapqualorig = order_recheck(
				order, ((BitmapHeapScan *) scan)->bitmapqualorig, scan->plan.qual);
			break;
		default:
			break;
	}
	scan->plan.qual = order_clauses(order, scan->plan.qual);
}

static void
order_plans(PolicyOrder *order, List *plans)
{
	ListCell *cell;

	foreach (cell, plans)
		order_plan(order, lfirst(cell));
}

static void
order_plan(PolicyOrder *order, Plan *plan)
{
	if (plan == NULL)
		return;
	check_stack_depth();
	switch (nodeTag(plan))
	{
		case T_SeqScan:
		case T_SampleScan:
		case T_IndexScan:
		case T_IndexOnlyScan:
		case T_BitmapHeapScan:
		case T_TidScan:
		case T_TidRangeScan:
		case T_ForeignScan:
			order_scan(order, (Scan *) plan);
			break;
		case T_CustomScan:
			order_scan(order, (Scan *) plan);
			order_plans(order, ((CustomScan *) plan)->custom_plans);
			break;
		case T_SubqueryScan:
			order_plan(order, ((SubqueryScan *) plan)->subplan);
			break;
		case T_Append:
			order_plans(order, ((Append *) plan)->appendplans);
			break;
		case T_MergeAppend:
			order_plans(order, ((MergeAppend *) plan)->mergeplans);
			break;
		default:
			break;
	}
	order_plan(order, plan->lefttree);
	order_plan(order, plan->righttree);
}

void
va_order_policies(PlannedStmt *statement, Oid policy_function)
{
	PolicyOrder order = { .statement = statement, .function = policy_function };

	order_plan(&order, statement->planTree);
	/* Sub-selects and WITH queries lie beside the tree. */
	order_plans(&order, statement->subplans);
}
