-- 70_appointment: a person's correction of what came of a call.

CREATE FUNCTION voiceagent_private.check_correction(outcome text, fields jsonb, appointment timestamptz,
	inbound boolean) RETURNS void LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	-- As many as a reading has at most: VA_READING_BYTES_MAX.
	c_bytes CONSTANT integer := 32768;
BEGIN
	PERFORM voiceagent_private.fail_if(num_nonnulls(outcome, fields, appointment) = 0, 'PT422',
		'the correction says nothing', NULL, 'Give outcome, fields or appointment.');
	PERFORM voiceagent_private.fail_if(jsonb_typeof(fields) <> 'object', 'PT422', 'fields must be an object');
	PERFORM voiceagent_private.fail_if(octet_length(fields::text) > c_bytes, 'PT413', 'the correction is too large',
		format('It has more than %s bytes.', c_bytes));
	PERFORM voiceagent_private.fail_if(inbound AND outcome IS NOT NULL, 'PT422',
		'an incoming call has no outcome but its status', NULL, 'Correct its fields.');
	PERFORM voiceagent_private.fail_if(outcome IN ('canceled', 'failed', 'busy', 'no_answer')
		OR NOT EXISTS (SELECT FROM voiceagent.enumerations e WHERE e.enumeration = 'call_outcome'
			AND e.value = check_correction.outcome) AND outcome IS NOT NULL, 'PT422',
		format('"%s" is no outcome of a conversation', left(outcome, 60)), NULL,
		(SELECT 'One of ' || string_agg(e.value, ', ' ORDER BY e.value) || '.' FROM voiceagent.enumerations e
			WHERE e.enumeration = 'call_outcome' AND e.value NOT IN ('canceled', 'failed', 'busy', 'no_answer')));
END
$$;
COMMENT ON FUNCTION voiceagent_private.check_correction(text, jsonb, timestamptz, boolean) IS
	'PT413, PT422 unless correct_call() can take this of a call that came in (inbound) or that we made.';

CREATE FUNCTION voiceagent.correct_call(call_id bigint, why text, outcome text DEFAULT NULL, fields jsonb DEFAULT NULL,
	appointment timestamptz DEFAULT NULL) RETURNS text
	LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_variable
DECLARE
	v_tenant bigint := voiceagent_private.writer_tenant();
	v_why text := voiceagent_private.stop_reason(why, 'the call is corrected');
	v_call voiceagent.calls;
	v_now voiceagent.calls;
	v_outcome text := coalesce(outcome, CASE WHEN appointment IS NOT NULL THEN 'scheduled' END);
	v_fields jsonb := fields || CASE outcome WHEN 'do_not_call' THEN '{"do_not_call": true}'::jsonb ELSE '{}' END;
	v_old jsonb;
	v_booked voiceagent.appointments;
BEGIN
	PERFORM voiceagent_private.lock_tenant(false);
	SELECT c.* INTO v_call FROM voiceagent.calls c WHERE c.tenant_id = v_tenant AND c.call_id = call_id FOR UPDATE;
	PERFORM voiceagent_private.fail_if(NOT FOUND, 'PT404', 'there is no such call');
	PERFORM voiceagent_private.fail_if(v_call.ended_at IS NULL, 'PT409', format('call %s goes on', call_id), NULL,
		'report_call() tells what comes of a live call.');
	PERFORM voiceagent_private.check_correction(outcome, fields, appointment, v_call.direction = 'inbound');
	SELECT k.reading -> 'correction' INTO v_old FROM voiceagent.conversations k
	WHERE k.tenant_id = v_tenant AND k.call_id = v_call.call_id
		AND k.month_slot = voiceagent_private.month_slot(v_call.started_at);
	IF v_fields IS NULL AND outcome = 'do_not_call' THEN
		v_fields := '{"do_not_call": true}';
	END IF;
	v_old := coalesce(v_old, '{}') || jsonb_strip_nulls(jsonb_build_object(
		'outcome', CASE WHEN v_call.direction <> 'inbound' THEN v_outcome END, 'by', voiceagent_private.actor(),
		'at', voiceagent.clock(), 'why', v_why))
		|| jsonb_build_object('fields', coalesce(v_old -> 'fields', '{}') || coalesce(v_fields, '{}'));
	UPDATE voiceagent.calls c
	SET outcome = coalesce(v_old ->> 'outcome', c.outcome::text)::voiceagent.call_outcome,
		structured_data = voiceagent_private.person_data(c.structured_data, v_old), uncertain = NULL
	WHERE c.tenant_id = v_tenant AND c.call_id = v_call.call_id;
	-- Nothing comes back to a call whose words retention has taken.
	INSERT INTO voiceagent.conversations AS k (tenant_id, call_id, month_slot, turns, reading)
	SELECT v_tenant, v_call.call_id, voiceagent_private.month_slot(v_call.started_at), '[]',
		voiceagent_private.with_person(NULL, v_old)
	FROM voiceagent_private.kept_words() w WHERE v_call.ended_at >= w.since AND v_call.call_id > w.after_call_id
	ON CONFLICT ON CONSTRAINT conversations_pkey DO UPDATE
	SET reading = voiceagent_private.pack_jsonb(voiceagent_private.with_person(k.reading, v_old));
	PERFORM voiceagent_private.log_event('call_corrected', v_call.campaign_id, v_call.call_id, v_call.lead_id,
		jsonb_strip_nulls(jsonb_build_object('outcome', v_outcome, 'previous_outcome', v_call.outcome, 'by',
			voiceagent_private.actor(), 'reason', v_why,
			'fields', (SELECT jsonb_agg(k ORDER BY k) FROM jsonb_object_keys(v_fields) k))));
	PERFORM voiceagent_private.audit('correct_call', 'call ' || v_call.call_id,
		jsonb_build_object('outcome', v_call.outcome), jsonb_build_object('outcome', v_outcome, 'reason', v_why));
	SELECT c.* INTO v_now FROM voiceagent.calls c WHERE c.tenant_id = v_tenant AND c.call_id = v_call.call_id;
	IF voiceagent_private.parse_yes(v_now.structured_data -> 'do_not_call')
		AND NOT voiceagent_private.parse_yes(v_call.structured_data -> 'do_not_call') THEN
		PERFORM voiceagent_private.conclude_calls('{}',
			stopped => CASE v_call.direction WHEN 'inbound' THEN '{}' ELSE ARRAY[v_call.call_id] END,
			callers => CASE v_call.direction WHEN 'inbound' THEN ARRAY[v_call.call_id] ELSE '{}' END);
	ELSIF v_call.direction <> 'inbound' AND v_outcome <> v_call.outcome::text
		AND (voiceagent_private.reached_with_result(v_outcome) OR v_outcome = 'wrong_number') THEN
		-- A lead that waits for another call of the campaign does not get it; nothing is dialled for a correction.
		PERFORM voiceagent_private.lock_follow_ups(ARRAY[v_now.campaign_id]);
		PERFORM FROM voiceagent.leads l WHERE l.tenant_id = v_tenant AND l.lead_id = v_now.lead_id FOR NO KEY UPDATE;
		PERFORM voiceagent_private.complete_campaigns(CASE v_outcome
			WHEN 'wrong_number' THEN voiceagent_private.leave_wrong(ARRAY[v_now.call_id])
			ELSE voiceagent_private.close_late(v_now.campaign_id, ARRAY[v_now.lead_id], 'completed', v_outcome,
				'a person corrected what came of the call') END);
	ELSIF v_outcome = 'callback' AND v_call.outcome IS DISTINCT FROM 'callback' AND NOT EXISTS (
			SELECT FROM voiceagent_private.call_queue q WHERE q.tenant_id = v_tenant AND q.lead_id = v_now.lead_id) THEN
		PERFORM voiceagent_private.leave_task('call_back', v_why, v_now.call_id, owed => true);
	END IF;
	SELECT a.* INTO v_booked FROM voiceagent.appointments a WHERE a.tenant_id = v_tenant AND a.call_id = v_call.call_id
		AND a.status IN ('pending', 'conflict', 'confirmed');
	IF appointment IS NOT NULL AND v_booked.appointment_id IS NOT NULL THEN
		PERFORM voiceagent.move_appointment(v_booked.appointment_id, appointment, v_why);
	ELSIF appointment IS NOT NULL THEN
		PERFORM voiceagent.add_appointment(appointment, call_id => v_call.call_id);
	ELSIF v_booked.status IN ('pending', 'conflict') AND outcome <> 'scheduled' THEN
		PERFORM voiceagent.reject_appointment(v_booked.appointment_id, v_why);
	END IF;
	RETURN coalesce(v_now.outcome::text, v_now.status::text);
END
$$;
COMMENT ON FUNCTION voiceagent.correct_call(bigint, text, text, jsonb, timestamptz) IS
	E'A person''s correction of an ended call, which is final: later reports and models do not override it.\n'
	'fields: values by name, null removes; appointment: its start, entered or moved. Returns the outcome. It dials and '
	'unlists nothing: allow_call() lifts an opt-out; an opt-out lists; a call back that nothing waits for is a task. '
	'For managers and owners; PT404, PT409 for a live call, PT413, PT422.';

CREATE FUNCTION voiceagent.accept_outcomes(call_ids bigint[], why text) RETURNS integer
	LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET planner.policy = by_keys SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent_private.writer_tenant();
	v_why text := voiceagent_private.stop_reason(why, 'the outcomes are accepted');
	v_calls bigint[];
BEGIN
	PERFORM voiceagent_private.lock_tenant(false);
	v_calls := ARRAY(SELECT c.call_id FROM voiceagent.calls c
		WHERE c.tenant_id = v_tenant AND c.call_id = ANY (accept_outcomes.call_ids) AND c.uncertain IS NOT NULL
		ORDER BY c.call_id FOR NO KEY UPDATE);
	UPDATE voiceagent.calls c SET uncertain = NULL WHERE c.tenant_id = v_tenant AND c.call_id = ANY (v_calls);
	IF cardinality(v_calls) > 0 THEN
		PERFORM voiceagent_private.audit('accept_outcomes', 'calls', NULL,
			jsonb_build_object('calls', v_calls[1:1000], 'number', cardinality(v_calls), 'reason', v_why));
	END IF;
	RETURN cardinality(v_calls);
END
$$;
COMMENT ON FUNCTION voiceagent.accept_outcomes(bigint[], text) IS
	E'Accepts the outcomes of uncertain calls (calls.uncertain) as they are, so that they no longer wait; returns how '
	'many there were.\n'
	'why: for the audit log. correct_call() writes down another outcome. For managers and owners; PT422.';
