-- 30_credit: grants as the platform gives and voids them, and as their tenant sees them.

CREATE FUNCTION voiceagent_private.grant_of_key(idempotency_key text, credits numeric, reason text, unit text)
	RETURNS bigint
	LANGUAGE plpgsql STABLE SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v voiceagent.credit_grants;
BEGIN
	SELECT * INTO v FROM voiceagent.credit_grants g
	WHERE g.tenant_id = voiceagent.current_tenant() AND g.idempotency_key = grant_of_key.idempotency_key;
	PERFORM voiceagent_private.fail_if(v.credits <> grant_of_key.credits OR v.reason <> grant_of_key.reason
		OR v.unit <> grant_of_key.unit, 'PT409', 'the idempotency key was used with other parameters',
		format('Then: %s %s, reason "%s".', trim_scale(v.credits), v.unit, v.reason), 'A new grant needs a new key.');
	RETURN v.grant_id;
END
$$;
COMMENT ON FUNCTION voiceagent_private.grant_of_key(text, numeric, text, text) IS
	'The grant that the current tenant got with this key; NULL: none, PT409: with other parameters.';

CREATE FUNCTION voiceagent.grant_credits(tenant_id bigint, credits numeric, reason text, source text DEFAULT 'gift',
	expires_at timestamptz DEFAULT NULL, priority integer DEFAULT 50, rollover numeric DEFAULT 0,
	rollover_for interval DEFAULT NULL, idempotency_key text DEFAULT NULL, unit text DEFAULT 'credits') RETURNS bigint
	LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_was bigint;
	v_grant bigint;
	-- All of them are looked through at each hold.
	c_open_max CONSTANT integer := 200;
BEGIN
	PERFORM voiceagent_private.require_platform('grant credits');
	IF credits IS NULL OR credits NOT BETWEEN 0.000001 AND 1e12 OR credits <> round(credits, 6) THEN
		PERFORM voiceagent_private.fail('PT422', 'a grant has more than 0 and at most 1000000000000 credits',
			format('Got %s; credits have at most 6 decimals.', coalesce(left(credits::text, 60), 'NULL')));
	ELSIF coalesce(btrim(reason), '') = '' OR length(reason) > 1000 THEN
		PERFORM voiceagent_private.fail('PT422', 'a grant needs a reason of 1 to 1000 characters');
	ELSIF unit IS NULL OR unit NOT IN ('credits', 'minutes') THEN
		PERFORM voiceagent_private.fail('PT422', 'a grant is of credits or of minutes');
	ELSIF source IS NULL OR source NOT IN ('gift', 'refund', 'other') THEN
		PERFORM voiceagent_private.fail('PT422', 'a grant is a gift, a refund or other', NULL,
			'Purchases, allocations of plans and rollovers make their grants themselves.');
	ELSIF priority IS NULL OR priority NOT BETWEEN 0 AND 100 THEN
		PERFORM voiceagent_private.fail('PT422', 'a priority lies between 0 (used first) and 100');
	ELSIF expires_at <= voiceagent.clock() OR expires_at > '9999-01-01' AND expires_at < 'infinity' THEN
		PERFORM voiceagent_private.fail('PT422', 'a grant cannot expire in the past, nor after the year 9998');
	ELSIF rollover IS NULL OR rollover NOT BETWEEN 0 AND 1e12 OR rollover <> round(rollover, 6)
		OR (rollover > 0) <> (rollover_for IS NOT NULL) OR rollover_for NOT BETWEEN '1 hour' AND '10 years'
		OR rollover > 0 AND coalesce(expires_at, 'infinity') = 'infinity' THEN
		PERFORM voiceagent_private.fail('PT422', 'rollover is a number of credits, of a grant that expires', NULL,
			'rollover_for says how long they last then: 1 hour to 10 years.');
	ELSIF length(idempotency_key) NOT BETWEEN 1 AND 255 THEN
		PERFORM voiceagent_private.fail('PT422', 'an idempotency key has 1 to 255 characters');
	END IF;
	v_was := voiceagent_private.set_existing_tenant(tenant_id);
	PERFORM voiceagent_private.lock_available();
	v_grant := voiceagent_private.grant_of_key(idempotency_key, credits, reason, unit);
	IF v_grant IS NULL THEN
		PERFORM voiceagent_private.fail_if((SELECT count(*) FROM voiceagent.credit_grants g
			WHERE g.tenant_id = grant_credits.tenant_id AND g.state = 'open') >= c_open_max, 'PT409',
			'the tenant has too many grants', format('At most %s may be open.', c_open_max),
			'void_grant() closes one.');
		PERFORM voiceagent_private.weigh_deed(credits);
		v_grant := voiceagent_private.open_grant('grant', source, credits, reason, expires_at, priority, rollover,
			rollover_for, NULL, idempotency_key, unit);
		PERFORM voiceagent_private.audit('grant_credits', 'grant ' || v_grant, NULL, jsonb_build_object(unit,
			credits, 'source', source, 'reason', reason, 'expires_at', expires_at, 'priority', priority));
		PERFORM voiceagent_private.audit_platform('grant_credits', format('tenant %s, grant %s', tenant_id, v_grant),
			NULL, jsonb_build_object(unit, credits, 'source', source, 'reason', reason, 'expires_at', expires_at));
		PERFORM voiceagent_private.resume_after_grant();
	END IF;
	PERFORM voiceagent_private.set_tenant(v_was);
	RETURN v_grant;
END
$$;
COMMENT ON FUNCTION voiceagent.grant_credits(bigint, numeric, text, text, timestamptz, integer, numeric, interval,
	text, text) IS
	E'Platform only: gives a tenant credits, or (unit) minutes, of their own expiry and priority -> grant_id.\n'
	'source: gift, refund or other; expires_at: NULL for never; priority: 0 is used first; rollover: so much of the '
	'rest becomes another grant for rollover_for. The same idempotency_key again returns the first grant. 42501, '
	'PT404, PT409, PT422.';

CREATE FUNCTION voiceagent.void_grant(tenant_id bigint, grant_id bigint, reason text) RETURNS numeric
	LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_was bigint;
	v voiceagent.credit_grants;
BEGIN
	PERFORM voiceagent_private.require_platform('void a grant');
	PERFORM voiceagent_private.fail_if(coalesce(btrim(reason), '') = '' OR length(reason) > 1000, 'PT422',
		'voiding a grant needs a reason of 1 to 1000 characters');
	v_was := voiceagent_private.set_existing_tenant(tenant_id);
	PERFORM voiceagent_private.lock_available();
	SELECT * INTO v FROM voiceagent.credit_grants g
	WHERE g.tenant_id = void_grant.tenant_id AND g.grant_id = void_grant.grant_id;
	PERFORM voiceagent_private.fail_if(NOT FOUND, 'PT404', 'there is no such grant');
	PERFORM voiceagent_private.fail_if(v.state <> 'open', 'PT409', format('the grant is %s already', v.state));
	PERFORM voiceagent_private.weigh_deed(v.rest);
	UPDATE voiceagent.credit_grants g SET state = 'voided', rest = 0, lost = g.lost + g.rest
	WHERE g.tenant_id = v.tenant_id AND g.grant_id = v.grant_id;
	PERFORM voiceagent_private.post(ARRAY[voiceagent_private.transfer('voided',
		CASE v.unit WHEN 'minutes' THEN 'minutes' ELSE 'available' END,
		CASE v.unit WHEN 'minutes' THEN 'minutes_funding' ELSE 'funding' END, v.rest,
		reference => format('grant %s: %s', v.grant_id, reason))]);
	PERFORM voiceagent_private.refresh_grants();
	PERFORM voiceagent_private.audit('void_grant', 'grant ' || v.grant_id, NULL,
		jsonb_build_object(v.unit, v.rest, 'reason', reason));
	PERFORM voiceagent_private.audit_platform('void_grant', format('tenant %s, grant %s', v.tenant_id, v.grant_id),
		NULL, jsonb_build_object(v.unit, v.rest, 'reason', reason));
	PERFORM voiceagent_private.set_tenant(v_was);
	RETURN v.rest;
END
$$;
COMMENT ON FUNCTION voiceagent.void_grant(bigint, bigint, text) IS
	E'Platform only: takes what is left of a grant -> credits (or minutes); what live calls hold of it goes when they '
	'end.\n'
	'42501, PT404, PT409 for one that is closed, PT422.';

CREATE FUNCTION voiceagent.list_grants(closed_too boolean DEFAULT false)
	RETURNS TABLE (grant_id bigint, source text, reason text, credits numeric, rest numeric, held numeric,
		used numeric, lost numeric, rolled numeric, priority integer, expires_at timestamptz, state text, unit text)
	LANGUAGE sql STABLE SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
	SELECT g.grant_id, g.source, g.reason, g.credits, g.rest, g.held, g.used, g.lost, g.rolled, g.priority,
		nullif(g.expires_at, 'infinity'), g.state, g.unit
	FROM voiceagent.credit_grants g
	WHERE g.tenant_id = voiceagent.current_tenant() AND (g.state = 'open' OR closed_too)
	ORDER BY g.state <> 'open', g.priority, g.expires_at, g.grant_id
$$;
COMMENT ON FUNCTION voiceagent.list_grants(boolean) IS
	E'The tenant''s grants of credits and (unit) minutes in the order in which they are used; closed_too: those that '
	'are used up, expired or voided as well.\n'
	'expires_at is NULL for one that never does. Credits of no grant are used last.';
