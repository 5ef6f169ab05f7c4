/*
 * 55_call: what the carrier answered to our requests, and the questions to it
 * when it did not.  Every change is guarded by the state it may leave: a
 * webhook may have come first, a late answer changes nothing that has ended.
 */

CREATE FUNCTION voiceagent_private.fail_calls(call_ids bigint[], outcomes text[], causes text[], cause_classes text[])
	RETURNS bigint[] LANGUAGE plpgsql VOLATILE
	SET planner.policy = row_by_row
	SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	v_now timestamptz := voiceagent.clock();
	v_failed bigint[];
	v_outcomes text[];
BEGIN
	WITH ended AS (
		UPDATE voiceagent.calls c
		SET status = 'failed', outcome = i.outcome, cause = i.cause, cause_class = i.cause_class, duration_seconds = 0,
			provider_call_id = coalesce(c.provider_call_id,
				(SELECT l.provider_call_id FROM voiceagent_private.live_calls l
					WHERE l.tenant_id = v_tenant AND l.call_id = i.call_id)),
			counts = c.status <> 'initiated' OR i.cause_class NOT IN ('refused', 'bad_number', 'account', 'retry'),
			credits = 0, ended_at = greatest(v_now, c.answered_at)
		FROM unnest(call_ids, outcomes, causes, cause_classes) AS i(call_id, outcome, cause, cause_class)
		WHERE c.tenant_id = v_tenant AND c.call_id = i.call_id
			AND c.status NOT IN ('completed', 'failed', 'busy', 'no_answer')
		RETURNING c.call_id, c.campaign_id, c.lead_id, c.outcome, c.cause
	), events AS (
		INSERT INTO voiceagent.events (tenant_id, month_slot, at, event_type, campaign_id, call_id, lead_id, event_data)
		SELECT v_tenant, voiceagent_private.month_slot(v_now), v_now, 'call_ended', e.campaign_id, e.call_id, e.lead_id,
			jsonb_build_object('status', 'failed', 'outcome', e.outcome, 'cause', e.cause)
		FROM ended e
	), results AS (
		-- A lead that is not simply put back gets it from decide_retries(), with the rest.
		UPDATE voiceagent.campaign_leads l SET last_outcome = e.outcome
		FROM ended e
		WHERE e.outcome = 'canceled' AND l.tenant_id = v_tenant AND l.campaign_id = e.campaign_id
			AND l.lead_id = e.lead_id
	)
	SELECT coalesce(array_agg(e.call_id ORDER BY e.call_id), '{}'),
		coalesce(array_agg(e.outcome), '{}') INTO v_failed, v_outcomes
	FROM ended e;
	PERFORM voiceagent_private.count_outcomes(v_outcomes);
	PERFORM voiceagent_private.end_calls(v_failed);
	RETURN v_failed;
END
$$;
COMMENT ON FUNCTION voiceagent_private.fail_calls(bigint[], text[], text[], text[]) IS
	E'Ends calls that never connected as failed with these outcomes, raw causes and classes, and frees their slots.\n'
	'Calls that have ended are left alone. Returns those that it ended; the caller decides about their leads '
	'(decide_retries(), or requeue_calls() for those that were canceled) and then, last, releases their holds with '
	'close_failed(): the ledger is locked after everything else.';

CREATE FUNCTION voiceagent_private.close_failed(call_ids bigint[], tripping bigint[] DEFAULT '{}') RETURNS void
	LANGUAGE plpgsql VOLATILE SET planner.policy = by_keys AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
BEGIN
	IF cardinality(call_ids) > 0 THEN
		PERFORM voiceagent_private.complete_campaigns(ARRAY(SELECT DISTINCT c.campaign_id FROM voiceagent.calls c
			WHERE c.tenant_id = v_tenant AND c.call_id = ANY (call_ids)));
		PERFORM voiceagent_private.trip_campaigns(tripping);
		PERFORM voiceagent_private.settle_holds(call_ids, array_fill(0::numeric, ARRAY[cardinality(call_ids)]));
	END IF;
END
$$;
COMMENT ON FUNCTION voiceagent_private.close_failed(bigint[], bigint[]) IS
	'The last step for calls that failed: completes those of their campaigns that have no lead left, pauses '
	'those whose breaker trips (tripping, from brake_campaigns()), and releases the calls'' holds whole.';

CREATE FUNCTION voiceagent_private.keeps_promise(call_id bigint, campaign_id bigint, lead_id bigint) RETURNS boolean
	LANGUAGE sql STABLE SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
	SELECT coalesce((SELECT o.outcome = 'callback' OR coalesce(voiceagent_private.explicit_outcome(o.status,
		o.cause_class, o.structured_data) = 'callback', false)
		FROM (SELECT c.* FROM voiceagent.calls c WHERE c.tenant_id = voiceagent.current_tenant()
			AND c.lead_id = keeps_promise.lead_id AND c.direction <> 'inbound'
			OFFSET 0 /* in the order of call_id the planner would read all of the campaign */) o
		WHERE o.call_id < keeps_promise.call_id
			AND o.campaign_id = keeps_promise.campaign_id AND o.outcome NOT IN ('canceled', 'failed')
		ORDER BY o.call_id DESC LIMIT 1), false)
		OR EXISTS (SELECT FROM voiceagent_private.incoming_callbacks b
			WHERE b.tenant_id = voiceagent.current_tenant() AND b.campaign_id = keeps_promise.campaign_id
				AND b.lead_id = keeps_promise.lead_id)
$$;
COMMENT ON FUNCTION voiceagent_private.keeps_promise(bigint, bigint, bigint) IS
	'Whether this call of a campaign of the current tenant to its lead is the callback that the call before, or an '
	'incoming one, had promised, be it reported when that was over, what was never connected in between left out: '
	'if it does not count, the promise is still to be kept, first in line.';

CREATE FUNCTION voiceagent_private.requeue_calls(call_ids bigint[], not_before timestamptz[], reasons text[])
	RETURNS void
	LANGUAGE plpgsql VOLATILE SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
BEGIN
	PERFORM voiceagent_private.requeue(x.campaign_id, x.leads, x.times, x.priorities, x.why, false, x.numbers)
	FROM (SELECT c.campaign_id, array_agg(c.lead_id ORDER BY c.lead_id) AS leads,
				array_agg(i.not_before ORDER BY c.lead_id) AS times,
				array_agg((CASE WHEN b.promised THEN -1 ELSE l.priority END)::smallint
					ORDER BY c.lead_id) AS priorities,
				array_agg(CASE WHEN b.promised THEN 'callback' ELSE i.reason END ORDER BY c.lead_id) AS why,
				array_agg(c.number ORDER BY c.lead_id) AS numbers
		FROM unnest(call_ids, not_before, reasons) AS i(call_id, not_before, reason)
			JOIN voiceagent.calls c ON c.tenant_id = v_tenant AND c.call_id = i.call_id
			JOIN voiceagent.leads l ON l.tenant_id = v_tenant AND l.lead_id = c.lead_id
			CROSS JOIN LATERAL (
				SELECT voiceagent_private.keeps_promise(c.call_id, c.campaign_id, c.lead_id) AS promised OFFSET 0) b
		GROUP BY c.campaign_id ORDER BY c.campaign_id) x;
END
$$;
COMMENT ON FUNCTION voiceagent_private.requeue_calls(bigint[], timestamptz[], text[]) IS
	'Puts the leads of calls that never reached the telephone network back into their lanes, and gives them the '
	'attempt back; a promised callback stays one, first in line.';

CREATE TYPE voiceagent_private.dial_answer AS (
	attempt_id bigint,
	kind text,
	provider_call_id text,
	http_status integer,
	error text,
	wait_s integer,
	changed boolean
);
COMMENT ON TYPE voiceagent_private.dial_answer IS
	'The carrier''s answer to a dial, whose call is locked, and whether it changed the attempt.';

CREATE FUNCTION voiceagent_private.carrier_waits(call_ids bigint[], at timestamptz) RETURNS timestamptz[]
	LANGUAGE plpgsql STABLE
	-- By the index that has the order, whatever the statistics say.
	SET planner.policy = in_order SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	v_scale numeric := (voiceagent_private.read_dial_settings()).time_scale;
BEGIN
	RETURN ARRAY(
		SELECT at + CASE WHEN a.resumes_at > at OR s.lowered_at >= at THEN interval '0'
			ELSE voiceagent_private.carrier_time(a.provider, make_interval(secs => 2 ^ (coalesce(n.refused, 1) - 1)),
				v_scale, interval '10 milliseconds') END
		FROM unnest(call_ids) WITH ORDINALITY AS i(call_id, place)
		CROSS JOIN LATERAL (SELECT c.lead_id, c.campaign_id, c.provider_account_id FROM voiceagent.calls c
			WHERE c.tenant_id = v_tenant AND c.call_id = i.call_id OFFSET 0) c
		CROSS JOIN LATERAL (SELECT a.provider, a.resumes_at FROM voiceagent.provider_accounts a
			WHERE a.tenant_id = v_tenant AND a.provider_account_id = c.provider_account_id OFFSET 0) a
		LEFT JOIN LATERAL (SELECT d.lowered_at FROM voiceagent_private.account_dials d
			WHERE d.tenant_id = v_tenant AND d.provider_account_id = c.provider_account_id OFFSET 0) s ON true
		-- The refusals in a row, this one among them; seven, a wait of a minute, are the most.
		CROSS JOIN LATERAL (SELECT count(*) FILTER (WHERE o.in_a_row) AS refused
			FROM (SELECT bool_and(o.outcome IS NOT DISTINCT FROM 'canceled') OVER (ORDER BY o.call_id DESC) AS in_a_row
				FROM (SELECT p.call_id, p.outcome FROM voiceagent.calls p
					WHERE p.tenant_id = v_tenant AND p.lead_id >= c.lead_id AND p.lead_id <= c.lead_id
						AND p.direction <> 'inbound'
					ORDER BY p.lead_id DESC, p.call_id DESC LIMIT 7) o) o) n
		ORDER BY i.place);
END
$$;
COMMENT ON FUNCTION voiceagent_private.carrier_waits(bigint[], timestamptz) IS
	E'When the leads of calls that a carrier refused as too many may be dialled again, in the order of the calls.\n'
	'At once where the account waits (it rests, or may have fewer calls now); else after a wait of the lead''s own: a '
	'second of the carrier''s clock, doubled with each such refusal in a row, at most 64.';

CREATE FUNCTION voiceagent_private.fail_refused(answers voiceagent_private.dial_answer[],
		OUT failed bigint[], OUT tripping bigint[])
	LANGUAGE plpgsql VOLATILE
	SET planner.policy = row_by_row SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	v_calls bigint[];
	v_outcomes text[];
	v_causes text[];
	v_classes text[];
BEGIN
	failed := '{}';
	tripping := '{}';
	SELECT array_agg(a.call_id ORDER BY a.call_id), array_agg(x.outcome ORDER BY a.call_id),
		array_agg(left(i.error, 500) ORDER BY a.call_id), array_agg(x.class ORDER BY a.call_id)
	INTO v_calls, v_outcomes, v_causes, v_classes
	FROM unnest(answers) i
	JOIN voiceagent.attempts a ON a.tenant_id = v_tenant AND a.attempt_id = i.attempt_id AND a.state = 'refused'
	CROSS JOIN LATERAL (SELECT CASE WHEN voiceagent_private.names_bad_number(i.error) THEN 'wrong_number'
		ELSE 'failed' END AS outcome,
		CASE WHEN voiceagent_private.names_bad_number(i.error) THEN 'bad_number' ELSE 'refused' END AS class) x
	WHERE i.kind = 'refused_permanent';
	IF v_calls IS NULL THEN
		RETURN;
	END IF;
	failed := voiceagent_private.fail_calls(v_calls, v_outcomes, v_causes, v_classes);
	IF cardinality(failed) > 0 THEN
		tripping := voiceagent_private.brake_campaigns(ARRAY(SELECT a.call_id FROM voiceagent.attempts a
			WHERE a.tenant_id = v_tenant AND a.attempt_id = ANY (ARRAY(SELECT i.attempt_id FROM unnest(answers) i))));
		PERFORM voiceagent_private.decide_retries(failed);
	END IF;
END
$$;
COMMENT ON FUNCTION voiceagent_private.fail_refused(voiceagent_private.dial_answer[]) IS
	'Ends the calls that were refused for good, of these recorded answers, as failed and decides about their leads; '
	'returns them, and the campaigns whose breaker trips, for close_failed().';

CREATE FUNCTION voiceagent_private.requeue_refused(answers voiceagent_private.dial_answer[], at timestamptz)
	RETURNS bigint[] LANGUAGE plpgsql VOLATILE
	SET planner.policy = row_by_row SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	v_scale numeric := (voiceagent_private.read_dial_settings()).time_scale;
	v_failed bigint[];
	v_void bigint[] := '{}';
	v_a record;
BEGIN
	FOR v_a IN
		SELECT i.kind, a.provider_account_id AS account, max(i.error) AS error,
			bool_or(i.error LIKE 'assistant-gone%') AS gone, array_agg(a.call_id ORDER BY a.call_id) AS calls
		FROM unnest(answers) i
		JOIN voiceagent.attempts a ON a.tenant_id = v_tenant AND a.attempt_id = i.attempt_id AND a.state = 'refused'
		WHERE i.kind IN ('refused_retry', 'rate_limited', 'bad_account')
		GROUP BY a.provider_account_id, i.kind
		ORDER BY a.provider_account_id, i.kind
	LOOP
		v_failed :=
			voiceagent_private.fail_calls(v_a.calls, array_fill('canceled'::text, ARRAY[cardinality(v_a.calls)]),
				array_fill(left(v_a.error, 500), ARRAY[cardinality(v_a.calls)]),
				array_fill(CASE v_a.kind WHEN 'bad_account' THEN 'account' ELSE 'retry' END,
					ARRAY[cardinality(v_a.calls)]));
		CONTINUE WHEN cardinality(v_failed) = 0;
		v_void := v_void || v_failed;
		IF v_a.gone THEN
			PERFORM voiceagent_private.miss_kept_assistants(v_a.account);
		END IF;
		-- It is the account that waits, not the lead: whoever repairs the account need not look for its leads.
		PERFORM voiceagent_private.requeue_calls(v_failed,
			CASE v_a.kind WHEN 'rate_limited' THEN voiceagent_private.carrier_waits(v_failed, at)
				ELSE array_fill(at + CASE v_a.kind
					WHEN 'refused_retry' THEN (SELECT voiceagent_private.carrier_time(p.provider, interval '1 second',
							v_scale, interval '10 milliseconds')
						FROM voiceagent.provider_accounts p
						WHERE p.tenant_id = v_tenant AND p.provider_account_id = v_a.account)
					ELSE interval '0' END, ARRAY[cardinality(v_failed)]) END,
			array_fill(CASE v_a.kind WHEN 'bad_account' THEN 'carrier account' WHEN 'rate_limited' THEN 'carrier busy'
				ELSE 'carrier failed' END, ARRAY[cardinality(v_failed)]));
	END LOOP;
	RETURN v_void;
END
$$;
COMMENT ON FUNCTION voiceagent_private.requeue_refused(voiceagent_private.dial_answer[], timestamptz) IS
	E'Cancels the calls that were surely not placed, of these recorded answers, and returns them.\n'
	'Their leads go back, the attempts do not count, and the next claim says through which account they are dialled.';

-- The kinds: refused_permanent: the call failed. When it is the number, the lead's outcome is wrong_number; else the
-- campaign's breaker stops what is refused to all. refused_retry: surely not placed; requeued in a second without
-- counting. The campaign's next account, if there is one, is preferred for two seconds. rate_limited: surely not
-- placed; requeued. The account rests if the carrier named a time (Retry-After, seconds), or if many of its dials
-- are refused so, and is then slower for a while; a lone one waits by itself. bad_account: requeued at once. The
-- account's breaker opens for ten minutes; a campaign without another account says why. unknown: may have been
-- placed. It is looked up, and no account dials it before the carrier has said that it was not placed. A fault of
-- the carrier counts for the account's breaker (provider_accounts.opened_at). A late answer that took a call which
-- had been decided not to be placed is heard (apply_accepted()).
CREATE FUNCTION voiceagent_private.record_answers(attempt_ids bigint[], kinds text[], provider_call_ids text[],
		control_urls text[], http_statuses integer[], errors text[], retry_after_s integer[], OUT recorded integer,
		OUT put_off bigint[])
	LANGUAGE c VOLATILE STRICT AS 'MODULE_PATHNAME', 'va_sql_record_answers';
COMMENT ON FUNCTION voiceagent_private.record_answers(bigint[], text[], text[], text[], integer[], text[], integer[]) IS
	E'Records the carrier''s answers to requests of the current tenant, one element an attempt.\n'
	'kinds: accepted, refused_permanent, refused_retry, rate_limited (retry after so many seconds), bad_account, '
	'unknown; a repeated or late answer changes nothing. recorded: how many changed something; put_off: attempts '
	'whose answer is to come again, because another transaction holds the call or its leads.';

CREATE FUNCTION voiceagent_private.count_dials(answers voiceagent_private.dial_answer[])
	RETURNS voiceagent_private.dial_counts[] LANGUAGE plpgsql STABLE
	SET planner.policy = row_by_row SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
BEGIN
	RETURN ARRAY(
		SELECT ROW(x.*)::voiceagent_private.dial_counts FROM (SELECT c.provider_account_id,
			count(*) FILTER (WHERE c.dialled) AS dials, count(*) FILTER (WHERE c.failed) AS failed,
			max(c.created_at) FILTER (WHERE c.kind = 'accepted'
				OR c.kind = 'refused_permanent' AND c.http_status IS NOT NULL) AS well_at,
			max(c.created_at) FILTER (WHERE c.failed) AS failed_at,
			count(*) FILTER (WHERE c.kind = 'rate_limited')::integer AS limited,
			max(c.created_at) FILTER (WHERE c.kind = 'rate_limited') AS limited_at,
			bool_or(c.error LIKE 'concurrency-limit%') FILTER (WHERE c.kind = 'rate_limited') AS limited_calls,
			bool_or(c.kind = 'bad_account') AS bad,
			coalesce(max(c.wait_s) FILTER (WHERE c.failed OR c.kind = 'rate_limited'), 0) AS wait_s,
			coalesce(max(c.error) FILTER (WHERE c.kind = 'bad_account'), max(c.error) FILTER (WHERE c.failed),
				max(c.error) FILTER (WHERE c.kind = 'rate_limited')) AS error,
			jsonb_path_query_array(
				jsonb_agg(jsonb_build_object('call_id', c.call_id, 'cause', left(coalesce(c.error, c.kind), 100))
					ORDER BY c.call_id DESC) FILTER (WHERE c.failed), '$[0 to 4]') AS failures
		FROM (SELECT i.*, i.dialled AND i.kind IN ('refused_retry', 'bad_account', 'unknown') AS failed
			FROM (SELECT i.*, a.provider_account_id, a.call_id, a.created_at,
					-- A dial that waited for its turn too long says nothing of its carrier, neither ill nor well.
					i.kind <> 'rate_limited'
						AND (i.kind = 'refused_retry' AND i.error LIKE 'not-sent-in-time%') IS NOT TRUE AS dialled
				FROM unnest(answers) i
				CROSS JOIN LATERAL (SELECT o.provider_account_id, o.call_id, o.created_at FROM voiceagent.attempts o
					WHERE o.tenant_id = v_tenant AND o.attempt_id = i.attempt_id OFFSET 0) a
				WHERE i.changed) i) c
		GROUP BY c.provider_account_id ORDER BY c.provider_account_id) x);
END
$$;
COMMENT ON FUNCTION voiceagent_private.count_dials(voiceagent_private.dial_answer[]) IS
	'Counts the answers to dials of the current tenant by account.';

CREATE FUNCTION voiceagent_private.settle_answers(attempt_ids bigint[], kinds text[], provider_call_ids text[],
		http_statuses integer[], errors text[], retry_after_s integer[], places integer[], changed integer[],
		at timestamptz) RETURNS integer
	LANGUAGE plpgsql VOLATILE
	SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_answers voiceagent_private.dial_answer[];
	v_refused boolean;
	v_tripping bigint[];
	v_void bigint[];
	v_counters voiceagent_private.dial_counts[];
	v_counter voiceagent_private.dial_counts;
	v_verdicts text[] := '{}';
	v_reopened bigint[] := '{}';
BEGIN
	v_answers := ARRAY(SELECT ROW(attempt_ids[p], kinds[p], provider_call_ids[p], http_statuses[p], errors[p],
		retry_after_s[p], p = ANY (changed))::voiceagent_private.dial_answer FROM unnest(places) p);
	v_refused := EXISTS (SELECT FROM unnest(v_answers) i WHERE i.kind NOT IN ('accepted', 'unknown'));
	IF cardinality(changed) < cardinality(places) THEN
		v_reopened := voiceagent_private.apply_accepted(v_answers);
	END IF;
	v_counters := voiceagent_private.count_dials(v_answers);
	FOREACH v_counter IN ARRAY v_counters LOOP
		v_verdicts := v_verdicts || voiceagent_private.record_account_answers(v_counter, at);
	END LOOP;
	IF v_refused THEN
		SELECT f.failed, f.tripping INTO v_void, v_tripping FROM voiceagent_private.fail_refused(v_answers) f;
		v_void := v_void || voiceagent_private.requeue_refused(v_answers, at);
	END IF;
	IF v_refused OR 'well' = ANY (v_verdicts) THEN
		PERFORM voiceagent_private.update_campaign_reasons(
			ARRAY(SELECT t.provider_account_id FROM unnest(v_counters) t), v_verdicts,
			CASE WHEN v_refused THEN ARRAY(SELECT t.error FROM unnest(v_counters) t) END);
	END IF;
	IF v_refused THEN
		PERFORM voiceagent_private.close_failed(v_void, v_tripping);
	END IF;
	PERFORM voiceagent_private.fund_holds(v_reopened);
	RETURN cardinality(v_reopened);
END
$$;
COMMENT ON FUNCTION voiceagent_private.settle_answers(bigint[], text[], text[], integer[], text[], integer[], integer[],
	integer[], timestamptz) IS
	E'Decides the rest of record_answers(): late reports, the accounts, and the leads.\n'
	'The calls of the answers at these places are locked, and those at changed have changed their attempt. Returns how '
	'many more have changed something.';

CREATE FUNCTION voiceagent_private.record_dials(attempt_ids bigint[], kinds text[], provider_call_ids text[],
		control_urls text[], http_statuses integer[], errors text[], retry_after_s integer[]) RETURNS integer
	LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_recorded integer;
	v_put_off bigint[];
BEGIN
	SELECT a.recorded, a.put_off INTO v_recorded, v_put_off
	FROM voiceagent_private.record_answers(attempt_ids, kinds, provider_call_ids, control_urls, http_statuses, errors,
		retry_after_s) a;
	PERFORM voiceagent_private.fail_if(cardinality(v_put_off) > 0, 'lock_not_available',
		'another transaction holds the calls of these answers');
	RETURN v_recorded;
END
$$;
COMMENT ON FUNCTION voiceagent_private.record_dials(bigint[], text[], text[], text[], integer[], text[], integer[]) IS
	E'record_answers() for a caller that can put nothing off; returns how many changed something.\n'
	'55P03 when another transaction holds one of the calls: nothing is recorded then.';

CREATE FUNCTION voiceagent_private.names_bad_number(error text) RETURNS boolean
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
	RETURN coalesce(error ~ '^(bad-number|do-not-call)\M' OR error !~* '\mcaller.?id'
		AND (error ~* '\m(customer\.number|phone number|to number|destination)\M.{0,80}(invalid|not valid|valid '
			'phone|must be|not exist|unallocated)'
			OR error ~* '(invalid|not a valid|unallocated).{0,40}\m(number|destination)\M'), false);
COMMENT ON FUNCTION voiceagent_private.names_bad_number(text) IS
	'Whether a carrier''s refusal speaks of the number that was to be dialled (and not of the account''s own): its '
	'driver says so (bad-number; do-not-call: the carrier''s law keeps it from the number), or its words do.';

CREATE FUNCTION voiceagent_private.recover_live() RETURNS bigint
	LANGUAGE plpgsql VOLATILE SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_now timestamptz := voiceagent.clock();
	v_tenant bigint;
	v_was bigint;
	v_live bigint;
	v_scale numeric := voiceagent_private.platform_setting('sandbox_time_scale')::numeric;
BEGIN
	FOR v_tenant IN
		SELECT DISTINCT l.tenant_id FROM voiceagent_private.live_calls l WHERE l.state = 'sending' ORDER BY l.tenant_id
	LOOP
		v_was := voiceagent_private.set_tenant(v_tenant);
		-- This waits for no lock: leased rows come up when the lease ends.
		WITH lost AS MATERIALIZED (
			SELECT l.call_id, l.attempt_id FROM voiceagent_private.live_calls l
			WHERE l.tenant_id = v_tenant AND l.state = 'sending' FOR UPDATE SKIP LOCKED
		), free AS MATERIALIZED (
			SELECT a.attempt_id FROM voiceagent.attempts a
			WHERE a.tenant_id = v_tenant AND a.attempt_id = ANY (ARRAY(SELECT t.attempt_id FROM lost t))
			FOR UPDATE SKIP LOCKED
		), noted AS (
			UPDATE voiceagent.attempts a SET state = 'unknown', error = 'the worker stopped before the carrier answered'
			WHERE a.tenant_id = v_tenant AND a.attempt_id = ANY (ARRAY(SELECT f.attempt_id FROM free f))
				AND a.state = 'sending'
		)
		UPDATE voiceagent_private.live_calls l SET state = 'unknown'
		WHERE l.tenant_id = v_tenant
			AND l.call_id = ANY
				(ARRAY(SELECT t.call_id FROM lost t WHERE t.attempt_id = ANY (ARRAY(SELECT f.attempt_id FROM free f))));
		PERFORM voiceagent_private.set_tenant(v_was);
	END LOOP;
	UPDATE voiceagent_private.live_calls l
	SET lease_until = least(l.lease_until, v_now),
		answer_due = v_now + voiceagent_private.carrier_time(l.provider, l.answer_due - v_now, v_scale,
			interval '1 second')
	FROM (SELECT m.tenant_id, m.call_id FROM voiceagent_private.live_calls m FOR UPDATE SKIP LOCKED) m
	WHERE l.tenant_id = m.tenant_id AND l.call_id = m.call_id;
	GET DIAGNOSTICS v_live = ROW_COUNT;
	RETURN v_live;
END
$$;
COMMENT ON FUNCTION voiceagent_private.recover_live() IS
	E'At the start of the dialer: requests that were on their way when it died count as unknown, and the carrier is '
	'asked at once about every live call; that it knows of none counts from when the request must have come to it.\n'
	'Returns how many there are.';
