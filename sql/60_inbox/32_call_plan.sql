/*
 * 60_inbox: telling a live call what to do by requests of our own, and whether
 * it talks to whoever has answered it; upon which events, see 33_live.sql.
 */

CREATE FUNCTION voiceagent_private.message_of(call voiceagent.calls) RETURNS text
	LANGUAGE sql STABLE
	RETURN (SELECT voiceagent_private.pronounced(voiceagent_private.spoken_text(
			concat_ws(' ', d.words, m.words),
			voiceagent_private.call_variables(voiceagent_private.lead_variables(l)
					|| voiceagent_private.script_of_call(call.call_id, k.settings),
				m.words, v.language, a.timezones, a.created_at)), v.settings)
		FROM voiceagent.attempts a
		JOIN voiceagent.leads l ON l.tenant_id = call.tenant_id AND l.lead_id = call.lead_id
		JOIN voiceagent.campaign_versions k ON k.tenant_id = call.tenant_id AND k.campaign_id = call.campaign_id
			AND k.version = call.campaign_version
		JOIN voiceagent.assistant_versions v
			ON v.tenant_id = call.tenant_id AND v.assistant_id = call.assistant_id
				AND v.version = call.assistant_version
		CROSS JOIN LATERAL (SELECT coalesce(nullif(btrim(k.settings ->> 'voicemail_message'), ''),
			nullif(btrim(v.settings ->> 'voicemail_message'), '')) AS words) m
		CROSS JOIN LATERAL (SELECT voiceagent_private.machine_words(CASE WHEN a.lawful
			THEN voiceagent_private.terms_of(a.jurisdiction, a.created_at, a.timezones) END, a.disclosures,
			a.disclosure, k.settings, v.language) AS words) d
		WHERE a.tenant_id = call.tenant_id AND a.call_id = call.call_id AND m.words IS NOT NULL
			AND d.words IS DISTINCT FROM '');
COMMENT ON FUNCTION voiceagent_private.message_of(voiceagent.calls) IS
	'The words that a call leaves on a voicemail, with those of the law; NULL: its campaign and assistant have no '
	'message, or must leave none (machine_words()).';

CREATE FUNCTION voiceagent_private.treat_machine(call voiceagent.calls, machine text) RETURNS text
	LANGUAGE plpgsql STABLE AS $$
BEGIN
	RETURN CASE WHEN coalesce(machine NOT IN ('voicemail', 'ivr', 'unavailable'), true) THEN 'talk'
		ELSE (SELECT CASE coalesce(k.settings ->> 'machine_detection', 'off') WHEN 'off' THEN 'talk'
			WHEN 'message' THEN CASE WHEN machine = 'voicemail' AND voiceagent_private.message_of(call) IS NOT NULL
				AND (call.message_left_at IS NOT NULL
					OR voiceagent_private.setting_integer('voicemail_drops_per_day') > (
					SELECT voiceagent_private.messages_left(call.phone, a.timezones, voiceagent.clock(), call.call_id)
					FROM voiceagent.attempts a WHERE a.tenant_id = call.tenant_id
						AND a.call_id = call.call_id)) THEN 'message' ELSE 'hang_up' END
			ELSE 'hang_up' END
			FROM voiceagent.campaign_versions k
			WHERE k.tenant_id = call.tenant_id AND k.campaign_id = call.campaign_id
				AND k.version = call.campaign_version) END;
END
$$;
COMMENT ON FUNCTION voiceagent_private.treat_machine(voiceagent.calls, text) IS
	'A call''s treatment of who answered: talk, message (leave one), hang_up.';

CREATE FUNCTION voiceagent_private.send_call_plan(account bigint, call bigint, event voiceagent.call_event, plan jsonb,
		not_before timestamptz DEFAULT NULL) RETURNS void
	LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_provider text := (SELECT a.provider FROM voiceagent.provider_accounts a
		WHERE a.tenant_id = voiceagent.current_tenant() AND a.provider_account_id = account);
	-- Words that a socket does not say itself are said before it, and before forwarding; its end brings
	-- these: see plan_after_speech().
	v_kind text := CASE plan ->> 'kind' WHEN 'say' THEN 'say' WHEN 'play' THEN 'play'
		WHEN 'stream' THEN CASE WHEN plan ? 'text' THEN 'say' ELSE 'stream' END
		WHEN 'forward' THEN CASE WHEN plan ? 'text' THEN 'say' ELSE 'transfer' END ELSE 'hangup' END;
BEGIN
	-- A caller is taken first, and spoken to when the carrier says that the call stands.
	IF event.kind = 'incoming' AND v_kind <> 'hangup' AND event.status IS DISTINCT FROM 'in_progress' THEN
		v_kind := 'answer';
	END IF;
	IF call IS NULL THEN
		UPDATE voiceagent.call_inbound i SET told = v_kind
		WHERE i.tenant_id = voiceagent.current_tenant() AND i.provider_account_id = account
			AND i.provider_call_id = event.provider_call_id;
	END IF;
	-- The dial says how long a call of ours may last; a document says it for one that comes in, or nothing does yet.
	IF event.kind = 'incoming' AND v_kind <> 'hangup' AND plan ? 'max_duration_s'
		AND voiceagent_private.driver_can(v_provider, 'limit') THEN
		PERFORM voiceagent_private.enqueue_provider_request(account,
			'limit', jsonb_build_object('provider_call_id', event.provider_call_id,
				'answer', jsonb_build_object('kind', plan -> 'kind', 'max_duration_s', plan -> 'max_duration_s')));
	END IF;
	IF NOT voiceagent_private.driver_can(v_provider, v_kind) THEN
		PERFORM voiceagent_private.log_event('call_order_impossible', NULL, call, NULL,
			jsonb_build_object('order', v_kind));
		RETURN;
	END IF;
	-- Before anything is said.
	IF call IS NOT NULL AND v_kind <> 'hangup' AND (plan ->> 'record')::boolean
		AND voiceagent_private.driver_can(v_provider, 'record')
		AND NOT voiceagent_private.driver_can(v_provider, 'record_calls') THEN
		PERFORM voiceagent_private.enqueue_provider_request(account, 'record', jsonb_strip_nulls(jsonb_build_object(
			'provider_call_id', event.provider_call_id, 'attempt_ref', event.attempt_ref)), call);
	END IF;
	PERFORM voiceagent_private.enqueue_provider_request(account, v_kind, jsonb_strip_nulls(jsonb_build_object(
		'provider_call_id', event.provider_call_id, 'attempt_ref', event.attempt_ref, 'control_url', event.control_url,
		'answer', CASE WHEN v_kind <> 'hangup' THEN plan - 'then' END,
		-- After a message the call ends, which goes with it to some carriers.
		'reason', CASE WHEN v_kind = 'hangup'
			THEN CASE event.kind WHEN 'incoming' THEN coalesce(plan ->> 'reason', 'busy') ELSE 'normal' END
			WHEN v_kind = 'say' AND event.machine = 'voicemail' THEN 'normal' END,
		-- Not somebody's own command: see on_command_done().
		'told', v_kind <> 'hangup')), call, not_before => send_call_plan.not_before);
END
$$;
COMMENT ON FUNCTION voiceagent_private.send_call_plan(bigint, bigint, voiceagent.call_event, jsonb, timestamptz) IS
	E'Sends the carrier of an account what a call that an event is about is to do by a plan as answer_plan() '
	'gives it; NULL, reject or hangup: it ends.\n'
	'A carrier that does not record from the dial on gets the order to record, where the plan says so; one that '
	'ends no incoming call by itself, after how long it is to. call: our number of it, NULL for an incoming one; '
	'not_before: when, NULL: at once.';
