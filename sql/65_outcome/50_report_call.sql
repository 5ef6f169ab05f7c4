/*
 * 65_outcome: the result of a call, reported by whoever talked in it where the
 * carrier does not listen: a bot behind the account's stream_url, a person to
 * whom the call was put through.  It has of a carrier's report what is said in
 * words, and no more: when the call ended, who answered and what it costs is
 * for the carrier to say.  While the call is live the words lie in its row, and
 * the report of its end is read as if it had brought them, too; those of a call
 * that is over are heard as any that come late (60_inbox/34_late.sql).  The key
 * that stops the calls is kept in the same way.
 */

CREATE FUNCTION voiceagent_private.read_turns(turns jsonb) RETURNS jsonb
	LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_read jsonb;
	v_bad integer;
	-- From 2001, so that what counts from the start of the call is refused, to the year 9999, as with carriers.
	c_earliest_ms CONSTANT numeric := 1000000000000;
	c_latest_ms CONSTANT numeric := 253402300799999;
	c_longest_s CONSTANT numeric := 1000000;
	c_places CONSTANT numeric := 10000;
BEGIN
	PERFORM voiceagent_private.fail_if(jsonb_typeof(turns) <> 'array', 'PT422', 'turns must be an array');
	SELECT min(t.n) FILTER (
		WHERE (t.speaker IN ('assistant', 'customer', 'system', 'tool', 'unknown')
				AND jsonb_typeof(t.value -> 'text') = 'string'
				AND coalesce(t.value -> 'at_ms', 'null') = coalesce(to_jsonb(t.at_ms), 'null')
				AND coalesce(t.at_ms BETWEEN c_earliest_ms AND c_latest_ms, true)
				AND coalesce(t.value -> 'turn', 'null') = coalesce(to_jsonb(t.place), 'null')
				AND coalesce(t.place BETWEEN 1 AND c_places AND t.place = trunc(t.place), true)
				AND coalesce(t.value -> 'seconds_from_start', 'null') = coalesce(to_jsonb(t.seconds), 'null')
				AND coalesce(t.seconds BETWEEN 0 AND c_longest_s, true)
				AND coalesce(t.value -> 'confidence', 'null') = coalesce(to_jsonb(t.confidence), 'null')
				AND coalesce(t.confidence BETWEEN 0 AND 1, true)) IS NOT TRUE),
		jsonb_agg(jsonb_strip_nulls(
			jsonb_build_object('turn', t.n, 'speaker', t.speaker, 'text', t.value -> 'text', 'at_ms', t.at_ms,
				'seconds_from_start', t.seconds, 'confidence', trim_scale(round(t.confidence, 3)))) ORDER BY t.n)
	INTO v_bad, v_read
	FROM (SELECT e.n, e.value, e.value ->> 'speaker' AS speaker,
			CASE jsonb_typeof(e.value -> 'turn') WHEN 'number' THEN (e.value ->> 'turn')::numeric END AS place,
			CASE jsonb_typeof(e.value -> 'at_ms') WHEN 'number' THEN (e.value ->> 'at_ms')::numeric END AS at_ms,
			CASE jsonb_typeof(e.value -> 'seconds_from_start')
				WHEN 'number' THEN (e.value ->> 'seconds_from_start')::numeric END AS seconds,
			CASE jsonb_typeof(e.value -> 'confidence') WHEN 'number' THEN (e.value ->> 'confidence')::numeric END
				AS confidence
		FROM jsonb_array_elements(turns) WITH ORDINALITY AS e(value, n)) t;
	PERFORM voiceagent_private.fail_if(v_bad IS NOT NULL, 'PT422', format('turn %s is none', v_bad), NULL,
		'A turn is {"speaker": assistant, customer, system, tool or unknown, "text", "turn" (its place, from 1 to '
		'10000), "at_ms" (Unix time in milliseconds), "seconds_from_start", "confidence" (of whoever heard it, 0 to '
		'1)}; the last four may be left out.');
	RETURN v_read;
END
$$;
COMMENT ON FUNCTION voiceagent_private.read_turns(jsonb) IS
	E'The turns of a conversation as the table conversations keeps them, numbered in their order; '
	'NULL: there are none.\n'
	'PT422, with the first that is none.';

CREATE FUNCTION voiceagent_private.require_report_size(bytes bigint) RETURNS void LANGUAGE plpgsql IMMUTABLE AS $$
DECLARE
	-- As much as a webhook may have by receive_webhook().
	c_max_bytes CONSTANT integer := 1048576;
BEGIN
	PERFORM voiceagent_private.fail_if(bytes > c_max_bytes, 'PT413', 'the report is too large',
		format('With what is known of the call it has more than %s bytes.', c_max_bytes));
END
$$;
COMMENT ON FUNCTION voiceagent_private.require_report_size(bigint) IS
	'PT413 for more bytes than a report, or the turns of a call by several, may have.';

CREATE FUNCTION voiceagent_private.parse_agent_report(structured_data jsonb, summary text, transcript text, turns jsonb,
	success_evaluation text)
	RETURNS voiceagent.call_event LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	e voiceagent.call_event;
	c_max_evaluation CONSTANT integer := 200;
	-- More than require_report_size() lets through need not be counted.
	c_bytes CONSTANT integer := 1048576;
BEGIN
	PERFORM voiceagent_private.require_report_size(
		coalesce(voiceagent_private.json_bytes(parse_agent_report.structured_data, c_bytes), 0)
		+ coalesce(octet_length(parse_agent_report.summary), 0)
		+ coalesce(octet_length(parse_agent_report.transcript), 0)
		+ coalesce(voiceagent_private.json_bytes(parse_agent_report.turns, c_bytes), 0));
	IF jsonb_typeof(parse_agent_report.structured_data) <> 'object' THEN
		PERFORM voiceagent_private.fail('PT422', 'structured_data must be an object');
	ELSIF length(parse_agent_report.success_evaluation) > c_max_evaluation THEN
		PERFORM voiceagent_private.fail('PT422',
			format('success_evaluation has at most %s characters', c_max_evaluation));
	END IF;
	PERFORM voiceagent_private.require_readable(parse_agent_report.structured_data, 'structured_data'),
		voiceagent_private.require_readable(parse_agent_report.turns, 'turns');
	structured_data := voiceagent_private.mask_words(structured_data::text)::jsonb;
	turns := voiceagent_private.mask_words(turns::text)::jsonb;
	summary := voiceagent_private.mask_words(summary);
	transcript := voiceagent_private.mask_words(transcript);
	e.kind := 'report';
	e.structured_data :=
		nullif(voiceagent_private.merge_structured_data(NULL, parse_agent_report.structured_data), '{}');
	e.summary := nullif(btrim(parse_agent_report.summary), '');
	e.success_evaluation := nullif(btrim(parse_agent_report.success_evaluation), '');
	e.transcript := nullif(btrim(parse_agent_report.transcript), '');
	-- Plain text has turns where its lines say who speaks.
	e.turns := coalesce(voiceagent_private.read_turns(parse_agent_report.turns),
		voiceagent_private.transcript_turns(e.transcript));
	-- Without one it is made of the turns, as a carrier's is.
	e.transcript := coalesce(e.transcript, voiceagent_private.turns_text(e.turns));
	IF voiceagent_private.customer_opted_out(e.turns) THEN
		e.structured_data := voiceagent_private.with_opt_out(e.structured_data);
	END IF;
	RETURN e;
END
$$;
COMMENT ON FUNCTION voiceagent_private.parse_agent_report(jsonb, text, text, jsonb, text) IS
	E'Reads the arguments of report_call() as a report that no carrier sent and that ends no call.\n'
	'PT413, PT422: see there.';

CREATE FUNCTION voiceagent_private.save_agent_report(call_id bigint, event voiceagent.call_event,
	places integer[] DEFAULT NULL, times jsonb DEFAULT NULL) RETURNS boolean
	LANGUAGE plpgsql VOLATILE SET planner.policy = by_keys SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	v_call voiceagent.calls;
	v_said jsonb;
	v_slot smallint;
	v_turns jsonb;
	v_news boolean;
BEGIN
	SELECT c.* INTO STRICT v_call FROM voiceagent.calls c
	WHERE c.tenant_id = v_tenant AND c.call_id = save_agent_report.call_id;
	v_said := voiceagent_private.merge_structured_data(v_call.structured_data, (event).structured_data);
	v_slot := voiceagent_private.month_slot(v_call.started_at);
	IF event.turns IS NOT NULL THEN
		SELECT k.turns INTO v_turns FROM voiceagent.conversations k
		WHERE k.tenant_id = v_tenant AND k.call_id = v_call.call_id AND k.month_slot = v_slot;
		v_turns := voiceagent_private.add_turns(v_turns, event.turns, places);
		PERFORM voiceagent_private.require_report_size(voiceagent_private.json_bytes(v_turns, 1048576));
		-- The result covers all turns.
		IF event.transcript = voiceagent_private.turns_text(event.turns) THEN
			event.transcript := voiceagent_private.turns_text(v_turns);
		END IF;
		event.turns := v_turns;
	END IF;
	UPDATE voiceagent.calls c
	SET structured_data = v_said, summary = coalesce((event).summary, c.summary),
		success_evaluation = coalesce((event).success_evaluation, c.success_evaluation),
		transcript = coalesce(voiceagent_private.pack_text((event).transcript), c.transcript)
	WHERE c.tenant_id = v_tenant AND c.call_id = save_agent_report.call_id
		AND (v_said IS DISTINCT FROM c.structured_data OR (event).summary <> c.summary
			OR (event).success_evaluation <> c.success_evaluation
			OR (event).transcript <> c.transcript OR (event).summary IS NOT NULL AND c.summary IS NULL
			OR (event).success_evaluation IS NOT NULL AND c.success_evaluation IS NULL
			OR (event).transcript IS NOT NULL AND c.transcript IS NULL);
	v_news := FOUND;
	INSERT INTO voiceagent.conversations AS k (tenant_id, call_id, month_slot, turns)
	SELECT v_tenant, v_call.call_id, v_slot, voiceagent_private.pack_jsonb((event).turns)
	WHERE (event).turns IS NOT NULL
	ON CONFLICT ON CONSTRAINT conversations_pkey DO UPDATE SET turns = excluded.turns WHERE k.turns <> excluded.turns;
	v_news := v_news OR FOUND;
	IF event.turns IS NOT NULL THEN
		-- As far back as a question is that has just been answered: however long the talk is, a turn costs the same.
		PERFORM voiceagent_private.keep_answers(v_call,
			jsonb_path_query_array(event.turns, '$[last - 11 to last]'));
	END IF;
	IF v_news THEN
		PERFORM voiceagent_private.log_event('call_reported', v_call.campaign_id, v_call.call_id, v_call.lead_id,
			jsonb_strip_nulls(jsonb_build_object('said', voiceagent_private.parse_explicit_outcome(v_said),
				'turns', nullif(times, '[]'))));
	END IF;
	RETURN v_news;
END
$$;
COMMENT ON FUNCTION voiceagent_private.save_agent_report(bigint, voiceagent.call_event, integer[], jsonb) IS
	E'Keeps what was reported of a live call of the current tenant with it, whose row the caller has locked: the '
	'later word over the earlier one (merge_structured_data()), turns added to those that are known (add_turns()).\n'
	'Returns whether something of it was new.';

CREATE FUNCTION voiceagent_private.merge_agent_reports(call_ids bigint[], events voiceagent_private.matched_event[])
	RETURNS voiceagent_private.matched_event[] LANGUAGE plpgsql VOLATILE
	SET planner.policy = by_keys SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	v_result voiceagent_private.matched_event[] := '{}';
	v_call voiceagent.calls;
	v_turns jsonb;
	m voiceagent_private.matched_event;
	e voiceagent.call_event;
BEGIN
	FOREACH m IN ARRAY events LOOP
		e := m.event;
		IF e.kind = 'report' AND m.call_id = ANY (call_ids) THEN
			SELECT c.* INTO v_call FROM voiceagent.calls c
			WHERE c.tenant_id = v_tenant AND c.call_id = m.call_id AND c.outcome IS NULL;
			IF FOUND THEN
				IF e.turns <> '[]' THEN
					-- Another's report of it stands beside these words.
					e.details := CASE WHEN v_call.structured_data IS NOT NULL THEN
						jsonb_build_object('agent', v_call.structured_data) END;
				ELSE
					e.structured_data := coalesce(voiceagent_private.merge_structured_data(v_call.structured_data,
						e.structured_data), e.structured_data);
				END IF;
				e.summary := coalesce(e.summary, v_call.summary);
				e.transcript := coalesce(e.transcript, v_call.transcript);
				e.success_evaluation := coalesce(e.success_evaluation, v_call.success_evaluation);
				-- A bare end has taken the transcript, and reads no turns: see delete_agent_reports().
				IF e.turns <> '[]' OR v_call.transcript IS NOT NULL THEN
					DELETE FROM voiceagent.conversations k
					WHERE k.tenant_id = v_tenant AND k.call_id = m.call_id
						AND k.month_slot = voiceagent_private.month_slot(v_call.started_at)
					RETURNING k.turns INTO v_turns;
					IF FOUND THEN
						e.turns := coalesce(nullif(e.turns, '[]'), v_turns);
					END IF;
				END IF;
				m.event := e;
			END IF;
		END IF;
		v_result := v_result || m;
	END LOOP;
	RETURN v_result;
END
$$;
COMMENT ON FUNCTION voiceagent_private.merge_agent_reports(bigint[], voiceagent_private.matched_event[]) IS
	'The events, the reports of those of these calls that are live with what save_agent_report() has kept '
	'of them: what a carrier itself reports goes before it, but for an opt-out, and so do its turns; the kept '
	'ones, which are read with the call''s end, are taken out of their row.';

CREATE FUNCTION voiceagent_private.delete_agent_reports(call_ids bigint[]) RETURNS void
	LANGUAGE plpgsql VOLATILE SET planner.policy = by_keys SET search_path = pg_catalog, pg_temp AS $$
BEGIN
	UPDATE voiceagent.calls c
	SET structured_data = CASE
		WHEN voiceagent_private.parse_yes(c.structured_data -> 'do_not_call') THEN '{"do_not_call": true}'::jsonb END,
		summary = NULL, transcript = NULL, success_evaluation = NULL
	WHERE c.tenant_id = voiceagent.current_tenant() AND c.call_id = ANY (call_ids) AND c.outcome IS NULL
		AND num_nonnulls(c.structured_data, c.summary, c.transcript, c.success_evaluation) > 0;
END
$$;
COMMENT ON FUNCTION voiceagent_private.delete_agent_reports(bigint[]) IS
	'Takes what save_agent_report() has kept of these live calls of the current tenant off their '
	'rows, but for an opt-out.';

CREATE FUNCTION voiceagent_private.report_parts(call_id bigint) RETURNS jsonb
	LANGUAGE plpgsql STABLE SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	v_call voiceagent.calls;
BEGIN
	SELECT c.* INTO v_call FROM voiceagent.calls c
	WHERE c.tenant_id = v_tenant AND c.call_id = report_parts.call_id;
	RETURN jsonb_build_object('summary', v_call.summary, 'success_evaluation', v_call.success_evaluation,
			'transcript', md5(v_call.transcript), 'turns', (SELECT md5(k.turns::text) FROM voiceagent.conversations k
				WHERE k.tenant_id = v_tenant AND k.call_id = report_parts.call_id
					AND k.month_slot = voiceagent_private.month_slot(v_call.started_at)))
		|| coalesce((SELECT jsonb_object_agg('structured_data.' || d.key, d.value)
			FROM jsonb_each(v_call.structured_data) d WHERE jsonb_typeof(v_call.structured_data) = 'object'), '{}');
END
$$;
COMMENT ON FUNCTION voiceagent_private.report_parts(bigint) IS
	'A call of the current tenant by the parts of a report, long ones by their digest, to compare.';

CREATE FUNCTION voiceagent_private.report_answer(report text, event voiceagent.call_event, before jsonb, after jsonb,
	over boolean) RETURNS jsonb LANGUAGE sql IMMUTABLE AS $$
	SELECT jsonb_build_object('report', report,
		'taken', coalesce(jsonb_agg(p.part ORDER BY p.n) FILTER (WHERE p.state = 'taken'), '[]'),
		'known', coalesce(jsonb_agg(p.part ORDER BY p.n) FILTER (WHERE p.state = 'known'), '[]'),
		'left', coalesce(jsonb_object_agg(p.part, p.state ORDER BY p.n)
			FILTER (WHERE p.state NOT IN ('taken', 'known')), '{}'))
	FROM (SELECT t.part, row_number() OVER () AS n, CASE
			WHEN before -> t.part IS DISTINCT FROM after -> t.part THEN 'taken'
			WHEN t.value = after -> t.part THEN 'known'
			WHEN over AND t.part IN ('turns', 'transcript') AND after ->> t.part IS NOT NULL THEN 'the call has its own'
			WHEN after ->> t.part IS NOT NULL AND over THEN 'the call has another value, which stays after its end'
			WHEN after ->> t.part IS NOT NULL THEN 'known'
			ELSE 'does not count: call_fields says why, or the words of the call are kept no longer' END AS state
		FROM (SELECT 'summary' AS part, to_jsonb(event.summary) AS value
			UNION ALL SELECT 'success_evaluation', to_jsonb(event.success_evaluation)
			UNION ALL SELECT 'transcript', to_jsonb(md5(event.transcript))
			UNION ALL SELECT 'turns', to_jsonb(md5(event.turns::text))
			UNION ALL SELECT 'structured_data.' || d.key, d.value FROM jsonb_each(event.structured_data) d) t
		WHERE t.value IS NOT NULL) p
$$;
COMMENT ON FUNCTION voiceagent_private.report_answer(text, voiceagent.call_event, jsonb, jsonb, boolean) IS
	E'The answer of report_call(): which parts of a report were taken, which were known, and why others were left.\n'
	'before, after: report_parts() of the call; over: it had ended before.';

CREATE FUNCTION voiceagent.report_call(call_id bigint DEFAULT NULL, call_reference text DEFAULT NULL,
	structured_data jsonb DEFAULT NULL, summary text DEFAULT NULL, transcript text DEFAULT NULL,
	turns jsonb DEFAULT NULL, success_evaluation text DEFAULT NULL) RETURNS jsonb
	LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent_private.writer_tenant('agent');
	v_event voiceagent.call_event :=
		voiceagent_private.parse_agent_report(structured_data, summary, transcript, turns, success_evaluation);
	v_call bigint := call_id;
	v_over boolean;
	v_inbound boolean;
	v_opted_out boolean;
	v_told bigint[];
	v_said bigint[];
	v_doubted bigint[];
	v_stops boolean := false;
	v_before jsonb;
	v_report text := 'known';
BEGIN
	PERFORM voiceagent_private.fail_if(num_nonnulls(call_id, call_reference) <> 1, 'PT422',
		'a report is about one call', NULL, 'Give call_id or call_reference.');
	-- As who applies a carrier's report.
	PERFORM voiceagent_private.lock_tenant(false);
	IF call_reference IS NOT NULL THEN
		SELECT a.call_id INTO v_call FROM voiceagent.attempts a
		WHERE a.tenant_id = v_tenant AND a.attempt_id = voiceagent_private.attempt_of_reference(call_reference)
			AND a.reference = call_reference;
	END IF;
	SELECT c.outcome IS NOT NULL, c.direction = 'inbound',
		voiceagent_private.parse_yes(c.structured_data -> 'do_not_call')
	INTO v_over, v_inbound, v_opted_out FROM voiceagent.calls c
	WHERE c.tenant_id = v_tenant AND c.call_id = v_call FOR UPDATE;
	IF NOT FOUND THEN
		PERFORM voiceagent_private.fail('PT404', 'there is no such call');
	ELSIF num_nonnulls((v_event).structured_data, (v_event).summary, (v_event).transcript,
		(v_event).success_evaluation) = 0 THEN
		PERFORM voiceagent_private.fail('PT422', 'the report says nothing', NULL,
			'Give structured_data, summary, transcript, turns or success_evaluation.');
	END IF;
	v_before := voiceagent_private.report_parts(v_call);
	IF v_over THEN
		SELECT h.told, h.said, h.doubted INTO v_told, v_said, v_doubted
		FROM voiceagent_private.apply_late_reports(ARRAY[v_call],
			ARRAY[ROW(NULL, v_call, v_event, NULL)::voiceagent_private.matched_event]) h;
		IF v_inbound THEN
			v_stops := cardinality(v_said) > 0 AND NOT v_opted_out
				AND voiceagent_private.parse_yes((v_event).structured_data -> 'do_not_call')
				OR cardinality(v_doubted) > 0;
		ELSIF cardinality(v_said || v_doubted) > 0 THEN
			PERFORM voiceagent_private.conclude_calls('{}', told_late => v_said, doubted => v_doubted);
		END IF;
		PERFORM voiceagent_private.poke_subscribers();
	ELSE
		v_told := CASE WHEN voiceagent_private.save_agent_report(v_call, v_event,
			ARRAY(SELECT (t.value ->> 'turn')::integer FROM jsonb_array_elements(turns) WITH ORDINALITY AS t(value, n)
				ORDER BY t.n)) THEN ARRAY[v_call] END;
		v_stops := voiceagent_private.stops_calls(v_call);
		IF v_stops AND NOT v_inbound THEN
			v_stops := false;
			PERFORM voiceagent_private.conclude_calls('{}', stopped => ARRAY[v_call]);
		END IF;
	END IF;
	-- A caller that wants no calls is listed at once; what else was said has its effect when the call is over.
	IF v_stops THEN
		PERFORM voiceagent_private.conclude_calls('{}', callers => ARRAY[v_call]);
	END IF;
	IF cardinality(v_told) > 0 THEN
		-- The words are about a person: they stand with the call alone.
		PERFORM voiceagent_private.audit('report_call', 'call ' || v_call, NULL, jsonb_build_object('late', v_over));
		v_report := CASE WHEN v_over THEN 'late' ELSE 'kept' END;
		IF v_over AND v_inbound THEN
			PERFORM voiceagent_private.follow_soon(v_told);
		END IF;
	END IF;
	RETURN voiceagent_private.report_answer(v_report, v_event, v_before, voiceagent_private.report_parts(v_call),
		v_over);
END
$$;
COMMENT ON FUNCTION voiceagent.report_call(bigint, text, jsonb, text, text, jsonb, text) IS
	E'Says what came of a call, for the bot or person that talked in it; for managers and owners.\n'
	'turns: [{"speaker", "text", "turn", "at_ms", "confidence" and others}], later ones added. Returns {"report": '
	'kept, late or known, "taken": [parts], "known": [parts], "left": {part: why}}. PT404; PT413 beyond 1048576 bytes; '
	'PT422 (success_evaluation: 200 characters; not one of call_id, call_reference).';
