-- Out of a campaign and back into it: by hand, or when a do-not-call entry was a mistake; never for whoever opted out in a call.
\set SHOW_CONTEXT never
\set ECHO none
\i lib/inbox_setup.inc
\set ECHO all
CREATE FUNCTION pg_temp.lead(number text) RETURNS bigint LANGUAGE sql AS $$
	SELECT lead_id FROM voiceagent.leads WHERE tenant_id = voiceagent.current_tenant() AND phone = '+1212555' || number $$;
CREATE FUNCTION pg_temp.members(campaign bigint) RETURNS TABLE (number text, status text, reason text, attempts int, queued boolean) LANGUAGE sql AS $$
	SELECT right(l.phone, 4), m.status, m.reason, m.attempts, EXISTS (SELECT FROM voiceagent_private.call_queue q
		WHERE q.tenant_id = m.tenant_id AND q.campaign_id = m.campaign_id AND q.lead_id = m.lead_id)
	FROM voiceagent.campaign_leads m JOIN voiceagent.leads l USING (tenant_id, lead_id) WHERE m.tenant_id = voiceagent.current_tenant() AND m.campaign_id = campaign ORDER BY 1 $$;
BEGIN;
SELECT pg_temp.begin_calls('Members', ARRAY['1001', '1002', '1003', '1004']) > 0 AS ready;
SELECT max(campaign_id) AS c FROM voiceagent.campaigns WHERE tenant_id = voiceagent.current_tenant() \gset
SELECT array_agg(lead_id) AS leads FROM voiceagent.leads WHERE tenant_id = voiceagent.current_tenant() \gset
SELECT voiceagent.create_campaign('Another', assistant_id) AS other FROM voiceagent.campaigns WHERE campaign_id = :c \gset
SELECT voiceagent.add_leads(:other, ARRAY[pg_temp.lead('1002'), pg_temp.lead('1003')]);
SELECT pg_temp.dial();
SELECT pg_temp.take(pg_temp.webhook('1001', 'report', 'customer-busy'), pg_temp.webhook('1003', 'report', 'customer-busy'), pg_temp.webhook('1004', 'report', 'customer-busy'),
	pg_temp.webhook('1002', 'report', 'customer-ended-call', 20, '{"do_not_call": true}')), voiceagent_private.apply_inbox(10);
SELECT voiceagent.do_not_call('+12125551003', 'by mistake');
SELECT * FROM pg_temp.members(:c);
-- nobody is new, and a notice says how they stand
SELECT voiceagent.add_leads(:c, :'leads');
-- the mistake is taken back, and he comes back; so does who was taken out by hand; who opted out in the call does not
SELECT voiceagent.allow_call('+12125551003', 'a mistake'), voiceagent.allow_call('+12125551002', 'wishful thinking');
SELECT voiceagent.remove_leads(:c, ARRAY[pg_temp.lead('1001')]);
SELECT status, reason FROM pg_temp.members(:c) WHERE number = '1001';
SELECT status, status_reason FROM voiceagent.leads WHERE lead_id = pg_temp.lead('1001');
SELECT voiceagent.add_leads(:c, :'leads');
SELECT status, status_reason FROM voiceagent.leads WHERE lead_id = pg_temp.lead('1001');
SELECT * FROM pg_temp.members(:c);
SELECT * FROM voiceagent_private.check_tenant();
-- who is taken back and may not be called after all waits for nothing
SAVEPOINT s;
SELECT voiceagent.remove_leads(:c, ARRAY[pg_temp.lead('1001')]);
SELECT voiceagent.campaign_do_not_call(:c, '+12125551001', 'not for this');
SELECT voiceagent.add_leads(:c, ARRAY[pg_temp.lead('1001')]);
SELECT number, status, reason, queued FROM pg_temp.members(:c) WHERE number = '1001';
SELECT status, status_reason FROM voiceagent.leads WHERE lead_id = pg_temp.lead('1001');
SELECT * FROM voiceagent_private.check_tenant();
UPDATE voiceagent.leads SET status = 'retry', status_reason = NULL WHERE lead_id = pg_temp.lead('1001');
SELECT voiceagent_private.relist(ARRAY[pg_temp.lead('1001')]) IS NOT NULL AS relisted;
SELECT invariant FROM voiceagent_private.check_tenant();
ROLLBACK TO s;
-- ... also where he was never called himself
SAVEPOINT s;
SELECT voiceagent.create_campaign('A third', voiceagent.create_assistant('Bea', 'Hello {{city}}', 'Be kind.')) AS third \gset
SELECT voiceagent.update_lead(pg_temp.lead('1004'), '{"context": {"city": "Ely"}}') > 0 AS filled;
SELECT voiceagent.add_leads(:third, ARRAY[pg_temp.lead('1004')]), voiceagent.start_campaign(:third);
SET LOCAL client_min_messages = warning;
SELECT voiceagent.add_leads(:third, ARRAY[pg_temp.lead('1001')]), voiceagent.remove_leads(:c, ARRAY[pg_temp.lead('1001')]);
RESET client_min_messages;
SELECT * FROM pg_temp.members(:third);
SELECT status, status_reason FROM voiceagent.leads WHERE lead_id = pg_temp.lead('1001');
SELECT voiceagent.update_lead(pg_temp.lead('1001'), '{"context": {"city": "Rye"}}') > 0 AS filled;
SELECT voiceagent.campaign_do_not_call(:third, '+12125551001', 'not for this');
SELECT voiceagent.add_leads(:third, ARRAY[pg_temp.lead('1001')]);
SELECT number, status, reason, queued FROM pg_temp.members(:third) WHERE number = '1001';
SELECT status, status_reason FROM voiceagent.leads WHERE lead_id = pg_temp.lead('1001');
SELECT * FROM voiceagent_private.check_tenant();
-- ... and waits again where he may be called after all
SELECT voiceagent.campaign_allow_call(:third, '+12125551001', 'for this, too'), voiceagent.pause_campaign(:third), voiceagent.resume_campaign(:third);
SELECT number, status, reason, queued FROM pg_temp.members(:third) WHERE number = '1001';
SELECT status, status_reason FROM voiceagent.leads WHERE lead_id = pg_temp.lead('1001');
ROLLBACK TO s;
-- nor into a campaign in which he only waited
SELECT * FROM pg_temp.members(:other);
SELECT voiceagent.add_leads(:other, ARRAY[pg_temp.lead('1002'), pg_temp.lead('1003')]);
SELECT * FROM pg_temp.members(:other);
-- nor does one whose dials are spent
SELECT voiceagent.remove_leads(:c, ARRAY[pg_temp.lead('1001'), pg_temp.lead('1004')]);
UPDATE voiceagent.campaign_leads SET attempts = 4 WHERE campaign_id = :c AND lead_id = pg_temp.lead('1004');
SELECT voiceagent.pause_campaign(:c);
SELECT voiceagent.add_leads(:c, ARRAY[pg_temp.lead('1001'), pg_temp.lead('1004')]);
SELECT * FROM pg_temp.members(:c);
SELECT voiceagent.resume_campaign(:c);
SELECT * FROM pg_temp.members(:c);
-- all leads that are in no campaign: where there are none, the answer says why it is 0
SELECT voiceagent.add_leads(:c);
SELECT voiceagent.add_lead('+12125551009', 'Ida') > 0 AS new, voiceagent.add_leads(:c) AS added;
ROLLBACK;
SELECT voiceagent_private.set_tenant(0) IS NOT NULL AS done;
