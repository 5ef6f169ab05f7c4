-- 50_queue: what a claim asks about the numbers that call.

CREATE FUNCTION voiceagent_private.longest_incoming() RETURNS interval
	LANGUAGE sql IMMUTABLE PARALLEL SAFE RETURN interval '2 hours';
COMMENT ON FUNCTION voiceagent_private.longest_incoming() IS
	'An incoming call of whose end nobody told us counts as live for so long, so that a lost webhook takes no line for ever.';

-- A query that takes its place in the caller's, so that no statement is added.
CREATE FUNCTION voiceagent_private.outbound_room(tenant bigint, account bigint, account_limit integer, reserve integer, at timestamptz)
	RETURNS TABLE (calls integer) LANGUAGE sql STABLE AS $$
	SELECT greatest(0, least(account_limit - CASE WHEN EXISTS (SELECT FROM voiceagent.phone_numbers n
				WHERE n.tenant_id = tenant AND n.provider_account_id = account AND n.is_active AND n.state = 'ready'
				  AND (n.greeting_message IS NOT NULL OR n.ai_assistant_id IS NOT NULL OR n.forward_to_number IS NOT NULL))
			THEN account_limit * reserve / 100 ELSE 0 END,
		account_limit - (SELECT count(*)::integer FROM voiceagent.incoming_calls i
			WHERE i.tenant_id = tenant AND i.provider_account_id = account AND i.ended_at IS NULL
			  AND i.started_at > at - voiceagent_private.longest_incoming())))
$$;
COMMENT ON FUNCTION voiceagent_private.outbound_room(bigint, bigint, integer, integer, timestamptz) IS
	'How many live outbound calls a carrier account may have: its limit less what is kept for incoming calls (reserve, in percent, where it has numbers that take calls), and never so many that with the live incoming ones it would be more than the limit.';

CREATE FUNCTION voiceagent_private.own_caller(tenant bigint, account bigint, settings jsonb)
	RETURNS TABLE (phone_number_id bigint, from_number text, from_number_id text, usable boolean) LANGUAGE sql STABLE AS $$
	SELECT n.phone_number_id, n.from_number, n.from_number_id, n.usable
	FROM (SELECT settings ->> 'from_number' AS number, settings ->> 'phone_number_id' AS id,
				 NOT settings ?| '{from_number,phone_number_id}' AS neither OFFSET 0) s
	CROSS JOIN LATERAL (
		SELECT n.phone_number_id, NULL::text AS from_number, NULL::text AS from_number_id, n.state = 'ready' AND n.is_active AS usable
		FROM voiceagent.phone_numbers n
		WHERE n.tenant_id = tenant AND n.phone_number = s.number AND n.removed_at IS NULL AND n.provider_account_id = account
		UNION ALL
		SELECT n.phone_number_id, NULL, NULL, n.state = 'ready' AND n.is_active FROM voiceagent.phone_numbers n
		WHERE n.tenant_id = tenant AND n.provider_account_id = account AND n.provider_number_id = s.id AND n.removed_at IS NULL
		UNION ALL
		SELECT n.phone_number_id, n.phone_number, n.provider_number_id, true FROM voiceagent.phone_numbers n
		WHERE s.neither AND n.tenant_id = tenant AND n.is_primary AND n.provider_account_id = account AND n.state = 'ready' AND n.is_active
		LIMIT 1) n
$$;
COMMENT ON FUNCTION voiceagent_private.own_caller(bigint, bigint, jsonb) IS
	'The tenant''s number with which a carrier account calls when there is no pool: the one that its settings name (from_number NULL: they say it), if it is among the tenant''s numbers, and whether it may be used; without such a setting the primary one, if the account has that.';

CREATE FUNCTION voiceagent_private.plan_callers(INOUT turn voiceagent_private.claim_turn, at timestamptz) LANGUAGE plpgsql VOLATILE
	SET enable_seqscan = off SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	v_callers voiceagent_private.caller[] := voiceagent_private.list_callers(turn.campaign_id, turn.provider_account_id, turn.caller_cap, at);
	v record;
BEGIN
	-- An account that stands in for another may have none of the pool's numbers, usable or not: it calls with its own.
	turn.pooled := cardinality(v_callers) > 0 OR EXISTS (SELECT FROM voiceagent.campaign_numbers m
		JOIN voiceagent.phone_numbers n ON n.tenant_id = v_tenant AND n.phone_number_id = m.phone_number_id
		WHERE m.tenant_id = v_tenant AND m.campaign_id = turn.campaign_id AND n.provider_account_id = turn.provider_account_id);
	IF NOT turn.pooled THEN
		RETURN;
	END IF;
	SELECT count(*) FILTER (WHERE NOT c.live AND c.capped_until IS NULL) AS free, min(c.capped_until) AS until,
		   bool_and(c.capped_until IS NOT NULL) AS capped INTO v
	FROM unnest(v_callers) c;
	turn.budget := least(turn.budget, v.free);
	-- A call's end wakes us; a new day does not. Somebody may change the pool or its zones meanwhile.
	IF v.capped THEN
		UPDATE voiceagent_private.pacing p SET next_dial_at = least(v.until, at + interval '15 minutes')
		WHERE p.tenant_id = v_tenant AND p.campaign_id = turn.campaign_id AND p.next_dial_at <= at;
	END IF;
END
$$;
COMMENT ON FUNCTION voiceagent_private.plan_callers(voiceagent_private.claim_turn, timestamptz) IS
	'A campaign with a pool in a claim: pooled unless the account has none of its numbers; no more calls than there are free numbers. When all have had their calls of the day it looks again in a quarter of an hour, or when the next begins.';

CREATE FUNCTION voiceagent_private.give_caller(pick voiceagent_private.queue_pick, phone_number_id bigint)
	RETURNS voiceagent_private.queue_pick LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
	pick.phone_number_id := phone_number_id;
	RETURN pick;
END
$$;
COMMENT ON FUNCTION voiceagent_private.give_caller(voiceagent_private.queue_pick, bigint) IS 'The pick, to be called with this number.';

CREATE FUNCTION voiceagent_private.give_callers(placed voiceagent_private.queue_pick[], turns voiceagent_private.claim_turn[], at timestamptz)
	RETURNS voiceagent_private.queue_pick[] LANGUAGE plpgsql STABLE SET jit = off SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_callers voiceagent_private.caller[] := '{}';
	v_turn voiceagent_private.claim_turn;
	v_pooled bigint[] := '{}';
	v_numbers bigint[];
	v_result voiceagent_private.queue_pick[];
BEGIN
	FOREACH v_turn IN ARRAY turns LOOP
		IF v_turn.pooled THEN
			v_pooled := v_pooled || v_turn.campaign_id;
			v_callers := v_callers || voiceagent_private.list_callers(v_turn.campaign_id, v_turn.provider_account_id, v_turn.caller_cap, at);
		END IF;
	END LOOP;
	v_callers := ARRAY(SELECT c FROM unnest(v_callers) c WHERE NOT c.live AND c.capped_until IS NULL ORDER BY c.calls, c.seconds, c.phone_number_id);
	SELECT voiceagent_private.assign_callers(
		coalesce(array_agg(p.campaign_id), '{}'), coalesce(array_agg(p.phone), '{}'), coalesce(array_agg(p.jurisdiction), '{}'),
		ARRAY(SELECT c.phone_number_id FROM unnest(v_callers) c), ARRAY(SELECT c.campaign_id FROM unnest(v_callers) c),
		ARRAY(SELECT c.phone FROM unnest(v_callers) c), ARRAY(SELECT c.region FROM unnest(v_callers) c))
	INTO v_numbers
	FROM unnest(placed) p WHERE p.campaign_id = ANY (v_pooled);
	-- Who has got none stays in the queue: the end of a call makes room.
	SELECT array_agg(CASE WHEN x.pooled THEN voiceagent_private.give_caller(x.pick, v_numbers[x.nth]) ELSE x.pick END ORDER BY x.ord)
	INTO v_result
	FROM (SELECT p AS pick, y.pooled, row_number() OVER () AS ord, count(*) FILTER (WHERE y.pooled) OVER (ROWS UNBOUNDED PRECEDING) AS nth
		  FROM unnest(placed) p CROSS JOIN LATERAL (SELECT p.campaign_id = ANY (v_pooled) AS pooled) y) x
	WHERE NOT x.pooled OR v_numbers[x.nth] > 0;
	RETURN coalesce(v_result, '{}');
END
$$;
COMMENT ON FUNCTION voiceagent_private.give_callers(voiceagent_private.queue_pick[], voiceagent_private.claim_turn[], timestamptz) IS
	'The calls to place, those of campaigns with a pool each with a free number of it; those for which none is left are left out.';

CREATE FUNCTION voiceagent_private.note_callers(picks voiceagent_private.queue_pick[], at timestamptz) RETURNS void
	LANGUAGE plpgsql VOLATILE SET enable_seqscan = off SET jit = off SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
BEGIN
	INSERT INTO voiceagent_private.number_use AS u (tenant_id, phone_number_id, day, calls, seconds, last_call_id)
	SELECT v_tenant, p.phone_number_id, (at AT TIME ZONE n.timezone)::date, 1, 0, p.call_id
	FROM unnest(picks) p
	CROSS JOIN LATERAL (SELECT n.timezone FROM voiceagent.phone_numbers n
		WHERE n.tenant_id = v_tenant AND n.phone_number_id = p.phone_number_id OFFSET 0) n
	WHERE p.phone_number_id IS NOT NULL
	ON CONFLICT (tenant_id, phone_number_id) DO UPDATE
	SET day = excluded.day, last_call_id = excluded.last_call_id,
		calls = CASE WHEN u.day = excluded.day THEN u.calls ELSE 0 END + 1,
		seconds = CASE WHEN u.day = excluded.day THEN u.seconds + coalesce((SELECT c.duration_seconds FROM voiceagent.calls c
			WHERE c.tenant_id = v_tenant AND c.call_id = u.last_call_id), 0) ELSE 0 END;
END
$$;
COMMENT ON FUNCTION voiceagent_private.note_callers(voiceagent_private.queue_pick[], timestamptz) IS
	'Counts the calls that are placed with numbers of pools.';

CREATE FUNCTION voiceagent_private.next_caller(campaign_id bigint, phone text, jurisdiction text, at timestamptz,
		OUT from_number text, OUT from_number_id text) RETURNS record
	LANGUAGE plpgsql STABLE SET enable_seqscan = off SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_variable
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	v_callers voiceagent_private.caller[];
	v_account bigint;
	v_number bigint;
BEGIN
	SELECT c.provider_account_id, voiceagent_private.list_callers(c.campaign_id, c.provider_account_id, 0, at) INTO v_account, v_callers
	FROM voiceagent.campaigns c WHERE c.tenant_id = v_tenant AND c.campaign_id = next_caller.campaign_id;
	IF cardinality(v_callers) > 0 THEN
		v_number := (voiceagent_private.assign_callers(ARRAY[campaign_id], ARRAY[phone], ARRAY[jurisdiction],
			ARRAY(SELECT c.phone_number_id FROM unnest(v_callers) c ORDER BY c.live, c.calls, c.seconds, c.phone_number_id),
			array_fill(campaign_id, ARRAY[cardinality(v_callers)]),
			ARRAY(SELECT c.phone FROM unnest(v_callers) c ORDER BY c.live, c.calls, c.seconds, c.phone_number_id),
			ARRAY(SELECT c.region FROM unnest(v_callers) c ORDER BY c.live, c.calls, c.seconds, c.phone_number_id)))[1];
		SELECT n.phone_number, n.provider_number_id INTO from_number, from_number_id FROM voiceagent.phone_numbers n
		WHERE n.tenant_id = v_tenant AND n.phone_number_id = v_number;
		RETURN;
	END IF;
	SELECT o.from_number, o.from_number_id INTO from_number, from_number_id
	FROM voiceagent.provider_accounts a CROSS JOIN LATERAL voiceagent_private.own_caller(v_tenant, a.provider_account_id, a.settings) o
	WHERE a.tenant_id = v_tenant AND a.provider_account_id = v_account;
END
$$;
COMMENT ON FUNCTION voiceagent_private.next_caller(bigint, text, text, timestamptz) IS
	'The number with which a campaign''s own account would call a number now, and the carrier''s id of it; NULL: the one that the account''s settings say.';

CREATE FUNCTION voiceagent_private.callers_in_words(campaign_id bigint, account bigint, per_day integer, at timestamptz) RETURNS text
	LANGUAGE sql STABLE AS $$
	SELECT CASE WHEN count(c.phone_number_id) = 0 THEN 'None of the numbers of its pool may be used.'
		WHEN bool_and(c.capped_until IS NOT NULL) THEN format('The numbers of its pool have had their calls for today: on from %s.', min(c.capped_until))
		WHEN bool_and(c.live OR c.capped_until IS NOT NULL) THEN format('All %s usable numbers of its pool are busy.', count(c.phone_number_id)) END
	FROM voiceagent.campaign_numbers m
	JOIN voiceagent.phone_numbers n ON n.tenant_id = m.tenant_id AND n.phone_number_id = m.phone_number_id
	LEFT JOIN unnest(voiceagent_private.list_callers(callers_in_words.campaign_id, account, per_day, at)) c ON c.phone_number_id = m.phone_number_id
	WHERE m.tenant_id = voiceagent.current_tenant() AND m.campaign_id = callers_in_words.campaign_id AND n.provider_account_id = account
	HAVING count(*) > 0
$$;
COMMENT ON FUNCTION voiceagent_private.callers_in_words(bigint, bigint, integer, timestamptz) IS
	'Why a campaign has no number of its pool to call with by this account; NULL: it has one, or no pool.';
