/*
 * The directory of the cells: a small database of its own, which knows where each tenant lives, prints the routers' maps, asks all
 * cells one after the other, and keeps what must be unique over cells.  doc/scale.md says how it is set up.
 *
 *   psql -v ON_ERROR_STOP=1 -d directory -f directory.sql
 *
 * It needs PL/Proxy.  Nothing of it is in the path of a call: a cell knows its own tenants, and reports them to the directory.
 */
\set ON_ERROR_STOP on
BEGIN;
CREATE EXTENSION IF NOT EXISTS plproxy;
CREATE SCHEMA fleet;
COMMENT ON SCHEMA fleet IS 'The cells, the tenants in them, the names that they have claimed, and what is done for all cells.';
-- These objects are for superusers, and for those to whom one grants it.
ALTER DEFAULT PRIVILEGES REVOKE EXECUTE ON ROUTINES FROM PUBLIC;

CREATE TABLE fleet.cells (
	cell integer PRIMARY KEY CHECK (cell BETWEEN 1 AND 256),
	place text NOT NULL CHECK (place ~ '^[a-z_]+=[\w./:-]+( [a-z_]+=[\w./:-]+)*$' AND place !~ '\m(user|password)='),
	takes_new boolean NOT NULL DEFAULT true
);
COMMENT ON TABLE fleet.cells IS 'The cells; place: the keywords of libpq that lead to the database, for the routers too.';

CREATE TABLE fleet.tenants (
	tenant_id bigint PRIMARY KEY,
	cell integer NOT NULL REFERENCES fleet.cells,
	alias text NOT NULL UNIQUE CHECK (alias ~ '^[a-z0-9_]{1,63}$'),
	host text UNIQUE CHECK (host ~ '^[a-z0-9-]+(\.[a-z0-9-]+)+$'),
	changed_at timestamptz NOT NULL DEFAULT clock_timestamp()
);
COMMENT ON TABLE fleet.tenants IS
	'Where each tenant lives, as far as the directory knows; alias: its database in PgBouncer; host: its name in the web.';

CREATE TABLE fleet.names (
	kind text NOT NULL CHECK (kind IN ('login', 'role', 'number')),
	digest bytea NOT NULL,
	tenant_id bigint NOT NULL,
	claimed_at timestamptz NOT NULL DEFAULT clock_timestamp(),
	contested boolean NOT NULL DEFAULT false,
	PRIMARY KEY (kind, digest, tenant_id)
);
COMMENT ON TABLE fleet.names IS 'SHA-256 of proved addresses that log in, of login roles and of proved telephone numbers, and whose they are.';
COMMENT ON COLUMN fleet.names.contested IS 'Another tenant has proved this number: refresh() has its cell ask the carrier.';
CREATE INDEX names_tenant ON fleet.names (tenant_id);

CREATE TABLE fleet.deeds (
	key text PRIMARY KEY CHECK (length(key) BETWEEN 1 AND 200),
	who text NOT NULL,
	deed text NOT NULL,
	arguments jsonb NOT NULL,
	cell integer NOT NULL REFERENCES fleet.cells,
	answer jsonb,
	begun_at timestamptz NOT NULL DEFAULT clock_timestamp()
);
COMMENT ON TABLE fleet.deeds IS 'Deeds in cells, by their key; without an answer: begun, to be repeated with its key.';

-- ---- the cells ----

CREATE FUNCTION fleet.server(cell integer) RETURNS text LANGUAGE sql IMMUTABLE AS $$ SELECT 'cell_' || $1 $$;
COMMENT ON FUNCTION fleet.server(integer) IS 'The name of a cell''s foreign server.';

CREATE FUNCTION fleet.set_cell(cell integer, place text, password text DEFAULT NULL, takes_new boolean DEFAULT true)
	RETURNS void LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_server name := fleet.server(cell);
	v_options text := format('p0 %L, query_timeout %L, connection_lifetime %L', place || ' connect_timeout=5', '60', '600');
	v_password text := CASE WHEN password IS NOT NULL THEN format(', password %L', password) END;
BEGIN
	INSERT INTO fleet.cells VALUES (cell, place, takes_new) ON CONFLICT ON CONSTRAINT cells_pkey
	DO UPDATE SET place = excluded.place, takes_new = excluded.takes_new;
	EXECUTE format('DROP SERVER IF EXISTS %I CASCADE', v_server);
	EXECUTE format('CREATE SERVER %I FOREIGN DATA WRAPPER plproxy OPTIONS (%s)', v_server, v_options);
	EXECUTE format('CREATE USER MAPPING FOR CURRENT_USER SERVER %I OPTIONS (user %L%s)', v_server, 'voiceagent_directory',
		v_password);
END
$$;
COMMENT ON FUNCTION fleet.set_cell(integer, text, text, boolean) IS
	'Adds a cell, or has it reached otherwise; takes_new: whether new tenants may be made there unless a cell is named.';

CREATE FUNCTION fleet.ask(cell integer, question text, about bigint) RETURNS SETOF jsonb LANGUAGE plproxy AS $$
	CLUSTER fleet.server(cell);
	RUN ON 0;
	SELECT * FROM fleet_cell.ask(question, about);
$$;
COMMENT ON FUNCTION fleet.ask(integer, text, bigint) IS 'Asks one cell: fleet_cell.ask() there.';

CREATE FUNCTION fleet.do_there(cell integer, key text, who text, deed text, arguments jsonb) RETURNS jsonb LANGUAGE plproxy AS $$
	CLUSTER fleet.server(cell);
	RUN ON 0;
	SELECT fleet_cell.do_once(key, who, deed, arguments);
$$;
COMMENT ON FUNCTION fleet.do_there(integer, text, text, text, jsonb) IS 'Has one cell do something: fleet_cell.do_once() there.';

CREATE FUNCTION fleet.silence(cell integer, why text) RETURNS text LANGUAGE sql IMMUTABLE AS $$
	SELECT format('cell %s does not answer: %s', cell, btrim(regexp_replace(
		regexp_replace(why, '^PL/Proxy function [^:]*: ', ''), '\s+', ' ', 'g')))
$$;
COMMENT ON FUNCTION fleet.silence(integer, text) IS 'The text about a cell that could not be asked.';

CREATE FUNCTION fleet.ask_all(question text) RETURNS TABLE (cell integer, answer jsonb, error text)
	LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_cell integer;
BEGIN
	-- One after the other, since PL/Proxy's RUN ON ALL fails whole when one of them does.
	FOR v_cell IN SELECT c.cell FROM fleet.cells c ORDER BY c.cell LOOP
		BEGIN
			RETURN QUERY SELECT v_cell, a, NULL::text FROM fleet.ask(v_cell, question, NULL) a;
		EXCEPTION WHEN OTHERS OR query_canceled THEN
			RETURN QUERY SELECT v_cell, NULL::jsonb, fleet.silence(v_cell, SQLERRM);
		END;
	END LOOP;
END
$$;
COMMENT ON FUNCTION fleet.ask_all(text) IS 'The answers of all cells; a cell that gives none has one row that says why.';

-- ---- where a tenant lives ----

CREATE FUNCTION fleet.born_in(tenant_id bigint) RETURNS integer LANGUAGE sql IMMUTABLE AS
	$$ SELECT ((tenant_id >> 36) % 256)::integer + 1 $$;
COMMENT ON FUNCTION fleet.born_in(bigint) IS 'The cell that made a tenant, which its number tells.';

CREATE FUNCTION fleet.put(tenant_id bigint, cell integer) RETURNS void
	LANGUAGE sql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
	INSERT INTO fleet.tenants AS t (tenant_id, cell, alias) VALUES (tenant_id, cell, 't' || tenant_id)
	ON CONFLICT ON CONSTRAINT tenants_pkey DO UPDATE SET cell = excluded.cell, changed_at = clock_timestamp()
	WHERE t.cell <> excluded.cell
$$;
COMMENT ON FUNCTION fleet.put(bigint, integer) IS 'Writes where a tenant lives.';

CREATE FUNCTION fleet.find(tenant_id bigint) RETURNS integer
	LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_cell integer := coalesce((SELECT t.cell FROM fleet.tenants t WHERE t.tenant_id = find.tenant_id),
		fleet.born_in(tenant_id));
	v_says integer;
BEGIN
	FOR i IN 1 .. 10 LOOP
		v_says := (SELECT (a #>> '{}')::integer FROM fleet.ask(v_cell, 'where', tenant_id) a);
		IF v_says IS NULL THEN
			RAISE EXCEPTION USING ERRCODE = 'PT404', MESSAGE = format('cell %s knows no tenant %s', v_cell, tenant_id);
		ELSIF v_says = v_cell THEN
			PERFORM fleet.put(tenant_id, v_cell);
			RETURN v_cell;
		END IF;
		v_cell := v_says;
	END LOOP;
	RAISE EXCEPTION USING ERRCODE = 'PT421', MESSAGE = format('tenant %s is moving', tenant_id), HINT = 'Ask again in a moment.';
END
$$;
COMMENT ON FUNCTION fleet.find(bigint) IS
	E'Asks the cells where a tenant is served, from the last that is known on, and writes it down -> cell.\n'
	'PT404 for an unknown one, PT421 while a move has it served nowhere.';

CREATE FUNCTION fleet.refresh() RETURNS SETOF text
	LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_served bigint[];
	v_names jsonb;
	v record;
BEGIN
	FOR v IN SELECT c.cell FROM fleet.cells c ORDER BY c.cell LOOP
		BEGIN
			v_served := ARRAY(SELECT (a ->> 'tenant_id')::bigint FROM fleet.ask(v.cell, 'tenants', NULL) a);
			PERFORM fleet.put(t, v.cell) FROM unnest(v_served) t;
			INSERT INTO fleet.deeds (key, who, deed, arguments, cell, answer, begun_at)
			SELECT d.key, d.who, d.deed, d.arguments, v.cell, d.answer, d.done_at FROM fleet.ask(v.cell, 'deeds', NULL) a
			CROSS JOIN LATERAL jsonb_to_record(a) AS d(key text, who text, deed text, arguments jsonb, answer jsonb,
				done_at timestamptz)
			ON CONFLICT DO NOTHING;
			v_names := (SELECT jsonb_agg(a) FROM fleet.ask(v.cell, 'names', NULL) a);
			INSERT INTO fleet.names (kind, digest, tenant_id) SELECT n.kind, n.digest::bytea, n.tenant_id
			FROM jsonb_to_recordset(v_names) AS n(kind text, digest text, tenant_id bigint) ON CONFLICT DO NOTHING;
			-- A claim no longer used, or never used: its transaction has ended by now.
			DELETE FROM fleet.names n WHERE n.tenant_id = ANY (v_served)
				AND n.claimed_at < clock_timestamp() - interval '1 hour'
				AND NOT EXISTS (SELECT FROM jsonb_to_recordset(v_names) AS u(kind text, digest text, tenant_id bigint)
					WHERE u.tenant_id = n.tenant_id AND u.kind = n.kind AND u.digest::bytea = n.digest);
			PERFORM fleet.ask(v.cell, 'check_numbers', n.tenant_id) FROM (SELECT DISTINCT n.tenant_id FROM fleet.names n
				WHERE n.contested AND n.tenant_id = ANY (v_served)) n;
			UPDATE fleet.names n SET contested = false WHERE n.contested AND n.tenant_id = ANY (v_served);
		EXCEPTION WHEN OTHERS OR query_canceled THEN
			RETURN NEXT fleet.silence(v.cell, SQLERRM);
		END;
	END LOOP;
END
$$;
COMMENT ON FUNCTION fleet.refresh() IS
	E'Writes down which tenants, deeds and names each cell has, lets go of names that nobody uses, and has contested numbers '
	'checked -> a line a cell that does not answer.\nFor a directory that is new, was restored, or missed a move; once a night.';

-- ---- the routers' maps ----

CREATE FUNCTION fleet.pgbouncer(options text DEFAULT 'pool_mode=transaction') RETURNS SETOF text
	LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
	SELECT '[databases]'
	UNION ALL
	(SELECT concat_ws(' ', t.alias, '=', c.place, nullif(options, '')) FROM fleet.tenants t JOIN fleet.cells c USING (cell)
		ORDER BY t.alias)
$$;
COMMENT ON FUNCTION fleet.pgbouncer(text) IS 'A file for PgBouncer''s %include: a database for each tenant, by its alias.';

CREATE FUNCTION fleet.web_map(line_end text DEFAULT ';') RETURNS SETOF text
	LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
	SELECT format('%s %s%s', k.key, fleet.server(k.cell), line_end)
	FROM (SELECT v.key, t.cell FROM fleet.tenants t CROSS JOIN LATERAL (VALUES (t.host), (t.tenant_id::text)) AS v(key)
		UNION ALL SELECT format('va%s_', c.cell), c.cell FROM fleet.cells c) k
	WHERE k.key IS NOT NULL ORDER BY k.key
$$;
COMMENT ON FUNCTION fleet.web_map(text) IS
	'The cell of each host, of each tenant_id, which tokens say, and of each beginning of an API key, for a map of nginx; of '
	'HAProxy with an empty line_end.';

-- ---- what is done for all cells ----

CREATE PROCEDURE fleet.do_once(key text, deed text, arguments jsonb, cell integer, INOUT answer jsonb)
	LANGUAGE plpgsql AS $$
#variable_conflict use_variable
DECLARE
	v_deed fleet.deeds;
BEGIN
	INSERT INTO fleet.deeds AS d (key, who, deed, arguments, cell) VALUES (key, session_user, deed, arguments, cell)
	ON CONFLICT DO NOTHING;
	-- A repetition goes where the first one went, whatever happened to it.
	COMMIT;
	SELECT d.* INTO v_deed FROM fleet.deeds d WHERE d.key = do_once.key;
	IF v_deed.deed <> deed OR v_deed.arguments <> arguments THEN
		RAISE EXCEPTION USING ERRCODE = 'PT409', MESSAGE = 'this key was used for something else';
	ELSIF v_deed.answer IS NOT NULL THEN
		answer := v_deed.answer;
		RETURN;
	END IF;
	BEGIN
		answer := fleet.do_there(v_deed.cell, key, v_deed.who, deed, arguments);
	EXCEPTION WHEN SQLSTATE 'PT421' THEN
		-- It was not done there, and will not be.
		v_deed.cell := fleet.find((arguments ->> 'tenant_id')::bigint);
		answer := fleet.do_there(v_deed.cell, key, v_deed.who, deed, arguments);
	WHEN connection_exception OR internal_error OR admin_shutdown OR crash_shutdown OR cannot_connect_now
		OR lock_not_available OR query_canceled THEN
		RAISE EXCEPTION USING ERRCODE = 'PT503', MESSAGE = fleet.silence(v_deed.cell, SQLERRM),
			DETAIL = 'Whether it was done is not known.', HINT = 'Call again with the same key.';
	END;
	UPDATE fleet.deeds AS d SET answer = do_once.answer, cell = v_deed.cell WHERE d.key = do_once.key;
	COMMIT;
END
$$;
COMMENT ON PROCEDURE fleet.do_once(text, text, jsonb, integer, jsonb) IS
	E'Has a cell do something once, however often it is called with this key, and whatever is killed meanwhile.\n'
	'PT409 when the key was another deed''s. Not within a transaction, since it commits.';

CREATE FUNCTION fleet.emptiest() RETURNS integer LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_cell integer;
BEGIN
	FOR v_cell IN SELECT c.cell FROM fleet.cells c LEFT JOIN fleet.tenants t USING (cell) WHERE c.takes_new
		GROUP BY c.cell ORDER BY count(t), c.cell
	LOOP
		BEGIN
			PERFORM fleet.ask(v_cell, 'here', NULL);
			RETURN v_cell;
		EXCEPTION WHEN OTHERS OR query_canceled THEN
			RAISE NOTICE '%', fleet.silence(v_cell, SQLERRM);
		END;
	END LOOP;
	RAISE EXCEPTION USING ERRCODE = 'PT503', MESSAGE = 'no cell that takes new tenants answers';
END
$$;
COMMENT ON FUNCTION fleet.emptiest() IS 'The cell with the fewest tenants of those that answer and take new ones. PT503.';

CREATE PROCEDURE fleet.create_tenant(key text, name text, timezone text DEFAULT 'UTC', credits numeric DEFAULT 0,
	cell integer DEFAULT NULL, INOUT tenant_id bigint DEFAULT NULL)
	LANGUAGE plpgsql AS $$
#variable_conflict use_variable
DECLARE
	v_cell integer := coalesce((SELECT d.cell FROM fleet.deeds d WHERE d.key = create_tenant.key), cell, fleet.emptiest());
	v_answer jsonb;
BEGIN
	CALL fleet.do_once(key, 'create_tenant', jsonb_build_object('name', name, 'timezone', timezone, 'credits', credits),
		v_cell, v_answer);
	tenant_id := (v_answer ->> 'tenant_id')::bigint;
	PERFORM fleet.put(tenant_id, v_cell) WHERE NOT EXISTS (SELECT FROM fleet.tenants t WHERE t.tenant_id = create_tenant.tenant_id);
END
$$;
COMMENT ON PROCEDURE fleet.create_tenant(text, text, text, numeric, integer, bigint) IS
	'A new tenant in a cell, or in the emptiest one: one tenant a key, however often it is called.';

CREATE PROCEDURE fleet.set_tenant_active(key text, tenant_id bigint, active boolean, INOUT was boolean DEFAULT NULL)
	LANGUAGE plpgsql AS $$
#variable_conflict use_variable
DECLARE
	v_cell integer := coalesce((SELECT t.cell FROM fleet.tenants t WHERE t.tenant_id = set_tenant_active.tenant_id),
		fleet.find(tenant_id));
	v_answer jsonb;
BEGIN
	CALL fleet.do_once(key, 'set_tenant_active', jsonb_build_object('tenant_id', tenant_id, 'active', active), v_cell, v_answer);
	was := (v_answer ->> 'was')::boolean;
END
$$;
COMMENT ON PROCEDURE fleet.set_tenant_active(text, bigint, boolean, boolean) IS
	'Suspends a tenant, or has it go on, in the cell that serves it; was: how it was.';

CREATE FUNCTION fleet.list_tenants() RETURNS TABLE (cell integer, tenant_id bigint, name text, active boolean, calls bigint,
	minutes numeric, credits numeric, error text)
	LANGUAGE sql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
	SELECT a.cell, u.tenant_id, u.name, u.active, u.calls, u.minutes, u.credits, a.error
	FROM fleet.ask_all('usage') a CROSS JOIN LATERAL jsonb_to_record(coalesce(a.answer, '{}'))
		AS u(tenant_id bigint, name text, active boolean, calls bigint, minutes numeric, credits numeric)
$$;
COMMENT ON FUNCTION fleet.list_tenants() IS
	'All tenants with what they used in the last 30 days (tenant_usage() of each cell); a cell that is down is a row with an error.';

CREATE FUNCTION fleet.status() RETURNS TABLE (cell integer, state text, tenants bigint, version text, detail text)
	LANGUAGE sql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
	SELECT a.cell, CASE WHEN a.error IS NOT NULL THEN 'down' WHEN (a.answer ->> 'ok')::boolean THEN 'ok' ELSE 'unwell' END,
		(SELECT count(*) FROM fleet.tenants t WHERE t.cell = a.cell), a.answer ->> 'version',
		coalesce(a.error, (SELECT string_agg(p, '; ') FROM jsonb_array_elements_text(a.answer -> 'problems') p))
	FROM fleet.ask_all('health') a
$$;
COMMENT ON FUNCTION fleet.status() IS 'How each cell is: ok, unwell with its problems (health() there), or down with the reason.';

CREATE FUNCTION fleet.invariants() RETURNS TABLE (invariant text, detail text)
	LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
BEGIN
	RETURN QUERY SELECT coalesce(a.answer ->> 'invariant', 'cell_down'),
		coalesce(a.error, format('cell %s: %s', a.cell, a.answer ->> 'detail')) FROM fleet.ask_all('invariants') a;
	CREATE TEMP TABLE IF NOT EXISTS fleet_served (cell integer, tenant_id bigint) ON COMMIT DROP;
	TRUNCATE pg_temp.fleet_served;
	INSERT INTO pg_temp.fleet_served SELECT a.cell, (a.answer ->> 'tenant_id')::bigint
	FROM fleet.ask_all('tenants') a WHERE a.error IS NULL;
	RETURN QUERY SELECT 'served_once', format('tenant %s is served by the cells %s', s.tenant_id, string_agg(s.cell::text, ', '))
		FROM pg_temp.fleet_served s GROUP BY s.tenant_id HAVING count(*) > 1;
	RETURN QUERY SELECT 'directory', format('tenant %s is served by cell %s, and the directory says %s', s.tenant_id, s.cell,
			coalesce('cell ' || t.cell, 'nothing'))
		FROM pg_temp.fleet_served s LEFT JOIN fleet.tenants t USING (tenant_id) WHERE t.cell IS DISTINCT FROM s.cell;
	RETURN QUERY SELECT 'served', format('nobody serves tenant %s of cell %s', t.tenant_id, t.cell) FROM fleet.tenants t
		WHERE EXISTS (SELECT FROM pg_temp.fleet_served s WHERE s.cell = t.cell)
			AND NOT EXISTS (SELECT FROM pg_temp.fleet_served s WHERE s.tenant_id = t.tenant_id);
	RETURN QUERY SELECT 'claimed_once', format('a %s is claimed by the tenants %s', n.kind, string_agg(n.tenant_id::text, ', '))
		FROM fleet.names n LEFT JOIN fleet.tenants t USING (tenant_id) GROUP BY n.kind, n.digest
		HAVING count(*) > 1 AND (n.kind <> 'login' OR count(DISTINCT coalesce(t.cell, fleet.born_in(n.tenant_id))) > 1);
END
$$;
COMMENT ON FUNCTION fleet.invariants() IS
	'The invariants that do not hold: in a cell (invariants() there), or between cells; a cell that is down is a row, the rest goes on.';

-- ---- names that are unique over cells ----

CREATE FUNCTION fleet.claim(kind text, digest bytea, tenant_id bigint, cell integer) RETURNS integer
	LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_variable
DECLARE
	v_other integer;
BEGIN
	PERFORM pg_advisory_xact_lock(hashtextextended(kind || encode(digest, 'hex'), 0));
	-- In one cell an address may log in to several tenants, whose page it is on.
	SELECT x.cell INTO v_other FROM fleet.names n LEFT JOIN fleet.tenants t ON t.tenant_id = n.tenant_id
	CROSS JOIN LATERAL (SELECT coalesce(t.cell, fleet.born_in(n.tenant_id)) AS cell) x
	WHERE n.kind = kind AND n.digest = digest AND n.tenant_id <> tenant_id AND (kind <> 'login' OR x.cell <> cell) LIMIT 1;
	IF FOUND THEN
		UPDATE fleet.names n SET contested = true
		WHERE n.kind = kind AND kind = 'number' AND n.digest = digest AND NOT n.contested;
	ELSE
		INSERT INTO fleet.names (kind, digest, tenant_id) VALUES (kind, digest, tenant_id)
		ON CONFLICT ON CONSTRAINT names_pkey DO UPDATE SET claimed_at = clock_timestamp();
	END IF;
	RETURN v_other;
END
$$;
COMMENT ON FUNCTION fleet.claim(text, bytea, bigint, integer) IS
	'Claims a name for a tenant of a cell -> NULL, or the cell of the tenant that has it. For voiceagent_cell, as which cells log in.';

DO $$ BEGIN CREATE ROLE voiceagent_cell LOGIN; EXCEPTION WHEN duplicate_object THEN NULL; END $$;
ALTER ROLE voiceagent_cell SET lock_timeout = '5s';
ALTER ROLE voiceagent_cell SET statement_timeout = '10s';
GRANT USAGE ON SCHEMA fleet TO voiceagent_cell;
GRANT EXECUTE ON FUNCTION fleet.claim(text, bytea, bigint, integer) TO voiceagent_cell;
ALTER DEFAULT PRIVILEGES GRANT EXECUTE ON ROUTINES TO PUBLIC;
COMMIT;
