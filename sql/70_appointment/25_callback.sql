-- 70_appointment: when a person that asked to be called again wants to be.

CREATE FUNCTION voiceagent_private.callback_time(structured_data jsonb, timezone text, at timestamptz,
	language text DEFAULT 'en') RETURNS timestamptz
	LANGUAGE plpgsql STABLE PARALLEL SAFE AS $$
DECLARE
	v_callback jsonb := structured_data -> 'callback';
	v_at timestamptz := voiceagent_private.resolve_time(v_callback ->> 'date', v_callback ->> 'time',
		v_callback ->> 'phrase', timezone, at, v_callback ->> 'timezone', language, true);
	v_words boolean := coalesce(v_callback ->> 'phrase' ~ '[[:alnum:]]', false);
	v_hour boolean := v_at <> date_trunc('day', v_at, timezone);
BEGIN
	-- Farther away than that it was misheard, as of an appointment; a day without its words may lack the hour that
	-- was said.
	IF v_at > at AND (NOT isfinite(v_at) OR v_at <= at + interval '10 years' AND (v_hour OR v_words)) THEN
		RETURN v_at;
	END IF;
	-- An impossible time is for a person, as is a single word that says no time; today, without an hour, can.
	RETURN CASE WHEN v_hour OR v_at > at OR (v_at IS NULL OR v_at < date_trunc('day', at, timezone) AND (NOT v_words
				-- This week has begun before; yesterday is over.
				OR voiceagent_private.resolve_time(v_callback ->> 'date', '12:00', v_callback ->> 'phrase', timezone,
					at, v_callback ->> 'timezone', language) < at))
			AND regexp_replace(left(concat_ws(' ', v_callback ->> 'date', v_callback ->> 'time',
				v_callback ->> 'unproved', CASE WHEN v_at < at OR v_callback ->> 'phrase' !~ '\S\s+\S'
					THEN v_callback ->> 'phrase' END), 1000), '\m(n/?a|no|not|none|null|undefined|unknown|unspecified|'
				'given|specified|mentioned|provided|stated|soon|later|any ?time|bald|später|luego)\M', '', 'gi')
				~ '[[:alnum:]]'
		THEN 'infinity' END;
END
$$;
COMMENT ON FUNCTION voiceagent_private.callback_time(jsonb, text, timestamptz, text) IS
	E'When the person asked to be called again, read by resolve_time() from the call''s end (at) in the zone that '
	'it named, else in the given IANA zone; language: of the talk.\n'
	'infinity: only a person can tell, as where what was heard names no time to come within 10 years, or a day '
	'alone without the person''s words. NULL: no time was said; callback_delay holds then.';
