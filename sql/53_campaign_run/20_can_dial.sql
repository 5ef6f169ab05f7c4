/*
 * 53_campaign_run: whether a carrier account, as it is configured, could place a
 * call at all.  This is checked before any dial, since each dial through an
 * account that cannot would fail and cost its lead an attempt.
 */

CREATE FUNCTION voiceagent_private.arrivals_a_day(campaign voiceagent.campaigns) RETURNS bigint
	LANGUAGE plpgsql STABLE SET planner.policy = by_key AS $$
DECLARE
	v_intakes bigint := (SELECT sum(i.daily_limit) FROM voiceagent.intakes i
		WHERE i.tenant_id = campaign.tenant_id AND i.campaign_id = campaign.campaign_id AND i.active);
BEGIN
	RETURN CASE WHEN EXISTS (SELECT FROM voiceagent.follow_ups f
			WHERE f.tenant_id = campaign.tenant_id AND f.target_campaign_id = campaign.campaign_id)
		OR EXISTS (SELECT FROM voiceagent.audiences a
			WHERE a.tenant_id = campaign.tenant_id AND a.campaign_id = campaign.campaign_id)
		OR EXISTS (SELECT FROM voiceagent_private.sequence_targets t
			WHERE t.tenant_id = campaign.tenant_id AND t.campaign_id = campaign.campaign_id)
		THEN coalesce(v_intakes, 0)
			+ (voiceagent_private.resolve_setting('arrivals_a_day', campaign.settings)).value::bigint
		ELSE v_intakes END;
END
$$;
COMMENT ON FUNCTION voiceagent_private.arrivals_a_day(voiceagent.campaigns) IS
	E'How many leads a day may come to a campaign by themselves: daily_limit of its intakes, and arrivals_a_day where '
	'a follow-up, a sequence or an audience leads to it.\n'
	'NULL: none do; else it may start before it has any.';

CREATE FUNCTION voiceagent_private.account_lacks(account voiceagent.provider_accounts, pooled boolean DEFAULT false)
	RETURNS text
	LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_caller record;
	v_why text;
BEGIN
	SELECT o.from_number, o.from_number_id INTO v_caller
	FROM voiceagent_private.own_caller(account.tenant_id, account.provider_account_id, account.settings) o;
	-- The carrier's driver builds a request that is not sent: what prevents this one prevents every call. The numbers
	-- are in two parts, because an error quotes the statement in the log, where no number may appear.
	PERFORM voiceagent_private.build_call_request(account.provider, jsonb_strip_nulls(jsonb_build_object(
		'carrier', jsonb_build_object('settings', account.settings,
			'credentials', CASE account.provider WHEN 'sandbox' THEN jsonb '{"api_key": "****"}' END,
			'base_url', coalesce(account.base_url, 'https://carrier.example')),
		'assistant', '{"name": "-", "first_message": "-", "system_prompt": "-", "voice": "-", "model": "-", '
			'"language": "en-US", "settings": {}}'::jsonb,
		'variables', '{}'::jsonb,
		'from_number', CASE WHEN pooled THEN '+1212555' || '0100' ELSE v_caller.from_number END,
		'from_number_id', CASE WHEN pooled THEN '00000000-0000-0000-0000-000000000000' ELSE v_caller.from_number_id END,
		'to_number', '+1212555' || '0199', 'attempt_ref', 'va-0-0-00000000', 'server_url',
		'https://calls.example/webhooks/x',
		'machine_detection', 'off', 'ring_timeout_s', 30, 'max_duration_s', 60, 'record', false)));
	RETURN NULL;
EXCEPTION WHEN SQLSTATE 'PT422' THEN
	GET STACKED DIAGNOSTICS v_why = PG_EXCEPTION_DETAIL;
	RETURN regexp_replace(coalesce(nullif(v_why, ''), SQLERRM), '^Reason: |\.$', '', 'g');
END
$$;
COMMENT ON FUNCTION voiceagent_private.account_lacks(voiceagent.provider_accounts, boolean) IS
	E'Why the carrier''s request for a call cannot be made with this account (no number to call from, nothing to '
	'say), in words; NULL: it can.\n'
	'pooled: the number comes from a campaign''s pool.';

CREATE FUNCTION voiceagent_private.require_dialable_account(account voiceagent.provider_accounts) RETURNS void
	LANGUAGE plpgsql STABLE AS $$
DECLARE
	v_lacks text;
BEGIN
	PERFORM voiceagent_private.fail_if(account.provider <> 'sandbox' AND account.armed_at IS NULL, 'PT409',
		'the provider account is not armed', 'It dials nobody.',
		'Ask the platform to arm() it, or test on the sandbox.');
	PERFORM voiceagent_private.fail_if(voiceagent_private.lacks_public_url(account.provider), 'PT409',
		'voiceagent.public_base_url is not set', 'The carrier could not tell of the call.',
		'Ask the platform to set it, or test on the sandbox.');
	v_lacks := voiceagent_private.account_lacks(account);
	PERFORM voiceagent_private.fail_if(v_lacks IS NOT NULL, 'PT409', 'the provider account cannot place calls',
		initcap(left(v_lacks, 1)) || substr(v_lacks, 2) || '.', 'update_provider_account() gives it what it lacks.');
END
$$;
COMMENT ON FUNCTION voiceagent_private.require_dialable_account(voiceagent.provider_accounts) IS
	'PT409 with the reason if an account cannot place a single call now: not armed, no public URL, no '
	'number, nothing to say.';

CREATE FUNCTION voiceagent_private.require_caller_number(campaign_id bigint) RETURNS void LANGUAGE plpgsql STABLE AS $$
DECLARE
	v record;
BEGIN
	SELECT a.name, a.provider, x.lacks INTO v
	FROM unnest(voiceagent_private.accounts_of_campaign(require_caller_number.campaign_id)) WITH ORDINALITY AS i(id,
		position)
	JOIN voiceagent.provider_accounts a ON a.tenant_id = voiceagent.current_tenant() AND a.provider_account_id = i.id
	CROSS JOIN LATERAL (SELECT voiceagent_private.account_lacks(a, EXISTS (SELECT FROM voiceagent.campaign_numbers m
			JOIN voiceagent.phone_numbers n ON n.tenant_id = m.tenant_id AND n.phone_number_id = m.phone_number_id
			WHERE m.tenant_id = voiceagent.current_tenant() AND m.campaign_id = require_caller_number.campaign_id
				AND n.provider_account_id = a.provider_account_id AND n.state = 'ready' AND n.is_active)) AS lacks
		OFFSET 0) x
	-- A simulated world has the accounts, but not their numbers.
	WHERE a.active AND x.lacks IS NOT NULL AND NOT voiceagent_private.simulating() ORDER BY i.position LIMIT 1;
	PERFORM voiceagent_private.fail_if(FOUND, 'PT409', 'the campaign''s provider account cannot place calls',
		format('Account "%s": %s.', v.name, v.lacks),
		'update_provider_account() gives it what it lacks; set_campaign_numbers() gives the campaign numbers.');
END
$$;
COMMENT ON FUNCTION voiceagent_private.require_caller_number(bigint) IS
	'PT409 with the reason if an active account of a campaign of the current tenant could not place a single call, '
	'not even with the campaign''s pool.';

CREATE FUNCTION voiceagent_private.warn_numberless(provider_account_id bigint) RETURNS void
	LANGUAGE plpgsql VOLATILE AS $$
DECLARE
	v_lacks text;
BEGIN
	SELECT voiceagent_private.account_lacks(a) INTO v_lacks FROM voiceagent.provider_accounts a
	WHERE a.tenant_id = voiceagent.current_tenant() AND a.provider_account_id = warn_numberless.provider_account_id;
	IF v_lacks IS NOT NULL THEN
		RAISE NOTICE 'the account cannot place calls yet'
			USING DETAIL = initcap(left(v_lacks, 1)) || substr(v_lacks, 2) || '.',
			HINT = 'update_provider_account() gives it what it lacks; the view providers lists the settings.';
	END IF;
END
$$;
COMMENT ON FUNCTION voiceagent_private.warn_numberless(bigint) IS
	'A NOTICE that says what an account that has just been made lacks to place calls: it may still '
	'buy or import a number.';
