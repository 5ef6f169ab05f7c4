-- 55_call: calls, the proof that each was allowed, its attempts, turns and events.

/*
 * Neither calls -> leads nor attempts -> calls is a foreign key: its check
 * keeps a plan that was made while the parent was small, where any index that
 * begins with the tenant looks as good as the key, and then reads all of the
 * tenant's rows for each call.  The claim locks the lead before it makes the
 * call, and check_calls() looks after both.
 */
CREATE TABLE voiceagent.calls (
	tenant_id bigint NOT NULL,
	call_id bigint GENERATED ALWAYS AS IDENTITY,
	campaign_id bigint NOT NULL,
	lead_id bigint NOT NULL,
	direction text NOT NULL DEFAULT 'outbound' CHECK (direction IN ('outbound', 'inbound')),
	phone voiceagent.e164 NOT NULL,
	number smallint NOT NULL DEFAULT 1 CHECK (number BETWEEN 1 AND 5),
	assistant_id bigint NOT NULL,
	assistant_version integer NOT NULL,
	campaign_version integer NOT NULL,
	provider_account_id bigint NOT NULL,
	provider_call_id text,
	attempt_number integer NOT NULL CHECK (attempt_number >= 1),
	status voiceagent.call_status NOT NULL DEFAULT 'initiated',
	outcome voiceagent.call_outcome,
	cause text,
	cause_class text,
	lawful boolean NOT NULL DEFAULT false,
	counts boolean NOT NULL DEFAULT true,
	duration_seconds numeric(10,3),
	cost_usd numeric(10,4),
	credits voiceagent.credit,
	summary text,
	transcript text,
	recording_url text,
	stereo_recording_url text,
	structured_data jsonb,
	success_evaluation text,
	evaluation text CHECK (evaluation IN ('positive', 'neutral', 'negative')),
	started_at timestamptz NOT NULL,
	answered_at timestamptz,
	ended_at timestamptz,
	PRIMARY KEY (tenant_id, call_id),
	FOREIGN KEY (tenant_id, campaign_id, campaign_version) REFERENCES voiceagent.campaign_versions,
	FOREIGN KEY (tenant_id, assistant_id, assistant_version) REFERENCES voiceagent.assistant_versions,
	CHECK ((status IN ('completed', 'failed', 'busy', 'no_answer')) = (outcome IS NOT NULL)),
	CHECK (answered_at <= ended_at)
-- Room for what a call's end adds to its row, which then changes no index.
) WITH (fillfactor = 50);
COMMENT ON TABLE voiceagent.calls IS 'Every dial: pinned versions, state, and what came of it.';
COMMENT ON COLUMN voiceagent.calls.call_id IS 'Number of the call.';
COMMENT ON COLUMN voiceagent.calls.direction IS 'outbound or inbound.';
COMMENT ON COLUMN voiceagent.calls.phone IS 'The number dialled.';
COMMENT ON COLUMN voiceagent.calls.number IS 'Which of the lead''s numbers that was: 1 is leads.phone, 2 to 5 are its lead_numbers.';
COMMENT ON COLUMN voiceagent.calls.campaign_version IS 'Version of the campaign''s settings that it was dialled under.';
COMMENT ON COLUMN voiceagent.calls.provider_account_id IS 'The carrier account that placed it.';
COMMENT ON COLUMN voiceagent.calls.provider_call_id IS 'The carrier''s own id of the call.';
COMMENT ON COLUMN voiceagent.calls.attempt_number IS 'Which dial of the lead in the campaign, from 1.';
COMMENT ON COLUMN voiceagent.calls.status IS 'State of the call: enumeration call_status.';
COMMENT ON COLUMN voiceagent.calls.outcome IS 'What came of it: enumeration call_outcome; NULL: it is live.';
COMMENT ON COLUMN voiceagent.calls.cause_class IS 'The cause in our terms, which decides about a retry.';
COMMENT ON COLUMN voiceagent.calls.lawful IS 'True: dialled under the rules of the law (a real carrier, or a rehearsal that obeys it); a number''s caps count such calls and rehearsals apart.';
COMMENT ON COLUMN voiceagent.calls.counts IS 'Whether it counts for the caps of its number. False: it certainly never rang (the carrier refused it, its account could not dial, or it was found not to have been placed).';
COMMENT ON COLUMN voiceagent.calls.cost_usd IS 'What the carrier charges us, in US dollars.';
COMMENT ON COLUMN voiceagent.calls.summary IS 'What was said, in short, by the carrier''s analysis.';
COMMENT ON COLUMN voiceagent.calls.transcript IS 'What was said, whole; call_turns has it turn by turn.';
COMMENT ON COLUMN voiceagent.calls.recording_url IS 'Where the carrier keeps the recording.';
COMMENT ON COLUMN voiceagent.calls.stereo_recording_url IS 'The recording with a channel for each side.';
COMMENT ON COLUMN voiceagent.calls.structured_data IS 'What the carrier''s analysis drew from the call.';
COMMENT ON COLUMN voiceagent.calls.success_evaluation IS 'The carrier''s own verdict, raw.';
COMMENT ON COLUMN voiceagent.calls.answered_at IS 'When somebody, or something, answered; NULL: never.';
COMMENT ON COLUMN voiceagent.calls.ended_at IS 'When it ended; NULL: it is live.';
COMMENT ON COLUMN voiceagent.calls.cause IS 'The carrier''s own words for the end (e.g. Vapi''s endedReason), kept raw.';
COMMENT ON COLUMN voiceagent.calls.duration_seconds IS 'Seconds from answer to end; 0 when nobody answered.';
COMMENT ON COLUMN voiceagent.calls.credits IS 'Charged, in credits; NULL until settled.';
COMMENT ON COLUMN voiceagent.calls.evaluation IS 'positive, neutral or negative, from the carrier''s analysis.';
COMMENT ON COLUMN voiceagent.calls.started_at IS 'When the dial was committed.';
-- "IS NOT NULL": see call_queue_claim.
CREATE INDEX calls_lead ON voiceagent.calls (tenant_id, lead_id, call_id) WHERE lead_id IS NOT NULL;
-- What the caps of a number count, newest first. Only a call that never rang changes `counts`, so the other updates stay HOT.
CREATE INDEX calls_number ON voiceagent.calls (tenant_id, phone, lawful, started_at) WHERE counts;
CREATE INDEX calls_campaign ON voiceagent.calls (tenant_id, campaign_id, call_id) WHERE campaign_id IS NOT NULL;
SELECT voiceagent_private.guard_table('voiceagent.calls', 'tenant');

CREATE TABLE voiceagent.eligibility (
	tenant_id bigint NOT NULL,
	eligibility_id bigint GENERATED ALWAYS AS IDENTITY,
	lead_id bigint NOT NULL,
	campaign_id bigint NOT NULL,
	campaign_version integer NOT NULL,
	checked_at timestamptz NOT NULL,
	window_opens_at timestamptz NOT NULL,
	window_closes_at timestamptz NOT NULL,
	timezones text[] NOT NULL,
	do_not_call boolean NOT NULL CHECK (NOT do_not_call),
	consent_id bigint,
	attempt_number integer NOT NULL,
	attempt_limit integer NOT NULL,
	live_calls integer NOT NULL,
	call_limit integer NOT NULL,
	number smallint NOT NULL DEFAULT 1,
	lawful boolean NOT NULL DEFAULT false,
	jurisdiction text NOT NULL DEFAULT '',
	layers text[] NOT NULL DEFAULT '{platform,tenant,campaign,area_code}',
	list_as_of timestamptz,
	list_max_age interval,
	consent_required boolean NOT NULL DEFAULT false,
	ring_timeout interval,
	min_ring interval,
	disclosures text[] NOT NULL DEFAULT '{}',
	disclosure text,
	assistant_discloses boolean NOT NULL DEFAULT false,
	recorded boolean,
	cap_day integer,
	cap_24h integer,
	cap_lifetime integer,
	dials_day integer,
	dials_24h integer,
	dials_lifetime integer,
	hold_id bigint NOT NULL,
	PRIMARY KEY (tenant_id, eligibility_id),
	FOREIGN KEY (tenant_id, hold_id) REFERENCES voiceagent.credit_holds,
	CHECK (checked_at >= window_opens_at AND checked_at < window_closes_at),
	CHECK (attempt_number BETWEEN 1 AND attempt_limit),
	CHECK (live_calls < call_limit),
	CHECK (layers @> '{platform,tenant,campaign,area_code}' AND (NOT lawful OR 'national' = ANY (layers))),
	CHECK (list_max_age IS NULL OR consent_id IS NOT NULL OR (list_as_of IS NOT NULL AND list_as_of >= checked_at - list_max_age)),
	CHECK (NOT consent_required OR consent_id IS NOT NULL),
	CHECK (min_ring IS NULL OR (ring_timeout IS NOT NULL AND ring_timeout >= min_ring)),
	CHECK (cardinality(disclosures) = 0 OR assistant_discloses OR disclosure IS NOT NULL),
	CHECK (cap_day IS NULL OR (dials_day IS NOT NULL AND dials_day < cap_day)),
	CHECK (cap_24h IS NULL OR (dials_24h IS NOT NULL AND dials_24h < cap_24h)),
	CHECK (cap_lifetime IS NULL OR (dials_lifetime IS NOT NULL AND dials_lifetime < cap_lifetime))
);
COMMENT ON TABLE voiceagent.eligibility IS
	'The proof that a dial was allowed at its moment; its constraints refuse a proof that proves nothing.';
COMMENT ON COLUMN voiceagent.eligibility.eligibility_id IS 'Number of the proof.';
COMMENT ON COLUMN voiceagent.eligibility.campaign_version IS 'Version of the campaign''s settings that was judged by.';
COMMENT ON COLUMN voiceagent.eligibility.checked_at IS 'The moment of the proof.';
COMMENT ON COLUMN voiceagent.eligibility.window_opens_at IS 'Start of the calling window that was open.';
COMMENT ON COLUMN voiceagent.eligibility.window_closes_at IS 'End of the calling window that was open.';
COMMENT ON COLUMN voiceagent.eligibility.timezones IS 'The lead''s candidate zones; the window was open in all of them.';
COMMENT ON COLUMN voiceagent.eligibility.do_not_call IS 'Whether the number was on the list; a proof with true cannot be stored.';
COMMENT ON COLUMN voiceagent.eligibility.consent_id IS 'The consent that allowed it; NULL: none was required.';
COMMENT ON COLUMN voiceagent.eligibility.attempt_number IS 'Which dial of the lead this is, from 1.';
COMMENT ON COLUMN voiceagent.eligibility.attempt_limit IS 'Dials that the lead may get at most.';
COMMENT ON COLUMN voiceagent.eligibility.call_limit IS 'Live calls at most, by the lowest cap that applied.';
COMMENT ON COLUMN voiceagent.eligibility.number IS 'Which of the lead''s numbers: 1 is leads.phone.';
COMMENT ON COLUMN voiceagent.eligibility.lawful IS 'True: the rules of the law were judged by too; false: a rehearsal.';
COMMENT ON COLUMN voiceagent.eligibility.jurisdiction IS 'Whose law: ISO 3166-2 region(s) or 3166-1 country of the number; empty: unknown.';
COMMENT ON COLUMN voiceagent.eligibility.layers IS 'The do-not-call layers that were asked; none had the number (national: or a consent lifted it).';
COMMENT ON COLUMN voiceagent.eligibility.list_as_of IS 'When the oldest of the country''s national do-not-call lists in force was published; NULL: there is none, or no law about it.';
COMMENT ON COLUMN voiceagent.eligibility.list_max_age IS 'How old the law lets a national list be; NULL: no rule. A consent makes the list unnecessary.';
COMMENT ON COLUMN voiceagent.eligibility.consent_required IS 'Whether the campaign or the law wanted a consent; then consent_id names it.';
COMMENT ON COLUMN voiceagent.eligibility.ring_timeout IS 'How long the call may ring, from the campaign and the law.';
COMMENT ON COLUMN voiceagent.eligibility.min_ring IS 'How long the law wants it to ring at least; NULL: no rule.';
COMMENT ON COLUMN voiceagent.eligibility.disclosures IS 'What the law wanted said at the start: ai, caller, recording, opt_out.';
COMMENT ON COLUMN voiceagent.eligibility.disclosure IS 'The words that were put before the assistant''s first message; NULL: none, or it says them itself.';
COMMENT ON COLUMN voiceagent.eligibility.assistant_discloses IS 'True: the assistant''s setting discloses says that its first message makes the disclosures.';
COMMENT ON COLUMN voiceagent.eligibility.recorded IS 'Whether a recording was asked for.';
COMMENT ON COLUMN voiceagent.eligibility.cap_day IS 'Calls that the number may get on one local day; NULL: no such cap.';
COMMENT ON COLUMN voiceagent.eligibility.cap_24h IS 'Calls that the number may get within 24 hours; NULL: no such cap.';
COMMENT ON COLUMN voiceagent.eligibility.cap_lifetime IS 'Calls that the number may ever get; NULL: no such cap.';
COMMENT ON COLUMN voiceagent.eligibility.dials_day IS 'Calls of the number before this one on the local day that has most; below cap_day.';
COMMENT ON COLUMN voiceagent.eligibility.dials_24h IS 'Calls of the number in the 24 hours before this one; below cap_24h.';
COMMENT ON COLUMN voiceagent.eligibility.dials_lifetime IS 'Calls of the number before this one, counted no further than the caps ask; below cap_lifetime.';
COMMENT ON COLUMN voiceagent.eligibility.live_calls IS 'Live calls of the campaign before this one; below call_limit, the most that it could have at that moment under every cap.';
SELECT voiceagent_private.guard_table('voiceagent.eligibility', 'tenant');

CREATE TABLE voiceagent.attempts (
	tenant_id bigint NOT NULL,
	attempt_id bigint GENERATED ALWAYS AS IDENTITY,
	call_id bigint NOT NULL,
	eligibility_id bigint NOT NULL,
	provider_account_id bigint NOT NULL,
	reference text NOT NULL,
	state voiceagent.attempt_state NOT NULL DEFAULT 'sending',
	provider_call_id text,
	control_url text,
	http_status integer,
	error text,
	created_at timestamptz NOT NULL,
	answered_at timestamptz,
	PRIMARY KEY (tenant_id, attempt_id),
	FOREIGN KEY (tenant_id, eligibility_id) REFERENCES voiceagent.eligibility,
	FOREIGN KEY (tenant_id, provider_account_id) REFERENCES voiceagent.provider_accounts
) WITH (fillfactor = 80);
CREATE UNIQUE INDEX attempts_call ON voiceagent.attempts (tenant_id, call_id) WHERE call_id IS NOT NULL;
COMMENT ON TABLE voiceagent.attempts IS
	'The request of a call to the carrier: committed as sending before it leaves, at most one a call.';
COMMENT ON COLUMN voiceagent.attempts.attempt_id IS 'Number of the attempt.';
COMMENT ON COLUMN voiceagent.attempts.state IS 'How far the request came: enumeration attempt_state.';
COMMENT ON COLUMN voiceagent.attempts.provider_call_id IS 'The carrier''s own id of the call.';
COMMENT ON COLUMN voiceagent.attempts.control_url IS 'Where the carrier takes commands for the live call.';
COMMENT ON COLUMN voiceagent.attempts.http_status IS 'Status of the carrier''s answer; NULL: none came.';
COMMENT ON COLUMN voiceagent.attempts.error IS 'What went wrong with the request, in words.';
COMMENT ON COLUMN voiceagent.attempts.reference IS 'Our name for the attempt at the carrier; comes back in webhooks and lookups.';
COMMENT ON COLUMN voiceagent.attempts.answered_at IS 'When the carrier answered the request.';
SELECT voiceagent_private.guard_table('voiceagent.attempts', 'tenant');

-- One row a conversation: a row a turn would be most of what a call writes.
CREATE TABLE voiceagent.conversations (
	tenant_id bigint NOT NULL,
	call_id bigint NOT NULL,
	month_slot smallint NOT NULL,
	turns jsonb NOT NULL CHECK (jsonb_typeof(turns) = 'array'),
	PRIMARY KEY (tenant_id, call_id, month_slot)
) PARTITION BY LIST (month_slot);
COMMENT ON TABLE voiceagent.conversations IS 'What was said in calls; call_turns has it turn by turn.';
COMMENT ON COLUMN voiceagent.conversations.turns IS 'The turns in order: [{"turn": 1, "speaker", "text", "at_ms" (Unix time), "seconds_from_start"}].';
COMMENT ON COLUMN voiceagent.conversations.month_slot IS 'Partition: voiceagent_private.month_slot of the call''s started_at.';
SELECT voiceagent_private.make_ring('voiceagent.conversations');
SELECT voiceagent_private.guard_table('voiceagent.conversations', 'tenant');

CREATE VIEW voiceagent.call_turns WITH (security_invoker = on) AS
SELECT c.tenant_id, c.call_id, t.turn, t.speaker, t.text, to_timestamp(t.at_ms / 1000.0) AS at
FROM voiceagent.conversations c
CROSS JOIN LATERAL jsonb_to_recordset(c.turns) AS t(turn integer, speaker text, text text, at_ms double precision)
WHERE t.speaker IS NOT NULL AND t.text IS NOT NULL;
COMMENT ON VIEW voiceagent.call_turns IS 'The transcripts, turn by turn.';
COMMENT ON COLUMN voiceagent.call_turns.turn IS 'Place in the conversation, from 1.';
COMMENT ON COLUMN voiceagent.call_turns.speaker IS 'assistant, customer, system or tool.';
COMMENT ON COLUMN voiceagent.call_turns.text IS 'What was said.';
COMMENT ON COLUMN voiceagent.call_turns.at IS 'When it was said; NULL: the carrier did not tell.';

CREATE TABLE voiceagent.events (
	tenant_id bigint NOT NULL,
	event_id bigint GENERATED ALWAYS AS IDENTITY,
	month_slot smallint NOT NULL,
	xid bigint NOT NULL DEFAULT (pg_current_xact_id()::text::bigint),
	at timestamptz NOT NULL,
	event_type text NOT NULL,
	campaign_id bigint,
	call_id bigint,
	lead_id bigint,
	event_data jsonb NOT NULL DEFAULT '{}',
	PRIMARY KEY (tenant_id, event_id, month_slot)
) PARTITION BY LIST (month_slot);
COMMENT ON TABLE voiceagent.events IS 'What happened, for activity() and call_events; never updated.';
COMMENT ON COLUMN voiceagent.events.event_id IS 'Number of the event; order within a transaction.';
COMMENT ON COLUMN voiceagent.events.at IS 'When it happened.';
COMMENT ON COLUMN voiceagent.events.event_type IS 'What happened, e.g. call_ended.';
COMMENT ON COLUMN voiceagent.events.event_data IS 'Details, by event type.';
COMMENT ON COLUMN voiceagent.events.xid IS 'The transaction that wrote it: activity() returns whole transactions in this order, so a cursor misses none.';
COMMENT ON COLUMN voiceagent.events.month_slot IS 'Partition: voiceagent_private.month_slot(at).';
CREATE INDEX events_cursor ON voiceagent.events (tenant_id, xid, event_id);
CREATE INDEX events_call ON voiceagent.events (tenant_id, call_id) WHERE call_id IS NOT NULL;
-- What explain_lead() tells of a lead's way through the queue.
CREATE INDEX events_lead ON voiceagent.events (tenant_id, lead_id)
	WHERE event_type IN ('lead_retry', 'lead_failed', 'lead_skipped', 'lead_expired', 'lead_followed_up', 'lead_opted_out');
SELECT voiceagent_private.make_ring('voiceagent.events');
SELECT voiceagent_private.guard_table('voiceagent.events', 'tenant');
