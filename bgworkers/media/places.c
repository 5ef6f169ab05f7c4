/*-------------------------------------------------------------------------
 * places.c
 *		Places of accounts that are taken now.
 */
#include "places.h"

#include <stdlib.h>

#include "engines.h"

/* An account that has a place taken; its number is no other tenant's. */
typedef struct Taken
{
	struct Taken *next;
	int64_t account_id;
	int n;
} Taken;

static Taken *taken = NULL;

static Taken **
find(int64_t account_id)
{
	Taken **at = &taken;

	while (*at != NULL && (*at)->account_id != account_id)
		at = &(*at)->next;
	return at;
}

bool
va_places_left(const VaEngine *engine)
{
	json_int_t places = json_integer_value(json_object_get(engine->account, "places"));
	const Taken *found = *find(engine->account_id);

	return engine->account_id == 0 || places == 0 || found == NULL || found->n < places;
}

int64_t
va_place_take(const VaEngine *engine)
{
	Taken **at = find(engine->account_id);

	if (engine->account_id == 0)
		return 0;
	if (*at == NULL && (*at = calloc(1, sizeof(**at))) == NULL)
		return 0;
	(*at)->account_id = engine->account_id;
	(*at)->n++;
	return engine->account_id;
}

void
va_place_give(int64_t account_id)
{
	Taken **at = find(account_id);
	Taken *found = *at;

	if (account_id == 0 || found == NULL || --found->n > 0)
		return;
	*at = found->next;
	free(found);
}
