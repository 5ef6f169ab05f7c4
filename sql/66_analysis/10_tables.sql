/*
 * 66_analysis: conversations that have been read are read once more.
 *
 * A language model is asked about calls whose carrier sends no analysis (the
 * setting model_analysis), after their end and by a job of its own.  Its
 * answer is data: judged by the words as a carrier's is, and what counts has
 * the effect of a report that comes late (60_inbox/34_late.sql).
 *
 * analyse_again() reads by the rules of today, or with the fields of another
 * version of the assistant.  Such a run is a shadow: it locks no lead and no
 * queue, and nothing is acted upon until a person adopts what it found.
 */

CREATE TABLE voiceagent.analysis_runs (
	tenant_id bigint NOT NULL REFERENCES voiceagent.tenants,
	run bigint GENERATED ALWAYS AS IDENTITY,
	assistant_version integer CHECK (assistant_version > 0),
	calls integer NOT NULL DEFAULT 0,
	calls_left bigint[],
	bytes bigint NOT NULL DEFAULT 0,
	created_by text NOT NULL,
	created_at timestamptz NOT NULL,
	PRIMARY KEY (tenant_id, run)
);
COMMENT ON TABLE voiceagent.analysis_runs IS 'Runs of analyse_again(): conversations that were read once more.';
COMMENT ON COLUMN voiceagent.analysis_runs.run IS 'Number of the run.';
COMMENT ON COLUMN voiceagent.analysis_runs.assistant_version IS
	'With whose fields they were read; NULL: with those of the version that spoke.';
COMMENT ON COLUMN voiceagent.analysis_runs.calls IS 'How many calls were read.';
COMMENT ON COLUMN voiceagent.analysis_runs.calls_left IS
	'Calls for which it had no time (analysis_time): to be read by another analyse_again(); NULL: none.';
COMMENT ON COLUMN voiceagent.analysis_runs.bytes IS 'Bytes of what was read, as stored then, for analysis_bytes_kept.';
COMMENT ON COLUMN voiceagent.analysis_runs.created_by IS 'Which member had them read, in words.';
SELECT voiceagent_private.guard_table('voiceagent.analysis_runs', 'tenant');

CREATE TABLE voiceagent.call_analyses (
	tenant_id bigint NOT NULL,
	run bigint NOT NULL,
	call_id bigint NOT NULL,
	read_from text NOT NULL,
	reading jsonb CHECK (jsonb_typeof(reading) = 'object'),
	data jsonb,
	outcome voiceagent.call_outcome,
	adopted_at timestamptz,
	PRIMARY KEY (tenant_id, run, call_id),
	FOREIGN KEY (tenant_id, run) REFERENCES voiceagent.analysis_runs ON DELETE CASCADE
);
COMMENT ON TABLE voiceagent.call_analyses IS
	'The reading of a call by a run, beside the one that counts: compare_analyses() compares, adopt_analyses() adopts.';
COMMENT ON COLUMN voiceagent.call_analyses.run IS 'The run.';
COMMENT ON COLUMN voiceagent.call_analyses.call_id IS 'The call.';
COMMENT ON COLUMN voiceagent.call_analyses.read_from IS
	'MD5 of the reading and the data that counted then: a call that has changed since is not adopted.';
COMMENT ON COLUMN voiceagent.call_analyses.reading IS 'As conversations.reading.';
COMMENT ON COLUMN voiceagent.call_analyses.data IS 'The data that would count, as calls.structured_data.';
COMMENT ON COLUMN voiceagent.call_analyses.outcome IS
	'The outcome that the call would have had; NULL: it is inbound, where outcomes are as their status.';
COMMENT ON COLUMN voiceagent.call_analyses.adopted_at IS 'When it was made to count; NULL: it was not.';
CREATE INDEX call_analyses_call ON voiceagent.call_analyses (tenant_id, call_id);
SELECT voiceagent_private.guard_table('voiceagent.call_analyses', 'tenant');

CREATE TABLE voiceagent_private.analysis_days (
	tenant_id bigint PRIMARY KEY,
	day date NOT NULL,
	asked integer NOT NULL
) WITH (fillfactor = 50);
COMMENT ON TABLE voiceagent_private.analysis_days IS
	'Calls that models were asked about on the tenant''s latest day with any, by its time zone, for analyses_per_day.';
SELECT voiceagent_private.guard_table('voiceagent_private.analysis_days', 'internal');

CREATE TABLE voiceagent_private.analysis_turn (
	one boolean PRIMARY KEY DEFAULT true CHECK (one),
	after_tenant_id bigint NOT NULL DEFAULT 0
);
COMMENT ON TABLE voiceagent_private.analysis_turn IS
	'One row: the tenant whose calls analyse_calls() looked at last; the next one behind it is due.';
SELECT voiceagent_private.guard_table('voiceagent_private.analysis_turn', 'platform', 'WHERE false');
GRANT SELECT, UPDATE ON voiceagent_private.analysis_turn TO voiceagent_worker;
INSERT INTO voiceagent_private.analysis_turn (after_tenant_id) VALUES (0);
