/*
 * 44_sequence: sequences of steps, the leads that take them, and their effects.
 *
 * A sequence is edited as a draft.  Publishing makes the next version, which
 * never changes; who is enrolled stays on its version.  An enrolment is a lead's
 * way through one version, its run of the sequence.  It has one turn at most
 * (sequence_turns), which is its next step and its lock: whoever changes an
 * enrolment that goes on has its turn first.  The next step is written in the
 * commit of the one before, and what a step has brought about is unique
 * (sequence_effects), so that nothing happens twice, whatever is killed when.
 *
 * Events of a lead meanwhile are turns as well (hear()): it is only ever inserted, so whoever ends
 * a call or takes a text waits for no step.  The room 76_step takes the turns.
 */

CREATE TABLE voiceagent.sequences (
	tenant_id bigint NOT NULL REFERENCES voiceagent.tenants,
	sequence_id bigint GENERATED ALWAYS AS IDENTITY,
	name text NOT NULL CHECK (length(name) BETWEEN 1 AND 200),
	draft jsonb NOT NULL,
	version integer,
	paused_at timestamptz,
	pause_due text CHECK (pause_due IN ('shift', 'expire')),
	shifted interval NOT NULL DEFAULT '0',
	expire_paused_at timestamptz,
	expire_resumed_at timestamptz,
	created_at timestamptz NOT NULL,
	changed_at timestamptz NOT NULL,
	PRIMARY KEY (tenant_id, sequence_id),
	CHECK ((paused_at IS NULL) = (pause_due IS NULL))
);
COMMENT ON TABLE voiceagent.sequences IS 'Steps that follow one another for a lead: create_sequence().';
COMMENT ON COLUMN voiceagent.sequences.sequence_id IS 'Number of the sequence.';
COMMENT ON COLUMN voiceagent.sequences.name IS 'Its name.';
COMMENT ON COLUMN voiceagent.sequences.draft IS
	'The draft of the next version, for publish_sequence(): {"steps": [...], "stop_on": [...]}.';
COMMENT ON COLUMN voiceagent.sequences.version IS 'The newest version, which leads are enrolled in; NULL: none yet.';
COMMENT ON COLUMN voiceagent.sequences.paused_at IS 'Since when no step is taken; NULL: it goes on.';
COMMENT ON COLUMN voiceagent.sequences.pause_due IS
	'The effect of this pause on steps that are due in it: shift (all that is to come moves by its length) or expire.';
COMMENT ON COLUMN voiceagent.sequences.shifted IS 'By how much pauses have moved its steps so far.';
COMMENT ON COLUMN voiceagent.sequences.expire_paused_at IS
	'When its last pause with expire began: steps that were due in it are not taken any more.';
COMMENT ON COLUMN voiceagent.sequences.expire_resumed_at IS 'When that pause ended.';
COMMENT ON COLUMN voiceagent.sequences.changed_at IS 'When its draft was changed last.';
SELECT voiceagent_private.guard_table('voiceagent.sequences', 'tenant');

CREATE TABLE voiceagent.sequence_versions (
	tenant_id bigint NOT NULL,
	sequence_id bigint NOT NULL,
	version integer NOT NULL,
	steps jsonb NOT NULL,
	stop_on text[] NOT NULL,
	published_at timestamptz NOT NULL,
	published_by text NOT NULL,
	PRIMARY KEY (tenant_id, sequence_id, version),
	FOREIGN KEY (tenant_id, sequence_id) REFERENCES voiceagent.sequences
);
COMMENT ON TABLE voiceagent.sequence_versions IS 'The published versions of sequences; a version never changes.';
COMMENT ON COLUMN voiceagent.sequence_versions.sequence_id IS 'The sequence.';
COMMENT ON COLUMN voiceagent.sequence_versions.version IS 'Its number, from 1.';
COMMENT ON COLUMN voiceagent.sequence_versions.steps IS
	'The steps in their order; then and else are places in it, from 1; 0: the end.';
COMMENT ON COLUMN voiceagent.sequence_versions.stop_on IS
	'Ends of an enrolment beside an opt-out: replied (a text), called (us), booked (an appointment).';
COMMENT ON COLUMN voiceagent.sequence_versions.published_at IS 'Since when it is the newest.';
COMMENT ON COLUMN voiceagent.sequence_versions.published_by IS 'The member, API key or database role.';
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON voiceagent.sequence_versions
	FOR EACH STATEMENT EXECUTE FUNCTION voiceagent_private.reject_change();
SELECT voiceagent_private.guard_table('voiceagent.sequence_versions', 'tenant');

CREATE TABLE voiceagent.sequence_enrolments (
	tenant_id bigint NOT NULL,
	enrolment_id bigint GENERATED ALWAYS AS IDENTITY,
	sequence_id bigint NOT NULL,
	version integer NOT NULL,
	lead_id bigint NOT NULL,
	run integer NOT NULL,
	step integer NOT NULL,
	state text NOT NULL CHECK (state IN ('waiting', 'listening', 'done', 'stopped')),
	reason text,
	due_at timestamptz,
	shifted interval NOT NULL,
	tries integer NOT NULL DEFAULT 0,
	enrolled_at timestamptz NOT NULL,
	ended_at timestamptz,
	played boolean NOT NULL DEFAULT false,
	no_room_since timestamptz,
	PRIMARY KEY (tenant_id, enrolment_id),
	UNIQUE (tenant_id, sequence_id, lead_id, run),
	FOREIGN KEY (tenant_id, sequence_id, version) REFERENCES voiceagent.sequence_versions,
	CHECK ((ended_at IS NULL) = (state IN ('waiting', 'listening'))),
	CHECK (no_room_since IS NULL OR state = 'waiting')
) WITH (fillfactor = 70);
COMMENT ON TABLE voiceagent.sequence_enrolments IS
	'Leads in sequences, a row a run; nothing but its own steps, its lead and enrol_leads() change it.';
COMMENT ON COLUMN voiceagent.sequence_enrolments.enrolment_id IS 'Number of the enrolment.';
COMMENT ON COLUMN voiceagent.sequence_enrolments.sequence_id IS 'The sequence.';
COMMENT ON COLUMN voiceagent.sequence_enrolments.version IS 'Which version of the sequence; it stays so.';
COMMENT ON COLUMN voiceagent.sequence_enrolments.run IS
	'How many times the lead has entered this sequence, this one included.';
COMMENT ON COLUMN voiceagent.sequence_enrolments.step IS 'The step that is next, or at which it ended, from 1.';
COMMENT ON COLUMN voiceagent.sequence_enrolments.state IS
	'waiting (for the time of its step), listening (for an event or a time, whichever is first), done, stopped '
	'(reason).';
COMMENT ON COLUMN voiceagent.sequence_enrolments.reason IS
	'Why it stopped, in words, or which room its step waits for.';
COMMENT ON COLUMN voiceagent.sequence_enrolments.due_at IS 'When it goes on; NULL: it has ended.';
COMMENT ON COLUMN voiceagent.sequence_enrolments.shifted IS 'How much of sequences.shifted is in due_at.';
COMMENT ON COLUMN voiceagent.sequence_enrolments.tries IS 'Tries of this step that failed for no reason of its own.';
COMMENT ON COLUMN voiceagent.sequence_enrolments.enrolled_at IS 'Since when.';
COMMENT ON COLUMN voiceagent.sequence_enrolments.ended_at IS 'When it was done or stopped; NULL: it goes on.';
COMMENT ON COLUMN voiceagent.sequence_enrolments.played IS
	'Whether something of the sandbox began it or led it on: it never uses a real number or campaign from then.';
COMMENT ON COLUMN voiceagent.sequence_enrolments.no_room_since IS
	'Since when there is no room for what its step does; NULL: there was room.';
CREATE UNIQUE INDEX sequence_enrolments_once ON voiceagent.sequence_enrolments (tenant_id, sequence_id, lead_id)
	WHERE ended_at IS NULL;
CREATE INDEX sequence_enrolments_lead ON voiceagent.sequence_enrolments (tenant_id, lead_id) WHERE lead_id IS NOT NULL;
CREATE INDEX sequence_enrolments_no_room ON voiceagent.sequence_enrolments (tenant_id, sequence_id)
	WHERE no_room_since IS NOT NULL;
CREATE INDEX sequence_enrolments_ended ON voiceagent.sequence_enrolments (tenant_id, ended_at)
	WHERE ended_at IS NOT NULL;
SELECT voiceagent_private.guard_table('voiceagent.sequence_enrolments', 'tenant', waits => '{due_at,no_room_since}');
INSERT INTO voiceagent_private.retention_classes (class, description, tab, ended) VALUES
	('enrolments', 'Enrolments in sequences that have ended', 'voiceagent.sequence_enrolments', 'ended_at');

CREATE TABLE voiceagent.sequence_effects (
	tenant_id bigint NOT NULL,
	enrolment_id bigint NOT NULL,
	step integer NOT NULL,
	run integer NOT NULL,
	kind text NOT NULL,
	result text NOT NULL,
	reason text,
	object_id bigint,
	at timestamptz NOT NULL,
	PRIMARY KEY (tenant_id, enrolment_id, step, run),
	FOREIGN KEY (tenant_id, enrolment_id) REFERENCES voiceagent.sequence_enrolments ON DELETE CASCADE
);
COMMENT ON TABLE voiceagent.sequence_effects IS 'The effects of steps, once each.';
COMMENT ON COLUMN voiceagent.sequence_effects.enrolment_id IS 'Whose.';
COMMENT ON COLUMN voiceagent.sequence_effects.step IS 'The step, from 1.';
COMMENT ON COLUMN voiceagent.sequence_effects.run IS 'sequence_enrolments.run.';
COMMENT ON COLUMN voiceagent.sequence_effects.kind IS 'call, text, task, webhook, condition, wait, move.';
COMMENT ON COLUMN voiceagent.sequence_effects.result IS
	'done; yes or no (a condition); heard or time (a wait: which was first); there (a call, and the lead waited in '
	'the campaign already); refused, for good.';
COMMENT ON COLUMN voiceagent.sequence_effects.reason IS 'Why it was refused; what was heard.';
COMMENT ON COLUMN voiceagent.sequence_effects.object_id IS 'The campaign, text or task.';
COMMENT ON COLUMN voiceagent.sequence_effects.at IS 'When.';
SELECT voiceagent_private.guard_table('voiceagent.sequence_effects', 'tenant');

CREATE TABLE voiceagent_private.sequence_turns (
	tenant_id bigint NOT NULL,
	turn_id bigint GENERATED ALWAYS AS IDENTITY,
	next_at timestamptz NOT NULL,
	enrolment_id bigint,
	parked bigint,
	sequence_id bigint,
	lead_id bigint,
	heard text,
	campaign_id bigint,
	played boolean NOT NULL DEFAULT false,
	PRIMARY KEY (tenant_id, turn_id),
	CHECK (num_nonnulls(enrolment_id, sequence_id, lead_id) = 1)
) WITH (fillfactor = 70);
COMMENT ON TABLE voiceagent_private.sequence_turns IS
	'Due work of sequences: the next step of an enrolment, one each; what a lead did (lead_id, heard); a sequence '
	'whose parked enrolments are to go on.';
COMMENT ON COLUMN voiceagent_private.sequence_turns.next_at IS 'When; infinity: it is parked.';
COMMENT ON COLUMN voiceagent_private.sequence_turns.parked IS 'The paused sequence for which it waits; NULL: for none.';
COMMENT ON COLUMN voiceagent_private.sequence_turns.heard IS
	'ended (a call''s lead in campaign_id), replied, called, booked.';
COMMENT ON COLUMN voiceagent_private.sequence_turns.played IS 'Whether that was on the sandbox.';
CREATE UNIQUE INDEX sequence_turns_enrolment ON voiceagent_private.sequence_turns (tenant_id, enrolment_id)
	WHERE enrolment_id IS NOT NULL;
CREATE INDEX sequence_turns_heard ON voiceagent_private.sequence_turns (tenant_id, turn_id) WHERE lead_id IS NOT NULL;
CREATE INDEX sequence_turns_resumed ON voiceagent_private.sequence_turns (tenant_id, turn_id)
	WHERE sequence_id IS NOT NULL;
CREATE INDEX sequence_turns_parked ON voiceagent_private.sequence_turns (tenant_id, parked) WHERE parked IS NOT NULL;
CREATE INDEX sequence_turns_due ON voiceagent_private.sequence_turns (tenant_id, next_at);
CREATE INDEX sequence_turns_next ON voiceagent_private.sequence_turns (next_at);
SELECT voiceagent_private.guard_table('voiceagent_private.sequence_turns', 'routing', waits => '{next_at}');

CREATE TABLE voiceagent_private.sequence_targets (
	tenant_id bigint NOT NULL,
	campaign_id bigint NOT NULL,
	sequence_id bigint NOT NULL,
	PRIMARY KEY (tenant_id, campaign_id, sequence_id),
	FOREIGN KEY (tenant_id, sequence_id) REFERENCES voiceagent.sequences
);
COMMENT ON TABLE voiceagent_private.sequence_targets IS
	'Campaigns that a published version brings leads: they may start before they have any.';
SELECT voiceagent_private.guard_table('voiceagent_private.sequence_targets', 'internal');

CREATE FUNCTION voiceagent_private.hear(lead_ids bigint[], what text, campaign_id bigint DEFAULT NULL,
	starts boolean DEFAULT false, played boolean DEFAULT false) RETURNS void
	LANGUAGE plpgsql VOLATILE SET planner.policy = by_keys SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	v_now timestamptz := voiceagent.clock();
BEGIN
	INSERT INTO voiceagent_private.sequence_turns (tenant_id, next_at, lead_id, heard, campaign_id, played)
	SELECT v_tenant, v_now, i.lead_id, what, hear.campaign_id, hear.played
	FROM (SELECT DISTINCT u.lead_id FROM unnest(lead_ids) AS u(lead_id)) i
	WHERE starts OR EXISTS (SELECT FROM voiceagent.sequence_enrolments e WHERE e.tenant_id = v_tenant
		AND e.lead_id = i.lead_id AND e.ended_at IS NULL OFFSET 0);
	IF FOUND THEN
		PERFORM voiceagent_private.request_job('take_steps', v_now);
	END IF;
END
$$;
COMMENT ON FUNCTION voiceagent_private.hear(bigint[], text, bigint, boolean, boolean) IS
	E'Tells the sequences in which these leads of the current tenant are what has happened, in this commit: ended (in '
	'campaign_id), replied, called, booked.\n'
	'It waits for nobody. starts: also of leads that are in none, because this may begin one; played: on the sandbox.';
