/*
 * 94_prompt_test: talks with a vendor's model. Each turn is a model request; its
 * handler takes the answer and asks for the next, in the transaction that
 * records it. The last request of a talk is the analysis of the call. A worker
 * cannot simulate, so the run is judged when somebody looks at its report.
 */

SELECT voiceagent_private.register_model_purpose('prompt_test', 'answer_test_talk',
	'A turn of an assistant that test_assistant() tests, or the analysis of the talk');

CREATE FUNCTION voiceagent_private.go_on_with_talk(run voiceagent.test_runs, talk integer, setup jsonb, state text,
	answer text) RETURNS void
	LANGUAGE plpgsql VOLATILE SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_variable
DECLARE
	v_next jsonb := voiceagent_private.rehearsal_step(setup::text, state, answer, false)::jsonb;
	v_request bigint;
BEGIN
	IF v_next -> 'request' <> 'null' THEN
		v_request := voiceagent_private.request_model('prompt_test', run.test_run_id, jsonb_strip_nulls(
			jsonb_build_object('messages', v_next #> '{request,messages}',
				'seed', abs((v_next #>> '{request,seed}')::bigint) % 1000000, 'max_tokens', 500,
				'schema', v_next #> '{request,response_format,json_schema,schema}',
				'schema_name', v_next #> '{request,response_format,json_schema,name}')),
			run.model_account_id, run.model);
	END IF;
	UPDATE voiceagent.test_talks t SET talk_state = v_next -> 'talk', model_request_id = v_request
	WHERE t.tenant_id = run.tenant_id AND t.test_run_id = run.test_run_id AND t.talk = talk;
END
$$;
COMMENT ON FUNCTION voiceagent_private.go_on_with_talk(voiceagent.test_runs, integer, jsonb, text, text) IS
	'Takes the model''s answer (NULL: there is none yet) into a talk and asks for the next turn, unless it is over.';

CREATE FUNCTION voiceagent_private.end_talks(run voiceagent.test_runs) RETURNS void
	LANGUAGE sql VOLATILE SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
	UPDATE voiceagent.test_runs r SET status = 'talked'
	WHERE r.tenant_id = (run).tenant_id AND r.test_run_id = (run).test_run_id AND r.status = 'running'
		AND NOT EXISTS (SELECT FROM voiceagent.test_talks t WHERE t.tenant_id = (run).tenant_id
			AND t.test_run_id = (run).test_run_id AND t.model_request_id IS NOT NULL)
$$;
COMMENT ON FUNCTION voiceagent_private.end_talks(voiceagent.test_runs) IS
	'Marks a run whose talks with a vendor''s model are all over.';

CREATE FUNCTION voiceagent_private.begin_model_talks(test_run_id bigint) RETURNS void
	LANGUAGE plpgsql VOLATILE SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	v_run voiceagent.test_runs;
	v_people jsonb[];
	v_calls voiceagent_private.staged_call[];
	v record;
BEGIN
	SELECT r.* INTO STRICT v_run FROM voiceagent.test_runs r
	WHERE r.tenant_id = v_tenant AND r.test_run_id = begin_model_talks.test_run_id FOR NO KEY UPDATE;
	v_people := ARRAY(SELECT t.script FROM voiceagent.test_talks t
		WHERE t.tenant_id = v_tenant AND t.test_run_id = v_run.test_run_id ORDER BY t.talk);
	v_calls := ARRAY(SELECT s FROM voiceagent_private.stage_calls(v_run.assistant_id, v_run.version, v_people, NULL,
		v_run.seed, true) s);
	FOR v IN SELECT s.n, s.setup FROM unnest(v_calls) s LOOP
		UPDATE voiceagent.test_talks t SET setup = v.setup
		WHERE t.tenant_id = v_tenant AND t.test_run_id = v_run.test_run_id AND t.talk = v.n;
		PERFORM voiceagent_private.go_on_with_talk(v_run, v.n, v.setup, NULL, NULL);
	END LOOP;
	PERFORM voiceagent_private.end_talks(v_run);
END
$$;
COMMENT ON FUNCTION voiceagent_private.begin_model_talks(bigint) IS
	'Finds out in a simulation with what texts each caller of a run would be called, and asks the model for the first '
	'answers.';

CREATE FUNCTION voiceagent_private.answer_test_talk(model_request_id bigint) RETURNS void
	LANGUAGE plpgsql VOLATILE SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	v_asked voiceagent.model_requests;
	v_talk voiceagent.test_talks;
	v_run voiceagent.test_runs;
	v_failed text;
BEGIN
	SELECT m.* INTO v_asked FROM voiceagent.model_requests m
	WHERE m.tenant_id = v_tenant AND m.model_request_id = answer_test_talk.model_request_id;
	-- The run first: two last answers at once would each find the other's talk under way.
	SELECT r.* INTO v_run FROM voiceagent.test_runs r
	WHERE r.tenant_id = v_tenant AND r.test_run_id = v_asked.object_id FOR NO KEY UPDATE;
	SELECT t.* INTO v_talk FROM voiceagent.test_talks t
	WHERE t.tenant_id = v_tenant AND t.model_request_id = answer_test_talk.model_request_id FOR NO KEY UPDATE;
	-- The run may have given way to newer ones.
	IF v_talk.talk IS NULL OR v_run.status IS DISTINCT FROM 'running' THEN
		RETURN;
	END IF;
	v_failed := CASE WHEN v_asked.status <> 'done'
		THEN format('the model did not answer: %s', coalesce(v_asked.reason, v_asked.status)) END;
	IF v_failed IS NULL THEN
		-- An error that stops the next turn ends the talk: nothing else ever would.
		BEGIN
			PERFORM voiceagent_private.go_on_with_talk(v_run, v_talk.talk, v_talk.setup, v_talk.talk_state::text,
				coalesce(v_asked.output::text, v_asked.output_text, ''));
		EXCEPTION WHEN SQLSTATE 'PT402' OR SQLSTATE 'PT404' OR SQLSTATE 'PT409' OR SQLSTATE 'PT422'
			OR SQLSTATE 'PT429' OR data_exception THEN
			v_failed := format('the model could not be asked for the next turn: %s', SQLERRM);
		END;
	END IF;
	IF v_failed IS NOT NULL THEN
		UPDATE voiceagent.test_talks t SET model_request_id = NULL, talk_state = coalesce(t.talk_state, '{}')
			|| jsonb_build_object('ended_by', 'limit', 'data', '{}'::jsonb, 'error', v_failed)
		WHERE t.tenant_id = v_tenant AND t.test_run_id = v_run.test_run_id AND t.talk = v_talk.talk;
	END IF;
	PERFORM voiceagent_private.end_talks(v_run);
END
$$;
COMMENT ON FUNCTION voiceagent_private.answer_test_talk(bigint) IS
	'The handler of the purpose prompt_test: takes the answer of a model request into its talk and asks for the next '
	'turn; a talk whose model does not answer has failed.';

CREATE FUNCTION voiceagent_private.check_prompt_tests() RETURNS TABLE (invariant text, detail text)
	LANGUAGE sql STABLE AS $$
	SELECT 'a test run goes on exactly while one of its talks waits for a model', format('test run %s', r.test_run_id)
	FROM voiceagent.test_runs r
	WHERE r.tenant_id = voiceagent.current_tenant() AND (r.status = 'running') <> EXISTS (
		SELECT FROM voiceagent.test_talks t
		JOIN voiceagent_private.model_request_queue q ON q.tenant_id = t.tenant_id
			AND q.model_request_id = t.model_request_id
		WHERE t.tenant_id = r.tenant_id AND t.test_run_id = r.test_run_id)
$$;
COMMENT ON FUNCTION voiceagent_private.check_prompt_tests() IS
	'Violations of the invariant of test runs for the current tenant.';
INSERT INTO voiceagent_private.registrations (kind, name) VALUES ('invariant', 'check_prompt_tests');
