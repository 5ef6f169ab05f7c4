/*-------------------------------------------------------------------------
 * limits.c
 *		Vendors' limits, in headers.
 *
 * retry-after-ms goes before retry-after, and that before the resets, which
 * are durations (6m0s, 12ms) or instants in RFC 3339.  A reset counts when
 * nothing remains before it; after a refusal that names no wait, the longest
 * reset does.
 */
#include "models_internal.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "pure/text/instant.h"

#define REST_MAX_MS (INT64_C(3600) * 1000)
#define VALUE_MAX 80

/* A header's value as text of its own; false: it is not there, or too long to be one of these. */
static bool
value_of(const char *headers, const char *name, char *out)
{
	size_t len = strlen(name);

	for (const char *line = headers; line != NULL && *line != '\0';)
	{
		const char *end = strchr(line, '\n');
		size_t line_len = end != NULL ? (size_t) (end - line) : strlen(line);

		if (line_len > len && line[len] == ':' && strncasecmp(line, name, len) == 0)
		{
			const char *value = line + len + 1;
			size_t n = line_len - len - 1;

			while (n > 0 && (*value == ' ' || *value == '\t'))
			{
				value++;
				n--;
			}
			while (n > 0 && (value[n - 1] == ' ' || value[n - 1] == '\r'))
				n--;
			if (n == 0 || n >= VALUE_MAX)
				return false;
			memcpy(out, value, n);
			out[n] = '\0';
			return true;
		}
		line = end != NULL ? end + 1 : NULL;
	}
	return false;
}

/* "1h2m3.5s", "6m0s", "12ms", "20" (seconds); -1: it is none. */
static int64_t
duration_ms(const char *text)
{
	double total = 0;

	if (*text == '\0')
		return -1;
	while (*text != '\0')
	{
		char *end;
		double value;

		if (strspn(text, "0123456789.") == 0)
			return -1;
		value = strtod(text, &end);
		if (strncmp(end, "ms", 2) == 0)
			end += 2;
		else if (*end == 'h' || *end == 'm')
			value *= *end++ == 'h' ? 3600e3 : 60e3;
		else if (*end == 's' || *end == '\0')
		{
			value *= 1e3;
			end += *end == 's';
		}
		else
			return -1;
		total += value;
		text = end;
	}
	return total < (double) REST_MAX_MS ? (int64_t) total : REST_MAX_MS;
}

static int64_t
reset_ms(const char *text, int64_t now_ms)
{
	int64_t at;

	if (strchr(text, 'T') != NULL && va_time_parse(text, &at))
		return at - now_ms;
	return duration_ms(text);
}

static const char *const kinds[] = { "requests", "tokens", "input-tokens", "output-tokens", NULL };

static int64_t
longest_reset(const char *headers, bool refused, int64_t now_ms)
{
	static const char *const forms[][2] = { { "x-ratelimit-remaining-%s", "x-ratelimit-reset-%s" },
		{ "anthropic-ratelimit-%s-remaining", "anthropic-ratelimit-%s-reset" } };
	int64_t empty = 0;
	int64_t any = 0;
	char name[64];
	char value[VALUE_MAX];

	for (int form = 0; form < 2; form++)
		for (int i = 0; kinds[i] != NULL; i++)
		{
			bool none_left;
			int64_t wait;

			snprintf(name, sizeof(name), forms[form][0], kinds[i]);
			none_left = value_of(headers, name, value) && strcmp(value, "0") == 0;
			snprintf(name, sizeof(name), forms[form][1], kinds[i]);
			wait = value_of(headers, name, value) ? reset_ms(value, now_ms) : -1;
			if (wait > any)
				any = wait;
			if (none_left && wait > empty)
				empty = wait;
		}
	return empty > 0 || !refused ? empty : any;
}

static int64_t
bounded(int64_t ms)
{
	return ms < 0 ? 0 : ms > REST_MAX_MS ? REST_MAX_MS : ms;
}

int64_t
va_model_rest_ms(const char *headers, int retry_after_s, bool refused, int64_t now_ms)
{
	char value[VALUE_MAX];

	if (refused && headers != NULL && value_of(headers, "retry-after-ms", value) &&
		strspn(value, "0123456789.") == strlen(value))
		return bounded((int64_t) strtod(value, NULL));
	if (refused && retry_after_s > 0)
		return bounded((int64_t) retry_after_s * 1000);
	return headers != NULL ? bounded(longest_reset(headers, refused, now_ms)) : 0;
}

bool
va_model_final(const char *headers)
{
	char value[VALUE_MAX];

	return headers != NULL && value_of(headers, "x-should-retry", value) && strcasecmp(value, "false") == 0;
}
