-- 46_record: what counts of each ended call; 90_report folds it, and says what the words mean.

CREATE TABLE voiceagent.call_facts (
	tenant_id bigint NOT NULL,
	call_id bigint NOT NULL,
	started_at timestamptz NOT NULL,
	day date NOT NULL,
	campaign_id bigint NOT NULL,
	direction text NOT NULL,
	phone_number_id bigint NOT NULL,
	assistant_id bigint NOT NULL,
	currency text NOT NULL,
	answered boolean NOT NULL,
	reached boolean NOT NULL,
	machine boolean NOT NULL,
	booked boolean NOT NULL,
	success boolean NOT NULL,
	callback boolean NOT NULL,
	opted_out boolean NOT NULL,
	qualified boolean NOT NULL,
	retry boolean NOT NULL,
	csat smallint,
	talk_seconds numeric NOT NULL,
	credits numeric NOT NULL,
	cost numeric,
	status text NOT NULL,
	outcome text NOT NULL,
	evaluation text,
	intent text,
	emotion text,
	interest text,
	PRIMARY KEY (tenant_id, call_id)
) WITH (fillfactor = 90);
COMMENT ON TABLE voiceagent.call_facts IS
	E'The facts of each ended call that reports count, a few seconds after its end; test calls have no row.\n'
	'The view call_list (schema voiceagent_bi) shows it with the call and the lead.';
COMMENT ON COLUMN voiceagent.call_facts.started_at IS 'As in calls.';
COMMENT ON COLUMN voiceagent.call_facts.day IS
	E'Day of the dial, or of the incoming call, in the tenant''s time zone.\n'
	'It stays when the tenant changes its zone.';
COMMENT ON COLUMN voiceagent.call_facts.campaign_id IS 'The campaign; 0: the call is inbound.';
COMMENT ON COLUMN voiceagent.call_facts.direction IS 'outbound or inbound.';
COMMENT ON COLUMN voiceagent.call_facts.phone_number_id IS
	'The tenant''s number that called or was called; 0: none of the tenant''s.';
COMMENT ON COLUMN voiceagent.call_facts.assistant_id IS 'The assistant that spoke; 0: none.';
COMMENT ON COLUMN voiceagent.call_facts.currency IS 'ISO 4217 code of cost; empty: the cost is not known.';
COMMENT ON COLUMN voiceagent.call_facts.answered IS 'Somebody, or something, answered: calls.status is completed.';
COMMENT ON COLUMN voiceagent.call_facts.reached IS
	'Answered, and not by a machine, as far as the carrier or the words tell.';
COMMENT ON COLUMN voiceagent.call_facts.machine IS
	'Answered by a machine: the carrier says so, or the call came to a voicemail.';
COMMENT ON COLUMN voiceagent.call_facts.booked IS 'An appointment of the call stands, pending or confirmed.';
COMMENT ON COLUMN voiceagent.call_facts.success IS
	'Reached, no opt-out, and booked or with outcome scheduled or interested.';
COMMENT ON COLUMN voiceagent.call_facts.callback IS 'The person asked to be called again.';
COMMENT ON COLUMN voiceagent.call_facts.opted_out IS 'The person asked never to be called again.';
COMMENT ON COLUMN voiceagent.call_facts.qualified IS 'The data of the call say that the lead is qualified.';
COMMENT ON COLUMN voiceagent.call_facts.retry IS 'It was not the first dial of the lead in its campaign.';
COMMENT ON COLUMN voiceagent.call_facts.csat IS 'How content the person is, 1 to 5; NULL: not said.';
COMMENT ON COLUMN voiceagent.call_facts.talk_seconds IS 'Seconds from answer to end; 0: unanswered.';
COMMENT ON COLUMN voiceagent.call_facts.credits IS 'Credits charged.';
COMMENT ON COLUMN voiceagent.call_facts.cost IS 'The carrier''s charge, in currency; NULL: not known.';
COMMENT ON COLUMN voiceagent.call_facts.status IS 'As in calls.';
COMMENT ON COLUMN voiceagent.call_facts.outcome IS
	'As in calls; of an incoming call by what tools did in it, then by its data and what its words certainly show.';
COMMENT ON COLUMN voiceagent.call_facts.evaluation IS 'As in calls.';
COMMENT ON COLUMN voiceagent.call_facts.intent IS 'As in call_readings.';
COMMENT ON COLUMN voiceagent.call_facts.emotion IS 'As in call_readings.';
COMMENT ON COLUMN voiceagent.call_facts.interest IS 'As in call_readings.';
SELECT voiceagent_private.guard_table('voiceagent.call_facts', 'tenant');
