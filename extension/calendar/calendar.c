/*-------------------------------------------------------------------------
 * calendar.c
 *		voiceagent-calendar: reads an iCalendar file, in a process of its own.
 *
 *	voiceagent-calendar ZONE FROM UNTIL OWN < FILE
 *
 * Prints "EVENTS SKIPPED SPANS" and a line "START END" for each busy span that
 * touches [FROM, UNTIL), in seconds since 1970; or "!" and what is wrong.  OWN
 * is how the UIDs of our own appointments end; empty: none is ours.
 *
 * The file is a stranger's, and libical was written for friends': should a file
 * end this process, or keep it busy, then nothing else is ended or kept.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <unistd.h>
#ifdef __linux__
#include <signal.h>
#include <sys/prctl.h>
#endif

#include "pure/calendar/busy.h"
#include "calendar/program.h"

static void
limit(int resource, rlim_t most)
{
	struct rlimit limits = { most, most };

	(void) setrlimit(resource, &limits);
}

/* Files that the server has open are not ours. */
static void
keep_apart(void)
{
#ifdef __linux__
	(void) prctl(PR_SET_PDEATHSIG, SIGKILL);
#endif
	closefrom(STDERR_FILENO + 1);
	limit(RLIMIT_CORE, 0);
	limit(RLIMIT_AS, (rlim_t) VA_CALENDAR_MEMORY);
	limit(RLIMIT_CPU, VA_CALENDAR_SECONDS);
	limit(RLIMIT_FSIZE, 0);
	if (nice(VA_CALENDAR_NICE) == -1)
		errno = 0;
}

/* The processor's time is limited by the system. */
static bool
go_on(void *arg)
{
	return true;
}

int
main(int argc, char **argv)
{
	char *text = malloc(VA_CALENDAR_BYTES + 1);
	size_t len;
	VaBusy busy;

	keep_apart();
	if (argc != 5 || text == NULL)
		return 1;
	len = fread(text, 1, VA_CALENDAR_BYTES, stdin);
	text[len] = '\0';
	if (!va_busy_read(text, len, argv[1], argv[4], atoll(argv[2]), atoll(argv[3]), go_on, NULL, &busy))
	{
		printf("!%s\n", busy.problem);
		return 0;
	}
	printf("%d %d %zu\n", busy.events, busy.skipped, busy.count);
	for (size_t i = 0; i < busy.count; i++)
		printf("%lld %lld\n", (long long) busy.spans[i].starts, (long long) busy.spans[i].ends);
	va_busy_free(&busy);
	free(text);
	return 0;
}
