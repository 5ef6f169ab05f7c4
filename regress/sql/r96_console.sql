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
		('money', voiceagent.money_page()), ('team', voiceagent.team_page()), ('tickets', voiceagent.ticket_page()), ('figures', voiceagent.figures_page()), ('agents', voiceagent.agent_page()),
		('calendars', voiceagent.calendar_page()), ('listings', voiceagent.listing_page()), ('wallet', voiceagent.wallet_page()),
		('own_tools', voiceagent.tool_page()), ('plan', voiceagent.plan_page()), ('billing', voiceagent.billing_page()), ('accounts', voiceagent.account_page()),
		('holds', voiceagent.legal_hold_page())) AS p(page, answer)
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

UPDATE voiceagent.calls SET uncertain = 'review' WHERE call_id = :last;

-- as a session of the tenant
SET SESSION AUTHORIZATION regress_console_one;
SELECT * FROM pg_temp.pages();
SELECT t - '{now,hours,next,timezone,tenant,credits,available}'::text[] AS day FROM voiceagent.today_page() t;
SELECT c - '{call_id,lead_id,campaign_id,started_at,credits,duration_seconds}'::text[] AS call FROM jsonb_array_elements(voiceagent.call_page()) c;
SELECT jsonb_array_length(voiceagent.call_page(page_size := 2)) AS two, jsonb_array_length(voiceagent.call_page(before := :last)) AS before_the_last,
	jsonb_array_length(voiceagent.call_page(lead_id := :lead)) AS of_a_lead, jsonb_array_length(voiceagent.call_page(campaign_id := -1)) AS of_none,
	jsonb_array_length(voiceagent.call_page(page_size := -5)) AS at_least_one;
-- By mood, score, length and number, and those that last.
SELECT f.what, jsonb_array_length(f.found) FROM (VALUES ('live', voiceagent.call_page(live := true)), ('angry', voiceagent.call_page(mood := 'angry')), ('poor', voiceagent.call_page(max_score := 2)),
	('as long as that', voiceagent.call_page(min_seconds := 100000)), ('at all', voiceagent.call_page(min_seconds := 0)), ('of nobody', voiceagent.call_page(words := '(212) 555-9999'))) f(what, found);
SELECT count(*) FROM jsonb_array_elements(voiceagent.call_page()) c
WHERE c ->> 'lead_id' IS NOT NULL AND NOT voiceagent.call_page(words := regexp_replace(c ->> 'phone', '^\+1(...)(...)', '(\1) \2-')) @> jsonb_build_array(jsonb_build_object('call_id', c -> 'call_id'));
-- one without a lead is called by what it is about
SELECT voiceagent.page_appointment(jsonb_populate_record(a, '{"lead_id": null, "summary": " A visit "}')) ->> 'who' AS without_lead FROM voiceagent.appointments a ORDER BY 1 LIMIT 1;
SELECT w ->> 'who' AS who, w ->> 'status' AS status, w ->> 'local' AS local, w ->> 'timezone' AS zone FROM jsonb_array_elements(voiceagent.waiting_page() -> 'appointments') w;
-- what waits is shown as it is counted
SELECT (SELECT sum(n::integer) FROM jsonb_each_text(voiceagent.today_page() -> 'waiting') AS w(kind, n)) AS counted, (SELECT sum(jsonb_array_length(l)) FROM jsonb_each(voiceagent.waiting_page()) AS p(part, l)) AS shown;
SELECT k, jsonb_typeof(v) FROM jsonb_each(voiceagent.call_film(:call)) AS f(k, v) ORDER BY k;
SELECT f #>> '{lead,first_name}' AS lead, f ->> 'campaign' AS campaign, f #>> '{call,outcome}' AS outcome, jsonb_array_length(f -> 'turns') > 1 AS talk,
	f -> 'call' ?| '{recording_url,stereo_recording_url,transcript,tenant_id}' AS tells_too_much, jsonb_array_length(f -> 'appointments') AS appointments
FROM voiceagent.call_film(:call) f;
SELECT voiceagent.send_text(:lead, 'We come at 3.') > 0 AS written;
SELECT string_agg(concat_ws(' ', x ->> 'direction', x ->> 'status', x ->> 'body'), ', ') AS thread FROM jsonb_array_elements(voiceagent.lead_timeline(:lead)) x WHERE x ->> 'kind' = 'text';
SELECT k, jsonb_typeof(v) FROM jsonb_each(voiceagent.lead_page(:lead)) AS f(k, v) ORDER BY k;
SELECT voiceagent.lead_page(:lead) #>> '{lead,first_name}' AS lead, voiceagent.lead_page(:lead) -> 'lead' ? 'tenant_id' AS tells_too_much, (SELECT string_agg(DISTINCT x ->> 'kind', ', ' ORDER BY x ->> 'kind') FROM jsonb_array_elements(voiceagent.lead_timeline(:lead)) x) AS kinds,
	jsonb_array_length(voiceagent.lead_timeline(:lead, page_size := -1)) AS at_least_one, voiceagent.lead_timeline(:lead, '-infinity') AS before_all;
SELECT m ->> 'email' AS email FROM jsonb_array_elements(voiceagent.team_page() -> 'members') m;
SELECT voiceagent.money_page() #>> '{balance,granted}' AS granted, (voiceagent.money_page() #> '{statement,0}') - '{at,transaction_id,call_id,change,reference}'::text[] AS latest;
SELECT voiceagent.import_error_page(1) AS errors;

-- what is set up shows, with lengths in minutes
SELECT voiceagent.add_agent('Mia', '{"+1 212 555 0199"}', wrap_up := '90 seconds') AS agent \gset
SELECT voiceagent.create_calendar('Visits', slot_length := '45 minutes') AS calendar \gset
SELECT voiceagent.set_calendar_day(:calendar, (voiceagent.clock() + interval '2 days')::date, NULL, 'Closed'), voiceagent.set_calendar_day(:calendar, (voiceagent.clock() - interval '3 days')::date, NULL, 'Past');
SELECT voiceagent.set_listing_profile('services'), voiceagent.add_listing('{"name": "A visit"}', reference := 'V1') > 0 AS added;
SELECT a ->> 'name' AS name, a -> 'phones' AS phones, a -> 'wrap_up' AS wrap_up, a -> 'is_there' AS is_there FROM jsonb_array_elements(voiceagent.agent_page() -> 'agents') a;
SELECT c ->> 'name' AS name, c -> 'slot_length' AS slot, c #>> '{days,0,reason}' AS reason, jsonb_array_length(c -> 'days') AS days FROM jsonb_array_elements(voiceagent.calendar_page()) c;
SELECT l ->> 'reference' AS reference, l #>> '{attributes,name}' AS name FROM jsonb_array_elements(voiceagent.listing_page('services') -> 'listings') l;
SELECT jsonb_array_length(voiceagent.listing_page('no_such') -> 'listings') AS of_no_kind, jsonb_array_length(voiceagent.listing_page(before := 0) -> 'listings') AS before_all;

-- what is paid and by which accounts, without a key
SELECT voiceagent.set_billing_details('Ada Ltd', '1 Road', 'US'), voiceagent.add_embedded_method() > 0 AS kept;
SELECT b -> 'details' AS details, b #>> '{methods,0,shown}' AS method, b -> 'top_up' AS top_up, jsonb_array_length(b -> 'grants') AS grants FROM voiceagent.billing_page() b;
SELECT p ->> 'title' AS title, p -> 'can_be_tested' AS tested, p -> 'credentials' -> 0 ->> 'name' AS needs
FROM voiceagent.account_page() a, jsonb_array_elements(a -> 'providers') p WHERE p ->> 'provider' = 'vapi';

-- the columns of a file, also in UTF-16 and without a phone number
SELECT c ->> 'header' AS header, c ->> 'field' AS field, c -> 'samples' AS samples FROM jsonb_array_elements(voiceagent.import_columns(convert_to(E'Vorname;Tel.;Tel.;Rejected reason\nAda;1;2;\nJörg;3\n', 'UTF8')) -> 'columns') c;
SELECT c ->> 'header' AS header, c ->> 'field' AS field FROM jsonb_array_elements(voiceagent.import_columns('\xfffe41002c0042000a003100'::bytea, '{"company": "B"}', true) -> 'columns') c;
SELECT c ->> 'header' AS header, c ->> 'field' AS field FROM jsonb_array_elements(voiceagent.listing_import_columns(convert_to(E'Name,Cost,Other\nA,1,x\n', 'UTF8'), mapping := '{"price": "Cost"}') -> 'columns') c;
SELECT jsonb_array_length(voiceagent.import_columns('Phone', whole := true) -> 'fields') AS fields;
SAVEPOINT t;
SELECT voiceagent.import_columns('Pho');
ROLLBACK TO t;
SELECT voiceagent.import_columns('Phone', '{"email": "Mail"}', true);
ROLLBACK TO t;
SELECT voiceagent.import_columns('', whole := true);
ROLLBACK TO t;
-- what was wrong, page by page, of a dry run as well
SELECT (voiceagent.import_leads(E'Phone,First name\n1,A\n2,B\n3,C\n', default_country := 'US', dry_run := true)).batch_id AS dry \gset
SELECT e -> 'row_number' AS row, e ->> 'kind' AS kind FROM jsonb_array_elements(voiceagent.import_error_page(:dry, 2)) e;
SELECT e -> 'row_number' AS row, e ->> 'kind' AS kind FROM jsonb_array_elements(voiceagent.import_error_page(:dry, 2, (SELECT max(e ->> 'cursor') FROM jsonb_array_elements(voiceagent.import_error_page(:dry, 2)) e))) e;
SELECT voiceagent.import_error_page(:dry, 2, 'x');
ROLLBACK TO t;

-- another tenant
SET SESSION AUTHORIZATION regress_console_other;
SELECT page, rows FROM pg_temp.pages() WHERE rows > 0;
SELECT voiceagent.today_page() - '{now,hours,next,timezone,credits,available}'::text[] AS day;
SAVEPOINT s;
\set VERBOSITY sqlstate
SELECT voiceagent.call_film(:call);
ROLLBACK TO s;
SELECT voiceagent.lead_page(:lead);
ROLLBACK TO s;
SELECT voiceagent.lead_timeline(:lead);
RESET SESSION AUTHORIZATION;
ROLLBACK;
