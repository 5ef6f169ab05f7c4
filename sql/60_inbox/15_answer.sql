/*
 * 60_inbox: orders to a call when it is answered, and what becomes of an
 * incoming one, at carriers that hold no conversation themselves.  A plan is
 * read from what the dial has pinned, so that a question asked twice has one
 * answer.
 */

CREATE FUNCTION voiceagent_private.attempt_of_reference(reference text) RETURNS bigint
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
	RETURN (substring(reference FROM '^va-[0-9]{1,18}-([0-9]{1,18})(?:-[0-9a-f]{8})?$'))::bigint;
COMMENT ON FUNCTION voiceagent_private.attempt_of_reference(text) IS
	'The attempt that a reference (va-TENANT-ATTEMPT, and eight random digits) names, NULL when it is not one of ours.';

CREATE FUNCTION voiceagent_private.answers_by(provider text) RETURNS text
	LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'va_sql_answers_by';
COMMENT ON FUNCTION voiceagent_private.answers_by(text) IS
	'How a carrier gets our words: conversation (it holds it itself), document (in the reply to its question), '
	'provider request (by requests after its event).';

CREATE FUNCTION voiceagent_private.machine_asks(provider text) RETURNS boolean
	LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'va_sql_machine_asks';
COMMENT ON FUNCTION voiceagent_private.machine_asks(text) IS
	'Whether a carrier''s event says when a message may be left on a machine (wants_answer); else every one does: it '
	'comes only then, or what is said after it waits for the greeting''s end.';

CREATE FUNCTION voiceagent_private.spoken_text(template text, variables jsonb) RETURNS text
	LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'va_sql_spoken_text';
COMMENT ON FUNCTION voiceagent_private.spoken_text(text, jsonb) IS
	'A template as it is spoken: its {{variables}} filled, those without a value left out, also such as only a '
	'provider that holds the conversation fills (date, customer.name).';

CREATE FUNCTION voiceagent_private.pronounced(said text, settings jsonb) RETURNS text
	LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'va_sql_pronounced';
COMMENT ON FUNCTION voiceagent_private.pronounced(text, jsonb) IS
	'A text for a carrier that only speaks, with each term of the setting pronunciations of an assistant by what is to '
	'be said for it.';

CREATE FUNCTION voiceagent_private.key_wait() RETURNS interval
	LANGUAGE c IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'va_sql_key_wait';
COMMENT ON FUNCTION voiceagent_private.key_wait() IS
	'How long a call waits for the key that stops the calls when what it says is over.';

CREATE FUNCTION voiceagent_private.may_return(call_id bigint) RETURNS boolean
	LANGUAGE plpgsql STABLE SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_over boolean;
	v_lost bigint;
	v_began smallint;
	v_now smallint := voiceagent_private.month_slot(voiceagent.clock());
	-- Where nothing listens any more, the person does not wait for ever.
	c_returns CONSTANT integer := 12;
BEGIN
	SELECT voiceagent_private.month_slot(c.started_at) INTO v_began FROM voiceagent.calls c
	WHERE c.tenant_id = voiceagent.current_tenant() AND c.call_id = may_return.call_id AND c.outcome IS NULL;
	IF NOT FOUND THEN
		RETURN false;
	END IF;
	-- A call lasts into the next month at most.
	SELECT bool_or((e.event_data ->> 'hung_up')::boolean), count(*) FILTER (WHERE e.event_type = 'media_lost')
	INTO v_over, v_lost FROM voiceagent.events e
	WHERE e.tenant_id = voiceagent.current_tenant() AND e.call_id = may_return.call_id
		AND e.month_slot IN (v_began, v_now)
		AND e.event_type IN ('media_ended', 'media_lost');
	RETURN v_over IS NOT TRUE AND v_lost < c_returns;
END
$$;
COMMENT ON FUNCTION voiceagent_private.may_return(bigint) IS
	E'Whether a call of the current tenant that we hold, and whose socket has gone, is connected to us again.\n'
	'Not when it is over, when we have hung up, or when that has gone wrong time and again.';

CREATE FUNCTION voiceagent_private.plan_attempt(attempt bigint, endpoint bigint, machine text, key text DEFAULT NULL)
	RETURNS jsonb
	LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	v_attempt voiceagent.attempts;
	v_call voiceagent.calls;
	v_lead voiceagent.leads;
	v_account voiceagent.provider_accounts;
	v_spoken voiceagent.assistant_versions;
	v_version voiceagent.campaign_versions;
	v_stream text;
	v_own boolean;
	v_treatment text;
BEGIN
	SELECT * INTO STRICT v_attempt FROM voiceagent.attempts a
	WHERE a.tenant_id = v_tenant AND a.attempt_id = plan_attempt.attempt;
	SELECT * INTO v_call FROM voiceagent.calls c WHERE c.tenant_id = v_tenant AND c.call_id = v_attempt.call_id;
	-- Withdrawn meanwhile: whoever answers is not spoken to, since the lead is called again.
	IF NOT FOUND OR v_call.outcome = 'canceled' THEN
		RETURN NULL;
	END IF;
	v_treatment := voiceagent_private.treat_machine(v_call, plan_attempt.machine);
	IF v_treatment = 'hang_up' THEN
		RETURN NULL;
	END IF;
	SELECT * INTO v_lead FROM voiceagent.leads l WHERE l.tenant_id = v_tenant AND l.lead_id = v_call.lead_id;
	SELECT * INTO STRICT v_account FROM voiceagent.provider_accounts p
	WHERE p.tenant_id = v_tenant AND p.provider_account_id = v_attempt.provider_account_id;
	SELECT * INTO STRICT v_spoken FROM voiceagent.assistant_versions v
	WHERE v.tenant_id = v_tenant AND v.assistant_id = v_call.assistant_id AND v.version = v_call.assistant_version;
	SELECT * INTO STRICT v_version FROM voiceagent.campaign_versions k
	WHERE k.tenant_id = v_tenant AND k.campaign_id = v_call.campaign_id AND k.version = v_call.campaign_version;
	v_stream := CASE v_treatment WHEN 'talk'
		THEN voiceagent_private.stream_of_call(v_account, v_attempt.reference) END;
	v_own := v_stream IS NOT NULL AND voiceagent_private.own_stream(v_account);
	-- Its carrier has come back, though the talk is over.
	IF v_own AND NOT voiceagent_private.may_return(v_call.call_id) THEN
		RETURN NULL;
	END IF;
	-- Briefly, and that is all.
	IF plan_attempt.key = v_attempt.opt_out_key THEN
		RETURN jsonb_strip_nulls(jsonb_build_object('kind', 'say', 'attempt_ref', v_attempt.reference,
			'text', voiceagent_private.opt_out_confirmation(v_version.settings, v_spoken.language)))
				|| voiceagent_private.speech_of(v_call);
	END IF;
	RETURN jsonb_strip_nulls(
		jsonb_build_object('kind', CASE WHEN v_stream IS NULL THEN 'say' ELSE 'stream' END, 'stream_url', v_stream,
			'returns', CASE WHEN v_own THEN true END, 'attempt_ref', v_attempt.reference,
			'text', CASE WHEN v_own THEN NULL
				WHEN v_treatment = 'message' THEN voiceagent_private.message_of(v_call)
				-- The side that talks on the socket has words of its own for what comes after the disclosure.
				ELSE voiceagent_private.pronounced(voiceagent_private.spoken_text(nullif(concat_ws(' ',
					v_attempt.disclosure, CASE WHEN v_stream IS NULL THEN v_spoken.first_message END), ''),
					voiceagent_private.call_variables(voiceagent_private.lead_variables(v_lead)
							|| voiceagent_private.script_of_call(v_call.call_id, v_version.settings)
							|| voiceagent_private.slot_variables(v_attempt.slots, v_attempt.timezones,
								v_spoken.language),
						v_spoken.first_message, v_spoken.language, v_attempt.timezones, v_attempt.created_at)),
					v_spoken.settings) END,
			'status_url', voiceagent_private.endpoint_url(v_account.provider,
				(SELECT r.token FROM voiceagent_private.endpoint_routes r
					WHERE r.tenant_id = v_tenant AND r.endpoint_id = plan_attempt.endpoint)),
			'opt_out_key', CASE WHEN v_stream IS NULL THEN v_attempt.opt_out_key END,
			'max_duration_s', voiceagent_private.longest_call_s(v_version.max_call_duration, v_spoken.settings),
			'record', v_attempt.recorded)) || voiceagent_private.speech_of(v_call);
END
$$;
COMMENT ON FUNCTION voiceagent_private.plan_attempt(bigint, bigint, text, text) IS
	E'The plan for the call of an attempt of the current tenant when it is answered, as answer_plan() gives it; NULL: '
	'the call was withdrawn.\n'
	'machine: who answered, as far as it is known; key: which key was pressed, upon which an opt-out is confirmed, and '
	'all else said again.';

-- The result: {"kind", "text" (said first, before anything else), "assistant" and "variables" (converse),
-- "language", "voice", "media_url", "stream_url", "forward_to", "opt_out_key", ...}. machine: human, ivr, voicemail,
-- .... An incoming call is noted if it is new, and gets the same answer however often asked.
CREATE FUNCTION voiceagent_private.answer_plan(endpoint bigint, attempt_ref text, from_number text, to_number text,
		machine text DEFAULT NULL, incoming_call text DEFAULT NULL, key text DEFAULT NULL,
		untaken boolean DEFAULT false) RETURNS jsonb
	LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	v_account bigint := (SELECT e.provider_account_id FROM voiceagent.webhook_endpoints e
		WHERE e.tenant_id = v_tenant AND e.endpoint_id = answer_plan.endpoint);
	v_attempt bigint;
	v_lead bigint;
	v_call bigint;
	v_plan jsonb;
BEGIN
	IF answer_plan.attempt_ref IS NULL THEN
		-- Its webhook may wait for the applier yet: the present answer is kept, and the next call
		-- finds the line taken.
		IF answer_plan.incoming_call IS NOT NULL THEN
			-- A key is of a call that is known.
			PERFORM voiceagent_private.record_incoming(ARRAY[answer_plan.endpoint],
				ARRAY[jsonb_populate_record(NULL::voiceagent.call_event,
					jsonb_build_object('kind', CASE WHEN answer_plan.untaken THEN 'untaken' ELSE 'incoming' END,
						'provider_call_id', answer_plan.incoming_call,
						'from_number', answer_plan.from_number, 'to_number', answer_plan.to_number))])
			WHERE answer_plan.key IS NULL;
			SELECT i.plan, c.lead_id, i.call_id INTO v_plan, v_lead, v_call FROM voiceagent.call_inbound i
			JOIN voiceagent.calls c ON c.tenant_id = v_tenant AND c.call_id = i.call_id
			WHERE i.tenant_id = v_tenant AND i.provider_call_id = answer_plan.incoming_call
				AND i.provider_account_id = v_account;
		END IF;
		IF answer_plan.key = v_plan ->> 'opt_out_key' THEN
			RETURN (v_plan - 'opt_out_key') || jsonb_build_object('kind', 'say',
				'text', voiceagent_private.opt_out_confirmation('{}', v_plan ->> 'language'));
		ELSIF answer_plan.key IS NOT NULL AND (v_plan IS NULL OR EXISTS (SELECT FROM voiceagent.calls c
				WHERE c.tenant_id = v_tenant AND c.call_id = v_call AND c.started_at < voiceagent.clock()
					- make_interval(secs => (v_plan ->> 'max_duration_s')::integer))) THEN
			RETURN NULL;
		END IF;
		-- Its carrier has come back, though the talk is over.
		IF v_plan ? 'returns' AND NOT voiceagent_private.may_return(v_call) THEN
			RETURN NULL;
		END IF;
		-- It was not taken: it is not put through again.
		IF answer_plan.untaken AND coalesce(v_plan ->> 'kind', 'forward') = 'forward' THEN
			RETURN NULL;
		END IF;
		-- Listed since it was decided.
		IF v_plan ->> 'kind' = 'forward'
			AND EXISTS (SELECT FROM voiceagent_private.may_ring(v_tenant, v_plan ->> 'forward_to', 'forward')) THEN
			v_plan := NULL;
		END IF;
		v_plan := coalesce(v_plan,
			voiceagent_private.answer_incoming(v_account, answer_plan.from_number, answer_plan.to_number,
				answer_plan.incoming_call));
		RETURN CASE v_plan ->> 'kind' WHEN 'converse' THEN voiceagent_private.converse_plan(v_plan,
				-- Whose words it would hear is not known.
				CASE WHEN NOT v_plan ? 'ambiguous' THEN v_lead END, v_account)
			WHEN 'reject' THEN v_plan
			-- Where what follows is asked for.
			ELSE v_plan - 'then' || CASE WHEN v_plan ?| '{goes_on,returns,opt_out_key}'
				THEN jsonb_build_object('status_url',
				voiceagent_private.endpoint_url((SELECT a.provider FROM voiceagent.provider_accounts a
					WHERE a.tenant_id = v_tenant AND a.provider_account_id = v_account), (SELECT r.token
					FROM voiceagent_private.endpoint_routes r
					WHERE r.tenant_id = v_tenant AND r.endpoint_id = answer_plan.endpoint))) ELSE '{}' END END;
	END IF;
	-- A reference that is not of this account's calls has no tenant.
	SELECT a.attempt_id INTO v_attempt FROM voiceagent.attempts a
	WHERE a.tenant_id = v_tenant AND a.attempt_id = voiceagent_private.attempt_of_reference(answer_plan.attempt_ref)
		AND a.reference = answer_plan.attempt_ref AND a.provider_account_id = v_account;
	IF NOT FOUND THEN
		RETURN NULL;
	END IF;
	-- The talk goes on now, and the applier may come later.
	IF answer_plan.untaken THEN
		PERFORM voiceagent_private.record_unanswered_transfer(a.call_id) FROM voiceagent.attempts a
		WHERE a.tenant_id = v_tenant AND a.attempt_id = v_attempt;
	END IF;
	RETURN voiceagent_private.plan_attempt(v_attempt, answer_plan.endpoint, answer_plan.machine, answer_plan.key);
END
$$;
COMMENT ON FUNCTION voiceagent_private.answer_plan(bigint, text, text, text, text, text, text, boolean) IS
	E'The plan for a call that a carrier asks about at an endpoint of the current tenant; NULL: none, the call is not '
	'taken or ends.\n'
	'attempt_ref: ours (NULL: incoming); machine: who answered, where that is known; incoming_call: the carrier''s id; '
	'key: the one pressed (NULL: none); untaken: it was put through and not taken. The result has "kind": say, stream, '
	'..., and what that needs.';
