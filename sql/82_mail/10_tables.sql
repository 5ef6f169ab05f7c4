/*
 * 82_mail: e-mail that leaves.  Whoever has something to write calls
 * enqueue_mail() in its own transaction; the task mail
 * (bgworkers/outbound/mail.c) sends it by the tenant's account or the
 * platform's, and where there is neither, it goes into the sandbox's mailbox,
 * a table, and nowhere else.
 *
 * A mail is sent at least once: one whose answer is lost is sent again, with
 * the same Message-ID. The text that members must not read (the links that
 * set passwords) is in mail_queue alone until it has left.
 */

CREATE TABLE voiceagent.mail_accounts (
	tenant_id bigint PRIMARY KEY REFERENCES voiceagent.tenants,
	url text NOT NULL CHECK (url ~ '^smtps?://[A-Za-z0-9.-]{1,253}(:[0-9]{1,5})?$'),
	username text CHECK (length(username) BETWEEN 1 AND 254),
	sender text NOT NULL,
	sender_name text NOT NULL DEFAULT '' CHECK (length(sender_name) <= 100 AND sender_name !~ '[[:cntrl:]]'),
	home text NOT NULL DEFAULT voiceagent_private.home(),
	trouble text,
	changed_at timestamptz NOT NULL
);
COMMENT ON TABLE voiceagent.mail_accounts IS
	E'The mail server of a tenant; its password lies sealed in the vault.\n'
	'Without a row the platform''s is used.';
COMMENT ON COLUMN voiceagent.mail_accounts.url IS 'smtp://host:587 (STARTTLS is required) or smtps://host:465.';
COMMENT ON COLUMN voiceagent.mail_accounts.username IS 'For AUTH; NULL: none.';
COMMENT ON COLUMN voiceagent.mail_accounts.sender IS 'Address that mails come from.';
COMMENT ON COLUMN voiceagent.mail_accounts.sender_name IS 'Its name; empty: none.';
COMMENT ON COLUMN voiceagent.mail_accounts.home IS
	'The database in which it was set: a copy does not use it before the password is given again.';
COMMENT ON COLUMN voiceagent.mail_accounts.trouble IS 'Why the last mail could not be handed over; NULL: it was.';
COMMENT ON COLUMN voiceagent.mail_accounts.changed_at IS 'When it was set.';
SELECT voiceagent_private.guard_table('voiceagent.mail_accounts', 'tenant');

-- The same columns where they mean the same.
CREATE TABLE voiceagent_private.platform_mail_account (
	one boolean PRIMARY KEY DEFAULT true CHECK (one),
	url text NOT NULL CHECK (url ~ '^smtps?://[A-Za-z0-9.-]{1,253}(:[0-9]{1,5})?$'),
	username text CHECK (length(username) BETWEEN 1 AND 254),
	sender text NOT NULL,
	sender_name text NOT NULL DEFAULT '' CHECK (length(sender_name) <= 100 AND sender_name !~ '[[:cntrl:]]'),
	home text NOT NULL DEFAULT voiceagent_private.home(),
	trouble text,
	changed_at timestamptz NOT NULL
);
COMMENT ON TABLE voiceagent_private.platform_mail_account IS
	'The platform''s mail server, for tenants without one of their own; as mail_accounts.';
SELECT voiceagent_private.guard_table('voiceagent_private.platform_mail_account', 'platform', '');
GRANT SELECT, UPDATE ON voiceagent_private.platform_mail_account TO voiceagent_worker;

CREATE TABLE voiceagent.mail_templates (
	kind text NOT NULL CHECK (kind ~ '^[a-z][a-z0-9_]{0,62}$'),
	language text NOT NULL CHECK (language IN ('en', 'es', 'fr', 'de')),
	class text NOT NULL CHECK (class IN ('account', 'billing', 'service', 'marketing')),
	subject text NOT NULL CHECK (length(subject) BETWEEN 1 AND 200 AND subject !~ '[[:cntrl:]]'),
	body text NOT NULL CHECK (length(body) BETWEEN 1 AND 20000),
	PRIMARY KEY (kind, language)
);
COMMENT ON TABLE voiceagent.mail_templates IS 'Texts of mails, by kind, in four languages; {{name}}: a value.';
COMMENT ON COLUMN voiceagent.mail_templates.kind IS 'The kind, as enqueue_mail() takes it.';
COMMENT ON COLUMN voiceagent.mail_templates.language IS 'en, es, fr or de.';
COMMENT ON COLUMN voiceagent.mail_templates.class IS
	'account and billing go to members; service and marketing to leads, but to none that opted out or is held; '
	'marketing has a one-click unsubscription.';
COMMENT ON COLUMN voiceagent.mail_templates.subject IS 'The subject, one line.';
COMMENT ON COLUMN voiceagent.mail_templates.body IS 'The text.';
SELECT voiceagent_private.guard_table('voiceagent.mail_templates', 'platform', 'WHERE false');

CREATE TABLE voiceagent.mails (
	tenant_id bigint NOT NULL REFERENCES voiceagent.tenants,
	mail_id bigint GENERATED ALWAYS AS IDENTITY,
	kind text NOT NULL,
	class text NOT NULL,
	language text NOT NULL,
	recipient text NOT NULL,
	subject text NOT NULL,
	body text NOT NULL,
	lead_id bigint,
	call_id bigint,
	status text NOT NULL DEFAULT 'queued' CHECK (status IN ('queued', 'sent', 'failed', 'bounced', 'refused')),
	reason text,
	via text CHECK (via IN ('tenant', 'platform', 'sandbox')),
	tries integer NOT NULL DEFAULT 0,
	created_at timestamptz NOT NULL,
	done_at timestamptz,
	PRIMARY KEY (tenant_id, mail_id)
) WITH (fillfactor = 70);
COMMENT ON TABLE voiceagent.mails IS 'Mails of a tenant, and what became of them.';
COMMENT ON COLUMN voiceagent.mails.mail_id IS 'Number of the mail.';
COMMENT ON COLUMN voiceagent.mails.kind IS 'Its kind: mail_templates.kind.';
COMMENT ON COLUMN voiceagent.mails.class IS 'As mail_templates.class.';
COMMENT ON COLUMN voiceagent.mails.language IS 'en, es, fr or de.';
COMMENT ON COLUMN voiceagent.mails.recipient IS 'The address, in small letters.';
COMMENT ON COLUMN voiceagent.mails.subject IS 'Its subject.';
COMMENT ON COLUMN voiceagent.mails.body IS 'Its text; {{secret}} stands for what members may not read.';
COMMENT ON COLUMN voiceagent.mails.lead_id IS 'The lead that it goes to; NULL: none.';
COMMENT ON COLUMN voiceagent.mails.call_id IS 'The call in which it was asked for; NULL: none.';
COMMENT ON COLUMN voiceagent.mails.status IS
	'queued; sent: a server has taken it; failed; bounced: the server does not know the address; refused: it was never '
	'to be sent (reason).';
COMMENT ON COLUMN voiceagent.mails.reason IS 'Why it was not sent, or not yet; NULL: nothing is wrong.';
COMMENT ON COLUMN voiceagent.mails.via IS
	'Whose account took it: tenant, platform; sandbox: there is none, and it is in sandbox_mailbox alone.';
COMMENT ON COLUMN voiceagent.mails.tries IS 'How often it was tried.';
COMMENT ON COLUMN voiceagent.mails.done_at IS 'When status became final.';
CREATE INDEX mails_created ON voiceagent.mails (tenant_id, created_at);
CREATE INDEX mails_done ON voiceagent.mails (tenant_id, done_at) WHERE done_at IS NOT NULL;
CREATE INDEX mails_call ON voiceagent.mails (tenant_id, call_id) WHERE call_id IS NOT NULL;
CREATE INDEX mails_lead ON voiceagent.mails (tenant_id, lead_id) WHERE lead_id IS NOT NULL;
SELECT voiceagent_private.guard_table('voiceagent.mails', 'tenant');
INSERT INTO voiceagent_private.retention_classes (class, description, tab, ended, erased_by, key) VALUES
	('mails', 'Mails that were sent, or will not be', 'voiceagent.mails', 'done_at', 'erase_mails', 'mail_id');

CREATE TABLE voiceagent_private.mail_queue (
	tenant_id bigint NOT NULL,
	mail_id bigint NOT NULL,
	secret text,
	unsubscribe text,
	invitation jsonb,
	next_at timestamptz NOT NULL,
	claimed boolean NOT NULL DEFAULT false,
	reply_to text,
	PRIMARY KEY (tenant_id, mail_id),
	FOREIGN KEY (tenant_id, mail_id) REFERENCES voiceagent.mails ON DELETE CASCADE
) WITH (fillfactor = 70);
COMMENT ON TABLE voiceagent_private.mail_queue IS 'Mails that wait to be sent, or are on their way.';
COMMENT ON COLUMN voiceagent_private.mail_queue.secret IS 'The meaning of {{secret}} in the text.';
COMMENT ON COLUMN voiceagent_private.mail_queue.unsubscribe IS 'The token of its unsubscription; NULL: it has none.';
COMMENT ON COLUMN voiceagent_private.mail_queue.invitation IS
	'The event that it brings a calendar, as mail_invitation() has it; NULL: it is no invitation.';
COMMENT ON COLUMN voiceagent_private.mail_queue.next_at IS
	'Not before; while it is claimed: when it counts as lost, and is sent again.';
COMMENT ON COLUMN voiceagent_private.mail_queue.claimed IS 'True: it is on its way.';
COMMENT ON COLUMN voiceagent_private.mail_queue.reply_to IS 'Where answers go; NULL: to its sender.';
CREATE INDEX mail_queue_due ON voiceagent_private.mail_queue (tenant_id, next_at);
SELECT voiceagent_private.guard_table('voiceagent_private.mail_queue', 'routing', waits => '{next_at}');

CREATE TABLE voiceagent_private.sandbox_mailbox (
	tenant_id bigint NOT NULL,
	mail_id bigint NOT NULL,
	message text NOT NULL,
	PRIMARY KEY (tenant_id, mail_id),
	FOREIGN KEY (tenant_id, mail_id) REFERENCES voiceagent.mails ON DELETE CASCADE
);
COMMENT ON TABLE voiceagent_private.sandbox_mailbox IS
	'Mails as they would have left, where there is no account: for the platform''s staff, since some have secrets.';
COMMENT ON COLUMN voiceagent_private.sandbox_mailbox.message IS 'The whole message, as a server would get it.';
SELECT voiceagent_private.guard_table('voiceagent_private.sandbox_mailbox', 'internal');

CREATE TABLE voiceagent.mail_suppressions (
	tenant_id bigint NOT NULL REFERENCES voiceagent.tenants,
	address text NOT NULL CHECK (length(address) BETWEEN 3 AND 254),
	reason text NOT NULL CHECK (reason IN ('unsubscribed', 'bounced', 'complaint')),
	mail_id bigint,
	created_at timestamptz NOT NULL,
	PRIMARY KEY (tenant_id, address)
);
COMMENT ON TABLE voiceagent.mail_suppressions IS 'Addresses that mails of a tenant do not go to.';
COMMENT ON COLUMN voiceagent.mail_suppressions.address IS 'The address, in small letters.';
COMMENT ON COLUMN voiceagent.mail_suppressions.reason IS
	'unsubscribed, complaint: no service or marketing; bounced: nothing.';
COMMENT ON COLUMN voiceagent.mail_suppressions.mail_id IS 'The mail that it came of; NULL: none.';
SELECT voiceagent_private.guard_table('voiceagent.mail_suppressions', 'tenant');

CREATE TABLE voiceagent_private.unsubscriptions (
	tenant_id bigint NOT NULL,
	token_hash bytea NOT NULL PRIMARY KEY,
	address text NOT NULL,
	mail_id bigint NOT NULL
);
COMMENT ON TABLE voiceagent_private.unsubscriptions IS 'Whose unsubscription a link in a mail is.';
COMMENT ON COLUMN voiceagent_private.unsubscriptions.token_hash IS 'SHA-256 of the token in the link.';
CREATE INDEX unsubscriptions_mail ON voiceagent_private.unsubscriptions (tenant_id, mail_id);
SELECT voiceagent_private.guard_table('voiceagent_private.unsubscriptions', 'routing');

CREATE TABLE voiceagent_private.password_links (
	tenant_id bigint NOT NULL,
	token_hash bytea NOT NULL PRIMARY KEY,
	member_id bigint NOT NULL,
	kind text NOT NULL CHECK (kind IN ('invitation', 'password_reset')),
	expires_at timestamptz NOT NULL,
	created_at timestamptz NOT NULL,
	FOREIGN KEY (tenant_id, member_id) REFERENCES voiceagent.members ON DELETE CASCADE
);
COMMENT ON TABLE voiceagent_private.password_links IS 'Links by which members set a password, once.';
COMMENT ON COLUMN voiceagent_private.password_links.token_hash IS 'SHA-256 of the token in the link.';
CREATE INDEX password_links_member ON voiceagent_private.password_links (tenant_id, member_id);
SELECT voiceagent_private.guard_table('voiceagent_private.password_links', 'routing');

-- It is of no tenant: whose the address is, if anybody's, is looked up by the job.
CREATE TABLE voiceagent_private.password_requests (
	password_request_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
	email text NOT NULL,
	language text,
	share text NOT NULL
);
COMMENT ON TABLE voiceagent_private.password_requests IS
	'Forgotten passwords, as they were asked for, until mail_password_links() has seen them.';
COMMENT ON COLUMN voiceagent_private.password_requests.share IS 'Whom it counts for, as stranger_share() says.';
CREATE INDEX password_requests_share ON voiceagent_private.password_requests (share);
CREATE INDEX password_requests_email ON voiceagent_private.password_requests (email);
COMMENT ON COLUMN voiceagent_private.password_requests.email IS 'The address that was named.';
COMMENT ON COLUMN voiceagent_private.password_requests.language IS 'In which language the mail is asked for.';
SELECT voiceagent_private.guard_table('voiceagent_private.password_requests', 'platform', 'WHERE false');
