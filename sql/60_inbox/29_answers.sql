/*
 * 60_inbox: consents that are asked for in a call: the question stands in a
 * turn of the assistant, the answer in one of the person's, and nowhere else.
 */

CREATE FUNCTION voiceagent_private.parse_answer(turns jsonb, question text, language text, OUT asked boolean,
	OUT agreed boolean, OUT turn integer, OUT quote text)
	LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'va_sql_parse_answer';
COMMENT ON FUNCTION voiceagent_private.parse_answer(jsonb, text, text) IS
	'Whether the assistant asked this question in a talk, and the person''s last answer to it, with its words and the '
	'place of their turn; agreed NULL: it gave none, or one that is neither yes nor no.';

CREATE FUNCTION voiceagent_private.asks_consent(settings jsonb) RETURNS boolean
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
	RETURN coalesce((settings ->> 'ask_to_record')::boolean, false)
		OR coalesce((settings ->> 'ask_to_call')::boolean, false)
		OR coalesce((settings ->> 'ask_to_text')::boolean, false);
COMMENT ON FUNCTION voiceagent_private.asks_consent(jsonb) IS 'Whether calls with these settings ask for a consent.';

CREATE FUNCTION voiceagent_private.start_recording(call voiceagent.calls) RETURNS void
	LANGUAGE plpgsql VOLATILE SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v record;
BEGIN
	SELECT a.provider, t.reference, coalesce(t.provider_call_id, call.provider_call_id, i.provider_call_id) AS id INTO v
	FROM voiceagent.provider_accounts a
	LEFT JOIN voiceagent.attempts t ON t.tenant_id = call.tenant_id AND t.call_id = call.call_id
	LEFT JOIN voiceagent.call_inbound i ON i.tenant_id = call.tenant_id AND i.call_id = call.call_id
	WHERE a.tenant_id = call.tenant_id AND a.provider_account_id = call.provider_account_id;
	IF NOT voiceagent_private.driver_can(v.provider, 'record') THEN
		PERFORM voiceagent_private.log_event('call_order_impossible', call.campaign_id, call.call_id, call.lead_id,
			'{"order": "record"}');
	ELSIF NOT EXISTS (SELECT FROM voiceagent.provider_requests r
			WHERE r.tenant_id = call.tenant_id AND r.call_id = call.call_id AND r.kind = 'record') THEN
		PERFORM voiceagent_private.enqueue_provider_request(call.provider_account_id, 'record', jsonb_strip_nulls(
			jsonb_build_object('provider_call_id', v.id, 'attempt_ref', v.reference)), call.call_id);
	END IF;
END
$$;
COMMENT ON FUNCTION voiceagent_private.start_recording(voiceagent.calls) IS
	'Has the carrier of a live call of the current tenant record it from now on; one that cannot begin in a call does '
	'not, and an event says so.';

CREATE FUNCTION voiceagent_private.keep_answers(call voiceagent.calls, turns jsonb) RETURNS void
	LANGUAGE plpgsql VOLATILE SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_language text;
	v_settings jsonb;
	v_at timestamptz;
	v record;
BEGIN
	SELECT a.language, coalesce(w.settings, voiceagent_private.settings_of_incoming(a.language))
	INTO v_language, v_settings FROM voiceagent.assistant_versions a
	LEFT JOIN voiceagent.campaign_versions w ON w.tenant_id = call.tenant_id AND w.campaign_id = call.campaign_id
		AND w.version = call.campaign_version
	WHERE a.tenant_id = call.tenant_id AND a.assistant_id = call.assistant_id AND a.version = call.assistant_version;
	-- A caller who is no lead has no consents.
	IF call.lead_id IS NULL OR voiceagent_private.asks_consent(v_settings) IS NOT TRUE THEN
		RETURN;
	END IF;
	FOR v IN
		SELECT k.kind, q.question, s.asked, s.agreed, s.quote,
			coalesce((t.said ->> 'seconds_from_start')::numeric, (t.said ->> 'at_ms')::numeric / 1000
				- extract(epoch FROM coalesce(call.answered_at, call.started_at)))::integer AS at_s
		FROM (SELECT o.kind AS asks, o.key, voiceagent_private.consent_kind(o.kind, call.provider_account_id) AS kind
			FROM (VALUES ('recording', 'ask_to_record'), ('call', 'ask_to_call'), ('text', 'ask_to_text'))
				AS o(kind, key)
			OFFSET 0 /* once each */) k
		CROSS JOIN LATERAL (
			SELECT voiceagent_private.spoken_words('ask_' || k.asks, v_language) AS question) q
		CROSS JOIN LATERAL voiceagent_private.parse_answer(turns, q.question, v_language) s
		CROSS JOIN LATERAL (SELECT turns -> (s.turn - 1) AS said) t
		LEFT JOIN LATERAL (SELECT c.revoked_at IS NULL AS agreed FROM voiceagent.consents c
			WHERE c.tenant_id = call.tenant_id AND c.lead_id = call.lead_id AND c.kind = k.kind
				AND c.call_id = call.call_id
			ORDER BY c.consent_id DESC LIMIT 1) o ON true
		WHERE (v_settings ->> k.key)::boolean AND (s.agreed <> o.agreed
			OR o.agreed IS NULL AND (s.agreed IS NOT NULL OR call.outcome IS NOT NULL))
	LOOP
		IF v.agreed IS NULL THEN
			-- A value not asked for, as where a machine answered, is not unclear.
			IF v.asked THEN
				PERFORM voiceagent_private.log_event('consent_unclear', call.campaign_id, call.call_id, call.lead_id,
					jsonb_build_object('kind', v.kind));
			END IF;
			CONTINUE;
		END IF;
		v_at := least(coalesce(call.answered_at + make_interval(secs => v.at_s), voiceagent.clock()),
			voiceagent.clock());
		IF NOT v.agreed THEN
			UPDATE voiceagent.consents c SET revoked_at = v_at
			WHERE c.tenant_id = call.tenant_id AND c.lead_id = call.lead_id AND c.phone = call.phone
				AND c.kind = v.kind AND c.revoked_at IS NULL;
		END IF;
		INSERT INTO voiceagent.consents (tenant_id, lead_id, phone, kind, source, wording, granted_at, revoked_at,
			call_id, quote, said_at_s)
		VALUES (call.tenant_id, call.lead_id, call.phone, v.kind, format('asked in call %s', call.call_id), v.question,
			v_at, CASE WHEN NOT v.agreed THEN v_at END, call.call_id, v.quote, v.at_s);
		PERFORM voiceagent_private.log_event('consent_answered', call.campaign_id, call.call_id, call.lead_id,
			jsonb_build_object('kind', v.kind, 'agreed', v.agreed, 'second', v.at_s));
		IF v.kind LIKE '%recording' AND v.agreed AND call.outcome IS NULL THEN
			PERFORM voiceagent_private.start_recording(call);
		END IF;
	END LOOP;
END
$$;
COMMENT ON FUNCTION voiceagent_private.keep_answers(voiceagent.calls, jsonb) IS
	E'Keeps what a person answered in a call of the current tenant to the questions that it asks (ask_to_record, '
	'ask_to_call, ask_to_text), by the turns that are known: a consent with the quote, or that it was refused, which '
	'ends those there were.\n'
	'A live call is recorded from the yes on; of one that is over an event says that an answer was unclear.';
