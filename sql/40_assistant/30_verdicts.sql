-- 40_assistant: what the tests of a version found (94_prompt_test), and that a campaign is not given one that failed.

CREATE TABLE voiceagent.assistant_verdicts (
	tenant_id bigint NOT NULL,
	assistant_id bigint NOT NULL,
	version integer NOT NULL,
	verdict text CHECK (verdict IN ('passed', 'rehearsed', 'failed')),
	method text CHECK (method IN ('rules', 'model')),
	test_run_id bigint,
	tested_at timestamptz,
	allowed_at timestamptz,
	allowed_by text,
	allowed_reason text CHECK (length(allowed_reason) BETWEEN 1 AND 500),
	PRIMARY KEY (tenant_id, assistant_id, version),
	FOREIGN KEY (tenant_id, assistant_id, version) REFERENCES voiceagent.assistant_versions,
	CONSTRAINT rules_pass_nothing CHECK (verdict <> CASE method WHEN 'rules' THEN 'passed' ELSE 'rehearsed' END),
	CONSTRAINT tested_as_a_whole CHECK ((verdict IS NULL) = (tested_at IS NULL) AND (verdict IS NULL) = (method IS NULL)
		AND (verdict IS NULL) = (test_run_id IS NULL)),
	CONSTRAINT allowed_with_reason CHECK ((allowed_at IS NULL) = (allowed_reason IS NULL)
		AND (allowed_at IS NULL) = (allowed_by IS NULL))
);
COMMENT ON TABLE voiceagent.assistant_verdicts IS
	'The result of the latest test of each version of an assistant, and which versions campaigns may take up anyway.';
COMMENT ON COLUMN voiceagent.assistant_verdicts.assistant_id IS 'The assistant.';
COMMENT ON COLUMN voiceagent.assistant_verdicts.version IS 'Its version.';
COMMENT ON COLUMN voiceagent.assistant_verdicts.verdict IS
	'passed; rehearsed: by rules, which tells nothing of a vendor''s model; failed; NULL: never tested to the end.';
COMMENT ON COLUMN voiceagent.assistant_verdicts.method IS
	'rules: the embedded model talked, by rules; model: a vendor''s language model did.';
COMMENT ON COLUMN voiceagent.assistant_verdicts.test_run_id IS
	'The run of tests that found it: test_report() shows it.';
COMMENT ON COLUMN voiceagent.assistant_verdicts.tested_at IS 'When that run ended.';
COMMENT ON COLUMN voiceagent.assistant_verdicts.allowed_at IS
	'When somebody let campaigns take it up whatever its tests say; NULL: never.';
COMMENT ON COLUMN voiceagent.assistant_verdicts.allowed_by IS 'Which member did, in words.';
COMMENT ON COLUMN voiceagent.assistant_verdicts.allowed_reason IS 'Why.';
SELECT voiceagent_private.guard_table('voiceagent.assistant_verdicts', 'tenant');

CREATE FUNCTION voiceagent_private.version_problem(assistant_id bigint, version integer, OUT message text,
	OUT detail text, OUT hint text)
	LANGUAGE plpgsql STABLE SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v voiceagent.assistant_verdicts;
BEGIN
	IF voiceagent_private.simulating() THEN
		RETURN;
	END IF;
	SELECT a.* INTO v FROM voiceagent.assistant_verdicts a
	WHERE a.tenant_id = voiceagent.current_tenant() AND a.assistant_id = version_problem.assistant_id
		AND a.version = version_problem.version;
	IF v.allowed_at IS NOT NULL OR v.verdict IN ('passed', 'rehearsed') THEN
		RETURN;
	ELSIF v.verdict = 'failed' THEN
		message := format('version %s of the assistant has failed its test', version_problem.version);
		detail := format('It is assistant %s, test run %s.', version_problem.assistant_id, v.test_run_id);
		hint := format('test_report(%s) says why; allow_assistant_version() lets campaigns take it up all the same.',
			v.test_run_id);
	ELSIF voiceagent_private.setting_text('require_prompt_test')::boolean THEN
		message := format('version %s of the assistant is not tested', version_problem.version);
		detail := format('It is assistant %s; the setting require_prompt_test wants a test.',
			version_problem.assistant_id);
		hint := format('test_assistant(%s) tests it.', version_problem.assistant_id);
	END IF;
END
$$;
COMMENT ON FUNCTION voiceagent_private.version_problem(bigint, integer) IS
	'Why no call may use a version of an assistant of the current tenant, as require_passed_version() raises '
	'it; NULLs: they may.';

CREATE FUNCTION voiceagent_private.require_passed_version(assistant_id bigint, version integer) RETURNS void
	LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v record := voiceagent_private.version_problem(assistant_id, version);
BEGIN
	PERFORM voiceagent_private.fail_if(v.message IS NOT NULL, 'PT409', v.message, v.detail, v.hint);
END
$$;
COMMENT ON FUNCTION voiceagent_private.require_passed_version(bigint, integer) IS
	E'PT409 when no campaign may take up this version of an assistant of the current tenant: its latest test has '
	'failed, or the setting require_prompt_test wants one and there is none.\n'
	'allow_assistant_version() excepts a version. In a simulation every version may be taken up.';

CREATE FUNCTION voiceagent_private.version_that_answers(assistant_id bigint, OUT spoken voiceagent.assistant_versions,
	OUT withheld text)
	LANGUAGE plpgsql STABLE SET planner.policy = in_order SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	v_newest integer;
	v_required boolean;
	-- Older ones are not looked for: the caller waits.
	c_looked_at CONSTANT integer := 50;
BEGIN
	SELECT s.version INTO v_newest FROM voiceagent.assistants s
	WHERE s.tenant_id = v_tenant AND s.assistant_id = version_that_answers.assistant_id AND s.active;
	IF NOT FOUND THEN
		RETURN;
	END IF;
	withheld := (voiceagent_private.version_problem(assistant_id, v_newest)).message;
	v_required := withheld IS NOT NULL AND voiceagent_private.setting_text('require_prompt_test')::boolean;
	SELECT o.* INTO spoken FROM voiceagent.assistant_versions o
	LEFT JOIN voiceagent.assistant_verdicts d ON d.tenant_id = v_tenant AND d.assistant_id = o.assistant_id
		AND d.version = o.version
	WHERE o.tenant_id = v_tenant AND o.assistant_id = version_that_answers.assistant_id
		AND o.version BETWEEN v_newest - c_looked_at + 1 AND v_newest
		AND (withheld IS NULL OR d.allowed_at IS NOT NULL OR d.verdict IN ('passed', 'rehearsed')
			OR d.verdict IS NULL AND NOT v_required)
	ORDER BY o.version DESC LIMIT 1;
END
$$;
COMMENT ON FUNCTION voiceagent_private.version_that_answers(bigint) IS
	E'The version in which an assistant of the current tenant answers who calls: its newest, or, where that is '
	'withheld, the newest of the 50 latest that is not; NULL: there is none, or the assistant is not active.\n'
	'withheld: why not the newest, as require_passed_version() would say it.';

CREATE FUNCTION voiceagent.allow_assistant_version(assistant_id bigint, version integer, reason text) RETURNS void
	LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_variable
DECLARE
	v_tenant bigint := voiceagent_private.writer_tenant('owner');
BEGIN
	PERFORM voiceagent_private.fail_if(coalesce(btrim(reason), '') = '' OR length(reason) > 500, 'PT422',
		'a reason of 1 to 500 characters is needed', NULL,
		'Say why people may hear a version that no test has passed.');
	PERFORM voiceagent_private.fail_if(NOT EXISTS (SELECT FROM voiceagent.assistant_versions v
		WHERE v.tenant_id = v_tenant AND v.assistant_id = assistant_id AND v.version = version), 'PT404',
		'no such version of an assistant');
	INSERT INTO voiceagent.assistant_verdicts AS a (tenant_id, assistant_id, version, allowed_at, allowed_by,
		allowed_reason)
	VALUES (v_tenant, assistant_id, version, voiceagent.clock(), voiceagent_private.actor(), btrim(reason))
	ON CONFLICT ON CONSTRAINT assistant_verdicts_pkey DO UPDATE
	SET allowed_at = excluded.allowed_at, allowed_by = excluded.allowed_by, allowed_reason = excluded.allowed_reason;
	PERFORM voiceagent_private.audit('allow_assistant_version',
		format('assistant %s version %s', assistant_id, version), NULL, jsonb_build_object('reason', btrim(reason)));
END
$$;
COMMENT ON FUNCTION voiceagent.allow_assistant_version(bigint, integer, text) IS
	E'Lets campaigns, and callers, have a version of an assistant that has failed its test, or lacks a required one.\n'
	'For owners; it is recorded with the reason. It raises PT404, PT422 without a reason.';
