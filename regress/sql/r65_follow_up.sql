-- What comes after: a follow-up step per outcome (F81, P5), and a new campaign of who was not reached (X15).
\set VERBOSITY terse
\set ECHO none
\i lib/inbox_setup.inc
CREATE FUNCTION pg_temp.id(campaign text) RETURNS bigint LANGUAGE sql AS $$
	SELECT campaign_id FROM voiceagent.campaigns WHERE tenant_id = voiceagent.current_tenant() AND name = campaign $$;
CREATE FUNCTION pg_temp.campaign(name text, settings jsonb DEFAULT '{}') RETURNS void LANGUAGE sql AS $$
	SELECT voiceagent.create_campaign(name, (SELECT min(assistant_id) FROM voiceagent.assistants WHERE tenant_id = voiceagent.current_tenant()),
		settings => '{"call_interval": 0, "max_concurrent_calls": 100, "retry_attempts": 0}'::jsonb || settings) $$;
CREATE FUNCTION pg_temp.show() RETURNS TABLE (campaign text, status text, number text, lead_status text, reason text, outcome text, queued_in text) LANGUAGE sql AS $$
	SELECT c.name, c.status::text, right(l.phone, 4), m.status::text, m.reason, m.last_outcome::text,
		round(extract(epoch FROM q.not_before - voiceagent.clock()) / 60) || ' min' || CASE WHEN n.running THEN '' ELSE ', halted' END
	FROM voiceagent.campaigns c JOIN voiceagent.campaign_leads m USING (tenant_id, campaign_id) JOIN voiceagent.leads l USING (tenant_id, lead_id)
	LEFT JOIN voiceagent_private.call_queue q USING (tenant_id, campaign_id, lead_id) LEFT JOIN voiceagent_private.lanes n USING (tenant_id, lane_id)
	WHERE c.tenant_id = voiceagent.current_tenant() ORDER BY c.campaign_id, 3 $$;
CREATE FUNCTION pg_temp.again() RETURNS bigint LANGUAGE sql AS $$
	UPDATE voiceagent_private.call_queue SET not_before = voiceagent.clock() WHERE tenant_id = voiceagent.current_tenant();
	UPDATE voiceagent_private.lanes SET next_due = voiceagent.clock() WHERE tenant_id = voiceagent.current_tenant();
	SELECT pg_temp.dial()
$$;
\set ECHO all

-- Bad input
BEGIN;
SELECT pg_temp.begin_calls('Follow-ups, bad input', '{5001}') > 0 AS ready;
SELECT pg_temp.campaign('Second');
SELECT pg_temp.campaign('Third');
SAVEPOINT s;
SELECT voiceagent.set_follow_up(pg_temp.id('Calls'), 'rejected', pg_temp.id('Second'));
ROLLBACK TO s;
SELECT voiceagent.set_follow_up(pg_temp.id('Calls'), 'do_not_call', pg_temp.id('Second'));
ROLLBACK TO s;
SELECT voiceagent.set_follow_up(pg_temp.id('Calls'), 'busy', -1);
ROLLBACK TO s;
SELECT voiceagent.set_follow_up(-1, 'busy', pg_temp.id('Second'));
ROLLBACK TO s;
SELECT voiceagent.set_follow_up(pg_temp.id('Calls'), 'busy', pg_temp.id('Second'), '-1 day');
ROLLBACK TO s;
SELECT voiceagent.set_follow_up(pg_temp.id('Calls'), 'busy', pg_temp.id('Calls'));
ROLLBACK TO s;
-- a way back, however long
SELECT voiceagent.set_follow_up(pg_temp.id('Calls'), 'busy', pg_temp.id('Second'));
SELECT voiceagent.set_follow_up(pg_temp.id('Second'), 'voicemail', pg_temp.id('Third'), '1 hour');
SAVEPOINT s;
SELECT voiceagent.set_follow_up(pg_temp.id('Third'), 'no_answer', pg_temp.id('Calls'));
ROLLBACK TO s;
-- one step per outcome: the last one set
SELECT voiceagent.set_follow_up(pg_temp.id('Calls'), 'busy', pg_temp.id('Third'), '2 hours');
SELECT s.name, f.outcome, t.name AS target, f.delay FROM voiceagent.follow_ups f JOIN voiceagent.campaigns s USING (tenant_id, campaign_id)
JOIN voiceagent.campaigns t ON t.tenant_id = f.tenant_id AND t.campaign_id = f.target_campaign_id WHERE f.tenant_id = voiceagent.current_tenant() ORDER BY 1;
SELECT voiceagent.remove_follow_up(pg_temp.id('Calls'), 'busy'), voiceagent.remove_follow_up(pg_temp.id('Calls'), 'busy') AS again;
SELECT voiceagent.remove_follow_up(-1, 'busy');
ROLLBACK;

-- Steps into a running, a completed and a draft campaign; in the commit of the end, once, after the last retry only
BEGIN;
SELECT pg_temp.begin_calls('Follow-ups', '{5101,5102,5103,5104,5105,5106}', '{"retry_attempts": 1}') > 0 AS ready;
SELECT pg_temp.campaign('Running');
SELECT pg_temp.campaign('Completed');
SELECT pg_temp.campaign('Draft');
SELECT voiceagent.add_leads(pg_temp.id('Running'), ARRAY[voiceagent.add_lead('+12125555190', 'Other')]);
SELECT voiceagent.add_leads(pg_temp.id('Completed'), ARRAY(SELECT lead_id FROM voiceagent.leads WHERE tenant_id = voiceagent.current_tenant() AND phone = '+12125555104'));
SELECT voiceagent.start_campaign(pg_temp.id('Completed'));
SELECT voiceagent.remove_leads(pg_temp.id('Completed'), ARRAY(SELECT lead_id FROM voiceagent.leads WHERE tenant_id = voiceagent.current_tenant()));
-- (one that was in it already, whatever became of it)
INSERT INTO voiceagent.campaign_leads (tenant_id, campaign_id, lead_id, status, reason, added_at)
SELECT tenant_id, pg_temp.id('Completed'), lead_id, 'skipped', 'removed', now() FROM voiceagent.leads WHERE tenant_id = voiceagent.current_tenant() AND phone = '+12125555104';
SELECT voiceagent.set_follow_up(pg_temp.id('Calls'), 'no_answer', pg_temp.id('Running'), '3 hours');
SELECT voiceagent.set_follow_up(pg_temp.id('Calls'), 'busy', pg_temp.id('Completed'));
SELECT voiceagent.set_follow_up(pg_temp.id('Calls'), 'interested', pg_temp.id('Draft'), '1 hour');
SELECT voiceagent.set_follow_up(pg_temp.id('Running'), 'busy', pg_temp.id('Draft'), '1 hour');
SELECT pg_temp.dial();
SELECT voiceagent.start_campaign(pg_temp.id('Running'));
SELECT pg_temp.take(pg_temp.webhook('5101', 'report', 'customer-did-not-answer'), pg_temp.webhook('5102', 'report', 'customer-ended-call', 60, '{"interest": "high"}'),
	pg_temp.webhook('5103', 'report', 'customer-busy'), pg_temp.webhook('5104', 'report', 'customer-busy'), pg_temp.webhook('5105', 'report', 'customer-ended-call', 60, '{"interest": "none"}'),
	pg_temp.webhook('5106', 'report', 'customer-ended-call', 60, '{"do_not_call": true}'));
SELECT voiceagent_private.apply_inbox(10);
SELECT * FROM pg_temp.show();
-- the second and last dials; who was put into the completed campaign by hand goes on with those who take the step
SELECT voiceagent.add_leads(pg_temp.id('Completed'), ARRAY[voiceagent.add_lead('+12125555191', 'By hand')]);
UPDATE voiceagent_private.call_queue SET not_before = voiceagent.clock() + interval '1 day' WHERE tenant_id = voiceagent.current_tenant() AND campaign_id <> pg_temp.id('Calls');
UPDATE voiceagent_private.call_queue SET not_before = voiceagent.clock() WHERE tenant_id = voiceagent.current_tenant() AND campaign_id = pg_temp.id('Calls');
UPDATE voiceagent_private.lanes SET next_due = voiceagent.clock() WHERE tenant_id = voiceagent.current_tenant();
SELECT pg_temp.dial();
SELECT pg_temp.take(pg_temp.webhook('5101', 'report', 'customer-did-not-answer'), pg_temp.webhook('5103', 'report', 'customer-busy'), pg_temp.webhook('5104', 'report', 'customer-busy'));
SELECT voiceagent_private.apply_inbox(10);
SELECT * FROM pg_temp.show();
SELECT x.what, regexp_replace(x.why, 'campaign [0-9]+|[0-9]{4}-.*', 'X', 'g') FROM voiceagent.leads l, voiceagent.explain_lead(l.lead_id) x
WHERE l.tenant_id = voiceagent.current_tenant() AND l.phone LIKE '%5103' AND x.what = 'lead_followed_up';
SELECT * FROM voiceagent_private.check_tenant();
-- from there on; the draft one starts with them when it is started, each not before its time
SELECT pg_temp.again();
SELECT pg_temp.take(pg_temp.webhook('5101', 'report', 'customer-busy'), pg_temp.webhook('5103', 'report', 'customer-busy'), pg_temp.webhook('5190', 'report', 'customer-ended-call', 60, '{"interest": "high"}'),
	pg_temp.webhook('5191', 'report', 'customer-ended-call', 60, '{"interest": "high"}'));
SELECT voiceagent_private.apply_inbox(10);
SELECT voiceagent.start_campaign(pg_temp.id('Draft'));
SELECT * FROM pg_temp.show();
SELECT * FROM voiceagent_private.check_tenant();

-- Redial: those who are done, by their last outcome; once a key; nobody who opted out
SAVEPOINT s;
SELECT voiceagent.redial_campaign(pg_temp.id('Calls'), '{}');
ROLLBACK TO s;
SELECT voiceagent.redial_campaign(pg_temp.id('Calls'), '{busy,sulking}');
ROLLBACK TO s;
SELECT voiceagent.redial_campaign(pg_temp.id('Calls'), '{do_not_call}');
ROLLBACK TO s;
SELECT voiceagent.redial_campaign(-1);
ROLLBACK TO s;
SELECT voiceagent.redial_campaign(pg_temp.id('Calls'), '{voicemail,expired}');
ROLLBACK TO s;
SELECT voiceagent.do_not_call('+12125555104', 'asked');
SELECT voiceagent.redial_campaign(pg_temp.id('Calls'), idempotency_key => 'redial 1') = pg_temp.id('Calls, redial') AS made;
SELECT voiceagent.redial_campaign(pg_temp.id('Calls'), idempotency_key => 'redial 1') = pg_temp.id('Calls, redial') AS same;
SAVEPOINT t;
SELECT voiceagent.redial_campaign(pg_temp.id('Calls'), '{busy}', idempotency_key => 'redial 1');
ROLLBACK TO t;
SELECT * FROM pg_temp.show() WHERE campaign LIKE '%redial';
SELECT n.status, n.settings = o.settings AND n.assistant_id = o.assistant_id AND n.provider_account_id = o.provider_account_id AS alike
FROM voiceagent.campaigns n, voiceagent.campaigns o WHERE n.campaign_id = pg_temp.id('Calls, redial') AND o.campaign_id = pg_temp.id('Calls');
SELECT voiceagent.do_not_call('+12125555103', 'asked');
SELECT voiceagent.start_campaign(pg_temp.id('Calls, redial'));
SELECT * FROM pg_temp.show() WHERE campaign LIKE '%redial';
-- what runs may be redialled, too: who waits or is called there stays out
SELECT voiceagent.redial_campaign(pg_temp.id('Calls, redial'));
ROLLBACK;

-- A lead that expires after a call takes the step of its last outcome; one that was never dialled takes none
BEGIN;
SELECT pg_temp.begin_calls('Follow-ups of the expired', '{5201,5202}', '{"max_concurrent_calls": 1, "expires_after": "1 hour"}') > 0 AS ready;
SELECT pg_temp.campaign('After');
SELECT voiceagent.set_follow_up(pg_temp.id('Calls'), 'no_answer', pg_temp.id('After'));
SELECT pg_temp.dial();
SELECT pg_temp.take(pg_temp.webhook('5201', 'report', 'customer-did-not-answer'));
SELECT voiceagent_private.apply_inbox(10);
UPDATE voiceagent_private.pacing SET expires_at = voiceagent.clock(), expiry_due = voiceagent.clock() WHERE tenant_id = voiceagent.current_tenant() AND campaign_id = pg_temp.id('Calls');
SELECT count(voiceagent_private.expire_leads(10)) FROM generate_series(1, 20);
SELECT * FROM pg_temp.show();
SELECT * FROM voiceagent_private.check_tenant();
ROLLBACK;

-- A step into a running campaign, in a zone that is new to it, of a tenant that was suspended meanwhile: it dials nobody
BEGIN;
SELECT pg_temp.begin_calls('Follow-ups of the suspended', '{5301,5302}') > 0 AS ready;
SELECT pg_temp.campaign('Running');
SELECT voiceagent.add_leads(pg_temp.id('Running'), ARRAY[voiceagent.add_lead('+14155555390', 'Other')]);
SELECT voiceagent.start_campaign(pg_temp.id('Running'));
SELECT voiceagent.set_follow_up(pg_temp.id('Calls'), 'busy', pg_temp.id('Running'));
SELECT voiceagent.update_campaign(pg_temp.id('Calls'), '{"retry_attempts": 0}');
SELECT pg_temp.dial();
SELECT voiceagent.current_tenant() AS tenant \gset
SELECT voiceagent_private.set_tenant(0) \g /dev/null
SELECT voiceagent.set_tenant_active(:tenant, false);
SELECT voiceagent_private.set_tenant(:tenant) \g /dev/null
SELECT pg_temp.take(pg_temp.webhook('5301', 'report', 'customer-busy'));
SELECT voiceagent_private.apply_inbox(10);
SELECT * FROM pg_temp.show();
SELECT * FROM voiceagent_private.check_tenant();
ROLLBACK;
