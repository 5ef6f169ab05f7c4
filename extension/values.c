/*-------------------------------------------------------------------------
 * values.c
 *		Small helpers for what people write: names that are nearly right, and
 *		time zones.
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include <ctype.h>

#include "fmgr.h"
#include "pgtime.h"
#include "utils/builtins.h"
#include "utils/varlena.h"

#define MAX_DISTANCE 255

PG_FUNCTION_INFO_V1(va_sql_edit_distance);
PG_FUNCTION_INFO_V1(va_sql_canonical_zone);

Datum
va_sql_edit_distance(PG_FUNCTION_ARGS)
{
	text	   *a = PG_GETARG_TEXT_PP(0);
	text	   *b = PG_GETARG_TEXT_PP(1);
	int			a_len = VARSIZE_ANY_EXHDR(a);
	int			b_len = VARSIZE_ANY_EXHDR(b);

	if (a_len > MAX_DISTANCE || b_len > MAX_DISTANCE)
		PG_RETURN_INT32(MAX_DISTANCE);
	PG_RETURN_INT32(varstr_levenshtein(VARDATA_ANY(a), a_len, VARDATA_ANY(b), b_len, 1, 1, 1, false));
}

/*
 * The server's own reading also takes POSIX rules ("FOO5BAR") for zones, so
 * that a misspelt name would mean an offset.  Digits occur in few IANA names.
 */
static bool
could_be_iana(const char *name)
{
	static const char *const with_digits[] = { "EST5EDT", "CST6CDT", "MST7MDT", "PST8PDT", "GMT0", "GMT+0", "GMT-0" };
	bool		digits = false;

	if (!isalpha((unsigned char) name[0]))
		return false;
	for (const char *c = name; *c != '\0'; c++)
	{
		if (isdigit((unsigned char) *c))
			digits = true;
		else if (!isalpha((unsigned char) *c) && strchr("_-+/", *c) == NULL)
			return false;
	}
	if (!digits || pg_strncasecmp(name, "Etc/", 4) == 0)
		return true;
	for (int i = 0; i < lengthof(with_digits); i++)
		if (pg_strcasecmp(name, with_digits[i]) == 0)
			return true;
	return false;
}

Datum
va_sql_canonical_zone(PG_FUNCTION_ARGS)
{
	char	   *name = text_to_cstring(PG_GETARG_TEXT_PP(0));
	pg_tz	   *zone;

	if (strlen(name) > TZ_STRLEN_MAX || !could_be_iana(name))
		PG_RETURN_NULL();
	zone = pg_tzset(name);
	/* Zones with leap seconds do not count time as the server does. */
	if (zone == NULL || !pg_tz_acceptable(zone))
		PG_RETURN_NULL();
	PG_RETURN_TEXT_P(cstring_to_text(pg_get_timezone_name(zone)));
}
