-- 00_kernel: the closed sets of values. One domain each; one table says what every value means.

CREATE TABLE voiceagent.enumerations (
	enumeration text NOT NULL,
	value text NOT NULL,
	position smallint NOT NULL,
	description text NOT NULL,
	PRIMARY KEY (enumeration, value),
	UNIQUE (enumeration, position)
);
COMMENT ON TABLE voiceagent.enumerations IS
	'Every closed set of values and what each value means; the domain of the same name holds exactly these.';
COMMENT ON COLUMN voiceagent.enumerations.value IS 'The value, as stored.';
COMMENT ON COLUMN voiceagent.enumerations.description IS 'The meaning of the value.';
COMMENT ON COLUMN voiceagent.enumerations.enumeration IS 'Name of the domain in schema voiceagent.';
COMMENT ON COLUMN voiceagent.enumerations.position IS
	'Order of display; for call_status also the order in which states move forward.';
-- Its rows come with the install script, so a dump leaves them out.
SELECT voiceagent_private.guard_table('voiceagent.enumerations', 'platform', 'WHERE false');

INSERT INTO voiceagent.enumerations (enumeration, value, position, description) VALUES
	('call_status', 'initiated', 1, 'The request to the carrier is on its way or accepted'),
	('call_status', 'ringing', 2, 'The telephone rings'),
	('call_status', 'in_progress', 3, 'Somebody, or something, answered'),
	('call_status', 'completed', 4, 'Answered and ended'),
	('call_status', 'failed', 5, 'Ended without an answer for a fault or a cancellation'),
	('call_status', 'busy', 6, 'The line was busy'),
	('call_status', 'no_answer', 7, 'Rang until the ring timeout'),
	('call_outcome', 'interested', 1, 'Showed interest'),
	('call_outcome', 'scheduled', 2, 'An appointment was agreed'),
	('call_outcome', 'callback', 3, 'Asked to be called again'),
	('call_outcome', 'not_interested', 4, 'Declined'),
	('call_outcome', 'completed', 5, 'Talked, without a clear result'),
	('call_outcome', 'voicemail', 6, 'A machine answered'),
	('call_outcome', 'no_answer', 7, 'Nobody answered'),
	('call_outcome', 'busy', 8, 'The line was busy'),
	('call_outcome', 'wrong_number', 9,
		'The number does not exist, is somebody else''s, or is one that the carrier''s law keeps it from dialling'),
	('call_outcome', 'do_not_call', 10, 'Asked never to be called again'),
	('call_outcome', 'failed', 11, 'The carrier or the platform failed'),
	('call_outcome', 'canceled', 12, 'Withdrawn by us before an answer'),
	('call_outcome', 'unfinished', 13, 'Answered, but the call ended before it came to a result'),
	('lead_status', 'new', 1, 'Not called yet; whether it is queued stands in campaign_leads'),
	('lead_status', 'contacted', 2, 'Dialled at least once'),
	('lead_status', 'retry', 3, 'Waits for another call'),
	('lead_status', 'completed', 4, 'Reached; nothing more to do'),
	('lead_status', 'failed', 5, 'Given up; the reason says why'),
	('lead_status', 'do_not_call', 6, 'On a do-not-call list'),
	('lead_stage', 'pending', 1, 'Not called yet'),
	('lead_stage', 'calling', 2, 'A call is live'),
	('lead_stage', 'retry', 3,
		'Called, and neither reached nor given up: waits for another call, if a campaign has it'),
	('lead_stage', 'contacted', 4, 'Reached; nothing more to do'),
	('lead_stage', 'failed', 5, 'Failed to reach: given up'),
	('lead_stage', 'do_not_call', 6, 'On a do-not-call list'),
	('follow_up_reason', 'callback', 1, 'A call back was promised in the last call'),
	('follow_up_reason', 'interested', 2, 'Showed interest in the last call, and nobody has seen to it'),
	('follow_up_reason', 'appointment', 3,
		'An appointment was agreed in the last call, and nobody has decided about it'),
	('campaign_status', 'draft', 1, 'Being prepared'),
	('campaign_status', 'scheduled', 2, 'Starts by itself later'),
	('campaign_status', 'running', 3, 'Dials'),
	('campaign_status', 'paused', 4, 'Dials nothing; goes on with resume_campaign'),
	('campaign_status', 'stopped', 5, 'Ended by hand'),
	('campaign_status', 'completed', 6, 'Every lead is dealt with'),
	('campaign_type', 'sales', 1, 'Sales'),
	('campaign_type', 'marketing', 2, 'Marketing'),
	('campaign_type', 'follow_up', 3, 'Follow-up'),
	('campaign_type', 'recruitment', 4, 'Recruitment'),
	('campaign_type', 'test', 5, 'Test calls to own numbers; only test_call() makes one'),
	('campaign_type', 'direct', 6, 'Calls that a person asks for one by one; only call_now() makes one'),
	('campaign_lead_status', 'pending', 1, 'In the campaign, not queued yet'),
	('campaign_lead_status', 'queued', 2, 'Waits in its lane'),
	('campaign_lead_status', 'calling', 3, 'A call is live'),
	('campaign_lead_status', 'retry', 4, 'Queued again after a call; the reason says why'),
	('campaign_lead_status', 'completed', 5, 'Reached; nothing more to do'),
	('campaign_lead_status', 'failed', 6, 'Given up after the last attempt; the reason says why'),
	('campaign_lead_status', 'skipped', 7, 'Never to be dialled in this campaign; the reason says why'),
	('campaign_lead_status', 'expired', 8, 'Its time ran out before it was dealt with; the reason says how'),
	('attempt_state', 'sending', 1, 'Committed; its request may be on the wire'),
	('attempt_state', 'unknown', 2, 'The request may have reached the carrier; the carrier is being asked'),
	('attempt_state', 'accepted', 3, 'The carrier took the call'),
	('attempt_state', 'refused', 4, 'The carrier certainly did not take the call'),
	('attempt_state', 'not_placed', 5, 'Reconciled: the carrier knows of no such call'),
	('appointment_status', 'pending', 1, 'Detected; holds its slot until somebody decides'),
	('appointment_status', 'confirmed', 2, 'Confirmed by a member'),
	('appointment_status', 'rejected', 3, 'Rejected by a member'),
	('appointment_status', 'conflict', 4, 'Breaks a rule of its calendar; kept without a slot'),
	('appointment_status', 'canceled', 5, 'Called off later'),
	('appointment_status', 'held', 6, 'Its slot is kept for a while, for a caller that has not decided yet'),
	('appointment_status', 'no_show', 7, 'Nobody came'),
	('hold_state', 'held', 1, 'Credits are set aside for a live call'),
	('hold_state', 'posted', 2, 'Settled: charged, the rest released'),
	('hold_state', 'voided', 3, 'Released whole'),
	('phone_number_state', 'ordered', 1, 'The carrier has been asked for it'),
	('phone_number_state', 'unchecked', 2, 'Said to be ours; the carrier has not confirmed it yet'),
	('phone_number_state', 'ready', 3, 'May be used'),
	('phone_number_state', 'refused', 4, 'Not ours, by the carrier or because another has it; the reason says which'),
	('phone_number_state', 'releasing', 5, 'The carrier has been asked to take it back'),
	('phone_number_state', 'removed', 6, 'Gone; kept for the calls that were made with it'),
	('number_request_status', 'open', 1, 'Waits for somebody to find a number'),
	('number_request_status', 'fulfilled', 2, 'A number was found'),
	('number_request_status', 'rejected', 3, 'There is no such number; the reason says more'),
	('number_request_status', 'canceled', 4, 'Withdrawn by who asked'),
	('task_kind', 'viewing', 1, 'Show something to somebody'),
	('task_kind', 'offer', 2, 'Answer an offer'),
	('task_kind', 'message', 3, 'Read a message that a caller has left'),
	('task_kind', 'missed_call', 4, 'Nobody spoke with somebody who called'),
	('task_kind', 'late_callback', 5, 'Call somebody who was promised a call that is late'),
	('task_kind', 'conflict', 6, 'Find another time for an appointment whose time is taken'),
	('task_kind', 'call_back', 7, 'Call somebody who asked for a person'),
	('task_kind', 'other', 8, 'Anything else'),
	('task_kind', 'information', 9, 'Send a caller what it asked for'),
	('task_kind', 'promise', 10, 'Keep what an assistant has promised, or withdraw it'),
	('task_priority', 'high', 1, 'Before the others'),
	('task_priority', 'normal', 2, 'As it is due'),
	('task_priority', 'low', 3, 'After the others'),
	('ticket_category', 'technical', 1, 'Something does not work'),
	('ticket_category', 'billing', 2, 'Money: credits, invoices, plans'),
	('ticket_category', 'feature_request', 3, 'Something is wished for'),
	('ticket_category', 'account', 4, 'Members, access, settings'),
	('ticket_category', 'phone_number_request', 5, 'A number that nobody has found yet'),
	('ticket_state', 'open', 1, 'The staff is to answer'),
	('ticket_state', 'answered', 2, 'The staff has answered, and the tenant may'),
	('ticket_state', 'resolved', 3, 'Nothing is left to do; another message opens it again'),
	('member_role', 'owner', 1, 'Everything, members included'),
	('member_role', 'manager', 2, 'Leads, campaigns, appointments'),
	('member_role', 'agent', 3, 'Reads, and reports what came of calls: a voice bot, a person at the telephone'),
	('member_role', 'viewer', 4, 'Reads');

-- The domains are made from the table, so the two cannot differ. An update runs this as well, as it does every DO.
DO $$
DECLARE
	v record;
BEGIN
	FOR v IN
		SELECT enumeration, string_agg(quote_literal(value), ', ' ORDER BY position) AS list
		FROM voiceagent.enumerations GROUP BY enumeration ORDER BY enumeration
	LOOP
		IF to_regtype(format('voiceagent.%I', v.enumeration)) IS NULL THEN
			EXECUTE format('CREATE DOMAIN voiceagent.%I AS text', v.enumeration);
		ELSIF v.list = (SELECT string_agg(m.value[1], ', ' ORDER BY m.position) FROM pg_catalog.pg_constraint k,
				LATERAL regexp_matches(pg_get_constraintdef(k.oid), $r$'[^']*'$r$, 'g') WITH ORDINALITY AS m(value,
					position)
				WHERE k.contypid = to_regtype(format('voiceagent.%I', v.enumeration))) THEN
			CONTINUE;
		ELSE
			EXECUTE format('ALTER DOMAIN voiceagent.%I DROP CONSTRAINT %I', v.enumeration, v.enumeration || '_value');
		END IF;
		EXECUTE format('ALTER DOMAIN voiceagent.%I ADD CONSTRAINT %I CHECK (VALUE IN (%s))',
			v.enumeration, v.enumeration || '_value', v.list);
		EXECUTE format('COMMENT ON DOMAIN voiceagent.%I IS %L', v.enumeration,
			format('One of the values of enumeration %s (table voiceagent.enumerations).', v.enumeration));
	END LOOP;
END
$$;
