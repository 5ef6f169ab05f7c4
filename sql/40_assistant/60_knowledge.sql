-- 40_assistant: what an assistant knows besides its prompt: the documents that it has chosen.

CREATE TABLE voiceagent.assistant_knowledge (
	tenant_id bigint NOT NULL,
	assistant_id bigint NOT NULL,
	document_id bigint NOT NULL,
	created_at timestamptz NOT NULL,
	PRIMARY KEY (tenant_id, assistant_id, document_id),
	FOREIGN KEY (tenant_id, assistant_id) REFERENCES voiceagent.assistants,
	FOREIGN KEY (tenant_id, document_id) REFERENCES voiceagent.knowledge_documents
);
COMMENT ON TABLE voiceagent.assistant_knowledge IS 'Which documents an assistant may draw on.';
COMMENT ON COLUMN voiceagent.assistant_knowledge.created_at IS 'When it was given the document.';
CREATE INDEX assistant_knowledge_document ON voiceagent.assistant_knowledge (tenant_id, document_id);
SELECT voiceagent_private.guard_table('voiceagent.assistant_knowledge', 'tenant');

CREATE TABLE voiceagent.assistant_version_knowledge (
	tenant_id bigint NOT NULL,
	assistant_id bigint NOT NULL,
	version integer NOT NULL,
	document_id bigint NOT NULL,
	document_version integer NOT NULL,
	name text NOT NULL,
	sha256 bytea NOT NULL,
	PRIMARY KEY (tenant_id, assistant_id, version, document_id),
	FOREIGN KEY (tenant_id, assistant_id, version) REFERENCES voiceagent.assistant_versions
);
COMMENT ON TABLE voiceagent.assistant_version_knowledge IS
	'Immutable: which version of which document an assistant had when a version of it was written; it stays when the '
	'document is deleted.';
COMMENT ON COLUMN voiceagent.assistant_version_knowledge.version IS 'Version of the assistant.';
COMMENT ON COLUMN voiceagent.assistant_version_knowledge.document_version IS 'Version of the document.';
COMMENT ON COLUMN voiceagent.assistant_version_knowledge.name IS 'The document''s name at that time.';
COMMENT ON COLUMN voiceagent.assistant_version_knowledge.sha256 IS 'SHA-256 of the document''s text at that time.';
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON voiceagent.assistant_version_knowledge
	FOR EACH STATEMENT EXECUTE FUNCTION voiceagent_private.reject_change();
SELECT voiceagent_private.guard_table('voiceagent.assistant_version_knowledge', 'tenant');

CREATE FUNCTION voiceagent_private.require_assistant(assistant_id bigint) RETURNS void
	LANGUAGE plpgsql STABLE SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
BEGIN
	PERFORM FROM voiceagent.assistants a
	WHERE a.tenant_id = voiceagent.current_tenant() AND a.assistant_id = require_assistant.assistant_id;
	PERFORM voiceagent_private.fail_if(NOT FOUND, 'PT404', 'no such assistant');
END
$$;
COMMENT ON FUNCTION voiceagent_private.require_assistant(bigint) IS
	'PT404 unless the current tenant has this assistant.';

CREATE FUNCTION voiceagent.delete_knowledge(document_id bigint) RETURNS void
	LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET planner.policy = by_keys SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent_private.writer_tenant();
	v_passages integer;
BEGIN
	PERFORM voiceagent_private.lock_document(document_id);
	DELETE FROM voiceagent.assistant_knowledge k
	WHERE k.tenant_id = v_tenant AND k.document_id = delete_knowledge.document_id;
	DELETE FROM voiceagent_private.page_fetches f
	WHERE f.tenant_id = v_tenant AND f.document_id = delete_knowledge.document_id;
	DELETE FROM voiceagent_private.knowledge_words w
	WHERE w.tenant_id = v_tenant AND w.document_id = delete_knowledge.document_id;
	DELETE FROM voiceagent.knowledge_passages p
	WHERE p.tenant_id = v_tenant AND p.document_id = delete_knowledge.document_id;
	DELETE FROM voiceagent.knowledge_versions v
	WHERE v.tenant_id = v_tenant AND v.document_id = delete_knowledge.document_id;
	DELETE FROM voiceagent.knowledge_documents d
	WHERE d.tenant_id = v_tenant AND d.document_id = delete_knowledge.document_id RETURNING d.passages INTO v_passages;
	UPDATE voiceagent_private.knowledge_totals t SET documents = t.documents - 1, passages = t.passages - v_passages
	WHERE t.tenant_id = v_tenant;
END
$$;
COMMENT ON FUNCTION voiceagent.delete_knowledge(bigint) IS
	E'Deletes a document with its passages and words; no assistant finds it any more.\n'
	'Versions of assistants that were written with it keep its name and digest, and the words that their prompts '
	'quote. PT404.';

CREATE FUNCTION voiceagent_private.documents_of(assistant_id bigint) RETURNS bigint[]
	LANGUAGE sql STABLE SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
	SELECT ARRAY(SELECT k.document_id FROM voiceagent.assistant_knowledge k
		WHERE k.tenant_id = voiceagent.current_tenant() AND k.assistant_id = documents_of.assistant_id
		ORDER BY k.document_id)
$$;
COMMENT ON FUNCTION voiceagent_private.documents_of(bigint) IS
	'The documents that an assistant of the current tenant may draw on.';

CREATE FUNCTION voiceagent.find_knowledge(assistant_id bigint, words text, max_passages integer DEFAULT 5)
	RETURNS TABLE (document_id bigint, name text, version integer, passage integer, heading text, body text,
		score double precision)
	LANGUAGE plpgsql STABLE SECURITY DEFINER SET planner.policy = by_keys SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
BEGIN
	PERFORM voiceagent_private.require_assistant(find_knowledge.assistant_id);
	PERFORM voiceagent_private.fail_if(max_passages IS NULL OR max_passages NOT BETWEEN 1 AND 50, 'PT422',
		'max_passages is out of range', format('Got %s.', coalesce(max_passages::text, 'NULL')),
		'max_passages is 1 to 50.');
	RETURN QUERY
		SELECT r.document_id, d.name, d.version, r.passage, p.heading, p.body, r.score
		FROM voiceagent_private.rank_passages(voiceagent_private.documents_of(find_knowledge.assistant_id), words,
			max_passages) r
		CROSS JOIN LATERAL (SELECT k.name, k.version FROM voiceagent.knowledge_documents k
			WHERE k.tenant_id = v_tenant AND k.document_id = r.document_id OFFSET 0) d
		CROSS JOIN LATERAL (SELECT k.heading, k.body FROM voiceagent.knowledge_passages k
			WHERE k.tenant_id = v_tenant AND k.document_id = r.document_id AND k.passage = r.passage OFFSET 0) p
		ORDER BY r.score DESC, r.document_id, r.passage;
END
$$;
COMMENT ON FUNCTION voiceagent.find_knowledge(bigint, text, integer) IS
	E'Finds the passages of an assistant''s documents that say most of the words of a question, the best first.\n'
	'words: a question, of which the first 4,000 characters and 24 words count; max_passages: 1 to 50. No row: '
	'nothing says any of them. PT404, PT422.';

-- A text that comes from a document must not end the quotation, nor be read as a variable of the prompt.
CREATE FUNCTION voiceagent_private.quote_knowledge(words text) RETURNS text
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
	RETURN regexp_replace(regexp_replace(words, '([{}])(?=[{}%#])|([%#])(?=\})', '\1\2 ', 'g'),
		'([<>])(?=[<>])', '\1 ', 'g');
COMMENT ON FUNCTION voiceagent_private.quote_knowledge(text) IS
	'A text as a prompt quotes it: without {{, {%, {# and their ends, and without << and >>.';

CREATE FUNCTION voiceagent_private.knowledge_for_prompt(assistant_id bigint, words text, budget_tokens integer,
	language text DEFAULT NULL) RETURNS text
	LANGUAGE plpgsql STABLE SET planner.policy = by_keys SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	v_documents bigint[] := voiceagent_private.documents_of(knowledge_for_prompt.assistant_id);
	-- A token is three bytes or more in all four languages.
	v_bytes integer := least(coalesce(budget_tokens, 0), 20000) * 3;
	v_mark text;
	v_found text;
BEGIN
	PERFORM voiceagent_private.require_assistant(knowledge_for_prompt.assistant_id);
	v_mark := voiceagent_private.spoken_words('knowledge', coalesce(knowledge_for_prompt.language,
		(SELECT v.language FROM voiceagent.assistants a
		JOIN voiceagent.assistant_versions v ON v.tenant_id = v_tenant AND v.assistant_id = a.assistant_id
			AND v.version = a.version
		WHERE a.tenant_id = v_tenant AND a.assistant_id = knowledge_for_prompt.assistant_id)));
	v_bytes := v_bytes - octet_length(v_mark);
	IF cardinality(v_documents) = 0 OR v_bytes <= 0 THEN
		RETURN '';
	END IF;
	-- First what says most of the words; what is left of the budget goes to the documents' own order.
	WITH ranked AS MATERIALIZED (
		SELECT r.document_id, r.passage, row_number() OVER (ORDER BY r.score DESC, r.document_id, r.passage) AS place
		FROM voiceagent_private.rank_passages(v_documents, words, 200) r
	), candidate AS (
		SELECT r.document_id, r.passage, r.place FROM ranked r
		UNION ALL
		(SELECT p.document_id, p.passage, 200 + row_number() OVER (ORDER BY p.document_id, p.passage)
		FROM voiceagent.knowledge_passages p
		WHERE p.tenant_id = v_tenant AND p.document_id = ANY (v_documents)
			AND NOT EXISTS (SELECT FROM ranked r WHERE r.document_id = p.document_id AND r.passage = p.passage)
		ORDER BY p.document_id, p.passage LIMIT 1000)
	), quoted AS (
		SELECT c.document_id, c.passage, c.place,
			format(E'\n\n<<%s%s\n%s>>', voiceagent_private.quote_knowledge(d.name),
				CASE WHEN p.heading <> '' THEN ': ' || voiceagent_private.quote_knowledge(p.heading) ELSE '' END,
				voiceagent_private.quote_knowledge(p.body)) AS text
		FROM candidate c
		JOIN voiceagent.knowledge_documents d ON d.tenant_id = v_tenant AND d.document_id = c.document_id
		JOIN voiceagent.knowledge_passages p ON p.tenant_id = v_tenant AND p.document_id = c.document_id
			AND p.passage = c.passage
	)
	SELECT string_agg(q.text, '' ORDER BY q.document_id, q.passage) INTO v_found
	FROM (SELECT q.*, sum(octet_length(q.text)) OVER (ORDER BY q.place) AS used FROM quoted q) q
	WHERE q.used <= v_bytes;
	RETURN coalesce(v_mark || v_found, '');
END
$$;
COMMENT ON FUNCTION voiceagent_private.knowledge_for_prompt(bigint, text, integer, text) IS
	E'Reference material for the prompt of an assistant of the current tenant: the passages of its documents that say '
	'most of these words, then others in their order, within budget_tokens, in the order of the documents.\n'
	'A mark in language (NULL: that of its current version) says that it is no instruction, and nothing in it is '
	'read as a variable. Empty without documents or budget. PT404.';

-- A second place would say the same again, and many would make a prompt of any size.
CREATE FUNCTION voiceagent_private.fill_knowledge(assistant_id bigint, first_message text, system_prompt text,
	language text) RETURNS text
	LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_parts text[];
BEGIN
	IF system_prompt IS NULL OR length(system_prompt) > 200000
		OR 'knowledge' <> ALL (voiceagent_private.template_variables(system_prompt)) THEN
		RETURN NULL;
	END IF;
	v_parts := regexp_split_to_array(system_prompt, '\{\{-?\s*knowledge\s*-?\}\}');
	PERFORM voiceagent_private.fail_if(cardinality(v_parts) <> 2, 'PT422', 'a prompt has one place for knowledge',
		format('{{knowledge}} is there %s times.', cardinality(v_parts) - 1), 'Write it once.');
	RETURN v_parts[1] || voiceagent_private.knowledge_for_prompt(assistant_id,
		concat_ws(' ', first_message, v_parts[1], v_parts[2]),
		voiceagent_private.setting_integer('knowledge_prompt_tokens'), language) || v_parts[2];
END
$$;
COMMENT ON FUNCTION voiceagent_private.fill_knowledge(bigint, text, text, text) IS
	E'A system prompt with what the documents of its assistant say of its texts in the place {{knowledge}}.\n'
	'NULL: it has no such place. PT422 where it has two.';
