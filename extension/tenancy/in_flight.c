/*-------------------------------------------------------------------------
 * in_flight.c
 *		Shares of PostgREST's pool and of password checks (contract in
 *		in_flight.h).
 *
 * Each backend has a place in shared memory, by its number, in which it writes
 * what it has under way.  A newcomer counts the others' places under a lock, so
 * that no two of them take the last share; whoever ends clears its own without
 * it.  Nothing is left behind: a backend that dies without clearing its place
 * brings the server down, and shared memory is made anew.
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "access/xact.h"
#include "common/hashfn.h"
#include "fmgr.h"
#include "miscadmin.h"
#include "port/atomics.h"
#include "storage/ipc.h"
#include "storage/lwlock.h"
#include "storage/shmem.h"

#include "core/compat.h"
#include "core/errors.h"
#include "core/voiceagent.h"
#include "in_flight.h"

#define SHMEM_NAME "voiceagent in flight"
#define ANY_PASSWORD 1 /* the processors are the whole server's */

PG_FUNCTION_INFO_V1(va_sql_enter_api_request);
PG_FUNCTION_INFO_V1(va_sql_begin_password_check);
PG_FUNCTION_INFO_V1(va_sql_end_password_check);

typedef enum Kind
{
	REQUEST,
	PASSWORD,
	N_KINDS
} Kind;

typedef struct Places
{
	LWLock *lock;
	int count;
	pg_atomic_uint64 place[FLEXIBLE_ARRAY_MEMBER]; /* N_KINDS a backend; 0: nothing is under way */
} Places;

static Places *places = NULL;
static shmem_request_hook_type previous_request = NULL;
static shmem_startup_hook_type previous_startup = NULL;

static Size
places_size(void)
{
	return MAXALIGN(offsetof(Places, place) + mul_size((MaxBackends + 1) * N_KINDS, sizeof(pg_atomic_uint64)));
}

static void
request_shmem(void)
{
	if (previous_request)
		previous_request();
	RequestAddinShmemSpace(places_size());
	RequestNamedLWLockTranche(SHMEM_NAME, 1);
}

static void
startup_shmem(void)
{
	bool found;

	if (previous_startup)
		previous_startup();
	LWLockAcquire(AddinShmemInitLock, LW_EXCLUSIVE);
	places = ShmemInitStruct(SHMEM_NAME, places_size(), &found);
	if (!found)
	{
		places->lock = &GetNamedLWLockTranche(SHMEM_NAME)->lock;
		places->count = MaxBackends + 1;
		for (int i = 0; i < places->count * N_KINDS; i++)
			pg_atomic_init_u64(&places->place[i], 0);
	}
	LWLockRelease(AddinShmemInitLock);
}

void
va_in_flight_init(void)
{
	previous_request = shmem_request_hook;
	shmem_request_hook = request_shmem;
	previous_startup = shmem_startup_hook;
	shmem_startup_hook = startup_shmem;
}

static pg_atomic_uint64 *
place_of(int backend, Kind kind)
{
	return &places->place[backend * N_KINDS + kind];
}

static void
leave(Kind kind)
{
	pg_atomic_write_u64(place_of(VA_MY_BACKEND_NUMBER, kind), 0);
}

static void
at_transaction(XactEvent event, void *arg)
{
	if (event != XACT_EVENT_COMMIT && event != XACT_EVENT_ABORT && event != XACT_EVENT_PREPARE)
		return;
	leave(REQUEST);
	leave(PASSWORD);
}

/* An error that is caught must not keep a check until the transaction's end, which its client may leave open. */
static void
at_subtransaction(SubXactEvent event, SubTransactionId mine, SubTransactionId parent, void *arg)
{
	if (event == SUBXACT_EVENT_ABORT_SUB)
		leave(PASSWORD);
}

/* False when as many others have something of this kind under this key. */
static bool
enter(Kind kind, uint64 key, int most)
{
	static bool registered = false;
	int others = 0;

	if (places == NULL || VA_MY_BACKEND_NUMBER < 0 || VA_MY_BACKEND_NUMBER >= places->count)
		return true;
	if (!registered)
	{
		RegisterXactCallback(at_transaction, NULL);
		RegisterSubXactCallback(at_subtransaction, NULL);
		registered = true;
	}
	LWLockAcquire(places->lock, LW_EXCLUSIVE);
	for (int i = 0; i < places->count; i++)
		if (i != VA_MY_BACKEND_NUMBER && pg_atomic_read_u64(place_of(i, kind)) == key)
			others++;
	if (others < most)
		pg_atomic_write_u64(place_of(VA_MY_BACKEND_NUMBER, kind), key);
	LWLockRelease(places->lock);
	return others < most;
}

/* ----- SQL ----- */

/* enter_api_request(tenant) */
Datum
va_sql_enter_api_request(PG_FUNCTION_ARGS)
{
	uint64 tenant = (uint64) PG_GETARG_INT64(0);
	uint64 key = hash_combine64(hash_bytes_uint32_extended(MyDatabaseId, 0), tenant);
	int most = va_guc_api_requests_per_tenant > 0 ? va_guc_api_requests_per_tenant : Max(va_guc_api_pool_size / 2, 1);

	if (va_guc_api_pool_size == 0 && va_guc_api_requests_per_tenant == 0)
		PG_RETURN_VOID();
	if (!enter(REQUEST, Max(key, 1), most))
		ereport(ERROR, (errcode(VA_ERRCODE_TOO_MANY), errmsg("too many requests of this tenant at once"),
						   errdetail("A tenant may have %d in flight (voiceagent.api_requests_per_tenant).", most),
						   errhint("Send the request again when one of the others has been answered.")));
	PG_RETURN_VOID();
}

Datum
va_sql_begin_password_check(PG_FUNCTION_ARGS)
{
	if (!enter(PASSWORD, ANY_PASSWORD, va_guc_password_checks))
		ereport(ERROR, (errcode(VA_ERRCODE_TOO_MANY), errmsg("too many logins at once"),
						   errdetail("The server compares %d passwords at a time (voiceagent.password_checks).",
							   va_guc_password_checks),
						   errhint("Try again in a second.")));
	PG_RETURN_VOID();
}

Datum
va_sql_end_password_check(PG_FUNCTION_ARGS)
{
	if (places != NULL)
		leave(PASSWORD);
	PG_RETURN_VOID();
}
