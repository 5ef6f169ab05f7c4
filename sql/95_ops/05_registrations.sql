-- 95_ops: which kinds of registrations there are (00_kernel, 11_registrations.sql), and that each is there.

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
			-- Violations -> (invariant, detail), of the current tenant. detail: of the "platform", or the key of a
			-- table, by whose ids it is asked.
			('invariant', '', false),
			-- Rows of the view waiting, of the current tenant.
			('waiting', '', false),
			-- A table whose rows stand against the end of the current tenant. detail: an expression with the words.
			('open', '', true),
			-- A table whose rows, and what they refer to, stay behind when a tenant is deleted.
			('outlives', '', true),
			-- A table whose rows go with their calls, by call_id.
			('of_calls', '', true),
			-- Work of once a day for each tenant.
			('daily', '', false),
			-- Keys of rows of a person -> bigint[], to be exported or erased. detail: the public table, and its key.
			('person', 'voiceagent_private.person', false),
			-- Erases what else there is of a person.
			('erasure', 'voiceagent_private.person', false),
			-- Rows of status(), of the platform or of the current tenant.
			('condition', 'boolean', false),
			-- Figures of the platform -> (metric, labels, value), as metric_samples() has them.
			('metric', '', false),
			-- Further effects when a balance falls below its threshold, in "credits" or "minutes".
			('low_balance', 'text', false),
			-- The content of an outgoing webhook. detail: of which kind.
			('webhook', 'voiceagent.webhook_deliveries', false),
			-- A function of the API that may take longer than a client waits. None of them is given a secret.
			('deferred', NULL, false)
		) k(kind, arguments, of_table) USING (kind)
		UNION ALL SELECT 'retention class ' || c.class, c.tab::text, NULL, '', c.tab, true
		FROM voiceagent_private.retention_classes c WHERE c.tab IS NOT NULL
	LOOP
		v_problem := CASE WHEN v.of_table IS NULL THEN 'there is no such kind'
			WHEN v.of_table AND v.tab IS NULL THEN 'there is no such table'
			WHEN v.of_table AND NOT EXISTS (SELECT FROM pg_attribute a WHERE a.attrelid = v.tab
				AND a.attname = 'tenant_id' AND NOT a.attisdropped) THEN 'the table has no tenant'
			WHEN v.arguments IS NULL AND to_regproc(format('voiceagent.%I', v.name)) IS NULL
				THEN 'the API has no such function'
			WHEN NOT v.of_table AND v.arguments IS NOT NULL AND to_regprocedure(format('voiceagent_private.%I(%s)',
				v.name, CASE WHEN v.kind = 'invariant' AND v.detail LIKE '%.%' THEN 'bigint, bigint'
				ELSE v.arguments END)) IS NULL THEN 'there is no such function' END;
		IF v_problem IS NOT NULL THEN
			RAISE EXCEPTION 'a room announces % as % of its own: %', v.name, v.kind, v_problem
				USING HINT = 'Its row in registrations stands beside the function or the table.';
		END IF;
	END LOOP;
END
$$;
COMMENT ON FUNCTION voiceagent_private.check_registrations() IS
	'For install and update scripts, at their end: fails where a room has announced something that it does not have.';
