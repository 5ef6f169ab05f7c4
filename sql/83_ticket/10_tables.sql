/*
 * 83_ticket: what a tenant asks the platform's staff, and the answers.
 *
 * A ticket is open while the staff has to answer, answered while the tenant has,
 * and resolved when either of them says so; what is written to a resolved one
 * opens it again.  A request for a number makes one, and its end resolves it.
 * Its clocks (15_clocks.sql) are the next answer's, while it is open, and the
 * solution's, which stands while the tenant is asked.
 *
 * Locking: whoever writes to a ticket holds its row, and waits for no other lock.
 */

CREATE FUNCTION voiceagent_private.numbers_in(words text) RETURNS text[]
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
	RETURN ARRAY(SELECT pg_catalog.right(pg_catalog.regexp_replace(m.run[1], '[^0-9]', '', 'g'), 8)
		FROM pg_catalog.regexp_matches(words, '[0-9](?:[-() ./]*[0-9]){7,}', 'g') AS m(run));
COMMENT ON FUNCTION voiceagent_private.numbers_in(text) IS
	'The last eight digits of whatever in a text may be a telephone number, in any way of writing: by them an erasure '
	'finds a text.';

CREATE TABLE voiceagent.tickets (
	tenant_id bigint NOT NULL REFERENCES voiceagent.tenants,
	ticket_id bigint GENERATED ALWAYS AS IDENTITY,
	category voiceagent.ticket_category NOT NULL,
	priority voiceagent.task_priority NOT NULL,
	subject text NOT NULL CHECK (length(subject) BETWEEN 1 AND 200 AND subject !~ '[[:cntrl:]]'),
	state voiceagent.ticket_state NOT NULL DEFAULT 'open',
	number_request_id bigint,
	member_id bigint,
	opened_by text NOT NULL,
	language text NOT NULL CHECK (language IN ('en', 'es', 'fr', 'de')),
	assigned_to text CHECK (length(assigned_to) BETWEEN 1 AND 100),
	created_at timestamptz NOT NULL,
	changed_at timestamptz NOT NULL,
	first_answered_at timestamptz,
	due_at timestamptz,
	resolved_at timestamptz,
	bytes bigint NOT NULL DEFAULT 0,
	solve_due_at timestamptz,
	solve_left interval,
	told text[] NOT NULL DEFAULT '{}',
	satisfaction integer CHECK (satisfaction BETWEEN 1 AND 5),
	asked_at timestamptz,
	PRIMARY KEY (tenant_id, ticket_id),
	FOREIGN KEY (tenant_id, number_request_id) REFERENCES voiceagent.number_requests,
	FOREIGN KEY (tenant_id, member_id) REFERENCES voiceagent.members,
	CHECK (state = 'open' OR due_at IS NULL),
	CHECK ((state = 'resolved') = (resolved_at IS NOT NULL))
) WITH (fillfactor = 80);
COMMENT ON TABLE voiceagent.tickets IS
	'Questions of a tenant''s members to the platform''s staff; open_ticket() makes them.';
COMMENT ON COLUMN voiceagent.tickets.ticket_id IS 'Number of the ticket.';
COMMENT ON COLUMN voiceagent.tickets.category IS 'Its category: enumeration ticket_category.';
COMMENT ON COLUMN voiceagent.tickets.priority IS 'How soon an answer is wanted: enumeration task_priority.';
COMMENT ON COLUMN voiceagent.tickets.subject IS 'Its subject, one line.';
COMMENT ON COLUMN voiceagent.tickets.state IS 'Whose turn it is: enumeration ticket_state.';
COMMENT ON COLUMN voiceagent.tickets.number_request_id IS 'The request for a number that made it; NULL: none did.';
COMMENT ON COLUMN voiceagent.tickets.member_id IS 'The member who opened it, to whom answers are mailed; NULL: none.';
COMMENT ON COLUMN voiceagent.tickets.opened_by IS 'Who opened it, in words.';
COMMENT ON COLUMN voiceagent.tickets.language IS 'Of the mails about it.';
COMMENT ON COLUMN voiceagent.tickets.assigned_to IS 'Who of the staff sees to it, in words; NULL: none yet.';
COMMENT ON COLUMN voiceagent.tickets.created_at IS 'When it was opened.';
COMMENT ON COLUMN voiceagent.tickets.changed_at IS 'When somebody last wrote to it, or changed it.';
COMMENT ON COLUMN voiceagent.tickets.first_answered_at IS 'When the staff first answered; NULL: not yet.';
COMMENT ON COLUMN voiceagent.tickets.due_at IS
	'By when the staff is to answer (settings ticket_due_...); NULL: it is not the staff''s turn.';
COMMENT ON COLUMN voiceagent.tickets.resolved_at IS 'When it was resolved; NULL: it is not.';
COMMENT ON COLUMN voiceagent.tickets.bytes IS 'The size of its messages, counted for ticket_bytes_kept.';
COMMENT ON COLUMN voiceagent.tickets.solve_due_at IS
	'By when it is to be resolved (settings ticket_solve_...); NULL: it is, or the tenant is asked.';
COMMENT ON COLUMN voiceagent.tickets.solve_left IS
	'The rest of that time, in the staff''s open hours, while the tenant is asked; NULL: the clock runs, or has '
	'ended.';
COMMENT ON COLUMN voiceagent.tickets.told IS
	'Its clocks'' notices to the staff: answer ahead, answer late, solution ahead, solution late.';
COMMENT ON COLUMN voiceagent.tickets.satisfaction IS
	'How content the tenant was when it was resolved, from 1 to 5: rate_ticket(); NULL: not said.';
COMMENT ON COLUMN voiceagent.tickets.asked_at IS 'When it was asked how content it is, by mail; NULL: not yet.';
CREATE INDEX tickets_unresolved ON voiceagent.tickets (tenant_id, changed_at) WHERE resolved_at IS NULL;
CREATE INDEX tickets_resolved ON voiceagent.tickets (tenant_id, resolved_at) WHERE resolved_at IS NOT NULL;
CREATE UNIQUE INDEX tickets_number_request ON voiceagent.tickets (tenant_id, number_request_id)
	WHERE number_request_id IS NOT NULL;
CREATE INDEX tickets_member ON voiceagent.tickets (tenant_id, member_id) WHERE member_id IS NOT NULL;
CREATE INDEX tickets_numbers ON voiceagent.tickets (tenant_id, ticket_id)
	WHERE voiceagent_private.numbers_in(subject) <> '{}';
SELECT voiceagent_private.guard_table('voiceagent.tickets', 'tenant');
INSERT INTO voiceagent_private.retention_classes (class, description, tab, ended) VALUES
	('tickets', 'Tickets that are resolved', 'voiceagent.tickets', 'resolved_at');
CREATE POLICY platform ON voiceagent.tickets FOR SELECT TO voiceagent_admin USING (true);

CREATE TABLE voiceagent.ticket_messages (
	tenant_id bigint NOT NULL,
	ticket_id bigint NOT NULL,
	message_number integer NOT NULL,
	side text NOT NULL CHECK (side IN ('tenant', 'staff')),
	author text NOT NULL,
	message text NOT NULL CHECK (length(message) BETWEEN 1 AND 20000),
	created_at timestamptz NOT NULL,
	PRIMARY KEY (tenant_id, ticket_id, message_number),
	FOREIGN KEY (tenant_id, ticket_id) REFERENCES voiceagent.tickets ON DELETE CASCADE
);
COMMENT ON TABLE voiceagent.ticket_messages IS 'Messages of tickets, in their order; an erasure alone changes them.';
COMMENT ON COLUMN voiceagent.ticket_messages.ticket_id IS 'The ticket.';
COMMENT ON COLUMN voiceagent.ticket_messages.message_number IS 'Its place in the ticket, from 1.';
COMMENT ON COLUMN voiceagent.ticket_messages.side IS 'tenant, or staff: the platform.';
COMMENT ON COLUMN voiceagent.ticket_messages.author IS
	'Who wrote it, in words; of the staff its name if it gave one, else "support".';
COMMENT ON COLUMN voiceagent.ticket_messages.message IS 'The text.';
COMMENT ON COLUMN voiceagent.ticket_messages.created_at IS 'When it was written.';
CREATE INDEX ticket_messages_numbers ON voiceagent.ticket_messages (tenant_id, ticket_id)
	WHERE voiceagent_private.numbers_in(message) <> '{}';
SELECT voiceagent_private.guard_table('voiceagent.ticket_messages', 'tenant');
CREATE POLICY platform ON voiceagent.ticket_messages FOR SELECT TO voiceagent_admin USING (true);

CREATE TABLE voiceagent_private.tickets_due (
	tenant_id bigint NOT NULL,
	ticket_id bigint NOT NULL,
	due_at timestamptz NOT NULL,
	PRIMARY KEY (tenant_id, ticket_id),
	FOREIGN KEY (tenant_id, ticket_id) REFERENCES voiceagent.tickets ON DELETE CASCADE
);
COMMENT ON TABLE voiceagent_private.tickets_due IS
	'Tickets of all tenants that wait for the staff: what health() and metrics() count.';
COMMENT ON COLUMN voiceagent_private.tickets_due.due_at IS 'As tickets.due_at.';
CREATE INDEX tickets_due_at ON voiceagent_private.tickets_due (due_at);
SELECT voiceagent_private.guard_table('voiceagent_private.tickets_due', 'routing');

CREATE TABLE voiceagent_private.ticket_turns (
	tenant_id bigint NOT NULL,
	ticket_id bigint NOT NULL,
	look_at timestamptz NOT NULL,
	PRIMARY KEY (tenant_id, ticket_id),
	FOREIGN KEY (tenant_id, ticket_id) REFERENCES voiceagent.tickets ON DELETE CASCADE
);
COMMENT ON TABLE voiceagent_private.ticket_turns IS 'When the clocks of a ticket have something to tell next.';
SELECT voiceagent_private.guard_table('voiceagent_private.ticket_turns', 'routing', waits => '{look_at}');

CREATE TABLE voiceagent_private.ticket_threads (
	message_key text PRIMARY KEY,
	tenant_id bigint NOT NULL,
	ticket_id bigint NOT NULL,
	FOREIGN KEY (tenant_id, ticket_id) REFERENCES voiceagent.tickets ON DELETE CASCADE
);
COMMENT ON TABLE voiceagent_private.ticket_threads IS 'Which ticket our mails were about, by their mail_key().';
CREATE INDEX ticket_threads_ticket ON voiceagent_private.ticket_threads (tenant_id, ticket_id);
SELECT voiceagent_private.guard_table('voiceagent_private.ticket_threads', 'routing');

CREATE TABLE voiceagent_private.staff_hours (
	one boolean PRIMARY KEY DEFAULT true CHECK (one),
	timezone text NOT NULL,
	hours jsonb NOT NULL,
	holiday_country text,
	holidays jsonb
);
COMMENT ON TABLE voiceagent_private.staff_hours IS
	'When the platform''s staff works, as a calendar has it: set_staff_hours(); no row: at any time.';
SELECT voiceagent_private.guard_table('voiceagent_private.staff_hours', 'platform', '');

CREATE TABLE voiceagent_private.ticket_macros (
	name text PRIMARY KEY CHECK (name ~ '^[a-z][a-z0-9_-]{0,39}$'),
	message text NOT NULL,
	resolves boolean NOT NULL,
	priority voiceagent.task_priority,
	category voiceagent.ticket_category
);
COMMENT ON TABLE voiceagent_private.ticket_macros IS
	'Answers that the staff gives by their names, and what becomes of the ticket: set_ticket_macro().';
SELECT voiceagent_private.guard_table('voiceagent_private.ticket_macros', 'platform', '');

GRANT SELECT ON voiceagent.tickets, voiceagent.ticket_messages TO voiceagent_admin;
