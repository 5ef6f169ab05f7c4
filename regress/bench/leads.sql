-- A tenant of :leads leads in two campaigns that run, for lead_list(); prints it.  The first half of them, by id, has been called, up to
-- three times, as a campaign goes through its leads: three in ten of these wait for another call, and one in fifty leads waits in both
-- campaigns.  Names, outcomes and times follow from the leads' own numbers, so that each run has the same.
SELECT voiceagent.create_tenant('leads ' || clock_timestamp(), 'UTC', 10000000) AS tenant \gset
BEGIN;
SELECT voiceagent_private.set_tenant(:tenant) AS before \gset
INSERT INTO voiceagent.leads (tenant_id, phone, first_name, last_name, country, region, timezones, created_at)
SELECT :tenant, '+1212' || (2000000 + i),
	(ARRAY['Ada', 'Ben', 'Cleo', 'Dan', 'Eva', 'Finn', 'Gwen', 'Hugo', 'Iris', 'Jack'])[1 + h.x % 10],
	initcap(chr(97 + h.x / 10 % 26) || chr(97 + h.x / 260 % 26) || chr(97 + h.x / 6760 % 26)), 'US', 'US-DC',
	ARRAY(SELECT 'Etc/GMT' || to_char(greatest(extract(hour FROM now() AT TIME ZONE 'UTC')::int, 1) - 13 + bit, 'SGFM90')
		FROM unnest('{0,-2,-1,1,2}'::int[], '{1,2,4,8,16}'::int[]) u (bit, value) WHERE (1 + i % 28) & value > 0), now()
FROM generate_series(1, :leads) i CROSS JOIN LATERAL (SELECT hashint4(i) & 2147483647 AS x) h ORDER BY i;
SELECT min(lead_id) AS first FROM voiceagent.leads WHERE tenant_id = :tenant \gset
-- 28 leads of each make the lanes; the rest is stored as it would be by now.
SELECT voiceagent.create_campaign('spring', voiceagent.create_assistant('Ann', 'Hello {{first_name}}', 'Be kind, and brief.'), settings => '{"call_interval": 0,
	"calling_hours": {"start": "00:00", "end": "24:00", "days": ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]}}') AS spring \gset
SELECT voiceagent.create_campaign('autumn', (SELECT assistant_id FROM voiceagent.campaigns WHERE tenant_id = :tenant), settings => '{"call_interval": 0,
	"calling_hours": {"start": "00:00", "end": "24:00", "days": ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]}}') AS autumn \gset
SELECT count(voiceagent.add_leads(c, ARRAY(SELECT generate_series(:first::bigint, :first + 27)))) AS added FROM unnest(ARRAY[:spring, :autumn]) c \gset
SELECT count(voiceagent.start_campaign(c)) AS started FROM unnest(ARRAY[:spring, :autumn]) c \gset
CREATE TEMPORARY TABLE made ON COMMIT DROP AS
SELECT l.lead_id, l.timezones, n.n, n.n <= :leads / 2 AS called, h.x, 1 + h.x % 3 AS calls,
	(ARRAY['no_answer', 'no_answer', 'no_answer', 'voicemail', 'voicemail', 'busy', 'callback', 'interested', 'scheduled', 'not_interested',
		'not_interested', 'completed', 'completed', 'failed', 'wrong_number', 'do_not_call', 'no_answer', 'unfinished', 'voicemail', 'not_interested'])[1 + h.x / 3 % 20] AS outcome,
	h.x / 60 % 10 < 5 AS waits
FROM voiceagent.leads l CROSS JOIN LATERAL (SELECT (l.lead_id - :first + 1)::integer AS n) n CROSS JOIN LATERAL (SELECT hashint4(n.n + 7) & 2147483647 AS x) h
WHERE l.tenant_id = :tenant;
UPDATE voiceagent.leads l SET status = CASE WHEN m.outcome = 'do_not_call' THEN 'do_not_call' WHEN m.outcome IN ('interested', 'scheduled', 'not_interested', 'completed')
		THEN 'completed' WHEN m.waits THEN 'retry' ELSE 'failed' END, call_attempts = m.calls, last_outcome = m.outcome, follow_up = voiceagent_private.follow_up_of(m.outcome),
	last_called_at = now() - interval '30 days' + (m.calls * :leads + m.n) * interval '1 s' / 10, last_contacted_at = now()
FROM made m WHERE l.tenant_id = :tenant AND l.lead_id = m.lead_id AND m.called;
SELECT count(voiceagent_private.relist(p.ids)) FROM (SELECT array_agg(lead_id) AS ids FROM made GROUP BY n / 10000) p \gset
INSERT INTO voiceagent.campaign_leads (tenant_id, campaign_id, lead_id, status, attempts, last_outcome, added_at)
SELECT :tenant, c.id, m.lead_id, CASE WHEN c.id = :autumn OR NOT m.called THEN 'queued' WHEN m.outcome = 'do_not_call' THEN 'skipped'
	WHEN m.outcome IN ('interested', 'scheduled', 'not_interested', 'completed') THEN 'completed' WHEN m.waits THEN 'retry' ELSE 'failed' END,
	CASE WHEN c.id = :spring AND m.called THEN m.calls ELSE 0 END, CASE WHEN c.id = :spring AND m.called THEN m.outcome END, now()
FROM made m CROSS JOIN unnest(ARRAY[:spring, :autumn]) c(id) WHERE c.id = :spring OR m.n % 50 = 0 ORDER BY c.id, m.n
ON CONFLICT (tenant_id, campaign_id, lead_id) DO UPDATE SET status = excluded.status, attempts = excluded.attempts, last_outcome = excluded.last_outcome;
DELETE FROM voiceagent_private.call_queue WHERE tenant_id = :tenant;
INSERT INTO voiceagent_private.call_queue (tenant_id, lane_id, priority, not_before, campaign_id, lead_id, reason)
SELECT :tenant, l.lane_id, CASE WHEN c.status = 'retry' AND c.last_outcome = 'callback' THEN -1 ELSE 5 END,
	CASE WHEN c.status = 'retry' THEN now() + m.x % 100000 * interval '1 s' ELSE now() - interval '1 hour' END, c.campaign_id, c.lead_id,
	CASE WHEN c.status = 'retry' THEN c.last_outcome::text ELSE 'first' END
FROM voiceagent.campaign_leads c JOIN made m ON m.lead_id = c.lead_id
JOIN voiceagent_private.lanes l ON l.tenant_id = :tenant AND l.campaign_id = c.campaign_id AND l.timezones = m.timezones
WHERE c.tenant_id = :tenant AND c.status IN ('queued', 'retry') ORDER BY c.campaign_id, m.n;
INSERT INTO voiceagent.calls (tenant_id, campaign_id, lead_id, phone, assistant_id, assistant_version, campaign_version, provider_account_id,
	attempt_number, status, outcome, duration_seconds, started_at, ended_at)
SELECT :tenant, g.campaign_id, m.lead_id, '+13030000000', g.assistant_id, 1, 1, g.provider_account_id, a, 'completed',
	CASE WHEN a = m.calls THEN m.outcome ELSE 'no_answer' END, 10, t.at, t.at
FROM generate_series(1, 3) a JOIN made m ON m.called AND a <= m.calls
JOIN voiceagent.campaigns g ON g.tenant_id = :tenant AND g.campaign_id = :spring
CROSS JOIN LATERAL (SELECT now() - interval '30 days' + (a * :leads + m.n) * interval '1 s' / 10 AS at) t ORDER BY a, m.n;
COMMIT;
SELECT :tenant;
