/*-------------------------------------------------------------------------
 * hooks.c
 *		Denied to a tenant's session, in any database of the cluster.
 *
 * Refused is what would let one session stop others: notifications fill a
 * queue that all databases share, advisory locks and temporary tables the lock
 * table, prepared transactions stay without a session, messages in the WAL and
 * large objects fill disks.  PostgreSQL asks for no right, or for one that
 * everybody has.  Inside functions and DO blocks the same hooks are called.  A
 * function of the platform does what it must: SECURITY DEFINER, and its owner is
 * the platform's.
 *
 * A function that runs is announced once a statement, when the statement is
 * prepared to run: enough to refuse it, too little to count its calls.
 */
#include "postgres.h"

#include "access/xact.h"
#include "catalog/namespace.h"
#include "catalog/objectaccess.h"
#include "catalog/pg_class.h"
#include "executor/executor.h"
#include "jit/jit.h"
#include "nodes/parsenodes.h"
#include "optimizer/planner.h"
#include "parser/analyze.h"
#include "tcop/utility.h"
#include "utils/builtins.h"
#include "utils/fmgrtab.h"
#include "utils/lsyscache.h"

#include "core/compat.h"
#include "core/errors.h"
#include "session.h"

static ProcessUtility_hook_type previous_utility = NULL;
static object_access_hook_type previous_access = NULL;
static ExecutorStart_hook_type previous_start = NULL;
static post_parse_analyze_hook_type previous_analyze = NULL;
static planner_hook_type previous_planner = NULL;

/* The bounds of a session that is a tenant's, at each thing that it does. */
static bool
is_bound(void)
{
	if (!va_is_guarded() || !IsTransactionState())
		return false;
	va_watch_age();
	va_limit_process();
	return true;
}

static void
refuse(const char *what, const char *hint)
{
	if (va_in_platform_function())
		return;
	ereport(ERROR, (errcode(ERRCODE_INSUFFICIENT_PRIVILEGE), errmsg("a tenant's session may not use %s", what),
					   errdetail("It could stop other tenants; this holds in every database of the server."),
					   errhint("%s", hint)));
}

/* ----- commands ----- */

/* Before PostgreSQL 19 COPY of a partitioned table under a row policy gives no rows and no error: an export that is empty. */
static void
refuse_empty_copy(const CopyStmt *copy)
{
	Oid table = copy->relation == NULL || copy->is_from ? InvalidOid : RangeVarGetRelid(copy->relation, NoLock, true);

	if (OidIsValid(table) && get_rel_relkind(table) == RELKIND_PARTITIONED_TABLE)
		ereport(ERROR, (errcode(VA_ERRCODE_INVALID),
						   errmsg("COPY of the partitioned table \"%s\" would write no rows", copy->relation->relname),
						   errhint("Write COPY (SELECT * FROM %s) TO ...",
							   quote_qualified_identifier(
								   get_namespace_name(get_rel_namespace(table)), copy->relation->relname))));
}

static void
refuse_command(Node *statement)
{
	switch (nodeTag(statement))
	{
		case T_NotifyStmt:
			refuse("NOTIFY", "LISTEN is allowed; voiceagent.subscribe() tells the channel of the tenant's news.");
			break;
		case T_LockStmt:
			refuse("LOCK TABLE", "Lock rows with SELECT ... FOR UPDATE where the role may.");
			break;
		case T_CopyStmt:
			refuse_empty_copy((CopyStmt *) statement);
			break;
		case T_TransactionStmt:
			if (((TransactionStmt *) statement)->kind == TRANS_STMT_PREPARE)
				refuse("PREPARE TRANSACTION", "Use COMMIT.");
			break;
		default:
			break;
	}
}

/* The way out stays open: a session with too much ends its transaction, or a part of it. */
static bool
ends_something(Node *statement)
{
	TransactionStmtKind kind;

	if (!IsA(statement, TransactionStmt))
		return false;
	kind = ((TransactionStmt *) statement)->kind;
	return kind != TRANS_STMT_SAVEPOINT && kind != TRANS_STMT_PREPARE;
}

/* A LISTEN that is rolled back counts, too: what it costs is a timer. */
static void
note_listener(Node *statement)
{
	bool unlistens = (IsA(statement, UnlistenStmt) && ((UnlistenStmt *) statement)->conditionname == NULL) ||
					 (IsA(statement, DiscardStmt) && ((DiscardStmt *) statement)->target == DISCARD_ALL);

	if (IsA(statement, ListenStmt))
		va_watch_listener(true);
	else if (unlistens)
		va_watch_listener(false);
}

static void
utility(PlannedStmt *pstmt, const char *query_string, bool read_only_tree, ProcessUtilityContext context,
	ParamListInfo params, QueryEnvironment *query_env, DestReceiver *dest, QueryCompletion *qc)
{
	if (is_bound())
	{
		refuse_command(pstmt->utilityStmt);
		if (!ends_something(pstmt->utilityStmt))
			va_check_locks();
	}
	note_listener(pstmt->utilityStmt);
	if (previous_utility)
		previous_utility(pstmt, query_string, read_only_tree, context, params, query_env, dest, qc);
	else
		standard_ProcessUtility(pstmt, query_string, read_only_tree, context, params, query_env, dest, qc);
}

/* ----- functions ----- */

static bool
begins(const char *name, const char *with)
{
	return strncmp(name, with, strlen(with)) == 0;
}

/* Functions of PostgreSQL, by the names of their code: the same for every declaration and version. */
static void
refuse_builtin(Oid function)
{
	uint16 index = function <= fmgr_last_builtin_oid ? fmgr_builtin_oid_index[function] : InvalidOidBuiltinMapping;
	const char *name;

	if (index == InvalidOidBuiltinMapping)
		return;
	name = fmgr_builtins[index].funcName;
	if (begins(name, "pg_notify"))
		refuse("pg_notify()", "LISTEN is allowed; voiceagent.subscribe() tells the channel of the tenant's news.");
	else if (begins(name, "pg_advisory_") || begins(name, "pg_try_advisory_"))
		refuse("advisory locks", "Lock rows with SELECT ... FOR UPDATE where the role may.");
	else if (begins(name, "pg_logical_emit_message"))
		refuse("pg_logical_emit_message()", "Write into a table.");
	else if (begins(name, "be_lo"))
		refuse(
			"large objects", "A file of any size comes in pieces: begin_import(), append_import(), finish_import().");
}

static void
object_access(ObjectAccessType access, Oid class_id, Oid object_id, int sub_id, void *arg)
{
	if (previous_access)
		previous_access(access, class_id, object_id, sub_id, arg);
	if (va_guarded == VA_GUARD_NOT || !is_bound())
		return;
	/* Whatever way it was named by, search_path too. */
	if (access == OAT_POST_CREATE && (MyXactFlags & XACT_FLAGS_ACCESSEDTEMPNAMESPACE) != 0)
		refuse("temporary tables", "Use a common table expression (WITH), or keep the rows in the client.");
	/* A command with CASCADE, or a function, drops many objects in one statement. */
	if (access == OAT_DROP)
		va_check_locks();
	if (access == OAT_FUNCTION_EXECUTE && object_id < FirstGenbkiObjectId)
		refuse_builtin(object_id);
}

/* ----- statements ----- */

/* SELECT INTO is planned as a statement of its own kind; a Parse without more leaves a transaction open. */
static void
analyzed(ParseState *state, Query *query, VA_JUMBLE_STATE *jumble)
{
	if (previous_analyze)
		previous_analyze(state, query, jumble);
	(void) is_bound();
}

/* No parallel workers, which are few and everybody's; no compiler, which ends the process when it gets no memory. */
static PlannedStmt *
plan(VA_PLANNER_ARGS)
{
	bool bound = va_is_guarded();
	PlannedStmt *statement;

	if (bound)
		cursor_options &= ~CURSOR_OPT_PARALLEL_OK;
	statement = previous_planner ? previous_planner(VA_PLANNER_PASS) : standard_planner(VA_PLANNER_PASS);
	if (bound)
		statement->jitFlags = PGJIT_NONE;
	return statement;
}

static void
start(QueryDesc *query, int eflags)
{
	if (is_bound())
		va_check_locks();
	if (previous_start)
		previous_start(query, eflags);
	else
		standard_ExecutorStart(query, eflags);
}

void
va_guard_init(void)
{
	previous_utility = ProcessUtility_hook;
	ProcessUtility_hook = utility;
	previous_access = object_access_hook;
	object_access_hook = object_access;
	previous_start = ExecutorStart_hook;
	ExecutorStart_hook = start;
	previous_analyze = post_parse_analyze_hook;
	post_parse_analyze_hook = analyzed;
	previous_planner = planner_hook;
	planner_hook = plan;
	va_age_init();
	va_sessions_init();
}
