/*-------------------------------------------------------------------------
 * keys.c
 *		Keys from files outside of the database (contract in keys.h).
 *
 * Any process may find that a file has changed, and reads it again: whoever
 * needs a key looks at the file's identity (device, inode, size, time) first,
 * which costs one stat() at a login or at the first use of a token, not per
 * row.  Locking: keys_lock guards the bytes and is held while they are
 * copied; files are read before it is taken.
 */
#include "postgres.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <sodium.h>

#include "fmgr.h"
#include "miscadmin.h"
#include "utils/builtins.h"

#include "keys.h"
#include "pure/auth/signature.h"
#include "core/voiceagent.h"

PG_FUNCTION_INFO_V1(va_sql_has_vault_key);

/* A file as this process last saw it. */
typedef struct SeenFile
{
	bool seen;
	uint32 generation;
	char path[MAXPGPATH];
	dev_t device;
	ino_t inode;
	off_t size;
	struct timespec changed_at;
} SeenFile;

typedef struct KeyFile
{
	const char *setting;
	const char *what_needs_it;
	SeenFile seen;
} KeyFile;

static KeyFile jwt_file = { "voiceagent.jwt_secret_file", "Tokens, logins and API keys need it.", { 0 } };
static KeyFile vault_file = { "voiceagent.vault_key_file", "Secrets of real provider accounts are sealed with it.",
	{ 0 } };

/* ----- reading ----- */

/* Why a file cannot be used: a sentence about it that does not say where it lies, which is no visitor's business. */
typedef struct KeyProblem
{
	char detail[256];
} KeyProblem;

static bool
inside_data_directory(const char *path)
{
	char real_path[PATH_MAX];
	char real_data[PATH_MAX];
	size_t length;

	if (realpath(path, real_path) == NULL || realpath(DataDir, real_data) == NULL)
		return false;
	length = strlen(real_data);
	return strncmp(real_path, real_data, length) == 0 && real_path[length] == '/';
}

/* As for the server's TLS keys: ours and closed to others, or root's and readable by our group. */
static bool
permissions_fit(const struct stat *st)
{
	if (st->st_uid == geteuid())
		return (st->st_mode & (S_IRWXG | S_IRWXO)) == 0;
	return st->st_uid == 0 && (st->st_mode & (S_IWGRP | S_IXGRP | S_IRWXO)) == 0;
}

/* The file's bytes and what it was; -1 with the reason. */
static int
read_file(const char *path, unsigned char *bytes, struct stat *st, KeyProblem *problem)
{
	int fd = -1;
	ssize_t got = -1;

	if (path == NULL || path[0] == '\0')
		strlcpy(problem->detail, "The setting is empty.", sizeof(problem->detail));
	else if (!is_absolute_path(path))
		strlcpy(problem->detail, "Its path is not absolute.", sizeof(problem->detail));
	else if (inside_data_directory(path))
		strlcpy(problem->detail, "The file lies in the data directory, so a backup would carry the key along.",
			sizeof(problem->detail));
	else if ((fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY)) < 0 || fstat(fd, st) != 0)
		snprintf(problem->detail, sizeof(problem->detail), "The file cannot be opened: %s.", strerror(errno));
	else if (!S_ISREG(st->st_mode))
		strlcpy(problem->detail, "It is not a regular file.", sizeof(problem->detail));
	else if (!permissions_fit(st))
		strlcpy(problem->detail,
			"The file can be read by others; it must belong to the server's user with mode 0600, or to root with "
			"0640.",
			sizeof(problem->detail));
	else if (st->st_size > VA_KEY_FILE_MAX)
		snprintf(problem->detail, sizeof(problem->detail), "The file has more than %d bytes.", VA_KEY_FILE_MAX);
	else if ((got = read(fd, bytes, VA_KEY_FILE_MAX)) < 0)
		snprintf(problem->detail, sizeof(problem->detail), "The file cannot be read: %s.", strerror(errno));
	if (fd >= 0)
		close(fd);
	return (int) got;
}

static bool
take_jwt_keys(VaShared *shared, const unsigned char *bytes, int length, KeyProblem *problem)
{
	VaJwtKeys keys;

	if (!va_jwt_read_keys(bytes, length, &keys, problem->detail, sizeof(problem->detail)))
		return false;
	LWLockAcquire(shared->keys_lock, LW_EXCLUSIVE);
	if (memcmp(&shared->keys->jwt, &keys, sizeof(keys)) != 0)
	{
		memcpy(&shared->keys->jwt, &keys, sizeof(keys));
		shared->keys->generation++;
	}
	jwt_file.seen.generation = shared->keys->generation;
	LWLockRelease(shared->keys_lock);
	sodium_memzero(&keys, sizeof(keys));
	return true;
}

/* A key in hexadecimal on each line; empty lines are passed over.  False when a line is something else. */
static bool
read_vault_lines(const unsigned char *bytes, int length, VaVaultKeys *keys)
{
	const char *at = (const char *) bytes;
	const char *end = at + length;

	while (at < end)
	{
		const char *newline = memchr(at, '\n', end - at);
		const char *next = newline == NULL ? end : newline + 1;
		size_t used = (newline == NULL ? end : newline) - at;
		size_t decoded = 0;

		if (used > 0 && at[used - 1] == '\r')
			used--;
		if (used > 0)
		{
			if (keys->n == VA_VAULT_KEYS_MAX || used != 2 * VA_VAULT_KEY_LEN ||
				!va_hex_decode(at, used, keys->key[keys->n], VA_VAULT_KEY_LEN, &decoded) || decoded != VA_VAULT_KEY_LEN)
				return false;
			keys->n++;
		}
		at = next;
	}
	return keys->n > 0;
}

static bool
take_vault_keys(VaShared *shared, const unsigned char *bytes, int length, KeyProblem *problem)
{
	VaVaultKeys keys;
	bool good = true;

	memset(&keys, 0, sizeof(keys));
	if (length == VA_VAULT_KEY_LEN)
	{
		memcpy(keys.key[0], bytes, VA_VAULT_KEY_LEN);
		keys.n = 1;
	}
	else
		good = read_vault_lines(bytes, length, &keys);
	if (good)
	{
		LWLockAcquire(shared->keys_lock, LW_EXCLUSIVE);
		if (shared->keys->n_vault != keys.n || memcmp(shared->keys->vault, keys.key, sizeof(keys.key)) != 0)
		{
			memcpy(shared->keys->vault, keys.key, sizeof(keys.key));
			shared->keys->n_vault = keys.n;
			shared->keys->generation++;
		}
		vault_file.seen.generation = shared->keys->generation;
		LWLockRelease(shared->keys_lock);
	}
	else
		snprintf(problem->detail, sizeof(problem->detail),
			"The key must be 32 bytes, or 64 hexadecimal digits; up to %d keys have a line each.", VA_VAULT_KEYS_MAX);
	sodium_memzero(&keys, sizeof(keys));
	return good;
}

static bool
still_the_same(const KeyFile *file, const char *path)
{
	const SeenFile *seen = &file->seen;
	struct stat st;

	/* Another process may have read another key since: look for ourselves then. */
	return seen->seen && seen->generation == va_keys_generation() && strcmp(seen->path, path) == 0 &&
		   stat(path, &st) == 0 && permissions_fit(&st) && st.st_dev == seen->device && st.st_ino == seen->inode &&
		   st.st_size == seen->size && st.st_mtim.tv_sec == seen->changed_at.tv_sec &&
		   st.st_mtim.tv_nsec == seen->changed_at.tv_nsec;
}

/* Have the key in shared memory as its file says now. */
static bool
refresh(KeyFile *file, const char *path, KeyProblem *problem)
{
	VaShared *shared = va_shmem();
	unsigned char bytes[VA_KEY_FILE_MAX];
	struct stat st;
	int length;
	bool taken;

	if (path == NULL)
		path = "";
	/* Once a process; it chooses the fastest code for this machine. */
	if (sodium_init() < 0)
		elog(ERROR, "could not initialise libsodium");
	if (still_the_same(file, path))
		return true;
	file->seen.seen = false;
	length = read_file(path, bytes, &st, problem);
	if (length < 0)
		return false;
	taken = (file == &jwt_file) ? take_jwt_keys(shared, bytes, length, problem)
								: take_vault_keys(shared, bytes, length, problem);
	sodium_memzero(bytes, sizeof(bytes));
	if (taken)
	{
		strlcpy(file->seen.path, path, sizeof(file->seen.path));
		file->seen.device = st.st_dev;
		file->seen.inode = st.st_ino;
		file->seen.size = st.st_size;
		file->seen.changed_at = st.st_mtim;
		file->seen.seen = true;
	}
	return taken;
}

static void
require(KeyFile *file, const char *path)
{
	KeyProblem problem;

	if (!refresh(file, path, &problem))
		ereport(
			ERROR, (errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
					   errmsg("setting %s does not give a usable key", file->setting), errdetail("%s", problem.detail),
					   errdetail_log("%s File: \"%s\".", problem.detail, path == NULL ? "" : path),
					   errhint("%s Make the file, set %s in postgresql.conf, and reload.", file->what_needs_it,
						   file->setting)));
}

/* ----- for the rest of the library ----- */

/* The first that can sign does from now on.  Under the lock. */
static void
take_first(VaSharedKeys *keys)
{
	const VaJwtKey *first = va_jwt_signing_key(&keys->jwt);

	keys->has_signing = first != NULL;
	if (first != NULL)
		memcpy(&keys->signing, first, sizeof(keys->signing));
}

/*
 * The key that signed last, as it was then, while the file has its secret (it
 * may have got a kid since); else the first that can.  Under the lock.
 */
static const VaJwtKey *
signing_key(VaSharedKeys *keys)
{
	const VaJwtKey *now = &keys->signing;

	for (int i = 0; keys->has_signing && i < keys->jwt.n; i++)
	{
		const VaJwtKey *key = &keys->jwt.key[i];

		if (key->can_sign && key->algorithm == now->algorithm && key->len == now->len &&
			memcmp(key->secret, now->secret, now->len) == 0)
			return now;
	}
	take_first(keys);
	return keys->has_signing ? now : NULL;
}

static uint32
copy_jwt_keys(VaJwtKeys *out)
{
	VaShared *shared = va_shmem();
	uint32 generation;

	LWLockAcquire(shared->keys_lock, LW_SHARED);
	memcpy(out, &shared->keys->jwt, sizeof(*out));
	generation = shared->keys->generation;
	LWLockRelease(shared->keys_lock);
	return generation;
}

uint32
va_jwt_keys(VaJwtKeys *out)
{
	require(&jwt_file, va_guc_jwt_secret_file);
	return copy_jwt_keys(out);
}

bool
va_find_jwt_keys(VaJwtKeys *out, uint32 *generation)
{
	KeyProblem problem;

	if (!refresh(&jwt_file, va_guc_jwt_secret_file, &problem))
	{
		*generation = va_keys_generation();
		return false;
	}
	*generation = copy_jwt_keys(out);
	return true;
}

void
va_jwt_signing(VaJwtKey *out)
{
	VaShared *shared;
	const VaJwtKey *key;

	require(&jwt_file, va_guc_jwt_secret_file);
	shared = va_shmem();
	LWLockAcquire(shared->keys_lock, LW_EXCLUSIVE);
	key = signing_key(shared->keys);
	if (key != NULL)
		memcpy(out, key, sizeof(*out));
	LWLockRelease(shared->keys_lock);
	if (key == NULL)
		ereport(ERROR, (errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
						   errmsg("setting %s gives no key to sign tokens with", jwt_file.setting),
						   errdetail("Its keys are public ones, those of tenants, or not for signing."),
						   errhint("Put a key with its private part (\"d\", or \"k\") first in the file.")));
}

void
va_vault_keys(VaVaultKeys *out)
{
	VaShared *shared;

	require(&vault_file, va_guc_vault_key_file);
	shared = va_shmem();
	LWLockAcquire(shared->keys_lock, LW_SHARED);
	out->n = shared->keys->n_vault;
	memcpy(out->key, shared->keys->vault, sizeof(out->key));
	LWLockRelease(shared->keys_lock);
}

bool
va_has_vault_key(void)
{
	KeyProblem problem;

	return va_shmem_or_null() != NULL && refresh(&vault_file, va_guc_vault_key_file, &problem);
}

void
va_forget_key(void *key, size_t size)
{
	sodium_memzero(key, size);
}

uint32
va_keys_generation(void)
{
	/* Read without the lock: a change that is seen a moment later is soon enough. */
	return *((volatile uint32 *) &va_shmem()->keys->generation);
}

static void
log_problem(const KeyFile *file, const char *path, const KeyProblem *problem)
{
	ereport(LOG, (errmsg("setting %s does not give a usable key", file->setting),
					 errdetail("%s File: \"%s\".", problem->detail, path)));
}

/*
 * The launcher's, at start and at a reload.  A key that was put into the file
 * since signs from now on: not before, because PostgREST must know it first,
 * and until then refuses its tokens.
 */
static void
choose_signing_key(void)
{
	LWLockAcquire(va_shmem()->keys_lock, LW_EXCLUSIVE);
	take_first(va_shmem()->keys);
	LWLockRelease(va_shmem()->keys_lock);
}

void
va_load_keys(void)
{
	KeyProblem problem;

	if (va_guc_jwt_secret_file[0] != '\0')
	{
		if (refresh(&jwt_file, va_guc_jwt_secret_file, &problem))
			choose_signing_key();
		else
			log_problem(&jwt_file, va_guc_jwt_secret_file, &problem);
	}
	if (va_guc_vault_key_file[0] != '\0' && !refresh(&vault_file, va_guc_vault_key_file, &problem))
		log_problem(&vault_file, va_guc_vault_key_file, &problem);
}

void
va_sandbox_secret(int64 tenant_id, int64 provider_account_id, const char *purpose, char out[VA_SANDBOX_SECRET_SIZE])
{
	VaShared *shared = va_shmem();
	char name[128];
	VaSigned what = { "sandbox", "this start of the server", 0, name };

	snprintf(name, sizeof(name), INT64_FORMAT ":" INT64_FORMAT ":%s", tenant_id, provider_account_id, purpose);
	/* Written once, before anybody can attach: no lock. */
	va_sign_ours(&what, shared->keys->sandbox_secret, sizeof(shared->keys->sandbox_secret), out);
}

/* ----- SQL ----- */

Datum
va_sql_has_vault_key(PG_FUNCTION_ARGS)
{
	PG_RETURN_BOOL(va_has_vault_key());
}
