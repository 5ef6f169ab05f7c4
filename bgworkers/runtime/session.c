/*-------------------------------------------------------------------------
 * session.c
 *		The session of a worker: its settings, its name, its role, its limits.
 */
#include "postgres.h"

#include <sys/resource.h>

#include "access/xact.h"
#include "miscadmin.h"
#include "pgstat.h"
#include "storage/fd.h"
#include "utils/acl.h"
#include "utils/guc.h"
#include "utils/snapmgr.h"

#include "core/compat.h"
#include "tenant_backoff.h"
#include "session.h"
#include "runtime.h"
#include "core/version.h"

#define SPARE_FILES 64

/* Dialling each lead once depends on durable commits, whatever the server's default is. */
void
va_session_settings(VaWorkerKind kind)
{
	static const char *const forced[][2] = {
		{ "search_path", "pg_catalog, pg_temp" },
		{ "row_security", "on" },
		{ "default_transaction_isolation", "read committed" },
		{ "default_transaction_read_only", "off" },
		{ "default_transaction_deferrable", "off" },
		{ "statement_timeout", "0" },
		/* It would end the process, and not only the statement. */
		VA_NO_TRANSACTION_TIMEOUT{ "idle_in_transaction_session_timeout", "0" },
		{ "jit", "off" },
	};
	/* A process api serves its callers as a session of their own does. */
	static const char *const engine[][2] = {
		{ "lock_timeout", VA_WORKER_LOCK_TIMEOUT },
		/*
		 * A custom plan believes statistics in which a new tenant has no rows, and takes any index that begins
		 * with the tenant; a generic plan takes the index that has the key.
		 */
		{ "plan_cache_mode", "force_generic_plan" },
		/*
		 * Prefer few rows to few index descents: a hundred lookups by key beat one scan of all that a tenant
		 * has, however small the planner believes that to be.
		 */
		{ "random_page_cost", "0" },
		{ "cpu_operator_cost", "0" },
#ifdef USE_LZ4
		/* Raw webhooks and transcripts: a third of the time of pglz. */
		{ "default_toast_compression", "lz4" },
#endif
	};

	/* The rows of a page by the index that has their order, however many the tenant has. */
	static const char *const in_order[] = { "enable_seqscan", "enable_bitmapscan", "enable_sort" };

	for (int i = 0; i < (int) lengthof(forced); i++)
		SetConfigOption(forced[i][0], forced[i][1], PGC_SUSET, PGC_S_OVERRIDE);
	for (int i = 0; !va_is_api(kind) && i < (int) lengthof(engine); i++)
		SetConfigOption(engine[i][0], engine[i][1], PGC_SUSET, PGC_S_OVERRIDE);
	for (int i = 0; kind == VA_WORKER_EXPORTER && i < (int) lengthof(in_order); i++)
		SetConfigOption(in_order[i], "off", PGC_SUSET, PGC_S_OVERRIDE);
	/* Stronger than "on" is welcome. */
	if (synchronous_commit == SYNCHRONOUS_COMMIT_OFF)
		SetConfigOption("synchronous_commit", "on", PGC_SUSET, PGC_S_OVERRIDE);
}

void
va_session_name(VaWorkerKind kind)
{
	char name[64];

	snprintf(name, sizeof(name), "voiceagent %s", va_worker_kind_name(kind));
	SetConfigOption("application_name", name, PGC_USERSET, PGC_S_OVERRIDE);
	pgstat_report_appname(name);
	pgstat_report_activity(STATE_IDLE, NULL);
}

VaSession
va_session_role(VaWorkerKind kind)
{
	const char *name = kind == VA_WORKER_GUEST ? VA_ROLE_GUEST : va_is_api(kind) ? VA_ROLE_API : VA_ROLE_WORKER;
	VaSession session;
	Oid role;
	char *version;

	SetCurrentStatementStartTimestamp();
	StartTransactionCommand();
	(void) GetTransactionSnapshot();
	version = va_extension_version();
	if (version == NULL)
		session = VA_SESSION_NONE;
	else
		session = va_serves(version) ? VA_SESSION_SERVES : VA_SESSION_REFUSES;
	if (session != VA_SESSION_SERVES && va_slot_disable_database(MyDatabaseId, version != NULL) && version != NULL)
		va_report_version(LOG, version);
	if (session == VA_SESSION_REFUSES && kind != VA_WORKER_GATEWAY)
		session = VA_SESSION_NONE;
	role = session == VA_SESSION_NONE ? InvalidOid : get_role_oid(name, true);
	CommitTransactionCommand();
	if (session == VA_SESSION_NONE)
		return session;
	if (!OidIsValid(role))
	{
		va_slot_failing(ERRCODE_UNDEFINED_OBJECT, "the role of the workers does not exist");
		ereport(FATAL, (errcode(ERRCODE_UNDEFINED_OBJECT), errmsg("role \"%s\" does not exist", name),
						   errhint("Drop and create the extension voiceagent, which makes its roles.")));
	}
	SetSessionAuthorization(role, false);
	return session;
}

/*
 * Connections are file descriptors that the server's own limit knows nothing
 * about: raise the limit as far as the system allows.
 */
void
va_session_file_limit(void)
{
	struct rlimit limit;
	rlim_t wanted = (rlim_t) max_files_per_process + (rlim_t) va_guc_http_max_in_flight +
					(rlim_t) va_guc_gateway_max_connections + SPARE_FILES;

	if (getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur >= wanted)
		return;
	limit.rlim_cur = limit.rlim_max == RLIM_INFINITY ? wanted : Min(wanted, limit.rlim_max);
	(void) setrlimit(RLIMIT_NOFILE, &limit);
	if (limit.rlim_cur < wanted)
		ereport(
			LOG, (errmsg("the limit of open files (%lu) is too low for all connections that voiceagent may have (%lu)",
					  (unsigned long) limit.rlim_cur, (unsigned long) wanted),
					 errhint("Raise the limit of the server's process, or lower voiceagent.gateway_max_connections or "
							 "voiceagent.http_max_in_flight.")));
}
