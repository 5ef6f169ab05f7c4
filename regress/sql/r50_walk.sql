-- check_leads() reads on from lead to lead where ids rise and lie close together, and looks each up where they do not: the verdicts are
-- the same. Asked from the last lead to the first, each is looked up; asked one by one, too; and each 97th alone, where too many rows lie between.
SET client_min_messages = warning;
\set ECHO none
\i sql/r50_setup.inc
\set ECHO all
BEGIN;
SELECT pg_temp.tenant('r50 walk other') AS other \gset
SELECT pg_temp.start('other', pg_temp.leads('+1202775', 300)) AS c_other \gset
SELECT pg_temp.tenant('r50 walk') AS tenant \gset
-- Every lead of the first 600, then one of sixty; of another campaign, three of four.
CREATE TEMPORARY TABLE made AS SELECT l.id, l.n FROM unnest(pg_temp.leads('+1202776', 6000)) WITH ORDINALITY l(id, n);
SELECT min(id) AS first FROM made \gset
SELECT pg_temp.start('walk', ARRAY(SELECT id FROM made WHERE n <= 600 AND n % 7 <> 3 OR n % 60 = 0)) AS campaign \gset
SELECT pg_temp.start('beside', ARRAY(SELECT id FROM made WHERE n % 4 <> 0)) AS beside \gset
UPDATE voiceagent.campaign_leads SET attempts = (lead_id - :first) % 5, status = CASE (lead_id - :first) % 11 WHEN 0 THEN 'completed' WHEN 1 THEN 'retry' ELSE status END
WHERE tenant_id = :tenant AND campaign_id = :campaign;
DELETE FROM voiceagent_private.call_queue WHERE tenant_id = :tenant AND campaign_id = :campaign AND (lead_id - :first) % 6 = 0;
INSERT INTO voiceagent.consents (tenant_id, lead_id, phone, kind, source, granted_at)
SELECT tenant_id, lead_id, phone, CASE k WHEN 3 THEN 'appointment' ELSE 'call' END, 'form', voiceagent.clock() - interval '1 day'
FROM voiceagent.leads CROSS JOIN generate_series(1, 3) k WHERE tenant_id = :tenant AND ((lead_id - :first) % 3 = 0 AND k = 1 OR (lead_id - :first) % 9 = 0 OR (lead_id - :first) % 50 = 1 AND k = 3);
INSERT INTO voiceagent.lead_numbers (tenant_id, lead_id, number, phone, country, timezones)
SELECT tenant_id, lead_id, 2, '+1202774' || lpad((lead_id - :first)::text, 4, '0'), 'US', '{UTC}' FROM voiceagent.leads WHERE tenant_id = :tenant AND (lead_id - :first) % 8 = 0;
INSERT INTO voiceagent.do_not_call_list (tenant_id, phone, reason, created_at)
SELECT tenant_id, phone, 'asked', voiceagent.clock() FROM voiceagent.leads WHERE tenant_id = :tenant AND (lead_id - :first) % 16 = 5;
CREATE FUNCTION pg_temp.judged(leads bigint[], consent boolean) RETURNS SETOF text LANGUAGE sql AS $$
	SELECT k::text FROM (SELECT jsonb_populate_record(voiceagent_private.previewed_turn(c.campaign_id, '{}',
		voiceagent_private.resolved_settings(c.settings, 'sandbox') || jsonb_build_object('require_consent', consent), false), '{}') AS turn
		FROM voiceagent.campaigns c WHERE c.tenant_id = voiceagent.current_tenant() AND c.name = 'walk') t
	CROSS JOIN LATERAL voiceagent_private.check_leads(t.turn, leads, true, '2026-03-02 12:00Z') k
$$;
-- All leads of the tenant, also those that are in no campaign or the other's, and one of another tenant.
SELECT array_agg(id ORDER BY id) AS leads, array_agg(id ORDER BY id DESC) AS backwards
FROM (SELECT id FROM made UNION ALL SELECT min(lead_id) FROM voiceagent.leads WHERE tenant_id = :other) x \gset
CREATE TEMPORARY TABLE judged AS
SELECT c.consent, w.way, j FROM (VALUES (false), (true)) c(consent)
CROSS JOIN LATERAL (SELECT 'rising' AS way, j FROM pg_temp.judged(:'leads', c.consent) j
	UNION ALL SELECT 'falling', j FROM pg_temp.judged(:'backwards', c.consent) j
	UNION ALL SELECT 'far', j FROM pg_temp.judged(ARRAY(SELECT id FROM made WHERE n % 97 = 0 ORDER BY id), c.consent) j
	UNION ALL SELECT 'single', j FROM unnest(:'leads'::bigint[]) i CROSS JOIN LATERAL pg_temp.judged(ARRAY[i], c.consent) j WHERE (i - :first) % 5 = 0) w;
SELECT consent, way, count(*), count(*) FILTER (WHERE j IN (SELECT r.j FROM judged r WHERE r.way = 'rising' AND r.consent = o.consent)) AS as_rising
FROM judged o GROUP BY 1, 2 ORDER BY 1, 2;
SELECT consent, split_part(j, ',', 8) AS verdict, count(*) FROM judged WHERE way = 'rising' GROUP BY 1, 2 ORDER BY 1, 2;
ROLLBACK;
