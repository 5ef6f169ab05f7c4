-- The pages of the console: each shows its reader's tenant and nobody else's, to a viewer as to an owner, and bounds what it reads.
\set VERBOSITY terse
\set SHOW_CONTEXT never
SET client_min_messages = warning;
\set ECHO none
\i lib/inbox_setup.inc
\set ECHO all
CREATE FUNCTION pg_temp.pages() RETURNS TABLE (page text, keys text, rows bigint) LANGUAGE sql AS $$
	SELECT p.page, (SELECT string_agg(k, ' ' ORDER BY k) FROM jsonb_object_keys(CASE WHEN jsonb_typeof(p.answer) = 'object' THEN p.answer ELSE p.answer -> 0 END) k),
		CASE WHEN jsonb_typeof(p.answer) = 'array' THEN jsonb_array_length(p.answer) END
	FROM (VALUES ('today', voiceagent.today_page()), ('waiting', voiceagent.waiting_page()), ('campaigns', voiceagent.campaign_page()), ('calls', voiceagent.call_page()),
		('appointments', voiceagent.appointment_page()), ('imports', voiceagent.import_page()), ('incoming', voiceagent.incoming_page()), ('assistants', voiceagent.assistant_page()),
		('money', voiceagent.money_page()), ('team', voiceagent.team_page()), ('figures', voiceagent.figures_page())) AS p(page, answer)
$$;

BEGIN;
SELECT pg_temp.begin_calls('Console', ARRAY['5001', '5002', '5003']) AS tenant \gset
SELECT voiceagent.create_member(:tenant, 'owner@console.example', 'correct horse') \gset
SELECT pg_temp.dial();
SELECT pg_temp.take(
	pg_temp.webhook('5001', 'report', 'customer-ended-call', 60, '{"appointment": {"booked": true, "date": "2026-11-23", "time": "10:00"}}'),
	pg_temp.webhook('5003', 'report', 'customer-ended-call', 30, '{"interest": "none"}'));
SELECT voiceagent_private.apply_inbox(10);
SELECT voiceagent.create_tenant('Console of another') AS other \gset
CREATE ROLE regress_console_one LOGIN;
CREATE ROLE regress_console_other LOGIN;
SELECT voiceagent_private.set_tenant(0) \gset
SELECT count(voiceagent.map_role(r, t)) FROM (VALUES ('regress_console_one'::name, :tenant), ('regress_console_other', :other)) AS m(r, t);
SELECT min(call_id) AS call, max(call_id) AS last, min(lead_id) AS lead FROM voiceagent.calls WHERE tenant_id = :tenant \gset

-- as a session of the tenant
SET SESSION AUTHORIZATION regress_console_one;
SELECT * FROM pg_temp.pages();
SELECT t - '{now,hours,next,timezone,tenant,credits,available}'::text[] AS day FROM voiceagent.today_page() t;
SELECT c - '{call_id,lead_id,campaign_id,started_at,credits,duration_seconds}'::text[] AS call FROM jsonb_array_elements(voiceagent.call_page()) c;
SELECT jsonb_array_length(voiceagent.call_page(page_size := 2)) AS two, jsonb_array_length(voiceagent.call_page(before := :last)) AS before_the_last,
	jsonb_array_length(voiceagent.call_page(lead_id := :lead)) AS of_a_lead, jsonb_array_length(voiceagent.call_page(campaign_id := -1)) AS of_none,
	jsonb_array_length(voiceagent.call_page(page_size := -5)) AS at_least_one;
SELECT w ->> 'who' AS who, w ->> 'status' AS status, w ->> 'local' AS local, w ->> 'timezone' AS zone FROM jsonb_array_elements(voiceagent.waiting_page() -> 'appointments') w;
SELECT k, jsonb_typeof(v) FROM jsonb_each(voiceagent.call_film(:call)) AS f(k, v) ORDER BY k;
SELECT f #>> '{lead,first_name}' AS lead, f ->> 'campaign' AS campaign, f #>> '{call,outcome}' AS outcome, jsonb_array_length(f -> 'turns') > 1 AS talk,
	f -> 'call' ?| '{recording_url,stereo_recording_url,transcript,tenant_id}' AS tells_too_much, jsonb_array_length(f -> 'appointments') AS appointments
FROM voiceagent.call_film(:call) f;
SELECT m ->> 'email' AS email FROM jsonb_array_elements(voiceagent.team_page() -> 'members') m;
SELECT voiceagent.money_page() #>> '{balance,granted}' AS granted, (voiceagent.money_page() #> '{statement,0}') - '{at,transaction_id,call_id,change,reference}'::text[] AS latest;
SELECT voiceagent.import_error_page(1) AS errors;

-- another tenant
SET SESSION AUTHORIZATION regress_console_other;
SELECT page, rows FROM pg_temp.pages() WHERE rows > 0;
SELECT voiceagent.today_page() - '{now,hours,next,timezone,credits,available}'::text[] AS day;
SAVEPOINT s;
\set VERBOSITY sqlstate
SELECT voiceagent.call_film(:call);
ROLLBACK TO s;
RESET SESSION AUTHORIZATION;
ROLLBACK;
