-- 88_media: what a person asks that is ours to answer, whatever a model would say: whether it talks with a machine,
-- whether it is recorded, where its number came from, and how the calls end.

CREATE FUNCTION voiceagent_private.parse_ask(said text, language text) RETURNS text
	LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'va_sql_parse_ask';
COMMENT ON FUNCTION voiceagent_private.parse_ask(text, text) IS
	'The first question in a person''s words in a language that is ours to answer: machine, recorded, source or stop; '
	'NULL: none.';

CREATE FUNCTION voiceagent_private.own_answer(call voiceagent.calls, turns jsonb) RETURNS text
	LANGUAGE plpgsql STABLE SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_said text := (SELECT string_agg(t.value ->> 'text', ' ') FROM jsonb_array_elements(turns) t
		WHERE t.value ->> 'speaker' = 'customer');
	v_language text := (SELECT v.language FROM voiceagent.assistant_versions v WHERE v_said IS NOT NULL
		AND v.tenant_id = call.tenant_id AND v.assistant_id = call.assistant_id AND v.version = call.assistant_version);
	v_key text := voiceagent_private.parse_ask(v_said, v_language);
	v_since timestamptz;
BEGIN
	v_key := CASE WHEN v_key = 'recorded' AND NOT voiceagent_private.is_recorded(call) THEN 'written'
		WHEN v_key = 'source' AND call.direction = 'inbound' THEN 'called' ELSE v_key END;
	IF v_key = 'source' THEN
		v_since := (SELECT max(c.granted_at) FROM voiceagent.consents c WHERE c.tenant_id = call.tenant_id
			AND c.lead_id = call.lead_id AND c.phone = call.phone AND c.kind IN ('call', 'text')
			AND c.revoked_at IS NULL);
		v_key := CASE WHEN v_since IS NULL THEN 'kept' ELSE 'given' END;
		v_since := coalesce(v_since, (SELECT l.created_at FROM voiceagent.leads l
			WHERE l.tenant_id = call.tenant_id AND l.lead_id = call.lead_id), call.started_at);
	END IF;
	RETURN format(voiceagent_private.spoken_words(v_key, v_language), to_char(v_since,
		CASE split_part(v_language, '-', 1) WHEN 'en' THEN 'FMMonth FMDD, YYYY' WHEN 'de' THEN 'FMDD.FMMM.YYYY'
			ELSE 'FMDD/FMMM/YYYY' END));
END
$$;
COMMENT ON FUNCTION voiceagent_private.own_answer(voiceagent.calls, jsonb) IS
	'Our answer to turns of a call of the current tenant that ask a question which is ours to answer (parse_ask()); '
	'NULL: they ask none.';
