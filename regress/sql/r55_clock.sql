-- A clock that was ahead is set back: whoever waits for a while waits no longer than it would have, a time of its own stays,
-- and lanes are open in the windows of the day that it is now.
\set VERBOSITY terse
\set ECHO none
\i lib/inbox_setup.inc
\set ECHO all
SET client_min_messages = warning;
SET timezone = 'UTC';
CREATE FUNCTION pg_temp.at(t timestamptz) RETURNS text LANGUAGE sql AS $$
	SELECT set_config('voiceagent.clock_offset', extract(epoch FROM t - clock_timestamp())::text, false) IS NOT NULL $$;
CREATE FUNCTION pg_temp.minutes(t timestamptz) RETURNS numeric LANGUAGE sql AS $$ SELECT CASE WHEN isfinite(t) THEN round(extract(epoch FROM t - voiceagent.clock()) / 60) END $$;
CREATE FUNCTION pg_temp.waits(t bigint) RETURNS TABLE (wait text, minutes numeric) LANGUAGE sql AS $$
	SELECT w, pg_temp.minutes(at) FROM (
		SELECT 'queue: ' || coalesce(l.first_name, '') || ', ' || q.reason, q.not_before FROM voiceagent_private.call_queue q JOIN voiceagent.leads l USING (tenant_id, lead_id) WHERE q.tenant_id = t
		UNION ALL SELECT 'call: ' || x.w, x.at FROM voiceagent_private.live_calls c, LATERAL (VALUES ('lease', c.lease_until), ('ends', c.ends_by), ('answer', c.answer_due), ('failing since', c.failing_since)) x(w, at) WHERE c.tenant_id = t
		UNION ALL SELECT 'sends', s.lease_until FROM voiceagent_private.sends s WHERE s.tenant_id = t
		UNION ALL SELECT 'campaign: ' || x.w, x.at FROM voiceagent_private.pacing p, LATERAL (VALUES ('next', p.next_dial_at), ('brakes', p.brakes_from), ('expiry', p.expiry_due), ('end', p.expires_at)) x(w, at) WHERE p.tenant_id = t
		UNION ALL SELECT 'account: ' || x.w, x.at FROM voiceagent_private.account_dials d, LATERAL (VALUES ('avoid', d.avoid_until), ('slowed', d.slowed_at), ('lowered', d.lowered_at)) x(w, at) WHERE d.tenant_id = t
		UNION ALL SELECT 'account: rests', a.resumes_at FROM voiceagent.provider_accounts a WHERE a.tenant_id = t AND a.resumes_at IS NOT NULL
		UNION ALL SELECT 'lane: due', n.next_due FROM voiceagent_private.lanes n WHERE n.tenant_id = t
		UNION ALL SELECT 'lane: gives up', n.gives_up_at FROM voiceagent_private.lanes n WHERE n.tenant_id = t
		UNION ALL SELECT 'retention', m.next_at FROM voiceagent_private.retention_marks m WHERE m.tenant_id = t AND isfinite(m.next_at)
		UNION ALL SELECT 'erasure', e.next_at FROM voiceagent_private.waiting_erasures e WHERE e.tenant_id = t
		UNION ALL SELECT 'best times', b.refresh_at FROM voiceagent_private.best_time_marks b WHERE b.tenant_id = t) s(w, at) ORDER BY 1 $$;
CREATE FUNCTION pg_temp.lanes(t bigint) RETURNS TABLE (running boolean, open boolean, opens_at timestamptz, closes_at timestamptz) LANGUAGE sql AS $$
	SELECT n.running, n.opens_at <= voiceagent.clock() AND voiceagent.clock() < n.closes_at, n.opens_at, n.closes_at FROM voiceagent_private.lanes n WHERE n.tenant_id = t $$;
-- As the worker does it; of whom somebody holds what.
CREATE FUNCTION pg_temp.set_back(latest timestamptz) RETURNS bigint LANGUAGE sql
	RETURN (SELECT sum(cardinality(voiceagent_private.set_back_wait(p::integer, latest, voiceagent.clock())))
		FROM generate_series(1, (SELECT count(*) FROM voiceagent_private.clock_waits)) p)
		+ cardinality(voiceagent_private.set_back_queue(latest, voiceagent.clock()));

BEGIN;
-- Friday, 11:00 in New York, within the hours; then a month and a day later.
SELECT pg_temp.at('2027-06-18 15:00+00') \g /dev/null
SELECT pg_temp.begin_calls('Clock', ARRAY['2001', '2002', '2003', '2004', '2005'], '{"calling_hours": {"start": "10:00", "end": "13:00"}, "max_concurrent_calls": 1}') AS tenant \gset
SELECT * FROM pg_temp.lanes(:tenant);
SELECT pg_temp.at('2027-07-20 15:00+00') \g /dev/null
SELECT voiceagent_private.advance_lanes() >= 1 AS rolled;
SELECT pg_temp.dial('unknown');
SELECT voiceagent_private.set_tenant(:tenant) \g /dev/null
UPDATE voiceagent_private.call_queue q SET not_before = x.at, reason = x.reason
FROM (VALUES ('Lead 2002', 'no_answer', voiceagent.clock() + interval '2 hours'), ('Lead 2003', 'callback', voiceagent.clock() + interval '1 hour'),
	('Lead 2004', 'busy', '2027-06-19 15:00+00')) x(name, reason, at), voiceagent.leads l
WHERE q.tenant_id = :tenant AND l.tenant_id = :tenant AND l.lead_id = q.lead_id AND l.first_name = x.name;
UPDATE voiceagent_private.lanes SET next_due = '2027-06-18 15:00+00' WHERE tenant_id = :tenant;
UPDATE voiceagent_private.live_calls SET answer_due = voiceagent.clock() + interval '3 minutes', lease_until = voiceagent.clock() + interval '7 minutes', ends_by = voiceagent.clock() + interval '8 minutes', failing_since = voiceagent.clock() - interval '1 minute' WHERE tenant_id = :tenant;
INSERT INTO voiceagent_private.sends (tenant_id, first_call_id, lease_until, call_ids) VALUES (:tenant, 1, voiceagent.clock() + interval '9 minutes', '{1}');
UPDATE voiceagent_private.pacing SET next_dial_at = voiceagent.clock() + interval '1 minute', brakes_from = voiceagent.clock() - interval '10 minutes', expiry_due = voiceagent.clock() + interval '10 minutes', expires_at = '2027-06-18 16:00+00' WHERE tenant_id = :tenant;
UPDATE voiceagent.provider_accounts SET resumes_at = voiceagent.clock() + interval '4 minutes' WHERE tenant_id = :tenant;
INSERT INTO voiceagent_private.account_dials (tenant_id, provider_account_id, avoid_until, slowed_at, lowered_at)
SELECT :tenant, min(provider_account_id), voiceagent.clock() + interval '2 minutes', voiceagent.clock() - interval '1 minute', voiceagent.clock() - interval '1 minute' FROM voiceagent.provider_accounts WHERE tenant_id = :tenant
ON CONFLICT (tenant_id, provider_account_id) DO UPDATE SET avoid_until = EXCLUDED.avoid_until, slowed_at = EXCLUDED.slowed_at, lowered_at = EXCLUDED.lowered_at;
INSERT INTO voiceagent_private.retention_marks (tenant_id, class, next_at) VALUES (:tenant, 'turns', voiceagent.clock() + interval '1 day') ON CONFLICT (tenant_id, class) DO UPDATE SET next_at = EXCLUDED.next_at;
INSERT INTO voiceagent_private.waiting_erasures (tenant_id, erasure_id, next_at) VALUES (:tenant, 1, voiceagent.clock() + interval '6 minutes');
INSERT INTO voiceagent_private.best_time_marks (tenant_id, refresh_at) VALUES (:tenant, 'infinity') ON CONFLICT DO NOTHING;
SELECT * FROM pg_temp.waits(:tenant);
-- ... until the day's hours are over
SELECT pg_temp.at('2027-07-20 18:00+00') \g /dev/null
SELECT voiceagent_private.advance_lanes() >= 1 AS rolled;
SELECT * FROM pg_temp.lanes(:tenant);

-- set back
UPDATE voiceagent_private.lanes SET gives_up_at = '2027-07-20 15:05+00' WHERE tenant_id = :tenant;
SELECT pg_temp.at('2027-06-18 15:00+00') \g /dev/null
SELECT pg_temp.set_back('2027-07-20 15:00+00') AS held;
SELECT * FROM pg_temp.waits(:tenant);
SELECT voiceagent_private.next_lane_change() <= voiceagent.clock() AS "lanes are to be rolled";
SELECT voiceagent_private.advance_lanes() >= 1 AS rolled;
SELECT * FROM pg_temp.lanes(:tenant);
ROLLBACK;
