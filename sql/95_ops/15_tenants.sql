-- A tenant begins, rests and goes on: here, behind all other rooms, since each of them has its part in it.

CREATE FUNCTION voiceagent.create_tenant(name text, timezone text DEFAULT 'UTC', credits numeric DEFAULT 0)
	RETURNS bigint
	LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_name text := pg_catalog.btrim(name);
	v_tenant bigint;
	v_was bigint;
BEGIN
	PERFORM voiceagent_private.require_platform('create a tenant');
	PERFORM voiceagent_private.fail_if(v_name IS NULL OR pg_catalog.length(v_name) NOT BETWEEN 1 AND 200, 'PT422',
		'a tenant''s name must have 1 to 200 characters');
	PERFORM voiceagent_private.fail_if(credits IS NULL OR NOT credits BETWEEN 0 AND 1e12, 'PT422',
		'a new tenant''s credits must be 0 or more');
	PERFORM voiceagent_private.require_timezone(timezone);
	v_tenant := pg_catalog.nextval('voiceagent.tenants_tenant_id_seq');
	v_was := voiceagent_private.set_tenant(v_tenant);
	INSERT INTO voiceagent.tenants (tenant_id, name, timezone, created_at) OVERRIDING SYSTEM VALUE
	VALUES (v_tenant, v_name, timezone, voiceagent.clock());
	INSERT INTO voiceagent_private.tenant_directory (tenant_id, channel)
	-- LISTEN takes it without quotes: a lower-case name of at most 63 letters.
	VALUES (v_tenant, 'voiceagent_' || pg_catalog.left(pg_catalog.encode(pg_catalog.sha256(
		pg_catalog.convert_to(voiceagent_private.random_token(), 'UTF8')), 'hex'), 48));
	PERFORM voiceagent_private.provision_login();
	-- The other rooms' parts of a new tenant.
	PERFORM voiceagent_private.provision_credit(credits);
	PERFORM voiceagent_private.provision_provider();
	PERFORM voiceagent_private.provision_calendar(timezone);
	PERFORM voiceagent_private.provision_retention();
	PERFORM voiceagent_private.audit('create_tenant', 'tenant ' || v_tenant, NULL,
		pg_catalog.jsonb_build_object('name', v_name, 'timezone', timezone, 'credits', credits));
	PERFORM voiceagent_private.set_tenant(v_was);
	RETURN v_tenant;
END
$$;
COMMENT ON FUNCTION voiceagent.create_tenant(text, text, numeric) IS
	E'A new tenant with its credits, sandbox account, webhook endpoint and calendar -> its id.\n'
	'For superusers and members of voiceagent_admin (42501). '
	'PT422 for an empty name, an unknown IANA time zone, negative credits.';

CREATE FUNCTION voiceagent.set_tenant_active(tenant_id bigint, active boolean) RETURNS void
	LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_was bigint;
	v_old boolean;
BEGIN
	PERFORM voiceagent_private.require_platform('activate or deactivate a tenant');
	PERFORM voiceagent_private.fail_if(active IS NULL, 'PT422', 'active must be true or false');
	v_was := voiceagent_private.set_existing_tenant(tenant_id);
	PERFORM voiceagent_private.lock_campaigns(NULL);
	SELECT t.active INTO v_old FROM voiceagent.tenants t
	WHERE t.tenant_id = set_tenant_active.tenant_id FOR NO KEY UPDATE;
	IF v_old IS DISTINCT FROM set_tenant_active.active THEN
		UPDATE voiceagent.tenants t SET active = set_tenant_active.active
		WHERE t.tenant_id = set_tenant_active.tenant_id;
		UPDATE voiceagent_private.tenant_directory d SET active = set_tenant_active.active
		WHERE d.tenant_id = set_tenant_active.tenant_id;
		UPDATE voiceagent_private.lanes l SET running = set_tenant_active.active
		FROM voiceagent.campaigns c
		WHERE l.tenant_id = set_tenant_active.tenant_id AND c.tenant_id = l.tenant_id AND c.campaign_id = l.campaign_id
			AND c.status = 'running' AND l.running <> set_tenant_active.active;
		PERFORM voiceagent_private.audit('set_tenant_active', 'tenant ' || tenant_id, pg_catalog.to_jsonb(v_old),
			pg_catalog.to_jsonb(active));
		PERFORM voiceagent_private.note_notice('staff', 'staff_acts', NULL, NULL, NULL, pg_catalog.jsonb_build_object(
			'reason', CASE WHEN active THEN 'the workspace was switched on' ELSE 'the workspace was switched off' END));
		PERFORM voiceagent_private.poke('dialer', 'requests', 'keeper');
	END IF;
	PERFORM voiceagent_private.set_tenant(v_was);
END
$$;
COMMENT ON FUNCTION voiceagent.set_tenant_active(bigint, boolean) IS
	E'Deactivates a tenant (it reads, but changes nothing and dials nothing) or activates it again.\n'
	'For the platform (42501); PT404 for an unknown tenant.';

CREATE FUNCTION voiceagent.set_tenant_weight(tenant_id bigint, weight integer) RETURNS void
	LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_was bigint;
	v_old smallint;
BEGIN
	PERFORM voiceagent_private.require_platform('weigh a tenant');
	PERFORM voiceagent_private.fail_if((weight BETWEEN 1 AND 100) IS NOT TRUE, 'PT422',
		'weight lies between 1 and 100');
	v_was := voiceagent_private.set_existing_tenant(tenant_id);
	SELECT d.dial_weight INTO v_old FROM voiceagent_private.tenant_directory d
	WHERE d.tenant_id = set_tenant_weight.tenant_id FOR NO KEY UPDATE;
	UPDATE voiceagent_private.tenant_directory d SET dial_weight = weight
	WHERE d.tenant_id = set_tenant_weight.tenant_id AND v_old <> weight;
	PERFORM voiceagent_private.audit('set_tenant_weight', 'tenant ' || tenant_id, pg_catalog.to_jsonb(v_old),
		pg_catalog.to_jsonb(weight));
	PERFORM voiceagent_private.poke('dialer');
	PERFORM voiceagent_private.set_tenant(v_was);
END
$$;
COMMENT ON FUNCTION voiceagent.set_tenant_weight(bigint, integer) IS
	E'How many times the share of a tenant of weight 1 it has of the requests for calls on their way, where both want '
	'more.\nweight: 1 to 100, 1 at first; the next round of dialling counts it. '
	'For the platform (42501); PT404 for an unknown tenant, PT422.';

CREATE FUNCTION voiceagent.set_tenant_timezone(tenant_id bigint, timezone text) RETURNS void
	LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_was bigint;
	v_old text;
BEGIN
	PERFORM voiceagent_private.require_platform('change a tenant''s time zone');
	PERFORM voiceagent_private.require_timezone(timezone);
	v_was := voiceagent_private.set_existing_tenant(tenant_id);
	PERFORM voiceagent_private.lock_campaigns(NULL);
	SELECT t.timezone INTO v_old FROM voiceagent.tenants t
	WHERE t.tenant_id = set_tenant_timezone.tenant_id FOR NO KEY UPDATE;
	IF v_old <> set_tenant_timezone.timezone THEN
		UPDATE voiceagent.tenants t SET timezone = set_tenant_timezone.timezone
		WHERE t.tenant_id = set_tenant_timezone.tenant_id;
		PERFORM voiceagent_private.redate_spending();
		PERFORM voiceagent_private.audit('set_tenant_timezone', 'tenant ' || tenant_id, pg_catalog.to_jsonb(v_old),
			pg_catalog.to_jsonb(timezone));
	END IF;
	PERFORM voiceagent_private.set_tenant(v_was);
END
$$;
COMMENT ON FUNCTION voiceagent.set_tenant_timezone(bigint, text) IS
	E'Moves a tenant to another time zone: what was spent is counted by the days of the new one, and a campaign that '
	'waits for the end of a day looks again.\n'
	'Its calendar and its numbers keep their own zones. '
	'For the platform (42501); PT404 for an unknown tenant, PT422 for an unknown zone.';
