-- 46_record: the order of events, in whatever clusters the database has lived.

CREATE TABLE voiceagent_private.event_eras (
	era bigint NOT NULL,
	cluster text NOT NULL
);
COMMENT ON TABLE voiceagent_private.event_eras IS
	E'The clusters in which the database has recorded events, each with its era: a cluster whose era is not '
	'above those of all others begins a new one.\n'
	'A row may stand here more than once, since sessions that write the first events of an era do not wait.';
COMMENT ON COLUMN voiceagent_private.event_eras.era IS
	'From 0 on; events of a later era lie behind those of an earlier one, whatever the numbers of their transactions.';
COMMENT ON COLUMN voiceagent_private.event_eras.cluster IS 'The cluster''s system identifier.';
SELECT voiceagent_private.guard_table('voiceagent_private.event_eras', 'platform');

CREATE FUNCTION voiceagent_private.event_position() RETURNS bigint
	LANGUAGE c VOLATILE PARALLEL UNSAFE AS 'MODULE_PATHNAME', 'va_sql_event_position';
COMMENT ON FUNCTION voiceagent_private.event_position() IS
	E'The position (events.xid) of this transaction''s events of the current tenant.\n'
	'The first call for a tenant announces to readers that this transaction writes events of it, until it ends.';

CREATE FUNCTION voiceagent_private.decided_position() RETURNS bigint
	LANGUAGE c STABLE PARALLEL UNSAFE AS 'MODULE_PATHNAME', 'va_sql_decided_position';
COMMENT ON FUNCTION voiceagent_private.decided_position() IS
	E'Up to where the order of the current tenant''s events is decided.\n'
	'Below this position no event can appear any more that the calling statement does not see. '
	'Only transactions that have\n'
	'announced events of this tenant hold it back; on a standby every one that writes does.';

CREATE FUNCTION voiceagent_private.is_later_xid(xid) RETURNS boolean
	LANGUAGE c STABLE STRICT PARALLEL RESTRICTED AS 'MODULE_PATHNAME', 'va_sql_is_later_xid';
COMMENT ON FUNCTION voiceagent_private.is_later_xid(xid) IS
	E'Whether the statement that decided_position() runs for does not see what this transaction wrote.\n'
	'For decided_position() alone; false outside of it.';
