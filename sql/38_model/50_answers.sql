-- 38_model: what answers do: to the request, the account, the ledger, and whoever asked. All of it in one commit.

CREATE FUNCTION voiceagent_private.end_model_request(model_request_id bigint, status text, reason text, error text,
	output_text text DEFAULT NULL, output jsonb DEFAULT NULL) RETURNS void
	LANGUAGE plpgsql VOLATILE SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	v voiceagent.model_requests;
	v_handler text;
	v_done boolean;
BEGIN
	UPDATE voiceagent.model_requests m
	SET status = end_model_request.status, reason = end_model_request.reason,
		error = left(end_model_request.error, 1000), output_text = end_model_request.output_text,
		output = end_model_request.output, done_at = voiceagent.clock()
	WHERE m.tenant_id = v_tenant AND m.model_request_id = end_model_request.model_request_id
	RETURNING m.* INTO v;
	DELETE FROM voiceagent_private.model_request_queue q
	WHERE q.tenant_id = v_tenant AND q.model_request_id = end_model_request.model_request_id;
	IF v.model_request_id IS NULL THEN
		RETURN;
	END IF;
	PERFORM voiceagent_private.count_model_usage(v.purpose, v.provider, v.model, v.of_platform, 1, 0, 0, 0, 0, 0, 0, 0);
	SELECT p.handler INTO v_handler FROM voiceagent_private.model_purposes p WHERE p.purpose = v.purpose;
	IF NOT FOUND THEN
		RETURN;
	END IF;
	LOOP
		BEGIN
			EXECUTE format('SELECT voiceagent_private.%I($1)', v_handler) USING v.model_request_id;
			RETURN;
		EXCEPTION
			-- Somebody holds a row, or the disk is full: the worker comes again. Whatever else goes wrong must not keep
			-- the request from ending.
			WHEN lock_not_available OR deadlock_detected OR serialization_failure OR insufficient_resources THEN
				RAISE;
			WHEN OTHERS THEN
				-- Without its words, which may be a person's.
				RAISE LOG 'the answer to model request % of tenant % could not be used by %(): %', v.model_request_id,
					v_tenant, v_handler, SQLSTATE;
				v_done := v.status = 'done';
				UPDATE voiceagent.model_requests m
				SET status = CASE WHEN v_done THEN 'failed' ELSE m.status END,
					reason = CASE WHEN v_done THEN 'unused' ELSE m.reason END,
					output = CASE WHEN NOT v_done THEN m.output END,
					error = left(concat_ws('; ', m.error, 'its answer could not be used: ' || SQLERRM), 1000)
				WHERE m.tenant_id = v_tenant AND m.model_request_id = v.model_request_id
				RETURNING m.* INTO v;
		END;
		-- The room that asked gets it as any other failure.
		EXIT WHEN NOT v_done;
	END LOOP;
END
$$;
COMMENT ON FUNCTION voiceagent_private.end_model_request(bigint, text, text, text, text, jsonb) IS
	E'A model request of the current tenant has ended as done, refused or failed: it leaves the queue, and the handler '
	'of its purpose is called.\n'
	'Where the handler fails the request has failed, too (unused), and the handler is called once more to tell of it.';

CREATE FUNCTION voiceagent_private.count_lost_model_request(request voiceagent.model_requests,
	queued voiceagent_private.model_request_queue) RETURNS void
	LANGUAGE plpgsql VOLATILE SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
BEGIN
	-- The tenant pays for no answer that it did not get; its budget counts it, since the vendor may.
	PERFORM voiceagent_private.settle_model_hold(queued.hold_id, 0,
		format('model request %s: the answer was lost', request.model_request_id));
	UPDATE voiceagent.model_requests m
	SET tokens_lost = m.tokens_lost + queued.tokens, cost_usd = CASE WHEN request.of_platform THEN m.cost_usd
		ELSE nullif(coalesce(m.cost_usd, 0) + queued.cost_usd, 0) END
	WHERE m.tenant_id = request.tenant_id AND m.model_request_id = request.model_request_id;
	PERFORM voiceagent_private.count_model_usage(request.purpose, request.provider, request.model, request.of_platform,
		0, 1, 0, 0, 0, queued.tokens, queued.cost_usd, 0);
	UPDATE voiceagent_private.model_request_queue q
	SET claimed = false, lost = false, tokens = 0, cost_usd = 0, hold_id = NULL
	WHERE q.tenant_id = request.tenant_id AND q.model_request_id = request.model_request_id;
END
$$;
COMMENT ON FUNCTION voiceagent_private.count_lost_model_request(voiceagent.model_requests,
	voiceagent_private.model_request_queue) IS
	'A try whose answer was lost: its credits are released, and what it may have cost counts in the budget.';

CREATE FUNCTION voiceagent_private.give_up_model_requests(state voiceagent_private.model_account_state,
	of_platform boolean, model_account_id bigint, max_requests integer) RETURNS void
	LANGUAGE plpgsql VOLATILE SET planner.policy = in_order SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_variable
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	q voiceagent_private.model_request_queue;
	m voiceagent.model_requests;
BEGIN
	FOR q IN
		SELECT o.* FROM voiceagent_private.model_request_queue o
		WHERE o.tenant_id = v_tenant AND o.of_platform = of_platform AND o.model_account_id = model_account_id
			AND NOT o.claimed AND o.gives_up_at <= voiceagent.clock()
		ORDER BY o.gives_up_at LIMIT max_requests FOR UPDATE SKIP LOCKED
	LOOP
		IF q.lost THEN
			SELECT * INTO m FROM voiceagent.model_requests o
			WHERE o.tenant_id = v_tenant AND o.model_request_id = q.model_request_id;
			PERFORM voiceagent_private.count_lost_model_request(m, q);
		END IF;
		PERFORM voiceagent_private.end_model_request(q.model_request_id, 'failed', 'gave_up',
			concat_ws(': ', 'it waited longer than the setting model_request_give_up_after allows',
				(SELECT r.trouble FROM voiceagent_private.model_account_rest(state) r)));
	END LOOP;
END
$$;
COMMENT ON FUNCTION voiceagent_private.give_up_model_requests(voiceagent_private.model_account_state, boolean, bigint,
	integer) IS
	'Ends the model requests of the current tenant that have waited too long for an account, at most max_requests.';

CREATE FUNCTION voiceagent_private.requeue_model_request(model_request_id bigint, delay interval, error text,
	repair jsonb) RETURNS void
	LANGUAGE plpgsql VOLATILE SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
BEGIN
	UPDATE voiceagent.model_requests m
	SET status = 'queued', error = left(requeue_model_request.error, 1000),
		repair = coalesce(requeue_model_request.repair, m.repair),
		repairs = m.repairs + (requeue_model_request.repair IS NOT NULL)::integer
	WHERE m.tenant_id = v_tenant AND m.model_request_id = requeue_model_request.model_request_id;
	-- Not in step with the others that failed for the same reason.
	UPDATE voiceagent_private.model_request_queue q
	SET claimed = false, next_at = voiceagent.clock() + delay * (1 + 0.1 * random())
	WHERE q.tenant_id = v_tenant AND q.model_request_id = requeue_model_request.model_request_id;
END
$$;
COMMENT ON FUNCTION voiceagent_private.requeue_model_request(bigint, interval, text, jsonb) IS
	'A model request of the current tenant is sent once more, after delay; repair: what the model learns about the '
	'answer that could not be used, NULL for nothing new.';

CREATE FUNCTION voiceagent_private.pay_model_request(request voiceagent.model_requests,
	queued voiceagent_private.model_request_queue, kind text, counted boolean, tokens_in bigint, tokens_cached bigint,
	tokens_out bigint) RETURNS void
	LANGUAGE plpgsql VOLATILE SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_variable
DECLARE
	v_price voiceagent.model_prices;
	v_answered boolean := kind IN ('answered', 'refused', 'incomplete', 'unreadable');
	v_lost bigint := 0;
	v_usd numeric := 0;
	v_credits numeric := 0;
BEGIN
	IF kind = 'lost' THEN
		PERFORM voiceagent_private.count_lost_model_request(request, queued);
		RETURN;
	END IF;
	IF v_answered AND NOT counted THEN
		-- It does not say what it took: reckoned as the most that it may have been.
		v_lost := queued.tokens;
	END IF;
	IF v_answered AND request.provider <> 'sandbox' THEN
		v_price := voiceagent_private.model_price(request.provider, request.model, voiceagent.clock());
		v_usd := CASE WHEN counted THEN voiceagent_private.tokens_cost(tokens_in, tokens_cached, tokens_out,
			v_price.usd_in, v_price.usd_cached, v_price.usd_out) ELSE nullif(queued.cost_usd, 0) END;
		v_credits := CASE WHEN NOT request.of_platform THEN 0
			WHEN counted THEN voiceagent_private.tokens_cost(tokens_in, tokens_cached, tokens_out, v_price.credits_in,
				v_price.credits_cached, v_price.credits_out)
			ELSE 1e9 END;
	END IF;
	v_credits := voiceagent_private.settle_model_hold(queued.hold_id, v_credits,
		format('model request %s', request.model_request_id));
	UPDATE voiceagent.model_requests m
	SET tokens_in = m.tokens_in + tokens_in, tokens_cached = m.tokens_cached + tokens_cached,
		tokens_out = m.tokens_out + tokens_out, tokens_lost = m.tokens_lost + v_lost,
		cost_usd = CASE WHEN v_usd IS NULL THEN m.cost_usd ELSE coalesce(m.cost_usd, 0) + v_usd END,
		credits = m.credits + v_credits,
		-- A request refused by a limit has cost nothing.
		tries = m.tries - (kind IN ('limited', 'overloaded'))::integer
	WHERE m.tenant_id = request.tenant_id AND m.model_request_id = request.model_request_id;
	PERFORM voiceagent_private.count_model_usage(request.purpose, request.provider, request.model, request.of_platform,
		0, 1, tokens_in, tokens_cached, tokens_out, v_lost, v_usd, v_credits);
	UPDATE voiceagent_private.model_request_queue q SET tokens = 0, cost_usd = 0, hold_id = NULL
	WHERE q.tenant_id = request.tenant_id AND q.model_request_id = request.model_request_id;
END
$$;
COMMENT ON FUNCTION voiceagent_private.pay_model_request(voiceagent.model_requests,
	voiceagent_private.model_request_queue, text, boolean, bigint, bigint, bigint) IS
	E'The cost of a try of the current tenant''s: tokens, US dollars, credits, whose hold is settled.\n'
	'counted: the vendor has counted the tokens; else the most that it may have been counts.';

CREATE FUNCTION voiceagent_private.remember_without(of_platform boolean, model_account_id bigint, model text,
	parameters jsonb) RETURNS void
	LANGUAGE plpgsql VOLATILE SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_variable
DECLARE
	v_known jsonb := coalesce((voiceagent_private.model_account_state(of_platform, model_account_id)).settings
		-> 'without', '{}');
	v_more jsonb;
	c_models CONSTANT integer := 100;
BEGIN
	v_more := jsonb_build_object(model, (SELECT jsonb_agg(DISTINCT p)
		FROM jsonb_array_elements(coalesce(v_known -> model, '[]') || parameters) p));
	IF v_known @> v_more OR (SELECT count(*) FROM jsonb_object_keys(v_known)) >= c_models THEN
		RETURN;
	ELSIF of_platform THEN
		UPDATE voiceagent_private.platform_model_accounts a
		SET settings = a.settings || jsonb_build_object('without', v_known || v_more)
		WHERE a.model_account_id = model_account_id;
	ELSE
		UPDATE voiceagent.model_accounts a
		SET settings = a.settings || jsonb_build_object('without', v_known || v_more)
		WHERE a.tenant_id = voiceagent.current_tenant() AND a.model_account_id = model_account_id;
	END IF;
END
$$;
COMMENT ON FUNCTION voiceagent_private.remember_without(boolean, bigint, text, jsonb) IS
	'Notes in the settings of an account which parameters a model has refused and answered without.';

CREATE FUNCTION voiceagent_private.conclude_model_answer(request voiceagent.model_requests, kind text, message text,
	rest_ms bigint, output_text text, output jsonb, problem_reason text, problem text) RETURNS void
	LANGUAGE plpgsql VOLATILE SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tries integer := voiceagent_private.setting_integer('model_request_tries');
	v_reason text := coalesce(problem_reason, kind);
	v_wrong text := coalesce(problem, message);
	v_again interval := interval '1 second' * power(2, least(request.tries - 1, 6));
	v_most integer;
	c_repairs CONSTANT integer := 1;
	c_longest_answer CONSTANT integer := 32000;
	c_shown CONSTANT integer := 8000;
BEGIN
	IF kind = 'answered' AND problem IS NULL THEN
		PERFORM voiceagent_private.end_model_request(request.model_request_id, 'done', NULL, NULL, output_text, output);
	ELSIF kind = 'refused' THEN
		PERFORM voiceagent_private.end_model_request(request.model_request_id, 'refused', 'refusal', message,
			output_text);
	ELSIF kind IN ('answered', 'incomplete') AND request.repairs < c_repairs THEN
		v_most := coalesce((request.request ->> 'max_tokens')::integer,
			voiceagent_private.setting_integer('model_answer_tokens'));
		PERFORM voiceagent_private.requeue_model_request(request.model_request_id, interval '0', v_wrong,
			CASE WHEN kind = 'incomplete'
				THEN jsonb_build_object('max_tokens', least(2 * v_most, c_longest_answer))
				ELSE jsonb_strip_nulls(jsonb_build_object('output', left(output_text, c_shown), 'problem', problem))
			END);
	ELSIF kind IN ('answered', 'incomplete') THEN
		PERFORM voiceagent_private.end_model_request(request.model_request_id, 'failed', v_reason, v_wrong,
			output_text);
	ELSIF kind IN ('limited', 'overloaded') THEN
		PERFORM voiceagent_private.requeue_model_request(request.model_request_id,
			greatest(interval '1 millisecond' * rest_ms, interval '1 second'), message, NULL);
	ELSIF kind IN ('server', 'lost', 'not_sent', 'unreadable') AND request.tries < v_tries THEN
		PERFORM voiceagent_private.requeue_model_request(request.model_request_id, v_again, message, NULL);
	ELSE
		PERFORM voiceagent_private.end_model_request(request.model_request_id, 'failed',
			CASE kind WHEN 'not_sent' THEN 'server' ELSE kind END, message);
	END IF;
END
$$;
COMMENT ON FUNCTION voiceagent_private.conclude_model_answer(voiceagent.model_requests, text, text, bigint, text, jsonb,
	text, text) IS
	'The state of a model request by its answer: done, refused, failed, or sent once more, for a repair or because '
	'the server could not.';

-- A vendor names organisations, keys and hosts, which are the platform's, and what other tenants asked before.
CREATE FUNCTION voiceagent_private.told_to_tenant(of_platform boolean, kind text, message text) RETURNS text
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
	RETURN CASE WHEN NOT of_platform THEN message ELSE CASE kind
		WHEN 'limited' THEN 'a limit of the vendor is reached'
		WHEN 'overloaded' THEN 'the vendor has too much to do'
		WHEN 'bad_key' THEN 'the platform''s account is not well'
		WHEN 'quota' THEN 'the platform''s account is not well'
		WHEN 'server' THEN 'a fault of the vendor''s server'
		WHEN 'lost' THEN 'the answer was lost'
		WHEN 'not_sent' THEN 'the vendor''s server could not be reached'
		ELSE message END END;
COMMENT ON FUNCTION voiceagent_private.told_to_tenant(boolean, text, text) IS
	'The words of a reply that a tenant may read (kind as va_model_kind_name() gives it): of an account of the '
	'platform, none that concern only the account.';

CREATE FUNCTION voiceagent_private.record_model_answer(model_request_id bigint, kind text, message text,
	rest_ms bigint, counted boolean, tokens_in bigint, tokens_cached bigint, tokens_out bigint, output_text text,
	output jsonb, problem_reason text, problem text, models text[]) RETURNS void
	LANGUAGE plpgsql VOLATILE SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_variable
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	q voiceagent_private.model_request_queue;
	m voiceagent.model_requests;
BEGIN
	-- Before any row: somebody who holds the tenant for long must not find its credit locked by whoever waits for it.
	IF (SELECT p.locks_tenant FROM voiceagent.model_requests o
		JOIN voiceagent_private.model_purposes p ON p.purpose = o.purpose
		WHERE o.tenant_id = v_tenant AND o.model_request_id = record_model_answer.model_request_id)
		AND NOT voiceagent_private.try_lock_tenant() THEN
		RAISE EXCEPTION USING ERRCODE = 'lock_not_available',
			MESSAGE = 'somebody changes many leads or campaigns of the tenant';
	END IF;
	SELECT * INTO q FROM voiceagent_private.model_request_queue o
	WHERE o.tenant_id = v_tenant AND o.model_request_id = model_request_id FOR UPDATE;
	-- Its lease may be over, and its answer counted as lost.
	IF NOT FOUND OR NOT q.claimed THEN
		RETURN;
	END IF;
	SELECT * INTO m FROM voiceagent.model_requests o
	WHERE o.tenant_id = v_tenant AND o.model_request_id = model_request_id FOR NO KEY UPDATE;
	PERFORM voiceagent_private.pay_model_request(m, q, kind, counted, tokens_in, tokens_cached, tokens_out);
	IF m.request ? 'erased' THEN
		PERFORM voiceagent_private.end_model_request(model_request_id, 'failed', 'erased',
			'what it was about was erased');
	ELSIF kind = 'bad_parameter' AND NOT coalesce(m.request -> 'without' ? problem, false) THEN
		UPDATE voiceagent.model_requests o
		SET request = o.request || jsonb_build_object('without',
			coalesce(o.request -> 'without', '[]') || to_jsonb(problem))
		WHERE o.tenant_id = v_tenant AND o.model_request_id = model_request_id;
		PERFORM voiceagent_private.requeue_model_request(model_request_id, interval '0', message, NULL);
	ELSIF m.purpose = 'check_account' THEN
		PERFORM voiceagent_private.conclude_model_check(m, kind, message, rest_ms, models);
	ELSE
		PERFORM voiceagent_private.conclude_model_answer(m, kind,
			voiceagent_private.told_to_tenant(q.of_platform, kind, message), rest_ms, output_text, output,
			problem_reason, problem);
	END IF;
	-- Last: the platform's account is everybody's.
	IF m.request ? 'without' AND kind IN ('answered', 'refused', 'incomplete') THEN
		PERFORM voiceagent_private.remember_without(q.of_platform, q.model_account_id, m.model, m.request -> 'without');
	END IF;
	PERFORM voiceagent_private.adapt_model_account(q.of_platform, q.model_account_id, kind, message, rest_ms,
		q.of_platform AND m.purpose = 'check_account');
END
$$;
COMMENT ON FUNCTION voiceagent_private.record_model_answer(bigint, text, text, bigint, boolean, bigint, bigint, bigint,
	text, jsonb, text, text, text[]) IS
	E'The reply to a model request of the current tenant takes its effect: kind as va_model_kind_name() gives it.\n'
	'problem: why an answer does not conform to its schema or language, or the parameter that the model refused, '
	'without which it is asked once more; models: those of a server, for a check. 55P03, '
	'and nothing is done: somebody holds lock_tenant(true), and the purpose needs it.';
