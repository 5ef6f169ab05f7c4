-- The claim: order, caps, pace, every reason not to dial, and what it leaves behind.
SET client_min_messages = warning;
\set ECHO none
\i sql/r50_setup.inc
\set ECHO all
BEGIN;
SELECT pg_temp.tenant('r50 claim') > 0 AS made;

-- Priority first, then the oldest; a callback (0) outranks the list also in another lane.
SELECT pg_temp.leads('+12025550', 3) AS few \gset
SELECT pg_temp.leads('+12025551', 2, '{America/New_York}', 7) AS late \gset
SELECT pg_temp.leads('+12025552', 1, '{Europe/Paris}', 0) AS callback \gset
SELECT pg_temp.start('order', :'few'::bigint[] || :'late'::bigint[] || :'callback'::bigint[]) AS c \gset
SELECT voiceagent.current_tenant() IN (SELECT voiceagent_private.ready_tenants()) AS ready;
SELECT pg_temp.claim(2), pg_temp.claim(100), pg_temp.claim(100);
SELECT count(*) AS queued FROM voiceagent_private.call_queue WHERE campaign_id = :c;
SELECT bool_and(next_due = 'infinity') AS lanes_rest FROM voiceagent_private.lanes WHERE campaign_id = :c;
SELECT count(*) FROM voiceagent_private.ready_tenants() t WHERE t = voiceagent.current_tenant();

-- What a claim leaves behind: proof, attempt, slot, hold, event, states.
SELECT c.status, c.attempt_number, a.state, a.reference ~ ('^va-' || c.tenant_id || '-' || a.attempt_id || '-[0-9a-f]{8}$') AS reference,
	e.attempt_limit, e.live_calls, e.call_limit, e.do_not_call, h.state AS hold, h.amount, l.state AS live,
	m.status AS member, m.attempts, d.status AS lead, d.call_attempts, v.event_type, v.event_data
FROM voiceagent.calls c
JOIN voiceagent.attempts a USING (tenant_id, call_id)
JOIN voiceagent.eligibility e USING (tenant_id, attempt_id)
JOIN voiceagent.credit_holds h ON h.tenant_id = e.tenant_id AND h.hold_id = e.hold_id
JOIN voiceagent_private.live_calls l ON l.call_id = c.call_id
JOIN voiceagent.campaign_leads m ON m.campaign_id = c.campaign_id AND m.lead_id = c.lead_id
JOIN voiceagent.leads d ON d.lead_id = c.lead_id
JOIN voiceagent.events v ON v.call_id = c.call_id
WHERE c.campaign_id = :c ORDER BY c.call_id LIMIT 2;
SELECT * FROM voiceagent_private.check_tenant();
ROLLBACK;

-- What the dialer is told.
BEGIN;
SELECT pg_temp.tenant('r50 dialer') > 0 AS made;
INSERT INTO voiceagent.leads (tenant_id, phone, extension, first_name, last_name, company, timezones, context, created_at)
VALUES (voiceagent.current_tenant(), '+12125550100', '12', 'Ada', 'Lovelace', 'Engines', '{UTC}', '{"roof": "slate", "phone": "no"}', voiceagent.clock());
SELECT pg_temp.start('told', ARRAY(SELECT lead_id FROM voiceagent.leads WHERE tenant_id = voiceagent.current_tenant())) > 0 AS started;
SELECT provider, phone, extension, customer_name, variables,
	assistant_name, first_message, system_prompt, voice, model, language, assistant_settings, ring_timeout_s, max_duration_s, record
FROM voiceagent_private.claim_calls(1);
ROLLBACK;

-- Caps: the lowest of campaign, account, tenant and platform, over all campaigns.
BEGIN;
SELECT pg_temp.tenant('r50 caps') > 0 AS made;
SELECT pg_temp.start('caps a', pg_temp.leads('+12025553', 20), '{"max_concurrent_calls": 3}') AS a,
	pg_temp.start('caps b', pg_temp.leads('+12025554', 20)) AS b \gset
SELECT array_length(string_to_array(pg_temp.claim(100), ' '), 1) AS first_claim;
SELECT count(*) FILTER (WHERE campaign_id = :a) AS a, count(*) FILTER (WHERE campaign_id = :b) AS b
FROM voiceagent_private.live_calls WHERE tenant_id = voiceagent.current_tenant();
SELECT voiceagent_private.end_calls(ARRAY(SELECT call_id FROM voiceagent_private.live_calls
	WHERE tenant_id = voiceagent.current_tenant() AND campaign_id = :b));
UPDATE voiceagent.provider_accounts SET max_concurrent_calls = 5 WHERE tenant_id = voiceagent.current_tenant();
SELECT pg_temp.queue(:b, pg_temp.leads('+12025555', 20));
SELECT array_length(string_to_array(pg_temp.claim(100), ' '), 1) AS account_cap;
UPDATE voiceagent.provider_accounts SET max_concurrent_calls = 100 WHERE tenant_id = voiceagent.current_tenant();
INSERT INTO voiceagent_private.tenant_settings (tenant_id, key, value)
VALUES (voiceagent.current_tenant(), 'tenant_max_concurrent_calls', '9');
SELECT array_length(string_to_array(pg_temp.claim(100), ' '), 1) AS tenant_cap;
UPDATE voiceagent_private.tenant_settings SET value = '50' WHERE tenant_id = voiceagent.current_tenant();
INSERT INTO voiceagent_private.platform_settings (key, value) SELECT 'platform_max_concurrent_calls', count(*) + 2 FROM voiceagent_private.live_calls;
SELECT array_length(string_to_array(pg_temp.claim(100), ' '), 1) AS platform_cap;
SELECT pg_temp.claim(100);
-- A cap that is all that the pages of the table could hold is not taken for one that is reached.
UPDATE voiceagent_private.platform_settings SET value = (pg_relation_size('voiceagent_private.live_calls') / 128)::text::jsonb WHERE key = 'platform_max_concurrent_calls';
SELECT (SELECT count(*) FROM voiceagent_private.live_calls) < (voiceagent_private.platform_setting('platform_max_concurrent_calls'))::integer AS room,
	count(*) FILTER (WHERE t = voiceagent.current_tenant()) AS ready FROM voiceagent_private.ready_tenants() t;
ROLLBACK;

-- A tenant that waits for its pace is not asked; what is known of its account's trouble is forgotten with the trouble.
BEGIN;
SELECT pg_temp.tenant('r50 waits for its pace') > 0 AS made;
SELECT pg_temp.start('pace', pg_temp.leads('+12025559', 3), '{"call_interval": 30}') AS c \gset
SELECT pg_temp.claim(100) AS claimed;
SELECT count(*) AS ready FROM voiceagent_private.ready_tenants() t WHERE t = voiceagent.current_tenant();
SELECT voiceagent_private.next_dial_at() <= voiceagent.clock() + interval '30 seconds' AS looked_at_again;
UPDATE voiceagent_private.pacing SET next_dial_at = voiceagent.clock() WHERE tenant_id = voiceagent.current_tenant();
SELECT count(*) AS ready FROM voiceagent_private.ready_tenants() t WHERE t = voiceagent.current_tenant();
UPDATE voiceagent.campaigns SET status_reason = 'carrier account: HTTP 401' WHERE tenant_id = voiceagent.current_tenant();
SELECT voiceagent.update_provider_account(provider_account_id, settings := '{"max_concurrent_calls": 50}') IS NOT NULL AS updated FROM voiceagent.provider_accounts WHERE tenant_id = voiceagent.current_tenant();
SELECT status_reason IS NULL AS forgotten FROM voiceagent.campaigns WHERE tenant_id = voiceagent.current_tenant();
ROLLBACK;

-- Two campaigns share what there is evenly.
BEGIN;
SELECT pg_temp.tenant('r50 share') > 0 AS made;
SELECT pg_temp.start('share a', pg_temp.leads('+12025553', 20)) AS a, pg_temp.start('share b', pg_temp.leads('+12025554', 20)) AS b,
	pg_temp.start('share c', pg_temp.leads('+12025555', 20), '{"max_concurrent_calls": 2}') AS c \gset
SELECT array_length(string_to_array(pg_temp.claim(12), ' '), 1) AS claimed;
SELECT count(*) FILTER (WHERE campaign_id = :a) AS a, count(*) FILTER (WHERE campaign_id = :b) AS b, count(*) FILTER (WHERE campaign_id = :c) AS c
FROM voiceagent_private.live_calls WHERE tenant_id = voiceagent.current_tenant();
ROLLBACK;

-- Pace: one dial an interval; a short interval catches up on at most a second.
BEGIN;
SELECT pg_temp.tenant('r50 pace') > 0 AS made;
SELECT pg_temp.start('pace', pg_temp.leads('+12025556', 5), '{"call_interval": 30}') AS c \gset
SELECT pg_temp.claim(100), pg_temp.claim(100);
SELECT next_dial_at - voiceagent.clock() BETWEEN '15 seconds' AND '30 seconds' AS paced, voiceagent_private.next_dial_at() <= next_dial_at AS alarm
FROM voiceagent_private.pacing WHERE campaign_id = :c;
UPDATE voiceagent_private.pacing SET next_dial_at = voiceagent.clock() - interval '1 hour' WHERE campaign_id = :c;
SELECT pg_temp.claim(100), pg_temp.claim(100);
SELECT pg_temp.start('burst', pg_temp.leads('+12025557', 200), '{"call_interval": 0.02}') AS c \gset
SELECT pg_temp.claim(100) AS no_backlog_at_the_start;
UPDATE voiceagent_private.pacing SET next_dial_at = voiceagent.clock() - interval '1 hour' WHERE campaign_id = :c;
SELECT array_length(string_to_array(pg_temp.claim(100), ' '), 1) AS a_second_of_backlog;
ROLLBACK;

-- Everything that forbids a dial takes the lead out of the queue and says why.
BEGIN;
SELECT pg_temp.tenant('r50 refused') > 0 AS made;
SELECT pg_temp.leads('+12025558', 7) AS l \gset
SELECT pg_temp.start('refused', :'l', '{"require_consent": true, "retry_attempts": 1}') AS c \gset
INSERT INTO voiceagent.consents (tenant_id, lead_id, phone, kind, source, granted_at, revoked_at)
SELECT voiceagent.current_tenant(), i, (SELECT phone FROM voiceagent.leads WHERE lead_id = i), 'call', 'form', voiceagent.clock(), CASE WHEN i = (:'l'::bigint[])[5] THEN voiceagent.clock() END
FROM unnest((:'l'::bigint[])[1:6]) i;
INSERT INTO voiceagent.do_not_call_list (tenant_id, phone, reason, created_at) VALUES (voiceagent.current_tenant(), '+12025558000001', 'test', voiceagent.clock());
UPDATE voiceagent.leads SET status = 'do_not_call' WHERE lead_id = (:'l'::bigint[])[2];
UPDATE voiceagent.campaign_leads SET attempts = 2, status = 'retry' WHERE lead_id = (:'l'::bigint[])[3];
UPDATE voiceagent.campaign_leads SET status = 'skipped', reason = 'removed' WHERE lead_id = (:'l'::bigint[])[4];
SELECT pg_temp.claim(100);
SELECT right(d.phone, 1) AS lead, m.status, m.reason, m.attempts, d.status AS lead_status, e.event_type, e.event_data
FROM voiceagent.campaign_leads m JOIN voiceagent.leads d USING (tenant_id, lead_id)
LEFT JOIN voiceagent.events e ON e.tenant_id = m.tenant_id AND e.lead_id = m.lead_id
WHERE m.campaign_id = :c ORDER BY d.phone;
SELECT count(*) AS queued FROM voiceagent_private.call_queue WHERE campaign_id = :c;
SELECT e.consent_id IS NOT NULL AS consent_in_the_proof FROM voiceagent.eligibility e WHERE campaign_id = :c;
SELECT * FROM voiceagent_private.check_tenant();
ROLLBACK;

-- A thousand leads that may not be dialled do not hide the one that may; the campaign completes when all are refused.
BEGIN;
SELECT pg_temp.tenant('r50 hidden') > 0 AS made;
SELECT pg_temp.leads('+1202560', 500) AS bad, pg_temp.leads('+12025599', 1, '{UTC}', 9) AS good \gset
INSERT INTO voiceagent.do_not_call_list (tenant_id, phone, reason, created_at)
SELECT tenant_id, phone, 'test', created_at FROM voiceagent.leads WHERE lead_id = ANY (:'bad'::bigint[]);
SELECT pg_temp.start('hidden', :'bad'::bigint[] || :'good'::bigint[], '{"call_interval": 30}') AS c, pg_temp.start('all bad', :'bad') AS d \gset
SELECT pg_temp.claim(100);
SELECT name, status FROM voiceagent.campaigns WHERE campaign_id IN (:c, :d) ORDER BY 1;
ROLLBACK;

-- One person, two campaigns: never two calls at once.
BEGIN;
SELECT pg_temp.tenant('r50 twice') > 0 AS made;
SELECT pg_temp.leads('+12025561', 1) AS l \gset
SELECT pg_temp.start('twice a', :'l') AS a, pg_temp.start('twice b', :'l') AS b \gset
SELECT pg_temp.claim(100), pg_temp.claim(100);
SELECT not_before - voiceagent.clock() BETWEEN '30 seconds' AND '60 seconds' AS put_off FROM voiceagent_private.call_queue WHERE campaign_id IN (:a, :b);
SELECT voiceagent_private.next_dial_at() < 'infinity' AS alarm;
SELECT * FROM voiceagent_private.check_tenant();
ROLLBACK;

-- Windows, pauses, tenants and accounts.
BEGIN;
SELECT pg_temp.tenant('r50 closed') > 0 AS made;
SELECT pg_temp.leads('+12025562', 2) AS l \gset
SELECT pg_temp.start('closed', :'l') AS c \gset
UPDATE voiceagent_private.lanes SET opens_at = voiceagent.clock() + interval '1 minute' WHERE campaign_id = :c;
SELECT pg_temp.claim(1) AS not_open_yet, voiceagent_private.next_dial_at() - voiceagent.clock() <= '1 minute' AS alarm;
UPDATE voiceagent_private.lanes SET opens_at = voiceagent.clock() - interval '1 hour', closes_at = voiceagent.clock() WHERE campaign_id = :c;
SELECT pg_temp.claim(1) AS closed;
UPDATE voiceagent_private.lanes SET closes_at = 'infinity' WHERE campaign_id = :c;
UPDATE voiceagent.campaigns SET status = 'paused' WHERE campaign_id = :c;
SELECT pg_temp.claim(1) AS paused;
UPDATE voiceagent.campaigns SET status = 'running' WHERE campaign_id = :c;
UPDATE voiceagent_private.tenant_directory SET active = false WHERE tenant_id = voiceagent.current_tenant();
SELECT pg_temp.claim(1) AS inactive, count(*) AS ready FROM voiceagent_private.ready_tenants() t WHERE t = voiceagent.current_tenant();
UPDATE voiceagent_private.tenant_directory SET active = true WHERE tenant_id = voiceagent.current_tenant();
UPDATE voiceagent.provider_accounts SET resumes_at = voiceagent.clock() + interval '1 minute' WHERE tenant_id = voiceagent.current_tenant();
SELECT pg_temp.claim(1) AS resting;
SELECT p.next_dial_at = a.resumes_at AS alarm FROM voiceagent_private.pacing p, voiceagent.provider_accounts a
WHERE p.campaign_id = :c AND a.tenant_id = p.tenant_id;
UPDATE voiceagent_private.pacing SET next_dial_at = '-infinity' WHERE campaign_id = :c;
UPDATE voiceagent.provider_accounts SET resumes_at = NULL, active = false WHERE tenant_id = voiceagent.current_tenant();
SELECT pg_temp.claim(1) AS account_inactive;
-- A real carrier needs an armed database, an armed account, a clock that nobody drives, a URL under which it reaches us, and a person who confirms the campaign.
UPDATE voiceagent.provider_accounts SET active = true, provider = 'vapi' WHERE tenant_id = voiceagent.current_tenant();
SELECT pg_temp.claim(1) AS not_armed, pg_temp.claim(1, true) AS account_not_armed;
UPDATE voiceagent.provider_accounts SET armed_at = voiceagent.clock() WHERE tenant_id = voiceagent.current_tenant();
SET voiceagent.clock_offset = 1;
SELECT pg_temp.claim(1, true) AS driven_clock;
SET voiceagent.clock_offset = 0;
SELECT pg_temp.claim(1, true) AS not_confirmed;
SELECT voiceagent.confirm_campaign(:c, voiceagent_private.confirmation_text(:c)) > 0 AS confirmed;
SELECT pg_temp.claim(1, true) AS no_public_base_url;
SET voiceagent.public_base_url = 'https://calls.example.com';
SELECT pg_temp.claim(1) AS not_armed, pg_temp.claim(1, true) AS armed;
-- An account whose breaker is open is probed by one dial at a time.
UPDATE voiceagent.provider_accounts SET opened_at = voiceagent.clock(), resumes_at = voiceagent.clock() - interval '1 second', trips = 1
WHERE tenant_id = voiceagent.current_tenant();
UPDATE voiceagent_private.live_calls SET dialled_at = voiceagent.clock() WHERE campaign_id = :c;
SELECT pg_temp.queue(:c, pg_temp.leads('+12025569', 1));
SELECT pg_temp.claim(1, true) AS one_is_sending;
UPDATE voiceagent_private.live_calls SET state = 'unknown' WHERE campaign_id = :c;
UPDATE voiceagent_private.pacing SET next_dial_at = voiceagent.clock() WHERE campaign_id = :c;
SELECT pg_temp.claim(1, true) AS one_has_no_answer;
-- Nothing tells that nobody answers it, so time does.
SELECT next_dial_at BETWEEN voiceagent.clock() + interval '50 seconds' AND voiceagent.clock() + interval '61 seconds' AS "looks again in a minute" FROM voiceagent_private.pacing WHERE campaign_id = :c;
UPDATE voiceagent_private.live_calls SET state = 'sending' WHERE campaign_id = :c;
UPDATE voiceagent_private.pacing SET next_dial_at = voiceagent.clock() WHERE campaign_id = :c;
SELECT voiceagent_private.end_calls(ARRAY(SELECT call_id FROM voiceagent_private.live_calls WHERE campaign_id = :c));
SELECT pg_temp.queue(:c, pg_temp.leads('+12025564', 5));
SELECT voiceagent.confirm_campaign(:c, voiceagent_private.confirmation_text(:c)) > 0 AS confirmed;
SELECT pg_temp.claim(100, true) AS probed;
ROLLBACK;

-- Out of credits: as many as are affordable, the campaign says so, and a top-up lets it go on.
BEGIN;
SELECT pg_temp.tenant('r50 credits', 8) > 0 AS made;
SELECT pg_temp.start('credits', pg_temp.leads('+12025563', 4)) AS c \gset
SELECT pg_temp.claim(100), pg_temp.claim(100);
SELECT status, status_reason FROM voiceagent.campaigns WHERE campaign_id = :c;
SELECT voiceagent.adjust_credits(voiceagent.current_tenant(), 4, 'top-up') IS NOT NULL AS topped_up;
SELECT pg_temp.claim(100), pg_temp.claim(100);
SELECT status, status_reason FROM voiceagent.campaigns WHERE campaign_id = :c;
SELECT * FROM voiceagent_private.check_tenant();
ROLLBACK;

-- A lead that moves while it waits is called by the clock of the new place: in the lane of that place, which is made if there is none.
BEGIN;
SELECT pg_temp.tenant('r50 moved') > 0 AS made;
SELECT voiceagent.add_lead(phone => '+1212555010' || i, timezone => 'America/New_York') > 0 AS added FROM generate_series(1, 2) i;
SELECT voiceagent.create_campaign('moved', voiceagent.create_assistant('Ann', 'Hello', 'Be kind.'), settings => '{"call_interval": 0}') AS c \gset
SELECT voiceagent.add_leads(:c), voiceagent.start_campaign(:c);
SELECT voiceagent.update_lead(min(lead_id), '{"timezone": "America/Los_Angeles"}') > 0 AS changed FROM voiceagent.leads WHERE tenant_id = voiceagent.current_tenant();
SELECT pg_temp.claim(100), pg_temp.claim(100);
SELECT right(k.phone, 2) AS lead, e.timezones FROM voiceagent.eligibility e JOIN voiceagent.calls k USING (tenant_id, campaign_id, lead_id) WHERE campaign_id = :c ORDER BY 1;
SELECT timezones, region FROM voiceagent_private.lanes WHERE campaign_id = :c ORDER BY 1;
SELECT * FROM voiceagent_private.check_tenant();
ROLLBACK;
-- Where it is closed nobody is called.
BEGIN;
SELECT pg_temp.tenant('r50 moved far') > 0 AS made;
SELECT voiceagent.add_lead(phone => '+12125550101', timezone => 'Etc/GMT' || to_char(extract(hour FROM now() AT TIME ZONE 'UTC')::int - 12, 'SGFM90')) AS l \gset
SELECT voiceagent.create_campaign('moved', voiceagent.create_assistant('Ann', 'Hello', 'Be kind.'), settings => '{"call_interval": 0, "calling_hours": {"start": "12:00", "end": "13:00"}}') AS c \gset
SELECT voiceagent.add_leads(:c), voiceagent.start_campaign(:c);
SELECT voiceagent.update_lead(:l, jsonb_build_object('timezone', 'Etc/GMT' || to_char((extract(hour FROM now() AT TIME ZONE 'UTC')::int - 10 + 12) % 24 - 12, 'SGFM90'))) > 0 AS changed;
SELECT pg_temp.claim(100);
SELECT n.opens_at > voiceagent.clock() AS waits FROM voiceagent_private.call_queue q JOIN voiceagent_private.lanes n USING (tenant_id, lane_id) WHERE q.campaign_id = :c;
ROLLBACK;
