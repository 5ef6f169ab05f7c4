-- What campaign_progress shows is what counting the leads and calls would: after any change of them, in whatever state,
-- by whatever statement, and after a part of it was taken back.
\set ECHO none
\i lib/inbox_setup.inc
CREATE TABLE pg_temp.done (what text);
-- Changes at random, the same ones each time: joins, moves, ends, costs in two currencies, removals, and some that are taken back.
CREATE FUNCTION pg_temp.change(tenant bigint, campaigns bigint[], n integer) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
	c_states CONSTANT text[] := '{pending,queued,calling,retry,completed,failed,skipped,expired}';
	c_machines CONSTANT text[] := '{human,ivr,voicemail,unavailable,uncertain,NULL}';
	c_outcomes CONSTANT text[] := '{interested,scheduled,callback,do_not_call,completed,voicemail}';
	v_back boolean;
	v_what text;
BEGIN
	PERFORM setseed(0.5);
	FOR i IN 1..n LOOP
		v_back := random() < 0.2;
		v_what := (ARRAY['join', 'state', 'leave', 'dial', 'progress', 'end', 'reopen', 'cost', 'remove', 'nothing'])[1 + floor(random() * 10)];
		BEGIN
			CASE v_what
				WHEN 'join' THEN
					INSERT INTO voiceagent.campaign_leads (tenant_id, campaign_id, lead_id, added_at)
					SELECT tenant, c, 1000 * i + g, now() FROM unnest(campaigns) c, generate_series(1, 7) g;
				WHEN 'state' THEN
					UPDATE voiceagent.campaign_leads SET status = c_states[1 + (lead_id + i) % 8], attempts = attempts + ((lead_id + i) % 2)::integer
					WHERE tenant_id = tenant AND lead_id % 5 = i % 5;
				WHEN 'leave' THEN
					DELETE FROM voiceagent.campaign_leads WHERE tenant_id = tenant AND lead_id % 7 = i % 7;
				WHEN 'dial' THEN
					INSERT INTO voiceagent.calls (tenant_id, campaign_id, lead_id, phone, assistant_id, assistant_version, campaign_version,
						provider_account_id, attempt_number, started_at)
					SELECT tenant, c, g, '+12025550100', 1, 1, 1, 1, 1, now() FROM unnest(campaigns) c, generate_series(1, 5) g;
				WHEN 'progress' THEN
					UPDATE voiceagent.calls SET status = 'in_progress', answered_at = started_at WHERE tenant_id = tenant AND outcome IS NULL AND call_id % 2 = 0;
				WHEN 'end' THEN
					UPDATE voiceagent.calls SET status = 'completed', outcome = c_outcomes[1 + (call_id + i) % 6], machine = nullif(c_machines[1 + (call_id + i) % 6], 'NULL'),
						duration_seconds = call_id % 100 + 0.125, credits = call_id % 10 + 0.5, ended_at = now(),
						cost = CASE call_id % 3 WHEN 0 THEN NULL ELSE 0.01 * (call_id % 50) END, cost_currency = CASE call_id % 3 WHEN 1 THEN 'EUR' WHEN 2 THEN 'USD' END
					WHERE tenant_id = tenant AND outcome IS NULL AND call_id % 3 = i % 3;
				WHEN 'reopen' THEN
					UPDATE voiceagent.calls SET status = 'initiated', outcome = NULL, duration_seconds = NULL, credits = NULL, ended_at = NULL
					WHERE tenant_id = tenant AND outcome IS NOT NULL AND call_id % 11 = i % 11;
				WHEN 'cost' THEN
					UPDATE voiceagent.calls SET cost = 0.5, cost_currency = CASE cost_currency WHEN 'EUR' THEN 'USD' ELSE 'EUR' END
					WHERE tenant_id = tenant AND outcome IS NOT NULL AND call_id % 4 = i % 4;
				WHEN 'remove' THEN
					DELETE FROM voiceagent.calls WHERE tenant_id = tenant AND call_id % 13 = i % 13;
				ELSE
					UPDATE voiceagent.calls SET summary = 'x' WHERE tenant_id = tenant AND false;
			END CASE;
			IF v_back THEN
				RAISE EXCEPTION USING ERRCODE = 'ZZ001';
			END IF;
			INSERT INTO pg_temp.done VALUES (v_what);
		EXCEPTION WHEN SQLSTATE 'ZZ001' THEN
			NULL;
		END;
	END LOOP;
END
$$;
\set ECHO all
BEGIN;
SELECT pg_temp.begin_calls('Counters', ARRAY['8001', '8002']) AS tenant \gset
SELECT voiceagent.create_campaign('second', voiceagent.create_assistant('B', 'Hello', 'Be kind.')) AS second \gset
SELECT pg_temp.change(:tenant, ARRAY(SELECT campaign_id FROM voiceagent.campaigns WHERE tenant_id = :tenant ORDER BY 1), 400);
SELECT what, count(*) > 10 AS often FROM pg_temp.done GROUP BY 1 ORDER BY 1;
SELECT * FROM voiceagent_private.check_campaign_counters();
-- More rows than memory holds.
SET LOCAL work_mem = '64kB';
INSERT INTO voiceagent.campaign_leads (tenant_id, campaign_id, lead_id, added_at) SELECT :tenant, :second, 1000000 + g, now() FROM generate_series(1, 10000) g;
UPDATE voiceagent.campaign_leads SET status = 'queued', attempts = lead_id % 2, reason = repeat('x', 50) WHERE tenant_id = :tenant AND lead_id > 1000000;
UPDATE voiceagent.calls SET transcript = repeat(md5(call_id::text), 400), cost = 0.25, cost_currency = 'GBP' WHERE tenant_id = :tenant;
SELECT * FROM voiceagent_private.check_campaign_counters();
DELETE FROM voiceagent.campaign_leads WHERE tenant_id = :tenant AND lead_id > 1005000;
SELECT * FROM voiceagent_private.check_campaign_counters();
-- What a member sees.
SELECT p.name, p.total_leads = (SELECT count(*) FROM voiceagent.campaign_leads m WHERE m.tenant_id = :tenant AND m.campaign_id = p.campaign_id) AS leads,
	p.leads_called = (SELECT count(*) FROM voiceagent.campaign_leads m WHERE m.tenant_id = :tenant AND m.campaign_id = p.campaign_id AND m.attempts > 0) AS called,
	(p.calls, p.talk_seconds, p.credits_spent, p.last_call_at) = (SELECT count(*), sum(d.duration_seconds), sum(d.credits), max(d.started_at) FROM voiceagent.calls d
		WHERE d.tenant_id = :tenant AND d.campaign_id = p.campaign_id) AS calls,
	p.costs = (SELECT jsonb_object_agg(x.cost_currency, x.cost) FROM (SELECT d.cost_currency, sum(d.cost) AS cost FROM voiceagent.calls d
		WHERE d.tenant_id = :tenant AND d.campaign_id = p.campaign_id AND d.cost IS NOT NULL GROUP BY 1) x) AS costs
FROM voiceagent.campaign_progress p WHERE p.tenant_id = :tenant ORDER BY 1;
-- All gone: nothing is left of it, in any currency.
DELETE FROM voiceagent.campaign_leads WHERE tenant_id = :tenant;
DELETE FROM voiceagent.calls WHERE tenant_id = :tenant;
SELECT * FROM voiceagent_private.check_campaign_counters();
SELECT DISTINCT total_leads, calls, talk_seconds = 0 AS silent, credits_spent = 0 AS free, costs, last_call_at FROM voiceagent.campaign_progress WHERE tenant_id = :tenant;
-- What changes nothing that is counted writes nothing.
SELECT pg_temp.change(:tenant, ARRAY(SELECT campaign_id FROM voiceagent.campaigns WHERE tenant_id = :tenant ORDER BY 1), 20);
CREATE TABLE pg_temp.was AS SELECT ctid AS place, writer, campaign_id FROM voiceagent.campaign_counters WHERE tenant_id = :tenant;
UPDATE voiceagent.calls SET summary = 'said' WHERE tenant_id = :tenant;
UPDATE voiceagent.campaign_leads SET reason = 'x', status = CASE status WHEN 'pending' THEN 'queued' ELSE status END WHERE tenant_id = :tenant;
SELECT count(*) > 0 AS some, bool_and(EXISTS (SELECT FROM pg_temp.was w WHERE w.place = t.ctid)) AS untouched FROM voiceagent.campaign_counters t WHERE t.tenant_id = :tenant;
-- Rows that are loaded as a replica are counted; after triggers were switched off, they are counted anew.
SET LOCAL session_replication_role = replica;
INSERT INTO voiceagent.campaign_leads (tenant_id, campaign_id, lead_id, added_at) SELECT :tenant, :second, 2000000 + g, now() FROM generate_series(1, 10) g;
SET LOCAL session_replication_role = origin;
SELECT * FROM voiceagent_private.check_campaign_counters();
ALTER TABLE voiceagent.campaign_leads DISABLE TRIGGER count_delete;
DELETE FROM voiceagent.campaign_leads WHERE tenant_id = :tenant AND lead_id > 2000003;
ALTER TABLE voiceagent.campaign_leads ENABLE ALWAYS TRIGGER count_delete;
SELECT count(*) FROM voiceagent_private.check_campaign_counters();
SELECT voiceagent_private.count_campaigns_anew();
SELECT * FROM voiceagent_private.check_campaign_counters();
ROLLBACK;
-- Only triggers of statements can do it.
CREATE TABLE pg_temp.other (tenant_id bigint, campaign_id bigint);
CREATE TRIGGER wrong AFTER INSERT ON pg_temp.other FOR EACH ROW EXECUTE FUNCTION voiceagent_private.count_campaign_leads();
INSERT INTO pg_temp.other VALUES (1, 1);
