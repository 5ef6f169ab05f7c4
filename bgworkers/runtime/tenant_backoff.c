/*-------------------------------------------------------------------------
 * tenant_backoff.c
 *		Tenants that are skipped for a while (contract in tenant_backoff.h).
 *
 * There are few at a time, so they are looked for one by one.  No locks.
 */
#include "postgres.h"

#include "utils/timestamp.h"

#include "core/clock.h"
#include "tenant_backoff.h"

#define LONGEST_MS 10000

bool
va_is_lock_error(const char *sqlstate)
{
	return strcmp(sqlstate, "55P03") == 0 || strcmp(sqlstate, "40P01") == 0 || strcmp(sqlstate, "40001") == 0;
}

bool
va_may_pass(const char *sqlstate)
{
	return va_is_lock_error(sqlstate) || strcmp(sqlstate, "53200") == 0;
}

static int
longest_ms(const VaTenantBackoff *tenant_backoff)
{
	return tenant_backoff->longest_ms > 0 ? tenant_backoff->longest_ms : LONGEST_MS;
}

static TimestampTz
end_of(const VaTenantBackoff *tenant_backoff, int i)
{
	return va_until(tenant_backoff->entries[i].until, longest_ms(tenant_backoff) * INT64CONST(1000));
}

static int
find(const VaTenantBackoff *tenant_backoff, int64 tenant_id)
{
	for (int i = 0; i < tenant_backoff->n; i++)
		if (tenant_backoff->entries[i].tenant_id == tenant_id)
			return i;
	return -1;
}

bool
va_backoff_active(const VaTenantBackoff *tenant_backoff, int64 tenant_id)
{
	int i = tenant_backoff->n == 0 ? -1 : find(tenant_backoff, tenant_id);

	return i >= 0 && end_of(tenant_backoff, i) > GetCurrentTimestamp();
}

/* A place for one more; if all are taken, that of the tenant whose wait ends first. */
static int
make_place(VaTenantBackoff *tenant_backoff)
{
	int first = 0;

	if (tenant_backoff->n < VA_TENANT_BACKOFF_MAX)
		return tenant_backoff->n++;
	for (int i = 1; i < tenant_backoff->n; i++)
		if (tenant_backoff->entries[i].until < tenant_backoff->entries[first].until)
			first = i;
	return first;
}

bool
va_backoff_start(VaTenantBackoff *tenant_backoff, int64 tenant_id, int first_ms)
{
	int i = find(tenant_backoff, tenant_id);
	VaBackoffEntry *entry;
	int delay_ms;

	if (i < 0)
	{
		i = make_place(tenant_backoff);
		tenant_backoff->entries[i] = (VaBackoffEntry){ .tenant_id = tenant_id };
	}
	entry = &tenant_backoff->entries[i];
	delay_ms = first_ms << Min(entry->times, 10);
	entry->until = TimestampTzPlusMilliseconds(GetCurrentTimestamp(), Min(delay_ms, longest_ms(tenant_backoff)));
	return entry->times++ == 0;
}

void
va_backoff_reset(VaTenantBackoff *tenant_backoff, int64 tenant_id)
{
	int i = tenant_backoff->n == 0 ? -1 : find(tenant_backoff, tenant_id);

	if (i >= 0)
		tenant_backoff->entries[i] = tenant_backoff->entries[--tenant_backoff->n];
}

TimestampTz
va_backoff_until(const VaTenantBackoff *tenant_backoff, int64 tenant_id)
{
	int i = find(tenant_backoff, tenant_id);

	return i >= 0 ? end_of(tenant_backoff, i) : DT_NOBEGIN;
}

int
va_backoff_tenants(const VaTenantBackoff *tenant_backoff, int64 *tenants)
{
	TimestampTz now = GetCurrentTimestamp();
	int n = 0;

	for (int i = 0; i < tenant_backoff->n; i++)
		if (end_of(tenant_backoff, i) > now)
			tenants[n++] = tenant_backoff->entries[i].tenant_id;
	return n;
}

void
va_backoff_reset_all(VaTenantBackoff *tenant_backoff)
{
	tenant_backoff->n = 0;
}
