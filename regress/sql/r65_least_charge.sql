-- What the platform charges no tenant lowers: not by a setting, nor by webhooks that its own secret signs.
\set SHOW_CONTEXT never
\set ECHO none
\i lib/inbox_setup.inc
\set ECHO all
-- no setting about charges is anybody's but the platform's; what its own accounts at vendors may cost it is a tenant's
SELECT s.key, s.levels FROM voiceagent.settings s WHERE s.description ~* 'charge|price|fee' AND s.levels <> '{platform}' AND s.key <> 'model_usd_per_day' ORDER BY 1;
BEGIN;
SELECT pg_temp.begin_calls('Waives', ARRAY['2001', '2002', '2003', '2004']) > 0 AS ready;
SAVEPOINT s;
SELECT voiceagent.set_setting('charge_machines', 'off');
ROLLBACK TO s;
SELECT voiceagent.update_campaign((SELECT max(campaign_id) FROM voiceagent.campaigns WHERE tenant_id = voiceagent.current_tenant()), '{"charge_machines": false}');
ROLLBACK TO s;
SELECT voiceagent.set_setting('least_charged_time', '0');
ROLLBACK TO s;
-- a row of its own from before, when it could have one, is nothing
INSERT INTO voiceagent_private.tenant_settings (tenant_id, key, value) VALUES (voiceagent.current_tenant(), 'charge_machines', 'off');
INSERT INTO voiceagent_private.platform_settings (key, value) VALUES ('least_charged_time', '6 seconds');
SELECT pg_temp.dial();
UPDATE voiceagent.provider_accounts SET provider = 'vapi' WHERE tenant_id = voiceagent.current_tenant() AND provider = 'sandbox';
SELECT pg_temp.take(pg_temp.webhook('2001', 'report', 'customer-ended-call', 0), pg_temp.webhook('2002', 'report', 'customer-did-not-answer'),
	pg_temp.webhook('2003', 'report', 'voicemail', 30), pg_temp.webhook('2004', 'report', 'customer-ended-call', 60)), voiceagent_private.apply_inbox(10);
SELECT number, status, seconds, credits FROM pg_temp.seen();
SELECT * FROM voiceagent.invariants() WHERE invariant NOT LIKE 'a real carrier%';
ROLLBACK;
-- on the sandbox, which is the platform's own, what it says counts
BEGIN;
SELECT pg_temp.begin_calls('Rehearses', ARRAY['2001', '2002']) > 0 AS ready;
INSERT INTO voiceagent_private.platform_settings (key, value) VALUES ('least_charged_time', '6 seconds');
SELECT pg_temp.dial();
SELECT pg_temp.take(pg_temp.webhook('2001', 'report', 'customer-ended-call', 3), pg_temp.webhook('2002', 'report', 'customer-did-not-answer')), voiceagent_private.apply_inbox(10);
SELECT number, status, seconds, credits FROM pg_temp.seen();
ROLLBACK;
