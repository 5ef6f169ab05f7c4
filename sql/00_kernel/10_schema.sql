-- 00_kernel: roles, schemas, domains and the guard that every table passes through.

DO $$
BEGIN
	-- A library that is preloaded has this setting in each version, and the other one since 0.2.
	IF pg_catalog.current_setting('voiceagent.launcher', true) IS NOT NULL
		AND pg_catalog.current_setting('voiceagent.library_version', true) IS NULL THEN
		RAISE EXCEPTION 'the server runs an older library of voiceagent than these files are for'
			USING ERRCODE = 'object_not_in_prerequisite_state',
				HINT = 'Restart the server: it then loads the library of this version.';
	END IF;
	-- JSON text, names and transcripts are stored as they come: one encoding.
	IF pg_catalog.getdatabaseencoding() <> 'UTF8' THEN
		RAISE EXCEPTION 'voiceagent needs a database with encoding UTF8'
			USING ERRCODE = 'feature_not_supported',
				DETAIL = pg_catalog.format('This database is encoded in %s.', pg_catalog.getdatabaseencoding()),
				HINT = 'Use CREATE DATABASE ... TEMPLATE template0 ENCODING ''UTF8''.';
	END IF;
END
$$;

-- Roles are the cluster's, so they may be here from another database; one
-- that could bypass row-level security or log in would void every policy.
-- Another database that makes them waits for our commit.
LOCK TABLE pg_catalog.pg_authid IN SHARE ROW EXCLUSIVE MODE;
DO $$
DECLARE
	v_role text;
	v_found pg_catalog.pg_roles;
BEGIN
	FOREACH v_role IN ARRAY ARRAY['voiceagent_owner', 'voiceagent_anon', 'voiceagent_user',
		'voiceagent_admin', 'voiceagent_worker', 'voiceagent_guest', 'voiceagent_api', 'voiceagent_staff']
	LOOP
		SELECT * INTO v_found FROM pg_catalog.pg_roles WHERE rolname = v_role;
		IF NOT FOUND THEN
			EXECUTE pg_catalog.format('CREATE ROLE %I NOLOGIN NOSUPERUSER NOBYPASSRLS NOCREATEROLE NOCREATEDB', v_role);
		ELSIF v_found.rolsuper OR v_found.rolbypassrls OR v_found.rolcanlogin THEN
			RAISE EXCEPTION 'role "%" exists with attributes that voiceagent cannot allow', v_role
				USING ERRCODE = 'invalid_role_specification',
					DETAIL = 'The role must be NOLOGIN, NOSUPERUSER and NOBYPASSRLS: row-level security rests on it.',
					HINT =
						pg_catalog.format('Run ALTER ROLE %I NOLOGIN NOSUPERUSER NOBYPASSRLS, or rename it.', v_role);
		END IF;
	END LOOP;
END
$$;

-- The processes of the API become a visitor, a member or one of the staff for each request, and are nobody otherwise.
ALTER ROLE voiceagent_api NOINHERIT;
GRANT voiceagent_anon, voiceagent_user, voiceagent_staff TO voiceagent_api;

-- map_role() hands membership on, as the owner.
GRANT voiceagent_user TO voiceagent_owner WITH ADMIN OPTION;
-- status() names the sessions that lock our tables or keep VACUUM away.
GRANT pg_read_all_stats TO voiceagent_owner;

CREATE SCHEMA voiceagent;
COMMENT ON SCHEMA voiceagent IS
	E'The API of the calling platform: tables under row-level security, views and functions.\n'
	'Writes go through functions.';
CREATE SCHEMA voiceagent_private;
COMMENT ON SCHEMA voiceagent_private IS
	'Internals of the calling platform (queue, inbox, vault, ledger balances); no role of a user has USAGE.';

CREATE FUNCTION voiceagent_private.is_e164(number text) RETURNS boolean
	LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'va_sql_is_e164';
COMMENT ON FUNCTION voiceagent_private.is_e164(text) IS
	'Whether a text has the shape of a telephone number in E.164: + and 6 to 19 digits, of which the first is not 0.';

CREATE DOMAIN voiceagent.e164 AS text COLLATE "C" CONSTRAINT e164_format CHECK (voiceagent_private.is_e164(VALUE));
COMMENT ON DOMAIN voiceagent.e164 IS
	E'A telephone number as ITU-T E.164 writes it: + and 6 to 19 digits, no extension.\n'
	'(The plans of six countries have numbers longer than the 15 digits of E.164; such a number is '
	'valid and can be dialled.)';

CREATE DOMAIN voiceagent.credit AS numeric(20,6);
COMMENT ON DOMAIN voiceagent.credit IS 'An amount of credits, exact to a millionth.';

CREATE FUNCTION voiceagent.clock() RETURNS timestamptz
	LANGUAGE c VOLATILE PARALLEL SAFE AS 'MODULE_PATHNAME', 'va_sql_clock';
COMMENT ON FUNCTION voiceagent.clock() IS
	E'The platform''s time: clock_timestamp() plus the setting voiceagent.clock_offset (seconds), which '
	'only a superuser sets.\n'
	'While it is not zero no real carrier is used.';

CREATE FUNCTION voiceagent_private.simulating() RETURNS boolean
	LANGUAGE c STABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'va_sql_simulating';
COMMENT ON FUNCTION voiceagent_private.simulating() IS
	'True inside a simulation (81_simulate): the clock is driven, its rows are never seen elsewhere, so no '
	'shared row may be locked.';

CREATE FUNCTION voiceagent_private.in_scope(tenant_id bigint) RETURNS boolean
	LANGUAGE c STABLE STRICT LEAKPROOF PARALLEL SAFE AS 'MODULE_PATHNAME', 'va_sql_in_scope';
COMMENT ON FUNCTION voiceagent_private.in_scope(bigint) IS
	'The policy of routing tables for our functions: true, but inside a simulation only for the tenants that it made.';

CREATE FUNCTION voiceagent_private.fail(code text, message text, detail text DEFAULT NULL, hint text DEFAULT NULL)
	RETURNS void LANGUAGE plpgsql VOLATILE PARALLEL SAFE AS $$
BEGIN
	-- An empty DETAIL would be sent and shown as an empty line; only NULL options cannot be given.
	IF coalesce(detail, '') <> '' AND coalesce(hint, '') <> '' THEN
		RAISE EXCEPTION USING ERRCODE = code, MESSAGE = message, DETAIL = detail, HINT = hint;
	ELSIF coalesce(detail, '') <> '' THEN
		RAISE EXCEPTION USING ERRCODE = code, MESSAGE = message, DETAIL = detail;
	ELSIF coalesce(hint, '') <> '' THEN
		RAISE EXCEPTION USING ERRCODE = code, MESSAGE = message, HINT = hint;
	END IF;
	RAISE EXCEPTION USING ERRCODE = code, MESSAGE = message;
END
$$;
COMMENT ON FUNCTION voiceagent_private.fail(text, text, text, text) IS
	'Raises an error with SQLSTATE code (PT402 no credits, PT403 forbidden, PT404 not found, PT409 conflict, PT422 '
	'invalid input), message, detail and hint; PostgREST answers with that HTTP status.';

CREATE FUNCTION voiceagent_private.fail_if(condition boolean, code text, message text, detail text DEFAULT NULL,
	hint text DEFAULT NULL) RETURNS void
	LANGUAGE sql VOLATILE PARALLEL SAFE
	RETURN CASE WHEN condition THEN voiceagent_private.fail(code, message, detail, hint) END;
COMMENT ON FUNCTION voiceagent_private.fail_if(boolean, text, text, text, text) IS
	'fail() where a condition holds; the planner inlines it, so that the words are made only then.';

CREATE FUNCTION voiceagent_private.month_slot(at timestamptz) RETURNS smallint
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
	RETURN (pg_catalog.mod((pg_catalog.date_part('year', at AT TIME ZONE 'UTC') * 12
			+ pg_catalog.date_part('month', at AT TIME ZONE 'UTC'))::int, 16))::smallint;
COMMENT ON FUNCTION voiceagent_private.month_slot(timestamptz) IS
	'Partition slot 0..15 of an instant: its UTC month in a ring of 16, so that a month is emptied by TRUNCATE long '
	'before the ring comes round.';

CREATE TABLE voiceagent_private.clock_waits (
	tab text,
	col name,
	way text NOT NULL,
	PRIMARY KEY (tab, col)
);
COMMENT ON TABLE voiceagent_private.clock_waits IS
	E'The columns whose times somebody waits for and that follow a clock that is set back.\n'
	'Registered by guard_table() in the install script.';
COMMENT ON COLUMN voiceagent_private.clock_waits.tab IS 'The table.';
COMMENT ON COLUMN voiceagent_private.clock_waits.col IS 'The column.';
COMMENT ON COLUMN voiceagent_private.clock_waits.way IS
	'How it follows: in all rows at once, by tenant (who alone may write there), or by the function of that name.';

/*
 * Every table passes through here once, in the install script.  Kinds:
 * tenant: rows of one tenant, seen under its proof (owner, worker, members).
 * internal: the same without the members: only our functions and workers.
 * routing: read before the tenant is known (token -> tenant, lanes, leases);
 *   lies in voiceagent_private and is open to owner (in a simulation: to what
 *   it made) and worker alone.
 * platform: no tenant_id; protected by grants.
 */
CREATE FUNCTION voiceagent_private.guard_table(tab regclass, kind text, dump_condition text DEFAULT '',
	waits name[] DEFAULT '{}', set_back_by text DEFAULT NULL)
	RETURNS void LANGUAGE plpgsql VOLATILE AS $$
DECLARE
	v_name text := (SELECT format('%I.%I', c.relnamespace::regnamespace, c.relname)
		FROM pg_catalog.pg_class c WHERE c.oid = tab);
	v_part regclass;
	v_sequence regclass;
BEGIN
	IF kind NOT IN ('tenant', 'internal', 'routing', 'platform') THEN
		RAISE EXCEPTION 'unknown kind of table "%"', kind;
	END IF;
	-- Rows of the platform belong to no tenant whose turn could be skipped.
	IF waits <> '{}' AND kind = 'platform' AND set_back_by IS NULL
		OR EXISTS (SELECT unnest(waits) EXCEPT SELECT a.attname FROM pg_catalog.pg_attribute a
			WHERE a.attrelid = tab AND a.atttypid = 'timestamptz'::regtype AND NOT a.attisdropped) THEN
		RAISE EXCEPTION 'table % has no such waits: %', tab, waits
			USING HINT = 'These are columns of the type timestamptz in a table with tenant_id.';
	END IF;
	FOR v_part IN SELECT tab UNION ALL
		SELECT inhrelid::regclass FROM pg_catalog.pg_inherits WHERE inhparent = tab
	LOOP
		IF kind <> 'platform' THEN
			EXECUTE format('ALTER TABLE %s ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY', v_part);
		END IF;
		IF kind = 'tenant' THEN
			EXECUTE format('CREATE POLICY tenant ON %s TO voiceagent_owner, voiceagent_worker, voiceagent_user
				USING (tenant_id = voiceagent_private.policy_tenant())', v_part);
		ELSIF kind = 'internal' THEN
			EXECUTE format('CREATE POLICY tenant ON %s TO voiceagent_owner, voiceagent_worker
				USING (tenant_id = voiceagent_private.policy_tenant())', v_part);
		ELSIF kind = 'routing' THEN
			EXECUTE format('CREATE POLICY routing ON %s TO voiceagent_worker USING (true)', v_part);
			EXECUTE format('CREATE POLICY scope ON %s TO voiceagent_owner
				USING (voiceagent_private.in_scope(tenant_id))', v_part);
		END IF;
		IF (SELECT relkind FROM pg_catalog.pg_class WHERE oid = v_part) = 'r' THEN
			PERFORM pg_catalog.pg_extension_config_dump(v_part, dump_condition);
		END IF;
		FOR v_sequence IN
			SELECT d.objid::regclass FROM pg_catalog.pg_depend d
			JOIN pg_catalog.pg_class s ON s.oid = d.objid AND s.relkind = 'S'
			WHERE d.classid = 'pg_catalog.pg_class'::regclass AND d.refclassid = d.classid AND d.refobjid = v_part
				AND d.deptype IN ('a', 'i')
		LOOP
			PERFORM pg_catalog.pg_extension_config_dump(v_sequence, '');
		END LOOP;
		EXECUTE format('GRANT SELECT, INSERT, UPDATE, DELETE ON %s TO voiceagent_worker', v_part);
	END LOOP;
	DELETE FROM voiceagent_private.clock_waits w WHERE w.tab = v_name;
	INSERT INTO voiceagent_private.clock_waits (tab, col, way)
	SELECT v_name, c, coalesce(set_back_by, CASE kind WHEN 'routing' THEN 'at once' ELSE 'by tenant' END)
	FROM unnest(waits) c;
END
$$;
COMMENT ON FUNCTION voiceagent_private.guard_table(regclass, text, text, name[], text) IS
	E'For install and upgrade scripts: forces row-level security on a table and its partitions, adds the policy of its '
	'kind (tenant, internal, routing, platform), and marks it for pg_dump (dump_condition as in '
	'pg_extension_config_dump).\n'
	'waits: its columns for clock_waits, which follow as the kind says, or by the function set_back_by.';
SELECT voiceagent_private.guard_table('voiceagent_private.clock_waits', 'platform', 'WHERE false');

/*
 * A ring of 16 partitions, made here and never at run time: partitions made
 * later would not restore together with the extension's parent table.
 */
CREATE FUNCTION voiceagent_private.make_ring(tab regclass) RETURNS void LANGUAGE plpgsql VOLATILE AS $$
DECLARE
	v_name text := (SELECT relname FROM pg_catalog.pg_class WHERE oid = tab);
	v_slot int;
BEGIN
	FOR v_slot IN 0 .. 15 LOOP
		EXECUTE format('CREATE TABLE voiceagent_private.%I PARTITION OF %s FOR VALUES IN (%s)',
			v_name || '_' || lpad(v_slot::text, 2, '0'), tab, v_slot);
		EXECUTE format('COMMENT ON TABLE voiceagent_private.%I IS %L', v_name || '_' || lpad(v_slot::text, 2, '0'),
			format('Month slot %s of the ring %s.', v_slot, tab));
	END LOOP;
END
$$;
COMMENT ON FUNCTION voiceagent_private.make_ring(regclass) IS
	'For install scripts: makes the 16 month slots of a table that is partitioned by LIST (month_slot).';

-- Rows of a kilobyte or two, written once, are too short for PostgreSQL to compress them by itself.
CREATE FUNCTION voiceagent_private.pack_text(value text) RETURNS text
	LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'va_sql_pack';
COMMENT ON FUNCTION voiceagent_private.pack_text(text) IS
	'The same text, compressed for storage where the server has lz4.';

CREATE FUNCTION voiceagent_private.pack_jsonb(value jsonb) RETURNS jsonb
	LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'va_sql_pack';
COMMENT ON FUNCTION voiceagent_private.pack_jsonb(jsonb) IS
	'The same JSON, compressed for storage where the server has lz4.';
