-- 35_provider: from one credential to the next, without a webhook lost or a dial for somebody else.

/*
 * A key that is not the webhooks' has no overlap: we choose which we send, and
 * the carrier takes both until the old one is deleted there.  The new key must
 * not be another account's, and dial for somebody else: where the key alone
 * says whose the account is, it rests until the carrier has named it.
 */
CREATE FUNCTION voiceagent_private.rotate(provider_account_id bigint, credential text, new_value text, overlap interval,
	action text) RETURNS timestamptz
	LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent_private.writer_tenant('owner');
	v_account voiceagent.provider_accounts;
	v_name text;
	v_of record;
	v_field record;
	v_until timestamptz;
	v_stays boolean := true;
	v_tests boolean;
BEGIN
	SELECT * INTO v_account FROM voiceagent.provider_accounts a
	WHERE a.tenant_id = v_tenant AND a.provider_account_id = rotate.provider_account_id FOR NO KEY UPDATE;
	PERFORM voiceagent_private.fail_if(NOT FOUND, 'PT404', 'there is no such provider account');
	PERFORM voiceagent_private.fail_if(v_account.provider = 'sandbox', 'PT409',
		'the secret of a sandbox account is derived, not kept');
	SELECT f.* INTO v_of FROM voiceagent_private.driver_facts(v_account.provider) f;
	credential := coalesce(credential, v_of.webhook_secret);
	PERFORM voiceagent_private.fail_if(credential IS NULL, 'PT409',
		format('webhooks of %s are not proven by a secret', v_of.title));
	SELECT f.* INTO v_field FROM voiceagent_private.driver_fields(v_account.provider) f
	WHERE f.part = 'credentials' AND f.name = credential;
	PERFORM voiceagent_private.fail_if(NOT FOUND, 'PT422', format('credentials have no "%s"', left(credential, 60)),
		NULL, format('They may have: %s.', (SELECT string_agg(f.name, ', ')
			FROM voiceagent_private.driver_fields(v_account.provider) f WHERE f.part = 'credentials')));
	v_name := format('provider_account:%s:%s', provider_account_id, credential);
	IF credential = v_of.webhook_secret THEN
		-- PT409, PT422 unless the secret of an account's webhooks can be rotated like this now.
		PERFORM voiceagent_private.fail_if(v_account.old_webhook_secret_until > voiceagent.clock(), 'PT409',
			'an earlier secret of the account is still being retired',
			format('It signs webhooks until %s.', v_account.old_webhook_secret_until),
			'Call retire_webhook_secret() when the carrier no longer signs with it.');
		PERFORM voiceagent_private.fail_if(overlap IS NULL OR overlap NOT BETWEEN '0' AND '30 days'::interval, 'PT422',
			'overlap must be 0 to 30 days');
		PERFORM voiceagent_private.fail_if(
			new_value IS NULL AND (v_account.settings #>> '{webhook,type}' IS DISTINCT FROM 'bearer'
				OR v_account.settings ? 'webhook_credential_id'), 'PT422', 'the new secret must be given',
			'The carrier keeps it itself, in a credential.',
			'One is made only for accounts whose carrier is told the secret with every call.');
		PERFORM voiceagent_private.fail_if(btrim(new_value) = '' OR length(new_value) > 1000, 'PT422',
			'a secret must have 1 to 1000 characters');
		new_value := coalesce(new_value, voiceagent_private.random_token());
		IF voiceagent_private.copy_secret(v_name,
			format('provider_account:%s:old_webhook_secret', provider_account_id)) THEN
			v_until := voiceagent.clock() + overlap;
		END IF;
	ELSIF new_value IS NULL THEN
		RAISE EXCEPTION USING ERRCODE = 'PT422', MESSAGE = 'the new credential must be given';
	ELSE
		v_stays := credential IS DISTINCT FROM v_of.account_name AND EXISTS (
			SELECT FROM voiceagent_private.driver_fields(v_account.provider) f
			WHERE f.name = v_of.account_name AND f.required);
	END IF;
	PERFORM voiceagent_private.check_account_value('credentials', credential, v_field.kind, to_jsonb(new_value), '');
	PERFORM voiceagent_private.seal_secret(v_name, new_value);
	PERFORM voiceagent_private.check_stored_account(provider_account_id);
	v_tests := credential IS DISTINCT FROM v_of.account_name AND NOT v_stays AND v_account.account_ref IS NOT NULL
		AND 'check_account' = ANY (v_of.capabilities);
	UPDATE voiceagent.provider_accounts a SET
		old_webhook_secret_until = CASE WHEN credential = v_of.webhook_secret THEN v_until
			ELSE a.old_webhook_secret_until END,
		armed_at = CASE WHEN v_stays OR v_tests THEN a.armed_at END,
		moved_at = CASE WHEN v_stays THEN a.moved_at ELSE voiceagent.clock() END,
		account_ref = CASE WHEN credential IS DISTINCT FROM v_of.account_name THEN a.account_ref END,
		resumes_at = CASE WHEN v_tests AND a.armed_at IS NOT NULL THEN
			greatest(a.resumes_at, voiceagent.clock() + interval '10 minutes') ELSE a.resumes_at END,
		trouble = CASE WHEN v_tests AND a.armed_at IS NOT NULL THEN voiceagent_private.rotation_trouble()
			ELSE a.trouble END,
		home = CASE WHEN credential = v_of.webhook_secret THEN a.home ELSE voiceagent_private.home() END
	WHERE a.tenant_id = v_tenant AND a.provider_account_id = rotate.provider_account_id;
	IF credential IS DISTINCT FROM v_of.webhook_secret AND 'check_account' = ANY (v_of.capabilities) THEN
		PERFORM voiceagent_private.enqueue_provider_request(provider_account_id,
			'check_account', jsonb_build_object('rotated', credential));
	END IF;
	PERFORM voiceagent_private.audit(action, 'provider account ' || provider_account_id, NULL,
		jsonb_build_object('credential', credential, 'old_webhook_secret_until', v_until));
	PERFORM voiceagent_private.poke('gateway');
	RETURN v_until;
END
$$;
COMMENT ON FUNCTION voiceagent_private.rotate(bigint, text, text, interval, text) IS
	'rotate_credential() and rotate_webhook_secret(): credential NULL is the one that webhooks are verified with; '
	'action is what the audit trail calls it.';

-- Where the key alone says whose the account is, dials rest until the carrier has named the same account as at the last
-- test_provider_account(); else the account must be armed anew, as it must when the credential is its name.
CREATE FUNCTION voiceagent.rotate_credential(provider_account_id bigint, credential text, new_value text,
	overlap interval DEFAULT '1 day')
	RETURNS timestamptz
	LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
	PERFORM voiceagent_private.hide_query('rotate_credential');
	PERFORM voiceagent_private.fail_if(credential IS NULL, 'PT422', 'the credential must be named');
	RETURN voiceagent_private.rotate(provider_account_id, credential, new_value, overlap, 'rotate_credential');
END
$$;
COMMENT ON FUNCTION voiceagent.rotate_credential(bigint, text, text, interval) IS
	E'Gives one credential of a carrier account a new value, without a gap.\n'
	'Where webhooks are verified with it, the value before stays good for overlap (0 to 30 days), and the result says '
	'until when; any other is sent from now on, and tested. Only for owners (PT403); PT404, PT409 for a sandbox '
	'account or while an earlier secret is still being retired, PT422.';

CREATE FUNCTION voiceagent.rotate_webhook_secret(provider_account_id bigint, new_secret text DEFAULT NULL,
	overlap interval DEFAULT '1 day')
	RETURNS timestamptz
	LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
	PERFORM voiceagent_private.hide_query('rotate_webhook_secret');
	RETURN voiceagent_private.rotate(provider_account_id, NULL, new_secret, overlap, 'rotate_webhook_secret');
END
$$;
COMMENT ON FUNCTION voiceagent.rotate_webhook_secret(bigint, text, interval) IS
	E'Gives a carrier account a new webhook secret, as rotate_credential() does, and returns until when the one '
	'before is good.\n'
	'new_secret: NULL makes one, where each call carries it to the carrier; else change it at the carrier within '
	'overlap (0 to 30 days). Only for owners (PT403); PT404, PT409 for a sandbox account or while an earlier one '
	'is still being retired, PT422.';

CREATE FUNCTION voiceagent.retire_webhook_secret(provider_account_id bigint) RETURNS void
	LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent_private.writer_tenant('owner');
BEGIN
	UPDATE voiceagent.provider_accounts a SET old_webhook_secret_until = NULL
	WHERE a.tenant_id = v_tenant AND a.provider_account_id = retire_webhook_secret.provider_account_id;
	PERFORM voiceagent_private.fail_if(NOT FOUND, 'PT404', 'there is no such provider account');
	DELETE FROM voiceagent_private.secrets s
	WHERE s.tenant_id = v_tenant AND s.name = 'provider_account:' || provider_account_id || ':old_webhook_secret';
	PERFORM voiceagent_private.audit('retire_webhook_secret', 'provider account ' || provider_account_id, NULL, NULL);
	PERFORM voiceagent_private.poke('gateway');
END
$$;
COMMENT ON FUNCTION voiceagent.retire_webhook_secret(bigint) IS
	E'Ends the overlap of rotate_credential() now: the secret before no longer signs webhooks (at '
	'once), and is deleted.\n'
	'For owners; PT404.';
