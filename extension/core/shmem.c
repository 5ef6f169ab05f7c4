/*-------------------------------------------------------------------------
 * shmem.c
 *		The one shared structure: set-up, the registry, login failures, and
 *		the sandbox's own secret.
 *
 * Locking: see shmem.h.  The structure is made by the postmaster, again after
 * every crash; what must outlive a crash of the server but not the postmaster
 * (how often it crashed lately) is a static variable of the postmaster, which
 * its children inherit.
 */
#include "postgres.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/hashfn.h"
#include "access/xlog.h"
#include "common/controldata_utils.h"
#include "miscadmin.h"
#include "storage/fd.h"
#include "storage/ipc.h"
#include "storage/shmem.h"
#include "utils/timestamp.h"

#include "shmem.h"

#define SHMEM_NAME "voiceagent"
#define KEYS_NAME "voiceagent keys"
#define SHMEM_LOCKS 3
#define SANDBOX_DIR "voiceagent"
#define SANDBOX_KEY "voiceagent/sandbox.key"

#define CRASH_WINDOW_US (60 * USECS_PER_SEC)

static VaShared *shared = NULL;
static VaSharedPart *parts = NULL; /* the rooms' */

static shmem_request_hook_type previous_request = NULL;
static shmem_startup_hook_type previous_startup = NULL;

/* Only in the postmaster: how often shared memory was made within the window. */
static TimestampTz crash_window_start = 0;
static uint32 crash_count = 0;

static Size
shared_size(void)
{
	return add_size(offsetof(VaShared, database), mul_size(va_guc_max_databases, sizeof(VaDatabaseSlot)));
}

/* Whole pages, and one more to begin at the beginning of one. */
static Size
keys_size(void)
{
	Size page = sysconf(_SC_PAGESIZE);

	return TYPEALIGN(page, sizeof(VaSharedKeys)) + page;
}

static Size
part_size(const VaSharedPart *part)
{
	return add_size(part->bytes, mul_size(MaxBackends + 1, part->bytes_each));
}

static void
request_shmem(void)
{
	if (previous_request)
		previous_request();
	RequestAddinShmemSpace(MAXALIGN(shared_size()));
	RequestAddinShmemSpace(MAXALIGN(keys_size()));
	RequestNamedLWLockTranche(SHMEM_NAME, SHMEM_LOCKS);
	for (const VaSharedPart *part = parts; part != NULL; part = part->next)
	{
		RequestAddinShmemSpace(MAXALIGN(part_size(part)));
		RequestNamedLWLockTranche(part->name, 1);
	}
}

/* ----- the sandbox's secret ----- */

static bool
read_sandbox_key(unsigned char *key, size_t length)
{
	int fd = open(SANDBOX_KEY, O_RDONLY | O_CLOEXEC);
	ssize_t got;

	if (fd < 0)
		return false;
	got = read(fd, key, length);
	close(fd);
	return got == (ssize_t) length;
}

/*
 * Written under another name first: a crash must not leave half a key, which
 * would make every earlier sandbox webhook unverifiable.
 */
static bool
write_sandbox_key(const unsigned char *key, size_t length)
{
	const char *temporary = SANDBOX_KEY ".new";
	bool written;
	int fd;

	if (mkdir(SANDBOX_DIR, S_IRWXU) != 0 && errno != EEXIST)
		return false;
	(void) unlink(temporary);
	fd = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, S_IRUSR | S_IWUSR);
	if (fd < 0)
		return false;
	written = write(fd, key, length) == (ssize_t) length && fsync(fd) == 0;
	written = close(fd) == 0 && written;
	return written && durable_rename(temporary, SANDBOX_KEY, LOG) == 0;
}

/* The postmaster's working directory already is the data directory. */
static void
load_sandbox_key(void)
{
	unsigned char *key = shared->keys->sandbox_secret;
	size_t length = sizeof(shared->keys->sandbox_secret);

	if (read_sandbox_key(key, length))
		return;
	if (!pg_strong_random(key, length))
		ereport(FATAL, (errcode(ERRCODE_INTERNAL_ERROR), errmsg("could not generate the sandbox's secret")));
	if (!write_sandbox_key(key, length))
		ereport(WARNING, (errcode_for_file_access(), errmsg("could not write file \"%s\": %m", SANDBOX_KEY),
							 errdetail("The sandbox's secrets will not survive a restart of the server.")));
}

/* ----- set-up ----- */

static void
init_worker_slot(VaWorkerSlot *slot)
{
	memset(slot, 0, sizeof(*slot));
	pg_atomic_init_u32(&slot->poked, 0);
	pg_atomic_init_u32(&slot->wanted, 0);
	pg_atomic_init_u32(&slot->listening, 0);
	pg_atomic_init_u32(&slot->busy, 0);
	pg_atomic_init_u32(&slot->rests_with, 0);
	pg_atomic_init_u64(&slot->due_at, 0);
	pg_atomic_init_u64(&slot->still_since, 0);
	pg_atomic_init_u64(&slot->turns, 0);
	pg_atomic_init_u64(&slot->commits, 0);
	pg_atomic_init_u64(&slot->errors, 0);
	for (int i = 0; i < (int) lengthof(slot->refused); i++)
		pg_atomic_init_u64(&slot->refused[i], 0);
}

static void
count_crashes(void)
{
	TimestampTz now = GetCurrentTimestamp();

	if (crash_window_start == 0 || now - crash_window_start > CRASH_WINDOW_US)
	{
		crash_window_start = now;
		crash_count = 0;
	}
	else
		crash_count++;
	shared->restarts = crash_count;
}

/* A copy begins with a recovery, too, and has one of these files. */
static void
note_recovery(void)
{
	bool valid;
	ControlFileData *control = get_controlfile(DataDir, &valid);

	if (valid && control->state != DB_SHUTDOWNED && control->state != DB_SHUTDOWNED_IN_RECOVERY &&
		access(BACKUP_LABEL_FILE, F_OK) != 0 && access(STANDBY_SIGNAL_FILE, F_OK) != 0 &&
		access(RECOVERY_SIGNAL_FILE, F_OK) != 0)
		shared->recovered_at = GetCurrentTimestamp();
}

/*
 * Every process of the server has this memory, and a core file of any of them
 * would have the keys, whoever it is sent to.  With huge pages this fails, but
 * core files omit those unless configured (core(5)).
 */
static void
make_keys(void)
{
	Size page = sysconf(_SC_PAGESIZE);
	bool found;

	shared->keys = (VaSharedKeys *) TYPEALIGN(page, ShmemInitStruct(KEYS_NAME, keys_size(), &found));
	memset(shared->keys, 0, sizeof(VaSharedKeys));
#ifdef MADV_DONTDUMP
	(void) madvise(shared->keys, TYPEALIGN(page, sizeof(VaSharedKeys)), MADV_DONTDUMP);
#endif
}

static void
init_shared(void)
{
	LWLockPadded *locks = GetNamedLWLockTranche(SHMEM_NAME);

	memset(shared, 0, shared_size());
	shared->lock = &locks[0].lock;
	shared->login_lock = &locks[1].lock;
	shared->keys_lock = &locks[2].lock;
	shared->n_databases = va_guc_max_databases;
	pg_atomic_init_u32(&shared->rescan, 1);
	pg_atomic_init_u32(&shared->rearm, 0);
	pg_atomic_init_u32(&shared->overflow, 0);
	pg_atomic_init_u64(&shared->launcher_asked, 0);
	pg_atomic_init_u32(&shared->out_of_slots, 0);
	pg_atomic_init_u32(&shared->processes_shared, 0);
	pg_atomic_init_u64(&shared->clock_set_at, 0);
	pg_atomic_init_u64(&shared->clock_set_by_s, 0);
	pg_atomic_init_u64(&shared->disk_short_since, 0);
	pg_atomic_init_u64(&shared->standby_lacks, 0);
	pg_atomic_init_u64(&shared->standby_counts_at, 0);
	shared->was_standby = access(STANDBY_SIGNAL_FILE, F_OK) == 0;
	for (int i = 0; i < shared->n_databases; i++)
	{
		for (int k = 0; k < VA_WORKER_KINDS; k++)
			init_worker_slot(&shared->database[i].worker[k]);
		va_counters_init(&shared->database[i].counters);
		pg_atomic_init_u32(&shared->database[i].configured, 0);
		pg_atomic_init_u64(&shared->database[i].said_to, 0);
		pg_atomic_init_u64(&shared->database[i].lookups_at, 0);
	}
	if (!pg_strong_random(&shared->login_seed, sizeof(shared->login_seed)))
		shared->login_seed = (uint64) GetCurrentTimestamp();
	count_crashes();
	note_recovery();
	make_keys();
	load_sandbox_key();
}

static void
startup_shmem(void)
{
	bool found;

	if (previous_startup)
		previous_startup();

	/* After a crash the old segment is gone, and the pointer with it. */
	shared = NULL;
	LWLockAcquire(AddinShmemInitLock, LW_EXCLUSIVE);
	shared = ShmemInitStruct(SHMEM_NAME, shared_size(), &found);
	if (!found)
		init_shared();
	for (const VaSharedPart *part = parts; part != NULL; part = part->next)
	{
		*part->memory = ShmemInitStruct(part->name, part_size(part), &found);
		if (found)
			continue;
		memset(*part->memory, 0, part_size(part));
		part->set_up(&GetNamedLWLockTranche(part->name)->lock);
	}
	LWLockRelease(AddinShmemInitLock);
}

void
va_shmem_add(VaSharedPart *part)
{
	Assert(process_shared_preload_libraries_in_progress);
	part->next = parts;
	parts = part;
}

void
va_shmem_init(void)
{
	previous_request = shmem_request_hook;
	shmem_request_hook = request_shmem;
	previous_startup = shmem_startup_hook;
	shmem_startup_hook = startup_shmem;
}

VaShared *
va_shmem_or_null(void)
{
	return shared;
}

VaShared *
va_shmem(void)
{
	if (shared == NULL)
		ereport(ERROR, (errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
						   errmsg("voiceagent must be loaded by shared_preload_libraries"),
						   errhint("Add voiceagent to shared_preload_libraries and restart the server.")));
	return shared;
}

/* ----- the registry ----- */

VaDatabaseSlot *
va_find_database(Oid database)
{
	Assert(LWLockHeldByMe(shared->lock));
	for (int i = 0; i < shared->n_databases; i++)
	{
		VaDatabaseSlot *slot = &shared->database[i];

		if (slot->state != VA_DB_FREE && slot->database == database)
			return slot;
	}
	return NULL;
}

/* A slot can be given to another database when nothing of the last one lives. */
static bool
is_reusable(const VaDatabaseSlot *slot)
{
	if (slot->state == VA_DB_ENABLED)
		return false;
	for (int k = 0; k < VA_WORKER_KINDS; k++)
		if (slot->worker[k].pid != 0 || slot->worker[k].state == VA_STATE_STARTING)
			return false;
	return true;
}

/* Keep the workers' generations: a latecomer must not find its own again. */
static void
reset_for(VaDatabaseSlot *slot, Oid database)
{
	slot->database = database;
	slot->state = VA_DB_DISABLED;
	slot->unserved = false;
	slot->generation++;
	va_counters_init(&slot->counters);
	pg_atomic_write_u32(&slot->configured, 0);
	for (int k = 0; k < VA_WORKER_KINDS; k++)
	{
		uint32 generation = slot->worker[k].generation;

		init_worker_slot(&slot->worker[k]);
		slot->worker[k].generation = generation + 1;
	}
}

/* A slot for one more: a free one, else of a dropped database. */
static VaDatabaseSlot *
find_room(void)
{
	VaDatabaseSlot *reusable = NULL;

	for (int i = 0; i < shared->n_databases; i++)
	{
		VaDatabaseSlot *slot = &shared->database[i];

		if (slot->state == VA_DB_FREE)
			return slot;
		if (reusable == NULL && is_reusable(slot))
			reusable = slot;
	}
	return reusable;
}

bool
va_has_free_slot(void)
{
	Assert(LWLockHeldByMe(shared->lock));
	return find_room() != NULL;
}

VaDatabaseSlot *
va_enter_database(Oid database)
{
	VaDatabaseSlot *slot = va_find_database(database);

	if (slot != NULL)
		return slot;
	Assert(LWLockHeldByMeInMode(shared->lock, LW_EXCLUSIVE));
	slot = find_room();
	if (slot != NULL)
		reset_for(slot, database);
	return slot;
}

bool
va_is_held(Oid database)
{
	Assert(LWLockHeldByMe(shared->lock));
	for (int i = 0; i < VA_MAX_HOLDS; i++)
		if (shared->hold[i].database == database && OidIsValid(database))
			return true;
	return false;
}

bool
va_database_wants(const VaDatabaseSlot *slot, VaWorkerKind kind)
{
	Assert(LWLockHeldByMe(shared->lock));
	return slot->state == VA_DB_ENABLED ||
		   (slot->state == VA_DB_DISABLED && slot->unserved && kind == VA_WORKER_GATEWAY);
}

/* ----- login failures ----- */

#define LOGIN_FIRST_SHARE 64 /* of the window is the first wait */
#define LOGIN_DOUBLINGS 10

uint64
va_login_key(const char *account, size_t length)
{
	uint64 seed = hash_combine64(va_shmem()->login_seed, MyDatabaseId);
	uint64 key = hash_bytes_extended((const unsigned char *) account, (int) length, seed);

	return key == 0 ? 1 : key;
}

static bool
is_current(const VaLoginEntry *entry, TimestampTz now)
{
	return entry->key != 0 && now - entry->since < (int64) va_guc_login_failure_window_s * USECS_PER_SEC;
}

static VaLoginEntry *
find_login(uint64 key)
{
	VaLoginEntry *set = shared->login[key % VA_LOGIN_SETS];

	/* None of the locks is held beside another. */
	Assert(LWLockHeldByMe(shared->login_lock) && !LWLockHeldByMe(shared->lock) && !LWLockHeldByMe(shared->keys_lock));
	for (int i = 0; i < VA_LOGIN_WAYS; i++)
		if (set[i].key == key)
			return &set[i];
	return NULL;
}

/*
 * The entry that is missed least: a free or expired one, else the one with
 * the fewest failures, so that a flood of made-up accounts does not wash out
 * the one that is being guessed at.
 */
static VaLoginEntry *
claim_login(uint64 key, TimestampTz now)
{
	VaLoginEntry *set = shared->login[key % VA_LOGIN_SETS];
	VaLoginEntry *best = &set[0];

	Assert(LWLockHeldByMeInMode(shared->login_lock, LW_EXCLUSIVE));
	for (int i = 0; i < VA_LOGIN_WAYS; i++)
	{
		if (!is_current(&set[i], now))
		{
			best = &set[i];
			break;
		}
		if (set[i].failures < best->failures)
			best = &set[i];
	}
	best->key = key;
	best->since = now;
	best->failures = 0;
	return best;
}

void
va_login_failed(uint64 key)
{
	TimestampTz now = GetCurrentTimestamp();
	VaLoginEntry *entry;

	LWLockAcquire(va_shmem()->login_lock, LW_EXCLUSIVE);
	entry = find_login(key);
	if (entry == NULL)
		entry = claim_login(key, now);
	else if (!is_current(entry, now))
		entry->failures = 0;
	entry->since = now;
	entry->failures++;
	LWLockRelease(shared->login_lock);
}

void
va_login_succeeded(uint64 key)
{
	VaLoginEntry *entry;

	LWLockAcquire(va_shmem()->login_lock, LW_EXCLUSIVE);
	entry = find_login(key);
	if (entry != NULL && --entry->failures == 0)
		memset(entry, 0, sizeof(*entry));
	LWLockRelease(shared->login_lock);
}

/*
 * How long an account must wait after so many failures: nothing up to the
 * limit, then a share of the window that doubles with each.  A refusal
 * meanwhile is no failure, so the wait ends however many try.
 */
static int64
login_delay_s(uint32 failures)
{
	uint32 over = failures - (uint32) va_guc_login_failure_limit;
	int64 first = Max(va_guc_login_failure_window_s / LOGIN_FIRST_SHARE, 1);

	if (failures < (uint32) va_guc_login_failure_limit)
		return 0;
	return over >= LOGIN_DOUBLINGS ? va_guc_login_failure_window_s : Min(first << over, va_guc_login_failure_window_s);
}

bool
va_login_blocked(uint64 key, int *retry_after_s)
{
	TimestampTz now = GetCurrentTimestamp();
	VaLoginEntry *entry;
	bool blocked = false;

	LWLockAcquire(va_shmem()->login_lock, LW_SHARED);
	entry = find_login(key);
	if (entry != NULL && is_current(entry, now))
	{
		int64 left_us = login_delay_s(entry->failures) * USECS_PER_SEC - (now - entry->since);

		blocked = left_us > 0;
		if (retry_after_s != NULL)
			*retry_after_s = (int) ((left_us + USECS_PER_SEC - 1) / USECS_PER_SEC);
	}
	LWLockRelease(shared->login_lock);
	return blocked;
}
