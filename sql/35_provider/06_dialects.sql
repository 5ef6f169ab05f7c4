-- 35_provider: which carriers there are. SQL goes by these facts, never by a carrier's name (but the sandbox's: it is ours).

CREATE FUNCTION voiceagent_private.is_provider(provider text) RETURNS boolean
	LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'va_sql_is_provider';
COMMENT ON FUNCTION voiceagent_private.is_provider(text) IS 'Whether there is a dialect of that name.';

CREATE FUNCTION voiceagent_private.dialect_names() RETURNS text[]
	LANGUAGE c IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'va_sql_dialect_names';
COMMENT ON FUNCTION voiceagent_private.dialect_names() IS 'The carriers, as users write them, in the order in which they are shown.';

CREATE FUNCTION voiceagent_private.dialect_facts(provider text, OUT title text, OUT proof text, OUT webhook_secret text,
		OUT calls_per_second double precision, OUT dial_repeatable_s integer, OUT absence_proves boolean, OUT lists_calls boolean,
		OUT has_socket boolean, OUT answers_by_document boolean, OUT detects_machines boolean, OUT records boolean, OUT capabilities text[])
	LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'va_sql_dialect_facts';
COMMENT ON FUNCTION voiceagent_private.dialect_facts(text) IS
	'What is known of a carrier: its name for people; how its webhooks are proven (none: it sends none; scheme: as the setting webhook says; vendor: its own signature; peer: its networks) and with which credential; dials per second that it takes (0: not known); for how many seconds the same dial may be sent again; whether a call that it does not know was never placed; lists_calls: a lost dial can be looked for; has_socket: its events come over a socket that we open; answers_by_document: calls are told what to do in the reply to a webhook; capabilities: all that it can do. PT422 for an unknown provider.';

CREATE FUNCTION voiceagent_private.dialect_fields(provider text)
	RETURNS TABLE (part text, name text, kind text, required boolean, about text)
	LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE ROWS 10 AS 'MODULE_PATHNAME', 'va_sql_dialect_fields';
COMMENT ON FUNCTION voiceagent_private.dialect_fields(text) IS
	'What an account at a carrier consists of: part is credentials or settings; kind is text, url, e164, integer, boolean, pem or object. PT422 for an unknown provider.';

CREATE FUNCTION voiceagent_private.is_errand(kind text) RETURNS boolean
	LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'va_sql_is_errand';
COMMENT ON FUNCTION voiceagent_private.is_errand(text) IS
	'Whether there are errands of that kind: check_account, balance, hangup, transfer, say, play, send_dtmf, answer, stream, record, fetch_recording, fetch_cost, list_numbers, search_numbers, buy_number, release_number, configure_number, create_credential, create_number.';

CREATE FUNCTION voiceagent_private.dialect_can(provider text, kind text) RETURNS boolean
	LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'va_sql_dialect_can';
COMMENT ON FUNCTION voiceagent_private.dialect_can(text, text) IS
	'Whether a carrier has errands of that kind. PT422 for an unknown provider or kind.';

CREATE FUNCTION voiceagent_private.dialect_title(provider text) RETURNS text
	LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'va_sql_dialect_title';
COMMENT ON FUNCTION voiceagent_private.dialect_title(text) IS 'A carrier''s name for people. PT422 for an unknown provider.';
