/*
 * reading.c
 *		The processor time of reading a talk together with its analysis: a usual
 *		call, and a long one.
 *
 * Output: for each the microseconds of the median of many readings.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "pure/phrases/verify/reading.h"

#define ROUNDS 301
#define TURNS_MAX 80
#define VALUES_MAX 15

static const char *const said[] = {
	"Hi, this is Dana from Blue Ridge Gutters, you asked us about a free estimate. Am I speaking with Mary Jones?",
	"Yes, this is she. I filled in your form on Saturday, the gutters hang off the back of the house.",
	"Great. Do you own the house, and how many windows does it have?",
	"We own it, yes, and there are fourteen windows, I think. It is a red one.",
	"What is your budget for this, roughly?",
	"About twenty-four hundred dollars, not more.",
	"And at which e-mail address can we reach you?",
	"It's mary dot jones at example dot com.",
	"We could send somebody tomorrow at three in the afternoon. Does that suit you?",
	"Yes, tomorrow at three is perfect, thank you.",
};

static const VaReadValue claims[VALUES_MAX] = {
	{ .name = "appointment.booked", .type = VA_VALUE_BOOLEAN, .text = "true", .len = 4 },
	{ .name = "appointment.date", .text = "2026-03-18", .len = 10 },
	{ .name = "appointment.time", .text = "15:00", .len = 5 },
	{ .name = "interest", .text = "high", .len = 4 },
	{ .name = "do_not_call", .type = VA_VALUE_BOOLEAN, .text = "false", .len = 5 },
	{ .name = "budget", .type = VA_VALUE_NUMBER, .text = "2400", .len = 4 },
	{ .name = "email", .text = "mary.jones@example.com", .len = 22 },
	{ .name = "name", .text = "Mary Jones", .len = 10 },
	{ .name = "windows", .type = VA_VALUE_NUMBER, .text = "14", .len = 2 },
	{ .name = "owns_house", .type = VA_VALUE_BOOLEAN, .text = "true", .len = 4 },
	{ .name = "color", .text = "red", .len = 3 },
	{ .name = "remark", .text = "The gutters hang off the back of the house.", .len = 43 },
	{ .name = "callback.requested", .type = VA_VALUE_BOOLEAN, .text = "true", .len = 4 },
	{ .name = "phone", .text = "+14155550134", .len = 12 },
	{ .name = "lead_id", .type = VA_VALUE_NUMBER, .text = "4711", .len = 4 },
};

static int
compare(const void *one, const void *other)
{
	double a = *(const double *) one;
	double b = *(const double *) other;

	return (a > b) - (a < b);
}

static double
median_us(size_t nturns, size_t nvalues)
{
	static const char *colors[] = { "red", "blue" };
	static const VaAskedField fields[] = { { .name = "budget", .type = "number" },
		{ .name = "windows", .type = "number" },
		{ .name = "owns_house", .type = "boolean", .about = "Whether the person owns the house" },
		{ .name = "color", .type = "string", .choices = colors, .nchoices = 2 },
		{ .name = "remark", .type = "string" } };
	VaTimeReference reference = { .day = 20529, .minutes = 620 };
	VaTalkTurn turns[TURNS_MAX];
	double took[ROUNDS];

	for (size_t i = 0; i < nturns; i++)
	{
		const char *text = said[i % (sizeof(said) / sizeof(said[0]))];

		turns[i] = (VaTalkTurn){ .text = text, .len = strlen(text), .person = i % 2 == 1 };
	}
	for (size_t i = 0; i < ROUNDS; i++)
	{
		VaReadingOrder order = { .turns = turns,
			.count = nturns,
			.language = "en-US",
			.reference = &reference,
			.fields = fields,
			.nfields = sizeof(fields) / sizeof(fields[0]),
			.fields_known = true };
		VaArena arena = { 0 };
		VaReading reading;
		struct timespec from;
		struct timespec to;

		clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &from);
		if (!va_read_conversation(&arena, &order, claims, nvalues, 0, &reading))
			exit(1);
		va_arena_free(&arena);
		clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &to);
		took[i] = (double) (to.tv_sec - from.tv_sec) * 1e6 + (double) (to.tv_nsec - from.tv_nsec) / 1e3;
	}
	qsort(took, ROUNDS, sizeof(double), compare);
	return took[ROUNDS / 2];
}

int
main(void)
{
	printf("reading, a call of 10 turns and 6 values: %.0f us (at most 60)\n", median_us(10, 6));
	printf("reading, a call of 80 turns and 15 values: %.2f ms (at most 2)\n", median_us(80, 15) / 1000);
	return 0;
}
