-- 45_campaign: the small hot tables: waiting leads and live calls.

CREATE TABLE voiceagent_private.call_queue (
	tenant_id bigint NOT NULL,
	lane_id bigint NOT NULL,
	priority smallint NOT NULL DEFAULT 5 CHECK (priority BETWEEN -1 AND 9),
	not_before timestamptz NOT NULL CHECK (isfinite(not_before)),
	campaign_id bigint NOT NULL,
	lead_id bigint NOT NULL,
	reason text NOT NULL DEFAULT 'first',
	number smallint NOT NULL DEFAULT 1 CHECK (number BETWEEN 1 AND 5),
	PRIMARY KEY (tenant_id, campaign_id, lead_id)
) WITH (fillfactor = 90, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 2000,
		autovacuum_vacuum_cost_delay = 0);
COMMENT ON TABLE voiceagent_private.call_queue IS
	E'Leads that wait for a dial.\n'
	'The claim deletes the row in the commit that creates the call.';
COMMENT ON COLUMN voiceagent_private.call_queue.priority IS
	'-1, before all others: a promised callback; the lead''s own priority (0 to 9) otherwise.';
COMMENT ON COLUMN voiceagent_private.call_queue.reason IS
	'first, no_answer, busy, failed, callback, ...: why the lead is in the queue.';
COMMENT ON COLUMN voiceagent_private.call_queue.number IS
	'Which of the lead''s numbers is dialled: 1 is leads.phone, 2 to 5 are its lead_numbers.';
-- Exactly the order of the claim: lane by lane, priority by priority, oldest due first.
-- "IS NOT NULL", here and below: only a query that names the column may use the index. While the statistics do not know
-- a tenant, all indexes that begin with it look alike, and the wrong one reads all rows of the tenant.
CREATE INDEX call_queue_claim ON voiceagent_private.call_queue (tenant_id, lane_id, priority, not_before, lead_id)
	WHERE lane_id IS NOT NULL;
SELECT voiceagent_private.guard_table('voiceagent_private.call_queue', 'internal',
	waits => '{not_before}', set_back_by => 'set_back_queue');

CREATE TABLE voiceagent_private.live_calls (
	tenant_id bigint NOT NULL,
	call_id bigint NOT NULL,
	attempt_id bigint NOT NULL,
	campaign_id bigint NOT NULL,
	lead_id bigint NOT NULL,
	provider_account_id bigint NOT NULL,
	provider text NOT NULL,
	provider_call_id text,
	state voiceagent.attempt_state NOT NULL DEFAULT 'sending',
	lease_until timestamptz NOT NULL CHECK (isfinite(lease_until)),
	lookups integer NOT NULL DEFAULT 0,
	misses integer NOT NULL DEFAULT 0,
	failed_lookups integer NOT NULL DEFAULT 0,
	failing_since timestamptz,
	reference text NOT NULL,
	dialled_at timestamptz NOT NULL,
	ends_by timestamptz NOT NULL CHECK (isfinite(ends_by)),
	phone_number_id bigint,
	asked_at timestamptz,
	answer_due timestamptz,
	PRIMARY KEY (tenant_id, call_id)
) WITH (fillfactor = 50, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 500,
		autovacuum_vacuum_cost_delay = 0);
COMMENT ON TABLE voiceagent_private.live_calls IS
	'One row a call that has not ended: concurrency is the count of these rows, so a slot cannot leak past its lease.';
COMMENT ON COLUMN voiceagent_private.live_calls.lease_until IS
	E'When it passes the carrier is asked what became of the call.\n'
	'(While the request is on its way that of its claim, in sends, holds too.)';
COMMENT ON COLUMN voiceagent_private.live_calls.lookups IS
	'How often the carrier has been asked since an event of the call was last applied; what it says again is none.';
COMMENT ON COLUMN voiceagent_private.live_calls.failed_lookups IS
	'How often in a row the carrier could not be asked, or gave no answer that can be read.';
COMMENT ON COLUMN voiceagent_private.live_calls.failing_since IS
	'When the first of these questions had failed; NULL: the last one was answered.';
COMMENT ON COLUMN voiceagent_private.live_calls.asked_at IS 'When the carrier was asked last; NULL: never yet.';
COMMENT ON COLUMN voiceagent_private.live_calls.misses IS
	'How often the carrier has answered, since it had our request, that it knows of no such call.';
COMMENT ON COLUMN voiceagent_private.live_calls.answer_due IS
	E'Until then our request may be on its way, even from a worker that has died, or when its answer was given up: '
	'before then, and for absence_wait after it, the carrier''s not knowing the call says nothing.\n'
	'NULL: the carrier took it, or refused.';
COMMENT ON COLUMN voiceagent_private.live_calls.reference IS
	'attempts.reference, so that a lookup needs no row of the tenant.';
COMMENT ON COLUMN voiceagent_private.live_calls.ends_by IS
	'Ring timeout, longest call and grace after the dial: the lease of a call that the carrier took.';
COMMENT ON COLUMN voiceagent_private.live_calls.phone_number_id IS
	'The number of the campaign''s pool that calls; NULL: the account''s own, which may have many calls.';
-- A number of a pool has one call at a time.
CREATE UNIQUE INDEX one_call_a_number ON voiceagent_private.live_calls (tenant_id, phone_number_id)
	WHERE phone_number_id IS NOT NULL;
-- A person is never dialled twice at once, by whatever campaigns.
CREATE UNIQUE INDEX one_live_call ON voiceagent_private.live_calls (tenant_id, lead_id) WHERE lead_id IS NOT NULL;
CREATE INDEX live_calls_lease ON voiceagent_private.live_calls (lease_until);
-- No index has a column that the carrier's answer changes, so that the update stays in its page (HOT). A tenant has few
-- enough live calls to read them all for one campaign, or for a carrier's id where the carrier echoes no reference.
SELECT voiceagent_private.guard_table('voiceagent_private.live_calls', 'routing',
	waits => '{ends_by,lease_until,asked_at,answer_due,failing_since}');

CREATE TABLE voiceagent_private.sends (
	tenant_id bigint NOT NULL,
	first_call_id bigint NOT NULL,
	lease_until timestamptz NOT NULL CHECK (isfinite(lease_until)),
	call_ids bigint[] NOT NULL,
	PRIMARY KEY (tenant_id, first_call_id)
);
COMMENT ON TABLE voiceagent_private.sends IS
	E'One row a claim: the lease of its requests, together.\n'
	'A call that is still sending when it passes is asked about; the others have their own lease (live_calls). '
	'It goes with the last answer.';
COMMENT ON COLUMN voiceagent_private.sends.first_call_id IS 'The lowest of call_ids.';
COMMENT ON COLUMN voiceagent_private.sends.lease_until IS
	'When every request of the claim must have been answered: see answer_time().';
COMMENT ON COLUMN voiceagent_private.sends.call_ids IS
	'The calls that the claim made, the last first: whether all have been answered is mostly known by the first that '
	'is looked at.';
CREATE INDEX sends_lease ON voiceagent_private.sends (lease_until);
SELECT voiceagent_private.guard_table('voiceagent_private.sends', 'routing', waits => '{lease_until}');

CREATE TABLE voiceagent_private.pacing (
	tenant_id bigint NOT NULL,
	campaign_id bigint NOT NULL,
	next_dial_at timestamptz NOT NULL DEFAULT '-infinity',
	suspended text,
	starts_at timestamptz CHECK (isfinite(starts_at)),
	brakes_from timestamptz NOT NULL DEFAULT '-infinity',
	expires_at timestamptz,
	expiry_due timestamptz,
	sandbox boolean NOT NULL DEFAULT false,
	slow_until timestamptz,
	rests_until timestamptz,
	rest_reason text,
	PRIMARY KEY (tenant_id, campaign_id),
	FOREIGN KEY (tenant_id, campaign_id) REFERENCES voiceagent.campaigns
) WITH (fillfactor = 50);
-- Only next_dial_at() reads it; each campaign has one row.
CREATE INDEX pacing_next ON voiceagent_private.pacing (next_dial_at);
COMMENT ON TABLE voiceagent_private.pacing IS
	E'Per campaign: no dial before this time (call_interval).\n'
	'The claim locks this row: one claimer a campaign.';
COMMENT ON COLUMN voiceagent_private.pacing.suspended IS
	'Why the platform holds a running campaign back (next_dial_at is then infinity, or when it may go on by '
	'itself); NULL: it does not.';
COMMENT ON COLUMN voiceagent_private.pacing.brakes_from IS
	'When it was last started: its breaker counts calls that ended after this.';
COMMENT ON COLUMN voiceagent_private.pacing.starts_at IS 'When a scheduled campaign starts by itself.';
COMMENT ON COLUMN voiceagent_private.pacing.expires_at IS
	'The campaign''s end: no dial after it, no retry beyond it; NULL: none.';
COMMENT ON COLUMN voiceagent_private.pacing.expiry_due IS
	'When expire_leads() looks at the campaign; NULL: it need not.';
COMMENT ON COLUMN voiceagent_private.pacing.sandbox IS
	'Whether the campaign''s account is the sandbox''s: while the platform has no line of that kind left, the campaign '
	'is not ready.';
COMMENT ON COLUMN voiceagent_private.pacing.slow_until IS
	'Until when it dials one call every ten seconds, for its abandoned calls (rest_abandoning()) or late openings; '
	'NULL: never.';
COMMENT ON COLUMN voiceagent_private.pacing.rests_until IS
	E'Until when it dials nobody for its abandoned calls, whatever suspended and next_dial_at say: every claim looks.\n'
	'rest_abandoning() alone writes it, and only moves it on.';
COMMENT ON COLUMN voiceagent_private.pacing.rest_reason IS 'Why it rests or has rested last, in words.';
CREATE INDEX pacing_expiry ON voiceagent_private.pacing (expiry_due) WHERE expiry_due IS NOT NULL;
CREATE INDEX pacing_starts ON voiceagent_private.pacing (starts_at) WHERE starts_at IS NOT NULL;
SELECT voiceagent_private.guard_table('voiceagent_private.pacing', 'routing',
	waits => '{next_dial_at,rests_until,brakes_from,slow_until,expiry_due}');

CREATE TABLE voiceagent_private.claim_turns (
	tenant_id bigint PRIMARY KEY
);
COMMENT ON TABLE voiceagent_private.claim_turns IS
	E'Rows to lock: one claimer a tenant, so that caps are counted and used by one hand; row 0 is '
	'the platform''s cap.\n'
	'(No advisory locks: anybody could take those.)';
SELECT voiceagent_private.guard_table('voiceagent_private.claim_turns', 'routing', 'WHERE false');
