/*-------------------------------------------------------------------------
 * tenants.c
 *		The tenants that have something of this process, and how much of it.
 */
#include "tenants.h"

#include <stdlib.h>

#include "http/client.h"

static VaMediaTenant *tenants = NULL;
static int taken[VA_SHARES];

VaMediaTenant *
va_tenant_find(int64_t tenant_id)
{
	VaMediaTenant *tenant = tenants;

	while (tenant != NULL && tenant->tenant_id != tenant_id)
		tenant = tenant->next;
	return tenant;
}

VaMediaTenant *
va_tenant_take(int64_t tenant_id, VaShare share, int most)
{
	VaMediaTenant *tenant = va_tenant_find(tenant_id);
	int own = tenant == NULL ? 0 : tenant->taken[share];

	if (va_share_left(most, own, taken[share] - own) == 0)
		return NULL;
	if (tenant == NULL && (tenant = calloc(1, sizeof(*tenant))) != NULL)
	{
		tenant->tenant_id = tenant_id;
		tenant->next = tenants;
		tenants = tenant;
	}
	if (tenant != NULL)
	{
		tenant->taken[share]++;
		taken[share]++;
	}
	return tenant;
}

void
va_tenant_give(VaMediaTenant *tenant, VaShare share)
{
	VaMediaTenant **at = &tenants;

	taken[share]--;
	tenant->taken[share]--;
	for (int i = 0; i < VA_SHARES; i++)
		if (tenant->taken[i] > 0)
			return;
	while (*at != tenant)
		at = &(*at)->next;
	*at = tenant->next;
	free(tenant);
}

int
va_tenants_taken(VaShare share)
{
	return taken[share];
}
