/*
 * items.c
 *		Talks of a corpus in which a value is given, and values that an author
 *		claims of them: the driver of items.pl.
 *
 * Input: a line with id, kind and language, a line for each turn, "a" or "p"
 * and its text, then a line for each claim, "c" and its text, all with tabs,
 * and an empty line.  Output for each claim: id, its number, label, whether it
 * counts, microseconds.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "pure/phrases/verify/reading.h"

#define TURNS_MAX 200
#define CLAIMS_MAX 200

static double
now_us(void)
{
	struct timespec at;

	clock_gettime(CLOCK_MONOTONIC, &at);
	return (double) at.tv_sec * 1e6 + (double) at.tv_nsec / 1e3;
}

static void
read_claim(const char *id, VaReadingOrder *order, VaAskedField *field, size_t number, const char *claim)
{
	VaArena arena = { 0 };
	VaReading reading;
	VaReadValue value = { .name = field->name, .text = claim, .len = strlen(claim) };
	double from = now_us();

	if (!va_read_conversation(&arena, order, &value, 1, 0, &reading))
		exit(1);
	printf("%s\t%zu\t%s\t%d\t%.1f\n", id, number, va_support_name(reading.values[0].support), reading.values[0].counts,
		now_us() - from);
	va_arena_free(&arena);
}

int
main(void)
{
	static char line[65536];
	static VaTalkTurn turns[TURNS_MAX];
	size_t nturns = 0;
	size_t nclaims = 0;
	char id[40] = "";
	char kind[20] = "";
	char language[10] = "";
	/* A Tuesday. */
	VaTimeReference reference = { .day = va_day_number(2026, 3, 17), .minutes = 620 };

	while (fgets(line, sizeof(line), stdin) != NULL)
	{
		line[strcspn(line, "\n")] = '\0';
		if (line[0] == '\0')
		{
			while (nturns > 0)
				free((char *) turns[--nturns].text);
			nclaims = 0;
			id[0] = '\0';
		}
		else if (id[0] == '\0')
		{
			if (sscanf(line, "%39s %19s %9s", id, kind, language) != 3)
				return 1;
		}
		else if (line[0] == 'c' && nclaims < CLAIMS_MAX)
		{
			VaAskedField field = { .name = kind,
				.type = strcmp(kind, "number") == 0 ? "number" : "string",
				.format = strcmp(kind, "date") == 0 ? "date" : NULL };
			VaReadingOrder order = { .turns = turns,
				.count = nturns,
				.language = language,
				.reference = &reference,
				.fields = &field,
				.nfields = 1,
				.fields_known = true };

			read_claim(id, &order, &field, nclaims++, line + 2);
		}
		else if (line[0] != 'c' && nturns < TURNS_MAX)
		{
			turns[nturns] = (VaTalkTurn){ .text = strdup(line + 2), .len = strlen(line + 2), .person = line[0] == 'p' };
			nturns++;
		}
	}
	return 0;
}
