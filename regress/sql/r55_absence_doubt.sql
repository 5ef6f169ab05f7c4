-- What a carrier does not know was never placed only where that is proved: not of a call that it had taken,
-- not where another key or address is asked than dialled, and somebody else's call to the same person is not taken for ours.
\set ECHO none
\i lib/inbox_setup.inc
CREATE FUNCTION pg_temp.unknown_to_carrier(number text) RETURNS boolean LANGUAGE sql AS $$
	SELECT bool_or(voiceagent_private.lookup_found_nothing(pg_temp.call_of(number))) FROM generate_series(1, 5) $$;
CREATE FUNCTION pg_temp.ends() RETURNS TABLE (number text, status text, outcome text, cause text, unresolved text, queued text) LANGUAGE sql AS $$
	SELECT right(c.phone, 4), c.status, c.outcome, c.cause, u.reason, q.reason FROM voiceagent.calls c
	LEFT JOIN voiceagent.unresolved_calls u USING (tenant_id, call_id)
	LEFT JOIN voiceagent_private.call_queue q ON q.tenant_id = c.tenant_id AND q.campaign_id = c.campaign_id AND q.lead_id = c.lead_id
	WHERE c.tenant_id = voiceagent.current_tenant() ORDER BY 1 $$;
\set ECHO all

-- The carrier took them; one rang, with one somebody talked, of one nothing was heard.
BEGIN;
SELECT pg_temp.begin_calls('Forgotten', ARRAY['2001', '2002', '2003']) > 0 AS ready;
SELECT pg_temp.dial();
SELECT pg_temp.take(pg_temp.webhook('2001', 'ringing'), pg_temp.webhook('2002', 'in-progress'));
SELECT voiceagent_private.apply_inbox(100);
SELECT pg_temp.unknown_to_carrier('2001') AS rang, pg_temp.unknown_to_carrier('2002') AS talked, pg_temp.unknown_to_carrier('2003') AS silent;
SELECT * FROM pg_temp.ends();
SELECT count(*) FROM voiceagent_private.check_tenant();
ROLLBACK;

-- A carrier that takes dials and loses them does not get all leads: it is the campaign's breaker's to see.
BEGIN;
SELECT pg_temp.begin_calls('Swallowed', ARRAY(SELECT (2100 + i)::text FROM generate_series(1, 40) i)) > 0 AS ready;
SELECT pg_temp.dial();
SELECT count(*) FILTER (WHERE pg_temp.unknown_to_carrier(right(c.phone, 4))) AS lost FROM voiceagent.calls c WHERE c.tenant_id = voiceagent.current_tenant();
SELECT c.status, regexp_replace(c.status_reason, 'call \d+', 'call N', 'g') AS reason FROM voiceagent.campaigns c WHERE c.tenant_id = voiceagent.current_tenant();
ROLLBACK;

-- Nor where the carrier forgets what is over.
BEGIN;
SELECT pg_temp.begin_calls('Forgetful', ARRAY['2001']) > 0 AS ready;
SELECT pg_temp.dial();
UPDATE voiceagent.provider_accounts SET provider = 'asterisk' WHERE tenant_id = voiceagent.current_tenant();
UPDATE voiceagent_private.live_calls SET provider = 'asterisk' WHERE tenant_id = voiceagent.current_tenant();
SELECT pg_temp.unknown_to_carrier('2001');
SELECT * FROM pg_temp.ends();
ROLLBACK;

-- Another key is another account, for all that we know; a key from before the dial is not.
BEGIN;
SELECT pg_temp.begin_calls('Moved', ARRAY['2001', '2002']) > 0 AS ready;
SELECT pg_temp.dial('unknown');
UPDATE voiceagent.provider_accounts SET moved_at = voiceagent.clock() - interval '1 hour' WHERE tenant_id = voiceagent.current_tenant();
SELECT pg_temp.unknown_to_carrier('2001') AS before;
UPDATE voiceagent.provider_accounts SET moved_at = voiceagent.clock() WHERE tenant_id = voiceagent.current_tenant();
SELECT pg_temp.unknown_to_carrier('2002') AS since;
SELECT * FROM pg_temp.ends();
ROLLBACK;

-- A call that echoes nothing of ours, from a number that is not the account's: perhaps somebody else's.
BEGIN;
SELECT pg_temp.begin_calls('Foreign', ARRAY['2001', '2002']) > 0 AS ready;
SELECT pg_temp.dial('unknown');
UPDATE voiceagent.provider_accounts SET settings = settings || '{"from_number": "+12125550100"}' WHERE tenant_id = voiceagent.current_tenant();
CREATE FUNCTION pg_temp.seek(to_number text, from_number text) RETURNS text LANGUAGE sql AS $$
	SELECT voiceagent_private.lookup_candidates(pg_temp.call_of('2001'), '0', '{theirs}', ARRAY[to_number], ARRAY[from_number], ARRAY[voiceagent.clock()]) $$;
SELECT pg_temp.seek('+12125552001', '+12125550199') AS from_another;
SELECT pg_temp.seek('+12125559999', '+12125550100') AS to_another;
SELECT pg_temp.seek('+12125552001', '+12125550100') AS from_ours;
ROLLBACK;
