-- 70_appointment: when a person that asked to be called again wants to be.

CREATE FUNCTION voiceagent_private.callback_time(structured_data jsonb, timezone text, at timestamptz,
	language text DEFAULT 'en') RETURNS timestamptz
	LANGUAGE plpgsql STABLE PARALLEL SAFE AS $$
DECLARE
	v_callback jsonb := structured_data -> 'callback';
	v_at timestamptz := voiceagent_private.resolve_time(v_callback ->> 'date', v_callback ->> 'time',
		v_callback ->> 'phrase', timezone, at, v_callback ->> 'timezone', language, true);
BEGIN
	-- Farther away than that it was misheard, as of an appointment.
	IF v_at > at AND (v_at <= at + interval '10 years' OR NOT isfinite(v_at)) THEN
		RETURN v_at;
	END IF;
	RETURN NULL;
END
$$;
COMMENT ON FUNCTION voiceagent_private.callback_time(jsonb, text, timestamptz, text) IS
	E'When the person asked to be called again, read by resolve_time() from the call''s end (at) in the zone that '
	'it named, else in the given IANA zone; language: of the talk.\n'
	'infinity: on a day that only a person can tell, or on none. NULL: the person did not say, or named a time that '
	'has passed or is more than 10 years away; callback_delay holds then.';
