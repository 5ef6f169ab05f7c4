/*-------------------------------------------------------------------------
 * account.c
 *		What a worker must know of a provider account to talk to it.
 *
 * Read anew for each batch of requests rather than cached: one indexed row a
 * batch costs nothing beside the requests, and a changed key or address then
 * holds at once.
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include <sodium.h>

#include "account.h"
#include "catalog/pg_type.h"
#include "miscadmin.h"
#include "utils/timestamp.h"
#include "statement.h"
#include "vault.h"
#include "worker.h"

static VaStatement account_statement = {
	"SELECT a.provider, a.base_url, a.settings ->> 'phone_number_id' AS phone_number_id,"
	" a.settings ->> 'voicemail_detection' AS voicemail_detection,"
	" a.settings ->> 'webhook_credential_id' AS credential_id,"
	" coalesce(voiceagent_private.is_allowed_host(a.base_url,"
	"  voiceagent_private.platform_setting('allowed_private_hosts')), false) AS private_host,"
	" e.endpoint_id, r.token"
	" FROM voiceagent.provider_accounts a"
	" LEFT JOIN LATERAL (SELECT max(w.endpoint_id) AS endpoint_id FROM voiceagent.webhook_endpoints w"
	"  WHERE w.tenant_id = a.tenant_id AND w.provider_account_id = a.provider_account_id AND w.active) e ON true"
	" LEFT JOIN voiceagent_private.endpoint_routes r"
	"  ON r.tenant_id = a.tenant_id AND r.endpoint_id = e.endpoint_id"
	" WHERE a.tenant_id = $1 AND a.provider_account_id = $2",
	2, {INT8OID, INT8OID}, NULL
};

/*
 * The sandbox lives beside us and always calls the gateway itself; a real
 * carrier needs the public address.
 */
static char *
webhook_url(bool sandbox, const char *token)
{
	int			port;

	if (token == NULL)
		return NULL;
	if (!sandbox && va_guc_public_base_url[0] != '\0')
		return psprintf("%s/webhooks/%s", va_guc_public_base_url, token);
	port = va_database_port(MyDatabaseId, VA_WORKER_INBOUND);
	if (port == 0)
		return NULL;
	return psprintf("http://127.0.0.1:%d/webhooks/%s", port, token);
}

typedef struct Opening
{
	int64		tenant_id;
	int64		provider_account_id;
	VaAccount  *account;
} Opening;

static void
open_secrets(void *arg)
{
	Opening    *opening = arg;
	VaAccount  *account = opening->account;

	account->api_key = va_account_secret(opening->tenant_id, opening->provider_account_id, "api_key");
	/* Without a credential at the vendor, each call tells it the secret of its webhooks. */
	if (!account->sandbox && account->credential_id == NULL)
		account->webhook_headers = va_account_webhook_headers(opening->tenant_id, opening->provider_account_id);
}

VaAccount *
va_account_load(int64 tenant_id, int64 provider_account_id)
{
	VaAccount  *account = palloc0(sizeof(VaAccount));
	Opening		opening = {tenant_id, provider_account_id, account};
	char		sqlstate[6];
	Datum		values[2] = {Int64GetDatum(tenant_id), Int64GetDatum(provider_account_id)};
	char	   *provider;

	if (va_execute(&account_statement, values, NULL) != 1)
		elog(ERROR, "provider account " INT64_FORMAT " is gone", provider_account_id);
	provider = va_column_text(0, "provider");
	account->dialect = va_dialect(provider);
	if (account->dialect == NULL)
		elog(ERROR, "no dialect speaks provider \"%s\"", provider);
	account->sandbox = strcmp(provider, "sandbox") == 0;
	account->base_url = va_column_text(0, "base_url");
	account->phone_number_id = va_column_text(0, "phone_number_id");
	account->voicemail_detection = va_column_text(0, "voicemail_detection");
	account->credential_id = va_column_text(0, "credential_id");
	/* A name that the platform does not list must not resolve into our own network. */
	account->private_host = va_column_bool(0, "private_host") || account->sandbox;
	account->endpoint_id = va_column_int(0, "endpoint_id", 0);
	account->webhook_url = webhook_url(account->sandbox, va_column_text(0, "token"));
	if (account->sandbox)
		account->base_url = psprintf("http://127.0.0.1:%d", va_database_port(MyDatabaseId, VA_WORKER_SANDBOX));
	if (!va_try(open_secrets, &opening, sqlstate, &account->problem))
		account->api_key = account->webhook_headers = NULL;
	else
		account->problem = NULL;
	return account;
}

bool
va_account_send(VaWorker *worker, const VaAccount *account, const VaHttpRequest *request, VaHttpDone done, void *ctx,
				char *err, size_t errlen)
{
	const char **lines = palloc(sizeof(char *) * Max(request->nheaders, 1));
	VaHttpCall	call = {0};

	for (int i = 0; i < request->nheaders; i++)
		lines[i] = psprintf("%s: %s", request->headers[i].name, request->headers[i].value);
	call.method = request->method;
	call.url = request->url;
	call.headers = lines;
	call.nheaders = request->nheaders;
	call.body = request->body;
	call.body_len = request->body_len;
	call.allow_loopback = account->private_host;
	call.allow_private = account->private_host;
	return va_http_submit(va_worker_http(worker), &call, done, ctx, err, errlen);
}

void
va_account_response(const VaHttpResult *result, VaHttpResponse *response)
{
	memset(response, 0, sizeof(*response));
	response->status = result->outcome == VA_HTTP_OK ? result->status : 0;
	response->sent = result->outcome != VA_HTTP_NOT_SENT;
	response->error = result->error;
	response->body = result->body;
	response->body_len = result->body_len;
	response->retry_after_s = result->retry_after_s;
	response->now = timestamptz_to_time_t(GetCurrentTimestamp());
}

void
va_account_wipe(VaAccount *account)
{
	if (account->api_key != NULL)
		sodium_memzero(account->api_key, strlen(account->api_key));
	if (account->webhook_headers != NULL)
		sodium_memzero(account->webhook_headers, strlen(account->webhook_headers));
}
