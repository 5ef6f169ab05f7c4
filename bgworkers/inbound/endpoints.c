/*-------------------------------------------------------------------------
 * endpoints.c
 *		The endpoints of webhooks by their tokens, kept by the gateway.
 *
 * Opening a secret takes a statement or two, so it is cached for a while. A
 * flood of forgeries must not become a flood of queries, and a flood of made-up
 * tokens must not evict real ones. Secrets are wiped when they leave the cache.
 */
#include "postgres.h"

#include "utils/hsearch.h"
#include "utils/memutils.h"
#include "utils/timestamp.h"

#include "tenancy/log_redaction.h"
#include "inbound.h"
#include "runtime/transaction.h"

/* How long an endpoint's opened secret is kept before it is read again. */
#define ENDPOINT_TTL_US (30 * USECS_PER_SEC)
/* ... and how soon when a signature fails, which may only mean that the secret was changed; or when it could not be opened. */
#define ENDPOINT_RELOAD_US (1 * USECS_PER_SEC)
#define ENDPOINTS_MAX 10000
/* Unknown tokens are cached, too, but must not evict the others. */
#define UNKNOWN_MAX 1000
#define TOKEN_SIZE 64

typedef struct CachedEndpoint
{
	char token[TOKEN_SIZE]; /* hash key */
	TimestampTz loaded_at;
	VaEndpointFinding finding;
	int cell;			 /* that serves it, if elsewhere */
	VaEndpoint endpoint; /* as last found; kept for those that point to it, even when a later search does not find it */
} CachedEndpoint;

static HTAB *endpoints = NULL;
static int n_unknown = 0; /* entries of unknown tokens */
static int n_lost = 0;	  /* times that one was found no more */
/* A change was announced: entries that were read before it are read again. */
static TimestampTz stale_at = 0;

void
va_forget_endpoints(void)
{
	HASHCTL info = { 0 };

	if (endpoints != NULL)
	{
		HASH_SEQ_STATUS scan;
		CachedEndpoint *entry;

		hash_seq_init(&scan, endpoints);
		while ((entry = hash_seq_search(&scan)) != NULL)
			va_endpoint_forget(&entry->endpoint);
		hash_destroy(endpoints);
	}
	n_unknown = n_lost = 0;
	info.keysize = TOKEN_SIZE;
	info.entrysize = sizeof(CachedEndpoint);
	info.hcxt = TopMemoryContext;
	endpoints = hash_create("webhook endpoints", 256, &info, HASH_ELEM | HASH_STRINGS | HASH_CONTEXT);
}

/* Entries that are kept only because they are still pointed to. */
static void
wipe_lost(void)
{
	HASH_SEQ_STATUS scan;
	CachedEndpoint *entry;

	hash_seq_init(&scan, endpoints);
	while ((entry = hash_seq_search(&scan)) != NULL)
		if (entry->finding != VA_ENDPOINT_FOUND)
			va_endpoint_forget(&entry->endpoint);
	n_lost = 0;
}

void
va_bound_endpoints(void)
{
	if (hash_get_num_entries(endpoints) >= ENDPOINTS_MAX)
		va_forget_endpoints();
	else if (n_lost > 0)
		wipe_lost();
}

void
va_renew_endpoints(void)
{
	stale_at = GetCurrentTimestamp();
}

/* Except those that were found before: they may still be pointed to. */
static void
forget_unknown(void)
{
	HASH_SEQ_STATUS scan;
	CachedEndpoint *entry;

	n_unknown = 0;
	hash_seq_init(&scan, endpoints);
	while ((entry = hash_seq_search(&scan)) != NULL)
	{
		if (entry->finding != VA_ENDPOINT_NONE)
			continue;
		if (entry->endpoint.driver == NULL)
			hash_search(endpoints, entry->token, HASH_REMOVE, NULL);
		else
			n_unknown++;
	}
}

typedef struct Loading
{
	const char *token;
	VaEndpoint endpoint;
	bool exists;
	int cell;
} Loading;

static void
load(void *arg)
{
	Loading *loading = arg;

	loading->exists = va_endpoint_load(loading->token, &loading->endpoint);
	loading->cell = loading->exists ? 0 : va_endpoint_elsewhere(loading->token);
}

/* In a subtransaction, so that one tenant's error does not affect another. */
static void
read_entry(CachedEndpoint *entry)
{
	Loading loading = { .token = entry->token };
	VaEndpointFinding was = entry->finding;
	char sqlstate[6];
	char *message;

	if (!va_try(load, &loading, sqlstate, &message))
	{
		entry->finding = VA_ENDPOINT_CLOSED;
		if (was != VA_ENDPOINT_CLOSED)
			ereport(
				LOG, (errmsg("could not read webhook endpoint " INT64_FORMAT " of tenant " INT64_FORMAT ": %s",
						 loading.endpoint.endpoint_id, loading.endpoint.tenant_id, va_mask_caught(message, sqlstate))));
	}
	else
		entry->finding = loading.exists		 ? VA_ENDPOINT_FOUND
						 : loading.cell != 0 ? VA_ENDPOINT_ELSEWHERE
											 : VA_ENDPOINT_NONE;
	entry->cell = loading.cell;
	n_unknown += (entry->finding == VA_ENDPOINT_NONE) - (was == VA_ENDPOINT_NONE);
	n_lost += was == VA_ENDPOINT_FOUND && entry->finding != VA_ENDPOINT_FOUND;
	if (entry->finding == VA_ENDPOINT_FOUND)
	{
		va_endpoint_forget(&entry->endpoint);
		entry->endpoint = loading.endpoint;
		/* The settings are the entry's now. */
		loading.endpoint.settings = NULL;
	}
	va_endpoint_forget(&loading.endpoint);
}

VaEndpointFinding
va_find_endpoint(const char *token, bool fresh, const VaEndpoint **endpoint)
{
	CachedEndpoint *entry;
	TimestampTz now = GetCurrentTimestamp();
	bool found;

	*endpoint = NULL;
	if (strlen(token) >= TOKEN_SIZE)
		return VA_ENDPOINT_NONE;
	if (n_unknown >= UNKNOWN_MAX)
		forget_unknown();
	entry = hash_search(endpoints, token, HASH_ENTER, &found);
	if (!found)
	{
		memset((char *) entry + TOKEN_SIZE, 0, sizeof(*entry) - TOKEN_SIZE);
		n_unknown++;
	}
	fresh = fresh || entry->finding == VA_ENDPOINT_CLOSED;
	/* A flood of forgeries must not become a flood of queries. */
	if (entry->loaded_at <= stale_at || entry->loaded_at < now - (fresh ? ENDPOINT_RELOAD_US : ENDPOINT_TTL_US))
	{
		read_entry(entry);
		entry->loaded_at = now;
	}
	if (entry->finding == VA_ENDPOINT_FOUND)
		*endpoint = &entry->endpoint;
	return entry->finding;
}

int
va_endpoint_cell(const char *token)
{
	const CachedEndpoint *entry = hash_search(endpoints, token, HASH_FIND, NULL);

	return entry == NULL ? 0 : entry->cell;
}
