-- 25_lead: the people to call, who must not be called, and who agreed to it.

CREATE TABLE voiceagent.leads (
	tenant_id bigint NOT NULL REFERENCES voiceagent.tenants,
	lead_id bigint GENERATED ALWAYS AS IDENTITY,
	phone voiceagent.e164 NOT NULL,
	extension text,
	first_name text,
	last_name text,
	email text,
	company text,
	country text,
	region text,
	timezones text[] NOT NULL,
	context jsonb NOT NULL DEFAULT '{}',
	priority smallint NOT NULL DEFAULT 5 CHECK (priority BETWEEN 0 AND 9),
	tags text[] NOT NULL DEFAULT '{}',
	status voiceagent.lead_status NOT NULL DEFAULT 'new',
	status_reason text,
	qualified boolean,
	call_attempts integer NOT NULL DEFAULT 0,
	last_contacted_at timestamptz,
	batch_id bigint,
	batch_row bigint,
	created_at timestamptz NOT NULL,
	last_called_at timestamptz,
	last_outcome voiceagent.call_outcome,
	follow_up voiceagent.follow_up_reason,
	list_class smallint,
	enrichment jsonb,
	-- By the codes of its characters, accents after their letters: no index that a new locale of the system spoils.
	name_key text COLLATE "C"
		GENERATED ALWAYS AS (lower(normalize(left(coalesce(nullif(btrim(coalesce(last_name, '') || ' '
			|| coalesce(first_name, '')), ''), company, ''), 100), NFKD))) STORED,
	PRIMARY KEY (tenant_id, lead_id)
) WITH (fillfactor = 90);
-- "IS NOT NULL" here and below: only a question that names the column may use the index (see call_queue).
CREATE UNIQUE INDEX leads_phone ON voiceagent.leads (tenant_id, phone) WHERE phone IS NOT NULL;
-- For lead_list(). A call changes none of its columns, so that what it writes into the row stays in the row's page.
CREATE INDEX leads_name ON voiceagent.leads (tenant_id, name_key, lead_id) WHERE name_key IS NOT NULL;
COMMENT ON TABLE voiceagent.leads IS 'The people to call: one row a number and tenant.';
COMMENT ON COLUMN voiceagent.leads.lead_id IS 'Number of the lead.';
COMMENT ON COLUMN voiceagent.leads.phone IS 'The number to dial.';
COMMENT ON COLUMN voiceagent.leads.extension IS 'Digits to dial after the number.';
COMMENT ON COLUMN voiceagent.leads.first_name IS 'Given name.';
COMMENT ON COLUMN voiceagent.leads.last_name IS 'Family name.';
COMMENT ON COLUMN voiceagent.leads.email IS 'E-mail address.';
COMMENT ON COLUMN voiceagent.leads.company IS 'Company.';
COMMENT ON COLUMN voiceagent.leads.status IS 'Where it stands: enumeration lead_status.';
COMMENT ON COLUMN voiceagent.leads.status_reason IS 'Why it has this status, in words.';
COMMENT ON COLUMN voiceagent.leads.qualified IS 'Whether a call found the lead qualified; NULL: not known.';
COMMENT ON COLUMN voiceagent.leads.call_attempts IS 'Dials so far, over all campaigns.';
COMMENT ON COLUMN voiceagent.leads.last_contacted_at IS 'When it was last dialled.';
COMMENT ON COLUMN voiceagent.leads.last_called_at IS
	'When the last of its calls that have ended was dialled; NULL: none has.';
COMMENT ON COLUMN voiceagent.leads.last_outcome IS 'The outcome of that call: enumeration call_outcome.';
COMMENT ON COLUMN voiceagent.leads.follow_up IS
	E'Why a person should look after it: enumeration follow_up_reason; NULL: nothing is open.\n'
	'The end of the next call, a decision about the appointment, and follow_up_done() change it.';
COMMENT ON COLUMN voiceagent.leads.list_class IS
	E'Where lead_list() finds it: see lead_class().\n'
	'NULL: it was stored by hand, and lead_list() knows it by id and name alone, until it is called.';
COMMENT ON COLUMN voiceagent.leads.name_key IS
	'By what lead_list() sorts names: last name and first name, or the company, in lower case.';
COMMENT ON COLUMN voiceagent.leads.batch_id IS 'The import that brought it; NULL: added by hand.';
COMMENT ON COLUMN voiceagent.leads.batch_row IS 'The row of the import''s file, from 1.';
COMMENT ON COLUMN voiceagent.leads.country IS 'ISO 3166-1 alpha-2 country of the number.';
COMMENT ON COLUMN voiceagent.leads.region IS
	'ISO 3166-2 state or province (several joined by |), from the number or the row''s own column.';
COMMENT ON COLUMN voiceagent.leads.timezones IS
	E'Every IANA zone in which the person may be; a call must be allowed in all of them.\n'
	'Empty: unknown.';
COMMENT ON COLUMN voiceagent.leads.context IS
	'Every other column of the file, for the prompt''s {{variables}}; what is nested is named by its levels: '
	'{{property.age}}, {{rooms.0}}.';
COMMENT ON COLUMN voiceagent.leads.enrichment IS
	'The latest data of each source of enrich_lead(), merged, for {{enrichment.NAME}}; NULL: none.';
COMMENT ON COLUMN voiceagent.leads.tags IS
	'Words of the tenant''s own to tell groups apart, from the file or by tag_leads().';
COMMENT ON COLUMN voiceagent.leads.priority IS '0 is dialled first, 9 last.';
SELECT voiceagent_private.guard_table('voiceagent.leads', 'tenant');

CREATE TABLE voiceagent.lead_numbers (
	tenant_id bigint NOT NULL,
	lead_id bigint NOT NULL,
	number smallint NOT NULL CHECK (number BETWEEN 2 AND 5),
	phone voiceagent.e164 NOT NULL,
	extension text,
	country text,
	region text,
	timezones text[] NOT NULL,
	was_lead bigint,
	PRIMARY KEY (tenant_id, lead_id, number),
	UNIQUE (tenant_id, lead_id, phone),
	FOREIGN KEY (tenant_id, lead_id) REFERENCES voiceagent.leads
);
COMMENT ON TABLE voiceagent.lead_numbers IS
	E'The further numbers of leads: 2 to 5; number 1 is leads.phone.\n'
	'Each has its own caps, consent and do-not-call entry.';
COMMENT ON COLUMN voiceagent.lead_numbers.number IS 'Which of the lead''s numbers: 2 to 5.';
COMMENT ON COLUMN voiceagent.lead_numbers.phone IS 'The number to dial.';
COMMENT ON COLUMN voiceagent.lead_numbers.extension IS 'Digits to dial after the number.';
COMMENT ON COLUMN voiceagent.lead_numbers.country IS 'ISO 3166-1 alpha-2 country of the number.';
COMMENT ON COLUMN voiceagent.lead_numbers.region IS
	'ISO 3166-2 state or province (several joined by |), from the lead''s own or the number.';
COMMENT ON COLUMN voiceagent.lead_numbers.timezones IS
	E'Every IANA zone in which the person may be who answers; a call must be allowed in all of them.\n'
	'Empty: unknown.';
COMMENT ON COLUMN voiceagent.lead_numbers.was_lead IS
	'The lead whose first number it was, until that was merged into this one: nobody else''s first number can it be.';
CREATE UNIQUE INDEX lead_numbers_mark ON voiceagent.lead_numbers (tenant_id, phone) WHERE was_lead IS NOT NULL;
CREATE INDEX lead_numbers_phone ON voiceagent.lead_numbers (tenant_id, phone) WHERE phone IS NOT NULL;
SELECT voiceagent_private.guard_table('voiceagent.lead_numbers', 'tenant');

CREATE TABLE voiceagent.do_not_call_list (
	tenant_id bigint NOT NULL REFERENCES voiceagent.tenants,
	phone voiceagent.e164 NOT NULL,
	reason text NOT NULL,
	source text NOT NULL DEFAULT 'manual' CONSTRAINT do_not_call_list_source_check
		CHECK (source IN ('manual', 'call', 'import', 'text')),
	call_id bigint,
	created_at timestamptz NOT NULL,
	held boolean NOT NULL DEFAULT false,
	turn integer,
	quote text CHECK (length(quote) <= 300),
	PRIMARY KEY (tenant_id, phone),
	CONSTRAINT only_holds_quote CHECK (held OR num_nonnulls(turn, quote) = 0),
	CONSTRAINT holds_name_call CHECK (NOT held OR call_id IS NOT NULL)
);
COMMENT ON TABLE voiceagent.do_not_call_list IS
	E'Numbers the tenant must never dial (DNC), and those that are held: the opt-out is uncertain.\n'
	'release_holds() ends a hold.';
COMMENT ON COLUMN voiceagent.do_not_call_list.phone IS 'The number.';
COMMENT ON COLUMN voiceagent.do_not_call_list.reason IS 'Why, in words.';
COMMENT ON COLUMN voiceagent.do_not_call_list.source IS 'How it came here: manual, call, import or text.';
COMMENT ON COLUMN voiceagent.do_not_call_list.call_id IS
	'The call in which the person opted out, or may have; NULL: it was no call.';
COMMENT ON COLUMN voiceagent.do_not_call_list.held IS
	'Whether it is a hold: not dialled, but for a callback that the call promised, until a person settles it.';
COMMENT ON COLUMN voiceagent.do_not_call_list.turn IS
	'Of a hold, the turn in doubt: call_turns.turn; NULL: no turn has it.';
COMMENT ON COLUMN voiceagent.do_not_call_list.quote IS 'Of a hold, the words in doubt; NULL: none.';
-- A hold is found by the call it came from.
CREATE INDEX held_numbers ON voiceagent.do_not_call_list (tenant_id, call_id) WHERE held;
SELECT voiceagent_private.guard_table('voiceagent.do_not_call_list', 'tenant');

CREATE TABLE voiceagent.consents (
	tenant_id bigint NOT NULL,
	consent_id bigint GENERATED ALWAYS AS IDENTITY,
	lead_id bigint NOT NULL,
	phone voiceagent.e164 NOT NULL,
	kind text NOT NULL CONSTRAINT consents_kind_check CHECK (kind IN ('call', 'recording', 'text', 'appointment',
		'played_call', 'played_recording', 'played_text')),
	source text NOT NULL,
	wording text,
	granted_at timestamptz NOT NULL,
	revoked_at timestamptz,
	version text CHECK (length(version) <= 200),
	call_id bigint,
	quote text,
	said_at_s integer,
	PRIMARY KEY (tenant_id, consent_id),
	FOREIGN KEY (tenant_id, lead_id) REFERENCES voiceagent.leads
);
COMMENT ON TABLE voiceagent.consents IS
	'Who agreed to what, from which source, in which words, and when it was revoked.';
COMMENT ON COLUMN voiceagent.consents.consent_id IS 'Number of the consent.';
COMMENT ON COLUMN voiceagent.consents.phone IS
	'The number of the lead for which it was given; it says nothing about the others.';
COMMENT ON COLUMN voiceagent.consents.source IS 'Where it was given, e.g. a form''s address.';
COMMENT ON COLUMN voiceagent.consents.wording IS 'The person''s agreement, word for word.';
COMMENT ON COLUMN voiceagent.consents.granted_at IS 'Since when it holds.';
COMMENT ON COLUMN voiceagent.consents.revoked_at IS 'Until when it held; NULL: it holds.';
COMMENT ON COLUMN voiceagent.consents.version IS 'Which version of the words, as whoever asked names it.';
COMMENT ON COLUMN voiceagent.consents.call_id IS 'The call in which it was asked for; NULL: none.';
COMMENT ON COLUMN voiceagent.consents.quote IS
	'The person''s answer in that call, word for word, also where that was no: then it never held.';
COMMENT ON COLUMN voiceagent.consents.said_at_s IS
	'When that was, in seconds from the start of the talk; NULL: unknown.';
COMMENT ON COLUMN voiceagent.consents.kind IS
	'call (to be called by an artificial voice), recording, text (to get text messages), or appointment (to be called '
	'at times that were promised, and at no other: it lets nothing, and binds all numbers of the lead); played_: as '
	'the sandbox or a rehearsal had it, which no real call or text asks for.';
-- The third column is for the claim, whose order no other index gives: see check_eligibility().
CREATE INDEX consents_lead ON voiceagent.consents (tenant_id, lead_id, consent_id) WHERE lead_id IS NOT NULL;
SELECT voiceagent_private.guard_table('voiceagent.consents', 'tenant');

CREATE TABLE voiceagent.lead_merges (
	tenant_id bigint NOT NULL REFERENCES voiceagent.tenants,
	merge_id bigint GENERATED ALWAYS AS IDENTITY,
	lead_id bigint NOT NULL,
	gone_lead_id bigint NOT NULL,
	was jsonb NOT NULL,
	merged_at timestamptz NOT NULL,
	merged_by text NOT NULL,
	undone_at timestamptz,
	undone_by text,
	PRIMARY KEY (tenant_id, merge_id)
);
COMMENT ON TABLE voiceagent.lead_merges IS 'Leads that were merged into others: merge_leads(), unmerge_leads().';
COMMENT ON COLUMN voiceagent.lead_merges.merge_id IS 'Number of the merge.';
COMMENT ON COLUMN voiceagent.lead_merges.lead_id IS 'The lead that has all that the other had.';
COMMENT ON COLUMN voiceagent.lead_merges.gone_lead_id IS 'Number of the lead that was merged into it.';
COMMENT ON COLUMN voiceagent.lead_merges.was IS 'That lead as it was; empty when it is there again.';
COMMENT ON COLUMN voiceagent.lead_merges.merged_at IS 'When.';
COMMENT ON COLUMN voiceagent.lead_merges.merged_by IS 'The member, API key or database role.';
COMMENT ON COLUMN voiceagent.lead_merges.undone_at IS 'When it was undone; NULL: it stands.';
COMMENT ON COLUMN voiceagent.lead_merges.undone_by IS 'Who undid it.';
CREATE INDEX lead_merges_lead ON voiceagent.lead_merges (tenant_id, lead_id) WHERE lead_id IS NOT NULL;
SELECT voiceagent_private.guard_table('voiceagent.lead_merges', 'tenant');
