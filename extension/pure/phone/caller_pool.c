/*-------------------------------------------------------------------------
 * caller_pool.c
 *		Which of a pool's numbers calls whom.
 *
 * People pick up for numbers of their own area code; where that is not to be
 * had, for those of their state.  Outside of North America area codes have no
 * fixed length: two digits after the calling code stand for one, which tells
 * most large cities and networks apart.
 */
#include "caller_pool.h"

#include <string.h>

/* The length of "+" and the calling code; 0: no number. */
static size_t
calling_code_length(const char *phone)
{
	static const char *const pairs =
		" 20 27 30 31 32 33 34 36 39 40 41 43 44 45 46 47 48 49 51 52 53 54 55 56 57 58 60 61 62 63 64 65 66 "
		"81 82 84 86 90 91 92 93 94 95 98 ";
	char pair[5] = { ' ', 0, 0, ' ', 0 };

	if (phone[0] != '+' || phone[1] == 0 || phone[2] == 0)
		return 0;
	if (phone[1] == '1' || phone[1] == '7')
		return 2;
	pair[1] = phone[1];
	pair[2] = phone[2];
	return strstr(pairs, pair) != NULL ? 3 : 4;
}

static bool
same_area(const char *a, const char *b)
{
	size_t code = calling_code_length(a);
	size_t area;

	if (code == 0)
		return false;
	area = code + (a[1] == '1' ? 3 : 2);
	return strlen(a) > area && strncmp(a, b, area) == 0;
}

/* Does the list have this entry? */
static bool
has_region(const char *list, const char *entry, size_t len)
{
	for (;;)
	{
		size_t n = strcspn(list, "|");

		if (n == len && memcmp(list, entry, len) == 0)
			return true;
		if (list[n] == 0)
			return false;
		list += n + 1;
	}
}

static bool
same_region(const char *a, const char *b)
{
	/* A country alone is no state. */
	if (strchr(a, '-') == NULL || strchr(b, '-') == NULL)
		return false;
	for (;;)
	{
		size_t n = strcspn(a, "|");

		if (n > 0 && has_region(b, a, n))
			return true;
		if (a[n] == 0)
			return false;
		a += n + 1;
	}
}

static bool
same_country(const VaCallPlace *a, const VaCallPlace *b)
{
	size_t code;

	if (strlen(a->region) >= 2 && strlen(b->region) >= 2)
		return memcmp(a->region, b->region, 2) == 0;
	code = calling_code_length(a->phone);
	return code > 0 && strncmp(a->phone, b->phone, code) == 0;
}

VaNearness
va_nearness(const VaCallPlace *a, const VaCallPlace *b)
{
	if (same_area(a->phone, b->phone))
		return VA_NEAR_AREA;
	if (same_region(a->region, b->region))
		return VA_NEAR_REGION;
	return same_country(a, b) ? VA_NEAR_COUNTRY : VA_NEAR_ANYWHERE;
}

static void
take(VaCallerNumber *callers, size_t ncallers, int64_t number)
{
	for (size_t i = 0; i < ncallers; i++)
		if (callers[i].number == number)
			callers[i].taken = true;
}

size_t
va_assign_callers(const VaCallPlace *calls, size_t ncalls, VaCallerNumber *callers, size_t ncallers, int64_t *numbers)
{
	size_t assigned = 0;
	size_t left = 0;

	memset(numbers, 0, ncalls * sizeof(*numbers));
	for (size_t j = 0; j < ncallers; j++)
		callers[j].taken = false;
	left = ncallers;
	for (int wanted = VA_NEAR_AREA; wanted >= VA_NEAR_ANYWHERE; wanted--)
	{
		for (size_t i = 0; i < ncalls && left > 0; i++)
		{
			if (numbers[i] != 0)
				continue;
			for (size_t j = 0; j < ncallers; j++)
			{
				if (callers[j].taken || callers[j].place.campaign != calls[i].campaign ||
					(int) va_nearness(&calls[i], &callers[j].place) < wanted)
					continue;
				numbers[i] = callers[j].number;
				take(callers, ncallers, callers[j].number);
				assigned++;
				left--;
				break;
			}
		}
	}
	return assigned;
}
