/*
 * 95_ops: the second wall. The preloaded library refuses what a tenant's
 * session may not do, in every database; here PostgreSQL itself refuses it, in
 * this one. Each change is recorded before it is made, so that
 * soften_database() takes back these and no others.
 *
 * A change is a right (of database, schema or function) that a role shall have
 * or shall not have, or a role's limit of connections.
 */

CREATE TABLE voiceagent_private.hardening (
	kind text,
	object text,
	grantee text,
	privilege text,
	given boolean NOT NULL,
	PRIMARY KEY (kind, object, grantee, privilege)
);
COMMENT ON TABLE voiceagent_private.hardening IS
	'The changes of harden_database() in this database, until soften_database() takes them back.';
COMMENT ON COLUMN voiceagent_private.hardening.kind IS 'database, schema, function, or role: a limit of connections.';
COMMENT ON COLUMN voiceagent_private.hardening.object IS
	'Its name, a function''s with the types of its arguments; empty: this database.';
COMMENT ON COLUMN voiceagent_private.hardening.grantee IS 'PUBLIC or a role; empty for a limit.';
COMMENT ON COLUMN voiceagent_private.hardening.given IS 'Whether it was given (true) or taken away (false).';
SELECT voiceagent_private.guard_table('voiceagent_private.hardening', 'platform');

CREATE FUNCTION voiceagent_private.has_right(kind text, object text, grantee text, privilege text) RETURNS boolean
	LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_variable
DECLARE
	v_rights aclitem[];
BEGIN
	IF kind = 'role' THEN
		RETURN (SELECT format('CONNECTION LIMIT %s', r.rolconnlimit) = privilege FROM pg_roles r
			WHERE r.rolname = object);
	END IF;
	v_rights := CASE kind
		WHEN 'database' THEN (SELECT coalesce(d.datacl, acldefault('d', d.datdba)) FROM pg_database d
			WHERE d.datname = current_database())
		WHEN 'schema' THEN (SELECT coalesce(n.nspacl, acldefault('n', n.nspowner)) FROM pg_namespace n
			WHERE n.nspname = object)
		WHEN 'function' THEN (SELECT coalesce(p.proacl, acldefault('f', p.proowner)) FROM pg_proc p
			WHERE p.oid = to_regprocedure(object)) END;
	IF v_rights IS NULL THEN
		RETURN NULL;
	END IF;
	RETURN EXISTS (SELECT FROM aclexplode(v_rights) a
		WHERE a.privilege_type = privilege
			AND a.grantee = CASE grantee WHEN 'PUBLIC' THEN 0 ELSE to_regrole(grantee) END);
END
$$;
COMMENT ON FUNCTION voiceagent_private.has_right(text, text, text, text) IS
	'Whether PUBLIC or the role itself was given a right on an object (arguments as the columns of hardening), or a '
	'role has this limit; NULL: there is no such object.';

CREATE FUNCTION voiceagent_private.change_right(kind text, object text, grantee text, privilege text, give boolean)
	RETURNS void LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_grantee text := CASE grantee WHEN 'PUBLIC' THEN 'PUBLIC' ELSE quote_ident(grantee) END;
	v_privilege text := quote_ident(lower(privilege));
	v_on text := CASE kind WHEN 'function' THEN 'FUNCTION ' || to_regprocedure(object)
		WHEN 'database' THEN 'DATABASE ' || quote_ident(current_database())
		ELSE 'SCHEMA ' || quote_ident(object) END;
BEGIN
	IF kind = 'role' THEN
		EXECUTE format('ALTER ROLE %I CONNECTION LIMIT %s', object,
			CASE WHEN give THEN substring(privilege FROM '\d+$')::integer ELSE -1 END);
	ELSIF give THEN
		EXECUTE format('GRANT %s ON %s TO %s', v_privilege, v_on, v_grantee);
	ELSE
		EXECUTE format('REVOKE %s ON %s FROM %s', v_privilege, v_on, v_grantee);
	END IF;
END
$$;
COMMENT ON FUNCTION voiceagent_private.change_right(text, text, text, text, boolean) IS
	'Gives or takes a right (arguments as the columns of hardening), or sets a role''s limit of connections or takes '
	'it away.';

CREATE FUNCTION voiceagent_private.name_right(kind text, object text, grantee text, privilege text, has boolean)
	RETURNS text LANGUAGE sql STABLE
	RETURN CASE WHEN has IS NULL THEN 'is not there'
		WHEN kind = 'role' THEN CASE WHEN has THEN 'has ' || privilege ELSE 'has no CONNECTION LIMIT of ours' END
		ELSE format('%s %s %s', grantee, CASE WHEN has THEN 'has' ELSE 'does not have' END, privilege) END;
COMMENT ON FUNCTION voiceagent_private.name_right(text, text, text, text, boolean) IS
	'has_right() in words, for the answers of harden_database() and soften_database().';

CREATE FUNCTION voiceagent.harden_database() RETURNS TABLE (object text, state text, action text)
	LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v record;
	v_has boolean;
BEGIN
	FOR v IN SELECT * FROM (
			SELECT 'database', '', 'PUBLIC', p.privilege, false
			FROM unnest(ARRAY['TEMPORARY', 'CREATE']) AS p(privilege)
			UNION ALL
			SELECT 'schema', 'public', 'PUBLIC', 'CREATE', false WHERE to_regnamespace('public') IS NOT NULL
			UNION ALL
			-- First what ours go on to need, then what everybody loses.
			SELECT 'function', f.name, g.grantee, 'EXECUTE', g.given
			FROM (SELECT p.oid::regprocedure::text AS name,
					CASE WHEN p.prosrc = 'pg_notify' THEN 'voiceagent_worker' END AS ours
				FROM pg_proc p JOIN pg_language l ON l.oid = p.prolang
				WHERE l.lanname = 'internal' AND p.pronamespace = 'pg_catalog'::regnamespace
					AND p.prosrc ~ '^(pg_notify$|pg_(try_)?advisory_|pg_logical_emit_message|be_lo)') f
			CROSS JOIN LATERAL (VALUES (f.ours, true), ('PUBLIC', false)) g(grantee, given)
			WHERE g.grantee IS NOT NULL
			UNION ALL
			SELECT 'role', r.rolname, '', 'CONNECTION LIMIT ' || current_setting('voiceagent.tenant_connections'), true
			FROM voiceagent_private.role_map m JOIN pg_roles r ON r.oid = m.role_oid
			WHERE r.rolconnlimit < 0 AND current_setting('voiceagent.tenant_connections') <> '0')
		AS g(kind, object, grantee, privilege, given)
	LOOP
		v_has := voiceagent_private.has_right(v.kind, v.object, v.grantee, v.privilege);
		object := concat_ws(' ', v.kind, CASE v.kind WHEN 'database' THEN current_database() ELSE v.object END);
		state := voiceagent_private.name_right(v.kind, v.object, v.grantee, v.privilege, v_has);
		action := 'nothing, it is as it should be';
		IF v_has <> v.given THEN
			INSERT INTO voiceagent_private.hardening (kind, object, grantee, privilege, given)
			VALUES (v.kind, v.object, v.grantee, v.privilege, v.given)
			ON CONFLICT ON CONSTRAINT hardening_pkey DO NOTHING;
			PERFORM voiceagent_private.change_right(v.kind, v.object, v.grantee, v.privilege, v.given);
			-- REVOKE takes back what the owner has given, and says nothing of what others gave.
			v_has := voiceagent_private.has_right(v.kind, v.object, v.grantee, v.privilege);
			action := CASE WHEN v_has = v.given THEN '' ELSE 'without effect, another role than the owner gave it: ' END
				|| CASE WHEN v.kind = 'role' THEN 'given: ' || v.privilege WHEN v.given THEN 'granted'
					ELSE 'revoked' END;
		END IF;
		RETURN NEXT;
	END LOOP;
	RETURN QUERY SELECT 'command ' || c.command, 'needs no right',
		'left: the preloaded library refuses it to tenants'' sessions'
	FROM unnest(ARRAY['NOTIFY', 'LOCK TABLE ... IN ACCESS SHARE MODE', 'PREPARE TRANSACTION']) AS c(command)
	UNION ALL
	SELECT 'language ' || l.lanname, 'PUBLIC may use it', 'left: functions and DO blocks of tenants need it'
	FROM pg_language l WHERE l.lanpltrusted AND l.lanname = 'plpgsql'
		AND EXISTS (SELECT FROM aclexplode(coalesce(l.lanacl, acldefault('l', l.lanowner))) a WHERE a.grantee = 0)
	UNION ALL
	SELECT 'database ' || quote_ident(d.datname), 'PUBLIC may connect'
		|| CASE WHEN 'TEMPORARY' = ANY (d.rights) THEN ' and make temporary tables' ELSE '' END,
		format('left, it is another database: REVOKE CONNECT ON DATABASE %I FROM PUBLIC closes it', d.datname)
	FROM (SELECT b.datname, ARRAY(SELECT a.privilege_type
			FROM aclexplode(coalesce(b.datacl, acldefault('d', b.datdba))) a WHERE a.grantee = 0) AS rights
		FROM pg_database b WHERE b.datallowconn AND b.datname <> current_database()) d
	WHERE 'CONNECT' = ANY (d.rights);
	PERFORM voiceagent_private.audit_platform('harden_database', 'database');
END
$$;
COMMENT ON FUNCTION voiceagent.harden_database() IS
	E'The second wall behind the preloaded library: takes from PUBLIC, in this database, temporary tables, advisory '
	'locks, pg_notify(), large objects and messages in the WAL, and gives mapped roles a limit of connections.\n'
	'A row for each: object, state, action; again: nothing is done. soften_database() takes it back. For superusers '
	'(42501).';

CREATE FUNCTION voiceagent.soften_database() RETURNS TABLE (object text, state text, action text)
	LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v record;
	v_has boolean;
BEGIN
	-- Taken rows come back before their substitutes go.
	FOR v IN SELECT h.* FROM voiceagent_private.hardening h ORDER BY h.given, h.kind, h.object, h.grantee LOOP
		v_has := voiceagent_private.has_right(v.kind, v.object, v.grantee, v.privilege);
		object := concat_ws(' ', v.kind, CASE v.kind WHEN 'database' THEN current_database() ELSE v.object END);
		state := voiceagent_private.name_right(v.kind, v.object, v.grantee, v.privilege, v_has);
		action := 'nothing, it was changed since';
		IF v_has = v.given THEN
			PERFORM voiceagent_private.change_right(v.kind, v.object, v.grantee, v.privilege, NOT v.given);
			action := CASE WHEN v.kind = 'role' THEN 'taken away' WHEN v.given THEN 'revoked' ELSE 'granted' END;
		END IF;
		RETURN NEXT;
	END LOOP;
	DELETE FROM voiceagent_private.hardening;
	PERFORM voiceagent_private.audit_platform('soften_database', 'database');
END
$$;
COMMENT ON FUNCTION voiceagent.soften_database() IS
	E'Takes back what harden_database() has changed, and nothing else: what somebody has changed again since is left.\n'
	'A row for each: object, state, action. For superusers (42501).';
