-- The rules of costs, one by one: which rate holds, when the carrier is asked for its price, and which price stays.
\set ECHO none
\i lib/inbox_setup.inc
CREATE FUNCTION pg_temp.rate(phone text, seconds numeric, direction text DEFAULT 'outbound', since interval DEFAULT '1 second') RETURNS text LANGUAGE sql AS $$
	SELECT r.cost || ' ' || r.currency FROM voiceagent.provider_accounts a
	CROSS JOIN LATERAL voiceagent_private.rate_cost(a.provider_account_id, 'sandbox', direction, phone, seconds, voiceagent.clock() + since) r
	WHERE a.tenant_id = voiceagent.current_tenant() AND a.provider = 'sandbox'
$$;
-- The carrier answers a question for the price.
CREATE FUNCTION pg_temp.answers(number text, reply jsonb) RETURNS void LANGUAGE sql AS $$
	SELECT voiceagent_private.on_cost_fetched(e, reply) FROM voiceagent.provider_requests e
	WHERE e.tenant_id = voiceagent.current_tenant() AND e.kind = 'fetch_cost' AND e.call_id = pg_temp.call_of(number)
$$;
CREATE FUNCTION pg_temp.costs() RETURNS TABLE (number text, cost numeric, currency text, source text, provider_request text, look text, wait interval, error text) LANGUAGE sql AS $$
	SELECT right(c.phone, 4), c.cost, c.cost_currency, c.cost_source, e.state, e.request_data ->> 'look', date_trunc('minute', e.next_at - voiceagent.clock() + interval '30 seconds'), e.error
	FROM voiceagent.calls c LEFT JOIN voiceagent.provider_requests e ON e.tenant_id = c.tenant_id AND e.call_id = c.call_id AND e.kind = 'fetch_cost'
	WHERE c.tenant_id = voiceagent.current_tenant() ORDER BY 1
$$;
\set ECHO all
BEGIN;
SELECT pg_temp.begin_calls('Rules', ARRAY['2001', '2002', '2003', '2004', '2005']) > 0 AS ready;
SELECT count(voiceagent.set_carrier_rate('sandbox', p, 'USD', prefix, direction, step, valid_from => voiceagent.clock() - interval '1 day'))
FROM (VALUES (1, '', 'outbound', 60), (2, '+1212', 'outbound', 6), (3, '+12125', 'outbound', 1), (7, '', 'inbound', 60)) r(p, prefix, direction, step);
-- the longest prefix; begun steps are whole; each direction has its own; before there was a rate there is none
SELECT pg_temp.rate('+14155550100', 61) AS any, pg_temp.rate('+12124440100', 61) AS area, pg_temp.rate('+12125550100', 61) AS exact, pg_temp.rate('+12125550100', 0) AS nothing;
SELECT pg_temp.rate('+12125550100', 60, 'inbound') AS inbound, pg_temp.rate('+12125550100', 60, since => '-2 days') AS before;
-- a change holds for calls from then on; what was to come later gives way to it
SELECT count(voiceagent.set_carrier_rate('sandbox', p, 'USD', '+12125', 'outbound', 1, valid_from => voiceagent.clock() + since))
FROM (VALUES (50, interval '1 hour'), (40, interval '-1 hour')) r(p, since);
SELECT pg_temp.rate('+12125550100', 60) AS now, pg_temp.rate('+12125550100', 60, since => '-2 hours') AS then, pg_temp.rate('+12125550100', 60, since => '2 hours') AS later;
-- the account's own goes before, whatever the prefix, but not of another account
SELECT voiceagent.set_account_rate(provider_account_id, 0.6, 'EUR', increment_s => 30) > 0 AS own FROM voiceagent.provider_accounts WHERE tenant_id = voiceagent.current_tenant();
SELECT pg_temp.rate('+12125550100', 31) AS own, (voiceagent_private.rate_cost(0, 'sandbox', 'outbound', '+12125550100', 31, voiceagent.clock())).currency AS of_another;

-- calls: one whose carrier tells a price, the others are reckoned, and asked for where the carrier can be asked and has named the call
SELECT pg_temp.dial();
UPDATE voiceagent.attempts SET provider_call_id = NULL WHERE tenant_id = voiceagent.current_tenant() AND call_id = pg_temp.call_of('2005');
UPDATE voiceagent_private.live_calls SET provider_call_id = NULL WHERE tenant_id = voiceagent.current_tenant() AND call_id = pg_temp.call_of('2005');
CREATE FUNCTION pg_temp.costless(number text) RETURNS bytea LANGUAGE sql AS $$
	SELECT convert_to((convert_from(pg_temp.webhook(number, 'report', 'customer-ended-call', 60), 'UTF8')::jsonb #- '{message,cost}')::text, 'UTF8')
$$;
SELECT pg_temp.take(pg_temp.webhook('2001', 'report', 'customer-ended-call', 60), pg_temp.costless('2002'), pg_temp.webhook('2003', 'report', 'customer-did-not-answer')), voiceagent_private.apply_inbox(10);
SELECT number, cost, currency, source, provider_request FROM pg_temp.costs();
SELECT voiceagent_private.rate_calls(ARRAY[pg_temp.call_of('2001')]);
SELECT number, cost, source FROM pg_temp.costs() WHERE number = '2001';
-- as a carrier that is asked
UPDATE voiceagent.provider_accounts SET provider = 'twilio' WHERE tenant_id = voiceagent.current_tenant();
UPDATE voiceagent.calls SET status = 'completed', outcome = 'completed', duration_seconds = 60, cost_source = 'unknown', ended_at = started_at, credits = 0
WHERE tenant_id = voiceagent.current_tenant() AND call_id IN (pg_temp.call_of('2004'), pg_temp.call_of('2005'));
SELECT voiceagent_private.rate_calls(ARRAY[pg_temp.call_of('2001'), pg_temp.call_of('2004'), pg_temp.call_of('2005')]);
SELECT * FROM pg_temp.costs() WHERE number IN ('2001', '2004', '2005');
-- it is not priced yet: asked again, later each time, five times in all
SELECT pg_temp.answers('2004', '{}');
SELECT * FROM pg_temp.costs() WHERE number = '2004';
SELECT pg_temp.answers('2004', '{}');
SELECT look, wait FROM pg_temp.costs() WHERE number = '2004';
SAVEPOINT patience;
SELECT pg_temp.answers('2004', '{}') FROM generate_series(1, 3);
SELECT * FROM pg_temp.costs() WHERE number = '2004';
ROLLBACK TO patience;
-- no price at all
SELECT pg_temp.answers('2004', '{"cost": "a lot", "currency": "USD"}');
SELECT provider_request, error IS NOT NULL AS said, cost, source FROM pg_temp.costs() WHERE number = '2004';
ROLLBACK TO patience;
-- the price, though it is less than what was reckoned, in another money; the provider request is gone
SELECT pg_temp.answers('2004', '{"cost": "0.1", "currency": "USD"}');
SELECT number, cost, currency, source, provider_request FROM pg_temp.costs() WHERE number = '2004';
-- told again: less is not taken back, more is the price
SELECT voiceagent_private.on_cost_fetched(e, jsonb_build_object('cost', told, 'currency', 'USD')), told FROM (VALUES ('0.05')) v(told), LATERAL (SELECT (jsonb_populate_record(NULL::voiceagent.provider_requests,
	jsonb_build_object('kind', 'fetch_cost', 'call_id', pg_temp.call_of('2004'), 'request_data', '{}'::jsonb))).*) e;
SELECT cost, source FROM pg_temp.costs() WHERE number = '2004';
SELECT voiceagent_private.on_cost_fetched(e, jsonb_build_object('cost', told, 'currency', 'USD')), told FROM (VALUES ('0.3')) v(told), LATERAL (SELECT (jsonb_populate_record(NULL::voiceagent.provider_requests,
	jsonb_build_object('kind', 'fetch_cost', 'call_id', pg_temp.call_of('2004'), 'request_data', '{}'::jsonb))).*) e;
SELECT cost, source FROM pg_temp.costs() WHERE number = '2004';
-- of two of the carrier's own the greater, in one money
SELECT n, g.* FROM (VALUES (1, 0.1, 'USD', 0.2, 'USD'), (2, 0.2, 'USD', 0.1, 'USD'), (3, 0.1, 'USD', 0.2, 'EUR'), (4, NULL, 'USD', 0.2, 'EUR'), (5, 0.1, 'USD', -1, 'USD'),
	(6, 0.1, 'USD', 1000000, 'USD'), (7, 0.1, 'USD', 0.2, 'usd'), (8, NULL, NULL, NULL, NULL), (9, NULL, NULL, 0, 'USD')) v(n, one, one_currency, other, other_currency)
CROSS JOIN LATERAL voiceagent_private.greater_cost(one, one_currency, other, other_currency) g ORDER BY n;
ROLLBACK;
