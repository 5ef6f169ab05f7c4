/*-------------------------------------------------------------------------
 * candidates.h
 *		Databases that a probe has yet to look into, in the launcher.
 *-------------------------------------------------------------------------
 */
#ifndef VOICEAGENT_CANDIDATES_H
#define VOICEAGENT_CANDIDATES_H

#include "postgres.h"

#include "datatype/timestamp.h"

/*
 * Reads pg_database: databases that are not there any more, or cannot be
 * connected to, are DISABLED in the registry and forgotten here, new ones are
 * to be looked into.  In no transaction; what is remembered lies in the current
 * memory context, which must be one that lasts.
 */
extern void va_candidates_scan(void);

/* Those that were given up are tried again: something about databases has changed. */
extern void va_candidates_retry(void);

/*
 * The registry had no room for one that has announced itself: any of those that
 * were looked into may be the one.  va_candidates_room(): there is room again,
 * who was left out is looked into once more.  As va_candidates_scan().
 */
extern void va_candidates_full(void);
extern void va_candidates_room(void);

/*
 * The database to probe now: the first whose time has come and that nobody wants
 * for himself.  InvalidOid: none; *due is then the time of the next, DT_NOEND
 * when there is none.  (Who wants one for himself wakes the launcher when he is done.)
 */
extern Oid va_candidates_next(TimestampTz *due);

/* A probe has looked into the database; full: it has the extension, and the registry no room for it. */
extern void va_candidates_looked(Oid database, bool full);

/*
 * A probe ended without having looked: the database is tried again after all the
 * others, after a delay that doubles, and given up after some times.  One that
 * was only late (somebody has a lock) is not given up.
 */
extern void va_candidates_failed(Oid database, bool late);

#endif /* VOICEAGENT_CANDIDATES_H */
