-- Leads are judged, calls are placed, and lanes are settled, without a statement: rows of another tenant are neither met nor changed.
SET client_min_messages = warning;
\set ECHO none
\i sql/r50_setup.inc
\set ECHO all
BEGIN;
SELECT pg_temp.tenant('r50 leave') AS a \gset
SELECT pg_temp.start('a', pg_temp.leads('+1202777', 3)) AS c_a \gset
SELECT pg_temp.tenant('r50 leave other') AS b \gset
SELECT pg_temp.start('b', pg_temp.leads('+1202778', 3)) AS c_b \gset
-- A pick by the places of its rows and the lead that it names, whosever they are, and a call of it in the turn of a campaign.
CREATE FUNCTION pg_temp.picks(campaign bigint, leads_of bigint, members_of bigint) RETURNS voiceagent_private.queue_pick[] LANGUAGE sql AS $$
	SELECT array_agg(jsonb_populate_record(NULL::voiceagent_private.queue_pick, jsonb_build_object('queue_row', q.ctid, 'lead_row', l.ctid, 'member_row', m.ctid, 'campaign_id', campaign, 'lead_id', l.lead_id,
		'phone', l.phone, 'number', 1, 'attempts', 0, 'jurisdiction', '', 'timezones', '{UTC}'::text[], 'opens_at', voiceagent.clock() - interval '1 hour', 'closes_at', voiceagent.clock() + interval '1 hour', 'proof', '{"consent_required": false}'::jsonb)))
	FROM (SELECT * FROM (SELECT q.*, q.ctid FROM voiceagent_private.call_queue q WHERE q.campaign_id = campaign ORDER BY q.lead_id LIMIT 1) q) q,
		(SELECT l.*, l.ctid FROM voiceagent.leads l WHERE l.tenant_id = leads_of ORDER BY l.lead_id LIMIT 1) l,
		(SELECT m.ctid FROM voiceagent.campaign_leads m WHERE m.tenant_id = members_of ORDER BY m.lead_id LIMIT 1) m
$$;
CREATE FUNCTION pg_temp.place(picks voiceagent_private.queue_pick[], campaign bigint, in_turn_of bigint DEFAULT NULL) RETURNS integer LANGUAGE sql AS $$
	SELECT cardinality(voiceagent_private.place_calls(ARRAY(SELECT jsonb_populate_record(k, jsonb_build_object('campaign_id', campaign)) FROM unnest(picks) k), '{1}', '{1}',
		ARRAY(SELECT jsonb_populate_record(NULL::voiceagent_private.claim_turn, jsonb_build_object('campaign_id', campaign, 'version', 1, 'assistant_id', c.assistant_id, 'assistant_version', 1,
			'provider_account_id', c.provider_account_id, 'provider', 'vapi', 'attempt_limit', 3, 'live', 0, 'free_lines', 5, 'longest', '1 hour', 'lawful', false))
			FROM voiceagent.campaigns c WHERE c.campaign_id = coalesce(in_turn_of, campaign)), voiceagent_private.read_dial_settings(), voiceagent.clock()))
$$;
CREATE FUNCTION pg_temp.seen() RETURNS TABLE (tenant text, waiting bigint, calling bigint, contacted bigint, attempts bigint, written text) LANGUAGE sql AS $$
	SELECT t.name, (SELECT count(*) FROM voiceagent_private.call_queue q WHERE q.tenant_id = t.tenant_id), (SELECT count(*) FROM voiceagent.campaign_leads m
		WHERE m.tenant_id = t.tenant_id AND m.status = 'calling'), (SELECT count(*) FROM voiceagent.leads l WHERE l.tenant_id = t.tenant_id AND l.status = 'contacted'
		AND l.last_contacted_at IS NOT NULL AND l.call_attempts = 1), (SELECT sum(m.attempts) FROM voiceagent.campaign_leads m WHERE m.tenant_id = t.tenant_id),
		concat_ws(' ', (SELECT count(*) FROM voiceagent.calls x WHERE x.tenant_id = t.tenant_id), (SELECT count(*) FROM voiceagent.attempts x WHERE x.tenant_id = t.tenant_id),
			(SELECT count(*) FROM voiceagent_private.live_calls x WHERE x.tenant_id = t.tenant_id), (SELECT count(*) FROM voiceagent.events x WHERE x.tenant_id = t.tenant_id AND x.event_type = 'call_initiated'),
			(SELECT count(*) FROM voiceagent_private.sends x WHERE x.tenant_id = t.tenant_id))
	FROM voiceagent.tenants t WHERE t.name LIKE 'r50 leave%' ORDER BY t.tenant_id
$$;
SELECT voiceagent_private.set_tenant(:a) \g /dev/null
SAVEPOINT s;
SELECT pg_temp.place(pg_temp.picks(:c_b, :a, :a), :c_a);
ROLLBACK TO s;
SELECT pg_temp.place(pg_temp.picks(:c_a, :b, :a), :c_a);
ROLLBACK TO s;
SELECT pg_temp.place(pg_temp.picks(:c_a, :a, :b), :c_a);
ROLLBACK TO s;
SELECT pg_temp.place('{NULL}', :c_a);
ROLLBACK TO s;
-- The words of another tenant's campaign, and of its assistant, say nothing.
\set VERBOSITY sqlstate
SELECT pg_temp.place(pg_temp.picks(:c_a, :a, :a), :c_b);
ROLLBACK TO s;
SELECT pg_temp.place(pg_temp.picks(:c_a, :a, :a), :c_a, :c_b);
ROLLBACK TO s;
\set VERBOSITY default
SELECT * FROM pg_temp.seen();
-- Judged: neither the leads nor the campaigns of another tenant are there, and what it knows of a number binds nobody else.
INSERT INTO voiceagent.do_not_call_list (tenant_id, phone, reason, created_at) SELECT :b, phone, 'theirs', voiceagent.clock() FROM voiceagent.leads WHERE tenant_id = :a;
SELECT k.position, k.verdict, right(k.phone, 4) AS phone, k.attempts FROM unnest(voiceagent_private.check_eligibility(ARRAY(
	SELECT jsonb_populate_record(NULL::voiceagent_private.queue_pick, jsonb_build_object('position', row_number() OVER (ORDER BY l.tenant_id, c), 'campaign_id', c, 'lead_id', l.lead_id, 'lane_id', c,
		'reason', 'first', 'number', 1, 'timezones', '{UTC}'::text[], 'jurisdiction', '', 'lead_row', '(0,1)', 'member_row', '(0,1)'))
	FROM (SELECT DISTINCT ON (tenant_id) tenant_id, lead_id FROM voiceagent.leads WHERE tenant_id IN (:a, :b) ORDER BY tenant_id, lead_id) l CROSS JOIN unnest(ARRAY[:c_a, :c_b]) AS c),
	ARRAY(SELECT jsonb_populate_record(NULL::voiceagent_private.claim_turn, jsonb_build_object('campaign_id', c, 'attempt_limit', 3, 'lawful', c = :c_b)) FROM unnest(ARRAY[:c_a, :c_b]) AS c),
	'{}', voiceagent.clock())) k ORDER BY k.position;
ROLLBACK TO s;
-- its own; the counters of the campaign follow, which a trigger keeps
SELECT pg_temp.place(pg_temp.picks(:c_a, :a, :a), :c_a);
SELECT * FROM pg_temp.seen();
SELECT sum(waiting_leads) AS waiting, sum(calling_leads) AS calling FROM voiceagent.campaign_counters WHERE campaign_id = :c_a;
ROLLBACK TO s;
-- A row of the queue that the transaction itself has taken since is left; a lead that it has changed, for another campaign, is dialled.
SELECT pg_temp.picks(:c_a, :a, :a) AS picks \gset
DELETE FROM voiceagent_private.call_queue WHERE tenant_id = :a AND lead_id = (SELECT min(lead_id) FROM voiceagent_private.call_queue WHERE tenant_id = :a);
UPDATE voiceagent.leads SET status = 'failed' WHERE tenant_id = :a AND lead_id = (SELECT min(lead_id) FROM voiceagent.leads WHERE tenant_id = :a);
SELECT pg_temp.place(:'picks', :c_a);
SELECT * FROM pg_temp.seen();
ROLLBACK TO s;

-- The first of all priorities; only lanes of the tenant, of these campaigns, that were ready.
UPDATE voiceagent_private.call_queue q SET not_before = '2099-01-01'::timestamptz - k.n * interval '1 year', priority = (ARRAY[-1, 9, 3])[k.n]
FROM (SELECT tenant_id, lead_id, row_number() OVER (PARTITION BY tenant_id ORDER BY lead_id) AS n FROM voiceagent_private.call_queue WHERE tenant_id IN (:a, :b)) k
WHERE k.tenant_id = q.tenant_id AND k.lead_id = q.lead_id;
UPDATE voiceagent_private.lanes SET next_due = '2020-01-01', opens_at = '2020-01-01', closes_at = 'infinity', running = true WHERE tenant_id IN (:a, :b);
SELECT voiceagent_private.settle_lanes(ARRAY[:c_b], voiceagent.clock());
SELECT tenant_id = :a AS ours, next_due FROM voiceagent_private.lanes WHERE tenant_id IN (:a, :b) ORDER BY tenant_id;
SELECT voiceagent_private.settle_lanes(ARRAY[:c_b, :c_a], '2019-01-01');
SELECT voiceagent_private.settle_lanes('{}', voiceagent.clock());
SELECT tenant_id = :a AS ours, next_due FROM voiceagent_private.lanes WHERE tenant_id IN (:a, :b) ORDER BY tenant_id;
SELECT voiceagent_private.settle_lanes(ARRAY[:c_b, :c_a], voiceagent.clock());
SELECT tenant_id = :a AS ours, next_due FROM voiceagent_private.lanes WHERE tenant_id IN (:a, :b) ORDER BY tenant_id;
DELETE FROM voiceagent_private.call_queue WHERE tenant_id = :a;
UPDATE voiceagent_private.lanes SET next_due = '2020-01-01' WHERE tenant_id = :a;
SELECT voiceagent_private.settle_lanes(ARRAY[:c_a], voiceagent.clock());
SELECT next_due FROM voiceagent_private.lanes WHERE tenant_id = :a;
ROLLBACK TO s;

-- A claim picks leads of its own tenant's campaigns, and rows of these alone.
UPDATE voiceagent_private.lanes SET next_due = '2020-01-01', opens_at = '2020-01-01', closes_at = 'infinity', running = true WHERE tenant_id IN (:a, :b);
UPDATE voiceagent_private.call_queue q SET not_before = '2020-01-01'::timestamptz - k.n * interval '1 day', priority = (ARRAY[9, -1, 3])[k.n]
FROM (SELECT tenant_id, lead_id, row_number() OVER (PARTITION BY tenant_id ORDER BY lead_id) AS n FROM voiceagent_private.call_queue WHERE tenant_id IN (:a, :b)) k
WHERE k.tenant_id = q.tenant_id AND k.lead_id = q.lead_id;
SELECT voiceagent_private.pick_due(ARRAY[:c_b], '{9}', voiceagent.clock());
CREATE FUNCTION pg_temp.picked(ids bigint[], budgets integer[]) RETURNS TABLE (nth integer, phone text, priority smallint, queued boolean, member boolean) LANGUAGE sql AS $$
	SELECT p.position, l.phone, p.priority, q.lead_id = p.lead_id, m.lead_id = p.lead_id FROM unnest(voiceagent_private.pick_due(ids, budgets, voiceagent.clock())) p
	LEFT JOIN voiceagent.leads l ON l.ctid = p.lead_row LEFT JOIN voiceagent_private.call_queue q ON q.ctid = p.queue_row
	LEFT JOIN voiceagent.campaign_leads m ON m.ctid = p.member_row ORDER BY p.position
$$;
SELECT * FROM pg_temp.picked(ARRAY[:c_b, :c_a], '{9,2}');
SELECT * FROM pg_temp.picked(ARRAY[:c_a], '{9}');
SELECT * FROM pg_temp.picked(ARRAY[:c_a], '{0}');
UPDATE voiceagent_private.lanes SET running = false WHERE tenant_id = :a;
SELECT * FROM pg_temp.picked(ARRAY[:c_a], '{9}');
ROLLBACK;
