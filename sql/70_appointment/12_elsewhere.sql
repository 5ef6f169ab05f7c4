/*
 * 70_appointment: calendars elsewhere that a calendar follows, and when they
 * take its seats.  75_calendar/40_follow.sql fills these tables; free slots and
 * bookings read busy_times beside the appointments.
 */

CREATE TABLE voiceagent.followed_calendars (
	tenant_id bigint NOT NULL,
	followed_id bigint GENERATED ALWAYS AS IDENTITY,
	calendar_id bigint NOT NULL,
	seat integer,
	origin text NOT NULL,
	check_every interval NOT NULL CHECK (check_every BETWEEN interval '10 minutes' AND interval '1 day'),
	status text NOT NULL DEFAULT 'waiting' CHECK (status IN ('waiting', 'ready', 'failed')),
	status_reason text,
	events integer,
	skipped integer,
	clashes integer,
	read_at timestamptz,
	home text NOT NULL,
	created_at timestamptz NOT NULL,
	PRIMARY KEY (tenant_id, followed_id),
	FOREIGN KEY (tenant_id, calendar_id) REFERENCES voiceagent.calendars,
	FOREIGN KEY (tenant_id, calendar_id, seat) REFERENCES voiceagent.calendar_people,
	CONSTRAINT failed_for_a_reason CHECK (status <> 'failed' OR status_reason IS NOT NULL)
);
COMMENT ON TABLE voiceagent.followed_calendars IS
	'Calendars elsewhere whose busy times a calendar keeps free; their addresses lie in the vault.';
COMMENT ON COLUMN voiceagent.followed_calendars.followed_id IS 'Number of the followed calendar.';
COMMENT ON COLUMN voiceagent.followed_calendars.calendar_id IS 'The calendar that gives no slot away then.';
COMMENT ON COLUMN voiceagent.followed_calendars.seat IS
	'The person whose calendar it is (calendar_people.seat); NULL: it takes every seat.';
COMMENT ON COLUMN voiceagent.followed_calendars.origin IS
	'Scheme, host and port of its address; the rest of it opens the calendar to anybody, and is not shown.';
COMMENT ON COLUMN voiceagent.followed_calendars.check_every IS 'How often it is read.';
COMMENT ON COLUMN voiceagent.followed_calendars.status IS
	E'waiting: it was not read yet; ready: its busy times are known as of read_at; failed: it can no longer be read.\n'
	'The busy times of one that fails stay busy.';
COMMENT ON COLUMN voiceagent.followed_calendars.status_reason IS
	'Why it failed, or was not read the last time; NULL: nothing is wrong.';
COMMENT ON COLUMN voiceagent.followed_calendars.events IS 'Events of the file that take time, whenever.';
COMMENT ON COLUMN voiceagent.followed_calendars.skipped IS
	'Events of the file that could not be understood, such as one that repeats each hour: they take no time here.';
COMMENT ON COLUMN voiceagent.followed_calendars.clashes IS
	'Appointments to come, pending or confirmed, that lay in its busy times when it was read.';
COMMENT ON COLUMN voiceagent.followed_calendars.read_at IS 'When it was read last with success; NULL: never.';
COMMENT ON COLUMN voiceagent.followed_calendars.home IS
	'The database in which it was followed: a copy of it does not read on.';
CREATE INDEX followed_calendars_calendar ON voiceagent.followed_calendars (tenant_id, calendar_id, seat);
SELECT voiceagent_private.guard_table('voiceagent.followed_calendars', 'tenant');

CREATE TABLE voiceagent.busy_times (
	tenant_id bigint NOT NULL,
	followed_id bigint NOT NULL,
	calendar_id bigint NOT NULL,
	seat integer,
	starts_at timestamptz NOT NULL,
	ends_at timestamptz NOT NULL CHECK (ends_at > starts_at),
	PRIMARY KEY (tenant_id, followed_id, starts_at),
	FOREIGN KEY (tenant_id, followed_id) REFERENCES voiceagent.followed_calendars ON DELETE CASCADE,
	-- Longer ones lie in pieces; see appointment_reach().
	CONSTRAINT a_day_at_most CHECK (ends_at - starts_at <= interval '24 hours')
);
COMMENT ON TABLE voiceagent.busy_times IS
	'When followed calendars are busy, from yesterday to 400 days ahead; of events only the time is kept.';
COMMENT ON COLUMN voiceagent.busy_times.followed_id IS 'The followed calendar that says so.';
COMMENT ON COLUMN voiceagent.busy_times.seat IS 'As in followed_calendars.';
COMMENT ON COLUMN voiceagent.busy_times.starts_at IS
	'Start of a time that is busy; what is longer than a day lies in several rows.';
COMMENT ON COLUMN voiceagent.busy_times.ends_at IS 'Its end.';
CREATE INDEX busy_times_calendar ON voiceagent.busy_times (tenant_id, calendar_id, starts_at);
SELECT voiceagent_private.guard_table('voiceagent.busy_times', 'tenant');
