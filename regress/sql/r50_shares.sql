-- Lines are shared: what one tenant may raise takes none of another's, the sandbox's calls take none of the real carriers', and
-- the platform's value for an account holds for those that were made before.
SET client_min_messages = warning;
\set ECHO none
\i sql/r50_setup.inc
\set ECHO all
SET voiceagent.public_base_url = 'https://calls.example.com';
-- A tenant with 100 leads on the sandbox, and 100 on a real carrier.
CREATE FUNCTION pg_temp.both(name text, prefix text, OUT tenant bigint, OUT sandbox bigint, OUT carrier bigint) LANGUAGE plpgsql AS $$
DECLARE
	v_account bigint;
BEGIN
	tenant := pg_temp.tenant(name);
	sandbox := pg_temp.start('sandbox', pg_temp.leads(prefix || '0', 100));
	carrier := pg_temp.start('carrier', pg_temp.leads(prefix || '1', 100));
	INSERT INTO voiceagent.provider_accounts (tenant_id, provider, name, max_concurrent_calls, armed_at, created_at, settings)
	VALUES (tenant, 'sandbox', 'real', 100, voiceagent.clock(), voiceagent.clock(), '{"phone_number_id": "1", "calls_per_second": 0}') RETURNING provider_account_id INTO v_account;
	UPDATE voiceagent.campaigns SET settings = '{"call_interval": 0, "max_concurrent_calls": 100}' WHERE campaign_id IN (sandbox, carrier);
	UPDATE voiceagent.campaigns SET provider_account_id = v_account WHERE campaign_id = carrier;
	UPDATE voiceagent.provider_accounts SET provider = 'vapi' WHERE provider_account_id = v_account;
	UPDATE voiceagent_private.pacing SET sandbox = false WHERE campaign_id = carrier;
	PERFORM voiceagent.confirm_campaign(carrier, voiceagent_private.confirmation_text(carrier));
END $$;
CREATE FUNCTION pg_temp.claimed(tenant bigint, campaign bigint) RETURNS bigint LANGUAGE plpgsql AS $$
BEGIN
	PERFORM voiceagent_private.set_tenant(tenant), pg_temp.claim(1000, true), pg_temp.claim(1000, true);
	RETURN (SELECT count(*) FROM voiceagent_private.live_calls l WHERE l.campaign_id = campaign);
END $$;
CREATE FUNCTION pg_temp.kinds() RETURNS TABLE (lines_left bigint, sandbox_left bigint) LANGUAGE sql AS $$
	SELECT real_lines, sandbox_lines FROM voiceagent_private.platform_free_lines(1000000) $$;

-- Of 60 lines, 30 a tenant: one raises all that it may, another then gets the 20 that it wants.
BEGIN;
INSERT INTO voiceagent_private.platform_settings (key, value)
SELECT 'platform_max_concurrent_calls', 60 + count(*) FILTER (WHERE provider <> 'sandbox') FROM voiceagent_private.live_calls
UNION ALL SELECT 'platform_max_sandbox_calls', 25 + count(*) FILTER (WHERE provider = 'sandbox') FROM voiceagent_private.live_calls
UNION ALL VALUES ('tenant_max_concurrent_calls', 30);
INSERT INTO voiceagent_private.platform_settings (key, value) VALUES ('ring_timeout', '00:00:40');
SELECT * FROM pg_temp.both('r50 shares greedy', '+12125550') \gset a_
SAVEPOINT a;
SELECT voiceagent.set_setting('tenant_max_concurrent_calls', '100000');
ROLLBACK TO a;
SELECT voiceagent.set_setting('ring_timeout', '10 minutes');
ROLLBACK TO a;
-- What it had before the platform set its own: one hundred accounts' worth of lines, and rings of ten minutes.
INSERT INTO voiceagent_private.tenant_settings (tenant_id, key, value)
VALUES (:a_tenant, 'tenant_max_concurrent_calls', '100000'), (:a_tenant, 'account_max_concurrent_calls', '100000'), (:a_tenant, 'ring_timeout', '00:10:00');
UPDATE voiceagent.provider_accounts SET max_concurrent_calls = 100000 WHERE tenant_id = :a_tenant;
SAVEPOINT greedy;
SELECT pg_temp.claimed(:a_tenant, :a_carrier) + pg_temp.claimed(:a_tenant, :a_sandbox) AS greedy;
SELECT * FROM pg_temp.both('r50 shares modest', '+12125551') \gset b_
UPDATE voiceagent.provider_accounts SET max_concurrent_calls = 20 WHERE tenant_id = :b_tenant;
SELECT pg_temp.claimed(:b_tenant, :b_carrier) AS modest;
ROLLBACK TO greedy;

-- The sandbox's calls fill its own lines, and no other: who has only the sandbox to dial is then not asked, who has a carrier is.
UPDATE voiceagent_private.platform_settings SET value = '100' WHERE key = 'tenant_max_concurrent_calls';
UPDATE voiceagent_private.lanes SET running = false WHERE campaign_id = :a_carrier;
SELECT pg_temp.claimed(:a_tenant, :a_sandbox) AS sandbox;
SELECT * FROM pg_temp.kinds();
SELECT voiceagent.explain_campaign(:a_sandbox);
SELECT count(*) FILTER (WHERE t = :a_tenant) AS asked FROM voiceagent_private.ready_tenants() t;
UPDATE voiceagent_private.lanes SET running = true WHERE campaign_id = :a_carrier;
SELECT count(*) FILTER (WHERE t = :a_tenant) AS asked FROM voiceagent_private.ready_tenants() t;
SELECT pg_temp.claimed(:a_tenant, :a_carrier) AS carrier;
SELECT * FROM pg_temp.kinds();
-- ... and the other way round: all lines of carriers are taken, the sandbox has room.
SELECT voiceagent_private.end_calls(ARRAY(SELECT call_id FROM voiceagent_private.live_calls WHERE campaign_id = :a_sandbox ORDER BY call_id LIMIT 5));
SELECT * FROM pg_temp.kinds();
SELECT count(*) FILTER (WHERE t = :a_tenant) AS asked FROM voiceagent_private.ready_tenants() t;
SELECT pg_temp.claimed(:a_tenant, :a_sandbox) AS sandbox;
-- Without a cap of its own the sandbox has as many as the carriers, beside them.
DELETE FROM voiceagent_private.platform_settings WHERE key = 'platform_max_sandbox_calls';
SELECT lines_left, sandbox_left FROM pg_temp.kinds();
ROLLBACK;

-- Two campaigns of a tenant share what one kind has left, while the other has plenty.
BEGIN;
SELECT * FROM pg_temp.both('r50 shares two', '+12125552') \gset
SELECT pg_temp.start('second', pg_temp.leads('+121255528', 100)) AS second \gset
INSERT INTO voiceagent_private.platform_settings (key, value)
SELECT 'platform_max_sandbox_calls', 6 + count(*) FILTER (WHERE provider = 'sandbox') FROM voiceagent_private.live_calls;
SELECT pg_temp.claimed(:tenant, :sandbox) + pg_temp.claimed(:tenant, :second) AS sandbox, pg_temp.claimed(:tenant, :carrier) AS carrier;
ROLLBACK;

-- What the platform allows an account holds for those that were made before.
BEGIN;
SELECT * FROM pg_temp.both('r50 shares accounts', '+12125553') \gset
INSERT INTO voiceagent_private.platform_settings (key, value) VALUES ('account_max_concurrent_calls', '7');
SELECT pg_temp.claimed(:tenant, :sandbox) AS sandbox, pg_temp.claimed(:tenant, :carrier) AS carrier;
ROLLBACK;
