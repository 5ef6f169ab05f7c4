-- 54_account: what the carrier itself says of an account: is it alive, whose is it, what is left on it.

CREATE FUNCTION voiceagent_private.accepts_any_network(account voiceagent.provider_accounts) RETURNS boolean
	LANGUAGE sql STABLE
	RETURN account.settings ->> 'webhook_peers' = 'any'
		AND (SELECT f.proof FROM voiceagent_private.driver_facts(account.provider) f) = 'peer';
COMMENT ON FUNCTION voiceagent_private.accepts_any_network(voiceagent.provider_accounts) IS
	'Whether webhooks of an account, whose carrier does not sign them, are heard from any network: then their URL is '
	'all that keeps strangers out.';

CREATE FUNCTION voiceagent_private.on_account_checked(provider_request voiceagent.provider_requests) RETURNS void
	LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_rotated boolean := provider_request.request_data ? 'rotated';
	v_ok boolean := provider_request.state = 'done';
	v_ref text := provider_request.result ->> 'account_ref';
	v_words text := coalesce(provider_request.result ->> 'message', provider_request.error);
	v_same boolean;
	v voiceagent.provider_accounts;
	v_tenant bigint;
BEGIN
	IF v_rotated THEN
		-- Its campaigns come before it, as those who dial take them.
		PERFORM voiceagent_private.lock_campaigns(provider_request.provider_account_id);
	END IF;
	SELECT * INTO v FROM voiceagent.provider_accounts a
	WHERE a.tenant_id = provider_request.tenant_id AND a.provider_account_id = provider_request.provider_account_id
	FOR NO KEY UPDATE;
	IF NOT FOUND OR v.tested_at > provider_request.done_at THEN
		RETURN;
	END IF;
	v_same := v_ref = v.account_ref;
	IF v_ok AND v_same IS FALSE THEN
		v_ok := false;
		v_words := 'the carrier answers for another account than at the test before';
	END IF;
	IF voiceagent_private.accepts_any_network(v) THEN
		v_words := concat_ws('; ', v_words, 'webhook_peers is any: whoever knows the URL of its webhooks is heard');
	END IF;
	UPDATE voiceagent.provider_accounts a
	SET tested_at = provider_request.done_at, test_result = CASE WHEN v_ok THEN 'ok' ELSE 'failed' END,
		test_message = left(concat_ws('; ', v_words,
				CASE WHEN v_ok THEN 'it cannot place calls yet: ' || voiceagent_private.account_lacks(v) END), 1000),
		account_ref = CASE WHEN v_ok THEN coalesce(v_ref, a.account_ref) ELSE a.account_ref END
	WHERE a.tenant_id = provider_request.tenant_id AND a.provider_account_id = provider_request.provider_account_id;
	IF v_ok AND provider_request.result ? 'balance' THEN
		PERFORM voiceagent_private.on_balance_fetched(provider_request);
	END IF;
	IF v_rotated AND v.resumes_at IS NOT NULL AND v.trouble = voiceagent_private.rotation_trouble() THEN
		-- It has rested for this answer: the new key opens the same account, or it is armed anew.
		UPDATE voiceagent.provider_accounts a
		SET resumes_at = NULL, trouble = CASE WHEN v_ok AND v_same THEN NULL ELSE left('the new credential was not '
			'proven to be of the same account: ' || coalesce(v_words, 'the carrier does not name it'), 500) END,
			armed_at = CASE WHEN v_ok AND v_same THEN a.armed_at END
		WHERE a.tenant_id = provider_request.tenant_id AND a.provider_account_id = provider_request.provider_account_id;
		v_tenant := voiceagent.current_tenant();
		PERFORM voiceagent_private.resume_suspended(NULL, provider_request.provider_account_id);
		UPDATE voiceagent_private.pacing p SET next_dial_at = '-infinity'
		FROM voiceagent.campaigns c
		WHERE c.tenant_id = v_tenant
			AND c.campaign_id = ANY (voiceagent_private.campaigns_of_account(provider_request.provider_account_id))
			AND c.status = 'running' AND p.tenant_id = v_tenant AND p.campaign_id = c.campaign_id
				AND p.suspended IS NULL;
		PERFORM voiceagent_private.poke('dialer', 'provider_requests');
	END IF;
END
$$;
COMMENT ON FUNCTION voiceagent_private.on_account_checked(voiceagent.provider_requests) IS
	E'A check_account provider request has ended: its time, result and the carrier''s words are noted; another '
	'account than before is a failure.\n'
	'After rotate_credential() it decides whether the account stays armed.';

CREATE FUNCTION voiceagent_private.rotation_trouble() RETURNS text
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
	RETURN 'its new credential is being tested';
COMMENT ON FUNCTION voiceagent_private.rotation_trouble() IS
	'Why an account rests after rotate_credential(), until the carrier has said whose the new credential is.';

CREATE FUNCTION voiceagent_private.on_balance_fetched(provider_request voiceagent.provider_requests) RETURNS void
	LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
	UPDATE voiceagent.provider_accounts a
	SET balance = (provider_request.result ->> 'balance')::numeric,
		balance_currency = provider_request.result ->> 'currency', balance_at = provider_request.done_at
	WHERE a.tenant_id = provider_request.tenant_id AND a.provider_account_id = provider_request.provider_account_id
		AND provider_request.state = 'done' AND provider_request.result ? 'balance'
		AND coalesce(a.balance_at <= provider_request.done_at, true);
END
$$;
COMMENT ON FUNCTION voiceagent_private.on_balance_fetched(voiceagent.provider_requests) IS
	'Notes the balance that a carrier has reported, unless a later one is known.';
INSERT INTO voiceagent_private.provider_request_handlers (kind, handler) VALUES
	('check_account', 'on_account_checked'), ('balance', 'on_balance_fetched');

CREATE FUNCTION voiceagent_private.request_account_check(account bigint, kind text) RETURNS bigint
	LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_provider_request bigint;
BEGIN
	-- One question at a time: whoever asks meanwhile waits for the same answer.
	SELECT e.provider_request_id INTO v_provider_request FROM voiceagent.provider_requests e
	WHERE e.tenant_id = voiceagent.current_tenant() AND e.provider_account_id = account
		AND e.kind = request_account_check.kind AND e.kind <> 'fetch_cost'
		AND e.state IN ('queued', 'sending') AND NOT e.request_data ? 'rotated'
	ORDER BY e.provider_request_id DESC LIMIT 1;
	RETURN coalesce(v_provider_request,
		voiceagent_private.enqueue_provider_request(account, request_account_check.kind));
END
$$;
COMMENT ON FUNCTION voiceagent_private.request_account_check(bigint, text) IS
	E'Has the carrier asked about an account of the current tenant (kind check_account or balance), unless that is on '
	'its way already -> provider_request_id.\n'
	'PT404, PT422.';

CREATE FUNCTION voiceagent.test_provider_account(provider_account_id bigint) RETURNS bigint
	LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
	PERFORM voiceagent_private.writer_tenant();
	RETURN voiceagent_private.request_account_check(provider_account_id, 'check_account');
END
$$;
COMMENT ON FUNCTION voiceagent.test_provider_account(bigint) IS
	E'Asks the carrier whether the account''s credentials are good and whose account it is; returns '
	'provider_request_id.\n'
	'provider_accounts has tested_at, test_result (ok, failed) and test_message a moment later; it does not dial '
	'and needs no arm(). For managers and owners; it raises PT404, PT422 where the carrier offers no such test.';

CREATE FUNCTION voiceagent.provider_balance(provider_account_id bigint, OUT balance numeric, OUT currency text,
	OUT as_of timestamptz)
	LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent_private.writer_tenant();
BEGIN
	SELECT a.balance, a.balance_currency, a.balance_at INTO balance, currency, as_of
	FROM voiceagent.provider_accounts a
	WHERE a.tenant_id = v_tenant AND a.provider_account_id = provider_balance.provider_account_id;
	PERFORM voiceagent_private.fail_if(NOT FOUND, 'PT404', 'there is no such provider account');
	IF as_of IS NULL OR as_of < voiceagent.clock() - voiceagent_private.setting_interval('balance_max_age') THEN
		PERFORM voiceagent_private.request_account_check(provider_account_id, 'balance');
	END IF;
END
$$;
COMMENT ON FUNCTION voiceagent.provider_balance(bigint) IS
	E'The balance of an account at its carrier, as last heard (NULL: never): balance in currency (ISO 4217), as_of.\n'
	'When that is older than the setting balance_max_age the carrier is asked, and a call a moment later shows the '
	'answer. For managers and owners; PT404, PT422 where the carrier tells no balance.';
