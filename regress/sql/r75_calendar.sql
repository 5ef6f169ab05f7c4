-- Calendars of a tenant's own: what is free, what may be booked, and what each refusal says.
\set ECHO none
BEGIN;
SELECT voiceagent.create_tenant('r75', 'Europe/Berlin', 1000) AS tenant, voiceagent.create_tenant('r75 other', 'UTC', 1000) AS other \gset
CREATE FUNCTION pg_temp.now_is(at timestamptz) RETURNS void LANGUAGE sql AS
	$$ SELECT set_config('voiceagent.clock_offset', extract(epoch FROM at - clock_timestamp())::text, true) $$;
-- What an assistant hears, or the error that it would say.
CREATE FUNCTION pg_temp.try(command text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	v_result text;
	v_detail text;
BEGIN
	EXECUTE 'SELECT ' || command INTO v_result;
	RETURN regexp_replace(v_result, '^\d+$', 'an id');
EXCEPTION WHEN OTHERS THEN
	GET STACKED DIAGNOSTICS v_detail = PG_EXCEPTION_DETAIL;
	RETURN concat_ws(' / ', SQLSTATE || ' ' || regexp_replace(regexp_replace(SQLERRM, '\m\d{3,}\M', 'N', 'g'), '\m(lead|calendar|appointment) \d+', '\1 N', 'g'), nullif(v_detail, ''));
END $$;
SET LOCAL timezone = 'UTC';
-- A notice names an id.
SET LOCAL client_min_messages = 'warning';
SELECT pg_temp.now_is('2030-01-04 08:00+00');
SELECT voiceagent_private.set_tenant(:other);
SELECT voiceagent.create_calendar('theirs') AS theirs, voiceagent.add_lead('+4930123456') AS their_lead \gset
SELECT voiceagent_private.set_tenant(:tenant) \g /dev/null
SELECT count(voiceagent.add_lead('+493055501' || g)) AS leads FROM generate_series(1, 9) g;
SELECT min(lead_id) AS a, min(lead_id) + 1 AS b, min(lead_id) + 2 AS c, min(lead_id) + 3 AS d FROM voiceagent.leads WHERE tenant_id = :tenant \gset
\set ECHO all
-- An office: half hours with ten minutes between two, on weekdays, closed on holidays and on Christmas Eve.
SELECT voiceagent.create_calendar('office', hours => '{"start": "09:00", "end": "12:00", "days": ["mon", "tue", "wed", "thu", "fri"]}',
	buffer_before => '10 minutes', buffer_after => '5 minutes', notice => '2 hours', horizon => '60 days', day_limit => 3,
	holiday_country => 'DE', holidays => '{"A day of ours": "01-08"}') AS office \gset
-- Friday, nine o'clock in Berlin: two hours' notice leave one slot; the weekend follows, and on Tuesday a day of ours
SELECT local_start, free_seats FROM voiceagent.free_slots(:office, to_time => '2030-01-10', max_slots => 12);
SELECT starts_at, local_start FROM voiceagent.free_slots(:office, '2030-01-07', '2030-01-08', 'America/New_York', max_slots => 2);
-- booked at once; the same again is the same; another asks for it, and is held the next that the buffer leaves
SELECT status, sentence FROM voiceagent.book(:office, '2030-01-07 09:30+01', lead_id => :a, timezone => 'Europe/Berlin');
SELECT status, reason, next_slots, sentence FROM voiceagent.book(:office, '2030-01-07 09:30+01', lead_id => :b);
SELECT local_start FROM voiceagent.free_slots(:office, '2030-01-07', '2030-01-08');
-- a hold is moved, not doubled, and becomes the booking
SELECT status, starts_at, held_until - voiceagent.clock() BETWEEN '29 seconds' AND '30 seconds' AS for_so_long FROM voiceagent.hold_slot(:office, '2030-01-07 11:00+01', lead_id => :b, hold_for => '30 seconds');
SELECT status, starts_at FROM voiceagent.book(:office, '2030-01-07 11:00+01', lead_id => :b);
SELECT status, count(*) FROM voiceagent.appointments WHERE tenant_id = :tenant GROUP BY 1;
-- the buffer counts on both sides, the larger of the two: ten minutes, so that 10:00 and 10:30 are gone
SELECT pg_temp.try(format('(voiceagent.book(%s, ''2030-01-07 10:00+01'', lead_id => %s, timezone => ''UTC'')).sentence', :office, :c));
-- a third, and the day is full, whatever is free on it
SELECT status, starts_at FROM voiceagent.book(:office, '2030-01-07 10:00+01', lead_id => :d, or_next => true);
SELECT status, reason, starts_at FROM voiceagent.hold_slot(:office, '2030-01-07 09:00+01', lead_id => :d);
SELECT status, reason, next_slots[1] FROM voiceagent.book(:office, '2030-01-09 11:30+01', lead_id => :a + 4);
-- every rule says what it is, and what is free next
SELECT pg_temp.try(format('voiceagent.book(%s, %L, lead_id => %s, timezone => ''Europe/Berlin'')', :office, at, :c)) AS said
FROM (VALUES ('2030-01-03 10:00+01'), ('2030-01-04 10:30+01'), ('2030-01-12 10:00+01'), ('2030-01-08 10:00+01'), ('2030-01-09 10:10+01'), ('2030-01-09 11:45+01'),
	('2030-03-06 10:00+01'), ('infinity')) AS v(at);
SELECT pg_temp.try(format('voiceagent.book(%s, NULL, lead_id => %s)', :office, :c));
SELECT pg_temp.try(format('voiceagent.book(%s, ''2030-01-09 10:00+01'')', :office));
SELECT pg_temp.try(format('voiceagent.book(%s, ''2030-01-09 10:00+01'', lead_id => %s, timezone => ''Mars'')', :office, :c));
SELECT pg_temp.try(format('voiceagent.hold_slot(%s, ''2030-01-09 10:00+01'', lead_id => %s, hold_for => ''2 hours'')', :office, :c));
-- what is another tenant's is not there
SELECT pg_temp.try(format(c, :theirs, :their_lead)) FROM unnest(ARRAY['voiceagent.book(%s, ''2030-01-09 10:00+01'', lead_id => %2$s)',
	'voiceagent.book(NULL, ''2030-01-09 10:00+01'', lead_id => %2$s)', 'voiceagent.free_slots(%s)', 'voiceagent.update_calendar(%s, ''{"capacity": 2}'')',
	'voiceagent.remove_calendar(%s)', 'voiceagent.set_calendar_day(%s, ''2030-01-09'')', 'voiceagent.set_calendar_person(%s, ''Eve'')', 'voiceagent.use_calendar(%s, campaign_id => 1)']) c;
-- moved by the same rules; canceled, given back; and who did not come
SELECT appointment_id AS of_a FROM voiceagent.appointments WHERE tenant_id = :tenant AND lead_id = :a \gset
SELECT pg_temp.try(format('voiceagent.move_booking(%s, ''2030-01-12 10:00+01'')', :of_a));
SELECT status, reason, next_slots[1] FROM voiceagent.move_booking(:of_a, '2030-01-07 11:00+01');
SELECT status, starts_at FROM voiceagent.move_booking(:of_a, '2030-01-07 09:00+01');
SELECT pg_temp.try(format('voiceagent.mark_no_show(%s)', :of_a));
SELECT (voiceagent.cancel_booking(:of_a, 'ill')).sentence;
SELECT (voiceagent.cancel_booking(:of_a)).status;
SELECT pg_temp.try(format('voiceagent.move_booking(%s, ''2030-01-09 10:00+01'')', :of_a));
SELECT (voiceagent.cancel_booking((voiceagent.hold_slot(:office, '2030-01-09 10:00+01', lead_id => :c)).appointment_id)).status,
	(SELECT count(*) FROM voiceagent.appointments WHERE tenant_id = :tenant AND status = 'held') AS held;
SELECT pg_temp.now_is('2030-01-07 14:00+00');
SELECT voiceagent.mark_no_show(appointment_id) FROM voiceagent.appointments WHERE tenant_id = :tenant AND lead_id = :b;
SELECT event_type, count(*) FROM voiceagent.events WHERE tenant_id = :tenant AND event_type LIKE 'appointment%' GROUP BY 1 ORDER BY 1;
-- a day of its own: other hours, or closed, also a holiday; and as it was
SELECT voiceagent.set_calendar_day(:office, '2030-01-08', '[["14:00", "15:00"]]', 'open after all'), voiceagent.set_calendar_day(:office, '2030-01-09');
SELECT local_start FROM voiceagent.free_slots(:office, '2030-01-08', '2030-01-10');
SELECT voiceagent.clear_calendar_day(:office, '2030-01-08'), voiceagent.clear_calendar_day(:office, '2030-01-08') AS again, voiceagent.clear_calendar_day(:office, '2030-01-09');
SELECT min(local_start) FROM voiceagent.free_slots(:office, '2030-01-08', '2030-01-10');
-- a state without holidays of its own has its country's: the third Monday of January is closed, and a state that there is not is refused
SELECT voiceagent.create_calendar('west', 'America/Los_Angeles', hours => '{"start": "09:00", "end": "10:00", "days": ["mon"]}', holiday_country => 'US-CA') AS west \gset
SELECT DISTINCT local_start::date FROM voiceagent.free_slots(:west, '2030-01-14', '2030-01-30', max_slots => 20) ORDER BY 1;
SELECT pg_temp.try('voiceagent.create_calendar(''x'', holiday_country => ''US-Mars'')');
-- it changes its zone: what is booked stays, what is free moves
SELECT voiceagent.update_calendar(:office, '{"timezone": "America/New_York", "day_limit": null, "notice": "0"}');
SELECT min(starts_at), (SELECT array_agg(starts_at ORDER BY starts_at) FROM voiceagent.appointments WHERE tenant_id = :tenant AND status = 'confirmed') AS booked
FROM voiceagent.free_slots(:office, '2030-01-10', '2030-01-11');
-- A person confirms; the sentence says so, and the one who is asked decides.
SELECT voiceagent.update_calendar(:office, '{"booking_confirms": "by_person"}');
SELECT status, sentence FROM voiceagent.book(:office, '2030-01-10 10:00-05', lead_id => :c);
SELECT voiceagent.confirm_appointment(appointment_id) FROM voiceagent.appointments WHERE tenant_id = :tenant AND lead_id = :c AND status = 'pending';
SELECT status, sentence FROM voiceagent.move_booking((SELECT appointment_id FROM voiceagent.appointments WHERE tenant_id = :tenant AND lead_id = :c AND status = 'confirmed'), '2030-01-11 10:00-05');
-- A person's own hand is bound by other appointments alone.
SELECT pg_temp.try(format('voiceagent.add_appointment(''2030-01-11 10:15-05'', lead_id => %s, calendar_id => %s)', :d, :office));
SELECT voiceagent.add_appointment('2030-01-12 10:15-05', lead_id => :d, calendar_id => :office) > 0 AS on_a_saturday;

-- Capacity: two at once.  People: in turn, by skill, or who has the least on that day.
SELECT voiceagent.create_calendar('room', 'UTC', capacity => 2, slot_length => '1 hour') AS room,
	voiceagent.create_calendar('people', 'UTC', people_rule => 'round_robin', slot_length => '1 hour') AS people \gset
SELECT status, starts_at FROM generate_series(1, 3) i CROSS JOIN LATERAL voiceagent.book(:room, '2030-01-08 10:00+00', lead_id => :a + i - 1);
SELECT free_seats FROM voiceagent.free_slots(:room, '2030-01-08 09:00+00', '2030-01-08 12:00+00');
SELECT pg_temp.try(format('voiceagent.free_slots(%s)', :people)), pg_temp.try(format('voiceagent.book(%s, ''2030-01-08 10:00+00'', lead_id => %s, skill => ''tax'')', :room, :a));
SELECT voiceagent.set_calendar_person(:people, 'Ada', '{Tax,Law}'), voiceagent.set_calendar_person(:people, 'Bo', '{law}'), voiceagent.set_calendar_person(:people, 'Cy');
SELECT i, (voiceagent.book(:people, '2030-01-08 10:00+00', lead_id => :a + i - 1)).person FROM generate_series(1, 3) i;
SELECT i, b.person, b.starts_at FROM generate_series(1, 4) i CROSS JOIN LATERAL voiceagent.book(:people, '2030-01-08 10:00+00', lead_id => :a + i + 2, skill => 'law', or_next => true) b;
SELECT voiceagent.update_calendar(:people, '{"people_rule": "most_free"}'), voiceagent.set_calendar_person(:people, 'Cy', active => false);
SELECT i, b.person FROM generate_series(1, 3) i CROSS JOIN LATERAL voiceagent.book(:people, '2030-01-08 15:00+00'::timestamptz + i * interval '1 hour', lead_id => :a) b;
SELECT p.name, count(*) FROM voiceagent.appointments a JOIN voiceagent.calendar_people p USING (tenant_id, calendar_id, seat) WHERE a.tenant_id = :tenant GROUP BY 1 ORDER BY 1;
SELECT pg_temp.try(format('voiceagent.book(%s, ''2030-01-09 10:00+00'', lead_id => %s, skill => ''golf'')', :people, :a));

-- A hold that has run out is nothing: not in the list, nor in the way, of a calendar with rules or without.
SELECT (voiceagent.hold_slot(:room, '2030-01-09 10:00+00', lead_id => :a)).status, (voiceagent.hold_slot(:room, '2030-01-09 10:00+00', lead_id => :b)).status AS second,
	(voiceagent.hold_slot(NULL, '2030-01-09 10:00+00', lead_id => :a)).status AS in_default;
SELECT count(*) FROM voiceagent.free_slots(:room, '2030-01-09 10:00+00', '2030-01-09 10:30+00');
SELECT pg_temp.now_is('2030-01-07 14:10+00');
SELECT free_seats FROM voiceagent.free_slots(:room, '2030-01-09 10:00+00', '2030-01-09 10:30+00');
SELECT status, starts_at FROM voiceagent.book(:room, '2030-01-09 10:00+00', lead_id => :c);
SELECT voiceagent.add_appointment('2030-01-09 10:00+00', lead_id => :c) > 0 AS in_its_place;
SELECT count(*) AS left FROM voiceagent.appointments WHERE tenant_id = :tenant AND status = 'held';

-- The days on which the clocks change have as many hours as they have, and no slot twice or skipped.
SELECT voiceagent.create_calendar('night', 'Europe/Berlin', '{"start": "00:00", "end": "05:00"}', slot_length => '1 hour', horizon => '10 years') AS night,
	voiceagent.create_calendar('always', 'America/Sao_Paulo', slot_length => '8 hours', horizon => '10 years') AS always \gset
SELECT d AS day, (SELECT array_agg(to_char(s.starts_at AT TIME ZONE 'UTC', 'HH24:MI') || ' ' || to_char(s.local_start, 'HH24:MI') ORDER BY s.starts_at)
	FROM voiceagent.free_slots(:night, d::timestamp AT TIME ZONE 'Europe/Berlin', (d + 1)::timestamp AT TIME ZONE 'Europe/Berlin') s) AS slots
FROM unnest('{2030-03-30,2030-03-31,2030-10-27,2032-02-29}'::date[]) d;
SELECT count(*), bool_and(starts_at - lag = '8 hours') AS one_after_the_other FROM (SELECT starts_at, lag(starts_at) OVER (ORDER BY starts_at)
	FROM voiceagent.free_slots(:always, '2030-02-01 03:00+00', '2031-02-01 03:00+00', max_slots => 2000)) s;
-- the day that is booked is the calendar's, however the session counts
SET LOCAL timezone = 'Pacific/Kiritimati';
SELECT voiceagent.update_calendar(:night, '{"notice": "1 day", "day_limit": 1}');
SELECT starts_at AT TIME ZONE 'UTC' AS utc FROM voiceagent.book(:night, '2030-01-09 04:00+01', lead_id => :a);
SELECT count(*) FROM voiceagent.free_slots(:night, '2030-01-09 00:00+01', '2030-01-10 00:00+01');
SET LOCAL timezone = 'UTC';
-- A notice names an id.
SET LOCAL client_min_messages = 'warning';

-- What a call has agreed and a rule forbids waits for a person, which is told the rule.
SELECT d.reason FROM voiceagent_private.place_detected(:night, :d, NULL, '2030-01-09 12:00+01', '1 hour', 'UTC', 'at noon', '{rules}', NULL) d;
SELECT what, quote FROM voiceagent.waiting WHERE kind = 'conflict' ORDER BY quote;

-- Which calendar: the one that a campaign or a number uses, else the default one.
SELECT pg_temp.try('voiceagent.use_calendar(1)'), pg_temp.try(format('voiceagent.use_calendar(%s, campaign_id => 0)', :room)), pg_temp.try(format('voiceagent.use_calendar(%s, listing_id => 0)', :room)), pg_temp.try(format('voiceagent.remove_calendar(%s)', calendar_id))
FROM voiceagent.calendars WHERE tenant_id = :tenant AND is_default;
SELECT voiceagent.remove_calendar(:room);
SELECT pg_temp.try(format('voiceagent.free_slots(%s)', :room)), pg_temp.try(format('voiceagent.remove_calendar(%s)', :room));

-- Open throughout: a machine offers no night and no weekend, wherever it begins; a person may ask for any hour.
SELECT voiceagent.create_calendar('open', 'America/Los_Angeles', slot_length => '30 minutes') AS open \gset
SELECT from_time, count(*), bool_and(extract(isodow FROM l.at) < 6 AND l.at::time BETWEEN '09:00' AND '16:59') AS office_hours, min(l.at)
FROM unnest(ARRAY['2030-01-11 23:00+00', '2030-01-13 09:00+00', '2030-01-16 17:10+00']::timestamptz[]) from_time
CROSS JOIN LATERAL voiceagent_private.offered_slots(:open, from_time, 30) s CROSS JOIN LATERAL (SELECT s AT TIME ZONE 'America/Los_Angeles' AS at) l GROUP BY 1 ORDER BY 1;
SELECT min(local_start) FROM voiceagent.free_slots(:open, '2030-01-13 09:00+00', '2030-01-14 09:00+00', max_slots => 3);
-- What a calendar cannot be.
SELECT pg_temp.try(c) FROM unnest(ARRAY['voiceagent.create_calendar('' '')', 'voiceagent.create_calendar(''office'')', 'voiceagent.create_calendar(''x'', ''Mars'')',
	'voiceagent.create_calendar(''x'', hours => ''{"mon": [["22:00", "02:00"]]}'')', 'voiceagent.create_calendar(''x'', hours => ''{}'')', 'voiceagent.create_calendar(''x'', hours => ''[1]'')',
	'voiceagent.create_calendar(''x'', hours => ''{"mon": [["09:00", "12:00"], ["11:59", "13:00"]]}'')', 'voiceagent.create_calendar(''x'', slot_length => ''2 days'')',
	'voiceagent.create_calendar(''x'', slot_length => NULL)', 'voiceagent.create_calendar(''x'', capacity => 0)', 'voiceagent.create_calendar(''x'', capacity => 2, people_rule => ''most_free'')',
	'voiceagent.create_calendar(''x'', people_rule => ''best'')', 'voiceagent.create_calendar(''x'', holiday_country => ''MX'')', 'voiceagent.create_calendar(''x'', holidays => ''{"x": "often"}'')',
	'voiceagent.create_calendar(''x'', notice => NULL)', 'voiceagent.create_calendar(repeat(''x'', 10240))']) c;
SELECT pg_temp.try(format('voiceagent.update_calendar(%s, %L)', :night, c)) FROM unnest(ARRAY['{"colour": "red"}', '[]', '{"notice": "soon"}', '{"capacity": "many"}', '{"notice": null}', '{"hold_time": "1 day"}']) c;
SELECT pg_temp.try(format('voiceagent.free_slots(%s, %L, %L, max_slots => %s)', :night, f, t, m)) FROM (VALUES ('2030-01-10', '2030-01-09', 5), ('2030-01-10', '2032-01-01', 5), ('2030-01-10', 'infinity', 5),
	('2030-01-10', '2030-01-11', 0), ('2030-01-10', '2030-01-11', 60000)) AS v(f, t, m);
SELECT invariant FROM voiceagent.invariants() WHERE invariant LIKE 'appointments%';
ROLLBACK;
