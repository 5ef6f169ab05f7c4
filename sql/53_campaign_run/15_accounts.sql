/*
 * 53_campaign_run: which carrier accounts a campaign dials through: a list to
 * fall back on, and the switch of a running campaign to another account.
 *
 * campaigns.provider_account_id is the one column that members may UPDATE.
 * The statement's trigger takes the campaigns as everybody does before any row
 * is locked; the row's trigger, when the row is written, judges the account
 * and puts the change in force.  Calls that are live keep the account that
 * placed them: whatever comes of them comes in by that one.
 */

CREATE FUNCTION voiceagent_private.require_fallback_account(campaign voiceagent.campaigns, provider_account_id bigint)
	RETURNS void
	LANGUAGE plpgsql STABLE AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	v_account voiceagent.provider_accounts;
	v_real boolean;
BEGIN
	SELECT * INTO v_account FROM voiceagent.provider_accounts a
	WHERE a.tenant_id = v_tenant AND a.provider_account_id = require_fallback_account.provider_account_id;
	PERFORM voiceagent_private.fail_if(NOT FOUND, 'PT404', 'no such provider account', NULL,
		'create_provider_account() makes one.');
	PERFORM voiceagent_private.fail_if(NOT v_account.active, 'PT409',
		format('provider account %s is not active', v_account.provider_account_id), NULL,
		'Activate it with update_provider_account().');
	SELECT a.provider <> 'sandbox' INTO v_real FROM voiceagent.provider_accounts a
	WHERE a.tenant_id = v_tenant AND a.provider_account_id = campaign.provider_account_id;
	PERFORM voiceagent_private.fail_if(v_real <> (v_account.provider <> 'sandbox'), 'PT409',
		'a campaign dials through real carriers or through the sandbox, not through both',
		format('Account %s is %s, the campaign %s.', v_account.provider_account_id,
			CASE WHEN v_real THEN 'the sandbox' ELSE 'a real carrier' END,
			CASE WHEN v_real THEN 'calls real people under the law' ELSE 'is a rehearsal' END),
		'update_campaign() takes a campaign without fallback accounts from the one to the other.');
END
$$;
COMMENT ON FUNCTION voiceagent_private.require_fallback_account(voiceagent.campaigns, bigint) IS
	'Raises unless the campaign may dial through this carrier account beside its own: PT404, PT409 (not active; the '
	'one real, the other the sandbox).';

CREATE FUNCTION voiceagent_private.sync_fallback_accounts(campaign voiceagent.campaigns) RETURNS void
	LANGUAGE plpgsql VOLATILE AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
BEGIN
	DELETE FROM voiceagent.campaign_accounts b
	WHERE b.tenant_id = v_tenant AND b.campaign_id = campaign.campaign_id
		AND b.provider_account_id = campaign.provider_account_id;
	IF EXISTS (SELECT FROM voiceagent.campaign_accounts b
		JOIN voiceagent.provider_accounts o ON o.tenant_id = v_tenant AND o.provider_account_id = b.provider_account_id
		JOIN voiceagent.provider_accounts a ON a.tenant_id = v_tenant
			AND a.provider_account_id = campaign.provider_account_id
		WHERE b.tenant_id = v_tenant AND b.campaign_id = campaign.campaign_id
			AND (o.provider = 'sandbox') <> (a.provider = 'sandbox')) THEN
		PERFORM voiceagent_private.fail('PT409',
			'a campaign dials through real carriers or through the sandbox, not through both',
			'It falls back on accounts of the other kind.', 'Give it a list of one kind with set_campaign_accounts().');
	END IF;
END
$$;
COMMENT ON FUNCTION voiceagent_private.sync_fallback_accounts(voiceagent.campaigns) IS
	'After a campaign has got another account of its own: takes that one off the list to fall back on; PT409 if the '
	'list is of the other kind (real, sandbox).';

CREATE FUNCTION voiceagent_private.switched_account(campaign voiceagent.campaigns, old_account bigint) RETURNS void
	LANGUAGE plpgsql VOLATILE AS $$
BEGIN
	PERFORM voiceagent_private.sync_fallback_accounts(campaign);
	-- A confirmation that real people are called need not be repeated for the same people.
	UPDATE voiceagent.campaign_confirmations f SET provider_account_id = campaign.provider_account_id
	WHERE f.tenant_id = voiceagent.current_tenant() AND f.campaign_id = campaign.campaign_id
		AND f.provider_account_id = old_account;
	PERFORM voiceagent_private.put_in_force(campaign, true);
	PERFORM voiceagent_private.forget_account_trouble(ARRAY[campaign.campaign_id]);
	PERFORM voiceagent_private.suspend_unconfirmed(campaign.campaign_id);
	PERFORM voiceagent_private.log_event('campaign_switched', campaign.campaign_id, NULL, NULL,
		jsonb_build_object('from_account', old_account, 'to_account', campaign.provider_account_id));
	PERFORM voiceagent_private.audit('switch_account', 'campaign ' || campaign.campaign_id, to_jsonb(old_account),
		to_jsonb(campaign.provider_account_id));
END
$$;
COMMENT ON FUNCTION voiceagent_private.switched_account(voiceagent.campaigns, bigint) IS
	E'Puts the switch of a campaign, which the caller has locked, from one carrier account to another of its kind '
	'in force: a new version if the driver differs, the confirmation goes along, what it waited for at the old '
	'account is forgotten.\n'
	'Event campaign_switched.';

CREATE FUNCTION voiceagent_private.lock_switch() RETURNS trigger
	LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
	-- The platform may do this for any tenant, then row by row.
	IF voiceagent_private.tenant_or_null() IS NOT NULL THEN
		PERFORM voiceagent_private.writer_tenant();
		PERFORM voiceagent_private.lock_campaigns(NULL);
	END IF;
	RETURN NULL;
END
$$;
COMMENT ON FUNCTION voiceagent_private.lock_switch() IS
	'Trigger before an UPDATE of campaigns.provider_account_id: takes the tenant''s campaigns in the order of locks.';

CREATE FUNCTION voiceagent_private.switch_account() RETURNS trigger
	LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_acting boolean := voiceagent_private.tenant_or_null() IS DISTINCT FROM NEW.tenant_id;
	v_was bigint;
BEGIN
	IF v_acting THEN
		v_was := voiceagent_private.set_tenant(NEW.tenant_id);
	END IF;
	PERFORM voiceagent_private.fail_if(NEW.type IN ('test', 'direct'), 'PT409',
		'test_call() and call_now() choose the account of their own campaigns');
	PERFORM voiceagent_private.require_fallback_account(OLD, NEW.provider_account_id);
	PERFORM voiceagent_private.switched_account(NEW, OLD.provider_account_id);
	PERFORM voiceagent_private.require_usable_accounts(ARRAY[NEW.campaign_id]);
	IF v_acting THEN
		PERFORM voiceagent_private.set_tenant(v_was);
	END IF;
	RETURN NULL;
END
$$;
COMMENT ON FUNCTION voiceagent_private.switch_account() IS
	'Trigger after an UPDATE of campaigns.provider_account_id by a member or the platform: '
	'require_fallback_account(), switched_account(), require_usable_accounts().';

-- Our own functions, which run as the owner, have locked and checked before they write.
CREATE TRIGGER lock_switch BEFORE UPDATE OF provider_account_id ON voiceagent.campaigns
	FOR EACH STATEMENT WHEN (current_user <> 'voiceagent_owner') EXECUTE FUNCTION voiceagent_private.lock_switch();
CREATE TRIGGER switch_account AFTER UPDATE OF provider_account_id ON voiceagent.campaigns
	FOR EACH ROW
		WHEN (OLD.provider_account_id IS DISTINCT FROM NEW.provider_account_id AND current_user <> 'voiceagent_owner')
	EXECUTE FUNCTION voiceagent_private.switch_account();
GRANT UPDATE (provider_account_id) ON voiceagent.campaigns TO voiceagent_user;

CREATE FUNCTION voiceagent.set_campaign_accounts(campaign_id bigint, provider_account_ids bigint[]) RETURNS integer
	LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent_private.writer_tenant();
	v_campaign voiceagent.campaigns;
	v_ids bigint[] := provider_account_ids;
	v_before bigint[];
	v_old bigint;
	v_id bigint;
BEGIN
	PERFORM voiceagent_private.lock_campaigns(NULL);
	v_campaign := voiceagent_private.lock_campaign(campaign_id);
	PERFORM voiceagent_private.fail_if(coalesce(cardinality(v_ids), 0) NOT BETWEEN 1 AND 10 OR array_ndims(v_ids) <> 1
		OR array_position(v_ids, NULL) IS NOT NULL, 'PT422', 'a campaign has 1 to 10 carrier accounts', NULL,
		'The first is the campaign''s own.');
	PERFORM voiceagent_private.fail_if(cardinality(v_ids) <> (SELECT count(DISTINCT i) FROM unnest(v_ids) i), 'PT422',
		'an account stands twice in the list');
	PERFORM voiceagent_private.fail_if(v_campaign.type IN ('test', 'direct'), 'PT409',
		'test_call() and call_now() choose the account of their own campaigns');
	v_before := voiceagent_private.accounts_of_campaign(campaign_id);
	FOREACH v_id IN ARRAY v_ids LOOP
		PERFORM voiceagent_private.require_fallback_account(v_campaign, v_id);
	END LOOP;
	DELETE FROM voiceagent.campaign_accounts b WHERE b.tenant_id = v_tenant AND b.campaign_id = v_campaign.campaign_id;
	INSERT INTO voiceagent.campaign_accounts (tenant_id, campaign_id, position, provider_account_id)
	SELECT v_tenant, v_campaign.campaign_id, i.position - 1, i.id FROM unnest(v_ids) WITH ORDINALITY AS i(id, position)
	WHERE i.position > 1;
	v_old := v_campaign.provider_account_id;
	IF v_ids[array_lower(v_ids, 1)] <> v_old THEN
		v_campaign.provider_account_id := v_ids[array_lower(v_ids, 1)];
		PERFORM voiceagent_private.switched_account(v_campaign, v_old);
	END IF;
	PERFORM voiceagent_private.require_usable_accounts(ARRAY[v_campaign.campaign_id]);
	-- A campaign that waited for its former accounts now looks at the new ones.
	UPDATE voiceagent_private.pacing p SET next_dial_at = least(p.next_dial_at, voiceagent.clock() + w.call_interval)
	FROM voiceagent.campaign_versions w
	WHERE p.tenant_id = v_tenant AND p.campaign_id = v_campaign.campaign_id AND p.suspended IS NULL
		AND w.tenant_id = v_tenant AND w.campaign_id = p.campaign_id AND w.version = v_campaign.version;
	PERFORM voiceagent_private.audit('set_campaign_accounts', 'campaign ' || v_campaign.campaign_id, to_jsonb(v_before),
		to_jsonb(v_ids));
	PERFORM voiceagent_private.poke('dialer');
	RETURN cardinality(v_ids);
END
$$;
COMMENT ON FUNCTION voiceagent.set_campaign_accounts(bigint, bigint[]) IS
	E'Sets the carrier accounts of a campaign, also while it runs, and returns how many there are.\n'
	'The first is the campaign''s own; it falls back on the others (at most 9) in this order when one may not dial. '
	'It raises PT404; PT409 for an account that is not active, or real carriers and the sandbox in one list; PT422 '
	'for one that could not say or hear what a campaign that runs has to.';
