-- 00_kernel: the domains of the enumerations, made from the table, so that the two cannot differ. An update runs this,
-- too, as it does every DO.
DO $$
DECLARE
	v record;
BEGIN
	FOR v IN
		SELECT enumeration, string_agg(quote_literal(value), ', ' ORDER BY position) AS list
		FROM voiceagent.enumerations GROUP BY enumeration ORDER BY enumeration
	LOOP
		IF to_regtype(format('voiceagent.%I', v.enumeration)) IS NULL THEN
			EXECUTE format('CREATE DOMAIN voiceagent.%I AS text', v.enumeration);
		ELSIF v.list = (SELECT string_agg(m.value[1], ', ' ORDER BY m.position) FROM pg_catalog.pg_constraint k,
				LATERAL regexp_matches(pg_get_constraintdef(k.oid), $r$'[^']*'$r$, 'g') WITH ORDINALITY AS m(value,
					position)
				WHERE k.contypid = to_regtype(format('voiceagent.%I', v.enumeration))) THEN
			CONTINUE;
		ELSE
			EXECUTE format('ALTER DOMAIN voiceagent.%I DROP CONSTRAINT %I', v.enumeration, v.enumeration || '_value');
		END IF;
		EXECUTE format('ALTER DOMAIN voiceagent.%I ADD CONSTRAINT %I CHECK (VALUE IN (%s))',
			v.enumeration, v.enumeration || '_value', v.list);
		EXECUTE format('COMMENT ON DOMAIN voiceagent.%I IS %L', v.enumeration,
			format('One of the values of enumeration %s (table voiceagent.enumerations).', v.enumeration));
	END LOOP;
END
$$;
