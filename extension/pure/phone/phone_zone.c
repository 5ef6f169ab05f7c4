/*-------------------------------------------------------------------------
 * phone_zone.c
 *		Time zones and states of telephone numbers.
 *
 * Constant tables only (see phone_data/generate.py): a trie over digits whose
 * leaves are numbers of sets of zones.
 */
#include "phone.h"

#include <stdio.h>
#include <string.h>

typedef struct ZoneState
{
	const char *country;
	const char *code;
	const char *name;
	uint16_t set;
} ZoneState;

#include "phone_data/zones.inc"

#define lengthof(array) (sizeof(array) / sizeof((array)[0]))

int
va_zone_set_count(void)
{
	return ZONE_SETS + 1;
}

size_t
va_zone_set_members(int set, const char **zones, size_t max)
{
	size_t n = 0;

	if (set <= 0 || set > ZONE_SETS)
		return 0;
	for (int i = zone_starts[set]; i < zone_starts[set + 1] && n < max; i++)
		zones[n++] = zone_names[zone_members[i]];
	return n;
}

int
va_phone_zone_set(const char *e164)
{
	unsigned state = ZONE_ROOT;

	if (e164 == NULL || *e164++ != '+')
		return 0;
	for (; *e164 >= '0' && *e164 <= '9'; e164++)
	{
		state = zone_next[state][1 + *e164 - '0'];
		if (state & ZONE_LEAF)
			return (int) (state & ~ZONE_LEAF);
	}
	return zone_next[state][0];
}

/* ASCII only, so that no locale decides what a state is called. */
static bool
same_word(const char *a, const char *b)
{
	for (; *a != '\0' && *b != '\0'; a++, b++)
	{
		char x = *a >= 'A' && *a <= 'Z' ? *a | 0x20 : *a;
		char y = *b >= 'A' && *b <= 'Z' ? *b | 0x20 : *b;

		if (x != y)
			return false;
	}
	return *a == *b;
}

/* The state of this name; NULL if unknown. */
static const ZoneState *
find_state(const char *country, const char *state)
{
	char prefix[3] = "";

	if (state == NULL)
		return NULL;
	/* "US-TX" says its country itself, and must not contradict. */
	if (strlen(state) == 5 && state[2] == '-')
	{
		memcpy(prefix, state, 2);
		if (country != NULL && !same_word(country, prefix))
			return NULL;
		country = prefix;
		state += 3;
	}
	for (size_t i = 0; i < lengthof(zone_states); i++)
	{
		const ZoneState *s = &zone_states[i];

		if (country != NULL && !same_word(country, s->country))
			continue;
		if (same_word(state, s->code) || same_word(state, s->name))
			return s;
	}
	return NULL;
}

int
va_zone_set_of_region(const char *country, const char *state)
{
	const ZoneState *found = find_state(country, state);

	return found != NULL ? found->set : 0;
}

bool
va_region_code(const char *country, const char *state, char code[8])
{
	const ZoneState *found = find_state(country, state);

	code[0] = '\0';
	if (found == NULL || found->code[0] == '\0')
		return false;
	snprintf(code, 8, "%s-%s", found->country, found->code);
	return true;
}

const char *
va_phone_subdivision(const char *e164)
{
	int area = 0;

	if (e164 == NULL || e164[0] != '+' || e164[1] != '1')
		return NULL;
	for (int i = 2; i < 5; i++)
	{
		if (e164[i] < '0' || e164[i] > '9')
			return NULL;
		area = area * 10 + (e164[i] - '0');
	}
	if (area < 200 || area_index[area - 200] == 0)
		return NULL;
	return area_regions[area_index[area - 200] - 1];
}
