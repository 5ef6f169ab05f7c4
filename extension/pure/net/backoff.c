/*-------------------------------------------------------------------------
 * backoff.c
 *		Delays before another try; Retry-After.
 *
 * Pure: no backend, no locks, no clock, no global state.
 */
#include "backoff.h"

#include <stdio.h>
#include <string.h>

#include "pure/text/instant.h"

uint64_t
va_mix64(uint64_t x)
{
	x += UINT64_C(0x9E3779B97F4A7C15);
	x = (x ^ (x >> 30)) * UINT64_C(0xBF58476D1CE4E5B9);
	x = (x ^ (x >> 27)) * UINT64_C(0x94D049BB133111EB);
	return x ^ (x >> 31);
}

uint64_t
va_hash_text(uint64_t seed, const char *text)
{
	uint64_t hash = UINT64_C(0xcbf29ce484222325) ^ seed;

	for (; text != NULL && *text != '\0'; text++)
		hash = (hash ^ (unsigned char) *text) * UINT64_C(0x100000001b3);
	return va_mix64(hash);
}

int64_t
va_backoff_ms(int attempt, int64_t base_ms, int64_t cap_ms, uint64_t seed)
{
	int64_t delay = base_ms < 1 ? 1 : base_ms;
	int64_t fixed;

	if (cap_ms < 1)
		cap_ms = 1;
	for (int i = 1; i < attempt && delay < cap_ms; i++)
		delay = delay > cap_ms / 2 ? cap_ms : delay * 2;
	if (delay > cap_ms)
		delay = cap_ms;
	fixed = delay - delay / 2;
	return fixed + (int64_t) (va_mix64(seed ^ va_mix64((uint64_t) attempt)) % (uint64_t) (delay / 2 + 1));
}

int64_t
va_rest_end(int64_t until, int64_t now, int64_t longest)
{
	return until > now && (uint64_t) until - (uint64_t) now > (uint64_t) longest ? now : until;
}

static int
month_number(const char *name)
{
	static const char names[] = "JanFebMarAprMayJunJulAugSepOctNovDec";

	for (int i = 0; i < 12; i++)
		if (strncmp(names + i * 3, name, 3) == 0)
			return i + 1;
	return 0;
}

bool
va_http_date(const char *text, int64_t *seconds)
{
	char name[4] = "";
	char zone[6] = "";
	int day, year, hour, minute, second, month;
	int end = 0;
	const char *comma = strchr(text, ',');
	size_t len = strlen(text);

	if (len > 40)
		return false;
	if (comma != NULL)
	{
		/* Sun, 06 Nov 1994 08:49:37 GMT */
		if (sscanf(comma, ", %2d %3[A-Za-z] %4d %2d:%2d:%2d %5[GMT+0]%n", &day, name, &year, &hour, &minute, &second,
				zone, &end) != 7 ||
			(strcmp(zone, "GMT") != 0 && strcmp(zone, "+0000") != 0))
		{
			/* Sunday, 06-Nov-94 08:49:37 GMT */
			end = 0;
			if (sscanf(comma, ", %2d-%3[A-Za-z]-%2d %2d:%2d:%2d GMT%n", &day, name, &year, &hour, &minute, &second,
					&end) != 6 ||
				end == 0)
				return false;
			year += year < 70 ? 2000 : 1900;
		}
		if (comma[end] != '\0')
			return false;
	}
	/* Sun Nov  6 08:49:37 1994 */
	else if (sscanf(text, "%*3[A-Za-z] %3[A-Za-z] %2d %2d:%2d:%2d %4d%n", name, &day, &hour, &minute, &second, &year,
				 &end) != 6 ||
			 end == 0 || text[end] != '\0')
		return false;

	month = month_number(name);
	if (month == 0 || day < 1 || day > 31 || year < 1970 || year > 9999 || hour < 0 || hour > 23 || minute < 0 ||
		minute > 59 || second < 0 || second > 60)
		return false;
	*seconds = va_days_from_civil(year, month, day) * 86400 + hour * 3600 + minute * 60 + second;
	return true;
}

bool
va_retry_after(const char *value, int64_t now, int64_t *seconds)
{
	size_t len;
	int64_t wait = 0;

	if (value == NULL)
		return false;
	while (*value == ' ' || *value == '\t')
		value++;
	len = strspn(value, "0123456789");
	if (len > 0)
	{
		if (value[len + strspn(value + len, " \t")] != '\0')
			return false;
		for (size_t i = 0; i < len && wait <= VA_RETRY_AFTER_MAX; i++)
			wait = wait * 10 + (value[i] - '0');
	}
	else
	{
		if (!va_http_date(value, &wait))
			return false;
		wait -= now;
	}
	*seconds = wait < 0 ? 0 : (wait > VA_RETRY_AFTER_MAX ? VA_RETRY_AFTER_MAX : wait);
	return true;
}
