-- What is known of numbers: lists of one's own, a carrier that is asked, and what a claim makes of line types, reassigned numbers and litigators.
\set SHOW_CONTEXT never
SET client_min_messages = warning;
\set ECHO none
\i sql/r50_setup.inc
\set ECHO all
CREATE FUNCTION pg_temp.refused(statement text) RETURNS text LANGUAGE plpgsql AS $$ BEGIN EXECUTE statement; RETURN 'taken';
	EXCEPTION WHEN SQLSTATE 'PT422' OR SQLSTATE 'PT409' THEN RETURN SQLERRM; END $$;
CREATE FUNCTION pg_temp.states(campaign bigint) RETURNS TABLE (phone text, status text, reason text) LANGUAGE sql AS $$
	SELECT right(l.phone, 3), m.status, replace(replace(m.reason, to_char(now(), 'YYYY-MM-DD'), 'TODAY'), to_char(now() - interval '10 days', 'YYYY-MM-DD'), 'BEFORE')
	FROM voiceagent.campaign_leads m JOIN voiceagent.leads l USING (tenant_id, lead_id) WHERE m.campaign_id = campaign ORDER BY 1 $$;
BEGIN;
SELECT pg_temp.tenant('r25 number facts') > 0 AS made;
SELECT to_char(now(), 'YYYY-MM-DD') AS today, to_char(now() - interval '10 days', 'YYYY-MM-DD') AS before, to_char(now() - interval '40 days', 'YYYY-MM-DD') AS old \gset

-- Bad lists store nothing.
SELECT pg_temp.refused(format('SELECT voiceagent.load_number_facts(%L, %L, %L)', s, d, f)) FROM (VALUES
	('carrier_twilio', :'today', '[]'), ('mine', '2999-01-01', '[]'), ('mine', NULL, '[]'), ('mine', :'today', '{}'), ('mine', :'today', '[1]'),
	('mine', :'today', '[{"phone": "+12025550000001"}]'), ('mine', :'today', '[{"phone": "+12025550000001", "line_type": "mobil"}]'),
	('mine', :'today', '[{"phone": "+12025550000001", "litigator": "perhaps"}]'), ('mine', :'today', '[{"phone": "+12025550000001", "reassigned": "no"}]'),
	('mine', :'today', '[{"phone": null, "litigator": "yes"}]'), ('mine', :'today', '[{"phone": "+12025550100", "litigator": "yes"}, {"phone": "x", "litigator": "yes"}]')) v(s, d, f);
SELECT count(*) FROM voiceagent.number_facts WHERE tenant_id = voiceagent.current_tenant();
SELECT pg_temp.refused(format('SELECT voiceagent_private.require_lookups(%L)', jsonb_build_object('number_checks', c)))
FROM unnest('{mobile,"mobile landline call_unknown",mobil,lookup,"mobile lookup","",call_unknown}'::text[]) c;
SELECT pg_temp.refused(format('SELECT voiceagent.finish_litigator_list(%L, %L)', 'mine', :'today'));

-- 1 mobile, 2 landline, 3 nobody knows, 4 reassigned after it came, 5 a litigator, 6 mobile by an old list, landline by a new one,
-- 7 mobile too long ago, 8 asked without an answer, 9 reassigned before it came.
SELECT pg_temp.leads('+12025', 9) AS leads \gset
SELECT voiceagent.load_number_facts('mine', :'before', '[{"phone": "+12025000001", "line_type": "mobile"}, {"phone": "+12025000002", "line_type": "landline"},
	{"phone": "+12025000004", "line_type": "mobile", "reassigned": "yes"}, {"phone": "+12025000005", "line_type": "mobile", "litigator": "yes"},
	{"phone": "+12025000006", "line_type": "mobile"}, {"phone": "+12025000008", "line_type": "unknown"},
	{"phone": "+12025000009", "line_type": "mobile", "reassigned": "yes", "since": "2020-01-01"}]');
SELECT voiceagent.load_number_facts('newer', :'today', '[{"phone": "+12025000006", "line_type": "landline"}]'),
	voiceagent.load_number_facts('older', :'old', '[{"phone": "+12025000007", "line_type": "mobile"}]'),
	voiceagent.load_number_facts('mine', :'old', '[{"phone": "+12025000001", "line_type": "landline"}]') AS "an older list changes nothing";

SAVEPOINT facts;
-- Two lists of one day that contradict: the type that may not be called holds, whichever it is.
SELECT voiceagent.load_number_facts('a_list', :'today', '[{"phone": "+12025000001", "line_type": "voip"}]'), voiceagent.load_number_facts('z_list', :'today', '[{"phone": "+12025000001", "line_type": "mobile"}]');
SELECT c, left((voiceagent_private.check_number((:'leads'::bigint[])[1], '+12025000001', c, now())).why, 37) AS why FROM unnest('{mobile,voip,"mobile voip"}'::text[]) c;
ROLLBACK TO facts;
-- One that uses none of it calls them all; nothing of it stands on its proof.
SELECT pg_temp.start('plain', :'leads') AS c \gset
SELECT pg_temp.claim(100);
SELECT count(*) FILTER (WHERE special IS NOT NULL) FROM voiceagent.attempts WHERE tenant_id = voiceagent.current_tenant();
ROLLBACK TO facts;
-- Strict: what is not known waits.
SELECT pg_temp.start('types', :'leads', '{"number_checks": "mobile voip"}') AS c \gset
SELECT pg_temp.claim(100), pg_temp.claim(100);
SELECT * FROM pg_temp.states(:c);
SELECT bool_and(q.not_before > now() + interval '14 minutes') AS "waits" FROM voiceagent_private.call_queue q WHERE q.campaign_id = :c;
SELECT DISTINCT replace(replace(special, :'today', 'TODAY'), :'before', 'BEFORE') AS special FROM voiceagent.attempts WHERE tenant_id = voiceagent.current_tenant();
SELECT replace(e.detail, :'before', 'BEFORE') AS detail FROM voiceagent.calls c CROSS JOIN LATERAL voiceagent.explain_call(c.call_id) e
WHERE c.tenant_id = voiceagent.current_tenant() AND c.phone = '+12025000001' AND e.rule = 'consent';
SELECT substring(e.why FROM 'The campaign does not.*') AS why FROM voiceagent.explain_lead((:'leads'::bigint[])[3]) e WHERE e.what = 'now';
SELECT replace(replace(voiceagent.preview_campaign(:c) ->> 'blocked', :'today', 'TODAY'), :'before', 'BEFORE') AS blocked;
ROLLBACK TO facts;
-- The second number is a landline, too: neither gives way to the other for ever. Nor does one to a number whose consent is dated ahead.
INSERT INTO voiceagent.lead_numbers (tenant_id, lead_id, number, phone, country, timezones)
SELECT l.tenant_id, l.lead_id, 2, '+12025000006', l.country, l.timezones FROM voiceagent.leads l WHERE l.lead_id = (:'leads'::bigint[])[2];
SELECT pg_temp.start('two landlines', (:'leads'::bigint[])[2:2], '{"number_checks": "mobile voip"}') AS c \gset
SELECT voiceagent_private.other_number(:c, (:'leads'::bigint[])[2], 1::smallint) AS other;
SELECT pg_temp.claim(100), pg_temp.claim(100);
SELECT * FROM pg_temp.states(:c);
SELECT pg_temp.start('dated ahead', (:'leads'::bigint[])[2:2], '{"require_consent": true}') AS c \gset
INSERT INTO voiceagent.consents (tenant_id, lead_id, phone, kind, source, granted_at)
SELECT l.tenant_id, l.lead_id, '+12025000006', 'call', 'test', now() + interval '1 day' FROM voiceagent.leads l WHERE l.lead_id = (:'leads'::bigint[])[2];
SELECT voiceagent_private.other_number(:c, (:'leads'::bigint[])[2], 1::smallint) AS other;
ROLLBACK TO facts;
SELECT pg_temp.start('previewed', :'leads', '{"number_checks": "mobile voip"}') AS c \gset
SAVEPOINT day;
SELECT voiceagent.load_number_facts('ours', :'today', '[{"phone": "+12025000001", "reassigned": "no", "since": "2026-02-30"}]');
ROLLBACK TO day;
UPDATE voiceagent.campaigns SET settings = '{"number_checks": "mobile voip"}' WHERE campaign_id = :c;
SELECT replace(replace(voiceagent.preview_campaign(:c) ->> 'blocked', :'today', 'TODAY'), :'before', 'BEFORE') AS blocked;
ROLLBACK TO facts;
SELECT pg_temp.start('calls unknown', :'leads', '{"number_checks": "mobile call_unknown"}') AS c \gset
SELECT pg_temp.claim(100);
ROLLBACK TO facts;
-- Litigators: without a list that is whole and young enough nobody is known to be none.
SELECT pg_temp.start('litigators', :'leads', '{"number_checks": "not_litigator"}') AS c \gset
SELECT pg_temp.claim(100);
SELECT voiceagent.finish_litigator_list('mine', :'before');
UPDATE voiceagent_private.call_queue SET not_before = voiceagent.clock() WHERE campaign_id = :c;
UPDATE voiceagent_private.lanes SET next_due = voiceagent.clock() WHERE campaign_id = :c;
SELECT pg_temp.claim(100);
SELECT * FROM pg_temp.states(:c) WHERE reason IS NOT NULL;
ROLLBACK TO facts;
-- Reassigned: a no counts if it reaches back to the consent, or to when the lead came.
INSERT INTO voiceagent.consents (tenant_id, lead_id, phone, kind, source, granted_at)
SELECT tenant_id, lead_id, phone, 'call', 'form', now() - interval '5 days' FROM voiceagent.leads WHERE tenant_id = voiceagent.current_tenant() AND phone = '+12025000001';
SELECT voiceagent.load_number_facts('ours', :'today', format('[{"phone": "+12025000001", "reassigned": "no", "since": "%s"}, {"phone": "+12025000002", "reassigned": "no", "since": "%s"},
	{"phone": "+12025000003", "reassigned": "no", "since": "%s"}]', :'before', to_char(now() + interval '1 day', 'YYYY-MM-DD'), :'before')::jsonb);
SELECT pg_temp.start('reassigned', :'leads', '{"number_checks": "not_reassigned"}') AS c \gset
SELECT pg_temp.claim(100);
SELECT * FROM pg_temp.states(:c) WHERE reason LIKE '%somebody else%';
ROLLBACK TO facts;

-- A carrier is asked ahead, once, within the bound of a day; its answer holds, and none leaves it unknown.
INSERT INTO voiceagent.provider_accounts (tenant_id, provider, name, active, max_concurrent_calls, created_at)
VALUES (voiceagent.current_tenant(), 'telnyx', 'X', true, 1, voiceagent.clock()) RETURNING provider_account_id AS telnyx \gset
INSERT INTO voiceagent.provider_accounts (tenant_id, provider, name, active, max_concurrent_calls, created_at)
VALUES (voiceagent.current_tenant(), 'twilio', 'T', true, 1, voiceagent.clock()) RETURNING provider_account_id AS account \gset
SELECT voiceagent_private.require_lookups('{"number_checks": "mobile lookup"}');
-- Twilio alone tells of reassigned numbers, so it is asked before others.
SELECT checks, (voiceagent_private.lookup_account(NULL, checks)).provider FROM unnest('{mobile lookup,mobile not_reassigned lookup}'::text[]) checks;
UPDATE voiceagent.provider_accounts SET active = false WHERE provider_account_id = :account;
SELECT (voiceagent_private.lookup_account(NULL, 'mobile not_reassigned lookup')).provider AS "or who is there";
UPDATE voiceagent.provider_accounts SET active = provider_account_id = :account WHERE provider_account_id IN (:account, :telnyx);
SELECT voiceagent.set_setting('number_lookups_per_day', '3');
SELECT pg_temp.start('asks', :'leads', '{"number_checks": "mobile not_reassigned lookup"}') AS c \gset
SELECT pg_temp.claim(100);
SELECT voiceagent_private.ask_dials_of(:c, 100) < now() + interval '1 hour' AS "looks again", voiceagent_private.ask_dials_of(:c, 100) IS NULL AS no;
SELECT right(voiceagent_private.number_to_look_up(r.provider_request_id) ->> 'number', 3) AS number, voiceagent_private.number_to_look_up(r.provider_request_id) ->> 'facts' AS facts,
	voiceagent_private.number_to_look_up(r.provider_request_id) ->> 'since' = to_char(now() AT TIME ZONE 'UTC', 'YYYYMMDD') AS since, r.request_data::text LIKE '%202%' AS "names it"
FROM voiceagent.provider_requests r WHERE r.tenant_id = voiceagent.current_tenant() ORDER BY r.provider_request_id;
UPDATE voiceagent.provider_requests r SET state = 'done', done_at = now(), result = '{"kind": "accepted", "line_type": "mobile", "reassigned": "no"}'
WHERE r.tenant_id = voiceagent.current_tenant() AND r.provider_request_id = (SELECT max(provider_request_id) FROM voiceagent.provider_requests);
SELECT count(voiceagent_private.on_provider_request_done(r)) FROM voiceagent.provider_requests r WHERE r.tenant_id = voiceagent.current_tenant() AND r.state = 'done';
SELECT right(phone, 3) AS phone, kind, value FROM voiceagent.number_facts WHERE tenant_id = voiceagent.current_tenant() AND source = 'carrier_twilio' ORDER BY 1, 2;
UPDATE voiceagent_private.call_queue SET not_before = voiceagent.clock() WHERE campaign_id = :c;
UPDATE voiceagent_private.lanes SET next_due = voiceagent.clock() WHERE campaign_id = :c;
SELECT pg_temp.claim(100);
-- Another tenant sees none of it; the number's own file has it.
SELECT jsonb_array_length(content::jsonb) FROM voiceagent_private.case_parts('+12025000005') WHERE name = 'number_facts';
SELECT voiceagent_private.delete_old_rows('number_facts', now() - interval '1 day', 100), voiceagent_private.delete_old_rows('number_facts', now() + interval '1 day', 1000) > 0 AS old;
ROLLBACK;
