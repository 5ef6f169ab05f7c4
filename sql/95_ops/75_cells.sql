/*
 * 95_ops: cells.  A cell is an installation of its own; a tenant lives in one,
 * with all its rows.  A cell gives out ids from a block of 2^36 of its own, so
 * those of two cells never meet.  A tenant's ids rise with time, which much
 * relies on (the ledger, retention, lists by page): a cell that takes a tenant
 * whose ids lie in a later block begins the next block of its own behind that.
 * 256 cells have 512 eras of blocks, all below 2^53.
 *
 * A move copies the tenant by logical replication while it is served, and then:
 *
 *   here                      there
 *   offer_tenant()            expect_tenant()     publication; what there lacks
 *   copy_script()             CREATE SUBSCRIPTION in one commit: copied, following
 *   leave_tenant(), again                         no dial, no caller; parked
 *                             take_tenant()       compared, unparked, served
 *                             DROP SUBSCRIPTION
 *   remove_tenant()                               compared, deleted
 *
 * Workers and callers find a tenant by its rows in routing tables.  To stop
 * serving it is to move those rows to parked_rows, in as many commits as it takes
 * until no writer is left; these travel as any row does, behind all else, and the
 * seal behind them.  To serve it is to put them back, in one commit.  So each step
 * can be killed and done again, and the tenant is served by one cell or by none,
 * never by two.
 *
 * Only superusers: policies would show them one tenant, and triggers must rest.
 */

CREATE FUNCTION voiceagent_private.begin_ids(block bigint) RETURNS void
	LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_first bigint := block << 36;
	v_sequence regclass;
	v_last bigint;
BEGIN
	PERFORM voiceagent_private.fail_if(block >= 131072, '54000', 'there are no ids left behind those of the tenant');
	FOR v_sequence IN SELECT s.seqrelid FROM pg_sequence s JOIN pg_class c ON c.oid = s.seqrelid
		WHERE c.relnamespace IN ('voiceagent'::regnamespace, 'voiceagent_private'::regnamespace)
	LOOP
		EXECUTE format('SELECT last_value FROM %s', v_sequence) INTO v_last;
		IF v_last < v_first THEN
			PERFORM setval(v_sequence, v_first + 1, false);
		END IF;
	END LOOP;
END
$$;
COMMENT ON FUNCTION voiceagent_private.begin_ids(bigint) IS
	'Has every id that is given out from now on lie in this block, or beyond; an update does it for tables that are '
	'new.';

CREATE FUNCTION voiceagent_private.require_superuser(action text) RETURNS void
	LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
	RETURN voiceagent_private.fail_if(NOT (SELECT r.rolsuper FROM pg_catalog.pg_roles r WHERE r.rolname = current_user),
		'insufficient_privilege', format('permission denied to %s', action), NULL, 'It takes a superuser.');
COMMENT ON FUNCTION voiceagent_private.require_superuser(text) IS
	'Raises 42501 unless the caller is a superuser; action completes "permission denied to".';

CREATE FUNCTION voiceagent.set_cell(cell integer) RETURNS void
	LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
	PERFORM voiceagent_private.require_superuser('number a cell');
	PERFORM voiceagent_private.fail_if((cell BETWEEN 1 AND 256) IS NOT TRUE, 'PT422',
		'a cell''s number lies between 1 and 256');
	LOCK TABLE voiceagent.tenants IN SHARE ROW EXCLUSIVE MODE;
	PERFORM voiceagent_private.fail_if(EXISTS (SELECT FROM voiceagent.tenants)
			OR voiceagent_private.cell() NOT IN (1, cell),
		'PT409', 'this cell has a number, or tenants with ids of one', NULL,
		'A cell is numbered once, right behind CREATE EXTENSION.');
	PERFORM voiceagent_private.begin_ids(cell - 1);
	PERFORM voiceagent_private.audit_platform('set_cell', 'cell ' || cell);
END
$$;
COMMENT ON FUNCTION voiceagent.set_cell(integer) IS
	E'Numbers an empty installation: its ids begin at (cell - 1) * 2^36 and never meet those of another cell.\n'
	'Without it the cell is 1. For superusers (42501); PT422 unless 1 to 256, PT409 when there are tenants.';

-- ---- what moves ----

CREATE FUNCTION voiceagent_private.move_plan() RETURNS TABLE (tab regclass, how text, why text)
	LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
	SELECT c.oid::regclass, coalesce(x.how, CASE WHEN k.keyed AND NOT r.routing THEN 'published' ELSE 'parked' END),
		coalesce(x.why, CASE WHEN NOT k.keyed THEN 'its key lacks the tenant'
			WHEN r.routing THEN 'the tenant is found by it' END)
	FROM pg_class c
	LEFT JOIN (VALUES
		('voiceagent_private.tenant_moves'::regclass, 'stays', 'is of the cell'),
		('voiceagent_private.signposts', 'stays', 'is of the cell'),
		('voiceagent_private.tenant_closings', 'stays', 'outlives the tenant'),
		('voiceagent_private.role_map', 'copied', 'until it is removed its roles are told the cell'),
		('voiceagent_private.parked_rows', 'published', 'carries what is parked'),
		('voiceagent.campaign_counters', 'made anew', 'is counted from calls and leads'),
		('voiceagent_private.lead_order', 'made anew', 'follows from leads'),
		-- Large, and no task looks for work in them.
		('voiceagent_private.webhook_keys', 'published', 'finds no work'),
		('voiceagent_private.listing_index', 'published', 'finds no work'),
		('voiceagent_private.listing_keys', 'published', 'finds no work'))
		AS x(tab, how, why) ON x.tab = c.oid
	CROSS JOIN LATERAL (SELECT EXISTS (SELECT FROM pg_index i
			JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'tenant_id' AND a.attnum = ANY (i.indkey::int2[])
			WHERE i.indrelid = c.oid AND i.indisprimary) AS keyed) k
	CROSS JOIN LATERAL (SELECT EXISTS (SELECT FROM pg_policy p
			WHERE p.polrelid = c.oid AND p.polname = 'routing') AS routing) r
	WHERE c.relnamespace IN ('voiceagent'::regnamespace, 'voiceagent_private'::regnamespace)
		AND c.relkind IN ('r', 'p') AND NOT c.relispartition
		AND EXISTS (SELECT FROM pg_attribute a
			WHERE a.attrelid = c.oid AND a.attname = 'tenant_id' AND NOT a.attisdropped)
$$;
COMMENT ON FUNCTION voiceagent_private.move_plan() IS
	E'Each table with tenant_id and how its rows move: published, by logical replication; parked or copied, as rows of '
	'parked_rows; made anew from others; or it stays, and why.\nTables without tenant_id are the platform''s and stay.';

CREATE FUNCTION voiceagent_private.columns_of(tab regclass) RETURNS text
	LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
	RETURN (SELECT string_agg(quote_ident(a.attname), ', ' ORDER BY a.attname) FROM pg_catalog.pg_attribute a
		WHERE a.attrelid = tab AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = '');
COMMENT ON FUNCTION voiceagent_private.columns_of(regclass) IS 'The columns of a table that are written, by name.';

CREATE FUNCTION voiceagent_private.move_shape() RETURNS text
	LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
	SELECT md5(string_agg(concat_ws(' ', m.tab, m.how, a.attname, format_type(a.atttypid, a.atttypmod)), E'\n'
		ORDER BY m.tab::text COLLATE "C", a.attname COLLATE "C"))
	FROM voiceagent_private.move_plan() m
	JOIN pg_attribute a ON a.attrelid = m.tab AND a.attnum > 0 AND NOT a.attisdropped
$$;
COMMENT ON FUNCTION voiceagent_private.move_shape() IS
	'A digest of all that two cells must have in common: tables, how they move, columns and their types.';

CREATE FUNCTION voiceagent_private.tenant_digests(tenant_id bigint) RETURNS jsonb
	LANGUAGE plpgsql STABLE SET timezone = 'UTC' SET datestyle = 'ISO' SET intervalstyle = 'iso_8601'
	SET extra_float_digits = 1 SET bytea_output = 'hex' SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tab regclass;
	v_digest jsonb;
	v_all jsonb := '{}';
BEGIN
	FOR v_tab IN SELECT m.tab FROM voiceagent_private.move_plan() m WHERE m.how = 'published' LOOP
		EXECUTE format('SELECT jsonb_build_array(count(*),
			coalesce(sum(hashtextextended(to_jsonb(t)::text, 0)::numeric), 0)) FROM %s t WHERE t.tenant_id = $1
			%s', v_tab, CASE WHEN v_tab = 'voiceagent_private.parked_rows'::regclass THEN 'AND t.relation <> ''''' END)
		INTO v_digest USING tenant_id;
		v_all := v_all || jsonb_build_object(v_tab::text, v_digest);
	END LOOP;
	RETURN v_all;
END
$$;
COMMENT ON FUNCTION voiceagent_private.tenant_digests(bigint) IS
	'{table: [rows, digest]} of a tenant''s rows in each table that is published, whatever their order and that of '
	'their columns.';

-- ---- parking ----

CREATE FUNCTION voiceagent_private.park_rows(tenant_id bigint) RETURNS bigint
	LANGUAGE plpgsql VOLATILE SET session_replication_role = replica SET lock_timeout = '2s' SET timezone = 'UTC'
	SET datestyle = 'ISO' SET intervalstyle = 'iso_8601' SET extra_float_digits = 1 SET bytea_output = 'hex'
	SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tab regclass;
	v_parked bigint;
	v_all bigint := 0;
BEGIN
	FOR v_tab IN SELECT m.tab FROM voiceagent_private.move_plan() m WHERE m.how = 'parked' LOOP
		EXECUTE format('WITH parked AS (DELETE FROM %s t WHERE t.tenant_id = $1 RETURNING to_jsonb(t) AS fields)
			INSERT INTO voiceagent_private.parked_rows (tenant_id, relation, fields) SELECT $1, $2, p.fields
			FROM parked p', v_tab) USING tenant_id, v_tab::text;
		GET DIAGNOSTICS v_parked = ROW_COUNT;
		v_all := v_all + v_parked;
	END LOOP;
	RETURN v_all;
END
$$;
COMMENT ON FUNCTION voiceagent_private.park_rows(bigint) IS
	'Moves the rows by which a tenant is found to parked_rows -> how many.';

CREATE FUNCTION voiceagent_private.unpark_rows(tenant_id bigint) RETURNS void
	LANGUAGE plpgsql VOLATILE SET session_replication_role = replica SET timezone = 'UTC' SET datestyle = 'ISO'
	SET intervalstyle = 'iso_8601' SET extra_float_digits = 1 SET bytea_output = 'hex'
	SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tab regclass;
	v_columns text;
	v_role name;
BEGIN
	DELETE FROM voiceagent_private.role_map m USING voiceagent_private.parked_rows p
	WHERE m.tenant_id = unpark_rows.tenant_id AND p.tenant_id = m.tenant_id
		AND p.relation = 'voiceagent_private.role_map';
	FOR v_tab IN SELECT m.tab FROM voiceagent_private.move_plan() m WHERE m.how IN ('parked', 'copied')
		AND EXISTS (SELECT FROM voiceagent_private.parked_rows p
			WHERE p.tenant_id = unpark_rows.tenant_id AND p.relation = m.tab::text)
	LOOP
		v_columns := voiceagent_private.columns_of(v_tab);
		EXECUTE format('INSERT INTO %1$s (%2$s) OVERRIDING SYSTEM VALUE SELECT %2$s FROM (SELECT r.*
			FROM voiceagent_private.parked_rows p CROSS JOIN LATERAL jsonb_populate_record(NULL::%1$s, p.fields) r
			WHERE p.tenant_id = $1 AND p.relation = $2 ORDER BY p.parked_row_id) x', v_tab, v_columns)
		USING tenant_id, v_tab::text;
	END LOOP;
	DELETE FROM voiceagent_private.parked_rows p WHERE p.tenant_id = unpark_rows.tenant_id;
	UPDATE voiceagent_private.role_map m SET role_oid = r.oid FROM pg_roles r
	WHERE m.tenant_id = unpark_rows.tenant_id AND r.rolname = m.role_name;
	FOR v_role IN SELECT m.role_name FROM voiceagent_private.role_map m WHERE m.tenant_id = unpark_rows.tenant_id LOOP
		EXECUTE format('GRANT voiceagent_user TO %I', v_role);
	END LOOP;
	UPDATE voiceagent_private.lanes l SET running = c.status = 'running' AND t.active
	FROM voiceagent.campaigns c JOIN voiceagent.tenants t ON t.tenant_id = c.tenant_id
	WHERE l.tenant_id = unpark_rows.tenant_id AND c.tenant_id = l.tenant_id AND c.campaign_id = l.campaign_id;
	DELETE FROM voiceagent_private.signposts s WHERE s.tenant_id = unpark_rows.tenant_id;
END
$$;
COMMENT ON FUNCTION voiceagent_private.unpark_rows(bigint) IS
	'Puts the rows by which a tenant is found back: from the commit on it is served here.';

CREATE FUNCTION voiceagent_private.under_way(tenant_id bigint) RETURNS text
	LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tab regclass;
	v_found boolean;
BEGIN
	IF EXISTS (SELECT FROM voiceagent_private.live_calls c WHERE c.tenant_id = under_way.tenant_id)
		OR EXISTS (SELECT FROM voiceagent_private.live_incoming c WHERE c.tenant_id = under_way.tenant_id)
		OR EXISTS (SELECT FROM voiceagent_private.sends c WHERE c.tenant_id = under_way.tenant_id) THEN
		RETURN 'a live call';
	END IF;
	FOR v_tab IN SELECT m.tab FROM voiceagent_private.move_plan() m
		JOIN pg_attribute a ON a.attrelid = m.tab AND a.attname = 'claimed' AND a.atttypid = 'boolean'::regtype
	LOOP
		EXECUTE format('SELECT EXISTS (SELECT FROM %s t WHERE t.tenant_id = $1 AND t.claimed)', v_tab)
		INTO v_found USING tenant_id;
		IF v_found THEN
			RETURN format('a request of %s', v_tab);
		END IF;
	END LOOP;
	RETURN NULL;
END
$$;
COMMENT ON FUNCTION voiceagent_private.under_way(bigint) IS
	'Work of a tenant that has left and is not answered: a call, a request; NULL: none.';

CREATE FUNCTION voiceagent_private.note_move(tenant_id bigint, cell integer, state text) RETURNS void
	LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
	INSERT INTO voiceagent_private.tenant_moves AS m (tenant_id, cell, state, served, changed_at)
	VALUES (tenant_id, cell, state, state IN ('offered', 'here'), clock_timestamp())
	ON CONFLICT ON CONSTRAINT tenant_moves_pkey DO UPDATE SET cell = excluded.cell, state = excluded.state,
		served = excluded.served, changed_at = excluded.changed_at, marked_at = NULL;
	PERFORM voiceagent_private.audit_platform('move_tenant', 'tenant ' || tenant_id, NULL,
		jsonb_build_object('state', state, 'cell', cell));
	-- A session that remembers the tenant's endpoints, settings or accounts forgets them.
	UPDATE voiceagent_private.tenant_settings SET value = value WHERE false;
	UPDATE voiceagent_private.role_map SET role_oid = role_oid WHERE false;
	UPDATE voiceagent.members SET active = active WHERE false;
	PERFORM voiceagent_private.poke_for_all('dialer');
	PERFORM voiceagent_private.poke('gateway', 'requests', 'keeper', 'applier', 'sandbox');
END
$$;
COMMENT ON FUNCTION voiceagent_private.note_move(bigint, integer, text) IS
	'Writes how far a tenant''s move has come here, and tells every session and worker.';

CREATE FUNCTION voiceagent_private.platform_rows(tenant_id bigint) RETURNS jsonb
	LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v record;
	v_ids bigint[];
	v_all jsonb := '[]';
BEGIN
	-- A number that a table of the platform has as its key, and a tenant's table as a plain column of that name.
	FOR v IN SELECT c.oid::regclass AS tab, p.attname AS key, m.tab AS used_by
		FROM pg_class c JOIN pg_index i ON i.indrelid = c.oid AND i.indisprimary AND i.indnkeyatts = 1
		JOIN pg_attribute p ON p.attrelid = c.oid AND p.attnum = i.indkey[0] AND p.atttypid = 'bigint'::regtype
		JOIN pg_attribute u ON u.attname = p.attname AND u.attidentity = ''
		JOIN voiceagent_private.move_plan() m ON m.tab = u.attrelid
		WHERE c.relnamespace IN ('voiceagent'::regnamespace, 'voiceagent_private'::regnamespace) AND c.relkind = 'r'
			AND NOT EXISTS (SELECT FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attname = 'tenant_id')
	LOOP
		-- Names of the catalog.  @plpgsql_check_options: security_warnings = off
		EXECUTE format('SELECT array_agg(DISTINCT u.%1$I) FROM %2$s u JOIN %3$s p USING (%1$I)
			WHERE u.tenant_id = $1', v.key, v.used_by, v.tab) INTO v_ids USING tenant_id;
		IF v_ids IS NOT NULL THEN
			v_all := v_all || jsonb_build_object('table', v.tab, 'key', v.key, 'ids', v_ids);
		END IF;
	END LOOP;
	RETURN v_all;
END
$$;
COMMENT ON FUNCTION voiceagent_private.platform_rows(bigint) IS
	'The rows of the platform (plans, packs, sellers) that a tenant''s rows name: [{table, key, ids}].';

CREATE FUNCTION voiceagent_private.shared_keys(tenant_id bigint) RETURNS jsonb
	LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v record;
	v_keys jsonb;
	v_all jsonb := '[]';
BEGIN
	FOR v IN SELECT m.tab, k.columns FROM voiceagent_private.move_plan() m JOIN pg_index i ON i.indrelid = m.tab
		CROSS JOIN LATERAL (SELECT jsonb_agg(a.attname) AS columns, bool_or(a.attname = 'tenant_id') AS of_tenant
			FROM pg_attribute a WHERE a.attrelid = m.tab AND a.attnum = ANY (i.indkey::int2[])) k
		WHERE i.indisunique AND NOT k.of_tenant AND m.how IN ('parked', 'copied')
	LOOP
		EXECUTE format('SELECT jsonb_agg(md5((SELECT jsonb_object_agg(c, to_jsonb(t) -> c)
				FROM jsonb_array_elements_text($2) c)::text)) FROM %s t WHERE t.tenant_id = $1', v.tab)
		INTO v_keys USING tenant_id, v.columns;
		IF v_keys IS NOT NULL THEN
			v_all := v_all || jsonb_build_object('table', v.tab, 'columns', v.columns, 'keys', v_keys);
		END IF;
	END LOOP;
	RETURN v_all;
END
$$;
COMMENT ON FUNCTION voiceagent_private.shared_keys(bigint) IS
	'Hashes of a tenant''s values that are unique in a whole cell (numbers, roles, addresses): [{table, columns, '
	'keys}].';

CREATE FUNCTION voiceagent_private.seal_move(tenant_id bigint, compare boolean) RETURNS void
	LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_digests jsonb;
BEGIN
	INSERT INTO voiceagent_private.parked_rows (tenant_id, relation, fields)
	SELECT m.tenant_id, 'voiceagent_private.role_map', to_jsonb(m) FROM voiceagent_private.role_map m
	WHERE m.tenant_id = seal_move.tenant_id;
	INSERT INTO voiceagent_private.signposts (digest, tenant_id)
	SELECT DISTINCT CASE p.relation
			WHEN 'voiceagent_private.endpoint_routes' THEN sha256(convert_to(p.fields ->> 'token', 'UTF8'))
			ELSE coalesce(p.fields ->> 'key_hash', p.fields ->> 'token_hash')::bytea END, p.tenant_id
	FROM voiceagent_private.parked_rows p
	WHERE p.tenant_id = seal_move.tenant_id AND p.relation IN ('voiceagent_private.endpoint_routes',
		'voiceagent_private.api_key_routes', 'voiceagent_private.intake_routes')
	UNION ALL
	SELECT convert_to(format('role %s %s', m.role_name, m.role_oid), 'UTF8'), m.tenant_id
	FROM voiceagent_private.role_map m WHERE m.tenant_id = seal_move.tenant_id
	ON CONFLICT ON CONSTRAINT signposts_pkey DO UPDATE SET tenant_id = excluded.tenant_id;
	IF compare THEN
		v_digests := voiceagent_private.tenant_digests(tenant_id);
	END IF;
	UPDATE voiceagent_private.tenant_moves m SET digests = v_digests WHERE m.tenant_id = seal_move.tenant_id;
	INSERT INTO voiceagent_private.parked_rows (tenant_id, relation, fields)
	VALUES (tenant_id, '', jsonb_build_object('digests', v_digests, 'block', voiceagent_private.id_block()));
END
$$;
COMMENT ON FUNCTION voiceagent_private.seal_move(bigint, boolean) IS
	'Writes the last row that travels, with the digests of all others where they are to be compared.';

-- ---- the steps ----

CREATE FUNCTION voiceagent.offer_tenant(tenant_id bigint, cell integer) RETURNS jsonb
	LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_state text := (SELECT m.state FROM voiceagent_private.tenant_moves m WHERE m.tenant_id = offer_tenant.tenant_id);
	v_name name := 'voiceagent_move_' || tenant_id;
BEGIN
	PERFORM voiceagent_private.require_superuser('move a tenant');
	PERFORM voiceagent_private.fail_if(cell IS NULL OR cell = voiceagent_private.cell(), 'PT422',
		'the tenant is to move to another cell');
	PERFORM voiceagent_private.fail_if(current_setting('wal_level') <> 'logical', '55000',
		'wal_level is not logical', NULL, 'It needs a restart.');
	PERFORM voiceagent_private.fail_if(NOT EXISTS (SELECT FROM voiceagent.tenants t
		WHERE t.tenant_id = offer_tenant.tenant_id), 'PT404', 'there is no such tenant');
	PERFORM voiceagent_private.fail_if(v_state = 'coming' OR EXISTS (SELECT FROM voiceagent_private.tenant_moves m
			WHERE m.tenant_id = offer_tenant.tenant_id AND m.state <> 'here' AND m.cell <> offer_tenant.cell),
		'PT409', 'the tenant is moving otherwise');
	IF coalesce(v_state, 'here') = 'here' THEN
		PERFORM voiceagent_private.note_move(tenant_id, cell, 'offered');
	END IF;
	IF NOT EXISTS (SELECT FROM pg_publication p WHERE p.pubname = v_name) THEN
		-- Names of the catalog.  @plpgsql_check_options: security_warnings = off
		EXECUTE (SELECT format('CREATE PUBLICATION %I FOR %s WITH (publish_via_partition_root = true)', v_name,
				string_agg(format('TABLE %s WHERE (tenant_id = %s)', m.tab, tenant_id), ', ' ORDER BY m.tab))
			FROM voiceagent_private.move_plan() m WHERE m.how = 'published');
	END IF;
	RETURN jsonb_build_object('tenant_id', tenant_id, 'cell', voiceagent_private.cell(),
		'shape', voiceagent_private.move_shape(),
		'vault_keys', (SELECT jsonb_agg(DISTINCT encode(voiceagent_private.sealed_under(s.sealed), 'hex'))
			FROM voiceagent_private.secrets s WHERE s.tenant_id = offer_tenant.tenant_id),
		'roles', (SELECT jsonb_agg(m.role_name) FROM voiceagent_private.role_map m
			WHERE m.tenant_id = offer_tenant.tenant_id),
		'needs', voiceagent_private.platform_rows(tenant_id), 'keys', voiceagent_private.shared_keys(tenant_id));
END
$$;
COMMENT ON FUNCTION voiceagent.offer_tenant(bigint, integer) IS
	E'Makes the publication voiceagent_move_TENANT of a tenant that is to move to another cell -> what that cell must '
	'have, for expect_tenant() there.\nNothing else changes. For superusers (42501). PT404 for an unknown tenant, '
	'PT409 for one that is moving otherwise, 55000 unless wal_level = logical.';

CREATE FUNCTION voiceagent.expect_tenant(offer jsonb) RETURNS text
	LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := (offer ->> 'tenant_id')::bigint;
	v_move voiceagent_private.tenant_moves;
	v_lacking text;
	v jsonb;
	v_found boolean;
BEGIN
	PERFORM voiceagent_private.require_superuser('move a tenant');
	SELECT m.* INTO v_move FROM voiceagent_private.tenant_moves m WHERE m.tenant_id = v_tenant;
	IF v_move.state = 'coming' AND v_move.cell = (offer ->> 'cell')::integer THEN
		RETURN 'coming';
	END IF;
	PERFORM voiceagent_private.fail_if((offer ->> 'cell')::integer = voiceagent_private.cell(), 'PT409',
		'both installations are the same cell', NULL, 'set_cell() numbers a new one.');
	PERFORM voiceagent_private.fail_if(v_move.served OR EXISTS (SELECT FROM voiceagent.tenants t
		WHERE t.tenant_id = v_tenant), 'PT409', 'the tenant is here, or not yet removed');
	PERFORM voiceagent_private.fail_if(offer ->> 'shape' <> voiceagent_private.move_shape(), 'PT409',
		'the cells have different versions of the extension');
	SELECT string_agg(k, ', ') INTO v_lacking FROM jsonb_array_elements_text(nullif(offer -> 'vault_keys', 'null')) k
	WHERE NOT voiceagent_private.has_vault_key() OR decode(k, 'hex') <> ALL (voiceagent_private.vault_keys());
	PERFORM voiceagent_private.fail_if(v_lacking IS NOT NULL, 'PT409',
		'the vault''s key file here lacks keys of the tenant''s secrets', v_lacking,
		'Add them behind the first line of voiceagent.vault_key_file; rotate_vault() then seals under the first.');
	SELECT string_agg(r, ', ') INTO v_lacking FROM jsonb_array_elements_text(nullif(offer -> 'roles', 'null')) r
	WHERE NOT EXISTS (SELECT FROM pg_roles p WHERE p.rolname = r);
	PERFORM voiceagent_private.fail_if(v_lacking IS NOT NULL, 'PT409', 'login roles of the tenant are missing',
		v_lacking, 'Make them with the same passwords.');
	FOR v IN SELECT * FROM jsonb_array_elements(offer -> 'needs') LOOP
		EXECUTE format('SELECT string_agg(i::text, %L) FROM jsonb_array_elements_text($1) i
			WHERE NOT EXISTS (SELECT FROM %s t WHERE t.%I = i::bigint)', ', ', (v ->> 'table')::regclass, v ->> 'key')
		INTO v_lacking USING v -> 'ids';
		PERFORM voiceagent_private.fail_if(v_lacking IS NOT NULL, 'PT409',
			format('%s lacks rows that the tenant names', v ->> 'table'), v_lacking,
			'Copy the platform''s tables from the cell where they were made.');
	END LOOP;
	FOR v IN SELECT * FROM jsonb_array_elements(offer -> 'keys') LOOP
		EXECUTE format('SELECT EXISTS (SELECT FROM %s t WHERE $1 ? md5((SELECT jsonb_object_agg(c, to_jsonb(t) -> c)
				FROM jsonb_array_elements_text($2) c)::text))', (v ->> 'table')::regclass)
		INTO v_found USING v -> 'keys', v -> 'columns';
		PERFORM voiceagent_private.fail_if(v_found, 'PT409', format('%s has what belongs to the tenant', v ->> 'table'),
			v ->> 'columns');
	END LOOP;
	-- A tenant may never have been made here, and the members of this one set passwords.
	PERFORM voiceagent_private.provision_login();
	PERFORM voiceagent_private.note_move(v_tenant, (offer ->> 'cell')::integer, 'coming');
	RETURN 'coming';
END
$$;
COMMENT ON FUNCTION voiceagent.expect_tenant(jsonb) IS
	E'Looks whether this cell has all that a tenant needs that another cell offers -> coming; then the subscription '
	'may be made.\noffer: what offer_tenant() returned there. For superusers (42501); PT409 says what is missing or '
	'clashes.';

CREATE FUNCTION voiceagent.copy_script(tenant_id bigint, snapshot text) RETURNS SETOF text
	LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	c_formats constant text := 'SET LOCAL timezone = UTC; SET LOCAL datestyle = ISO; '
		'SET LOCAL intervalstyle = postgres; SET LOCAL extra_float_digits = 1; SET LOCAL client_encoding = UTF8;';
	v_tab regclass;
	v_columns text;
BEGIN
	PERFORM voiceagent_private.require_superuser('move a tenant');
	RETURN NEXT format('BEGIN ISOLATION LEVEL REPEATABLE READ; SET TRANSACTION SNAPSHOT %L; %s', snapshot, c_formats);
	RETURN NEXT format('\echo %L', 'BEGIN; SET LOCAL session_replication_role = replica; ' || c_formats);
	FOR v_tab IN SELECT m.tab FROM voiceagent_private.move_plan() m WHERE m.how = 'published' LOOP
		v_columns := voiceagent_private.columns_of(v_tab);
		RETURN NEXT format('\echo %L', format('COPY %s (%s) FROM STDIN;', v_tab, v_columns));
		RETURN NEXT format('COPY (SELECT %s FROM %s WHERE tenant_id = %s) TO STDOUT;', v_columns, v_tab, tenant_id);
		RETURN NEXT $w$\echo '\\.'$w$;
	END LOOP;
END
$$;
COMMENT ON FUNCTION voiceagent.copy_script(bigint, text) IS
	E'A script for psql whose output, to psql in the other cell, begins a transaction there and copies a tenant''s '
	'rows.\nsnapshot: what CREATE_REPLICATION_SLOT exported, so that the slot goes on from there. For superusers '
	'(42501).';

CREATE FUNCTION voiceagent.leave_tenant(tenant_id bigint, compare boolean DEFAULT true) RETURNS text
	LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_move voiceagent_private.tenant_moves;
	v_waits text;
	v_first boolean;
	v_parked bigint;
BEGIN
	PERFORM voiceagent_private.require_superuser('move a tenant');
	SELECT m.* INTO v_move FROM voiceagent_private.tenant_moves m
	WHERE m.tenant_id = leave_tenant.tenant_id FOR UPDATE;
	PERFORM voiceagent_private.fail_if(coalesce(v_move.state, 'here') IN ('here', 'coming'), 'PT409',
		'the tenant was not offered');
	IF v_move.state = 'gone' THEN
		RETURN 'gone';
	END IF;
	UPDATE voiceagent_private.lanes l SET running = false WHERE l.tenant_id = leave_tenant.tenant_id AND l.running;
	v_first := NOT EXISTS (SELECT FROM voiceagent_private.parked_rows p WHERE p.tenant_id = leave_tenant.tenant_id);
	v_waits := CASE WHEN v_first THEN voiceagent_private.under_way(tenant_id) END;
	IF v_waits IS NOT NULL THEN
		-- A call may last: meanwhile callers are served.
		IF v_move.state = 'leaving' THEN
			PERFORM voiceagent_private.note_move(tenant_id, v_move.cell, 'offered');
		END IF;
		RETURN 'waits for ' || v_waits;
	ELSIF v_move.state = 'offered' THEN
		PERFORM voiceagent_private.note_move(tenant_id, v_move.cell, 'leaving');
		RETURN 'leaving';
	ELSIF v_move.marked_at IS NULL THEN
		-- Behind the commit of the step before: who begins from now on sees what it did.
		UPDATE voiceagent_private.tenant_moves m SET marked_at = clock_timestamp()
		WHERE m.tenant_id = leave_tenant.tenant_id;
		RETURN 'waits for nobody';
	END IF;
	v_waits := (SELECT 'a transaction of process ' || a.pid FROM pg_stat_activity a
		WHERE a.datid = (SELECT d.oid FROM pg_database d WHERE d.datname = current_database())
			AND a.xact_start <= v_move.marked_at
			AND a.pid <> pg_backend_pid() AND a.backend_type NOT IN ('walsender', 'autovacuum worker')
		UNION ALL
		SELECT 'the prepared transaction ' || p.gid FROM pg_prepared_xacts p
		WHERE p.database = current_database() AND p.prepared <= v_move.marked_at
		LIMIT 1);
	IF v_waits IS NOT NULL THEN
		RETURN 'waits for ' || v_waits;
	END IF;
	BEGIN
		v_parked := voiceagent_private.park_rows(tenant_id);
		-- A worker may have claimed one between our look and our lock.
		PERFORM voiceagent_private.fail_if(v_first AND EXISTS (SELECT FROM voiceagent_private.parked_rows p
			WHERE p.tenant_id = leave_tenant.tenant_id AND (p.fields @> '{"claimed": true}'
				OR p.relation IN ('voiceagent_private.live_calls', 'voiceagent_private.live_incoming',
					'voiceagent_private.sends'))), '55006', 'something has begun');
	EXCEPTION WHEN object_in_use OR lock_not_available OR deadlock_detected THEN
		RETURN 'waits for what has just begun';
	END;
	IF v_parked > 0 THEN
		UPDATE voiceagent_private.tenant_moves m SET marked_at = NULL WHERE m.tenant_id = leave_tenant.tenant_id;
		PERFORM voiceagent_private.poke('gateway');
		RETURN 'parking';
	END IF;
	-- Writers that began before all was parked left nothing, and no new one can begin.
	PERFORM voiceagent_private.seal_move(tenant_id, compare);
	PERFORM voiceagent_private.note_move(tenant_id, v_move.cell, 'gone');
	RETURN 'gone';
END
$$;
COMMENT ON FUNCTION voiceagent.leave_tenant(bigint, boolean) IS
	E'One step of having a tenant that was offered leave, to be repeated until it says gone; else what it waits for.
'
	'No new dial begins from the first step on; a live call is waited for. compare: false for one so large that its '
	'digests would take long. For superusers (42501); PT409 unless it was offered.';

CREATE FUNCTION voiceagent_private.make_derived(tenant_id bigint) RETURNS void
	LANGUAGE plpgsql VOLATILE SET session_replication_role = replica SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_era bigint := (SELECT max(e.xid) >> 44 FROM voiceagent.events e WHERE e.tenant_id = make_derived.tenant_id);
BEGIN
	DELETE FROM voiceagent_private.lead_order o WHERE o.tenant_id = make_derived.tenant_id;
	INSERT INTO voiceagent_private.lead_order (tenant_id, lead_id, called_at, class)
	SELECT l.tenant_id, l.lead_id, l.last_called_at, l.list_class FROM voiceagent.leads l
	WHERE l.tenant_id = make_derived.tenant_id AND l.list_class IS NOT NULL;
	PERFORM voiceagent_private.set_tenant(tenant_id);
	PERFORM voiceagent_private.count_campaigns_anew();
	PERFORM voiceagent_private.set_tenant(0);
	-- Events that are written here lie behind those that came along.
	INSERT INTO voiceagent_private.event_eras (era, cluster) SELECT v_era, 'tenant ' || tenant_id
	WHERE v_era >= (SELECT coalesce(max(e.era), 0) FROM voiceagent_private.event_eras e);
END
$$;
COMMENT ON FUNCTION voiceagent_private.make_derived(bigint) IS
	'Makes what follows from a tenant''s other rows: the order of its leads, its counters, an era for its events.';

CREATE FUNCTION voiceagent.take_tenant(tenant_id bigint) RETURNS text
	LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_move voiceagent_private.tenant_moves;
	v_seal jsonb;
	v_digests jsonb;
BEGIN
	PERFORM voiceagent_private.require_superuser('move a tenant');
	SELECT m.* INTO v_move FROM voiceagent_private.tenant_moves m
	WHERE m.tenant_id = take_tenant.tenant_id FOR UPDATE;
	IF v_move.state = 'here' THEN
		RETURN 'here';
	END IF;
	PERFORM voiceagent_private.fail_if(v_move.state IS DISTINCT FROM 'coming', 'PT409', 'the tenant is not expected');
	v_seal := (SELECT p.fields FROM voiceagent_private.parked_rows p
		WHERE p.tenant_id = take_tenant.tenant_id AND p.relation = '');
	IF v_seal IS NULL THEN
		RETURN 'waits for rows';
	END IF;
	IF v_seal ->> 'digests' IS NOT NULL THEN
		v_digests := voiceagent_private.tenant_digests(tenant_id);
		PERFORM voiceagent_private.fail_if(v_digests <> v_seal -> 'digests', 'PT409', 'rows differ from those there',
			(SELECT string_agg(format('%s: %s, not %s', d.key, v_digests -> d.key, d.value), '; ')
				FROM jsonb_each(v_seal -> 'digests') d WHERE v_digests -> d.key IS DISTINCT FROM d.value));
	END IF;
	-- Ids that are given out here lie behind those that came along.
	PERFORM voiceagent_private.begin_ids((b.there / 256 + (b.there % 256 >= b.cell)::integer) * 256 + b.cell - 1)
	FROM (SELECT (v_seal ->> 'block')::bigint AS there, voiceagent_private.cell() AS cell) b
	WHERE b.there > voiceagent_private.id_block();
	PERFORM voiceagent_private.unpark_rows(tenant_id);
	PERFORM voiceagent_private.make_derived(tenant_id);
	UPDATE voiceagent_private.tenant_moves m SET digests = v_digests WHERE m.tenant_id = take_tenant.tenant_id;
	PERFORM voiceagent_private.note_move(tenant_id, v_move.cell, 'here');
	RETURN 'here';
END
$$;
COMMENT ON FUNCTION voiceagent.take_tenant(bigint) IS
	E'Serves a tenant here that has left the other cell, once all its rows have come and are the same -> here; else '
	'what it waits for, to be repeated.\nFor superusers (42501); PT409 unless it was expected, or when rows differ.';

CREATE FUNCTION voiceagent.tenant_move(tenant_id bigint) RETURNS jsonb
	LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
	SELECT jsonb_build_object('state', m.state, 'served', m.served, 'cell', m.cell, 'changed_at', m.changed_at,
		'digest', md5(m.digests::text)) FROM voiceagent_private.tenant_moves m WHERE m.tenant_id = tenant_move.tenant_id
$$;
COMMENT ON FUNCTION voiceagent.tenant_move(bigint) IS
	E'How far a tenant''s move has come in this cell: {state, served, cell (the other), changed_at, digest (of all its '
	'rows as they moved)}; NULL: it never moved.\nFor superusers.';

CREATE FUNCTION voiceagent_private.delete_tenant(tenant_id bigint) RETURNS void
	LANGUAGE plpgsql VOLATILE SET session_replication_role = replica SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tab regclass;
BEGIN
	-- Deleting calls counts, so the counters go last.
	FOR v_tab IN SELECT m.tab FROM voiceagent_private.move_plan() m WHERE m.how <> 'stays'
		ORDER BY m.tab = 'voiceagent.campaign_counters'::regclass
	LOOP
		EXECUTE format('DELETE FROM %s t WHERE t.tenant_id = $1', v_tab) USING tenant_id;
	END LOOP;
END
$$;
COMMENT ON FUNCTION voiceagent_private.delete_tenant(bigint) IS
	'Deletes every row of a tenant from every table, without triggers.';

CREATE FUNCTION voiceagent.remove_tenant(tenant_id bigint, digest text DEFAULT NULL) RETURNS text
	LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_move voiceagent_private.tenant_moves;
	v_name name := 'voiceagent_move_' || tenant_id;
BEGIN
	PERFORM voiceagent_private.require_superuser('remove a tenant');
	SELECT m.* INTO v_move FROM voiceagent_private.tenant_moves m
	WHERE m.tenant_id = remove_tenant.tenant_id FOR UPDATE;
	PERFORM voiceagent_private.fail_if(coalesce(v_move.served, true), 'PT409', 'the tenant is served here', NULL,
		'It is for tenants that have moved to another cell; close_tenant() is for one whose contract has ended.');
	PERFORM voiceagent_private.fail_if(v_move.state = 'leaving', 'PT409', 'the tenant has not left',
		NULL, 'leave_tenant() goes on with it, return_tenant() has it stay.');
	PERFORM voiceagent_private.fail_if(EXISTS (SELECT FROM pg_subscription s WHERE s.subname = v_name
			AND s.subdbid = (SELECT d.oid FROM pg_database d WHERE d.datname = current_database())), 'PT409',
		'a subscription still brings rows of the tenant', NULL, format('DROP SUBSCRIPTION %I', v_name));
	IF v_move.state = 'gone' AND EXISTS (SELECT FROM voiceagent.tenants t
		WHERE t.tenant_id = remove_tenant.tenant_id) THEN
		PERFORM voiceagent_private.fail_if(md5(v_move.digests::text) IS DISTINCT FROM digest, 'PT409',
			'that is not the digest of what left', NULL, 'tenant_move() there says what came.');
		PERFORM voiceagent_private.fail_if(v_move.digests IS NOT NULL AND v_move.digests
			<> voiceagent_private.tenant_digests(tenant_id), 'PT409', 'rows have changed since the tenant left');
	END IF;
	PERFORM voiceagent_private.delete_tenant(tenant_id);
	EXECUTE format('DROP PUBLICATION IF EXISTS %I', v_name);
	IF v_move.state = 'coming' THEN
		DELETE FROM voiceagent_private.tenant_moves m WHERE m.tenant_id = remove_tenant.tenant_id;
	END IF;
	RETURN 'removed';
END
$$;
COMMENT ON FUNCTION voiceagent.remove_tenant(bigint, text) IS
	E'Deletes all rows of a tenant that has moved away, or of one that was coming and shall not.\ndigest: what '
	'tenant_move() says in the cell that serves it; they must be the rows that left here (PT409). '
	'For superusers (42501).';

CREATE FUNCTION voiceagent.return_tenant(tenant_id bigint) RETURNS text
	LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_move voiceagent_private.tenant_moves;
BEGIN
	PERFORM voiceagent_private.require_superuser('move a tenant');
	SELECT m.* INTO v_move FROM voiceagent_private.tenant_moves m
	WHERE m.tenant_id = return_tenant.tenant_id FOR UPDATE;
	PERFORM voiceagent_private.fail_if(coalesce(v_move.state, 'here') IN ('here', 'coming')
		OR NOT EXISTS (SELECT FROM voiceagent.tenants t WHERE t.tenant_id = return_tenant.tenant_id), 'PT409',
		'the tenant is not leaving');
	EXECUTE format('DROP PUBLICATION IF EXISTS %I', 'voiceagent_move_' || tenant_id);
	PERFORM voiceagent_private.unpark_rows(tenant_id);
	PERFORM voiceagent_private.note_move(tenant_id, v_move.cell, 'here');
	RETURN 'here';
END
$$;
COMMENT ON FUNCTION voiceagent.return_tenant(bigint) IS
	E'Has a tenant stay that was leaving: it is served here again.\nOnly once the other cell has forgotten it '
	'(remove_tenant() there), or two would serve it. For superusers (42501); PT409 unless it was leaving.';
