/*-------------------------------------------------------------------------
 * machine.c
 *		The machine in status(): full disks, a clock that was set, a
 *		crash; what is wrong in the server's files of settings; and which
 *		time zone data it reads.
 */
#include "postgres.h"

#include <dirent.h>
#include <sys/stat.h>
#include <sys/statvfs.h>

#include "common/config_info.h"
#include "funcapi.h"
#include "miscadmin.h"
#include "storage/fd.h"
#include "utils/builtins.h"
#include "utils/timestamp.h"
#include "utils/tuplestore.h"

#include "shmem.h"

/* A twentieth of a disk is left, or less than this; but several segments of WAL must always find room. */
#define ROOM_ENOUGH (INT64CONST(1024) * 1024 * 1024)
#define ROOM_LEAST (INT64CONST(64) * 1024 * 1024)

PG_FUNCTION_INFO_V1(va_sql_machine_facts);
PG_FUNCTION_INFO_V1(va_sql_file_settings);

static void
put_fact(ReturnSetInfo *result, const char *fact, const char *object, TimestampTz since, int64 amount)
{
	Datum values[] = { CStringGetTextDatum(fact), object == NULL ? 0 : CStringGetTextDatum(object),
		TimestampTzGetDatum(since), Int64GetDatum(amount) };
	bool nulls[] = { false, object == NULL, since == 0, false };

	tuplestore_putvalues(result->setResult, result->setDesc, values, nulls);
}

/* One on the data directory's own disk is looked at as that. */
static bool
is_short(ReturnSetInfo *result, const char *path)
{
	pg_atomic_uint64 *since = &va_shmem()->disk_short_since;
	uint64 never = 0;
	struct statvfs room;
	struct stat place, home;
	int64 left;

	if (stat(path, &place) != 0 || stat(".", &home) != 0 || statvfs(path, &room) != 0 ||
		(path[0] != '.' && place.st_dev == home.st_dev))
		return false;
	left = (int64) room.f_bavail * (int64) room.f_frsize;
	if (left >= Min(ROOM_ENOUGH, Max(ROOM_LEAST, (int64) room.f_blocks * (int64) room.f_frsize / 20)))
		return false;
	(void) pg_atomic_compare_exchange_u64(since, &never, (uint64) GetCurrentTimestamp());
	put_fact(result, "disk", path, (TimestampTz) pg_atomic_read_u64(since), left);
	return true;
}

/* The first look that finds a disk short has noted the time; the first that finds none forgets it. */
static void
look_at_disks(ReturnSetInfo *result)
{
	bool any = is_short(result, ".");
	DIR *spaces = AllocateDir("pg_tblspc");
	struct dirent *entry;

	any |= is_short(result, "pg_wal");
	while ((entry = ReadDirExtended(spaces, "pg_tblspc", DEBUG1)) != NULL)
		if (entry->d_name[0] != '.')
			any |= is_short(result, psprintf("pg_tblspc/%s", entry->d_name));
	FreeDir(spaces);
	if (!any)
		pg_atomic_write_u64(&va_shmem()->disk_short_since, 0);
}

/* Where PostgreSQL was configured to read the system's, these say their version; its own do not. */
static void
look_at_zones(ReturnSetInfo *result)
{
	size_t n;
	ConfigData *config = get_configdata(my_exec_path, &n);
	const char *place = NULL;
	char version[32];
	FILE *file = NULL;

	for (size_t i = 0; i < n && place == NULL; i++)
		place = strstr(config[i].setting, "--with-system-tzdata=");
	if (place != NULL)
		file = AllocateFile(psprintf("%.*s/tzdata.zi", (int) strcspn(place + 21, "' "), place + 21), "r");
	if (file != NULL && fscanf(file, "# version %31s", version) == 1)
		put_fact(result, "tzdata", version, 0, 0);
	if (file != NULL)
		FreeFile(file);
}

/* machine_facts(): what, which, since when, and how much: bytes left, seconds. */
Datum
va_sql_machine_facts(PG_FUNCTION_ARGS)
{
	ReturnSetInfo *result = (ReturnSetInfo *) fcinfo->resultinfo;
	TimestampTz set_at = (TimestampTz) pg_atomic_read_u64(&va_shmem()->clock_set_at);

	InitMaterializedSRF(fcinfo, 0);
	look_at_disks(result);
	look_at_zones(result);
	if (set_at != 0)
		put_fact(result, "clock", NULL, set_at, (int64) pg_atomic_read_u64(&va_shmem()->clock_set_by_s));
	if (va_shmem()->recovered_at != 0)
		put_fact(result, "server", NULL, va_shmem()->recovered_at, 0);
	return (Datum) 0;
}

/* PostgreSQL's own function is a superuser's; this one is our owner's. */
Datum
va_sql_file_settings(PG_FUNCTION_ARGS)
{
	return show_all_file_settings(fcinfo);
}
