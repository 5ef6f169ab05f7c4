-- 93_webhook_out: from events to outgoing webhooks, in the commit of the event; and what an outgoing webhook says.

CREATE FUNCTION voiceagent_private.derived_event() RETURNS bigint
	LANGUAGE c VOLATILE PARALLEL RESTRICTED AS 'MODULE_PATHNAME', 'va_sql_derived_event';
COMMENT ON FUNCTION voiceagent_private.derived_event() IS
	'Up to which of its events this transaction has written the current tenant''s outgoing webhooks; '
	'0: look at all of them.';

CREATE FUNCTION voiceagent_private.set_derived_event(event_id bigint) RETURNS void
	LANGUAGE c VOLATILE STRICT PARALLEL UNSAFE AS 'MODULE_PATHNAME', 'va_sql_set_derived_event';
COMMENT ON FUNCTION voiceagent_private.set_derived_event(bigint) IS
	'Notes what derived_event() gives, until something is rolled back.';

CREATE FUNCTION voiceagent_private.webhook_kind_of_end(call_id bigint) RETURNS text
	LANGUAGE plpgsql STABLE SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_heard record;
BEGIN
	-- A carrier's report of an uncertain call is kept before the call is reopened, and
	-- not before it ends.
	SELECT u.resolved_at INTO v_heard FROM voiceagent.unresolved_calls u
	WHERE u.tenant_id = voiceagent.current_tenant() AND u.call_id = webhook_kind_of_end.call_id AND u.evidence <> '[]';
	RETURN CASE WHEN NOT FOUND THEN 'call_finished' WHEN v_heard.resolved_at IS NOT NULL THEN 'call_corrected' END;
END
$$;
COMMENT ON FUNCTION voiceagent_private.webhook_kind_of_end(bigint) IS
	'The kind of outgoing webhook that tells of the end of a call of the current tenant: call_finished, once; '
	'call_corrected when it had ended, and was reopened because its carrier spoke of it after all; NULL when that '
	'carrier could not tell more after all.';

CREATE FUNCTION voiceagent_private.derive_webhook_deliveries() RETURNS void
	LANGUAGE plpgsql VOLATILE
	SET planner.policy = batch SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	v_now timestamptz := voiceagent.clock();
	v_xid bigint := voiceagent_private.event_position();
	v_after bigint := voiceagent_private.derived_event();
	-- The month in which the transaction's clock stood, even if it has turned since.
	v_slots smallint[] :=
		ARRAY[voiceagent_private.month_slot(v_now), voiceagent_private.month_slot(v_now - interval '1 day')];
	v_last bigint;
	v_told boolean;
BEGIN
	SELECT max(e.event_id), bool_or(voiceagent_private.webhook_kind(e.event_type) IS NOT NULL) INTO v_last, v_told
	FROM voiceagent.events e
	WHERE e.tenant_id = v_tenant AND e.xid = v_xid AND e.event_id > v_after AND e.month_slot = ANY (v_slots);
	IF v_last IS NULL THEN
		RETURN;
	END IF;
	PERFORM voiceagent_private.set_derived_event(v_last);
	IF NOT v_told THEN
		RETURN;
	END IF;
	WITH happened AS MATERIALIZED (
		SELECT e.event_id, e.event_type,
			CASE e.event_type WHEN 'call_ended' THEN voiceagent_private.webhook_kind_of_end(e.call_id)
				ELSE voiceagent_private.webhook_kind(e.event_type) END AS kind, e.at, e.campaign_id, e.call_id,
			e.lead_id, e.event_data
		FROM voiceagent.events e
		WHERE e.tenant_id = v_tenant AND e.xid = v_xid AND e.event_id > v_after AND e.month_slot = ANY (v_slots)
			AND voiceagent_private.webhook_kind(e.event_type) IS NOT NULL
	), written AS (
		INSERT INTO voiceagent.webhook_deliveries AS d (tenant_id, subscription_id, kind, event_id, event_type,
			event_at, campaign_id, call_id, lead_id, event_data, next_try_at)
		SELECT v_tenant, t.subscription_id, h.kind, h.event_id, h.event_type, h.at, h.campaign_id, h.call_id, h.lead_id,
			h.event_data, v_now
		FROM happened h
		CROSS JOIN LATERAL (SELECT o.subscription_id FROM voiceagent.webhook_subscriptions o
			WHERE o.tenant_id = v_tenant AND o.active
				AND CASE h.kind WHEN 'test' THEN o.subscription_id = (h.event_data ->> 'subscription_id')::bigint
					ELSE h.kind = ANY (o.kinds) END OFFSET 0) t
		ORDER BY h.event_id, t.subscription_id
		-- This transaction may tell of its events more than once.
		ON CONFLICT DO NOTHING
		RETURNING d.delivery_id, d.subscription_id
	)
	INSERT INTO voiceagent_private.outbox (tenant_id, kind, subscription_id, object_id, next_at)
	SELECT v_tenant, 'delivery', w.subscription_id, w.delivery_id, v_now FROM written w ORDER BY w.delivery_id;
	IF FOUND THEN
		PERFORM voiceagent_private.poke('outbox');
	END IF;
END
$$;
COMMENT ON FUNCTION voiceagent_private.derive_webhook_deliveries() IS
	'Writes the outgoing webhooks that tell the current tenant''s targets of the events which this transaction has '
	'recorded so far, once each; they leave when it commits.';

CREATE FUNCTION voiceagent_private.webhook_data(delivery voiceagent.webhook_deliveries) RETURNS jsonb
	LANGUAGE plpgsql STABLE SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	v_result jsonb;
	v_name text;
BEGIN
	IF delivery.kind IN ('call_finished', 'call_corrected') THEN
		SELECT jsonb_build_object('call_id', c.call_id, 'campaign_id', c.campaign_id, 'lead_id', c.lead_id,
			'phone', c.phone,
			'direction', c.direction, 'provider', a.provider, 'status', c.status, 'outcome', c.outcome,
			'evaluation', c.evaluation,
			'cause', c.cause, 'attempt_number', c.attempt_number, 'started_at', c.started_at,
			'answered_at', c.answered_at,
			'ended_at', c.ended_at, 'duration_seconds', c.duration_seconds, 'credits', c.credits,
			'summary', (voiceagent.call_result(c)).summary,
			'structured_data', c.structured_data, 'recording_url', c.recording_url)
			|| CASE WHEN delivery.kind = 'call_corrected' THEN jsonb_build_object('resolved_by', u.resolved_by)
				-- It had ended, and is live once more: it is reported as before.
				WHEN c.outcome IS NULL THEN delivery.event_data || jsonb_build_object('ended_at', delivery.event_at)
				ELSE '{}' END
		INTO v_result
		FROM voiceagent.calls c
		JOIN voiceagent.provider_accounts a ON a.tenant_id = v_tenant AND a.provider_account_id = c.provider_account_id
		LEFT JOIN voiceagent.unresolved_calls u ON u.tenant_id = v_tenant AND u.call_id = c.call_id
		WHERE c.tenant_id = v_tenant AND c.call_id = delivery.call_id;
	ELSIF delivery.kind IN ('appointment_booked', 'appointment_canceled', 'appointment_unsettled') THEN
		-- A time that could not be read makes no appointment; the event has all that is known of it.
		SELECT jsonb_build_object('appointment_id', p.appointment_id, 'status', coalesce(p.status, 'unreadable'),
			'starts_at', coalesce(p.starts_at, (delivery.event_data ->> 'starts_at')::timestamptz),
			'ends_at', p.ends_at,
			'timezone', p.timezone, 'said', coalesce(p.said, delivery.event_data ->> 'said'),
			'summary', coalesce(p.summary, c.summary),
			'reason', delivery.event_data ->> 'reason', 'call_id', delivery.call_id,
			'campaign_id', delivery.campaign_id,
			'lead_id', delivery.lead_id, 'phone', coalesce(c.phone, l.phone))
		INTO v_result
		FROM voiceagent.leads l
		LEFT JOIN voiceagent.appointments p ON p.tenant_id = v_tenant
			AND p.appointment_id = (delivery.event_data ->> 'appointment_id')::bigint
		LEFT JOIN voiceagent.calls c ON c.tenant_id = v_tenant AND c.call_id = delivery.call_id
		WHERE l.tenant_id = v_tenant AND l.lead_id = delivery.lead_id
			AND (p.appointment_id IS NOT NULL OR delivery.event_type = 'appointment_unreadable');
	ELSIF delivery.kind IN ('task_created', 'task_overdue', 'message_taken') THEN
		SELECT jsonb_build_object('task_id', t.task_id, 'kind', t.kind, 'priority', t.priority, 'due_at', t.due_at,
			'member_id', t.member_id, 'name', t.contact_name, 'phone', coalesce(t.contact_phone, l.phone),
			'note', t.note, 'finished_at', t.finished_at, 'appointment_id', t.appointment_id,
			'listing_id', t.listing_id, 'call_id', t.call_id, 'lead_id', t.lead_id)
		INTO v_result
		FROM voiceagent.tasks t
		LEFT JOIN voiceagent.leads l ON l.tenant_id = v_tenant AND l.lead_id = t.lead_id
		WHERE t.tenant_id = v_tenant AND t.task_id = (delivery.event_data ->> 'task_id')::bigint;
	ELSIF delivery.kind = 'offer_made' THEN
		SELECT jsonb_build_object('offer_id', o.offer_id, 'task_id', o.task_id, 'amount', o.amount,
			'currency', o.currency, 'subject', o.subject, 'contingencies', o.contingencies, 'due_at', t.due_at,
			'name', t.contact_name, 'phone', coalesce(t.contact_phone, l.phone), 'listing_id', o.listing_id,
			'call_id', o.call_id,
			'lead_id', o.lead_id)
		INTO v_result
		FROM voiceagent.offers o
		JOIN voiceagent.tasks t ON t.tenant_id = v_tenant AND t.task_id = o.task_id
		LEFT JOIN voiceagent.leads l ON l.tenant_id = v_tenant AND l.lead_id = o.lead_id
		WHERE o.tenant_id = v_tenant AND o.offer_id = (delivery.event_data ->> 'offer_id')::bigint;
	ELSIF delivery.kind = 'campaign_stopped' THEN
		SELECT delivery.event_data
			|| jsonb_build_object('campaign_id', c.campaign_id, 'name', c.name, 'event', delivery.event_type,
				'status', c.status, 'status_reason', c.status_reason)
		INTO v_result
		FROM voiceagent.campaigns c WHERE c.tenant_id = v_tenant AND c.campaign_id = delivery.campaign_id;
	ELSE
		SELECT r.name INTO v_name FROM voiceagent_private.registrations r
		WHERE r.kind = 'webhook' AND r.detail = delivery.kind;
		IF FOUND THEN
			-- A name of ours.  @plpgsql_check_options: security_warnings = off
			EXECUTE format('SELECT voiceagent_private.%I($1)', v_name) INTO v_result USING delivery;
		END IF;
	END IF;
	-- The subject may be erased meanwhile: then the event's own words are all there is.
	RETURN coalesce(v_result,
		delivery.event_data || jsonb_strip_nulls(jsonb_build_object('campaign_id', delivery.campaign_id,
			'call_id', delivery.call_id, 'lead_id', delivery.lead_id)))
		|| CASE WHEN voiceagent_private.is_played(NULL, delivery.call_id) THEN '{"played": true}'::jsonb ELSE '{}'
			END;
END
$$;
COMMENT ON FUNCTION voiceagent_private.webhook_data(voiceagent.webhook_deliveries) IS
	'The data of an event in its outgoing webhook: the payload''s member "data"; "played": of a call of the sandbox.';

CREATE FUNCTION voiceagent_private.webhook_body(delivery voiceagent.webhook_deliveries) RETURNS text
	LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp SET timezone = 'UTC'
	RETURN (jsonb_build_object('id', pg_catalog.concat('msg_', pg_catalog.replace(delivery.message_id::text, '-', '')),
		'type', delivery.kind,
		'version', 1,
		'created_at', delivery.event_at, 'tenant_id', delivery.tenant_id,
		'data', voiceagent_private.webhook_data(delivery)))::text;
COMMENT ON FUNCTION voiceagent_private.webhook_body(voiceagent.webhook_deliveries) IS
	'The JSON text that an outgoing webhook posts: id (the same at every try), type, version (of this form: 1), '
	'created_at, tenant_id, data.';
