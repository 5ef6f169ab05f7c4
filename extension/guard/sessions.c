/*-------------------------------------------------------------------------
 * sessions.c
 *		The tenants' sessions that have a transaction open, and all sessions
 *		that listen, for status().
 *
 * A session has the place of its backend number and writes only there, without
 * a lock; a reader may see a place that is half written, and so a figure of
 * the transaction before.
 */
#include "postgres.h"

#include "fmgr.h"
#include "funcapi.h"
#include "miscadmin.h"
#include "port/atomics.h"
#include "storage/ipc.h"
#include "storage/lwlock.h"
#include "storage/proc.h"
#include "utils/backend_status.h"
#include "utils/tuplestore.h"

#include "core/compat.h"
#include "core/shmem.h"
#include "session.h"

#define SHMEM_NAME "voiceagent tenant sessions"

PG_FUNCTION_INFO_V1(va_sql_tenant_sessions);
PG_FUNCTION_INFO_V1(va_sql_listeners);

typedef struct Place
{
	int pid; /* 0: free */
	Oid role;
	TimestampTz since; /* 0: no transaction is open */
	int locks;
	bool listens;
} Place;

typedef struct Places
{
	pg_atomic_uint64 ended;
	pg_atomic_uint64 dropped; /* lines of the log */
	int count;
	Place place[FLEXIBLE_ARRAY_MEMBER];
} Places;

static Places *places = NULL;

static void
set_up(LWLock *lock)
{
	pg_atomic_init_u64(&places->ended, 0);
	pg_atomic_init_u64(&places->dropped, 0);
	places->count = MaxBackends + 1;
}

static Place *
mine(void)
{
	int number = VA_MY_BACKEND_NUMBER;

	return places != NULL && number >= 0 && number < places->count ? &places->place[number] : NULL;
}

static void
leave(int code, Datum arg)
{
	Place *place = mine();

	if (place != NULL)
		memset(place, 0, sizeof(Place));
}

static Place *
taken(void)
{
	static bool registered = false;
	Place *place = mine();

	if (place == NULL)
		return NULL;
	if (!registered)
		before_shmem_exit(leave, (Datum) 0);
	registered = true;
	place->role = MyProc->roleId;
	place->pid = MyProcPid;
	return place;
}

void
va_note_session(TimestampTz since, long locks)
{
	Place *place = taken();

	if (place == NULL)
		return;
	place->locks = (int) locks;
	place->since = since;
}

void
va_note_listener(bool listens)
{
	Place *place = taken();

	if (place != NULL)
		place->listens = listens;
}

void
va_count_ended(void)
{
	if (places != NULL)
		pg_atomic_fetch_add_u64(&places->ended, 1);
}

void
va_count_dropped(void)
{
	if (places != NULL)
		pg_atomic_fetch_add_u64(&places->dropped, 1);
}

/* tenant_sessions(): pid, role, since, locks; and rows without a pid whose locks are sessions ended, role 0: lines dropped. */
Datum
va_sql_tenant_sessions(PG_FUNCTION_ARGS)
{
	ReturnSetInfo *result = (ReturnSetInfo *) fcinfo->resultinfo;

	InitMaterializedSRF(fcinfo, 0);
	for (int i = 0; places != NULL && i < places->count; i++)
	{
		Place place = places->place[i];
		Datum values[4] = { Int32GetDatum(place.pid), ObjectIdGetDatum(place.role), TimestampTzGetDatum(place.since),
			Int64GetDatum(place.locks) };
		bool nulls[4] = { false };

		if (place.pid != 0 && place.since != 0)
			tuplestore_putvalues(result->setResult, result->setDesc, values, nulls);
	}
	if (places != NULL)
	{
		Datum values[4] = { 0, 0, 0, Int64GetDatum((int64) pg_atomic_read_u64(&places->ended)) };
		bool nulls[4] = { true, true, true, false };

		tuplestore_putvalues(result->setResult, result->setDesc, values, nulls);
		values[3] = Int64GetDatum((int64) pg_atomic_read_u64(&places->dropped));
		nulls[1] = false;
		tuplestore_putvalues(result->setResult, result->setDesc, values, nulls);
	}
	return (Datum) 0;
}

/* The start of a backend's transaction; 0: it has none, or is gone. */
static TimestampTz
transaction_of(int pid)
{
	int count = pgstat_fetch_stat_numbackends();

	for (int i = 1; i <= count; i++)
	{
		LocalPgBackendStatus *entry = va_backend_entry(i);

		if (entry != NULL && entry->backendStatus.st_procpid == pid)
			return entry->backendStatus.st_xact_start_timestamp;
	}
	return 0;
}

/* listeners(): pid, role, since (NULL: no transaction is open, so it reads). */
Datum
va_sql_listeners(PG_FUNCTION_ARGS)
{
	ReturnSetInfo *result = (ReturnSetInfo *) fcinfo->resultinfo;

	InitMaterializedSRF(fcinfo, 0);
	for (int i = 0; places != NULL && i < places->count; i++)
	{
		Place place = places->place[i];
		TimestampTz since = place.listens ? transaction_of(place.pid) : 0;
		Datum values[3] = { Int32GetDatum(place.pid), ObjectIdGetDatum(place.role), TimestampTzGetDatum(since) };
		bool nulls[3] = { false, false, since == 0 };

		if (place.pid != 0 && place.listens)
			tuplestore_putvalues(result->setResult, result->setDesc, values, nulls);
	}
	return (Datum) 0;
}

void
va_sessions_init(void)
{
	static VaSharedPart part = { SHMEM_NAME, (void **) &places, offsetof(Places, place), sizeof(Place), set_up, NULL };

	va_shmem_add(&part);
}
