-- 55_call: commands to live calls, for those who listen in or look on. Each is a provider request (35_provider).

CREATE FUNCTION voiceagent_private.command_call(call_id bigint, kind text, request_data jsonb, action text)
	RETURNS bigint
	LANGUAGE plpgsql VOLATILE SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	v_provider_request bigint;
	v_key text;
	v record;
	c_waiting CONSTANT integer := 20;
BEGIN
	SELECT c.outcome, c.provider_account_id INTO v FROM voiceagent.calls c
	WHERE c.tenant_id = v_tenant AND c.call_id = command_call.call_id;
	PERFORM voiceagent_private.fail_if(NOT FOUND, 'PT404', 'there is no such call');
	PERFORM voiceagent_private.fail_if(v.outcome IS NOT NULL, 'PT409', 'the call is over');
	IF kind = 'hangup' THEN
		SELECT e.provider_request_id INTO v_provider_request FROM voiceagent.provider_requests e
		WHERE e.tenant_id = v_tenant AND e.call_id = command_call.call_id AND e.kind = 'hangup'
			AND e.state IN ('queued', 'sending')
		ORDER BY e.provider_request_id DESC LIMIT 1;
		IF FOUND THEN
			RETURN v_provider_request;
		END IF;
	ELSIF (SELECT count(*) FROM voiceagent.provider_requests e
		WHERE e.tenant_id = v_tenant AND e.call_id = command_call.call_id
			AND e.state IN ('queued', 'sending')) >= c_waiting THEN
		PERFORM voiceagent_private.fail('PT409', 'too many commands wait for this call already',
			format('At most %s may.', c_waiting));
	END IF;
	-- The call was set to hear a key at any time; where saying more takes the place of the
	-- listening, that listens, too.
	v_key := CASE WHEN kind IN ('say', 'play', 'send_dtmf') THEN (SELECT a.opt_out_key FROM voiceagent.attempts a
		WHERE a.tenant_id = v_tenant AND a.call_id = command_call.call_id) END;
	IF v_key IS NOT NULL THEN
		request_data := request_data || jsonb_build_object('answer', coalesce(request_data -> 'answer', '{}')
			|| jsonb_build_object('listens_for', v_key));
	END IF;
	v_provider_request := voiceagent_private.enqueue_provider_request(v.provider_account_id, kind, request_data,
		call => command_call.call_id);
	-- Words, keys and numbers may be about a person: they stand in the provider request alone, which
	-- is forgotten in time.
	PERFORM voiceagent_private.audit(action, 'call ' || command_call.call_id, NULL,
		jsonb_build_object('provider_request_id', v_provider_request));
	RETURN v_provider_request;
END
$$;
COMMENT ON FUNCTION voiceagent_private.command_call(bigint, text, jsonb, text) IS
	E'Has the carrier of a live call of the current tenant do something with it -> provider_request_id.\n'
	'A second hangup is the first. The key that stops the calls is still heard while something is said, played or '
	'keyed. PT404, PT409 when the call is over or too much waits for it, PT422 where the carrier lacks it.';

CREATE FUNCTION voiceagent_private.speech_of(call voiceagent.calls) RETURNS jsonb
	LANGUAGE sql STABLE
	RETURN (SELECT jsonb_strip_nulls(jsonb_build_object('language', v.language, 'voice', a.settings ->> 'voice'))
		FROM voiceagent.assistant_versions v, voiceagent.provider_accounts a
		WHERE v.tenant_id = call.tenant_id AND v.assistant_id = call.assistant_id AND v.version = call.assistant_version
			AND a.tenant_id = call.tenant_id AND a.provider_account_id = call.provider_account_id);
COMMENT ON FUNCTION voiceagent_private.speech_of(voiceagent.calls) IS
	'How texts are said in a call, as members of an answer (VaAnswer): {"language": the assistant''s, "voice": the '
	'account''s}; what is not set is left out.';

CREATE FUNCTION voiceagent.hang_up_call(call_id bigint) RETURNS bigint
	LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
	PERFORM voiceagent_private.writer_tenant();
	RETURN voiceagent_private.command_call(call_id, 'hangup', '{}', 'hang_up_call');
END
$$;
COMMENT ON FUNCTION voiceagent.hang_up_call(bigint) IS
	E'Ends a live call -> provider_request_id; the table provider_requests tells what came of it.\n'
	'A call that is still being placed is ended when the carrier has named it. For managers and owners. PT404, PT409 '
	'when the call is over, PT422 where the carrier lacks it.';

CREATE FUNCTION voiceagent_private.own_number_of(call bigint) RETURNS text
	LANGUAGE sql STABLE SET planner.policy = by_key
	RETURN coalesce((SELECT i.to_number FROM voiceagent.call_inbound i
		WHERE i.tenant_id = voiceagent.current_tenant() AND i.call_id = call),
		(SELECT coalesce(n.phone_number, p.settings ->> 'from_number', p.settings ->> 'caller_id')
		FROM voiceagent.attempts a
		JOIN voiceagent.provider_accounts p ON p.tenant_id = a.tenant_id
			AND p.provider_account_id = a.provider_account_id
		LEFT JOIN voiceagent.phone_numbers n ON n.tenant_id = a.tenant_id AND n.phone_number_id = a.phone_number_id
		-- The side that converses shows the number that it calls with, and may refuse another.
		WHERE a.tenant_id = voiceagent.current_tenant() AND a.call_id = call
			AND NOT (SELECT f.converses FROM voiceagent_private.driver_facts(p.provider) f)));
COMMENT ON FUNCTION voiceagent_private.own_number_of(bigint) IS
	E'The number that a call of the current tenant is made with, or that was called, for whoever it is put through '
	'to: some carriers show none otherwise.\n'
	'NULL: not known, or the carrier''s own to show.';

CREATE FUNCTION voiceagent_private.is_transferred(call bigint) RETURNS boolean
	LANGUAGE sql STABLE SET planner.policy = by_key
	RETURN EXISTS (SELECT FROM voiceagent.provider_requests r
		WHERE r.tenant_id = voiceagent.current_tenant() AND r.call_id = call AND r.kind = 'transfer'
			AND r.state <> 'failed')
		-- Sent in reply to the carrier's question.
		OR EXISTS (SELECT FROM voiceagent.transfers t
			WHERE t.tenant_id = voiceagent.current_tenant() AND t.call_id = call AND t.provider_request_id IS NULL
				AND t.unanswered_at IS NULL);
COMMENT ON FUNCTION voiceagent_private.is_transferred(bigint) IS
	E'Whether a call of the current tenant was, or is being, put through to somebody else.\n'
	'A transfer that was not taken does not count: see record_unanswered_transfer().';

CREATE FUNCTION voiceagent_private.record_unanswered_transfer(call bigint) RETURNS void
	LANGUAGE plpgsql VOLATILE SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	v_provider_request bigint;
BEGIN
	-- The carrier's answer may be later than this, or lost: it tells nothing new then.
	UPDATE voiceagent.provider_requests e
	SET state = 'failed', error = 'nobody took it', next_at = NULL, done_at = coalesce(e.done_at, voiceagent.clock())
	WHERE e.tenant_id = v_tenant
		AND e.provider_request_id = (SELECT min(r.provider_request_id) FROM voiceagent.provider_requests r
			WHERE r.tenant_id = v_tenant AND r.call_id = record_unanswered_transfer.call AND r.kind = 'transfer'
				AND r.state IN ('sending', 'done'))
	RETURNING e.provider_request_id INTO v_provider_request;
	DELETE FROM voiceagent_private.provider_request_queue q
	WHERE q.tenant_id = v_tenant AND q.provider_request_id = v_provider_request;
	UPDATE voiceagent.transfers t SET unanswered_at = voiceagent.clock()
	WHERE t.tenant_id = v_tenant AND t.call_id = record_unanswered_transfer.call
		AND t.provider_request_id = v_provider_request;
END
$$;
COMMENT ON FUNCTION voiceagent_private.record_unanswered_transfer(bigint) IS
	E'Notes that a call of the current tenant that was put through was not taken: of its transfers the oldest '
	'that the carrier was asked for has failed.\n'
	'Without one it does nothing.';

CREATE FUNCTION voiceagent_private.comes_back(call bigint) RETURNS boolean
	LANGUAGE sql STABLE SET planner.policy = by_key SET search_path = pg_catalog, pg_temp
	RETURN (SELECT voiceagent_private.driver_can(a.provider, 'ring_first') AND voiceagent_private.own_stream(a)
		FROM voiceagent.calls c
		JOIN voiceagent.provider_accounts a ON a.tenant_id = c.tenant_id
			AND a.provider_account_id = c.provider_account_id
		WHERE c.tenant_id = voiceagent.current_tenant() AND c.call_id = comes_back.call);
COMMENT ON FUNCTION voiceagent_private.comes_back(bigint) IS
	'Whether a call of the current tenant that is put through, and not taken, comes back to its assistant.';

CREATE FUNCTION voiceagent_private.put_through(call_id bigint, number text, agent_id bigint DEFAULT NULL,
	way text DEFAULT 'blind', reason text DEFAULT NULL, in_reply boolean DEFAULT false) RETURNS voiceagent.transfers
	LANGUAGE plpgsql VOLATILE SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_transfer voiceagent.transfers;
	v_request bigint;
	v_back boolean := way = 'warm' OR voiceagent_private.comes_back(call_id);
	c_ring_s CONSTANT integer := 25;
BEGIN
	PERFORM voiceagent_private.require_ring(number, CASE WHEN agent_id IS NULL THEN 'transfer'
		ELSE 'agent' END::voiceagent_private.ring_purpose);
	IF NOT in_reply THEN
		v_request := voiceagent_private.command_call(call_id, 'transfer', jsonb_build_object('answer',
			jsonb_strip_nulls(jsonb_build_object('kind', 'forward', 'forward_to', number, 'ring_timeout_s', c_ring_s,
				'goes_on', nullif(v_back, false), 'caller_id', voiceagent_private.own_number_of(call_id)))),
			'transfer_call');
	END IF;
	INSERT INTO voiceagent.transfers AS t (tenant_id, call_id, agent_id, phone, way, reason, provider_request_id,
		requested_at)
	VALUES (voiceagent.current_tenant(), call_id, agent_id, number, way, left(nullif(btrim(reason), ''), 300),
		v_request, voiceagent.clock())
	RETURNING t.* INTO v_transfer;
	PERFORM voiceagent_private.log_event('call_transferred', NULL, call_id, NULL, jsonb_strip_nulls(jsonb_build_object(
		'transfer_id', v_transfer.transfer_id, 'agent_id', agent_id, 'phone', number, 'way', way,
		'comes_back', v_back)));
	RETURN v_transfer;
END
$$;
COMMENT ON FUNCTION voiceagent_private.put_through(bigint, text, bigint, text, text, boolean) IS
	E'Has a live call of the current tenant put through to an E.164 number, which rings for 25 seconds where the '
	'carrier can do that, and keeps it.\n'
	'in_reply: the carrier has asked, and gets the reply; way warm: so that whoever takes it hears first what it '
	'is about. PT404, PT409 when the call is over or may_ring() forbids the number, PT422 where the carrier or '
	'transfer_destinations does.';

CREATE FUNCTION voiceagent.transfer_call(call_id bigint, number text) RETURNS bigint
	LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_number text;
BEGIN
	PERFORM voiceagent_private.writer_tenant();
	v_number := voiceagent.normalize_phone(number, voiceagent_private.setting_text('default_country'));
	PERFORM voiceagent_private.fail_if(v_number IS NULL, 'PT422', 'the number must be given');
	RETURN (voiceagent_private.put_through(call_id, v_number)).provider_request_id;
END
$$;
COMMENT ON FUNCTION voiceagent.transfer_call(bigint, text) IS
	E'Puts a live call through to another number (written in any usual way), which sees the number that the call is '
	'made with, or that was called -> provider_request_id; the table provider_requests tells what came of it.\n'
	'For managers and owners. PT404, PT409 when the call is over, PT422 for what is no number or none of '
	'transfer_destinations, or where the carrier lacks it.';

CREATE FUNCTION voiceagent.say_in_call(call_id bigint, said text) RETURNS bigint
	LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
	PERFORM voiceagent_private.writer_tenant();
	PERFORM voiceagent_private.fail_if(said IS NULL OR length(btrim(said)) NOT BETWEEN 1 AND 2000, 'PT422',
		'what is said must have 1 to 2000 characters');
	PERFORM voiceagent_private.fail_if(voiceagent_private.plays_instead(a.provider, btrim(said)), 'PT422',
		voiceagent_private.driver_title(a.provider) || ' speaks no text', hint => 'play_in_call() plays a recording.')
	FROM voiceagent.calls c
	JOIN voiceagent.provider_accounts a ON a.tenant_id = c.tenant_id AND a.provider_account_id = c.provider_account_id
	WHERE c.tenant_id = voiceagent.current_tenant() AND c.call_id = say_in_call.call_id AND c.outcome IS NULL;
	RETURN voiceagent_private.command_call(call_id,
		'say', jsonb_build_object('answer', jsonb_build_object('kind', 'say', 'text', btrim(said))
			|| coalesce((SELECT voiceagent_private.speech_of(c) FROM voiceagent.calls c
				WHERE c.tenant_id = voiceagent.current_tenant() AND c.call_id = say_in_call.call_id), '{}')),
					'say_in_call');
END
$$;
COMMENT ON FUNCTION voiceagent.say_in_call(bigint, text) IS
	E'Says something in a live call, in the assistant''s language, and its voice where the carrier converses -> '
	'provider_request_id.\n'
	'The table provider_requests tells what came of it. A socket that talks there is connected anew where '
	'the carrier ends it. For managers and owners. PT404, PT409 when the call is over, PT422 for a text of other than '
	'1 to 2000 characters, or where the carrier lacks it.';

CREATE FUNCTION voiceagent.play_in_call(call_id bigint, media_url text) RETURNS bigint
	LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
	PERFORM voiceagent_private.writer_tenant();
	PERFORM voiceagent_private.fail_if(media_url IS NULL, 'PT422', 'media_url must be given');
	IF media_url !~ '^(sound|recording|tone):[A-Za-z0-9_./-]{1,200}$' THEN
		PERFORM voiceagent_private.check_target_url(media_url, '');
	END IF;
	RETURN voiceagent_private.command_call(call_id, 'play',
		jsonb_build_object('answer', jsonb_build_object('kind', 'play', 'media_url', media_url)), 'play_in_call');
END
$$;
COMMENT ON FUNCTION voiceagent.play_in_call(bigint, text) IS
	E'Plays a recording in a live call, which goes on as after say_in_call() -> provider_request_id; the table '
	'provider_requests tells what came of it.\n'
	'media_url: https to a public host, from where the carrier fetches it; at an Asterisk also sound:NAME, '
	'recording:NAME, tone:NAME. For managers and owners. PT404, PT409 when the call is over, PT422 for another '
	'address, or where the carrier lacks it.';

CREATE FUNCTION voiceagent.send_digits(call_id bigint, digits text) RETURNS bigint
	LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
	PERFORM voiceagent_private.writer_tenant();
	PERFORM voiceagent_private.fail_if(digits IS NULL OR digits !~ '^[0-9A-D*#wW]{1,64}$', 'PT422',
		'digits must be 1 to 64 of 0-9, A-D, *, #, w (half a second of silence), W (a second)');
	RETURN voiceagent_private.command_call(call_id, 'send_dtmf', jsonb_build_object('digits', digits), 'send_digits');
END
$$;
COMMENT ON FUNCTION voiceagent.send_digits(bigint, text) IS
	E'Sends tones into a live call (0-9, A-D, *, #; w and W wait half a second and a second) -> provider_request_id; '
	'the table provider_requests tells what came of it.\n'
	'For managers and owners. '
	'PT404, PT409 when the call is over, PT422 for other characters, or where the carrier lacks it.';
