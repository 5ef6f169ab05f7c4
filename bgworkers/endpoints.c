/*-------------------------------------------------------------------------
 * endpoints.c
 *		The endpoints of webhooks by their tokens, kept by the gateway.
 *
 * To open a secret takes a statement or two, so it is kept for a while; a
 * flood of forgeries must not become a flood of queries, nor a flood of made
 * up tokens push out those of others.  Secrets are wiped when they are
 * forgotten.
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "utils/hsearch.h"
#include "utils/memutils.h"
#include "utils/timestamp.h"

#include "endpoints.h"

/* How long an endpoint's opened secret is kept before it is read again. */
#define ENDPOINT_TTL_US (30 * USECS_PER_SEC)
/* ... and how soon when a signature fails, which may only mean that the secret was changed. */
#define ENDPOINT_RELOAD_US (1 * USECS_PER_SEC)
#define ENDPOINTS_MAX 10000
/* Tokens that are nobody's are remembered, too, but must not push out the others. */
#define UNKNOWN_MAX 1000
#define TOKEN_SIZE 64

typedef struct CachedEndpoint
{
	char		token[TOKEN_SIZE];	/* hash key */
	TimestampTz loaded_at;
	bool		exists;
	VaEndpoint	endpoint;
} CachedEndpoint;

static HTAB *endpoints = NULL;
static int	n_unknown = 0;
/* Somebody said that something has changed: what was read before is read again. */
static TimestampTz stale_at = 0;

void
va_forget_endpoints(void)
{
	HASHCTL		info = {0};

	if (endpoints != NULL)
	{
		HASH_SEQ_STATUS scan;
		CachedEndpoint *entry;

		hash_seq_init(&scan, endpoints);
		while ((entry = hash_seq_search(&scan)) != NULL)
			va_endpoint_forget(&entry->endpoint);
		hash_destroy(endpoints);
	}
	n_unknown = 0;
	info.keysize = TOKEN_SIZE;
	info.entrysize = sizeof(CachedEndpoint);
	info.hcxt = TopMemoryContext;
	endpoints = hash_create("webhook endpoints", 256, &info, HASH_ELEM | HASH_STRINGS | HASH_CONTEXT);
}

void
va_bound_endpoints(void)
{
	if (hash_get_num_entries(endpoints) >= ENDPOINTS_MAX)
		va_forget_endpoints();
}

void
va_renew_endpoints(void)
{
	stale_at = GetCurrentTimestamp();
}

static void
forget_unknown(void)
{
	HASH_SEQ_STATUS scan;
	CachedEndpoint *entry;

	hash_seq_init(&scan, endpoints);
	while ((entry = hash_seq_search(&scan)) != NULL)
		if (!entry->exists)
		{
			va_endpoint_forget(&entry->endpoint);
			hash_search(endpoints, entry->token, HASH_REMOVE, NULL);
		}
	n_unknown = 0;
}

const VaEndpoint *
va_find_endpoint(const char *token, bool fresh)
{
	CachedEndpoint *entry;
	TimestampTz now = GetCurrentTimestamp();
	bool		found;

	if (strlen(token) >= TOKEN_SIZE)
		return NULL;
	if (n_unknown >= UNKNOWN_MAX)
		forget_unknown();
	entry = hash_search(endpoints, token, HASH_ENTER, &found);
	if (!found)
		memset(&entry->endpoint, 0, sizeof(entry->endpoint));
	/* A flood of forgeries must not become a flood of queries. */
	if (!found || entry->loaded_at <= stale_at ||
		entry->loaded_at < now - (fresh ? ENDPOINT_RELOAD_US : ENDPOINT_TTL_US))
	{
		/* Should the load raise, the entry says "none" until it is read again. */
		entry->loaded_at = 0;
		n_unknown += !found || entry->exists;
		entry->exists = false;
		entry->exists = va_endpoint_load(token, &entry->endpoint);
		entry->loaded_at = now;
		n_unknown -= entry->exists;
	}
	return entry->exists ? &entry->endpoint : NULL;
}
