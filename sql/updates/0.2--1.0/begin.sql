-- What describes a column of a view was copied from its table: 97_postgrest copies the words of today where there are none.
DO $$
DECLARE
	v record;
BEGIN
	FOR v IN SELECT c.oid::pg_catalog.regclass AS relation, a.attname FROM pg_catalog.pg_class c
		JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
		WHERE c.relnamespace IN ('voiceagent'::regnamespace, to_regnamespace('voiceagent_bi'))
			AND c.relkind IN ('r', 'p', 'v') AND pg_catalog.col_description(c.oid, a.attnum) IS NOT NULL
	LOOP
		EXECUTE format('COMMENT ON COLUMN %s.%I IS NULL', v.relation, v.attname);
	END LOOP;
END
$$;
