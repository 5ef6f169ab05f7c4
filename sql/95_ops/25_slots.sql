-- 95_ops: the arithmetic of worker slots; what administrators did.

CREATE FUNCTION voiceagent_private.count_workers(OUT databases integer, OUT running integer, OUT waiting integer) RETURNS record
	LANGUAGE c VOLATILE PARALLEL RESTRICTED AS 'MODULE_PATHNAME', 'va_sql_count_workers';
COMMENT ON FUNCTION voiceagent_private.count_workers() IS
	'Over all databases of the server: how many have the extension, how many of their workers run, how many wait for a slot.';

CREATE FUNCTION voiceagent.worker_slots(OUT max_worker_processes integer, OUT databases integer, OUT per_database integer,
		OUT needed integer, OUT left_for_others integer, OUT running integer, OUT waiting integer, OUT advice text)
	LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_parallel integer := current_setting('max_parallel_workers');
	v_wanted integer;
BEGIN
	IF NOT voiceagent_private.is_monitor() THEN
		PERFORM voiceagent_private.require_platform('see the slots of workers');
	END IF;
	max_worker_processes := current_setting('max_worker_processes');
	SELECT c.databases, c.running, c.waiting INTO databases, running, waiting FROM voiceagent_private.count_workers() c;
	per_database := CASE WHEN current_setting('voiceagent.sandbox')::boolean THEN 4 ELSE 3 END;
	-- The launcher, a probe for moments, and the launcher of logical replication.
	needed := databases * per_database + 2 + CASE WHEN current_setting('max_logical_replication_workers')::integer > 0 THEN 1 ELSE 0 END;
	left_for_others := max_worker_processes - needed;
	v_wanted := needed + v_parallel;
	IF left_for_others < 0 OR waiting > 0 THEN
		advice := format('Workers cannot start: raise max_worker_processes to at least %s (%s with as many parallel workers as are allowed) and restart the server.',
			needed, v_wanted);
	ELSIF left_for_others < v_parallel THEN
		advice := format('Parallel queries have %s slots left of the %s that they may take; %s would be enough for all.', left_for_others, v_parallel, v_wanted);
	END IF;
END
$$;
COMMENT ON FUNCTION voiceagent.worker_slots() IS
	'Whether max_worker_processes is enough: databases with the extension, workers that each has (per_database), needed (those, the launcher, a probe, the launcher of logical replication), left_for_others (parallel queries, other extensions), workers that run and that wait for a slot, and advice in words (NULL: all is well). For the platform and pg_monitor (42501).';

CREATE FUNCTION voiceagent.platform_audit(before_id bigint DEFAULT NULL, max integer DEFAULT 100)
	RETURNS TABLE (audit_id bigint, at timestamptz, actor text, action text, object text, old_value jsonb, new_value jsonb)
	LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
BEGIN
	PERFORM voiceagent_private.require_platform('read the audit of the platform');
	RETURN QUERY
	SELECT a.audit_id, a.at, a.actor, a.action, a.object, a.old_value, a.new_value
	FROM voiceagent_private.platform_audit_log a
	WHERE platform_audit.before_id IS NULL OR a.audit_id < platform_audit.before_id
	ORDER BY a.audit_id DESC LIMIT least(greatest(max, 0), 10000);
END
$$;
COMMENT ON FUNCTION voiceagent.platform_audit(bigint, integer) IS
	'What administrators did that belongs to no tenant, the latest first; before_id: only entries older than that one, for the next page. What was done for a tenant stands in its own voiceagent.audit_log. For the platform (42501).';
