-- 40_assistant: what the tests of a version found (94_prompt_test), and that a campaign is not given one that failed.

INSERT INTO voiceagent_private.setting_definitions
	(key, kind, default_value, unit, minimum, maximum, levels, scaled, description) VALUES
	('require_prompt_test', 'boolean', 'false', '', NULL, NULL, '{platform,tenant}', false,
		'Whether a campaign takes up a version of an assistant only when test_assistant() has passed it; one that has '
			'failed is refused anyway. allow_assistant_version() lets a single one through');

CREATE TABLE voiceagent.assistant_verdicts (
	tenant_id bigint NOT NULL,
	assistant_id bigint NOT NULL,
	version integer NOT NULL,
	verdict text CHECK (verdict IN ('passed', 'failed')),
	method text CHECK (method IN ('rules', 'model')),
	test_run_id bigint,
	tested_at timestamptz,
	allowed_at timestamptz,
	allowed_by text,
	allowed_reason text CHECK (length(allowed_reason) BETWEEN 1 AND 500),
	PRIMARY KEY (tenant_id, assistant_id, version),
	FOREIGN KEY (tenant_id, assistant_id, version) REFERENCES voiceagent.assistant_versions,
	CONSTRAINT tested_as_a_whole CHECK ((verdict IS NULL) = (tested_at IS NULL) AND (verdict IS NULL) = (method IS NULL)
		AND (verdict IS NULL) = (test_run_id IS NULL)),
	CONSTRAINT allowed_with_reason CHECK ((allowed_at IS NULL) = (allowed_reason IS NULL)
		AND (allowed_at IS NULL) = (allowed_by IS NULL))
);
COMMENT ON TABLE voiceagent.assistant_verdicts IS
	'What the latest test of each version of an assistant found, and which versions campaigns may take up anyway.';
COMMENT ON COLUMN voiceagent.assistant_verdicts.assistant_id IS 'The assistant.';
COMMENT ON COLUMN voiceagent.assistant_verdicts.version IS 'Its version.';
COMMENT ON COLUMN voiceagent.assistant_verdicts.verdict IS 'passed or failed; NULL: it was never tested to the end.';
COMMENT ON COLUMN voiceagent.assistant_verdicts.method IS
	'rules: the embedded model talked, by rules; model: a vendor''s language model did.';
COMMENT ON COLUMN voiceagent.assistant_verdicts.test_run_id IS
	'The run of tests that found it: test_report() shows it.';
COMMENT ON COLUMN voiceagent.assistant_verdicts.tested_at IS 'When that run ended.';
COMMENT ON COLUMN voiceagent.assistant_verdicts.allowed_at IS
	'When somebody let campaigns take it up whatever its tests say; NULL: nobody did.';
COMMENT ON COLUMN voiceagent.assistant_verdicts.allowed_by IS 'Which member did, in words.';
COMMENT ON COLUMN voiceagent.assistant_verdicts.allowed_reason IS 'Why.';
SELECT voiceagent_private.guard_table('voiceagent.assistant_verdicts', 'tenant');

CREATE FUNCTION voiceagent_private.require_passed_version(assistant_id bigint, version integer) RETURNS void
	LANGUAGE plpgsql STABLE SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v voiceagent.assistant_verdicts;
BEGIN
	IF voiceagent_private.simulating() THEN
		RETURN;
	END IF;
	SELECT a.* INTO v FROM voiceagent.assistant_verdicts a
	WHERE a.tenant_id = voiceagent.current_tenant() AND a.assistant_id = require_passed_version.assistant_id
		AND a.version = require_passed_version.version;
	IF v.allowed_at IS NOT NULL OR v.verdict = 'passed' THEN
		RETURN;
	ELSIF v.verdict = 'failed' THEN
		PERFORM voiceagent_private.fail('PT409',
			format('version %s of the assistant has failed its test', require_passed_version.version),
			format('It is assistant %s, test run %s.', require_passed_version.assistant_id, v.test_run_id),
			format('test_report(%s) says why; allow_assistant_version() lets campaigns take it up all the same.',
				v.test_run_id));
	ELSIF voiceagent_private.setting_text('require_prompt_test')::boolean THEN
		PERFORM voiceagent_private.fail('PT409',
			format('version %s of the assistant is not tested', require_passed_version.version),
			format('It is assistant %s; the setting require_prompt_test wants a test that has passed.',
				require_passed_version.assistant_id),
			format('test_assistant(%s) tests it.', require_passed_version.assistant_id));
	END IF;
END
$$;
COMMENT ON FUNCTION voiceagent_private.require_passed_version(bigint, integer) IS
	E'PT409 when no campaign may take up this version of an assistant of the current tenant: its latest test has '
	'failed, or the setting require_prompt_test wants one and there is none.\n'
	'allow_assistant_version() excepts a version. In a simulation every version may be taken up.';

CREATE FUNCTION voiceagent.allow_assistant_version(assistant_id bigint, version integer, reason text) RETURNS void
	LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_variable
DECLARE
	v_tenant bigint := voiceagent_private.writer_tenant('owner');
BEGIN
	IF coalesce(btrim(reason), '') = '' OR length(reason) > 500 THEN
		PERFORM voiceagent_private.fail('PT422', 'a reason of 1 to 500 characters is needed', NULL,
			'Say why people may hear a version that no test has passed.');
	ELSIF NOT EXISTS (SELECT FROM voiceagent.assistant_versions v
		WHERE v.tenant_id = v_tenant AND v.assistant_id = assistant_id AND v.version = version) THEN
		PERFORM voiceagent_private.fail('PT404', 'no such version of an assistant');
	END IF;
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
	E'Lets campaigns take up a version of an assistant that has failed its test, or lacks one that is required.\n'
	'For owners; it is recorded with the reason. It raises PT404, PT422 without a reason.';
