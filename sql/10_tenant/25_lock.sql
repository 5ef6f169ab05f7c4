/*
 * 10_tenant: the order of locks within a tenant.
 *
 * lock_leads() (20_import), then lock_tenant(), then pacing rows in the order
 * of their campaigns, lanes by campaign and lane, queue rows and leads, rows
 * of campaigns, the ledger; several tenants in the order of their ids.  Who
 * ends calls takes leads and lanes as the calls come, and so holds
 * lock_tenant() shared; who changes many leads, or several campaigns, whatever
 * calls are ending, holds it exclusively.  Who starts or fills one campaign
 * holds its pacing row instead, for as long as that takes.
 */

CREATE FUNCTION voiceagent_private.lock_tenant(exclusive boolean) RETURNS void
	LANGUAGE c VOLATILE STRICT PARALLEL UNSAFE AS 'MODULE_PATHNAME', 'va_sql_lock_tenant';
COMMENT ON FUNCTION voiceagent_private.lock_tenant(boolean) IS
	E'Locks the current tenant until the transaction ends, before any lock of a row.\n'
	'Shared: the caller ends calls of it. Exclusive: the caller changes many of its leads or several campaigns; its '
	'commit wakes the applier, whose webhooks of the tenant wait meanwhile.';

CREATE FUNCTION voiceagent_private.try_lock_tenant() RETURNS boolean
	LANGUAGE c VOLATILE PARALLEL UNSAFE AS 'MODULE_PATHNAME', 'va_sql_try_lock_tenant';
COMMENT ON FUNCTION voiceagent_private.try_lock_tenant() IS
	'lock_tenant(false) without waiting: false, and no lock, while another session changes many leads of the current '
	'tenant.';

CREATE FUNCTION voiceagent_private.make_lock(name text, tab regclass, missing text, about text,
	strength text DEFAULT 'FOR NO KEY UPDATE', key text DEFAULT NULL, still text DEFAULT 'true') RETURNS void
	LANGUAGE plpgsql VOLATILE AS $make$
DECLARE
	v_key record;
	v_made text := $made$
	CREATE FUNCTION voiceagent_private.{name}({key} {type}) RETURNS {table}
		LANGUAGE plpgsql {volatility} SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
	DECLARE
		v {table};
	BEGIN
		SELECT t.* INTO v FROM {table} t
		WHERE t.tenant_id = voiceagent.current_tenant() AND t.{key} = {name}.{key} AND {still} {strength};
		PERFORM voiceagent_private.fail_if(NOT FOUND, 'PT404', format({missing}, {key}));
		RETURN v;
	END
	$$;
	COMMENT ON FUNCTION voiceagent_private.{name}({type}) IS {about};
$made$;
	v record;
BEGIN
	SELECT quote_ident(a.attname) AS name, a.atttypid::regtype AS type INTO STRICT v_key FROM pg_catalog.pg_attribute a
	JOIN pg_catalog.pg_index i ON i.indrelid = tab AND i.indisprimary
	WHERE a.attrelid = tab AND CASE WHEN key IS NULL THEN a.attnum = i.indkey[1] ELSE a.attname = key END;
	-- An update finds the function that an earlier version made.
	FOR v IN SELECT * FROM (VALUES ('CREATE FUNCTION', 'CREATE OR ' || 'REPLACE FUNCTION'),
		('{name}', quote_ident(name)), ('{table}', tab::text), ('{key}', v_key.name), ('{type}', v_key.type::text),
		('{volatility}', CASE strength WHEN '' THEN 'STABLE' ELSE 'VOLATILE' END),
		('{still}', still), ('{strength}', strength), ('{missing}', quote_literal(missing)),
		('{about}', quote_literal(about))) w (word, means)
	LOOP
		v_made := replace(v_made, v.word, v.means);
	END LOOP;
	-- The words of install scripts.  @plpgsql_check_options: security_warnings = off
	EXECUTE v_made;
END
$make$;
COMMENT ON FUNCTION voiceagent_private.make_lock(text, regclass, text, text, text, text, text) IS
	E'For install and update scripts: makes a function that returns a row of the current tenant''s by its key, locked, '
	'or fails with PT404 and the words of missing (%s: the key).\n'
	'about: its COMMENT; key: default the primary key''s second column; still: a condition on the row t.';
