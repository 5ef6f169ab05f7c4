-- 56_phrase: what words say, by the scanner of the library; it knows languages, no tenants and no rows.

CREATE FUNCTION voiceagent_private.scan_times(words text, language text, reference timestamp, OUT reading text,
	OUT starts_at timestamp, OUT ends_at timestamp, OUT grain text, OUT alternative integer, OUT quote text,
	OUT zone text) RETURNS SETOF record
	LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE ROWS 2 AS 'MODULE_PATHNAME', 'va_sql_scan_times';
COMMENT ON FUNCTION voiceagent_private.scan_times(text, text, timestamp) IS
	E'The moments that words name, said at reference on the clock of the person that speaks.\n'
	'starts_at and ends_at are of the clock of zone, or of that person''s if it is NULL. The columns are those of '
	'parse_time(). PT422: no such language, a reference before 1900 or after 2199.';

CREATE FUNCTION voiceagent.parse_time(words text, language text, reference timestamptz, timezone text)
	RETURNS TABLE (reading text, starts_at timestamptz, ends_at timestamptz, grain text, alternative integer,
		quote text, zone text)
	LANGUAGE plpgsql STABLE SECURITY DEFINER PARALLEL SAFE ROWS 2 SET search_path = pg_catalog, pg_temp AS $$
BEGIN
	PERFORM voiceagent_private.require_timezone(parse_time.timezone);
	PERFORM voiceagent_private.fail_if(parse_time.language IS NULL OR reference IS NULL, 'PT422',
		'language and reference must be given', NULL, 'reference is when the words are said, for instance now().');
	RETURN QUERY
		SELECT t.reading, t.starts_at AT TIME ZONE coalesce(t.zone, parse_time.timezone),
			t.ends_at AT TIME ZONE coalesce(t.zone, parse_time.timezone), t.grain, t.alternative, t.quote, t.zone
		FROM voiceagent_private.scan_times(words, parse_time.language, reference AT TIME ZONE parse_time.timezone)
			WITH ORDINALITY t(reading, starts_at, ends_at, grain, alternative, quote, zone, n)
		ORDER BY t.n;
END
$$;
COMMENT ON FUNCTION voiceagent.parse_time(text, text, timestamptz, text) IS
	E'The moments that words name, said at reference in timezone; no row: none, or too many to tell.\n'
	'language: en, es, fr, de, it, with any region. reading is the local form; ends_at is exclusive; alternative: 2 is '
	'another honest reading. zone: named in the words. Of long words the first 4,000 bytes and 400 words and '
	'marks are read. PT422.';
