/*-------------------------------------------------------------------------
 * backoff.h
 *		How long to wait before trying again.
 *
 * Pure: no clock, no randomness but the seed's, no state.
 */
#ifndef VOICEAGENT_PURE_BACKOFF_H
#define VOICEAGENT_PURE_BACKOFF_H

#include <stdbool.h>
#include <stdint.h>

/*
 * Milliseconds before try number attempt (1 = the first repetition): base
 * doubled each time up to cap, half of it fixed and half of it random, so
 * that many that failed together do not come back together.  The same seed
 * and attempt give the same delay.  base_ms and cap_ms >= 1.
 */
extern int64_t va_backoff_ms(int attempt, int64_t base_ms, int64_t cap_ms, uint64_t seed);

/*
 * The end of a rest that is at most `longest` long, as a time in any unit: one
 * that lies further ahead was reckoned before the clock was set back, and is
 * over (now).
 */
extern int64_t va_rest_end(int64_t until, int64_t now, int64_t longest);

/* One of RFC 9110's three date forms, or the first with mail's +0000 for GMT, as seconds since 1970. */
extern bool va_http_date(const char *text, int64_t *seconds);

/*
 * A Retry-After header: seconds, or an HTTP date (all three forms of RFC
 * 9110).  Gives seconds from now, 0 for a time past, at most a day.
 */
#define VA_RETRY_AFTER_MAX 86400
extern bool va_retry_after(const char *value, int64_t now, int64_t *seconds);

/* A well mixed 64-bit number from a counter or seed (splitmix64). */
extern uint64_t va_mix64(uint64_t x);
/* FNV-1a, well mixed: the same on every machine. */
extern uint64_t va_hash_text(uint64_t seed, const char *text);

#endif /* VOICEAGENT_PURE_BACKOFF_H */
