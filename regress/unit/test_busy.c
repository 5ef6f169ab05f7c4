/*
 * test_busy.c
 *		What libical refuses of a calendar file, and what other readers take otherwise, is busy and counted: rules, ends, dates, hours that
 *		come twice or never, names of zones.
 */
#include "tap.h"

#include <stdio.h>
#include <stdlib.h>

#include "pure/calendar/busy.c"
#include "pure/calendar/zones.c"

static bool
on(void *arg)
{
	(void) arg;
	return true;
}

/* An event, in the first two months of 2026 (New York): "skipped: spans", of which the first five. */
static const char *
busy_of(const char *lines)
{
	static char shown[2000];
	char *text;
	size_t used;
	VaBusy busy;

	if (asprintf(&text, "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nBEGIN:VEVENT\r\nUID:a\r\n%s\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n", lines) < 0)
		abort();
	if (!va_busy_read(text, strlen(text), "America/New_York", NULL, INT64_C(1767243600), INT64_C(1799000000), on, NULL, &busy))
		return busy.problem;
	used = (size_t) snprintf(shown, sizeof(shown), "%d: %zu", (int) busy.skipped, busy.count);
	for (size_t i = 0; i < busy.count && i < 5; i++)
	{
		time_t starts = (time_t) busy.spans[i].starts, ends = (time_t) busy.spans[i].ends;

		used += strftime(shown + used, sizeof(shown) - used, " %m%d %H:%M", gmtime(&starts));
		used += strftime(shown + used, sizeof(shown) - used, "-%m%d %H:%M", gmtime(&ends));
	}
	va_busy_free(&busy);
	free(text);
	return shown;
}

#define AT3 "DTSTART:20260106T150000Z\r\nDTEND:20260106T160000Z\r\n"
#define THREE "0: 3 0106 15:00-0106 16:00 0113 15:00-0113 16:00 0120 15:00-0120 16:00"

static void
test_rules(void)
{
	static const char *const mended[] = { "FREQ=WEEKLY;COUNT=3;UNTIL=20260120T235959Z", "COUNT=9;FREQ=WEEKLY;UNTIL=20260120",
										  "FREQ=WEEKLY;X-FOO=1;COUNT=3", "FREQ=WEEKLY; COUNT=3", "FREQ=WEEKLY;;COUNT=3;", "FREQ=WEEKLY;UNTIL=;COUNT=3",
										  "FREQ = WEEKLY ; COUNT = 3", "x-a=b;FREQ=WEEKLY;BYDAY=;COUNT=3", "FREQ=WEEKLY;UNTIL=20260120T150000.000Z",
										  "FREQ=WEEKLY;UNTIL=20260121T000000.5Z;COUNT=7" };
	static const char *const refused[] = { "FREQ=WEEKLY;COUNT=-1", "FREQ=WEEKLY;INTERVAL=0", "FREQ=WEEKLY;BYDAY=TUE", "FREQ=WEEKLY;FREQ=DAILY",
										   "FREQ=WEEKLY;WKST=1", "FREQ=MONTHLY;BYMONTHDAY=6,32", "FREQ=MONTHLY;BYSETPOS=0;BYDAY=MO", "FREQ=SOMETIMES",
										   "FREQ=WEEKLY;BYDAY=8MO,XX", "FREQ=WEEKLY;UNTIL=tomorrow", "FREQ=WEEKLY;COUNT=three" };

	for (size_t i = 0; i < sizeof(mended) / sizeof(mended[0]); i++)
	{
		char lines[300];

		snprintf(lines, sizeof(lines), AT3 "RRULE:%s", mended[i]);
		is_str(busy_of(lines), THREE, "%s", mended[i]);
	}
	for (size_t i = 0; i < sizeof(refused) / sizeof(refused[0]); i++)
	{
		char lines[300];
		const char *got;

		snprintf(lines, sizeof(lines), AT3 "RRULE:%s", refused[i]);
		got = busy_of(lines);
		ok(got[0] >= '1' && strstr(got, "0106 15:00-0106 16:00 0107 15:00-0107 16:00") != NULL, "%s: any day, and counted (%s)", refused[i], got);
	}
	is_str(busy_of(AT3 "RRULE:FREQ=HOURLY;BYHOUR=99"), "1: 2 0106 15:00-0103 18:13 0106 15:00-0106 16:00", "one within a day: any time");
	is_str(busy_of(AT3 "RRULE:FREQ=WEEKLY;BYDAY=MO;COUNT=2"), "0: 3 0106 15:00-0106 16:00 0112 15:00-0112 16:00 0119 15:00-0119 16:00",
		   "the first time, which its rule leaves out");
	ok(strncmp(busy_of(AT3 "RRULE:FREQ=YEARLY;BYWEEKNO=2;BYDAY=TU;UNTIL=20260109"), "1: 4 0106 15:00", 15) == 0, "numbers of weeks: any day until its end");
}

static void
test_ends_and_dates(void)
{
	is_str(busy_of("DTSTART:20260106T150000Z\r\nDTEND;TZID=America/New_York:20260106T1000"), "1: 1 0106 15:00-0107 15:00", "an end without seconds");
	is_str(busy_of("DTSTART:20260106T150000Z\r\nDURATION:PT1.5H"), "1: 1 0106 15:00-0107 15:00", "a part of an hour");
	is_str(busy_of("DTSTART:20260106T150000Z\r\nDURATION:01:00:00"), "1: 1 0106 15:00-0107 15:00", "a clock's time as a duration");
	is_str(busy_of("DTSTART:20260106T150000Z\r\nSUMMARY:no end"), "0: 0", "no end is none");
	is_str(busy_of(AT3 "RRULE:FREQ=WEEKLY;COUNT=2\r\nEXDATE:20260113T1500"), "1: 2 0106 15:00-0106 16:00 0113 15:00-0113 16:00",
		   "an exception that nobody can read takes nothing out");
	is_str(busy_of(AT3 "RDATE:20260120T1500"), "1: 2 0120 05:00-0121 05:00 0106 15:00-0106 16:00", "of a date that cannot be read all day");
	is_str(busy_of(AT3 "RRULE:FREQ=WEEKLY;X-A=1;COUNT=2\r\nRRULE: FREQ=YEARLY;X-B=2;COUNT=1\r\nRDATE:20260120T1500"), "1: 3 0120 05:00-0121 05:00 0106 15:00-0106 16:00 0113 15:00-0113 16:00",
		   "what stands behind rules that become shorter is read");
	for (int more = 0; more < 2; more++)
	{
		char lines[5000] = AT3;

		for (int i = 0; i < VA_BUSY_REFUSED_MAX + more; i++)
			strcat(lines, "RDATE:20260120T1500\r\n");
		strcat(lines, "SUMMARY:a");
		is_str(busy_of(lines), more ? "102: 2 0106 15:00-0103 18:13 0106 15:00-0106 16:00"
			: "100: 101 0120 05:00-0121 05:00 0120 05:00-0121 05:00 0120 05:00-0121 05:00 0120 05:00-0121 05:00 0120 05:00-0121 05:00",
			"%s", more ? "of more dates that nobody can read any day" : "of so many their own");
	}
	is_str(busy_of(AT3 "ATTENDEE;PARTSTAT:x\r\nPRIORITY:high"), "0: 1 0106 15:00-0106 16:00", "what says nothing of its time is not counted");
}

static void
test_zones(void)
{
	static const char *const names[] = { "tzone://Microsoft/Utc", "UTC", "/mozilla.org/20050126_1/UTC", "utc" };
	static const char *const eastern[] = { "\"(UTC-05:00) Eastern Time (US & Canada)\"", "Eastern Time (US & Canada)", "Eastern Standard Time",
										   "america/new_york", "/mozilla.org/20050126_1/America/New_York", "/freeassociation.sourceforge.net/America/New_York" };
	char lines[300];

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
	{
		snprintf(lines, sizeof(lines), "DTSTART;TZID=%s:20260106T150000\r\nDURATION:PT1H", names[i]);
		is_str(busy_of(lines), "0: 1 0106 15:00-0106 16:00", "%s", names[i]);
	}
	for (size_t i = 0; i < sizeof(eastern) / sizeof(eastern[0]); i++)
	{
		snprintf(lines, sizeof(lines), "DTSTART;TZID=%s:20260106T150000\r\nDURATION:PT1H", eastern[i]);
		is_str(busy_of(lines), "0: 1 0106 20:00-0106 21:00", "%s", eastern[i]);
	}
	is_str(busy_of("DTSTART;TZID=tzone://Microsoft/Custom:20260106T150000\r\nDURATION:PT1H"), "1: 1 0106 01:00-0107 04:00", "one that nobody knows: anywhere");
	is_str(busy_of("DTSTART;TZID=America/New_York:20261101T013000\r\nDURATION:PT1H"), "0: 1 1101 05:30-1101 07:30", "an hour that comes twice");
	is_str(busy_of("DTSTART;TZID=America/New_York:20260308T023000\r\nDURATION:PT1H"), "0: 1 0308 06:30-0308 08:30", "one that never comes");
}

/* Days of a duration are the wall clock's, its hours are hours (RFC 5545, 3.3.6). */
static void
test_durations(void)
{
	static const char *const cases[][2] = {
		{ "DTSTART;TZID=America/New_York:20260307T120000\r\nDURATION:P1D", "0: 1 0307 17:00-0308 16:00" },
		{ "DTSTART;TZID=America/New_York:20261031T120000\r\nDURATION:P1D", "0: 1 1031 16:00-1101 17:00" },
		{ "DTSTART;TZID=Europe/Berlin:20260328T120000\r\nDURATION:P1W", "0: 1 0328 11:00-0404 10:00" },
		{ "DTSTART;TZID=Europe/Berlin:20261024T120000\r\nDURATION:P1W", "0: 1 1024 10:00-1031 11:00" },
		{ "DTSTART;TZID=Australia/Lord_Howe:20260404T120000\r\nDURATION:+P1D", "0: 1 0404 01:00-0405 01:30" },
		{ "DTSTART;TZID=America/New_York:20260307T120000\r\nDURATION:P1DT2H30M", "0: 1 0307 17:00-0308 18:30" },
		{ "DTSTART;TZID=America/New_York:20260307T120000\r\nDURATION:PT24H", "0: 1 0307 17:00-0308 17:00" },
		{ "DTSTART;TZID=America/New_York:20260307T120000\r\nDURATION:P0DT24H", "0: 1 0307 17:00-0308 17:00" },
		{ "DTSTART:20260307T120000\r\nDURATION:P1D", "0: 1 0307 17:00-0308 16:00" },
		{ "DTSTART:20260307T170000Z\r\nDURATION:P1D", "0: 1 0307 17:00-0308 17:00" },
		{ "DTSTART;TZID=America/New_York:20260306T120000\r\nDURATION:P1D\r\nRRULE:FREQ=DAILY;COUNT=3",
			"0: 3 0306 17:00-0307 17:00 0307 17:00-0308 16:00 0308 16:00-0309 16:00" },
		{ "DTSTART;TZID=America/New_York:20260306T120000\r\nDURATION:P1D\r\nRDATE;TZID=America/New_York:20260307T120000",
			"0: 2 0306 17:00-0307 17:00 0307 17:00-0308 16:00" },
		{ "DTSTART;TZID=America/New_York:20260306T120000\r\nDURATION:PT1H\r\nRDATE;VALUE=PERIOD:20260307T120000/P1D,20260401T120000/PT2H",
			"0: 3 0306 17:00-0306 18:00 0307 17:00-0308 16:00 0401 16:00-0401 18:00" },
		{ "DTSTART;TZID=America/New_York:20261031T013000\r\nDURATION:P1D", "0: 1 1031 05:30-1101 06:30" },
		{ "DTSTART;VALUE=DATE:20260307\r\nDURATION:P2D", "0: 1 0307 05:00-0309 04:00" },
		{ "DTSTART;VALUE=DATE:20260302\r\nDURATION:P1W", "0: 1 0302 05:00-0309 04:00" },
		{ "DTSTART;VALUE=DATE:20261031\r\nDURATION:P1D\r\nRRULE:FREQ=DAILY;COUNT=2", "0: 2 1031 04:00-1101 04:00 1101 04:00-1102 05:00" },
		{ "DTSTART:20260307T170000Z\r\nDURATION:-P1D", "1: 0" } };

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		is_str(busy_of(cases[i][0]), cases[i][1], "%s", cases[i][0]);
}

int
main(void)
{
	test_durations();
	test_rules();
	test_ends_and_dates();
	test_zones();
	return done_testing();
}
