-- What injections.pl asks of the server: a tenant for each language, whose calls end with the turns of an item and with
-- the data that a stub of a model returns of them.  pg_temp.end_call() tells what came of it, as one JSON object.
\set QUIET on
\set VERBOSITY terse
SET client_min_messages = warning;
SET timezone = 'UTC';
CREATE EXTENSION IF NOT EXISTS voiceagent CASCADE;
\i regress/lib/inbox_setup.inc

-- The person that talks is at 1001; others are in the middle of a call, have opted out, have an appointment.
CREATE FUNCTION pg_temp.begin_language(language text, fields jsonb) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
	v_tenant bigint := voiceagent.create_tenant('Eval ' || language, 'America/New_York', 1000);
	v_campaign bigint;
	v_lead bigint;
	v_number text;
BEGIN
	PERFORM voiceagent_private.set_tenant(v_tenant);
	FOREACH v_number IN ARRAY ARRAY['1001', '1002', '1003', '1004'] LOOP
		v_lead := voiceagent.add_lead(phone => '+1212555' || v_number, first_name => 'Lead ' || v_number);
	END LOOP;
	PERFORM voiceagent.add_appointment(timestamptz '2026-03-30 09:00-04', lead_id => v_lead);
	INSERT INTO voiceagent.do_not_call_list (tenant_id, phone, reason, created_at)
	VALUES (v_tenant, '+12125551009', 'asked for it', voiceagent.clock());
	v_campaign := voiceagent.create_campaign('Calls', voiceagent.create_assistant('Ann', 'Hello {{first_name}}', 'Be kind.',
			settings => jsonb_build_object('language', language, 'extraction_fields', fields)),
		settings => '{"call_interval": 0, "max_concurrent_calls": 100}');
	PERFORM voiceagent.add_leads(v_campaign);
	PERFORM voiceagent.start_campaign(v_campaign);
	PERFORM voiceagent.set_setting('sandbox_time_scale', '1');
	PERFORM pg_temp.dial();
	RETURN v_tenant;
END
$$;

-- All that a call's own words must not change: other people's rows, and what the tenant has set.
CREATE FUNCTION pg_temp.others() RETURNS jsonb LANGUAGE sql AS $$
	SELECT jsonb_object_agg(v.name, v.found) FROM (
		SELECT 'leads' AS name, jsonb_agg(to_jsonb(l) ORDER BY l.lead_id) AS found FROM voiceagent.leads l
		WHERE l.tenant_id = voiceagent.current_tenant() AND l.phone <> '+12125551001'
		UNION ALL SELECT 'the lead itself', jsonb_agg(jsonb_build_array(l.phone, l.first_name, l.last_name, l.email)) FROM voiceagent.leads l
		WHERE l.tenant_id = voiceagent.current_tenant() AND l.phone = '+12125551001'
		UNION ALL SELECT 'campaign_leads', jsonb_agg(to_jsonb(m) ORDER BY m.lead_id) FROM voiceagent.campaign_leads m JOIN voiceagent.leads l USING (tenant_id, lead_id)
		WHERE m.tenant_id = voiceagent.current_tenant() AND l.phone <> '+12125551001'
		UNION ALL SELECT 'calls', jsonb_agg(to_jsonb(c) ORDER BY c.call_id) FROM voiceagent.calls c
		WHERE c.tenant_id = voiceagent.current_tenant() AND c.phone <> '+12125551001'
		UNION ALL SELECT 'appointments', jsonb_agg(to_jsonb(a) ORDER BY a.appointment_id) FROM voiceagent.appointments a
		WHERE a.tenant_id = voiceagent.current_tenant() AND a.call_id IS DISTINCT FROM pg_temp.call_of('1001')
		UNION ALL SELECT 'do_not_call_list', jsonb_agg(to_jsonb(d) ORDER BY d.phone) FROM voiceagent.do_not_call_list d
		WHERE d.tenant_id = voiceagent.current_tenant() AND d.phone <> '+12125551001'
		UNION ALL SELECT 'tenant', jsonb_agg(to_jsonb(t)) FROM voiceagent.tenants t WHERE t.tenant_id = voiceagent.current_tenant()
		UNION ALL SELECT 'tenant_settings', jsonb_agg(to_jsonb(s) ORDER BY s::text) FROM voiceagent_private.tenant_settings s
		WHERE s.tenant_id = voiceagent.current_tenant()
		UNION ALL SELECT 'assistants', jsonb_agg(to_jsonb(a) ORDER BY a.assistant_id) FROM voiceagent.assistants a WHERE a.tenant_id = voiceagent.current_tenant()
		UNION ALL SELECT 'assistant_versions', jsonb_agg(to_jsonb(a) ORDER BY a.version) FROM voiceagent.assistant_versions a
		WHERE a.tenant_id = voiceagent.current_tenant()
		UNION ALL SELECT 'campaigns', jsonb_agg(jsonb_build_array(c.campaign_id, c.name, c.status, c.settings)) FROM voiceagent.campaigns c
		WHERE c.tenant_id = voiceagent.current_tenant()) AS v
$$;

CREATE FUNCTION pg_temp.end_report(turns jsonb, structured jsonb) RETURNS bytea LANGUAGE sql AS $$
	SELECT convert_to(jsonb_build_object('message', jsonb_build_object('type', 'end-of-call-report', 'timestamp', 1773757200000,
		'endedReason', 'customer-ended-call', 'startedAt', '2026-03-17T14:18:00.000Z', 'endedAt', '2026-03-17T14:20:00.000Z', 'cost', 0.05,
		'analysis', jsonb_build_object('summary', 'They talked.', 'structuredData', structured, 'successEvaluation', 'true'),
		'artifact', jsonb_build_object('transcript', 'AI: Hello', 'messages', (SELECT jsonb_agg(jsonb_build_object('role',
			CASE t.value ->> 'speaker' WHEN 'assistant' THEN 'bot' ELSE 'user' END, 'message', t.value -> 'text', 'secondsFromStart', t.n) ORDER BY t.n)
			FROM jsonb_array_elements(turns) WITH ORDINALITY AS t(value, n))),
		'call', jsonb_build_object('id', a.provider_call_id, 'name', a.reference,
			'assistantOverrides', jsonb_build_object('metadata', jsonb_build_object('attempt', a.reference)))))::text, 'UTF8')
	FROM voiceagent.attempts a WHERE a.tenant_id = voiceagent.current_tenant() AND a.call_id = pg_temp.call_of('1001')
$$;

CREATE FUNCTION pg_temp.end_call(id text, turns jsonb, structured jsonb) RETURNS jsonb LANGUAGE plpgsql AS $$
DECLARE
	v_before jsonb := pg_temp.others();
	v_after jsonb;
	v_call bigint := pg_temp.call_of('1001');
BEGIN
	PERFORM pg_temp.take(pg_temp.end_report(turns, structured));
	PERFORM voiceagent_private.apply_inbox(10);
	v_after := pg_temp.others();
	RETURN (SELECT jsonb_build_object('id', end_call.id, 'outcome', c.outcome, 'data', c.structured_data, 'reading', k.reading,
		'changed', (SELECT jsonb_agg(o.key ORDER BY o.key) FROM jsonb_each(v_before) o WHERE o.value IS DISTINCT FROM v_after -> o.key),
		'opted_out', EXISTS (SELECT FROM voiceagent.do_not_call_list d WHERE d.tenant_id = c.tenant_id AND d.phone = c.phone),
		'held', EXISTS (SELECT FROM voiceagent.do_not_call_list d WHERE d.tenant_id = c.tenant_id AND d.phone = c.phone AND d.held),
		'appointment', (SELECT to_char(a.starts_at AT TIME ZONE a.timezone, 'YYYY-MM-DD"T"HH24:MI') FROM voiceagent.appointments a
			WHERE a.tenant_id = c.tenant_id AND a.call_id = c.call_id AND a.detected_by <> '{rules}'),
		'callback', (SELECT to_char(q.not_before AT TIME ZONE 'America/New_York', 'YYYY-MM-DD"T"HH24:MI') FROM voiceagent_private.call_queue q
			WHERE q.tenant_id = c.tenant_id AND q.lead_id = c.lead_id AND q.reason = 'callback'))
		FROM voiceagent.calls c LEFT JOIN voiceagent.conversations k USING (tenant_id, call_id)
		WHERE c.tenant_id = voiceagent.current_tenant() AND c.call_id = v_call);
END
$$;
