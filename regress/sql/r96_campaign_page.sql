-- The page of a campaign, its form, and what holds it up by key: of its reader's tenant alone, written by those who may.
\set VERBOSITY terse
\set SHOW_CONTEXT never
SET client_min_messages = warning;
\set ECHO none
\i lib/inbox_setup.inc
\set ECHO all
BEGIN;
SELECT pg_temp.begin_calls('Campaign page', ARRAY['5001', '5002', '5003']) AS tenant \gset
SELECT pg_temp.dial();
SELECT pg_temp.take(
	pg_temp.webhook('5001', 'report', 'customer-ended-call', 60, '{"appointment": {"booked": true, "date": "2026-11-23", "time": "10:00"}}'),
	pg_temp.webhook('5003', 'report', 'customer-ended-call', 30, '{"interest": "none"}'));
SELECT voiceagent_private.apply_inbox(10);
SELECT voiceagent.create_tenant('Campaign page of another') AS other \gset
CREATE ROLE regress_page_owner LOGIN;
CREATE ROLE regress_page_other LOGIN;
SELECT voiceagent_private.set_tenant(0) \gset
SELECT voiceagent.map_role('regress_page_owner', :tenant), voiceagent.map_role('regress_page_other', :other);
SELECT min(campaign_id) AS c FROM voiceagent.campaigns WHERE tenant_id = :tenant \gset

SET SESSION AUTHORIZATION regress_page_owner;
SELECT k, jsonb_typeof(v) FROM jsonb_each(voiceagent.campaign_overview(:c)) AS f(k, v) ORDER BY k;
-- what it says is what SQL has
SELECT o -> 'funnel' = jsonb_build_array(a -> 'total_calls', a -> 'answered', a -> 'reached', a -> 'successes', a -> 'booked') AS funnel, o -> 'outcomes' = a -> 'outcomes' AS outcomes,
	(SELECT sum((h ->> 'calls')::int) FROM jsonb_array_elements(o -> 'hours') h) = (SELECT count(*) FROM voiceagent.calls WHERE campaign_id = :c AND ended_at IS NOT NULL) AS hours,
	(SELECT sum((d ->> 'calls')::int) FROM jsonb_array_elements(o -> 'days') d) = (a ->> 'total_calls')::int AS days, (o #>> '{campaign,total_leads}')::int = (SELECT count(*) FROM voiceagent.campaign_leads WHERE campaign_id = :c) AS leads,
	o -> 'campaign' ?| '{tenant_id,status_reason}' AS tells_too_much
FROM voiceagent.campaign_overview(:c) o, voiceagent.campaign_analytics(:c) a;
-- each thing that explain_campaign() may say has a key
SELECT voiceagent.explain_reason(NULL) AS nothing, voiceagent.explain_reason('something new') AS new, string_agg(concat_ws('>', voiceagent.explain_reason(s) ->> 'key', voiceagent.explain_reason(s) ->> 'mend'), ' ') AS keys FROM unnest('{outside calling hours until 09:00:00 UTC,the next lead is due at 09:00:00 UTC,waiting for calls to end,all 5 lines of the tenant are in use,
	all lines of the platform are in use,one call every 30 s (call_interval),carrier fails (no answer): tried again at 09:00:00 UTC,carrier asked to slow down: 2 a second,account has 3 lines,carrier account is not armed,out of credits,credits are owed,spend cap reached,
	spend cap of the day reached,spend cap of the tenant''s day reached,waits for approval 3: above,5 of 9 calls failed within 120 s: call 1 (x),the tool t gives no answer (before_dial): x,all usable numbers of its pool are busy,catching up: 60 reports of calls wait,calls are about to begin}'::text[]) AS s;
-- one that does not run says why
SELECT voiceagent.create_campaign('Idle', assistant_id) AS idle FROM voiceagent.campaigns WHERE campaign_id = :c \gset
SELECT voiceagent.explain_campaign(:idle) AS says, voiceagent.campaign_overview(:idle) -> 'held' AS held;
SELECT k, jsonb_typeof(v) FROM jsonb_each(voiceagent.campaign_form(:c)) AS f(k, v) ORDER BY k;
-- an assistant that answers a number is the last that a campaign is offered
SELECT voiceagent.create_assistant('A desk', 'Hello.', 'You answer.') AS desk \gset
SELECT voiceagent.create_phone_number('+12125550188', details := jsonb_build_object('ai_assistant_id', :desk)) > 0 AS answered;
SELECT a ->> 1 AS name, a -> 2 AS answers FROM jsonb_array_elements(voiceagent.campaign_form() -> 'assistants') WITH ORDINALITY AS l(a, n) ORDER BY n;
SELECT voiceagent.update_campaign(:c, '{"retry_delay_busy": "45 minutes", "calling_hours": {"start": "09:00", "end": "17:30"}}') > 0 AS changed;
SELECT f #> '{settings,retry_delay_busy}' AS busy, f #> '{settings,calling_hours,own}' AS hours, f #> '{settings,max_call_duration,own}' AS longest, voiceagent.campaign_form() -> 'campaign' AS of_a_new_one FROM voiceagent.campaign_form(:c) f;
SELECT voiceagent.create_campaign('Listed', assistant_id) AS listed FROM voiceagent.campaigns WHERE campaign_id = :c \gset
SELECT (voiceagent.import_leads(E'Phone,First name,Tags\n+12125550161,A,vip\n+12125550162,B,\n', default_country := 'US')).batch_id AS batch \gset
SELECT voiceagent.add_listed_leads(:listed, :batch, 'vip') AS tagged, voiceagent.add_listed_leads(:listed, :batch) AS imported, voiceagent.add_listed_leads(:listed, -1) AS of_none;
-- the tenant's own telephone, which test calls ring, is nobody to call
SELECT voiceagent.register_own_number('+12125550170') AS own \gset
SELECT voiceagent.add_listed_leads(:listed) AS others;
SELECT count(*) AS own_ones FROM voiceagent.campaign_leads WHERE campaign_id = :listed AND lead_id = :own;

SAVEPOINT s;
\set VERBOSITY sqlstate
SET SESSION AUTHORIZATION regress_page_other;
SELECT voiceagent.campaign_form(:c) -> 'campaign' AS form, voiceagent.campaign_form(:c) -> 'assistants' AS assistants;
SELECT voiceagent.campaign_overview(:c);
ROLLBACK TO s;
SELECT voiceagent.add_listed_leads(:listed, :batch);
ROLLBACK TO s;
RESET SESSION AUTHORIZATION;
-- a sentence is known again by the row that made it
SELECT r.name, x.says, x.key FROM voiceagent_private.reasons() r CROSS JOIN LATERAL (SELECT s.says, voiceagent.explain_reason(s.says) ->> 'key' AS key
	FROM (SELECT voiceagent_private.why(r.name, 'a', 'b', 'c', 'd') AS says) s) x WHERE x.key IS DISTINCT FROM split_part(r.name, '.', 1);
ROLLBACK;
