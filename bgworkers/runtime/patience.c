/*-------------------------------------------------------------------------
 * patience.c
 *		Tenants that are skipped for a while (contract in patience.h).
 *
 * There are few at a time, so they are looked for one by one.  No locks.
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "utils/timestamp.h"

#include "patience.h"

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
find(const VaPatience *patience, int64 tenant_id)
{
	for (int i = 0; i < patience->n; i++)
		if (patience->put_off[i].tenant_id == tenant_id)
			return i;
	return -1;
}

bool
va_is_put_off(const VaPatience *patience, int64 tenant_id)
{
	int			i = patience->n == 0 ? -1 : find(patience, tenant_id);

	return i >= 0 && patience->put_off[i].until > GetCurrentTimestamp();
}

/* A place for one more; if all are taken, that of the tenant whose wait ends first. */
static int
make_place(VaPatience *patience)
{
	int			first = 0;

	if (patience->n < VA_PUT_OFF_MAX)
		return patience->n++;
	for (int i = 1; i < patience->n; i++)
		if (patience->put_off[i].until < patience->put_off[first].until)
			first = i;
	return first;
}

bool
va_put_off(VaPatience *patience, int64 tenant_id, int first_ms)
{
	int			i = find(patience, tenant_id);
	VaPutOff   *entry;
	int			delay_ms;

	if (i < 0)
	{
		i = make_place(patience);
		patience->put_off[i] = (VaPutOff) {.tenant_id = tenant_id};
	}
	entry = &patience->put_off[i];
	delay_ms = first_ms << Min(entry->times, 10);
	entry->until = TimestampTzPlusMilliseconds(GetCurrentTimestamp(),
											   Min(delay_ms, patience->longest_ms > 0 ? patience->longest_ms : LONGEST_MS));
	return entry->times++ == 0;
}

void
va_served(VaPatience *patience, int64 tenant_id)
{
	int			i = patience->n == 0 ? -1 : find(patience, tenant_id);

	if (i >= 0)
		patience->put_off[i] = patience->put_off[--patience->n];
}

TimestampTz
va_comes_up_at(const VaPatience *patience, int64 tenant_id)
{
	int			i = find(patience, tenant_id);

	return i >= 0 ? patience->put_off[i].until : DT_NOBEGIN;
}

int
va_put_off_now(const VaPatience *patience, int64 *tenants)
{
	TimestampTz now = GetCurrentTimestamp();
	int			n = 0;

	for (int i = 0; i < patience->n; i++)
		if (patience->put_off[i].until > now)
			tenants[n++] = patience->put_off[i].tenant_id;
	return n;
}

void
va_forget_put_off(VaPatience *patience)
{
	patience->n = 0;
}
