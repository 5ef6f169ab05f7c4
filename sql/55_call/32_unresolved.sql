/*
 * 55_call: dials that may or may not have been placed.  They end as failed,
 * their leads are not dialled again by themselves; a person who knows (from
 * the carrier's own console) says so, or the carrier speaks of the call after
 * all (60_inbox/31_reopen.sql).  Whoever comes first is believed.
 */

CREATE TABLE voiceagent.unresolved_calls (
	tenant_id bigint NOT NULL,
	call_id bigint NOT NULL,
	reason text NOT NULL,
	since timestamptz NOT NULL,
	placed boolean,
	resolved_at timestamptz,
	resolved_by text CHECK (resolved_by IN ('person', 'carrier')),
	evidence jsonb NOT NULL DEFAULT '[]',
	PRIMARY KEY (tenant_id, call_id),
	CHECK ((resolved_at IS NULL) = (resolved_by IS NULL))
);
CREATE INDEX unresolved_calls_open ON voiceagent.unresolved_calls (tenant_id, since) WHERE resolved_at IS NULL;
COMMENT ON TABLE voiceagent.unresolved_calls IS
	E'Calls whose carrier could not say whether they were placed: never dialled again by themselves; resolve_call() '
	'says what is known, or the carrier speaks of the call after all, which then goes on where it was.\n'
	'And those that the carrier did not know when it was asked (not_placed), and spoke of later.';
COMMENT ON COLUMN voiceagent.unresolved_calls.reason IS 'Why it is unknown.';
COMMENT ON COLUMN voiceagent.unresolved_calls.since IS 'When the carrier was asked for the last time.';
COMMENT ON COLUMN voiceagent.unresolved_calls.placed IS
	'The argument of resolve_call(), or true since the carrier has spoken of the call; NULL: nothing yet, or '
	'(resolved by the carrier) it is being asked again.';
COMMENT ON COLUMN voiceagent.unresolved_calls.resolved_at IS 'When that was; NULL: it is not known yet.';
COMMENT ON COLUMN voiceagent.unresolved_calls.resolved_by IS
	'Who said so: a person, by resolve_call(), or the carrier.';
COMMENT ON COLUMN voiceagent.unresolved_calls.evidence IS
	E'The first 20 reports of the carrier on the call after it had ended here, in the order in which they came: at, '
	'kind, status, cause, provider_call_id, occurred_at, duration_seconds, cost, cost_currency.\n'
	'They have an effect only on a call that is not resolved.';
SELECT voiceagent_private.guard_table('voiceagent.unresolved_calls', 'tenant');

CREATE FUNCTION voiceagent_private.record_unresolved(call_id bigint, reason text) RETURNS void
	LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
BEGIN
	INSERT INTO voiceagent.unresolved_calls (tenant_id, call_id, reason, since)
	VALUES (v_tenant, record_unresolved.call_id, record_unresolved.reason, voiceagent.clock())
	-- The carrier was asked again, and still cannot tell.
	ON CONFLICT ON CONSTRAINT unresolved_calls_pkey DO UPDATE
		SET reason = excluded.reason, since = excluded.since, placed = NULL, resolved_at = NULL, resolved_by = NULL;
	UPDATE voiceagent.attempts a
	SET state = 'unknown', error = left(concat_ws('; ', a.error, record_unresolved.reason), 2000)
	WHERE a.tenant_id = v_tenant AND a.call_id = record_unresolved.call_id AND a.state IN ('sending', 'unknown');
	PERFORM voiceagent_private.log_event('call_unresolved', NULL, record_unresolved.call_id, NULL,
		jsonb_build_object('reason', record_unresolved.reason));
END
$$;
COMMENT ON FUNCTION voiceagent_private.record_unresolved(bigint, text) IS
	'Writes down that a call of the current tenant may or may not have been placed, and why.';

CREATE FUNCTION voiceagent_private.lost_call(call_id bigint, OUT to_number text, OUT from_number text)
	LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
	SELECT c.phone, n.phone_number
	FROM voiceagent.calls c
	JOIN voiceagent.attempts a ON a.tenant_id = c.tenant_id AND a.call_id = c.call_id
	-- The account's settings may name another number today than the one that called.
	LEFT JOIN voiceagent.phone_numbers n ON n.tenant_id = c.tenant_id AND n.phone_number_id = a.phone_number_id
	WHERE c.tenant_id = voiceagent.current_tenant() AND c.call_id = lost_call.call_id
$$;
COMMENT ON FUNCTION voiceagent_private.lost_call(bigint) IS
	'The numbers by which a call of the current tenant is looked for in its carrier''s list; '
	'from_number NULL: not known.';

-- ambiguous also: one call from another number than the account calls from, where it is not known which number of
-- ours called.
CREATE FUNCTION voiceagent_private.lookup_candidates(call_id bigint, slack interval, provider_call_ids text[],
	to_numbers text[], from_numbers text[], created_ats timestamptz[]) RETURNS text
	LANGUAGE plpgsql VOLATILE SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	v_call bigint := call_id;
	v_lost record;
	v_live voiceagent_private.live_calls;
	v_theirs text[];
	v_foreign boolean;
BEGIN
	SELECT * INTO v_lost FROM voiceagent_private.lost_call(v_call);
	SELECT l.* INTO v_live FROM voiceagent_private.live_calls l
	WHERE l.tenant_id = v_tenant AND l.call_id = v_call AND l.provider_call_id IS NULL;
	IF NOT FOUND THEN
		RETURN 'found';
	END IF;
	v_theirs := ARRAY(SELECT DISTINCT i.theirs
		FROM unnest(provider_call_ids, to_numbers, from_numbers, created_ats) AS i(theirs, to_number,
			from_number, created_at)
		WHERE i.to_number = v_lost.to_number AND coalesce(i.from_number = v_lost.from_number, true)
			AND coalesce(i.created_at BETWEEN v_live.dialled_at - interval '5 minutes' - slack AND v_live.dialled_at
				+ interval '15 minutes' + slack, true)
			-- Not another attempt's: those to this number, of about that time.
			AND NOT EXISTS (SELECT FROM voiceagent.calls o
				JOIN voiceagent.attempts a ON a.tenant_id = v_tenant AND a.call_id = o.call_id
				WHERE o.tenant_id = v_tenant AND o.phone = v_lost.to_number AND o.counts AND o.call_id <> v_call
					AND o.started_at > v_live.dialled_at - interval '1 day' - slack
					AND i.theirs IN (a.provider_call_id, o.provider_call_id)));
	-- Somebody else's call to the same person, for all that we know.
	v_foreign := v_lost.from_number IS NULL
		AND EXISTS (SELECT FROM unnest(provider_call_ids, from_numbers) AS i(theirs, from_number)
			JOIN voiceagent.provider_accounts p ON p.tenant_id = v_tenant
				AND p.provider_account_id = v_live.provider_account_id
			WHERE i.theirs = ANY (v_theirs) AND i.from_number <> p.settings ->> 'from_number');
	IF cardinality(v_theirs) > 1 OR v_foreign THEN
		RETURN 'ambiguous';
	ELSIF cardinality(v_theirs) = 1 THEN
		PERFORM voiceagent_private.lookup_found(v_call, v_theirs[1]);
		RETURN 'found';
	END IF;
	RETURN 'none';
END
$$;
COMMENT ON FUNCTION voiceagent_private.lookup_candidates(bigint, interval, text[], text[], text[], timestamptz[]) IS
	E'Looks for a lost call of the current tenant among calls of its carrier''s list that echo no reference.\n'
	'It compares both numbers and the time of the dial (five minutes before to fifteen minutes after, and slack), and '
	'leaves out calls of other attempts. It returns found: exactly one, noted as the call; ambiguous: several, or '
	'perhaps one from another number; none.';

CREATE FUNCTION voiceagent.resolve_call(call_id bigint, placed boolean) RETURNS text
	LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent_private.writer_tenant();
	v_now timestamptz := voiceagent.clock();
	v_campaign bigint;
BEGIN
	PERFORM voiceagent_private.fail_if(placed IS NULL, 'PT422', 'say whether the call was placed: true or false');
	PERFORM voiceagent_private.lock_tenant(false);
	PERFORM FROM voiceagent.calls c WHERE c.tenant_id = v_tenant AND c.call_id = resolve_call.call_id FOR NO KEY UPDATE;
	UPDATE voiceagent.unresolved_calls u SET placed = resolve_call.placed, resolved_at = v_now, resolved_by = 'person'
	WHERE u.tenant_id = v_tenant AND u.call_id = resolve_call.call_id AND u.resolved_at IS NULL
		AND EXISTS (SELECT FROM voiceagent.calls c WHERE c.tenant_id = v_tenant AND c.call_id = resolve_call.call_id
			AND c.status = 'failed');
	PERFORM voiceagent_private.fail_if(NOT FOUND, 'PT404', format('call %s is not unresolved', resolve_call.call_id),
		NULL, 'The table voiceagent.unresolved_calls lists those that are.');
	UPDATE voiceagent.attempts a SET state = CASE WHEN placed THEN 'accepted' ELSE 'not_placed' END, answered_at = v_now
	WHERE a.tenant_id = v_tenant AND a.call_id = resolve_call.call_id AND a.state = 'unknown';
	IF placed THEN
		UPDATE voiceagent.calls c SET cause = 'resolved: it was placed'
		WHERE c.tenant_id = v_tenant AND c.call_id = resolve_call.call_id;
	ELSE
		UPDATE voiceagent.calls c
		SET outcome = 'canceled', cause = 'resolved: it was not placed', cause_class = 'retry', counts = false
		WHERE c.tenant_id = v_tenant AND c.call_id = resolve_call.call_id
		RETURNING c.campaign_id INTO v_campaign;
		-- Its campaign may have come to its end without this lead.
		PERFORM voiceagent_private.resume_for_call(v_campaign);
		PERFORM voiceagent_private.requeue_calls(ARRAY[resolve_call.call_id], ARRAY[v_now], '{not_placed}');
		PERFORM voiceagent_private.complete_campaigns(ARRAY[v_campaign]);
		PERFORM voiceagent_private.poke('dialer', 'schedules');
	END IF;
	PERFORM voiceagent_private.log_event('call_resolved', NULL, resolve_call.call_id, NULL,
		jsonb_build_object('placed', placed));
	RETURN CASE WHEN placed THEN 'placed' ELSE 'requeued' END;
END
$$;
COMMENT ON FUNCTION voiceagent.resolve_call(bigint, boolean) IS
	E'Says of a call in unresolved_calls whether the carrier placed it, as its own console shows; returns placed or '
	'requeued.\n'
	'placed true: the lead stays as it is; false: the lead is queued again and the attempt does not count. It raises '
	'PT404 when the call is not unresolved, or not any more because the carrier has spoken of it; PT422 without an '
	'answer.';
