-- 45_campaign: the carrier accounts that a campaign falls back on.

CREATE TABLE voiceagent.campaign_accounts (
	tenant_id bigint NOT NULL,
	campaign_id bigint NOT NULL,
	position smallint NOT NULL CHECK (position BETWEEN 1 AND 9),
	provider_account_id bigint NOT NULL,
	PRIMARY KEY (tenant_id, campaign_id, position),
	UNIQUE (tenant_id, campaign_id, provider_account_id),
	FOREIGN KEY (tenant_id, campaign_id) REFERENCES voiceagent.campaigns,
	FOREIGN KEY (tenant_id, provider_account_id) REFERENCES voiceagent.provider_accounts
);
COMMENT ON TABLE voiceagent.campaign_accounts IS
	E'The carrier accounts behind a campaign''s own (campaigns.provider_account_id), in order: each claim dials '
	'through the first that may dial.\n'
	'set_campaign_accounts() writes them.';
COMMENT ON COLUMN voiceagent.campaign_accounts.position IS
	'1 is asked when the campaign''s own account may not dial, then 2, ...';
COMMENT ON COLUMN voiceagent.campaign_accounts.provider_account_id IS
	'An account of the same kind as the campaign''s own: real carriers all, or the sandbox all.';
CREATE INDEX campaign_accounts_account ON voiceagent.campaign_accounts (tenant_id, provider_account_id)
	WHERE provider_account_id IS NOT NULL;
SELECT voiceagent_private.guard_table('voiceagent.campaign_accounts', 'tenant');

CREATE FUNCTION voiceagent_private.campaigns_of_account(provider_account_id bigint) RETURNS bigint[]
	LANGUAGE sql STABLE AS $$
	SELECT ARRAY(SELECT c.campaign_id FROM voiceagent.campaigns c
			WHERE c.tenant_id = voiceagent.current_tenant()
				AND c.provider_account_id = campaigns_of_account.provider_account_id
		UNION SELECT b.campaign_id FROM voiceagent.campaign_accounts b
			WHERE b.tenant_id = voiceagent.current_tenant()
				AND b.provider_account_id = campaigns_of_account.provider_account_id)
$$;
COMMENT ON FUNCTION voiceagent_private.campaigns_of_account(bigint) IS
	'The current tenant''s campaigns that dial through this carrier account, first or as a fallback.';

CREATE FUNCTION voiceagent_private.forget_account_trouble(campaign_ids bigint[]) RETURNS void
	LANGUAGE plpgsql VOLATILE SET planner.policy = by_keys SET search_path = pg_catalog, pg_temp AS $$
BEGIN
	UPDATE voiceagent.campaigns c SET status_reason = NULL
	WHERE c.tenant_id = voiceagent.current_tenant() AND c.campaign_id = ANY (campaign_ids)
		AND c.status_reason LIKE 'carrier account: %';
END
$$;
COMMENT ON FUNCTION voiceagent_private.forget_account_trouble(bigint[]) IS
	'These campaigns are no longer held back by what their carrier account has said: for whatever forgets the trouble '
	'of the account.';

CREATE FUNCTION voiceagent_private.accounts_of_campaign(campaign_id bigint) RETURNS bigint[]
	LANGUAGE plpgsql STABLE SET planner.policy = by_key AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
BEGIN
	RETURN ARRAY(SELECT x.id FROM (
		SELECT 0 AS position, c.provider_account_id AS id FROM voiceagent.campaigns c
		WHERE c.tenant_id = v_tenant AND c.campaign_id = accounts_of_campaign.campaign_id
		UNION ALL
		SELECT b.position, b.provider_account_id FROM voiceagent.campaign_accounts b
		WHERE b.tenant_id = v_tenant AND b.campaign_id = accounts_of_campaign.campaign_id) x
		ORDER BY x.position);
END
$$;
COMMENT ON FUNCTION voiceagent_private.accounts_of_campaign(bigint) IS
	'The carrier accounts of a campaign of the current tenant: its own, then those it falls back on, in order.';

CREATE FUNCTION voiceagent_private.is_sandbox(provider_account_id bigint) RETURNS boolean
	LANGUAGE sql STABLE AS $$
	SELECT EXISTS (SELECT FROM voiceagent.provider_accounts a
		WHERE a.tenant_id = voiceagent.current_tenant() AND a.provider_account_id = is_sandbox.provider_account_id
			AND a.provider = 'sandbox')
$$;
COMMENT ON FUNCTION voiceagent_private.is_sandbox(bigint) IS
	'Whether this carrier account of the current tenant is one of the sandbox.';

CREATE FUNCTION voiceagent_private.consent_kind(kind text, provider_account_id bigint) RETURNS text
	LANGUAGE sql STABLE AS $$
	SELECT CASE WHEN voiceagent_private.is_sandbox(consent_kind.provider_account_id) THEN 'played_' ELSE '' END || kind
$$;
COMMENT ON FUNCTION voiceagent_private.consent_kind(text, bigint) IS
	E'The kind of a consent that was given by this carrier account of the current tenant.\n'
	'A consent that was played on the sandbox has a kind of its own, which no gate of a real carrier reads.';
