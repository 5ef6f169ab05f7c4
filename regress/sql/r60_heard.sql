-- What the gateway has read already the inbox does not read again; what it was not told, or cannot use, it reads.
\set ON_ERROR_STOP off
\set ECHO none
\i lib/inbox_setup.inc
\set ECHO all
BEGIN;
SELECT pg_temp.begin_calls('Heard', ARRAY['2001', '2002', '2003', '2004']) > 0 AS ready;
SELECT pg_temp.dial();
SELECT pg_temp.take(pg_temp.webhook('2001', 'report', 'customer-ended-call', 60, '{"interest": "high"}'),
	pg_temp.webhook('2002', 'report', 'customer-ended-call', 60, '{"interest": "high"}'));
CREATE FUNCTION pg_temp.heard() RETURNS voiceagent_private.read_event[] LANGUAGE sql AS $$
	SELECT voiceagent_private.read_webhooks(ARRAY(SELECT webhook_id FROM voiceagent_private.inbox WHERE tenant_id = voiceagent.current_tenant() ORDER BY 1))
$$;
CREATE TEMP TABLE kept AS SELECT h.* FROM unnest(pg_temp.heard()) h;
-- told of the first alone, and something else than its bytes say: that is what counts, and the second is read
UPDATE kept SET event.structured_data = '{"interest": "none"}' WHERE webhook_id = (SELECT min(webhook_id) FROM kept);
SELECT voiceagent_private.apply_inbox(100, ARRAY(SELECT ROW(k.*)::voiceagent_private.read_event FROM kept k ORDER BY webhook_id LIMIT 1));
SELECT right(phone, 4) AS number, outcome FROM voiceagent.calls WHERE tenant_id = voiceagent.current_tenant() AND outcome IS NOT NULL ORDER BY 1;

-- what has been applied meanwhile has no second effect, though it was heard
CREATE TEMP TABLE transfers AS SELECT * FROM voiceagent.credit_transfers WHERE tenant_id = voiceagent.current_tenant();
SELECT pg_temp.take(pg_temp.webhook('2003', 'ringing'));
SELECT voiceagent_private.apply_inbox(100, ARRAY(SELECT ROW(k.*)::voiceagent_private.read_event FROM kept k));
SELECT right(phone, 4) AS number, status, outcome FROM voiceagent.calls WHERE tenant_id = voiceagent.current_tenant() AND status <> 'initiated' ORDER BY 1;
SELECT count(*) AS new_transfers FROM voiceagent.credit_transfers t WHERE tenant_id = voiceagent.current_tenant()
	AND NOT EXISTS (SELECT FROM transfers x WHERE x.transfer_id = t.transfer_id);

-- where what was heard names no call of ours, each is tried alone by its bytes
SELECT pg_temp.take(pg_temp.webhook('2003', 'report', 'customer-busy'), pg_temp.webhook('2004', 'report', 'customer-did-not-answer'));
TRUNCATE kept;
INSERT INTO kept SELECT h.* FROM unnest(pg_temp.heard()) h;
UPDATE kept SET attempt_id = NULL, event.attempt_ref = NULL, event.provider_call_id = 'nobody''s' WHERE webhook_id = (SELECT max(webhook_id) FROM kept);
SELECT voiceagent_private.apply_inbox(100, ARRAY(SELECT ROW(k.*)::voiceagent_private.read_event FROM kept k));
SELECT right(phone, 4) AS number, outcome FROM voiceagent.calls WHERE tenant_id = voiceagent.current_tenant() AND outcome IS NOT NULL ORDER BY 1;
SELECT count(*) AS waiting FROM voiceagent_private.inbox WHERE tenant_id = voiceagent.current_tenant();
SELECT count(*) AS set_aside FROM voiceagent.webhook_failures WHERE tenant_id = voiceagent.current_tenant();
SELECT * FROM voiceagent.invariants();
ROLLBACK;
