-- 66_analysis: the shadow run.

CREATE FUNCTION voiceagent_private.digest_of_reading(data jsonb, reading jsonb) RETURNS text
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
	RETURN md5(coalesce(data::text, '') || ' ' || coalesce(reading::text, ''));
COMMENT ON FUNCTION voiceagent_private.digest_of_reading(jsonb, jsonb) IS
	'A digest of a call''s reading and data, to see whether they are still those that a run began with.';

CREATE FUNCTION voiceagent_private.read_again(run bigint, assistant_version integer, call_ids bigint[]) RETURNS integer
	LANGUAGE plpgsql VOLATILE SET planner.policy = by_keys SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	v_read integer;
	v_kept record;
BEGIN
	SELECT k.* INTO v_kept FROM voiceagent_private.kept_words() k;
	INSERT INTO voiceagent.call_analyses (tenant_id, run, call_id, read_from, reading, data, outcome)
	SELECT v_tenant, read_again.run, c.call_id,
		voiceagent_private.digest_of_reading(c.structured_data, k.reading), w.reading, w.data,
		-- The outcome that a call of ours would have had with this reading and these data.
		CASE WHEN c.direction <> 'inbound' THEN voiceagent_private.decide_outcome(c.status, c.cause_class, w.data,
			c.success_evaluation, c.duration_seconds,
			(SELECT CASE WHEN voiceagent_private.answers_by(p.provider) = 'conversation'
					THEN (s.settings ->> 'unfinished_call_seconds')::numeric END
				FROM voiceagent.campaign_versions s, voiceagent.provider_accounts p
				WHERE s.tenant_id = v_tenant AND s.campaign_id = c.campaign_id AND s.version = c.campaign_version
					AND p.tenant_id = v_tenant AND p.provider_account_id = c.provider_account_id),
			c.machine, k.turns, voiceagent_private.words_outcome(w.reading)) END
	FROM unnest(call_ids) AS i(call_id)
	-- Calls of both directions are read.
	CROSS JOIN LATERAL (SELECT o.* FROM voiceagent.calls o
		WHERE o.tenant_id = v_tenant AND o.call_id = i.call_id AND o.outcome IS NOT NULL
			AND o.ended_at >= v_kept.since AND o.call_id > v_kept.after_call_id OFFSET 0) c
	CROSS JOIN LATERAL (SELECT o.turns, o.reading FROM voiceagent.conversations o
		WHERE o.tenant_id = v_tenant AND o.call_id = i.call_id
			AND o.month_slot = voiceagent_private.month_slot(c.started_at) OFFSET 0) k
	LEFT JOIN LATERAL (SELECT o.settings ->> 'read_emotions' AS read_emotions FROM voiceagent.campaign_versions o
		WHERE o.tenant_id = v_tenant AND o.campaign_id = c.campaign_id AND o.version = c.campaign_version OFFSET 0) v
		ON true
	CROSS JOIN LATERAL (SELECT o.* FROM voiceagent_private.told_of(c.structured_data, k.reading) o OFFSET 0) t
	CROSS JOIN LATERAL (SELECT o.reading, o.data FROM voiceagent_private.read_call(c.call_id, c.assistant_id,
		coalesce(read_again.assistant_version, c.assistant_version), c.lead_id, c.number, c.ended_at,
		v.read_emotions, k.turns, t.analysis, t.agent, t.models) o OFFSET 0) w
	WHERE w.reading IS NOT NULL;
	GET DIAGNOSTICS v_read = ROW_COUNT;
	RETURN v_read;
END
$$;
COMMENT ON FUNCTION voiceagent_private.read_again(bigint, integer, bigint[]) IS
	'Writes into a run of the current tenant what is read in these of its calls, and returns of how many it could.';

CREATE FUNCTION voiceagent_private.finish_run(run bigint, calls integer, calls_left bigint[]) RETURNS void
	LANGUAGE plpgsql VOLATILE SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	-- A row's further columns.
	c_row CONSTANT integer := 150;
BEGIN
	UPDATE voiceagent.analysis_runs r SET calls = finish_run.calls, calls_left = finish_run.calls_left,
		bytes = (SELECT coalesce(sum(c_row + pg_column_size(a.reading) + coalesce(pg_column_size(a.data), 0)), 0)
			FROM voiceagent.call_analyses a WHERE a.tenant_id = v_tenant AND a.run = finish_run.run)
	WHERE r.tenant_id = v_tenant AND r.run = finish_run.run;
	DELETE FROM voiceagent.analysis_runs r
	WHERE r.tenant_id = v_tenant AND r.run IN (SELECT o.run FROM (SELECT k.run, row_number() OVER w AS place,
			sum(k.bytes) OVER w AS bytes
			FROM voiceagent.analysis_runs k WHERE k.tenant_id = v_tenant WINDOW w AS (ORDER BY k.run DESC)) o
		WHERE o.place > voiceagent_private.setting_integer('analysis_runs_kept')
			OR o.place > 1 AND o.bytes > voiceagent_private.platform_setting('analysis_bytes_kept')::bigint);
END
$$;
COMMENT ON FUNCTION voiceagent_private.finish_run(bigint, integer, bigint[]) IS
	'Notes of a run of the current tenant how many calls it has read, which it has left, and its bytes; runs beyond '
	'analysis_runs_kept and analysis_bytes_kept go, the oldest first.';

CREATE FUNCTION voiceagent_private.calls_named(call_ids bigint[]) RETURNS bigint[]
	LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	c_calls CONSTANT integer := 1000;
	v_calls bigint[];
BEGIN
	-- As many as they are, repeated or not: to sort a million takes seconds.
	IF cardinality(call_ids) <= c_calls THEN
		v_calls := ARRAY(SELECT DISTINCT i FROM unnest(call_ids) i WHERE i IS NOT NULL ORDER BY i);
	END IF;
	PERFORM voiceagent_private.fail_if(coalesce(cardinality(v_calls), 0) = 0, 'PT422',
		format('call_ids names 1 to %s calls', c_calls),
		format('It has %s elements.', coalesce(cardinality(call_ids), 0)), 'Name the others in another call.');
	RETURN v_calls;
END
$$;
COMMENT ON FUNCTION voiceagent_private.calls_named(bigint[]) IS
	'The calls that an argument call_ids names, each once, in order; PT422 for none and for more than 1000.';

CREATE FUNCTION voiceagent.analyse_again(call_ids bigint[], assistant_version integer DEFAULT NULL) RETURNS bigint
	LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET planner.policy = by_keys SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent_private.writer_tenant();
	v_calls bigint[] := voiceagent_private.calls_named(call_ids);
	v_run bigint;
	v_read integer := 0;
	v_left bigint[];
	v_began timestamptz := clock_timestamp();
	v_time interval := voiceagent_private.as_interval(voiceagent_private.platform_setting('analysis_time'));
	c_step CONSTANT integer := 5;
BEGIN
	PERFORM voiceagent_private.fail_if(analyse_again.assistant_version < 1, 'PT422',
		'assistant_version must be 1 or more');
	INSERT INTO voiceagent.analysis_runs (tenant_id, assistant_version, created_by, created_at)
	VALUES (v_tenant, analyse_again.assistant_version, voiceagent_private.actor(), voiceagent.clock())
	RETURNING run INTO v_run;
	FOR v_from IN 1..cardinality(v_calls) BY c_step LOOP
		-- A step at least; the call of the function is the caller's statement, and must end within its patience.
		IF v_from > 1 AND clock_timestamp() - v_began > v_time THEN
			v_left := v_calls[v_from:];
			EXIT;
		END IF;
		v_read := v_read + voiceagent_private.read_again(v_run, analyse_again.assistant_version,
			v_calls[v_from:v_from + c_step - 1]);
	END LOOP;
	PERFORM voiceagent_private.fail_if(v_read = 0 AND v_left IS NULL, 'PT404', 'none of these calls can be read again',
		NULL, 'They must have ended with a conversation that is kept (retention_transcripts), in a language that is '
		'read, and with such a version.');
	PERFORM voiceagent_private.finish_run(v_run, v_read, v_left);
	IF v_left IS NOT NULL THEN
		RAISE WARNING USING MESSAGE = format('run %s had no time for %s of %s calls', v_run, cardinality(v_left),
				cardinality(v_calls)),
			HINT = format('Read them by another run: SELECT voiceagent.analyse_again(calls_left) FROM '
				'voiceagent.analysis_runs WHERE run = %s;', v_run);
	END IF;
	PERFORM voiceagent_private.audit('analyse_again', 'run ' || v_run, NULL, jsonb_build_object('calls', v_read));
	RETURN v_run;
END
$$;
COMMENT ON FUNCTION voiceagent.analyse_again(bigint[], integer) IS
	E'Reads the words of ended calls, at most 1000, once more by the rules of today, and returns the run; nothing is '
	'acted upon.\n'
	'assistant_version: with the fields of that version of their assistants; NULL: of the one that spoke. '
	'Calls whose words are not kept are left out; those it had no time for (analysis_time) are in '
	'analysis_runs.calls_left. PT404: none can be read; PT422.';
INSERT INTO voiceagent_private.registrations (kind, name) VALUES ('deferred', 'analyse_again');
