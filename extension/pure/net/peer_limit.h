/*-------------------------------------------------------------------------
 * peer_limit.h
 *		How many requests a peer has made within the running second.
 *
 * A table of fixed size without memory of its own: a crowd of more peers in
 * one second than it holds is not limited one by one.
 *-------------------------------------------------------------------------
 */
#ifndef VOICEAGENT_PEER_LIMIT_H
#define VOICEAGENT_PEER_LIMIT_H

#include <stdbool.h>
#include <stdint.h>

#define VA_PEERS 4096

typedef struct VaPeer
{
	uint64_t key;
	uint64_t second;
	uint32_t count;
} VaPeer;

/*
 * The peer behind a numeric address: for IPv4 itself, for IPv6 its /64, which is
 * the least that a customer is given, so that nobody counts as many.  Never 0.
 */
extern uint64_t va_peer_key(const char *peer);

/* All zeros to begin with. */
typedef struct VaPeerLimit
{
	VaPeer peers[VA_PEERS];
} VaPeerLimit;

/* Counts a request of the peer at that time; false = more than limit in its second.  limit <= 0: never. */
extern bool va_admit_peer(VaPeerLimit *table, const char *peer, uint64_t now_ms, int limit);

#endif /* VOICEAGENT_PEER_LIMIT_H */
