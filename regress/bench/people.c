/*
 * What a carrier tells of its calls: the webhooks of the sandbox's people, for calls that another carrier has taken.
 *
 *	.build/bench/people PATH [REPORTS] < CALLS
 *
 * Every line of CALLS is a call, "id <tab> reference <tab> number <tab> milliseconds when it was placed <tab> first name".
 * Prints the requests, "path <tab> body" a line: ringing, in-progress when somebody or something answers, ended, and the
 * end-of-call report; one call in fifty has every webhook twice.  Those of a call come in this order, and those of
 * other calls between them.  With REPORTS there are reports alone, one a call.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "pure/sandbox/plan.h"

#define KINDS 4		/* ringing, in-progress, ended, report */
#define APART 100	/* so many calls later the next webhook of a call comes */
#define SEED 42
#define ANALYSIS_MS 1500

typedef struct Told
{
	char *bodies[KINDS];
	int times;
} Told;

static Told *told;
static int ntold, told_size;

static void *
checked(void *memory)
{
	if (memory == NULL)
	{
		fprintf(stderr, "people: out of memory\n");
		exit(1);
	}
	return memory;
}

static char *
kept(const char *body)
{
	return checked(body == NULL ? NULL : strdup(body));
}

static void
tell(char *id, char *reference, char *number, int64_t created_at, const char *name, bool reports_only)
{
	VaArena arena = {0};
	VaPeopleOrder order = {.seed = SEED, .number = number, .reference = reference, .dial = 1, .customer_name = name,
						   .first_message = "Hello, this is Ann, an automated assistant.", .max_duration_s = 600, .created_at = created_at};
	VaDisposition disposition;
	VaCarrierCall call = {.id = id, .name = reference, .number = number, .phone_number_id = "p1", .status = "ended", .created_at = created_at};
	Told *one;

	order.variables = va_arena_printf(&arena, "{\"first_name\":\"%s\"}", name);
	va_people_decide(&order, &disposition);
	va_people_talk(&order, &disposition, &arena, &call);
	call.started_at = disposition.answered ? created_at + disposition.ring_ms : 0;
	call.ended_at = call.updated_at = created_at + disposition.ring_ms + va_people_talk_ms(&call);
	if (disposition.answered)
		call.recording_url = va_arena_printf(&arena, "https://carrier.example/%s.wav", id);
	if (ntold == told_size)
	{
		told_size = told_size == 0 ? 1024 : told_size * 2;
		told = checked(realloc(told, sizeof(*told) * (size_t) told_size));
	}
	one = &told[ntold++];
	memset(one, 0, sizeof(*one));
	one->times = (disposition.faults & VA_FAULT_DOUBLED) != 0 && !reports_only ? 2 : 1;
	if (!reports_only)
	{
		one->bodies[0] = kept(va_carrier_status_body(&call, "ringing", created_at, &arena));
		if (disposition.answered)
			one->bodies[1] = kept(va_carrier_status_body(&call, "in-progress", call.started_at, &arena));
		one->bodies[2] = kept(va_carrier_status_body(&call, "ended", call.ended_at, &arena));
	}
	one->bodies[3] = kept(va_carrier_report_body(&call, call.ended_at + ANALYSIS_MS, &arena));
	va_arena_free(&arena);
}

int
main(int argc, char **argv)
{
	char line[4096];
	bool reports_only = argc > 2 && strcmp(argv[2], "REPORTS") == 0;

	if (argc < 2)
		return 2;
	while (fgets(line, sizeof(line), stdin) != NULL)
	{
		char *rest = line;
		char *id = strsep(&rest, "\t\n");
		char *reference = strsep(&rest, "\t\n");
		char *number = strsep(&rest, "\t\n");
		char *created_at = strsep(&rest, "\t\n");
		char *name = strsep(&rest, "\t\n");

		if (name == NULL)
			return 2;
		tell(id, reference, number, strtoll(created_at, NULL, 10), name, reports_only);
	}
	for (int at = 0; at < ntold + (KINDS - 1) * APART; at++)
		for (int kind = 0; kind < KINDS; kind++)
		{
			int which = at - kind * APART;

			if (which >= 0 && which < ntold && told[which].bodies[kind] != NULL)
				for (int i = 0; i < told[which].times; i++)
					printf("%s\t%s\n", argv[1], told[which].bodies[kind]);
		}
	return 0;
}
