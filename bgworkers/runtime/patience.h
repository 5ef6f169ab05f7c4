/*-------------------------------------------------------------------------
 * patience.h
 *		Tenants whose rows are locked, and that are skipped meanwhile.
 *
 * A worker serves all tenants, and any of them may keep a transaction open for
 * as long as it likes. So a worker waits for a lock no longer than
 * VA_LOCK_PATIENCE; a tenant whose unit failed for that reason is put off,
 * twice as long each time, and the others are served.
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

/* One for each room that needs it; all zero at the beginning, but for the longest wait. */
typedef struct VaPatience
{
	int			longest_ms;		/* 0: ten seconds */
	VaPutOff	put_off[VA_PUT_OFF_MAX];
	int			n;
} VaPatience;

/* Did this unit fail because of a lock or a deadlock? */
extern bool va_is_lock_error(const char *sqlstate);

/*
 * ... or for lack of memory? Such a unit is tried again; one that failed for
 * another reason would fail again.
 */
extern bool va_may_pass(const char *sqlstate);

extern bool va_is_put_off(const VaPatience *patience, int64 tenant_id);

/* Not before first_ms, doubling to the longest wait; true the first time in a row. */
extern bool va_put_off(VaPatience *patience, int64 tenant_id, int first_ms);

/* It has been served: the next time counts as the first again. */
extern void va_served(VaPatience *patience, int64 tenant_id);

/* When this one comes up again; the past: it is not put off. */
extern TimestampTz va_comes_up_at(const VaPatience *patience, int64 tenant_id);

/* Those that are put off now, at most VA_PUT_OFF_MAX; how many. */
extern int	va_put_off_now(const VaPatience *patience, int64 *tenants);

/* All may be tried again at once. */
extern void va_forget_put_off(VaPatience *patience);

#endif
