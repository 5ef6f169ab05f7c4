-- What came of a call, told by whoever talked in it: a bot behind the account's socket, a person to whom it was put through. While the
-- call is live it is kept with it and decides at its end; after that it is heard like a carrier's late words.
\set ON_ERROR_STOP off
\set VERBOSITY terse
\set ECHO none
\i lib/inbox_setup.inc
-- A carrier that holds no conversation, by its driver (which is no proof of the law, so check_tenant() is asked of the rest).
CREATE FUNCTION pg_temp.stream() RETURNS void LANGUAGE sql AS $$
	UPDATE voiceagent.provider_accounts SET provider = 'telnyx', settings = '{"stream_url": "wss://bot.example/s"}' WHERE tenant_id = voiceagent.current_tenant();
	UPDATE voiceagent_private.live_calls SET provider = 'telnyx' WHERE tenant_id = voiceagent.current_tenant();
$$;
CREATE FUNCTION pg_temp.begin_streams(tenant_name text, numbers text[], settings jsonb DEFAULT '{}') RETURNS boolean LANGUAGE plpgsql AS $$
BEGIN
	PERFORM pg_temp.begin_calls(tenant_name, numbers, settings);
	PERFORM pg_temp.dial();
	PERFORM pg_temp.stream();
	RETURN true;
END
$$;
-- The carrier: it was answered a minute ago, and is over; or (status, what else) another word of it.
CREATE FUNCTION pg_temp.ends(number text, status text DEFAULT 'completed', more jsonb DEFAULT '{}') RETURNS void LANGUAGE plpgsql AS $$
BEGIN
	PERFORM voiceagent_private.apply_events(ARRAY[ROW(NULL, a.call_id, jsonb_populate_record(NULL::voiceagent.call_event, jsonb_build_object('kind', 'report',
		'status', status, 'cause', 'hangup', 'cause_class', CASE status WHEN 'completed' THEN 'ok' ELSE status END, 'provider_call_id', a.provider_call_id, 'ended_at', voiceagent.clock(),
		'answered_at', CASE status WHEN 'completed' THEN voiceagent.clock() - interval '60 seconds' END, 'duration_seconds', CASE status WHEN 'completed' THEN 60 ELSE 0 END) || more),
		(SELECT min(e.endpoint_id) FROM voiceagent.webhook_endpoints e WHERE e.tenant_id = a.tenant_id))::voiceagent_private.matched_event])
	FROM voiceagent.attempts a WHERE a.tenant_id = voiceagent.current_tenant() AND a.call_id = pg_temp.call_of(number);
END
$$;
CREATE FUNCTION pg_temp.tell(number text, said jsonb, summary text DEFAULT NULL) RETURNS text LANGUAGE sql AS $$
	SELECT voiceagent.report_call(pg_temp.call_of(number), structured_data => said, summary => tell.summary) ->> 'report'
$$;
CREATE FUNCTION pg_temp.known() RETURNS TABLE (number text, outcome text, evaluation text, structured_data jsonb, summary text, transcript text, turns bigint, lead text, qualified boolean)
LANGUAGE sql AS $$
	SELECT right(c.phone, 4), c.outcome, c.evaluation, c.structured_data, c.summary, c.transcript,
		(SELECT count(*) FROM voiceagent.call_turns t WHERE t.tenant_id = c.tenant_id AND t.call_id = c.call_id), l.status, l.qualified
	FROM voiceagent.calls c JOIN voiceagent.leads l USING (tenant_id, lead_id) WHERE c.tenant_id = voiceagent.current_tenant() ORDER BY 1
$$;
CREATE FUNCTION pg_temp.happened() RETURNS TABLE (number text, event text, said text) LANGUAGE sql AS $$
	SELECT right(c.phone, 4), e.event_type, e.event_data ->> 'said' FROM voiceagent.events e JOIN voiceagent.calls c USING (tenant_id, call_id)
	WHERE e.tenant_id = voiceagent.current_tenant() AND (e.event_type LIKE 'call\_reported%' OR e.event_type IN ('lead_opted_out', 'call_ended') OR e.event_type LIKE 'appointment%')
	ORDER BY e.event_id
$$;
\set booked '{"appointment": {"booked": true, "phrase": "the day after tomorrow at 3 pm"}}'
\set ECHO all
-- While the call is live: kept with it, and the carrier's end then decides.
BEGIN;
SELECT pg_temp.begin_streams('Told', ARRAY['2001', '2002', '2003', '2004', '2005', '2006', '2007'], '{"callback_delay": "1 day"}') AS ready;
SELECT pg_temp.tell('2001', :'booked'), pg_temp.tell('2002', '{"callback": {"requested": true, "phrase": "tomorrow at 3 pm"}, "roof_age": 12}'),
	pg_temp.tell('2003', '{"interest": "none", "qualified": "no"}', 'No interest.'), pg_temp.tell('2004', '{"wrong_number": true}'),
	pg_temp.tell('2005', :'booked'), pg_temp.tell('2006', NULL, 'They talked about the weather.');
-- the same once more, and a later word over an earlier one, of which null is none
SELECT pg_temp.tell('2001', :'booked'), pg_temp.tell('2003', '{"interest": "high", "qualified": null, "callback": null}'), pg_temp.tell('2003', '{"interest": "high"}', 'No interest.');
-- by the reference that its socket was given, with turns, of which the transcript is made
SELECT voiceagent.report_call(call_reference => reference, success_evaluation => 'good', turns => '[{"speaker": "assistant", "text": "Hello", "at_ms": 1763651000000, "x": 1},
	{"speaker": "customer", "text": "Hi", "seconds_from_start": 1.5, "confidence": 0.97999999999999998}, {"speaker": "tool", "text": "looked up"}]')
FROM voiceagent.attempts WHERE tenant_id = voiceagent.current_tenant() AND call_id = pg_temp.call_of('2006');
SELECT voiceagent.report_call(call_reference => reference, turns => '[{"speaker": "assistant", "text": "Hello", "at_ms": 1763651000000},
	{"speaker": "customer", "text": "Hi", "seconds_from_start": 1.5, "confidence": 0.97999999999999998}, {"speaker": "tool", "text": "looked up"}]') AS again
FROM voiceagent.attempts WHERE tenant_id = voiceagent.current_tenant() AND call_id = pg_temp.call_of('2006');
SELECT turns FROM voiceagent.conversations WHERE tenant_id = voiceagent.current_tenant();
SELECT * FROM pg_temp.known();
SELECT count(*) AS live FROM voiceagent_private.live_calls WHERE tenant_id = voiceagent.current_tenant();
-- the end: of the fifth nobody had answered, whatever was told; nothing was told of the seventh
SELECT pg_temp.ends(n, CASE n WHEN '2005' THEN 'no_answer' ELSE 'completed' END) IS NOT NULL AS ended FROM unnest(ARRAY['2001', '2002', '2003', '2004', '2005', '2006', '2007']) n;
SELECT * FROM pg_temp.known();
SELECT number, outcome, seconds, credits, lead_status, reason, queued FROM pg_temp.seen();
SELECT right(c.phone, 4) AS number, a.status, (a.starts_at AT TIME ZONE a.timezone)::time AS starts_at FROM voiceagent.appointments a JOIN voiceagent.calls c USING (tenant_id, call_id)
WHERE a.tenant_id = voiceagent.current_tenant() ORDER BY 1;
SELECT * FROM pg_temp.happened();
SELECT action, regexp_replace(object, '\d+', 'N') AS object, new_value, count(*) FROM voiceagent.audit_log WHERE tenant_id = voiceagent.current_tenant() AND action = 'report_call' GROUP BY 1, 2, 3;
SELECT * FROM voiceagent_private.check_tenant() WHERE invariant NOT LIKE 'a real carrier dials%';
ROLLBACK;

-- A person who asks not to be called again is not called from then on, however the call ends; later words do not take it back.
BEGIN;
SELECT pg_temp.begin_streams('Stop', ARRAY['2001', '2002', '2003']) AS ready;
SELECT voiceagent.record_consent(lead_id, 'call', 'form') > 0 AS consented FROM voiceagent.leads WHERE tenant_id = voiceagent.current_tenant() AND phone LIKE '%2001';
SELECT pg_temp.tell('2001', '{"do_not_call": "yes"}'), voiceagent.report_call(pg_temp.call_of('2002'), turns => '[{"speaker": "customer", "text": "Please stop calling me."}]'),
	voiceagent.report_call(pg_temp.call_of('2003'), turns => '[{"speaker": "assistant", "text": "Say stop calling."}]', transcript => 'What was said');
SELECT * FROM pg_temp.known();
SELECT right(phone, 4) AS number, source FROM voiceagent.do_not_call_list WHERE tenant_id = voiceagent.current_tenant() ORDER BY 1;
SELECT count(*) FILTER (WHERE revoked_at IS NULL) AS consents_left FROM voiceagent.consents WHERE tenant_id = voiceagent.current_tenant();
SELECT pg_temp.tell('2001', '{"do_not_call": false, "interest": "high"}', 'All of it.');
SELECT pg_temp.ends('2001'), pg_temp.ends('2002', 'no_answer');
SELECT number, outcome, lead_status, reason, queued FROM pg_temp.seen();
SELECT number, structured_data, summary FROM pg_temp.known();
SELECT * FROM pg_temp.happened();
SELECT * FROM voiceagent_private.check_tenant() WHERE invariant NOT LIKE 'a real carrier dials%';
ROLLBACK;

-- A transcript in plain text counts as its turns do; turns come bit by bit, all anew, or by their places; the answer says what was taken.
BEGIN;
SELECT pg_temp.begin_streams('Texts', ARRAY['2001', '2002', '2003', '2004', '2005']) AS ready;
SELECT voiceagent.report_call(pg_temp.call_of('2001'), transcript => E'AI: Hello, this is Nova.\nUser: Stop calling me.');
SELECT right(phone, 4) AS number, source FROM voiceagent.do_not_call_list WHERE tenant_id = voiceagent.current_tenant();
SELECT turn, speaker, text FROM voiceagent.call_turns WHERE call_id = pg_temp.call_of('2001') ORDER BY 1;
CREATE FUNCTION pg_temp.says(number text, turns jsonb) RETURNS TABLE (answer jsonb, "all" text) LANGUAGE plpgsql AS $$
BEGIN
	answer := voiceagent.report_call(pg_temp.call_of(number), turns => turns);
	"all" := (SELECT string_agg(concat(t.turn, ' ', t.speaker, ' ', t.text), '; ' ORDER BY t.turn) FROM voiceagent.call_turns t
		WHERE t.tenant_id = voiceagent.current_tenant() AND t.call_id = pg_temp.call_of(number));
	RETURN NEXT;
END
$$;
SELECT * FROM pg_temp.says('2002', '[{"speaker": "assistant", "text": "Hello"}, {"speaker": "customer", "text": "Hi"}]');
SELECT * FROM pg_temp.says('2002', '[{"speaker": "assistant", "text": "Is it a good time?"}]');
SELECT * FROM pg_temp.says('2002', '[{"speaker": "assistant", "text": "Is it a good time?"}, {"speaker": "customer", "text": "Yes"}]');
SELECT * FROM pg_temp.says('2002', '[{"speaker": "assistant", "text": "Hello"}]');
SELECT * FROM pg_temp.says('2002', '[{"speaker": "assistant", "text": "Hello"}, {"speaker": "customer", "text": "Hey"}, {"speaker": "assistant", "text": "Is it a good time?"}, {"speaker": "customer", "text": "Yes"}, {"speaker": "assistant", "text": "Fine."}]');
SELECT * FROM pg_temp.says('2003', '[{"turn": 3, "speaker": "customer", "text": "Three"}, {"speaker": "assistant", "text": "Four"}]');
SELECT * FROM pg_temp.says('2003', '[{"turn": 1, "speaker": "assistant", "text": "One"}, {"turn": 4, "speaker": "assistant", "text": "Vier"}]');
SELECT transcript FROM pg_temp.known() WHERE number = '2002';
-- together not more than a report may have
SAVEPOINT s;
SELECT count(voiceagent.report_call(pg_temp.call_of('2003'), turns => jsonb_build_array(jsonb_build_object('speaker', 'customer', 'text', repeat(chr(64 + i), 600000))))) FROM generate_series(1, 2) i;
ROLLBACK TO s;
-- the end: the fifth is to be called tomorrow; what comes then is added, and the callback corrected
SELECT voiceagent.report_call(pg_temp.call_of('2005'), structured_data => '{"callback": {"requested": true, "phrase": "tomorrow at 3 pm"}, "interest": "low"}');
SELECT pg_temp.ends(n) IS NOT NULL AS ended FROM unnest(ARRAY['2001', '2002', '2003', '2004', '2005']) n;
SELECT voiceagent.report_call(pg_temp.call_of('2005'), summary => 'Call at four.', structured_data => '{"callback": {"requested": true, "phrase": "tomorrow at 4 pm"}, "interest": "high", "roof_age": 12}');
SELECT voiceagent.report_call(pg_temp.call_of('2005'), summary => 'Call at five.', structured_data => '{"roof_age": 13}');
SELECT structured_data, summary FROM pg_temp.known() WHERE number = '2005';
SELECT (q.not_before AT TIME ZONE l.timezones[1])::time AS "called again at" FROM voiceagent_private.call_queue q JOIN voiceagent.leads l USING (tenant_id, lead_id) WHERE q.tenant_id = voiceagent.current_tenant() AND l.phone LIKE '%2005';
-- an appointment that was cancelled since does not come back with a word beside it
SELECT voiceagent.report_call(pg_temp.call_of('2004'), structured_data => :'booked') ->> 'report' AS report;
SELECT voiceagent.cancel_appointment(appointment_id, 'wrote to us') IS NOT NULL AS cancelled FROM voiceagent.appointments WHERE tenant_id = voiceagent.current_tenant();
SELECT voiceagent.report_call(pg_temp.call_of('2004'), structured_data => '{"roof_age": 9}');
SELECT status FROM voiceagent.appointments WHERE tenant_id = voiceagent.current_tenant();
SELECT * FROM voiceagent_private.check_tenant() WHERE invariant NOT LIKE 'a real carrier dials%';
ROLLBACK;

-- After the end: what the call lacks, an opt-out in any case, an appointment if there is none; outcome and charge stay.
BEGIN;
SELECT pg_temp.begin_streams('After', ARRAY['2001', '2002', '2003', '2004', '2005', '2006']) AS ready;
SELECT pg_temp.tell('2005', '{"interest": "none"}');
SELECT pg_temp.ends(n) IS NOT NULL AS ended FROM unnest(ARRAY['2001', '2002', '2003', '2004', '2005', '2006']) n;
CREATE TEMP TABLE ledger AS SELECT * FROM voiceagent.credit_transfers WHERE tenant_id = voiceagent.current_tenant();
CREATE TEMP TABLE ends AS SELECT number, outcome, seconds, credits FROM pg_temp.seen();
SELECT pg_temp.tell('2001', '{"do_not_call": true}'), pg_temp.tell('2002', :'booked'::jsonb || '{"qualified": true}', 'Booked.'),
	pg_temp.tell('2003', '{"callback": {"requested": true, "phrase": "tomorrow at 3 pm"}}'), pg_temp.tell('2004', '{"wrong_number": true}'),
	pg_temp.tell('2005', :'booked', 'Words that were missing.');
-- the same again is no error, and another one changes nothing but that an opt-out holds
SELECT pg_temp.tell('2001', '{"do_not_call": true}'), pg_temp.tell('2002', :'booked'::jsonb || '{"qualified": true}', 'Booked.');
SELECT pg_temp.tell('2002', '{"appointment": {"booked": true, "phrase": "next friday at 9 am"}, "qualified": false}', 'Otherwise.'), pg_temp.tell('2005', '{"do_not_call": true}');
SELECT * FROM pg_temp.known();
SELECT * FROM ends EXCEPT SELECT number, outcome, seconds, credits FROM pg_temp.seen();
SELECT count(*) AS booked_again FROM (SELECT * FROM voiceagent.credit_transfers WHERE tenant_id = voiceagent.current_tenant() EXCEPT SELECT * FROM ledger) x;
SELECT right(phone, 4) AS number FROM voiceagent.do_not_call_list WHERE tenant_id = voiceagent.current_tenant() ORDER BY 1;
SELECT right(c.phone, 4) AS number, a.status, (a.starts_at AT TIME ZONE a.timezone)::time AS starts_at FROM voiceagent.appointments a JOIN voiceagent.calls c USING (tenant_id, call_id)
WHERE a.tenant_id = voiceagent.current_tenant() ORDER BY 1;
SELECT * FROM pg_temp.happened() WHERE event <> 'call_ended';
SELECT new_value, count(*) FROM voiceagent.audit_log WHERE tenant_id = voiceagent.current_tenant() AND action = 'report_call' GROUP BY 1 ORDER BY 1;
-- who may be called again since is not taken for another opt-out, and has lost nothing of the rest that is told
SELECT voiceagent.allow_call('+12125552001', 'has signed a new consent');
SELECT pg_temp.tell('2001', '{"do_not_call": true}', 'A summary.');
SELECT right(phone, 4) AS number FROM voiceagent.do_not_call_list WHERE tenant_id = voiceagent.current_tenant() ORDER BY 1;
-- later than words are kept only an opt-out is heard
SELECT voiceagent.set_setting('retention_transcripts', '1 day');
UPDATE voiceagent.calls SET ended_at = ended_at - interval '25 hours', answered_at = answered_at - interval '25 hours'
WHERE tenant_id = voiceagent.current_tenant() AND phone LIKE '%2006';
SELECT pg_temp.tell('2006', '{"interest": "high"}', 'Too late.'), pg_temp.tell('2006', '{"do_not_call": true, "interest": "high"}', 'Too late.');
SELECT structured_data, summary FROM pg_temp.known() WHERE number = '2006';
SELECT * FROM voiceagent_private.check_tenant() WHERE invariant NOT LIKE 'a real carrier dials%';
ROLLBACK;

-- Told after the end who is to be called again, and by which number: as if it had been told before, in a campaign that has completed
-- meanwhile, too; a time that has passed is now, and a day far ahead is for a person. Not who has opted out since, or has an appointment.
BEGIN;
SELECT pg_temp.begin_streams('Back', ARRAY['2001', '2002', '2003', '2004', '2005', '2006', '2007'], '{"callback_delay": "1 hour"}') AS ready;
SELECT voiceagent.add_lead_number(lead_id, '+13105552043') FROM voiceagent.leads WHERE tenant_id = voiceagent.current_tenant() AND phone LIKE '%2004';
SELECT pg_temp.ends(n) IS NOT NULL AS ended FROM unnest(ARRAY['2001', '2002', '2003', '2004', '2005', '2006', '2007']) n;
UPDATE voiceagent.calls SET ended_at = ended_at - interval '3 hours', answered_at = answered_at - interval '3 hours'
WHERE tenant_id = voiceagent.current_tenant() AND phone LIKE '%2002';
SELECT voiceagent.do_not_call('+12125552006', 'wrote to us');
INSERT INTO voiceagent.appointments (tenant_id, calendar_id, lead_id, status, starts_at, ends_at, timezone, detected_by, created_at)
SELECT tenant_id, calendar_id, lead_id, 'confirmed', voiceagent.clock() + interval '1 day', voiceagent.clock() + interval '1 day 1 hour', 'UTC', '{}', voiceagent.clock()
FROM voiceagent.leads JOIN voiceagent.calendars USING (tenant_id) WHERE tenant_id = voiceagent.current_tenant() AND phone LIKE '%2007';
SELECT status FROM voiceagent.campaigns WHERE tenant_id = voiceagent.current_tenant();
SELECT pg_temp.tell('2001', '{"callback": {"requested": true, "phrase": "tomorrow at 3 pm"}}'), pg_temp.tell('2002', '{"callback": true}'),
	pg_temp.tell('2003', jsonb_build_object('callback', jsonb_build_object('requested', true, 'date', to_char(voiceagent.clock() + interval '60 days', 'YYYY-MM-DD')))), pg_temp.tell('2004', '{"wrong_number": true}'),
	pg_temp.tell('2005', '{"wrong_number": true}'), pg_temp.tell('2006', '{"callback": true}'), pg_temp.tell('2007', '{"callback": true}');
SELECT number, outcome, lead_status, regexp_replace(reason, '\d{4}-\d\d-\d\d', 'DAY') AS reason, queued FROM pg_temp.seen();
CREATE TEMP TABLE waiting AS SELECT q.* FROM voiceagent_private.call_queue q WHERE q.tenant_id = voiceagent.current_tenant();
SELECT right(l.phone, 4) AS lead, w.number, w.not_before <= voiceagent.clock() AS due, CASE WHEN w.not_before > voiceagent.clock() THEN (w.not_before AT TIME ZONE l.timezones[1])::time END AS at
FROM waiting w JOIN voiceagent.leads l USING (tenant_id, lead_id) ORDER BY 1;
SELECT status, ended_at IS NULL AS goes_on, (SELECT bool_and(n.running) FROM voiceagent_private.lanes n WHERE n.tenant_id = c.tenant_id AND n.campaign_id = c.campaign_id
	AND n.lane_id IN (SELECT lane_id FROM waiting)) AS lanes_run FROM voiceagent.campaigns c WHERE tenant_id = voiceagent.current_tenant();
SELECT event_type, event_data FROM voiceagent.events WHERE tenant_id = voiceagent.current_tenant() AND event_type IN ('campaign_completed', 'campaign_resumed') ORDER BY event_id;
SELECT x.what, regexp_replace(x.why, 'before .*', 'before ...') AS why FROM voiceagent.leads l, voiceagent.explain_lead(l.lead_id) x
WHERE l.tenant_id = voiceagent.current_tenant() AND l.phone LIKE '%2001' AND x.what = 'lead_retry';
-- a dial that does not count keeps the promise as it keeps one that was told in time
SELECT right(c.phone, 4) AS number, voiceagent_private.keeps_promise(c.call_id + 1, c.campaign_id, c.lead_id) FROM voiceagent.calls c
WHERE c.tenant_id = voiceagent.current_tenant() AND right(c.phone, 4) IN ('2001', '2005') ORDER BY 1;
-- the same again
SELECT pg_temp.tell('2001', '{"callback": {"requested": true, "phrase": "tomorrow at 3 pm"}}'), pg_temp.tell('2004', '{"wrong_number": true}');
SELECT count(*) AS changed FROM (SELECT * FROM voiceagent_private.call_queue q WHERE q.tenant_id = voiceagent.current_tenant() EXCEPT SELECT * FROM waiting) x;
SELECT count(*) AS retries FROM voiceagent.events WHERE tenant_id = voiceagent.current_tenant() AND event_type = 'lead_retry';
SELECT * FROM voiceagent_private.check_tenant() WHERE invariant NOT LIKE 'a real carrier dials%';
ROLLBACK;

-- A lead that followed up before its callback or appointment was reported leaves that step, as no call has come of it; 2003 stays,
-- since nothing is reported of it. 2005's callback has no dial left and takes its own step.
BEGIN;
SELECT pg_temp.begin_calls('Steps', ARRAY['2001', '2002', '2003', '2004', '2005'], '{"callback_delay": "1 hour"}') > 0 AS ready;
SELECT pg_temp.dial();
SELECT campaign_id AS calls, voiceagent.create_campaign('Step', assistant_id) AS step FROM voiceagent.campaigns WHERE tenant_id = voiceagent.current_tenant() \gset
SELECT voiceagent.set_follow_up(:calls, 'completed', :step, '1 hour'), voiceagent.set_follow_up(:calls, 'callback', :step, '2 hours');
SELECT voiceagent.add_leads(:step, ARRAY[voiceagent.add_lead('+12125552090', 'Other')]), voiceagent.start_campaign(:step);
SELECT pg_temp.stream();
SELECT pg_temp.ends(n) IS NOT NULL AS ended FROM unnest(ARRAY['2001', '2002', '2003', '2004', '2005']) n;
CREATE FUNCTION pg_temp.steps() RETURNS TABLE (campaign text, lead text, status text, reason text, queued boolean) LANGUAGE sql AS $$
	SELECT c.name, right(l.phone, 4), m.status, regexp_replace(m.reason, '\d{4}-\d\d-\d\d', 'DAY'), q.lead_id IS NOT NULL
	FROM voiceagent.campaign_leads m JOIN voiceagent.campaigns c USING (tenant_id, campaign_id) JOIN voiceagent.leads l USING (tenant_id, lead_id)
	LEFT JOIN voiceagent_private.call_queue q USING (tenant_id, campaign_id, lead_id)
	WHERE m.tenant_id = voiceagent.current_tenant() ORDER BY c.campaign_id, 2
$$;
SELECT * FROM pg_temp.steps();
SELECT pg_temp.tell('2001', '{"callback": {"requested": true, "phrase": "tomorrow at 3 pm"}}'), pg_temp.tell('2002', :'booked'),
	pg_temp.tell('2004', jsonb_build_object('callback', jsonb_build_object('requested', true, 'date', to_char(voiceagent.clock() + interval '60 days', 'YYYY-MM-DD'))));
SELECT * FROM voiceagent_private.check_tenant() WHERE invariant NOT LIKE 'a real carrier dials%';
UPDATE voiceagent.campaign_leads m SET attempts = 10 FROM voiceagent.leads l WHERE m.tenant_id = voiceagent.current_tenant() AND m.campaign_id = :calls
	AND l.tenant_id = m.tenant_id AND l.lead_id = m.lead_id AND l.phone LIKE '%2005';
SELECT pg_temp.tell('2005', '{"callback": true}');
SELECT * FROM pg_temp.steps();
SELECT right(l.phone, 4) AS lead, e.event_type, e.event_data ->> 'outcome' AS outcome, e.event_data ->> 'reason' AS reason FROM voiceagent.events e JOIN voiceagent.leads l USING (tenant_id, lead_id)
WHERE e.tenant_id = voiceagent.current_tenant() AND e.campaign_id = :step AND e.event_type IN ('lead_followed_up', 'lead_skipped') ORDER BY 1, e.event_id;
ROLLBACK;

-- Nor who was called since: what came of that call counts.
BEGIN;
SELECT pg_temp.begin_calls('Since', ARRAY['2001']) > 0 AS ready;
SELECT pg_temp.dial();
SELECT pg_temp.call_of('2001') AS first \gset
SELECT pg_temp.ends('2001');
SELECT voiceagent.create_campaign('Next', assistant_id, settings => '{"number_cooldown": "0"}') AS next FROM voiceagent.campaigns WHERE tenant_id = voiceagent.current_tenant() \gset
SELECT voiceagent.add_leads(:next, ARRAY(SELECT lead_id FROM voiceagent.leads WHERE tenant_id = voiceagent.current_tenant())), voiceagent.start_campaign(:next);
SELECT pg_temp.dial();
SELECT count(*) AS calls FROM voiceagent.calls WHERE tenant_id = voiceagent.current_tenant();
SELECT voiceagent.report_call(:first, structured_data => '{"callback": true}');
SELECT c.name, c.status, m.status AS lead FROM voiceagent.campaign_leads m JOIN voiceagent.campaigns c USING (tenant_id, campaign_id) WHERE m.tenant_id = voiceagent.current_tenant() ORDER BY 1;
ROLLBACK;

-- A carrier that converses reports itself, and goes before what was told; but not where it says nothing, nor over an opt-out.
BEGIN;
SELECT pg_temp.begin_calls('Conversing', ARRAY['2001', '2002', '2003']) > 0 AS ready;
SELECT pg_temp.dial();
SELECT voiceagent.report_call(pg_temp.call_of('2001'), structured_data => '{"interest": "none", "roof_age": 12}', summary => 'Ours.', turns => '[{"speaker": "customer", "text": "Ours"}]'),
	pg_temp.tell('2002', '{"do_not_call": true}'), pg_temp.tell('2003', :'booked');
SELECT pg_temp.take(pg_temp.webhook('2001', 'report', 'customer-ended-call', 60, '{"interest": "high"}'),
	pg_temp.webhook('2002', 'report', 'customer-ended-call', 60, '{"do_not_call": false, "interest": "high"}'), pg_temp.webhook('2003', 'report', 'assistant-forwarded-call', 60, NULL));
SELECT voiceagent_private.apply_inbox(100);
SELECT * FROM pg_temp.known();
-- put through to a person, who says what came of it: what the carrier has said stays
SELECT pg_temp.tell('2001', :'booked'), pg_temp.tell('2001', '{"do_not_call": true}');
SELECT number, outcome, structured_data, lead FROM pg_temp.known() WHERE number = '2001';
SELECT * FROM voiceagent_private.check_tenant();
ROLLBACK;

-- What a carrier tells of the words while they are said: shown at once, in the order in which they were said, each once, no guesses;
-- the report's own turns take their place, and one without turns is read by them.
BEGIN;
SELECT pg_temp.begin_calls('Live words', ARRAY['2001', '2002', '2003'], '{"callback_delay": "1 day"}') > 0 AS ready;
SELECT pg_temp.dial();
CREATE FUNCTION pg_temp.word(number text, role text, said text, at_ms bigint, kind text DEFAULT 'final') RETURNS bytea LANGUAGE sql AS $$
	SELECT convert_to(jsonb_build_object('message', jsonb_build_object('type', format('transcript[transcriptType="%s"]', kind), 'role', role, 'transcript', said,
		'transcriptType', kind, 'timestamp', at_ms, 'call', jsonb_build_object('id', a.provider_call_id, 'name', a.reference)))::text, 'UTF8')
	FROM voiceagent.attempts a WHERE a.tenant_id = voiceagent.current_tenant() AND a.call_id = pg_temp.call_of(number)
$$;
SELECT pg_temp.take(pg_temp.word('2001', 'assistant', 'Hello', 1763651000000), pg_temp.word('2001', 'user', 'Do not', 1763651002000, 'partial'),
	pg_temp.word('2001', 'user', 'Do not call me again.', 1763651002500), pg_temp.word('2002', 'user', 'Hello?', 1763651000000),
	pg_temp.word('2003', 'assistant', 'Hello', 1763651000000), pg_temp.word('2003', 'system', 'Be kind.', 1763651000000));
SELECT voiceagent_private.apply_inbox(100);
SELECT pg_temp.take(pg_temp.word('2001', 'assistant', 'Is it a good time?', 1763651001000), pg_temp.word('2001', 'user', 'Do not call me again.', 1763651002500));
SELECT voiceagent_private.apply_inbox(100);
SELECT right(c.phone, 4) AS number, t.turn, t.speaker, t.text, t.at AT TIME ZONE 'UTC' AS at FROM voiceagent.calls c JOIN voiceagent.call_turns t USING (tenant_id, call_id)
WHERE c.tenant_id = voiceagent.current_tenant() ORDER BY 1, 2;
SELECT pg_temp.take(convert_to(convert_from(pg_temp.webhook('2001', 'report', 'customer-ended-call', 60, NULL), 'UTF8')::jsonb #- '{message,artifact}' #>> '{}', 'UTF8'),
	pg_temp.webhook('2002', 'report', 'customer-ended-call', 60, NULL), pg_temp.word('2002', 'user', 'Late.', 1763651009000));
SELECT voiceagent_private.apply_inbox(100);
SELECT pg_temp.take(pg_temp.word('2002', 'user', 'Later.', 1763651009500));
SELECT voiceagent_private.apply_inbox(100);
SELECT number, outcome, transcript, turns FROM pg_temp.known();
SELECT * FROM voiceagent_private.check_tenant();
ROLLBACK;

-- What was told keeps no call alive that cannot end with it, and holds where the carrier loses the call.
BEGIN;
SELECT pg_temp.begin_calls('Lost', ARRAY['2001', '2002', '2003', '2004', '2005']) > 0 AS ready;
ALTER TABLE voiceagent.appointments ADD CONSTRAINT poison CHECK (said NOT LIKE '%poison%');
SELECT pg_temp.dial();
SELECT pg_temp.tell('2001', '{"appointment": {"booked": true, "phrase": "poison on monday at 9:00"}}', 'Poison.'), pg_temp.tell('2002', :'booked'), pg_temp.tell('2003', '{"interest": "high"}');
SELECT pg_temp.take(pg_temp.webhook('2001', 'report', 'customer-ended-call', 60, NULL));
DO $$ BEGIN FOR i IN 1 .. 5 LOOP
	UPDATE voiceagent_private.inbox SET next_try_at = '-infinity' WHERE tenant_id = voiceagent.current_tenant();
	PERFORM voiceagent_private.apply_inbox(100);
END LOOP; END $$;
SELECT voiceagent_private.end_lost_calls(ARRAY[l], NULL) FROM voiceagent_private.live_calls l WHERE l.tenant_id = voiceagent.current_tenant() AND l.call_id IN (pg_temp.call_of('2002'), pg_temp.call_of('2003'));
-- of whom nobody can tell whether they were called: heard late, and read with the carrier's report if there comes one after all
SELECT voiceagent_private.end_lost_calls(ARRAY[l], 'does not say') FROM voiceagent_private.live_calls l WHERE l.tenant_id = voiceagent.current_tenant() AND l.call_id IN (pg_temp.call_of('2004'), pg_temp.call_of('2005'));
SELECT voiceagent.report_call(pg_temp.call_of('2004'), structured_data => '{"interest": "high"}', turns => '[{"speaker": "customer", "text": "Ours. Yes."}]'), pg_temp.tell('2005', '{"do_not_call": true}');
SELECT number, outcome, cause, lead_status FROM pg_temp.seen() WHERE number > '2003';
SELECT pg_temp.take(pg_temp.webhook('2004', 'report', 'customer-ended-call', 60, NULL), pg_temp.webhook('2005', 'report', 'customer-ended-call', 60, '{"interest": "high"}'));
SELECT voiceagent_private.apply_inbox(100);
SELECT number, outcome, cause, seconds, lead_status, queued FROM pg_temp.seen();
SELECT number, structured_data, summary FROM pg_temp.known();
SELECT right(c.phone, 4) AS number, a.status FROM voiceagent.appointments a JOIN voiceagent.calls c USING (tenant_id, call_id) WHERE a.tenant_id = voiceagent.current_tenant();
SELECT * FROM voiceagent_private.check_tenant();
ROLLBACK;

-- Forgotten and handed out with the rest.
BEGIN;
SELECT pg_temp.begin_streams('Kept', ARRAY['2001', '2002']) AS ready;
SELECT voiceagent.report_call(pg_temp.call_of(n), structured_data => '{"interest": "high"}', summary => 'About the roof.', turns => '[{"speaker": "customer", "text": "The roof"}]')
FROM unnest(ARRAY['2001', '2002']) n;
SELECT voiceagent.export_lead(lead_id)::text LIKE ALL (ARRAY['%About the roof.%', '%"The roof"%', '%"interest": "high"%']) AS exported FROM voiceagent.leads
WHERE tenant_id = voiceagent.current_tenant() AND phone LIKE '%2001';
SELECT voiceagent.erase_lead(lead_id) ->> 'status' AS erasure FROM voiceagent.leads WHERE tenant_id = voiceagent.current_tenant() AND phone LIKE '%2001';
SELECT pg_temp.tell('2001', NULL, 'Still live.');
CREATE TEMP TABLE erased AS SELECT pg_temp.call_of('2001') AS call_id;
SELECT pg_temp.ends('2001'), pg_temp.ends('2002');
SELECT voiceagent_private.erase_now(erasure_id) FROM voiceagent.erasures WHERE tenant_id = voiceagent.current_tenant();
SELECT voiceagent_private.retain_old_calls('transcripts', 0, voiceagent.clock() + interval '1 hour', 100) IS NOT NULL AS retained;
SELECT number, structured_data, summary, transcript FROM pg_temp.known();
SELECT count(*) AS of_the_erased FROM voiceagent.conversations JOIN erased USING (call_id) WHERE tenant_id = voiceagent.current_tenant();
SELECT count(*) AS words_in_the_audit_log FROM voiceagent.audit_log a WHERE tenant_id = voiceagent.current_tenant() AND a::text ~* 'roof|live\.';
SELECT voiceagent.report_call(call_id, summary => 'x') FROM erased;
ROLLBACK;

-- Which roles may report, and what is refused.
BEGIN;
CREATE ROLE regress_report LOGIN;
SELECT pg_temp.begin_streams('Strangers', ARRAY['2009']) AS ready;
SELECT pg_temp.call_of('2009') AS theirs, (SELECT reference FROM voiceagent.attempts WHERE tenant_id = voiceagent.current_tenant()) AS their_reference \gset
SELECT pg_temp.begin_streams('Asked', ARRAY['2001']) AS ready;
SELECT pg_temp.call_of('2001') AS call, (SELECT reference FROM voiceagent.attempts WHERE tenant_id = voiceagent.current_tenant()) AS reference \gset
\set ECHO none
-- What it says; nothing of it stays.
CREATE FUNCTION pg_temp.try(arguments text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	v_said text;
BEGIN
	EXECUTE format('SELECT voiceagent.report_call(%s) ->> ''report''', arguments) INTO v_said;
	RAISE EXCEPTION USING ERRCODE = 'ZZ001', MESSAGE = v_said;
EXCEPTION WHEN OTHERS THEN
	RETURN concat_ws(' ', nullif(SQLSTATE, 'ZZ001'), SQLERRM);
END
$$;
\set ECHO all
SELECT what, pg_temp.try(replace(replace(arguments, '$1', :'call'), '$2', quote_literal(:'reference'))) AS said FROM (VALUES
	('nothing', '$1'), ('no call', 'summary => ''x'''), ('twice', '$1, $2, summary => ''x'''), ('another tenant''s', :'theirs' || ', summary => ''x'''),
	('another tenant''s reference', 'call_reference => ' || quote_literal(:'their_reference') || ', summary => ''x'''),
	('a reference cut short', 'call_reference => ' || quote_literal(regexp_replace(:'reference', '-[^-]*$', '')) || ', summary => ''x'''),
	('garbage', 'call_reference => ''x'', summary => ''x'''), ('none such', '0, summary => ''x'''),
	('no object', '$1, structured_data => ''[1]'''), ('empty', '$1, structured_data => ''{}'', summary => '' '', turns => ''[]'''), ('nulls', '$1, structured_data => ''{"a": null}'''),
	('no array', '$1, turns => ''{}'''), ('no turn', '$1, turns => ''["x"]'''), ('no speaker', '$1, turns => ''[{"speaker": "customer", "text": "x"}, {"speaker": "user", "text": "x"}]'''),
	('no place', '$1, turns => ''[{"speaker": "customer", "text": "x", "turn": 0}]'''), ('half a place', '$1, turns => ''[{"speaker": "customer", "text": "x", "turn": 1.5}]'''),
	('no text', '$1, turns => ''[{"speaker": "customer", "text": 1}]'''), ('no time', '$1, turns => ''[{"speaker": "customer", "text": "x", "at_ms": "x"}]'''),
	('a time of the call''s own clock', '$1, turns => ''[{"speaker": "customer", "text": "x", "at_ms": 4200}]'''), ('a time beyond', '$1, turns => ''[{"speaker": "customer", "text": "x", "at_ms": 1e30}]'''), ('more than sure', '$1, turns => ''[{"speaker": "customer", "text": "x", "confidence": 1.1}]'''), ('before the start', '$1, turns => ''[{"speaker": "customer", "text": "x", "seconds_from_start": -1}]'''),
	('a long verdict', '$1, success_evaluation => repeat(''x'', 201)'), ('a verdict', '$1, success_evaluation => repeat(''x'', 200)'),
	('the longest', '$1, summary => repeat(''x'', 1048576)'), ('longer', '$1, summary => repeat(''x'', 1048577)'),
	('longer together', '$1, summary => repeat(''x'', 500000), transcript => repeat(''x'', 500000), structured_data => jsonb_build_object(''a'', repeat(''x'', 50000))'),
	('longer in turns', '$1, turns => jsonb_build_array(jsonb_build_object(''speaker'', ''customer'', ''text'', repeat(''x'', 1048576)))'),
	('by reference', 'call_reference => $2, summary => ''x'''), ('strange keys', '$1, structured_data => ''{"x": [1, {"y": null}], "callback": 3, "appointment": "yes"}''')) AS v(what, arguments);
-- by the tenant's own role; a platform without a proof of the tenant is nobody
SELECT voiceagent.map_role('regress_report', voiceagent.current_tenant());
SELECT voiceagent_private.set_tenant(0) > 0 AS ended;
SET LOCAL SESSION AUTHORIZATION regress_report;
SELECT voiceagent.report_call(:call, summary => 'By the tenant itself.');
SELECT actor, new_value FROM voiceagent.audit_log WHERE action = 'report_call';
RESET SESSION AUTHORIZATION;
SELECT voiceagent.report_call(:call, summary => 'By nobody.');
ROLLBACK;
