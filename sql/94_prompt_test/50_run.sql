-- 94_prompt_test: a run. Each caller talks k times; the run passes when every talk does and the structure has no error.

CREATE FUNCTION voiceagent_private.choose_callers(names text[], language text, objective text, tools jsonb)
	RETURNS TABLE (name text, script jsonb) LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	v_missing text;
BEGIN
	SELECT string_agg(quote_literal(left(n, 100)), ', ' ORDER BY n) INTO v_missing FROM unnest(names) n
	WHERE NOT EXISTS (SELECT FROM voiceagent.test_callers c WHERE c.tenant_id = v_tenant AND c.name = n)
		AND NOT EXISTS (SELECT FROM voiceagent_private.caller_personas() p WHERE p.name = n);
	PERFORM voiceagent_private.fail_if(v_missing IS NOT NULL, 'PT422', 'no such scripted caller', left(v_missing, 500),
		'test_callers and standard_callers() show those that there are.');
	RETURN QUERY
		SELECT c.name, jsonb_build_object('language', c.language, 'lines', c.lines, 'faults', c.faults,
			'expect', c.expect, 'variables', c.variables, 'seed', c.seed)
		FROM voiceagent.test_callers c
		-- A caller that is shipped since has its name; a run must not lose it without a word.
		WHERE c.tenant_id = v_tenant AND c.name NOT IN (SELECT p.name FROM voiceagent_private.caller_personas() p)
			AND CASE WHEN names IS NULL
			THEN c.language = choose_callers.language
				AND coalesce(c.objective = choose_callers.objective, choose_callers.objective <> 'reception')
			ELSE c.name = ANY (names) END
		UNION ALL
		SELECT r.name, jsonb_build_object('language', choose_callers.language, 'lines', r.lines, 'faults', r.faults,
			'expect', r.expect, 'variables', r.variables, 'seed', 1)
		FROM voiceagent.standard_callers(choose_callers.language, choose_callers.objective) r
		WHERE (names IS NULL OR r.name = ANY (names))
			-- A caller that wants what only a tool that is not there can do tells nothing.
			AND (tools ? (SELECT substr(p.ends, 4) FROM voiceagent_private.caller_personas() p
				WHERE p.name = r.name AND starts_with(p.ends, 'in_') AND p.ends <> 'in_nothing')) IS NOT FALSE
		ORDER BY 1;
END
$$;
COMMENT ON FUNCTION voiceagent_private.choose_callers(text[], text, text, jsonb) IS
	E'The scripted callers of these names (NULL: all that fit the language, objective and tools), a shipped one '
	'before an own one of its name, as {"language", "lines", "faults", "expect", "variables", "seed"}.\n'
	'PT422 for a name that there is not.';

CREATE FUNCTION voiceagent_private.decide_run(test_run_id bigint) RETURNS void
	LANGUAGE plpgsql VOLATILE SET planner.policy = by_keys SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	v_run voiceagent.test_runs;
	v_people jsonb[];
	v_talks jsonb[];
	v_calls voiceagent_private.staged_call[];
	v_verdict text;
	v_heard boolean;
	c_nothing CONSTANT jsonb := '{"turns": [{"speaker": "assistant", "text": "-"}], "ended_by": "limit", "data": {},
		"error": "the model was not asked"}';
BEGIN
	SELECT r.* INTO STRICT v_run FROM voiceagent.test_runs r
	WHERE r.tenant_id = v_tenant AND r.test_run_id = decide_run.test_run_id FOR NO KEY UPDATE;
	IF v_run.status = 'done' THEN
		RETURN;
	END IF;
	-- The embedded model stands in for no other: what a vendor's has not said was not said.
	SELECT array_agg(t.script ORDER BY t.talk), array_agg(CASE v_run.method WHEN 'rules' THEN t.talk_state
		ELSE coalesce(t.talk_state, c_nothing) END ORDER BY t.talk) INTO v_people, v_talks
	FROM voiceagent.test_talks t WHERE t.tenant_id = v_tenant AND t.test_run_id = decide_run.test_run_id;
	-- Before the statement that writes: a simulation acts for another tenant.
	v_calls := ARRAY(SELECT s FROM voiceagent_private.stage_calls(v_run.assistant_id, v_run.version, v_people, v_talks,
		v_run.seed, false) s);
	UPDATE voiceagent.test_talks t
	SET turns = s.talk -> 'turns', end_state = s.end_state, talk_state = NULL, setup = NULL,
		failed_predicate = f.failed, verdict = CASE WHEN f.failed IS NULL THEN 'passed' ELSE 'failed' END
	FROM unnest(v_calls) s
	CROSS JOIN LATERAL (SELECT coalesce(s.end_state, '{}') || (SELECT jsonb_build_object(
			'said', coalesce(string_agg(t.turn ->> 'text', ' ' ORDER BY t.n)
				FILTER (WHERE t.turn ->> 'speaker' = 'assistant'), ''),
			'heard', coalesce(string_agg(t.turn ->> 'text', ' ' ORDER BY t.n)
				FILTER (WHERE t.turn ->> 'speaker' = 'customer'), ''),
			'talk', jsonb_build_object('turns', count(*), 'ended_by', s.talk -> 'ended_by'))
		FROM jsonb_array_elements(CASE jsonb_typeof(s.talk -> 'turns') WHEN 'array' THEN s.talk -> 'turns'
			ELSE '[]' END)
			WITH ORDINALITY AS t(turn, n)) AS state OFFSET 0) j
	CROSS JOIN LATERAL (SELECT coalesce(s.talk ->> 'error', (SELECT left(concat_ws(' ', p.value ->> 'path',
		p.value ->> 'is', p.value ->> 'value') || ', but it is '
			|| left(coalesce(j.state #>> string_to_array(p.value ->> 'path', '.'), 'not there'), 200), 500)
		FROM jsonb_array_elements((v_people[s.n] -> 'expect')) WITH ORDINALITY AS p(value, nth)
		WHERE voiceagent_private.holds(p.value, j.state) IS NOT TRUE ORDER BY p.nth LIMIT 1)) AS failed OFFSET 0) f
	WHERE t.tenant_id = v_tenant AND t.test_run_id = decide_run.test_run_id AND t.talk = s.n;
	UPDATE voiceagent.test_talks t SET verdict = 'failed', talk_state = NULL, setup = NULL,
		failed_predicate = 'no call could be placed: a variable of the prompt has no value'
	WHERE t.tenant_id = v_tenant AND t.test_run_id = decide_run.test_run_id AND t.verdict IS NULL;
	SELECT count(*), count(*) FILTER (WHERE t.verdict = 'passed'),
		-- A talk that a vendor's outage, limit or budget ended says nothing of the version.
		bool_or(t.verdict = 'failed' AND v_talks[t.talk] ->> 'error' IS NULL),
		encode(sha256(convert_to(string_agg(jsonb_build_array(t.caller, t.repetition, t.turns, t.end_state,
			t.failed_predicate)::text, E'\n' ORDER BY t.talk), 'UTF8')), 'hex')
	INTO v_run.talks, v_run.passed, v_heard, v_run.digest
	FROM voiceagent.test_talks t WHERE t.tenant_id = v_tenant AND t.test_run_id = decide_run.test_run_id;
	v_verdict := CASE WHEN v_run.passed = v_run.talks AND NOT v_run.findings @> '[{"severity": "error"}]'
		THEN CASE v_run.method WHEN 'rules' THEN 'rehearsed' ELSE 'passed' END ELSE 'failed' END;
	UPDATE voiceagent.test_runs r SET status = 'done', talks = v_run.talks, passed = v_run.passed,
		digest = v_run.digest, verdict = v_verdict, done_at = voiceagent.clock()
	WHERE r.tenant_id = v_tenant AND r.test_run_id = decide_run.test_run_id;
	-- A single easy caller proves nothing of a version.
	INSERT INTO voiceagent.assistant_verdicts AS a (tenant_id, assistant_id, version, verdict, method, test_run_id,
		tested_at)
	SELECT v_tenant, v_run.assistant_id, v_run.version, v_verdict, v_run.method, v_run.test_run_id, voiceagent.clock()
	WHERE CASE v_verdict WHEN 'failed' THEN v_heard OR v_run.findings @> '[{"severity": "error"}]'
		ELSE v_run.complete END
	ON CONFLICT ON CONSTRAINT assistant_verdicts_pkey DO UPDATE
	SET verdict = excluded.verdict, method = excluded.method, test_run_id = excluded.test_run_id,
		tested_at = excluded.tested_at
	-- The verdict of a model on a version counts until a rehearsal fails.
	WHERE a.method IS DISTINCT FROM 'model' OR excluded.method = 'model' OR excluded.verdict = 'failed';
END
$$;
COMMENT ON FUNCTION voiceagent_private.decide_run(bigint) IS
	'Lets the talks of a run take place that have not (with the embedded model), finds out in a simulation what each '
	'has come to, holds the predicates against it, and writes the verdicts of the talks, the run and the version.';

CREATE FUNCTION voiceagent_private.begin_run(assistant_id bigint, version integer, callers text[], k integer,
	seed bigint, objective text, model_account_id bigint, model text) RETURNS bigint
	LANGUAGE plpgsql VOLATILE SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	v_version voiceagent.assistant_versions := voiceagent_private.named_version(assistant_id, version);
	v_told jsonb;
	v_run bigint;
	v_talks integer;
	v_most integer := voiceagent_private.setting_integer('test_callers_per_run');
BEGIN
	v_told := voiceagent_private.talker_assistant(assistant_id, v_version.version, NULL);
	PERFORM voiceagent_private.fail_if(model_account_id IS NOT NULL AND v_told ->> 'direction' = 'inbound', 'PT422',
		'a receptionist is rehearsed without a model of a vendor', NULL,
		'Its callers want its tools, which a model has in a call; sandbox_call_in() and talk_to_assistant() try it.');
	INSERT INTO voiceagent.test_runs (tenant_id, assistant_id, version, method, model, model_account_id, k, seed,
		complete, findings, created_at, created_by)
	VALUES (v_tenant, assistant_id, v_version.version, CASE WHEN model_account_id IS NULL THEN 'rules' ELSE 'model' END,
		CASE WHEN model_account_id IS NULL THEN 'sandbox'
			ELSE (voiceagent_private.choose_model(model_account_id, model)).model END,
		model_account_id, k, seed, callers IS NULL AND objective IS NULL,
		(SELECT coalesce(jsonb_agg(to_jsonb(f) ORDER BY f.severity, f.field, f.line, f.rule), '[]')
			FROM voiceagent.lint_assistant(assistant_id, v_version.version) f),
		voiceagent.clock(), voiceagent_private.actor())
	RETURNING test_run_id INTO v_run;
	INSERT INTO voiceagent.test_talks (tenant_id, test_run_id, talk, caller, repetition, script)
	SELECT v_tenant, v_run, row_number() OVER (ORDER BY c.name COLLATE "C", r), c.name, r,
		c.script || jsonb_build_object('seed', hashint8extended((c.script ->> 'seed')::bigint + 1000 * r, seed)
			% 1000000007)
	FROM voiceagent_private.choose_callers(callers, left(v_version.language, 2),
		-- Without answers the talker only offers a callback; a vendor's model follows its prompt.
		CASE WHEN v_told ->> 'direction' = 'inbound' THEN 'reception' ELSE coalesce(objective, v_told ->> 'objective',
			CASE WHEN model_account_id IS NULL THEN 'callback'
				WHEN v_version.settings -> 'tools' ? 'book' THEN 'appointment' ELSE 'custom' END) END,
		coalesce(v_version.settings -> 'tools', '[]')) c
	CROSS JOIN generate_series(1, k) r
	LIMIT v_most + 1;
	GET DIAGNOSTICS v_talks = ROW_COUNT;
	PERFORM voiceagent_private.fail_if(v_talks = 0, 'PT422', 'no scripted caller speaks the assistant''s language',
		format('It is %s.', v_version.language), 'create_test_caller() makes one; en, es, fr and de are shipped.');
	PERFORM voiceagent_private.fail_if(v_talks > v_most, 'PT422', 'there are too many talks',
		format('At most %s (callers times k) in a run.', v_most), 'Choose fewer callers, or a smaller k.');
	UPDATE voiceagent.test_runs r SET talks = v_talks WHERE r.tenant_id = v_tenant AND r.test_run_id = v_run;
	DELETE FROM voiceagent.test_runs r
	WHERE r.tenant_id = v_tenant AND r.assistant_id = begin_run.assistant_id
		AND r.test_run_id <= (SELECT o.test_run_id FROM voiceagent.test_runs o
			WHERE o.tenant_id = v_tenant AND o.assistant_id = begin_run.assistant_id
			ORDER BY o.test_run_id DESC OFFSET voiceagent_private.setting_integer('test_runs_kept') LIMIT 1);
	RETURN v_run;
END
$$;
COMMENT ON FUNCTION voiceagent_private.begin_run(bigint, integer, text[], integer, bigint, text, bigint, text) IS
	'Makes the rows of a test run, with what lint_assistant() finds, and deletes the oldest runs beyond the setting '
	'test_runs_kept; errors as test_assistant().';

CREATE FUNCTION voiceagent.test_assistant(assistant_id bigint, version integer DEFAULT NULL,
	callers text[] DEFAULT NULL, k integer DEFAULT 1, seed bigint DEFAULT 1, objective text DEFAULT NULL,
	model_account_id bigint DEFAULT NULL, model text DEFAULT NULL) RETURNS bigint
	LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_run bigint;
BEGIN
	PERFORM voiceagent_private.writer_tenant();
	PERFORM voiceagent_private.fail_if(k IS NULL OR k NOT BETWEEN 1 AND 100, 'PT422', 'k lies between 1 and 100', NULL,
		'It says how often each caller talks.');
	PERFORM voiceagent_private.fail_if(seed IS NULL, 'PT422', 'seed must be a number');
	PERFORM voiceagent_private.fail_if(objective NOT IN ('appointment', 'lead', 'information', 'callback', 'custom'),
		'PT422', 'no such objective', NULL,
		'There are appointment, lead, information, callback and custom; NULL: what its answers say.');
	PERFORM voiceagent_private.fail_if(cardinality(callers) = 0 OR cardinality(callers) > 1000, 'PT422',
		'name 1 to 1000 callers', NULL, 'NULL: all that fit.');
	PERFORM voiceagent_private.fail_if(model IS NOT NULL AND model_account_id IS NULL, 'PT422',
		'a model needs its account', NULL, 'model_account_id names it; without both the embedded model talks.');
	v_run := voiceagent_private.begin_run(assistant_id, version, callers, k, seed, objective, model_account_id, model);
	IF model_account_id IS NULL THEN
		PERFORM voiceagent_private.decide_run(v_run);
	ELSE
		PERFORM voiceagent_private.begin_model_talks(v_run);
	END IF;
	RETURN v_run;
END
$$;
COMMENT ON FUNCTION voiceagent.test_assistant(bigint, integer, text[], integer, bigint, text, bigint, text) IS
	E'Tests a version of an assistant (NULL: the current one) with scripted callers (NULL: all that fit) and returns '
	'the test_run_id, which test_report() shows.\n'
	'k: talks of each caller, 1 to 100; objective: NULL: as the answers have it; model_account_id and model: a '
	'vendor''s model talks, else the embedded one. It raises PT404, PT422.';

CREATE FUNCTION voiceagent.test_report(test_run_id bigint)
	RETURNS TABLE (caller text, tested text, talks bigint, passed bigint, pass_k boolean, verdict text,
		failed_predicate text, transcript text, digest text)
	LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
	SET planner.policy = by_keys AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	v_run voiceagent.test_runs;
BEGIN
	SELECT r.* INTO v_run FROM voiceagent.test_runs r
	WHERE r.tenant_id = v_tenant AND r.test_run_id = test_report.test_run_id;
	PERFORM voiceagent_private.fail_if(NOT FOUND, 'PT404', 'no such test run');
	IF v_run.status = 'talked' THEN
		PERFORM voiceagent_private.decide_run(v_run.test_run_id);
		SELECT r.* INTO v_run FROM voiceagent.test_runs r
		WHERE r.tenant_id = v_tenant AND r.test_run_id = test_report.test_run_id;
	END IF;
	-- The first row is the run: as in a table of figures, all before each.
	RETURN QUERY SELECT NULL::text,
		CASE v_run.method WHEN 'rules' THEN 'rehearsed by rules' ELSE 'tested by a model' END,
		count(*), count(*) FILTER (WHERE t.verdict = 'passed'), bool_and(t.verdict = 'passed'),
		coalesce(v_run.verdict, v_run.status),
		(SELECT left(string_agg(format('%s: %s (%s, line %s)', f ->> 'severity', f ->> 'rule', f ->> 'field',
				coalesce(f ->> 'line', '-')), '; '), 500)
			FROM jsonb_array_elements(v_run.findings) f WHERE f ->> 'severity' = 'error'),
		format('%s of %s callers %s %s (pass^%s %s, 95 %% from %s to %s)', s.sound, s.callers,
			CASE v_run.method WHEN 'rules' THEN 'came out right in' ELSE 'passed' END,
			CASE v_run.k WHEN 1 THEN 'their talk' ELSE format('all of their %s talks', v_run.k) END,
			v_run.k, round(s.sound::numeric / greatest(s.callers, 1), 4),
			(voiceagent_private.wilson(s.sound, s.callers)).low, (voiceagent_private.wilson(s.sound, s.callers)).high),
		v_run.digest
	FROM voiceagent.test_talks t
	CROSS JOIN (SELECT count(*) AS callers, count(*) FILTER (WHERE x.all_passed) AS sound
		FROM (SELECT bool_and(o.verdict = 'passed') AS all_passed FROM voiceagent.test_talks o
			WHERE o.tenant_id = v_tenant AND o.test_run_id = v_run.test_run_id GROUP BY o.caller) x) s
	WHERE t.tenant_id = v_tenant AND t.test_run_id = v_run.test_run_id GROUP BY s.callers, s.sound;
	RETURN QUERY SELECT t.caller, CASE v_run.method WHEN 'rules' THEN 'rehearsed by rules' ELSE 'tested by a model' END,
		count(*), count(*) FILTER (WHERE t.verdict = 'passed'), bool_and(t.verdict = 'passed'),
		CASE WHEN bool_or(t.verdict = 'failed') THEN 'failed' WHEN bool_and(t.verdict = 'passed') THEN
			CASE v_run.method WHEN 'rules' THEN 'rehearsed' ELSE 'passed' END END,
		min(t.failed_predicate),
		-- That of the first talk that failed, else of the first.
		(array_agg((SELECT string_agg(CASE w.turn ->> 'speaker' WHEN 'assistant' THEN 'AI: ' ELSE 'User: ' END
			|| left(w.turn ->> 'text', 500), E'\n' ORDER BY w.n)
			FROM jsonb_array_elements(t.turns) WITH ORDINALITY AS w(turn, n))
			ORDER BY t.verdict = 'passed', t.repetition))[1],
		NULL::text
	FROM voiceagent.test_talks t
	WHERE t.tenant_id = v_tenant AND t.test_run_id = v_run.test_run_id GROUP BY t.caller
	ORDER BY t.caller COLLATE "C";
END
$$;
COMMENT ON FUNCTION voiceagent.test_report(bigint) IS
	E'The results of a test run: a row for the run (caller NULL, with pass^k and its interval, and the digest), then '
	'one for each caller, with the transcript of a failed talk, or else of its first, and the predicate that failed.\n'
	'The verdict rehearsed says nothing of a vendor''s model. It judges a run whose talks with one are over. PT404.';
INSERT INTO voiceagent_private.registrations (kind, name) VALUES
	('deferred', 'test_assistant'), ('deferred', 'test_report');
