/*
 * 60_inbox: telling a live call what to do by requests of our own: what an
 * answered one says, where the carrier takes no document in reply; what
 * becomes of one that a machine has answered.
 */

CREATE FUNCTION voiceagent_private.may_leave_message(call voiceagent.calls) RETURNS boolean
	LANGUAGE sql STABLE
	RETURN call.message_left_at IS NOT NULL OR voiceagent_private.setting_integer('voicemail_drops_per_day') > (
		SELECT voiceagent_private.messages_left(call.phone, a.timezones, voiceagent.clock(), call.call_id)
		FROM voiceagent.attempts a WHERE a.tenant_id = call.tenant_id AND a.call_id = call.call_id);
COMMENT ON FUNCTION voiceagent_private.may_leave_message(voiceagent.calls) IS
	'Whether a message may be left on the voicemail that a call of the acting tenant has reached: voicemail_drops_per_day of its number, over all campaigns; true again for a call that has left one.';

CREATE FUNCTION voiceagent_private.message_of(call voiceagent.calls) RETURNS text
	LANGUAGE sql STABLE
	RETURN (SELECT voiceagent_private.spoken_text(concat_ws(' ', a.disclosure, m.words), voiceagent_private.lead_variables(l))
		FROM voiceagent.attempts a
		JOIN voiceagent.leads l ON l.tenant_id = call.tenant_id AND l.lead_id = call.lead_id
		JOIN voiceagent.campaign_versions k ON k.tenant_id = call.tenant_id AND k.campaign_id = call.campaign_id AND k.version = call.campaign_version
		JOIN voiceagent.assistant_versions v
			ON v.tenant_id = call.tenant_id AND v.assistant_id = call.assistant_id AND v.version = call.assistant_version
		CROSS JOIN LATERAL (SELECT coalesce(nullif(btrim(k.settings ->> 'voicemail_message'), ''),
			nullif(btrim(v.settings ->> 'voicemail_message'), '')) AS words) m
		WHERE a.tenant_id = call.tenant_id AND a.call_id = call.call_id AND m.words IS NOT NULL);
COMMENT ON FUNCTION voiceagent_private.message_of(voiceagent.calls) IS
	'What a call leaves on a voicemail, with what the law wants said; NULL: its campaign and assistant have no message.';

CREATE FUNCTION voiceagent_private.treat_machine(call voiceagent.calls, machine text) RETURNS text
	LANGUAGE sql STABLE
	RETURN CASE WHEN coalesce(machine NOT IN ('voicemail', 'ivr', 'unavailable'), true) THEN 'talk'
		ELSE (SELECT CASE coalesce(k.settings ->> 'machine_detection', 'off') WHEN 'off' THEN 'talk'
				WHEN 'message' THEN CASE WHEN machine = 'voicemail' AND voiceagent_private.message_of(call) IS NOT NULL
					AND voiceagent_private.may_leave_message(call) THEN 'message' ELSE 'hang_up' END
				ELSE 'hang_up' END
			FROM voiceagent.campaign_versions k
			WHERE k.tenant_id = call.tenant_id AND k.campaign_id = call.campaign_id AND k.version = call.campaign_version) END;
COMMENT ON FUNCTION voiceagent_private.treat_machine(voiceagent.calls, text) IS
	'What a call does with who has answered: talk, message (leave one), hang_up.';

CREATE FUNCTION voiceagent_private.records_by_errand(provider text) RETURNS boolean
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
	RETURN (SELECT NOT d.records AND 'record' = ANY (d.capabilities) FROM voiceagent_private.dialect_facts(provider) d);
COMMENT ON FUNCTION voiceagent_private.records_by_errand(text) IS
	'Whether a carrier''s calls are recorded by a request once they are answered, because the dial cannot ask for it.';

CREATE FUNCTION voiceagent_private.tell_call(account bigint, call bigint, event voiceagent.call_event, plan jsonb,
		not_before timestamptz DEFAULT NULL) RETURNS void
	LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_provider text := (SELECT a.provider FROM voiceagent.provider_accounts a
		WHERE a.tenant_id = voiceagent.current_tenant() AND a.provider_account_id = account);
	-- What a socket does not say itself is said before it, and before forwarding; its end brings these: see after_words().
	v_kind text := CASE plan ->> 'kind' WHEN 'say' THEN 'say' WHEN 'play' THEN 'play' WHEN 'stream' THEN CASE WHEN plan ? 'text' THEN 'say' ELSE 'stream' END
		WHEN 'forward' THEN CASE WHEN plan ? 'text' THEN 'say' ELSE 'transfer' END ELSE 'hangup' END;
BEGIN
	-- Whoever calls is taken first, and spoken to when the carrier says that the call stands.
	IF event.kind = 'incoming' AND v_kind <> 'hangup' AND event.status IS DISTINCT FROM 'in_progress' THEN
		v_kind := 'answer';
	END IF;
	IF call IS NULL THEN
		UPDATE voiceagent.incoming_calls i SET told = v_kind
		WHERE i.tenant_id = voiceagent.current_tenant() AND i.provider_account_id = account AND i.provider_call_id = event.provider_call_id;
	END IF;
	IF NOT voiceagent_private.dialect_can(v_provider, v_kind) THEN
		PERFORM voiceagent_private.log_event('call_order_impossible', NULL, call, NULL, jsonb_build_object('order', v_kind));
		RETURN;
	END IF;
	-- Before anything is said.
	IF call IS NOT NULL AND v_kind <> 'hangup' AND (plan ->> 'record')::boolean AND voiceagent_private.records_by_errand(v_provider) THEN
		PERFORM voiceagent_private.enqueue_errand(account, 'record', jsonb_strip_nulls(jsonb_build_object(
			'provider_call_id', event.provider_call_id, 'attempt_ref', event.attempt_ref)), call);
	END IF;
	PERFORM voiceagent_private.enqueue_errand(account, v_kind, jsonb_strip_nulls(jsonb_build_object(
		'provider_call_id', event.provider_call_id, 'attempt_ref', event.attempt_ref, 'control_url', event.control_url,
		'answer', CASE WHEN v_kind <> 'hangup' THEN plan END,
		-- After a message the call ends, which some carriers are told with it.
		'reason', CASE WHEN v_kind = 'hangup' THEN CASE event.kind WHEN 'incoming' THEN coalesce(plan ->> 'reason', 'busy') ELSE 'normal' END
			WHEN v_kind = 'say' AND event.machine = 'voicemail' THEN 'normal' END,
		-- Not somebody's own command: see told_errand_done().
		'told', v_kind <> 'hangup')), call, not_before => tell_call.not_before);
END
$$;
COMMENT ON FUNCTION voiceagent_private.tell_call(bigint, bigint, voiceagent.call_event, jsonb, timestamptz) IS
	'Sends the carrier of an account what a call that an event is about is to do by a plan as answer_plan() gives it; NULL, reject or hangup: it ends. A carrier that does not record from the dial on is told to record, where the plan says so. call: our number of it, NULL for an incoming one; not_before: when, NULL: at once.';

CREATE FUNCTION voiceagent_private.after_words(call voiceagent.calls, kind text, endpoint bigint, attempt_ref text) RETURNS jsonb
	LANGUAGE plpgsql VOLATILE SET enable_seqscan = off SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	c_end CONSTANT jsonb := '{"kind": "hangup"}';
	v_told text[];
	v_plan jsonb;
BEGIN
	-- What was said is the message that it has left.
	IF call.message_left_at IS NOT NULL THEN
		RETURN c_end;
	END IF;
	v_told := ARRAY(SELECT r.kind FROM voiceagent.errands r
		WHERE r.tenant_id = call.tenant_id AND r.call_id = call.call_id AND r.kind IN ('stream', 'transfer') AND r.state <> 'failed');
	IF 'transfer' = ANY (v_told) THEN
		RETURN NULL;
	ELSIF kind = 'silent' THEN
		RETURN c_end;
	END IF;
	v_plan := voiceagent_private.answer_plan(endpoint, attempt_ref, NULL, NULL, call.machine);
	IF v_plan ->> 'kind' IS DISTINCT FROM 'stream' THEN
		RETURN c_end;
	END IF;
	-- Without a text it was connected by the dial. Its recording has begun.
	RETURN CASE WHEN v_plan ? 'text' AND 'stream' <> ALL (v_told) THEN v_plan - '{text,record}'::text[] END;
END
$$;
COMMENT ON FUNCTION voiceagent_private.after_words(voiceagent.calls, text, bigint, text) IS
	'What a call of the acting tenant does by a plan, as tell_call() takes it, now that something said in it is over (kind spoken), or the time for a key (key), the socket that talks has failed (silent), or nobody has taken it where it was put through to (untaken): it is connected to the socket, which waited for what the law wants said before, or ends. NULL: nothing, because the socket has it, in whose talk something was said, or somebody else, whom it was or is being put through to. endpoint, attempt_ref: of the event that says so.';

CREATE FUNCTION voiceagent_private.after_words_incoming(account bigint, provider_call_id text, kind text) RETURNS jsonb
	LANGUAGE sql STABLE SET enable_seqscan = off SET search_path = pg_catalog, pg_temp AS $$
	SELECT CASE WHEN kind <> 'spoken' OR i.answer IS DISTINCT FROM 'forward' THEN '{"kind": "hangup"}'::jsonb
		WHEN i.told = 'say' THEN i.plan - 'text' END
	FROM (SELECT) one LEFT JOIN voiceagent.incoming_calls i ON i.tenant_id = voiceagent.current_tenant()
		AND i.provider_account_id = account AND i.provider_call_id = after_words_incoming.provider_call_id
$$;
COMMENT ON FUNCTION voiceagent_private.after_words_incoming(bigint, text, text) IS
	'As after_words() (kind likewise), of a call that came in at an account of the acting tenant, by the carrier''s id of it: it is forwarded, if it was told something before that, or ends. NULL: nothing, because it is being forwarded.';

CREATE FUNCTION voiceagent_private.answer_calls(events voiceagent_private.matched_event[]) RETURNS void
	LANGUAGE plpgsql VOLATILE SET enable_seqscan = off SET jit = off SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	v_now timestamptz := voiceagent.clock();
	v record;
	m voiceagent_private.matched_event;
	e voiceagent.call_event;
	v_account bigint;
	v_way text;
	v_call voiceagent.calls;
	v_treatment text;
	v_plan jsonb;
	v_told text;
	v_pinned voiceagent.attempts;
BEGIN
	FOR v IN
		SELECT i.webhook_id, i.call_id, i.event, i.endpoint_id, p.provider_account_id, voiceagent_private.answers_by(a.provider) AS way,
			voiceagent_private.machine_asks(a.provider) AS asks, (SELECT f.speaks FROM voiceagent_private.dialect_facts(a.provider) f) AS speaks
		FROM unnest(events) WITH ORDINALITY AS i(webhook_id, call_id, event, endpoint_id, place)
		JOIN voiceagent.webhook_endpoints p ON p.tenant_id = v_tenant AND p.endpoint_id = i.endpoint_id
		JOIN voiceagent.provider_accounts a ON a.tenant_id = v_tenant AND a.provider_account_id = p.provider_account_id
		WHERE (i.event).wants_answer OR (i.event).kind IN ('machine', 'spoken', 'untaken', 'silent', 'key') ORDER BY i.place
	LOOP
		m := ROW(v.webhook_id, v.call_id, v.event, v.endpoint_id);
		e := m.event;
		v_account := v.provider_account_id;
		v_way := v.way;
		v_treatment := 'talk';
		v_pinned := NULL;
		-- Who is to record is there: once is enough, whoever tells of it.
		IF e.kind = 'recording' THEN
			CONTINUE WHEN m.call_id IS NULL OR EXISTS (SELECT FROM voiceagent.errands r
				WHERE r.tenant_id = v_tenant AND r.call_id = m.call_id AND r.kind = 'record' AND r.order_data ->> 'control_url' = e.control_url);
			PERFORM voiceagent_private.enqueue_errand(v_account, 'record', jsonb_strip_nulls(jsonb_build_object(
				'provider_call_id', e.provider_call_id, 'attempt_ref', e.attempt_ref, 'control_url', e.control_url)), m.call_id);
			CONTINUE;
		END IF;
		IF m.call_id IS NOT NULL THEN
			SELECT * INTO v_call FROM voiceagent.calls c WHERE c.tenant_id = v_tenant AND c.call_id = m.call_id;
			-- Too late; and who holds the conversation treats machines by itself.
			CONTINUE WHEN v_call.outcome IS NOT NULL OR v_way = 'conversation';
			IF e.kind = 'untaken' THEN
				PERFORM voiceagent_private.note_untaken(m.call_id);
			END IF;
			v_treatment := voiceagent_private.treat_machine(v_call, e.machine);
			-- The detection may take longer than the talk: who has taken the call over stays in it.
			CONTINUE WHEN v_treatment <> 'talk' AND voiceagent_private.put_through(m.call_id);
			SELECT * INTO v_pinned FROM voiceagent.attempts a WHERE a.tenant_id = v_tenant AND a.call_id = m.call_id;
		END IF;
		IF e.kind = 'key' AND e.key IS NOT NULL THEN
			-- Another key than the one that the call names changes nothing: what it has cut short is said again. Who asks is told in the reply.
			CONTINUE WHEN m.call_id IS NULL OR v_way <> 'errand' OR e.key IS DISTINCT FROM v_pinned.opt_out_key AND e.wants_answer IS NOT TRUE;
			v_plan := CASE WHEN v.speaks THEN voiceagent_private.plan_attempt(v_pinned.attempt_id, m.endpoint_id,
				CASE WHEN e.key IS DISTINCT FROM v_pinned.opt_out_key THEN v_call.machine END, e.key) END;
			-- Pressed twice it is confirmed once; and whoever was put through goes on with somebody else.
			CONTINUE WHEN EXISTS (SELECT FROM voiceagent.errands r WHERE r.tenant_id = v_tenant AND r.call_id = m.call_id AND r.state <> 'failed'
				AND (r.kind = 'transfer' OR r.kind = 'say' AND e.key = v_pinned.opt_out_key AND r.order_data #>> '{answer,text}' = v_plan ->> 'text'));
			PERFORM voiceagent_private.tell_call(v_account, m.call_id, e, v_plan);
		ELSIF v_treatment = 'message' THEN
			CONTINUE WHEN v_call.message_left_at IS NOT NULL OR v.asks AND NOT e.wants_answer;
			UPDATE voiceagent.calls c SET message_left_at = v_now WHERE c.tenant_id = v_tenant AND c.call_id = m.call_id;
			-- Who asks is told in the reply.
			IF v_way = 'errand' OR NOT e.wants_answer THEN
				-- Who was taken for a machine may press the key as well.
				PERFORM voiceagent_private.tell_call(v_account, m.call_id, e, jsonb_strip_nulls(jsonb_build_object('kind', 'say',
					'text', voiceagent_private.message_of(v_call), 'attempt_ref', e.attempt_ref, 'opt_out_key', v_pinned.opt_out_key)) || voiceagent_private.speech_of(v_call));
			END IF;
		ELSIF v_treatment = 'hang_up' OR e.kind IN ('spoken', 'untaken', 'silent', 'key') AND v_way = 'errand' THEN
			-- The listening was cut short by the confirmation, whose end is the call's.
			CONTINUE WHEN e.kind = 'key' AND voiceagent_private.said_yes(v_call.structured_data -> 'do_not_call');
			IF v_way = 'errand' OR NOT e.wants_answer THEN
				v_plan := CASE WHEN v_treatment = 'talk' AND m.call_id IS NOT NULL
					THEN voiceagent_private.after_words(v_call, e.kind, m.endpoint_id, e.attempt_ref)
					WHEN m.call_id IS NULL THEN voiceagent_private.after_words_incoming(v_account, e.provider_call_id, e.kind)
					ELSE '{"kind": "hangup"}' END;
				CONTINUE WHEN v_plan IS NULL;
				PERFORM voiceagent_private.tell_call(v_account, m.call_id, e, v_plan,
					-- Time for the key, unless it was pressed, or what was said is a message.
					CASE WHEN e.kind = 'spoken' AND m.call_id IS NOT NULL AND v_pinned.opt_out_key IS NOT NULL AND v_call.message_left_at IS NULL
						AND NOT voiceagent_private.said_yes(v_call.structured_data -> 'do_not_call') THEN v_now + voiceagent_private.key_wait() END);
			END IF;
		ELSIF e.wants_answer AND v_way = 'errand' THEN
			-- A lookup may find it still waiting for what it has been told.
			CONTINUE WHEN m.call_id IS NOT NULL AND EXISTS (SELECT FROM voiceagent.errands r
				WHERE r.tenant_id = v_tenant AND r.call_id = m.call_id AND r.kind IN ('say', 'play', 'stream', 'transfer'));
			v_plan := NULL;
			IF m.call_id IS NULL THEN
				-- As it was decided when it came; told again it changes nothing.
				SELECT i.plan, i.told INTO v_plan, v_told FROM voiceagent.incoming_calls i
				WHERE i.tenant_id = v_tenant AND i.provider_account_id = v_account AND i.provider_call_id = e.provider_call_id;
				CONTINUE WHEN v_told <> 'answer' OR v_told = 'answer' AND e.status IS DISTINCT FROM 'in_progress';
			END IF;
			PERFORM voiceagent_private.tell_call(v_account, m.call_id, e, coalesce(v_plan,
				voiceagent_private.answer_plan(m.endpoint_id, e.attempt_ref, e.from_number, e.to_number, e.machine)));
		END IF;
	END LOOP;
END
$$;
COMMENT ON FUNCTION voiceagent_private.answer_calls(voiceagent_private.matched_event[]) IS
	'What follows from events that ask what to do, that say who answered or which key was pressed, or that what was said is over, or who talked gone: orders to the carrier, as far as it is not told in the reply to its question.';
