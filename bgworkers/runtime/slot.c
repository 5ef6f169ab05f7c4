/*-------------------------------------------------------------------------
 * slot.c
 *		The slot of this worker in the registry.
 *
 * Locking: the registry's lock, for moments; counters and wake-up masks are
 * atomics.
 */
#include "postgres.h"

#include "mb/pg_wchar.h"
#include "miscadmin.h"
#include "storage/ipc.h"
#include "storage/lwlock.h"
#include "utils/timestamp.h"

#include "core/compat.h"
#include "core/processes.h"
#include "core/shmem.h"
#include "core/wake.h"
#include "runtime.h"

/* A process that ends sooner than this counts as failed at its start. */
#define QUICK_EXIT_MS 10000

static VaDatabaseSlot *home = NULL; /* my database */
static VaWorkerSlot *mine = NULL;
static VaWorkerStart order; /* the launcher's orders to this process */

/* ----- coming and going ----- */

static void
detach(int code, Datum arg)
{
	VaShared *shared = va_shmem();
	VaWorkerSlot *slot = mine;
	TimestampTz now = GetCurrentTimestamp();

	LWLockAcquire(shared->lock, LW_EXCLUSIVE);
	if (slot->pid == MyProcPid && slot->generation == order.generation)
	{
		slot->pid = 0;
		slot->port = 0;
		slot->state = VA_STATE_STOPPED;
		slot->stopped_at = now;
		/* Poked since it came to rest, or ended at work: a successor is needed. */
		if (va_on_demand((VaWorkerKind) order.kind) && (code != 0 || pg_atomic_read_u32(&slot->poked) != 0))
			pg_atomic_write_u32(&slot->wanted, 1);
		/* A process that was asked to end has not failed. */
		if (code == 0 || TimestampDifferenceExceeds(slot->started_at, now, QUICK_EXIT_MS))
			slot->quick_exits = 0;
		else
			slot->quick_exits++;
		if (va_database_wants(home, (VaWorkerKind) order.kind) && !va_is_held(order.database) &&
			va_is_configured((VaWorkerKind) order.kind) && !va_on_demand((VaWorkerKind) order.kind))
		{
			slot->error_at = now;
			strlcpy(slot->error_state, unpack_sql_state(ERRCODE_ADMIN_SHUTDOWN), sizeof(slot->error_state));
			strlcpy(slot->error_text, "it was ended by pg_terminate_backend(), a signal or an error that the log has",
				sizeof(slot->error_text));
		}
	}
	LWLockRelease(shared->lock);
	va_wake_launcher_now();
}

bool
va_slot_attach(const VaWorkerStart *start)
{
	VaShared *shared = va_shmem();
	VaDatabaseSlot *database = &shared->database[start->slot];
	VaWorkerSlot *slot = &database->worker[start->kind];
	bool attached = false;

	LWLockAcquire(shared->lock, LW_EXCLUSIVE);
	if (database->database == start->database && slot->generation == start->generation &&
		slot->state == VA_STATE_STARTING)
	{
		if (va_database_wants(database, (VaWorkerKind) start->kind) && !va_is_held(start->database))
		{
			slot->pid = MyProcPid;
			slot->procno = VA_MY_PROCNO;
			slot->state = VA_STATE_RUNNING;
			slot->started_at = GetCurrentTimestamp();
			slot->port = 0;
			pg_atomic_write_u32(&slot->poked, 0);
			pg_atomic_write_u32(&slot->wanted, 0);
			pg_atomic_write_u32(&slot->listening, 0);
			pg_atomic_write_u32(&slot->busy, 0);
			pg_atomic_write_u32(&slot->rests_with, 0);
			pg_atomic_write_u64(&slot->due_at, (uint64) slot->started_at);
			pg_atomic_write_u64(&slot->still_since, 0);
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
		home = database;
		mine = slot;
		order = *start;
		on_shmem_exit(detach, (Datum) 0);
	}
	return attached;
}

bool
va_slot_disable_database(Oid database, bool unserved)
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

/* ----- errors and counters ----- */

/* A message about data may quote the data (a phone number, a name): nothing between quotes is kept. */
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

void
va_slot_failing(int sqlerrcode, const char *message)
{
	VaShared *shared = va_shmem();
	VaWorkerSlot *slot = mine;

	LWLockAcquire(shared->lock, LW_EXCLUSIVE);
	slot->error_at = GetCurrentTimestamp();
	strlcpy(slot->error_state, unpack_sql_state(sqlerrcode), sizeof(slot->error_state));
	copy_message(slot->error_text, sizeof(slot->error_text), message ? message : "", sqlerrcode);
	slot->state = VA_STATE_FAILING;
	LWLockRelease(shared->lock);
	pg_atomic_fetch_add_u64(&slot->errors, 1);
}

void
va_slot_recovered(void)
{
	VaShared *shared = va_shmem();

	LWLockAcquire(shared->lock, LW_EXCLUSIVE);
	if (mine->state == VA_STATE_FAILING)
		mine->state = VA_STATE_RUNNING;
	LWLockRelease(shared->lock);
}

void
va_slot_turns(void)
{
	TimestampTz now = GetCurrentTimestamp();
	TimestampTz still;

	pg_atomic_fetch_add_u64(&mine->turns, 1);
	pg_atomic_write_u64(&mine->due_at, (uint64) now);
	if (pg_atomic_read_u64(&mine->still_since) == 0)
		return;
	still = (TimestampTz) pg_atomic_exchange_u64(&mine->still_since, 0);
	ereport(LOG, (errmsg("process \"%s\" of voiceagent goes on after %d s",
					 va_worker_kind_name((VaWorkerKind) order.kind), (int) ((now - still) / USECS_PER_SEC))));
}

void
va_slot_rests(TimestampTz until)
{
	/* A poke that comes between these two has set the latch, and the next turn is not far. */
	pg_atomic_write_u32(&mine->rests_with, pg_atomic_read_u32(&mine->poked));
	pg_atomic_write_u64(&mine->due_at, (uint64) until);
}

/* The launcher is in no database, and knows the settings of none. */
void
va_slot_note_configured(void)
{
	uint32 configured = 0;

	for (int kind = 0; kind < VA_WORKER_KINDS; kind++)
		if (va_is_configured((VaWorkerKind) kind))
			configured |= (uint32) 1 << kind;
	if (pg_atomic_exchange_u32(&home->configured, configured) != configured)
		va_wake_launcher_now();
}

VaDatabaseSlot *
va_slot_database(void)
{
	return home;
}

bool
va_slot_is_mine(const VaWorkerSlot *slot)
{
	return slot == mine;
}

void
va_slot_count_commit(void)
{
	pg_atomic_fetch_add_u64(&mine->commits, 1);
}

VaTasks
va_slot_pokes(void)
{
	return pg_atomic_read_u32(&mine->poked);
}

void
va_slot_wants_successor(void)
{
	(void) pg_atomic_fetch_or_u32(&mine->poked, VA_TASK_BIT(VA_TASK_CONDITIONS));
}

VaTasks
va_slot_take_pokes(VaTasks tasks)
{
	/* Most turns have none to take: a read is cheaper than a write to a shared cache line. */
	if ((pg_atomic_read_u32(&mine->poked) & tasks) == 0)
		return 0;
	return pg_atomic_fetch_and_u32(&mine->poked, ~tasks) & tasks;
}

void
va_slot_set_listening(void)
{
	if (pg_atomic_read_u32(&mine->listening) == 0)
		pg_atomic_write_u32(&mine->listening, 1);
}

bool
va_sockets_listen(void)
{
	VaWorkerSlot *slot = &home->worker[va_process_of_task(VA_TASK_SOCKETS)];

	return slot->pid != 0 && pg_atomic_read_u32(&slot->listening) != 0;
}

/* ----- what others read ----- */

void
va_slot_set_busy(bool busy)
{
	pg_atomic_write_u32(&mine->busy, busy);
}

bool
va_neighbour_is_busy(VaWorkerKind kind)
{
	VaWorkerSlot *slot = &home->worker[kind];

	return slot->pid != 0 && (pg_atomic_read_u32(&slot->busy) != 0 || pg_atomic_read_u32(&slot->poked) != 0);
}

void
va_slot_set_address(const VaHttpd *httpd)
{
	va_slot_set_listener(httpd != NULL ? va_httpd_host(httpd) : NULL, httpd != NULL ? va_httpd_port(httpd) : 0);
}

void
va_slot_set_listener(const char *host, int port)
{
	VaShared *shared = va_shmem();

	LWLockAcquire(shared->lock, LW_EXCLUSIVE);
	mine->port = port;
	strlcpy(mine->host, host != NULL ? host : "", sizeof(mine->host));
	LWLockRelease(shared->lock);
	/* Wake the processes that wait for the address (the dialer for the sandbox's). */
	va_poke_now(order.database,
		VA_TASK_BIT(VA_TASK_DIALER) | VA_TASK_BIT(VA_TASK_LOOKUPS) | VA_TASK_BIT(VA_TASK_PROVIDER_REQUESTS));
	if (order.kind == VA_WORKER_GATEWAY)
		va_poke_now(order.database, VA_TASK_BIT(VA_TASK_SANDBOX));
}

void
va_slot_set_refused(const uint64 *refused)
{
	for (int i = 0; i < VA_REFUSALS; i++)
		pg_atomic_write_u64(&mine->refused[i], refused[i]);
}

/* The port, 0 = not bound, and what address it is of. */
static int
database_address(Oid database, VaWorkerKind kind, char *host)
{
	VaShared *shared = va_shmem_or_null();
	VaDatabaseSlot *slot;
	int port = 0;

	if (shared == NULL)
		return 0;
	kind = va_process_of_kind(kind);
	LWLockAcquire(shared->lock, LW_SHARED);
	slot = va_find_database(database);
	if (slot != NULL && slot->worker[kind].pid != 0)
	{
		port = slot->worker[kind].port;
		strlcpy(host, slot->worker[kind].host, VA_HOST_MAX);
	}
	LWLockRelease(shared->lock);
	return port;
}

int
va_database_port(Oid database, VaWorkerKind kind)
{
	char host[VA_HOST_MAX];

	return database_address(database, kind, host);
}

char *
va_url_of(const char *host, int port)
{
	return psprintf(strchr(host, ':') != NULL ? "http://[%s]:%d" : "http://%s:%d", host, port);
}

char *
va_database_url(Oid database, VaWorkerKind kind)
{
	char host[VA_HOST_MAX];
	int port = database_address(database, kind, host);

	if (port == 0)
		return NULL;
	/* A wildcard address cannot be sent to. */
	if (strcmp(host, "0.0.0.0") == 0)
		return va_url_of("127.0.0.1", port);
	return va_url_of(strcmp(host, "::") == 0 ? "::1" : host, port);
}
