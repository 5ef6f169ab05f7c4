-- 95_ops: does everything hold? Each room checks itself for the current tenant; here they are asked together.

CREATE FUNCTION voiceagent_private.check_appointments() RETURNS TABLE (invariant text, detail text)
	LANGUAGE sql STABLE AS $$
	SELECT 'appointments do not overlap', format('appointment %s and one that began earlier', a.appointment_id)
	FROM (SELECT p.appointment_id, p.starts_at,
		max(upper(p.busy)) OVER (PARTITION BY p.calendar_id, p.seat ORDER BY p.starts_at, p.appointment_id
				ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS taken_until
		FROM voiceagent.appointments p
		WHERE p.tenant_id = voiceagent.current_tenant() AND p.status IN ('pending', 'confirmed', 'held')) a
	WHERE a.starts_at < a.taken_until
$$;
COMMENT ON FUNCTION voiceagent_private.check_appointments() IS
	'Violations of the calendar''s invariant for the current tenant.';
INSERT INTO voiceagent_private.registrations (kind, name) VALUES ('invariant', 'check_appointments');

CREATE FUNCTION voiceagent_private.check_tenant(platform boolean DEFAULT false)
	RETURNS TABLE (invariant text, detail text)
	LANGUAGE plpgsql STABLE AS $$
DECLARE
	v record;
BEGIN
	FOR v IN
		SELECT r.name, r.detail FROM voiceagent_private.registrations r
		WHERE r.kind = 'invariant' AND (r.detail IS NOT DISTINCT FROM 'platform') = platform ORDER BY r.name
	LOOP
		-- A name of ours.  @plpgsql_check_options: security_warnings = off
		RETURN QUERY EXECUTE format('SELECT * FROM voiceagent_private.%I(%s)', v.name,
			CASE WHEN v.detail LIKE '%.%' THEN '0, 9223372036854775807' END);
	END LOOP;
END
$$;
COMMENT ON FUNCTION voiceagent_private.check_tenant(boolean) IS
	'Violations of any room''s invariants, of the platform or for the current tenant.';

CREATE FUNCTION voiceagent_private.check_isolation() RETURNS TABLE (invariant text, detail text)
	LANGUAGE sql STABLE AS $$
	SELECT 'row-level security is forced', format('table %s.%s', n.nspname, c.relname)
	FROM pg_catalog.pg_class c
	JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
	WHERE n.nspname IN ('voiceagent', 'voiceagent_private') AND c.relkind IN ('r', 'p')
		AND EXISTS (SELECT FROM pg_catalog.pg_attribute a
			WHERE a.attrelid = c.oid AND a.attname = 'tenant_id' AND NOT a.attisdropped)
		AND NOT (c.relrowsecurity AND c.relforcerowsecurity
					AND EXISTS (SELECT FROM pg_catalog.pg_policy p WHERE p.polrelid = c.oid))
	UNION ALL
	SELECT 'no role of ours bypasses row-level security', format('role %s', r.rolname)
	FROM pg_catalog.pg_roles r
	WHERE r.rolname IN ('voiceagent_owner', 'voiceagent_anon', 'voiceagent_user', 'voiceagent_admin',
		'voiceagent_worker',
			'voiceagent_guest', 'voiceagent_api', 'voiceagent_staff')
		AND (r.rolsuper OR r.rolbypassrls OR r.rolcanlogin)
$$;
COMMENT ON FUNCTION voiceagent_private.check_isolation() IS
	'Tables and roles on which the isolation of tenants no longer rests.';
INSERT INTO voiceagent_private.registrations (kind, name, detail) VALUES ('invariant', 'check_isolation', 'platform');

CREATE FUNCTION voiceagent.invariants() RETURNS TABLE (invariant text, detail text)
	LANGUAGE plpgsql VOLATILE SECURITY DEFINER
	-- Questions on all rows join whole: a planner that takes a tenant of 100,000 calls for one of few
	-- does it row by row.
	SET planner.policy = whole SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_was bigint;
	v_tenant bigint;
BEGIN
	IF NOT voiceagent_private.sees_platform() THEN
		RETURN QUERY SELECT * FROM voiceagent_private.check_isolation()
			UNION ALL SELECT * FROM voiceagent_private.check_tenant();
		RETURN;
	END IF;
	RETURN QUERY SELECT * FROM voiceagent_private.check_tenant(true);
	v_was := voiceagent_private.set_tenant_for_reports(0);
	FOR v_tenant IN SELECT d.tenant_id FROM voiceagent_private.tenant_directory d ORDER BY d.tenant_id LOOP
		PERFORM voiceagent_private.set_tenant_for_reports(v_tenant);
		RETURN QUERY SELECT c.invariant, format('tenant %s: %s', v_tenant, c.detail)
			FROM voiceagent_private.check_tenant() c;
	END LOOP;
	PERFORM voiceagent_private.set_tenant_for_reports(v_was);
END
$$;
COMMENT ON FUNCTION voiceagent.invariants() IS
	E'Every violation of what must always hold; no row means that all is well.\n'
	'A member sees the own tenant, a superuser, voiceagent_admin or pg_monitor without a tenant''s proof all of them. '
	'One statement: for a small database or one tenant. check_invariants() has the keeper do it in short steps.';
