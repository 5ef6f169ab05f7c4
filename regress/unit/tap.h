/*-------------------------------------------------------------------------
 * tap.h
 *		The least that a unit test of pure code needs: assertions that print
 *		TAP.  Include it in the one file of a test program; main() ends with
 *		"return done_testing();".
 *
 *		A test runs in the root of a copy of the sources, so that files are
 *		named like "regress/unit/data/x.csv".
 *-------------------------------------------------------------------------
 */
#ifndef VOICEAGENT_TAP_H
#define VOICEAGENT_TAP_H

#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int tap_count = 0;
static int tap_failures = 0;

/* scarce.c, where it is linked: whether it takes the assertions for its own, and its end. */
extern bool scarce_answer(bool passed) __attribute__((weak));
extern int	scarce_end(void) __attribute__((weak));

/* A diagnostic line; newlines inside stay comments. */
static inline void __attribute__((format(printf, 1, 2)))
diag(const char *fmt, ...)
{
	char		buf[4096];
	va_list		args;

	va_start(args, fmt);
	vsnprintf(buf, sizeof(buf), fmt, args);
	va_end(args);
	fputs("# ", stdout);
	for (const char *p = buf; *p != '\0'; p++)
	{
		putchar(*p);
		if (*p == '\n')
			fputs("# ", stdout);
	}
	putchar('\n');
	fflush(stdout);
}

static inline bool __attribute__((format(printf, 4, 5)))
tap_ok(bool passed, const char *file, int line, const char *fmt, ...)
{
	char		name[512];
	va_list		args;

	if (scarce_answer && scarce_answer(passed))
		return passed;
	va_start(args, fmt);
	vsnprintf(name, sizeof(name), fmt, args);
	va_end(args);
	/* "#" would start a TAP directive, a newline would end the line. */
	for (char *p = name; *p != '\0'; p++)
	{
		if (*p == '#' || *p == '\n' || *p == '\r')
			*p = ' ';
	}
	printf("%sok %d - %s\n", passed ? "" : "not ", ++tap_count, name);
	/* Flushed, so that what a crash leaves shows how far the test came. */
	fflush(stdout);
	if (!passed)
	{
		tap_failures++;
		diag("failed at %s line %d", file, line);
	}
	return passed;
}

/* ok(condition, "name with %d", 1) */
#define ok(condition, ...) tap_ok((condition), __FILE__, __LINE__, __VA_ARGS__)

/* is_str(got, expected, "name"); either may be NULL */
#define is_str(got, expected, ...) \
	do \
	{ \
		const char *tap_got = (got); \
		const char *tap_expected = (expected); \
		bool		tap_same = tap_got == NULL || tap_expected == NULL \
			? tap_got == tap_expected : strcmp(tap_got, tap_expected) == 0; \
		if (!ok(tap_same, __VA_ARGS__)) \
			diag("     got: %s\nexpected: %s", tap_got ? tap_got : "(null)", \
				 tap_expected ? tap_expected : "(null)"); \
	} while (0)

/* is_int(got, expected, "name"); anything that fits long long */
#define is_int(got, expected, ...) \
	do \
	{ \
		long long	tap_got = (long long) (got); \
		long long	tap_expected = (long long) (expected); \
		if (!ok(tap_got == tap_expected, __VA_ARGS__)) \
			diag("     got: %lld\nexpected: %lld", tap_got, tap_expected); \
	} while (0)

/* is_mem(got, got_len, expected, expected_len, "name") */
#define is_mem(got, got_len, expected, expected_len, ...) \
	do \
	{ \
		size_t		tap_got_len = (got_len); \
		size_t		tap_expected_len = (expected_len); \
		if (!ok(tap_got_len == tap_expected_len && \
				(tap_got_len == 0 || memcmp((got), (expected), tap_got_len) == 0), __VA_ARGS__)) \
			diag("bytes differ: got %zu, expected %zu", tap_got_len, tap_expected_len); \
	} while (0)

/* The plan stands at the end; without it (a crash, an early exit) the harness counts a failure. */
static inline int
done_testing(void)
{
	if (scarce_answer && scarce_answer(true))
		return scarce_end();
	printf("1..%d\n", tap_count);
	fflush(stdout);
	return tap_failures == 0 && tap_count > 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}

#endif							/* VOICEAGENT_TAP_H */
