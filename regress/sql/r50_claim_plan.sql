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
SELECT voiceagent_private.act_for(tenant_id) IS NOT NULL AS acting FROM pg_temp.fix ORDER BY tenant_id OFFSET 49 LIMIT 1;
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

-- The probe of the queue alone, as the planner sees it: by the index, already in order.
BEGIN;
SET LOCAL enable_seqscan = off;
SET LOCAL enable_bitmapscan = off;
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
