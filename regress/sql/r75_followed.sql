-- Calendars elsewhere: what is refused, what the times of a file become, and how often one that fails is asked for.  How they are
-- fetched and read is tried by t/755_followed.
\set ECHO none
BEGIN;
SELECT voiceagent.create_tenant('r75 followed', 'Europe/Berlin', 1000) AS tenant \gset
CREATE FUNCTION pg_temp.now_is(at timestamptz) RETURNS void LANGUAGE sql AS
	$$ SELECT set_config('voiceagent.clock_offset', extract(epoch FROM at - clock_timestamp())::text, true) $$;
CREATE FUNCTION pg_temp.try(command text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	v_result text;
BEGIN
	EXECUTE 'SELECT ' || command INTO v_result;
	RETURN v_result;
EXCEPTION WHEN OTHERS THEN
	RETURN SQLSTATE || ' ' || regexp_replace(regexp_replace(SQLERRM, 'calendar [1-9]\d*', 'calendar N'), '\d{3,}', 'N');
END $$;
-- What was printed for a file: spans by the hour, on a day of 2030.
CREATE FUNCTION pg_temp.hours(day date, VARIADIC hours integer[]) RETURNS bigint[] LANGUAGE sql AS
	$$ SELECT array_agg((extract(epoch FROM day::timestamp AT TIME ZONE 'UTC') + h * 3600)::bigint ORDER BY n) FROM unnest(hours) WITH ORDINALITY AS t(h, n) $$;
-- There is no vault here; all is rolled back, so no worker ever sees it.
CREATE OR REPLACE FUNCTION voiceagent_private.seal_secret(name text, plaintext text) RETURNS void LANGUAGE sql AS
	$$ INSERT INTO voiceagent_private.secrets (tenant_id, name, sealed, created_at) VALUES (voiceagent.current_tenant(), seal_secret.name, '', voiceagent.clock()) $$;
SET LOCAL timezone = 'UTC';
SET LOCAL client_min_messages = 'warning';
SELECT pg_temp.now_is('2030-01-04 08:00+00');
SELECT voiceagent_private.set_tenant(:tenant) \g /dev/null
SELECT voiceagent.create_calendar('office', 'UTC', slot_length => '1 hour') AS office \gset
SELECT voiceagent.add_lead('+493055501000') AS lead \gset
\set ECHO all
SELECT pg_temp.try(format('voiceagent.follow_calendar(%s, %L, %L, %L)', c, u, p, e)) FROM (VALUES (0, 'https://example.com/a.ics', NULL, '15 minutes'),
	(:office, NULL, NULL, '15 minutes'), (:office, 'ftp://example.com/a.ics', NULL, '15 minutes'), (:office, 'https://127.0.0.1/a.ics', NULL, '15 minutes'),
	(:office, 'https://example.com/a.ics', 'Ada', '15 minutes'), (:office, 'https://example.com/a.ics', NULL, '1 minute'), (:office, 'https://example.com/a.ics', NULL, NULL)) t(c, u, p, e);
SELECT pg_temp.try('voiceagent.unfollow_calendar(0)'), pg_temp.try('voiceagent.refresh_followed_calendar(NULL)');
SELECT voiceagent.follow_calendar(:office, 'WEBCAL://Example.com/private-7/basic.ics') AS followed \gset
SELECT origin, status, check_every FROM voiceagent.followed_calendars WHERE followed_id = :followed;
SELECT has_rules FROM voiceagent.calendars WHERE calendar_id = :office;
-- Whose turn it is, and what is asked for.
SELECT tenants = ARRAY[:tenant::bigint], next_at FROM voiceagent_private.ready_calendar_fetches(0, 10);
SELECT followed_id = :followed AS it, secret = 'followed_calendar:' || :followed AS secret, private_host, timeout_ms, problem FROM voiceagent_private.claim_calendar_fetches(10, false);
SELECT count(*) AS "while it is asked for" FROM voiceagent_private.claim_calendar_fetches(10, false);
SELECT tenants, next_at - voiceagent.clock() < interval '41 seconds' AS "the lease" FROM voiceagent_private.ready_calendar_fetches(0, 10);
-- What it says becomes busy times: joined, and in pieces of a day.
SELECT voiceagent_private.record_calendar_fetch(:followed, 200, NULL, 'x', NULL);
SELECT followed_id = :followed AS it, convert_from(body, 'UTF8') AS body, zone, to_timestamp(until_time) - to_timestamp(from_time) AS span FROM voiceagent_private.claim_calendar_file();
SELECT voiceagent_private.record_calendar_file(:followed, pg_temp.hours('2030-01-07', 9, 10, 30), pg_temp.hours('2030-01-07', 11, 12, 80), 3, 0, NULL);
SELECT starts_at, ends_at FROM voiceagent.busy_times WHERE followed_id = :followed ORDER BY 1;
SELECT status, events, skipped, clashes, read_at > voiceagent.clock() - interval '1 minute' AS now FROM voiceagent.followed_calendars WHERE followed_id = :followed;
SELECT starts_at FROM voiceagent.free_slots(:office, '2030-01-07 07:00+00', '2030-01-07 15:00+00', max_slots => 5);
SELECT status, next_slots[1] FROM voiceagent.book(:office, '2030-01-07 10:00+00', lead_id => :lead);
-- What a person enters is not refused, and clashes.
SELECT voiceagent.add_appointment('2030-01-07 10:00', lead_id => :lead, duration => '1 hour', calendar_id => :office) > 0 AS added;
UPDATE voiceagent_private.calendar_turns SET state = 'fetched', body = 'x' WHERE followed_id = :followed;
SELECT voiceagent_private.record_calendar_file(:followed, pg_temp.hours('2030-01-07', 10), pg_temp.hours('2030-01-07', 11), 1, 1, NULL);
SELECT starts_at, ends_at FROM voiceagent.busy_times WHERE followed_id = :followed ORDER BY 1;
SELECT kind, regexp_replace(what, 'calendar \d+', 'calendar N') AS what, regexp_replace(settle, '\d+', 'N', 'g') AS settle FROM voiceagent.waiting WHERE kind = 'calendar';
-- The same words once more: nothing to read, unless half a day has passed.
SELECT pg_temp.now_is('2030-01-04 09:00+00');
UPDATE voiceagent_private.calendar_turns SET hash = sha256('x') WHERE followed_id = :followed;
SELECT voiceagent_private.record_calendar_fetch(:followed, 200, NULL, 'x', NULL);
SELECT state, date_trunc('minute', next_at - voiceagent.clock() + interval '30 seconds') AS rests FROM voiceagent_private.calendar_turns WHERE followed_id = :followed;
SELECT pg_temp.now_is('2030-01-04 21:00+00');
SELECT voiceagent_private.record_calendar_fetch(:followed, 200, NULL, 'x', NULL);
SELECT state FROM voiceagent_private.calendar_turns WHERE followed_id = :followed;
-- What fails rests longer each time, has failed the third time, and forgets nothing.
SELECT voiceagent_private.record_calendar_file(:followed, NULL, NULL, NULL, NULL, 'it is no iCalendar file');
SELECT status, status_reason FROM voiceagent.followed_calendars WHERE followed_id = :followed;
SELECT voiceagent_private.record_calendar_fetch(:followed, 503, 'HTTP status 503', '', 7200);
SELECT date_trunc('minute', next_at - voiceagent.clock() + interval '30 seconds') AS rests FROM voiceagent_private.calendar_turns WHERE followed_id = :followed;
SELECT voiceagent_private.record_calendar_fetch(:followed, NULL, 'connection refused', '', NULL);
SELECT date_trunc('minute', next_at - voiceagent.clock() + interval '30 seconds') AS rests FROM voiceagent_private.calendar_turns WHERE followed_id = :followed;
SELECT status, status_reason, (SELECT count(*) FROM voiceagent.busy_times b WHERE b.followed_id = f.followed_id) AS busy FROM voiceagent.followed_calendars f WHERE followed_id = :followed;
SELECT event_type, event_data ->> 'reason' AS reason FROM voiceagent.events WHERE tenant_id = :tenant AND event_type = 'calendar_unread';
-- Another database, such as a copy, does not read on.
UPDATE voiceagent.followed_calendars SET home = 'elsewhere' WHERE followed_id = :followed;
UPDATE voiceagent_private.calendar_turns SET next_at = voiceagent.clock() WHERE followed_id = :followed;
SELECT problem FROM voiceagent_private.claim_calendar_fetches(10, false);
SELECT voiceagent.unfollow_calendar(:followed);
SELECT voiceagent_private.record_calendar_fetch(:followed, 200, NULL, 'x', NULL) AS fetched, voiceagent_private.record_calendar_file(:followed, NULL, NULL, NULL, NULL, 'x') AS read;
SELECT (SELECT count(*) FROM voiceagent.busy_times WHERE tenant_id = :tenant) AS busy, (SELECT count(*) FROM voiceagent_private.secrets WHERE tenant_id = :tenant) AS addresses;
-- However many of one tenant are due for however long, the next tenant has its turn.
SELECT voiceagent.create_tenant('r75 late', 'UTC', 0) AS late \gset
INSERT INTO voiceagent.followed_calendars (tenant_id, calendar_id, origin, check_every, home, created_at)
SELECT :tenant, :office, 'https://example.com', '15 minutes', voiceagent_private.home(), voiceagent.clock() FROM generate_series(1, 1001);
INSERT INTO voiceagent_private.calendar_turns (tenant_id, followed_id, host, next_at)
SELECT :tenant, f.followed_id, 'example.com', voiceagent.clock() - interval '1 day' FROM voiceagent.followed_calendars f WHERE f.tenant_id = :tenant ON CONFLICT DO NOTHING;
SELECT voiceagent_private.set_tenant(:late) \g /dev/null
SELECT voiceagent.follow_calendar(voiceagent.create_calendar('late', 'UTC'), 'https://example.com/late.ics') > 0 AS followed;
SELECT voiceagent_private.set_tenant(0) \g /dev/null
SELECT :late = ANY (tenants) AS has_its_turn FROM voiceagent_private.ready_calendar_fetches(0, 10);
ROLLBACK;
