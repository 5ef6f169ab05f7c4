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

typedef struct VaProbeAnswer
{
	bool idle;			/* no probe is under way (any more) */
	bool failed;		/* it ended without having looked */
	bool full;			/* it found the extension, but the registry has no room */
	Oid looked_at;		/* the database it has looked into, or InvalidOid */
	TimestampTz limit; /* not idle: when to look again at the latest */
} VaProbeAnswer;

/* False: there was no slot for the process. */
extern bool va_probe_start(Oid database);
/* Takes the answer; a database that has the extension is then ENABLED in the registry. */
extern VaProbeAnswer va_probe_take(void);

/* Entry point, named by bgw_function_name. */
extern PGDLLEXPORT void va_probe_main(Datum arg);

#endif /* VOICEAGENT_PROBE_H */
