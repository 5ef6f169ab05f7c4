-- What a carrier says is read with the settings of the account that it says it to: the offset of its clocks, its currency.
\set ECHO none
\i lib/inbox_setup.inc
\set ECHO all
BEGIN;
SELECT pg_temp.begin_calls('Elsewhere', ARRAY['2001']) > 0 AS ready;
SELECT pg_temp.dial();
-- The call that a carrier without offsets tells of, on clocks that are neither ours nor its usual ones.
UPDATE voiceagent.provider_accounts SET provider = 'exotel', settings = '{"account_sid": "acme1", "timezone_offset": "-03:00", "currency": "BRL", "webhook": {"type": "none"}}'
WHERE tenant_id = voiceagent.current_tenant();
UPDATE voiceagent_private.live_calls SET provider = 'exotel', provider_call_id = 'c0ffee' WHERE tenant_id = voiceagent.current_tenant();
UPDATE voiceagent.attempts SET provider_call_id = 'c0ffee' WHERE tenant_id = voiceagent.current_tenant();
CREATE FUNCTION pg_temp.store(source text, key text, body jsonb) RETURNS integer LANGUAGE sql AS $$
	SELECT voiceagent_private.store_webhooks(ARRAY[(SELECT min(endpoint_id) FROM voiceagent.webhook_endpoints WHERE tenant_id = voiceagent.current_tenant())],
		ARRAY[key], ARRAY['{}'::jsonb], ARRAY[convert_to(body::text, 'UTF8')], source)
$$;
SELECT pg_temp.store('http', 'a webhook', '{"CallSid": "c0ffee", "EventType": "answered", "Status": "in-progress", "DateUpdated": "2026-11-20 12:00:05"}');
SELECT pg_temp.store('lookup', 'a lookup', '{"Call": {"Sid": "c0ffee", "Status": "completed", "DateCreated": "2026-11-20 12:00:00", "DateUpdated": "2026-11-20 12:01:30",
	"EndTime": "2026-11-20 12:01:00", "Price": "0.25", "Details": {"Legs": [{"Leg": {"OnCallDuration": 40}}]}}}');
CREATE FUNCTION pg_temp.read() RETURNS TABLE (kind text, occurred_at text, ended_at text, cost text) LANGUAGE sql AS $$
	SELECT (e.event).kind, to_char((e.event).occurred_at AT TIME ZONE 'UTC', 'HH24:MI:SS'), to_char((e.event).ended_at AT TIME ZONE 'UTC', 'HH24:MI:SS'),
		(e.event).cost || ' ' || (e.event).cost_currency
	FROM unnest(voiceagent_private.read_webhooks(ARRAY(SELECT webhook_id FROM voiceagent_private.inbox WHERE tenant_id = voiceagent.current_tenant() ORDER BY 1))) e
$$;
SELECT * FROM pg_temp.read();
-- a setting that was wrong is mended, and what waits is read by it
SAVEPOINT mended;
UPDATE voiceagent.provider_accounts SET settings = '{"account_sid": "acme1"}' WHERE tenant_id = voiceagent.current_tenant();
SELECT * FROM pg_temp.read();
ROLLBACK TO mended;
SELECT voiceagent_private.apply_inbox(10);
SELECT status, outcome, to_char(answered_at AT TIME ZONE 'UTC', 'HH24:MI:SS') AS answered, to_char(ended_at AT TIME ZONE 'UTC', 'HH24:MI:SS') AS ended, cost, cost_currency
FROM voiceagent.calls WHERE tenant_id = voiceagent.current_tenant();
-- by hand
SELECT answered_at AT TIME ZONE 'UTC' AS answered FROM voiceagent.read_webhook('exotel', NULL,
	'{"CallSid": "c1", "EventType": "answered", "DateUpdated": "2026-11-20 12:00:05"}', '{"timezone_offset": "-03:00"}');
SELECT answered_at AT TIME ZONE 'UTC' AS answered FROM voiceagent.read_webhook('exotel', NULL,
	'{"CallSid": "c1", "EventType": "answered", "DateUpdated": "2026-11-20 12:00:05"}');
SELECT * FROM voiceagent.read_webhook('exotel', NULL, '{"CallSid": "c1"}', '["-03:00"]');
ROLLBACK;
