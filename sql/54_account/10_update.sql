-- An account changes: campaigns that dial through it are stopped or go on.

CREATE FUNCTION voiceagent.update_provider_account(provider_account_id bigint, credentials jsonb DEFAULT NULL,
	settings jsonb DEFAULT NULL, active boolean DEFAULT NULL) RETURNS void
	LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint;
	v_old voiceagent.provider_accounts;
	v_checked record;
	v_another boolean;
	v_settings jsonb;
BEGIN
	PERFORM voiceagent_private.hide_query('update_provider_account');
	v_tenant := voiceagent_private.writer_tenant('owner');
	-- Its campaigns come before it, as those who dial take them.
	PERFORM voiceagent_private.lock_campaigns(update_provider_account.provider_account_id);
	DELETE FROM voiceagent_private.account_dials d
	WHERE d.tenant_id = v_tenant AND d.provider_account_id = update_provider_account.provider_account_id;
	SELECT * INTO v_old FROM voiceagent.provider_accounts a
	WHERE a.tenant_id = v_tenant AND a.provider_account_id = update_provider_account.provider_account_id
	FOR NO KEY UPDATE;
	PERFORM voiceagent_private.fail_if(NOT FOUND, 'PT404', 'there is no such provider account');
	SELECT * INTO v_checked
	FROM voiceagent_private.check_account(v_old.provider, coalesce(credentials, '{}'), coalesce(settings, '{}'), false);
	-- Another key or address is another account at the carrier: it is armed anew. A key that only
	-- signs webhooks is no such key.
	SELECT coalesce(pg_catalog.bool_or(k IS NOT NULL AND (k <> f.webhook_secret OR f.webhook_secret IS NULL)), false)
		OR coalesce(update_provider_account.settings ? 'base_url'
			OR update_provider_account.settings ? f.account_name, false)
	INTO v_another
	FROM voiceagent_private.driver_facts(v_old.provider) f
	LEFT JOIN pg_catalog.jsonb_object_keys(coalesce(credentials, '{}')) k ON true
	GROUP BY f.account_name;
	v_settings := pg_catalog.jsonb_strip_nulls(v_old.settings || v_checked.rest);
	UPDATE voiceagent.provider_accounts a SET
		settings = v_settings,
		base_url = CASE WHEN update_provider_account.settings ? 'base_url' THEN v_checked.base_url ELSE a.base_url END,
		max_concurrent_calls = CASE
			WHEN update_provider_account.settings ? 'max_concurrent_calls' THEN v_checked.max_concurrent_calls
			ELSE a.max_concurrent_calls END,
		active = coalesce(update_provider_account.active, a.active),
		armed_at = CASE WHEN v_another THEN NULL ELSE a.armed_at END,
		moved_at = CASE WHEN v_another THEN voiceagent.clock() ELSE a.moved_at END,
		account_ref = CASE WHEN v_another THEN NULL ELSE a.account_ref END,
		home = CASE WHEN v_another THEN voiceagent_private.home() ELSE a.home END,
		resumes_at = NULL, trouble = NULL, opened_at = NULL, trips = 0
	WHERE a.tenant_id = v_tenant AND a.provider_account_id = v_old.provider_account_id;
	-- Its campaigns need not sit the rest of their wait out.
	PERFORM voiceagent_private.forget_account_trouble(
		voiceagent_private.campaigns_of_account(v_old.provider_account_id));
	PERFORM voiceagent_private.resume_suspended(NULL, v_old.provider_account_id);
	UPDATE voiceagent_private.pacing p SET next_dial_at = '-infinity'
	FROM voiceagent.campaigns c
	WHERE c.tenant_id = v_tenant
		AND c.campaign_id = ANY (voiceagent_private.campaigns_of_account(v_old.provider_account_id))
		AND c.status = 'running' AND p.tenant_id = v_tenant AND p.campaign_id = c.campaign_id AND p.suspended IS NULL;
	UPDATE voiceagent_private.endpoint_routes r SET settings = v_settings
	WHERE r.tenant_id = v_tenant AND r.provider_account_id = v_old.provider_account_id;
	-- A number is missing, or the socket is closed: what goes on being placed would fail, or
	-- promise what is not kept.
	IF EXISTS (SELECT FROM pg_catalog.jsonb_object_keys(v_old.settings) k WHERE NOT v_settings ? k) THEN
		PERFORM voiceagent_private.require_usable_accounts(
			voiceagent_private.campaigns_of_account(v_old.provider_account_id));
	END IF;
	PERFORM voiceagent_private.seal_credentials(v_old.provider_account_id, coalesce(credentials, '{}'));
	IF credentials IS NOT NULL OR update_provider_account.settings IS NOT NULL THEN
		PERFORM voiceagent_private.check_stored_account(v_old.provider_account_id);
	END IF;
	PERFORM voiceagent_private.audit('update_provider_account', 'provider account ' || v_old.provider_account_id,
		pg_catalog.jsonb_build_object('base_url', v_old.base_url, 'settings', v_old.settings, 'active', v_old.active),
		pg_catalog.jsonb_build_object('settings', settings, 'active', active,
			'credentials_changed',
			coalesce((SELECT pg_catalog.jsonb_agg(k) FROM pg_catalog.jsonb_object_keys(credentials) k), '[]')));
	PERFORM voiceagent_private.poke('dialer', 'requests', 'gateway');
END
$$;
COMMENT ON FUNCTION voiceagent.update_provider_account(bigint, jsonb, jsonb, boolean) IS
	E'Changes what is named of a carrier account, and lets campaigns that wait for it try again at once; for owners.\n'
	'credentials and settings: keys as for create_provider_account(), null takes a setting away; active false: no new '
	'dials, live calls go on. It raises PT404, PT422, 55000; another key, base_url or account name must be armed anew.';
