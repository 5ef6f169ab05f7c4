/*
 * 97_postgrest: columns that are called the same everywhere mean the same
 * everywhere, so they are described once.  A table that means something more by
 * such a name has a comment of its own; a column of a view that its table
 * describes takes the table's words.
 */

DO $$
DECLARE
	v record;
BEGIN
	FOR v IN
		SELECT c.oid::regclass AS relation, a.attname, coalesce(
			(SELECT n.words FROM voiceagent_private.common_columns() n
				WHERE n.name = a.attname),
			(SELECT pg_catalog.min(pg_catalog.col_description(d.refobjid, b.attnum))
				FROM pg_catalog.pg_rewrite w
				JOIN pg_catalog.pg_depend d ON d.classid = 'pg_catalog.pg_rewrite'::regclass AND d.objid = w.oid
				AND d.refclassid = 'pg_catalog.pg_class'::regclass AND d.refobjid <> c.oid
				JOIN pg_catalog.pg_attribute b ON b.attrelid = d.refobjid AND b.attnum = d.refobjsubid
					AND b.attname = a.attname
				WHERE w.ev_class = c.oid),
			(SELECT pg_catalog.min(pg_catalog.col_description(t.oid, b.attnum))
				FROM pg_catalog.pg_class t JOIN pg_catalog.pg_attribute b ON b.attrelid = t.oid
					AND b.attname = a.attname
				WHERE t.relnamespace = c.relnamespace AND t.relkind IN ('r', 'p') AND c.relkind = 'v')) AS words
		FROM pg_catalog.pg_class c
		JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
		WHERE c.relnamespace IN ('voiceagent'::regnamespace, to_regnamespace('voiceagent_bi'))
			AND c.relkind IN ('r', 'p', 'v') AND pg_catalog.col_description(c.oid, a.attnum) IS NULL
	LOOP
		IF v.words IS NOT NULL THEN
			EXECUTE format('COMMENT ON COLUMN %s.%I IS %L', v.relation, v.attname, v.words);
		END IF;
	END LOOP;
END
$$;
