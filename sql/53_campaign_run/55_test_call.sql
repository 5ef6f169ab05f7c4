/*
 * 53_campaign_run: a test call to an own number, before strangers are called.  It
 * goes the way of every call (queue, claim, proof, hold, charge) in a campaign
 * of type test, one for each assistant and carrier account, which no report
 * counts.
 */

CREATE FUNCTION voiceagent.register_own_number(phone text) RETURNS bigint
	LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent_private.writer_tenant('owner');
	v_phone text := voiceagent_private.own_number(register_own_number.phone);
	v_lead bigint;
BEGIN
	PERFORM voiceagent_private.fail_if(v_phone IS NULL, 'PT422', 'no phone number');
	SELECT o.lead_id INTO v_lead FROM voiceagent.own_numbers o WHERE o.tenant_id = v_tenant AND o.phone = v_phone;
	IF FOUND THEN
		RETURN v_lead;
	END IF;
	SELECT l.lead_id INTO v_lead FROM voiceagent.leads l
	WHERE l.tenant_id = v_tenant AND l.phone = ANY (voiceagent_private.spellings(v_phone))
	ORDER BY l.phone <> v_phone LIMIT 1;
	IF NOT FOUND THEN
		v_lead := voiceagent.add_lead(phone => v_phone);
	END IF;
	INSERT INTO voiceagent.own_numbers (tenant_id, phone, lead_id, registered_by, registered_at)
	VALUES (v_tenant, v_phone, v_lead, voiceagent_private.actor(), voiceagent.clock());
	PERFORM voiceagent.record_consent(v_lead, 'call', 'own number',
		'An owner registered the number as an own one, to be called for tests.');
	PERFORM voiceagent_private.audit('register_own_number', v_phone, NULL, jsonb_build_object('lead_id', v_lead));
	RETURN v_lead;
END
$$;
COMMENT ON FUNCTION voiceagent.register_own_number(text) IS
	E'Says that a number is the tenant''s own, with the consent to be called for tests, and returns the lead that '
	'stands for it (made if there is none).\n'
	'For owners. Again: no effect. PT422 for no phone number, PT409 for one on the do-not-call list.';

CREATE FUNCTION voiceagent_private.standing_campaign(assistant_id bigint, provider_account_id bigint, type text)
	RETURNS voiceagent.campaigns
	LANGUAGE plpgsql VOLATILE AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	v_campaign voiceagent.campaigns;
	v_calls text := CASE type WHEN 'test' THEN 'test call' ELSE 'direct calls' END;
	-- When two calls are the first at once, the second finds the campaign that the first has made.
	v_key text := format('%s: assistant %s, account %s', v_calls, assistant_id, provider_account_id);
BEGIN
	v_campaign := voiceagent_private.make_campaign(
		(SELECT left(format('%s: %s', CASE type WHEN 'test' THEN 'Test calls' ELSE 'Direct calls' END, a.name), 200)
			FROM voiceagent.assistants a
			WHERE a.tenant_id = v_tenant AND a.assistant_id = standing_campaign.assistant_id),
		assistant_id, type, jsonb_build_object('provider_account_id', provider_account_id, 'retry_attempts', 0,
			'call_interval', 0) || CASE type WHEN 'test' THEN jsonb '{"breaker_failure_rate": 0, "number_cooldown": 0,
				"retry_delay_incoming": 0, "calling_hours": {"start": "00:00", "end": "24:00"}}' ELSE '{}' END, v_key);
	IF v_campaign.campaign_id IS NULL THEN
		SELECT * INTO STRICT v_campaign FROM voiceagent.campaigns c
		WHERE c.tenant_id = v_tenant AND c.idempotency_key = v_key;
	END IF;
	RETURN voiceagent_private.lock_campaign(v_campaign.campaign_id);
END
$$;
COMMENT ON FUNCTION voiceagent_private.standing_campaign(bigint, bigint, text) IS
	'The campaign of an assistant''s test calls, or of its direct calls (type), by a carrier account, made if there is '
	'none, and taken for this transaction.';

CREATE FUNCTION voiceagent_private.with_variables(lead voiceagent.leads, variables jsonb) RETURNS voiceagent.leads
	LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_lead voiceagent.leads := lead;
BEGIN
	v_lead.first_name := coalesce(variables ->> 'first_name', v_lead.first_name);
	v_lead.last_name := coalesce(variables ->> 'last_name', v_lead.last_name);
	v_lead.email := coalesce(variables ->> 'email', v_lead.email);
	v_lead.company := coalesce(variables ->> 'company', v_lead.company);
	v_lead.context := v_lead.context || variables;
	IF variables ? 'enrichment' THEN
		v_lead.enrichment := NULL;
	END IF;
	RETURN v_lead;
END
$$;
COMMENT ON FUNCTION voiceagent_private.with_variables(voiceagent.leads, jsonb) IS
	E'The row of a lead as a test call speaks of it: with these variables over its own names and context.\n'
	'Nothing is written.';

CREATE FUNCTION voiceagent_private.test_variables(lead_id bigint) RETURNS jsonb
	LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
	RETURN coalesce((SELECT o.variables FROM voiceagent.own_numbers o
		WHERE o.tenant_id = voiceagent.current_tenant() AND o.lead_id = test_variables.lead_id LIMIT 1), '{}');
END
$$;
COMMENT ON FUNCTION voiceagent_private.test_variables(bigint) IS
	'The variables that the latest test_call() to this lead''s own number gave the prompt.';

CREATE FUNCTION voiceagent_private.queue_one(campaign voiceagent.campaigns, lead_id bigint, usable boolean,
	at timestamptz) RETURNS void
	LANGUAGE plpgsql VOLATILE AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	v_version integer;
	v_needed numeric;
	v_available numeric;
	v_opens timestamptz;
BEGIN
	INSERT INTO voiceagent.campaign_leads AS m (tenant_id, campaign_id, lead_id, added_at)
	VALUES (v_tenant, campaign.campaign_id, queue_one.lead_id, at)
	ON CONFLICT ON CONSTRAINT campaign_leads_pkey DO UPDATE
	SET status = 'pending', reason = NULL, attempts = 0, last_outcome = NULL
	WHERE m.status NOT IN ('queued', 'retry', 'calling');
	PERFORM voiceagent_private.fail_if(NOT FOUND, 'PT409',
		format('a %s call to this %s is under way', campaign.type,
			CASE campaign.type WHEN 'test' THEN 'number' ELSE 'lead' END), NULL,
		format('Wait for its end, or stop_campaign(%s).', campaign.campaign_id));
	IF campaign.status = 'running' AND usable THEN
		PERFORM voiceagent_private.unsuspend(campaign.campaign_id);
		v_version := voiceagent_private.put_in_force(campaign, false);
		SELECT voiceagent_private.hold_amount(w.max_call_duration, at) INTO v_needed FROM voiceagent.campaign_versions w
		WHERE w.tenant_id = v_tenant AND w.campaign_id = campaign.campaign_id AND w.version = v_version;
		v_available := (voiceagent_private.wallet(at)).one_call;
		PERFORM voiceagent_private.fail_if(v_available < v_needed, 'PT402', 'not enough credits for a call',
			format('A call holds %s credits, its longest possible cost; %s are available.', trim_scale(v_needed),
				trim_scale(v_available)));
		PERFORM voiceagent_private.enqueue_pending(campaign.campaign_id, ARRAY[queue_one.lead_id], false, at);
		PERFORM voiceagent_private.revive_campaign(campaign.campaign_id);
		PERFORM voiceagent_private.poke('dialer', 'schedules');
	ELSE
		PERFORM voiceagent_private.run_campaign(campaign, 'campaign_started');
	END IF;
	SELECT l.opens_at INTO v_opens FROM voiceagent_private.call_queue q
	JOIN voiceagent_private.lanes l ON l.tenant_id = v_tenant AND l.lane_id = q.lane_id
	WHERE q.tenant_id = v_tenant AND q.campaign_id = campaign.campaign_id AND q.lead_id = queue_one.lead_id;
	PERFORM voiceagent_private.fail_if(NOT FOUND, 'PT409', 'the number may not be called',
		(SELECT m.reason FROM voiceagent.campaign_leads m
			WHERE m.tenant_id = v_tenant AND m.campaign_id = campaign.campaign_id
				AND m.lead_id = queue_one.lead_id));
	PERFORM voiceagent_private.fail_if(v_opens > at, 'PT409', 'the number may not be called at this hour',
		CASE WHEN isfinite(v_opens) THEN format('It may be from %s UTC on.', v_opens AT TIME ZONE 'UTC') END,
		CASE campaign.type WHEN 'test' THEN 'The law holds for own numbers, too; on the sandbox there is none.'
			ELSE 'calling_rules shows the law, settings the calling hours.' END);
END
$$;
COMMENT ON FUNCTION voiceagent_private.queue_one(voiceagent.campaigns, bigint, boolean, timestamptz) IS
	E'Queues one lead in a standing campaign that the caller has locked, at once, and lets that run.\n'
	'usable: its assistant and account are active. '
	'PT402, PT409 with the reason when the lead cannot be dialled now, PT422.';

CREATE FUNCTION voiceagent.test_call(assistant_id bigint, phone text, provider_account_id bigint DEFAULT NULL,
	variables jsonb DEFAULT '{}')
	RETURNS jsonb LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent_private.writer_tenant();
	v_phone text := voiceagent_private.own_number(test_call.phone);
	v_account voiceagent.provider_accounts;
	v_active boolean;
	v_lead bigint;
	v_campaign voiceagent.campaigns;
	v_tested voiceagent.leads;
	v_variables text[];
BEGIN
	PERFORM voiceagent_private.fail_if(v_phone IS NULL, 'PT422', 'no phone number');
	PERFORM voiceagent_private.fail_if(jsonb_typeof(coalesce(variables, '{}')) <> 'object', 'PT422',
		'variables is not an object', NULL, 'Give {"name": "value"}.');
	PERFORM voiceagent_private.fail_if(voiceagent_private.json_bytes(variables, 1048576) > 1048576, 'PT422',
		'variables has at most 1048576 bytes');
	PERFORM voiceagent_private.require_readable(variables, 'variables');
	SELECT a.active INTO v_active FROM voiceagent.assistants a
	WHERE a.tenant_id = v_tenant AND a.assistant_id = test_call.assistant_id;
	PERFORM voiceagent_private.fail_if(NOT FOUND, 'PT404', 'no such assistant', NULL, 'create_assistant() makes one.');
	SELECT * INTO v_account FROM voiceagent.provider_accounts p
	WHERE p.tenant_id = v_tenant
		AND CASE WHEN test_call.provider_account_id IS NULL THEN p.provider = 'sandbox' AND p.active
			ELSE p.provider_account_id = test_call.provider_account_id END
	ORDER BY p.provider_account_id LIMIT 1;
	PERFORM voiceagent_private.fail_if(NOT FOUND, 'PT404', 'no such provider account', NULL,
		'create_provider_account() makes one.');
	PERFORM voiceagent_private.require_dialable_account(v_account);
	SELECT o.lead_id INTO v_lead FROM voiceagent.own_numbers o WHERE o.tenant_id = v_tenant AND o.phone = v_phone;
	PERFORM voiceagent_private.fail_if(NOT FOUND, 'PT403', 'the number is not registered as an own one',
		'A test call rings nobody else.', format('An owner calls register_own_number(%L).', v_phone));
	PERFORM voiceagent_private.require_ring(v_phone, 'test');
	SELECT * INTO STRICT v_tested FROM voiceagent.leads l WHERE l.tenant_id = v_tenant AND l.lead_id = v_lead;
	SELECT voiceagent_private.variables_to_find(v.variables, jsonb_build_object('script_source',
		voiceagent_private.setting_text('script_source'))) INTO v_variables FROM voiceagent.assistants a
	JOIN voiceagent.assistant_versions v ON v.tenant_id = v_tenant AND v.assistant_id = a.assistant_id
		AND v.version = a.version
	WHERE a.tenant_id = v_tenant AND a.assistant_id = test_call.assistant_id;
	v_tested := voiceagent_private.with_variables(v_tested, coalesce(variables, '{}'));
	PERFORM voiceagent_private.fail_if(voiceagent_private.lead_lacks(v_tested, v_variables), 'PT422',
		'variables of the prompt have no value',
		format('They are: %s.', array_to_string(voiceagent_private.lacking_variables(v_tested, v_variables), ', ')),
		'Give them in variables, such as {"first_name": "Ann"}.');

	v_campaign := voiceagent_private.standing_campaign(test_call.assistant_id, v_account.provider_account_id, 'test');
	PERFORM voiceagent_private.queue_one(v_campaign, v_lead, v_active AND v_account.active, voiceagent.clock());
	-- Under the lock of the campaign: a second test of one number is refused before it changes what the first one says.
	UPDATE voiceagent.own_numbers o SET variables = coalesce(test_call.variables, '{}')
	WHERE o.tenant_id = v_tenant AND o.lead_id = v_lead
		AND o.variables IS DISTINCT FROM coalesce(test_call.variables, '{}');
	RETURN jsonb_build_object('campaign_id', v_campaign.campaign_id, 'lead_id', v_lead, 'phone', v_phone,
		'provider', v_account.provider,
		'earlier_calls', (SELECT count(*) FROM voiceagent.calls c
			WHERE c.tenant_id = v_tenant AND c.campaign_id = v_campaign.campaign_id AND c.lead_id = v_lead));
END
$$;
COMMENT ON FUNCTION voiceagent.test_call(bigint, text, bigint, jsonb) IS
	E'Has an assistant call one of the tenant''s own numbers once, as every call is made, by an account (default: the '
	'sandbox).\n'
	'variables: values for its prompt; it returns {"campaign_id", "lead_id", "phone", "provider", "earlier_calls"}. '
	'It raises PT402 without credits, PT403 for a number that is not an own one, PT404, PT409 when no call is '
	'possible, PT422 for a variable without a value.';
