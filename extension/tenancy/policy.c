/*-------------------------------------------------------------------------
 * policy.c
 *		Statements that a policy binds: no plan and no row without a proof
 *		(contract in policy.h).
 *
 * A plan lists the functions that it depends on, so whether a policy binds a
 * statement is known from a look at a short list, for kept plans as well.
 * Parallel workers get plans without that list: their leader has checked.
 * Nothing is locked.
 */
#include "postgres.h"

#include "catalog/namespace.h"
#include "catalog/pg_proc.h"
#include "executor/executor.h"
#include "optimizer/planner.h"
#include "utils/builtins.h"
#include "utils/inval.h"
#include "utils/syscache.h"

#include "checks.h"
#include "core/compat.h"
#include "identity.h"
#include "log_redaction.h"
#include "policy.h"
#include "core/voiceagent.h"

#define POLICY_FUNCTION "policy_tenant"

static planner_hook_type previous_planner = NULL;
static ExecutorStart_hook_type previous_start = NULL;
static ExecutorRun_hook_type previous_run = NULL;

/* policy_tenant() in this database; without the extension there is none. */
static struct
{
	bool known;
	bool changed; /* while we looked */
	Oid oid;
	uint32 hash; /* by which a plan's list names it */
} policy_function;

static void
forget_function(Datum arg, int cache, uint32 hash)
{
	if (hash == 0 || !OidIsValid(policy_function.oid) || hash == policy_function.hash || cache != PROCOID)
	{
		policy_function.known = false;
		policy_function.changed = true;
	}
}

static Oid
find_function(void)
{
	static bool registered = false;
	Oid schema;
	Oid found;

	if (likely(policy_function.known))
		return policy_function.oid;
	if (!registered)
	{
		CacheRegisterSyscacheCallback(PROCOID, forget_function, (Datum) 0);
		CacheRegisterSyscacheCallback(NAMESPACEOID, forget_function, (Datum) 0);
		registered = true;
	}
	/*
	 * Known last: an error while we look must leave the function unknown, or
	 * this session would take every statement for one that no policy binds. An
	 * invalidation that arrives meanwhile makes us look again.
	 */
	do
	{
		policy_function.changed = false;
		policy_function.oid = InvalidOid;
		schema = get_namespace_oid(VA_PRIVATE_SCHEMA, true);
		found = !OidIsValid(schema)
					? InvalidOid
					: GetSysCacheOid3(PROCNAMEARGSNSP, Anum_pg_proc_oid, CStringGetDatum(POLICY_FUNCTION),
						  PointerGetDatum(buildoidvector(NULL, 0)), ObjectIdGetDatum(schema));
		if (OidIsValid(found))
			policy_function.hash = GetSysCacheHashValue1(PROCOID, ObjectIdGetDatum(found));
	} while (policy_function.changed);
	policy_function.oid = found;
	policy_function.known = true;
	return policy_function.oid;
}

static bool
is_bound(const PlannedStmt *statement)
{
	ListCell *cell;

	if (statement->invalItems == NIL || !OidIsValid(find_function()))
		return false;
	foreach (cell, statement->invalItems)
	{
		const PlanInvalItem *item = lfirst_node(PlanInvalItem, cell);

		if (item->cacheId == PROCOID && item->hashValue == policy_function.hash)
			return true;
	}
	return false;
}

static PlannedStmt *
plan_with_proof(VA_PLANNER_ARGS)
{
	PlannedStmt *statement;
	ErrorContextCallback refusals;

	va_refusals_watch(&refusals);
	statement = previous_planner ? previous_planner(VA_PLANNER_PASS) : standard_planner(VA_PLANNER_PASS);
	va_refusals_unwatch(&refusals);
	if (is_bound(statement))
	{
		(void) va_current_tenant();
		va_order_policies(statement, policy_function.oid);
		va_make_lean(statement, policy_function.oid);
	}
	return statement;
}

static void
start(QueryDesc *query, int eflags)
{
	if (previous_start)
		previous_start(query, eflags);
	else
		standard_ExecutorStart(query, eflags);
}

/* Members read our tables and may write to none: the error that PostgreSQL raises says no more than that. */
static void
start_write(QueryDesc *query, int eflags)
{
	MemoryContext context = CurrentMemoryContext;

	PG_TRY();
	{
		start(query, eflags);
		va_prepare_checks(query->estate);
	}
	PG_CATCH();
	{
		ErrorData *error;

		(void) MemoryContextSwitchTo(context);
		error = CopyErrorData();
		if (error->sqlerrcode == ERRCODE_INSUFFICIENT_PRIVILEGE && error->hint == NULL)
		{
			FlushErrorState();
			error->hint = pstrdup("Tables are read; every change goes through a function of schema voiceagent.");
			ReThrowError(error);
		}
		PG_RE_THROW();
	}
	PG_END_TRY();
}

static void
start_with_proof(QueryDesc *query, int eflags)
{
	bool bound = is_bound(query->plannedstmt);

	if (bound)
		(void) va_current_tenant();
	/* PostgREST writes WITH s AS (INSERT ...) SELECT. */
	if (bound && (query->operation != CMD_SELECT || query->plannedstmt->hasModifyingCTE))
		start_write(query, eflags);
	else
		start(query, eflags);
}

static void
run_with_proof(VA_EXECUTOR_RUN_ARGS)
{
	ErrorContextCallback refusals;

	va_refusals_watch(&refusals);
	if (is_bound(query->plannedstmt))
		(void) va_current_tenant();
	if (previous_run)
		previous_run(VA_EXECUTOR_RUN_PASS);
	else
		standard_ExecutorRun(VA_EXECUTOR_RUN_PASS);
	va_refusals_unwatch(&refusals);
}

void
va_policy_init(void)
{
	previous_planner = planner_hook;
	planner_hook = plan_with_proof;
	previous_start = ExecutorStart_hook;
	ExecutorStart_hook = start_with_proof;
	previous_run = ExecutorRun_hook;
	ExecutorRun_hook = run_with_proof;
	va_lean_plan_init();
}
