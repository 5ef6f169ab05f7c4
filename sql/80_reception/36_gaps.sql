-- 80_reception: questions of callers that the knowledge of an assistant did not answer, and their answers.

CREATE FUNCTION voiceagent_private.gap_key(language text, question text) RETURNS text[]
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
	RETURN ARRAY(SELECT w FROM unnest(voiceagent_private.question_words(voiceagent_private.word_forms(language),
		question)) w ORDER BY w);
COMMENT ON FUNCTION voiceagent_private.gap_key(text, text) IS
	'The stems of a question in their order, by which it is like another; none of words that say nothing.';

CREATE FUNCTION voiceagent_private.says_of(language text, question text, passage text) RETURNS real
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
	RETURN (SELECT avg((w = ANY (ARRAY(SELECT voiceagent_private.fold_word(t.lexeme,
			voiceagent_private.word_forms(language))
			FROM unnest(to_tsvector(voiceagent_private.word_forms(language), passage)) t)))::integer)
		FROM unnest(voiceagent_private.gap_key(language, question)) w);
COMMENT ON FUNCTION voiceagent_private.says_of(text, text, text) IS
	'How many of the words of a question, from 0 to 1, a passage says; NULL: it has none.';

CREATE FUNCTION voiceagent.list_gaps(assistant_id bigint DEFAULT NULL)
	RETURNS TABLE (assistant bigint, question text, asked bigint, calls bigint[], first_at timestamptz,
		last_at timestamptz)
	LANGUAGE sql STABLE SECURITY DEFINER SET planner.policy = by_keys SET search_path = pg_catalog, pg_temp AS $$
	SELECT q.assistant_id, q.question, q.asked, q.calls, q.first_at, q.last_at
	FROM (SELECT g.assistant_id, g.language, (array_agg(g.question ORDER BY g.called_at DESC))[1] AS question,
			count(*) AS asked, (array_agg(DISTINCT g.call_id))[1:100] AS calls, min(g.called_at) AS first_at,
			max(g.called_at) AS last_at
		-- Calls of both directions.
		FROM (SELECT c.assistant_id, t.call_id, t.called_at, btrim(t.arguments ->> 'question') AS question, v.language
			FROM voiceagent.call_tools t
			JOIN voiceagent.calls c ON c.tenant_id = t.tenant_id AND c.call_id = t.call_id
			JOIN voiceagent.assistants a ON a.tenant_id = c.tenant_id AND a.assistant_id = c.assistant_id
			JOIN voiceagent.assistant_versions v ON v.tenant_id = a.tenant_id AND v.assistant_id = a.assistant_id
				AND v.version = a.version
			WHERE t.tenant_id = voiceagent.current_tenant() AND t.tool = 'find_knowledge' AND t.error IS NULL
				AND coalesce((t.data ->> 'says')::real, 0) < 0.5
				AND (list_gaps.assistant_id IS NULL OR c.assistant_id = list_gaps.assistant_id)) g
		GROUP BY g.assistant_id, g.language, voiceagent_private.gap_key(g.language, g.question)
		HAVING voiceagent_private.gap_key(g.language, min(g.question)) <> '{}'
		ORDER BY count(*) DESC, max(g.called_at) DESC LIMIT 500) q
	-- The documents may say it since.
	WHERE coalesce((SELECT max(voiceagent_private.says_of(q.language, q.question, k.heading || ' ' || k.body))
		FROM voiceagent.find_knowledge(q.assistant_id, q.question, 3) k), 0) < 0.5
	ORDER BY q.asked DESC, q.last_at DESC
$$;
COMMENT ON FUNCTION voiceagent.list_gaps(bigint) IS
	E'Questions that assistants (or this one) looked up in calls, and of whose words no passage of their documents '
	'said half: one row for those that have the same words in any form and order, the most frequent first.\n'
	'calls: up to 100 of them. Questions that documents answer since, as by answer_gap(), are not listed. Of 500 rows.';

CREATE FUNCTION voiceagent.answer_gap(assistant_id bigint, question text, answer text) RETURNS bigint
	LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET planner.policy = by_keys SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent_private.writer_tenant();
	v_name text := 'Answers of assistant ' || answer_gap.assistant_id;
	v_question text := btrim(regexp_replace(question, '[\s#]+', ' ', 'g'));
	v_answer text := btrim(regexp_replace(answer, '[\s#]+', ' ', 'g'));
	v_language text;
	v_document voiceagent.knowledge_documents;
	v_content text;
BEGIN
	PERFORM voiceagent_private.require_assistant(answer_gap.assistant_id);
	PERFORM voiceagent_private.fail_if((length(v_question) BETWEEN 2 AND 200 AND length(v_answer) BETWEEN 1 AND 1000)
		IS NOT TRUE, 'PT422', 'a question has 2 to 200 characters, and its answer 1 to 1000', NULL,
		'What is longer is a document: add_knowledge().');
	SELECT v.language INTO STRICT v_language FROM voiceagent.assistants a
	JOIN voiceagent.assistant_versions v ON v.tenant_id = v_tenant AND v.assistant_id = a.assistant_id
		AND v.version = a.version
	WHERE a.tenant_id = v_tenant AND a.assistant_id = answer_gap.assistant_id;
	PERFORM voiceagent_private.lock_knowledge();
	SELECT d.* INTO v_document FROM voiceagent.knowledge_documents d
	WHERE d.tenant_id = v_tenant AND d.name = v_name FOR UPDATE;
	IF NOT FOUND THEN
		v_document := voiceagent_private.new_document(v_name, 'markdown', v_language);
	END IF;
	-- An answer to the same words takes the place of the one before.
	v_content := concat_ws(E'\n\n', (SELECT string_agg(format(E'# %s\n\n%s', q.heading, q.body), E'\n\n'
				ORDER BY q.place)
			FROM (SELECT p.heading, string_agg(p.body, ' ' ORDER BY p.passage) AS body, min(p.passage) AS place
				FROM voiceagent.knowledge_passages p
				WHERE p.tenant_id = v_tenant AND p.document_id = v_document.document_id
					AND voiceagent_private.gap_key(v_language, p.heading)
						<> voiceagent_private.gap_key(v_language, v_question)
				GROUP BY p.heading) q), format(E'# %s\n\n%s', v_question, v_answer));
	PERFORM voiceagent_private.require_content(v_content);
	PERFORM voiceagent_private.write_document(v_document, v_content);
	PERFORM voiceagent.choose_knowledge(answer_gap.assistant_id,
		voiceagent_private.documents_of(answer_gap.assistant_id) || v_document.document_id);
	RETURN v_document.document_id;
END
$$;
COMMENT ON FUNCTION voiceagent.answer_gap(bigint, text, text) IS
	E'Answers a question of list_gaps(), or any other, for an assistant, which finds it from its next lookup on; '
	'returns the document that holds it.\n'
	'A second answer to the same words replaces the first. For managers and owners. PT404, PT413, PT422.';
