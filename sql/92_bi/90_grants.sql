-- 92_bi: owners, comments and rights of the schema voiceagent_bi.

DO $$
DECLARE
	v record;
BEGIN
	FOR v IN SELECT c.oid::regclass AS name FROM pg_catalog.pg_class c
		WHERE c.relnamespace = 'voiceagent_bi'::regnamespace AND c.relkind = 'v'
	LOOP
		EXECUTE format('ALTER VIEW %s OWNER TO voiceagent_owner', v.name);
	END LOOP;
END
$$;
ALTER SCHEMA voiceagent_bi OWNER TO voiceagent_owner;
GRANT USAGE ON SCHEMA voiceagent_bi TO voiceagent_user, voiceagent_worker;
GRANT SELECT ON ALL TABLES IN SCHEMA voiceagent_bi TO voiceagent_user, voiceagent_worker;

-- A word means the same in every view, so it is described once.
DO $$
DECLARE
	v record;
BEGIN
	FOR v IN
		SELECT c.oid::regclass AS name, a.attname, w.words
		FROM (VALUES
			('campaign', 'The campaigns name.'),
			('assistant', 'The assistants name.'),
			('day', 'The day, in the tenants time zone.'),
			('first_name', 'Given name of the lead.'),
			('last_name', 'Family name of the lead.'),
			('company', 'The leads company.'),
			('email', 'The leads e-mail address.'),
			('phone', 'The number of the other side.'),
			('phone_number', 'The tenants number.'),
			('direction', 'outbound or inbound.'),
			('started_at', 'When it began, in the tenants time zone.'),
			('ended_at', 'When it ended, in the tenants time zone; NULL: it is live.'),
			('starts_at', 'Start, in the tenants time zone.'),
			('ends_at', 'End, in the tenants time zone.'),
			('imported_at', 'When it was imported, in the tenants time zone.'),
			('created_at', 'When the row was made, in the tenants time zone.'),
			('at', 'When it was said, in the tenants time zone.'),
			('attempt_number', 'Which dial of the lead in the campaign.'),
			('status', 'Where it stands, as the table of its name has it.'),
			('cause', 'The carriers own words for the end.'),
			('currency', 'ISO 4217 code of cost; NULL: the cost is not known.'),
			('cost', 'What the carrier charges, in currency.'),
			('credits', 'Credits charged.'),
			('duration_seconds', 'Seconds from answer to end.'),
			('calls', 'Calls that have ended; test calls are none.'),
			('dials', 'Outbound calls that have ended.'),
			('inbound', 'Inbound calls that have ended.'),
			('outbound', 'Outbound calls that have ended.'),
			('answered', 'Somebody, or something, answered; a machine too.'),
			('completed', 'Answered calls.'),
			('reached', 'A person answered, as far as the carrier or the words tell: answered, and not by a machine.'),
			('machines', 'A machine answered.'),
			('booked', 'An appointment of the call stands, pending or confirmed.'),
			('bookings', 'Calls whose appointment stands.'),
			('success', 'Reached, no opt-out, and booked, scheduled or interested.'),
			('successes', 'Calls with success: reached, no opt-out, and booked, scheduled or interested.'),
			('conversions', 'Calls with success.'),
			('callback', 'The person asked to be called again.'),
			('callbacks', 'Calls whose person asked to be called again.'),
			('opted_out', 'The person asked never to be called again.'),
			('opt_outs', 'Calls, or leads, whose person asked never to be called again.'),
			('qualified', 'The data of the call say that the lead is qualified.'),
			('retries', 'Calls that were not the first of their lead in the campaign.'),
			('connect_rate',
				'Reached of all calls (of daily_metrics, last_21_days and numbers: of outbound ones), in per cent.'),
			('conversion_rate', 'Successes of the reached, in per cent; of lead_sets: of the called leads.'),
			('booking_rate', 'Booked of the reached, in per cent.'),
			('appointment_rate', 'Booked of the reached, in per cent; of lead_sets: scheduled of the called leads.'),
			('qualification_rate', 'Qualified of the reached, in per cent.'),
			('retry_rate', 'Retries of all calls, in per cent.'),
			('contact_rate', 'Reached of the called leads, in per cent.'),
			('success_rate', 'Successes of the reached, in per cent.'),
			('csat', 'How content the person is, 1 to 5; NULL: not said.'),
			('csat_calls', 'Calls with such a mark.'),
			('csat_sum', 'The sum of the marks.'),
			('average_csat', 'The mean of the marks, 1 to 5.'),
			('average_seconds', 'Talk of an answered call, in seconds.'),
			('minutes', 'Talk, in minutes.'),
			('talk_seconds', 'Talk: seconds from answer to end.'),
			('unpriced', 'Answered calls whose cost is not known.'),
			('credits_per_booking', 'Credits for each booked call.'),
			('active_now', 'Calls that are live now.'),
			('sentiment', 'Calls by evaluation, {"positive": 3, ...}.'),
			('emotions', 'Calls by emotion, {"calm": 3, ...}.'),
			('leads', 'Leads.'),
			('leads_called', 'Leads that were dialled at least once.'),
			('called', 'Leads whose last call has ended.'),
			('reference', 'As in credit_transfers.'),
			('kind', 'outcome, intent, emotion, interest, evaluation, or csat: the mark.'),
			('value', 'Which of that kind.'),
			('outcome', 'What came of it: call_facts.outcome.'),
			('intent', 'What the person wanted, as a class.'),
			('interest', 'none, low, medium or high; NULL: not said.'),
			('emotion', 'The persons emotion; NULL: none shown.'),
			('evaluation', 'positive, neutral or negative.'),
			('summary', 'What it was about, in short.'),
			('recording_url', 'Where the carrier keeps the recording.'),
			('transferred_to', 'The agent, or the number, to which it was put through last; NULL: to nobody.'),
			('type', 'As in campaigns.'),
			('appointment_id', 'The appointment: appointments.appointment_id.'),
			('turn', 'Place in the conversation, from 1.'),
			('speaker', 'assistant, customer, system, tool or unknown.'),
			('assistant_version', 'The assistants version.'),
			('tags', 'What the tenant says of the lead.'),
			('provider_call_id', 'The carriers own id of the call.'),
			('handling', 'What became of an incoming call: call_readings.handling.'),
			('confidence_score', 'How sure the author of the intent is, from 0 to 1.'),
			('caller_name', 'As told in the call, else the leads name.'),
			('caller_phone', 'The number of the other side.'),
			('message', 'What the caller left for somebody.'),
			('follow_up_created', 'An appointment, a task or a callback has come of it.'),
			('listing', 'The listing that it was about last: its reference, else its id.'),
			('transcription', 'All turns, a line each, speaker first.'),
			('text', 'What was said.')) AS w(name, words)
		JOIN pg_catalog.pg_attribute a ON a.attname = w.name
		JOIN pg_catalog.pg_class c ON c.oid = a.attrelid AND c.relnamespace = 'voiceagent_bi'::regnamespace
			AND c.relkind = 'v'
	LOOP
		EXECUTE format('COMMENT ON COLUMN %s.%I IS %L', v.name, v.attname, v.words);
	END LOOP;
END
$$;
