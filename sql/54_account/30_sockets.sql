/*
 * 54_account: accounts of carriers whose events come over a socket that a
 * worker opens.  While it is closed the account does not dial: an answering
 * person would wait for a voice that never comes.
 */

-- Accounts of a few carriers among all, found at every poke of the worker.
CREATE INDEX endpoint_routes_provider ON voiceagent_private.endpoint_routes (provider, tenant_id, provider_account_id);

CREATE FUNCTION voiceagent_private.socket_accounts(providers text[], OUT tenant_id bigint,
	OUT provider_account_id bigint)
	RETURNS SETOF record LANGUAGE plpgsql STABLE SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
BEGIN
	-- Each poke asks: the plan is kept, which a function in SQL would not do.
	RETURN QUERY SELECT DISTINCT r.tenant_id, r.provider_account_id FROM voiceagent_private.endpoint_routes r
	WHERE r.provider = ANY (providers) ORDER BY 1, 2;
END
$$;
COMMENT ON FUNCTION voiceagent_private.socket_accounts(text[]) IS
	'The accounts of all tenants at these carriers, active or not.';

CREATE FUNCTION voiceagent_private.socket_state(provider_account_id bigint, real_carriers boolean, OUT wanted boolean,
	OUT version text)
	LANGUAGE plpgsql STABLE SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
BEGIN
	SELECT real_carriers AND a.armed_at IS NOT NULL
			AND (a.active OR EXISTS (SELECT FROM voiceagent_private.live_calls l
				WHERE l.tenant_id = a.tenant_id AND l.provider_account_id = a.provider_account_id)),
		md5(concat_ws('|', a.base_url, a.settings, a.armed_at))
	INTO wanted, version
	FROM voiceagent.provider_accounts a
	WHERE a.tenant_id = voiceagent.current_tenant() AND a.provider_account_id = socket_state.provider_account_id;
	wanted := coalesce(wanted, false);
END
$$;
COMMENT ON FUNCTION voiceagent_private.socket_state(bigint, boolean) IS
	'Whether an account of the current tenant should have its socket open (armed, and active or with calls that go '
	'on), and a digest of what decides where to; another one means to open it anew.';

CREATE FUNCTION voiceagent_private.socket_closed(provider_account_id bigint, why text) RETURNS void
	LANGUAGE plpgsql VOLATILE SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
BEGIN
	UPDATE voiceagent.provider_accounts a SET resumes_at = 'infinity', trouble = 'its events cannot be heard: ' || why
	WHERE a.tenant_id = voiceagent.current_tenant() AND a.provider_account_id = socket_closed.provider_account_id
		AND (a.resumes_at IS DISTINCT FROM 'infinity'
			OR a.trouble IS DISTINCT FROM 'its events cannot be heard: ' || why);
END
$$;
COMMENT ON FUNCTION voiceagent_private.socket_closed(bigint, text) IS
	'The socket of an account of the current tenant is not open: the account rests until it is.';

CREATE FUNCTION voiceagent_private.socket_opened(provider_account_id bigint) RETURNS integer
	LANGUAGE plpgsql VOLATILE SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	v_account bigint := provider_account_id;
	v_asked integer;
BEGIN
	-- Its campaigns come before it, as those who dial take them.
	PERFORM voiceagent_private.lock_campaigns(v_account);
	UPDATE voiceagent.provider_accounts a SET resumes_at = NULL, trouble = NULL
	WHERE a.tenant_id = v_tenant AND a.provider_account_id = v_account AND a.resumes_at = 'infinity';
	IF FOUND THEN
		PERFORM voiceagent_private.forget_account_trouble(voiceagent_private.campaigns_of_account(v_account));
	END IF;
	UPDATE voiceagent_private.pacing p SET next_dial_at = '-infinity'
	FROM voiceagent.campaigns c
	WHERE c.tenant_id = v_tenant AND c.status = 'running'
		AND p.tenant_id = v_tenant AND p.campaign_id = c.campaign_id AND p.suspended IS NULL
		AND p.next_dial_at > '-infinity';
	-- Events missed while the socket was closed are not repeated: the carrier is asked about every call that it had.
	UPDATE voiceagent_private.live_calls l SET lease_until = least(l.lease_until, voiceagent.clock())
	WHERE l.tenant_id = v_tenant AND l.provider_account_id = v_account;
	GET DIAGNOSTICS v_asked = ROW_COUNT;
	PERFORM voiceagent_private.poke('dialer', 'lookups');
	RETURN v_asked;
END
$$;
COMMENT ON FUNCTION voiceagent_private.socket_opened(bigint) IS
	'The socket of an account of the current tenant is open (again): it dials, and the carrier is asked about every '
	'live call of it, whose number is returned.';
