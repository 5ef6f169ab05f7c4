/*
 * 88_media: calls whose audio comes to us over a socket of the carrier's, and
 * that we hold ourselves (bgworkers/media/).  The process opens a session when
 * a socket arrives and tells what was said as it is said; the carrier's own
 * report of the end, its times and its price stay what they are.
 *
 * A session is opened to whoever knows an endpoint's token and the reference of
 * a live call of that endpoint's account; after the call, to none.
 */

CREATE TABLE voiceagent_private.media_state (
	only_row boolean PRIMARY KEY DEFAULT true CHECK (only_row),
	calls integer NOT NULL DEFAULT 0,
	opened bigint NOT NULL DEFAULT 0,
	refused jsonb NOT NULL DEFAULT '{}',
	frames_in bigint NOT NULL DEFAULT 0,
	frames_out bigint NOT NULL DEFAULT 0,
	frames_late bigint NOT NULL DEFAULT 0,
	lag_ms integer NOT NULL DEFAULT 0,
	speech text NOT NULL DEFAULT '',
	activity text NOT NULL DEFAULT ''
);
COMMENT ON TABLE voiceagent_private.media_state IS
	'The last report of the process media, for status() and metrics(): one row, or none yet.';
COMMENT ON COLUMN voiceagent_private.media_state.only_row IS 'True.';
COMMENT ON COLUMN voiceagent_private.media_state.calls IS 'Calls that it holds now.';
COMMENT ON COLUMN voiceagent_private.media_state.opened IS 'Sessions that were opened since the process began.';
COMMENT ON COLUMN voiceagent_private.media_state.refused IS
	'Sockets that were refused since then, by reason: strangers, path, token, waiting, call, late.';
COMMENT ON COLUMN voiceagent_private.media_state.frames_in IS 'Frames of 20 ms that were heard.';
COMMENT ON COLUMN voiceagent_private.media_state.frames_out IS 'Frames that were sent.';
COMMENT ON COLUMN voiceagent_private.media_state.frames_late IS 'How many of these left after they were to be heard.';
COMMENT ON COLUMN voiceagent_private.media_state.lag_ms IS 'How late its turns are, in milliseconds, as a mean.';
COMMENT ON COLUMN voiceagent_private.media_state.speech IS 'The speaking and listening engines, or why there are none.';
COMMENT ON COLUMN voiceagent_private.media_state.activity IS 'How speech is distinguished from silence.';
SELECT voiceagent_private.guard_table('voiceagent_private.media_state', 'platform');

CREATE FUNCTION voiceagent_private.save_media_state(calls integer, opened bigint, refused jsonb, frames_in bigint,
	frames_out bigint, frames_late bigint, lag_ms integer, speech text, activity text) RETURNS void
	LANGUAGE sql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
	INSERT INTO voiceagent_private.media_state AS m
		(calls, opened, refused, frames_in, frames_out, frames_late, lag_ms, speech, activity)
	VALUES (save_media_state.calls, save_media_state.opened, save_media_state.refused, save_media_state.frames_in,
		save_media_state.frames_out, save_media_state.frames_late, save_media_state.lag_ms, save_media_state.speech,
		save_media_state.activity)
	ON CONFLICT (only_row) DO UPDATE SET calls = excluded.calls, opened = excluded.opened, refused = excluded.refused,
		frames_in = excluded.frames_in, frames_out = excluded.frames_out, frames_late = excluded.frames_late,
		lag_ms = excluded.lag_ms, speech = excluded.speech, activity = excluded.activity
$$;
COMMENT ON FUNCTION voiceagent_private.save_media_state(integer, bigint, jsonb, bigint, bigint, bigint, integer, text,
	text) IS
	'The report of the process media, at most once a second; the arguments are the columns of media_state.';

CREATE FUNCTION voiceagent.media_url(provider_account_id bigint) RETURNS text
	LANGUAGE plpgsql STABLE SECURITY DEFINER SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent_private.writer_tenant('owner');
	v_provider text;
	v_token text;
BEGIN
	SELECT a.provider INTO v_provider FROM voiceagent.provider_accounts a
	WHERE a.tenant_id = v_tenant AND a.provider_account_id = media_url.provider_account_id;
	PERFORM voiceagent_private.fail_if(NOT FOUND, 'PT404', 'there is no such carrier account');
	PERFORM voiceagent_private.fail_if(NOT EXISTS (SELECT FROM voiceagent_private.account_fields(v_provider) f
			WHERE f.part = 'settings' AND f.name = 'stream_url'), 'PT422',
		format('a call by %s cannot be held over its socket', v_provider), NULL,
		'A carrier that converses needs no socket.');
	SELECT r.token INTO v_token FROM voiceagent_private.endpoint_routes r
	WHERE r.tenant_id = v_tenant AND r.provider_account_id = media_url.provider_account_id
	ORDER BY r.endpoint_id DESC LIMIT 1;
	PERFORM voiceagent_private.fail_if(v_token IS NULL OR voiceagent_private.media_address() IS NULL, 'PT409',
		'nothing listens for the sockets of carriers', NULL,
		'Set voiceagent.media_port, and voiceagent.public_base_url to the proxy''s address.');
	RETURN concat(voiceagent_private.media_address(), '/media/', v_provider, '/', v_token);
END
$$;
COMMENT ON FUNCTION voiceagent.media_url(bigint) IS
	E'Where a carrier account connects the audio of its calls, so that the assistant talks in them here: the value for '
	'its setting stream_url.\n'
	'For owners. PT404 for an unknown account, PT409 while voiceagent.media_port is not set, PT422 for a carrier whose '
	'calls cannot be held so.';

CREATE FUNCTION voiceagent_private.media_manners(settings jsonb) RETURNS jsonb
	LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
	SELECT jsonb_build_object(
		-- The person is asked twice, and then the call ends.
		'silence_ms', coalesce((settings ->> 'silence_timeout_s')::numeric * 1000 / 3, 7000)::integer,
		'barge_in_ms', greatest(coalesce((settings ->> 'interrupt_voice_s')::numeric * 1000,
			CASE settings ->> 'interruption' WHEN 'patient' THEN 400 ELSE 60 END), 60)::integer,
		'keeps_first_message', (settings -> 'first_message_interruptible') IS NOT DISTINCT FROM 'false'::jsonb)
$$;
COMMENT ON FUNCTION voiceagent_private.media_manners(jsonb) IS
	E'How an assistant with these settings behaves in a call that we hold: milliseconds of silence after which the '
	'person is asked (silence_timeout_s), of sound over its own that stop it (interruption, interrupt_voice_s), and '
	'whether its first message is said to its end.';

CREATE TYPE voiceagent_private.media_session AS (
	refused text,
	call_id bigint,
	language text,
	voice text,
	law_words text,
	first_message text,
	system_prompt text,
	opt_out_key text,
	opt_out_words text,
	phrases jsonb,
	tools jsonb,
	turns jsonb,
	max_duration_s integer,
	same_law boolean,
	same_first_message boolean,
	manners jsonb,
	local_s bigint
);
COMMENT ON TYPE voiceagent_private.media_session IS
	'All that a call needs to be held: whose words, in which language and voice, the turns before a break, how long, '
	'which words are the same in every call, how it behaves (media_manners()), and its clock (seconds since 1970 as '
	'if it were UTC); or why it is refused.';

CREATE FUNCTION voiceagent_private.call_of_socket(account bigint, reference text, carrier_call text,
	OUT call voiceagent.calls, OUT refused text)
	LANGUAGE plpgsql STABLE SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_variable
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	v_attempt voiceagent.attempts;
	v_theirs text := coalesce(carrier_call, nullif(reference, ''));
	v_call bigint;
BEGIN
	SELECT a.* INTO v_attempt FROM voiceagent.attempts a
	WHERE a.tenant_id = v_tenant AND a.attempt_id = voiceagent_private.attempt_of_reference(reference)
		AND a.reference = call_of_socket.reference AND a.provider_account_id = account;
	-- Carriers connect anew what a request has interrupted, and then name the call alone.
	v_call := coalesce(v_attempt.call_id,
		(SELECT i.call_id FROM voiceagent.call_inbound i WHERE i.tenant_id = v_tenant
			AND i.provider_call_id = v_theirs AND i.provider_account_id = account),
		CASE WHEN reference = '' THEN (SELECT l.call_id FROM voiceagent_private.live_calls l
			WHERE l.tenant_id = v_tenant AND l.provider_account_id = account
				AND l.provider_call_id = v_theirs LIMIT 1) END);
	SELECT c.* INTO call FROM voiceagent.calls c WHERE c.tenant_id = v_tenant AND c.call_id = v_call;
	refused := CASE WHEN v_call IS NULL THEN 'the socket names no call of this account'
		WHEN call.call_id IS NULL OR call.outcome IS NOT NULL THEN 'the call is over'
		WHEN v_attempt.attempt_id IS NOT NULL AND carrier_call <> v_attempt.provider_call_id
			OR v_attempt.attempt_id IS NULL AND reference NOT IN ('', v_theirs) THEN 'the socket is of another call'
		WHEN call.assistant_id IS NULL THEN 'no assistant talks in this call'
		WHEN NOT voiceagent_private.may_return(v_call) THEN 'the talk is over' END;
END
$$;
COMMENT ON FUNCTION voiceagent_private.call_of_socket(bigint, text, text) IS
	E'The call of the current tenant that a socket to an account is for: by our reference or, of one that comes in, '
	'the carrier''s id in its path (empty: none), and by the id that the carrier tells there (NULL: it does not).\n'
	'refused: why not.';

CREATE FUNCTION voiceagent_private.words_of_dial(call voiceagent.calls)
	RETURNS voiceagent_private.media_session
	LANGUAGE plpgsql STABLE SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	v_session voiceagent_private.media_session;
	v_attempt voiceagent.attempts;
	v_spoken voiceagent.assistant_versions;
	v_version voiceagent.campaign_versions;
	v_variables jsonb;
BEGIN
	SELECT a.* INTO STRICT v_attempt FROM voiceagent.attempts a
	WHERE a.tenant_id = v_tenant AND a.call_id = call.call_id;
	SELECT v.* INTO STRICT v_spoken FROM voiceagent.assistant_versions v
	WHERE v.tenant_id = v_tenant AND v.assistant_id = call.assistant_id AND v.version = call.assistant_version;
	SELECT k.* INTO STRICT v_version FROM voiceagent.campaign_versions k
	WHERE k.tenant_id = v_tenant AND k.campaign_id = call.campaign_id AND k.version = call.campaign_version;
	SELECT voiceagent_private.call_variables(voiceagent_private.lead_variables(l)
			|| voiceagent_private.script_of_call(call.call_id, v_version.settings)
			|| voiceagent_private.slot_variables(v_attempt.slots, v_attempt.timezones, v_spoken.language),
		concat_ws(' ', v_spoken.first_message, v_spoken.system_prompt), v_spoken.language, v_attempt.timezones,
		v_attempt.created_at) INTO v_variables
	FROM voiceagent.leads l WHERE l.tenant_id = v_tenant AND l.lead_id = call.lead_id;
	v_variables := coalesce(voiceagent_private.with_memory(v_variables, v_spoken.system_prompt, call.lead_id,
		voiceagent_private.is_sandbox(call.provider_account_id)), '{}');
	-- An assistant to which it was handed over makes the same disclosures, in its language.
	IF EXISTS (SELECT FROM voiceagent.call_tools t WHERE t.tenant_id = v_tenant AND t.call_id = call.call_id
			AND t.tool = 'hand_over' AND t.error IS NULL) THEN
		v_attempt.disclosure := voiceagent_private.disclosure_text(v_attempt.disclosures, v_version.settings,
			v_spoken.language);
		v_attempt.disclosure_ends := NULL;
	END IF;
	-- A line each part, so no line feed within one: when each has been said is proved.
	v_session.law_words := (SELECT string_agg(translate(voiceagent_private.pronounced(voiceagent_private.spoken_text(
			btrim(substr(v_attempt.disclosure, p.begins + 1, p.ends - p.begins)), v_variables), v_spoken.settings),
			E'\n', ' '), E'\n' ORDER BY p.ends)
		FROM (SELECT e.ends, coalesce(lag(e.ends) OVER (ORDER BY e.ends), 0) AS begins
			FROM (SELECT unnest(v_attempt.disclosure_ends || length(v_attempt.disclosure)) AS ends
				GROUP BY 1 OFFSET 0 /* each once */) e) p
		WHERE p.ends > p.begins);
	v_session.first_message := voiceagent_private.pronounced(voiceagent_private.spoken_text(v_spoken.first_message,
		v_variables), v_spoken.settings);
	IF voiceagent_private.asks_to_record(v_version.settings, (SELECT r.agreed
		FROM voiceagent_private.recording_consent(v_tenant, call.lead_id, call.phone) r)) THEN
		v_session.first_message := concat_ws(' ', v_session.first_message,
			voiceagent_private.spoken_words('ask_recording', v_spoken.language));
	END IF;
	v_session.system_prompt := voiceagent_private.spoken_text(voiceagent_private.lawful_prompt(v_spoken.system_prompt,
		v_version.settings, v_spoken.language), v_variables);
	-- A text without a variable has no personal data: its sound may be kept for other calls.
	v_session.same_law := v_attempt.disclosure NOT LIKE '%{{%';
	v_session.same_first_message := v_spoken.first_message NOT LIKE '%{{%';
	v_session.opt_out_key := v_attempt.opt_out_key;
	v_session.opt_out_words := voiceagent_private.opt_out_confirmation(v_version.settings, v_spoken.language);
	v_session.max_duration_s := voiceagent_private.longest_call_s(v_version.max_call_duration, v_spoken.settings);
	RETURN v_session;
END
$$;
COMMENT ON FUNCTION voiceagent_private.words_of_dial(voiceagent.calls) IS
	'The words of a call of ours, as its dial has pinned them, and how long it may last.';

CREATE FUNCTION voiceagent_private.words_of_incoming(call voiceagent.calls)
	RETURNS voiceagent_private.media_session
	LANGUAGE plpgsql STABLE SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_session voiceagent_private.media_session;
	v_inbound voiceagent.call_inbound;
	v_plan jsonb;
BEGIN
	SELECT i.* INTO STRICT v_inbound FROM voiceagent.call_inbound i
	WHERE i.tenant_id = voiceagent.current_tenant() AND i.call_id = call.call_id;
	v_plan := voiceagent_private.converse_plan(v_inbound.plan
			|| jsonb_build_object('text', v_inbound.plan -> 'first_message'),
		CASE WHEN NOT v_inbound.plan ? 'ambiguous' THEN call.lead_id END, call.provider_account_id);
	v_session.first_message := voiceagent_private.pronounced(voiceagent_private.spoken_text(
		v_plan #>> '{assistant,first_message}', coalesce(v_plan -> 'variables', '{}')),
			coalesce(v_plan #> '{assistant,settings}', '{}'));
	v_session.same_first_message := (v_inbound.plan ->> 'first_message') NOT LIKE '%{{%';
	v_session.system_prompt := voiceagent_private.spoken_text(v_plan #>> '{assistant,system_prompt}',
		coalesce(v_plan -> 'variables', '{}'));
	-- Only a campaign has words of its own for that; what cannot be listed is not promised.
	v_session.opt_out_words := CASE WHEN call.phone IS NULL
		THEN voiceagent_private.spoken_words('stop_unseen', v_plan #>> '{assistant,language}')
		ELSE voiceagent_private.opt_out_confirmation('{}', v_plan #>> '{assistant,language}') END;
	v_session.opt_out_key := v_inbound.plan ->> 'opt_out_key';
	v_session.max_duration_s := (v_plan ->> 'max_duration_s')::integer;
	RETURN v_session;
END
$$;
COMMENT ON FUNCTION voiceagent_private.words_of_incoming(voiceagent.calls) IS
	'The words of a call that came in, as decided when it came (call_inbound.plan), the law''s words in the first '
	'message; and how long it may last.';

CREATE FUNCTION voiceagent_private.log_media_refusal(call voiceagent.calls, why text, dialect text) RETURNS void
	LANGUAGE plpgsql VOLATILE SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	c_most CONSTANT integer := 20;
	v_told integer;
BEGIN
	IF call.call_id IS NULL THEN
		RETURN;
	END IF;
	v_told := (SELECT count(*) FROM voiceagent.events e WHERE e.tenant_id = call.tenant_id
		AND e.call_id = call.call_id AND e.event_type = 'media_refused');
	IF v_told < c_most THEN
		PERFORM voiceagent_private.log_event('media_refused', call.campaign_id, call.call_id, call.lead_id,
			jsonb_build_object('why', why, 'dialect', dialect)
				|| CASE WHEN v_told = c_most - 1 THEN jsonb_build_object('last', true) ELSE '{}' END);
	END IF;
END
$$;
COMMENT ON FUNCTION voiceagent_private.log_media_refusal(voiceagent.calls, text, text) IS
	E'Has the events of a call of the current tenant say that a socket was refused; NULLs: no call, and nothing is '
	'said.\n'
	'After twenty (the twentieth has "last") they are only counted: sockets_refused in media_ended.';

CREATE FUNCTION voiceagent_private.open_media_session(account bigint, reference text, carrier_call text, dialect text)
	RETURNS voiceagent_private.media_session
	LANGUAGE plpgsql VOLATILE SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_session voiceagent_private.media_session;
	v_socket record;
	v_call voiceagent.calls;
	v_goodbye text;
	v_tools jsonb;
	v_zone text;
BEGIN
	v_socket := voiceagent_private.call_of_socket(account, reference, carrier_call);
	v_call := v_socket.call;
	IF v_socket.refused IS NOT NULL THEN
		v_session.refused := v_socket.refused;
		v_session.call_id := v_call.call_id;
		PERFORM voiceagent_private.log_media_refusal(v_call, v_session.refused, dialect);
		RETURN v_session;
	END IF;
	v_session := CASE v_call.direction WHEN 'inbound' THEN voiceagent_private.words_of_incoming(v_call)
		ELSE voiceagent_private.words_of_dial(v_call) END;
	v_session.call_id := v_call.call_id;
	-- The embedded voice has these two; what a voice is called elsewhere means nothing to it.
	SELECT v.language, CASE WHEN v.voice = 'female' THEN 'female' ELSE 'male' END,
		voiceagent_private.media_manners(v.settings), nullif(btrim(v.settings ->> 'end_call_message'), ''),
		v.settings -> 'tools'
	INTO STRICT v_session.language, v_session.voice, v_session.manners, v_goodbye, v_tools
	FROM voiceagent.assistant_versions v WHERE v.tenant_id = v_call.tenant_id AND v.assistant_id = v_call.assistant_id
		AND v.version = v_call.assistant_version;
	v_session.phrases := (SELECT jsonb_object_agg(k, voiceagent_private.spoken_words(k, v_session.language))
			FROM unnest('{silence,repeat,return,moment,goodbye,machine}'::text[]) k)
		|| CASE WHEN (SELECT max(t.unanswered_at) FROM voiceagent.transfers t
				WHERE t.tenant_id = v_call.tenant_id AND t.call_id = v_call.call_id) > (SELECT max(e.at)
				FROM voiceagent.events e WHERE e.tenant_id = v_call.tenant_id AND e.call_id = v_call.call_id
					AND e.event_type = 'media_opened')
			THEN jsonb_build_object('return', CASE WHEN v_session.language ~* '^it'
				THEN 'Mi dispiace, ora nessuno può venire al telefono. Posso prendere un messaggio.'
				ELSE voiceagent_private.tool_words('transfer_untaken', v_session.language) END) ELSE '{}' END
		|| CASE WHEN v_goodbye NOT LIKE '%{{%' THEN jsonb_build_object('goodbye', v_goodbye)
			ELSE '{}' END;
	-- As may_use_tool() has it.
	v_session.tools := '[]';
	IF v_tools <> '[]' THEN
		v_session.tools := (SELECT coalesce(jsonb_agg(jsonb_build_object('type', 'function', 'function',
				jsonb_build_object('name', t.tool, 'description', t.description, 'parameters', t.parameters))
				ORDER BY t.n), '[]')
			FROM voiceagent.list_tools() WITH ORDINALITY AS t(tool, description, parameters, n) WHERE v_tools ? t.tool);
	END IF;
	v_session.turns := (SELECT k.turns FROM voiceagent.conversations k WHERE k.tenant_id = v_call.tenant_id
		AND k.call_id = v_call.call_id AND k.month_slot = voiceagent_private.month_slot(v_call.started_at));
	-- Times are meant by the clock of the calendar in which a tool books, else by that of the lead.
	IF v_tools ? 'book' THEN
		v_zone := (voiceagent_private.tool_context(v_call)).zone;
	END IF;
	v_zone := coalesce(v_zone, voiceagent_private.zone_of_call(v_call.lead_id, coalesce(v_call.number, 1::smallint)));
	v_session.local_s := extract(epoch FROM (voiceagent.clock() AT TIME ZONE v_zone) AT TIME ZONE 'UTC')::bigint;
	IF v_session.turns IS NOT NULL AND v_session.max_duration_s > 0 THEN
		v_session.max_duration_s := greatest(v_session.max_duration_s
			- coalesce(extract(epoch FROM voiceagent.clock() - v_call.answered_at)::integer, 0), 1);
	END IF;
	-- Not every carrier tells when a call was taken. This waits for no lock: the holder reports the same.
	IF v_call.direction = 'inbound' THEN
		UPDATE voiceagent.calls c SET status = 'in_progress', answered_at = coalesce(c.answered_at, voiceagent.clock())
		WHERE c.tenant_id = v_call.tenant_id AND c.call_id = (SELECT o.call_id FROM voiceagent.calls o
			WHERE o.tenant_id = v_call.tenant_id AND o.call_id = v_call.call_id AND o.outcome IS NULL
			FOR NO KEY UPDATE SKIP LOCKED);
		IF FOUND THEN
			PERFORM voiceagent_private.copy_incoming(ARRAY[v_call.call_id]);
		END IF;
		PERFORM voiceagent_private.lease_incoming(v_call.call_id, make_interval(secs => v_session.max_duration_s));
	END IF;
	PERFORM voiceagent_private.log_event('media_opened', v_call.campaign_id, v_call.call_id, v_call.lead_id,
		jsonb_build_object('dialect', dialect));
	RETURN v_session;
END
$$;
COMMENT ON FUNCTION voiceagent_private.open_media_session(bigint, text, text, text) IS
	E'Takes a socket that a carrier has opened for a call of an account of the current tenant, and gives what is said '
	'in it.\n'
	'reference, carrier_call: as call_of_socket() takes them; dialect: its protocol. refused: why not.';

CREATE FUNCTION voiceagent_private.note_media_refusal(account bigint, reference text, carrier_call text, dialect text,
	why text) RETURNS bigint
	LANGUAGE plpgsql VOLATILE SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_call voiceagent.calls;
BEGIN
	v_call := (voiceagent_private.call_of_socket(account, reference, carrier_call)).call;
	PERFORM voiceagent_private.log_media_refusal(v_call, why, dialect);
	RETURN v_call.call_id;
END
$$;
COMMENT ON FUNCTION voiceagent_private.note_media_refusal(bigint, text, text, text, text) IS
	E'Notes that a socket for a call of the current tenant was closed before it had a session, and why; the call.\n'
	'account, reference, carrier_call: as call_of_socket() takes them; dialect: its protocol.';

CREATE FUNCTION voiceagent_private.keep_media_turns(call_id bigint, turns jsonb, opted_out boolean, times jsonb,
	OUT result text, OUT answer text)
	LANGUAGE plpgsql VOLATILE SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	v_call voiceagent.calls;
	v_event voiceagent.call_event;
	v_body text;
BEGIN
	turns := voiceagent_private.mask_words(turns::text)::jsonb;
	-- Others are heard meanwhile: what is locked is tried again.
	IF NOT voiceagent_private.try_lock_tenant() THEN
		result := 'later';
		RETURN;
	END IF;
	SELECT c.* INTO v_call FROM voiceagent.calls c
	WHERE c.tenant_id = v_tenant AND c.call_id = keep_media_turns.call_id FOR UPDATE SKIP LOCKED;
	IF NOT FOUND THEN
		result := CASE WHEN EXISTS (SELECT FROM voiceagent.calls c WHERE c.tenant_id = v_tenant
			AND c.call_id = keep_media_turns.call_id) THEN 'later' ELSE 'gone' END;
		RETURN;
	END IF;
	v_event := voiceagent_private.parse_agent_report(
		CASE WHEN opted_out THEN '{"do_not_call": true}'::jsonb END, NULL, NULL, turns, NULL);
	v_event.kind := 'said';
	-- A carrier that was quicker than we: what was said is heard all the same.
	IF v_call.outcome IS NULL THEN
		PERFORM voiceagent_private.save_agent_report(v_call.call_id, v_event,
			ARRAY(SELECT (t.value ->> 'turn')::integer FROM jsonb_array_elements(turns) WITH ORDINALITY AS t(value, n)
				ORDER BY t.n), times);
		v_event.turns := NULL;
		v_event.transcript := NULL;
		IF NOT voiceagent_private.parse_yes(v_event.structured_data -> 'do_not_call')
			OR voiceagent_private.parse_yes(v_call.structured_data -> 'do_not_call') THEN
			result := 'kept';
			answer := voiceagent_private.own_answer(v_call, turns);
			RETURN;
		END IF;
	END IF;
	-- An incoming call has no attempt: it is named by the carrier's id alone.
	SELECT a.reference, coalesce(a.provider_call_id, v_call.provider_call_id, i.provider_call_id)
	INTO v_event.attempt_ref, v_event.provider_call_id
	FROM (VALUES (v_call.call_id)) AS c(call_id)
	LEFT JOIN voiceagent.attempts a ON a.tenant_id = v_tenant AND a.call_id = c.call_id
	LEFT JOIN voiceagent.call_inbound i ON i.tenant_id = v_tenant AND i.call_id = c.call_id;
	v_body := jsonb_strip_nulls(to_jsonb(v_event))::text;
	-- The applier applies the consequences, as for a webhook. The key names the call, so that an erasure finds it.
	PERFORM voiceagent_private.store_webhooks(array_agg(e.endpoint_id),
		ARRAY[format('%s:said:%s', coalesce(v_event.provider_call_id, v_event.attempt_ref), md5(v_body))], '{"{}"}',
		ARRAY[convert_to(v_body, 'UTF8')], 'media')
	FROM (SELECT min(o.endpoint_id) AS endpoint_id FROM voiceagent.webhook_endpoints o
		WHERE o.tenant_id = v_tenant AND o.provider_account_id = v_call.provider_account_id) e;
	PERFORM voiceagent_private.poke('applier');
	result := CASE WHEN v_call.outcome IS NULL THEN 'stopped' ELSE 'over' END;
END
$$;
COMMENT ON FUNCTION voiceagent_private.keep_media_turns(bigint, jsonb, boolean, jsonb) IS
	E'Keeps turns of a call of the current tenant that we hold, as report_call() takes them, while it lasts; '
	'opted_out: a key has said so; times: what its answers took.\n'
	'kept (answer: ours to what it asks, NULL: a mind''s); stopped (the person wants no calls, which the applier sees '
	'to); over (the carrier has reported the end before); later (somebody holds it locked: nothing was kept); gone.';

CREATE FUNCTION voiceagent_private.over_media_calls(tenants bigint[], calls bigint[])
	RETURNS TABLE (tenant_id bigint, call_id bigint, through boolean)
	LANGUAGE plpgsql VOLATILE SET planner.policy = by_keys SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint;
BEGIN
	RETURN QUERY
	SELECT h.tenant_id, h.call_id, false FROM unnest(tenants, calls) AS h(tenant_id, call_id)
	WHERE NOT EXISTS (SELECT FROM voiceagent_private.live_calls l
			WHERE l.tenant_id = h.tenant_id AND l.call_id = h.call_id)
		AND NOT EXISTS (SELECT FROM voiceagent_private.live_incoming l
			WHERE l.tenant_id = h.tenant_id AND l.call_id = h.call_id);
	FOR v_tenant IN SELECT DISTINCT h.tenant FROM unnest(tenants) AS h(tenant) ORDER BY 1 LOOP
		PERFORM voiceagent_private.set_tenant(v_tenant);
		RETURN QUERY
		SELECT h.tenant_id, h.call_id, true FROM unnest(tenants, calls) AS h(tenant_id, call_id)
		WHERE h.tenant_id = v_tenant AND EXISTS (SELECT FROM voiceagent.transfers t
			JOIN voiceagent.provider_requests p ON p.tenant_id = t.tenant_id
				AND p.provider_request_id = t.provider_request_id AND p.state = 'done'
			WHERE t.tenant_id = v_tenant AND t.call_id = h.call_id AND t.unanswered_at IS NULL);
	END LOOP;
	PERFORM voiceagent_private.set_tenant(0);
END
$$;
COMMENT ON FUNCTION voiceagent_private.over_media_calls(bigint[], bigint[]) IS
	'Those of these calls, of all tenants, whose end is known, or that a carrier has put through (through): there '
	'is no one to talk to, whatever the socket does.';

-- A claim that holds the pacing row is not waited for: the next late call finds the row free.
CREATE FUNCTION voiceagent_private.slow_late_openings(call voiceagent.calls, at timestamptz) RETURNS void
	LANGUAGE plpgsql VOLATILE SET planner.policy = in_order SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	-- The newest calls are looked at; a campaign slows from this share of those measured on, as for abandoned calls.
	c_calls CONSTANT integer := 200;
	c_least CONSTANT integer := 20;
	c_share CONSTANT numeric := 0.05;
	v_purpose text := voiceagent_private.recall_settings(call.campaign_id, call.campaign_version) ->> 'call_purpose';
	v record;
BEGIN
	SELECT count(*) AS measured, count(*) FILTER (WHERE m.late) AS late,
		bool_or(m.late AND m.call_id = call.call_id) AS now
	INTO v
	FROM (SELECT k.call_id, voiceagent_private.late_parts(
			(voiceagent_private.terms_of(a.jurisdiction, k.started_at)).opening, v_purpose, a.disclosures,
			a.opening_ms, coalesce(k.ended_at, slow_late_openings.at) - k.answered_at) IS NOT NULL AS late
		FROM (SELECT c.call_id, c.started_at, c.answered_at, c.ended_at FROM voiceagent.calls c
			WHERE c.tenant_id = call.tenant_id AND c.campaign_id = call.campaign_id
			ORDER BY c.call_id DESC LIMIT c_calls) k
		CROSS JOIN LATERAL (SELECT t.jurisdiction, t.disclosures, t.opening_ms FROM voiceagent.attempts t
			WHERE t.tenant_id = call.tenant_id AND t.call_id = k.call_id AND t.lawful AND t.opening_ms IS NOT NULL
			OFFSET 0 /* by the call */) a) m;
	IF v.now AND v.measured >= c_least AND v.late >= c_share * v.measured THEN
		UPDATE voiceagent_private.pacing p SET slow_until = slow_late_openings.at + interval '1 day'
		WHERE p.tenant_id = call.tenant_id AND p.campaign_id = (SELECT o.campaign_id FROM voiceagent_private.pacing o
			WHERE o.tenant_id = call.tenant_id AND o.campaign_id = call.campaign_id FOR NO KEY UPDATE SKIP LOCKED);
	END IF;
END
$$;
COMMENT ON FUNCTION voiceagent_private.slow_late_openings(voiceagent.calls, timestamptz) IS
	'Has the campaign of a call of the current tenant that said a part of its opening too late (late_parts()) dial one '
	'call every ten seconds for a day, where 5 % of those measured did, and at least 20 were.';

CREATE FUNCTION voiceagent_private.end_media_session(call_id bigint, why text, hangs_up boolean, figures jsonb)
	RETURNS void
	LANGUAGE plpgsql VOLATILE SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_call voiceagent.calls;
	v_account voiceagent.provider_accounts;
	v_attempt voiceagent.attempts;
	-- The carrier tells of the end, or comes back, within moments; what it knows else it says when it is asked.
	c_grace CONSTANT interval := '1 minute';
	c_ask CONSTANT interval := '5 seconds';
BEGIN
	SELECT c.* INTO v_call FROM voiceagent.calls c
	WHERE c.tenant_id = voiceagent.current_tenant() AND c.call_id = end_media_session.call_id;
	PERFORM voiceagent_private.log_event('media_ended', v_call.campaign_id, v_call.call_id, v_call.lead_id,
		jsonb_build_object('why', why, 'hung_up', hangs_up) || (figures - 'law_ms'));
	-- The first talk counts: words said again after a break came too late.
	IF jsonb_array_length(figures -> 'law_ms') > 0 THEN
		UPDATE voiceagent.attempts a SET opening_ms = ARRAY(SELECT (figures -> 'law_ms' ->> (
				SELECT count(DISTINCT b.ends)::integer FROM unnest(a.disclosure_ends) AS b(ends)
				WHERE b.ends < e.ends))::integer
			FROM unnest(a.disclosure_ends) WITH ORDINALITY AS e(ends, place) ORDER BY e.place)
		WHERE a.tenant_id = v_call.tenant_id AND a.call_id = v_call.call_id AND a.opening_ms IS NULL
			AND a.disclosure_ends IS NOT NULL;
		IF FOUND THEN
			PERFORM voiceagent_private.slow_late_openings(v_call, voiceagent.clock());
		END IF;
	END IF;
	SELECT a.* INTO v_account FROM voiceagent.provider_accounts a
	WHERE a.tenant_id = v_call.tenant_id AND a.provider_account_id = v_call.provider_account_id;
	IF v_call.direction = 'inbound' AND v_call.outcome IS NULL THEN
		PERFORM voiceagent_private.lease_incoming(v_call.call_id,
			CASE WHEN voiceagent_private.is_transferred(v_call.call_id) THEN voiceagent_private.longest_incoming()
				ELSE c_grace END, c_ask);
	END IF;
	-- An assistant that takes its leave of somebody whom it has put through does not end that call.
	IF NOT hangs_up OR v_call.outcome IS NOT NULL OR voiceagent_private.is_transferred(v_call.call_id)
		OR NOT voiceagent_private.driver_can(v_account.provider, 'hangup') THEN
		RETURN;
	END IF;
	-- Not every carrier ends a call because its socket has gone.
	SELECT a.* INTO v_attempt FROM voiceagent.attempts a
	WHERE a.tenant_id = v_call.tenant_id AND a.call_id = v_call.call_id;
	PERFORM voiceagent_private.enqueue_provider_request(v_account.provider_account_id, 'hangup', jsonb_strip_nulls(
		jsonb_build_object('provider_call_id', coalesce(v_attempt.provider_call_id, v_call.provider_call_id),
			'attempt_ref', v_attempt.reference, 'reason', 'normal')), v_call.call_id);
END
$$;
COMMENT ON FUNCTION voiceagent_private.end_media_session(bigint, text, boolean, jsonb) IS
	'Notes that the socket of a call of the current tenant has gone, why, and what was measured on it; hangs_up: '
	'it was we, and the carrier is asked to end the call.';

CREATE FUNCTION voiceagent_private.media_conditions(platform boolean) RETURNS SETOF voiceagent_private.condition
	LANGUAGE sql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
	SELECT 'speech', concat(m.speech, '; speech is told from silence by ', m.activity), NULL::integer,
		NULL::timestamptz, NULL::bigint, NULL::timestamptz, m.calls::bigint, NULL::text, NULL::text, false
	FROM voiceagent_private.media_state m
	JOIN voiceagent_private.worker_status() w ON w.kind = 'media' AND w.pid IS NOT NULL
	UNION ALL SELECT 'sockets of calls', 'refused: ' || string_agg(format('%s %s', r.value, r.key), ', '
			ORDER BY r.value::bigint DESC, r.key), NULL, NULL, sum(r.value::bigint)::bigint, NULL, NULL, NULL, NULL,
		false
	FROM voiceagent_private.media_state m, jsonb_each_text(m.refused) r WHERE platform AND r.value <> '0'
	HAVING count(*) > 0
$$;
COMMENT ON FUNCTION voiceagent_private.media_conditions(boolean) IS
	'For status(): what speaks and listens, and the sockets that were refused.';
INSERT INTO voiceagent_private.registrations (kind, name) VALUES ('condition', 'media_conditions');

CREATE FUNCTION voiceagent_private.media_samples() RETURNS TABLE (metric text, labels text, value double precision)
	LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
	SELECT c.name, '', c.value::double precision FROM voiceagent_private.media_state m
	CROSS JOIN LATERAL (VALUES ('media_calls', m.calls), ('media_sessions_total', m.opened),
		('media_frames_heard_total', m.frames_in), ('media_frames_sent_total', m.frames_out),
		('media_frames_late_total', m.frames_late), ('media_lag_seconds', m.lag_ms / 1000.0)) c(name, value)
	UNION ALL SELECT 'media_refused_total', format('reason="%s"', r.key), r.value::bigint
	FROM voiceagent_private.media_state m, jsonb_each_text(m.refused) r
$$;
COMMENT ON FUNCTION voiceagent_private.media_samples() IS 'For metrics(): the calls that we hold.';
INSERT INTO voiceagent_private.registrations (kind, name) VALUES ('metric', 'media_samples');
INSERT INTO voiceagent_private.metric_families (family, kind, help) VALUES
	('media_calls', 'gauge', 'Calls that we hold over a socket of the carrier''s.'),
	('media_sessions_total', 'counter', 'Sessions of such calls since the process media began.'),
	('media_refused_total', 'counter', 'Sockets that it has refused.'),
	('media_frames_heard_total', 'counter', 'Frames of 20 ms that it has heard.'),
	('media_frames_sent_total', 'counter', 'Frames of 20 ms that it has said.'),
	('media_frames_late_total', 'counter', 'Of these, those that left after they were to be heard.'),
	('media_lag_seconds', 'gauge', 'How late its turns are, as a mean.');
