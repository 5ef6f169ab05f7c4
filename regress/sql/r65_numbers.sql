-- The order in which a lead's several numbers are dialled (X16): some tries each, then the next; a wrong one never again.
\set ECHO none
\i lib/inbox_setup.inc
CREATE FUNCTION pg_temp.report(call bigint, reason text, structured jsonb, talk_s numeric) RETURNS bytea LANGUAGE sql AS $$
	SELECT convert_to(jsonb_build_object('message', jsonb_strip_nulls(jsonb_build_object('type', 'end-of-call-report',
		'timestamp', 1763651000000, 'endedReason', reason, 'endedAt', to_char(voiceagent.clock() AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'),
		'startedAt', CASE WHEN talk_s > 0 THEN to_char((voiceagent.clock() - make_interval(secs => talk_s)) AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') END,
		'analysis', jsonb_build_object('summary', 'They talked.', 'structuredData', structured),
		'call', jsonb_build_object('id', a.provider_call_id, 'name', a.reference))))::text, 'UTF8')
	FROM voiceagent.attempts a WHERE a.tenant_id = voiceagent.current_tenant() AND a.call_id = report.call
$$;
CREATE FUNCTION pg_temp.again() RETURNS bigint LANGUAGE sql AS $$
	UPDATE voiceagent_private.call_queue SET not_before = voiceagent.clock() WHERE tenant_id = voiceagent.current_tenant();
	UPDATE voiceagent_private.lanes SET next_due = voiceagent.clock() WHERE tenant_id = voiceagent.current_tenant();
	SELECT pg_temp.dial()
$$;
-- The account has rested.
CREATE FUNCTION pg_temp.rested() RETURNS void LANGUAGE sql AS $$
	UPDATE voiceagent.provider_accounts SET resumes_at = voiceagent.clock() WHERE tenant_id = voiceagent.current_tenant() AND resumes_at IS NOT NULL;
	UPDATE voiceagent_private.pacing SET next_dial_at = '-infinity' WHERE tenant_id = voiceagent.current_tenant();
$$;
-- Ends the live calls with one reason; which number each was, what became of it, and which number is next.
CREATE FUNCTION pg_temp.ends(reason text, structured jsonb DEFAULT '{}', talk integer DEFAULT 0) RETURNS TABLE (dialled text, outcome text,
	status text, why text, next smallint, zones text[], region text, minutes numeric) LANGUAGE plpgsql AS $$
DECLARE
	v_call bigint := (SELECT max(c.call_id) FROM voiceagent.calls c WHERE c.tenant_id = voiceagent.current_tenant() AND c.outcome IS NULL);
BEGIN
	PERFORM pg_temp.take(pg_temp.report(v_call, reason, structured, talk));
	PERFORM voiceagent_private.apply_inbox(10);
	RETURN QUERY SELECT format('%s %s', c.number, right(c.phone, 4)), c.outcome::text, m.status::text, m.reason, q.number, n.timezones, n.region,
		round(extract(epoch FROM q.not_before - voiceagent.clock()) / 60)
	FROM voiceagent.calls c JOIN voiceagent.campaign_leads m USING (tenant_id, campaign_id, lead_id)
	LEFT JOIN voiceagent_private.call_queue q USING (tenant_id, campaign_id, lead_id)
	LEFT JOIN voiceagent_private.lanes n ON n.tenant_id = q.tenant_id AND n.lane_id = q.lane_id
	WHERE c.tenant_id = voiceagent.current_tenant() AND c.call_id = v_call;
END
$$;
-- one lead, three numbers, in three zones
CREATE FUNCTION pg_temp.lead(tenant_name text, settings jsonb) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
	v_lead bigint;
	v_campaign bigint;
BEGIN
	PERFORM voiceagent_private.set_tenant(voiceagent.create_tenant(tenant_name, 'America/New_York', 1000));
	v_lead := voiceagent.add_lead(phone => '+12125553301', first_name => 'Ada');
	PERFORM voiceagent.add_lead_number(v_lead, '+13125553302');
	PERFORM voiceagent.add_lead_number(v_lead, '+13105553303');
	v_campaign := voiceagent.create_campaign('Numbers', voiceagent.create_assistant('Ann', 'Hello {{first_name}}', 'Be kind.'),
		settings => '{"call_interval": 0, "retry_attempts": 8, "retry_delay": "30 minutes", "retry_delay_no_answer": "2 hours",
			"retry_delay_busy": "4 hours", "retry_delay_unfinished": "15 minutes", "callback_delay": "2 hours", "number_cooldown": 0}'::jsonb || settings);
	PERFORM voiceagent.add_leads(v_campaign);
	PERFORM voiceagent.start_campaign(v_campaign);
END
$$;
\set ECHO all
-- another number each time, around
BEGIN;
SELECT pg_temp.lead('Each', '{"tries_per_number": 1}');
SELECT pg_temp.dial();
SELECT * FROM pg_temp.ends('customer-did-not-answer');
SELECT pg_temp.again();
SELECT * FROM pg_temp.ends('customer-busy');
SELECT pg_temp.again();
SELECT * FROM pg_temp.ends('voicemail', talk => 5);
SELECT pg_temp.again();
-- who answered is called there again
SELECT * FROM pg_temp.ends('customer-ended-call', talk => 5);
SELECT pg_temp.again();
SELECT * FROM pg_temp.ends('customer-ended-call', '{"callback": true}', 40);
SELECT pg_temp.again();
SELECT * FROM pg_temp.ends('twilio-failed-to-connect-call');
-- a wrong number is left at once, and for good
SELECT pg_temp.again();
SELECT * FROM pg_temp.ends('twilio-reported-customer-misdialed');
SELECT pg_temp.again();
SELECT * FROM pg_temp.ends('customer-did-not-answer');
SELECT pg_temp.again();
-- the cap is one for all numbers
SELECT * FROM pg_temp.ends('customer-did-not-answer');
SELECT * FROM voiceagent_private.check_tenant();
COMMIT;

-- three tries each; a dial that no telephone heard of is none
BEGIN;
SELECT pg_temp.lead('Tries', '{"tries_per_number": 3, "retry_attempts": 5}');
SELECT pg_temp.dial();
SELECT * FROM pg_temp.ends('customer-did-not-answer');
SELECT pg_temp.again();
SELECT * FROM pg_temp.ends('customer-did-not-answer');
SELECT pg_temp.again();
SELECT * FROM pg_temp.ends('call.start.error-subscription-insufficient-credits');
SELECT pg_temp.rested();
SELECT pg_temp.again();
SELECT * FROM pg_temp.ends('customer-did-not-answer');
SELECT pg_temp.again();
SELECT * FROM pg_temp.ends('customer-did-not-answer');
SELECT * FROM voiceagent_private.check_tenant();
COMMIT;

-- nor does it take the only try
BEGIN;
SELECT pg_temp.lead('Only', '{"tries_per_number": 1, "retry_attempts": 0}');
SELECT pg_temp.dial();
SELECT * FROM pg_temp.ends('call.start.error-subscription-insufficient-credits');
SELECT pg_temp.rested();
SELECT pg_temp.again();
SELECT * FROM voiceagent_private.check_tenant();
-- The same two dials after anything else are one too many.
UPDATE voiceagent.calls SET cause_class = 'refused' WHERE tenant_id = voiceagent.current_tenant() AND outcome = 'failed';
SELECT invariant FROM voiceagent_private.check_tenant() ORDER BY 1;
ROLLBACK;

-- every number wrong: given up; a listed number is passed over
BEGIN;
SELECT pg_temp.lead('Wrong', '{}');
INSERT INTO voiceagent.do_not_call_list (tenant_id, phone, reason, source, created_at)
VALUES (voiceagent.current_tenant(), '+13125553302', 'test', 'manual', voiceagent.clock());
SELECT pg_temp.dial();
SELECT * FROM pg_temp.ends('customer-ended-call', '{"wrong_number": true}', 15);
SELECT pg_temp.again();
SELECT * FROM pg_temp.ends('twilio-reported-customer-misdialed');
SELECT status FROM voiceagent.campaigns WHERE tenant_id = voiceagent.current_tenant();
SELECT * FROM voiceagent_private.check_tenant();
COMMIT;

-- a number that goes while it is called, with a person who shared it or by hand, gives way to the next, never to one that proved wrong
BEGIN;
SELECT pg_temp.lead('Gone', '{}');
SELECT pg_temp.dial();
SELECT * FROM pg_temp.ends('customer-ended-call', '{"wrong_number": true}', 15);
SELECT pg_temp.again();
SELECT voiceagent.erase_lead(voiceagent.add_lead('+13125553302')) -> 'erased' -> 'numbers_of_others' AS taken;
SELECT * FROM pg_temp.ends('customer-busy');
SELECT pg_temp.again();
SELECT voiceagent.remove_lead_number(lead_id, 3) FROM voiceagent.leads WHERE tenant_id = voiceagent.current_tenant();
SAVEPOINT s;
SELECT * FROM pg_temp.ends('customer-busy');
SELECT l.status, l.status_reason, c.status AS campaign FROM voiceagent.leads l JOIN voiceagent.campaigns c USING (tenant_id) WHERE l.tenant_id = voiceagent.current_tenant();
SELECT event_type, event_data FROM voiceagent.events WHERE tenant_id = voiceagent.current_tenant() AND event_type = 'lead_skipped';
SELECT * FROM voiceagent_private.check_tenant();
-- whom a number is added comes back
SELECT voiceagent.add_leads(campaign_id, ARRAY[lead_id]) AS back FROM voiceagent.campaign_leads WHERE tenant_id = voiceagent.current_tenant();
SELECT voiceagent.add_lead_number(lead_id, '+13105553304') FROM voiceagent.leads WHERE tenant_id = voiceagent.current_tenant() AND phone LIKE '%3301';
SELECT voiceagent.add_leads(campaign_id, ARRAY[lead_id]) AS back FROM voiceagent.campaign_leads WHERE tenant_id = voiceagent.current_tenant();
SELECT voiceagent.start_campaign(campaign_id) FROM voiceagent.campaign_leads WHERE tenant_id = voiceagent.current_tenant();
SELECT status, status_reason FROM voiceagent.leads WHERE tenant_id = voiceagent.current_tenant() AND phone LIKE '%3301';
SELECT pg_temp.again(), pg_temp.again() AS moved;
SELECT * FROM pg_temp.ends('customer-busy');
SELECT * FROM voiceagent_private.check_tenant();
ROLLBACK TO s;
-- ... but to the first if that may be called
UPDATE voiceagent.calls SET outcome = 'no_answer', structured_data = NULL WHERE tenant_id = voiceagent.current_tenant() AND outcome = 'wrong_number';
SELECT * FROM pg_temp.ends('customer-busy');
SELECT * FROM voiceagent_private.check_tenant();
ROLLBACK;

-- a number that the lead has no more is not the first, but is placed there
BEGIN;
SELECT pg_temp.lead('Removed', '{"tries_per_number": 1}');
SELECT d.number, d.phone, d.timezones, d.jurisdiction FROM voiceagent.leads l
CROSS JOIN LATERAL voiceagent_private.dial_places(ARRAY[l.lead_id, l.lead_id, l.lead_id, l.lead_id], '{3,NULL,2,4}') d
WHERE l.tenant_id = voiceagent.current_tenant() ORDER BY d.number, d.phone;
ROLLBACK;

-- who opts out is not called by any of his numbers again, nor when a later file brings one of them alone; another lead who has one of
-- them is skipped at the dial
BEGIN;
SELECT pg_temp.lead('Opts out', '{}');
SELECT pg_temp.dial();
SELECT voiceagent.add_leads(c.campaign_id, ARRAY[voiceagent.add_lead('+13105553303', 'Bob')]) AS shares_one FROM voiceagent.campaigns c WHERE c.tenant_id = voiceagent.current_tenant();
SELECT * FROM pg_temp.ends('customer-ended-call', '{"do_not_call": true}', 15);
SELECT d.phone, d.reason, d.source, d.call_id = c.call_id AS of_the_call FROM voiceagent.do_not_call_list d JOIN voiceagent.calls c USING (tenant_id)
WHERE d.tenant_id = voiceagent.current_tenant() ORDER BY 1;
SELECT rows_imported, rows_do_not_call FROM voiceagent.import_leads(E'phone\n3125553302\n');
SELECT pg_temp.dial();
SELECT l.phone, l.status AS lead, m.status, m.reason FROM voiceagent.leads l JOIN voiceagent.campaign_leads m USING (tenant_id, lead_id)
WHERE l.tenant_id = voiceagent.current_tenant() ORDER BY 1;
SELECT count(*) AS told FROM voiceagent.events e WHERE e.tenant_id = voiceagent.current_tenant() AND e.event_type = 'lead_opted_out';
SELECT * FROM voiceagent_private.check_tenant();
ROLLBACK;

-- a number that proved wrong is not dialled by another campaign either, whether it waited then or comes later: the lead's next one is,
-- and who has none is skipped
\set ECHO none
CREATE FUNCTION pg_temp.another(name text, leads bigint[] DEFAULT NULL) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
	v_campaign bigint := voiceagent.create_campaign(name, (SELECT min(a.assistant_id) FROM voiceagent.assistants a
		WHERE a.tenant_id = voiceagent.current_tenant()), settings => '{"call_interval": 0, "breaker_failure_rate": 0, "number_cooldown": 0}');
BEGIN
	PERFORM voiceagent.add_leads(v_campaign, coalesce(leads, ARRAY(SELECT l.lead_id FROM voiceagent.leads l WHERE l.tenant_id = voiceagent.current_tenant())));
	PERFORM voiceagent.start_campaign(v_campaign);
	RETURN v_campaign;
END
$$;
CREATE FUNCTION pg_temp.members() RETURNS TABLE (campaign text, lead text, status text, reason text, dials text) LANGUAGE sql AS $$
	SELECT c.name, right(l.phone, 4), m.status, m.reason, (SELECT string_agg(right(k.phone, 4), ' ' ORDER BY k.call_id) FROM voiceagent.calls k
		WHERE k.tenant_id = m.tenant_id AND k.campaign_id = m.campaign_id AND k.lead_id = m.lead_id)
	FROM voiceagent.campaign_leads m JOIN voiceagent.leads l USING (tenant_id, lead_id) JOIN voiceagent.campaigns c USING (tenant_id, campaign_id)
	WHERE m.tenant_id = voiceagent.current_tenant() ORDER BY c.campaign_id, l.lead_id
$$;
\set ECHO all
BEGIN;
SELECT pg_temp.lead('No Bob here', '{"retry_attempts": 0}');
SELECT pg_temp.dial();
SELECT pg_temp.another('Waits') AS waits \gset
SELECT * FROM pg_temp.ends('customer-ended-call', '{"wrong_number": true}', 8);
SELECT pg_temp.again();
SELECT pg_temp.again();
SELECT * FROM pg_temp.members();
SELECT * FROM pg_temp.ends('customer-ended-call', '{"interest": "high"}', 40);
SELECT * FROM voiceagent_private.check_tenant();
ROLLBACK;

BEGIN;
SELECT pg_temp.lead('Misdialled', '{}');
DELETE FROM voiceagent.lead_numbers WHERE tenant_id = voiceagent.current_tenant();
SELECT min(campaign_id) AS first, min(lead_id) AS lead FROM voiceagent.campaign_leads WHERE tenant_id = voiceagent.current_tenant() \gset
SELECT pg_temp.dial();
SELECT * FROM pg_temp.ends('twilio-reported-customer-misdialed');
SELECT pg_temp.another('Later') AS later \gset
SELECT voiceagent.preview_campaign(:later) -> 'blocked' AS blocked;
SELECT replace(why, (SELECT max(call_id) FROM voiceagent.calls)::text, 'N') ~ 'The number proved wrong \(call N\): this campaign does not dial it\.' AS explained
FROM voiceagent.explain_lead(:lead) WHERE what = 'now' AND campaign_id = :later;
SELECT pg_temp.dial();
SELECT * FROM pg_temp.members();
SELECT status FROM voiceagent.campaigns WHERE campaign_id = :later;
SELECT event_data FROM voiceagent.events WHERE tenant_id = voiceagent.current_tenant() AND campaign_id = :later AND event_type = 'lead_skipped';
-- a redial of just those is a second chance; what it finds holds for all
SELECT voiceagent.redial_campaign(:first, '{wrong_number}', 'Redial') AS redial \gset
SELECT voiceagent.start_campaign(:redial) \g /dev/null
SELECT pg_temp.dial();
SELECT * FROM pg_temp.ends('customer-did-not-answer');
SAVEPOINT rings;
SELECT pg_temp.another('Rings after all') AS rings \gset
SELECT pg_temp.dial();
ROLLBACK TO rings;
SELECT pg_temp.again();
SELECT * FROM pg_temp.ends('customer-ended-call', '{"wrong_number": true}', 8);
SELECT pg_temp.another('Last') AS last \gset
SELECT pg_temp.dial();
SELECT * FROM pg_temp.members();
SELECT k.outcome, w.call_id IS NOT NULL AS found FROM voiceagent.calls k
LEFT JOIN voiceagent_private.proved_wrong(k.tenant_id, k.campaign_id, k.lead_id, k.phone, k.lawful) w USING (call_id)
WHERE k.tenant_id = voiceagent.current_tenant() ORDER BY k.call_id;
-- who does not answer has not said whose number it is; words that were told late count; what a carrier must not place says nothing
SAVEPOINT newest;
UPDATE voiceagent.calls SET outcome = 'no_answer', structured_data = NULL WHERE call_id = (SELECT max(call_id) FROM voiceagent.calls WHERE tenant_id = voiceagent.current_tenant());
UPDATE voiceagent.calls SET cause_class = 'ok' WHERE tenant_id = voiceagent.current_tenant() AND outcome = 'wrong_number';
SELECT count(*) AS found FROM voiceagent_private.proved_wrong(voiceagent.current_tenant(), :last, :lead, '+12125553301', false);
UPDATE voiceagent.calls SET outcome = 'interested' WHERE call_id = (SELECT max(call_id) FROM voiceagent.calls WHERE tenant_id = voiceagent.current_tenant());
SELECT count(*) AS found FROM voiceagent_private.proved_wrong(voiceagent.current_tenant(), :last, :lead, '+12125553301', false);
UPDATE voiceagent.calls SET outcome = 'unfinished', structured_data = '{"wrong_number": true}' WHERE call_id = (SELECT max(call_id) FROM voiceagent.calls WHERE tenant_id = voiceagent.current_tenant());
SELECT count(*) AS found FROM voiceagent_private.proved_wrong(voiceagent.current_tenant(), :last, :lead, '+12125553301', false);
UPDATE voiceagent.calls SET outcome = 'wrong_number', structured_data = NULL, cause = 'do-not-call: NDNC number' WHERE tenant_id = voiceagent.current_tenant();
SELECT count(*) AS found FROM voiceagent_private.proved_wrong(voiceagent.current_tenant(), :last, :lead, '+12125553301', false);
ROLLBACK TO newest;
-- so is the step of those who end so
SELECT voiceagent.create_campaign('Step', (SELECT min(assistant_id) FROM voiceagent.assistants WHERE tenant_id = voiceagent.current_tenant())) AS step \gset
SELECT count(*) AS found FROM voiceagent_private.proved_wrong(voiceagent.current_tenant(), :step, :lead, '+12125553301', false);
SELECT voiceagent.set_follow_up(:redial, 'wrong_number', :step);
SELECT count(*) AS found FROM voiceagent_private.proved_wrong(voiceagent.current_tenant(), :step, :lead, '+12125553301', false);
-- a rehearsal says nothing of the real number
SELECT count(*) AS found FROM voiceagent_private.proved_wrong(voiceagent.current_tenant(), :last, :lead, '+12125553301', true);
SELECT * FROM voiceagent_private.check_tenant();
-- the days ahead are reckoned by it
SELECT voiceagent.set_setting('caller_name', 'Roofs Ltd'), voiceagent.set_setting('caller_phone', '+1 800 555 0100'), voiceagent.set_setting('call_subject', 'roofs'), voiceagent.set_setting('sandbox_obeys_law', 'on') \g /dev/null
SELECT voiceagent.record_consent(:lead, 'call', 'form', 'Call me.') \g /dev/null
UPDATE voiceagent.calls SET lawful = true WHERE tenant_id = voiceagent.current_tenant();
SELECT voiceagent.add_leads(:step, ARRAY[:lead]) \g /dev/null
SELECT voiceagent.remove_follow_up(:redial, 'wrong_number') \g /dev/null
SELECT c.name, s.calls > 0 AS dialled FROM (VALUES (:step, 'Step'), (voiceagent.redial_campaign(:redial, '{wrong_number}'), 'once more')) AS c(id, name)
CROSS JOIN LATERAL voiceagent.simulate(c.id) s WHERE s.day IS NULL ORDER BY 1;
ROLLBACK;

-- who was skipped for a wrong number comes back when there is another, by add_leads() or when the campaign is started again; and a
-- number that was never called is called before one that proved wrong gets its second chance
BEGIN;
SELECT pg_temp.lead('Right after all', '{"retry_attempts": 0}');
DELETE FROM voiceagent.lead_numbers WHERE tenant_id = voiceagent.current_tenant();
SELECT min(campaign_id) AS first, min(lead_id) AS lead FROM voiceagent.campaign_leads WHERE tenant_id = voiceagent.current_tenant() \gset
SELECT pg_temp.dial();
SELECT * FROM pg_temp.ends('customer-ended-call', '{"wrong_number": true}', 8);
SELECT pg_temp.another('Later') AS later \gset
SELECT pg_temp.dial();
SELECT voiceagent.add_leads(:later, ARRAY[:lead]) AS back;
SELECT why FROM voiceagent.explain_lead(:lead) WHERE what = 'now' AND campaign_id = :later;
SELECT voiceagent.add_lead_number(:lead, '+13125553302');
SELECT why FROM voiceagent.explain_lead(:lead) WHERE what = 'now' AND campaign_id = :later;
SAVEPOINT s;
SELECT voiceagent.add_leads(:later, ARRAY[:lead]) AS back, voiceagent.start_campaign(:later);
SELECT pg_temp.dial(), pg_temp.again();
SELECT * FROM pg_temp.members();
ROLLBACK TO s;
SELECT voiceagent.start_campaign(:later);
SELECT pg_temp.dial(), pg_temp.again();
SELECT * FROM pg_temp.members();
ROLLBACK TO s;
SELECT voiceagent.redial_campaign(:first, '{wrong_number}', 'Redial') AS redial \gset
SELECT voiceagent.start_campaign(:redial);
SELECT pg_temp.dial();
SELECT * FROM pg_temp.members();
SELECT * FROM voiceagent_private.check_tenant();
ROLLBACK;

-- nor does one come first that was called before, and did not answer
BEGIN;
SELECT pg_temp.lead('Never called', '{"tries_per_number": 1}');
SELECT pg_temp.dial();
SELECT dialled, outcome, next FROM pg_temp.ends('customer-did-not-answer');
SELECT pg_temp.again();
SELECT dialled, outcome, next FROM pg_temp.ends('customer-did-not-answer');
SELECT voiceagent.remove_lead_number(lead_id, 2), voiceagent.add_lead_number(lead_id, '+13125553304') FROM voiceagent.leads WHERE tenant_id = voiceagent.current_tenant();
SELECT pg_temp.again();
SAVEPOINT s;
SELECT dialled, outcome, next FROM pg_temp.ends('customer-did-not-answer');
ROLLBACK TO s;
SELECT dialled, outcome, next FROM pg_temp.ends('customer-ended-call', '{"wrong_number": true}', 8);
SELECT pg_temp.again();
SELECT dialled, outcome, next FROM pg_temp.ends('customer-ended-call', '{"wrong_number": true}', 8);
ROLLBACK;
