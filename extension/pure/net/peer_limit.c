/*-------------------------------------------------------------------------
 * peer_limit.c
 *		How many requests a peer has made within the running second.
 */
#include "peer_limit.h"

#include <arpa/inet.h>
#include <string.h>

#define PROBES 8

/* FNV-1a; never 0. */
static uint64_t
hash_bytes(const unsigned char *bytes, size_t len)
{
	uint64_t hash = UINT64_C(14695981039346656037);

	for (size_t i = 0; i < len; i++)
		hash = (hash ^ bytes[i]) * UINT64_C(1099511628211);
	/* The last bytes must matter to the low bits of a table's index. */
	return (hash ^ hash >> 32) | UINT64_C(1) << 63;
}

size_t
va_peer_network(const char *peer, unsigned char network[8])
{
	static const unsigned char mapped[12] = { [10] = 0xff, [11] = 0xff };
	unsigned char bytes[16];

	if (inet_pton(AF_INET, peer, bytes) == 1)
	{
		memcpy(network, bytes, 3);
		return 3;
	}
	if (inet_pton(AF_INET6, peer, bytes) != 1)
		return 0;
	if (memcmp(bytes, mapped, sizeof(mapped)) == 0)
	{
		memcpy(network, bytes + 12, 3);
		return 3;
	}
	memcpy(network, bytes, 8);
	return 8;
}

uint64_t
va_peer_key(const char *peer)
{
	unsigned char network[8];
	size_t len = va_peer_network(peer, network);

	return len > 0 ? hash_bytes(network, len) : hash_bytes((const unsigned char *) peer, strlen(peer));
}

bool
va_admit_peer(VaPeerLimit *table, const char *peer, uint64_t now_ms, int limit)
{
	uint64_t second = now_ms / 1000 + 1;
	uint64_t key = va_peer_key(peer);
	VaPeer *reusable = NULL;

	if (limit <= 0)
		return true;
	for (uint64_t i = 0; i < PROBES; i++)
	{
		VaPeer *entry = &table->peers[(key + i) % VA_PEERS];

		if (entry->key == key && entry->second == second)
			return ++entry->count <= (uint32_t) limit;
		if (reusable == NULL && entry->second != second)
			reusable = entry;
	}
	if (reusable != NULL)
		*reusable = (VaPeer){ .key = key, .second = second, .count = 1 };
	return true;
}
