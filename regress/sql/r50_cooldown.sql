-- A person who is on the telephone with us, or has just been, is left alone: a live call to one of the tenant's numbers, one that was
-- answered (retry_delay_incoming), and a call of another campaign (number_cooldown). A campaign's own retries, a promised callback
-- and the step of a follow-up come when they were to.
SET client_min_messages = warning;
\set ECHO none
\i sql/r50_setup.inc
\i lib/incoming.inc
\set ECHO all
SET timezone = 'UTC';
CREATE FUNCTION pg_temp.calls_us(number text, began interval, ended interval, answered boolean DEFAULT true) RETURNS void LANGUAGE sql AS $$
	INSERT INTO pg_temp.incoming_calls (tenant_id, provider_account_id, provider_call_id, from_number, to_number, answer, started_at,
		answered_at, ended_at, outcome, duration_seconds)
	SELECT a.tenant_id, a.provider_account_id, 'IN' || gen_random_uuid(), number, '+12125550001', 'say', voiceagent.clock() - began,
		CASE WHEN answered THEN voiceagent.clock() - began END, voiceagent.clock() - ended,
		CASE WHEN ended IS NULL THEN NULL WHEN answered THEN 'completed' ELSE 'no_answer' END,
		CASE WHEN answered THEN extract(epoch FROM began - ended) END
	FROM voiceagent.provider_accounts a WHERE a.tenant_id = voiceagent.current_tenant() ORDER BY a.provider_account_id LIMIT 1
$$;
CREATE FUNCTION pg_temp.called(number text, campaign bigint, lead bigint, ended interval, VARIADIC changes text[] DEFAULT '{}') RETURNS void LANGUAGE sql AS $$
	INSERT INTO voiceagent.calls (tenant_id, campaign_id, lead_id, phone, assistant_id, assistant_version, campaign_version,
		provider_account_id, attempt_number, status, outcome, credits, started_at, ended_at, counts, lawful)
	SELECT c.tenant_id, campaign, lead, number, c.assistant_id, 1, 1, c.provider_account_id, 1, CASE WHEN 'live' = ANY (changes) THEN 'in_progress' ELSE 'completed' END,
		CASE WHEN 'voicemail' = ANY (changes) THEN 'voicemail' WHEN 'live' <> ALL (changes) THEN 'not_interested' END, 0,
		voiceagent.clock() - ended - interval '1 minute', CASE WHEN 'live' <> ALL (changes) THEN voiceagent.clock() - ended END, 'never rang' <> ALL (changes), 'real' = ANY (changes)
	FROM voiceagent.campaigns c WHERE c.tenant_id = voiceagent.current_tenant() AND c.campaign_id = campaign
$$;
-- Which leads wait, and how long: to the tenth of an hour.
CREATE FUNCTION pg_temp.waits() RETURNS TABLE (lead text, campaign text, status text, reason text, hours numeric) LANGUAGE sql AS $$
	SELECT right(d.phone, 1), c.name, m.status, m.reason, round(extract(epoch FROM q.not_before - voiceagent.clock()) / 3600, 1)
	FROM voiceagent.campaign_leads m JOIN voiceagent.leads d USING (tenant_id, lead_id) JOIN voiceagent.campaigns c USING (tenant_id, campaign_id)
	LEFT JOIN voiceagent_private.call_queue q USING (tenant_id, campaign_id, lead_id)
	WHERE m.tenant_id = voiceagent.current_tenant() ORDER BY 1, 2
$$;
-- What explain_lead() says of it, without numbers and times.
CREATE FUNCTION pg_temp.explained(lead bigint) RETURNS TABLE (what text, why text) LANGUAGE sql AS $$
	SELECT e.what, regexp_replace(regexp_replace(e.why, '\d{4}-\d\d-\d\d[ T][\d:.+]+', 'TIME', 'g'), '\mcall \d+', 'call N')
	FROM voiceagent.explain_lead(lead) e WHERE e.what IN ('called_us', 'lead_put_off', 'now')
$$;

-- Calls to us: 1 is live, 2 is live from a further number, 3 was answered and ended two hours ago, 4 rang off unanswered,
-- 5 was answered long ago, 6 began yesterday and nobody told its end, 7 was answered and has been promised a callback;
-- 8 was answered two hours ago, and then rang off unanswered.
BEGIN;
SELECT pg_temp.tenant('r50 rests incoming') > 0 AS made;
SELECT pg_temp.leads('+12025550', 8) AS l \gset
INSERT INTO voiceagent.lead_numbers (tenant_id, lead_id, number, phone, timezones)
SELECT voiceagent.current_tenant(), (:'l'::bigint[])[2], 2, '+12025559000001', '{UTC}';
SELECT pg_temp.calls_us('+12025550000001', '1 minute', NULL), pg_temp.calls_us('+12025559000001', '1 minute', NULL, false),
	pg_temp.calls_us('+12025550000003', '125 minutes', '2 hours'), pg_temp.calls_us('+12025550000004', '2 minutes', '1 minute', false),
	pg_temp.calls_us('+12025550000005', '245 minutes', '4 hours'), pg_temp.calls_us('+12025550000006', '1 day', NULL, false),
	pg_temp.calls_us('+12025550000007', '5 minutes', '1 minute'), pg_temp.calls_us('+12025550000008', '125 minutes', '2 hours'),
	pg_temp.calls_us('+12025550000008', '2 minutes', '1 minute', false);
SELECT pg_temp.start('c', :'l', '{"retry_delay_incoming": "4 hours"}') AS c \gset
UPDATE voiceagent_private.call_queue SET reason = 'callback', priority = -1 WHERE campaign_id = :c AND lead_id = (:'l'::bigint[])[7];
-- A preview counts them as the claim will put them off, those too who were never called.
UPDATE voiceagent.campaign_leads SET last_outcome = 'callback' WHERE campaign_id = :c AND lead_id = (:'l'::bigint[])[7];
SELECT sum(leads) AS leads, delayed FROM voiceagent_private.preview_leads(:c, '{}', (SELECT settings || '{"calling_hours": null}' FROM voiceagent.campaign_versions
	WHERE campaign_id = :c), false, voiceagent.clock()) GROUP BY 2 ORDER BY 2;
-- Asked before they are due: the reason is there from the end of the call on.
SELECT what, why FROM pg_temp.explained((:'l'::bigint[])[3]);
SELECT what, why FROM pg_temp.explained((:'l'::bigint[])[2]);
SELECT pg_temp.claim(100);
SELECT * FROM pg_temp.waits();
SELECT event_type, event_data ->> 'reason' AS reason, (event_data ->> 'not_before')::timestamptz = q.not_before AS as_queued
FROM voiceagent.events e JOIN voiceagent_private.call_queue q USING (tenant_id, campaign_id, lead_id)
WHERE e.tenant_id = voiceagent.current_tenant() AND e.event_type = 'lead_put_off' ORDER BY e.lead_id;
SELECT what, why FROM pg_temp.explained((:'l'::bigint[])[3]);
-- A campaign that says so, and one of a version of before there was such a rest, dials who has rung off, and nobody who is on the line.
SELECT pg_temp.start('at once', (:'l'::bigint[])[1:3], '{"retry_delay_incoming": "0"}') AS c \gset
SELECT pg_temp.start('older', (:'l'::bigint[])[8:8]) AS c \gset
SELECT string_agg(dialled, ' ' ORDER BY dialled) AS claim FROM regexp_split_to_table(pg_temp.claim(100), ' ') AS dialled;
SELECT * FROM pg_temp.waits() WHERE campaign IN ('at once', 'older');
ROLLBACK;

-- A call of whose end nobody told is live for two hours; from then on it rests from its start: 1 was answered three hours ago, 2 five
-- hours ago; 3 rang three hours ago, and was answered an hour before; 4 rang three hours ago, and no more.
BEGIN;
SELECT pg_temp.tenant('r50 rests untold') > 0 AS made;
SELECT pg_temp.leads('+12025550', 4) AS l \gset
SELECT pg_temp.calls_us('+12025550000001', '3 hours', NULL), pg_temp.calls_us('+12025550000002', '5 hours', NULL),
	pg_temp.calls_us('+12025550000003', '3 hours', NULL, false), pg_temp.calls_us('+12025550000003', '4 hours', '210 minutes'),
	pg_temp.calls_us('+12025550000004', '3 hours', NULL, false);
SELECT pg_temp.start('c', :'l', '{"retry_delay_incoming": "4 hours"}') AS c \gset
SELECT what, why FROM pg_temp.explained((:'l'::bigint[])[1]);
SELECT pg_temp.claim(100);
SELECT * FROM pg_temp.waits();
ROLLBACK;

-- Another campaign's calls: 1 ended a minute ago, 2 an hour and more ago, 3 never rang, 4 was no rehearsal, 5 was of this campaign
-- itself, 6 has been promised a callback, 7 was of another lead with the same number, 8 was never called.
BEGIN;
SELECT pg_temp.tenant('r50 rests dials') > 0 AS made;
SELECT pg_temp.leads('+12025550', 8) AS l \gset
SELECT pg_temp.start('a', '{}') AS a \gset
SELECT pg_temp.start('b', :'l', '{"number_cooldown": "1 hour", "retry_delay_incoming": "4 hours"}') AS b \gset
SELECT pg_temp.called('+12025550000001', :a, (:'l'::bigint[])[1], '1 minute'), pg_temp.called('+12025550000002', :a, (:'l'::bigint[])[2], '61 minutes'),
	pg_temp.called('+12025550000003', :a, (:'l'::bigint[])[3], '1 minute', 'never rang'), pg_temp.called('+12025550000004', :a, (:'l'::bigint[])[4], '1 minute', 'real'),
	pg_temp.called('+12025550000005', :b, (:'l'::bigint[])[5], '1 minute'), pg_temp.called('+12025550000006', :a, (:'l'::bigint[])[6], '1 minute'),
	pg_temp.called('+12025550000007', :b, 0, '1 minute');
UPDATE voiceagent_private.call_queue SET reason = 'callback', priority = -1 WHERE campaign_id = :b AND lead_id = (:'l'::bigint[])[6];
UPDATE voiceagent.leads SET call_attempts = 1 WHERE tenant_id = voiceagent.current_tenant() AND lead_id <> (:'l'::bigint[])[8];
UPDATE voiceagent.campaign_leads SET last_outcome = 'callback' WHERE campaign_id = :b AND lead_id = (:'l'::bigint[])[6];
SELECT sum(leads) AS leads, delayed FROM voiceagent_private.preview_leads(:b, '{}', (SELECT settings || '{"calling_hours": null}' FROM voiceagent.campaign_versions
	WHERE campaign_id = :b), false, voiceagent.clock()) GROUP BY 2 ORDER BY 2;
SELECT what, why FROM pg_temp.explained((:'l'::bigint[])[1]);
SELECT pg_temp.claim(100);
SELECT * FROM pg_temp.waits();
SELECT count(*) AS events FROM voiceagent.events WHERE tenant_id = voiceagent.current_tenant() AND event_type = 'lead_put_off';
-- It rests from the call's end, and after one that is live yet from the instant that is asked about.
SELECT pg_temp.called('+12025550000009', :a, 0, '3 hours', 'live');
SELECT n.phone, r.paused_until - n.at AS rests FROM (VALUES ('+12025550000009', voiceagent.clock()), ('+12025550000009', voiceagent.clock() + interval '1 hour')) AS n(phone, at)
CROSS JOIN LATERAL voiceagent_private.number_cooldowns(voiceagent.current_tenant(), :b, 1, n.phone, n.phone, false, '1 hour', NULL, n.at) r;
-- The tenant's own rule says when a follow-up comes; another outcome has no such rule. And a rest of 0 is none.
SELECT pg_temp.start('next', (:'l'::bigint[])[1:3], '{"number_cooldown": "1 hour"}') AS next \gset
INSERT INTO voiceagent.follow_ups (tenant_id, campaign_id, outcome, target_campaign_id, delay, created_at)
VALUES (voiceagent.current_tenant(), :a, 'not_interested', :next, '0', voiceagent.clock());
SELECT pg_temp.called('+12025550000002', :a, (:'l'::bigint[])[2], '10 seconds', 'voicemail');
DELETE FROM voiceagent_private.live_calls WHERE tenant_id = voiceagent.current_tenant();
UPDATE voiceagent.calls SET counts = false, status = 'busy', outcome = 'busy', ended_at = started_at WHERE tenant_id = voiceagent.current_tenant() AND outcome IS NULL;
SELECT pg_temp.claim(100);
SELECT * FROM pg_temp.waits() WHERE campaign = 'next';
SELECT pg_temp.start('at once', (:'l'::bigint[])[2:2], '{"number_cooldown": "0"}') AS c \gset
SELECT pg_temp.claim(100);
SELECT * FROM pg_temp.waits() WHERE campaign = 'at once';
ROLLBACK;
-- A test call rings whenever its owner asks.
BEGIN;
SELECT pg_temp.tenant('r50 rests tests') > 0 AS made;
SELECT pg_temp.start('a', '{}') AS a \gset
SELECT c.settings -> 'number_cooldown' AS number_cooldown, c.settings -> 'retry_delay_incoming' AS after_incoming
FROM voiceagent_private.standing_campaign((SELECT assistant_id FROM voiceagent.campaigns WHERE campaign_id = :a),
	(SELECT provider_account_id FROM voiceagent.campaigns WHERE campaign_id = :a), 'test') c;
ROLLBACK;
