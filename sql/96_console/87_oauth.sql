/*
 * 96_console: programs to which a member grants what it may do itself, by OAuth 2.1 (bgworkers/console/oauth.c).
 *
 * A grant is a row of connections, which its member, or an owner, takes back.
 * It ends with the member's session, too: with a new password, end_sessions()
 * and a member that is not active.  Its tokens are kept as hashes: a code, good
 * once, then pairs of which each refresh token is good once.  One that comes
 * again was stolen, from whoever came first or second, and ends the grant.
 *
 * Nothing is kept of a program that registers: what it said is in its
 * client_id, signed.  One that names itself by an https address has its
 * document fetched by the process web.
 *
 * Locks: the row of a connection, then its tokens.
 */

CREATE TABLE voiceagent.connections (
	tenant_id bigint NOT NULL,
	connection_id bigint GENERATED ALWAYS AS IDENTITY,
	member_id bigint NOT NULL,
	client_name text NOT NULL,
	client_host text NOT NULL,
	session_version integer NOT NULL,
	created_at timestamptz NOT NULL,
	used_at timestamptz NOT NULL,
	PRIMARY KEY (tenant_id, connection_id),
	FOREIGN KEY (tenant_id, member_id) REFERENCES voiceagent.members ON DELETE CASCADE
);
COMMENT ON TABLE voiceagent.connections IS
	'Programs that members have let work for them at /mcp, as far as these may themselves; revoke_connection() ends '
	'one.';
COMMENT ON COLUMN voiceagent.connections.connection_id IS 'Number of the connection.';
COMMENT ON COLUMN voiceagent.connections.member_id IS 'For whom it works: members.member_id.';
COMMENT ON COLUMN voiceagent.connections.client_name IS 'The program''s name for itself; unchecked.';
COMMENT ON COLUMN voiceagent.connections.client_host IS 'Where its tokens were sent to.';
COMMENT ON COLUMN voiceagent.connections.session_version IS
	'Of the member when it let the program in: with another one it is over.';
COMMENT ON COLUMN voiceagent.connections.used_at IS 'When it took new tokens last, which it has to each hour.';
CREATE INDEX connections_member ON voiceagent.connections (tenant_id, member_id);
SELECT voiceagent_private.guard_table('voiceagent.connections', 'tenant');

CREATE TABLE voiceagent_private.oauth_tokens (
	token_hash bytea PRIMARY KEY,
	tenant_id bigint NOT NULL,
	connection_id bigint NOT NULL,
	kind text NOT NULL CHECK (kind IN ('code', 'access', 'refresh')),
	client_id text NOT NULL,
	challenge text,
	redirect_uri text,
	expires_at timestamptz NOT NULL,
	used_at timestamptz,
	CONSTRAINT code_is_bound CHECK ((kind = 'code') = (challenge IS NOT NULL AND redirect_uri IS NOT NULL)),
	FOREIGN KEY (tenant_id, connection_id) REFERENCES voiceagent.connections ON DELETE CASCADE
);
COMMENT ON TABLE voiceagent_private.oauth_tokens IS
	'SHA-256 of what a connection may show -> its tenant; they go when the connection takes new ones after their end.';
COMMENT ON COLUMN voiceagent_private.oauth_tokens.used_at IS 'When a code or a refresh token was exchanged.';
CREATE INDEX oauth_tokens_connection ON voiceagent_private.oauth_tokens (tenant_id, connection_id);
SELECT voiceagent_private.guard_table('voiceagent_private.oauth_tokens', 'routing');

CREATE FUNCTION voiceagent_private.oauth_address() RETURNS text
	LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
	RETURN nullif(rtrim(voiceagent_private.platform_setting('mail_links'), '/'), '');
COMMENT ON FUNCTION voiceagent_private.oauth_address() IS
	'The console''s address, which issues tokens; NULL: the platform has not set mail_links, and there is no OAuth.';

CREATE FUNCTION voiceagent_private.oauth_metadata(path text) RETURNS json
	LANGUAGE sql STABLE
	RETURN (SELECT CASE path WHEN '/.well-known/oauth-protected-resource/mcp' THEN json_build_object(
			'resource', a.address || '/mcp', 'authorization_servers', json_build_array(a.address),
			'bearer_methods_supported', json_build_array('header'), 'resource_name', 'voiceagent')
		ELSE json_build_object('issuer', a.address, 'authorization_endpoint', a.address || '/oauth/authorize',
			'token_endpoint', a.address || '/oauth/token', 'registration_endpoint', a.address || '/oauth/register',
			'response_types_supported', json_build_array('code'),
			'grant_types_supported', json_build_array('authorization_code', 'refresh_token'),
			'code_challenge_methods_supported', json_build_array('S256'),
			'token_endpoint_auth_methods_supported', json_build_array('none'),
			'client_id_metadata_document_supported', true, 'authorization_response_iss_parameter_supported', true) END
		FROM (SELECT voiceagent_private.oauth_address() AS address) a);
COMMENT ON FUNCTION voiceagent_private.oauth_metadata(text) IS
	'The metadata for a program that was refused at /mcp: where to get tokens, and how (RFC 9728, RFC 8414).';

CREATE FUNCTION voiceagent_private.oauth_hash(token text) RETURNS bytea
	LANGUAGE sql IMMUTABLE PARALLEL SAFE RETURN sha256(convert_to(coalesce(token, ''), 'UTF8'));
COMMENT ON FUNCTION voiceagent_private.oauth_hash(text) IS 'By which a token is kept and found.';

CREATE FUNCTION voiceagent_private.base64url(bytes bytea) RETURNS text
	LANGUAGE sql IMMUTABLE PARALLEL SAFE RETURN rtrim(translate(encode(bytes, 'base64'), E'+/\n', '-_'), '=');
COMMENT ON FUNCTION voiceagent_private.base64url(bytea) IS 'Bytes in letters that are safe in URLs (RFC 4648).';

CREATE FUNCTION voiceagent_private.html_text(value text) RETURNS text
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
	RETURN replace(replace(replace(replace(replace(coalesce(value, ''), '&', '&amp;'), '<', '&lt;'), '>', '&gt;'), '"',
		'&quot;'), '{', '&#123;');
COMMENT ON FUNCTION voiceagent_private.html_text(text) IS
	'A text within HTML, or as a value in quotes; also in a page with {{places}} to fill.';

CREATE FUNCTION voiceagent_private.oauth_client(metadata jsonb) RETURNS jsonb
	LANGUAGE plpgsql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	-- RFC 8252: https, a loopback address, or a scheme that follows from a domain of the program's; no other program's.
	c_scheme CONSTANT text := '^(https|[a-z][a-z0-9+-]*(\.[a-z0-9+-]+)+):';
	v_uris jsonb := CASE WHEN jsonb_typeof(metadata -> 'redirect_uris') = 'array' THEN metadata -> 'redirect_uris' END;
	v_wrong text := (SELECT u FROM jsonb_array_elements_text(v_uris) u
		WHERE length(u) > 500 OR u !~ '^[a-z][a-z0-9+.-]*:[!-~]+$' OR u ~ '[#"<>\\]'
			-- A browser takes "https:/name:x@host" for host: what the page says is to be where it is sent.
			OR u ~ '^https:' AND u !~ '^https://([A-Za-z0-9.-]+|\[[0-9A-Fa-f:.]+\])(:\d{1,5})?(/|\?|$)'
			OR u !~ c_scheme AND u !~ '^http://(127\.0\.0\.1|\[::1\]|localhost)(:\d{1,5})?(/|\?|$)' LIMIT 1);
BEGIN
	PERFORM voiceagent_private.fail_if(v_uris IS NULL OR jsonb_array_length(v_uris) NOT BETWEEN 1 AND 10, 'PT422',
		'redirect_uris names one to ten addresses');
	PERFORM voiceagent_private.fail_if(v_wrong IS NOT NULL, 'PT422', 'redirect_uris has an address that is not allowed',
		left(v_wrong, 200),
		'https, http on a loopback address, or a scheme of the program''s own (com.example.app), without a fragment.');
	-- A name has nothing that turns the page's own words around.
	RETURN jsonb_build_object('redirect_uris', v_uris, 'client_name', coalesce(nullif(left(btrim(regexp_replace(
		metadata ->> 'client_name', '[[:cntrl:]\u00AD\u200B-\u200F\u202A-\u202E\u2060-\u2069\uFEFF]', '', 'g')), 100),
		''), 'A program without a name'));
END
$$;
COMMENT ON FUNCTION voiceagent_private.oauth_client(jsonb) IS
	'The parts of a program''s description that count: its name and its redirect addresses; PT422.';

CREATE FUNCTION voiceagent_private.oauth_known_client(client_id text, document text) RETURNS jsonb
	LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v text[] := regexp_match(client_id, '^vc_(\d{1,12})\.([\w-]+)\.([0-9a-f]{64})$');
	v_document jsonb;
BEGIN
	IF v[1]::bigint > extract(epoch FROM voiceagent.clock())
		AND voiceagent_private.is_signed_link('oauth client', v[1]::bigint, v[2], v[3]) THEN
		RETURN convert_from(decode(rpad(translate(v[2], '-_', '+/'), (length(v[2]) + 3) / 4 * 4, '='), 'base64'),
			'UTF8')::jsonb;
	ELSIF client_id !~ '^https://' OR document = '' THEN
		RETURN NULL;
	END IF;
	v_document := document::jsonb;
	RETURN CASE WHEN v_document ->> 'client_id' = client_id
		THEN voiceagent_private.oauth_client(v_document) END;
EXCEPTION WHEN data_exception OR SQLSTATE 'PT422' OR SQLSTATE '54001' THEN
	RETURN NULL;
END
$$;
COMMENT ON FUNCTION voiceagent_private.oauth_known_client(text, text) IS
	'A program by its client_id: one that oauth_answer() gave, or the address of a document, and what was found there; '
	'NULL: it is none.';

CREATE FUNCTION voiceagent_private.consent_page() RETURNS text
	LANGUAGE c STABLE AS 'MODULE_PATHNAME', 'va_sql_consent_page';
COMMENT ON FUNCTION voiceagent_private.consent_page() IS
	'The console''s consent.html, with {{places}} to fill; NULL: the console is not installed.';

CREATE FUNCTION voiceagent_private.oauth_page(client jsonb, given jsonb, note text) RETURNS text
	LANGUAGE sql STABLE
	RETURN coalesce(replace(replace(replace(replace(voiceagent_private.consent_page(),
			'{{note}}', voiceagent_private.html_text(note)),
			'{{client}}', voiceagent_private.html_text(client ->> 'client_name')),
			'{{host}}', voiceagent_private.html_text(substring(given ->> 'redirect_uri' FROM '^[^:]+:/*[^/?]*'))),
			'{{fields}}', (SELECT string_agg(format('<input type="hidden" name="%s" value="%s">', h.name,
					voiceagent_private.html_text(given ->> h.name)), '' ORDER BY h.n)
				FROM unnest('{client_id,redirect_uri,response_type,state,code_challenge,code_challenge_method,resource}'
					::text[]) WITH ORDINALITY h(name, n) WHERE given ? h.name)),
		'The console, which asks for consent, is not installed here.');
COMMENT ON FUNCTION voiceagent_private.oauth_page(jsonb, jsonb, text) IS
	'The page on which a member lets a program in, or does not; note: what is wrong (NULL: nothing).';

CREATE FUNCTION voiceagent_private.next_token(kind text, follows text) RETURNS text
	LANGUAGE sql STABLE
	RETURN CASE kind WHEN 'access' THEN 'vo_' WHEN 'refresh' THEN 'vr_' END
		|| voiceagent_private.sign_link('oauth ' || kind, 0, follows);
COMMENT ON FUNCTION voiceagent_private.next_token(text, text) IS
	E'The access token or refresh token for which a code or a refresh token is exchanged; NULL for another kind.\n'
	'It is the same each time, and unknown without the key that signs tokens.';

CREATE FUNCTION voiceagent_private.oauth_token_of(connection voiceagent.connections, kind text, client_id text,
	lifetime interval, challenge text DEFAULT NULL, redirect_uri text DEFAULT NULL, follows text DEFAULT NULL)
	RETURNS text
	LANGUAGE plpgsql VOLATILE SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_token text := coalesce(voiceagent_private.next_token(kind, follows), 'vg_' || voiceagent_private.random_token());
BEGIN
	INSERT INTO voiceagent_private.oauth_tokens (token_hash, tenant_id, connection_id, kind, client_id, challenge,
		redirect_uri, expires_at)
	VALUES (voiceagent_private.oauth_hash(v_token), connection.tenant_id, connection.connection_id, kind, client_id,
		challenge, redirect_uri, voiceagent.clock() + lifetime);
	RETURN v_token;
END
$$;
COMMENT ON FUNCTION voiceagent_private.oauth_token_of(voiceagent.connections, text, text, interval, text, text, text) IS
	'A new code of a connection, or the token that follows another.';

CREATE FUNCTION voiceagent_private.oauth_reach(tenant_id bigint) RETURNS void
	LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
	PERFORM set_config('voiceagent.token',
		voiceagent_private.issue_token(tenant_id, NULL, 'viewer', 'a connected program', 60), true);
END
$$;
COMMENT ON FUNCTION voiceagent_private.oauth_reach(bigint) IS
	'Proves the tenant of a token that was found by its hash, until the transaction ends: its connection is read next.';

CREATE FUNCTION voiceagent_private.end_connection(connection voiceagent.connections, why text) RETURNS void
	LANGUAGE plpgsql VOLATILE SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
BEGIN
	DELETE FROM voiceagent.connections c
	WHERE c.tenant_id = connection.tenant_id AND c.connection_id = connection.connection_id;
	-- Its waiting requests cannot be told from those of the member's other programs: none is done.
	UPDATE voiceagent_private.deferred_requests d
	SET state = 'canceled', request = NULL, body = NULL, ended_at = voiceagent.clock()
	WHERE d.tenant_id = connection.tenant_id AND d.state = 'waiting' AND d.request ? 'program'
		AND d.asked_by = 'member ' || connection.member_id;
	PERFORM voiceagent_private.audit('end_connection', 'connection ' || connection.connection_id,
		to_jsonb(connection) - '{tenant_id,session_version}'::text[], jsonb_build_object('why', why));
END
$$;
COMMENT ON FUNCTION voiceagent_private.end_connection(voiceagent.connections, text) IS
	'Ends a connection of the current tenant, with its tokens, and records why.';

CREATE FUNCTION voiceagent_private.oauth_connect(client jsonb, given jsonb) RETURNS text
	LANGUAGE plpgsql VOLATILE SET planner.policy = by_keys SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent_private.writer_tenant('viewer');
	v_member bigint := voiceagent_private.calling_member();
	v voiceagent.connections;
	c_hourly CONSTANT integer := 20;
BEGIN
	PERFORM voiceagent_private.fail_if((SELECT count(*) >= c_hourly FROM voiceagent.connections c
		WHERE c.tenant_id = v_tenant AND c.member_id = v_member
			AND c.created_at > voiceagent.clock() - interval '1 hour'), 'PT429', 'too many new connections',
		format('At most %s within an hour.', c_hourly));
	-- A connection that took no tokens while its last ones were good is over; a member has fifty at most, the newest.
	DELETE FROM voiceagent.connections c
	WHERE c.tenant_id = v_tenant AND (c.used_at < voiceagent.clock() - interval '30 days'
		OR c.connection_id IN (SELECT o.connection_id FROM voiceagent.connections o
			WHERE o.tenant_id = v_tenant AND o.member_id = v_member ORDER BY o.used_at DESC OFFSET 49));
	INSERT INTO voiceagent.connections AS c (tenant_id, member_id, client_name, client_host, session_version,
		created_at, used_at)
	SELECT v_tenant, v_member, client ->> 'client_name', substring(given ->> 'redirect_uri' FROM '^[^:]+:/*[^/?]*'),
		m.session_version, voiceagent.clock(), voiceagent.clock()
	FROM voiceagent.members m WHERE m.tenant_id = v_tenant AND m.member_id = v_member
	RETURNING c.* INTO v;
	PERFORM voiceagent_private.audit('connect_program', 'connection ' || v.connection_id, NULL,
		jsonb_build_object('client_name', v.client_name, 'client_host', v.client_host));
	RETURN voiceagent_private.oauth_token_of(v, 'code', given ->> 'client_id', interval '5 minutes',
		given ->> 'code_challenge', given ->> 'redirect_uri');
END
$$;
COMMENT ON FUNCTION voiceagent_private.oauth_connect(jsonb, jsonb) IS
	'Lets a program work for the calling member -> its code.';

CREATE FUNCTION voiceagent_private.oauth_authorize(method text, given jsonb, document text, OUT status integer,
	OUT location text, OUT body text)
	LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_address text := voiceagent_private.oauth_address();
	v_client jsonb := voiceagent_private.oauth_known_client(given ->> 'client_id', document);
	v_wrong text;
	v_said text;
	v_detail text;
BEGIN
	status := 400;
	-- Where the program is not known, or not the address, no browser is sent there.
	IF v_client IS NULL OR NOT EXISTS (SELECT FROM jsonb_array_elements_text(v_client -> 'redirect_uris') r(uri)
			WHERE r.uri = given ->> 'redirect_uri'
				-- A program on the person's own machine listens where there is room (RFC 8252).
				OR r.uri ~ '^http://(127\.0\.0\.1|\[::1\]|localhost)[:/?]' AND given ->> 'redirect_uri'
					~ '^http://(127\.0\.0\.1|\[::1\]|localhost)(:\d{1,5})?([/?][!-~]*)?$'
				AND regexp_replace(r.uri, '^(http://(\[::1\]|[^:/?]+)):\d+', '\1') = regexp_replace(
					given ->> 'redirect_uri', '^(http://(\[::1\]|[^:/?]+)):\d+', '\1')) THEN
		body := CASE WHEN v_client IS NULL
			THEN 'This program is not known here, or its description could not be read. Connect it anew.'
			ELSE 'This program did not say before that it would be answered at this address.' END;
		RETURN;
	END IF;
	v_wrong := CASE WHEN given ->> 'response_type' IS DISTINCT FROM 'code' THEN 'unsupported_response_type'
		WHEN coalesce(given ->> 'code_challenge', '') !~ '^[\w-]{43}$'
			OR given ->> 'code_challenge_method' IS DISTINCT FROM 'S256' OR length(given ->> 'state') > 2000
			THEN 'invalid_request'
		WHEN given ->> 'resource' <> v_address || '/mcp' THEN 'invalid_target'
		WHEN method = 'POST' AND given ->> 'answer' IS DISTINCT FROM 'allow' THEN 'access_denied' END;
	IF v_wrong IS NULL AND method = 'POST' THEN
		BEGIN
			-- A member's session, whose role and state are read anew; no token of a key's, or for a link.
			PERFORM set_config('voiceagent.token', coalesce(nullif(given ->> 'session', ''), voiceagent.login(
				given ->> 'email', given ->> 'password', nullif(given ->> 'tenant_id', '')::bigint)), true);
			PERFORM voiceagent.whoami(), voiceagent_private.calling_member();
			PERFORM voiceagent_private.fail_if(voiceagent_private.session_began() IS NULL, 'PT401',
				'this is no session', NULL, 'Log in with your password.');
			v_said := 'code=' || voiceagent_private.oauth_connect(v_client, given);
		EXCEPTION WHEN SQLSTATE 'PT401' OR SQLSTATE 'PT403' OR SQLSTATE 'PT409' OR SQLSTATE 'PT422' OR SQLSTATE 'PT429'
			OR data_exception THEN
			GET STACKED DIAGNOSTICS v_said = MESSAGE_TEXT, v_detail = PG_EXCEPTION_DETAIL;
			body := voiceagent_private.oauth_page(v_client, given,
				concat_ws(' ', upper(left(v_said, 1)) || substr(v_said, 2) || '.', nullif(v_detail, '')));
			RETURN;
		END;
	ELSIF method <> 'POST' THEN
		-- A program says itself where it is answered.  So a link alone redirects no browser: a member answers first.
		status := CASE WHEN v_wrong IS NULL THEN 200 ELSE 400 END;
		body := voiceagent_private.oauth_page(v_client, given,
			'This program asks in a way that is not understood here: ' || v_wrong);
		RETURN;
	END IF;
	status := 303;
	location := concat(given ->> 'redirect_uri', CASE WHEN given ->> 'redirect_uri' LIKE '%?%' THEN '&' ELSE '?' END,
		coalesce(v_said, 'error=' || v_wrong), '&state=' || voiceagent_private.percent_encoded(given ->> 'state'),
		'&iss=', voiceagent_private.percent_encoded(v_address));
END
$$;
COMMENT ON FUNCTION voiceagent_private.oauth_authorize(text, jsonb, text) IS
	E'A request that a member lets a program in: the page that asks, or, by POST, where its browser is sent.\n'
	'document: what was found at a client_id that is an address.';

CREATE FUNCTION voiceagent_private.oauth_token(given jsonb, OUT status integer, OUT body jsonb)
	LANGUAGE plpgsql VOLATILE SET planner.policy = by_keys SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_kind text := CASE given ->> 'grant_type' WHEN 'authorization_code' THEN 'code'
		WHEN 'refresh_token' THEN 'refresh' END;
	v_shown text := coalesce(given ->> 'code', given ->> 'refresh_token');
	v_next text[];
	v voiceagent_private.oauth_tokens;
	v_connection voiceagent.connections;
	c_most CONSTANT integer := 100;
	c_lost CONSTANT interval := '60 seconds';
BEGIN
	status := 400;
	body := jsonb_build_object('error', CASE WHEN v_kind IS NULL THEN 'unsupported_grant_type'
		WHEN given ->> 'resource' <> voiceagent_private.oauth_address() || '/mcp' THEN 'invalid_target'
		ELSE 'invalid_grant' END);
	IF body ->> 'error' <> 'invalid_grant' THEN
		RETURN;
	END IF;
	SELECT t.* INTO v FROM voiceagent_private.oauth_tokens t
	WHERE t.token_hash = voiceagent_private.oauth_hash(v_shown) AND t.kind = v_kind;
	IF v.expires_at IS NULL OR v.expires_at <= voiceagent.clock() THEN
		RETURN;
	END IF;
	PERFORM voiceagent_private.oauth_reach(v.tenant_id);
	SELECT c.* INTO v_connection FROM voiceagent.connections c
	JOIN voiceagent.members m USING (tenant_id, member_id)
	WHERE c.tenant_id = v.tenant_id AND c.connection_id = v.connection_id AND m.active
		AND m.session_version = c.session_version FOR UPDATE OF c;
	IF NOT FOUND THEN
		RETURN;
	END IF;
	-- Two may come at once: the second one sees what the first one did.
	v.used_at := (SELECT t.used_at FROM voiceagent_private.oauth_tokens t WHERE t.token_hash = v.token_hash);
	v_next := ARRAY[voiceagent_private.next_token('access', v_shown),
		voiceagent_private.next_token('refresh', v_shown)];
	-- The answer was lost, or two processes of one program renew: the same again, while no one has gone on from there.
	IF v_kind = 'refresh' AND v.used_at > voiceagent.clock() - c_lost AND v.client_id = given ->> 'client_id'
		AND EXISTS (SELECT FROM voiceagent_private.oauth_tokens t WHERE t.tenant_id = v.tenant_id
			AND t.token_hash = voiceagent_private.oauth_hash(v_next[2]) AND t.used_at IS NULL) THEN
		status := 200;
		body := jsonb_build_object('token_type', 'Bearer', 'expires_in', 3600 - ceil(extract(epoch
			FROM voiceagent.clock() - v.used_at))::integer, 'access_token', v_next[1], 'refresh_token', v_next[2]);
		RETURN;
	END IF;
	IF v.used_at IS NOT NULL OR v.client_id IS DISTINCT FROM given ->> 'client_id' OR v_kind = 'code'
		AND (v.redirect_uri IS DISTINCT FROM given ->> 'redirect_uri' OR v.challenge
			<> voiceagent_private.base64url(voiceagent_private.oauth_hash(given ->> 'code_verifier'))) THEN
		-- It has come to somebody else, who was first or is second: the tokens of both are over.
		PERFORM voiceagent_private.end_connection(v_connection, CASE WHEN v.used_at IS NULL THEN 'its proof was wrong'
			ELSE 'it came twice' END);
		PERFORM voiceagent_private.log_event('connection_ended', NULL, NULL, NULL, jsonb_build_object(
			'name', v_connection.client_name,
			'reason', 'ended: what it shows to renew itself was shown by somebody else, too'));
		RETURN;
	END IF;
	UPDATE voiceagent.connections c SET used_at = voiceagent.clock()
	WHERE c.tenant_id = v.tenant_id AND c.connection_id = v.connection_id;
	UPDATE voiceagent_private.oauth_tokens t SET used_at = voiceagent.clock() WHERE t.token_hash = v.token_hash;
	-- The newest are kept, so that renewing without end keeps no more.
	DELETE FROM voiceagent_private.oauth_tokens t WHERE t.tenant_id = v.tenant_id AND t.connection_id = v.connection_id
		AND (t.expires_at < voiceagent.clock() OR t.token_hash IN (SELECT n.token_hash
			FROM (SELECT o.token_hash, row_number() OVER (PARTITION BY o.kind ORDER BY o.expires_at DESC) AS n
				FROM voiceagent_private.oauth_tokens o
				WHERE o.tenant_id = v.tenant_id AND o.connection_id = v.connection_id) n WHERE n.n >= c_most));
	status := 200;
	body := jsonb_build_object('token_type', 'Bearer', 'expires_in', 3600,
		'access_token', voiceagent_private.oauth_token_of(v_connection, 'access', v.client_id, interval '1 hour',
			follows => v_shown),
		'refresh_token', voiceagent_private.oauth_token_of(v_connection, 'refresh', v.client_id, interval '30 days',
			follows => v_shown));
END
$$;
COMMENT ON FUNCTION voiceagent_private.oauth_token(jsonb) IS
	E'Exchanges a code or a refresh token, good once, for an access token of an hour and a refresh token of 30 days.\n'
	'A refresh token that comes again within a minute from the same program, whose successor was not used, gives the '
	'same. Any other that comes again, or with another proof, ends its connection, which keeps 100 of each kind.';

CREATE FUNCTION voiceagent_private.oauth_answer(method text, path text, given jsonb, document text,
	OUT status integer, OUT type text, OUT header text, OUT answer text)
	LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_json jsonb;
	v_page record;
	v_said text;
	v_until bigint := extract(epoch FROM voiceagent.clock() + interval '1 year')::bigint;
BEGIN
	PERFORM voiceagent_private.hide_query('oauth_answer');
	PERFORM voiceagent_private.fail_if(voiceagent_private.oauth_address() IS NULL, 'PT404', 'there is nothing here',
		NULL, 'The platform sets mail_links, the console''s address, before programs are let in.');
	status := 200;
	type := 'application/json';
	IF path = '/oauth/authorize' THEN
		v_page := voiceagent_private.oauth_authorize(method, given, document);
		status := v_page.status;
		answer := v_page.body;
		header := coalesce('Location: ' || v_page.location, 'Content-Security-Policy: default-src ''none''; '
			'script-src ''self''; style-src ''self''; connect-src ''self''; base-uri ''none''; '
			'frame-ancestors ''none''');
		type := CASE WHEN left(answer, 1) = '<' THEN 'text/html' ELSE 'text/plain' END || '; charset=utf-8';
		RETURN;
	ELSIF path LIKE '/.well-known/%' AND method <> 'POST' THEN
		answer := voiceagent_private.oauth_metadata(path);
	ELSIF method <> 'POST' THEN
		PERFORM voiceagent_private.fail('PT405', 'this is asked by POST');
	ELSIF path = '/oauth/register' THEN
		status := 201;
		-- Its client_id says what it said, signed, for a year (RFC 7591).
		v_json := voiceagent_private.oauth_client(given);
		v_said := voiceagent_private.base64url(convert_to(v_json::text, 'UTF8'));
		PERFORM voiceagent_private.fail_if(length(v_said) > 3000, 'PT422', 'redirect_uris are too long');
		answer := v_json || jsonb_build_object('client_id', format('vc_%s.%s.%s', v_until, v_said,
				voiceagent_private.sign_link('oauth client', v_until, v_said)),
			'client_id_issued_at', extract(epoch FROM voiceagent.clock())::bigint, 'token_endpoint_auth_method', 'none',
			'grant_types', '["authorization_code", "refresh_token"]'::jsonb, 'response_types', '["code"]'::jsonb);
	ELSIF path = '/oauth/token' THEN
		SELECT t.status, t.body INTO status, v_json FROM voiceagent_private.oauth_token(given) t;
		answer := v_json;
	ELSE
		PERFORM voiceagent_private.fail('PT404', 'there is nothing here');
	END IF;
EXCEPTION WHEN SQLSTATE 'PT422' THEN
	status := 400;
	answer := jsonb_build_object('error', 'invalid_client_metadata', 'error_description', SQLERRM);
END
$$;
COMMENT ON FUNCTION voiceagent_private.oauth_answer(text, text, jsonb, text) IS
	E'For the process web: the answer to a request of OAuth at one of our paths, with what was given as its query, '
	'form or JSON; PT404 where the platform has not set mail_links, PT405.\n'
	'header: a line of HTTP that goes with it; NULL: none.';

CREATE FUNCTION voiceagent_private.open_connection() RETURNS boolean
	LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v voiceagent_private.oauth_tokens;
	v_member record;
BEGIN
	SELECT t.* INTO v FROM voiceagent_private.oauth_tokens t
	WHERE t.token_hash = voiceagent_private.oauth_hash(current_setting('request.headers', true)::json ->> 'x-api-key')
		AND t.kind = 'access' AND t.expires_at > voiceagent.clock();
	IF NOT FOUND THEN
		RETURN false;
	END IF;
	PERFORM voiceagent_private.oauth_reach(v.tenant_id);
	SELECT m.member_id, m.role INTO v_member FROM voiceagent.connections c
	JOIN voiceagent.members m USING (tenant_id, member_id)
	WHERE c.tenant_id = v.tenant_id AND c.connection_id = v.connection_id AND m.active
		AND m.session_version = c.session_version;
	IF NOT FOUND THEN
		PERFORM set_config('voiceagent.token', '', true);
		RETURN false;
	END IF;
	PERFORM set_config('voiceagent.token', voiceagent_private.issue_token(v.tenant_id, v_member.member_id,
		v_member.role, 'member ' || v_member.member_id, 60), true);
	RETURN true;
END
$$;
COMMENT ON FUNCTION voiceagent_private.open_connection() IS
	'For the process api, of a request at /mcp: proves the member whose connection the token that was shown is of, '
	'until the transaction ends; false: it is none, or over.';

CREATE FUNCTION voiceagent.revoke_connection(connection_id bigint) RETURNS void
	LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent_private.writer_tenant('viewer');
	v voiceagent.connections;
BEGIN
	SELECT c.* INTO v FROM voiceagent.connections c
	WHERE c.tenant_id = v_tenant AND c.connection_id = revoke_connection.connection_id;
	PERFORM voiceagent_private.fail_if(NOT FOUND, 'PT404', 'there is no such connection');
	IF v.member_id IS DISTINCT FROM (voiceagent_private.caller()).member_id THEN
		PERFORM voiceagent_private.writer_tenant('owner');
	END IF;
	PERFORM voiceagent_private.end_connection(v, 'revoke_connection()');
END
$$;
COMMENT ON FUNCTION voiceagent.revoke_connection(bigint) IS
	E'A program works no longer for the member that let it in, from its next message on.\n'
	'For the member, and for owners. PT404, PT403.';

GRANT EXECUTE ON FUNCTION voiceagent_private.oauth_address(), voiceagent_private.open_connection(),
	voiceagent_private.oauth_answer(text, text, jsonb, text) TO voiceagent_api;
