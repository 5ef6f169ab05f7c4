/*
 * 96_console: what the pages of the console show, a function each.
 *
 * They are not SECURITY DEFINER: a page shows what its reader could select, under
 * the same policies. Each reads by keys, or the first rows of an index, and says
 * where it has left out what is older.
 */

CREATE FUNCTION voiceagent.page_appointment(appointment voiceagent.appointments) RETURNS jsonb
	LANGUAGE sql STABLE SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
	SELECT jsonb_build_object('appointment_id', appointment.appointment_id, 'status', appointment.status,
		'starts_at', appointment.starts_at, 'ends_at', appointment.ends_at, 'timezone', appointment.timezone,
		'local', to_char(appointment.starts_at AT TIME ZONE appointment.timezone, 'YYYY-MM-DD HH24:MI'),
		'said', appointment.said, 'summary', appointment.summary, 'detected_by', appointment.detected_by,
		'lead_id', appointment.lead_id, 'call_id', appointment.call_id, 'who', coalesce(
			(SELECT coalesce(nullif(concat_ws(' ', l.first_name, l.last_name), ''), l.phone::text)
			FROM voiceagent.leads l WHERE l.tenant_id = appointment.tenant_id AND l.lead_id = appointment.lead_id),
			nullif(btrim(appointment.summary), '')))
$$;
COMMENT ON FUNCTION voiceagent.page_appointment(voiceagent.appointments) IS
	'An appointment as the console shows it: with whom it is (what it is about, where it has no lead), and its time on '
	'the clock of its own zone (local).';

CREATE FUNCTION voiceagent.today_page() RETURNS jsonb
	LANGUAGE plpgsql STABLE SET planner.policy = in_order SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant voiceagent.tenants;
	v_now timestamptz := voiceagent.clock();
	v_day timestamptz;
	-- The latest calls: more than anybody looks at in a day, and read in milliseconds.
	c_calls constant integer := 10000;
	v_calls jsonb;
BEGIN
	SELECT * INTO v_tenant FROM voiceagent.tenants t WHERE t.tenant_id = voiceagent.current_tenant();
	v_day := date_trunc('day', v_now AT TIME ZONE v_tenant.timezone) AT TIME ZONE v_tenant.timezone;
	-- Calls of both directions.
	WITH latest AS (
		SELECT c.started_at, c.answered_at, c.ended_at FROM voiceagent.calls c
		WHERE c.tenant_id = v_tenant.tenant_id ORDER BY c.call_id DESC LIMIT c_calls
	), today AS (
		SELECT date_part('hour', l.started_at AT TIME ZONE v_tenant.timezone)::integer AS hour,
			(l.ended_at IS NOT NULL)::integer AS calls, (num_nulls(l.answered_at, l.ended_at) = 0)::integer AS answered
		FROM latest l WHERE l.started_at >= v_day
		UNION ALL
		SELECT d.value::integer, CASE d.kind WHEN 'hour' THEN d.calls ELSE 0 END,
			CASE d.kind WHEN 'hour' THEN 0 ELSE d.calls END
		FROM voiceagent.daily_labels d WHERE d.tenant_id = v_tenant.tenant_id AND d.kind LIKE 'hour%'
			AND d.day = (v_now AT TIME ZONE v_tenant.timezone)::date
	), hours AS (
		SELECT t.hour, sum(t.calls) AS calls, sum(t.answered) AS answered FROM today t GROUP BY t.hour
	)
	SELECT jsonb_build_object('calls', f.calls, 'answered', f.completed, 'appointments', f.booked,
		'opted_out', f.opt_outs, 'credits', f.credits, 'complete', (SELECT count(*) FROM today) < c_calls,
		'hours', coalesce((SELECT jsonb_agg(to_jsonb(h) ORDER BY h.hour) FROM hours h), '[]'))
	INTO v_calls FROM voiceagent_bi.today f;
	RETURN v_calls || jsonb_build_object('tenant', v_tenant.name, 'timezone', v_tenant.timezone, 'now', v_now,
		'sign_on', (SELECT s.issuer FROM voiceagent.sign_ons s WHERE s.tenant_id = v_tenant.tenant_id),
		'live', (SELECT count(*) FROM voiceagent.live_call_ids()),
		'available', (SELECT b.available FROM voiceagent.credit_balance b),
		'waiting', (SELECT coalesce(jsonb_object_agg(w.kind, w.n), '{}') FROM (SELECT r.kind, count(*) AS n
			FROM voiceagent.read_waiting() r GROUP BY r.kind) w),
		'next', (SELECT coalesce(jsonb_agg(a.appointment ORDER BY a.starts_at), '[]') FROM (
			SELECT v.starts_at, voiceagent.page_appointment(v) AS appointment FROM voiceagent.appointments v
			WHERE v.tenant_id = v_tenant.tenant_id AND v.status = 'confirmed' AND v.starts_at >= v_now
			ORDER BY v.starts_at LIMIT 5) a));
END
$$;
COMMENT ON FUNCTION voiceagent.today_page() IS
	E'The console''s first page: tenant, timezone, now; of its day, as voiceagent_bi.today has them, calls (ended), '
	'answered, appointments, opted_out, credits; hours ({hour, calls, answered}: of these); live calls, available '
	'credits, what waits by kind, the next five appointments; sign_on: its members'' provider.\n'
	'complete: false when the day has had more calls than the latest 10,000, which hours counts.';

CREATE FUNCTION voiceagent.appointment_page(before bigint DEFAULT NULL, page_size integer DEFAULT 50) RETURNS jsonb
	LANGUAGE sql STABLE SET planner.policy = in_order SET search_path = pg_catalog, pg_temp AS $$
	SELECT coalesce(jsonb_agg(voiceagent.page_appointment(a) ORDER BY a.appointment_id DESC), '[]')
	FROM (SELECT v.* FROM voiceagent.appointments v
		WHERE v.tenant_id = voiceagent.current_tenant()
			AND v.appointment_id < coalesce(appointment_page.before, 9223372036854775807)
		ORDER BY v.appointment_id DESC LIMIT least(greatest(page_size, 1), 200)) a
$$;
COMMENT ON FUNCTION voiceagent.appointment_page(bigint, integer) IS
	'Appointments, the latest agreed first; before: only those with a lower appointment_id, for the next page; '
	'page_size: 1 to 200.';

CREATE FUNCTION voiceagent.waiting_page() RETURNS jsonb
	LANGUAGE sql STABLE SET planner.policy = in_order SET search_path = pg_catalog, pg_temp AS $$
	SELECT jsonb_build_object(
		'appointments', (SELECT coalesce(jsonb_agg(voiceagent.page_appointment(a)
				|| jsonb_build_object('created_at', a.created_at) ORDER BY a.created_at), '[]')
			FROM (SELECT v.* FROM voiceagent.appointments v WHERE v.tenant_id = voiceagent.current_tenant()
				AND v.status IN ('pending', 'conflict') ORDER BY v.created_at LIMIT 2000) a),
		'tasks', (SELECT coalesce(jsonb_agg(to_jsonb(t) - 'tenant_id' ORDER BY t.due_at), '[]')
			FROM (SELECT k.* FROM voiceagent.tasks k WHERE k.tenant_id = voiceagent.current_tenant()
				AND k.finished_at IS NULL ORDER BY k.due_at LIMIT 2000) t),
		'others', (SELECT coalesce(jsonb_agg(to_jsonb(w) - '{tenant_id,settle}'::text[] ORDER BY w.since), '[]')
			FROM (SELECT r.* FROM voiceagent.read_waiting() r
				-- All but the rows of the two lists before.
				WHERE r.kind <> 'task' AND r.settle NOT LIKE '%appointment(%' ORDER BY r.since LIMIT 2000) w))
$$;
COMMENT ON FUNCTION voiceagent.waiting_page() IS
	E'Everything that waits for a person, row for row as in the view waiting: appointments, open tasks, and others.\n'
	'At most 2,000 of each, the oldest first.';

CREATE FUNCTION voiceagent.campaign_page() RETURNS jsonb
	LANGUAGE sql STABLE SET planner.policy = by_keys SET search_path = pg_catalog, pg_temp AS $$
	SELECT coalesce(jsonb_agg(to_jsonb(p) - 'tenant_id' || jsonb_build_object('calls', f.calls + p.live_calls,
		'answered_calls', f.answered, 'appointments_agreed', f.booked, 'callbacks', f.callbacks,
		'opted_out', f.opt_outs, 'credits_spent', f.credits) ORDER BY p.campaign_id DESC), '[]')
	FROM (SELECT * FROM voiceagent.campaign_progress ORDER BY campaign_id DESC LIMIT 200) p
	JOIN voiceagent_bi.campaigns f USING (campaign_id)
$$;
COMMENT ON FUNCTION voiceagent.campaign_page() IS
	'The latest 200 campaigns that are not archived, as campaign_progress has them; their calls as the view campaigns '
	'(schema voiceagent_bi) counts them, erased ones too.';

CREATE FUNCTION voiceagent.call_page(before bigint DEFAULT NULL, page_size integer DEFAULT 50,
		campaign_id bigint DEFAULT NULL, lead_id bigint DEFAULT NULL, words text DEFAULT NULL,
		outcome text DEFAULT NULL, direction text DEFAULT NULL, from_day date DEFAULT NULL,
		until_day date DEFAULT NULL, mood text DEFAULT NULL, max_score integer DEFAULT NULL,
		min_seconds integer DEFAULT NULL, live boolean DEFAULT NULL) RETURNS jsonb
	LANGUAGE plpgsql STABLE SET planner.policy = in_order SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	v_zone text := (SELECT t.timezone FROM voiceagent.tenants t WHERE t.tenant_id = voiceagent.current_tenant());
	v_before bigint := coalesce(before, 9223372036854775807);
	v_limit integer := least(greatest(page_size, 1), 200);
	v_ids bigint[];
	v_excerpts text[];
	v_found record;
	v_next bigint := before;
BEGIN
	-- Calls of both directions.
	IF live THEN
		v_ids := ARRAY(SELECT o.call_id FROM voiceagent.calls o
			WHERE o.tenant_id = v_tenant AND o.call_id < v_before AND o.ended_at IS NULL
			ORDER BY o.call_id DESC LIMIT v_limit);
	-- A number is whose it is, however it is written.
	ELSIF btrim(words) ~ '^[-+0-9() ./]{7,}$' THEN
		v_ids := ARRAY(SELECT c.call_id FROM voiceagent.lead_list(words := call_page.words, page_size := 20) l
			-- Calls of both directions.
			CROSS JOIN LATERAL (SELECT o.call_id FROM voiceagent.calls o
				WHERE o.tenant_id = v_tenant AND o.lead_id = l.lead_id AND o.call_id < v_before
				ORDER BY o.call_id DESC LIMIT v_limit) c
			ORDER BY c.call_id DESC LIMIT v_limit);
	ELSIF lead_id IS NULL AND num_nonnulls(nullif(btrim(words), ''), outcome, direction, from_day, until_day, mood,
			max_score, min_seconds) > 0 THEN
		-- Score and length are looked at behind what the search finds, until the page is full.
		LOOP
			SELECT array_agg(f.call_id ORDER BY f.call_id DESC) FILTER (WHERE f.fits) AS ids,
				array_agg(f.excerpt ORDER BY f.call_id DESC) FILTER (WHERE f.fits) AS excerpts, count(*) AS n,
				min(f.call_id) AS last INTO v_found
			FROM (SELECT s.call_id, s.excerpt, num_nonnulls(max_score, min_seconds) = 0 OR EXISTS (
					SELECT FROM voiceagent.call_facts k WHERE k.tenant_id = v_tenant AND k.call_id = s.call_id
						AND (max_score IS NULL OR k.csat <= max_score)
						AND k.talk_seconds >= coalesce(min_seconds, 0)) AS fits
				FROM voiceagent.search_calls(nullif(btrim(words), ''), direction, campaign_id, outcome,
					emotion := mood, from_time := from_day::timestamp AT TIME ZONE v_zone,
					to_time := (until_day + 1)::timestamp AT TIME ZONE v_zone, max_calls := v_limit,
					cursor := v_next) s) f;
			v_ids := v_ids || v_found.ids;
			v_excerpts := v_excerpts || v_found.excerpts;
			v_next := v_found.last;
			EXIT WHEN v_found.n < v_limit OR cardinality(v_ids) >= v_limit;
		END LOOP;
		v_ids := v_ids[:v_limit];
		v_excerpts := v_excerpts[:v_limit];
	-- Three indexes have the order, each for its own condition. Calls of both directions.
	ELSIF lead_id IS NOT NULL THEN
		v_ids := ARRAY(SELECT c.call_id FROM voiceagent.calls c WHERE c.tenant_id = v_tenant
			AND c.lead_id = call_page.lead_id AND c.call_id < v_before ORDER BY c.call_id DESC LIMIT v_limit);
	ELSIF campaign_id IS NOT NULL THEN
		v_ids := ARRAY(SELECT c.call_id FROM voiceagent.calls c WHERE c.tenant_id = v_tenant
			AND c.campaign_id = call_page.campaign_id AND c.call_id < v_before ORDER BY c.call_id DESC LIMIT v_limit);
	ELSE
		-- It has both directions.
		v_ids := ARRAY(SELECT c.call_id FROM voiceagent.calls c WHERE c.tenant_id = v_tenant
			AND c.call_id < v_before ORDER BY c.call_id DESC LIMIT v_limit);
	END IF;
	RETURN (SELECT coalesce(jsonb_agg(jsonb_build_object('call_id', c.call_id, 'direction', c.direction,
			'phone', c.phone, 'lead_id', c.lead_id, 'campaign_id', c.campaign_id,
			'campaign', (SELECT k.name FROM voiceagent.campaigns k
				WHERE k.tenant_id = v_tenant AND k.campaign_id = c.campaign_id), 'status', c.status,
			'outcome', s.outcome, 'started_at', c.started_at, 'duration_seconds', c.duration_seconds,
			'credits', c.credits, 'summary', s.summary, 'mood', m.emotion, 'score', m.csat,
			'who', nullif(concat_ws(' ', l.first_name, l.last_name), ''),
			'excerpt', i.excerpt) ORDER BY c.call_id DESC), '[]')
		FROM unnest(v_ids, v_excerpts) AS i(call_id, excerpt)
		JOIN voiceagent.calls c ON c.tenant_id = v_tenant AND c.call_id = i.call_id
		CROSS JOIN LATERAL voiceagent.call_result(c) s
		LEFT JOIN LATERAL (SELECT k.emotion, k.csat FROM voiceagent.call_facts k
			WHERE k.tenant_id = v_tenant AND k.call_id = c.call_id OFFSET 0) m ON true
		LEFT JOIN LATERAL (SELECT p.first_name, p.last_name FROM voiceagent.leads p
			WHERE p.tenant_id = v_tenant AND p.lead_id = c.lead_id OFFSET 0) l ON true);
END
$$;
COMMENT ON FUNCTION voiceagent.call_page(bigint, integer, bigint, bigint, text, text, text, date, date, text, integer,
	integer, boolean) IS
	E'Calls of both directions, the latest first; before: only those with a lower call_id, for the next page; '
	'page_size: 1 to 200.\n'
	'live: those that last. Of one lead; or of what is given of campaign, words (or a number), outcome, direction, '
	'days (the tenant''s, both included), mood, max_score (1 to 5) and min_seconds: these find ended calls, as '
	'search_calls() does, with an excerpt. PT422.';

CREATE FUNCTION voiceagent.call_film(call_id bigint) RETURNS jsonb
	LANGUAGE plpgsql STABLE SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	v_call voiceagent.calls;
	v_seconds jsonb;
BEGIN
	-- A call of either direction.
	SELECT * INTO v_call FROM voiceagent.calls c WHERE c.tenant_id = v_tenant AND c.call_id = call_film.call_id;
	IF NOT FOUND THEN
		RAISE EXCEPTION USING ERRCODE = 'PT404', MESSAGE = format('call %s not found', call_film.call_id);
	END IF;
	v_seconds := (SELECT jsonb_object_agg(o.turn, o.seconds_from_start) FROM voiceagent.conversations n
		CROSS JOIN LATERAL jsonb_to_recordset(n.turns) AS o(turn integer, seconds_from_start numeric)
		WHERE n.tenant_id = v_tenant AND n.call_id = v_call.call_id AND o.turn IS NOT NULL);
	RETURN jsonb_build_object(
		'call', to_jsonb(v_call) - '{tenant_id,transcript,recording_url,stereo_recording_url}'::text[]
			|| to_jsonb(voiceagent.call_result(v_call)), 'recorded', v_call.recording_url IS NOT NULL,
		'lead', (SELECT jsonb_build_object('lead_id', l.lead_id, 'first_name', l.first_name, 'last_name', l.last_name,
				'company', l.company, 'phone', l.phone, 'email', l.email) FROM voiceagent.leads l
			WHERE l.tenant_id = v_tenant AND l.lead_id = v_call.lead_id),
		'campaign', (SELECT k.name FROM voiceagent.campaigns k
			WHERE k.tenant_id = v_tenant AND k.campaign_id = v_call.campaign_id),
		'assistant', (SELECT a.name FROM voiceagent.assistants a
			WHERE a.tenant_id = v_tenant AND a.assistant_id = v_call.assistant_id),
		'turns', (SELECT coalesce(jsonb_agg(to_jsonb(t) - '{tenant_id,call_id}'::text[]
				|| jsonb_build_object('second', v_seconds -> t.turn::text) ORDER BY t.turn), '[]')
			FROM (SELECT * FROM voiceagent.call_turns u WHERE u.call_id = v_call.call_id ORDER BY u.turn LIMIT 500) t),
		'fields', (SELECT coalesce(jsonb_agg(to_jsonb(f) - '{tenant_id,call_id}'::text[] ORDER BY f.turn, f.name), '[]')
			FROM (SELECT * FROM voiceagent.call_fields g WHERE g.call_id = v_call.call_id LIMIT 200) f),
		'reading', (SELECT to_jsonb(r) - '{tenant_id,call_id,ai_insights}'::text[] FROM voiceagent.call_readings r
			WHERE r.call_id = v_call.call_id),
		'tools', (SELECT coalesce(jsonb_agg(jsonb_build_object('tool', o.tool, 'at', o.called_at, 'arguments',
				o.arguments, 'result', o.result, 'error', o.error, 'took_ms', o.took_ms) ORDER BY o.called_at), '[]')
			FROM (SELECT * FROM voiceagent.call_tools b WHERE b.tenant_id = v_tenant AND b.call_id = v_call.call_id
				ORDER BY b.called_at LIMIT 200) o),
		'times', (SELECT coalesce(jsonb_agg(to_jsonb(m) - '{tenant_id,call_id,ended_at}'::text[] ORDER BY m.turn), '[]')
			FROM voiceagent.turn_times m WHERE m.tenant_id = v_tenant AND m.call_id = v_call.call_id),
		'events', (SELECT coalesce(jsonb_agg(jsonb_build_object('at', e.at, 'event_type', e.event_type)
				|| CASE WHEN e.event_type = 'media_engine_failed' THEN jsonb_build_object('vendor',
					e.event_data ->> 'provider', 'engine', e.event_data ->> 'engine', 'why', e.event_data ->> 'why')
					ELSE '{}' END ORDER BY e.at, e.event_id), '[]')
			FROM (SELECT * FROM voiceagent.call_events h WHERE h.call_id = v_call.call_id LIMIT 200) e),
		'checks', (SELECT coalesce(jsonb_agg(to_jsonb(x)), '[]') FROM voiceagent.explain_call(v_call.call_id) x),
		'appointments', (SELECT coalesce(jsonb_agg(voiceagent.page_appointment(p)), '[]') FROM voiceagent.appointments p
			WHERE p.tenant_id = v_tenant AND p.call_id = v_call.call_id));
END
$$;
COMMENT ON FUNCTION voiceagent.call_film(bigint) IS
	E'A call from its dial to its settlement: call, recorded (recording_link() makes it heard), lead, campaign, '
	'assistant, turns (second: of the talk), fields (each with the words that prove it), reading, tools, times (what '
	'answers took, where we held the call), events, checks (explain_call()), appointments.\n'
	'PT404 for an unknown call.';
