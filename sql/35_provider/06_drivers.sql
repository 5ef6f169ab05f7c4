-- 35_provider: which carriers there are. SQL goes by these facts, never by a carrier's name (but
-- the sandbox's: it is ours).

CREATE FUNCTION voiceagent_private.is_provider(provider text) RETURNS boolean
	LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'va_sql_is_provider';
COMMENT ON FUNCTION voiceagent_private.is_provider(text) IS 'Whether there is a driver of that name.';

CREATE FUNCTION voiceagent_private.driver_names() RETURNS text[]
	LANGUAGE c IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'va_sql_driver_names';
COMMENT ON FUNCTION voiceagent_private.driver_names() IS
	'The carriers, as users write them, in the order in which they are shown.';

-- webhook_secret: the credential that webhooks are proven with. account_name: the setting or credential that names the
-- account (NULL: its key alone tells). calls_per_second: the dials that it takes. dial_repeatable_s: for how long the
-- same dial may be sent again. absence_proves: a call that it does not know was never placed. refs_are_ids: it takes
-- our reference of an attempt as its id of the call. lists_calls: a lost dial can be looked for. has_socket: its events
-- come over a socket that we open. answers_by_document: calls get their orders in the reply to a webhook.
-- spoken_max: the length of one text that it says for us. converses: it holds the conversation itself, and says a
-- first message of any length. records: the dial itself asks for a recording (else the provider request record does,
-- where it is among the capabilities). speaks: it says words of ours when a call is answered (else it plays a
-- recording, or nothing). has_dtmf: it tells which keys are pressed in a call. capabilities: all that it can do.
CREATE FUNCTION voiceagent_private.driver_facts(provider text, OUT title text, OUT proof text, OUT webhook_secret text,
		OUT account_name text, OUT calls_per_second double precision, OUT dial_repeatable_s integer,
		OUT absence_proves boolean, OUT refs_are_ids boolean, OUT lists_calls boolean, OUT has_socket boolean,
		OUT answers_by_document boolean, OUT spoken_max integer, OUT converses boolean, OUT has_amd boolean,
		OUT records boolean, OUT speaks boolean, OUT has_dtmf boolean, OUT capabilities text[])
	LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'va_sql_driver_facts';
COMMENT ON FUNCTION voiceagent_private.driver_facts(text) IS
	E'Tells what is known of a carrier: its name for people, how its webhooks are proven, and what it can do.\n'
	'proof: none (it sends none), scheme (as the setting webhook says), vendor (its own signature) or peer (its '
	'networks); calls_per_second: 0 if not known; dial_repeatable_s: seconds; spoken_max: characters, 0 for any. '
	'PT422 for an unknown provider.';

CREATE FUNCTION voiceagent_private.driver_fields(provider text)
	RETURNS TABLE (part text, name text, kind text, required boolean, about text)
	LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE ROWS 10 AS 'MODULE_PATHNAME', 'va_sql_driver_fields';
COMMENT ON FUNCTION voiceagent_private.driver_fields(text) IS
	E'The parts of an account at a carrier: part is credentials or settings; kind is text, url, e164, integer, '
	'boolean, pem or object.\n'
	'PT422 for an unknown provider.';

CREATE FUNCTION voiceagent_private.is_provider_request(kind text) RETURNS boolean
	LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'va_sql_is_provider_request';
COMMENT ON FUNCTION voiceagent_private.is_provider_request(text) IS
	'Whether there are provider requests of that kind: check_account, balance, hangup, transfer, say, play, '
	'send_dtmf, answer, limit, check_playback, stream, record, fetch_recording, fetch_cost, list_numbers, '
	'search_numbers, buy_number, release_number, configure_number, create_credential, create_number, list_voices, '
	'create_assistant, update_assistant, fetch_assistant, find_assistant, delete_assistant.';

CREATE FUNCTION voiceagent_private.driver_can(provider text, kind text) RETURNS boolean
	LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'va_sql_driver_can';
COMMENT ON FUNCTION voiceagent_private.driver_can(text, text) IS
	E'Whether a carrier has provider requests of that kind, or another capability: ring_first, an incoming call that '
	'it has put through, and that was not taken, comes back for another order.\n'
	'PT422 for an unknown provider or kind.';

CREATE FUNCTION voiceagent_private.plays_instead(provider text, said text) RETURNS boolean
	LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'va_sql_plays_instead';
COMMENT ON FUNCTION voiceagent_private.plays_instead(text, text) IS
	E'Whether a carrier ordered to say a text plays its account''s recording instead, which was made for whom we '
	'call, because the text names no recording itself; NULL without a text.\n'
	'PT422 for an unknown provider.';

CREATE FUNCTION voiceagent_private.driver_title(provider text) RETURNS text
	LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'va_sql_driver_title';
COMMENT ON FUNCTION voiceagent_private.driver_title(text) IS
	E'A carrier''s name for people.\n'
	'PT422 for an unknown provider.';

CREATE FUNCTION voiceagent_private.account_fields(provider text)
	RETURNS TABLE (part text, name text, kind text, required boolean, about text)
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
	-- Parsed here: a role that reads the view providers does not see our schema.
	BEGIN ATOMIC
	SELECT f.part, f.name, f.kind, f.required, f.about FROM voiceagent_private.driver_fields(provider) f
	UNION ALL
	SELECT 'settings', c.name, c.kind, c.name = 'webhook_peers' AND d.proof = 'peer', c.about
	FROM voiceagent_private.driver_facts(provider) d
	CROSS JOIN LATERAL (VALUES
		('base_url', 'url', 'where the carrier''s API answers, when it is not the carrier''s own address',
			provider <> 'sandbox'),
		('max_concurrent_calls', 'integer', 'live calls on the account at once', true),
		('calls_per_second', 'number',
			'dials per second at most; 0: any; without it what the carrier is known to take', true),
		('webhook_peers', 'networks', 'networks that webhooks may come from, such as 192.0.2.0/24, or any',
			d.proof IN ('vendor', 'peer'))
	) c(name, kind, about, offered)
	WHERE c.offered AND NOT EXISTS (SELECT FROM voiceagent_private.driver_fields(provider) f
		WHERE f.part = 'settings' AND f.name = c.name);
	END;
COMMENT ON FUNCTION voiceagent_private.account_fields(text) IS
	E'The fields of an account at a carrier: driver_fields(), and what accounts of all carriers have.\n'
	'PT422 for an unknown provider.';

CREATE VIEW voiceagent.providers WITH (security_invoker = true) AS
	SELECT n.provider, d.title, d.capabilities,
		'check_account' = ANY (d.capabilities) AS can_be_tested,
		'balance' = ANY (d.capabilities) AS has_balance,
		'hangup' = ANY (d.capabilities) AS can_hang_up,
		'transfer' = ANY (d.capabilities) AS can_transfer,
		'say' = ANY (d.capabilities) AS can_say,
		'play' = ANY (d.capabilities) AS can_play,
		'send_dtmf' = ANY (d.capabilities) AS can_send_digits,
		'buy_number' = ANY (d.capabilities) AS sells_numbers,
		d.converses, d.has_dtmf, d.has_amd, d.records OR 'record' = ANY (d.capabilities) AS records,
		d.calls_per_second,
		(SELECT jsonb_agg(jsonb_build_object('name', f.name, 'kind', f.kind, 'required', f.required, 'about', f.about))
			FROM voiceagent_private.account_fields(n.provider) f WHERE f.part = 'credentials') AS credentials,
		(SELECT jsonb_agg(jsonb_build_object('name', f.name, 'kind', f.kind, 'required', f.required, 'about', f.about))
			FROM voiceagent_private.account_fields(n.provider) f WHERE f.part = 'settings') AS settings,
		CASE d.proof
			WHEN 'none' THEN 'no webhooks: events come over a socket that we open'
			WHEN 'scheme' THEN 'signed, or with a secret, as the setting webhook says'
			WHEN 'vendor' THEN format('the carrier''s own signature, with the credential %s', d.webhook_secret)
			ELSE 'the unguessable address and the sender''s network; '
				'what is said is asked for again' END AS webhook_proof,
		CASE WHEN d.dial_repeatable_s > 0
				THEN format('within %s s the same request is sent again, which dials once; ', d.dial_repeatable_s)
			ELSE '' END
			|| CASE WHEN d.absence_proves THEN
				'the carrier is asked; what it does not know was never placed, and is dialled again'
				WHEN d.lists_calls THEN 'looked for among the carrier''s calls; '
					'one that is not found stays unknown and is not dialled again'
				ELSE 'the carrier is asked; '
					'one that it does not know stays unknown and is not dialled again' END AS unknown_dials
	FROM unnest(voiceagent_private.driver_names()) WITH ORDINALITY AS n(provider, position)
	CROSS JOIN LATERAL voiceagent_private.driver_facts(n.provider) d
	ORDER BY n.position;
COMMENT ON VIEW voiceagent.providers IS
	'The carriers that accounts can be made at, what each can do, and what its accounts need: see '
	'create_provider_account().';
COMMENT ON COLUMN voiceagent.providers.provider IS 'The carrier, as create_provider_account() takes it.';
COMMENT ON COLUMN voiceagent.providers.title IS 'Its name, for people.';
COMMENT ON COLUMN voiceagent.providers.capabilities IS 'All that it can do; what is not here is refused with PT422.';
COMMENT ON COLUMN voiceagent.providers.can_be_tested IS 'test_provider_account() can ask it.';
COMMENT ON COLUMN voiceagent.providers.has_balance IS 'provider_balance() can ask it.';
COMMENT ON COLUMN voiceagent.providers.can_hang_up IS 'hang_up_call() ends a live call.';
COMMENT ON COLUMN voiceagent.providers.can_transfer IS 'transfer_call() puts a live call through.';
COMMENT ON COLUMN voiceagent.providers.can_say IS 'say_in_call() says something in a live call.';
COMMENT ON COLUMN voiceagent.providers.can_play IS 'play_in_call() plays a recording in a live call.';
COMMENT ON COLUMN voiceagent.providers.can_send_digits IS 'send_digits() sends tones in a live call.';
COMMENT ON COLUMN voiceagent.providers.sells_numbers IS 'Numbers can be bought from it.';
COMMENT ON COLUMN voiceagent.providers.converses IS
	'It holds the conversation itself; the others need the setting stream_url for that, where they have it.';
COMMENT ON COLUMN voiceagent.providers.has_dtmf IS
	'In its calls without a conversation a key (the setting opt_out_key) stops the calls.';
COMMENT ON COLUMN voiceagent.providers.has_amd IS 'It tells people from answering machines.';
COMMENT ON COLUMN voiceagent.providers.records IS 'It records calls.';
COMMENT ON COLUMN voiceagent.providers.calls_per_second IS 'Dials per second that it takes; 0: not known.';
COMMENT ON COLUMN voiceagent.providers.credentials IS
	'Its credentials: [{"name", "kind" (text, url, pem, ...), "required", "about"}].';
COMMENT ON COLUMN voiceagent.providers.settings IS 'Its settings, likewise.';
COMMENT ON COLUMN voiceagent.providers.webhook_proof IS 'How it is known that a webhook comes from it.';
COMMENT ON COLUMN voiceagent.providers.unknown_dials IS 'The treatment of a dial whose answer was lost.';
