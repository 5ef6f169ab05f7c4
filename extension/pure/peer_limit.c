/*-------------------------------------------------------------------------
 * peer_limit.c
 *		How many requests a peer has made within the running second.
 *-------------------------------------------------------------------------
 */
#include "peer_limit.h"

#include <stddef.h>

#define PROBES 8

/* FNV-1a; never 0. */
static uint64_t
hash_text(const char *text)
{
	uint64_t hash = UINT64_C(14695981039346656037);

	for (; *text != '\0'; text++)
		hash = (hash ^ (unsigned char) *text) * UINT64_C(1099511628211);
	return hash | 1;
}

bool
va_admit_peer(VaPeerLimit *table, const char *peer, uint64_t now_ms, int limit)
{
	uint64_t second = now_ms / 1000 + 1;
	uint64_t key = hash_text(peer);
	VaPeer *reusable = NULL;

	if (limit <= 0)
		return true;
	for (uint64_t i = 0; i < PROBES; i++)
	{
		VaPeer *entry = &table->peers[(key / 2 + i) % VA_PEERS];

		if (entry->key == key && entry->second == second)
			return ++entry->count <= (uint32_t) limit;
		if (reusable == NULL && entry->second != second)
			reusable = entry;
	}
	if (reusable != NULL)
		*reusable = (VaPeer){.key = key, .second = second, .count = 1};
	return true;
}
