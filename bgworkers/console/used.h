/*-------------------------------------------------------------------------
 * used.h
 *		What somebody used of something common: microseconds, of which a tenth
 *		of the time that passes is forgiven.
 */
#ifndef VOICEAGENT_CONSOLE_USED_H
#define VOICEAGENT_CONSOLE_USED_H

#include "postgres.h"

#include "datatype/timestamp.h"

typedef struct VaUsed
{
	int64 us;
	TimestampTz at;
} VaUsed;

static inline int64
va_used(const VaUsed *used, TimestampTz now)
{
	return Max(used->us - (now - used->at) / 10, 0);
}

/* No more than most is remembered. */
static inline void
va_use(VaUsed *used, int64 us, int64 most, TimestampTz now)
{
	used->us = Min(va_used(used, now) + us, most);
	used->at = now;
}

#endif /* VOICEAGENT_CONSOLE_USED_H */
