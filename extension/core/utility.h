/*-------------------------------------------------------------------------
 * utility.h
 *		Commands that need a database without workers: see utility.c.
 *
 * Installs a ProcessUtility hook that calls the previous one; once, by _PG_init.
 */
#ifndef VOICEAGENT_UTILITY_H
#define VOICEAGENT_UTILITY_H

#include "postgres.h"

extern void va_utility_init(void);

#endif /* VOICEAGENT_UTILITY_H */
