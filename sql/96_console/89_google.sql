/*
 * 96_console: Google Calendar is connected by the platform's own OAuth client (authorization code with PKCE, RFC 7636).
 *
 * connect_google() sends a browser to Google with a state that is good once, for
 * ten minutes, and for the member alone who asked: /google/back of the console
 * leads it to the page, which brings state and code by finish_google() as that
 * member.  The verifier follows from the state by the key that signs links.
 *
 * Real time counts, as it does for tokens, and not the clock of a simulation.
 */

CREATE FUNCTION voiceagent_private.google_redirect() RETURNS text
	LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_address text := voiceagent_private.oauth_address();
BEGIN
	PERFORM voiceagent_private.fail_if(v_address IS NULL, 'PT409', 'the platform has not said where its console is',
		NULL, 'It sets mail_links, the console''s address, first.');
	RETURN v_address || '/google/back';
END
$$;
COMMENT ON FUNCTION voiceagent_private.google_redirect() IS 'Where Google sends its users back to; PT409.';

CREATE FUNCTION voiceagent.set_google_client(client_id text, client_secret text) RETURNS text
	LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
	PERFORM voiceagent_private.hide_query('set_google_client');
	PERFORM voiceagent_private.require_platform('set the client at Google');
	IF client_id IS NULL THEN
		DELETE FROM voiceagent_private.platform_secrets s WHERE s.name = 'google_client';
		PERFORM voiceagent.set_setting('google_client_id', '');
		RETURN NULL;
	END IF;
	PERFORM voiceagent_private.fail_if(concat(client_id, client_secret) ~ '[^!-~]' OR client_id = ''
		OR coalesce(length(client_secret), 0) NOT BETWEEN 1 AND 500, 'PT422',
		'a client has an ID and a secret, as Google''s console shows them');
	PERFORM voiceagent.set_setting('google_client_id', client_id);
	PERFORM voiceagent_private.seal_platform_secret('google_client',
		'client_secret=' || voiceagent_private.percent_encoded(client_secret));
	-- Connections of all tenants that rest because the client was wrong are tried with this one, eight at a time.
	UPDATE voiceagent_private.calendar_writers w SET next_at = voiceagent.clock()
	WHERE w.token_until IS NOT NULL AND w.failures > 0 AND w.state = 'waiting';
	PERFORM voiceagent_private.poke('calendar_writes');
	RETURN voiceagent_private.google_redirect();
END
$$;
COMMENT ON FUNCTION voiceagent.set_google_client(text, text) IS
	E'The platform''s OAuth client at Google, by which tenants connect their calendars -> the redirect URI for '
	'Google; connections to Google that rest are tried with it at once.\n'
	'NULL for client_id: none any more. For the platform. PT409 without mail_links; PT422; 55000 without the '
	'vault''s key.';

CREATE FUNCTION voiceagent.connect_google(calendar_id bigint DEFAULT NULL, name text DEFAULT NULL,
	person text DEFAULT NULL, writes text DEFAULT 'confirmed', calendar_connection_id bigint DEFAULT NULL)
	RETURNS jsonb
	LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent_private.writer_tenant(lasting := true);
	v_client text := voiceagent_private.platform_setting('google_client_id');
	v_back text := voiceagent_private.google_redirect();
	v_state text := voiceagent_private.random_token();
	v_until timestamptz := date_trunc('second', statement_timestamp()) + interval '10 minutes';
	v voiceagent.calendar_connections;
BEGIN
	PERFORM voiceagent_private.fail_if(v_client = '', 'PT409', 'the platform has no client at Google', NULL,
		'It calls set_google_client(). Connect by CalDAV, or subscribe to the feed of calendar_link().');
	IF calendar_connection_id IS NOT NULL THEN
		v := voiceagent_private.member_connection(calendar_connection_id);
		PERFORM voiceagent_private.fail_if(v.provider <> 'google', 'PT422', 'this calendar is not at Google');
	ELSE
		v.provider := 'google';
		v.url := voiceagent_private.check_target_url(voiceagent_private.google_address(3),
			voiceagent_private.platform_setting('calendar_private_hosts'));
		v.name := name;
		v.collection := concat(v.url, '/calendar/v3/calendars/',
			voiceagent_private.percent_encoded(coalesce(name, 'primary')), '/events');
		v.writes := writes;
		v := voiceagent_private.make_connection(calendar_id, person, v);
	END IF;
	UPDATE voiceagent_private.calendar_writers w SET consent = voiceagent_private.oauth_hash(v_state),
		consent_by = (voiceagent_private.caller()).member_id, consent_until = v_until
	WHERE w.tenant_id = v_tenant AND w.calendar_connection_id = v.calendar_connection_id;
	RETURN jsonb_build_object('calendar_connection_id', v.calendar_connection_id, 'allow_at',
		voiceagent_private.google_address(1) || '/o/oauth2/v2/auth?' || (
			SELECT string_agg(q.name || '=' || voiceagent_private.percent_encoded(q.value), '&' ORDER BY q.n)
			FROM (VALUES (1, 'response_type', 'code'), (2, 'client_id', v_client), (3, 'redirect_uri', v_back),
				(4, 'scope', 'https://www.googleapis.com/auth/calendar.events'), (5, 'access_type', 'offline'),
				-- Without it only the first time gives a refresh token.
				(6, 'prompt', 'consent'), (7, 'state', v_state), (8, 'code_challenge', voiceagent_private.base64url(
					voiceagent_private.oauth_hash(voiceagent_private.google_verifier(v_tenant, v_until, v_state)))),
				(9, 'code_challenge_method', 'S256')) q(n, name, value)));
END
$$;
COMMENT ON FUNCTION voiceagent.connect_google(bigint, text, text, text, bigint) IS
	E'Connects a Google calendar, as connect_calendar() does others -> {calendar_connection_id, allow_at: where its '
	'user allows it, within ten minutes}.\n'
	'name: the ID of the calendar at Google; NULL: the main one. calendar_connection_id: an existing one is allowed '
	'anew. For managers and owners; PT404, PT409, PT422.';

CREATE FUNCTION voiceagent_private.google_verifier(tenant_id bigint, until timestamptz, state text) RETURNS text
	LANGUAGE sql STABLE
	RETURN voiceagent_private.sign_link('google', extract(epoch FROM until)::bigint, concat_ws(' ', tenant_id, state));
COMMENT ON FUNCTION voiceagent_private.google_verifier(bigint, timestamptz, text) IS
	'Proves to Google that a code is exchanged by its requester (PKCE).';

CREATE FUNCTION voiceagent.finish_google(state text, code text) RETURNS bigint
	LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint;
	v_consent bytea := voiceagent_private.oauth_hash(state);
	v_member bigint := (voiceagent_private.caller()).member_id;
	v_until timestamptz;
	v_connection bigint;
	v voiceagent.calendar_connections;
BEGIN
	PERFORM voiceagent_private.hide_query('finish_google');
	v_tenant := voiceagent_private.writer_tenant();
	PERFORM voiceagent_private.fail_if(code ~ '[^!-~]' OR coalesce(length(code), 0) NOT BETWEEN 1 AND 1000, 'PT422',
		'Google has given no code');
	SELECT w.calendar_connection_id INTO v_connection FROM voiceagent_private.calendar_writers w
	WHERE w.tenant_id = v_tenant AND w.consent = v_consent;
	IF FOUND THEN
		v := voiceagent_private.member_connection(v_connection);
		SELECT w.consent_until INTO v_until FROM voiceagent_private.calendar_writers w
		WHERE w.tenant_id = v_tenant AND w.calendar_connection_id = v_connection AND w.consent = v_consent
			AND w.consent_by IS NOT DISTINCT FROM v_member AND w.consent_until > statement_timestamp();
	END IF;
	PERFORM voiceagent_private.fail_if(v_until IS NULL, 'PT404',
		'this answers nothing that you have begun within ten minutes, or it was used before', NULL,
		'Connect it again.');
	PERFORM voiceagent_private.seal_secret(voiceagent_private.secret_name('calendar_connection', v_connection),
		concat('grant_type=authorization_code&code=', voiceagent_private.percent_encoded(code), '&code_verifier=',
			voiceagent_private.google_verifier(v_tenant, v_until, state), '&redirect_uri=',
			voiceagent_private.percent_encoded(voiceagent_private.google_redirect())));
	UPDATE voiceagent_private.calendar_writers w SET consent = NULL, consent_by = NULL, consent_until = NULL,
		consents = w.consents + 1, token_until = '-infinity', sync = NULL, page = NULL
	WHERE w.tenant_id = v_tenant AND w.calendar_connection_id = v_connection;
	PERFORM voiceagent_private.want_all_copies(v);
	PERFORM voiceagent_private.audit('finish_google', 'calendar ' || v.calendar_id, NULL,
		jsonb_build_object('calendar_connection_id', v_connection));
	RETURN v_connection;
END
$$;
COMMENT ON FUNCTION voiceagent.finish_google(text, text) IS
	E'Takes what Google has sent a browser back with: the connection that was allowed -> calendar_connection_id.\n'
	'Once, within ten minutes, by the member who called connect_google(). PT404, PT409, PT422.';
