-- What calls cost at their carriers: told, reckoned by rates, fetched later; a currency is never mixed with another.
\set ECHO none
\i lib/inbox_setup.inc
\set ECHO all
BEGIN;
SELECT voiceagent.set_carrier_rate('sandbox', 0.01, 'USD') > 0 AS any, voiceagent.set_carrier_rate('sandbox', 0.02, 'USD', '+1212') > 0,
	voiceagent.set_carrier_rate('sandbox', 0.03, 'USD', '+1212') > 0, voiceagent.set_carrier_rate('sandbox', 9, 'EUR', '+1213') > 0 AS set;
SELECT prefix, price_per_minute, currency, upper(valid) IS NULL AS open FROM voiceagent.carrier_rates ORDER BY prefix, rate_id;
SELECT pg_temp.begin_calls('Costs', ARRAY['2001', '2002', '2003', '2004']) > 0 AS ready;
SELECT r.* FROM voiceagent_private.rate_cost(0, 'sandbox', 'outbound', '+12125552001', 61, voiceagent.clock() + interval '1 second') r;
SELECT r.* FROM voiceagent_private.rate_cost(0, 'sandbox', 'outbound', '+14155552001', 60, voiceagent.clock() + interval '1 second') r;
SELECT r.* FROM voiceagent_private.rate_cost(0, 'sandbox', 'inbound', '+12125552001', 60, voiceagent.clock()) r;
SELECT r.* FROM voiceagent_private.rate_cost(0, 'sandbox', 'outbound', '+12125552001', 60, voiceagent.clock() - interval '1 hour') r;
SELECT voiceagent.set_account_rate(provider_account_id, 0.5, 'INR', increment_s => 1) > 0 AS own FROM voiceagent.provider_accounts
WHERE tenant_id = voiceagent.current_tenant();
SELECT pg_temp.dial();

-- one with a price, one without, one that nobody answered
SELECT pg_temp.take(pg_temp.webhook('2001', 'report', 'customer-ended-call', 90),
	convert_to((convert_from(pg_temp.webhook('2002', 'report', 'customer-ended-call', 30), 'UTF8')::jsonb #- '{message,cost}')::text, 'UTF8'),
	pg_temp.webhook('2003', 'report', 'customer-busy'));
SELECT voiceagent_private.apply_inbox(100);
SELECT right(phone, 4) AS number, duration_seconds, cost, cost_currency, cost_source FROM voiceagent.calls
WHERE tenant_id = voiceagent.current_tenant() ORDER BY 1;
SELECT costs, calls_without_cost FROM voiceagent.campaign_progress WHERE tenant_id = voiceagent.current_tenant();

-- the carrier's own price comes later, and goes before what was reckoned
SELECT voiceagent_private.on_cost_fetched(e, '{"kind": "accepted", "cost": "0.004", "currency": "EUR"}') FROM (SELECT (jsonb_populate_record(NULL::voiceagent.provider_requests,
	jsonb_build_object('kind', 'fetch_cost', 'call_id', c.call_id, 'request_data', '{}'::jsonb))).*
	FROM voiceagent.calls c WHERE c.tenant_id = voiceagent.current_tenant() AND c.phone = '+12125552002') e;
SELECT cost, cost_currency, cost_source FROM voiceagent.calls WHERE tenant_id = voiceagent.current_tenant() AND phone = '+12125552002';
SELECT costs FROM voiceagent.campaign_progress WHERE tenant_id = voiceagent.current_tenant();
\set ON_ERROR_STOP off
\set VERBOSITY terse
SAVEPOINT s;
SELECT voiceagent.set_account_rate(0, 1, 'USD');
ROLLBACK TO s;
SELECT voiceagent.set_account_rate(min(provider_account_id), -1, 'USD') FROM voiceagent.provider_accounts WHERE tenant_id = voiceagent.current_tenant();
ROLLBACK TO s;
-- no rate is NaN, which every sum of costs would be then
SELECT voiceagent.set_account_rate(min(provider_account_id), 'NaN', 'USD') FROM voiceagent.provider_accounts WHERE tenant_id = voiceagent.current_tenant();
ROLLBACK;
