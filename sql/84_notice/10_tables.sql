/*
 * 84_notice: notices to people of a tenant, on the page, by mail and by text.
 *
 * The commit of an event notes it (46_record/15_notices.sql). spread_notices()
 * makes a row for each member that it concerns, by the member's wishes or
 * notice_default(); whatever of these leaves the page does so in the commit
 * that queues its mail or text, so each is sent once.  The mail goes out by
 * 82_mail, whose sender gives each tenant its share.
 *
 * A row names no person: what a notice is about is looked up when it is read,
 * or written into a mail, which an erasure finds by its lead and call.
 */

CREATE TABLE voiceagent.member_notices (
	tenant_id bigint NOT NULL,
	member_notice_id bigint GENERATED ALWAYS AS IDENTITY,
	member_id bigint NOT NULL,
	kind text NOT NULL,
	at timestamptz NOT NULL,
	detail text NOT NULL,
	page text NOT NULL,
	lead_id bigint,
	call_id bigint,
	task_id bigint,
	mail_at timestamptz,
	mail_id bigint,
	text_at timestamptz,
	text_id bigint,
	marked_at timestamptz,
	PRIMARY KEY (tenant_id, member_notice_id),
	FOREIGN KEY (tenant_id, member_id) REFERENCES voiceagent.members ON DELETE CASCADE
) WITH (fillfactor = 80);
COMMENT ON TABLE voiceagent.member_notices IS
	'Notices to members, a row for each of them; my_notices() shows one''s own.';
COMMENT ON COLUMN voiceagent.member_notices.member_notice_id IS 'Number of the notice.';
COMMENT ON COLUMN voiceagent.member_notices.member_id IS 'Whom it tells.';
COMMENT ON COLUMN voiceagent.member_notices.kind IS
	'message, offer, viewing, appointment, missed_call, call_back, task, overdue, balance, carrier, campaign, '
	'approval, ticket, ticket_waits, staff, calendar, invariant or condition.';
COMMENT ON COLUMN voiceagent.member_notices.at IS 'When it happened.';
COMMENT ON COLUMN voiceagent.member_notices.detail IS
	'Which one, and why, in words that name no person; empty: nothing is to say.';
COMMENT ON COLUMN voiceagent.member_notices.page IS
	'Where it is seen to, as a page of the console: waiting, campaigns/12.';
COMMENT ON COLUMN voiceagent.member_notices.lead_id IS 'The lead that it is about; NULL: none.';
COMMENT ON COLUMN voiceagent.member_notices.call_id IS 'The call that it came of; NULL: none.';
COMMENT ON COLUMN voiceagent.member_notices.task_id IS 'The task; NULL: none.';
COMMENT ON COLUMN voiceagent.member_notices.mail_at IS 'When it is to be mailed; NULL: it is not, or was.';
COMMENT ON COLUMN voiceagent.member_notices.mail_id IS 'The mail that has it, alone or among others; NULL: none has.';
COMMENT ON COLUMN voiceagent.member_notices.text_at IS 'When it is to be sent as a text; NULL: it is not, or was.';
COMMENT ON COLUMN voiceagent.member_notices.text_id IS 'The text that has it; NULL: none has.';
COMMENT ON COLUMN voiceagent.member_notices.marked_at IS 'When the member marked it as read; NULL: not yet.';
CREATE INDEX notices_member ON voiceagent.member_notices (tenant_id, member_id, member_notice_id);
CREATE INDEX notices_waiting ON voiceagent.member_notices (tenant_id, member_id)
	WHERE mail_at IS NOT NULL OR text_at IS NOT NULL;
CREATE INDEX notices_at ON voiceagent.member_notices (tenant_id, at);
CREATE INDEX notices_lead ON voiceagent.member_notices (tenant_id, lead_id) WHERE lead_id IS NOT NULL;
CREATE INDEX notices_task ON voiceagent.member_notices (tenant_id, task_id) WHERE task_id IS NOT NULL;
CREATE INDEX notices_call ON voiceagent.member_notices (tenant_id, call_id) WHERE call_id IS NOT NULL;
SELECT voiceagent_private.guard_table('voiceagent.member_notices', 'tenant', waits => '{mail_at,text_at}');
INSERT INTO voiceagent_private.retention_classes (class, description, tab, ended) VALUES
	('member_notices', 'Notices of members, read or not', 'voiceagent.member_notices', 'at');

CREATE TABLE voiceagent_private.notice_turns (
	tenant_id bigint NOT NULL,
	member_id bigint NOT NULL,
	due_at timestamptz NOT NULL,
	PRIMARY KEY (tenant_id, member_id),
	FOREIGN KEY (tenant_id, member_id) REFERENCES voiceagent.members ON DELETE CASCADE
);
COMMENT ON TABLE voiceagent_private.notice_turns IS 'Members for whom something waits to be mailed or sent as a text.';
SELECT voiceagent_private.guard_table('voiceagent_private.notice_turns', 'routing', waits => '{due_at}');
