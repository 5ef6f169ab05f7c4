-- Telephone numbers: read in any way of writing, judged by the plan of their country.
CREATE FUNCTION pg_temp.try(phone text, country text DEFAULT NULL) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	v_detail text;
	v_hint text;
BEGIN
	RETURN voiceagent.normalize_phone(phone, country);
EXCEPTION WHEN OTHERS THEN
	GET STACKED DIAGNOSTICS v_detail = PG_EXCEPTION_DETAIL, v_hint = PG_EXCEPTION_HINT;
	RETURN format('%s %s | %s | %s', SQLSTATE, SQLERRM, v_detail, v_hint);
END
$$;

SELECT phone, extension, country, region, timezones, type, verdict
	FROM voiceagent_private.parse_phone('(212) 555-0123 ext. 45', 'us');
SELECT phone, extension, country, region, timezones, type, verdict
	FROM voiceagent_private.parse_phone('+44 (0)20 7946 0018');
SELECT phone, country, region, cardinality(timezones) > 20 AS anywhere, type
	FROM voiceagent_private.parse_phone('1-800-356-9377', 'US');
SELECT verdict FROM voiceagent_private.parse_phone('1-800-FLOWERS', 'US');
SELECT n, p.* FROM unnest(ARRAY['', '  ', '=cmd()', 'n/a', '12', '555 1234', '+1 212 555 0123 4567 8901', '+999 123456789',
	'+1 111 555 0123', 'O11 555', E'+1\t212\n', '+12125550123;ext=7', '٠٢٠٧٩٤٦٠٠١٨']) WITH ORDINALITY AS t(n, i),
	voiceagent_private.parse_phone(n, 'US') AS p ORDER BY i;
SELECT verdict FROM voiceagent_private.parse_phone('212 555 0123');
SELECT p.* FROM voiceagent_private.parse_phone(NULL) AS p;
SELECT length(verdict) > 0 AS refused FROM voiceagent_private.parse_phone(repeat('1', 1000000), 'US');

-- The plans are current: an area code that was opened after 2022.
SELECT phone, region FROM voiceagent_private.parse_phone('(235) 234-5678', 'US');

-- National ways of writing.
SELECT country, written, voiceagent.normalize_phone(written, country) FROM (VALUES
	('IT', '06 1234 5678'), ('AR', '011 15-2345-6789'), ('BR', '0 15 11 96123-4567'), ('MX', '222 123 4567'),
	('GB', '020 7946 0018'), ('DE', '030/123456'), ('RU', '8 (912) 345-67-89'), ('AU', '0412 345 678'),
	('JP', '03-1234-5678'), ('IN', '081234 56789'), ('BS', '365-2345'), ('GG', '0 7781 123456'),
	('US', '011 44 20 7946 0018'), ('FR', '00 1 212 555 0123'), ('KZ', '8 701 234 5678')) AS t(country, written);

-- Digits that begin with the default country's calling code may be a national number, too: nobody guesses.
SELECT t.country, t.written, p.phone, p.readings FROM (VALUES ('DE', '491711234567'), ('DE', '4930901820'), ('DE', '0491 711234567'),
	('DE', '+491711234567'), ('+', '491711234567'), ('+', '+49 171 1234567'), ('+', '12025550143'), ('US', '12025550143')) AS t(country, written),
	voiceagent_private.parse_phone(t.written, t.country) p;
SELECT pg_temp.try('491711234567', 'DE');
SELECT pg_temp.try('491711234567', '+');
SELECT pg_temp.try('0049 171 1234567', '+');
SELECT pg_temp.try('0171 1234567', '+');

-- Errors say what to do.
SELECT pg_temp.try('212 555 0123');
SELECT pg_temp.try('212 555 0123', 'UK');
SELECT pg_temp.try('212 555 0123', 'USA');
SELECT pg_temp.try('212 555 0123', '');
SELECT pg_temp.try('call me', 'US');
SELECT pg_temp.try(repeat('è', 100), 'US');
SELECT pg_temp.try(NULL, 'US') IS NULL AS null_in_null_out;

-- States and provinces.
SELECT s, c, voiceagent_private.zones_of_state(s, c) FROM (VALUES
	('tx', 'US'), ('Texas', NULL), ('US-TX', NULL), ('US-TX', 'CA'), ('Ontario', 'ca'), ('CA', NULL), ('CA', 'US'), ('ID', 'US'),
	('Atlantis', NULL), (NULL, 'US')) AS t(s, c);

-- Immutable and cheap enough for an index.
SELECT provolatile, proparallel FROM pg_proc WHERE oid = 'voiceagent.normalize_phone'::regproc;

\echo 'a column of numbers takes what the expression for them does, and nothing else'
SELECT format('%L', n) AS number, voiceagent_private.is_e164(n) AS taken
FROM unnest(ARRAY['', '+', '12125550100', '+0125550100', '+12345', '+123456', '+1234567890123456789', '+12345678901234567890',
	'+1212555010a', '+1 2125550100', E'+12125550100\n', '+１２１２５５５０１００', '++2125550100', '-12125550100', '+12125550100']) n
WHERE voiceagent_private.is_e164(n) OR n ~ '^\+[1-9][0-9]{5,18}$';
SELECT count(*) AS of_all, count(*) FILTER (WHERE voiceagent_private.is_e164(n) IS DISTINCT FROM (n ~ '^\+[1-9][0-9]{5,18}$')) AS that_differ
FROM (SELECT left('+10987654321234567890123', g % 24) || chr(32 + (g / 24) % 95) || left('4455667', (g / 2280) % 8) AS n FROM generate_series(0, 18239) g) x;
SELECT 'x'::voiceagent.e164;

-- Who must not be called: the shape of E.164 is enough, whatever a plan says; less than that is told.
SELECT voiceagent_private.stop_number(n, 'US') FROM (VALUES ('+1 565 234 5678'), ('565-234-5678'), ('+44 12345678901')) v(n);
SELECT voiceagent_private.stop_number('+44 1', 'US');
SELECT voiceagent_private.stop_number('234-5678', 'US');
SELECT voiceagent_private.stop_number('212-no phone', 'US');
SELECT voiceagent.normalize_phone('+1 565 234 5678', 'US');
-- An area code that NANPA opened in January 2025 and libphonenumber lacked in July 2026
SELECT voiceagent.normalize_phone('(621) 234-5678', 'US');
