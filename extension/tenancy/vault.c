/*-------------------------------------------------------------------------
 * vault.c
 *		Sealing and opening secrets (contract in vault.h).
 *
 * A sealed secret is: version (1 byte), fingerprint of the key (8), nonce (24),
 * ciphertext with its tag.  The fingerprint chooses the key (a file may have
 * several, while one takes over from another) and tells "another key" from
 * "tampered with" in the error.  Nothing is locked.
 */
#include "postgres.h"

#include <sodium.h>

#include "catalog/pg_type.h"
#include "executor/spi.h"
#include "fmgr.h"
#include "lib/stringinfo.h"
#include "pgstat.h"
#include "tcop/tcopprot.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/json.h"
#include "utils/timestamp.h"

#include "core/clock.h"
#include "core/compat.h"
#include "core/errors.h"
#include "identity.h"
#include "keys.h"
#include "pure/providers/common/provider.h"
#include "core/statement.h"
#include "vault.h"

#define SEAL_VERSION 1
#define FINGERPRINT_LEN 8
#define NONCE_LEN crypto_aead_xchacha20poly1305_ietf_NPUBBYTES
#define TAG_LEN crypto_aead_xchacha20poly1305_ietf_ABYTES
#define HEADER_LEN (1 + FINGERPRINT_LEN + NONCE_LEN)
#define MAX_PLAINTEXT 65536

PG_FUNCTION_INFO_V1(va_sql_seal_secret);
PG_FUNCTION_INFO_V1(va_sql_secret_opens);
PG_FUNCTION_INFO_V1(va_sql_reseal_secret);
PG_FUNCTION_INFO_V1(va_sql_copy_secret);
PG_FUNCTION_INFO_V1(va_sql_vault_keys);
PG_FUNCTION_INFO_V1(va_sql_sealed_for_platform);
PG_FUNCTION_INFO_V1(va_sql_resealed_for_platform);
PG_FUNCTION_INFO_V1(va_sql_hide_query);

void
va_wipe(char *secret)
{
	if (secret == NULL)
		return;
	sodium_memzero(secret, strlen(secret));
	pfree(secret);
}

/* ----- the box ----- */

static void
key_fingerprint(const unsigned char *key, unsigned char *fingerprint)
{
	static const char purpose[] = "voiceagent vault key";
	unsigned char digest[crypto_generichash_BYTES];

	crypto_generichash(digest, sizeof(digest), (const unsigned char *) purpose, strlen(purpose), key, VA_VAULT_KEY_LEN);
	memcpy(fingerprint, digest, FINGERPRINT_LEN);
}

/* The key that a box was sealed under, NULL when it is none of ours. */
static const unsigned char *
key_of(const VaVaultKeys *keys, const unsigned char *fingerprint)
{
	unsigned char own[FINGERPRINT_LEN];

	for (int i = 0; i < keys->n; i++)
	{
		key_fingerprint(keys->key[i], own);
		if (memcmp(own, fingerprint, FINGERPRINT_LEN) == 0)
			return keys->key[i];
	}
	return NULL;
}

static char *
additional_data(int64 tenant_id, const char *name)
{
	return psprintf("voiceagent %d " INT64_FORMAT " %s", SEAL_VERSION, tenant_id, name);
}

static bytea *
seal(int64 tenant_id, const char *name, const unsigned char *plaintext, size_t length)
{
	size_t size = HEADER_LEN + length + TAG_LEN;
	bytea *sealed = palloc(VARHDRSZ + size);
	unsigned char *bytes = (unsigned char *) VARDATA(sealed);
	char *data = additional_data(tenant_id, name);
	VaVaultKeys keys;

	SET_VARSIZE(sealed, VARHDRSZ + size);
	bytes[0] = SEAL_VERSION;
	if (!pg_strong_random(bytes + 1 + FINGERPRINT_LEN, NONCE_LEN))
		ereport(ERROR, (errcode(ERRCODE_INTERNAL_ERROR), errmsg("could not generate random bytes")));
	va_vault_keys(&keys);
	key_fingerprint(keys.key[0], bytes + 1);
	crypto_aead_xchacha20poly1305_ietf_encrypt(bytes + HEADER_LEN, NULL, plaintext, length, (unsigned char *) data,
		strlen(data), NULL, bytes + 1 + FINGERPRINT_LEN, keys.key[0]);
	va_forget_key(&keys, sizeof(keys));
	return sealed;
}

/* plaintext has room for what it holds and a NUL; NULL, or why it does not open. */
static const char *
open_sealed(int64 tenant_id, const char *name, const bytea *sealed, char *plaintext)
{
	const unsigned char *bytes = (const unsigned char *) VARDATA_ANY(sealed);
	size_t size = VARSIZE_ANY_EXHDR(sealed);
	char *data = additional_data(tenant_id, name);
	VaVaultKeys keys;
	const unsigned char *key;
	const char *why = NULL;

	if (size < HEADER_LEN + TAG_LEN || bytes[0] != SEAL_VERSION)
		return "It is not in a form that this version knows.";
	va_vault_keys(&keys);
	key = key_of(&keys, bytes + 1);
	if (key == NULL)
		why = "It was sealed under another key than those of voiceagent.vault_key_file.";
	else if (crypto_aead_xchacha20poly1305_ietf_decrypt((unsigned char *) plaintext, NULL, NULL, bytes + HEADER_LEN,
				 size - HEADER_LEN, (unsigned char *) data, strlen(data), bytes + 1 + FINGERPRINT_LEN, key) != 0)
		why = "It was changed, or belongs to another tenant or another name.";
	else
		plaintext[size - HEADER_LEN - TAG_LEN] = '\0';
	va_forget_key(&keys, sizeof(keys));
	return why;
}

/* ----- the table ----- */

/* The first row's value; valid until SPI_finish(). */
static Datum
column(int number, bool *isnull)
{
	return SPI_getbinval(SPI_tuptable->vals[0], SPI_tuptable->tupdesc, number, isnull);
}

char *
va_open_secret(int64 tenant_id, const char *name)
{
	static VaStatement statement = {
		"SELECT s.sealed FROM voiceagent_private.secrets s WHERE s.tenant_id = $1 AND s.name = $2", 2,
		{ INT8OID, TEXTOID }, NULL
	};
	Datum values[] = { Int64GetDatum(tenant_id), CStringGetTextDatum(name) };
	char *plaintext = NULL;

	SPI_connect();
	if (va_query(&statement, values) > 0)
	{
		bool isnull;
		bytea *sealed = DatumGetByteaPP(column(1, &isnull));
		const char *why;

		/* In the caller's context; as long as the box is more than enough. */
		plaintext = SPI_palloc(VARSIZE_ANY_EXHDR(sealed) + 1);
		why = open_sealed(tenant_id, name, sealed, plaintext);
		if (why != NULL)
			ereport(ERROR, (errcode(ERRCODE_DATA_CORRUPTED), errmsg("secret \"%s\" does not open", va_shown(name)),
							   errdetail_internal("%s", why),
							   errhint("Put the right key file back, or give the account its credentials again.")));
	}
	SPI_finish();
	return plaintext;
}

/* How an account's webhooks are verified, in the caller's context. */
typedef struct Account
{
	char *provider;
	char *webhook; /* the setting, JSON; NULL = none */
	char *peers;   /* networks; NULL = none */
	bool previous; /* the secret before this one is still good */
	const VaDriver *driver;
} Account;

/* False: no such account. */
static bool
read_account(int64 tenant_id, int64 id, Account *account)
{
	static VaStatement statement = { "SELECT a.provider, a.settings ->> 'webhook', a.settings ->> 'webhook_peers',"
									 " a.old_webhook_secret_until > voiceagent.clock()"
									 " FROM voiceagent.provider_accounts a"
									 " WHERE a.tenant_id = $1 AND a.provider_account_id = $2",
		2, { INT8OID, INT8OID }, NULL };
	Datum values[] = { Int64GetDatum(tenant_id), Int64GetDatum(id) };
	MemoryContext caller = CurrentMemoryContext;
	bool found;

	SPI_connect();
	found = va_query(&statement, values) > 0;
	if (found)
	{
		MemoryContext before = MemoryContextSwitchTo(caller);
		bool isnull;

		account->previous = DatumGetBool(column(4, &isnull)) && !isnull;
		account->provider = SPI_getvalue(SPI_tuptable->vals[0], SPI_tuptable->tupdesc, 1);
		account->webhook = SPI_getvalue(SPI_tuptable->vals[0], SPI_tuptable->tupdesc, 2);
		account->peers = SPI_getvalue(SPI_tuptable->vals[0], SPI_tuptable->tupdesc, 3);
		account->driver = va_driver(account->provider);
		MemoryContextSwitchTo(before);
	}
	SPI_finish();
	return found && account->driver != NULL;
}

char *
va_account_secret(int64 tenant_id, int64 account, const char *provider, const char *purpose)
{
	if (strcmp(provider, "sandbox") == 0)
	{
		char *secret = palloc(VA_SANDBOX_SECRET_SIZE);
		char *key;

		va_sandbox_secret(tenant_id, account, purpose, secret);
		if (strcmp(purpose, "api_key") != 0)
			return secret;
		/* The carrier learns from the key whose it is. */
		key = psprintf("sandbox-" INT64_FORMAT "-" INT64_FORMAT "-%s", tenant_id, account, secret);
		va_wipe(secret);
		return key;
	}
	return va_open_secret(tenant_id, psprintf("provider_account:" INT64_FORMAT ":%s", account, purpose));
}

static bool
usable(const char *secret)
{
	return secret != NULL && secret[0] != '\0' && strlen(secret) <= VA_SECRET_MAX_LEN;
}

/* As the setting "webhook" says. */
static bool
make_scheme_auth(const char *secret, const char *webhook, VaWebhookAuth *auth, const char **why)
{
	if (webhook != NULL)
		return va_webhook_auth_read(webhook, strlen(webhook), secret, auth, why);
	va_webhook_auth_hmac(auth, secret, strlen(secret));
	return true;
}

/* The carrier's own way: its driver knows it, we know the secret, and where it may come from. */
static bool
make_vendor_auth(const char *secret, const char *peers, VaWebhookAuth *auth, const char **why)
{
	memset(auth, 0, sizeof(*auth));
	auth->kind = VA_AUTH_VENDOR;
	if (secret != NULL)
	{
		auth->secret_len = strlen(secret);
		memcpy(auth->secret, secret, auth->secret_len);
	}
	if (peers != NULL && strlcpy(auth->peers, peers, sizeof(auth->peers)) >= sizeof(auth->peers))
	{
		*why = "the setting webhook_peers is too long";
		return false;
	}
	return true;
}

/* The secret is wiped; NULL where the carrier's webhooks have none. */
static bool
make_auth(char *secret, const Account *account, VaWebhookAuth *auth, const char **why)
{
	bool good = false;

	if (account->driver->proof == VA_PROOF_NONE)
		*why = "this carrier sends no webhooks";
	else if (account->driver->proof == VA_PROOF_PEER)
		good = make_vendor_auth(NULL, account->peers, auth, why);
	else if (!usable(secret))
		*why = "the account has no secret for webhooks";
	else if (account->driver->proof == VA_PROOF_VENDOR)
		good = make_vendor_auth(secret, account->peers, auth, why);
	else
		good = make_scheme_auth(secret, account->webhook, auth, why);
	va_wipe(secret);
	return good;
}

static void
add_shared_secret(char *secret, VaWebhookAuth *auth)
{
	if (usable(secret))
	{
		auth->shared_len = strlen(secret);
		memcpy(auth->shared, secret, auth->shared_len);
	}
	va_wipe(secret);
}

bool
va_account_webhook_auth(int64 tenant_id, int64 provider_account_id, VaWebhookAuth *auth, const char **why)
{
	Account account;
	char *secret = NULL;

	*why = NULL;
	if (!read_account(tenant_id, provider_account_id, &account))
	{
		*why = "there is no such account";
		return false;
	}
	if (account.driver->webhook_secret != NULL)
		secret = va_account_secret(tenant_id, provider_account_id, account.provider, account.driver->webhook_secret);
	if (!make_auth(secret, &account, auth, why))
		return false;
	if (account.driver->shared_secret != NULL)
		add_shared_secret(
			va_account_secret(tenant_id, provider_account_id, account.provider, account.driver->shared_secret), auth);
	return true;
}

bool
va_account_previous_auth(int64 tenant_id, int64 provider_account_id, VaWebhookAuth *auth)
{
	Account account;
	const char *why;

	if (!read_account(tenant_id, provider_account_id, &account) || !account.previous ||
		account.driver->webhook_secret == NULL)
		return false;
	return make_auth(va_account_secret(tenant_id, provider_account_id, account.provider, "old_webhook_secret"),
		&account, auth, &why);
}

char *
va_account_webhook_headers(int64 tenant_id, int64 provider_account_id)
{
	VaWebhookAuth auth;
	StringInfoData json;
	const char *why;
	char *value;

	if (!va_account_webhook_auth(tenant_id, provider_account_id, &auth, &why) || auth.kind != VA_AUTH_BEARER)
		return NULL;
	value = psprintf("%s%.*s", auth.bearer_prefix ? "Bearer " : "", (int) auth.secret_len, (char *) auth.secret);
	initStringInfo(&json);
	appendStringInfoChar(&json, '{');
	escape_json(&json, auth.token_header);
	appendStringInfoChar(&json, ':');
	escape_json(&json, value);
	appendStringInfoChar(&json, '}');
	va_wipe(value);
	sodium_memzero(&auth, sizeof(auth));
	return json.data;
}

/* ----- SQL ----- */

/* Seal it and put it in the place of what lies under that name; the same secret keeps its age. */
static void
store_secret(int64 tenant, const char *name, const unsigned char *plaintext, size_t length, bool same)
{
	static VaStatement statement = { "INSERT INTO voiceagent_private.secrets AS s (tenant_id, name, sealed, created_at)"
									 " VALUES ($1, $2, $3, $4) ON CONFLICT (tenant_id, name)"
									 " DO UPDATE SET sealed = EXCLUDED.sealed,"
									 "  created_at = CASE WHEN $5 THEN s.created_at ELSE EXCLUDED.created_at END",
		5, { INT8OID, TEXTOID, BYTEAOID, TIMESTAMPTZOID, BOOLOID }, NULL };
	Datum values[5];

	values[0] = Int64GetDatum(tenant);
	values[1] = CStringGetTextDatum(name);
	values[2] = PointerGetDatum(seal(tenant, name, plaintext, length));
	values[3] = TimestampTzGetDatum(va_clock_now());
	values[4] = BoolGetDatum(same);
	SPI_connect();
	(void) va_execute(&statement, values, NULL);
	SPI_finish();
}

/* (name, plaintext): for the current tenant; replaces what was there */
Datum
va_sql_seal_secret(PG_FUNCTION_ARGS)
{
	int64 tenant = va_current_tenant();
	text *plaintext = PG_GETARG_TEXT_PP(1);

	if (VARSIZE_ANY_EXHDR(plaintext) == 0 || VARSIZE_ANY_EXHDR(plaintext) > MAX_PLAINTEXT)
		ereport(ERROR, (errcode(VA_ERRCODE_INVALID), errmsg("a secret must have 1 to %d bytes", MAX_PLAINTEXT)));
	store_secret(tenant, text_to_cstring(PG_GETARG_TEXT_PP(0)), (unsigned char *) VARDATA_ANY(plaintext),
		VARSIZE_ANY_EXHDR(plaintext), false);
	PG_RETURN_VOID();
}

/* (from, to): the same secret under another name; false if there is none */
Datum
va_sql_copy_secret(PG_FUNCTION_ARGS)
{
	int64 tenant = va_current_tenant();
	char *secret = va_open_secret(tenant, text_to_cstring(PG_GETARG_TEXT_PP(0)));

	if (secret == NULL)
		PG_RETURN_BOOL(false);
	store_secret(tenant, text_to_cstring(PG_GETARG_TEXT_PP(1)), (unsigned char *) secret, strlen(secret), false);
	va_wipe(secret);
	PG_RETURN_BOOL(true);
}

/* (name): whether the current tenant has it and it opens; raises if it does not open */
Datum
va_sql_secret_opens(PG_FUNCTION_ARGS)
{
	char *secret = va_open_secret(va_current_tenant(), text_to_cstring(PG_GETARG_TEXT_PP(0)));
	bool found = secret != NULL;

	va_wipe(secret);
	PG_RETURN_BOOL(found);
}

/* (name): seals it again, under the key that seals now; false if the current tenant has none by that name */
Datum
va_sql_reseal_secret(PG_FUNCTION_ARGS)
{
	int64 tenant = va_current_tenant();
	char *name = text_to_cstring(PG_GETARG_TEXT_PP(0));
	char *secret = va_open_secret(tenant, name);

	if (secret == NULL)
		PG_RETURN_BOOL(false);
	store_secret(tenant, name, (unsigned char *) secret, strlen(secret), true);
	va_wipe(secret);
	PG_RETURN_BOOL(true);
}

/* ----- the platform's own, which lie in its own tables and are sealed for no tenant ----- */

static char *
open_for_platform(const char *name, const bytea *sealed)
{
	char *plaintext = palloc(VARSIZE_ANY_EXHDR(sealed) + 1);
	const char *why = open_sealed(0, name, sealed, plaintext);

	if (why != NULL)
		ereport(
			ERROR, (errcode(ERRCODE_DATA_CORRUPTED), errmsg("secret \"%s\" does not open", va_shown(name)),
					   errdetail_internal("%s", why), errhint("Put the right key file back, or give the key again.")));
	return plaintext;
}

char *
va_open_platform_secret(const char *name)
{
	static VaStatement statement = { "SELECT s.sealed FROM voiceagent_private.platform_secrets s WHERE s.name = $1", 1,
		{ TEXTOID }, NULL };
	Datum values[] = { CStringGetTextDatum(name) };
	MemoryContext caller = CurrentMemoryContext;
	bytea *sealed = NULL;

	SPI_connect();
	if (va_query(&statement, values) > 0)
	{
		MemoryContext before = MemoryContextSwitchTo(caller);
		bool isnull;

		sealed = DatumGetByteaPCopy(column(1, &isnull));
		MemoryContextSwitchTo(before);
	}
	SPI_finish();
	return sealed != NULL ? open_for_platform(name, sealed) : NULL;
}

/* (name, plaintext) -> bytea */
Datum
va_sql_sealed_for_platform(PG_FUNCTION_ARGS)
{
	text *plaintext = PG_GETARG_TEXT_PP(1);

	if (VARSIZE_ANY_EXHDR(plaintext) == 0 || VARSIZE_ANY_EXHDR(plaintext) > MAX_PLAINTEXT)
		ereport(ERROR, (errcode(VA_ERRCODE_INVALID), errmsg("a secret must have 1 to %d bytes", MAX_PLAINTEXT)));
	PG_RETURN_BYTEA_P(seal(0, text_to_cstring(PG_GETARG_TEXT_PP(0)), (unsigned char *) VARDATA_ANY(plaintext),
		VARSIZE_ANY_EXHDR(plaintext)));
}

/* (name, sealed) -> bytea: the same secret under the key that seals now */
Datum
va_sql_resealed_for_platform(PG_FUNCTION_ARGS)
{
	char *name = text_to_cstring(PG_GETARG_TEXT_PP(0));
	char *secret = open_for_platform(name, PG_GETARG_BYTEA_PP(1));
	bytea *sealed = seal(0, name, (unsigned char *) secret, strlen(secret));

	va_wipe(secret);
	PG_RETURN_BYTEA_P(sealed);
}

/* The fingerprints of the vault's keys, in their order. */
Datum
va_sql_vault_keys(PG_FUNCTION_ARGS)
{
	Datum prints[VA_VAULT_KEYS_MAX];
	VaVaultKeys keys;
	int n;

	va_vault_keys(&keys);
	n = keys.n;
	for (int i = 0; i < n; i++)
	{
		bytea *print = palloc(VARHDRSZ + FINGERPRINT_LEN);

		SET_VARSIZE(print, VARHDRSZ + FINGERPRINT_LEN);
		key_fingerprint(keys.key[i], (unsigned char *) VARDATA(print));
		prints[i] = PointerGetDatum(print);
	}
	va_forget_key(&keys, sizeof(keys));
	PG_RETURN_ARRAYTYPE_P(construct_array(prints, n, BYTEAOID, -1, false, TYPALIGN_INT));
}

/* Shown instead of a statement that carries a secret. */
static char shown[NAMEDATALEN + 64];

bool
va_query_is_hidden(void)
{
	return debug_query_string == shown;
}

/*
 * The statement carries a secret: replace what pg_stat_activity shows, and
 * what an error would write to the server's log as STATEMENT.
 */
Datum
va_sql_hide_query(PG_FUNCTION_ARGS)
{
	snprintf(
		shown, sizeof(shown), "SELECT voiceagent.%s(...) -- secrets hidden", text_to_cstring(PG_GETARG_TEXT_PP(0)));
	pgstat_report_activity(STATE_RUNNING, shown);
	if (debug_query_string != NULL)
		debug_query_string = shown;
	PG_RETURN_VOID();
}
