/*
 * 94_prompt_test: calls that never leave.  In a subtransaction that is rolled
 * back, a tenant of its own dials the scripted callers with the version that is
 * tested; its carrier is the rehearsal.  The claim, the report's way in, the
 * outcome, the appointment and the opt-out are those of every call, so what they
 * come to learn next is tested without a change here.
 */

CREATE FUNCTION voiceagent_private.rehearsed_reports(talks text[], reference_texts text[], phones text[],
	provider_call_ids text[], endpoint_id bigint, at timestamptz, OUT event_keys text[], OUT bodies bytea[],
	OUT events voiceagent_private.read_event[])
	RETURNS record LANGUAGE c VOLATILE STRICT AS 'MODULE_PATHNAME', 'va_sql_rehearsed_reports';
COMMENT ON FUNCTION
	voiceagent_private.rehearsed_reports(text[], text[], text[], text[], bigint, timestamptz) IS
	'The reports with which a carrier would tell of these talks, which end at that time, as take_webhooks() takes '
	'them.';

CREATE TYPE voiceagent_private.staged_call AS (
	n integer,
	setup jsonb,
	talk jsonb,
	end_state jsonb
);
COMMENT ON TYPE voiceagent_private.staged_call IS
	'A call of stage_calls(): its place, what its talk was set up with, the talk, and what the call came to.';

CREATE FUNCTION voiceagent_private.stage_campaign(copies voiceagent_private.table_copy[], assistant_id bigint,
	version integer, people jsonb[], variables text[], at timestamptz, seed bigint, short_seconds text,
	OUT lead_ids bigint[], OUT endpoint_id bigint)
	LANGUAGE plpgsql VOLATILE SET planner.policy = batch SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_variable
DECLARE
	v_tenant bigint;
	v_campaign voiceagent.campaigns;
	c_settings CONSTANT jsonb := '{"max_concurrent_calls": 1000, "call_interval": 0, "retry_attempts": 3,
		"breaker_failure_rate": 0, "number_cooldown": 0, "retry_delay_incoming": 0,
		"calling_hours": {"start": "00:00", "end": "24:00"}}';
BEGIN
	PERFORM voiceagent_private.begin_simulation(at, abs(seed % 1000000), -1, '{0,0,0,0,0}');
	v_tenant := voiceagent_private.make_simulated_tenant('test', 'UTC', 1000000000);
	FOR i IN 1 .. cardinality(copies) LOOP
		PERFORM voiceagent_private.insert_copied_rows(copies[i], v_tenant);
	END LOOP;
	UPDATE voiceagent.assistants a SET version = version, active = true, archived_at = NULL
	WHERE a.tenant_id = v_tenant AND a.assistant_id = assistant_id;
	PERFORM voiceagent_private.provision_provider();
	SELECT min(e.endpoint_id) INTO endpoint_id FROM voiceagent.webhook_endpoints e WHERE e.tenant_id = v_tenant;
	WITH made AS (
		INSERT INTO voiceagent.leads (tenant_id, phone, first_name, country, timezones, context, created_at)
		SELECT v_tenant, f.prefix || lpad((f.first + p.n)::text, f.digits, '0'),
			p.person #>> '{variables,first_name}', f.country, ARRAY[f.timezone],
			coalesce((SELECT jsonb_object_agg(v, replace(v, '_', ' ')) FROM unnest(variables) v), '{}')
				|| coalesce(p.person -> 'variables', '{}'), at
		FROM unnest(people) WITH ORDINALITY AS p(person, n)
		-- Numbers that the plans of these countries leave unassigned, or give to mobiles; they are never dialled.
		JOIN (VALUES ('es', '+346', 10000000, 8, 'ES', 'Europe/Madrid'), ('fr', '+336', 39980000, 8, 'FR',
			'Europe/Paris'), ('de', '+4915', 200000000, 9, 'DE', 'Europe/Berlin'), ('en', '+1212', 2000000, 7, 'US',
			'America/New_York')) AS f(language, prefix, first, digits, country, timezone)
			ON f.language = CASE WHEN p.person ->> 'language' IN ('es', 'fr', 'de') THEN p.person ->> 'language'
				ELSE 'en' END
		ORDER BY p.n
		RETURNING lead_id
	)
	SELECT array_agg(m.lead_id ORDER BY m.lead_id) INTO lead_ids FROM made m;
	PERFORM voiceagent_private.relist(lead_ids);
	v_campaign := voiceagent_private.make_campaign('test', assistant_id, 'sales',
		c_settings || jsonb_build_object('unfinished_call_seconds', short_seconds), NULL);
	INSERT INTO voiceagent.campaign_leads (tenant_id, campaign_id, lead_id, added_at)
	SELECT v_tenant, v_campaign.campaign_id, l, at FROM unnest(lead_ids) l;
	v_campaign := voiceagent_private.lock_campaign(v_campaign.campaign_id);
	PERFORM voiceagent_private.run_campaign(v_campaign, 'campaign_started', true);
END
$$;
COMMENT ON FUNCTION voiceagent_private.stage_campaign(voiceagent_private.table_copy[], bigint, integer, jsonb[],
	text[], timestamptz, bigint, text) IS
	'Begins a simulation at that time in which a campaign with this version of an assistant, copied, calls a lead for '
	'each of the people (language, variables); returns these leads in that order, and where reports come in.';

CREATE FUNCTION voiceagent_private.staged_end(lead_ids bigint[]) RETURNS TABLE (lead_id bigint, end_state jsonb)
	LANGUAGE plpgsql STABLE SET planner.policy = by_keys SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	c_usual CONSTANT text[] := '{appointment,callback,interest,do_not_call,wrong_number,qualified}';
BEGIN
	RETURN QUERY SELECT i.id, jsonb_build_object(
		-- The outcome that the words name, for a person to decide, is the one that the caller wanted.
		'outcome', coalesce(w.speak_of, c.outcome), 'call', CASE WHEN c.call_id IS NOT NULL THEN jsonb_build_object(
			'status', c.status, 'cause', c.cause, 'machine', c.machine, 'evaluation', c.evaluation,
			'duration_seconds', c.duration_seconds,
			'interest', c.structured_data -> 'interest') END,
		'lead', jsonb_build_object('status', l.status, 'reason', l.status_reason, 'qualified', l.qualified,
			'follow_up', l.follow_up, 'campaign_status', m.status, 'campaign_reason', m.reason),
		'appointments', coalesce(a.rows, '[]'), 'callback', coalesce(k.callback, CASE WHEN w.speak_of = 'callback'
			THEN jsonb_build_object('date', left(w.named, 10), 'time', substr(w.named, 12, 5)) END),
		'do_not_call', EXISTS (SELECT FROM voiceagent.do_not_call_list d
			WHERE d.tenant_id = v_tenant AND d.phone = l.phone AND NOT d.held),
		'fields', coalesce(c.structured_data, '{}') - c_usual)
	FROM unnest(lead_ids) AS i(id)
	JOIN voiceagent.leads l ON l.tenant_id = v_tenant AND l.lead_id = i.id
	LEFT JOIN voiceagent.campaign_leads m ON m.tenant_id = v_tenant AND m.lead_id = i.id
	LEFT JOIN voiceagent.calls c ON c.tenant_id = v_tenant AND c.lead_id = i.id AND c.direction <> 'inbound'
	LEFT JOIN LATERAL (SELECT voiceagent_private.words_speak_of(o.reading) AS speak_of,
			o.reading #>> '{time,reading}' AS named FROM voiceagent.conversations o
		WHERE o.tenant_id = v_tenant AND o.call_id = c.call_id AND c.uncertain IN ('acted', 'review')) w ON true
	-- That another rehearsal has the slot is no conflict.
	LEFT JOIN LATERAL (SELECT jsonb_agg(jsonb_build_object(
			'status', CASE o.status WHEN 'conflict' THEN 'pending' ELSE o.status::text END,
			'date', to_char(o.starts_at AT TIME ZONE o.timezone, 'YYYY-MM-DD'),
			'time', to_char(o.starts_at AT TIME ZONE o.timezone, 'HH24:MI'), 'timezone', o.timezone, 'said', o.said)
			ORDER BY o.starts_at) AS rows
		FROM voiceagent.appointments o WHERE o.tenant_id = v_tenant AND o.call_id = c.call_id) a ON true
	LEFT JOIN LATERAL (SELECT jsonb_build_object(
			'date', to_char(q.not_before AT TIME ZONE l.timezones[1], 'YYYY-MM-DD'),
			'time', to_char(q.not_before AT TIME ZONE l.timezones[1], 'HH24:MI')) AS callback
		FROM voiceagent_private.call_queue q
		WHERE q.tenant_id = v_tenant AND q.campaign_id = m.campaign_id AND q.lead_id = i.id
			AND q.reason = 'callback') k ON true;
END
$$;
COMMENT ON FUNCTION voiceagent_private.staged_end(bigint[]) IS
	'The results of the calls of these leads of the simulated tenant: outcome, call, lead, appointments (local date '
	'and time), callback, do_not_call, and fields, all else that was read in the talk.';

CREATE FUNCTION voiceagent_private.stage_batch(people jsonb[], talks jsonb[], lead_ids bigint[], endpoint_id bigint,
	prepare boolean) RETURNS SETOF voiceagent_private.staged_call
	LANGUAGE plpgsql VOLATILE SET planner.policy = batch SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	-- As long as a call that is reported lasts at most, and the next are claimed after it.
	v_at timestamptz := voiceagent.clock() + interval '30 minutes';
	v record;
	v_reports record;
	c_batch CONSTANT integer := 100;
	c_silence CONSTANT jsonb := '{"turns": [{"speaker": "assistant", "text": "-"}], "ended_by": "limit", "data": {}}';
BEGIN
	SELECT array_agg(p.n ORDER BY c.attempt_id) AS ns, array_agg(c.lead_id ORDER BY c.attempt_id) AS leads,
		array_agg(c.attempt_id ORDER BY c.attempt_id) AS attempts, array_agg(c.reference ORDER BY c.attempt_id) AS refs,
		array_agg(c.phone ORDER BY c.attempt_id) AS phones, array_agg('test-' || p.n ORDER BY c.attempt_id) AS ids,
		array_agg(jsonb_build_object('first_message', c.first_message, 'system_prompt', c.system_prompt,
			'settings', c.assistant_settings, 'variables', c.variables, 'language', people[p.n] -> 'language',
			'assistant', people[p.n] -> 'assistant',
			'seed', people[p.n] -> 'seed', 'lines', people[p.n] -> 'lines', 'faults', people[p.n] -> 'faults')
			ORDER BY c.attempt_id) AS setups
	INTO v
	FROM voiceagent_private.claim_calls(c_batch) c
	CROSS JOIN LATERAL (SELECT array_position(lead_ids, c.lead_id) AS n) p;
	IF v.ns IS NULL THEN
		RETURN;
	END IF;
	FOR i IN 1 .. cardinality(v.ns) LOOP
		talks[v.ns[i]] := CASE WHEN prepare THEN c_silence ELSE
			coalesce(talks[v.ns[i]], voiceagent_private.rehearse(v.setups[i]::text)::jsonb) END;
	END LOOP;
	PERFORM voiceagent_private.record_dials(v.attempts, array_fill('accepted'::text, ARRAY[cardinality(v.ns)]), v.ids,
		array_fill(NULL::text, ARRAY[cardinality(v.ns)]), array_fill(201, ARRAY[cardinality(v.ns)]),
		array_fill(NULL::text, ARRAY[cardinality(v.ns)]), array_fill(0, ARRAY[cardinality(v.ns)]));
	PERFORM voiceagent_private.drive_clock(v_at);
	SELECT r.* INTO v_reports FROM voiceagent_private.rehearsed_reports(
		ARRAY(SELECT talks[n]::text FROM unnest(v.ns) WITH ORDINALITY AS u(n, place) ORDER BY u.place), v.refs,
		v.phones, v.ids, endpoint_id, v_at) r;
	PERFORM voiceagent_private.take_webhooks(array_fill(endpoint_id, ARRAY[cardinality(v.ns)]), v_reports.event_keys,
		array_fill('{}'::jsonb, ARRAY[cardinality(v.ns)]), v_reports.bodies, v_reports.events);
	RETURN QUERY SELECT u.n::integer, v.setups[u.place], talks[u.n], e.end_state
	FROM unnest(v.ns) WITH ORDINALITY AS u(n, place)
	JOIN voiceagent_private.staged_end(v.leads) e ON e.lead_id = lead_ids[u.n];
END
$$;
COMMENT ON FUNCTION voiceagent_private.stage_batch(jsonb[], jsonb[], bigint[], bigint, boolean) IS
	'Claims some of the calls of a staged campaign, lets their talks take place (those that are given, else with the '
	'embedded model; prepare: none, only the setups are wanted), has them reported, and returns what they came to; '
	'no row: there are no more.';

CREATE FUNCTION voiceagent_private.stage_calls(assistant_id bigint, version integer, people jsonb[], talks jsonb[],
	seed bigint, prepare boolean) RETURNS SETOF voiceagent_private.staged_call
	LANGUAGE plpgsql VOLATILE SET planner.policy = simulation SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_variable
DECLARE
	v_copies voiceagent_private.table_copy[];
	v_variables text[];
	v_short text := voiceagent_private.setting_text('unfinished_call_seconds');
	-- Read this before the simulation starts: its tenant has no answers.
	v_assistant jsonb := voiceagent_private.talker_assistant(assistant_id, version, NULL);
	v_stage record;
	v_calls voiceagent_private.staged_call[] := '{}';
	v_batch voiceagent_private.staged_call[];
	-- A Tuesday on which no clock changes: the same test says the same on every day.
	c_at CONSTANT timestamptz := '2030-01-08 15:00:00+00';
BEGIN
	IF v_assistant ->> 'direction' = 'inbound' THEN
		RETURN QUERY SELECT p.n::integer, p.person, to_jsonb(s) - 'end_state', s.end_state
			FROM unnest(people) WITH ORDINALITY AS p(person, n)
			CROSS JOIN LATERAL voiceagent_private.stage_incoming(assistant_id, version, p.person || jsonb_build_object(
				'first_message', (voiceagent_private.named_version(assistant_id, version)).first_message)) s;
		RETURN;
	END IF;
	people := ARRAY(SELECT p.person || jsonb_build_object('assistant', v_assistant)
		FROM unnest(people) WITH ORDINALITY AS p(person, n) ORDER BY p.n);
	v_copies := ARRAY[
		voiceagent_private.copy_rows('voiceagent.assistants', 't.assistant_id = $2', assistant_id, NULL),
		voiceagent_private.copy_rows('voiceagent.assistant_versions', 't.assistant_id = $2', assistant_id, NULL)];
	v_variables := (SELECT v.variables FROM voiceagent.assistant_versions v
		WHERE v.tenant_id = voiceagent.current_tenant() AND v.assistant_id = assistant_id AND v.version = version);
	BEGIN
		v_stage := voiceagent_private.stage_campaign(v_copies, assistant_id, version, people, v_variables, c_at, seed,
			v_short);
		LOOP
			v_batch := ARRAY(SELECT s FROM voiceagent_private.stage_batch(people, talks, v_stage.lead_ids,
				v_stage.endpoint_id, prepare) s);
			EXIT WHEN cardinality(v_batch) = 0;
			v_calls := v_calls || v_batch;
		END LOOP;
		RAISE EXCEPTION USING ERRCODE = 'VA000', MESSAGE = 'the rehearsal is over';
	EXCEPTION WHEN SQLSTATE 'VA000' THEN
		NULL;
	END;
	RETURN QUERY SELECT c.* FROM unnest(v_calls) c ORDER BY c.n;
END
$$;
COMMENT ON FUNCTION voiceagent_private.stage_calls(bigint, integer, jsonb[], jsonb[], bigint, boolean) IS
	'Has a version of an assistant of the current tenant call these people ({"language", "seed", "lines", "faults", '
	'"variables"}), or a receptionist be called by them, in a simulation '
	'that is rolled back, and returns what each call came to, as stage_batch().';

CREATE FUNCTION voiceagent_private.stage_incoming(assistant_id bigint, version integer, setup jsonb,
	OUT turns jsonb, OUT used jsonb, OUT ended_by text, OUT end_state jsonb)
	LANGUAGE plpgsql VOLATILE SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	v_account bigint := coalesce(voiceagent_private.default_account(), (SELECT min(a.provider_account_id)
		FROM voiceagent.provider_accounts a WHERE a.tenant_id = v_tenant));
	v_number voiceagent.phone_numbers;
	v_call bigint;
BEGIN
	-- The calendar is that of the number that it answers.
	SELECT n.* INTO v_number FROM voiceagent.phone_numbers n
	WHERE n.tenant_id = v_tenant AND n.ai_assistant_id = stage_incoming.assistant_id AND n.is_active
	ORDER BY n.phone_number_id LIMIT 1;
	BEGIN
		v_call := nextval('voiceagent.calls_call_id_seq');
		INSERT INTO voiceagent.call_inbound (tenant_id, call_id, provider_account_id, provider_call_id, phone_number_id,
			answer, plan, started_at)
		VALUES (v_tenant, v_call, v_account, 'staged', v_number.phone_number_id, 'rehearsed', '{"kind": "rehearsed"}',
			voiceagent.clock());
		INSERT INTO voiceagent.calls (tenant_id, call_id, direction, phone, assistant_id, assistant_version,
			provider_account_id, provider_call_id, status, counts, started_at, answered_at)
		OVERRIDING SYSTEM VALUE
		VALUES (v_tenant, v_call, 'inbound', '+12025550143', assistant_id, version, v_account, 'staged', 'in_progress',
			false, voiceagent.clock(), voiceagent.clock());
		SELECT r.turns, r.used, r.ended_by INTO turns, used, ended_by
		FROM voiceagent_private.rehearse_talk(v_call, setup) r;
		end_state := jsonb_build_object('appointments', (SELECT coalesce(jsonb_agg(jsonb_build_object(
				'status', o.status,
				'date', to_char(o.starts_at AT TIME ZONE o.timezone, 'YYYY-MM-DD'),
				'time', to_char(o.starts_at AT TIME ZONE o.timezone, 'HH24:MI'), 'timezone', o.timezone, 'said', o.said)
				ORDER BY o.starts_at), '[]')
			FROM voiceagent.appointments o WHERE o.tenant_id = v_tenant AND o.call_id = v_call),
			'do_not_call', EXISTS (SELECT FROM voiceagent.do_not_call_list d
				WHERE d.tenant_id = v_tenant AND d.call_id = v_call),
			-- A tool's effects come after the call: here it counts that the tool took it.
			'tools', (SELECT coalesce(jsonb_object_agg(k.tool, k.n), '{}')
				FROM (SELECT u ->> 'tool' AS tool, count(*) AS n FROM jsonb_array_elements(used) u
					WHERE NOT (u ->> 'failed')::boolean GROUP BY 1) k));
		RAISE EXCEPTION USING ERRCODE = 'VA000', MESSAGE = 'the rehearsal is over';
	EXCEPTION WHEN SQLSTATE 'VA000' THEN
		NULL;
	END;
END
$$;
COMMENT ON FUNCTION voiceagent_private.stage_incoming(bigint, integer, jsonb) IS
	'Has the caller of a setup (sandbox/rehearsal.h) call a version of an assistant of the current tenant, with its '
	'tools, calendar and listings, and rolls all of it back: turns, tools, who ended it, and the end state.';
