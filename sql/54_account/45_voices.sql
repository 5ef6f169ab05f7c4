-- 54_account: the voices that a vendor has for an account, fetched with its key.

CREATE FUNCTION voiceagent.fetch_voices(provider_account_id bigint) RETURNS bigint
	LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
	PERFORM voiceagent_private.writer_tenant();
	RETURN voiceagent_private.request_account_check(provider_account_id, 'list_voices');
END
$$;
COMMENT ON FUNCTION voiceagent.fetch_voices(bigint) IS
	E'Asks ElevenLabs which voices there are, with the credential elevenlabs_api_key of an account; returns '
	'provider_request_id.\n'
	'list_voices(''11labs'') shows them a moment later, and other ids of that vendor are then refused. '
	'For managers and owners; PT404, PT422 where the carrier takes no such voices.';

CREATE FUNCTION voiceagent_private.take_voices(list voiceagent.provider_requests) RETURNS void
	LANGUAGE plpgsql VOLATILE SET planner.policy = by_keys SET search_path = pg_catalog, pg_temp AS $$
BEGIN
	IF list.state <> 'done' THEN
		RETURN;
	END IF;
	INSERT INTO voiceagent.account_voices (tenant_id, provider_account_id, vendor, voice, name, language, category,
		fetched_at)
	SELECT DISTINCT ON (v ->> 'voice') list.tenant_id, list.provider_account_id, '11labs', v ->> 'voice',
		coalesce(v ->> 'name', v ->> 'voice'), v ->> 'language', v ->> 'category', list.done_at
	FROM jsonb_array_elements(list.result -> 'voices') v ORDER BY v ->> 'voice'
	ON CONFLICT (tenant_id, provider_account_id, vendor, voice) DO UPDATE
		SET name = excluded.name, language = excluded.language, category = excluded.category,
			fetched_at = excluded.fetched_at;
	-- A number that the vendor no longer names is gone.
	DELETE FROM voiceagent.account_voices o
	WHERE o.tenant_id = list.tenant_id AND o.provider_account_id = list.provider_account_id
		AND o.fetched_at < list.done_at;
END
$$;
COMMENT ON FUNCTION voiceagent_private.take_voices(voiceagent.provider_requests) IS
	'A list of voices has come: it takes the place of the one that the account had.';
INSERT INTO voiceagent_private.provider_request_handlers (kind, handler) VALUES ('list_voices', 'take_voices');
