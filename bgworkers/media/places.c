/*-------------------------------------------------------------------------
 * places.c
 *		What is taken by tenants and by accounts.
 */
#include "places.h"

#include <stdlib.h>

#include "engines.h"

/* One tenant's, or one account's: its number is no other tenant's. */
typedef struct Taken
{
	struct Taken *next;
	int64_t id;
	int n;
} Taken;

static Taken *taken[VA_SHARES];
static int sum[VA_SHARES];

static Taken **
find(VaShare share, int64_t id)
{
	Taken **at = &taken[share];

	while (*at != NULL && (*at)->id != id)
		at = &(*at)->next;
	return at;
}

int
va_share_taken(VaShare share, int64_t id)
{
	const Taken *found = *find(share, id);

	return found == NULL ? 0 : found->n;
}

static bool
take(VaShare share, int64_t id)
{
	Taken **at = find(share, id);

	if (*at == NULL && (*at = calloc(1, sizeof(**at))) == NULL)
		return false;
	(*at)->id = id;
	(*at)->n++;
	sum[share]++;
	return true;
}

bool
va_share_take(VaShare share, int64_t tenant_id, int most)
{
	int own = va_share_taken(share, tenant_id);

	return va_share_left(most, own, sum[share] - own) > 0 && take(share, tenant_id);
}

void
va_share_give(VaShare share, int64_t id)
{
	Taken **at = find(share, id);
	Taken *found = *at;

	if (found == NULL)
		return;
	sum[share]--;
	if (--found->n > 0)
		return;
	*at = found->next;
	free(found);
}

bool
va_places_left(const VaEngine *engine)
{
	json_int_t places = json_integer_value(json_object_get(engine->account, "places"));

	return engine->account_id == 0 || places == 0 || va_share_taken(VA_SHARE_REQUESTS, engine->account_id) < places;
}

int64_t
va_place_take(const VaEngine *engine)
{
	return engine->account_id != 0 && take(VA_SHARE_REQUESTS, engine->account_id) ? engine->account_id : 0;
}

void
va_place_give(int64_t account_id)
{
	va_share_give(VA_SHARE_REQUESTS, account_id);
}
