/*-------------------------------------------------------------------------
 * keys.h
 *		The keys that lie in files outside of the database: the secret that
 *		signs tokens, and the key of the vault.
 *
 * They are read when they are first needed and again when their file has
 * changed, kept in shared memory, and given out as copies that the caller
 * wipes (va_forget_key).  Nothing of them ever reaches SQL, a log or an error.
 *-------------------------------------------------------------------------
 */
#ifndef VOICEAGENT_KEYS_H
#define VOICEAGENT_KEYS_H

#include "postgres.h"

#include "shmem.h"

#define VA_JWT_SECRET_MAX VA_KEY_FILE_MAX
#define VA_VAULT_KEY_LEN 32

/* Copies the secret (out has VA_JWT_SECRET_MAX bytes), gives its length; raises an error that names the
 * setting. */
extern size_t va_jwt_secret(unsigned char *out);
/* Copies the key (VA_VAULT_KEY_LEN bytes); raises an error that names the setting. */
extern void va_vault_key(unsigned char *out);
/* Whether the vault's key is there; never raises. */
extern bool va_has_vault_key(void);
extern void va_forget_key(unsigned char *key, size_t size);

/* Changes whenever another key was read. */
extern uint32 va_keys_generation(void);

/* At start and on reload: read what is configured; problems are logged. */
extern void va_load_keys(void);

/* A secret of the sandbox carrier for one account: 64 hexadecimal digits and a NUL.  Needs no key file. */
#define VA_SANDBOX_SECRET_SIZE 65
extern void va_sandbox_secret(int64 tenant_id, int64 provider_account_id, const char *purpose,
							  char out[VA_SANDBOX_SECRET_SIZE]);

#endif /* VOICEAGENT_KEYS_H */
