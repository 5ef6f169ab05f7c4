-- 15_vault: sealed secrets. No SQL path gives plaintext: C opens them at the moment of use.

CREATE TABLE voiceagent_private.secrets (
	tenant_id bigint NOT NULL REFERENCES voiceagent.tenants,
	secret_id bigint GENERATED ALWAYS AS IDENTITY,
	name text NOT NULL,
	sealed bytea NOT NULL,
	created_at timestamptz NOT NULL,
	PRIMARY KEY (tenant_id, secret_id),
	UNIQUE (tenant_id, name)
);
COMMENT ON TABLE voiceagent_private.secrets IS
	'Secrets sealed by libsodium (XChaCha20-Poly1305, bound to tenant and name) under the key of '
	'voiceagent.vault_key_file.';
COMMENT ON COLUMN voiceagent_private.secrets.name IS 'Its purpose, e.g. provider_account:7:api_key.';
SELECT voiceagent_private.guard_table('voiceagent_private.secrets', 'internal');

CREATE TABLE voiceagent_private.platform_secrets (
	name text PRIMARY KEY,
	sealed bytea NOT NULL,
	created_at timestamptz NOT NULL
);
COMMENT ON TABLE voiceagent_private.platform_secrets IS
	'Secrets of the platform itself, sealed like those of tenants, but for no tenant.';
COMMENT ON COLUMN voiceagent_private.platform_secrets.name IS 'Its purpose, such as platform_model_account:7:api_key.';
SELECT voiceagent_private.guard_table('voiceagent_private.platform_secrets', 'platform', '');
GRANT SELECT ON voiceagent_private.platform_secrets TO voiceagent_worker;
