/*
 * 00_kernel: what rooms announce of themselves, so that no room names a later one.
 *
 * Whoever asks all rooms something (whether all holds, what waits for a person) goes by these rows, and a room that is
 * left out of the install script is asked nothing.  A room that announces a name twice breaks the key; one that
 * announces what it does not have, check_registrations(): in both cases CREATE EXTENSION fails.
 */

CREATE TABLE voiceagent_private.registrations (
	kind text,
	name text,
	detail text,
	PRIMARY KEY (kind, name)
);
COMMENT ON TABLE voiceagent_private.registrations IS
	E'What the rooms announce of themselves: functions to be asked with those of other rooms, and facts of tables.\n'
	'The kinds stand in check_registrations().';
COMMENT ON COLUMN voiceagent_private.registrations.kind IS 'For whom it is.';
COMMENT ON COLUMN voiceagent_private.registrations.name IS
	'A function of voiceagent_private, or, where the kind says so, a table.';
COMMENT ON COLUMN voiceagent_private.registrations.detail IS 'What else there is to know, as the kind says.';
SELECT voiceagent_private.guard_table('voiceagent_private.registrations', 'platform', 'WHERE false');

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

CREATE FUNCTION voiceagent_private.check_registrations() RETURNS void
	LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v record;
	v_problem text;
BEGIN
	FOR v IN
		SELECT r.*, k.arguments, CASE WHEN k.of_table THEN to_regclass(r.name) END AS tab, k.of_table
		FROM voiceagent_private.registrations r
		LEFT JOIN (VALUES
			-- What does not hold -> (invariant, detail), of the current tenant. detail: of the "platform", or the key
			-- of a table, by whose ids it is asked.
			('invariant', '', false),
			-- Rows of the view waiting, of the current tenant.
			('waiting', '', false),
			-- A table whose rows stand against the end of the current tenant. detail: an expression with the words.
			('open', '', true),
			-- A table whose rows, and what they refer to, stay behind when a tenant is deleted.
			('outlives', '', true),
			-- A table whose rows go with their calls, by call_id.
			('of_calls', '', true),
			-- What is done once a day for each tenant.
			('daily', '', false)
		) k(kind, arguments, of_table) USING (kind)
		UNION ALL SELECT 'retention class ' || c.class, c.tab::text, NULL, '', c.tab, true
		FROM voiceagent_private.retention_classes c WHERE c.tab IS NOT NULL
	LOOP
		v_problem := CASE WHEN v.of_table IS NULL THEN 'there is no such kind'
			WHEN v.of_table AND v.tab IS NULL THEN 'there is no such table'
			WHEN v.of_table AND NOT EXISTS (SELECT FROM pg_attribute a WHERE a.attrelid = v.tab
				AND a.attname = 'tenant_id' AND NOT a.attisdropped) THEN 'the table has no tenant'
			WHEN NOT v.of_table AND to_regprocedure(format('voiceagent_private.%I(%s)', v.name, CASE
				WHEN v.kind = 'invariant' AND v.detail LIKE '%.%' THEN 'bigint, bigint' ELSE v.arguments END)) IS NULL
				THEN 'there is no such function' END;
		IF v_problem IS NOT NULL THEN
			RAISE EXCEPTION 'a room announces % as % of its own: %', v.name, v.kind, v_problem
				USING HINT = 'Its row in registrations stands beside the function or the table.';
		END IF;
	END LOOP;
END
$$;
COMMENT ON FUNCTION voiceagent_private.check_registrations() IS
	'For install and update scripts, at their end: fails where a room has announced something that it does not have.';
