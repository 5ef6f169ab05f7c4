/*
 * 96_console: a calendar as a feed, which a calendar program elsewhere
 * subscribes to.  Whoever has its link reads it, so that the link alone is its
 * proof: only its hash is kept, and making a new one ends the one before.
 */

CREATE TABLE voiceagent_private.calendar_links (
	tenant_id bigint NOT NULL,
	calendar_id bigint NOT NULL,
	token_hash bytea NOT NULL,
	created_at timestamptz NOT NULL,
	PRIMARY KEY (tenant_id, calendar_id),
	UNIQUE (tenant_id, token_hash),
	FOREIGN KEY (tenant_id, calendar_id) REFERENCES voiceagent.calendars
);
COMMENT ON TABLE voiceagent_private.calendar_links IS 'Links by which calendar programs read a calendar, one each.';
COMMENT ON COLUMN voiceagent_private.calendar_links.token_hash IS 'SHA-256 of the token in the link.';
SELECT voiceagent_private.guard_table('voiceagent_private.calendar_links', 'internal');

CREATE FUNCTION voiceagent.calendar_link(calendar_id bigint DEFAULT NULL, revoke boolean DEFAULT false,
	OUT link text, OUT note text)
	LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent_private.writer_tenant(lasting := true);
	v voiceagent.calendars := voiceagent_private.calendar_row(calendar_id, true);
	-- Whose it is stands before what only its holder knows: the process that is asked acts for that tenant.
	v_token text := format('%s-%s', v_tenant, voiceagent_private.random_token());
	v_had boolean;
BEGIN
	DELETE FROM voiceagent_private.calendar_links l WHERE l.tenant_id = v_tenant AND l.calendar_id = v.calendar_id;
	v_had := FOUND;
	IF NOT coalesce(revoke, false) THEN
		INSERT INTO voiceagent_private.calendar_links (tenant_id, calendar_id, token_hash, created_at)
		VALUES (v_tenant, v.calendar_id, sha256(convert_to(v_token, 'UTF8')), voiceagent.clock());
		link := rtrim(voiceagent_private.platform_setting('mail_links'), '/') || '/calendar/' || v_token || '.ics';
	END IF;
	note := CASE WHEN v_had THEN 'The link before leads nowhere from now on.'
		WHEN revoke THEN 'There was no link.' ELSE 'This is its only link; it is shown once.' END;
	PERFORM voiceagent_private.audit('calendar_link', 'calendar ' || v.calendar_id,
		jsonb_build_object('had_link', v_had), jsonb_build_object('has_link', link IS NOT NULL));
END
$$;
COMMENT ON FUNCTION voiceagent.calendar_link(bigint, boolean) IS
	E'Makes the address under which calendar programs subscribe to a calendar (NULL: the default one) -> link, once; '
	'the one before ends, and note says so.\n'
	'revoke: only ends it. Without the platform''s setting mail_links it is the path on the console''s address. '
	'Whoever has it reads names, numbers and times. For managers and owners; PT404, PT409.';

CREATE FUNCTION voiceagent_private.shown_appointments(calendar_id bigint, max integer)
	RETURNS SETOF voiceagent.appointments
	LANGUAGE plpgsql STABLE SET planner.policy = in_order SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	v_since timestamptz := voiceagent.clock() - interval '30 days';
	v_until timestamptz := voiceagent.clock() + interval '366 days';
BEGIN
	RETURN QUERY SELECT a.* FROM voiceagent.appointments a
	WHERE a.tenant_id = v_tenant AND a.calendar_id = shown_appointments.calendar_id
		AND a.status IN ('pending', 'confirmed') AND a.starts_at >= v_since AND a.starts_at < v_until
	ORDER BY a.starts_at, a.seat LIMIT max;
	RETURN QUERY SELECT a.* FROM voiceagent.appointments a
	WHERE a.tenant_id = v_tenant AND a.calendar_id = shown_appointments.calendar_id
		AND a.status IN ('canceled', 'rejected') AND a.decided_at >= v_since
		AND a.starts_at >= v_since AND a.starts_at < v_until
	ORDER BY a.decided_at DESC LIMIT max;
END
$$;
COMMENT ON FUNCTION voiceagent_private.shown_appointments(bigint, integer) IS
	'The appointments that a calendar of the current tenant shows elsewhere, of the last 30 days and a year ahead: the '
	'first (max) that are pending or confirmed, and the last (max) that were called off within 30 days.';

CREATE FUNCTION voiceagent_private.calendar_text(calendar_id bigint) RETURNS text
	LANGUAGE plpgsql STABLE SET planner.policy = by_keys SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_name text := (SELECT c.name FROM voiceagent.calendars c
		WHERE c.tenant_id = voiceagent.current_tenant() AND c.calendar_id = calendar_text.calendar_id);
	v_events voiceagent_private.icalendar_event[];
	v_left integer;
	c_events CONSTANT integer := 5000;
	-- An answer has 8 MB at most; an event has some 300 bytes beside its words.
	c_bytes CONSTANT integer := 5000000;
BEGIN
	WITH shown AS MATERIALIZED (
		SELECT a.status, a.starts_at, a.appointment_id, voiceagent_private.appointment_event(a) AS event
		FROM voiceagent_private.shown_appointments(calendar_text.calendar_id, c_events + 1) a
	), counted AS (
		-- Cancelled rows are left out first.
		SELECT s.event, row_number() OVER o AS nth, sum(300 + octet_length((s.event).summary)
			+ coalesce(octet_length((s.event).description), 0)) OVER o AS bytes
		FROM shown s WINDOW o AS (ORDER BY s.status IN ('canceled', 'rejected'), s.starts_at, s.appointment_id
			ROWS UNBOUNDED PRECEDING)
	)
	SELECT array_agg(n.event ORDER BY n.nth) FILTER (WHERE n.nth <= c_events AND n.bytes <= c_bytes),
		count(*) FILTER (WHERE NOT (n.nth <= c_events AND n.bytes <= c_bytes))
	INTO v_events, v_left FROM counted n;
	RETURN voiceagent_private.icalendar('PUBLISH', v_name, CASE WHEN v_left > 0 THEN
		format('Not all: only the first %s appointments are shown.', cardinality(v_events)) END, voiceagent.clock(),
		coalesce(v_events, '{}'));
END
$$;
COMMENT ON FUNCTION voiceagent_private.calendar_text(bigint) IS
	'A calendar of the current tenant as iCalendar text: at most 5,000 events and some 5 MB; where that is not all, '
	'X-WR-CALDESC says so.';

CREATE FUNCTION voiceagent.open_calendar_link(link text) RETURNS text
	LANGUAGE plpgsql STABLE SECURITY DEFINER SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	v_calendar bigint := (SELECT l.calendar_id FROM voiceagent_private.calendar_links l
		JOIN voiceagent.calendars c ON c.tenant_id = l.tenant_id AND c.calendar_id = l.calendar_id
		WHERE l.tenant_id = v_tenant AND l.token_hash = sha256(convert_to(link, 'UTF8')) AND c.removed_at IS NULL
			AND EXISTS (SELECT FROM voiceagent.tenants t WHERE t.tenant_id = v_tenant AND t.active));
BEGIN
	PERFORM voiceagent_private.fail_if(v_calendar IS NULL, 'PT404', 'this link leads nowhere', NULL,
		'calendar_link() makes another.');
	RETURN voiceagent_private.calendar_text(v_calendar);
END
$$;
COMMENT ON FUNCTION voiceagent.open_calendar_link(text) IS
	E'For the process web: the calendar to which a link of the tenant that it names leads, as iCalendar text.\n'
	'PT404 for all that is no link, and where the calendar was removed or the tenant is suspended.';
