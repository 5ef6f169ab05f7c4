/*-------------------------------------------------------------------------
 * vault.h
 *		Secrets, sealed in the table voiceagent_private.secrets and opened
 *		only here, at the moment of use.
 *
 * Sealed means XChaCha20-Poly1305 under the key of voiceagent.vault_key_file,
 * with tenant and name as additional data: a row that was moved to another
 * tenant or name does not open.  Nothing returns plaintext to SQL.
 *
 * The functions run inside a transaction, as a role that sees the tenant's
 * private tables (worker, owner) and acting for that tenant.  Results are
 * palloc'd in the caller's memory context; wipe it with va_wipe() after use.
 */
#ifndef VOICEAGENT_VAULT_H
#define VOICEAGENT_VAULT_H

#include "postgres.h"

#include "pure/auth/signature.h"

/* NULL when there is no such secret; raises when it does not open. */
extern char *va_open_secret(int64 tenant_id, const char *name);

/* A secret of the platform itself; NULL when there is none of this name; raises when it does not open. */
extern char *va_open_platform_secret(const char *name);

/*
 * A secret of an account at this provider: purpose is the name of a credential
 * of its driver, such as "api_key".  Those of sandbox accounts ("api_key",
 * "webhook_secret") are derived from the cluster's own secret.  NULL when the
 * account has none, or there is no such account.
 */
extern char *va_account_secret(int64 tenant_id, int64 account, const char *provider, const char *purpose);

/*
 * How webhooks of an account are verified, by its driver's proof: as its
 * setting "webhook" says, or the carrier's own way (VA_AUTH_VENDOR, with the
 * credential that the driver names, and the networks of the setting
 * "webhook_peers").  Secret included; false with a static text when it is not
 * set up so that they could be, or none may come.  Wipe auth after use.
 */
extern bool va_account_webhook_auth(int64 tenant_id, int64 provider_account_id, VaWebhookAuth *auth, const char **why);

/* The same with the secret from before rotate_credential(); false when there is none, or its time is over. */
extern bool va_account_previous_auth(int64 tenant_id, int64 provider_account_id, VaWebhookAuth *auth);

/*
 * Extra headers that make the carrier's webhooks verify: a JSON object of
 * headers, for an account whose secret is a bearer's.  NULL otherwise.  Wipe
 * it.
 */
extern char *va_account_webhook_headers(int64 tenant_id, int64 provider_account_id);

/* Whether the client's statement is one that hide_query() has hidden, until the next one comes. */
extern bool va_query_is_hidden(void);

/* Overwrites and frees; NULL is allowed. */
extern void va_wipe(char *secret);

#endif /* VOICEAGENT_VAULT_H */
