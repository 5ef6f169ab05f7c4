-- Whose webhooks are heard where the carrier signs nothing: an account must say so, "any" is pointed out, and what such a webhook says has no effect by itself.
\set ECHO none
\i lib/inbox_setup.inc
CREATE FUNCTION pg_temp.try(statement text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	v_detail text;
	v_result text;
BEGIN
	EXECUTE statement INTO v_result;
	RETURN 'done';
EXCEPTION WHEN OTHERS THEN
	GET STACKED DIAGNOSTICS v_detail = PG_EXCEPTION_DETAIL;
	RETURN concat_ws(' | ', SQLSTATE, SQLERRM, nullif(v_detail, ''));
END
$$;
\set ECHO all
BEGIN;
SELECT name, required FROM voiceagent_private.account_fields('exotel') WHERE part = 'settings' AND required ORDER BY 1;
SELECT pg_temp.try(format($$SELECT * FROM voiceagent_private.check_account('exotel', '{"api_key": "k", "api_token": "t"}', '%s', true)$$, s)) FROM unnest(ARRAY[
	'{"account_sid": "acme1"}', '{"account_sid": "acme1", "webhook_peers": ""}', '{"account_sid": "acme1", "webhook_peers": "any"}',
	'{"account_sid": "acme1", "webhook_peers": "192.0.2.0/24"}']) s;
-- it cannot be taken away again
SELECT pg_temp.try($$SELECT * FROM voiceagent_private.check_account('exotel', '{}', '{"webhook_peers": null}', false)$$);
-- the URL's last part: 32 random bytes
SELECT pg_temp.begin_calls('Unsigned', ARRAY['2001', '2002']) > 0 AS ready;
SELECT length(token) >= 43 AS long_enough, count(*) FROM voiceagent_private.endpoint_routes WHERE tenant_id = voiceagent.current_tenant() GROUP BY 1;
SELECT count(DISTINCT voiceagent_private.random_token()), min(length(voiceagent_private.random_token())) FROM generate_series(1, 100);

-- one call whose dial was answered, one whose answer was lost
SELECT voiceagent_private.record_dials(ARRAY[c.attempt_id], ARRAY[x.kind], ARRAY[x.theirs], '{NULL}', '{200}', '{NULL}', '{0}')
FROM (SELECT * FROM voiceagent_private.claim_calls(10)) c
JOIN (VALUES ('2001', 'accepted', 'known'), ('2002', 'unknown', NULL)) x(number, kind, theirs) ON right(c.phone, 4) = x.number ORDER BY x.number;
UPDATE voiceagent.provider_accounts SET provider = 'exotel', settings = '{"account_sid": "acme1", "webhook_peers": "any"}' WHERE tenant_id = voiceagent.current_tenant();
UPDATE voiceagent_private.live_calls SET provider = 'exotel' WHERE tenant_id = voiceagent.current_tenant();
SELECT component ~ '^carrier account' AS account, state FROM voiceagent.status() WHERE component LIKE 'carrier account%';
CREATE FUNCTION pg_temp.hint(number text, id text, status text) RETURNS text LANGUAGE sql AS $$
	SELECT voiceagent_private.store_webhooks(ARRAY[(SELECT min(endpoint_id) FROM voiceagent.webhook_endpoints WHERE tenant_id = voiceagent.current_tenant())],
		ARRAY['hint ' || random()], ARRAY[jsonb_build_object(':query', 'attempt=' || a.reference)],
		ARRAY[convert_to(jsonb_build_object('CallSid', id, 'EventType', 'terminal', 'Status', status, 'DateUpdated', '2026-11-20 12:00:05', 'ConversationDuration', 600)::text, 'UTF8')], 'http')
	FROM voiceagent.attempts a WHERE a.tenant_id = voiceagent.current_tenant() AND a.call_id = pg_temp.call_of(number);
	SELECT 'applied ' || voiceagent_private.apply_inbox(10)
$$;
CREATE FUNCTION pg_temp.live() RETURNS TABLE (number text, state text, id text, tried text, id_tried text, lookups integer, due boolean, status text, credits numeric) LANGUAGE sql AS $$
	SELECT right(c.phone, 4), l.state, l.provider_call_id, a.state, a.provider_call_id, l.lookups, l.lease_until <= voiceagent.clock(), c.status, c.credits
	FROM voiceagent_private.live_calls l JOIN voiceagent.calls c USING (tenant_id, call_id) JOIN voiceagent.attempts a USING (tenant_id, call_id)
	WHERE l.tenant_id = voiceagent.current_tenant() ORDER BY 1
$$;
UPDATE voiceagent_private.live_calls SET lease_until = voiceagent.clock() + interval '1 hour' WHERE tenant_id = voiceagent.current_tenant();
SELECT * FROM pg_temp.live();
SELECT pg_temp.hint('2001', 'known', 'completed'), pg_temp.hint('2002', 'told', 'completed');
-- asked now, and nothing else: neither ended nor charged, and the lost dial no less unknown
SELECT * FROM pg_temp.live();
SELECT count(*) FROM voiceagent_private.due_lookups(10, 10, true) WHERE tenant_id = voiceagent.current_tenant();
-- the same again: not asked at once
SELECT pg_temp.hint('2001', 'known', 'busy'), pg_temp.hint('2002', 'told', 'busy');
SELECT number, due FROM pg_temp.live();
UPDATE voiceagent_private.live_calls SET asked_at = asked_at - interval '5 seconds' WHERE tenant_id = voiceagent.current_tenant();
SELECT pg_temp.hint('2001', 'known', 'failed'), pg_temp.hint('2002', 'told', 'failed');
SELECT number, due FROM pg_temp.live();
-- the carrier knows no call of the id that only a stranger may have named: it is looked for otherwise, never taken for lost by the carrier
SELECT voiceagent_private.lookup_found_nothing(pg_temp.call_of('2002'));
SELECT number, state, id, tried FROM pg_temp.live();
SELECT invariant FROM voiceagent_private.check_tenant() WHERE invariant NOT LIKE 'a real carrier dials under the law%';
ROLLBACK;
