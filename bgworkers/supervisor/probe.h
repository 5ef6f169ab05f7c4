/*-------------------------------------------------------------------------
 * probe.h
 *		A short-lived process that looks whether a database has the extension,
 *		one at a time for the whole server.
 *
 * The launcher asks (va_probe_start) and looks for the answer at every wake-up
 * (va_probe_take); what is between them lies in shared memory.
 *-------------------------------------------------------------------------
 */
#ifndef VOICEAGENT_PROBE_H
#define VOICEAGENT_PROBE_H

#include "postgres.h"

#include "datatype/timestamp.h"

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
 * probe that takes longer than half a minute is told to end, so that other
 * databases get their turn.
 */
extern VaProbeAnswer va_probe_take(void);

/* Entry point, named by bgw_function_name. */
extern PGDLLEXPORT void va_probe_main(Datum arg);

#endif /* VOICEAGENT_PROBE_H */
