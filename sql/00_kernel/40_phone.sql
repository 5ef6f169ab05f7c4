-- 00_kernel: telephone numbers, judged by the number plan of their country.

-- phone: E.164. country: ISO 3166-1, 001 for none. region: the state or province of a North American area code (ISO
-- 3166-2, several joined by |). timezones: every IANA zone that the number's owner may be in. type: mobile, fixed_line,
-- fixed_line_or_mobile, toll_free, ...
-- readings: the E.164 numbers that the text may mean: one of E.164's shape, whatever its plan says, or two when it
-- is ambiguous: its digits begin with the default country's calling code without +, and the plan has a number with that
-- code and one without it (49 721 234567 in DE).
CREATE FUNCTION voiceagent_private.parse_phone(number text, default_country text DEFAULT NULL,
	OUT phone text, OUT extension text, OUT country text, OUT region text, OUT timezones text[], OUT type text,
	OUT verdict text, OUT readings text[])
	RETURNS record LANGUAGE c IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'va_sql_parse_phone';
COMMENT ON FUNCTION voiceagent_private.parse_phone(text, text) IS
	E'Reads a telephone number in any usual way of writing, and never raises for a bad number.\n'
	'default_country: ISO 3166-1 alpha-2 of numbers without a calling code, or + where every number begins with its '
	'calling code (PT422 if unknown). '
	'verdict is ok, or the reason why it is no number; then all else is NULL, but for the readings.';

CREATE FUNCTION voiceagent_private.check_country(country text) RETURNS text
	LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'va_sql_check_country';
COMMENT ON FUNCTION voiceagent_private.check_country(text) IS
	E'A country as parse_phone() takes it for default_country, in upper case; PT422 for what is neither + nor two '
	'letters of ISO 3166-1 that have a number plan.\n'
	'NULL gives NULL.';

CREATE FUNCTION voiceagent_private.zones_of_state(state text, country text DEFAULT NULL) RETURNS text[]
	LANGUAGE c IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'va_sql_zones_of_state';
COMMENT ON FUNCTION voiceagent_private.zones_of_state(text, text) IS
	E'IANA time zones of a state of the US or a province of Canada, named by code or name in any case (tx, US-TX, '
	'Texas); country (US or CA) narrows the search.\n'
	'NULL if there is no such state.';

CREATE FUNCTION voiceagent.normalize_phone(phone text, default_country text DEFAULT NULL) RETURNS text
	LANGUAGE c IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'va_sql_normalize_phone';
COMMENT ON FUNCTION voiceagent.normalize_phone(text, text) IS
	E'Turns a telephone number, in any usual or former way of writing, into E.164 (+ and digits, no extension).\n'
	'default_country: ISO 3166-1 alpha-2 of a number without a calling code, or + if it begins with its calling code. '
	'NULL gives NULL; PT422 names the reason if the number is not in its country''s plan, is ambiguous (it may be a '
	'national number, or have lost its +), or the country is unknown.';

CREATE FUNCTION voiceagent_private.spellings(phone text) RETURNS text[]
	LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'va_sql_spellings';
COMMENT ON FUNCTION voiceagent_private.spellings(text) IS
	E'A number in E.164 as it is written today, and the other spelling of the same line where its plan has two.\n'
	'+52 1 55 ... is +52 55 ... since 2019; Argentina''s mobiles have a 9 or none. Other text stays as it is.';

CREATE FUNCTION voiceagent_private.stop_number(phone text, default_country text) RETURNS text
	LANGUAGE c IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'va_sql_stop_number';
COMMENT ON FUNCTION voiceagent_private.stop_number(text, text) IS
	E'normalize_phone() of a number that must not be called: the shape of E.164 is enough, whatever its plan says.\n'
	'PT422 where not even that can be read.';
