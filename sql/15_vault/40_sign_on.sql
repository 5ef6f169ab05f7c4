-- 15_vault: the identity provider of a tenant's members goes, and its secret with it.

CREATE FUNCTION voiceagent.drop_sign_on() RETURNS void
	LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent_private.writer_tenant('owner');
	v voiceagent.sign_ons;
BEGIN
	DELETE FROM voiceagent.sign_ons s WHERE s.tenant_id = v_tenant RETURNING s.* INTO v;
	PERFORM voiceagent_private.fail_if(NOT FOUND, 'PT404', 'there is no provider');
	DELETE FROM voiceagent_private.sign_on_members l WHERE l.tenant_id = v_tenant;
	DELETE FROM voiceagent_private.sign_on_documents d WHERE d.tenant_id = v_tenant;
	DELETE FROM voiceagent_private.secrets x WHERE x.tenant_id = v_tenant AND x.name = 'sign_on';
	PERFORM voiceagent_private.audit('drop_sign_on', 'sign-on', to_jsonb(v) - 'tenant_id', NULL);
END
$$;
COMMENT ON FUNCTION voiceagent.drop_sign_on() IS
	E'Members log in by passwords alone again; a new member that had none asks for one (request_password_reset()).\n'
	'For owners. PT404.';
