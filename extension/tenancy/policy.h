/*-------------------------------------------------------------------------
 * policy.h
 *		Support of row-level security beside the policies themselves.
 *
 * Every policy of a tenant's table says tenant_id = policy_tenant(), and that
 * function never raises: PostgreSQL may run cheap leakproof conditions of the
 * user before a policy, and an error would then tell which rows they matched.
 * Three hooks make up for both:
 *
 *	planner			the policy's clause becomes the first that a scan evaluates
 *					(policy_order.c), and no plan is made without a proof, since
 *					one that was estimated without a tenant would be kept
 *	ExecutorStart,	a statement that a policy binds needs a proof before it
 *	ExecutorRun		reads its first row; a FETCH passes only the second
 *
 * A statement is bound exactly when its plan calls policy_tenant(): members
 * cannot name that function, so only the rewriter puts it there, and it has
 * decided already for whom no policy holds (superusers, BYPASSRLS, staff's own
 * policies, routing tables, the server's checks of foreign keys).
 */
#ifndef VOICEAGENT_TENANCY_POLICY_H
#define VOICEAGENT_TENANCY_POLICY_H

#include "postgres.h"

#include "nodes/plannodes.h"

/* Installs the hooks; called once by _PG_init. */
extern void va_policy_init(void);

/* Moves the policies' clauses, which call policy_function, to the front in every scan of the plan. */
extern void va_order_policies(PlannedStmt *statement, Oid policy_function);

/* Has a plan of the platform's own code need less to be set up (lean_plan.c). */
extern void va_make_lean(PlannedStmt *statement, Oid policy_function);
extern void va_lean_plan_init(void);

#endif /* VOICEAGENT_TENANCY_POLICY_H */
