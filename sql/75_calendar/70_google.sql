/*
 * 75_calendar: appointments are written into Google Calendar, by the rules of 65_write.sql.
 *
 * A connection has a refresh token, as the form by which an access token is
 * asked for, and that one for about an hour.  Whoever has been sent to Google
 * brings the first one back (96_console/89_google.sql).
 *
 *	401 of a request	a new access token, then again
 *	invalid_grant		nothing more until a person allows it again: it has failed, which is told
 *	403 that says so	Google wants to be asked more rarely
 *	409 of an insert	the ID is taken: it is there, or was deleted, and is looked at
 *
 * The ID of an event is ours, too.  One that was deleted is never free again,
 * so the next one has another (calendar_copies.generation).
 *
 * Changes there are asked for every five minutes, by Google's token for that, and an event of
 * ours among it is looked at.  Google would tell it at once, but only to an address that it
 * reaches with a certificate that it trusts, which a console in somebody's own network has not;
 * what stands here wins, so minutes do no harm.
 */

CREATE FUNCTION voiceagent_private.google_address(which integer) RETURNS text
	LANGUAGE sql STABLE
	RETURN (string_to_array(voiceagent_private.platform_setting('google_urls'), ' '))[which];
COMMENT ON FUNCTION voiceagent_private.google_address(integer) IS
	'Where Google asks its users (1), gives tokens (2), and has calendars (3).';

CREATE FUNCTION voiceagent_private.google_json(body text) RETURNS jsonb
	LANGUAGE plpgsql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
	RETURN CASE WHEN body LIKE '{%' THEN body::jsonb END;
EXCEPTION WHEN data_exception OR SQLSTATE '54001' THEN
	RETURN NULL;
END
$$;
COMMENT ON FUNCTION voiceagent_private.google_json(text) IS 'An answer of Google''s; NULL: it is none.';

CREATE FUNCTION voiceagent_private.google_event_id(copy voiceagent.calendar_copies) RETURNS text
	LANGUAGE sql STABLE
	RETURN format('va%sg%sd%s', (copy).appointment_id, (copy).generation,
		split_part(voiceagent_private.icalendar_domain(), '.', 1));
COMMENT ON FUNCTION voiceagent_private.google_event_id(voiceagent.calendar_copies) IS
	'The ID of an event at Google: letters from a to v, and digits.';

CREATE FUNCTION voiceagent_private.google_event_request(connection voiceagent.calendar_connections,
	copy voiceagent.calendar_copies, appointment voiceagent.appointments, deed text, INOUT condition text,
	OUT method text, OUT url text, OUT content text)
	LANGUAGE plpgsql STABLE SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_id text := voiceagent_private.google_event_id(copy);
	v_new boolean := deed = 'put' AND copy.etag IS NULL;
	v voiceagent_private.icalendar_event;
	c_time CONSTANT text := 'YYYY-MM-DD"T"HH24:MI:SS"Z"';
BEGIN
	method := CASE WHEN v_new THEN 'POST' WHEN deed = 'put' THEN 'PATCH' WHEN deed = 'delete' THEN 'DELETE'
		ELSE 'GET' END;
	condition := CASE WHEN NOT v_new THEN condition END;
	url := concat(connection.collection, CASE WHEN NOT v_new THEN '/' || v_id END,
		CASE WHEN deed <> 'look' THEN '?sendUpdates=none' END);
	IF deed = 'put' THEN
		v := voiceagent_private.appointment_event(appointment);
		content := jsonb_strip_nulls(jsonb_build_object('id', CASE WHEN v_new THEN v_id END,
			'summary', v.summary, 'description', coalesce(v.description, ''), 'status', lower(v.status),
			'start', jsonb_build_object('dateTime', to_char(v.starts_at AT TIME ZONE 'UTC', c_time)),
			'end', jsonb_build_object('dateTime', to_char(v.ends_at AT TIME ZONE 'UTC', c_time)),
			'extendedProperties', jsonb_build_object('private', jsonb_build_object('voiceagent', v.uid))))::text;
	END IF;
END
$$;
COMMENT ON FUNCTION voiceagent_private.google_event_request(voiceagent.calendar_connections, voiceagent.calendar_copies,
	voiceagent.appointments, text, text) IS
	'How Google is asked to put, delete or show an event; without mail.';

CREATE FUNCTION voiceagent_private.google_request(connection voiceagent.calendar_connections,
	turn voiceagent_private.calendar_writers, OUT method text, OUT url text, OUT condition text, OUT content text,
	OUT deed text, OUT appointment_id bigint, OUT version integer)
	LANGUAGE plpgsql VOLATILE SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_now timestamptz := voiceagent.clock();
	c_soon CONSTANT interval := '1 minute';
	-- So that the longest IDs that Google has fit into an answer.
	c_items CONSTANT integer := 200;
BEGIN
	IF turn.token_until < v_now + c_soon THEN
		deed := 'token';
		version := turn.consents;
		method := 'POST';
		url := voiceagent_private.google_address(2) || '/token';
		content := 'client_id='
			|| voiceagent_private.percent_encoded(voiceagent_private.platform_setting('google_client_id'));
	ELSIF turn.token_until IS NOT NULL AND turn.read_at <= v_now THEN
		deed := 'read';
		method := 'GET';
		-- But for its tokens, each question of a series has to be the same.
		url := concat(connection.collection, '?maxResults=', c_items, '&showDeleted=true&fields=nextPageToken,'
			'nextSyncToken,items(id,etag)', '&syncToken=' || nullif(voiceagent_private.percent_encoded(turn.sync), ''),
			'&pageToken=' || nullif(voiceagent_private.percent_encoded(turn.page), ''));
	ELSIF turn.token_until IS NOT NULL THEN
		SELECT r.method, r.url, r.condition, r.content, r.deed, r.appointment_id, r.version
		INTO method, url, condition, content, deed, appointment_id, version
		FROM voiceagent_private.copy_request(connection) r;
	END IF;
END
$$;
COMMENT ON FUNCTION voiceagent_private.google_request(voiceagent.calendar_connections,
	voiceagent_private.calendar_writers) IS
	'The next request to Google for a connection: for a token, the changes, or an event; deed is NULL if none is due.';

CREATE FUNCTION voiceagent_private.google_answer(deed text, INOUT http_status integer, body text, OUT etag text)
	LANGUAGE plpgsql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v jsonb := voiceagent_private.google_json(body);
BEGIN
	etag := v ->> 'etag';
	http_status := CASE
		WHEN http_status = 403 AND v #>> '{error,errors,0,reason}' ~ '(^r|R)ate|[qQ]uota|LimitExceeded$' THEN 429
		-- Condition and collision are one: it has another.
		WHEN http_status = 409 AND deed = 'put' THEN 412
		WHEN http_status = 200 AND deed = 'look' AND v ->> 'status' = 'cancelled' THEN 410
		-- Something in between has answered.
		WHEN http_status BETWEEN 200 AND 299 AND deed <> 'delete' AND v IS NULL THEN 502
		ELSE http_status END;
END
$$;
COMMENT ON FUNCTION voiceagent_private.google_answer(text, integer, text) IS
	'Translates an answer of Google into one of CalDAV, with Google''s version of the event.';

CREATE FUNCTION voiceagent_private.record_google_token(connection voiceagent.calendar_connections, http_status integer,
	error text, body text, wait integer) RETURNS void
	LANGUAGE plpgsql VOLATILE SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v jsonb := voiceagent_private.google_json(body);
	v_token text := CASE WHEN http_status = 200 AND length(v ->> 'access_token') <= 4000
		AND v ->> 'access_token' ~ '^[!-~]+$' THEN v ->> 'access_token' END;
	-- A permission that the user unticked is missing.
	v_unticked boolean := v_token IS NOT NULL AND v ->> 'scope' !~ '/auth/calendar(\.events)?(\s|$)';
	v_lost boolean := coalesce(v_unticked OR v ->> 'error' = 'invalid_grant', false);
	v_why text;
BEGIN
	IF v_token IS NULL OR v_lost THEN
		v_why := CASE WHEN v_unticked THEN 'the calendar was not ticked at Google: connect it again, and tick it'
			WHEN v_lost THEN 'Google no longer allows it (invalid_grant): connect it again'
			WHEN v ->> 'error' = 'invalid_client' THEN 'Google does not know the platform''s client: ask the platform'
			ELSE voiceagent_private.calendar_reason(http_status, error) END;
		UPDATE voiceagent_private.calendar_writers w SET token_until = NULL
		WHERE w.tenant_id = connection.tenant_id AND w.calendar_connection_id = connection.calendar_connection_id
			AND v_lost;
		PERFORM voiceagent_private.calendar_write_failed(connection, v_why,
			v_lost OR coalesce(v ->> 'error' = 'invalid_client', false), wait);
	ELSE
		PERFORM voiceagent_private.seal_secret(
			voiceagent_private.secret_name('calendar_access', connection.calendar_connection_id),
			v_token);
		IF v ->> 'refresh_token' <> '' THEN
			PERFORM voiceagent_private.seal_secret(
				voiceagent_private.secret_name('calendar_connection', connection.calendar_connection_id),
				'grant_type=refresh_token&refresh_token='
				|| voiceagent_private.percent_encoded(left(v ->> 'refresh_token', 4000)));
		END IF;
		-- It counts as no success: one that Google gives and refuses again would never be reported.
		UPDATE voiceagent_private.calendar_writers w SET state = 'waiting', next_at = voiceagent.clock(),
			token_until = voiceagent.clock() + interval '1 second'
				* CASE WHEN v ->> 'expires_in' ~ '^\d{3,5}$' THEN (v ->> 'expires_in')::integer ELSE 3600 END
		WHERE w.tenant_id = connection.tenant_id AND w.calendar_connection_id = connection.calendar_connection_id;
	END IF;
	PERFORM voiceagent_private.poke('calendar_writes');
END
$$;
COMMENT ON FUNCTION voiceagent_private.record_google_token(voiceagent.calendar_connections, integer, text, text,
	integer) IS
	'Seals the access token that Google gave for a connection, and a new refresh token; or why it gave none.';

CREATE FUNCTION voiceagent_private.record_google_read(connection voiceagent.calendar_connections,
	turn voiceagent_private.calendar_writers, http_status integer, error text, body text) RETURNS text
	LANGUAGE plpgsql VOLATILE SET planner.policy = in_order SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_now timestamptz := voiceagent.clock();
	v jsonb := voiceagent_private.google_json(body);
	v_items jsonb := CASE jsonb_typeof(v -> 'items') WHEN 'array' THEN v -> 'items' ELSE '[]' END;
	-- After a token that has ended the changes are unknown.
	v_anew boolean := http_status IN (400, 410) AND num_nonnulls(turn.sync, turn.page) > 0;
	c_every CONSTANT interval := '5 minutes';
BEGIN
	IF v_anew IS NOT TRUE AND http_status IS DISTINCT FROM 200 THEN
		RETURN voiceagent_private.calendar_reason(http_status, error);
	END IF;
	-- An appointment that changes meanwhile goes first, and is looked at by itself.
	UPDATE voiceagent.calendar_copies k SET due_at = v_now
	WHERE k.tenant_id = connection.tenant_id AND k.calendar_connection_id = connection.calendar_connection_id
		AND k.done = k.wanted AND k.etag IS NOT NULL AND k.due_at > v_now
		AND split_part(k.said[cardinality(k.said)], '/', 1)::bigint > extract(epoch FROM v_now)
		AND (v_anew OR k.appointment_id = ANY (ARRAY(SELECT substring(i ->> 'id' FROM '^va(\d{1,18})g\d')::bigint
			FROM jsonb_array_elements(v_items) i)) AND NOT EXISTS (SELECT FROM jsonb_array_elements(v_items) i
				WHERE i ->> 'id' = voiceagent_private.google_event_id(k) AND i ->> 'etag' = k.etag));
	UPDATE voiceagent_private.calendar_writers w SET page = CASE WHEN NOT v_anew THEN v ->> 'nextPageToken' END,
		sync = CASE WHEN NOT v_anew THEN coalesce(v ->> 'nextSyncToken', w.sync) END,
		read_at = CASE WHEN v_anew OR v ? 'nextPageToken' THEN v_now ELSE v_now + c_every END
	WHERE w.tenant_id = connection.tenant_id AND w.calendar_connection_id = connection.calendar_connection_id;
	UPDATE voiceagent.calendar_connections c SET checked_at = v_now
	WHERE c.tenant_id = connection.tenant_id AND c.calendar_connection_id = connection.calendar_connection_id;
	RETURN NULL;
END
$$;
COMMENT ON FUNCTION voiceagent_private.record_google_read(voiceagent.calendar_connections,
	voiceagent_private.calendar_writers, integer, text, text) IS
	E'Has the events of a connection looked at that have changed at Google, and notes from where to read on, or that '
	'all is to be read.\n'
	'Why it could not be read; NULL: it was.';
