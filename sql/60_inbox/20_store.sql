-- 60_inbox: taking a verified webhook in. Raw bytes first; what they mean is the apply's matter.

-- The key decides: a replay, or the same event twice in one batch, finds its key taken and leaves no trace.
CREATE FUNCTION voiceagent_private.insert_webhooks(endpoint_ids bigint[], event_keys text[], headers jsonb[],
	bodies bytea[], source text, places integer[] DEFAULT NULL)
	RETURNS bigint[] LANGUAGE c VOLATILE AS 'MODULE_PATHNAME', 'va_sql_insert_webhooks';
COMMENT ON FUNCTION
	voiceagent_private.insert_webhooks(bigint[], text[], jsonb[], bytea[], text, integer[]) IS
	E'Stores verified webhooks of the current tenant (arrays of equal length) and returns their ids in this order, '
	'NULL for one whose event key was known, or whose endpoint is not.\n'
	'source: http, sql, lookup, socket or media. places: only those at these places, from 1, in this order.';

CREATE FUNCTION voiceagent_private.queue_again(webhook_ids bigint[]) RETURNS void
	LANGUAGE plpgsql VOLATILE SET planner.policy = by_key AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
BEGIN
	DELETE FROM voiceagent.webhook_failures f WHERE f.tenant_id = v_tenant AND f.webhook_id = ANY (webhook_ids);
	INSERT INTO voiceagent_private.inbox (tenant_id, webhook_id, month_slot, body_bytes)
	SELECT v_tenant, w.webhook_id, w.month_slot, octet_length(w.body) FROM voiceagent.webhooks w
	WHERE w.tenant_id = v_tenant AND w.webhook_id = ANY (webhook_ids)
	ON CONFLICT DO NOTHING;
END
$$;
COMMENT ON FUNCTION voiceagent_private.queue_again(bigint[]) IS
	'Queues stored webhooks of the current tenant for the applier once more; those that were set aside are no longer.';

CREATE FUNCTION voiceagent_private.failed_before(endpoint_ids bigint[], event_keys text[]) RETURNS bigint[]
	-- Not in SQL, which would plan it anew for each answer to a lookup.
	LANGUAGE plpgsql STABLE SET planner.policy = by_key AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
BEGIN
	RETURN ARRAY(SELECT f.webhook_id
		FROM unnest(endpoint_ids, event_keys) AS i(endpoint_id, event_key)
		CROSS JOIN LATERAL (SELECT o.webhook_id FROM voiceagent_private.webhook_keys o
			WHERE o.tenant_id = v_tenant AND o.endpoint_id = i.endpoint_id AND o.event_key = i.event_key OFFSET 0) k
		CROSS JOIN LATERAL (SELECT o.webhook_id FROM voiceagent.webhook_failures o
			WHERE o.tenant_id = v_tenant AND o.webhook_id = k.webhook_id OFFSET 0) f);
END
$$;
COMMENT ON FUNCTION voiceagent_private.failed_before(bigint[], text[]) IS
	'Of events of the current tenant, by endpoints and keys (arrays of equal length), the '
	'webhooks that were set aside.';

CREATE FUNCTION voiceagent_private.store_webhooks(
	endpoint_ids bigint[], event_keys text[], headers jsonb[], bodies bytea[], source text,
	ended_calls text[] DEFAULT NULL)
	RETURNS integer LANGUAGE plpgsql VOLATILE AS $$
DECLARE
	-- In a variable: with a volatile argument month_slot() is not inlined, and is planned anew in every subtransaction.
	v_now timestamptz := voiceagent.clock();
	v_slot smallint := voiceagent_private.month_slot(v_now);
	v_ids bigint[] := voiceagent_private.insert_webhooks(endpoint_ids, event_keys, headers, bodies, source);
	v_failed bigint[];
BEGIN
	INSERT INTO voiceagent_private.inbox (tenant_id, webhook_id, month_slot, body_bytes, ended_call)
	SELECT voiceagent.current_tenant(), w.webhook_id, v_slot, octet_length(w.body), w.ended_call
	FROM unnest(v_ids, bodies, ended_calls) AS w(webhook_id, body, ended_call) WHERE w.webhook_id IS NOT NULL;
	-- A call is asked about as long as it is live: what the carrier says again, and could not
	-- be applied, may be by now.
	IF source = 'lookup' AND array_position(v_ids, NULL) IS NOT NULL THEN
		v_failed := voiceagent_private.failed_before(endpoint_ids, event_keys);
		IF cardinality(v_failed) > 0 THEN
			PERFORM voiceagent_private.queue_again(v_failed);
		END IF;
	END IF;
	RETURN cardinality(array_remove(v_ids, NULL));
END
$$;
COMMENT ON FUNCTION voiceagent_private.store_webhooks(bigint[], text[], jsonb[], bytea[], text, text[]) IS
	E'Stores verified webhooks of the current tenant (arrays of equal length) for the applier -> how many were new.\n'
	'One with a known event key is not stored, but the answer to a lookup that was set aside is queued again. source: '
	'http, sql, lookup, socket or media. ended_calls: inbox.ended_call of each; NULL: none.';

CREATE FUNCTION voiceagent_private.store_lookup(endpoint_id bigint, event_key text, body bytea, ended_call text,
		OUT is_new boolean, OUT was_set_aside boolean)
	LANGUAGE plpgsql VOLATILE SET planner.policy = by_key AS $$
BEGIN
	was_set_aside := cardinality(voiceagent_private.failed_before(ARRAY[endpoint_id], ARRAY[event_key])) > 0;
	is_new := voiceagent_private.store_webhooks(ARRAY[endpoint_id], ARRAY[event_key], '{"{}"}', ARRAY[body],
		'lookup', ARRAY[ended_call]) > 0;
	IF is_new OR was_set_aside THEN
		PERFORM voiceagent_private.poke('applier');
	END IF;
END
$$;
COMMENT ON FUNCTION voiceagent_private.store_lookup(bigint, text, bytea, text) IS
	E'Stores a carrier''s answer to a lookup of the current tenant, and wakes the applier if there is something to '
	'apply.\n'
	'is_new: its event key was not known. was_set_aside: it was known, could not be applied, and is tried again. '
	'ended_call: inbox.ended_call.';

CREATE FUNCTION voiceagent_private.inbox_tenants(after bigint DEFAULT 0, max_tenants integer DEFAULT 100)
	RETURNS SETOF bigint LANGUAGE plpgsql VOLATILE
	SET planner.policy = in_order AS $$
DECLARE
	v_now timestamptz := voiceagent.clock();
	v_tenant bigint := after;
	v_left integer := max_tenants;
	v_last bigint;
BEGIN
	-- One step of the index a tenant, however much waits; first those above "after", then from the lowest.
	WHILE v_left > 0 LOOP
		SELECT i.tenant_id INTO v_tenant FROM voiceagent_private.inbox i
		WHERE i.tenant_id > v_tenant AND (v_last IS NULL OR i.tenant_id <= v_last)
		ORDER BY i.tenant_id LIMIT 1;
		IF v_tenant IS NULL THEN
			EXIT WHEN v_last IS NOT NULL OR after <= 0;
			v_last := after;
			v_tenant := 0;
			CONTINUE;
		END IF;
		IF EXISTS (SELECT FROM voiceagent_private.inbox i WHERE i.tenant_id = v_tenant AND i.next_try_at <= v_now) THEN
			v_left := v_left - 1;
			RETURN NEXT v_tenant;
		END IF;
	END LOOP;
END
$$;
COMMENT ON FUNCTION voiceagent_private.inbox_tenants(bigint, integer) IS
	E'Up to max_tenants tenants that have a webhook to apply now, in turn: those with ids above after first.\n'
	'Pass the tenant served last.';

CREATE FUNCTION voiceagent_private.next_inbox_at() RETURNS timestamptz
	LANGUAGE sql STABLE AS $$
	SELECT coalesce(min(next_try_at), 'infinity') FROM voiceagent_private.inbox WHERE next_try_at > '-infinity'
$$;
COMMENT ON FUNCTION voiceagent_private.next_inbox_at() IS
	E'When the next of the webhooks that were put off is to be tried; infinity: none was.\n'
	'A new one is due at once.';

CREATE FUNCTION voiceagent.replay_webhook(webhook_id bigint) RETURNS text
	LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent_private.writer_tenant();
BEGIN
	PERFORM FROM voiceagent.webhooks w WHERE w.tenant_id = v_tenant AND w.webhook_id = replay_webhook.webhook_id;
	IF NOT FOUND THEN
		RAISE EXCEPTION USING ERRCODE = 'PT404', MESSAGE = format('webhook %s not found', webhook_id),
			HINT = 'SELECT * FROM voiceagent.webhook_failures lists those that were set aside.';
	END IF;
	PERFORM voiceagent_private.queue_again(ARRAY[replay_webhook.webhook_id]);
	PERFORM voiceagent_private.poke('applier');
	RETURN 'queued';
END
$$;
COMMENT ON FUNCTION voiceagent.replay_webhook(bigint) IS
	E'Applies a stored webhook again (after a repair, or to prove that it changes nothing).\n'
	'Returns queued; PT404 when there is no such webhook.';
