-- 00_kernel: the closed sets of values. One domain each; one table says what every value means.

CREATE TABLE voiceagent.enumerations (
	enumeration text NOT NULL,
	value text NOT NULL,
	position smallint NOT NULL,
	description text NOT NULL,
	PRIMARY KEY (enumeration, value),
	UNIQUE (enumeration, position)
);
COMMENT ON TABLE voiceagent.enumerations IS
	'Every closed set of values and what each value means; the domain of the same name holds exactly these.';
COMMENT ON COLUMN voiceagent.enumerations.value IS 'The value, as stored.';
COMMENT ON COLUMN voiceagent.enumerations.description IS 'The meaning of the value.';
COMMENT ON COLUMN voiceagent.enumerations.enumeration IS 'Name of the domain in schema voiceagent.';
COMMENT ON COLUMN voiceagent.enumerations.position IS
	'Order of display; for call_status also the order in which states move forward.';
-- Its rows come with the install script, so a dump leaves them out.
SELECT voiceagent_private.guard_table('voiceagent.enumerations', 'platform', 'WHERE false');
