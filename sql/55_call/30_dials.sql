/*
 * 55_call: what the carrier answered to our requests, and the questions to it
 * when it did not.  Every change is guarded by the state it may leave: a
 * webhook may have come first, a late answer changes nothing that has ended.
 */

CREATE FUNCTION voiceagent_private.fail_calls(call_ids bigint[], outcomes text[], causes text[], cause_classes text[])
	RETURNS bigint[] LANGUAGE plpgsql VOLATILE
	SET enable_seqscan = off SET enable_bitmapscan = off SET enable_hashjoin = off SET enable_mergejoin = off
	SET enable_material = off SET plan_cache_mode = force_generic_plan
	SET jit = off SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	v_now timestamptz := voiceagent.clock();
	v_failed bigint[];
BEGIN
	WITH ended AS (
		UPDATE voiceagent.calls c
		SET status = 'failed', outcome = i.outcome, cause = i.cause, cause_class = i.cause_class, duration_seconds = 0,
			provider_call_id = coalesce(c.provider_call_id, (SELECT l.provider_call_id FROM voiceagent_private.live_calls l
				WHERE l.tenant_id = v_tenant AND l.call_id = i.call_id)),
			counts = c.status <> 'initiated' OR i.cause_class NOT IN ('refused', 'bad_number', 'account', 'retry'), credits = 0, ended_at = greatest(v_now, c.answered_at)
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
		-- Who is not simply put back gets it from decide_retries(), with the rest.
		UPDATE voiceagent.campaign_leads l SET last_outcome = e.outcome
		FROM ended e
		WHERE e.outcome = 'canceled' AND l.tenant_id = v_tenant AND l.campaign_id = e.campaign_id AND l.lead_id = e.lead_id
	)
	SELECT coalesce(array_agg(e.call_id ORDER BY e.call_id), '{}') INTO v_failed FROM ended e;
	PERFORM voiceagent_private.end_calls(v_failed);
	RETURN v_failed;
END
$$;
COMMENT ON FUNCTION voiceagent_private.fail_calls(bigint[], text[], text[], text[]) IS
	'Ends calls that never connected as failed with these outcomes, raw causes and classes, and frees their slots. Calls that have ended are left alone. Returns those that it ended; the caller decides about their leads (decide_retries(), or requeue_calls() for those that were canceled) and then, last, releases their holds with close_failed(): the ledger is locked after everything else.';

CREATE FUNCTION voiceagent_private.close_failed(call_ids bigint[], tripping bigint[] DEFAULT '{}') RETURNS void
	LANGUAGE plpgsql VOLATILE SET enable_seqscan = off SET jit = off AS $$
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
	'The last step for calls that failed: completes those of their campaigns that have nobody left, pauses those whose breaker trips (tripping, from brake_campaigns()), and releases the calls'' holds whole.';

CREATE FUNCTION voiceagent_private.keeps_promise(call_id bigint, campaign_id bigint, lead_id bigint) RETURNS boolean
	LANGUAGE sql STABLE SET enable_seqscan = off SET search_path = pg_catalog, pg_temp AS $$
	SELECT coalesce((SELECT o.outcome = 'callback' OR coalesce(voiceagent_private.told_outright(o.status, o.cause_class, o.structured_data) = 'callback', false) FROM voiceagent.calls o
		WHERE o.tenant_id = voiceagent.current_tenant() AND o.lead_id = keeps_promise.lead_id AND o.call_id < keeps_promise.call_id
			AND o.campaign_id = keeps_promise.campaign_id AND o.outcome NOT IN ('canceled', 'failed')
		ORDER BY o.call_id DESC LIMIT 1), false)
$$;
COMMENT ON FUNCTION voiceagent_private.keeps_promise(bigint, bigint, bigint) IS
	'Whether this call of a campaign of the acting tenant to its lead is the callback that the call before had promised, be it told when that was over, what was never connected in between left out: if it does not count, the promise is still to be kept, first in line.';

CREATE FUNCTION voiceagent_private.requeue_calls(call_ids bigint[], not_before timestamptz[], reasons text[]) RETURNS void
	LANGUAGE plpgsql VOLATILE SET enable_seqscan = off SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
BEGIN
	PERFORM voiceagent_private.requeue(x.campaign_id, x.leads, x.times, x.priorities, x.why, false, x.numbers)
	FROM (SELECT c.campaign_id, array_agg(c.lead_id ORDER BY c.lead_id) AS leads,
				 array_agg(i.not_before ORDER BY c.lead_id) AS times,
				 array_agg((CASE WHEN b.promised THEN -1 ELSE l.priority END)::smallint ORDER BY c.lead_id) AS priorities,
				 array_agg(CASE WHEN b.promised THEN 'callback' ELSE i.reason END ORDER BY c.lead_id) AS why,
				 array_agg(c.number ORDER BY c.lead_id) AS numbers
		  FROM unnest(call_ids, not_before, reasons) AS i(call_id, not_before, reason)
		  JOIN voiceagent.calls c ON c.tenant_id = v_tenant AND c.call_id = i.call_id
		  JOIN voiceagent.leads l ON l.tenant_id = v_tenant AND l.lead_id = c.lead_id
		  CROSS JOIN LATERAL (SELECT voiceagent_private.keeps_promise(c.call_id, c.campaign_id, c.lead_id) AS promised OFFSET 0) b
		  GROUP BY c.campaign_id ORDER BY c.campaign_id) x;
END
$$;
COMMENT ON FUNCTION voiceagent_private.requeue_calls(bigint[], timestamptz[], text[]) IS
	'Puts the leads of calls that never reached the telephone network back into their lanes, and gives them the attempt back; a promised callback stays one, first in line.';

CREATE TYPE voiceagent_private.dial_answer AS (
	attempt_id bigint,
	kind text,
	provider_call_id text,
	control_url text,
	http_status integer,
	error text,
	wait_s integer,
	attempt_row tid,
	live_row tid
);
COMMENT ON TYPE voiceagent_private.dial_answer IS 'The carrier''s answer to a dial, and where the locked rows lie that it changes (live_row NULL: ended).';

-- By position, so that no statistics of tables that have just grown can make the plan a bad one.
CREATE FUNCTION voiceagent_private.write_answers(answers voiceagent_private.dial_answer[], lookup interval, at timestamptz,
		OUT recorded integer, OUT tallies voiceagent_private.dial_tally[])
	LANGUAGE plpgsql VOLATILE
	SET enable_seqscan = off SET enable_bitmapscan = off SET enable_hashjoin = off SET enable_mergejoin = off
	SET enable_indexscan = off SET enable_indexonlyscan = off SET enable_material = off
	SET plan_cache_mode = force_generic_plan SET jit = off SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
BEGIN
	WITH changed AS (
		UPDATE voiceagent.attempts a
		SET state = CASE i.kind WHEN 'accepted' THEN 'accepted' WHEN 'unknown' THEN 'unknown' ELSE 'refused' END,
			provider_call_id = coalesce(a.provider_call_id, i.provider_call_id),
			control_url = coalesce(i.control_url, a.control_url), http_status = i.http_status, error = left(i.error, 2000),
			answered_at = CASE WHEN i.kind <> 'unknown' THEN at END
		FROM unnest(answers) i
		WHERE a.tenant_id = v_tenant AND a.ctid = i.attempt_row
		  AND (a.state = 'sending' OR (a.state = 'unknown' AND i.kind <> 'unknown')
			   -- A webhook or a lookup said so before: only what it did not know is added.
			   OR (a.state = 'accepted' AND i.kind = 'accepted' AND a.http_status IS NULL))
		RETURNING a.provider_account_id, a.call_id, a.created_at, i.kind, i.http_status, i.error, i.wait_s, a.provider_call_id, i.live_row,
			-- What waited for its turn too long says nothing of its carrier, neither ill nor well.
			i.kind <> 'rate_limited' AND (i.kind = 'refused_retry' AND i.error LIKE 'not-sent-in-time%') IS NOT TRUE AS dialled
	), live AS (
		UPDATE voiceagent_private.live_calls l
		SET state = CASE c.kind WHEN 'accepted' THEN 'accepted' ELSE 'unknown' END,
			provider_call_id = coalesce(l.provider_call_id, c.provider_call_id),
			lease_until = CASE c.kind WHEN 'accepted' THEN greatest(l.ends_by, at) ELSE at + least(lookup, interval '1 second') END,
			lookups = 0, misses = 0, answer_due = NULL
		FROM changed c
		WHERE c.kind IN ('accepted', 'unknown') AND l.tenant_id = v_tenant AND l.ctid = c.live_row
		  AND l.state IN ('sending', 'unknown')
	)
	SELECT coalesce(sum(x.answers), 0), array_agg(ROW(x.provider_account_id, x.dials, x.failed, x.well_at, x.failed_at, x.limited_at,
		x.limited_calls, x.bad, x.wait_s, x.error, x.failures)::voiceagent_private.dial_tally ORDER BY x.provider_account_id)
	INTO recorded, tallies
	FROM (
		SELECT c.provider_account_id, count(*) AS answers, count(*) FILTER (WHERE c.dialled) AS dials,
			count(*) FILTER (WHERE c.failed) AS failed,
			max(c.created_at) FILTER (WHERE c.kind = 'accepted' OR c.kind = 'refused_permanent' AND c.http_status IS NOT NULL) AS well_at,
			max(c.created_at) FILTER (WHERE c.failed) AS failed_at,
			max(c.created_at) FILTER (WHERE c.kind = 'rate_limited') AS limited_at,
			bool_or(c.error LIKE 'concurrency-limit%') FILTER (WHERE c.kind = 'rate_limited') AS limited_calls,
			bool_or(c.kind = 'bad_account') AS bad,
			coalesce(max(c.wait_s) FILTER (WHERE c.failed OR c.kind = 'rate_limited'), 0) AS wait_s,
			coalesce(max(c.error) FILTER (WHERE c.kind = 'bad_account'), max(c.error) FILTER (WHERE c.failed), max(c.error) FILTER (WHERE c.kind = 'rate_limited')) AS error,
			jsonb_path_query_array(jsonb_agg(jsonb_build_object('call_id', c.call_id, 'cause', left(coalesce(c.error, c.kind), 100))
				ORDER BY c.call_id DESC) FILTER (WHERE c.failed), '$[0 to 4]') AS failures
		FROM (SELECT i.*, i.dialled AND i.kind IN ('refused_retry', 'bad_account', 'unknown') AS failed FROM changed i) c
		GROUP BY c.provider_account_id) x;
END
$$;
COMMENT ON FUNCTION voiceagent_private.write_answers(voiceagent_private.dial_answer[], interval, timestamptz) IS
	'Writes carriers'' answers into attempts and live calls where their state allows it; how many changed something, and what they say of the accounts.';

CREATE FUNCTION voiceagent_private.close_sends() RETURNS void
	LANGUAGE plpgsql VOLATILE SET enable_seqscan = off SET plan_cache_mode = force_generic_plan SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
BEGIN
	-- Whoever looks for those whose lease is over has them locked, and then waits for live calls: not for us.
	DELETE FROM voiceagent_private.sends s
	WHERE s.tenant_id = v_tenant AND s.first_call_id = ANY (ARRAY(
		SELECT o.first_call_id FROM voiceagent_private.sends o
		WHERE o.tenant_id = v_tenant AND NOT EXISTS (
			SELECT FROM unnest(o.call_ids) AS i(call_id)
			CROSS JOIN LATERAL (SELECT FROM voiceagent_private.live_calls l
				WHERE l.tenant_id = v_tenant AND l.call_id = i.call_id AND l.state = 'sending' OFFSET 0) l)
		FOR UPDATE SKIP LOCKED));
END
$$;
COMMENT ON FUNCTION voiceagent_private.close_sends() IS
	'Forgets the claims of the acting tenant whose requests have all been answered.';

CREATE FUNCTION voiceagent_private.record_dials(attempt_ids bigint[], kinds text[], provider_call_ids text[],
		control_urls text[], http_statuses integer[], errors text[], retry_after_s integer[]) RETURNS integer
	LANGUAGE plpgsql VOLATILE
	SET enable_seqscan = off SET enable_bitmapscan = off SET enable_hashjoin = off SET enable_mergejoin = off
	SET enable_material = off SET plan_cache_mode = force_generic_plan
	SET jit = off SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	v_now timestamptz := voiceagent.clock();
	v_answers voiceagent_private.dial_answer[];
	v_recorded integer;
	v_calls bigint[];
	v_outcomes text[];
	v_causes text[];
	v_classes text[];
	v_times timestamptz[];
	v_failed bigint[];
	v_tripping bigint[] := '{}';
	v_void bigint[] := '{}';
	v_tallies voiceagent_private.dial_tally[];
	v_tally voiceagent_private.dial_tally;
	v_verdicts text[] := '{}';
	v_lookup interval;
	v_reopened bigint[] := '{}';
	v_a record;
BEGIN
	IF kinds && ARRAY['refused_permanent', 'refused_retry', 'rate_limited', 'bad_account'] THEN
		PERFORM voiceagent_private.lock_tenant(false);
	END IF;
	-- Calls first, in the order of their ids, as the inbox locks them; then all are changed where they lie.
	SELECT array_agg(ROW(i.attempt_id, i.kind, i.provider_call_id, i.control_url, i.http_status, i.error, i.wait, a.ctid,
						 l.ctid)::voiceagent_private.dial_answer) INTO v_answers
	FROM (SELECT i.*, a.call_id
		  FROM unnest(attempt_ids, kinds, provider_call_ids, control_urls, http_statuses, errors, retry_after_s)
			   AS i(attempt_id, kind, provider_call_id, control_url, http_status, error, wait)
		  CROSS JOIN LATERAL (SELECT a.call_id FROM voiceagent.attempts a
			WHERE a.tenant_id = v_tenant AND a.attempt_id = i.attempt_id OFFSET 0) a
		  ORDER BY a.call_id) i
	CROSS JOIN LATERAL (SELECT c.ctid FROM voiceagent.calls c
		WHERE c.tenant_id = v_tenant AND c.call_id = i.call_id FOR NO KEY UPDATE) c
	CROSS JOIN LATERAL (SELECT a.ctid FROM voiceagent.attempts a
		WHERE a.tenant_id = v_tenant AND a.attempt_id = i.attempt_id FOR NO KEY UPDATE) a
	LEFT JOIN LATERAL (SELECT l.ctid FROM voiceagent_private.live_calls l
		WHERE l.tenant_id = v_tenant AND l.call_id = i.call_id AND l.attempt_id = i.attempt_id FOR NO KEY UPDATE) l ON true;
	IF v_answers IS NULL THEN
		RETURN 0;
	END IF;
	IF 'unknown' = ANY (kinds) THEN
		v_lookup := (voiceagent_private.read_dial_settings()).lookup_interval;
	END IF;
	SELECT w.recorded, coalesce(w.tallies, '{}') INTO v_recorded, v_tallies
	FROM voiceagent_private.write_answers(v_answers, v_lookup, v_now) w;
	IF v_recorded < cardinality(v_answers) AND 'accepted' = ANY (kinds) THEN
		v_reopened := voiceagent_private.hear_accepted(v_answers);
		v_recorded := v_recorded + cardinality(v_reopened);
	END IF;
	PERFORM voiceagent_private.close_sends();
	FOREACH v_tally IN ARRAY v_tallies LOOP
		v_verdicts := v_verdicts || voiceagent_private.note_account(v_tally, v_now);
	END LOOP;

	IF NOT kinds && ARRAY['refused_permanent', 'refused_retry', 'rate_limited', 'bad_account'] THEN
		IF 'well' = ANY (v_verdicts) THEN
			PERFORM voiceagent_private.tell_campaigns(ARRAY(SELECT t.provider_account_id FROM unnest(v_tallies) t), v_verdicts, NULL);
		END IF;
		PERFORM voiceagent_private.fund_holds(v_reopened);
		PERFORM voiceagent_private.poke_subscribers();
		RETURN v_recorded;
	END IF;

	-- Refused for good: a dial that failed.
	SELECT array_agg(a.call_id ORDER BY a.call_id), array_agg(x.outcome ORDER BY a.call_id),
		   array_agg(left(i.error, 500) ORDER BY a.call_id), array_agg(x.class ORDER BY a.call_id)
	INTO v_calls, v_outcomes, v_causes, v_classes
	FROM unnest(attempt_ids, kinds, errors) AS i(attempt_id, kind, error)
	JOIN voiceagent.attempts a ON a.tenant_id = v_tenant AND a.attempt_id = i.attempt_id AND a.state = 'refused'
	CROSS JOIN LATERAL (SELECT CASE WHEN voiceagent_private.names_bad_number(i.error) THEN 'wrong_number' ELSE 'failed' END AS outcome,
							   CASE WHEN voiceagent_private.names_bad_number(i.error) THEN 'bad_number' ELSE 'refused' END AS class) x
	WHERE i.kind = 'refused_permanent';
	IF v_calls IS NOT NULL THEN
		v_failed := voiceagent_private.fail_calls(v_calls, v_outcomes, v_causes, v_classes);
		IF cardinality(v_failed) > 0 THEN
			v_tripping := voiceagent_private.brake_campaigns(ARRAY(SELECT a.call_id FROM voiceagent.attempts a
				WHERE a.tenant_id = v_tenant AND a.attempt_id = ANY (attempt_ids)));
			PERFORM voiceagent_private.decide_retries(v_failed);
			v_void := v_failed;
		END IF;
	END IF;

	-- Surely not placed: the lead goes back, its attempt does not count; through which account it is dialled the next claim says.
	FOR v_a IN
		SELECT i.kind, max(i.error) AS error, array_agg(a.call_id ORDER BY a.call_id) AS calls
		FROM unnest(attempt_ids, kinds, errors) AS i(attempt_id, kind, error)
		JOIN voiceagent.attempts a ON a.tenant_id = v_tenant AND a.attempt_id = i.attempt_id AND a.state = 'refused'
		WHERE i.kind IN ('refused_retry', 'rate_limited', 'bad_account')
		GROUP BY a.provider_account_id, i.kind
		ORDER BY a.provider_account_id, i.kind
	LOOP
		v_failed := voiceagent_private.fail_calls(v_a.calls, array_fill('canceled'::text, ARRAY[cardinality(v_a.calls)]),
			array_fill(left(v_a.error, 500), ARRAY[cardinality(v_a.calls)]),
			array_fill(CASE v_a.kind WHEN 'bad_account' THEN 'account' ELSE 'retry' END, ARRAY[cardinality(v_a.calls)]));
		CONTINUE WHEN cardinality(v_failed) = 0;
		v_void := v_void || v_failed;
		-- It is the account that waits, not the lead: whoever repairs the account need not look for its leads.
		PERFORM voiceagent_private.requeue_calls(v_failed,
			array_fill(v_now + CASE v_a.kind WHEN 'refused_retry' THEN interval '1 second' ELSE interval '0' END, ARRAY[cardinality(v_failed)]),
			array_fill(CASE v_a.kind WHEN 'bad_account' THEN 'carrier account' WHEN 'rate_limited' THEN 'carrier busy'
				ELSE 'carrier failed' END, ARRAY[cardinality(v_failed)]));
	END LOOP;
	PERFORM voiceagent_private.tell_campaigns(ARRAY(SELECT t.provider_account_id FROM unnest(v_tallies) t), v_verdicts,
		ARRAY(SELECT t.error FROM unnest(v_tallies) t));
	PERFORM voiceagent_private.close_failed(v_void, v_tripping);
	PERFORM voiceagent_private.fund_holds(v_reopened);
	PERFORM voiceagent_private.poke_subscribers();
	RETURN v_recorded;
END
$$;
COMMENT ON FUNCTION voiceagent_private.record_dials(bigint[], text[], text[], text[], integer[], text[], integer[]) IS
	'Records the carrier''s answers to requests of the acting tenant, one element an attempt: kind accepted; refused_permanent (the call failed; when it is the number, the lead''s outcome is wrong_number, else the campaign''s breaker stops what is refused to all); refused_retry (surely not placed: requeued in a second without counting; the campaign''s next account, if there is one, is preferred for two seconds); rate_limited (surely not placed: requeued at once; the account rests, Retry-After in seconds obeyed, and is slower for a while); bad_account (requeued at once, the account''s breaker opens for ten minutes; a campaign without another account says why); unknown (may have been placed: to be looked up, and never dialled by any account before the carrier has said that it was not). What fails for a fault of the carrier counts for the account''s breaker: see provider_accounts.opened_at. A repeated or late answer changes nothing, but that one which took a call that had been decided not to be placed is heard (hear_accepted()). Returns how many changed something.';

CREATE FUNCTION voiceagent_private.names_bad_number(error text) RETURNS boolean
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
	RETURN coalesce(error ~ '^(bad-number|do-not-call)\M' OR error !~* '\mcaller.?id' AND (error ~* '\m(customer\.number|phone number|to number|destination)\M.{0,80}(invalid|not valid|valid phone|must be|not exist|unallocated)'
		OR error ~* '(invalid|not a valid|unallocated).{0,40}\m(number|destination)\M'), false);
COMMENT ON FUNCTION voiceagent_private.names_bad_number(text) IS
	'Whether a carrier''s refusal speaks of the number that was to be dialled (and not of the account''s own): its dialect says so (bad-number; do-not-call: the carrier''s law keeps it from the number), or its words do.';

CREATE FUNCTION voiceagent_private.recover_live() RETURNS bigint
	LANGUAGE plpgsql VOLATILE SET enable_seqscan = off SET search_path = pg_catalog, pg_temp AS $$
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
		v_was := voiceagent_private.act_for(v_tenant);
		WITH lost AS MATERIALIZED (
			SELECT l.attempt_id FROM voiceagent_private.live_calls l WHERE l.tenant_id = v_tenant AND l.state = 'sending'
		)
		UPDATE voiceagent.attempts a SET state = 'unknown', error = 'the worker stopped before the carrier answered'
		WHERE a.tenant_id = v_tenant AND a.attempt_id = ANY (ARRAY(SELECT t.attempt_id FROM lost t)) AND a.state = 'sending';
		PERFORM voiceagent_private.act_for(v_was);
	END LOOP;
	UPDATE voiceagent_private.live_calls l
	SET state = CASE l.state WHEN 'sending' THEN 'unknown' ELSE l.state END, lease_until = least(l.lease_until, v_now),
		answer_due = v_now + voiceagent_private.carrier_time(l.provider, l.answer_due - v_now, v_scale, interval '1 second');
	GET DIAGNOSTICS v_live = ROW_COUNT;
	RETURN v_live;
END
$$;
COMMENT ON FUNCTION voiceagent_private.recover_live() IS
	'At the start of the worker: requests that were on their way when it died count as unknown, and the carrier is asked at once about every live call; that it knows of none counts from when the request must have come to it. Returns how many there are.';

CREATE FUNCTION voiceagent_private.due_lookups(max_calls integer DEFAULT 100, max_lists integer DEFAULT 100,
		real_carriers boolean DEFAULT true, asked bigint[] DEFAULT NULL, listing bigint[] DEFAULT '{}', OUT tenant_id bigint, OUT call_id bigint,
		OUT attempt_id bigint, OUT reference text, OUT provider text, OUT provider_account_id bigint,
		OUT provider_call_id text, OUT dialled_at timestamptz, OUT lookups integer) RETURNS SETOF record
	LANGUAGE plpgsql VOLATILE SET enable_seqscan = off SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
DECLARE
	v_now timestamptz := voiceagent.clock();
	v_wait interval := voiceagent_private.as_interval(voiceagent_private.platform_setting('lookup_interval'));
	v_scale numeric := voiceagent_private.platform_setting('sandbox_time_scale')::numeric;
	-- A carrier that does not answer keeps each question as long as a request may take: not all of those there may be.
	c_of_account CONSTANT integer := 50;
	c_lists_of_account CONSTANT integer := 3;
	v_listed bigint[] := ARRAY(SELECT a FROM unnest(listing) a GROUP BY a HAVING count(*) >= c_lists_of_account);
	v_full bigint[] := ARRAY(SELECT a FROM unnest(asked) a GROUP BY a HAVING count(*) >= c_of_account);
BEGIN
	-- The requests of claims whose time is over: who has not been answered is asked about now.
	WITH over AS (
		DELETE FROM voiceagent_private.sends s
		WHERE (s.tenant_id, s.first_call_id) IN (SELECT o.tenant_id, o.first_call_id FROM voiceagent_private.sends o
			WHERE o.lease_until <= v_now ORDER BY o.lease_until LIMIT 1000 FOR UPDATE SKIP LOCKED)
		RETURNING s.tenant_id, s.call_ids
	)
	UPDATE voiceagent_private.live_calls l SET lease_until = least(l.lease_until, v_now)
	FROM over o CROSS JOIN LATERAL unnest(o.call_ids) AS i(call_id)
	WHERE l.tenant_id = o.tenant_id AND l.call_id = i.call_id AND l.state = 'sending';
	RETURN QUERY
		WITH seen AS MATERIALIZED (
			SELECT l.tenant_id, l.call_id, l.provider_account_id, l.lease_until, l.provider_call_id IS NULL AS lost
			FROM voiceagent_private.live_calls l
			WHERE l.lease_until <= v_now AND (real_carriers OR l.provider = 'sandbox')
				AND l.provider_account_id <> ALL (v_full)
				AND (l.provider_call_id IS NOT NULL OR l.provider_account_id <> ALL (v_listed))
			ORDER BY l.lease_until LIMIT 1000
		), ranked AS MATERIALIZED (
			SELECT s.*, row_number() OVER (PARTITION BY s.provider_account_id, s.lost ORDER BY s.lease_until)
				+ coalesce(cardinality(array_positions(CASE WHEN s.lost THEN listing ELSE asked END, s.provider_account_id)), 0) AS nth FROM seen s
		), fair AS MATERIALIZED (
			(SELECT r.* FROM ranked r WHERE NOT r.lost AND (asked IS NULL OR r.nth <= c_of_account)
			 ORDER BY r.lease_until LIMIT max_calls)
			UNION ALL
			-- Accounts that have fewer on their way come first.
			(SELECT r.* FROM ranked r WHERE r.lost AND (asked IS NULL OR r.nth <= c_lists_of_account)
			 ORDER BY CASE WHEN asked IS NOT NULL THEN r.nth END, r.lease_until LIMIT least(max_calls, max_lists))
		), due AS MATERIALIZED (
			SELECT l.tenant_id, l.call_id FROM voiceagent_private.live_calls l
			WHERE (l.tenant_id, l.call_id) IN (SELECT f.tenant_id, f.call_id FROM fair f) AND l.lease_until <= v_now
			LIMIT max_calls FOR UPDATE SKIP LOCKED
		)
		UPDATE voiceagent_private.live_calls l
		SET lookups = l.lookups + 1, asked_at = v_now,
			-- The wait doubles up to 16 times: a call that is still going on need not be asked about every time.
			lease_until = v_now + voiceagent_private.carrier_time(l.provider, v_wait, v_scale, interval '1 second')
						  * (2 ^ least(l.lookups, 4))
		FROM due d
		WHERE l.tenant_id = d.tenant_id AND l.call_id = d.call_id
		RETURNING l.tenant_id, l.call_id, l.attempt_id, l.reference, l.provider, l.provider_account_id, l.provider_call_id,
				  l.dialled_at, l.lookups;
END
$$;
COMMENT ON FUNCTION voiceagent_private.due_lookups(integer, integer, boolean, bigint[], bigint[]) IS
	'Live calls of all tenants whose lease has passed, to ask the carrier about, at most max_lists of them calls of which the carrier''s id is not known, which are looked for in its list; without real_carriers (a copy, a driven clock) only the sandbox''s. asked: the account of each question that is on its way, an account having about 50 at a time and three lists (listing: the account of each list that is on its way), so that there is room for another''s; NULL: as many of one account as there are. The lease is pushed first, so that a crash loses none. lookups counts this one. The answer comes back as store_webhooks(source lookup), note_lookup(), lookup_found() or lookup_found_nothing().';

CREATE FUNCTION voiceagent_private.end_lost_call(lost voiceagent_private.live_calls, doubt text) RETURNS void
	LANGUAGE plpgsql VOLATILE SET enable_seqscan = off SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_now timestamptz := voiceagent.clock();
	v_calls bigint[] := ARRAY[lost.call_id];
	v_failed bigint[];
	v_tripping bigint[] := '{}';
BEGIN
	IF doubt IS NOT NULL THEN
		-- Nobody can tell: whoever was perhaps called, all the more who answered, is not called again by itself.
		v_failed := voiceagent_private.fail_calls(v_calls, '{failed}', '{unresolved}', '{unresolved}');
		IF cardinality(v_failed) > 0 THEN
			PERFORM voiceagent_private.note_unresolved(lost.call_id, format('%s %s', voiceagent_private.dialect_title(lost.provider), doubt));
			PERFORM voiceagent_private.decide_retries(v_failed);
		END IF;
	ELSIF lost.state = 'accepted' THEN
		-- The carrier took it, and now knows nothing of it: a dial that failed, nothing to charge.
		v_failed := voiceagent_private.fail_calls(v_calls, '{failed}', '{lost by the carrier}', '{unknown}');
		IF cardinality(v_failed) > 0 THEN
			v_tripping := voiceagent_private.brake_campaigns(v_failed);
			PERFORM voiceagent_private.decide_retries(v_failed);
		END IF;
	ELSE
		UPDATE voiceagent.attempts a SET state = 'not_placed', answered_at = v_now
		WHERE a.tenant_id = lost.tenant_id AND a.attempt_id = lost.attempt_id AND a.state IN ('sending', 'unknown');
		v_failed := voiceagent_private.fail_calls(v_calls, '{canceled}', '{not_placed}', '{retry}');
		IF cardinality(v_failed) > 0 THEN
			PERFORM voiceagent_private.requeue_calls(v_failed, ARRAY[v_now], '{not_placed}');
		END IF;
	END IF;
	-- Whoever talked in it may have said what came of it.
	IF EXISTS (SELECT FROM voiceagent.calls c WHERE c.tenant_id = lost.tenant_id AND c.call_id = ANY (v_failed) AND c.structured_data IS NOT NULL) THEN
		PERFORM voiceagent_private.complete_campaigns(voiceagent_private.conclude_late(v_failed));
	END IF;
	PERFORM voiceagent_private.close_failed(v_failed, v_tripping);
	PERFORM voiceagent_private.poke_subscribers();
END
$$;
COMMENT ON FUNCTION voiceagent_private.end_lost_call(voiceagent_private.live_calls, text) IS
	'Ends a live call of the acting tenant, whose row of calls is locked, without its carrier''s word: as unresolved where it is in doubt what became of it (doubt: what the carrier does, in words that follow its name; see unresolved_calls). Else one that the carrier had confirmed has failed, and another was not placed: it is canceled without charge and the lead requeued, its attempt not counted. What report_call() has told of it holds, as words that came late.';

CREATE FUNCTION voiceagent_private.lookup_found_nothing(call_id bigint, ambiguous boolean DEFAULT false) RETURNS boolean
	LANGUAGE plpgsql VOLATILE SET enable_seqscan = off SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	v_now timestamptz := voiceagent.clock();
	v_call bigint := call_id;
	v_set voiceagent_private.dial_settings := voiceagent_private.read_dial_settings();
	v_live voiceagent_private.live_calls;
BEGIN
	PERFORM voiceagent_private.lock_tenant(false);
	PERFORM FROM voiceagent.calls c WHERE c.tenant_id = v_tenant AND c.call_id = v_call FOR NO KEY UPDATE;
	UPDATE voiceagent_private.live_calls l
	-- What the carrier knows while our request may still be on its way, it may know otherwise in a moment.
	SET misses = l.misses + CASE WHEN l.state <> 'accepted' AND l.answer_due > v_now THEN 0 ELSE 1 END,
		state = CASE WHEN l.state = 'sending' AND (l.answer_due > v_now) IS NOT TRUE THEN 'unknown' ELSE l.state END,
		-- An id that only an unproven webhook named, and that the carrier does not know.
		provider_call_id = CASE WHEN l.state = 'accepted' OR EXISTS (SELECT FROM voiceagent.attempts a
			WHERE a.tenant_id = v_tenant AND a.attempt_id = l.attempt_id AND a.provider_call_id = l.provider_call_id) THEN l.provider_call_id END,
		lease_until = least(l.lease_until, v_now
			+ voiceagent_private.carrier_time(l.provider, v_set.lookup_interval, v_set.time_scale, interval '1 second')),
		failed_lookups = 0, failing_since = NULL
	WHERE l.tenant_id = v_tenant AND l.call_id = v_call
	RETURNING l.* INTO v_live;
	IF NOT FOUND OR v_live.misses < v_set.lookup_limit THEN
		RETURN false;
	END IF;
	PERFORM voiceagent_private.end_lost_call(v_live, CASE WHEN v_live.state = 'accepted' THEN NULL
		WHEN ambiguous THEN 'has several calls that may be this one'
		WHEN NOT (SELECT f.absence_proves FROM voiceagent_private.dialect_facts(v_live.provider) f)
			THEN 'does not know the call, which proves nothing there' END);
	RETURN true;
END
$$;
COMMENT ON FUNCTION voiceagent_private.lookup_found_nothing(bigint, boolean) IS
	'The carrier says that it knows of no such call (acting tenant''s). Such an answer counts when our request cannot be on its way any more (live_calls.answer_due). After lookup_limit of them an attempt that it never confirmed counts as not placed: the call is canceled without charge and the lead requeued, its attempt not counted; a call that it had confirmed has failed. Where the carrier''s not knowing proves nothing, or several of its calls may be the one (ambiguous), the attempt stays unknown and the call ends as unresolved: see unresolved_calls. True when that is now decided.';

CREATE FUNCTION voiceagent_private.patience_is_over(live voiceagent_private.live_calls) RETURNS boolean
	LANGUAGE sql STABLE
	RETURN voiceagent.clock() > greatest((live).ends_by, (live).failing_since) + voiceagent_private.carrier_time((live).provider,
		voiceagent_private.as_interval(voiceagent_private.platform_setting('lookup_patience')),
		voiceagent_private.platform_setting('sandbox_time_scale')::numeric, interval '1 second');
COMMENT ON FUNCTION voiceagent_private.patience_is_over(voiceagent_private.live_calls) IS
	'Whether lookup_patience has passed since a live call must have ended and, if its carrier cannot be asked, since that began: after an outage of ours nothing is over at once.';

CREATE FUNCTION voiceagent_private.note_lookup(call_id bigint, failed boolean) RETURNS boolean
	LANGUAGE plpgsql VOLATILE SET enable_seqscan = off SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	v_call bigint := call_id;
	v_live voiceagent_private.live_calls;
BEGIN
	PERFORM voiceagent_private.lock_tenant(false);
	PERFORM FROM voiceagent.calls c WHERE c.tenant_id = v_tenant AND c.call_id = v_call FOR NO KEY UPDATE;
	UPDATE voiceagent_private.live_calls l
	SET failed_lookups = CASE WHEN failed THEN l.failed_lookups + 1 ELSE 0 END,
		failing_since = CASE WHEN failed THEN coalesce(l.failing_since, voiceagent.clock()) END
	WHERE l.tenant_id = v_tenant AND l.call_id = v_call RETURNING l.* INTO v_live;
	IF NOT FOUND OR failed AND v_live.failed_lookups < voiceagent_private.platform_setting('lookup_limit')::integer
		OR NOT voiceagent_private.patience_is_over(v_live) THEN
		RETURN false;
	END IF;
	PERFORM voiceagent_private.end_lost_call(v_live, CASE WHEN failed THEN 'could not be asked about the call'
		ELSE 'says that the call still goes on, long after it must have ended' END);
	RETURN true;
END
$$;
COMMENT ON FUNCTION voiceagent_private.note_lookup(bigint, boolean) IS
	'A lookup of a call of the acting tenant said nothing of its end. failed: the carrier could not be asked (the account''s key is gone, or nobody answers); else it says again that the call goes on. When it has failed lookup_limit times in a row and for lookup_patience, or lookup_patience has passed since a call that goes on must have ended, nothing is waited for any longer: the call would keep its line, credits and lead for ever. It ends as unresolved: see end_lost_call(). True when it did.';

CREATE FUNCTION voiceagent_private.lookup_found(call_id bigint, provider_call_id text) RETURNS boolean
	LANGUAGE plpgsql VOLATILE SET enable_seqscan = off SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	v_now timestamptz := voiceagent.clock();
	v_call bigint := call_id;
	v_theirs text := provider_call_id;
	v_attempt bigint;
BEGIN
	PERFORM FROM voiceagent.calls c WHERE c.tenant_id = v_tenant AND c.call_id = v_call FOR NO KEY UPDATE;
	UPDATE voiceagent_private.live_calls l
	SET state = 'accepted', provider_call_id = coalesce(l.provider_call_id, v_theirs), misses = 0, lease_until = v_now,
		failed_lookups = 0, failing_since = NULL
	WHERE l.tenant_id = v_tenant AND l.call_id = v_call
	RETURNING l.attempt_id INTO v_attempt;
	IF NOT FOUND THEN
		RETURN false;
	END IF;
	UPDATE voiceagent.attempts a
	SET state = 'accepted', provider_call_id = coalesce(a.provider_call_id, v_theirs), answered_at = coalesce(a.answered_at, v_now)
	WHERE a.tenant_id = v_tenant AND a.attempt_id = v_attempt AND a.state IN ('sending', 'unknown');
	UPDATE voiceagent.calls c SET provider_call_id = v_theirs
	WHERE c.tenant_id = v_tenant AND c.call_id = v_call AND c.provider_call_id IS NULL;
	RETURN true;
END
$$;
COMMENT ON FUNCTION voiceagent_private.lookup_found(bigint, text) IS
	'The carrier knows the call under this id of its own: the attempt was accepted, and the lease ends now, so that its state is asked for by that id at once. False when the call has ended meanwhile.';

CREATE FUNCTION voiceagent_private.lookup_found_all(provider_account_id bigint, call_references text[], provider_call_ids text[]) RETURNS integer
	LANGUAGE plpgsql VOLATILE SET enable_seqscan = off SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	v_account bigint := provider_account_id;
	v_found integer := 0;
	v record;
BEGIN
	FOR v IN
		SELECT l.call_id, i.theirs FROM voiceagent_private.live_calls l
		JOIN unnest(call_references, provider_call_ids) AS i(reference, theirs) ON i.reference = l.reference
		WHERE l.tenant_id = v_tenant AND l.provider_account_id = v_account AND l.provider_call_id IS NULL
		  AND l.state IN ('sending', 'unknown')
		ORDER BY l.call_id
	LOOP
		IF voiceagent_private.lookup_found(v.call_id, v.theirs) THEN
			v_found := v_found + 1;
		END IF;
	END LOOP;
	RETURN v_found;
END
$$;
COMMENT ON FUNCTION voiceagent_private.lookup_found_all(bigint, text[], text[]) IS
	'lookup_found() for all calls of a carrier account that a list of the carrier''s names (references and ids of one length), so that one list answers for many lost calls; returns how many.';
