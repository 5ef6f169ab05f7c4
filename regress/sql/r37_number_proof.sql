-- Whose a number is a carrier's own word says, and no other: neither a server of the tenant's, nor a carrier that lists
-- whatever its customer enters, nor an answer to a question that another address was asked; and nobody learns of others.
\set VERBOSITY terse
SET client_min_messages = warning;
BEGIN;
SELECT voiceagent.create_tenant('r37 thief') AS thief, voiceagent.create_tenant('r37 owner') AS owner \gset
CREATE FUNCTION pg_temp.account(tenant bigint, provider text, url text) RETURNS bigint LANGUAGE sql AS $$
	SELECT voiceagent_private.set_tenant(tenant);
	INSERT INTO voiceagent.provider_accounts (tenant_id, provider, name, base_url, max_concurrent_calls, created_at)
	VALUES (tenant, provider, provider || coalesce(' ' || url, ''), url, 10, voiceagent.clock()) RETURNING provider_account_id
$$;
CREATE FUNCTION pg_temp.list(tenant bigint, account bigint, number text, moved boolean DEFAULT false) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	v_provider_request bigint;
BEGIN
	PERFORM voiceagent_private.set_tenant(tenant);
	v_provider_request := voiceagent_private.request_number_list(account, 'import');
	IF moved THEN
		UPDATE voiceagent.provider_accounts a SET base_url = NULL, moved_at = voiceagent.clock() WHERE a.tenant_id = tenant AND a.provider_account_id = account;
	END IF;
	PERFORM voiceagent_private.end_provider_request(v_provider_request, 'done', jsonb_build_object('kind', 'accepted', 'numbers', jsonb_build_array(jsonb_build_object('number', number, 'number_id', 'id'))), NULL);
	RETURN (SELECT concat_ws(' ', n.state, n.proof, n.state_reason) FROM voiceagent.phone_numbers n WHERE n.tenant_id = tenant AND n.phone_number = number AND n.removed_at IS NULL);
END
$$;
CREATE FUNCTION pg_temp.owners(number text) RETURNS text LANGUAGE sql AS $$
	SELECT coalesce(string_agg(t.name, ','), 'nobody') FROM voiceagent_private.number_owners o JOIN voiceagent.tenants t USING (tenant_id) WHERE o.phone_number = number
$$;
-- every carrier that lists numbers, asked at an address of the tenant's own: it may use them, and owns none
SELECT d.name AS provider, pg_temp.list(:thief, pg_temp.account(:thief, d.name, 'https://thief.example.com'), '+1202555' || lpad((1000 + row_number() OVER (ORDER BY d.name))::text, 4, '0')) AS state,
	pg_temp.owners('+1202555' || lpad((1000 + row_number() OVER (ORDER BY d.name))::text, 4, '0')) AS owner
FROM unnest(voiceagent_private.driver_names()) d(name) WHERE d.name <> 'sandbox' AND voiceagent_private.driver_can(d.name, 'list_numbers') ORDER BY 1;
-- asked at the carrier's own; one of them lists whatever it was told
SELECT d.name AS provider, pg_temp.list(:owner, pg_temp.account(:owner, d.name, NULL), '+1202555' || lpad((1000 + row_number() OVER (ORDER BY d.name))::text, 4, '0')) AS state,
	pg_temp.owners('+1202555' || lpad((1000 + row_number() OVER (ORDER BY d.name))::text, 4, '0')) AS owner
FROM unnest(voiceagent_private.driver_names()) d(name) WHERE d.name <> 'sandbox' AND voiceagent_private.driver_can(d.name, 'list_numbers') ORDER BY 1;
-- the question went to the tenant's server, and the account's address was taken away before the answer was read
SELECT pg_temp.list(:thief, pg_temp.account(:thief, 'plivo', 'https://other.example.com'), '+12025552001', moved => true) AS moved, pg_temp.owners('+12025552001');
-- a proof does not outlive the address by which it was given
SELECT pg_temp.account(:thief, 'telnyx', NULL) AS telnyx \gset
SELECT pg_temp.list(:thief, :telnyx, '+12025552002') AS own, pg_temp.owners('+12025552002');
UPDATE voiceagent.provider_accounts SET base_url = 'https://thief.example.com' WHERE provider_account_id = :telnyx AND tenant_id = :thief;
SELECT pg_temp.list(:thief, :telnyx, '+12025552002') AS own, pg_temp.owners('+12025552002');
-- a host that the platform names is believed
SELECT voiceagent_private.set_tenant(0) \g /dev/null
SELECT voiceagent.set_setting('number_proof_hosts', 'numbers.example.com');
SELECT pg_temp.list(:owner, pg_temp.account(:owner, 'twilio', 'https://numbers.example.com/v1'), '+12025552003') AS named, pg_temp.owners('+12025552003');
-- two carriers say it of two tenants: nothing tells the second one that there is a first
SELECT pg_temp.list(:thief, pg_temp.account(:thief, 'vonage', NULL), '+12025552003') AS second, pg_temp.owners('+12025552003');
SELECT e.event_data FROM voiceagent.events e WHERE e.tenant_id = :thief AND e.event_type LIKE 'number%';
ROLLBACK;
