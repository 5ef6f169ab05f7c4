/*-------------------------------------------------------------------------
 * arming.h
 *		A copy does not dial.
 *
 * The arming file lies outside of the data directory. It names the cluster
 * (system identifier; data directory by path, device and inode) and the
 * databases that may use real carriers; the running launcher keeps it locked
 * (flock), so that two clusters never use one file. Anything that differs from
 * the file means: not armed.
 */
#ifndef VOICEAGENT_ARMING_H
#define VOICEAGENT_ARMING_H

#include "postgres.h"

typedef enum VaArmingCode
{
	VA_ARMING_UNKNOWN = 0, /* the launcher has not looked yet, or does not run */
	VA_ARMING_OK,
	VA_ARMING_NOT_CONFIGURED,
	VA_ARMING_NO_FILE,
	VA_ARMING_INSIDE_DATADIR,
	VA_ARMING_PERMISSIONS,
	VA_ARMING_MALFORMED,
	VA_ARMING_OTHER_CLUSTER,
	VA_ARMING_OTHER_DIRECTORY,
	VA_ARMING_LOCKED_ELSEWHERE,
	VA_ARMING_NOT_LISTED,
	VA_ARMING_STANDBY,
	VA_ARMING_FSYNC_OFF, /* a crash could forget a dial that was made */
	VA_ARMING_PROMOTED	 /* a moment ago: the server that was the primary may not know yet */
} VaArmingCode;

/* May this database use real carriers now?  Cheap: shared memory only. */
extern bool va_armed(Oid database);
/* Why (not): a lower snake_case word, "armed" when it is. */
extern const char *va_arming_reason(Oid database);

/* The launcher: read, check and lock the file; publish the result. */
extern void va_arming_check(void);

/* The launcher, each round: when a promotion's pause ends; DT_NOEND: none lasts. Wakes those that waited for its end. */
extern TimestampTz va_promotion_round(void);

/* Write the file for this database; raises when it cannot be.  SQL: va_sql_arm(), va_sql_disarm(). */
extern void va_arming_write(Oid database, bool armed);

#endif /* VOICEAGENT_ARMING_H */
