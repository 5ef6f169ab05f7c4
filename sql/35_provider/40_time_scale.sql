-- 35_provider: the sandbox carrier's fast time, in one place.

CREATE FUNCTION voiceagent_private.carrier_time(provider text, duration interval, time_scale numeric, shortest interval)
	RETURNS interval LANGUAGE c IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'va_sql_carrier_time';
COMMENT ON FUNCTION voiceagent_private.carrier_time(text, interval, numeric, interval) IS
	E'A duration by the clock of a carrier: the sandbox''s runs time_scale (the setting sandbox_time_scale) times '
	'faster, but requests to it take real time, so never less than shortest.\n'
	'NULL gives NULL.';
