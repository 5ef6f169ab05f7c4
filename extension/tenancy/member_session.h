/*-------------------------------------------------------------------------
 * member_session.h
 *		Which tokens of a member are of its present session.
 *-------------------------------------------------------------------------
 */
#ifndef VOICEAGENT_TENANCY_MEMBER_SESSION_H
#define VOICEAGENT_TENANCY_MEMBER_SESSION_H

#include "postgres.h"

/*
 * members.session_version, as it was committed last or changed here; 0 where
 * there is no such member, who is not active then.  SQL of a version that has
 * no such column knows of no sessions: every member has version 1 there.
 */
extern int64 va_member_session(int64 tenant, int64 member, bool *active);

/* The same for a token that is to be signed; 0 = none. */
extern int64 va_session_version(int64 tenant, int64 member);

/* Changes when a session may have ended. */
extern uint32 va_sessions_generation(void);

#endif /* VOICEAGENT_TENANCY_MEMBER_SESSION_H */
