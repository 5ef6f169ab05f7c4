-- 10_tenant: proving a tenant by a token or an API key, and the door for PostgREST.

CREATE FUNCTION voiceagent.authenticate(token text) RETURNS bigint
	LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	-- A key or token that was copied brings the blanks and line breaks around it along.
	v_token text := pg_catalog.btrim(token, E' \t\r\n');
	v_tenant bigint;
	v_key bigint;
	v_role text;
	v_subject text;
	v_cell text;
BEGIN
	PERFORM voiceagent_private.hide_query('authenticate');
	-- Not where pre_request() calls it for a request of any other function.
	IF pg_catalog.current_setting('request.path', true) ~ '/rpc/authenticate$' THEN
		PERFORM voiceagent_private.require_post('authenticate()', 'key');
	END IF;
	IF v_token IS NULL OR v_token = '' THEN
		RAISE EXCEPTION USING ERRCODE = 'PT401', MESSAGE = 'no token was given';
	END IF;
	-- A key that an earlier version made says no cell.
	IF v_token ~ '^va\d{0,3}_' THEN
		SELECT r.tenant_id, r.api_key_id INTO v_tenant, v_key FROM voiceagent_private.api_key_routes r
		WHERE r.key_hash = pg_catalog.sha256(pg_catalog.convert_to(v_token, 'UTF8'));
		IF NOT FOUND THEN
			PERFORM voiceagent_private.fail_elsewhere(m.cell)
			FROM voiceagent_private.signposts s JOIN voiceagent_private.tenant_moves m USING (tenant_id)
			WHERE s.digest = pg_catalog.sha256(pg_catalog.convert_to(v_token, 'UTF8')) AND NOT m.served;
			v_cell := substring(v_token FROM '^va([1-9]\d{0,2})_');
			PERFORM voiceagent_private.fail_elsewhere(v_cell::integer, 'this API key is of another cell')
			WHERE v_cell::integer <> voiceagent_private.cell() AND v_cell::integer <= 256;
			RAISE EXCEPTION USING ERRCODE = 'PT401', MESSAGE = 'the API key is not valid';
		END IF;
		v_subject := 'API key ' || v_key;
		-- Its role and its lifetime are the tenant's: read with the proof itself.
		PERFORM pg_catalog.set_config('voiceagent.token',
			voiceagent_private.issue_token(v_tenant, NULL, 'viewer', v_subject, 60), true);
		v_role := (SELECT k.role FROM voiceagent.api_keys k WHERE k.tenant_id = v_tenant AND k.api_key_id = v_key
			AND k.revoked_at IS NULL);
		PERFORM voiceagent_private.fail_if(v_role IS NULL, 'PT401', 'the API key is not valid');
		PERFORM pg_catalog.set_config('voiceagent.token',
			voiceagent_private.issue_token(v_tenant, NULL, v_role, v_subject,
				pg_catalog.date_part('epoch', voiceagent_private.setting_interval('api_token_lifetime'))::integer),
				true);
	ELSE
		PERFORM pg_catalog.set_config('voiceagent.token', v_token, true);
	END IF;
	RETURN (voiceagent.whoami() ->> 'tenant_id')::bigint;
END
$$;
COMMENT ON FUNCTION voiceagent.authenticate(text) IS
	E'Proves the tenant by a token of login() or an API key, until the transaction ends -> tenant_id.\n'
	'An API key is exchanged for a token of the setting api_token_lifetime that may do what the key may. '
	'PT401 if it is not valid, PT403 if the member is not active, or the session''s login role '
	'stands for another tenant, PT405 for a GET request, PT421 if another cell serves it.';

CREATE FUNCTION voiceagent.whoami() RETURNS jsonb
	LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	v_caller record;
	v_active boolean;
	v_member record;
BEGIN
	SELECT * INTO v_caller FROM voiceagent_private.caller();
	SELECT t.active INTO v_active FROM voiceagent.tenants t WHERE t.tenant_id = v_tenant;
	IF NOT FOUND THEN
		RAISE EXCEPTION USING ERRCODE = 'PT401', MESSAGE = 'the proof is of a tenant that does not exist';
	END IF;
	IF v_caller.member_id IS NOT NULL THEN
		SELECT m.email, m.role INTO v_member FROM voiceagent.members m
		WHERE m.tenant_id = v_tenant AND m.member_id = v_caller.member_id AND m.active;
		IF NOT FOUND THEN
			RAISE EXCEPTION USING ERRCODE = 'PT403', MESSAGE = 'this member is not active';
		END IF;
		PERFORM voiceagent_private.fail_if(EXISTS (SELECT FROM voiceagent_private.member_logins l
			WHERE l.tenant_id = v_tenant AND l.member_id = v_caller.member_id AND l.ended_sessions <> '{}'
				AND voiceagent_private.session_began() = ANY (l.ended_sessions)), 'PT401', 'this session has ended');
		RETURN pg_catalog.jsonb_build_object('tenant_id', v_tenant, 'tenant_active', v_active, 'proof', v_caller.proof,
			'member_id', v_caller.member_id, 'email', v_member.email, 'role', v_member.role);
	END IF;
	-- Requests that waited while the key was revoked (70_deferred.sql).
	IF v_caller.proof = 'claims' AND EXISTS (SELECT FROM voiceagent.api_keys k WHERE k.tenant_id = v_tenant
		AND k.api_key_id = substring(v_caller.subject FROM '^API key (\d{1,18})$')::bigint AND k.revoked_at IS NOT NULL)
		THEN
		RAISE EXCEPTION USING ERRCODE = 'PT401', MESSAGE = 'the API key was revoked';
	END IF;
	PERFORM voiceagent_private.fail_if(v_caller.subject ~ '^staff \d{1,18} \(' AND NOT EXISTS (SELECT
		FROM voiceagent_private.staff_sessions x JOIN voiceagent_private.staff s USING (staff_id)
		WHERE x.acts_as = v_tenant AND x.expires_at > pg_catalog.statement_timestamp() AND s.active
			AND v_caller.subject = voiceagent_private.staff_words(s)), 'PT401', 'this session of the staff has ended');
	RETURN pg_catalog.jsonb_build_object('tenant_id', v_tenant, 'tenant_active', v_active, 'proof', v_caller.proof,
		'role', coalesce(v_caller.member_role, 'owner'), 'subject', v_caller.subject);
END
$$;
COMMENT ON FUNCTION voiceagent.whoami() IS
	E'Whom the proof proves: {tenant_id, tenant_active, proof (acting, token, claims or role), role, '
	'member_id, email | subject}.\n'
	'PT401 without a proof or for claims of a revoked key, PT403 for a member who is not active.';

CREATE FUNCTION voiceagent.create_api_key(label text, role text DEFAULT 'manager') RETURNS text
	LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent_private.writer_tenant('owner');
	v_label text := pg_catalog.btrim(label);
	v_key text := pg_catalog.format('va%s_%s', voiceagent_private.cell(), voiceagent_private.random_token());
	v_id bigint;
BEGIN
	PERFORM voiceagent_private.hide_query('create_api_key');
	PERFORM voiceagent_private.require_jwt_secret();
	PERFORM voiceagent_private.fail_if(v_label IS NULL OR pg_catalog.length(v_label) NOT BETWEEN 1 AND 200, 'PT422',
		'an API key''s label must have 1 to 200 characters');
	PERFORM voiceagent_private.fail_if(role IS NULL OR role NOT IN ('owner', 'manager', 'agent', 'viewer'), 'PT422',
		'an API key''s role must be owner, manager, agent or viewer');
	INSERT INTO voiceagent.api_keys (tenant_id, label, role, hint, created_by, created_at)
	VALUES (v_tenant, v_label, role, pg_catalog.right(v_key, 4), voiceagent_private.actor(), voiceagent.clock())
	RETURNING api_key_id INTO v_id;
	INSERT INTO voiceagent_private.api_key_routes (key_hash, tenant_id, api_key_id)
	VALUES (pg_catalog.sha256(pg_catalog.convert_to(v_key, 'UTF8')), v_tenant, v_id);
	PERFORM voiceagent_private.audit('create_api_key', 'API key ' || v_id, NULL,
		pg_catalog.jsonb_build_object('label', v_label, 'role', role));
	RETURN v_key;
END
$$;
COMMENT ON FUNCTION voiceagent.create_api_key(text, text) IS
	E'A new API key, shown this once: va, the number of the cell, _ and 43 letters; for authenticate() or X-API-Key.\n'
	'role: what it may do, as a member of that role (owner, manager, agent: what a voice bot needs, viewer). '
	'For owners; PT422 for an empty label or another role, 55000 when voiceagent.jwt_secret_file gives no key to sign '
	'with.';

CREATE FUNCTION voiceagent.revoke_api_key(api_key_id bigint) RETURNS void
	LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent_private.writer_tenant('owner');
BEGIN
	PERFORM voiceagent_private.fail_if(NOT EXISTS (SELECT FROM voiceagent.api_keys k WHERE k.tenant_id = v_tenant
		AND k.api_key_id = revoke_api_key.api_key_id), 'PT404', 'there is no such API key');
	-- Its route stays and moves with the tenant: this cell would send a key that it does not know to the one that made
	-- it, and that one back here.
	UPDATE voiceagent.api_keys k SET revoked_at = voiceagent.clock()
	WHERE k.tenant_id = v_tenant AND k.api_key_id = revoke_api_key.api_key_id AND k.revoked_at IS NULL;
	IF FOUND THEN
		PERFORM voiceagent_private.audit('revoke_api_key', 'API key ' || api_key_id, NULL, NULL);
	END IF;
END
$$;
COMMENT ON FUNCTION voiceagent.revoke_api_key(bigint) IS
	E'An API key is valid no more; tokens that it was exchanged for end within the setting api_token_lifetime.\n'
	'For owners; PT404 for an unknown key.';

CREATE FUNCTION voiceagent.begin_request() RETURNS void
	LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_headers json := nullif(pg_catalog.current_setting('request.headers', true), '')::json;
	v_preferred text := substring(v_headers ->> 'prefer' FROM '(?i)timezone=([^,;\s]+)');
BEGIN
	PERFORM voiceagent_private.enter_api_request(voiceagent.current_tenant());
	-- PostgREST has set the zone that the request prefers, if there is such a one.
	IF v_preferred IS NULL
		OR pg_catalog.lower(v_preferred) <> pg_catalog.lower(pg_catalog.current_setting('timezone')) THEN
		PERFORM pg_catalog.set_config('timezone', voiceagent_private.tenant_zone(), true);
	END IF;
END
$$;
COMMENT ON FUNCTION voiceagent.begin_request() IS
	E'The part of pre_request() that concerns the tenant: counts the request among those that it has in flight, and '
	'makes its time zone the transaction''s, unless the request prefers another (Prefer: timezone=...).\n'
	'PT401 without a proof, PT429 when the tenant has too many in flight (voiceagent.api_requests_per_tenant).';

/*
 * Not SECURITY DEFINER: it must be able to change the role.  PostgREST's login
 * role may do that for itself; for anybody else it changes nothing.
 */
CREATE FUNCTION voiceagent.pre_request() RETURNS void
	LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_headers json := nullif(pg_catalog.current_setting('request.headers', true), '')::json;
	v_key text := pg_catalog.btrim(v_headers ->> 'x-api-key');
BEGIN
	-- After a request with a broken byte PostgREST gives its connection back inside the transaction: the key of that
	-- request's client would count in this one.
	IF pg_catalog.current_setting('voiceagent.token', true) <> '' THEN
		PERFORM pg_catalog.set_config('voiceagent.token', '', true);
	END IF;
	-- A login asks for no other proof, and does not mind an old one.
	IF pg_catalog.current_setting('request.path', true) ~ '/rpc/(staff_)?login$' THEN
		RETURN;
	END IF;
	-- Clients of Supabase send their key as apikey; where that is no key of ours it means nothing here.
	IF v_key IS NULL AND v_headers ->> 'apikey' ~ '^\s*va\d{0,3}_' THEN
		v_key := pg_catalog.btrim(v_headers ->> 'apikey');
	END IF;
	IF v_key IS NOT NULL THEN
		IF v_key !~ '^va\d{0,3}_' THEN
			RAISE EXCEPTION USING ERRCODE = 'PT401', MESSAGE = 'the API key is not valid';
		END IF;
		PERFORM voiceagent.authenticate(v_key);
		IF current_user = 'voiceagent_anon' THEN
			PERFORM pg_catalog.set_config('role', 'voiceagent_user', true);
		END IF;
	ELSIF current_user = 'voiceagent_user' THEN
		PERFORM voiceagent.whoami();
	ELSIF current_user = 'voiceagent_staff' THEN
		PERFORM voiceagent.staff_whoami();
		RETURN;
	ELSE
		RETURN;
	END IF;
	PERFORM voiceagent.begin_request();
END
$$;
COMMENT ON FUNCTION voiceagent.pre_request() IS
	E'For PostgREST''s db-pre-request: a request with the header X-API-Key (or apikey) runs as that key''s tenant.\n'
	'A request with a token whose member is not active, or which names no tenant, is refused. Times without an offset '
	'are in the tenant''s zone. PT401, PT403, PT429 for more requests at once than begin_request() allows.';
