-- Times are resolved in the lead's zone, and no two appointments overlap.
SELECT said, voiceagent_private.resolve_time('2026-03-09', '', said, 'UTC', '2026-03-06 08:00+00') AT TIME ZONE 'UTC' AS there FROM unnest(ARRAY['15:30', '3:30 pm', '3.30 p.m.', 'at 3pm', '12 am', '12 pm',
	'noon', 'at 15 o''clock', '25:00', 'three', '', '10:00']) AS said;
SELECT said, voiceagent_private.resolve_time(said, '15:00', '', 'UTC', '2026-03-06 08:00+00') AT TIME ZONE 'UTC' AS there FROM unnest(ARRAY['2026-03-09', '2026-02-30', 'today', 'tomorrow',
	'the day after tomorrow', 'monday', 'next Friday', 'next Tuesday', 'in 2 weeks', 'in 3 days', 'March 18th, 2026', '3/18/2026', 'some day', '']) AS said;
-- a day that may be one of two is none, unless what was heard says which
SELECT day, phrase, voiceagent_private.resolve_time(day, '', phrase, 'UTC', '2026-03-04 08:00+00') AT TIME ZONE 'UTC' AS there
FROM (VALUES ('', 'next Friday at 3 pm'), ('2026-03-06', 'next Friday at 3 pm'), ('2026-03-13', 'next Friday at 3 pm'), ('2026-03-14', 'next Friday at 3 pm'), ('', 'Monday or Tuesday at 3 pm'),
	('2026-03-10', 'Monday or Tuesday at 3 pm')) AS v(day, phrase);
-- "tomorrow at 3 pm", said late on Saturday evening in Los Angeles before the clocks change: Sunday there, 15:00 PDT
SELECT voiceagent_private.resolve_time('', '', 'tomorrow at 3 pm', 'America/Los_Angeles', '2026-03-08 05:30+00');
-- the same instant in Kolkata is Sunday already
SELECT voiceagent_private.resolve_time('', '', 'tomorrow at 3 pm', 'Asia/Kolkata', '2026-03-08 05:30+00');
-- am and pm are whole words, or stand at the hour; a word that begins with their letters is none. A small hour of which nothing is said is one of
-- the afternoon; a clock of 24 hours says what it means
SELECT said, (voiceagent_private.resolve_time('2026-03-09', '', said, 'America/New_York', '2026-03-06 12:00+00') AT TIME ZONE 'America/New_York')::time AS hour FROM unnest(ARRAY['10:00 please',
	'10:00 EST', '12:00 and bring it', 'at 5 a meeting', '3:30p', '12:15 a. m.', '9 p m', '10:00 am', '10:00 a.m., please', '11:30 pm.', 'at 3', 'at 3:30', 'at 6.15', 'at 3, I am free',
	'03:30', 'at 7', 'at 12', 'at 3 in the morning', 'in the morning at 6:30', 'at 8 in the evening', 'at 12:30 in the afternoon', '15:30 in the afternoon']) AS said;
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
-- a no that rules out no day leaves it the one meant, whatever year was heard; one that does, does so beside it, too
SELECT given, phrase, voiceagent_private.resolve_time(given, '', phrase, 'UTC', '2026-11-23 10:00+00') AT TIME ZONE 'UTC' AS there
FROM (VALUES ('', 'tomorrow at 3 pm is no problem'), ('', 'no problem tomorrow at 3 pm'), ('', 'why not tomorrow at 3'), ('', 'why don''t you call me tomorrow at 3'),
	('', 'tomorrow at 3 pm and not earlier'), ('', 'tomorrow at 3 pm but not earlier'), ('', 'tomorrow not before 3 pm'), ('', 'tomorrow no later than 3 p.m. please'),
	('', 'not before 3 pm tomorrow'), ('', 'Friday, not before noon'), ('', 'not sooner than 15:00 on Friday'), ('2025-11-24', 'not after 3 pm tomorrow'),
	('', 'tomorrow at 3 pm isn''t a problem'), ('', 'I don’t mind tomorrow at 3'), ('', 'tomorrow I am not too busy at 3 pm'), ('', 'that would be no trouble, tomorrow at 3. Not later.'),
	('2025-11-24', 'no problem tomorrow at 3 pm'), ('', 'in December not before 3 pm'), ('', 'not before tomorrow at 3'), ('', 'not before the 28th at 3 pm'),
	('', 'not later than 3 December at 3 pm'), ('', 'not before 3 days, at 3 pm'), ('', 'no problem but not tomorrow at 3 pm'), ('', 'no problem if it is not tomorrow at 3 pm'),
	('', 'not today at 3 pm'), ('', 'tomorrow is not good at 3 pm'), ('', 'never mind tomorrow at 3 pm'), ('', 'don''t bother to call tomorrow at 3 pm'),
	('', 'it''s no good, tomorrow at 3 pm I''m busy')) AS v(given, phrase);
SELECT said, voiceagent_private.callback_time(jsonb_build_object('callback', jsonb_build_object('date', '', 'time', '', 'phrase', said)), 'America/New_York',
	'2026-11-20 16:00-05') AT TIME ZONE 'America/New_York' AS called_back
FROM unnest(ARRAY['tomorrow at 3 pm is no problem', 'tomorrow at 3 pm is no good']) AS said;
-- which half of the day an hour is of the person's words say, where they leave no doubt: it is in the clause of the hour that they do
SELECT given, phrase, voiceagent_private.resolve_time('2026-11-27', given, phrase, 'UTC', '2026-11-20 08:00+00') AT TIME ZONE 'UTC' AS there
FROM (VALUES ('07:00', 'Friday at 7 in the evening'), ('03:00', 'Friday at 3 pm'), ('03:00', 'Friday at three'), ('07:30', 'Friday evening at 7:30'),
	('07:00', 'Friday at 7, in the evening'), ('07:00', 'tomorrow evening, at 7'), ('19:00', 'at 7 in the morning'), ('22:00', '10 a.m.'), ('03:30', 'at 15:30'),
	('00:30', '12:30 pm'), ('07:00', 'Friday at 7'), ('19:00', 'Friday at 7'), ('15:30', '03:30'), ('15:00', 'I have a meeting in the morning, call me Friday at 3'),
	('19:00', 'not at 7 in the morning, at 7 in the evening'), ('19:00', '7 am, or 7 pm'), ('19:00', '7:00 am or 7:00 pm'), ('16:00', 'I am home at 3 pm, so call me at 4'),
	('09:00', 'tonight I am out'), ('09:00', ''), (NULL, 'at 7 in the evening')) AS v(given, phrase);
SELECT given, hour, phrase, voiceagent_private.resolve_time(given, hour, phrase, 'America/New_York', '2026-11-20 16:10-05') AT TIME ZONE 'America/New_York' AS there
FROM (VALUES ('2026-11-27', '07:00', 'Friday at 7 in the evening'), ('2026-11-27', '03:00', 'Friday at 3 pm'), ('2026-11-27', '19:00', 'Friday at 7'),
	-- an instant holds where the words or the hour beside it bear it out; 3 pm written as 15:00Z is none
	('2026-11-27T15:00:00Z', '', 'Friday at 3 pm'), ('2026-11-27T15:00:00Z', '15:00', 'Friday at 3 pm'), ('2026-11-27T15:00:00Z', '15:00', ''),
	('2026-11-27T00:00:00Z', '15:00', ''), ('2026-11-27T07:00:00Z', '', 'Friday at 7 in the evening'), ('2026-11-27T20:00:00Z', '', 'Friday at 3 pm'),
	('2026-11-27T20:00:00Z', '20:00', 'Friday at 3 pm'), ('2026-11-27T20:00:00Z', '15:00', ''), ('2026-11-27T08:00:00Z', '', 'Friday at 3 pm'),
	('2026-11-27T15:00:00Z', '', 'Friday'), ('2026-11-27T15:00:00-08:00', '15:00', 'Friday at 3 pm Pacific')) AS v(given, hour, phrase);
-- a zone that was heard by another name than IANA's is judged as one in the words; what is no zone is passed over
SELECT zone, said, voiceagent_private.resolve_time('2026-12-01', hour, 'December 1st at 3', zone, '2026-11-20 12:00+00', said) AT TIME ZONE zone AS there
FROM (VALUES ('America/New_York', '', 'PST'), ('America/New_York', '15:00', 'pst'), ('America/New_York', '15:00', 'EST'), ('America/New_York', '', 'edt'),
	('America/New_York', '', 'Eastern Time (US)'), ('America/New_York', '', 'US Pacific'), ('America/New_York', '', 'GMT+1'), ('America/New_York', '', 'UTC-05:00'),
	('America/New_York', '', 'IST'), ('Asia/Kolkata', '', 'IST'), ('Asia/Kolkata', '', 'UTC+5:30'), ('Asia/Kolkata', '', 'GMT+0530'), ('Australia/Sydney', '', 'AEST'),
	('Europe/Berlin', '', 'Central European Time'), ('America/New_York', '', 'local time'), ('America/New_York', '', '')) AS v(zone, hour, said);
-- what books a slot is a yes, or a time, be it one that only a person can read; any other word is none
SELECT said, voiceagent_private.books_slot(jsonb_build_object('slot_booked', said::jsonb)) AS books
FROM unnest(ARRAY['true', 'false', 'null', '"Yes."', '"tomorrow"', '"2026-03-09"', '"2026-11-23T16:00:00Z"', '"Tuesday at three"', '"3 pm"', '"December 1st"', '"next month"',
	'"in two hours"', '"not booked"', '"not booked for Tuesday"', '"unknown"', '"-"', '"pending"', '"N/A."', '"slot 3"', '""', '12', '["tomorrow"]']) AS said;
-- of a text of any length the beginning alone is read for a time
SELECT v.said IS NOT NULL AS long, voiceagent_private.books_slot(jsonb_build_object('slot_booked', v.said)) AS books
FROM (VALUES ('Tuesday at 3' || repeat(', dos horas', 90000)), (repeat('-', 4000) || ' Tuesday at 3')) AS v(said);
-- a word beside the time may leave it open, take it back, or speak of another booking: then nothing is booked
SELECT v.said, v.books FROM (VALUES ('Tuesday, not confirmed yet', false), ('Tuesday, to be confirmed', false), ('already booked elsewhere on Tuesday', false), ('Tuesday 3 pm (tentative)', false),
	('declined Tuesday at 3 pm', false), ('none; Tuesday was offered', false), ('Tuesday at 3?', false), ('maybe Tuesday', false), ('call back on Tuesday', false), ('Tuesday at 3, cancelled', false),
	('will call Tuesday to confirm', false), ('requested Tuesday, awaiting confirmation', false), ('no slot, Tuesday is full', false), ('unavailable Tuesday', false), ('confirmed', false), ('booked', false),
	('Confirmed for Tuesday at 3 pm', false), ('Booked: 2026-11-24 15:00', false), ('not Monday, Tuesday at 3', false), ('Tuesday at 3, no problem', false), ('tomorrow no later than 3 pm', true),
	('Tuesday at 3, e-mail to be sent', false), ('Tuesday 10 am, full roof inspection', false), ('Thursday 2 pm, advisor will call', false), ('Tuesday 10 am, must call the gate first', false),
	('Tuesday 3 pm, hasn''t confirmed', false), ('Tuesday at 3, wasn’t sure', false), ('Tuesday 3 pm: full', false), ('Tuesday, fully booked', false), ('will call us Tuesday to book', false)) AS v(said, books) WHERE v.books IS DISTINCT FROM voiceagent_private.books_slot(jsonb_build_object('slot_booked', v.said));
-- a callback is at a time to come, within ten years; an hour without a day is the next such hour, a day that the person named without an
-- hour begins in the night, or with its part; a person settles what was heard and cannot be, or names a day without the person's words
SELECT said, voiceagent_private.callback_time(jsonb_build_object('callback', said::jsonb), 'America/New_York', '2026-11-20 16:10-05') AT TIME ZONE 'America/New_York' AS there
FROM unnest(ARRAY['{"phrase": "at five"}', '{"phrase": "at 3"}', '{"phrase": "at 7"}', '{"phrase": "10 am"}', '{"time": "18:30"}', '{"time": "08:00", "phrase": "at eight"}',
	'{"phrase": "monday"}', '{"phrase": "some day"}', '{"phrase": "at 5 PST"}', '{"date": "2026-02-30", "time": "15:00"}',
	'{"date": "2025-11-24", "time": "15:00"}', '{"phrase": "later today at 3 pm"}', '{"phrase": "today at 7"}', '{"date": "2026-12-20", "time": "16:10"}',
	'{"date": "2026-12-20", "time": "16:11"}', '{"date": "2206-11-21", "time": "15:00"}', '{"phrase": "2020-11-24T15:00Z"}',
	'{"phrase": "not today, at 3"}', '{"phrase": "not tomorrow, the day after, at 3 pm"}', '{"phrase": "on the fifth at 3"}', '{"phrase": "on the 28th at 3 pm"}',
	'{"date": "2026-11-23", "phrase": "I am on holiday, call me on Monday"}', '{"date": "2026-11-24", "phrase": "call me Tuesday"}', '{"phrase": "tomorrow"}',
	'{"date": "2027-02-01", "time": "10:00", "phrase": "in February, not before"}', '{"date": "2027-02-01"}', '{"date": "2026-11-23", "phrase": "next week"}',
	'{"phrase": "tonight"}', '{"phrase": "this evening"}', '{"date": "2026-11-20", "phrase": "in the evening"}', '{"phrase": "this afternoon"}', '{"phrase": "today"}', '{"phrase": "Monday evening"}',
	'{"date": "2026-11-23", "time": "afternoon"}', '{"phrase": "tomorrow morning"}', '{"phrase": "Monday, but not in the evening"}', '{"phrase": "Monday at 5 PST"}',
	'{"date": "2026-11-19", "phrase": "in the evening"}', '{"date": "2036-11-20", "time": "16:10"}', '{"date": "2036-11-20", "time": "16:11"}']) AS said;

\set ECHO none
\i lib/inbox_setup.inc
\set ECHO all
BEGIN;
SELECT pg_temp.begin_calls('Bookings', ARRAY['4001', '4002', '4003', '4004', '4005', '4006', '4007']) > 0 AS ready;
SELECT pg_temp.dial();
SELECT pg_temp.take(
	pg_temp.webhook('4001', 'report', 'customer-ended-call', 60, '{"appointment": {"booked": true, "phrase": "tomorrow at 3 pm"}, "slot_booked": "tomorrow 15:00"}'),
	pg_temp.webhook('4002', 'report', 'customer-ended-call', 60, '{"slot_booked": "2026-11-21 15:15"}'),
	pg_temp.webhook('4003', 'report', 'customer-ended-call', 60, '{"appointment": {"booked": true, "date": "2026-11-21", "time": "16:00"}, "slot_booked": "none"}'),
	pg_temp.webhook('4004', 'report', 'customer-ended-call', 60, '{"appointment": {"booked": true, "phrase": "some time soon"}}'),
	pg_temp.webhook('4005', 'report', 'customer-ended-call', 60, '{"appointment": {"booked": true, "date": "2020-01-01", "time": "16:00"}}'),
	pg_temp.webhook('4006', 'report', 'customer-ended-call', 60, '{"slot_booked": "2026-11-23 16:00-16:30"}'),
	pg_temp.webhook('4007', 'report', 'customer-ended-call', 60, '{"slot_booked": "unknown", "interest": "none"}'));
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
SELECT DISTINCT a.status, a.decision_reason, a.decided_at IS NOT NULL AS decided, e.event_data ->> 'reason' AS said, voiceagent_private.webhook_kind(e.event_type::text)
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

-- A time zone that the person named counts, in whatever words: by IANA's name that is the clock; another than the lead's a person reads.
BEGIN;
SELECT set_config('voiceagent.clock_offset', extract(epoch FROM '2026-11-20 15:10:10+00' - clock_timestamp())::text, true) <> '' AS then_it_was;
SELECT pg_temp.begin_calls('Zones', ARRAY['4501', '4502', '4503', '4504', '4505']) > 0 AS ready;
SELECT pg_temp.dial() AS dialled;
SELECT pg_temp.take(
	pg_temp.webhook('4501', 'report', 'customer-ended-call', 60, '{"appointment": {"booked": true, "date": "2026-12-01", "time": "15:00", "phrase": "December 1st at 3", "timezone": "PST"}}'),
	pg_temp.webhook('4502', 'report', 'customer-ended-call', 60, '{"appointment": {"booked": true, "date": "2026-12-01", "time": "09:00", "timezone": "Eastern"}}'),
	pg_temp.webhook('4503', 'report', 'customer-ended-call', 60, '{"appointment": {"booked": true, "phrase": "December 1st at 1", "timezone": " America/Los Angeles "}}'),
	pg_temp.webhook('4504', 'report', 'customer-ended-call', 60, '{"appointment": {"booked": true, "timezone": "Pacific Time"}, "slot_booked": "December 2nd at 3 pm"}'),
	pg_temp.webhook('4505', 'report', 'customer-ended-call', 60, '{"appointment": {"booked": true, "date": "2026-12-01", "time": "11:00", "timezone": ""}}'));
SELECT voiceagent_private.apply_inbox(10);
SELECT right(c.phone, 4) AS number, a.status, a.starts_at AT TIME ZONE 'America/New_York' AS "in New York", a.timezone, e.event_type, e.event_data ->> 'said' AS said, e.event_data ->> 'words' AS words
FROM voiceagent.call_events e JOIN voiceagent.calls c USING (tenant_id, call_id) LEFT JOIN voiceagent.appointments a USING (tenant_id, call_id)
WHERE e.event_type LIKE 'appointment%' AND c.tenant_id = voiceagent.current_tenant() AND c.phone LIKE '+1212555450_' ORDER BY 1;
ROLLBACK;

-- An appointment says which detectors found it, the most trusted first; where the turns name another time than it has, its event says both.
BEGIN;
SELECT set_config('voiceagent.clock_offset', extract(epoch FROM '2026-11-20 15:10:10+00' - clock_timestamp())::text, true) <> '' AS then_it_was;
SELECT pg_temp.begin_calls('Detectors', ARRAY['4601', '4602', '4603', '4604', '4605', '4606']) > 0 AS ready;
SELECT pg_temp.dial() AS dialled;
SELECT pg_temp.take(
	pg_temp.talk('4601', '{"appointment": {"booked": true, "date": "2026-11-23", "time": "15:00"}}', 'When would suit you?', 'Monday at 3 pm works for me.', 'Wonderful, I have put you down for Monday at 3 pm.', 'Great, see you then.'),
	pg_temp.talk('4602', NULL, 'When would suit you?', 'Tuesday at 3 pm works for me.', 'Wonderful, I have put you down for Tuesday at 3 pm.', 'Great, see you then.'),
	pg_temp.webhook('4603', 'report', 'customer-ended-call', 0, '{"appointment": {"booked": true, "date": "2026-11-25", "time": "15:00"}}'),
	pg_temp.talk('4604', '{"slot_booked": "Thursday at 3 pm"}', 'When would suit you?', 'Thursday at 3 pm works for me.', 'Wonderful, I have put you down for Thursday at 3 pm.', 'Great, see you then.'),
	pg_temp.talk('4605', '{"appointment": {"booked": true, "phrase": "Friday at 11"}}', 'When would suit you?', 'Friday at 3 pm works for me.', 'Wonderful, I have put you down for Friday at 3 pm.', 'Great, see you then.'),
	pg_temp.talk('4606', '{"slot_booked": "2026-12-02 11:00"}', 'When would suit you?', 'Wednesday at 5 pm works for me.', 'Wonderful, I have put you down for Wednesday at 5 pm.', 'Great, see you then.'));
SELECT voiceagent_private.apply_inbox(10);
CREATE FUNCTION pg_temp.detected() RETURNS TABLE (number text, status text, "in New York" timestamp, detected_by text[], event text, words text) LANGUAGE sql AS $$
	SELECT right(c.phone, 4), a.status, a.starts_at AT TIME ZONE 'America/New_York', a.detected_by, e.event_type, e.event_data ->> 'words'
	FROM voiceagent.appointments a JOIN voiceagent.calls c USING (tenant_id, call_id)
	JOIN voiceagent.call_events e ON e.tenant_id = a.tenant_id AND e.call_id = a.call_id AND (e.event_data ->> 'appointment_id')::bigint = a.appointment_id
	WHERE a.tenant_id = voiceagent.current_tenant() AND c.phone LIKE '+1212555460_' ORDER BY 1
$$;
SELECT * FROM pg_temp.detected();
-- a model's analysis is a detector of its own; what a person told of the call is structured data
SAVEPOINT s;
DELETE FROM voiceagent.appointments WHERE tenant_id = voiceagent.current_tenant() AND call_id IN (pg_temp.call_of('4601'), pg_temp.call_of('4602'), pg_temp.call_of('4606'));
UPDATE voiceagent.conversations k SET reading = jsonb_set(k.reading, '{fields}', jsonb_build_array(jsonb_build_object('name', 'appointment.booked', 'origin', v.origin, 'counts', v.counts)))
FROM (VALUES ('4601', 'model', true), ('4606', 'agent', true)) v(number, origin, counts) WHERE k.tenant_id = voiceagent.current_tenant() AND k.call_id = pg_temp.call_of(v.number);
UPDATE voiceagent.conversations k SET reading = jsonb_set(k.reading, '{time,reading}', '"2026-12-01T09:30"') WHERE k.tenant_id = voiceagent.current_tenant() AND k.call_id = pg_temp.call_of('4602');
SELECT voiceagent_private.detect_appointments(ARRAY[pg_temp.call_of('4601'), pg_temp.call_of('4602'), pg_temp.call_of('4606')]);
SELECT * FROM pg_temp.detected() WHERE number IN ('4601', '4602', '4606');
ROLLBACK TO s;
\set VERBOSITY sqlstate
UPDATE voiceagent.appointments SET detected_by = '{guess}' WHERE tenant_id = voiceagent.current_tenant() AND call_id = pg_temp.call_of('4603');
\set VERBOSITY default
ROLLBACK;

-- Every change of an appointment is told to the campaign's feed and to the tenant's systems: the CRM never keeps one that was
-- rejected here, and hears of each time that was promised and not booked.
BEGIN;
SELECT set_config('voiceagent.clock_offset', extract(epoch FROM '2026-11-20 15:10:10+00' - clock_timestamp())::text, true) <> '' AS then_it_was;
SELECT pg_temp.begin_calls('Told', ARRAY['4301', '4302', '4303', '4304', '4305']) > 0 AS ready;
INSERT INTO voiceagent.webhook_subscriptions (tenant_id, url, kinds, home, created_at)
VALUES (voiceagent.current_tenant(), 'https://crm.example/hook', '{appointment_booked,appointment_canceled,appointment_unsettled}', 'nowhere', voiceagent.clock());
SELECT voiceagent_private.record_webhook_subscriptions();
SET LOCAL client_min_messages = warning;
CREATE FUNCTION pg_temp.told() RETURNS TABLE (event_type text, kind text, number text, campaign boolean, status text, starts_at text, ends_at text, said text,
	reason text, appointment boolean) LANGUAGE sql SET timezone = 'UTC' AS $$
	SELECT d.event_type, d.kind, right(n.data ->> 'phone', 4), d.campaign_id = (n.data ->> 'campaign_id')::bigint AND d.campaign_id IS NOT NULL,
		n.data ->> 'status', n.data ->> 'starts_at', n.data ->> 'ends_at', n.data ->> 'said', n.data ->> 'reason', n.data ->> 'appointment_id' IS NOT NULL
	FROM voiceagent.webhook_deliveries d
	CROSS JOIN LATERAL (SELECT voiceagent_private.webhook_body(d)::jsonb -> 'data' AS data) n
	WHERE d.tenant_id = voiceagent.current_tenant()
		AND d.event_id > coalesce(nullif(current_setting('regress.told', true), '')::bigint, 0) ORDER BY d.event_id;
$$;
-- Those of which told() has shown what it says.
CREATE FUNCTION pg_temp.known() RETURNS void LANGUAGE sql AS $$
	SELECT set_config('regress.told', max(d.event_id)::text, true) FROM voiceagent.webhook_deliveries d WHERE d.tenant_id = voiceagent.current_tenant() $$;
CREATE FUNCTION pg_temp.of(number text) RETURNS bigint LANGUAGE sql AS $$
	SELECT a.appointment_id FROM voiceagent.appointments a WHERE a.tenant_id = voiceagent.current_tenant() AND a.call_id = pg_temp.call_of(number) $$;
CREATE FUNCTION pg_temp.lead() RETURNS bigint LANGUAGE sql AS $$
	SELECT l.lead_id FROM voiceagent.leads l WHERE l.tenant_id = voiceagent.current_tenant() AND l.phone = '+12125554304' $$;
CREATE FUNCTION pg_temp.refused(command text) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
	EXECUTE 'SELECT ' || command;
	RETURN 'it is not';
EXCEPTION WHEN OTHERS THEN
	RETURN SQLSTATE || ': ' || regexp_replace(SQLERRM, '(appointment|call) [0-9]+', '\1 N');
END $$;
SELECT pg_temp.dial() AS dialled;
SELECT pg_temp.take(
	pg_temp.webhook('4301', 'report', 'customer-ended-call', 60, '{"appointment": {"booked": true, "date": "2026-11-23", "time": "10:00"}}'),
	pg_temp.webhook('4302', 'report', 'customer-ended-call', 60, '{"appointment": {"booked": true, "date": "2026-11-23", "time": "10:15"}}'),
	pg_temp.webhook('4303', 'report', 'customer-ended-call', 60, '{"appointment": {"booked": true, "phrase": "some time soon"}}'),
	pg_temp.webhook('4304', 'report', 'customer-ended-call', 60, '{"appointment": {"booked": true, "date": "2020-01-01", "time": "16:00"}}'));
SELECT voiceagent_private.apply_inbox(10);
SELECT * FROM pg_temp.told();
SELECT pg_temp.known();
SAVEPOINT s;
SELECT voiceagent.reject_appointment(pg_temp.of('4301'), 'no such product');
SELECT * FROM pg_temp.told();
ROLLBACK TO s;
SELECT voiceagent.confirm_appointment(pg_temp.of('4301')), voiceagent.cancel_appointment(pg_temp.of('4301'), 'ill');
SELECT * FROM pg_temp.told();
SELECT e.event_type, e.campaign_id = c.campaign_id AS "of the campaign", e.event_data - 'appointment_id' AS data
FROM voiceagent.call_events e JOIN voiceagent.calls c USING (tenant_id, call_id)
WHERE e.event_type LIKE 'appointment%' AND c.phone = '+12125554301' ORDER BY e.event_id;
ROLLBACK TO s;

-- An appointment is moved, and its old slot is free at once; into another's it cannot be, nor into the past, nor once it is off.
SELECT voiceagent.move_appointment(pg_temp.of('4301'), '2026-11-24 16:00+00', 'asked for it'), voiceagent.confirm_appointment(pg_temp.of('4302')) AS "free now";
SELECT * FROM pg_temp.told();
SELECT pg_temp.known();
SELECT voiceagent.move_appointment(pg_temp.of('4302'), '2026-11-25 17:00+00') AS "confirmed stays that";
SELECT voiceagent.move_appointment(pg_temp.of('4302'), '2026-11-25 17:00+00') AS "nothing to do";
SELECT voiceagent.move_appointment(pg_temp.of('4302'), '2026-11-25 17:10+00') AS "into its own old slot";
SELECT event_type, kind, status, starts_at FROM pg_temp.told();
SELECT pg_temp.known();
SELECT pg_temp.refused($$voiceagent.move_appointment(pg_temp.of('4302'), '2026-11-24 16:29+00')$$);
SELECT pg_temp.refused($$voiceagent.move_appointment(pg_temp.of('4302'), '2026-11-20 15:00+00')$$);
SELECT pg_temp.refused($$voiceagent.move_appointment(pg_temp.of('4302'), 'infinity')$$);
SELECT pg_temp.refused($$voiceagent.move_appointment(pg_temp.of('4302'), NULL)$$);
SELECT pg_temp.refused($$voiceagent.move_appointment(0, '2026-11-24 16:00+00')$$);
SAVEPOINT s;
SELECT voiceagent.cancel_appointment(pg_temp.of('4302'), 'ill');
SELECT pg_temp.refused($$voiceagent.move_appointment(pg_temp.of('4302'), '2026-11-24 18:00+00')$$);
ROLLBACK TO s;

-- One is entered by hand: for a call whose time nobody could read, or for who rings back; never into another's slot, nor twice for a call.
SELECT voiceagent.set_setting('appointment_duration', '45 minutes');
SELECT voiceagent.add_appointment('2026-11-26 09:00-05', call_id => pg_temp.call_of('4303'), summary => ' Wants a new roof. ') > 0 AS added;
SELECT pg_temp.lead() AS lead \gset
SELECT voiceagent.add_appointment('2026-11-26 16:00+00', lead_id => :lead, duration => '1 hour') AS alone \gset
SELECT right(l.phone, 4) AS number, a.status, a.starts_at AT TIME ZONE 'UTC' AS utc, a.ends_at - a.starts_at AS length, a.timezone, a.said, a.detected_by, a.summary,
	a.call_id IS NULL AS alone, a.decided_at = a.created_at AS decided, d.is_default
FROM voiceagent.appointments a JOIN voiceagent.leads l USING (tenant_id, lead_id) JOIN voiceagent.calendars d USING (tenant_id, calendar_id)
WHERE a.tenant_id = voiceagent.current_tenant() AND a.detected_by = '{}' ORDER BY 1;
SELECT * FROM pg_temp.told();
SELECT voiceagent.move_appointment(:alone, '2026-11-26 18:00+00'), voiceagent.cancel_appointment(:alone, 'ill');
SELECT event_type, kind, number, status FROM pg_temp.told() OFFSET 2;
SELECT pg_temp.refused($$voiceagent.add_appointment('2026-11-26 14:44+00', lead_id => pg_temp.lead())$$);
SELECT pg_temp.refused($$voiceagent.add_appointment('2026-12-26 14:44+00', call_id => pg_temp.call_of('4303'))$$);
SELECT pg_temp.refused($$voiceagent.add_appointment('2026-12-26 14:44+00', call_id => 0)$$);
SELECT pg_temp.refused($$voiceagent.add_appointment('2026-12-26 14:44+00', lead_id => 0)$$);
SELECT pg_temp.refused($$voiceagent.add_appointment('2026-12-26 14:44+00')$$);
SELECT pg_temp.refused($$voiceagent.add_appointment('2026-12-26 14:44+00', pg_temp.call_of('4303'), pg_temp.lead())$$);
SELECT pg_temp.refused($$voiceagent.add_appointment('2026-12-26 14:44+00', lead_id => pg_temp.lead(), duration => '2 days')$$);
SELECT pg_temp.refused($$voiceagent.add_appointment('2016-12-26 14:44+00', lead_id => pg_temp.lead())$$);
-- What is entered while the call goes on holds when the call ends.
SELECT voiceagent.add_appointment('2026-11-27 16:00+00', call_id => pg_temp.call_of('4305')) > 0 AS added;
SELECT pg_temp.take(pg_temp.webhook('4305', 'report', 'customer-ended-call', 60, '{"appointment": {"booked": true, "date": "2026-11-28", "time": "10:00"}}'));
SELECT voiceagent_private.apply_inbox(10);
SELECT a.status, a.starts_at AT TIME ZONE 'UTC' AS utc, c.outcome FROM voiceagent.appointments a JOIN voiceagent.calls c USING (tenant_id, call_id)
WHERE a.tenant_id = voiceagent.current_tenant() AND c.phone = '+12125554305';
SELECT e.event_type FROM voiceagent.call_events e WHERE e.call_id = pg_temp.call_of('4305') AND e.event_type LIKE 'appointment%';
SELECT action, coalesce(old_value ->> 'status', old_value #>> '{}') AS before, coalesce(new_value ->> 'status', new_value ->> 'starts_at', new_value #>> '{}') AS after FROM voiceagent.audit_log
WHERE tenant_id = voiceagent.current_tenant() AND action LIKE '%appointment' ORDER BY audit_id;
SELECT * FROM voiceagent_private.check_tenant();

-- The person takes them along, and is forgotten with them; those of no call end with the calls.
SELECT jsonb_array_length(voiceagent.export_lead(:lead) -> 'appointments') AS appointments,
	(SELECT count(*) FROM jsonb_array_elements(voiceagent.export_lead(:lead) -> 'events') e WHERE e -> 'event_data' ->> 'appointment_id' = :alone::text) AS events;
SAVEPOINT s;
SELECT voiceagent.erase_lead(:lead, 'asked') #> '{erased,appointments}' AS erased;
SELECT count(*) AS left FROM voiceagent.appointments WHERE appointment_id = :alone;
SELECT count(*) AS told FROM voiceagent.webhook_deliveries WHERE lead_id = :lead;
ROLLBACK TO s;
SELECT voiceagent.set_setting('retention_calls', '2 days');
SELECT * FROM voiceagent_private.retain_class('calls', 1000000000000, '2026-11-28 18:59+00', 10);
SELECT * FROM voiceagent_private.retain_class('calls', 1000000000000, '2026-11-28 19:01+00', 10);
SELECT count(*) AS left FROM voiceagent.appointments WHERE appointment_id = :alone;
ROLLBACK;
