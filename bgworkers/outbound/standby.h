/*-------------------------------------------------------------------------
 * standby.h
 *		A call is stored on two machines before it is dialled.
 *
 * With voiceagent.dial_durability = standby no request for a call leaves before
 * the standbys that PostgreSQL counts as synchronous have flushed the claim's
 * commit.  The return of COMMIT does not prove that: a wait that was cancelled
 * leaves a commit that everybody here sees and a failover takes back
 * (patroni#1412).  So the positions themselves are compared.
 *-------------------------------------------------------------------------
 */
#ifndef VOICEAGENT_STANDBY_H
#define VOICEAGENT_STANDBY_H

#include "postgres.h"

#include "access/xlogdefs.h"

/*
 * Why no call may be dialled now: no_standby, standby_behind, standby_new (named
 * less than voiceagent.promotion_pause ago).  NULL: nothing speaks against it.
 */
extern const char *va_standby_wait(void);

/* The dialer, each turn: have other standbys been named? */
extern void va_standby_look(void);

/*
 * Have the standbys flushed this commit?  Gives them VA_STANDBY_FLUSH_MS, and
 * calls meanwhile() again and again; false: they have not, and
 * va_standby_wait() says so until they have.
 */
#define VA_STANDBY_FLUSH_MS 100
extern bool va_standby_has(XLogRecPtr commit, void (*meanwhile)(void *arg), void *arg);

#endif /* VOICEAGENT_STANDBY_H */
