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
 * to be looked into. Call it outside of a transaction, in a memory context that
 * lasts: the list is allocated there.
 */
extern void va_candidates_scan(void);

/* Databases that were given up are tried again, because something about databases has changed. */
extern void va_candidates_retry(void);

/*
 * The registry had no room for one that has announced itself: any of those that
 * were looked into may be the one. va_candidates_have_place(): there is room again,
 * so the databases that were left out are looked into once more. As
 * va_candidates_scan().
 */
extern void va_candidates_full(void);
extern void va_candidates_have_place(void);

/*
 * The database to probe now: the first that is due and that no command wants exclusively. InvalidOid: none;
 * *due is then the time of the next, DT_NOEND when there is none. (A command that wants a database exclusively
 * wakes the launcher when it is done.)
 */
extern Oid va_candidates_next(TimestampTz *due);

/* A probe has looked into the database; full: it has the extension, and the registry no room for it. */
extern void va_candidates_looked(Oid database, bool full);

/*
 * A probe ended without having looked: the database is tried again after all
 * the others, after a delay that doubles, and given up after some times. A
 * probe that was only late (it waited for a lock) does not count towards that.
 */
extern void va_candidates_failed(Oid database, bool late);

#endif /* VOICEAGENT_CANDIDATES_H */
