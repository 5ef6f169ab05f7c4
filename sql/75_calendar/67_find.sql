-- 75_calendar: where the calendar of a connection is, as its server tells it (RFC 4791, RFC 5397, RFC 6764).

CREATE FUNCTION voiceagent_private.read_dav(body bytea) RETURNS text
	LANGUAGE plpgsql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
	RETURN convert_from(body, 'UTF8');
EXCEPTION WHEN data_exception THEN
	RETURN '';
END
$$;
COMMENT ON FUNCTION voiceagent_private.read_dav(bytea) IS 'A server''s answer as text; empty if it is none in UTF-8.';

CREATE FUNCTION voiceagent_private.dav_href(body text, property text) RETURNS text
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
	RETURN replace(substring(body FROM '<(?:[\w.-]+:)?' || property
		|| '(?:\s[^>]*)?>\s*<(?:[\w.-]+:)?href(?:\s[^>]*)?>\s*([^<\s]+)'), '&amp;', '&');
COMMENT ON FUNCTION voiceagent_private.dav_href(text, text) IS
	'The address in a property of a WebDAV answer, whatever its namespaces are called; NULL: none.';

CREATE FUNCTION voiceagent_private.dav_hop(base text, href text) RETURNS text
	LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_origin text := substring(base FROM '^[A-Za-z]+://[^/?#]*');
	v_url text := CASE WHEN href ~* '^https?://' THEN href WHEN href ~ '^/[^/]' OR href = '/' THEN v_origin || href END;
	v_old text := regexp_replace(lower(substring(v_origin FROM '://(.*)$')), ':443$', '');
	v_new text := regexp_replace(lower(substring(v_url FROM '://([^/?#]*)')), ':443$', '');
BEGIN
	-- The password goes to the same host, or to its neighbour in the same domain, as iCloud has them.
	IF v_new = v_old AND lower(left(v_url, 7)) = lower(left(v_origin, 7)) OR v_url ~* '^https://'
		AND substring(v_new FROM '^[^.]+\.(.+\..+)$') = substring(v_old FROM '^[^.]+\.(.+\..+)$') THEN
		RETURN voiceagent_private.check_target_url(v_url,
			voiceagent_private.platform_setting('calendar_private_hosts'));
	END IF;
	RETURN NULL;
EXCEPTION WHEN SQLSTATE 'PT422' THEN
	RETURN NULL;
END
$$;
COMMENT ON FUNCTION voiceagent_private.dav_hop(text, text) IS
	'The URL that a server''s answer leads to, if the password may go there; else NULL.';

CREATE FUNCTION voiceagent_private.dav_calendars(body text) RETURNS TABLE (href text, name text)
	LANGUAGE sql IMMUTABLE PARALLEL SAFE SET standard_conforming_strings = on AS $$
	SELECT replace(substring(r.part FROM '<(?:[\w.-]+:)?href(?:\s[^>]*)?>\s*([^<\s]+)'), '&amp;', '&'),
		replace(btrim(substring(r.part FROM '<(?:[\w.-]+:)?displayname(?:\s[^>]*)?>([^<]*)<'),
			E' \t\r\n'), '&amp;', '&')
	FROM regexp_split_to_table(body, '</(?:[\w.-]+:)?response\s*>') r(part)
	WHERE r.part ~ '<(?:[\w.-]+:)?calendar(?:\s[^>]*)?/>'
		AND (r.part !~ '<(?:[\w.-]+:)?comp\s' OR r.part ~ '<(?:[\w.-]+:)?comp\s[^>]*name=["'']VEVENT')
$$;
COMMENT ON FUNCTION voiceagent_private.dav_calendars(text) IS
	'The calendars for events in a WebDAV answer: address, and name for people.';

CREATE FUNCTION voiceagent_private.record_find(connection voiceagent.calendar_connections,
	turn voiceagent_private.calendar_writers, http_status integer, location text, body text, OUT problem text)
	LANGUAGE plpgsql VOLATILE SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_next text;
	v_deep boolean := false;
	v_href text := (SELECT d.href FROM voiceagent_private.dav_calendars(body) d
		WHERE http_status = 207 AND (NOT turn.deep OR connection.name IS NULL OR d.name = connection.name) LIMIT 1);
	v_names text[];
	c_steps CONSTANT integer := 8;
BEGIN
	IF http_status = 207 AND turn.deep THEN
		v_names := ARRAY(SELECT coalesce(nullif(d.name, ''), d.href) FROM voiceagent_private.dav_calendars(body) d);
	END IF;
	IF connection.name IS NULL AND cardinality(v_names) > 1 THEN
		problem := format('the user has several calendars, name is one of these: %s', array_to_string(v_names, ', '));
	ELSIF v_href IS NOT NULL THEN
		-- The answer may spell the address otherwise.
		v_next := rtrim(CASE WHEN turn.deep THEN voiceagent_private.dav_hop(turn.find, v_href) ELSE turn.find END, '/')
			|| '/';
		problem := CASE WHEN v_next IS NULL THEN 'the server leads to a host that may not have the password' END;
	ELSE
		IF http_status IN (301, 302, 303, 307, 308) THEN
			v_next := voiceagent_private.dav_hop(turn.find, location);
			v_deep := turn.deep;
		ELSIF http_status = 207 AND NOT turn.deep THEN
			v_next := voiceagent_private.dav_hop(turn.find, voiceagent_private.dav_href(body, 'calendar-home-set'));
			v_deep := v_next IS NOT NULL;
			v_next := coalesce(v_next, nullif(voiceagent_private.dav_hop(turn.find,
				voiceagent_private.dav_href(body, 'current-user-principal')), turn.find));
		END IF;
		IF v_next IS NULL AND turn.steps = 0 AND http_status IN (207, 301, 302, 404, 405) THEN
			v_next := voiceagent_private.dav_hop(turn.find, '/.well-known/caldav');
		END IF;
		problem := CASE WHEN v_next IS NOT NULL AND turn.steps < c_steps THEN NULL
			WHEN connection.name IS NOT NULL AND turn.deep
				THEN concat('the user has no calendar of that name',
					'; there are: ' || nullif(array_to_string(v_names, ', '), ''))
			ELSE 'there is no calendar at this address' END;
	END IF;
	IF problem IS NULL THEN
		UPDATE voiceagent_private.calendar_writers w
		SET find = CASE WHEN v_href IS NULL THEN v_next END, deep = v_deep, steps = w.steps + 1,
			host = lower(substring(v_next FROM '^[A-Za-z]+://([^/?#]*)'))
		WHERE w.tenant_id = connection.tenant_id AND w.calendar_connection_id = connection.calendar_connection_id;
		UPDATE voiceagent.calendar_connections c SET collection = v_next, checked_at = voiceagent.clock()
		WHERE c.tenant_id = connection.tenant_id AND c.calendar_connection_id = connection.calendar_connection_id
			AND v_href IS NOT NULL;
	END IF;
END
$$;
COMMENT ON FUNCTION voiceagent_private.record_find(voiceagent.calendar_connections, voiceagent_private.calendar_writers,
	integer, text, text) IS
	E'Where the calendar of a connection is, or is looked for next: by the principal and the home of its calendars '
	'(RFC 5397, RFC 4791), a redirect, or the well-known address (RFC 6764).
problem: why it is not found.';
