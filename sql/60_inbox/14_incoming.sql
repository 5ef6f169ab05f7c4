/*
 * 60_inbox: calls to the tenant's numbers: what they are told, and what is
 * known of them.  The number called decides; one that is not the tenant's, not
 * ready or switched off takes no calls.  A carrier that converses is given the
 * number's assistant as a dial gives it, and reports the call's end likewise.
 */

CREATE FUNCTION voiceagent_private.is_open(number voiceagent.phone_numbers, at timestamptz) RETURNS boolean
	LANGUAGE sql STABLE
	RETURN (SELECT CASE WHEN number.business_hours_start IS NULL THEN true
		WHEN number.business_hours_start < number.business_hours_end
			THEN t.local >= number.business_hours_start AND t.local < number.business_hours_end
		-- Past midnight.
		ELSE t.local >= number.business_hours_start OR t.local < number.business_hours_end END
		FROM (SELECT (at AT TIME ZONE number.timezone)::time AS local) t);
COMMENT ON FUNCTION voiceagent_private.is_open(voiceagent.phone_numbers, timestamptz) IS
	E'Whether it is business hours at a number, by the clock of its zone.\n'
	'An hour that the clocks repeat is open twice.';

CREATE FUNCTION voiceagent_private.called_number(provider_account bigint, to_number text)
	RETURNS voiceagent.phone_numbers
	LANGUAGE plpgsql STABLE SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_number voiceagent.phone_numbers;
BEGIN
	SELECT n.* INTO v_number FROM voiceagent.phone_numbers n
	WHERE n.tenant_id = voiceagent.current_tenant() AND n.phone_number = to_number AND n.removed_at IS NULL
		AND provider_account IN (n.provider_account_id, n.origin_account_id);
	RETURN v_number;
END
$$;
COMMENT ON FUNCTION voiceagent_private.called_number(bigint, text) IS
	'The current tenant''s number at a carrier account (or at its origin, where another account uses it); '
	'NULL: it has none such.';

CREATE FUNCTION voiceagent_private.lead_of_caller(from_number text) RETURNS bigint
	LANGUAGE sql STABLE SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
	SELECT CASE WHEN count(*) = 1 THEN min(x.lead_id) END
	FROM (SELECT l.lead_id FROM voiceagent.leads l
		WHERE l.tenant_id = voiceagent.current_tenant() AND l.phone = from_number
		UNION
		SELECT n.lead_id FROM voiceagent.lead_numbers n
		WHERE n.tenant_id = voiceagent.current_tenant() AND n.phone = from_number) x
$$;
COMMENT ON FUNCTION voiceagent_private.lead_of_caller(text) IS
	'The lead of the current tenant that has this E.164 number, as its first or a further one; NULL: none '
	'has it, or several have.';

CREATE FUNCTION voiceagent_private.settings_of_incoming(language text) RETURNS jsonb
	LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
	SELECT s.settings || jsonb_build_object('disclosure_ai', coalesce(nullif(btrim(s.settings ->> 'disclosure_ai'), ''),
		voiceagent_private.default_disclosure('ai_called', settings_of_incoming.language)))
	FROM (SELECT jsonb_object_agg(k, voiceagent_private.setting_text(k)) AS settings
		FROM unnest(ARRAY['caller_name', 'disclosure_ai', 'disclosure_recording', 'announce_recording', 'record_calls',
			'opt_out_instruction']) k) s
$$;
COMMENT ON FUNCTION voiceagent_private.settings_of_incoming(text) IS
	'The current tenant''s settings as begin_call() reads them of a campaign, for a call that comes in and an '
	'assistant that speaks this language.';

CREATE FUNCTION voiceagent_private.begin_incoming(number voiceagent.phone_numbers,
	version voiceagent.assistant_versions, from_number text)
	RETURNS voiceagent_private.spoken
	LANGUAGE plpgsql VOLATILE SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	v_now timestamptz := voiceagent.clock();
	v_our_place text := voiceagent_private.jurisdiction(number.country, number.region);
	v_terms voiceagent_private.law_terms;
	v_theirs voiceagent_private.law_terms;
	v_place text;
BEGIN
	-- Where the caller is, the law holds as well; who withholds the number may be anywhere in our country.
	SELECT voiceagent_private.jurisdiction(CASE WHEN l.lead_id IS NULL THEN p.country ELSE l.country END,
		CASE WHEN l.lead_id IS NULL THEN p.region ELSE l.region END) INTO v_place
	FROM voiceagent_private.parse_phone(from_number) p
	LEFT JOIN voiceagent.leads l ON l.tenant_id = v_tenant AND l.phone = p.phone
		AND l.lead_id = voiceagent_private.lead_of_caller(p.phone)
	WHERE p.verdict = 'ok';
	v_place := coalesce(v_place, voiceagent_private.jurisdiction(number.country, NULL));
	-- The carrier waits, and the gateway with it: what was resolved once is there the next time.
	PERFORM voiceagent_private.store_terms(ARRAY[v_our_place, v_place], v_now);
	v_terms := voiceagent_private.terms_of(v_our_place, v_now);
	v_theirs := voiceagent_private.terms_of(v_place, v_now);
	v_terms.disclose_ai := v_terms.disclose_ai OR v_theirs.disclose_ai;
	v_terms.disclose_recording := v_terms.disclose_recording OR v_theirs.disclose_recording;
	-- Callers know whom they have called, and calls of ours say themselves how they are stopped.
	v_terms.disclose_caller := false;
	v_terms.opt_out_text := NULL;
	-- What an assistant's own first message discloses, a greeting in its place does not.
	IF number.greeting_message IS NOT NULL THEN
		version.first_message := number.greeting_message;
		version.settings := version.settings - 'discloses';
	END IF;
	RETURN voiceagent_private.begin_call(v_terms, voiceagent_private.settings_of_incoming(version.language),
		version, 'words');
END
$$;
COMMENT ON FUNCTION voiceagent_private.begin_incoming(voiceagent.phone_numbers, voiceagent.assistant_versions, text) IS
	'How a conversation begins with who calls a number of the current tenant (from_number; NULL: withheld): with the '
	'number''s greeting or the assistant''s first message, after what the law of its place or of the caller''s wants '
	'said to who calls: that it is an AI, that it is recorded.';

CREATE FUNCTION voiceagent_private.converse_plan(plan jsonb, lead_id bigint) RETURNS jsonb
	LANGUAGE plpgsql STABLE SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_variable
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	v_lead voiceagent.leads;
BEGIN
	SELECT * INTO v_lead FROM voiceagent.leads l
	WHERE l.tenant_id = v_tenant AND l.lead_id = converse_plan.lead_id;
	RETURN (
		SELECT plan || jsonb_strip_nulls(jsonb_build_object('variables', x.variables, 'assistant', jsonb_build_object(
			'name', s.name,
			-- A caller whose name we do not know is not addressed by one, and hears no gap in its place.
			'first_message', CASE WHEN v_lead.lead_id IS NULL OR v_lead.first_name IS NULL
				THEN voiceagent_private.spoken_text(plan ->> 'text', coalesce(x.variables, '{}'))
				ELSE plan ->> 'text' END,
			'system_prompt',
			voiceagent_private.lawful_prompt(v.system_prompt, voiceagent_private.settings_of_incoming(v.language),
				v.language),
			'voice', plan -> 'voice', 'model', v.model, 'language', v.language,
			-- The caller is greeted.
			'settings', v.settings - 'first_message_mode')))
		FROM voiceagent.assistants s
		JOIN voiceagent.assistant_versions v ON v.tenant_id = v_tenant AND v.assistant_id = s.assistant_id
			AND v.version = (plan ->> 'assistant_version')::integer
		CROSS JOIN LATERAL (SELECT voiceagent_private.call_variables(
			CASE WHEN v_lead.lead_id IS NOT NULL THEN voiceagent_private.lead_variables(v_lead) END,
			concat_ws(' ', plan ->> 'text', v.system_prompt), v.language, v_lead.timezones, voiceagent.clock())
			AS variables) x
		WHERE s.tenant_id = v_tenant AND s.assistant_id = (plan ->> 'assistant_id')::bigint);
END
$$;
COMMENT ON FUNCTION voiceagent_private.converse_plan(jsonb, bigint) IS
	'A plan of kind converse as the carrier''s driver reads it: with the assistant in the version that it names, and '
	'the variables of the lead that calls (NULL: nobody is known; only the date and the time are).';

-- In business hours the assistant itself answers where the carrier converses (assistant_id and assistant_version;
-- text: its first words, with the disclosures that they hold; record), else its socket, the greeting, or (without
-- either) the forwarding. Outside of them the forwarding or the after-hours message does. busy: the number is not
-- ready or not active, has nothing to say, or no voice to say it; nobody would hear what was said; the account or
-- the tenant is not active; or all the account's calls are taken.
-- withheld: why the assistant does not answer as it is now (version_that_answers()).
CREATE FUNCTION voiceagent_private.answer_incoming(provider_account bigint, from_number text, to_number text,
		call text DEFAULT NULL) RETURNS jsonb
	LANGUAGE plpgsql VOLATILE SET planner.policy = in_order SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	v_now timestamptz := voiceagent.clock();
	v_number voiceagent.phone_numbers := voiceagent_private.called_number(provider_account, to_number);
	v_account voiceagent.provider_accounts;
	v_answering record;
	v_spoken voiceagent.assistant_versions;
	v_begun voiceagent_private.spoken;
	v_open boolean;
	v_text text;
	v_note jsonb := '{}';
	v_voice text;
	v_plan jsonb;
	c_reject CONSTANT jsonb := '{"kind": "reject", "reason": "busy"}';
BEGIN
	SELECT * INTO v_account FROM voiceagent.provider_accounts a
	WHERE a.tenant_id = v_tenant AND a.provider_account_id = provider_account;
	-- A call to nobody is not to be tried again.
	IF v_number.phone_number_id IS NULL THEN
		RETURN '{"kind": "reject", "reason": "unallocated"}';
	END IF;
	IF v_number.state <> 'ready' OR NOT v_number.is_active OR NOT v_account.active
		OR NOT (SELECT t.active FROM voiceagent.tenants t WHERE t.tenant_id = v_tenant) THEN
		RETURN c_reject;
	END IF;
	-- The call itself may be noted already, or not yet. No other index has the order.
	IF v_account.max_concurrent_calls <= (SELECT count(*) FROM voiceagent_private.live_calls l
			WHERE l.tenant_id = v_tenant AND l.provider_account_id = provider_account)
		+ (SELECT count(*) FROM (SELECT FROM voiceagent.call_inbound i
			WHERE i.tenant_id = v_tenant AND i.provider_account_id = provider_account AND i.ended_at IS NULL
				AND i.started_at > v_now - voiceagent_private.longest_incoming()
				AND (answer_incoming.call IS NULL OR i.provider_call_id <> answer_incoming.call)
			ORDER BY i.started_at OFFSET 0 /* by the index of its order */) i) THEN
		RETURN c_reject;
	END IF;
	v_answering := voiceagent_private.version_that_answers(v_number.ai_assistant_id);
	v_spoken := v_answering.spoken;
	v_open := voiceagent_private.is_open(v_number, v_now);
	v_voice := v_account.settings ->> 'voice';
	-- Without a version that may be heard, any words of the number's are better than none.
	v_text := CASE WHEN NOT v_open THEN v_number.after_hours_message
		ELSE coalesce(v_number.greeting_message, voiceagent_private.spoken_text(v_spoken.first_message, '{}'),
			CASE WHEN v_answering.withheld IS NOT NULL THEN v_number.after_hours_message END) END;
	v_text := voiceagent_private.pronounced(v_text, coalesce(v_spoken.settings, '{}'));
	IF voiceagent_private.plays_instead(v_account.provider, v_text) THEN
		v_text := NULL;
		v_note := '{"unsaid": true}';
	END IF;
	IF v_answering.withheld IS NOT NULL THEN
		v_note := v_note || jsonb_build_object('withheld', v_answering.withheld);
	END IF;
	IF NOT v_open AND v_number.forward_to_number IS NOT NULL THEN
		v_plan := jsonb_build_object('kind', 'forward', 'text', v_text);
	ELSIF NOT v_open AND v_text IS NOT NULL THEN
		v_plan := jsonb_build_object('kind', 'say', 'text', v_text);
	ELSIF NOT v_open THEN
		RETURN c_reject || v_note;
	ELSIF v_spoken.assistant_id IS NOT NULL AND (SELECT f.converses AND f.answers_by_document
		FROM voiceagent_private.driver_facts(v_account.provider) f) THEN
		-- Nobody would hear of its end.
		IF voiceagent_private.lacks_public_url(v_account.provider) THEN
			RETURN c_reject;
		END IF;
		v_begun := voiceagent_private.begin_incoming(v_number, v_spoken, from_number);
		v_voice := v_spoken.voice;
		v_plan := jsonb_build_object('kind', 'converse', 'assistant_id', v_spoken.assistant_id,
			'assistant_version', v_spoken.version,
			'text', v_begun.first_message, 'disclosures', to_jsonb(v_begun.disclosures),
			'assistant_discloses', CASE WHEN v_begun.assistant_discloses THEN true END, 'record', v_begun.record);
	ELSIF v_spoken.assistant_id IS NOT NULL AND coalesce(v_account.settings ->> 'stream_url', '') <> '' THEN
		v_plan := jsonb_build_object('kind', 'stream', 'stream_url', v_account.settings ->> 'stream_url');
	ELSIF v_answering.withheld IS NOT NULL AND v_spoken.assistant_id IS NULL
		AND v_number.forward_to_number IS NOT NULL THEN
		-- A conversation was meant: a person has it.
		v_plan := jsonb_build_object('kind', 'forward', 'text', v_number.greeting_message);
	ELSIF v_text IS NOT NULL THEN
		v_plan := jsonb_build_object('kind', 'say', 'text', v_text);
	ELSIF v_number.forward_to_number IS NOT NULL THEN
		v_plan := jsonb_build_object('kind', 'forward');
	ELSE
		RETURN c_reject || v_note;
	END IF;
	IF v_plan ->> 'kind' = 'forward' THEN
		v_plan := v_plan
			|| jsonb_build_object('forward_to', v_number.forward_to_number, 'caller_id', v_number.phone_number);
	END IF;
	RETURN jsonb_strip_nulls(v_plan || v_note || jsonb_build_object('language', v_spoken.language,
		'voice', coalesce(v_number.ai_voice_id, v_voice),
		'max_duration_s', voiceagent_private.longest_call_s(voiceagent_private.setting_interval('max_call_duration'),
			-- A person to whom the call is forwarded is no assistant.
			CASE WHEN v_plan ->> 'kind' <> 'forward' THEN v_spoken.settings END)));
END
$$;
COMMENT ON FUNCTION voiceagent_private.answer_incoming(bigint, text, text, text) IS
	E'What becomes of a call from from_number to to_number at an account of the current tenant, as answer_plan() '
	'gives it.\n'
	'call: the carrier''s id of it, so that it takes no line from itself. reject has a reason: unallocated (the '
	'number is none of the account''s) or busy; unsaid: there are words for the caller, in place of which the carrier '
	'would play a recording that was made for calls of ours.';

CREATE FUNCTION voiceagent_private.is_incoming(event voiceagent.call_event) RETURNS boolean
	LANGUAGE sql STABLE
	RETURN event.kind = 'incoming' OR EXISTS (SELECT FROM voiceagent.call_inbound i
		WHERE i.tenant_id = voiceagent.current_tenant() AND i.provider_call_id = event.provider_call_id);
COMMENT ON FUNCTION voiceagent_private.is_incoming(voiceagent.call_event) IS
	'Whether an event that names no call of ours is about somebody who calls one of the current tenant''s numbers.';

CREATE FUNCTION voiceagent_private.was_answered(call voiceagent.calls) RETURNS boolean
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
	-- When a call was forwarded and nobody took it, the carrier counts what was said before.
	RETURN coalesce((call).outcome <> 'no_answer', true)
		AND ((call).answered_at IS NOT NULL OR coalesce((call).duration_seconds > 0, false)
			OR coalesce((call).outcome = 'completed', false));
COMMENT ON FUNCTION voiceagent_private.was_answered(voiceagent.calls) IS
	'Whether an incoming call is known to have been answered, and not only put through in vain: not '
	'every carrier says when.';

CREATE FUNCTION voiceagent_private.copy_incoming(call_ids bigint[]) RETURNS void
	LANGUAGE sql VOLATILE SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
	UPDATE voiceagent.call_inbound i
	SET ended_at = c.ended_at, answered = voiceagent_private.was_answered(c)
		AND NOT (i.untaken AND i.answer IS NOT DISTINCT FROM 'forward')
	FROM voiceagent.calls c
	WHERE i.tenant_id = voiceagent.current_tenant() AND i.call_id = ANY (call_ids)
		AND c.tenant_id = i.tenant_id AND c.call_id = i.call_id
		AND (i.ended_at IS DISTINCT FROM c.ended_at
			OR i.answered <> (voiceagent_private.was_answered(c)
				AND NOT (i.untaken AND i.answer IS NOT DISTINCT FROM 'forward')))
$$;
COMMENT ON FUNCTION voiceagent_private.copy_incoming(bigint[]) IS
	E'Copies to call_inbound what the claim asks of incoming calls of the current tenant: whether they were answered, '
	'and when they ended.\n'
	'The caller has changed, and so locked, their rows.';

CREATE FUNCTION voiceagent_private.tell_incoming_end(call_ids bigint[]) RETURNS void
	LANGUAGE plpgsql VOLATILE SET planner.policy = by_keys SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	v_now timestamptz := voiceagent.clock();
BEGIN
	INSERT INTO voiceagent.events (tenant_id, month_slot, at, event_type, call_id, lead_id, event_data)
	SELECT v_tenant, voiceagent_private.month_slot(v_now), v_now, 'call_ended', c.call_id, c.lead_id,
		jsonb_build_object('direction', 'inbound', 'outcome', c.outcome, 'cause', c.cause,
			'duration_seconds', c.duration_seconds)
	FROM voiceagent.calls c
	WHERE c.tenant_id = v_tenant AND c.call_id = ANY (call_ids) ORDER BY c.call_id;
	PERFORM voiceagent_private.rate_calls(ARRAY(SELECT c.call_id FROM voiceagent.calls c
		WHERE c.tenant_id = v_tenant AND c.call_id = ANY (call_ids) AND c.cost_source = 'unknown'
			AND c.duration_seconds > 0));
	PERFORM voiceagent_private.poke_subscribers();
END
$$;
COMMENT ON FUNCTION voiceagent_private.tell_incoming_end(bigint[]) IS
	'Tells of the end of incoming calls of the current tenant: an event, and with it the outgoing webhooks; and has '
	'their cost found where the carrier told none.';

CREATE FUNCTION voiceagent_private.close_incoming(call_ids bigint[]) RETURNS void
	LANGUAGE plpgsql VOLATILE SET planner.policy = by_keys SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_closed bigint[];
BEGIN
	WITH gone AS (
		DELETE FROM voiceagent_private.live_incoming l
		WHERE l.tenant_id = voiceagent.current_tenant() AND l.call_id = ANY (close_incoming.call_ids)
		RETURNING l.call_id
	)
	SELECT array_agg(g.call_id) INTO v_closed FROM gone g;
	IF v_closed IS NOT NULL THEN
		PERFORM voiceagent_private.tell_incoming_end(v_closed);
		-- It took a line of its account, which a campaign may wait for.
		PERFORM voiceagent_private.poke('dialer');
	END IF;
END
$$;
COMMENT ON FUNCTION voiceagent_private.close_incoming(bigint[]) IS
	'Nobody is asked any more about these incoming calls of the current tenant, which have ended and of which all is '
	'known that will be: their end is told, once.';

CREATE FUNCTION voiceagent_private.end_incoming(call_ids bigint[], cause text DEFAULT NULL) RETURNS bigint[]
	LANGUAGE plpgsql VOLATILE SET planner.policy = by_keys SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	v_now timestamptz := voiceagent.clock();
	v_ended bigint[];
BEGIN
	WITH live AS MATERIALIZED (
		SELECT c.call_id, i.untaken AND i.answer IS NOT DISTINCT FROM 'forward' AS in_vain
		FROM voiceagent.calls c
		JOIN voiceagent.call_inbound i ON i.tenant_id = v_tenant AND i.call_id = c.call_id
		WHERE c.tenant_id = v_tenant AND c.call_id = ANY (end_incoming.call_ids) AND c.outcome IS NULL
		ORDER BY c.call_id FOR NO KEY UPDATE OF c
	), ended AS (
		UPDATE voiceagent.calls c
		SET status = o.outcome, outcome = o.outcome, cause = coalesce(c.cause, end_incoming.cause),
			cost_source = coalesce(c.cost_source, 'unknown'),
			ended_at = greatest(v_now, c.answered_at)
		FROM live l
		CROSS JOIN LATERAL (SELECT CASE WHEN NOT l.in_vain AND voiceagent_private.was_answered(k) THEN 'completed'
			ELSE 'no_answer' END AS outcome
			FROM voiceagent.calls k WHERE k.tenant_id = v_tenant AND k.call_id = l.call_id) o
		WHERE c.tenant_id = v_tenant AND c.call_id = l.call_id
		RETURNING c.call_id
	)
	SELECT coalesce(array_agg(e.call_id ORDER BY e.call_id), '{}') INTO v_ended FROM ended e;
	PERFORM voiceagent_private.copy_incoming(v_ended);
	RETURN v_ended;
END
$$;
COMMENT ON FUNCTION voiceagent_private.end_incoming(bigint[], text) IS
	E'Ends those of these incoming calls of the current tenant that are live, though nobody has told of their end: '
	'completed if they are known to have been answered, else no_answer; cause: why we think so.\n'
	'Returns them.';

CREATE FUNCTION voiceagent_private.begin_incoming_call(account bigint, theirs text, caller text, called text)
	RETURNS void
	LANGUAGE plpgsql VOLATILE SET planner.policy = row_by_row_in_order
	SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	v_now timestamptz := voiceagent.clock();
	v_number bigint;
	v_lead bigint;
	v_call bigint;
	v_plan jsonb;
	v_rejected boolean;
BEGIN
	-- Mostly it is told of for the second time, or after the caller was erased.
	IF EXISTS (SELECT FROM voiceagent.call_inbound i
			WHERE i.tenant_id = v_tenant AND i.provider_call_id = theirs AND i.provider_account_id = account)
		OR EXISTS (SELECT FROM voiceagent_private.erased_calls e
			WHERE e.tenant_id = v_tenant AND e.provider_call_id = theirs) THEN
		RETURN;
	END IF;
	v_number := (voiceagent_private.called_number(account, called)).phone_number_id;
	v_lead := voiceagent_private.lead_of_caller(caller);
	v_call := nextval('voiceagent.calls_call_id_seq');
	INSERT INTO voiceagent.call_inbound AS i (tenant_id, call_id, provider_account_id, provider_call_id,
		phone_number_id, from_number, to_number, started_at)
	VALUES (v_tenant, v_call, account, theirs, v_number, left(caller, 64), left(called, 64), v_now)
	ON CONFLICT (tenant_id, provider_call_id, provider_account_id) DO NOTHING;
	IF NOT FOUND THEN
		RETURN;
	END IF;
	v_plan := voiceagent_private.answer_incoming(account, caller, called, theirs);
	v_rejected := v_plan ->> 'kind' = 'reject';
	-- One that is rejected takes no line, whether we hear of its end or not.
	INSERT INTO voiceagent.calls (tenant_id, call_id, lead_id, direction, phone, assistant_id, assistant_version,
		provider_account_id, provider_call_id, status, outcome, counts, duration_seconds, cost_source,
		started_at, ended_at)
	OVERRIDING SYSTEM VALUE
	VALUES (v_tenant, v_call, v_lead, 'inbound', CASE WHEN voiceagent_private.is_e164(caller) THEN caller END,
		(v_plan ->> 'assistant_id')::bigint, (v_plan ->> 'assistant_version')::integer, account, theirs,
		CASE WHEN v_rejected THEN 'busy' ELSE 'ringing' END, CASE WHEN v_rejected THEN 'busy' END, false,
		CASE WHEN v_rejected THEN 0 END, CASE WHEN v_rejected THEN 'unknown' END, v_now,
			CASE WHEN v_rejected THEN v_now END);
	UPDATE voiceagent.call_inbound i
	SET plan = v_plan, answer = v_plan ->> 'kind', ended_at = CASE WHEN v_rejected THEN v_now END
	WHERE i.tenant_id = v_tenant AND i.call_id = v_call;
	INSERT INTO voiceagent.events (tenant_id, month_slot, at, event_type, call_id, lead_id, event_data)
	VALUES (v_tenant, voiceagent_private.month_slot(v_now), v_now, 'call_incoming', v_call, v_lead,
		jsonb_build_object('phone_number_id', v_number, 'answer', v_plan ->> 'kind')
		|| jsonb_strip_nulls(jsonb_build_object('unsaid', v_plan -> 'unsaid', 'withheld', v_plan -> 'withheld')));
	IF v_rejected THEN
		PERFORM voiceagent_private.tell_incoming_end(ARRAY[v_call]);
	ELSE
		PERFORM voiceagent_private.watch_incoming(v_call);
	END IF;
END
$$;
COMMENT ON FUNCTION voiceagent_private.begin_incoming_call(bigint, text, text, text) IS
	'Notes a call that comes in at an account of the current tenant under the carrier''s id of it, unless it is '
	'known: whose it is, and what it is told.';

CREATE FUNCTION voiceagent_private.hear_incoming(call bigint, report voiceagent.call_event) RETURNS boolean
	LANGUAGE plpgsql VOLATILE SET planner.policy = by_keys SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	v_call voiceagent.calls;
	v_opts_out boolean;
	v_turns jsonb;
	v_reading jsonb;
	v_data jsonb;
	v_correction jsonb;
	v_told record;
	v_fills boolean;
	v_fresh boolean;
	v_takes boolean;
BEGIN
	SELECT c.* INTO v_call FROM voiceagent.calls c WHERE c.tenant_id = v_tenant AND c.call_id = hear_incoming.call;
	-- Nothing is kept about a caller that was erased in the meantime; its number is on the list.
	IF NOT FOUND OR NOT EXISTS (SELECT FROM voiceagent.call_inbound i
			WHERE i.tenant_id = v_tenant AND i.call_id = hear_incoming.call AND i.plan IS NOT NULL) THEN
		RETURN false;
	END IF;
	-- What retention has removed does not come back by a replay.
	SELECT coalesce(v_call.ended_at >= w.since, true) AND v_call.call_id > w.after_call_id INTO v_fills
	FROM voiceagent_private.kept_words() w;
	SELECT nullif(k.turns, '[]'), k.reading, k.reading -> 'correction' INTO v_turns, v_reading, v_correction
	FROM voiceagent.conversations k
	WHERE k.tenant_id = v_tenant AND k.call_id = v_call.call_id
		AND k.month_slot = voiceagent_private.month_slot(v_call.started_at);
	v_fresh := v_turns IS NULL AND v_fills AND coalesce(report.turns <> '[]' AND jsonb_typeof(report.turns) = 'array',
		false);
	v_takes := v_fills AND report.structured_data IS NOT NULL
		AND voiceagent_private.lacks_analysis(v_call.structured_data, v_reading);
	v_data := v_call.structured_data;
	-- An opt-out counts whenever it is told, and alone it is added to what was read. Once: what is told again says no
	-- more.
	v_opts_out := voiceagent_private.parse_yes(report.structured_data -> 'do_not_call')
		AND NOT voiceagent_private.parse_yes(v_data -> 'do_not_call');
	IF v_fresh OR v_takes THEN
		SELECT t.* INTO v_told FROM voiceagent_private.told_of(v_data, v_reading) t;
		-- What report_call() told before is not in the words that the carrier heard.
		IF v_fresh THEN
			v_told.agent := v_data;
			v_told.analysis := NULL;
		END IF;
		v_told.analysis := CASE WHEN v_told.analysis IS NULL OR report.structured_data IS NULL
			THEN coalesce(report.structured_data, v_told.analysis)
			ELSE voiceagent_private.merge_structured_data(v_told.analysis, report.structured_data) END;
		SELECT w.reading, w.data INTO v_reading, v_data
		FROM voiceagent_private.read_call(v_tenant, v_call.call_id, v_call.assistant_id, v_call.assistant_version,
			v_call.lead_id, v_call.number, coalesce(v_call.ended_at, voiceagent.clock()), NULL,
			coalesce(v_turns, CASE WHEN v_fresh THEN report.turns END), v_told.analysis, v_told.agent,
			ARRAY(SELECT i FROM unnest(v_told.models) i WHERE NOT coalesce(report.structured_data ? i, false))) w;
		IF voiceagent_private.parse_yes(v_call.structured_data -> 'do_not_call') THEN
			v_data := voiceagent_private.with_opt_out(v_data);
		END IF;
		v_data := voiceagent_private.person_data(v_data, v_correction);
		v_reading := voiceagent_private.with_person(v_reading, v_correction);
	ELSIF v_opts_out AND voiceagent_private.words_deny_opt_out(v_reading) THEN
		v_reading := voiceagent_private.with_doubt(v_reading);
	ELSIF v_opts_out THEN
		v_data := voiceagent_private.with_opt_out(v_data);
		v_reading := voiceagent_private.with_told_opt_out(v_reading, 'carrier');
	END IF;
	IF v_fresh OR v_reading IS NOT NULL AND (v_takes OR v_opts_out) THEN
		INSERT INTO voiceagent.conversations (tenant_id, call_id, month_slot, turns, reading)
		VALUES (v_tenant, v_call.call_id, voiceagent_private.month_slot(v_call.started_at),
			voiceagent_private.pack_jsonb(coalesce(v_turns, report.turns)), voiceagent_private.pack_jsonb(v_reading))
		ON CONFLICT ON CONSTRAINT conversations_pkey DO UPDATE SET reading = excluded.reading, turns = excluded.turns;
	END IF;
	v_opts_out := voiceagent_private.parse_yes(v_data -> 'do_not_call')
		AND NOT voiceagent_private.parse_yes(v_call.structured_data -> 'do_not_call');
	UPDATE voiceagent.calls c
	SET cost = p.cost, cost_currency = p.currency,
		cost_source = CASE WHEN report.cost IS NULL OR p.cost IS NULL THEN c.cost_source ELSE 'carrier' END,
		cause = coalesce(c.cause, report.cause), cause_class = coalesce(c.cause_class, report.cause_class),
		summary = coalesce(c.summary, CASE WHEN v_fills THEN report.summary END),
		transcript = coalesce(c.transcript, CASE WHEN v_fills THEN voiceagent_private.pack_text(report.transcript) END),
		recording_url = coalesce(c.recording_url, report.recording_url),
		stereo_recording_url = coalesce(c.stereo_recording_url, report.stereo_recording_url),
		structured_data = v_data,
		success_evaluation = coalesce(c.success_evaluation, CASE WHEN v_fills THEN report.success_evaluation END)
	FROM voiceagent_private.greater_cost(CASE WHEN v_call.cost_source = 'rate' AND report.cost IS NOT NULL THEN NULL
		ELSE v_call.cost END,
		v_call.cost_currency, report.cost, report.cost_currency) p
	WHERE c.tenant_id = v_tenant AND c.call_id = hear_incoming.call;
	RETURN v_opts_out OR coalesce(v_reading ? 'opt_out_doubt', false);
END
$$;
COMMENT ON FUNCTION voiceagent_private.hear_incoming(bigint, voiceagent.call_event) IS
	E'Keeps what an event says of the words, the recording and the cost of an incoming call of the current tenant, '
	'whose row the caller has locked; what is known stays.\n'
	'True: it is new that the caller asked not to be called again, or it may have.';

CREATE FUNCTION voiceagent_private.record_incoming(endpoint_ids bigint[], events voiceagent.call_event[])
	RETURNS bigint[]
	LANGUAGE plpgsql VOLATILE SET planner.policy = row_by_row_in_order
	SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	v_now timestamptz := voiceagent.clock();
	v record;
	i record;
	v_told voiceagent.call_event;
	v_report voiceagent.call_event;
	v_callers bigint[] := '{}';
	c_ends CONSTANT text[] := '{completed,failed,busy,no_answer}';
BEGIN
	-- One after the other: each takes a line.
	FOR v IN
		SELECT e.provider_account_id AS account, (x.event).provider_call_id AS id, (x.event).from_number AS caller,
			(x.event).to_number AS called
		FROM (SELECT endpoint_ids[n] AS endpoint_id, events[n] AS event, n FROM generate_subscripts(events, 1) n) x
		JOIN voiceagent.webhook_endpoints e ON e.tenant_id = v_tenant AND e.endpoint_id = x.endpoint_id
		WHERE (x.event).kind = 'incoming' AND length((x.event).provider_call_id) BETWEEN 1 AND 200
		ORDER BY x.n
	LOOP
		PERFORM voiceagent_private.begin_incoming_call(v.account, v.id, left(v.caller, 64), left(v.called, 64));
	END LOOP;
	-- Call by call: joined, the planner would rather read all that ever came in.
	FOR v IN
		SELECT e.provider_account_id, (x.event).provider_call_id, min((x.event).answered_at) AS answered_at,
			max((x.event).ended_at) FILTER (WHERE (x.event).status = ANY (c_ends)) AS ended_at,
			max((x.event).duration_seconds) AS duration_seconds,
			-- A terminal one stays, in whatever order they came.
			(array_agg((x.event).status ORDER BY (x.event).status = ANY (c_ends) DESC, x.n DESC)
				FILTER (WHERE (x.event).status = ANY (c_ends)))[1] AS status,
			bool_or((x.event).status = 'in_progress') AS answered,
			bool_or((x.event).kind = 'untaken') AS untaken,
			-- One without the analysis is what a lookup brings.
			(array_agg(x.event ORDER BY (x.event).unanalysed IS TRUE, x.n)
				FILTER (WHERE (x.event).kind = 'report'))[1] AS report,
			array_agg(x.event ORDER BY x.n) FILTER (WHERE (x.event).kind <> 'report'
				AND num_nonnulls((x.event).recording_url, (x.event).stereo_recording_url, (x.event).cost) > 0) AS facts
		FROM (SELECT endpoint_ids[n] AS endpoint_id, events[n] AS event, n FROM generate_subscripts(events, 1) n) x
		JOIN voiceagent.webhook_endpoints e ON e.tenant_id = v_tenant AND e.endpoint_id = x.endpoint_id
		WHERE (x.event).provider_call_id IS NOT NULL
		GROUP BY 1, 2 ORDER BY 1, 2
	LOOP
		CONTINUE WHEN v.status IS NULL AND v.answered_at IS NULL AND v.duration_seconds IS NULL AND v.facts IS NULL
			AND v.report IS NULL
			AND NOT coalesce(v.untaken OR v.answered, false);
		-- In the order that its own index has: to statistics that do not know the tenant any index looks as good.
		SELECT o.call_id, o.answer, o.untaken INTO i FROM voiceagent.call_inbound o
		WHERE o.tenant_id = v_tenant AND o.provider_call_id BETWEEN v.provider_call_id AND v.provider_call_id
			AND o.provider_account_id = v.provider_account_id
		ORDER BY o.provider_call_id LIMIT 1;
		CONTINUE WHEN NOT FOUND;
		PERFORM FROM voiceagent.calls c WHERE c.tenant_id = v_tenant AND c.call_id = i.call_id FOR NO KEY UPDATE;
		CONTINUE WHEN NOT FOUND;
		IF v.untaken AND NOT i.untaken THEN
			UPDATE voiceagent.call_inbound o SET untaken = true WHERE o.tenant_id = v_tenant AND o.call_id = i.call_id;
			i.untaken := true;
		END IF;
		UPDATE voiceagent.calls c
		SET status = coalesce(x.outcome,
			CASE WHEN coalesce(v.answered, false) OR x.answered_at IS NOT NULL THEN 'in_progress' ELSE c.status END),
			outcome = x.outcome, answered_at = CASE
				WHEN x.answered_at IS NOT NULL THEN least(x.answered_at, x.ended_at) END, ended_at = x.ended_at,
			cost_source = coalesce(o.cost_source, CASE WHEN x.outcome IS NOT NULL THEN 'unknown' END),
			-- A carrier that tells no duration: by its own clock.
			duration_seconds = coalesce(v.duration_seconds, o.duration_seconds,
				CASE WHEN v.ended_at >= x.answered_at THEN extract(epoch FROM v.ended_at - x.answered_at) END)
		FROM voiceagent.calls o
		CROSS JOIN LATERAL (SELECT coalesce(o.answered_at, v.answered_at) AS answered_at,
			coalesce(o.ended_at, CASE WHEN v.status IS NOT NULL THEN v_now END) AS ended_at,
			CASE WHEN o.outcome IS NULL AND v.status IS NULL THEN NULL
				-- The carrier says of a forwarded call that it was completed, whether anybody took it or not.
				WHEN i.untaken AND i.answer = 'forward' AND coalesce(o.outcome = 'completed', true) THEN 'no_answer'
				ELSE coalesce(o.outcome, v.status) END AS outcome) x
		WHERE o.tenant_id = v_tenant AND o.call_id = i.call_id AND c.tenant_id = v_tenant AND c.call_id = i.call_id;
		v_report := v.report;
		IF v_report.kind IS NOT NULL AND voiceagent_private.hear_incoming(i.call_id, v_report) THEN
			v_callers := v_callers || i.call_id;
		END IF;
		FOREACH v_told IN ARRAY coalesce(v.facts, '{}') LOOP
			PERFORM voiceagent_private.hear_incoming(i.call_id,
				jsonb_populate_record(NULL::voiceagent.call_event, jsonb_build_object(
					'recording_url', v_told.recording_url, 'stereo_recording_url', v_told.stereo_recording_url,
					'cost', v_told.cost, 'cost_currency', v_told.cost_currency)));
		END LOOP;
		PERFORM voiceagent_private.copy_incoming(ARRAY[i.call_id]);
		-- The carrier of a conversation is asked until it tells what was said: the caller may have
		-- asked not to be called again.
		IF v.status IS NOT NULL AND (i.answer IS DISTINCT FROM 'converse'
			OR v_report.kind IS NOT NULL AND v_report.unanalysed IS NOT TRUE) THEN
			PERFORM voiceagent_private.close_incoming(ARRAY[i.call_id]);
		END IF;
	END LOOP;
	RETURN v_callers;
END
$$;
COMMENT ON FUNCTION voiceagent_private.record_incoming(bigint[], voiceagent.call_event[]) IS
	E'Notes what events that name no call of ours (with the endpoints at which they came) tell of calls to the '
	'current tenant''s numbers: a new one, its answer, its end and what was said.\n'
	'Told again they change nothing. '
	'Returns the incoming calls in which it is new that the caller asked not to be called again: the caller of this '
	'function sees to it (opt_out_callers()).';
