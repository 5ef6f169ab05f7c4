-- 20_import: a file as the body of a request.

CREATE FUNCTION voiceagent_private.percent_decoded(value text) RETURNS text
	LANGUAGE sql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp
	RETURN (SELECT convert_from(string_agg(CASE WHEN m.part[1] ~ '^%..' THEN decode(substr(m.part[1], 2), 'hex')
			ELSE convert_to(m.part[1], 'UTF8') END, ''::bytea ORDER BY m.n), 'UTF8')
		FROM regexp_matches(value, '%[0-9A-Fa-f]{2}|[^%]+|%', 'g') WITH ORDINALITY AS m(part, n));
COMMENT ON FUNCTION voiceagent_private.percent_decoded(text) IS
	'A percent-encoded text (RFC 3986), as it was; 22021 where its bytes are no UTF-8.';

CREATE FUNCTION voiceagent_private.request_header(name text, kind text) RETURNS text
	LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_value text := nullif(btrim(nullif(current_setting('request.headers', true), '')::jsonb ->> lower(name)), '');
BEGIN
	IF kind = 'jsonb' THEN
		RETURN (CASE WHEN v_value ~* '^%7b' THEN voiceagent_private.percent_decoded(v_value)
			ELSE v_value END)::jsonb::text;
	ELSIF kind = 'encoded' THEN
		RETURN voiceagent_private.percent_decoded(v_value);
	ELSIF kind = 'bigint' THEN
		RETURN v_value::bigint::text;
	ELSIF kind = 'boolean' THEN
		RETURN v_value::boolean::text;
	END IF;
	RETURN v_value;
EXCEPTION WHEN data_exception THEN
	PERFORM voiceagent_private.fail('PT422', format('the header %s has a value that cannot be read', name),
		format('It says "%s".', left(v_value, 100)),
		CASE kind WHEN 'jsonb' THEN 'It is a JSON object: {"our field": "their header"}; percent-encoded, or with \u '
				'escapes, where it is not all ASCII.'
			WHEN 'bigint' THEN 'It is a number.' WHEN 'encoded' THEN 'It is percent-encoded UTF-8.'
			ELSE 'It is true or false.' END);
END
$$;
COMMENT ON FUNCTION voiceagent_private.request_header(text, text) IS
	E'The value of a header of PostgREST''s request as a text; NULL without it.\n'
	'kind: text, encoded (percent-encoded), bigint, boolean or jsonb (which may be percent-encoded), which it must be '
	'readable as (PT422).';

/* An unread header would silently change what a file does: Import-DryRun would import. */
CREATE FUNCTION voiceagent_private.require_known_headers(what text, known text[]) RETURNS void
	LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_prefix text := lower(split_part(known[1], '-', 1)) || '-';
	v_name text;
BEGIN
	SELECT k INTO v_name FROM jsonb_object_keys(nullif(current_setting('request.headers', true), '')::jsonb) k
	WHERE starts_with(lower(k), v_prefix) AND NOT lower(k) = ANY (lower(known::text)::text[]) ORDER BY k LIMIT 1;
	PERFORM voiceagent_private.fail_if(FOUND, 'PT422', format('%s has no header "%s"', what, left(v_name, 100)), NULL,
		format('The headers are %s.', array_to_string(known, ', ')));
END
$$;
COMMENT ON FUNCTION voiceagent_private.require_known_headers(text, text[]) IS
	'PT422 if PostgREST''s request has a header with the prefix of the known ones (Import-) that is none of them; what '
	'begins the error.';

/*
 * The argument has no name, so PostgREST hands the body over as it is.  The
 * options then have no place but the headers.
 */
CREATE FUNCTION voiceagent.import_file(bytea) RETURNS voiceagent.import_result
	LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_mapping jsonb := coalesce(voiceagent_private.request_header('Import-Mapping', 'jsonb')::jsonb, '{}');
	v_campaign bigint := voiceagent_private.request_header('Import-Campaign', 'bigint');
	v_country text := voiceagent_private.request_header('Import-Country', 'text');
	v_duplicates text := coalesce(voiceagent_private.request_header('Import-On-Duplicate', 'text'), 'skip');
	v_encoding text := voiceagent_private.request_header('Import-Encoding', 'text');
	v_dry_run boolean := coalesce(voiceagent_private.request_header('Import-Dry-Run', 'boolean')::boolean, false);
	v_key text := voiceagent_private.request_header('Idempotency-Key', 'text');
	v_batch bigint;
	v_step voiceagent_private.import_step;
	v_opened voiceagent.import_batches;
BEGIN
	PERFORM voiceagent_private.require_known_headers('an import', '{Import-Mapping,Import-Campaign,Import-Country,'
		'Import-On-Duplicate,Import-Encoding,Import-Dry-Run,Idempotency-Key}');
	IF $1 IS NULL THEN
		PERFORM voiceagent_private.fail('PT422', 'the request has no body');
	ELSIF NOT v_dry_run THEN
		v_batch := voiceagent.begin_import(v_mapping, v_country, v_campaign, v_duplicates, v_encoding, v_key);
		-- The same request again finds it finished, and gets the same answer.
		IF EXISTS (SELECT FROM voiceagent.import_batches b
				WHERE b.tenant_id = voiceagent.current_tenant() AND b.batch_id = v_batch AND b.status = 'open') THEN
			PERFORM voiceagent.append_import(v_batch, $1);
		END IF;
		RETURN voiceagent.finish_import(v_batch);
	END IF;
	PERFORM voiceagent_private.require_not_base64($1), voiceagent_private.require_encoding(v_encoding);
	v_opened := voiceagent_private.open_import(v_mapping, v_country, v_campaign, 'dry_run', v_duplicates);
	PERFORM voiceagent_private.lock_leads(true);
	v_step := voiceagent_private.import_chunk(v_opened.batch_id, v_opened.mapping, v_opened.default_country,
		v_opened.campaign_id, 0, $1, true, true, v_duplicates = 'update', NULL, NULL, NULL,
		voiceagent_private.encoding_name(v_encoding) || '!', NULL);
	RETURN voiceagent_private.count_import(v_opened.batch_id, v_step, octet_length($1), true);
END
$$;
COMMENT ON FUNCTION voiceagent.import_file(bytea) IS
	E'Imports a CSV file that is the body of POST /rpc/import_file, sent as application/octet-stream.\n'
	'Options are headers: Import-Mapping (JSON, may be percent-encoded), Import-Campaign, Import-Country, '
	'Import-On-Duplicate, Import-Encoding, Import-Dry-Run, Idempotency-Key; as the arguments of import_leads() and '
	'begin_import(). Another Import-... is PT422. Result and errors as import_leads().';
INSERT INTO voiceagent_private.registrations (kind, name) VALUES ('deferred', 'import_file');
