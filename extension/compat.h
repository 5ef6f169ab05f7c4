/*-------------------------------------------------------------------------
 * compat.h
 *		Every difference between PostgreSQL 15, 16, 17 and 18 that our code
 *		meets, in one place.  No other file tests PG_VERSION_NUM.
 *-------------------------------------------------------------------------
 */
#ifndef VOICEAGENT_COMPAT_H
#define VOICEAGENT_COMPAT_H

#include "postgres.h"

#if PG_VERSION_NUM < 150000
#error "voiceagent needs PostgreSQL 15 or newer"
#endif

#endif /* VOICEAGENT_COMPAT_H */
