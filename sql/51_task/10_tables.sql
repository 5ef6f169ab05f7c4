/*
 * 51_task: what a person has to do after a call: read a message, answer an
 * offer, ring somebody back.
 *
 * A task is open until somebody finishes it.  When the time has passed by which
 * an open task was due, it is overdue, which is reported once: an event, and an
 * outgoing webhook.  An offer is what somebody would pay, and makes a task.
 *
 * A session that makes a task holds lock_tenant() shared and the row of its call
 * FOR KEY SHARE, so that an erasure waits for it, and takes it along.
 */

CREATE TABLE voiceagent.tasks (
	tenant_id bigint NOT NULL,
	task_id bigint GENERATED ALWAYS AS IDENTITY,
	kind voiceagent.task_kind NOT NULL,
	priority voiceagent.task_priority NOT NULL,
	due_at timestamptz NOT NULL CHECK (isfinite(due_at)),
	member_id bigint,
	lead_id bigint,
	call_id bigint,
	appointment_id bigint,
	listing_id bigint,
	contact_name text CHECK (length(contact_name) <= 200),
	contact_phone voiceagent.e164,
	note text CHECK (length(note) <= 4000),
	created_by text NOT NULL,
	created_at timestamptz NOT NULL,
	overdue_reported_at timestamptz,
	finished_at timestamptz,
	finished_by text,
	result text CHECK (length(result) <= 4000),
	promise text,
	kept boolean,
	PRIMARY KEY (tenant_id, task_id),
	FOREIGN KEY (tenant_id, member_id) REFERENCES voiceagent.members,
	FOREIGN KEY (tenant_id, lead_id) REFERENCES voiceagent.leads,
	CHECK ((finished_at IS NULL) = (finished_by IS NULL)),
	CHECK (finished_at IS NOT NULL OR result IS NULL)
);
COMMENT ON TABLE voiceagent.tasks IS
	'Work of the tenant''s people after calls: open until somebody finishes it; create_task(), take_message() and '
	'make_offer() make tasks.';
COMMENT ON COLUMN voiceagent.tasks.task_id IS 'Number of the task.';
COMMENT ON COLUMN voiceagent.tasks.kind IS 'The kind of work: enumeration task_kind.';
COMMENT ON COLUMN voiceagent.tasks.priority IS 'Its priority: enumeration task_priority.';
COMMENT ON COLUMN voiceagent.tasks.due_at IS 'When it is to be done at the latest; then it is overdue.';
COMMENT ON COLUMN voiceagent.tasks.member_id IS 'The member who is to do it; NULL: anybody.';
COMMENT ON COLUMN voiceagent.tasks.lead_id IS 'The lead that it is about; NULL: none.';
COMMENT ON COLUMN voiceagent.tasks.call_id IS 'The call in which it arose; NULL: none.';
COMMENT ON COLUMN voiceagent.tasks.appointment_id IS 'The appointment that it is about; NULL: none, or it is gone.';
COMMENT ON COLUMN voiceagent.tasks.listing_id IS 'The listing that it is about; NULL: none, or it is gone.';
COMMENT ON COLUMN voiceagent.tasks.contact_name IS 'Whom to speak to, as it was said; NULL: see the lead.';
COMMENT ON COLUMN voiceagent.tasks.contact_phone IS 'Where to call, in E.164; NULL: see the lead.';
COMMENT ON COLUMN voiceagent.tasks.note IS 'The message, or the work, in words; NULL: nothing, or no longer kept.';
COMMENT ON COLUMN voiceagent.tasks.created_by IS 'The member, API key or database role that made it.';
COMMENT ON COLUMN voiceagent.tasks.created_at IS 'When it was made.';
COMMENT ON COLUMN voiceagent.tasks.overdue_reported_at IS 'When it was reported overdue; NULL: never.';
COMMENT ON COLUMN voiceagent.tasks.finished_at IS 'When it was finished; NULL: it is open.';
COMMENT ON COLUMN voiceagent.tasks.finished_by IS 'The member, API key or database role that finished it.';
COMMENT ON COLUMN voiceagent.tasks.result IS 'Its result, in the words of whoever finished it.';
COMMENT ON COLUMN voiceagent.tasks.promise IS
	'The assistant''s promise: call, send, note, book, ask, connect, tool (one that failed); NULL: nothing.';
COMMENT ON COLUMN voiceagent.tasks.kept IS
	'Whether the promise was kept, or withdrawn (false); NULL: it is open, or there is none.';
CREATE INDEX tasks_open ON voiceagent.tasks (tenant_id, due_at) WHERE finished_at IS NULL;
CREATE INDEX tasks_open_phone ON voiceagent.tasks (tenant_id, contact_phone) WHERE contact_phone IS NOT NULL;
CREATE INDEX tasks_lead ON voiceagent.tasks (tenant_id, lead_id) WHERE lead_id IS NOT NULL;
CREATE INDEX tasks_call ON voiceagent.tasks (tenant_id, call_id) WHERE call_id IS NOT NULL;
CREATE INDEX tasks_appointment ON voiceagent.tasks (tenant_id, appointment_id) WHERE appointment_id IS NOT NULL;
CREATE INDEX tasks_listing_id ON voiceagent.tasks (tenant_id, listing_id) WHERE listing_id IS NOT NULL;
CREATE INDEX tasks_finished ON voiceagent.tasks (tenant_id, finished_at) WHERE finished_at IS NOT NULL;
SELECT voiceagent_private.guard_table('voiceagent.tasks', 'tenant');
INSERT INTO voiceagent_private.retention_classes (class, description, tab, ended) VALUES
	('tasks', 'Tasks that are finished, and their offers', 'voiceagent.tasks', 'finished_at');

CREATE TABLE voiceagent.offers (
	tenant_id bigint NOT NULL,
	offer_id bigint GENERATED ALWAYS AS IDENTITY,
	task_id bigint NOT NULL,
	amount numeric(20,2) NOT NULL CHECK (amount > 0),
	currency text NOT NULL CHECK (currency ~ '^[A-Z]{3}$'),
	subject text CHECK (length(subject) <= 400),
	contingencies text CHECK (length(contingencies) <= 4000),
	lead_id bigint,
	call_id bigint,
	listing_id bigint,
	created_at timestamptz NOT NULL,
	PRIMARY KEY (tenant_id, offer_id),
	UNIQUE (tenant_id, task_id),
	FOREIGN KEY (tenant_id, task_id) REFERENCES voiceagent.tasks ON DELETE CASCADE,
	FOREIGN KEY (tenant_id, lead_id) REFERENCES voiceagent.leads
);
COMMENT ON TABLE voiceagent.offers IS
	E'People''s offers to pay, one row an offer, made by make_offer().\n'
	'Its task says who offers, and whether somebody has answered.';
COMMENT ON COLUMN voiceagent.offers.offer_id IS 'Number of the offer.';
COMMENT ON COLUMN voiceagent.offers.task_id IS 'The task to answer it; the offer goes with it.';
COMMENT ON COLUMN voiceagent.offers.amount IS 'How much, in units of the currency.';
COMMENT ON COLUMN voiceagent.offers.currency IS 'ISO 4217 code of the currency.';
COMMENT ON COLUMN voiceagent.offers.subject IS 'Its purpose, as given; NULL: not given.';
COMMENT ON COLUMN voiceagent.offers.contingencies IS 'On which conditions, as it was said; NULL: none were.';
COMMENT ON COLUMN voiceagent.offers.lead_id IS 'The lead that offers; NULL: it is none.';
COMMENT ON COLUMN voiceagent.offers.call_id IS 'The call in which it was made; NULL: none.';
COMMENT ON COLUMN voiceagent.offers.listing_id IS 'The listing that it is for; NULL: none, or it is gone.';
COMMENT ON COLUMN voiceagent.offers.created_at IS 'When it was made.';
CREATE INDEX offers_listing_id ON voiceagent.offers (tenant_id, listing_id) WHERE listing_id IS NOT NULL;
CREATE INDEX offers_lead ON voiceagent.offers (tenant_id, lead_id) WHERE lead_id IS NOT NULL;
SELECT voiceagent_private.guard_table('voiceagent.offers', 'tenant');

CREATE TABLE voiceagent_private.task_deadlines (
	tenant_id bigint NOT NULL,
	task_id bigint NOT NULL,
	due_at timestamptz NOT NULL,
	PRIMARY KEY (tenant_id, task_id),
	FOREIGN KEY (tenant_id, task_id) REFERENCES voiceagent.tasks ON DELETE CASCADE
);
COMMENT ON TABLE voiceagent_private.task_deadlines IS 'Open tasks not yet reported overdue, for tell_overdue_tasks().';
COMMENT ON COLUMN voiceagent_private.task_deadlines.due_at IS 'tasks.due_at; later where telling it failed.';
CREATE INDEX task_deadlines_due ON voiceagent_private.task_deadlines (due_at);
CREATE INDEX task_deadlines_turns ON voiceagent_private.task_deadlines (tenant_id, due_at);
SELECT voiceagent_private.guard_table('voiceagent_private.task_deadlines', 'routing');
