-- 55_call: where the recording of a call lies, and the way to it.

CREATE FUNCTION voiceagent_private.is_recorded(call voiceagent.calls) RETURNS boolean
	LANGUAGE sql STABLE SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
	-- From the yes of the person on, or from the start.
	SELECT EXISTS (SELECT FROM voiceagent.provider_requests r WHERE r.tenant_id = call.tenant_id
			AND r.call_id = call.call_id AND r.kind = 'record' AND r.state <> 'failed')
		OR coalesce(CASE call.direction
			WHEN 'inbound' THEN (SELECT (i.plan ->> 'record')::boolean FROM voiceagent.call_inbound i
				WHERE i.tenant_id = call.tenant_id AND i.call_id = call.call_id)
			ELSE (SELECT a.recorded FROM voiceagent.attempts a
				WHERE a.tenant_id = call.tenant_id AND a.call_id = call.call_id) END, false)
$$;
COMMENT ON FUNCTION voiceagent_private.is_recorded(voiceagent.calls) IS
	'Whether the sound of a call of the current tenant is recorded.';

CREATE FUNCTION voiceagent.call_recording(call_id bigint, ask boolean DEFAULT false, OUT state text, OUT url text,
	OUT stereo_url text, OUT provider_request_id bigint, OUT note text)
	LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	v_call voiceagent.calls;
	v_recorded boolean;
	v_provider_request voiceagent.provider_requests;
BEGIN
	SELECT c.* INTO v_call FROM voiceagent.calls c WHERE c.tenant_id = v_tenant AND c.call_id = call_recording.call_id;
	PERFORM voiceagent_private.fail_if(NOT FOUND, 'PT404', 'there is no such call');
	v_recorded := voiceagent_private.is_recorded(v_call);
	IF ask THEN
		PERFORM voiceagent_private.writer_tenant();
		PERFORM voiceagent_private.fail_if(v_call.outcome IS NULL, 'PT409', 'the call is not over yet');
		-- One question at a time: whoever asks twice at once waits for the same answer.
		PERFORM FROM voiceagent.calls c WHERE c.tenant_id = v_tenant AND c.call_id = v_call.call_id FOR NO KEY UPDATE;
		IF NOT EXISTS (SELECT FROM voiceagent.provider_requests e
			WHERE e.tenant_id = v_tenant AND e.call_id = v_call.call_id
				AND e.kind = 'fetch_recording' AND e.state IN ('queued', 'sending')) THEN
			PERFORM voiceagent_private.enqueue_provider_request(v_call.provider_account_id, 'fetch_recording', '{}',
				call => v_call.call_id);
		END IF;
	END IF;
	SELECT e.* INTO v_provider_request FROM voiceagent.provider_requests e
	WHERE e.tenant_id = v_tenant AND e.call_id = v_call.call_id AND e.kind = 'fetch_recording'
	ORDER BY e.provider_request_id DESC LIMIT 1;
	provider_request_id := v_provider_request.provider_request_id;
	-- The newest that is known: some carriers' URLs are good for minutes only.
	url := coalesce(CASE WHEN v_provider_request.state = 'done' THEN v_provider_request.result ->> 'recording_url' END,
		v_call.recording_url);
	stereo_url := v_call.stereo_recording_url;
	state := CASE
		WHEN v_provider_request.state IN ('queued', 'sending') THEN 'fetching'
		WHEN url IS NOT NULL OR stereo_url IS NOT NULL THEN 'ready'
		WHEN v_provider_request.provider_request_id IS NOT NULL THEN 'failed'
		WHEN v_call.outcome IS NULL THEN CASE WHEN v_recorded THEN 'recording' ELSE 'not_asked' END
		WHEN v_call.status <> 'completed' THEN 'none'
		WHEN v_recorded THEN 'expected'
		ELSE 'not_asked' END;
	note := CASE state
		WHEN 'fetching' THEN concat('the carrier is being asked', ': ' || v_provider_request.error)
		WHEN 'failed' THEN coalesce(v_provider_request.error, v_provider_request.result ->> 'message',
			'the carrier named no recording')
		WHEN 'recording' THEN 'the call is going on'
		WHEN 'none' THEN 'nobody was spoken to'
		WHEN 'expected' THEN 'the carrier has not told of it yet, or it is older than recordings are kept'
		WHEN 'not_asked' THEN 'no recording was asked for' END;
END
$$;
COMMENT ON FUNCTION voiceagent.call_recording(bigint, boolean) IS
	E'The state of a call''s recording: state, url, stereo_url (a channel for each side), provider_request_id and '
	'note (words).\n'
	'state: not_asked, recording, none, expected, fetching, ready or failed; ask true has the carrier asked where an '
	'ended call''s recording lies (managers and owners). It raises PT404; with ask PT409 while the call is live, '
	'PT422 where the carrier lacks it.';
