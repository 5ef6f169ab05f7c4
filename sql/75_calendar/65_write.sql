/*
 * 75_calendar: appointments are written into calendars elsewhere (RFC 4791).
 *
 * The address of an event and its UID are ours, so one that is sent twice is one.  Nothing is
 * overwritten unseen: the first PUT says If-None-Match, each later one and DELETE name the version
 * that is known (If-Match).  The server's answers:
 *
 *	2xx			done
 *	412, or 404 of what was there	it has another version, or none: it is looked at, and done again
 *	404, 410 of DELETE	done
 *	401			nothing more for six hours; the connection has failed
 *	5xx, 429, no answer	again, more and more rarely, up to an hour; Retry-After counts
 *	403, 404, 405, 410	the same, and the fifth in a row gives that event up
 *	another 4xx		the fifth in a row gives that event up; others go on meanwhile
 *
 * A request of which no answer came may arrive late: what it may have written
 * is looked at once more before its event counts as gone (doubt).
 */

SELECT voiceagent_private.make_queue('calendar_writes', 'voiceagent_private.calendar_writers', by_time => true,
	claimed => $$q.state = 'asked'$$, freed => $$state = 'waiting', next_at = voiceagent.clock()$$, due => 'v_now',
	share => 4);

CREATE FUNCTION voiceagent_private.span_text(starts_at timestamptz, ends_at timestamptz) RETURNS text
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
	RETURN pg_catalog.format('%s/%s', extract(epoch FROM starts_at)::bigint, extract(epoch FROM ends_at)::bigint);
COMMENT ON FUNCTION voiceagent_private.span_text(timestamptz, timestamptz) IS
	'A start and an end in seconds since 1970, as calendar_copies.said has them.';

CREATE FUNCTION voiceagent_private.next_copy(connection voiceagent.calendar_connections,
	OUT copy voiceagent.calendar_copies, OUT appointment voiceagent.appointments, OUT deed text)
	LANGUAGE plpgsql VOLATILE SET planner.policy = in_order SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := connection.tenant_id;
	v_wanted boolean;
	v_maybe boolean;
BEGIN
	LOOP
		SELECT k.* INTO copy FROM voiceagent.calendar_copies k
		WHERE k.tenant_id = v_tenant AND k.calendar_connection_id = connection.calendar_connection_id
			AND k.due_at <= voiceagent.clock()
		ORDER BY k.due_at, k.appointment_id LIMIT 1 FOR UPDATE SKIP LOCKED;
		EXIT WHEN NOT FOUND;
		SELECT a.* INTO appointment FROM voiceagent.appointments a
		WHERE a.tenant_id = v_tenant AND a.appointment_id = copy.appointment_id;
		v_wanted := coalesce(voiceagent_private.stands_there(connection, appointment), false);
		v_maybe := copy.etag IS NOT NULL OR copy.said <> '{}';
		deed := CASE WHEN v_wanted THEN CASE WHEN v_maybe AND (copy.look OR copy.done = copy.wanted) THEN 'look'
				WHEN copy.done < copy.wanted THEN 'put' END
			WHEN copy.etag IS NOT NULL AND NOT copy.look THEN 'delete' WHEN v_maybe THEN 'look' END;
		EXIT WHEN deed IS NOT NULL;
		-- Nothing of it is there, nor is to be.
		IF appointment.appointment_id IS NULL THEN
			DELETE FROM voiceagent.calendar_copies k WHERE k.tenant_id = v_tenant
				AND k.calendar_connection_id = connection.calendar_connection_id
				AND k.appointment_id = copy.appointment_id;
		ELSE
			UPDATE voiceagent.calendar_copies k SET done = k.wanted, due_at = 'infinity'
			WHERE k.tenant_id = v_tenant AND k.calendar_connection_id = connection.calendar_connection_id
				AND k.appointment_id = copy.appointment_id;
		END IF;
	END LOOP;
END
$$;
COMMENT ON FUNCTION voiceagent_private.next_copy(voiceagent.calendar_connections) IS
	'The first write due in the calendar of a connection, locked: put, delete or look; deed is NULL if none is.';

CREATE FUNCTION voiceagent_private.copy_request(connection voiceagent.calendar_connections, OUT method text,
	OUT url text, OUT condition text, OUT content text, OUT deed text, OUT appointment_id bigint, OUT version integer)
	LANGUAGE plpgsql VOLATILE SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v record;
	v_copy voiceagent.calendar_copies;
	v_now timestamptz := voiceagent.clock();
	v_span text;
	c_doubt CONSTANT interval := '10 minutes';
	c_said CONSTANT integer := 20;
BEGIN
	SELECT n.* INTO v FROM voiceagent_private.next_copy(connection) n;
	v_copy := v.copy;
	deed := v.deed;
	IF deed IS NULL THEN
		RETURN;
	END IF;
	appointment_id := v_copy.appointment_id;
	version := v_copy.wanted;
	method := CASE deed WHEN 'put' THEN 'PUT' WHEN 'delete' THEN 'DELETE' ELSE 'GET' END;
	url := format('%s%s-%s.ics', connection.collection, appointment_id,
		split_part(voiceagent_private.icalendar_domain(), '.', 1));
	IF deed = 'put' THEN
		v_span := voiceagent_private.span_text((v.appointment).starts_at, (v.appointment).ends_at);
	END IF;
	IF deed = 'put' AND connection.provider = 'caldav' THEN
		content := voiceagent_private.icalendar(NULL, NULL, NULL, v_now,
			ARRAY[voiceagent_private.appointment_event(v.appointment)]);
	END IF;
	condition := CASE WHEN deed = 'look' THEN NULL WHEN v_copy.etag IS NULL THEN 'if-none-match: *'
		WHEN v_copy.etag <> '' THEN 'if-match: ' || v_copy.etag END;
	IF connection.provider = 'google' THEN
		SELECT g.method, g.url, g.condition, g.content INTO method, url, condition, content
		FROM voiceagent_private.google_event_request(connection, v_copy, v.appointment, deed, condition) g;
	END IF;
	UPDATE voiceagent.calendar_copies k
	SET sending = CASE WHEN copy_request.deed <> 'look' THEN k.wanted END,
		said = (CASE WHEN v_span IS NULL THEN k.said
			ELSE array_append(array_remove(k.said, v_span), v_span) END)[greatest(cardinality(k.said) - c_said, 1):],
		-- The outcome of the last one is unknown.
		doubt = CASE WHEN k.sending IS NOT NULL THEN v_now + c_doubt ELSE k.doubt END
	WHERE k.tenant_id = connection.tenant_id AND k.calendar_connection_id = connection.calendar_connection_id
		AND k.appointment_id = v_copy.appointment_id;
END
$$;
COMMENT ON FUNCTION voiceagent_private.copy_request(voiceagent.calendar_connections) IS
	'The next request that writes or looks at an event of a connection; deed is NULL if nothing is due.';

CREATE FUNCTION voiceagent_private.claim_calendar_writes(max_writes integer, armed boolean,
	OUT calendar_connection_id bigint, OUT deed text, OUT appointment_id bigint, OUT version integer,
	OUT method text, OUT url text, OUT condition text, OUT content text, OUT content_type text, OUT username text,
	OUT secret text, OUT bearer boolean, OUT platform_secret text,
	OUT private_host boolean, OUT timeout_ms integer, OUT problem text) RETURNS SETOF record
	LANGUAGE plpgsql VOLATILE SET planner.policy = in_order SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	v_now timestamptz := voiceagent.clock();
	v_allowed text := voiceagent_private.platform_setting('calendar_private_hosts');
	v voiceagent_private.calendar_writers;
	v_connection voiceagent.calendar_connections;
	c_timeout CONSTANT interval := '20 seconds';
	-- All tenants together: no server has all that may be on its way.
	c_of_host CONSTANT integer := 8;
	c_find CONSTANT text := '<?xml version="1.0"?><propfind xmlns="DAV:" xmlns:c="urn:ietf:params:xml:ns:caldav">'
		'<prop><resourcetype/><displayname/><current-user-principal/><c:calendar-home-set/>'
		'<c:supported-calendar-component-set/></prop></propfind>';
BEGIN
	FOR v IN
		SELECT w.* FROM voiceagent_private.calendar_writers w
		WHERE w.tenant_id = v_tenant AND w.next_at <= v_now
			AND (SELECT count(*) FROM voiceagent_private.calendar_writers o
				WHERE o.host = w.host AND o.state = 'asked' AND o.next_at > v_now) < c_of_host
		ORDER BY w.next_at LIMIT voiceagent_private.room_for_calendar_writes(v_tenant, max_writes)
		FOR UPDATE SKIP LOCKED
	LOOP
		SELECT c.* INTO v_connection FROM voiceagent.calendar_connections c
		WHERE c.tenant_id = v_tenant AND c.calendar_connection_id = v.calendar_connection_id;
		bearer := false;
		platform_secret := NULL;
		secret := voiceagent_private.secret_name('calendar_connection', v.calendar_connection_id);
		content_type := 'text/calendar; charset=utf-8';
		IF v_connection.provider = 'google' THEN
			SELECT r.method, r.url, r.condition, r.content, r.deed, r.appointment_id, r.version, r.deed <> 'token',
				CASE r.deed WHEN 'token' THEN 'google_client' END,
				CASE r.deed WHEN 'token' THEN secret
					ELSE voiceagent_private.secret_name('calendar_access', v.calendar_connection_id) END,
				CASE r.deed WHEN 'token' THEN 'application/x-www-form-urlencoded' ELSE 'application/json' END
			INTO method, url, condition, content, deed, appointment_id, version, bearer, platform_secret, secret,
				content_type
			FROM voiceagent_private.google_request(v_connection, v) r;
		ELSIF v.find IS NULL THEN
			SELECT r.method, r.url, r.condition, r.content, r.deed, r.appointment_id, r.version
			INTO method, url, condition, content, deed, appointment_id, version
			FROM voiceagent_private.copy_request(v_connection) r;
		ELSE
			SELECT 'PROPFIND', v.find, format('depth: %s', v.deep::integer), c_find, 'find', NULL, NULL,
				'application/xml; charset=utf-8'
			INTO method, url, condition, content, deed, appointment_id, version, content_type;
		END IF;
		UPDATE voiceagent_private.calendar_writers w
		SET state = CASE WHEN claim_calendar_writes.deed IS NULL THEN 'waiting' ELSE 'asked' END,
			next_at = CASE WHEN claim_calendar_writes.deed IS NOT NULL THEN v_now + c_timeout * 2
				-- It is not allowed at Google.
				WHEN v_connection.provider = 'google' AND v.token_until IS NULL THEN 'infinity'
				ELSE voiceagent_private.next_write(v.calendar_connection_id) END
		WHERE w.tenant_id = v_tenant AND w.calendar_connection_id = v.calendar_connection_id;
		CONTINUE WHEN deed IS NULL;
		calendar_connection_id := v.calendar_connection_id;
		username := v_connection.username;
		private_host := voiceagent_private.is_allowed_host(url, v_allowed);
		timeout_ms := (extract(epoch FROM c_timeout) * 1000)::integer;
		problem := CASE WHEN NOT private_host AND url NOT LIKE 'https://%'
				THEN 'the platform no longer allows this host'
			WHEN v_connection.home <> voiceagent_private.home() AND NOT armed
				THEN 'it is written from another database: check_calendar_connection() writes it from here' END;
		RETURN NEXT;
	END LOOP;
END
$$;
COMMENT ON FUNCTION voiceagent_private.claim_calendar_writes(integer, boolean) IS
	'Claims the current tenant''s writes into calendars elsewhere, one request a connection and at most so many, of a '
	'host no more than eight of all tenants, leased from now: the request, under which names the vault has its '
	'password, and the platform''s own, whether it may go to our own network, how long to wait, and why it is not to '
	'be sent.';

CREATE FUNCTION voiceagent_private.next_write(calendar_connection_id bigint) RETURNS timestamptz
	LANGUAGE sql STABLE
	RETURN coalesce(least((SELECT k.due_at FROM voiceagent.calendar_copies k
		WHERE k.tenant_id = voiceagent.current_tenant() AND k.calendar_connection_id = next_write.calendar_connection_id
		ORDER BY k.due_at LIMIT 1), (SELECT w.read_at FROM voiceagent_private.calendar_writers w
		WHERE w.tenant_id = voiceagent.current_tenant()
			AND w.calendar_connection_id = next_write.calendar_connection_id)), 'infinity');
COMMENT ON FUNCTION voiceagent_private.next_write(bigint) IS
	'When the first of what is written into the calendar of a connection, or read there, is due; infinity: never.';

CREATE FUNCTION voiceagent_private.calendar_write_failed(connection voiceagent.calendar_connections, reason text,
	fatal boolean, wait integer) RETURNS void
	LANGUAGE plpgsql VOLATILE SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_failures integer;
	-- As often in a row, and it counts as failed; it is tried further on.
	c_failures CONSTANT integer := 3;
BEGIN
	UPDATE voiceagent_private.calendar_writers w
	SET state = 'waiting', failures = CASE WHEN fatal THEN greatest(w.failures + 1, c_failures) ELSE w.failures + 1 END,
		next_at = voiceagent.clock() + greatest(
		CASE WHEN fatal THEN interval '6 hours' ELSE least(interval '30 seconds' * power(2, least(w.failures, 10)),
			interval '1 hour') END,
		least(coalesce(wait, 0), 86400) * interval '1 second')
	WHERE w.tenant_id = connection.tenant_id AND w.calendar_connection_id = connection.calendar_connection_id
	RETURNING w.failures INTO v_failures;
	UPDATE voiceagent.calendar_connections c
	SET status_reason = left(reason, 500),
		status = CASE WHEN fatal OR v_failures >= c_failures THEN 'failed' ELSE c.status END
	WHERE c.tenant_id = connection.tenant_id AND c.calendar_connection_id = connection.calendar_connection_id;
	IF connection.status <> 'failed' AND (fatal OR v_failures >= c_failures) THEN
		PERFORM voiceagent_private.log_event('calendar_unwritten', NULL, NULL, NULL,
			jsonb_build_object('calendar_connection_id', connection.calendar_connection_id,
				'calendar_id', connection.calendar_id, 'reason', left(reason, 500)));
	END IF;
END
$$;
COMMENT ON FUNCTION voiceagent_private.calendar_write_failed(voiceagent.calendar_connections, text, boolean, integer) IS
	E'Notes why nothing was written into the calendar of a connection, which rests after each failure twice as long, '
	'up to an hour, or wait seconds.\n'
	'fatal (six hours), or the third time in a row: it has failed, which an event tells once.';

CREATE FUNCTION voiceagent_private.calendar_write_worked(connection voiceagent.calendar_connections) RETURNS void
	LANGUAGE plpgsql VOLATILE SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
BEGIN
	IF connection.status = 'failed' THEN
		-- The server was at fault, not they.
		UPDATE voiceagent.calendar_copies k SET failures = 0, problem = NULL, due_at = voiceagent.clock()
		WHERE k.tenant_id = connection.tenant_id AND k.calendar_connection_id = connection.calendar_connection_id
			AND k.failures > 0
			AND k.done < k.wanted;
	END IF;
	UPDATE voiceagent_private.calendar_writers w
	SET state = 'waiting', failures = 0, next_at = CASE WHEN w.find IS NULL
		THEN voiceagent_private.next_write(w.calendar_connection_id) ELSE voiceagent.clock() END
	WHERE w.tenant_id = connection.tenant_id AND w.calendar_connection_id = connection.calendar_connection_id;
	UPDATE voiceagent.calendar_connections c SET status = 'ready', status_reason = NULL
	WHERE c.tenant_id = connection.tenant_id AND c.calendar_connection_id = connection.calendar_connection_id
		AND (c.status <> 'ready' OR c.status_reason IS NOT NULL);
	IF connection.status <> 'ready' THEN
		PERFORM voiceagent_private.log_event('calendar_connected', NULL, NULL, NULL,
			jsonb_build_object('calendar_connection_id', connection.calendar_connection_id,
				'calendar_id', connection.calendar_id));
	END IF;
END
$$;
COMMENT ON FUNCTION voiceagent_private.calendar_write_worked(voiceagent.calendar_connections) IS
	'Notes that the server of a connection has done as it was asked; an event tells of the first time, and of the '
	'first after it had failed.';

CREATE FUNCTION voiceagent_private.calendar_reason(http_status integer, error text) RETURNS text
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
	RETURN CASE WHEN http_status IS NULL THEN 'the server gives no answer: ' || coalesce(error, 'nothing was sent')
		ELSE concat(CASE WHEN http_status = 401 THEN 'the server refuses the user or the app password'
			WHEN http_status = 403 THEN 'the user may not write there'
			WHEN http_status IN (404, 405, 410) THEN 'there is no such calendar at this address'
			WHEN http_status = 429 THEN 'the server wants to be asked more rarely'
			WHEN http_status = 507 THEN 'the calendar there is full'
			WHEN http_status >= 500 THEN 'the server does not work' ELSE 'the server does not take it' END,
			' (HTTP status ', http_status, ')') END;
COMMENT ON FUNCTION voiceagent_private.calendar_reason(integer, text) IS
	'The status of an answer of a calendar''s server (NULL: no answer came) in words for people.';

CREATE FUNCTION voiceagent_private.event_span(body text) RETURNS text
	LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	-- Long lines are folded.
	v_event text := substring(regexp_replace(replace(body, E'\r', ''), '\n[ \t]', '', 'g')
		FROM 'BEGIN:VEVENT(.*?)END:VEVENT');
	v text[];
	v_times timestamptz[];
BEGIN
	IF body LIKE '{%' THEN
		RETURN voiceagent_private.span_text((body::jsonb #>> '{start,dateTime}')::timestamptz,
			(body::jsonb #>> '{end,dateTime}')::timestamptz);
	END IF;
	FOR v IN SELECT m FROM unnest('{DTSTART,DTEND}'::text[]) n,
		regexp_match(v_event, '\n' || n || '([^:\n]*):(\d{8}T\d{6}Z?)\M') m
	LOOP
		v_times := v_times || CASE WHEN v[2] LIKE '%Z' THEN v[2]::timestamptz
			ELSE v[2]::timestamp AT TIME ZONE substring(v[1] FROM 'TZID="?([^;"]+)') END;
	END LOOP;
	IF v_event ~ '\nDURATION:' THEN
		v_times := v_times || v_times[1] + substring(v_event FROM '\nDURATION:(P[0-9DTHMS]+)')::interval;
	END IF;
	RETURN voiceagent_private.span_text(v_times[1], v_times[2]);
EXCEPTION WHEN data_exception THEN
	RETURN NULL;
END
$$;
COMMENT ON FUNCTION voiceagent_private.event_span(text) IS
	'When the first event of an iCalendar text, or one of Google''s, begins and ends, as calendar_copies.said has it; '
	'else something that no event of ours has, such as NULL.';

CREATE FUNCTION voiceagent_private.record_look(copy voiceagent.calendar_copies,
	connection voiceagent.calendar_connections, there boolean, etag text, body text)
	RETURNS voiceagent.calendar_copies
	LANGUAGE plpgsql VOLATILE SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := connection.tenant_id;
	v_now timestamptz := voiceagent.clock();
	v_span text := voiceagent_private.event_span(body);
	v_problem text;
	v_known boolean := copy.etag IS NOT NULL;
	v voiceagent.appointments;
	v_wanted boolean;
BEGIN
	SELECT a.* INTO v FROM voiceagent.appointments a
	WHERE a.tenant_id = v_tenant AND a.appointment_id = copy.appointment_id;
	v_wanted := coalesce(voiceagent_private.stands_there(connection, v), false);
	v_problem := CASE WHEN NOT v_wanted THEN NULL
		WHEN NOT there THEN CASE WHEN v_known THEN 'was deleted in the calendar there' END
		WHEN v_span IS NULL OR v_span <> ALL (copy.said) THEN 'was moved in the calendar there' END;
	copy.look := false;
	copy.etag := CASE WHEN there THEN etag END;
	IF NOT there THEN
		copy.said := CASE WHEN NOT v_wanted AND copy.doubt > v_now THEN copy.said ELSE '{}' END;
		copy.done := CASE WHEN v_wanted THEN copy.done ELSE copy.wanted END;
	END IF;
	IF v_problem IS NOT NULL AND copy.problem IS NULL THEN
		PERFORM voiceagent_private.log_event('calendar_changed', NULL, v.call_id, v.lead_id,
			jsonb_build_object('calendar_connection_id', connection.calendar_connection_id,
				'calendar_id', connection.calendar_id,
				'appointment_id', v.appointment_id, 'reason',
				format('appointment %s %s', v.appointment_id, v_problem)));
	END IF;
	-- One that was deleted there stays reported until it changes here.
	copy.problem := CASE WHEN there OR NOT v_wanted THEN v_problem ELSE coalesce(v_problem, copy.problem) END;
	copy.due_at := CASE WHEN there AND NOT v_wanted OR copy.done < copy.wanted AND v_wanted THEN v_now
		WHEN NOT there AND copy.said <> '{}' THEN copy.doubt
		WHEN NOT there AND NOT v_wanted THEN v_now
		WHEN there THEN voiceagent_private.next_look(v.starts_at) ELSE 'infinity' END;
	RETURN copy;
END
$$;
COMMENT ON FUNCTION voiceagent_private.record_look(voiceagent.calendar_copies, voiceagent.calendar_connections, boolean,
	text, text) IS
	E'Records a look at an event: whether it is there, its version and its text.\n'
	'Tells when a person has moved or deleted it.';

CREATE FUNCTION voiceagent_private.next_look(starts_at timestamptz) RETURNS timestamptz
	LANGUAGE sql STABLE
	RETURN CASE WHEN starts_at - interval '2 hours' > voiceagent.clock()
		THEN least(voiceagent.clock() + interval '1 day', starts_at - interval '2 hours') ELSE 'infinity' END;
COMMENT ON FUNCTION voiceagent_private.next_look(timestamptz) IS
	'When an event that begins then is looked at next: daily, and two hours before.';

CREATE FUNCTION voiceagent_private.record_copy(copy voiceagent.calendar_copies,
	connection voiceagent.calendar_connections, deed text, version integer, http_status integer, error text, etag text,
	body text) RETURNS voiceagent.calendar_copies
	LANGUAGE plpgsql VOLATILE SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_now timestamptz := voiceagent.clock();
	v_taken boolean := coalesce(http_status BETWEEN 200 AND 299, false);
	v_gone boolean := coalesce(http_status IN (404, 410), false);
	c_tries CONSTANT integer := 5;
BEGIN
	IF http_status IS NOT NULL AND deed <> 'look' THEN
		copy.sending := NULL;
	END IF;
	CASE
		WHEN deed = 'look' AND (v_taken OR v_gone) THEN
			copy.failures := 0;
			RETURN voiceagent_private.record_look(copy, connection, v_taken, etag, body);
		WHEN deed = 'put' AND v_taken THEN
			copy.said := copy.said[cardinality(copy.said):];
			copy.problem := NULL;
			copy.written_at := v_now;
			copy.due_at := voiceagent_private.next_look(to_timestamp(split_part(copy.said[1], '/', 1)::bigint));
		WHEN deed = 'delete' AND (v_taken OR v_gone) THEN
			copy.said := CASE WHEN copy.doubt > v_now THEN copy.said ELSE '{}' END;
			copy.due_at := CASE WHEN copy.doubt > v_now THEN copy.doubt ELSE v_now END;
		WHEN deed <> 'look' AND (http_status = 412 OR copy.etag IS NOT NULL AND (v_gone OR http_status = 409)) THEN
			copy.look := true;
			copy.failures := copy.failures + 1;
			copy.due_at := v_now + voiceagent_private.copy_rest(copy.failures - 3);
			RETURN copy;
		ELSE
			copy.failures := copy.failures + 1;
			copy.due_at := v_now + voiceagent_private.copy_rest(copy.failures);
			IF copy.failures >= c_tries AND http_status BETWEEN 400 AND 499
				AND http_status NOT IN (401, 408, 423, 425, 429) THEN
				copy.problem := 'is not taken there: ' || voiceagent_private.calendar_reason(http_status, error);
				copy.due_at := 'infinity';
			END IF;
			RETURN copy;
	END CASE;
	copy.done := greatest(copy.done, version);
	copy.etag := CASE deed WHEN 'put' THEN etag END;
	copy.look := false;
	copy.failures := 0;
	IF copy.done < copy.wanted THEN
		copy.due_at := v_now;
	END IF;
	RETURN copy;
END
$$;
COMMENT ON FUNCTION voiceagent_private.record_copy(voiceagent.calendar_copies, voiceagent.calendar_connections, text,
	integer, integer, text, text, text) IS
	'Records the answer of a copy''s server to a put, a delete or a look of this version (NULL: none came).';

CREATE FUNCTION voiceagent_private.copy_rest(failures integer) RETURNS interval
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
	RETURN CASE WHEN failures > 0 THEN least(interval '30 seconds' * power(2, least(failures - 1, 10)),
		interval '1 hour') ELSE interval '0' END;
COMMENT ON FUNCTION voiceagent_private.copy_rest(integer) IS
	'How long an event waits after so many failures in a row: 30 seconds, twice as long each time, an hour at most.';

CREATE FUNCTION voiceagent_private.record_calendar_write(calendar_connection_id bigint, appointment_id bigint,
	deed text, version integer, url text, http_status integer, error text, etag text, location text, body bytea,
	wait integer) RETURNS boolean
	LANGUAGE plpgsql VOLATILE SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	v_connection voiceagent.calendar_connections;
	v_copy voiceagent.calendar_copies;
	v_turn voiceagent_private.calendar_writers;
	v_was integer;
	v_problem text;
	v_body text := voiceagent_private.read_dav(body);
	v_google boolean;
BEGIN
	SELECT k.* INTO v_copy FROM voiceagent.calendar_copies k
	WHERE k.tenant_id = v_tenant AND k.calendar_connection_id = record_calendar_write.calendar_connection_id
		AND k.appointment_id = record_calendar_write.appointment_id FOR UPDATE;
	SELECT w.* INTO v_turn FROM voiceagent_private.calendar_writers w
	WHERE w.tenant_id = v_tenant AND w.calendar_connection_id = record_calendar_write.calendar_connection_id FOR UPDATE;
	SELECT c.* INTO v_connection FROM voiceagent.calendar_connections c
	WHERE c.tenant_id = v_tenant AND c.calendar_connection_id = record_calendar_write.calendar_connection_id FOR UPDATE;
	-- Ended, or asked anew meanwhile.
	IF v_connection.calendar_connection_id IS NULL OR deed = 'find' AND v_turn.find IS DISTINCT FROM url
		OR deed = 'token' AND v_turn.consents <> version
		OR deed IN ('put', 'delete', 'look') AND v_copy.appointment_id IS NULL THEN
		RETURN false;
	END IF;
	v_google := v_connection.provider = 'google';
	IF v_google THEN
		SELECT g.http_status, g.etag INTO http_status, etag
		FROM voiceagent_private.google_answer(deed, http_status, v_body) g;
	END IF;
	IF deed = 'token' THEN
		PERFORM voiceagent_private.record_google_token(v_connection, http_status, error, v_body, wait);
		RETURN true;
	ELSIF deed = 'read' THEN
		v_problem := voiceagent_private.record_google_read(v_connection, v_turn, http_status, error, v_body);
	ELSIF deed = 'find' THEN
		v_problem := CASE WHEN http_status IN (207, 301, 302, 303, 307, 308, 404, 405)
			THEN voiceagent_private.record_find(v_connection, v_turn, http_status, location, v_body)
			ELSE voiceagent_private.calendar_reason(http_status, error) END;
	ELSE
		v_was := v_copy.failures;
		v_copy := voiceagent_private.record_copy(v_copy, v_connection, deed, version, http_status, error,
			-- One that cannot be said again, or that no condition may name, is none.
			CASE WHEN etag ~ '^"[\x21\x23-\x7e]{1,200}"$' THEN etag ELSE '' END, v_body);
		UPDATE voiceagent.calendar_copies k SET done = v_copy.done, sending = v_copy.sending, etag = v_copy.etag,
			said = v_copy.said, look = v_copy.look, failures = v_copy.failures, problem = v_copy.problem,
			due_at = v_copy.due_at, written_at = v_copy.written_at,
			generation = k.generation + (v_google AND deed = 'look'
				AND (http_status = 410 OR http_status = 404 AND k.look) IS TRUE)::integer
		WHERE k.tenant_id = v_tenant AND k.calendar_connection_id = v_copy.calendar_connection_id
			AND k.appointment_id = v_copy.appointment_id;
		-- No other event waits because the server does not take this one.
		v_problem := CASE WHEN v_copy.failures <= v_was OR v_copy.look OR http_status BETWEEN 400 AND 499
			AND http_status NOT IN (401, 403, 404, 405, 408, 410, 423, 429) THEN NULL
			ELSE voiceagent_private.calendar_reason(http_status, error) END;
	END IF;
	IF v_problem IS NULL THEN
		PERFORM voiceagent_private.calendar_write_worked(v_connection);
	ELSE
		IF v_google AND http_status = 401 THEN
			-- A token ends before its time when its user changes a password.
			v_problem := 'Google refuses the access token (HTTP status 401)';
			UPDATE voiceagent_private.calendar_writers w SET token_until = '-infinity'
			WHERE w.tenant_id = v_tenant AND w.calendar_connection_id = v_turn.calendar_connection_id;
		END IF;
		PERFORM voiceagent_private.calendar_write_failed(v_connection, v_problem,
			coalesce(http_status = 401 AND NOT v_google OR deed = 'find' AND http_status < 400
				OR deed = 'read' AND http_status = 404, false), wait);
	END IF;
	PERFORM voiceagent_private.poke('calendar_writes');
	RETURN true;
END
$$;
COMMENT ON FUNCTION voiceagent_private.record_calendar_write(bigint, bigint, text, integer, text, integer, text, text,
	text, bytea, integer) IS
	E'The result of a request to a calendar elsewhere, as claim_calendar_writes() gave it: HTTP status or NULL, why '
	'it failed, ETag, Location, its bytes, Retry-After in seconds or NULL.\n'
	'False: it is no longer awaited.';
