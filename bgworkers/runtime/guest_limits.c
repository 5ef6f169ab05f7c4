/*-------------------------------------------------------------------------
 * guest_limits.c
 *		Limits of the process of a guest, or a process api (contract in runtime/guest_limits.h).
 *
 * The limit is one of address space, which shared memory and libraries count
 * against, so it is what the process has at its start and the setting beside
 * it.  A stack that has to grow behind the limit would be a crash, and a crash
 * of any process restarts the server: so the stack grows to its full depth
 * first.
 */
#include "postgres.h"

#include <sys/resource.h>
#include <unistd.h>

#include "fmgr.h"
#include "miscadmin.h"
#include "tcop/tcopprot.h"
#include "utils/guc.h"
#include "utils/timeout.h"
#include "utils/timestamp.h"

#include "guest_limits.h"
#include "transaction.h"
#include "core/voiceagent.h"

#define TEMP_FILES_KB "65536"
/* Beyond max_stack_depth, as PostgreSQL itself leaves. */
#define STACK_SPARE_BYTES (512 * 1024)

/* The most that a process keeps after an honest evaluation: its caches. */
#define FRESH_PART 4

PG_FUNCTION_INFO_V1(va_sql_limit_step);

static rlim_t at_start = 0;
static bool starved = false;

typedef struct Unit
{
	void (*run)(void *arg);
	void *arg;
	TimestampTz until;
	int ms;
	const char *limit;
} Unit;

/* Bytes of address space that this process has; 0: not known here. */
static rlim_t
address_space(void)
{
	FILE *file = fopen("/proc/self/statm", "r");
	unsigned long pages = 0;

	if (file == NULL)
		return 0;
	if (fscanf(file, "%lu", &pages) != 1)
		pages = 0;
	fclose(file);
	return (rlim_t) pages * (rlim_t) sysconf(_SC_PAGESIZE);
}

size_t
va_guest_memory_used(void)
{
	rlim_t now = address_space();

	return now > at_start ? (size_t) (now - at_start) : 0;
}

static size_t
part_of_memory(int part)
{
	return (size_t) va_guc_guest_memory * 1024 * 1024 / part;
}

bool
va_guest_is_worn(void)
{
	return starved || va_guest_memory_used() > part_of_memory(2);
}

bool
va_guest_starved(size_t used_before, const char *sqlstate)
{
	if (strcmp(sqlstate, "53200") != 0 || used_before < part_of_memory(FRESH_PART))
		return false;
	starved = true;
	return true;
}

static pg_noinline void
grow_stack(size_t bytes)
{
	volatile char block[8192];

	block[0] = block[sizeof(block) - 1] = 1;
	if (bytes > sizeof(block))
		grow_stack(bytes - sizeof(block));
	block[1] = block[0];
}

static void
limit_memory(const char *process)
{
	struct rlimit limit;
	rlim_t now;
	rlim_t wanted;

	grow_stack((size_t) max_stack_depth * 1024 + STACK_SPARE_BYTES);
	now = address_space();
	at_start = now;
	wanted = now + (rlim_t) va_guc_guest_memory * 1024 * 1024;
	if (now == 0 || getrlimit(RLIMIT_AS, &limit) != 0)
	{
		ereport(
			LOG, (errmsg("the memory of the process \"%s\" has no limit, because the system does not report its size",
					 process)));
		return;
	}
	if (limit.rlim_cur != RLIM_INFINITY && limit.rlim_cur <= wanted)
		return;
	limit.rlim_cur = wanted;
	if (setrlimit(RLIMIT_AS, &limit) != 0)
		ereport(LOG,
			(errcode(ERRCODE_SYSTEM_ERROR), errmsg("could not limit the memory of the process \"%s\": %m", process)));
}

void
va_guest_limits(const char *process)
{
	static const char *const forced[][2] = {
		{ "max_parallel_workers_per_gather", "0" },
		{ "temp_file_limit", TEMP_FILES_KB },
		{ "work_mem", "4096" },
	};

	for (int i = 0; i < (int) lengthof(forced); i++)
		SetConfigOption(forced[i][0], forced[i][1], PGC_SUSET, PGC_S_OVERRIDE);
	limit_memory(process);
}

/* A cancellation by the timer is the unit's own fault, so it must not look like one of the process. */
static void
run_unit(void *arg)
{
	Unit *unit = arg;

	PG_TRY();
	{
		unit->run(unit->arg);
	}
	PG_CATCH();
	{
		if (geterrcode() != ERRCODE_QUERY_CANCELED || GetCurrentTimestamp() < unit->until)
			PG_RE_THROW();
		FlushErrorState();
		ereport(ERROR, (errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
						   errmsg("it takes longer than %s (%d ms)", unit->limit, unit->ms)));
	}
	PG_END_TRY();
}

bool
va_timed_try(void (*unit)(void *arg), void *arg, int ms, const char *limit, char sqlstate[6], char **message)
{
	Unit timed = { unit, arg, GetCurrentTimestamp() + (int64) ms * 1000, ms, limit };
	volatile bool done = false;

	enable_timeout_at(STATEMENT_TIMEOUT, timed.until);
	PG_TRY();
	{
		done = va_try(run_unit, &timed, sqlstate, message);
	}
	PG_FINALLY();
	{
		disable_timeout(STATEMENT_TIMEOUT, false);
	}
	PG_END_TRY();
	return done;
}

bool
va_guest_try(void (*unit)(void *arg), void *arg, char sqlstate[6], char **message)
{
	return va_timed_try(unit, arg, va_guc_guest_timeout, "voiceagent.guest_timeout", sqlstate, message);
}

Datum
va_sql_limit_step(PG_FUNCTION_ARGS)
{
	static bool ours = false;
	int ms = PG_GETARG_INT32(0);

	if (ours)
	{
		disable_timeout(STATEMENT_TIMEOUT, false);
		QueryCancelPending = false;
	}
	ours = ms > 0 && !get_timeout_active(STATEMENT_TIMEOUT);
	if (ours)
		enable_timeout_after(STATEMENT_TIMEOUT, ms);
	PG_RETURN_VOID();
}
