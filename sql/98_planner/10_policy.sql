/*
 * 98_planner: the one place that tells the planner anything.
 *
 * Statistics cannot be trusted here: a new tenant has none, and a table of one large tenant says nothing of the small
 * ones.  A function therefore names a policy in its definition, SET planner.policy = by_key, and here the name is
 * replaced by the settings that it stands for.  They are settings of the function, so they also hold in its own
 * statements' subqueries and in functions that it calls, unless these name a policy of their own.
 *
 * A setting costs about a microsecond for each call of the function, the first one four.  Functions called once a row
 * have by_key or nothing; the long ones are for functions that are called once a batch.
 */

CREATE FUNCTION voiceagent_private.planner_policies() RETURNS TABLE (policy text, settings text[])
	LANGUAGE sql IMMUTABLE AS $$
	VALUES
		-- A table that has no fitting index looks so dear then that it would be compiled for.
		('by_key', ARRAY['enable_seqscan=off', 'jit=off']),
		('by_keys', ARRAY['enable_seqscan=off', 'jit=off']),
		('in_order', ARRAY['enable_seqscan=off', 'enable_bitmapscan=off', 'enable_sort=off',
			'plan_cache_mode=force_generic_plan', 'jit=off']),
		('batch', ARRAY['enable_seqscan=off', 'enable_bitmapscan=off', 'enable_indexscan=on', 'enable_nestloop=on',
			'enable_hashjoin=on',
			'enable_mergejoin=off', 'enable_material=off', 'plan_cache_mode=force_generic_plan', 'jit=off']),
		('row_by_row', ARRAY['enable_seqscan=off', 'enable_bitmapscan=off', 'enable_nestloop=on', 'enable_hashjoin=off',
			'enable_mergejoin=off', 'enable_material=off', 'plan_cache_mode=force_generic_plan', 'jit=off']),
		('row_by_row_in_order',
			ARRAY['enable_seqscan=off', 'enable_bitmapscan=off', 'enable_nestloop=on', 'enable_hashjoin=off',
				'enable_mergejoin=off', 'enable_material=off', 'enable_sort=off', 'plan_cache_mode=force_generic_plan',
					'jit=off']),
		('by_tid',
			ARRAY['enable_seqscan=off', 'enable_bitmapscan=off', 'enable_indexscan=off', 'enable_indexonlyscan=off',
				'enable_nestloop=on', 'enable_hashjoin=off', 'enable_mergejoin=off', 'enable_material=off',
				'plan_cache_mode=force_generic_plan', 'jit=off']),
		('hashed', ARRAY['enable_seqscan=off', 'enable_nestloop=off', 'enable_hashjoin=on', 'enable_mergejoin=off',
			'work_mem=64MB', 'jit=off']),
		('whole',
			ARRAY['enable_nestloop=off', 'enable_hashjoin=on', 'enable_mergejoin=off', 'work_mem=64MB', 'jit=off']),
		('bulk', ARRAY['work_mem=64MB', 'jit=off']),
		('adaptive', ARRAY['enable_nestloop=on', 'enable_sort=on', 'work_mem=64MB', 'jit=off']),
		('simulation', ARRAY['max_parallel_workers_per_gather=0', 'plan_cache_mode=force_generic_plan', 'jit=off'])
$$;
COMMENT ON FUNCTION voiceagent_private.planner_policies() IS
	E'The planner policies and the settings that each stands for.\n'
	'sql/README.md says when to use which.';

/*
 * Gives each function that names a planner policy the settings of that policy, in place of the name.  A DO block,
 * because updates take these over as they stand.
 */
DO $$
DECLARE
	v record;
BEGIN
	FOR v IN
		SELECT p.oid::regprocedure AS name, n.policy,
			(SELECT string_agg(format('SET %I = %L', split_part(s.setting, '=', 1), split_part(s.setting, '=', 2)),
				' ' ORDER BY s.n)
				FROM voiceagent_private.planner_policies() k, unnest(k.settings) WITH ORDINALITY AS s(setting, n)
				WHERE k.policy = n.policy) AS settings
		FROM pg_catalog.pg_proc p
		CROSS JOIN LATERAL (SELECT substr(c.setting, 16) AS policy FROM unnest(p.proconfig) AS c(setting)
			WHERE starts_with(c.setting, 'planner.policy=')) n
		WHERE p.pronamespace IN ('voiceagent'::regnamespace, 'voiceagent_private'::regnamespace)
	LOOP
		PERFORM voiceagent_private.fail_if(v.settings IS NULL, 'undefined_object',
			format('%s names an unknown planner policy: %s', v.name, v.policy), NULL,
			'See sql/98_planner/10_policy.sql.');
		-- Our own constants.  @plpgsql_check_options: security_warnings = off
		EXECUTE format('ALTER ROUTINE %s RESET planner.policy %s', v.name, v.settings);
	END LOOP;
END
$$;
