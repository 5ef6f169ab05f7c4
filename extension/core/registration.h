/*-------------------------------------------------------------------------
 * registration.h
 *		How the processes of this extension are made known to the postmaster.
 *
 * They are named by the functions they start in, which live in bgworkers/.
 */
#ifndef VOICEAGENT_REGISTRATION_H
#define VOICEAGENT_REGISTRATION_H

#include "postgres.h"

#include "postmaster/bgworker.h"

/* The launcher's orders to a worker or a probe, in bgw_extra. */
typedef struct VaWorkerStart
{
	Oid database;
	int32 slot;
	int32 kind;
	uint32 generation;
} VaWorkerStart;

/* A process "voiceagent TYPE" that starts in that function, and is not started again by the postmaster. */
extern void va_describe_worker(BackgroundWorker *worker, const char *type, const char *function);

/* While the library is preloaded. */
extern void va_register_launcher(void);

#endif /* VOICEAGENT_REGISTRATION_H */
