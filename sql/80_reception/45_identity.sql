/*
 * 80_reception: who may hear what.
 *
 * A level of identity is what a call has proved of whoever speaks in it.  A tool needs one by the assistant's setting
 * tool_levels.  Below it the tool is refused before it runs, whatever a model says, and call_tools keeps what was
 * asked for, with what it needed and what was proved.
 *
 * A caller ID may be forged.  A number that we dialled is proof: whom a network puts a call through to does not
 * depend on what anybody claims.  What was proved holds for its call and its lead alone.
 *
 * No answer tells which fact was wrong.  One that the assistant's own prompt has proves nothing, since the model
 * could say it.  Wrong tries are counted over all calls of the lead and of the number; the last has a person told.
 */

CREATE FUNCTION voiceagent_private.identity_of(context voiceagent_private.tool_context)
	RETURNS voiceagent_private.identity_level
	LANGUAGE plpgsql STABLE SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
BEGIN
	-- A number of several leads does not tell which one speaks.
	RETURN coalesce((SELECT max((t.made ->> 'level')::voiceagent_private.identity_level)
			FROM voiceagent.call_tools t
			WHERE t.tenant_id = v_tenant AND t.call_id = context.call_id AND t.error IS NULL
				AND t.tool IN ('prove_identity', 'check_code') AND (t.made ->> 'lead_id')::bigint = context.lead_id),
		CASE WHEN (context.phone = ANY (voiceagent_private.phones_of_lead(context.lead_id))) IS NOT TRUE THEN 'anybody'
			WHEN context.direction <> 'inbound' THEN 'number_attested'
			WHEN (voiceagent_private.lead_of_caller(context.phone)).ambiguous THEN 'anybody'
			WHEN EXISTS (SELECT FROM voiceagent.call_inbound i WHERE i.tenant_id = v_tenant
				AND i.call_id = context.call_id AND i.attestation = 'A') THEN 'number_attested'
			ELSE 'number_seen' END::voiceagent_private.identity_level);
END
$$;
COMMENT ON FUNCTION voiceagent_private.identity_of(voiceagent_private.tool_context) IS
	'The level that a call, or a text, of the current tenant has proved: by its number, and by what was said in it.';

CREATE FUNCTION voiceagent_private.identity_refusal(context voiceagent_private.tool_context, version integer,
	tool text, arguments jsonb) RETURNS voiceagent_private.tool_answer
	LANGUAGE plpgsql STABLE SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_needs voiceagent_private.identity_level := coalesce(
		(SELECT (a.settings #>> ARRAY['tool_levels', tool])::voiceagent_private.identity_level
			FROM voiceagent.assistant_versions a
			WHERE a.tenant_id = voiceagent.current_tenant() AND a.assistant_id = context.assistant_id
				AND a.version = coalesce(identity_refusal.version, (SELECT s.version FROM voiceagent.assistants s
					WHERE s.tenant_id = a.tenant_id AND s.assistant_id = a.assistant_id))),
		'anybody');
	v voiceagent_private.tool_answer;
BEGIN
	-- Without a day only what this very call has booked is meant.
	IF v_needs = 'anybody'
		OR tool IN ('move_booking', 'cancel_booking') AND btrim(coalesce(arguments ->> 'day', '')) = '' THEN
		RETURN NULL;
	END IF;
	IF voiceagent_private.identity_of(context) >= v_needs THEN
		RETURN NULL;
	END IF;
	v := voiceagent_private.tool_error(context, 'identity');
	v.data := v.data || jsonb_build_object('needs', v_needs, 'has', voiceagent_private.identity_of(context));
	RETURN v;
END
$$;
COMMENT ON FUNCTION voiceagent_private.identity_refusal(voiceagent_private.tool_context, integer, text, jsonb) IS
	'The answer of a tool that needs more than a call of the current tenant has proved, by this version of its '
	'assistant (NULL: the newest); NULL: it may run.';

CREATE FUNCTION voiceagent_private.plain_fact(value text, country text) RETURNS text
	LANGUAGE sql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp
	-- A date in its many ways: year, month and day.  The month comes first where it must, or behind it a slash in the
	-- United States.
	RETURN (SELECT CASE WHEN i IS NOT NULL THEN i[1] || lpad(i[2], 2, '0') || lpad(i[3], 2, '0')
			WHEN lpad(d[3], 2, '0') > '12' OR d[2] = '/' AND country = 'US' AND lpad(d[1], 2, '0') <= '12'
				THEN d[4] || lpad(d[1], 2, '0') || lpad(d[3], 2, '0')
			WHEN d IS NOT NULL THEN d[4] || lpad(d[3], 2, '0') || lpad(d[1], 2, '0')
			ELSE regexp_replace(lower(normalize(left(value, 300), NFKC)), '[^[:alnum:]]', '', 'g') END
		FROM regexp_match(value, '^\s*(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})([T\s].*)?$') AS i,
			regexp_match(value, '^\s*(\d{1,2})([-/.])(\d{1,2})[-/.](\d{4})\s*$') AS d);
COMMENT ON FUNCTION voiceagent_private.plain_fact(text, text) IS
	'A fact as it is compared: letters and digits, small; a date in digits, read as in that country.';

CREATE FUNCTION voiceagent_private.provable_facts(context voiceagent_private.tool_context) RETURNS jsonb
	LANGUAGE plpgsql STABLE SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	v_named text[] := regexp_split_to_array(btrim(voiceagent_private.setting_text('identity_facts')), '[ ,]+');
	-- By the version that speaks in this call.
	v_told text[] := ARRAY(SELECT unnest(v.variables) FROM voiceagent.assistant_versions v
		WHERE v.tenant_id = v_tenant AND v.assistant_id = context.assistant_id AND v.version = coalesce(
			(SELECT c.assistant_version FROM voiceagent.calls c WHERE c.tenant_id = v_tenant
				AND c.call_id = context.call_id AND c.assistant_id = context.assistant_id),
			(SELECT a.version FROM voiceagent.assistants a
				WHERE a.tenant_id = v_tenant AND a.assistant_id = context.assistant_id)));
	-- "M" or "42" proves nothing.
	c_least CONSTANT integer := 3;
BEGIN
	RETURN (SELECT coalesce(jsonb_object_agg(f.name, voiceagent_private.plain_fact(f.value, l.country)), '{}')
		FROM voiceagent.leads l
		CROSS JOIN LATERAL (SELECT c.key, c.value FROM jsonb_each_text(l.context) c
			UNION ALL SELECT 'email', l.email
			UNION ALL (SELECT 'appointment_day', to_char(a.starts_at AT TIME ZONE context.zone, 'YYYY-MM-DD')
				FROM voiceagent.appointments a WHERE a.tenant_id = v_tenant AND a.lead_id = l.lead_id
					AND a.status IN ('pending', 'confirmed') AND a.starts_at > context.at
				ORDER BY a.starts_at LIMIT 1)) AS f(name, value)
		WHERE l.tenant_id = v_tenant AND l.lead_id = context.lead_id AND f.name = ANY (v_named)
			AND f.name <> ALL (v_told || CASE WHEN 'memory' = ANY (v_told) THEN voiceagent_private.memory_keys() END)
			AND length(voiceagent_private.plain_fact(f.value, l.country)) >= c_least);
END
$$;
COMMENT ON FUNCTION voiceagent_private.provable_facts(voiceagent_private.tool_context) IS
	E'What of the record of a call''s lead may prove who speaks, as plain_fact(), by the setting identity_facts.\n'
	'Nothing that the prompt of the assistant tells its model.';

CREATE FUNCTION voiceagent_private.proof_tried(context voiceagent_private.tool_context, level text DEFAULT NULL,
	is_right boolean DEFAULT NULL) RETURNS voiceagent_private.tool_answer
	LANGUAGE plpgsql VOLATILE SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	v_wrong integer;
	v voiceagent_private.tool_answer;
	c_wrong CONSTANT integer := 3;
	c_within CONSTANT interval := '24 hours';
BEGIN
	-- One after the other, so that two tries at once do not count the same ones.
	PERFORM FROM voiceagent_private.tenant_directory d WHERE d.tenant_id = v_tenant FOR NO KEY UPDATE;
	-- Calls of both directions; what was played locks nobody out.
	SELECT count(*) INTO v_wrong FROM voiceagent.call_tools t
	JOIN voiceagent.calls c ON c.tenant_id = v_tenant AND c.call_id = t.call_id
		AND (c.lead_id = context.lead_id OR c.phone = context.phone)
	WHERE t.tenant_id = v_tenant AND t.error = 'wrong_proof' AND t.called_at > context.at - c_within
		AND voiceagent_private.is_sandbox(c.provider_account_id) = voiceagent_private.is_played(NULL, context.call_id);
	IF v_wrong >= c_wrong THEN
		RETURN voiceagent_private.tool_error(context, 'proof_locked');
	ELSIF is_right THEN
		RETURN voiceagent_private.tool_done(context, 'proved', made => jsonb_build_object('level', level, 'lead_id',
			context.lead_id));
	ELSIF is_right IS FALSE THEN
		v := voiceagent_private.tool_error(context, 'wrong_proof');
		v.made := CASE WHEN v_wrong + 1 >= c_wrong THEN '{"locked": true}' END;
	END IF;
	RETURN v;
END
$$;
COMMENT ON FUNCTION voiceagent_private.proof_tried(voiceagent_private.tool_context, text, boolean) IS
	E'The answer to a proof of a level in a call of the current tenant that was right, or wrong.\n'
	'After three wrong ones within 24 hours, of the lead or the number, none is taken any more. '
	'is_right NULL: none is tried yet; the answer is NULL unless it is locked.';

CREATE FUNCTION voiceagent_private.tool_prove_identity(context voiceagent_private.tool_context, arguments jsonb)
	RETURNS voiceagent_private.tool_answer
	LANGUAGE plpgsql VOLATILE SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_facts jsonb := voiceagent_private.provable_facts(context);
	v_country text := (SELECT l.country FROM voiceagent.leads l
		WHERE l.tenant_id = voiceagent.current_tenant() AND l.lead_id = context.lead_id);
BEGIN
	IF (SELECT count(*) FROM jsonb_object_keys(v_facts)) < 2 THEN
		RETURN voiceagent_private.tool_error(context, 'no_proof');
	ELSIF (v_facts ?& ARRAY[arguments ->> 'fact', arguments ->> 'other_fact']
			AND arguments ->> 'fact' <> arguments ->> 'other_fact'
			AND btrim(arguments ->> 'said') <> '' AND btrim(arguments ->> 'other_said') <> '') IS NOT TRUE THEN
		RETURN voiceagent_private.tool_error(context, 'ask_facts', (SELECT string_agg(k, ', ' ORDER BY k)
			FROM jsonb_object_keys(v_facts) k));
	END IF;
	RETURN voiceagent_private.proof_tried(context, 'two_facts',
		v_facts ->> (arguments ->> 'fact') = voiceagent_private.plain_fact(arguments ->> 'said', v_country)
		AND v_facts ->> (arguments ->> 'other_fact') = voiceagent_private.plain_fact(arguments ->> 'other_said',
			v_country));
END
$$;
COMMENT ON FUNCTION voiceagent_private.tool_prove_identity(voiceagent_private.tool_context, jsonb) IS
	'The tool prove_identity: two facts of the record said right, both at once; without them, which ones may be asked.';

CREATE FUNCTION voiceagent_private.tool_send_code(context voiceagent_private.tool_context, arguments jsonb)
	RETURNS voiceagent_private.tool_answer
	LANGUAGE plpgsql VOLATILE SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	v_answer voiceagent_private.tool_answer := voiceagent_private.proof_tried(context);
	v_key text := format('caller_code:%s:%s', context.call_id, voiceagent_private.random_token());
	v_text voiceagent.texts;
	c_lasts CONSTANT interval := '10 minutes';
	c_a_day CONSTANT integer := 3;
BEGIN
	IF v_answer.error IS NOT NULL THEN
		RETURN v_answer;
	-- Whoever calls from no number of the record gets no code.
	ELSIF context.call_id IS NULL OR voiceagent_private.identity_of(context) = 'anybody'
		OR (SELECT count(*) >= c_a_day FROM voiceagent.texts t WHERE t.tenant_id = v_tenant AND t.phone = context.phone
			AND t.kind = 'caller_code' AND t.created_at > context.at - interval '1 day') THEN
		RETURN voiceagent_private.tool_error(context, 'no_proof');
	END IF;
	INSERT INTO voiceagent_private.caller_codes (tenant_id, call_id, code, key, expires_at)
	VALUES (v_tenant, context.call_id, voiceagent_private.random_code(), v_key, context.at + c_lasts)
	ON CONFLICT ON CONSTRAINT caller_codes_pkey DO UPDATE SET code = excluded.code, key = excluded.key,
		expires_at = excluded.expires_at;
	PERFORM voiceagent_private.request_job('forget_caller_codes', context.at + c_lasts + interval '1 day');
	PERFORM voiceagent_private.queue_text('caller_code', context.phone,
		voiceagent_private.tool_says(context, 'code_text'), v_key, context.lead_id, context.call_id,
		until => extract(epoch FROM context.at + c_lasts)::bigint);
	SELECT t.* INTO v_text FROM voiceagent.texts t WHERE t.tenant_id = v_tenant AND t.key = v_key;
	-- The gate that judges it as it leaves is asked now, so that nobody waits for what does not come.
	RETURN CASE WHEN (voiceagent_private.text_obstacle(v_text, context.at)).reason IS NULL
		THEN voiceagent_private.tool_done(context, 'code_sent', made => '{}')
		ELSE voiceagent_private.tool_error(context, 'no_proof') END;
END
$$;
COMMENT ON FUNCTION voiceagent_private.tool_send_code(voiceagent_private.tool_context, jsonb) IS
	'The tool send_code: six digits to the number of the call, if it is the lead''s, good in this call for ten '
	'minutes; three in a day at most.';

CREATE FUNCTION voiceagent_private.tool_check_code(context voiceagent_private.tool_context, arguments jsonb)
	RETURNS voiceagent_private.tool_answer
	LANGUAGE plpgsql VOLATILE SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	v_answer voiceagent_private.tool_answer;
	-- The call may be another lead's meanwhile.
	v_code text := (SELECT c.code FROM voiceagent_private.caller_codes c WHERE c.tenant_id = v_tenant
		AND c.call_id = context.call_id AND c.expires_at > context.at
		AND voiceagent_private.identity_of(context) > 'anybody');
BEGIN
	v_answer := CASE WHEN v_code IS NULL THEN voiceagent_private.tool_error(context, 'no_code')
		ELSE voiceagent_private.proof_tried(context, 'code',
			v_code = regexp_replace(arguments ->> 'digits', '[^0-9]', '', 'g')) END;
	-- Good once.
	DELETE FROM voiceagent_private.caller_codes c WHERE v_answer.error IS NULL AND c.tenant_id = v_tenant
		AND c.call_id = context.call_id;
	RETURN v_answer;
END
$$;
COMMENT ON FUNCTION voiceagent_private.tool_check_code(voiceagent_private.tool_context, jsonb) IS
	'The tool check_code: the code that send_code had texted in this call.';
