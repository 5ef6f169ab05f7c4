/*
 * 90_report: one place for what waits for a person.  Each kind is found by an
 * index of its own rows that wait, so that the view costs as much as there is
 * to do.
 */

CREATE FUNCTION voiceagent_private.waiting_faults()
	RETURNS TABLE (kind text, since timestamptz, what text, settle text)
	LANGUAGE plpgsql STABLE AS $$
BEGIN
	RETURN QUERY (SELECT 'tool', t.disabled_at, format('tool %s is switched off: %s', t.name, t.last_error),
		format('SELECT voiceagent.update_tool(%L);', t.name)
	FROM voiceagent.own_tools t
	WHERE t.tenant_id = voiceagent.current_tenant() AND t.disabled_at IS NOT NULL ORDER BY t.name)
	UNION ALL SELECT 'calendar', c.since, c.what, c.settle FROM voiceagent_private.calendars_unread() c
	UNION ALL SELECT 'calendar', c.since, c.what, c.settle FROM voiceagent_private.calendars_unwritten() c
	UNION ALL SELECT 'sign_on', d.asked_at, 'the identity provider gives no usable answer: members cannot log in there',
		'SELECT voiceagent.drop_sign_on();'
	FROM voiceagent_private.sign_on_documents d WHERE d.tenant_id = voiceagent.current_tenant()
		AND coalesce(d.discovered_at, '-infinity') < d.asked_at
	UNION ALL SELECT 'number', n.since, n.what, format('SELECT voiceagent.end_number_rest(%s);', n.phone_number_id)
	FROM voiceagent_private.resting_numbers() n;
END
$$;
COMMENT ON FUNCTION voiceagent_private.waiting_faults() IS
	'Faults of the current tenant that lie with others: tools of its own, calendars elsewhere, its identity provider, '
	'numbers that are answered too seldom.';

CREATE FUNCTION voiceagent_private.waiting_campaigns()
	RETURNS TABLE (kind text, since timestamptz, campaign_id bigint, lead_id bigint, call_id bigint, what text,
		quote text, settle text)
	LANGUAGE plpgsql STABLE SET planner.policy = in_order SET search_path = pg_catalog, pg_temp AS $$
BEGIN
	RETURN QUERY SELECT 'campaign', coalesce(f.confirmed_at, c.started_at), c.campaign_id, NULL::bigint, NULL::bigint,
		format('%s: %s', c.name, p.suspended), NULL::text,
		format('SELECT voiceagent.confirm_campaign(%s, %L);', c.campaign_id, c.name)
	FROM voiceagent_private.pacing p
	JOIN voiceagent.campaigns c ON c.tenant_id = p.tenant_id AND c.campaign_id = p.campaign_id AND c.status = 'running'
	LEFT JOIN voiceagent.campaign_confirmations f ON f.tenant_id = p.tenant_id AND f.campaign_id = p.campaign_id
	WHERE p.tenant_id = voiceagent.current_tenant() AND p.suspended LIKE 'not confirmed%'
	UNION ALL
	SELECT 'sequence', s.paused_at, NULL, NULL, NULL, s.name || ' is paused, with leads in it', NULL,
		format('SELECT voiceagent.resume_sequence(%s);', s.sequence_id)
	FROM voiceagent.sequences s
	WHERE s.tenant_id = voiceagent.current_tenant() AND s.paused_at IS NOT NULL
		AND EXISTS (SELECT FROM voiceagent.sequence_enrolments e WHERE e.tenant_id = s.tenant_id
			AND e.sequence_id = s.sequence_id AND e.ended_at IS NULL)
	UNION ALL
	SELECT 'sequence', e.since, NULL, NULL, NULL,
		format('%s: %s leads wait for room: %s', s.name, e.leads, f.says), NULL,
		format('SELECT voiceagent.finish_task(%s, ''what came of it'');', (SELECT t.task_id FROM voiceagent.tasks t
			WHERE t.tenant_id = s.tenant_id AND t.finished_at IS NULL AND t.kind <> 'promise'
			ORDER BY t.due_at LIMIT 1))
	FROM (SELECT o.sequence_id, count(*) AS leads, min(o.no_room_since) AS since
		FROM voiceagent.sequence_enrolments o
		WHERE o.tenant_id = voiceagent.current_tenant() AND o.no_room_since IS NOT NULL GROUP BY 1) e
	JOIN voiceagent.sequences s ON s.tenant_id = voiceagent.current_tenant() AND s.sequence_id = e.sequence_id
	CROSS JOIN LATERAL (SELECT voiceagent_private.tasks_used_up(NULL) AS says WHERE e.leads > 0 OFFSET 0) f
	WHERE f.says IS NOT NULL
	UNION ALL
	SELECT 'campaign', m.added_at, c.campaign_id, NULL, NULL,
		c.name || ': leads are brought into it, and it is a draft', NULL,
		format('SELECT voiceagent.start_campaign(%s);', c.campaign_id)
	FROM (SELECT o.tenant_id, o.campaign_id, o.name FROM voiceagent.campaigns o
		WHERE o.tenant_id = voiceagent.current_tenant() AND o.status = 'draft' AND (EXISTS (
			SELECT FROM voiceagent.follow_ups f
			WHERE f.tenant_id = o.tenant_id AND f.target_campaign_id = o.campaign_id)
			OR EXISTS (SELECT FROM voiceagent_private.sequence_targets t
				WHERE t.tenant_id = o.tenant_id AND t.campaign_id = o.campaign_id)
			OR EXISTS (SELECT FROM voiceagent.intakes i
				WHERE i.tenant_id = o.tenant_id AND i.campaign_id = o.campaign_id)) OFFSET 0 /* first */) c
	CROSS JOIN LATERAL (SELECT o.added_at FROM voiceagent.campaign_leads o
		WHERE o.tenant_id = c.tenant_id AND o.campaign_id BETWEEN c.campaign_id AND c.campaign_id
			AND o.status = 'pending'
		ORDER BY o.campaign_id, o.lead_id LIMIT 1) m
	UNION ALL
	-- A row of the future has not waited.
	SELECT 'law', voiceagent.clock(), p.campaign_id, NULL, NULL, p.name || ': ' || a.change, NULL,
		format('SELECT voiceagent.preview_campaign(%s);', p.campaign_id)
	FROM (SELECT c.campaign_id, c.name, array_agg(DISTINCT l.region) AS regions
		FROM voiceagent_private.lanes l
		JOIN voiceagent.campaigns c ON c.tenant_id = l.tenant_id AND c.campaign_id = l.campaign_id
		JOIN voiceagent.campaign_versions v ON v.tenant_id = c.tenant_id AND v.campaign_id = c.campaign_id
			AND v.version = c.version AND v.lawful
		WHERE l.tenant_id = voiceagent.current_tenant() AND l.running
			AND EXISTS (SELECT FROM voiceagent_private.law_ahead(NULL, voiceagent.clock()))
		GROUP BY 1, 2) p
	CROSS JOIN LATERAL voiceagent_private.law_ahead(p.regions, voiceagent.clock()) AS a(change)
	UNION ALL
	SELECT 'consents', voiceagent.clock(), p.campaign_id, NULL, NULL,
		p.name || ', its next 1000 leads: ' || e.says, NULL,
		format('SELECT voiceagent.preview_campaign(%s);', p.campaign_id)
	FROM (SELECT c.tenant_id, c.campaign_id, c.name, array_agg(l.lane_id) AS lanes
		FROM voiceagent_private.jurisdiction_terms j
		JOIN voiceagent_private.lanes l ON l.tenant_id = voiceagent.current_tenant() AND l.running
			AND l.region = j.jurisdiction
		JOIN voiceagent.campaigns c ON c.tenant_id = l.tenant_id AND c.campaign_id = l.campaign_id
		JOIN voiceagent.campaign_versions v ON v.tenant_id = c.tenant_id AND v.campaign_id = c.campaign_id
			AND v.version = c.version AND v.lawful
		WHERE j.special ? 'consent_valid' GROUP BY 1, 2, 3) p
	CROSS JOIN LATERAL (SELECT voiceagent_private.consents_ending(ARRAY(SELECT q.lead_id
		FROM voiceagent_private.call_queue q WHERE q.tenant_id = p.tenant_id AND q.lane_id = ANY (p.lanes) LIMIT 1000),
		voiceagent.clock()) AS says) e WHERE e.says IS NOT NULL;
END
$$;
COMMENT ON FUNCTION voiceagent_private.waiting_campaigns() IS
	'Campaigns and sequences of the current tenant whose leads wait for a person: not confirmed, paused, without '
	'room, or drafts with leads of follow-ups, sequences or intakes; and those for which the law is about to change, '
	'or consents end.';
INSERT INTO voiceagent_private.registrations (kind, name) VALUES ('waiting', 'waiting_campaigns');

CREATE FUNCTION voiceagent_private.waiting_things(callbacks boolean DEFAULT true)
	RETURNS TABLE (kind text, since timestamptz, campaign_id bigint, lead_id bigint, call_id bigint, what text,
		quote text, settle text)
	LANGUAGE plpgsql STABLE SET planner.policy = by_keys SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	v_now timestamptz := voiceagent.clock();
	v_name text;
	-- The oldest ones: the next come when these are settled.
	c_uncertain CONSTANT integer := 1000;
BEGIN
	RETURN QUERY
	SELECT 'hold', h.since, c.campaign_id, c.lead_id, h.call_id, format('%s: %s', h.numbers, h.reason), h.quote,
		format('SELECT voiceagent.release_holds(ARRAY[%s], ''why''); -- or SELECT voiceagent.do_not_call(%L, ''why'');',
			h.call_id, h.phone)
	FROM (SELECT d.call_id, min(d.created_at) AS since, min(d.reason) AS reason, min(d.quote) AS quote,
			min(d.phone::text) AS phone, string_agg(d.phone::text, ', ' ORDER BY d.phone::text) AS numbers
		FROM voiceagent.do_not_call_list d WHERE d.tenant_id = v_tenant AND d.held GROUP BY d.call_id) h
	-- Calls of both directions.
	LEFT JOIN LATERAL (SELECT o.campaign_id, o.lead_id FROM voiceagent.calls o
		WHERE o.tenant_id = v_tenant AND o.call_id = h.call_id OFFSET 0) c ON true;
	RETURN QUERY
	SELECT 'hold', s.stopped_at, NULL::bigint, t.lead_id, NULL::bigint,
		format('%s: what it wrote may be an opt-out', s.phone), t.body,
		format('SELECT voiceagent.release_text_stop(%1$L, ''why''); -- or '
			'SELECT voiceagent.do_not_call(%1$L, ''why'');', s.phone)
	FROM voiceagent.text_stops s LEFT JOIN voiceagent.texts t ON t.tenant_id = v_tenant AND t.text_id = s.text_id
	WHERE s.tenant_id = v_tenant AND s.source = 'doubt' AND s.lifted_at IS NULL AND NOT EXISTS (
		SELECT FROM voiceagent.do_not_call_list d WHERE d.tenant_id = v_tenant AND d.phone = s.phone AND NOT d.held)
	ORDER BY s.stopped_at LIMIT c_uncertain;
	RETURN QUERY
	SELECT CASE a.status WHEN 'conflict' THEN 'conflict' ELSE 'appointment' END, a.created_at, c.campaign_id, a.lead_id,
		a.call_id, format('%s%s%s', to_char(a.starts_at AT TIME ZONE a.timezone, 'YYYY-MM-DD HH24:MI '), a.timezone,
			CASE WHEN a.status = 'conflict' THEN CASE a.conflict_reason WHEN 'day_full' THEN ': the day is full'
					WHEN 'nobody' THEN ': none of the people is there'
					WHEN 'closed' THEN ': the calendar is closed then'
					WHEN 'notice' THEN ': it is too soon' WHEN 'horizon' THEN ': it is too far ahead'
					WHEN 'step' THEN ': no appointment starts then' ELSE ': the time is taken' END
				WHEN a.detected_by = '{rules}' THEN ': uncertain, only rules read it in the words' ELSE '' END), a.said,
		CASE a.status WHEN 'conflict'
			THEN format('SELECT voiceagent.move_appointment(%s, ''another time'');', a.appointment_id)
			ELSE format('SELECT voiceagent.confirm_appointment(%1$s); -- or SELECT voiceagent.reject_appointment(%1$s, '
				'''why'');', a.appointment_id) END
	FROM voiceagent.appointments a
	LEFT JOIN LATERAL (SELECT o.campaign_id FROM voiceagent.calls o
		WHERE o.tenant_id = v_tenant AND o.call_id = a.call_id OFFSET 0) c ON true
	WHERE a.tenant_id = v_tenant AND a.status IN ('pending', 'conflict');
	RETURN QUERY
	SELECT 'unresolved call', u.since, c.campaign_id, c.lead_id, u.call_id, u.reason, NULL::text,
		format('SELECT voiceagent.resolve_call(%s, placed => true); -- or false', u.call_id)
	FROM voiceagent.unresolved_calls u JOIN voiceagent.calls c ON c.tenant_id = v_tenant AND c.call_id = u.call_id
	WHERE u.tenant_id = v_tenant AND u.resolved_at IS NULL;
	RETURN QUERY
	SELECT 'task', t.created_at, c.campaign_id, t.lead_id, t.call_id, concat_ws(', ',
			replace(t.kind, '_', ' ') || CASE WHEN t.kind <> 'promise' THEN ''
				WHEN t.promise = 'tool' THEN ' of a tool that failed' ELSE ' to ' || t.promise END
			|| CASE WHEN t.due_at <= v_now THEN ' overdue since ' ELSE ' due at ' END
				|| to_char(t.due_at AT TIME ZONE voiceagent_private.tenant_zone(), 'YYYY-MM-DD HH24:MI'),
			t.contact_name, t.contact_phone::text),
		t.note, format('SELECT voiceagent.finish_task(%1$s, ''what came of it'');'
			|| CASE WHEN t.promise IS NOT NULL
				THEN ' -- or SELECT voiceagent.finish_task(%1$s, ''why not'', kept => false);' ELSE '' END, t.task_id)
	FROM voiceagent.tasks t
	LEFT JOIN LATERAL (SELECT o.campaign_id FROM voiceagent.calls o
		WHERE o.tenant_id = v_tenant AND o.call_id = t.call_id OFFSET 0) c ON true
	WHERE t.tenant_id = v_tenant AND t.finished_at IS NULL;
	FOR v_name IN SELECT r.name FROM voiceagent_private.registrations r WHERE r.kind = 'waiting' ORDER BY r.name LOOP
		-- A name of ours.  @plpgsql_check_options: security_warnings = off
		RETURN QUERY EXECUTE format('SELECT * FROM voiceagent_private.%I()', v_name);
	END LOOP;
	RETURN QUERY
	SELECT CASE WHEN k.conflict IS NULL THEN 'uncertain outcome' ELSE 'conflict' END, u.ended_at, u.campaign_id,
		u.lead_id, u.call_id, coalesce(k.conflict, k.claimed, left(u.summary, 300), CASE WHEN NOT k.is_read
			THEN 'nobody could read the words: their language has no table'
			ELSE 'only rules read the words' END), NULL::text,
		format('SELECT voiceagent.accept_outcomes(ARRAY[%1$s], ''why''); -- or SELECT voiceagent.correct_call(%1$s, '
			'''why'', outcome => ''interested'');', u.call_id)
	-- Calls of both directions.
	FROM (SELECT c.call_id, c.ended_at, c.started_at, c.campaign_id, c.lead_id, c.summary FROM voiceagent.calls c
		WHERE c.tenant_id = v_tenant AND c.uncertain = 'review' ORDER BY c.call_id LIMIT c_uncertain) u
	LEFT JOIN LATERAL (SELECT (SELECT string_agg(format('%s: %s, %s by another author', f.value ->> 'name',
				coalesce((f.value ->> 'tool') || ' by a tool in the call', (f.value ->> 'words') || ' by the words'),
				f.value ->> 'other'), '; ' ORDER BY f.n)
			FROM jsonb_array_elements(o.reading -> 'conflict') WITH ORDINALITY AS f(value, n)) AS conflict,
			(SELECT left('a model says, and no table of the language can verify: ' || string_agg(format('%s %s',
				f.value ->> 'name', f.value ->> 'value'), ', ' ORDER BY f.n), 300)
			FROM jsonb_array_elements(CASE WHEN o.reading ? 'unread' THEN o.reading -> 'fields' END)
				WITH ORDINALITY AS f(value, n)
			WHERE f.value ->> 'origin' = 'model' AND f.value -> 'counts' = 'false') AS claimed,
			o.reading IS NOT NULL AND NOT o.reading ? 'unread' AS is_read
		FROM voiceagent.conversations o WHERE o.tenant_id = v_tenant AND o.call_id = u.call_id
			AND o.month_slot = voiceagent_private.month_slot(u.started_at) OFFSET 0) k ON true;
	RETURN QUERY SELECT o.kind, o.since, NULL::bigint, NULL::bigint, NULL::bigint, o.what, NULL::text, o.settle
	FROM voiceagent_private.waiting_faults() o;
	IF callbacks THEN
		RETURN QUERY SELECT * FROM voiceagent_private.waiting_callbacks();
	END IF;
END
$$;
COMMENT ON FUNCTION voiceagent_private.waiting_things(boolean) IS
	'The rows of the view waiting for the current tenant; callbacks: late ones, too, at the cost of a look at all.';

CREATE FUNCTION voiceagent.read_waiting()
	RETURNS TABLE (tenant_id bigint, kind text, since timestamptz, campaign_id bigint, lead_id bigint, call_id bigint,
		who text, what text, quote text, settle text)
	LANGUAGE sql STABLE SECURITY DEFINER ROWS 100 SET search_path = pg_catalog, pg_temp AS $$
	SELECT voiceagent.current_tenant(), w.kind, w.since, w.campaign_id, w.lead_id, w.call_id,
		(SELECT coalesce(nullif(concat_ws(' ', l.first_name, l.last_name), ''), l.phone::text) FROM voiceagent.leads l
			WHERE l.tenant_id = voiceagent.current_tenant() AND l.lead_id = w.lead_id), w.what, w.quote, w.settle
	FROM voiceagent_private.waiting_things() w
$$;
COMMENT ON FUNCTION voiceagent.read_waiting() IS 'The rows of the view waiting.';

CREATE VIEW voiceagent.waiting WITH (security_invoker = on) AS
SELECT * FROM voiceagent.read_waiting();
COMMENT ON VIEW voiceagent.waiting IS
	E'Everything that waits for a person, with the statement that settles it: holds, appointments to confirm and in '
	'conflict, campaigns to confirm, start or free, sequences, unresolved calls, open tasks, answered tickets, low '
	'balances, approvals, law, consents that end, uncertain outcomes, tools, calendars, numbers, late callbacks.\n'
	'health() has their number, campaign_progress.waiting_since the oldest.';
COMMENT ON COLUMN voiceagent.waiting.kind IS
	'hold (an opt-out in doubt), appointment, conflict (an appointment without a slot, or a tool''s deed that another '
	'author denies), campaign (to confirm, start or free), sequence (paused, full), unresolved call, '
	'task, ticket (answered), low balance, approval (of spending), law, consents (end), uncertain outcome, tool (off), '
	'calendar (followed: not read, or it clashes), number (rests), late callback.';
COMMENT ON COLUMN voiceagent.waiting.since IS 'Since when it waits.';
COMMENT ON COLUMN voiceagent.waiting.who IS 'The lead, by name or number; NULL: it is none of the tenant''s, or gone.';
COMMENT ON COLUMN voiceagent.waiting.what IS 'The matter to settle, in words.';
COMMENT ON COLUMN voiceagent.waiting.quote IS 'The words that it is about; NULL: none.';
COMMENT ON COLUMN voiceagent.waiting.settle IS 'A statement that settles it, to be completed with your reason.';

CREATE FUNCTION voiceagent.oldest_waiting() RETURNS TABLE (campaign_id bigint, since timestamptz)
	LANGUAGE sql STABLE SECURITY DEFINER ROWS 10 SET search_path = pg_catalog, pg_temp AS $$
	SELECT w.campaign_id, min(w.since) FROM voiceagent_private.waiting_things(false) w
	WHERE w.campaign_id IS NOT NULL GROUP BY w.campaign_id
$$;
COMMENT ON FUNCTION voiceagent.oldest_waiting() IS
	'Since when the oldest thing of the view waiting waits, late callbacks apart, for each campaign that has any.';
