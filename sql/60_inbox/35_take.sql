/*
 * 60_inbox: the short way.  What has just come, been verified and read is
 * stored and has its effect in one transaction: it never waits in the inbox,
 * is not read again, and costs one commit instead of two.  Whatever stands in
 * the way of that (no such call, a lock that is held too long) undoes it, and
 * the gateway stores the webhooks for the inbox, which tries them one by one.
 */

CREATE FUNCTION voiceagent_private.take_webhooks(
	endpoint_ids bigint[], event_keys text[], headers jsonb[], bodies bytea[], events voiceagent_private.read_event[])
	RETURNS integer LANGUAGE plpgsql VOLATILE
	SET planner.policy = batch SET lock_timeout = '100ms' AS $$
#variable_conflict use_column
DECLARE
	v_ids bigint[];
	v_read voiceagent_private.read_event[];
	v_early bigint[];
	v_waiting bigint[];
	v_heard bigint[];
	v_new integer;
BEGIN
	-- Before anything else is locked; and a carrier waits for its answer.
	IF NOT voiceagent_private.try_lock_tenant() THEN
		RAISE EXCEPTION USING ERRCODE = 'lock_not_available',
			MESSAGE = 'another transaction changes many of the tenant''s leads';
	END IF;
	v_ids := voiceagent_private.insert_webhooks(endpoint_ids, event_keys, headers, bodies, 'http');
	v_new := cardinality(array_remove(v_ids, NULL));
	IF v_new > 0 THEN
		v_read := ARRAY(SELECT ROW(i.webhook_id, e.endpoint_id, e.attempt_id, e.event)::voiceagent_private.read_event
			FROM unnest(events) e
			JOIN unnest(v_ids) WITH ORDINALITY AS i(webhook_id, ord) ON i.ord = e.webhook_id
			WHERE i.webhook_id IS NOT NULL);
		SELECT a.early, a.waiting, a.heard INTO v_early, v_waiting, v_heard
		FROM voiceagent_private.apply_events(voiceagent_private.match_events(v_read)) a;
		IF cardinality(v_early || v_waiting) > 0 THEN
			INSERT INTO voiceagent_private.inbox (tenant_id, webhook_id, month_slot, body_bytes, next_try_at, heard)
			SELECT voiceagent.current_tenant(), w.webhook_id, voiceagent_private.month_slot(voiceagent.clock()),
				octet_length(w.body), CASE WHEN w.webhook_id = ANY (v_early) THEN voiceagent_private.report_due()
					ELSE voiceagent_private.called_due() END,
				w.webhook_id = ANY (v_heard)
			FROM unnest(v_ids, bodies) AS w(webhook_id, body) WHERE w.webhook_id = ANY (v_early || v_waiting);
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
