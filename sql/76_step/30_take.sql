-- 76_step: what is due is judged again, and done.

CREATE FUNCTION voiceagent_private.left_alone(version voiceagent.sequence_versions, ids bigint[])
	RETURNS TABLE (enrolment_id bigint, reason text)
	LANGUAGE plpgsql STABLE SET planner.policy = batch SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	v_replied boolean := 'replied' = ANY (version.stop_on);
	v_booked boolean := 'booked' = ANY (version.stop_on);
BEGIN
	RETURN QUERY SELECT x.enrolment_id, x.reason FROM (
		SELECT e.enrolment_id, CASE WHEN l.lead_id IS NULL THEN 'the lead is gone'
			WHEN l.status = 'do_not_call' OR EXISTS (SELECT FROM voiceagent.do_not_call_list d
				WHERE d.tenant_id = v_tenant AND d.phone = l.phone OFFSET 0) THEN 'opted out'
			WHEN v_replied AND EXISTS (SELECT FROM voiceagent.texts t WHERE t.tenant_id = v_tenant
				AND t.lead_id = e.lead_id AND t.inbound AND t.kind <> 'automatic'
				AND t.created_at >= e.enrolled_at OFFSET 0) THEN 'replied'
			WHEN v_booked AND EXISTS (SELECT FROM voiceagent.appointments a WHERE a.tenant_id = v_tenant
				AND a.lead_id = e.lead_id AND a.created_at >= e.enrolled_at AND a.status IN ('pending', 'confirmed')
				OFFSET 0) THEN 'booked' END AS reason
		FROM unnest(ids) AS i(id)
		CROSS JOIN LATERAL (SELECT o.enrolment_id, o.lead_id, o.enrolled_at FROM voiceagent.sequence_enrolments o
			WHERE o.tenant_id = v_tenant AND o.enrolment_id = i.id OFFSET 0) e
		LEFT JOIN LATERAL (SELECT o.lead_id, o.status, o.phone FROM voiceagent.leads o
			WHERE o.tenant_id = v_tenant AND o.lead_id = e.lead_id OFFSET 0) l ON true) x
	WHERE x.reason IS NOT NULL;
END
$$;
COMMENT ON FUNCTION voiceagent_private.left_alone(voiceagent.sequence_versions, bigint[]) IS
	'Which of these enrolments of the current tenant, of one version, take no more steps by what is known now, and '
	'why: an opt-out, or what the version stops on.';

-- A rehearsed event counts for a rehearsed enrolment alone.
CREATE FUNCTION voiceagent_private.step_holds(condition jsonb, lead voiceagent.leads, since timestamptz,
	played boolean DEFAULT false) RETURNS boolean
	LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
	RETURN coalesce(CASE
		WHEN condition ? 'outcome' THEN condition -> 'outcome' ? lead.last_outcome::text
			AND lead.last_called_at >= since AND (played OR NOT voiceagent_private.is_played(NULL,
				-- The last one, of both directions.
				(SELECT max(c.call_id) FROM voiceagent.calls c
				WHERE c.tenant_id = lead.tenant_id AND c.lead_id = lead.lead_id)))
		WHEN condition ? 'replied' THEN EXISTS (SELECT FROM voiceagent.texts t WHERE t.tenant_id = lead.tenant_id
			AND t.lead_id = lead.lead_id AND t.inbound AND t.kind <> 'automatic' AND t.created_at >= since
			AND (played OR NOT voiceagent_private.is_sandbox(t.provider_account_id)))
		WHEN condition ? 'booked' THEN EXISTS (SELECT FROM voiceagent.appointments a WHERE a.tenant_id = lead.tenant_id
			AND a.lead_id = lead.lead_id AND a.created_at >= since AND a.status IN ('pending', 'confirmed')
			AND (played OR NOT voiceagent_private.is_played(NULL, a.call_id)))
		WHEN condition ? 'tag' THEN condition ->> 'tag' = ANY (lead.tags)
		ELSE voiceagent_private.lead_variables(lead) ->> (condition ->> 'field') = condition ->> 'is' END, false);
END
$$;
COMMENT ON FUNCTION voiceagent_private.step_holds(jsonb, voiceagent.leads, timestamptz, boolean) IS
	'Whether what a step asks for is so with a lead, by what has happened since a time; the unknown is not so.';

CREATE FUNCTION voiceagent_private.note_effects(place integer, kind text, ids bigint[], result text,
	reason text DEFAULT NULL, objects bigint[] DEFAULT NULL) RETURNS void
	LANGUAGE plpgsql VOLATILE SET planner.policy = batch AS $$
#variable_conflict use_variable
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
BEGIN
	INSERT INTO voiceagent.sequence_effects (tenant_id, enrolment_id, step, run, kind, result, reason, object_id, at)
	SELECT v_tenant, i.id, place, e.run, kind, result, left(reason, 500), i.object, voiceagent.clock()
	FROM unnest(ids, objects) AS i(id, object)
	CROSS JOIN LATERAL (SELECT o.run FROM voiceagent.sequence_enrolments o
		WHERE o.tenant_id = v_tenant AND o.enrolment_id = i.id OFFSET 0) e;
END
$$;
COMMENT ON FUNCTION voiceagent_private.note_effects(integer, text, bigint[], text, text, bigint[]) IS
	'Notes what a step of enrolments of the current tenant has brought about; a second time is an error, which takes '
	'all of it back.';

CREATE FUNCTION voiceagent_private.end_refused(sequence voiceagent.sequences, version voiceagent.sequence_versions,
	place integer, ids bigint[], reasons text[]) RETURNS void
	LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_step jsonb := version.steps -> (place - 1);
	v record;
BEGIN
	FOR v IN SELECT i.reason, array_agg(i.id ORDER BY i.id) AS ids FROM unnest(ids, reasons) AS i(id, reason)
		GROUP BY i.reason ORDER BY 1
	LOOP
		PERFORM voiceagent_private.note_effects(place, v_step ->> 'do', v.ids, 'refused', v.reason);
		IF v_step ->> 'refused' = 'next' THEN
			PERFORM voiceagent_private.enter_step(sequence, version.steps, v.ids, (v_step ->> 'then')::integer);
		ELSE
			PERFORM voiceagent_private.stop_enrolments(v.ids, 'refused: ' || v.reason);
		END IF;
	END LOOP;
END
$$;
COMMENT ON FUNCTION voiceagent_private.end_refused(voiceagent.sequences, voiceagent.sequence_versions, integer,
	bigint[], text[]) IS
	'A step of these enrolments is refused, for good: they stop, or go on with the next where the step says so.';

CREATE FUNCTION voiceagent_private.wait_for_room(sequence voiceagent.sequences,
	version voiceagent.sequence_versions, place integer, ids bigint[], reason text) RETURNS void
	LANGUAGE plpgsql VOLATILE SET planner.policy = batch SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_variable
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	v_now timestamptz := voiceagent.clock();
	c_again CONSTANT interval := '30 minutes';
	c_most CONSTANT interval := '7 days';
	v_over bigint[] := ARRAY(SELECT e.enrolment_id FROM voiceagent.sequence_enrolments e
		WHERE e.tenant_id = v_tenant AND e.enrolment_id = ANY (ids) AND e.no_room_since <= v_now - c_most);
BEGIN
	UPDATE voiceagent.sequence_enrolments e SET no_room_since = coalesce(e.no_room_since, v_now),
		due_at = v_now + c_again, reason = left('waits for room: ' || reason, 500)
	WHERE e.tenant_id = v_tenant AND e.enrolment_id = ANY (ids) AND e.enrolment_id <> ALL (v_over);
	UPDATE voiceagent_private.sequence_turns t SET next_at = v_now + c_again
	WHERE t.tenant_id = v_tenant AND t.enrolment_id = ANY (ids) AND t.enrolment_id <> ALL (v_over);
	PERFORM voiceagent_private.end_refused(sequence, version, place, v_over, array_fill(
		'no room for a week: ' || reason, ARRAY[cardinality(v_over)]));
END
$$;
COMMENT ON FUNCTION voiceagent_private.wait_for_room(voiceagent.sequences, voiceagent.sequence_versions, integer,
	bigint[], text) IS
	'There is no room now for what a step of these enrolments does: they try again every 30 minutes, and are refused '
	'after 7 days.';

CREATE FUNCTION voiceagent_private.do_call(sequence voiceagent.sequences, version voiceagent.sequence_versions,
	place integer, ids bigint[]) RETURNS void
	LANGUAGE plpgsql VOLATILE SET planner.policy = batch SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_variable
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	v_now timestamptz := voiceagent.clock();
	v_step jsonb := version.steps -> (place - 1);
	v_moves boolean := v_step ->> 'do' = 'move';
	v_campaign bigint := (v_step ->> 'campaign_id')::bigint;
	v_leads bigint[] := ARRAY(SELECT e.lead_id FROM unnest(ids) AS i(id) JOIN voiceagent.sequence_enrolments e
		ON e.tenant_id = v_tenant AND e.enrolment_id = i.id);
	v_waited bigint[] := ARRAY(SELECT m.lead_id FROM unnest(v_leads) AS i(id) JOIN voiceagent.campaign_leads m
		ON m.tenant_id = v_tenant AND m.campaign_id = v_campaign AND m.lead_id = i.id
		WHERE m.status IN ('pending', 'queued', 'retry', 'calling'));
	v record;
	v_due timestamptz := v_now + (v_step ->> 'within')::interval;
BEGIN
	PERFORM voiceagent_private.join_leads(v_campaign, v_leads, 'a sequence brought leads');
	SELECT array_agg(x.id) FILTER (WHERE x.refused IS NULL AND NOT x.waited) AS done,
		array_agg(x.id) FILTER (WHERE x.refused IS NULL AND x.waited) AS there,
		array_agg(x.id) FILTER (WHERE x.refused IS NOT NULL) AS refused,
		array_agg(x.refused) FILTER (WHERE x.refused IS NOT NULL) AS reasons INTO v
	FROM (SELECT e.enrolment_id AS id, e.lead_id = ANY (v_waited) AS waited,
		CASE WHEN m.status = 'skipped' THEN coalesce(m.reason, 'the campaign does not call it')
			WHEN m.status IN ('completed', 'failed', 'expired') THEN 'the campaign has called it before' END AS refused
		FROM unnest(ids) AS i(id)
		JOIN voiceagent.sequence_enrolments e ON e.tenant_id = v_tenant AND e.enrolment_id = i.id
		JOIN voiceagent.campaign_leads m ON m.tenant_id = v_tenant AND m.campaign_id = v_campaign
			AND m.lead_id = e.lead_id) x;
	PERFORM voiceagent_private.note_effects(place, v_step ->> 'do', v.done, 'done', NULL,
		array_fill(v_campaign, ARRAY[coalesce(cardinality(v.done), 0)]));
	PERFORM voiceagent_private.note_effects(place, v_step ->> 'do', v.there, 'there', NULL,
		array_fill(v_campaign, ARRAY[coalesce(cardinality(v.there), 0)]));
	v.done := v.done || v.there;
	IF v_moves THEN
		-- A lead that is being called there at this moment ends that call.
		IF v_step ? 'from' THEN
			PERFORM voiceagent_private.complete_campaigns(voiceagent_private.unqueue_leads(
				ARRAY(SELECT e.lead_id FROM unnest(v.done) AS i(id) JOIN voiceagent.sequence_enrolments e
					ON e.tenant_id = v_tenant AND e.enrolment_id = i.id),
				'moved to campaign ' || v_campaign, (v_step ->> 'from')::bigint, false));
		END IF;
		PERFORM voiceagent_private.enter_step(sequence, version.steps, v.done, (v_step ->> 'then')::integer);
	ELSE
		-- Until its calls there have ended, or the time is over.
		UPDATE voiceagent.sequence_enrolments e SET state = 'listening', due_at = v_due, tries = 0
		WHERE e.tenant_id = v_tenant AND e.enrolment_id = ANY (v.done);
		UPDATE voiceagent_private.sequence_turns t SET next_at = v_due
		WHERE t.tenant_id = v_tenant AND t.enrolment_id = ANY (v.done);
	END IF;
	PERFORM voiceagent_private.end_refused(sequence, version, place, v.refused, v.reasons);
END
$$;
COMMENT ON FUNCTION voiceagent_private.do_call(voiceagent.sequences, voiceagent.sequence_versions, integer, bigint[]) IS
	E'A step that brings leads of enrolments into a campaign, as add_leads() does: its queue and its claim judge '
	'and call them.\n'
	'A call listens until they are done there, a move goes on. PT errors where the campaign takes no lead.';

CREATE FUNCTION voiceagent_private.do_each(sequence voiceagent.sequences, version voiceagent.sequence_versions,
	place integer, ids bigint[]) RETURNS void
	LANGUAGE plpgsql VOLATILE SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	v_now timestamptz := voiceagent.clock();
	v_step jsonb := version.steps -> (place - 1);
	v_texts boolean := v_step ->> 'do' = 'text';
	v_item voiceagent.texts;
	v record;
	v_done bigint[] := '{}';
	v_objects bigint[] := '{}';
	v_refused bigint[] := '{}';
	v_reasons text[] := '{}';
	v_why record;
	v_full text;
	v_later bigint[] := '{}';
BEGIN
	FOR v IN SELECT i.id, e.played, l AS lead, voiceagent_private.fill_template(
			coalesce(v_step ->> CASE WHEN v_texts THEN 'text' ELSE 'note' END, ''),
			voiceagent_private.lead_variables(l)) AS words
		FROM unnest(ids) AS i(id)
		JOIN voiceagent.sequence_enrolments e ON e.tenant_id = v_tenant AND e.enrolment_id = i.id
		JOIN voiceagent.leads l ON l.tenant_id = v_tenant AND l.lead_id = e.lead_id ORDER BY i.id
	LOOP
		v_full := coalesce(v_full, CASE WHEN NOT v_texts THEN voiceagent_private.tasks_used_up(NULL) END);
		IF v_full IS NOT NULL THEN
			v_later := v_later || v.id;
			CONTINUE;
		END IF;
		v_done := v_done || v.id;
		IF v_texts THEN
			v_objects := v_objects || voiceagent_private.queue_text('sequence', (v.lead).phone, left(v.words, 1600),
				format('step:%s:%s', v.id, place), (v.lead).lead_id, NULL, (v_step ->> 'phone_number_id')::bigint,
				NULL, v.played);
			SELECT t.* INTO v_item FROM voiceagent.texts t
			WHERE t.tenant_id = v_tenant AND t.text_id = v_objects[cardinality(v_objects)];
			v_why := voiceagent_private.text_obstacle(v_item, v_now);
			-- A step that waits for the person's hours is judged anew when they begin.
			IF v_why.reason IS NOT NULL AND v_why.until IS NULL THEN
				PERFORM voiceagent_private.move_text(v_item, 'refused', v_why.reason);
				v_refused := v_refused || v.id;
				v_reasons := v_reasons || v_why.reason;
			END IF;
		ELSE
			v_objects := v_objects || (voiceagent_private.add_task(coalesce(v_step ->> 'kind', 'other'),
				nullif(v.words, ''), v_now + (v_step ->> 'within')::interval, v_step ->> 'priority',
				(v_step ->> 'member_id')::bigint,
				(v.lead).lead_id)).task_id;
		END IF;
	END LOOP;
	SELECT array_agg(d.id), array_agg(d.object) INTO v_done, v_objects FROM unnest(v_done, v_objects) AS d(id, object)
	WHERE d.id <> ALL (v_refused);
	PERFORM voiceagent_private.note_effects(place, v_step ->> 'do', v_done, 'done', NULL, v_objects);
	PERFORM voiceagent_private.enter_step(sequence, version.steps, v_done, (v_step ->> 'then')::integer);
	PERFORM voiceagent_private.end_refused(sequence, version, place, v_refused, v_reasons),
		voiceagent_private.wait_for_room(sequence, version, place, v_later, v_full);
END
$$;
COMMENT ON FUNCTION voiceagent_private.do_each(voiceagent.sequences, voiceagent.sequence_versions, integer, bigint[]) IS
	E'A step that writes to leads of enrolments, by the gate of texts, or makes tasks of them for people.\n'
	'PT errors: a variable without a value.';

CREATE FUNCTION voiceagent_private.do_step(sequence voiceagent.sequences, version voiceagent.sequence_versions,
	place integer, ids bigint[]) RETURNS void
	LANGUAGE plpgsql VOLATILE SET planner.policy = batch SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	v_now timestamptz := voiceagent.clock();
	v_step jsonb := version.steps -> (place - 1);
	v_played bigint[];
	v record;
BEGIN
	CASE
		WHEN v_step ->> 'do' IN ('call', 'move') THEN
			v_played := ARRAY(SELECT e.enrolment_id FROM voiceagent.sequence_enrolments e
				WHERE e.tenant_id = v_tenant AND e.enrolment_id = ANY (ids) AND e.played);
			IF voiceagent_private.is_sandbox((SELECT c.provider_account_id FROM voiceagent.campaigns c
				WHERE c.tenant_id = v_tenant AND c.campaign_id = (v_step ->> 'campaign_id')::bigint)) THEN
				UPDATE voiceagent.sequence_enrolments e SET played = true
				WHERE e.tenant_id = v_tenant AND e.enrolment_id = ANY (ids) AND NOT e.played;
			ELSIF v_played <> '{}' THEN
				PERFORM voiceagent_private.end_refused(sequence, version, place, v_played, array_fill(
					'what led here was played: it has nobody called for real'::text, ARRAY[cardinality(v_played)]));
				ids := ARRAY(SELECT i.id FROM unnest(ids) AS i(id) WHERE i.id <> ALL (v_played));
			END IF;
			IF ids <> '{}' THEN
				PERFORM voiceagent_private.do_call(sequence, version, place, ids);
			END IF;
		WHEN v_step ->> 'do' IN ('text', 'task') THEN
			PERFORM voiceagent_private.do_each(sequence, version, place, ids);
		WHEN v_step ->> 'do' = 'condition' THEN
			SELECT array_agg(x.id) FILTER (WHERE x.holds) AS yes,
				array_agg(x.id) FILTER (WHERE NOT x.holds) AS no INTO v
			FROM (SELECT i.id, voiceagent_private.step_holds(v_step -> 'if', l, e.enrolled_at, e.played) AS holds
				FROM unnest(ids) AS i(id)
				JOIN voiceagent.sequence_enrolments e ON e.tenant_id = v_tenant AND e.enrolment_id = i.id
				JOIN voiceagent.leads l ON l.tenant_id = v_tenant AND l.lead_id = e.lead_id) x;
			PERFORM voiceagent_private.note_effects(place, 'condition', v.yes, 'yes'),
				voiceagent_private.note_effects(place, 'condition', v.no, 'no'),
				voiceagent_private.enter_step(sequence, version.steps, v.yes, (v_step ->> 'then')::integer),
				voiceagent_private.enter_step(sequence, version.steps, v.no, (v_step ->> 'else')::integer);
		ELSE
			INSERT INTO voiceagent.events (tenant_id, month_slot, at, event_type, lead_id, event_data)
			SELECT v_tenant, voiceagent_private.month_slot(v_now), v_now, 'sequence_step', e.lead_id,
				jsonb_build_object('sequence_id', e.sequence_id, 'version', e.version, 'enrolment_id', e.enrolment_id,
					'run', e.run, 'step', v_step ->> 'name')
					|| CASE WHEN e.played THEN '{"played": true}'::jsonb ELSE '{}' END
			FROM unnest(ids) AS i(id)
			JOIN voiceagent.sequence_enrolments e ON e.tenant_id = v_tenant AND e.enrolment_id = i.id;
			PERFORM voiceagent_private.poke_subscribers(),
				voiceagent_private.note_effects(place, 'webhook', ids, 'done'),
				voiceagent_private.enter_step(sequence, version.steps, ids, (v_step ->> 'then')::integer);
	END CASE;
END
$$;
COMMENT ON FUNCTION voiceagent_private.do_step(voiceagent.sequences, voiceagent.sequence_versions, integer, bigint[]) IS
	E'Does a step of enrolments of the current tenant, and has them go on, in this commit.\n'
	'Errors as its kind has.';

CREATE FUNCTION voiceagent_private.try_step(sequence voiceagent.sequences, version voiceagent.sequence_versions,
	place integer, ids bigint[]) RETURNS void
	LANGUAGE plpgsql VOLATILE SET planner.policy = batch SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	v_again timestamptz := voiceagent.clock() + interval '1 minute';
	v_reason text;
	v_lost bigint[];
	c_tries CONSTANT integer := 5;
BEGIN
	BEGIN
		PERFORM voiceagent_private.do_step(sequence, version, place, ids);
		RETURN;
	EXCEPTION WHEN lock_not_available OR deadlock_detected OR query_canceled THEN
		RAISE;
	WHEN OTHERS THEN
		v_reason := SQLERRM;
		IF cardinality(ids) = 1 AND SQLSTATE LIKE 'PT4__' THEN
			PERFORM voiceagent_private.end_refused(sequence, version, place, ids, ARRAY[v_reason]);
			RETURN;
		ELSIF SQLSTATE NOT LIKE 'PT4__' THEN
			RAISE LOG 'step % of sequence % of tenant % failed: % %', place, (sequence).sequence_id, v_tenant, SQLSTATE,
				SQLERRM;
		END IF;
	END;
	IF cardinality(ids) > 1 THEN
		-- One of them may be the reason, which is not that of the others.
		PERFORM voiceagent_private.try_step(sequence, version, place, ARRAY[i.id]) FROM unnest(ids) AS i(id);
		RETURN;
	END IF;
	v_lost := ARRAY(SELECT e.enrolment_id FROM voiceagent.sequence_enrolments e
		WHERE e.tenant_id = v_tenant AND e.enrolment_id = ANY (ids) AND e.tries + 1 >= c_tries);
	UPDATE voiceagent.sequence_enrolments e SET tries = e.tries + 1
	WHERE e.tenant_id = v_tenant AND e.enrolment_id = ANY (ids);
	UPDATE voiceagent_private.sequence_turns t SET next_at = v_again
	WHERE t.tenant_id = v_tenant AND t.enrolment_id = ANY (ids);
	IF v_lost <> '{}' THEN
		PERFORM voiceagent_private.stop_enrolments(v_lost, 'failed: ' || v_reason);
	END IF;
END
$$;
COMMENT ON FUNCTION voiceagent_private.try_step(voiceagent.sequences, voiceagent.sequence_versions, integer,
	bigint[]) IS
	E'do_step(), for whom it can be done.\n'
	'A refusal is final, with the reason; any other failure is tried again after a minute, five times in all. No room '
	'now is neither: wait_for_room().';

CREATE FUNCTION voiceagent_private.take_group(sequence_id bigint, version integer, place integer, state text,
	ids bigint[]) RETURNS void
	LANGUAGE plpgsql VOLATILE SET planner.policy = batch SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_variable
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	v_s voiceagent.sequences;
	v_v voiceagent.sequence_versions;
	v_step jsonb;
	v_out bigint[];
	v record;
BEGIN
	-- A pause waits for us, or we see it.
	SELECT s.* INTO v_s FROM voiceagent.sequences s WHERE s.tenant_id = v_tenant AND s.sequence_id = sequence_id
	FOR SHARE;
	IF v_s.paused_at IS NOT NULL THEN
		UPDATE voiceagent_private.sequence_turns t SET next_at = 'infinity', parked = sequence_id
		WHERE t.tenant_id = v_tenant AND t.enrolment_id = ANY (ids);
		RETURN;
	END IF;
	SELECT o.* INTO v_v FROM voiceagent.sequence_versions o
	WHERE o.tenant_id = v_tenant AND o.sequence_id = sequence_id AND o.version = version;
	v_step := v_v.steps -> (place - 1);
	WITH moved AS (
		UPDATE voiceagent.sequence_enrolments e SET due_at = e.due_at + (v_s.shifted - e.shifted), shifted = v_s.shifted
		WHERE e.tenant_id = v_tenant AND e.enrolment_id = ANY (ids) AND e.shifted < v_s.shifted
		RETURNING e.enrolment_id, e.due_at
	), turned AS (
		UPDATE voiceagent_private.sequence_turns t SET next_at = m.due_at FROM moved m
		WHERE t.tenant_id = v_tenant AND t.enrolment_id = m.enrolment_id
	)
	SELECT array_agg(m.enrolment_id) INTO v_out FROM moved m;
	IF v_out IS NOT NULL THEN
		ids := ARRAY(SELECT i.id FROM unnest(ids) AS i(id) EXCEPT SELECT o.id FROM unnest(v_out) AS o(id));
	END IF;
	FOR v IN SELECT a.reason, array_agg(a.enrolment_id) AS ids FROM (
			SELECT l.* FROM voiceagent_private.left_alone(v_v, ids) l
			UNION ALL SELECT e.enrolment_id, 'expired: it was due in a pause' FROM voiceagent.sequence_enrolments e
			WHERE e.tenant_id = v_tenant AND e.enrolment_id = ANY (ids)
				AND e.due_at >= v_s.expire_paused_at AND e.due_at < v_s.expire_resumed_at) a
		GROUP BY a.reason ORDER BY 1
	LOOP
		PERFORM voiceagent_private.stop_enrolments(v.ids, v.reason);
		ids := ARRAY(SELECT i.id FROM unnest(ids) AS i(id) EXCEPT SELECT o.id FROM unnest(v.ids) AS o(id));
	END LOOP;
	IF cardinality(ids) = 0 THEN
		RETURN;
	ELSIF state <> 'listening' THEN
		PERFORM voiceagent_private.try_step(v_s, v_v, place, ids);
	ELSIF v_step ->> 'do' = 'wait' THEN
		PERFORM voiceagent_private.note_effects(place, 'wait', ids, 'time'),
			voiceagent_private.enter_step(v_s, v_v.steps, ids, (v_step ->> 'else')::integer);
	ELSE
		-- The campaign has not been done with them in time.
		PERFORM voiceagent_private.complete_campaigns(voiceagent_private.unqueue_leads(
			ARRAY(SELECT e.lead_id FROM voiceagent.sequence_effects f
				JOIN voiceagent.sequence_enrolments e ON e.tenant_id = v_tenant AND e.enrolment_id = f.enrolment_id
				WHERE f.tenant_id = v_tenant AND f.enrolment_id = ANY (ids) AND f.step = place AND f.result = 'done'),
			'its sequence has gone on', (v_step ->> 'campaign_id')::bigint, false));
		PERFORM voiceagent_private.enter_step(v_s, v_v.steps, ids, (v_step ->> 'then')::integer);
	END IF;
END
$$;
COMMENT ON FUNCTION voiceagent_private.take_group(bigint, integer, integer, text, bigint[]) IS
	'Has enrolments of the current tenant that are at one step of one version, due, and whose turns the caller has, '
	'judged again, and those that may take it.';

CREATE FUNCTION voiceagent_private.take_heard(max integer) RETURNS integer
	LANGUAGE plpgsql VOLATILE SET planner.policy = in_order SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	v record;
	v_e record;
	v_heard integer := 0;
BEGIN
	FOR v IN SELECT t.turn_id, t.lead_id, t.heard, t.campaign_id, t.next_at, t.played
		FROM voiceagent_private.sequence_turns t
		WHERE t.tenant_id = v_tenant AND t.lead_id IS NOT NULL ORDER BY t.turn_id LIMIT max FOR UPDATE SKIP LOCKED
	LOOP
		FOR v_e IN
			SELECT e.enrolment_id, e.state, e.step, s AS sequence, o AS version, o.steps -> (e.step - 1) AS at
			FROM voiceagent.sequence_enrolments e
			JOIN voiceagent_private.sequence_turns t ON t.tenant_id = v_tenant AND t.enrolment_id = e.enrolment_id
			JOIN voiceagent.sequences s ON s.tenant_id = v_tenant AND s.sequence_id = e.sequence_id
			JOIN voiceagent.sequence_versions o ON o.tenant_id = v_tenant AND o.sequence_id = e.sequence_id
				AND o.version = e.version
			WHERE e.tenant_id = v_tenant AND e.lead_id = v.lead_id AND e.ended_at IS NULL AND e.enrolled_at <= v.next_at
			FOR UPDATE OF t
		LOOP
			IF v_e.state = 'listening' AND (v.heard = 'ended' AND v_e.at ->> 'do' = 'call'
				AND v_e.at ->> 'campaign_id' = v.campaign_id::text OR v_e.at -> 'for' ? v.heard) THEN
				IF v_e.at ->> 'do' = 'wait' THEN
					PERFORM voiceagent_private.note_effects(v_e.step, 'wait', ARRAY[v_e.enrolment_id], 'heard',
						v.heard);
				END IF;
				IF v.played THEN
					UPDATE voiceagent.sequence_enrolments e SET played = true
					WHERE e.tenant_id = v_tenant AND e.enrolment_id = v_e.enrolment_id;
				END IF;
				PERFORM voiceagent_private.enter_step(v_e.sequence, (v_e.version).steps, ARRAY[v_e.enrolment_id],
					(v_e.at ->> 'then')::integer);
			ELSIF v.heard = ANY ((v_e.version).stop_on) THEN
				PERFORM voiceagent_private.stop_enrolments(ARRAY[v_e.enrolment_id], v.heard);
			END IF;
		END LOOP;
		IF v.heard = 'ended' THEN
			-- Its last outcome there begins other sequences.
			PERFORM voiceagent_private.enrol(s, ARRAY[v.lead_id], false, v.played)
			FROM (SELECT q AS s FROM voiceagent.campaign_leads m
				JOIN voiceagent.sequence_starts b ON b.tenant_id = v_tenant AND b.campaign_id = m.campaign_id
					AND b.outcome = m.last_outcome
				JOIN voiceagent.sequences q ON q.tenant_id = v_tenant AND q.sequence_id = b.sequence_id
					AND q.version IS NOT NULL
				WHERE m.tenant_id = v_tenant AND m.campaign_id = v.campaign_id AND m.lead_id = v.lead_id
					AND m.status IN ('completed', 'failed', 'expired')
					AND EXISTS (SELECT FROM voiceagent.leads l WHERE l.tenant_id = v_tenant AND l.lead_id = m.lead_id
						AND l.status <> 'do_not_call')
				ORDER BY q.sequence_id FOR SHARE OF q) o;
		END IF;
		DELETE FROM voiceagent_private.sequence_turns t WHERE t.tenant_id = v_tenant AND t.turn_id = v.turn_id;
		v_heard := v_heard + 1;
	END LOOP;
	RETURN v_heard;
END
$$;
COMMENT ON FUNCTION voiceagent_private.take_heard(integer) IS
	'Has what leads of the current tenant did end their enrolments, end what these wait for, or begin sequences -> how '
	'much was heard.';

CREATE FUNCTION voiceagent_private.take_resumed(max integer) RETURNS integer
	LANGUAGE plpgsql VOLATILE SET planner.policy = in_order SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	v_now timestamptz := voiceagent.clock();
	v record;
	v_unparked integer := 0;
BEGIN
	SELECT t.turn_id, t.sequence_id INTO v FROM voiceagent_private.sequence_turns t
	WHERE t.tenant_id = v_tenant AND t.next_at <= v_now AND t.sequence_id IS NOT NULL ORDER BY t.turn_id LIMIT 1
	FOR UPDATE SKIP LOCKED;
	IF NOT FOUND THEN
		RETURN 0;
	END IF;
	-- One that was paused again tells anew.
	IF EXISTS (SELECT FROM voiceagent.sequences s
		WHERE s.tenant_id = v_tenant AND s.sequence_id = v.sequence_id AND s.paused_at IS NULL) THEN
		UPDATE voiceagent_private.sequence_turns t SET next_at = v_now, parked = NULL
		WHERE t.tenant_id = v_tenant AND t.turn_id = ANY (ARRAY(SELECT o.turn_id
			FROM voiceagent_private.sequence_turns o
			WHERE o.tenant_id = v_tenant AND o.parked = v.sequence_id LIMIT max FOR UPDATE));
		GET DIAGNOSTICS v_unparked = ROW_COUNT;
	END IF;
	IF v_unparked < max THEN
		DELETE FROM voiceagent_private.sequence_turns t WHERE t.tenant_id = v_tenant AND t.turn_id = v.turn_id;
	END IF;
	RETURN v_unparked + 1;
END
$$;
COMMENT ON FUNCTION voiceagent_private.take_resumed(integer) IS
	'Has up to max enrolments that were due in a pause, of a sequence that goes on, looked at again; 0: there is none.';

CREATE FUNCTION voiceagent_private.take_steps(max integer) RETURNS timestamptz
	LANGUAGE plpgsql VOLATILE SET planner.policy = in_order SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	v_now timestamptz := voiceagent.clock();
	v record;
	v_any boolean;
BEGIN
	-- In the order of locks, before any row: steps bring leads into campaigns, and make tasks of them.
	PERFORM voiceagent_private.lock_leads(false), voiceagent_private.lock_tenant(false);
	-- People's acts come before ours.
	v_any := voiceagent_private.take_heard(max) > 0;
	IF v_any AND EXISTS (SELECT FROM voiceagent_private.sequence_turns t
			WHERE t.tenant_id = v_tenant AND t.lead_id IS NOT NULL) THEN
		RETURN NULL;
	END IF;
	v_any := voiceagent_private.take_resumed(max) > 0 OR v_any;
	FOR v IN
		WITH due AS MATERIALIZED (
			SELECT t.enrolment_id FROM voiceagent_private.sequence_turns t
			WHERE t.tenant_id = v_tenant AND t.next_at <= v_now AND t.enrolment_id IS NOT NULL
			ORDER BY t.next_at LIMIT max FOR UPDATE SKIP LOCKED
		)
		SELECT e.sequence_id, e.version, e.step, e.state, array_agg(e.enrolment_id ORDER BY e.enrolment_id) AS ids
		FROM due d
		CROSS JOIN LATERAL (SELECT o.* FROM voiceagent.sequence_enrolments o
			WHERE o.tenant_id = v_tenant AND o.enrolment_id = d.enrolment_id OFFSET 0) e
		GROUP BY e.sequence_id, e.version, e.step, e.state ORDER BY 1, 2, 3, 4
	LOOP
		v_any := true;
		PERFORM voiceagent_private.take_group(v.sequence_id, v.version, v.step, v.state, v.ids);
	END LOOP;
	-- Due rows that were skipped are locked.
	RETURN CASE WHEN NOT v_any THEN v_now + interval '1 second' END;
END
$$;
COMMENT ON FUNCTION voiceagent_private.take_steps(integer) IS
	'A tenant job: has what happened to leads of the current tenant have its effect on their sequences, and takes up '
	'to max steps that are due.';
SELECT voiceagent_private.register_tenant_job('take_steps', 100, 'sequence_turns', 'next_at');
