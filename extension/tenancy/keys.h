/*-------------------------------------------------------------------------
 * keys.h
 *		The keys that lie in files outside of the database: those that sign
 *		tokens, and those of the vault.
 *
 * They are read when they are first needed and again when their file has
 * changed, kept in shared memory, and given out as copies that the caller
 * wipes (va_forget_key).  Nothing of them ever reaches SQL, a log or an error.
 */
#ifndef VOICEAGENT_KEYS_H
#define VOICEAGENT_KEYS_H

#include "postgres.h"

#include "core/shmem.h"
#include "text_signature.h"

typedef struct VaVaultKeys
{
	int n;													/* at least 1 */
	unsigned char key[VA_VAULT_KEYS_MAX][VA_VAULT_KEY_LEN]; /* the first seals, all open */
} VaVaultKeys;

/* Copies the keys of tokens and gives the generation that they are of; raises an error that names the setting. */
extern uint32 va_jwt_keys(VaJwtKeys *out);
/* The same without an error; false when there are none. */
extern bool va_find_jwt_keys(VaJwtKeys *out, uint32 *generation);
/* Copies the key that signs: the first of the file as it was at the last reload.  Raises when there is none. */
extern void va_jwt_signing(VaJwtKey *out);
/* Copies the vault's keys; raises an error that names the setting. */
extern void va_vault_keys(VaVaultKeys *out);
/* Whether the vault's key is there; never raises. */
extern bool va_has_vault_key(void);
extern void va_forget_key(void *key, size_t size);

/* Changes whenever another key was read. */
extern uint32 va_keys_generation(void);

/* At start and on reload: read what is configured, and let a new first key sign; problems are logged. */
extern void va_load_keys(void);

/* A secret of the sandbox carrier for one account of this database: 64 hexadecimal digits.  Needs no key file. */
#define VA_SANDBOX_SECRET_SIZE VA_SIGNATURE_SIZE
extern void va_sandbox_secret(
	int64 tenant_id, int64 provider_account_id, const char *purpose, char out[VA_SANDBOX_SECRET_SIZE]);

#endif /* VOICEAGENT_KEYS_H */
