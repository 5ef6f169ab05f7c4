-- 95_ops: the arithmetic of worker slots; what administrators did.

CREATE FUNCTION voiceagent_private.count_workers(OUT databases integer, OUT running integer, OUT waiting integer,
		OUT per_database integer, OUT shared boolean) RETURNS record
	LANGUAGE c VOLATILE PARALLEL RESTRICTED AS 'MODULE_PATHNAME', 'va_sql_count_processes';
COMMENT ON FUNCTION voiceagent_private.count_workers() IS
	E'Over all databases of the server: how many have the extension, how many of their processes run, how '
	'many wait for a slot.\n'
	'per_database: how many processes each has; shared: keeper and sandbox have none of their own, '
	'because slots are few.';

CREATE FUNCTION voiceagent.worker_slots(OUT max_worker_processes integer, OUT databases integer,
	OUT per_database integer, OUT needed integer, OUT left_for_others integer, OUT running integer, OUT waiting integer,
	OUT advice text, OUT shared boolean)
	LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_parallel integer := current_setting('max_parallel_workers');
	v_wanted integer;
	v_least integer;
BEGIN
	IF NOT voiceagent_private.is_monitor() THEN
		PERFORM voiceagent_private.require_platform('see the slots of workers');
	END IF;
	max_worker_processes := current_setting('max_worker_processes');
	SELECT c.databases, c.running, c.waiting, c.per_database, c.shared INTO databases, running, waiting,
		per_database, shared
	FROM voiceagent_private.count_workers() c;
	-- The launcher, a probe for moments, and the launcher of logical replication.
	-- This database has the extension, also where no process could be had to see it.
	needed := greatest(databases, 1) * per_database + 2
		+ CASE WHEN current_setting('max_logical_replication_workers')::integer > 0 THEN 1 ELSE 0 END;
	left_for_others := max_worker_processes - needed;
	v_wanted := needed + v_parallel;
	v_least := CASE WHEN waiting > 0 THEN greatest(needed, max_worker_processes + waiting) ELSE needed END;
	IF left_for_others < 0 OR waiting > 0 THEN
		advice := format('%s: raise max_worker_processes to at least %s (%s with as many parallel '
			'workers as are allowed) and restart the server.',
			CASE WHEN waiting > 0 THEN 'Workers cannot start'
				ELSE 'All workers run, but the launcher''s probe or replication may find no slot' END,
			-- Those of other extensions have taken slots, too.
			v_least, greatest(v_wanted, v_least));
	ELSIF left_for_others < v_parallel THEN
		advice := format('Parallel queries have %s slots left of the %s that they may take; '
			'%s would be enough for all.', left_for_others, v_parallel, v_wanted);
	END IF;
	IF shared THEN
		advice := concat_ws(' ', advice, format('Keeper and sandbox share the process "requests": '
			'with max_worker_processes = %s and a restart they have their own.',
			greatest(needed + greatest(databases, 1) * CASE WHEN current_setting('voiceagent.sandbox')::boolean THEN 2
				ELSE 1 END + 2, 16)));
	END IF;
END
$$;
COMMENT ON FUNCTION voiceagent.worker_slots() IS
	E'Whether max_worker_processes is enough, over all databases that have the extension; for staff (42501 for '
	'tenants).\n'
	'per_database: processes of each; needed: all that must run; left_for_others: for other extensions and parallel '
	'queries; running, waiting: processes with and without a slot; shared: keeper and sandbox run in requests; '
	'advice: NULL when all is well.';

CREATE FUNCTION voiceagent.platform_audit(before_id bigint DEFAULT NULL, max integer DEFAULT 100)
	RETURNS TABLE (audit_id bigint, at timestamptz, actor text, action text, object text, old_value jsonb,
		new_value jsonb)
	LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
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
	E'The deeds of administrators that belong to no tenant, the latest first; before_id: only entries older than that '
	'one, for the next page.\n'
	'Those for a tenant are in its own voiceagent.audit_log. For the platform (42501).';
