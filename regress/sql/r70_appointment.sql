-- Times are resolved in the lead's zone, and no two appointments overlap.
SELECT said, voiceagent_private.said_clock(said) FROM unnest(ARRAY['15:30', '3:30 pm', '3.30 p.m.', 'at 3pm', '12 am', '12 pm',
	'noon', 'at 15 o''clock', '25:00', 'three', '', '2026-03-09', '2026-03-09 10:00']) AS said;
SELECT said, voiceagent_private.said_date(said, '2026-03-06') FROM unnest(ARRAY['2026-03-09', '2026-02-30', 'today', 'tomorrow',
	'the day after tomorrow', 'monday', 'next Friday', 'in 2 weeks', 'in 3 days', 'some day', '']) AS said;
-- "tomorrow at 3 pm", said late on Saturday evening in Los Angeles before the clocks change: Sunday there, 15:00 PDT
SELECT voiceagent_private.resolve_time('', '', 'tomorrow at 3 pm', 'America/Los_Angeles', '2026-03-08 05:30+00');
-- the same instant in Kolkata is Sunday already
SELECT voiceagent_private.resolve_time('', '', 'tomorrow at 3 pm', 'Asia/Kolkata', '2026-03-08 05:30+00');
-- am and pm are whole words, or stand at the hour; a word that begins with their letters is none
SELECT said, voiceagent_private.said_clock(said) FROM unnest(ARRAY['10:00 please', '10:00 Pacific', '10:00 PST', '12:00 and bring it',
	'12:30 ADT', 'at 5 a meeting', '3:30p', '12:15 a. m.', '9 p m', '10:00 am', '10:00 a.m., please', '11:30 pm.']) AS said;
-- a small hour of which nothing is said is one of the afternoon; a clock of 24 hours says what it means
SELECT said, voiceagent_private.said_clock(said) FROM unnest(ARRAY['tomorrow at 3', 'at 3:30', '6.15', 'at 3, I am free', '03:30', 'at 7',
	'at 12', 'at 3 in the morning', 'tomorrow morning at 6:30', 'at 8 in the evening', '7:30 tonight', '12:30 in the afternoon',
	'15:30 in the afternoon', 'in the morning or in the afternoon, 9:00']) AS said;
-- a span of hours is no offset, however far the end is; one with seconds or a T, or that comes before the hour, is
SELECT said, voiceagent_private.resolve_time(said, '', '', 'America/New_York', '2026-11-20 12:00+00') AT TIME ZONE 'UTC' AS utc
FROM unnest(ARRAY['2026-11-23 16:00-16:30', '2026-11-23 10:00-10:30', '2026-11-23T16:00-16:30', '2026-11-23 16:00-2026-11-23 17:00',
	'2026-11-23 16:00 - 17:00', '2026-11-23T10:00-08:00', '2026-11-23 10:00:00-1030', '2026-11-23 16:00-05:00', '2026-11-23 16:00+05:30',
	'2026-11-23 16:00Z', '2026-11-23 16:00:00.5+00:00', '2026-11-23T16:00+15:00', '2026-11-31T16:00Z', '2026-11-23T25:00-05:00']) AS said;
-- each word stands for itself: the date of one and the span of another make no offset
SELECT voiceagent_private.resolve_time('2026-03-09', '16:00', '16:00-18:00', 'America/New_York', '2026-03-06 12:00+00') AT TIME ZONE 'UTC' AS utc,
	voiceagent_private.resolve_time('2026-03-09', '', '10:00-11:00', 'America/New_York', '2026-03-06 12:00+00') AT TIME ZONE 'UTC' AS phrase;
-- the lead's own zone may be named, in summer as in winter; the time of another place is for a person to read
SELECT zone, said, voiceagent_private.resolve_time('', '', 'tomorrow at ' || said, zone, '2026-07-06 12:00+00') AT TIME ZONE zone AS there
FROM unnest(ARRAY['America/New_York', 'America/Los_Angeles', 'Europe/Berlin']) AS zone,
	unnest(ARRAY['10:00 PST', '3 pm Pacific time', '10 am (ET)', '10:00 EDT', '10:00 UTC', '10:00 CET', '10:00 please']) AS said ORDER BY 1, 2;
-- an offset of its own wins over the zone; an hour that the clocks skip moves on
SELECT voiceagent_private.resolve_time('2026-03-10T15:00:00-05:00', '', '', 'Asia/Kolkata', '2026-03-08 05:30+00');
SELECT voiceagent_private.resolve_time('2026-03-08', '02:30', '', 'America/New_York', '2026-03-07 12:00+00');
SELECT voiceagent_private.resolve_time('2026-03-10', '', '', 'America/New_York', '2026-03-07 12:00+00') AS no_hour,
	voiceagent_private.resolve_time('2026-03-10', '15:00', '', 'Mars/Olympus', '2026-03-07 12:00+00') AS no_zone;
-- numbers may be spelled, and an instant may be so far from now; an hour of today that has passed is the evening's, where nothing speaks against it
SELECT said, voiceagent_private.resolve_time('', '', said, 'America/New_York', '2026-11-20 16:10-05') AT TIME ZONE 'America/New_York' AS there
FROM unnest(ARRAY['tomorrow at five', 'Monday at ten thirty', 'today at six forty five', 'in two hours', 'in half an hour', 'in an hour', 'in 20 minutes',
	'in two days at nine', 'tomorrow at 3, in an hour when I am home', 'in the next 2 hours', 'within an hour', 'today at 7', 'later today at 7:30',
	'today at 7 am', 'today at 7 in the morning', 'today at 07:00', 'today at 4', 'tomorrow at 7', 'this afternoon at 5', 'at five']) AS said;
-- what a model makes of the day counts where the person's words name none, or bear it out: years are wrong, and "tomorrow" is not its own
SELECT given, hour, phrase, voiceagent_private.resolve_time(given, hour, phrase, 'America/New_York', '2026-11-20 16:10-05') AT TIME ZONE 'America/New_York' AS there
FROM (VALUES ('2025-11-24', '15:00', 'monday at 3 pm'), ('2026-11-24', '15:00', 'monday at 3 pm'), ('2026-11-30', '15:00', 'the monday after at 3 pm'),
	('2026-12-01', '15:00', 'Tuesday the first of December'), ('2026-11-23', '09:00', 'not tomorrow, on Monday morning'), ('2026-11-22', '15:00', 'tomorrow at 3'),
	('2025-11-24T20:00:00Z', '', 'monday at 3 pm'), ('2026-11-23T20:00:00Z', '', 'monday'), ('2026-11-20', '18:00', 'in 2 hours'),
	('2026-11-20', '07:00', 'today at 7'), ('2026-11-20', '07:00', 'today at seven in the morning'), ('2026-11-20', '07:00', ''), ('2026-11-20', '7:00', ''),
	('2026-11-20', '19:00', 'today at 7'), ('2026-12-05', '15:00', 'on the fifth'), ('2026-11-24', '15:00', '2026-11-25 15:00')) AS v(given, hour, phrase);
-- a day that the person rules out, or says more of than its one word, is not the one meant; what is heard wrongly of it then counts for nothing
SELECT given, phrase, voiceagent_private.resolve_time(given, '15:00', phrase, 'UTC', '2026-11-23 10:00+00') AT TIME ZONE 'UTC' AS there
FROM (VALUES ('2026-11-28', 'not today, the 28th at 3 pm'), ('2026-11-28', 'tomorrow does not work, how about the 28th at 3'),
	('2026-12-01', 'I can''t talk today, call me December 1st at 3 pm'), ('2026-12-01', 'a week from tomorrow at 3 pm'),
	('2026-11-30', 'tomorrow in a week at 3 pm'), ('2026-11-25', 'not tomorrow, the day after, at 3 pm'), ('2026-12-14', 'today in three weeks at 3 pm'),
	('2026-12-04', 'Friday next week at 3 pm'), ('2026-11-26', 'any day but tomorrow'), ('2026-12-14', 'two weeks from Monday'),
	('2026-11-27', 'anything but tomorrow, Friday at 3'), ('2026-11-25', 'after tomorrow at 3'), ('2026-11-24', 'tomorrow after 2'), ('2026-12-28', 'the 28th of next month'),
	('2025-11-24', 'not today. Tomorrow at 3'), ('2025-12-01', 'today I''m busy but on December 1st'), ('2025-12-01', 'Tuesday the 1st, not today'),
	('2027-12-01', 'December 1st at 3 pm'), ('2027-11-30', 'Monday at 3'), ('2026-11-25', 'yes, tomorrow at 3 may suit me'),
	('2026-11-23', 'tomorrow is my birthday, so call me today at 3'), ('2026-11-24', 'today is bad, so tomorrow'),
	('2026-12-01', 'Tuesday the first, instead of tomorrow'), ('', 'Tuesday, December 8, 2026 at 3:00 PM'), ('', 'the 3rd at 3'), ('', '8 Dec at 15:00'),
	('', '31st of November at 3'), ('', 'in a week at 3'), ('2025-12-01', 'tomorrow in a week'), ('', 'May 3 pm'), ('', 'not tomorrow, on Monday'), ('', 'not tomorrow'), ('', 'after tomorrow'),
	('', 'Tuesday the first'), ('', 'next month')) AS v(given, phrase);
-- a callback is at a time to come, at most 30 days away; an hour without a day is the next such hour
SELECT said, voiceagent_private.callback_time(jsonb_build_object('callback', said::jsonb), 'America/New_York', '2026-11-20 16:10-05') AT TIME ZONE 'America/New_York' AS there
FROM unnest(ARRAY['{"phrase": "at five"}', '{"phrase": "at 3"}', '{"phrase": "at 7"}', '{"phrase": "10 am"}', '{"time": "18:30"}', '{"time": "08:00", "phrase": "at eight"}',
	'{"phrase": "monday"}', '{"phrase": "some day"}', '{"phrase": "at 5 PST"}', '{"date": "2026-02-30", "time": "15:00"}',
	'{"date": "2025-11-24", "time": "15:00"}', '{"phrase": "later today at 3 pm"}', '{"phrase": "today at 7"}', '{"date": "2026-12-20", "time": "16:10"}',
	'{"date": "2026-12-20", "time": "16:11"}', '{"date": "2206-11-21", "time": "15:00"}', '{"phrase": "2020-11-24T15:00Z"}',
	'{"phrase": "not today, at 3"}', '{"phrase": "not tomorrow, the day after, at 3 pm"}', '{"phrase": "on the fifth at 3"}', '{"phrase": "on the 28th at 3 pm"}']) AS said;

\set ECHO none
\i lib/inbox_setup.inc
\set ECHO all
BEGIN;
SELECT pg_temp.begin_calls('Bookings', ARRAY['4001', '4002', '4003', '4004', '4005', '4006']) > 0 AS ready;
SELECT pg_temp.dial();
SELECT pg_temp.take(
	pg_temp.webhook('4001', 'report', 'customer-ended-call', 60, '{"appointment": {"booked": true, "phrase": "tomorrow at 3 pm"}, "slot_booked": "tomorrow 15:00"}'),
	pg_temp.webhook('4002', 'report', 'customer-ended-call', 60, '{"slot_booked": "2026-11-21 15:15"}'),
	pg_temp.webhook('4003', 'report', 'customer-ended-call', 60, '{"appointment": {"booked": true, "date": "2026-11-21", "time": "16:00"}}'),
	pg_temp.webhook('4004', 'report', 'customer-ended-call', 60, '{"appointment": {"booked": true, "phrase": "some time soon"}}'),
	pg_temp.webhook('4005', 'report', 'customer-ended-call', 60, '{"appointment": {"booked": true, "date": "2020-01-01", "time": "16:00"}}'),
	pg_temp.webhook('4006', 'report', 'customer-ended-call', 60, '{"slot_booked": "2026-11-23 16:00-16:30"}'));
SELECT voiceagent_private.apply_inbox(10);
-- one appointment a call although two detectors found it; the overlapping one is kept without a slot
SELECT right(c.phone, 4) AS number, a.status, a.starts_at, a.ends_at - a.starts_at AS length, a.timezone, a.said, a.detected_by
FROM voiceagent.appointments a JOIN voiceagent.calls c USING (tenant_id, call_id) WHERE a.tenant_id = voiceagent.current_tenant() ORDER BY 1;
SELECT right(c.phone, 4) AS number, e.event_type FROM voiceagent.call_events e JOIN voiceagent.calls c USING (tenant_id, call_id)
WHERE e.event_type LIKE 'appointment%' ORDER BY 1;
-- the conflict cannot be confirmed while the slot is taken; a decision is taken once
SAVEPOINT s;
\set VERBOSITY sqlstate
SELECT voiceagent.confirm_appointment(a.appointment_id) FROM voiceagent.appointments a WHERE a.status = 'conflict' AND a.tenant_id = voiceagent.current_tenant();
ROLLBACK TO s;
\set VERBOSITY default
SELECT voiceagent.confirm_appointment(a.appointment_id) FROM voiceagent.appointments a JOIN voiceagent.calls c USING (tenant_id, call_id) WHERE c.phone = '+12125554003';
SELECT voiceagent.reject_appointment(a.appointment_id, 'double') FROM voiceagent.appointments a JOIN voiceagent.calls c USING (tenant_id, call_id) WHERE c.phone = '+12125554001';
SELECT voiceagent.confirm_appointment(a.appointment_id) AS free_now FROM voiceagent.appointments a WHERE a.status = 'conflict' AND a.tenant_id = voiceagent.current_tenant();
SAVEPOINT s;
\set VERBOSITY sqlstate
SELECT voiceagent.reject_appointment(0, 'none');
ROLLBACK TO s;
\set VERBOSITY default
SELECT status, count(*) FROM voiceagent.appointments WHERE tenant_id = voiceagent.current_tenant() GROUP BY 1 ORDER BY 1;
-- a confirmed one can be called off, which is told, and frees its slot; a rejected one cannot
SAVEPOINT s;
\set VERBOSITY sqlstate
SELECT voiceagent.cancel_appointment(a.appointment_id, 'late') FROM voiceagent.appointments a WHERE a.status = 'rejected' AND a.tenant_id = voiceagent.current_tenant();
ROLLBACK TO s;
SELECT voiceagent.cancel_appointment(0, 'none');
ROLLBACK TO s;
\set VERBOSITY default
SELECT voiceagent.cancel_appointment(a.appointment_id, 'ill') AS called_off FROM voiceagent.appointments a
WHERE a.status = 'confirmed' AND a.tenant_id = voiceagent.current_tenant();
SELECT DISTINCT a.status, a.decision_reason, a.decided_at IS NOT NULL AS decided, e.event_data ->> 'reason' AS said, voiceagent_private.notice_kind(e.event_type::text)
FROM voiceagent.appointments a JOIN voiceagent.events e USING (tenant_id, call_id)
WHERE e.event_type = 'appointment_canceled' AND a.tenant_id = voiceagent.current_tenant();
UPDATE voiceagent.appointments a SET status = 'pending' WHERE a.status = 'rejected' AND a.tenant_id = voiceagent.current_tenant();
ROLLBACK TO s;
SELECT * FROM voiceagent_private.check_tenant();
COMMIT;

-- A time agreed on a lead's second number is one of where that number rings, and so is a promised callback.
BEGIN;
SELECT set_config('voiceagent.clock_offset', extract(epoch FROM '2026-11-20 15:08+00' - clock_timestamp())::text, true) <> '' AS then_it_was;
SELECT pg_temp.begin_calls('Second numbers', ARRAY['4101', '4102']) > 0 AS ready;
SELECT voiceagent.set_setting('sandbox_time_scale', '1');
SELECT voiceagent.add_lead_number(l.lead_id, replace(l.phone, '410', '420')) FROM voiceagent.leads l WHERE l.tenant_id = voiceagent.current_tenant() ORDER BY l.phone;
UPDATE voiceagent.lead_numbers n SET timezones = '{America/Los_Angeles}' WHERE n.tenant_id = voiceagent.current_tenant();
UPDATE voiceagent_private.call_queue q SET number = 2 WHERE q.tenant_id = voiceagent.current_tenant();
SELECT pg_temp.dial() + pg_temp.dial() AS dialled;
SELECT pg_temp.take(
	pg_temp.webhook('4201', 'report', 'customer-ended-call', 60, '{"appointment": {"booked": true, "date": "2026-11-23", "time": "15:00"}}'),
	pg_temp.webhook('4202', 'report', 'customer-ended-call', 60, '{"callback": {"requested": true, "phrase": "tomorrow at 3 pm"}}'));
SELECT set_config('voiceagent.clock_offset', extract(epoch FROM '2026-11-20 15:10:10+00' - clock_timestamp())::text, true) <> '' AS told_at_once;
SELECT voiceagent_private.apply_inbox(10);
SELECT c.number, c.outcome, a.timezone, a.starts_at AT TIME ZONE 'America/Los_Angeles' AS there FROM voiceagent.appointments a
JOIN voiceagent.calls c USING (tenant_id, call_id) WHERE a.tenant_id = voiceagent.current_tenant();
SELECT q.number, q.not_before AT TIME ZONE 'America/Los_Angeles' AS there FROM voiceagent_private.call_queue q
WHERE q.tenant_id = voiceagent.current_tenant();
ROLLBACK;
