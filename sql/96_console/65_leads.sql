-- 96_console: the page of one lead, and what happened with that person.

CREATE FUNCTION voiceagent.lead_timeline(lead_id bigint, before timestamptz DEFAULT NULL, page_size integer DEFAULT 50)
	RETURNS jsonb LANGUAGE sql STABLE SET planner.policy = by_keys SET search_path = pg_catalog, pg_temp AS $$
	WITH lead AS (
		SELECT l.* FROM voiceagent.leads l
		WHERE l.tenant_id = voiceagent.current_tenant() AND l.lead_id = lead_timeline.lead_id
	), things AS (
		SELECT 'call' AS kind, c.started_at AS at, jsonb_build_object('call_id', c.call_id, 'direction', c.direction,
			'status', c.status, 'outcome', s.outcome, 'summary', s.summary, 'seconds', c.duration_seconds) AS thing
		FROM lead l
		-- Calls of both directions; the result is asked only of those of the page.
		CROSS JOIN LATERAL (SELECT * FROM voiceagent.calls o
			WHERE o.tenant_id = l.tenant_id AND o.lead_id = l.lead_id
				AND o.started_at < coalesce(lead_timeline.before, 'infinity')
			ORDER BY o.started_at DESC FETCH FIRST (least(greatest(page_size, 1), 200)) ROWS WITH TIES) c
		CROSS JOIN LATERAL voiceagent.call_result(c) s
		UNION ALL
		SELECT 'text', x.created_at, jsonb_build_object('text_id', x.text_id, 'direction', CASE WHEN x.inbound THEN
			'inbound' ELSE 'outbound' END, 'body', x.body, 'status', x.status, 'reason', x.reason)
		FROM lead l
		CROSS JOIN LATERAL (SELECT * FROM voiceagent.texts o
			WHERE o.tenant_id = l.tenant_id AND o.lead_id = l.lead_id
				AND o.created_at < coalesce(lead_timeline.before, 'infinity')
			ORDER BY o.created_at DESC FETCH FIRST (least(greatest(page_size, 1), 200)) ROWS WITH TIES) x
		UNION ALL
		SELECT 'appointment', a.starts_at, voiceagent.page_appointment(a)
		FROM lead l JOIN voiceagent.appointments a ON a.tenant_id = l.tenant_id AND a.lead_id = l.lead_id
		UNION ALL
		SELECT 'task', coalesce(t.finished_at, t.due_at), jsonb_build_object('task', t.kind, 'note', t.note,
			'finished_at', t.finished_at, 'by', t.finished_by)
		FROM lead l JOIN voiceagent.tasks t ON t.tenant_id = l.tenant_id AND t.lead_id = l.lead_id
		UNION ALL
		SELECT 'consent', s.granted_at, jsonb_build_object('to', s.kind, 'source', s.source, 'wording', s.wording,
			'revoked_at', s.revoked_at)
		FROM lead l JOIN voiceagent.consents s ON s.tenant_id = l.tenant_id AND s.lead_id = l.lead_id
		UNION ALL
		SELECT CASE WHEN d.held THEN 'held' ELSE 'do_not_call' END, d.created_at, jsonb_build_object('reason', d.reason,
			'quote', d.quote, 'call_id', d.call_id, 'phone', d.phone)
		FROM lead l JOIN voiceagent.do_not_call_list d ON d.tenant_id = l.tenant_id AND d.phone IN (SELECT l.phone
			UNION ALL SELECT n.phone FROM voiceagent.lead_numbers n
			WHERE n.tenant_id = l.tenant_id AND n.lead_id = l.lead_id)
		UNION ALL
		SELECT 'campaign', m.added_at, jsonb_build_object('campaign_id', m.campaign_id, 'name', c.name)
		FROM lead l JOIN voiceagent.campaign_leads m ON m.tenant_id = l.tenant_id AND m.lead_id = l.lead_id
		JOIN voiceagent.campaigns c ON c.tenant_id = m.tenant_id AND c.campaign_id = m.campaign_id
		UNION ALL
		SELECT 'added', l.created_at, jsonb_build_object('batch_id', l.batch_id) FROM lead l
	)
	SELECT coalesce(jsonb_agg(jsonb_build_object('kind', t.kind, 'at', t.at) || t.thing ORDER BY t.at DESC), '[]')
	FROM (SELECT * FROM things o WHERE o.at < coalesce(lead_timeline.before, 'infinity')
		-- Events of one instant stay on one page.
		ORDER BY o.at DESC FETCH FIRST (least(greatest(page_size, 1), 200)) ROWS WITH TIES) t
$$;
COMMENT ON FUNCTION voiceagent.lead_timeline(bigint, timestamptz, integer) IS
	E'The history of a lead, the latest first and things to come before it: {kind (call, text, appointment, task, '
	'consent, held, do_not_call, campaign, added), at, and what the kind has}.\n'
	'before: only what was earlier, for the next page; page_size: 1 to 200, and what shares the last instant. An '
	'unknown lead has nothing.';

CREATE FUNCTION voiceagent.lead_page(lead_id bigint) RETURNS jsonb
	LANGUAGE plpgsql STABLE SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_lead voiceagent.leads;
BEGIN
	SELECT * INTO v_lead FROM voiceagent.leads l
	WHERE l.tenant_id = voiceagent.current_tenant() AND l.lead_id = lead_page.lead_id;
	IF NOT FOUND THEN
		RAISE EXCEPTION USING ERRCODE = 'PT404', MESSAGE = format('lead %s not found', lead_page.lead_id);
	END IF;
	RETURN jsonb_build_object(
		'lead', to_jsonb(v_lead) - '{tenant_id,list_class,name_key,enrichment}'::text[],
		'numbers', (SELECT coalesce(jsonb_agg(jsonb_build_object('number', n.number, 'phone', n.phone)
				ORDER BY n.number), '[]') FROM voiceagent.lead_numbers n
			WHERE n.tenant_id = v_lead.tenant_id AND n.lead_id = v_lead.lead_id),
		'may_call', NOT EXISTS (SELECT FROM voiceagent.do_not_call_list d
			WHERE d.tenant_id = v_lead.tenant_id AND d.phone = v_lead.phone),
		'may_text', EXISTS (SELECT FROM voiceagent.text_senders s
			WHERE s.tenant_id = v_lead.tenant_id AND s.state = 'registered'),
		'campaigns', (SELECT coalesce(jsonb_agg(jsonb_build_object('campaign_id', c.campaign_id, 'name', c.name,
				'status', m.status, 'reason', m.reason, 'attempts', m.attempts, 'not_before', m.not_before)
				ORDER BY c.campaign_id DESC), '[]')
			FROM voiceagent.campaign_leads m
			JOIN voiceagent.campaigns c ON c.tenant_id = m.tenant_id AND c.campaign_id = m.campaign_id
			WHERE m.tenant_id = v_lead.tenant_id AND m.lead_id = v_lead.lead_id),
		'consents', (SELECT coalesce(jsonb_agg(jsonb_build_object('consent_id', s.consent_id, 'to', s.kind, 'phone',
				s.phone, 'source', s.source, 'wording', s.wording, 'granted_at', s.granted_at)
				ORDER BY s.granted_at DESC), '[]')
			FROM (SELECT * FROM voiceagent.consents c WHERE c.tenant_id = v_lead.tenant_id
				AND c.lead_id = v_lead.lead_id AND c.revoked_at IS NULL ORDER BY c.granted_at DESC LIMIT 20) s),
		'timeline', voiceagent.lead_timeline(v_lead.lead_id));
END
$$;
COMMENT ON FUNCTION voiceagent.lead_page(bigint) IS
	E'A lead as the console shows it.\n'
	'lead (with context, the further columns of its file), its further numbers, may_call (its first number is on no '
	'list), may_text (a number of yours is registered for texts), campaigns with where it stands in each, consents '
	'that hold (the latest 20), timeline as lead_timeline() has it; callable_hours() has the hours of the law. PT404.';
