/*-------------------------------------------------------------------------
 * peer_limit.h
 *		How many requests a peer has made within the running second.
 *
 * A table of fixed size without memory of its own: a crowd of more peers in
 * one second than it holds is not limited one by one.
 */
#ifndef VOICEAGENT_PEER_LIMIT_H
#define VOICEAGENT_PEER_LIMIT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define VA_PEERS 4096

typedef struct VaPeer
{
	uint64_t key;
	uint64_t second;
	uint32_t count;
} VaPeer;

/*
 * The network that an address is counted for, so that no client counts as many:
 * its /24 of IPv4, or its /64, which is the least that a customer is given of
 * IPv6. The bytes that it has; 0: this is no numeric address.
 */
extern size_t va_peer_network(const char *peer, unsigned char network[8]);

/* That network as a number, never 0. */
extern uint64_t va_peer_key(const char *peer);

/* All zeros to begin with. */
typedef struct VaPeerLimit
{
	VaPeer peers[VA_PEERS];
} VaPeerLimit;

/* Counts a request of the peer at that time; false = more than limit in its second.  limit <= 0: never. */
extern bool va_admit_peer(VaPeerLimit *table, const char *peer, uint64_t now_ms, int limit);

#endif /* VOICEAGENT_PEER_LIMIT_H */
