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

CREATE FUNCTION voiceagent_private.checks() RETURNS TABLE (place integer, name text, tab text, key text)
	LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
	SELECT row_number() OVER ()::integer, c.* FROM (VALUES ('check_isolation', NULL, NULL), ('check_law', NULL, NULL),
		('check_credit', '', ''), ('check_transfers', 'voiceagent.credit_transfers', 'transfer_id'),
		('check_grants', '', ''),
		('check_spending', '', ''), ('check_order', '', ''), ('check_campaign', '', ''), ('check_abandoned', '', ''),
		('check_calls', '', ''),
		('check_call_rows', 'voiceagent.calls', 'call_id'), ('check_dials', 'voiceagent.leads', 'lead_id'),
		('check_campaign_counters', '', ''), ('check_figures', '', ''), ('check_numbers', '', ''),
		('check_inbox', '', ''),
		('check_appointments', '', ''), ('check_webhook_deliveries', '', ''), ('check_provider_requests', '', ''),
		('check_model_requests', '', ''), ('check_pages', '', ''), ('check_mails', '', ''),
		('check_texts', '', ''), ('check_sequences', '', ''), ('check_kept', '', ''),
		('check_scripts', '', ''),
		('check_prompt_tests', '', ''), ('check_payments', '', ''), ('check_plans', '', ''),
		('check_invoices', '', ''), ('check_invoice_numbers', NULL, NULL)) AS c(name, tab, key)
$$;
COMMENT ON FUNCTION voiceagent_private.checks() IS
	E'The functions that find violations, for invariants() and the keeper.\n'
	'tab: NULL for one of the platform; empty: the function is of the current tenant; else it takes a range of ids of '
	'that table (key), because a tenant may have more rows than one transaction should look at.';

CREATE FUNCTION voiceagent_private.check_tenant() RETURNS TABLE (invariant text, detail text)
	LANGUAGE plpgsql STABLE AS $$
DECLARE
	v record;
BEGIN
	FOR v IN SELECT c.name, c.key FROM voiceagent_private.checks() c WHERE c.key IS NOT NULL ORDER BY c.place LOOP
		-- A name of ours.  @plpgsql_check_options: security_warnings = off
		RETURN QUERY EXECUTE format('SELECT * FROM voiceagent_private.%I(%s)', v.name,
			CASE WHEN v.key <> '' THEN '0, 9223372036854775807' END);
	END LOOP;
END
$$;
COMMENT ON FUNCTION voiceagent_private.check_tenant() IS 'Violations of any room''s invariants for the current tenant.';

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

CREATE FUNCTION voiceagent.invariants() RETURNS TABLE (invariant text, detail text)
	LANGUAGE plpgsql VOLATILE SECURITY DEFINER
	-- What is asked of all rows is joined whole: a planner that takes a tenant of 100,000 calls for one
	-- of few does it row by row.
	SET planner.policy = whole SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_was bigint;
	v_tenant bigint;
BEGIN
	RETURN QUERY SELECT * FROM voiceagent_private.check_isolation();
	IF NOT voiceagent_private.sees_platform() THEN
		RETURN QUERY SELECT * FROM voiceagent_private.check_tenant();
		RETURN;
	END IF;
	RETURN QUERY SELECT * FROM voiceagent_private.check_law();
	RETURN QUERY SELECT * FROM voiceagent_private.check_months();
	RETURN QUERY SELECT * FROM voiceagent_private.check_invoice_numbers();
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
