-- 60_inbox: webhooks by SQL, for carriers whose requests come through PostgREST.

CREATE FUNCTION voiceagent_private.take_webhook(endpoint text, headers jsonb, body bytea) RETURNS text
	LANGUAGE c VOLATILE STRICT AS 'MODULE_PATHNAME', 'va_sql_take_webhook';
COMMENT ON FUNCTION voiceagent_private.take_webhook(text, jsonb, bytea) IS
	E'Verifies a webhook over its raw bytes and stores it: received, or set aside: reason.\n'
	'PT404 unknown endpoint, PT401 forged or stale, PT413 too large.';

CREATE FUNCTION voiceagent.receive_webhook(endpoint text, headers jsonb, body bytea) RETURNS jsonb
	LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_answer text;
BEGIN
	PERFORM voiceagent_private.hide_query('receive_webhook');
	PERFORM voiceagent_private.fail_if(endpoint IS NULL OR headers IS NULL OR body IS NULL, 'PT422',
		'endpoint, headers and body must be given');
	v_answer := voiceagent_private.take_webhook(endpoint, headers, body);
	IF v_answer = 'received' THEN
		RETURN jsonb_build_object('received', true);
	END IF;
	RETURN jsonb_build_object('received', true, 'set_aside', substr(v_answer, 12));
END
$$;
COMMENT ON FUNCTION voiceagent.receive_webhook(text, jsonb, bytea) IS
	E'Takes a carrier''s webhook in: endpoint is the last part of the URL that create_endpoint() gave, headers an '
	'object of names and values, body the raw bytes.\n'
	'Returns {"received": true}, with "set_aside" and the reason when a genuine one cannot be read; PT404 unknown '
	'endpoint, PT401 forged or stale, PT413 larger than 1 MB, PT422 a NULL.';

/*
 * The argument has no name, so PostgREST hands the body over as it is; json,
 * unlike jsonb, keeps every byte of it, and a signature is over those bytes.
 */
CREATE FUNCTION voiceagent.receive_json_webhook(json) RETURNS jsonb
	LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_headers jsonb := nullif(current_setting('request.headers', true), '')::jsonb;
BEGIN
	PERFORM voiceagent_private.hide_query('receive_json_webhook');
	PERFORM voiceagent_private.fail_if(v_headers ->> 'x-voiceagent-endpoint' IS NULL, 'PT422',
		'the request has no header X-Voiceagent-Endpoint', NULL,
		'It is the last part of the URL that create_endpoint() gave; '
		'the carrier or the proxy in front adds it.');
	RETURN voiceagent.receive_webhook(v_headers ->> 'x-voiceagent-endpoint', v_headers - 'x-voiceagent-endpoint',
		convert_to($1::text, 'UTF8'));
END
$$;
COMMENT ON FUNCTION voiceagent.receive_json_webhook(json) IS
	E'receive_webhook() for PostgREST: the body of POST /rpc/receive_json_webhook byte for byte, the headers from '
	'request.headers, the endpoint (the last part of create_endpoint()''s URL) from the header '
	'X-Voiceagent-Endpoint.\n'
	'Answers and errors as receive_webhook(); PT422 without that header.';
