/*
 * A zone by the name that a table has for it, where the table is as short as Debian 13's.
 */
#include "tap.h"
#include "pure/text/zone_name.h"

static bool
is_known(const char *name)
{
	static const char *const names[] = {"Asia/Kolkata", "Europe/Kyiv", "America/Argentina/Buenos_Aires", "America/Los_Angeles", "Asia/Jerusalem", "America/Panama"};

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (strcmp(names[i], name) == 0)
			return true;
	return false;
}

int
main(void)
{
	static const char *const pairs[][2] = {
		{"Asia/Kolkata", "Asia/Kolkata"},
		/* As browsers and ICU write them. */
		{"Asia/Calcutta", "Asia/Kolkata"},
		{"Europe/Kiev", "Europe/Kyiv"},
		{"America/Buenos_Aires", "America/Argentina/Buenos_Aires"},
		{"US/Pacific", "America/Los_Angeles"},
		/* Nobody knows it, or the table does not. */
		{"Asia/Nowhere", NULL},
		{"Europe/Berlin", NULL},
		{"", NULL},
		{"Europe/K\xc3\xb6ln", NULL},
		{"Asia/Calcutta and more than sixty-three letters, which no name of a zone has", NULL},
		/* India's, Israel's or Ireland's; America/Panama's only. */
		{"IST", NULL},
		{"EST", NULL},
	};
	char found[VA_ZONE_NAME_MAX + 1];

	for (size_t i = 0; i < sizeof(pairs) / sizeof(pairs[0]); i++)
	{
		bool known = va_zone_known_as(pairs[i][0], is_known, found);

		is_str(known ? found : NULL, pairs[i][1], "\"%s\"", pairs[i][0]);
	}
	/* In place. */
	strcpy(found, "Asia/Saigon");
	ok(!va_zone_known_as(found, is_known, found), "a name that nobody knows stays");
	strcpy(found, "Asia/Kolkata");
	ok(va_zone_known_as(found, is_known, found), "... as does one that is known");
	is_str(found, "Asia/Kolkata", "... in its place");
	return done_testing();
}
