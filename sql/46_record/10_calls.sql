-- 46_record: calls, the proof that each was allowed, its attempts, turns and events.

/*
 * calls -> leads and attempts -> calls are no foreign keys: their check keeps
 * a plan that was made while the parent was small, where any index that begins
 * with the tenant looks as good as the key, and then reads all of the tenant's
 * rows for each call.  Nor are the pinned versions: the claim, which is the
 * only one to make calls, takes them from the versions' own rows, and these
 * can neither be changed nor deleted; to look them up once more for every call
 * was a sixth of its cost.  check_calls() looks after all of them.
 *
 * A call that comes in has its row here too, and what is its alone in
 * call_inbound: it has no campaign and no attempt, and a lead, a number and an
 * assistant only where they are known.  A query that finds calls otherwise
 * than by their ids therefore says which it means: see sql/README.md.
 */
CREATE TABLE voiceagent.calls (
	tenant_id bigint NOT NULL,
	call_id bigint GENERATED ALWAYS AS IDENTITY,
	campaign_id bigint,
	lead_id bigint,
	direction text NOT NULL DEFAULT 'outbound' CHECK (direction IN ('outbound', 'inbound')),
	phone voiceagent.e164,
	number smallint NOT NULL DEFAULT 1 CHECK (number BETWEEN 1 AND 5),
	assistant_id bigint,
	assistant_version integer,
	campaign_version integer,
	provider_account_id bigint NOT NULL,
	provider_call_id text,
	attempt_number integer CHECK (attempt_number >= 1),
	status voiceagent.call_status NOT NULL DEFAULT 'initiated',
	outcome voiceagent.call_outcome,
	cause text,
	cause_class text,
	lawful boolean NOT NULL DEFAULT false,
	counts boolean NOT NULL DEFAULT true,
	duration_seconds numeric(10,3),
	cost numeric(12,6) CHECK (cost >= 0),
	cost_currency text CHECK (cost_currency ~ '^[A-Z]{3}$'),
	cost_source text CHECK (cost_source IN ('carrier', 'rate', 'unknown')),
	credits voiceagent.credit,
	summary text,
	transcript text,
	recording_url text,
	stereo_recording_url text,
	structured_data jsonb,
	success_evaluation text,
	evaluation text CHECK (evaluation IN ('positive', 'neutral', 'negative')),
	machine text CHECK (machine IN ('human', 'ivr', 'voicemail', 'unavailable', 'screener', 'uncertain')),
	machine_raw text,
	message_left_at timestamptz,
	started_at timestamptz NOT NULL,
	answered_at timestamptz,
	ended_at timestamptz,
	uncertain text CHECK (uncertain IN ('final', 'review', 'retry', 'acted')),
	abandoned boolean,
	PRIMARY KEY (tenant_id, call_id),
	CHECK ((status IN ('completed', 'failed', 'busy', 'no_answer')) = (outcome IS NOT NULL)),
	CHECK (answered_at <= ended_at),
	CHECK ((cost IS NULL) = (cost_currency IS NULL)),
	CONSTRAINT outbound_call CHECK (direction = 'inbound'
		OR (campaign_id IS NOT NULL AND campaign_version IS NOT NULL AND lead_id IS NOT NULL
			AND phone IS NOT NULL AND assistant_id IS NOT NULL AND assistant_version IS NOT NULL
			AND attempt_number IS NOT NULL)),
	-- It eats no cap of its number, and no campaign counts it.
	CONSTRAINT inbound_call
		CHECK (direction = 'outbound' OR (NOT counts AND NOT lawful AND campaign_id IS NULL AND campaign_version IS NULL
			AND attempt_number IS NULL AND provider_call_id IS NOT NULL AND (outcome IS NULL) = (ended_at IS NULL)
			AND (assistant_id IS NULL) = (assistant_version IS NULL)))
-- Room for what a call's end adds to its row, which then changes no index.
) WITH (fillfactor = 50);
COMMENT ON TABLE voiceagent.calls IS
	E'Every call: pinned versions, state, and what came of it.\n'
	'call_inbound holds what only incoming calls have; they cost no credits.';
COMMENT ON COLUMN voiceagent.calls.call_id IS 'Number of the call.';
COMMENT ON COLUMN voiceagent.calls.direction IS
	'outbound, or inbound: somebody called one of the tenant''s numbers (see call_inbound).';
COMMENT ON COLUMN voiceagent.calls.campaign_id IS 'The campaign that dialled; NULL: the call is inbound.';
COMMENT ON COLUMN voiceagent.calls.lead_id IS
	E'The lead dialled.\n'
	'Of an inbound call the only lead that had the caller''s number when the call came; NULL: none had it, or several.';
COMMENT ON COLUMN voiceagent.calls.phone IS
	E'The number dialled.\n'
	'Of an inbound call the caller''s; NULL: withheld, or no E.164 number.';
COMMENT ON COLUMN voiceagent.calls.number IS
	'Which of the lead''s numbers that was: 1 is leads.phone, 2 to 5 are its lead_numbers.';
COMMENT ON COLUMN voiceagent.calls.assistant_version IS
	'Version of the assistant that spoke; NULL, as assistant_id: no assistant took the inbound call.';
COMMENT ON COLUMN voiceagent.calls.campaign_version IS
	'Version of the campaign''s settings that it was dialled under; NULL: it is inbound.';
COMMENT ON COLUMN voiceagent.calls.provider_account_id IS 'The carrier account that placed it, or at which it came in.';
COMMENT ON COLUMN voiceagent.calls.provider_call_id IS
	'The carrier''s own id of the call, from the first that we hear of it after its answer to the request; attempts '
	'has it from that answer on.';
COMMENT ON COLUMN voiceagent.calls.attempt_number IS
	'Which dial of the lead in the campaign, from 1; NULL: it is inbound.';
COMMENT ON COLUMN voiceagent.calls.status IS 'State of the call: enumeration call_status.';
COMMENT ON COLUMN voiceagent.calls.outcome IS
	E'Its outcome: enumeration call_outcome; NULL: it is live.\n'
	'Of an inbound call it is as status: no_answer also when it was forwarded and not taken.';
COMMENT ON COLUMN voiceagent.calls.cause_class IS 'The cause in our terms, which decides about a retry.';
COMMENT ON COLUMN voiceagent.calls.lawful IS
	'True: dialled under the rules of the law (a real carrier, or a rehearsal that obeys it); a number''s caps count '
	'such calls and rehearsals apart.';
COMMENT ON COLUMN voiceagent.calls.counts IS
	E'Whether it counts for the caps of its number.\n'
	'False: it is inbound, or it certainly never rang (the carrier refused it, its account could not dial, or it was '
	'found not to have been placed).';
COMMENT ON COLUMN voiceagent.calls.cost IS
	E'The carrier''s charge to the tenant, in cost_currency; beside the credits.\n'
	'NULL: not known (yet: some carriers tell minutes later).';
COMMENT ON COLUMN voiceagent.calls.cost_currency IS 'ISO 4217 code of cost.';
COMMENT ON COLUMN voiceagent.calls.cost_source IS
	'Who says so: carrier (it gave the price), rate (reckoned by carrier_rates), unknown (neither, so far); '
	'NULL while it is live.';
COMMENT ON COLUMN voiceagent.calls.machine IS
	E'Who or what answered, as far as the carrier reported: human, ivr (a telephone menu), voicemail, '
	'unavailable (an announcement, a fax), uncertain; NULL: not told.\n'
	'screener: by the words, the telephone asked who calls and why, and no person took the call.';
CREATE FUNCTION voiceagent_private.is_machine(machine text) RETURNS boolean
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
	RETURN coalesce(machine IN ('voicemail', 'ivr', 'unavailable', 'screener'), false);
COMMENT ON FUNCTION voiceagent_private.is_machine(text) IS 'Whether calls.machine says that no person answered.';
COMMENT ON COLUMN voiceagent.calls.machine_raw IS 'The carrier''s own word for that.';
COMMENT ON COLUMN voiceagent.calls.message_left_at IS 'When a message was begun on a voicemail; NULL: none was.';
COMMENT ON COLUMN voiceagent.calls.summary IS
	'The talk in short: by the carrier''s analysis, as report_call() gave it, or by a model (summary_stands()).';
COMMENT ON COLUMN voiceagent.calls.transcript IS 'The whole talk; call_turns has it turn by turn.';
COMMENT ON COLUMN voiceagent.calls.recording_url IS 'Where the carrier keeps the recording.';
COMMENT ON COLUMN voiceagent.calls.stereo_recording_url IS 'The recording with a channel for each side.';
COMMENT ON COLUMN voiceagent.calls.structured_data IS
	E'The data that count: what the analysis (the carrier''s, or that of report_call()) says and the words bear '
	'out, and what the rules found in them; call_fields shows all values, with their words.\n'
	'Of a live call, and of one without turns, as reported.';
COMMENT ON COLUMN voiceagent.calls.success_evaluation IS 'The carrier''s own verdict, raw.';
COMMENT ON COLUMN voiceagent.calls.abandoned IS
	'Whether a person was reached without a word from us within two seconds; NULL: no real call, no person, or the '
	'words are unknown.';
COMMENT ON COLUMN voiceagent.calls.answered_at IS 'When somebody, or something, answered; NULL: never.';
COMMENT ON COLUMN voiceagent.calls.ended_at IS 'When it ended; NULL: it is live.';
COMMENT ON COLUMN voiceagent.calls.uncertain IS
	E'Not NULL: somebody talked, and no tool, analysis, report, model or person says what came of it.\n'
	'final, review, retry: as uncertain_outcome says; acted: the words name a time, and a doubtful appointment is '
	'pending. review also where the words ask for a call, or another author denies what a tool did.';
COMMENT ON COLUMN voiceagent.calls.cause IS
	'The carrier''s own words for the end (e.g. Vapi''s endedReason), kept raw.';
COMMENT ON COLUMN voiceagent.calls.duration_seconds IS 'Seconds from answer to end; 0 when unanswered.';
COMMENT ON COLUMN voiceagent.calls.credits IS 'Charged, in credits; NULL until settled, and of inbound calls.';
COMMENT ON COLUMN voiceagent.calls.evaluation IS 'positive, neutral or negative, from the carrier''s analysis.';
COMMENT ON COLUMN voiceagent.calls.started_at IS
	'When the dial was committed, or when we first heard of an inbound call.';
-- "IS NOT NULL": see call_queue_claim.
CREATE INDEX calls_lead ON voiceagent.calls (tenant_id, lead_id, call_id) WHERE lead_id IS NOT NULL;
-- The caps of a number count these calls, newest first. Only a call that never rang changes `counts`, so the other
-- updates stay HOT.
CREATE INDEX calls_number ON voiceagent.calls (tenant_id, phone, lawful, started_at) WHERE counts;
CREATE INDEX calls_campaign ON voiceagent.calls (tenant_id, campaign_id, call_id) WHERE campaign_id IS NOT NULL;
CREATE INDEX calls_review ON voiceagent.calls (tenant_id, call_id) WHERE uncertain = 'review';
SELECT voiceagent_private.guard_table('voiceagent.calls', 'tenant');

-- A cap that counts a number's calls for ever outlasts the rows that it counts.
CREATE TABLE voiceagent_private.removed_calls (
	tenant_id bigint NOT NULL,
	phone voiceagent.e164 NOT NULL,
	lawful boolean NOT NULL,
	calls integer NOT NULL CHECK (calls > 0),
	PRIMARY KEY (tenant_id, phone, lawful)
);
COMMENT ON TABLE voiceagent_private.removed_calls IS
	'How many calls a number had that retention or an erasure has removed: the lifetime caps of numbers, the '
	'tenant''s and the law''s, count them still.';
COMMENT ON COLUMN voiceagent_private.removed_calls.lawful IS
	'As in calls: those under the law and rehearsals are counted apart.';
COMMENT ON COLUMN voiceagent_private.removed_calls.calls IS 'Removed calls that counted for the caps.';
SELECT voiceagent_private.guard_table('voiceagent_private.removed_calls', 'internal');

/*
 * The attempt is its own proof: what was found when the dial was judged lies
 * in its row, NOT NULL and under CHECKs that refuse a proof which proves
 * nothing, so that there is no attempt without one.  Its outcome stands
 * last: an update that changes only the end of a row, in its own page, is
 * logged as that end.
 *
 * hold_id and the account have no foreign keys: claim_calls() has made and
 * read them in the same transaction, nothing deletes them, and check_calls()
 * looks after both.
 */
CREATE TABLE voiceagent.attempts (
	tenant_id bigint NOT NULL,
	attempt_id bigint GENERATED ALWAYS AS IDENTITY,
	call_id bigint NOT NULL,
	provider_account_id bigint NOT NULL,
	hold_id bigint NOT NULL,
	created_at timestamptz NOT NULL,
	window_opens_at timestamptz NOT NULL,
	window_closes_at timestamptz NOT NULL,
	consent_id bigint,
	list_as_of timestamptz,
	attempt_number integer NOT NULL,
	attempt_limit integer NOT NULL,
	live_calls integer NOT NULL,
	call_limit integer NOT NULL,
	cap_day integer,
	cap_24h integer,
	cap_lifetime integer,
	dials_day integer,
	dials_24h integer,
	dials_lifetime integer,
	layers smallint NOT NULL,
	do_not_call boolean NOT NULL DEFAULT false CHECK (NOT do_not_call),
	lawful boolean NOT NULL DEFAULT false,
	consent_required boolean NOT NULL DEFAULT false,
	assistant_discloses boolean NOT NULL DEFAULT false,
	recorded boolean,
	timezones text[] NOT NULL,
	jurisdiction text NOT NULL DEFAULT '',
	list_max_age interval,
	ring_timeout interval,
	min_ring interval,
	disclosures text[],
	disclosure text,
	opt_out_key text,
	reference text NOT NULL,
	phone_number_id bigint,
	state voiceagent.attempt_state NOT NULL DEFAULT 'sending',
	provider_call_id text,
	control_url text,
	error text,
	http_status integer,
	answered_at timestamptz,
	slots timestamptz[],
	call_windows text,
	special text,
	disclosure_ends integer[],
	opening_ms integer[],
	PRIMARY KEY (tenant_id, attempt_id),
	CONSTRAINT proof_window CHECK (created_at >= window_opens_at AND created_at < window_closes_at),
	CONSTRAINT proof_attempt CHECK (attempt_number BETWEEN 1 AND attempt_limit),
	CONSTRAINT proof_capacity CHECK (live_calls < call_limit),
	CONSTRAINT proof_layers CHECK (layers & 15 = 15 AND (NOT lawful OR layers & 16 = 16)),
	CONSTRAINT proof_list CHECK (list_max_age IS NULL OR consent_id IS NOT NULL
		OR (list_as_of IS NOT NULL AND list_as_of >= created_at - list_max_age)),
	CONSTRAINT proof_consent CHECK (NOT consent_required OR consent_id IS NOT NULL),
	CONSTRAINT proof_ring CHECK (min_ring IS NULL OR (ring_timeout IS NOT NULL AND ring_timeout >= min_ring)),
	CONSTRAINT proof_disclosure
		CHECK (disclosures IS NULL OR cardinality(disclosures) = 0 OR assistant_discloses OR disclosure IS NOT NULL),
	CONSTRAINT proof_day CHECK (cap_day IS NULL OR (dials_day IS NOT NULL AND dials_day < cap_day)),
	CONSTRAINT proof_24h CHECK (cap_24h IS NULL OR (dials_24h IS NOT NULL AND dials_24h < cap_24h)),
	CONSTRAINT proof_lifetime
		CHECK (cap_lifetime IS NULL OR (dials_lifetime IS NOT NULL AND dials_lifetime < cap_lifetime))
-- Room for the version that the carrier's answer makes: it needs no index then.
) WITH (fillfactor = 50);
CREATE UNIQUE INDEX attempts_call ON voiceagent.attempts (tenant_id, call_id) WHERE call_id IS NOT NULL;
CREATE INDEX attempts_number ON voiceagent.attempts (tenant_id, phone_number_id, attempt_id)
	WHERE phone_number_id IS NOT NULL;
COMMENT ON TABLE voiceagent.attempts IS
	'The request of a call to the carrier, committed as sending before it leaves, at most one a call; and the proof '
	'that the dial was allowed at that moment.';
COMMENT ON COLUMN voiceagent.attempts.attempt_id IS 'Number of the attempt.';
COMMENT ON COLUMN voiceagent.attempts.created_at IS 'The moment of the dial and of its proof.';
COMMENT ON COLUMN voiceagent.attempts.state IS 'How far the request came: enumeration attempt_state.';
COMMENT ON COLUMN voiceagent.attempts.provider_call_id IS 'The carrier''s own id of the call.';
COMMENT ON COLUMN voiceagent.attempts.control_url IS 'Where the carrier takes commands for the live call.';
COMMENT ON COLUMN voiceagent.attempts.http_status IS 'Status of the carrier''s answer; NULL: none came.';
COMMENT ON COLUMN voiceagent.attempts.error IS 'The error of the request, in words.';
COMMENT ON COLUMN voiceagent.attempts.reference IS
	'Our name for the attempt at the carrier; comes back in webhooks and lookups.';
COMMENT ON COLUMN voiceagent.attempts.phone_number_id IS
	'The tenant''s number that called; NULL: the account''s own, which is not among the tenant''s numbers.';
COMMENT ON COLUMN voiceagent.attempts.answered_at IS 'When the carrier answered the request.';
COMMENT ON COLUMN voiceagent.attempts.hold_id IS 'The credits that were held for it.';
COMMENT ON COLUMN voiceagent.attempts.window_opens_at IS 'Start of the calling window that was open.';
COMMENT ON COLUMN voiceagent.attempts.window_closes_at IS 'End of the calling window that was open.';
COMMENT ON COLUMN voiceagent.attempts.timezones IS 'The lead''s candidate zones; the window was open in all of them.';
COMMENT ON COLUMN voiceagent.attempts.do_not_call IS
	'Whether the number was on the list; a proof with true cannot be stored.';
COMMENT ON COLUMN voiceagent.attempts.consent_id IS 'The consent that allowed it; NULL: none was required.';
COMMENT ON COLUMN voiceagent.attempts.attempt_number IS 'Which dial of the lead this is, from 1.';
COMMENT ON COLUMN voiceagent.attempts.attempt_limit IS 'Dials that the lead may get at most.';
COMMENT ON COLUMN voiceagent.attempts.live_calls IS
	'Live calls of the campaign before this one; below call_limit, the most that it could have at that '
	'moment under every cap.';
COMMENT ON COLUMN voiceagent.attempts.call_limit IS 'Live calls at most, by the lowest cap that applied.';
COMMENT ON COLUMN voiceagent.attempts.lawful IS 'True: the rules of the law were judged by too; false: a rehearsal.';
COMMENT ON COLUMN voiceagent.attempts.jurisdiction IS
	'Whose law: ISO 3166-2 region(s) or 3166-1 country of the number; empty: unknown.';
COMMENT ON COLUMN voiceagent.attempts.layers IS
	'The do-not-call layers that were asked, as a sum: 1 platform, 2 tenant, 4 campaign, 8 area code, 16 national; '
	'none had the number (national: or a consent lifted it).';
COMMENT ON COLUMN voiceagent.attempts.list_as_of IS
	'When the oldest of the country''s national do-not-call lists in force was published; NULL: there is '
	'none, or no law about it.';
COMMENT ON COLUMN voiceagent.attempts.list_max_age IS
	E'How old the law lets a national list be; NULL: no rule.\n'
	'A consent makes the list unnecessary.';
COMMENT ON COLUMN voiceagent.attempts.consent_required IS
	'Whether the campaign or the law wanted a consent; then consent_id names it.';
COMMENT ON COLUMN voiceagent.attempts.ring_timeout IS 'How long the call may ring, from the campaign and the law.';
COMMENT ON COLUMN voiceagent.attempts.min_ring IS 'How long the law wants it to ring at least; NULL: no rule.';
COMMENT ON COLUMN voiceagent.attempts.disclosures IS
	'Legal disclosures at the start, in their order, such as purpose, ai, caller, question, opt_out, number and '
	'recording; NULL: nothing.';
COMMENT ON COLUMN voiceagent.attempts.disclosure IS
	'The words that were put before the assistant''s first message; NULL: none, or it says them itself.';
COMMENT ON COLUMN voiceagent.attempts.opt_out_key IS
	'The key that stops the calls when it is pressed in this one (the words name it, or the '
	'assistant''s own do); NULL: none.';
COMMENT ON COLUMN voiceagent.attempts.slots IS
	'Free times that the texts of the call offered (slot_1, slot_2, slot_3), as they were at the dial; NULL: none.';
COMMENT ON COLUMN voiceagent.attempts.assistant_discloses IS
	'True: the assistant''s setting discloses says that its first message makes the disclosures.';
COMMENT ON COLUMN voiceagent.attempts.recorded IS 'Whether a recording was asked for.';
COMMENT ON COLUMN voiceagent.attempts.cap_day IS 'Calls that the number may get on one local day; NULL: no such cap.';
COMMENT ON COLUMN voiceagent.attempts.cap_24h IS 'Calls that the number may get within 24 hours; NULL: no such cap.';
COMMENT ON COLUMN voiceagent.attempts.cap_lifetime IS 'Calls that the number may ever get; NULL: no such cap.';
COMMENT ON COLUMN voiceagent.attempts.call_windows IS
	'Calls of the number before this one in each window for which the law has a cap, in words; NULL: no such cap.';
COMMENT ON COLUMN voiceagent.attempts.special IS
	'The findings of rules that few places have (a consent that ends, callers'' numbers, the opt-out first), in words; '
	'NULL: none holds there.';
COMMENT ON COLUMN voiceagent.attempts.dials_day IS
	'Calls of the number before this one on the local day that has most; below cap_day.';
COMMENT ON COLUMN voiceagent.attempts.dials_24h IS
	'Calls of the number in the 24 hours before this one; below cap_24h.';
COMMENT ON COLUMN voiceagent.attempts.dials_lifetime IS
	'Calls of the number before this one, counted no further than the caps ask; below cap_lifetime.';
COMMENT ON COLUMN voiceagent.attempts.disclosure_ends IS
	'Behind which character of disclosure each of disclosures has been said.';
COMMENT ON COLUMN voiceagent.attempts.opening_ms IS
	E'When each of disclosures had been said to its last sample, in milliseconds from the opening of the line; an '
	'element that is NULL: it was not said.\n'
	'NULL: not measured, since the carrier says it or nobody answered.';
SELECT voiceagent_private.guard_table('voiceagent.attempts', 'tenant');

CREATE VIEW voiceagent.eligibility WITH (security_invoker = on) AS
SELECT a.tenant_id, a.attempt_id AS eligibility_id, a.attempt_id, a.call_id, c.lead_id, c.campaign_id,
	c.campaign_version, a.created_at AS checked_at, a.window_opens_at, a.window_closes_at, a.timezones, a.do_not_call,
		a.consent_id, a.attempt_number, a.attempt_limit, a.live_calls, a.call_limit, c.number, a.lawful, a.jurisdiction,
	CASE WHEN a.layers & 16 = 16 THEN '{platform,tenant,campaign,area_code,national}'
		ELSE '{platform,tenant,campaign,area_code}' END::text[] AS layers,
	a.list_as_of, a.list_max_age, a.consent_required, a.ring_timeout, a.min_ring,
		coalesce(a.disclosures, '{}') AS disclosures, a.disclosure, a.opt_out_key,
	a.assistant_discloses, a.recorded, a.cap_day, a.cap_24h, a.cap_lifetime, a.dials_day, a.dials_24h,
		a.dials_lifetime, a.hold_id, a.call_windows, a.special,
	a.disclosure_ends, a.opening_ms
FROM voiceagent.attempts a
-- Each attempt has its call; the planner, not knowing that, would join all before it takes the newest.
LEFT JOIN voiceagent.calls c ON c.tenant_id = a.tenant_id AND c.call_id = a.call_id;
COMMENT ON VIEW voiceagent.eligibility IS
	'The proofs that dials were allowed at their moments, one an attempt, which says what each column means.';
COMMENT ON COLUMN voiceagent.eligibility.eligibility_id IS 'Number of the proof: its attempt''s.';
COMMENT ON COLUMN voiceagent.eligibility.checked_at IS 'The moment of the proof.';
COMMENT ON COLUMN voiceagent.eligibility.campaign_version IS 'Version of the campaign''s settings that was judged by.';
COMMENT ON COLUMN voiceagent.eligibility.number IS 'Which of the lead''s numbers: 1 is leads.phone.';
COMMENT ON COLUMN voiceagent.eligibility.layers IS 'The do-not-call layers that were asked, by name.';

-- One row a conversation: a row a turn would be most of what a call writes.
CREATE TABLE voiceagent.conversations (
	tenant_id bigint NOT NULL,
	call_id bigint NOT NULL,
	month_slot smallint NOT NULL,
	turns jsonb NOT NULL CHECK (jsonb_typeof(turns) = 'array'),
	reading jsonb CHECK (jsonb_typeof(reading) = 'object'),
	PRIMARY KEY (tenant_id, call_id, month_slot)
) PARTITION BY LIST (month_slot);
COMMENT ON TABLE voiceagent.conversations IS 'The talk of calls, and its reading; call_turns has it turn by turn.';
COMMENT ON COLUMN voiceagent.conversations.turns IS
	'The turns in order: [{"turn": 1, "speaker", "text", "at_ms" (Unix time), "seconds_from_start", "confidence"}].';
COMMENT ON COLUMN voiceagent.conversations.reading IS
	E'The reading of the turns by rules (read_conversation()); the views call_readings and call_fields show it.\n'
	'NULL: not read, because the language has no table, or the call ended before version 0.2.';
COMMENT ON COLUMN voiceagent.conversations.month_slot IS
	'Partition: voiceagent_private.month_slot of the call''s started_at.';
SELECT voiceagent_private.make_ring('voiceagent.conversations');
SELECT voiceagent_private.guard_table('voiceagent.conversations', 'tenant');

CREATE VIEW voiceagent.call_turns WITH (security_invoker = on) AS
SELECT c.tenant_id, c.call_id, t.turn, t.speaker, t.text, to_timestamp(t.at_ms / 1000.0) AS at,
	e.emotions ->> t.turn::text AS emotion, t.confidence
FROM voiceagent.conversations c
-- Once a call, by the number of the turn.
CROSS JOIN LATERAL (SELECT jsonb_object_agg(o.turn, o.value) AS emotions
	FROM jsonb_to_recordset(c.reading #> '{emotion,turns}') AS o(turn integer, value text)
	WHERE o.turn IS NOT NULL OFFSET 0) e
CROSS JOIN LATERAL jsonb_to_recordset(c.turns) AS t(turn integer, speaker text, text text, at_ms double precision,
	confidence numeric)
WHERE t.speaker IS NOT NULL AND t.text IS NOT NULL;
COMMENT ON VIEW voiceagent.call_turns IS 'The transcripts, turn by turn.';
COMMENT ON COLUMN voiceagent.call_turns.turn IS 'Place in the conversation, from 1.';
COMMENT ON COLUMN voiceagent.call_turns.speaker IS
	'assistant, customer, system, tool; unknown: the carrier did not say whose words they are, and they prove nothing.';
COMMENT ON COLUMN voiceagent.call_turns.text IS 'The words.';
COMMENT ON COLUMN voiceagent.call_turns.at IS 'When it was said; NULL: the carrier did not tell.';
COMMENT ON COLUMN voiceagent.call_turns.emotion IS
	'The person''s emotion in it, as an author put it ("emotions": [{"turn", "value"}]); NULL: unknown, or it may '
	'not be kept (setting read_emotions).';
COMMENT ON COLUMN voiceagent.call_turns.confidence IS 'How sure the ear was of the words, 0 to 1; NULL: unknown.';

CREATE TABLE voiceagent.events (
	tenant_id bigint NOT NULL,
	event_id bigint GENERATED ALWAYS AS IDENTITY,
	month_slot smallint NOT NULL,
	xid bigint NOT NULL DEFAULT voiceagent_private.event_position(),
	at timestamptz NOT NULL,
	event_type text NOT NULL,
	campaign_id bigint,
	call_id bigint,
	lead_id bigint,
	event_data jsonb NOT NULL DEFAULT '{}',
	-- In the order of activity(): no second index for it.
	PRIMARY KEY (tenant_id, xid, event_id, month_slot)
) PARTITION BY LIST (month_slot);
COMMENT ON TABLE voiceagent.events IS 'Events, for activity() and call_events; never updated.';
COMMENT ON COLUMN voiceagent.events.event_id IS 'Number of the event; order within a transaction.';
COMMENT ON COLUMN voiceagent.events.at IS 'When it happened.';
COMMENT ON COLUMN voiceagent.events.event_type IS 'The event, e.g. call_ended.';
COMMENT ON COLUMN voiceagent.events.event_data IS 'Details, by event type.';
COMMENT ON COLUMN voiceagent.events.xid IS
	E'Position in the order of activity(), as event_position() gives it.\n'
	'The same for all events of a transaction, and above those of the clusters in which the database lived before.';
COMMENT ON COLUMN voiceagent.events.month_slot IS 'Partition: voiceagent_private.month_slot(at).';
CREATE INDEX events_call ON voiceagent.events (tenant_id, call_id) WHERE call_id IS NOT NULL;
-- The events of a lead without a call, for explain_lead(), and the opt-outs of numbers that were no lead yet: an
-- erasure finds both.
CREATE INDEX events_lead ON voiceagent.events (tenant_id, lead_id)
	WHERE call_id IS NULL AND (lead_id IS NOT NULL OR event_type = 'lead_opted_out');
SELECT voiceagent_private.make_ring('voiceagent.events');
SELECT voiceagent_private.guard_table('voiceagent.events', 'tenant');
