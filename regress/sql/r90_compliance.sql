-- compliance_report(): counts by rule and jurisdiction, nothing outside; and what is slipped past the claim is found.
SET client_min_messages = warning;
\set ECHO none
\i sql/r50_setup.inc
\set ECHO all
SET timezone = 'UTC';
BEGIN;
INSERT INTO voiceagent_private.law_rules VALUES
	('XA', 'hours', '{"start":"00:00","end":"24:00"}', 'Hours Act', '2026-01-01', NULL), ('XA', 'holidays', '{"Own day": "2026-03-04"}', 'Days Act', '2026-01-01', NULL),
	('XA', 'calls_per_24h', '2', 'Calls Act', '2026-01-01', NULL), ('XA', 'calls_per_day', '2', 'Calls Act', '2026-01-01', NULL),
	('XA', 'require_consent', 'true', 'Consent Act', '2026-01-01', NULL), ('XA', 'disclose_recording', 'false', 'x', '2026-01-01', NULL), ('XA', 'opt_out_text', 'null', 'x', '2026-01-01', NULL);
SELECT pg_temp.tenant('r90 compliance') AS t \gset
SELECT pg_temp.leads('+12025550', 6) AS l, pg_temp.leads('+12025551', 1) AS other \gset
UPDATE voiceagent.leads SET country = 'XA' WHERE tenant_id = :t;
UPDATE voiceagent.leads SET region = 'XA-1' WHERE lead_id = (:'other'::bigint[])[1];
INSERT INTO voiceagent.consents (tenant_id, lead_id, phone, kind, source, granted_at)
SELECT :t, lead_id, phone, 'call', 'form', voiceagent.clock() - interval '1 year' FROM voiceagent.leads WHERE tenant_id = :t AND lead_id <> (:'l'::bigint[])[6];
INSERT INTO voiceagent.do_not_call_list (tenant_id, phone, reason, created_at) VALUES (:t, '+12025550000005', 'x', voiceagent.clock() - interval '1 day');
SELECT pg_temp.start('lawful', :'l'::bigint[] || :'other'::bigint[], '{"lawful": true, "caller_name": "Acme"}') AS c \gset
-- Around the clock.
ALTER TABLE voiceagent.campaign_versions DISABLE TRIGGER append_only;
UPDATE voiceagent.campaign_versions SET calling_hours = '{"start":"00:00","end":"24:00"}' WHERE campaign_id = :c;
ALTER TABLE voiceagent.campaign_versions ENABLE TRIGGER append_only;
UPDATE voiceagent_private.lanes SET region = 'XA' WHERE campaign_id = :c;
UPDATE voiceagent.leads SET region = NULL WHERE tenant_id = :t;
SELECT pg_temp.claim(100);
UPDATE voiceagent.leads SET region = 'XA-1' WHERE lead_id = (:'other'::bigint[])[1];
UPDATE voiceagent.calls SET status = 'completed', outcome = 'completed', credits = 0, started_at = '2026-03-02 12:00', answered_at = '2026-03-02 12:00', transcript = 'AI: Hello',
	ended_at = '2026-03-02 12:01' WHERE campaign_id = :c;
SELECT voiceagent_private.end_calls(ARRAY(SELECT call_id FROM voiceagent_private.live_calls WHERE tenant_id = :t));
UPDATE voiceagent.consents SET granted_at = '2026-01-01' WHERE tenant_id = :t;
SELECT jurisdiction, rule, law, leads, blocked, calls, outside, detail FROM voiceagent.compliance_report(:c);
-- What the law of a place comes to takes milliseconds to find: it is asked for once.
SET LOCAL track_functions = 'pl';
SELECT count(DISTINCT jurisdiction) AS places FROM voiceagent.compliance_report(:c);
SELECT calls FROM pg_stat_xact_user_functions WHERE schemaname = 'voiceagent_private' AND funcname = 'resolve_terms';
SET LOCAL track_functions = 'none';
-- Past the claim: outside the hours, on a holiday, too often, without consent, listed, after an opt-out, nobody speaking.
UPDATE voiceagent_private.law_rules SET value = '{"start":"09:00","end":"12:30"}' WHERE jurisdiction = 'XA' AND rule = 'hours';
UPDATE voiceagent.calls SET started_at = '2026-03-02 12:30', transcript = NULL WHERE campaign_id = :c AND phone = '+12025550000001';
UPDATE voiceagent.calls SET started_at = '2026-03-04 12:00', outcome = 'do_not_call' WHERE campaign_id = :c AND phone = '+12025550000002';
UPDATE voiceagent.consents SET revoked_at = '2026-03-02 11:59' WHERE tenant_id = :t AND phone = '+12025550000003';
INSERT INTO voiceagent.campaign_do_not_call_list (tenant_id, campaign_id, phone, reason, created_at) VALUES (:t, :c, '+12025550000004', 'x', '2026-03-01');
WITH more AS (
	INSERT INTO voiceagent.calls (tenant_id, campaign_id, lead_id, phone, assistant_id, assistant_version, campaign_version, provider_account_id, attempt_number,
		status, outcome, credits, started_at, ended_at, lawful)
	SELECT :t, campaign_id, lead_id, phone, assistant_id, 1, 1, provider_account_id, n, 'busy', 'busy', 0, '2026-03-02 12:00'::timestamptz - n * interval '1 hour', '2026-03-02 12:00', true
	FROM voiceagent.calls, generate_series(2, 3) n WHERE campaign_id = :c AND phone = '+12025550000004' RETURNING call_id, lead_id, started_at
)
INSERT INTO voiceagent.attempts (tenant_id, call_id, provider_account_id, hold_id, reference, state, created_at, window_opens_at, window_closes_at,
	attempt_number, attempt_limit, live_calls, call_limit, layers, lawful, timezones, jurisdiction, consent_id, consent_required,
	list_as_of, list_max_age, ring_timeout, min_ring, disclosures, disclosure, assistant_discloses, recorded)
SELECT :t, m.call_id, e.provider_account_id, e.hold_id, 'x' || m.call_id, 'accepted', m.started_at, m.started_at, 'infinity', 1, 1, 0, 1, e.layers, e.lawful,
	e.timezones, e.jurisdiction, e.consent_id, e.consent_required, e.list_as_of, e.list_max_age, e.ring_timeout, e.min_ring, e.disclosures, e.disclosure,
	e.assistant_discloses, e.recorded
FROM more m JOIN voiceagent.calls c ON c.tenant_id = :t AND c.lead_id = m.lead_id JOIN voiceagent.attempts e ON e.tenant_id = :t AND e.call_id = c.call_id;
UPDATE voiceagent.calls SET outcome = 'do_not_call', ended_at = '2026-03-02 09:10' WHERE campaign_id = :c AND started_at = '2026-03-02 09:00';
SELECT rule, calls, outside, detail FROM voiceagent.compliance_report(:c) WHERE jurisdiction = 'XA';
-- Whether anybody spoke is not known of a call whose words were emptied, nor at a carrier that tells none.
SAVEPOINT words;
INSERT INTO voiceagent_private.retention_marks (tenant_id, class, upto)
SELECT :t, 'transcripts', (voiceagent_private.retain_old_calls('transcripts', 0, '2099-01-01', 2)).upto
ON CONFLICT (tenant_id, class) DO UPDATE SET upto = excluded.upto;
SELECT jurisdiction, calls, detail FROM voiceagent.compliance_report(:c) WHERE rule = 'abandoned';
ROLLBACK TO words;
UPDATE voiceagent.provider_accounts SET provider = 'twilio' WHERE tenant_id = :t;
UPDATE voiceagent.calls SET transcript = NULL WHERE tenant_id = :t;
SELECT jurisdiction, calls, detail FROM voiceagent.compliance_report(:c) WHERE rule = 'abandoned';
ROLLBACK TO words;
-- A rehearsal: no law.
SELECT pg_temp.start('rehearsal', (:'l'::bigint[])[1:1], '{"number_calls_per_24h": 1}') AS d \gset
SELECT count(law) AS law, sum(outside) AS outside FROM voiceagent.compliance_report(:d);
-- A lead that waits for a cap is listed under the cap that applies.
UPDATE voiceagent.campaign_leads SET reason = 'the number has had its calls for now' WHERE campaign_id = :d;
SELECT rule, blocked FROM voiceagent.compliance_report(:d) WHERE rule LIKE 'calls_per%';
\set SHOW_CONTEXT never
SELECT * FROM voiceagent.compliance_report(0);
ROLLBACK;
