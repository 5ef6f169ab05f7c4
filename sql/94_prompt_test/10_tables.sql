/*
 * 94_prompt_test: assistants are tested before a person hears them.
 *
 * A scripted caller talks with a version of an assistant, played by the embedded
 * model or by a vendor's. The outcome of the talk is found as for every call: it
 * is claimed, dialled and reported in a simulation that is rolled back
 * (30_stage.sql), and the predicates of the caller are held against the end
 * state. No model judges another.
 */

CREATE TABLE voiceagent.test_callers (
	tenant_id bigint NOT NULL REFERENCES voiceagent.tenants,
	test_caller_id bigint GENERATED ALWAYS AS IDENTITY,
	name text NOT NULL CHECK (length(name) BETWEEN 1 AND 100),
	language text NOT NULL CHECK (language ~ '^[a-z]{2}$'),
	objective text CHECK (objective IN ('appointment', 'lead', 'information', 'callback', 'custom')),
	persona text NOT NULL DEFAULT '' CHECK (length(persona) <= 500),
	goal text NOT NULL DEFAULT '' CHECK (length(goal) <= 500),
	lines jsonb NOT NULL CHECK (jsonb_typeof(lines) = 'array'),
	faults jsonb NOT NULL DEFAULT '[]' CHECK (jsonb_typeof(faults) = 'array'),
	expect jsonb NOT NULL CHECK (jsonb_typeof(expect) = 'array'),
	variables jsonb NOT NULL DEFAULT '{}' CHECK (jsonb_typeof(variables) = 'object'),
	seed bigint NOT NULL DEFAULT 1,
	created_at timestamptz NOT NULL,
	PRIMARY KEY (tenant_id, test_caller_id),
	UNIQUE (tenant_id, name)
);
COMMENT ON TABLE voiceagent.test_callers IS
	'Scripted callers of the tenant, against whom test_assistant() tests; standard_callers() shows the shipped ones.';
COMMENT ON COLUMN voiceagent.test_callers.test_caller_id IS 'Number of the caller.';
COMMENT ON COLUMN voiceagent.test_callers.name IS 'Name, by which test_assistant() chooses it.';
COMMENT ON COLUMN voiceagent.test_callers.language IS 'Language that it speaks, such as en.';
COMMENT ON COLUMN voiceagent.test_callers.objective IS
	'The objective of the assistants that it tests, when none is named; NULL: any.';
COMMENT ON COLUMN voiceagent.test_callers.persona IS 'The kind of person that it is, in words.';
COMMENT ON COLUMN voiceagent.test_callers.goal IS 'Its goal, in words.';
COMMENT ON COLUMN voiceagent.test_callers.lines IS
	'Its lines: [{"say": text or texts, "turn", "heard", "not_heard", "again", "hang_up"}].';
COMMENT ON COLUMN voiceagent.test_callers.faults IS
	'The talk''s faults: [{"turn", "fault": silence, interruption, garbled, monologue, wrong_language or injection}].';
COMMENT ON COLUMN voiceagent.test_callers.expect IS
	'The conditions at the end: [{"path", "is", "value"}]; see create_test_caller().';
COMMENT ON COLUMN voiceagent.test_callers.variables IS 'Values for the {{variables}} of the prompt.';
COMMENT ON COLUMN voiceagent.test_callers.seed IS 'The seed of its chance.';
SELECT voiceagent_private.guard_table('voiceagent.test_callers', 'tenant');

CREATE TABLE voiceagent.test_runs (
	tenant_id bigint NOT NULL,
	test_run_id bigint GENERATED ALWAYS AS IDENTITY,
	assistant_id bigint NOT NULL,
	version integer NOT NULL,
	method text NOT NULL CHECK (method IN ('rules', 'model')),
	model text NOT NULL,
	model_account_id bigint,
	k integer NOT NULL CHECK (k BETWEEN 1 AND 100),
	seed bigint NOT NULL,
	complete boolean NOT NULL,
	status text NOT NULL DEFAULT 'running' CHECK (status IN ('running', 'talked', 'done')),
	talks integer NOT NULL DEFAULT 0,
	passed integer NOT NULL DEFAULT 0,
	findings jsonb NOT NULL DEFAULT '[]' CHECK (jsonb_typeof(findings) = 'array'),
	verdict text CHECK (verdict IN ('passed', 'rehearsed', 'failed')),
	digest text,
	created_at timestamptz NOT NULL,
	created_by text NOT NULL,
	done_at timestamptz,
	PRIMARY KEY (tenant_id, test_run_id),
	FOREIGN KEY (tenant_id, assistant_id, version) REFERENCES voiceagent.assistant_versions,
	CONSTRAINT rules_pass_nothing CHECK (verdict <> CASE method WHEN 'rules' THEN 'passed' ELSE 'rehearsed' END),
	CONSTRAINT verdict_when_done CHECK ((status = 'done') = (verdict IS NOT NULL)
		AND (status = 'done') = (done_at IS NOT NULL))
);
COMMENT ON TABLE voiceagent.test_runs IS 'Tests of versions of assistants: who talked with them, and what came of it.';
COMMENT ON COLUMN voiceagent.test_runs.test_run_id IS 'Number of the run.';
COMMENT ON COLUMN voiceagent.test_runs.assistant_id IS 'The assistant.';
COMMENT ON COLUMN voiceagent.test_runs.version IS 'The version that was tested.';
COMMENT ON COLUMN voiceagent.test_runs.method IS
	'rules: rehearsed, the embedded model talked; model: tested, a vendor''s talked.';
COMMENT ON COLUMN voiceagent.test_runs.model IS 'The model that talked: sandbox, or the vendor''s name for it.';
COMMENT ON COLUMN voiceagent.test_runs.model_account_id IS 'The model account; NULL: the embedded model.';
COMMENT ON COLUMN voiceagent.test_runs.k IS 'How often each caller talked.';
COMMENT ON COLUMN voiceagent.test_runs.seed IS 'The seed of the run''s chance.';
COMMENT ON COLUMN voiceagent.test_runs.complete IS
	'True: all callers that fit talked; false: chosen ones, or those of a named objective, did, which can fail a '
	'version, but not pass it.';
COMMENT ON COLUMN voiceagent.test_runs.status IS
	'running; talked: all talks are over, and test_report() judges them when it is asked next; done.';
COMMENT ON COLUMN voiceagent.test_runs.talks IS 'Talks of the run.';
COMMENT ON COLUMN voiceagent.test_runs.passed IS 'Talks in which all predicates held.';
COMMENT ON COLUMN voiceagent.test_runs.findings IS 'The findings of lint_assistant() in the structure of the version.';
COMMENT ON COLUMN voiceagent.test_runs.verdict IS
	'passed: every caller passed all its k talks, and the structure has no error; rehearsed: the same by rules; else '
	'failed; NULL while it runs.';
COMMENT ON COLUMN voiceagent.test_runs.digest IS
	'A hash of all that was said and found: the same for the same version, callers, seed and model by rules.';
COMMENT ON COLUMN voiceagent.test_runs.created_by IS 'Which member asked for it, in words.';
COMMENT ON COLUMN voiceagent.test_runs.done_at IS 'When it ended; NULL: it runs.';
CREATE INDEX test_runs_assistant ON voiceagent.test_runs (tenant_id, assistant_id, test_run_id);
SELECT voiceagent_private.guard_table('voiceagent.test_runs', 'tenant');

CREATE TABLE voiceagent.test_talks (
	tenant_id bigint NOT NULL,
	test_run_id bigint NOT NULL,
	talk integer NOT NULL CHECK (talk >= 1),
	caller text NOT NULL,
	repetition integer NOT NULL CHECK (repetition >= 1),
	script jsonb NOT NULL,
	setup jsonb,
	talk_state jsonb,
	model_request_id bigint,
	turns jsonb,
	end_state jsonb,
	verdict text CHECK (verdict IN ('passed', 'failed')),
	failed_predicate text,
	PRIMARY KEY (tenant_id, test_run_id, talk),
	FOREIGN KEY (tenant_id, test_run_id) REFERENCES voiceagent.test_runs ON DELETE CASCADE
);
COMMENT ON TABLE voiceagent.test_talks IS 'The talks of test runs.';
COMMENT ON COLUMN voiceagent.test_talks.test_run_id IS 'The run.';
COMMENT ON COLUMN voiceagent.test_talks.talk IS 'Number of the talk in the run.';
COMMENT ON COLUMN voiceagent.test_talks.caller IS 'Name of the scripted caller.';
COMMENT ON COLUMN voiceagent.test_talks.repetition IS 'Which of the caller''s k talks.';
COMMENT ON COLUMN voiceagent.test_talks.script IS 'The caller as it was then: lines, faults, expect, seed.';
COMMENT ON COLUMN voiceagent.test_talks.setup IS
	'The texts and settings of the assistant in a talk with a vendor''s model; NULL: the embedded model talked.';
COMMENT ON COLUMN voiceagent.test_talks.talk_state IS
	'How far a talk with a vendor''s model is, or what was said in it; NULL: it is judged.';
COMMENT ON COLUMN voiceagent.test_talks.model_request_id IS 'The latest request to the vendor''s model; NULL: none.';
COMMENT ON COLUMN voiceagent.test_talks.turns IS 'The lines: [{"speaker": assistant or customer, "text"}].';
COMMENT ON COLUMN voiceagent.test_talks.end_state IS
	'The result that the call would have had: call, lead, appointments, callback, do_not_call, fields, talk.';
COMMENT ON COLUMN voiceagent.test_talks.verdict IS 'passed or failed; NULL: it is not over.';
COMMENT ON COLUMN voiceagent.test_talks.failed_predicate IS
	'The first predicate that did not hold, and what was there instead; NULL: all held.';
CREATE INDEX test_talks_request ON voiceagent.test_talks (tenant_id, model_request_id)
	WHERE model_request_id IS NOT NULL;
SELECT voiceagent_private.guard_table('voiceagent.test_talks', 'tenant');
