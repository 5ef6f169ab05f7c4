-- 39_knowledge: a document as the body of a request, as import_file() takes a list of leads.

CREATE FUNCTION voiceagent_private.text_of_file(body bytea) RETURNS text
	LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	-- In UTF-16 a text has twice as many bytes.
	v_longest bigint := 2 * voiceagent_private.platform_setting('knowledge_document_bytes')::bigint;
BEGIN
	IF octet_length(body) > v_longest THEN
		PERFORM voiceagent_private.fail('PT413', 'the document is too large', format('The file has %s bytes.',
			octet_length(body)), 'Cut it into several documents.');
	ELSIF substring(body FOR 5) = '%PDF-'::bytea OR substring(body FOR 4) IN ('\x504b0304', '\xd0cf11e0') THEN
		PERFORM voiceagent_private.fail('PT422', 'the file is no text', 'It is a PDF, office or ZIP file.',
			'Save it as text, Markdown or CSV.');
	END IF;
	RETURN (SELECT p.content FROM voiceagent_private.page_text(body, NULL, false) p WHERE body IS NOT NULL);
END
$$;
COMMENT ON FUNCTION voiceagent_private.text_of_file(bytea) IS
	'The text of a file in UTF-8, UTF-16 or Windows-1252, as its bytes say; PT413 for more than '
	'knowledge_document_bytes, PT422 for a PDF, office or ZIP file.';

CREATE FUNCTION voiceagent.add_knowledge_file(bytea) RETURNS bigint
	LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_document bigint := voiceagent_private.request_header('Knowledge-Document', 'bigint');
	v_name text := voiceagent_private.request_header('Knowledge-Name', 'encoded');
	v_kind text := voiceagent_private.request_header('Knowledge-Kind', 'text');
	v_language text := voiceagent_private.request_header('Knowledge-Language', 'text');
BEGIN
	PERFORM voiceagent_private.writer_tenant();
	PERFORM voiceagent_private.require_known_headers('a document',
		'{Knowledge-Name,Knowledge-Kind,Knowledge-Language,Knowledge-Document}');
	IF v_document IS NULL THEN
		RETURN voiceagent.add_knowledge(v_name, voiceagent_private.text_of_file($1), coalesce(v_kind, 'text'),
			coalesce(v_language, 'en-US'));
	ELSIF num_nonnulls(v_name, v_kind, v_language) > 0 THEN
		PERFORM voiceagent_private.fail('PT422', 'a document keeps its name, kind and language',
			'Knowledge-Document replaces the text of one.', 'Leave the other headers out.');
	END IF;
	PERFORM voiceagent.update_knowledge(v_document, voiceagent_private.text_of_file($1));
	RETURN v_document;
END
$$;
COMMENT ON FUNCTION voiceagent.add_knowledge_file(bytea) IS
	E'Adds a document that is the body of POST /rpc/add_knowledge_file, sent as application/octet-stream -> its id.\n'
	'Headers: Knowledge-Name (percent-encoded), Knowledge-Kind (text, markdown, csv), Knowledge-Language; or '
	'Knowledge-Document, the id of one whose text it replaces. Errors as add_knowledge(), and PT422 for a file that is '
	'no text.';
