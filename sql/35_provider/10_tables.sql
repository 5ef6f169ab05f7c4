-- 35_provider: a tenant's accounts at carriers, and where their webhooks arrive.

CREATE FUNCTION voiceagent_private.home() RETURNS text
	LANGUAGE c STABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'va_sql_home';
COMMENT ON FUNCTION voiceagent_private.home() IS
	'A name of this database in this place (cluster, data directory, database), which a restored, cloned or copied '
	'one does not share; tells nothing about the place.';

CREATE TABLE voiceagent.provider_accounts (
	tenant_id bigint NOT NULL REFERENCES voiceagent.tenants,
	provider_account_id bigint GENERATED ALWAYS AS IDENTITY,
	provider text NOT NULL CHECK (voiceagent_private.is_provider(provider)),
	name text NOT NULL,
	base_url text,
	settings jsonb NOT NULL DEFAULT '{}',
	max_concurrent_calls integer NOT NULL CHECK (max_concurrent_calls > 0),
	active boolean NOT NULL DEFAULT true,
	resumes_at timestamptz,
	trouble text,
	armed_at timestamptz,
	moved_at timestamptz,
	old_webhook_secret_until timestamptz,
	opened_at timestamptz,
	trips integer NOT NULL DEFAULT 0,
	home text NOT NULL DEFAULT voiceagent_private.home(),
	account_ref text,
	tested_at timestamptz,
	test_result text CHECK (test_result IN ('ok', 'failed')),
	test_message text,
	balance numeric,
	balance_currency text,
	balance_at timestamptz,
	created_at timestamptz NOT NULL,
	PRIMARY KEY (tenant_id, provider_account_id),
	UNIQUE (tenant_id, name)
);
COMMENT ON TABLE voiceagent.provider_accounts IS
	'A tenant''s accounts at carriers; credentials lie sealed in the vault.';
COMMENT ON COLUMN voiceagent.provider_accounts.provider_account_id IS 'Number of the account.';
COMMENT ON COLUMN voiceagent.provider_accounts.provider IS 'The carrier: one of the view providers.';
COMMENT ON COLUMN voiceagent.provider_accounts.name IS 'Name, for people.';
COMMENT ON COLUMN voiceagent.provider_accounts.max_concurrent_calls IS 'Live calls on the account at once.';
COMMENT ON COLUMN voiceagent.provider_accounts.active IS 'False: no campaign dials through it.';
COMMENT ON COLUMN voiceagent.provider_accounts.base_url IS
	'Where the carrier''s API answers; NULL: the vendor''s own address (sandbox: the embedded carrier).';
COMMENT ON COLUMN voiceagent.provider_accounts.settings IS
	'The driver''s needs besides credentials, e.g. {"phone_number_id": "..."} and how webhooks are signed.';
COMMENT ON COLUMN voiceagent.provider_accounts.resumes_at IS
	'No dial before this time (Retry-After, breaker); NULL: at once.';
COMMENT ON COLUMN voiceagent.provider_accounts.armed_at IS
	E'When arm() allowed it to dial real people; NULL: it does not dial.\n'
	'The sandbox needs none.';
COMMENT ON COLUMN voiceagent.provider_accounts.moved_at IS
	E'When it was last given another key or address, which may be another account at the carrier: what that one does '
	'not know of dials from before proves nothing.\n'
	'NULL: never.';
COMMENT ON COLUMN voiceagent.provider_accounts.opened_at IS
	'When its breaker opened: it does not dial before resumes_at, then one dial at a time probes the carrier until '
	'it takes one; NULL: closed.';
COMMENT ON COLUMN voiceagent.provider_accounts.trips IS
	'How often the breaker has opened in a row: each time the rest before the next probe is twice as long.';
COMMENT ON COLUMN voiceagent.provider_accounts.old_webhook_secret_until IS
	'Until when webhooks that were signed with the secret before this one are believed, too; NULL: there is none.';
COMMENT ON COLUMN voiceagent.provider_accounts.home IS
	'The database in which its credentials were given: there the carrier may be asked about the account before arm(); '
	'a copy must be armed, or given the credentials again.';
COMMENT ON COLUMN voiceagent.provider_accounts.account_ref IS
	'Which account the carrier itself said it is, at the last test that went well; NULL: it has not said.';
COMMENT ON COLUMN voiceagent.provider_accounts.tested_at IS
	'When the carrier was last asked by test_provider_account(); NULL: never.';
COMMENT ON COLUMN voiceagent.provider_accounts.test_result IS 'ok or failed; NULL: never tested.';
COMMENT ON COLUMN voiceagent.provider_accounts.test_message IS
	'The carrier''s own words then; or why it could not be asked.';
COMMENT ON COLUMN voiceagent.provider_accounts.balance IS
	E'The balance of the account at the carrier, in balance_currency, when it was last asked; NULL: not known.\n'
	'See provider_balance().';
COMMENT ON COLUMN voiceagent.provider_accounts.balance_currency IS 'ISO 4217.';
COMMENT ON COLUMN voiceagent.provider_accounts.balance_at IS 'When the carrier said so.';
COMMENT ON COLUMN voiceagent.provider_accounts.trouble IS 'Why it rests, in words; NULL when well.';
SELECT voiceagent_private.guard_table('voiceagent.provider_accounts', 'tenant', waits => '{resumes_at}');

CREATE TABLE voiceagent.webhook_endpoints (
	tenant_id bigint NOT NULL,
	endpoint_id bigint GENERATED ALWAYS AS IDENTITY,
	provider_account_id bigint NOT NULL,
	created_at timestamptz NOT NULL,
	PRIMARY KEY (tenant_id, endpoint_id),
	FOREIGN KEY (tenant_id, provider_account_id) REFERENCES voiceagent.provider_accounts
);
COMMENT ON TABLE voiceagent.webhook_endpoints IS
	'Where a carrier account''s webhooks arrive; create_endpoint() gives the URL.';
COMMENT ON COLUMN voiceagent.webhook_endpoints.endpoint_id IS 'Number of the endpoint.';
SELECT voiceagent_private.guard_table('voiceagent.webhook_endpoints', 'tenant');

CREATE TABLE voiceagent_private.endpoint_routes (
	token text COLLATE "C" PRIMARY KEY,
	tenant_id bigint NOT NULL,
	endpoint_id bigint NOT NULL,
	provider_account_id bigint NOT NULL,
	provider text NOT NULL,
	settings jsonb NOT NULL DEFAULT '{}',
	refused_at timestamptz,
	refused_peer text,
	refused_why text,
	FOREIGN KEY (tenant_id, endpoint_id) REFERENCES voiceagent.webhook_endpoints
);
CREATE INDEX endpoint_routes_account ON voiceagent_private.endpoint_routes (tenant_id, provider_account_id);
COMMENT ON TABLE voiceagent_private.endpoint_routes IS
	E'Token of a webhook URL -> tenant and endpoint.\n'
	'The token routes; only the signature over the raw body counts.';
COMMENT ON COLUMN voiceagent_private.endpoint_routes.settings IS
	'Copy of the account''s settings: how its webhooks are signed.';
COMMENT ON COLUMN voiceagent_private.endpoint_routes.refused_at IS
	'When a webhook for it was last refused, as the gateway noted it, once a minute at most; NULL: none was.';
COMMENT ON COLUMN voiceagent_private.endpoint_routes.refused_peer IS 'The address that it came from.';
COMMENT ON COLUMN voiceagent_private.endpoint_routes.refused_why IS 'The error.';
SELECT voiceagent_private.guard_table('voiceagent_private.endpoint_routes', 'routing');
