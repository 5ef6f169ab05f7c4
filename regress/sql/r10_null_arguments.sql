-- No function in C that may be given NULL ends the server by it: all of them, with NULL for each argument.
DO $$
DECLARE
	f record;
BEGIN
	FOR f IN SELECT p.oid::regproc AS name, p.proretset,
			(SELECT string_agg('NULL::' || a.type::regtype, ', ' ORDER BY a.nth)
				FROM unnest(p.proargtypes::oid[]) WITH ORDINALITY AS a(type, nth)) AS arguments
		FROM pg_proc p JOIN pg_language l ON l.oid = p.prolang
		WHERE p.pronamespace IN ('voiceagent'::regnamespace, 'voiceagent_private'::regnamespace)
			AND l.lanname = 'c' AND NOT p.proisstrict AND p.pronargs > 0 AND p.provariadic = 0
			AND p.prorettype NOT IN ('trigger'::regtype, 'event_trigger'::regtype, 'internal'::regtype)
		ORDER BY 1 LOOP
		BEGIN
			EXECUTE format('SELECT count(t) FROM %s(%s) t', f.name, f.arguments);
		EXCEPTION WHEN OTHERS THEN
			IF SQLSTATE LIKE 'XX%' THEN
				RAISE NOTICE '%: % %', f.name, SQLSTATE, SQLERRM;
			END IF;
		END;
	END LOOP;
END
$$;
SELECT 'the server lives' AS so;
