/*
 * items.c
 *		Talks of a corpus in which a value is given, read: the driver of items.pl.
 *
 * Input: a line with id, kind and language, a line for each turn, "a" or "p"
 * and its text, all with tabs, and an empty line.  Output: id, value ("" =
 * none), microseconds.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "pure/phrases/fields.h"

#define TURNS_MAX 200

static double
now_us(void)
{
	struct timespec at;

	clock_gettime(CLOCK_MONOTONIC, &at);
	return (double) at.tv_sec * 1e6 + (double) at.tv_nsec / 1e3;
}

static void
read_item(const char *id, const char *kind, const char *language, const VaTalkTurn *turns, size_t nturns)
{
	VaArena arena = { 0 };
	VaFieldValue value = { 0 };
	const VaLexicon *lexicon = va_lexicon(language);
	double from = now_us();

	if (lexicon == NULL || !va_read_field(&arena, lexicon, turns, nturns, va_field_kind(kind), &value))
		exit(1);
	printf("%s\t%s\t%.1f\n", id, value.value == NULL ? "" : value.value, now_us() - from);
	va_arena_free(&arena);
}

int
main(void)
{
	static char line[65536];
	static VaTalkTurn turns[TURNS_MAX];
	size_t nturns = 0;
	char id[40] = "";
	char kind[20] = "";
	char language[10] = "";

	va_lexicon("en");
	while (fgets(line, sizeof(line), stdin) != NULL)
	{
		line[strcspn(line, "\n")] = '\0';
		if (line[0] == '\0')
		{
			read_item(id, kind, language, turns, nturns);
			while (nturns > 0)
				free((char *) turns[--nturns].text);
			id[0] = '\0';
		}
		else if (id[0] == '\0')
		{
			if (sscanf(line, "%39s %19s %9s", id, kind, language) != 3)
				return 1;
		}
		else if (nturns < TURNS_MAX)
		{
			turns[nturns] = (VaTalkTurn){ .text = strdup(line + 2), .len = strlen(line + 2), .person = line[0] == 'p' };
			nturns++;
		}
	}
	return 0;
}
