-- 46_record: what happened, for those that watch.

CREATE FUNCTION voiceagent_private.poke_subscribers() RETURNS void
	LANGUAGE c VOLATILE AS 'MODULE_PATHNAME', 'va_sql_poke_subscribers';
COMMENT ON FUNCTION voiceagent_private.poke_subscribers() IS
	'Tells of the events that this transaction has recorded for the current tenant: while somebody is subscribed, by '
	'a NOTIFY that the task news sends after the commit (what happened is read with activity()), and by deliveries '
	'to the tenant''s webhook subscriptions.';

-- The one place that notifies: see bgworkers/outbound/news.c.
CREATE FUNCTION voiceagent_private.announce_news(tenants bigint[], all_tenants boolean) RETURNS void
	LANGUAGE plpgsql VOLATILE SET planner.policy = by_keys SET search_path = pg_catalog, pg_temp AS $$
BEGIN
	PERFORM pg_notify(d.channel, '') FROM voiceagent_private.tenant_directory d
	WHERE (all_tenants OR d.tenant_id = ANY (tenants)) AND d.subscribed_until > voiceagent.clock();
END
$$;
COMMENT ON FUNCTION voiceagent_private.announce_news(bigint[], boolean) IS
	'Notifies the clients of these tenants, or of all, while they are subscribed, at the commit of a transaction that '
	'does nothing else.';

CREATE FUNCTION voiceagent_private.log_event(event_type text, campaign_id bigint DEFAULT NULL,
	call_id bigint DEFAULT NULL, lead_id bigint DEFAULT NULL, data jsonb DEFAULT '{}') RETURNS void
	LANGUAGE plpgsql VOLATILE SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	v_now timestamptz := voiceagent.clock();
	v_call voiceagent.calls;
	v_kind text := voiceagent_private.kind_of_notice(event_type, data);
BEGIN
	-- The erasure of a lead takes along its events, also those that name only its call.
	IF call_id IS NOT NULL AND (campaign_id IS NULL OR lead_id IS NULL) THEN
		SELECT c.* INTO v_call FROM voiceagent.calls c WHERE c.tenant_id = v_tenant AND c.call_id = log_event.call_id;
	END IF;
	INSERT INTO voiceagent.events (tenant_id, month_slot, at, event_type, campaign_id, call_id, lead_id, event_data)
	VALUES (v_tenant, voiceagent_private.month_slot(v_now), v_now, event_type,
		coalesce(campaign_id, v_call.campaign_id), call_id, coalesce(lead_id, v_call.lead_id), coalesce(data, '{}'));
	IF v_kind IS NOT NULL THEN
		PERFORM voiceagent_private.note_notice(v_kind, event_type, coalesce(campaign_id, v_call.campaign_id), call_id,
			coalesce(lead_id, v_call.lead_id), data);
	END IF;
	PERFORM voiceagent_private.poke_subscribers();
END
$$;
COMMENT ON FUNCTION voiceagent_private.log_event(text, bigint, bigint, bigint, jsonb) IS
	E'Records an event of the current tenant at clock(), one of a call with its campaign and lead, and tells its '
	'subscribers at commit.\n'
	'Many events at once: INSERT ... SELECT, then poke_subscribers().';

CREATE FUNCTION voiceagent_private.tell_staff(event_type text, data jsonb) RETURNS void
	LANGUAGE plpgsql VOLATILE SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_staff bigint := voiceagent_private.platform_setting('staff_tenant');
	v_was bigint;
BEGIN
	IF EXISTS (SELECT FROM voiceagent_private.tenant_directory d WHERE d.tenant_id = v_staff) THEN
		v_was := voiceagent_private.set_tenant(v_staff);
		PERFORM voiceagent_private.log_event(event_type, NULL, NULL, NULL, data);
		PERFORM voiceagent_private.set_tenant(v_was);
	END IF;
END
$$;
COMMENT ON FUNCTION voiceagent_private.tell_staff(text, jsonb) IS
	'Records an event of the tenant staff_tenant, whose members are told as they wish; where there is none, nothing.';

CREATE FUNCTION voiceagent_private.balance_is_low(unit text, balance numeric, threshold numeric) RETURNS void
	LANGUAGE plpgsql VOLATILE SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_now timestamptz := voiceagent.clock();
	v_name text;
BEGIN
	PERFORM voiceagent_private.log_event('balance_low', NULL, NULL, NULL, jsonb_build_object('balance', balance,
		'threshold', threshold, 'unit', unit));
	UPDATE voiceagent.ledgers l SET warned_at = CASE unit WHEN 'credits' THEN v_now ELSE l.warned_at END,
		minutes_warned_at = CASE unit WHEN 'minutes' THEN v_now ELSE l.minutes_warned_at END
	WHERE l.tenant_id = voiceagent.current_tenant();
	FOR v_name IN SELECT r.name FROM voiceagent_private.registrations r WHERE r.kind = 'low_balance' LOOP
		-- A name of ours.  @plpgsql_check_options: security_warnings = off
		EXECUTE format('SELECT voiceagent_private.%I($1)', v_name) USING unit;
	END LOOP;
END
$$;
COMMENT ON FUNCTION voiceagent_private.balance_is_low(text, numeric, numeric) IS
	'The current tenant''s credits or minutes have fallen below their threshold: tells its webhooks, its mailbox and '
	'the view waiting; under the ledger''s lock.';
