/*
 * 96_console: the recording of a call, to whoever has a signed link to it.
 *
 * The process web fetches it from where the carrier keeps it: the address may
 * itself be a proof (a URL that the carrier has signed), and reaches no page.
 */

CREATE FUNCTION voiceagent_private.recording_address(call_id bigint) RETURNS text
	LANGUAGE plpgsql VOLATILE SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v record := voiceagent.call_recording(call_id);
	v_url text := coalesce(v.url, v.stereo_url);
BEGIN
	IF v.state <> 'ready' THEN
		PERFORM voiceagent_private.fail('PT409', 'there is no recording of this call to hear', v.note,
			CASE WHEN v.state = 'expected' THEN 'call_recording(call_id, true) has the carrier asked.' END);
	-- The name under which Asterisk keeps it.
	ELSIF v_url !~* '^(https?://|recording:)' THEN
		PERFORM voiceagent_private.fail('PT409', 'the carrier gives this recording to its account alone', NULL,
			'Load it there: call_recording() has its name.');
	END IF;
	RETURN v_url;
END
$$;
COMMENT ON FUNCTION voiceagent_private.recording_address(bigint) IS
	'Where the carrier keeps the recording of a call of the current tenant; PT404, PT409 where there is none, or none '
	'that can be loaded.';

CREATE FUNCTION voiceagent.recording_link(call_id bigint, lifetime interval DEFAULT '1 hour') RETURNS text
	LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
BEGIN
	PERFORM voiceagent_private.recording_address(recording_link.call_id);
	IF voiceagent_private.acting_staff() IS NOT NULL THEN
		PERFORM voiceagent_private.audit('recording_link', 'call ' || call_id);
	END IF;
	RETURN '/recordings/' || voiceagent_private.signed_link('recording', call_id, lifetime);
END
$$;
COMMENT ON FUNCTION voiceagent.recording_link(bigint, interval) IS
	E'The path, on the console''s address, under which anybody that has it may hear a call.\n'
	'It ends after lifetime (1 second to 7 days), with the recording, and with the API key, the member, the password '
	'or the visit of whoever asked. PT404; PT409: there is none, or the carrier gives it to its account alone; PT422.';

CREATE FUNCTION voiceagent.open_recording_link(link text, OUT url text, OUT private_host boolean,
	OUT provider_account_id bigint, OUT provider_call_id text)
	LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_call bigint := voiceagent_private.opened_link('recording', link);
	v_provider text;
BEGIN
	PERFORM voiceagent_private.hide_query('open_recording_link');
	-- The address itself is for the process web alone, whose requests are under /recordings/.
	IF starts_with(coalesce(current_setting('request.path', true), ''), '/recordings/')
		AND v_call IS NOT NULL THEN
		url := voiceagent_private.recording_address(v_call);
		SELECT a.provider, a.provider_account_id, c.provider_call_id
		INTO v_provider, provider_account_id, provider_call_id FROM voiceagent.calls c
		JOIN voiceagent.provider_accounts a ON a.tenant_id = c.tenant_id
			AND a.provider_account_id = c.provider_account_id
		WHERE c.tenant_id = voiceagent.current_tenant() AND c.call_id = v_call;
		-- A webhook names the address; what the platform allows for carriers' requests is not to be read by it.
		private_host := v_provider = 'sandbox'
			AND coalesce(starts_with(url, voiceagent_private.sandbox_address() || '/'), false);
		RETURN;
	END IF;
	PERFORM voiceagent_private.fail('PT404', 'this link leads nowhere',
		'It is not one of ours, or its time is over.', 'recording_link() makes another.');
END
$$;
COMMENT ON FUNCTION voiceagent.open_recording_link(text) IS
	E'For the process web: where the recording lies to which a signed link of the tenant that it names leads, and the '
	'account that is asked for it; private_host: the server may be in our own network.\n'
	'PT404 for all that is not a link whose recording, time and holder are there; PT409.';
