-- 35_provider: accounts at carriers and the endpoints of their webhooks.

CREATE FUNCTION voiceagent_private.add_endpoint(account bigint) RETURNS text
	LANGUAGE plpgsql VOLATILE AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	v_token text := voiceagent_private.random_token();
	v_endpoint bigint;
BEGIN
	INSERT INTO voiceagent.webhook_endpoints (tenant_id, provider_account_id, created_at)
	VALUES (v_tenant, account, voiceagent.clock()) RETURNING endpoint_id INTO v_endpoint;
	INSERT INTO voiceagent_private.endpoint_routes (token, tenant_id, endpoint_id, provider_account_id, provider, settings)
	SELECT v_token, v_tenant, v_endpoint, a.provider_account_id, a.provider, a.settings
	FROM voiceagent.provider_accounts a WHERE a.tenant_id = v_tenant AND a.provider_account_id = account;
	RETURN v_token;
END
$$;
COMMENT ON FUNCTION voiceagent_private.add_endpoint(bigint) IS
	'A new webhook endpoint of an account of the current tenant -> the unguessable last part of its URL.';

CREATE FUNCTION voiceagent_private.provision_provider() RETURNS void
	LANGUAGE plpgsql VOLATILE AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	v_account bigint;
BEGIN
	INSERT INTO voiceagent.provider_accounts (tenant_id, provider, name, max_concurrent_calls, created_at)
	VALUES (v_tenant, 'sandbox', 'Sandbox', voiceagent_private.setting_integer('account_max_concurrent_calls'), voiceagent.clock())
	RETURNING provider_account_id INTO v_account;
	PERFORM voiceagent_private.add_endpoint(v_account);
END
$$;
COMMENT ON FUNCTION voiceagent_private.provision_provider() IS
	'Gives a new tenant its account at the embedded carrier, and the endpoint of its webhooks. Their secrets are derived, not stored.';
