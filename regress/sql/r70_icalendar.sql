-- Appointments as iCalendar text: what a stranger has written ends no property, and turns no direction.
CREATE FUNCTION pg_temp.lines(written text) RETURNS SETOF text LANGUAGE sql AS
	$$ SELECT l FROM regexp_split_to_table(replace(written, E'\r\n', '|'), '[|]') WITH ORDINALITY AS s(l, n) WHERE l <> '' ORDER BY n $$;
CREATE FUNCTION pg_temp.event(summary text, description text DEFAULT NULL, organizer text DEFAULT NULL, organizer_name text DEFAULT NULL, attendee text DEFAULT NULL,
	attendee_name text DEFAULT NULL, status text DEFAULT 'CONFIRMED') RETURNS voiceagent_private.icalendar_event LANGUAGE sql AS
	$$ SELECT ('7-abc@voiceagent', 2, status, '2031-03-04 15:30+01', '2031-03-04 16:00+01', summary, description, organizer, organizer_name, attendee, attendee_name)::voiceagent_private.icalendar_event $$;
-- times are UTC, and an invitation names its two sides
SELECT pg_temp.lines(voiceagent_private.icalendar('REQUEST', NULL, NULL, '2031-01-02 03:04:05.6+00', ARRAY[pg_temp.event('a viewing', E'Line one;\r\nline, two \\ end', 'calls@example.com', 'Acme', 'ada@example.com', 'Ada')]));
-- a calendar without events is one
SELECT pg_temp.lines(voiceagent_private.icalendar(NULL, 'office', 'not all', '2031-01-02 03:04:05+00', '{}'));
-- 75 octets a line at most, cut between characters; every line ends with CRLF, and nothing else does
SELECT position(repeat('ü€😀', 3000) IN replace(w, E'\r\n ', '')) > 0 AS there, bool_and(octet_length(l) <= 75) AS folded, bool_and(l !~ '[[:cntrl:]]') AS no_control
FROM (SELECT voiceagent_private.icalendar(NULL, NULL, NULL, '2031-01-02 00:00+00', ARRAY[pg_temp.event(repeat('ü€😀', 3000))]) AS w) c, regexp_split_to_table(w, E'\r\n') AS l GROUP BY w;
-- line breaks of every kind, other control characters, marks that turn directions, quotes
SELECT pg_temp.lines(voiceagent_private.icalendar('CANCEL', E'o\r\nX-EVIL:1', E'n\u2028X-EVIL:1', '2031-01-02 00:00+00', ARRAY[
	pg_temp.event(E'a\rb\nX-EVIL:1\u0085c\u2029d\u202eelif\u202c \u2066x\u2069\u200f', E'end\nEND:VEVENT\rBEGIN:VALARM\u0001\u007f', 'calls@example.com', E'A";X=1:\r\nATTENDEE:mailto:b@example.com', 'ada@example.com', E'Müller, "Ada"; x^n', 'CANCELLED')]));
-- what is no address, no status, no time, no method
SELECT voiceagent_private.icalendar(NULL, NULL, NULL, now(), ARRAY[pg_temp.event('a', attendee => E'a@b.example\nX:1')]);
SELECT voiceagent_private.icalendar(NULL, NULL, NULL, now(), ARRAY[pg_temp.event('a', attendee => 'a@b.example;X=1')]);
SELECT voiceagent_private.icalendar(NULL, NULL, NULL, now(), ARRAY[pg_temp.event('a', status => 'DRAFT')]);
SELECT voiceagent_private.icalendar('DESTROY', NULL, NULL, now(), '{}');
SELECT voiceagent_private.icalendar(NULL, NULL, NULL, 'infinity', ARRAY[pg_temp.event('a')]);
SELECT voiceagent_private.icalendar(NULL, NULL, NULL, now(), ARRAY[NULL::voiceagent_private.icalendar_event]);
SELECT voiceagent_private.icalendar(NULL, NULL, NULL, NULL, '{}') IS NULL AS nothing;
