-- 70_appointment: appointments as iCalendar text, for calendars elsewhere.

CREATE TYPE voiceagent_private.icalendar_event AS (
	uid text,
	sequence integer,
	status text,
	starts_at timestamptz,
	ends_at timestamptz,
	summary text,
	description text,
	organizer text,
	organizer_name text,
	attendee text,
	attendee_name text
);
COMMENT ON TYPE voiceagent_private.icalendar_event IS
	E'An event of a calendar elsewhere; status: CONFIRMED, TENTATIVE or CANCELLED.\n'
	'organizer and attendee, with their names, are addresses; NULL: it is no invitation.';

CREATE FUNCTION voiceagent_private.icalendar(method text, name text, notice text, stamp timestamptz,
	events voiceagent_private.icalendar_event[])
	RETURNS text LANGUAGE c STABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'va_sql_icalendar';
COMMENT ON FUNCTION voiceagent_private.icalendar(text, text, text, timestamptz, voiceagent_private.icalendar_event[]) IS
	E'Events as iCalendar text (RFC 5545), by libical.\n'
	'method: REQUEST, CANCEL, PUBLISH or NULL; name and notice: what a program shows of the calendar; stamp: when the '
	'text was made. Control characters become spaces, and marks that turn the direction of text are left out.';
