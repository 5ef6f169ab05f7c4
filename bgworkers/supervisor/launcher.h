/*-------------------------------------------------------------------------
 * launcher.h
 *		One launcher for the server: finds the databases that have the
 *		extension, and keeps their workers running.
 *-------------------------------------------------------------------------
 */
#ifndef VOICEAGENT_LAUNCHER_H
#define VOICEAGENT_LAUNCHER_H

#include "postgres.h"

/* Entry point, named by bgw_function_name. */
extern PGDLLEXPORT void va_launcher_main(Datum arg);

#endif /* VOICEAGENT_LAUNCHER_H */
