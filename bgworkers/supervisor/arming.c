/*-------------------------------------------------------------------------
 * arming.c
 *		A copy does not dial: the file outside of the data directory that
 *		names this cluster, and the lock on it.
 *
 * The launcher reads, checks and locks the file at its start, after a reload
 * and when arm() has written it, and publishes the outcome in shared memory,
 * where va_armed() looks.  Everything unexpected means "not armed".
 *
 * The file is written in place, because the running launcher's lock is on its
 * inode; a write that is torn by a crash lacks the last line and counts as
 * malformed.
 *
 * The format, line by line:
 *		voiceagent arming 1
 *		system_identifier 7412345678901234567
 *		data_directory 64768:1234567 /the/real/path
 *		database 16384			(one line each)
 *		end
 */
#include "postgres.h"

#include <fcntl.h>
#include <limits.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <sodium.h>

#include "access/xlog.h"
#include "common/string.h"
#include "fmgr.h"
#include "lib/stringinfo.h"
#include "miscadmin.h"
#include "utils/builtins.h"
#include "utils/timestamp.h"

#include "arming.h"
#include "core/shmem.h"
#include "core/wake.h"

#define HEADING "voiceagent arming 1"
#define FILE_MAX 16384
/* The tasks that may talk to real carriers. */
#define SENDERS                                                                                  \
	(VA_TASK_BIT(VA_TASK_DIALER) | VA_TASK_BIT(VA_TASK_SOCKETS) | VA_TASK_BIT(VA_TASK_LOOKUPS) | \
		VA_TASK_BIT(VA_TASK_PROVIDER_REQUESTS) | VA_TASK_BIT(VA_TASK_OUTBOX))

typedef struct Arming
{
	uint64 system_identifier;
	unsigned long long device;
	unsigned long long inode;
	char directory[MAXPGPATH];
	int n_databases;
	Oid databases[VA_ARMED_MAX];
} Arming;

/* The launcher's: open and locked, -1 = none. */
static int locked_fd = -1;

static const char *const code_names[] = {
	[VA_ARMING_UNKNOWN] = "launcher_not_running",
	[VA_ARMING_OK] = "armed",
	[VA_ARMING_NOT_CONFIGURED] = "no_arming_file_configured",
	[VA_ARMING_NO_FILE] = "arming_file_missing",
	[VA_ARMING_INSIDE_DATADIR] = "arming_file_inside_data_directory",
	[VA_ARMING_PERMISSIONS] = "arming_file_permissions",
	[VA_ARMING_MALFORMED] = "arming_file_malformed",
	[VA_ARMING_OTHER_CLUSTER] = "armed_for_another_cluster",
	[VA_ARMING_OTHER_DIRECTORY] = "armed_for_another_data_directory",
	[VA_ARMING_LOCKED_ELSEWHERE] = "arming_file_used_by_another_server",
	[VA_ARMING_NOT_LISTED] = "database_not_armed",
	[VA_ARMING_STANDBY] = "standby",
	[VA_ARMING_FSYNC_OFF] = "fsync_off",
	[VA_ARMING_PROMOTED] = "just_promoted",
};

/* ----- what may be dialled ----- */

/* When the server that was promoted may ask real carriers; with the lock. 0: it was not promoted. */
static TimestampTz
pause_ends(const VaShared *shared)
{
	return shared->promoted_at == 0 ? 0 : shared->promoted_at + va_guc_promotion_pause_s * USECS_PER_SEC;
}

static VaArmingCode
arming_code(Oid database)
{
	VaShared *shared = va_shmem_or_null();
	VaArmingCode code;
	bool listed = false;
	bool promoted;

	if (shared == NULL)
		return VA_ARMING_UNKNOWN;
	if (RecoveryInProgress())
		return VA_ARMING_STANDBY;
	LWLockAcquire(shared->lock, LW_SHARED);
	code = (VaArmingCode) shared->arming_code;
	if (code == VA_ARMING_OK && (!shared->arming_locked || shared->launcher_pid == 0))
		code = VA_ARMING_UNKNOWN;
	for (int i = 0; i < shared->n_armed; i++)
		listed = listed || shared->armed[i] == database;
	promoted = pause_ends(shared) > GetCurrentTimestamp();
	LWLockRelease(shared->lock);
	if (code == VA_ARMING_OK && !listed)
		code = VA_ARMING_NOT_LISTED;
	if (code == VA_ARMING_OK && promoted)
		code = VA_ARMING_PROMOTED;
	if (code == VA_ARMING_OK && !enableFsync)
		code = VA_ARMING_FSYNC_OFF;
	return code;
}

bool
va_armed(Oid database)
{
	return arming_code(database) == VA_ARMING_OK;
}

const char *
va_arming_reason(Oid database)
{
	return code_names[arming_code(database)];
}

/* ----- the file ----- */

static bool
real_data_directory(char *path, struct stat *st)
{
	char real[PATH_MAX];

	if (realpath(DataDir, real) == NULL || stat(real, st) != 0 || strlen(real) >= MAXPGPATH)
		return false;
	strlcpy(path, real, MAXPGPATH);
	return true;
}

/* A token inside the data directory would be copied with it, and would prove nothing. */
static bool
is_inside_data_directory(const char *file)
{
	char directory[MAXPGPATH];
	char real[PATH_MAX];
	char data[MAXPGPATH];
	struct stat st;
	size_t length;

	strlcpy(directory, file, sizeof(directory));
	get_parent_directory(directory);
	if (directory[0] == '\0')
		strlcpy(directory, ".", sizeof(directory));
	if (realpath(directory, real) == NULL || !real_data_directory(data, &st))
		return false;
	length = strlen(data);
	return strncmp(real, data, length) == 0 && (real[length] == '\0' || real[length] == '/');
}

static bool
read_whole(int fd, char *text, size_t size)
{
	size_t used = 0;
	ssize_t got;

	while (used < size - 1 && (got = pread(fd, text + used, size - 1 - used, (off_t) used)) > 0)
		used += (size_t) got;
	text[used] = '\0';
	return used < size - 1;
}

static bool
parse_line(Arming *arming, const char *line, bool *ended)
{
	unsigned long long number;
	unsigned int database;
	int offset = 0;

	if (strcmp(line, "end") == 0)
	{
		*ended = true;
		return true;
	}
	if (sscanf(line, "system_identifier %llu", &number) == 1)
	{
		arming->system_identifier = number;
		return true;
	}
	if (sscanf(line, "data_directory %llu:%llu %n", &arming->device, &arming->inode, &offset) == 2 && offset > 0)
	{
		strlcpy(arming->directory, line + offset, sizeof(arming->directory));
		return true;
	}
	if (sscanf(line, "database %u", &database) == 1)
	{
		if (arming->n_databases >= VA_ARMED_MAX)
			return false;
		arming->databases[arming->n_databases++] = database;
		return true;
	}
	return false;
}

static bool
parse_arming(char *text, Arming *arming)
{
	bool ended = false;
	char *save = NULL;
	char *line = strtok_r(text, "\n", &save);

	memset(arming, 0, sizeof(*arming));
	if (line == NULL || strcmp(line, HEADING) != 0)
		return false;
	while (!ended && (line = strtok_r(NULL, "\n", &save)) != NULL)
		if (!parse_line(arming, line, &ended))
			return false;
	return ended && strtok_r(NULL, "\n", &save) == NULL;
}

/* Is the file about this cluster, in this place? */
static VaArmingCode
judge(const Arming *arming)
{
	char data[MAXPGPATH];
	struct stat st;

	if (arming->system_identifier != GetSystemIdentifier())
		return VA_ARMING_OTHER_CLUSTER;
	if (!real_data_directory(data, &st) || strcmp(arming->directory, data) != 0 ||
		arming->device != (unsigned long long) st.st_dev || arming->inode != (unsigned long long) st.st_ino)
		return VA_ARMING_OTHER_DIRECTORY;
	return VA_ARMING_OK;
}

static VaArmingCode
judge_open_file(int fd, Arming *arming)
{
	char text[FILE_MAX];
	struct stat st;

	if (fstat(fd, &st) != 0 || !S_ISREG(st.st_mode) || st.st_uid != geteuid() ||
		(st.st_mode & (S_IRWXG | S_IRWXO)) != 0)
		return VA_ARMING_PERMISSIONS;
	if (!read_whole(fd, text, sizeof(text)) || !parse_arming(text, arming))
		return VA_ARMING_MALFORMED;
	return judge(arming);
}

/* ----- the launcher's side ----- */

static VaArmingCode
open_and_judge(Arming *arming)
{
	VaArmingCode code;

	if (locked_fd >= 0)
		close(locked_fd);
	locked_fd = -1;
	if (RecoveryInProgress())
		return VA_ARMING_STANDBY;
	if (va_guc_arming_file[0] == '\0')
		return VA_ARMING_NOT_CONFIGURED;
	if (is_inside_data_directory(va_guc_arming_file))
		return VA_ARMING_INSIDE_DATADIR;
	locked_fd = open(va_guc_arming_file, O_RDWR | O_CLOEXEC | O_NOFOLLOW);
	if (locked_fd < 0)
		return errno == ENOENT ? VA_ARMING_NO_FILE : VA_ARMING_PERMISSIONS;
	/* The lock first: what is read without it may be about to change. */
	if (flock(locked_fd, LOCK_EX | LOCK_NB) != 0)
		code = VA_ARMING_LOCKED_ELSEWHERE;
	else
		code = judge_open_file(locked_fd, arming);
	if (code != VA_ARMING_OK)
	{
		close(locked_fd);
		locked_fd = -1;
	}
	return code;
}

/* May these use real carriers, and no others? */
static bool
is_published(const VaShared *shared, VaArmingCode code, const Arming *arming)
{
	return shared->arming_code == (int) code && shared->n_armed == arming->n_databases &&
		   memcmp(shared->armed, arming->databases, sizeof(Oid) * (size_t) arming->n_databases) == 0;
}

static void
poke_senders(int n_databases, const Oid *databases)
{
	for (int i = 0; i < n_databases; i++)
		va_poke_now(databases[i], SENDERS);
}

void
va_arming_check(void)
{
	VaShared *shared = va_shmem();
	Arming arming = { 0 };
	VaArmingCode code = open_and_judge(&arming);
	Arming was = { 0 };
	bool changed;
	bool other_code;

	if (code != VA_ARMING_OK)
		arming.n_databases = 0;
	LWLockAcquire(shared->lock, LW_EXCLUSIVE);
	other_code = shared->arming_code != (int) code;
	changed = !is_published(shared, code, &arming);
	was.n_databases = shared->n_armed;
	memcpy(was.databases, shared->armed, sizeof(was.databases));
	shared->arming_code = (int) code;
	shared->arming_locked = code == VA_ARMING_OK;
	shared->n_armed = arming.n_databases;
	memcpy(shared->armed, arming.databases, sizeof(shared->armed));
	LWLockRelease(shared->lock);
	if (other_code && code > VA_ARMING_NO_FILE)
		ereport(LOG, (errmsg("real carriers are not used: %s", code_names[code])));
	if (!changed)
		return;
	/* Wake the tasks that dial: some may now, and some may no longer. */
	poke_senders(was.n_databases, was.databases);
	poke_senders(arming.n_databases, arming.databases);
}

TimestampTz
va_promotion_round(void)
{
	static bool ended = false; /* a new launcher wakes them once more */
	VaShared *shared = va_shmem();
	TimestampTz ends;

	LWLockAcquire(shared->lock, LW_EXCLUSIVE);
	if (shared->was_standby && shared->promoted_at == 0)
		shared->promoted_at = GetCurrentTimestamp();
	ends = pause_ends(shared);
	LWLockRelease(shared->lock);
	if (ended || ends == 0)
		return DT_NOEND;
	if (ends > GetCurrentTimestamp())
		return ends;
	ended = true;
	poke_senders(shared->n_armed, shared->armed);
	return DT_NOEND;
}

/* ----- the writer's side ----- */

static void
list_database(Arming *arming, Oid database, bool armed)
{
	int kept = 0;

	for (int i = 0; i < arming->n_databases; i++)
		if (arming->databases[i] != database)
			arming->databases[kept++] = arming->databases[i];
	arming->n_databases = kept;
	if (!armed)
		return;
	if (kept >= VA_ARMED_MAX)
		ereport(ERROR, (errcode(ERRCODE_CONFIGURATION_LIMIT_EXCEEDED),
						   errmsg("no more than %d databases can be armed", VA_ARMED_MAX)));
	arming->databases[arming->n_databases++] = database;
}

static char *
format_arming(const Arming *arming)
{
	StringInfoData text;
	char data[MAXPGPATH];
	struct stat st;

	if (!real_data_directory(data, &st))
		ereport(ERROR, (errcode_for_file_access(), errmsg("could not stat the data directory: %m")));
	initStringInfo(&text);
	appendStringInfo(&text, HEADING "\nsystem_identifier " UINT64_FORMAT "\n", GetSystemIdentifier());
	appendStringInfo(
		&text, "data_directory %llu:%llu %s\n", (unsigned long long) st.st_dev, (unsigned long long) st.st_ino, data);
	for (int i = 0; i < arming->n_databases; i++)
		appendStringInfo(&text, "database %u\n", arming->databases[i]);
	appendStringInfoString(&text, "end\n");
	return text.data;
}

static void
write_whole(int fd, const char *text)
{
	size_t length = strlen(text);

	if (ftruncate(fd, 0) != 0 || pwrite(fd, text, length, 0) != (ssize_t) length || fsync(fd) != 0)
	{
		int saved = errno;

		close(fd);
		errno = saved;
		ereport(ERROR, (errcode_for_file_access(), errmsg("could not write the arming file: %m")));
	}
}

/* The file's present content, if it is ours to change. */
static void
read_own_arming(int fd, Arming *arming)
{
	struct stat st;
	VaArmingCode code;

	memset(arming, 0, sizeof(*arming));
	if (fstat(fd, &st) == 0 && st.st_size == 0)
		return;
	code = judge_open_file(fd, arming);
	if (code == VA_ARMING_OK || code == VA_ARMING_MALFORMED)
	{
		if (code == VA_ARMING_MALFORMED)
			memset(arming, 0, sizeof(*arming));
		return;
	}
	close(fd);
	ereport(ERROR, (errcode(ERRCODE_OBJECT_IN_USE), errmsg("the arming file cannot be used: %s", code_names[code]),
					   errhint("Each cluster needs an arming file of its own.  If this data directory was moved or "
							   "restored on purpose, and the other one will never run again, remove the file first.")));
}

void
va_arming_write(Oid database, bool armed)
{
	VaShared *shared = va_shmem();
	struct flock exclusive = { .l_type = F_WRLCK, .l_whence = SEEK_SET };
	Arming arming;
	char *text;
	int fd;

	if (va_guc_arming_file[0] == '\0')
		ereport(ERROR, (errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
						   errmsg("real carriers cannot be armed because voiceagent.arming_file is not set"),
						   errhint("Name a file outside of the data directory and reload the server.")));
	if (is_inside_data_directory(va_guc_arming_file))
		ereport(ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE), errmsg("the arming file must lie outside of the data directory"),
				errhint("A copy of the data directory must not bring the permission to dial along.")));
	fd = open(va_guc_arming_file, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, S_IRUSR | S_IWUSR);
	if (fd < 0)
		ereport(ERROR, (errcode_for_file_access(), errmsg("could not open the arming file: %m")));

	/* Two sessions that arm at once do so one after the other (the launcher's flock is a different lock). */
	if (fcntl(fd, F_SETLKW, &exclusive) != 0)
		ereport(ERROR, (errcode_for_file_access(), errmsg("could not lock the arming file: %m")));
	read_own_arming(fd, &arming);
	list_database(&arming, database, armed);
	text = format_arming(&arming);
	write_whole(fd, text);
	close(fd);
	pfree(text);
	pg_atomic_write_u32(&shared->rearm, 1);
	va_wake_launcher_now();
}

PG_FUNCTION_INFO_V1(va_sql_arm);
PG_FUNCTION_INFO_V1(va_sql_disarm);
PG_FUNCTION_INFO_V1(va_sql_arming);
PG_FUNCTION_INFO_V1(va_sql_home);

/* SQL checks the right to arm; this only writes the file. */
Datum
va_sql_arm(PG_FUNCTION_ARGS)
{
	va_arming_write(MyDatabaseId, true);
	PG_RETURN_VOID();
}

Datum
va_sql_disarm(PG_FUNCTION_ARGS)
{
	va_arming_write(MyDatabaseId, false);
	PG_RETURN_VOID();
}

Datum
va_sql_arming(PG_FUNCTION_ARGS)
{
	PG_RETURN_TEXT_P(cstring_to_text(va_arming_reason(MyDatabaseId)));
}

/* ----- the place ----- */

/*
 * A name for this database in this place; a copy elsewhere gets another. It is
 * a digest, because tenants may see it.
 */
Datum
va_sql_home(PG_FUNCTION_ARGS)
{
	char directory[MAXPGPATH];
	struct stat st;
	char *place;
	unsigned char digest[16];
	char shown[2 * sizeof(digest) + 1];

	if (!real_data_directory(directory, &st))
		ereport(ERROR, (errcode_for_file_access(), errmsg("could not stat the data directory: %m")));
	/* Not the device: its number may change when the machine restarts. */
	place = psprintf(
		UINT64_FORMAT " %llu %s %u", GetSystemIdentifier(), (unsigned long long) st.st_ino, directory, MyDatabaseId);
	crypto_generichash(digest, sizeof(digest), (const unsigned char *) place, strlen(place), NULL, 0);
	sodium_bin2hex(shown, sizeof(shown), digest, sizeof(digest));
	PG_RETURN_TEXT_P(cstring_to_text(shown));
}
