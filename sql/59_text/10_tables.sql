/*
 * 59_text: text messages of leads.
 *
 * A text is a row, made once by its key.  A text waits in text_turns until it is due; then text_obstacle() judges it
 * whole, in one order, whatever was known before.  A text that may go gets its credits held and a request to the
 * carrier (35_provider/70_provider_requests.sql) in that commit.  The request is sent once: after a crash it is not
 * sent again, and the carrier's report decides.  Reports and replies come by the signed webhooks of calls; states only
 * go forward.
 *
 * A person that writes to be left alone, in any words that the reader of calls knows, is
 * on the do-not-call list in the commit of that message, and gets one
 * confirmation.  START lifts the stop of texts alone.
 */

CREATE TABLE voiceagent.text_senders (
	tenant_id bigint NOT NULL,
	phone_number_id bigint NOT NULL,
	registration text NOT NULL CHECK (registration IN ('10dlc', 'toll_free', 'short_code', 'not_needed')),
	state text NOT NULL CHECK (state IN ('registered', 'pending', 'rejected')),
	reference text CHECK (length(reference) <= 200),
	changed_at timestamptz NOT NULL,
	assistant_id bigint,
	PRIMARY KEY (tenant_id, phone_number_id),
	FOREIGN KEY (tenant_id, phone_number_id) REFERENCES voiceagent.phone_numbers,
	FOREIGN KEY (tenant_id, assistant_id) REFERENCES voiceagent.assistants
);
COMMENT ON TABLE voiceagent.text_senders IS
	'Numbers that texts are sent from, and how carriers know them: 10DLC, toll-free; set_text_sender().';
COMMENT ON COLUMN voiceagent.text_senders.phone_number_id IS 'The number.';
COMMENT ON COLUMN voiceagent.text_senders.registration IS
	'10dlc, toll_free, short_code; not_needed: no text to the United States or Canada leaves from it.';
COMMENT ON COLUMN voiceagent.text_senders.state IS 'registered: it may send; pending; rejected.';
COMMENT ON COLUMN voiceagent.text_senders.reference IS 'The registration''s id, as the carrier names it.';
COMMENT ON COLUMN voiceagent.text_senders.changed_at IS 'When it was set.';
COMMENT ON COLUMN voiceagent.text_senders.assistant_id IS
	'The assistant that answers what people write to it; NULL: the people of the business do.';
SELECT voiceagent_private.guard_table('voiceagent.text_senders', 'tenant');

CREATE TABLE voiceagent.dlt_templates (
	tenant_id bigint NOT NULL REFERENCES voiceagent.tenants,
	template_id text COLLATE "C" NOT NULL CHECK (template_id ~ '^[0-9]{5,30}$'),
	header text NOT NULL CHECK (header ~ '^[A-Za-z0-9]{3,11}$'),
	body text NOT NULL CHECK (length(body) BETWEEN 1 AND 1600),
	changed_at timestamptz NOT NULL,
	PRIMARY KEY (tenant_id, template_id)
);
COMMENT ON TABLE voiceagent.dlt_templates IS
	'Texts that are registered on India''s DLT: a text to India leaves only if it has the words of one.';
COMMENT ON COLUMN voiceagent.dlt_templates.template_id IS 'Its number on the DLT.';
COMMENT ON COLUMN voiceagent.dlt_templates.header IS 'The header that it is sent under, in the place of our number.';
COMMENT ON COLUMN voiceagent.dlt_templates.body IS 'Its words; {#var#} stands for up to 30 characters of any kind.';
COMMENT ON COLUMN voiceagent.dlt_templates.changed_at IS 'When it was set.';
SELECT voiceagent_private.guard_table('voiceagent.dlt_templates', 'tenant');

CREATE TABLE voiceagent.texts (
	tenant_id bigint NOT NULL REFERENCES voiceagent.tenants,
	text_id bigint GENERATED ALWAYS AS IDENTITY,
	inbound boolean NOT NULL,
	kind text NOT NULL,
	status text NOT NULL
		CHECK (status IN ('waiting', 'sending', 'sent', 'delivered', 'undelivered', 'failed', 'refused', 'unknown',
			'received')),
	phone voiceagent.e164 NOT NULL,
	phone_number_id bigint,
	provider_account_id bigint,
	lead_id bigint,
	call_id bigint,
	body text NOT NULL CHECK (length(body) <= 1600),
	segments integer NOT NULL DEFAULT 0,
	reason text,
	key text NOT NULL CHECK (length(key) <= 200),
	about_id bigint,
	about_version integer,
	about_until bigint,
	due_at timestamptz,
	provider_text_id text,
	hold_id bigint,
	created_at timestamptz NOT NULL,
	done_at timestamptz,
	PRIMARY KEY (tenant_id, text_id),
	UNIQUE (tenant_id, key)
) WITH (fillfactor = 70);
COMMENT ON TABLE voiceagent.texts IS 'Text messages to people and from them, and what became of each.';
COMMENT ON COLUMN voiceagent.texts.text_id IS 'Number of the text.';
COMMENT ON COLUMN voiceagent.texts.inbound IS 'Whether somebody wrote to us.';
COMMENT ON COLUMN voiceagent.texts.kind IS
	'Of ours: message, missed_call, information, answer, opted_out, or what the tenant calls it; of theirs: message, '
	'stop, start, help, doubt (it may be a stop), automatic (a reaction, or their telephone''s own answer).';
COMMENT ON COLUMN voiceagent.texts.status IS
	'waiting, sending, sent (the carrier has it), delivered, undelivered, failed, refused (it never left: '
	'reason), unknown (it is not sent again); received.';
COMMENT ON COLUMN voiceagent.texts.phone IS 'The other side.';
COMMENT ON COLUMN voiceagent.texts.phone_number_id IS 'Our number.';
COMMENT ON COLUMN voiceagent.texts.provider_account_id IS 'The carrier account.';
COMMENT ON COLUMN voiceagent.texts.lead_id IS 'The lead; NULL: none.';
COMMENT ON COLUMN voiceagent.texts.call_id IS 'The call that it came of; NULL: none.';
COMMENT ON COLUMN voiceagent.texts.body IS 'Its words; of a longer one that somebody wrote, the beginning.';
COMMENT ON COLUMN voiceagent.texts.segments IS 'In how many parts carriers count it.';
COMMENT ON COLUMN voiceagent.texts.reason IS 'Why it waits, was refused or failed, in words.';
COMMENT ON COLUMN voiceagent.texts.key IS 'Unique: what is asked for with it again is not done again.';
COMMENT ON COLUMN voiceagent.texts.about_id IS
	'The appointment that it is about, or the member that it goes to, by its kind; NULL: none.';
COMMENT ON COLUMN voiceagent.texts.about_version IS 'The appointment''s sequence when it was written; NULL: none.';
COMMENT ON COLUMN voiceagent.texts.about_until IS
	'Until when its link is good, in seconds since 1970; NULL: it has none.';
COMMENT ON COLUMN voiceagent.texts.due_at IS 'Not before; NULL: it has left, or never will.';
COMMENT ON COLUMN voiceagent.texts.provider_text_id IS 'The carrier''s id of it.';
COMMENT ON COLUMN voiceagent.texts.hold_id IS 'The credits held for it; NULL: none.';
COMMENT ON COLUMN voiceagent.texts.done_at IS 'When its status became final.';
CREATE INDEX texts_phone ON voiceagent.texts (tenant_id, phone, text_id) WHERE phone IS NOT NULL;
CREATE INDEX texts_lead ON voiceagent.texts (tenant_id, lead_id) WHERE lead_id IS NOT NULL;
CREATE INDEX texts_provider ON voiceagent.texts (tenant_id, provider_text_id) WHERE provider_text_id IS NOT NULL;
CREATE INDEX texts_created ON voiceagent.texts (tenant_id, created_at);
SELECT voiceagent_private.guard_table('voiceagent.texts', 'tenant', waits => '{due_at}');
INSERT INTO voiceagent_private.retention_classes (class, description, tab, ended, condition) VALUES
	('texts', 'Text messages', 'voiceagent.texts', 'created_at',
	'o.status NOT IN (''waiting'', ''sending'', ''unknown'') AND NOT EXISTS (SELECT FROM voiceagent.credit_holds h
		WHERE h.tenant_id = o.tenant_id AND h.hold_id = o.hold_id AND h.state = ''held'')');

CREATE TABLE voiceagent_private.text_turns (
	tenant_id bigint NOT NULL,
	text_id bigint NOT NULL,
	next_at timestamptz NOT NULL,
	ends_at timestamptz NOT NULL DEFAULT 'infinity',
	PRIMARY KEY (tenant_id, text_id),
	FOREIGN KEY (tenant_id, text_id) REFERENCES voiceagent.texts ON DELETE CASCADE
);
COMMENT ON TABLE voiceagent_private.text_turns IS
	'Texts that wait to be judged and sent, and those of unknown outcome, until their credits are released.';
COMMENT ON COLUMN voiceagent_private.text_turns.next_at IS 'When.';
COMMENT ON COLUMN voiceagent_private.text_turns.ends_at IS
	'When it waits no more for hours, caps or credits, and is refused instead.';
SELECT voiceagent_private.guard_table('voiceagent_private.text_turns', 'routing', waits => '{next_at,ends_at}');

CREATE TABLE voiceagent_private.texts_to_answer (
	tenant_id bigint NOT NULL,
	text_id bigint NOT NULL,
	due_at timestamptz NOT NULL CHECK (isfinite(due_at)),
	PRIMARY KEY (tenant_id, text_id),
	FOREIGN KEY (tenant_id, text_id) REFERENCES voiceagent.texts ON DELETE CASCADE
) WITH (fillfactor = 50);
COMMENT ON TABLE voiceagent_private.texts_to_answer IS
	'Texts that people wrote to a number that an assistant answers, until a model has been asked: ask_answers().';
COMMENT ON COLUMN voiceagent_private.texts_to_answer.due_at IS 'When it is their turn.';
CREATE INDEX texts_to_answer_due ON voiceagent_private.texts_to_answer (due_at);
CREATE INDEX texts_to_answer_turns ON voiceagent_private.texts_to_answer (tenant_id, due_at);
SELECT voiceagent_private.guard_table('voiceagent_private.texts_to_answer', 'routing', waits => '{due_at}');

CREATE TABLE voiceagent.text_stops (
	tenant_id bigint NOT NULL REFERENCES voiceagent.tenants,
	phone voiceagent.e164 NOT NULL,
	source text NOT NULL CHECK (source IN ('text', 'carrier', 'doubt')),
	text_id bigint,
	stopped_at timestamptz NOT NULL,
	lifted_at timestamptz,
	played boolean NOT NULL DEFAULT false,
	PRIMARY KEY (tenant_id, phone, played)
);
CREATE INDEX text_stops_doubt ON voiceagent.text_stops (tenant_id, stopped_at)
	WHERE source = 'doubt' AND lifted_at IS NULL;
COMMENT ON TABLE voiceagent.text_stops IS 'Numbers that get no texts, beside those of the do-not-call list.';
COMMENT ON COLUMN voiceagent.text_stops.phone IS 'The number.';
COMMENT ON COLUMN voiceagent.text_stops.source IS
	'text: the person wrote so; carrier: the carrier blocks it; doubt: what the person wrote may mean so, '
	'and a person decides: release_text_stop().';
COMMENT ON COLUMN voiceagent.text_stops.text_id IS 'The text that it came of; NULL: none.';
COMMENT ON COLUMN voiceagent.text_stops.stopped_at IS 'Since when.';
COMMENT ON COLUMN voiceagent.text_stops.played IS
	'Whether it came by the sandbox: then it holds texts of the sandbox alone, and lets no others go.';
COMMENT ON COLUMN voiceagent.text_stops.lifted_at IS
	'Since when texts may go again, by START or a decision; NULL: they may not.';
SELECT voiceagent_private.guard_table('voiceagent.text_stops', 'tenant');
