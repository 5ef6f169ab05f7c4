/*-------------------------------------------------------------------------
 * session.h
 *		Sessions of tenants: whose they are, what they may not do, when they end.
 *
 * A tenant session is a client backend, in any database of the cluster, whose
 * login role is a member of voiceagent_user or voiceagent_anon, and is neither
 * a superuser nor a member of a role of the platform; or whose login role is
 * the one that voiceagent.authenticator names, whatever it may become: it is
 * the door of all strangers.  SET ROLE and SET SESSION AUTHORIZATION change
 * nothing.  All other sessions pay a test of a variable for each hook.
 *
 * Hooks call the previous ones.  Installed once, by _PG_init, when the library
 * is preloaded.
 */
#ifndef VOICEAGENT_GUARD_SESSION_H
#define VOICEAGENT_GUARD_SESSION_H

#include "postgres.h"

/* Whose session this is; needs a transaction unless it is known. */
typedef enum VaGuarded
{
	VA_GUARD_UNKNOWN,
	VA_GUARD_NOT,
	VA_GUARD_TENANT, /* a login role of one tenant */
	VA_GUARD_DOOR	 /* the login role of PostgREST */
} VaGuarded;

extern VaGuarded va_guarded;
extern VaGuarded va_find_guarded(void);

static inline bool
va_is_guarded(void)
{
	return (likely(va_guarded != VA_GUARD_UNKNOWN) ? va_guarded : va_find_guarded()) != VA_GUARD_NOT;
}

/* Is what runs now a function of the platform, which the session only called? */
extern bool va_in_platform_function(void);

/* age.c: the timer runs while a transaction is open, and always in a session that listens. */
extern void va_age_init(void);
extern void va_watch_age(void);
extern void va_watch_listener(bool listens);

/* limits.c: locks, subtransactions; memory, priority of the process. */
extern void va_check_locks(void);
extern void va_limit_process(void);

/* sessions.c: what status() shows. */
extern void va_sessions_init(void);
extern void va_note_session(TimestampTz since, long locks);
extern void va_note_listener(bool listens);
extern void va_count_ended(void);
extern void va_count_dropped(void);

/* log_bound.c: before the hook that masks the log is set, which then runs first. */
extern void va_log_bound_init(void);

/* hooks.c */
extern void va_guard_init(void);

#endif /* VOICEAGENT_GUARD_SESSION_H */
