-- X18: who is not dealt with in time expires; live calls go on; the campaign completes. Time is set, never read.
\set VERBOSITY terse
\set ECHO none
\i lib/inbox_setup.inc
SET timezone = 'UTC';
CREATE FUNCTION pg_temp.at(t timestamptz) RETURNS text LANGUAGE sql AS $$
	SELECT set_config('voiceagent.clock_offset', extract(epoch FROM t - clock_timestamp())::text, false) IS NOT NULL $$;
-- Friday, 18 June 2027, 15:00 UTC: 11:00 in New York
SELECT pg_temp.at('2027-06-18 15:00+00') \g /dev/null
-- Steps of the schedules task until nothing is due; how many there were (all tenants).
CREATE FUNCTION pg_temp.expire(step integer DEFAULT 10000) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
	FOR i IN 1 .. 200 LOOP
		EXIT WHEN voiceagent_private.expire_leads(step) > voiceagent.clock();
	END LOOP;
END
$$;
CREATE FUNCTION pg_temp.show() RETURNS TABLE (campaign text, status text, lead_status text, reason text, leads bigint, waiting bigint) LANGUAGE sql AS $$
	SELECT c.name, c.status::text, m.status::text, m.reason, count(*), count(q.lead_id)
	FROM voiceagent.campaigns c JOIN voiceagent.campaign_leads m USING (tenant_id, campaign_id)
	LEFT JOIN voiceagent_private.call_queue q USING (tenant_id, campaign_id, lead_id)
	WHERE c.tenant_id = voiceagent.current_tenant() GROUP BY 1, 2, 3, 4 ORDER BY 1, 3, 4 $$;
CREATE FUNCTION pg_temp.told() RETURNS TABLE (events bigint, leads text, reason text) LANGUAGE sql AS $$
	SELECT count(*), e.event_data ->> 'leads', e.event_data ->> 'reason' FROM voiceagent.events e
	WHERE e.tenant_id = voiceagent.current_tenant() AND e.event_type = 'lead_expired' GROUP BY 2, 3 ORDER BY 2, 3 $$;
\set ECHO all

-- Two of four are dialled; at the end one call is live, one lead waits for a retry, two were never dialled
BEGIN;
SELECT pg_temp.begin_calls('Expiry', '{4001,4002,4003,4004}', '{"max_concurrent_calls": 2, "expires_after": "4 hours", "retry_delay_no_answer": "1 hour"}') > 0 AS ready;
SELECT pg_temp.dial();
SELECT pg_temp.take(pg_temp.webhook('4001', 'report', 'customer-did-not-answer'));
SELECT voiceagent_private.apply_inbox(10);
UPDATE voiceagent_private.pacing SET next_dial_at = 'infinity' WHERE tenant_id = voiceagent.current_tenant();
SELECT pg_temp.expire();
SELECT * FROM pg_temp.show();
SELECT date_trunc('minute', p.expires_at), p.expires_at = p.expiry_due AS due FROM voiceagent_private.pacing p WHERE p.tenant_id = voiceagent.current_tenant();
SELECT substring(why FROM 'The campaign ends at [0-9-]+ [0-9]+:[0-9:]+ [A-Za-z_/]+') FROM voiceagent.leads l, voiceagent.explain_lead(l.lead_id) x WHERE l.phone LIKE '%4003' AND x.what = 'now';
-- nobody is dialled after the end, also before the schedules task has been there
SELECT pg_temp.at('2027-06-18 19:01+00') \g /dev/null
UPDATE voiceagent_private.pacing SET next_dial_at = '-infinity' WHERE tenant_id = voiceagent.current_tenant();
SELECT pg_temp.dial() AS none;
-- in steps of one
SELECT voiceagent_private.expire_leads(1) < voiceagent.clock() AS more;
SELECT pg_temp.expire(1);
SELECT * FROM pg_temp.show();
SELECT * FROM pg_temp.told();
SELECT right(phone, 4) AS phone, status, status_reason FROM voiceagent.leads WHERE tenant_id = voiceagent.current_tenant() ORDER BY 1;
SELECT next_due = 'infinity' AS nothing_due FROM voiceagent_private.lanes WHERE tenant_id = voiceagent.current_tenant();
-- the live call goes on; its retry would be too late
SELECT pg_temp.take(pg_temp.webhook('4002', 'report', 'customer-busy'));
SELECT voiceagent_private.apply_inbox(10);
SELECT * FROM pg_temp.show();
SELECT at >= '2027-06-18 15:00+00' AS at, what, regexp_replace(why, '[0-9]{4}-[^;.]*', 'T', 'g') AS why FROM voiceagent.leads l, voiceagent.explain_lead(l.lead_id) x
WHERE l.phone LIKE '%4002' AND x.what IN ('lead_expired', 'now');
SELECT total_leads, waiting_leads, failed_leads, expired_leads, percent_done FROM voiceagent.campaign_progress;
SELECT * FROM voiceagent_private.check_tenant();
-- it is over: nothing starts it again but a later end
SAVEPOINT s;
SELECT voiceagent.add_lead('+12125554009', 'Late') AS late \gset
SELECT voiceagent.add_leads(campaign_id, ARRAY[:late]) FROM voiceagent.campaigns WHERE tenant_id = voiceagent.current_tenant();
SELECT voiceagent.start_campaign(campaign_id) FROM voiceagent.campaigns WHERE tenant_id = voiceagent.current_tenant();
ROLLBACK TO s;
SELECT voiceagent.add_lead('+12125554009', 'Late') AS late \gset
SELECT voiceagent.add_leads(campaign_id, ARRAY[:late]) FROM voiceagent.campaigns WHERE tenant_id = voiceagent.current_tenant();
SELECT voiceagent.update_campaign(campaign_id, '{"expires_after": "2 days"}') > 1 AS longer FROM voiceagent.campaigns WHERE tenant_id = voiceagent.current_tenant();
SELECT voiceagent.start_campaign(campaign_id) FROM voiceagent.campaigns WHERE tenant_id = voiceagent.current_tenant();
SELECT pg_temp.expire();
SELECT * FROM pg_temp.show();
ROLLBACK;

-- A fixed end; many at once are told of together; a paused campaign expires, too
BEGIN;
SELECT pg_temp.at('2027-06-18 15:00+00') \g /dev/null
SELECT pg_temp.begin_calls('Expiry, many', (SELECT array_agg((4100 + i)::text) FROM generate_series(1, 150) i), '{"expires_at": "2027-06-19 00:00+00"}') > 0 AS ready;
SELECT campaign_id AS c FROM voiceagent.campaigns WHERE tenant_id = voiceagent.current_tenant() \gset
SELECT expires_at FROM voiceagent.campaigns WHERE campaign_id = :c;
SELECT voiceagent.update_campaign(:c, '{"expires_at": "soon"}');
ROLLBACK;
BEGIN;
SELECT pg_temp.begin_calls('Expiry, many', (SELECT array_agg((4100 + i)::text) FROM generate_series(1, 150) i), '{"expires_at": "2027-06-19 00:00+00"}') > 0 AS ready;
SELECT campaign_id AS c FROM voiceagent.campaigns WHERE tenant_id = voiceagent.current_tenant() \gset
SELECT voiceagent.pause_campaign(:c);
SELECT pg_temp.at('2027-06-19 00:00:01+00') \g /dev/null
SELECT pg_temp.expire(120);
SELECT * FROM pg_temp.show();
SELECT * FROM pg_temp.told();
SELECT expiry_due IS NULL AS done FROM voiceagent_private.pacing WHERE tenant_id = voiceagent.current_tenant();
SELECT * FROM voiceagent_private.check_tenant();
-- without an end, as before
SELECT voiceagent.update_campaign(:c, '{"expires_at": null}') > 0 AS endless;
SELECT p.expires_at, p.expiry_due FROM voiceagent_private.pacing p WHERE p.tenant_id = voiceagent.current_tenant();
ROLLBACK;

-- Retries: before the end they are queued, beyond it they expire at once
BEGIN;
SELECT pg_temp.at('2027-06-18 15:00+00') \g /dev/null
SELECT pg_temp.begin_calls('Expiry, retry', '{4301,4302}', '{"expires_at": "2027-06-18 18:00+00", "retry_delay_no_answer": "2 hours", "retry_delay_busy": "4 hours"}') > 0 AS ready;
SELECT pg_temp.dial();
SELECT pg_temp.take(pg_temp.webhook('4301', 'report', 'customer-did-not-answer'), pg_temp.webhook('4302', 'report', 'customer-busy'));
SELECT voiceagent_private.apply_inbox(10);
SELECT * FROM pg_temp.show();
SELECT * FROM voiceagent_private.check_tenant();
ROLLBACK;

-- No hour at which they may be called: waited for as long as no_window_give_up_after, not for ever
BEGIN;
SELECT pg_temp.at('2027-06-18 15:00+00') \g /dev/null
SELECT pg_temp.begin_calls('Expiry, windows', '{4401,4402,4403}', '{"calling_hours": {"start": "10:00", "end": "19:00"}, "no_window_give_up_after": "3 hours"}') > 0 AS ready;
SELECT campaign_id AS c FROM voiceagent.campaigns WHERE tenant_id = voiceagent.current_tenant() \gset
SELECT voiceagent.add_leads(:c, ARRAY[voiceagent.add_lead('+18005554404', 'Toll free')]);
SELECT cardinality(timezones) > 0 AS zone_known, opens_at = 'infinity' AS hopeless, gives_up_at FROM voiceagent_private.lanes WHERE tenant_id = voiceagent.current_tenant() ORDER BY 1, 2 DESC;
SELECT pg_temp.expire();
SELECT cardinality(timezones) > 0 AS zone_known, opens_at = 'infinity' AS hopeless, date_trunc('minute', gives_up_at) AS gives_up_at FROM voiceagent_private.lanes WHERE tenant_id = voiceagent.current_tenant() ORDER BY 1, 2 DESC;
SELECT why ~ 'It is waited for until 2027-06-18 14:00:00 America/New_York' AS explained FROM voiceagent.leads l, voiceagent.explain_lead(l.lead_id) x WHERE l.phone LIKE '%4404' AND x.what = 'now';
SELECT pg_temp.at('2027-06-18 17:59+00') \g /dev/null
SELECT pg_temp.expire();
SELECT * FROM pg_temp.show();
SELECT pg_temp.at('2027-06-18 18:01+00') \g /dev/null
SELECT pg_temp.expire();
SELECT * FROM pg_temp.show();
SELECT * FROM pg_temp.told();
SELECT * FROM voiceagent_private.check_tenant();
-- a changed setting gives the others' lanes a new chance, and later a new wait
SELECT voiceagent.update_campaign(:c, '{"calling_hours": {"sun": []}}') > 1 AS closed;
SELECT opens_at, gives_up_at FROM voiceagent_private.lanes WHERE tenant_id = voiceagent.current_tenant() AND next_due < 'infinity';
SELECT pg_temp.expire();
SELECT date_trunc('minute', gives_up_at) AS gives_up_at FROM voiceagent_private.lanes WHERE tenant_id = voiceagent.current_tenant() AND next_due < 'infinity';
SELECT pg_temp.at('2027-06-18 21:02+00') \g /dev/null
SELECT pg_temp.expire();
SELECT * FROM pg_temp.show();
ROLLBACK;

-- The patience is each lead's own: who comes when the lane has been emptied, or while somebody waits in it, has all of it
CREATE FUNCTION pg_temp.toll_free(campaign bigint, number text) RETURNS bigint LANGUAGE sql AS $$
	SELECT voiceagent.add_leads(campaign, ARRAY[voiceagent.add_lead('+1800555' || number, 'Toll free')]) $$;
CREATE FUNCTION pg_temp.lead(number text) RETURNS bigint LANGUAGE sql AS $$
	SELECT l.lead_id FROM voiceagent.leads l WHERE l.tenant_id = voiceagent.current_tenant() AND l.phone LIKE '%' || number $$;
CREATE FUNCTION pg_temp.waiting() RETURNS TABLE (lead text, status text, reason text, zone text, not_before timestamptz, until timestamptz) LANGUAGE sql AS $$
	SELECT right(l.phone, 4), m.status, m.reason, CASE cardinality(n.timezones) WHEN 1 THEN n.timezones[1] ELSE '*' || left(n.timezones[1], 0) END, date_trunc('minute', q.not_before),
		(SELECT substring(x.why FROM 'waited for until ([0-9-]+ [0-9]+:[0-9:]+ [A-Za-z_/]+)')::timestamptz FROM voiceagent.explain_lead(l.lead_id) x WHERE x.what = 'now')
	FROM voiceagent.campaign_leads m JOIN voiceagent.leads l USING (tenant_id, lead_id)
	LEFT JOIN voiceagent_private.call_queue q USING (tenant_id, campaign_id, lead_id) LEFT JOIN voiceagent_private.lanes n USING (tenant_id, lane_id)
	WHERE m.tenant_id = voiceagent.current_tenant() ORDER BY 1 $$;
BEGIN;
SELECT pg_temp.at('2027-06-18 15:00+00') \g /dev/null
SELECT pg_temp.begin_calls('Expiry, patience', '{4501}', '{"calling_hours": {"start": "10:00", "end": "19:00"}, "no_window_give_up_after": "3 hours"}') > 0 AS ready;
SELECT campaign_id AS c FROM voiceagent.campaigns WHERE tenant_id = voiceagent.current_tenant() \gset
UPDATE voiceagent_private.call_queue SET not_before = '2027-07-18' WHERE tenant_id = voiceagent.current_tenant();
SELECT pg_temp.toll_free(:c, '4502');
SELECT pg_temp.expire();
SELECT pg_temp.at('2027-06-18 18:01+00') \g /dev/null
SELECT pg_temp.expire();
SELECT pg_temp.toll_free(:c, '4503');
SELECT pg_temp.expire();
SELECT pg_temp.at('2027-06-18 20:31+00') \g /dev/null
SELECT pg_temp.toll_free(:c, '4504');
SELECT pg_temp.expire();
SELECT * FROM pg_temp.waiting();
SELECT pg_temp.at('2027-06-18 21:02+00') \g /dev/null
SELECT pg_temp.expire();
SELECT * FROM pg_temp.waiting();
SELECT pg_temp.at('2027-06-18 23:32+00') \g /dev/null
SELECT pg_temp.expire();
SELECT * FROM pg_temp.waiting();
SELECT gives_up_at FROM voiceagent_private.lanes WHERE tenant_id = voiceagent.current_tenant() AND cardinality(timezones) > 1;
-- a lane that has got a window, and loses it again, begins anew
UPDATE voiceagent_private.lanes SET gives_up_at = '2027-06-18', opens_at = '2027-06-18', closes_at = '2027-06-18' WHERE tenant_id = voiceagent.current_tenant();
SELECT voiceagent_private.advance_lanes() > 0 AS rolled;
SELECT cardinality(timezones) > 1 AS toll_free, opens_at = 'infinity' AS hopeless, gives_up_at FROM voiceagent_private.lanes WHERE tenant_id = voiceagent.current_tenant() ORDER BY 1;
SELECT * FROM voiceagent_private.check_tenant();
ROLLBACK;

-- Whose zone is put right while he waits where nobody is called, or not now, is called by the hours of the new one
CREATE FUNCTION pg_temp.move() RETURNS void LANGUAGE plpgsql AS $$
BEGIN
	FOR i IN 1 .. 20 LOOP
		EXIT WHEN voiceagent_private.move_leads(1) > voiceagent.clock();
	END LOOP;
END
$$;
BEGIN;
-- 17:00 in New York, 18:00 in Halifax, 06:00 on Saturday in Tokyo
SELECT pg_temp.at('2027-06-18 21:00+00') \g /dev/null
SELECT pg_temp.begin_calls('Expiry, moved', '{4601,4602,4603,4604}', '{"calling_hours": {"start": "17:30", "end": "20:00"}, "no_window_give_up_after": "3 hours", "max_concurrent_calls": 1}') > 0 AS ready;
SELECT campaign_id AS c FROM voiceagent.campaigns WHERE tenant_id = voiceagent.current_tenant() \gset
SELECT pg_temp.toll_free(:c, '4605'), pg_temp.toll_free(:c, '4606'), pg_temp.toll_free(:c, '4607'), pg_temp.toll_free(:c, '4608');
SELECT pg_temp.expire();
SELECT pg_temp.dial() AS none;
SAVEPOINT s;
-- one by one, by a file, and where there is no difference; a retry is not called sooner for it; what waits for another number stays there
UPDATE voiceagent_private.call_queue SET not_before = '2027-06-20' WHERE tenant_id = voiceagent.current_tenant() AND lead_id = pg_temp.lead('4602');
SELECT voiceagent.add_lead_number(pg_temp.lead('4604'), '+12125554699');
UPDATE voiceagent_private.call_queue SET number = 2 WHERE tenant_id = voiceagent.current_tenant() AND lead_id = pg_temp.lead('4604');
SELECT voiceagent.update_lead(pg_temp.lead(n), '{"timezone": "America/Halifax"}') > 0 AS changed FROM unnest(ARRAY['4601', '4602', '4604', '4605']) n;
SELECT voiceagent.update_lead(pg_temp.lead('4603'), '{"timezone": "America/New_York", "region": "NY"}') > 0 AS changed;
SELECT tags_cut FROM (SELECT array_agg(l) AS given FROM voiceagent.leads l WHERE l.lead_id = pg_temp.lead('4607')) g,
	voiceagent_private.update_leads((SELECT array_agg(jsonb_populate_record(i, '{"timezones": ["Asia/Tokyo"]}')) FROM unnest(g.given) i), ARRAY[1]::smallint[]);
SELECT right(l.phone, 4) AS noted FROM voiceagent_private.moved_leads m JOIN voiceagent.leads l USING (tenant_id, lead_id) WHERE m.tenant_id = voiceagent.current_tenant() ORDER BY 1;
SELECT count(*) > 0 AS wished FROM voiceagent_private.job_requests WHERE job = 'move_leads';
-- a deadlock in between forgets nobody: who was skipped would not be looked at again
SAVEPOINT m;
CREATE FUNCTION pg_temp.deadlock() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION USING ERRCODE = 'deadlock_detected', MESSAGE = 'deadlock'; END $$;
CREATE TRIGGER deadlock BEFORE UPDATE ON voiceagent_private.call_queue FOR EACH ROW EXECUTE FUNCTION pg_temp.deadlock();
SELECT pg_temp.move();
SELECT count(*) AS noted FROM voiceagent_private.moved_leads WHERE tenant_id = voiceagent.current_tenant();
ROLLBACK TO m;
SELECT pg_temp.move();
SELECT count(*) AS left FROM voiceagent_private.moved_leads WHERE tenant_id = voiceagent.current_tenant();
SELECT * FROM pg_temp.waiting();
SELECT pg_temp.dial() AS dialled;
SELECT * FROM voiceagent_private.check_tenant();
ROLLBACK TO s;
-- what nobody noted is seen before anybody is given up
SELECT voiceagent.update_lead(pg_temp.lead('4605'), '{"timezone": "America/Halifax"}') > 0 AS changed;
SELECT voiceagent.update_lead(pg_temp.lead('4606'), '{"timezone": "America/Los_Angeles"}') > 0 AS changed;
DELETE FROM voiceagent_private.moved_leads WHERE tenant_id = voiceagent.current_tenant();
SELECT pg_temp.at('2027-06-19 00:01+00') \g /dev/null
SELECT pg_temp.expire(2);
SELECT * FROM pg_temp.waiting() WHERE lead > '4604';
SELECT * FROM voiceagent_private.check_tenant();
-- also while the campaign is paused; without a window in the new place the patience begins anew
SELECT voiceagent.pause_campaign(:c);
SELECT voiceagent.update_lead(pg_temp.lead('4606'), '{"timezone": null}') > 0 AS changed;
SELECT pg_temp.move();
SELECT cardinality(n.timezones) > 1 AS toll_free, n.running, date_trunc('minute', q.not_before) AS not_before FROM voiceagent_private.call_queue q JOIN voiceagent_private.lanes n USING (tenant_id, lane_id)
WHERE q.tenant_id = voiceagent.current_tenant() AND q.lead_id = pg_temp.lead('4606');
ROLLBACK;
-- who was skipped since nobody may be called where he seemed to be
BEGIN;
SELECT pg_temp.at('2027-06-18 15:00+00') \g /dev/null
SELECT voiceagent_private.set_tenant(0) \g /dev/null
SELECT pg_temp.begin_calls('Expiry, skipped', '{4701}', '{"calling_hours": {"start": "10:00", "end": "19:00"}, "sandbox_obeys_law": true, "caller_name": "Ann Ltd", "caller_phone": "+1 800 555 0100", "call_subject": "roofs"}') > 0 AS ready;
SELECT campaign_id AS c FROM voiceagent.campaigns WHERE tenant_id = voiceagent.current_tenant() \gset
SELECT pg_temp.toll_free(:c, '4702'), pg_temp.toll_free(:c, '4703');
SELECT lead, status, reason FROM pg_temp.waiting();
-- ... and was given up for it, after another campaign had called him
UPDATE voiceagent.leads SET status = 'failed', status_reason = 'no legal calling window' WHERE lead_id IN (pg_temp.lead('4702'), pg_temp.lead('4703'));
SELECT voiceagent_private.relist(ARRAY[pg_temp.lead('4702'), pg_temp.lead('4703')]) IS NOT NULL AS relisted;
SELECT voiceagent.update_lead(pg_temp.lead('4702'), '{"region": "US-NY"}') > 0 AS changed;
SELECT pg_temp.move();
SELECT lead, status, reason, zone FROM pg_temp.waiting();
SELECT right(phone, 4) AS lead, status, status_reason FROM voiceagent.leads WHERE tenant_id = voiceagent.current_tenant() ORDER BY 1;
SELECT * FROM voiceagent_private.check_tenant();
ROLLBACK;

-- When the maintenance job has to look
SELECT voiceagent_private.next_expiry() > voiceagent.clock() + interval '900 milliseconds' AS not_at_once;
RESET voiceagent.clock_offset;
