-- What a claim reads: never more than twice its batch, in index order, however much is queued, and and
-- without statistics of the tenant.
SET client_min_messages = warning;
\set ECHO none
\i sql/r50_setup.inc
\set ECHO all
CREATE TABLE pg_temp.fix (tenant_id bigint, campaign_id bigint);
CREATE FUNCTION pg_temp.reads(tab regclass, OUT scans bigint, OUT fetched bigint) LANGUAGE sql AS $$
	SELECT pg_stat_get_xact_numscans(tab), pg_stat_get_xact_tuples_returned(tab)
$$;
BEGIN;
-- The session's plans are made for one lead.
SELECT pg_temp.tenant('r50 plan first') > 0 AS made;
SELECT pg_temp.start('first', pg_temp.leads('+1202555', 8)) > 0 AS started;
SELECT pg_temp.claim(1), pg_temp.claim(1), pg_temp.claim(1), pg_temp.claim(1), pg_temp.claim(1), pg_temp.claim(1), pg_temp.claim(1);
ROLLBACK;
-- 40,000 leads of 100 tenants wait, half of them one tenant's.
BEGIN;
DO $$
DECLARE
	v_tenant bigint;
BEGIN
	FOR i IN 1 .. 100 LOOP
		v_tenant := pg_temp.tenant('r50 plan ' || i);
		INSERT INTO pg_temp.fix VALUES (v_tenant, pg_temp.start('plan', pg_temp.leads('+1202' || (100 + i), CASE i WHEN 50 THEN 20000 ELSE 200 END)));
	END LOOP;
END
$$;
COMMIT;

-- As a worker does every few seconds.
DISCARD PLANS;
BEGIN;
SELECT voiceagent_private.set_tenant(tenant_id) IS NOT NULL AS acting FROM pg_temp.fix ORDER BY tenant_id OFFSET 49 LIMIT 1;
SELECT array_length(string_to_array(pg_temp.claim(90), ' '), 1) AS claimed;
-- Sequential scans are counted as scans of the table itself.
SELECT tab, scans AS sequential_scans, fetched AS rows_read_by_them
FROM unnest('{voiceagent_private.call_queue,voiceagent.leads,voiceagent.campaign_leads,voiceagent.do_not_call_list,voiceagent_private.lanes,voiceagent_private.live_calls}'::regclass[]) tab,
	pg_temp.reads(tab);
-- Entries read of the queue's indexes: the batch to claim it, and one a lane and priority. Each lead is found by its
-- key to lock it, to judge it and, in two versions, to call it.
SELECT sum(pg_stat_get_xact_tuples_returned(indexrelid)) <= 90 + 10 AS queue_entries_read
FROM pg_index WHERE indrelid = 'voiceagent_private.call_queue'::regclass;
SELECT tab, sum(pg_stat_get_xact_tuples_returned(indexrelid)) <= 4 * 90 + 10 AS entries_read
FROM unnest('{voiceagent.leads,voiceagent.campaign_leads}'::regclass[]) tab JOIN pg_index ON indrelid = tab GROUP BY tab ORDER BY 1;
ROLLBACK;

-- Under the law, with every rule on and 10,000 calls behind: one probe a rule and lead, still by key.
BEGIN;
INSERT INTO voiceagent_private.law_rules SELECT 'XA', rule, value::jsonb, 'test', '2026-01-01', NULL FROM (VALUES ('hours', '{"start":"00:00","end":"24:00"}'), ('holidays', '{}'),
	('calls_per_day', '3'), ('calls_per_24h', '3'), ('calls_lifetime', '9'), ('require_consent', 'true'), ('list_max_age', '"31 days"')) AS r(rule, value);
SELECT voiceagent_private.store_terms('{XA}', voiceagent.clock());
INSERT INTO voiceagent.national_dnc_lists (name, country, edition, published_at, in_force_since, numbers) VALUES ('r50 plan', 'XA', -1, voiceagent.clock(), voiceagent.clock(), 0);
INSERT INTO voiceagent_private.dnc_list_blocks SELECT 1 + g, -1, '\x0001' FROM generate_series(1, 10000) g;
SELECT voiceagent_private.set_tenant(tenant_id) IS NOT NULL AS acting FROM pg_temp.fix ORDER BY tenant_id OFFSET 49 LIMIT 1;
UPDATE voiceagent.leads SET region = 'XA' WHERE tenant_id = voiceagent.current_tenant();
UPDATE voiceagent_private.lanes SET region = 'XA' WHERE tenant_id = voiceagent.current_tenant();
ALTER TABLE voiceagent.campaign_versions DISABLE TRIGGER append_only;
UPDATE voiceagent.campaign_versions SET lawful = true, settings = settings || '{"caller_name": "Acme"}' WHERE tenant_id = voiceagent.current_tenant();
ALTER TABLE voiceagent.campaign_versions ENABLE TRIGGER append_only;
INSERT INTO voiceagent.consents (tenant_id, lead_id, phone, kind, source, granted_at)
SELECT tenant_id, lead_id, phone, 'call', 'form', voiceagent.clock() FROM voiceagent.leads WHERE tenant_id = voiceagent.current_tenant();
INSERT INTO voiceagent.calls (tenant_id, campaign_id, lead_id, phone, assistant_id, assistant_version, campaign_version, provider_account_id, attempt_number,
	status, outcome, credits, started_at, ended_at, lawful)
SELECT l.tenant_id, c.campaign_id, l.lead_id, l.phone, c.assistant_id, 1, 1, c.provider_account_id, 1, 'busy', 'busy', 0, '2020-01-01', '2020-01-01', true
FROM voiceagent.leads l JOIN voiceagent.campaigns c USING (tenant_id) WHERE tenant_id = voiceagent.current_tenant() ORDER BY l.lead_id LIMIT 10000;
-- The worst that the planner can believe: the tables' pages hold no rows (as an ANALYZE after a great rollback finds), so
-- any index will do, and those meant for it are full of holes and a level higher than the keys'.
ALTER INDEX voiceagent.calls_number SET (fillfactor = 10);
ALTER INDEX voiceagent.consents_lead SET (fillfactor = 10);
REINDEX INDEX voiceagent.calls_number;
REINDEX INDEX voiceagent.consents_lead;
UPDATE pg_class SET reltuples = 0, relpages = 100 WHERE oid IN ('voiceagent.calls'::regclass, 'voiceagent.consents'::regclass);
-- A page of the list of leads by their last call in the campaign, the oldest first, finds each lead's own calls, and not all newer ones.
CREATE TEMP VIEW entries AS SELECT sum(pg_stat_get_xact_tuples_returned(indexrelid)) AS n FROM pg_index WHERE indrelid = 'voiceagent.calls'::regclass;
SELECT n AS entries FROM entries \gset
SELECT count(*) FROM voiceagent.lead_list('last_call', campaign_id => (SELECT campaign_id FROM pg_temp.fix WHERE tenant_id = voiceagent.current_tenant()), page_size => 1000, descending => false);
SELECT n - :entries BETWEEN 2000 AND 10000 AS read FROM entries;
CREATE TEMP TABLE before AS SELECT indrelid, sum(pg_stat_get_xact_tuples_returned(indexrelid)) AS entries, (pg_temp.reads(indrelid)).scans AS seq FROM pg_index GROUP BY indrelid;
SELECT array_length(string_to_array(pg_temp.claim(90), ' '), 1) AS claimed;
-- Reads one earlier call of each number, and once more for its caps, a lead's consents to the call and to its recording, its wish to be called by appointment alone, and nothing of lists that do not have the number.
SELECT tab, (pg_temp.reads(tab)).scans - b.seq AS sequential_scans, i.entries - b.entries <= most * 90 + 10 AS entries_read
FROM (VALUES ('voiceagent.calls'::regclass, 2), ('voiceagent.consents', 3), ('voiceagent_private.jurisdiction_terms', 1), ('voiceagent.do_not_call_list', 0),
	('voiceagent_private.dnc_list_blocks', 0), ('voiceagent_private.platform_do_not_call_list', 0), ('voiceagent.do_not_call_prefixes', 0), ('voiceagent.campaign_do_not_call_list', 0)) AS t(tab, most)
JOIN before b ON b.indrelid = tab
CROSS JOIN LATERAL (SELECT sum(pg_stat_get_xact_tuples_returned(indexrelid)) AS entries FROM pg_index WHERE indrelid = tab) i ORDER BY tab::text;
SELECT count(*) AS proofs, bool_and(cap_24h = 3 AND dials_24h = 0 AND dials_lifetime = 1 AND consent_id IS NOT NULL) AS whole FROM voiceagent.eligibility
WHERE tenant_id = voiceagent.current_tenant() AND lawful;
ROLLBACK;

-- The probe of the queue alone, as the planner sees it: by the index, already in order.
BEGIN;
SET LOCAL enable_seqscan = off;
SET LOCAL enable_bitmapscan = off;
SET LOCAL enable_sort = off;
EXPLAIN (COSTS OFF)
SELECT q.lead_id FROM voiceagent_private.call_queue q
WHERE q.tenant_id = 1 AND q.lane_id = 1 AND q.priority = 5::smallint AND q.not_before <= '2030-01-01'
ORDER BY q.not_before, q.lead_id LIMIT 100 FOR UPDATE SKIP LOCKED;
ROLLBACK;

-- Gone again: other tests look at everything.
DELETE FROM voiceagent_private.call_queue WHERE tenant_id IN (SELECT tenant_id FROM pg_temp.fix);
DELETE FROM voiceagent_private.lanes WHERE tenant_id IN (SELECT tenant_id FROM pg_temp.fix);
DELETE FROM voiceagent.campaign_leads WHERE tenant_id IN (SELECT tenant_id FROM pg_temp.fix);
UPDATE voiceagent.campaigns SET status = 'completed' WHERE tenant_id IN (SELECT tenant_id FROM pg_temp.fix);
