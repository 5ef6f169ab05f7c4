-- 75_calendar: calendars elsewhere are asked for, and read.

-- As many files of a tenant are kept at most as are fetched or read at a time. The process that reads them runs on
-- demand: what it has not read is announced again.
SELECT voiceagent_private.make_queue('calendar_fetches', 'voiceagent_private.calendar_turns', by_time => true,
	claimed => $$q.state = 'asked'$$, freed => $$state = 'waiting', next_at = voiceagent.clock()$$,
	waits => $$q.state IN ('waiting', 'asked')$$, due => 'v_now', share => 2,
	busy => $$(q.state IN ('fetched', 'reading') OR q.state = 'asked' AND q.next_at > voiceagent.clock())$$,
	also => $$SELECT voiceagent_private.poke('calendar_files') WHERE EXISTS (SELECT
			FROM voiceagent_private.calendar_turns t WHERE t.state IN ('fetched', 'reading'));$$);

CREATE FUNCTION voiceagent_private.claim_calendar_fetches(max_fetches integer, armed boolean, OUT followed_id bigint,
	OUT secret text, OUT private_host boolean, OUT timeout_ms integer, OUT problem text) RETURNS SETOF record
	LANGUAGE plpgsql VOLATILE SET planner.policy = in_order SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	v_now timestamptz := voiceagent.clock();
	v_allowed text := voiceagent_private.platform_setting('calendar_private_hosts');
	v record;
	c_timeout CONSTANT interval := '20 seconds';
	-- All tenants together: no server has all that may be on its way.
	c_of_host CONSTANT integer := 8;
BEGIN
	FOR v IN
		SELECT t.followed_id, f.origin, f.home FROM voiceagent_private.calendar_turns t
		CROSS JOIN LATERAL (SELECT k.origin, k.home FROM voiceagent.followed_calendars k
			WHERE k.tenant_id = v_tenant AND k.followed_id = t.followed_id OFFSET 0) f
		WHERE t.tenant_id = v_tenant AND t.state IN ('waiting', 'asked') AND t.next_at <= v_now
			AND (SELECT count(*) FROM voiceagent_private.calendar_turns o
				WHERE o.host = t.host AND o.state = 'asked' AND o.next_at > v_now) < c_of_host
		ORDER BY t.next_at LIMIT voiceagent_private.room_for_calendar_fetches(v_tenant, max_fetches)
		FOR UPDATE OF t SKIP LOCKED
	LOOP
		UPDATE voiceagent_private.calendar_turns t SET state = 'asked', next_at = v_now + c_timeout * 2
		WHERE t.tenant_id = v_tenant AND t.followed_id = v.followed_id;
		followed_id := v.followed_id;
		secret := voiceagent_private.secret_name('followed_calendar', v.followed_id);
		private_host := voiceagent_private.is_allowed_host(v.origin, v_allowed);
		timeout_ms := (extract(epoch FROM c_timeout) * 1000)::integer;
		problem := CASE WHEN NOT private_host AND v.origin NOT LIKE 'https://%'
				THEN 'the platform no longer allows this host'
			WHEN v.home <> voiceagent_private.home() AND NOT armed
				THEN 'it is followed in another database: refresh_followed_calendar() reads it from here' END;
		RETURN NEXT;
	END LOOP;
END
$$;
COMMENT ON FUNCTION voiceagent_private.claim_calendar_fetches(integer, boolean) IS
	'Followed calendars of the current tenant that are due, at most so many and two at a time, of a host no more than '
	'eight of all tenants, leased from now: under which name the vault has the address, whether it may be one of our '
	'own network, how long to wait, and why it is not to be asked for at all.';

CREATE FUNCTION voiceagent_private.followed_failed(followed voiceagent.followed_calendars, reason text, fatal boolean,
	wait interval DEFAULT '0') RETURNS void
	LANGUAGE plpgsql VOLATILE SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_failures integer;
	-- As often in a row, and it counts as failed; it is tried further on, more and more rarely.
	c_failures CONSTANT integer := 3;
BEGIN
	UPDATE voiceagent_private.calendar_turns t
	SET state = 'waiting', body = NULL, hash = NULL, failures = t.failures + 1,
		next_at = voiceagent.clock() + greatest(least(followed.check_every * power(2, least(t.failures, 10)),
			interval '1 day'), wait)
	WHERE t.tenant_id = followed.tenant_id AND t.followed_id = followed.followed_id
	RETURNING t.failures INTO v_failures;
	UPDATE voiceagent.followed_calendars f
	SET status_reason = left(reason, 500),
		status = CASE WHEN fatal OR v_failures >= c_failures THEN 'failed' ELSE f.status END
	WHERE f.tenant_id = followed.tenant_id AND f.followed_id = followed.followed_id;
	IF followed.status <> 'failed' AND (fatal OR v_failures >= c_failures) THEN
		PERFORM voiceagent_private.log_event('calendar_unread', NULL, NULL, NULL, jsonb_build_object('followed_id',
			followed.followed_id, 'calendar_id', followed.calendar_id, 'reason', left(reason, 500)));
	END IF;
END
$$;
COMMENT ON FUNCTION voiceagent_private.followed_failed(voiceagent.followed_calendars, text, boolean, interval) IS
	E'Notes why a followed calendar was not read; its busy times stay, and it is tried again after its interval, twice '
	'as long each time, or wait.\n'
	'fatal, or the third time in a row: it has failed, which an event tells.';

CREATE FUNCTION voiceagent_private.record_calendar_fetch(followed_id bigint, http_status integer, error text,
	body bytea, wait integer) RETURNS boolean
	LANGUAGE plpgsql VOLATILE SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v voiceagent.followed_calendars := voiceagent_private.lock_followed(followed_id);
	v_now timestamptz := voiceagent.clock();
	v_hash bytea := sha256(body);
	v_known boolean;
	-- Repeating events are known for a time that moves on.
	c_anew CONSTANT interval := '12 hours';
BEGIN
	IF v.followed_id IS NULL THEN
		RETURN false;
	ELSIF error IS NOT NULL THEN
		PERFORM voiceagent_private.followed_failed(v, error, http_status IN (401, 403, 404, 410),
			least(coalesce(wait, 0), 86400) * interval '1 second');
		RETURN true;
	END IF;
	UPDATE voiceagent_private.calendar_turns t
	SET state = 'waiting', failures = 0, next_at = v_now + v.check_every
	WHERE t.tenant_id = v.tenant_id AND t.followed_id = v.followed_id AND t.hash = v_hash
		AND v.status = 'ready' AND v.read_at > v_now - c_anew;
	v_known := FOUND;
	IF v_known THEN
		UPDATE voiceagent.followed_calendars f SET status_reason = NULL
		WHERE f.tenant_id = v.tenant_id AND f.followed_id = v.followed_id AND f.status_reason IS NOT NULL;
		RETURN true;
	END IF;
	UPDATE voiceagent_private.calendar_turns t
	SET state = 'fetched', body = record_calendar_fetch.body, hash = v_hash, next_at = v_now,
		own = '@' || voiceagent_private.icalendar_domain(), zone = (SELECT c.timezone FROM voiceagent.calendars c
			WHERE c.tenant_id = v.tenant_id AND c.calendar_id = v.calendar_id)
	WHERE t.tenant_id = v.tenant_id AND t.followed_id = v.followed_id;
	PERFORM voiceagent_private.poke('calendar_files');
	RETURN true;
END
$$;
COMMENT ON FUNCTION voiceagent_private.record_calendar_fetch(bigint, integer, text, bytea, integer) IS
	E'The result of asking for a followed calendar of the current tenant: HTTP status or NULL, why it failed or NULL, '
	'its bytes, Retry-After in seconds or NULL.\n'
	'A file that has not changed is not read again for half a day. False: it is followed no more.';

CREATE FUNCTION voiceagent_private.recall_calendar_files() RETURNS integer
	LANGUAGE sql VOLATILE AS $$
	WITH lost AS (
		UPDATE voiceagent_private.calendar_turns t SET state = 'fetched', next_at = voiceagent.clock()
		WHERE t.state = 'reading' RETURNING 1
	)
	SELECT count(*)::integer FROM lost
$$;
COMMENT ON FUNCTION voiceagent_private.recall_calendar_files() IS
	'For the task''s start: files that were being read when its predecessor ended are read again; returns how many.';

CREATE FUNCTION voiceagent_private.claim_calendar_file(OUT tenant_id bigint, OUT followed_id bigint, OUT body bytea,
	OUT zone text, OUT own text, OUT from_time bigint, OUT until_time bigint, OUT next_at timestamptz)
	LANGUAGE plpgsql VOLATILE SET planner.policy = in_order SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_now timestamptz := voiceagent.clock();
	c_lost CONSTANT interval := '1 minute';
	c_behind CONSTANT interval := '1 day';
	c_ahead CONSTANT interval := '400 days';
BEGIN
	SELECT t.tenant_id, t.followed_id, t.body, t.zone, t.own INTO tenant_id, followed_id, body, zone, own
	FROM voiceagent_private.calendar_turns t
	WHERE t.state IN ('fetched', 'reading') AND t.next_at <= v_now ORDER BY t.next_at, t.tenant_id LIMIT 1
	FOR UPDATE SKIP LOCKED;
	next_at := coalesce((SELECT t.next_at FROM voiceagent_private.calendar_turns t
		WHERE t.state IN ('fetched', 'reading') AND t.next_at > v_now ORDER BY t.next_at LIMIT 1), 'infinity');
	IF followed_id IS NULL THEN
		RETURN;
	END IF;
	UPDATE voiceagent_private.calendar_turns t SET state = 'reading', next_at = v_now + c_lost
	WHERE t.tenant_id = claim_calendar_file.tenant_id AND t.followed_id = claim_calendar_file.followed_id;
	from_time := extract(epoch FROM v_now - c_behind)::bigint;
	until_time := extract(epoch FROM v_now + c_ahead)::bigint;
END
$$;
COMMENT ON FUNCTION voiceagent_private.claim_calendar_file(OUT bigint, OUT bigint, OUT bytea, OUT text,
	OUT text, OUT bigint, OUT bigint, OUT timestamptz) IS
	'The file that has waited longest to be read, leased from now, for which span in seconds since 1970; followed_id '
	'is NULL if none waits; next_at: when the next lease ends.';

CREATE FUNCTION voiceagent_private.write_busy_times(followed voiceagent.followed_calendars, starts bigint[],
	ends bigint[]) RETURNS boolean
	LANGUAGE plpgsql VOLATILE SET planner.policy = by_keys SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_changed integer;
BEGIN
	-- Unchanged rows are not touched.
	WITH said AS MATERIALIZED (
		SELECT p.starts_at, p.ends_at FROM (SELECT p.at, least(p.at + interval '24 hours', upper(b.span))
			FROM (SELECT unnest(range_agg(tstzrange(to_timestamp(s.starts), to_timestamp(s.ends)))) AS span
				FROM unnest(starts, ends) AS s(starts, ends)) b
			CROSS JOIN LATERAL generate_series(lower(b.span), upper(b.span) - interval '1 microsecond',
				interval '24 hours')
				AS p(at)) AS p(starts_at, ends_at)
	), gone AS (
		DELETE FROM voiceagent.busy_times b
		WHERE b.tenant_id = followed.tenant_id AND b.followed_id = followed.followed_id
			AND NOT EXISTS (SELECT FROM said s WHERE s.starts_at = b.starts_at)
		RETURNING 1
	), come AS (
		INSERT INTO voiceagent.busy_times AS b (tenant_id, followed_id, calendar_id, seat, starts_at, ends_at)
		SELECT followed.tenant_id, followed.followed_id, followed.calendar_id, followed.seat, s.starts_at, s.ends_at
		FROM said s
		ON CONFLICT ON CONSTRAINT busy_times_pkey DO UPDATE SET ends_at = excluded.ends_at
			WHERE b.ends_at <> excluded.ends_at
		RETURNING 1
	)
	SELECT (SELECT count(*) FROM gone) + (SELECT count(*) FROM come) INTO v_changed;
	RETURN v_changed > 0;
END
$$;
COMMENT ON FUNCTION voiceagent_private.write_busy_times(voiceagent.followed_calendars, bigint[], bigint[]) IS
	'Has a followed calendar busy at these spans, in seconds since 1970, and at no others; false: it was so.';

CREATE FUNCTION voiceagent_private.record_calendar_file(followed_id bigint, starts bigint[], ends bigint[],
	events integer, skipped integer, error text) RETURNS boolean
	LANGUAGE plpgsql VOLATILE SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v voiceagent.followed_calendars := voiceagent_private.lock_followed(followed_id);
	v_now timestamptz := voiceagent.clock();
BEGIN
	IF v.followed_id IS NULL THEN
		RETURN false;
	ELSIF error IS NOT NULL THEN
		PERFORM voiceagent_private.followed_failed(v, error, false);
		RETURN true;
	END IF;
	IF voiceagent_private.write_busy_times(v, starts, ends) THEN
		-- A booking that waits for the row looks at the calendar anew when it has changed.
		UPDATE voiceagent.calendars c SET has_rules = true
		WHERE c.tenant_id = v.tenant_id AND c.calendar_id = v.calendar_id;
	END IF;
	UPDATE voiceagent.followed_calendars f
	SET status = 'ready', status_reason = NULL, events = record_calendar_file.events,
		skipped = record_calendar_file.skipped, read_at = v_now, clashes = (SELECT count(*)::integer
			FROM voiceagent.appointments a
			WHERE a.tenant_id = v.tenant_id AND a.calendar_id = v.calendar_id
				AND a.status IN ('pending', 'confirmed') AND a.starts_at > voiceagent.clock()
				AND (v.seat IS NULL OR a.seat = v.seat)
				AND EXISTS (SELECT FROM voiceagent.busy_times b
					WHERE b.tenant_id = v.tenant_id AND b.followed_id = v.followed_id
						AND b.starts_at < a.ends_at AND b.starts_at > a.starts_at - interval '24 hours'
						AND b.ends_at > a.starts_at))
	WHERE f.tenant_id = v.tenant_id AND f.followed_id = v.followed_id;
	UPDATE voiceagent_private.calendar_turns t
	SET state = 'waiting', body = NULL, failures = 0, next_at = v_now + v.check_every
	WHERE t.tenant_id = v.tenant_id AND t.followed_id = v.followed_id;
	PERFORM voiceagent_private.poke('calendar_fetches');
	RETURN true;
END
$$;
COMMENT ON FUNCTION voiceagent_private.record_calendar_file(bigint, bigint[], bigint[], integer, integer, text) IS
	E'Records the reading of a followed calendar of the current tenant: busy spans in seconds since 1970, its events '
	'and how many were not understood, or why nothing was read.\n'
	'False: it is followed no more.';
