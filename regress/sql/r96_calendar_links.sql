-- A calendar as a feed: what it shows, who reads it, and when its link ends.
\set ECHO none
BEGIN;
SELECT voiceagent.create_tenant('r96', 'Europe/Berlin', 1000) AS tenant, voiceagent.create_tenant('r96 other', 'UTC', 1000) AS other \gset
CREATE FUNCTION pg_temp.try(command text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	v_result text;
BEGIN
	EXECUTE 'SELECT ' || command INTO v_result;
	RETURN v_result;
EXCEPTION WHEN OTHERS THEN
	RETURN SQLSTATE || ' ' || regexp_replace(SQLERRM, '\d+', 'N', 'g');
END $$;
-- The feed's events without what is random or of this moment, by their order.
CREATE FUNCTION pg_temp.feed(link text) RETURNS SETOF text LANGUAGE sql AS $$
	SELECT regexp_replace(regexp_replace(l, '^UID:\d+@[0-9a-f]{24}\.voiceagent$', 'UID:<id>@<tenant>'), '^(DTSTAMP):.*', '\1:<now>')
	FROM regexp_split_to_table(replace(voiceagent.open_calendar_link(substring(link FROM '/calendar/(.*)\.ics$')), E'\r\n ', ''), E'\r\n') WITH ORDINALITY AS s(l, n)
	WHERE l <> '' ORDER BY n $$;
SET LOCAL timezone = 'UTC';
SET LOCAL client_min_messages = 'warning';
SELECT set_config('voiceagent.clock_offset', extract(epoch FROM '2030-03-04 08:00+00'::timestamptz - clock_timestamp())::text, true) \g /dev/null
SELECT voiceagent_private.set_tenant(:tenant) \g /dev/null
SELECT voiceagent.create_calendar('office', 'Europe/Berlin') AS office, voiceagent.create_calendar('shop', 'Europe/Berlin') AS shop \gset
SELECT voiceagent.add_lead('+4930555010', 'Ada', 'Lovelace') AS ada, voiceagent.add_lead('+4930555011') AS nobody \gset
INSERT INTO voiceagent.appointments (tenant_id, calendar_id, lead_id, status, starts_at, ends_at, timezone, detected_by, summary, decided_at, created_at)
SELECT :tenant, :office, l, s::voiceagent.appointment_status, b, b + interval '30 minutes', 'UTC', '{}', w, d, now()
FROM (VALUES (:ada, 'confirmed', timestamptz '2030-03-05 09:00+00', 'a viewing', NULL::timestamptz), (:nobody, 'pending', '2030-03-05 10:00+00', NULL, NULL),
	(:ada, 'canceled', '2030-03-05 11:00+00', 'no time', '2030-03-03 08:00+00'), (:ada, 'canceled', '2030-03-05 12:00+00', 'canceled long ago', '2030-01-03 08:00+00'),
	(:ada, 'confirmed', '2030-01-30 09:00+00', 'long over', NULL), (:ada, 'confirmed', '2031-03-06 09:00+00', 'far away', NULL), (:ada, 'conflict', '2030-03-05 13:00+00', 'no slot', NULL)) v(l, s, b, w, d);
INSERT INTO voiceagent.appointments (tenant_id, calendar_id, lead_id, status, starts_at, ends_at, timezone, detected_by, summary, created_at)
VALUES (:tenant, :shop, :ada, 'confirmed', '2030-03-05 09:00+00', '2030-03-05 10:00+00', 'UTC', '{}', 'of another calendar', now());
\set ECHO all
SELECT link AS office_link, note FROM voiceagent.calendar_link(:office) \gset
SELECT :'office_link' ~ ('^/calendar/' || :tenant || '-[A-Za-z0-9_-]{32,}\.ics$') AS path_on_the_console, :'note' AS note;
SELECT pg_temp.feed(:'office_link');
-- the link is nowhere in the database, only its hash
SELECT token_hash = sha256(convert_to(substring(:'office_link' FROM '/calendar/(.*)\.ics$'), 'UTF8')) AS hashed FROM voiceagent_private.calendar_links WHERE tenant_id = :tenant;
SELECT count(*) AS audited, bool_or(to_jsonb(a)::text LIKE '%' || substring(:'office_link' FROM '-(.*)\.ics$') || '%') AS with_token FROM voiceagent.audit_log a WHERE a.tenant_id = :tenant AND a.action = 'calendar_link';
-- each change of time or status counts, and nothing else does
SELECT min(appointment_id) AS appointment FROM voiceagent.appointments WHERE tenant_id = :tenant AND summary = 'a viewing' \gset
SELECT voiceagent.move_appointment(:appointment, '2030-03-05 15:00+00'), voiceagent.cancel_appointment(:appointment, 'ill');
UPDATE voiceagent.appointments SET summary = 'a viewing, called off', starts_at = starts_at WHERE tenant_id = :tenant AND appointment_id = :appointment;
SELECT f FROM pg_temp.feed(:'office_link') f WHERE f ~ 'viewing|SEQUENCE:[1-9]';
-- where a link leads: another tenant has none of it, and only the newest link of a calendar is good
SELECT voiceagent_private.set_tenant(:other) \g /dev/null
SELECT pg_temp.try(format('voiceagent.open_calendar_link(%L)', substring(:'office_link' FROM '/calendar/(.*)\.ics$')));
SELECT pg_temp.try('voiceagent.calendar_link(' || :office || ')');
SELECT voiceagent_private.set_tenant(:tenant) \g /dev/null
SELECT link AS newer, note FROM voiceagent.calendar_link(:office) \gset
SELECT :'note' AS note, pg_temp.try(format('count(*) FROM pg_temp.feed(%L)', :'office_link')) AS before, pg_temp.try(format('count(*) > 9 FROM pg_temp.feed(%L)', :'newer')) AS now;
SELECT * FROM voiceagent.calendar_link(:office, revoke := true);
SELECT * FROM voiceagent.calendar_link(:office, revoke := true);
SELECT pg_temp.try(format('count(*) FROM pg_temp.feed(%L)', :'newer')) AS revoked, pg_temp.try('voiceagent.open_calendar_link(NULL)') AS nothing, pg_temp.try('voiceagent.open_calendar_link('''')') AS empty;
-- a calendar that was removed, a tenant that is suspended
SELECT link AS shop_link FROM voiceagent.calendar_link(:shop) \gset
SELECT pg_temp.try(format('count(*) > 9 FROM pg_temp.feed(%L)', :'shop_link')) AS there;
SAVEPOINT here;
SELECT voiceagent.remove_calendar(:shop), pg_temp.try('voiceagent.calendar_link(' || :shop || ')') AS no_link;
SELECT pg_temp.try(format('count(*) FROM pg_temp.feed(%L)', :'shop_link')) AS removed;
ROLLBACK TO here;
SELECT voiceagent_private.set_tenant(0) \g /dev/null
SELECT voiceagent.set_tenant_active(:tenant, false) \g /dev/null
SELECT voiceagent_private.set_tenant(:tenant) \g /dev/null
SELECT pg_temp.try(format('count(*) FROM pg_temp.feed(%L)', :'shop_link')) AS suspended;
ROLLBACK TO here;
-- what is too much is cut where it begins last, and said
INSERT INTO voiceagent.appointments (tenant_id, calendar_id, lead_id, status, starts_at, ends_at, timezone, detected_by, summary, created_at)
SELECT :tenant, :shop, :ada, 'confirmed', timestamptz '2030-04-01 00:00+00' + i * interval '1 hour', timestamptz '2030-04-01 00:30+00' + i * interval '1 hour', 'UTC', '{}', 'visit ' || i, now() FROM generate_series(1, 5200) i;
SELECT count(*) FILTER (WHERE f = 'BEGIN:VEVENT') AS events, max(f) FILTER (WHERE f LIKE 'X-WR-CALDESC%') AS said, bool_or(f LIKE '%visit 4999') AS last, bool_or(f LIKE '%visit 5000') AS next FROM pg_temp.feed(:'shop_link') f;
UPDATE voiceagent.appointments SET summary = repeat('😀', 10000) WHERE tenant_id = :tenant AND calendar_id = :shop;
SELECT octet_length(t) BETWEEN 2000000 AND 7000000 AS bounded, position('Not all' IN t) > 0 AS said FROM voiceagent_private.calendar_text(:shop) t;
ROLLBACK;
