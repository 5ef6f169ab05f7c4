/*
 * 75_calendar: calendars elsewhere into which appointments are written.  A
 * member gives the address of a CalDAV server, a user and an app password; the
 * task calendar_writes (bgworkers/outbound/calendar_writes.c) finds the
 * calendar there and writes it, one request of a connection at a time.
 *
 * The row here wins, because a person has heard it.  A person who moves or
 * deletes the event over there changes nothing here: the tenant is notified,
 * and written anew when it changes here.
 */

CREATE FUNCTION voiceagent_private.want_all_copies(connection voiceagent.calendar_connections) RETURNS void
	LANGUAGE plpgsql VOLATILE SET planner.policy = in_order SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_now timestamptz := voiceagent.clock();
BEGIN
	UPDATE voiceagent.calendar_copies k SET wanted = k.wanted + 1, due_at = v_now, failures = 0, problem = NULL
	WHERE k.tenant_id = connection.tenant_id AND k.calendar_connection_id = connection.calendar_connection_id;
	INSERT INTO voiceagent.calendar_copies (tenant_id, calendar_connection_id, appointment_id, due_at)
	SELECT a.tenant_id, connection.calendar_connection_id, a.appointment_id, v_now FROM voiceagent.appointments a
	WHERE a.tenant_id = connection.tenant_id AND a.calendar_id = connection.calendar_id
		AND a.status IN ('pending', 'confirmed') AND a.starts_at > v_now
		AND voiceagent_private.stands_there(connection, a)
	ON CONFLICT DO NOTHING;
	UPDATE voiceagent_private.calendar_writers w
	SET state = 'waiting', next_at = v_now, failures = 0, deep = false, steps = 0,
		find = CASE WHEN connection.provider = 'caldav' THEN coalesce(connection.collection, connection.url) END,
		read_at = CASE WHEN connection.provider = 'google' THEN v_now END
	WHERE w.tenant_id = connection.tenant_id AND w.calendar_connection_id = connection.calendar_connection_id;
	PERFORM voiceagent_private.poke('calendar_writes');
END
$$;
COMMENT ON FUNCTION voiceagent_private.want_all_copies(voiceagent.calendar_connections) IS
	'Has a calendar elsewhere looked for, and all that is to stand there written as it is here.';

CREATE FUNCTION voiceagent_private.make_connection(calendar_id bigint, person text,
	connection voiceagent.calendar_connections) RETURNS voiceagent.calendar_connections
	LANGUAGE plpgsql VOLATILE SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent_private.writer_tenant();
	v_calendar voiceagent.calendars := voiceagent_private.calendar_row(calendar_id, true);
	v voiceagent.calendar_connections := connection;
	c_most CONSTANT integer := 50;
BEGIN
	PERFORM voiceagent_private.fail_if(length(v.name) NOT BETWEEN 1 AND 200, 'PT422',
		'the name of a calendar elsewhere has 1 to 200 characters');
	PERFORM voiceagent_private.fail_if(v.writes IS NULL OR v.writes NOT IN ('confirmed', 'at_once'), 'PT422',
		'writes is confirmed or at_once');
	-- The directory's row makes two of these follow each other.
	PERFORM FROM voiceagent_private.tenant_directory d WHERE d.tenant_id = v_tenant FOR NO KEY UPDATE;
	PERFORM voiceagent_private.fail_if(
		(SELECT count(*) FROM voiceagent.calendar_connections c WHERE c.tenant_id = v_tenant) >= c_most, 'PT409',
		format('a tenant writes into at most %s calendars', c_most), NULL, 'disconnect_calendar() ends one.');
	INSERT INTO voiceagent.calendar_connections AS c (tenant_id, calendar_id, seat, provider, url, username, name,
		collection, writes, home, created_at)
	VALUES (v_tenant, v_calendar.calendar_id, voiceagent_private.person_seat(v_calendar, person), v.provider, v.url,
		v.username, v.name, v.collection, v.writes, voiceagent_private.home(), voiceagent.clock())
	RETURNING c.* INTO v;
	INSERT INTO voiceagent_private.calendar_writers (tenant_id, calendar_connection_id, host, next_at)
	VALUES (v_tenant, v.calendar_connection_id, lower(substring(v.url FROM '^[A-Za-z]+://([^/?#]*)')),
		voiceagent.clock());
	PERFORM voiceagent_private.want_all_copies(v);
	PERFORM voiceagent_private.audit('connect_calendar', 'calendar ' || v.calendar_id, NULL,
		to_jsonb(v) - '{tenant_id,calendar_id,home,created_at}'::text[]);
	RETURN v;
END
$$;
COMMENT ON FUNCTION voiceagent_private.make_connection(bigint, text, voiceagent.calendar_connections) IS
	'A new connection of a calendar, or of a person of it, of which provider, url, username, name, collection and '
	'writes are given.';

CREATE FUNCTION voiceagent.connect_calendar(calendar_id bigint, url text, username text, password text,
	name text DEFAULT NULL, person text DEFAULT NULL, writes text DEFAULT 'confirmed') RETURNS bigint
	LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v voiceagent.calendar_connections;
BEGIN
	PERFORM voiceagent_private.hide_query('connect_calendar');
	PERFORM voiceagent_private.writer_tenant(lasting := true);
	PERFORM voiceagent_private.fail_if(coalesce(length(url), 0) NOT BETWEEN 1 AND 2000, 'PT422',
		'a calendar to write into needs the URL of its server');
	PERFORM voiceagent_private.fail_if(coalesce(username, '') !~ '^[^:[:cntrl:]]{1,200}$'
		OR NOT coalesce(length(password) BETWEEN 1 AND 500 AND password !~ '[[:cntrl:]]', false), 'PT422',
		'a calendar to write into needs a user and an app password', NULL, 'The user''s name has no colon.');
	v.provider := 'caldav';
	v.url := voiceagent_private.check_target_url(url, voiceagent_private.platform_setting('calendar_private_hosts'));
	v.username := username;
	v.name := name;
	v.writes := writes;
	v := voiceagent_private.make_connection(calendar_id, person, v);
	PERFORM voiceagent_private.seal_secret(
		voiceagent_private.secret_name('calendar_connection', v.calendar_connection_id),
		password);
	RETURN v.calendar_connection_id;
END
$$;
COMMENT ON FUNCTION voiceagent.connect_calendar(bigint, text, text, text, text, text, text) IS
	E'Writes the appointments of a calendar (NULL: the default one), or of a person of it, into one elsewhere by '
	'CalDAV -> calendar_connection_id.\n'
	'url: of the server or the calendar; password: for apps; name: which calendar of that user; writes: confirmed, or '
	'at_once. calendar_connections says what came of it. For managers and owners; PT404, PT409 beyond 50, PT422, 55000 '
	'without the vault''s key.';

CREATE FUNCTION voiceagent_private.member_connection(calendar_connection_id bigint)
	RETURNS voiceagent.calendar_connections
	LANGUAGE plpgsql VOLATILE SET planner.policy = by_key AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	v voiceagent.calendar_connections;
BEGIN
	-- After the copies and the turn, in the order of whoever records an answer.
	PERFORM FROM voiceagent.calendar_copies k
	WHERE k.tenant_id = v_tenant AND k.calendar_connection_id = member_connection.calendar_connection_id
	ORDER BY k.appointment_id FOR UPDATE;
	PERFORM FROM voiceagent_private.calendar_writers w
	WHERE w.tenant_id = v_tenant AND w.calendar_connection_id = member_connection.calendar_connection_id FOR UPDATE;
	SELECT c.* INTO v FROM voiceagent.calendar_connections c
	WHERE c.tenant_id = v_tenant AND c.calendar_connection_id = member_connection.calendar_connection_id FOR UPDATE;
	PERFORM voiceagent_private.fail_if(NOT FOUND, 'PT404',
		format('connection %s to a calendar does not exist', calendar_connection_id));
	RETURN v;
END
$$;
COMMENT ON FUNCTION voiceagent_private.member_connection(bigint) IS
	'A connection of the current tenant to a calendar, locked with all that hangs on it; or PT404.';

CREATE FUNCTION voiceagent.check_calendar_connection(calendar_connection_id bigint, password text DEFAULT NULL,
	writes text DEFAULT NULL) RETURNS void
	LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint;
	v voiceagent.calendar_connections;
BEGIN
	PERFORM voiceagent_private.hide_query('check_calendar_connection');
	v_tenant := voiceagent_private.writer_tenant();
	PERFORM voiceagent_private.fail_if(writes NOT IN ('confirmed', 'at_once', 'nothing'), 'PT422',
		'writes is confirmed, at_once or nothing');
	PERFORM voiceagent_private.fail_if(NOT (length(password) BETWEEN 1 AND 500 AND password !~ '[[:cntrl:]]'), 'PT422',
		'this is no app password');
	v := voiceagent_private.member_connection(calendar_connection_id);
	PERFORM voiceagent_private.fail_if(password IS NOT NULL AND v.provider = 'google', 'PT422',
		'Google takes no app passwords', NULL, 'connect_google() has it allowed anew.');
	IF password IS NOT NULL THEN
		PERFORM voiceagent_private.seal_secret(
		voiceagent_private.secret_name('calendar_connection', v.calendar_connection_id),
			password);
	END IF;
	IF num_nonnulls(password, writes) > 0 THEN
		PERFORM voiceagent_private.audit('check_calendar_connection', 'calendar ' || v.calendar_id,
			jsonb_build_object('calendar_connection_id', v.calendar_connection_id, 'writes', v.writes),
			jsonb_strip_nulls(jsonb_build_object('writes', writes, 'password', nullif(password IS NOT NULL, false))));
	END IF;
	UPDATE voiceagent.calendar_connections c
	SET writes = coalesce(check_calendar_connection.writes, c.writes), home = voiceagent_private.home()
	WHERE c.tenant_id = v_tenant AND c.calendar_connection_id = v.calendar_connection_id
	RETURNING c.* INTO v;
	PERFORM voiceagent_private.want_all_copies(v);
END
$$;
COMMENT ON FUNCTION voiceagent.check_calendar_connection(bigint, text, text) IS
	E'Looks for a connected calendar now, and writes all that stands there anew, as it is here.\n'
	'password: a new one; writes: confirmed, at_once, or nothing, which takes every event away. calendar_connections '
	'says what came of it. For managers and owners; PT404, PT422.';

CREATE FUNCTION voiceagent.wake_calendar_connection(calendar_connection_id bigint) RETURNS boolean
	LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent_private.writer_tenant();
	v_now timestamptz := voiceagent.clock();
	v voiceagent.calendar_connections := voiceagent_private.member_connection(calendar_connection_id);
	v_writer voiceagent_private.calendar_writers;
	c_rest CONSTANT interval := '1 minute';
BEGIN
	SELECT w.* INTO v_writer FROM voiceagent_private.calendar_writers w
	WHERE w.tenant_id = v_tenant AND w.calendar_connection_id = v.calendar_connection_id;
	IF v_writer.failures = 0 OR v_writer.state = 'asked' THEN
		RETURN false;
	END IF;
	PERFORM voiceagent_private.fail_if(v_writer.woken_at > v_now - c_rest, 'PT429',
		'it was tried less than a minute ago', NULL, 'Wait a minute, and try again.');
	UPDATE voiceagent_private.calendar_writers w SET next_at = v_now, woken_at = v_now
	WHERE w.tenant_id = v_tenant AND w.calendar_connection_id = v.calendar_connection_id;
	PERFORM voiceagent_private.poke('calendar_writes');
	RETURN true;
END
$$;
COMMENT ON FUNCTION voiceagent.wake_calendar_connection(bigint) IS
	E'Has a connected calendar that rests after a failure tried now, once a minute at most -> false: it rests not.\n'
	'Nothing else is written anew, as check_calendar_connection() does. For managers and owners; PT404, PT429.';

CREATE FUNCTION voiceagent_private.drop_connections(connection_ids bigint[]) RETURNS void
	LANGUAGE plpgsql VOLATILE SET planner.policy = by_keys AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
BEGIN
	DELETE FROM voiceagent_private.secrets s
	WHERE s.tenant_id = v_tenant AND s.name = ANY (ARRAY(SELECT f.name
		FROM unnest(connection_ids) i, LATERAL (VALUES (voiceagent_private.secret_name('calendar_connection', i)),
			(voiceagent_private.secret_name('calendar_access', i))) f(name)));
	DELETE FROM voiceagent.calendar_copies k
	WHERE k.tenant_id = v_tenant AND k.calendar_connection_id = ANY (connection_ids);
	DELETE FROM voiceagent.calendar_connections c
	WHERE c.tenant_id = v_tenant AND c.calendar_connection_id = ANY (connection_ids);
END
$$;
COMMENT ON FUNCTION voiceagent_private.drop_connections(bigint[]) IS
	'Deletes connections of the current tenant to calendars, with their passwords; what stands there stays.';

CREATE FUNCTION voiceagent.disconnect_calendar(calendar_connection_id bigint) RETURNS void
	LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent_private.writer_tenant();
	v voiceagent.calendar_connections := voiceagent_private.member_connection(calendar_connection_id);
BEGIN
	PERFORM voiceagent_private.drop_connections(ARRAY[v.calendar_connection_id]);
	PERFORM voiceagent_private.audit('disconnect_calendar', 'calendar ' || v.calendar_id,
		to_jsonb(v) - '{tenant_id,calendar_id,home,created_at}'::text[], NULL);
END
$$;
COMMENT ON FUNCTION voiceagent.disconnect_calendar(bigint) IS
	E'Ends writing into a calendar elsewhere: its password is forgotten, and what stands there stays.\n'
	'check_calendar_connection(..., writes => ''nothing'') takes that away before. For managers and owners; PT404.';

CREATE FUNCTION voiceagent_private.calendars_unwritten() RETURNS TABLE (since timestamptz, what text, settle text)
	LANGUAGE plpgsql STABLE SET planner.policy = in_order SET search_path = pg_catalog, pg_temp AS $$
BEGIN
	RETURN QUERY SELECT coalesce(c.checked_at, c.created_at), concat_ws('; ',
			CASE WHEN c.status = 'failed' THEN format('nothing is written into the calendar of connection %s: %s',
				c.calendar_connection_id, c.status_reason) END,
			p.told),
		format('SELECT voiceagent.check_calendar_connection(%s);', c.calendar_connection_id)
	FROM voiceagent.calendar_connections c
	CROSS JOIN LATERAL (SELECT string_agg(format('appointment %s %s', k.appointment_id, k.problem), '; ')
		AS told FROM (SELECT o.appointment_id, o.problem FROM voiceagent.calendar_copies o
			WHERE o.tenant_id = c.tenant_id AND o.calendar_connection_id = c.calendar_connection_id
				AND o.problem IS NOT NULL
			ORDER BY o.appointment_id LIMIT 5) k) p
	WHERE c.tenant_id = voiceagent.current_tenant() AND (c.status = 'failed' OR p.told IS NOT NULL)
	ORDER BY c.calendar_connection_id;
END
$$;
COMMENT ON FUNCTION voiceagent_private.calendars_unwritten() IS
	'Connections of the current tenant to calendars that do not work, or where somebody has moved or deleted events '
	'(the first five); since when, and a statement that writes them anew.';
