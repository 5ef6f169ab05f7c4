/*
 * talks.c
 *		What talks of a corpus came to, read as the product reads them, without an
 *		analysis: the driver of talks.pl.
 *
 * Input: a line with id, language, day (2026-03-17) and minutes after midnight,
 * a line for each turn, "a" or "p" and its text, all with tabs, and an empty
 * line.  Output: id, outcome, certain (0 or 1), time ("" = none), opt_out,
 * microseconds.
 */
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "pure/phrases/verify/reading.h"

#define TURNS_MAX 200

static double
now_us(void)
{
	struct timespec at;

	clock_gettime(CLOCK_MONOTONIC, &at);
	return (double) at.tv_sec * 1e6 + (double) at.tv_nsec / 1e3;
}

static void
print_reading(const char *id, const VaReading *reading, double took)
{
	json_t *read = json_loads(reading->json, 0, NULL);
	json_t *outcome = json_object_get(read, "outcome");
	const char *what = json_string_value(json_object_get(outcome, "value"));
	const char *time = json_string_value(json_object_get(json_object_get(read, "time"), "reading"));
	bool opt_out = json_object_get(read, "opt_out_doubt") != NULL;

	if (what == NULL)
		exit(1);
	for (size_t i = 0; i < reading->count; i++)
		opt_out = opt_out || strcmp(reading->values[i].name, "do_not_call") == 0;
	printf("%s\t%s\t%d\t%s\t%d\t%.1f\n", id, what, json_is_true(json_object_get(outcome, "certain")),
		time == NULL ? "" : time, opt_out, took);
	json_decref(read);
}

static void
read_talk(const char *id, const char *language, VaTimeReference reference, const VaTalkTurn *turns, size_t count)
{
	VaReadingOrder order = { .turns = turns, .count = count, .language = language, .reference = &reference };
	VaArena arena = { 0 };
	VaReading reading;
	double from = now_us();

	if (!va_read_conversation(&arena, &order, NULL, 0, 0, &reading))
		exit(1);
	print_reading(id, &reading, now_us() - from);
	va_arena_free(&arena);
}

int
main(void)
{
	static char line[65536];
	static VaTalkTurn turns[TURNS_MAX];
	size_t count = 0;
	char id[40] = "";
	char language[10] = "";
	VaTimeReference reference = { 0 };

	while (fgets(line, sizeof(line), stdin) != NULL)
	{
		int year;
		int month;
		int day;

		line[strcspn(line, "\n")] = '\0';
		if (line[0] == '\0')
		{
			read_talk(id, language, reference, turns, count);
			while (count > 0)
				free((char *) turns[--count].text);
			id[0] = '\0';
		}
		else if (id[0] == '\0')
		{
			if (sscanf(line, "%39s %9s %d-%d-%d %d", id, language, &year, &month, &day, &reference.minutes) != 6)
				return 1;
			reference.day = va_day_number(year, month, day);
		}
		else if (count < TURNS_MAX)
		{
			turns[count] = (VaTalkTurn){ .text = strdup(line + 2), .len = strlen(line + 2), .person = line[0] == 'p' };
			count++;
		}
	}
	return 0;
}
