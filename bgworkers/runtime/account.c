/*-------------------------------------------------------------------------
 * account.c
 *		A worker's view of a provider account, to send requests to it.
 *
 * Read anew for each batch of requests rather than cached: one indexed row a
 * batch costs nothing beside the requests, and a changed key or address then
 * holds at once.
 */
#include "postgres.h"

#include <sodium.h>
#include <time.h>

#include "account.h"
#include "miscadmin.h"
#include "utils/timestamp.h"
#include "core/arena.h"
#include "core/statement.h"
#include "pure/auth/answer_mask.h"
#include "pure/net/url.h"
#include "tenancy/vault.h"
#include "worker.h"

static VaStatement account_statement = {
	"SELECT a.provider, a.base_url, s.names, s.texts,"
	" coalesce(voiceagent_private.is_allowed_host(a.base_url,"
	"  voiceagent_private.read_platform_setting('allowed_private_hosts')), false) AS private_host,"
	" e.endpoint_id, r.token"
	" FROM voiceagent.provider_accounts a"
	" CROSS JOIN LATERAL (SELECT array_agg(e.key) AS names, array_agg(e.value) AS texts"
	"  FROM jsonb_each_text(a.settings) e WHERE jsonb_typeof(a.settings -> e.key) NOT IN ('object', 'array', 'null')) s"
	" LEFT JOIN LATERAL (SELECT max(w.endpoint_id) AS endpoint_id FROM voiceagent.webhook_endpoints w"
	"  WHERE w.tenant_id = a.tenant_id AND w.provider_account_id = a.provider_account_id) e ON true"
	" LEFT JOIN voiceagent_private.endpoint_routes r"
	"  ON r.tenant_id = a.tenant_id AND r.endpoint_id = e.endpoint_id"
	" WHERE a.tenant_id = $1 AND a.provider_account_id = $2",
	2, { INT8OID, INT8OID }, NULL
};

/*
 * The sandbox lives beside us and always calls the gateway itself; a real
 * carrier needs the public address, and is not dialled without it
 * (lacks_public_url()).
 */
static char *
webhook_url(bool sandbox, const char *token)
{
	const char *base = sandbox ? va_database_url(MyDatabaseId, VA_WORKER_GATEWAY) : va_guc_public_base_url;

	if (token == NULL || base == NULL || base[0] == '\0')
		return NULL;
	return psprintf("%s/webhooks/%s", base, token);
}

/* While it does not listen, the port is one on which nothing listens: the dial fails and is tried again. */
static char *
sandbox_url(void)
{
	char *url = va_database_url(MyDatabaseId, VA_WORKER_SANDBOX);

	return url != NULL ? url : pstrdup("http://127.0.0.1:0");
}

typedef struct Opening
{
	int64 tenant_id;
	int64 provider_account_id;
	VaOpenAccount *account;
} Opening;

static void
open_one(Opening *opening, const char *name)
{
	VaProviderAccount *carrier = &opening->account->carrier;
	char *secret = va_account_secret(
		opening->tenant_id, opening->provider_account_id, opening->account->driver->name, name);

	if (secret != NULL && carrier->ncredentials < VA_CARRIER_FIELDS_MAX)
		carrier->credentials[carrier->ncredentials++] = (VaNamedText){ name, secret };
}

static void
open_secrets(void *arg)
{
	Opening *opening = arg;
	VaOpenAccount *account = opening->account;

	account->carrier.ncredentials = 0;
	if (account->sandbox)
		open_one(opening, "api_key");
	for (const VaAccountField *field = account->driver->credentials; field->name != NULL; field++)
		open_one(opening, field->name);
	/* Without a credential at the vendor, each call tells it the secret of its webhooks. */
	if (!account->sandbox && va_carrier_setting(&account->carrier, "webhook_credential_id") == NULL)
		account->webhook_headers = va_account_webhook_headers(opening->tenant_id, opening->provider_account_id);
}

/* Two arrays of one length, of the row that was read. */
static void
read_settings(VaProviderAccount *carrier)
{
	int n_names;
	int n_texts;
	char **names = va_column_texts(0, "names", &n_names);
	char **texts = va_column_texts(0, "texts", &n_texts);

	for (int i = 0; i < n_names && i < n_texts && i < VA_CARRIER_FIELDS_MAX; i++)
		carrier->settings[carrier->nsettings++] = (VaNamedText){ names[i], texts[i] };
}

static char *
new_nonce(void)
{
	unsigned char bytes[16];
	char *text = palloc(2 * sizeof(bytes) + 1);

	randombytes_buf(bytes, sizeof(bytes));
	va_hex_encode(bytes, sizeof(bytes), text);
	return text;
}

VaOpenAccount *
va_account_load(int64 tenant_id, int64 provider_account_id)
{
	VaOpenAccount *account = palloc0(sizeof(VaOpenAccount));
	Opening opening = { tenant_id, provider_account_id, account };
	char sqlstate[6];
	Datum values[2] = { Int64GetDatum(tenant_id), Int64GetDatum(provider_account_id) };
	char *provider;

	if (va_execute(&account_statement, values, NULL) != 1)
		elog(ERROR, "provider account " INT64_FORMAT " is gone", provider_account_id);
	provider = va_column_text(0, "provider");
	account->driver = va_driver(provider);
	if (account->driver == NULL)
		elog(ERROR, "no driver speaks provider \"%s\"", provider);
	account->tenant_id = tenant_id;
	account->sandbox = strcmp(provider, "sandbox") == 0;
	account->carrier.base_url = va_column_text(0, "base_url");
	read_settings(&account->carrier);
	account->carrier.now = (int64) time(NULL);
	account->carrier.nonce = new_nonce();
	/* A name that the platform does not list must not resolve into our own network. */
	account->private_host = va_column_bool(0, "private_host") || account->sandbox;
	account->endpoint_id = va_column_int(0, "endpoint_id", 0);
	account->webhook_url = webhook_url(account->sandbox, va_column_text(0, "token"));
	if (account->sandbox)
		account->carrier.base_url = sandbox_url();
	if (!va_try(open_secrets, &opening, sqlstate, &account->problem))
	{
		account->carrier.ncredentials = 0;
		account->webhook_headers = NULL;
	}
	else
		account->problem = NULL;
	return account;
}

/* The secrets of its credentials; the secret that its webhooks come with is one of them. */
static const char **
account_secrets(const VaProviderAccount *carrier, VaArena *arena, int *n)
{
	const char **secrets = va_arena_alloc(arena, sizeof(char *) * Max(carrier->ncredentials, 1));

	*n = 0;
	for (int i = 0; secrets != NULL && i < carrier->ncredentials; i++)
		if (va_mask_is_secret(carrier->credentials[i].name))
			secrets[(*n)++] = carrier->credentials[i].value;
	return secrets;
}

/* The platform allows private addresses for the account's host, not for a URL that a reply or a webhook has named. */
static bool
goes_to_base_url(const VaOpenAccount *account, const VaHttpRequest *request)
{
	VaUrl base;
	VaUrl target;
	const char *why;

	return account->carrier.base_url != NULL &&
		   va_url_parse(account->carrier.base_url, strlen(account->carrier.base_url), &base, &why) &&
		   va_url_parse(request->url, strlen(request->url), &target, &why) && strcmp(base.host, target.host) == 0 &&
		   base.port == target.port;
}

void
va_http_call(const VaHttpRequest *request, VaArena *arena, VaHttpClientRequest *call)
{
	const char **lines = va_arena_alloc(arena, sizeof(char *) * Max(request->nheaders, 1));

	for (int i = 0; lines != NULL && i < request->nheaders; i++)
		lines[i] = va_arena_join(arena, request->headers[i].name, ": ", request->headers[i].value, NULL);
	call->method = request->method;
	call->url = request->url;
	call->headers = lines;
	call->nheaders = request->nheaders;
	call->body = request->body;
	call->body_len = request->body_len;
}

void
va_http_response(const VaHttpResult *result, VaHttpResponse *response)
{
	memset(response, 0, sizeof(*response));
	response->status = result->outcome == VA_HTTP_OK ? result->status : 0;
	response->sent = result->outcome != VA_HTTP_NOT_SENT;
	response->error = result->error;
	response->body = result->body;
	response->body_len = result->body_len;
}

void
va_account_request(
	const VaOpenAccount *account, const VaHttpRequest *request, VaArena *arena, VaHttpClientRequest *call)
{
	char *settings = va_carrier_pack_settings(&account->carrier, &call->note_len);

	va_http_call(request, arena, call);
	call->lane = account->tenant_id;
	call->weight = account->weight;
	call->secrets = account_secrets(&account->carrier, arena, &call->nsecrets);
	call->allow_loopback = call->allow_private = account->private_host && goes_to_base_url(account, request);
	call->note = settings != NULL ? va_arena_strndup(arena, settings, call->note_len) : NULL;
	if (call->note == NULL)
		call->note_len = 0;
	free(settings);
}

bool
va_account_send(VaWorker *worker, const VaOpenAccount *account, const VaHttpRequest *request, int begin_within_ms,
	VaHttpDone done, void *ctx, char *err, size_t errlen)
{
	VaArena *arena = va_arena_here();
	VaHttpClientRequest call = { .begin_within_ms = begin_within_ms };
	bool sent;

	va_account_request(account, request, arena, &call);
	if (arena->oom)
		ereport(ERROR, (errcode(ERRCODE_OUT_OF_MEMORY), errmsg("out of memory")));
	sent = va_http_submit(va_worker_http(worker), &call, done, ctx, err, errlen);
	va_arena_free(arena);
	return sent;
}

void
va_account_response(const VaHttpResult *result, VaHttpResponse *response)
{
	VaProviderAccount *carrier = palloc(sizeof(VaProviderAccount));
	VaHeader *headers = palloc(2 * sizeof(VaHeader));

	va_carrier_unpack_settings(result->note, result->note_len, carrier);
	va_http_response(result, response);
	response->headers = headers;
	if (result->content_type[0] != '\0')
		headers[response->nheaders++] = (VaHeader){ "content-type", result->content_type };
	if (result->location[0] != '\0')
		headers[response->nheaders++] = (VaHeader){ "location", result->location };
	response->retry_after_s = result->retry_after_s;
	response->now = timestamptz_to_time_t(GetCurrentTimestamp());
	response->carrier = carrier;
}

void
va_account_wipe(VaOpenAccount *account)
{
	for (int i = 0; i < account->carrier.ncredentials; i++)
	{
		char *secret = unconstify(char *, account->carrier.credentials[i].value);

		sodium_memzero(secret, strlen(secret));
	}
	if (account->webhook_headers != NULL)
		sodium_memzero(account->webhook_headers, strlen(account->webhook_headers));
}
