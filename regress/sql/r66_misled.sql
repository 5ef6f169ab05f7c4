-- One in twenty of the sandbox's analyses is wrong on purpose. In 400 talks nothing is done on such a word alone: an invented booking books
-- nothing, an invented opt-out holds and lists nobody, another hour is not believed; what is right arrives.
\set VERBOSITY terse
SET client_min_messages = warning;
BEGIN;
SAVEPOINT simulated;
SELECT voiceagent_private.begin_simulation('2026-11-17 15:00+00', 3, 1000, '{0,0,0,0,0}');
SELECT voiceagent_private.make_simulated_tenant('misled', 'America/New_York', 100000) AS tenant \gset
SELECT voiceagent_private.simulated_account(100, provider => 'sandbox') > 0 AS account;
SELECT voiceagent.create_assistant('Ann', 'Hello, is this {{first_name}}?', 'Be kind.') AS assistant \gset
SELECT count(voiceagent.add_lead(phone => '+1212556' || to_char(n, 'FM0000'), first_name => 'Lea')) FROM generate_series(1, 400) n;
SELECT voiceagent.create_campaign('Calls', :assistant, settings => '{"call_interval": 0, "max_concurrent_calls": 100, "retry_attempts": 0}') AS campaign \gset
SELECT voiceagent.add_leads(:campaign);
SELECT voiceagent.start_campaign(:campaign) AS started;
SELECT idle OR steps_left > 0 AS over FROM voiceagent_private.simulate_until('2026-11-17 21:00+00', '30 seconds', 20000, '15 seconds');
SELECT voiceagent_private.set_tenant(:tenant);
CREATE TEMPORARY VIEW talks AS
SELECT c.call_id, c.outcome, c.structured_data AS d, c.structured_data ->> 'wrong_on_purpose' AS wrong, k.reading,
	EXISTS (SELECT FROM voiceagent.appointments a WHERE a.tenant_id = c.tenant_id AND a.call_id = c.call_id) AS booked,
	EXISTS (SELECT FROM voiceagent.do_not_call_list l WHERE l.tenant_id = c.tenant_id AND l.call_id = c.call_id AND l.held) AS held,
	EXISTS (SELECT FROM voiceagent.do_not_call_list l WHERE l.tenant_id = c.tenant_id AND l.call_id = c.call_id AND NOT l.held) AS listed,
	(SELECT a.starts_at FROM voiceagent.appointments a WHERE a.tenant_id = c.tenant_id AND a.call_id = c.call_id) AS starts_at
FROM voiceagent.calls c LEFT JOIN voiceagent.conversations k ON k.tenant_id = c.tenant_id AND k.call_id = c.call_id
WHERE c.tenant_id = voiceagent.current_tenant();
SELECT count(*) AS talks, count(reading) AS read, count(wrong) AS wrong FROM talks;
SELECT wrong, outcome, booked, listed, held, count(*) FROM talks WHERE wrong IS NOT NULL GROUP BY 1, 2, 3, 4, 5 ORDER BY 1, 2, 3, 4, 5;
SELECT outcome, booked, listed, held, count(*) FROM talks WHERE wrong IS NULL GROUP BY 1, 2, 3, 4 ORDER BY 1, 2, 3, 4;
SELECT wrong, f.name, f.label, f.counts, count(*) FROM talks t JOIN voiceagent.call_fields f ON f.call_id = t.call_id AND f.origin = 'carrier'
WHERE wrong = 'a booking' AND f.name ~ '^appointment' OR wrong = 'another hour' AND f.name = 'appointment.time' OR wrong = 'an opt-out' AND f.name = 'do_not_call' GROUP BY 1, 2, 3, 4 ORDER BY 1, 2, 3, 4;
-- another hour than was said is nobody's
SELECT count(*) FROM talks WHERE wrong = 'another hour' AND to_char(starts_at AT TIME ZONE 'America/New_York', 'HH24:MI') = '06:35';
-- of the right ones, what a person's talk holds is there
SELECT count(*) AS right, count(*) FILTER (WHERE d ?& '{intent,emotion,ended_at_step}') AS whole FROM talks WHERE wrong IS NULL AND outcome NOT IN ('voicemail', 'unfinished');
ROLLBACK TO simulated;
ROLLBACK;
