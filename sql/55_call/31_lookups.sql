/*
 * 55_call: questions to the carrier about calls whose lease has ended, and what
 * its answers mean.  The end of a call comes as a webhook of the source lookup;
 * here is what decides when there is none: that the carrier knows no such call,
 * cannot be asked, or says again that it goes on.
 */

-- A call without a carrier's id is looked for in the carrier's list. A call whose reported end waits for the applier
-- (inbox.ended_call) is not asked about. An account has about 50 questions and three lists under way at a time, so
-- that there is room for another's. real_carriers is false in a copy and with a driven clock. The lease is pushed
-- first, so that a crash loses none. lookups counts this question.
CREATE FUNCTION voiceagent_private.due_lookups(max_calls integer DEFAULT 100, max_lists integer DEFAULT 100,
		real_carriers boolean DEFAULT true, asked bigint[] DEFAULT NULL, listing bigint[] DEFAULT '{}',
		asking bigint[] DEFAULT '{}',
		OUT tenant_id bigint, OUT call_id bigint, OUT attempt_id bigint, OUT reference text, OUT provider text,
		OUT provider_account_id bigint, OUT provider_call_id text, OUT dialled_at timestamptz, OUT lookups integer)
		RETURNS SETOF record
	LANGUAGE plpgsql VOLATILE SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_now timestamptz := voiceagent.clock();
	v_wait interval := voiceagent_private.as_interval(voiceagent_private.platform_setting('lookup_interval'));
	v_scale numeric := voiceagent_private.platform_setting('sandbox_time_scale')::numeric;
	-- A carrier that does not answer keeps each question as long as a request may take: not all of those there may be.
	c_of_account CONSTANT integer := 50;
	c_lists_of_account CONSTANT integer := 3;
	v_listed bigint[] := ARRAY(SELECT a FROM unnest(listing) a GROUP BY a HAVING count(*) >= c_lists_of_account);
	v_full bigint[] := ARRAY(SELECT a FROM unnest(asked) a GROUP BY a HAVING count(*) >= c_of_account);
	-- A tenant's share, as va_share_left() has it: half of what the others leave free.
	v_taken bigint[] := ARRAY(SELECT t FROM unnest(asking) t GROUP BY t
		HAVING count(*) >= (max_calls + count(*) + 1) / 2);
	-- A reported end waits for the applier: nothing is learnt before that, and it may be set aside.
	c_told_rest CONSTANT interval := interval '15 seconds';
BEGIN
	-- The requests of claims whose time is over: the carrier is asked now about each without an answer.
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
			SELECT l.tenant_id, l.call_id, l.provider_account_id, l.lease_until, l.provider_call_id IS NULL AS lost,
				-- By equality, one by one, since of a list of names the planner would read all
				-- that waits of the tenant.
				coalesce((SELECT true FROM voiceagent_private.inbox i WHERE i.tenant_id = l.tenant_id
						AND i.ended_call = l.reference AND i.next_try_at = '-infinity' LIMIT 1),
					(SELECT true FROM voiceagent_private.inbox i WHERE i.tenant_id = l.tenant_id
						AND i.ended_call = l.provider_call_id AND i.next_try_at = '-infinity' LIMIT 1), false) AS told
			FROM voiceagent_private.live_calls l
			WHERE l.lease_until <= v_now AND (real_carriers OR l.provider = 'sandbox')
				AND l.provider_account_id <> ALL (v_full) AND l.tenant_id <> ALL (v_taken)
				AND (l.provider_call_id IS NOT NULL OR l.provider_account_id <> ALL (v_listed))
			ORDER BY l.lease_until LIMIT 1000
		), told AS MATERIALIZED (
			SELECT l.tenant_id, l.call_id FROM voiceagent_private.live_calls l
			WHERE (l.tenant_id, l.call_id) IN (SELECT s.tenant_id, s.call_id FROM seen s WHERE s.told)
				AND l.lease_until <= v_now
			FOR UPDATE SKIP LOCKED
		), spared AS (
			UPDATE voiceagent_private.live_calls l
			SET lease_until = v_now + voiceagent_private.carrier_time(l.provider, v_wait, v_scale, c_told_rest)
			FROM told t WHERE l.tenant_id = t.tenant_id AND l.call_id = t.call_id
		), ranked AS MATERIALIZED (
			SELECT s.*, row_number() OVER (PARTITION BY s.provider_account_id, s.lost ORDER BY s.lease_until)
				+ coalesce(cardinality(
					array_positions(CASE WHEN s.lost THEN listing ELSE asked END, s.provider_account_id)), 0) AS nth,
				row_number() OVER (PARTITION BY s.tenant_id ORDER BY s.lease_until) AS of_tenant,
				cardinality(array_positions(asking, s.tenant_id)) AS taken
			FROM seen s WHERE NOT s.told
		), fair AS MATERIALIZED (
			-- No more than half of what is free at a time: the next tenant's question finds a place.
			(SELECT r.* FROM ranked r WHERE NOT r.lost AND (asked IS NULL
					OR r.nth <= c_of_account AND r.of_tenant <= (max_calls + r.taken + 1) / 2 - r.taken)
				ORDER BY CASE WHEN asked IS NOT NULL THEN r.of_tenant + r.taken END, r.lease_until
				LIMIT CASE WHEN asked IS NULL THEN max_calls ELSE (max_calls + 1) / 2 END)
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
		RETURNING l.tenant_id, l.call_id, l.attempt_id, l.reference, l.provider, l.provider_account_id,
			l.provider_call_id, l.dialled_at, l.lookups;
END
$$;
COMMENT ON FUNCTION voiceagent_private.due_lookups(integer, integer, boolean, bigint[], bigint[], bigint[]) IS
	E'Live calls of all tenants whose lease has passed, to ask about, and pushes the lease.\n'
	'max_lists: how many of them may lack the carrier''s id; real_carriers: false: only the sandbox''s; asked, '
	'listing: the accounts of the questions and lists under way (NULL: no limit); asking: their tenants. The answer '
	'comes back by store_webhooks(), record_lookup(), lookup_found() or lookup_found_nothing().';

-- Either the carrier has confirmed all of the calls (accepted), or none. The words of report_call() hold, as words
-- that came late. unresolved_calls shows those in doubt.
CREATE FUNCTION voiceagent_private.end_lost_calls(lost voiceagent_private.live_calls[], doubt text) RETURNS void
	LANGUAGE plpgsql VOLATILE SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_now timestamptz := voiceagent.clock();
	v_tenant bigint := voiceagent.current_tenant();
	v_n integer := cardinality(lost);
	v_calls bigint[] := ARRAY(SELECT l.call_id FROM unnest(lost) l ORDER BY l.call_id);
	v_failed bigint[];
	v_tripping bigint[] := '{}';
BEGIN
	IF doubt IS NOT NULL THEN
		-- Uncertain: a lead that was perhaps called, or even answered, is not called again by itself.
		v_failed := voiceagent_private.fail_calls(v_calls, array_fill('failed'::text, ARRAY[v_n]),
			array_fill('unresolved'::text, ARRAY[v_n]), array_fill('unresolved'::text, ARRAY[v_n]));
		IF cardinality(v_failed) > 0 THEN
			-- A carrier that takes dials and loses them is not to have all leads.
			IF (lost[1]).state = 'accepted' THEN
				v_tripping := voiceagent_private.brake_campaigns(v_failed);
			END IF;
			PERFORM voiceagent_private.record_unresolved(i.call_id,
				format('%s %s', voiceagent_private.driver_title((lost[1]).provider), doubt))
			FROM unnest(v_failed) AS i(call_id);
			PERFORM voiceagent_private.decide_retries(v_failed);
		END IF;
	ELSE
		UPDATE voiceagent.attempts a SET state = 'not_placed', answered_at = v_now
		WHERE a.tenant_id = v_tenant AND a.attempt_id = ANY (ARRAY(SELECT l.attempt_id FROM unnest(lost) l))
			AND a.state IN ('sending', 'unknown');
		v_failed := voiceagent_private.fail_calls(v_calls, array_fill('canceled'::text, ARRAY[v_n]),
			array_fill('not_placed'::text, ARRAY[v_n]), array_fill('retry'::text, ARRAY[v_n]));
		IF cardinality(v_failed) > 0 THEN
			PERFORM voiceagent_private.requeue_calls(v_failed, array_fill(v_now, ARRAY[cardinality(v_failed)]),
				array_fill('not_placed'::text, ARRAY[cardinality(v_failed)]));
		END IF;
	END IF;
	-- A talk in it may have said what came of it.
	IF EXISTS (SELECT FROM voiceagent.calls c WHERE c.tenant_id = v_tenant AND c.call_id = ANY (v_failed)
		AND c.structured_data IS NOT NULL) THEN
		PERFORM voiceagent_private.complete_campaigns(voiceagent_private.conclude_late(v_failed));
	END IF;
	PERFORM voiceagent_private.close_failed(v_failed, v_tripping);
	PERFORM voiceagent_private.poke_subscribers();
END
$$;
COMMENT ON FUNCTION voiceagent_private.end_lost_calls(voiceagent_private.live_calls[], text) IS
	E'Ends live calls of one carrier and the current tenant without the carrier''s word; the caller has locked their '
	'rows of calls.\n'
	'doubt: why it is not known what became of them, in words that follow the carrier''s name; they end as '
	'unresolved; NULL: they were not placed, are canceled without charge and requeued, and the attempts do not count.';

CREATE FUNCTION voiceagent_private.may_be_placed_until(live voiceagent_private.live_calls,
	settings voiceagent_private.dial_settings) RETURNS timestamptz
	LANGUAGE sql STABLE
	RETURN (live).answer_due + voiceagent_private.carrier_time((live).provider, (settings).absence_wait,
		(settings).time_scale, interval '0');
COMMENT ON FUNCTION voiceagent_private.may_be_placed_until(voiceagent_private.live_calls,
	voiceagent_private.dial_settings) IS
	'Until when a dial whose answer was not heard may still be on its way, to its carrier or, for absence_wait, '
	'within it; NULL: it is not.';

CREATE FUNCTION voiceagent_private.list_lacks(provider_account_id bigint, dialled_at timestamptz, begun_at timestamptz)
	RETURNS bigint[]
	LANGUAGE plpgsql STABLE SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	v_account bigint := provider_account_id;
	v_asked timestamptz := dialled_at;
	v_set voiceagent_private.dial_settings := voiceagent_private.read_dial_settings();
	-- This part of the time that a list has after its dial (lookups.c) is for clocks that differ.
	c_after CONSTANT interval := interval '15 minutes';
	c_clocks CONSTANT interval := interval '5 minutes';
	-- As many as are asked about in one turn.
	c_most CONSTANT integer := 200;
BEGIN
	RETURN ARRAY(SELECT l.call_id FROM voiceagent_private.live_calls l
		WHERE l.tenant_id = v_tenant AND l.provider_account_id = v_account AND l.provider_call_id IS NULL
			AND l.state IN ('sending', 'unknown')
			-- Its own question was to be asked when this list was begun, and nothing of ours
			-- could be on its way any more.
			AND l.lease_until <= begun_at AND (voiceagent_private.may_be_placed_until(l, v_set) > begun_at) IS NOT TRUE
			-- It came to the carrier in the time of which the list is, if it came there.
			AND l.dialled_at BETWEEN v_asked AND begun_at
			AND least(begun_at, l.dialled_at + voiceagent_private.answer_time(l.provider, v_set.send_lease))
				+ c_clocks <= v_asked + c_after
		ORDER BY l.call_id LIMIT c_most);
END
$$;
COMMENT ON FUNCTION voiceagent_private.list_lacks(bigint, timestamptz, timestamptz) IS
	E'The other lost calls of which a list of a carrier account''s calls says as much as of that one for which it was '
	'asked, dialled at dialled_at: they are not in it, as it was read to its end and names every call of its time by '
	'our reference (VaDriver.lists_all_calls).\n'
	'begun_at: when its first page was asked for. Current tenant''s; see lookup_found_nothing().';

-- An answer counts once our request cannot be on its way any more (may_be_placed_until()). A call that was not
-- placed is canceled without charge and its lead requeued; the attempt does not count. The answers prove nothing
-- where the carrier's absence proves none, of a call that the carrier had confirmed, or of an ambiguous one: see
-- unresolved_calls. The answer says the same of the others where list_lacks() holds and it has been time to ask
-- about them since; each is asked about again when lookup_interval has passed, as this one is.
CREATE FUNCTION voiceagent_private.lookup_found_nothing(call_id bigint, ambiguous boolean DEFAULT false,
	others bigint[] DEFAULT '{}', begun_at timestamptz DEFAULT NULL) RETURNS boolean
	LANGUAGE plpgsql VOLATILE SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	v_now timestamptz := voiceagent.clock();
	v_asked timestamptz := coalesce(begun_at, v_now);
	v_call bigint := call_id;
	v_set voiceagent_private.dial_settings := voiceagent_private.read_dial_settings();
	v_lost voiceagent_private.live_calls[];
BEGIN
	PERFORM voiceagent_private.lock_tenant(false);
	PERFORM FROM voiceagent.calls c WHERE c.tenant_id = v_tenant AND c.call_id = ANY (others || v_call)
	ORDER BY c.call_id FOR NO KEY UPDATE;
	WITH missed AS (
		UPDATE voiceagent_private.live_calls l
		-- The carrier's answer may change while our request is still on its way.
		SET misses = l.misses + CASE
			WHEN l.state <> 'accepted' AND voiceagent_private.may_be_placed_until(l, v_set) > v_asked THEN 0 ELSE 1 END,
			state = CASE WHEN l.state = 'sending' AND (l.answer_due > v_asked) IS NOT TRUE THEN 'unknown'
				ELSE l.state END,
			-- An id that only an unproven webhook named, and that the carrier does not know.
			provider_call_id = CASE WHEN l.state = 'accepted' OR EXISTS (SELECT FROM voiceagent.attempts a
				WHERE a.tenant_id = v_tenant AND a.attempt_id = l.attempt_id
					AND a.provider_call_id = l.provider_call_id) THEN l.provider_call_id END,
			lease_until = least(CASE WHEN l.call_id = v_call THEN l.lease_until END, v_now
				+ voiceagent_private.carrier_time(l.provider, v_set.lookup_interval, v_set.time_scale,
					interval '1 second')),
			lookups = l.lookups + CASE WHEN l.call_id = v_call THEN 0 ELSE 1 END,
			asked_at = CASE WHEN l.call_id = v_call THEN l.asked_at ELSE begun_at END,
			failed_lookups = 0, failing_since = NULL
		WHERE l.tenant_id = v_tenant AND l.call_id = ANY (others || v_call)
			-- Where one list speaks of many: nothing was heard of them meanwhile, nor was the
			-- others' own question asked.
			AND (begun_at IS NULL OR l.provider_call_id IS NULL AND l.state IN ('sending', 'unknown')
				AND (l.call_id = v_call OR l.lease_until <= begun_at))
		RETURNING l AS live
	), noted AS (
		UPDATE voiceagent.attempts a SET state = 'unknown' FROM missed m
		WHERE (m.live).state = 'unknown' AND a.tenant_id = v_tenant AND a.attempt_id = (m.live).attempt_id
			AND a.state = 'sending'
	)
	SELECT array_agg(m.live ORDER BY (m.live).call_id) INTO v_lost FROM missed m
	WHERE (m.live).misses >= v_set.lookup_limit;
	IF v_lost IS NULL THEN
		RETURN false;
	END IF;
	PERFORM voiceagent_private.end_lost_calls(v_lost, (SELECT CASE
			WHEN ambiguous AND l.state <> 'accepted' THEN 'has several calls that may be this one'
			-- A call that the carrier had taken may have rung, or more, whatever the carrier has forgotten since.
			WHEN NOT f.absence_proves OR l.state = 'accepted' THEN 'does not know the call, which proves nothing there'
			WHEN EXISTS (SELECT FROM voiceagent.provider_accounts a
					WHERE a.tenant_id = l.tenant_id AND a.provider_account_id = l.provider_account_id
						AND a.moved_at >= (SELECT min(o.dialled_at) FROM unnest(v_lost) o))
				THEN 'was asked with another key or address than the call was dialled with' END
		FROM (SELECT (v_lost[1]).*) l CROSS JOIN LATERAL voiceagent_private.driver_facts(l.provider) f));
	RETURN true;
END
$$;
COMMENT ON FUNCTION voiceagent_private.lookup_found_nothing(bigint, boolean, bigint[], timestamptz) IS
	E'Records that the carrier knows of no such call of the current tenant, and returns whether that decides the call '
	'or any of the others.\n'
	'ambiguous: several of the carrier''s calls may be the one; others: lost calls of the account of which the same '
	'answer, asked for at begun_at, may say the same. After lookup_limit such answers the call was not placed, or is '
	'unresolved where they prove nothing.';

-- failure: the account's key is gone, or no answer; it counts for the account's breaker as a failed dial does, but
-- one that is open already is not kept open by it: the next dial tries the carrier. The call ends (end_lost_calls())
-- when lookups have failed lookup_limit times in a row and for lookup_give_up_after, or when lookup_give_up_after has
-- passed since a call that goes on must have ended: it would keep its line, credits and lead for ever.
CREATE FUNCTION voiceagent_private.record_lookup(call_id bigint, failure text) RETURNS boolean
	LANGUAGE plpgsql VOLATILE SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	v_call bigint := call_id;
	failed boolean := failure IS NOT NULL;
	v_live voiceagent_private.live_calls;
	v_counter voiceagent_private.dial_counts;
BEGIN
	PERFORM voiceagent_private.lock_tenant(false);
	PERFORM FROM voiceagent.calls c WHERE c.tenant_id = v_tenant AND c.call_id = v_call FOR NO KEY UPDATE;
	UPDATE voiceagent_private.live_calls l
	SET failed_lookups = CASE WHEN failed THEN l.failed_lookups + 1 ELSE 0 END,
		failing_since = CASE WHEN failed THEN coalesce(l.failing_since, voiceagent.clock()) END
	WHERE l.tenant_id = v_tenant AND l.call_id = v_call RETURNING l.* INTO v_live;
	IF failed AND v_live.call_id IS NOT NULL THEN
		v_counter.provider_account_id := v_live.provider_account_id;
		v_counter.dials := 1;
		v_counter.failed := 1;
		v_counter.bad := false;
		v_counter.wait_s := 0;
		v_counter.error := failure;
		v_counter.failures := jsonb_build_array(jsonb_build_object('call_id', v_call, 'cause', left(failure, 100)));
		PERFORM voiceagent_private.record_account_answers(v_counter, voiceagent.clock());
	END IF;
	IF NOT failed AND v_live.ends_by < voiceagent.clock() AND v_live.state = 'accepted'
		AND voiceagent_private.driver_can(v_live.provider, 'hangup')
		-- One at a time; the next question asks again, and the call is hung up again if it still goes on.
		AND NOT EXISTS (SELECT FROM voiceagent.provider_requests e
			WHERE e.tenant_id = v_tenant AND e.call_id = v_live.call_id AND e.kind = 'hangup'
				AND e.state IN ('queued', 'sending')) THEN
		PERFORM voiceagent_private.enqueue_provider_request(v_live.provider_account_id, 'hangup',
			call => v_live.call_id);
	END IF;
	IF v_live.call_id IS NULL
		OR failed AND v_live.failed_lookups < voiceagent_private.platform_setting('lookup_limit')::integer
		OR NOT (voiceagent.clock() > greatest(v_live.ends_by, v_live.failing_since)
			+ voiceagent_private.carrier_time(v_live.provider,
				voiceagent_private.as_interval(voiceagent_private.platform_setting('lookup_give_up_after')),
				voiceagent_private.platform_setting('sandbox_time_scale')::numeric, interval '1 second')) THEN
		RETURN false;
	END IF;
	PERFORM voiceagent_private.end_lost_calls(ARRAY[v_live], CASE WHEN failed THEN 'could not be asked about the call'
		ELSE 'says that the call still goes on, or an end that cannot be applied, long after it must have ended' END);
	RETURN true;
END
$$;
COMMENT ON FUNCTION voiceagent_private.record_lookup(bigint, text) IS
	E'Records a lookup of a call of the current tenant that said nothing of its end, and returns whether the call has '
	'ended as unresolved for it.\n'
	'failure: why the carrier could not be asked; NULL: it says that the call goes on, or tells an end that was set '
	'aside, and a call over its longest duration is hung up.';

CREATE FUNCTION voiceagent_private.lookup_found(call_id bigint, provider_call_id text) RETURNS boolean
	LANGUAGE plpgsql VOLATILE SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
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
	SET state = 'accepted', provider_call_id = coalesce(a.provider_call_id, v_theirs),
		answered_at = coalesce(a.answered_at, v_now)
	WHERE a.tenant_id = v_tenant AND a.attempt_id = v_attempt AND a.state IN ('sending', 'unknown');
	UPDATE voiceagent.calls c SET provider_call_id = v_theirs
	WHERE c.tenant_id = v_tenant AND c.call_id = v_call AND c.provider_call_id IS NULL;
	RETURN true;
END
$$;
COMMENT ON FUNCTION voiceagent_private.lookup_found(bigint, text) IS
	E'The carrier knows the call under this id of its own: the attempt was accepted, and the lease ends now, so that '
	'its state is asked for by that id at once.\n'
	'False when the call has ended meanwhile.';

CREATE FUNCTION voiceagent_private.lookup_found_all(provider_account_id bigint, call_references text[],
	provider_call_ids text[]) RETURNS integer
	LANGUAGE plpgsql VOLATILE SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
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
	'lookup_found() for all calls of a carrier account that a list of the carrier''s names (references and ids of one '
	'length), so that one list answers for many lost calls; returns how many.';
