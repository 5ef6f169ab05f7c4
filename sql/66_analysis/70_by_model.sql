-- 66_analysis: a model is asked about calls of which it has said nothing: it could not be, or it was not wanted then.

CREATE FUNCTION voiceagent.analyse_by_model(call_ids bigint[]) RETURNS integer
	LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET planner.policy = by_keys SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent_private.writer_tenant();
	v_now timestamptz := voiceagent.clock();
	v_calls bigint[] := voiceagent_private.calls_named(call_ids);
	v_queued integer;
BEGIN
	INSERT INTO voiceagent_private.analysis_queue (tenant_id, call_id, queued_at)
	SELECT v_tenant, i.call_id, v_now
	FROM unnest(v_calls) AS i(call_id)
	CROSS JOIN LATERAL (SELECT o.started_at FROM voiceagent.calls o
		WHERE o.tenant_id = v_tenant AND o.call_id = i.call_id AND o.outcome IS NOT NULL OFFSET 0) c
	CROSS JOIN LATERAL (SELECT o.turns, o.reading FROM voiceagent.conversations o
		WHERE o.tenant_id = v_tenant AND o.call_id = i.call_id
			AND o.month_slot = voiceagent_private.month_slot(c.started_at) OFFSET 0) k
	WHERE voiceagent_private.customer_spoke(k.turns)
		-- Once: it is paid for, and what a model said would be taken for the carrier's.
		AND NOT coalesce(jsonb_path_exists(k.reading, '$.fields[*] ? (@.origin == "model")'), false)
		AND NOT EXISTS (SELECT FROM voiceagent.model_requests m WHERE m.tenant_id = v_tenant
			AND m.purpose = 'analysis' AND m.object_id = i.call_id AND m.status IN ('queued', 'sending', 'done'))
	ON CONFLICT DO NOTHING;
	GET DIAGNOSTICS v_queued = ROW_COUNT;
	PERFORM voiceagent_private.fail_if(v_queued = 0, 'PT404', 'a model can be asked about none of these calls', NULL,
		'They must be ended calls of yours with words, about which no model was asked.');
	PERFORM voiceagent_private.audit('analyse_by_model', 'calls', NULL, jsonb_build_object('calls', v_queued));
	PERFORM voiceagent_private.request_job('analyse_calls', v_now);
	RETURN v_queued;
END
$$;
COMMENT ON FUNCTION voiceagent.analyse_by_model(bigint[]) IS
	E'Has a language model asked what was said in ended calls, at most 1000, without an answer from one, whatever '
	'model_analysis says; returns in how many.\n'
	'For calls with the event call_not_analysed, when the reason is mended; those that wait already are left out. In '
	'a language without table all is unproved, and what acts waits for a person. analyses_per_day counts. PT404: '
	'there is none; PT422.';
