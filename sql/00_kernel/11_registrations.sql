/*
 * 00_kernel: what rooms announce of themselves, so that no room names a later one.
 *
 * A question to all rooms (does all hold? what waits for a person?) is asked of the functions that these rows name, so
 * a room that the install script leaves out is asked nothing.
 */

CREATE TABLE voiceagent_private.registrations (
	kind text,
	name text,
	detail text,
	PRIMARY KEY (kind, name)
);
COMMENT ON TABLE voiceagent_private.registrations IS
	E'Announcements of the rooms: functions to be asked with those of other rooms, and facts of tables.\n'
	'The kinds stand in check_registrations().';
COMMENT ON COLUMN voiceagent_private.registrations.kind IS 'For whom it is.';
COMMENT ON COLUMN voiceagent_private.registrations.name IS
	'A function of voiceagent_private, or, where the kind says so, a table.';
COMMENT ON COLUMN voiceagent_private.registrations.detail IS 'Further facts, by kind.';
SELECT voiceagent_private.guard_table('voiceagent_private.registrations', 'platform', 'WHERE false');

CREATE TYPE voiceagent_private.condition AS (
	component text,
	state text,
	pid integer,
	since timestamptz,
	queue_depth bigint,
	oldest_due timestamptz,
	in_flight bigint,
	last_error text,
	remedy text,
	problem boolean
);
COMMENT ON TYPE voiceagent_private.condition IS 'A row of status() that is no process; problem: health() names it.';

CREATE TABLE voiceagent_private.retention_classes (
	class text PRIMARY KEY,
	description text NOT NULL,
	ring regclass,
	tab regclass,
	ended name,
	condition text NOT NULL DEFAULT 'true',
	erased_by name,
	key name,
	CHECK ((tab IS NULL) = (ended IS NULL) AND (erased_by IS NULL) = (key IS NULL))
);
COMMENT ON TABLE voiceagent_private.retention_classes IS
	'The classes of data that end, each with the setting retention_CLASS; announced by the rooms that have them.';
COMMENT ON COLUMN voiceagent_private.retention_classes.ring IS 'The ring of months in which it lies; NULL: none.';
COMMENT ON COLUMN voiceagent_private.retention_classes.tab IS
	'The table from which rows go in the order of their times; NULL: retain_class() knows the class.';
COMMENT ON COLUMN voiceagent_private.retention_classes.ended IS 'Its column by which they are old.';
COMMENT ON COLUMN voiceagent_private.retention_classes.condition IS
	'Which of them may go: of a row o, where $2 is the time before which it ended.';
COMMENT ON COLUMN voiceagent_private.retention_classes.erased_by IS
	'The function of voiceagent_private that erases them, by the values of the column key; NULL: DELETE does.';
SELECT voiceagent_private.guard_table('voiceagent_private.retention_classes', 'platform', 'WHERE false');

CREATE TABLE voiceagent_private.metric_families (
	family text PRIMARY KEY,
	kind text NOT NULL CHECK (kind IN ('gauge', 'counter', 'histogram')),
	help text NOT NULL
);
COMMENT ON TABLE voiceagent_private.metric_families IS 'Every metric with its type and meaning.';
SELECT voiceagent_private.guard_table('voiceagent_private.metric_families', 'platform', 'WHERE false');
