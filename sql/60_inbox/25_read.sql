/*
 * 60_inbox: from raw webhooks to normalised events, each with the call that it
 * names.  Nothing here writes.
 */

CREATE TYPE voiceagent_private.matched_event AS (
	webhook_id bigint,
	call_id bigint,
	event voiceagent.call_event,
	endpoint_id bigint
);
COMMENT ON TYPE voiceagent_private.matched_event IS
	'A normalised event, where it arrived, and the call of this tenant that it names (NULL: none).';

CREATE TYPE voiceagent_private.read_event AS (
	webhook_id bigint,
	endpoint_id bigint,
	attempt_id bigint,
	event voiceagent.call_event
);
COMMENT ON TYPE voiceagent_private.read_event IS
	'A normalised event and the attempt whose reference it echoes (NULL: none).';

CREATE FUNCTION voiceagent_private.read_stored_webhooks(webhook_ids bigint[], endpoint_ids bigint[], providers text[],
	looked_up boolean[], headers jsonb[], bodies bytea[], settings jsonb[])
	RETURNS voiceagent_private.read_event[]
	LANGUAGE c STABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'va_sql_read_stored_webhooks';
COMMENT ON FUNCTION voiceagent_private.read_stored_webhooks(bigint[], bigint[], text[], boolean[], jsonb[],
	bytea[], jsonb[]) IS
	E'The events in stored webhooks (arrays of equal length), as read_provider_webhook() gives them, or in the answer '
	'to a lookup of a call, or of a list of them, where the carrier was asked (looked_up), each with the number of its '
	'webhook; of a carrier that does not sign no more than hints, upon which it is asked.\n'
	'settings: of the account, NULL for the defaults. PT422 when one is malformed.';

/*
 * The applier's statements name every table's keys as arrays and join by hash:
 * a worker keeps its plans for as long as it lives, so they must be right also
 * for tables that were empty, or not analysed, when they were made.
 */
CREATE FUNCTION voiceagent_private.read_webhooks(webhook_ids bigint[])
	RETURNS voiceagent_private.read_event[] LANGUAGE plpgsql STABLE
	SET planner.policy = batch AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	v_slot smallint;
	v_read voiceagent_private.read_event[];
	v_said voiceagent_private.read_event[];
	v_events voiceagent_private.read_event[] := '{}';
BEGIN
	-- One partition, nearly always; by its number, so that the others are not even opened.
	FOR v_slot IN SELECT DISTINCT i.month_slot FROM voiceagent_private.inbox i
		WHERE i.tenant_id = v_tenant AND i.webhook_id = ANY (webhook_ids) ORDER BY 1
	LOOP
		SELECT voiceagent_private.read_stored_webhooks(array_agg(s.webhook_id) FILTER (WHERE s.theirs),
			array_agg(s.endpoint_id) FILTER (WHERE s.theirs), array_agg(s.provider) FILTER (WHERE s.theirs),
			array_agg(s.source = 'lookup') FILTER (WHERE s.theirs), array_agg(s.headers) FILTER (WHERE s.theirs),
			array_agg(s.body) FILTER (WHERE s.theirs), array_agg(s.settings) FILTER (WHERE s.theirs)),
			array_agg(ROW(s.webhook_id, s.endpoint_id, voiceagent_private.attempt_of_reference((s.said).attempt_ref),
				s.said)::voiceagent_private.read_event) FILTER (WHERE NOT s.theirs)
		INTO v_read, v_said FROM (
			SELECT w.webhook_id, w.endpoint_id, w.provider, w.source, w.headers, w.body, a.settings,
				w.source <> 'media' AS theirs,
				-- Stored in our own format: see keep_media_turns().
				CASE w.source WHEN 'media' THEN jsonb_populate_record(NULL::voiceagent.call_event,
					convert_from(w.body, 'UTF8')::jsonb) END AS said
			FROM unnest(webhook_ids) AS i(webhook_id)
			CROSS JOIN LATERAL (SELECT o.* FROM voiceagent.webhooks o
				WHERE o.tenant_id = v_tenant AND o.webhook_id = i.webhook_id AND o.month_slot = v_slot OFFSET 0) w
			-- As the account's settings are now: a wrong one is mended, and the webhook replayed.
			LEFT JOIN LATERAL (SELECT o.provider_account_id FROM voiceagent.webhook_endpoints o
				WHERE o.tenant_id = v_tenant AND o.endpoint_id = w.endpoint_id OFFSET 0) p ON true
			LEFT JOIN LATERAL (SELECT o.settings FROM voiceagent.provider_accounts o
				WHERE o.tenant_id = v_tenant AND o.provider_account_id = p.provider_account_id OFFSET 0) a ON true
			ORDER BY w.webhook_id) s;
		v_events := v_events || coalesce(v_read, '{}') || coalesce(v_said, '{}');
	END LOOP;
	RETURN v_events;
END
$$;
COMMENT ON FUNCTION voiceagent_private.read_webhooks(bigint[]) IS
	E'The events of waiting webhooks, each with the attempt that it names.\n'
	'PT422 when one is malformed.';

CREATE FUNCTION voiceagent_private.heard_event(e voiceagent.call_event) RETURNS voiceagent.call_event
	LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
BEGIN
	IF e.kind = 'report' AND voiceagent_private.customer_opted_out(e.turns) THEN
		e.structured_data := voiceagent_private.with_opt_out(e.structured_data);
	ELSIF e.kind = 'report' AND jsonb_typeof(e.structured_data -> 'callback') = 'string' THEN
		e.structured_data := voiceagent_private.merge_structured_data(NULL, e.structured_data);
	END IF;
	RETURN e;
END
$$;
COMMENT ON FUNCTION voiceagent_private.heard_event(voiceagent.call_event) IS
	'The event; a report in which the person asked to be called no more says so, whatever its analysis found, and '
	'a callback in words is one.';

CREATE FUNCTION voiceagent_private.match_events(events voiceagent_private.read_event[])
	RETURNS voiceagent_private.matched_event[] LANGUAGE plpgsql STABLE
	SET planner.policy = row_by_row AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	v_matched voiceagent_private.matched_event[] := ARRAY(
		SELECT ROW(m.webhook_id, a.call_id, voiceagent_private.heard_event(m.event),
			m.endpoint_id)::voiceagent_private.matched_event
		FROM unnest(events) m
		CROSS JOIN LATERAL (SELECT o.call_id FROM voiceagent.attempts o
			WHERE o.tenant_id = v_tenant AND o.attempt_id = m.attempt_id AND o.reference = (m.event).attempt_ref
				AND o.provider_account_id = (SELECT p.provider_account_id FROM voiceagent.webhook_endpoints p
					WHERE p.tenant_id = v_tenant AND p.endpoint_id = m.endpoint_id)
				AND coalesce(o.provider_call_id = (m.event).provider_call_id, true) OFFSET 0) a
		WHERE a.call_id IS NOT NULL AND (m.event).kind <> 'key' ORDER BY m.webhook_id);
BEGIN
	-- Nearly always all of them, by our own reference.
	IF cardinality(v_matched) = cardinality(events) THEN
		RETURN v_matched;
	END IF;
	/*
	 * By our own reference where the carrier echoes it, else by the carrier's id of the call; of the endpoint's own
	 * account only. A reference may come in a part of the request that is not signed: it names no call that the carrier
	 * calls otherwise. An event after the call, without a reference, is found among the latest calls of the number.
	 */
	RETURN ARRAY(
		SELECT ROW(m.webhook_id, coalesce(a.call_id, l.call_id, f.call_id),
			CASE WHEN (m.event).kind = 'key' AND (EXISTS (SELECT FROM voiceagent.attempts o WHERE o.tenant_id = v_tenant
					AND o.call_id = coalesce(a.call_id, l.call_id) AND o.opt_out_key = (m.event).key)
					OR EXISTS (SELECT FROM voiceagent.call_inbound i WHERE i.tenant_id = v_tenant
						AND i.provider_call_id = (m.event).provider_call_id
						AND i.provider_account_id = p.provider_account_id AND i.plan ->> 'opt_out_key' = (m.event).key))
				THEN jsonb_populate_record(m.event, jsonb_build_object('structured_data',
					voiceagent_private.with_opt_out((m.event).structured_data)))
				ELSE voiceagent_private.heard_event(m.event) END, m.endpoint_id)::voiceagent_private.matched_event
		FROM unnest(events) m
		LEFT JOIN LATERAL (SELECT o.provider_account_id FROM voiceagent.webhook_endpoints o
			WHERE o.tenant_id = v_tenant AND o.endpoint_id = m.endpoint_id OFFSET 0) p ON true
		LEFT JOIN LATERAL (SELECT o.call_id FROM voiceagent.attempts o
			WHERE o.tenant_id = v_tenant AND o.attempt_id = m.attempt_id AND o.reference = (m.event).attempt_ref
				AND o.provider_account_id = p.provider_account_id
				AND coalesce(o.provider_call_id = (m.event).provider_call_id, true) OFFSET 0) a ON true
		LEFT JOIN LATERAL (SELECT c.call_id
			FROM (SELECT o.call_id, o.provider_account_id FROM voiceagent_private.live_calls o
				WHERE o.tenant_id = v_tenant
					AND o.provider_call_id = (m.event).provider_call_id OFFSET 0 /* by the key, then the account */) c
			WHERE a.call_id IS NULL AND c.provider_account_id = p.provider_account_id OFFSET 0) l ON true
		LEFT JOIN LATERAL (SELECT c.call_id
			FROM (SELECT o.call_id, o.provider_call_id, o.provider_account_id FROM voiceagent.calls o
				WHERE o.tenant_id = v_tenant AND o.phone = (m.event).to_number AND o.counts
				ORDER BY o.started_at DESC LIMIT 20) c
			WHERE a.call_id IS NULL AND l.call_id IS NULL AND (m.event).kind IN ('cost', 'recording', 'machine')
				AND c.provider_call_id = (m.event).provider_call_id
				AND c.provider_account_id = p.provider_account_id OFFSET 0) f ON true
		ORDER BY m.webhook_id);
END
$$;
COMMENT ON FUNCTION voiceagent_private.match_events(voiceagent_private.read_event[]) IS
	'The events, each with the call that it names, by number of the webhook; a report in which the person asked to be '
	'called no more says so, whatever its analysis found, and so does the key that stops the calls.';
