/*-------------------------------------------------------------------------
 * status.c
 *		The workers in shared memory, as rows for status().
 *
 * Locking: the registry's lock, shared, while the slots are copied; the rows
 * are made afterwards.
 */
#include "postgres.h"

#include "access/xlog.h"
#include "core/errors.h"
#include "fmgr.h"
#include "funcapi.h"
#include "miscadmin.h"
#include "utils/builtins.h"
#include "utils/timestamp.h"
#include "utils/tuplestore.h"

#include "core/shmem.h"
#include "core/statement.h"
#include "worker.h"

#define STATUS_COLUMNS 17

PG_FUNCTION_INFO_V1(va_sql_worker_status);
PG_FUNCTION_INFO_V1(va_sql_launcher_status);
PG_FUNCTION_INFO_V1(va_sql_worker_address);
PG_FUNCTION_INFO_V1(va_sql_count_processes);

static const char *
state_name(VaWorkerKind kind, VaWorkerSlot *slot, bool held, bool unserved, bool unseen)
{
	if (unserved)
		return "wrong_version";
	if (held && slot->pid == 0)
		return "held";
	/* No process could be had to see whether the database has the extension. */
	if (unseen && pg_atomic_read_u32(&va_shmem()->out_of_slots) != 0 && va_guc_launcher && !RecoveryInProgress())
		return "out_of_worker_slots";
	if (slot->no_slot && slot->pid == 0)
		return "out_of_worker_slots";
	if (slot->pid != 0 && pg_atomic_read_u64((pg_atomic_uint64 *) &slot->still_since) != 0)
		return "standing_still";
	switch (slot->state)
	{
		case VA_STATE_STOPPED:
			/* On a standby no worker runs, so none counts as resting. */
			return !RecoveryInProgress() && va_on_demand(kind) && pg_atomic_read_u32(&slot->wanted) == 0 ? "resting"
																										 : "stopped";
		case VA_STATE_STARTING:
			return "starting";
		case VA_STATE_RUNNING:
			return "running";
		case VA_STATE_FAILING:
			return "failing";
	}
	return "unknown";
}

static Datum
text_or_null(const char *text, bool *isnull)
{
	*isnull = text[0] == '\0';
	return *isnull ? (Datum) 0 : CStringGetTextDatum(text);
}

static Datum
time_or_null(TimestampTz time, bool *isnull)
{
	*isnull = time == 0;
	return TimestampTzGetDatum(time);
}

/*
 * The row of a kind whose work another process does shows that process, but
 * its counts are in that process' own row.
 */
static void
put_worker(ReturnSetInfo *result, VaWorkerKind kind, VaDatabaseSlot *database, bool held, bool unserved)
{
	VaWorkerSlot *own = &database->worker[kind];
	VaWorkerSlot *slot = &database->worker[va_process_of_kind(kind)];
	bool listens = slot->pid != 0 && slot->port != 0 &&
				   (kind == VA_WORKER_GATEWAY || kind == VA_WORKER_SANDBOX || kind == VA_WORKER_WEB ||
					   kind == VA_WORKER_MEDIA);
	Datum values[STATUS_COLUMNS] = { 0 };
	bool nulls[STATUS_COLUMNS] = { 0 };
	int i = 0;

	values[i++] = CStringGetTextDatum(va_worker_kind_name(kind));
	nulls[i] = slot->pid == 0;
	values[i++] = Int32GetDatum(slot->pid);
	values[i++] = CStringGetTextDatum(
		state_name(kind, slot, held, unserved, database->state == VA_DB_FREE && !va_on_demand(kind)));
	values[i] = time_or_null(slot->pid != 0 ? slot->started_at : 0, &nulls[i]);
	i++;
	nulls[i] = !listens;
	values[i++] = Int32GetDatum(slot->port);
	nulls[i] = !listens;
	values[i] = nulls[i] ? (Datum) 0 : CStringGetTextDatum(va_url_of(slot->host, slot->port));
	i++;
	values[i] = time_or_null(slot->error_at, &nulls[i]);
	i++;
	values[i] = text_or_null(slot->error_state, &nulls[i]);
	i++;
	values[i] = text_or_null(slot->error_text, &nulls[i]);
	i++;
	values[i++] = Int64GetDatum((int64) own->starts);
	values[i++] = Int64GetDatum((int64) pg_atomic_read_u64(&own->turns));
	values[i++] = Int64GetDatum((int64) pg_atomic_read_u64(&own->commits));
	values[i++] = Int64GetDatum((int64) pg_atomic_read_u64(&own->errors));
	for (int why = 0; why < VA_REFUSALS; why++)
		values[i++] = Int64GetDatum((int64) pg_atomic_read_u64(&own->refused[why]));
	Assert(i == STATUS_COLUMNS);
	tuplestore_putvalues(result->setResult, result->setDesc, values, nulls);
}

Datum
va_sql_worker_status(PG_FUNCTION_ARGS)
{
	ReturnSetInfo *result = (ReturnSetInfo *) fcinfo->resultinfo;
	VaShared *shared = va_shmem();
	VaDatabaseSlot *copy = palloc0(sizeof(VaDatabaseSlot));
	VaDatabaseSlot *slot;
	bool held;

	InitMaterializedSRF(fcinfo, 0);
	LWLockAcquire(shared->lock, LW_SHARED);
	held = va_is_held(MyDatabaseId);
	slot = va_find_database(MyDatabaseId);
	if (slot != NULL)
		memcpy(copy, slot, sizeof(*copy));
	LWLockRelease(shared->lock);
	for (int k = 0; k < VA_WORKER_KINDS; k++)
		if (k < VA_WORKER_WEB || va_is_configured((VaWorkerKind) k))
			put_worker(result, (VaWorkerKind) k, copy, held, copy->state == VA_DB_DISABLED && copy->unserved);
	return (Datum) 0;
}

/* (pid, state, since) of the launcher: it stands still when it was woken and has not looked for so long. */
Datum
va_sql_launcher_status(PG_FUNCTION_ARGS)
{
	VaShared *shared = va_shmem();
	TimestampTz asked = (TimestampTz) pg_atomic_read_u64(&shared->launcher_asked);
	Datum values[3];
	bool nulls[3] = { false };
	const char *state = "running";
	bool still;
	pid_t pid;

	LWLockAcquire(shared->lock, LW_SHARED);
	pid = shared->launcher_pid;
	LWLockRelease(shared->lock);
	still = asked != 0 && TimestampDifferenceExceeds(asked, GetCurrentTimestamp(), va_guc_standstill_after_s * 1000);
	if (pid == 0)
		state = "stopped";
	else if (still)
		state = "standing_still";
	values[0] = Int32GetDatum(pid);
	nulls[0] = pid == 0;
	values[1] = CStringGetTextDatum(state);
	values[2] = TimestampTzGetDatum(asked);
	nulls[2] = !still;
	PG_RETURN_DATUM(va_row_of_result(fcinfo, values, nulls));
}

/* (databases, running, waiting, processes per database, shared) of the whole server */
Datum
va_sql_count_processes(PG_FUNCTION_ARGS)
{
	VaShared *shared = va_shmem();
	Datum values[5];
	bool nulls[5] = { false };
	int databases = 0;
	int running = 0;
	int waiting = 0;

	LWLockAcquire(shared->lock, LW_SHARED);
	for (int i = 0; i < shared->n_databases; i++)
	{
		const VaDatabaseSlot *slot = &shared->database[i];

		databases += slot->state == VA_DB_ENABLED;
		for (int k = 0; k < VA_WORKER_KINDS; k++)
		{
			running += slot->worker[k].pid != 0;
			waiting += slot->state == VA_DB_ENABLED && slot->worker[k].pid == 0 && slot->worker[k].no_slot;
		}
	}
	LWLockRelease(shared->lock);
	values[0] = Int32GetDatum(databases);
	values[1] = Int32GetDatum(running);
	values[2] = Int32GetDatum(waiting);
	values[3] = Int32GetDatum(va_processes_per_database(va_processes_shared()));
	values[4] = BoolGetDatum(va_processes_shared());
	PG_RETURN_DATUM(va_row_of_result(fcinfo, values, nulls));
}

Datum
va_sql_worker_address(PG_FUNCTION_ARGS)
{
	char *name = text_to_cstring(PG_GETARG_TEXT_PP(0));
	VaWorkerKind kind;

	if (!va_worker_kind_by_name(name, &kind))
		ereport(ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE), errmsg("there is no worker of kind \"%s\"", va_shown(name)),
				errhint("The kinds are dialer, requests, gateway, applier, keeper, sandbox, guest, exporter, web and "
						"api.")));
	VA_RETURN_TEXT(va_database_url(MyDatabaseId, kind));
}
