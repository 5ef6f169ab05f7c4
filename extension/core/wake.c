/*-------------------------------------------------------------------------
 * wake.c
 *		Wishes of a transaction that its commit makes true: wake a worker,
 *		have the launcher look at a database.
 *
 * Locking: the registry's lock, shared, for as long as it takes to read the
 * slots of one database.  A latch may be set that another process owns by
 * now: every process copes with a spurious wake-up.
 */
#include "postgres.h"

#include <signal.h>

#include "access/xact.h"
#include "catalog/pg_type.h"
#include "errors.h"
#include "fmgr.h"
#include "miscadmin.h"
#include "storage/latch.h"
#include "storage/proc.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/memutils.h"
#include "utils/timestamp.h"

#include "clock.h"
#include "compat.h"
#include "shmem.h"
#include "simulation.h"
#include "wake.h"

/* The wishes of a (sub)transaction of this nest level. */
typedef struct Wish
{
	int nest_level;
	VaTasks tasks;		  /* that are to look for work */
	VaTenantSet *news;	  /* tenants of whom there are news */
	VaTenantSet *figures; /* tenants whose figures may have changed */
	VaTenantSet *dials;	  /* tenants that may have something to dial */
	bool leases;		  /* a lease ends at lease_until, real time */
	TimestampTz lease_until;
	bool rescan;
	bool announce; /* the two below */
	Oid database;
	bool enabled;
	struct Wish *outer;
} Wish;

/* In TopTransactionContext: the end of the transaction frees it. */
static Wish *wishes = NULL;

int64 (*va_tenant_at_work)(void) = NULL;

static Wish *
current_wish(void)
{
	int nest_level = GetCurrentTransactionNestLevel();
	Wish *wish = wishes;

	if (wish != NULL && wish->nest_level == nest_level)
		return wish;
	wish = MemoryContextAllocZero(TopTransactionContext, sizeof(Wish));
	wish->nest_level = nest_level;
	wish->outer = wishes;
	wishes = wish;
	return wish;
}

/* tenant_id 0: everybody. */
static void
add_tenant(VaTenantSet *set, int64 tenant_id)
{
	for (int i = 0; i < set->n; i++)
		if (set->ids[i] == tenant_id)
			return;
	if (tenant_id != 0 && set->n < VA_TENANTS_MAX)
		set->ids[set->n++] = tenant_id;
	else
		set->all = true;
}

static void
add_tenants(VaTenantSet *set, const VaTenantSet *more)
{
	for (int i = 0; i < more->n; i++)
		add_tenant(set, more->ids[i]);
	set->all = set->all || more->all;
}

static VaTenantSet *
made_set(VaTenantSet **set)
{
	if (*set == NULL)
	{
		*set = MemoryContextAlloc(TopTransactionContext, sizeof(VaTenantSet));
		(*set)->n = 0;
		(*set)->all = false;
	}
	return *set;
}

static void
poke_for(VaTasks tasks, int64 tenant_id)
{
	if ((tasks & VA_TASK_BIT(VA_TASK_DIALER)) != 0)
		add_tenant(made_set(&current_wish()->dials), tenant_id);
	current_wish()->tasks |= tasks;
}

void
va_poke(VaTasks tasks)
{
	(void) va_shmem();
	if (!va_simulating())
		poke_for(tasks, va_tenant_at_work != NULL ? va_tenant_at_work() : 0);
}

void
va_poke_for_all(VaTasks tasks)
{
	(void) va_shmem();
	if (!va_simulating())
		poke_for(tasks, 0);
}

void
va_tell_news(int64 tenant_id)
{
	(void) va_shmem();
	if (va_simulating())
		return;
	add_tenant(made_set(&current_wish()->news), tenant_id);
	current_wish()->tasks |= VA_TASK_BIT(VA_TASK_NEWS);
}

void
va_tell_figures(int64 tenant_id)
{
	if (va_shmem_or_null() == NULL || va_simulating())
		return;
	add_tenant(made_set(&current_wish()->figures), tenant_id);
	current_wish()->tasks |= VA_TASK_BIT(VA_TASK_FIGURES);
}

static void
add_lease(Wish *wish, TimestampTz until)
{
	wish->lease_until = wish->leases ? Min(wish->lease_until, until) : until;
	wish->leases = true;
}

void
va_poke_lookups_by(TimestampTz at)
{
	(void) va_shmem();
	if (!va_simulating())
		add_lease(current_wish(), va_clock_to_real(at));
}

void
va_poke_launcher(Oid database, bool enabled)
{
	Wish *wish;

	if (va_shmem_or_null() == NULL)
		return;
	wish = current_wish();
	wish->announce = true;
	wish->database = database;
	wish->enabled = enabled;
}

void
va_poke_launcher_rescan(void)
{
	if (va_shmem_or_null() != NULL)
		current_wish()->rescan = true;
}

static void
set_latch_of(int procno)
{
	SetLatch(&GetPGProcByNumber(procno)->procLatch);
}

void
va_wake_launcher_now(void)
{
	VaShared *shared = va_shmem_or_null();
	uint64 none = 0;

	if (shared == NULL)
		return;
	(void) pg_atomic_compare_exchange_u64(&shared->launcher_asked, &none, (uint64) GetCurrentTimestamp());
	LWLockAcquire(shared->lock, LW_SHARED);
	if (shared->launcher_pid != 0)
		set_latch_of(shared->launcher_procno);
	LWLockRelease(shared->lock);
}

/*
 * A process that has not yet taken an earlier poke of the same tasks is awake,
 * or about to be, or lets them rest until a time that it knows: its latch need
 * not be set again.
 */
static void
poke_process(VaWorkerSlot *worker, VaTasks tasks)
{
	VaTasks untaken = pg_atomic_fetch_or_u32(&worker->poked, tasks);

	if ((tasks & ~untaken) != 0)
		set_latch_of(worker->procno);
}

/* The dialer finds in `dials` for whom it is poked. */
static void
poke_with(Oid database, VaTasks tasks, const VaTenantSet *dials)
{
	VaShared *shared = va_shmem_or_null();
	VaDatabaseSlot *slot;
	VaTasks of[VA_WORKER_KINDS] = { 0 };
	bool wanted = false;

	if (shared == NULL)
		return;
	for (int t = 0; t < VA_TASKS; t++)
		if ((tasks & VA_TASK_BIT(t)) != 0)
			of[va_process_of_task((VaTaskId) t)] |= VA_TASK_BIT(t);
	LWLockAcquire(shared->lock, dials != NULL ? LW_EXCLUSIVE : LW_SHARED);
	slot = va_find_database(database);
	if (slot != NULL && dials != NULL)
		add_tenants(&slot->dials, dials);
	for (int k = 0; slot != NULL && k < VA_WORKER_KINDS; k++)
	{
		if (of[k] == 0)
			continue;
		if (slot->worker[k].pid != 0)
			poke_process(&slot->worker[k], of[k]);
		else if (va_on_demand((VaWorkerKind) k))
			wanted = pg_atomic_exchange_u32(&slot->worker[k].wanted, 1) == 0 || wanted;
	}
	LWLockRelease(shared->lock);
	if (wanted)
		va_wake_launcher_now();
}

void
va_poke_now(Oid database, VaTasks tasks)
{
	static const VaTenantSet everybody = { .all = true };

	poke_with(database, tasks, (tasks & VA_TASK_BIT(VA_TASK_DIALER)) != 0 ? &everybody : NULL);
}

void
va_lookups_look_at(TimestampTz real_time)
{
	VaShared *shared = va_shmem();
	VaDatabaseSlot *slot;

	LWLockAcquire(shared->lock, LW_SHARED);
	slot = va_find_database(MyDatabaseId);
	if (slot != NULL)
		pg_atomic_write_u64(&slot->lookups_at, (uint64) real_time);
	LWLockRelease(shared->lock);
}

/*
 * A transaction asks this after it has committed its lease, and lookups says
 * DT_NOEND before it takes its snapshot: it sees the lease, or is woken.
 */
static bool
lookups_is_late(TimestampTz lease_until)
{
	VaShared *shared = va_shmem_or_null();
	VaDatabaseSlot *slot;
	bool late;

	LWLockAcquire(shared->lock, LW_SHARED);
	slot = va_find_database(MyDatabaseId);
	late = slot != NULL && (TimestampTz) pg_atomic_read_u64(&slot->lookups_at) > lease_until;
	LWLockRelease(shared->lock);
	return late;
}

static void
announce_database(const Wish *wish)
{
	VaShared *shared = va_shmem_or_null();
	VaDatabaseSlot *slot;

	LWLockAcquire(shared->lock, LW_EXCLUSIVE);
	/* One that goes needs no slot; it may never have had one. */
	slot = wish->enabled ? va_enter_database(wish->database) : va_find_database(wish->database);
	if (slot != NULL)
	{
		slot->state = wish->enabled ? VA_DB_ENABLED : VA_DB_DISABLED;
		slot->unserved = false;
		for (int k = 0; k < VA_WORKER_KINDS; k++)
			slot->worker[k].quick_exits = 0;
	}
	LWLockRelease(shared->lock);
	/* No room for it: the launcher says so. */
	if (slot == NULL && wish->enabled)
		pg_atomic_write_u32(&shared->overflow, 1);
	va_wake_launcher_now();
}

/* For these tenants: at most one look at the lock for both tasks. */
static void
tell_of_tenants(const Wish *wish)
{
	VaShared *shared = va_shmem_or_null();
	VaDatabaseSlot *slot;

	LWLockAcquire(shared->lock, LW_EXCLUSIVE);
	slot = va_find_database(MyDatabaseId);
	if (slot != NULL && wish->news != NULL)
		add_tenants(&slot->news, wish->news);
	if (slot != NULL && wish->figures != NULL)
		add_tenants(&slot->figures, wish->figures);
	LWLockRelease(shared->lock);
}

/* One of the sets of this database's slot; it is empty then. */
static int
take_tenants(size_t offset, int64 *tenants, bool *all)
{
	VaShared *shared = va_shmem();
	VaDatabaseSlot *slot;
	int n = 0;

	*all = false;
	LWLockAcquire(shared->lock, LW_EXCLUSIVE);
	slot = va_find_database(MyDatabaseId);
	if (slot != NULL)
	{
		VaTenantSet *set = (VaTenantSet *) ((char *) slot + offset);

		n = set->n;
		memcpy(tenants, set->ids, sizeof(int64) * n);
		*all = set->all;
		set->n = 0;
		set->all = false;
	}
	LWLockRelease(shared->lock);
	return n;
}

int
va_take_news(int64 *tenants, bool *all)
{
	return take_tenants(offsetof(VaDatabaseSlot, news), tenants, all);
}

void
va_have_heard(const int64 *tenants, int n, bool all)
{
	VaShared *shared = va_shmem();
	VaTenantSet set = { .n = n, .all = all };
	VaDatabaseSlot *slot;
	bool runs = false;

	memcpy(set.ids, tenants, sizeof(int64) * n);
	LWLockAcquire(shared->lock, LW_EXCLUSIVE);
	slot = va_find_database(MyDatabaseId);
	if (slot != NULL && slot->worker[VA_WORKER_WEB].pid != 0)
	{
		add_tenants(&slot->heard, &set);
		runs = true;
	}
	LWLockRelease(shared->lock);
	if (runs)
		va_poke_now(MyDatabaseId, VA_TASK_BIT(VA_TASK_WEB));
}

int
va_take_heard(int64 *tenants, bool *all)
{
	return take_tenants(offsetof(VaDatabaseSlot, heard), tenants, all);
}

int
va_take_figures(int64 *tenants, bool *all)
{
	return take_tenants(offsetof(VaDatabaseSlot, figures), tenants, all);
}

int
va_take_dials(int64 *tenants, bool *all)
{
	return take_tenants(offsetof(VaDatabaseSlot, dials), tenants, all);
}

/* Runs after the commit: must not raise. */
static void
grant_wishes(void)
{
	for (Wish *wish = wishes; wish != NULL; wish = wish->outer)
	{
		if (wish->announce)
			announce_database(wish);
		if (wish->rescan)
		{
			pg_atomic_write_u32(&va_shmem_or_null()->rescan, 1);
			va_wake_launcher_now();
		}
		if (wish->news != NULL || wish->figures != NULL)
			tell_of_tenants(wish);
		if (wish->leases && lookups_is_late(wish->lease_until))
			wish->tasks |= VA_TASK_BIT(VA_TASK_LOOKUPS);
		if (wish->tasks != 0)
			poke_with(MyDatabaseId, wish->tasks, wish->dials);
	}
}

/* Figures that wake no process are folded later, and are exact until then. */
static bool
wakes_somebody(void)
{
	for (const Wish *wish = wishes; wish != NULL; wish = wish->outer)
		if ((wish->tasks & ~VA_TASK_BIT(VA_TASK_FIGURES)) != 0 || wish->leases || wish->rescan || wish->announce)
			return true;
	return false;
}

static void
at_transaction(XactEvent event, void *arg)
{
	switch (event)
	{
		case XACT_EVENT_COMMIT:
			grant_wishes();
			wishes = NULL;
			break;
		case XACT_EVENT_PRE_PREPARE:
			/* The wish would have to be kept in the prepared transaction's file. */
			if (wakes_somebody())
				ereport(ERROR, (errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
								   errmsg("cannot PREPARE a transaction that has woken a voiceagent worker")));
			break;
		case XACT_EVENT_ABORT:
		case XACT_EVENT_PARALLEL_COMMIT:
		case XACT_EVENT_PARALLEL_ABORT:
		case XACT_EVENT_PREPARE:
			wishes = NULL;
			break;
		default:
			break;
	}
}

/* A committed subtransaction's wish becomes its parent's. */
static void
hand_up(Wish *wish)
{
	Wish *outer = wish->outer;

	wish->nest_level--;
	if (outer == NULL || outer->nest_level < wish->nest_level)
		return;
	outer->tasks |= wish->tasks;
	if (wish->news != NULL)
		add_tenants(made_set(&outer->news), wish->news);
	if (wish->figures != NULL)
		add_tenants(made_set(&outer->figures), wish->figures);
	if (wish->dials != NULL)
		add_tenants(made_set(&outer->dials), wish->dials);
	if (wish->leases)
		add_lease(outer, wish->lease_until);
	outer->rescan = outer->rescan || wish->rescan;
	if (wish->announce)
	{
		/* The later one counts. */
		outer->announce = true;
		outer->database = wish->database;
		outer->enabled = wish->enabled;
	}
	wishes = outer;
}

static void
at_subtransaction(SubXactEvent event, SubTransactionId mine, SubTransactionId parent, void *arg)
{
	int nest_level = GetCurrentTransactionNestLevel();

	if (event == SUBXACT_EVENT_COMMIT_SUB)
	{
		if (wishes != NULL && wishes->nest_level == nest_level)
			hand_up(wishes);
	}
	else if (event == SUBXACT_EVENT_ABORT_SUB)
	{
		while (wishes != NULL && wishes->nest_level >= nest_level)
			wishes = wishes->outer;
	}
}

void
va_wake_init(void)
{
	RegisterXactCallback(at_transaction, NULL);
	RegisterSubXactCallback(at_subtransaction, NULL);
}

PG_FUNCTION_INFO_V1(va_sql_poke_tasks);

static VaTasks
tasks_named(Datum name)
{
	char *given = TextDatumGetCString(name);
	VaTasks tasks = va_tasks_by_name(given);

	if (tasks == 0)
		ereport(ERROR, (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
						   errmsg("there is no worker and no task of the name \"%s\"", va_shown(given)),
						   errhint("The names are %s.", va_task_names())));
	return tasks;
}

static VaTasks
tasks_in(ArrayType *array)
{
	Datum *names;
	bool *nulls;
	int n;
	VaTasks tasks = 0;

	deconstruct_array(array, TEXTOID, -1, false, TYPALIGN_INT, &names, &nulls, &n);
	for (int i = 0; i < n; i++)
		if (!nulls[i])
			tasks |= tasks_named(names[i]);
	return tasks;
}

Datum
va_sql_poke_tasks(PG_FUNCTION_ARGS)
{
	va_poke(tasks_in(PG_GETARG_ARRAYTYPE_P(0)));
	VA_CRASH_POINT("poke");
	PG_RETURN_VOID();
}

PG_FUNCTION_INFO_V1(va_sql_poke_for_all);

Datum
va_sql_poke_for_all(PG_FUNCTION_ARGS)
{
	va_poke_for_all(tasks_in(PG_GETARG_ARRAYTYPE_P(0)));
	PG_RETURN_VOID();
}

PG_FUNCTION_INFO_V1(va_sql_poke_lookups);

Datum
va_sql_poke_lookups(PG_FUNCTION_ARGS)
{
	va_poke_lookups_by(PG_GETARG_TIMESTAMPTZ(0));
	PG_RETURN_VOID();
}

PG_FUNCTION_INFO_V1(va_sql_cancel_statement);

/* Under the registry's lock no process of this kind gives its number to another. */
Datum
va_sql_cancel_statement(PG_FUNCTION_ARGS)
{
	char *kind = TextDatumGetCString(PG_GETARG_DATUM(0));
	VaShared *shared = va_shmem();
	VaDatabaseSlot *slot;

	LWLockAcquire(shared->lock, LW_SHARED);
	slot = va_find_database(MyDatabaseId);
	for (int k = 0; slot != NULL && k < VA_WORKER_KINDS; k++)
		if (slot->worker[k].pid != 0 && strcmp(va_worker_kind_name(k), kind) == 0)
			kill(slot->worker[k].pid, SIGINT);
	LWLockRelease(shared->lock);
	PG_RETURN_VOID();
}
