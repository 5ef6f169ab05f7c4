-- 35_provider: the sandbox carrier's fast time, in one place.

CREATE FUNCTION voiceagent_private.carrier_time(provider text, duration interval, time_scale numeric, shortest interval)
	-- Not in SQL: where the scale is asked for on the way, the planner could not dissolve it.
	RETURNS interval LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
BEGIN
	RETURN CASE
		WHEN provider <> 'sandbox' THEN duration
		WHEN duration / time_scale::double precision < shortest THEN shortest
		ELSE duration / time_scale::double precision END;
END
$$;
COMMENT ON FUNCTION voiceagent_private.carrier_time(text, interval, numeric, interval) IS
	E'A duration by the clock of a carrier: the sandbox''s runs time_scale (the setting sandbox_time_scale) times '
	'faster, but requests to it take real time, so never less than shortest.\n'
	'NULL gives NULL.';
