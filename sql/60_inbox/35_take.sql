/*
 * 60_inbox: the short ways.  What has just come, been verified and read is
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
	v_read voiceagent_private.read_event[];
	v record;
	v_new integer;
BEGIN
	-- Before anything else is locked; and a carrier waits for its answer.
	PERFORM voiceagent_private.fail_if(NOT voiceagent_private.try_lock_tenant(), 'lock_not_available',
		'another transaction changes many of the tenant''s leads');
	v_ids := voiceagent_private.insert_webhooks(endpoint_ids, event_keys, headers, bodies, 'http');
	v_new := cardinality(array_remove(v_ids, NULL));
	IF v_new > 0 THEN
		v_read := ARRAY(SELECT ROW(i.webhook_id, e.endpoint_id, e.attempt_id, e.event)::voiceagent_private.read_event
			FROM unnest(events) e
			JOIN unnest(v_ids) WITH ORDINALITY AS i(webhook_id, ord) ON i.ord = e.webhook_id
			WHERE i.webhook_id IS NOT NULL);
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
CREATE TYPE voiceagent_private.progress_step AS (
	place integer,
	call_id bigint,
	call_row tid,
	status text,
	answered_at timestamptz
);
COMMENT ON TYPE voiceagent_private.progress_step IS
	'The state to which a webhook, at this place of its batch, raises a call whose row is locked, or (completed, '
	'failed, busy, no_answer) how it says that the call has ended.';

CREATE FUNCTION voiceagent_private.lock_progress(events voiceagent_private.read_event[])
	RETURNS voiceagent_private.progress_step[] LANGUAGE plpgsql VOLATILE
	SET planner.policy = row_by_row AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	c_steps CONSTANT text[] := ARRAY['initiated', 'ringing', 'in_progress'];
BEGIN
	-- Take an end for any call that has no end yet.
	RETURN ARRAY(
		SELECT ROW(t.place, t.call_id, c.ctid, t.status, t.answered_at)::voiceagent_private.progress_step
		FROM (SELECT m.webhook_id AS place, (m.event).status, (m.event).answered_at, a.call_id
			FROM unnest(events) m
			CROSS JOIN LATERAL (SELECT o.provider_account_id FROM voiceagent.webhook_endpoints o
				WHERE o.tenant_id = v_tenant AND o.endpoint_id = m.endpoint_id OFFSET 0) p
			CROSS JOIN LATERAL (SELECT o.call_id FROM voiceagent.attempts o
				WHERE o.tenant_id = v_tenant AND o.attempt_id = m.attempt_id AND o.reference = (m.event).attempt_ref
					AND o.provider_account_id = p.provider_account_id AND o.state = 'accepted'
					AND o.provider_call_id = (m.event).provider_call_id OFFSET 0) a
			-- For any other call this is also the proof that it was placed: see apply_progress().
			CROSS JOIN LATERAL (SELECT FROM voiceagent_private.live_calls o
				WHERE o.tenant_id = v_tenant AND o.call_id = a.call_id AND o.state = 'accepted'
					AND o.provider_call_id = (m.event).provider_call_id AND o.lookups = 0 OFFSET 0) l
			ORDER BY a.call_id, m.webhook_id) t
		CROSS JOIN LATERAL (SELECT o.ctid, o.status FROM voiceagent.calls o
			WHERE o.tenant_id = v_tenant AND o.call_id = t.call_id AND o.outcome IS NULL
			FOR NO KEY UPDATE SKIP LOCKED) c
		WHERE coalesce(array_position(c_steps, t.status) > array_position(c_steps, c.status), true));
END
$$;
COMMENT ON FUNCTION voiceagent_private.lock_progress(voiceagent_private.read_event[]) IS
	E'Locks the calls of the current tenant that these events (each of the state ringing or in_progress) raise, or '
	'that have ended by them, in the order of ids, and returns the steps.\n'
	'Left out are events without a reference of ours, those of calls that have ended, are not known to be accepted or '
	'were asked about since, and calls that another transaction holds.';

CREATE FUNCTION voiceagent_private.take_progress(
	endpoint_ids bigint[], event_keys text[], headers jsonb[], bodies bytea[], events voiceagent_private.read_event[])
	RETURNS integer[] LANGUAGE plpgsql VOLATILE
	SET planner.policy = by_tid AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	v_now timestamptz := voiceagent.clock();
	v_steps voiceagent_private.progress_step[] := voiceagent_private.lock_progress(events);
	v_ends boolean;
	v_raised boolean;
	v_places integer[];
	v_locked bigint[];
	v_ids bigint[];
BEGIN
	SELECT coalesce(bool_or(s.status NOT IN ('ringing', 'in_progress')), false),
		coalesce(bool_or(s.status IN ('ringing', 'in_progress')), false) INTO v_ends, v_raised FROM unnest(v_steps) s;
	-- Skip a live call that another transaction has locked.
	IF v_ends THEN
		v_locked := ARRAY(SELECT l.call_id FROM (SELECT DISTINCT s.call_id FROM unnest(v_steps) s
				WHERE s.status NOT IN ('ringing', 'in_progress') ORDER BY 1) e
			CROSS JOIN LATERAL (SELECT o.call_id FROM voiceagent_private.live_calls o
				WHERE o.tenant_id = v_tenant AND o.call_id = e.call_id FOR NO KEY UPDATE SKIP LOCKED) l);
		v_steps := ARRAY(SELECT s FROM unnest(v_steps) s
			WHERE s.status IN ('ringing', 'in_progress') OR s.call_id = ANY (v_locked));
	END IF;
	v_places := ARRAY(SELECT s.place FROM unnest(v_steps) s);
	IF cardinality(v_places) = 0 THEN
		RETURN v_places;
	END IF;
	v_ids := voiceagent_private.insert_webhooks(endpoint_ids, event_keys, headers, bodies, 'http', v_places);
	IF v_raised THEN
		-- Its snapshot is later than the locks. An event that was known had its effect when it came first.
		WITH furthest AS MATERIALIZED (
			SELECT DISTINCT ON (s.call_id) s.call_id, s.call_row, s.status,
				min(s.answered_at) FILTER (WHERE s.status = 'in_progress') OVER (PARTITION BY s.call_id) AS answered_at
			FROM unnest(v_steps, v_ids) AS s(place, call_id, call_row, status, answered_at, webhook_id)
			WHERE s.webhook_id IS NOT NULL AND s.status IN ('ringing', 'in_progress')
			ORDER BY s.call_id, s.status = 'ringing', s.answered_at
		), moved AS (
			UPDATE voiceagent.calls c
			-- No time is charged in which the person is not known to have talked.
			SET status = f.status, answered_at = CASE f.status WHEN 'in_progress' THEN
				coalesce(c.answered_at, f.answered_at, v_now) ELSE c.answered_at END,
				provider_call_id = coalesce(c.provider_call_id, (SELECT l.provider_call_id
					FROM voiceagent_private.live_calls l WHERE l.tenant_id = v_tenant AND l.call_id = c.call_id))
			FROM furthest f
			WHERE c.tenant_id = v_tenant AND c.ctid = f.call_row
			RETURNING c.call_id, c.campaign_id, c.lead_id, c.status
		)
		INSERT INTO voiceagent.events (tenant_id, month_slot, at, event_type, campaign_id, call_id, lead_id)
		SELECT v_tenant, voiceagent_private.month_slot(v_now), v_now,
			CASE m.status WHEN 'in_progress' THEN 'call_answered' ELSE 'call_ringing' END, m.campaign_id, m.call_id,
			m.lead_id
		FROM moved m;
	END IF;
	IF v_ends THEN
		PERFORM voiceagent_private.await_reports(ARRAY(
			SELECT s.call_id FROM unnest(v_steps, v_ids) AS s(place, call_id, call_row, status, answered_at, webhook_id)
			WHERE s.webhook_id IS NOT NULL AND s.status NOT IN ('ringing', 'in_progress') ORDER BY 1));
	END IF;
	PERFORM voiceagent_private.poke_subscribers();
	RETURN v_places;
END
$$;
COMMENT
	ON FUNCTION voiceagent_private.take_progress(bigint[], text[], jsonb[], bytea[], voiceagent_private.read_event[]) IS
	E'Stores those of these verified webhooks of the current tenant that raise a call now, or have its report awaited, '
	'with their whole effect, and returns their places.\n'
	'All of them tell that a call rings, was answered, or has ended, and nothing else; the arguments are those of '
	'take_webhooks(). '
	'The others are to go the usual way; it waits for nobody.';
