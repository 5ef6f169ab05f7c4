/*
 * 30_credit: what opens and closes grants.  Calls take from them and give back in
 * extension/ledger/grants.c, which follows each transfer of a ledger that has grants.
 * All of this is done under the ledger's lock.
 */

CREATE FUNCTION voiceagent_private.refresh_grants() RETURNS void
	LANGUAGE plpgsql VOLATILE SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	-- A closed one of which a call still holds something has to be there when that comes back.
	v_until timestamptz := (SELECT min(CASE g.state WHEN 'open' THEN g.expires_at ELSE 'infinity' END)
		FROM voiceagent.credit_grants g WHERE g.tenant_id = v_tenant AND (g.state = 'open' OR g.held > 0));
BEGIN
	UPDATE voiceagent.ledgers l SET grants_until = v_until
	WHERE l.tenant_id = v_tenant AND l.grants_until IS DISTINCT FROM v_until;
	IF coalesce(v_until, 'infinity') = 'infinity' THEN
		DELETE FROM voiceagent_private.grant_deadlines d WHERE d.tenant_id = v_tenant;
		RETURN;
	END IF;
	INSERT INTO voiceagent_private.grant_deadlines AS d (tenant_id, due_at) VALUES (v_tenant, v_until)
	ON CONFLICT ON CONSTRAINT grant_deadlines_pkey DO UPDATE SET due_at = excluded.due_at
	WHERE d.due_at <> excluded.due_at;
	IF FOUND THEN
		PERFORM voiceagent_private.request_job('expire_grants', v_until);
	END IF;
END
$$;
COMMENT ON FUNCTION voiceagent_private.refresh_grants() IS
	'Notes when the current tenant''s next grant expires, after one was opened or closed.';

CREATE FUNCTION voiceagent_private.open_grant(operation text, source text, credits numeric, reason text,
	expires_at timestamptz, priority integer DEFAULT 50, rollover numeric DEFAULT 0, rollover_for interval DEFAULT NULL,
	order_id bigint DEFAULT NULL, idempotency_key text DEFAULT NULL, unit text DEFAULT 'credits',
	test boolean DEFAULT false) RETURNS bigint
	LANGUAGE plpgsql VOLATILE SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_grant bigint;
BEGIN
	PERFORM voiceagent_private.lock_available();
	PERFORM voiceagent_private.post(ARRAY[voiceagent_private.transfer(operation,
		CASE unit WHEN 'minutes' THEN 'minutes_funding' ELSE 'funding' END,
		CASE unit WHEN 'minutes' THEN 'minutes' ELSE 'available' END, credits, reference => reason)]);
	INSERT INTO voiceagent.credit_grants (tenant_id, unit, source, reason, order_id, idempotency_key, priority,
		expires_at, rollover, rollover_for, credits, rest, created_at, test)
	VALUES (voiceagent.current_tenant(), open_grant.unit, open_grant.source, open_grant.reason, open_grant.order_id,
		open_grant.idempotency_key, open_grant.priority, coalesce(open_grant.expires_at, 'infinity'),
		open_grant.rollover,
		CASE WHEN open_grant.rollover > 0 THEN open_grant.rollover_for END, open_grant.credits, open_grant.credits,
		voiceagent.clock(), open_grant.test)
	RETURNING grant_id INTO v_grant;
	PERFORM voiceagent_private.refresh_grants();
	RETURN v_grant;
END
$$;
COMMENT ON FUNCTION voiceagent_private.open_grant(text, text, numeric, text, timestamptz, integer, numeric, interval,
	bigint, text, text, boolean) IS
	E'Gives the current tenant credits, or minutes, as a grant -> grant_id.\n'
	'operation: what the transfer is called; expires_at: NULL '
	'for never; a second one with the same idempotency key is refused by its index.';

CREATE FUNCTION voiceagent_private.end_due_grants() RETURNS void
	LANGUAGE plpgsql VOLATILE SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	v_now timestamptz := voiceagent.clock();
	v_transfers voiceagent_private.transfer[];
	v_rolled bigint;
BEGIN
	LOOP
		WITH ended AS (
			UPDATE voiceagent.credit_grants g
			SET state = 'expired', rest = 0, rolled = w.rolled, lost = g.lost + g.rest - w.rolled
			FROM (SELECT o.grant_id, least(o.rest, o.rollover) AS rolled, o.rest - least(o.rest, o.rollover) AS lost
				FROM voiceagent.credit_grants o
				WHERE o.tenant_id = v_tenant AND o.state = 'open' AND o.expires_at <= v_now) w
			WHERE g.tenant_id = v_tenant AND g.grant_id = w.grant_id
			RETURNING g.grant_id, g.unit, g.priority, g.expires_at, g.rollover_for, g.test, w.rolled, w.lost
		), next AS (
			INSERT INTO voiceagent.credit_grants (tenant_id, unit, source, reason, priority, expires_at, credits, rest,
				created_at, test)
			SELECT v_tenant, e.unit, 'rollover', 'rest of grant ' || e.grant_id, e.priority,
				e.expires_at + e.rollover_for, e.rolled, e.rolled, v_now, e.test
			FROM ended e WHERE e.rolled > 0 ORDER BY e.grant_id RETURNING grant_id
		)
		SELECT array_agg(voiceagent_private.transfer('expired',
			CASE e.unit WHEN 'minutes' THEN 'minutes' ELSE 'available' END,
			CASE e.unit WHEN 'minutes' THEN 'minutes_funding' ELSE 'funding' END, e.lost,
			reference => 'grant ' || e.grant_id) ORDER BY e.grant_id), (SELECT count(*) FROM next)
		INTO v_transfers, v_rolled FROM ended e;
		PERFORM voiceagent_private.post(v_transfers);
		-- Credits carried over long ago may have expired as well.
		EXIT WHEN v_rolled = 0;
	END LOOP;
	PERFORM voiceagent_private.refresh_grants();
END
$$;
COMMENT ON FUNCTION voiceagent_private.end_due_grants() IS
	'Ends the grants of the current tenant whose time is over: what is left of them is carried over or lost.';

CREATE FUNCTION voiceagent_private.test_credits() RETURNS numeric
	LANGUAGE plpgsql STABLE SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
BEGIN
	RETURN (SELECT coalesce(sum(g.rest), 0) FROM voiceagent.credit_grants g
		WHERE g.tenant_id = voiceagent.current_tenant() AND g.state = 'open' AND g.unit = 'credits' AND g.test);
END
$$;
COMMENT ON FUNCTION voiceagent_private.test_credits() IS 'Of what the current tenant has available, unpaid credits.';

CREATE FUNCTION voiceagent_private.end_test_credits() RETURNS numeric
	LANGUAGE plpgsql VOLATILE SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_transfers voiceagent_private.transfer[];
	v_credits numeric;
BEGIN
	IF NOT EXISTS (SELECT FROM voiceagent.credit_grants g WHERE g.tenant_id = voiceagent.current_tenant()
		AND g.state = 'open' AND g.test) THEN
		RETURN 0;
	END IF;
	PERFORM voiceagent_private.lock_available();
	v_credits := voiceagent_private.test_credits();
	WITH ended AS (
		UPDATE voiceagent.credit_grants g SET state = 'voided', rest = 0, lost = g.lost + o.rest
		FROM (SELECT t.grant_id, t.rest FROM voiceagent.credit_grants t
			WHERE t.tenant_id = voiceagent.current_tenant() AND t.state = 'open' AND t.test) o
		WHERE g.tenant_id = voiceagent.current_tenant() AND g.grant_id = o.grant_id
		RETURNING g.grant_id, g.unit, o.rest
	)
	SELECT array_agg(voiceagent_private.transfer('voided',
		CASE e.unit WHEN 'minutes' THEN 'minutes' ELSE 'available' END,
		CASE e.unit WHEN 'minutes' THEN 'minutes_funding' ELSE 'funding' END, e.rest,
		reference => format('grant %s: test credits', e.grant_id)) ORDER BY e.grant_id)
	INTO v_transfers FROM ended e;
	PERFORM voiceagent_private.post(v_transfers);
	PERFORM voiceagent_private.refresh_grants();
	RETURN v_credits;
END
$$;
COMMENT ON FUNCTION voiceagent_private.end_test_credits() IS
	'Ends the current tenant''s test credits and minutes -> credits; what live calls hold of them goes when they end.';

CREATE FUNCTION voiceagent_private.resume_after_grant() RETURNS void
	LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
	PERFORM voiceagent_private.resume_suspended('out of credits');
END
$$;
COMMENT ON FUNCTION voiceagent_private.resume_after_grant() IS
	'Lets the campaigns of the current tenant go on that waited for credits: at once, or within 5 minutes when another '
	'session is just filling or changing them.';

CREATE FUNCTION voiceagent_private.shrink_grant(order_id bigint, amount numeric) RETURNS void
	LANGUAGE plpgsql VOLATILE SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
BEGIN
	UPDATE voiceagent.credit_grants g
	SET used = g.used + least(g.rest, shrink_grant.amount), rest = g.rest - least(g.rest, shrink_grant.amount),
		state = CASE WHEN g.held = 0 AND g.rest <= shrink_grant.amount THEN 'used' ELSE 'open' END
	WHERE g.tenant_id = voiceagent.current_tenant() AND g.order_id = shrink_grant.order_id AND g.state = 'open'
		AND g.unit = 'credits';
	IF FOUND THEN
		PERFORM voiceagent_private.refresh_grants();
	END IF;
END
$$;
COMMENT ON FUNCTION voiceagent_private.shrink_grant(bigint, numeric) IS
	'Before credits of an order of the current tenant are taken back: from the grant that it paid for, as far as that '
	'reaches.';

CREATE FUNCTION voiceagent_private.try_lock_ledger() RETURNS boolean
	LANGUAGE plpgsql VOLATILE SET lock_timeout = '10ms' SET planner.policy = by_key
	SET search_path = pg_catalog, pg_temp AS $$
BEGIN
	-- SKIP LOCKED waits after all for the next one that changes a row whose last change has just committed.
	PERFORM FROM voiceagent.ledgers l WHERE l.tenant_id = voiceagent.current_tenant() FOR NO KEY UPDATE SKIP LOCKED;
	RETURN FOUND;
EXCEPTION WHEN lock_not_available THEN
	RETURN false;
END
$$;
COMMENT ON FUNCTION voiceagent_private.try_lock_ledger() IS
	'For jobs: locks the current tenant''s ledger; false: somebody holds it, and it was not waited for.';

CREATE FUNCTION voiceagent_private.expire_grants(max integer) RETURNS timestamptz
	LANGUAGE plpgsql VOLATILE SET planner.policy = by_keys SET search_path = pg_catalog, pg_temp AS $$
BEGIN
	-- A ledger that somebody holds is looked at a moment later, or by its holder's next transfer.
	IF NOT voiceagent_private.try_lock_ledger() THEN
		RETURN voiceagent.clock() + interval '10 seconds';
	END IF;
	PERFORM voiceagent_private.end_due_grants();
	RETURN NULL;
END
$$;
COMMENT ON FUNCTION voiceagent_private.expire_grants(integer) IS 'A tenant job: ends grants whose time is over.';
SELECT voiceagent_private.register_tenant_job('expire_grants', 100, 'grant_deadlines', 'due_at');

CREATE FUNCTION voiceagent_private.check_grants() RETURNS TABLE (invariant text, detail text)
	LANGUAGE sql STABLE AS $$
	WITH grants AS (
		SELECT g.* FROM voiceagent.credit_grants g WHERE g.tenant_id = voiceagent.current_tenant()
	), ledger AS (
		SELECT l.* FROM voiceagent.ledgers l WHERE l.tenant_id = voiceagent.current_tenant()
	), part AS (
		SELECT p.grant_id, h.hold_id, h.amount AS hold, h.minutes, p.amount
		FROM voiceagent.credit_holds h
		JOIN voiceagent.credit_hold_parts p ON p.tenant_id = h.tenant_id AND p.hold_id = h.hold_id
		WHERE h.tenant_id = voiceagent.current_tenant() AND h.state = 'held'
	), lost AS (
		SELECT u.unit, coalesce((SELECT sum(t.amount) FROM voiceagent.credit_transfers t
			WHERE t.tenant_id = voiceagent.current_tenant() AND t.operation IN ('expired', 'voided')
				AND t.from_account = u.account), 0) AS total
		FROM (VALUES ('credits', 'available'), ('minutes', 'minutes')) AS u(unit, account)
	)
	SELECT 'the wallet is what is left of grants and what is of none',
		format('available %s, of grants %s; held %s, of grants %s', l.available, g.rest, l.held, g.held)
	FROM ledger l, (SELECT coalesce(sum(o.rest), 0) AS rest, coalesce(sum(o.held), 0) AS held FROM grants o
		WHERE o.unit = 'credits') g
	WHERE g.rest > l.available OR g.held > l.held
	UNION ALL
	SELECT 'minutes are those of bundles', format('minutes %s, of bundles %s; held %s, of bundles %s', l.minutes,
		g.rest, l.minutes_held, g.held)
	FROM ledger l, (SELECT coalesce(sum(o.rest), 0) AS rest, coalesce(sum(o.held), 0) AS held FROM grants o
		WHERE o.unit = 'minutes') g
	WHERE g.rest <> coalesce(l.minutes, 0) OR g.held <> coalesce(l.minutes_held, 0)
	UNION ALL
	SELECT 'what a grant holds is what open holds took from it',
		format('grant %s: held %s, holds %s', g.grant_id, g.held, coalesce(p.total, 0))
	FROM grants g LEFT JOIN (SELECT o.grant_id, sum(o.amount) AS total FROM part o GROUP BY o.grant_id) p
		ON p.grant_id = g.grant_id
	WHERE g.held <> coalesce(p.total, 0)
	UNION ALL
	SELECT 'a hold took no more from grants than it holds', format('hold %s', p.hold_id)
	FROM part p JOIN grants g ON g.grant_id = p.grant_id GROUP BY p.hold_id, p.hold, p.minutes
	HAVING coalesce(sum(p.amount) FILTER (WHERE g.unit = 'credits'), 0) > p.hold
		OR coalesce(sum(p.amount) FILTER (WHERE g.unit = 'minutes'), 0) <> coalesce(p.minutes, 0)
	UNION ALL
	SELECT 'what grants lost left the ledger', format('grants %s, ledger %s %s', g.lost, l.total, l.unit)
	FROM lost l CROSS JOIN LATERAL (SELECT coalesce(sum(o.lost), 0) AS lost FROM grants o WHERE o.unit = l.unit) g
	WHERE g.lost <> l.total
	UNION ALL
	SELECT 'test credits end with the embedded vendor', format('grant %s', g.grant_id)
	FROM grants g WHERE g.test AND g.state = 'open' AND EXISTS (SELECT FROM voiceagent_private.embedded_vendor_end)
	UNION ALL
	SELECT 'the ledger knows when the next grant expires', format('it says %s', coalesce(l.grants_until::text, 'none'))
	FROM ledger l
	WHERE EXISTS (SELECT FROM grants g WHERE g.held > 0 AND l.grants_until IS NULL
		OR g.state = 'open' AND g.expires_at < coalesce(l.grants_until, 'infinity')
		OR g.state = 'open' AND l.grants_until IS NULL)
$$;
COMMENT ON FUNCTION voiceagent_private.check_grants() IS
	'Inconsistencies of the current tenant''s grants, holds and ledger; no row is well.';
INSERT INTO voiceagent_private.registrations (kind, name) VALUES ('invariant', 'check_grants');
