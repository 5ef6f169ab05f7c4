/*
 * The tables of the documents, from the catalog: psql -qAtX -f regress/demo/tables.sql, in a database with the extension,
 * as superuser.  regress/t/080_readme.pl compares them.
 */
\echo '<!-- server settings -->'
\echo '| setting | default | range | takes effect | what it is |'
\echo '| --- | --- | --- | --- | --- |'
SELECT format('| `%s` | %s | %s | %s | %s |', s.name,
	CASE WHEN s.boot_val = '' THEN 'empty' ELSE concat_ws(' ', s.boot_val, s.unit) END,
	CASE WHEN s.vartype = 'bool' THEN 'on, off' WHEN s.vartype = 'integer' THEN format('%s to %s', s.min_val, s.max_val)
		WHEN s.vartype = 'enum' THEN array_to_string(s.enumvals, ', ') ELSE 'text' END,
	CASE s.context WHEN 'postmaster' THEN 'restart' WHEN 'sighup' THEN 'reload' WHEN 'superuser' THEN 'new session (superuser)'
		WHEN 'internal' THEN 'shown only' ELSE 'at once' END,
	s.short_desc)
FROM pg_catalog.pg_settings s WHERE s.name LIKE 'voiceagent.%' ORDER BY s.name;
\echo '<!-- end -->'
\echo '<!-- platform settings -->'
\echo '| setting | default | range | levels, and who may set it there | what it is |'
\echo '| --- | --- | --- | --- | --- |'
SELECT format('| `%s` | %s | %s | %s | %s |', s.key, CASE WHEN s.value = '' THEN 'empty' WHEN s.value LIKE '{%' THEN format('`%s`', s.value) ELSE s.value END,
	coalesce(s.range, s.unit), (SELECT string_agg(format('%s: %s', l, CASE r WHEN 'admin' THEN '`voiceagent_admin`' ELSE r END), ', ' ORDER BY n) FROM unnest(d.levels, d.least_roles) WITH ORDINALITY u(l, r, n)) || coalesce('; the platform''s value is a tenant''s ' || d.share, ''), s.description)
FROM voiceagent.settings s JOIN voiceagent_private.setting_definitions d USING (key) ORDER BY s.key COLLATE "C";
\echo '<!-- end -->'
\echo '<!-- sandbox numbers -->'
\echo '| number | what happens |'
\echo '| --- | --- |'
SELECT format('| %s | %s |', n.number_ending, n.what_happens) FROM voiceagent.sandbox_numbers n ORDER BY n.number_ending;
\echo '<!-- end -->'
\echo '<!-- retention classes -->'
\echo '| class | what it is | kept for | setting |'
\echo '| --- | --- | --- | --- |'
SELECT format('| %s | %s | %s | `%s` |', c.class, c.description, s.value, s.key)
FROM voiceagent_private.retention_classes c JOIN voiceagent.settings s ON s.key = 'retention_' || c.class
ORDER BY c.class COLLATE "C";
\echo '<!-- end -->'
\echo '<!-- law counts -->'
\echo '| country | rules | verified | default | unverified | of which |'
\echo '| --- | --- | --- | --- | --- | --- |'
SELECT format('| %s | %s | %s | %s | %s | %s |', c.code, count(r.rule), count(*) FILTER (WHERE r.status = 'verified'), count(*) FILTER (WHERE r.status = 'default'),
	count(*) FILTER (WHERE r.status = 'unverified'), coalesce(string_agg(concat_ws(' ', r.jurisdiction, r.rule), ', ' ORDER BY r.jurisdiction COLLATE "C", r.rule COLLATE "C") FILTER (WHERE r.status = 'unverified'), 'none'))
FROM unnest('{US,CA,GB,DE,FR,ES,IT,NL,AT,CH,AU,IN}'::text[]) WITH ORDINALITY AS c(code, n)
LEFT JOIN voiceagent.list_calling_rules() r ON left(r.jurisdiction, 2) = c.code GROUP BY c.code, c.n ORDER BY c.n;
\echo '<!-- end -->'
SELECT string_agg(concat(E'<!-- law ', c.name, E' -->\n| place | rule | what it says | source | read |\n| --- | --- | --- | --- | --- |\n', r.rows, E'<!-- end -->'), E'\n' ORDER BY c.n)
FROM unnest('{US,CA,GB,DE,FR,ES,IT,NL,AT,CH,AU,IN,default}'::text[]) WITH ORDINALITY AS c(name, n)
CROSS JOIN LATERAL (SELECT string_agg(format(E'| %s | `%s` | %s | %s | %s |\n', r.jurisdiction, r.rule, concat_ws('; ', r.value, 'from ' || r.effective_from, 'until ' || r.effective_until), concat_ws('. ', r.source, r.note),
	coalesce(r.source_date::text, r.status)), '' ORDER BY r.jurisdiction COLLATE "C", r.rule COLLATE "C", r.effective_from) AS rows
	FROM voiceagent.list_calling_rules() r WHERE CASE c.name WHEN 'default' THEN r.jurisdiction = '*' ELSE left(r.jurisdiction, 2) = c.name END) r;
