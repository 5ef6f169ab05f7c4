/*-------------------------------------------------------------------------
 * session.h
 *		The session of a worker: its settings, its name, its role, its limits.
 *
 * A worker connects without a user and is the bootstrap superuser until it has
 * taken its role.
 */
#ifndef VOICEAGENT_SESSION_H
#define VOICEAGENT_SESSION_H

#include "core/voiceagent.h"

/* Sets them, whatever the server's defaults are; again after every reload. */
extern void va_session_settings(VaWorkerKind kind);

/* The text in pg_stat_activity. */
extern void va_session_name(VaWorkerKind kind);

typedef enum VaSession
{
	VA_SESSION_NONE,	/* the database has no extension for us */
	VA_SESSION_REFUSES, /* it has SQL that this library does not serve: run no statement */
	VA_SESSION_SERVES
} VaSession;

/*
 * Take the role of the workers, or the guest's.  Where the library does not
 * serve the SQL the workers rest until the extension is updated, which is said
 * once; the gateway alone runs, and refuses what comes.
 */
extern VaSession va_session_role(VaWorkerKind kind);

/* Room for the connections that the settings allow, as far as the system gives it. */
extern void va_session_file_limit(void);

#endif /* VOICEAGENT_SESSION_H */
