-- 39_knowledge: documents come, change and go.

CREATE FUNCTION voiceagent_private.cut_passages(kind text, content text, max_bytes integer, max_passages integer,
	OUT passage integer, OUT heading text, OUT body text) RETURNS SETOF record
	LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'va_sql_cut_passages';
COMMENT ON FUNCTION voiceagent_private.cut_passages(text, text, integer, integer) IS
	E'A document (kind: text, markdown, csv or page) cut into passages of at most max_bytes: at headings and '
	'paragraphs, a CSV file at its rows.\n'
	'PT413 if there are more than max_passages, PT422 for what is no CSV file.';

CREATE FUNCTION voiceagent_private.lock_knowledge() RETURNS voiceagent_private.knowledge_totals
	LANGUAGE plpgsql VOLATILE SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_totals voiceagent_private.knowledge_totals;
BEGIN
	INSERT INTO voiceagent_private.knowledge_totals (tenant_id)
	VALUES (voiceagent.current_tenant()) ON CONFLICT DO NOTHING;
	SELECT * INTO STRICT v_totals FROM voiceagent_private.knowledge_totals t
	WHERE t.tenant_id = voiceagent.current_tenant() FOR UPDATE;
	RETURN v_totals;
END
$$;
COMMENT ON FUNCTION voiceagent_private.lock_knowledge() IS
	'How much knowledge the current tenant has; no other session changes it until the transaction ends.';

CREATE FUNCTION voiceagent_private.lock_document(document_id bigint) RETURNS voiceagent.knowledge_documents
	LANGUAGE plpgsql VOLATILE SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_document voiceagent.knowledge_documents;
BEGIN
	PERFORM voiceagent_private.lock_knowledge();
	SELECT * INTO v_document FROM voiceagent.knowledge_documents d
	WHERE d.tenant_id = voiceagent.current_tenant() AND d.document_id = lock_document.document_id FOR UPDATE;
	PERFORM voiceagent_private.fail_if(NOT FOUND, 'PT404', 'no such document');
	RETURN v_document;
END
$$;
COMMENT ON FUNCTION voiceagent_private.lock_document(bigint) IS
	'A document of the current tenant, locked together with all its knowledge; PT404 if there is none.';

-- The length first: nothing is done with a document that is too long.
CREATE FUNCTION voiceagent_private.require_content(content text) RETURNS void
	LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_longest integer := voiceagent_private.platform_setting('knowledge_document_bytes')::integer;
BEGIN
	IF octet_length(content) > v_longest THEN
		PERFORM voiceagent_private.fail('PT413', 'the document is too large',
			format('content has %s bytes; knowledge_document_bytes allows %s.', octet_length(content), v_longest),
			'Cut it into several documents.');
	ELSIF content IS NULL OR content !~ '\S' THEN
		PERFORM voiceagent_private.fail('PT422', 'the document is empty', 'content has no text.',
			format('content is text of up to %s bytes.', v_longest));
	END IF;
END
$$;
COMMENT ON FUNCTION voiceagent_private.require_content(text) IS
	'PT413 for the text of a document that is longer than knowledge_document_bytes, PT422 for one without any.';

CREATE FUNCTION voiceagent_private.write_document(document voiceagent.knowledge_documents, content text) RETURNS integer
	LANGUAGE plpgsql VOLATILE SET planner.policy = by_keys SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	v_hash bytea := sha256(convert_to(content, 'UTF8'));
	v_most integer := voiceagent_private.platform_setting('knowledge_passages_max')::integer;
	v_bytes integer := voiceagent_private.platform_setting('knowledge_passage_bytes')::integer;
	v_others integer;
	v_passages integer;
BEGIN
	IF EXISTS (SELECT FROM voiceagent.knowledge_versions v
		WHERE v.tenant_id = v_tenant AND v.document_id = document.document_id AND v.version = document.version
			AND v.sha256 = v_hash) THEN
		RETURN document.version;
	END IF;
	SELECT t.passages - document.passages INTO v_others FROM voiceagent_private.knowledge_totals t
	WHERE t.tenant_id = v_tenant;
	PERFORM voiceagent_private.fail_if(v_others >= v_most, 'PT413', 'the tenant has too many passages',
		format('Its other documents have %s; knowledge_passages_max allows %s.', v_others, v_most),
		'Delete documents that are not needed, or have knowledge_passages_max raised.');
	DELETE FROM voiceagent.knowledge_passages p
	WHERE p.tenant_id = v_tenant AND p.document_id = document.document_id;
	INSERT INTO voiceagent.knowledge_passages (tenant_id, document_id, passage, heading, body)
	SELECT v_tenant, document.document_id, c.passage, c.heading, c.body
	FROM voiceagent_private.cut_passages(document.kind, content, v_bytes, v_most - v_others) c;
	GET DIAGNOSTICS v_passages = ROW_COUNT;
	PERFORM voiceagent_private.fail_if(v_passages = 0, 'PT422', 'the document has no passage',
		'content has no text below its names.',
		'A CSV file has a row of names, and below it at least one row of text.');
	PERFORM voiceagent_private.write_words(document.document_id, voiceagent_private.word_forms(document.language));
	INSERT INTO voiceagent.knowledge_versions (tenant_id, document_id, version, sha256, bytes, passages, created_at)
	VALUES (v_tenant, document.document_id, document.version + 1, v_hash, octet_length(content), v_passages,
		voiceagent.clock());
	DELETE FROM voiceagent.knowledge_versions v
	WHERE v.tenant_id = v_tenant AND v.document_id = document.document_id AND v.version <= document.version + 1
		- voiceagent_private.platform_setting('knowledge_versions_max')::integer;
	UPDATE voiceagent.knowledge_documents d
	SET version = document.version + 1, passages = v_passages, updated_at = voiceagent.clock()
	WHERE d.tenant_id = v_tenant AND d.document_id = document.document_id;
	UPDATE voiceagent_private.knowledge_totals t SET passages = v_others + v_passages WHERE t.tenant_id = v_tenant;
	RETURN document.version + 1;
END
$$;
COMMENT ON FUNCTION voiceagent_private.write_document(voiceagent.knowledge_documents, text) IS
	E'Makes a text, whose length is checked, the current version of a document that lock_document() gave; returns the '
	'version''s number, the old one if the text is the same.\n'
	'PT413, PT422.';

CREATE FUNCTION voiceagent_private.new_document(name text, kind text, language text, url text DEFAULT NULL)
	RETURNS voiceagent.knowledge_documents
	LANGUAGE plpgsql VOLATILE SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_document voiceagent.knowledge_documents;
	v_totals voiceagent_private.knowledge_totals;
	v_most integer := voiceagent_private.platform_setting('knowledge_documents_max')::integer;
BEGIN
	PERFORM voiceagent_private.fail_if(NOT voiceagent_private.is_name(name, 200), 'PT422',
		'a document needs a name of 1 to 200 characters, in one line',
		format('name has %s.', coalesce(length(name), 0)));
	PERFORM voiceagent_private.fail_if(language IS NULL OR language !~ '^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}$',
		'PT422', 'invalid language', format('language is %s.', coalesce(left(language, 100), 'NULL')),
		'Give a language tag such as en-US, es-ES, fr-FR or de-DE.');
	v_totals := voiceagent_private.lock_knowledge();
	-- A prompt names the document as the source: two of one name could not be distinguished.
	SELECT d.* INTO v_document FROM voiceagent.knowledge_documents d
	WHERE d.tenant_id = voiceagent.current_tenant() AND lower(d.name) = lower(btrim(new_document.name)) LIMIT 1;
	PERFORM voiceagent_private.fail_if(FOUND, 'PT409', 'there is a document of this name',
		format('It is document %s, of the kind %s.', v_document.document_id, v_document.kind),
		CASE v_document.kind
			WHEN 'page' THEN format('refresh_knowledge_page(%s) reads it again.', v_document.document_id)
			ELSE format('update_knowledge(%s, content) makes its next version.', v_document.document_id) END);
	PERFORM voiceagent_private.fail_if(v_totals.documents >= v_most, 'PT413', 'the tenant has too many documents',
		format('It has %s; knowledge_documents_max allows %s.', v_totals.documents, v_most),
		'Delete documents that are not needed, or have knowledge_documents_max raised.');
	UPDATE voiceagent_private.knowledge_totals t SET documents = t.documents + 1
	WHERE t.tenant_id = voiceagent.current_tenant();
	INSERT INTO voiceagent.knowledge_documents AS d (tenant_id, name, kind, language, url, status, created_at,
		updated_at)
	VALUES (voiceagent.current_tenant(), btrim(name), kind, language, url,
		CASE kind WHEN 'page' THEN 'fetching' ELSE 'ready' END, voiceagent.clock(), voiceagent.clock())
	RETURNING d.* INTO v_document;
	RETURN v_document;
END
$$;
COMMENT ON FUNCTION voiceagent_private.new_document(text, text, text, text) IS
	'Makes a document without a version; PT409 for a name that another has, PT422, PT413 for more than '
	'knowledge_documents_max.';

CREATE FUNCTION voiceagent.add_knowledge(name text, content text, kind text DEFAULT 'text',
	language text DEFAULT 'en-US') RETURNS bigint
	LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_document voiceagent.knowledge_documents;
BEGIN
	PERFORM voiceagent_private.writer_tenant();
	PERFORM voiceagent_private.fail_if(kind IS NULL OR kind NOT IN ('text', 'markdown', 'csv'), 'PT422',
		format('unknown kind of document "%s"', left(coalesce(kind, 'NULL'), 60)), NULL,
		'kind is text, markdown or csv; add_knowledge_page() reads a web page.');
	PERFORM voiceagent_private.require_content(content);
	v_document := voiceagent_private.new_document(name, kind, language);
	PERFORM voiceagent_private.write_document(v_document, content);
	RETURN v_document.document_id;
END
$$;
COMMENT ON FUNCTION voiceagent.add_knowledge(text, text, text, text) IS
	E'Adds a document that assistants may draw on, and returns its id.\n'
	'content: its text; kind: text, markdown, csv (columns question and answer, or a row a passage); language: BCP 47 '
	'tag. choose_knowledge() gives it to an assistant. PT409 for a name that another document has; PT413 for what is '
	'longer than knowledge_document_bytes or more than the tenant may have; PT422.';

CREATE FUNCTION voiceagent.update_knowledge(document_id bigint, content text) RETURNS integer
	LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_document voiceagent.knowledge_documents;
BEGIN
	PERFORM voiceagent_private.writer_tenant();
	PERFORM voiceagent_private.require_content(content);
	v_document := voiceagent_private.lock_document(document_id);
	PERFORM voiceagent_private.fail_if(v_document.kind = 'page', 'PT409', 'the document is a web page',
		format('It is the text of %s.', left(v_document.url, 500)), 'refresh_knowledge_page() reads it again.');
	RETURN voiceagent_private.write_document(v_document, content);
END
$$;
COMMENT ON FUNCTION voiceagent.update_knowledge(bigint, text) IS
	E'Replaces the text of a document and returns the number of its current version.\n'
	'The same text makes no new version. Prompts that quote the old text stay as they are until their assistant gets '
	'a new version. PT404, PT409 for a page, PT413, PT422.';
