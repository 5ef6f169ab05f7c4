/*-------------------------------------------------------------------------
 * in_flight.h
 *		Resources shared by all who ask the server at the same time, and each
 *		one's share of it: PostgREST's pool, and the processors that compare
 *		passwords.
 *
 * A session holds at most one request and one comparison.  Both end with the
 * transaction; the comparison with its subtransaction, too, if that fails.
 */
#ifndef VOICEAGENT_TENANCY_IN_FLIGHT_H
#define VOICEAGENT_TENANCY_IN_FLIGHT_H

/* Requests shared memory; from _PG_init, when the library is preloaded. */
extern void va_in_flight_init(void);

#endif /* VOICEAGENT_TENANCY_IN_FLIGHT_H */
