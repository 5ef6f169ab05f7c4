-- Numbers at carriers: bought, listed, given up, made known to another; the worker's room is played by hand.
\set VERBOSITY terse
SET client_min_messages = warning;
BEGIN;
SELECT voiceagent.create_tenant('r37 provider requests') AS tenant, voiceagent.create_tenant('r37 rival') AS rival \gset
CREATE FUNCTION pg_temp.account(tenant bigint, provider text) RETURNS bigint LANGUAGE sql AS $$
	INSERT INTO voiceagent.provider_accounts (tenant_id, provider, name, max_concurrent_calls, created_at)
	VALUES (tenant, provider, provider, 10, voiceagent.clock()) RETURNING provider_account_id
$$;
SELECT pg_temp.account(:rival, 'telnyx') AS theirs \gset
SELECT voiceagent_private.set_tenant(:tenant) IS NOT NULL AS acting;
SELECT pg_temp.account(:tenant, 'telnyx') AS telnyx, pg_temp.account(:tenant, 'vapi') AS vapi, pg_temp.account(:tenant, 'asterisk') AS asterisk,
	(SELECT min(provider_account_id) FROM voiceagent.provider_accounts WHERE tenant_id = :tenant AND provider = 'sandbox') AS sandbox \gset
-- The provider request that was made last ends so.
CREATE FUNCTION pg_temp.reply(state text, result jsonb, error text DEFAULT NULL) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	v voiceagent.provider_requests;
BEGIN
	SELECT * INTO v FROM voiceagent.provider_requests e WHERE e.tenant_id = voiceagent.current_tenant() AND e.state = 'queued' ORDER BY e.provider_request_id DESC LIMIT 1;
	PERFORM voiceagent_private.end_provider_request(v.provider_request_id, state, result, error);
	RETURN v.kind || ' ' || (v.request_data - ARRAY['began_at', 'reconciles', 'other_account']);
END
$$;
CREATE VIEW pg_temp.numbers AS SELECT n.phone_number, n.friendly_name AS name, a.provider, n.provider_number_id AS id, n.state, n.proof, n.state_reason, n.is_primary AS first
FROM voiceagent.phone_numbers n JOIN voiceagent.provider_accounts a USING (tenant_id, provider_account_id)
WHERE n.tenant_id = voiceagent.current_tenant() ORDER BY n.phone_number_id;

-- What a carrier lacks is refused by name.
SAVEPOINT s;
SELECT voiceagent.buy_number(:sandbox, '+12125550001');
ROLLBACK TO s;
SELECT voiceagent.search_numbers(:asterisk, 'US');
ROLLBACK TO s;
SELECT voiceagent.import_numbers(987654321987);
ROLLBACK TO s;
SELECT voiceagent.search_numbers(:telnyx, 'USA');
ROLLBACK TO s;
SELECT voiceagent.buy_number(:telnyx, country => 'US', area_code => '212; DROP');
ROLLBACK TO s;
SELECT voiceagent.buy_number(:telnyx);
ROLLBACK TO s;

-- A carrier that cannot be asked: the tenant's word.
SELECT voiceagent.create_phone_number('+12125550009', :asterisk) AS word \gset
-- One that can: not before it has confirmed it.
SELECT voiceagent.create_phone_number('+12125550008', :telnyx) AS claimed \gset
SELECT * FROM pg_temp.numbers;
SELECT pg_temp.reply('done', '{"numbers": [{"number": "+12125550007", "number_id": "T7"}]}');
SELECT * FROM pg_temp.numbers;
SELECT voiceagent.check_phone_number(:claimed) > 0 AS asked;
SELECT pg_temp.reply('failed', NULL, 'http-500: no');
SELECT state, state_reason FROM pg_temp.numbers WHERE phone_number = '+12125550008';
SELECT voiceagent.check_phone_number(:claimed) = voiceagent.check_phone_number(:claimed) AS asked_once;
SELECT pg_temp.reply('done', '{"numbers": [{"number": "(212) 555-0008", "number_id": "bad"}, {"number": "+12125550008", "number_id": "T8", "name": "x"}], "next_page": "2"}');
SELECT pg_temp.reply('done', '{"numbers": []}');
SELECT state, id, name FROM pg_temp.numbers WHERE phone_number = '+12125550008';

-- One that is entered while a list is being read is none that the list should have named.
SAVEPOINT s;
SELECT voiceagent.import_numbers(:telnyx) > 0 AS reads;
SELECT pg_temp.reply('done', '{"numbers": [{"number": "+12125550008", "number_id": "T8"}], "next_page": "2"}');
SELECT voiceagent.create_phone_number('+12125550006', :telnyx) > 0 AS entered;
SELECT voiceagent_private.end_provider_request(provider_request_id, 'done', '{"numbers": []}', NULL) FROM voiceagent.provider_requests
WHERE tenant_id = :tenant AND state = 'queued' AND kind = 'list_numbers' AND request_data ->> 'page' = '2';
SELECT phone_number, state FROM pg_temp.numbers WHERE provider = 'telnyx';
ROLLBACK TO s;

-- Bought by number, and by search.
SELECT voiceagent.buy_number(:telnyx, '+12125550001', friendly_name => 'One') - ARRAY['provider_request_id', 'phone_number_id'] AS bought;
SAVEPOINT s;
SELECT voiceagent.buy_number(:telnyx, '+12125550001');
ROLLBACK TO s;
SELECT pg_temp.reply('unknown', NULL, 'no answer');
SELECT state, state_reason FROM pg_temp.numbers WHERE phone_number = '+12125550001';
SELECT pg_temp.reply('done', '{"numbers": [{"number": "+12125550001", "number_id": "T1"}]}');
SELECT state, id FROM pg_temp.numbers WHERE phone_number = '+12125550001';
SELECT voiceagent.buy_number(:telnyx, country => 'us', area_code => '212', contains => '55', friendly_name => 'Two') ->> 'phone_number_id' AS not_yet;
SELECT pg_temp.reply('done', '{"numbers": [{"number": "+12125550001"}, {"number": "+12125550002", "region": "NY"}]}');
SELECT pg_temp.reply('failed', '{}', 'http-402: no money');
SELECT name, state, state_reason FROM pg_temp.numbers WHERE phone_number = '+12125550002';
SELECT voiceagent.buy_number(:telnyx, country => 'US') ->> 'phone_number_id' AS not_yet;
SELECT pg_temp.reply('done', '{"numbers": []}');
SELECT voiceagent.search_numbers(:telnyx, 'US', contains => '777') > 0 AS searched;
SELECT pg_temp.reply('done', '{"numbers": [{"number": "+12125550777"}]}');
SELECT count(*) AS numbers FROM pg_temp.numbers;

-- Imported: what is new comes, what the carrier has no more goes.
SELECT voiceagent.import_numbers(:telnyx) > 0 AS imported;
SELECT pg_temp.reply('done', '{"numbers": [{"number": "+12125550001", "number_id": "T1b"}, {"number": "+442079460001", "number_id": "T5", "name": "London"}, {"number": "nonsense"}]}');
SELECT phone_number, name, provider, id, state, state_reason FROM pg_temp.numbers;
SELECT event_type, event_data ->> 'reason' AS reason FROM voiceagent.events WHERE tenant_id = :tenant AND event_type LIKE 'number_%' ORDER BY event_id;

-- Two tenants with one number: the first that a carrier names keeps it, until its carrier denies it.
SELECT voiceagent_private.set_tenant(:rival) IS NOT NULL AS rival;
SELECT voiceagent.create_phone_number('+12125550001', :theirs) AS rivals \gset
SELECT pg_temp.reply('done', '{"numbers": [{"number": "+12125550001", "number_id": "R1"}]}');
SELECT state, state_reason FROM pg_temp.numbers;
SELECT voiceagent_private.set_tenant(:tenant) IS NOT NULL AS first;
SELECT state FROM pg_temp.numbers WHERE phone_number = '+12125550001';
SELECT pg_temp.reply('done', '{"numbers": [{"number": "+442079460001", "number_id": "T5"}]}');
SELECT state, state_reason FROM pg_temp.numbers WHERE phone_number = '+12125550001';
SELECT voiceagent_private.set_tenant(:rival) IS NOT NULL AS rival;
SELECT voiceagent.check_phone_number(:rivals) > 0 AS asked;
SELECT pg_temp.reply('done', '{"numbers": [{"number": "+12125550001", "number_id": "R1"}]}');
SELECT state, state_reason, proof FROM pg_temp.numbers;
SELECT voiceagent_private.set_tenant(:tenant) IS NOT NULL AS first;

-- Made known to another account, and back; then given up.
SELECT phone_number_id AS london FROM voiceagent.phone_numbers WHERE tenant_id = :tenant AND phone_number = '+442079460001' \gset
SELECT voiceagent.connect_number(:london, :vapi) > 0 AS connecting;
SELECT pg_temp.reply('done', '{"credential_id": "C1"}');
SELECT pg_temp.reply('failed', NULL, 'http-400: not yet');
SELECT provider, id, state_reason FROM pg_temp.numbers WHERE phone_number = '+442079460001';
SELECT voiceagent.connect_number(:london, :vapi) > 0 AS again;
SELECT pg_temp.reply('done', '{"number_id": "V5"}');
SELECT provider, id, state_reason FROM pg_temp.numbers WHERE phone_number = '+442079460001';
SAVEPOINT s;
SELECT voiceagent.connect_number(:london, :vapi);
ROLLBACK TO s;
UPDATE voiceagent.provider_accounts SET settings = '{"phone_number_id": "V5"}' WHERE provider_account_id = :vapi;
SELECT voiceagent.release_number(:london);
ROLLBACK TO s;
SELECT voiceagent.release_number(:london) > 0 AS releasing;
SELECT state FROM pg_temp.numbers WHERE phone_number = '+442079460001';
SELECT pg_temp.reply('done', '{}');
SELECT provider, id, state FROM pg_temp.numbers WHERE phone_number = '+442079460001';
SELECT voiceagent.receive_calls(:london) > 0 AS routed;
SELECT pg_temp.reply('done', '{}');
SELECT voiceagent.release_number(:london) > 0 AS releasing;
SELECT pg_temp.reply('failed', NULL, 'http-409: in use there');
SELECT state, state_reason FROM pg_temp.numbers WHERE phone_number = '+442079460001';
SELECT voiceagent.release_number(:london) > 0 AS releasing;
SAVEPOINT s;
SELECT voiceagent.release_number(:london);
ROLLBACK TO s;
SELECT pg_temp.reply('done', '{}');
SELECT state, state_reason FROM pg_temp.numbers WHERE phone_number = '+442079460001';
SELECT count(*) AS queued FROM voiceagent.provider_requests WHERE tenant_id = :tenant AND state = 'queued';
-- A list without an end.
SELECT voiceagent.create_phone_number('+12125550041', :telnyx) AS endless \gset
UPDATE voiceagent.provider_requests SET request_data = request_data || '{"pages": 1000}' WHERE tenant_id = :tenant AND state = 'queued' AND kind = 'list_numbers';
SELECT pg_temp.reply('done', '{"numbers": [], "next_page": "1001"}');
SELECT state, state_reason FROM voiceagent.phone_numbers WHERE tenant_id = :tenant AND phone_number_id = :endless;
SELECT count(*) AS queued FROM voiceagent.provider_requests WHERE tenant_id = :tenant AND state = 'queued';
-- Deleted before it was bought: nobody buys it. What is being bought cannot be deleted; what a person says of it is not yet proof.
SELECT (voiceagent.buy_number(:telnyx, '+12125550031') ->> 'phone_number_id')::bigint AS vain \gset
SELECT voiceagent.delete_phone_number(:vain);
SELECT count(*) AS sent FROM voiceagent_private.claim_provider_requests(10, true, true, '1 minute');
SELECT state, error FROM voiceagent.provider_requests WHERE tenant_id = :tenant AND phone_number_id = :vain;
SELECT (voiceagent.buy_number(:telnyx, '+12125550032') ->> 'phone_number_id')::bigint AS lost \gset
UPDATE voiceagent.provider_requests SET state = 'sending', tries = 1 WHERE tenant_id = :tenant AND phone_number_id = :lost;
SAVEPOINT s;
SELECT voiceagent.delete_phone_number(:lost);
ROLLBACK TO s;
SELECT voiceagent_private.end_provider_request(provider_request_id, 'unknown', NULL, 'no answer') FROM voiceagent.provider_requests WHERE tenant_id = :tenant AND phone_number_id = :lost;
SELECT voiceagent.delete_phone_number(:lost);
ROLLBACK TO s;
SELECT voiceagent_private.end_provider_request(provider_request_id, 'unknown', NULL, 'no answer') FROM voiceagent.provider_requests WHERE tenant_id = :tenant AND phone_number_id = :lost;
SELECT voiceagent.resolve_provider_request(provider_request_id, true) FROM voiceagent.provider_requests WHERE tenant_id = :tenant AND phone_number_id = :lost AND state = 'unknown';
SELECT state, proof FROM voiceagent.phone_numbers WHERE tenant_id = :tenant AND phone_number_id = :lost;
SELECT pg_temp.reply('done', '{"numbers": [{"number": "+12125550032", "number_id": "T32"}]}');
SELECT state, proof, provider_number_id FROM voiceagent.phone_numbers WHERE tenant_id = :tenant AND phone_number_id = :lost;

-- What the carrier refuses is not what the tenant is known by, once there is another; a carrier that is asked again gives nothing back.
SELECT voiceagent.create_tenant('r37 primary') AS fresh \gset
SELECT voiceagent_private.set_tenant(:fresh) IS NOT NULL AS acting;
SELECT pg_temp.account(:fresh, 'telnyx') AS own \gset
SELECT voiceagent.buy_number(:own, '+12125550051') ? 'phone_number_id' AS ordered;
SELECT pg_temp.reply('failed', '{}', 'http-402: no money');
SELECT phone_number, state, first FROM pg_temp.numbers;
SELECT voiceagent.create_phone_number('+12125550052', :own) > 0 AS entered, voiceagent.create_phone_number('+12125550053', :own) > 0 AS too;
SELECT phone_number, state, first FROM pg_temp.numbers;
SELECT pg_temp.reply('done', '{"numbers": [{"number": "+12125550053", "number_id": "T53"}]}');
SELECT phone_number, state, first FROM pg_temp.numbers;
SELECT voiceagent.check_phone_number(phone_number_id) > 0 AS asked FROM voiceagent.phone_numbers WHERE tenant_id = :fresh AND phone_number = '+12125550052';
SELECT pg_temp.reply('done', '{"numbers": [{"number": "+12125550052", "number_id": "T52"}, {"number": "+12125550053", "number_id": "T53"}]}');
SELECT phone_number, state, first FROM pg_temp.numbers;
SELECT * FROM voiceagent_private.check_numbers();
SELECT voiceagent_private.set_tenant(:tenant) IS NOT NULL AS first;
SELECT * FROM voiceagent_private.check_numbers();
SELECT count(*) AS troubled FROM voiceagent.provider_requests WHERE tenant_id IN (:tenant, :rival) AND error LIKE '%could not be used%';
ROLLBACK;
