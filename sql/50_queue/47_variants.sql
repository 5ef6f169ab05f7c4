-- 50_queue: calls of a campaign with an experiment: each lead hears its variant.

CREATE FUNCTION voiceagent_private.turns_of_variant(turns voiceagent_private.claim_turn[], variant text,
	placed voiceagent_private.queue_pick[]) RETURNS voiceagent_private.claim_turn[]
	LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_turn voiceagent_private.claim_turn;
	v_turns voiceagent_private.claim_turn[] := '{}';
	v_placed integer;
BEGIN
	FOREACH v_turn IN ARRAY turns LOOP
		-- What was placed before is live now, and has taken its room.
		SELECT count(*) INTO v_placed FROM unnest(placed) p WHERE p.campaign_id = v_turn.campaign_id;
		v_turn.live := v_turn.live + v_placed;
		v_turn.free_lines := v_turn.free_lines - v_placed;
		IF variant = 'b' AND v_turn.experiment IS NOT NULL THEN
			v_turn.assistant_id := (v_turn.experiment #>> '{b,assistant_id}')::bigint;
			v_turn.assistant_version := (v_turn.experiment #>> '{b,version}')::integer;
		END IF;
		v_turns := v_turns || v_turn;
	END LOOP;
	RETURN v_turns;
END
$$;
COMMENT ON FUNCTION voiceagent_private.turns_of_variant(voiceagent_private.claim_turn[], text,
	voiceagent_private.queue_pick[]) IS
	'The turns with which picks of a variant (a or b) are placed after these: campaigns with an experiment speak by '
	'that variant''s version.';

CREATE FUNCTION voiceagent_private.place_variants(picks voiceagent_private.queue_pick[], calls bigint[], holds bigint[],
		turns voiceagent_private.claim_turn[], settings voiceagent_private.dial_settings, at timestamptz)
	RETURNS voiceagent_private.claimed_call[] LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_variant text;
	v_picks voiceagent_private.queue_pick[];
	v_calls bigint[];
	v_holds bigint[];
	v_placed voiceagent_private.queue_pick[] := '{}';
	v_claimed voiceagent_private.claimed_call[] := '{}';
BEGIN
	FOREACH v_variant IN ARRAY ARRAY['a', 'b'] LOOP
		SELECT array_agg(x.pick ORDER BY x.nth), array_agg(x.call_id ORDER BY x.nth),
			array_agg(x.hold_id ORDER BY x.nth)
		INTO v_picks, v_calls, v_holds
		FROM (SELECT k AS pick, k.campaign_id, k.lead_id, calls[row_number() OVER ()] AS call_id,
			holds[row_number() OVER ()] AS hold_id, row_number() OVER () AS nth FROM unnest(picks) k) x
		JOIN unnest(turns) t ON t.campaign_id = x.campaign_id
		WHERE voiceagent_private.variant_in(t.experiment, x.lead_id) = v_variant;
		CONTINUE WHEN v_picks IS NULL;
		v_claimed := v_claimed || voiceagent_private.place_calls(v_picks, v_calls, v_holds,
			voiceagent_private.turns_of_variant(turns, v_variant, v_placed), settings, at);
		v_placed := v_placed || v_picks;
	END LOOP;
	RETURN v_claimed;
END
$$;
COMMENT ON FUNCTION voiceagent_private.place_variants(voiceagent_private.queue_pick[], bigint[], bigint[],
	voiceagent_private.claim_turn[], voiceagent_private.dial_settings, timestamptz) IS
	'place_calls() where a campaign has an experiment: first the leads that hear variant a (and those of campaigns '
	'without one), then those that hear b.';
