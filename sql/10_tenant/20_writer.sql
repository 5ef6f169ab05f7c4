-- 10_tenant: who may write, and the audit trail.

CREATE FUNCTION voiceagent_private.tenant_or_null() RETURNS bigint
	LANGUAGE plpgsql STABLE PARALLEL SAFE AS $$
BEGIN
	RETURN (voiceagent_private.caller()).tenant_id;
END
$$;
COMMENT ON FUNCTION voiceagent_private.tenant_or_null() IS
	E'current_tenant(), but NULL without any proof: for functions that the platform calls too.\n'
	'A wrong proof still raises.';

/*
 * A member's role and whether they are still active are read from their row
 * and not from the token, so that a change counts at once.
 */
CREATE FUNCTION voiceagent_private.acting_staff() RETURNS bigint
	LANGUAGE sql STABLE PARALLEL SAFE
	RETURN (SELECT substring(c.subject FROM '^staff (\d{1,18}) \(')::bigint FROM voiceagent_private.caller() c
		WHERE c.member_id IS NULL AND c.proof IN ('token', 'claims'));
COMMENT ON FUNCTION voiceagent_private.acting_staff() IS
	'Who of the platform''s staff acts as the tenant by a token of act_as_tenant(); NULL: none.';

CREATE FUNCTION voiceagent_private.writer_tenant(least_role text DEFAULT 'manager', lasting boolean DEFAULT false)
	RETURNS bigint
	LANGUAGE plpgsql STABLE PARALLEL SAFE AS $$
DECLARE
	c_roles CONSTANT text[] := '{viewer,agent,manager,owner}';
	v_caller record;
	v_role text;
BEGIN
	SELECT * INTO v_caller FROM voiceagent_private.caller();
	IF v_caller.proof IS NULL THEN
		RETURN voiceagent.current_tenant();		-- raises PT401
	END IF;
	IF v_caller.proof = 'acting' THEN
		RETURN v_caller.tenant_id;
	END IF;
	IF NOT EXISTS (SELECT FROM voiceagent.tenants t WHERE t.tenant_id = v_caller.tenant_id AND t.active) THEN
		RAISE EXCEPTION USING ERRCODE = 'PT403', MESSAGE = 'this account is not active',
			DETAIL = 'It can read, but neither change anything nor dial.', HINT = 'Ask the platform''s administrators.';
	END IF;
	IF v_caller.member_id IS NOT NULL THEN
		SELECT m.role INTO v_role FROM voiceagent.members m
		WHERE m.tenant_id = v_caller.tenant_id AND m.member_id = v_caller.member_id AND m.active;
		PERFORM voiceagent_private.fail_if(v_role IS NULL, 'PT403', 'this member is not active');
	ELSE
		v_role := coalesce(v_caller.member_role, 'owner');
	END IF;
	-- A role that another issuer has made up is the least of all.
	IF coalesce(pg_catalog.array_position(c_roles, v_role), 1) < pg_catalog.array_position(c_roles, least_role) THEN
		RAISE EXCEPTION USING ERRCODE = 'PT403',
			MESSAGE = pg_catalog.format('a %s with role %s may not do this',
				CASE WHEN v_caller.member_id IS NULL THEN 'key' ELSE 'member' END, v_role),
			HINT = pg_catalog.format('It takes the role %s.',
				CASE least_role WHEN 'agent' THEN 'agent, manager or owner' WHEN 'owner' THEN 'owner'
					ELSE 'manager or owner' END);
	END IF;
	PERFORM voiceagent_private.fail_if(lasting AND voiceagent_private.acting_staff() IS NOT NULL, 'PT403',
		'the platform''s staff may not do this while it acts as a tenant',
		'It would outlast the visit, or change who is told of one.', 'A manager or owner of the tenant does it.');
	RETURN v_caller.tenant_id;
END
$$;
COMMENT ON FUNCTION voiceagent_private.writer_tenant(text, boolean) IS
	E'current_tenant(), if the caller may write: least_role is manager, owner (for members, keys, carrier accounts), '
	'agent (what comes of calls), or viewer (what only the audit log is written by).\n'
	'lasting: not for the staff that acts as the tenant: what gives an address, a link, a secret; purchases. '
	'PT401 without a proof, PT403; code that acts for a tenant (workers, the platform) always may.';

-- Apart from actor(), which the platform asks without a tenant, and whose own statement no policy may bind then.
CREATE FUNCTION voiceagent_private.member_email(member_id bigint) RETURNS text
	LANGUAGE plpgsql STABLE PARALLEL SAFE AS $$
BEGIN
	RETURN (SELECT m.email FROM voiceagent.members m
		WHERE m.tenant_id = voiceagent.current_tenant() AND m.member_id = member_email.member_id);
END
$$;
COMMENT ON FUNCTION voiceagent_private.member_email(bigint) IS
	'The e-mail address of a member of the current tenant; NULL: none.';

CREATE FUNCTION voiceagent_private.actor() RETURNS text
	LANGUAGE plpgsql STABLE PARALLEL SAFE AS $$
BEGIN
	RETURN (SELECT CASE
		WHEN c.member_id IS NOT NULL THEN
			pg_catalog.concat('member ', c.member_id, ' ' || voiceagent_private.member_email(c.member_id))
		WHEN c.proof IN ('token', 'claims') THEN coalesce(c.subject, 'a token without subject')
		ELSE coalesce(nullif(pg_catalog.current_setting('voiceagent.context_staff', true), ''),
			'role ' || session_user) END
		FROM voiceagent_private.caller() c);
END
$$;
COMMENT ON FUNCTION voiceagent_private.actor() IS 'Who is calling, in words, for the audit trail.';

CREATE FUNCTION voiceagent_private.audit(action text, object text, old_value jsonb DEFAULT NULL,
	new_value jsonb DEFAULT NULL)
	RETURNS void LANGUAGE plpgsql VOLATILE AS $$
DECLARE
	v_tenant bigint := voiceagent_private.tenant_or_null();
	-- These report their effect on the platform's money themselves.
	c_said CONSTANT text[] := '{adjust_credits,grant_credits,void_grant,refund_order,forgive_debt,attach_plan}';
BEGIN
	IF v_tenant IS NULL
		OR pg_catalog.current_setting('voiceagent.context_staff', true) <> '' AND action <> ALL (c_said) THEN
		PERFORM voiceagent_private.audit_platform(action, pg_catalog.concat('tenant ' || v_tenant || ', ', object),
			old_value, new_value);
	END IF;
	IF v_tenant IS NOT NULL THEN
		INSERT INTO voiceagent.audit_log (tenant_id, at, actor, action, object, old_value, new_value)
		VALUES (v_tenant, voiceagent.clock(), voiceagent_private.actor(), audit.action, audit.object, audit.old_value,
			audit.new_value);
	END IF;
END
$$;
COMMENT ON FUNCTION voiceagent_private.audit(text, text, jsonb, jsonb) IS
	E'Records that the caller did action to object, with the values before and after: for the tenant, or for the '
	'platform when no tenant is proven; what the staff does for a tenant for both.\n'
	'Never give it a secret.';

CREATE FUNCTION voiceagent_private.audit_platform(action text, object text, old_value jsonb DEFAULT NULL,
	new_value jsonb DEFAULT NULL)
	RETURNS void LANGUAGE sql VOLATILE
BEGIN ATOMIC
	INSERT INTO voiceagent_private.platform_audit_log (at, actor, action, object, old_value, new_value)
	VALUES (voiceagent.clock(), voiceagent_private.actor(), audit_platform.action, audit_platform.object,
		audit_platform.old_value, audit_platform.new_value);
END;
COMMENT ON FUNCTION voiceagent_private.audit_platform(text, text, jsonb, jsonb) IS
	E'Records what the caller did to something that belongs to no tenant, whatever proof it shows.\n'
	'Arguments as audit().';
