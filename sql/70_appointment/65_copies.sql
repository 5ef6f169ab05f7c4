/*
 * 70_appointment: appointments written into calendars elsewhere.  A connection
 * says which of them are to stand there; each has one row there, its copy:
 * which version is wanted, and which one the server has taken.
 * 75_calendar/60_connect.sql makes connections, 65_write.sql does what is due.
 *
 * A trigger notes what has changed, because an appointment does so in many
 * ways, and one that is erased has to go there, too.  A copy knows its
 * appointment by the number alone, and outlives it until the event is gone.
 *
 * Locks: the copy, then the turn of its connection, then the connection.
 */

CREATE TABLE voiceagent.calendar_connections (
	tenant_id bigint NOT NULL,
	calendar_connection_id bigint GENERATED ALWAYS AS IDENTITY,
	calendar_id bigint NOT NULL,
	seat integer,
	provider text NOT NULL DEFAULT 'caldav' CHECK (provider IN ('caldav', 'google')),
	url text NOT NULL,
	username text,
	name text,
	collection text,
	writes text NOT NULL CHECK (writes IN ('confirmed', 'at_once', 'nothing')),
	status text NOT NULL DEFAULT 'waiting' CHECK (status IN ('waiting', 'ready', 'failed')),
	status_reason text,
	checked_at timestamptz,
	home text NOT NULL,
	created_at timestamptz NOT NULL,
	PRIMARY KEY (tenant_id, calendar_connection_id),
	FOREIGN KEY (tenant_id, calendar_id) REFERENCES voiceagent.calendars,
	FOREIGN KEY (tenant_id, calendar_id, seat) REFERENCES voiceagent.calendar_people,
	CONSTRAINT failed_for_a_reason CHECK (status <> 'failed' OR status_reason IS NOT NULL)
);
COMMENT ON TABLE voiceagent.calendar_connections IS
	'Calendars elsewhere into which appointments are written; their passwords and tokens lie in the vault.';
COMMENT ON COLUMN voiceagent.calendar_connections.calendar_connection_id IS 'Number of the connection.';
COMMENT ON COLUMN voiceagent.calendar_connections.calendar_id IS 'The calendar whose appointments are written there.';
COMMENT ON COLUMN voiceagent.calendar_connections.seat IS
	'The person whose appointments they are (calendar_people.seat); NULL: all of the calendar.';
COMMENT ON COLUMN voiceagent.calendar_connections.provider IS
	'caldav: a server of CalDAV, by an app password; google: Google Calendar, by what its user has allowed.';
COMMENT ON COLUMN voiceagent.calendar_connections.url IS 'The address of the server, as the member gave it.';
COMMENT ON COLUMN voiceagent.calendar_connections.username IS 'The user there; NULL at Google.';
COMMENT ON COLUMN voiceagent.calendar_connections.name IS
	'Which of the calendars of that user, as it is called there, at Google its ID; NULL: the only one, or the main '
	'one.';
COMMENT ON COLUMN voiceagent.calendar_connections.collection IS
	'The address of that calendar, as the server gave it; NULL: not known yet.';
COMMENT ON COLUMN voiceagent.calendar_connections.writes IS
	'Which appointments stand there: confirmed ones; at_once: pending ones as well, as tentative; nothing: none, and '
	'what stood there is taken away.';
COMMENT ON COLUMN voiceagent.calendar_connections.status IS
	'waiting: not answered yet, or not allowed at Google; ready: it works; failed: it does not, status_reason says '
	'why.';
COMMENT ON COLUMN voiceagent.calendar_connections.status_reason IS
	'Why it failed, or did not work the last time; NULL: nothing is wrong.';
COMMENT ON COLUMN voiceagent.calendar_connections.checked_at IS
	'When the calendar was last found at its server, or read there; NULL: never.';
COMMENT ON COLUMN voiceagent.calendar_connections.home IS
	'The database in which it was made: a copy of it writes nothing.';
CREATE INDEX calendar_connections_calendar ON voiceagent.calendar_connections (tenant_id, calendar_id, seat);
SELECT voiceagent_private.guard_table('voiceagent.calendar_connections', 'tenant');

CREATE TABLE voiceagent.calendar_copies (
	tenant_id bigint NOT NULL,
	calendar_connection_id bigint NOT NULL,
	appointment_id bigint NOT NULL,
	wanted integer NOT NULL DEFAULT 1,
	done integer NOT NULL DEFAULT 0,
	sending integer,
	etag text,
	said text[] NOT NULL DEFAULT '{}',
	look boolean NOT NULL DEFAULT false,
	doubt timestamptz,
	failures integer NOT NULL DEFAULT 0,
	problem text,
	generation integer NOT NULL DEFAULT 0,
	due_at timestamptz NOT NULL,
	written_at timestamptz,
	PRIMARY KEY (tenant_id, calendar_connection_id, appointment_id),
	FOREIGN KEY (tenant_id, calendar_connection_id) REFERENCES voiceagent.calendar_connections ON DELETE CASCADE
) WITH (fillfactor = 70);
COMMENT ON TABLE voiceagent.calendar_copies IS
	'Appointments in calendars elsewhere: what is to stand there, and what does as far as anybody knows.';
COMMENT ON COLUMN voiceagent.calendar_copies.calendar_connection_id IS 'The connection to the calendar there.';
COMMENT ON COLUMN voiceagent.calendar_copies.appointment_id IS
	'The appointment; it may be gone, and then its event is to go, too.';
COMMENT ON COLUMN voiceagent.calendar_copies.wanted IS 'Grows with each change of the appointment.';
COMMENT ON COLUMN voiceagent.calendar_copies.done IS 'The value of wanted that the server has taken.';
COMMENT ON COLUMN voiceagent.calendar_copies.sending IS
	'The value of wanted that is on its way, or of which no answer came; NULL: none.';
COMMENT ON COLUMN voiceagent.calendar_copies.etag IS
	'The server''s name of the version that is there; empty: it has no name for it; NULL: none is known to be there.';
COMMENT ON COLUMN voiceagent.calendar_copies.said IS
	'Start and end (seconds since 1970) that the event was given last, and since then without an answer.';
COMMENT ON COLUMN voiceagent.calendar_copies.look IS 'Whether it is looked at first, because the server has another.';
COMMENT ON COLUMN voiceagent.calendar_copies.doubt IS
	'Until when a request that was not answered may still arrive there; NULL: none.';
COMMENT ON COLUMN voiceagent.calendar_copies.failures IS 'How often in a row it could not be written.';
COMMENT ON COLUMN voiceagent.calendar_copies.problem IS
	'A note for a person: that it was moved or deleted there, or is not taken; NULL: nothing.';
COMMENT ON COLUMN voiceagent.calendar_copies.generation IS
	'How often its event was deleted at Google, where an ID that was used is not free again.';
COMMENT ON COLUMN voiceagent.calendar_copies.due_at IS 'When it is written or looked at next; infinity: not by itself.';
COMMENT ON COLUMN voiceagent.calendar_copies.written_at IS 'When the server took it last; NULL: never.';
CREATE INDEX calendar_copies_due ON voiceagent.calendar_copies (tenant_id, calendar_connection_id, due_at);
CREATE INDEX calendar_copies_appointment ON voiceagent.calendar_copies (tenant_id, appointment_id);
CREATE INDEX calendar_copies_problem ON voiceagent.calendar_copies (tenant_id, calendar_connection_id)
	WHERE problem IS NOT NULL;
SELECT voiceagent_private.guard_table('voiceagent.calendar_copies', 'tenant', waits => '{due_at,doubt}');

CREATE TABLE voiceagent_private.calendar_writers (
	tenant_id bigint NOT NULL,
	calendar_connection_id bigint NOT NULL,
	host text NOT NULL,
	state text NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'asked')),
	next_at timestamptz NOT NULL,
	failures integer NOT NULL DEFAULT 0,
	woken_at timestamptz,
	find text,
	deep boolean NOT NULL DEFAULT false,
	steps integer NOT NULL DEFAULT 0,
	consent bytea,
	consent_by bigint,
	consent_until timestamptz,
	consents integer NOT NULL DEFAULT 0,
	token_until timestamptz,
	sync text,
	page text,
	read_at timestamptz,
	PRIMARY KEY (tenant_id, calendar_connection_id),
	FOREIGN KEY (tenant_id, calendar_connection_id) REFERENCES voiceagent.calendar_connections ON DELETE CASCADE
) WITH (fillfactor = 70);
COMMENT ON TABLE voiceagent_private.calendar_writers IS
	'Whose turn it is to be written: one request of a connection at a time.';
COMMENT ON COLUMN voiceagent_private.calendar_writers.host IS 'Host and port of its server.';
COMMENT ON COLUMN voiceagent_private.calendar_writers.state IS 'waiting: until next_at; asked: its server.';
COMMENT ON COLUMN voiceagent_private.calendar_writers.next_at IS
	'Not before; while it is asked: when that counts as lost, and is done again.';
COMMENT ON COLUMN voiceagent_private.calendar_writers.failures IS 'How often in a row its server did not do it.';
COMMENT ON COLUMN voiceagent_private.calendar_writers.woken_at IS 'When somebody last had it tried at once.';
COMMENT ON COLUMN voiceagent_private.calendar_writers.find IS
	'Where its calendar is looked for next; NULL: it is found.';
COMMENT ON COLUMN voiceagent_private.calendar_writers.deep IS 'Whether the calendars that lie there are asked for.';
COMMENT ON COLUMN voiceagent_private.calendar_writers.steps IS 'How many addresses were asked for it.';
COMMENT ON COLUMN voiceagent_private.calendar_writers.consent IS
	'Hash of the state with which somebody was sent to Google, to allow it; NULL: none is there.';
COMMENT ON COLUMN voiceagent_private.calendar_writers.consent_by IS
	'The member who was, and who alone may come back; NULL: the tenant as a whole.';
COMMENT ON COLUMN voiceagent_private.calendar_writers.consent_until IS 'Until when.';
COMMENT ON COLUMN voiceagent_private.calendar_writers.consents IS 'How often it was allowed.';
COMMENT ON COLUMN voiceagent_private.calendar_writers.token_until IS
	'Until when the access token in the vault is good; -infinity: one has to be asked for; NULL: it is not allowed.';
COMMENT ON COLUMN voiceagent_private.calendar_writers.sync IS
	'Google''s token for what has changed since it was read last; NULL: all is read.';
COMMENT ON COLUMN voiceagent_private.calendar_writers.page IS 'Google''s token for the rest of what is being read.';
COMMENT ON COLUMN voiceagent_private.calendar_writers.read_at IS
	'When what has changed at Google is read next; NULL: never, as elsewhere.';
CREATE INDEX calendar_writers_due ON voiceagent_private.calendar_writers (next_at, tenant_id);
CREATE INDEX calendar_writers_asked ON voiceagent_private.calendar_writers (host, tenant_id) WHERE state = 'asked';
SELECT voiceagent_private.guard_table('voiceagent_private.calendar_writers', 'routing',
	waits => '{next_at,read_at,token_until,woken_at}');

CREATE FUNCTION voiceagent_private.stands_there(connection voiceagent.calendar_connections,
	appointment voiceagent.appointments) RETURNS boolean
	LANGUAGE sql STABLE
	RETURN appointment.calendar_id = connection.calendar_id
		AND (connection.seat IS NULL OR connection.seat = appointment.seat)
		AND CASE connection.writes WHEN 'confirmed' THEN appointment.status = 'confirmed'
			WHEN 'at_once' THEN appointment.status IN ('confirmed', 'pending') ELSE false END
		AND NOT voiceagent_private.is_played(NULL, appointment.call_id);
COMMENT ON FUNCTION voiceagent_private.stands_there(voiceagent.calendar_connections, voiceagent.appointments) IS
	'Whether an appointment is to stand in the calendar of a connection: none that was agreed in a played call is.';

CREATE FUNCTION voiceagent_private.want_copies() RETURNS trigger
	LANGUAGE plpgsql SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_now timestamptz := voiceagent.clock();
	v voiceagent.appointments := coalesce(NEW, OLD);
	v_tenant bigint := v.tenant_id;
BEGIN
	-- A restore, which has no tenant, takes its copies from the dump.
	IF (voiceagent_private.caller()).proof IS NULL
		OR NOT EXISTS (SELECT FROM voiceagent.calendar_connections c WHERE c.tenant_id = v_tenant) THEN
		RETURN NULL;
	END IF;
	UPDATE voiceagent.calendar_copies k SET wanted = k.wanted + 1, due_at = v_now, failures = 0, problem = NULL
	WHERE k.tenant_id = v_tenant AND k.appointment_id = v.appointment_id;
	IF TG_OP <> 'DELETE' AND v.ends_at > v_now THEN
		INSERT INTO voiceagent.calendar_copies (tenant_id, calendar_connection_id, appointment_id, due_at)
		SELECT v_tenant, c.calendar_connection_id, v.appointment_id, v_now FROM voiceagent.calendar_connections c
		WHERE c.tenant_id = v_tenant AND c.calendar_id = v.calendar_id AND voiceagent_private.stands_there(c, v)
		ON CONFLICT DO NOTHING;
	END IF;
	-- Also where it is asked, so that whoever records the answer sees what has changed.
	UPDATE voiceagent_private.calendar_writers w SET next_at = CASE WHEN w.state = 'waiting' AND w.failures = 0
		THEN least(w.next_at, v_now) ELSE w.next_at END
	WHERE w.tenant_id = v_tenant AND w.calendar_connection_id = ANY (ARRAY(SELECT k.calendar_connection_id
		FROM voiceagent.calendar_copies k WHERE k.tenant_id = v_tenant AND k.appointment_id = v.appointment_id));
	IF FOUND THEN
		PERFORM voiceagent_private.poke('calendar_writes');
	END IF;
	RETURN NULL;
END
$$;
COMMENT ON FUNCTION voiceagent_private.want_copies() IS
	'Has calendars elsewhere written anew where an appointment of the current tenant came, changed or went.';
CREATE TRIGGER written_elsewhere AFTER INSERT OR DELETE ON voiceagent.appointments FOR EACH ROW
	EXECUTE FUNCTION voiceagent_private.want_copies();
CREATE TRIGGER changed_elsewhere
	AFTER UPDATE OF status, starts_at, ends_at, calendar_id, seat, lead_id, summary ON voiceagent.appointments
	FOR EACH ROW WHEN ((OLD.status, OLD.starts_at, OLD.ends_at, OLD.calendar_id, OLD.seat, OLD.lead_id, OLD.summary)
		IS DISTINCT FROM (NEW.status, NEW.starts_at, NEW.ends_at, NEW.calendar_id, NEW.seat, NEW.lead_id, NEW.summary))
	EXECUTE FUNCTION voiceagent_private.want_copies();

CREATE FUNCTION voiceagent_private.appointment_event(appointment voiceagent.appointments)
	RETURNS voiceagent_private.icalendar_event
	LANGUAGE plpgsql STABLE SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	v_lead voiceagent.leads;
	v_name text;
	v_title text;
BEGIN
	SELECT l.* INTO v_lead FROM voiceagent.leads l
	WHERE l.tenant_id = v_tenant AND l.lead_id = appointment.lead_id;
	v_name := (SELECT p.name FROM voiceagent.calendar_people p WHERE p.tenant_id = v_tenant
		AND p.calendar_id = appointment.calendar_id AND p.seat = appointment.seat);
	v_title := concat_ws(': ', nullif(concat_ws(' ', v_lead.first_name, v_lead.last_name), ''), appointment.summary);
	IF v_title = '' THEN
		v_title := (SELECT c.name FROM voiceagent.calendars c
			WHERE c.tenant_id = v_tenant AND c.calendar_id = appointment.calendar_id);
	END IF;
	RETURN (format('%s@%s', appointment.appointment_id, voiceagent_private.icalendar_domain()), appointment.sequence,
		CASE appointment.status WHEN 'confirmed' THEN 'CONFIRMED' WHEN 'pending' THEN 'TENTATIVE'
			ELSE 'CANCELLED' END,
		appointment.starts_at, appointment.ends_at, left(v_title, 200),
		nullif(left(concat_ws(E'\n', v_lead.phone, v_name, appointment.summary), 1000), ''), NULL, NULL, NULL,
		NULL)::voiceagent_private.icalendar_event;
END
$$;
COMMENT ON FUNCTION voiceagent_private.appointment_event(voiceagent.appointments) IS
	'An appointment of the current tenant as an event of a calendar elsewhere: who comes, the number, and why.';
