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
 */
#include "postgres.h"

#include "access/xact.h"
#include "common/hashfn.h"
#include "fmgr.h"
#include "miscadmin.h"
#include "port/atomics.h"
#include "storage/condition_variable.h"
#include "storage/lwlock.h"
#include "utils/builtins.h"
#include "utils/timestamp.h"
#include "utils/wait_event.h"

#include "core/compat.h"
#include "core/errors.h"
#include "core/shmem.h"
#include "core/voiceagent.h"
#include "in_flight.h"

#define SHMEM_NAME "voiceagent in flight"
#define VISITORS "visitor " /* begins their share */
/* So long a password check waits for its turn, and so many of one key at most. */
#define CHECK_WAIT_MS 2000
#define CHECKS_WAITING 16

PG_FUNCTION_INFO_V1(va_sql_enter_api_request);
PG_FUNCTION_INFO_V1(va_sql_begin_password_check);
PG_FUNCTION_INFO_V1(va_sql_end_password_check);

typedef enum Kind
{
	REQUEST,
	PASSWORD,
	WAITS,	/* the key under which a password check waits */
	ORIGIN, /* for whom */
	TICKET, /* and since when */
	N_KINDS
} Kind;

typedef struct Places
{
	LWLock *lock;
	ConditionVariable freed; /* a password check has ended */
	uint64 tickets;
	int count;
	pg_atomic_uint64 place[FLEXIBLE_ARRAY_MEMBER]; /* N_KINDS a backend; 0: nothing is under way */
} Places;

static Places *places = NULL;

static void
set_up(LWLock *lock)
{
	places->lock = lock;
	ConditionVariableInit(&places->freed);
	places->count = MaxBackends + 1;
	for (int i = 0; i < places->count * N_KINDS; i++)
		pg_atomic_init_u64(&places->place[i], 0);
}

void
va_in_flight_init(void)
{
	static VaSharedPart part = { SHMEM_NAME, (void **) &places, offsetof(Places, place),
		N_KINDS * sizeof(pg_atomic_uint64), set_up, NULL };

	va_shmem_add(&part);
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
leave_check(void)
{
	leave(TICKET);
	if (pg_atomic_exchange_u64(place_of(VA_MY_BACKEND_NUMBER, PASSWORD), 0) != 0)
		ConditionVariableBroadcast(&places->freed);
}

static void
at_transaction(XactEvent event, void *arg)
{
	if (event != XACT_EVENT_COMMIT && event != XACT_EVENT_ABORT && event != XACT_EVENT_PREPARE)
		return;
	leave(REQUEST);
	leave_check();
}

/* An error that is caught must not keep a check until the transaction's end, which its client may leave open. */
static void
at_subtransaction(SubXactEvent event, SubTransactionId mine, SubTransactionId parent, void *arg)
{
	if (event == SUBXACT_EVENT_ABORT_SUB)
		leave_check();
}

/* Whether this process has a place. */
static bool
have_place(void)
{
	static bool registered = false;

	if (places == NULL || VA_MY_BACKEND_NUMBER < 0 || VA_MY_BACKEND_NUMBER >= places->count)
		return false;
	if (!registered)
	{
		RegisterXactCallback(at_transaction, NULL);
		RegisterSubXactCallback(at_subtransaction, NULL);
		registered = true;
	}
	return true;
}

/* False when as many others have something of this kind under this key. */
static bool
enter(Kind kind, uint64 key, int most)
{
	int others = 0;

	if (!have_place())
		return true;
	LWLockAcquire(places->lock, LW_EXCLUSIVE);
	for (int i = 0; i < places->count; i++)
		if (i != VA_MY_BACKEND_NUMBER && pg_atomic_read_u64(place_of(i, kind)) == key)
			others++;
	if (others < most)
		pg_atomic_write_u64(place_of(VA_MY_BACKEND_NUMBER, kind), key);
	LWLockRelease(places->lock);
	return others < most;
}

/* ----- password checks ----- */

static uint64
read_place(int backend, Kind kind)
{
	return pg_atomic_read_u64(place_of(backend, kind));
}

/* Others that check under this key; of any, where it is 0. */
static int
n_checking(uint64 key)
{
	int n = 0;

	for (int i = 0; i < places->count; i++)
		n += i != VA_MY_BACKEND_NUMBER && read_place(i, PASSWORD) != 0 && (key == 0 || read_place(i, PASSWORD) == key);
	return n;
}

/* Others that wait under the same key, and for the same origin unless any counts, since before that one. */
static int
n_before(int backend, bool any_origin)
{
	int n = 0;

	for (int i = 0; i < places->count; i++)
		n += i != backend && read_place(i, TICKET) != 0 && read_place(i, TICKET) < read_place(backend, TICKET) &&
			 read_place(i, WAITS) == read_place(backend, WAITS) &&
			 (any_origin || read_place(i, ORIGIN) == read_place(backend, ORIGIN));
	return n;
}

/* First the key that has fewest under way: the first of each origin, in the order in which they came. */
static bool
goes_before(int a, int b, int most)
{
	int a_has = n_checking(read_place(a, WAITS));
	int less = a_has - n_checking(read_place(b, WAITS));

	if (a_has >= most)
		return false;
	if (less == 0)
		less = n_before(a, false) - n_before(b, false);
	return less < 0 || (less == 0 && read_place(a, TICKET) < read_place(b, TICKET));
}

/* True: it is our turn, and taken. */
static bool
take_turn(void)
{
	int me = VA_MY_BACKEND_NUMBER;
	int most = Max(va_guc_password_checks / 2, 1);
	bool mine;

	LWLockAcquire(places->lock, LW_EXCLUSIVE);
	mine = n_checking(0) < va_guc_password_checks && n_checking(read_place(me, WAITS)) < most;
	for (int i = 0; mine && i < places->count; i++)
		mine = i == me || read_place(i, TICKET) == 0 || !goes_before(i, me, most);
	if (mine)
	{
		pg_atomic_write_u64(place_of(me, PASSWORD), read_place(me, WAITS));
		leave(TICKET);
	}
	LWLockRelease(places->lock);
	return mine;
}

/* False: as many of this key wait as may. */
static bool
begin_waiting(uint64 key, uint64 origin)
{
	int me = VA_MY_BACKEND_NUMBER;
	bool room;

	LWLockAcquire(places->lock, LW_EXCLUSIVE);
	pg_atomic_write_u64(place_of(me, WAITS), key);
	pg_atomic_write_u64(place_of(me, ORIGIN), origin);
	pg_atomic_write_u64(place_of(me, TICKET), ++places->tickets);
	room = n_before(me, true) < CHECKS_WAITING;
	if (!room)
		leave(TICKET);
	LWLockRelease(places->lock);
	return room;
}

static bool
wait_for_turn(uint64 key, uint64 origin)
{
	TimestampTz began = GetCurrentTimestamp();
	bool mine = false;

	if (!begin_waiting(key, origin))
		return false;
	ConditionVariablePrepareToSleep(&places->freed);
	while (!(mine = take_turn()) && !TimestampDifferenceExceeds(began, GetCurrentTimestamp(), CHECK_WAIT_MS))
		(void) ConditionVariableTimedSleep(&places->freed, 100, PG_WAIT_EXTENSION);
	ConditionVariableCancelSleep();
	leave(TICKET);
	/* Those behind us look again. */
	ConditionVariableBroadcast(&places->freed);
	return mine;
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

/* begin_password_check(share): all visitors of a database are one. */
Datum
va_sql_begin_password_check(PG_FUNCTION_ARGS)
{
	const char *share = text_to_cstring(PG_GETARG_TEXT_PP(0));
	int all = strncmp(share, VISITORS, strlen(VISITORS)) == 0 ? strlen(VISITORS) : strlen(share);
	uint64 database = hash_bytes_uint32_extended(MyDatabaseId, 0);
	uint64 key = hash_combine64(database, hash_bytes_extended((const unsigned char *) share, all, 0));
	uint64 origin = hash_bytes_extended((const unsigned char *) share, strlen(share), 0);

	if (have_place() && !wait_for_turn(Max(key, 1), origin))
		ereport(
			ERROR, (errcode(VA_ERRCODE_TOO_MANY), errmsg("too many logins at once"),
					   errdetail("The server compares %d passwords at a time (voiceagent.password_checks), in turns.",
						   va_guc_password_checks),
					   errhint("Try again in a second.")));
	PG_RETURN_VOID();
}

Datum
va_sql_end_password_check(PG_FUNCTION_ARGS)
{
	if (have_place())
		leave_check();
	PG_RETURN_VOID();
}
