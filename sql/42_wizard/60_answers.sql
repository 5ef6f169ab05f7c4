/*
 * 42_wizard: changed answers make the next version.
 *
 * Three texts meet: what the old answers made (base), what stands now (by hand, perhaps), and what the new answers
 * make. Where the answers change nothing, what was written by hand stays; where nobody wrote by hand, the new text
 * comes; where both changed the same text, the conflict is PT409. Settings go key by key, and the answers win.
 */

CREATE FUNCTION voiceagent_private.describe_answer_errors(errors jsonb) RETURNS text
	LANGUAGE sql IMMUTABLE
	RETURN (SELECT left(string_agg(concat_ws(': ', concat_ws('.', s.key, e.item ->> 'field'), e.item ->> 'message'), ' '
			ORDER BY s.key, e.n), 2000)
		FROM jsonb_each(errors) s CROSS JOIN jsonb_array_elements(s.value) WITH ORDINALITY AS e(item, n));
COMMENT ON FUNCTION voiceagent_private.describe_answer_errors(jsonb) IS
	'Errors in answers, by step, as a line for a DETAIL.';

CREATE FUNCTION voiceagent_private.change_answers(answers jsonb, changes jsonb, steps text[], partial boolean)
	RETURNS jsonb LANGUAGE plpgsql STABLE SET planner.policy = by_key AS $$
DECLARE
	v_language text := voiceagent_private.setting_text('wizard_language');
	v_step record;
	v_checked record;
	v_errors jsonb := '{}';
BEGIN
	IF jsonb_typeof(changes) IS DISTINCT FROM 'object' OR voiceagent_private.json_bytes(changes, 1048576) > 1048576 THEN
		PERFORM voiceagent_private.fail('PT422', 'changes of answers are a JSON object of at most 1048576 bytes',
			format('Got %s.', coalesce(jsonb_typeof(changes), 'NULL')),
			'For example {"offer": {"price_note": "From 90 euros"}}.');
	END IF;
	FOR v_step IN SELECT c.key, c.value FROM jsonb_each(changes) c ORDER BY c.key COLLATE "C" LIMIT 20 LOOP
		PERFORM voiceagent_private.fail_if(v_step.key <> ALL (steps), 'PT422',
			'changes of answers name an unknown step', format('Got %s.', quote_literal(left(v_step.key, 100))),
			'Steps are: ' || array_to_string(steps, ', ') || '.');
		SELECT j.kept, j.errors INTO v_checked FROM voiceagent_private.check_answer(v_step.key,
			CASE WHEN jsonb_typeof(v_step.value) = 'object' THEN coalesce(answers -> v_step.key, '{}') || v_step.value
				ELSE v_step.value END, v_language, partial) j;
		IF v_checked.errors <> '[]' THEN
			v_errors := v_errors || jsonb_build_object(v_step.key, v_checked.errors);
		END IF;
		answers := answers || jsonb_build_object(v_step.key, v_checked.kept);
	END LOOP;
	PERFORM voiceagent_private.fail_if(v_errors <> '{}', 'PT422', 'some answers are not valid',
		voiceagent_private.describe_answer_errors(v_errors), 'The table wizard_fields says what each field takes.');
	RETURN answers;
END
$$;
COMMENT ON FUNCTION voiceagent_private.change_answers(jsonb, jsonb, text[], boolean) IS
	E'Answers with changes in them, merged by step: a member replaces, null removes.\n'
	'steps: those that may change; partial: nothing is required. PT422 with every field that is not valid.';

CREATE FUNCTION voiceagent_private.merge_generated(base jsonb, present jsonb, made jsonb, replace_edits boolean)
	RETURNS jsonb LANGUAGE plpgsql IMMUTABLE AS $$
DECLARE
	v_edited text;
	v_settings jsonb;
BEGIN
	IF replace_edits THEN
		RETURN made;
	END IF;
	SELECT string_agg(t.key, ', ') INTO v_edited FROM unnest('{first_message,system_prompt}'::text[]) AS t(key)
	WHERE present -> t.key <> base -> t.key AND made -> t.key <> base -> t.key AND present -> t.key <> made -> t.key;
	PERFORM voiceagent_private.fail_if(v_edited IS NOT NULL, 'PT409', 'the texts of the assistant were edited by hand',
		format('The answers change what was edited: %s.', v_edited),
		'Edit the texts again with update_assistant(), or call this with replace_edits := true.');
	SELECT coalesce(jsonb_object_agg(k.key, k.value), '{}') INTO v_settings
	FROM (SELECT n.key, CASE WHEN made #> ARRAY['settings', n.key] IS DISTINCT FROM base #> ARRAY['settings', n.key]
			THEN made #> ARRAY['settings', n.key] ELSE present #> ARRAY['settings', n.key] END AS value
		FROM (SELECT jsonb_object_keys(made -> 'settings') UNION SELECT jsonb_object_keys(present -> 'settings')
			UNION SELECT jsonb_object_keys(base -> 'settings')) AS n(key)) k
	WHERE k.value IS NOT NULL;
	RETURN (SELECT jsonb_object_agg(t.key, CASE WHEN made -> t.key <> base -> t.key THEN made -> t.key
			ELSE present -> t.key END) FROM unnest('{first_message,system_prompt,voice}'::text[]) AS t(key))
		|| jsonb_build_object('settings', v_settings);
END
$$;
COMMENT ON FUNCTION voiceagent_private.merge_generated(jsonb, jsonb, jsonb, boolean) IS
	E'Merges an assistant whose answers have changed: base is made by the old answers, present stands now, made is '
	'made by the new answers.\n'
	'Edits by hand stay where the answers change nothing. PT409 where both changed a text, unless replace_edits.';

CREATE FUNCTION voiceagent_private.version_texts(version voiceagent.assistant_versions) RETURNS jsonb
	LANGUAGE sql IMMUTABLE
	RETURN jsonb_build_object('first_message', version.first_message, 'system_prompt',
		coalesce(version.written_prompt, version.system_prompt), 'voice', version.voice,
		'settings', version.settings || jsonb_build_object('language', version.language));
COMMENT ON FUNCTION voiceagent_private.version_texts(voiceagent.assistant_versions) IS
	'A version of an assistant as update_assistant() takes it.';

CREATE FUNCTION voiceagent.update_assistant_answers(assistant_id bigint, changes jsonb,
	replace_edits boolean DEFAULT false) RETURNS integer
	LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
	SET planner.policy = by_key AS $$
DECLARE
	v_tenant bigint := voiceagent_private.writer_tenant();
	v_template integer := voiceagent_private.current_template_version();
	v_assistant voiceagent.assistants;
	v_old voiceagent.assistant_answers;
	v_base jsonb;
	v_present jsonb;
	v_made jsonb;
	v_merged jsonb;
	v_answers jsonb;
BEGIN
	SELECT * INTO v_assistant FROM voiceagent.assistants a
	WHERE a.tenant_id = v_tenant AND a.assistant_id = update_assistant_answers.assistant_id FOR NO KEY UPDATE;
	PERFORM voiceagent_private.fail_if(NOT FOUND, 'PT404', 'no such assistant');
	PERFORM voiceagent_private.require_unarchived(v_assistant);
	SELECT * INTO v_old FROM voiceagent.assistant_answers k
	WHERE k.tenant_id = v_tenant AND k.assistant_id = v_assistant.assistant_id AND k.version <= v_assistant.version
	ORDER BY k.version DESC LIMIT 1;
	PERFORM voiceagent_private.fail_if(NOT FOUND, 'PT409', 'the assistant was not made from answers', NULL,
		'update_assistant() changes its texts; wizard_start() makes an assistant from answers.');
	v_answers := voiceagent_private.change_answers(v_old.answers, changes,
		ARRAY(SELECT s.key FROM voiceagent.wizard_steps s ORDER BY s.step), partial := false);
	IF changes ? 'voice' THEN
		v_answers := voiceagent_private.translate_defaults(v_answers,
			voiceagent_private.kept_defaults(v_old.profile, 'en', v_old.answers) - '{voice,review}'::text[],
			voiceagent_private.kept_defaults(v_old.profile, 'en', v_answers));
	END IF;
	SELECT voiceagent_private.version_texts(v) INTO v_present FROM voiceagent.assistant_versions v
	WHERE v.tenant_id = v_tenant AND v.assistant_id = v_assistant.assistant_id AND v.version = v_assistant.version;
	SELECT coalesce(v_old.generated, voiceagent_private.version_texts(v)) INTO v_base
	FROM voiceagent.assistant_versions v
	WHERE v.tenant_id = v_tenant AND v.assistant_id = v_assistant.assistant_id AND v.version = v_old.version;
	v_made := voiceagent_private.generate_assistant(v_answers, v_template,
		nullif(voiceagent_private.knowledge_for_prompt(v_assistant.assistant_id,
			concat_ws(' ', v_answers #>> '{offer,offer}', v_answers #>> '{objective,questions}',
				v_answers #>> '{audience,problem}', v_answers #>> '{offer,value}', v_answers #>> '{audience,audience}'),
			voiceagent_private.setting_integer('knowledge_prompt_tokens')), ''));
	-- A voice that the answers do not name, or name as before, is none that they change.
	IF v_answers #> '{voice,voice}' IS NOT DISTINCT FROM v_old.answers #> '{voice,voice}'
		AND v_answers #> '{voice,language}' = v_old.answers #> '{voice,language}' THEN
		v_made := v_made || jsonb_build_object('voice', v_base -> 'voice');
	END IF;
	v_merged := voiceagent_private.merge_generated(v_base, v_present, v_made, coalesce(replace_edits, false));
	IF v_merged = v_present AND v_answers = v_old.answers THEN
		RETURN v_assistant.version;
	END IF;
	-- A setting that the answers no longer make is taken away by null.
	v_assistant.version := voiceagent.update_assistant(v_assistant.assistant_id, v_merged
		|| jsonb_build_object('settings', (SELECT coalesce(jsonb_object_agg(k, 'null'::jsonb), '{}')
			FROM jsonb_object_keys(v_present -> 'settings') k) || (v_merged -> 'settings'))
		|| CASE WHEN v_answers -> 'review' = v_old.answers -> 'review' THEN '{}'
			ELSE jsonb_build_object('name', v_answers #>> '{review,name}') END);
	IF v_answers #> '{review,model_analysis}' IS DISTINCT FROM v_old.answers #> '{review,model_analysis}' THEN
		PERFORM voiceagent_private.take_model_analysis((v_answers #> '{review,model_analysis}')::boolean);
	END IF;
	PERFORM voiceagent_private.keep_answers(v_assistant.assistant_id, v_assistant.version, v_answers, v_old.profile,
		v_template, CASE WHEN v_merged <> v_made THEN v_made END);
	RETURN v_assistant.version;
END
$$;
COMMENT ON FUNCTION voiceagent.update_assistant_answers(bigint, jsonb, boolean) IS
	E'Changes answers of an assistant, makes its texts anew, and returns the number of its current version.\n'
	'changes: {"offer": {"price_note": "..."}}, merged by step (null removes); {} takes up newer templates '
	'and knowledge. Edits by hand stay where the answers do not change them; PT409 where they do, unless '
	'replace_edits, or without answers. PT404, PT422 with the fields.';

CREATE FUNCTION voiceagent.set_business_profile(changes jsonb, update_assistants boolean DEFAULT false)
	RETURNS TABLE (assistant_id bigint, name text, takes_over jsonb, version integer, problem text)
	LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
	SET planner.policy = by_keys AS $$
DECLARE
	v_tenant bigint := voiceagent_private.writer_tenant();
	v_old jsonb;
	v_new jsonb;
	v_found record;
	c_assistants_max CONSTANT integer := 500;
	v_count integer := 0;
BEGIN
	INSERT INTO voiceagent.business_profiles (tenant_id, answers, changed_at)
	VALUES (v_tenant, '{}', voiceagent.clock())
	ON CONFLICT DO NOTHING;
	SELECT b.answers INTO v_old FROM voiceagent.business_profiles b WHERE b.tenant_id = v_tenant FOR UPDATE;
	v_new := voiceagent_private.change_answers(v_old, changes, '{business,offer,audience}',
		partial := true);
	UPDATE voiceagent.business_profiles b SET answers = v_new, changed_at = voiceagent.clock()
	WHERE b.tenant_id = v_tenant;
	PERFORM voiceagent_private.audit('set_business_profile', 'business profile', v_old, v_new);
	IF (v_new #> '{business,business_name}', v_new #> '{business,phone}')
		IS DISTINCT FROM (v_old #> '{business,business_name}', v_old #> '{business,phone}') THEN
		PERFORM voiceagent_private.take_caller_name(v_new -> 'business');
	END IF;
	FOR v_found IN
		SELECT x.assistant_id, x.name, x.version, x.changes, x.business, x.same
		FROM (SELECT a.assistant_id, a.name, a.version, k.answers #>> '{business,business_name}' AS business,
				voiceagent_private.same_business(k.answers, v_new) AS same,
				CASE WHEN NOT voiceagent_private.same_business(k.answers, v_old)
						AND NOT voiceagent_private.same_business(k.answers, v_new) THEN '{}'
					ELSE (SELECT coalesce(jsonb_object_agg(c.step, c.changes), '{}')
						FROM (SELECT f.step, jsonb_object_agg(f.field, v_new #> ARRAY[f.step, f.field]) AS changes
							FROM voiceagent.wizard_fields f
							WHERE f.step IN ('business', 'offer', 'audience') AND f.parent = ''
								AND v_new #> ARRAY[f.step, f.field] IS DISTINCT FROM v_old #> ARRAY[f.step, f.field]
								AND v_new #> ARRAY[f.step, f.field] IS DISTINCT FROM k.answers #> ARRAY[f.step, f.field]
								-- A part with words of its own stays; a required one cannot go.
								AND (k.answers #> ARRAY[f.step, f.field] IS NULL
									OR k.answers #> ARRAY[f.step, f.field] = v_old #> ARRAY[f.step, f.field])
								AND (v_new #> ARRAY[f.step, f.field] IS NOT NULL OR NOT f.required)
							GROUP BY f.step) c) END AS changes
			FROM voiceagent.assistants a
			CROSS JOIN LATERAL (SELECT o.answers FROM voiceagent.assistant_answers o
				WHERE o.tenant_id = v_tenant AND o.assistant_id = a.assistant_id AND o.version <= a.version
				ORDER BY o.version DESC LIMIT 1) k
			WHERE a.tenant_id = v_tenant AND a.archived_at IS NULL) x
		WHERE x.changes <> '{}' ORDER BY x.assistant_id
	LOOP
		assistant_id := v_found.assistant_id;
		name := v_found.name;
		takes_over := v_found.changes;
		version := v_found.version;
		problem := NULL;
		v_count := v_count + 1;
		-- It is unknown whether the business was renamed or the profile is now another's.
		IF NOT v_found.same THEN
			problem := format('it speaks for %s, and the profile is now of another name: '
				'update_assistant_answers(%s, takes_over) makes it speak for that',
				v_found.business, v_found.assistant_id);
		ELSIF update_assistants AND v_count > c_assistants_max THEN
			problem := format('at most %s assistants are updated at once: update_assistant_answers() updates this one',
				c_assistants_max);
		ELSIF update_assistants THEN
			BEGIN
				version := voiceagent.update_assistant_answers(v_found.assistant_id, v_found.changes);
			EXCEPTION WHEN SQLSTATE 'PT409' OR SQLSTATE 'PT422' THEN
				problem := SQLERRM;
			END;
		END IF;
		RETURN NEXT;
	END LOOP;
END
$$;
COMMENT ON FUNCTION voiceagent.set_business_profile(jsonb, boolean) IS
	E'Changes what the tenant says about its business, offer and audience; wizards start from it.\n'
	'changes: as update_assistant_answers(), of these three steps. Returns the assistants that say otherwise, and '
	'what they would take over; update_assistants makes the new versions of at most 500, and of none for another '
	'business, or says the problem. PT422.';
