/*-------------------------------------------------------------------------
 * launcher.h
 *		One launcher for the server: finds the databases that have the
 *		extension, and keeps their workers running.
 */
#ifndef VOICEAGENT_LAUNCHER_H
#define VOICEAGENT_LAUNCHER_H

#include "postgres.h"

#include "datatype/timestamp.h"

/* Entry point, named by bgw_function_name. */
extern PGDLLEXPORT void va_launcher_main(Datum arg);

/* candidates.c: databases that a probe has yet to look into, in the launcher. */

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

/*
 * probe.c: a short-lived process that looks whether a database has the extension, one at a time for the whole server.
 * The launcher asks (va_probe_start) and looks for the answer at every wake-up (va_probe_take); what is between them
 * lies in shared memory.
 */
typedef enum VaProbeState
{
	VA_PROBE_NONE = 0, /* none was under way */
	VA_PROBE_RUNNING,  /* look again by `limit` */
	VA_PROBE_LOOKED,   /* it has ended, and looked into the database */
	VA_PROBE_FAILED,   /* it has ended without having looked, or it never came */
	VA_PROBE_LATE	   /* it was ended because it took too long: it waited for a lock */
} VaProbeState;

typedef struct VaProbeAnswer
{
	VaProbeState state;
	Oid database;	   /* unless NONE: the one that was asked about */
	bool full;		   /* LOOKED: it found the extension, but the registry has no room */
	TimestampTz limit; /* RUNNING: when to look again at the latest */
} VaProbeAnswer;

/* False: there was no slot for the process. */
extern bool va_probe_start(Oid database);
/*
 * Takes the answer, once: afterwards no probe is under way, unless it is
 * RUNNING. A database that has the extension is then ENABLED in the registry. A
 * probe that takes longer than half a minute is ended, so that other databases
 * get their turn.
 */
extern VaProbeAnswer va_probe_take(void);

/* Entry point, named by bgw_function_name. */
extern PGDLLEXPORT void va_probe_main(Datum arg);

#endif /* VOICEAGENT_LAUNCHER_H */
