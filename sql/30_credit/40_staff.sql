-- 30_credit: what the platform's staff sees of the tenants that it manages.

CREATE FUNCTION voiceagent.list_tenants(only_tenant bigint DEFAULT NULL, after_id bigint DEFAULT 0,
	max integer DEFAULT 100)
	RETURNS TABLE (tenant_id bigint, name text, active boolean, timezone text, created_at timestamptz,
		available numeric, held numeric, posted numeric, owners bigint, members bigint, minutes numeric,
		minutes_held numeric, minutes_used numeric, owed numeric)
	LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_was bigint;
	v_tenant bigint;
BEGIN
	PERFORM voiceagent_private.require_platform('list tenants');
	v_was := voiceagent_private.set_tenant(0);
	FOR v_tenant IN
		SELECT d.tenant_id FROM voiceagent_private.tenant_directory d
		WHERE (only_tenant IS NULL OR d.tenant_id = only_tenant) AND d.tenant_id > coalesce(after_id, 0)
		ORDER BY d.tenant_id LIMIT greatest(least(max, 1000), 1)
	LOOP
		PERFORM voiceagent_private.set_tenant(v_tenant);
		RETURN QUERY SELECT t.tenant_id, t.name, t.active, t.timezone::text, t.created_at,
			l.available::numeric, l.held::numeric, l.spent::numeric, m.owners, m.members, l.minutes::numeric,
			l.minutes_held::numeric, l.minutes_spent::numeric, voiceagent_private.credits_owed()
		FROM voiceagent.tenants t LEFT JOIN voiceagent.ledgers l USING (tenant_id)
		CROSS JOIN LATERAL (SELECT count(*) FILTER (WHERE m.role = 'owner' AND m.active) AS owners, count(*) AS members
			FROM voiceagent.members m WHERE m.tenant_id = t.tenant_id) m
		WHERE t.tenant_id = v_tenant;
	END LOOP;
	PERFORM voiceagent_private.set_tenant(v_was);
END
$$;
COMMENT ON FUNCTION voiceagent.list_tenants(bigint, bigint, integer) IS
	E'Platform only: the tenants with their credits (available, held, posted; owed: its debt), prepaid minutes (NULL: '
	'there never were any), and how many owners and members may log in.\n'
	'One tenant, or a page of at most max (1000) in the order of their numbers, after after_id. '
	'42501 for everybody else.';

CREATE FUNCTION voiceagent.list_members(tenant_id bigint) RETURNS SETOF voiceagent.members
	LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_was bigint;
BEGIN
	PERFORM voiceagent_private.require_platform('list the members of a tenant');
	v_was := voiceagent_private.set_existing_tenant(list_members.tenant_id);
	RETURN QUERY SELECT m.* FROM voiceagent.members m WHERE m.tenant_id = list_members.tenant_id ORDER BY m.member_id;
	PERFORM voiceagent_private.set_tenant(v_was);
END
$$;
COMMENT ON FUNCTION voiceagent.list_members(bigint) IS
	E'Platform only: the people of a tenant that may log in, without their passwords.\n'
	'PT404 for a tenant that does not exist, 42501 for everybody else.';
