-- 35_provider: from one secret of webhooks to the next, without a webhook lost.

CREATE FUNCTION voiceagent.rotate_webhook_secret(provider_account_id bigint, new_secret text DEFAULT NULL, overlap interval DEFAULT '1 day')
	RETURNS timestamptz
	LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint;
	v_account voiceagent.provider_accounts;
	v_name text := 'provider_account:' || provider_account_id || ':webhook_secret';
	v_until timestamptz;
BEGIN
	PERFORM voiceagent_private.hide_query('rotate_webhook_secret');
	v_tenant := voiceagent_private.writer_tenant('owner');
	SELECT * INTO v_account FROM voiceagent.provider_accounts a
	WHERE a.tenant_id = v_tenant AND a.provider_account_id = rotate_webhook_secret.provider_account_id FOR NO KEY UPDATE;
	IF NOT FOUND THEN
		RAISE EXCEPTION USING ERRCODE = 'PT404', MESSAGE = 'there is no such provider account';
	ELSIF v_account.provider = 'sandbox' THEN
		RAISE EXCEPTION USING ERRCODE = 'PT409', MESSAGE = 'the secret of a sandbox account is derived, not kept';
	ELSIF v_account.old_webhook_secret_until > voiceagent.clock() THEN
		RAISE EXCEPTION USING ERRCODE = 'PT409', MESSAGE = 'an earlier secret of the account is still being retired',
			DETAIL = format('It signs webhooks until %s.', v_account.old_webhook_secret_until),
			HINT = 'Call retire_webhook_secret() when the carrier no longer signs with it.';
	ELSIF overlap IS NULL OR overlap NOT BETWEEN '0' AND '30 days'::interval THEN
		RAISE EXCEPTION USING ERRCODE = 'PT422', MESSAGE = 'overlap must be 0 to 30 days';
	ELSIF new_secret IS NULL AND (v_account.settings #>> '{webhook,type}' IS DISTINCT FROM 'bearer'
								  OR v_account.settings ? 'webhook_credential_id') THEN
		RAISE EXCEPTION USING ERRCODE = 'PT422', MESSAGE = 'the new secret must be given',
			DETAIL = 'The carrier keeps it itself, in a credential.',
			HINT = 'One is made only for accounts whose carrier is told the secret with every call.';
	ELSIF btrim(new_secret) = '' OR length(new_secret) > 1000 THEN
		RAISE EXCEPTION USING ERRCODE = 'PT422', MESSAGE = 'a secret must have 1 to 1000 characters';
	END IF;
	v_until := voiceagent.clock() + overlap;
	IF NOT voiceagent_private.copy_secret(v_name, 'provider_account:' || provider_account_id || ':old_webhook_secret') THEN
		v_until := NULL;
	END IF;
	PERFORM voiceagent_private.seal_secret(v_name, coalesce(new_secret, voiceagent_private.random_token()));
	UPDATE voiceagent.provider_accounts a SET old_webhook_secret_until = v_until
	WHERE a.tenant_id = v_tenant AND a.provider_account_id = v_account.provider_account_id;
	PERFORM voiceagent_private.audit('rotate_webhook_secret', 'provider account ' || v_account.provider_account_id, NULL,
		jsonb_build_object('old_webhook_secret_until', v_until));
	PERFORM voiceagent_private.poke('inbound');
	RETURN v_until;
END
$$;
COMMENT ON FUNCTION voiceagent.rotate_webhook_secret(bigint, text, interval) IS
	'A new secret for the webhooks of a carrier account; both it and the one before are good for the time of overlap (0 to 30 days) -> when that ends. new_secret NULL: one is made, for accounts whose carrier is told it with every call; it must be given where the carrier keeps it in a credential (change it there within the overlap). For owners; PT404, PT409 for a sandbox account or while an earlier one is still being retired, PT422.';

CREATE FUNCTION voiceagent.retire_webhook_secret(provider_account_id bigint) RETURNS void
	LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent_private.writer_tenant('owner');
BEGIN
	UPDATE voiceagent.provider_accounts a SET old_webhook_secret_until = NULL
	WHERE a.tenant_id = v_tenant AND a.provider_account_id = retire_webhook_secret.provider_account_id;
	IF NOT FOUND THEN
		RAISE EXCEPTION USING ERRCODE = 'PT404', MESSAGE = 'there is no such provider account';
	END IF;
	DELETE FROM voiceagent_private.secrets s
	WHERE s.tenant_id = v_tenant AND s.name = 'provider_account:' || provider_account_id || ':old_webhook_secret';
	PERFORM voiceagent_private.audit('retire_webhook_secret', 'provider account ' || provider_account_id, NULL, NULL);
	PERFORM voiceagent_private.poke('inbound');
END
$$;
COMMENT ON FUNCTION voiceagent.retire_webhook_secret(bigint) IS
	'Ends the overlap of rotate_webhook_secret() now: the secret before no longer signs webhooks (at once), and is deleted. For owners; PT404.';
