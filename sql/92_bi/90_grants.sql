-- 92_bi: owners, comments and rights of the schema voiceagent_bi.

DO $$
DECLARE
	v record;
BEGIN
	FOR v IN SELECT c.oid::regclass AS name FROM pg_catalog.pg_class c
		WHERE c.relnamespace = 'voiceagent_bi'::regnamespace AND c.relkind = 'v'
	LOOP
		EXECUTE format('ALTER VIEW %s OWNER TO voiceagent_owner', v.name);
	END LOOP;
END
$$;
ALTER SCHEMA voiceagent_bi OWNER TO voiceagent_owner;
GRANT USAGE ON SCHEMA voiceagent_bi TO voiceagent_user, voiceagent_worker;
GRANT SELECT ON ALL TABLES IN SCHEMA voiceagent_bi TO voiceagent_user, voiceagent_worker;

-- A word means the same in every view, so it is described once.
DO $$
DECLARE
	v record;
BEGIN
	FOR v IN
		SELECT c.oid::regclass AS name, a.attname, w.words
		FROM voiceagent_private.bi_words() w
		JOIN pg_catalog.pg_attribute a ON a.attname = w.name
		JOIN pg_catalog.pg_class c ON c.oid = a.attrelid AND c.relnamespace = 'voiceagent_bi'::regnamespace
			AND c.relkind = 'v'
	LOOP
		EXECUTE format('COMMENT ON COLUMN %s.%I IS %L', v.name, v.attname, v.words);
	END LOOP;
END
$$;
