/*-------------------------------------------------------------------------
 * tenant_backoff.h
 *		Tenants whose rows are locked, and that are skipped meanwhile.
 *
 * A worker serves all tenants, and any of them may keep a transaction open for
 * as long as it likes. So a worker waits for a lock no longer than
 * VA_WORKER_LOCK_TIMEOUT; a tenant whose unit failed for that reason is put off,
 * twice as long each time, and the others are served.
 */
#ifndef VOICEAGENT_TENANT_BACKOFF_H
#define VOICEAGENT_TENANT_BACKOFF_H

#include "datatype/timestamp.h"

/* lock_timeout of a worker: less than deadlock_timeout's default, so that the worker gives way and not the tenant. */
#define VA_WORKER_LOCK_TIMEOUT "900ms"

#define VA_TENANT_BACKOFF_MAX 256

typedef struct VaBackoffEntry
{
	int64 tenant_id;
	TimestampTz until;
	int times; /* in a row */
} VaBackoffEntry;

/* One for each task that needs it; all zero at the beginning, but for the longest wait. */
typedef struct VaTenantBackoff
{
	int longest_ms; /* 0: ten seconds */
	VaBackoffEntry entries[VA_TENANT_BACKOFF_MAX];
	int n;
} VaTenantBackoff;

/* Did this unit fail because of a lock or a deadlock? */
extern bool va_is_lock_error(const char *sqlstate);

/* ... or for lack of memory? Such a unit is tried again; one that failed for another reason would fail again. */
extern bool va_may_pass(const char *sqlstate);

extern bool va_backoff_active(const VaTenantBackoff *tenant_backoff, int64 tenant_id);

/* Not before first_ms, doubling to the longest wait; true the first time in a row. */
extern bool va_backoff_start(VaTenantBackoff *tenant_backoff, int64 tenant_id, int first_ms);

/* It has been served: the next time counts as the first again. */
extern void va_backoff_reset(VaTenantBackoff *tenant_backoff, int64 tenant_id);

/* When this one comes up again; the past: it is not put off. */
extern TimestampTz va_backoff_until(const VaTenantBackoff *tenant_backoff, int64 tenant_id);

/* Those that are put off now, at most VA_TENANT_BACKOFF_MAX; how many. */
extern int va_backoff_tenants(const VaTenantBackoff *tenant_backoff, int64 *tenants);

/* All may be tried again at once. */
extern void va_backoff_reset_all(VaTenantBackoff *tenant_backoff);

#endif
