/*
 * 00_kernel: what the planner may know of tenants' rows.
 *
 * EXPLAIN shows its estimates to everybody, and they come from samples of all
 * tenants' values: with statistics on leads.phone the estimates alone spelled
 * another tenant's numbers.  So there are none on any column of a table that
 * members read, and none of how many rows each tenant has anywhere: a tenant
 * that has just come, or grown, would be taken for one without rows, and then
 * any index that begins with the tenant looks as good as the one that names the
 * key, and reads all it has.  A tenant always counts as a two-hundredth of a
 * table.
 */

CREATE FUNCTION voiceagent_private.delete_statistics() RETURNS bigint LANGUAGE plpgsql VOLATILE AS $$
DECLARE
	v record;
	v_forgotten bigint;
BEGIN
	FOR v IN
		SELECT c.oid::regclass AS tab,
			string_agg(format('ALTER COLUMN %I SET STATISTICS 0', a.attname), ', ') AS changes
		FROM pg_catalog.pg_class c
		JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
			AND a.attstattarget IS DISTINCT FROM 0
		WHERE c.relnamespace IN ('voiceagent'::regnamespace, 'voiceagent_private'::regnamespace)
			AND c.relkind IN ('r', 'p')
			AND (a.attname = 'tenant_id' OR EXISTS (SELECT FROM pg_catalog.pg_policy p
				WHERE p.polrelid = c.oid AND 'voiceagent_user'::regrole = ANY (p.polroles)))
		GROUP BY c.oid
	LOOP
		-- Names of the catalog.  @plpgsql_check_options: security_warnings = off
		EXECUTE format('ALTER TABLE ONLY %s %s', v.tab, v.changes);
	END LOOP;
	FOR v IN
		SELECT i.indexrelid::regclass AS ind, k.n
		FROM pg_catalog.pg_index i
		JOIN pg_catalog.pg_class c ON c.oid = i.indrelid
		CROSS JOIN LATERAL pg_catalog.unnest(i.indkey::int2[]) WITH ORDINALITY AS k(attnum, n)
		WHERE c.relnamespace IN ('voiceagent'::regnamespace, 'voiceagent_private'::regnamespace) AND k.attnum = 0
			AND EXISTS (SELECT FROM pg_catalog.pg_policy p
				WHERE p.polrelid = c.oid AND 'voiceagent_user'::regrole = ANY (p.polroles))
	LOOP
		EXECUTE format('ALTER INDEX %s ALTER COLUMN %s SET STATISTICS 0', v.ind, v.n);
	END LOOP;
	-- ANALYZE leaves alone what there is of a column that it may not sample.
	DELETE FROM pg_catalog.pg_statistic s USING pg_catalog.pg_attribute a
	WHERE a.attrelid = s.starelid AND a.attnum = s.staattnum AND a.attstattarget = 0
		AND EXISTS (SELECT FROM pg_catalog.pg_class c WHERE c.oid = s.starelid
			AND c.relnamespace IN ('voiceagent'::regnamespace, 'voiceagent_private'::regnamespace));
	GET DIAGNOSTICS v_forgotten = ROW_COUNT;
	RETURN v_forgotten;
END
$$;
COMMENT ON FUNCTION voiceagent_private.delete_statistics() IS
	E'For superusers, in install and update scripts and after pg_upgrade: takes the planner''s statistics from what '
	'members read.\n'
	'Sets the target of each column, and of each expression in an index, of the tables that members read to 0, that '
	'of tenant_id everywhere, and deletes the statistics that are there. Returns how many it deleted.';
