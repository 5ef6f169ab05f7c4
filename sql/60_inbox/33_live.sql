/*
 * 60_inbox: what follows, in a live call, from an event that asks what to do,
 * that says who answered or which key was pressed, or that what was said is
 * over, or who talked gone: orders to the carrier, where the reply to its
 * question does not carry them.
 */

-- NULL: the socket has the call, and something was said in its talk; or somebody has it, or is being called, to whom
-- it was put through.
CREATE FUNCTION voiceagent_private.plan_after_speech(call voiceagent.calls, kind text, endpoint bigint,
	attempt_ref text) RETURNS jsonb
	LANGUAGE plpgsql VOLATILE SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	c_end CONSTANT jsonb := '{"kind": "hangup"}';
	v_plan jsonb;
BEGIN
	-- The words are its message.
	IF call.message_left_at IS NOT NULL THEN
		RETURN c_end;
	END IF;
	IF voiceagent_private.is_transferred(call.call_id) THEN
		RETURN NULL;
	ELSIF kind = 'silent' THEN
		RETURN c_end;
	END IF;
	v_plan := voiceagent_private.answer_plan(endpoint, attempt_ref, NULL, NULL, call.machine);
	IF v_plan ->> 'kind' IS DISTINCT FROM 'stream' THEN
		RETURN c_end;
	END IF;
	-- Without a text it was connected by the dial. Its recording has begun.
	-- Our socket was closed when it was put through.
	RETURN CASE WHEN kind = 'untaken' AND v_plan ? 'returns'
			OR v_plan ? 'text' AND NOT EXISTS (SELECT FROM voiceagent.provider_requests r
			WHERE r.tenant_id = call.tenant_id AND r.call_id = call.call_id AND r.kind = 'stream'
				AND r.state <> 'failed')
		THEN v_plan - '{text,record}'::text[] END;
END
$$;
COMMENT ON FUNCTION voiceagent_private.plan_after_speech(voiceagent.calls, text, bigint, text) IS
	E'The next step of a call of the current tenant, as send_call_plan() takes it: it is connected to the socket, '
	'which waited for the law''s words, or ends.\n'
	'kind: spoken (something said is over), key (the time for one is over), silent (the socket failed) or untaken (the '
	'call was put through and not taken); endpoint, attempt_ref: of the event. NULL: nothing.';

CREATE FUNCTION voiceagent_private.plan_after_speech_incoming(account bigint, provider_call_id text, kind text)
	RETURNS jsonb
	LANGUAGE plpgsql VOLATILE SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_call voiceagent.call_inbound;
BEGIN
	-- Locked: the end of the words may be reported and found (on_playback_checked()) at once, and a second
	-- transfer would end the first.
	SELECT i.* INTO v_call FROM voiceagent.call_inbound i
	WHERE i.tenant_id = voiceagent.current_tenant() AND i.provider_account_id = account
		AND i.provider_call_id = plan_after_speech_incoming.provider_call_id FOR NO KEY UPDATE;
	-- Somebody has put it through: transfer_call().
	IF kind = 'spoken' AND voiceagent_private.is_transferred(v_call.call_id) THEN
		RETURN NULL;
	END IF;
	-- The office did not take it: record_untaken() has made what follows its plan.
	RETURN CASE WHEN kind = 'untaken' AND v_call.told = 'transfer' AND v_call.plan ? 'office' THEN v_call.plan
		-- An assistant of ours had put it through.
		WHEN kind = 'untaken' AND v_call.plan ? 'returns' AND voiceagent_private.may_return(v_call.call_id)
			THEN v_call.plan - '{text,record}'::text[]
		WHEN kind <> 'spoken' OR v_call.answer IS DISTINCT FROM 'forward' THEN '{"kind": "hangup"}'::jsonb
		WHEN v_call.told = 'say' THEN v_call.plan - 'text' END;
END
$$;
COMMENT ON FUNCTION voiceagent_private.plan_after_speech_incoming(bigint, text, text) IS
	E'As plan_after_speech() (kind likewise), of a call that came in at an account of the current tenant, by the '
	'carrier''s id of it: it is forwarded, if it had an order before that, goes to the assistant when the office did '
	'not take it, or ends.\n'
	'NULL: nothing, because it is being forwarded.';

CREATE FUNCTION voiceagent_private.answer_caller(account bigint, endpoint bigint, event voiceagent.call_event)
	RETURNS void
	LANGUAGE plpgsql VOLATILE SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_plan jsonb;
	v_told text;
BEGIN
	IF event.kind IN ('spoken', 'untaken', 'silent') OR event.kind = 'key' AND event.key IS NULL THEN
		v_plan := voiceagent_private.plan_after_speech_incoming(account, event.provider_call_id, event.kind);
		IF v_plan IS NULL THEN
			RETURN;
		END IF;
	ELSIF event.wants_answer AND event.kind <> 'key' THEN
		-- As it was decided when it came; a repeat changes nothing.
		SELECT i.plan, i.told INTO v_plan, v_told FROM voiceagent.call_inbound i
		WHERE i.tenant_id = voiceagent.current_tenant() AND i.provider_account_id = account
			AND i.provider_call_id = event.provider_call_id;
		IF v_told <> 'answer' OR v_told = 'answer' AND event.status IS DISTINCT FROM 'in_progress' THEN
			RETURN;
		END IF;
		v_plan := coalesce(v_plan, voiceagent_private.answer_plan(endpoint, event.attempt_ref, event.from_number,
			event.to_number, event.machine));
	ELSE
		RETURN;
	END IF;
	PERFORM voiceagent_private.send_call_plan(account, NULL, event, v_plan);
END
$$;
COMMENT ON FUNCTION voiceagent_private.answer_caller(bigint, bigint, voiceagent.call_event) IS
	'Tells the carrier of an account, by a request, what a call that is none of ours is to do upon an event that came '
	'in at an endpoint: it is taken, or not, and spoken to when the carrier says that it stands; it goes on when that '
	'is over (plan_after_speech_incoming()).';

-- The call ends where nothing can be said. The text is said again where the key has ended the listening. When the
-- result is false, the time for a key is over.
CREATE FUNCTION voiceagent_private.answer_key(account bigint, endpoint bigint, event voiceagent.call_event,
	call voiceagent.calls, attempt voiceagent.attempts) RETURNS boolean
	LANGUAGE plpgsql VOLATILE SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_stops boolean := event.key IS NOT DISTINCT FROM attempt.opt_out_key;
	v_plan jsonb;
	v_said bigint;
	-- A carrier that reports such a key unpressed would have the text said until the call's longest
	-- duration.
	c_says CONSTANT integer := 2;
BEGIN
	-- Another key than the one that the call names changes nothing: what it has cut short is said again. And whoever
	-- was put through goes on with somebody else.
	IF NOT v_stops AND event.wants_answer IS NOT TRUE OR voiceagent_private.is_transferred(call.call_id) THEN
		RETURN true;
	END IF;
	v_plan := CASE WHEN (SELECT f.speaks
		FROM voiceagent.provider_accounts a CROSS JOIN LATERAL voiceagent_private.driver_facts(a.provider) f
			WHERE a.tenant_id = call.tenant_id AND a.provider_account_id = account)
		THEN voiceagent_private.plan_attempt(attempt.attempt_id, endpoint, CASE WHEN NOT v_stops THEN call.machine END,
			event.key) END;
	v_said := (SELECT count(*) FROM voiceagent.provider_requests r
		WHERE r.tenant_id = call.tenant_id AND r.call_id = call.call_id
		AND r.kind = 'say' AND r.state <> 'failed' AND r.request_data #>> '{answer,text}' = v_plan ->> 'text');
	-- A message is left once, though the wanted key was not pressed.
	IF NOT v_stops AND (v_said >= c_says OR call.message_left_at IS NOT NULL) THEN
		RETURN false;
	-- Pressed twice it is confirmed once.
	ELSIF NOT v_stops OR v_said = 0 THEN
		PERFORM voiceagent_private.send_call_plan(account, call.call_id, event, v_plan);
	END IF;
	RETURN true;
END
$$;
COMMENT ON FUNCTION voiceagent_private.answer_key(bigint, bigint, voiceagent.call_event, voiceagent.calls,
	voiceagent.attempts) IS
	E'Tells a call of the current tenant (attempt: its dial, pinned) by a request what to do upon a key, which an '
	'event at an endpoint of its account names.\n'
	'An opt-out is confirmed once, or the call ends; upon another key its text is said once more; a call that is put '
	'through gets nothing. False: the key counts as none, because the text has been said twice or was a message.';

CREATE FUNCTION voiceagent_private.answer_callee(account bigint, provider text, endpoint bigint,
	event voiceagent.call_event, call bigint) RETURNS void
	LANGUAGE plpgsql VOLATILE SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	-- Else the reply to the carrier's question has it.
	v_by_request boolean := voiceagent_private.answers_by(provider) = 'provider_request';
	v_call voiceagent.calls;
	v_attempt voiceagent.attempts;
	v_treatment text;
	v_plan jsonb;
BEGIN
	SELECT * INTO v_call FROM voiceagent.calls c WHERE c.tenant_id = v_tenant AND c.call_id = answer_callee.call;
	-- Too late, or erased meanwhile.
	IF NOT FOUND OR v_call.outcome IS NOT NULL THEN
		RETURN;
	END IF;
	v_treatment := voiceagent_private.treat_machine(v_call, event.machine);
	-- The detection may take longer than the talk: who has taken the call over stays in it.
	IF v_treatment <> 'talk' AND voiceagent_private.is_transferred(v_call.call_id) THEN
		RETURN;
	END IF;
	SELECT * INTO v_attempt FROM voiceagent.attempts a WHERE a.tenant_id = v_tenant AND a.call_id = v_call.call_id;
	IF v_treatment = 'message' THEN
		IF event.wants_answer OR NOT voiceagent_private.machine_asks(provider) THEN
			UPDATE voiceagent.calls c SET message_left_at = voiceagent.clock()
			WHERE c.tenant_id = v_call.tenant_id AND c.call_id = v_call.call_id AND c.message_left_at IS NULL;
			IF FOUND AND (v_by_request OR NOT event.wants_answer) THEN
				-- A person that was taken for a machine may press the key as well.
				PERFORM voiceagent_private.send_call_plan(account, v_call.call_id, event,
					jsonb_strip_nulls(jsonb_build_object('kind', 'say',
						'text', voiceagent_private.message_of(v_call), 'attempt_ref', event.attempt_ref,
						'opt_out_key', v_attempt.opt_out_key)) || voiceagent_private.speech_of(v_call));
			END IF;
		END IF;
	ELSIF v_treatment = 'hang_up' THEN
		IF v_by_request OR NOT event.wants_answer THEN
			PERFORM voiceagent_private.send_call_plan(account, v_call.call_id, event, '{"kind": "hangup"}');
		END IF;
	ELSIF NOT v_by_request THEN
		RETURN;
	ELSIF event.kind = 'key' AND event.key IS DISTINCT FROM v_attempt.opt_out_key
			AND voiceagent_private.parse_yes(v_call.structured_data -> 'do_not_call') THEN
		-- The listening was cut short by the confirmation, whose end is the call's.
		RETURN;
	ELSIF event.kind IN ('spoken', 'untaken', 'silent', 'key') THEN
		IF event.key IS NULL OR NOT voiceagent_private.answer_key(account, endpoint, event, v_call, v_attempt) THEN
			v_plan := voiceagent_private.plan_after_speech(v_call, event.kind, endpoint, event.attempt_ref);
			IF v_plan IS NOT NULL THEN
				PERFORM voiceagent_private.send_call_plan(account, v_call.call_id, event, v_plan,
					-- Time for the key, unless it was pressed, or what was said is a message.
					CASE WHEN event.kind = 'spoken' AND v_attempt.opt_out_key IS NOT NULL
						AND v_call.message_left_at IS NULL
						AND NOT voiceagent_private.parse_yes(v_call.structured_data -> 'do_not_call') THEN
							voiceagent.clock() + voiceagent_private.key_wait() END);
			END IF;
		END IF;
	ELSIF event.wants_answer THEN
		-- A lookup may find it still waiting for an order already sent.
		IF NOT EXISTS (SELECT FROM voiceagent.provider_requests r
				WHERE r.tenant_id = v_call.tenant_id AND r.call_id = v_call.call_id
					AND r.kind IN ('say', 'play', 'stream', 'transfer')) THEN
			PERFORM voiceagent_private.send_call_plan(account, v_call.call_id, event,
				voiceagent_private.answer_plan(endpoint, event.attempt_ref, event.from_number, event.to_number,
					event.machine));
		END IF;
	END IF;
END
$$;
COMMENT ON FUNCTION voiceagent_private.answer_callee(bigint, text, bigint, voiceagent.call_event, bigint) IS
	'Follows an event of answer_calls() at an endpoint for a live call of the current tenant, by a carrier (account, '
	'provider) that does not converse itself: decides how to treat the answer, and sends its order by a request.';

CREATE FUNCTION voiceagent_private.answer_calls(events voiceagent_private.matched_event[]) RETURNS void
	LANGUAGE plpgsql VOLATILE SET planner.policy = by_keys SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	v record;
	e voiceagent.call_event;
BEGIN
	FOR v IN
		SELECT i.call_id, i.event, i.endpoint_id, p.provider_account_id AS account, a.provider,
			voiceagent_private.answers_by(a.provider) AS way, voiceagent_private.own_stream(a) AS own
		FROM unnest(events) WITH ORDINALITY AS i(webhook_id, call_id, event, endpoint_id, place)
		JOIN voiceagent.webhook_endpoints p ON p.tenant_id = v_tenant AND p.endpoint_id = i.endpoint_id
		JOIN voiceagent.provider_accounts a ON a.tenant_id = v_tenant AND a.provider_account_id = p.provider_account_id
		WHERE (i.event).wants_answer
			OR (i.event).kind IN ('machine', 'spoken', 'untaken', 'stream', 'silent', 'key')
		ORDER BY i.place
	LOOP
		e := v.event;
		IF e.kind = 'recording' THEN
			IF v.call_id IS NOT NULL THEN
				PERFORM voiceagent_private.enqueue_provider_request(v.account, 'record', jsonb_strip_nulls(
						jsonb_build_object('provider_call_id', e.provider_call_id, 'attempt_ref', e.attempt_ref,
							'control_url', e.control_url)), v.call_id)
				WHERE NOT EXISTS (SELECT FROM voiceagent.provider_requests r
					WHERE r.tenant_id = voiceagent.current_tenant() AND r.call_id = v.call_id
						AND r.kind = 'record' AND r.request_data ->> 'control_url' = e.control_url);
			END IF;
		ELSIF e.kind = 'stream' OR e.kind = 'silent' AND v.way = 'provider_request' AND v.own THEN
			PERFORM voiceagent_private.follow_stream(v.account, v.endpoint_id, e, v.call_id);
		ELSIF v.way = 'conversation' THEN
			-- The side that converses treats machines by itself.
			CONTINUE;
		ELSIF v.call_id IS NOT NULL THEN
			PERFORM voiceagent_private.answer_callee(v.account, v.provider, v.endpoint_id, e, v.call_id);
		ELSIF v.way = 'provider_request' THEN
			PERFORM voiceagent_private.answer_caller(v.account, v.endpoint_id, e);
		END IF;
	END LOOP;
END
$$;
COMMENT ON FUNCTION voiceagent_private.answer_calls(voiceagent_private.matched_event[]) IS
	'Follows events that ask for the next step, that name who answered or the key pressed, or report the end of the '
	'words or of their speaker: orders to the carrier, where the reply to its question does not carry them.';
