/*
 * 60_inbox: the short ways.  A webhook that was just verified and read is
 * stored and has its effect in one transaction: it never waits in the inbox,
 * is not read again, and costs one commit instead of two.  Whatever stands in
 * the way of that (no such call, a lock that is held too long) undoes it, and
 * the gateway stores the webhooks for the inbox, which tries them one by one.
 */

CREATE FUNCTION voiceagent_private.take_webhooks(
	endpoint_ids bigint[], event_keys text[], headers jsonb[], bodies bytea[], events voiceagent_private.read_event[])
	RETURNS integer LANGUAGE plpgsql VOLATILE
	SET planner.policy = batch SET lock_timeout = '100ms' AS $$
DECLARE
	v_ids bigint[];
	v_read voiceagent_private.read_event[] := '{}';
	e voiceagent_private.read_event;
	v record;
	v_new integer;
BEGIN
	-- Before anything else is locked; and a carrier waits for its answer.
	PERFORM voiceagent_private.fail_if(NOT voiceagent_private.try_lock_tenant(), 'lock_not_available',
		'another transaction changes many of the tenant''s leads');
	v_ids := voiceagent_private.insert_webhooks(endpoint_ids, event_keys, headers, bodies, 'http');
	v_new := cardinality(array_remove(v_ids, NULL));
	IF v_new > 0 THEN
		FOREACH e IN ARRAY events LOOP
			e.webhook_id := v_ids[e.webhook_id];
			IF e.webhook_id IS NOT NULL THEN
				v_read := v_read || e;
			END IF;
		END LOOP;
		v := voiceagent_private.apply_events(voiceagent_private.match_events(v_read));
		IF cardinality(v.early || v.waiting) > 0 THEN
			INSERT INTO voiceagent_private.inbox (tenant_id, webhook_id, month_slot, body_bytes, next_try_at, heard)
			SELECT voiceagent.current_tenant(), w.webhook_id, voiceagent_private.month_slot(voiceagent.clock()),
				octet_length(w.body), voiceagent_private.report_due(w.webhook_id = ANY (v.early)),
				w.webhook_id = ANY (v.heard)
			FROM unnest(v_ids, bodies) AS w(webhook_id, body) WHERE w.webhook_id = ANY (v.early || v.waiting);
			PERFORM voiceagent_private.poke('applier');
		END IF;
	END IF;
	RETURN v_new;
END
$$;
COMMENT
	ON FUNCTION voiceagent_private.take_webhooks(bigint[], text[], jsonb[], bytea[], voiceagent_private.read_event[]) IS
	E'Stores verified webhooks of the current tenant (arrays of equal length), gives those with a new event key their '
	'whole effect, and returns how many.\n'
	'events: what they say; webhook_id is the place of the webhook in the arrays, from 1. '
	'It fails when one cannot be applied: at once (55P03) when another transaction changes many of the '
	'tenant''s leads, and when another lock is held for over 100 ms.';

/*
 * Most of what carriers tell is that a call rings, was answered, or has ended
 * and its report will come.  Of a call that is known and well this raises a
 * state, or has the report awaited, and does nothing else, so it needs no
 * reading of what else may be: the call is found by the reference that the
 * carrier echoes, many are one update, and a call that somebody holds is left
 * to the usual way, as is what comes late or twice.
 */
CREATE FUNCTION voiceagent_private.take_progress(
	endpoint_ids bigint[], event_keys text[], headers jsonb[], bodies bytea[], events voiceagent_private.read_event[])
	RETURNS integer[] LANGUAGE c VOLATILE STRICT AS 'MODULE_PATHNAME', 'va_sql_take_progress';
COMMENT
	ON FUNCTION voiceagent_private.take_progress(bigint[], text[], jsonb[], bytea[], voiceagent_private.read_event[]) IS
	E'Stores those of these verified webhooks of the current tenant that raise a call now, or have its report awaited, '
	'with their whole effect, and returns their places.\n'
	'All of them tell that a call rings, was answered, or has ended, and nothing else; the arguments are those of '
	'take_webhooks(). '
	'The others are to go the usual way; it waits for nobody.';
