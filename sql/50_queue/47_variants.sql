-- 50_queue: calls of a campaign with an experiment: each lead hears its variant.

CREATE FUNCTION voiceagent_private.spread_variants(INOUT picks voiceagent_private.queue_pick[],
	INOUT turns voiceagent_private.claim_turn[])
	LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_turn voiceagent_private.claim_turn;
BEGIN
	FOREACH v_turn IN ARRAY turns LOOP
		CONTINUE WHEN v_turn.experiment IS NULL;
		FOR i IN 1 .. cardinality(picks) LOOP
			IF picks[i].campaign_id = v_turn.campaign_id THEN
				picks[i].note := voiceagent_private.variant_in(v_turn.experiment, picks[i].lead_id);
			END IF;
		END LOOP;
		v_turn.assistant_id := (v_turn.experiment #>> '{b,assistant_id}')::bigint;
		v_turn.assistant_version := (v_turn.experiment #>> '{b,version}')::integer;
		turns := turns || v_turn;
	END LOOP;
END
$$;
COMMENT ON FUNCTION voiceagent_private.spread_variants(voiceagent_private.queue_pick[], voiceagent_private.claim_turn[])
	IS 'For place_calls(): what each lead of a campaign with an experiment hears (note: a or b); and for b another turn'
	' of the campaign, behind the others, which speaks as that variant.';
