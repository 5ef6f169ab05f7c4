/*
 * 96_console: members log in at their tenant's identity provider (OpenID Connect 1.0, authorization code with PKCE).
 *
 * The process web asks sign_on_answer() for each step, and fetches what it wants
 * fetched in between.  A stranger's request writes nothing but when the provider
 * was asked: what ties the answer to the browser, its state, nonce and verifier,
 * follows from one secret, which is in a cookie, signed.  A login whose code goes
 * to the provider notes its state first, so none is exchanged twice.
 *
 * Real time counts, as it does for tokens, and not the clock of a simulation.
 */

CREATE FUNCTION voiceagent_private.provider_claims(token text, keys text) RETURNS jsonb
	LANGUAGE c STABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'va_sql_provider_claims';
COMMENT ON FUNCTION voiceagent_private.provider_claims(text, text) IS
	'{claims} of a token that a key of a JWK set has signed by RS256 or ES256; {why, unknown_key} of any other.';

CREATE FUNCTION voiceagent_private.sign_on_address(tenant_id bigint, path text DEFAULT '') RETURNS text
	LANGUAGE sql STABLE RETURN format('%s/sign-on/%s%s', voiceagent_private.oauth_address(),
		coalesce(nullif(tenant_id, voiceagent_private.staff_tenant())::text, 'staff'), path);
COMMENT ON FUNCTION voiceagent_private.sign_on_address(bigint, text) IS
	'Where members of a tenant, or the staff, log in by the provider; with /back, where that sends them back to.';

CREATE FUNCTION voiceagent_private.sign_on_url(url text) RETURNS text
	LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
	PERFORM voiceagent_private.fail_if(coalesce(length(url), 0) NOT BETWEEN 1 AND 500 OR url ~ '[^!-~]', 'PT422',
		'the provider has an address that is too long, or none');
	PERFORM voiceagent_private.check_target_url(url, voiceagent_private.platform_setting('sign_on_private_hosts'));
	RETURN url;
END
$$;
COMMENT ON FUNCTION voiceagent_private.sign_on_url(text) IS
	'An address of a provider, as it is, if requests may go there; PT422.';

CREATE FUNCTION voiceagent_private.check_sign_on(issuer text, client_id text, domains text[], client_secret text,
	roles jsonb, known text[], why text) RETURNS void
	LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	c_most CONSTANT integer := 100;
BEGIN
	PERFORM voiceagent_private.fail_if(voiceagent_private.oauth_address() IS NULL, 'PT409',
		'the platform has not said where its console is', NULL, 'It sets mail_links, the console''s address, first.');
	PERFORM voiceagent_private.sign_on_url(issuer);
	IF issuer ~ '[?#]' OR coalesce(length(client_id), 0) NOT BETWEEN 1 AND 500 OR length(client_secret) > 500 THEN
		PERFORM voiceagent_private.fail('PT422', 'a provider has an issuer without a query, and a client_id',
			'Each of them, and the secret, has 500 characters at most.');
	ELSIF cardinality(domains) NOT BETWEEN 1 AND c_most OR EXISTS (SELECT FROM unnest(domains) d
		WHERE d IS NULL OR length(d) > 253 OR d !~ '^([a-z0-9]([a-z0-9-]*[a-z0-9])?[.])+[a-z][a-z0-9-]*$') THEN
		PERFORM voiceagent_private.fail('PT422', 'mail_domains names one to a hundred domains of mail addresses', NULL,
			'Those of your own: {acme.example}.');
	ELSIF jsonb_typeof(roles) IS DISTINCT FROM 'object' OR (SELECT count(*) > c_most
			OR NOT coalesce(bool_and(r.value = ANY (known) AND length(r.key) <= 200), true)
		FROM jsonb_each_text(roles) r) THEN
		PERFORM voiceagent_private.fail('PT422', 'roles is {group: role} of at most a hundred groups',
			format('A role is one of %s: %s.', array_to_string(known, ', '), why));
	END IF;
END
$$;
COMMENT ON FUNCTION voiceagent_private.check_sign_on(text, text, text[], text, jsonb, text[], text) IS
	'PT409 or PT422 unless a provider can be set up so; known: the roles that it may give, and why no others.';

CREATE FUNCTION voiceagent.set_sign_on(issuer text, client_id text, mail_domains text[],
	client_secret text DEFAULT NULL, roles jsonb DEFAULT '{}', new_members boolean DEFAULT false,
	required boolean DEFAULT false, mail_is_verified boolean DEFAULT false) RETURNS jsonb
	LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent_private.writer_tenant('owner');
	v_domains text[] := ARRAY(SELECT DISTINCT lower(d) FROM unnest(mail_domains) d ORDER BY 1);
	v_was voiceagent.sign_ons;
	v voiceagent.sign_ons;
BEGIN
	PERFORM voiceagent_private.hide_query('set_sign_on');
	PERFORM voiceagent_private.check_sign_on(issuer, client_id, v_domains, client_secret, roles,
		'{manager,agent,viewer}', 'owners are made by owners, not by a provider');
	SELECT s.* INTO v_was FROM voiceagent.sign_ons s WHERE s.tenant_id = v_tenant FOR UPDATE;
	INSERT INTO voiceagent.sign_ons AS s (tenant_id, issuer, client_id, mail_domains, roles, new_members, required,
		mail_is_verified, changed_at)
	VALUES (v_tenant, issuer, client_id, v_domains, roles, coalesce(new_members, false), coalesce(required, false),
		coalesce(mail_is_verified, false), voiceagent.clock())
	ON CONFLICT ON CONSTRAINT sign_ons_pkey DO UPDATE SET issuer = excluded.issuer, client_id = excluded.client_id,
		mail_domains = excluded.mail_domains, roles = excluded.roles, new_members = excluded.new_members,
		required = excluded.required, mail_is_verified = excluded.mail_is_verified, changed_at = excluded.changed_at
	RETURNING s.* INTO v;
	DELETE FROM voiceagent_private.sign_on_documents d WHERE d.tenant_id = v_tenant;
	IF v_was.issuer <> v.issuer THEN
		-- An account of the same name elsewhere is somebody else's.
		DELETE FROM voiceagent_private.sign_on_members l WHERE l.tenant_id = v_tenant;
	END IF;
	IF client_secret IS NOT NULL OR v_was.issuer <> v.issuer THEN
		DELETE FROM voiceagent_private.secrets x WHERE x.tenant_id = v_tenant AND x.name = 'sign_on';
	END IF;
	IF client_secret <> '' THEN
		PERFORM voiceagent_private.seal_secret('sign_on', client_secret);
	END IF;
	IF v.required THEN
		-- Sessions by password end, but for owners.
		UPDATE voiceagent.members m SET session_version = m.session_version + 1
		WHERE m.tenant_id = v_tenant AND m.role <> 'owner';
	END IF;
	PERFORM voiceagent_private.audit('set_sign_on', 'sign-on', to_jsonb(v_was) - 'tenant_id',
		to_jsonb(v) - 'tenant_id');
	RETURN jsonb_build_object('log_in_at', voiceagent_private.sign_on_address(v_tenant),
		'redirect_uri', voiceagent_private.sign_on_address(v_tenant, '/back'));
END
$$;
COMMENT ON FUNCTION voiceagent.set_sign_on(text, text, text[], text, jsonb, boolean, boolean, boolean) IS
	E'Members log in at this provider (OpenID Connect) -> {log_in_at, redirect_uri: what the provider needs}.\n'
	'client_secret: NULL keeps it, empty is none. roles: {group: manager, agent or viewer}. new_members: who is none '
	'becomes one. required: no passwords but owners''. mail_is_verified: so are addresses of which its tokens say '
	'nothing. For owners. PT403, PT409, PT422.';

CREATE FUNCTION voiceagent.unlink_sign_on(member_id bigint) RETURNS void
	LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent_private.writer_tenant('owner');
BEGIN
	DELETE FROM voiceagent_private.sign_on_members l
	WHERE l.tenant_id = v_tenant AND l.member_id = unlink_sign_on.member_id;
	PERFORM voiceagent_private.fail_if(NOT FOUND, 'PT404', 'this member has no account at the provider');
	PERFORM voiceagent_private.end_sessions_of(member_id);
	PERFORM voiceagent_private.audit('unlink_sign_on', 'member ' || member_id, NULL, NULL);
END
$$;
COMMENT ON FUNCTION voiceagent.unlink_sign_on(bigint) IS
	E'A member is tied no more to its account at the provider, and its sessions end: the next account of its address '
	'that logs in is it.\n'
	'For owners. PT404.';

CREATE FUNCTION voiceagent.set_staff_sign_on(issuer text, client_id text DEFAULT NULL,
	mail_domains text[] DEFAULT '{}', client_secret text DEFAULT NULL, roles jsonb DEFAULT '{}', acr text DEFAULT NULL)
	RETURNS jsonb
	LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_domains text[] := ARRAY(SELECT DISTINCT lower(d) FROM unnest(mail_domains) d ORDER BY 1);
	v_was voiceagent_private.staff_sign_on;
	v_tenant bigint;
BEGIN
	PERFORM voiceagent_private.hide_query('set_staff_sign_on');
	PERFORM voiceagent_private.require_platform('set the staff''s provider');
	IF issuer IS NOT NULL THEN
		PERFORM voiceagent_private.check_sign_on(issuer, client_id, v_domains, client_secret, roles,
			'{support,finance,operator}', 'owners of the staff are made by add_staff()');
		PERFORM voiceagent_private.fail_if(length(acr) > 200, 'PT422', 'an acr has 200 characters at most');
		PERFORM voiceagent_private.provision_login();
	END IF;
	DELETE FROM voiceagent_private.staff_sign_on s RETURNING s.* INTO v_was;
	IF v_was.issuer IS DISTINCT FROM set_staff_sign_on.issuer THEN
		UPDATE voiceagent_private.staff s SET sign_on_subject = NULL WHERE s.sign_on_subject IS NOT NULL;
	END IF;
	IF client_secret IS NOT NULL OR v_was.issuer IS DISTINCT FROM set_staff_sign_on.issuer THEN
		DELETE FROM voiceagent_private.platform_secrets x WHERE x.name = 'sign_on';
	END IF;
	IF client_secret <> '' THEN
		PERFORM voiceagent_private.seal_platform_secret('sign_on', client_secret);
	END IF;
	IF issuer IS NOT NULL THEN
		INSERT INTO voiceagent_private.staff_sign_on (issuer, client_id, mail_domains, roles, acr, changed_at)
		VALUES (set_staff_sign_on.issuer, set_staff_sign_on.client_id, v_domains, set_staff_sign_on.roles,
			set_staff_sign_on.acr, voiceagent.clock());
	END IF;
	v_tenant := voiceagent_private.set_tenant(voiceagent_private.staff_tenant());
	DELETE FROM voiceagent_private.sign_on_documents d WHERE d.tenant_id = voiceagent_private.staff_tenant();
	PERFORM voiceagent_private.set_tenant(v_tenant);
	PERFORM voiceagent_private.audit_platform('set_staff_sign_on', 'sign-on', to_jsonb(v_was),
		(SELECT to_jsonb(s) FROM voiceagent_private.staff_sign_on s));
	RETURN CASE WHEN issuer IS NOT NULL THEN jsonb_build_object(
		'log_in_at', voiceagent_private.sign_on_address(voiceagent_private.staff_tenant()),
		'redirect_uri', voiceagent_private.sign_on_address(voiceagent_private.staff_tenant(), '/back')) END;
END
$$;
COMMENT ON FUNCTION voiceagent.set_staff_sign_on(text, text, text[], text, jsonb, text) IS
	E'The platform''s staff logs in at this identity provider (OpenID Connect) -> {log_in_at, redirect_uri}; issuer '
	'NULL: at none.\n'
	'roles: {group: support, finance or operator}: who has one is of the staff; {}: add_staff() says who is. The '
	'provider must say that a second factor was shown, by mfa among amr or by this acr. For voiceagent_admin (42501); '
	'PT409, PT422.';

CREATE FUNCTION voiceagent_private.sign_on_hash(what text, secret text) RETURNS text
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
	RETURN voiceagent_private.base64url(voiceagent_private.oauth_hash(concat(what, ' ', secret)));
COMMENT ON FUNCTION voiceagent_private.sign_on_hash(text, text) IS
	'The state, nonce or verifier of a login, which tells nothing of the others.';

CREATE FUNCTION voiceagent_private.sign_on_fetch(url text, carry jsonb, form text DEFAULT NULL,
	basic_of text DEFAULT NULL) RETURNS jsonb
	LANGUAGE sql STABLE
	RETURN jsonb_build_object('url', voiceagent_private.sign_on_url(url), 'carry', carry::text, 'form', form,
		'basic_of', basic_of, 'private_host', voiceagent_private.is_allowed_host(url,
			voiceagent_private.platform_setting('sign_on_private_hosts')));
COMMENT ON FUNCTION voiceagent_private.sign_on_fetch(text, jsonb, text, text) IS
	E'A step of sign_on_answer(): what is to be fetched, by GET or by a form, and what comes back with it.\n'
	'basic_of: who shows the secret by a header; NULL: it goes with the form.';

CREATE FUNCTION voiceagent_private.sign_on_page(status integer, note text) RETURNS jsonb
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
	RETURN jsonb_build_object('status', status, 'page', format(E'<!DOCTYPE html><html lang="en"><meta charset="utf-8">'
		'<meta name="viewport" content="width=device-width"><title>voiceagent</title><h1>voiceagent</h1>'
		'<p role="alert">%s<p><a href="/">Back to the console</a>\n', voiceagent_private.html_text(note)));
COMMENT ON FUNCTION voiceagent_private.sign_on_page(integer, text) IS
	'A step of sign_on_answer(): a page that says why the login failed.';

CREATE FUNCTION voiceagent_private.take_sign_on_document(provider voiceagent.sign_ons, what text, document text)
	RETURNS void
	LANGUAGE plpgsql VOLATILE SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v jsonb;
BEGIN
	-- Here and not above, where invalid JSON would not be caught, such as the empty text of no answer.
	v := document::jsonb;
	IF what = 'discovery' AND v ->> 'issuer' = provider.issuer THEN
		PERFORM voiceagent_private.sign_on_url(v ->> e)
		FROM unnest('{authorization_endpoint,token_endpoint,jwks_uri}'::text[]) e;
		UPDATE voiceagent_private.sign_on_documents d
		SET discovery = v, discovered_at = statement_timestamp(),
			-- Keys are as old at most, and fetched when they are needed next.
			keys = CASE WHEN d.keys_asked_at > statement_timestamp() - interval '1 minute'
				AND d.discovery ->> 'jwks_uri' = v ->> 'jwks_uri' THEN d.keys END
		WHERE d.tenant_id = provider.tenant_id;
	ELSIF what = 'keys' AND jsonb_typeof(v -> 'keys') = 'array' THEN
		UPDATE voiceagent_private.sign_on_documents d SET keys = v WHERE d.tenant_id = provider.tenant_id;
	END IF;
EXCEPTION WHEN data_exception OR SQLSTATE 'PT422' OR SQLSTATE '54001' THEN
	-- The old value is better than nonsense.
	RETURN;
END
$$;
COMMENT ON FUNCTION voiceagent_private.take_sign_on_document(voiceagent.sign_ons, text, text) IS
	'Keeps what was fetched of a provider, if it says that it is of this one and may be asked.';

CREATE FUNCTION voiceagent_private.sign_on_complaint(provider voiceagent.sign_ons, claims jsonb, nonce text)
	RETURNS text
	LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_now double precision := extract(epoch FROM statement_timestamp());
	v_aud jsonb := CASE jsonb_typeof(claims -> 'aud') WHEN 'array' THEN claims -> 'aud'
		ELSE jsonb_build_array(claims -> 'aud') END;
	c_skew CONSTANT integer := 60;
	c_oldest CONSTANT integer := 600;
BEGIN
	RETURN CASE WHEN claims ->> 'iss' IS DISTINCT FROM provider.issuer THEN 'it is of another issuer'
		WHEN NOT v_aud ? provider.client_id THEN 'it is for another program'
		WHEN coalesce(claims ->> 'azp', CASE WHEN jsonb_array_length(v_aud) = 1 THEN provider.client_id END)
			IS DISTINCT FROM provider.client_id THEN 'it was given to another program'
		WHEN jsonb_typeof(claims -> 'exp') IS DISTINCT FROM 'number'
			OR jsonb_typeof(claims -> 'iat') IS DISTINCT FROM 'number' THEN 'it does not say when it was given, or ends'
		WHEN (claims ->> 'exp')::float8 <= v_now - c_skew THEN 'its time is over'
		WHEN (claims ->> 'iat')::float8 NOT BETWEEN v_now - c_oldest AND v_now + c_skew
			THEN 'it was not given just now'
		WHEN claims ->> 'nonce' IS DISTINCT FROM nonce THEN 'it answers another login'
		WHEN jsonb_typeof(claims -> 'sub') IS DISTINCT FROM 'string' OR length(claims ->> 'sub') NOT BETWEEN 1 AND 255
			THEN 'it names nobody'
		-- One that says no, or not yes, is not as one that says nothing (Entra ID).
		WHEN CASE WHEN claims ? 'email_verified' THEN claims ->> 'email_verified' = 'true'
			WHEN claims ? 'xms_edov' THEN claims ->> 'xms_edov' IN ('true', '1')
			ELSE provider.mail_is_verified END IS NOT TRUE THEN 'the provider has not verified the mail address' END;
END
$$;
COMMENT ON FUNCTION voiceagent_private.sign_on_complaint(voiceagent.sign_ons, jsonb, text) IS
	'Why the claims of an ID token are not taken (OpenID Connect Core, 3.1.3.7); NULL: they are.';

CREATE FUNCTION voiceagent_private.sign_on_member(provider voiceagent.sign_ons, claims jsonb) RETURNS voiceagent.members
	LANGUAGE plpgsql VOLATILE SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_email text := voiceagent_private.mail_address(claims ->> 'email');
	v_groups jsonb := CASE WHEN jsonb_typeof(claims -> 'groups') = 'array' THEN claims -> 'groups' ELSE '[]' END;
	-- The one of them that may most.
	v_role text := (SELECT r.value FROM jsonb_each_text(provider.roles) r WHERE v_groups ? r.key
		ORDER BY array_position('{manager,agent,viewer}'::text[], r.value) LIMIT 1);
	v voiceagent.members;
BEGIN
	PERFORM voiceagent_private.fail_if(split_part(v_email, '@', 2) <> ALL (provider.mail_domains), 'PT403',
		'this workspace takes no mail addresses of that domain');
	SELECT m.* INTO v FROM voiceagent_private.sign_on_members l JOIN voiceagent.members m USING (tenant_id, member_id)
	WHERE l.tenant_id = provider.tenant_id AND l.subject = claims ->> 'sub' FOR NO KEY UPDATE OF m;
	IF NOT FOUND THEN
		SELECT m.* INTO v FROM voiceagent.members m
		WHERE m.tenant_id = provider.tenant_id AND lower(m.email) = v_email FOR NO KEY UPDATE;
		PERFORM voiceagent_private.fail_if(EXISTS (SELECT FROM voiceagent_private.sign_on_members l
			WHERE l.tenant_id = provider.tenant_id AND l.member_id = v.member_id), 'PT403',
			'the member of this address logs in by another account of the provider', NULL,
			'An owner parts them by unlink_sign_on().');
		PERFORM voiceagent_private.fail_if(v.member_id IS NULL AND (NOT provider.new_members
			OR v_role IS NULL AND provider.roles <> '{}'), 'PT403', 'you are no member of this workspace', NULL,
			'An owner makes you one, or lets the provider do so.');
		IF v.member_id IS NULL THEN
			v.member_id := voiceagent.create_member(provider.tenant_id, v_email, voiceagent_private.random_token(),
				coalesce(v_role, 'viewer'));
			SELECT m.* INTO v FROM voiceagent.members m
			WHERE m.tenant_id = provider.tenant_id AND m.member_id = v.member_id;
		END IF;
		INSERT INTO voiceagent_private.sign_on_members (tenant_id, subject, member_id, linked_at)
		VALUES (provider.tenant_id, claims ->> 'sub', v.member_id, voiceagent.clock());
		PERFORM voiceagent_private.audit('link_sign_on', 'member ' || v.member_id, NULL,
			jsonb_build_object('issuer', provider.issuer));
	END IF;
	PERFORM voiceagent_private.fail_if(NOT v.active, 'PT403', 'this member is not active');
	IF v.role <> 'owner' AND provider.roles <> '{}' AND v.role IS DISTINCT FROM v_role THEN
		PERFORM voiceagent_private.fail_if(v_role IS NULL, 'PT403', 'none of your groups has a role in this workspace');
		UPDATE voiceagent.members m SET role = v_role
		WHERE m.tenant_id = provider.tenant_id AND m.member_id = v.member_id;
		PERFORM voiceagent_private.audit('update_member', 'member ' || v.member_id,
			jsonb_build_object('role', v.role), jsonb_build_object('role', v_role, 'by', 'groups of the provider'));
		v.role := v_role;
	END IF;
	RETURN v;
END
$$;
COMMENT ON FUNCTION voiceagent_private.sign_on_member(voiceagent.sign_ons, jsonb) IS
	E'The member whom an ID token proves, with the role of its groups: by the account, at first by the mail address; '
	'where the tenant lets it, a new one.\n'
	'PT403, PT422. Owners keep their role.';

CREATE FUNCTION voiceagent_private.sign_on_staff(provider voiceagent.sign_ons, claims jsonb) RETURNS bigint
	LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_email text := voiceagent_private.mail_address(claims ->> 'email');
	v_groups jsonb := CASE WHEN jsonb_typeof(claims -> 'groups') = 'array' THEN claims -> 'groups' ELSE '[]' END;
	v_roles text[] := ARRAY(SELECT DISTINCT r.value FROM jsonb_each_text(provider.roles) r WHERE v_groups ? r.key
		ORDER BY r.value);
	v voiceagent_private.staff;
BEGIN
	PERFORM voiceagent_private.fail_if(split_part(v_email, '@', 2) <> ALL (provider.mail_domains), 'PT403',
		'the platform takes no mail addresses of that domain');
	PERFORM voiceagent_private.fail_if((claims -> 'amr' ? 'mfa' OR claims ->> 'acr' = (SELECT s.acr
		FROM voiceagent_private.staff_sign_on s)) IS NOT TRUE, 'PT403',
		'the provider does not say that you have shown a second factor', NULL, 'Have it ask for one.');
	SELECT s.* INTO v FROM voiceagent_private.staff s WHERE s.sign_on_subject = claims ->> 'sub' FOR UPDATE;
	IF NOT FOUND THEN
		SELECT s.* INTO v FROM voiceagent_private.staff s WHERE s.email = v_email FOR UPDATE;
		PERFORM voiceagent_private.fail_if(v.sign_on_subject IS NOT NULL, 'PT403',
			'whoever has this address logs in by another account of the provider', NULL,
			'An administrator of the database parts them by add_staff().');
		PERFORM voiceagent_private.fail_if(v.staff_id IS NULL AND v_roles = '{}', 'PT403', 'you are not of the staff');
		INSERT INTO voiceagent_private.staff AS s (email, roles, created_at, sign_on_subject)
		VALUES (v_email, v_roles, voiceagent.clock(), claims ->> 'sub')
		ON CONFLICT ON CONSTRAINT staff_email_key DO UPDATE SET sign_on_subject = excluded.sign_on_subject
		RETURNING s.* INTO v;
		PERFORM voiceagent_private.audit_platform('link_staff_sign_on', 'staff ' || v.staff_id, NULL,
			jsonb_build_object('issuer', provider.issuer, 'roles', v.roles));
	END IF;
	-- The right over all tenants is not the provider's to give.
	PERFORM voiceagent_private.fail_if('owner' = ANY (v.roles), 'PT403',
		'owners of the staff log in by their password and a code');
	IF provider.roles <> '{}' AND NOT (v.roles <@ v_roles AND v_roles <@ v.roles) THEN
		PERFORM voiceagent_private.fail_if(v_roles = '{}', 'PT403', 'none of your groups has a role in the staff');
		UPDATE voiceagent_private.staff s SET roles = v_roles WHERE s.staff_id = v.staff_id;
		PERFORM voiceagent_private.audit_platform('update_staff', 'staff ' || v.staff_id, jsonb_build_object('roles',
			v.roles), jsonb_build_object('roles', v_roles, 'by', 'groups of the provider'));
	END IF;
	RETURN v.staff_id;
END
$$;
COMMENT ON FUNCTION voiceagent_private.sign_on_staff(voiceagent.sign_ons, jsonb) IS
	E'Who of the staff an ID token proves, with the roles of its groups, or a new one: by the account, at first by the '
	'mail address; -> staff_id.\n'
	'PT403 without a second factor or a role, and for owners, who log in by their passwords; PT422.';

CREATE FUNCTION voiceagent_private.begin_sign_on(provider voiceagent.sign_ons, discovery jsonb) RETURNS jsonb
	LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_secret text := voiceagent_private.random_token();
	v_until bigint := extract(epoch FROM statement_timestamp() + interval '10 minutes')::bigint;
	v_to text := discovery ->> 'authorization_endpoint';
BEGIN
	RETURN jsonb_build_object('cookie', concat_ws('.', v_until, v_secret, voiceagent_private.sign_link('sign-on',
			v_until, concat_ws(' ', provider.tenant_id, v_secret, provider.issuer, provider.client_id))),
		'location', (SELECT concat(v_to, CASE WHEN v_to LIKE '%?%' THEN '&' ELSE '?' END,
				string_agg(q.name || '=' || voiceagent_private.percent_encoded(q.value), '&' ORDER BY q.n))
			FROM (VALUES (1, 'response_type', 'code'), (2, 'client_id', provider.client_id),
				(3, 'redirect_uri', voiceagent_private.sign_on_address(provider.tenant_id, '/back')),
				(4, 'scope', 'openid email' || CASE WHEN discovery -> 'scopes_supported' ? 'groups' THEN ' groups'
					ELSE '' END),
				(5, 'state', voiceagent_private.sign_on_hash('state', v_secret)),
				(6, 'nonce', voiceagent_private.sign_on_hash('nonce', v_secret)),
				(7, 'code_challenge', voiceagent_private.base64url(voiceagent_private.oauth_hash(
					voiceagent_private.sign_on_hash('verifier', v_secret)))),
				(8, 'code_challenge_method', 'S256'),
				(9, 'acr_values', (SELECT o.acr FROM voiceagent_private.staff_sign_on o
					WHERE provider.tenant_id = voiceagent_private.staff_tenant()))) q(n, name, value)));
END
$$;
COMMENT ON FUNCTION voiceagent_private.begin_sign_on(voiceagent.sign_ons, jsonb) IS
	'A step of sign_on_answer(): a browser is sent to the provider, with a cookie that its way back is known by.';

CREATE FUNCTION voiceagent_private.end_sign_on(provider voiceagent.sign_ons, claims jsonb, secret text)
	RETURNS jsonb
	LANGUAGE plpgsql VOLATILE SET planner.policy = by_keys SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_wrong text := voiceagent_private.sign_on_complaint(provider, claims,
		voiceagent_private.sign_on_hash('nonce', secret));
	v voiceagent.members;
	v_detail text;
BEGIN
	IF v_wrong IS NOT NULL THEN
		RETURN voiceagent_private.sign_on_page(403, 'The provider''s token is not taken: ' || v_wrong || '.');
	END IF;
	IF provider.tenant_id = voiceagent_private.staff_tenant() THEN
		RETURN jsonb_build_object('session', voiceagent_private.issue_staff_session(
			voiceagent_private.sign_on_staff(provider, claims)));
	END IF;
	v := voiceagent_private.sign_on_member(provider, claims);
	RETURN jsonb_build_object('session', voiceagent_private.issue_session(provider.tenant_id, v.member_id, v.role,
		here_alone => true));
EXCEPTION WHEN SQLSTATE 'PT403' OR SQLSTATE 'PT409' OR SQLSTATE 'PT422' THEN
	GET STACKED DIAGNOSTICS v_detail = PG_EXCEPTION_HINT;
	RETURN voiceagent_private.sign_on_page(403,
		concat_ws(' ', upper(left(SQLERRM, 1)) || substr(SQLERRM, 2) || '.', nullif(v_detail, '')));
END
$$;
COMMENT ON FUNCTION voiceagent_private.end_sign_on(voiceagent.sign_ons, jsonb, text) IS
	'A step of sign_on_answer(): whom the claims prove is logged in.';

CREATE FUNCTION voiceagent_private.take_sign_on(provider voiceagent.sign_ons, documents
	voiceagent_private.sign_on_documents, given jsonb, carry jsonb, document text) RETURNS jsonb
	LANGUAGE plpgsql VOLATILE SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_headers json := current_setting('request.headers', true)::json;
	-- The secret of the login that this browser has begun: behind TLS from the cookie that no other host can have set
	-- (caller.c); else from the last of them that is of this login.
	v_secret text := (SELECT c.v[2] FROM regexp_matches(v_headers ->> 'cookie', concat('(?:^|;)\s*', CASE
			v_headers ->> 'x-forwarded-proto' WHEN 'https' THEN '__Host-' END,
			'va_sign_on=(\d{1,12})[.]([\w-]{43})[.]([0-9a-f]{64})(?=\s*(?:;|$))'), 'g') WITH ORDINALITY c(v, n)
		WHERE c.v[1]::bigint > extract(epoch FROM statement_timestamp())
			AND voiceagent_private.is_signed_link('sign-on', c.v[1]::bigint, concat_ws(' ', provider.tenant_id, c.v[2],
				provider.issuer, provider.client_id), c.v[3])
		ORDER BY c.n DESC LIMIT 1);
	v_token text := coalesce(carry ->> 'id_token', CASE WHEN carry ->> 'what' = 'token'
		THEN substring(document FROM '"id_token"\s*:\s*"([\w.-]+)"') END);
	v_answer jsonb;
	-- Longer than its cookie is good.
	c_lasts CONSTANT interval := '11 minutes';
	c_rest CONSTANT interval := '30 seconds';
BEGIN
	IF v_secret IS NULL OR given ->> 'state' IS DISTINCT FROM voiceagent_private.sign_on_hash('state', v_secret)
		OR coalesce(given ->> 'iss', provider.issuer) <> provider.issuer THEN
		RETURN voiceagent_private.sign_on_page(403, 'This answers no login that your browser has begun here within ten '
			'minutes. Begin again.');
	ELSIF coalesce(given ->> 'code', '') = '' THEN
		RETURN voiceagent_private.sign_on_page(403, 'The provider has not let you in: '
			|| left(coalesce(given ->> 'error', 'it does not say why'), 100) || '.');
	ELSIF carry ->> 'what' IS NULL OR carry ->> 'what' = 'discovery' THEN
		-- Before the provider is asked, so that one login cannot have it asked again and again.
		DELETE FROM voiceagent_private.sign_on_used u
		WHERE u.tenant_id = provider.tenant_id AND u.used_at < statement_timestamp() - c_lasts;
		INSERT INTO voiceagent_private.sign_on_used (tenant_id, state, used_at)
		VALUES (provider.tenant_id, given ->> 'state', statement_timestamp()) ON CONFLICT DO NOTHING;
		IF NOT FOUND THEN
			RETURN voiceagent_private.sign_on_page(403, 'This login was used before.');
		END IF;
		RETURN voiceagent_private.sign_on_fetch(documents.discovery ->> 'token_endpoint', '{"what": "token"}', concat(
			'grant_type=authorization_code&code=', voiceagent_private.percent_encoded(given ->> 'code'),
				'&redirect_uri=',
			voiceagent_private.percent_encoded(voiceagent_private.sign_on_address((provider).tenant_id, '/back')),
			'&code_verifier=', voiceagent_private.sign_on_hash('verifier', v_secret),
			'&client_id=', voiceagent_private.percent_encoded((provider).client_id)),
			CASE WHEN coalesce(documents.discovery -> 'token_endpoint_auth_methods_supported',
				'["client_secret_basic"]')
				? 'client_secret_basic' THEN (provider).client_id END);
	ELSIF v_token IS NULL THEN
		RETURN voiceagent_private.sign_on_page(502, 'The provider has given no ID token for its code.');
	END IF;
	v_answer := voiceagent_private.provider_claims(v_token, documents.keys::text);
	IF (v_answer ->> 'unknown_key')::boolean AND (documents.keys_asked_at + c_rest > statement_timestamp()) IS NOT TRUE
		THEN
		UPDATE voiceagent_private.sign_on_documents d SET keys_asked_at = statement_timestamp()
		WHERE d.tenant_id = provider.tenant_id;
		RETURN voiceagent_private.sign_on_fetch(documents.discovery ->> 'jwks_uri',
			jsonb_build_object('what', 'keys', 'id_token', v_token));
	ELSIF v_answer ? 'why' THEN
		RETURN voiceagent_private.sign_on_page(403, 'The provider''s token is not taken: ' || (v_answer ->> 'why')
			|| '.');
	END IF;
	RETURN voiceagent_private.end_sign_on(provider, v_answer -> 'claims', v_secret);
END
$$;
COMMENT ON FUNCTION voiceagent_private.take_sign_on(voiceagent.sign_ons, voiceagent_private.sign_on_documents, jsonb,
	jsonb, text) IS
	E'A step of sign_on_answer(): a browser comes back from the provider.\n'
	'An unknown key has the keys fetched anew, at most every 30 seconds.';

CREATE FUNCTION voiceagent_private.sign_on_answer(path text, given jsonb, carry text, document text) RETURNS jsonb
	LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	v_path text := '/sign-on/' || coalesce(nullif(v_tenant, voiceagent_private.staff_tenant())::text, 'staff');
	v_back boolean := path = v_path || '/back';
	v_carry jsonb := coalesce(nullif(carry, '')::jsonb, '{}');
	v voiceagent.sign_ons;
	d voiceagent_private.sign_on_documents;
	c_fresh CONSTANT interval := '1 hour';
	c_rest CONSTANT interval := '10 seconds';
BEGIN
	PERFORM voiceagent_private.hide_query('sign_on_answer');
	IF v_tenant = voiceagent_private.staff_tenant() THEN
		SELECT v_tenant, s.issuer, s.client_id, s.mail_domains, s.roles, true, false, false, s.changed_at INTO v
		FROM voiceagent_private.staff_sign_on s;
	ELSE
		PERFORM voiceagent_private.fail_elsewhere(m.cell)
		FROM voiceagent_private.tenant_moves m WHERE m.tenant_id = v_tenant AND NOT m.served;
		SELECT s.* INTO v FROM voiceagent.sign_ons s JOIN voiceagent.tenants t USING (tenant_id)
		WHERE s.tenant_id = v_tenant AND t.active;
	END IF;
	PERFORM voiceagent_private.fail_if(v.issuer IS NULL OR NOT v_back AND path <> v_path
		OR voiceagent_private.oauth_address() IS NULL, 'PT404', 'there is nothing here');
	IF v_carry ->> 'what' IN ('discovery', 'keys') THEN
		PERFORM voiceagent_private.take_sign_on_document(v, v_carry ->> 'what', document);
	END IF;
	SELECT o.* INTO d FROM voiceagent_private.sign_on_documents o WHERE o.tenant_id = v_tenant;
	IF v_carry = '{}' AND (d.discovered_at + c_fresh > statement_timestamp()) IS NOT TRUE
		AND (d.asked_at + c_rest > statement_timestamp()) IS NOT TRUE THEN
		INSERT INTO voiceagent_private.sign_on_documents AS o (tenant_id, asked_at)
		VALUES (v_tenant, statement_timestamp())
		ON CONFLICT ON CONSTRAINT sign_on_documents_pkey DO UPDATE SET asked_at = excluded.asked_at;
		RETURN voiceagent_private.sign_on_fetch(rtrim(v.issuer, '/') || '/.well-known/openid-configuration',
			'{"what": "discovery"}');
	ELSIF d.discovery IS NULL THEN
		RETURN voiceagent_private.sign_on_page(502, 'The identity provider of this workspace gives no usable answer, '
			'or the platform does not allow its address. Owners can log in with their passwords meanwhile.');
	END IF;
	RETURN CASE WHEN v_back THEN voiceagent_private.take_sign_on(v, d, given, v_carry, document)
		ELSE voiceagent_private.begin_sign_on(v, d.discovery) END;
END
$$;
COMMENT ON FUNCTION voiceagent_private.sign_on_answer(text, jsonb, text, text) IS
	E'For the process web, as the tenant whose number the path has, or staff_tenant(): one step of a login by its '
	'provider.\n'
	'{url, ...}: to be fetched, and given with carry; {location, cookie}, {session} or {status, page}: the answer. '
	'PT404 where there is no provider, PT421 where another cell serves it.';

GRANT EXECUTE ON FUNCTION voiceagent_private.sign_on_answer(text, jsonb, text, text) TO voiceagent_api;
