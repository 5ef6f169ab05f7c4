/*-------------------------------------------------------------------------
 * phone.c
 *		SQL face of telephone numbers: parse_phone(), normalize_phone(), and
 *		what a column of type e164 may hold.
 *
 * No state and no locks; what a number means comes from constant tables
 * (pure/phone/phone.h), so everything here is immutable within one edition of them.
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "fmgr.h"
#include "utils/array.h"
#include "utils/builtins.h"

#include "core/compat.h"
#include "core/errors.h"
#include "core/statement.h"
#include "phone.h"

PG_FUNCTION_INFO_V1(va_sql_parse_phone);
PG_FUNCTION_INFO_V1(va_sql_normalize_phone);
PG_FUNCTION_INFO_V1(va_sql_stop_number);
PG_FUNCTION_INFO_V1(va_sql_spellings);
PG_FUNCTION_INFO_V1(va_sql_check_country);
PG_FUNCTION_INFO_V1(va_sql_zones_of_state);
PG_FUNCTION_INFO_V1(va_sql_is_e164);

const char *
va_phone_default_country(const char *country)
{
	char *upper;

	if (country == NULL)
		return NULL;
	if (strcmp(country, VA_PHONE_CODES_ONLY) == 0)
		return VA_PHONE_CODES_ONLY;
	if (!va_phone_region_exists(country))
		ereport(ERROR, (errcode(VA_ERRCODE_INVALID), errmsg("unknown country \"%s\"", va_shown(country)),
						   errdetail("No number plan has this name."),
						   errhint("Give the two letters of ISO 3166-1, such as US, GB or DE, or + where every number "
								   "begins with its calling code.")));
	upper = pstrdup(country);
	for (char *c = upper; *c != '\0'; c++)
		*c &= ~0x20;
	return upper;
}

Datum
va_zone_set_array(int set)
{
	const char *zones[VA_PHONE_MAX_ZONES];
	Datum texts[VA_PHONE_MAX_ZONES];
	size_t count = va_zone_set_members(set, zones, VA_PHONE_MAX_ZONES);

	if (count == 0)
		return PointerGetDatum(construct_empty_array(TEXTOID));
	for (size_t i = 0; i < count; i++)
		texts[i] = CStringGetTextDatum(zones[i]);
	return PointerGetDatum(construct_array(texts, (int) count, TEXTOID, -1, false, TYPALIGN_INT));
}

/*
 * is_e164(text): the shape alone, + and 6 to 19 digits, of which the first is
 * not 0.  It stands between every number and the table that it goes to.
 */
Datum
va_sql_is_e164(PG_FUNCTION_ARGS)
{
	text *number = PG_GETARG_TEXT_PP(0);
	const char *p = VARDATA_ANY(number);
	int digits = VARSIZE_ANY_EXHDR(number) - 1;

	if (digits < 6 || digits > 19 || p[0] != '+' || p[1] == '0')
		PG_RETURN_BOOL(false);
	for (int i = 1; i <= digits; i++)
		if (p[i] < '0' || p[i] > '9')
			PG_RETURN_BOOL(false);
	PG_RETURN_BOOL(true);
}

typedef VaPhoneVerdict (*VaPhoneReader)(const char *text, size_t len, const char *default_region, VaPhone *out);

/* All functions take (text, default country), and want one number; a NULL text is an empty one. */
static VaPhoneVerdict
parse_arguments(FunctionCallInfo fcinfo, VaPhone *phone, VaPhoneReader parse)
{
	const char *country = NULL;
	VaPhoneVerdict verdict;
	text *number;

	if (!PG_ARGISNULL(1))
		country = va_phone_default_country(text_to_cstring(PG_GETARG_TEXT_PP(1)));
	if (PG_ARGISNULL(0))
		return parse("", 0, country, phone);
	number = PG_GETARG_TEXT_PP(0);
	verdict = parse(VARDATA_ANY(number), VARSIZE_ANY_EXHDR(number), country, phone);
	return phone->other_digits != 0 ? VA_PHONE_AMBIGUOUS : verdict;
}

/* Every number that was read, in E.164: text[] of one, or of two when they are ambiguous; where the plan has none, by the shape. */
static Datum
readings_array(FunctionCallInfo fcinfo, VaPhoneVerdict verdict, const VaPhone *phone, bool *none)
{
	VaPhone shape;
	Datum texts[2];
	int count = 0;

	*none = false;
	if (verdict != VA_PHONE_OK && verdict != VA_PHONE_AMBIGUOUS)
	{
		phone = &shape;
		*none = parse_arguments(fcinfo, &shape, va_phone_parse_stop) != VA_PHONE_OK;
	}
	if (*none)
		return (Datum) 0;
	texts[count++] = CStringGetTextDatum(phone->e164);
	if (phone->other_digits != 0)
		texts[count++] = CStringGetTextDatum(psprintf("+" UINT64_FORMAT, phone->other_digits));
	return PointerGetDatum(construct_array(texts, count, TEXTOID, -1, false, TYPALIGN_INT));
}

/*
 * parse_phone(number, default_country) -> (phone, extension, country, region, timezones, type, verdict, readings)
 */
Datum
va_sql_parse_phone(PG_FUNCTION_ARGS)
{
	VaPhone phone;
	VaPhoneVerdict verdict;
	Datum values[8];
	bool nulls[8] = { true, true, true, true, true, true, false, true };
	const char *state;

	verdict = parse_arguments(fcinfo, &phone, va_phone_parse);
	values[6] = CStringGetTextDatum(va_phone_verdict_text(verdict));
	values[7] = readings_array(fcinfo, verdict, &phone, &nulls[7]);
	if (verdict == VA_PHONE_OK)
	{
		values[0] = CStringGetTextDatum(phone.e164);
		values[1] = CStringGetTextDatum(phone.extension);
		nulls[0] = false;
		nulls[1] = phone.extension[0] == '\0';
		values[2] = CStringGetTextDatum(phone.region);
		nulls[2] = false;
		state = va_phone_subdivision(phone.e164);
		if (state != NULL)
		{
			values[3] = CStringGetTextDatum(state);
			nulls[3] = false;
		}
		values[4] = va_zone_set_array(va_phone_zone_set(phone.e164));
		nulls[4] = false;
		values[5] = CStringGetTextDatum(va_phone_type_text(phone.type));
		nulls[5] = false;
	}
	PG_RETURN_DATUM(va_row_of_result(fcinfo, values, nulls));
}

/* E.164, or PT422 with the reason */
static Datum
e164_or_error(FunctionCallInfo fcinfo, VaPhoneVerdict verdict, const VaPhone *phone)
{
	if (verdict == VA_PHONE_OK)
		PG_RETURN_TEXT_P(cstring_to_text(phone->e164));

	ereport(ERROR,
		(errcode(VA_ERRCODE_INVALID),
			errmsg("invalid phone number \"%s\"", va_shown(text_to_cstring(PG_GETARG_TEXT_PP(0)))),
			errdetail("The number is refused: %s.", va_phone_verdict_text(verdict)),
			verdict == VA_PHONE_NO_COUNTRY ? errhint("Write it with + and the calling code, or give default_country.")
										   : errhint("Write it with + and the calling code, such as +14155550123.")));
	PG_RETURN_NULL();
}

/* normalize_phone(phone, default_country) */
Datum
va_sql_normalize_phone(PG_FUNCTION_ARGS)
{
	VaPhone phone;

	if (PG_ARGISNULL(0))
		PG_RETURN_NULL();
	return e164_or_error(fcinfo, parse_arguments(fcinfo, &phone, va_phone_parse), &phone);
}

/* stop_number(phone, default_country): the same of who must not be called */
Datum
va_sql_stop_number(PG_FUNCTION_ARGS)
{
	VaPhone phone;

	if (PG_ARGISNULL(0))
		PG_RETURN_NULL();
	return e164_or_error(fcinfo, parse_arguments(fcinfo, &phone, va_phone_parse_stop), &phone);
}

/* spellings(phone) -> text[]: the number as it is written today, and its other spelling where the plan has two */
Datum
va_sql_spellings(PG_FUNCTION_ARGS)
{
	VaPhone phone, twin;
	const char *number = va_phone_today(text_to_cstring(PG_GETARG_TEXT_PP(0)), &phone);
	Datum texts[2] = { CStringGetTextDatum(number) };
	int count = 1;

	if (number[0] == '+' && va_phone_parse(number, strlen(number), NULL, &phone) == VA_PHONE_OK &&
		va_phone_twin(&phone, &twin))
		texts[count++] = CStringGetTextDatum(twin.e164);
	PG_RETURN_ARRAYTYPE_P(construct_array(texts, count, TEXTOID, -1, false, TYPALIGN_INT));
}

/* check_country(country) -> in upper case, or PT422 */
Datum
va_sql_check_country(PG_FUNCTION_ARGS)
{
	const char *country = text_to_cstring(PG_GETARG_TEXT_PP(0));

	PG_RETURN_TEXT_P(cstring_to_text(va_phone_default_country(country)));
}

/* zones_of_state(state, country) -> text[], NULL if unknown */
Datum
va_sql_zones_of_state(PG_FUNCTION_ARGS)
{
	int set;

	if (PG_ARGISNULL(0))
		PG_RETURN_NULL();
	set = va_zone_set_of_region(
		PG_ARGISNULL(1) ? NULL : text_to_cstring(PG_GETARG_TEXT_PP(1)), text_to_cstring(PG_GETARG_TEXT_PP(0)));
	if (set == 0)
		PG_RETURN_NULL();
	PG_RETURN_DATUM(va_zone_set_array(set));
}
