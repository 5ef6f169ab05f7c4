/*-------------------------------------------------------------------------
 * registration.c
 *		How the processes of this extension are made known to the postmaster.
 *
 * No locks; the postmaster's list has its own.
 */
#include "postgres.h"

#include "registration.h"

#define LAUNCHER_RESTART_S 1

void
va_describe_worker(BackgroundWorker *worker, const char *type, const char *function)
{
	memset(worker, 0, sizeof(*worker));
	worker->bgw_flags = BGWORKER_SHMEM_ACCESS | BGWORKER_BACKEND_DATABASE_CONNECTION;
	worker->bgw_start_time = BgWorkerStart_RecoveryFinished;
	worker->bgw_restart_time = BGW_NEVER_RESTART;
	snprintf(worker->bgw_type, BGW_MAXLEN, "voiceagent %s", type);
	snprintf(worker->bgw_name, BGW_MAXLEN, "voiceagent %s", type);
	snprintf(worker->bgw_library_name, BGW_MAXLEN, "voiceagent");
	snprintf(worker->bgw_function_name, BGW_MAXLEN, "%s", function);
}

void
va_register_launcher(void)
{
	BackgroundWorker worker;

	va_describe_worker(&worker, "launcher", "va_launcher_main");
	worker.bgw_restart_time = LAUNCHER_RESTART_S;
	RegisterBackgroundWorker(&worker);
}
