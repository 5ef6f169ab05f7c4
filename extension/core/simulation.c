/*-------------------------------------------------------------------------
 * simulation.c
 *		The bounds of a simulation (contract in simulation.h).
 *
 * State is the backend's own and there is one at most; no locks.
 */
#include "postgres.h"

#include "access/xact.h"
#include "fmgr.h"
#include "miscadmin.h"
#include "utils/array.h"
#include "utils/memutils.h"
#include "utils/plancache.h"
#include "utils/timestamp.h"

#include "shmem.h"
#include "simulation.h"

/* A simulation that has been forgotten about would go on for ever. */
#define TENANTS_MAX 1000
#define FAULTS 5
/* Plans are renewed after so many steps at the latest. */
#define RENEW_STEPS 2000
#define RENEW_KEPT 20

static struct
{
	bool on;
	bool kept; /* a bench: it commits, and ends by itself or with an error */
	SubTransactionId subxact;
	MemoryContext memory;
	TimestampTz now;
	uint64 steps;
	uint64 renew_at;
	int64 tenants[TENANTS_MAX];
	int ntenants;
} simulation;

PG_FUNCTION_INFO_V1(va_sql_simulating);
PG_FUNCTION_INFO_V1(va_sql_in_scope);
PG_FUNCTION_INFO_V1(va_sql_begin_simulation);
PG_FUNCTION_INFO_V1(va_sql_commit_simulation);
PG_FUNCTION_INFO_V1(va_sql_end_committed_simulation);
PG_FUNCTION_INFO_V1(va_sql_drive_clock);
PG_FUNCTION_INFO_V1(va_sql_own_tenant);

bool
va_simulating(void)
{
	return simulation.on;
}

bool
va_simulation_owns(int64 tenant_id)
{
	/* The newest first: it is the one that is asked about, nearly always. */
	for (int i = simulation.ntenants - 1; i >= 0; i--)
		if (simulation.tenants[i] == tenant_id)
			return true;
	return false;
}

TimestampTz
va_simulation_now(void)
{
	return simulation.now;
}

/* Must not raise. */
static void
end_simulation(void)
{
	simulation.on = simulation.kept = false;
	simulation.ntenants = 0;
	va_carrier_end();
	if (simulation.memory != NULL)
		MemoryContextDelete(simulation.memory);
	simulation.memory = NULL;
}

static void
at_subtransaction(SubXactEvent event, SubTransactionId mine, SubTransactionId parent, void *arg)
{
	if (!simulation.on || simulation.kept || mine != simulation.subxact)
		return;
	if (event == SUBXACT_EVENT_PRE_COMMIT_SUB)
		ereport(ERROR, (errcode(ERRCODE_INVALID_TRANSACTION_STATE), errmsg("a simulation cannot be committed")));
	if (event == SUBXACT_EVENT_ABORT_SUB)
		end_simulation();
}

/* Without a subtransaction that ends it, it ends here. */
static void
at_transaction(XactEvent event, void *arg)
{
	if (!simulation.on)
		return;
	if (event == XACT_EVENT_PRE_PREPARE || (event == XACT_EVENT_PRE_COMMIT && !simulation.kept))
		ereport(ERROR, (errcode(ERRCODE_INVALID_TRANSACTION_STATE), errmsg("a simulation cannot be committed")));
	if (event == XACT_EVENT_ABORT)
		end_simulation();
}

void
va_simulation_init(void)
{
	RegisterSubXactCallback(at_subtransaction, NULL);
	RegisterXactCallback(at_transaction, NULL);
}

static void
need_simulation(void)
{
	if (!simulation.on)
		ereport(ERROR,
			(errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE), errmsg("there is no simulation in this transaction")));
}

Datum
va_sql_simulating(PG_FUNCTION_ARGS)
{
	PG_RETURN_BOOL(simulation.on);
}

/* The policy of the routing tables for whatever runs as the owner: cheap, it is asked for each row. */
Datum
va_sql_in_scope(PG_FUNCTION_ARGS)
{
	PG_RETURN_BOOL(likely(!simulation.on) || va_simulation_owns(PG_GETARG_INT64(0)));
}

/* A worker's own transactions must not stand still; a process api has none but those of its clients. */
static bool
is_clients_session(void)
{
	return MyBackendType == B_BACKEND || strcmp(GetUserNameFromId(GetSessionUserId(), false), VA_ROLE_API) == 0;
}

static void
begin(TimestampTz at, uint32 seed, int answered_per_mille, const VaSimulationFaults *faults)
{
	if (simulation.on)
		ereport(ERROR, (errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE), errmsg("a simulation is on already")));
	if (!is_clients_session())
		ereport(
			ERROR, (errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE), errmsg("only a client's session simulates")));
	if (TIMESTAMP_NOT_FINITE(at))
		ereport(ERROR, (errcode(ERRCODE_DATETIME_VALUE_OUT_OF_RANGE), errmsg("a simulation begins at a time")));
	simulation.memory = AllocSetContextCreate(TopMemoryContext, "voiceagent simulation", ALLOCSET_DEFAULT_SIZES);
	simulation.subxact = GetCurrentSubTransactionId();
	simulation.now = at;
	simulation.ntenants = 0;
	simulation.steps = 0;
	simulation.renew_at = 0;
	simulation.on = true;
	va_carrier_begin(simulation.memory, seed, answered_per_mille, faults);
}

/* begin_simulation(at, seed, answered_per_mille, faults) */
Datum
va_sql_begin_simulation(PG_FUNCTION_ARGS)
{
	ArrayType *array = PG_GETARG_ARRAYTYPE_P(3);
	VaSimulationFaults faults = { 0 };
	int *members[FAULTS] = { &faults.lost, &faults.repeated, &faults.late, &faults.refused, &faults.unknown };

	if (IsInParallelMode() || GetCurrentTransactionNestLevel() < 2)
		ereport(ERROR, (errcode(ERRCODE_NO_ACTIVE_SQL_TRANSACTION),
						   errmsg("a simulation begins in a subtransaction, which is rolled back")));
	if (ARR_NDIM(array) != 1 || ARR_DIMS(array)[0] != FAULTS || ARR_HASNULL(array))
		ereport(ERROR, (errcode(ERRCODE_ARRAY_SUBSCRIPT_ERROR), errmsg("there are %d kinds of faults", FAULTS)));
	for (int i = 0; i < FAULTS; i++)
		*members[i] = ((int32 *) ARR_DATA_PTR(array))[i];
	begin(PG_GETARG_TIMESTAMPTZ(0), (uint32) PG_GETARG_INT64(1), PG_GETARG_INT32(2), &faults);
	PG_RETURN_VOID();
}

/* Whether a worker could see what is committed here. */
static bool
workers_run(void)
{
	VaShared *shared = va_shmem_or_null();
	VaDatabaseSlot *slot;
	bool found = false;

	if (shared == NULL)
		return false;
	LWLockAcquire(shared->lock, LW_SHARED);
	slot = va_find_database(MyDatabaseId);
	for (int kind = 0; slot != NULL && kind < VA_WORKER_KINDS; kind++)
		found = found || slot->worker[kind].pid != 0;
	LWLockRelease(shared->lock);
	return found;
}

Datum
va_sql_commit_simulation(PG_FUNCTION_ARGS)
{
	VaSimulationFaults none = { 0 };

	if (!superuser_arg(GetSessionUserId()))
		ereport(ERROR, (errcode(ERRCODE_INSUFFICIENT_PRIVILEGE), errmsg("permission denied to commit a simulation")));
	if (workers_run())
		ereport(ERROR, (errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE), errmsg("workers run in this database"),
						   errhint("A simulation that is committed needs a server with voiceagent.launcher = off.")));
	begin(PG_GETARG_TIMESTAMPTZ(0), (uint32) PG_GETARG_INT64(1), -1, &none);
	simulation.kept = true;
	PG_RETURN_VOID();
}

Datum
va_sql_end_committed_simulation(PG_FUNCTION_ARGS)
{
	if (!simulation.on || !simulation.kept)
		ereport(
			ERROR, (errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE), errmsg("no simulation is to be ended here")));
	end_simulation();
	PG_RETURN_VOID();
}

Datum
va_sql_drive_clock(PG_FUNCTION_ARGS)
{
	TimestampTz to = PG_GETARG_TIMESTAMPTZ(0);

	need_simulation();
	if (TIMESTAMP_NOT_FINITE(to) || to < simulation.now)
		ereport(ERROR, (errcode(ERRCODE_DATETIME_VALUE_OUT_OF_RANGE), errmsg("the time of a simulation goes forward")));
	simulation.now = to;
	/* The tables grow from nothing while it runs: plans are renewed, as workers renew theirs, when it has grown. */
	if (++simulation.steps >= simulation.renew_at)
	{
		ResetPlanCache();
		simulation.renew_at = simulation.steps +
							  (simulation.kept ? RENEW_KEPT : Min(simulation.steps * 2 + 8, RENEW_STEPS));
	}
	PG_RETURN_VOID();
}

/* A tenant that the simulation is about to make: its id comes fresh from the sequence, so it is unused. */
Datum
va_sql_own_tenant(PG_FUNCTION_ARGS)
{
	int64 tenant_id = PG_GETARG_INT64(0);

	need_simulation();
	if (simulation.ntenants == TENANTS_MAX)
		ereport(ERROR, (errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED), errmsg("too many tenants in a simulation")));
	simulation.tenants[simulation.ntenants++] = tenant_id;
	PG_RETURN_INT64(tenant_id);
}
