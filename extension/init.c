/*-------------------------------------------------------------------------
 * init.c
 *		Entry point of the library: settings, shared memory, hooks, launcher.
 *
 * In shared_preload_libraries everything is set up.  Loaded later, by the
 * first call of one of our functions, the library has no shared memory and no
 * workers: pure functions work, the others say which setting is missing.
 */
#include "postgres.h"

#include "fmgr.h"
#include "miscadmin.h"

#include "tenancy/identity.h"
#include "core/clock.h"
#include "core/counters.h"
#include "core/live_words.h"
#include "guard/session.h"
#include "tenancy/log_redaction.h"
#include "import/run.h"
#include "core/registration.h"
#include "core/shmem.h"
#include "core/simulation.h"
#include "tenancy/in_flight.h"
#include "tenancy/policy.h"
#include "core/utility.h"
#include "core/voiceagent.h"
#include "core/wake.h"

PG_MODULE_MAGIC;

PGDLLEXPORT void _PG_init(void);

void
_PG_init(void)
{
	/* Every setting before the prefix is reserved; max_databases sizes shared memory. */
	va_tenant_context_init();
	va_clock_init();
	va_define_gucs();
	/* Called in the opposite order: first the commit's wishes are sent, then the hold ends. */
	va_utility_init();
	va_wake_init();
	va_tenant_at_work = va_tenant_or_none;
	if (process_shared_preload_libraries_in_progress)
		va_log_bound_init();
	va_log_redaction_init();
	va_counters_register();
	va_simulation_init();
	va_policy_init();

	if (!process_shared_preload_libraries_in_progress)
		return;
	va_guard_init();
	va_shmem_init();
	va_live_words_init();
	va_in_flight_init();
	va_import_progress_init();
	if (!IsBinaryUpgrade)
		va_register_launcher();
}
