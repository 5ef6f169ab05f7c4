-- D19: when people answer, counted from the tenant's own calls; it orders the claim and moves retries, and is explained.
\set VERBOSITY terse
\set ECHO none
\i lib/inbox_setup.inc
SET timezone = 'UTC';
CREATE FUNCTION pg_temp.at(t timestamptz) RETURNS text LANGUAGE sql AS $$
	SELECT set_config('voiceagent.clock_offset', extract(epoch FROM t - clock_timestamp())::text, false) IS NOT NULL $$;
-- Runs the maintenance job until the tenant's calls are counted; how many steps that took is nobody's business.
CREATE FUNCTION pg_temp.refresh(step integer DEFAULT 5000) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
	UPDATE voiceagent_private.best_time_marks SET refresh_at = voiceagent.clock() WHERE tenant_id = voiceagent.current_tenant();
	FOR i IN 1 .. 200 LOOP
		EXIT WHEN voiceagent_private.refresh_best_times(step) > voiceagent.clock();
	END LOOP;
END
$$;
\set ECHO all
-- 3 of 3 answered decide nothing; 300 of 600 do; what is known of a wider place is the start
SELECT round(voiceagent_private.drawn_rate(3, 3, 0.25)::numeric, 3) AS three, round(voiceagent_private.drawn_rate(300, 600, 0.25)::numeric, 3) AS many,
	voiceagent_private.drawn_rate(NULL, NULL, 0.25) AS none;
SELECT voiceagent_private.area_of('+12125550142'), voiceagent_private.area_of('+442071234567');

-- Counting: each call once, whatever the steps; live calls and what came after them wait
SELECT pg_temp.at('2027-03-08 15:30+00') \g /dev/null
BEGIN;
SELECT pg_temp.begin_calls('Best times', '{7001,7002,7003,7004,7005,7006}', '{"best_time": "on", "retry_delay_no_answer": "1 hour"}') > 0 AS ready;
SELECT refresh_at <= voiceagent.clock() AS wanted FROM voiceagent_private.best_time_marks WHERE tenant_id = voiceagent.current_tenant();
SELECT pg_temp.dial();
SELECT pg_temp.take(pg_temp.webhook('7001', 'report', 'customer-ended-call', 60, '{"interest": "none"}'), pg_temp.webhook('7002', 'report', 'customer-did-not-answer'),
	pg_temp.webhook('7003', 'report', 'voicemail', 5), pg_temp.webhook('7005', 'report', 'customer-ended-call', 60, '{"interest": "none"}'), pg_temp.webhook('7006', 'report', 'manually-canceled'));
SELECT voiceagent_private.apply_inbox(10);
SELECT pg_temp.refresh();
SELECT count(*) AS too_fresh FROM voiceagent.best_times;
SELECT pg_temp.at('2027-03-08 15:32+00') \g /dev/null
SELECT pg_temp.refresh(2);
-- 7004 is live: 7005 waits behind it
SELECT rehearsal, kind, name, hour, calls, answered, rate, confidence FROM voiceagent.best_times ORDER BY kind;
SELECT pg_temp.refresh();
SELECT sum(calls) AS still FROM voiceagent.answer_counts WHERE kind = 'all' AND tenant_id = voiceagent.current_tenant();
SELECT pg_temp.take(pg_temp.webhook('7004', 'report', 'customer-busy'));
SELECT voiceagent_private.apply_inbox(10);
SELECT pg_temp.refresh(1);
SELECT kind, calls, answered FROM voiceagent.answer_counts WHERE tenant_id = voiceagent.current_tenant() ORDER BY kind;
SELECT * FROM voiceagent_private.check_tenant();
-- when nothing uses it any more, nothing is counted
SELECT voiceagent.update_campaign(campaign_id, '{"best_time": "off"}') > 1 AS off FROM voiceagent.campaigns WHERE tenant_id = voiceagent.current_tenant();
SELECT count(*) FILTER (WHERE scores IS NOT NULL) AS scored FROM voiceagent_private.lanes WHERE tenant_id = voiceagent.current_tenant();
SELECT pg_temp.refresh();
SELECT refresh_at FROM voiceagent_private.best_time_marks WHERE tenant_id = voiceagent.current_tenant();
ROLLBACK;

-- Scores: the better lane goes first, within a priority; a promise outranks it; off: the older one
SELECT pg_temp.at('2027-03-08 20:30+00') \g /dev/null
CREATE FUNCTION pg_temp.know(place text, at_hour integer, of_calls integer, of_answers integer, of_kind text DEFAULT 'jurisdiction') RETURNS void LANGUAGE sql AS $$
	INSERT INTO voiceagent.answer_counts (tenant_id, rehearsal, kind, name, hour, calls, answered) VALUES (voiceagent.current_tenant(), true, of_kind, place, at_hour, of_calls, of_answers) $$;
CREATE FUNCTION pg_temp.claim(n integer) RETURNS text LANGUAGE sql AS $$
	SELECT coalesce(string_agg(substring(c.phone FROM 3 FOR 3) || right(c.phone, 2), ' '), 'none') FROM voiceagent_private.claim_calls(n) c $$;
BEGIN;
SELECT pg_temp.begin_calls('Best times, order', '{7101,7102,7103}', '{"best_time": "on"}') > 0 AS ready;
SELECT campaign_id AS c FROM voiceagent.campaigns WHERE tenant_id = voiceagent.current_tenant() \gset
SELECT voiceagent.add_leads(:c, ARRAY[voiceagent.add_lead('+13125557104', 'Chicago'), voiceagent.add_lead('+13125557105', 'Chicago')]);
-- 15:30 in New York, 14:30 in Chicago
SELECT pg_temp.know('US-NY', 15, 400, 80), pg_temp.know('US-NY', 18, 400, 200), pg_temp.know('US-IL', 14, 400, 160), pg_temp.know('', 14, 900, 270, 'all');
SELECT voiceagent_private.score_lanes(:c);
SELECT region, round(scores[15]::numeric, 3) AS at_14, round(scores[16]::numeric, 3) AS at_15, round(scores[19]::numeric, 3) AS at_18 FROM voiceagent_private.lanes
WHERE tenant_id = voiceagent.current_tenant() ORDER BY region;
SELECT regexp_replace(x.why, '^.*?(Of calls.*?%\.).*$', '\1') FROM voiceagent.leads l, voiceagent.explain_lead(l.lead_id) x
WHERE l.tenant_id = voiceagent.current_tenant() AND l.phone LIKE '%7101' AND x.what = 'now';
SAVEPOINT s;
SELECT pg_temp.claim(3) AS chicago_first;
ROLLBACK TO s;
UPDATE voiceagent_private.call_queue q SET priority = 0 FROM voiceagent.leads l WHERE l.tenant_id = q.tenant_id AND l.lead_id = q.lead_id
	AND q.tenant_id = voiceagent.current_tenant() AND l.phone LIKE '%7103';
SELECT pg_temp.claim(3) AS promised_first;
ROLLBACK TO s;
SELECT voiceagent.update_campaign(:c, '{"best_time": "off"}') > 1 AS off;
SELECT pg_temp.claim(3) AS older_first;
ROLLBACK TO s;
-- A retry waits for the better hour, up to twice its delay; a little better is not better; never beyond the campaign's end
SELECT lead_id AS lead FROM voiceagent.leads WHERE tenant_id = voiceagent.current_tenant() AND phone LIKE '%7101' \gset
SELECT voiceagent_private.better_time(:c, :lead, 1::smallint, true, '2027-03-08 20:40+00', '2027-03-08 23:30+00') AS at_18_there,
	voiceagent_private.better_time(:c, :lead, 1::smallint, true, '2027-03-08 20:40+00', '2027-03-08 22:30+00') AS too_far,
	voiceagent_private.better_time(:c, :lead, 1::smallint, true, '2027-03-08 23:10+00', '2027-03-09 02:00+00') AS there_already,
	voiceagent_private.better_time(:c, :lead, 1::smallint, false, '2027-03-08 20:40+00', '2027-03-08 23:30+00') AS real_calls_know_nothing;
UPDATE voiceagent_private.pacing SET expires_at = '2027-03-08 22:50+00' WHERE tenant_id = voiceagent.current_tenant();
SELECT voiceagent_private.better_time(:c, :lead, 1::smallint, true, '2027-03-08 21:40+00', '2027-03-08 23:30+00') AS before_the_end;
ROLLBACK TO s;
-- three calls in an area code move nothing
SELECT pg_temp.know('+1212', 16, 3, 3, 'area');
SELECT voiceagent_private.better_time(:c, :lead, 1::smallint, true, '2027-03-08 21:40+00', '2027-03-08 22:30+00') AS unmoved;
ROLLBACK;
-- in the end of a call
BEGIN;
SELECT pg_temp.begin_calls('Best times, retry', '{7201,7202}', '{"best_time": "on", "retry_delay_no_answer": "2 hours", "retry_delay_unfinished": "2 hours"}') > 0 AS ready;
SELECT pg_temp.know('US-NY', 15, 400, 80), pg_temp.know('US-NY', 18, 400, 200);
SELECT pg_temp.dial();
SELECT pg_temp.take(pg_temp.webhook('7201', 'report', 'customer-did-not-answer'), pg_temp.webhook('7202', 'report', 'twilio-failed-to-connect-call'));
SELECT voiceagent_private.apply_inbox(10);
SELECT right(l.phone, 4) AS number, q.reason, to_char(q.not_before, 'HH24:MI') AS due FROM voiceagent_private.call_queue q JOIN voiceagent.leads l USING (tenant_id, lead_id)
WHERE q.tenant_id = voiceagent.current_tenant() ORDER BY 1;
SELECT * FROM voiceagent_private.check_tenant();
ROLLBACK;
-- What goes wrong with one tenant's calls holds up nobody else's: it is counted later
BEGIN;
SELECT voiceagent.create_tenant('Best times, broken', 'UTC', 1) AS broken \gset
INSERT INTO voiceagent_private.best_time_marks (tenant_id, refresh_at) VALUES (:broken, voiceagent.clock() - interval '1 day');
CREATE OR REPLACE FUNCTION voiceagent_private.count_answers(after bigint, max integer, OUT last_call_id bigint, OUT counted integer)
	LANGUAGE plpgsql AS $$ BEGIN RAISE 'broken'; END $$;
SELECT voiceagent_private.refresh_best_times(1000) <= voiceagent.clock() AS "the next one";
SELECT refresh_at - voiceagent.clock() BETWEEN '9 minutes' AND '10 minutes' AS later, last_call_id FROM voiceagent_private.best_time_marks WHERE tenant_id = :broken;
ROLLBACK;
RESET voiceagent.clock_offset;
