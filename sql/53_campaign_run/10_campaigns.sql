-- 53_campaign_run: making, filling and changing campaigns.

CREATE FUNCTION voiceagent_private.lock_campaign_row(campaign_id bigint, alone boolean) RETURNS voiceagent.campaigns
	LANGUAGE plpgsql VOLATILE AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	v_campaign voiceagent.campaigns;
BEGIN
	IF alone THEN
		PERFORM FROM voiceagent_private.pacing p
		WHERE p.tenant_id = v_tenant AND p.campaign_id = lock_campaign_row.campaign_id FOR UPDATE;
	ELSE
		PERFORM FROM voiceagent_private.pacing p
		WHERE p.tenant_id = v_tenant AND p.campaign_id = lock_campaign_row.campaign_id FOR NO KEY UPDATE;
	END IF;
	-- Read only under the lock: the transaction that held it may have changed the campaign.
	SELECT * INTO v_campaign FROM voiceagent.campaigns c
	WHERE c.tenant_id = v_tenant AND c.campaign_id = lock_campaign_row.campaign_id;
	PERFORM voiceagent_private.fail_if(NOT FOUND, 'PT404', 'no such campaign');
	RETURN v_campaign;
END
$$;
COMMENT ON FUNCTION voiceagent_private.lock_campaign_row(bigint, boolean) IS
	'The work of lock_campaign() (alone) and join_leads() (beside claims): locks the pacing row of a campaign of '
	'the current tenant, the two in one line as they come, and returns the campaign''s row; PT404.';

CREATE FUNCTION voiceagent_private.lock_campaign(campaign_id bigint) RETURNS voiceagent.campaigns
	LANGUAGE plpgsql VOLATILE AS $$
BEGIN
	RETURN voiceagent_private.lock_campaign_row(campaign_id, true);
END
$$;
COMMENT ON FUNCTION voiceagent_private.lock_campaign(bigint) IS
	'Takes a campaign of the current tenant for this transaction alone (its pacing row: it cannot be dialled, '
	'started or stopped meanwhile) and returns its row; PT404.';

CREATE FUNCTION voiceagent_private.require_not_archived(campaign voiceagent.campaigns) RETURNS void
	LANGUAGE plpgsql IMMUTABLE AS $$
BEGIN
	PERFORM voiceagent_private.fail_if(campaign.archived_at IS NOT NULL, 'PT409', 'the campaign is archived',
		format('Campaign %s (%s), since %s.', campaign.campaign_id, campaign.name, campaign.archived_at),
		format('unarchive_campaign(%s) takes it back into use.', campaign.campaign_id));
END
$$;
COMMENT ON FUNCTION voiceagent_private.require_not_archived(voiceagent.campaigns) IS
	'PT409 if a campaign has been put away by archive_campaign(): it takes no leads, changes or start.';

CREATE FUNCTION voiceagent_private.make_campaign(name text, assistant_id bigint, type text, settings jsonb,
	launch_key text) RETURNS voiceagent.campaigns LANGUAGE plpgsql VOLATILE AS $$
DECLARE
	v_campaign voiceagent.campaigns;
	v_pool bigint[];
BEGIN
	v_campaign.settings := jsonb_strip_nulls(voiceagent_private.check_campaign_settings(settings));
	v_pool := voiceagent_private.pool_in_settings(settings);
	v_campaign := voiceagent_private.apply_reserved_settings(v_campaign,
		jsonb_build_object('name', name, 'type', type) || settings
		|| CASE WHEN assistant_id IS NULL THEN '{}' ELSE jsonb_build_object('assistant_id', assistant_id) END);
	PERFORM voiceagent_private.require_script_settings(v_campaign);
	PERFORM voiceagent_private.require_before_dial(v_campaign.settings);
	PERFORM voiceagent_private.require_lookups(v_campaign.settings);
	INSERT INTO voiceagent.campaigns AS c (tenant_id, name, description, type, assistant_id, provider_account_id,
		settings, starts_at, expires_at, idempotency_key, created_at)
	VALUES (voiceagent.current_tenant(), v_campaign.name, v_campaign.description, v_campaign.type,
		v_campaign.assistant_id, v_campaign.provider_account_id, v_campaign.settings, v_campaign.starts_at,
		v_campaign.expires_at, launch_key, voiceagent.clock())
	ON CONFLICT (tenant_id, idempotency_key) DO NOTHING
	RETURNING * INTO v_campaign;
	IF NOT FOUND THEN
		RETURN NULL;
	END IF;
	INSERT INTO voiceagent_private.pacing (tenant_id, campaign_id, sandbox)
	VALUES (v_campaign.tenant_id, v_campaign.campaign_id,
		voiceagent_private.is_sandbox(v_campaign.provider_account_id));
	v_campaign.version := voiceagent_private.write_campaign_version(v_campaign, false);
	PERFORM voiceagent_private.write_pool(v_campaign.campaign_id, v_pool);
	PERFORM voiceagent_private.log_event('campaign_created', v_campaign.campaign_id, NULL, NULL,
		jsonb_build_object('name', v_campaign.name));
	RETURN v_campaign;
END
$$;
COMMENT ON FUNCTION voiceagent_private.make_campaign(text, bigint, text, jsonb, text) IS
	'The work of create_campaign() and launch_campaign(); NULL when the idempotency key is taken.';

CREATE FUNCTION voiceagent_private.make_copy(original voiceagent.campaigns, name text, settings jsonb,
	launch_key text) RETURNS voiceagent.campaigns LANGUAGE plpgsql VOLATILE AS $$
DECLARE
	v_copy voiceagent.campaigns;
	v_message text;
	v_detail text;
	v_hint text;
BEGIN
	PERFORM voiceagent_private.require_campaign_name(name);
	BEGIN
		v_copy := voiceagent_private.make_campaign(name, original.assistant_id, original.type, settings, launch_key);
	EXCEPTION WHEN SQLSTATE 'PT404' OR SQLSTATE 'PT422' THEN
		GET STACKED DIAGNOSTICS v_message = MESSAGE_TEXT, v_detail = PG_EXCEPTION_DETAIL, v_hint = PG_EXCEPTION_HINT;
		PERFORM voiceagent_private.fail(SQLSTATE, format('campaign %s cannot be copied as it is: %s',
			original.campaign_id, v_message), v_detail, concat_ws(' ', nullif(v_hint, ''),
			format('Or change it first: update_campaign(%s, ...).', original.campaign_id)));
	END;
	-- A rest for abandoned calls is not ended by another name for the campaign.
	UPDATE voiceagent_private.pacing p SET rests_until = o.rests_until, rest_reason = o.rest_reason
	FROM voiceagent_private.pacing o
	WHERE o.tenant_id = original.tenant_id AND o.campaign_id = original.campaign_id
		AND o.rests_until > voiceagent.clock()
		AND p.tenant_id = original.tenant_id AND p.campaign_id = v_copy.campaign_id;
	RETURN v_copy;
END
$$;
COMMENT ON FUNCTION voiceagent_private.make_copy(voiceagent.campaigns, text, jsonb, text) IS
	E'make_campaign() of a campaign''s assistant and type with these settings.\n'
	'Its errors say that what the original names is gone, and what to do; its rest holds for the copy.';

CREATE FUNCTION voiceagent_private.require_launchable_type(type text, settings jsonb) RETURNS void
	LANGUAGE plpgsql IMMUTABLE AS $$
BEGIN
	PERFORM voiceagent_private.fail_if(type = 'test' OR settings -> 'type' = '"test"', 'PT422',
		'a campaign of type test is made, and filled, by test_call() alone', NULL,
		'To try a campaign out, leave it on the sandbox.');
	PERFORM voiceagent_private.fail_if(type = 'direct' OR settings -> 'type' = '"direct"', 'PT422',
		'a campaign of type direct is made, and filled, by call_now() alone', NULL,
		'Choose another type for a campaign of many leads.');
END
$$;
COMMENT ON FUNCTION voiceagent_private.require_launchable_type(text, jsonb) IS
	'PT422 if a campaign is to be, or is, of type test or direct: these need no confirmation, since each of their '
	'calls is asked for by itself.';

CREATE FUNCTION voiceagent.create_campaign(name text, assistant_id bigint, type text DEFAULT 'sales',
	settings jsonb DEFAULT '{}') RETURNS bigint
	LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_campaign voiceagent.campaigns;
BEGIN
	PERFORM voiceagent_private.writer_tenant();
	settings := voiceagent_private.flat_settings(settings);
	PERFORM voiceagent_private.require_launchable_type(type, settings);
	v_campaign :=
		voiceagent_private.make_campaign(name, assistant_id, coalesce(type, 'sales'), coalesce(settings, '{}'), NULL);
	RETURN v_campaign.campaign_id;
END
$$;
COMMENT ON FUNCTION voiceagent.create_campaign(text, bigint, text, jsonb) IS
	E'Makes a campaign (status draft) and returns its id.\n'
	'type: sales, marketing, follow_up or recruitment; settings: settings of level campaign (view settings), '
	'description, starts_at, expires_at, provider_account_id or provider_account (its name), phone_number_ids or '
	'phone_numbers (the pool). It raises PT422 for an unknown key or a bad value, PT404 for an unknown assistant, '
	'account or number.';

CREATE FUNCTION voiceagent_private.put_in_force(campaign voiceagent.campaigns, keep_assistant boolean) RETURNS integer
	LANGUAGE plpgsql VOLATILE AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	v_now timestamptz := voiceagent.clock();
	v_version integer;
	v_interval interval;
BEGIN
	-- Lanes come before campaigns in the order of locks.
	PERFORM FROM voiceagent_private.lanes l
	WHERE l.tenant_id = v_tenant AND l.campaign_id = campaign.campaign_id ORDER BY l.lane_id FOR NO KEY UPDATE;
	v_version := voiceagent_private.write_campaign_version(campaign, keep_assistant);
	SELECT v.call_interval INTO v_interval FROM voiceagent.campaign_versions v
	WHERE v.tenant_id = v_tenant AND v.campaign_id = campaign.campaign_id AND v.version = v_version;
	-- A changed setting changes lanes, never the leads that wait in them.
	PERFORM voiceagent_private.recompute_campaign_lanes(campaign.campaign_id, v_version, campaign.status = 'running'
		AND (SELECT t.active FROM voiceagent.tenants t WHERE t.tenant_id = v_tenant), v_now);
	UPDATE voiceagent_private.pacing p
	SET next_dial_at = CASE WHEN p.suspended IS NULL OR voiceagent_private.passes_by_itself(p.suspended) THEN
		least(p.next_dial_at, v_now + v_interval) ELSE p.next_dial_at END,
		starts_at = CASE campaign.status WHEN 'scheduled' THEN campaign.starts_at END,
		sandbox = voiceagent_private.is_sandbox(campaign.provider_account_id)
	WHERE p.tenant_id = v_tenant AND p.campaign_id = campaign.campaign_id;
	PERFORM voiceagent_private.set_expiry(campaign, v_version, campaign.started_at);
	UPDATE voiceagent.campaigns c
	SET name = campaign.name, description = campaign.description, type = campaign.type,
		assistant_id = campaign.assistant_id,
		settings = campaign.settings, starts_at = campaign.starts_at,
		expires_at = campaign.expires_at,
		experiment = CASE WHEN NOT campaign.experiment ? 'winner' THEN campaign.experiment END,
		version = v_version
	WHERE c.tenant_id = v_tenant AND c.campaign_id = campaign.campaign_id;
	-- Apart from the rest, and only if needed: this column has triggers that lock all campaigns of the tenant even
	-- when no row changes.
	IF EXISTS (SELECT FROM voiceagent.campaigns c
		WHERE c.tenant_id = v_tenant AND c.campaign_id = campaign.campaign_id
			AND c.provider_account_id <> campaign.provider_account_id) THEN
		UPDATE voiceagent.campaigns c SET provider_account_id = campaign.provider_account_id
		WHERE c.tenant_id = v_tenant AND c.campaign_id = campaign.campaign_id;
	END IF;
	PERFORM voiceagent_private.request_best_times(campaign.campaign_id);
	IF campaign.status = 'running' THEN
		PERFORM voiceagent_private.begin_scripts(v.campaign_id, v.settings),
			voiceagent_private.begin_dial_asks(v.campaign_id, v.settings) FROM voiceagent.campaign_versions v
		WHERE v.tenant_id = v_tenant AND v.campaign_id = campaign.campaign_id AND v.version = v_version;
	END IF;
	PERFORM voiceagent_private.poke('dialer', 'schedules');
	RETURN v_version;
END
$$;
COMMENT ON FUNCTION voiceagent_private.put_in_force(voiceagent.campaigns, boolean) IS
	'Writes a changed row of a campaign that the caller has locked, its version (if anything in it differs; '
	'keep_assistant as for write_campaign_version()), its lanes'' windows and its pace; returns the version''s number.';

CREATE FUNCTION voiceagent.update_campaign(campaign_id bigint, settings jsonb) RETURNS integer
	LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_old voiceagent.campaigns;
	v_new voiceagent.campaigns;
	v_keep boolean;
	v_version integer;
	v_pool bigint[];
BEGIN
	PERFORM voiceagent_private.writer_tenant();
	settings := voiceagent_private.flat_settings(settings);
	v_pool := voiceagent_private.pool_in_settings(settings);
	v_old := voiceagent_private.lock_campaign(campaign_id);
	PERFORM voiceagent_private.require_not_archived(v_old);
	PERFORM voiceagent_private.require_launchable_type(v_old.type, settings);
	v_new := v_old;
	v_new.settings := jsonb_strip_nulls(v_old.settings || voiceagent_private.check_campaign_settings(settings));
	IF settings -> 'starts_at' = 'null' THEN
		PERFORM voiceagent_private.fail_if(v_old.status = 'scheduled', 'PT409',
			'a campaign that is scheduled needs a time to start', 'Without one it would dial at once.',
			'Give it another starts_at (one that has passed starts it at once), or pause_campaign() it first.');
		v_new.starts_at := NULL;
	END IF;
	IF settings -> 'expires_at' = 'null' THEN
		v_new.expires_at := NULL;
	END IF;
	v_new := voiceagent_private.apply_reserved_settings(v_new, jsonb_strip_nulls(settings));
	IF settings ? 'before_dial' THEN
		PERFORM voiceagent_private.require_before_dial(v_new.settings);
	END IF;
	PERFORM voiceagent_private.require_lookups(v_new.settings);
	IF settings ?| '{playbook,script_source,assistant_id}' THEN
		PERFORM voiceagent_private.require_script_settings(v_new);
	END IF;
	IF v_new.provider_account_id <> v_old.provider_account_id THEN
		PERFORM voiceagent_private.sync_fallback_accounts(v_new);
	END IF;
	-- A change of a cap must not fail because of a text that is still being written.
	v_keep := settings <> '{}' AND NOT settings ? 'assistant_id';
	v_version := voiceagent_private.put_in_force(v_new, v_keep);
	IF NOT v_keep THEN
		PERFORM voiceagent_private.require_filled_variables(v_old.campaign_id, v_version, v_old.version);
		IF v_old.status IN ('running', 'scheduled') THEN
			PERFORM voiceagent_private.require_sayable(v_old.campaign_id, v_version);
		END IF;
	END IF;
	IF v_new.provider_account_id <> v_old.provider_account_id THEN
		-- A call back that was promised on the sandbox binds no one.
		UPDATE voiceagent_private.call_queue q SET reason = 'first'
		WHERE q.tenant_id = v_old.tenant_id AND q.campaign_id = v_old.campaign_id AND q.reason = 'callback'
			AND voiceagent_private.is_sandbox(v_old.provider_account_id);
		PERFORM voiceagent_private.suspend_unconfirmed(campaign_id);
		PERFORM voiceagent_private.require_usable_accounts(ARRAY[campaign_id]);
	END IF;
	PERFORM voiceagent_private.write_pool(v_old.campaign_id, v_pool);
	PERFORM voiceagent_private.audit('update_campaign', 'campaign ' || v_old.campaign_id, v_old.settings, settings);
	RETURN v_version;
END
$$;
COMMENT ON FUNCTION voiceagent.update_campaign(bigint, jsonb) IS
	E'Changes a campaign, also while it runs, and returns the number of the version now in force.\n'
	'settings: as for create_campaign(), and name, type, assistant_id; null takes a setting back to the tenant''s '
	'value; {} takes up the assistant''s present version. It raises PT404; PT409 when starts_at of a scheduled '
	'campaign is taken away; PT422 for a bad value, or a running campaign that could not go on.';

CREATE FUNCTION voiceagent_private.lock_campaigns(provider_account_id bigint) RETURNS void
	LANGUAGE plpgsql VOLATILE AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	v_campaigns bigint[];
BEGIN
	PERFORM voiceagent_private.lock_tenant(true);
	v_campaigns := ARRAY(SELECT c.campaign_id FROM voiceagent.campaigns c WHERE c.tenant_id = v_tenant
		AND (lock_campaigns.provider_account_id IS NULL
			OR c.campaign_id = ANY (voiceagent_private.campaigns_of_account(lock_campaigns.provider_account_id))));
	PERFORM FROM voiceagent_private.pacing p
	WHERE p.tenant_id = v_tenant AND p.campaign_id = ANY (v_campaigns) ORDER BY p.campaign_id FOR UPDATE;
	PERFORM FROM voiceagent_private.lanes l
	WHERE l.tenant_id = v_tenant AND l.campaign_id = ANY (v_campaigns)
	ORDER BY l.campaign_id, l.lane_id FOR NO KEY UPDATE;
END
$$;
COMMENT ON FUNCTION voiceagent_private.lock_campaigns(bigint) IS
	'Takes all campaigns of the current tenant (that dial by this carrier account, if given) for this transaction, '
	'in the order of locks: no session dials, starts, stops or ends a call meanwhile.';

CREATE FUNCTION voiceagent_private.setting_changed(key text) RETURNS void
	LANGUAGE plpgsql VOLATILE AS $$
DECLARE
	v_tenant bigint := voiceagent_private.tenant_or_null();
	v_was bigint;
	v_campaign voiceagent.campaigns;
BEGIN
	IF v_tenant IS NULL THEN
		-- A setting of the platform: every tenant that dials takes it up.
		v_was := voiceagent_private.set_tenant(0);
		FOR v_tenant IN SELECT DISTINCT l.tenant_id FROM voiceagent_private.lanes l WHERE l.running ORDER BY 1 LOOP
			PERFORM voiceagent_private.set_tenant(v_tenant);
			PERFORM voiceagent_private.setting_changed(key);
		END LOOP;
		PERFORM voiceagent_private.set_tenant(v_was);
		RETURN;
	END IF;
	PERFORM voiceagent_private.lock_campaigns(NULL);
	FOR v_campaign IN
		SELECT * FROM voiceagent.campaigns c
		WHERE c.tenant_id = v_tenant AND c.status IN ('running', 'scheduled') ORDER BY c.campaign_id
	LOOP
		PERFORM voiceagent_private.put_in_force(v_campaign, true);
	END LOOP;
END
$$;
COMMENT ON FUNCTION voiceagent_private.setting_changed(text) IS
	E'Called by set_setting() when a setting of the tenant or the platform has changed: running campaigns take it up, '
	'unless they set it themselves; their assistant''s text stays the one they have.\n'
	'A paused one does when it goes on.';

CREATE FUNCTION voiceagent_private.revive_campaign(campaign_id bigint) RETURNS void LANGUAGE plpgsql VOLATILE AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
BEGIN
	PERFORM FROM voiceagent.campaigns c
	WHERE c.tenant_id = v_tenant AND c.campaign_id = revive_campaign.campaign_id FOR NO KEY UPDATE;
	IF voiceagent_private.run_again(revive_campaign.campaign_id) THEN
		-- Include lanes that were made when it had just completed.
		UPDATE voiceagent_private.lanes l SET running = true
		WHERE l.tenant_id = v_tenant AND l.campaign_id = revive_campaign.campaign_id AND NOT l.running
			AND voiceagent_private.lanes_run(revive_campaign.campaign_id);
	END IF;
END
$$;
COMMENT ON FUNCTION voiceagent_private.revive_campaign(bigint) IS
	'Undoes a completion that happened while leads were being added to a running campaign.';

CREATE FUNCTION voiceagent_private.take_back(campaign voiceagent.campaigns, lead_ids bigint[]) RETURNS bigint[]
	LANGUAGE plpgsql VOLATILE AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	v_back bigint[];
BEGIN
	WITH back AS (
		UPDATE voiceagent.campaign_leads cl SET status = 'pending', reason = NULL
		FROM voiceagent.leads l, voiceagent.campaign_versions v
		WHERE cl.tenant_id = v_tenant AND cl.campaign_id = campaign.campaign_id AND cl.lead_id = ANY (lead_ids)
			AND l.tenant_id = v_tenant AND l.lead_id = cl.lead_id
			AND v.tenant_id = v_tenant AND v.campaign_id = campaign.campaign_id AND v.version = campaign.version
			AND voiceagent_private.may_return(cl, l, v)
		RETURNING cl.lead_id
	)
	SELECT coalesce(array_agg(b.lead_id ORDER BY b.lead_id), '{}') INTO v_back FROM back b;
	PERFORM voiceagent_private.wait_again(v_back,
		ARRAY['removed', 'missing variable', 'no recorded consent to be called', voiceagent_private.why('appointment'),
			voiceagent_private.do_not_call_reason('held')]
			|| voiceagent_private.number_reasons());
	RETURN v_back;
END
$$;
COMMENT ON FUNCTION voiceagent_private.take_back(voiceagent.campaigns, bigint[]) IS
	'Makes those of the leads pending again that may_return() lets back into a campaign, which the caller '
	'has locked; returns them.';

CREATE FUNCTION voiceagent_private.raise_membership_notice(campaign_id bigint, lead_ids bigint[]) RETURNS void
	LANGUAGE plpgsql STABLE AS $$
DECLARE
	v_leads bigint;
	v_detail text;
	v_lacking boolean;
	v_numberless boolean;
BEGIN
	SELECT sum(s.n), string_agg(format('%s %s', s.n, s.standing), ', ' ORDER BY s.standing),
		bool_or(s.standing = 'skipped (missing variable)'), bool_or(s.standing = ANY
			(ARRAY(SELECT format('skipped (%s)', r) FROM unnest(voiceagent_private.number_reasons()) r)))
	INTO v_leads, v_detail, v_lacking, v_numberless
	FROM (SELECT m.status || CASE WHEN m.status = 'skipped' THEN coalesce(format(' (%s)', m.reason), '')
		ELSE '' END AS standing, count(*) AS n
		FROM voiceagent.campaign_leads m
		WHERE m.tenant_id = voiceagent.current_tenant() AND m.campaign_id = raise_membership_notice.campaign_id
			AND m.lead_id = ANY (lead_ids)
		GROUP BY 1) s;
	RAISE NOTICE '% of the leads had been in the campaign before, and stay as they are', v_leads
		USING DETAIL = v_detail || '.',
		HINT = CASE WHEN v_lacking THEN
			'Fill the fields of those that lack a variable, then add_leads() takes them back; ' ELSE '' END
			|| CASE WHEN v_numberless THEN
				'add_leads() takes back who has no right number when add_lead_number() has given one; ' ELSE '' END
			|| 'redial_campaign() makes a campaign of those that are done.';
END
$$;
COMMENT ON FUNCTION voiceagent_private.raise_membership_notice(bigint, bigint[]) IS
	'A NOTICE of how these leads stand in a campaign of the current tenant, by status.';

CREATE FUNCTION voiceagent_private.take_up(campaign voiceagent.campaigns, lead_ids bigint[], reason text) RETURNS void
	LANGUAGE plpgsql VOLATILE AS $$
BEGIN
	-- Take up settings that changed since it completed; a new text of the assistant waits for a person, as in a
	-- running campaign.
	PERFORM voiceagent_private.put_in_force(campaign, true);
	IF voiceagent_private.enqueue_joined(campaign.campaign_id, lead_ids, voiceagent.clock()) > 0 THEN
		PERFORM voiceagent_private.revive_campaign(campaign.campaign_id);
		PERFORM voiceagent_private.log_event('campaign_resumed', campaign.campaign_id, NULL, NULL,
			jsonb_build_object('reason', reason));
		PERFORM voiceagent_private.suspend_unconfirmed(campaign.campaign_id);
		PERFORM voiceagent_private.poke('dialer', 'schedules');
	END IF;
END
$$;
COMMENT ON FUNCTION voiceagent_private.take_up(voiceagent.campaigns, bigint[], text) IS
	E'Lets a completed campaign, which the caller has locked, go on for these leads, which have just joined it '
	'(NULL: for all that are pending); reason: for its event.\n'
	'As in a running one, a lead that cannot be called is skipped with the reason, and a missing confirmation holds '
	'it back. With nobody to call it stays completed.';

CREATE FUNCTION voiceagent_private.known_leads(lead_ids bigint[]) RETURNS void
	LANGUAGE plpgsql STABLE SET planner.policy = adaptive SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	v_unknown text;
BEGIN
	SELECT string_agg(u.id::text, ', ' ORDER BY u.id) INTO v_unknown FROM (
		SELECT i.id FROM unnest(lead_ids) AS i(id)
		WHERE NOT EXISTS (SELECT FROM voiceagent.leads l WHERE l.tenant_id = v_tenant AND l.lead_id = i.id)
		ORDER BY i.id LIMIT 10) u;
	IF v_unknown IS NOT NULL OR EXISTS (SELECT FROM unnest(lead_ids) i(id) WHERE i.id IS NULL) THEN
		PERFORM voiceagent_private.fail('PT404', 'no such lead', 'Unknown: ' || coalesce(v_unknown, 'NULL') || '.');
	END IF;
END
$$;
COMMENT ON FUNCTION voiceagent_private.known_leads(bigint[]) IS
	'PT404 that names up to ten of these which are no leads of the current tenant.';

CREATE FUNCTION voiceagent_private.join_leads(campaign_id bigint, lead_ids bigint[], brought text) RETURNS bigint
	LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp SET planner.policy = adaptive AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	v_campaign voiceagent.campaigns;
	v_now timestamptz := voiceagent.clock();
	v_new bigint[];
	v_old bigint[];
	v_back bigint[];
	v_added bigint;
	v_lane bigint;
	v_queued record;
BEGIN
	-- A lead whose import is being undone must not join.
	PERFORM voiceagent_private.lock_leads(false);
	v_campaign := voiceagent_private.lock_campaign_row(campaign_id, false);
	PERFORM voiceagent_private.require_not_archived(v_campaign);
	-- A follow-up locks lanes and then adds its lead: use the same order here, or the two may deadlock.
	PERFORM voiceagent_private.lock_follow_ups(ARRAY(SELECT f.campaign_id FROM voiceagent.follow_ups f
		WHERE f.tenant_id = v_tenant AND v_campaign.campaign_id IN (f.campaign_id, f.target_campaign_id)));
	PERFORM voiceagent_private.require_launchable_type(v_campaign.type, '{}');
	IF lead_ids IS NULL THEN
		-- For a tenant that the statistics do not know, the planner expects one lead: never look all leads up one by
		-- one.
		PERFORM set_config('enable_nestloop', 'off', true);
		WITH added AS (
			INSERT INTO voiceagent.campaign_leads AS cl (tenant_id, campaign_id, lead_id, added_at)
			SELECT v_tenant, v_campaign.campaign_id, l.lead_id, v_now FROM voiceagent.leads l
			WHERE l.tenant_id = v_tenant AND NOT EXISTS (SELECT FROM voiceagent.campaign_leads o
				WHERE o.tenant_id = v_tenant AND o.lead_id = l.lead_id)
				AND NOT EXISTS (SELECT FROM voiceagent.own_numbers o
					WHERE o.tenant_id = v_tenant AND o.lead_id = l.lead_id)
			ORDER BY l.lead_id
			ON CONFLICT DO NOTHING RETURNING cl.lead_id
		)
		SELECT count(*), CASE WHEN v_campaign.status IN ('running', 'completed') THEN array_agg(a.lead_id) END
		INTO v_added, v_new FROM added a;
		PERFORM set_config('enable_nestloop', 'on', true);
		IF v_added = 0 AND EXISTS (SELECT FROM voiceagent.campaign_leads o WHERE o.tenant_id = v_tenant) THEN
			RAISE NOTICE 'no lead was added: each is in a campaign already'
				USING HINT = 'add_leads(campaign_id, ARRAY[...]) also takes leads of other campaigns.';
		END IF;
	ELSE
		PERFORM voiceagent_private.known_leads(lead_ids);
		WITH added AS (
			INSERT INTO voiceagent.campaign_leads AS cl (tenant_id, campaign_id, lead_id, added_at)
			SELECT DISTINCT v_tenant, v_campaign.campaign_id, i.id, v_now FROM unnest(lead_ids) AS i(id)
			ORDER BY i.id
			ON CONFLICT DO NOTHING RETURNING cl.lead_id
		)
		SELECT array_agg(a.lead_id) INTO v_new FROM added a;
		IF coalesce(cardinality(v_new), 0) < cardinality(lead_ids) THEN
			v_old := ARRAY(SELECT i.id FROM unnest(lead_ids) AS i(id) EXCEPT SELECT n.id FROM unnest(v_new) AS n(id));
			v_back := voiceagent_private.take_back(v_campaign, v_old);
			v_new := v_new || v_back;
			v_old := ARRAY(SELECT o.id FROM unnest(v_old) AS o(id) EXCEPT SELECT b.id FROM unnest(v_back) AS b(id));
			IF cardinality(v_old) > 0 THEN
				PERFORM voiceagent_private.raise_membership_notice(v_campaign.campaign_id, v_old);
			END IF;
		END IF;
		v_added := coalesce(cardinality(v_new), 0);
	END IF;
	IF v_added > 0 THEN
		PERFORM voiceagent_private.count_arrivals(campaign_id, v_added - coalesce(cardinality(v_back), 0))
		WHERE brought IS NOT NULL;
		IF v_campaign.status = 'stopped' THEN
			RAISE NOTICE 'the campaign is stopped: its leads wait' USING HINT = 'start_campaign() starts it again.';
		ELSIF v_campaign.status = 'completed' THEN
			IF (SELECT p.expires_at <= v_now FROM voiceagent_private.pacing p
				WHERE p.tenant_id = v_tenant AND p.campaign_id = v_campaign.campaign_id) THEN
				RAISE NOTICE 'the campaign has expired: its leads wait'
					USING HINT = 'Give it a later expires_at with update_campaign(), then start_campaign().';
			ELSE
				PERFORM voiceagent_private.take_up(voiceagent_private.lock_campaign(v_campaign.campaign_id), v_new,
					coalesce(brought, 'leads were added'));
			END IF;
		ELSIF v_campaign.status = 'running' THEN
			v_lane := coalesce((SELECT max(l.lane_id) FROM voiceagent_private.lanes l
				WHERE l.tenant_id = v_tenant AND l.campaign_id = v_campaign.campaign_id), 0);
			v_queued := voiceagent_private.enqueue_pending(v_campaign.campaign_id, v_new, true, v_now);
			-- The start checked the places that there were; a lead that joins those is not refused because their
			-- law has changed since.
			IF EXISTS (SELECT FROM voiceagent_private.lanes l
					WHERE l.tenant_id = v_tenant AND l.campaign_id = v_campaign.campaign_id AND l.lane_id > v_lane) THEN
				PERFORM voiceagent_private.require_sayable(v_campaign.campaign_id, v_campaign.version);
			END IF;
			IF v_queued.queued > 0 THEN
				PERFORM voiceagent_private.revive_campaign(v_campaign.campaign_id);
				PERFORM voiceagent_private.suspend_unconfirmed(v_campaign.campaign_id);
			END IF;
			-- A claim may have skipped the campaign because we held it.
			PERFORM voiceagent_private.poke('dialer', 'schedules');
		END IF;
	END IF;
	RETURN v_added;
END
$$;
COMMENT ON FUNCTION voiceagent_private.join_leads(bigint, bigint[], text) IS
	'add_leads(), for any caller in the house; brought: what leads come by without a person, for count_arrivals() and '
	'for the event of a completed campaign that goes on for them; NULL: a person adds them.';

CREATE FUNCTION voiceagent.add_leads(campaign_id bigint, lead_ids bigint[] DEFAULT NULL) RETURNS bigint
	LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
	PERFORM voiceagent_private.writer_tenant();
	RETURN voiceagent_private.join_leads(campaign_id, lead_ids, NULL);
END
$$;
COMMENT ON FUNCTION voiceagent.add_leads(bigint, bigint[]) IS
	E'Puts leads into a campaign (NULL: every lead that is in no campaign); returns how many are new or back in it.\n'
	'A running campaign queues them at once, a completed one goes on for them; a lead that may not be called, or lacks '
	'a variable, is skipped with the reason. It raises PT404 with the unknown ids, PT422 for the campaign of test '
	'calls and for leads whose place''s law the campaign could not keep.';

CREATE FUNCTION voiceagent.remove_leads(campaign_id bigint, lead_ids bigint[]) RETURNS bigint
	LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent_private.writer_tenant();
	v_campaign voiceagent.campaigns;
	v_ids bigint[];
BEGIN
	PERFORM voiceagent_private.lock_tenant(true);
	v_campaign := voiceagent_private.lock_campaign(campaign_id);
	v_ids := ARRAY(SELECT r.lead_id FROM (
		SELECT cl.lead_id FROM voiceagent.campaign_leads cl
		WHERE cl.tenant_id = v_tenant AND cl.campaign_id = v_campaign.campaign_id AND cl.lead_id = ANY (lead_ids)
			AND cl.status IN ('pending', 'queued', 'retry')
		ORDER BY cl.lead_id FOR UPDATE) r);
	DELETE FROM voiceagent_private.call_queue q
	WHERE q.tenant_id = v_tenant AND q.campaign_id = v_campaign.campaign_id AND q.lead_id = ANY (v_ids);
	-- A lead that was dialled stays on record.
	UPDATE voiceagent.campaign_leads cl SET status = 'skipped', reason = 'removed'
	WHERE cl.tenant_id = v_tenant AND cl.campaign_id = v_campaign.campaign_id AND cl.lead_id = ANY (v_ids)
		AND cl.attempts > 0;
	DELETE FROM voiceagent.campaign_leads cl
	WHERE cl.tenant_id = v_tenant AND cl.campaign_id = v_campaign.campaign_id AND cl.lead_id = ANY (v_ids)
		AND cl.attempts = 0;
	PERFORM voiceagent_private.give_up_leads(array_fill(v_campaign.campaign_id, ARRAY[cardinality(v_ids)]), v_ids);
	PERFORM voiceagent_private.complete_campaign(v_campaign.campaign_id);
	RETURN cardinality(v_ids);
END
$$;
COMMENT ON FUNCTION voiceagent.remove_leads(bigint, bigint[]) IS
	E'Takes waiting leads out of a campaign and returns how many: those never dialled leave it, the others are kept '
	'as skipped, and a lead that waited for another call and waits in no other campaign is given up; add_leads() '
	'takes them back.\n'
	'Leads in a live call, or done, stay as they are. PT404.';
INSERT INTO voiceagent_private.registrations (kind, name) VALUES ('deferred', 'add_leads');
