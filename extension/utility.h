/*-------------------------------------------------------------------------
 * utility.h
 *		Commands that need a database without workers: see utility.c.
 *-------------------------------------------------------------------------
 */
#ifndef VOICEAGENT_UTILITY_H
#define VOICEAGENT_UTILITY_H

#include "postgres.h"

extern void va_utility_init(void);

#endif /* VOICEAGENT_UTILITY_H */
