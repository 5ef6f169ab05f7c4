-- 10_tenant: whether a report covers one tenant or the platform.

CREATE FUNCTION voiceagent_private.sees_platform() RETURNS boolean
	LANGUAGE plpgsql STABLE AS $$
DECLARE
	-- Before the block, whose end by an error would take the staff's right back.
	v_sees boolean := voiceagent_private.is_monitor()
		OR voiceagent_private.may_as_platform('see how the platform is');
BEGIN
	IF NOT v_sees THEN
		RETURN false;
	END IF;
	-- An administrator who has taken a tenant's proof asks about that tenant.
	PERFORM voiceagent.current_tenant();
	RETURN false;
EXCEPTION WHEN SQLSTATE 'PT401' THEN
	RETURN true;
END
$$;
COMMENT ON FUNCTION voiceagent_private.sees_platform() IS
	'True for a superuser, voiceagent_admin or a member of pg_monitor who has shown no tenant''s proof: reports '
	'then cover all tenants.';
