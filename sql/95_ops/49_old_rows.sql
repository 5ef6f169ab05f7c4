-- 95_ops: the rows of retention that go in the order of their times, which is not that of their ids.

CREATE FUNCTION voiceagent_private.delete_old_rows(class text, cutoff timestamptz, max integer) RETURNS integer
	LANGUAGE plpgsql VOLATILE SET planner.policy = in_order SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	v voiceagent_private.retention_classes;
	v_old text;
	v_removed integer;
BEGIN
	SELECT c.* INTO v FROM voiceagent_private.retention_classes c
	WHERE c.class = delete_old_rows.class AND c.tab IS NOT NULL;
	IF NOT FOUND THEN
		RETURN NULL;
	END IF;
	-- Locked rows are not waited for.
	v_old := format('ARRAY(SELECT o.%I FROM %s o WHERE o.tenant_id = $1 AND o.%I <= $2 AND (%s)
		ORDER BY o.%3$I LIMIT $3 FOR UPDATE OF o SKIP LOCKED)', coalesce(v.key, 'ctid'), v.tab, v.ended, v.condition);
	-- All of it stands in the install script.  @plpgsql_check_options: security_warnings = off
	IF v.erased_by IS NOT NULL THEN
		EXECUTE format('SELECT voiceagent_private.%I(%s)', v.erased_by, v_old) INTO v_removed
		USING v_tenant, cutoff, max;
		RETURN v_removed;
	END IF;
	EXECUTE format('DELETE FROM %s t WHERE t.tenant_id = $1 AND t.ctid = ANY (%s)', v.tab, v_old)
	USING v_tenant, cutoff, max;
	GET DIAGNOSTICS v_removed = ROW_COUNT;
	RETURN v_removed;
END
$$;
COMMENT ON FUNCTION voiceagent_private.delete_old_rows(text, timestamptz, integer) IS
	'For retention: deletes the current tenant''s oldest rows of a class that ended before cutoff, at most max -> how '
	'many; NULL for a class that goes in the order of its ids.';
