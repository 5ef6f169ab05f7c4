-- 55_call: the order of events, in whatever clusters the database has lived.

CREATE TABLE voiceagent_private.event_eras (
	era bigint NOT NULL,
	cluster text NOT NULL
);
COMMENT ON TABLE voiceagent_private.event_eras IS
	'The clusters in which the database has recorded events, each with its era: a cluster whose era is not above those of all others begins a new one. A row may stand here more than once, since who writes the first events of an era waits for nobody.';
COMMENT ON COLUMN voiceagent_private.event_eras.era IS 'From 0 on; events of a later era lie behind those of an earlier one, whatever the numbers of their transactions.';
COMMENT ON COLUMN voiceagent_private.event_eras.cluster IS 'The cluster''s system identifier.';
SELECT voiceagent_private.guard_table('voiceagent_private.event_eras', 'platform');

CREATE FUNCTION voiceagent_private.event_era() RETURNS bigint
	LANGUAGE c STABLE PARALLEL RESTRICTED AS 'MODULE_PATHNAME', 'va_sql_event_era';
COMMENT ON FUNCTION voiceagent_private.event_era() IS
	'What is added to the number of a transaction of this cluster to give the place of its events: 2^44 for each cluster in which the database recorded events before.';

CREATE FUNCTION voiceagent_private.event_position() RETURNS bigint
	LANGUAGE c VOLATILE PARALLEL UNSAFE AS 'MODULE_PATHNAME', 'va_sql_event_position';
COMMENT ON FUNCTION voiceagent_private.event_position() IS
	'The place of this transaction''s events (events.xid): its number, and event_era(), which is written down by the first who needs it.';
