/*
 * talks.c
 *		What talks of a corpus came to, read: the driver of talks.pl.
 *
 * Input: a line with id, language, day (2026-03-17) and minutes after midnight,
 * a line for each turn, "a" or "p" and its text, all with tabs, and an empty
 * line.  Output: id, outcome, certain (0 or 1), time ("" = none), opt_out,
 * microseconds.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "pure/phrases/verify/outcome.h"

#define TURNS_MAX 200

static double
now_us(void)
{
	struct timespec at;

	clock_gettime(CLOCK_MONOTONIC, &at);
	return (double) at.tv_sec * 1e6 + (double) at.tv_nsec / 1e3;
}

static void
read_talk(const char *id, const char *language, VaTimeReference reference, const VaTalkTurn *turns, size_t count)
{
	VaArena arena = { 0 };
	VaTalk talk;
	VaTalkOutcome outcome;
	char time[VA_PHRASE_TIME_TEXT_MAX] = "";
	double from = now_us();

	if (!va_talk_read(&arena, turns, count, language, &reference, &talk))
		exit(1);
	va_read_outcome(&talk, &outcome);
	if (outcome.timed)
		va_phrase_time_text(&outcome.time, time);
	printf("%s\t%s\t%d\t%s\t%d\t%.1f\n", id, va_outcome_name(outcome.outcome), outcome.certain, time, outcome.opt_out,
		now_us() - from);
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
