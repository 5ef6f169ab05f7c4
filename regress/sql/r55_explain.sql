-- explain_lead(): why a lead was, or was not, called.
SET client_min_messages = warning;
\set ECHO none
\i sql/r50_setup.inc
\set ECHO all
-- Times are left out.
CREATE FUNCTION pg_temp.explain(lead bigint) RETURNS SETOF text LANGUAGE plpgsql AS $$
BEGIN
	SET LOCAL ROLE voiceagent_worker;
	RETURN QUERY SELECT e.what || ' | ' || regexp_replace(regexp_replace(regexp_replace(regexp_replace(e.why, 'as a whole: [^.]*', 'as a whole: WHY'), '\d{4}-\d\d-\d\d([ T][0-9:.]+(\+00(:00)?)?)?|\d\d:\d\d:\d\d UTC', 'TIME', 'g'),
		'(campaign|call|Call|Consent) \d+', '\1 N', 'g'), '\s+', ' ', 'g')
	FROM voiceagent.explain_lead(lead) e;
	RESET ROLE;
END
$$;
BEGIN;
SELECT pg_temp.tenant('r55 explain') AS t \gset
SELECT pg_temp.leads('+12025580', 4) AS l \gset
SELECT pg_temp.start('explained', :'l', '{"max_concurrent_calls": 2, "retry_attempts": 1}') AS c \gset
INSERT INTO voiceagent.consents (tenant_id, lead_id, phone, kind, source, granted_at) VALUES (:t, (:'l'::bigint[])[1], '+12025580000001', 'call', 'web form', voiceagent.clock());
INSERT INTO voiceagent.do_not_call_list (tenant_id, phone, reason, created_at) VALUES (:t, '+12025580000002', 'asked', voiceagent.clock());
SELECT pg_temp.claim(3);
SELECT pg_temp.explain((:'l'::bigint[])[1]);
SELECT pg_temp.explain((:'l'::bigint[])[2]);
SELECT pg_temp.explain((:'l'::bigint[])[4]);
-- After a failed dial, outside the window, held back.
SELECT voiceagent_private.record_dials(array_agg(a.attempt_id), '{refused_permanent}', '{NULL}', '{NULL}', '{400}', '{http-400}', '{NULL}')
FROM voiceagent.attempts a JOIN voiceagent.calls k USING (tenant_id, call_id) WHERE a.tenant_id = :t AND k.lead_id = (:'l'::bigint[])[1];
UPDATE voiceagent_private.lanes SET opens_at = voiceagent.clock() + interval '1 hour' WHERE campaign_id = :c AND tenant_id = :t;
UPDATE voiceagent.campaigns SET status_reason = 'out of credits' WHERE campaign_id = :c AND tenant_id = :t;
SELECT pg_temp.explain((:'l'::bigint[])[1]);
-- Another tenant's lead is a missing one.
SELECT pg_temp.tenant('r55 explain other') > 0 AS other;
DO $$
BEGIN
	PERFORM voiceagent.explain_lead((SELECT min(lead_id) FROM voiceagent.campaign_leads WHERE false));
EXCEPTION WHEN SQLSTATE 'PT404' THEN
	RAISE WARNING '%', SQLERRM;
END
$$;
DO $$
DECLARE
	v_theirs bigint;
BEGIN
	PERFORM voiceagent_private.set_tenant((SELECT min(tenant_id) FROM voiceagent_private.tenant_directory
		WHERE tenant_id = voiceagent.current_tenant() - 1));
	v_theirs := (SELECT min(lead_id) FROM voiceagent.leads WHERE tenant_id = voiceagent.current_tenant());
	PERFORM voiceagent_private.set_tenant((SELECT max(tenant_id) FROM voiceagent_private.tenant_directory));
	PERFORM voiceagent.explain_lead(v_theirs);
EXCEPTION WHEN SQLSTATE 'PT404' THEN
	RAISE WARNING '% (theirs exists: %)', SQLERRM, v_theirs > 0;
END
$$;
ROLLBACK;

-- The proof of a call in words, by a law and without one; and what a lead under the law waits for.
CREATE FUNCTION pg_temp.explain_call(call bigint) RETURNS TABLE (rule text, detail text) LANGUAGE plpgsql AS $$
BEGIN
	SET LOCAL ROLE voiceagent_worker;
	RETURN QUERY SELECT e.rule, regexp_replace(regexp_replace(regexp_replace(e.detail, '\d{4}-\d\d-\d\d([ T][0-9:.]+(\+00(:00)?)?)?', 'TIME', 'g'),
		'(campaign|lead|call|Call|Consent) \d+', '\1 N', 'g'), '[A-Z][a-z][a-z] \d\d:\d\d in', 'DAY in', 'g')
	FROM voiceagent.explain_call(call) e;
	RESET ROLE;
END
$$;
BEGIN;
INSERT INTO voiceagent_private.law_rules VALUES ('XA', 'hours', '{"start":"00:00","end":"24:00"}', 'Hours Act', '2026-01-01', NULL), ('XA', 'holidays', '{}', 'x', '2026-01-01', NULL),
	('XA', 'calls_per_24h', '3', 'Calls Act', '2026-01-01', NULL), ('XA-1', 'calls_per_day', '1', 'State Calls Act', '2026-01-01', NULL),
	('XA', 'require_consent', 'true', 'Consent Act, s. 1', '2026-01-01', NULL), ('XA', 'list_max_age', '"31 days"', 'Lists Act', '2026-01-01', NULL),
	('XA', 'min_ring', '"20 seconds"', 'Ring Act', '2026-01-01', NULL);
INSERT INTO voiceagent.national_dnc_lists (name, country, edition, published_at, in_force_since, numbers)
VALUES ('r55', 'XA', -1, voiceagent.clock() - interval '12 days 1 hour', voiceagent.clock(), 0);
SELECT pg_temp.tenant('r55 explain law') AS t \gset
SELECT pg_temp.leads('+12025581', 3, '{America/New_York,America/Chicago}') AS l \gset
SELECT pg_temp.start('explained', :'l', '{"lawful": true, "caller_name": "Acme"}') AS c, pg_temp.start('rehearsed', (:'l'::bigint[])[1:1]) AS d \gset
UPDATE voiceagent_private.lanes SET region = 'XA-1' WHERE campaign_id IN (:c, :d);
UPDATE voiceagent.leads SET region = 'XA-1' WHERE tenant_id = :t;
INSERT INTO voiceagent.consents (tenant_id, lead_id, phone, kind, source, granted_at)
SELECT :t, l, phone, 'call', 'web form', voiceagent.clock() FROM unnest((:'l'::bigint[])[1:2]) AS l JOIN voiceagent.leads ON lead_id = l;
UPDATE voiceagent_private.call_queue SET not_before = voiceagent.clock() + interval '1 hour' WHERE tenant_id = :t AND (lead_id <> (:'l'::bigint[])[1] OR campaign_id = :d);
SELECT pg_temp.claim(3);
SELECT e.* FROM voiceagent.calls k, pg_temp.explain_call(k.call_id) e WHERE k.campaign_id = :c;
-- Called in the one, capped and rehearsed in the other.
UPDATE voiceagent.calls SET status = 'busy', outcome = 'busy', credits = 0, ended_at = voiceagent.clock() WHERE campaign_id = :c;
UPDATE voiceagent.attempts SET state = 'refused', http_status = 401, error = 'invalid key' WHERE call_id IN (SELECT call_id FROM voiceagent.calls WHERE campaign_id = :c);
SELECT e.rule, regexp_replace(e.detail, ', at .*', '') AS detail FROM voiceagent.calls k, pg_temp.explain_call(k.call_id) e WHERE k.campaign_id = :c AND e.rule IN ('carrier', 'end');
SELECT voiceagent_private.end_calls(ARRAY(SELECT call_id FROM voiceagent_private.live_calls WHERE tenant_id = :t));
UPDATE voiceagent.campaign_leads SET status = 'retry', reason = 'busy' WHERE campaign_id = :c AND lead_id = (:'l'::bigint[])[1];
INSERT INTO voiceagent_private.call_queue (tenant_id, lane_id, not_before, campaign_id, lead_id, reason)
SELECT :t, lane_id, voiceagent.clock(), :c, (:'l'::bigint[])[1], 'busy' FROM voiceagent_private.lanes WHERE campaign_id = :c;
SELECT pg_temp.explain((:'l'::bigint[])[1]);
UPDATE voiceagent_private.call_queue SET not_before = voiceagent.clock() + CASE campaign_id WHEN :c THEN interval '1 hour' ELSE '0' END WHERE tenant_id = :t;
UPDATE voiceagent_private.lanes SET next_due = voiceagent.clock() WHERE tenant_id = :t;
SELECT pg_temp.claim(3);
SELECT e.* FROM voiceagent.calls k, pg_temp.explain_call(k.call_id) e WHERE k.campaign_id = :d AND rule <> 'dial';
INSERT INTO voiceagent.campaign_do_not_call_list (tenant_id, campaign_id, phone, reason, created_at) VALUES (:t, :c, '+12025581000002', 'x', voiceagent.clock());
SELECT pg_temp.explain((:'l'::bigint[])[2]) OFFSET 3;
SELECT pg_temp.explain((:'l'::bigint[])[3]) OFFSET 2;
\set SHOW_CONTEXT never
SELECT voiceagent.explain_call(0);
ROLLBACK;
