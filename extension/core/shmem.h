/*-------------------------------------------------------------------------
 * shmem.h
 *		The one shared structure: which databases have workers, how they are,
 *		and what must survive an aborted transaction (login failures).
 *
 * Locking: `lock` guards the registry (databases, holds, probe, launcher),
 * `login_lock` the login table, `keys_lock` the key bytes; each VaSharedPart has one, too.  All are held for a few
 * instructions only; never across I/O, and never two of them at once.
 * Counters and wake-up masks are atomics.
 *
 * A process is addressed by (pid, generation): a slot's generation changes
 * whenever a worker is started in it, so that a stale pid is never signalled
 * and a latecomer that finds another generation leaves at once.
 */
#ifndef VOICEAGENT_SHMEM_H
#define VOICEAGENT_SHMEM_H

#include "postgres.h"

#include "datatype/timestamp.h"
#include "port/atomics.h"
#include "storage/lwlock.h"

#include "counter_cells.h"
#include "pure/auth/jwt.h"
#include "voiceagent.h"

#define VA_ERROR_TEXT_MAX 256
#define VA_HOST_MAX 46 /* INET6_ADDRSTRLEN */
#define VA_MAX_HOLDS 64
#define VA_KEY_FILE_MAX 16384
#define VA_VAULT_KEYS_MAX 8
#define VA_VAULT_KEY_LEN 32
#define VA_ARMED_MAX 64
#define VA_LOGIN_SETS 512
#define VA_LOGIN_WAYS 8

/*
 * A database of the registry.
 *
 *   FREE --> DISABLED --extension created or seen--> ENABLED --dropped--> DISABLED
 *
 * A hold (VaHold) keeps workers away for the time of a command, whatever the state.
 */
typedef enum VaDatabaseState
{
	VA_DB_FREE = 0, /* the slot is free */
	VA_DB_DISABLED, /* known not to have the extension (any more), or SQL of another version (unserved) */
	VA_DB_ENABLED	/* workers should run */
} VaDatabaseState;

/*
 * A worker's slot.
 *
 *   STOPPED --launcher registers--> STARTING --attaches--> RUNNING --exits--> STOPPED
 */
typedef enum VaWorkerState
{
	VA_STATE_STOPPED = 0,
	VA_STATE_STARTING,
	VA_STATE_RUNNING,
	VA_STATE_FAILING /* runs, but a task of it is backing off after an error */
} VaWorkerState;

typedef struct VaWorkerSlot
{
	VaWorkerState state;
	uint32 generation;
	pid_t pid;	/* 0 = none */
	int procno; /* valid while pid is not 0 */
	TimestampTz requested_at;
	TimestampTz started_at;
	TimestampTz stopped_at;
	uint32 quick_exits; /* starts in a row that did not live long: the launcher's backoff */
	uint32 starts;
	bool no_slot;			 /* max_worker_processes was not enough */
	pg_atomic_uint32 wanted; /* on demand: a task of it was poked, and there is no process */
	int port;				 /* bound port of the gateway or the sandbox; 0 = none */
	char host[VA_HOST_MAX];	 /* ... and its numeric address */
	TimestampTz error_at;
	char error_state[6]; /* SQLSTATE */
	char error_text[VA_ERROR_TEXT_MAX];
	pg_atomic_uint32 poked;		  /* VaTasks that were poked and have not taken it yet */
	pg_atomic_uint32 listening;	  /* the sockets that it should have are open, or known to be closed */
	pg_atomic_uint32 busy;		  /* it has found work, and not yet none */
	pg_atomic_uint32 rests_with;  /* what of `poked` it knew of when it came to rest */
	pg_atomic_uint64 due_at;	  /* when it turns next, DT_NOEND = when it is poked; in the past: it turns */
	pg_atomic_uint64 still_since; /* its neighbours say that it has stood still since then; 0 = it turns */
	pg_atomic_uint64 turns;		  /* turns of the loop */
	pg_atomic_uint64 commits;	  /* transactions committed */
	pg_atomic_uint64 errors;	  /* errors caught by the barrier */
	pg_atomic_uint64 refused[4];  /* requests refused by the HTTP server: see VaRefusal */
} VaWorkerSlot;

/* Tenants that wait for a task: the first so many, and whether there are others. */
#define VA_TENANTS_MAX 256

typedef struct VaTenantSet
{
	int64 ids[VA_TENANTS_MAX];
	int n;
	bool all;
} VaTenantSet;

typedef struct VaDatabaseSlot
{
	Oid database;
	VaDatabaseState state;
	uint32 generation; /* changes when the slot gets another owner */
	bool
		unserved; /* DISABLED because the library does not serve its version of the SQL; its gateway alone runs, and refuses */
	VaWorkerSlot worker[VA_WORKER_KINDS];
	VaCounters counters;
	VaTenantSet news;			 /* whose events were committed since the task `news` looked */
	VaTenantSet heard;			 /* ... whose listeners the task web is to look at */
	VaTenantSet figures;		 /* whose events were committed since the task `figures` looked */
	VaTenantSet dials;			 /* whose commits may have made a lead callable since the dialer looked */
	pg_atomic_uint32 configured; /* a bit a kind: va_is_configured() in this database; 0: no process of it has looked */
	pg_atomic_uint64 said_to;	 /* where the last commit of the process media ends, which the process tools flushes */
	pg_atomic_uint64
		lookups_at; /* real time: the task lookups looks at leases then by itself; DT_NOEND: it must be woken */
} VaDatabaseSlot;

/* A command (DROP DATABASE and friends) keeps workers and probes away. */
typedef struct VaHold
{
	Oid database; /* InvalidOid = free */
	pid_t holder;
	bool session; /* for as long as the session lasts (a restore), not only for a transaction */
} VaHold;

typedef struct VaLoginEntry
{
	uint64 key;		   /* 0 = free */
	TimestampTz since; /* the last failure */
	uint32 failures;
} VaLoginEntry;

/*
 * Keys: the bytes, read from files by extension/tenancy/keys.c; nothing but our C code
 * ever reads them.  They lie on pages of their own, which no core file has.
 */
typedef struct VaSharedKeys
{
	uint32 generation; /* changes when other keys were read */
	VaJwtKeys jwt;	   /* n = 0: none were read yet */
	bool has_signing;
	VaJwtKey signing; /* signs until a reload, while it is one of these */
	int n_vault;
	unsigned char vault[VA_VAULT_KEYS_MAX][VA_VAULT_KEY_LEN]; /* the first seals, all open */

	/* of DATADIR/voiceagent/sandbox.key: survives a crash, needs no operator */
	unsigned char sandbox_secret[32];
} VaSharedKeys;

typedef struct VaShared
{
	LWLock *lock;
	LWLock *login_lock;
	LWLock *keys_lock;

	/* launcher */
	pid_t launcher_pid;
	int launcher_procno;
	pg_atomic_uint32 rescan;		   /* look at pg_database again */
	pg_atomic_uint32 rearm;			   /* read the arming file again */
	pg_atomic_uint32 overflow;		   /* a database did not fit into the registry */
	pg_atomic_uint64 launcher_asked;   /* since when it was woken and has not looked; 0: it has */
	pg_atomic_uint32 out_of_slots;	   /* it could not start what it wanted to, also a probe */
	pg_atomic_uint32 processes_shared; /* keeper and sandbox run in the process `requests` */
	TimestampTz recovered_at;		   /* this memory was made by a server that had not been shut down; 0: it had */
	pg_atomic_uint64 clock_set_at;	   /* the last time that a process saw the clock set, 0: never, and by how much */
	pg_atomic_uint64 clock_set_by_s;
	pg_atomic_uint64 disk_short_since; /* 0: the last look found room on each */
	uint32 restarts;				   /* how often a crash re-made shared memory lately */

	/* the short-lived process that looks whether a database has the extension */
	Oid probe_database;
	uint32 probe_generation;
	TimestampTz probe_requested_at;
	pid_t probe_pid;
	bool probe_done;   /* the process has ended */
	bool probe_looked; /* and it came so far as to know */
	bool probe_found;

	VaHold hold[VA_MAX_HOLDS];

	/* arming (bgworkers/supervisor/arming.c); written by the launcher */
	bool arming_locked;
	int arming_code;
	int n_armed;
	Oid armed[VA_ARMED_MAX];
	bool was_standby;		 /* when this server's start began; it may have been promoted since */
	TimestampTz promoted_at; /* 0: it was not; written by the launcher */
	/* standby.c, written by dialers */
	pg_atomic_uint64 standby_lacks;		/* a claim's commit that the standbys had not flushed in time */
	pg_atomic_uint64 standby_counts_at; /* those that are named count from then on */

	VaSharedKeys *keys;

	/* login failures */
	uint64 login_seed;
	VaLoginEntry login[VA_LOGIN_SETS][VA_LOGIN_WAYS];

	int n_databases;
	VaDatabaseSlot database[FLEXIBLE_ARRAY_MEMBER];
} VaShared;

/*
 * Shared memory of a room: made beside ours at each start of the server, all zero, and set up before anybody looks.  The
 * room keeps this as static.
 */
typedef struct VaSharedPart
{
	const char *name; /* of its lock, too */
	void **memory;	  /* the room's pointer to it */
	Size bytes;
	Size bytes_each; /* more for each of MaxBackends + 1 processes */
	void (*set_up)(LWLock *lock);
	struct VaSharedPart *next;
} VaSharedPart;

/* Only while the library is being preloaded. */
extern void va_shmem_add(VaSharedPart *part);

/* Set up by _PG_init when the library is preloaded. */
extern void va_shmem_init(void);

/* NULL when the library is not in shared_preload_libraries. */
extern VaShared *va_shmem_or_null(void);
/* Raises a clear error that names the setting instead of returning NULL. */
extern VaShared *va_shmem(void);

/* The registry; the caller holds va_shmem()->lock. */
extern VaDatabaseSlot *va_find_database(Oid database);
extern VaDatabaseSlot *va_enter_database(Oid database); /* NULL = no room: raise voiceagent.max_databases */
extern bool va_has_free_slot(void);
extern bool va_is_held(Oid database);

/* Should a process of this kind run there, unless it is held?  Under the registry's lock. */
extern bool va_database_wants(const VaDatabaseSlot *slot, VaWorkerKind kind);

/*
 * Login failures, counted where an aborted transaction cannot take them back.
 * The key is va_login_key() of whatever text identifies the account in the
 * current database.  va_login_succeeded() takes one va_login_failed() back, and
 * no other: an address may have logins in several tenants, of whom none forgets
 * what was tried on another.
 */
extern uint64 va_login_key(const char *account, size_t length);
extern void va_login_failed(uint64 key);
extern void va_login_succeeded(uint64 key);
extern bool va_login_blocked(uint64 key, int *retry_after_s);

#endif /* VOICEAGENT_SHMEM_H */
