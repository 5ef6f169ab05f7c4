/*-------------------------------------------------------------------------
 * places.h
 *		Places taken by tenants and by accounts, over all calls that this
 *		process holds.
 *
 * Where all tenants together have a limit, one has at most half of what the
 * others leave free (va_share_left()): however much one wants, the next finds
 * some.  All tenants that were never armed weigh as one.  An account answers as many requests at a time as its
 * max_concurrent_requests, fewer after it has complained; a socket is a request
 * for as long as it is open.
 */
#ifndef VOICEAGENT_MEDIA_PLACES_H
#define VOICEAGENT_MEDIA_PLACES_H

#include <stdbool.h>
#include <stdint.h>

struct VaEngine;

typedef enum VaShare
{
	VA_SHARE_WAITING, /* sockets whose call is not known yet */
	VA_SHARE_CALLS,
	VA_SHARE_ROUND,		/* sessions that were opened in this round of the owners */
	VA_SHARE_TRIALS,	/* calls of tenants that were never armed, each by itself */
	VA_SHARE_AUDIO,		/* ms that were taken in this turn of the loop */
	VA_SHARE_SENTENCES, /* that wait for the embedded voice */
	VA_SHARE_TURNS,		/* ... and for its ears */
	VA_SHARE_REQUESTS,	/* an account's */
	VA_SHARES
} VaShare;

/* Whose it is: a tenant's, or this. */
#define VA_NEVER_ARMED INT64_MAX

/* One more of at most so many of all; false: it has its share, or there is no memory. */
extern bool va_share_take(VaShare share, int64_t owner, int most);
extern void va_share_give(VaShare share, int64_t owner);
extern int va_share_taken(VaShare share, int64_t owner);

/* Is there one more of them, or many (which may be more than that)?  And: none is taken any more. */
extern bool va_share_is_free(VaShare share, int64_t owner, int most);
extern void va_share_take_many(VaShare share, int64_t owner, int n);
extern void va_share_empty(VaShare share);

/* The embedded chain always has one. */
extern bool va_places_left(const struct VaEngine *engine);

/* The account's place, for va_place_give(); 0: it needs none. */
extern int64_t va_place_take(const struct VaEngine *engine);
extern void va_place_give(int64_t account_id);

#endif /* VOICEAGENT_MEDIA_PLACES_H */
