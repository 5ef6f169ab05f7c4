/*-------------------------------------------------------------------------
 * utility.c
 *		Commands that a connected worker would make fail, or that make or
 *		remove its ground.
 *
 * DROP DATABASE, RENAME, SET TABLESPACE and use as a TEMPLATE need a database
 * without sessions and give up after 5 s; DROP and ALTER EXTENSION would
 * deadlock with a worker's locks.  Before such a command the database is put
 * on hold (the launcher starts nothing in it, a worker that is just starting leaves)
 * and its workers are asked to end.  The hold ends with the transaction, at
 * commit and at abort, and so also when the session dies; the launcher is
 * woken and finds out what is left.
 *
 * A restore (pg_restore, or psql with a dump) makes the extension and then loads its
 * tables, one transaction each.  Workers would see leads before the do-not-call
 * list, and a queue that was loaded behind their back would wake no process.  So a
 * session that restores, known by check_function_bodies = off, which every dump
 * sets, holds the database until it ends.
 *
 * pg_restore -j loads our tables side by side, in no order: of an extension's
 * tables it knows no foreign keys.  Its sessions load what they did not make,
 * and without looking at foreign keys; invariants() tells of a row that points
 * nowhere.
 *
 * Workers read what ALTER DATABASE ... SET says of voiceagent's settings when
 * they start, as sessions do; so those of the database end when the change is
 * committed, and the launcher starts others.  Such a change cannot be prepared.
 *
 * That the extension itself goes is noticed by the object access hook, by
 * whatever way it goes (by itself, with an extension that it needs, with its
 * owner's objects).
 *
 * Locking: the registry's lock, for moments; signals are sent under it,
 * because a worker clears its pid under it and so a pid in a slot is alive.
 */
#include "postgres.h"

#include <signal.h>

#include "access/table.h"
#include "access/tableam.h"
#include "access/xact.h"
#include "catalog/dependency.h"
#include "catalog/namespace.h"
#include "catalog/objectaccess.h"
#include "catalog/pg_authid.h"
#include "catalog/pg_class.h"
#include "catalog/pg_extension.h"
#include "commands/dbcommands.h"
#include "commands/defrem.h"
#include "commands/extension.h"
#include "miscadmin.h"
#include "nodes/parsenodes.h"
#include "storage/ipc.h"
#include "storage/latch.h"
#include "tcop/utility.h"
#include "utils/acl.h"
#include "utils/guc.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"
#include "utils/rel.h"
#include "utils/snapmgr.h"
#include "utils/syscache.h"
#include "utils/timestamp.h"
#include "utils/wait_event.h"

#include "compat.h"
#include "errors.h"
#include "shmem.h"
#include "utility.h"
#include "version.h"
#include "wake.h"

#define STOP_TIMEOUT_MS 4000
#define STOP_POLL_MS 10
#define VA_SETTINGS "voiceagent."

static ProcessUtility_hook_type previous_utility = NULL;
static object_access_hook_type previous_object_access = NULL;

/* Does this backend hold databases, and one for as long as it lives? */
static bool holding = false;
static bool restoring = false;
static bool made_extension = false;

/* Databases whose workers end at commit, in the transaction's memory. */
static List *changed_databases = NIL;

/* ----- holds ----- */

static void
release_holds(bool session)
{
	VaShared *shared = va_shmem_or_null();

	LWLockAcquire(shared->lock, LW_EXCLUSIVE);
	for (int i = 0; i < VA_MAX_HOLDS; i++)
	{
		if (shared->hold[i].holder == MyProcPid && shared->hold[i].session == session)
		{
			shared->hold[i].database = InvalidOid;
			shared->hold[i].holder = 0;
		}
	}
	LWLockRelease(shared->lock);
	va_wake_launcher_now();
}

/* Signal what works in the database (when asked to); is anything left? */
static bool
any_worker(Oid database, bool terminate)
{
	VaShared *shared = va_shmem();
	VaDatabaseSlot *slot;
	bool any = false;

	LWLockAcquire(shared->lock, LW_SHARED);
	slot = va_find_database(database);
	for (int k = 0; slot != NULL && k < VA_WORKER_KINDS; k++)
	{
		if (slot->worker[k].pid == 0)
			continue;
		any = true;
		if (terminate)
			kill(slot->worker[k].pid, SIGTERM);
	}
	if (shared->probe_pid != 0 && shared->probe_database == database)
	{
		any = true;
		if (terminate)
			kill(shared->probe_pid, SIGTERM);
	}
	LWLockRelease(shared->lock);
	return any;
}

/* One that is just starting has no pid yet, and reads the settings later. */
static void
restart_changed(void)
{
	ListCell *cell;

	foreach (cell, changed_databases)
		(void) any_worker(lfirst_oid(cell), true);
}

static void
at_transaction(XactEvent event, void *arg)
{
	/* COMMIT PREPARED may come from any session: it would not know whom to restart. */
	if (event == XACT_EVENT_PRE_PREPARE && changed_databases != NIL)
		ereport(
			ERROR, (errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
					   errmsg("cannot PREPARE a transaction that has changed voiceagent's settings of a database")));
	if (event != XACT_EVENT_COMMIT && event != XACT_EVENT_ABORT && event != XACT_EVENT_PREPARE)
		return;
	if (holding)
	{
		holding = false;
		release_holds(false);
	}
	if (event == XACT_EVENT_COMMIT)
		restart_changed();
	changed_databases = NIL;
}

static void
at_exit(int code, Datum arg)
{
	release_holds(true);
}

static void
take_hold(Oid database, bool session)
{
	VaShared *shared = va_shmem();
	VaHold *hold = NULL;

	LWLockAcquire(shared->lock, LW_EXCLUSIVE);
	for (int i = 0; i < VA_MAX_HOLDS && hold == NULL; i++)
		if (!OidIsValid(shared->hold[i].database) ||
			(shared->hold[i].database == database && shared->hold[i].holder == MyProcPid &&
				shared->hold[i].session == session))
			hold = &shared->hold[i];
	if (hold != NULL)
	{
		hold->database = database;
		hold->holder = MyProcPid;
		hold->session = session;
		if (!session)
			holding = true;
	}
	LWLockRelease(shared->lock);
	if (hold == NULL)
		ereport(ERROR, (errcode(ERRCODE_CONFIGURATION_LIMIT_EXCEEDED),
						   errmsg("too many databases are being changed at the same time"),
						   errhint("Try again when the other commands have ended.")));
}

/* Bounded: when a worker does not end in time the command goes on and finds out itself. */
static void
stop_workers(Oid database)
{
	TimestampTz start = GetCurrentTimestamp();

	if (!any_worker(database, true))
		return;
	while (any_worker(database, false))
	{
		if (TimestampDifferenceExceeds(start, GetCurrentTimestamp(), STOP_TIMEOUT_MS))
		{
			ereport(WARNING, (errmsg("the workers of voiceagent in database %u have not stopped in time", database)));
			return;
		}
		(void) WaitLatch(MyLatch, WL_LATCH_SET | WL_TIMEOUT | WL_EXIT_ON_PM_DEATH, STOP_POLL_MS, PG_WAIT_EXTENSION);
		ResetLatch(MyLatch);
		CHECK_FOR_INTERRUPTS();
	}
}

/* Keep workers away from the database until the transaction ends. */
static void
hold_database(Oid database)
{
	if (!OidIsValid(database) || va_shmem_or_null() == NULL)
		return;
	take_hold(database, false);
	stop_workers(database);
}

/* ... and until the session ends, when it is one that restores a dump. */
static void
hold_for_restore(void)
{
	if (restoring || check_function_bodies || !superuser())
		return;
	take_hold(MyDatabaseId, true);
	restoring = true;
	before_shmem_exit(at_exit, (Datum) 0);
	stop_workers(MyDatabaseId);
}

/* Only who may carry out the command may stop the workers by trying. */
static Oid
database_of(const char *name)
{
	Oid database = name ? get_database_oid(name, true) : InvalidOid;

	if (OidIsValid(database) && !VA_OWNS_DATABASE(database, GetUserId()))
		return InvalidOid;
	return database;
}

static bool
is_template(Oid database)
{
	HeapTuple tuple = SearchSysCache1(DATABASEOID, ObjectIdGetDatum(database));
	bool result;

	if (!HeapTupleIsValid(tuple))
		return false;
	result = ((Form_pg_database) GETSTRUCT(tuple))->datistemplate;
	ReleaseSysCache(tuple);
	return result;
}

/* ----- which command does what ----- */

static const char *
option_text(List *options, const char *name)
{
	ListCell *cell;

	foreach (cell, options)
	{
		DefElem *option = lfirst_node(DefElem, cell);

		if (strcmp(option->defname, name) == 0 && option->arg != NULL)
			return defGetString(option);
	}
	return NULL;
}

static bool
may_create_database(void)
{
	HeapTuple tuple = SearchSysCache1(AUTHOID, ObjectIdGetDatum(GetUserId()));
	bool result;

	if (!HeapTupleIsValid(tuple))
		return false;
	result = superuser() || ((Form_pg_authid) GETSTRUCT(tuple))->rolcreatedb;
	ReleaseSysCache(tuple);
	return result;
}

static Oid
template_of(CreatedbStmt *statement)
{
	const char *name = option_text(statement->options, "template");
	Oid database = name && may_create_database() ? get_database_oid(name, true) : InvalidOid;

	if (OidIsValid(database) && !is_template(database) && !VA_OWNS_DATABASE(database, GetUserId()))
		return InvalidOid;
	return database;
}

static bool
names_extension(DropStmt *statement)
{
	ListCell *cell;

	foreach (cell, statement->objects)
	{
		const char *name = strVal(lfirst(cell));

		/* Without CASCADE the other two cannot take us along. */
		if (strcmp(name, VA_EXTENSION_NAME) == 0)
			return true;
		if (statement->behavior == DROP_CASCADE && (strcmp(name, "pgcrypto") == 0 || strcmp(name, "btree_gist") == 0))
			return true;
	}
	return false;
}

/* Could this command take the extension of this database away, or change it? */
static bool
touches_extension(Node *statement)
{
	switch (nodeTag(statement))
	{
		case T_DropStmt:
			if (((DropStmt *) statement)->removeType == OBJECT_EXTENSION)
				return names_extension((DropStmt *) statement);
			return false;
		case T_DropOwnedStmt:
			return ((DropOwnedStmt *) statement)->behavior == DROP_CASCADE;
		case T_AlterExtensionStmt:
			return strcmp(((AlterExtensionStmt *) statement)->extname, VA_EXTENSION_NAME) == 0;
		default:
			return false;
	}
}

/* The command checks privileges; those without them must not stop workers. */
static bool
may_touch_extension(void)
{
	return superuser() || VA_OWNS_DATABASE(MyDatabaseId, GetUserId()) ||
		   has_privs_of_role(GetUserId(), get_role_oid(VA_ROLE_OWNER, true));
}

static bool
loads_our_table(CopyStmt *statement)
{
	Oid relation;
	Oid extension;

	if (!statement->is_from || statement->relation == NULL || check_function_bodies)
		return false;
	relation = RangeVarGetRelid(statement->relation, NoLock, true);
	extension = OidIsValid(relation) ? getExtensionOfObject(RelationRelationId, relation) : InvalidOid;
	return OidIsValid(extension) && extension == get_extension_oid(VA_EXTENSION_NAME, true);
}

/* Is it one of several sessions that restore the database together? */
static bool
loads_in_pieces(CopyStmt *statement)
{
	return restoring && !made_extension && loads_our_table(statement);
}

/* Behind a pooler of transactions the session is somebody else's a moment later. */
static void
refuse_token_for_session(const VariableSetStmt *statement)
{
	if (statement->name == NULL || pg_strcasecmp(statement->name, "voiceagent.token") != 0)
		return;
	/* A proof for a transaction would become one of the session, or a text in a catalog that everybody reads. */
	if (statement->kind == VAR_SET_CURRENT)
		ereport(ERROR, (errcode(VA_ERRCODE_FORBIDDEN), errmsg("voiceagent.token cannot be set FROM CURRENT"),
						   errdetail("A proof that ends with the transaction would outlive it."),
						   errhint("Name the token, or call voiceagent.authenticate() in each transaction.")));
	if (!va_guc_require_set_local || statement->is_local || statement->kind != VAR_SET_VALUE)
		return;
	ereport(ERROR, (errcode(VA_ERRCODE_FORBIDDEN), errmsg("voiceagent.token must not be set for the session"),
					   errdetail("The pooler would hand the session, and the proof with it, to the next client."),
					   errhint("Use SET LOCAL or voiceagent.authenticate() inside a transaction.")));
}

/* CREATE or ALTER FUNCTION ... SET voiceagent.token FROM CURRENT */
static void
refuse_token_in_options(List *options)
{
	ListCell *cell;

	foreach (cell, options)
	{
		DefElem *option = lfirst_node(DefElem, cell);

		if (option->arg != NULL && IsA(option->arg, VariableSetStmt))
			refuse_token_for_session((VariableSetStmt *) option->arg);
	}
}

/* ALTER DATABASE ... SET voiceagent.x, RESET ALL */
static void
settings_changed(const AlterDatabaseSetStmt *statement)
{
	const VariableSetStmt *set = statement->setstmt;
	Oid database = get_database_oid(statement->dbname, true);
	MemoryContext old;

	if (!OidIsValid(database) ||
		(set->kind != VAR_RESET_ALL && pg_strncasecmp(set->name, VA_SETTINGS, strlen(VA_SETTINGS)) != 0))
		return;
	old = MemoryContextSwitchTo(TopTransactionContext);
	changed_databases = list_append_unique_oid(changed_databases, database);
	MemoryContextSwitchTo(old);
}

static void
before_command(Node *statement, Oid *dropped)
{
	switch (nodeTag(statement))
	{
		case T_VariableSetStmt:
			refuse_token_for_session((VariableSetStmt *) statement);
			break;
		case T_CreateFunctionStmt:
			refuse_token_in_options(((CreateFunctionStmt *) statement)->options);
			break;
		case T_AlterFunctionStmt:
			refuse_token_in_options(((AlterFunctionStmt *) statement)->actions);
			break;
		case T_AlterRoleSetStmt:
			refuse_token_for_session(((AlterRoleSetStmt *) statement)->setstmt);
			break;
		case T_AlterDatabaseSetStmt:
			refuse_token_for_session(((AlterDatabaseSetStmt *) statement)->setstmt);
			break;
		case T_DropdbStmt:
			*dropped = database_of(((DropdbStmt *) statement)->dbname);
			hold_database(*dropped);
			break;
		case T_RenameStmt:
			if (((RenameStmt *) statement)->renameType == OBJECT_DATABASE)
				hold_database(database_of(((RenameStmt *) statement)->subname));
			break;
		case T_AlterDatabaseStmt:
			if (option_text(((AlterDatabaseStmt *) statement)->options, "tablespace") != NULL)
				hold_database(database_of(((AlterDatabaseStmt *) statement)->dbname));
			break;
		case T_CreatedbStmt:
			hold_database(template_of((CreatedbStmt *) statement));
			break;
		case T_CreateExtensionStmt:
			if (strcmp(((CreateExtensionStmt *) statement)->extname, VA_EXTENSION_NAME) == 0)
			{
				hold_for_restore();
				made_extension = true;
			}
			break;
		case T_CopyStmt:
			if (loads_our_table((CopyStmt *) statement))
				hold_for_restore();
			break;
		default:
			if (touches_extension(statement) && OidIsValid(get_extension_oid(VA_EXTENSION_NAME, true)) &&
				may_touch_extension())
				hold_database(MyDatabaseId);
			break;
	}
}

/*
 * The files may be of a newer version than the library that the server loaded
 * at its start; an older version is made for a dump of it, and updated next.
 */
static void
version_changed(void)
{
	char *version = va_extension_version();

	if (version == NULL)
		return;
	if (!va_serves(version))
		va_report_version(va_can_update(version) ? WARNING : ERROR, version);
	va_poke_launcher(MyDatabaseId, true);
}

static void
after_command(Node *statement, Oid dropped)
{
	switch (nodeTag(statement))
	{
		case T_DropdbStmt:
			if (OidIsValid(dropped))
				va_poke_launcher(dropped, false);
			break;
		case T_CreatedbStmt:
		case T_AlterDatabaseStmt:
			/* A copy has the extension, too; ALLOW_CONNECTIONS and IS_TEMPLATE change what may be looked at. */
			va_poke_launcher_rescan();
			break;
		case T_AlterDatabaseSetStmt:
			settings_changed((AlterDatabaseSetStmt *) statement);
			break;
		case T_CreateExtensionStmt:
			if (strcmp(((CreateExtensionStmt *) statement)->extname, VA_EXTENSION_NAME) == 0)
				version_changed();
			break;
		case T_AlterExtensionStmt:
			if (strcmp(((AlterExtensionStmt *) statement)->extname, VA_EXTENSION_NAME) == 0)
				version_changed();
			break;
		default:
			break;
	}
}

static void
utility_hook(PlannedStmt *pstmt, const char *query_string, bool read_only_tree, ProcessUtilityContext context,
	ParamListInfo params, QueryEnvironment *query_env, DestReceiver *dest, QueryCompletion *qc)
{
	Node *statement = pstmt->utilityStmt;
	bool ours = va_shmem_or_null() != NULL && IsTransactionState();
	Oid dropped = InvalidOid;
	int nest_level = 0;

	if (ours)
		before_command(statement, &dropped);
	if (ours && IsA(statement, CopyStmt) && loads_in_pieces((CopyStmt *) statement))
	{
		nest_level = NewGUCNestLevel();
		(void) set_config_option(
			"session_replication_role", "replica", PGC_SUSET, PGC_S_SESSION, GUC_ACTION_SAVE, true, 0, false);
	}
	if (previous_utility)
		previous_utility(pstmt, query_string, read_only_tree, context, params, query_env, dest, qc);
	else
		standard_ProcessUtility(pstmt, query_string, read_only_tree, context, params, query_env, dest, qc);
	if (nest_level > 0)
		AtEOXact_GUC(true, nest_level);
	/* A procedure or a COMMIT may have ended the transaction. */
	if (ours && IsTransactionState())
		after_command(statement, dropped);
}

/* ----- the extension goes ----- */

static bool
has_rows(Oid relation)
{
	Relation table = table_open(relation, NoLock);
	Snapshot snapshot;
	TableScanDesc scan;
	TupleTableSlot *slot;
	bool found;

	if (table->rd_rel->relkind != RELKIND_RELATION)
	{
		table_close(table, NoLock);
		return false;
	}
	snapshot = RegisterSnapshot(GetLatestSnapshot());
	slot = table_slot_create(table, NULL);
	scan = va_table_beginscan(table, snapshot);
	found = table_scan_getnextslot(scan, ForwardScanDirection, slot);
	table_endscan(scan);
	ExecDropSingleTupleTableSlot(slot);
	UnregisterSnapshot(snapshot);
	table_close(table, NoLock);
	return found;
}

static bool
is_tenants(Oid relation)
{
	const char *name = get_rel_name(relation);
	const char *schema;

	if (name == NULL || strcmp(name, "tenants") != 0)
		return false;
	schema = get_namespace_name(get_rel_namespace(relation));
	if (schema == NULL || strcmp(schema, VA_SCHEMA) != 0)
		return false;
	return OidIsValid(getExtensionOfObject(RelationRelationId, relation));
}

static void
refuse_drop_with_data(Oid relation)
{
	if (va_guc_allow_drop_with_data || !is_tenants(relation) || !has_rows(relation))
		return;
	ereport(ERROR, (errcode(ERRCODE_DEPENDENT_OBJECTS_STILL_EXIST),
					   errmsg("cannot drop extension voiceagent because it holds the data of tenants"),
					   errdetail("Table voiceagent.tenants is not empty."),
					   errhint("Take a dump, then SET voiceagent.allow_drop_with_data = on and drop it again.")));
}

static void
object_access(ObjectAccessType access, Oid class_id, Oid object_id, int sub_id, void *arg)
{
	if (previous_object_access)
		previous_object_access(access, class_id, object_id, sub_id, arg);
	if (access != OAT_DROP || sub_id != 0)
		return;
	if (class_id == RelationRelationId)
	{
		/* Rewrites drop a transient table: that is no end of anything. */
		if ((((ObjectAccessDrop *) arg)->dropflags & PERFORM_DELETION_INTERNAL) == 0)
			refuse_drop_with_data(object_id);
	}
	else if (class_id == ExtensionRelationId)
	{
		const char *name = get_extension_name(object_id);

		if (name != NULL && strcmp(name, VA_EXTENSION_NAME) == 0)
			va_poke_launcher(MyDatabaseId, false);
	}
}

void
va_utility_init(void)
{
	previous_utility = ProcessUtility_hook;
	ProcessUtility_hook = utility_hook;
	previous_object_access = object_access_hook;
	object_access_hook = object_access;
	RegisterXactCallback(at_transaction, NULL);
}
