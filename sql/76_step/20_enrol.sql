-- 76_step: leads are enrolled and taken out; sequences are paused and go on.

CREATE FUNCTION voiceagent_private.paused_for(sequence voiceagent.sequences, at timestamptz) RETURNS interval
	LANGUAGE sql STABLE
	RETURN make_interval(secs => coalesce(extract(epoch FROM at - (sequence).paused_at), 0)::double precision);
COMMENT ON FUNCTION voiceagent_private.paused_for(voiceagent.sequences, timestamptz) IS
	'For how long a sequence has been paused.';

CREATE FUNCTION voiceagent_private.enter_step(sequence voiceagent.sequences, steps jsonb, ids bigint[], place integer)
	RETURNS void
	LANGUAGE plpgsql VOLATILE SET planner.policy = batch SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	v_now timestamptz := voiceagent.clock();
	v_step jsonb := steps -> (place - 1);
	v_waits boolean := v_step ->> 'do' = 'wait';
	v_due timestamptz := v_now + (v_step ->> CASE WHEN v_waits THEN 'within' ELSE 'after' END)::interval;
	v_shifted interval := sequence.shifted + CASE WHEN sequence.pause_due = 'shift'
		THEN voiceagent_private.paused_for(sequence, v_now) ELSE '0' END;
BEGIN
	IF place = 0 THEN
		UPDATE voiceagent.sequence_enrolments e SET state = 'done', ended_at = v_now, due_at = NULL,
			reason = NULL, no_room_since = NULL
		WHERE e.tenant_id = v_tenant AND e.enrolment_id = ANY (ids);
		DELETE FROM voiceagent_private.sequence_turns t WHERE t.tenant_id = v_tenant AND t.enrolment_id = ANY (ids);
		RETURN;
	END IF;
	UPDATE voiceagent.sequence_enrolments e SET step = place, tries = 0, due_at = v_due, shifted = v_shifted,
		reason = NULL, no_room_since = NULL, state = CASE WHEN v_waits THEN 'listening' ELSE 'waiting' END
	WHERE e.tenant_id = v_tenant AND e.enrolment_id = ANY (ids);
	UPDATE voiceagent_private.sequence_turns t SET next_at = v_due, parked = NULL
	WHERE t.tenant_id = v_tenant AND t.enrolment_id = ANY (ids);
END
$$;
COMMENT ON FUNCTION voiceagent_private.enter_step(voiceagent.sequences, jsonb, bigint[], integer) IS
	'Has enrolments of the current tenant, whose turns the caller has, go on to a step, to be taken when its time has '
	'passed; 0: they have come to the end.';

CREATE FUNCTION voiceagent_private.stop_enrolments(ids bigint[], reason text) RETURNS integer
	LANGUAGE plpgsql VOLATILE SET planner.policy = batch SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_variable
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	v_now timestamptz := voiceagent.clock();
	v record;
	v_stopped integer;
BEGIN
	-- A lead that waits in a campaign by the step that it has just taken is not called any more.
	FOR v IN
		SELECT f.object_id AS campaign_id, array_agg(e.lead_id) AS leads
		FROM voiceagent.sequence_enrolments e
		JOIN voiceagent.sequence_effects f ON f.tenant_id = v_tenant AND f.enrolment_id = e.enrolment_id
			AND f.step = e.step AND f.run = e.run AND f.kind = 'call' AND f.result = 'done'
		WHERE e.tenant_id = v_tenant AND e.enrolment_id = ANY (ids) AND e.state = 'listening'
		GROUP BY f.object_id ORDER BY 1
	LOOP
		PERFORM voiceagent_private.complete_campaigns(voiceagent_private.unqueue_leads(v.leads,
			'its sequence has stopped', v.campaign_id, false));
	END LOOP;
	UPDATE voiceagent.sequence_enrolments e SET state = 'stopped', reason = left(reason, 500), ended_at = v_now,
		due_at = NULL, no_room_since = NULL
	WHERE e.tenant_id = v_tenant AND e.enrolment_id = ANY (ids) AND e.ended_at IS NULL;
	GET DIAGNOSTICS v_stopped = ROW_COUNT;
	DELETE FROM voiceagent_private.sequence_turns t WHERE t.tenant_id = v_tenant AND t.enrolment_id = ANY (ids);
	RETURN v_stopped;
END
$$;
COMMENT ON FUNCTION voiceagent_private.stop_enrolments(bigint[], text) IS
	'Ends enrolments of the current tenant, whose turns the caller has, for a reason -> how many; calls that they have '
	'brought and that wait are taken out of their campaigns.';

CREATE FUNCTION voiceagent_private.enrol(v_sequence voiceagent.sequences, lead_ids bigint[], again boolean,
	played boolean DEFAULT false) RETURNS integer
	LANGUAGE plpgsql VOLATILE SET planner.policy = row_by_row_in_order SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_variable
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	v_now timestamptz := voiceagent.clock();
	v_steps jsonb;
	v_ids bigint[];
BEGIN
	SELECT v.steps INTO v_steps FROM voiceagent.sequence_versions v
	WHERE v.tenant_id = v_tenant AND v.sequence_id = v_sequence.sequence_id AND v.version = v_sequence.version;
	WITH made AS (
		INSERT INTO voiceagent.sequence_enrolments AS e (tenant_id, sequence_id, version, lead_id, run, step, state,
			due_at, shifted, enrolled_at, played)
		SELECT v_tenant, v_sequence.sequence_id, v_sequence.version, i.lead_id, coalesce(o.run, 0) + 1, 1, 'waiting',
			v_now, '0', v_now, played
		FROM (SELECT DISTINCT u.lead_id FROM unnest(lead_ids) AS u(lead_id) ORDER BY 1) i
		LEFT JOIN LATERAL (SELECT p.run, p.ended_at FROM voiceagent.sequence_enrolments p
			WHERE p.tenant_id = v_tenant AND p.sequence_id = v_sequence.sequence_id AND p.lead_id = i.lead_id
			ORDER BY p.run DESC LIMIT 1) o ON true
		WHERE o.run IS NULL OR again AND o.ended_at IS NOT NULL
		-- Two who enrol one lead at once: the constraint has one of them, and the other waits and sees that.
		ON CONFLICT DO NOTHING RETURNING e.enrolment_id
	), turned AS (
		INSERT INTO voiceagent_private.sequence_turns (tenant_id, next_at, enrolment_id)
		SELECT v_tenant, v_now, m.enrolment_id FROM made m ORDER BY 1, 3
	)
	SELECT array_agg(m.enrolment_id) INTO v_ids FROM made m;
	IF v_ids IS NULL THEN
		RETURN 0;
	END IF;
	PERFORM voiceagent_private.enter_step(v_sequence, v_steps, v_ids, 1);
	PERFORM voiceagent_private.request_job('take_steps', v_now + coalesce(v_steps #>> '{0,after}',
		v_steps #>> '{0,within}')::interval);
	RETURN cardinality(v_ids);
END
$$;
COMMENT ON FUNCTION voiceagent_private.enrol(voiceagent.sequences, bigint[], boolean, boolean) IS
	'Has leads of the current tenant that are not in a published sequence, nor were (again: or were), begin its newest '
	'version, set off by the sandbox or not (played) -> how many; the caller has locked the sequence.';

CREATE FUNCTION voiceagent.enrol_leads(sequence_id bigint, lead_ids bigint[], again boolean DEFAULT false)
	RETURNS integer
	LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET planner.policy = batch SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_variable
DECLARE
	v_tenant bigint := voiceagent_private.writer_tenant();
	v_sequence voiceagent.sequences;
	c_most CONSTANT integer := 10000;
BEGIN
	PERFORM voiceagent_private.fail_if(coalesce(cardinality(lead_ids), 0) > c_most, 'PT422',
		format('at most %s leads are enrolled at once', c_most));
	-- A lead whose import is being undone, or that is being erased, must not enter.
	PERFORM voiceagent_private.lock_leads(false);
	SELECT s.* INTO v_sequence FROM voiceagent.sequences s
	WHERE s.tenant_id = v_tenant AND s.sequence_id = sequence_id FOR SHARE;
	PERFORM voiceagent_private.fail_if(NOT FOUND, 'PT404', format('sequence %s does not exist', sequence_id));
	PERFORM voiceagent_private.fail_if(v_sequence.version IS NULL, 'PT409', 'the sequence is a draft', NULL,
		'publish_sequence() makes its first version.');
	PERFORM voiceagent_private.known_leads(lead_ids);
	RETURN voiceagent_private.enrol(v_sequence, lead_ids, again);
END
$$;
COMMENT ON FUNCTION voiceagent.enrol_leads(bigint, bigint[], boolean) IS
	E'Has leads (at most 10000) go through the newest version of a sequence -> how many are new in it.\n'
	'Who is in it stays as it is; who was in it before is left out, or begins another run (again). In a pause nothing '
	'begins. PT404, PT409 for a draft, PT422.';

CREATE FUNCTION voiceagent.start_sequence_on(sequence_id bigint, campaign_id bigint, outcomes text[]) RETURNS void
	LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_variable
DECLARE
	v_tenant bigint := voiceagent_private.writer_tenant();
	v_old text[];
BEGIN
	PERFORM voiceagent_private.fail_if(outcomes IS NULL OR cardinality(outcomes) > 100, 'PT422',
		'outcomes are at most 100; none takes them away');
	PERFORM voiceagent_private.check_outcome(o.outcome) FROM unnest(outcomes) AS o(outcome);
	PERFORM FROM voiceagent.sequences s WHERE s.tenant_id = v_tenant AND s.sequence_id = sequence_id FOR NO KEY UPDATE;
	PERFORM voiceagent_private.fail_if(NOT FOUND, 'PT404', format('sequence %s does not exist', sequence_id)),
		voiceagent_private.fail_if(NOT EXISTS (SELECT FROM voiceagent.campaigns c
			WHERE c.tenant_id = v_tenant AND c.campaign_id = campaign_id), 'PT404', 'no such campaign');
	WITH gone AS (
		DELETE FROM voiceagent.sequence_starts b WHERE b.tenant_id = v_tenant AND b.campaign_id = campaign_id
			AND b.sequence_id = sequence_id RETURNING b.outcome
	)
	SELECT array_agg(g.outcome::text ORDER BY g.outcome) INTO v_old FROM gone g;
	INSERT INTO voiceagent.sequence_starts (tenant_id, campaign_id, outcome, sequence_id)
	SELECT DISTINCT v_tenant, campaign_id, o.outcome::voiceagent.call_outcome, sequence_id
	FROM unnest(outcomes) AS o(outcome);
	PERFORM voiceagent_private.audit('start_sequence_on', 'sequence ' || sequence_id, to_jsonb(v_old),
		jsonb_build_object('campaign_id', campaign_id, 'outcomes', outcomes));
END
$$;
COMMENT ON FUNCTION voiceagent.start_sequence_on(bigint, bigint, text[]) IS
	E'Has leads that end in a campaign with one of these outcomes, no retry being left, begin a sequence, once each.\n'
	'They replace those of before; none takes them away. A sequence that is a draft then begins for nobody, one that '
	'is paused begins parked. PT404, PT422.';

CREATE FUNCTION voiceagent.unenrol_leads(sequence_id bigint, lead_ids bigint[], reason text DEFAULT NULL)
	RETURNS integer
	LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET planner.policy = batch SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_variable
DECLARE
	v_tenant bigint := voiceagent_private.writer_tenant();
	v_ids bigint[];
	v_stopped integer;
BEGIN
	PERFORM voiceagent_private.fail_if(NOT EXISTS (SELECT FROM voiceagent.sequences s
		WHERE s.tenant_id = v_tenant AND s.sequence_id = sequence_id), 'PT404',
		format('sequence %s does not exist', sequence_id));
	PERFORM voiceagent_private.fail_if(cardinality(lead_ids) > 10000, 'PT422',
		'at most 10000 leads are taken out at once');
	PERFORM voiceagent_private.lock_tenant(true);
	v_ids := ARRAY(SELECT t.enrolment_id FROM (SELECT DISTINCT u.lead_id FROM unnest(lead_ids) AS u(lead_id)) i
		JOIN voiceagent.sequence_enrolments e ON e.tenant_id = v_tenant AND e.sequence_id = sequence_id
			AND e.lead_id = i.lead_id AND e.ended_at IS NULL
		JOIN voiceagent_private.sequence_turns t ON t.tenant_id = v_tenant AND t.enrolment_id = e.enrolment_id
		ORDER BY t.enrolment_id FOR UPDATE OF t);
	v_stopped := voiceagent_private.stop_enrolments(v_ids,
		coalesce(voiceagent_private.short_reason(reason), 'taken out by ' || voiceagent_private.actor()));
	PERFORM voiceagent_private.audit('unenrol_leads', 'sequence ' || sequence_id, NULL,
		jsonb_build_object('leads', v_stopped, 'reason', reason));
	RETURN v_stopped;
END
$$;
COMMENT ON FUNCTION voiceagent.unenrol_leads(bigint, bigint[], text) IS
	E'Takes leads (at most 10000) out of a sequence, with a reason; no step of theirs is taken any more -> how many '
	'were in it.\n'
	'PT404, PT422.';

CREATE FUNCTION voiceagent.pause_sequence(sequence_id bigint, due text DEFAULT 'shift') RETURNS boolean
	LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_variable
DECLARE
	v_tenant bigint := voiceagent_private.writer_tenant();
	v_sequence voiceagent.sequences := voiceagent_private.require_sequence(sequence_id);
BEGIN
	PERFORM voiceagent_private.fail_if(due IS NULL OR due NOT IN ('shift', 'expire'), 'PT422',
		'a pause has what is due shift or expire');
	UPDATE voiceagent.sequences s SET paused_at = coalesce(s.paused_at, voiceagent.clock()), pause_due = due
	WHERE s.tenant_id = v_tenant AND s.sequence_id = v_sequence.sequence_id;
	PERFORM voiceagent_private.audit('pause_sequence', 'sequence ' || v_sequence.sequence_id, NULL,
		jsonb_build_object('due', due));
	RETURN v_sequence.paused_at IS NULL;
END
$$;
COMMENT ON FUNCTION voiceagent.pause_sequence(bigint, text) IS
	E'Has no step of a sequence taken until resume_sequence() -> whether it went on before.\n'
	'due: what becomes of its steps: shift (all that are to come move by the length of the pause) or expire (those '
	'that were due in it are not taken, and end their enrolments). Opt-outs and replies end them in a pause, too. '
	'PT404, PT422.';

CREATE FUNCTION voiceagent.resume_sequence(sequence_id bigint) RETURNS boolean
	LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent_private.writer_tenant();
	v_now timestamptz := voiceagent.clock();
	v_sequence voiceagent.sequences := voiceagent_private.require_sequence(sequence_id);
BEGIN
	IF v_sequence.paused_at IS NULL THEN
		RETURN false;
	END IF;
	UPDATE voiceagent.sequences s SET paused_at = NULL, pause_due = NULL,
		shifted = s.shifted + CASE s.pause_due WHEN 'shift' THEN voiceagent_private.paused_for(s, v_now) ELSE '0' END,
		expire_paused_at = CASE s.pause_due WHEN 'expire' THEN s.paused_at ELSE s.expire_paused_at END,
		expire_resumed_at = CASE s.pause_due WHEN 'expire' THEN v_now ELSE s.expire_resumed_at END
	WHERE s.tenant_id = v_tenant AND s.sequence_id = v_sequence.sequence_id;
	INSERT INTO voiceagent_private.sequence_turns (tenant_id, next_at, sequence_id)
	VALUES (v_tenant, v_now, v_sequence.sequence_id);
	PERFORM voiceagent_private.request_job('take_steps', v_now);
	PERFORM voiceagent_private.audit('resume_sequence', 'sequence ' || v_sequence.sequence_id);
	RETURN true;
END
$$;
COMMENT ON FUNCTION voiceagent.resume_sequence(bigint) IS
	E'Has a paused sequence go on, with what was due in the pause as pause_sequence() said -> whether it was paused.\n'
	'PT404.';
