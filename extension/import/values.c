/*-------------------------------------------------------------------------
 * values.c
 *		Valid fields of a lead: country, state, e-mail,
 *		a time.
 *		See values.h.
 */
#include "postgres.h"

#include <ctype.h>

#include "fmgr.h"
#include "utils/builtins.h"
#include "utils/datetime.h"
#include "utils/timestamp.h"

#include "core/compat.h"
#include "values.h"
#include "lead/phone.h"

#define EMAIL_MAX_BYTES 254

PG_FUNCTION_INFO_V1(va_sql_region_code);
PG_FUNCTION_INFO_V1(va_sql_is_email);

/* Names of countries as files write them, besides the two letters of ISO 3166-1. */
static const struct
{
	const char *name;
	const char *code;
} country_names[] = { { "usa", "US" }, { "u.s.", "US" }, { "u.s.a.", "US" }, { "united states", "US" },
	{ "united states of america", "US" }, { "america", "US" }, { "can", "CA" }, { "canada", "CA" }, { "mex", "MX" },
	{ "mexico", "MX" }, { "méxico", "MX" }, { "uk", "GB" }, { "u.k.", "GB" }, { "gbr", "GB" },
	{ "united kingdom", "GB" }, { "great britain", "GB" }, { "england", "GB" }, { "scotland", "GB" }, { "wales", "GB" },
	{ "northern ireland", "GB" }, { "irl", "IE" }, { "ireland", "IE" }, { "deu", "DE" }, { "germany", "DE" },
	{ "deutschland", "DE" }, { "aut", "AT" }, { "austria", "AT" }, { "österreich", "AT" }, { "che", "CH" },
	{ "switzerland", "CH" }, { "schweiz", "CH" }, { "suisse", "CH" }, { "fra", "FR" }, { "france", "FR" },
	{ "esp", "ES" }, { "spain", "ES" }, { "españa", "ES" }, { "prt", "PT" }, { "portugal", "PT" }, { "ita", "IT" },
	{ "italy", "IT" }, { "italia", "IT" }, { "bel", "BE" }, { "belgium", "BE" }, { "nld", "NL" },
	{ "netherlands", "NL" }, { "the netherlands", "NL" }, { "holland", "NL" }, { "lux", "LU" }, { "luxembourg", "LU" },
	{ "dnk", "DK" }, { "denmark", "DK" }, { "nor", "NO" }, { "norway", "NO" }, { "swe", "SE" }, { "sweden", "SE" },
	{ "fin", "FI" }, { "finland", "FI" }, { "pol", "PL" }, { "poland", "PL" }, { "cze", "CZ" },
	{ "czech republic", "CZ" }, { "czechia", "CZ" }, { "grc", "GR" }, { "greece", "GR" }, { "tur", "TR" },
	{ "turkey", "TR" }, { "türkiye", "TR" }, { "isr", "IL" }, { "israel", "IL" }, { "are", "AE" }, { "uae", "AE" },
	{ "united arab emirates", "AE" }, { "ind", "IN" }, { "india", "IN" }, { "pak", "PK" }, { "pakistan", "PK" },
	{ "chn", "CN" }, { "china", "CN" }, { "hkg", "HK" }, { "hong kong", "HK" }, { "jpn", "JP" }, { "japan", "JP" },
	{ "kor", "KR" }, { "south korea", "KR" }, { "sgp", "SG" }, { "singapore", "SG" }, { "phl", "PH" },
	{ "philippines", "PH" }, { "idn", "ID" }, { "indonesia", "ID" }, { "aus", "AU" }, { "australia", "AU" },
	{ "nzl", "NZ" }, { "new zealand", "NZ" }, { "zaf", "ZA" }, { "south africa", "ZA" }, { "nga", "NG" },
	{ "nigeria", "NG" }, { "ken", "KE" }, { "kenya", "KE" }, { "bra", "BR" }, { "brazil", "BR" }, { "brasil", "BR" },
	{ "arg", "AR" }, { "argentina", "AR" }, { "chl", "CL" }, { "chile", "CL" }, { "col", "CO" }, { "colombia", "CO" } };

const char *
va_lead_country(const char *name, size_t len)
{
	for (size_t i = 0; i < lengthof(country_names); i++)
	{
		if (strlen(country_names[i].name) == len && pg_strncasecmp(country_names[i].name, name, len) == 0)
			return country_names[i].code;
	}
	return NULL;
}

/* Enough to tell an address from a note: one @, a dot after it, nothing that needs quoting. */
bool
va_lead_is_email(const char *bytes, size_t len)
{
	static const bool refused[128] = { ['"'] = true,
		['('] = true,
		[')'] = true,
		[','] = true,
		[':'] = true,
		[';'] = true,
		['<'] = true,
		['>'] = true,
		['['] = true,
		['\\'] = true,
		[']'] = true,
		[0x7F] = true };
	const char *at = memchr(bytes, '@', len);
	const char *end = bytes + len;
	const char *domain;
	const char *last_dot = NULL;

	if (at == NULL || at == bytes || len > EMAIL_MAX_BYTES || at - bytes > 64)
		return false;
	domain = at + 1;
	for (const char *p = bytes; p < end; p++)
	{
		unsigned char c = (unsigned char) *p;

		if (c <= ' ' || (c < 128 && refused[c]) || (c == '@' && p != at))
			return false;
		if (c == '.' && (p == bytes || p + 1 == end || p + 1 == at || p == domain || p[1] == '.'))
			return false;
		if (c == '.' && p > at)
			last_dot = p;
	}
	return last_dot != NULL && end - last_dot > 2;
}

/* A number of exactly `digits` digits at *at, which moves on; -1: there is none. */
static int
take_digits(const char **at, const char *end, int digits)
{
	int value = 0;

	if (end - *at < digits)
		return -1;
	for (int i = 0; i < digits; i++)
	{
		if (!isdigit((unsigned char) (*at)[i]))
			return -1;
		value = value * 10 + ((*at)[i] - '0');
	}
	*at += digits;
	return value;
}

static bool
take_char(const char **at, const char *end, const char *any)
{
	if (*at >= end || strchr(any, **at) == NULL)
		return false;
	(*at)++;
	return true;
}

bool
va_lead_time(const char *bytes, size_t len, pg_tz *zone, TimestampTz *result)
{
	const char *at = bytes;
	const char *end = bytes + len;
	struct pg_tm tm = { 0 };
	bool has_offset = false;
	int sign = 1;
	int offset = 0;
	int hours;
	int minutes;

	tm.tm_year = take_digits(&at, end, 4);
	if (!take_char(&at, end, "-"))
		return false;
	tm.tm_mon = take_digits(&at, end, 2);
	if (!take_char(&at, end, "-"))
		return false;
	tm.tm_mday = take_digits(&at, end, 2);
	if (take_char(&at, end, "T "))
	{
		tm.tm_hour = take_digits(&at, end, 2);
		if (!take_char(&at, end, ":"))
			return false;
		tm.tm_min = take_digits(&at, end, 2);
		if (take_char(&at, end, ":"))
			tm.tm_sec = take_digits(&at, end, 2);
		if (take_char(&at, end, "."))
			while (at < end && isdigit((unsigned char) *at))
				at++;
		if (take_char(&at, end, "Zz"))
			has_offset = true;
		else if (at < end && (*at == '+' || *at == '-'))
		{
			sign = *at++ == '-' ? -1 : 1;
			hours = take_digits(&at, end, 2);
			(void) take_char(&at, end, ":");
			minutes = at < end ? take_digits(&at, end, 2) : 0;
			if (hours < 0 || hours > 15 || minutes < 0 || minutes > 59)
				return false;
			offset = sign * (hours * 3600 + minutes * 60);
			has_offset = true;
		}
	}
	if (at != end || tm.tm_year < 1970 || tm.tm_mon < 1 || tm.tm_mon > 12 || tm.tm_mday < 1 ||
		tm.tm_mday > day_tab[isleap(tm.tm_year)][tm.tm_mon - 1] || tm.tm_hour < 0 || tm.tm_hour > 23 || tm.tm_min < 0 ||
		tm.tm_min > 59 || tm.tm_sec < 0 || tm.tm_sec > 59)
		return false;
	/* As tm2timestamp counts: west is positive. */
	offset = has_offset ? -offset : DetermineTimeZoneOffset(&tm, zone);
	return tm2timestamp(&tm, 0, &offset, result) == 0;
}

Datum
va_sql_region_code(PG_FUNCTION_ARGS)
{
	char code[8];

	if (PG_ARGISNULL(0) || !va_region_code(PG_ARGISNULL(1) ? NULL : text_to_cstring(PG_GETARG_TEXT_PP(1)),
							   text_to_cstring(PG_GETARG_TEXT_PP(0)), code))
		PG_RETURN_NULL();
	PG_RETURN_TEXT_P(cstring_to_text(code));
}

Datum
va_sql_is_email(PG_FUNCTION_ARGS)
{
	text *address = PG_GETARG_TEXT_PP(0);

	PG_RETURN_BOOL(va_lead_is_email(VARDATA_ANY(address), VARSIZE_ANY_EXHDR(address)));
}
