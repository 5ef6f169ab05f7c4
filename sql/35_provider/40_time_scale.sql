-- 35_provider: the sandbox carrier's fast time, in one place.

CREATE FUNCTION voiceagent_private.scaled_wait(wait interval, provider text) RETURNS interval
	LANGUAGE plpgsql STABLE AS $$
BEGIN
	IF provider <> 'sandbox' THEN
		RETURN wait;
	END IF;
	RETURN wait / voiceagent_private.setting_number('sandbox_time_scale')::double precision;
END
$$;
COMMENT ON FUNCTION voiceagent_private.scaled_wait(interval, text) IS
	'How long a wait of the platform''s own lasts on a carrier: on the sandbox an hour is a second (sandbox_time_scale).';

CREATE FUNCTION voiceagent_private.carrier_wait(key text, provider text) RETURNS interval
	LANGUAGE plpgsql STABLE AS $$
DECLARE
	v_wait interval := voiceagent_private.as_interval(voiceagent_private.platform_setting(key));
BEGIN
	IF (SELECT d.scaled FROM voiceagent_private.setting_definitions d WHERE d.key = carrier_wait.key) THEN
		RETURN voiceagent_private.scaled_wait(v_wait, provider);
	END IF;
	RETURN v_wait;
END
$$;
COMMENT ON FUNCTION voiceagent_private.carrier_wait(text, text) IS
	'A platform setting of kind interval as it holds for calls of a carrier (scaled on the sandbox where its definition says so).';
