-- Settings, the do-not-call list, webhooks, reports, the week and billing as the console shows them: of the reader's tenant alone, and as SQL has them.
\set VERBOSITY terse
\set SHOW_CONTEXT never
SET client_min_messages = warning;
\set ECHO none
\i lib/inbox_setup.inc
\set ECHO all
BEGIN;
SELECT pg_temp.begin_calls('Settings page', ARRAY['5001', '5002', '5003']) AS tenant \gset
SELECT pg_temp.dial();
SELECT pg_temp.take(
	pg_temp.webhook('5001', 'report', 'customer-ended-call', 60, '{"appointment": {"booked": true, "date": "2026-11-23", "time": "10:00"}}'),
	pg_temp.webhook('5003', 'report', 'customer-ended-call', 30, '{"interest": "none"}'));
SELECT voiceagent_private.apply_inbox(10);
SELECT voiceagent.create_tenant('Settings page of another') AS other \gset
CREATE ROLE regress_settings_one LOGIN;
CREATE ROLE regress_settings_other LOGIN;
SELECT voiceagent_private.set_tenant(0) \gset
SELECT voiceagent.map_role('regress_settings_one', :tenant), voiceagent.map_role('regress_settings_other', :other);
SELECT min(campaign_id) AS c FROM voiceagent.campaigns WHERE tenant_id = :tenant \gset

SET SESSION AUTHORIZATION regress_settings_one;
SELECT k, jsonb_typeof(v) FROM jsonb_each(voiceagent.settings_page()) AS f(k, v) ORDER BY k;
SELECT voiceagent.set_setting('retry_delay_busy', '45 minutes'), voiceagent.set_setting('retention_mails', '90 days');
SELECT key, value FROM jsonb_each(voiceagent.settings_page() -> 'settings') WHERE key IN ('retry_delay_busy', 'retention_mails', 'ring_timeout') ORDER BY key;
SELECT count(*) AS settings, count(*) FILTER (WHERE NOT EXISTS (SELECT FROM voiceagent.settings s WHERE s.key = e.key AND 'tenant' = ANY (s.levels))) AS not_ours FROM jsonb_each(voiceagent.settings_page() -> 'settings') e;
SELECT voiceagent.do_not_call('+12125550181', 'a letter'), voiceagent.do_not_call('+12125550182', 'Said so to Ann');
SELECT jsonb_array_length(voiceagent.stop_page()) AS all_of_them, s ->> 'phone' AS by_digits, voiceagent.stop_page('ANN') #>> '{0,phone}' AS by_words, voiceagent.stop_page('nobody') AS none, voiceagent.stop_page(before := '-infinity') AS before_all,
	jsonb_array_length(voiceagent.stop_page(page_size := -3)) > 0 AS at_least_one, s ->> 'source' AS source FROM jsonb_array_elements(voiceagent.stop_page('212 555-0181')) s;
-- of a list that came at one instant a page is a page, and the next one goes on behind it
SELECT voiceagent.import_do_not_call((SELECT string_agg('+1212556' || n, E'\n') FROM generate_series(1001, 1450) n)) ->> 'listed' AS listed;
SELECT jsonb_array_length(voiceagent.stop_page(page_size := 2147483647)) AS at_most;
WITH RECURSIVE pages AS (SELECT voiceagent.stop_page() AS page UNION ALL SELECT n FROM pages p, voiceagent.stop_page(before := (p.page #>> '{-1,created_at}')::timestamptz, before_phone := p.page #>> '{-1,phone}') n WHERE p.page <> '[]')
SELECT count(*) AS pages, max(jsonb_array_length(p.page)) AS longest, (SELECT count(DISTINCT d ->> 'phone') FROM pages q, jsonb_array_elements(q.page) d) = (SELECT count(*) FROM voiceagent.do_not_call_list) AS whole FROM pages p;
SELECT voiceagent.webhook_page() AS webhooks;
SELECT voiceagent.set_account_rate(max(provider_account_id), 0.02, 'USD', '+1') > 0 AS set FROM voiceagent.provider_accounts;
SELECT r - '{rate_id,since,account}'::text[] AS rate FROM jsonb_array_elements(voiceagent.settings_page() -> 'rates') r;

-- a report is what the views have, and compares with as many days before
SELECT k, jsonb_typeof(v) FROM jsonb_each(voiceagent.report_page()) AS f(k, v) ORDER BY k;
SELECT r #> '{now,calls}' = o -> 'total_calls' AS calls, r -> 'outcomes' = o -> 'outcomes' AS outcomes, jsonb_array_length(r -> 'days') AS days, (SELECT sum((d ->> 'calls')::int) FROM jsonb_array_elements(r -> 'days') d) = (o ->> 'total_calls')::int AS by_day,
	(SELECT sum((h ->> 'calls')::int) FROM jsonb_array_elements(r -> 'hours') h) = (o ->> 'outbound_calls')::int AS by_hour, r #> '{campaigns,0,calls}' = o -> 'total_calls' AS of_campaigns
FROM voiceagent.report_page() r, voiceagent.overview() o;
SELECT r #> '{before,calls}' = voiceagent.overview() -> 'total_calls' AS then, r #> '{now,calls}' AS now, r #> '{days,0,before,calls}' AS that_day
FROM (SELECT (voiceagent.clock() AT TIME ZONE timezone)::date AS today FROM voiceagent.tenants) t, voiceagent.report_page(t.today + 1, t.today + 1) r;
SELECT voiceagent.report_page(campaign_id := :c) #> '{now,calls}' > '0' AS of_one, voiceagent.report_page(campaign_id := -1) #> '{now,calls}' AS of_none;
SELECT r -> 'to' = r #> '{days,6,day}' AS until_today, jsonb_array_length(r -> 'days') AS days FROM voiceagent.report_page(days := 7) r;
SAVEPOINT s;
SELECT voiceagent.report_page('2026-01-02', '2026-01-01');
ROLLBACK TO s;
SELECT voiceagent.report_page('2020-01-02', '2026-01-01');
ROLLBACK TO s;
-- no day of a calendar
CREATE FUNCTION pg_temp.refused(page text) RETURNS text LANGUAGE plpgsql AS $$BEGIN EXECUTE 'SELECT voiceagent.' || page; RETURN 'none'; EXCEPTION WHEN OTHERS THEN RETURN SQLSTATE; END$$;
SELECT array_agg(DISTINCT pg_temp.refused(format(p, d))) AS refusals FROM unnest('{-infinity,infinity,4714-11-24 BC,4713-01-01 BC,294276-12-31,5874897-12-31}'::text[]) d,
	unnest('{report_page(%L),"report_page(NULL, %L)","report_page(%1$L, %1$L)",calendar_week(%L)}'::text[]) p;
SELECT pg_temp.refused('calendar_week(''9999-12-24'')') AS last_week, pg_temp.refused('report_page(to_day := ''9999-12-31'')') AS last_days, pg_temp.refused('report_page(''1900-01-01'', ''1900-12-31'')') AS first_year;
SELECT array_agg(pg_temp.refused(format('report_page(days := %L)', d))) AS days FROM unnest('{0,-2147483648,367,NULL}'::integer[]) d;
ROLLBACK TO s;
-- a week begins on Monday, whatever its day is, and has what holds or wants a time in it
SELECT k, jsonb_typeof(v) FROM jsonb_each(voiceagent.calendar_week()) AS f(k, v) ORDER BY k;
SELECT voiceagent.create_calendar('Visits', hours := '{"mon": [["09:00", "12:00"]]}') AS calendar \gset
SELECT lead_id AS lead FROM voiceagent.leads ORDER BY lead_id LIMIT 1 \gset
SELECT voiceagent.add_appointment('2030-03-06 10:00+00', lead_id := :lead, calendar_id := :calendar) AS one, voiceagent.add_appointment('2030-03-11 10:00+00', lead_id := :lead, calendar_id := :calendar) AS next_week, voiceagent.add_appointment('2030-03-07 10:00+00', lead_id := :lead, calendar_id := :calendar) AS off \gset
SELECT voiceagent.cancel_appointment(:off, 'ill'), voiceagent.set_calendar_day(:calendar, '2030-03-08', NULL, 'Closed');
SELECT d AS day, w ->> 'monday' AS monday, jsonb_array_length(w -> 'appointments') AS appointments, w #> '{appointments,0,appointment_id}' = to_jsonb(:one) AS that_one, jsonb_path_query_first(w, '$.calendars[*] ? (@.name == "Visits").closed') AS closed
FROM unnest('{2030-03-04,2030-03-06,2030-03-10,2030-03-11}'::date[]) d, LATERAL voiceagent.calendar_week(d) w;
SELECT voiceagent.calendar_week('2030-03-06', -1) -> 'appointments' AS of_no_calendar;
-- billing says what the balance and the statement say
SELECT k, jsonb_typeof(v) FROM jsonb_each(voiceagent.billing_overview()) AS f(k, v) ORDER BY k;
SELECT b #> '{balance,available}' = to_jsonb(c.available) AS available, jsonb_array_length(b -> 'days') AS days, (SELECT sum((d ->> 'campaigns')::numeric + (d ->> 'incoming')::numeric) FROM jsonb_array_elements(b -> 'days') d) = (voiceagent.overview() ->> 'credits')::numeric AS spent,
	b -> 'billing' ? 'details' AS tells_too_much FROM voiceagent.billing_overview() b, voiceagent.credit_balance c;
-- what connects other programs, and sequences
SELECT k, jsonb_typeof(v) FROM jsonb_each(voiceagent.connect_page()) AS f(k, v) ORDER BY k;
SELECT voiceagent.create_sequence('Steps', jsonb_build_array(jsonb_build_object('do', 'call', 'campaign_id', :c))) AS sequence \gset
SELECT voiceagent.publish_sequence(:sequence), voiceagent.start_sequence_on(:sequence, :c, '{no_answer}'), voiceagent.create_intake('Form', :c) ? 'url' AS made;
SELECT voiceagent.enrol_listed_leads(:sequence, outcome := 'voicemail') AS of_none, voiceagent.enrol_listed_leads(:sequence, campaign_id := :c) ->> 'enrolled' = (SELECT count(*)::text FROM voiceagent.campaign_leads WHERE campaign_id = :c) AS of_campaign, voiceagent.enrol_listed_leads(:sequence, campaign_id := :c) AS again;
SELECT p #>> '{0,name}' AS name, p #> '{0,changed}' AS changed, p #> '{0,under_way}' = d #> '{numbers,0,waiting}' AS under_way, jsonb_array_length(d -> 'numbers') AS steps, d #> '{starts,0,outcomes}' AS starts, d -> 'campaigns' @> jsonb_build_array(jsonb_build_array(:c)) AS named, (SELECT count(*) FROM voiceagent.sample_events('appointment_booked')) AS sampled
FROM voiceagent.sequence_page() p, voiceagent.sequence_detail(:sequence) d;
SAVEPOINT s;
SELECT voiceagent.calendar_week('infinity');
ROLLBACK TO s;
SET SESSION AUTHORIZATION regress_settings_other;
SELECT voiceagent.calendar_week('2030-03-06') -> 'appointments' AS appointments, voiceagent.calendar_week('2030-03-06', :calendar) #>> '{calendars,0,name}' AS calendar, voiceagent.billing_overview() #> '{billing,invoices}' AS invoices;
SELECT voiceagent.stop_page() AS stops, voiceagent.report_page() #> '{now,calls}' AS calls, voiceagent.report_page(campaign_id := :c) #> '{now,calls}' AS of_another, voiceagent.settings_page() -> 'rates' AS rates, voiceagent.settings_page() #> '{settings,retry_delay_busy,own}' AS own;
SELECT c -> 'intakes' AS intakes, c -> 'campaigns' AS campaigns, voiceagent.sequence_page() AS sequences FROM voiceagent.connect_page() c;
SAVEPOINT o;
\set VERBOSITY sqlstate
SELECT voiceagent.sequence_detail(:sequence);
ROLLBACK TO o;
RESET SESSION AUTHORIZATION;
ROLLBACK;
