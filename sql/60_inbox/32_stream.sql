/*
 * 60_inbox: the socket of a call that we hold is connected step by step, or
 * has gone while the call is there: it is connected again, and the talk goes
 * on (88_media), or what was made for it is cleared up.
 */

CREATE FUNCTION voiceagent_private.end_stream(account bigint, request_data jsonb) RETURNS void
	LANGUAGE sql VOLATILE SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
	SELECT voiceagent_private.enqueue_provider_request(account, 'end_stream', jsonb_strip_nulls(jsonb_build_object(
		'provider_call_id', request_data -> 'provider_call_id', 'attempt_ref', request_data -> 'attempt_ref')))
	FROM voiceagent.provider_accounts a
	WHERE a.tenant_id = voiceagent.current_tenant() AND a.provider_account_id = end_stream.account
		AND voiceagent_private.driver_can(a.provider, 'end_stream')
$$;
COMMENT ON FUNCTION voiceagent_private.end_stream(bigint, jsonb) IS
	'Has the carrier of an account of the current tenant clear up what it has made to connect a call (named as in '
	'request_data) to a socket, where it makes anything: also when the call is over.';

CREATE FUNCTION voiceagent_private.connect_again(account bigint, endpoint bigint, event voiceagent.call_event,
	call voiceagent.calls) RETURNS void
	LANGUAGE plpgsql VOLATILE SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_lost bigint;
	v_plan jsonb;
	-- A carrier may tell that the socket has gone before it tells that the call has; and who listens may be about to
	-- begin.
	c_pause CONSTANT interval := '300 milliseconds';
BEGIN
	PERFORM voiceagent_private.log_event('media_lost', call.campaign_id, call.call_id, call.lead_id,
		jsonb_strip_nulls(jsonb_build_object('channel', event.control_url)));
	-- The reply connects the call again.
	IF event.wants_answer THEN
		RETURN;
	END IF;
	v_lost := (SELECT count(*) FROM voiceagent.events e
		WHERE e.tenant_id = call.tenant_id AND e.call_id = call.call_id AND e.event_type = 'media_lost');
	v_plan := CASE WHEN call.direction = 'inbound' THEN (SELECT i.plan FROM voiceagent.call_inbound i
			WHERE i.tenant_id = call.tenant_id AND i.call_id = call.call_id)
		ELSE voiceagent_private.answer_plan(endpoint, (SELECT a.reference FROM voiceagent.attempts a
			WHERE a.tenant_id = call.tenant_id AND a.call_id = call.call_id), NULL, NULL, call.machine) END;
	-- We have hung up this moment.
	IF v_plan IS NULL THEN
		PERFORM voiceagent_private.end_stream(account, jsonb_build_object('provider_call_id', event.provider_call_id,
			'attempt_ref', event.attempt_ref));
	END IF;
	event.control_url := NULL;
	event.provider_call_id := coalesce(event.provider_call_id, call.provider_call_id);
	PERFORM voiceagent_private.send_call_plan(account, CASE WHEN call.direction <> 'inbound' THEN call.call_id END,
		event, v_plan - '{text,record}'::text[], voiceagent.clock() + least(v_lost, 4) * c_pause);
END
$$;
COMMENT ON FUNCTION voiceagent_private.connect_again(bigint, bigint, voiceagent.call_event, voiceagent.calls) IS
	'Notes that the socket of a call of the current tenant has gone, as an event at an endpoint of its account says, '
	'and has the carrier connect it again: by a request, unless the event asks what to do.';

CREATE FUNCTION voiceagent_private.follow_stream(account bigint, endpoint bigint, event voiceagent.call_event,
	call bigint) RETURNS void
	LANGUAGE plpgsql VOLATILE SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	v_call voiceagent.calls;
	v_left boolean;
BEGIN
	SELECT c.* INTO v_call FROM voiceagent.calls c WHERE c.tenant_id = v_tenant AND c.call_id = coalesce(
		follow_stream.call, (SELECT i.call_id FROM voiceagent.call_inbound i WHERE i.tenant_id = v_tenant
			AND i.provider_call_id = event.provider_call_id AND i.provider_account_id = account));
	IF event.wants_answer AND event.control_url IS NOT NULL THEN
		PERFORM voiceagent_private.enqueue_provider_request(account, 'stream', jsonb_strip_nulls(jsonb_build_object(
			'provider_call_id', event.provider_call_id, 'attempt_ref', event.attempt_ref,
			'control_url', event.control_url, 'channel', event.control_url, 'told', true)), v_call.call_id);
		RETURN;
	-- This channel has gone, but the call has another one: a request whose answer was lost is sent again, and makes a
	-- second channel.
	ELSIF EXISTS (SELECT FROM voiceagent.provider_requests r
		WHERE r.tenant_id = v_tenant AND r.call_id = v_call.call_id AND r.kind = 'stream'
			AND r.request_data ? 'channel' AND r.request_data ->> 'channel' <> event.control_url
			AND NOT EXISTS (SELECT FROM voiceagent.events e
				WHERE e.tenant_id = r.tenant_id AND e.call_id = r.call_id AND e.event_type = 'media_lost'
					AND e.event_data ->> 'channel' = r.request_data ->> 'channel')) THEN
		RETURN;
	END IF;
	v_left := v_call.call_id IS NULL OR voiceagent_private.is_transferred(v_call.call_id);
	IF NOT v_left AND voiceagent_private.may_return(v_call.call_id) AND (SELECT voiceagent_private.own_stream(a)
		FROM voiceagent.provider_accounts a WHERE a.tenant_id = v_tenant AND a.provider_account_id = account) THEN
		PERFORM voiceagent_private.connect_again(account, endpoint, event, v_call);
	ELSE
		PERFORM voiceagent_private.end_stream(account, jsonb_build_object('provider_call_id', event.provider_call_id,
			'attempt_ref', event.attempt_ref));
		-- No side talks any more.
		IF NOT v_left AND v_call.outcome IS NULL AND event.wants_answer IS NOT TRUE THEN
			PERFORM voiceagent_private.send_call_plan(account, CASE WHEN v_call.direction <> 'inbound' THEN
				v_call.call_id END, event, '{"kind": "hangup"}');
		END IF;
	END IF;
END
$$;
COMMENT ON FUNCTION voiceagent_private.follow_stream(bigint, bigint, voiceagent.call_event, bigint) IS
	E'Follows an event, at an endpoint of an account of the current tenant, about the audio of a call (ours; NULL: one '
	'that came in, by the carrier''s id).\n'
	'Its channel is joined with it; or, when it has gone, the call is connected again (may_return()), or ends, and '
	'what was made is cleared up.';
