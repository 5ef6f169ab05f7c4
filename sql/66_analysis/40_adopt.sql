-- 66_analysis: readings made later that count from then on.

CREATE TYPE voiceagent_private.later_reading AS (
	call_id bigint,
	reading jsonb,
	data jsonb,
	summary text
);
COMMENT ON TYPE voiceagent_private.later_reading IS
	'A reading of a call after its end: the reading, the data that count, and a summary for a call without one.';

CREATE FUNCTION voiceagent_private.adopt_readings(readings voiceagent_private.later_reading[], event_type text,
	details jsonb) RETURNS void
	LANGUAGE plpgsql VOLATILE SET planner.policy = by_keys SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	v_now timestamptz := voiceagent.clock();
	v_callers bigint[];
	v_doubted bigint[];
	v_said bigint[];
	v_incoming bigint[];
BEGIN
	WITH chosen AS MATERIALIZED (
		SELECT a.call_id, voiceagent_private.with_person(a.reading, k.correction) AS reading, a.summary, c.started_at,
			k.known, c.direction, c.structured_data AS before,
			-- An opt-out that was heard, by whomever, is never taken back by reading; a person's correction is final.
			voiceagent_private.person_data(CASE WHEN voiceagent_private.parse_yes(c.structured_data -> 'do_not_call')
				THEN voiceagent_private.with_opt_out(a.data) ELSE a.data END, k.correction) AS data
		FROM unnest(readings) a
		CROSS JOIN LATERAL (SELECT o.started_at, o.structured_data, o.direction FROM voiceagent.calls o
			WHERE o.tenant_id = v_tenant AND o.call_id = a.call_id OFFSET 0) c
		LEFT JOIN LATERAL (SELECT o.reading -> 'correction' AS correction,
				o.reading -> 'conflict' AS known FROM voiceagent.conversations o
			WHERE o.tenant_id = v_tenant AND o.call_id = a.call_id
				AND o.month_slot = voiceagent_private.month_slot(c.started_at) OFFSET 0) k ON true
	), calls AS (
		UPDATE voiceagent.calls c SET structured_data = h.data, summary = coalesce(c.summary, h.summary),
			evaluation = voiceagent_private.decide_evaluation(c.status, h.data, c.success_evaluation, c.machine),
			uncertain = CASE WHEN h.reading ? 'conflict'
					THEN CASE WHEN h.reading -> 'conflict' = h.known THEN c.uncertain ELSE 'review' END
				WHEN NOT coalesce(jsonb_path_exists(h.reading, '$.fields[*] ? (@.origin == "model")'), false)
				THEN c.uncertain
				-- An effective value that a model read in a language without table waits.
				WHEN h.reading ? 'unread' AND NOT h.reading ? 'correction'
					AND jsonb_path_exists(h.reading, '$.fields[*] ? (@.origin == "model" && @.counts == false)')
				THEN 'review' END
		FROM chosen h WHERE c.tenant_id = v_tenant AND c.call_id = h.call_id
		RETURNING c.call_id, c.campaign_id, c.lead_id, c.outcome
	), readings AS (
		UPDATE voiceagent.conversations k SET reading = voiceagent_private.pack_jsonb(h.reading)
		FROM chosen h WHERE k.tenant_id = v_tenant AND k.call_id = h.call_id
			AND k.month_slot = voiceagent_private.month_slot(h.started_at)
	), logged AS (
		INSERT INTO voiceagent.events (tenant_id, month_slot, at, event_type, campaign_id, call_id, lead_id, event_data)
		SELECT v_tenant, voiceagent_private.month_slot(v_now), v_now, adopt_readings.event_type, c.campaign_id,
			c.call_id, c.lead_id, jsonb_build_object('outcome', c.outcome) || details
		FROM calls c ORDER BY c.call_id
	)
	SELECT array_agg(h.call_id ORDER BY h.call_id) FILTER (WHERE h.direction <> 'inbound'
			AND h.data IS DISTINCT FROM h.before),
		array_agg(h.call_id ORDER BY h.call_id) FILTER (WHERE h.direction = 'inbound'
			AND voiceagent_private.parse_yes(h.data -> 'do_not_call')
			AND NOT voiceagent_private.parse_yes(h.before -> 'do_not_call')),
		array_agg(h.call_id) FILTER (WHERE h.reading ? 'opt_out_doubt'),
		array_agg(h.call_id) FILTER (WHERE h.direction = 'inbound' AND h.data IS DISTINCT FROM h.before)
	INTO v_said, v_callers, v_doubted, v_incoming FROM chosen h;
	IF v_incoming IS NOT NULL THEN
		PERFORM voiceagent_private.follow_soon(v_incoming);
	END IF;
	IF num_nonnulls(v_said, v_callers, v_doubted) > 0 THEN
		PERFORM voiceagent_private.conclude_calls('{}', told_late => coalesce(v_said, '{}'),
			callers => coalesce(v_callers, '{}'), doubted => coalesce(v_doubted, '{}'));
	END IF;
	PERFORM voiceagent_private.poke_subscribers();
END
$$;
COMMENT ON FUNCTION voiceagent_private.adopt_readings(voiceagent_private.later_reading[], text, jsonb) IS
	E'Makes what was read later in ended calls of the current tenant count, whose rows the caller has locked after '
	'lock_tenant(); an event of that type tells of each.\n'
	'It has the effect of a report that comes late: conclude_late(). Outcome and charge stay.';

CREATE FUNCTION voiceagent.adopt_analyses(run bigint, call_ids bigint[] DEFAULT NULL) RETURNS integer
	LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET planner.policy = by_keys SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent_private.writer_tenant();
	v_calls bigint[];
	v_readings voiceagent_private.later_reading[];
	v_kept record;
BEGIN
	PERFORM voiceagent_private.fail_if(NOT EXISTS (SELECT FROM voiceagent.analysis_runs r
		WHERE r.tenant_id = v_tenant AND r.run = adopt_analyses.run), 'PT404', 'there is no such run');
	-- As whoever applies a report.
	PERFORM voiceagent_private.lock_tenant(false);
	SELECT array_agg(c.call_id) INTO v_calls
	FROM (SELECT a.call_id FROM voiceagent.call_analyses a
		WHERE a.tenant_id = v_tenant AND a.run = adopt_analyses.run AND a.adopted_at IS NULL
			AND (adopt_analyses.call_ids IS NULL OR a.call_id = ANY (adopt_analyses.call_ids))
		ORDER BY a.call_id) i
	CROSS JOIN LATERAL (SELECT o.call_id FROM voiceagent.calls o
		WHERE o.tenant_id = v_tenant AND o.call_id = i.call_id OFFSET 0 FOR UPDATE) c;
	SELECT k.* INTO v_kept FROM voiceagent_private.kept_words() k;
	SELECT array_agg(ROW(a.call_id, a.reading, a.data, NULL)::voiceagent_private.later_reading ORDER BY a.call_id)
	INTO v_readings
	FROM voiceagent.call_analyses a
	CROSS JOIN LATERAL (SELECT o.started_at, o.structured_data FROM voiceagent.calls o
		WHERE o.tenant_id = v_tenant AND o.call_id = a.call_id AND o.ended_at >= v_kept.since
			AND o.call_id > v_kept.after_call_id OFFSET 0) c
	CROSS JOIN LATERAL (SELECT o.reading FROM voiceagent.conversations o
		WHERE o.tenant_id = v_tenant AND o.call_id = a.call_id
			AND o.month_slot = voiceagent_private.month_slot(c.started_at) OFFSET 0) k
	WHERE a.tenant_id = v_tenant AND a.run = adopt_analyses.run AND a.call_id = ANY (v_calls) AND a.adopted_at IS NULL
		AND a.read_from = voiceagent_private.digest_of_reading(c.structured_data, k.reading);
	IF v_readings IS NULL THEN
		RETURN 0;
	END IF;
	UPDATE voiceagent.call_analyses a SET adopted_at = voiceagent.clock()
	WHERE a.tenant_id = v_tenant AND a.run = adopt_analyses.run
		AND a.call_id IN (SELECT r.call_id FROM unnest(v_readings) r);
	PERFORM voiceagent_private.adopt_readings(v_readings, 'analysis_adopted',
		jsonb_build_object('run', adopt_analyses.run));
	PERFORM voiceagent_private.audit('adopt_analyses', 'run ' || adopt_analyses.run, NULL,
		jsonb_build_object('calls', cardinality(v_readings)));
	RETURN cardinality(v_readings);
END
$$;
COMMENT ON FUNCTION voiceagent.adopt_analyses(bigint, bigint[]) IS
	E'Makes what a run of analyse_again() read in calls (NULL: in all of its calls) count, and returns in how many.\n'
	'It has the effect of a report that comes late: an opt-out binds, a callback, an appointment or a wrong number '
	'holds as far as it still can; outcome and charge stay, and no opt-out is taken back. A call that has changed '
	'since, or whose words are kept no longer, is left out. PT404.';
