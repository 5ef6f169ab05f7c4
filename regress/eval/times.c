/*
 * times.c
 *		Phrases of a corpus, read: the driver of `make eval`.
 *
 * Input lines: id, language, reference (2026-03-17T10:20), phrase, with tabs.
 * Output: id, readings (alternatives with " | "; none), microseconds.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "pure/phrases/times/times.h"

#define ROUNDS 5

static double
now_us(void)
{
	struct timespec at;

	clock_gettime(CLOCK_MONOTONIC, &at);
	return (double) at.tv_sec * 1e6 + (double) at.tv_nsec / 1e3;
}

static void
print_times(const VaPhraseTimes *times)
{
	if (times->count == 0)
		fputs("none", stdout);
	for (size_t i = 0; i < times->count; i++)
	{
		char text[VA_PHRASE_TIME_TEXT_MAX];

		va_phrase_time_text(&times->items[i], text);
		if (i > 0)
			fputs(times->items[i].alternative == times->items[i - 1].alternative ? ", " : " | ", stdout);
		fputs(text, stdout);
	}
}

int
main(void)
{
	static char line[65536];

	while (fgets(line, sizeof(line), stdin) != NULL)
	{
		char *id = strtok(line, "\t\n");
		char *code = strtok(NULL, "\t\n");
		char *reference = strtok(NULL, "\t\n");
		char *phrase = strtok(NULL, "\t\n");
		int year, month, day, hour, minute;
		VaPhraseTimes times;
		double best = 1e9;

		if (phrase == NULL || sscanf(reference, "%d-%d-%dT%d:%d", &year, &month, &day, &hour, &minute) != 5)
		{
			fprintf(stderr, "times: a line with too few columns: %s\n", id == NULL ? "" : id);
			return EXIT_FAILURE;
		}
		for (int i = 0; i < ROUNDS; i++)
		{
			double from = now_us();

			va_phrase_times(phrase, strlen(phrase), va_phrase_language(code),
				(VaTimeReference){ va_day_number(year, month, day), hour * 60 + minute }, &times);
			from = now_us() - from;
			best = from < best ? from : best;
		}
		printf("%s\t", id);
		print_times(&times);
		printf("\t%.2f\n", best);
	}
	return EXIT_SUCCESS;
}
