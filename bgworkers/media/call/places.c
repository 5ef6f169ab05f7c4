/*-------------------------------------------------------------------------
 * places.c
 *		Places taken by tenants and by accounts.
 */
#include "places.h"

#include <stdlib.h>

#include "engine.h"
#include "http/client.h"

/* One owner's, or one account's: its number is no other tenant's. */
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
take(VaShare share, int64_t id, int n)
{
	Taken **at = find(share, id);

	if (*at == NULL && (*at = calloc(1, sizeof(**at))) == NULL)
		return false;
	(*at)->id = id;
	(*at)->n += n;
	sum[share] += n;
	return true;
}

bool
va_share_is_free(VaShare share, int64_t owner, int most)
{
	int own = va_share_taken(share, owner);

	return va_share_left(most, own, sum[share] - own) > 0;
}

bool
va_share_take(VaShare share, int64_t owner, int most)
{
	return va_share_is_free(share, owner, most) && take(share, owner, 1);
}

void
va_share_take_many(VaShare share, int64_t owner, int n)
{
	(void) take(share, owner, n);
}

void
va_share_empty(VaShare share)
{
	Taken *next;

	for (Taken *at = taken[share]; at != NULL; at = next)
	{
		next = at->next;
		free(at);
	}
	taken[share] = NULL;
	sum[share] = 0;
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
	return engine->account_id != 0 && take(VA_SHARE_REQUESTS, engine->account_id, 1) ? engine->account_id : 0;
}

void
va_place_give(int64_t account_id)
{
	va_share_give(VA_SHARE_REQUESTS, account_id);
}
