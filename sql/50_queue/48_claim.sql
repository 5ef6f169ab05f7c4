/*
 * 50_queue: the claim.  One transaction of one tenant: each lead that may be
 * dialled now leaves the queue and becomes a call with its proof, its attempt
 * and its hold; a lead that may not be dialled leaves it with the reason.
 *
 * Locks, none of which waits for a tenant's other work (so no deadlock with
 * imports, opt-outs or webhooks): the tenant's turn, the pacing rows, the
 * queue rows, lead and campaign_leads rows, and the lanes that ran empty, all
 * SKIP LOCKED; at last the ledger's balance in hold_claimed(), for which every
 * settlement of the tenant waits until the commit.  A transaction that enqueues locks the lane before it lowers
 * next_due; here next_due is raised only under the lane's lock and from a look
 * at the queue after it, so no lead is overlooked.
 */

CREATE FUNCTION voiceagent_private.schedule_next_dials(picks voiceagent_private.queue_pick[],
	turns voiceagent_private.claim_turn[], short bigint[], at timestamptz) RETURNS void
	LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
BEGIN
	UPDATE voiceagent_private.pacing p
	SET next_dial_at = CASE WHEN t.call_interval >= interval '100 milliseconds' THEN at + t.call_interval
		ELSE t.paced_from + x.calls * t.call_interval END
	FROM (SELECT k.campaign_id, count(*) AS calls FROM unnest(picks) k GROUP BY k.campaign_id) x
	JOIN unnest(turns) t ON t.campaign_id = x.campaign_id
	-- A campaign that this claim has suspended is looked at again when the suspension says.
	WHERE p.tenant_id = v_tenant AND p.campaign_id = x.campaign_id AND t.call_interval > interval '0'
		AND p.suspended IS NULL;
	INSERT INTO voiceagent_private.account_pacing AS p (tenant_id, provider_account_id, next_dial_at)
	SELECT v_tenant, t.provider_account_id,
		min(t.account_paced_from) + make_interval(secs => sum(x.calls) / min(t.account_pace))
	FROM (SELECT k.campaign_id, count(*) AS calls FROM unnest(picks) k GROUP BY k.campaign_id) x
	JOIN unnest(turns) t ON t.campaign_id = x.campaign_id
	WHERE t.account_pace IS NOT NULL GROUP BY t.provider_account_id
	ON CONFLICT ON CONSTRAINT account_pacing_pkey DO UPDATE SET next_dial_at = excluded.next_dial_at;
	IF EXISTS (SELECT FROM unnest(turns) t WHERE t.excused) THEN
		UPDATE voiceagent.campaigns c SET status_reason = NULL
		WHERE c.tenant_id = v_tenant AND c.campaign_id = ANY (ARRAY(
			SELECT f.campaign_id FROM voiceagent.campaigns f
			WHERE f.tenant_id = v_tenant AND voiceagent_private.passes_by_itself(f.status_reason)
				AND f.campaign_id <> ALL (short)
				AND f.campaign_id = ANY (ARRAY(SELECT k.campaign_id FROM unnest(picks) k))
			FOR NO KEY UPDATE SKIP LOCKED));
	END IF;
END
$$;
COMMENT ON FUNCTION voiceagent_private.schedule_next_dials(voiceagent_private.queue_pick[],
	voiceagent_private.claim_turn[], bigint[], timestamptz) IS
	'For a claim that has placed these picks: when their campaigns and accounts that have a pace may dial next, and '
	'that campaigns which dial again, but for those whose credits ran short, have no reason any more not to.';

CREATE FUNCTION voiceagent_private.take_claim_turn() RETURNS boolean
	LANGUAGE plpgsql VOLATILE SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
BEGIN
	PERFORM FROM voiceagent_private.claim_turns c WHERE c.tenant_id = v_tenant FOR UPDATE SKIP LOCKED;
	IF NOT FOUND THEN
		-- This is the tenant's first claim, or another worker is claiming; the same event has woken that worker.
		INSERT INTO voiceagent_private.claim_turns (tenant_id)
		SELECT v_tenant WHERE NOT EXISTS (SELECT FROM voiceagent_private.claim_turns c WHERE c.tenant_id = v_tenant)
		ON CONFLICT DO NOTHING;
		PERFORM FROM voiceagent_private.claim_turns c WHERE c.tenant_id = v_tenant FOR UPDATE SKIP LOCKED;
		IF NOT FOUND THEN
			RETURN false;
		END IF;
	END IF;
	PERFORM FROM voiceagent_private.tenant_directory d WHERE d.tenant_id = v_tenant AND d.active;
	RETURN FOUND;
END
$$;
COMMENT ON FUNCTION voiceagent_private.take_claim_turn() IS
	'Locks the current tenant''s turn to claim until the end of the transaction; false when another worker has it, or '
	'the tenant is not active.';

-- The ledger is not locked yet: what it has is what the claim was planned with, or more. Should it have less by the
-- time that the holds are made, the whole claim is undone and made again.
CREATE FUNCTION voiceagent_private.affordable_picks(picks voiceagent_private.queue_pick[],
	turns voiceagent_private.claim_turn[], at timestamptz, OUT amounts numeric[],
	OUT short voiceagent_private.claim_turn[], OUT minutes numeric[], OUT bundles bigint[])
	LANGUAGE plpgsql VOLATILE SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	v_available numeric;
	v_minutes numeric;
	v_n integer;
BEGIN
	SELECT b.available, b.minutes INTO v_available, v_minutes FROM voiceagent.ledgers b WHERE b.tenant_id = v_tenant;
	v_available := coalesce(v_available, 0);
	IF cardinality(turns) = 1 AND turns[1].hold > 0 THEN
		amounts := array_fill(turns[1].hold::numeric, ARRAY[cardinality(picks)]);
		v_n := least(greatest(div(v_available, turns[1].hold), 0), cardinality(picks));
	ELSE
		SELECT array_agg(x.hold ORDER BY x.nth), count(*) FILTER (WHERE x.total <= v_available) INTO amounts, v_n
		FROM (SELECT t.hold, p.nth, sum(t.hold) OVER (ORDER BY p.nth ROWS UNBOUNDED PRECEDING) AS total
			FROM (SELECT k.campaign_id, row_number() OVER () AS nth FROM unnest(picks) k) p
			JOIN unnest(turns) t ON t.campaign_id = p.campaign_id) x;
	END IF;
	IF v_minutes > 0 THEN
		SELECT s.amounts, s.minutes, s.grants INTO amounts, minutes, bundles
		FROM voiceagent_private.share_minutes(amounts, v_available, affordable_picks.at) s;
		v_n := cardinality(amounts);
	END IF;
	short := '{}';
	IF v_n < cardinality(picks) THEN
		short := ARRAY(SELECT t FROM unnest(turns) t
			WHERE t.campaign_id IN (SELECT k.campaign_id FROM unnest(picks[v_n + 1:]) k));
	END IF;
	amounts := amounts[:v_n];
END
$$;
COMMENT ON FUNCTION voiceagent_private.affordable_picks(voiceagent_private.queue_pick[],
	voiceagent_private.claim_turn[], timestamptz) IS
	E'The amounts that the first picks need, as far as the available credits reach, and the turns of the others '
	'(short).\n'
	'minutes, bundles: what each takes of prepaid minutes, as share_minutes() gives it; NULL: the tenant has none.';

CREATE FUNCTION voiceagent_private.put_off_picks(picks voiceagent_private.queue_pick[], drained bigint[],
	round integer, at timestamptz) RETURNS bigint[]
	LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	-- How often it is looked further behind leads that wait for their script, and when they are looked at again.
	c_script_rounds CONSTANT integer := 3;
	c_script_look CONSTANT interval := '500 milliseconds';
	v_unwritten bigint[] := ARRAY(SELECT DISTINCT p.campaign_id FROM unnest(picks) p
		WHERE p.verdict IN ('script', 'unasked') AND (round >= c_script_rounds OR p.campaign_id = ANY (drained)));
	v_short bigint[];
BEGIN
	IF cardinality(v_unwritten) > 0 THEN
		PERFORM voiceagent_private.put_off_dials(v_unwritten, at + c_script_look),
			voiceagent_private.wake_scripts(v_unwritten), voiceagent_private.wake_dial_asks(ARRAY(
				SELECT DISTINCT p.campaign_id FROM unnest(picks) p
				WHERE p.verdict = 'unasked' AND p.campaign_id = ANY (v_unwritten)));
	END IF;
	v_short := v_unwritten || ARRAY(SELECT DISTINCT p.campaign_id FROM unnest(picks) p WHERE p.verdict = 'busy');
	IF cardinality(v_short) > 0 THEN
		PERFORM voiceagent_private.put_off_dials(v_short, at + interval '20 milliseconds');
	END IF;
	RETURN v_short;
END
$$;
COMMENT ON FUNCTION voiceagent_private.put_off_picks(voiceagent_private.queue_pick[], bigint[], integer, timestamptz) IS
	'For a round of a claim: puts off the campaigns whose leads are locked (they would come up again at once), and '
	'those whose leads wait for a script or for the word of a tool when it has looked far enough behind them, or '
	'nothing is left (drained); returns them.';

CREATE FUNCTION voiceagent_private.find_picks(turns voiceagent_private.claim_turn[], at timestamptz,
	OUT placed voiceagent_private.queue_pick[], OUT touched bigint[], OUT drained bigint[])
	LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_turn voiceagent_private.claim_turn;
	v_picks voiceagent_private.queue_pick[];
	v_ids bigint[] := '{}';
	v_budgets integer[] := '{}';
	v_asked integer[];
	v_short bigint[];
	v_round integer := 0;
	v_whole boolean;
	v_began timestamptz := clock_timestamp();
	v_waiting bigint[] := '{}';
	c_rounds CONSTANT integer := 20;
	-- Leads that wait for their script are looked at again after so many times what the look took at the earliest,
	-- since other tenants wait for its end.
	c_script_rest CONSTANT integer := 10;
BEGIN
	placed := '{}';
	touched := '{}';
	drained := '{}';
	FOREACH v_turn IN ARRAY turns LOOP
		v_ids := v_ids || v_turn.campaign_id;
		v_budgets := v_budgets || v_turn.budget;
	END LOOP;
	-- Leads that are not dialled leave their place to the next ones: repeat until the budgets are used.
	WHILE cardinality(v_ids) > 0 LOOP
		v_round := v_round + 1;
		-- The more were refused, the further we look; leads beyond the budget just stay in the queue.
		v_asked := v_budgets;
		IF v_round > 1 THEN
			v_asked := ARRAY(SELECT least(b * 4 ^ (v_round - 1), greatest(b, 1000))::integer FROM unnest(v_budgets) b);
		END IF;
		v_picks := voiceagent_private.pick_due(v_ids, v_asked, at);
		IF cardinality(v_ids) > 1 THEN
			drained := drained || ARRAY(SELECT b.id FROM unnest(v_ids, v_asked) b(id, asked)
				WHERE b.asked > (SELECT count(*) FROM unnest(v_picks) p WHERE p.campaign_id = b.id));
		ELSIF v_asked[1] > cardinality(v_picks) THEN
			drained := drained || v_ids;
		END IF;
		EXIT WHEN cardinality(v_picks) = 0;
		v_picks := voiceagent_private.check_eligibility(v_picks, turns, placed, at);
		-- Usually all leads may be dialled, and no others are needed.
		FOR i IN 1 .. cardinality(v_picks) LOOP
			v_whole := v_round = 1 AND v_picks[i].verdict = 'ok';
			EXIT WHEN NOT v_whole;
		END LOOP;
		IF v_whole THEN
			placed := v_picks;
			EXIT;
		END IF;
		v_picks := voiceagent_private.pick_others(v_picks, at);
		touched := touched || voiceagent_private.drop_picks(v_picks, at);
		IF v_round = 1 THEN
			PERFORM voiceagent_private.move_picks(v_picks, at);
		END IF;
		placed := placed || ARRAY(SELECT k.pick
			FROM (SELECT p AS pick, p.position, p.campaign_id,
				row_number() OVER (PARTITION BY p.campaign_id ORDER BY p.position) AS nth
				FROM unnest(v_picks) p WHERE p.verdict = 'ok') k
			JOIN unnest(turns) t ON t.campaign_id = k.campaign_id
			WHERE k.nth <= t.budget ORDER BY k.position);
		v_waiting := v_waiting
			|| ARRAY(SELECT DISTINCT p.campaign_id FROM unnest(v_picks) p
				WHERE p.verdict IN ('script', 'unasked'));
		v_short := voiceagent_private.put_off_picks(v_picks, drained, v_round, at);
		IF v_round >= c_rounds THEN
			PERFORM voiceagent_private.put_off_dials(v_ids, at + interval '20 milliseconds');
			EXIT;
		END IF;
		-- Leads that are dialled stay in the queue until the end of the claim, so go on only with campaigns that have
		-- none.
		SELECT coalesce(array_agg(b.id), '{}'), coalesce(array_agg(b.budget), '{}') INTO v_ids, v_budgets
		FROM unnest(v_ids, v_budgets) b(id, budget)
		WHERE b.id <> ALL (v_short) AND b.id <> ALL (drained)
			AND NOT EXISTS (SELECT FROM unnest(v_picks) p WHERE p.campaign_id = b.id AND p.verdict = 'ok');
	END LOOP;
	IF cardinality(v_waiting) > 0 THEN
		PERFORM voiceagent_private.put_off_dials(v_waiting, at + c_script_rest * (clock_timestamp() - v_began));
	END IF;
END
$$;
COMMENT ON FUNCTION voiceagent_private.find_picks(voiceagent_private.claim_turn[], timestamptz) IS
	E'The leads that these turns of the current tenant dial now (placed); a lead that may not be dialled leaves the '
	'queue with the reason.\n'
	'touched: campaigns that lost a lead so and may be complete; drained: those with no more due leads than were asked '
	'for.';

-- A campaign on a real carrier that lacks its confirmation does not dial and is held back.
CREATE FUNCTION voiceagent_private.claim_calls(max_calls integer, real_carriers boolean DEFAULT false)
	RETURNS SETOF voiceagent_private.claimed_call LANGUAGE plpgsql VOLATILE
	SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_now timestamptz := voiceagent.clock();
	v_set voiceagent_private.dial_settings;
	v_turn voiceagent_private.claim_turn;
	v_turns voiceagent_private.claim_turn[] := '{}';
	v_poor voiceagent_private.claim_turn[] := '{}';
	v_found record;
	v_unconfirmed bigint[] := '{}';
	v_reasons text[] := '{}';
	v_reason text;
	v_placed voiceagent_private.queue_pick[];
	v_picks voiceagent_private.queue_pick[];
	v_calls bigint[] := '{}';
	v_holds bigint[] := '{}';
	v_campaigns bigint[] := '{}';
	v_paid record;
	v_spread record;
	v_claimed voiceagent_private.claimed_call[];
	v_call voiceagent_private.claimed_call;
	v_pooled boolean := false;
	v_noted boolean := false;
	v_compared boolean := false;
	v_rationed bigint[] := '{}';
BEGIN
	IF max_calls < 1 OR NOT voiceagent_private.take_claim_turn() THEN
		RETURN;
	END IF;
	v_set := voiceagent_private.read_dial_settings();
	FOREACH v_turn IN ARRAY voiceagent_private.plan_claim(max_calls, real_carriers, v_set, v_now) LOOP
		IF v_turn.budget = 0 THEN
			v_poor := v_poor || v_turn;
		ELSE
			v_turns := v_turns || v_turn;
			v_pooled := v_pooled OR v_turn.pooled;
			v_noted := v_noted OR v_turn.call_interval > interval '0' OR v_turn.account_pace IS NOT NULL
				OR v_turn.excused;
			v_compared := v_compared OR v_turn.experiment IS NOT NULL;
			IF v_turn.rationed THEN
				v_rationed := v_rationed || v_turn.campaign_id;
			END IF;
		END IF;
	END LOOP;
	v_found := voiceagent_private.find_picks(v_turns, v_now);
	v_placed := v_found.placed;

	-- Check only with the picks at hand: a lead that joined after the plan was made is seen here with all that joined
	-- with it.
	FOREACH v_turn IN ARRAY v_turns LOOP
		v_reason := CASE WHEN v_turn.provider <> 'sandbox'
			THEN voiceagent_private.lacks_confirmation(v_turn.campaign_id) END;
		IF v_reason IS NOT NULL THEN
			v_unconfirmed := v_unconfirmed || v_turn.campaign_id;
			v_reasons := v_reasons || ('not confirmed: ' || v_reason);
		END IF;
	END LOOP;
	IF cardinality(v_unconfirmed) > 0 THEN
		v_placed := ARRAY(SELECT k.pick
			FROM (SELECT p AS pick, p.campaign_id, row_number() OVER () AS nth FROM unnest(v_placed) p) k
			WHERE k.campaign_id <> ALL (v_unconfirmed) ORDER BY k.nth);
	END IF;
	IF v_pooled THEN
		v_placed := voiceagent_private.assign_free_callers(v_placed, v_turns, v_now);
	END IF;
	-- Lock campaigns before the ledger: the common order of locks.
	IF cardinality(v_found.touched) > 0 THEN
		PERFORM voiceagent_private.complete_campaigns(v_found.touched);
	END IF;
	FOR i IN 1 .. cardinality(v_unconfirmed) LOOP
		PERFORM voiceagent_private.suspend_from_claim(v_unconfirmed[i], v_reasons[i], v_now);
	END LOOP;
	IF cardinality(v_placed) > 0 THEN
		v_paid := voiceagent_private.affordable_picks(v_placed, v_turns, v_now);
		v_picks := v_placed[:coalesce(cardinality(v_paid.amounts), 0)];
		v_poor := v_poor || v_paid.short;
		IF cardinality(v_picks) > 0 THEN
			-- Calls are taken in this order.
			FOR i IN 1 .. cardinality(v_picks) LOOP
				v_calls := v_calls || nextval('voiceagent.calls_call_id_seq');
				v_holds := v_holds || nextval('voiceagent.credit_holds_hold_id_seq');
				v_campaigns := v_campaigns || v_picks[i].campaign_id;
			END LOOP;
			IF cardinality(v_rationed) > 0 THEN
				PERFORM voiceagent_private.count_unverified((SELECT count(*)::integer FROM unnest(v_campaigns) i
					WHERE i = ANY (v_rationed)), 0, v_now);
			END IF;
			IF v_compared THEN
				v_spread := voiceagent_private.spread_variants(v_picks, v_turns);
				v_claimed := voiceagent_private.place_calls(v_spread.picks, v_calls, v_holds, v_spread.turns, v_set,
					v_now);
			ELSE
				v_claimed := voiceagent_private.place_calls(v_picks, v_calls, v_holds, v_turns, v_set, v_now);
			END IF;
			-- Row by row, which costs less than the plan of a query.
			FOREACH v_call IN ARRAY v_claimed LOOP
				RETURN NEXT v_call;
			END LOOP;
			IF v_pooled THEN
				PERFORM voiceagent_private.record_callers(v_picks, v_calls, v_now);
			END IF;
			IF v_noted THEN
				PERFORM voiceagent_private.schedule_next_dials(v_picks, v_turns,
					ARRAY(SELECT t.campaign_id FROM unnest(v_paid.short) t), v_now);
			END IF;
		END IF;
	END IF;
	IF cardinality(v_found.drained) > 0 THEN
		PERFORM voiceagent_private.settle_lanes(v_found.drained, v_now);
	END IF;
	PERFORM voiceagent_private.poke_subscribers();
	-- From here on the ledger is locked.
	IF cardinality(v_calls) > 0 THEN
		IF voiceagent_private.hold_claimed(v_campaigns, v_calls, v_paid.amounts, v_holds, v_now) IS NOT TRUE
			OR v_paid.minutes IS NOT NULL
				AND NOT voiceagent_private.hold_minutes(v_calls, v_holds, v_paid.minutes, v_paid.bundles) THEN
			RAISE EXCEPTION USING ERRCODE = 'serialization_failure',
				MESSAGE = 'credits were spent while calls that need them were placed';
		END IF;
	END IF;
	IF cardinality(v_poor) > 0 THEN
		PERFORM voiceagent_private.suspend_unaffordable(v_poor, v_now);
	END IF;
END
$$;
COMMENT ON FUNCTION voiceagent_private.claim_calls(integer, boolean) IS
	E'Claims up to max_calls due leads of the current tenant and commits to dialling them: proof, call, attempt '
	'(sending), live call, hold, event.\n'
	'real_carriers: whether accounts of real carriers may be used (the database is armed); otherwise only the sandbox '
	'dials. It returns no row when nothing may be dialled or another worker claims for the tenant; one tenant a '
	'transaction.';
