/*
 * 60_inbox: what becomes of a call that missed our order, or whose carrier
 * could not report its end: while the socket is closed both are lost.  So who
 * is asked which calls there are, is asked about what is said in them as well.
 */

CREATE FUNCTION voiceagent_private.on_command_done(provider_request voiceagent.provider_requests) RETURNS void
	LANGUAGE plpgsql VOLATILE SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
BEGIN
	-- No one misses a text that a member had said or played in a conversation (command_call()): it goes on.
	IF provider_request.state <> 'failed' OR provider_request.kind = 'transfer' AND provider_request.call_id IS NOT NULL
		OR NOT coalesce((provider_request.request_data ->> 'told')::boolean, false) THEN
		RETURN;
	END IF;
	-- The results of the steps before the one that failed.
	IF provider_request.kind = 'stream' THEN
		PERFORM voiceagent_private.end_stream(provider_request.provider_account_id, provider_request.request_data);
	END IF;
	IF provider_request.kind = 'say' AND provider_request.request_data ? 'reason' THEN
		UPDATE voiceagent.calls c SET message_left_at = NULL
		WHERE c.tenant_id = provider_request.tenant_id AND c.call_id = provider_request.call_id
			AND c.message_left_at IS NOT NULL;
	END IF;
	-- A caller that was to be put through after the message is put through without it, as send_call_plan() notes.
	IF provider_request.kind = 'say' AND provider_request.call_id IS NULL
		AND provider_request.request_data #>> '{answer,kind}' = 'forward'
		AND EXISTS (SELECT FROM voiceagent.call_inbound i
			WHERE i.tenant_id = provider_request.tenant_id
				AND i.provider_account_id = provider_request.provider_account_id
				AND i.provider_call_id = provider_request.request_data ->> 'provider_call_id' AND i.ended_at IS NULL)
	THEN
		PERFORM voiceagent_private.send_call_plan(provider_request.provider_account_id, NULL,
			jsonb_populate_record(NULL::voiceagent.call_event, jsonb_build_object(
				'provider_call_id', provider_request.request_data -> 'provider_call_id',
				'control_url', provider_request.request_data -> 'control_url')),
			(provider_request.request_data -> 'answer') - 'text');
		RETURN;
	END IF;
	-- A person holds the telephone and hears nothing, and would until the call's limit.
	IF (EXISTS (SELECT FROM voiceagent.calls c
			WHERE c.tenant_id = provider_request.tenant_id AND c.call_id = provider_request.call_id
				AND c.outcome IS NULL)
		OR provider_request.call_id IS NULL AND EXISTS (SELECT FROM voiceagent.call_inbound i
			WHERE i.tenant_id = provider_request.tenant_id
				AND i.provider_account_id = provider_request.provider_account_id
				AND i.provider_call_id = provider_request.request_data ->> 'provider_call_id' AND i.ended_at IS NULL))
		AND voiceagent_private.driver_can((SELECT a.provider FROM voiceagent.provider_accounts a
			WHERE a.tenant_id = provider_request.tenant_id
				AND a.provider_account_id = provider_request.provider_account_id), 'hangup')
	THEN
		PERFORM voiceagent_private.enqueue_provider_request(provider_request.provider_account_id,
			'hangup', jsonb_strip_nulls(jsonb_build_object(
				'provider_call_id', provider_request.request_data -> 'provider_call_id',
				'attempt_ref', provider_request.request_data -> 'attempt_ref',
				'control_url', provider_request.request_data -> 'control_url', 'reason', 'normal')),
				provider_request.call_id);
	END IF;
END
$$;
COMMENT ON FUNCTION voiceagent_private.on_command_done(voiceagent.provider_requests) IS
	'send_call_plan() gave a call its order (say, play, stream, answer; an incoming one also transfer), or '
	'could not be: then it is hung up, and has left no message; or it is put through, if only the message '
	'before that was refused.';
INSERT INTO voiceagent_private.provider_request_handlers (kind, handler) VALUES
	('say', 'on_command_done'), ('play', 'on_command_done'), ('stream', 'on_command_done'),
	('answer', 'on_command_done'), ('transfer', 'on_command_done');

CREATE FUNCTION voiceagent_private.awaits_end(provider_request voiceagent.provider_requests) RETURNS boolean
	LANGUAGE sql STABLE SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
	SELECT provider_request.state = 'done' AND provider_request.kind IN ('say', 'play')
		AND CASE WHEN provider_request.call_id IS NOT NULL
			THEN NOT EXISTS (SELECT FROM voiceagent.provider_requests r
				WHERE r.tenant_id = provider_request.tenant_id AND r.call_id = provider_request.call_id
					AND r.provider_request_id > provider_request.provider_request_id
					AND r.kind IN ('say', 'play', 'stream', 'transfer', 'hangup') AND r.state <> 'failed')
			ELSE EXISTS (SELECT FROM voiceagent.call_inbound i
				WHERE i.tenant_id = provider_request.tenant_id
					AND i.provider_account_id = provider_request.provider_account_id
					AND i.provider_call_id = provider_request.request_data ->> 'provider_call_id'
					AND i.told = provider_request.kind AND i.ended_at IS NULL) END
$$;
COMMENT ON FUNCTION voiceagent_private.awaits_end(voiceagent.provider_requests) IS
	'Whether a call of the current tenant had an order to say or play something as its last, and nothing has '
	'followed upon its end.';

CREATE FUNCTION voiceagent_private.request_call_ends(account bigint, ids text[]) RETURNS integer
	LANGUAGE plpgsql VOLATILE SET planner.policy = in_order SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	v_told voiceagent.provider_requests;
	v_asked integer := 0;
BEGIN
	IF NOT voiceagent_private.driver_can((SELECT a.provider FROM voiceagent.provider_accounts a
		WHERE a.tenant_id = v_tenant AND a.provider_account_id = account), 'check_playback')
	THEN
		RETURN 0;
	END IF;
	FOR v_told IN
		SELECT e.* FROM voiceagent_private.live_calls l
		CROSS JOIN LATERAL (SELECT r.* FROM voiceagent.provider_requests r
			WHERE r.tenant_id = v_tenant AND r.call_id = l.call_id AND r.kind IN ('say', 'play') AND r.state = 'done'
			ORDER BY r.provider_request_id DESC LIMIT 1) e
		WHERE l.tenant_id = v_tenant AND l.provider_account_id = account AND l.provider_call_id = ANY (ids)
		UNION ALL
		-- As late as the call: few have come since. Columns not asked for here keep the index usable.
		SELECT e.* FROM voiceagent.call_inbound i
		CROSS JOIN LATERAL (SELECT r.* FROM voiceagent.provider_requests r
			WHERE r.tenant_id = v_tenant AND r.provider_account_id = account AND r.kind = i.told
				AND r.provider_request_id IS NOT NULL AND r.kind <> 'fetch_cost'
				AND r.call_id IS NULL AND r.request_data ->> 'provider_call_id' = i.provider_call_id
			ORDER BY r.provider_request_id DESC LIMIT 1) e
		WHERE i.tenant_id = v_tenant AND i.provider_account_id = account AND i.ended_at IS NULL
			AND i.told IN ('say', 'play')
			AND i.provider_call_id = ANY (ids)
	LOOP
		CONTINUE WHEN voiceagent_private.awaits_end(v_told) IS NOT TRUE;
		PERFORM voiceagent_private.enqueue_provider_request(account, 'check_playback',
			jsonb_build_object('told_provider_request', v_told.provider_request_id, 'playback_ref', v_told.reference),
			v_told.call_id);
		v_asked := v_asked + 1;
	END LOOP;
	RETURN v_asked;
END
$$;
COMMENT ON FUNCTION voiceagent_private.request_call_ends(bigint, text[]) IS
	E'The carrier of an account of the current tenant says, once it can be heard again, which calls there are '
	'(its ids of them): where one of ours, or one that came in, had an order to say or play something, and its '
	'end was not reported, it is asked whether that is over (see on_playback_checked()).\n'
	'Returns about how many.';

CREATE FUNCTION voiceagent_private.on_playback_checked(provider_request voiceagent.provider_requests) RETURNS void
	LANGUAGE plpgsql VOLATILE SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_told voiceagent.provider_requests;
	v_event voiceagent.call_event;
BEGIN
	-- The carrier will tell what goes on: we listen now.
	IF provider_request.state <> 'done' OR NOT coalesce((provider_request.result ->> 'already')::boolean, false) THEN
		RETURN;
	END IF;
	-- Before the look at whether it was reported meanwhile, in the order of those who apply that.
	PERFORM FROM voiceagent.calls c
	WHERE c.tenant_id = provider_request.tenant_id AND c.call_id = provider_request.call_id FOR UPDATE;
	SELECT e.* INTO v_told FROM voiceagent.provider_requests e
	WHERE e.tenant_id = provider_request.tenant_id
		AND e.provider_request_id = (provider_request.request_data ->> 'told_provider_request')::bigint;
	IF voiceagent_private.awaits_end(v_told) IS NOT TRUE THEN
		RETURN;
	END IF;
	v_event.kind := 'spoken';
	SELECT coalesce(a.provider_call_id, v_told.request_data ->> 'provider_call_id', a.reference), a.reference
	INTO v_event.provider_call_id, v_event.attempt_ref
	FROM (SELECT) one LEFT JOIN voiceagent.attempts a ON a.tenant_id = provider_request.tenant_id
		AND a.call_id = provider_request.call_id;
	PERFORM voiceagent_private.answer_calls(
		ARRAY(SELECT ROW(NULL, provider_request.call_id, v_event, p.endpoint_id)::voiceagent_private.matched_event
			FROM voiceagent.webhook_endpoints p
			WHERE p.tenant_id = provider_request.tenant_id
				AND p.provider_account_id = provider_request.provider_account_id ORDER BY p.endpoint_id LIMIT 1));
END
$$;
COMMENT ON FUNCTION voiceagent_private.on_playback_checked(voiceagent.provider_requests) IS
	E'The carrier was asked by request_call_ends() whether the order of a call of the current tenant to say or '
	'play goes on.\n'
	'It is over, and nothing has followed upon that: the same follows as if the carrier had reported it (kind '
	'spoken). Else it does nothing.';
INSERT INTO voiceagent_private.provider_request_handlers (kind, handler) VALUES
	('check_playback', 'on_playback_checked');
