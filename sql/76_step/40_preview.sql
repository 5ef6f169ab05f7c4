-- 76_step: what would happen with a lead, in a clock that runs ahead.

CREATE FUNCTION voiceagent_private.foresee_step(step jsonb, lead voiceagent.leads, at timestamptz, OUT what text,
	OUT reason text)
	LANGUAGE plpgsql STABLE SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := lead.tenant_id;
	v_item voiceagent.texts;
	v_until timestamptz;
	v_standing record;
BEGIN
	what := step ->> 'do';
	IF what IN ('call', 'move') THEN
		SELECT c.status, c.archived_at, m.status AS member, m.reason INTO v_standing FROM voiceagent.campaigns c
		LEFT JOIN voiceagent.campaign_leads m ON m.tenant_id = v_tenant AND m.campaign_id = c.campaign_id
			AND m.lead_id = lead.lead_id
		WHERE c.tenant_id = v_tenant AND c.campaign_id = (step ->> 'campaign_id')::bigint;
		reason := CASE WHEN v_standing IS NULL THEN 'no such campaign'
			WHEN v_standing.archived_at IS NOT NULL THEN 'the campaign is archived'
			WHEN v_standing.member IN ('completed', 'failed', 'expired') THEN 'the campaign has called it before'
			WHEN v_standing.member = 'skipped' THEN v_standing.reason END;
		what := format('%s: joins campaign %s (%s)', what, step ->> 'campaign_id', v_standing.status);
	ELSIF what = 'text' THEN
		v_item.tenant_id := v_tenant;
		v_item.kind := 'sequence';
		v_item.phone := lead.phone;
		v_item.lead_id := lead.lead_id;
		v_item.phone_number_id := coalesce((step ->> 'phone_number_id')::bigint, (SELECT min(s.phone_number_id)
			FROM voiceagent.text_senders s WHERE s.tenant_id = v_tenant AND s.state = 'registered'));
		SELECT o.reason, o.until INTO reason, v_until FROM voiceagent_private.text_obstacle(v_item, at) o;
		what := 'text: ' || voiceagent_private.fill_template(step ->> 'text', voiceagent_private.lead_variables(lead))
			|| CASE WHEN v_until IS NULL THEN '' ELSE format(' (waits until %s: %s)', v_until, reason) END;
		reason := CASE WHEN v_until IS NULL THEN reason END;
	ELSIF what = 'task' THEN
		what := 'task: ' || voiceagent_private.fill_template(coalesce(step ->> 'note', step ->> 'kind', ''),
			voiceagent_private.lead_variables(lead))
			|| coalesce(' (waits for room: ' || voiceagent_private.tasks_used_up(NULL) || ')', '');
	END IF;
EXCEPTION WHEN SQLSTATE 'PT422' THEN
	reason := SQLERRM;
END
$$;
COMMENT ON FUNCTION voiceagent_private.foresee_step(jsonb, voiceagent.leads, timestamptz) IS
	'The effect that a step would have on a lead at a time, by today''s data; reason: why it would be refused.';

CREATE FUNCTION voiceagent.preview_sequence(sequence_id bigint, lead_id bigint, heard text[] DEFAULT '{}')
	RETURNS TABLE (step integer, name text, at timestamptz, what text, reason text)
	LANGUAGE plpgsql STABLE SECURITY DEFINER SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_variable
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	v_now timestamptz := voiceagent.clock();
	v_draft jsonb := (SELECT s.draft FROM voiceagent.sequences s
		WHERE s.tenant_id = v_tenant AND s.sequence_id = sequence_id);
	v_lead voiceagent.leads;
	v_steps jsonb;
	v_step jsonb;
	v_holds boolean;
BEGIN
	SELECT l.* INTO v_lead FROM voiceagent.leads l WHERE l.tenant_id = v_tenant AND l.lead_id = lead_id;
	PERFORM voiceagent_private.fail_if(v_draft IS NULL, 'PT404', format('sequence %s does not exist', sequence_id)),
		voiceagent_private.fail_if(NOT FOUND, 'PT404', format('lead %s does not exist', lead_id)),
		voiceagent_private.fail_if(heard IS NULL OR NOT heard <@ '{replied,called,booked}', 'PT422',
			'heard has replied, called and booked, or none of these');
	v_steps := voiceagent_private.read_steps(v_draft -> 'steps');
	at := v_now;
	step := 1;
	WHILE step > 0 LOOP
		v_step := v_steps -> (step - 1);
		name := v_step ->> 'name';
		at := at + coalesce(v_step ->> 'after', '0')::interval;
		SELECT f.what, f.reason INTO what, reason FROM voiceagent_private.foresee_step(v_step, v_lead, at) f;
		IF v_lead.status = 'do_not_call' OR EXISTS (SELECT FROM voiceagent.do_not_call_list d
			WHERE d.tenant_id = v_tenant AND d.phone = v_lead.phone) THEN
			reason := 'opted out';
		END IF;
		v_holds := CASE what WHEN 'condition' THEN voiceagent_private.step_holds(v_step -> 'if', v_lead, v_now)
			WHEN 'wait' THEN v_step -> 'for' ?| heard END;
		what := what || CASE WHEN v_holds IS NULL THEN '' WHEN what = 'wait' THEN CASE WHEN v_holds THEN ': it is heard'
			ELSE ': nothing is heard' END WHEN v_holds THEN ': yes' ELSE ': no' END;
		RETURN NEXT;
		EXIT WHEN reason = 'opted out' OR reason IS NOT NULL AND coalesce(v_step ->> 'refused', 'stop') = 'stop';
		-- A call takes as long as it may at most, and a wait in which nothing is heard its whole time.
		IF v_step ->> 'do' = 'call' OR v_step ->> 'do' = 'wait' AND NOT coalesce(v_holds, false) THEN
			at := at + (v_step ->> 'within')::interval;
		END IF;
		step := (v_step ->> CASE WHEN v_step ->> 'do' IN ('condition', 'wait') AND NOT coalesce(v_holds, false)
			THEN 'else' ELSE 'then' END)::integer;
	END LOOP;
END
$$;
COMMENT ON FUNCTION voiceagent.preview_sequence(bigint, bigint, text[]) IS
	E'Shows what the draft of a sequence would do with a lead that is enrolled now, in a clock that runs ahead, and '
	'why a step would be refused.\n'
	'Nothing is written. heard: what is taken to happen in waits (replied, called, booked). Conditions are evaluated '
	'as of now. PT404; PT422 for a draft that cannot be published.';
