-- 30_credit: what the platform's staff sees of the tenants that it manages.

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
