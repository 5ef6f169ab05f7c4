-- 35_provider: sockets that carriers open to us with the audio of a call, which the process media holds (88_media).

CREATE FUNCTION voiceagent_private.media_address() RETURNS text
	LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
	SELECT CASE WHEN coalesce(current_setting('voiceagent.public_base_url', true), '') <> ''
		THEN regexp_replace(current_setting('voiceagent.public_base_url'), '^http', 'ws')
		ELSE (SELECT regexp_replace(w.address, '^http', 'ws') FROM voiceagent_private.worker_status() w
			WHERE w.kind = 'media') END
$$;
COMMENT ON FUNCTION voiceagent_private.media_address() IS
	'Where carriers open their sockets: below voiceagent.public_base_url, or the process''s own address; NULL: it does '
	'not run.';

CREATE FUNCTION voiceagent_private.own_stream(account voiceagent.provider_accounts) RETURNS boolean
	LANGUAGE sql STABLE SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
	SELECT coalesce(account.settings ->> 'stream_url' LIKE '%/media/%', false)
		AND EXISTS (SELECT FROM voiceagent_private.endpoint_routes r
			WHERE r.tenant_id = account.tenant_id AND r.provider_account_id = account.provider_account_id
				AND account.settings ->> 'stream_url'
					= concat(voiceagent_private.media_address(), '/media/', account.provider, '/', r.token))
$$;
COMMENT ON FUNCTION voiceagent_private.own_stream(voiceagent.provider_accounts) IS
	'Whether the stream_url of an account is media_url() of it: then we hold its calls ourselves, with all their '
	'words, and nothing is said before the socket is connected.';

CREATE FUNCTION voiceagent_private.stream_of_call(account voiceagent.provider_accounts, name text) RETURNS text
	LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
	SELECT nullif(account.settings ->> 'stream_url', '')
		|| CASE WHEN name ~ '^[A-Za-z0-9:._~-]{1,200}$' AND voiceagent_private.own_stream(account)
			THEN '/' || name ELSE '' END
$$;
COMMENT ON FUNCTION voiceagent_private.stream_of_call(voiceagent.provider_accounts, text) IS
	'Where the audio of a call of an account is connected: its stream_url, below which our own sockets name the call '
	'(our reference, or the carrier''s id of one that comes in); NULL: it has none.';
