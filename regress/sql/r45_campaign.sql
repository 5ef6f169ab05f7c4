-- 45_campaign: making, filling, previewing, starting, pausing, changing, launching. Time is set, never read.
\set VERBOSITY terse
SET timezone = 'UTC';
-- Friday, 18 June 2027, 15:00 UTC: 11:00 in New York, 08:00 in Los Angeles, 20:30 in Kolkata
CREATE FUNCTION pg_temp.at(t timestamptz) RETURNS text LANGUAGE sql AS $$
	SELECT set_config('voiceagent.clock_offset', extract(epoch FROM t - clock_timestamp())::text, false) IS NOT NULL $$;
SELECT pg_temp.at('2027-06-18 15:00+00') \g /dev/null
SELECT voiceagent.create_tenant('Campaign test', 'UTC', 1000) AS tenant \gset
SELECT voiceagent.create_tenant('Campaign test, the other', 'UTC', 1000) AS other \gset
CREATE FUNCTION pg_temp.leads(n int, zones text[], region text DEFAULT NULL, company text DEFAULT NULL) RETURNS bigint[] LANGUAGE sql AS $$
	WITH made AS (
		INSERT INTO voiceagent.leads (tenant_id, phone, first_name, company, timezones, region, context, created_at)
		SELECT voiceagent.current_tenant(), '+1202' || lpad((b.have + i)::text, 7, '0'), 'Lead ' || i, company, zones, region, '{"city": "Rome"}', voiceagent.clock()
		FROM (SELECT count(*) AS have FROM voiceagent.leads l WHERE l.tenant_id = voiceagent.current_tenant()) b, generate_series(1, n) i RETURNING lead_id
	) SELECT array_agg(lead_id ORDER BY lead_id) FROM made $$;
CREATE FUNCTION pg_temp.show(campaign bigint) RETURNS TABLE(status text, n bigint) LANGUAGE sql AS $$
	SELECT cl.status || coalesce(': ' || cl.reason, ''), count(*) FROM voiceagent.campaign_leads cl
	WHERE cl.tenant_id = voiceagent.current_tenant() AND cl.campaign_id = campaign GROUP BY 1 ORDER BY 1 $$;
CREATE FUNCTION pg_temp.lanes(campaign bigint) RETURNS TABLE(timezones text[], region text, running boolean, opens_at timestamptz, closes_at timestamptz, due boolean, waiting bigint) LANGUAGE sql AS $$
	SELECT l.timezones, l.region, l.running, l.opens_at, l.closes_at, l.next_due <= voiceagent.clock(),
		(SELECT count(*) FROM voiceagent_private.call_queue q WHERE q.tenant_id = l.tenant_id AND q.lane_id = l.lane_id)
	FROM voiceagent_private.lanes l WHERE l.tenant_id = voiceagent.current_tenant() AND l.campaign_id = campaign ORDER BY 1, 2 $$;

BEGIN;
SELECT voiceagent_private.set_tenant(:tenant) \g /dev/null
SELECT voiceagent.create_assistant('Ada', 'Hello {{first_name}}', 'You sell roofs to {{company}} in {{city}}.') AS ada \gset
SELECT pg_temp.leads(3, '{America/New_York}', 'US-DC', 'Acme') AS east \gset
SELECT pg_temp.leads(2, '{America/Los_Angeles}', 'US-CA', 'Acme') AS west \gset
SELECT pg_temp.leads(1, '{America/New_York,America/Los_Angeles}', NULL, 'Acme') AS both \gset
SELECT pg_temp.leads(2, '{}', NULL, 'Acme') AS nowhere \gset
SAVEPOINT s;

-- Bad input
SELECT voiceagent.create_campaign('', :ada);
ROLLBACK TO s;
SELECT voiceagent.create_campaign('x', -1);
ROLLBACK TO s;
SELECT voiceagent.create_campaign('x', :ada, 'piracy');
ROLLBACK TO s;
SELECT voiceagent.create_campaign('x', :ada, settings => '{"max_concurent_calls": 3}');
ROLLBACK TO s;
SELECT voiceagent.create_campaign('x', :ada, settings => '{"max_concurrent_calls": "many"}');
ROLLBACK TO s;
SELECT voiceagent.create_campaign('x', :ada, settings => '{"max_concurrent_calls": 0}');
ROLLBACK TO s;
SELECT voiceagent.create_campaign('x', :ada, settings => '{"retry_delay": {"a": 1}}');
ROLLBACK TO s;
SELECT voiceagent.create_campaign('x', :ada, settings => '{"tenant_max_concurrent_calls": 3}');
ROLLBACK TO s;
SELECT voiceagent.create_campaign('x', :ada, settings => '{"calling_hours": {"start": "19:00", "end": "10:00"}}');
ROLLBACK TO s;
SELECT voiceagent.create_campaign('x', :ada, settings => '[1]');
ROLLBACK TO s;
SELECT voiceagent.create_campaign('x', :ada, settings => '{"provider_account": "nobody"}');
ROLLBACK TO s;
-- Settings one level too deep are meant, too.
SELECT voiceagent.create_campaign('deep', :ada, settings => '{"settings": {"max_concurrent_calls": 3}}') AS deep \gset
SELECT settings FROM voiceagent.campaigns WHERE campaign_id = :deep;
SELECT voiceagent.create_campaign('deep', :ada, settings => '{"settings": {"type": "test"}}');
ROLLBACK TO s;
-- One that names none is told where it would have taken one.
SELECT voiceagent.set_setting('default_provider', 'asterisk');
SELECT voiceagent.create_campaign('x', :ada);
ROLLBACK TO s;
SELECT voiceagent.create_campaign('x', :ada, settings => '{"provider_account_id": "one"}');
ROLLBACK TO s;
SELECT voiceagent.create_campaign('x', :ada, settings => '{"starts_at": "soon"}');
ROLLBACK TO s;
-- a time without an offset is by the tenant's clock, whatever the session's: New Year's Eve ends at midnight there, and DST counts
SELECT voiceagent.set_tenant_timezone(:tenant, 'Europe/Berlin'), voiceagent_private.set_tenant(:tenant) \g /dev/null
SET LOCAL timezone = 'Asia/Kolkata';
SELECT voiceagent.create_campaign('x', :ada, settings => '{"starts_at": "2027-06-29T09:00", "expires_at": "2028-01-01"}') AS x \gset
SELECT current_setting('timezone') AS session, starts_at AT TIME ZONE 'UTC' AS starts, expires_at AT TIME ZONE 'UTC' AS expires
FROM voiceagent.campaigns WHERE tenant_id = :tenant AND campaign_id = :x;
SELECT voiceagent.update_campaign(:x, '{"starts_at": "2027-06-29T09:00-04:00", "expires_at": "2027-12-24 12:00Z"}') > 0 AS changed;
SELECT starts_at AT TIME ZONE 'UTC' AS starts, expires_at AT TIME ZONE 'UTC' AS expires FROM voiceagent.campaigns WHERE tenant_id = :tenant AND campaign_id = :x;
ROLLBACK TO s;
SELECT voiceagent.start_campaign(-1);
ROLLBACK TO s;
SELECT voiceagent.add_leads(-1);
ROLLBACK TO s;

-- Settings resolve into a version; on the sandbox what the campaign did not set is scaled, and open around the clock
SELECT voiceagent.create_campaign('Roofs', :ada, settings => '{"description": "All of them", "retry_delay": 90, "calling_hours": {"start": "10:00", "end": "19:00"}, "max_concurrent_calls": 3}') AS roofs \gset
SELECT voiceagent.create_campaign('Plain', :ada) AS plain \gset
SELECT c.name, c.status, c.type, c.description, v.version, v.assistant_version, v.max_concurrent_calls, v.retry_attempts, v.retry_delay, v.retry_delay_busy, v.call_interval, v.max_call_duration, v.calling_hours
FROM voiceagent.campaigns c JOIN voiceagent.campaign_versions v USING (tenant_id, campaign_id, version) WHERE c.tenant_id = :tenant ORDER BY c.campaign_id;

-- A start that cannot be
SELECT voiceagent.start_campaign(:roofs);
ROLLBACK TO s;
SELECT voiceagent.create_campaign('Roofs', :ada, settings => '{"retry_delay": 90, "calling_hours": {"start": "10:00", "end": "19:00", "days": ["mon","tue","wed","thu","fri","sat"]}, "max_concurrent_calls": 3}') AS roofs \gset
SELECT voiceagent.add_leads(:roofs, :'east'::bigint[] || -5 || -7);
ROLLBACK TO s;
SELECT voiceagent.create_campaign('Roofs', :ada, settings => '{"retry_delay": 90, "calling_hours": {"start": "10:00", "end": "19:00", "days": ["mon","tue","wed","thu","fri","sat"]}, "max_concurrent_calls": 3}') AS roofs \gset
SELECT voiceagent.add_leads(:roofs, :'east'::bigint[] || :'east'::bigint[]);
SELECT voiceagent.add_leads(:roofs, :'east');
SELECT voiceagent.add_leads(:roofs);
SELECT voiceagent.add_leads(:roofs);
-- one must not be called, one lacks a value
INSERT INTO voiceagent.do_not_call_list (tenant_id, phone, reason, created_at)
SELECT tenant_id, phone, 'asked', voiceagent.clock() FROM voiceagent.leads WHERE lead_id = (:'east'::bigint[])[2];
UPDATE voiceagent.leads SET company = ' ' WHERE lead_id = (:'west'::bigint[])[1];
SELECT jsonb_pretty(voiceagent.preview_campaign(:roofs, at => '2027-06-18 15:00+00') - 'campaign_id' #- '{lacking,lead_id}');
SAVEPOINT ready;
DO $$
DECLARE v_detail text; v_message text;
BEGIN
	PERFORM voiceagent.start_campaign((SELECT max(campaign_id) FROM voiceagent.campaigns WHERE tenant_id = voiceagent.current_tenant()));
EXCEPTION WHEN SQLSTATE 'PT422' THEN
	GET STACKED DIAGNOSTICS v_detail = PG_EXCEPTION_DETAIL, v_message = MESSAGE_TEXT;
	RAISE NOTICE '%: %', v_message, regexp_replace(v_detail, 'lead \d+', 'lead N', 'g');
END $$;
UPDATE voiceagent.leads SET company = 'Acme' WHERE lead_id = (:'west'::bigint[])[1];
SAVEPOINT filled;
SELECT voiceagent.adjust_credits(:tenant, -997, 'poor') \g /dev/null
SELECT voiceagent.start_campaign(:roofs);
ROLLBACK TO filled;
SELECT voiceagent.update_assistant(:ada, '{"active": false}') \g /dev/null
SELECT voiceagent.start_campaign(:roofs);
ROLLBACK TO filled;
SELECT voiceagent.set_tenant_active(:tenant, false) \g /dev/null
SELECT voiceagent.start_campaign(:roofs);
ROLLBACK TO filled;
SELECT * FROM pg_temp.show(:roofs);

-- A start
SELECT voiceagent.start_campaign(:roofs);
SELECT voiceagent.start_campaign(:roofs);
SELECT * FROM pg_temp.show(:roofs);
SELECT * FROM pg_temp.lanes(:roofs);
SELECT * FROM voiceagent_private.check_campaign();
-- who waits for the first call is as new as before: each of a lead's statuses is one that it can have
SELECT l.status, m.status AS in_campaign, count(*) FROM voiceagent.campaign_leads m JOIN voiceagent.leads l USING (tenant_id, lead_id) WHERE m.tenant_id = :tenant AND m.status = 'queued' GROUP BY 1, 2;
SELECT value, description FROM voiceagent.enumerations WHERE enumeration = 'lead_status' ORDER BY position;
-- pause, resume, stop: idempotent, nothing lost
SELECT voiceagent.pause_campaign(:roofs);
SELECT voiceagent.pause_campaign(:roofs);
SELECT count(*) FILTER (WHERE running) AS running, sum(waiting) AS waiting FROM pg_temp.lanes(:roofs);
SELECT voiceagent.resume_campaign(:roofs);
SELECT voiceagent.resume_campaign(:roofs);
SELECT voiceagent.stop_campaign(:roofs);
SELECT voiceagent.stop_campaign(:roofs);
SELECT voiceagent.pause_campaign(:roofs);
SAVEPOINT s2;
SELECT voiceagent.resume_campaign(:roofs);
ROLLBACK TO s2;
SELECT voiceagent.start_campaign(:roofs);
SELECT count(*) FILTER (WHERE running) AS running, sum(waiting) AS waiting FROM pg_temp.lanes(:roofs);
-- changed while it runs: the lanes move, the leads keep their place; a call keeps the version that it refers to
SELECT voiceagent.update_campaign(:roofs, '{"calling_hours": {"start": "08:00", "end": "12:00", "days": ["sat"]}, "retry_delay": null, "name": "Gutters"}');
SELECT voiceagent.update_campaign(:roofs, '{"name": "Gutters"}');
SELECT * FROM pg_temp.lanes(:roofs);
SELECT name, settings FROM voiceagent.campaigns WHERE tenant_id = :tenant AND campaign_id = :roofs;
SELECT version, retry_delay, calling_hours -> 'days' AS days FROM voiceagent.campaign_versions WHERE tenant_id = :tenant AND campaign_id = :roofs ORDER BY version;
-- a setting of the tenant reaches the campaigns that run and did not set it themselves
SELECT voiceagent.set_setting('retry_delay_busy', '2 hours');
SELECT voiceagent.set_setting('max_concurrent_calls', '7');
SELECT v.version, v.retry_delay_busy, v.max_concurrent_calls FROM voiceagent.campaigns c JOIN voiceagent.campaign_versions v USING (tenant_id, campaign_id, version) WHERE c.tenant_id = :tenant AND c.campaign_id = :roofs;
SELECT voiceagent.update_campaign(:roofs, '{"ring_timeout": "for ever"}');
ROLLBACK TO s2;
-- a text that is still being written gets into the campaign by no setting, but by update_campaign(campaign_id, '{}') or a new
-- assistant_id, or a start; and by none of them while somebody who waits lacks a value of it
SELECT voiceagent.start_campaign(:roofs);
SELECT voiceagent.update_assistant(:ada, '{"first_message": "Hello, about your {{product}} and {{budget}}"}') AS text;
SELECT voiceagent.set_setting('retention_imports', '300 days');
SELECT voiceagent.set_setting('retry_delay_busy', '2 hours');
SELECT voiceagent.apply_profile(NULL, 'self_hosted') -> 'applied' IS NOT NULL AS applied;
SELECT voiceagent.apply_profile(:roofs, 'self_hosted') -> 'applied' IS NOT NULL AS applied;
SELECT voiceagent.update_campaign(:roofs, '{"spend_cap": 100}') > 1 AS changed;
SELECT v.assistant_version, v.retry_delay_busy, v.settings ->> 'spend_cap' AS spend_cap FROM voiceagent.campaigns c JOIN voiceagent.campaign_versions v USING (tenant_id, campaign_id, version) WHERE c.tenant_id = :tenant AND c.campaign_id = :roofs;
CREATE FUNCTION pg_temp.why(statement text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE v_detail text;
BEGIN
	EXECUTE statement;
	RETURN 'done';
EXCEPTION WHEN OTHERS THEN
	GET STACKED DIAGNOSTICS v_detail = PG_EXCEPTION_DETAIL;
	RETURN SQLSTATE || ' ' || SQLERRM || ': ' || regexp_replace(v_detail, 'lead \d+', 'lead N', 'g');
END $$;
SELECT pg_temp.why(format('SELECT voiceagent.update_campaign(%s, %L)', :roofs, '{}'));
SELECT pg_temp.why(format('SELECT voiceagent.update_campaign(%s, %L)', :roofs, jsonb_build_object('assistant_id', :ada, 'name', 'Tiles')));
SELECT voiceagent.create_assistant('Bob', 'Hello {{nickname}}', 'Be kind.') AS bob \gset
SELECT pg_temp.why(format('SELECT voiceagent.update_campaign(%s, %L)', :roofs, jsonb_build_object('assistant_id', :bob)));
-- who goes on after a pause, too
SELECT voiceagent.pause_campaign(:roofs);
SELECT pg_temp.why(format('SELECT voiceagent.resume_campaign(%s)', :roofs));
SELECT pg_temp.why(format('SELECT voiceagent.update_campaign(%s, %L)', :roofs, '{}'));
UPDATE voiceagent.leads SET context = context || '{"product": "roof", "budget": "9"}' WHERE tenant_id = :tenant;
SELECT voiceagent.resume_campaign(:roofs);
SELECT v.assistant_version FROM voiceagent.campaigns c JOIN voiceagent.campaign_versions v USING (tenant_id, campaign_id, version) WHERE c.tenant_id = :tenant AND c.campaign_id = :roofs;
-- nor what no call may say: the text of a call under the law without its caller's name
SELECT voiceagent.update_campaign(:roofs, '{"sandbox_obeys_law": true}') > 1 AS changed;
SELECT pg_temp.why(format('SELECT voiceagent.update_campaign(%s, %L)', :roofs, '{}'));
ROLLBACK TO s2;
SELECT voiceagent.start_campaign(:roofs);
-- added while it runs: queued at once, or skipped with the reason
SELECT pg_temp.leads(2, '{Asia/Kolkata}', NULL, 'Acme') AS far \gset
SELECT pg_temp.leads(1, '{Asia/Kolkata}') AS lacking \gset
SELECT voiceagent.add_leads(:roofs);
SELECT * FROM pg_temp.show(:roofs);
SELECT voiceagent.remove_leads(:roofs, (:'far'::bigint[])[1:1] || (:'east'::bigint[])[1:2]);
SELECT * FROM pg_temp.show(:roofs);
SELECT * FROM pg_temp.lanes(:roofs);
SELECT * FROM voiceagent_private.check_campaign();

-- Lanes roll over when their window has passed; the clock is the only one that moves
SELECT voiceagent_private.next_lane_change() <= '2027-06-18 23:00+00' AS in_time;
SELECT voiceagent_private.advance_lanes() >= 0 AS rolled;
SELECT pg_temp.at('2027-06-19 23:00:01+00') \g /dev/null
SELECT voiceagent_private.advance_lanes() >= 4 AS rolled;
SELECT voiceagent_private.set_tenant(:tenant) \g /dev/null
SELECT timezones, opens_at, closes_at FROM pg_temp.lanes(:roofs);

-- Held back for want of credits: runs, says why, and goes on by itself after a top-up
SELECT voiceagent_private.suspend_campaign(:roofs, 'out of credits');
SELECT status, status_reason, p.suspended, p.next_dial_at FROM voiceagent.campaigns c JOIN voiceagent_private.pacing p USING (tenant_id, campaign_id) WHERE c.tenant_id = :tenant AND campaign_id = :roofs;
SELECT voiceagent.adjust_credits(:tenant, 10, 'more');
SELECT status, status_reason, p.suspended, p.next_dial_at FROM voiceagent.campaigns c JOIN voiceagent_private.pacing p USING (tenant_id, campaign_id) WHERE c.tenant_id = :tenant AND campaign_id = :roofs;
SELECT voiceagent_private.suspend_campaign(:roofs, 'the account''s trouble');
SELECT voiceagent_private.resume_suspended('out of credits');
SELECT voiceagent.resume_campaign(:roofs);
SELECT status, status_reason, p.suspended FROM voiceagent.campaigns c JOIN voiceagent_private.pacing p USING (tenant_id, campaign_id) WHERE c.tenant_id = :tenant AND campaign_id = :roofs;

-- enqueue(): a retry, once; a bad clock is no queue row
SELECT lead_id AS l FROM voiceagent_private.call_queue WHERE tenant_id = :tenant AND campaign_id = :roofs ORDER BY 1 LIMIT 1 \gset
SELECT voiceagent_private.enqueue(:roofs, ARRAY[:l], '{2027-06-20 00:00+00}', '{0}', '{busy}');
DELETE FROM voiceagent_private.call_queue WHERE tenant_id = :tenant AND lead_id = :l;
SELECT invariant FROM voiceagent_private.check_campaign();
SELECT voiceagent_private.enqueue(:roofs, ARRAY[:l, :l], '{2027-06-20 00:00+00,2027-06-21 00:00+00}', '{0,0}', '{busy,busy}');
SELECT priority, not_before, reason FROM voiceagent_private.call_queue WHERE tenant_id = :tenant AND lead_id = :l;
SELECT * FROM voiceagent_private.check_campaign();
SELECT voiceagent_private.enqueue(-1, ARRAY[:l], '{2027-06-20 00:00+00}', '{0}', '{busy}');
ROLLBACK TO s2;

-- Completion: nobody waits, nobody is called
SELECT voiceagent.start_campaign(:roofs);
SELECT voiceagent_private.complete_campaign(:roofs);
SELECT invariant FROM voiceagent_private.check_campaign();
SELECT voiceagent.remove_leads(:roofs, ARRAY(SELECT lead_id FROM voiceagent.leads WHERE tenant_id = :tenant)) \g /dev/null
SELECT status, ended_at IS NOT NULL AS ended FROM voiceagent.campaigns WHERE tenant_id = :tenant AND campaign_id = :roofs;
SELECT * FROM voiceagent_private.check_campaign();
SELECT event_type FROM voiceagent.events WHERE tenant_id = :tenant AND campaign_id = :roofs ORDER BY event_id;
-- leads that are added to it do not wait for ever: it goes on for them; a stopped one says that they wait
SELECT voiceagent.add_leads(:roofs, (:'east'::bigint[])[:2]);
SELECT c.status, c.ended_at, m.status AS lead, count(*) FROM voiceagent.campaigns c JOIN voiceagent.campaign_leads m USING (tenant_id, campaign_id)
WHERE c.tenant_id = :tenant AND c.campaign_id = :roofs GROUP BY 1, 2, 3 ORDER BY 3;
SELECT event_type, event_data FROM voiceagent.events WHERE tenant_id = :tenant AND campaign_id = :roofs ORDER BY event_id DESC LIMIT 1;
SELECT * FROM voiceagent_private.check_campaign();
SELECT voiceagent.stop_campaign(:roofs);
SELECT voiceagent.remove_leads(:roofs, :'east') > 0 AS removed, voiceagent.add_leads(:roofs, :'east') > 0 AS added;

-- Scheduled: waits for its time, then starts by itself
ROLLBACK TO s2;
SELECT pg_temp.at('2027-06-18 15:00+00') \g /dev/null
SELECT voiceagent.create_campaign('Later', :ada, settings => '{"starts_at": "2027-06-18 16:00+00"}') AS later \gset
SELECT voiceagent.add_leads(:later, :'east') \g /dev/null
SELECT voiceagent.start_campaign(:later);
SELECT running, waiting FROM pg_temp.lanes(:later);
-- its time can be moved, not taken away: nobody who clears it means it to dial now
SAVEPOINT scheduled;
SELECT voiceagent.update_campaign(:later, '{"starts_at": null}');
ROLLBACK TO scheduled;
SELECT voiceagent.update_campaign(:later, '{"starts_at": "2027-06-18 15:30+00"}');
SELECT p.starts_at FROM voiceagent_private.pacing p WHERE p.tenant_id = :tenant AND p.campaign_id = :later;
SELECT voiceagent.pause_campaign(:later);
SELECT voiceagent.update_campaign(:later, '{"starts_at": null}');
SELECT voiceagent.start_campaign(:later);
ROLLBACK TO scheduled;
SELECT voiceagent_private.next_lane_change() <= '2027-06-18 16:00+00' AS in_time;
SELECT voiceagent_private.start_due_campaigns();
SELECT voiceagent_private.set_tenant(:tenant) \g /dev/null
SELECT * FROM voiceagent_private.check_campaign();
SELECT pg_temp.at('2027-06-18 16:00:01+00') \g /dev/null
SELECT voiceagent_private.start_due_campaigns();
SELECT voiceagent_private.set_tenant(:tenant) \g /dev/null
SELECT status FROM voiceagent.campaigns WHERE tenant_id = :tenant AND campaign_id = :later;
SELECT running, waiting FROM pg_temp.lanes(:later);

-- Launch: all or nothing, once a key
SELECT voiceagent.launch_campaign(:'east', :ada, 'Now', 'launch 1') AS first \gset
SELECT :'first'::jsonb - 'campaign_id';
SELECT voiceagent.launch_campaign(:'east', :ada, 'Now', 'launch 1') = :'first' AS same;
SELECT voiceagent.launch_campaign(:'west', :ada, 'Now', 'launch 1');
ROLLBACK TO s2;
SELECT voiceagent.launch_campaign('{}', :ada);
ROLLBACK TO s2;
SELECT voiceagent.launch_campaign(:'east'::bigint[] || -1, :ada);
ROLLBACK TO s2;
SELECT voiceagent.launch_campaign((:'east'::bigint[])[2:2], :ada);
ROLLBACK TO s2;
SELECT voiceagent.launch_campaign(:'east', -1);
ROLLBACK TO s2;
SELECT count(*) FROM voiceagent.campaigns WHERE tenant_id = :tenant AND name = 'Now';

-- Stop everything: the tenant's own
SELECT voiceagent.stop_all('');
ROLLBACK TO s2;
SELECT voiceagent.start_campaign(:roofs);
SELECT voiceagent.stop_all('the roof is on fire');
SELECT name, status, status_reason FROM voiceagent.campaigns WHERE tenant_id = :tenant AND status = 'stopped';
SELECT bool_or(running) FROM pg_temp.lanes(:roofs);
SELECT * FROM voiceagent_private.check_campaign();
SELECT * FROM voiceagent_private.check_credit();

-- Another tenant: not found, for every verb
SELECT voiceagent_private.set_tenant(:other) \g /dev/null
DO $$
DECLARE v text; v_id bigint := (SELECT max(campaign_id) FROM voiceagent_private.lanes);
BEGIN
	FOREACH v IN ARRAY ARRAY['start_campaign(%s)', 'pause_campaign(%s)', 'resume_campaign(%s)', 'stop_campaign(%s)', 'preview_campaign(%s)',
		'update_campaign(%s, ''{}'')', 'add_leads(%s)', 'remove_leads(%s, ''{1}'')'] LOOP
		BEGIN
			EXECUTE format('SELECT voiceagent.' || v, v_id);
			RAISE NOTICE '%: done', v;
		EXCEPTION WHEN SQLSTATE 'PT404' THEN
			RAISE NOTICE '%: %', v, SQLERRM;
		END;
	END LOOP;
END $$;
ROLLBACK;
RESET voiceagent.clock_offset;
