-- 10_tenant: tenants, members, mapped roles. By the platform, and by a tenant's owners.

CREATE FUNCTION voiceagent_private.require_timezone(timezone text) RETURNS void
	LANGUAGE plpgsql STABLE AS $$
BEGIN
	PERFORM voiceagent_private.fail_if(NOT voiceagent_private.is_timezone(timezone), 'PT422',
		pg_catalog.format('there is no time zone "%s"', pg_catalog.left(coalesce(timezone, 'null'), 60)), NULL,
		'Write a name of the IANA list, such as ''America/New_York''.');
END
$$;
COMMENT ON FUNCTION voiceagent_private.require_timezone(text) IS
	'Raises PT422 unless it is the name of an IANA time zone.';

CREATE FUNCTION voiceagent_private.tenant_zone() RETURNS text LANGUAGE plpgsql STABLE AS $$
BEGIN
	RETURN (SELECT t.timezone FROM voiceagent.tenants t WHERE t.tenant_id = voiceagent.current_tenant());
END
$$;
COMMENT ON FUNCTION voiceagent_private.tenant_zone() IS
	'The time zone in which the current tenant''s days begin and end, and in which its times '
	'without an offset are meant.';

CREATE FUNCTION voiceagent_private.describe_time(at timestamptz) RETURNS text
	LANGUAGE sql STABLE
	RETURN CASE WHEN isfinite(at) THEN
		(SELECT to_char(at AT TIME ZONE t.zone, 'YYYY-MM-DD HH24:MI:SS ') || t.zone
			FROM (SELECT coalesce(voiceagent_private.tenant_zone(), 'UTC') AS zone) t)
		ELSE at::text END;
COMMENT ON FUNCTION voiceagent_private.describe_time(timestamptz) IS
	'A time as explanations write it: to the second, by the clock of the current tenant''s zone, as describe_hour().';

/*
 * The session's zone is the client's choice, or none's: the workers have the
 * server's, a request by PostgREST may prefer any.  So a time or a day that a
 * tenant has written down is read by functions that call this, and whose SET
 * timezone gives the session's back.
 */
CREATE FUNCTION voiceagent_private.use_tenant_zone() RETURNS void LANGUAGE plpgsql VOLATILE AS $$
BEGIN
	PERFORM pg_catalog.set_config('timezone', voiceagent_private.tenant_zone(), true);
END
$$;
COMMENT ON FUNCTION voiceagent_private.use_tenant_zone() IS
	'Makes tenant_zone() the session''s time zone, until the function ends that calls this: one with SET timezone '
	'among its own settings.';

CREATE FUNCTION voiceagent_private.id_block() RETURNS bigint
	LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
	SELECT s.last_value >> 36 FROM voiceagent.tenants_tenant_id_seq s
$$;
COMMENT ON FUNCTION voiceagent_private.id_block() IS
	'The block of 2^36 ids from which this cell gives them out: 256 times its era, plus its number less 1.';

CREATE FUNCTION voiceagent_private.cell() RETURNS integer
	LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
	RETURN (voiceagent_private.id_block() % 256)::integer + 1;
COMMENT ON FUNCTION voiceagent_private.cell() IS 'The number of this cell, by where its ids begin.';

CREATE FUNCTION voiceagent_private.fail_elsewhere(cell integer, message text DEFAULT NULL) RETURNS void
	LANGUAGE plpgsql VOLATILE AS $$
BEGIN
	RAISE EXCEPTION USING ERRCODE = 'PT421',
		MESSAGE = coalesce(message, 'this tenant is served by cell ' || cell), CONSTRAINT = 'cell_' || cell,
		HINT = 'Ask there; while it moves, in a moment.';
END
$$;
COMMENT ON FUNCTION voiceagent_private.fail_elsewhere(integer, text) IS
	E'PT421 with the cell for the routers: an answer by HTTP has it as Voiceagent-Cell.\n'
	'message: NULL: that the cell serves the tenant.';

CREATE FUNCTION voiceagent_private.set_existing_tenant(tenant_id bigint) RETURNS bigint
	LANGUAGE plpgsql VOLATILE AS $$
DECLARE
	v_was bigint := voiceagent_private.set_tenant(coalesce(tenant_id, 0));
BEGIN
	IF NOT EXISTS (SELECT FROM voiceagent_private.tenant_directory d
		WHERE d.tenant_id = set_existing_tenant.tenant_id) THEN
		PERFORM voiceagent_private.fail_elsewhere(m.cell)
		FROM voiceagent_private.tenant_moves m WHERE m.tenant_id = set_existing_tenant.tenant_id AND NOT m.served;
		RAISE EXCEPTION USING ERRCODE = 'PT404', MESSAGE = 'there is no such tenant';
	END IF;
	RETURN v_was;
END
$$;
COMMENT ON FUNCTION voiceagent_private.set_existing_tenant(bigint) IS
	'set_tenant(), but PT404 for a tenant that does not exist, PT421 for one that another cell serves.';

CREATE FUNCTION voiceagent_private.limit_connections(role oid) RETURNS integer
	LANGUAGE c VOLATILE STRICT PARALLEL UNSAFE AS 'MODULE_PATHNAME', 'va_sql_limit_connections';
COMMENT ON FUNCTION voiceagent_private.limit_connections(oid) IS
	'Gives a role that has no CONNECTION LIMIT that of voiceagent.tenant_connections -> the limit that was given; '
	'NULL: none.';

CREATE FUNCTION voiceagent.map_role(role_name name, tenant_id bigint) RETURNS void
	LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_was bigint;
	v_role pg_catalog.pg_roles;
	v_other bigint;
	v_limit integer;
BEGIN
	PERFORM voiceagent_private.require_platform('map a role to a tenant');
	v_was := voiceagent_private.set_existing_tenant(tenant_id);
	SELECT * INTO v_role FROM pg_catalog.pg_roles r WHERE r.rolname = map_role.role_name;
	PERFORM voiceagent_private.fail_if(NOT FOUND, 'PT404', pg_catalog.format('there is no role "%s"', role_name), NULL,
		'Make it with CREATE ROLE ... LOGIN.');
	IF EXISTS (SELECT FROM pg_catalog.pg_roles r
		WHERE (r.rolsuper OR r.rolbypassrls) AND pg_catalog.pg_has_role(v_role.oid, r.oid, 'MEMBER'))
		OR EXISTS (SELECT FROM pg_catalog.pg_roles r
				WHERE r.rolname IN ('voiceagent_owner', 'voiceagent_admin', 'voiceagent_worker', 'voiceagent_guest',
					'voiceagent_api', 'voiceagent_staff')
			AND pg_catalog.pg_has_role(v_role.oid, r.oid, 'MEMBER'))
	THEN
		RAISE EXCEPTION USING ERRCODE = 'PT422',
			MESSAGE = pg_catalog.format('role "%s" cannot stand for a tenant', role_name),
			DETAIL = 'It is, or can become, a superuser, a role that bypasses row-level security, '
				'or a role of the platform.';
	ELSIF role_name IN ('voiceagent_user', 'voiceagent_anon')
		OR role_name = pg_catalog.current_setting('voiceagent.authenticator', true)
	THEN
		RAISE EXCEPTION USING ERRCODE = 'PT422',
			MESSAGE = pg_catalog.format('role "%s" cannot stand for a tenant', role_name),
			DETAIL = 'It is shared by all tenants.', HINT = 'Make a login role for each tenant.';
	END IF;
	-- A dropped role of this name may have stood for another tenant: this role does not inherit that.
	DELETE FROM voiceagent_private.role_map m WHERE m.role_name = map_role.role_name AND m.role_oid <> v_role.oid;
	SELECT m.tenant_id INTO v_other FROM voiceagent_private.role_map m WHERE m.role_name = map_role.role_name;
	IF v_other IS DISTINCT FROM tenant_id THEN
		PERFORM voiceagent_private.fail_if(v_other IS NOT NULL, 'PT409',
			pg_catalog.format('role "%s" stands for another tenant', role_name), NULL, 'Call unmap_role() first.');
		INSERT INTO voiceagent_private.role_map (role_name, tenant_id, role_oid)
		VALUES (map_role.role_name, map_role.tenant_id, v_role.oid)
		ON CONFLICT DO NOTHING;
		PERFORM voiceagent_private.fail_if(NOT FOUND, 'PT409',
			pg_catalog.format('role "%s" is being mapped by another session', role_name), NULL, 'Try again.');
		PERFORM voiceagent_private.audit('map_role', 'role ' || role_name, NULL, pg_catalog.to_jsonb(tenant_id));
	END IF;
	IF NOT pg_catalog.pg_has_role(v_role.oid, 'voiceagent_user', 'MEMBER') THEN
		EXECUTE pg_catalog.format('GRANT voiceagent_user TO %I', role_name);
	END IF;
	v_limit := voiceagent_private.limit_connections(v_role.oid);
	IF v_limit IS NOT NULL THEN
		RAISE NOTICE 'role "%" may have % connections at a time from now on', role_name, v_limit
			USING HINT = pg_catalog.format('ALTER ROLE %I CONNECTION LIMIT ... sets another limit.', role_name);
	END IF;
	PERFORM voiceagent_private.set_tenant(v_was);
END
$$;
COMMENT ON FUNCTION voiceagent.map_role(name, bigint) IS
	E'A login role stands for this tenant from now on, and gets the role voiceagent_user.\n'
	'One without a CONNECTION LIMIT gets that of voiceagent.tenant_connections (10), and a NOTICE says so. For the '
	'platform (42501). PT404 for an unknown role or tenant, PT422 for a role that could step over row-level security '
	'or is shared, PT409 if it stands for another tenant.';

CREATE FUNCTION voiceagent.unmap_role(role_name name) RETURNS void
	LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_was bigint;
	v_tenant bigint;
BEGIN
	PERFORM voiceagent_private.require_platform('unmap a role');
	DELETE FROM voiceagent_private.role_map m WHERE m.role_name = unmap_role.role_name
	RETURNING m.tenant_id INTO v_tenant;
	PERFORM voiceagent_private.fail_if(NOT FOUND, 'PT404',
		pg_catalog.format('role "%s" stands for no tenant', role_name));
	v_was := voiceagent_private.set_tenant(v_tenant);
	PERFORM voiceagent_private.audit('unmap_role', 'role ' || role_name, pg_catalog.to_jsonb(v_tenant), NULL);
	PERFORM voiceagent_private.set_tenant(v_was);
END
$$;
COMMENT ON FUNCTION voiceagent.unmap_role(name) IS
	E'A login role stands for no tenant any more, in its open sessions too.\n'
	'It keeps membership in voiceagent_user, which another database may need. '
	'For the platform (42501); PT404 if it is not mapped.';

CREATE FUNCTION voiceagent.remap_roles() RETURNS SETOF name
	LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v record;
BEGIN
	PERFORM voiceagent_private.require_platform('map roles again');
	FOR v IN
		UPDATE voiceagent_private.role_map m SET role_oid = r.oid FROM pg_catalog.pg_roles r
		WHERE r.rolname = m.role_name AND r.oid <> m.role_oid
		RETURNING m.role_name, m.tenant_id
	LOOP
		PERFORM voiceagent_private.audit_platform('remap_role', 'role ' || v.role_name, NULL,
			pg_catalog.to_jsonb(v.tenant_id));
		RETURN NEXT v.role_name;
	END LOOP;
END
$$;
COMMENT ON FUNCTION voiceagent.remap_roles() IS
	E'Platform only, after a restore into another server: roles of the mapped names stand for their tenants '
	'again -> their names.\n'
	'Look at the roles first: one that somebody else has made under such a name would get that tenant. '
	'42501 for everybody else.';
