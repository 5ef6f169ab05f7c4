/*
 * 75_calendar: calendars elsewhere.  A member names the address of an iCalendar
 * file, such as the private address that Google or Outlook gives; the task
 * calendar_fetches (bgworkers/outbound/calendar_fetches.c) asks for it as often
 * as the member wants, and the task calendar_files (bgworkers/exporter/calendar_files.c)
 * has it read by a program of its own, because the file is a stranger's.
 *
 * Locks: the calendar, then the followed calendar, then its turn.
 */

CREATE TABLE voiceagent_private.calendar_turns (
	tenant_id bigint NOT NULL,
	followed_id bigint NOT NULL,
	host text NOT NULL,
	state text NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'asked', 'fetched', 'reading')),
	next_at timestamptz NOT NULL,
	failures integer NOT NULL DEFAULT 0,
	body bytea,
	zone text,
	own text,
	hash bytea,
	PRIMARY KEY (tenant_id, followed_id),
	FOREIGN KEY (tenant_id, followed_id) REFERENCES voiceagent.followed_calendars ON DELETE CASCADE,
	CONSTRAINT a_body_to_read CHECK ((state IN ('fetched', 'reading')) = (body IS NOT NULL)),
	-- Whatever reads it relies on them.
	CONSTRAINT a_body_with_terms CHECK (body IS NULL OR num_nulls(zone, own) = 0)
) WITH (fillfactor = 70);
COMMENT ON TABLE voiceagent_private.calendar_turns IS 'When each followed calendar is read next, and how far that is.';
COMMENT ON COLUMN voiceagent_private.calendar_turns.host IS 'Host and port of its address.';
COMMENT ON COLUMN voiceagent_private.calendar_turns.state IS
	'waiting: until next_at; asked: its server; fetched: body waits to be read; reading: a program reads it.';
COMMENT ON COLUMN voiceagent_private.calendar_turns.next_at IS
	'Not before; while it is asked or read: when that counts as lost, and is done again.';
COMMENT ON COLUMN voiceagent_private.calendar_turns.failures IS 'How often in a row it was not read.';
COMMENT ON COLUMN voiceagent_private.calendar_turns.body IS 'Its server''s answer, until it was read.';
COMMENT ON COLUMN voiceagent_private.calendar_turns.zone IS
	'The zone of the calendar, in which times of body that name none are meant.';
COMMENT ON COLUMN voiceagent_private.calendar_turns.own IS
	'How the UIDs of our own appointments end, which a calendar may give back to us.';
COMMENT ON COLUMN voiceagent_private.calendar_turns.hash IS 'Of what was read last; NULL: it is to be read anew.';
CREATE INDEX calendar_turns_due ON voiceagent_private.calendar_turns (next_at, tenant_id)
	WHERE state IN ('waiting', 'asked');
CREATE INDEX calendar_turns_asked ON voiceagent_private.calendar_turns (host, tenant_id) WHERE state = 'asked';
CREATE INDEX calendar_turns_files ON voiceagent_private.calendar_turns (next_at, tenant_id)
	WHERE state IN ('fetched', 'reading');
SELECT voiceagent_private.guard_table('voiceagent_private.calendar_turns', 'routing', waits => '{next_at}');

CREATE FUNCTION voiceagent_private.lock_followed(followed_id bigint) RETURNS voiceagent.followed_calendars
	LANGUAGE plpgsql VOLATILE SET planner.policy = by_key AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	v_calendar bigint := (SELECT f.calendar_id FROM voiceagent.followed_calendars f
		WHERE f.tenant_id = v_tenant AND f.followed_id = lock_followed.followed_id);
	v voiceagent.followed_calendars;
BEGIN
	-- The calendar first, as bookings do: they look anew at what has changed.
	PERFORM FROM voiceagent.calendars c
	WHERE c.tenant_id = v_tenant AND c.calendar_id = v_calendar FOR NO KEY UPDATE;
	SELECT f.* INTO v FROM voiceagent.followed_calendars f
	WHERE f.tenant_id = v_tenant AND f.followed_id = lock_followed.followed_id FOR UPDATE;
	RETURN v;
END
$$;
COMMENT ON FUNCTION voiceagent_private.lock_followed(bigint) IS
	'A followed calendar of the current tenant, locked after its calendar; all NULL if there is none.';

CREATE FUNCTION voiceagent_private.member_followed(followed_id bigint) RETURNS voiceagent.followed_calendars
	LANGUAGE plpgsql VOLATILE AS $$
DECLARE
	v voiceagent.followed_calendars := voiceagent_private.lock_followed(followed_id);
BEGIN
	PERFORM voiceagent_private.fail_if(v.followed_id IS NULL, 'PT404',
		format('followed calendar %s does not exist', followed_id));
	RETURN v;
END
$$;
COMMENT ON FUNCTION voiceagent_private.member_followed(bigint) IS 'lock_followed(), or PT404.';

CREATE FUNCTION voiceagent_private.person_seat(calendar voiceagent.calendars, person text) RETURNS integer
	LANGUAGE plpgsql STABLE SET planner.policy = by_key AS $$
DECLARE
	v_seat integer;
BEGIN
	IF person IS NULL THEN
		RETURN NULL;
	END IF;
	SELECT p.seat INTO v_seat FROM voiceagent.calendar_people p
	WHERE p.tenant_id = calendar.tenant_id AND p.calendar_id = calendar.calendar_id AND p.name = btrim(person);
	PERFORM voiceagent_private.fail_if(v_seat IS NULL, 'PT404',
		format('calendar %s has no such person', calendar.calendar_id), NULL, 'set_calendar_person() adds one.');
	RETURN v_seat;
END
$$;
COMMENT ON FUNCTION voiceagent_private.person_seat(voiceagent.calendars, text) IS
	'The seat of a person of a calendar; NULL for NULL, PT404 for a name that none has.';

CREATE FUNCTION voiceagent.follow_calendar(calendar_id bigint, url text, person text DEFAULT NULL,
	check_every interval DEFAULT '15 minutes') RETURNS bigint
	LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint;
	v_calendar voiceagent.calendars;
	v_seat integer;
	v_url text := regexp_replace(url, '^webcals?://', 'https://', 'i');
	v_followed bigint;
	c_most CONSTANT integer := 50;
BEGIN
	PERFORM voiceagent_private.hide_query('follow_calendar');
	v_tenant := voiceagent_private.writer_tenant(lasting := true);
	v_calendar := voiceagent_private.calendar_row(calendar_id, true);
	v_seat := voiceagent_private.person_seat(v_calendar, person);
	IF coalesce(length(v_url), 0) NOT BETWEEN 1 AND 2000 THEN
		PERFORM voiceagent_private.fail('PT422', 'a calendar to follow needs a URL of 1 to 2000 characters', NULL,
			'Take the private address in iCal format that the other calendar gives.');
	ELSIF check_every IS NULL OR check_every NOT BETWEEN interval '10 minutes' AND interval '1 day' THEN
		PERFORM voiceagent_private.fail('PT422', 'a calendar is read every 10 minutes to once a day');
	END IF;
	v_url := voiceagent_private.check_target_url(v_url, voiceagent_private.platform_setting('calendar_private_hosts'));
	-- The directory's row makes two of these follow each other.
	PERFORM FROM voiceagent_private.tenant_directory d WHERE d.tenant_id = v_tenant FOR NO KEY UPDATE;
	PERFORM voiceagent_private.fail_if(
		(SELECT count(*) FROM voiceagent.followed_calendars f WHERE f.tenant_id = v_tenant) >= c_most, 'PT409',
		format('a tenant follows at most %s calendars', c_most), NULL, 'unfollow_calendar() ends one.');
	INSERT INTO voiceagent.followed_calendars AS f (tenant_id, calendar_id, seat, origin, check_every, home, created_at)
	VALUES (v_tenant, v_calendar.calendar_id, v_seat, lower(substring(v_url FROM '^[A-Za-z]+://[^/?#]*')), check_every,
		voiceagent_private.home(), voiceagent.clock())
	RETURNING f.followed_id INTO v_followed;
	PERFORM voiceagent_private.seal_secret(voiceagent_private.secret_name('followed_calendar', v_followed), v_url);
	INSERT INTO voiceagent_private.calendar_turns (tenant_id, followed_id, host, next_at)
	VALUES (v_tenant, v_followed, lower(substring(v_url FROM '^[A-Za-z]+://([^/?#]*)')), voiceagent.clock());
	-- An agreement in a call looks at busy times only where a calendar has rules.
	UPDATE voiceagent.calendars c SET has_rules = true
	WHERE c.tenant_id = v_tenant AND c.calendar_id = v_calendar.calendar_id;
	PERFORM voiceagent_private.audit('follow_calendar', 'calendar ' || v_calendar.calendar_id, NULL,
		jsonb_build_object('followed_id', v_followed, 'seat', v_seat));
	PERFORM voiceagent_private.poke('calendar_fetches');
	RETURN v_followed;
END
$$;
COMMENT ON FUNCTION voiceagent.follow_calendar(bigint, text, text, interval) IS
	E'Keeps the busy times of a calendar elsewhere free, for one person of the calendar or (NULL) as a whole; '
	'returns followed_id.\n'
	'calendar_id: NULL is the default one; url: https or webcal, an iCalendar file of a public host; check_every: 10 '
	'minutes to a day. Existing bookings stay. For managers and owners; PT404, PT409 beyond 50, PT422, 55000 without '
	'the vault''s key.';

CREATE FUNCTION voiceagent.unfollow_calendar(followed_id bigint) RETURNS void
	LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent_private.writer_tenant();
	v voiceagent.followed_calendars := voiceagent_private.member_followed(followed_id);
BEGIN
	PERFORM voiceagent_private.drop_followed(ARRAY[v.followed_id]);
	PERFORM voiceagent_private.audit('unfollow_calendar', 'calendar ' || v.calendar_id,
		jsonb_build_object('followed_id', v.followed_id, 'seat', v.seat), NULL);
END
$$;
COMMENT ON FUNCTION voiceagent.unfollow_calendar(bigint) IS
	E'Ends following a calendar elsewhere: its address is forgotten, and its busy times are free again.\n'
	'For managers and owners; PT404.';

CREATE FUNCTION voiceagent_private.drop_followed(followed_ids bigint[]) RETURNS void
	LANGUAGE plpgsql VOLATILE SET planner.policy = by_keys AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
BEGIN
	DELETE FROM voiceagent_private.secrets s
	WHERE s.tenant_id = v_tenant AND s.name = ANY (ARRAY(SELECT voiceagent_private.secret_name('followed_calendar', i)
		FROM unnest(followed_ids) i));
	DELETE FROM voiceagent.followed_calendars f
	WHERE f.tenant_id = v_tenant AND f.followed_id = ANY (followed_ids);
END
$$;
COMMENT ON FUNCTION voiceagent_private.drop_followed(bigint[]) IS
	'Deletes followed calendars of the current tenant with their addresses, turns and busy times.';

CREATE FUNCTION voiceagent.refresh_followed_calendar(followed_id bigint) RETURNS void
	LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent_private.writer_tenant();
	v voiceagent.followed_calendars := voiceagent_private.member_followed(followed_id);
BEGIN
	UPDATE voiceagent.followed_calendars f SET home = voiceagent_private.home()
	WHERE f.tenant_id = v_tenant AND f.followed_id = v.followed_id AND f.home <> voiceagent_private.home();
	UPDATE voiceagent_private.calendar_turns t SET next_at = voiceagent.clock(), hash = NULL
	WHERE t.tenant_id = v_tenant AND t.followed_id = v.followed_id AND t.state = 'waiting';
	PERFORM voiceagent_private.poke('calendar_fetches');
END
$$;
COMMENT ON FUNCTION voiceagent.refresh_followed_calendar(bigint) IS
	E'Has a followed calendar read now, in a copy of the database, too; read_at and status say what came of it.\n'
	'While it is being read: no effect. For managers and owners; PT404.';

CREATE FUNCTION voiceagent_private.calendars_unread()
	RETURNS TABLE (followed_id bigint, since timestamptz, what text, settle text)
	LANGUAGE plpgsql STABLE AS $$
BEGIN
	RETURN QUERY SELECT f.followed_id, coalesce(f.read_at, f.created_at),
		CASE WHEN f.status = 'failed'
			THEN format('calendar %s of %s can no longer be read: %s', f.followed_id, f.origin, f.status_reason)
			ELSE format('%s appointments lie in busy times of calendar %s of %s', f.clashes, f.followed_id, f.origin)
			END,
		format('SELECT voiceagent.refresh_followed_calendar(%1$s); -- or SELECT voiceagent.unfollow_calendar(%1$s);',
			f.followed_id)
	FROM voiceagent.followed_calendars f
	WHERE f.tenant_id = voiceagent.current_tenant() AND (f.status = 'failed' OR f.clashes > 0) ORDER BY f.followed_id;
END
$$;
COMMENT ON FUNCTION voiceagent_private.calendars_unread() IS
	'Followed calendars of the current tenant that cannot be read, or whose busy times hold appointments of ours; '
	'since when, and a statement that looks again.';
