-- 96_console: tools of the tenant's own.

CREATE FUNCTION voiceagent.tool_page() RETURNS jsonb
	LANGUAGE sql STABLE SET planner.policy = in_order SET search_path = pg_catalog, pg_temp AS $$
	SELECT coalesce(jsonb_agg(to_jsonb(o) - '{tenant_id,home,secret_version}'::text[] ORDER BY o.name), '[]')
	FROM voiceagent.own_tools o WHERE o.tenant_id = voiceagent.current_tenant()
$$;
COMMENT ON FUNCTION voiceagent.tool_page() IS
	'The tools of the tenant''s own, each with its arguments, where it is asked, and why it was switched off.';
