/*
 * 37_number: a tenant's telephone numbers.
 *
 * A number is used when its state is ready and it is active: who says that it
 * is the tenant's stands in `proof`.  A number that is removed keeps its row,
 * because calls name it; it may come back as a new one.
 *
 * A change of numbers holds lock_tenant(true); one that takes a number out of use
 * holds the pacing rows of the tenant's campaigns besides, so that no claim is
 * under way: a claim reads numbers when it has its campaigns' pacing rows, and
 * locks no number.
 */

CREATE TABLE voiceagent.phone_numbers (
	tenant_id bigint NOT NULL REFERENCES voiceagent.tenants,
	phone_number_id bigint GENERATED ALWAYS AS IDENTITY,
	phone_number voiceagent.e164 NOT NULL,
	friendly_name text CHECK (length(friendly_name) BETWEEN 1 AND 200),
	provider_account_id bigint NOT NULL,
	provider_number_id text CHECK (length(provider_number_id) BETWEEN 1 AND 200),
	origin_account_id bigint,
	origin_number_id text CHECK (length(origin_number_id) BETWEEN 1 AND 200),
	state voiceagent.phone_number_state NOT NULL,
	state_reason text,
	proof text CHECK (proof IN ('carrier', 'tenant')),
	proved_at timestamptz,
	country text,
	region text,
	is_active boolean NOT NULL DEFAULT true,
	is_primary boolean NOT NULL DEFAULT false,
	spam_since timestamptz,
	spam_reason text,
	greeting_message text CHECK (length(greeting_message) BETWEEN 1 AND 2000),
	ai_voice_id text CHECK (length(ai_voice_id) BETWEEN 1 AND 200),
	ai_assistant_id bigint,
	forward_to_number voiceagent.e164,
	business_hours_start time,
	business_hours_end time,
	after_hours_message text CHECK (length(after_hours_message) BETWEEN 1 AND 2000),
	timezone text NOT NULL,
	created_at timestamptz NOT NULL,
	removed_at timestamptz,
	in_hours text CHECK (in_hours IN ('assistant', 'forward', 'message', 'reject', 'stop_line')),
	after_hours text CHECK (after_hours IN ('assistant', 'forward', 'message', 'reject')),
	other_days jsonb NOT NULL DEFAULT '{}' CHECK (jsonb_typeof(other_days) = 'object'),
	known_callers_only boolean NOT NULL DEFAULT false,
	calls_per_day integer CHECK (calls_per_day BETWEEN 1 AND 100000),
	calls_per_caller integer CHECK (calls_per_caller BETWEEN 1 AND 1000),
	ring_office_seconds integer CHECK (ring_office_seconds BETWEEN 5 AND 60),
	PRIMARY KEY (tenant_id, phone_number_id),
	CONSTRAINT account FOREIGN KEY (tenant_id, provider_account_id) REFERENCES voiceagent.provider_accounts,
	CONSTRAINT origin FOREIGN KEY (tenant_id, origin_account_id)
		REFERENCES voiceagent.provider_accounts (tenant_id, provider_account_id),
	CHECK ((business_hours_start IS NULL) = (business_hours_end IS NULL)),
	CHECK (business_hours_start <> business_hours_end),
	CHECK (forward_to_number <> phone_number),
	CHECK ((state = 'removed') = (removed_at IS NOT NULL)),
	CHECK (state <> 'ready' OR proof IS NOT NULL),
	CHECK (state <> 'removed' OR NOT is_primary),
	CHECK (origin_account_id IS NOT NULL OR origin_number_id IS NULL)
) WITH (fillfactor = 80);
COMMENT ON TABLE voiceagent.phone_numbers IS
	'A tenant''s telephone numbers at its carriers: who calls with them, and what becomes of calls to them.';
COMMENT ON COLUMN voiceagent.phone_numbers.phone_number_id IS 'Number of the row.';
COMMENT ON COLUMN voiceagent.phone_numbers.phone_number IS
	E'The telephone number, E.164.\n'
	'A tenant has it once among those that are not removed.';
COMMENT ON COLUMN voiceagent.phone_numbers.friendly_name IS 'Name, for people.';
COMMENT ON COLUMN voiceagent.phone_numbers.provider_account_id IS
	'The carrier account that dials with it and answers for it.';
COMMENT ON COLUMN voiceagent.phone_numbers.provider_number_id IS
	'The carrier''s own id of it; NULL: none, or not known yet.';
COMMENT ON COLUMN voiceagent.phone_numbers.origin_account_id IS
	'The account that has the number, where another''s (provider_account_id) uses it; NULL: the same.';
COMMENT ON COLUMN voiceagent.phone_numbers.origin_number_id IS 'Its id at the origin.';
COMMENT ON COLUMN voiceagent.phone_numbers.state IS
	E'Where it stands: enumeration phone_number_state.\n'
	'Only ready ones are used.';
COMMENT ON COLUMN voiceagent.phone_numbers.state_reason IS 'Why, in words.';
COMMENT ON COLUMN voiceagent.phone_numbers.proof IS
	'Who says that it is the tenant''s: carrier (it sold or listed it), or tenant (the carrier has no list to ask, '
	'lists whatever it is given, or is asked at an address of the tenant''s own; or the account does not dial); '
	'NULL: none yet.';
COMMENT ON COLUMN voiceagent.phone_numbers.proved_at IS 'When that was last said.';
COMMENT ON COLUMN voiceagent.phone_numbers.country IS 'ISO 3166-1 alpha-2 country of the number.';
COMMENT ON COLUMN voiceagent.phone_numbers.region IS
	'ISO 3166-2 state or province (several joined by |); NULL: not known.';
COMMENT ON COLUMN voiceagent.phone_numbers.is_active IS 'False: takes no calls and makes none.';
COMMENT ON COLUMN voiceagent.phone_numbers.is_primary IS
	E'The one that the tenant is known by: exactly one while it has any.\n'
	'A number that is refused loses this as soon as there is another.';
COMMENT ON COLUMN voiceagent.phone_numbers.spam_since IS
	'Since when it counts as marked as spam by carriers: no pool uses it; NULL: it does not.';
COMMENT ON COLUMN voiceagent.phone_numbers.spam_reason IS 'Who said so, in words.';
COMMENT ON COLUMN voiceagent.phone_numbers.greeting_message IS
	'The first words to an incoming call; NULL: the assistant''s first message.';
COMMENT ON COLUMN voiceagent.phone_numbers.ai_voice_id IS
	'The voice that greets, and converses, by the carrier''s name for it; NULL: the assistant''s where it converses, '
	'else the carrier''s default.';
COMMENT ON COLUMN voiceagent.phone_numbers.ai_assistant_id IS
	E'The assistant that answers; NULL: none.\n'
	'At a carrier that converses (Vapi) it holds the conversation; elsewhere the account''s stream_url does, or, '
	'without one, its first message is said.';
COMMENT ON COLUMN voiceagent.phone_numbers.forward_to_number IS
	'Where calls are put through that in_hours or after_hours send there; NULL: nowhere.';
COMMENT ON COLUMN voiceagent.phone_numbers.business_hours_start IS
	E'From when on, by the clock of timezone; after business_hours_end: the hours go past midnight.\n'
	'NULL: always.';
COMMENT ON COLUMN voiceagent.phone_numbers.business_hours_end IS 'Until when, by the clock of timezone.';
COMMENT ON COLUMN voiceagent.phone_numbers.after_hours_message IS
	'The words to a call outside business hours; before it is forwarded, if it is.';
COMMENT ON COLUMN voiceagent.phone_numbers.timezone IS 'IANA time zone of business hours and of the number''s day.';
COMMENT ON COLUMN voiceagent.phone_numbers.removed_at IS 'Since when it is gone; NULL: it is not.';
COMMENT ON COLUMN voiceagent.phone_numbers.in_hours IS
	E'Who answers in business hours: assistant, forward, message or reject; stop_line: at any hour, whoever rings '
	'stops our calls by a key or a word.\n'
	'NULL: by what the number has: forward_to_number where it also has hours and an assistant (and then the assistant, '
	'with ring_office_seconds), else the assistant, the greeting, forward_to_number.';
COMMENT ON COLUMN voiceagent.phone_numbers.after_hours IS
	E'Who answers outside of them, likewise.\n'
	'NULL: the assistant where the number also has forward_to_number and no after-hours message, else that number, '
	'the message.';
COMMENT ON COLUMN voiceagent.phone_numbers.other_days IS
	E'Days with hours of their own: {"DAYS": "closed" or "HH:MM-HH:MM"}.\n'
	'DAYS: a date, a rule for a holiday as in calling rules ("12-24", "easter-2"), or a country or state with '
	'holidays ("DE"); what is more exact goes first.';
COMMENT ON COLUMN voiceagent.phone_numbers.known_callers_only IS 'True: takes only calls from numbers of leads.';
COMMENT ON COLUMN voiceagent.phone_numbers.calls_per_day IS
	'How many calls of a day, by timezone, the assistant takes at most; a person has the others, else they hear the '
	'message, else are refused; NULL: any number.';
COMMENT ON COLUMN voiceagent.phone_numbers.calls_per_caller IS
	'How many calls of a day it takes from one number at most; NULL: any number.';
COMMENT ON COLUMN voiceagent.phone_numbers.ring_office_seconds IS
	E'For how long forward_to_number rings first where the assistant is to answer: in business hours, and outside '
	'of them if after_hours says assistant.\n'
	'When it is not taken, the assistant answers; NULL: the assistant at once.';
CREATE UNIQUE INDEX phone_numbers_number ON voiceagent.phone_numbers (tenant_id, phone_number) WHERE removed_at IS NULL;
CREATE UNIQUE INDEX phone_numbers_primary ON voiceagent.phone_numbers (tenant_id) WHERE is_primary;
CREATE INDEX phone_numbers_theirs ON voiceagent.phone_numbers (tenant_id, provider_account_id, provider_number_id)
	WHERE removed_at IS NULL AND provider_number_id IS NOT NULL;
-- The accounts that take calls: a claim asks whether there is one.
CREATE INDEX phone_numbers_inbound ON voiceagent.phone_numbers (tenant_id, provider_account_id)
	WHERE is_active AND state = 'ready'
		AND (greeting_message IS NOT NULL OR ai_assistant_id IS NOT NULL OR forward_to_number IS NOT NULL);
SELECT voiceagent_private.guard_table('voiceagent.phone_numbers', 'tenant');

CREATE TABLE voiceagent.blocked_callers (
	tenant_id bigint NOT NULL REFERENCES voiceagent.tenants,
	phone voiceagent.e164 NOT NULL,
	reason text CHECK (length(reason) BETWEEN 1 AND 500),
	created_at timestamptz NOT NULL,
	PRIMARY KEY (tenant_id, phone)
);
COMMENT ON TABLE voiceagent.blocked_callers IS 'Numbers from which the tenant takes no calls; block_caller() adds one.';
COMMENT ON COLUMN voiceagent.blocked_callers.phone IS 'The number that calls.';
COMMENT ON COLUMN voiceagent.blocked_callers.reason IS 'Why, in words.';
SELECT voiceagent_private.guard_table('voiceagent.blocked_callers', 'tenant');

/*
 * Across tenants a number has one owner, where a carrier has said so.  No
 * tenant can find out here what others have: to learn that a number is
 * another's it must have shown that number by its own carrier account.
 */
CREATE TABLE voiceagent_private.number_owners (
	phone_number text COLLATE "C" PRIMARY KEY,
	tenant_id bigint NOT NULL,
	phone_number_id bigint NOT NULL
);
COMMENT ON TABLE voiceagent_private.number_owners IS
	E'Numbers that a carrier says are a tenant''s: one owner each.\n'
	'A second one that shows the same waits until the first one''s carrier denies it.';
CREATE INDEX number_owners_tenant ON voiceagent_private.number_owners (tenant_id, phone_number_id);
SELECT voiceagent_private.guard_table('voiceagent_private.number_owners', 'routing');

CREATE TABLE voiceagent.number_requests (
	tenant_id bigint NOT NULL REFERENCES voiceagent.tenants,
	number_request_id bigint GENERATED ALWAYS AS IDENTITY,
	country text NOT NULL CHECK (country ~ '^[A-Z]{2}$'),
	region text CHECK (length(region) BETWEEN 1 AND 200),
	area_code text CHECK (area_code ~ '^[0-9]{1,8}$'),
	needs text CHECK (length(needs) BETWEEN 1 AND 2000),
	status voiceagent.number_request_status NOT NULL DEFAULT 'open',
	status_reason text,
	phone_number_id bigint,
	requested_by text NOT NULL,
	created_at timestamptz NOT NULL,
	closed_at timestamptz,
	PRIMARY KEY (tenant_id, number_request_id),
	FOREIGN KEY (tenant_id, phone_number_id) REFERENCES voiceagent.phone_numbers,
	CHECK ((status = 'open') = (closed_at IS NULL)),
	CHECK (status <> 'fulfilled' OR phone_number_id IS NOT NULL)
);
COMMENT ON TABLE voiceagent.number_requests IS 'Numbers that a tenant wishes somebody to find.';
COMMENT ON COLUMN voiceagent.number_requests.number_request_id IS 'Number of the request.';
COMMENT ON COLUMN voiceagent.number_requests.country IS 'ISO 3166-1 alpha-2 country.';
COMMENT ON COLUMN voiceagent.number_requests.region IS 'State, province or town, in words.';
COMMENT ON COLUMN voiceagent.number_requests.area_code IS 'Area code, digits.';
COMMENT ON COLUMN voiceagent.number_requests.needs IS 'Its further requirements, in words.';
COMMENT ON COLUMN voiceagent.number_requests.status IS 'Where it stands: enumeration number_request_status.';
COMMENT ON COLUMN voiceagent.number_requests.status_reason IS 'Why, in words.';
COMMENT ON COLUMN voiceagent.number_requests.phone_number_id IS 'The number that was found.';
COMMENT ON COLUMN voiceagent.number_requests.requested_by IS 'Who asked, in words.';
COMMENT ON COLUMN voiceagent.number_requests.closed_at IS 'When it was dealt with; NULL: it is open.';
SELECT voiceagent_private.guard_table('voiceagent.number_requests', 'tenant');
CREATE POLICY platform ON voiceagent.number_requests FOR SELECT TO voiceagent_admin USING (true);

/*
 * An incoming call has this row beside its row in calls (46_record), which stays
 * as narrow as the hot path wants it.  The columns that the claim and the count
 * of lines need (started_at, ended_at, answered) stand here as well, so that no
 * index of calls serves incoming ones: copy_incoming() keeps them.
 */
CREATE TABLE voiceagent.call_inbound (
	tenant_id bigint NOT NULL,
	call_id bigint NOT NULL,
	provider_account_id bigint NOT NULL,
	provider_call_id text NOT NULL CHECK (length(provider_call_id) BETWEEN 1 AND 200),
	phone_number_id bigint,
	from_number text,
	to_number text,
	answer text,
	plan jsonb,
	told text,
	untaken boolean NOT NULL DEFAULT false,
	answered boolean NOT NULL DEFAULT false,
	started_at timestamptz NOT NULL,
	ended_at timestamptz,
	incoming_call_id bigint,
	returns_to bigint,
	attestation text,
	PRIMARY KEY (tenant_id, call_id),
	FOREIGN KEY (tenant_id, provider_account_id) REFERENCES voiceagent.provider_accounts,
	FOREIGN KEY (tenant_id, phone_number_id) REFERENCES voiceagent.phone_numbers
) WITH (fillfactor = 80);
COMMENT ON TABLE voiceagent.call_inbound IS
	E'Calls to the tenant''s numbers: what they have beside their rows in calls, one row each.\n'
	'A caller that asks not to be called again is listed (do_not_call_list); from what else is said an appointment, '
	'a call back and a lead follow, soon after the end.';
COMMENT ON COLUMN voiceagent.call_inbound.call_id IS
	'The call: the row of calls that has its state, its words and its cost.';
COMMENT ON COLUMN voiceagent.call_inbound.provider_account_id IS 'As in calls.';
COMMENT ON COLUMN voiceagent.call_inbound.provider_call_id IS 'The carrier''s own id of the call, as in calls.';
COMMENT ON COLUMN voiceagent.call_inbound.returns_to IS
	'The campaign that had rung the caller, to which the call came back; NULL: none had.';
COMMENT ON COLUMN voiceagent.call_inbound.attestation IS
	'The signature of the caller''s carrier (STIR/SHAKEN): A, B, C, below A, none; NULL: not told.';
COMMENT ON COLUMN voiceagent.call_inbound.phone_number_id IS 'The number called; NULL: none that the tenant has.';
COMMENT ON COLUMN voiceagent.call_inbound.from_number IS
	E'The caller, as the carrier gave it; NULL: withheld.\n'
	'calls.phone has it where it is an E.164 number.';
COMMENT ON COLUMN voiceagent.call_inbound.to_number IS 'The called number, as the carrier gave it.';
COMMENT ON COLUMN voiceagent.call_inbound.answer IS
	'Its treatment: converse (the number''s assistant talks, at a carrier that converses), stream, say, forward, '
	'reject; NULL: we gave the carrier no order.';
COMMENT ON COLUMN voiceagent.call_inbound.plan IS
	E'Its answer, decided once, when we first heard of it; as answer_incoming() gives it, and record_untaken() '
	'afterwards.\n'
	'NULL: not decided by us.';
COMMENT ON COLUMN voiceagent.call_inbound.told IS
	'The furthest order to the carrier by requests of ours: answer (to take it), hangup, say, play, stream, '
	'transfer; NULL: nothing, or in the reply to its question.';
COMMENT ON COLUMN voiceagent.call_inbound.untaken IS 'True: it was not taken where it was forwarded to.';
COMMENT ON COLUMN voiceagent.call_inbound.answered IS
	'True: it is known to have been answered, and not only forwarded in vain; see was_answered().';
COMMENT ON COLUMN voiceagent.call_inbound.started_at IS 'When we first heard of it, as in calls.';
COMMENT ON COLUMN voiceagent.call_inbound.ended_at IS 'When it ended, as in calls; NULL: it is live.';
COMMENT ON COLUMN voiceagent.call_inbound.incoming_call_id IS
	E'Its id in the table incoming_calls of version 0.1; NULL: it is younger.\n'
	'Goes with the next version.';
CREATE UNIQUE INDEX call_inbound_theirs ON voiceagent.call_inbound (tenant_id, provider_call_id, provider_account_id);
CREATE INDEX call_inbound_live ON voiceagent.call_inbound (tenant_id, provider_account_id, started_at)
	WHERE ended_at IS NULL;
CREATE INDEX call_inbound_from ON voiceagent.call_inbound (tenant_id, from_number, started_at)
	WHERE from_number IS NOT NULL;
-- A claim's question for each lead: unanswered calls, however many there are, must not cost it a read each.
CREATE INDEX call_inbound_heard ON voiceagent.call_inbound (tenant_id, from_number, started_at)
	WHERE from_number IS NOT NULL AND (ended_at IS NULL OR answered);
CREATE INDEX call_inbound_number ON voiceagent.call_inbound (tenant_id, phone_number_id, started_at)
	WHERE phone_number_id IS NOT NULL;
CREATE UNIQUE INDEX call_inbound_moved ON voiceagent.call_inbound (tenant_id, incoming_call_id)
	WHERE incoming_call_id IS NOT NULL;
SELECT voiceagent_private.guard_table('voiceagent.call_inbound', 'tenant');
