/*
 * 60_inbox: what was said in a call is read once, with what its carrier or bot
 * made of it (56_phrase/40_reading.sql).  What comes out is stored in two
 * places: the reading beside the turns, and in calls the data that count, on
 * which all that follows acts.
 */

CREATE FUNCTION voiceagent_private.with_agent(reading jsonb, agent jsonb) RETURNS jsonb
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
	RETURN CASE WHEN jsonb_typeof(agent) = 'object' THEN reading || jsonb_build_object('fields',
		coalesce(reading -> 'fields', '[]')
			|| (SELECT coalesce(jsonb_agg(jsonb_build_object('name', left(v.name, 200), 'value', left(v.value, 300),
				'origin', 'agent', 'support', 'unchecked', 'counts', true) ORDER BY v.n), '[]')
			FROM (SELECT concat_ws('.', a.key, i.key) AS name, coalesce(i.value, a.value #>> '{}') AS value,
					row_number() OVER () AS n
				FROM jsonb_each(agent) a
				LEFT JOIN LATERAL jsonb_each_text(CASE jsonb_typeof(a.value) WHEN 'object' THEN a.value
					ELSE '{}' END) i ON true LIMIT 50) v)) ELSE reading END;
COMMENT ON FUNCTION voiceagent_private.with_agent(jsonb, jsonb) IS
	'A reading with the values, at most 50, that report_call() told of a conversation which the carrier held: a person '
	'to whom the call was put through said them, or heard them, and the turns have no word of it.';

-- Joined into the statement of the caller: no SET, and keys one by one.
CREATE FUNCTION voiceagent_private.read_call(tenant_id bigint, call_id bigint, assistant_id bigint,
	assistant_version integer, lead_id bigint, number smallint, at timestamptz, read_emotions text, turns jsonb,
	analysis jsonb, agent jsonb DEFAULT NULL)
	RETURNS TABLE (reading jsonb, data jsonb) LANGUAGE sql STABLE ROWS 1 AS $$
	SELECT CASE WHEN agent IS NULL THEN w.reading ELSE voiceagent_private.with_agent(w.reading, agent) END,
		CASE WHEN agent IS NULL THEN w.data
			ELSE coalesce(voiceagent_private.merge_structured_data(agent, w.data), w.data) END
	FROM (SELECT) one
	LEFT JOIN LATERAL (SELECT o.language, o.settings -> 'extraction_fields' AS fields
		FROM voiceagent.assistant_versions o
		WHERE o.tenant_id = read_call.tenant_id AND o.assistant_id = read_call.assistant_id
			AND o.version = read_call.assistant_version AND jsonb_typeof(turns) = 'array' OFFSET 0) v ON true
	LEFT JOIN LATERAL (SELECT o.timezones[1] AS timezone, o.jurisdiction FROM voiceagent.attempts o
		WHERE o.tenant_id = read_call.tenant_id AND o.call_id = read_call.call_id
			AND v.language IS NOT NULL OFFSET 0) a ON true
	-- A caller's place is not proved by any dial: that of the lead which it is taken for.
	LEFT JOIN LATERAL (SELECT voiceagent_private.zone_of_call(read_call.lead_id, read_call.number) AS timezone,
		(SELECT coalesce(nullif(o.region, ''), o.country) FROM voiceagent.leads o
			WHERE o.tenant_id = read_call.tenant_id AND o.lead_id = read_call.lead_id) AS jurisdiction,
		voiceagent_private.setting_text('read_emotions') AS read_emotions
		WHERE v.language IS NOT NULL AND a.timezone IS NULL OFFSET 0) l ON true
	CROSS JOIN LATERAL (SELECT o.reading, o.data FROM voiceagent_private.read_conversation(turns, analysis, v.language,
		-- A zone that this server does not know, as after a move, dates nothing; all else is read.
		v.fields, read_call.at AT TIME ZONE voiceagent_private.timezone_name(coalesce(a.timezone, l.timezone)),
		voiceagent_private.may_read_emotions(coalesce(read_call.read_emotions, l.read_emotions),
			coalesce(a.jurisdiction, l.jurisdiction))) o OFFSET 0) w
$$;
COMMENT ON FUNCTION voiceagent_private.read_call(bigint, bigint, bigint, integer, bigint, smallint, timestamptz, text,
	jsonb, jsonb, jsonb) IS
	E'The reading of a call''s turns, and the data that count, from its analysis: read_conversation() in the language '
	'of the assistant that spoke, with its own fields, by the clock of the person.\n'
	'at: the call''s end; read_emotions: the campaign''s setting (NULL: the tenant''s); agent: data of somebody whose '
	'words the turns lack, merged unread. One row; without turns or assistant: NULL, and the analysis.';

CREATE FUNCTION voiceagent_private.lacks_analysis(structured_data jsonb, reading jsonb) RETURNS boolean
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
	RETURN CASE WHEN reading IS NULL
			THEN structured_data IS NULL OR structured_data = voiceagent_private.with_opt_out(NULL)
		ELSE NOT jsonb_path_exists(reading,
			'$.fields[*] ? ((@.origin == "carrier" || @.origin == "agent") && @.name != "do_not_call")') END;
COMMENT ON FUNCTION voiceagent_private.lacks_analysis(jsonb, jsonb) IS
	'Whether no analysis has told what a call''s data hold: there are none, or an opt-out that was heard in the words '
	'or pressed, or what the rules alone found in its turns (reading; NULL: none).';
