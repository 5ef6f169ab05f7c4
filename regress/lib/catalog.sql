-- What an extension's install script has made in this database, by names alone: a line per object and property, and per row
-- that came with it.  Two databases that print the same have the same extension, whichever way each came to it.  Columns of
-- tables may stand in another order.
--	psql -XAtq -v ON_ERROR_STOP=1 -f regress/lib/catalog.sql
SET client_min_messages = warning;
SET search_path = pg_catalog;
CREATE TEMP VIEW ours AS
SELECT d.classid, d.objid FROM pg_depend d JOIN pg_extension e ON e.oid = d.refobjid
WHERE d.refclassid = 'pg_extension'::regclass AND d.deptype = 'e' AND e.extname = 'voiceagent';
CREATE TEMP VIEW our_class AS SELECT c.* FROM pg_class c JOIN ours o ON o.classid = 'pg_class'::regclass AND o.objid = c.oid;
CREATE TEMP VIEW our_column AS
SELECT c.oid::regclass::text AS tab, a.attrelid, a.attnum, a.attname, a.atttypid, a.atttypmod, a.attnotnull, a.attidentity, a.attgenerated, a.attstorage,
	a.attstattarget, a.attcollation, a.attacl
FROM our_class c JOIN pg_attribute a ON a.attrelid = c.oid WHERE a.attnum > 0 AND NOT a.attisdropped AND c.relkind <> 'i';
-- Rows of tables whose rows a dump does not take along, or only those that are not the extension's own.
CREATE FUNCTION pg_temp.rows_of(tab regclass, condition text) RETURNS SETOF text LANGUAGE plpgsql AS $$
BEGIN
	RETURN QUERY EXECUTE format('SELECT to_jsonb(t)::text FROM %s t %s', tab, CASE WHEN condition ~ '^WHERE ' THEN 'WHERE NOT coalesce((' || substr(condition, 7) || '), false)' ELSE '' END);
END $$;
CREATE TEMP VIEW description AS
SELECT 'object' AS kind, i.type || ' ' || i.identity AS name, '' AS value FROM ours o, pg_identify_object(o.classid, o.objid, 0) i
UNION ALL
SELECT 'comment', i.type || ' ' || i.identity, d.description FROM ours o JOIN pg_description d ON d.classoid = o.classid AND d.objoid = o.objid, pg_identify_object(o.classid, o.objid, d.objsubid) i
UNION ALL
SELECT 'relation', c.oid::regclass::text, concat_ws(' ', c.relkind, c.relowner::regrole, c.relpersistence, c.relrowsecurity, c.relforcerowsecurity, c.relispartition, c.relreplident,
	c.reloptions, (SELECT array_agg(x ORDER BY x) FROM unnest(c.relacl::text[]) x), pg_get_expr(c.relpartbound, c.oid), pg_get_partkeydef(c.oid),
	(SELECT string_agg(h.inhparent::regclass::text, ',') FROM pg_inherits h WHERE h.inhrelid = c.oid)) FROM our_class c
UNION ALL
SELECT 'column', a.tab || '.' || a.attname, concat_ws(' ', format_type(a.atttypid, a.atttypmod), a.attnotnull, a.attidentity, a.attgenerated, a.attstorage, a.attstattarget,
	a.attcollation::regcollation, (SELECT array_agg(x ORDER BY x) FROM unnest(a.attacl::text[]) x), (SELECT pg_get_expr(f.adbin, f.adrelid) FROM pg_attrdef f WHERE f.adrelid = a.attrelid AND f.adnum = a.attnum)) FROM our_column a
UNION ALL
SELECT 'constraint', coalesce(c.oid::regclass::text, k.contypid::regtype::text) || ' ' || k.conname, concat_ws(' ', pg_get_constraintdef(k.oid), k.convalidated)
FROM pg_constraint k LEFT JOIN our_class c ON c.oid = k.conrelid WHERE c.oid IS NOT NULL OR k.contypid IN (SELECT objid FROM ours WHERE classid = 'pg_type'::regclass)
UNION ALL
SELECT 'index', i.indexrelid::regclass::text, pg_get_indexdef(i.indexrelid) || ' ' || i.indisvalid::text FROM pg_index i JOIN our_class c ON c.oid = i.indrelid
UNION ALL
SELECT 'policy', p.polrelid::regclass || ' ' || p.polname, concat_ws(' ', p.polcmd, p.polpermissive, (SELECT array_agg(r::regrole::text ORDER BY r::regrole::text) FROM unnest(p.polroles) r),
	pg_get_expr(p.polqual, p.polrelid), pg_get_expr(p.polwithcheck, p.polrelid)) FROM pg_policy p JOIN our_class c ON c.oid = p.polrelid
UNION ALL
SELECT 'trigger', t.tgrelid::regclass || ' ' || t.tgname, pg_get_triggerdef(t.oid) || ' ' || t.tgenabled::text FROM pg_trigger t JOIN our_class c ON c.oid = t.tgrelid WHERE NOT t.tgisinternal
UNION ALL
SELECT 'rule or view', r.ev_class::regclass || ' ' || r.rulename, pg_get_ruledef(r.oid) FROM pg_rewrite r JOIN our_class c ON c.oid = r.ev_class
UNION ALL
SELECT 'sequence', s.seqrelid::regclass::text, concat_ws(' ', format_type(s.seqtypid, NULL), s.seqstart, s.seqincrement, s.seqmax, s.seqmin, s.seqcache, s.seqcycle,
	(SELECT refobjid::regclass || '.' || refobjsubid FROM pg_depend d WHERE d.classid = 'pg_class'::regclass AND d.objid = s.seqrelid AND d.deptype IN ('a', 'i') AND d.refobjsubid > 0)) FROM pg_sequence s JOIN our_class c ON c.oid = s.seqrelid
UNION ALL
SELECT 'statistics', s.stxname, pg_get_statisticsobjdef(s.oid) FROM pg_statistic_ext s JOIN our_class c ON c.oid = s.stxrelid
UNION ALL
SELECT 'function', p.oid::regprocedure::text, concat_ws(' ', p.proowner::regrole, (SELECT array_agg(x ORDER BY x) FROM unnest(p.proacl::text[]) x), CASE WHEN p.prokind <> 'a' THEN pg_get_functiondef(p.oid) END)
FROM pg_proc p JOIN ours o ON o.classid = 'pg_proc'::regclass AND o.objid = p.oid
UNION ALL
SELECT 'type', t.oid::regtype::text, concat_ws(' ', t.typtype, t.typowner::regrole, t.typnotnull, t.typdefault, CASE WHEN t.typbasetype <> 0 THEN format_type(t.typbasetype, t.typtypmod) END, t.typcollation::regcollation,
	(SELECT array_agg(x ORDER BY x) FROM unnest(t.typacl::text[]) x), (SELECT array_agg(v.enumlabel ORDER BY v.enumsortorder) FROM pg_enum v WHERE v.enumtypid = t.oid)) FROM pg_type t JOIN ours o ON o.classid = 'pg_type'::regclass AND o.objid = t.oid
UNION ALL
SELECT 'field', t.oid::regtype || '.' || a.attname, format_type(a.atttypid, a.atttypmod) || ' ' || row_number() OVER (PARTITION BY t.oid ORDER BY a.attnum)
FROM pg_type t JOIN ours o ON o.classid = 'pg_type'::regclass AND o.objid = t.oid JOIN pg_attribute a ON a.attrelid = t.typrelid AND a.attnum > 0 AND NOT a.attisdropped WHERE t.typtype = 'c'
UNION ALL
SELECT 'schema', n.nspname, concat_ws(' ', n.nspowner::regrole, (SELECT array_agg(x ORDER BY x) FROM unnest(n.nspacl::text[]) x)) FROM pg_namespace n WHERE n.nspname ~ '^voiceagent'
UNION ALL
SELECT 'first rights', i.type || ' ' || i.identity, p.privtype::text || ' ' || (SELECT string_agg(split_part(x, '/', 1), ' ' ORDER BY x)
	FROM unnest(p.initprivs::text[]) x WHERE x !~ '^(postgres|voiceagent_owner)=')
FROM ours o JOIN pg_init_privs p ON p.classoid = o.classid AND p.objoid = o.objid, pg_identify_object(p.classoid, p.objoid, p.objsubid) i
UNION ALL
SELECT 'dumped', t.oid::regclass::text, t.condition FROM pg_extension e, unnest(e.extconfig, e.extcondition) t (oid, condition) WHERE e.extname = 'voiceagent'
UNION ALL
SELECT 'requires', e.extname, '' FROM pg_depend d JOIN pg_extension v ON v.oid = d.objid AND d.classid = 'pg_extension'::regclass JOIN pg_extension e ON d.refclassid = 'pg_extension'::regclass AND e.oid = d.refobjid WHERE v.extname = 'voiceagent'
UNION ALL
SELECT 'default right', a.defaclrole::regrole || ' ' || a.defaclnamespace, a.defaclacl::text FROM pg_default_acl a
UNION ALL
SELECT 'row', c.oid::regclass::text, r FROM our_class c LEFT JOIN (SELECT u.oid, u.condition FROM pg_extension e, unnest(e.extconfig, e.extcondition) AS u (oid, condition) WHERE e.extname = 'voiceagent') x ON x.oid = c.oid,
	pg_temp.rows_of(c.oid, x.condition) r
WHERE c.relkind = 'r' AND (x.oid IS NULL OR x.condition <> '');
SELECT replace(kind || chr(9) || name || chr(9) || value, chr(10), ' ') FROM description ORDER BY 1;
