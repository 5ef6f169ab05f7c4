/*
 * 38_model: how accounts of the tenant and of the platform, which lie in two tables, stand
 * now: what the worker may send through them, and what answers change.
 */

CREATE TYPE voiceagent_private.model_account_state AS (
	of_platform boolean,
	model_account_id bigint,
	provider text,
	base_url text,
	settings jsonb,
	active boolean,
	home text,
	most integer,
	concurrency integer,
	answered integer,
	failures integer,
	failing_tenants bigint[],
	resumes_at timestamptz,
	opened_at timestamptz,
	recovered_at timestamptz,
	trips integer,
	trouble text
);
COMMENT ON TYPE voiceagent_private.model_account_state IS
	E'A model account of the tenant or the platform, or the embedded model (number 0), as it stands; most: '
	'max_concurrent_requests.\n'
	'failing_tenants and recovered_at: of the platform''s alone.';

CREATE FUNCTION voiceagent_private.model_account_state(of_platform boolean, model_account_id bigint)
	RETURNS voiceagent_private.model_account_state
	LANGUAGE plpgsql VOLATILE SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_variable
DECLARE
	v_address text;
	v voiceagent_private.model_account_state;
BEGIN
	IF model_account_id = 0 THEN
		-- It listens on this machine, and answers at once.
		v_address := voiceagent_private.sandbox_address();
		SELECT false AS of_platform, 0 AS model_account_id, 'sandbox' AS provider, v_address || '/v1' AS base_url,
			'{}'::jsonb AS settings, true AS active, voiceagent_private.home() AS home, 16 AS most, 16 AS concurrency,
			0 AS answered, 0 AS failures, NULL AS failing_tenants,
			CASE WHEN v_address IS NULL THEN voiceagent.clock() + interval '1 second' END AS resumes_at,
			NULL AS opened_at, NULL AS recovered_at, 0 AS trips,
			CASE WHEN v_address IS NULL THEN 'the sandbox does not run' END AS trouble INTO v;
		RETURN v;
	ELSIF of_platform THEN
		SELECT true, a.model_account_id, a.provider, a.base_url, a.settings, a.active, a.home,
			a.max_concurrent_requests, least(a.concurrency, a.max_concurrent_requests), a.answered, a.failures,
			a.failing_tenants, a.resumes_at, a.opened_at, a.recovered_at, a.trips, a.trouble
		INTO v FROM voiceagent_private.platform_model_accounts a WHERE a.model_account_id = model_account_id;
	ELSE
		SELECT false, a.model_account_id, a.provider, a.base_url, a.settings, a.active, a.home,
			a.max_concurrent_requests, least(a.concurrency, a.max_concurrent_requests), a.answered, a.failures,
			NULL, a.resumes_at, a.opened_at, NULL, a.trips, a.trouble
		INTO v FROM voiceagent.model_accounts a
		WHERE a.tenant_id = voiceagent.current_tenant() AND a.model_account_id = model_account_id;
	END IF;
	IF v.resumes_at > voiceagent.clock() + interval '1 hour' THEN
		v.resumes_at := NULL;
	END IF;
	RETURN v;
END
$$;
COMMENT ON FUNCTION voiceagent_private.model_account_state(boolean, bigint) IS
	'How an account of the current tenant, or of the platform, stands now; a row of NULLs: there is none.';

CREATE FUNCTION voiceagent_private.model_breaker_rest(trips integer) RETURNS interval
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
	RETURN least(interval '30 seconds' * power(2, greatest(least(trips - 1, 10), 0)), interval '1 hour');
COMMENT ON FUNCTION voiceagent_private.model_breaker_rest(integer) IS
	'How long a model account rests whose breaker has opened so many times in a row.';

CREATE FUNCTION voiceagent_private.model_breaker_opens(kind text, failures integer) RETURNS boolean
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
	RETURN kind IN ('bad_key', 'quota') OR failures >= 5;
COMMENT ON FUNCTION voiceagent_private.model_breaker_opens(text, integer) IS
	'Whether so many failures in a row open a breaker: one does for a bad key or an account without money.';

CREATE FUNCTION voiceagent_private.model_account_breaker(state voiceagent_private.model_account_state)
	RETURNS voiceagent_private.model_account_breakers
	LANGUAGE plpgsql STABLE SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v voiceagent_private.model_account_breakers;
BEGIN
	IF state.of_platform THEN
		SELECT b.* INTO v FROM voiceagent_private.model_account_breakers b
		WHERE b.tenant_id = voiceagent.current_tenant() AND b.model_account_id = state.model_account_id;
		-- A server that answers others again is asked by this tenant too.
		IF v.opened_at <= state.recovered_at OR v.resumes_at > voiceagent.clock() + interval '1 hour' THEN
			v.resumes_at := NULL;
		END IF;
	END IF;
	RETURN v;
END
$$;
COMMENT ON FUNCTION voiceagent_private.model_account_breaker(voiceagent_private.model_account_state) IS
	'How an account of the platform stands for the current tenant alone; a row of NULLs: well, or no such account.';

CREATE FUNCTION voiceagent_private.model_account_rest(state voiceagent_private.model_account_state,
	OUT resumes_at timestamptz, OUT trouble text)
	LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_own voiceagent_private.model_account_breakers := voiceagent_private.model_account_breaker(state);
BEGIN
	resumes_at := greatest(state.resumes_at, v_own.resumes_at);
	trouble := CASE WHEN NOT state.of_platform THEN state.trouble
		WHEN v_own.opened_at IS NOT NULL
			THEN concat_ws(': ', 'the platform''s account rests for what this tenant asks', v_own.trouble)
		WHEN state.trouble IS NOT NULL THEN 'the platform''s account rests' END;
END
$$;
COMMENT ON FUNCTION voiceagent_private.model_account_rest(voiceagent_private.model_account_state) IS
	'Until when nothing of the current tenant is sent through an account (NULL: at once), and why, as it may be shown.';

CREATE FUNCTION voiceagent_private.count_platform_failure(INOUT state voiceagent_private.model_account_state,
	kind text, message text, checked boolean, OUT opens boolean)
	LANGUAGE plpgsql VOLATILE SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	v_now timestamptz := voiceagent.clock();
	v_who bigint := CASE WHEN checked THEN 0 ELSE v_tenant END;
	v_most integer := voiceagent_private.platform_setting('model_breaker_tenants')::integer;
	v_own voiceagent_private.model_account_breakers := voiceagent_private.model_account_breaker(state);
	v_opens boolean := v_own.opened_at IS NOT NULL OR state.opened_at IS NOT NULL
		OR voiceagent_private.model_breaker_opens(kind, coalesce(v_own.failures, 0) + 1);
BEGIN
	opens := false;
	IF NOT checked THEN
		INSERT INTO voiceagent_private.model_account_breakers AS b (tenant_id, model_account_id, failures, resumes_at,
			opened_at, trips, trouble)
		VALUES (v_tenant, state.model_account_id, coalesce(v_own.failures, 0) + 1,
			CASE WHEN v_opens THEN v_now + voiceagent_private.model_breaker_rest(coalesce(v_own.trips, 0) + 1) END,
			CASE WHEN v_opens THEN v_now END, coalesce(v_own.trips, 0) + v_opens::integer,
			left(voiceagent_private.told_to_tenant(true, kind, message), 500))
		ON CONFLICT ON CONSTRAINT model_account_breakers_pkey DO UPDATE
		SET failures = excluded.failures, resumes_at = excluded.resumes_at, opened_at = excluded.opened_at,
			trips = excluded.trips, trouble = excluded.trouble;
		-- A repeated failure of one tenant says nothing new of the account.
		IF v_own.opened_at IS NOT NULL THEN
			RETURN;
		END IF;
	END IF;
	state.failures := state.failures + 1;
	state.trouble := left(message, 500);
	IF NOT v_who = ANY (state.failing_tenants) THEN
		state.failing_tenants := state.failing_tenants[1:v_most - 1] || v_who;
	END IF;
	opens := state.opened_at IS NOT NULL OR checked AND kind IN ('bad_key', 'quota')
		OR cardinality(state.failing_tenants) >= v_most
			AND voiceagent_private.model_breaker_opens(kind, state.failures);
	-- Whether it is the key, or what the tenant asked, is soon known.
	IF kind IN ('bad_key', 'quota') AND NOT checked AND NOT opens THEN
		PERFORM voiceagent_private.request_platform_check(state.model_account_id);
	END IF;
END
$$;
COMMENT ON FUNCTION voiceagent_private.count_platform_failure(voiceagent_private.model_account_state, text, text,
	boolean) IS
	E'Counts a failure at an account of the platform for the current tenant, whose breaker opens after five in a row, '
	'and for the account; opens: that rests for all.\n'
	'It does when model_breaker_tenants have failed since its last good answer, five times in all; when a probe of it '
	'fails; when its own check (checked) finds a bad key or no money.';

CREATE FUNCTION voiceagent_private.adapt_model_account(of_platform boolean, model_account_id bigint, kind text,
	message text, rest_ms bigint, checked boolean DEFAULT false) RETURNS void
	LANGUAGE plpgsql VOLATILE SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_variable
DECLARE
	v_now timestamptz := voiceagent.clock();
	v_old voiceagent_private.model_account_state;
	v voiceagent_private.model_account_state;
	v_rest interval;
	v_counted record;
	v_opens boolean;
	c_longest CONSTANT interval := '1 hour';
BEGIN
	IF model_account_id = 0 THEN
		RETURN;
	END IF;
	v := voiceagent_private.model_account_state(of_platform, model_account_id);
	v_old := v;
	IF v.model_account_id IS NULL THEN
		RETURN;
	ELSIF kind IN ('limited', 'overloaded') THEN
		-- Requests on their way at the same time only repeat it.
		IF v.resumes_at IS NULL OR v.resumes_at <= v_now THEN
			v.concurrency := greatest(v.concurrency / 2, 1);
			v.answered := 0;
			v.failures := v.failures + 1;
		END IF;
		v_rest := CASE WHEN rest_ms > 0 THEN interval '1 millisecond' * rest_ms
			ELSE interval '1 second' * power(2, least(v.failures, 6)) END;
		v.resumes_at := greatest(v.resumes_at, v_now + least(v_rest, c_longest));
		v.trouble := left(format('the vendor''s limit: %s', coalesce(message, kind)), 500);
	ELSIF kind IN ('bad_key', 'quota', 'server', 'lost', 'not_sent', 'unreadable') THEN
		IF of_platform THEN
			v_counted := voiceagent_private.count_platform_failure(v, kind, message, checked);
			v := v_counted.state;
			v_opens := v_counted.opens;
		ELSE
			v.failures := v.failures + 1;
			v.trouble := left(message, 500);
			v_opens := v.opened_at IS NOT NULL OR voiceagent_private.model_breaker_opens(kind, v.failures);
		END IF;
		IF v_opens THEN
			v.opened_at := v_now;
			v.trips := v.trips + 1;
			v.resumes_at := v_now + voiceagent_private.model_breaker_rest(v.trips);
		END IF;
	ELSE
		IF of_platform AND NOT checked THEN
			DELETE FROM voiceagent_private.model_account_breakers b
			WHERE b.tenant_id = voiceagent.current_tenant() AND b.model_account_id = model_account_id;
		END IF;
		v.failures := 0;
		v.failing_tenants := CASE WHEN of_platform THEN '{}' END;
		v.recovered_at := CASE WHEN of_platform AND v.opened_at IS NOT NULL THEN v_now ELSE v.recovered_at END;
		v.opened_at := NULL;
		v.trips := 0;
		v.answered := CASE WHEN v.concurrency < v.most THEN v.answered + 1 ELSE 0 END;
		IF v.answered >= v.concurrency AND v.concurrency < v.most THEN
			v.concurrency := v.concurrency + 1;
			v.answered := 0;
		END IF;
		-- An answer to what was sent before the vendor asked for a rest does not end it.
		v.resumes_at := CASE WHEN rest_ms > 0
			THEN greatest(v.resumes_at, v_now + least(interval '1 millisecond' * rest_ms, c_longest))
			WHEN v.resumes_at > v_now AND v_old.opened_at IS NULL THEN v.resumes_at END;
		v.trouble := CASE WHEN v.resumes_at IS NOT NULL THEN coalesce(v.trouble, 'the vendor''s limit is reached') END;
	END IF;
	IF v IS NOT DISTINCT FROM v_old THEN
		RETURN;
	END IF;
	IF of_platform THEN
		UPDATE voiceagent_private.platform_model_accounts a
		SET concurrency = v.concurrency, answered = v.answered, failures = v.failures,
			failing_tenants = v.failing_tenants, resumes_at = v.resumes_at, opened_at = v.opened_at,
			recovered_at = v.recovered_at, trips = v.trips, trouble = v.trouble
		WHERE a.model_account_id = v.model_account_id;
	ELSE
		UPDATE voiceagent.model_accounts a
		SET concurrency = v.concurrency, answered = v.answered, failures = v.failures,
			resumes_at = v.resumes_at, opened_at = v.opened_at, trips = v.trips, trouble = v.trouble
		WHERE a.tenant_id = voiceagent.current_tenant() AND a.model_account_id = v.model_account_id;
	END IF;
END
$$;
COMMENT ON FUNCTION voiceagent_private.adapt_model_account(boolean, bigint, text, text, bigint, boolean) IS
	E'Adapts an account to a reply (kind as va_model_kind_name() gives it): fewer requests at once at a limit, one '
	'more after as many good answers; a rest of rest_ms; the breaker opens after five failures in a row, and at once '
	'for a bad key or an account without money.\n'
	'At an account of the platform for the current tenant first; checked: it answers the platform''s own check.';
