-- explain_lead(): why a lead was, or was not, called.
SET client_min_messages = warning;
\set ECHO none
\i sql/r50_setup.inc
\set ECHO all
-- Times are left out.
CREATE FUNCTION pg_temp.explain(lead bigint) RETURNS SETOF text LANGUAGE plpgsql AS $$
BEGIN
	SET LOCAL ROLE voiceagent_worker;
	RETURN QUERY SELECT e.what || ' | ' || regexp_replace(regexp_replace(regexp_replace(e.why, '\d{4}-\d\d-\d\d[ T][0-9:.]+(\+00(:00)?)?', 'TIME', 'g'),
		'(campaign|call|Call|consent) \d+', '\1 N', 'g'), '\s+', ' ', 'g')
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
	PERFORM voiceagent_private.act_for((SELECT min(tenant_id) FROM voiceagent_private.tenant_directory
		WHERE tenant_id = voiceagent.current_tenant() - 1));
	v_theirs := (SELECT min(lead_id) FROM voiceagent.leads WHERE tenant_id = voiceagent.current_tenant());
	PERFORM voiceagent_private.act_for((SELECT max(tenant_id) FROM voiceagent_private.tenant_directory));
	PERFORM voiceagent.explain_lead(v_theirs);
EXCEPTION WHEN SQLSTATE 'PT404' THEN
	RAISE WARNING '% (theirs exists: %)', SQLERRM, v_theirs > 0;
END
$$;
ROLLBACK;
