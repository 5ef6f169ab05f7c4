/*-------------------------------------------------------------------------
 * patience.h
 *		Tenants whose rows somebody holds, and who are passed over meanwhile.
 *
 * A worker serves all tenants, and any of them may keep a transaction open for
 * as long as it likes.  So a worker waits for a lock no longer than
 * VA_LOCK_PATIENCE; the tenant whose unit failed of that is put off, twice as
 * long each time, and the others are served.
 *-------------------------------------------------------------------------
 */
#ifndef VA_PATIENCE_H
#define VA_PATIENCE_H

#include "datatype/timestamp.h"

/* lock_timeout of a worker: less than deadlock_timeout's default, so that the worker gives way and not the tenant. */
#define VA_LOCK_PATIENCE "900ms"

#define VA_PUT_OFF_MAX 256

typedef struct VaPutOff
{
	int64		tenant_id;
	TimestampTz until;
	int			times;			/* in a row */
} VaPutOff;

/* One for each room that needs it; all zero at the beginning. */
typedef struct VaPatience
{
	VaPutOff	put_off[VA_PUT_OFF_MAX];
	int			n;
} VaPatience;

/* Was this unit's error that of a lock somebody held, or of a deadlock? */
extern bool va_is_lock_error(const char *sqlstate);

extern bool va_is_put_off(const VaPatience *patience, int64 tenant_id);

/* Not before first_ms, doubling to ten seconds; true the first time in a row. */
extern bool va_put_off(VaPatience *patience, int64 tenant_id, int first_ms);

/* It has been served: the next time counts as the first again. */
extern void va_served(VaPatience *patience, int64 tenant_id);

/* When this one comes up again; the past: it is not put off. */
extern TimestampTz va_comes_up_at(const VaPatience *patience, int64 tenant_id);

/* When the first of them comes up again; DT_NOEND: nobody is put off. */
extern TimestampTz va_put_off_until(const VaPatience *patience);

#endif
