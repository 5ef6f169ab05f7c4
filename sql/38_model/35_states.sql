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
	resumes_at timestamptz,
	opened_at timestamptz,
	trips integer,
	trouble text
);
COMMENT ON TYPE voiceagent_private.model_account_state IS
	'A model account of the tenant or the platform, or the embedded model (number 0), as it stands; most: '
	'max_concurrent_requests.';

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
		RETURN ROW(false, 0, 'sandbox', v_address || '/v1', '{}', true, voiceagent_private.home(), 16, 16, 0, 0,
			CASE WHEN v_address IS NULL THEN voiceagent.clock() + interval '1 second' END, NULL, 0,
			CASE WHEN v_address IS NULL THEN 'the sandbox does not run' END)::voiceagent_private.model_account_state;
	ELSIF of_platform THEN
		SELECT true, a.model_account_id, a.provider, a.base_url, a.settings, a.active, a.home,
			a.max_concurrent_requests, least(a.concurrency, a.max_concurrent_requests), a.answered, a.failures,
			a.resumes_at, a.opened_at, a.trips, a.trouble
		INTO v FROM voiceagent_private.platform_model_accounts a WHERE a.model_account_id = model_account_id;
	ELSE
		SELECT false, a.model_account_id, a.provider, a.base_url, a.settings, a.active, a.home,
			a.max_concurrent_requests, least(a.concurrency, a.max_concurrent_requests), a.answered, a.failures,
			a.resumes_at, a.opened_at, a.trips, a.trouble
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

CREATE FUNCTION voiceagent_private.save_model_account_state(state voiceagent_private.model_account_state) RETURNS void
	LANGUAGE plpgsql VOLATILE SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
BEGIN
	IF state.of_platform THEN
		UPDATE voiceagent_private.platform_model_accounts a
		SET concurrency = state.concurrency, answered = state.answered, failures = state.failures,
			resumes_at = state.resumes_at, opened_at = state.opened_at, trips = state.trips, trouble = state.trouble
		WHERE a.model_account_id = state.model_account_id;
	ELSE
		UPDATE voiceagent.model_accounts a
		SET concurrency = state.concurrency, answered = state.answered, failures = state.failures,
			resumes_at = state.resumes_at, opened_at = state.opened_at, trips = state.trips, trouble = state.trouble
		WHERE a.tenant_id = voiceagent.current_tenant() AND a.model_account_id = state.model_account_id;
	END IF;
END
$$;
COMMENT ON FUNCTION voiceagent_private.save_model_account_state(voiceagent_private.model_account_state) IS
	'Writes down how an account stands now.';

CREATE FUNCTION voiceagent_private.adapt_model_account(of_platform boolean, model_account_id bigint, kind text,
	message text, rest_ms bigint) RETURNS void
	LANGUAGE plpgsql VOLATILE SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_variable
DECLARE
	v_now timestamptz := voiceagent.clock();
	v_old voiceagent_private.model_account_state;
	v voiceagent_private.model_account_state;
	v_rest interval;
	c_failing CONSTANT integer := 5;
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
		-- What was on its way at the same time says the same once more.
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
		v.failures := v.failures + 1;
		v.trouble := left(message, 500);
		IF kind IN ('bad_key', 'quota') OR v.failures >= c_failing OR v.opened_at IS NOT NULL THEN
			v.opened_at := v_now;
			v.trips := v.trips + 1;
			v.resumes_at := v_now + least(interval '30 seconds' * power(2, least(v.trips - 1, 10)), c_longest);
		END IF;
	ELSE
		v.failures := 0;
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
	IF v IS DISTINCT FROM v_old THEN
		PERFORM voiceagent_private.save_model_account_state(v);
	END IF;
END
$$;
COMMENT ON FUNCTION voiceagent_private.adapt_model_account(boolean, bigint, text, text, bigint) IS
	E'What a reply (kind as va_model_kind_name() gives it) means for its account: fewer requests at once at a limit, '
	'one more after as many good answers; a rest of rest_ms; the breaker opens after five failures in a row, and at '
	'once for a bad key or an account without money.\n'
	'The embedded model has no such state.';
