/*-------------------------------------------------------------------------
 * webhook.c
 *		From the bytes of a webhook to "this endpoint's carrier sent it".
 *
 * The token in the URL only routes.  The proof is the signature (or the
 * shared secret) over the raw body, checked in constant time, with the
 * timestamp inside a tolerance; an endpoint without a scheme refuses all.
 */
#include "postgres.h"

#include <time.h>

#include <sodium.h>

#include "executor/spi.h"
#include "fmgr.h"
#include "lib/stringinfo.h"
#include "mb/pg_wchar.h"
#include "utils/builtins.h"
#include "utils/fmgrprotos.h"
#include "utils/json.h"
#include "utils/jsonb.h"
#include "core/arena.h"
#include "core/compat.h"
#include "core/errors.h"
#include "provider.h"
#include "pure/net/network.h"
#include "tenancy/identity.h"
#include "tenancy/vault.h"
#include "core/voiceagent.h"
#include "webhook.h"

/* Longer tokens cannot be ours: 32 random bytes in base64url are 43 characters. */
#define TOKEN_MAX 128
/* The longest input of receive_webhook; the gateway has a setting of its own. */
#define BODY_MAX (1024 * 1024)
#define HEADERS_MAX 64
/* Names of calls that inbox.ended_call takes: bytes. */
#define ENDED_CALL_MAX 300

PG_FUNCTION_INFO_V1(va_sql_take_webhook);

/* ---- the endpoint ---- */

/* The carrier's name for the account: a setting or a credential of that name. */
static void
load_account_ref(VaEndpoint *endpoint)
{
	static const char *sql = "SELECT a.settings ->> $3 FROM voiceagent.provider_accounts a"
							 " WHERE a.tenant_id = $1 AND a.provider_account_id = $2";
	Oid types[3] = { INT8OID, INT8OID, TEXTOID };
	Datum values[3] = { Int64GetDatum(endpoint->tenant_id), Int64GetDatum(endpoint->provider_account_id) };
	char *ref = NULL;

	if (endpoint->driver->account_name == NULL)
		return;
	values[2] = CStringGetTextDatum(endpoint->driver->account_name);
	if (SPI_execute_with_args(sql, 3, types, values, NULL, true, 1) == SPI_OK_SELECT && SPI_processed == 1)
		ref = SPI_getvalue(SPI_tuptable->vals[0], SPI_tuptable->tupdesc, 1);
	if (ref == NULL)
		ref = va_account_secret(
			endpoint->tenant_id, endpoint->provider_account_id, endpoint->driver->name, endpoint->driver->account_name);
	if (ref != NULL)
		strlcpy(endpoint->account_ref, ref, sizeof(endpoint->account_ref));
}

/* The settings that its webhooks are read with.  Malloc'ed: an endpoint outlives turns. */
static void
load_settings(VaEndpoint *endpoint, const char *json)
{
	VaArena *arena = va_arena_here();
	VaProviderAccount carrier;
	const char *why;
	size_t len;

	if (!va_carrier_read_settings(json, strlen(json), arena, &carrier, &why))
		ereport(ERROR,
			(errcode(ERRCODE_DATA_CORRUPTED), errmsg("the settings of a provider account cannot be read: %s", why)));
	endpoint->settings = va_carrier_pack_settings(&carrier, &len);
	if (endpoint->settings == NULL)
		ereport(ERROR, (errcode(ERRCODE_OUT_OF_MEMORY), errmsg("out of memory")));
	va_carrier_unpack_settings(endpoint->settings, len, &endpoint->carrier);
}

void
va_endpoint_forget(VaEndpoint *endpoint)
{
	free(endpoint->settings);
	sodium_memzero(endpoint, sizeof(*endpoint));
}

bool
va_endpoint_load(const char *token, VaEndpoint *endpoint)
{
	static const char *sql = "SELECT r.tenant_id, r.endpoint_id, r.provider_account_id, r.provider, r.settings"
							 " FROM voiceagent_private.endpoint_routes r WHERE r.token = $1";
	Oid types[1] = { TEXTOID };
	Datum values[1];
	bool isnull;
	char *provider;
	int level;
	MemoryContext caller = CurrentMemoryContext;
	bool found;

	va_endpoint_forget(endpoint);
	if (strlen(token) > TOKEN_MAX)
		return false;
	values[0] = CStringGetTextDatum(token);
	found = SPI_execute_with_args(sql, 1, types, values, NULL, true, 1) == SPI_OK_SELECT && SPI_processed == 1;
	/* SPI leaves us in its own memory, which ends before the caller's does. */
	MemoryContextSwitchTo(caller);
	if (!found)
		return false;
	endpoint->tenant_id = DatumGetInt64(SPI_getbinval(SPI_tuptable->vals[0], SPI_tuptable->tupdesc, 1, &isnull));
	endpoint->endpoint_id = DatumGetInt64(SPI_getbinval(SPI_tuptable->vals[0], SPI_tuptable->tupdesc, 2, &isnull));
	endpoint->provider_account_id = DatumGetInt64(
		SPI_getbinval(SPI_tuptable->vals[0], SPI_tuptable->tupdesc, 3, &isnull));
	provider = SPI_getvalue(SPI_tuptable->vals[0], SPI_tuptable->tupdesc, 4);
	endpoint->driver = va_driver(provider);
	if (endpoint->driver == NULL)
		return false;
	load_settings(endpoint, SPI_getvalue(SPI_tuptable->vals[0], SPI_tuptable->tupdesc, 5));
	/* Its secret lies under its tenant; the identity ends with this function. */
	level = va_act_begin(endpoint->tenant_id);
	endpoint->has_auth = va_account_webhook_auth(
		endpoint->tenant_id, endpoint->provider_account_id, &endpoint->auth, &endpoint->auth_problem);
	endpoint->has_previous = endpoint->has_auth && va_account_previous_auth(endpoint->tenant_id,
													   endpoint->provider_account_id, &endpoint->previous);
	if (endpoint->has_auth)
		load_account_ref(endpoint);
	va_act_end(level);
	MemoryContextSwitchTo(caller);
	return true;
}

/* Signposts are left by tenants that moved away; without any nothing is asked. */
int
va_endpoint_elsewhere(const char *token)
{
	static const char *sql = "SELECT m.cell FROM voiceagent_private.signposts s"
							 " JOIN voiceagent_private.tenant_moves m ON m.tenant_id = s.tenant_id AND NOT m.served"
							 " WHERE s.digest = pg_catalog.sha256(pg_catalog.convert_to($1, 'UTF8'))";
	Oid types[1] = { TEXTOID };
	Datum values[1] = { CStringGetTextDatum(token) };
	MemoryContext caller = CurrentMemoryContext;
	bool isnull;
	int cell = 0;

	if (!va_any_elsewhere())
		return 0;
	if (SPI_execute_with_args(sql, 1, types, values, NULL, true, 1) == SPI_OK_SELECT && SPI_processed == 1)
		cell = DatumGetInt32(SPI_getbinval(SPI_tuptable->vals[0], SPI_tuptable->tupdesc, 1, &isnull));
	MemoryContextSwitchTo(caller);
	return cell;
}

/* ---- the message ---- */

static const char *
digest_key(const VaSignedMessage *message, VaArena *arena)
{
	unsigned char digest[VA_SHA256_LEN];
	char hex[2 * VA_SHA256_LEN + 1];

	va_sha256(message->body, message->body_len, digest);
	va_hex_encode(digest, sizeof(digest), hex);
	return va_arena_printf(arena, "malformed:%s", hex);
}

/* By the secret, or by the one that it is taking over from; why is about the first. */
static bool
verify_by_either(
	const VaEndpoint *endpoint, const VaSignedMessage *message, int64 now, bool *by_previous, const char **why)
{
	const char *ignored;

	/* Besides the signature, where the account names networks. */
	if (endpoint->auth.kind == VA_AUTH_VENDOR && !va_networks_admit(endpoint->auth.peers, message->peer, why))
		return false;
	if (endpoint->driver->verify(&endpoint->auth, message, now, why))
		return true;
	*by_previous = endpoint->has_previous && endpoint->driver->verify(&endpoint->previous, message, now, &ignored);
	if (*by_previous)
		*why = NULL;
	return *by_previous;
}

/* One secret may sign for several accounts of a carrier: each has its own endpoint. */
static bool
is_of_account(const VaEndpoint *endpoint, const VaEvents *events)
{
	if (endpoint->account_ref[0] == '\0')
		return true;
	for (int i = 0; i < events->count; i++)
		if (events->items[i].account_ref != NULL && strcmp(events->items[i].account_ref, endpoint->account_ref) != 0)
			return false;
	return true;
}

VaWebhookVerdict
va_webhook_check(const VaEndpoint *endpoint, const VaSignedMessage *received, int64 now, VaArena *arena,
	const char **event_key, VaEvents *events, bool *by_previous, const char **why)
{
	VaSignedMessage with_carrier = *received;
	const VaSignedMessage *message = &with_carrier;

	with_carrier.carrier = &endpoint->carrier;
	memset(events, 0, sizeof(*events));
	*event_key = NULL;
	*by_previous = false;
	*why = NULL;
	if (!endpoint->has_auth)
	{
		*why = endpoint->auth_problem ? endpoint->auth_problem : "the account does not say how its webhooks are signed";
		return VA_WEBHOOK_FORGED;
	}
	if (!verify_by_either(endpoint, message, now, by_previous, why))
		return VA_WEBHOOK_FORGED;
	if (!endpoint->driver->read_webhook(message, arena, events, why) || events->count == 0)
	{
		if (*why == NULL)
			*why = "it holds no event";
		*event_key = digest_key(message, arena);
		return VA_WEBHOOK_MALFORMED;
	}
	if (!is_of_account(endpoint, events))
	{
		*why = "it is about another account of the carrier than the endpoint's";
		memset(events, 0, sizeof(*events));
		return VA_WEBHOOK_FORGED;
	}
	*event_key = events->items[0].event_key;
	if (endpoint->driver->proof == VA_PROOF_PEER)
		va_events_unproven(events);
	return VA_WEBHOOK_GENUINE;
}

const char *
va_webhook_ended_call(const VaEvents *events)
{
	for (int i = 0; i < events->count; i++)
	{
		const VaEvent *event = &events->items[i];
		const char *name = event->attempt_ref != NULL ? event->attempt_ref : event->provider_call_id;

		if (event->kind == VA_EVENT_REPORT && name != NULL && strlen(name) <= ENDED_CALL_MAX &&
			pg_verify_mbstr(PG_UTF8, name, strlen(name), true))
			return name;
	}
	return NULL;
}

/* "name": "value", unless it is no text: the bytes of a header need not be. */
static void
keep_text(StringInfo text, const char *name, const char *value)
{
	if (value == NULL || !pg_verify_mbstr(PG_UTF8, value, strlen(value), true))
		return;
	if (text->len > 1)
		appendStringInfoChar(text, ',');
	escape_json(text, name);
	appendStringInfoChar(text, ':');
	escape_json(text, value);
}

char *
va_webhook_kept_headers(const VaSignedMessage *message)
{
	static const char *const kept[] = { "content-type", "user-agent", "x-request-id", "x-timestamp" };
	StringInfoData text;

	initStringInfo(&text);
	appendStringInfoChar(&text, '{');
	for (size_t i = 0; i < lengthof(kept); i++)
		keep_text(&text, kept[i], va_header_find(message->headers, message->nheaders, kept[i]));
	if (message->query != NULL && message->query[0] != '\0')
		keep_text(&text, VA_KEPT_QUERY, message->query);
	if (message->method != NULL && strcmp(message->method, "POST") != 0)
		keep_text(&text, VA_KEPT_METHOD, message->method);
	appendStringInfoChar(&text, '}');
	return text.data;
}

/* ---- the SQL face ---- */

/* {"name": "value"} -> headers; anything that is not a string is passed over. */
static int
read_headers(Jsonb *jsonb, VaHeader *headers)
{
	JsonbIterator *it;
	JsonbIteratorToken token;
	JsonbValue value;
	char *name = NULL;
	int n = 0;

	if (!JB_ROOT_IS_OBJECT(jsonb))
		ereport(ERROR, (errcode(VA_ERRCODE_INVALID), errmsg("headers must be a JSON object")));
	it = JsonbIteratorInit(&jsonb->root);
	while ((token = JsonbIteratorNext(&it, &value, true)) != WJB_DONE)
	{
		if (token == WJB_KEY)
			name = pnstrdup(value.val.string.val, value.val.string.len);
		else if (token == WJB_VALUE && value.type == jbvString && n < HEADERS_MAX)
		{
			headers[n].name = name;
			headers[n].value = pnstrdup(value.val.string.val, value.val.string.len);
			n++;
		}
	}
	return n;
}

static void
store_one(
	int64 tenant_id, int64 endpoint_id, const char *event_key, const char *headers, bytea *body, const char *ended_call)
{
	static const char *sql =
		"SELECT voiceagent_private.store_webhooks(ARRAY[$1], ARRAY[$2], ARRAY[$3::jsonb], ARRAY[$4], 'sql', ARRAY[$5]),"
		" voiceagent_private.poke('applier')";
	Oid types[5] = { INT8OID, TEXTOID, TEXTOID, BYTEAOID, TEXTOID };
	Datum values[5] = { Int64GetDatum(endpoint_id), CStringGetTextDatum(event_key), CStringGetTextDatum(headers),
		PointerGetDatum(body), ended_call != NULL ? CStringGetTextDatum(ended_call) : (Datum) 0 };
	int level = va_act_begin(tenant_id);

	if (SPI_execute_with_args(sql, 5, types, values, ended_call != NULL ? "     " : "    n", false, 0) != SPI_OK_SELECT)
		elog(ERROR, "could not store a webhook");
	va_act_end(level);
}

static void
require_endpoint(const char *token, VaEndpoint *endpoint)
{
	int cell;

	if (va_endpoint_load(token, endpoint))
		return;
	cell = va_endpoint_elsewhere(token);
	if (cell != 0)
		ereport(ERROR, (errcode(VA_ERRCODE_MISDIRECTED), errmsg("this endpoint is served by cell %d", cell)));
	ereport(ERROR, (errcode(VA_ERRCODE_NOT_FOUND), errmsg("no such webhook endpoint")));
}

Datum
va_sql_take_webhook(PG_FUNCTION_ARGS)
{
	char *token = text_to_cstring(PG_GETARG_TEXT_PP(0));
	bytea *body = PG_GETARG_BYTEA_PP(2);
	VaHeader headers[HEADERS_MAX];
	VaSignedMessage message = { 0 };
	VaEndpoint endpoint = { 0 };
	VaArena *arena = va_arena_here();
	const char *event_key;
	const char *why;
	VaEvents events;
	VaWebhookVerdict verdict;
	int64 endpoint_id;
	int64 tenant_id;
	bool by_previous;

	if (VARSIZE_ANY_EXHDR(body) > BODY_MAX)
		ereport(ERROR, (errcode(VA_ERRCODE_TOO_LARGE), errmsg("webhook is larger than %d bytes", BODY_MAX)));
	message.headers = headers;
	message.nheaders = read_headers(PG_GETARG_JSONB_P(1), headers);
	message.body = VARDATA_ANY(body);
	message.body_len = VARSIZE_ANY_EXHDR(body);

	SPI_connect();
	require_endpoint(token, &endpoint);
	verdict = va_webhook_check(&endpoint, &message, (int64) time(NULL), arena, &event_key, &events, &by_previous, &why);
	endpoint_id = endpoint.endpoint_id;
	tenant_id = endpoint.tenant_id;
	va_endpoint_forget(&endpoint);
	if (verdict == VA_WEBHOOK_FORGED)
		/* As the gateway: the operator reads why in the log, a stranger learns nothing of the account. */
		ereport(ERROR, (errcode(VA_ERRCODE_NO_PROOF), errmsg("webhook refused"),
						   errdetail_log("Endpoint " INT64_FORMAT ": %s.", endpoint_id, why)));
	store_one(
		tenant_id, endpoint_id, event_key, va_webhook_kept_headers(&message), body, va_webhook_ended_call(&events));
	SPI_finish();
	/* The arena is older than SPI's memory: why is still there. */
	if (why == NULL)
		PG_RETURN_TEXT_P(cstring_to_text("received"));
	PG_RETURN_TEXT_P(cstring_to_text(psprintf("set aside: %s", why)));
}
