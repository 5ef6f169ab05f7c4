/*-------------------------------------------------------------------------
 * worker.c
 *		The common shell of every worker: how it starts, takes its role, turns
 *		its rooms, survives their errors, and ends.
 *
 * The process attaches to its slot before it connects, so that whoever wants
 * the database for itself can end it at any moment; the slot is given back
 * after the process has left the list of the database's sessions (exit
 * callbacks run in the opposite order).
 *
 * SIGTERM: between two turns it ends cleanly (rooms are told, exit code 0);
 * inside a long statement it is an ordinary termination.
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include <signal.h>
#include <sys/resource.h>

#include "access/xact.h"
#include "access/xlog.h"
#include "commands/extension.h"
#include "common/pg_prng.h"
#include "executor/spi.h"
#include "mb/pg_wchar.h"
#include "miscadmin.h"
#include "pgstat.h"
#include "postmaster/bgworker.h"
#include "postmaster/interrupt.h"
#include "storage/fd.h"
#include "storage/ipc.h"
#include "storage/latch.h"
#include "storage/lwlock.h"
#include "tcop/tcopprot.h"
#include "utils/acl.h"
#include "utils/guc.h"
#include "utils/memutils.h"
#include "utils/plancache.h"
#include "utils/ps_status.h"
#include "utils/snapmgr.h"
#include "utils/timestamp.h"

#include "arming.h"
#include "compat.h"
#include "discretion.h"
#include "version.h"
#include "worker.h"

#define MAX_ROOMS 4
#define QUICK_EXIT_MS 10000
#define FIRST_BACKOFF_MS 1000
#define MAX_BACKOFF_MS 60000
#define SPARE_FILES 64
/* How old a plan gets in a worker that works. */
#define PLANS_TTL_US (2 * USECS_PER_SEC)

typedef struct RoomState
{
	const VaRoom *room;
	bool started;
	VaWake pending;
	TimestampTz deadline;	   /* of the room itself */
	TimestampTz backoff_until; /* 0 = well */
	int failures;			   /* in a row */
} RoomState;

static const VaRoom *const rooms_of[VA_WORKER_KINDS][MAX_ROOMS] = {
	{&va_dialer_room, &va_clockwork_room, &va_courier_room, &va_duties_room},
	{&va_gateway_room, &va_inbox_room},
	{&va_sandbox_room},
};

static VaWorker *this_worker = NULL;
static RoomState states[MAX_ROOMS];
static int n_rooms = 0;
static TimestampTz stats_due = DT_NOEND;

VaWorker *
va_this_worker(void)
{
	return this_worker;
}

/* ----- attaching to the slot ----- */

static void
detach(int code, Datum arg)
{
	VaShared *shared = va_shmem();
	VaWorkerSlot *slot = this_worker->slot;
	TimestampTz now = GetCurrentTimestamp();

	LWLockAcquire(shared->lock, LW_EXCLUSIVE);
	if (slot->pid == MyProcPid && slot->generation == this_worker->generation)
	{
		slot->pid = 0;
		slot->port = 0;
		slot->state = VA_STATE_STOPPED;
		slot->stopped_at = now;
		/* Ended by order is no failure. */
		if (code == 0 || TimestampDifferenceExceeds(slot->started_at, now, QUICK_EXIT_MS))
			slot->quick_exits = 0;
		else
			slot->quick_exits++;
	}
	LWLockRelease(shared->lock);
	va_wake_launcher_now();
}

/* False: we came too late, or somebody wants the database for himself. */
static bool
attach(const VaWorkerStart *start)
{
	VaShared *shared = va_shmem();
	VaDatabaseSlot *database = &shared->database[start->slot];
	VaWorkerSlot *slot = &database->worker[start->kind];
	bool attached = false;

	LWLockAcquire(shared->lock, LW_EXCLUSIVE);
	if (database->database == start->database && slot->generation == start->generation &&
		slot->state == VA_STATE_STARTING)
	{
		if (database->state == VA_DB_ENABLED && !va_is_held(start->database))
		{
			slot->pid = MyProcPid;
			slot->procno = VA_MY_PROCNO;
			slot->state = VA_STATE_RUNNING;
			slot->started_at = GetCurrentTimestamp();
			slot->port = 0;
			pg_atomic_write_u32(&slot->wake, 0);
			attached = true;
		}
		else
		{
			slot->state = VA_STATE_STOPPED;
			slot->stopped_at = 0;
		}
	}
	LWLockRelease(shared->lock);
	if (attached)
	{
		this_worker->slot = slot;
		on_shmem_exit(detach, (Datum) 0);
	}
	return attached;
}

/* True when the reason is new: the first worker of the database to find it. */
static bool
disable_database(Oid database, bool unserved)
{
	VaShared *shared = va_shmem();
	VaDatabaseSlot *slot;
	bool first = false;

	LWLockAcquire(shared->lock, LW_EXCLUSIVE);
	slot = va_find_database(database);
	if (slot != NULL)
	{
		first = slot->state != VA_DB_DISABLED || slot->unserved != unserved;
		slot->state = VA_DB_DISABLED;
		slot->unserved = unserved;
	}
	LWLockRelease(shared->lock);
	return first;
}

/* ----- what status() shows ----- */

/*
 * A message about data may quote the data (a phone number, a name): nothing
 * between quotes is kept of those.
 */
static void
copy_message(char *to, size_t size, const char *message, int sqlerrcode)
{
	bool mask = ERRCODE_TO_CATEGORY(sqlerrcode) == ERRCODE_DATA_EXCEPTION ||
				ERRCODE_TO_CATEGORY(sqlerrcode) == ERRCODE_INTEGRITY_CONSTRAINT_VIOLATION;
	bool quoted = false;
	size_t used = 0;

	for (const char *p = message; *p != '\0' && used + 4 < size; p++)
	{
		if (mask && *p == '"')
		{
			if (!quoted)
			{
				memcpy(to + used, "...", 3);
				used += 3;
			}
			quoted = !quoted;
		}
		else if (!quoted)
			to[used++] = *p;
	}
	to[used] = '\0';
	/* Do not leave half a character behind. */
	to[pg_mbcliplen(to, (int) used, (int) used)] = '\0';
}

static void
record_error(int sqlerrcode, const char *message)
{
	VaShared *shared = va_shmem();
	VaWorkerSlot *slot = this_worker->slot;

	LWLockAcquire(shared->lock, LW_EXCLUSIVE);
	slot->error_at = GetCurrentTimestamp();
	strlcpy(slot->error_state, unpack_sql_state(sqlerrcode), sizeof(slot->error_state));
	copy_message(slot->error_text, sizeof(slot->error_text), message ? message : "", sqlerrcode);
	slot->state = VA_STATE_FAILING;
	LWLockRelease(shared->lock);
	pg_atomic_fetch_add_u64(&slot->errors, 1);
}

static void
record_recovery(void)
{
	VaShared *shared = va_shmem();

	for (int i = 0; i < n_rooms; i++)
		if (states[i].failures > 0)
			return;
	LWLockAcquire(shared->lock, LW_EXCLUSIVE);
	if (this_worker->slot->state == VA_STATE_FAILING)
		this_worker->slot->state = VA_STATE_RUNNING;
	LWLockRelease(shared->lock);
}

void
va_worker_set_port(VaWorker *worker, int port)
{
	VaShared *shared = va_shmem();

	LWLockAcquire(shared->lock, LW_EXCLUSIVE);
	worker->slot->port = port;
	LWLockRelease(shared->lock);
	/* Whoever waits for the address (the dialer for the sandbox) finds it now. */
	va_poke_now(worker->database, VA_WORKER_OUTBOUND);
	if (worker->kind != VA_WORKER_SANDBOX)
		va_poke_now(worker->database, VA_WORKER_SANDBOX);
}

void
va_worker_set_refused(VaWorker *worker, const VaHttpd *httpd)
{
	for (int i = 0; i < VA_REFUSALS; i++)
		pg_atomic_write_u64(&worker->slot->refused[i], va_httpd_refused(httpd, (VaRefusal) i));
}

int
va_database_port(Oid database, VaWorkerKind kind)
{
	VaShared *shared = va_shmem_or_null();
	VaDatabaseSlot *slot;
	int port = 0;

	if (shared == NULL)
		return 0;
	LWLockAcquire(shared->lock, LW_SHARED);
	slot = va_find_database(database);
	if (slot != NULL && slot->worker[kind].pid != 0)
		port = slot->worker[kind].port;
	LWLockRelease(shared->lock);
	return port;
}

/* ----- transactions ----- */

/*
 * Plans are kept, and a plan from a table's youth reads the whole of it when
 * it has grown.  PostgreSQL plans again when statistics are taken, which may
 * be a minute and a hundred thousand rows later; we do every two seconds of
 * work, by the tables' present size, for less than 1 % of the work.
 */
static void
renew_plans(void)
{
	static TimestampTz made_at = 0;
	TimestampTz now = GetCurrentTimestamp();

	if (now < made_at || now >= made_at + PLANS_TTL_US)
	{
		ResetPlanCache();
		made_at = now;
	}
}

void
va_begin(const char *activity)
{
	MemoryContext scratch = CurrentMemoryContext;

	renew_plans();
	SetCurrentStatementStartTimestamp();
	pgstat_report_activity(STATE_RUNNING, activity);
	StartTransactionCommand();
	if (SPI_connect() != SPI_OK_CONNECT)
		ereport(ERROR, (errcode(ERRCODE_INTERNAL_ERROR), errmsg("could not connect to the SPI manager")));
	PushActiveSnapshot(GetTransactionSnapshot());
	(void) MemoryContextSwitchTo(scratch);
}

static void
flush_statistics(bool force)
{
	long left = pgstat_report_stat(force);

	/* Flushing is limited to once a second; what is left must not wait for the next work. */
	stats_due = left > 0 ? TimestampTzPlusMilliseconds(GetCurrentTimestamp(), left) : DT_NOEND;
}

void
va_commit(void)
{
	MemoryContext scratch = CurrentMemoryContext;

	PopActiveSnapshot();
	SPI_finish();
	CommitTransactionCommand();
	(void) MemoryContextSwitchTo(scratch);
	flush_statistics(false);
	pgstat_report_activity(STATE_IDLE, NULL);
	if (this_worker != NULL)
		pg_atomic_fetch_add_u64(&this_worker->slot->commits, 1);
}

void
va_abort(void)
{
	MemoryContext scratch = CurrentMemoryContext;

	AbortCurrentTransaction();
	(void) MemoryContextSwitchTo(scratch);
	flush_statistics(false);
	pgstat_report_activity(STATE_IDLE, NULL);
}

/* Errors that are about this process, not about the unit. */
static bool
is_about_process(const ErrorData *error)
{
	return error->sqlerrcode == ERRCODE_QUERY_CANCELED || error->sqlerrcode == ERRCODE_ADMIN_SHUTDOWN ||
		   error->sqlerrcode == ERRCODE_CRASH_SHUTDOWN || error->sqlerrcode == ERRCODE_OUT_OF_MEMORY ||
		   error->sqlerrcode == ERRCODE_DISK_FULL;
}

bool
va_try(void (*unit)(void *arg), void *arg, char sqlstate[6], char **message)
{
	MemoryContext scratch = CurrentMemoryContext;
	ResourceOwner owner = CurrentResourceOwner;
	int64 acting = va_acting_tenant();
	volatile bool done = false;

	BeginInternalSubTransaction(NULL);
	(void) MemoryContextSwitchTo(scratch);
	PG_TRY();
	{
		unit(arg);
		ReleaseCurrentSubTransaction();
		done = true;
	}
	PG_CATCH();
	{
		ErrorData *error;

		(void) MemoryContextSwitchTo(scratch);
		error = CopyErrorData();
		if (is_about_process(error))
			PG_RE_THROW();
		FlushErrorState();
		RollbackAndReleaseCurrentSubTransaction();
		strlcpy(sqlstate, unpack_sql_state(error->sqlerrcode), 6);
		*message = error->message ? error->message : pstrdup("");
	}
	PG_END_TRY();
	(void) MemoryContextSwitchTo(scratch);
	CurrentResourceOwner = owner;
	/* A subtransaction that commits hands its local settings up: the next unit must not inherit a tenant. */
	if (va_acting_tenant() != acting)
		va_act_for(acting);
	return done;
}

/* ----- the outbound HTTP client ----- */

static void
note_io(void *arg)
{
	va_loop_note_io((VaLoop *) arg);
}

static VaHttpOptions
http_options(VaWorker *worker)
{
	VaHttpOptions options = {
		.max_in_flight = va_guc_http_max_in_flight,
		.max_response_bytes = (size_t) va_guc_http_max_response_kb * 1024,
		.timeout_ms = va_guc_http_timeout_ms,
		.connect_timeout_ms = va_guc_http_connect_timeout_ms,
		.user_agent = "voiceagent",
		.note_io = note_io,
		.note_io_arg = worker->loop,
	};

	return options;
}

VaHttp *
va_worker_http(VaWorker *worker)
{
	char reason[200];
	VaHttpOptions options = http_options(worker);

	if (worker->http == NULL)
	{
		worker->http = va_http_create(va_loop_uv(worker->loop), &options, reason, sizeof(reason));
		if (worker->http == NULL)
			ereport(ERROR, (errcode(ERRCODE_SYSTEM_ERROR), errmsg("could not make an HTTP client: %s", reason)));
	}
	return worker->http;
}

/* ----- rooms ----- */

void
va_room_wake(const VaRoom *room, VaWake why)
{
	for (int i = 0; i < n_rooms; i++)
		if (states[i].room == room)
			states[i].pending |= why;
}

/* Outside of a transaction nothing else gives these back. */
static void
clean_up_after_error(void)
{
	AbortCurrentTransaction();
	LWLockReleaseAll();
	pgstat_report_wait_end();
	pgstat_report_activity(STATE_IDLE, NULL);
}

static void
back_off(RoomState *state, VaWake why)
{
	int64 delay = (int64) FIRST_BACKOFF_MS << Min(state->failures, 6);

	if (delay > MAX_BACKOFF_MS)
		delay = MAX_BACKOFF_MS;
	/* Not in step with the workers that failed for the same reason. */
	delay += (int64) (delay * 0.25 * (pg_prng_double(&pg_global_prng_state) - 0.5));
	state->failures++;
	state->backoff_until = TimestampTzPlusMilliseconds(GetCurrentTimestamp(), delay);
	state->deadline = DT_NOEND;
	state->pending |= VA_WAKE_RETRY | (why & ~VA_WAKE_TIMER);
}

static void
turn_room(RoomState *state, VaWake why)
{
	VaWorker *worker = this_worker;

	PG_TRY();
	{
		MemoryContextReset(worker->scratch);
		(void) MemoryContextSwitchTo(worker->scratch);
		if (!state->started)
		{
			state->room->start(worker);
			state->started = true;
		}
		state->deadline = state->room->turn(worker, why);
		if (IsTransactionState())
			ereport(ERROR, (errcode(ERRCODE_INTERNAL_ERROR),
							errmsg("room \"%s\" has left a transaction open", state->room->name)));
		if (state->failures > 0)
		{
			state->failures = 0;
			record_recovery();
		}
	}
	PG_CATCH();
	{
		ErrorData *error;

		HOLD_INTERRUPTS();
		(void) MemoryContextSwitchTo(worker->scratch);
		error = CopyErrorData();
		EmitErrorReport();
		clean_up_after_error();
		FlushErrorState();
		(void) MemoryContextSwitchTo(worker->scratch);
		record_error(error->sqlerrcode, error->message);
		back_off(state, why);
		RESUME_INTERRUPTS();
	}
	PG_END_TRY();
	(void) MemoryContextSwitchTo(worker->scratch);
}

/* A cancel that comes when nothing runs has nothing to cancel; it must not end us. */
static void
check_between_turns(void)
{
	QueryCancelPending = false;
	if (!ProcDiePending)
		CHECK_FOR_INTERRUPTS();
}

/* Turn every room that has a reason; returns when the next one will have. */
static TimestampTz
turn_rooms(VaWake why)
{
	TimestampTz next = DT_NOEND;

	for (int i = 0; i < n_rooms; i++)
	{
		RoomState *state = &states[i];
		TimestampTz now = GetCurrentTimestamp();
		VaWake mine;

		state->pending |= why;
		if (state->backoff_until > now)
			continue;
		state->backoff_until = 0;
		if (state->deadline <= now)
			state->pending |= VA_WAKE_TIMER;
		if (state->pending == 0)
			continue;
		mine = state->pending;
		state->pending = 0;
		turn_room(state, mine);
		check_between_turns();
		if (ProcDiePending)
			break;
	}
	for (int i = 0; i < n_rooms; i++)
	{
		RoomState *state = &states[i];

		if (state->backoff_until != 0)
			next = Min(next, state->backoff_until);
		else if (state->pending != 0)
			next = DT_NOBEGIN;
		else
			next = Min(next, state->deadline);
	}
	return next;
}

static void
stop_rooms(void)
{
	for (int i = n_rooms - 1; i >= 0; i--)
		if (states[i].started && states[i].room->stop != NULL)
			states[i].room->stop(this_worker);
}

/* ----- start ----- */

/* Durability is what invariant 1 stands on, whatever the server's default is. */
static void
force_settings(void)
{
	static const char *const forced[][2] = {
		{"search_path", "pg_catalog, pg_temp"},
		{"row_security", "on"},
		{"default_transaction_isolation", "read committed"},
		{"default_transaction_read_only", "off"},
		{"default_transaction_deferrable", "off"},
		{"statement_timeout", "0"},
		{"idle_in_transaction_session_timeout", "0"},
		{"lock_timeout", "10s"},
		{"jit", "off"},
		/*
		 * A plan for this very tenant believes statistics in which a new tenant has no rows, and takes any index that
		 * begins with it; one for any tenant takes the index that names the key.
		 */
		{"plan_cache_mode", "force_generic_plan"},
		/*
		 * The fewest rows, not the fewest descents: a key that is asked for a hundred times beats one look at all that
		 * a tenant has, however little the planner takes that to be.
		 */
		{"random_page_cost", "0"},
		{"cpu_operator_cost", "0"},
#ifdef USE_LZ4
		/* Raw webhooks and transcripts: a third of the time of pglz. */
		{"default_toast_compression", "lz4"},
#endif
	};

	for (int i = 0; i < (int) lengthof(forced); i++)
		SetConfigOption(forced[i][0], forced[i][1], PGC_SUSET, PGC_S_OVERRIDE);
	/* Stronger than "on" is welcome. */
	if (synchronous_commit == SYNCHRONOUS_COMMIT_OFF)
		SetConfigOption("synchronous_commit", "on", PGC_SUSET, PGC_S_OVERRIDE);
}

/*
 * False when the database has no extension for us, or one whose SQL this
 * library does not serve: then its workers rest until the extension is updated,
 * which is said once.
 */
static bool
take_role(void)
{
	Oid role;
	bool found;
	char *version;

	SetCurrentStatementStartTimestamp();
	StartTransactionCommand();
	(void) GetTransactionSnapshot();
	version = va_extension_version();
	found = version != NULL && va_serves(version);
	if (!found && disable_database(this_worker->database, version != NULL) && version != NULL)
		va_report_version(LOG, version);
	role = found ? get_role_oid(VA_ROLE_WORKER, true) : InvalidOid;
	CommitTransactionCommand();
	if (!found)
		return false;
	if (!OidIsValid(role))
	{
		record_error(ERRCODE_UNDEFINED_OBJECT, "the role of the workers does not exist");
		ereport(FATAL, (errcode(ERRCODE_UNDEFINED_OBJECT), errmsg("role \"%s\" does not exist", VA_ROLE_WORKER),
						errhint("Drop and create the extension voiceagent, which makes its roles.")));
	}
	SetSessionAuthorization(role, false);
	return true;
}

static void
make_worker(const VaWorkerStart *start)
{
	this_worker = MemoryContextAllocZero(TopMemoryContext, sizeof(VaWorker));
	this_worker->kind = (VaWorkerKind) start->kind;
	this_worker->database = start->database;
	this_worker->generation = start->generation;
	this_worker->scratch = AllocSetContextCreate(TopMemoryContext, "voiceagent turn", ALLOCSET_DEFAULT_SIZES);
	for (int i = 0; i < MAX_ROOMS && rooms_of[start->kind][i] != NULL; i++)
	{
		states[i].room = rooms_of[start->kind][i];
		states[i].deadline = DT_NOEND;
		n_rooms++;
	}
}

static void
set_identity(void)
{
	char name[64];

	snprintf(name, sizeof(name), "voiceagent %s", va_worker_kind_name(this_worker->kind));
	SetConfigOption("application_name", name, PGC_USERSET, PGC_S_OVERRIDE);
	pgstat_report_appname(name);
	pgstat_report_activity(STATE_IDLE, NULL);
}

/*
 * Connections are file descriptors that the server's own limit knows nothing
 * about: take as many more as the system gives.
 */
static void
raise_file_limit(void)
{
	struct rlimit limit;
	rlim_t wanted = (rlim_t) max_files_per_process + (rlim_t) va_guc_http_max_in_flight +
					(rlim_t) va_guc_gateway_max_connections + SPARE_FILES;

	if (getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur >= wanted)
		return;
	limit.rlim_cur = limit.rlim_max == RLIM_INFINITY ? wanted : Min(wanted, limit.rlim_max);
	(void) setrlimit(RLIMIT_NOFILE, &limit);
	if (limit.rlim_cur < wanted)
		ereport(LOG, (errmsg("the limit of open files (%lu) is too low for all connections that voiceagent may have (%lu)",
							 (unsigned long) limit.rlim_cur, (unsigned long) wanted),
					  errhint("Raise the limit of the server's process, or lower voiceagent.gateway_max_connections or "
							  "voiceagent.http_max_in_flight.")));
}

/* ----- the loop ----- */

static VaWake
reload(void)
{
	VaHttpOptions options;

	if (!ConfigReloadPending)
		return 0;
	ConfigReloadPending = false;
	ProcessConfigFile(PGC_SIGHUP);
	force_settings();
	if (this_worker->http != NULL)
	{
		options = http_options(this_worker);
		va_http_configure(this_worker->http, &options);
	}
	return VA_WAKE_RELOAD;
}

/* The latch is set for many reasons; only a poke is a reason to run a statement. */
static VaWake
real_reasons(VaWake why)
{
	why &= ~(VA_WAKE_POKE | VA_WAKE_TIMER);
	return why | (pg_atomic_exchange_u32(&this_worker->slot->wake, 0) & VA_WAKE_POKE);
}

static void
run_worker(void)
{
	VaWake why = VA_WAKE_START;

	for (;;)
	{
		TimestampTz next;

		if (ProcDiePending)
			break;
		check_between_turns();
		why |= reload();
		this_worker->real_carriers = va_armed(this_worker->database);
		pg_atomic_fetch_add_u64(&this_worker->slot->turns, 1);
		next = turn_rooms(why);
		if (ProcDiePending)
			break;
		if (stats_due <= GetCurrentTimestamp())
			flush_statistics(true);
		why = real_reasons(va_loop_wait(this_worker->loop, Min(next, stats_due)));
	}
	stop_rooms();
}

void
va_worker_main(Datum arg)
{
	VaWorkerStart start;

	memcpy(&start, MyBgworkerEntry->bgw_extra, sizeof(start));
	make_worker(&start);
	pqsignal(SIGHUP, SignalHandlerForConfigReload);
	pqsignal(SIGTERM, die);
	/* Before signals come in: once the slot has our pid, we may be told to go. */
	if (!attach(&start))
		proc_exit(0);
	BackgroundWorkerUnblockSignals();
	va_discretion_worker();

	BackgroundWorkerInitializeConnectionByOid(start.database, InvalidOid, VA_BGWORKER_FLAGS);
	force_settings();
	set_identity();
	if (RecoveryInProgress())
		(void) disable_database(start.database, false);
	if (RecoveryInProgress() || !take_role())
		proc_exit(0);
	raise_file_limit();
	this_worker->loop = va_loop_create();
	(void) MemoryContextSwitchTo(this_worker->scratch);
	run_worker();
	proc_exit(0);
}

/* ----- the probe ----- */

static void
detach_probe(int code, Datum arg)
{
	VaShared *shared = va_shmem();

	LWLockAcquire(shared->lock, LW_EXCLUSIVE);
	if (shared->probe_pid == MyProcPid)
	{
		shared->probe_pid = 0;
		shared->probe_done = true;
	}
	LWLockRelease(shared->lock);
	va_wake_launcher_now();
}

/*
 * One look into a database.  It may be hit by a command that wants the
 * database for itself: then it reports nothing, and the launcher, woken when
 * the command ends, has it looked at again.
 */
void
va_probe_main(Datum arg)
{
	VaShared *shared = va_shmem();
	VaWorkerStart start;
	bool attached = false;
	bool found;

	memcpy(&start, MyBgworkerEntry->bgw_extra, sizeof(start));
	pqsignal(SIGTERM, die);
	LWLockAcquire(shared->lock, LW_EXCLUSIVE);
	if (shared->probe_database == start.database && shared->probe_generation == start.generation)
	{
		if (va_is_held(start.database))
			shared->probe_done = true;
		else
		{
			shared->probe_pid = MyProcPid;
			attached = true;
		}
	}
	LWLockRelease(shared->lock);
	if (!attached)
	{
		va_wake_launcher_now();
		proc_exit(0);
	}
	on_shmem_exit(detach_probe, (Datum) 0);
	BackgroundWorkerUnblockSignals();

	BackgroundWorkerInitializeConnectionByOid(start.database, InvalidOid, VA_BGWORKER_FLAGS);
	StartTransactionCommand();
	found = OidIsValid(get_extension_oid(VA_EXTENSION_NAME, true));
	CommitTransactionCommand();

	LWLockAcquire(shared->lock, LW_EXCLUSIVE);
	shared->probe_looked = true;
	shared->probe_found = found;
	LWLockRelease(shared->lock);
	proc_exit(0);
}
