-- 70_appointment: when a person that asked to be called again wants to be.

CREATE FUNCTION voiceagent_private.callback_time(structured_data jsonb, timezone text, at timestamptz,
	language text DEFAULT 'en') RETURNS timestamptz
	LANGUAGE sql STABLE PARALLEL SAFE AS $$
	-- Farther away than that it was misheard, as of an appointment.
	SELECT c.at FROM (SELECT voiceagent_private.resolve_callback(structured_data #>> '{callback,date}',
		structured_data #>> '{callback,time}', structured_data #>> '{callback,phrase}', callback_time.timezone,
		callback_time.at, structured_data #>> '{callback,timezone}', callback_time.language) AS at
		OFFSET 0 /* computed once */) c
	WHERE c.at > callback_time.at AND (c.at <= callback_time.at + interval '10 years' OR NOT isfinite(c.at))
$$;
COMMENT ON FUNCTION voiceagent_private.callback_time(jsonb, text, timestamptz, text) IS
	E'When the person asked to be called again, read by resolve_callback() from the call''s end (at) in the zone that '
	'it named, else in the given IANA zone; language: of the talk.\n'
	'infinity: on a day that only a person can tell, or on none. NULL: the person did not say, or named a time that '
	'has passed or is more than 10 years away; callback_delay holds then.';
