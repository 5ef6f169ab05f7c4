-- 38_model: what the task model_requests asks: which tenants have requests due, and what of theirs is sent now.

CREATE FUNCTION voiceagent_private.model_room(state voiceagent_private.model_account_state) RETURNS integer
	LANGUAGE plpgsql STABLE SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	v_now timestamptz := voiceagent.clock();
	v_own integer;
	v_all integer;
	v_most integer := CASE WHEN state.opened_at IS NOT NULL THEN 1 ELSE state.concurrency END;
	v_breaker voiceagent_private.model_account_breakers := voiceagent_private.model_account_breaker(state);
BEGIN
	IF greatest(state.resumes_at, v_breaker.resumes_at) > v_now THEN
		RETURN 0;
	END IF;
	SELECT count(*) FILTER (WHERE q.tenant_id = v_tenant), count(*) INTO v_own, v_all
	FROM voiceagent_private.model_request_queue q
	WHERE q.of_platform = state.of_platform AND q.model_account_id = state.model_account_id AND q.claimed
		AND q.next_at > v_now AND (q.tenant_id = v_tenant OR state.of_platform OR state.model_account_id = 0);
	IF state.of_platform OR state.model_account_id = 0 THEN
		-- Half of what the others leave: however much one tenant asks, the next one finds some.
		RETURN greatest(least((v_most - (v_all - v_own) + 1) / 2,
			CASE WHEN v_breaker.opened_at IS NOT NULL THEN 1 END) - v_own, 0);
	END IF;
	RETURN greatest(v_most - v_own, 0);
END
$$;
COMMENT ON FUNCTION voiceagent_private.model_room(voiceagent_private.model_account_state) IS
	'How many more requests of the current tenant may be sent through an account now.';

CREATE FUNCTION voiceagent_private.next_model_request_at(of_tenant bigint) RETURNS timestamptz
	LANGUAGE plpgsql VOLATILE SET planner.policy = in_order SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_now timestamptz := voiceagent.clock();
	v_was bigint := voiceagent_private.set_tenant(of_tenant);
	v_platform boolean := false;
	v_account bigint := -1;
	v_next timestamptz := 'infinity';
	v_due timestamptz;
	v_state voiceagent_private.model_account_state;
BEGIN
	LOOP
		-- From account to account, whatever waits for each: one descent of the index.
		SELECT q.of_platform, q.model_account_id, q.next_at INTO v_platform, v_account, v_due
		FROM voiceagent_private.model_request_queue q
		WHERE q.tenant_id = of_tenant AND (q.of_platform, q.model_account_id) > (v_platform, v_account)
			AND q.next_at IS NOT NULL
		ORDER BY q.of_platform, q.model_account_id, q.next_at LIMIT 1;
		EXIT WHEN NOT FOUND;
		v_state := voiceagent_private.model_account_state(v_platform, v_account);
		-- A request that waits too long ends, whether its account rests or not.
		v_due := least((SELECT min(q.gives_up_at) FROM voiceagent_private.model_request_queue q
			WHERE q.tenant_id = of_tenant AND q.of_platform = v_platform AND q.model_account_id = v_account
				AND NOT q.claimed),
			greatest(v_due, (SELECT r.resumes_at FROM voiceagent_private.model_account_rest(v_state) r)));
		IF v_due <= v_now AND voiceagent_private.model_room(v_state) = 0 AND v_state.model_account_id IS NOT NULL THEN
			-- An answer makes room; the one that is waited for may be lost.
			v_due := coalesce((SELECT min(q.next_at) FROM voiceagent_private.model_request_queue q
				WHERE q.of_platform = v_platform AND q.model_account_id = v_account AND q.claimed AND q.next_at > v_now
					AND (q.tenant_id = of_tenant OR v_platform OR v_account = 0)), v_now + interval '1 second');
		END IF;
		v_next := least(v_next, v_due);
		EXIT WHEN v_next <= v_now;
	END LOOP;
	PERFORM voiceagent_private.set_tenant(v_was);
	RETURN v_next;
END
$$;
COMMENT ON FUNCTION voiceagent_private.next_model_request_at(bigint) IS
	'When the next model request of a tenant may be sent, or is to be given up; infinity: none waits.';
SELECT voiceagent_private.make_queue('model_requests', 'voiceagent_private.model_request_queue',
	due => 'voiceagent_private.next_model_request_at(v_tenant)',
	freed => 'claimed = false, lost = true, next_at = voiceagent.clock()');

CREATE TYPE voiceagent_private.claimed_model_request AS (
	model_request_id bigint,
	of_platform boolean,
	model_account_id bigint,
	provider text,
	base_url text,
	settings text,
	model text,
	request text,
	repair text,
	max_tokens integer,
	private_host boolean,
	timeout_ms integer,
	checks text
);
COMMENT ON TYPE voiceagent_private.claimed_model_request IS
	'A model request to be sent now: settings, request and repair as JSON; checks: model or list, for a request that '
	'asks which models there are.';

CREATE FUNCTION voiceagent_private.model_obstacle(state voiceagent_private.model_account_state, may_ask boolean,
	armed boolean, OUT reason text, OUT error text)
	LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
	IF state.model_account_id = 0 THEN
		RETURN;
	ELSIF state.model_account_id IS NULL OR NOT state.active THEN
		reason := 'account';
		error := 'the model account is not active any more';
	ELSIF NOT may_ask THEN
		reason := 'clock';
		error := 'language models of vendors are not asked while the clock is moved';
	ELSIF state.home <> voiceagent_private.home() AND NOT armed THEN
		reason := 'copy';
		error := 'the account''s key was given in another database than this copy: arm this one, or give the key again';
	ELSIF state.base_url IS NOT NULL AND state.base_url NOT LIKE 'https://%' AND NOT voiceagent_private.is_allowed_host(
		state.base_url, voiceagent_private.model_hosts(state.of_platform)) THEN
		reason := 'account';
		error := 'the platform no longer allows the account''s host';
	END IF;
END
$$;
COMMENT ON FUNCTION voiceagent_private.model_obstacle(voiceagent_private.model_account_state, boolean, boolean) IS
	E'Why nothing may be sent through an account now, as a word and a sentence; NULLs: it may.\n'
	'may_ask: the clock is real; armed: this database may use real carriers.';

CREATE TYPE voiceagent_private.model_budget AS (
	tokens bigint,
	usd numeric,
	most_tokens bigint,
	most_usd numeric
);
COMMENT ON TYPE voiceagent_private.model_budget IS
	'Today''s use of the current tenant''s budgets for language models, what is on its way included.';

CREATE FUNCTION voiceagent_private.model_budget_now() RETURNS voiceagent_private.model_budget
	LANGUAGE plpgsql STABLE SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	v voiceagent_private.model_budget;
	v_tokens bigint;
	v_usd numeric;
BEGIN
	-- Seconds and letters are no tokens.
	SELECT coalesce(sum(u.tokens_in + u.tokens_out + u.tokens_lost)
			FILTER (WHERE voiceagent_private.engine_kind(u.provider) IN ('mind', 'whole')), 0),
		coalesce(sum(u.cost_usd) FILTER (WHERE NOT u.of_platform), 0) INTO v.tokens, v.usd
	FROM voiceagent.model_usage u
	WHERE u.tenant_id = v_tenant AND u.day = (voiceagent.clock() AT TIME ZONE 'UTC')::date AND u.provider <> 'sandbox';
	SELECT coalesce(sum(q.tokens), 0), coalesce(sum(q.cost_usd), 0) INTO v_tokens, v_usd
	FROM voiceagent_private.model_request_queue q
	WHERE q.tenant_id = v_tenant AND (q.claimed OR q.lost) AND q.model_account_id <> 0;
	v.tokens := v.tokens + v_tokens;
	v.usd := v.usd + v_usd;
	v.most_tokens := voiceagent_private.setting_number('model_tokens_per_day');
	v.most_usd := voiceagent_private.setting_number('model_usd_per_day');
	RETURN v;
END
$$;
COMMENT ON FUNCTION voiceagent_private.model_budget_now() IS
	'Today''s use by the current tenant of the budgets model_tokens_per_day and model_usd_per_day.';

CREATE FUNCTION voiceagent_private.claim_model_request(request voiceagent.model_requests,
	state voiceagent_private.model_account_state, budget voiceagent_private.model_budget, max_tokens integer,
	OUT reason text, OUT error text, OUT tokens bigint, OUT cost_usd numeric, OUT hold_id bigint)
	LANGUAGE plpgsql VOLATILE SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_bytes bigint := octet_length(request.request::text) + coalesce(octet_length(request.repair::text), 0) + 60;
	-- As people write; what is made to cost has a token a byte.
	v_in bigint := v_bytes / 3;
	v_price voiceagent.model_prices;
	v_credits numeric;
BEGIN
	tokens := v_in + max_tokens;
	cost_usd := 0;
	IF state.model_account_id = 0 OR request.purpose = 'check_account' AND request.request ? 'check' THEN
		RETURN;
	ELSIF budget.tokens + tokens > budget.most_tokens THEN
		reason := 'budget';
		error := format('the day''s budget for language models is used up: %s of %s tokens (setting '
			'model_tokens_per_day), and this request may need %s', budget.tokens, budget.most_tokens, tokens);
		RETURN;
	END IF;
	v_price := voiceagent_private.model_price(request.provider, request.model, voiceagent.clock());
	IF state.of_platform THEN
		IF v_price.credits_in IS NULL THEN
			reason := 'account';
			error := format('the platform has no price for the model %s', request.model);
			RETURN;
		END IF;
		-- The platform's money: no more can be charged than is held.
		v_credits := round(voiceagent_private.tokens_cost(v_bytes, 0, max_tokens, v_price.credits_in,
			v_price.credits_cached, v_price.credits_out), 6);
		IF v_credits > 0 THEN
			hold_id := voiceagent_private.hold_model_credits(v_credits,
				format('model request %s', request.model_request_id));
			IF hold_id IS NULL THEN
				reason := 'credits';
				error := format('not enough credits: this request may cost %s', trim_scale(v_credits));
			END IF;
		END IF;
		RETURN;
	END IF;
	cost_usd := coalesce(voiceagent_private.tokens_cost(v_in, 0, max_tokens, v_price.usd_in, v_price.usd_cached,
		v_price.usd_out), 0);
	IF budget.most_usd > 0 AND v_price.usd_in IS NULL THEN
		reason := 'budget';
		error := format('the model %s has no price, so that the budget model_usd_per_day cannot be kept',
			request.model);
	ELSIF budget.most_usd > 0 AND budget.usd + cost_usd > budget.most_usd THEN
		reason := 'budget';
		error := format('the day''s budget for language models is used up: %s of %s US dollars (setting '
			'model_usd_per_day), and this request may cost %s', round(budget.usd, 4), budget.most_usd,
			round(cost_usd, 4));
	END IF;
END
$$;
COMMENT ON FUNCTION voiceagent_private.claim_model_request(voiceagent.model_requests,
	voiceagent_private.model_account_state, voiceagent_private.model_budget, integer) IS
	'Whether a request of the current tenant can be paid for: what it may cost at most, its credits held; or the '
	'reason and the sentence why not.';

CREATE FUNCTION voiceagent_private.claim_model_requests(max_requests integer, may_ask boolean, armed boolean)
	RETURNS SETOF voiceagent_private.claimed_model_request
	LANGUAGE plpgsql VOLATILE SET planner.policy = in_order SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	v_now timestamptz := voiceagent.clock();
	v_timeout interval := voiceagent_private.as_interval(voiceagent_private.platform_setting('model_request_timeout'));
	v_tries integer := voiceagent_private.setting_integer('model_request_tries');
	v_answer integer := voiceagent_private.setting_integer('model_answer_tokens');
	v_budget voiceagent_private.model_budget := voiceagent_private.model_budget_now();
	v_left integer := max_requests;
	v_platform boolean := false;
	v_account bigint := -1;
	v_room integer;
	v_state voiceagent_private.model_account_state;
	v_paid record;
	v_stop record;
	q voiceagent_private.model_request_queue;
	m voiceagent.model_requests;
	r voiceagent_private.claimed_model_request;
	c_read CONSTANT integer := 200;
BEGIN
	LOOP
		SELECT o.of_platform, o.model_account_id INTO v_platform, v_account
		FROM voiceagent_private.model_request_queue o
		WHERE o.tenant_id = v_tenant AND (o.of_platform, o.model_account_id) > (v_platform, v_account)
			AND o.next_at IS NOT NULL
		ORDER BY o.of_platform, o.model_account_id, o.next_at LIMIT 1;
		EXIT WHEN NOT FOUND;
		v_state := voiceagent_private.model_account_state(v_platform, v_account);
		PERFORM voiceagent_private.give_up_model_requests(v_state, v_platform, v_account, c_read);
		SELECT * INTO v_stop FROM voiceagent_private.model_obstacle(v_state, may_ask, armed);
		v_room := least(CASE WHEN v_stop.reason IS NULL THEN voiceagent_private.model_room(v_state) ELSE c_read END,
			CASE WHEN v_stop.reason IS NULL THEN v_left ELSE c_read END);
		CONTINUE WHEN v_room <= 0;
		FOR q IN
			SELECT o.* FROM voiceagent_private.model_request_queue o
			WHERE o.tenant_id = v_tenant AND o.of_platform = v_platform AND o.model_account_id = v_account
				AND o.next_at <= v_now
			ORDER BY o.next_at LIMIT c_read FOR UPDATE SKIP LOCKED
		LOOP
			EXIT WHEN v_room <= 0;
			SELECT * INTO m FROM voiceagent.model_requests o
			WHERE o.tenant_id = v_tenant AND o.model_request_id = q.model_request_id FOR NO KEY UPDATE;
			IF q.lost OR q.claimed THEN
				PERFORM voiceagent_private.count_lost_model_request(m, q);
				IF m.tries >= v_tries OR m.request ? 'erased' THEN
					PERFORM voiceagent_private.end_model_request(q.model_request_id, 'failed',
						CASE WHEN m.request ? 'erased' THEN 'erased' ELSE 'lost' END, 'the answer was lost');
					CONTINUE;
				END IF;
			END IF;
			IF v_stop.reason IS NOT NULL THEN
				PERFORM voiceagent_private.end_model_request(q.model_request_id, 'failed', v_stop.reason,
					v_stop.error);
				CONTINUE;
			END IF;
			r.max_tokens := coalesce((m.repair ->> 'max_tokens')::integer, (m.request ->> 'max_tokens')::integer,
				v_answer);
			SELECT * INTO v_paid
			FROM voiceagent_private.claim_model_request(m, v_state, v_budget, r.max_tokens);
			IF v_paid.reason IS NOT NULL THEN
				PERFORM voiceagent_private.end_model_request(q.model_request_id, 'failed', v_paid.reason,
					v_paid.error);
				CONTINUE;
			END IF;
			v_budget.tokens := v_budget.tokens + v_paid.tokens;
			v_budget.usd := v_budget.usd + v_paid.cost_usd;
			UPDATE voiceagent_private.model_request_queue o
			SET claimed = true, lost = false, next_at = v_now + 2 * v_timeout + interval '1 minute', sent_at = v_now,
				tokens = v_paid.tokens, cost_usd = v_paid.cost_usd, hold_id = v_paid.hold_id
			WHERE o.tenant_id = v_tenant AND o.model_request_id = q.model_request_id;
			UPDATE voiceagent.model_requests o SET status = 'sending', tries = o.tries + 1, sent_at = v_now
			WHERE o.tenant_id = v_tenant AND o.model_request_id = q.model_request_id;
			r.model_request_id := q.model_request_id;
			r.of_platform := v_platform;
			r.model_account_id := v_account;
			r.provider := v_state.provider;
			r.base_url := v_state.base_url;
			r.settings := v_state.settings::text;
			r.model := m.model;
			r.request := m.request::text;
			r.repair := m.repair::text;
			r.private_host := v_account = 0 OR coalesce(voiceagent_private.is_allowed_host(v_state.base_url,
				voiceagent_private.model_hosts(v_platform)), false);
			r.timeout_ms := (extract(epoch FROM v_timeout) * 1000)::integer;
			r.checks := CASE WHEN m.purpose = 'check_account' THEN nullif(m.request ->> 'check', 'ask') END;
			v_room := v_room - 1;
			v_left := v_left - 1;
			RETURN NEXT r;
		END LOOP;
	END LOOP;
END
$$;
COMMENT ON FUNCTION voiceagent_private.claim_model_requests(integer, boolean, boolean) IS
	E'Due model requests of the current tenant, leased from now, at most max_requests; those that may not be sent, or '
	'cannot be paid for, end at once.\n'
	'may_ask, armed: see model_obstacle().';
