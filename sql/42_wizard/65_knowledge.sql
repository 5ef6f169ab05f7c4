-- 42_wizard: the documents that an assistant is given, and the version of it that quotes them.

CREATE FUNCTION voiceagent_private.quote_chosen(assistant_id bigint, has_documents boolean) RETURNS void
	LANGUAGE plpgsql VOLATILE SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	v_version voiceagent.assistant_versions;
	v_archived boolean;
	v_new integer;
	v_quotes boolean;
	v_detail text;
BEGIN
	SELECT a.archived_at IS NOT NULL INTO v_archived FROM voiceagent.assistants a
	WHERE a.tenant_id = v_tenant AND a.assistant_id = quote_chosen.assistant_id FOR NO KEY UPDATE;
	SELECT v.* INTO v_version FROM voiceagent.assistants a
	JOIN voiceagent.assistant_versions v ON v.tenant_id = v_tenant AND v.assistant_id = a.assistant_id
		AND v.version = a.version
	WHERE a.tenant_id = v_tenant AND a.assistant_id = quote_chosen.assistant_id;
	IF v_archived THEN
		RAISE NOTICE 'the assistant is archived, so its prompt stays as it is'
			USING HINT = format('Call choose_knowledge() again after unarchive_assistant(%s).', assistant_id);
		RETURN;
	ELSIF v_version.written_prompt IS NULL AND NOT EXISTS (SELECT FROM voiceagent.assistant_answers k
		WHERE k.tenant_id = v_tenant AND k.assistant_id = quote_chosen.assistant_id) THEN
		IF has_documents THEN
			RAISE NOTICE 'the prompt of the assistant has no place {{knowledge}}, so it does not quote the documents'
				USING HINT = 'Write {{knowledge}} where they belong: update_assistant() with a new system_prompt.';
		END IF;
		RETURN;
	END IF;
	BEGIN
		IF v_version.written_prompt IS NULL THEN
			v_new := voiceagent.update_assistant_answers(assistant_id, '{}');
		ELSIF v_version.system_prompt = voiceagent_private.fill_knowledge(assistant_id, v_version.first_message,
			v_version.written_prompt, v_version.language) THEN
			v_new := v_version.version;
		ELSE
			v_new := voiceagent.update_assistant(assistant_id,
				jsonb_build_object('system_prompt', v_version.written_prompt));
		END IF;
	EXCEPTION WHEN SQLSTATE 'PT409' OR SQLSTATE 'PT422' THEN
		-- The choice stands, and find_knowledge() goes by it.
		GET STACKED DIAGNOSTICS v_detail = PG_EXCEPTION_DETAIL;
		RAISE NOTICE 'the prompt of the assistant stays as it is: %', SQLERRM USING DETAIL = v_detail,
			HINT = format('Write {{knowledge}} into it by update_assistant(), or make it anew: '
				'update_assistant_answers(%s, ''{}'', replace_edits := true).', assistant_id);
		RETURN;
	END;
	SELECT strpos(v.system_prompt, voiceagent_private.spoken_words('knowledge', v.language)) > 0 INTO v_quotes
	FROM voiceagent.assistant_versions v
	WHERE v.tenant_id = v_tenant AND v.assistant_id = quote_chosen.assistant_id AND v.version = v_new;
	IF v_new > v_version.version THEN
		RAISE NOTICE 'version % of the assistant quotes %', v_new,
			CASE WHEN v_quotes THEN 'its documents' ELSE 'no document' END
			USING HINT = 'A running campaign keeps its version until update_campaign(campaign_id, ''{}'') or its next '
				'start.';
	END IF;
	IF has_documents AND NOT v_quotes THEN
		RAISE NOTICE 'the prompt of the assistant quotes nothing of the documents yet'
			USING HINT = 'No passage is ready, or none fits the setting knowledge_prompt_tokens. Call '
				'choose_knowledge() again when knowledge_documents.status says ready, or the setting is larger.';
	END IF;
END
$$;
COMMENT ON FUNCTION voiceagent_private.quote_chosen(bigint, boolean) IS
	E'Makes the version of an assistant that quotes the documents it has been given, and says so by a NOTICE, or why '
	'there is none.\n'
	'has_documents: it has been given any.';

CREATE FUNCTION voiceagent.choose_knowledge(assistant_id bigint, document_ids bigint[]) RETURNS integer
	LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent_private.writer_tenant();
	v_most integer := voiceagent_private.platform_setting('knowledge_assistant_documents')::integer;
	v_chosen bigint[];
	v_missing bigint;
BEGIN
	PERFORM voiceagent_private.require_assistant(choose_knowledge.assistant_id);
	PERFORM voiceagent_private.fail_if(cardinality(document_ids) > v_most, 'PT422',
		'an assistant cannot use so many documents',
		format('document_ids names %s; knowledge_assistant_documents allows %s.', cardinality(document_ids), v_most));
	v_chosen := ARRAY(SELECT DISTINCT i FROM unnest(document_ids) i WHERE i IS NOT NULL ORDER BY i);
	-- Neither can be deleted meanwhile.
	PERFORM voiceagent_private.lock_knowledge();
	SELECT i INTO v_missing FROM unnest(v_chosen) i
	WHERE NOT EXISTS (SELECT FROM voiceagent.knowledge_documents d WHERE d.tenant_id = v_tenant AND d.document_id = i)
	LIMIT 1;
	PERFORM voiceagent_private.fail_if(FOUND, 'PT404', 'no such document', format('document_ids names %s.', v_missing));
	DELETE FROM voiceagent.assistant_knowledge k
	WHERE k.tenant_id = v_tenant AND k.assistant_id = choose_knowledge.assistant_id
		AND k.document_id <> ALL (v_chosen);
	INSERT INTO voiceagent.assistant_knowledge (tenant_id, assistant_id, document_id, created_at)
	SELECT v_tenant, choose_knowledge.assistant_id, i, voiceagent.clock() FROM unnest(v_chosen) i
	ON CONFLICT DO NOTHING;
	PERFORM voiceagent_private.quote_chosen(choose_knowledge.assistant_id, cardinality(v_chosen) > 0);
	RETURN cardinality(v_chosen);
END
$$;
COMMENT ON FUNCTION voiceagent.choose_knowledge(bigint, bigint[]) IS
	E'Gives an assistant these documents and no others, and returns how many.\n'
	'Makes the version that quotes them where the wizard made the prompt or it has the place {{knowledge}}; a NOTICE '
	'says so, or why not. Running campaigns keep theirs. document_ids: NULL or empty: none. PT404 for an assistant or '
	'document that is not there, PT422 for more than knowledge_assistant_documents.';
