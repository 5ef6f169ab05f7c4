/*
 * test_backoff.c
 *		Delays grow, are capped, spread and repeatable; Retry-After.
 */
#include "pure/net/backoff.h"

#include "tap.h"

#define NOW INT64_C(784111777) /* Sun, 06 Nov 1994 08:49:37 GMT */

static void
test_rests(void)
{
	is_int(va_rest_end(NOW + 5, NOW, 10), NOW + 5, "a rest ends when it should");
	is_int(va_rest_end(NOW + 10, NOW, 10), NOW + 10, "... also one that has just begun");
	is_int(va_rest_end(NOW - 5, NOW, 10), NOW - 5, "... and one that is over");
	is_int(va_rest_end(NOW + 3600, NOW, 10), NOW, "the clock was set back by an hour: it is over");
	is_int(va_rest_end(INT64_MAX, INT64_MIN, INT64_MAX), INT64_MIN, "the longest ones do not overflow");
	is_int(va_rest_end(0, NOW, 0), 0, "none at all");
}

static void
test_delays(void)
{
	bool bounded = true;
	bool same = true;
	int64_t low = INT64_MAX;
	int64_t high = 0;

	for (uint64_t seed = 0; seed < 1000; seed++)
		for (int attempt = 1; attempt <= 12; attempt++)
		{
			int64_t full = INT64_C(1000) << (attempt - 1);
			int64_t delay = va_backoff_ms(attempt, 1000, 60000, seed);

			if (full > 60000)
				full = 60000;
			bounded = bounded && delay >= full / 2 && delay <= full;
			same = same && delay == va_backoff_ms(attempt, 1000, 60000, seed);
			if (attempt == 12)
			{
				low = delay < low ? delay : low;
				high = delay > high ? delay : high;
			}
		}
	ok(bounded, "between half and all of the doubled base, up to the cap");
	ok(same, "the same seed, the same delay");
	ok(low < 31000 && high > 59000, "seeds spread over the whole half");
	is_int(va_backoff_ms(1, 1, 1, 7), 1, "the smallest");
	ok(va_backoff_ms(1000000, INT64_MAX / 2, INT64_MAX, 7) > 0, "no overflow");
	ok(va_backoff_ms(-5, -1, -1, 7) == 1, "nonsense is one millisecond");
}

static void
retry(const char *value, int64_t expected)
{
	int64_t seconds = -1;
	bool good = va_retry_after(value, NOW, &seconds);

	is_int(good ? seconds : -1, expected, "Retry-After: %s", value);
}

int
main(void)
{
	int64_t seconds;

	test_rests();
	test_delays();
	retry("0", 0);
	retry("120", 120);
	retry(" 7 ", 7);
	retry("999999999999999999999", VA_RETRY_AFTER_MAX);
	retry("Sun, 06 Nov 1994 08:50:37 GMT", 60);
	retry("Sunday, 06-Nov-94 08:49:38 GMT", 1);
	retry("Sun Nov  6 08:49:47 1994", 10);
	retry("Sun, 06 Nov 1994 08:00:00 GMT", 0);
	retry("Fri, 31 Dec 2199 23:59:59 GMT", VA_RETRY_AFTER_MAX);
	retry("", -1);
	retry("soon", -1);
	retry("1.5", -1);
	retry("-1", -1);
	retry("5 s", -1);
	retry("Sun, 06 Foo 1994 08:50:37 GMT", -1);
	retry("Sun, 06 Nov 1994 25:50:37 GMT", -1);
	retry("Sun, 06 Nov 1994 08:50:37 GMT tomorrow", -1);
	retry("Sun, 06 Nov 1994 08:50:37", -1);
	ok(!va_retry_after(NULL, NOW, &seconds), "no header");
	return done_testing();
}
