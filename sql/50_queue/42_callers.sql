-- 50_queue: what a claim asks about the numbers that call.

CREATE FUNCTION voiceagent_private.longest_incoming() RETURNS interval
	LANGUAGE sql IMMUTABLE PARALLEL SAFE RETURN interval '2 hours';
COMMENT ON FUNCTION voiceagent_private.longest_incoming() IS
	'An incoming call whose end was not reported counts as live for so long where its carrier cannot be asked, so '
	'that a lost webhook takes no line for ever; else see due_incoming().';

CREATE FUNCTION voiceagent_private.outbound_slots(account bigint, terms voiceagent_private.account_terms,
	reserve integer, at timestamptz) RETURNS integer
	LANGUAGE c STABLE STRICT AS 'MODULE_PATHNAME', 'va_sql_outbound_slots';
COMMENT ON FUNCTION voiceagent_private.outbound_slots(bigint, voiceagent_private.account_terms, integer, timestamptz) IS
	'How many live outbound calls a carrier account with these terms may have: its limit, or the platform''s for an '
	'account, less what is kept for incoming calls (reserve, in percent, where it has numbers that take calls), and '
	'never so many that with the live incoming ones it would be more than the limit.';

CREATE FUNCTION voiceagent_private.own_caller(tenant bigint, account bigint, settings jsonb)
	RETURNS TABLE (phone_number_id bigint, from_number text, from_number_id text, usable boolean)
	-- By the index that has the order, whatever the statistics make of the tenant's numbers.
	LANGUAGE plpgsql STABLE ROWS 1 SET planner.policy = in_order
	SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	-- Some carriers call it caller_id.
	v_number text := coalesce(settings ->> 'from_number', settings ->> 'caller_id');
	v_id text := settings ->> 'phone_number_id';
BEGIN
	IF v_number IS NOT NULL THEN
		RETURN QUERY SELECT n.phone_number_id, NULL::text, NULL::text, n.state = 'ready' AND n.is_active
			FROM voiceagent.phone_numbers n
			WHERE n.tenant_id = tenant AND n.phone_number BETWEEN v_number AND v_number AND n.removed_at IS NULL
				AND n.provider_account_id = account
			ORDER BY n.phone_number LIMIT 1;
	END IF;
	IF v_id IS NOT NULL AND NOT FOUND THEN
		RETURN QUERY SELECT n.phone_number_id, NULL::text, NULL::text, n.state = 'ready' AND n.is_active
			FROM voiceagent.phone_numbers n
			WHERE n.tenant_id = tenant AND n.provider_account_id = account
				AND n.provider_number_id BETWEEN v_id AND v_id AND n.removed_at IS NULL
			ORDER BY n.provider_number_id LIMIT 1;
	END IF;
	IF NOT settings ?| '{from_number,caller_id,phone_number_id}' THEN
		RETURN QUERY SELECT n.phone_number_id, n.phone_number::text, n.provider_number_id, true
			FROM voiceagent.phone_numbers n
			WHERE n.tenant_id = tenant AND n.is_primary AND n.provider_account_id = account AND n.state = 'ready'
				AND n.is_active LIMIT 1;
	END IF;
END
$$;
COMMENT ON FUNCTION voiceagent_private.own_caller(bigint, bigint, jsonb) IS
	'The tenant''s number with which a carrier account calls when there is no pool: the one that its settings name '
	'(from_number NULL: they say it), if it is among the tenant''s numbers, and whether it may be used; without such '
	'a setting the primary one, if the account has that.';

CREATE FUNCTION voiceagent_private.count_callers(campaign_id bigint, provider_account_id bigint, per_day integer,
	at timestamptz, OUT pooled boolean, OUT free integer, OUT capped_until timestamptz)
	LANGUAGE plpgsql STABLE SET planner.policy = batch
	SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	v_callers voiceagent_private.caller[] :=
		voiceagent_private.list_callers(count_callers.campaign_id, count_callers.provider_account_id, per_day, at);
BEGIN
	-- An account that stands in for another may have none of the pool's numbers, usable or not: it calls with its own.
	pooled := cardinality(v_callers) > 0 OR EXISTS (SELECT FROM voiceagent.campaign_numbers m
		CROSS JOIN LATERAL (SELECT FROM voiceagent.phone_numbers n WHERE n.tenant_id = v_tenant
			AND n.phone_number_id = m.phone_number_id
			AND n.provider_account_id = count_callers.provider_account_id OFFSET 0) n
		WHERE m.tenant_id = v_tenant AND m.campaign_id = count_callers.campaign_id);
	SELECT count(*) FILTER (WHERE NOT c.live AND c.capped_until IS NULL),
		CASE WHEN bool_and(c.capped_until IS NOT NULL) THEN min(c.capped_until) WHEN count(*) = 0 THEN 'infinity' END
	INTO free, capped_until FROM unnest(v_callers) c;
END
$$;
COMMENT ON FUNCTION voiceagent_private.count_callers(bigint, bigint, integer, timestamptz) IS
	'The numbers of a campaign''s pool that a carrier account has: whether there are any (pooled), how many are free '
	'now, and until when none will be (capped_until: when the first has another day; infinity: none may be used; '
	'NULL: the end of a call may free one).';

-- An account has no usable number when its numbers of the pool have had their calls of the day or may not be used,
-- or when it has only a number of its own that is switched off. While the numbers are busy, the own number of the
-- next account would make more calls at once than the pool is meant to.
CREATE FUNCTION voiceagent_private.choose_account(accounts voiceagent_private.account_turn[], ids bigint[],
	campaign_id bigint, has_pool boolean, per_day integer, at timestamptz, OUT chosen voiceagent_private.account_turn,
	OUT free_at timestamptz)
	LANGUAGE plpgsql STABLE AS $$
DECLARE
	v_id bigint;
	v_a voiceagent_private.account_turn;
	v_free integer;
	v_until timestamptz;
	v_waits boolean := false;
	v_event boolean := false;
BEGIN
	FOREACH v_id IN ARRAY ids LOOP
		FOR i IN 1 .. coalesce(cardinality(accounts), 0) LOOP
			v_a := accounts[i];
			CONTINUE WHEN v_a.provider_account_id <> v_id;
			v_a.pooled := false;
			IF has_pool AND v_a.free_lines > 0 THEN
				SELECT n.pooled, n.free, n.capped_until INTO v_a.pooled, v_free, v_until
				FROM voiceagent_private.count_callers(choose_account.campaign_id, v_id, per_day, at) n;
				v_a.callers := v_free;
			END IF;
			IF v_a.free_lines > 0 AND NOT (v_a.pooled AND v_free > 0
					OR NOT v_a.pooled AND v_a.has_caller AND NOT v_waits) THEN
				v_a.free_lines := 0;
				v_a.free_at := NULL;
				IF NOT v_a.pooled AND v_a.has_caller OR v_a.pooled AND v_until IS NULL THEN
					-- The end of a call makes room, as where an account is full.
					v_a.spare := 0;
					v_waits := v_waits OR NOT v_a.avoided;
				ELSIF v_a.pooled AND isfinite(v_until) THEN
					-- A call's end wakes us; a new day does not. Somebody may change the pool or its zones meanwhile.
					v_a.free_at := least(v_until, at + interval '15 minutes');
				END IF;
			END IF;
			IF v_a.free_lines > 0 AND NOT v_a.avoided THEN
				chosen := v_a;
				free_at := NULL;
				RETURN;
			ELSIF v_a.free_lines > 0 THEN
				chosen := coalesce(chosen, v_a);
			ELSIF v_a.free_at IS NOT NULL THEN
				free_at := least(free_at, v_a.free_at);
			ELSE
				v_event := v_event OR v_a.spare <= 0;
			END IF;
		END LOOP;
	END LOOP;
	-- The end of a call may free a slot before that.
	IF v_event OR chosen.provider_account_id IS NOT NULL THEN
		free_at := NULL;
	END IF;
END
$$;
COMMENT ON FUNCTION voiceagent_private.choose_account(voiceagent_private.account_turn[], bigint[], bigint, boolean,
	integer, timestamptz) IS
	E'The first account of a campaign''s list (ids), in this order, that may dial now and has a number to call with, '
	'with pooled and callers (chosen; one that has just failed only when no other may).\n'
	'Or chosen is null, when none may, since when time alone will let one (free_at; NULL: an event must). '
	'Where the numbers of an account are only busy, the next one dials only with a free number of the pool.';

CREATE FUNCTION voiceagent_private.assign_caller(pick voiceagent_private.queue_pick, phone_number_id bigint)
	RETURNS voiceagent_private.queue_pick LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp AS $$
BEGIN
	pick.phone_number_id := phone_number_id;
	RETURN pick;
END
$$;
COMMENT ON FUNCTION voiceagent_private.assign_caller(voiceagent_private.queue_pick, bigint) IS
	'The pick, to be called with this number.';

CREATE FUNCTION voiceagent_private.assign_free_callers(placed voiceagent_private.queue_pick[],
	turns voiceagent_private.claim_turn[], at timestamptz)
	RETURNS voiceagent_private.queue_pick[] LANGUAGE plpgsql STABLE SET planner.policy = bulk
	SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_callers voiceagent_private.caller[] := '{}';
	v_turn voiceagent_private.claim_turn;
	v_pooled bigint[] := '{}';
	v_numbers bigint[];
	v_fixed bigint[] := '{}';
	v_special jsonb;
	v_result voiceagent_private.queue_pick[];
BEGIN
	FOREACH v_turn IN ARRAY turns LOOP
		IF v_turn.pooled THEN
			v_pooled := v_pooled || v_turn.campaign_id;
			v_callers := v_callers || voiceagent_private.list_callers(v_turn.campaign_id, v_turn.provider_account_id,
				v_turn.caller_cap, at);
		END IF;
	END LOOP;
	v_callers := ARRAY(SELECT c FROM unnest(v_callers) c WHERE NOT c.live AND c.capped_until IS NULL
		ORDER BY c.calls, c.seconds, c.phone_number_id);
	-- Where the law names the series of callers, the first number of one is taken.
	FOR i IN 1 .. cardinality(placed) LOOP
		v_special := voiceagent_private.special_for((((placed[i]).proof).terms).special, (placed[i]).campaign_id);
		CONTINUE WHEN (placed[i]).campaign_id <> ALL (v_pooled) OR (v_special ? 'caller_prefixes') IS NOT TRUE;
		v_fixed[i] := coalesce((
			SELECT c.phone_number_id FROM unnest(v_callers) WITH ORDINALITY c
			WHERE c.campaign_id = (placed[i]).campaign_id AND voiceagent_private.may_call_with(v_special, c.phone)
				AND c.phone_number_id <> ALL (array_remove(v_fixed, NULL))
			ORDER BY c.ordinality LIMIT 1), 0);
	END LOOP;
	v_callers := ARRAY(SELECT v_callers[u.ordinality] FROM unnest(v_callers) WITH ORDINALITY AS u
		WHERE u.phone_number_id <> ALL (array_remove(v_fixed, NULL)) ORDER BY u.ordinality);
	SELECT voiceagent_private.assign_callers(
		coalesce(array_agg(p.campaign_id), '{}'), coalesce(array_agg(p.phone), '{}'),
		coalesce(array_agg(p.jurisdiction), '{}'), ARRAY(SELECT c.phone_number_id FROM unnest(v_callers) c),
		ARRAY(SELECT c.campaign_id FROM unnest(v_callers) c), ARRAY(SELECT c.phone FROM unnest(v_callers) c),
			ARRAY(SELECT c.region FROM unnest(v_callers) c))
	INTO v_numbers
	FROM unnest(placed) WITH ORDINALITY p WHERE p.campaign_id = ANY (v_pooled) AND v_fixed[p.ordinality] IS NULL;
	-- A lead without a number stays in the queue: the end of a call makes room.
	SELECT array_agg(CASE WHEN x.pooled THEN voiceagent_private.assign_caller(x.pick, coalesce(x.fixed,
		v_numbers[x.nth])) ELSE x.pick END ORDER BY x.ord)
	INTO v_result
	FROM (SELECT placed[p.ordinality] AS pick, y.pooled, y.fixed, p.ordinality AS ord,
		count(*) FILTER (WHERE y.pooled AND y.fixed IS NULL) OVER (ORDER BY p.ordinality) AS nth
		FROM unnest(placed) WITH ORDINALITY p
		CROSS JOIN LATERAL (SELECT p.campaign_id = ANY (v_pooled) AS pooled, v_fixed[p.ordinality] AS fixed) y) x
	WHERE NOT x.pooled OR coalesce(x.fixed, v_numbers[x.nth]) > 0;
	RETURN coalesce(v_result, '{}');
END
$$;
COMMENT ON FUNCTION voiceagent_private.assign_free_callers(voiceagent_private.queue_pick[],
	voiceagent_private.claim_turn[], timestamptz) IS
	'The calls to place, those of campaigns with a pool each with a free number of it; those for which '
	'none is left are left out.';

CREATE FUNCTION voiceagent_private.record_callers(picks voiceagent_private.queue_pick[], calls bigint[], at timestamptz)
	RETURNS void
	LANGUAGE plpgsql VOLATILE SET planner.policy = by_keys SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
BEGIN
	PERFORM voiceagent_private.assess_callers(ARRAY(SELECT p.phone_number_id FROM unnest(picks) p
		WHERE p.phone_number_id IS NOT NULL), at);
	INSERT INTO voiceagent_private.number_use AS u (tenant_id, phone_number_id, day, calls, seconds, last_call_id)
	SELECT v_tenant, p.phone_number_id, (at AT TIME ZONE n.timezone)::date, 1, 0, calls[p.place]
	FROM (SELECT k.phone_number_id, row_number() OVER () AS place FROM unnest(picks) k) p
	CROSS JOIN LATERAL (SELECT n.timezone FROM voiceagent.phone_numbers n
		WHERE n.tenant_id = v_tenant AND n.phone_number_id = p.phone_number_id OFFSET 0) n
	WHERE p.phone_number_id IS NOT NULL
	ON CONFLICT (tenant_id, phone_number_id) DO UPDATE
	SET day = excluded.day, last_call_id = excluded.last_call_id,
		calls = CASE WHEN u.day = excluded.day THEN u.calls - (SELECT count(*) FROM voiceagent.calls c
			WHERE c.tenant_id = v_tenant AND c.call_id = u.last_call_id AND NOT c.counts) ELSE 0 END + 1,
		seconds = CASE
			WHEN u.day = excluded.day THEN u.seconds + coalesce((SELECT c.duration_seconds FROM voiceagent.calls c
				WHERE c.tenant_id = v_tenant AND c.call_id = u.last_call_id), 0) ELSE 0 END;
END
$$;
COMMENT ON FUNCTION voiceagent_private.record_callers(voiceagent_private.queue_pick[], bigint[], timestamptz) IS
	'Counts the calls (their ids, one a pick) that are placed with numbers of pools, and no longer those before them '
	'that turned out not to count.';

CREATE FUNCTION voiceagent_private.next_caller(campaign_id bigint, phone text, jurisdiction text, at timestamptz,
		OUT from_number text, OUT from_number_id text) RETURNS record
	LANGUAGE plpgsql STABLE SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	v_callers voiceagent_private.caller[];
	v_account bigint;
	v_number bigint;
BEGIN
	SELECT c.provider_account_id, voiceagent_private.list_callers(c.campaign_id, c.provider_account_id, 0, at)
	INTO v_account, v_callers
	FROM voiceagent.campaigns c WHERE c.tenant_id = v_tenant AND c.campaign_id = next_caller.campaign_id;
	IF cardinality(v_callers) > 0 THEN
		v_number := (voiceagent_private.assign_callers(ARRAY[campaign_id], ARRAY[phone], ARRAY[jurisdiction],
			ARRAY(SELECT c.phone_number_id FROM unnest(v_callers) c
				ORDER BY c.live, c.calls, c.seconds, c.phone_number_id),
			array_fill(campaign_id, ARRAY[cardinality(v_callers)]),
			ARRAY(SELECT c.phone FROM unnest(v_callers) c ORDER BY c.live, c.calls, c.seconds, c.phone_number_id),
			ARRAY(SELECT c.region FROM unnest(v_callers) c ORDER BY c.live, c.calls, c.seconds, c.phone_number_id)))[1];
		SELECT n.phone_number, n.provider_number_id INTO from_number, from_number_id FROM voiceagent.phone_numbers n
		WHERE n.tenant_id = v_tenant AND n.phone_number_id = v_number;
		RETURN;
	END IF;
	SELECT o.from_number, o.from_number_id INTO from_number, from_number_id
	FROM voiceagent.provider_accounts a
	CROSS JOIN LATERAL voiceagent_private.own_caller(v_tenant, a.provider_account_id, a.settings) o
	WHERE a.tenant_id = v_tenant AND a.provider_account_id = v_account;
END
$$;
COMMENT ON FUNCTION voiceagent_private.next_caller(bigint, text, text, timestamptz) IS
	'The number with which a campaign''s own account would call a number now, and the carrier''s id of it; NULL: the '
	'one that the account''s settings say.';

CREATE FUNCTION voiceagent_private.describe_callers(campaign_id bigint, accounts bigint[], per_day integer,
	at timestamptz) RETURNS text
	LANGUAGE plpgsql STABLE SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_account bigint;
	v_n record;
	v_until timestamptz;
	v_busy boolean := false;
	v_pooled boolean := false;
	v_resting integer;
BEGIN
	FOREACH v_account IN ARRAY accounts LOOP
		SELECT * INTO v_n FROM voiceagent_private.count_callers(describe_callers.campaign_id, v_account, per_day, at);
		IF v_n.free > 0 OR NOT v_n.pooled AND NOT v_busy THEN
			RETURN NULL;
		END IF;
		v_pooled := v_pooled OR v_n.pooled;
		v_busy := v_busy OR v_n.pooled AND v_n.capped_until IS NULL;
		v_until := least(v_until, v_n.capped_until);
	END LOOP;
	v_resting := CASE WHEN isfinite(v_until) THEN (SELECT count(*) FROM voiceagent.campaign_numbers m
		CROSS JOIN LATERAL (SELECT FROM voiceagent_private.number_use u WHERE u.tenant_id = m.tenant_id
			AND u.phone_number_id = m.phone_number_id AND u.rests_until > at OFFSET 0) u
		WHERE m.tenant_id = voiceagent.current_tenant() AND m.campaign_id = describe_callers.campaign_id) END;
	RETURN CASE WHEN v_busy THEN 'All usable numbers of its pool are busy.'
		WHEN v_resting > 0 THEN format('None of the numbers of its pool may call before %s: %s '
			'rest, as the view waiting says; end_number_rest() ends a rest.',
			voiceagent_private.describe_time(v_until), v_resting)
		WHEN isfinite(v_until)
			THEN format('The numbers of its pool have had their calls for today: on from %s.', v_until)
		WHEN v_pooled THEN 'None of the numbers of its pool may be used.' END;
END
$$;
COMMENT ON FUNCTION voiceagent_private.describe_callers(bigint, bigint[], integer, timestamptz) IS
	'Why a campaign has no number to call with by these accounts of its list, asked in turn; NULL: '
	'it has one, or no pool.';
