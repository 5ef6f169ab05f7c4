/*-------------------------------------------------------------------------
 * places.h
 *		How many requests an account answers at a time, over all calls that this
 *		process holds: as many as its max_concurrent_requests, fewer after it
 *		has complained.
 *
 * A socket is a request for as long as it is open.
 */
#ifndef VOICEAGENT_MEDIA_PLACES_H
#define VOICEAGENT_MEDIA_PLACES_H

#include <stdbool.h>
#include <stdint.h>

struct VaEngine;

/* The embedded chain always has one. */
extern bool va_places_left(const struct VaEngine *engine);

/* The account's place, for va_place_give(); 0: it needs none. */
extern int64_t va_place_take(const struct VaEngine *engine);
extern void va_place_give(int64_t account_id);

#endif /* VOICEAGENT_MEDIA_PLACES_H */
